#include "ci/notify/gitlab.h"

#include <string.h>

#include "ci/notify/forge.h"
#include "ci/notify/forgetext.h"
#include "ci/notify/secret.h"

static const char token_variable[] = "BENCHGATE_GITLAB_TOKEN";

/* What GitLab takes: 255 characters of either. */
enum { STATUS_BYTES = 255, TITLE_BYTES = 200 };

struct gitlab {
    struct forge forge;  /* of the project that the pipeline belongs to */
    struct forge target; /* of the project that the merge request goes to */
    const char *request; /* its number; NULL: no merge request */
    const char *sha;     /* NULL: not known */
    const char *mark;    /* of the note */
    long long user;      /* whose token it is */
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
    if (api == NULL || api[0] == '\0' || project == NULL)
        return error_set(error, ERROR_INPUT, NULL, 0, 0,
                         "GitLab: CI_API_V4_URL and CI_PROJECT_ID are not both there");
    *forge = (struct forge){.run = run, .service = "GitLab", .name = "gitlab", .plain = true};
    forge->base = arena_print(run->arena, "%s/projects/%s", api, project);
    forge->headers[forge->header_count++] = (struct http_header){"PRIVATE-TOKEN", token};
    return forge->base != NULL ? ERROR_NONE
                               : error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
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
    /* A pipeline for the merged result runs on a commit that nobody pushed. */
    gitlab->sha = commit_of(variable, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA");
    if (gitlab->sha == NULL)
        gitlab->sha = commit_of(variable, "CI_COMMIT_SHA");
    gitlab->mark = forgetext_mark(variable("CI_PROJECT_NAME"), variable("CI_JOB_NAME"), run->arena);
    if (code == ERROR_NONE && gitlab->mark == NULL)
        code = error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    return code;
}

/* ---- the note ---- */

/* A note that begins with our mark, and that nobody else wrote. */
static bool is_ours(const json_t *note, const void *context)
{
    const struct gitlab *gitlab = context;
    const json_t *author = json_object_get(note, "author");
    return strncmp(forge_text(note, "body"), gitlab->mark, strlen(gitlab->mark)) == 0 &&
           json_integer_value(json_object_get(author, "id")) == gitlab->user;
}

static enum error_code find_user(struct gitlab *gitlab, struct error *error)
{
    struct forge api = gitlab->forge;
    json_t *user;
    long status;
    api.base = api.run->request->http.variable("CI_API_V4_URL");
    enum error_code code = forge_call(&api, "GET", "/user", NULL, &user, &status, error);
    gitlab->user = json_integer_value(json_object_get(user, "id"));
    json_decref(user);
    return code;
}

static json_t *body_of(const struct report *report, const char *mark)
{
    struct buffer text = {0};
    json_t *body = NULL;
    if (forgetext_comment(report, mark, &text))
        body = json_pack("{s:s%}", "body", text.text, text.length);
    buffer_release(&text);
    return body;
}

static void send_note(struct gitlab *gitlab)
{
    const struct forge *forge = &gitlab->target;
    struct error error = {.code = ERROR_NONE};
    json_t *old = NULL, *body = body_of(forge->run->report, gitlab->mark);
    const char *notes = forge_path(forge, "/merge_requests/%s/notes", gitlab->request);
    enum error_code code = find_user(gitlab, &error);
    if (code == ERROR_NONE)
        code = forge_find(
            forge, forge_path(forge, "%s?sort=asc&order_by=created_at", notes != NULL ? notes : ""),
            is_ours, gitlab, &old, &error);
    long long id = json_integer_value(json_object_get(old, "id"));
    if (code != ERROR_NONE || body == NULL)
        json_decref(body);
    else if (id > 0)
        code = forge_do(forge, "PUT", forge_path(forge, "%s/%lld", notes, id), body, &error);
    else
        code = forge_do(forge, "POST", notes, body, &error);
    forge_tell(forge, "comment", code, id > 0 ? "edited" : "made", &error);
    json_decref(old);
}

/* ---- the status ---- */

static void send_status(struct gitlab *gitlab)
{
    static const char *const states[] = {
        [FORGE_PASSED] = "success", [FORGE_FAILED] = "failed", [FORGE_BROKEN] = "failed"};
    const struct forge *forge = &gitlab->forge;
    const struct report *report = forge->run->report;
    struct error error = {.code = ERROR_NONE};
    struct buffer line = {0};
    enum forge_state state = forgetext_state(report);
    forgetext_line(report, STATUS_BYTES, &line);
    json_t *body = json_pack("{s:s, s:s%, s:s}", "state", states[state], "description",
                             line.text != NULL ? line.text : "", line.length, "name", "benchgate");
    if (body != NULL && report->job != NULL && report->job->url != NULL)
        (void)json_object_set_new(body, "target_url", json_string(report->job->url));
    enum error_code code =
        body == NULL
            ? error_set(&error, ERROR_MEMORY, NULL, 0, 0, "out of memory")
            : forge_do(forge, "POST", forge_path(forge, "/statuses/%s", gitlab->sha), body, &error);
    forge_tell(forge, "status", code, states[state], &error);
    buffer_release(&line);
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
static void send_label(struct gitlab *gitlab)
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

/* ---- the issue ---- */

static bool is_task(const json_t *issue, const void *context)
{
    (void)context;
    return strncmp(forge_text(issue, "description"), forgetext_task_mark,
                   strlen(forgetext_task_mark)) == 0;
}

static json_t *new_task(const struct report *report, struct arena *arena)
{
    struct buffer title = {0}, text = {0};
    json_t *body = NULL;
    forgetext_task_title(report, TITLE_BYTES, &title);
    if (forgetext_task(report, arena, &text) && !title.failed)
        body = json_pack("{s:s%, s:s%, s:s}", "title", title.text, title.length, "description",
                         text.text, text.length, "labels", FORGETEXT_TASK_LABEL);
    buffer_release(&title);
    buffer_release(&text);
    return body;
}

static void send_task(struct gitlab *gitlab)
{
    const struct forge *forge = &gitlab->target;
    struct error error = {.code = ERROR_NONE};
    json_t *open = NULL, *body = new_task(forge->run->report, forge->run->arena);
    enum error_code code =
        forge_find(forge, forge_path(forge, "/issues?state=opened&labels=" FORGETEXT_TASK_LABEL),
                   is_task, NULL, &open, &error);
    bool there = open != NULL;
    if (code != ERROR_NONE || there || body == NULL)
        json_decref(body);
    else
        code = forge_do(forge, "POST", "/issues", body, &error);
    forge_tell(forge, "issue", code, there ? "open already" : "opened", &error);
    json_decref(open);
}

/* ---- all ---- */

void gitlab_send(struct notify_run *run)
{
    struct gitlab gitlab = {0};
    struct error error = {.code = ERROR_NONE};
    if (open_gitlab(run, &gitlab, &error) != ERROR_NONE) {
        notify_add(run, "gitlab", "comment", false, error.text);
        return;
    }
    if (gitlab.request != NULL)
        send_note(&gitlab);
    if (gitlab.sha != NULL)
        send_status(&gitlab);
    /* A run that decided nothing takes no mark away. */
    if (gitlab.request != NULL && run->report->decision != NULL)
        send_label(&gitlab);
    if (forgetext_draws(run->report, CONSEQUENCE_FLAMEGRAPH))
        send_task(&gitlab);
}
