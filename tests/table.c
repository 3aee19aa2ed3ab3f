#include "tests/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support.h"

/* Splits the next line that is no comment into fields; their number, 0 at the end. */
static size_t split_line(struct table *table, char **fields)
{
    while (*table->next == '#')
        table->next += strcspn(table->next, "\n") + 1;
    if (*table->next == '\0')
        return 0;
    size_t count = 0;
    for (char *at = table->next;; at++) {
        size_t length = strcspn(at, "\t\n");
        assert_true(count < TABLE_COLUMNS);
        fields[count++] = at;
        at += length;
        bool more = *at == '\t';
        if (*at != '\0')
            *at = '\0';
        else
            at--; /* no final newline: stay on the terminator */
        if (!more) {
            table->next = at + 1;
            return count;
        }
    }
}

bool table_open(struct table *table, const char *path)
{
    size_t length;
    memset(table, 0, sizeof *table);
    table->text = table->next = support_read_file(path, &length);
    if (table->text == NULL)
        return false;
    table->columns = split_line(table, table->names);
    return table->columns > 0;
}

bool table_next(struct table *table)
{
    size_t count = split_line(table, table->fields);
    if (count == 0)
        return false;
    assert_int_equal(count, table->columns);
    snprintf(table->line, sizeof table->line, "row %.50s", table->fields[0]);
    return true;
}

const char *table_field(const struct table *table, const char *column)
{
    for (size_t i = 0; i < table->columns; i++)
        if (strcmp(table->names[i], column) == 0)
            return table->fields[i];
    fail_msg("no column %s", column);
    return NULL;
}

double table_number(const struct table *table, const char *column)
{
    return strtod(table_field(table, column), NULL);
}

double *table_list(const struct table *table, const char *column, size_t *count)
{
    const char *at = table_field(table, column);
    size_t room = 1 + strlen(at) / 2;
    double *values = malloc(room * sizeof *values);
    assert_non_null(values);
    *count = 0;
    for (char *end; *at != '\0'; at = *end == ',' ? end + 1 : end)
        values[(*count)++] = strtod(at, &end);
    return values;
}

void table_close(struct table *table)
{
    free(table->text);
}
