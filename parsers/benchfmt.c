#include "parsers/benchfmt.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "parsers/benchkeys.h"
#include "parsers/field.h"
#include "parsers/linebefore.h"
#include "parsers/number.h"
#include "parsers/plain.h"

enum { BUFFER_BYTES = 256 << 10, FIRST_MEASUREMENTS = 16 };

/* The value of a key that a file does not have. */
#define ABSENT UINT32_MAX

/* One configuration key that was seen in this file. */
struct config {
    char *value; /* room for `capacity` bytes */
    size_t length, capacity;
    uint32_t place; /* in `order`, or ABSENT */
};

struct benchfmt_private {
    struct arena arena;
    lines_read *read;
    void *context;
    const char *source;
    struct unit_table *units;
    struct benchfmt_metadata *metadata;
    char *buffer; /* BUFFER_BYTES */
    size_t start, end;
    bool at_end;
    uint64_t line;
    struct intern keys;
    struct config *configs; /* by number in `keys` */
    uint32_t *order;        /* the keys in force */
    size_t order_count, config_capacity;
    struct gobench_key *list;
    struct measurement *measurements;
    size_t measurement_capacity;
    struct linebefore before;
    struct slice unit_line, unit; /* a Unit line with fields left, and its unit */
    char text[512];
};

void benchfmt_metadata_init(struct benchfmt_metadata *metadata, struct arena *arena)
{
    *metadata = (struct benchfmt_metadata){.capacity = 0};
    intern_init(&metadata->keys, arena);
}

bool benchfmt_open(struct benchfmt *reader, lines_read *read, void *context, const char *source,
                   struct unit_table *units, struct benchfmt_metadata *metadata)
{
    struct benchfmt_private *private = calloc(1, sizeof(*private));
    *reader = (struct benchfmt){.private = private};
    if (private == NULL)
        return false;
    arena_init(&private->arena);
    private->buffer = malloc(BUFFER_BYTES);
    private->read = read;
    private->context = context;
    private->source = source;
    private->units = units;
    private->metadata = metadata;
    intern_init(&private->keys, &private->arena);
    if (private->buffer == NULL) {
        benchfmt_close(reader);
        return false;
    }
    return true;
}

void benchfmt_close(struct benchfmt *reader)
{
    struct benchfmt_private *private = reader->private;
    if (private == NULL)
        return;
    free(private->buffer);
    arena_release(&private->arena);
    free(private);
    reader->private = NULL;
}

/* ---- events ---- */

static enum benchfmt_event_kind emit(struct benchfmt *reader, struct benchfmt_event *event,
                                     enum benchfmt_event_kind kind, const char *text)
{
    event->kind = kind;
    event->line = reader->private->line;
    event->text = text;
    return kind;
}

static enum benchfmt_event_kind out_of_memory(struct benchfmt *reader, struct benchfmt_event *event)
{
    return emit(reader, event, BENCHFMT_FAILED, "out of memory");
}

/* The words of Go for a system's error: its own, but that they begin in lower case. */
static enum benchfmt_event_kind cannot_read(struct benchfmt *reader, struct benchfmt_event *event)
{
    struct benchfmt_private *private = reader->private;
    const char *why = strerror(errno);
    char first = (char)(why[0] >= 'A' && why[0] <= 'Z' ? why[0] + 'a' - 'A' : why[0]);
    snprintf(private->text, sizeof(private->text), "read %.300s: %c%s", private->source, first,
             why + (why[0] != '\0'));
    return emit(reader, event, BENCHFMT_FAILED, private->text);
}

/* ---- lines ---- */

/* Reads more behind what is held, which is shorter than a line may be; -1 with errno set. */
static int fill(struct benchfmt *reader)
{
    struct benchfmt_private *private = reader->private;
    size_t held = private->end - private->start;
    if (private->start > 0 && held > 0)
        memmove(private->buffer, private->buffer + private->start, held);
    private->start = 0;
    private->end = held;
    ssize_t got;
    do
        got = private->read(private->context, private->buffer + held, BUFFER_BYTES - held);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return -1;
    private->at_end = got == 0;
    private->end += (size_t)got;
    reader->bytes += (uint64_t)got;
    return 0;
}

