/*
 * origin: where the samples of a journal come from, and the command that takes them again.
 */
#ifndef CI_ORIGIN_H
#define CI_ORIGIN_H

#include "ci/decide/verdict.h"
#include "ci/provenance.h"
#include "ci/report/report.h"

/* The revisions of a journal's header, for the report; in the arena. False: memory. */
bool origin_revisions(const struct provenance *provenance, struct arena *arena,
                      struct report_revision revisions[SIDES]);

/*
 * A shell command that measures again what broke first: "benchgate check --seed 7 --bench
 * '^BenchmarkX$' …", in *command. NULL where nothing broke. False: memory.
 */
bool origin_reproduce(const struct provenance *provenance, const struct decision *decision,
                      struct arena *arena, const char **command);

/* A word as a shell reads it back; in the arena. */
const char *origin_quote(const char *word, struct arena *arena);

#endif
