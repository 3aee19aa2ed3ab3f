/*
 * fields: the members of a report's objects, by tables: each checked for its type and range, and
 * put where it belongs.
 *
 * The first fault ends the reading. Members that no table names are passed over: a later version
 * may have added them.
 */
#ifndef CI_REPLAY_FIELDS_H
#define CI_REPLAY_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ci/policy/document.h"
#include "parsers/arena.h"
#include "parsers/slice.h"

/* A report being read. */
struct kept {
    const struct document *document;
    struct arena *arena;
};

/* What a member is, and the type of what it is read into. */
enum field_kind {
    FIELD_TEXT,    /* const char *; KEY_bytes beside it has its bytes where it is not exact */
    FIELD_SLICE,   /* struct slice, terminated; the same */
    FIELD_NUMBER,  /* double */
    FIELD_COUNT,   /* uint64_t */
    FIELD_BOOLEAN, /* bool */
    FIELD_WORD,    /* unsigned: the index in `words` */
    FIELD_ARRAY,   /* struct node */
    FIELD_OBJECT,  /* struct node */
    FIELD_SCALAR,  /* struct node: a string, a number or a truth */
};

enum field_flag {
    FIELD_OPTIONAL = 1 << 0, /* it may be missing */
    FIELD_NULL = 1 << 1,     /* it may be null */
};

/* What is missing or null leaves its place as it is. */
struct field {
    const char *key;
    enum field_kind kind;
    size_t offset;
    unsigned flags;
    double least, most; /* of a number (finite where most is 0) or a count; see FIELD_MOST */
    const char *const *words;
    size_t word_count;
};

/* A count without a bound of its own. */
#define FIELD_MOST 9007199254740992.0

/* Reads an object; `what` names it in faults: "a rule". */
bool fields_read(const struct kept *kept, struct node object, const char *what,
                 const struct field *fields, size_t count, void *into);

/* printf of a fault at a value; false, for the caller to return. */
bool fields_fault(const struct kept *kept, struct node value, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The next entry of an array; the type is checked, and *good is false where it is another. */
bool fields_next(const struct kept *kept, struct node array, struct walk *walk,
                 enum field_kind kind, struct node *entry, bool *good);

/*
 * An array of texts, which the member `key` of `object` is; their bytes are in KEY_bytes where they
 * are not exact. At most `most`.
 */
bool fields_texts(const struct kept *kept, struct node object, const char *key, struct node array,
                  size_t most, struct slice **all, size_t *count);

/* The same as terminated strings. */
bool fields_strings(const struct kept *kept, struct node object, const char *key, struct node array,
                    const char ***all, size_t *count);

/* Whether the array has no more entries than that; else a fault. */
bool fields_fits(const struct kept *kept, struct node array, size_t most, const char *what);

#endif
