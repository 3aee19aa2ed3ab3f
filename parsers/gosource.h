/*
 * gosource: the declarations of some Go files of one package, and what each reaches.
 *
 * A declaration is known by the names that it declares; a method by its receiver's type. Groups of
 * var and type are taken apart, those of const are not: iota counts through them. What a function
 * reaches is found by names, without types: more than it uses perhaps, never less.
 */
#ifndef PARSERS_GOSOURCE_H
#define PARSERS_GOSOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/arena.h"
#include "parsers/slice.h"

struct godeclaration;

struct gosource {
    struct arena *arena;
    struct godeclaration *all;
    size_t count, capacity;
};

void gosource_init(struct gosource *source, struct arena *arena);

/* Adds the declarations of a file, whose text must stay. False: memory. */
bool gosource_add(struct gosource *source, struct slice text);

/* Whether a function (no method) of the name is declared. */
bool gosource_has(const struct gosource *source, struct slice function);

/*
 * Every declaration that the function reaches, itself, init functions and TestMain included, token
 * by token, in an order that does not depend on where they stand: equal texts say that it does the
 * same. In the arena; NULL: memory.
 */
const char *gosource_reach(const struct gosource *source, struct slice function);

/* Calls `each` with the name of every function that go test takes for a benchmark by its name. */
void gosource_benchmarks(const struct gosource *source,
                         void (*each)(void *context, struct slice name), void *context);

#endif
