#include "ci/decide/ends.h"

#include "ci/decide/notes.h"

/* No run of this side has an end, and those of the other side have. */
static bool is_open(const struct dataset *dataset, enum side side)
{
    const struct side_data *other = &dataset->sides[side_other(side)];
    return dataset->sides[side].without_end && !other->without_end && other->results > 0;
}

/* Benchmarks with results on the other side, of which this one has no trace. */
static size_t count_missing(const struct dataset *dataset, enum side side)
{
    size_t missing = 0;
    for (size_t i = 0; i < dataset->benchmark_count; i++)
        missing += dataset->benchmarks[i]->mishaps[side_other(side)].results > 0 &&
                   !benchmark_seen(dataset->benchmarks[i], side);
    return missing;
}

bool ends_check(struct dataset *dataset)
{
    for (enum side side = BASE; side < SIDES; side++) {
        const struct side_data *data = &dataset->sides[side];
        bool lone = (data->processes == 1 || data->processes <= data->open_packages) &&
                    data->fact_count > 0 && data->failure_count == 0;
        size_t missing = lone && is_open(dataset, side) ? count_missing(dataset, side) : 0;
        if (missing == 0)
            continue;
        const char *text =
            arena_print(dataset->arena,
                        "no PASS, ok or FAIL after its results, and without %zu benchmark%s that "
                        "%s has: cut off (who filters a file keeps those lines)",
                        missing, missing == 1 ? "" : "s", dataset->sides[side_other(side)].source);
        if (text == NULL || !dataset_failure(dataset, side, (struct slice){0}, (struct slice){0},
                                             data->last_line, slice_of(text)))
            return false;
    }
    return true;
}

bool ends_note(struct decision *decision, struct arena *arena)
{
    const struct dataset *dataset = decision->dataset;
    for (enum side side = BASE; side < SIDES; side++)
        if (is_open(dataset, side) && dataset->sides[side].failure_count == 0 &&
            !notes_add(decision, arena,
                       arena_print(arena,
                                   "%s has no PASS, ok or FAIL after any results, as %s has them: "
                                   "it was filtered, or cut off; whether its runs ended well is "
                                   "not known",
                                   dataset->sides[side].source,
                                   dataset->sides[side_other(side)].source)))
            return false;
    return true;
}
