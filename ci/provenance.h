/*
 * provenance: what a journal says of itself, as JSON: what is compared, how, and what was found.
 */
#ifndef CI_PROVENANCE_H
#define CI_PROVENANCE_H

#include "ci/rev/revision.h"
#include "ci/run/journal.h"
#include "ci/run/suite.h"
#include "parsers/error.h"

struct provenance {
    int side_count; /* SIDES; 1: sides[BASE] alone is measured */
    struct revision sides[SIDES];
    struct suite_options options;
    const char *go_versions[SIDES];
    bool toolchain_each;  /* each side by its own toolchain */
    const char *relative; /* where in the trees the packages were asked for */
};

/* "#journal {…}\n" in the arena; NULL: memory. */
const char *provenance_header(const struct provenance *provenance, struct arena *arena);

/* "#plan {…}\n" in the arena: binaries, and benchmarks with their iterations; NULL: memory. */
const char *provenance_plan(const struct suite *suite, struct arena *arena);

/* Reads a header back. ERROR_INPUT where it is none of this version. */
__attribute__((warn_unused_result)) enum error_code
provenance_read_header(const char *path, struct slice json, struct arena *arena,
                       struct provenance *provenance, struct error *error);

/* Whether a plan says that the package was measured without -trimpath. */
bool provenance_plan_untrims(struct slice json, const char *package);

/*
 * Reads a plan back into a suite whose packages are built again. ERROR_INPUT where a package is
 * missing or its binary is another: the code changed since.
 */
__attribute__((warn_unused_result)) enum error_code
provenance_read_plan(const char *path, struct slice json, struct suite *suite, struct error *error);

#endif
