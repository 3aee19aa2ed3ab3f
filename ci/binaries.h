/*
 * binaries: from two trees to a suite: their packages, matched, with a test binary a side, named by
 * content; and which of them need not be run.
 */
#ifndef CI_BINARIES_H
#define CI_BINARIES_H

#include "ci/rev/checkout.h"
#include "ci/run/golang.h"
#include "ci/run/suite.h"

struct binaries_request {
    const struct golang *go[SIDES]; /* one toolchain, or one a side */
    const struct suite_options *options;
    const char *roots[SIDES]; /* folders of the trees; the first suite->sides of them */
    const char *relative;     /* the folder below them that packages are relative to; "" */
    const char *cache;        /* binaries are kept in CACHE/bin */
    const struct path_list
        *changed; /* files that differ between the trees, relative to the roots */
};

/*
 * Fills suite->packages with the packages that have benchmarks on some side. A package that does
 * not build has the compiler's message. ERROR_INPUT where nothing can be listed.
 */
__attribute__((warn_unused_result)) enum error_code
binaries_build(const struct binaries_request *request, struct suite *suite, struct error *error);

/*
 * Builds a package again without -trimpath, on both sides, so that runtime.Caller names files that
 * are there. Where that does not build, *package stays as it is.
 */
__attribute__((warn_unused_result)) enum error_code
binaries_untrim(const struct binaries_request *request, struct suite *suite,
                struct suite_package *package, struct error *error);

/* Whether some Go file of the package asks runtime.Caller where it is. */
bool binaries_ask_caller(const struct suite_package *package);

#endif
