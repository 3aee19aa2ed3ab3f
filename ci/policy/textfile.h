/*
 * textfile: a policy's text out of a file that the user names.
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
 */
__attribute__((warn_unused_result)) enum error_code textfile_read(const char *path, size_t limit,
                                                                  bool follow, struct arena *arena,
                                                                  struct slice *text,
                                                                  struct error *error);

#endif
