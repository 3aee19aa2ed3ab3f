/*
 * linebefore: what the result line before said, for the next one is nearly always of the same
 * benchmark, and all but the first of its measurements are often the same: bytes and allocations.
 *
 * Nothing is read differently: what is taken over is what reading it once more would give, and the
 * measurements of the record before still stand where the next one's go.
 */
#ifndef PARSERS_LINEBEFORE_H
#define PARSERS_LINEBEFORE_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/plain.h"

enum { LINEBEFORE_BYTES = 256, LINEBEFORE_MEASUREMENTS = 8 };

/* Zero-initialised: there is none. */
struct linebefore {
    char name[LINEBEFORE_BYTES];
    size_t name_length;          /* 0: none, or too long */
    bool named;                  /* by a record, and no other line in between */
    char tail[LINEBEFORE_BYTES]; /* of the record before, from its second measurement on */
    size_t tail_length;          /* 0: none, or too long */
    size_t lengths[LINEBEFORE_MEASUREMENTS]; /* of the line from that measurement on */
    size_t count;                            /* of measurements */
};

/* Takes the name at the start of *rest, as field_take does. *same: that of the record before. */
static inline struct slice linebefore_name(struct linebefore *before, struct slice *rest,
                                           bool *same)
{
    const char *start = rest->text;
    bool known = before->name_length > 0 && rest->length > before->name_length &&
                 memcmp(start, before->name, before->name_length) == 0 &&
                 plain_end(rest, start + before->name_length);
    *same = known && before->named;
    before->named = false;
    if (known)
        return (struct slice){start, before->name_length};
    struct slice name = field_take(rest);
    before->name_length = name.length <= sizeof(before->name) ? name.length : 0;
    if (before->name_length > 0)
        memcpy(before->name, name.text, name.length);
    return name;
}

/*
 * Whether the line goes on from its measurement `index` as the one before did: the measurements
 * from there to before->count are what they were. To be asked at each one that is read.
 */
static inline bool linebefore_goes_on(struct linebefore *before, struct slice rest, size_t index)
{
    if (index == 0 || index >= LINEBEFORE_MEASUREMENTS)
        return false;
    bool same =
        before->tail_length > 0 && index < before->count && rest.length == before->lengths[index] &&
        memcmp(rest.text, before->tail + before->tail_length - rest.length, rest.length) == 0;
    before->lengths[index] = rest.length;
    return same;
}

/*
 * Ends the line: a record of `count` measurements, of which `kept` from the second on are as they
 * were; or, with a count of 0, no record.
 */
static inline void linebefore_end(struct linebefore *before, struct slice line, size_t count,
                                  bool kept)
{
    before->named = count > 0;
    if (kept && count > 0)
        return;
    before->count = count;
    before->tail_length = 0;
    if (count < 2 || before->lengths[1] > sizeof(before->tail))
        return;
    before->tail_length = before->lengths[1];
    memcpy(before->tail, line.text + line.length - before->tail_length, before->tail_length);
}

#endif
