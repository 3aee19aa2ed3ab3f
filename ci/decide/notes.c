#include "ci/decide/notes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ci/decide/ends.h"
#include "ci/decide/quantity.h"
#include "ci/decide/stated.h"
#include "stats/tail.h"

/* All benchmarks have moved together when the common shift is this many standard errors from 0. */
static const double common_shift_z = 5;

enum { NAMED = 3, NUMBER_BYTES = 48, WIDENED_BYTES = 160 };

bool notes_add(struct decision *decision, struct arena *arena, const char *note)
{
    const char **more = arena_grow(arena, (void *)decision->notes, decision->note_count,
                                   decision->note_count + 1, sizeof(const char *));
    if (note == NULL || more == NULL)
        return false;
    more[decision->note_count++] = note;
    decision->notes = more;
    return true;
}

/* "FirstUnit, second (and 3 more)" for the units that `mark` flags; their number. */
static size_t list_units(const struct unit_table *units, const bool *mark, char *buffer,
                         size_t size)
{
    size_t count = 0, used = 0;
    buffer[0] = '\0';
    for (size_t i = 0; i < units->unit_count; i++) {
        if (!mark[i])
            continue;
        count++;
        if (count <= NAMED && used < size)
            used += (size_t)snprintf(
                buffer + used, size - used, "%s%.*s", count > 1 ? ", " : "",
                (int)(units->units[i]->name.length < 60 ? units->units[i]->name.length : 60),
                units->units[i]->name.text);
    }
    if (count > NAMED && used < size)
        snprintf(buffer + used, size - used, " and %zu more", count - NAMED);
    return count;
}

/* A note on the units for which some verdict satisfies `wanted`. */
static bool note_units(struct decision *decision, struct arena *arena,
                       bool (*wanted)(const struct verdict *), const char *format)
{
    const struct unit_table *units = decision->dataset->units;
    bool *mark = arena_zero(arena, units->unit_count + 1, sizeof *mark);
    char names[400];
    if (mark == NULL)
        return false;
    for (size_t i = 0; i < decision->count; i++)
        if (decision->verdicts[i].series != NULL && wanted(&decision->verdicts[i]))
            mark[decision->verdicts[i].series->unit->index] = true;
    if (list_units(units, mark, names, sizeof names) == 0)
        return true;
    return notes_add(decision, arena, arena_print(arena, "%s%s", names, format));
}

static bool is_unjudged(const struct verdict *verdict)
{
    return verdict->outcome == OUTCOME_UNJUDGED &&
           !slice_equal(verdict->series->unit->name, SLICE("B/s"));
}

static bool is_undirected(const struct verdict *verdict)
{
    return verdict->rule != NULL && verdict->measured && verdict->better == BETTER_UNKNOWN;
}

static bool is_one_sided(const struct verdict *verdict)
{
    return verdict->outcome == OUTCOME_MISSING;
}

static bool is_one_sided_new(const struct verdict *verdict)
{
    return verdict->outcome == OUTCOME_NEW;
}

/* The limit cannot be reached: 100 % and more, of what is better when higher. */
static bool is_unreachable(const struct verdict *verdict)
{
    return verdict->measured && verdict->rule != NULL && !verdict->detectable &&
           verdict->effect.sign < 0 && verdict->limit_ratio >= 1;
}

static bool is_single(const struct verdict *verdict)
{
    return verdict->deterministic && verdict->rule != NULL &&
           (verdict->effect.n < 3 || verdict->effect.m < 3);
}

static bool is_contradiction(const struct verdict *verdict)
{
    return verdict->summary && verdict->outcome == OUTCOME_UNDECIDED && stated_contradicts(verdict);
}

static bool note_machines(struct decision *decision, struct arena *arena)
{
    for (enum side side = BASE; side < SIDES; side++)
        if (decision->dataset->sides[side].without_cpu)
            return notes_add(
                decision, arena,
                arena_print(arena,
                            "%s does not say on which CPU it was measured (no cpu: line before "
                            "its results): nothing shows that both sides ran on the same machine",
                            decision->dataset->sides[side].source));
    return true;
}

