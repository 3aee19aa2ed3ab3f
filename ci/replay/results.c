#include "ci/replay/results.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "ci/report/json_results.h"

/* Lists that are looked through for each benchmark are no longer than the reader of results lets
 * them be. */
enum { MOST_FACTS = 64, MOST_FAILURES = 1000, MOST_CHANGED = 100000, MOST_IDENTICAL = 100000 };

static const char *const better_words[] = {"lower", "higher"};

#define COUNT(type, member, key, flags)                                                            \
    {                                                                                              \
        key, FIELD_COUNT, offsetof(type, member), flags, 0, FIELD_MOST, NULL, 0                    \
    }
#define FIELDS(table) table, sizeof(table) / sizeof((table)[0])

/* ---- sides ---- */

struct kept_side {
    const char *source;
    uint64_t results, damaged, ignored, processes;
    bool without_cpu, without_end;
    struct node facts, failures;
};

static const struct field side_fields[] = {
    {"label", FIELD_TEXT, offsetof(struct kept_side, source), 0, 0, 0, NULL, 0},
    COUNT(struct kept_side, results, "results", 0),
    {"processes", FIELD_COUNT, offsetof(struct kept_side, processes), 0, 0, UINT32_MAX, NULL, 0},
    COUNT(struct kept_side, damaged, "damaged_lines", 0),
    COUNT(struct kept_side, ignored, "ignored_lines", 0),
    {"without_cpu", FIELD_BOOLEAN, offsetof(struct kept_side, without_cpu), 0, 0, 0, NULL, 0},
    {"without_end", FIELD_BOOLEAN, offsetof(struct kept_side, without_end), FIELD_OPTIONAL, 0, 0,
     NULL, 0},
    {"facts", FIELD_ARRAY, offsetof(struct kept_side, facts), 0, 0, 0, NULL, 0},
    {"failed_packages", FIELD_ARRAY, offsetof(struct kept_side, failures), 0, 0, 0, NULL, 0},
};

static const struct field fact_fields[] = {
    {"key", FIELD_SLICE, offsetof(struct machine_fact, key), 0, 0, 0, NULL, 0},
    {"value", FIELD_SLICE, offsetof(struct machine_fact, value), 0, 0, 0, NULL, 0},
    COUNT(struct machine_fact, line, "line", 0),
};

static const struct field failure_fields[] = {
    {"package", FIELD_SLICE, offsetof(struct package_failure, package), 0, 0, 0, NULL, 0},
    {"message", FIELD_SLICE, offsetof(struct package_failure, text), 0, 0, 0, NULL, 0},
    COUNT(struct package_failure, line, "line", 0),
};

static bool read_facts(const struct kept *kept, struct node array, struct side_data *data)
{
    struct walk walk = {0};
    struct node entry;
    bool good = fields_fits(kept, array, MOST_FACTS, "facts");
    data->facts =
        good ? arena_zero(kept->arena, json_array_size(array.value) + 1, sizeof *data->facts)
             : NULL;
    while (data->facts != NULL && fields_next(kept, array, &walk, FIELD_OBJECT, &entry, &good))
        good = fields_read(kept, entry, "a fact", FIELDS(fact_fields),
                           &data->facts[data->fact_count++]);
    return good && data->facts != NULL;
}

static bool read_failures(const struct kept *kept, struct node array, struct side_data *data)
{
    struct walk walk = {0};
    struct node entry;
    bool good = fields_fits(kept, array, MOST_FAILURES, "failed packages");
    data->failures =
        good ? arena_zero(kept->arena, json_array_size(array.value) + 1, sizeof *data->failures)
             : NULL;
    while (data->failures != NULL && fields_next(kept, array, &walk, FIELD_OBJECT, &entry, &good))
        good = fields_read(kept, entry, "a failed package", FIELDS(failure_fields),
                           &data->failures[data->failure_count++]);
    return good && data->failures != NULL;
}

static bool read_side(const struct kept *kept, struct node object, struct side_data *data)
{
    struct kept_side side = {0};
    if (!fields_read(kept, object, "a side", FIELDS(side_fields), &side))
        return false;
    data->source = side.source;
    data->results = side.results;
    data->damaged = side.damaged;
    data->ignored = side.ignored;
    data->processes = (uint32_t)side.processes;
    data->without_cpu = side.without_cpu;
    data->without_end = side.without_end;
    return read_facts(kept, side.facts, data) && read_failures(kept, side.failures, data);
}

/* ---- units ---- */

struct kept_unit {
    struct slice name;
    unsigned better;
    bool better_declared, exact, assume_declared;
};

