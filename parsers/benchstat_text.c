#include "parsers/benchstat_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "parsers/benchstat_table.h"
#include "parsers/damage.h"
#include "parsers/foreign.h"
#include "parsers/jsonevent.h"
#include "parsers/undress.h"

enum error_code benchstat_open(struct benchstat_text *reader, lines_read *read, void *context,
                               const char *source, struct unit_table *units, struct error *error)
{
    *reader =
        (struct benchstat_text){.units = units, .private = calloc(1, sizeof(*reader->private))};
    lines_init(&reader->lines, read, context, source);
    if (reader->private == NULL)
        return error_set(error, ERROR_MEMORY, source, 0, 0, "out of memory");
    arena_init(&reader->private->arena);
    benchkeys_init(&reader->private->keys, &reader->private->arena);
    return ERROR_NONE;
}

void benchstat_close(struct benchstat_text *reader)
{
    lines_release(&reader->lines);
    if (reader->private != NULL) {
        arena_release(&reader->private->arena);
        free(reader->private->clean);
        free(reader->private->full);
    }
    free(reader->private);
    reader->private = NULL;
}

/* ---- lines ---- */

/* Other results: which numbers count, nobody could tell. */
static enum line_outcome read_foreign(struct benchstat_text *reader, struct slice line)
{
    struct damage found = damage_find(line, 0);
    const char *other = NULL;
    if (found.kind == DAMAGE_HIDDEN && found.offset > 0) {
        reader->private->bad_name = (struct slice){NULL, 0};
        return LINE_BAD;
    }
    if (found.kind == DAMAGE_HIDDEN)
        other = "output of go test -bench";
    else if (jsonevent_is(line))
        other = gobench_foreign_name(GOBENCH_TEST_JSON);
    else if (foreign_line(line, false) == GOBENCH_BENCHCMP)
        other = gobench_foreign_name(GOBENCH_BENCHCMP);
    if (other == NULL)
        return LINE_NOT_MINE;
    char text[200];
    snprintf(text, sizeof(text), "two kinds of results in one file: %s, beside a benchstat table",
             other);
    return benchstat_refuse(reader, ERROR_INPUT, text);
}

static enum line_outcome read_key(struct benchstat_text *reader, struct slice line)
{
    struct benchstat_private *private = reader->private;
    struct slice key, value;
    /* What rows have in common may stand above the table in place of their names. */
    if (slice_starts(line, SLICE(".fullname:")) || slice_starts(line, SLICE(".name:"))) {
        size_t colon = slice_find(line, SLICE(":"), 0);
        key = (struct slice){line.text, colon};
        value = benchstat_trim(slice_skip(line, colon + 1));
    } else if (!benchkeys_split(line, &key, &value)) {
        return LINE_NOT_MINE;
    }
    /* In Markdown they are escaped; an import path has no backslash of its own. */
    if (key.text[0] == '.' || slice_equal(key, SLICE("pkg")))
        value = benchstat_unmark(private, value);
    switch (benchkeys_set(&private->keys, key, value, reader->lines.line)) {
    case BENCHKEYS_FULL:
        return benchstat_refuse(reader, ERROR_INPUT,
                                "more than 10000 different configuration keys");
    case BENCHKEYS_MEMORY:
        return benchstat_refuse(reader, ERROR_MEMORY, "out of memory");
    case BENCHKEYS_OK:
        break;
    }
    private->package = benchkeys_value(&private->keys, SLICE("pkg"));
    return LINE_CONSUMED;
}

/* Under ".name: Digest", "*-8" is Digest-8. False where memory is short. */
static bool complete_name(struct benchstat_private *private)
{
    struct slice name = benchkeys_value(&private->keys, SLICE(".name"));
    struct slice rest = private->name;
    if (name.length == 0 || !slice_starts(rest, SLICE("*")))
        return true;
    rest = slice_skip(rest, 1);
    size_t length = name.length + rest.length;
    if (private->full_capacity < length) {
        char *full = realloc(private->full, 2 * length);
        if (full == NULL)
            return false;
        private->full = full;
        private->full_capacity = 2 * length;
    }
    memcpy(private->full, name.text, name.length);
    memcpy(private->full + name.length, rest.text != NULL ? rest.text : "", rest.length);
    private->name = (struct slice){private->full, length};
    return true;
}

