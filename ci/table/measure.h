/*
 * measure: the numbers of a table whose cells stand in their places.
 */
#ifndef CI_TABLE_MEASURE_H
#define CI_TABLE_MEASURE_H

#include "ci/table/table.h"

/*
 * Sorts the samples of all cells of tables->table, summarises each and compares it with the one of
 * its row in the first column.
 */
enum tables_status measure_cells(struct tables *tables);

/* The last row, from what measure_cells found. False where memory is short. */
bool measure_means(struct tables *tables);

#endif
