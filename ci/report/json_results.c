#include "ci/report/json_results.h"

const char *const json_stated_changes[JSON_STATED_CHANGES] = {
    [STATED_NOTHING] = "nothing",
    [STATED_EQUAL] = "equal",
    [STATED_RATIO] = "ratio",
    [STATED_FROM_ZERO] = "from zero",
};

json_t *json_better(enum better better)
{
    return better == BETTER_LOWER    ? json_string("lower")
           : better == BETTER_HIGHER ? json_string("higher")
                                     : json_null();
}

/* ---- sides ---- */

static json_t *fact(struct writer *writer, const struct machine_fact *from)
{
    json_t *object = json_object();
    put_text(writer, object, "key", from->key);
    put_text(writer, object, "value", from->value);
    put(writer, object, "line", count(from->line));
    return object;
}

static json_t *failed_package(struct writer *writer, const struct package_failure *from)
{
    json_t *object = json_object();
    put_text(writer, object, "package", from->package);
    put_text(writer, object, "message", from->text);
    put(writer, object, "line", count(from->line));
    return object;
}

void json_put_side_results(struct writer *writer, json_t *object, const struct side_data *data)
{
    json_t *facts = json_array(), *failures = json_array();
    for (size_t i = 0; i < data->fact_count; i++)
        append(writer, facts, fact(writer, &data->facts[i]));
    for (size_t i = 0; i < data->failure_count; i++)
        append(writer, failures, failed_package(writer, &data->failures[i]));
    put(writer, object, "without_cpu", json_boolean(data->without_cpu));
    put(writer, object, "without_end", json_boolean(data->without_end));
    put(writer, object, "facts", facts);
    put(writer, object, "failed_packages", failures);
}

/* ---- benchmarks ---- */

static json_t *unit_object(struct writer *writer, const struct unit *unit)
{
    json_t *object = json_object();
    put_text(writer, object, "name", unit->name);
    put(writer, object, "better", json_better(unit->better));
    put(writer, object, "better_declared", json_boolean(unit->better_declared));
    put(writer, object, "exact", json_boolean(unit->exact));
    put(writer, object, "assume_declared", json_boolean(unit->assume_declared));
    return object;
}

/* Only what did happen. */
static json_t *mishaps(struct writer *writer, const struct mishaps *from)
{
    json_t *object = json_object();
    put(writer, object, "results", count(from->results));
    if (from->damaged > 0) {
        put(writer, object, "damaged_lines", count(from->damaged));
        put(writer, object, "damaged_line", count(from->damaged_line));
        put_text(writer, object, "damage", from->damage);
    }
    if (from->failure_line > 0) {
        put(writer, object, "failure_line", count(from->failure_line));
        put_text(writer, object, "failure", from->failure);
    }
    if (from->skipped_line > 0)
        put(writer, object, "skipped_line", count(from->skipped_line));
    return object;
}

static json_t *stated(struct writer *writer, const struct statement *from)
{
    json_t *object = json_object();
    put(writer, object, "change", json_string(json_stated_changes[from->change]));
    put(writer, object, "ratio", number(from->ratio));
    put(writer, object, "p_value", number(from->note.p_value));
    put(writer, object, "base_samples", count(from->note.samples[BASE]));
    put(writer, object, "head_samples", count(from->note.samples[HEAD]));
    put(writer, object, "too_few", json_boolean(from->note.too_few));
    put(writer, object, "line", count(from->line));
    put(writer, object, "damaged", json_boolean(from->damaged));
    return object;
}

static void put_samples(struct writer *writer, json_t *object, enum side side,
                        const struct samples *samples)
{
    json_t *values = json_array(), *processes = json_array();
    for (size_t i = 0; i < samples->count; i++) {
        append(writer, values, json_real(samples->values[i]));
        append(writer, processes, count(samples->processes[i]));
    }
    put(writer, object, side_name(side), values);
    put(writer, object, side == BASE ? "base_processes" : "head_processes", processes);
}

static json_t *series_object(struct writer *writer, const struct series *series)
{
    json_t *object = json_object();
    put_text(writer, object, "unit", series->unit->name);
    for (int side = BASE; side < SIDES; side++)
        put_samples(writer, object, (enum side)side, &series->sides[side]);
    if (series->stated != NULL)
        put(writer, object, "stated", stated(writer, series->stated));
    return object;
}

static json_t *place_object(struct writer *writer, const struct report_place *place)
{
    json_t *object = json_object();
    put_string(writer, object, "file", place->file);
    put(writer, object, "line", count(place->line));
    return object;
}

static json_t *benchmark_object(struct writer *writer, const struct benchmark *benchmark,
                                const struct report_place *places)
{
    json_t *object = json_object(), *all = json_array();
    put_text(writer, object, "name", benchmark->name);
    put_text(writer, object, "package", benchmark->package);
    if (places != NULL && places[benchmark->index].file != NULL)
        put(writer, object, "place", place_object(writer, &places[benchmark->index]));
    put(writer, object, "changed", json_boolean(benchmark->changed));
    for (int side = BASE; side < SIDES; side++)
        put(writer, object, side_name((enum side)side), mishaps(writer, &benchmark->mishaps[side]));
    for (const struct series *series = benchmark->first; series != NULL; series = series->next)
        append(writer, all, series_object(writer, series));
    put(writer, object, "series", all);
    return object;
}

static json_t *changed_functions(struct writer *writer, const struct dataset *dataset)
{
    json_t *array = json_array();
    for (size_t i = 0; i < dataset->changed_count; i++) {
        json_t *object = json_object();
        put_text(writer, object, "package", dataset->changed[i].package);
        put_text(writer, object, "function", dataset->changed[i].name);
        append(writer, array, object);
    }
    return array;
}

void json_put_results(struct writer *writer, json_t *root, const struct report *report)
{
    const struct dataset *dataset = report->decision != NULL ? report->decision->dataset : NULL;
    json_t *units = json_array(), *benchmarks = json_array();
    for (size_t i = 0; dataset != NULL && i < dataset->units->unit_count; i++)
        append(writer, units, unit_object(writer, dataset->units->units[i]));
    for (size_t i = 0; dataset != NULL && i < dataset->benchmark_count; i++)
        append(writer, benchmarks,
               benchmark_object(writer, dataset->benchmarks[i], report->places));
    put(writer, root, "sources_known",
        dataset != NULL ? json_boolean(dataset->sources_known) : json_null());
    put(writer, root, "changed_functions",
        dataset != NULL ? changed_functions(writer, dataset) : json_array());
    put_texts(writer, root, "identical_packages", dataset != NULL ? dataset->identical : NULL,
              dataset != NULL ? dataset->identical_count : 0);
    put(writer, root, "units", units);
    put(writer, root, "benchmarks", benchmarks);
}
