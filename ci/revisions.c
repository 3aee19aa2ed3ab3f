#include "ci/revisions.h"

#include "ci/rev/checkout.h"

static enum error_code resolve(struct repository *repository, const char *expression,
                               struct arena *arena, struct revision *revision, struct error *error)
{
    return expression == NULL ? revision_worktree(repository, arena, revision, error)
                              : revision_resolve(repository, expression, arena, revision, error);
}

enum error_code revisions_choose(struct repository *repository,
                                 const struct revisions_request *request, struct arena *arena,
                                 struct provenance *provenance, struct error *error)
{
    struct revision *base = &provenance->sides[BASE], *head = &provenance->sides[HEAD];
    if (provenance->side_count == 1)
        return resolve(repository, request->base, arena, base, error);
    enum error_code code = resolve(repository, request->head, arena, head, error);
    if (code != ERROR_NONE)
        return code;
    if (request->merge_base != NULL)
        return revision_merge_base(repository, request->merge_base, head, arena, base, error);
    if (request->base != NULL)
        return revision_resolve(repository, request->base, arena, base, error);
    return revision_default_base(repository, head, request->variable, arena, base, error);
}

enum error_code revisions_find_again(struct repository *repository,
                                     const struct provenance *provenance, struct arena *arena,
                                     struct error *error)
{
    enum error_code code = ERROR_NONE;
    for (int side = BASE; side < provenance->side_count && code == ERROR_NONE; side++) {
        const struct revision *revision = &provenance->sides[side];
        struct revision now;
        if (!revision->worktree) /* of that, the binaries tell whether it is still the same */
            code = revision_resolve(repository, revision->commit, arena, &now, error);
    }
    return code;
}

void revisions_say(const struct provenance *provenance, const struct talk *talk,
                   struct arena *arena)
{
    for (int side = BASE; side < provenance->side_count; side++) {
        const struct revision *revision = &provenance->sides[side];
        talk_say(talk,
                 arena_print(arena, "%s: %s%s%.12s%s (%s)",
                             provenance->side_count == 1 ? "revision" : side_name((enum side)side),
                             revision->label != NULL ? revision->label : "",
                             revision->worktree ? ", at " : ", ", revision->commit,
                             revision->dirty ? ", with edits" : "", revision->why));
    }
}

enum error_code revisions_trees(struct repository *repository, const struct provenance *provenance,
                                const char *cache, const struct talk *talk, struct arena *arena,
                                const char *roots[SIDES], struct error *error)
{
    for (int side = BASE; side < provenance->side_count; side++) {
        const struct revision *revision = &provenance->sides[side];
        struct path_list lfs = {0};
        if (revision->worktree) {
            roots[side] = repository_worktree(repository);
            continue;
        }
        enum error_code code =
            checkout_tree(repository, revision, cache, arena, &roots[side], &lfs, error);
        if (code != ERROR_NONE)
            return code;
        if (lfs.count == 1)
            talk_say(talk, arena_print(arena, "%s: %s is a Git LFS pointer, not its content",
                                       side_name((enum side)side), lfs.paths[0]));
        else if (lfs.count > 1)
            talk_say(talk, arena_print(arena,
                                       "%s: %zu files are Git LFS pointers, not their content: "
                                       "%s, ...",
                                       side_name((enum side)side), lfs.count, lfs.paths[0]));
    }
    return ERROR_NONE;
}
