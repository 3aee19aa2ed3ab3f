#include "ci/notify/forgeacts.h"

#include <string.h>

static enum error_code out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

static bool begins(const json_t *object, const char *key, const char *mark)
{
    return strncmp(forge_text(object, key), mark, strlen(mark)) == 0;
}

/* ---- the comment ---- */

static bool is_ours(const json_t *comment, const void *context)
{
    const struct forge_comments *comments = context;
    return begins(comment, "body", comments->mark) &&
           comments->is_by_us(comment, comments->context);
}

/* NULL: memory. */
static json_t *new_comment(const struct report *report, const struct forge_comments *comments)
{
    struct buffer text = {0};
    json_t *body = NULL;
    if (forgetext_comment(report, comments->mark, comments->remark, &text))
        body = json_pack("{s:s%}", "body", text.text, text.length);
    buffer_release(&text);
    return body;
}

void forgeacts_comment(const struct forge *forge, const struct forge_comments *comments)
{
    struct error error = {.code = ERROR_NONE};
    const char *list = comments->list;
    json_t *old;
    if (list != NULL && comments->oldest_first != NULL)
        list = forge_path(forge, "%s?%s", list, comments->oldest_first);
    enum error_code code = forge_find(forge, list, is_ours, comments, &old, &error);
    long long id = json_integer_value(json_object_get(old, "id"));
    json_t *body = code == ERROR_NONE ? new_comment(forge->run->report, comments) : NULL;
    if (code == ERROR_NONE && body == NULL)
        code = out_of_memory(&error);
    else if (code == ERROR_NONE && id > 0)
        code = forge_do(forge, comments->edit_method,
                        forge_path(forge, "%s/%lld", comments->edit_list, id), body, &error);
    else if (code == ERROR_NONE)
        code = forge_create(forge, comments->list, body, &error);
    forge_tell(forge, "comment", code, id > 0 ? "edited" : "made", &error);
    json_decref(old);
}

/* ---- the status ---- */

/* Takes `extra` over. NULL: memory. */
static json_t *new_status(const struct forge *forge, const struct forge_dialect *dialect,
                          enum forge_state state, const char *line, json_t *extra)
{
    const struct report *report = forge->run->report;
    const char *context = forgetext_context(
        forgetext_name(forge->run->request->http.variable, NULL), forge->run->arena);
    struct buffer text = {0};
    json_t *body = NULL;
    if (line != NULL)
        buffer_string(&text, line);
    else
        forgetext_line(report, dialect->status_bytes, &text);
    if (!text.failed && text.text != NULL && context != NULL)
        body = json_pack("{s:s, s:s%, s:s}", "state", dialect->states[state], "description",
                         text.text, text.length, dialect->status_name, context);
    bool whole = body != NULL && (extra == NULL || json_object_update(body, extra) == 0);
    if (whole && report->job != NULL && report->job->url != NULL)
        whole = json_object_set_new(body, "target_url", json_string(report->job->url)) == 0;
    buffer_release(&text);
    json_decref(extra);
    if (whole)
        return body;
    json_decref(body);
    return NULL;
}

void forgeacts_status(const struct forge *forge, const struct forge_dialect *dialect,
                      const char *path, enum forge_state state, const char *line, json_t *extra)
{
    struct error error = {.code = ERROR_NONE};
    json_t *body = new_status(forge, dialect, state, line, extra);
    enum error_code code =
        body != NULL ? forge_do(forge, "POST", path, body, &error) : out_of_memory(&error);
    forge_tell(forge, "status", code, dialect->states[state], &error);
}

/* ---- the task ---- */

/* GitHub's list of issues has pull requests in it. */
static bool is_task(const json_t *issue, const void *context)
{
    const struct forge_dialect *dialect = context;
    return json_object_get(issue, "pull_request") == NULL &&
           begins(issue, dialect->text, forgetext_task_mark);
}

/* NULL: memory. */
static json_t *new_task(const struct report *report, const struct forge_dialect *dialect,
                        struct arena *arena)
{
    struct buffer title = {0}, text = {0};
    json_t *body = NULL;
    json_t *labels = json_pack(dialect->label_list ? "[s]" : "s", FORGETEXT_TASK_LABEL);
    forgetext_task_title(report, dialect->title_bytes, &title);
    if (labels != NULL && forgetext_task(report, arena, &text) && !title.failed)
        body = json_pack("{s:s%, s:s%, s:O}", "title", title.text, title.length, dialect->text,
                         text.text, text.length, "labels", labels);
    json_decref(labels);
    buffer_release(&title);
    buffer_release(&text);
    return body;
}

void forgeacts_task(const struct forge *forge, const struct forge_dialect *dialect)
{
    struct error error = {.code = ERROR_NONE};
    json_t *open;
    const char *path =
        forge_path(forge, "/issues?state=%s&labels=" FORGETEXT_TASK_LABEL, dialect->open);
    enum error_code code = forge_find(forge, path, is_task, dialect, &open, &error);
    bool there = open != NULL;
    json_decref(open);
    if (code == ERROR_NONE && !there) {
        json_t *body = new_task(forge->run->report, dialect, forge->run->arena);
        code = body != NULL ? forge_create(forge, "/issues", body, &error) : out_of_memory(&error);
    }
    forge_tell(forge, "issue", code, there ? "open already" : "opened", &error);
}
