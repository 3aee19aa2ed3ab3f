#include "ci/run/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ci/input/unpack.h"
#include "parsers/lines.h"
#include "parsers/number.h"

static const struct slice header_mark = {"#journal ", 9};
static const struct slice plan_mark = {"#plan ", 6};
static const struct slice done_mark = {"#done ", 6};
static const struct slice built_mark = {"#built", 6};
static const struct slice changed_mark = {"#changed ", 9};
static const struct slice note_mark = {"#note ", 6};
static const struct slice identical_mark = {"#identical ", 11};

static enum error_code failed(enum error_code code, const char *path, struct error *error)
{
    return error_set(error, code, path, 0, 0, "%s", strerror(errno));
}

enum error_code journal_create(struct journal *journal, const char *path, struct error *error)
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
    if (descriptor < 0 && errno == EEXIST)
        return error_set(error, ERROR_WRITE, path, 0, 0,
                         "is there already, and nothing measured is overwritten");
    if (descriptor < 0)
        return failed(ERROR_WRITE, path, error);
    *journal = (struct journal){descriptor, path};
    return ERROR_NONE;
}

enum error_code journal_reopen(struct journal *journal, const char *path, uint64_t whole,
                               struct error *error)
{
    int descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
    if (descriptor < 0)
        return failed(ERROR_WRITE, path, error);
    if (ftruncate(descriptor, (off_t)whole) != 0) {
        enum error_code code = failed(ERROR_WRITE, path, error);
        close(descriptor);
        return code;
    }
    *journal = (struct journal){descriptor, path};
    return ERROR_NONE;
}

void journal_close(struct journal *journal)
{
    if (journal->descriptor >= 0)
        close(journal->descriptor);
    journal->descriptor = -1;
}

