#include "ci/input/ownjson.h"

#include <stdbool.h>
#include <stddef.h>

static bool has(struct slice text, struct slice part)
{
    return slice_find(text, part, 0) < text.length;
}

const char *ownjson_hint(struct slice head)
{
    static const struct {
        struct slice member; /* that it has, and the other has not */
        const char *hint;
    } rows[] = {
        {{"\"of_a_summary\":", 15},
         "a report of benchgate, not results: `benchgate replay FILE` decides it again"},
        {{"\"confidence\":", 13},
         "tables of benchgate compare as JSON, which are not read: give the files that it "
         "compared, "
         "or its text, CSV or Markdown"},
    };
    if (!slice_starts(head, SLICE("{")) || !has(head, SLICE("\"schema_version\":")))
        return NULL;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (has(head, rows[i].member))
            return rows[i].hint;
    return NULL;
}
