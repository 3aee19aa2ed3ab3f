#include "ci/rev/lfs.h"

enum { POINTER_BYTES = 1024 }; /* a pointer is shorter */

bool lfs_is_pointer(struct slice content)
{
    return content.length < POINTER_BYTES &&
           slice_starts(content, SLICE("version https://git-lfs.github.com/spec/v1"));
}
