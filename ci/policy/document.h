/*
 * document: a policy's text as a JSON tree (jansson) whose values know where they stand.
 */
#ifndef CI_POLICY_DOCUMENT_H
#define CI_POLICY_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "ci/policy/faults.h"
#include "parsers/arena.h"
#include "parsers/jsonplaces.h"
#include "parsers/slice.h"

/* A policy's text has so many bytes at most. */
enum { DOCUMENT_BYTES = 1 << 20 };

struct document {
    json_t *root;
    struct jsonplaces places;
    struct arena *arena;
    struct faults *faults;
};

/* A value, and its place. */
struct node {
    json_t *value;
    size_t place;
};

/*
 * Parses. False, with a fault, for what is no JSON: syntax, duplicate keys, nesting without end,
 * not UTF-8, too large, empty. A byte order mark is passed over. Close it with document_close.
 */
bool document_open(struct document *document, struct slice text, struct arena *arena,
                   struct faults *faults);

/* The same of another text than a policy: "report", of so many bytes at most. */
bool document_open_as(struct document *document, struct slice text, const char *what, size_t most,
                      struct arena *arena, struct faults *faults);
void document_close(struct document *document);

struct node document_root(const struct document *document);

/* A way through a container's children; zero-initialise it. */
struct walk {
    size_t place, ordinal;
    void *member;
};

/* The next child; `key` is NULL in an array. False: no more. */
bool document_next(const struct document *document, struct node container, struct walk *walk,
                   const char **key, struct node *child);

/* Adds a fault at a value, at its key, or `offset` bytes into a string's text. */
void document_fault(const struct document *document, struct node node, const char *text);
void document_fault_key(const struct document *document, struct node node, const char *text);
void document_fault_within(const struct document *document, struct node node, size_t offset,
                           const char *text);

/* "SOURCE:LINE:COLUMN" of a value, in the arena; NULL: memory. */
const char *document_where(const struct document *document, struct node node);

/* The text for a fault to quote: cut where it is long. In the arena; "" where memory is short. */
const char *document_cut(const struct document *document, struct slice text);

/* The raw text of a value, cut where it is long: what a fault quotes. */
const char *document_quote(const struct document *document, struct node node);

#endif
