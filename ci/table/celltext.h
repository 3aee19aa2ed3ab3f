/*
 * celltext: what a table says of its cells in words: notes and texts.
 */
#ifndef CI_TABLE_CELLTEXT_H
#define CI_TABLE_CELLTEXT_H

#include "ci/table/table.h"

/*
 * Notes, as one text each, until the next table is entered. Of a cell's sample (what its results
 * vary in), of its summary, of its comparison; NULL where there is none.
 */
const char *table_note_sample(struct tables *tables, const struct table_cell *cell);
const char *table_note_summary(struct tables *tables, const struct table_cell *cell);
const char *table_note_comparison(struct tables *tables, const struct table_cell *cell);

/* Notes of a mean: at most three, in benchstat's order. Returns how many. */
enum { TABLE_MEAN_NOTES = 3 };
size_t table_mean_notes(const struct table *table, size_t column,
                        const char *notes[TABLE_MEAN_NOTES]);

/*
 * Texts of a cell: "∞", "?", "12%"; "~", "0.00%", "?", "-1.23%"; "p=0.001 n=10+8". Each fits into
 * TABLE_TEXT_BYTES, unterminated; returns the length.
 */
enum { TABLE_TEXT_BYTES = 500 };
size_t table_range_text(const struct table_cell *cell, char *text);
size_t table_delta_text(const struct tables *tables, const struct table_cell *cell, char *text);
size_t table_comparison_text(const struct table_cell *cell, char *text);
/* "+1.23%" of a ratio. */
size_t table_ratio_text(double ratio, char *text);

#endif
