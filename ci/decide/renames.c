#include "ci/decide/renames.h"

#include "parsers/benchname.h"
#include "parsers/editdistance.h"

/* Longer names are not compared, and no more benchmarks than these. */
enum { NAME_BYTES = 60, LOOKED_AT = 500 };

static bool is_new(const struct benchmark *benchmark)
{
    return benchmark->mishaps[HEAD].results > 0 && !benchmark_seen(benchmark, BASE);
}

/* The name without its number of CPUs. */
static struct slice bare(const struct benchmark *benchmark)
{
    struct slice name = benchmark->name, cpus = benchname_split(name).gomaxprocs;
    name.length -= cpus.length > 0 ? cpus.length + 1 : 0;
    return name;
}

/* How far the names are apart; SIZE_MAX: too far. */
static size_t apart(struct slice a, struct slice b)
{
    size_t longer = a.length > b.length ? a.length : b.length;
    if (longer > NAME_BYTES)
        return SIZE_MAX;
    size_t away = editdistance(a, b, false), shorter = a.length < b.length ? a.length : b.length;
    bool begins = shorter >= 3 && (slice_starts(a, b) || slice_starts(b, a));
    return begins || 5 * away <= 2 * longer ? away : SIZE_MAX;
}

const struct benchmark *renames_find(const struct dataset *dataset, const struct benchmark *missing)
{
    const struct benchmark *best = NULL;
    size_t least = SIZE_MAX, looked = 0;
    for (size_t i = 0; i < dataset->benchmark_count && looked < LOOKED_AT; i++) {
        const struct benchmark *other = dataset->benchmarks[i];
        if (!is_new(other))
            continue;
        looked++;
        struct slice was = bare(missing), is = bare(other);
        size_t away = 0;
        if (!slice_equal(was, is)) /* another package: only by the very same name */
            away = slice_equal(other->package, missing->package) ? apart(was, is) : SIZE_MAX;
        if (away < least) {
            least = away;
            best = other;
        }
    }
    return best;
}
