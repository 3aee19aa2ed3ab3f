/*
 * measure: the numbers of a table, row by row.
 */
#ifndef CI_TABLE_MEASURE_H
#define CI_TABLE_MEASURE_H

#include "ci/table/table.h"

/* Before the first row of tables->table. False where memory is short. */
bool measure_begin(struct tables *tables);

/*
 * Sorts the samples of the first `count` cells of tables->row, which stand in their places,
 * summarises each and compares it with the one in the first column.
 */
enum tables_status measure_row(struct tables *tables, size_t count);

/* The last row, from what measure_row found. */
void measure_means(struct tables *tables);

#endif
