#include "ci/decide/tidy.h"

#include <string.h>

#include "parsers/unit.h"

struct slice tidy_unit_factor(struct arena *arena, struct slice written, double *factor)
{
    struct unit_table units;
    unit_table_init(&units, arena);
    const struct written_unit *found = unit_intern(&units, written);
    if (found == NULL)
        return (struct slice){0};
    *factor = found->factor;
    return found->unit->name;
}

struct slice tidy_unit(struct arena *arena, struct slice written)
{
    double factor;
    return tidy_unit_factor(arena, written, &factor);
}

struct slice tidy_quantity(struct slice unit)
{
    const char *slash = unit.length > 0 ? memchr(unit.text, '/', unit.length) : NULL;
    if (slash != NULL)
        unit.length = (size_t)(slash - unit.text);
    size_t start = unit.length;
    while (start > 0 && strchr("-* ", unit.text[start - 1]) == NULL)
        start--;
    return slice_skip(unit, start);
}
