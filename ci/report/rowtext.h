/*
 * rowtext: a comparison's numbers as people read them, the same in every report.
 *
 * Nothing of the input is in them but numbers. They are no markup, and are escaped as all text.
 */
#ifndef CI_REPORT_ROWTEXT_H
#define CI_REPORT_ROWTEXT_H

#include "ci/decide/verdict.h"

enum row_text {
    ROW_BASE,    /* "1.234µ ± 2%": the center and the interval's wider side */
    ROW_HEAD,    /* the same, on one scale with the base */
    ROW_DELTA,   /* "+4.21% (+3.10% to +5.30%)" */
    ROW_P,       /* "p=0.001 n=10+10" */
    ROW_CATCHES, /* "3.10%": the smallest regression that would have been called */
    ROW_VERDICT, /* "REGRESSED", "undecided, 12 more samples" */
    ROW_TEXTS
};
enum { ROW_TEXT_BYTES = 128 };

/* "base", "vs base", …: what stands above. */
extern const char *const row_headings[ROW_TEXTS];

/* Of a verdict that is measured; terminated. */
void rowtext_fill(const struct verdict *verdict, char texts[ROW_TEXTS][ROW_TEXT_BYTES]);

#endif
