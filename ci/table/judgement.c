#include "ci/table/judgement.h"

#include <stdio.h>
#include <stdlib.h>

#include "ci/decide/gate.h"
#include "ci/report/rowtext.h"

/* Two cells of one row. */
struct pair {
    uint32_t columns[SIDES]; /* positions of their columns */
    uint32_t numbers[SIDES];
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

static uint32_t position_of(const struct judging *judging, uint32_t number)
{
    const struct cells *samples = judging->tables->samples;
    return samples->column->positions[cells_at(samples, number)->column];
}

static bool add_pair(struct judging *judging, uint32_t base, uint32_t head)
{
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
        .columns = {position_of(judging, base), position_of(judging, head)},
        .numbers = {base, head},
        .order = judging->count,
    };
    judging->count++;
    return true;
}

/* A table's base is the first of its columns; `bases` is room for a cell's number + 1 a row, all 0.
 */
static bool pair_table(struct judging *judging, const struct table_list *list, uint32_t *bases)
{
    const struct cells *samples = judging->tables->samples;
    uint32_t first = UINT32_MAX;
    bool added = true;
    for (uint32_t i = 0; i < list->count; i++) {
        uint32_t position = position_of(judging, cells_of(samples, list, i));
        first = position < first ? position : first;
    }
    for (uint32_t i = 0; i < list->count; i++) {
        uint32_t number = cells_of(samples, list, i);
        if (position_of(judging, number) == first)
            bases[cells_at(samples, number)->row] = number + 1;
    }
    for (uint32_t i = 0; i < list->count && added; i++) {
        uint32_t number = cells_of(samples, list, i);
        uint32_t base = bases[cells_at(samples, number)->row];
        if (base != 0 && base != number + 1)
            added = add_pair(judging, base - 1, number);
    }
    for (uint32_t i = 0; i < list->count; i++)
        bases[cells_at(samples, cells_of(samples, list, i))->row] = 0;
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
    uint32_t *bases =
        arena_zero(judging->arena, tables->samples->row->key_count + 1, sizeof(*bases));
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
                        struct slice name, uint32_t number)
{
    const struct cell *cell = cells_at(judging->tables->samples, number);
    const struct unit *tidy = cells_unit(judging->tables->samples, cell);
    const struct written_unit unit = {
        .written = tidy->name, .unit = judging->units->units[tidy->index], .factor = 1};
    uint32_t *processes = arena_allocate(judging->arena, cell->values.count, sizeof(*processes));
    if (processes == NULL)
        return false;
    processes_write(judging->tables->samples->processes, number, processes);
    for (uint32_t i = 0; i < cell->values.count; i++) {
        double value = values_at(&cell->values, i);
        const struct measurement measurement = {value, value, &unit};
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
            if (!record_cell(judging, dataset, side, slice_of(name), pairs[i].numbers[side]))
                return false;
    }
    return true;
}

static const char *column_name(const struct judging *judging, uint32_t number)
{
    const struct cells *samples = judging->tables->samples;
    uint32_t column = cells_at(samples, number)->column;
    struct slice name = arena_copy(judging->arena, projection_text(samples->column, column));
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
        dataset->sides[side].source = column_name(judging, pairs[0].numbers[side]);
    if (!record_pairs(judging, dataset, pairs, count))
        return TABLES_MEMORY;
    enum error_code code = gate_decide(dataset, &judging->policy, judging->arena, decision, &error);
    if (code != ERROR_NONE)
        return code == ERROR_MEMORY ? TABLES_MEMORY : TABLES_DOMAIN;
    for (size_t i = 0; i < decision->count; i++) {
        const struct verdict *verdict = &decision->verdicts[i];
        if (verdict->benchmark != NULL && verdict->measured)
            judging->judged[pairs[verdict->benchmark->index].numbers[HEAD]]
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
    const struct judged *judged = &judgement->cells[cell->number];
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
