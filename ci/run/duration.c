#include "ci/run/duration.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/number.h"

static const struct {
    const char *name;
    double ms;
} units[] = {{"ns", 1e-6},  {"us", 1e-3}, {"\302\265s", 1e-3}, {"ms", 1},
             {"h", 3600e3}, {"m", 60e3},  {"s", 1e3}};

/* Takes "1.5h" off the front; false where there is none. */
static bool take_part(const char **text, double *ms)
{
    size_t digits = strspn(*text, "0123456789.");
    double value;
    if (digits == 0 || number_double((struct slice){*text, digits}, &value) != NUMBER_OK)
        return false;
    *text += digits;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        size_t length = strlen(units[i].name);
        if (strncmp(*text, units[i].name, length) != 0)
            continue;
        *text += length;
        *ms += value * units[i].ms;
        return true;
    }
    return false;
}

bool duration_ms(const char *text, unsigned *ms)
{
    double sum = 0;
    if (*text == '\0')
        return false;
    while (*text != '\0')
        if (!take_part(&text, &sum))
            return false;
    if (!(sum > 0 && sum < 360e6))
        return false;
    *ms = (unsigned)ceil(sum);
    return true;
}

bool duration_iterations(const char *text, int64_t *iterations)
{
    size_t length = strlen(text);
    int64_t count;
    if (length < 2 || text[length - 1] != 'x' || !isdigit((unsigned char)text[0]) ||
        number_int64((struct slice){text, length - 1}, &count) != NUMBER_OK || count < 1)
        return false;
    *iterations = count;
    return true;
}
