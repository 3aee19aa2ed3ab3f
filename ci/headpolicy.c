#include "ci/headpolicy.h"

#include "ci/decide/contrast.h"
#include "ci/decide/gate.h"
#include "ci/decide/notes.h"
#include "ci/decide/policydiff.h"

/* Changes of a policy that are told one by one. */
enum { MOST_CHANGES = 20 };

static enum error_code out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

/* What head's own policy says otherwise: a change that loosens it today may be followed by one that
 * needs it tomorrow. */
static bool note_changes(const struct policy *head, struct arena *arena, struct decision *decision,
                         struct head_policy *made)
{
    struct policydiff diff;
    if (!policydiff_make(decision->policy, head, arena, &diff))
        return false;
    made->changes = diff.lines;
    made->change_count = diff.count;
    for (size_t i = 0; i < diff.count && i < MOST_CHANGES; i++)
        if (!notes_add(decision, arena, arena_print(arena, "head's own policy: %s", diff.lines[i])))
            return false;
    return diff.count <= MOST_CHANGES ||
           notes_add(decision, arena,
                     arena_print(arena, "head's own policy: %zu more change%s",
                                 diff.count - MOST_CHANGES,
                                 diff.count - MOST_CHANGES == 1 ? "" : "s"));
}

enum error_code headpolicy_note(const struct policy *head, struct arena *arena,
                                struct decision *decision, struct error *error)
{
    static const char whose[] = "head's own policy";
    const struct dataset *dataset = decision->dataset;
    struct decision other;
    struct error failed = {.code = ERROR_NONE};
    struct head_policy *made = arena_zero(arena, 1, sizeof *made);
    size_t first = decision->note_count;
    if (made == NULL || !note_changes(head, arena, decision, made))
        return out_of_memory(error);
    size_t before = decision->note_count;
    enum error_code code = policy_check(head, dataset->units, &failed);
    if (code == ERROR_NONE)
        code = gate_decide(dataset, head, arena, &other, &failed);
    made->status = code == ERROR_NONE ? decision_status(&other) : EXIT_BROKEN;
    made->verdict = code == ERROR_NONE ? findings_verdict(&other.findings) : "error";
    bool noted = code == ERROR_NONE
                     ? contrast_note(decision, &other, whose, arena)
                     : notes_add(decision, arena,
                                 arena_print(arena, "by %s this could not be judged: %s", whose,
                                             failed.text));
    if (!noted || code == ERROR_MEMORY)
        return out_of_memory(error);
    made->differences = decision->notes + before;
    made->difference_count = decision->note_count - before;
    made->note_count = decision->note_count - first;
    decision->head = made;
    return ERROR_NONE;
}
