#include "ci/rev/remove.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_DEPTH = 400 }; /* each level holds a descriptor */

static bool remove_below(int parent, const char *name, unsigned depth);

/* Takes the descriptor, and removes all that is in its folder. */
static bool empty_folder(int folder, unsigned depth)
{
    DIR *stream = fdopendir(folder);
    if (stream == NULL) {
        close(folder);
        return false;
    }
    bool removed = true;
    int kept = 0;
    for (struct dirent *entry; (entry = readdir(stream)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (!remove_below(folder, entry->d_name, depth + 1)) {
            kept = errno;
            removed = false;
        }
    }
    closedir(stream);
    errno = kept;
    return removed;
}

/* Also one that its owner may not read: a program may have made it so. */
static int open_folder(int parent, const char *name)
{
    const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    struct stat status;
    int folder = openat(parent, name, flags);
    if (folder >= 0 || errno != EACCES ||
        fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISDIR(status.st_mode))
        return folder;
    return fchmodat(parent, name, S_IRWXU, 0) == 0 ? openat(parent, name, flags) : -1;
}

static bool remove_below(int parent, const char *name, unsigned depth)
{
    if (unlinkat(parent, name, 0) == 0 || errno == ENOENT)
        return true;
    if (errno != EISDIR && errno != EPERM)
        return false;
    int folder = open_folder(parent, name);
    if (folder < 0 || depth > MAX_DEPTH) {
        if (folder >= 0)
            close(folder);
        return false;
    }
    (void)fchmod(folder, S_IRWXU); /* a program may have made it read-only */
    return empty_folder(folder, depth) && unlinkat(parent, name, AT_REMOVEDIR) == 0;
}

bool remove_entry(int parent, const char *name)
{
    return remove_below(parent, name, 0);
}
