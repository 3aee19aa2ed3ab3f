/*
 * filter: blobs as a checkout of their commit writes them: line endings and ident, by the
 * .gitattributes of the commit and by nothing else.
 *
 * libgit2 looks for attributes in the working tree, in the index, in info/attributes and in the
 * user's configuration before it looks at a commit. So the objects are read through a repository
 * that has none of these: an object database, an empty index, and a configuration of one line.
 */
#ifndef CI_REV_FILTER_H
#define CI_REV_FILTER_H

#include <stdbool.h>

#include "ci/rev/libgit2.h"
#include "parsers/error.h"

/* Writes the configuration that filter_open needs to the open file. False: see errno. */
bool filter_configure(int descriptor);

/* The repository over the object database; `configuration` is the path of that file. */
__attribute__((warn_unused_result)) enum error_code filter_open(git_repository **plain,
                                                                git_odb *objects,
                                                                const char *configuration,
                                                                struct error *error);

/*
 * The blob's content as a checkout of `commit` has it at `path`, in *content where *filtered, else
 * it is the blob as it is. 0, or libgit2's error. Dispose of the buffer in any case.
 */
int filter_apply(git_repository *plain, const git_oid *commit, git_blob *blob, const char *path,
                 git_buf *content, bool *filtered);

#endif
