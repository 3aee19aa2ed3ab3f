/*
 * surroundings: what a report says beside results and policy: revisions, damage, errors, head's own
 * policy, the job and its messages. None of it is decided again.
 */
#ifndef CI_REPLAY_SURROUNDINGS_H
#define CI_REPLAY_SURROUNDINGS_H

#include "ci/replay/fields.h"
#include "ci/report/report.h"

/* The parts of a report that hold them; values NULL where they are null. */
struct kept_surroundings {
    struct node sides[SIDES], damage, faults, error, head_policy, job, notifications;
    uint64_t damage_dropped, faults_dropped;
};

/* Each is read from its node. False with a fault, or memory is short, which the arena says. */
bool surroundings_warnings(const struct kept *kept, const struct kept_surroundings *from,
                           struct warnings *warnings);
bool surroundings_faults(const struct kept *kept, const struct kept_surroundings *from,
                         struct faults *faults);
bool surroundings_error(const struct kept *kept, const struct kept_surroundings *from,
                        struct error *error);

/* Labels, revisions, job and notifications, into *report. */
bool surroundings_report(const struct kept *kept, const struct kept_surroundings *from,
                         struct report *report);

/* What head's own policy would have said, with its notes behind those of the decision. */
bool surroundings_head(const struct kept *kept, const struct kept_surroundings *from,
                       struct decision *decision);

#endif
