#include "tests/run_support.h"

#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

extern char **environ;

int run_setup(void **state)
{
    static const char *const extra[] = {"LC_ALL=C", "GOTOOLCHAIN=local", "GOFLAGS=", NULL};
    struct run_fixture *fixture = calloc(1, sizeof *fixture);
    const char *temporary = getenv("TMPDIR");
    char folder[100];
    if (fixture == NULL)
        return -1;
    snprintf(folder, sizeof folder, "%s/benchgate-run-XXXXXX",
             temporary != NULL && strlen(temporary) < 70 ? temporary : "/tmp");
    char *resolved = mkdtemp(folder) != NULL ? realpath(folder, NULL) : NULL;
    if (resolved == NULL || strlen(resolved) >= sizeof fixture->folder)
        return -1;
    strcpy(fixture->folder, resolved);
    free(resolved);
    arena_init(&fixture->arena);
    fixture->environment = process_clean_environment((const char *const *)environ, extra);
    *state = fixture;
    return fixture->environment == NULL ? -1 : 0;
}

int run_teardown(void **state)
{
    struct run_fixture *fixture = *state;
    run_shell(fixture, "rm -rf \"$PWD\"");
    arena_release(&fixture->arena);
    free(fixture->environment);
    free(fixture);
    return 0;
}

const char *run_path(struct run_fixture *fixture, const char *name)
{
    const char *path = arena_print(&fixture->arena, "%s/%s", fixture->folder, name);
    assert_non_null(path);
    return path;
}

void run_write(struct run_fixture *fixture, const char *name, const char *text)
{
    char *path = arena_print(&fixture->arena, "%s/%s", fixture->folder, name);
    assert_non_null(path);
    for (char *slash = path + strlen(fixture->folder) + 1; (slash = strchr(slash, '/')) != NULL;
         *slash++ = '/') {
        *slash = '\0';
        mkdir(path, 0777);
    }
    FILE *file = fopen(path, "w");
    if (file == NULL)
        fail_msg("cannot write %s", path);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

struct process_request run_script(struct run_fixture *fixture, const char *script)
{
    const char **arguments = arena_zero(&fixture->arena, 4, sizeof *arguments);
    assert_non_null(arguments);
    arguments[0] = "sh";
    arguments[1] = "-c";
    arguments[2] = script;
    return (struct process_request){.arguments = arguments,
                                    .environment = (const char *const *)fixture->environment,
                                    .folder = fixture->folder,
                                    .output_bytes = 1 << 20};
}

struct process_result run_process(struct run_fixture *fixture,
                                  const struct process_request *request)
{
    struct process_result result;
    if (process_run(request, NULL, &result, &fixture->error) != ERROR_NONE)
        fail_msg("%s: %s", fixture->error.source, fixture->error.text);
    return result;
}

const char *run_shell(struct run_fixture *fixture, const char *script)
{
    struct process_request request = run_script(fixture, script);
    struct process_result result = run_process(fixture, &request);
    const char *output = arena_print(&fixture->arena, "%s", result.output);
    if (result.status != 0)
        fail_msg("%s\nended with %d: %s", script, result.status, result.output);
    process_release(&result);
    return output;
}