static const struct field unit_fields[] = {
    {"name", FIELD_SLICE, offsetof(struct kept_unit, name), 0, 0, 0, NULL, 0},
    {"better", FIELD_WORD, offsetof(struct kept_unit, better), FIELD_NULL, 0, 0, better_words, 2},
    {"better_declared", FIELD_BOOLEAN, offsetof(struct kept_unit, better_declared), 0, 0, 0, NULL,
     0},
    {"exact", FIELD_BOOLEAN, offsetof(struct kept_unit, exact), 0, 0, 0, NULL, 0},
    {"assume_declared", FIELD_BOOLEAN, offsetof(struct kept_unit, assume_declared), 0, 0, 0, NULL,
     0},
};

static bool read_unit(const struct kept *kept, struct node entry, struct unit_table *units)
{
    enum { NO_WORD = 2 };
    static const enum better betters[] = {BETTER_LOWER, BETTER_HIGHER, BETTER_UNKNOWN};
    struct kept_unit from = {.better = NO_WORD};
    size_t before = units->unit_count;
    if (!fields_read(kept, entry, "a unit", FIELDS(unit_fields), &from))
        return false;
    const struct written_unit *made = unit_intern(units, from.name);
    if (made == NULL)
        return fields_fault(kept, entry, "more than %d units", UNIT_TABLE_MAX);
    if (units->unit_count == before || !slice_equal(made->unit->name, from.name))
        return fields_fault(kept, entry, "this unit is not tidy, or stands here twice");
    made->unit->better = betters[from.better];
    made->unit->better_declared = from.better_declared;
    made->unit->exact = from.exact;
    made->unit->assume_declared = from.assume_declared;
    return true;
}

static bool read_units(const struct kept *kept, struct node array, struct unit_table *units)
{
    struct walk walk = {0};
    struct node entry;
    bool good = true;
    while (fields_next(kept, array, &walk, FIELD_OBJECT, &entry, &good))
        good = read_unit(kept, entry, units);
    return good;
}

/* ---- samples ---- */

struct kept_series {
    struct slice unit;
    struct node values[SIDES], processes[SIDES], stated;
};

static const struct field series_fields[] = {
    {"unit", FIELD_SLICE, offsetof(struct kept_series, unit), 0, 0, 0, NULL, 0},
    {"base", FIELD_ARRAY, offsetof(struct kept_series, values[BASE]), 0, 0, 0, NULL, 0},
    {"base_processes", FIELD_ARRAY, offsetof(struct kept_series, processes[BASE]), 0, 0, 0, NULL,
     0},
    {"head", FIELD_ARRAY, offsetof(struct kept_series, values[HEAD]), 0, 0, 0, NULL, 0},
    {"head_processes", FIELD_ARRAY, offsetof(struct kept_series, processes[HEAD]), 0, 0, 0, NULL,
     0},
    {"stated", FIELD_OBJECT, offsetof(struct kept_series, stated), FIELD_OPTIONAL, 0, 0, NULL, 0},
};

/* Ordinals never fall, and each is of a process that the side has. */
static bool read_processes(const struct kept *kept, struct node array, uint32_t processes,
                           struct samples *samples)
{
    struct walk walk = {0};
    struct node entry;
    json_int_t last = 0;
    size_t i = 0;
    bool good = true;
    while (fields_next(kept, array, &walk, FIELD_COUNT, &entry, &good)) {
        json_int_t ordinal = json_integer_value(entry.value);
        if (ordinal < last || ordinal >= (json_int_t)processes)
            return fields_fault(kept, entry, "%s is no process that can stand here",
                                document_quote(kept->document, entry));
        samples->processes[i++] = (uint32_t)(last = ordinal);
    }
    return good;
}

static bool read_samples(const struct kept *kept, struct node values, struct node ordinals,
                         uint32_t processes, struct samples *samples)
{
    struct walk walk = {0};
    struct node entry;
    size_t count = json_array_size(values.value);
    bool good = true;
    if (json_array_size(ordinals.value) != count)
        return fields_fault(kept, ordinals, "%zu processes of %zu samples",
                            json_array_size(ordinals.value), count);
    if (count == 0)
        return true;
    samples->values = arena_allocate(kept->arena, count, sizeof *samples->values);
    samples->processes = arena_allocate(kept->arena, count, sizeof *samples->processes);
    if (samples->values == NULL || samples->processes == NULL)
        return false;
    samples->capacity = count;
    while (fields_next(kept, values, &walk, FIELD_NUMBER, &entry, &good))
        samples->values[samples->count++] = json_number_value(entry.value);
    return good && read_processes(kept, ordinals, processes, samples);
}

