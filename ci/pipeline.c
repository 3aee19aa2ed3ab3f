#include "ci/pipeline.h"

#include <string.h>

#include "ci/decide/gate.h"
#include "ci/decide/notes.h"

/* Reads both sides; notes in *same whether they are one file. */
static enum error_code read_sides(const struct gate_request *request, struct dataset *dataset,
                                  struct warnings *warnings, bool *same, struct error *error)
{
    struct file_identity identities[SIDES];
    for (int side = BASE; side < SIDES; side++) {
        enum error_code code = load_side(dataset, (enum side)side, request->paths[side], warnings,
                                         &identities[side], error);
        if (code != ERROR_NONE)
            return code;
    }
    *same = identities[BASE].known && identities[HEAD].known &&
            identities[BASE].device == identities[HEAD].device &&
            identities[BASE].inode == identities[HEAD].inode;
    return request->allow_mixed ? ERROR_NONE : gate_check_machines(dataset, error);
}

static enum error_code decide(const struct gate_request *request, struct arena *arena,
                              struct dataset *dataset, struct decision *decision,
                              struct warnings *warnings, struct error *error)
{
    bool same = false;
    enum error_code code = read_sides(request, dataset, warnings, &same, error);
    if (code == ERROR_NONE)
        code = gate_decide(dataset, request->policy, arena, decision, error);
    if (code != ERROR_NONE)
        return code;
    const char *note = same ? "both sides are the same file"
                       : dataset_sides_equal(dataset)
                           ? "both sides hold the very same numbers: was one file copied?"
                           : NULL;
    if (note != NULL && !notes_add(decision, arena, note))
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    return ERROR_NONE;
}

void pipeline_gate_files(const struct gate_request *request, struct arena *arena,
                         struct gate_result *result, struct error *error)
{
    struct unit_table units;
    struct dataset dataset;
    struct decision decision;
    *result = (struct gate_result){.status = EXIT_BROKEN};
    unit_table_init(&units, arena);
    dataset_init(&dataset, arena, &units);
    if (decide(request, arena, &dataset, &decision, &result->warnings, error) != ERROR_NONE) {
        pipeline_report_error(request->format, request->version, &result->warnings, error,
                              &result->report);
        return;
    }
    result->status = findings_status(&decision.findings);
    struct report report = {.version = request->version,
                            .decision = &decision,
                            .warnings = &result->warnings,
                            .status = result->status};
    if (!request->format->encode(&report, &result->report)) {
        result->status = EXIT_BROKEN;
        (void)error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    }
}

void pipeline_report_error(const struct report_format *format, const char *version,
                           const struct warnings *warnings, const struct error *error,
                           struct buffer *out)
{
    struct report report = {
        .version = version, .warnings = warnings, .error = error, .status = EXIT_BROKEN};
    if (format->takes_errors)
        (void)format->encode(&report, out);
}
