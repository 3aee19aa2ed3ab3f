/*
 * judgement: what the gate would say of the rows of tables, by its own code (ci/decide/gate.h) and
 * its built-in rules.
 *
 * A column and the base column that its cells are compared with are one run of the gate: all their
 * rows in all tables are decided together, so that the correction over the suite and the widening
 * are those of `benchgate gate BASE HEAD`. Where there are more columns each is such a run of its
 * own. A run's levels are the policy's, not those of the tables; what a filter leaves out is no
 * part of it.
 */
#ifndef CI_TABLE_JUDGEMENT_H
#define CI_TABLE_JUDGEMENT_H

#include "ci/decide/verdict.h"
#include "ci/table/table.h"

/* The verdicts of one cell, by statistic; NULL: none. */
struct judged {
    const struct verdict *verdicts[STATISTICS];
};

struct judgement {
    const struct judged *cells; /* by the cell's number */
    const char **notes;         /* of the first run, as a whole; hostile text inside */
    size_t note_count;
};

/*
 * Decides everything that the tables compare. To be called after tables_begin and before a table is
 * entered, which sorts samples; the cells' processes must have been kept. All is in the arena of
 * the samples. TABLES_DOMAIN where values are too large.
 */
enum tables_status judgement_make(struct judgement *judgement, const struct tables *tables,
                                  struct unit_table *units);

enum { JUDGEMENT_TEXT_BYTES = 400 };

/*
 * "REGRESSED", "undecided, 12 more samples", "pass; p95 REGRESSED"; unterminated, the length is
 * returned. 0 where nothing was judged.
 */
size_t judgement_text(const struct judgement *judgement, const struct table_cell *cell, char *text);

#endif
