#include "ci/replay/surroundings.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "ci/decide/notes.h"
#include "ci/report/json_tree.h"

#define FIELDS(table) table, sizeof(table) / sizeof((table)[0])
#define TEXT(type, member, key, flags)                                                             \
    {                                                                                              \
        key, FIELD_TEXT, offsetof(type, member), flags, 0, 0, NULL, 0                              \
    }
#define COUNT(type, member, key, flags)                                                            \
    {                                                                                              \
        key, FIELD_COUNT, offsetof(type, member), flags, 0, FIELD_MOST, NULL, 0                    \
    }

enum { MOST_MESSAGES = 100000 };

/* ---- damage and faults ---- */

static const struct field warning_fields[] = {
    TEXT(struct warning, source, "source", 0),
    COUNT(struct warning, line, "line", 0),
    COUNT(struct warning, column, "column", 0),
    TEXT(struct warning, text, "message", 0),
};

bool surroundings_warnings(const struct kept *kept, const struct kept_surroundings *from,
                           struct warnings *warnings)
{
    struct walk walk = {0};
    struct node entry;
    bool good = fields_fits(kept, from->damage, MOST_MESSAGES, "damaged lines");
    if (!good)
        return false;
    warnings->dropped = from->damage_dropped;
    warnings->all =
        arena_zero(kept->arena, json_array_size(from->damage.value) + 1, sizeof *warnings->all);
    while (warnings->all != NULL &&
           fields_next(kept, from->damage, &walk, FIELD_OBJECT, &entry, &good))
        good = fields_read(kept, entry, "damage", FIELDS(warning_fields),
                           &warnings->all[warnings->count++]);
    return good && warnings->all != NULL;
}

struct kept_fault {
    const char *source, *text;
    uint64_t line, column;
};

static const struct field fault_fields[] = {
    TEXT(struct kept_fault, source, "source", FIELD_NULL),
    COUNT(struct kept_fault, line, "line", FIELD_NULL),
    COUNT(struct kept_fault, column, "column", FIELD_NULL),
    TEXT(struct kept_fault, text, "message", 0),
};

bool surroundings_faults(const struct kept *kept, const struct kept_surroundings *from,
                         struct faults *faults)
{
    struct walk walk = {0};
    struct node entry;
    bool good = fields_fits(kept, from->faults, FAULTS_MAX, "faults");
    faults->source = "policy";
    faults->dropped = from->faults_dropped;
    faults->all =
        good ? arena_zero(kept->arena, json_array_size(from->faults.value) + 1, sizeof *faults->all)
             : NULL;
    while (faults->all != NULL &&
           fields_next(kept, from->faults, &walk, FIELD_OBJECT, &entry, &good)) {
        struct kept_fault fault = {0};
        good = fields_read(kept, entry, "a fault", FIELDS(fault_fields), &fault);
        if (good && fault.source != NULL)
            faults->source = fault.source;
        faults->all[faults->count++] = (struct fault){fault.line, fault.column, fault.text};
    }
    return good && faults->all != NULL;
}

/* ---- error ---- */

struct kept_error {
    unsigned kind;
    const char *source, *text;
    uint64_t line, column;
};

static const struct field error_fields[] = {
    {"kind", FIELD_WORD, offsetof(struct kept_error, kind), 0, 0, 0, json_error_kinds,
     JSON_ERROR_KINDS},
    TEXT(struct kept_error, source, "source", FIELD_NULL),
    COUNT(struct kept_error, line, "line", FIELD_NULL),
    COUNT(struct kept_error, column, "column", FIELD_NULL),
    TEXT(struct kept_error, text, "message", 0),
};

bool surroundings_error(const struct kept *kept, const struct kept_surroundings *from,
                        struct error *error)
{
    struct kept_error read = {.source = "", .text = ""};
    if (!fields_read(kept, from->error, "the error", FIELDS(error_fields), &read))
        return false;
    if (read.kind == ERROR_NONE || strlen(read.text) >= ERROR_TEXT_BYTES ||
        strlen(read.source) >= ERROR_SOURCE_BYTES)
        return fields_fault(kept, from->error, "this is no error that could have been");
    *error = (struct error){
        .code = (enum error_code)read.kind, .line = read.line, .column = read.column};
    memcpy(error->source, read.source, strlen(read.source));
    memcpy(error->text, read.text, strlen(read.text));
    return true;
}

/* ---- revisions, job, notifications ---- */

struct kept_revision {
    const char *source, *label, *commit, *why, *go;
    bool worktree, dirty;
};

static const struct field revision_fields[] = {
    TEXT(struct kept_revision, source, "label", FIELD_NULL),
    TEXT(struct kept_revision, label, "revision", FIELD_NULL),
    TEXT(struct kept_revision, commit, "commit", FIELD_NULL),
    TEXT(struct kept_revision, why, "chosen_because", FIELD_NULL),
    TEXT(struct kept_revision, go, "go", FIELD_NULL),
    {"working_tree", FIELD_BOOLEAN, offsetof(struct kept_revision, worktree), FIELD_NULL, 0, 0,
     NULL, 0},
    {"edited", FIELD_BOOLEAN, offsetof(struct kept_revision, dirty), FIELD_NULL, 0, 0, NULL, 0},
};

