#include "ci/sampling.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ci/remarks.h"
#include "ci/run/session.h"

static enum error_code out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

static enum error_code append(struct journal *journal, const char *text, struct error *error)
{
    return text == NULL ? out_of_memory(error) : journal_append(journal, slice_of(text), error);
}

/* Journals what is known before anything ran: identical packages, and those that do not build. */
static enum error_code journal_package(const struct sampling *sampling, struct journal *journal,
                                       const struct suite_package *package, struct error *error)
{
    struct arena *arena = sampling->arena;
    enum error_code code = ERROR_NONE;
    if (package->identical)
        return append(journal, arena_print(arena, "#identical %s\n", package->path), error);
    for (int side = BASE; side < sampling->suite->sides && code == ERROR_NONE; side++) {
        const char *message = package->sides[side].message, *name = side_name((enum side)side);
        bool alone = sampling->suite->sides == 1;
        const char *from = sampling->provenance->options.bench_from;
        bool borrowed = from != NULL && strcmp(from, name) != 0;
        if (message == NULL)
            continue;
        talk_say(&sampling->talk,
                 arena_print(arena, "%s%s%s does not build%s%s%s:\n%s", package->path,
                             alone ? "" : " of ", alone ? "" : name,
                             borrowed ? " with the test files of " : "", borrowed ? from : "",
                             borrowed ? " (--bench-from)" : "", message));
        code = append(journal,
                      arena_print(arena, "pkg: %s\n%s%s%sFAIL\t%s [build failed]\n#built\n",
                                  package->path, alone ? "" : "side: ", alone ? "" : name,
                                  alone ? "" : "\n", package->path),
                      error);
    }
    return code;
}

static enum error_code begin_journal(const struct sampling *sampling, struct journal *journal,
                                     bool *begun, struct error *error)
{
    const struct suite *suite = sampling->suite;
    enum error_code code = journal_create(journal, sampling->journal, error);
    if (code != ERROR_NONE)
        return code;
    *begun = true;
    talk_say(&sampling->talk,
             arena_print(sampling->arena, "journal: %s, seed %llu", sampling->journal,
                         (unsigned long long)sampling->provenance->options.seed));
    code = append(journal, provenance_header(sampling->provenance, sampling->arena), error);
    for (size_t i = 0; i < suite->package_count && code == ERROR_NONE; i++)
        code = journal_package(sampling, journal, &suite->packages[i], error);
    return code;
}

static bool is_runnable(const struct suite *suite, const struct suite_package *package)
{
    for (int side = BASE; side < suite->sides; side++)
        if (!package->identical && package->sides[side].path != NULL)
            return true;
    return false;
}

/* How many things went wrong when the package was listed; skips count where paths may be why. */
static size_t troubles(const struct suite *suite, const struct suite_package *package)
{
    size_t count = 0;
    bool skips_count = binaries_ask_caller(package);
    for (int side = BASE; side < suite->sides; side++) {
        const struct suite_binary *binary = &package->sides[side];
        count += binary->failure != NULL && !binary->empty;
        for (size_t i = 0; i < binary->mishap_count; i++)
            count += binary->mishaps[i].reason != NULL || skips_count;
    }
    return count;
}

/*
 * -trimpath makes equal sources equal binaries, and lies to runtime.Caller. Where benchmarks fail,
 * that may be why: they are built without it, and keep that where it helps.
 */
static enum error_code list_untrimmed(const struct sampling *sampling, struct session *session,
                                      struct suite_package *package, struct error *error)
{
    struct suite *suite = sampling->suite;
    size_t before = troubles(suite, package);
    const struct suite_package trimmed = *package;
    if (before == 0)
        return ERROR_NONE;
    enum error_code code = binaries_untrim(sampling->binaries, suite, package, error);
    if (code != ERROR_NONE || !package->untrimmed)
        return code;
    code = session_discover(session, package, error);
    if (code == ERROR_NONE && troubles(suite, package) >= before)
        *package = trimmed;
    else if (code == ERROR_NONE)
        talk_say(&sampling->talk,
                 arena_print(sampling->arena,
                             "%s: built without -trimpath, because its benchmarks find files by "
                             "runtime.Caller",
                             package->path));
    return code;
}

static enum error_code list_all(const struct sampling *sampling, struct session *session,
                                struct error *error)
{
    struct suite *suite = sampling->suite;
    enum error_code code = ERROR_NONE;
    for (size_t i = 0; i < suite->package_count && code == ERROR_NONE; i++) {
        struct suite_package *package = &suite->packages[i];
        if (!is_runnable(suite, package))
            continue;
        session_show(session, &(struct session_progress){.phase = "discovering",
                                                         .benchmark = package->path,
                                                         .done = i,
                                                         .total = suite->package_count});
        code = session_discover(session, package, error);
        if (code == ERROR_NONE)
            code = list_untrimmed(sampling, session, package, error);
    }
    return code;
}

