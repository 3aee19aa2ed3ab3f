/*
 * style: how text looks on a terminal: colours (ECMA-48 SGR, the eight that every terminal has),
 * and how wide it may be.
 */
#ifndef CI_REPORT_STYLE_H
#define CI_REPORT_STYLE_H

#include <stdbool.h>
#include <stddef.h>

#include "ci/decide/outcome.h"
#include "ci/report/buffer.h"

struct text_style {
    bool colour;
    size_t width; /* columns; 0: as many as it takes */
};

enum paint { PAINT_PLAIN, PAINT_BAD, PAINT_GOOD, PAINT_OPEN, PAINT_STRONG, PAINT_FAINT };

/* The paint of an outcome. */
enum paint paint_of(enum outcome outcome);

/* Between them text is painted; nothing where there is no style (NULL) or no colour. */
void paint_begin(struct buffer *buffer, const struct text_style *style, enum paint paint);
void paint_end(struct buffer *buffer, const struct text_style *style, enum paint paint);

#endif
