/*
 * values: the kinds of values that the keys of a policy file have. Each reader adds a fault, at the
 * place, and returns false for a value that is no good.
 */
#ifndef CI_POLICY_VALUES_H
#define CI_POLICY_VALUES_H

#include <stdbool.h>
#include <stddef.h>

#include "ci/decide/policy.h"
#include "ci/policy/document.h"

/* JSON types as a set. */
enum value_type {
    VALUE_STRING = 1 << 0,
    VALUE_NUMBER = 1 << 1,
    VALUE_BOOLEAN = 1 << 2,
    VALUE_ARRAY = 1 << 3,
    VALUE_OBJECT = 1 << 4,
};

/* What is being read. */
struct reading {
    struct document *document;
    struct policy *policy;
    struct rule *rule;
    struct budget *budget;
    struct waiver *waiver;
    struct arena *arena;
};

/* One key: its parser and its help. */
struct policy_key {
    const char *name;
    unsigned types; /* of value_type */
    bool required;
    bool (*read)(struct reading *reading, struct node value);
    const char *help;
};

/*
 * Reads an object by its keys: unknown ones (with the nearest known), wrong types and missing ones
 * are faults. `what` names the object: "a rule". *given has a bit for each row that was there (at
 * most 32 rows).
 */
bool values_object(struct reading *reading, struct node object, const char *what,
                   const struct policy_key *keys, size_t count, unsigned *given);

/* printf of a fault at a value; false, for the caller to return. */
bool values_fault(const struct reading *reading, struct node value, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A copy of a string value in the arena. */
const char *values_copy(const struct reading *reading, struct node value);

/* Some text for people: not empty, no control characters, at most `limit` characters. */
bool values_text(const struct reading *reading, struct node value, size_t limit, const char **text);

/* One of the words; its index. */
bool values_choice(const struct reading *reading, struct node value, const char *const *words,
                   size_t count, size_t *index);

bool values_block_or_note(const struct reading *reading, struct node value, bool *blocks);

/* A number from `least` to `most`. */
bool values_number(const struct reading *reading, struct node value, double least, double most,
                   double *number);

/* "3%", "+3 %". */
bool values_percent(const struct reading *reading, struct node value, double *ratio);

/* A pattern, or an array of them; appended. */
bool values_patterns(const struct reading *reading, struct node value, enum pattern_kind kind,
                     struct patterns *patterns);

/* An amount, or an array of them; appended. */
bool values_amounts(const struct reading *reading, struct node value, struct amounts *amounts);

/* Whether the amounts, read from `value`, are of those units, and none could be meant otherwise. */
bool values_amounts_fit(const struct reading *reading, struct node value,
                        const struct amounts *amounts, const struct patterns *units);

/* A consequence, or an array of them, as a set. */
bool values_consequences(const struct reading *reading, struct node value, unsigned *set);

bool values_statistic(const struct reading *reading, struct node value, enum statistic *statistic);

/* Whether the text is a number without sign and exponent: "3", "0.5", ".5". */
bool values_is_plain(struct slice text);

#endif
