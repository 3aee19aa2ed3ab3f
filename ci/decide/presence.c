#include "ci/decide/presence.h"

#include "ci/decide/renames.h"
#include "parsers/benchname.h"

struct verdict *verdict_list_add(struct verdict_list *list)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity == 0 ? 64 : 2 * list->capacity;
        struct verdict *more =
            arena_grow(list->arena, list->all, list->count, capacity, sizeof *more);
        if (more == NULL)
            return NULL;
        list->all = more;
        list->capacity = capacity;
    }
    struct verdict *made = &list->all[list->count++];
    *made = (struct verdict){0};
    return made;
}

static struct verdict *add(struct verdict_list *list, const struct benchmark *benchmark,
                           enum outcome outcome, const char *why)
{
    struct verdict *verdict = why == NULL ? NULL : verdict_list_add(list);
    if (verdict == NULL)
        return NULL;
    verdict->benchmark = benchmark;
    if (benchmark != NULL)
        verdict->package = benchmark->package;
    verdict->outcome = outcome;
    verdict->why = why;
    return verdict;
}

static const struct package_failure *package_failure(const struct side_data *data,
                                                     struct slice package)
{
    for (size_t i = 0; i < data->failure_count; i++)
        if (slice_equal(data->failures[i].package, package))
            return &data->failures[i];
    return NULL;
}

/* A name as a "--- FAIL:" line has it, without the number of CPUs. */
static struct slice bare_name(const struct benchmark *benchmark)
{
    struct benchname parts = benchname_split(benchmark->name);
    struct slice name = benchmark->name;
    if (parts.gomaxprocs.length > 0)
        name.length -= parts.gomaxprocs.length + 1;
    return name;
}

/*
 * The benchmark whose failure on that side is this one's, or NULL: it did not fail. Lines that say
 * that Encode failed mean Encode-8 too, where that has no results.
 */
static const struct benchmark *failed_as(const struct dataset *dataset,
                                         const struct benchmark *benchmark, enum side side)
{
    if (benchmark->mishaps[side].failure_line > 0)
        return benchmark;
    struct slice bare = bare_name(benchmark);
    if (benchmark->mishaps[side].results > 0 || bare.length == benchmark->name.length)
        return NULL;
    const struct benchmark *other = dataset_find(dataset, benchmark->package, bare);
    return other != NULL && other->mishaps[side].failure_line > 0 ? other : NULL;
}

/* Benchmarks whose failure is told under their name with the number of CPUs, by index. */
static bool *find_told(const struct dataset *dataset, struct arena *arena)
{
    bool *told = arena_zero(arena, dataset->benchmark_count + 1, sizeof *told);
    for (size_t i = 0; told != NULL && i < dataset->benchmark_count; i++)
        for (int side = BASE; side < SIDES; side++) {
            const struct benchmark *from =
                failed_as(dataset, dataset->benchmarks[i], (enum side)side);
            if (from != NULL && from->index != i)
                told[from->index] = true;
        }
    return told;
}

/* Appends a failure of the benchmark where it failed on some side. */
static bool decide_failed(const struct dataset *dataset, const struct benchmark *benchmark,
                          struct verdict_list *list, bool *failed)
{
    for (int s = BASE; s < SIDES; s++) {
        enum side side = (enum side)s;
        const struct side_data *data = &dataset->sides[side];
        const struct benchmark *as = failed_as(dataset, benchmark, side);
        const struct package_failure *package = package_failure(data, benchmark->package);
        const char *why;
        if (as != NULL)
            why =
                arena_print(list->arena, "failed in %s (%s:%llu: %.*s)", side_name(side),
                            data->source, (unsigned long long)as->mishaps[side].failure_line,
                            (int)as->mishaps[side].failure.length, as->mishaps[side].failure.text);
        else if (package != NULL && benchmark->mishaps[side].results == 0)
            why = arena_print(list->arena, "did not run in %s: its package failed (%s:%llu: %.*s)",
                              side_name(side), data->source, (unsigned long long)package->line,
                              (int)package->text.length, package->text.text);
        else
            continue;
        *failed = true;
        if (add(list, benchmark, OUTCOME_FAILED, why) == NULL)
            return false;
    }
    return true;
}

