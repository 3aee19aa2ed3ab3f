/*
 * secret: what the environment keeps for a service, itself or in a file that it names.
 */
#ifndef CI_NOTIFY_SECRET_H
#define CI_NOTIFY_SECRET_H

#include <stdbool.h>

#include "parsers/arena.h"
#include "parsers/error.h"

/* Whether NAME or NAME_FILE is set and not empty: CI sets what is kept from a job to nothing. */
bool secret_is_set(const char *name, const char *(*variable)(const char *name));

/*
 * The value of NAME, or the one line of the file NAME_FILE; blanks around it do not count. *secret
 * is in the arena; NULL where neither is set. ERROR_READ or ERROR_INPUT where the file is no good
 * or the value has a blank or control character inside; no message holds it.
 */
__attribute__((warn_unused_result)) enum error_code
secret_read(const char *name, const char *(*variable)(const char *name), struct arena *arena,
            const char **secret, struct error *error);

#endif
