/*
 * blob: one small file that the gate itself goes by (its policy), out of a commit or the working
 * tree.
 *
 * What decides must be the file itself: symbolic links, in any part of the path, are refused and
 * not followed, as are submodules, Git LFS pointers and files larger than the caller's limit. Each
 * is an ERROR_INPUT of one line whose source is the file as it was named: the spec, the path in the
 * working tree, or "SHORTCOMMIT:PATH". The bytes are those that Git holds: no filter is applied.
 *
 * Paths count from the repository's root, separated by slashes; ".", ".." and doubled slashes are
 * resolved by the text alone. One that is absolute or leads out of the root is an ERROR_INPUT.
 */
#ifndef CI_REV_BLOB_H
#define CI_REV_BLOB_H

#include <stdbool.h>
#include <stddef.h>

#include "ci/rev/repository.h"
#include "ci/rev/revision.h"
#include "parsers/arena.h"
#include "parsers/error.h"
#include "parsers/slice.h"

struct blob_content {
    struct slice text;          /* any bytes; in the arena, with a NUL behind it */
    char id[REVISION_ID_BYTES]; /* Git's blob id of these bytes, hexadecimal: the same for the same
                                 */
};

/*
 * Whether the text is meant as Git's REV:PATH: it has a ':' and does not begin with "/", "./" or
 * "../", which are files. The disk is not looked at: a change under test shall not be able to turn
 * a revision into a file by adding one of that name. True for ":PATH" too, which blob_read_spec
 * refuses.
 */
bool blob_is_spec(const char *text);

/*
 * The file that REV:PATH names; the first ':' that is not inside the braces of a revision
 * ("HEAD^{/fix: it}") separates them. A PATH that begins with "./" or "../" counts from
 * `cwd_relative`, the user's folder as repository_relative gives it (NULL: not inside, and such a
 * path is an error). A revision that is not there is revision_resolve's error, with its advice; a
 * file that is not there is an ERROR_INPUT. `limit` is the most bytes that the file may have.
 */
__attribute__((warn_unused_result)) enum error_code
blob_read_spec(struct repository *repository, const char *spec, const char *cwd_relative,
               size_t limit, struct arena *arena, struct blob_content *content,
               struct error *error);

/*
 * The file at `path` in the commit of that id (whole, hexadecimal). *found says whether there is
 * one; where there is none, that is no error and *content is untouched.
 */
__attribute__((warn_unused_result)) enum error_code
blob_read(struct repository *repository, const char *commit_hex, const char *path, size_t limit,
          struct arena *arena, bool *found, struct blob_content *content, struct error *error);

/*
 * As blob_read, for the file in the working tree as it is on the disk, known to Git or not. Pipes,
 * devices and sockets are refused, and none of them is waited for. ERROR_READ where the file system
 * fails.
 */
__attribute__((warn_unused_result)) enum error_code
blob_read_worktree(struct repository *repository, const char *path, size_t limit,
                   struct arena *arena, bool *found, struct blob_content *content,
                   struct error *error);

#endif
