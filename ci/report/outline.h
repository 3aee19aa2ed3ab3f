/*
 * outline: a decision in the order in which people read it, worked out once for all encoders.
 *
 * Tables are the comparisons of one unit and statistic, in the decision's order. Items are what
 * needs a word: what blocks, then what marks, then what is open, what was accepted, and the rest;
 * within each the worst first.
 */
#ifndef CI_REPORT_OUTLINE_H
#define CI_REPORT_OUTLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "ci/decide/verdict.h"
#include "parsers/arena.h"

struct outline_table {
    const struct verdict *rows; /* all measured */
    size_t count;
    struct slice unit;
    enum statistic statistic;
    size_t rated;          /* rows whose centers are above 0 on both sides: of them is the … */
    double geomean[SIDES]; /* geometric mean, in the unit; NaN: of none */
    double geomean_ratio;  /* head/base − 1; NaN: of none */
};

enum outline_class {
    OUTLINE_BREACH, /* blocks, or could not be measured */
    OUTLINE_MARK,   /* does not, and has another consequence than a note */
    OUTLINE_OPEN,   /* undecided, and the policy says that this matters, or suspect */
    OUTLINE_WAIVED,
    OUTLINE_IMPROVED,
    OUTLINE_REST, /* changes without a consequence, what is new, missing, identical or not judged */
};
enum { OUTLINE_CLASSES = 6 };

struct outline_item {
    enum outline_class class;
    /* One of them. */
    const struct verdict *verdict;
    const struct budget_verdict *budget;
    double excess; /* how often its limit the change is; infinite where it has no size */
    size_t alike;  /* verdicts in a row that say the same failure, this one included */
};

struct outline {
    struct outline_table *tables;
    size_t table_count;
    struct outline_item *items;
    size_t item_count;
    size_t class_starts[OUTLINE_CLASSES + 1]; /* indices in items */
    struct outline_item *ranked;              /* every verdict, alone, in the order of items */
    bool several_packages;                    /* names need their packages beside them */
};

/* In the arena; NULL in *outline and false where memory is short. */
bool outline_make(const struct decision *decision, struct arena *arena,
                  const struct outline **outline);

/* The benchmark that an item speaks of; NULL: of a whole package, or of none that was measured. */
const struct benchmark *outline_benchmark(const struct outline_item *item);

#endif
