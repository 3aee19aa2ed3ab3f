/*
 * benchgate policy: the policy file: checked, explained, begun.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ci/policy/explain.h"
#include "ci/policy/reader.h"
#include "ci/policy/schema.h"
#include "ci/policy/starter.h"
#include "ci/policysource.h"
#include "cmd/command.h"
#include "cmd/judging.h"
#include "cmd/options.h"
#include "cmd/output.h"

static const char command_name[] = "benchgate policy";

struct policy_options {
    struct judging judging; /* first: the shared options take this struct for one */
    const char *package;
    struct operands operands;
};

static enum error_code set_package(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct policy_options *)context)->package = value;
    return ERROR_NONE;
}

static const struct option options_table[] = {
    {"package", "PATH", "the package of the benchmark to explain (its import path)", set_package},
    JUDGING_POLICY_OPTIONS,
    {"help", NULL, "this text", judging_help},
};
enum { OPTION_COUNT = sizeof options_table / sizeof options_table[0] };

enum { KEY_COLUMN = 22, LAST_COLUMN = 80 };

/* Text from KEY_COLUMN on, in lines of up to LAST_COLUMN; the first is begun already. */
static void print_wrapped(const char *text)
{
    size_t column = KEY_COLUMN;
    while (*text != '\0') {
        size_t length = strcspn(text, " ");
        if (column > KEY_COLUMN && column + 1 + length > LAST_COLUMN) {
            printf("\n%*s", KEY_COLUMN, "");
            column = KEY_COLUMN;
        }
        printf("%s%.*s", column > KEY_COLUMN ? " " : "", (int)length, text);
        column += length + (column > KEY_COLUMN);
        text += length + strspn(text + length, " ");
    }
    printf("\n");
}

static void print_keys(void)
{
    for (size_t i = 0; i < POLICY_KEY_LISTS; i++) {
        const struct policy_keys *keys = &policy_key_lists[i];
        printf("\nKeys of %s (* must be there):\n", keys->what);
        for (size_t k = 0; k < keys->count; k++) {
            printf("%c %-*s", keys->all[k].required ? '*' : ' ', KEY_COLUMN - 2, keys->all[k].name);
            print_wrapped(keys->all[k].help);
        }
    }
}

static void print_help(void)
{
    printf("usage: benchgate policy check [FILE | REV:PATH]\n"
           "       benchgate policy explain [options] [BENCHMARK UNIT]\n"
           "       benchgate policy init [FILE]\n"
           "       benchgate policy schema\n"
           "\n"
           "check    says everything that is wrong with a policy (default: " POLICYSOURCE_FILE
           " at the\n"
           "         repository's root), FILE:LINE:COLUMN a line\n"
           "explain  which rule decides on that unit of that benchmark, and why; without a\n"
           "         benchmark, the whole policy and where each value comes from\n"
           "init     writes a starter that explains itself, and its schema for editors\n"
           "schema   prints the JSON Schema of a policy\n"
           "\n"
           "Options of explain (one dash or two):\n");
    options_help(options_table, OPTION_COUNT, stdout);
    print_keys();
    printf("\nExit status: 0 good, 2 not.\n");
}

/* Prints what was made, checks the stream, and is the exit status. */
static int end(struct buffer *out, const struct faults *faults, const struct error *error)
{
    struct error write_error = {0};
    bool good = error->code == ERROR_NONE;
    if (faults != NULL && faults->count > 0)
        output_faults(faults);
    else if (!good)
        output_error(command_name, error);
    if (good && output_write(out, &write_error) != ERROR_NONE) {
        output_error(command_name, &write_error);
        good = false;
    }
    buffer_release(out);
    return good ? EXIT_PASS : EXIT_BROKEN;
}

static enum error_code find(struct policy_options *options, struct policy_found *found,
                            struct error *error)
{
    return policysource_files(&options->judging.policy, options->judging.arena, found, error);
}

static void print_counts(const struct policy *policy, struct buffer *out)
{
    size_t own = 0, expired = 0;
    for (size_t i = 0; i < policy->rule_count; i++)
        own += strcmp(policy->rules[i].source, policy_built_in_source) != 0;
    for (size_t i = 0; i < policy->waiver_count; i++)
        expired += policy->today > policy->waivers[i].expires_day;
    buffer_print(out, "%s: good: %zu rule%s before %zu built-in, %zu budget%s, %zu waiver%s",
                 policy->origin, own, own == 1 ? "" : "s", policy->rule_count - own,
                 policy->budget_count, policy->budget_count == 1 ? "" : "s", policy->waiver_count,
                 policy->waiver_count == 1 ? "" : "s");
    if (expired > 0)
        buffer_print(out, ", %zu of them expired", expired);
    buffer_string(out, policy->advisory ? "; advisory\n" : "\n");
}

static int run_check(struct policy_options *options, struct error *error)
{
    struct buffer out = {0};
    struct policy_found found = {0};
    if (options->operands.count > 2)
        (void)error_set(error, ERROR_USAGE, NULL, 0, 0, "check takes one file");
    if (options->operands.count == 2)
        options->judging.policy.given = options->operands.all[1];
    if (error->code == ERROR_NONE && find(options, &found, error) == ERROR_NONE) {
        if (found.policy.origin == policy_built_in_source)
            (void)error_set(error, ERROR_READ, NULL, 0, 0,
                            "no " POLICYSOURCE_FILE " here (benchgate policy init writes one)");
        else
            print_counts(&found.policy, &out);
    }
    return end(&out, &found.faults, error);
}

