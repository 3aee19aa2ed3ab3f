#include "ci/notify/github.h"

#include <string.h>

#include "ci/notify/forgeacts.h"
#include "ci/notify/githubevent.h"
#include "ci/notify/secret.h"

static const char token_variable[] = "GITHUB_TOKEN";
static const char default_api[] = "https://api.github.com";

static const struct forge_dialect dialect = {
    .states = {[FORGE_PASSED] = "success", [FORGE_FAILED] = "failure", [FORGE_BROKEN] = "error"},
    .status_name = "context",
    .status_bytes = 140, /* characters of each are what it takes, and 256 of a title */
    .title_bytes = 200,
    .text = "body",
    .open = "open",
    .label_list = true,
};

struct github {
    struct forge forge;
    struct github_event event;
    const char *mark;  /* of the comment */
    const char *login; /* whose token it is; NULL: an app's, as the jobs' own token is */
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

static enum error_code open_github(struct notify_run *run, struct github *github,
                                   struct error *error)
{
    const char *(*variable)(const char *name) = run->request->http.variable;
    const char *api = variable("GITHUB_API_URL"), *repository = variable("GITHUB_REPOSITORY");
    const char *token;
    bool given = api != NULL && api[0] != '\0';
    struct forge *forge = &github->forge;
    *forge = (struct forge){.run = run, .service = "GitHub", .name = "github", .plain = given};
    if (!is_repository(repository))
        return error_set(error, ERROR_INPUT, NULL, 0, 0,
                         "GitHub: GITHUB_REPOSITORY is no owner/name");
    enum error_code code = secret_read(token_variable, variable, run->arena, &token, error);
    if (code != ERROR_NONE)
        return code;
    code = forge_open(forge, given ? api : default_api, error, "/repos/%s", repository);
    const char *bearer = arena_print(run->arena, "Bearer %s", token);
    github->mark = forgetext_mark(variable("GITHUB_WORKFLOW"),
                                  forgetext_name(variable, variable("GITHUB_JOB")), run->arena);
    if (code == ERROR_NONE && (bearer == NULL || github->mark == NULL))
        code = error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    if (code != ERROR_NONE)
        return code;
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
    json_t *found = NULL;
    enum error_code code = ERROR_NONE;
    if (event->ended->owner != NULL && event->ended->branch != NULL && event->sha != NULL) {
        const char *owner = forge_quote(forge, event->ended->owner);
        const char *branch = forge_quote(forge, event->ended->branch);
        const char *path = owner != NULL && branch != NULL
                               ? forge_path(forge, "/pulls?state=open&head=%s:%s", owner, branch)
                               : NULL;
        code = forge_find(forge, path, is_judged, event, &found, error);
    }
    event->number = json_integer_value(json_object_get(found, "number"));
    json_decref(found);
    if (code == ERROR_NONE && event->number == 0)
        code = error_set(error, ERROR_INPUT, NULL, 0, 0,
                         "GitHub: the commit that was judged is no open pull request's newest one");
    return code;
}

/* ---- the comment ---- */

/* The jobs' own token is an app's: other apps' comments do not begin with what a user wrote. */
static bool is_by_us(const json_t *comment, const void *context)
{
    const struct github *github = context;
    const json_t *user = json_object_get(comment, "user");
    return github->login != NULL ? strcmp(forge_text(user, "login"), github->login) == 0
                                 : strcmp(forge_text(user, "type"), "Bot") == 0;
}

/* The tokens of apps are of nobody: /user is not theirs to read. */
static enum error_code find_login(struct github *github, struct error *error)
{
    const struct forge root = forge_root(&github->forge);
    json_t *user;
    long status;
    if (strncmp(root.headers[0].value, "Bearer ghs_", 11) == 0)
        return ERROR_NONE;
    enum error_code code = forge_call(&root, "GET", "/user", NULL, &user, &status, error);
    if (code == ERROR_NONE && forge_text(user, "login")[0] != '\0')
        github->login = arena_copy(root.run->arena, slice_of(forge_text(user, "login"))).text;
    json_decref(user);
    return status == 403 ? ERROR_NONE : code;
}

/* A job whose report says another thing than how it ended is believed by its end. */
static const char *contradiction(const struct github *github)
{
    const struct github_ended *ended = github->event.ended;
    bool passed = forgetext_state(github->forge.run->report) == FORGE_PASSED;
    bool success = ended != NULL && strcmp(ended->conclusion, "success") == 0;
    if (ended == NULL || success == passed)
        return NULL;
    return success ? "the job ended with success, though its report says otherwise"
                   : "the job did not end with success, though its report says so";
}

static const char *remark_of(const struct github *github)
{
    const char *wrong = contradiction(github);
    if (wrong != NULL)
        return arena_print(github->forge.run->arena, "**Not to be trusted: %s.**", wrong);
    return github->event.ended != NULL && github->event.fork
               ? "From the job of a fork, on whose word alone this stands."
               : NULL;
}

static void send_comment(struct github *github)
{
    const struct forge *forge = &github->forge;
    struct error error = {.code = ERROR_NONE};
    const struct forge_comments comments = {
        .list = forge_path(forge, "/issues/%lld/comments", github->event.number),
        .edit_method = "PATCH",
        .edit_list = "/issues/comments",
        .mark = github->mark,
        .remark = remark_of(github),
        .is_by_us = is_by_us,
        .context = github,
    };
    if (find_login(github, &error) == ERROR_NONE)
        forgeacts_comment(forge, &comments);
    else
        forge_tell(forge, "comment", error.code, NULL, &error);
}

/* ---- the status ---- */

static void send_status(const struct github *github)
{
    const struct forge *forge = &github->forge;
    const char *wrong = contradiction(github);
    forgeacts_status(forge, &dialect, forge_path(forge, "/statuses/%s", github->event.sha),
                     wrong != NULL ? FORGE_BROKEN : forgetext_state(forge->run->report), wrong,
                     NULL);
}

/* ---- the label ---- */

static bool is_risk_label(const json_t *label, const void *context)
{
    (void)context;
    return strcmp(forge_text(label, "name"), FORGETEXT_RISK_LABEL) == 0;
}

static enum error_code remove_label(const struct forge *forge, const char *labels,
                                    struct error *error)
{
    json_t *answer;
    long status;
    enum error_code code =
        forge_call(forge, "DELETE", forge_path(forge, "%s/" FORGETEXT_RISK_LABEL, labels), NULL,
                   &answer, &status, error);
    json_decref(answer);
    return status == 404 ? ERROR_NONE : code; /* it was there: somebody was faster */
}

/* Only where it has to change: a change of labels is told to all who watch. */
static void send_label(const struct github *github)
{
    const struct forge *forge = &github->forge;
    struct error error = {.code = ERROR_NONE};
    bool wanted = forgetext_draws(forge->run->report, CONSEQUENCE_HIGH_RISK);
    const char *labels = forge_path(forge, "/issues/%lld/labels", github->event.number);
    json_t *found;
    enum error_code code = forge_find(forge, labels, is_risk_label, NULL, &found, &error);
    bool has = found != NULL;
    json_decref(found);
    if (code == ERROR_NONE && has == wanted)
        return;
    if (code == ERROR_NONE && wanted)
        code = forge_do(forge, "POST", labels, json_pack("{s:[s]}", "labels", FORGETEXT_RISK_LABEL),
                        &error);
    else if (code == ERROR_NONE)
        code = remove_label(forge, labels, &error);
    forge_tell(forge, "label", code, wanted ? "set" : "removed", &error);
}

/* ---- all ---- */

/* What a merge may wait for comes first; none hinders another. */
static void send_all(struct github *github)
{
    const struct forge *forge = &github->forge;
    const struct report *report = forge->run->report;
    const struct github_ended *ended = github->event.ended;
    struct error error = {.code = ERROR_NONE};
    if (github->event.sha != NULL)
        send_status(github);
    else if (github->event.number <= 0)
        notify_add(forge->run, "github", "comment", false,
                   "GitHub: the event names no commit and no pull request");
    if (ended != NULL && ended->for_pull_request && find_pull_request(github, &error) != ERROR_NONE)
        forge_tell(forge, "comment", error.code, NULL, &error);
    if (github->event.number > 0)
        send_comment(github);
    if (contradiction(github) != NULL)
        return;
    /* A run that decided nothing takes no mark away. */
    if (github->event.number > 0 && report->decision != NULL)
        send_label(github);
    if (forgetext_draws(report, CONSEQUENCE_FLAMEGRAPH))
        forgeacts_task(forge, &dialect);
}

void github_send(struct notify_run *run)
{
    struct github github = {0};
    struct error error = {.code = ERROR_NONE};
    if (open_github(run, &github, &error) != ERROR_NONE)
        notify_add(run, "github", "comment", false, error.text);
    else if (github.event.fork && github.event.ended == NULL)
        notify_add(run, "github", "comment", false,
                   "GitHub: a pull request from a fork has no token that may write; a second "
                   "workflow can: benchgate post");
    else
        send_all(&github);
}
