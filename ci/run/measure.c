#include "ci/run/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ci/run/group.h"
#include "ci/run/plan.h"
#include "ci/run/sample.h"

/* Samples being taken. */
struct measuring {
    struct session *session;
    struct group_list groups;
    bool *taken; /* by (round, benchmark, side) */
    size_t *order, *wanted;
    struct execution_answer *answers;
    size_t done, before, total; /* samples; before: by whom was interrupted */
    bool interrupted;
};

static enum error_code out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

static bool *taken_at(const struct measuring *measuring, size_t round, size_t benchmark,
                      enum side side)
{
    size_t count = measuring->session->suite->count;
    return &measuring->taken[(round * count + benchmark) * SIDES + (size_t)side];
}

/* The block of one sample, or of what became of it; NULL: memory. */
static const char *block_of(struct measuring *measuring, size_t round, size_t index, enum side side,
                            const struct execution_answer *answer)
{
    struct session *session = measuring->session;
    const struct suite_benchmark *benchmark = &session->suite->benchmarks[index];
    char place[64];
    snprintf(place, sizeof place, "#done %zu %zu", round, index);
    return sample_block(session, benchmark->package, side,
                        sample_is_good(answer) ? answer->machine : NULL,
                        sample_line(session, benchmark, answer), place);
}

/* Journals the samples of one process, in one write. */
static enum error_code keep(struct measuring *measuring, size_t round, const size_t *members,
                            size_t count, enum side side, struct error *error)
{
    struct suite *suite = measuring->session->suite;
    const char *text = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct execution_answer *answer = &measuring->answers[i];
        const char *block = block_of(measuring, round, members[i], side, answer);
        if (block == NULL)
            return out_of_memory(error);
        text = text == NULL ? block : arena_print(measuring->session->arena, "%s%s", text, block);
        if (text == NULL)
            return out_of_memory(error);
        suite->benchmarks[members[i]].failed[side] = !sample_is_good(answer);
        *taken_at(measuring, round, members[i], side) = true;
        measuring->done++;
    }
    return sample_append(measuring->session, text, error);
}

static enum error_code take(struct measuring *measuring, size_t round, const size_t *members,
                            size_t count, enum side side, struct error *error)
{
    struct session *session = measuring->session;
    char benchtime[SAMPLE_TIME_BYTES];
    bool clean = false, good = true;
    measuring->interrupted = session->stop != NULL && *session->stop;
    if (measuring->interrupted)
        return ERROR_NONE;
    snprintf(benchtime, sizeof benchtime, "%lldx",
             (long long)session->suite->benchmarks[members[0]].iterations);
    enum error_code code = sample_run(session, members, count, side, benchtime, measuring->answers,
                                      &clean, &measuring->interrupted, error);
    if (code != ERROR_NONE || measuring->interrupted)
        return code;
    for (size_t i = 0; i < count; i++)
        good = good && sample_is_good(&measuring->answers[i]);
    if ((clean && good) || count == 1)
        return keep(measuring, round, members, count, side, error);
    /* Which of them is to blame only shows when each has a process to itself. */
    for (size_t i = 0; i < count && code == ERROR_NONE && !measuring->interrupted; i++)
        code = take(measuring, round, &members[i], 1, side, error);
    return code;
}

/* One side of a group in a round: those of its members that are still wanted. */
static enum error_code take_side(struct measuring *measuring, size_t round,
                                 const struct group *group, enum side side, struct error *error)
{
    const struct suite *suite = measuring->session->suite;
    size_t count = 0;
    for (size_t i = 0; i < group->count; i++)
        if (!*taken_at(measuring, round, group->members[i], side) &&
            suite_is_measured(suite, &suite->benchmarks[group->members[i]]))
            measuring->wanted[count++] = group->members[i];
    return count == 0 ? ERROR_NONE : take(measuring, round, measuring->wanted, count, side, error);
}

static enum error_code measure_round(struct measuring *measuring, size_t round, struct error *error)
{
    struct session *session = measuring->session;
    plan_order(session->options->seed, round, measuring->groups.count, measuring->order);
    for (size_t i = 0; i < measuring->groups.count; i++) {
        const struct group *group = &measuring->groups.all[measuring->order[i]];
        session_show(session, &(struct session_progress){
                                  .phase = "measuring",
                                  .benchmark = session->suite->benchmarks[group->members[0]].name,
                                  .done = measuring->done,
                                  .before = measuring->before,
                                  .total = measuring->total,
                                  .round = round + 1,
                                  .rounds = session->options->count});
        bool head_first = session->suite->sides > 1 &&
                          plan_head_first(session->options->seed, round, group->members[0]);
        for (int turn = 0; turn < session->suite->sides; turn++) {
            enum side side = (turn == 0) == head_first ? HEAD : BASE;
            enum error_code code = take_side(measuring, round, group, side, error);
            if (code != ERROR_NONE || measuring->interrupted)
                return code;
        }
    }
    return ERROR_NONE;
}

/* What a journal holds already is not taken again, and what failed there not tried again. */
static void skip_done(struct measuring *measuring, const struct journal_sample *samples,
                      size_t count)
{
    const struct suite *suite = measuring->session->suite;
    for (size_t i = 0; i < count; i++) {
        const struct journal_sample *sample = &samples[i];
        if (sample->round >= measuring->session->options->count ||
            sample->benchmark >= suite->count)
            continue;
        *taken_at(measuring, sample->round, sample->benchmark, sample->side) = true;
        if (sample->failed)
            suite->benchmarks[sample->benchmark].failed[sample->side] = true;
        measuring->before++;
    }
}

enum error_code session_measure(struct session *session, const struct journal_sample *samples,
                                size_t sample_count, bool *interrupted, struct error *error)
{
    size_t count = session->suite->count, rounds = session->options->count;
    struct measuring measuring = {
        .session = session,
        .taken = calloc(rounds * count * SIDES + 1, sizeof(bool)),
        .order = calloc(count + 1, sizeof(size_t)),
        .wanted = calloc(count + 1, sizeof(size_t)),
        .answers = calloc(GROUP_MAX, sizeof(struct execution_answer)),
    };
    enum error_code code = ERROR_NONE;
    /* Groups are made before it is known what failed since: a resumed run has the same ones. */
    if (measuring.taken == NULL || measuring.order == NULL || measuring.wanted == NULL ||
        measuring.answers == NULL || !group_make(session->suite, session->arena, &measuring.groups))
        code = out_of_memory(error);
    if (code == ERROR_NONE) {
        skip_done(&measuring, samples, sample_count);
        measuring.done = measuring.before;
        for (size_t i = 0; i < measuring.groups.count; i++)
            measuring.total +=
                measuring.groups.all[i].count * rounds * (size_t)session->suite->sides;
    }
    for (size_t round = 0; round < rounds && code == ERROR_NONE && !measuring.interrupted; round++)
        code = measure_round(&measuring, round, error);
    *interrupted = measuring.interrupted;
    free(measuring.taken);
    free(measuring.order);
    free(measuring.wanted);
    free(measuring.answers);
    return code;
}
