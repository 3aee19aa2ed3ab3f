#include "ci/notify/gitlab.h"

#include <stdlib.h>
#include <string.h>

#include "ci/notify/forgeacts.h"
#include "ci/notify/secret.h"

static const char token_variable[] = "BENCHGATE_GITLAB_TOKEN";

static const struct forge_dialect dialect = {
    .states = {[FORGE_PASSED] = "success", [FORGE_FAILED] = "failed", [FORGE_BROKEN] = "failed"},
    .status_name = "name",
    .status_bytes = 255, /* characters of each are what it takes, and 255 of a title */
    .title_bytes = 200,
    .text = "description",
    .open = "opened",
    .label_list = false,
};

struct gitlab {
    struct forge forge;   /* of the project that the pipeline belongs to */
    struct forge target;  /* of the project that the merge request goes to */
    const char *request;  /* its number; NULL: no merge request */
    const char *sha;      /* that the pipeline runs for; NULL: not known */
    const char *pipeline; /* its number; NULL: not known */
    const char *mark;     /* of the note */
    long long user;       /* whose token it is */
};

bool gitlab_is_offered(const char *(*variable)(const char *name))
{
    const char *ci = variable("GITLAB_CI");
    return ci != NULL && strcmp(ci, "true") == 0 && secret_is_set(token_variable, variable);
}

bool gitlab_is_due(const struct report *report)
{
    return report->decision != NULL || (report->error != NULL && report->error->code != ERROR_NONE);
}

/* ---- who and where ---- */

/* A variable that is a number: what is none goes into no address. NULL: not set, or none. */
static const char *number_of(const char *(*variable)(const char *name), const char *name)
{
    const char *text = variable(name);
    size_t length = text != NULL ? strlen(text) : 0;
    return length > 0 && length < 20 && strspn(text, "0123456789") == length ? text : NULL;
}

static const char *commit_of(const char *(*variable)(const char *name), const char *name)
{
    const char *text = variable(name);
    size_t length = text != NULL ? strlen(text) : 0;
    return (length == 40 || length == 64) && strspn(text, "0123456789abcdef") == length ? text
                                                                                        : NULL;
}

static enum error_code open_project(struct notify_run *run, const char *project, const char *token,
                                    struct forge *forge, struct error *error)
{
    const char *api = run->request->http.variable("CI_API_V4_URL");
    *forge = (struct forge){.run = run, .service = "GitLab", .name = "gitlab", .plain = true};
    if (api == NULL || api[0] == '\0' || project == NULL)
        return error_set(error, ERROR_INPUT, NULL, 0, 0,
                         "GitLab: CI_API_V4_URL and CI_PROJECT_ID are not both there");
    forge->headers[forge->header_count++] = (struct http_header){"PRIVATE-TOKEN", token};
    return forge_open(forge, api, error, "/projects/%s", project);
}

static enum error_code open_gitlab(struct notify_run *run, struct gitlab *gitlab,
                                   struct error *error)
{
    const char *(*variable)(const char *name) = run->request->http.variable;
    const char *project = number_of(variable, "CI_PROJECT_ID");
    const char *target = number_of(variable, "CI_MERGE_REQUEST_PROJECT_ID"), *token;
    enum error_code code = secret_read(token_variable, variable, run->arena, &token, error);
    if (code == ERROR_NONE)
        code = open_project(run, project, token, &gitlab->forge, error);
    if (code == ERROR_NONE)
        code = open_project(run, target != NULL ? target : project, token, &gitlab->target, error);
    gitlab->request = number_of(variable, "CI_MERGE_REQUEST_IID");
    gitlab->sha = commit_of(variable, "CI_COMMIT_SHA");
    gitlab->pipeline = number_of(variable, "CI_PIPELINE_ID");
    gitlab->mark = forgetext_mark(variable("CI_PROJECT_NAME"),
                                  forgetext_name(variable, variable("CI_JOB_NAME")), run->arena);
    if (code == ERROR_NONE && gitlab->mark == NULL)
        code = error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    return code;
}

/* ---- the note ---- */

static bool is_by_us(const json_t *note, const void *context)
{
    const struct gitlab *gitlab = context;
    const json_t *author = json_object_get(note, "author");
    return json_integer_value(json_object_get(author, "id")) == gitlab->user;
}

