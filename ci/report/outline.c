#include "ci/report/outline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- tables ---- */

static size_t table_end(const struct decision *decision, size_t start)
{
    const struct verdict *first = &decision->verdicts[start];
    size_t end = start + 1;
    while (end < decision->count) {
        const struct verdict *next = &decision->verdicts[end];
        if (!next->measured || next->statistic != first->statistic ||
            next->series->unit != first->series->unit)
            break;
        end++;
    }
    return end;
}

static void fill_table(struct outline_table *table, const struct verdict *rows, size_t count)
{
    double logs[SIDES] = {0, 0};
    *table = (struct outline_table){.rows = rows,
                                    .count = count,
                                    .unit = rows[0].series->unit->name,
                                    .statistic = rows[0].statistic,
                                    .geomean = {NAN, NAN},
                                    .geomean_ratio = NAN};
    for (size_t i = 0; i < count; i++) {
        const double *center = rows[i].center;
        if (!(center[BASE] > 0) || !(center[HEAD] > 0))
            continue;
        table->rated++;
        for (int side = BASE; side < SIDES; side++)
            logs[side] += (log(center[side]) - logs[side]) / (double)table->rated;
    }
    if (table->rated == 0)
        return;
    for (int side = BASE; side < SIDES; side++)
        table->geomean[side] = exp(logs[side]);
    table->geomean_ratio = expm1(logs[HEAD] - logs[BASE]);
}

static bool make_tables(const struct decision *decision, struct arena *arena,
                        struct outline *outline)
{
    size_t end, count = 0;
    for (size_t start = 0; start < decision->count; start = end) {
        end = decision->verdicts[start].measured ? table_end(decision, start) : start + 1;
        count += decision->verdicts[start].measured;
    }
    outline->tables = arena_zero(arena, count + 1, sizeof *outline->tables);
    if (outline->tables == NULL)
        return false;
    for (size_t start = 0; start < decision->count; start = end) {
        const struct verdict *first = &decision->verdicts[start];
        end = first->measured ? table_end(decision, start) : start + 1;
        if (first->measured)
            fill_table(&outline->tables[outline->table_count++], first, end - start);
    }
    return true;
}

/* ---- items ---- */

enum { NOTES_ONLY = CONSEQUENCE_NOTE };

static enum outline_class class_of(unsigned consequences, bool undecided)
{
    if (undecided)
        return consequences & ~(unsigned)NOTES_ONLY ? OUTLINE_OPEN : OUTLINE_REST;
    if (consequences & CONSEQUENCE_BLOCK)
        return OUTLINE_BREACH;
    return consequences & ~(unsigned)NOTES_ONLY ? OUTLINE_MARK : OUTLINE_REST;
}

static enum outline_class verdict_class(const struct verdict *verdict)
{
    if (verdict->outcome == OUTCOME_FAILED)
        return OUTLINE_BREACH;
    enum outline_class class =
        class_of(verdict->consequences, verdict->outcome == OUTCOME_UNDECIDED);
    if (class != OUTLINE_REST)
        return class;
    switch (verdict->outcome) {
    case OUTCOME_UNDECIDED:
        return verdict->tag == TAG_SUSPECT ? OUTLINE_OPEN : OUTLINE_REST;
    case OUTCOME_WAIVED:
        return OUTLINE_WAIVED;
    case OUTCOME_IMPROVED:
        return OUTLINE_IMPROVED;
    default:
        return OUTLINE_REST;
    }
}

/* Whether the table alone does not say it. */
static bool needs_word(const struct verdict *verdict)
{
    return !verdict->measured || verdict_class(verdict) != OUTLINE_REST ||
           verdict->outcome == OUTCOME_REGRESSED;
}

/* How many verdicts from there on say the same failure, as those of one broken package do. */
static size_t count_alike(const struct decision *decision, size_t start)
{
    const struct verdict *first = &decision->verdicts[start];
    size_t end = start + 1;
    while (first->outcome == OUTCOME_FAILED && end < decision->count &&
           decision->verdicts[end].outcome == OUTCOME_FAILED &&
           strcmp(decision->verdicts[end].why, first->why) == 0)
        end++;
    return end - start;
}

static double excess_of(const struct verdict *verdict)
{
    if (!verdict->measured || !(verdict->threshold > 0) || isnan(verdict->effect.shift))
        return INFINITY;
    return fabs(verdict->effect.shift) / verdict->threshold;
}