/* One process a side: what that hides, and how to get certainty. */
static bool note_processes(struct decision *decision, struct arena *arena)
{
    size_t raw = 0, most = 0;
    double widening = 0;
    for (size_t i = 0; i < decision->count; i++) {
        const struct verdict *verdict = &decision->verdicts[i];
        if (verdict->rule == NULL || !verdict->measured || verdict->deterministic ||
            verdict->summary || verdict->effect.replicated)
            continue;
        size_t base = verdict->effect.processes[BASE], head = verdict->effect.processes[HEAD];
        size_t fewer = base < head ? base : head;
        most = fewer > most ? fewer : most;
        raw++;
    }
    if (raw == 0)
        return true;
    for (size_t i = 0; i < decision->family_count; i++)
        widening = fmax(widening, decision->families[i].widening);
    char widened[WIDENED_BYTES] = "";
    if (widening > 0)
        snprintf(widened, sizeof widened,
                 "; verdicts are widened by the %.2g%% by which this suite scatters beyond that",
                 100 * widening);
    return notes_add(
        decision, arena,
        arena_print(arena,
                    "%zu comparison%s%s%zu process%s a side: repeats of one process share its "
                    "memory layout, and identical code can differ by more than they scatter%s. "
                    "A fair verdict takes 10 runs of `go test -count=1` a side, in turn, appended",
                    raw, raw == 1 ? " has " : "s have ", most == 1 ? "" : "at most ", most,
                    most == 1 ? "" : "es", widened));
}

static bool note_movement(struct decision *decision, struct arena *arena,
                          const struct movement *movement)
{
    if (fabs(movement->z) <= common_shift_z)
        return true;
    return notes_add(decision, arena,
                     arena_print(arena,
                                 "all %zu comparisons of %.*s moved together, by %.1f%% to the "
                                 "%s: the machine changed, or the change touches everything; "
                                 "files cannot tell which",
                                 movement->count, (int)movement->unit->name.length,
                                 movement->unit->name.text, 100 * fabs(expm1(movement->shift)),
                                 movement->shift > 0 ? "worse" : "better"));
}

/* Percentiles of the samples are part of the policy: say why they gave no verdict. */
static bool note_quantile(struct decision *decision, struct arena *arena, enum statistic statistic)
{
    size_t waiting = 0, most = 0;
    for (size_t i = 0; i < decision->family_count; i++)
        if (decision->families[i].rule->statistic == statistic)
            waiting += decision->families[i].waiting;
    if (waiting == 0 || decision->dataset->summary)
        return true;
    for (size_t i = 0; i < decision->count; i++) {
        const struct verdict *verdict = &decision->verdicts[i];
        size_t base = verdict->effect.processes[BASE], head = verdict->effect.processes[HEAD];
        size_t have = base < head ? base : head;
        most = verdict->measured && have > most ? have : most;
    }
    return notes_add(decision, arena,
                     arena_print(arena,
                                 "%s of samples: no verdict on %zu comparison%s; it needs %zu "
                                 "independent samples (processes) a side, and has %zu at most",
                                 statistic_name(statistic), waiting, waiting == 1 ? "" : "s",
                                 tail_samples_for(statistic_quantile(statistic)), most));
}

static bool note_damage(struct decision *decision, struct arena *arena)
{
    for (enum side side = BASE; side < SIDES; side++) {
        const struct side_data *data = &decision->dataset->sides[side];
        if (data->damaged > 0 &&
            !notes_add(decision, arena,
                       arena_print(arena, "%s: %llu damaged line%s passed over (--strict refuses)",
                                   data->source, (unsigned long long)data->damaged,
                                   data->damaged == 1 ? "" : "s")))
            return false;
    }
    return true;
}

/* What a rule lacks to see anything. */
static const char *blind_rule(const struct family *family, bool summary, struct arena *arena)
{
    double quantile = statistic_quantile(family->rule->statistic);
    size_t judged = family->tested + family->deterministic;
    if (summary && judged == 0)
        return arena_print(arena, "rule %s is blind: a summary does not state the %s of samples",
                           family->rule->name, statistic_name(family->rule->statistic));
    if (summary)
        return arena_print(arena,
                           "rule %s is blind: in none of its comparisons (%zu) could the summary "
                           "have stated a change",
                           family->rule->name, judged);
    if (family->detectable > 0)
        return arena_print(
            arena,
            "rule %s is blind: this suite scatters so much between processes that in "
            "none of its comparisons (%zu) twice the value would have shown",
            family->rule->name, judged);
    if (judged == 0)
        return arena_print(arena,
                           "rule %s is blind: none of its %zu comparisons can be judged; its %s "
                           "needs at least %zu processes a side",
                           family->rule->name, family->waiting,
                           statistic_name(family->rule->statistic), tail_samples_for(quantile));
    if (family->most_samples >= family->samples_least)
        return arena_print(
            arena,
            "rule %s is blind: in none of its comparisons (%zu) could a regression of any size "
            "have shown; %s",
            family->rule->name, judged,
            family->rule->min_change.count > 0
                ? "its min_change is more than the whole value"
                : "no random permutations give so small a p-value as it would take");
    return arena_print(arena,
                       "rule %s is blind: in none of its comparisons (%zu) could a regression of "
                       "any size have shown; that needs at least %zu samples a side, %zu more",
                       family->rule->name, judged, family->samples_least,
                       family->samples_least - family->most_samples);
}

