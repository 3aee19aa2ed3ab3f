#include "ci/pipeline.h"

#include <string.h>

#include "ci/decide/ends.h"
#include "ci/decide/gate.h"
#include "ci/decide/notes.h"
#include "ci/headpolicy.h"
#include "ci/origin.h"
#include "ci/places.h"
#include "ci/provenance.h"
#include "ci/report/outline.h"
#include "ci/run/journal.h"

/* What Unit lines have said of a unit so far. */
struct declared {
    enum better better;
    bool better_declared, exact, assume_declared;
};

static struct declared declared_of(const struct unit *unit)
{
    return (struct declared){unit->better, unit->better_declared, unit->exact,
                             unit->assume_declared};
}

static struct declared *remember_units(const struct unit_table *units, struct arena *arena)
{
    struct declared *all = arena_allocate(arena, units->unit_count + 1, sizeof *all);
    for (size_t i = 0; all != NULL && i < units->unit_count; i++)
        all[i] = declared_of(units->units[i]);
    return all;
}

/*
 * Takes back what Unit lines of head say of units that base has, and base does not: a change that
 * calls its own slowness better must not pass by it. The first such unit, or NULL.
 */
static const struct unit *restore_units(struct unit_table *units, const struct declared *base,
                                        size_t count)
{
    const struct unit *first = NULL;
    for (size_t i = 0; i < count; i++) {
        struct unit *unit = units->units[i];
        struct declared now = declared_of(unit);
        if (now.better == base[i].better && now.exact == base[i].exact)
            continue;
        unit->better = base[i].better;
        unit->better_declared = base[i].better_declared;
        unit->exact = base[i].exact;
        unit->assume_declared = base[i].assume_declared;
        if (first == NULL)
            first = unit;
    }
    return first;
}

/* What was found while reading that the report has to say. */
struct noticed {
    bool same; /* one file on both sides */
    const struct unit *redeclared;
    const char **notes; /* of a journal, on how it was measured */
    size_t note_count;
    bool journal; /* whose header `provenance` is */
    struct provenance provenance;
};

static enum error_code out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

/* "PACKAGE BenchmarkX"; what is none is passed over. */
static bool take_changed(struct dataset *dataset, struct slice text)
{
    size_t blank = text.length;
    while (blank > 0 && text.text[blank - 1] != ' ')
        blank--;
    struct slice function = slice_skip(text, blank);
    return blank == 0 || !slice_starts(function, SLICE("Benchmark")) ||
           dataset_changed(dataset, (struct slice){text.text, blank - 1}, function);
}

/* A journal holds both sides, and names the packages that were not run. */
static enum error_code read_journal(const struct gate_request *request, struct dataset *dataset,
                                    struct warnings *warnings, struct noticed *noticed,
                                    struct error *error)
{
    struct journal_content content;
    const char *path = request->paths[BASE];
    enum error_code code = journal_read(path, dataset->arena, &content, error);
    if (code == ERROR_NONE)
        code = load_journal(dataset, path, warnings, error);
    for (size_t i = 0; code == ERROR_NONE && i < content.identical_count; i++)
        if (!dataset_identical(dataset, slice_of(content.identical[i])))
            code = out_of_memory(error);
    dataset->sources_known = true;
    for (size_t i = 0; code == ERROR_NONE && i < content.changed_count; i++)
        if (!take_changed(dataset, slice_of(content.changed[i])))
            code = out_of_memory(error);
    if (code == ERROR_NONE && !request->allow_mixed)
        code = gate_check_machines(dataset, error);
    if (code == ERROR_NONE) {
        noticed->notes = content.notes;
        noticed->note_count = content.note_count;
        noticed->journal = true;
        code = provenance_read_header(path, content.header, dataset->arena, &noticed->provenance,
                                      error);
    }
    return code;
}

