#include "ci/decide/contrast.h"

#include <stdlib.h>
#include <string.h>

#include "ci/decide/notes.h"

/* So many differences are told one by one. */
enum { TOLD = 20 };

/* A verdict by what it is of, so that those of two decisions meet, in the order of the results. */
struct entry {
    size_t benchmark, unit; /* SIZE_MAX: none */
    enum statistic statistic;
    struct slice package;
    const struct verdict *verdict;
};

static int by_number(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int compare(const struct entry *a, const struct entry *b)
{
    int order = by_number(a->benchmark, b->benchmark);
    if (order == 0)
        order = by_number(a->unit, b->unit);
    if (order == 0)
        order = by_number((size_t)a->statistic, (size_t)b->statistic);
    return order == 0 ? slice_compare(a->package, b->package) : order;
}

static int compare_entries(const void *a, const void *b)
{
    return compare(a, b);
}

/* The verdicts that policies differ in, sorted; the rest is the same for all. */
static struct entry *entries_of(const struct decision *decision, struct arena *arena, size_t *count)
{
    struct entry *made = arena_allocate(arena, decision->count + 1, sizeof *made);
    *count = 0;
    for (size_t i = 0; made != NULL && i < decision->count; i++) {
        const struct verdict *verdict = &decision->verdicts[i];
        if (verdict->outcome == OUTCOME_FAILED || verdict->outcome == OUTCOME_IDENTICAL)
            continue;
        made[(*count)++] = (struct entry){
            .benchmark = verdict->benchmark != NULL ? verdict->benchmark->index : SIZE_MAX,
            .unit = verdict->series != NULL ? verdict->series->unit->index : SIZE_MAX,
            .statistic = verdict->statistic,
            .package = verdict->package,
            .verdict = verdict,
        };
    }
    if (made != NULL)
        qsort(made, *count, sizeof *made, compare_entries);
    return made;
}

/* A note changes nothing for anybody. */
static unsigned told_consequences(unsigned consequences)
{
    return consequences & ~(unsigned)CONSEQUENCE_NOTE;
}

/* "regressed [block, alert]" */
static const char *words_of(const char *outcome, unsigned consequences, struct arena *arena)
{
    const char *words = outcome, *separator = " [";
    for (size_t i = 0; i < CONSEQUENCE_KINDS && words != NULL; i++) {
        if ((told_consequences(consequences) & 1u << i) == 0)
            continue;
        words = arena_print(arena, "%s%s%s", words, separator, consequence_name(i));
        separator = ", ";
    }
    return words == NULL || separator[0] != ',' ? words : arena_print(arena, "%s]", words);
}

/* What is not judged has no outcome. */
static const char *words_for(const struct verdict *verdict, struct arena *arena)
{
    if (verdict == NULL || verdict->outcome == OUTCOME_UNJUDGED)
        return "not judged";
    return words_of(outcome_name(verdict->outcome), verdict->consequences, arena);
}

static bool differs(const struct verdict *a, const struct verdict *b)
{
    enum outcome left = a != NULL ? a->outcome : OUTCOME_UNJUDGED;
    enum outcome right = b != NULL ? b->outcome : OUTCOME_UNJUDGED;
    return left != right ||
           (a != NULL && b != NULL &&
            told_consequences(a->consequences) != told_consequences(b->consequences));
}

/* Notes on a run of differences. */
struct telling {
    struct decision *decision;
    const char *whose;
    struct arena *arena;
    size_t told, more;
};

static bool tell(struct telling *telling, const struct verdict *ours, const struct verdict *other)
{
    const struct verdict *any = ours != NULL ? ours : other;
    if (!differs(ours, other))
        return true;
    if (telling->told == TOLD) {
        telling->more++;
        return true;
    }
    telling->told++;
    struct slice name = any->benchmark != NULL ? any->benchmark->name : any->package;
    struct slice unit = any->series != NULL ? any->series->unit->name : SLICE("");
    const char *by_other = words_for(other, telling->arena),
               *by_ours = words_for(ours, telling->arena);
    const char *statistic =
        any->statistic != STATISTIC_MEDIAN ? statistic_name(any->statistic) : "";
    if (by_other == NULL || by_ours == NULL)
        return false;
    return notes_add(telling->decision, telling->arena,
                     arena_print(telling->arena, "by %s %.*s%s%.*s%s%s would be %s, and is %s",
                                 telling->whose, (int)name.length, name.text,
                                 unit.length > 0 ? " " : "", (int)unit.length, unit.text,
                                 statistic[0] != '\0' ? " " : "", statistic, by_other, by_ours));
}

/* Both lists in step. */
static bool tell_verdicts(struct telling *telling, const struct decision *other)
{
    size_t count, other_count, i = 0, k = 0;
    const struct entry *ours = entries_of(telling->decision, telling->arena, &count);
    const struct entry *theirs = entries_of(other, telling->arena, &other_count);
    if (ours == NULL || theirs == NULL)
        return false;
    while (i < count || k < other_count) {
        int order = i == count ? 1 : k == other_count ? -1 : compare(&ours[i], &theirs[k]);
        const struct verdict *a = order <= 0 ? ours[i++].verdict : NULL;
        const struct verdict *b = order >= 0 ? theirs[k++].verdict : NULL;
        if (!tell(telling, a, b))
            return false;
    }
    return true;
}

static const struct budget_verdict *find_budget(const struct decision *decision,
                                                const struct budget_verdict *wanted)
{
    for (size_t i = 0; i < decision->budget_count; i++) {
        const struct budget_verdict *verdict = &decision->budgets[i];
        if (verdict->series == wanted->series &&
            verdict->budget->statistic == wanted->budget->statistic &&
            strcmp(verdict->budget->text, wanted->budget->text) == 0)
            return verdict;
    }
    return NULL;
}

static const char *words_for_budget(const struct budget_verdict *verdict, struct arena *arena)
{
    if (verdict == NULL)
        return "not there";
    return words_of(budget_outcome_name(verdict->outcome), verdict->consequences, arena);
}

static bool tell_budget(struct telling *telling, const struct budget_verdict *ours,
                        const struct budget_verdict *other)
{
    const struct budget_verdict *any = ours != NULL ? ours : other;
    if (ours != NULL && other != NULL && ours->outcome == other->outcome &&
        told_consequences(ours->consequences) == told_consequences(other->consequences))
        return true;
    if (telling->told == TOLD) {
        telling->more++;
        return true;
    }
    telling->told++;
    struct arena *arena = telling->arena;
    const char *by_other = words_for_budget(other, arena), *by_ours = words_for_budget(ours, arena);
    struct slice name = any->series != NULL ? any->series->benchmark->name : SLICE("");
    if (by_other == NULL || by_ours == NULL)
        return false;
    return notes_add(telling->decision, arena,
                     arena_print(arena, "by %s the budget %s%s%.*s would be %s, and is %s",
                                 telling->whose, any->budget->text, name.length > 0 ? " on " : "",
                                 (int)name.length, name.text, by_other, by_ours));
}

/* Budgets of ours that the other does not have or that differ, and those that it alone has. */
static bool tell_budgets(struct telling *telling, const struct decision *other)
{
    const struct decision *decision = telling->decision;
    for (size_t i = 0; i < decision->budget_count; i++)
        if (!tell_budget(telling, &decision->budgets[i], find_budget(other, &decision->budgets[i])))
            return false;
    for (size_t i = 0; i < other->budget_count; i++)
        if (find_budget(decision, &other->budgets[i]) == NULL &&
            !tell_budget(telling, NULL, &other->budgets[i]))
            return false;
    return true;
}

bool contrast_note(struct decision *decision, const struct decision *other, const char *whose,
                   struct arena *arena)
{
    struct telling telling = {.decision = decision, .whose = whose, .arena = arena};
    if (!tell_verdicts(&telling, other) || !tell_budgets(&telling, other))
        return false;
    if (telling.more > 0 &&
        !notes_add(decision, arena,
                   arena_print(arena, "by %s %zu more would differ", whose, telling.more)))
        return false;
    enum exit_status ours = decision_status(decision), theirs = decision_status(other);
    if (ours != theirs)
        return notes_add(decision, arena,
                         arena_print(arena, "by %s the exit status would be %d (%s%s), and is %d",
                                     whose, (int)theirs, findings_verdict(&other->findings),
                                     other->policy->advisory ? ", advisory" : "", (int)ours));
    return telling.told > 0 ||
           notes_add(decision, arena,
                     arena_print(arena, "by %s every verdict here would be the same", whose));
}
