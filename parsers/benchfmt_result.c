/* benchfmt: result lines. */
#include "parsers/benchfmt_private.h"
#include "parsers/field.h"
#include "parsers/number.h"
#include "parsers/plain.h"

enum { FIRST_MEASUREMENTS = 16 };

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
bool benchfmt_result(struct benchfmt *reader, struct slice line, struct benchfmt_event *event)
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
        return benchfmt_emit(reader, event, full ? BENCHFMT_FAILED : BENCHFMT_WARNING, wrong);
    return benchfmt_emit(reader, event, BENCHFMT_RECORD, NULL);
}
