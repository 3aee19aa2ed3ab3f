/* flock is an extension of POSIX; glibc declares it in any case. */
#ifndef __linux__
#undef _POSIX_C_SOURCE
#undef _XOPEN_SOURCE
#endif

#include "ci/run/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { POLL_MS = 50, HOLDER_BYTES = 300 };

static const char holder_mark[] = "pid ";

/* What the file says, as far as it can be shown: it is anybody's. */
static void read_holder(int descriptor, char holder[HOLDER_BYTES])
{
    ssize_t count = pread(descriptor, holder, HOLDER_BYTES - 1, 0);
    size_t length = count > 0 ? (size_t)count : 0;
    holder[length] = '\0';
    holder[strcspn(holder, "\n")] = '\0';
    for (char *c = holder; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = '?';
    if (*holder == '\0')
        snprintf(holder, HOLDER_BYTES, "another process");
}

/* The line is there to be read by others; that it cannot be written takes nothing from the lock. */
static void write_holder(int descriptor, const char *what)
{
    char line[HOLDER_BYTES], since[32] = "?";
    time_t now = time(NULL);
    struct tm utc;
    if (gmtime_r(&now, &utc) != NULL)
        strftime(since, sizeof since, "%Y-%m-%d %H:%M:%S UTC", &utc);
    int length = snprintf(line, sizeof line, "%s%ld, since %s, %.200s\n", holder_mark,
                          (long)getpid(), since, what);
    if (ftruncate(descriptor, 0) != 0 || pwrite(descriptor, line, (size_t)length, 0) < 0)
        return;
}

/* 0: locked, EWOULDBLOCK: another holds it, or another errno. */
static int lock_descriptor(int descriptor)
{
    while (flock(descriptor, LOCK_EX | LOCK_NB) != 0)
        if (errno != EINTR)
            return errno;
    return 0;
}

/* Whether the file is empty, or has the line of a holder: no other is ours to write to. */
static bool is_lock(int descriptor)
{
    char start[sizeof holder_mark - 1];
    struct stat status;
    if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode))
        return false;
    ssize_t count = pread(descriptor, start, sizeof start, 0);
    return count == 0 || (count > 0 && memcmp(start, holder_mark, (size_t)count) == 0);
}

/* Locks an open file: *held, or who holds it in `text`. */
static enum error_code lock_open(int descriptor, const char *path, const char *what,
                                 char text[HOLDER_BYTES], bool *held, struct error *error)
{
    int number = lock_descriptor(descriptor);
    if (number == 0 && !is_lock(descriptor))
        return error_set(error, ERROR_WRITE, path, 0, 0,
                         "not a lock of benchgate's, so that its folder is no cache "
                         "(--cache-dir FOLDER says where else)");
    *held = number == 0;
    if (number == 0)
        write_holder(descriptor, what);
    else if (number == EWOULDBLOCK)
        read_holder(descriptor, text);
    else
        return error_set(error, ERROR_WRITE, path, 0, 0, "cannot be locked: %s", strerror(number));
    return ERROR_NONE;
}

/* As lock_try, with the holder's line in `text`. */
static enum error_code attempt(struct lock *lock, const char *path, const char *what,
                               char text[HOLDER_BYTES], struct error *error)
{
    int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (descriptor < 0 && errno == EACCES)
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW); /* another user made it */
    if (descriptor < 0)
        return error_set(error, ERROR_WRITE, path, 0, 0,
                         "cannot be opened: %s (--cache-dir FOLDER says where else)",
                         strerror(errno));
    bool held = false;
    enum error_code code = lock_open(descriptor, path, what, text, &held, error);
    if (!held)
        close(descriptor);
    if (code == ERROR_NONE)
        lock->descriptor = held ? descriptor : -1;
    return code;
}

static uint64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

enum error_code lock_wait(struct lock *lock, const char *path, const char *what, unsigned wait_ms,
                          const volatile int *stop, struct arena *arena, const char **holder,
                          struct error *error)
{
    static const struct timespec nap = {0, POLL_MS * 1000000L};
    char text[HOLDER_BYTES];
    uint64_t end_ms = clock_ms() + wait_ms;
    for (;;) {
        enum error_code code = attempt(lock, path, what, text, error);
        if (code != ERROR_NONE)
            return code;
        if (lock->descriptor >= 0) {
            *holder = NULL;
            return ERROR_NONE;
        }
        if (clock_ms() >= end_ms || (stop != NULL && *stop != 0))
            break;
        nanosleep(&nap, NULL);
    }
    const char *copy = arena_copy(arena, slice_of(text)).text;
    if (copy == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    *holder = copy;
    return ERROR_NONE;
}

enum error_code lock_try(struct lock *lock, const char *path, const char *what, struct arena *arena,
                         const char **holder, struct error *error)
{
    return lock_wait(lock, path, what, 0, NULL, arena, holder, error);
}

void lock_release(struct lock *lock)
{
    if (lock->descriptor < 0)
        return;
    /* The line goes before the lock: after it, the line is the next holder's. */
    int emptied = ftruncate(lock->descriptor, 0);
    (void)emptied; /* a stale line means nothing unlocked */
    close(lock->descriptor);
    lock->descriptor = -1;
}
