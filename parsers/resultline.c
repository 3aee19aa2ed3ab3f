#include "parsers/resultline.h"

#include <float.h>
#include <math.h>

#include "parsers/damage.h"
#include "parsers/field.h"
#include "parsers/number.h"
#include "parsers/plain.h"

bool resultline_init(struct resultline *self, struct arena *arena, struct unit_table *units)
{
    self->units = units;
    self->measurements = arena_zero(arena, GOBENCH_MAX_MEASUREMENTS, sizeof(*self->measurements));
    self->unknown = arena_zero(arena, GOBENCH_MAX_MEASUREMENTS, sizeof(*self->unknown));
    return self->measurements != NULL && self->unknown != NULL;
}

/* A line being read: the next field, and what has been found wrong so far. */
struct cursor {
    struct slice line, rest;
    struct resultline_damage *damage;
};

static bool wrong(struct cursor *cursor, const char *at, const char *text)
{
    cursor->damage->text = text;
    cursor->damage->offset = (size_t)(at - cursor->line.text);
    return false;
}

/*
 * Remembers the first thing wrong that the reference reader does not mind. It is said only where
 * the reference has no words for the line.
 */
static void doubt(struct cursor *cursor, const char *at, const char *text)
{
    if (cursor->damage->text == NULL)
        wrong(cursor, at, text);
}

static bool take_iterations(struct cursor *cursor, int64_t *iterations)
{
    static const char *const errors[] = {
        [NUMBER_SYNTAX] = "parsing iteration count: invalid syntax",
        [NUMBER_RANGE] = "parsing iteration count: value out of range",
    };
    const char *start = cursor->rest.text;
    if (!plain_count(&cursor->rest, iterations)) {
        struct slice field = field_take(&cursor->rest);
        if (field.length == 0)
            return wrong(cursor, start, "missing iteration count");
        enum number_status status = number_int64(field, iterations);
        if (status != NUMBER_OK)
            return wrong(cursor, start, errors[status]);
    }
    if (*iterations < 1)
        doubt(cursor, start, "iteration count is below 1");
    return true;
}

static void doubt_value(struct cursor *cursor, double value, const char *number, struct slice unit)
{
    if (isnan(value))
        doubt(cursor, number, "measurement is not a number");
    else if (isinf(value))
        doubt(cursor, number, "measurement is infinite");
    else if (value < 0 && unit_is_cost(unit))
        doubt(cursor, number, "measurement is negative");
}

/*
 * Takes a unit, whose entry of the table is NULL where that does not hold it yet. Lines of one
 * benchmark follow each other, so that the unit that stood in this place the last time is nearly
 * always it.
 */
static bool take_unit(struct resultline *self, struct cursor *cursor, size_t index,
                      struct slice *unit)
{
    const struct written_unit **entry = &self->measurements[index].unit;
    if (*entry != NULL && plain_text(&cursor->rest, (*entry)->written)) {
        *unit = (*entry)->written;
        return true;
    }
    *unit = field_take(&cursor->rest);
    if (unit->length == 0)
        return wrong(cursor, unit->text, "missing units");
    *entry = unit_find(self->units, *unit);
    return true;
}

/* Takes a value and its unit; false where that is damage. */
static bool take_measurement(struct resultline *self, struct cursor *cursor, size_t index)
{
    static const char *const errors[] = {
        [NUMBER_SYNTAX] = "parsing measurement: invalid syntax",
        [NUMBER_RANGE] = "parsing measurement: value out of range",
    };
    const char *start = cursor->rest.text;
    struct measurement *measurement = &self->measurements[index];
    struct slice unit;
    double value;
    if (!plain_number(&cursor->rest, &value)) {
        enum number_status status = number_double(field_take(&cursor->rest), &value);
        if (status != NUMBER_OK)
            return wrong(cursor, start, errors[status]);
    }
    if (!take_unit(self, cursor, index, &unit))
        return false;
    if (!(value >= 0 && value <= DBL_MAX))
        doubt_value(cursor, value, start, unit);
    measurement->written = value;
    if (measurement->unit == NULL) {
        self->unknown[index] = unit;
        if (damage_is_glued(unit))
            doubt(cursor, unit.text, "another result follows on the same line");
    }
    return true;
}

