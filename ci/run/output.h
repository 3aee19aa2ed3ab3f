/*
 * output: what a child printed, up to a bound: all of it, or its beginning and its end.
 */
#ifndef CI_RUN_OUTPUT_H
#define CI_RUN_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

struct output {
    size_t head_limit, tail_limit; /* bytes that are kept of the beginning and of the end */
    char *head;
    size_t head_length, head_capacity;
    char *tail;        /* a ring of tail_limit bytes, once the head is full */
    size_t tail_total; /* bytes that came after the head */
    bool failed;       /* memory was short: something is lost */
};

void output_init(struct output *output, size_t limit);

void output_append(struct output *output, const char *bytes, size_t count);

/*
 * The text, terminated, of *length bytes; free it. NULL where memory was short. Where it was longer
 * than the limit, *cut is set, and one line in the middle says how many bytes are missing; it
 * stands between whole lines (unless they are longer than what is kept), so that no two halves of
 * lines make a line that was never printed.
 */
char *output_text(const struct output *output, size_t *length, bool *cut);

void output_release(struct output *output);

#endif
