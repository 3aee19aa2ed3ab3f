/* The policy of the revision that head is compared with, and what others say by now. */
#include <string.h>

#include "ci/policy/document.h"
#include "ci/policy/reader.h"
#include "ci/policysource_parts.h"
#include "ci/rev/blob.h"

enum { SHORT_ID = 12 };

/* The texts but for how their lines end: a checkout may change that. */
static bool same_text(struct slice a, struct slice b)
{
    size_t i = 0, k = 0;
    for (;;) {
        i += i < a.length && a.text[i] == '\r';
        k += k < b.length && b.text[k] == '\r';
        if (i >= a.length || k >= b.length)
            return i >= a.length && k >= b.length;
        if (a.text[i++] != b.text[k++])
            return false;
    }
}

/* The name of the file in a revision, in git's syntax. */
static const char *name_in(const struct source *source, const struct revision *revision)
{
    return revision->worktree
               ? POLICYSOURCE_FILE
               : arena_print(source->arena, "%.*s:" POLICYSOURCE_FILE, SHORT_ID, revision->commit);
}

static enum error_code read_side(const struct source *source, enum side side, bool *there,
                                 struct blob_content *content)
{
    const struct revision *revision = &source->provenance->sides[side];
    *there = false;
    if (revision->worktree)
        return blob_read_worktree(source->repository, POLICYSOURCE_FILE, DOCUMENT_BYTES,
                                  source->arena, there, content, source->error);
    return blob_read(source->repository, revision->commit, POLICYSOURCE_FILE, DOCUMENT_BYTES,
                     source->arena, there, content, source->error);
}

/* Head's own policy, for what would differ by it. Its faults are head's, and stop nothing here. */
static enum error_code read_head(const struct source *source, struct slice text)
{
    struct policy_found *found = source->found;
    struct policy *head = arena_allocate(source->arena, 1, sizeof *head);
    struct error faulty = {.code = ERROR_NONE};
    found->head_faults.source = name_in(source, &source->provenance->sides[HEAD]);
    if (head == NULL || found->head_faults.source == NULL)
        return source_memory(source->error);
    if (policy_read(head, text, source->arena, &found->head_faults, &faulty) == ERROR_MEMORY)
        return source_memory(source->error);
    if (faulty.code == ERROR_NONE)
        found->head = head;
    return ERROR_NONE;
}

/* Says that head's file is another, and reads it. */
static enum error_code look_at_head(const struct source *source, bool base_there,
                                    struct slice base_text)
{
    bool there;
    struct blob_content content = {0};
    struct error unreadable = {.code = ERROR_NONE};
    struct source quiet = *source;
    quiet.error = &unreadable;
    /* A link or a folder in its place is as good as a policy that cannot be read. */
    enum error_code code = read_side(&quiet, HEAD, &there, &content);
    if (code == ERROR_MEMORY)
        return source_memory(source->error);
    if (code != ERROR_NONE) {
        source->found->head_faults.source = POLICYSOURCE_FILE;
        faults_add(&source->found->head_faults, source->arena, 0, 0,
                   arena_print(source->arena, "%s", unreadable.text));
        return ERROR_NONE;
    }
    if (there == base_there && (!there || same_text(base_text, content.text)))
        return ERROR_NONE;
    const char *what = !there       ? "head removes " POLICYSOURCE_FILE
                       : base_there ? "head changes " POLICYSOURCE_FILE
                                    : "head adds a " POLICYSOURCE_FILE;
    if (!source_note(source,
                     arena_print(source->arena,
                                 "%s: base judges, as it must; what head says applies from the "
                                 "next change on",
                                 what)))
        return source_memory(source->error);
    return read_head(source, there ? content.text : SLICE("{}"));
}

/*
 * The branch that head is to go to may have another policy by now than where head left it: a change
 * that starts from an old commit is judged by an old policy, and that is said.
 */
static enum error_code look_at_tip(const struct source *source, bool base_there,
                                   struct slice base_text)
{
    const struct revision *base = &source->provenance->sides[BASE];
    bool there = false;
    struct blob_content content = {0};
    struct error ignored = {.code = ERROR_NONE};
    if (base->tip_name == NULL || strcmp(base->tip, base->commit) == 0 ||
        blob_read(source->repository, base->tip, POLICYSOURCE_FILE, DOCUMENT_BYTES, source->arena,
                  &there, &content, &ignored) != ERROR_NONE)
        return ERROR_NONE;
    if (there == base_there && (!there || same_text(base_text, content.text)))
        return ERROR_NONE;
    return source_note(source,
                       arena_print(source->arena,
                                   "%s has another " POLICYSOURCE_FILE
                                   " by now than the base of this "
                                   "change: --policy %s:" POLICYSOURCE_FILE " judges by that one",
                                   base->tip_name, base->tip_name))
               ? ERROR_NONE
               : source_memory(source->error);
}

/* Where base's own policy is no good nothing can be judged, not even what would mend it. */
static enum error_code explain_base(const struct source *source, enum error_code code)
{
    if (source->found->faults.count > 0)
        faults_add(&source->found->faults, source->arena, UINT64_MAX, 0,
                   "this is the policy of base; --policy judges by another one, as --policy "
                   "HEAD:" POLICYSOURCE_FILE " by that of a change that mends it");
    return code;
}

enum error_code source_judge_by_base(const struct source *source)
{
    bool there;
    struct blob_content content = {0};
    const struct revision *base = &source->provenance->sides[BASE];
    enum error_code code = read_side(source, BASE, &there, &content);
    if (code != ERROR_NONE)
        return code;
    code = there ? source_judge_by(source, content.text, name_in(source, base))
                 : source_judge_by_built_in(
                       source, arena_print(source->arena, "built in (base %.*s has no %s)",
                                           SHORT_ID, base->commit, POLICYSOURCE_FILE));
    if (code != ERROR_NONE)
        return explain_base(source, code);
    code = look_at_head(source, there, content.text);
    if (code == ERROR_NONE)
        code = look_at_tip(source, there, content.text);
    return code == ERROR_NONE ? source_note_below(source, repository_worktree(source->repository))
                              : code;
}
