#include "parsers/benchname.h"

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Where the "-digits" at the end starts, or the whole length. */
static size_t gomaxprocs_start(struct slice full)
{
    size_t at = full.length;
    while (at > 0 && is_digit(full.text[at - 1]))
        at--;
    bool found = at > 0 && at < full.length && full.text[at - 1] == '-';
    return found ? at - 1 : full.length;
}

struct benchname benchname_split(struct slice full)
{
    size_t end = gomaxprocs_start(full);
    struct slice name = {full.text, end};
    size_t slash = slice_find(name, SLICE("/"), 0);
    return (struct benchname){
        .base = {full.text, slash},
        .parts = slice_skip(name, slash),
        .gomaxprocs = slice_skip(full, end + (end < full.length)),
    };
}

bool benchname_next_part(struct slice *parts, struct slice *key, struct slice *value)
{
    if (parts->length == 0)
        return false;
    struct slice rest = slice_skip(*parts, parts->text[0] == '/');
    size_t end = slice_find(rest, SLICE("/"), 0);
    struct slice part = {rest.text, end};
    size_t equals = slice_find(part, SLICE("="), 0);
    bool has_key = equals > 0 && equals < part.length;
    *key = (struct slice){part.text, has_key ? equals : 0};
    *value = has_key ? slice_skip(part, equals + 1) : part;
    *parts = slice_skip(rest, end);
    return true;
}

struct slice benchname_strip(struct slice name)
{
    return slice_starts(name, SLICE("Benchmark")) ? slice_skip(name, strlen("Benchmark")) : name;
}
