#include "ci/job.h"

#include <ctype.h>
#include <string.h>

#include "ci/url.h"

enum { MOST_BYTES = 1000 };

static bool is_number(const char *text)
{
    return text != NULL && text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* "owner/name" */
static bool is_repository(const char *text)
{
    size_t slashes = 0;
    for (const char *at = text; text != NULL && *at != '\0'; at++) {
        if (!isalnum((unsigned char)*at) && strchr("._-/", *at) == NULL)
            return false;
        slashes += *at == '/';
    }
    return text != NULL && slashes == 1 && text[0] != '/' && text[strlen(text) - 1] != '/';
}

static bool is_address(const char *text)
{
    struct url url;
    return text != NULL && strlen(text) <= MOST_BYTES && url_parse(slice_of(text), &url);
}

/* Each returns the address, "" where there is none, or NULL where memory is short. */
static const char *github_address(const char *(*variable)(const char *name), struct arena *arena)
{
    const char *server = variable("GITHUB_SERVER_URL"), *repository = variable("GITHUB_REPOSITORY"),
               *run = variable("GITHUB_RUN_ID"), *attempt = variable("GITHUB_RUN_ATTEMPT");
    if (!is_address(server) || !is_repository(repository) || !is_number(run))
        return "";
    size_t length = strlen(server);
    while (length > 0 && server[length - 1] == '/')
        length--;
    bool again = is_number(attempt);
    const char *address =
        arena_print(arena, "%.*s/%s/actions/runs/%s%s%s", (int)length, server, repository, run,
                    again ? "/attempts/" : "", again ? attempt : "");
    return address == NULL || is_address(address) ? address : "";
}

static const char *gitlab_address(const char *(*variable)(const char *name), struct arena *arena)
{
    const char *address = variable("CI_JOB_URL");
    return is_address(address) ? arena_copy(arena, slice_of(address)).text : "";
}

static const struct system {
    const char *variable; /* is "true" there */
    const char *name;
    const char *(*address)(const char *(*variable)(const char *name), struct arena *arena);
} systems[] = {
    {"GITHUB_ACTIONS", "github", github_address},
    {"GITLAB_CI", "gitlab", gitlab_address},
};

bool job_find(const char *(*variable)(const char *name), struct arena *arena,
              const struct report_job **job)
{
    *job = NULL;
    for (size_t i = 0; i < sizeof systems / sizeof systems[0]; i++) {
        const char *value = variable(systems[i].variable);
        if (value == NULL || strcmp(value, "true") != 0)
            continue;
        struct report_job *made = arena_zero(arena, 1, sizeof *made);
        const char *address = systems[i].address(variable, arena);
        if (made == NULL || address == NULL)
            return false;
        made->system = systems[i].name;
        made->url = address[0] != '\0' ? address : NULL;
        *job = made;
        return true;
    }
    return true;
}