static struct slice without_return(const char *start, size_t length)
{
    return (struct slice){start, length - (length > 0 && start[length - 1] == '\r')};
}

/* 1 with the next line, 0 at the end, -1 where *event says what failed. */
static int next_line(struct benchfmt *reader, struct slice *line, struct benchfmt_event *event)
{
    struct benchfmt_private *private = reader->private;
    size_t scanned = 0;
    for (;;) {
        const char *start = private->buffer + private->start;
        size_t held = private->end - private->start;
        const char *lf = held > scanned ? memchr(start + scanned, '\n', held - scanned) : NULL;
        size_t length = lf != NULL ? (size_t)(lf - start) : held;
        if (length >= BENCHFMT_LINE_BYTES) {
            emit(reader, event, BENCHFMT_FAILED, "bufio.Scanner: token too long");
            return -1;
        }
        if (lf != NULL || (private->at_end && held > 0)) {
            *line = without_return(start, length);
            private->start += length + (lf != NULL);
            private->line++;
            return 1;
        }
        if (private->at_end)
            return 0;
        scanned = held;
        if (fill(reader) != 0) {
            (void)cannot_read(reader, event);
            return -1;
        }
    }
}

/* ---- results ---- */

static bool room_for_measurement(struct benchfmt_private *private, size_t count)
{
    if (count < private->measurement_capacity)
        return true;
    size_t wanted = private->measurement_capacity == 0 ? (size_t)FIRST_MEASUREMENTS : 2 * count;
    struct measurement *more = arena_zero(&private->arena, wanted, sizeof(*more));
    if (more == NULL)
        return false;
    if (count > 0)
        memcpy(more, private->measurements, count * sizeof(*more));
    private->measurements = more;
    private->measurement_capacity = wanted;
    return true;
}

/*
 * Takes a unit, nearly always the one that stood in the same place of the line before; NULL where
 * it cannot be kept, with *unit empty where there is none.
 */
static const struct written_unit *take_unit(struct benchfmt_private *private, size_t index,
                                            struct slice *rest, struct slice *unit)
{
    bool room = room_for_measurement(private, index);
    const struct written_unit *last = room ? private->measurements[index].unit : NULL;
    if (last != NULL && plain_text(rest, last->written)) {
        *unit = last->written;
        return last;
    }
    *unit = field_take(rest);
    return room && unit->length > 0 ? unit_intern(private->units, *unit) : NULL;
}

/*
 * NULL, or what is wrong with the fields behind the iteration count. *kept: from the second
 * measurement on all is as in the record before.
 */
static const char *read_measurements(struct benchfmt_private *private, struct slice rest,
                                     size_t *count, bool *full, bool *kept)
{
    static const char *const errors[] = {
        [NUMBER_SYNTAX] = "parsing measurement: invalid syntax",
        [NUMBER_RANGE] = "parsing measurement: value out of range",
    };
    for (*count = 0;; ++*count) {
        struct slice unit;
        double value;
        if (linebefore_goes_on(&private->before, rest, *count)) {
            *kept = *count == 1;
            *count = private->before.count;
            return NULL;
        }
        if (!plain_number(&rest, &value)) {
            struct slice number = field_take(&rest);
            if (number.length == 0)
                return *count > 0 ? NULL : "missing measurements";
            enum number_status status = number_double(number, &value);
            if (status != NUMBER_OK)
                return errors[status];
        }
        const struct written_unit *known = take_unit(private, *count, &rest, &unit);
        if (unit.length == 0)
            return "missing units";
        *full = known == NULL;
        if (*full)
            return "more than 10000 different units";
        private->measurements[*count] = (struct measurement){value * known->factor, value, known};
    }
}

/* A result line without "Benchmark" and its name. NULL: it is fine, else what is wrong with it. */
static const char *read_rest(struct benchfmt_private *private, struct slice rest,
                             struct record *record, bool *full, bool *kept)
{
    static const char *const errors[] = {
        [NUMBER_SYNTAX] = "parsing iteration count: invalid syntax",
        [NUMBER_RANGE] = "parsing iteration count: value out of range",
    };
    if (!plain_count(&rest, &record->iterations)) {
        struct slice iterations = field_take(&rest);
        if (iterations.length == 0)
            return "missing iteration count";
        enum number_status status = number_int64(iterations, &record->iterations);
        if (status != NUMBER_OK)
            return errors[status];
    }
    const char *wrong = read_measurements(private, rest, &record->measurement_count, full, kept);
    record->measurements = private->measurements;
    record->line = private->line;
    return wrong;
}