static bool note_blind(struct decision *decision, struct arena *arena)
{
    size_t blocking = 0;
    for (size_t i = 0; i < decision->family_count; i++) {
        const struct family *family = &decision->families[i];
        if ((family->rule->on[OUTCOME_REGRESSED] & CONSEQUENCE_BLOCK) == 0 ||
            family->tested + family->deterministic + family->waiting == 0)
            continue;
        blocking++;
        if (family->seeing == 0 &&
            !notes_add(decision, arena, blind_rule(family, decision->dataset->summary, arena)))
            return false;
    }
    for (size_t i = 0; i < decision->budget_count; i++)
        blocking += decision->budgets[i].series != NULL &&
                    (decision->budgets[i].budget->on[OUTCOME_REGRESSED] & CONSEQUENCE_BLOCK) != 0;
    if (!policy_blocks(decision->policy))
        return notes_add(decision, arena,
                         policy_may_block(decision->policy)
                             ? "no regression blocks by this policy: it reports them"
                             : "nothing in this policy blocks: it reports, and this gate cannot "
                               "fail");
    if (blocking > 0)
        return true;
    if (!decision->findings.blind)
        return decision->dataset->identical_count > 0 ||
               notes_add(decision, arena,
                         "nothing that blocks has anything to judge here: the policy's own rules "
                         "only mark and note what was compared");
    return notes_add(decision, arena,
                     "no rule that blocks has anything to judge here: this gate could not have "
                     "failed (--threshold UNIT=PERCENT% makes a blocking rule)");
}

/*
 * Rules of a team's own that found nothing to judge: mistyped perhaps. Those that stand for
 * built-in rules are there for whatever comes.
 */
static bool note_idle_rules(struct decision *decision, struct arena *arena)
{
    const char *names = NULL;
    for (size_t i = 0; i < decision->family_count; i++) {
        const struct family *family = &decision->families[i];
        if (family->tested + family->deterministic + family->waiting > 0 ||
            policy_is_built_in(family->rule->name))
            continue;
        names = arena_print(arena, "%s%s%s (%s)", names != NULL ? names : "",
                            names != NULL ? ", " : "", family->rule->name, family->rule->source);
        if (names == NULL)
            return false;
    }
    return names == NULL ||
           notes_add(decision, arena,
                     arena_print(arena, "rules to which no comparison is left: %s", names));
}

/* What the policy itself wants said. */
static bool note_policy(struct decision *decision, struct arena *arena)
{
    const struct policy *policy = decision->policy;
    for (size_t i = 0; i < policy->note_count; i++)
        if (!notes_add(decision, arena, policy->notes[i]))
            return false;
    return note_idle_rules(decision, arena);
}

/* Waivers that helped, that did not, and that have had their time. */
static bool note_waivers(struct decision *decision, struct arena *arena)
{
    for (size_t i = 0; i < decision->waiver_count; i++) {
        const struct waiver_use *use = &decision->waivers[i];
        const struct waiver *waiver = use->waiver;
        const char *until =
            waiver->expires != NULL ? arena_print(arena, ", until %s", waiver->expires) : "";
        const char *state = use->state == WAIVER_USED ? arena_print(arena, "used by %zu", use->used)
                            : use->state == WAIVER_UNUSED
                                ? "unused"
                                : arena_print(arena, "expired, it no longer helps%s",
                                              use->would_use > 0 ? " what it once accepted" : "");
        const char *larger =
            use->exceeded > 0
                ? arena_print(arena, "; %zu regression%s that it names %s larger", use->exceeded,
                              use->exceeded == 1 ? "" : "s", use->exceeded == 1 ? "is" : "are")
                : "";
        if (until == NULL || state == NULL || larger == NULL ||
            !notes_add(decision, arena,
                       arena_print(arena, "waiver %s (%s, by %s%s): %s%s", waiver->what,
                                   waiver->source, waiver->by, until, state, larger)))
            return false;
    }
    return true;
}