/*
 * Of the rules that would judge the unit, by whatever statistic, the first whose `outcome` blocks,
 * else the first; NULL: none would.
 */
static const struct rule *rule_of(const struct policy *policy, const struct benchmark *benchmark,
                                  struct slice unit, enum outcome outcome)
{
    const struct rule *any = NULL;
    for (int statistic = 0; statistic < STATISTICS; statistic++) {
        const struct rule *rule = policy_match(policy, benchmark->package, benchmark->name, unit,
                                               (enum statistic)statistic);
        if (rule != NULL && (rule->on[outcome] & CONSEQUENCE_BLOCK))
            return rule;
        if (any == NULL)
            any = rule;
    }
    return any;
}

/* The rule that says what losing this benchmark means: the first that blocks, else the first. */
static const struct rule *missing_rule(const struct policy *policy,
                                       const struct benchmark *benchmark)
{
    const struct rule *any = NULL;
    for (const struct series *series = benchmark->first; series != NULL; series = series->next) {
        const struct rule *rule = rule_of(policy, benchmark, series->unit->name, OUTCOME_MISSING);
        if (rule != NULL && (rule->on[OUTCOME_MISSING] & CONSEQUENCE_BLOCK))
            return rule;
        if (any == NULL)
            any = rule;
    }
    if (any != NULL)
        return any;
    /* All its results were damaged: it would have had a time, as every benchmark has. */
    return benchmark->first == NULL ? rule_of(policy, benchmark, SLICE("sec/op"), OUTCOME_MISSING)
                                    : NULL;
}

static bool add_missing(const struct policy *policy, const struct benchmark *benchmark,
                        const char *why, struct verdict_list *list)
{
    struct verdict *verdict = add(list, benchmark, OUTCOME_MISSING, why);
    if (verdict == NULL)
        return false;
    verdict->rule = missing_rule(policy, benchmark);
    verdict->consequences =
        verdict->rule != NULL ? verdict->rule->on[OUTCOME_MISSING] : CONSEQUENCE_NOTE;
    return true;
}

/* A benchmark without a good result on either side: said, where lines of it were damaged. */
static bool decide_nowhere(const struct policy *policy, const struct benchmark *benchmark,
                           struct verdict_list *list)
{
    if (benchmark->mishaps[BASE].damaged > 0 && !benchmark_seen(benchmark, HEAD))
        return add_missing(
            policy, benchmark,
            arena_print(list->arena, "all its results in base are damaged, and head has none"),
            list);
    if (benchmark->mishaps[BASE].damaged + benchmark->mishaps[HEAD].damaged == 0)
        return true; /* skipped */
    struct verdict *verdict =
        add(list, benchmark, OUTCOME_MISSING,
            arena_print(list->arena, "all its results are damaged, and no side has a good one"));
    if (verdict != NULL)
        verdict->consequences = CONSEQUENCE_NOTE;
    return verdict != NULL;
}

/* What the rules that would judge the unit want of a new one. */
static unsigned new_unit_consequences(const struct policy *policy,
                                      const struct benchmark *benchmark, struct slice unit)
{
    unsigned consequences = CONSEQUENCE_NOTE;
    for (int statistic = 0; statistic < STATISTICS; statistic++) {
        const struct rule *rule = policy_match(policy, benchmark->package, benchmark->name, unit,
                                               (enum statistic)statistic);
        consequences |= rule != NULL ? rule->on[OUTCOME_NEW] : 0;
    }
    return consequences;
}

/* What the rules of its units want of a new benchmark. */
static unsigned new_consequences(const struct policy *policy, const struct benchmark *benchmark)
{
    unsigned consequences = CONSEQUENCE_NOTE;
    for (const struct series *series = benchmark->first; series != NULL; series = series->next)
        consequences |= new_unit_consequences(policy, benchmark, series->unit->name);
    return consequences;
}