static enum line_outcome read_row(struct benchstat_text *reader, struct slice line,
                                  struct slice bare)
{
    enum line_outcome outcome = LINE_NOT_MINE;
    struct slice rest = reader->private->table.style == STYLE_BARS ? line : bare;
    reader->private->bad_name = benchstat_word(&rest);
    switch (reader->private->table.style) {
    case STYLE_BARS:
        outcome = benchstat_read_bar_row(reader->private, line);
        break;
    case STYLE_WORDS:
        outcome = benchstat_read_word_row(reader, bare);
        break;
    case STYLE_CELLS:
        outcome = benchstat_read_cell_row(reader, bare);
        reader->private->bad_name = reader->private->name;
        break;
    case STYLE_NONE:
        break;
    }
    if (outcome == LINE_ROW && !complete_name(reader->private))
        return benchstat_refuse(reader, ERROR_MEMORY, "out of memory");
    return outcome == LINE_ROW && !benchstat_settle_table(reader) ? LINE_FAILED : outcome;
}

/* A fence or a tag ends a table; the tags of a table itself do not. */
static bool is_fence(struct slice bare)
{
    return slice_starts(bare, SLICE("```")) || slice_starts(bare, SLICE("~~~")) ||
           slice_starts(bare, SLICE("</table")) || slice_starts(bare, SLICE("</pre"));
}

static enum line_outcome read_line(struct benchstat_text *reader, struct slice line)
{
    struct slice bare = unquote(line);
    if (bare.length == 0 || is_fence(bare)) {
        if (reader->private->table.style != STYLE_CELLS || reader->private->table.cut != CUT_TAGS)
            benchstat_end_table(reader);
        return LINE_CONSUMED;
    }
    if (statedcell_superscript(bare) != 0)
        return LINE_CONSUMED;
    enum line_outcome outcome = benchstat_read_bars(reader, line);
    if (outcome == LINE_NOT_MINE)
        outcome = benchstat_read_words(reader, bare);
    if (outcome == LINE_NOT_MINE)
        outcome = benchstat_read_cells(reader, bare);
    if (outcome == LINE_NOT_MINE)
        outcome = read_row(reader, line, bare);
    if (outcome == LINE_NOT_MINE)
        outcome = read_foreign(reader, line);
    if (outcome == LINE_NOT_MINE)
        outcome = read_key(reader, bare);
    if (outcome == LINE_NOT_MINE && benchstat_looks_like_row(bare) &&
        reader->private->table.style == STYLE_NONE)
        outcome = LINE_BAD;
    if (outcome == LINE_NOT_MINE)
        reader->ignored++;
    return outcome;
}

/* ---- events ---- */

/* The name of a row that has none: what all rows of the table have in common. */
static struct slice row_name(struct benchstat_private *private)
{
    if (private->name.length != 0)
        return private->name;
    struct slice name = benchkeys_value(&private->keys, SLICE(".fullname"));
    return name.length != 0 ? name : benchkeys_value(&private->keys, SLICE(".name"));
}

/* The row says what its own numbers deny. */
static void damage_row(struct benchstat_text *reader, struct benchstat_event *event)
{
    reader->damaged++;
    event->kind = BENCHSTAT_DAMAGE;
    event->text = SLICE("the change of this row does not come of its two values");
}

