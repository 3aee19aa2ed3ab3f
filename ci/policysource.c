#include "ci/policysource.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ci/policy/document.h"
#include "ci/policy/reader.h"
#include "ci/policy/textfile.h"
#include "ci/rev/blob.h"
#include "ci/run/journal.h"
#include "ci/trailerwaivers.h"

enum { SHORT_ID = 12 };

/* One look-up on its way. */
struct source {
    const struct policy_request *request;
    struct repository *repository;       /* NULL: not needed so far, or none */
    const struct provenance *provenance; /* NULL: files, of unknown revisions */
    struct arena *arena;
    struct policy_found *found;
    struct error *error;
};

const struct faults *policysource_faults(const struct policy_found *found)
{
    if (found->faults.count > 0)
        return &found->faults;
    return found->head_faults.count > 0 ? &found->head_faults : NULL;
}

static enum error_code out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

static bool note(const struct source *source, const char *text)
{
    return policy_note(&source->found->policy, source->arena, text);
}

/* The text as the policy that judges; `name` is where it is from. */
static enum error_code judge_by(const struct source *source, struct slice text, const char *name)
{
    struct policy_found *found = source->found;
    if (name == NULL)
        return out_of_memory(source->error);
    found->faults.source = name;
    return policy_read(&found->policy, text, source->arena, &found->faults, source->error);
}

static enum error_code judge_by_built_in(const struct source *source, const char *origin)
{
    struct policy_found *found = source->found;
    enum error_code code = policy_built_in(&found->policy, source->arena, source->error);
    if (code == ERROR_NONE && origin != NULL)
        found->policy.origin = origin;
    return code;
}

static enum error_code open_repository(struct source *source)
{
    return source->repository != NULL
               ? ERROR_NONE
               : repository_open(&source->repository, source->request->folder, source->arena,
                                 source->error);
}

/* Whoever runs this runs it for a change that he need not trust. */
static bool is_ci(const struct policy_request *request)
{
    static const char *const names[] = {"CI",        "GITHUB_ACTIONS",   "GITLAB_CI", "JENKINS_URL",
                                        "BUILDKITE", "TEAMCITY_VERSION", "TF_BUILD"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = request->variable(names[i]);
        if (value != NULL && value[0] != '\0' && strcmp(value, "false") != 0)
            return true;
    }
    return false;
}

/* "origin/main:benchgate.json", with the branch that the change is to go to where that is known. */
static const char *safe_form(const struct source *source)
{
    static const char *const names[] = {"GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"};
    const char *branch = "main";
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = source->request->variable(names[i]);
        if (value != NULL && value[0] != '\0')
            branch = value;
    }
    return arena_print(source->arena, "origin/%s:" POLICYSOURCE_FILE, branch);
}

/* The root of the repository that holds the folder: where .git is. NULL: none. */
static const char *find_root(const char *folder, struct arena *arena)
{
    char *root = arena_print(arena, "%s", folder);
    while (root != NULL && root[0] != '\0') {
        const char *mark = arena_print(arena, "%s/.git", root);
        if (mark != NULL && access(mark, F_OK) == 0)
            return root;
        char *slash = strrchr(root, '/');
        if (slash == NULL)
            break;
        *slash = '\0';
    }
    return NULL;
}

/* Says that the policy is one that the change under test could have altered, where that matters. */
static enum error_code warn_on_ci(const struct source *source, const char *what)
{
    if (!is_ci(source->request))
        return ERROR_NONE;
    const char *form = safe_form(source);
    return form != NULL &&
                   note(source, arena_print(source->arena,
                                            "the policy is %s: the change under test could have "
                                            "altered that; the safe form is --policy %s",
                                            what, form))
               ? ERROR_NONE
               : out_of_memory(source->error);
}

/* Whether a file that the user named lies in the repository where he stands. */
static bool is_inside(const struct source *source, const char *path)
{
    const char *root = find_root(source->request->folder, source->arena);
    if (root == NULL)
        return false;
    size_t length = strlen(root);
    return path[0] != '/' || (strncmp(path, root, length) == 0 && path[length] == '/');
}

/* What --policy names. */
static enum error_code judge_by_given(struct source *source, struct repository **opened)
{
    const char *given = source->request->given;
    struct slice text = {0};
    enum error_code code;
    if (strcmp(given, POLICYSOURCE_BUILT_IN) == 0)
        return judge_by_built_in(source, NULL);
    if (blob_is_spec(given)) {
        struct blob_content content;
        bool had = source->repository != NULL;
        if ((code = open_repository(source)) != ERROR_NONE)
            return code;
        *opened = had ? NULL : source->repository;
        code = blob_read_spec(source->repository, given,
                              repository_relative(source->repository, source->request->folder),
                              DOCUMENT_BYTES, source->arena, &content, source->error);
        text = content.text;
    } else {
        code = textfile_read(given, "policy", DOCUMENT_BYTES, true, source->arena, &text,
                             source->error);
    }
    if (code != ERROR_NONE)
        return code;
    bool input = strcmp(given, "-") == 0;
    code = judge_by(source, text, input ? "standard input" : given);
    if (code != ERROR_NONE || input || blob_is_spec(given) || !is_inside(source, given))
        return code;
    return warn_on_ci(source, arena_print(source->arena, "the file %s of the working tree", given));
}

