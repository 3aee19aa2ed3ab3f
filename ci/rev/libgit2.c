#include "ci/rev/libgit2.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#ifdef __APPLE__
#define LIBGIT2_FILE "libgit2." LIBGIT2_SOVERSION ".dylib"
#elif defined(__OpenBSD__) /* which numbers libraries itself; the newest one is loaded */
#define LIBGIT2_FILE "libgit2.so"
#else
#define LIBGIT2_FILE "libgit2.so." LIBGIT2_SOVERSION
#endif

/* Where the linker found it: not every system looks there at run time (Homebrew, pkgsrc). */
#ifndef LIBGIT2_FOLDER
#define LIBGIT2_FOLDER "/usr/local/lib"
#endif

#define SYMBOL(name) {#name, offsetof(struct libgit2, name)},
static const struct {
    const char *name;
    size_t offset;
} symbols[] = {LIBGIT2_FUNCTIONS(SYMBOL)};
#undef SYMBOL

static void *load(const char *const files[], const char **loaded, struct error *error)
{
    for (const char *const *file = files; *file != NULL; file++) {
        void *library = dlopen(*file, RTLD_NOW | RTLD_LOCAL);
        *loaded = *file;
        if (library != NULL)
            return library;
    }
    const char *reason = dlerror();
    error_set(error, ERROR_READ, NULL, 0, 0,
              "libgit2 (%s), which reads revisions, cannot be loaded: %s", files[0],
              reason == NULL ? "no such library" : reason);
    return NULL;
}

bool libgit2_bind(const char *const files[], struct libgit2 *functions, struct error *error)
{
    struct libgit2 found;
    const char *file = NULL;
    void *library = load(files, &file, error);
    if (library == NULL)
        return false;
    for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++) {
        void *symbol = dlsym(library, symbols[i].name);
        if (symbol == NULL) {
            error_set(error, ERROR_READ, NULL, 0, 0, "libgit2 (%s) has no %s", file,
                      symbols[i].name);
            return false;
        }
        /* C has no conversion between pointers to functions and to objects; POSIX has. */
        memcpy((char *)&found + symbols[i].offset, &symbol, sizeof symbol);
    }
    *functions = found;
    return true;
}

static struct libgit2 *table(void)
{
    static struct libgit2 functions;
    return &functions;
}

const struct libgit2 *libgit2(void)
{
    return table();
}

enum error_code libgit2_start(struct error *error)
{
    static const char *const files[] = {LIBGIT2_FILE, LIBGIT2_FOLDER "/" LIBGIT2_FILE, NULL};
    struct libgit2 *functions = table();
    if (functions->git_libgit2_init == NULL && !libgit2_bind(files, functions, error))
        return error->code;
    if (git_libgit2_init() < 0)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "libgit2 cannot start");
    return ERROR_NONE;
}