struct kept_statement {
    unsigned change;
    double ratio, p_value;
    uint64_t samples[SIDES], line;
    bool too_few, damaged;
};

static const struct field statement_fields[] = {
    {"change", FIELD_WORD, offsetof(struct kept_statement, change), 0, 0, 0, json_stated_changes,
     JSON_STATED_CHANGES},
    {"ratio", FIELD_NUMBER, offsetof(struct kept_statement, ratio), FIELD_NULL, 0, 0, NULL, 0},
    {"p_value", FIELD_NUMBER, offsetof(struct kept_statement, p_value), FIELD_NULL, 0, 1, NULL, 0},
    COUNT(struct kept_statement, samples[BASE], "base_samples", 0),
    COUNT(struct kept_statement, samples[HEAD], "head_samples", 0),
    {"too_few", FIELD_BOOLEAN, offsetof(struct kept_statement, too_few), 0, 0, 0, NULL, 0},
    COUNT(struct kept_statement, line, "line", 0),
    {"damaged", FIELD_BOOLEAN, offsetof(struct kept_statement, damaged), 0, 0, 0, NULL, 0},
};

static bool read_statement(const struct kept *kept, struct node object, struct series *series)
{
    struct kept_statement from = {.ratio = (double)NAN, .p_value = (double)NAN};
    struct statement *made = arena_allocate(kept->arena, 1, sizeof *made);
    if (made == NULL || !fields_read(kept, object, "a statement", FIELDS(statement_fields), &from))
        return false;
    if (from.change == STATED_RATIO && isnan(from.ratio))
        return fields_fault(kept, object, "a change that is a ratio has none");
    *made = (struct statement){
        .change = (enum stated_change)from.change,
        .ratio = from.ratio,
        .note = {.p_value = from.p_value,
                 .samples = {from.samples[BASE], from.samples[HEAD]},
                 .too_few = from.too_few},
        .line = from.line,
        .damaged = from.damaged,
    };
    series->stated = made;
    return true;
}

static bool read_series(const struct kept *kept, struct node object, struct dataset *dataset,
                        struct benchmark *benchmark)
{
    struct kept_series from = {0};
    if (!fields_read(kept, object, "a series", FIELDS(series_fields), &from))
        return false;
    const struct written_unit *unit = unit_find(dataset->units, from.unit);
    if (unit == NULL)
        return fields_fault(kept, object, "its unit is not among the units of the report");
    struct series *series = dataset_series(dataset, benchmark, unit->unit);
    if (series == NULL)
        return false;
    for (int side = BASE; side < SIDES; side++) {
        uint32_t processes = dataset->summary ? 1 : dataset->sides[side].processes;
        if (!read_samples(kept, from.values[side], from.processes[side], processes,
                          &series->sides[side]))
            return false;
        if (dataset->summary && series->sides[side].count > 1)
            return fields_fault(kept, from.values[side], "a summary has one value a side");
    }
    if ((from.stated.value != NULL) != dataset->summary)
        return fields_fault(kept, object, "statements are what a summary has, and it alone");
    return from.stated.value == NULL || read_statement(kept, from.stated, series);
}

/* ---- benchmarks ---- */

struct kept_benchmark {
    struct slice name, package;
    struct node sides[SIDES], series, place;
    bool changed;
};

struct kept_place {
    const char *file;
    uint64_t line;
};

static const struct field place_fields[] = {
    {"file", FIELD_TEXT, offsetof(struct kept_place, file), 0, 0, 0, NULL, 0},
    COUNT(struct kept_place, line, "line", 0),
};

static const struct field benchmark_fields[] = {
    {"name", FIELD_SLICE, offsetof(struct kept_benchmark, name), 0, 0, 0, NULL, 0},
    {"package", FIELD_SLICE, offsetof(struct kept_benchmark, package), 0, 0, 0, NULL, 0},
    {"changed", FIELD_BOOLEAN, offsetof(struct kept_benchmark, changed), 0, 0, 0, NULL, 0},
    {"place", FIELD_OBJECT, offsetof(struct kept_benchmark, place), FIELD_OPTIONAL, 0, 0, NULL, 0},
    {"base", FIELD_OBJECT, offsetof(struct kept_benchmark, sides[BASE]), 0, 0, 0, NULL, 0},
    {"head", FIELD_OBJECT, offsetof(struct kept_benchmark, sides[HEAD]), 0, 0, 0, NULL, 0},
    {"series", FIELD_ARRAY, offsetof(struct kept_benchmark, series), 0, 0, 0, NULL, 0},
};