const char *policysource_path(const char *folder, struct arena *arena)
{
    const char *root = find_root(folder, arena);
    return root == NULL || strcmp(root, folder) == 0
               ? arena_print(arena, POLICYSOURCE_FILE)
               : arena_print(arena, "%s/" POLICYSOURCE_FILE, root);
}

/* Whether something of that name is there, be it a link to nowhere. */
static bool is_there(const char *path)
{
    struct stat status;
    return path != NULL && lstat(path, &status) == 0;
}

/* A file of that name in a folder below the root is not read: whoever wrote it should know. */
static enum error_code note_below(const struct source *source, const char *root)
{
    const char *folder = source->request->folder;
    const char *below = arena_print(source->arena, "%s/" POLICYSOURCE_FILE, folder);
    if (strcmp(root, folder) == 0 || !is_there(below))
        return ERROR_NONE;
    return note(source,
                arena_print(source->arena,
                            "%s is not read: a policy is the file at the repository's root", below))
               ? ERROR_NONE
               : out_of_memory(source->error);
}

/* The file of the repository where the user stands, as it is in the working tree; outside of any
 * repository that of the folder. */
static enum error_code judge_by_worktree(struct source *source)
{
    struct arena *arena = source->arena;
    struct slice text;
    const char *root = find_root(source->request->folder, arena);
    bool within = root != NULL;
    if (!within)
        root = source->request->folder;
    const char *path = arena_print(arena, "%s/" POLICYSOURCE_FILE, root);
    if (path == NULL)
        return out_of_memory(source->error);
    bool there = is_there(path);
    const char *name = strcmp(root, source->request->folder) == 0 ? POLICYSOURCE_FILE : path;
    enum error_code code =
        there ? textfile_read(path, "policy", DOCUMENT_BYTES, false, arena, &text, source->error)
              : judge_by_built_in(source, NULL);
    if (there && code == ERROR_NONE)
        code = judge_by(source, text, name);
    if (code != ERROR_NONE || !within)
        return code;
    code = warn_on_ci(source,
                      there ? arena_print(arena, "%s as it stands in the working tree", name)
                            : "the built-in one, as the working tree has no " POLICYSOURCE_FILE);
    return code == ERROR_NONE ? note_below(source, root) : code;
}

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
        return out_of_memory(source->error);
    if (policy_read(head, text, source->arena, &found->head_faults, &faulty) == ERROR_MEMORY)
        return out_of_memory(source->error);
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
        return out_of_memory(source->error);
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
    if (!note(source, arena_print(source->arena,
                                  "%s: base judges, as it must; what head says applies from the "
                                  "next change on",
                                  what)))
        return out_of_memory(source->error);
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
    return note(source,
                arena_print(source->arena,
                            "%s has another " POLICYSOURCE_FILE " by now than the base of this "
                            "change: --policy %s:" POLICYSOURCE_FILE " judges by that one",
                            base->tip_name, base->tip_name))
               ? ERROR_NONE
               : out_of_memory(source->error);
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

static enum error_code judge_by_base(const struct source *source)
{
    bool there;
    struct blob_content content = {0};
    const struct revision *base = &source->provenance->sides[BASE];
    enum error_code code = read_side(source, BASE, &there, &content);
    if (code != ERROR_NONE)
        return code;
    code = there ? judge_by(source, content.text, name_in(source, base))
                 : judge_by_built_in(source,
                                     arena_print(source->arena, "built in (base %.*s has no %s)",
                                                 SHORT_ID, base->commit, POLICYSOURCE_FILE));
    if (code != ERROR_NONE)
        return explain_base(source, code);
    code = look_at_head(source, there, content.text);
    if (code == ERROR_NONE)
        code = look_at_tip(source, there, content.text);
    return code == ERROR_NONE ? note_below(source, repository_worktree(source->repository)) : code;
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
                   : out_of_memory(source->error);
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
    enum error_code code =
        request->given != NULL ? judge_by_given(&source, &opened) : judge_by_worktree(&source);
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
    enum error_code code =
        request->given != NULL ? judge_by_given(&source, &opened) : judge_by_base(&source);
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
        code = out_of_memory(error);
    repository_close(repository);
    return code;
}