/* False where the line is passed over in silence. */
static bool read_result(struct benchfmt *reader, struct slice line, struct benchfmt_event *event)
{
    struct benchfmt_private *private = reader->private;
    struct record *record = &event->record;
    struct slice rest = slice_skip(line, strlen("Benchmark"));
    size_t behind_prefix = rest.length;
    bool full = false, kept = false;
    record->name = linebefore_name(&private->before, &rest, &record->same_name);
    if (record->name.length == behind_prefix)
        return false;
    const char *wrong = read_rest(private, rest, record, &full, &kept);
    linebefore_end(&private->before, line, wrong == NULL ? record->measurement_count : 0, kept);
    if (wrong != NULL)
        return emit(reader, event, full ? BENCHFMT_FAILED : BENCHFMT_WARNING, wrong);
    return emit(reader, event, BENCHFMT_RECORD, NULL);
}

/* ---- Unit lines ---- */

/* Keeps what a Unit line says of a unit, for as long as its table lives. */
static bool keep_metadata(struct benchfmt_metadata *metadata, uint32_t number, struct slice value)
{
    struct arena *arena = metadata->keys.arena;
    if (number >= metadata->capacity) {
        size_t wanted = 2 * (size_t)number + 8;
        struct slice *more =
            arena_grow(arena, metadata->values, metadata->capacity, wanted, sizeof(*more));
        if (more == NULL)
            return false;
        metadata->values = more;
        metadata->capacity = wanted;
    }
    metadata->values[number] = arena_copy(arena, value);
    return metadata->values[number].text != NULL;
}

static void apply_metadata(struct unit *unit, struct slice key, struct slice value)
{
    if (slice_equal(key, SLICE("assume")))
        unit->exact = slice_equal(value, SLICE("exact"));
    if (slice_equal(key, SLICE("better")))
        unit->better = slice_equal(value, SLICE("higher"))  ? BETTER_HIGHER
                       : slice_equal(value, SLICE("lower")) ? BETTER_LOWER
                                                            : BETTER_UNKNOWN;
}

/* One key=value; false where nothing is wrong with it. */
static bool read_unit_field(struct benchfmt *reader, struct slice field,
                            struct benchfmt_event *event)
{
    struct benchfmt_private *private = reader->private;
    struct benchfmt_metadata *metadata = private->metadata;
    size_t equals = slice_find(field, SLICE("="), 0);
    if (equals == 0 || equals == field.length)
        return emit(reader, event, BENCHFMT_WARNING, "expected key=value");
    struct slice key = {field.text, equals}, value = slice_skip(field, equals + 1);
    const struct written_unit *written = unit_intern(private->units, private->unit);
    if (written == NULL)
        return out_of_memory(reader, event);
    struct slice name = written->unit->name;
    const char *both = arena_print(metadata->keys.arena, "%.*s\n%.*s", (int)name.length, name.text,
                                   (int)key.length, key.text);
    size_t known = metadata->keys.count;
    uint32_t number = both == NULL ? INTERN_NONE : intern_add(&metadata->keys, slice_of(both));
    if (number == INTERN_NONE || (number == known && !keep_metadata(metadata, number, value)))
        return out_of_memory(reader, event);
    if (number == known) {
        apply_metadata(written->unit, key, value);
        return false;
    }
    struct slice held = metadata->values[number];
    if (slice_equal(held, value))
        return false;
    char *text = arena_print(&private->arena, "metadata %.*s of unit %.*s already set to %.*s",
                             (int)key.length, key.text, (int)private->unit.length,
                             private->unit.text, (int)held.length, held.text);
    return text == NULL ? out_of_memory(reader, event)
                        : emit(reader, event, BENCHFMT_WARNING, text);
}

/* Reads on in a Unit line until something is wrong. */
static bool read_unit_fields(struct benchfmt *reader, struct benchfmt_event *event)
{
    struct benchfmt_private *private = reader->private;
    while (private->unit_line.length > 0) {
        struct slice field = field_take(&private->unit_line);
        if (field.length > 0 && read_unit_field(reader, field, event))
            return true;
    }
    return false;
}