static const struct field mishap_fields[] = {
    COUNT(struct mishaps, results, "results", 0),
    COUNT(struct mishaps, damaged, "damaged_lines", FIELD_OPTIONAL),
    COUNT(struct mishaps, damaged_line, "damaged_line", FIELD_OPTIONAL),
    {"damage", FIELD_SLICE, offsetof(struct mishaps, damage), FIELD_OPTIONAL, 0, 0, NULL, 0},
    {"failure", FIELD_SLICE, offsetof(struct mishaps, failure), FIELD_OPTIONAL, 0, 0, NULL, 0},
    COUNT(struct mishaps, failure_line, "failure_line", FIELD_OPTIONAL),
    COUNT(struct mishaps, skipped_line, "skipped_line", FIELD_OPTIONAL),
};

static bool read_place(const struct kept *kept, struct node object, struct report_place *place)
{
    struct kept_place from = {0};
    if (object.value != NULL && !fields_read(kept, object, "a place", FIELDS(place_fields), &from))
        return false;
    *place = (struct report_place){from.file, from.line};
    return true;
}

static bool read_benchmark(const struct kept *kept, struct node object, struct dataset *dataset,
                           struct report_place *places)
{
    struct kept_benchmark from = {0};
    struct walk walk = {0};
    struct node entry;
    size_t before = dataset->benchmark_count;
    bool good = true;
    if (!fields_read(kept, object, "a benchmark", FIELDS(benchmark_fields), &from))
        return false;
    struct benchmark *made = dataset_benchmark(dataset, from.package, from.name);
    if (made == NULL)
        return false;
    if (dataset->benchmark_count == before)
        return fields_fault(kept, object, "this benchmark stands here twice");
    made->changed = from.changed;
    if (!read_place(kept, from.place, &places[made->index]))
        return false;
    for (int side = BASE; side < SIDES; side++)
        if (!fields_read(kept, from.sides[side], "a benchmark's side", FIELDS(mishap_fields),
                         &made->mishaps[side]))
            return false;
    while (fields_next(kept, from.series, &walk, FIELD_OBJECT, &entry, &good))
        good = read_series(kept, entry, dataset, made);
    return good;
}

static const struct field changed_fields[] = {
    {"package", FIELD_SLICE, offsetof(struct changed_function, package), 0, 0, 0, NULL, 0},
    {"function", FIELD_SLICE, offsetof(struct changed_function, name), 0, 0, 0, NULL, 0},
};

static bool read_changed(const struct kept *kept, struct node array, struct dataset *dataset)
{
    struct walk walk = {0};
    struct node entry;
    size_t room = json_array_size(array.value) + 1;
    bool good = fields_fits(kept, array, MOST_CHANGED, "changed functions");
    dataset->changed = good ? arena_zero(kept->arena, room, sizeof *dataset->changed) : NULL;
    while (dataset->changed != NULL && fields_next(kept, array, &walk, FIELD_OBJECT, &entry, &good))
        good = fields_read(kept, entry, "a changed function", FIELDS(changed_fields),
                           &dataset->changed[dataset->changed_count++]);
    return good && dataset->changed != NULL;
}

static bool read_benchmarks(const struct kept *kept, struct node array, struct dataset *dataset,
                            const struct report_place **places)
{
    struct walk walk = {0};
    struct node entry;
    bool good = true;
    struct report_place *all =
        arena_zero(kept->arena, json_array_size(array.value) + 1, sizeof *all);
    while (all != NULL && fields_next(kept, array, &walk, FIELD_OBJECT, &entry, &good))
        good = read_benchmark(kept, entry, dataset, all);
    for (size_t i = 0; all != NULL && good && i < dataset->benchmark_count; i++)
        if (all[i].file != NULL)
            *places = all;
    return good && all != NULL;
}

bool results_read(const struct kept *kept, const struct kept_results *from, struct dataset *dataset,
                  const struct report_place **places)
{
    bool good = true;
    *places = NULL;
    dataset->summary = from->summary;
    dataset->sources_known = from->sources_known;
    for (int side = BASE; side < SIDES && good; side++)
        good = read_side(kept, from->sides[side], &dataset->sides[side]);
    return good && read_units(kept, from->units, dataset->units) &&
           read_changed(kept, from->changed, dataset) &&
           fields_texts(kept, from->root, "identical_packages", from->identical, MOST_IDENTICAL,
                        &dataset->identical, &dataset->identical_count) &&
           read_benchmarks(kept, from->benchmarks, dataset, places);
}
