/*
 * gocommand: one question to the go command, and its answer.
 */
#ifndef CI_RUN_GOCOMMAND_H
#define CI_RUN_GOCOMMAND_H

#include "ci/run/golang.h"
#include "parsers/arena.h"
#include "parsers/error.h"
#include "parsers/slice.h"

struct go_answer {
    struct slice output; /* terminated, as the next; in the arena */
    struct slice errors;
};

/*
 * Runs `go` with `arguments` ([0] is overwritten by the program; NULL ends them) in `folder`.
 * ERROR_INPUT with go's own message where it does not end with 0, and where there is no go;
 * ERROR_READ where it was interrupted or the folder is no good.
 */
__attribute__((warn_unused_result)) enum error_code
gocommand_ask(const struct golang *go, const char *folder, const char **arguments,
              struct arena *arena, struct go_answer *answer, struct error *error);

/* A message of several lines as one, in the arena; NULL where memory is short. */
const char *gocommand_one_line(struct slice message, struct arena *arena);

/* What urlquery, a function of go's templates, made of a text; NULL where memory is short. */
const char *gocommand_unquote(struct slice quoted, struct arena *arena);

/* Cuts the part before `separator` (or all) off *rest. False where *rest is empty. */
bool gocommand_cut(struct slice *rest, char separator, struct slice *part);

#endif