static bool read_revisions(const struct kept *kept, const struct kept_surroundings *from,
                           struct report *report)
{
    struct report_revision *revisions = arena_zero(kept->arena, SIDES, sizeof *revisions);
    size_t known = 0;
    if (revisions == NULL)
        return false;
    for (int side = BASE; side < SIDES; side++) {
        struct kept_revision read = {0};
        if (!fields_read(kept, from->sides[side], "a side", FIELDS(revision_fields), &read))
            return false;
        report->labels[side] = read.source;
        if (read.label == NULL)
            continue;
        if (read.commit == NULL || read.why == NULL)
            return fields_fault(kept, from->sides[side], "a revision without its commit");
        revisions[side] = (struct report_revision){.label = read.label,
                                                   .commit = read.commit,
                                                   .why = read.why,
                                                   .go = read.go,
                                                   .worktree = read.worktree,
                                                   .dirty = read.dirty};
        known++;
    }
    report->revisions = known == SIDES ? revisions : NULL;
    return known != 1 || fields_fault(kept, from->sides[HEAD], "a revision of one side alone");
}

static const struct field job_fields[] = {
    TEXT(struct report_job, system, "system", 0),
    TEXT(struct report_job, url, "url", FIELD_NULL),
};

static bool read_job(const struct kept *kept, struct node object, struct report *report)
{
    struct report_job *job = arena_zero(kept->arena, 1, sizeof *job);
    if (object.value == NULL)
        return true;
    report->job = job;
    return job != NULL && fields_read(kept, object, "the job", FIELDS(job_fields), job);
}

static const struct field notification_fields[] = {
    TEXT(struct notification, service, "service", 0),
    TEXT(struct notification, what, "what", 0),
    {"sent", FIELD_BOOLEAN, offsetof(struct notification, sent), 0, 0, 0, NULL, 0},
    TEXT(struct notification, detail, "detail", FIELD_NULL),
};

static bool read_notifications(const struct kept *kept, struct node array, struct report *report)
{
    struct walk walk = {0};
    struct node entry;
    bool good = fields_fits(kept, array, MOST_MESSAGES, "notifications");
    struct notification *all =
        good ? arena_zero(kept->arena, json_array_size(array.value) + 1, sizeof *all) : NULL;
    while (all != NULL && fields_next(kept, array, &walk, FIELD_OBJECT, &entry, &good))
        good = fields_read(kept, entry, "a notification", FIELDS(notification_fields),
                           &all[report->notification_count++]);
    report->notifications = all;
    return good && all != NULL;
}

bool surroundings_report(const struct kept *kept, const struct kept_surroundings *from,
                         struct report *report)
{
    return read_revisions(kept, from, report) && read_job(kept, from->job, report) &&
           read_notifications(kept, from->notifications, report);
}

/* ---- head's own policy ---- */

struct kept_head {
    const char *verdict;
    uint64_t status;
    struct node changes, differences, notes;
};

static const struct field head_fields[] = {
    TEXT(struct kept_head, verdict, "verdict", 0),
    {"exit_status", FIELD_COUNT, offsetof(struct kept_head, status), 0, 0, EXIT_FAILED, NULL, 0},
    {"changes", FIELD_ARRAY, offsetof(struct kept_head, changes), 0, 0, 0, NULL, 0},
    {"differences", FIELD_ARRAY, offsetof(struct kept_head, differences), 0, 0, 0, NULL, 0},
    {"notes", FIELD_ARRAY, offsetof(struct kept_head, notes), 0, 0, 0, NULL, 0},
};

bool surroundings_head(const struct kept *kept, const struct kept_surroundings *from,
                       struct decision *decision)
{
    struct kept_head read = {0};
    struct node object = from->head_policy;
    struct head_policy *head = arena_zero(kept->arena, 1, sizeof *head);
    const char **notes;
    if (object.value == NULL)
        return true;
    if (head == NULL || !fields_read(kept, object, "head's policy", FIELDS(head_fields), &read) ||
        !fields_strings(kept, object, "changes", read.changes, &head->changes,
                        &head->change_count) ||
        !fields_strings(kept, object, "differences", read.differences, &head->differences,
                        &head->difference_count) ||
        !fields_strings(kept, object, "notes", read.notes, &notes, &head->note_count))
        return false;
    head->verdict = read.verdict;
    head->status = (enum exit_status)read.status;
    for (size_t i = 0; i < head->note_count; i++)
        if (!notes_add(decision, kept->arena, notes[i]))
            return false;
    decision->head = head;
    return true;
}
