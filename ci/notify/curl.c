#include "ci/notify/curl.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

/* The binary interface that is number 4 since 2006, on each system by its name. */
static const char *const files[] = {
    "libcurl.so.4",
    "libcurl.4.dylib",
    "libcurl-gnutls.so.4", /* Debian's, which its git brings with it */
    "libcurl.so",
};

static const struct {
    const char *name;
    size_t offset;
} symbols[] = {
    {"curl_global_init", offsetof(struct curl_functions, global_init)},
    {"curl_global_cleanup", offsetof(struct curl_functions, global_cleanup)},
    {"curl_easy_init", offsetof(struct curl_functions, init)},
    {"curl_easy_setopt", offsetof(struct curl_functions, setopt)},
    {"curl_easy_perform", offsetof(struct curl_functions, perform)},
    {"curl_easy_getinfo", offsetof(struct curl_functions, getinfo)},
    {"curl_easy_strerror", offsetof(struct curl_functions, strerror)},
    {"curl_easy_reset", offsetof(struct curl_functions, reset)},
    {"curl_easy_cleanup", offsetof(struct curl_functions, cleanup)},
    {"curl_slist_append", offsetof(struct curl_functions, slist_append)},
    {"curl_slist_free_all", offsetof(struct curl_functions, slist_free_all)},
};

enum error_code curl_load(struct curl_functions *functions, struct error *error)
{
    void *library = NULL;
    for (size_t i = 0; library == NULL && i < sizeof files / sizeof files[0]; i++)
        library = dlopen(files[i], RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        return error_set(error, ERROR_READ, NULL, 0, 0, "libcurl cannot be loaded (%s)", files[0]);
    for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++) {
        void *symbol = dlsym(library, symbols[i].name);
        if (symbol == NULL)
            return error_set(error, ERROR_READ, NULL, 0, 0, "libcurl has no %s", symbols[i].name);
        /* C has no conversion between pointers to functions and to objects; POSIX has. */
        memcpy((char *)functions + symbols[i].offset, &symbol, sizeof symbol);
    }
    return ERROR_NONE;
}
