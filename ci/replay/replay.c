#include "ci/replay/replay.h"

#include <stddef.h>
#include <string.h>

#include "ci/decide/contrast.h"
#include "ci/decide/gate.h"
#include "ci/decide/notes.h"
#include "ci/policy/textfile.h"
#include "ci/replay/differ.h"
#include "ci/replay/fields.h"
#include "ci/replay/judged.h"
#include "ci/replay/packed.h"
#include "ci/replay/results.h"
#include "ci/replay/surroundings.h"
#include "ci/report/json_tree.h"
#include "ci/report/outline.h"

/* The members of a report. */
struct kept_report {
    const char *version, *reproduce;
    uint64_t status;
    struct node policy, notes;
    struct kept_results results;
    struct kept_surroundings around;
};

#define MEMBER(key, kind, member, flags)                                                           \
    {                                                                                              \
        key, kind, offsetof(struct kept_report, member), flags, 0, FIELD_MOST, NULL, 0             \
    }

static const struct field report_fields[] = {
    MEMBER("benchgate", FIELD_TEXT, version, 0),
    {"exit_status", FIELD_COUNT, offsetof(struct kept_report, status), 0, 0, EXIT_FAILED, NULL, 0},
    MEMBER("of_a_summary", FIELD_BOOLEAN, results.summary, FIELD_NULL),
    MEMBER("error", FIELD_OBJECT, around.error, FIELD_NULL),
    MEMBER("policy_faults", FIELD_ARRAY, around.faults, 0),
    MEMBER("policy_faults_dropped", FIELD_COUNT, around.faults_dropped, 0),
    MEMBER("base", FIELD_OBJECT, results.sides[BASE], 0),
    MEMBER("head", FIELD_OBJECT, results.sides[HEAD], 0),
    MEMBER("reproduce", FIELD_TEXT, reproduce, FIELD_NULL),
    MEMBER("policy", FIELD_OBJECT, policy, FIELD_NULL),
    MEMBER("head_policy", FIELD_OBJECT, around.head_policy, FIELD_NULL),
    MEMBER("damage", FIELD_ARRAY, around.damage, 0),
    MEMBER("damage_dropped", FIELD_COUNT, around.damage_dropped, 0),
    MEMBER("reading_notes", FIELD_ARRAY, notes, 0),
    MEMBER("job", FIELD_OBJECT, around.job, FIELD_NULL),
    MEMBER("notifications", FIELD_ARRAY, around.notifications, 0),
    MEMBER("sources_known", FIELD_BOOLEAN, results.sources_known, FIELD_NULL),
    MEMBER("changed_functions", FIELD_ARRAY, results.changed, 0),
    MEMBER("identical_packages", FIELD_ARRAY, results.identical, 0),
    MEMBER("units", FIELD_ARRAY, results.units, 0),
    MEMBER("benchmarks", FIELD_ARRAY, results.benchmarks, 0),
};

static enum error_code out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

/* Whether it is a report at all, and one of the version that is read here. */
static bool read_version(const struct kept *kept, struct node root)
{
    const json_t *version = json_object_get(root.value, "schema_version");
    if (!json_is_integer(version) || json_object_get(root.value, "benchgate") == NULL)
        return fields_fault(kept, root, "this is no report of benchgate (--format json)");
    if (json_integer_value(version) != JSON_SCHEMA_VERSION)
        return fields_fault(kept, root, "a report of schema_version %lld: this benchgate reads %d",
                            (long long)json_integer_value(version), JSON_SCHEMA_VERSION);
    return true;
}

/* All that the file says. */
static bool read_whole(const struct kept *kept, struct kept_report *from, struct replayed *replayed)
{
    struct node root = document_root(kept->document);
    if (!read_version(kept, root) ||
        !fields_read(kept, root, "a report", report_fields,
                     sizeof report_fields / sizeof report_fields[0], from))
        return false;
    if ((from->policy.value == NULL) == (from->around.error.value == NULL))
        return fields_fault(kept, root, "a report has either a policy that judged or an error");
    from->results.root = root;
    for (int side = BASE; side < SIDES; side++)
        from->around.sides[side] = from->results.sides[side];
    replayed->version = from->version;
    replayed->report.reproduce = from->reproduce;
    if (!surroundings_warnings(kept, &from->around, &replayed->warnings) ||
        !surroundings_faults(kept, &from->around, &replayed->faults) ||
        !surroundings_report(kept, &from->around, &replayed->report))
        return false;
    replayed->report.warnings = &replayed->warnings;
    if (replayed->faults.count > 0)
        replayed->report.faults = &replayed->faults;
    if (from->policy.value == NULL)
        return surroundings_error(kept, &from->around, &replayed->error);
    return judged_read(kept, from->policy, &replayed->policy) &&
           results_read(kept, &from->results, &replayed->dataset, &replayed->report.places) &&
           fields_strings(kept, root, "reading_notes", from->notes, &replayed->reading_notes,
                          &replayed->reading_note_count);
}

