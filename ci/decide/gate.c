#include "ci/decide/gate.h"

#include <math.h>
#include <stdlib.h>

#include "ci/decide/family.h"
#include "ci/decide/notes.h"
#include "ci/decide/presence.h"
#include "ci/decide/quantile_family.h"
#include "ci/decide/why.h"
#include "parsers/benchname.h"

/* A step's working state. */
struct gate {
    const struct dataset *dataset;
    const struct policy *policy;
    struct arena *arena;
    struct effect_cache cache;
    struct verdict_list list;
};

static bool is_compared(const struct series *series)
{
    return series->sides[BASE].count > 0 && series->sides[HEAD].count > 0;
}

/* All series with samples on both sides, by unit in order of appearance, then by benchmark. */
static const struct series **compared_series(const struct gate *gate, size_t *count)
{
    const struct dataset *dataset = gate->dataset;
    size_t units = dataset->units->unit_count, total = 0;
    size_t *start = arena_zero(gate->arena, units + 1, sizeof *start);
    if (start == NULL)
        return NULL;
    for (size_t i = 0; i < dataset->benchmark_count; i++)
        for (struct series *s = dataset->benchmarks[i]->first; s != NULL; s = s->next)
            if (is_compared(s)) {
                start[s->unit->index + 1]++;
                total++;
            }
    for (size_t u = 1; u <= units; u++)
        start[u] += start[u - 1];
    const struct series **sorted =
        arena_allocate(gate->arena, total + 1, sizeof(const struct series *));
    for (size_t i = 0; sorted != NULL && i < dataset->benchmark_count; i++)
        for (struct series *s = dataset->benchmarks[i]->first; s != NULL; s = s->next)
            if (is_compared(s))
                sorted[start[s->unit->index]++] = s;
    *count = total;
    return sorted;
}

static bool add_comparison(struct gate *gate, const struct series *series, enum statistic statistic)
{
    const struct rule *rule = policy_match(gate->policy, series->unit->name, statistic);
    if (statistic != STATISTIC_MEDIAN && (rule == NULL || !quantile_family_takes(series)))
        return true;
    struct verdict *verdict = verdict_list_add(&gate->list);
    if (verdict == NULL)
        return false;
    verdict->benchmark = series->benchmark;
    verdict->package = series->benchmark->package;
    verdict->series = series;
    verdict->rule = rule;
    verdict->statistic = statistic;
    verdict->better = policy_direction(gate->policy, series->unit);
    verdict->p_value = verdict->p_better = verdict->limit = NAN;
    verdict->delta_ratio = verdict->delta_low = verdict->delta_high = NAN;
    verdict->sensitivity_ratio = NAN;
    return true;
}

static bool add_comparisons(struct gate *gate)
{
    size_t count;
    const struct series **series = compared_series(gate, &count);
    if (series == NULL)
        return false;
    for (int statistic = 0; statistic < STATISTICS; statistic++)
        for (size_t i = 0; i < count; i++)
            if (!add_comparison(gate, series[i], (enum statistic)statistic))
                return false;
    return true;
}

/* Gathers a rule's verdicts and decides them together. */
static enum stats_status decide_family(struct gate *gate, struct family *family,
                                       struct verdict **members)
{
    size_t count = 0;
    for (size_t i = 0; i < gate->list.count; i++)
        if (gate->list.all[i].rule == family->rule)
            members[count++] = &gate->list.all[i];
    enum stats_status status =
        family->rule->statistic == STATISTIC_P95
            ? quantile_family_decide(family, members, count, gate->policy, gate->arena,
                                     &gate->cache)
            : family_decide(family, members, count, gate->policy, gate->arena, &gate->cache);
    for (size_t i = 0; i < count && status == STATS_OK; i++) {
        if (members[i]->outcome == OUTCOME_REGRESSED)
            members[i]->consequences = family->rule->consequences;
        members[i]->why = why_compared(members[i], family, gate->arena);
    }
    return gate->arena->failed ? STATS_MEMORY : status;
}

static enum stats_status decide_families(struct gate *gate, struct decision *decision)
{
    size_t rules = gate->policy->rule_count;
    struct verdict **members =
        arena_allocate(gate->arena, gate->list.count + 1, sizeof(struct verdict *));
    decision->families = arena_zero(gate->arena, rules + 1, sizeof *decision->families);
    if (members == NULL || decision->families == NULL)
        return STATS_MEMORY;
    decision->family_count = rules;
    enum stats_status status = STATS_OK;
    for (size_t i = 0; i < rules && status == STATS_OK; i++) {
        decision->families[i].rule = &gate->policy->rules[i];
        status = decide_family(gate, &decision->families[i], members);
    }
    for (size_t i = 0; i < gate->list.count && status == STATS_OK; i++) {
        struct verdict *verdict = &gate->list.all[i];
        if (verdict->rule != NULL)
            continue;
        status = family_measure_unjudged(verdict, gate->policy, gate->arena, &gate->cache);
        if (status == STATS_OK)
            verdict->why = why_compared(verdict, NULL, gate->arena);
    }
    return status;
}