static bool decide_new(const struct policy *policy, const struct benchmark *benchmark,
                       struct verdict_list *list)
{
    bool skipped = benchmark->mishaps[BASE].skipped_line > 0;
    struct verdict *verdict =
        add(list, benchmark, OUTCOME_NEW,
            arena_print(list->arena, "in head only%s", skipped ? "; skipped in base" : ""));
    if (verdict != NULL)
        verdict->consequences = new_consequences(policy, benchmark);
    return verdict != NULL;
}

/* So many missing benchmarks are looked up among the new ones. */
enum { HINTED = 100 };

/* "in base only", and what it may have become. */
static const char *why_gone(const struct dataset *dataset, const struct benchmark *benchmark,
                            struct verdict_list *list)
{
    const struct benchmark *other =
        list->hinted++ < HINTED ? renames_find(dataset, benchmark) : NULL;
    if (other == NULL)
        return arena_print(list->arena, "in base only");
    bool moved = !slice_equal(other->package, benchmark->package);
    return arena_print(list->arena, "in base only; %s%.*s%s%.*s is new: was it renamed?",
                       moved ? "" : "Benchmark", moved ? (int)other->package.length : 0,
                       moved ? other->package.text : "", moved ? ".Benchmark" : "",
                       (int)other->name.length, other->name.text);
}

/* A benchmark of which one side has no good result. */
static bool decide_absent(const struct dataset *dataset, const struct policy *policy,
                          const struct benchmark *benchmark, struct verdict_list *list)
{
    enum side without = benchmark->mishaps[HEAD].results == 0 ? HEAD : BASE;
    const struct mishaps *there = &benchmark->mishaps[without];
    const struct side_data *data = &dataset->sides[without];
    struct arena *arena = list->arena;
    if (benchmark->mishaps[BASE].results + benchmark->mishaps[HEAD].results == 0)
        return decide_nowhere(policy, benchmark, list);
    if (there->damaged > 0)
        return add_missing(policy, benchmark,
                           arena_print(arena, "all its results in %s are damaged (%s:%llu: %.*s)",
                                       side_name(without), data->source,
                                       (unsigned long long)there->damaged_line,
                                       (int)there->damage.length, there->damage.text),
                           list);
    if (without == BASE)
        return decide_new(policy, benchmark, list);
    const char *why = there->skipped_line > 0
                          ? arena_print(arena, "in base only: skipped in head (%s:%llu)",
                                        data->source, (unsigned long long)there->skipped_line)
                          : why_gone(dataset, benchmark, list);
    return add_missing(policy, benchmark, why, list);
}

/* "B/op is in base only"; of a summary, its row may be damaged. */
static const char *why_one_sided(const struct series *series, const char *source,
                                 struct arena *arena)
{
    int length = (int)series->unit->name.length;
    const char *unit = series->unit->name.text;
    if (series->stated != NULL && series->stated->damaged)
        return arena_print(arena, "the row of its %.*s is damaged (%s:%llu)", length, unit, source,
                           (unsigned long long)series->stated->line);
    return arena_print(arena, "%.*s is in %s only", length, unit,
                       side_name(series->sides[BASE].count > 0 ? BASE : HEAD));
}

/* Units that only one side of a benchmark reports, as B/op without -benchmem. */
static bool decide_units(const struct policy *policy, const struct benchmark *benchmark,
                         const char *source, struct verdict_list *list)
{
    for (const struct series *series = benchmark->first; series != NULL; series = series->next) {
        bool in_base = series->sides[BASE].count > 0, in_head = series->sides[HEAD].count > 0;
        if (in_base && in_head)
            continue;
        const char *why = why_one_sided(series, source, list->arena);
        struct verdict *verdict =
            add(list, benchmark, in_base ? OUTCOME_MISSING : OUTCOME_NEW, why);
        if (verdict == NULL)
            return false;
        verdict->series = series;
        verdict->rule = rule_of(policy, benchmark, series->unit->name, verdict->outcome);
        if (!in_base)
            verdict->consequences = new_unit_consequences(policy, benchmark, series->unit->name);
        else
            verdict->consequences =
                verdict->rule != NULL ? verdict->rule->on[OUTCOME_MISSING] : CONSEQUENCE_NOTE;
    }
    return true;
}

