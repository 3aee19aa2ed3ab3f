/*
 * table: tab-separated reference values, read by column name. Lines that start with '#' are
 * comments; the first other line names the columns.
 */
#ifndef TESTS_TABLE_H
#define TESTS_TABLE_H

#include <stdbool.h>
#include <stddef.h>

enum { TABLE_COLUMNS = 40 };

struct table {
    char *text, *next;
    char *names[TABLE_COLUMNS], *fields[TABLE_COLUMNS];
    size_t columns;
    char line[64]; /* "row ID", to name in a failure */
};

bool table_open(struct table *table, const char *path);
bool table_next(struct table *table);
const char *table_field(const struct table *table, const char *column);
double table_number(const struct table *table, const char *column); /* "inf" and "-inf" too */
double *table_list(const struct table *table, const char *column, size_t *count); /* free it */
void table_close(struct table *table);

#endif
