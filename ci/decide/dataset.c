#include "ci/decide/dataset.h"

#include <math.h>
#include <string.h>

#include "parsers/benchname.h"

/*
 * A hostile log may name any number of machines and packages; each is looked up in a list, so the
 * lists end. What they are for (refusing mixed machines, exit status 4) is decided long before.
 */
enum { MAX_FACTS = 64, MAX_PACKAGE_FAILURES = 1000 };

void dataset_init(struct dataset *dataset, struct arena *arena, struct unit_table *units)
{
    *dataset =
        (struct dataset){.arena = arena, .units = units, .seed = (uint64_t)(uintptr_t)dataset};
}

static uint64_t hash_name(const struct dataset *dataset, struct slice package, struct slice name)
{
    return slice_hash(name, slice_hash(package, dataset->seed));
}

static struct benchmark **slot_for(const struct dataset *dataset, uint64_t hash,
                                   struct slice package, struct slice name)
{
    size_t at = hash & (dataset->slot_count - 1);
    for (;; at = (at + 1) & (dataset->slot_count - 1)) {
        struct benchmark *there = dataset->slots[at];
        if (there == NULL || (there->hash == hash && slice_equal(there->name, name) &&
                              slice_equal(there->package, package)))
            return &dataset->slots[at];
    }
}

/* Keeps the table at most half full. */
static bool make_room(struct dataset *dataset)
{
    if (2 * (dataset->benchmark_count + 1) <= dataset->slot_count)
        return true;
    size_t count = dataset->slot_count == 0 ? 64 : 2 * dataset->slot_count;
    struct benchmark **slots = arena_zero(dataset->arena, count, sizeof(struct benchmark *));
    struct benchmark **all =
        arena_grow(dataset->arena, dataset->benchmarks, dataset->benchmark_count, count,
                   sizeof(struct benchmark *));
    if (slots == NULL || all == NULL)
        return false;
    dataset->slots = slots;
    dataset->slot_count = count;
    dataset->benchmarks = all;
    for (size_t i = 0; i < dataset->benchmark_count; i++)
        *slot_for(dataset, all[i]->hash, all[i]->package, all[i]->name) = all[i];
    return true;
}

struct benchmark *dataset_benchmark(struct dataset *dataset, struct slice package,
                                    struct slice name)
{
    if (!make_room(dataset))
        return NULL;
    uint64_t hash = hash_name(dataset, package, name);
    struct benchmark **slot = slot_for(dataset, hash, package, name);
    if (*slot != NULL)
        return *slot;
    struct benchmark *made = arena_zero(dataset->arena, 1, sizeof *made);
    if (made == NULL)
        return NULL;
    made->hash = hash;
    made->name = arena_copy(dataset->arena, name);
    /* Benchmarks of one package come together: share the text. */
    size_t count = dataset->benchmark_count;
    if (count > 0 && slice_equal(dataset->benchmarks[count - 1]->package, package))
        made->package = dataset->benchmarks[count - 1]->package;
    else
        made->package = arena_copy(dataset->arena, package);
    if (made->name.text == NULL || made->package.text == NULL)
        return NULL;
    made->index = dataset->benchmark_count++;
    dataset->benchmarks[made->index] = made;
    return *slot = made;
}

const struct benchmark *dataset_find(const struct dataset *dataset, struct slice package,
                                     struct slice name)
{
    if (dataset->slot_count == 0)
        return NULL;
    return *slot_for(dataset, hash_name(dataset, package, name), package, name);
}

struct series *dataset_series(struct dataset *dataset, struct benchmark *benchmark,
                              const struct unit *unit)
{
    struct series *made = arena_zero(dataset->arena, 1, sizeof *made);
    if (made == NULL)
        return NULL;
    made->benchmark = benchmark;
    made->unit = unit;
    if (benchmark->last != NULL)
        benchmark->last->next = made;
    else
        benchmark->first = made;
    return benchmark->last = made;
}

static struct series *find_series(struct dataset *dataset, struct benchmark *benchmark,
                                  const struct unit *unit)
{
    for (struct series *series = benchmark->first; series != NULL; series = series->next)
        if (series->unit == unit)
            return series;
    return dataset_series(dataset, benchmark, unit);
}

bool samples_add(struct arena *arena, struct samples *samples, double value, uint32_t process)
{
    if (samples->count == samples->capacity) {
        size_t capacity = samples->capacity == 0 ? 10 : 2 * samples->capacity;
        double *values =
            arena_grow(arena, samples->values, samples->count, capacity, sizeof *values);
        uint32_t *processes =
            arena_grow(arena, samples->processes, samples->count, capacity, sizeof *processes);
        if (values == NULL || processes == NULL)
            return false;
        samples->values = values;
        samples->processes = processes;
        samples->capacity = capacity;
    }
    samples->values[samples->count] = value;
    samples->processes[samples->count++] = process;
    return true;
}

bool dataset_record(struct dataset *dataset, enum side side, struct slice package,
                    const struct record *record)
{
    struct benchmark *benchmark = dataset_benchmark(dataset, package, record->name);
    if (benchmark == NULL)
        return false;
    for (size_t i = 0; i < record->measurement_count; i++) {
        const struct measurement *measurement = &record->measurements[i];
        struct series *series = find_series(dataset, benchmark, measurement->unit->unit);
        if (series == NULL ||
            !samples_add(dataset->arena, &series->sides[side], measurement->value, record->process))
            return false;
    }
    benchmark->mishaps[side].results++;
    dataset->sides[side].results++;
    if (record->process + 1 > dataset->sides[side].processes)
        dataset->sides[side].processes = record->process + 1;
    return true;
}

