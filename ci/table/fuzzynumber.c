#include "ci/table/fuzzynumber.h"

#include <math.h>

#include "parsers/number.h"

static bool in_number(char byte)
{
    return (byte >= '0' && byte <= '9') || byte == '.';
}

/* The power of the prefix at the start of `text`, with its base (1000 or 1024). */
static int take_prefix(struct slice text, double *base)
{
    static const char prefixes[] = "KMGTPEZY";
    *base = 1000;
    if (text.length == 0)
        return 0;
    const char *found = text.text[0] == 'k' ? prefixes : memchr(prefixes, text.text[0], 8);
    if (found == NULL)
        return 0;
    if (text.length > 1 && text.text[1] == 'i')
        *base = 1024;
    return 1 + (int)(found - prefixes);
}

bool fuzzynumber_read(struct slice text, double *value)
{
    if (number_double(text, value) == NUMBER_OK)
        return true;
    size_t start = 0, end;
    while (start < text.length && !in_number(text.text[start]))
        start++;
    for (end = start; end < text.length && in_number(text.text[end]);)
        end++;
    double mantissa, base;
    if (number_double((struct slice){text.text + start, end - start}, &mantissa) != NUMBER_OK)
        return false;
    int power = take_prefix(slice_skip(text, end), &base);
    *value = mantissa * pow(base, power);
    return true;
}

int fuzzynumber_compare(struct slice a, struct slice b)
{
    double x, y;
    bool has_x = fuzzynumber_read(a, &x), has_y = fuzzynumber_read(b, &y);
    if (!has_x || !has_y)
        return has_y - has_x;
    if (x < y || (!isnan(x) && isnan(y)))
        return -1;
    return x > y || (isnan(x) && !isnan(y));
}
