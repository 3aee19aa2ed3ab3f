#include "ci/decide/notes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ci/decide/quantity.h"
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

static bool is_single(const struct verdict *verdict)
{
    return verdict->deterministic && verdict->rule != NULL &&
           (verdict->effect.n < 3 || verdict->effect.m < 3);
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
            verdict->effect.replicated)
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

static bool note_common_shift(struct decision *decision, struct arena *arena,
                              const struct family *family)
{
    if (fabs(family->common_z) <= common_shift_z)
        return true;
    return notes_add(decision, arena,
                     arena_print(arena,
                                 "all %zu comparisons of rule %s moved together, by %.1f%% to the "
                                 "%s: the machine changed, or the change touches everything; "
                                 "files cannot tell which",
                                 family->tested, family->rule->name,
                                 100 * fabs(expm1(family->common_shift)),
                                 family->common_shift > 0 ? "worse" : "better"));
}

/* The p95 rule on samples is part of the policy: say why it gave no verdict. */
static bool note_quantiles(struct decision *decision, struct arena *arena)
{
    size_t waiting = 0, most = 0;
    for (size_t i = 0; i < decision->count; i++) {
        const struct verdict *verdict = &decision->verdicts[i];
        if (verdict->statistic != STATISTIC_MEDIAN || !verdict->measured ||
            policy_match(decision->policy, verdict->series->unit->name, STATISTIC_P95) == NULL)
            continue;
        size_t base = verdict->effect.processes[BASE], head = verdict->effect.processes[HEAD];
        size_t have = base < head ? base : head;
        waiting += have < TAIL_SAMPLES;
        most = have > most ? have : most;
    }
    if (waiting == 0)
        return true;
    return notes_add(decision, arena,
                     arena_print(arena,
                                 "p95 of samples: no verdict on %zu comparison%s; it needs %d "
                                 "independent samples (processes) a side, and has %zu at most",
                                 waiting, waiting == 1 ? "" : "s", TAIL_SAMPLES, most));
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

static bool note_blind(struct decision *decision, struct arena *arena)
{
    size_t blocking = 0;
    for (size_t i = 0; i < decision->family_count; i++) {
        const struct family *family = &decision->families[i];
        if ((family->rule->consequences & CONSEQUENCE_BLOCK) == 0 ||
            family->tested + family->deterministic == 0)
            continue;
        blocking++;
        if (family->detectable == 0 &&
            !notes_add(decision, arena,
                       arena_print(arena,
                                   "rule %s is blind: in none of its comparisons (%zu) could "
                                   "a regression of any size have shown; that needs at least "
                                   "%zu samples a side, %zu more",
                                   family->rule->name, family->tested, family->samples_least,
                                   family->samples_least - family->most_samples)))
            return false;
    }
    if (blocking > 0 || !decision->findings.blind)
        return true;
    return notes_add(decision, arena,
                     "no rule that blocks has anything to judge here: this gate could not have "
                     "failed (--threshold UNIT=PERCENT% makes a blocking rule)");
}

/* Benchmarks that skipped themselves wherever they are, so that nobody else speaks of them. */
static bool note_skipped(struct decision *decision, struct arena *arena)
{
    const struct dataset *dataset = decision->dataset;
    const struct benchmark *first = NULL;
    size_t count = 0;
    for (size_t i = 0; i < dataset->benchmark_count; i++) {
        const struct mishaps *base = &dataset->benchmarks[i]->mishaps[BASE];
        const struct mishaps *head = &dataset->benchmarks[i]->mishaps[HEAD];
        if (base->results + head->results + base->damaged + head->damaged > 0 ||
            base->skipped_line + head->skipped_line == 0 ||
            base->failure_line + head->failure_line > 0)
            continue;
        if (count++ == 0)
            first = dataset->benchmarks[i];
    }
    return count == 0 ||
           notes_add(decision, arena,
                     arena_print(arena, "%zu benchmark%s skipped %s not compared: %.*s%s", count,
                                 count == 1 ? "" : "s",
                                 count == 1 ? "itself and is" : "themselves and are",
                                 (int)(first->name.length < 60 ? first->name.length : 60),
                                 first->name.text, count > 1 ? ", ..." : ""));
}

bool notes_make(struct decision *decision, struct arena *arena)
{
    for (size_t i = 0; i < decision->family_count; i++)
        if (!note_common_shift(decision, arena, &decision->families[i]))
            return false;
    return note_blind(decision, arena) && note_damage(decision, arena) &&
           note_skipped(decision, arena) && note_machines(decision, arena) &&
           note_processes(decision, arena) && note_quantiles(decision, arena) &&
           note_units(decision, arena, is_one_sided,
                      ": in base only for some benchmarks (was -benchmem left out of one run?)") &&
           note_units(decision, arena, is_one_sided_new, ": in head only for some benchmarks") &&
           note_units(decision, arena, is_single,
                      ": compared exactly from fewer than 3 samples a side") &&
           note_units(decision, arena, is_undirected,
                      ": taken as better when lower; --better UNIT=higher says otherwise") &&
           note_units(decision, arena, is_unjudged,
                      ": no rule judges this; --threshold UNIT=PERCENT% makes a blocking rule");
}

/* Whether some blocking rule had something that it could have blocked. */
static bool has_sight(const struct decision *decision)
{
    for (size_t i = 0; i < decision->family_count; i++)
        if ((decision->families[i].rule->consequences & CONSEQUENCE_BLOCK) != 0 &&
            decision->families[i].detectable > 0)
            return true;
    return false;
}

static const char *blind_headline(const struct decision *decision)
{
    return has_sight(decision) ? "blind: a blocking rule could not have been breached"
                               : "blind: this gate could not have failed";
}

/* How the last line begins, by the verdict. */
static const char *headline(const struct decision *decision)
{
    switch (findings_status(&decision->findings)) {
    case EXIT_PASS:
        return "passed";
    case EXIT_BREACH:
        return "blocked";
    case EXIT_OPEN:
        return decision->findings.blind ? blind_headline(decision)
                                        : "undecided, which the policy does not let pass";
    case EXIT_FAILED:
        return "error: not everything could be measured";
    case EXIT_BROKEN:
        break;
    }
    return "error: damaged input, and --strict";
}

/* What the last line counts. */
struct part {
    enum outcome outcome;
    enum tag tag;          /* TAG_NONE: any */
    unsigned consequences; /* 0: any */
    const char *word;      /* NULL: "N of M undecided" */
};

static bool is_part(const struct verdict *verdict, const struct part *part)
{
    /* Units that one side did not report have a note of their own. */
    bool minor =
        !verdict->measured && verdict->series != NULL && verdict->consequences == CONSEQUENCE_NOTE;
    return verdict->outcome == part->outcome && !minor &&
           (part->tag == TAG_NONE || verdict->tag == part->tag) &&
           (part->consequences == 0 || (verdict->consequences & part->consequences) != 0);
}

/* "Parse/large sec/op +9.00%", "Parse p95 of sec/op +9.00%": a verdict in few words. */
static const char *name_verdict(const struct verdict *verdict, struct arena *arena)
{
    char delta[NUMBER_BYTES] = "from zero";
    struct slice name = verdict->benchmark != NULL ? verdict->benchmark->name : verdict->package;
    if (verdict->series == NULL)
        return name.length == 0 ? "a run" : arena_print(arena, "%.*s", (int)name.length, name.text);
    struct slice unit = verdict->series->unit->name;
    if (!verdict->measured)
        return arena_print(arena, "%.*s %.*s", (int)name.length, name.text, (int)unit.length,
                           unit.text);
    if (!isnan(verdict->delta_ratio))
        quantity_percent(verdict->delta_ratio, delta, sizeof delta);
    return arena_print(arena, "%.*s %s%.*s %s", (int)name.length, name.text,
                       verdict->statistic == STATISTIC_P95 ? "p95 of " : "", (int)unit.length,
                       unit.text, delta);
}

/* Appends ", 3 regressed: Parse sec/op +9.00%, ..." to the text, where there are any. */
static const char *add_part(const struct decision *decision, const struct part *part, size_t judged,
                            const char *text, struct arena *arena)
{
    const struct verdict *first = NULL;
    size_t count = 0;
    for (size_t i = 0; i < decision->count; i++) {
        if (!is_part(&decision->verdicts[i], part))
            continue;
        if (count++ == 0)
            first = &decision->verdicts[i];
    }
    if (count == 0)
        return text;
    if (part->word == NULL)
        return arena_print(arena, "%s, %zu of %zu undecided", text, count, judged);
    const char *name = name_verdict(first, arena);
    return name == NULL ? NULL
                        : arena_print(arena, "%s, %zu %s: %s%s", text, count, part->word, name,
                                      count > 1 ? ", ..." : "");
}

const char *notes_summary(const struct decision *decision, struct arena *arena)
{
    static const struct part parts[] = {
        {OUTCOME_FAILED, TAG_NONE, 0, "failed"},
        {OUTCOME_REGRESSED, TAG_NONE, CONSEQUENCE_BLOCK, "regressed"},
        {OUTCOME_REGRESSED, TAG_NONE, CONSEQUENCE_HIGH_RISK, "high-risk"},
        {OUTCOME_REGRESSED, TAG_NONE, CONSEQUENCE_FLAMEGRAPH, "to analyse by flame graph"},
        {OUTCOME_MISSING, TAG_NONE, 0, "missing"},
        {OUTCOME_UNDECIDED, TAG_NONE, 0, NULL},
        {OUTCOME_UNDECIDED, TAG_SUSPECT, 0, "suspect"},
        {OUTCOME_NEW, TAG_NONE, 0, "new"},
        {OUTCOME_CHANGED, TAG_NONE, 0, "changed"},
    };
    const size_t *outcomes = decision->outcomes;
    size_t within = outcomes[OUTCOME_PASS] + outcomes[OUTCOME_IMPROVED];
    size_t judged = within + outcomes[OUTCOME_REGRESSED] + outcomes[OUTCOME_UNDECIDED];
    const char *begin = headline(decision), *text = begin;
    if (decision->findings.blind && findings_status(&decision->findings) != EXIT_OPEN)
        text = arena_print(arena, "%s, and blind besides", text);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && text != NULL; i++)
        text = add_part(decision, &parts[i], judged, text, arena);
    uint64_t damaged =
        decision->dataset->sides[BASE].damaged + decision->dataset->sides[HEAD].damaged;
    if (damaged > 0 && text != NULL)
        text = arena_print(arena, "%s, %llu damaged line%s", text, (unsigned long long)damaged,
                           damaged == 1 ? "" : "s");
    if (text == begin && judged == 0 && outcomes[OUTCOME_IDENTICAL] > 0)
        text = arena_print(arena, "%s: nothing that is measured changed", text);
    else if (text == begin)
        text = arena_print(arena, "%s: %zu of %zu comparisons within the limits, %zu improved",
                           text, within, judged, outcomes[OUTCOME_IMPROVED]);
    if (text != NULL && outcomes[OUTCOME_IDENTICAL] > 0)
        text = arena_print(arena, "%s, %zu package%s identical", text, outcomes[OUTCOME_IDENTICAL],
                           outcomes[OUTCOME_IDENTICAL] == 1 ? "" : "s");
    return text;
}