static enum error_code find_user(struct gitlab *gitlab, struct error *error)
{
    const struct forge root = forge_root(&gitlab->forge);
    json_t *user;
    long status;
    enum error_code code = forge_call(&root, "GET", "/user", NULL, &user, &status, error);
    gitlab->user = json_integer_value(json_object_get(user, "id"));
    if (code == ERROR_NONE && gitlab->user <= 0)
        code = error_set(error, ERROR_READ, NULL, 0, 0, "GitLab: the answer names no user");
    json_decref(user);
    return code;
}

static void send_note(struct gitlab *gitlab)
{
    const struct forge *forge = &gitlab->target;
    struct error error = {.code = ERROR_NONE};
    const char *notes = forge_path(forge, "/merge_requests/%s/notes", gitlab->request);
    const struct forge_comments comments = {
        .list = notes,
        .oldest_first = "sort=asc",
        .edit_method = "PUT",
        .edit_list = notes,
        .mark = gitlab->mark,
        .is_by_us = is_by_us,
        .context = gitlab,
    };
    if (find_user(gitlab, &error) == ERROR_NONE)
        forgeacts_comment(forge, &comments);
    else
        forge_tell(forge, "comment", error.code, NULL, &error);
}

/* ---- the status ---- */

/*
 * Beside the jobs of this pipeline. Without its number GitLab may begin another pipeline for the
 * commit, which then is the merge request's last one, and lets it be merged though this one failed.
 */
static void send_status(const struct gitlab *gitlab)
{
    const struct forge *forge = &gitlab->forge;
    json_t *pipeline =
        json_pack("{s:I}", "pipeline_id", (json_int_t)strtoll(gitlab->pipeline, NULL, 10));
    forgeacts_status(forge, &dialect, forge_path(forge, "/statuses/%s", gitlab->sha),
                     forgetext_state(forge->run->report), NULL, pipeline);
}

/* ---- the label ---- */

static bool has_label(const json_t *request)
{
    const json_t *labels = json_object_get(request, "labels");
    for (size_t i = 0; i < json_array_size(labels); i++) {
        const char *label = json_string_value(json_array_get(labels, i));
        if (label != NULL && strcmp(label, FORGETEXT_RISK_LABEL) == 0)
            return true;
    }
    return false;
}

/* Only where it has to change: a change of labels is told to all who watch. */
static void send_label(const struct gitlab *gitlab)
{
    const struct forge *forge = &gitlab->target;
    bool wanted = forgetext_draws(forge->run->report, CONSEQUENCE_HIGH_RISK);
    struct error error = {.code = ERROR_NONE};
    json_t *request;
    long status;
    const char *path = forge_path(forge, "/merge_requests/%s", gitlab->request);
    enum error_code code = forge_call(forge, "GET", path, NULL, &request, &status, &error);
    bool has = has_label(request);
    json_decref(request);
    if (code == ERROR_NONE && has == wanted)
        return;
    if (code == ERROR_NONE)
        code = forge_do(
            forge, "PUT", path,
            json_pack("{s:s}", wanted ? "add_labels" : "remove_labels", FORGETEXT_RISK_LABEL),
            &error);
    forge_tell(forge, "label", code, wanted ? "set" : "removed", &error);
}

/* ---- all ---- */

/* What a merge may wait for comes first; none hinders another. */
void gitlab_send(struct notify_run *run)
{
    struct gitlab gitlab = {0};
    struct error error = {.code = ERROR_NONE};
    if (open_gitlab(run, &gitlab, &error) != ERROR_NONE) {
        notify_add(run, "gitlab", "comment", false, error.text);
        return;
    }
    if (gitlab.sha != NULL && gitlab.pipeline != NULL)
        send_status(&gitlab);
    else
        notify_add(run, "gitlab", "status", false,
                   "GitLab: CI_COMMIT_SHA and CI_PIPELINE_ID are not both there");
    if (gitlab.request != NULL)
        send_note(&gitlab);
    /* A run that decided nothing takes no mark away. */
    if (gitlab.request != NULL && run->report->decision != NULL)
        send_label(&gitlab);
    if (forgetext_draws(run->report, CONSEQUENCE_FLAMEGRAPH))
        forgeacts_task(&gitlab.target, &dialect);
}
