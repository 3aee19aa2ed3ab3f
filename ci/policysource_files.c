/* The policy that a file or a revision holds which the user names, or the working tree. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ci/policy/document.h"
#include "ci/policy/textfile.h"
#include "ci/policysource_parts.h"
#include "ci/rev/blob.h"

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
                   source_note(source,
                               arena_print(source->arena,
                                           "the policy is %s: the change under test could have "
                                           "altered that; the safe form is --policy %s",
                                           what, form))
               ? ERROR_NONE
               : source_memory(source->error);
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

enum error_code source_judge_by_given(struct source *source, struct repository **opened)
{
    const char *given = source->request->given;
    struct slice text = {0};
    enum error_code code;
    if (strcmp(given, POLICYSOURCE_BUILT_IN) == 0)
        return source_judge_by_built_in(source, NULL);
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
    code = source_judge_by(source, text, input ? "standard input" : given);
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

enum error_code source_note_below(const struct source *source, const char *root)
{
    const char *folder = source->request->folder;
    const char *below = arena_print(source->arena, "%s/" POLICYSOURCE_FILE, folder);
    if (strcmp(root, folder) == 0 || !is_there(below))
        return ERROR_NONE;
    return source_note(source,
                       arena_print(source->arena,
                                   "%s is not read: a policy is the file at the repository's root",
                                   below))
               ? ERROR_NONE
               : source_memory(source->error);
}

enum error_code source_judge_by_worktree(struct source *source)
{
    struct arena *arena = source->arena;
    struct slice text;
    const char *root = find_root(source->request->folder, arena);
    bool within = root != NULL;
    if (!within)
        root = source->request->folder;
    const char *path = arena_print(arena, "%s/" POLICYSOURCE_FILE, root);
    if (path == NULL)
        return source_memory(source->error);
    bool there = is_there(path);
    const char *name = strcmp(root, source->request->folder) == 0 ? POLICYSOURCE_FILE : path;
    enum error_code code =
        there ? textfile_read(path, "policy", DOCUMENT_BYTES, false, arena, &text, source->error)
              : source_judge_by_built_in(source, NULL);
    if (there && code == ERROR_NONE)
        code = source_judge_by(source, text, name);
    if (code != ERROR_NONE || !within)
        return code;
    code = warn_on_ci(source,
                      there ? arena_print(arena, "%s as it stands in the working tree", name)
                            : "the built-in one, as the working tree has no " POLICYSOURCE_FILE);
    return code == ERROR_NONE ? source_note_below(source, root) : code;
}