static double budget_excess(const struct budget_verdict *budget)
{
    if (isnan(budget->value) || !(budget->limit > 0) || !(budget->value > 0))
        return INFINITY;
    return budget->budget->at_least ? budget->limit / budget->value : budget->value / budget->limit;
}

/* Pointers into one array each, so that equal items keep the decision's order. */
static const void *place_of(const struct outline_item *item)
{
    return item->verdict != NULL ? (const void *)item->verdict : (const void *)item->budget;
}

static int compare_items(const void *left, const void *right)
{
    const struct outline_item *a = left, *b = right;
    if (a->class != b->class)
        return a->class < b->class ? -1 : 1;
    if (a->excess != b->excess)
        return a->excess > b->excess ? -1 : 1;
    if ((a->budget == NULL) != (b->budget == NULL))
        return a->budget == NULL ? -1 : 1;
    return place_of(a) < place_of(b) ? -1 : place_of(a) > place_of(b);
}

static void add_verdicts(const struct decision *decision, struct outline *outline)
{
    size_t alike;
    for (size_t i = 0; i < decision->count; i += alike) {
        const struct verdict *verdict = &decision->verdicts[i];
        alike = count_alike(decision, i);
        if (needs_word(verdict))
            outline->items[outline->item_count++] =
                (struct outline_item){.class = verdict_class(verdict),
                                      .verdict = verdict,
                                      .excess = excess_of(verdict),
                                      .alike = alike};
    }
}

static void add_budgets(const struct decision *decision, struct outline *outline)
{
    for (size_t i = 0; i < decision->budget_count; i++) {
        const struct budget_verdict *budget = &decision->budgets[i];
        outline->items[outline->item_count++] = (struct outline_item){
            .class = class_of(budget->consequences, budget->outcome == BUDGET_UNDECIDED),
            .budget = budget,
            .excess = budget_excess(budget),
            .alike = 1};
    }
}

static bool make_items(const struct decision *decision, struct arena *arena,
                       struct outline *outline)
{
    size_t room = decision->count + decision->budget_count + 1;
    outline->items = arena_zero(arena, room, sizeof *outline->items);
    if (outline->items == NULL)
        return false;
    add_verdicts(decision, outline);
    add_budgets(decision, outline);
    qsort(outline->items, outline->item_count, sizeof *outline->items, compare_items);
    for (size_t i = 0; i < outline->item_count; i++)
        outline->class_starts[outline->items[i].class + 1]++;
    for (size_t i = 0; i < OUTLINE_CLASSES; i++)
        outline->class_starts[i + 1] += outline->class_starts[i];
    return true;
}

static bool make_ranked(const struct decision *decision, struct arena *arena,
                        struct outline *outline)
{
    outline->ranked = arena_zero(arena, decision->count + 1, sizeof *outline->ranked);
    if (outline->ranked == NULL)
        return false;
    for (size_t i = 0; i < decision->count; i++) {
        const struct verdict *verdict = &decision->verdicts[i];
        outline->ranked[i] = (struct outline_item){.class = verdict_class(verdict),
                                                   .verdict = verdict,
                                                   .excess = excess_of(verdict),
                                                   .alike = 1};
    }
    qsort(outline->ranked, decision->count, sizeof *outline->ranked, compare_items);
    return true;
}

/* ---- all ---- */

static bool has_packages(const struct decision *decision)
{
    for (size_t i = 1; i < decision->count; i++)
        if (!slice_equal(decision->verdicts[i].package, decision->verdicts[0].package))
            return true;
    return false;
}

bool outline_make(const struct decision *decision, struct arena *arena,
                  const struct outline **outline)
{
    struct outline *made = arena_zero(arena, 1, sizeof *made);
    *outline = NULL;
    if (made == NULL || !make_tables(decision, arena, made) || !make_items(decision, arena, made) ||
        !make_ranked(decision, arena, made))
        return false;
    made->several_packages = has_packages(decision);
    *outline = made;
    return true;
}

const struct benchmark *outline_benchmark(const struct outline_item *item)
{
    if (item->verdict != NULL)
        return item->verdict->benchmark;
    return item->budget->series != NULL ? item->budget->series->benchmark : NULL;
}
