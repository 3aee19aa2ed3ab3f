/*
 * rulekeys, budgetkeys, waiverkeys: the keys of the three kinds of entries of a policy file, and
 * what is checked of an entry as a whole.
 */
#ifndef CI_POLICY_RULEKEYS_H
#define CI_POLICY_RULEKEYS_H

#include "ci/policy/values.h"

extern const struct policy_key rule_keys[];
extern const size_t rule_key_count;
extern const struct policy_key budget_keys[];
extern const size_t budget_key_count;
extern const struct policy_key waiver_keys[];
extern const size_t waiver_key_count;

/* Longest texts, in characters. */
enum { NAME_CHARACTERS = 100, TEXT_CHARACTERS = 1000 };

/*
 * Each reads one entry into reading->rule, ->budget or ->waiver, which hold what is not said. False
 * where there are faults.
 */
bool rulekeys_read(struct reading *reading, struct node entry);
bool budgetkeys_read(struct reading *reading, struct node entry);
bool waiverkeys_read(struct reading *reading, struct node entry);

/* The value of a member, to point at; the object itself where it has none. */
struct node rulekeys_member(const struct reading *reading, struct node object, const char *name);

#endif
