#include "ci/run/testfile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_BYTES = 64 << 20 };

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (c & 0x80) != 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* What follows blanks and comments. */
static struct slice skip_blanks(struct slice s)
{
    for (;;) {
        while (s.length > 0 && is_blank(s.text[0]))
            s = slice_skip(s, 1);
        if (slice_starts(s, SLICE("/*")))
            s = slice_skip(s, slice_find(s, SLICE("*/"), 2) + 2);
        else if (slice_starts(s, SLICE("//")))
            s = slice_skip(s, slice_find(s, SLICE("\n"), 2));
        else
            return s;
    }
}

/* Whether a B stands alone in the parameters: the one of *testing.B, *t.B or *B. */
static bool takes_b(struct slice parameters)
{
    for (size_t i = 1; i < parameters.length; i++) {
        bool ends = i + 1 == parameters.length || !is_word(parameters.text[i + 1]);
        if (parameters.text[i] == 'B' && ends && !is_word(parameters.text[i - 1]))
            return true;
    }
    return false;
}

/* Whether what follows the word "func" is the head of a benchmark. */
static bool is_benchmark(struct slice rest)
{
    rest = skip_blanks(rest);
    if (!slice_starts(rest, SLICE("Benchmark")))
        return false;
    rest = slice_skip(rest, 9);
    if (rest.length > 0 && rest.text[0] >= 'a' && rest.text[0] <= 'z')
        return false;
    size_t opening = slice_find(rest, SLICE("("), 0);
    size_t closing = slice_find(rest, SLICE(")"), opening);
    return takes_b((struct slice){rest.text, closing});
}

bool testfile_has_benchmarks(struct slice source)
{
    static const struct slice keyword = {"func", 4};
    for (size_t at = slice_find(source, keyword, 0); at < source.length;
         at = slice_find(source, keyword, at + 4))
        if ((at == 0 || !is_word(source.text[at - 1])) && is_benchmark(slice_skip(source, at + 4)))
            return true;
    return false;
}

static bool read_all(int descriptor, char *bytes, size_t length)
{
    for (size_t done = 0; done < length;) {
        ssize_t count = read(descriptor, bytes + done, length - done);
        if (count == 0 || (count < 0 && errno != EINTR))
            return false;
        if (count > 0)
            done += (size_t)count;
    }
    return true;
}

/* A regular file's content, to be freed; NULL where it cannot be read, or is too large to be. */
static char *read_source(int folder, const char *path, size_t *length)
{
    struct stat status;
    char *bytes = NULL;
    int descriptor = openat(folder, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return NULL;
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_size <= MAX_BYTES) {
        *length = (size_t)status.st_size;
        bytes = malloc(*length + 1);
    }
    if (bytes != NULL && !read_all(descriptor, bytes, *length)) {
        free(bytes);
        bytes = NULL;
    }
    close(descriptor);
    return bytes;
}

char *testfile_read(const char *path, size_t *length)
{
    return read_source(AT_FDCWD, path, length);
}

bool testfile_may_have_benchmarks(const char *path)
{
    size_t length = 0;
    char *bytes = read_source(AT_FDCWD, path, &length);
    bool found = bytes == NULL || testfile_has_benchmarks((struct slice){bytes, length});
    free(bytes);
    return found;
}

static bool mentions(int folder, const char *name, struct slice text)
{
    size_t length = 0;
    char *bytes = read_source(folder, name, &length);
    bool found = bytes != NULL && slice_find((struct slice){bytes, length}, text, 0) < length;
    free(bytes);
    return found;
}

bool testfile_folder_mentions(const char *folder, struct slice text)
{
    DIR *stream = opendir(folder);
    bool found = false;
    if (stream == NULL)
        return false;
    for (struct dirent *entry; !found && (entry = readdir(stream)) != NULL;)
        found = slice_ends(slice_of(entry->d_name), SLICE(".go")) &&
                mentions(dirfd(stream), entry->d_name, text);
    closedir(stream);
    return found;
}
