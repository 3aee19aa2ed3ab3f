/*
 * side: base and head, the one thing that measuring and deciding both speak of.
 */
#ifndef CI_SIDE_H
#define CI_SIDE_H

enum side { BASE, HEAD, SIDES };

/* Of BASE and HEAD the other one. */
static inline enum side side_other(enum side side)
{
    return side == BASE ? HEAD : BASE;
}

const char *side_name(enum side side); /* "base", "head" */

#endif
