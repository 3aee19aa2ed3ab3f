/*
 * starter: the policy file that a team begins with: the built-in rules, written out and explained.
 */
#ifndef CI_POLICY_STARTER_H
#define CI_POLICY_STARTER_H

/* The text; it is a good policy that judges as the built-in one does. */
extern const char policy_starter[];

/* What its "$schema" names, beside it. */
#define STARTER_SCHEMA "benchgate.schema.json"

#endif
