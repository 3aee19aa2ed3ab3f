/*
 * tableremarks: what benchstat leaves unsaid of its tables, or says wrongly.
 *
 * It stands beside the tables, a line for each kind with its number and its first example, so that
 * two hundred rows say no more than two:
 *
 *   differs otherwise   benchstat's p-value lies on the other side of alpha than the right one
 *   too small           samples of such sizes can never differ at alpha, and no note says so
 *   by chance           so many comparisons that some differ although nothing changed
 *   not everywhere      rows that some column does not have, where columns are files
 */
#ifndef CI_TABLE_TABLEREMARKS_H
#define CI_TABLE_TABLEREMARKS_H

#include "ci/report/buffer.h"
#include "ci/table/table.h"

/* The first comparison or row of a kind, and how many there are. */
struct remarked {
    size_t count;
    struct slice row, unit, column;
    bool several; /* more columns than one are compared, so that the column has to be named */
    size_t n, m;
    double p, benchstat_p;
};

/* Zero-initialise. */
struct tableremarks {
    struct remarked otherwise, small, partial;
    size_t rows;
    size_t tested, differing; /* comparisons that could differ at alpha, and those that do */
};

/* Looks at a row of the table that is entered: the first `count` cells of tables->row. */
enum tables_status tableremarks_look(struct tableremarks *remarks, struct tables *tables,
                                     size_t row, size_t count);

/* Appends the lines; names in them are made harmless for a terminal. */
void tableremarks_write(const struct tableremarks *remarks, double alpha, struct buffer *out);

#endif
