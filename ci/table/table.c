#include "ci/table/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "ci/table/benchunit.h"
#include "ci/table/geomean.h"

/* ---- rows and columns ---- */

struct axis {
    const struct projection *projection;
    uint32_t *places, *keys;
    size_t count;
};

static void axis_note(struct axis *axis, uint32_t key)
{
    if (axis->places[key] != 0)
        return;
    axis->places[key] = 1;
    axis->keys[axis->count++] = axis->projection->positions[key];
}

static int compare_positions(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static bool is_ascending(const uint32_t *keys, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (keys[i - 1] > keys[i])
            return false;
    return true;
}

/* Puts the noted keys into their order and says where each stands. */
static void axis_order(struct axis *axis, const uint32_t *by_position)
{
    if (!is_ascending(axis->keys, axis->count))
        qsort(axis->keys, axis->count, sizeof(*axis->keys), compare_positions);
    for (size_t i = 0; i < axis->count; i++) {
        axis->keys[i] = by_position[axis->keys[i]];
        axis->places[axis->keys[i]] = (uint32_t)i + 1;
    }
}

static void axis_clear(const struct axis *axis)
{
    for (size_t i = 0; i < axis->count; i++)
        axis->places[axis->keys[i]] = 0;
}

static uint32_t *by_position(const struct projection *projection, struct arena *arena)
{
    uint32_t *keys = arena_allocate(arena, projection->key_count, sizeof(*keys));
    for (size_t i = 0; keys != NULL && i < projection->key_count; i++)
        keys[projection->positions[i]] = (uint32_t)i;
    return keys;
}

/* ---- samples ---- */

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    if (isnan(x) || isnan(y))
        return isnan(y) - isnan(x);
    return (x > y) - (x < y);
}

enum { INSERTION_SORT_MAX = 40 };

static void sort_values(double *values, size_t count)
{
    bool has_nan = false;
    for (size_t i = 0; i < count; i++)
        has_nan = has_nan || isnan(values[i]);
    if (has_nan || count > INSERTION_SORT_MAX) {
        qsort(values, count, sizeof(*values), compare_doubles);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        double value = values[i];
        size_t at = i;
        for (; at > 0 && values[at - 1] > value; at--)
            values[at] = values[at - 1];
        values[at] = value;
    }
}

static bool has_nan(const struct cell *cell)
{
    return cell->count > 0 && isnan(cell->values[0]); /* NaN sort first */
}

/* A sample with NaN in it has no center, but still too few values or enough of them. */
static enum stats_status summarize_nan(struct tables *tables, struct table_cell *cell)
{
    size_t count = cell->sample->count;
    struct benchmath_summary *summary = &cell->summary;
    const double *zeros = arena_zero(&tables->arena, count, sizeof(*zeros));
    if (zeros == NULL)
        return STATS_MEMORY;
    enum stats_status status = benchmath_summarize(zeros, count, tables->table.assumption,
                                                   tables->confidence, tables->compat, summary);
    summary->center = summary->minimum = summary->maximum = NAN;
    if (summary->need == 0)
        summary->low = summary->high = NAN;
    return status;
}

static enum stats_status summarize(struct tables *tables, struct table_cell *cell)
{
    const struct cell *sample = cell->sample;
    if (has_nan(sample))
        return summarize_nan(tables, cell);
    return benchmath_summarize(sample->values, sample->count, tables->table.assumption,
                               tables->confidence, tables->compat, &cell->summary);
}

static enum stats_status compare(struct tables *tables, struct table_cell *cell)
{
    if (cell->base == NULL)
        return STATS_OK;
    const struct cell *x = cell->base->sample, *y = cell->sample;
    if (has_nan(x) || has_nan(y)) {
        cell->comparison = (struct benchmath_comparison){.p = 1, .n = x->count, .m = y->count};
        return STATS_OK;
    }
    return benchmath_compare(x->values, x->count, y->values, y->count, tables->table.assumption,
                             tables->alpha, tables->compat, &tables->cache, &cell->comparison);
}

/* ---- means ---- */

struct column_means {
    struct geomean centers, ratios;
    size_t compared;
};

static void add_ratio(struct column_means *means, struct table_mean *mean,
                      const struct table_cell *cell)
{
    double head = cell->summary.center, base = cell->base->summary.center;
    means->compared++;
    if (head == base) /* 0/0 too */
        geomean_add(&means->ratios, 1);
    else if (base == 0)
        mean->bad_ratio = true;
    else
        geomean_add(&means->ratios, head / base);
}

