/*
 * texttable: one table of a text report, in two passes: measure, then emit.
 *
 * Where it is wider than the terminal, columns are left out, the least telling first, then the
 * middles of names, and on a narrow one head and the intervals; what is left out is said below.
 * From 40 columns on it fits.
 */
#ifndef CI_REPORT_TEXTTABLE_H
#define CI_REPORT_TEXTTABLE_H

#include <stdbool.h>

#include "ci/report/outline.h"
#include "ci/report/style.h"

void texttable_emit(const struct outline_table *table, bool with_package,
                    const struct text_style *style, struct buffer *out);

#endif
