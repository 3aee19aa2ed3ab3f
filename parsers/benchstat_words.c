/* The version before 2023: words, two blanks at least between them. */
#include "parsers/benchstat_table.h"

/* Words that two blanks at least stand between. */
static size_t count_parts(struct slice text)
{
    size_t count = 0;
    text = benchstat_trim(text);
    while (text.length != 0) {
        size_t end = slice_find(text, SLICE("  "), 0);
        text = benchstat_trim(slice_skip(text, end));
        count++;
    }
    return count;
}

enum line_outcome benchstat_read_words(struct benchstat_text *reader, struct slice line)
{
    struct benchstat_table *table = &reader->private->table;
    struct slice rest = line, metric;
    size_t columns = 1;
    bool delta = false;
    if (!slice_equal(benchstat_word(&rest), SLICE("name")) || !slice_starts(line, SLICE("name ")))
        return LINE_NOT_MINE;
    struct slice first = benchstat_word(&rest);
    if (slice_equal(first, SLICE("old"))) {
        metric = benchstat_word(&rest);
        struct slice new = benchstat_word(&rest), again = benchstat_word(&rest),
                     word = benchstat_word(&rest);
        if (!slice_equal(new, SLICE("new")) || !slice_equal(again, metric))
            return LINE_NOT_MINE;
        delta = slice_equal(word, SLICE("delta"));
        columns = 2;
    } else if (slice_equal(first, SLICE("\\"))) {
        metric = benchstat_word(&rest);
        columns = count_parts(rest);
        rest = (struct slice){NULL, 0};
    } else {
        metric = first;
    }
    if (benchstat_trim(rest).length != 0 || metric.length == 0 || columns == 0 ||
        slice_find(line, SLICE("  "), 0) == line.length)
        return LINE_NOT_MINE;
    if (columns > BENCHSTAT_MAX_COLUMNS)
        return benchstat_refuse(reader, ERROR_INPUT, "a table of more than 100 columns");
    if (!benchstat_begin_table(reader, STYLE_WORDS, metric))
        return LINE_FAILED;
    table->columns = columns;
    table->has_delta[columns - 1] = delta;
    return LINE_CONSUMED;
}

enum line_outcome benchstat_read_word_row(struct benchstat_text *reader, struct slice line)
{
    struct benchstat_private *private = reader->private;
    const struct benchstat_table *table = &private->table;
    struct slice rest = line, name = benchstat_word(&rest);
    struct stated_number value;
    if (slice_equal(name, SLICE("[Geo")) || benchstat_is_mean(name))
        return LINE_CONSUMED;
    benchstat_clear_columns(private);
    size_t c = 0;
    while (c < table->columns && statedcell_center(&rest, &value))
        benchstat_set_value(private, c++, value);
    struct benchstat_column *last = &private->columns[table->columns - 1];
    if (c == 0 && benchstat_read_group(private, line))
        return private->arena.failed ? benchstat_refuse(reader, ERROR_MEMORY, "out of memory")
                                     : LINE_CONSUMED;
    if (table->has_delta[table->columns - 1] && c == table->columns &&
        benchstat_set_delta(last, &rest))
        (void)statedcell_note(&rest, &last->note);
    bool whole = c == table->columns || (table->columns > 2 && c > 0);
    if (!whole || benchstat_trim(rest).length != 0 ||
        (table->has_delta[table->columns - 1] && !last->changed))
        return benchstat_looks_like_row(line) ? LINE_BAD : LINE_NOT_MINE;
    return benchstat_finish_row(private, name);
}