/* Benchmarks that skipped themselves wherever they are, so that nobody else speaks of them. */
static bool note_skipped(struct decision *decision, struct arena *arena)
{
    const struct dataset *dataset = decision->dataset;
    const struct benchmark *first = NULL;
    size_t count = 0;
    bool *told = arena_zero(arena, dataset->benchmark_count + 1, sizeof *told);
    for (size_t i = 0; told != NULL && i < decision->count; i++)
        if (decision->verdicts[i].outcome == OUTCOME_FAILED &&
            decision->verdicts[i].benchmark != NULL)
            told[decision->verdicts[i].benchmark->index] = true;
    for (size_t i = 0; told != NULL && i < dataset->benchmark_count; i++) {
        const struct mishaps *base = &dataset->benchmarks[i]->mishaps[BASE];
        const struct mishaps *head = &dataset->benchmarks[i]->mishaps[HEAD];
        if (base->results + head->results + base->damaged + head->damaged > 0 ||
            base->skipped_line + head->skipped_line == 0 ||
            base->failure_line + head->failure_line > 0 || told[i])
            continue;
        if (count++ == 0)
            first = dataset->benchmarks[i];
    }
    if (told == NULL)
        return false;
    return count == 0 ||
           notes_add(decision, arena,
                     arena_print(arena, "%zu benchmark%s skipped %s not compared: %.*s%s", count,
                                 count == 1 ? "" : "s",
                                 count == 1 ? "itself and is" : "themselves and are",
                                 (int)(first->name.length < 60 ? first->name.length : 60),
                                 first->name.text, count > 1 ? ", ..." : ""));
}

/* What is not known where there are no samples. */
static bool note_summary(struct decision *decision, struct arena *arena)
{
    const struct dataset *dataset = decision->dataset;
    size_t waiting = 0;
    for (size_t i = 0; i < decision->family_count; i++)
        waiting += decision->families[i].waiting;
    return !dataset->summary ||
           notes_add(decision, arena,
                     arena_print(arena,
                                 "%s is a summary: the limits are applied to the changes that it "
                                 "states, ~ is no difference; nothing is corrected over the suite, "
                                 "and what this gate would have caught is not known%s",
                                 dataset->sides[BASE].source,
                                 waiting > 0 ? "; percentiles, means and minima of samples are not "
                                               "judged"
                                             : ""));
}

bool notes_make(struct decision *decision, struct arena *arena)
{
    if (!note_summary(decision, arena))
        return false;
    for (size_t i = 0; i < decision->movement_count; i++)
        if (!note_movement(decision, arena, &decision->movements[i]))
            return false;
    return note_policy(decision, arena) && note_waivers(decision, arena) &&
           note_blind(decision, arena) && note_damage(decision, arena) &&
           note_skipped(decision, arena) && ends_note(decision, arena) &&
           note_machines(decision, arena) && note_processes(decision, arena) &&
           note_quantile(decision, arena, STATISTIC_P95) &&
           note_quantile(decision, arena, STATISTIC_P99) &&
           note_units(decision, arena, is_one_sided,
                      ": in base only for some benchmarks (was -benchmem left out of one run?)") &&
           note_units(decision, arena, is_one_sided_new, ": in head only for some benchmarks") &&
           note_units(decision, arena, is_unreachable,
                      ": better when higher, and cannot fall by the limit of its rule: nothing "
                      "could breach it") &&
           note_units(decision, arena, is_single,
                      ": compared exactly from fewer than 3 samples a side") &&
           note_units(decision, arena, is_contradiction,
                      ": a change and the p-value beside it contradict each other at 0.05: "
                      "undecided (was benchstat given another -alpha? the results tell)") &&
           note_units(decision, arena, is_undirected,
                      ": taken as better when lower; --better UNIT=higher says otherwise") &&
           note_units(decision, arena, is_unjudged,
                      ": no rule judges this; --threshold UNIT=PERCENT% makes a blocking rule");
}