enum error_code journal_append(struct journal *journal, struct slice text, struct error *error)
{
    while (text.length > 0) {
        ssize_t written = write(journal->descriptor, text.text, text.length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return failed(ERROR_WRITE, journal->path, error);
        text = slice_skip(text, (size_t)written);
    }
    return ERROR_NONE;
}

/* A journal as it is read, compressed or not. */
struct source {
    int descriptor;
    struct unpack *unpack;
};

static ssize_t read_descriptor(void *context, char *buffer, size_t capacity)
{
    const int *descriptor = context;
    return read(*descriptor, buffer, capacity);
}

static void close_source(struct source *source)
{
    unpack_close(source->unpack);
    if (source->descriptor >= 0)
        close(source->descriptor);
}

static enum error_code open_source(struct source *source, const char *path, struct error *error)
{
    *source = (struct source){.descriptor = open(path, O_RDONLY | O_CLOEXEC)};
    if (source->descriptor < 0)
        return failed(ERROR_READ, path, error);
    source->unpack = unpack_open(read_descriptor, &source->descriptor, path);
    if (source->unpack != NULL)
        return ERROR_NONE;
    close_source(source);
    return error_set(error, ERROR_MEMORY, path, 0, 0, "out of memory");
}

bool journal_is(const char *path)
{
    char start[16] = "";
    struct stat status;
    struct source source;
    struct error ignored = {.code = ERROR_NONE};
    size_t count = 0;
    ssize_t got = 1;
    /* What is no file (a pipe) gives its bytes only once. */
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return false;
    if (open_source(&source, path, &ignored) != ERROR_NONE)
        return false;
    while (count < header_mark.length && got > 0) {
        got = unpack_read(source.unpack, start + count, header_mark.length - count);
        count += got > 0 ? (size_t)got : 0;
    }
    close_source(&source);
    return slice_equal((struct slice){start, count}, header_mark);
}

/* What a journal is read into, with the room that its lists have. */
struct reading {
    struct arena *arena;
    struct journal_content *content;
    size_t sample_capacity;
    enum side side;
    bool failed; /* the sample that is being read holds no result */
};

static bool add_sample(struct reading *reading, struct slice numbers)
{
    struct journal_content *content = reading->content;
    size_t blank = slice_find(numbers, SLICE(" "), 0);
    int64_t round, benchmark;
    if (number_int64((struct slice){numbers.text, blank}, &round) != NUMBER_OK ||
        number_int64(slice_skip(numbers, blank + 1), &benchmark) != NUMBER_OK || round < 0 ||
        benchmark < 0)
        return true; /* not ours: passed over */
    if (content->sample_count == reading->sample_capacity) {
        size_t capacity = reading->sample_capacity == 0 ? 256 : 2 * reading->sample_capacity;
        struct journal_sample *more = arena_grow(reading->arena, content->samples,
                                                 content->sample_count, capacity, sizeof *more);
        if (more == NULL)
            return false;
        content->samples = more;
        reading->sample_capacity = capacity;
    }
    content->samples[content->sample_count++] =
        (struct journal_sample){reading->side, reading->failed, (size_t)round, (size_t)benchmark};
    reading->failed = false;
    return true;
}

/* Appends a copy of the text to a list of texts. */
static bool add_text(struct arena *arena, const char ***list, size_t *count, struct slice text)
{
    const char **more = arena_grow(arena, (void *)*list, *count, *count + 1, sizeof(const char *));
    if (more == NULL)
        return false;
    more[(*count)++] = arena_copy(arena, text).text;
    *list = more;
    return !arena->failed;
}

/* Takes one line; *whole says that all up to its end is worth keeping. False: memory. */
static bool take_line(struct reading *reading, struct slice line, bool *whole)
{
    struct journal_content *content = reading->content;
    *whole = true;
    if (slice_starts(line, header_mark) && content->header.length == 0)
        content->header = arena_copy(reading->arena, slice_skip(line, header_mark.length));
    else if (slice_starts(line, plan_mark))
        content->plan = arena_copy(reading->arena, slice_skip(line, plan_mark.length));
    else if (slice_starts(line, done_mark))
        return add_sample(reading, slice_skip(line, done_mark.length));
    else if (slice_starts(line, identical_mark))
        return add_text(reading->arena, &content->identical, &content->identical_count,
                        slice_skip(line, identical_mark.length));
    else if (slice_starts(line, changed_mark))
        return add_text(reading->arena, &content->changed, &content->changed_count,
                        slice_skip(line, changed_mark.length));
    else if (slice_starts(line, note_mark))
        return add_text(reading->arena, &content->notes, &content->note_count,
                        slice_skip(line, note_mark.length));
    else
        *whole = slice_equal(line, built_mark);
    if (slice_starts(line, SLICE("pkg: ")))
        reading->failed = false;
    else if (slice_starts(line, SLICE("--- FAIL: ")) || slice_starts(line, SLICE("--- SKIP: ")))
        reading->failed = true;
    if (slice_starts(line, SLICE("--- FAIL: ")) || slice_starts(line, SLICE("FAIL\t")))
        content->failed = true;
    if (slice_equal(line, SLICE("side: base")))
        reading->side = BASE;
    else if (slice_equal(line, SLICE("side: head")))
        reading->side = HEAD;
    return !reading->arena->failed;
}

enum error_code journal_read(const char *path, struct arena *arena, struct journal_content *content,
                             struct error *error)
{
    struct source source;
    if (open_source(&source, path, error) != ERROR_NONE)
        return error->code;
    struct journal_content read = {0};
    struct reading reading = {.arena = arena, .content = &read};
    struct lines lines;
    struct slice line;
    uint64_t offset = 0;
    lines_init(&lines, unpack_read, source.unpack, path);
    while (lines_next(&lines, &line, error) > 0) {
        bool whole;
        if (!take_line(&reading, line, &whole)) {
            (void)error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
            break;
        }
        offset += line.length + 1;
        if (whole && !lines.unterminated)
            read.whole = offset;
    }
    lines_release(&lines);
    if (unpack_error(source.unpack)->code != ERROR_NONE)
        *error = *unpack_error(source.unpack);
    read.packed = unpack_is_packed(source.unpack);
    close_source(&source);
    if (error->code != ERROR_NONE)
        return error->code;
    if (read.header.length == 0)
        return error_set(error, ERROR_INPUT, path, 1, 1, "this is no benchgate journal");
    *content = read;
    return ERROR_NONE;
}
