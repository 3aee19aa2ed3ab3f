/*
 * faults: everything that is wrong with one text, each with its place.
 */
#ifndef CI_POLICY_FAULTS_H
#define CI_POLICY_FAULTS_H

#include <stddef.h>
#include <stdint.h>

#include "parsers/arena.h"
#include "parsers/error.h"

struct fault {
    uint64_t line, column; /* from 1; 0 or UINT64_MAX (said last): the whole file */
    const char *text;      /* one line; hostile */
};

/* So many are kept; the rest is counted. */
enum { FAULTS_MAX = 100 };

struct faults {
    const char *source; /* the file's name as the user wrote it */
    struct fault *all;
    size_t count, dropped;
};

/*
 * Adds a fault, in the order of the text. What memory is short for is counted as dropped: there is
 * a fault all the same.
 */
void faults_add(struct faults *faults, struct arena *arena, uint64_t line, uint64_t column,
                const char *text);

/* Sets *error to the n-th of them (from 0), with its place. */
void faults_take(const struct faults *faults, size_t n, struct error *error);

/* Sets *error to the first of them; ERROR_NONE where there is none. */
enum error_code faults_error(const struct faults *faults, struct error *error);

#endif
