/*
 * file: a report on disk, whole or not at all.
 */
#ifndef CI_REPORT_FILE_H
#define CI_REPORT_FILE_H

#include <stdbool.h>

#include "parsers/error.h"
#include "parsers/slice.h"

/*
 * Writes a temporary file beside `path`, and gives it that name when all of it is on disk. What is
 * there and no regular file (a device, a pipe) is written into. With `append` the text goes behind
 * what is there. ERROR_WRITE with the path where that fails; then nothing of ours is left.
 */
__attribute__((warn_unused_result)) enum error_code file_write(const char *path, struct slice text,
                                                               bool append, struct error *error);

/* Takes away what a file says that was to be replaced and could not be; a link to it stays. */
void file_discard(const char *path);

/* Whether there is a file, or a link to one: nothing that swallows what is written to it. */
bool file_is_regular(const char *path);

/* Whether something else is there: a device, a pipe, which takes a text once. */
bool file_is_special(const char *path);

/* Whether both names are one file's, which is there or not yet; `other` may be "-": standard input.
 */
bool file_is_same(const char *one, const char *other);

/*
 * Makes the folder of `path`, of one level, where there is none; with a .gitignore of its own, so
 * that what is written there is no edit of the project. ERROR_WRITE.
 */
__attribute__((warn_unused_result)) enum error_code file_make_folder(const char *path,
                                                                     struct error *error);

/*
 * Whether file_write may be able to, as far as that can be told beforehand: a long run should not
 * end with a report that has no place. ERROR_USAGE: a folder that is not there, or not writable.
 */
__attribute__((warn_unused_result)) enum error_code file_check(const char *path,
                                                               struct error *error);

#endif