/* Names that exist, for a pattern that matched none. */
static enum error_code no_match(const struct sampling *sampling, const struct session *session,
                                struct error *error)
{
    enum { SHOWN = 8 };
    struct suite_options all = sampling->provenance->options;
    struct session every = *session;
    const char *names = "";
    const struct suite *suite = sampling->suite;
    all.bench = ".";
    every.options = &all;
    if (list_all(sampling, &every, error) != ERROR_NONE)
        return error->code;
    for (size_t i = 0; i < suite->count && i < SHOWN && names != NULL; i++)
        names = arena_print(sampling->arena, "%s%s%.60s", names, i > 0 ? ", " : "",
                            suite->benchmarks[i].name);
    return error_set(
        error, ERROR_INPUT, NULL, 0, 0, "--bench %s matches no benchmark; there are: %s%s",
        sampling->provenance->options.bench, names == NULL || *names == '\0' ? "none" : names,
        suite->count > SHOWN ? ", ..." : "");
}

/* Whether there is anything that a pattern could have matched and did not. */
static bool matched_nothing(const struct suite *suite)
{
    bool runnable = false;
    if (suite->count > 0)
        return false;
    for (size_t i = 0; i < suite->package_count; i++) {
        const struct suite_package *package = &suite->packages[i];
        for (int side = BASE; side < suite->sides; side++)
            if (package->sides[side].mishap_count > 0 || package->sides[side].failure != NULL)
                return false;
        runnable = runnable || is_runnable(suite, package);
    }
    return runnable;
}

/* What has to be found out before measuring: the benchmarks and their iterations. */
static enum error_code find_benchmarks(const struct sampling *sampling, struct session *session,
                                       struct error *error)
{
    enum error_code code = list_all(sampling, session, error);
    if (code == ERROR_NONE && matched_nothing(sampling->suite))
        return no_match(sampling, session, error);
    if (code == ERROR_NONE)
        code = session_settle(session, error);
    if (code == ERROR_NONE)
        code = session_calibrate(session, error);
    if (code == ERROR_NONE)
        code = remarks_journal(sampling, session->journal, error);
    return code == ERROR_NONE
               ? append(session->journal, provenance_plan(sampling->suite, sampling->arena), error)
               : code;
}

/* Packages that were measured without -trimpath are built so again, and then held to the plan. */
static enum error_code take_up_plan(const struct sampling *sampling, struct error *error)
{
    struct suite *suite = sampling->suite;
    struct slice plan = sampling->content->plan;
    enum error_code code = ERROR_NONE;
    for (size_t i = 0; i < suite->package_count && code == ERROR_NONE; i++)
        if (provenance_plan_untrims(plan, suite->packages[i].path))
            code = binaries_untrim(sampling->binaries, suite, &suite->packages[i], error);
    return code == ERROR_NONE ? provenance_read_plan(sampling->journal, plan, suite, error) : code;
}

static enum error_code resume(const struct sampling *sampling, struct session *session, bool *begun,
                              struct error *error)
{
    const struct journal_content *content = sampling->content;
    enum error_code code =
        journal_reopen(session->journal, sampling->journal, content->whole, error);
    if (code != ERROR_NONE)
        return code;
    *begun = true;
    /* Without a plan nothing was measured: all behind the packages is found out again. */
    return content->plan.length > 0 ? take_up_plan(sampling, error)
                                    : find_benchmarks(sampling, session, error);
}

static enum error_code begin(const struct sampling *sampling, struct session *session, bool *begun,
                             struct error *error)
{
    enum error_code code = begin_journal(sampling, session->journal, begun, error);
    if (code == ERROR_NONE)
        code = find_benchmarks(sampling, session, error);
    /* A journal without samples is worth nothing, and would stand in the way of the next. */
    if (code != ERROR_NONE && *begun) {
        (void)unlink(sampling->journal);
        *begun = false;
    }
    return code;
}

enum error_code sampling_run(const struct sampling *sampling, bool *begun, bool *interrupted,
                             struct error *error)
{
    static const struct journal_content none;
    const struct journal_content *content = sampling->content != NULL ? sampling->content : &none;
    struct journal journal = {.descriptor = -1};
    struct session session = {
        .suite = sampling->suite,
        .options = &sampling->provenance->options,
        .journal = &journal,
        .environment = sampling->environment,
        .stop = sampling->stop,
        .show = sampling->talk.show,
        .show_context = sampling->talk.context,
        .arena = sampling->arena,
    };
    enum error_code code;
    *begun = *interrupted = false;
    if (sampling->content != NULL) {
        code = resume(sampling, &session, begun, error);
    } else {
        code = begin(sampling, &session, begun, error);
    }
    if (code == ERROR_NONE)
        code =
            session_measure(&session, content->samples, content->sample_count, interrupted, error);
    if (code != ERROR_NONE && sampling->stop != NULL && *sampling->stop)
        *interrupted = true;
    journal_close(&journal);
    return code;
}
