/* sched_setaffinity and _SC_NPROCESSORS_ONLN are extensions of POSIX. */
#if defined(__linux__)
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier) */
#else
#undef _POSIX_C_SOURCE
#undef _XOPEN_SOURCE
#endif

#include "ci/run/cpus.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#ifdef __linux__
#include <sched.h>
#endif

/* Reads a number below CPUS_MAX and moves *text beyond it; -1 where there is none. */
static int read_number(const char **text)
{
    int number = 0;
    const char *start = *text;
    for (; **text >= '0' && **text <= '9'; (*text)++) {
        number = number * 10 + (**text - '0');
        if (number >= CPUS_MAX)
            return -1;
    }
    return *text == start ? -1 : number;
}

static void add_range(struct cpus *cpus, int first, int last)
{
    for (int i = first; i <= last; i++)
        cpus->bits[i / 8] |= (unsigned char)(1u << (i % 8));
}

bool cpus_parse(const char *list, struct cpus *cpus)
{
    memset(cpus, 0, sizeof *cpus);
    for (;;) {
        int first = read_number(&list), last = first;
        if (first >= 0 && *list == '-') {
            list++;
            last = read_number(&list);
        }
        if (first < 0 || last < first)
            return false;
        add_range(cpus, first, last);
        if (*list != ',')
            break;
        list++;
    }
    return *list == '\0' || (list[0] == '\n' && list[1] == '\0');
}

static bool has(const struct cpus *cpus, int cpu)
{
    return (cpus->bits[cpu / 8] >> (cpu % 8) & 1) != 0;
}

unsigned cpus_count(const struct cpus *cpus)
{
    unsigned count = 0;
    for (int i = 0; i < CPUS_MAX; i++)
        count += has(cpus, i);
    return count;
}

#ifdef __linux__

int cpus_pin(const struct cpus *cpus)
{
    cpu_set_t set[CPUS_MAX / CPU_SETSIZE];
    memset(set, 0, sizeof set);
    for (size_t i = 0; i < CPUS_MAX; i++)
        if (has(cpus, (int)i))
            CPU_SET_S(i, sizeof set, set);
    return sched_setaffinity(0, sizeof set, set) == 0 ? 0 : errno;
}

static unsigned allowed(void)
{
    cpu_set_t set[CPUS_MAX / CPU_SETSIZE];
    memset(set, 0, sizeof set);
    if (sched_getaffinity(0, sizeof set, set) != 0)
        return 0;
    return (unsigned)CPU_COUNT_S(sizeof set, set);
}

#else

int cpus_pin(const struct cpus *cpus)
{
    (void)cpus;
    return 0;
}

static unsigned allowed(void)
{
    return 0;
}

#endif

unsigned cpus_available(void)
{
    unsigned count = allowed();
    if (count > 0)
        return count;
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (unsigned)online : 1;
}
