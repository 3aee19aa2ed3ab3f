/* Unit lines: what they declare of a unit. */
#include <stdio.h>

#include "parsers/field.h"
#include "parsers/gobench_private.h"

/* "assume" is "exact" or "nothing" where it conflicts, "better" the other of two. */
static const char *declared_value(const struct unit *unit, struct slice key)
{
    if (slice_equal(key, SLICE("better")))
        return unit->better == BETTER_HIGHER ? "higher" : "lower";
    return unit->exact ? "exact" : "nothing";
}

static enum outcome declare(struct gobench *reader, struct gobench_event *event, struct slice field,
                            size_t equals)
{
    struct gobench_private *private = reader->private;
    struct slice key = {field.text, equals};
    const struct written_unit *written = unit_intern(reader->units, private->unit);
    if (written == NULL)
        return gobench_limit_reached(
            reader, event,
            reader->units->used >= UNIT_TABLE_MAX ? RESULTLINE_TOO_MANY_UNITS : RESULTLINE_MEMORY);
    if (unit_declare(written->unit, key, slice_skip(field, equals + 1)) != UNIT_CONFLICT)
        return CONSUMED;
    int length = private->unit.length < 256 ? (int)private->unit.length : 256;
    snprintf(private->text, sizeof(private->text), "metadata %.*s of unit %.*s already set to %s",
             (int)key.length, key.text, length, private->unit.text,
             declared_value(written->unit, key));
    return gobench_emit_damage(reader, event, (struct slice){NULL, 0},
                               (size_t)(field.text - private->unit_line_start), private->text);
}

enum outcome gobench_read_unit_fields(struct gobench *reader, struct gobench_event *event)
{
    struct gobench_private *private = reader->private;
    enum outcome outcome = CONSUMED;
    while (outcome == CONSUMED && private->unit_line.length != 0) {
        struct slice field = field_take(&private->unit_line);
        size_t equals = slice_find(field, SLICE("="), 0);
        if (equals == 0 || equals == field.length)
            outcome = gobench_emit_damage(reader, event, (struct slice){NULL, 0},
                                          (size_t)(field.text - private->unit_line_start),
                                          "expected key=value");
        else
            outcome = declare(reader, event, field, equals);
    }
    return outcome;
}

enum outcome gobench_read_unit(struct gobench *reader, struct slice line,
                               struct gobench_event *event)
{
    struct gobench_private *private = reader->private;
    struct slice rest = line;
    if (line.length == 0 || line.text[0] != 'U' || !slice_equal(field_take(&rest), SLICE("Unit")))
        return NOT_MINE;
    private->unit_line_start = line.text;
    private->unit = field_take(&rest);
    private->unit_line = rest;
    if (private->unit.length == 0)
        return gobench_emit_damage(reader, event, (struct slice){NULL, 0}, line.length,
                                   "missing unit");
    return gobench_read_unit_fields(reader, event);
}