static int run_explain(struct policy_options *options, struct error *error)
{
    struct buffer out = {0};
    struct policy_found found = {0};
    const struct operands *operands = &options->operands;
    bool empty =
        operands->count == 3 && (operands->all[1][0] == '\0' || operands->all[2][0] == '\0');
    if ((operands->count != 1 && operands->count != 3) || empty)
        (void)error_set(error, ERROR_USAGE, NULL, 0, 0,
                        "explain takes a benchmark and a unit, as in: explain Encode ns/op");
    if (error->code == ERROR_NONE && find(options, &found, error) == ERROR_NONE) {
        struct arena *arena = options->judging.arena;
        bool made;
        if (operands->count == 3) {
            const struct explain_subject subject = {operands->all[1], operands->all[2],
                                                    options->package};
            made = explain_match(&found.policy, &subject, arena, &out);
        } else {
            made = explain_policy(&found.policy, arena, &out);
        }
        if (!made)
            (void)error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    }
    return end(&out, &found.faults, error);
}

/* A new file; one that is there is left alone. */
static enum error_code write_new(const char *path, const char *text, size_t length,
                                 struct error *error)
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    if (file == NULL)
        return error_set(error, ERROR_WRITE, path, 0, 0, "%s", strerror(errno));
    bool good = fwrite(text, 1, length, file) == length;
    if (fclose(file) != 0 || !good) {
        (void)error_set(error, ERROR_WRITE, path, 0, 0, "%s", strerror(errno));
        (void)unlink(path);
    }
    return error->code;
}

static int run_init(struct policy_options *options, struct error *error)
{
    struct buffer out = {0};
    const struct operands *operands = &options->operands;
    const char *path = operands->count > 1 ? operands->all[1]
                                           : policysource_path(options->judging.policy.folder,
                                                               options->judging.arena);
    if (path == NULL) {
        (void)error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
        return end(&out, NULL, error);
    }
    const char *slash = strrchr(path, '/');
    int folder = slash == NULL ? 0 : (int)(slash - path) + 1;
    const char *schema = arena_print(options->judging.arena, "%.*s" STARTER_SCHEMA, folder, path);
    struct error there = {0};
    if (operands->count > 2)
        (void)error_set(error, ERROR_USAGE, NULL, 0, 0, "init takes one file");
    else if (schema == NULL)
        (void)error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    else if (write_new(path, policy_starter, strlen(policy_starter), error) == ERROR_NONE) {
        /* A schema that is there already serves as well. */
        bool made = write_new(schema, policy_schema, policy_schema_bytes, &there) == ERROR_NONE;
        buffer_print(&out, "wrote %s%s%s\n", path, made ? " and " : "", made ? schema : "");
    }
    return end(&out, NULL, error);
}

static int run_schema(struct policy_options *options, struct error *error)
{
    struct buffer out = {0};
    if (options->operands.count > 1)
        (void)error_set(error, ERROR_USAGE, NULL, 0, 0, "schema takes nothing");
    buffer_add(&out, (struct slice){policy_schema, policy_schema_bytes});
    return end(&out, NULL, error);
}

static const struct {
    const char *name;
    int (*run)(struct policy_options *options, struct error *error);
} actions[] = {
    {"check", run_check},
    {"explain", run_explain},
    {"init", run_init},
    {"schema", run_schema},
};
enum { ACTIONS = sizeof actions / sizeof actions[0] };

static const char *action_name(const void *table, size_t index)
{
    (void)table;
    return actions[index].name;
}

static int act(struct policy_options *options, struct error *error)
{
    struct buffer out = {0};
    if (options->operands.count == 0) {
        (void)error_set(error, ERROR_USAGE, NULL, 0, 0,
                        "what is to be done? check, explain, init or schema (--help says more)");
        return end(&out, NULL, error);
    }
    const char *name = options->operands.all[0];
    for (size_t i = 0; i < ACTIONS; i++)
        if (strcmp(actions[i].name, name) == 0)
            return actions[i].run(options, error);
    size_t nearest = options_nearest(name, ACTIONS, action_name, NULL);
    (void)error_set(error, ERROR_USAGE, NULL, 0, 0, "no action %s%s%s%s", name,
                    nearest < ACTIONS ? " (is " : "",
                    nearest < ACTIONS ? actions[nearest].name : "",
                    nearest < ACTIONS ? " meant?)" : " (check, explain, init or schema)");
    return end(&out, NULL, error);
}

int command_policy(int count, char **arguments)
{
    struct arena arena;
    struct error error = {0};
    struct policy_options options = {0};
    struct buffer out = {0};
    int status;
    arena_init(&arena);
    options.operands.all = arena_allocate(&arena, (size_t)count + 1, sizeof(const char *));
    enum error_code code = judging_init(&options.judging, &arena, &error);
    if (code == ERROR_NONE && options.operands.all == NULL)
        code = error_set(&error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    if (code == ERROR_NONE)
        code = options_parse(options_table, OPTION_COUNT, &options, count, arguments,
                             &options.operands, &error);
    if (code != ERROR_NONE) {
        status = end(&out, NULL, &error);
    } else if (options.judging.help) {
        print_help();
        status = end(&out, NULL, &error);
    } else {
        status = act(&options, &error);
    }
    arena_release(&arena);
    return status;
}
