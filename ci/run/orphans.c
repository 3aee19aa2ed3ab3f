#include "ci/run/orphans.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What forks as fast as it is killed is left alone after so many rounds. */
enum { ROUNDS = 200, ROUND_NS = 1000000 };

/* Kills all children that the system lists, numbers with blanks between; whether there were any. */
static bool kill_listed(const char *path)
{
    char list[4096], *at = list, *end;
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return false;
    size_t length = fread(list, 1, sizeof list - 1, file);
    fclose(file);
    list[length] = '\0';
    bool any = false;
    for (long pid = strtol(at, &end, 10); end != at; pid = strtol(at, &end, 10)) {
        any = true;
        at = end;
        /* The last number may be cut off: it is another process's then. */
        if (pid > 1 && (*end != '\0' || length < sizeof list - 1))
            kill((pid_t)pid, SIGKILL);
    }
    return any;
}

void orphans_end(void)
{
#ifdef __linux__
    static const struct timespec moment = {0, ROUND_NS};
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%ld/children", (long)getpid());
    for (int round = 0; round < ROUNDS && kill_listed(path); round++) {
        while (waitpid(-1, NULL, WNOHANG) > 0)
            ;
        nanosleep(&moment, NULL);
    }
#endif
}
