#include "ci/rev/nameform.h"

#include <string.h>

/* The length of the id that `text` begins with; 0: none. */
static size_t id(const char *text)
{
    size_t length = strspn(text, "0123456789abcdef");
    return length == 40 || length == 64 ? length : 0;
}

static size_t part(char kind, const char *text)
{
    if (kind == 'i')
        return id(text);
    return strspn(text, kind == 'd' ? "0123456789" : "abcdefghijklmnopqrstuvwxyz0123456789.-");
}

bool nameform_is(const char *name, const char *form)
{
    for (; *form != '\0'; form++) {
        size_t length = *name == *form;
        if (*form == '%')
            length = part(*++form, name);
        if (length == 0)
            return false;
        name += length;
    }
    return *name == '\0';
}
