/*
 * command: the subcommands, one file and one row each. cmd/ alone prints and chooses the exit
 * status.
 */
#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include <stddef.h>

struct command {
    const char *name;
    const char *summary;                     /* one line for `benchgate --help` */
    int (*run)(int count, char **arguments); /* what stands behind the name; the exit status */
};

int command_gate(int count, char **arguments);
int command_check(int count, char **arguments);
int command_clean(int count, char **arguments);
int command_compare(int count, char **arguments);
int command_policy(int count, char **arguments);
int command_post(int count, char **arguments);
int command_replay(int count, char **arguments);
int command_run(int count, char **arguments);

#endif
