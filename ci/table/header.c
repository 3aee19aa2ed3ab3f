#include "ci/table/writers.h"

void tables_header(const struct tables *tables, size_t table,
                   void (*line)(void *context, struct slice key, struct slice value), void *context)
{
    const struct projection *projection = tables->samples->table;
    uint32_t key = tables->keys[table];
    for (size_t i = 0; i < projection->flat_count; i++) {
        const struct projection_field *field = projection->flat[i];
        if (slice_equal(field->name, SLICE(".unit")))
            continue; /* it stands in the table */
        if (table == 0 || projection_number(projection, key, field) !=
                              projection_number(projection, tables->keys[table - 1], field))
            line(context, field->name, projection_value(projection, key, field));
    }
}
