#include "ci/rev/nameform.h"

#include <string.h>

static size_t digits(const char *text)
{
    return strspn(text, "0123456789");
}

/* The length of the id that `text` begins with; 0: none. */
static size_t id(const char *text)
{
    size_t length = strspn(text, "0123456789abcdef");
    return length == 40 || length == 64 ? length : 0;
}

bool nameform_is(const char *name, const char *form)
{
    for (; *form != '\0'; form++) {
        size_t length = *name == *form;
        if (*form == '%')
            length = *++form == 'd' ? digits(name) : id(name);
        if (length == 0)
            return false;
        name += length;
    }
    return *name == '\0';
}
