/*
 * run_support: a folder for tests of ci/run, and children that are shell scripts.
 */
#ifndef TESTS_RUN_SUPPORT_H
#define TESTS_RUN_SUPPORT_H

#include <stdbool.h>

#include "ci/run/process.h"
#include "parsers/arena.h"
#include "parsers/error.h"

struct run_fixture {
    char folder[128]; /* absolute, links followed */
    struct arena arena;
    struct error error;
    char **environment; /* cleaned; what children get */
};

/* cmocka's setup and teardown: a new folder, removed afterwards. */
int run_setup(void **state);
int run_teardown(void **state);

/* FOLDER/NAME, in the arena. */
const char *run_path(struct run_fixture *fixture, const char *name);

/* Writes FOLDER/NAME, with the folders that it needs. */
void run_write(struct run_fixture *fixture, const char *name, const char *text);

/* A request for `sh -c script`, in the fixture's folder, with 1 MB of output and no timeout. */
struct process_request run_script(struct run_fixture *fixture, const char *script);

/* Runs it, which has to succeed. */
struct process_result run_process(struct run_fixture *fixture,
                                  const struct process_request *request);

/* What a script prints, which has to end with 0; in the arena. */
const char *run_shell(struct run_fixture *fixture, const char *script);

#endif