static bool compute_means(struct tables *tables)
{
    struct arena *arena = &tables->arena;
    struct table *table = &tables->table;
    struct column_means *means = arena_zero(arena, table->column_count, sizeof(*means));
    size_t bases = 0;
    table->means = arena_zero(arena, table->column_count, sizeof(*table->means));
    if (means == NULL || table->means == NULL)
        return false;
    for (size_t i = 0; i < table->column_count; i++)
        means[i].centers.compat = means[i].ratios.compat = tables->compat;
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct table_cell *cell = &table->cells[i];
        bases += cell->column == 0;
        geomean_add(&means[cell->column].centers, cell->summary.center);
        if (cell->base != NULL)
            add_ratio(&means[cell->column], &table->means[cell->column], cell);
    }
    for (size_t i = 0; i < table->column_count; i++) {
        struct table_mean *mean = &table->means[i];
        mean->has_mean = geomean_value(&means[i].centers, &mean->mean);
        mean->has_ratio =
            i > 0 && !mean->bad_ratio && geomean_value(&means[i].ratios, &mean->ratio);
        mean->differs = i > 0 && means[i].compared != bases;
    }
    return true;
}

/* ---- one table ---- */

/* Turns counts by index + 1 into where each index starts. */
static void add_up(size_t *starts, size_t count)
{
    for (size_t i = 1; i <= count; i++)
        starts[i] += starts[i - 1];
}

static struct table_cell *room_for(struct tables *tables, size_t count)
{
    if (count > tables->room_count) {
        free(tables->room);
        tables->room = malloc(count * sizeof(*tables->room));
        tables->room_count = tables->room != NULL ? count : 0;
    }
    return tables->room;
}

/* Orders the entries by column, then by row, each time keeping the order before. */
static bool place_cells(struct tables *tables, const struct table_list *list)
{
    struct table *table = &tables->table;
    struct arena *arena = &tables->arena;
    const uint32_t *row_places = tables->row_places, *column_places = tables->column_places;
    size_t wider = table->row_count > table->column_count ? table->row_count : table->column_count;
    size_t *starts = arena_zero(arena, wider + 1, sizeof(*starts));
    const struct table_entry **sorted =
        arena_allocate(arena, list->count, sizeof(const struct table_entry *));
    table->row_starts = arena_zero(arena, table->row_count + 1, sizeof(*starts));
    table->cells = room_for(tables, list->count);
    if (starts == NULL || sorted == NULL || table->row_starts == NULL || table->cells == NULL)
        return false;
    for (size_t i = 0; i < list->count; i++) {
        starts[column_places[list->entries[i].column]]++;
        table->row_starts[row_places[list->entries[i].row]]++;
    }
    add_up(starts, table->column_count);
    add_up(table->row_starts, table->row_count);
    for (size_t i = 0; i < list->count; i++)
        sorted[starts[column_places[list->entries[i].column] - 1]++] = &list->entries[i];
    memcpy(starts, table->row_starts, table->row_count * sizeof(*starts));
    for (size_t i = 0; i < list->count; i++) {
        uint32_t row = row_places[sorted[i]->row] - 1;
        table->cells[starts[row]++] = (struct table_cell){
            .row = row,
            .column = column_places[sorted[i]->column] - 1,
            .sample = sorted[i]->cell,
        };
    }
    return true;
}

static enum stats_status compute_cell(struct tables *tables, struct table_cell *cell,
                                      const struct table_cell *leftmost)
{
    if (cell->column > 0 && leftmost->column == 0)
        cell->base = leftmost;
    cell->varies = cell->sample->varying_count > 0;
    sort_values(cell->sample->values, cell->sample->count);
    enum stats_status status = summarize(tables, cell);
    return status == STATS_OK ? compare(tables, cell) : status;
}

static enum tables_status compute_cells(struct tables *tables)
{
    struct table *table = &tables->table;
    for (size_t row = 0; row < table->row_count; row++) {
        struct table_cell *leftmost = &table->cells[table->row_starts[row]];
        size_t count = table->row_starts[row + 1] - table->row_starts[row];
        for (size_t i = 0; i < count; i++) {
            enum stats_status status = compute_cell(tables, &leftmost[i], leftmost);
            if (status != STATS_OK)
                return status == STATS_MEMORY ? TABLES_MEMORY : TABLES_DOMAIN;
        }
    }
    return TABLES_OK;
}

