#include "ci/decide/gate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ci/decide/budgets.h"
#include "ci/decide/family.h"
#include "ci/decide/headline.h"
#include "ci/decide/measured.h"
#include "ci/decide/notes.h"
#include "ci/decide/presence.h"
#include "ci/decide/stated.h"
#include "ci/decide/waivers.h"
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

static const struct rule *rule_for(const struct gate *gate, const struct series *series,
                                   enum statistic statistic)
{
    return policy_match(gate->policy, series->benchmark->package, series->benchmark->name,
                        series->unit->name, statistic);
}

/* Whether the data can be judged by the statistic at all. */
static bool takes(const struct gate *gate, const struct series *series, enum statistic statistic)
{
    return gate->dataset->summary ? statistic == STATED_STATISTIC
                                  : measured_takes(series, statistic);
}

/* Whether some rule judges the series, by whatever statistic. */
static bool is_judged(const struct gate *gate, const struct series *series)
{
    for (int s = 0; s < STATISTICS; s++)
        if (takes(gate, series, (enum statistic)s) &&
            rule_for(gate, series, (enum statistic)s) != NULL)
            return true;
    return false;
}

static bool add_comparison(struct gate *gate, struct decision *decision,
                           const struct series *series, enum statistic statistic)
{
    const struct rule *rule = rule_for(gate, series, statistic);
    if (rule == NULL && (statistic != STATISTIC_MEDIAN || is_judged(gate, series)))
        return true;
    if (!takes(gate, series, statistic)) {
        decision->families[rule - gate->policy->rules].waiting++;
        return true;
    }
    struct verdict *verdict = verdict_list_add(&gate->list);
    if (verdict == NULL)
        return false;
    verdict->benchmark = series->benchmark;
    verdict->package = series->benchmark->package;
    verdict->series = series;
    verdict->rule = rule;
    verdict->statistic = statistic;
    verdict->better = policy_direction(gate->policy, rule, series->unit);
    verdict->p_value = verdict->p_better = verdict->limit = NAN;
    verdict->delta_ratio = verdict->delta_low = verdict->delta_high = NAN;
    verdict->sensitivity_ratio = NAN;
    return true;
}

static bool add_comparisons(struct gate *gate, struct decision *decision)
{
    size_t count;
    const struct series **series = compared_series(gate, &count);
    if (series == NULL)
        return false;
    for (int statistic = 0; statistic < STATISTICS; statistic++)
        for (size_t i = 0; i < count; i++)
            if (!add_comparison(gate, decision, series[i], (enum statistic)statistic))
                return false;
    return true;
}

static bool begin_families(const struct gate *gate, struct decision *decision)
{
    size_t rules = gate->policy->rule_count;
    decision->families = arena_zero(gate->arena, rules + 1, sizeof *decision->families);
    decision->family_count = rules;
    for (size_t i = 0; decision->families != NULL && i < rules; i++)
        decision->families[i].rule = &gate->policy->rules[i];
    return decision->families != NULL;
}

static enum stats_status decide_comparisons(struct gate *gate, struct decision *decision)
{
    struct verdict *verdicts = gate->list.all;
    size_t count = gate->list.count;
    enum stats_status status =
        families_decide(decision, verdicts, count, gate->arena, &gate->cache);
    for (size_t i = 0; i < count && status == STATS_OK; i++) {
        const struct rule *rule = verdicts[i].rule;
        if (rule != NULL)
            verdicts[i].consequences = rule->on[verdicts[i].outcome];
        verdicts[i].why = why_compared(
            &verdicts[i], rule != NULL ? &decision->families[rule - gate->policy->rules] : NULL,
            gate->arena);
    }
    return gate->arena->failed ? STATS_MEMORY : status;
}

/* Judges what was compared: samples by tests, summaries by what they state. */
static enum stats_status judge_comparisons(struct gate *gate, struct decision *decision)
{
    if (gate->dataset->summary)
        return stated_decide(decision, gate->list.all, gate->list.count, gate->arena)
                   ? STATS_OK
                   : STATS_MEMORY;
    return decide_comparisons(gate, decision);
}

/* What a blocking rule or budget of the run could have seen. */
struct sight {
    bool any;   /* there is something that it judges */
    bool blind; /* and nothing in it could have shown */
};

