/*
 * rev_support: Git repositories for tests, built by the git program in a folder of their own.
 */
#ifndef TESTS_REV_SUPPORT_H
#define TESTS_REV_SUPPORT_H

#include <stdbool.h>

#include "ci/rev/checkout.h"
#include "ci/rev/repository.h"
#include "ci/rev/revision.h"
#include "parsers/arena.h"
#include "parsers/error.h"

/* A test's folder, which is also its HOME, and what the code under test works with. */
struct rev_fixture {
    char folder[128]; /* absolute */
    struct arena arena;
    struct error error;
    struct repository *repository; /* of rev_open */
};

/*
 * cmocka's setup and teardown: a new folder, and an environment in which git reads no other
 * configuration and makes the same ids everywhere.
 */
int rev_setup(void **state);
int rev_teardown(void **state);

/* Whether there is a git program that can build what the tests need. */
bool rev_have_git(void);

/* A test with a fixture, and cmocka's run of an array of them: skipped where there is no such git.
 */
#define REV_TEST(function) cmocka_unit_test_setup_teardown(function, rev_setup, rev_teardown)
#define REV_RUN(name, tests)                                                                       \
    (rev_have_git() ? cmocka_run_group_tests_name(name, tests, NULL, NULL) : rev_run_none(name))
int rev_run_none(const char *name);

/* Runs a shell script (sh -eu) in the folder; the test fails where the script does. */
void rev_shell(struct rev_fixture *fixture, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What it prints, without the newline at its end; in the arena. */
const char *rev_output(struct rev_fixture *fixture, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* FOLDER/NAME, in the arena. */
const char *rev_path(struct rev_fixture *fixture, const char *name);

/* Closes the repository that is open, and opens the one at FOLDER/NAME; the test fails where that
 * does. Clears the error. */
void rev_open(struct rev_fixture *fixture, const char *name);
void rev_close(struct rev_fixture *fixture);

/* As revision_resolve, which has to succeed. */
struct revision rev_resolve(struct rev_fixture *fixture, const char *expression);

/* The error has this code and its text holds every one of the words (the last one NULL); clears it.
 */
void rev_expect_error(struct rev_fixture *fixture, enum error_code code, ...);

/* Runs the last `git fetch …` of the error's text in FOLDER/NAME, and clears the error. */
void rev_mend(struct rev_fixture *fixture, const char *name);

#endif
