/*
 * textfile: the text of a policy, or of a report, out of a file that the user names.
 */
#ifndef CI_POLICY_TEXTFILE_H
#define CI_POLICY_TEXTFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/arena.h"
#include "parsers/error.h"
#include "parsers/slice.h"

/*
 * Reads the whole file ("-": standard input) into the arena. ERROR_READ where it cannot be read;
 * ERROR_INPUT where it has more than `limit` bytes. `follow` false: a symbolic link is refused.
 * `what` is what it should be, for messages: "policy".
 */
__attribute__((warn_unused_result)) enum error_code
textfile_read(const char *path, const char *what, size_t limit, bool follow, struct arena *arena,
              struct slice *text, struct error *error);

#endif
