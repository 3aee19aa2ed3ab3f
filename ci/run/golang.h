/*
 * golang: the Go toolchain: what packages a folder has, and their test binaries.
 */
#ifndef CI_RUN_GOLANG_H
#define CI_RUN_GOLANG_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/arena.h"
#include "parsers/error.h"

struct golang {
    const char *program;     /* "go", or a path */
    const char *version;     /* "go1.19.8"; set by golang_find */
    const char *goos, *goarch;
    char **environment;      /* cleaned; the caller's */
    const volatile int *stop;
};

/* Finds the toolchain and asks for its version, run in `folder`. ERROR_INPUT where there is none. */
__attribute__((warn_unused_result)) enum error_code golang_find(struct golang *go,
                                                                const char *folder,
                                                                struct arena *arena,
                                                                struct error *error);

struct package {
    const char *path;       /* import path */
    const char *folder;     /* absolute */
    const char *module;     /* absolute folder of its module's root */
    const char **test_files; /* names of its _test.go files, NULL ends them */
    bool has_benchmarks;    /* some test file has a "func Benchmark…(b *testing.B)" */
    const char *broken;     /* go list's own error, or NULL */
};

struct package_list {
    struct package *all;
    size_t count;
};

/*
 * The packages that `patterns` (as "./...", NULL ends them) mean in `folder`. Where the folder is in
 * no module and no workspace, every module below it (go.mod files, not in vendor or testdata) is
 * asked. ERROR_INPUT with go's own message where nothing can be listed.
 */
__attribute__((warn_unused_result)) enum error_code
golang_packages(const struct golang *go, const char *folder, const char *const *patterns,
                const char *tags, struct arena *arena, struct package_list *list,
                struct error *error);

struct build_request {
    const struct package *package;
    const char *output;   /* path of the test binary to write */
    const char *tags;     /* NULL: none */
    const char *overlay;  /* path of an overlay JSON file, or NULL */
    bool trimpath;
    /* Set by golang_build: */
    bool built;           /* false with message NULL: the package has no test files */
    const char *message;  /* the compiler's, where it does not build; in the arena; hostile */
};

/*
 * Builds all of them, `parallel` at a time (0: one a CPU), by `go test -c`. A package that does not
 * build is no error of this function: its message says so. An interruption is ERROR_READ.
 */
__attribute__((warn_unused_result)) enum error_code
golang_build(const struct golang *go, struct build_request *requests, size_t count,
             unsigned parallel, struct arena *arena, struct error *error);

#endif