/* Hands out the pending row's next column; false where none is left. */
static bool hand_out(struct benchstat_text *reader, struct benchstat_event *event)
{
    struct benchstat_private *private = reader->private;
    const struct benchstat_table *table = &private->table;
    const struct benchstat_column *base = &private->columns[0], *column = base;
    bool alone = table->columns == 1;
    size_t c = private->pending;
    if (c == 0)
        return false;
    while (!alone && c < table->columns && !base->present && !private->columns[c].present)
        c++;
    if (alone ? c > 1 : c >= table->columns) {
        private->pending = 0;
        return false;
    }
    private->pending = c + 1;
    if (!alone)
        column = &private->columns[c];
    *event = (struct benchstat_event){
        .kind = BENCHSTAT_ROW,
        .line = reader->lines.line,
        .row = {.benchmark = row_name(private),
                .package = private->package,
                .unit = table->unit->unit,
                .base = base->present ? base->center.value * table->unit->factor : NAN,
                .head =
                    !alone && column->present ? column->center.value * table->unit->factor : NAN,
                .base_only = alone,
                .change = column->change,
                .delta_ratio = column->ratio.value,
                .note = column->note,
                .column = c,
                .columns = alone ? 1 : table->columns - 1}};
    reader->rows++;
    if (!alone && base->present && column->present && column->change == STATED_RATIO &&
        !statedcell_fits(base->center, column->center, column->ratio))
        damage_row(reader, event);
    return true;
}

static bool undress_line(struct benchstat_private *private, struct slice *line)
{
    if (private->clean_capacity < line->length + 1) {
        char *clean = realloc(private->clean, 2 * line->length + 1);
        if (clean == NULL)
            return false;
        private->clean = clean;
        private->clean_capacity = 2 * line->length + 1;
    }
    *line = undress(*line, private->clean);
    return true;
}

/* One line; what it comes to. `got` is what lines_next returned. */
static enum line_outcome next_line(struct benchstat_text *reader, int *got)
{
    struct slice line;
    *got = lines_next(&reader->lines, &line, &reader->private->error);
    if (*got < 0)
        return LINE_FAILED;
    if (*got == 0)
        return LINE_CONSUMED;
    if (!undress_line(reader->private, &line))
        return benchstat_refuse(reader, ERROR_MEMORY, "out of memory");
    return read_line(reader, line);
}

static void end(struct benchstat_text *reader, struct benchstat_event *event,
                enum benchstat_event_kind kind)
{
    *event = (struct benchstat_event){.kind = kind, .line = reader->lines.line};
    reader->private->ended = true;
    reader->private->last = kind;
}

/* False where the table's unit could not be settled. */
static bool bad_row(struct benchstat_text *reader, struct benchstat_event *event)
{
    struct benchstat_private *private = reader->private;
    reader->damaged++;
    *event = (struct benchstat_event){.kind = BENCHSTAT_DAMAGE, .line = reader->lines.line};
    if (private->table.style == STYLE_NONE || private->bad_name.length == 0) {
        event->text = SLICE("it looks like a row, or a result, and no header is above it");
        return true;
    }
    event->text = SLICE("it looks like a row, and does not fit the table's header");
    if (!benchstat_settle_table(reader))
        return false;
    event->row = (struct benchstat_row){.benchmark = private->bad_name,
                                        .package = private->package,
                                        .unit = private->table.unit->unit,
                                        .base = NAN,
                                        .head = NAN,
                                        .delta_ratio = NAN,
                                        .note.p_value = NAN};
    return true;
}

enum benchstat_event_kind benchstat_next(struct benchstat_text *reader,
                                         struct benchstat_event *event, struct error *error)
{
    struct benchstat_private *private = reader->private;
    int got = 1;
    if (private->ended)
        end(reader, event, private->last);
    bool made = private->ended || hand_out(reader, event);
    while (!made) {
        enum line_outcome outcome = next_line(reader, &got);
        if (outcome == LINE_FAILED || got == 0) {
            end(reader, event, outcome == LINE_FAILED ? BENCHSTAT_ERROR : BENCHSTAT_END);
            break;
        }
        if (outcome == LINE_ROW)
            made = hand_out(reader, event);
        else if (outcome == LINE_BAD && !(made = bad_row(reader, event))) {
            end(reader, event, BENCHSTAT_ERROR);
            break;
        }
    }
    if (event->kind == BENCHSTAT_ERROR)
        error_set(error, private->error.code, private->error.source, private->error.line,
                  private->error.column, "%s", private->error.text);
    return event->kind;
}
