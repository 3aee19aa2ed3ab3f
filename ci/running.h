/*
 * running: the verdict so far, while samples are still being taken.
 */
#ifndef CI_RUNNING_H
#define CI_RUNNING_H

#include "ci/pipeline.h"

struct running {
    struct gate_request gate; /* paths[BASE] is the journal */
    uint64_t begun_ns, spent_ns;
    size_t round;   /* that the line is of */
    char line[160]; /* hostile; "": not known yet */
};

void running_init(struct running *running, const struct gate_request *gate, const char *journal);

/*
 * One line on what the journal holds, decided anew when `round` (from 1) has moved on, as long as
 * that costs next to nothing beside the measuring itself. NULL: not known yet.
 */
const char *running_verdict(struct running *running, size_t round);

#endif
