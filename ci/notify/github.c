#include "ci/notify/github.h"

#include <stdio.h>
#include <string.h>

#include "ci/notify/forge.h"
#include "ci/notify/forgetext.h"
#include "ci/notify/githubevent.h"
#include "ci/notify/secret.h"

static const char token_variable[] = "GITHUB_TOKEN";
static const char default_api[] = "https://api.github.com";

/* What GitHub takes: of a status 140 characters, of a title 256. */
enum { STATUS_BYTES = 140, TITLE_BYTES = 200 };

struct github {
    struct forge forge;
    struct github_event event;
    const char *mark;  /* of the comment */
    const char *login; /* whose token it is; NULL: of an app, as the jobs' own token is */
};

bool github_is_offered(const char *(*variable)(const char *name))
{
    const char *actions = variable("GITHUB_ACTIONS");
    return actions != NULL && strcmp(actions, "true") == 0 &&
           secret_is_set(token_variable, variable);
}

bool github_is_due(const struct report *report)
{
    return report->decision != NULL || (report->error != NULL && report->error->code != ERROR_NONE);
}

/* ---- who and where ---- */

/* "owner/name", and nothing that leads elsewhere in an address. */
static bool is_repository(const char *text)
{
    static const char kept[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
    size_t owner = text != NULL ? strspn(text, kept) : 0;
    if (owner == 0 || text[owner] != '/' || text[0] == '.')
        return false;
    const char *name = text + owner + 1;
    return name[0] != '\0' && name[strspn(name, kept)] == '\0' && strcmp(name, ".") != 0 &&
           strcmp(name, "..") != 0;
}

static void add_header(struct forge *forge, const char *name, const char *value)
{
    forge->headers[forge->header_count++] = (struct http_header){name, value};
}

static enum error_code open_forge(struct notify_run *run, struct github *github,
                                  struct error *error)
{
    const char *(*variable)(const char *name) = run->request->http.variable;
    const char *api = variable("GITHUB_API_URL"), *repository = variable("GITHUB_REPOSITORY");
    const char *token;
    bool given = api != NULL && api[0] != '\0';
    if (!is_repository(repository))
        return error_set(error, ERROR_INPUT, NULL, 0, 0,
                         "GitHub: GITHUB_REPOSITORY is no owner/name");
    enum error_code code = secret_read(token_variable, variable, run->arena, &token, error);
    if (code != ERROR_NONE)
        return code;
    struct forge *forge = &github->forge;
    *forge = (struct forge){.run = run, .service = "GitHub", .name = "github", .plain = given};
    forge->base = arena_print(run->arena, "%s/repos/%s", given ? api : default_api, repository);
    const char *bearer = arena_print(run->arena, "Bearer %s", token);
    github->mark = forgetext_mark(variable("GITHUB_WORKFLOW"), variable("GITHUB_JOB"), run->arena);
    if (forge->base == NULL || bearer == NULL || github->mark == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    add_header(forge, "Authorization", bearer);
    add_header(forge, "X-GitHub-Api-Version", "2022-11-28");
    return githubevent_read(variable, run->arena, &github->event, error);
}

static bool is_judged(const json_t *pull, const void *context)
{
    const struct github_event *event = context;
    const char *sha = json_string_value(json_object_get(json_object_get(pull, "head"), "sha"));
    return sha != NULL && strcmp(sha, event->sha) == 0;
}

/*
 * The pull request of a workflow run that ended: the event of a fork's does not name it, and what
 * its job left must not. Its newest commit has to be the one that was judged.
 */
static enum error_code find_pull_request(struct github *github, struct error *error)
{
    struct github_event *event = &github->event;
    const struct forge *forge = &github->forge;
    json_t *found;
    if (event->owner == NULL || event->branch == NULL || event->sha == NULL)
        return ERROR_NONE;
    const char *owner = forge_quote(forge, event->owner);
    const char *branch = forge_quote(forge, event->branch);
    const char *path = owner != NULL && branch != NULL
                           ? forge_path(forge, "/pulls?state=open&head=%s:%s", owner, branch)
                           : NULL;
    enum error_code code = forge_find(forge, path, is_judged, event, &found, error);
    event->number = json_integer_value(json_object_get(found, "number"));
    json_decref(found);
    return code;
}

/* ---- the comment ---- */

/* A comment that begins with our mark, and that nobody else wrote. */
static bool is_ours(const json_t *comment, const void *context)
{
    const struct github *github = context;
    const json_t *user = json_object_get(comment, "user");
    const char *body = forge_text(comment, "body");
    if (strncmp(body, github->mark, strlen(github->mark)) != 0)
        return false;
    return github->login != NULL ? strcmp(forge_text(user, "login"), github->login) == 0
                                 : strcmp(forge_text(user, "type"), "Bot") == 0;
}

/* The tokens of apps are of nobody: /user is not theirs to read. */
static void find_login(struct github *github)
{
    struct forge forge = github->forge;
    const char *slash = strstr(forge.base, "/repos/");
    struct error error = {.code = ERROR_NONE};
    json_t *user;
    long status;
    forge.base =
        arena_copy(forge.run->arena, (struct slice){forge.base, (size_t)(slash - forge.base)}).text;
    if (strncmp(forge.headers[0].value, "Bearer ghs_", 11) == 0 || forge.base == NULL)
        return;
    if (forge_call(&forge, "GET", "/user", NULL, &user, &status, &error) == ERROR_NONE &&
        forge_text(user, "login")[0] != '\0')
        github->login = arena_copy(forge.run->arena, slice_of(forge_text(user, "login"))).text;
    json_decref(user);
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

static void send_comment(struct github *github)
{
    const struct forge *forge = &github->forge;
    struct error error = {.code = ERROR_NONE};
    long long number = github->event.number;
    json_t *old = NULL, *body = body_of(forge->run->report, github->mark);
    find_login(github);
    enum error_code code =
        forge_find(forge, forge_path(forge, "/issues/%lld/comments?sort=created", number), is_ours,
                   github, &old, &error);
    long long id = json_integer_value(json_object_get(old, "id"));
    if (code != ERROR_NONE || body == NULL)
        json_decref(body);
    else if (id > 0)
        code =
            forge_do(forge, "PATCH", forge_path(forge, "/issues/comments/%lld", id), body, &error);
    else
        code = forge_do(forge, "POST", forge_path(forge, "/issues/%lld/comments", number), body,
                        &error);
    forge_tell(forge, "comment", code, id > 0 ? "edited" : "made", &error);
    json_decref(old);
}

/* ---- the status ---- */

/* A job whose report says another thing than how it ended is believed by its end. */
static bool contradicts(const struct github *github, enum forge_state state)
{
    const char *conclusion = github->event.conclusion;
    return conclusion != NULL && (strcmp(conclusion, "success") == 0) != (state == FORGE_PASSED);
}

static void send_status(struct github *github)
{
    static const char *const states[] = {
        [FORGE_PASSED] = "success", [FORGE_FAILED] = "failure", [FORGE_BROKEN] = "error"};
    const struct forge *forge = &github->forge;
    const struct report *report = forge->run->report;
    struct error error = {.code = ERROR_NONE};
    struct buffer line = {0};
    enum forge_state state = forgetext_state(report);
    if (contradicts(github, state)) {
        state = FORGE_BROKEN;
        buffer_print(&line, "the job ended with %s, which is not what its report says",
                     strcmp(github->event.conclusion, "success") == 0 ? "success" : "no success");
    } else {
        forgetext_line(report, STATUS_BYTES, &line);
    }
    json_t *body =
        json_pack("{s:s, s:s%, s:s}", "state", states[state], "description",
                  line.text != NULL ? line.text : "", line.length, "context", "benchgate");
    if (body != NULL && report->job != NULL && report->job->url != NULL)
        (void)json_object_set_new(body, "target_url", json_string(report->job->url));
    enum error_code code =
        body == NULL ? error_set(&error, ERROR_MEMORY, NULL, 0, 0, "out of memory")
                     : forge_do(forge, "POST", forge_path(forge, "/statuses/%s", github->event.sha),
                                body, &error);
    forge_tell(forge, "status", code, states[state], &error);
    buffer_release(&line);
}

/* ---- the label ---- */

static void send_label(struct github *github)
{
    const struct forge *forge = &github->forge;
    struct error error = {.code = ERROR_NONE};
    long long number = github->event.number;
    json_t *answer;
    long status;
    if (forgetext_draws(forge->run->report, CONSEQUENCE_HIGH_RISK)) {
        json_t *body = json_pack("{s:[s]}", "labels", FORGETEXT_RISK_LABEL);
        forge_tell(
            forge, "label",
            forge_do(forge, "POST", forge_path(forge, "/issues/%lld/labels", number), body, &error),
            "set", &error);
        return;
    }
    enum error_code code = forge_call(
        forge, "DELETE", forge_path(forge, "/issues/%lld/labels/" FORGETEXT_RISK_LABEL, number),
        NULL, &answer, &status, &error);
    json_decref(answer);
    if (status != 404) /* it was not there */
        forge_tell(forge, "label", code, "removed", &error);
}

/* ---- the issue ---- */

static bool is_task(const json_t *issue, const void *context)
{
    (void)context;
    return json_object_get(issue, "pull_request") == NULL &&
           strncmp(forge_text(issue, "body"), forgetext_task_mark, strlen(forgetext_task_mark)) ==
               0;
}

static json_t *new_task(const struct report *report, struct arena *arena)
{
    struct buffer title = {0}, text = {0};
    json_t *body = NULL;
    forgetext_task_title(report, TITLE_BYTES, &title);
    if (forgetext_task(report, arena, &text) && !title.failed)
        body = json_pack("{s:s%, s:s%, s:[s]}", "title", title.text, title.length, "body",
                         text.text, text.length, "labels", FORGETEXT_TASK_LABEL);
    buffer_release(&title);
    buffer_release(&text);
    return body;
}

static void send_task(struct github *github)
{
    const struct forge *forge = &github->forge;
    struct error error = {.code = ERROR_NONE};
    json_t *open = NULL, *body = new_task(forge->run->report, forge->run->arena);
    enum error_code code =
        forge_find(forge, forge_path(forge, "/issues?state=open&labels=" FORGETEXT_TASK_LABEL),
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

static void send_all(struct github *github)
{
    const struct report *report = github->forge.run->report;
    if (github->event.number > 0)
        send_comment(github);
    if (github->event.sha != NULL)
        send_status(github);
    /* A run that decided nothing takes no mark away. */
    if (github->event.number > 0 && report->decision != NULL)
        send_label(github);
    if (forgetext_draws(report, CONSEQUENCE_FLAMEGRAPH))
        send_task(github);
}

void github_send(struct notify_run *run)
{
    struct github github = {0};
    struct error error = {.code = ERROR_NONE};
    enum error_code code = open_forge(run, &github, &error);
    if (code == ERROR_NONE && github.event.conclusion != NULL)
        code = find_pull_request(&github, &error);
    if (code != ERROR_NONE)
        notify_add(run, "github", "comment", false, error.text);
    else if (github.event.fork)
        notify_add(run, "github", "comment", false,
                   "GitHub: a pull request from a fork has no token that may write; a second "
                   "workflow can: benchgate post");
    else if (github.event.conclusion != NULL && github.event.number == 0)
        notify_add(run, "github", "comment", false,
                   "GitHub: the commit that was judged is no open pull request's newest one");
    else
        send_all(&github);
}
