/*
 * benchstat_table: what the readers of benchstat_text's formats share: the table that lines are
 * rows of, and the row being read. Private to parsers/benchstat_*.c.
 */
#ifndef PARSERS_BENCHSTAT_TABLE_H
#define PARSERS_BENCHSTAT_TABLE_H

#include "parsers/arena.h"
#include "parsers/benchkeys.h"
#include "parsers/benchstat_text.h"

enum benchstat_style {
    STYLE_NONE,
    STYLE_BARS,  /* columns between bars: │ */
    STYLE_WORDS, /* "name  old time/op  new time/op  delta" */
    STYLE_CELLS, /* CSV, Markdown, HTML: cells that are cut apart already */
};

/* How the cells of a row are cut apart. */
enum benchstat_cut { CUT_COMMAS, CUT_PIPES, CUT_TAGS };

enum benchstat_cell { CELL_NONE, CELL_NAME, CELL_CENTER, CELL_DELTA, CELL_NOTE };

struct benchstat_place {
    enum benchstat_cell kind;
    size_t column;
};

enum { BENCHSTAT_MAX_CELLS = 3 * BENCHSTAT_MAX_COLUMNS + 10 };

/* The table that the lines are rows of. */
struct benchstat_table {
    enum benchstat_style style;
    struct slice metric;             /* what the header calls the unit; in the arena */
    const struct written_unit *unit; /* NULL: no row came yet */
    size_t columns;                  /* of values */
    bool has_delta[BENCHSTAT_MAX_COLUMNS];
    bool has_extras;                        /* BARS: text of other columns stands behind a delta */
    size_t bars[BENCHSTAT_MAX_COLUMNS + 1]; /* BARS: characters before each */
    struct slice prefix;                    /* BARS: what stands before every line, as "> " */
    char prefix_text[16];
    enum benchstat_cut cut; /* CELLS */
    struct benchstat_place places[BENCHSTAT_MAX_CELLS];
    size_t cells;
};

/* Columns that benchgate compare adds behind "vs base", in this order: none of them is read. */
enum { BENCHSTAT_EXTRAS = 3 };
extern const struct slice benchstat_extras[BENCHSTAT_EXTRAS];

/* What a row says of one column of values. */
struct benchstat_column {
    bool present, changed; /* it has a value; it has a delta, or the like */
    struct stated_number center;
    enum stated_change change;
    struct stated_number ratio;
    struct stated_note note;
};

struct benchstat_private {
    struct arena arena;
    struct benchkeys keys;
    struct error error;
    bool ended;
    enum benchstat_event_kind last;
    char *clean; /* the line undressed */
    size_t clean_capacity;
    struct benchstat_table table;
    struct slice package; /* of a group line of the old version, or else of the pkg line */
    struct benchstat_column columns[BENCHSTAT_MAX_COLUMNS];
    struct slice name; /* of the row */
    char *full;        /* a name that is put together */
    size_t full_capacity;
    struct slice bad_name; /* of a row that is no good; empty: not known */
    size_t pending;        /* the row's next column to be handed out; 0: none */
    struct slice cells[BENCHSTAT_MAX_CELLS];
};

/* What became of a line that one of the readers looked at. */
enum line_outcome { LINE_NOT_MINE, LINE_CONSUMED, LINE_ROW, LINE_BAD, LINE_FAILED };

/*
 * The readers of a format: of a header, which begins a table, and of a row of it. Bars count places
 * from the start of the line; the others take it without what quotes it.
 */
enum line_outcome benchstat_read_bars(struct benchstat_text *reader, struct slice line);
enum line_outcome benchstat_read_bar_row(struct benchstat_private *private, struct slice line);
enum line_outcome benchstat_read_words(struct benchstat_text *reader, struct slice line);
enum line_outcome benchstat_read_word_row(struct benchstat_text *reader, struct slice line);
enum line_outcome benchstat_read_cells(struct benchstat_text *reader, struct slice line);
enum line_outcome benchstat_read_cell_row(struct benchstat_text *reader, struct slice line);
/* A header of Markdown, of `count` cells that are cut apart. */
enum line_outcome benchstat_read_pipes(struct benchstat_text *reader, size_t count);

/* ---- text ---- */

/* Cuts a line of Markdown into private->cells, as they stand there; their number. */
size_t benchstat_cut_pipes(struct benchstat_private *private, struct slice line);

/* Without Markdown's backslashes, and up to a footnote; done in place, in private->clean. */
struct slice benchstat_unmark(struct benchstat_private *private, struct slice text);

/* Without any of these bytes; done in place, in private->clean. */
struct slice benchstat_drop(struct benchstat_private *private, struct slice text,
                            struct slice bytes);

/* Without blanks and tabs around it. */
struct slice benchstat_trim(struct slice text);
/* Takes the first word off *rest. */
struct slice benchstat_word(struct slice *rest);

/* A row has a p-value with a number of samples, or a range behind a number. */
bool benchstat_looks_like_row(struct slice line);
bool benchstat_is_mean(struct slice name);

/* ---- the table ---- */

/* Keeps the error for benchstat_next. Returns LINE_FAILED. */
enum line_outcome benchstat_refuse(struct benchstat_text *reader, enum error_code code,
                                   const char *what);

/* Begins a table of what the header calls its unit. Only a row makes it one. False: refused. */
bool benchstat_begin_table(struct benchstat_text *reader, enum benchstat_style style,
                           struct slice metric);
/* Notes what a header's cell stands for; each center begins a column. */
void benchstat_place(struct benchstat_table *table, size_t cell, enum benchstat_cell kind);
/* Whether there is room for a header of so many cells. False: refused. */
bool benchstat_has_room(struct benchstat_text *reader, size_t cells);
void benchstat_end_table(struct benchstat_text *reader);

/* Knows the table's unit from its first row on. False: refused. */
bool benchstat_settle_table(struct benchstat_text *reader);

/* "pkg:a goos:b", above the rows of a group. False where the line is no such; else arena.failed
 * tells. */
bool benchstat_read_group(struct benchstat_private *private, struct slice line);

/* ---- the row ---- */

void benchstat_clear_columns(struct benchstat_private *private);
void benchstat_set_value(struct benchstat_private *private, size_t column,
                         struct stated_number center);
/* False where *rest begins with no delta. */
bool benchstat_set_delta(struct benchstat_column *column, struct slice *rest);

/* A row whose columns are filled in: to be handed out, unless it is a mean or empty. */
enum line_outcome benchstat_finish_row(struct benchstat_private *private, struct slice name);

#endif
