#include "ci/rev/filter.h"

#include <string.h>
#include <unistd.h>

#include "ci/rev/git.h"

bool filter_configure(int descriptor)
{
    /* Else the user's own attributes count, in ~/.config/git/attributes. */
    static const char text[] = "[core]\n\tattributesfile = /dev/null\n";
    return write(descriptor, text, strlen(text)) == (ssize_t)strlen(text);
}

enum error_code filter_open(git_repository **plain, git_odb *objects, const char *configuration,
                            struct error *error)
{
    git_repository *made = NULL;
    git_index *index = NULL;
    git_config *config = NULL;
    enum error_code code = ERROR_NONE;
    if (git_repository_new(&made) != 0 || git_repository_set_odb(made, objects) != 0 ||
        git_index_new(&index) != 0 || git_repository_set_index(made, index) != 0 ||
        git_config_open_ondisk(&config, configuration) != 0 ||
        git_repository_set_config(made, config) != 0)
        code = git_failed(error, ERROR_INPUT, "the objects cannot be read");
    git_config_free(config);
    git_index_free(index);
    if (code == ERROR_NONE)
        *plain = made;
    else
        git_repository_free(made);
    return code;
}

int filter_apply(git_repository *plain, const git_oid *commit, git_blob *blob, const char *path,
                 git_buf *content, bool *filtered)
{
    git_filter_options options = {.version = GIT_FILTER_OPTIONS_VERSION};
    git_filter_list *filters = NULL;
    options.flags = GIT_FILTER_NO_SYSTEM_ATTRIBUTES | GIT_FILTER_ATTRIBUTES_FROM_COMMIT |
                    GIT_FILTER_ALLOW_UNSAFE;
    git_oid_cpy(&options.attr_commit_id, commit);
    int status =
        git_filter_list_load_ext(&filters, plain, blob, path, GIT_FILTER_TO_WORKTREE, &options);
    *filtered = filters != NULL;
    if (status == 0 && filters != NULL)
        status = git_filter_list_apply_to_blob(content, filters, blob);
    git_filter_list_free(filters);
    return status;
}