/* The toolchain of a file that benchgate run wrote: measurements of two do not compare. */
static enum error_code take_toolchain(struct dataset *dataset, enum side side, const char *path,
                                      struct error *error)
{
    struct journal_content content;
    struct provenance provenance = {0};
    if (strcmp(path, "-") == 0 || !journal_is(path))
        return ERROR_NONE;
    enum error_code code = journal_read(path, dataset->arena, &content, error);
    if (code == ERROR_NONE)
        code = provenance_read_header(path, content.header, dataset->arena, &provenance, error);
    if (code == ERROR_NONE && provenance.side_count > 1)
        code = error_set(error, ERROR_INPUT, path, 1, 1,
                         "this journal holds base and head: it is gated alone");
    if (code != ERROR_NONE)
        return code;
    return dataset_fact(dataset, side, SLICE("go"), slice_of(provenance.go_versions[BASE]), 1)
               ? ERROR_NONE
               : out_of_memory(error);
}

static enum error_code read_sides(const struct gate_request *request, struct dataset *dataset,
                                  struct warnings *warnings, struct noticed *noticed,
                                  struct error *error)
{
    struct file_identity base, head;
    enum error_code code = load_side(dataset, BASE, request->paths[BASE], warnings, &base, error);
    if (code != ERROR_NONE)
        return code;
    size_t count = dataset->units->unit_count;
    const struct declared *declared = remember_units(dataset->units, dataset->arena);
    if (declared == NULL)
        return out_of_memory(error);
    code = load_side(dataset, HEAD, request->paths[HEAD], warnings, &head, error);
    if (code != ERROR_NONE)
        return code;
    for (int side = BASE; side < SIDES && code == ERROR_NONE; side++)
        code = take_toolchain(dataset, (enum side)side, request->paths[side], error);
    if (code != ERROR_NONE)
        return code;
    if (!ends_check(dataset))
        return out_of_memory(error);
    noticed->redeclared = restore_units(dataset->units, declared, count);
    noticed->same =
        base.known && head.known && base.device == head.device && base.inode == head.inode;
    return request->allow_mixed ? ERROR_NONE : gate_check_machines(dataset, error);
}

/* Rows of a summary that stand there more than once. */
static bool note_statements(const struct dataset *dataset, struct arena *arena,
                            struct decision *decision)
{
    enum { NAME_BYTES = 60 };
    const struct series *first = dataset->restated_first;
    if (dataset->repeated > 0 &&
        !notes_add(decision, arena,
                   arena_print(arena,
                               "%s: %zu row%s what stands above: once is enough, and counts (was a "
                               "table pasted twice?)",
                               dataset->sides[BASE].source, dataset->repeated,
                               dataset->repeated == 1 ? " repeats" : "s repeat")))
        return false;
    if (dataset->restated == 0)
        return true;
    struct slice name = first->benchmark->name, unit = first->unit->name;
    return notes_add(decision, arena,
                     arena_print(arena,
                                 "%s: %zu row%s something else than one above, of the same "
                                 "benchmark and unit (%.*s %.*s, lines %llu and %llu): each is "
                                 "judged",
                                 dataset->sides[BASE].source, dataset->restated,
                                 dataset->restated == 1 ? " says" : "s say",
                                 name.length < NAME_BYTES ? (int)name.length : NAME_BYTES,
                                 name.text,
                                 unit.length < NAME_BYTES ? (int)unit.length : NAME_BYTES,
                                 unit.text, (unsigned long long)dataset->restated_line,
                                 (unsigned long long)first->stated->line));
}

static bool note_reading(const struct noticed *noticed, const struct dataset *dataset,
                         struct arena *arena, struct decision *decision)
{
    for (size_t i = 0; i < noticed->note_count; i++)
        if (!notes_add(decision, arena, noticed->notes[i]))
            return false;
    if (!note_statements(dataset, arena, decision))
        return false;
    if (noticed->redeclared != NULL &&
        !notes_add(decision, arena,
                   arena_print(arena,
                               "%s has Unit lines (on %.*s) that %s does not have: they do not "
                               "count, or a change could turn its own verdict round",
                               dataset->sides[HEAD].source, (int)noticed->redeclared->name.length,
                               noticed->redeclared->name.text, dataset->sides[BASE].source)))
        return false;
    if (noticed->same)
        return notes_add(decision, arena, "both sides are the same file");
    return dataset->summary || !dataset_sides_equal(dataset) ||
           notes_add(decision, arena,
                     "both sides hold the very same numbers: was one file copied?");
}