static enum tables_status compute_table(struct tables *tables, const struct table_list *list)
{
    const struct cells *samples = tables->samples;
    struct table *table = &tables->table;
    const struct unit *unit = list->entries[0].cell->unit;
    table->cell_count = list->count;
    table->assumption = unit->exact ? BENCHMATH_EXACT : BENCHMATH_NOTHING;
    table->better = unit->better;
    struct axis rows = {samples->row, tables->row_places, NULL, 0};
    struct axis columns = {samples->column, tables->column_places, NULL, 0};
    rows.keys = arena_allocate(&tables->arena, list->count, sizeof(uint32_t));
    columns.keys = arena_allocate(&tables->arena, list->count, sizeof(uint32_t));
    if (rows.keys == NULL || columns.keys == NULL)
        return TABLES_MEMORY;
    for (size_t i = 0; i < list->count; i++) {
        axis_note(&rows, list->entries[i].row);
        axis_note(&columns, list->entries[i].column);
    }
    axis_order(&rows, tables->row_order);
    axis_order(&columns, tables->column_order);
    table->rows = rows.keys;
    table->row_count = rows.count;
    table->columns = columns.keys;
    table->column_count = columns.count;
    bool placed = place_cells(tables, list);
    axis_clear(&rows);
    axis_clear(&columns);
    enum tables_status status = placed ? compute_cells(tables) : TABLES_MEMORY;
    if (status == TABLES_OK && !compute_means(tables))
        status = TABLES_MEMORY;
    return status;
}

/* ---- all tables ---- */

static struct slice unit_of(const struct cells *samples, uint32_t key)
{
    const struct projection_key *held = &samples->table->keys[key];
    uint32_t place = samples->table->unit_place;
    return samples->set->values.texts[place < held->count ? held->values[place] : 0];
}

bool tables_begin(struct tables *tables, struct cells *samples, double alpha, double confidence,
                  bool compat)
{
    struct arena *arena = samples->arena;
    *tables = (struct tables){
        .samples = samples, .alpha = alpha, .confidence = confidence, .compat = compat};
    arena_init(&tables->arena);
    if (!projection_finish(samples->table) || !projection_finish(samples->row) ||
        !projection_finish(samples->column) || !projection_finish(samples->residue))
        return false;
    tables->keys = by_position(samples->table, arena);
    tables->count = samples->table->key_count;
    tables->row_order = by_position(samples->row, arena);
    tables->column_order = by_position(samples->column, arena);
    tables->row_places = arena_zero(arena, samples->row->key_count, sizeof(uint32_t));
    tables->column_places = arena_zero(arena, samples->column->key_count, sizeof(uint32_t));
    return !arena->failed;
}

void tables_end(struct tables *tables)
{
    free(tables->room);
    mwu_cache_release(&tables->cache);
    arena_release(&tables->arena);
}

const struct table *tables_enter(struct tables *tables, size_t number)
{
    uint32_t key = tables->keys[number];
    arena_release(&tables->arena);
    tables->table = (struct table){.key = key, .unit = unit_of(tables->samples, key)};
    tables->status = compute_table(tables, &tables->samples->tables[key]);
    return tables->status == TABLES_OK ? &tables->table : NULL;
}

/* ---- notes ---- */

const char *table_note_sample(struct tables *tables, const struct table_cell *cell)
{
    struct arena *arena = &tables->arena;
    const struct projection *residue = tables->samples->residue;
    const char *note = NULL;
    if (!cell->varies)
        return NULL;
    for (size_t f = 0; f < residue->flat_count; f++) {
        const struct projection_field *field = residue->flat[f];
        uint32_t at = 0;
        while (at < cell->sample->varying_count && cell->sample->varying[at] != field->place)
            at++;
        if (at < cell->sample->varying_count)
            note = arena_print(arena, "%s%s%.*s", note != NULL ? note : "benchmarks vary in ",
                               note != NULL ? ", " : "", (int)field->name.length, field->name.text);
    }
    return note;
}

static const char *note_need(struct tables *tables, size_t need, bool beyond, const char *what,
                             double level)
{
    char number[BENCHUNIT_GO_FLOAT_BYTES];
    (void)benchunit_go_float(level, number, sizeof(number));
    return arena_print(&tables->arena, "need %s %zu samples %s level %s", beyond ? ">" : ">=", need,
                       what, number);
}

const char *table_note_summary(struct tables *tables, const struct table_cell *cell)
{
    const struct benchmath_summary *summary = &cell->summary;
    if (summary->varies) {
        char low[BENCHUNIT_GO_FLOAT_BYTES], high[BENCHUNIT_GO_FLOAT_BYTES];
        (void)benchunit_go_float(summary->minimum, low, sizeof(low));
        (void)benchunit_go_float(summary->maximum, high, sizeof(high));
        return arena_print(&tables->arena,
                           "exact distribution expected, but values range from %s to %s", low,
                           high);
    }
    if (summary->need == 0)
        return NULL;
    return note_need(tables, summary->need, summary->need_beyond, "for confidence interval at",
                     tables->confidence);
}

