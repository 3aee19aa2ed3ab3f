#include "ci/notify/githubevent.h"

#include <jansson.h>

#include <string.h>

static const char file_variable[] = "GITHUB_EVENT_PATH";

/* The text of a member, following a path of objects; in the arena. NULL: there is none. */
static const char *text_at(const json_t *root, const char *const *keys, struct arena *arena)
{
    for (; *keys != NULL; keys++)
        root = json_object_get(root, *keys);
    const char *text = json_string_value(root);
    return text != NULL && text[0] != '\0' ? arena_copy(arena, slice_of(text)).text : NULL;
}

#define TEXT_AT(root, arena, ...) text_at(root, (const char *const[]){__VA_ARGS__, NULL}, arena)

/* A commit's id, or NULL: what is none goes into no address. */
static const char *commit_or_none(const char *text)
{
    size_t length = text != NULL ? strlen(text) : 0;
    if ((length != 40 && length != 64) || strspn(text, "0123456789abcdef") != length)
        return NULL;
    return text;
}

static void read_pull_request(const json_t *pull, const char *repository, struct arena *arena,
                              struct github_event *event)
{
    const char *from = TEXT_AT(pull, arena, "head", "repo", "full_name");
    event->number = json_integer_value(json_object_get(pull, "number"));
    event->sha = commit_or_none(TEXT_AT(pull, arena, "head", "sha"));
    /* A fork that is gone has no repository. */
    event->fork = from == NULL || repository == NULL || strcmp(from, repository) != 0;
}

static void read_workflow_run(const json_t *ended, struct arena *arena, struct github_event *event)
{
    event->sha = commit_or_none(TEXT_AT(ended, arena, "head_sha"));
    event->owner = TEXT_AT(ended, arena, "head_repository", "owner", "login");
    event->branch = TEXT_AT(ended, arena, "head_branch");
    event->conclusion = TEXT_AT(ended, arena, "conclusion");
    if (event->conclusion == NULL)
        event->conclusion = "none";
}

enum error_code githubevent_read(const char *(*variable)(const char *name), struct arena *arena,
                                 struct github_event *event, struct error *error)
{
    const char *path = variable(file_variable), *sha = variable("GITHUB_SHA");
    json_error_t why;
    json_t *root = NULL;
    *event = (struct github_event){0};
    if (path != NULL && path[0] != '\0') {
        root = json_load_file(path, 0, &why);
        if (root == NULL)
            return error_set(error, ERROR_READ, NULL, 0, 0, "%s: %s", file_variable, why.text);
    }
    const json_t *pull = json_object_get(root, "pull_request");
    const json_t *ended = json_object_get(root, "workflow_run");
    if (json_is_object(pull))
        read_pull_request(pull, variable("GITHUB_REPOSITORY"), arena, event);
    else if (json_is_object(ended))
        read_workflow_run(ended, arena, event);
    else
        event->sha = commit_or_none(sha != NULL ? arena_copy(arena, slice_of(sha)).text : NULL);
    json_decref(root);
    return arena->failed ? error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory") : ERROR_NONE;
}
