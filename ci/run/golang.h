/*
 * golang: the Go toolchain: what packages a folder has, and their test binaries.
 *
 * The toolchain is asked, never second-guessed: build tags, workspaces, vendored and replaced
 * modules mean what `go` says. GOFLAGS, GOTOOLCHAIN and the like are what the environment holds;
 * where one toolchain is to build both sides, put GOTOOLCHAIN there (process_clean_environment's
 * `extra`). Paths are absolute, but for `folder`, which may be relative.
 */
#ifndef CI_RUN_GOLANG_H
#define CI_RUN_GOLANG_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/arena.h"
#include "parsers/error.h"

struct golang {
    const char *program; /* "go", or a path */
    const char *version; /* "go1.19.8"; set by golang_find, as the next two */
    const char *goos, *goarch;
    char **environment;       /* cleaned; the caller's */
    const volatile int *stop; /* as process_run's; may be NULL */
};

/*
 * Finds the toolchain and asks for its version, run in `folder` (whose go.mod may choose another).
 * ERROR_INPUT where there is none, ERROR_READ where it was interrupted.
 */
__attribute__((warn_unused_result)) enum error_code
golang_find(struct golang *go, const char *folder, struct arena *arena, struct error *error);

/* Whether its version is go1.`minor` or newer; true where that cannot be told (development
 * versions). */
bool golang_at_least(const struct golang *go, unsigned minor);

struct package {
    const char *path; /* import path, or what stands for it where `broken` */
    const char *folder;
    const char *module;      /* folder of its module's root */
    const char **test_files; /* names of its _test.go files under the tags given, NULL ends them */
    bool has_benchmarks; /* some test file has a "func Benchmark…(b *testing.B)", or may have */
    const char *broken;  /* go list's own error, one line, or NULL */
};

struct package_list {
    struct package *all; /* in the order of go list, module by module */
    size_t count;
};

/*
 * The packages that `patterns` (as "./...", NULL ends them) mean in `folder`. In a workspace, its
 * modules below `folder` are asked too; where the folder is in no module and no workspace, every
 * module below it (go.mod files, not in vendor or testdata). A relative pattern means the same
 * folders as if there were one module. ERROR_INPUT with go's own message where nothing can be
 * listed; where part of it can, the rest are packages with `broken`. ERROR_READ: interrupted, or
 * the folder cannot be read.
 */
__attribute__((warn_unused_result)) enum error_code
golang_packages(const struct golang *go, const char *folder, const char *const *patterns,
                const char *tags, struct arena *arena, struct package_list *list,
                struct error *error);

struct build_request {
    const struct package *package;
    const char *output;  /* path of the test binary to write; its folder exists */
    const char *tags;    /* NULL: none */
    const char *overlay; /* path of an overlay JSON file, or NULL */
    bool trimpath;
    /* Set by golang_build: */
    bool built; /* false with message NULL: the package has no test files */
    const char
        *message; /* the compiler's, where it does not build; in the arena; hostile; many lines */
};

/*
 * Builds all of them, `parallel` at a time (0: one a CPU), by `go test -c`. A package that does not
 * build is no error of this function: its message says so, up to 64 kB of it. `output` is replaced
 * by a rename when a build is done, and not there when it failed. An interruption is ERROR_READ.
 */
__attribute__((warn_unused_result)) enum error_code
golang_build(const struct golang *go, struct build_request *requests, size_t count,
             unsigned parallel, struct arena *arena, struct error *error);

#endif
