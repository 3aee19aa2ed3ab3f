#include "ci/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ci/rev/entries.h"
#include "ci/rev/nameform.h"
#include "ci/rev/unwritable.h"
#include "ci/rev/write.h"
#include "ci/run/lock.h"

enum { PRUNE_DAYS = 30, PRUNE_JOURNAL_DAYS = 90 };

/* The files, by the folder they are in and the names that they are given. */
static const struct kept_file {
    const char *folder, *form;
    enum cache_kind kind;
} kept_files[] = {
    {"bin", "%i.test", CACHE_BINARIES},
    {"bin", ".tmp-%d-%s", CACHE_LEFTOVERS},
    {"journals", "%dT%d-%d.txt", CACHE_JOURNALS},
};
enum { KEPT_FILES = sizeof kept_files / sizeof kept_files[0] };

/* How old a thing has to be to go. */
struct limits {
    unsigned days, journal_days;
    bool journals, pretend;
};

/* mkdir, where there is no such folder yet. False: see errno. */
static bool make_folder(const char *path)
{
    struct stat status;
    if (mkdir(path, S_IRWXU) == 0)
        return true;
    int reason = errno;
    bool there = stat(path, &status) == 0;
    errno = there ? ENOTDIR : reason;
    return there && S_ISDIR(status.st_mode);
}

enum error_code cache_folder(const char *folder, struct error *error)
{
    char path[ERROR_SOURCE_BYTES];
    size_t length = strlen(folder);
    if (length >= sizeof path)
        return error_set(error, ERROR_WRITE, folder, 0, 0, "the path is too long");
    for (size_t i = 1; i <= length; i++) {
        if (folder[i] != '/' && folder[i] != '\0')
            continue;
        memcpy(path, folder, i);
        path[i] = '\0';
        if (!make_folder(path))
            return unwritable(path, NULL, error);
    }
    if (access(folder, W_OK | X_OK) != 0)
        return unwritable(folder, NULL, error);
    return ERROR_NONE;
}

static bool is_empty(const char *folder)
{
    DIR *stream = opendir(folder);
    size_t count = 0;
    while (stream != NULL && readdir(stream) != NULL)
        count++;
    if (stream != NULL)
        closedir(stream);
    return stream != NULL && count <= 2; /* "." and ".." */
}

/* CI systems keep caches only within the repository; there it is no change of the user's. */
static bool ignore_in_git(const char *cache)
{
    static const char all[] = "*\n";
    char path[ERROR_SOURCE_BYTES + sizeof("/.gitignore")];
    snprintf(path, sizeof path, "%s/.gitignore", cache);
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0)
        return errno == EEXIST; /* another check makes the same cache */
    bool written = write_all(file, all, sizeof all - 1);
    return close(file) == 0 && written;
}

enum error_code cache_make(const char *cache, struct error *error)
{
    enum error_code code = cache_folder(cache, error);
    if (code == ERROR_NONE && is_empty(cache) && !ignore_in_git(cache))
        code = unwritable(cache, ".gitignore", error);
    return code;
}

static const struct kept_file *find_file(const char *folder, const char *name)
{
    for (size_t i = 0; i < KEPT_FILES; i++)
        if (strcmp(kept_files[i].folder, folder) == 0 && nameform_is(name, kept_files[i].form))
            return &kept_files[i];
    return NULL;
}

static bool is_to_go(const struct kept_file *file, const struct stat *status,
                     const struct limits *limits)
{
    if (file->kind == CACHE_LEFTOVERS)
        return true;
    if (file->kind == CACHE_JOURNALS)
        return limits->journals && entries_old(status, limits->journal_days);
    return entries_old(status, limits->days);
}