bool dataset_damage(struct dataset *dataset, enum side side, struct slice package,
                    struct slice name, uint64_t line, struct slice what)
{
    dataset->sides[side].damaged++;
    /* "Benchmarking the server ..." is a log line: no benchmark's name goes on in lower case. */
    if (name.length == 0 || (name.text[0] >= 'a' && name.text[0] <= 'z'))
        return true;
    struct benchmark *benchmark = dataset_benchmark(dataset, package, name);
    if (benchmark == NULL)
        return false;
    struct mishaps *mishaps = &benchmark->mishaps[side];
    if (mishaps->damaged++ == 0) {
        mishaps->damaged_line = line;
        mishaps->damage = arena_copy(dataset->arena, what);
    }
    return mishaps->damage.text != NULL;
}

static bool package_failed(struct dataset *dataset, enum side side, struct slice package,
                           uint64_t line, struct slice text)
{
    struct side_data *data = &dataset->sides[side];
    for (size_t i = 0; i < data->failure_count; i++)
        if (slice_equal(data->failures[i].package, package))
            return true;
    if (data->failure_count == MAX_PACKAGE_FAILURES)
        return true;
    struct package_failure *more = arena_grow(dataset->arena, data->failures, data->failure_count,
                                              data->failure_count + 1, sizeof *more);
    if (more == NULL)
        return false;
    more[data->failure_count] = (struct package_failure){arena_copy(dataset->arena, package),
                                                         arena_copy(dataset->arena, text), line};
    data->failures = more;
    data->failure_count++;
    return !dataset->arena->failed;
}

bool dataset_failure(struct dataset *dataset, enum side side, struct slice package,
                     struct slice name, uint64_t line, struct slice text)
{
    if (name.length == 0)
        return package_failed(dataset, side, package, line, text);
    struct benchmark *benchmark = dataset_benchmark(dataset, package, name);
    if (benchmark == NULL)
        return false;
    struct mishaps *mishaps = &benchmark->mishaps[side];
    if (mishaps->failure_line == 0) {
        mishaps->failure_line = line;
        mishaps->failure = arena_copy(dataset->arena, text);
    }
    return mishaps->failure.text != NULL;
}

bool dataset_skip(struct dataset *dataset, enum side side, struct slice package, struct slice name,
                  uint64_t line)
{
    struct benchmark *benchmark = dataset_benchmark(dataset, package, name);
    if (benchmark != NULL && benchmark->mishaps[side].skipped_line == 0)
        benchmark->mishaps[side].skipped_line = line;
    return benchmark != NULL;
}

bool dataset_fact(struct dataset *dataset, enum side side, struct slice key, struct slice value,
                  uint64_t line)
{
    struct side_data *data = &dataset->sides[side];
    for (size_t i = 0; i < data->fact_count; i++)
        if (slice_equal(data->facts[i].key, key) && slice_equal(data->facts[i].value, value))
            return true;
    if (data->fact_count == MAX_FACTS)
        return true;
    struct machine_fact *more = arena_grow(dataset->arena, data->facts, data->fact_count,
                                           data->fact_count + 1, sizeof *more);
    if (more == NULL)
        return false;
    more[data->fact_count] = (struct machine_fact){arena_copy(dataset->arena, key),
                                                   arena_copy(dataset->arena, value), line};
    data->facts = more;
    data->fact_count++;
    return !dataset->arena->failed;
}

/* Whether a benchmark, by its name without "Benchmark", is of that function. */
static bool is_of(const struct benchmark *benchmark, struct slice package, struct slice function)
{
    struct slice name = slice_skip(function, strlen("Benchmark"));
    struct benchname parts = benchname_split(benchmark->name);
    return slice_equal(benchmark->package, package) && slice_equal(parts.base, name);
}

bool dataset_changed(struct dataset *dataset, struct slice package, struct slice function)
{
    struct changed_function *more =
        arena_grow(dataset->arena, dataset->changed, dataset->changed_count,
                   dataset->changed_count + 1, sizeof *more);
    if (more == NULL)
        return false;
    more[dataset->changed_count++] = (struct changed_function){
        arena_copy(dataset->arena, package), arena_copy(dataset->arena, function)};
    dataset->changed = more;
    for (size_t i = 0; i < dataset->benchmark_count; i++)
        if (is_of(dataset->benchmarks[i], package, function))
            dataset->benchmarks[i]->changed = true;
    return !dataset->arena->failed;
}

bool dataset_identical(struct dataset *dataset, struct slice package)
{
    struct slice *more = arena_grow(dataset->arena, dataset->identical, dataset->identical_count,
                                    dataset->identical_count + 1, sizeof *more);
    if (more == NULL)
        return false;
    more[dataset->identical_count++] = arena_copy(dataset->arena, package);
    dataset->identical = more;
    return !dataset->arena->failed;
}

bool benchmark_seen(const struct benchmark *benchmark, enum side side)
{
    const struct mishaps *mishaps = &benchmark->mishaps[side];
    return mishaps->results > 0 || mishaps->damaged > 0 || mishaps->failure_line > 0 ||
           mishaps->skipped_line > 0;
}

bool dataset_sides_equal(const struct dataset *dataset)
{
    bool any = false;
    for (size_t i = 0; i < dataset->benchmark_count; i++)
        for (struct series *series = dataset->benchmarks[i]->first; series != NULL;
             series = series->next) {
            const struct samples *base = &series->sides[BASE], *head = &series->sides[HEAD];
            if (base->count != head->count ||
                memcmp(base->values, head->values, base->count * sizeof *base->values) != 0)
                return false;
            any = true;
        }
    return any;
}