static enum error_code decide(const struct gate_request *request, struct arena *arena,
                              struct dataset *dataset, struct decision *decision,
                              struct warnings *warnings, struct noticed *noticed,
                              struct error *error)
{
    enum error_code code =
        request->summary ? load_summary(dataset, request->paths[BASE], warnings, error)
        : request->paths[HEAD] == NULL ? read_journal(request, dataset, warnings, noticed, error)
                                       : read_sides(request, dataset, warnings, noticed, error);
    if (code == ERROR_NONE && request->policy->changed_blocks && !dataset->sources_known)
        code = error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "--benchmark-changed block: files of results do not say whether the "
                         "benchmarks themselves changed; journals of benchgate check do");
    if (code == ERROR_NONE)
        code = policy_check(request->policy, dataset->units, error);
    if (code == ERROR_NONE)
        code = gate_decide(dataset, request->policy, arena, decision, error);
    if (code == ERROR_NONE && !note_reading(noticed, dataset, arena, decision))
        code = out_of_memory(error);
    if (code == ERROR_NONE && request->head_policy != NULL)
        code = headpolicy_note(request->head_policy, arena, decision, error);
    return code;
}

/* Adds what a journal says of where its samples come from. */
static bool add_origin(const struct noticed *noticed, struct arena *arena, struct report *report)
{
    if (!noticed->journal || noticed->provenance.side_count < SIDES)
        return true;
    struct report_revision *revisions = arena_zero(arena, SIDES, sizeof *revisions);
    report->revisions = revisions;
    return revisions != NULL && origin_revisions(&noticed->provenance, arena, revisions) &&
           origin_reproduce(&noticed->provenance, report->decision, arena, &report->reproduce);
}

static bool add_places(const struct gate_request *request, struct arena *arena,
                       struct report *report)
{
    return request->folder == NULL ||
           places_find(request->folder, report->decision, report->outline, arena, &report->places);
}

/* What a run is made of, in the arena: the report refers to it. */
struct gating {
    struct unit_table units;
    struct dataset dataset;
    struct decision decision;
    struct noticed noticed;
    struct report report;
};

void pipeline_gate_files(const struct gate_request *request, struct arena *arena,
                         struct gate_result *result, struct error *error)
{
    struct gating *gating = arena_zero(arena, 1, sizeof *gating);
    *result = (struct gate_result){.status = EXIT_BROKEN,
                                   .warnings = {.strict = request->policy->strict}};
    if (gating == NULL) {
        (void)out_of_memory(error);
        return;
    }
    unit_table_init(&gating->units, arena);
    dataset_init(&gating->dataset, arena, &gating->units);
    if (decide(request, arena, &gating->dataset, &gating->decision, &result->warnings,
               &gating->noticed, error) != ERROR_NONE) {
        pipeline_report_error(request, error, arena, result);
        return;
    }
    gating->report = (struct report){.version = request->version,
                                     .decision = &gating->decision,
                                     .warnings = &result->warnings,
                                     .faults = request->faults,
                                     .status = decision_status(&gating->decision)};
    if (!add_origin(&gating->noticed, arena, &gating->report) ||
        !outline_make(&gating->decision, arena, &gating->report.outline) ||
        !add_places(request, arena, &gating->report)) {
        (void)out_of_memory(error);
        return;
    }
    result->status = gating->report.status;
    result->report = &gating->report;
}

void pipeline_report_error(const struct gate_request *request, const struct error *error,
                           struct arena *arena, struct gate_result *result)
{
    struct report *report = arena_zero(arena, 1, sizeof *report);
    if (report == NULL)
        return;
    *report = (struct report){.version = request->version,
                              .warnings = &result->warnings,
                              .error = error,
                              .faults = request->faults,
                              .status = EXIT_BROKEN,
                              .labels = {request->paths[BASE], request->paths[HEAD]}};
    result->report = report;
}
