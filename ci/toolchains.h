/*
 * toolchains: one Go toolchain for both sides, or each side's own.
 *
 * go.mod files name toolchains since Go 1.21, so that base and head may ask for different ones. A
 * change is then compared under the newer of the two, unless the change of toolchain is what is to
 * be measured.
 */
#ifndef CI_TOOLCHAINS_H
#define CI_TOOLCHAINS_H

#include <stdbool.h>

#include "ci/run/golang.h"
#include "ci/side.h"
#include "parsers/arena.h"
#include "parsers/error.h"

struct toolchains {
    struct golang all[SIDES];
    const struct golang *sides[SIDES]; /* the same one twice, or one each */
    char **pinned;                     /* an environment that names the toolchain; or NULL */
};

struct toolchains_request {
    const char *program;      /* "go" */
    const char *roots[SIDES]; /* folders of the trees; the first `sides` of them */
    int sides;                /* 1 or 2 */
    bool each;                /* each side its own */
    char **environment;       /* cleaned; must outlive *toolchains */
    const volatile int *stop;
};

/* Finds them. ERROR_INPUT where there is none. Release *toolchains in any case. */
__attribute__((warn_unused_result)) enum error_code
toolchains_find(struct toolchains *toolchains, const struct toolchains_request *request,
                struct arena *arena, struct error *error);

void toolchains_release(struct toolchains *toolchains);

#endif