/* A blocking rule with comparisons of which none could have been breached; or none that blocks. */
static bool is_blind(const struct decision *decision)
{
    bool any = false;
    for (size_t i = 0; i < decision->family_count; i++) {
        const struct family *family = &decision->families[i];
        if ((family->rule->consequences & CONSEQUENCE_BLOCK) == 0 ||
            family->tested + family->deterministic == 0)
            continue;
        any = true;
        if (family->detectable == 0)
            return true;
    }
    /* Where some packages are identical and nothing else is compared, there is nothing to see. */
    return !any && decision->dataset->identical_count == 0;
}

static void settle_findings(struct decision *decision)
{
    struct findings *findings = &decision->findings;
    for (size_t i = 0; i < decision->count; i++) {
        const struct verdict *verdict = &decision->verdicts[i];
        decision->outcomes[verdict->outcome]++;
        decision->marks |= verdict->consequences & (CONSEQUENCE_HIGH_RISK | CONSEQUENCE_FLAMEGRAPH);
        decision->suspects += verdict->tag == TAG_SUSPECT;
        if (verdict->consequences & CONSEQUENCE_BLOCK)
            findings->breached = true;
        if (verdict->outcome == OUTCOME_UNDECIDED && decision->policy->undecided_blocks &&
            (verdict->rule->consequences & CONSEQUENCE_BLOCK))
            findings->undecided = true;
    }
    const struct side_data *sides = decision->dataset->sides;
    findings->failed = decision->outcomes[OUTCOME_FAILED] > 0;
    findings->broken = decision->policy->strict && sides[BASE].damaged + sides[HEAD].damaged > 0;
    findings->blind = is_blind(decision);
}

/* Whether two names differ by their GOMAXPROCS only. */
static bool same_but_gomaxprocs(const struct benchmark *a, const struct benchmark *b)
{
    struct benchname left = benchname_split(a->name), right = benchname_split(b->name);
    return slice_equal(a->package, b->package) && slice_equal(left.base, right.base) &&
           slice_equal(left.parts, right.parts) && !slice_equal(left.gomaxprocs, right.gomaxprocs);
}

/* Why nothing pairs, where that can be told from the first benchmark of either side. */
static enum error_code no_common(const struct dataset *dataset, struct error *error)
{
    const struct benchmark *first[SIDES] = {NULL, NULL};
    for (size_t i = dataset->benchmark_count; i-- > 0;)
        for (enum side side = BASE; side < SIDES; side++)
            if (dataset->benchmarks[i]->mishaps[side].results > 0)
                first[side] = dataset->benchmarks[i];
    const char *hint = "";
    if (first[BASE] != NULL && first[HEAD] != NULL) {
        if (same_but_gomaxprocs(first[BASE], first[HEAD]))
            hint = "; their names differ by the number of CPUs at the end (GOMAXPROCS)";
        else if (slice_equal(first[BASE]->name, first[HEAD]->name))
            hint = "; they have the same names in other packages (pkg: lines)";
    }
    return error_set(error, ERROR_INPUT, dataset->sides[HEAD].source, 0, 0,
                     "no benchmark in common with %s%s", dataset->sides[BASE].source, hint);
}

static bool has_common(const struct dataset *dataset)
{
    for (size_t i = 0; i < dataset->benchmark_count; i++)
        if (benchmark_seen(dataset->benchmarks[i], BASE) &&
            benchmark_seen(dataset->benchmarks[i], HEAD))
            return true;
    return dataset->identical_count > 0 ||
           dataset->sides[BASE].failure_count + dataset->sides[HEAD].failure_count > 0;
}

enum error_code gate_decide(const struct dataset *dataset, const struct policy *policy,
                            struct arena *arena, struct decision *decision, struct error *error)
{
    if (!has_common(dataset))
        return no_common(dataset, error);
    struct gate gate = {
        .dataset = dataset, .policy = policy, .arena = arena, .list = {.arena = arena}};
    struct decision made = {.dataset = dataset, .policy = policy};
    enum stats_status status = STATS_MEMORY;
    if (add_comparisons(&gate))
        status = decide_families(&gate, &made);
    effect_cache_release(&gate.cache);
    if (status == STATS_OK && presence_decide(dataset, policy, &gate.list)) {
        made.verdicts = gate.list.all;
        made.count = gate.list.count;
        settle_findings(&made);
        if (notes_make(&made, arena))
            made.summary = notes_summary(&made, arena);
    }
    if (status == STATS_DOMAIN && !arena->failed)
        return error_set(error, ERROR_INPUT, dataset->sides[HEAD].source, 0, 0,
                         "values too large to compare (beyond 1e300)");
    if (arena->failed || made.summary == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    *decision = made;
    return ERROR_NONE;
}