/*
 * Takes all that follows the iteration count; false where that is damage. *kept: all behind the
 * first one is as before.
 */
static bool take_measurements(struct resultline *self, struct cursor *cursor, size_t *count,
                              bool *kept)
{
    struct linebefore *before = &self->before;
    for (*count = 0; cursor->rest.length != 0; ++*count) {
        if (linebefore_goes_on(before, cursor->rest, *count)) {
            *kept = *count == 1;
            *count = before->count;
            return true;
        }
        if (*count == GOBENCH_MAX_MEASUREMENTS || !take_measurement(self, cursor, *count))
            return false;
    }
    if (*count == 0)
        return wrong(cursor, cursor->rest.text, "missing measurements");
    return true;
}

/*
 * Where the file ends without an LF its last unit may have been cut: "ns/o", "n". It was if it is
 * new, and the beginning of one that is not.
 */
static void doubt_last_unit(const struct resultline *self, struct cursor *cursor, size_t count)
{
    if (self->measurements[count - 1].unit != NULL)
        return;
    struct slice last = self->unknown[count - 1];
    bool cut = unit_continues(self->units, last);
    for (size_t m = 0; m + 1 < count; m++) {
        const struct written_unit *known = self->measurements[m].unit;
        struct slice other = known != NULL ? known->written : self->unknown[m];
        if (slice_equal(other, last))
            return;
        cut = cut || slice_starts(other, last);
    }
    if (cut)
        doubt(cursor, last.text, "the file ends within a unit");
}

/* Puts new units into the table, and brings values to their tidy units. */
static enum resultline_status tidy(struct resultline *self, size_t count)
{
    for (size_t m = 0; m < count; m++) {
        struct measurement *measurement = &self->measurements[m];
        if (measurement->unit == NULL)
            measurement->unit = unit_intern(self->units, self->unknown[m]);
        if (measurement->unit == NULL)
            return self->units->used >= UNIT_TABLE_MAX ? RESULTLINE_TOO_MANY_UNITS
                                                       : RESULTLINE_MEMORY;
        measurement->value = measurement->written * measurement->unit->factor;
    }
    return RESULTLINE_RECORD;
}

/* All that follows the name; *kept as above. */
static enum resultline_status parse_rest(struct resultline *self, struct cursor *cursor,
                                         bool unterminated, struct record *record, bool *kept)
{
    size_t count;
    if (!take_measurements(self, cursor, &count, kept))
        return count == GOBENCH_MAX_MEASUREMENTS ? RESULTLINE_TOO_MANY_MEASUREMENTS
                                                 : RESULTLINE_DAMAGE;
    if (unterminated)
        doubt_last_unit(self, cursor, count);
    if (cursor->damage->text != NULL)
        return RESULTLINE_DAMAGE;
    record->measurements = self->measurements;
    record->measurement_count = count;
    return tidy(self, *kept ? 1 : count);
}

enum resultline_status resultline_parse(struct resultline *self, struct slice line,
                                        bool unterminated, struct record *record,
                                        struct resultline_damage *damage)
{
    *damage = (struct resultline_damage){.text = NULL};
    struct cursor cursor = {line, slice_skip(line, strlen("Benchmark")), damage};
    size_t behind_prefix = cursor.rest.length;
    bool kept = false;
    record->name = linebefore_name(&self->before, &cursor.rest, &record->same_name);
    if (record->name.length == behind_prefix && !unterminated)
        return RESULTLINE_NAME_ALONE;
    if (!take_iterations(&cursor, &record->iterations)) {
        damage->before_count = true;
        return RESULTLINE_DAMAGE;
    }
    enum resultline_status status = parse_rest(self, &cursor, unterminated, record, &kept);
    linebefore_end(&self->before, line, status == RESULTLINE_RECORD ? record->measurement_count : 0,
                   kept);
    return status;
}
