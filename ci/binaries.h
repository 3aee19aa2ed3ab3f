/*
 * binaries: the packages of two trees, paired by import path, with a test binary a side, and which
 * of them cannot have changed.
 */
#ifndef CI_BINARIES_H
#define CI_BINARIES_H

#include "ci/rev/checkout.h"
#include "ci/run/golang.h"
#include "ci/run/suite.h"
#include "parsers/error.h"

struct binaries_request {
    const struct golang *go;
    const struct suite_options *options;
    const char *roots[SIDES]; /* absolute folders of the two trees */
    const char *relative;     /* where in them the patterns are meant: "" for the root */
    const char *cache;        /* binaries go to CACHE/bin */
    const struct path_list
        *changed; /* files that differ between the trees, relative to the roots */
};

/*
 * Fills suite->packages with the packages that have benchmarks on some side. A package that does
 * not build has the compiler's message. ERROR_INPUT where nothing can be listed.
 */
__attribute__((warn_unused_result)) enum error_code
binaries_build(const struct binaries_request *request, struct suite *suite, struct error *error);

#endif
