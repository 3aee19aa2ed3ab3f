#include "ci/running.h"

#include <stdio.h>
#include <time.h>

/* Deciding takes at most one part in so many of the time; the first rounds say nothing yet. */
enum { SHARE = 50, FIRST_ROUND = 4 };

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void running_init(struct running *running, const struct gate_request *gate, const char *journal)
{
    *running = (struct running){.gate = *gate, .begun_ns = now_ns()};
    running->gate.paths[BASE] = journal;
    running->gate.paths[HEAD] = NULL;
    running->gate.folder = NULL;
}

static void decide(struct running *running)
{
    struct arena arena;
    struct gate_result result;
    struct error error = {0};
    uint64_t begun = now_ns();
    arena_init(&arena);
    pipeline_gate_files(&running->gate, &arena, &result, &error);
    if (error.code == ERROR_NONE)
        snprintf(running->line, sizeof running->line, "%s", result.report->decision->summary);
    arena_release(&arena);
    running->spent_ns += now_ns() - begun;
}

const char *running_verdict(struct running *running, size_t round)
{
    if (round >= FIRST_ROUND && round != running->round &&
        running->spent_ns * SHARE <= now_ns() - running->begun_ns) {
        running->round = round;
        decide(running);
    }
    return running->line[0] != '\0' ? running->line : NULL;
}