/* Packages that failed and of which no benchmark says so. */
static bool decide_packages(const struct dataset *dataset, struct verdict_list *list)
{
    size_t named = list->count;
    for (int s = BASE; s < SIDES; s++) {
        enum side side = (enum side)s;
        const struct side_data *data = &dataset->sides[side];
        for (size_t i = 0; i < data->failure_count; i++) {
            const struct package_failure *failure = &data->failures[i];
            bool said = false;
            for (size_t k = 0; k < named && !said; k++)
                said = list->all[k].outcome == OUTCOME_FAILED &&
                       slice_equal(list->all[k].package, failure->package);
            if (said)
                continue;
            struct verdict *verdict =
                add(list, NULL, OUTCOME_FAILED,
                    arena_print(list->arena, "%s in %s (%s:%llu: %.*s)",
                                failure->package.length > 0 ? "the package failed"
                                                            : "a run did not end well",
                                side_name(side), data->source, (unsigned long long)failure->line,
                                (int)failure->text.length, failure->text.text));
            if (verdict == NULL)
                return false;
            verdict->package = failure->package;
        }
    }
    return true;
}

/* Packages that were not run, because nothing in them can have changed. */
static bool decide_identical(const struct dataset *dataset, struct verdict_list *list)
{
    for (size_t i = 0; i < dataset->identical_count; i++) {
        struct verdict *verdict =
            add(list, NULL, OUTCOME_IDENTICAL,
                arena_print(list->arena, "the same test binary and data files on both sides"));
        if (verdict == NULL)
            return false;
        verdict->package = dataset->identical[i];
        verdict->consequences = CONSEQUENCE_NOTE;
    }
    return true;
}

/* Benchmark functions that are not the same on both sides: their numbers are of other work. */
static bool decide_changed(const struct dataset *dataset, const struct policy *policy,
                           struct verdict_list *list)
{
    for (size_t i = 0; i < dataset->changed_count; i++) {
        const struct changed_function *changed = &dataset->changed[i];
        struct verdict *verdict =
            add(list, NULL, OUTCOME_CHANGED,
                arena_print(list->arena,
                            "%.*s is not the same benchmark on both sides: its own source, or "
                            "what it uses of the test files, differs",
                            (int)changed->name.length, changed->name.text));
        if (verdict == NULL)
            return false;
        verdict->package = changed->package;
        verdict->consequences = policy->changed_blocks ? CONSEQUENCE_BLOCK : CONSEQUENCE_NOTE;
    }
    return true;
}

bool presence_decide(const struct dataset *dataset, const struct policy *policy,
                     struct verdict_list *list)
{
    const bool *told = find_told(dataset, list->arena);
    if (told == NULL)
        return false;
    for (size_t i = 0; i < dataset->benchmark_count; i++) {
        const struct benchmark *benchmark = dataset->benchmarks[i];
        bool failed = false, good = true;
        if (told[i])
            continue;
        if (!decide_failed(dataset, benchmark, list, &failed))
            return false;
        bool both = benchmark->mishaps[BASE].results > 0 && benchmark->mishaps[HEAD].results > 0;
        if (both)
            good = decide_units(policy, benchmark, dataset->sides[HEAD].source, list);
        else if (!failed)
            good = decide_absent(dataset, policy, benchmark, list);
        if (!good)
            return false;
    }
    return decide_packages(dataset, list) && decide_identical(dataset, list) &&
           decide_changed(dataset, policy, list);
}