static void clear_entry(int folder, const char *path, const char *name,
                        const struct kept_file *file, const struct limits *limits,
                        struct cache_result *result, struct error *error)
{
    struct stat status;
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(status.st_mode))
        return;
    bool goes = is_to_go(file, &status, limits);
    if (goes && !limits->pretend && unlinkat(folder, name, 0) != 0 && errno != ENOENT) {
        (void)error_set(error, ERROR_WRITE, path, 0, 0, "%s cannot be removed: %s", name,
                        strerror(errno));
        return;
    }
    struct prune_tally *tally = goes ? &result->removed[file->kind] : &result->kept[file->kind];
    tally->count++;
    tally->bytes += (uint64_t)status.st_size;
}

static void clear_folder(const char *cache, const char *name, const struct limits *limits,
                         struct cache_result *result, struct error *error)
{
    char path[ERROR_SOURCE_BYTES];
    struct entries entries;
    snprintf(path, sizeof path, "%s/%s", cache, name);
    if (entries_open(&entries, cache, name, error) != ERROR_NONE)
        return;
    for (const char *entry; (entry = entries_next(&entries)) != NULL;) {
        const struct kept_file *file = find_file(name, entry);
        if (file != NULL)
            clear_entry(entries.folder, path, entry, file, limits, result, error);
    }
    entries_close(&entries);
}

/* What goes wrong in one folder keeps nothing from the others. */
static enum error_code clear(const char *cache, const struct limits *limits,
                             struct cache_result *result, struct error *error)
{
    const struct prune_request trees = {limits->days, limits->pretend};
    struct prune_result pruned = {.removed = {0}};
    *result = (struct cache_result){.removed = {{0}}};
    enum error_code code = prune_trees(cache, &trees, &pruned, error);
    result->removed[CACHE_TREES] = pruned.removed;
    result->removed[CACHE_LEFTOVERS] = pruned.leftovers;
    result->kept[CACHE_TREES] = pruned.kept;
    clear_folder(cache, "bin", limits, result, error);
    clear_folder(cache, "journals", limits, result, error);
    return code != ERROR_NONE ? code : error->code;
}

enum error_code cache_prune(const char *cache, bool journals, struct error *error)
{
    const struct limits limits = {PRUNE_DAYS, PRUNE_JOURNAL_DAYS, journals, false};
    struct cache_result result;
    return clear(cache, &limits, &result, error);
}

bool cache_removed(const struct cache_result *result)
{
    for (int kind = 0; kind < CACHE_KINDS; kind++)
        if (result->removed[kind].count > 0)
            return true;
    return false;
}

/* Holds the lock, or says who does. */
static enum error_code take_lock(struct lock *lock, const char *cache, struct arena *arena,
                                 struct error *error)
{
    const char *path = arena_print(arena, "%s/lock", cache), *holder = NULL;
    if (path == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    enum error_code code = lock_try(lock, path, "cleaning the cache", arena, &holder, error);
    if (code == ERROR_NONE && holder != NULL)
        code = error_set(error, ERROR_WRITE, cache, 0, 0,
                         "in use, nothing is removed: %s; try again when it has ended", holder);
    return code;
}

/* Whether a check ever ran here. */
static bool has_lock(const char *cache)
{
    char path[ERROR_SOURCE_BYTES];
    struct stat status;
    snprintf(path, sizeof path, "%s/lock", cache);
    return lstat(path, &status) == 0;
}

enum error_code cache_clean(const struct cache_request *request, struct arena *arena,
                            struct cache_result *result, struct error *error)
{
    struct limits limits = {request->days, request->days, request->journals, true};
    struct lock lock = LOCK_NONE;
    struct error fault = {.code = ERROR_NONE};
    enum error_code code = ERROR_NONE;
    /* The folder may be anybody's: it gets a lock where there is something to remove. */
    if (!has_lock(request->cache)) {
        code = clear(request->cache, &limits, result, &fault);
        if (!cache_removed(result)) {
            *error = fault;
            return code;
        }
    }
    *result = (struct cache_result){.removed = {{0}}};
    code = take_lock(&lock, request->cache, arena, error);
    limits.pretend = request->pretend;
    if (code == ERROR_NONE)
        code = clear(request->cache, &limits, result, error);
    lock_release(&lock);
    return code;
}
