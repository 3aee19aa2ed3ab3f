/*
 * reader: a policy file into a policy.
 *
 * The rules of the file stand before the built-in ones, in its order; one that has a built-in
 * rule's name takes that rule's place, and what it does not say is as there. "built_in": false
 * leaves the built-in rules out. All faults of meaning are found at once, each with its place; with
 * one fault nothing is applied.
 */
#ifndef CI_POLICY_READER_H
#define CI_POLICY_READER_H

#include "ci/decide/policy.h"
#include "ci/policy/faults.h"
#include "ci/policy/values.h"
#include "parsers/arena.h"
#include "parsers/error.h"
#include "parsers/slice.h"

/*
 * Reads the text into *policy, which is begun from the built-in one; faults->source names the file
 * and is the source of what it says. ERROR_INPUT with faults, the first of them in *error;
 * *policy is then untouched. Everything lies in the arena; the text need not outlive the call.
 */
__attribute__((warn_unused_result)) enum error_code
policy_read(struct policy *policy, struct slice text, struct arena *arena, struct faults *faults,
            struct error *error);

/* A list of keys, for the help text and for who holds the schema to the program. */
struct policy_keys {
    const char *what; /* "the policy", "a rule", "a budget", "a waiver" */
    const struct policy_key *all;
    size_t count;
};

enum { POLICY_KEY_LISTS = 4 };
extern const struct policy_keys policy_key_lists[POLICY_KEY_LISTS];

/* Rules, budgets and waivers a file, each at most. */
enum { POLICY_ENTRIES = 1000 };

#endif
