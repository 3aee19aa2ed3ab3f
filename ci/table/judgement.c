#include "ci/table/judgement.h"

#include <stdio.h>
#include <stdlib.h>

#include "ci/decide/gate.h"
#include "ci/report/rowtext.h"

/* Two cells of one row. */
struct pair {
    uint32_t columns[SIDES]; /* positions of their columns */
    const struct cell *cells[SIDES];
    size_t order; /* among all pairs, as tables and rows stand */
};

struct judging {
    const struct tables *tables;
    struct arena *arena;
    struct unit_table *units;
    struct policy policy;
    struct pair *pairs;
    size_t count, capacity;
    struct judged *judged;
};

/* ---- pairs ---- */

static bool add_pair(struct judging *judging, const struct cell *base, const struct cell *head)
{
    const uint32_t *positions = judging->tables->samples->column->positions;
    if (judging->count == judging->capacity) {
        size_t wanted = judging->capacity == 0 ? 64 : 2 * judging->capacity;
        struct pair *more =
            arena_grow(judging->arena, judging->pairs, judging->count, wanted, sizeof(*more));
        if (more == NULL)
            return false;
        judging->pairs = more;
        judging->capacity = wanted;
    }
    judging->pairs[judging->count] = (struct pair){
        .columns = {positions[base->column], positions[head->column]},
        .cells = {base, head},
        .order = judging->count,
    };
    judging->count++;
    return true;
}

/* A table's base is the first of its columns; `bases` is room for a cell a row, all NULL. */
static bool pair_table(struct judging *judging, const struct table_list *list,
                       const struct cell **bases)
{
    const struct cells *samples = judging->tables->samples;
    const uint32_t *positions = samples->column->positions;
    uint32_t first = UINT32_MAX;
    for (const struct cell *cell = NULL; (cell = cells_next(samples, list, cell)) != NULL;)
        if (positions[cell->column] < first)
            first = positions[cell->column];
    for (const struct cell *cell = NULL; (cell = cells_next(samples, list, cell)) != NULL;)
        if (positions[cell->column] == first)
            bases[cell->row] = cell;
    bool added = true;
    for (const struct cell *cell = NULL; (cell = cells_next(samples, list, cell)) != NULL;) {
        const struct cell *base = bases[cell->row];
        if (base != NULL && base != cell && added)
            added = add_pair(judging, base, cell);
    }
    for (const struct cell *cell = NULL; (cell = cells_next(samples, list, cell)) != NULL;)
        bases[cell->row] = NULL;
    return added;
}

static int compare_pairs(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    for (int side = BASE; side < SIDES; side++)
        if (x->columns[side] != y->columns[side])
            return x->columns[side] < y->columns[side] ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

static bool find_pairs(struct judging *judging)
{
    const struct tables *tables = judging->tables;
    const struct cell **bases = arena_zero(judging->arena, tables->samples->row->key_count + 1,
                                           sizeof(const struct cell *));
    if (bases == NULL)
        return false;
    for (size_t i = 0; i < tables->count; i++)
        if (!pair_table(judging, &tables->samples->tables[tables->keys[i]], bases))
            return false;
    if (judging->count > 1)
        qsort(judging->pairs, judging->count, sizeof(*judging->pairs), compare_pairs);
    return true;
}

/* ---- one run of the gate ---- */

/* The cell's samples as those of a benchmark that no other cell has. */
static bool record_cell(struct judging *judging, struct dataset *dataset, enum side side,
                        struct slice name, const struct cell *cell)
{
    const struct unit *tidy = cells_unit(judging->tables->samples, cell);
    const struct written_unit unit = {
        .written = tidy->name, .unit = judging->units->units[tidy->index], .factor = 1};
    uint32_t *processes = arena_allocate(judging->arena, cell->count, sizeof(*processes));
    if (processes == NULL)
        return false;
    processes_write(judging->tables->samples->processes, cell->number, processes);
    for (uint32_t i = 0; i < cell->count; i++) {
        const struct measurement measurement = {cell->values[i], cell->values[i], &unit};
        const struct record record = {.name = name,
                                      .iterations = 1,
                                      .measurements = &measurement,
                                      .measurement_count = 1,
                                      .process = processes[i]};
        if (!dataset_record(dataset, side, SLICE(""), &record))
            return false;
    }
    return true;
}

static bool record_pairs(struct judging *judging, struct dataset *dataset, const struct pair *pairs,
                         size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *name = arena_print(judging->arena, "%zu", i);
        if (name == NULL)
            return false;
        for (enum side side = BASE; side < SIDES; side++)
            if (!record_cell(judging, dataset, side, slice_of(name), pairs[i].cells[side]))
                return false;
    }
    return true;
}