static struct sight sight_of_rules(const struct decision *decision)
{
    struct sight sight = {false, false};
    for (size_t i = 0; i < decision->family_count; i++) {
        const struct family *family = &decision->families[i];
        if ((family->rule->on[OUTCOME_REGRESSED] & CONSEQUENCE_BLOCK) == 0 ||
            family->tested + family->deterministic + family->waiting == 0)
            continue;
        sight.any = true;
        sight.blind = sight.blind || family->seeing == 0;
    }
    return sight;
}

static struct sight sight_of_budgets(const struct decision *decision)
{
    struct sight sight = {false, false};
    size_t end;
    for (size_t start = 0; start < decision->budget_count; start = end) {
        const struct budget *budget = decision->budgets[start].budget;
        bool detectable = false;
        for (end = start; end < decision->budget_count && decision->budgets[end].budget == budget;
             end++)
            detectable = detectable || decision->budgets[end].detectable;
        if ((budget->on[OUTCOME_REGRESSED] & CONSEQUENCE_BLOCK) == 0 ||
            decision->budgets[start].series == NULL)
            continue;
        sight.any = true;
        sight.blind = sight.blind || !detectable;
    }
    return sight;
}

/* Whether a rule that the team wrote itself decided some comparison, by what it wanted of it. */
static bool is_meant(const struct decision *decision)
{
    for (size_t i = 0; i < decision->family_count; i++) {
        const struct family *family = &decision->families[i];
        if (family->tested + family->deterministic > 0 &&
            strcmp(family->rule->source, policy_built_in_source) != 0 &&
            strncmp(family->rule->source, "--", 2) != 0)
            return true;
    }
    return false;
}

/*
 * A blocking rule or budget that has something to judge, of which nothing could have shown; or none
 * that blocks has anything to judge, and nobody wanted it so.
 */
static bool is_blind(const struct decision *decision)
{
    struct sight rules = sight_of_rules(decision), budgets = sight_of_budgets(decision);
    if (rules.any || budgets.any)
        return rules.blind || budgets.blind;
    /* Where some packages are identical and nothing else is compared, there is nothing to see. */
    return decision->dataset->identical_count == 0 && policy_blocks(decision->policy) &&
           !is_meant(decision);
}

enum { MARKS = CONSEQUENCE_HIGH_RISK | CONSEQUENCE_FLAMEGRAPH };

/* A verdict's consequence: to block, or, where it is only open, to be told apart from that. */
static void draw(struct decision *decision, unsigned consequences, bool undecided)
{
    decision->marks |= consequences & MARKS;
    if ((consequences & CONSEQUENCE_BLOCK) == 0)
        return;
    if (undecided)
        decision->findings.undecided = true;
    else
        decision->findings.breached = true;
}

static void settle_findings(struct decision *decision)
{
    struct findings *findings = &decision->findings;
    for (size_t i = 0; i < decision->count; i++) {
        const struct verdict *verdict = &decision->verdicts[i];
        decision->outcomes[verdict->outcome]++;
        decision->suspects += verdict->tag == TAG_SUSPECT;
        draw(decision, verdict->consequences, verdict->outcome == OUTCOME_UNDECIDED);
    }
    for (size_t i = 0; i < decision->budget_count; i++) {
        const struct budget_verdict *verdict = &decision->budgets[i];
        decision->budget_outcomes[verdict->outcome]++;
        draw(decision, verdict->consequences, verdict->outcome == BUDGET_UNDECIDED);
    }
    const struct side_data *sides = decision->dataset->sides;
    findings->failed = decision->outcomes[OUTCOME_FAILED] > 0;
    bool damaged = sides[BASE].damaged + sides[HEAD].damaged > 0;
    findings->broken = decision->policy->head_broken || (decision->policy->strict && damaged);
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
    if (begin_families(&gate, &made) && add_comparisons(&gate, &made))
        status = judge_comparisons(&gate, &made);
    effect_cache_release(&gate.cache);
    if (status == STATS_OK)
        status = budgets_decide(&made, arena);
    if (status == STATS_OK && presence_decide(dataset, policy, &gate.list)) {
        made.verdicts = gate.list.all;
        made.count = gate.list.count;
        if (waivers_apply(&made, arena)) {
            settle_findings(&made);
            if (notes_make(&made, arena))
                made.summary = headline_make(&made, arena);
            made.decided_notes = made.note_count;
        }
    }
    if (status == STATS_DOMAIN && !arena->failed)
        return error_set(error, ERROR_INPUT, dataset->sides[HEAD].source, 0, 0,
                         "values too large to compare (beyond 1e300)");
    if (arena->failed || made.summary == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    *decision = made;
    return ERROR_NONE;
}
