/* Tables of Markdown: what benchgate compare prints, and the old version's CSV made into one. */
#include "parsers/benchstat_table.h"

static const struct slice zero_width = {"\342\200\213", 3}; /* it keeps references apart */

static bool is_punctuation(char byte)
{
    return (byte >= '!' && byte <= '/') || (byte >= ':' && byte <= '@') ||
           (byte >= '[' && byte <= '`') || (byte >= '{' && byte <= '~');
}

struct slice benchstat_unmark(struct benchstat_private *private, struct slice text)
{
    char *to = private->clean + (text.text - private->clean), *start = to;
    while (text.length > 0 && !slice_starts(text, SLICE("<sup>"))) {
        if (slice_starts(text, zero_width)) {
            text = slice_skip(text, zero_width.length);
            continue;
        }
        if (text.text[0] == '\\' && text.length > 1 && is_punctuation(text.text[1]))
            text = slice_skip(text, 1);
        *to++ = text.text[0];
        text = slice_skip(text, 1);
    }
    return (struct slice){start, (size_t)(to - start)};
}

struct slice benchstat_drop(struct benchstat_private *private, struct slice text,
                            struct slice bytes)
{
    if (text.length == 0)
        return text;
    char *start = private->clean + (text.text - private->clean), *to = start;
    for (; text.length > 0; text = slice_skip(text, 1))
        if (memchr(bytes.text, text.text[0], bytes.length) == NULL)
            *to++ = text.text[0];
    return (struct slice){start, (size_t)(to - start)};
}

/* A cell that is emphasised as a whole. */
static struct slice unemphasise(struct slice cell)
{
    static const struct slice marks[] = {{"**", 2}, {"__", 2}, {"*", 1}, {"_", 1}, {"`", 1}};
    for (size_t m = 0; m < sizeof(marks) / sizeof(marks[0]); m++)
        if (cell.length > 2 * marks[m].length && slice_starts(cell, marks[m]) &&
            slice_ends(cell, marks[m])) {
            cell = slice_skip(cell, marks[m].length);
            cell.length -= marks[m].length;
        }
    return cell;
}

/* Bytes up to the next pipe that is none of a cell's own. */
static size_t cell_length(struct slice line)
{
    size_t at = 0;
    while (at < line.length && line.text[at] != '|')
        at += line.text[at] == '\\' && at + 1 < line.length ? 2 : 1;
    return at;
}

size_t benchstat_cut_pipes(struct benchstat_private *private, struct slice line)
{
    size_t count = 0;
    line = slice_skip(line, 1);
    while (benchstat_trim(line).length != 0 && count < BENCHSTAT_MAX_CELLS) {
        size_t end = cell_length(line);
        private->cells[count++] = unemphasise(benchstat_trim((struct slice){line.text, end}));
        line = slice_skip(line, end + 1);
    }
    return count;
}

/* "base.txt sec/op": what stands before the unit may have blanks. */
static struct slice last_word(struct slice text)
{
    struct slice word = {NULL, 0};
    while (benchstat_trim(text).length != 0)
        word = benchstat_word(&text);
    return word;
}

/* The columns that benchgate compare adds where it is asked to. */
static bool is_extra(struct slice heading)
{
    for (size_t i = 0; i < BENCHSTAT_EXTRAS; i++)
        if (slice_equal(heading, benchstat_extras[i]))
            return true;
    return false;
}

enum line_outcome benchstat_read_pipes(struct benchstat_text *reader, size_t count)
{
    static const struct slice vs_base = {"vs base", 7};
    struct benchstat_private *private = reader->private;
    struct benchstat_table *table = &private->table;
    const struct slice *cells = private->cells;
    if (count < 4 || cells[0].length != 0 || !slice_equal(cells[3], vs_base))
        return LINE_NOT_MINE;
    if (!benchstat_has_room(reader, count) ||
        !benchstat_begin_table(reader, STYLE_CELLS, benchstat_unmark(private, last_word(cells[1]))))
        return LINE_FAILED;
    table->cut = CUT_PIPES;
    table->cells = count;
    benchstat_place(table, 0, CELL_NAME);
    for (size_t i = 1; i < count; i++)
        benchstat_place(table, i,
                        slice_equal(cells[i], vs_base) ? CELL_DELTA
                        : is_extra(cells[i])           ? CELL_NONE
                                                       : CELL_CENTER);
    return LINE_CONSUMED;
}
