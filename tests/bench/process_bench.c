/*
 * process_bench: what whole processes cost, in turn so that a machine that gets slower or faster
 * meets all of them: process_bench ROUNDS -- COMMAND… [-- COMMAND…]…
 *
 * Prints a line a command: the medians of its CPU time (user and system) and its time from start to
 * end, in seconds, and of its peak memory in MB. Output goes to /dev/null. A process starts with
 * the memory of this one, so that no peak is below its own.
 */
#define _DEFAULT_SOURCE /* wait4, of the BSDs */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef __APPLE__
enum { RSS_UNIT = 1 };
#else
enum { RSS_UNIT = 1024 };
#endif

enum { MAX_COMMANDS = 16, MAX_ROUNDS = 1000 };

enum figure { CPU_S, WALL_S, PEAK_MB, FIGURES };

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + 1e-6 * (double)time.tv_usec;
}

static void run(char **command)
{
    int null = open("/dev/null", O_RDWR);
    if (null >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(null, STDOUT_FILENO) >= 0 &&
        dup2(null, STDERR_FILENO) >= 0)
        execvp(command[0], command);
    _exit(127);
}

/* Runs the command once. Returns false, with a message, where it cannot be run. */
static bool measure(char **command, double figures[FIGURES])
{
    struct rusage used;
    int status = -1;
    double begun = now_s();
    pid_t child = fork();
    if (child == 0)
        run(command);
    if (child < 0 || wait4(child, &status, 0, &used) != child) {
        perror("process_bench");
        return false;
    }
    figures[WALL_S] = now_s() - begun;
    figures[CPU_S] = seconds(used.ru_utime) + seconds(used.ru_stime);
    figures[PEAK_MB] = (double)used.ru_maxrss * RSS_UNIT / 1e6;
    if (!WIFEXITED(status) || WEXITSTATUS(status) == 127)
        fprintf(stderr, "process_bench: cannot run %s\n", command[0]);
    return WIFEXITED(status) && WEXITSTATUS(status) != 127;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof(*values), compare_doubles);
    return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

/* Splits the arguments at each "--"; returns how many commands there are. */
static size_t split(char **arguments, int count, char **commands[MAX_COMMANDS])
{
    size_t found = 0;
    for (int i = 0; i + 1 < count; i++) {
        if (strcmp(arguments[i], "--") != 0)
            continue;
        if (found == MAX_COMMANDS)
            return 0;
        arguments[i] = NULL;
        commands[found++] = &arguments[i + 1];
    }
    return found;
}

int main(int count, char **arguments)
{
    static double figures[MAX_COMMANDS][FIGURES][MAX_ROUNDS];
    char **commands[MAX_COMMANDS];
    long rounds = count > 1 ? strtol(arguments[1], NULL, 10) : 0;
    size_t command_count = split(arguments, count, commands);
    if (rounds < 1 || rounds > MAX_ROUNDS || command_count == 0) {
        fprintf(stderr, "usage: process_bench ROUNDS -- COMMAND... [-- COMMAND...]...\n");
        return 2;
    }
    for (long round = 0; round < rounds; round++) {
        for (size_t c = 0; c < command_count; c++) {
            double once[FIGURES];
            if (!measure(commands[c], once))
                return 1;
            for (int f = 0; f < FIGURES; f++)
                figures[c][f][round] = once[f];
        }
    }
    for (size_t c = 0; c < command_count; c++)
        printf("%.6f %.6f %.1f\n", median(figures[c][CPU_S], (size_t)rounds),
               median(figures[c][WALL_S], (size_t)rounds),
               median(figures[c][PEAK_MB], (size_t)rounds));
    return 0;
}
