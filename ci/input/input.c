#include "ci/input/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ci/input/ownjson.h"
#include "ci/input/unpack.h"
#include "parsers/foreign.h"
#include "parsers/test2json.h"

enum { FIRST_HEAD_BYTES = 16 << 10 };

struct input_private {
    int descriptor;
    struct unpack *unpack;
    char *head; /* read ahead to know the kind: head[at, count) is still to be handed out */
    size_t at, count;
    bool head_is_all;
    struct test2json stream;
};

const char *input_source(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

static enum error_code out_of_memory(const char *source, struct error *error)
{
    return error_set(error, ERROR_MEMORY, source, 0, 0, "out of memory");
}

static ssize_t read_descriptor(void *context, char *buffer, size_t capacity)
{
    const int *descriptor = context;
    return read(*descriptor, buffer, capacity);
}

static enum error_code open_descriptor(struct input *input, const char *path, struct error *error)
{
    struct stat status;
    if (path[0] == '\0')
        return error_set(error, ERROR_READ, "\"\"", 0, 0, "an operand without a path");
    int opened = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (opened < 0)
        return error_set(error, ERROR_READ, input->source, 0, 0, "%s", strerror(errno));
    input->private->descriptor = opened;
    if (fstat(opened, &status) != 0)
        return error_set(error, ERROR_READ, input->source, 0, 0, "%s", strerror(errno));
    if (S_ISDIR(status.st_mode))
        return error_set(error, ERROR_READ, input->source, 0, 0,
                         "is a directory, not a file of results");
    input->identity = (struct file_identity){S_ISREG(status.st_mode), (uint64_t)status.st_dev,
                                             (uint64_t)status.st_ino};
    return ERROR_NONE;
}

/* ---- what the parsers read ---- */

/* A lines_read: first what was read ahead, then what follows. */
static ssize_t read_bytes(void *context, char *buffer, size_t capacity)
{
    struct input_private *private = context;
    size_t held = private->count - private->at;
    if (held == 0)
        return private->head_is_all ? 0 : unpack_read(private->unpack, buffer, capacity);
    if (held > capacity)
        held = capacity;
    memcpy(buffer, private->head + private->at, held);
    private->at += held;
    return (ssize_t)held;
}

/* Reads ahead up to `wanted` bytes in all. */
static enum error_code read_ahead(struct input *input, size_t wanted, struct error *error)
{
    struct input_private *private = input->private;
    char *head = realloc(private->head, wanted);
    if (head == NULL)
        return out_of_memory(input->source, error);
    private->head = head;
    while (private->count < wanted && !private->head_is_all) {
        ssize_t got = unpack_read(private->unpack, head + private->count, wanted - private->count);
        if (got < 0)
            return ERROR_NONE; /* the parsers meet it again, behind what could be read */
        private->count += (size_t)got;
        private->head_is_all = got == 0;
    }
    return ERROR_NONE;
}

/* What is compressed inside of what was unpacked. One layer is undone, and no more: data that grows
 * twice is the way of a bomb. */
static enum error_code refuse_packed_twice(const struct input *input, struct error *error)
{
    const struct input_private *private = input->private;
    const char *outer = unpack_name(private->unpack);
    enum gobench_foreign inner =
        foreign_magic((const unsigned char *)private->head, private->count);
    if (outer == NULL || (inner != GOBENCH_GZIP && inner != GOBENCH_ZSTD))
        return ERROR_NONE;
    return error_set(error, ERROR_INPUT, input->source, 0, 0,
                     "%s inside of %s: it was compressed twice; undo the outer one (%s -dc) and "
                     "give what comes of it",
                     gobench_foreign_name(inner), outer, outer);
}

static enum error_code recognise(struct input *input, struct error *error)
{
    struct input_private *private = input->private;
    for (size_t wanted = FIRST_HEAD_BYTES; wanted <= INPUT_HEAD_BYTES; wanted *= 4) {
        if (read_ahead(input, wanted, error) != ERROR_NONE ||
            refuse_packed_twice(input, error) != ERROR_NONE)
            return error->code;
        input->kind =
            kind_of(private->head, private->count, private->head_is_all, &input->kind_line);
        if (input->kind != KIND_UNKNOWN || private->count < wanted)
            break;
    }
    return ERROR_NONE;
}

/* ---- the input ---- */

static enum error_code open_reader(struct input *input, struct unit_table *units,
                                   struct error *error)
{
    struct input_private *private = input->private;
    const char *source = input->source;
    if (input->kind == KIND_BENCHSTAT)
        return benchstat_open(&input->tables, read_bytes, private, source, units, error);
    if (input->kind != KIND_TEST_JSON)
        return gobench_open(&input->reader, read_bytes, private, source, units, error);
    if (test2json_open(&private->stream, read_bytes, private, source, error) != ERROR_NONE)
        return error->code;
    return gobench_open_made(&input->reader, test2json_make, &private->stream, source, units,
                             error);
}

enum error_code input_open(struct input *input, const char *path, struct unit_table *units,
                           struct error *error)
{
    *input = (struct input){.source = input_source(path)};
    input->private = calloc(1, sizeof(*input->private));
    if (input->private == NULL)
        return out_of_memory(input->source, error);
    input->private->descriptor = -1;
    enum error_code code = open_descriptor(input, path, error);
    if (code == ERROR_NONE) {
        input->private->unpack =
            unpack_open(read_descriptor, &input->private->descriptor, input->source);
        if (input->private->unpack == NULL)
            code = out_of_memory(input->source, error);
    }
    if (code == ERROR_NONE)
        code = recognise(input, error);
    if (code == ERROR_NONE)
        code = open_reader(input, units, error);
    if (code != ERROR_NONE)
        input_close(input);
    return code;
}

void input_close(struct input *input)
{
    struct input_private *private = input->private;
    if (private == NULL)
        return;
    if (input->reader.private != NULL)
        gobench_close(&input->reader);
    if (input->tables.private != NULL)
        benchstat_close(&input->tables);
    if (private->stream.private != NULL)
        test2json_close(&private->stream);
    unpack_close(private->unpack);
    if (private->descriptor > STDIN_FILENO)
        close(private->descriptor);
    free(private->head);
    free(private);
    input->private = NULL;
}

/* What ended the reading: what could not be unpacked is known better there. */
static void prefer_unpacking(const struct input *input, struct error *error)
{
    const struct error *first = unpack_error(input->private->unpack);
    if (first->code != ERROR_NONE && error->code == ERROR_READ)
        *error = *first;
}

enum benchstat_event_kind input_next_row(struct input *input, struct benchstat_event *event,
                                         struct error *error)
{
    enum benchstat_event_kind kind = benchstat_next(&input->tables, event, error);
    if (kind == BENCHSTAT_ERROR)
        prefer_unpacking(input, error);
    return kind;
}

enum gobench_event_kind input_next(struct input *input, struct gobench_event *event,
                                   struct error *error)
{
    if (input->kind == KIND_BENCHSTAT) {
        *event = (struct gobench_event){.kind = GOBENCH_END};
        return GOBENCH_END;
    }
    enum gobench_event_kind kind = gobench_next(&input->reader, event, error);
    if (kind == GOBENCH_ERROR)
        prefer_unpacking(input, error);
    /* Where in the line of the stream it stands is not known: the line as a whole. */
    if (input->kind == KIND_TEST_JSON && event->column > 0)
        event->column = 1;
    return kind;
}

struct input_ending input_ending(const struct input *input)
{
    const struct test2json *stream = &input->private->stream;
    struct input_ending ending = {NULL, stream->lines.line, stream->open};
    if (stream->torn)
        ending.broke_off = "the stream of go test -json ends within an event: it broke off";
    else if (stream->bounded && stream->open > 0)
        ending.broke_off = "the stream of go test -json ends before all of its packages do (pass, "
                           "fail or skip): it broke off";
    return ending;
}

struct slice input_head(const struct input *input)
{
    return (struct slice){input->private->head, input->private->count};
}

/* ---- all of it ---- */

/* Results of another format among those of go test: whose numbers count, nobody can tell. */
static enum error_code refuse_mixture(const struct input *input, struct error *error)
{
    const struct gobench *reader = &input->reader;
    return error_set(error, ERROR_INPUT, input->source, reader->mixed_line, 1,
                     "two kinds of results in one file: %s begins here, behind the output of "
                     "go test -bench",
                     gobench_foreign_name(reader->mixed));
}

/* Why there is no result in it. */
static enum error_code refuse_lack(const struct input *input, struct error *error)
{
    const struct gobench *reader = &input->reader;
    const char *foreign = gobench_foreign_name(reader->foreign);
    const char *own = reader->foreign == GOBENCH_JSON ? ownjson_hint(input_head(input)) : NULL;
    uint64_t line = reader->foreign_line > 0 ? reader->foreign_line : 1;
    if (own != NULL)
        return error_set(error, ERROR_INPUT, input->source, 1, 1, "%s", own);
    if (input->private->count == 0 && unpack_is_packed(input->private->unpack))
        return error_set(error, ERROR_INPUT, input->source, 1, 1,
                         "the file is empty: nothing is packed in it");
    if (input->private->count == 0)
        return error_set(error, ERROR_INPUT, input->source, 1, 1, "the file is empty");
    if (foreign != NULL)
        return error_set(error, ERROR_INPUT, input->source, line, 1,
                         "no benchmark result in it: this is %s, not the output of go test -bench",
                         foreign);
    return error_set(error, ERROR_INPUT, input->source, reader->lines.line, 1,
                     "no benchmark result up to the last line (go test prints some with -bench)");
}

enum error_code input_check(const struct input *input, bool any, struct error *error)
{
    const struct gobench *reader = &input->reader;
    if (reader->foreign == GOBENCH_BENCHCMP)
        return error_set(error, ERROR_INPUT, input->source, reader->foreign_line, 1,
                         "this is %s, not the output of go test -bench",
                         gobench_foreign_name(reader->foreign));
    /* Of a stream the pieces tell more (test2json.h). */
    if (input->kind != KIND_TEST_JSON && reader->mixed != GOBENCH_NOT_FOREIGN)
        return refuse_mixture(input, error);
    return any ? ERROR_NONE : refuse_lack(input, error);
}
