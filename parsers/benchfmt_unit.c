/* benchfmt: Unit lines. */
#include "parsers/benchfmt_private.h"
#include "parsers/field.h"

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
        return benchfmt_emit(reader, event, BENCHFMT_WARNING, "expected key=value");
    struct slice key = {field.text, equals}, value = slice_skip(field, equals + 1);
    const struct written_unit *written = unit_intern(private->units, private->unit);
    if (written == NULL)
        return benchfmt_memory(reader, event);
    struct slice name = written->unit->name;
    const char *both = arena_print(metadata->keys.arena, "%.*s\n%.*s", (int)name.length, name.text,
                                   (int)key.length, key.text);
    size_t known = metadata->keys.count;
    uint32_t number = both == NULL ? INTERN_NONE : intern_add(&metadata->keys, slice_of(both));
    if (number == INTERN_NONE || (number == known && !keep_metadata(metadata, number, value)))
        return benchfmt_memory(reader, event);
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
    return text == NULL ? benchfmt_memory(reader, event)
                        : benchfmt_emit(reader, event, BENCHFMT_WARNING, text);
}

/* Reads on in a Unit line until something is wrong. */
bool benchfmt_unit_fields(struct benchfmt *reader, struct benchfmt_event *event)
{
    struct benchfmt_private *private = reader->private;
    while (private->unit_line.length > 0) {
        struct slice field = field_take(&private->unit_line);
        if (field.length > 0 && read_unit_field(reader, field, event))
            return true;
    }
    return false;
}

bool benchfmt_is_unit(struct slice line, struct slice *rest)
{
    *rest = line;
    return line.length > 0 && line.text[0] == 'U' && slice_equal(field_take(rest), SLICE("Unit"));
}

bool benchfmt_unit(struct benchfmt *reader, struct slice rest, struct benchfmt_event *event)
{
    struct benchfmt_private *private = reader->private;
    private->unit = field_take(&rest);
    if (private->unit.length == 0)
        return benchfmt_emit(reader, event, BENCHFMT_WARNING, "missing unit");
    private->unit_line = rest;
    return benchfmt_unit_fields(reader, event);
}