/* Decides by a policy, with the notes of the run. */
static enum error_code decide(struct replayed *replayed, const struct policy *policy,
                              struct arena *arena, struct decision *decision, struct error *error)
{
    struct error failed = {.code = ERROR_NONE};
    if (gate_decide(&replayed->dataset, policy, arena, decision, &failed) != ERROR_NONE)
        return failed.code == ERROR_MEMORY
                   ? out_of_memory(error)
                   : error_set(error, failed.code, NULL, 0, 0, "%s", failed.text);
    for (size_t i = 0; i < replayed->reading_note_count; i++)
        if (!notes_add(decision, arena, replayed->reading_notes[i]))
            return out_of_memory(error);
    return ERROR_NONE;
}

static enum error_code finish(struct replayed *replayed, struct arena *arena, struct error *error)
{
    struct report *report = &replayed->report;
    if (report->decision == NULL)
        return ERROR_NONE;
    report->status = decision_status(report->decision);
    return outline_make(report->decision, arena, &report->outline) ? ERROR_NONE
                                                                   : out_of_memory(error);
}

static enum error_code decide_again(const struct kept *kept, const struct kept_report *from,
                                    const char *source, struct replayed *replayed,
                                    struct error *error)
{
    struct error failed = {.code = ERROR_NONE};
    if (from->policy.value == NULL) {
        replayed->report.error = &replayed->error;
        replayed->report.status = EXIT_BROKEN;
        return ERROR_NONE;
    }
    if (decide(replayed, &replayed->policy, kept->arena, &replayed->decision, &failed) !=
        ERROR_NONE)
        return failed.code == ERROR_MEMORY
                   ? out_of_memory(error)
                   : error_set(error, ERROR_INPUT, source, 0, 0,
                               "its results cannot be decided: %s", failed.text);
    if (!surroundings_head(kept, &from->around, &replayed->decision))
        return ERROR_NONE; /* the fault says why */
    replayed->report.decision = &replayed->decision;
    replayed->warnings.strict = replayed->policy.strict;
    enum error_code code = finish(replayed, kept->arena, error);
    /* A run that could not write all that was asked for: that it failed is no part of the data. */
    if (from->status == EXIT_BROKEN)
        replayed->report.status = EXIT_BROKEN;
    return code;
}

/* What the file says was decided against what is decided now. */
static enum error_code compare(const struct document *document, struct replayed *replayed,
                               struct arena *arena, struct error *error)
{
    struct difference difference;
    json_t *tree = report_json_tree(&replayed->report);
    bool compared = tree != NULL && differ(document_root(document).value, tree, arena, &difference);
    json_decref(tree);
    if (!compared)
        return out_of_memory(error);
    replayed->difference = difference.kind;
    replayed->differences = difference.count;
    replayed->where = difference.where;
    return ERROR_NONE;
}

enum error_code replay_read_text(const char *source, struct slice text, const char *version,
                                 struct arena *arena, struct replayed *replayed,
                                 struct error *error)
{
    struct document document;
    struct faults faults = {.source = source};
    struct kept kept = {&document, arena};
    struct kept_report from = {0};
    enum error_code code = ERROR_NONE;
    *replayed = (struct replayed){.report = {.version = version}};
    unit_table_init(&replayed->units, arena);
    dataset_init(&replayed->dataset, arena, &replayed->units);
    if (document_open_as(&document, text, "report", REPLAY_MOST_BYTES, arena, &faults)) {
        if (read_whole(&kept, &from, replayed))
            code = decide_again(&kept, &from, source, replayed, error);
        if (code == ERROR_NONE && faults.count == 0 && !arena->failed)
            code = compare(&document, replayed, arena, error);
        document_close(&document);
    }
    if (arena->failed)
        return out_of_memory(error);
    return code != ERROR_NONE ? code : faults_error(&faults, error);
}

enum error_code replay_read(const char *path, const char *version, struct arena *arena,
                            struct replayed *replayed, struct error *error)
{
    struct slice text;
    enum error_code code =
        textfile_read(path, "report", REPLAY_MOST_BYTES, true, arena, &text, error);
    const char *source = strcmp(path, "-") == 0 ? "standard input" : path;
    if (code == ERROR_NONE)
        code = packed_undo(source, &text, REPLAY_MOST_BYTES, arena, error);
    return code != ERROR_NONE ? code
                              : replay_read_text(source, text, version, arena, replayed, error);
}

enum error_code replay_judge(struct replayed *replayed, const struct policy *policy,
                             struct arena *arena, struct error *error)
{
    struct decision *other = arena_zero(arena, 1, sizeof *other);
    if (other == NULL)
        return out_of_memory(error);
    if (replayed->report.decision == NULL)
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "nothing was decided in this run, and no policy can judge it");
    if (policy->changed_blocks && !replayed->dataset.sources_known)
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "--benchmark-changed block: this report does not say whether the "
                         "benchmarks themselves changed");
    enum error_code code = policy_check(policy, &replayed->units, error);
    if (code == ERROR_NONE)
        code = decide(replayed, policy, arena, other, error);
    if (code != ERROR_NONE)
        return code;
    if (!contrast_note(other, &replayed->decision, "the policy of the report", arena))
        return out_of_memory(error);
    replayed->report.decision = other;
    return finish(replayed, arena, error);
}
