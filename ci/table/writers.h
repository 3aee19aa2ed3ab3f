/*
 * writers: tables as text.
 *
 * Text and CSV are laid out as benchstat lays them out. With tables->compat nothing is escaped;
 * without, what comes from the input is made harmless for a terminal.
 */
#ifndef CI_TABLE_WRITERS_H
#define CI_TABLE_WRITERS_H

#include "ci/report/buffer.h"
#include "ci/table/table.h"

/*
 * `warnings` takes what goes to standard error beside the tables. Where a table cannot be computed
 * they end there, and tables->status says why.
 */
void tables_write_text(struct tables *tables, struct buffer *out, struct buffer *warnings);
void tables_write_csv(struct tables *tables, struct buffer *out, struct buffer *warnings);

/*
 * Formats that benchstat does not have: tables in Markdown, with their notes below them, and one
 * JSON object. Names in it are added to but never renamed within its schema_version; values are in
 * tidy units, a ratio is head/base − 1, and a number that does not exist is null.
 */
void tables_write_markdown(struct tables *tables, struct buffer *out, struct buffer *warnings);
void tables_write_json(struct tables *tables, struct buffer *out, struct buffer *warnings);

/*
 * Text between tables: calls `line` for each `key: value` that differs from the table before.
 * `table` counts from 0.
 */
void tables_header(const struct tables *tables, size_t table,
                   void (*line)(void *context, struct slice key, struct slice value),
                   void *context);

#endif
