/*
 * refusal: why a file that the gate goes by is not taken, in the same words wherever it lies: for
 * the files of ci/rev that read blob.h's.
 *
 * Every function sets *error and returns its code. `source` is the file as it was named.
 */
#ifndef CI_REV_REFUSAL_H
#define CI_REV_REFUSAL_H

#include <stdint.h>

#include "parsers/arena.h"
#include "parsers/error.h"
#include "parsers/slice.h"

enum error_code refusal_memory(struct error *error);

/* The path, or a folder of it, is a symbolic link; an empty target is not named. */
enum error_code refusal_link(struct error *error, const char *source, struct slice path,
                             struct slice target);

/* The path, or a folder of it, is a submodule. */
enum error_code refusal_submodule(struct error *error, const char *source, struct slice path);

/* The path, or what should be a folder of it, is a pipe, a device or a socket. */
enum error_code refusal_kind(struct error *error, const char *source, struct slice path);

enum error_code refusal_folder(struct error *error, const char *source);

enum error_code refusal_size(struct error *error, const char *source, uint64_t bytes,
                             uint64_t limit);

enum error_code refusal_lfs(struct error *error, const char *source);

/*
 * The path made plain by paths_join, in *plain; it is an error where it is absolute or leads out of
 * the root.
 */
__attribute__((warn_unused_result)) enum error_code
refusal_path(const char *from, const char *path, const char *source, struct arena *arena,
             const char **plain, struct error *error);

/* The error `inner`, as one of `source`. */
enum error_code refusal_under(struct error *error, const char *source, const struct error *inner);

#endif
