/*
 * jsonevent: one line of a `go test -json` stream, which is one JSON object (cmd/test2json).
 *
 * Only what a reader of benchmarks needs is taken out of it; keys that are not known, of whatever
 * value, are passed over, as newer Go versions add some. Names are compared as they are: test2json
 * writes no key in another case. Strings are decoded to UTF-8; what is no character becomes U+FFFD.
 */
#ifndef PARSERS_JSONEVENT_H
#define PARSERS_JSONEVENT_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/slice.h"

enum jsonevent_status {
    JSONEVENT_EVENT,  /* an object with an Action that is a string */
    JSONEVENT_OTHER,  /* a whole JSON object, and no event */
    JSONEVENT_DAMAGE, /* it begins as an event does, and is no whole JSON object */
    JSONEVENT_TEXT,   /* not JSON at all */
    JSONEVENT_MEMORY,
};

struct jsonevent {
    struct slice action;      /* "output", "pass", … */
    struct slice package;     /* import path; empty: none */
    struct slice import_path; /* of a build */
    struct slice output;
    bool test; /* it is about one test or benchmark, not a whole package */
    bool has_output;
};

/* Room for decoded strings, used again by the next line. Zero is a good start. */
struct jsonevent_room {
    char *bytes;
    size_t capacity;
};

void jsonevent_release(struct jsonevent_room *room);

/* Takes a line apart; the strings of *event lie in it or in the room. Linear in its length. */
__attribute__((warn_unused_result)) enum jsonevent_status
jsonevent_parse(struct slice line, struct jsonevent_room *room, struct jsonevent *event);

/* Whether a line is an event; needs no memory, and is content with its first keys. */
bool jsonevent_is(struct slice line);

#endif
