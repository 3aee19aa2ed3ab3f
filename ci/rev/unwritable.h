/*
 * unwritable: what to say where the cache cannot be written, with what the user can do about it.
 */
#ifndef CI_REV_UNWRITABLE_H
#define CI_REV_UNWRITABLE_H

#include "parsers/error.h"

/*
 * Sets ERROR_WRITE for the path, from errno. `what` is the file under way, as it is called in the
 * tree; NULL: none.
 */
enum error_code unwritable(const char *path, const char *what, struct error *error);

#endif