static bool is_unit_line(struct slice line, struct slice *rest)
{
    *rest = line;
    return line.length > 0 && line.text[0] == 'U' && slice_equal(field_take(rest), SLICE("Unit"));
}

static bool read_unit_line(struct benchfmt *reader, struct slice rest, struct benchfmt_event *event)
{
    struct benchfmt_private *private = reader->private;
    private->unit = field_take(&rest);
    if (private->unit.length == 0)
        return emit(reader, event, BENCHFMT_WARNING, "missing unit");
    private->unit_line = rest;
    return read_unit_fields(reader, event);
}

/* ---- configuration lines ---- */

static struct config *config_for(struct benchfmt_private *private, struct slice key)
{
    size_t known = private->keys.count;
    uint32_t number = intern_add(&private->keys, key);
    if (number == INTERN_NONE)
        return NULL;
    if (private->keys.count > private->config_capacity) {
        size_t wanted = 2 * known + 16;
        struct config *configs =
            arena_grow(&private->arena, private->configs, known, wanted, sizeof(*configs));
        uint32_t *order =
            arena_grow(&private->arena, private->order, known, wanted, sizeof(*order));
        struct gobench_key *list = arena_allocate(&private->arena, wanted, sizeof(*list));
        if (configs == NULL || order == NULL || list == NULL)
            return NULL;
        private->configs = configs;
        private->order = order;
        private->list = list;
        private->config_capacity = wanted;
    }
    if (number == known)
    private->configs[number] = (struct config){.place = ABSENT};
    return &private->configs[number];
}

static bool set_value(struct benchfmt_private *private, struct config *config, struct slice value)
{
    if (value.length > config->capacity) {
        char *room = arena_allocate(&private->arena, value.length, 2);
        if (room == NULL)
            return false;
        config->value = room;
        config->capacity = 2 * value.length;
    }
    memcpy(config->value, value.text, value.length);
    config->length = value.length;
    if (config->place == ABSENT) {
        config->place = (uint32_t) private->order_count;
        private->order[private->order_count++] = (uint32_t)(config - private->configs);
    }
    return true;
}

/* The last key takes the place of the one that goes. */
static void take_away(struct benchfmt_private *private, struct config *config)
{
    if (config->place == ABSENT)
        return;
    uint32_t last = private->order[--private->order_count];
    private->order[config->place] = last;
    private->configs[last].place = config->place;
    config->place = ABSENT;
}

static bool read_key(struct benchfmt *reader, struct slice line, struct benchfmt_event *event)
{
    struct slice key, value;
    if (!benchkeys_split(line, &key, &value))
        return false;
    struct config *config = config_for(reader->private, key);
    reader->config_version++;
    if (config == NULL)
        return out_of_memory(reader, event);
    if (value.length == 0)
        take_away(reader->private, config);
    else if (!set_value(reader->private, config, value))
        return out_of_memory(reader, event);
    return false;
}

const struct gobench_key *benchfmt_keys(struct benchfmt *reader, size_t *count)
{
    struct benchfmt_private *private = reader->private;
    for (size_t i = 0; i < private->order_count; i++) {
        const struct config *config = &private->configs[private->order[i]];
        private->list[i] = (struct gobench_key){private->keys.texts[private->order[i]],
                                                {config->value, config->length}};
    }
    *count = private->order_count;
    return private->list;
}

/* ---- the reader ---- */

enum benchfmt_event_kind benchfmt_next(struct benchfmt *reader, struct benchfmt_event *event)
{
    struct slice line, rest;
    if (read_unit_fields(reader, event))
        return event->kind;
    for (;;) {
        int got = next_line(reader, &line, event);
        if (got <= 0)
            return got < 0 ? BENCHFMT_FAILED : emit(reader, event, BENCHFMT_END, NULL);
        bool stop = slice_starts(line, SLICE("Benchmark")) ? read_result(reader, line, event)
                    : is_unit_line(line, &rest)            ? read_unit_line(reader, rest, event)
                                                           : read_key(reader, line, event);
        if (stop)
            return event->kind;
    }
}
