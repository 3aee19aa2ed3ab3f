#include "ci/rev/unwritable.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

static const char *advice(int reason)
{
    switch (reason) {
    case ENOSPC:
    case EDQUOT:
        return " (benchgate clean makes room; --cache-dir FOLDER says where else)";
    case EACCES:
    case EPERM:
    case EROFS:
    case ENOTDIR:
    case EEXIST:
    case ENOENT:
        return " (--cache-dir FOLDER says where else)";
    default:
        return "";
    }
}

enum error_code unwritable(const char *path, const char *what, struct error *error)
{
    int reason = errno;
    return error_set(error, ERROR_WRITE, path, 0, 0, "the cache cannot be written: %s%s%s%s",
                     what != NULL ? what : "", what != NULL ? ": " : "", strerror(reason),
                     advice(reason));
}
