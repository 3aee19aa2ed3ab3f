/*
 * replay: a report in JSON, read back, and its verdict decided again from the results and the
 * policy that are in it.
 *
 * What comes out is the report of the run itself, for any encoder. Whoever wrote the file may have
 * written anything: it is checked as all input is, and a verdict that its own results do not give
 * is told. That the results are true no file can show.
 */
#ifndef CI_REPLAY_REPLAY_H
#define CI_REPLAY_REPLAY_H

#include <stddef.h>

#include "ci/decide/dataset.h"
#include "ci/decide/verdict.h"
#include "ci/report/report.h"
#include "parsers/arena.h"
#include "parsers/error.h"

/* How what is decided now compares with what the file says was decided. */
enum replay_difference {
    REPLAY_SAME,    /* in every number and word */
    REPLAY_DETAIL,  /* numbers or words differ, as by another version; all verdicts are the same */
    REPLAY_VERDICT, /* a verdict, a consequence or the exit status differs */
};

/* A report that was read. The parts refer to each other: it must stay where it is. */
struct replayed {
    struct report report; /* decided again; without a decision where the run had none */
    const char *version;  /* of the benchgate that wrote it; hostile */
    enum replay_difference difference;
    size_t differences; /* places that differ */
    const char *where;  /* the gravest, the first of them; one line, hostile; NULL: none */

    struct unit_table units;
    struct dataset dataset;
    struct policy policy; /* that judged */
    struct decision decision;
    struct warnings warnings;
    struct faults faults;
    struct error error;
    const char **reading_notes; /* that the run had beside those of the decision */
    size_t reading_note_count;
};

/* So many bytes may a report have. */
enum { REPLAY_MOST_BYTES = 256 << 20 };

/*
 * Reads the file ("-": standard input) and decides again. `version` is of the benchgate that runs,
 * for the report. Everything is in the arena. ERROR_INPUT, with line and column, for a file that is
 * no report or not whole; ERROR_READ; ERROR_MEMORY.
 */
__attribute__((warn_unused_result)) enum error_code
replay_read(const char *path, const char *version, struct arena *arena, struct replayed *replayed,
            struct error *error);

/* The same of a text; `source` names it. The text must outlive *replayed. */
__attribute__((warn_unused_result)) enum error_code
replay_read_text(const char *source, struct slice text, const char *version, struct arena *arena,
                 struct replayed *replayed, struct error *error);

/*
 * What another policy would have said: decides the results by it, and replaces *report, with notes
 * on what differs from the policy that judged. The policy must outlive it. ERROR_USAGE where the
 * run was not decided, or the policy does not fit the results.
 */
__attribute__((warn_unused_result)) enum error_code replay_judge(struct replayed *replayed,
                                                                 const struct policy *policy,
                                                                 struct arena *arena,
                                                                 struct error *error);

#endif
