#include "ci/report/style.h"

enum paint paint_of(enum outcome outcome)
{
    static const enum paint paints[OUTCOMES] = {
        [OUTCOME_IMPROVED] = PAINT_GOOD,  [OUTCOME_REGRESSED] = PAINT_BAD,
        [OUTCOME_FAILED] = PAINT_BAD,     [OUTCOME_UNDECIDED] = PAINT_OPEN,
        [OUTCOME_MISSING] = PAINT_OPEN,   [OUTCOME_WAIVED] = PAINT_OPEN,
        [OUTCOME_CHANGED] = PAINT_OPEN,   [OUTCOME_IDENTICAL] = PAINT_FAINT,
        [OUTCOME_UNJUDGED] = PAINT_FAINT,
    };
    return paints[outcome];
}

static bool is_painted(const struct text_style *style, enum paint paint)
{
    return style != NULL && style->colour && paint != PAINT_PLAIN;
}

void paint_begin(struct buffer *buffer, const struct text_style *style, enum paint paint)
{
    static const char *const codes[] = {
        [PAINT_BAD] = "\033[1;31m", [PAINT_GOOD] = "\033[32m", [PAINT_OPEN] = "\033[33m",
        [PAINT_STRONG] = "\033[1m", [PAINT_FAINT] = "\033[2m",
    };
    if (is_painted(style, paint))
        buffer_string(buffer, codes[paint]);
}

void paint_end(struct buffer *buffer, const struct text_style *style, enum paint paint)
{
    if (is_painted(style, paint))
        buffer_string(buffer, "\033[m");
}
