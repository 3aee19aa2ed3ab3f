/*
 * overlay: the test files of one side over the code of the other, as go's -overlay takes them.
 */
#ifndef CI_RUN_OVERLAY_H
#define CI_RUN_OVERLAY_H

#include "ci/run/suite.h"
#include "parsers/error.h"

/*
 * Writes to `path` what replaces, in every package of the suite that both sides have, the test
 * files of the other side by those of `from`: each by the one of its name, those that `from` does
 * not have by nothing. ERROR_WRITE where the file cannot be written.
 */
__attribute__((warn_unused_result)) enum error_code
overlay_write(const struct suite *suite, enum side from, const char *path, struct error *error);

#endif