const char *table_note_comparison(struct tables *tables, const struct table_cell *cell)
{
    const struct benchmath_comparison *comparison = &cell->comparison;
    if (cell->base == NULL)
        return NULL;
    if (comparison->all_equal)
        return "all samples are equal";
    if (comparison->need == 0)
        return NULL;
    return note_need(tables, comparison->need, comparison->need_beyond,
                     "to detect a difference at alpha", tables->alpha);
}

size_t table_mean_notes(const struct table *table, size_t column,
                        const char *notes[TABLE_MEAN_NOTES])
{
    const struct table_mean *mean = &table->means[column];
    size_t count = 0;
    if (mean->differs)
        notes[count++] = "benchmark set differs from baseline; geomeans may not be comparable";
    if (!mean->has_mean)
        notes[count++] = "summaries must be >0 to compute geomean";
    if (column > 0 && !mean->bad_ratio && !mean->has_ratio)
        notes[count++] = "ratios must be >0 to compute geomean";
    return count;
}

/* ---- texts ---- */

static size_t copy_text(const char *from, char *text)
{
    size_t length = strlen(from);
    memcpy(text, from, length + 1);
    return length;
}

/* "12.34" as printf's %.*f; with `plus` as %+.*f. Go's words for what is no number. */
static size_t put_fixed(double value, int digits, bool plus, char *text)
{
    const struct benchunit_scale plain = {.factor = 1, .prefix = "", .digits = digits};
    double size = fabs(value);
    size_t used = 0;
    if (isnan(value))
        return copy_text(plus ? "+NaN" : "NaN", text);
    if (isinf(value))
        return copy_text(value < 0 ? "-Inf" : "+Inf", text);
    if (signbit(value))
        text[used++] = '-';
    else if (plus)
        text[used++] = '+';
    /* Most p-values are small, and benchunit is quick only with what is not. */
    if (size < 0x1p-10 && digits <= 3)
        size = digits == 3 && size >= 0.0005 ? 0.001 : 0;
    return used + benchunit_format(size, plain, text + used, TABLE_TEXT_BYTES - used);
}

static size_t put_percent(double value, int digits, bool plus, char *text)
{
    size_t length = put_fixed(value, digits, plus, text);
    return length + copy_text("%", text + length);
}

static size_t put_count(size_t count, char *text)
{
    char reversed[24];
    size_t used = 0, length = 0;
    do
        reversed[used++] = (char)('0' + (int)(count % 10));
    while ((count /= 10) > 0);
    while (used > 0)
        text[length++] = reversed[--used];
    return length;
}

static double sign(double value)
{
    return value > 0 ? 1 : value < 0 ? -1 : value;
}

size_t table_range_text(const struct table_cell *cell, char *text)
{
    double center = cell->summary.center, low = cell->summary.low, high = cell->summary.high;
    if (isinf(low) || isinf(high))
        return copy_text("∞", text);
    if (sign(center) != sign(low) || sign(center) != sign(high))
        return copy_text("?", text);
    if (center == 0)
        return copy_text("0%", text);
    double above = high / center - 1, below = 1 - low / center;
    return put_percent(100 * (above > below ? above : below), 0, false, text);
}

size_t table_delta_text(const struct tables *tables, const struct table_cell *cell, char *text)
{
    double head = cell->summary.center, base = cell->base->summary.center;
    if (cell->comparison.p > tables->alpha)
        return copy_text("~", text);
    if (head == base)
        return copy_text("0.00%", text);
    if (base == 0)
        return copy_text("?", text);
    return put_percent((head / base - 1) * 100, 2, true, text);
}

size_t table_comparison_text(const struct table_cell *cell, char *text)
{
    const struct benchmath_comparison *comparison = &cell->comparison;
    size_t used = 0;
    if (comparison->p != 0) {
        used = copy_text("p=", text);
        used += put_fixed(comparison->p, 3, false, text + used);
        text[used++] = ' ';
    }
    used += copy_text("n=", text + used);
    used += put_count(comparison->n, text + used);
    if (comparison->n != comparison->m) {
        text[used++] = '+';
        used += put_count(comparison->m, text + used);
    }
    return used;
}

size_t table_ratio_text(double ratio, char *text)
{
    return put_percent((ratio - 1) * 100, 2, true, text);
}
