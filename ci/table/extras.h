/*
 * extras: columns that benchstat does not have, behind those of each comparison, on request.
 *
 *   effect interval  of the ratio itself: the Hodges–Lehmann shift of the logarithms with the
 *                    bounds that invert the exact test (stats/shift.h), at the tables' confidence
 *   sensitivity      the smallest regression that the row's own test would have shown as a change
 * at the tables' alpha with probability .9, on this noise (stats/sensitivity.h) verdict the gate's,
 * by its built-in rules (ci/table/judgement.h)
 *
 * The first two are of the very samples that the row's p-value is of, so that at a confidence of
 * 1 − alpha and without ties an interval that leaves out 0 and p <= alpha are the same thing. Where
 * a unit is declared exact there is no noise, and neither of them.
 */
#ifndef CI_TABLE_EXTRAS_H
#define CI_TABLE_EXTRAS_H

#include "ci/decide/effect.h"
#include "ci/table/judgement.h"
#include "ci/table/table.h"

enum extra { EXTRA_INTERVAL, EXTRA_SENSITIVITY, EXTRA_VERDICT };
enum { EXTRAS = 3 };

/* What stands above: "effect interval", … */
extern const char *const extra_headings[EXTRAS];

/* Which are wanted, and what they need beside the tables. Zero-initialise; to be released. */
struct extras {
    bool wanted[EXTRAS];
    struct judgement judgement; /* where verdicts are wanted */
    struct effect_cache cache;
};

void extras_release(struct extras *extras);

/* One comparison's. */
struct table_effect {
    bool known;              /* neither exact values nor NaN */
    double ratio, low, high; /* head/base − 1; low and high infinite: no bound; NaN: a base of 0 */
    double sensitivity;      /* as a ratio, below 0 where a fall is worse; 0: any change;
                                infinite: none could be told; NaN: a base of 0 */
};

/* Whether a cell's effect has to be measured for what is wanted. */
bool extras_want_effect(const struct tables *tables);

/*
 * Measures *effect, of a cell that is compared and whose samples are in order. Memory is that of
 * the table.
 */
STATS_CHECKED enum stats_status extras_measure(struct tables *tables, const struct table_cell *cell,
                                               struct table_effect *effect);

/*
 * The text of one: "[-1.20%, +0.40%]", "[-∞, +∞]", "≥3.10%", "any", "none", "?", "REGRESSED"; the
 * verdict is "new" where the first column has no such row. Fits into TABLE_TEXT_BYTES,
 * unterminated; the length is returned, 0 where there is nothing to say.
 */
size_t extras_text(const struct tables *tables, const struct table_cell *cell, enum extra extra,
                   char *text);

/*
 * The same of the row that was asked for last (tables_row), which has no cell in a column:
 * "missing" in the verdict where the first column has one.
 */
size_t extras_missing_text(const struct tables *tables, size_t column, enum extra extra,
                           char *text);

/* How many are wanted, and the n-th of those. */
size_t extras_count(const struct tables *tables);
enum extra extras_wanted(const struct tables *tables, size_t n);

#endif
