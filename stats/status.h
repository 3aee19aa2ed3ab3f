/*
 * status: how a statistical function ended.
 *
 * Numbers in, numbers out: nothing in stats/ does I/O, knows text or policy, keeps global state or
 * returns NaN. Domains are checked before GSL is called. Where no finite answer exists the answer
 * is an infinity that the contract names.
 */
#ifndef STATS_STATUS_H
#define STATS_STATUS_H

enum stats_status {
    STATS_OK = 0,
    STATS_DOMAIN, /* an argument outside the contract; outputs untouched */
    STATS_MEMORY, /* no memory; outputs untouched */
};

#define STATS_CHECKED __attribute__((warn_unused_result))

#endif