static const char *column_name(const struct judging *judging, const struct cell *cell)
{
    const struct projection *columns = judging->tables->samples->column;
    struct slice name = arena_copy(judging->arena, projection_text(columns, cell->column));
    return name.text;
}

/* Each pair is the benchmark whose index in the dataset is its index here. */
static enum tables_status decide_run(struct judging *judging, const struct pair *pairs,
                                     size_t count, struct decision *decision)
{
    struct error error = {.code = ERROR_NONE};
    struct dataset *dataset = arena_allocate(judging->arena, 1, sizeof(*dataset));
    if (dataset == NULL)
        return TABLES_MEMORY;
    dataset_init(dataset, judging->arena, judging->units);
    for (enum side side = BASE; side < SIDES; side++)
        dataset->sides[side].source = column_name(judging, pairs[0].cells[side]);
    if (!record_pairs(judging, dataset, pairs, count))
        return TABLES_MEMORY;
    enum error_code code = gate_decide(dataset, &judging->policy, judging->arena, decision, &error);
    if (code != ERROR_NONE)
        return code == ERROR_MEMORY ? TABLES_MEMORY : TABLES_DOMAIN;
    for (size_t i = 0; i < decision->count; i++) {
        const struct verdict *verdict = &decision->verdicts[i];
        if (verdict->benchmark != NULL && verdict->measured)
            judging->judged[pairs[verdict->benchmark->index].cells[HEAD]->number]
                .verdicts[verdict->statistic] = verdict;
    }
    return TABLES_OK;
}

static bool same_run(const struct pair *a, const struct pair *b)
{
    return a->columns[BASE] == b->columns[BASE] && a->columns[HEAD] == b->columns[HEAD];
}

enum tables_status judgement_make(struct judgement *judgement, const struct tables *tables,
                                  struct unit_table *units)
{
    struct arena *arena = tables->samples->arena;
    struct judging judging = {.tables = tables, .arena = arena, .units = units};
    struct error error = {.code = ERROR_NONE};
    *judgement = (struct judgement){.cells = NULL};
    judging.judged =
        arena_zero(arena, (size_t)tables->samples->all.count + 1, sizeof(*judging.judged));
    judgement->cells = judging.judged;
    if (judging.judged == NULL || !find_pairs(&judging) ||
        policy_built_in(&judging.policy, arena, &error) != ERROR_NONE)
        return TABLES_MEMORY;
    size_t end;
    for (size_t start = 0; start < judging.count; start = end) {
        struct decision decision;
        for (end = start + 1;
             end < judging.count && same_run(&judging.pairs[start], &judging.pairs[end]);)
            end++;
        enum tables_status status =
            decide_run(&judging, &judging.pairs[start], end - start, &decision);
        if (status != TABLES_OK)
            return status;
        if (start == 0) {
            judgement->notes = decision.notes;
            judgement->note_count = decision.note_count;
        }
    }
    return TABLES_OK;
}

size_t judgement_text(const struct judgement *judgement, const struct table_cell *cell, char *text)
{
    char row[ROW_TEXTS][ROW_TEXT_BYTES];
    const struct judged *judged = &judgement->cells[cell->sample->number];
    const struct verdict *median = judged->verdicts[STATISTIC_MEDIAN];
    if (cell->base == NULL || median == NULL)
        return 0;
    rowtext_fill(median, row);
    size_t length = (size_t)snprintf(text, JUDGEMENT_TEXT_BYTES, "%s", row[ROW_VERDICT]);
    /* Another statistic's rule is quiet unless it has something to say. */
    for (int s = STATISTIC_MEDIAN + 1; s < STATISTICS; s++) {
        const struct verdict *other = judged->verdicts[s];
        if (other == NULL || other->outcome != OUTCOME_REGRESSED)
            continue;
        rowtext_fill(other, row);
        length += (size_t)snprintf(text + length, JUDGEMENT_TEXT_BYTES - length, "; %s %s",
                                   statistic_name((enum statistic)s), row[ROW_VERDICT]);
    }
    return length;
}
