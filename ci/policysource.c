#include "ci/policysource.h"

#include "ci/policy/reader.h"
#include "ci/policysource_parts.h"
#include "ci/run/journal.h"
#include "ci/trailerwaivers.h"

const struct faults *policysource_faults(const struct policy_found *found)
{
    if (found->faults.count > 0)
        return &found->faults;
    return found->head_faults.count > 0 ? &found->head_faults : NULL;
}

enum error_code source_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

bool source_note(const struct source *source, const char *text)
{
    return policy_note(&source->found->policy, source->arena, text);
}

enum error_code source_judge_by(const struct source *source, struct slice text, const char *name)
{
    struct policy_found *found = source->found;
    if (name == NULL)
        return source_memory(source->error);
    found->faults.source = name;
    return policy_read(&found->policy, text, source->arena, &found->faults, source->error);
}

enum error_code source_judge_by_built_in(const struct source *source, const char *origin)
{
    struct policy_found *found = source->found;
    enum error_code code = policy_built_in(&found->policy, source->arena, source->error);
    if (code == ERROR_NONE && origin != NULL)
        found->policy.origin = origin;
    return code;
}

/* What holds of any policy, wherever it is from. */
static enum error_code finish(const struct source *source, struct policy *policy)
{
    const struct policy_request *request = source->request;
    const struct provenance *provenance = source->provenance;
    policy->today = request->today;
    enum error_code code =
        overrides_apply(policy, &request->overrides, source->arena, source->error);
    bool known = provenance != NULL && source->repository != NULL;
    if (code == ERROR_NONE && !policy->waivers_by_trailer && known)
        return trailerwaivers_pass_over(policy, source->repository, provenance->sides[BASE].commit,
                                        provenance->sides[HEAD].commit, source->arena,
                                        source->error);
    if (code != ERROR_NONE || !policy->waivers_by_trailer)
        return code;
    if (!known)
        return policy_note(policy, source->arena,
                           "waivers by commit trailer are not looked for: what is judged does not "
                           "say of which commits it is")
                   ? ERROR_NONE
                   : source_memory(source->error);
    return trailerwaivers_add(policy, source->repository, provenance->sides[BASE].commit,
                              provenance->sides[HEAD].commit, source->arena, source->error);
}

static enum error_code finish_both(const struct source *source)
{
    struct policy_found *found = source->found;
    found->policy.head_broken = found->head_faults.count + found->head_faults.dropped > 0;
    enum error_code code = finish(source, &found->policy);
    return code == ERROR_NONE && found->head != NULL ? finish(source, found->head) : code;
}

enum error_code policysource_files(const struct policy_request *request, struct arena *arena,
                                   struct policy_found *found, struct error *error)
{
    struct source source = {.request = request, .arena = arena, .found = found, .error = error};
    struct repository *opened = NULL;
    *found = (struct policy_found){0};
    enum error_code code = request->given != NULL ? source_judge_by_given(&source, &opened)
                                                  : source_judge_by_worktree(&source);
    source.repository = NULL;
    if (code == ERROR_NONE)
        code = finish_both(&source);
    repository_close(opened);
    return code;
}

enum error_code policysource_revisions(const struct policy_request *request,
                                       struct repository *repository,
                                       const struct provenance *provenance, struct arena *arena,
                                       struct policy_found *found, struct error *error)
{
    struct source source = {.request = request,
                            .repository = repository,
                            .provenance = provenance,
                            .arena = arena,
                            .found = found,
                            .error = error};
    struct repository *opened = NULL;
    *found = (struct policy_found){0};
    enum error_code code = request->given != NULL ? source_judge_by_given(&source, &opened)
                                                  : source_judge_by_base(&source);
    return code == ERROR_NONE ? finish_both(&source) : code;
}

/* Whether the repository here holds both commits that a journal names. */
static bool holds(struct repository *repository, const struct provenance *provenance,
                  struct arena *arena)
{
    for (int side = BASE; side < SIDES; side++) {
        struct revision revision;
        struct error error = {.code = ERROR_NONE};
        if (revision_resolve(repository, provenance->sides[side].commit, arena, &revision,
                             &error) != ERROR_NONE)
            return false;
    }
    return true;
}

enum error_code policysource_journal(const struct policy_request *request, const char *journal,
                                     struct arena *arena, struct policy_found *found,
                                     struct error *error)
{
    struct journal_content content;
    struct provenance provenance = {0};
    struct repository *repository = NULL;
    struct error elsewhere = {.code = ERROR_NONE};
    enum error_code code = journal_read(journal, arena, &content, error);
    if (code == ERROR_NONE)
        code = provenance_read_header(journal, content.header, arena, &provenance, error);
    if (code != ERROR_NONE)
        return code;
    if (provenance.side_count == SIDES)
        code = repository_open(&repository, request->folder, arena, &elsewhere);
    if (code != ERROR_NONE && code != ERROR_INPUT) {
        *error = elsewhere;
        return code;
    }
    bool here = repository != NULL && holds(repository, &provenance, arena);
    if (here)
        code = policysource_revisions(request, repository, &provenance, arena, found, error);
    else
        code = policysource_files(request, arena, found, error);
    if (code == ERROR_NONE && !here && request->given == NULL && provenance.side_count == SIDES &&
        !policy_note(&found->policy, arena,
                     "the commits of this journal are not in a repository here: it is not judged "
                     "by the policy of its base"))
        code = source_memory(error);
    repository_close(repository);
    return code;
}
