#include "ci/check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ci/binaries.h"
#include "ci/cache.h"
#include "ci/provenance.h"
#include "ci/rev/checkout.h"
#include "ci/rev/repository.h"
#include "ci/rev/revision.h"
#include "ci/run/golang.h"
#include "ci/run/journal.h"
#include "ci/run/lock.h"
#include "ci/run/machine.h"
#include "ci/run/process.h"

enum { LOCK_SAY_MS = 5000 };

/* One check on its way. */
struct check {
    const struct check_request *request;
    struct arena *arena;
    struct repository *repository;
    struct provenance provenance;
    struct journal_content content; /* of the journal that is resumed */
    struct golang go;
    char **environment; /* cleaned */
    const char *roots[SIDES];
    struct lock lock;
    struct suite suite;
    struct journal journal;
};

static enum error_code out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

static void say(const struct check *check, const char *line)
{
    if (check->request->say != NULL && line != NULL)
        check->request->say(check->request->context, line);
}

static void say_revision(const struct check *check, enum side side)
{
    const struct revision *revision = &check->provenance.sides[side];
    say(check, arena_print(check->arena, "%s: %s%s%.12s%s (%s)", side_name(side),
                           revision->label != NULL ? revision->label : "",
                           revision->worktree ? ", at " : ", ", revision->commit,
                           revision->dirty ? ", with edits" : "", revision->why));
}

static enum error_code choose_revisions(struct check *check, struct error *error)
{
    const struct check_request *request = check->request;
    struct revision *base = &check->provenance.sides[BASE];
    struct revision *head = &check->provenance.sides[HEAD];
    enum error_code code =
        request->head == NULL
            ? revision_worktree(check->repository, check->arena, head, error)
            : revision_resolve(check->repository, request->head, check->arena, head, error);
    if (code != ERROR_NONE)
        return code;
    if (request->merge_base != NULL)
        return revision_merge_base(check->repository, request->merge_base, head, check->arena, base,
                                   error);
    if (request->base != NULL)
        return revision_resolve(check->repository, request->base, check->arena, base, error);
    return revision_default_base(check->repository, head, request->variable, check->arena, base,
                                 error);
}

/* The revisions of the journal that is gone on with, as they are now. */
static enum error_code resume_revisions(struct check *check, struct error *error)
{
    const char *path = check->request->resume;
    enum error_code code = journal_read(path, check->arena, &check->content, error);
    if (code == ERROR_NONE)
        code = provenance_read_header(path, check->content.header, check->arena, &check->provenance,
                                      error);
    for (int side = BASE; side < SIDES && code == ERROR_NONE; side++) {
        struct revision *revision = &check->provenance.sides[side];
        struct revision now;
        if (revision->worktree)
            continue; /* the binaries tell whether it is still the same */
        code = revision_resolve(check->repository, revision->commit, check->arena, &now, error);
    }
    return code;
}

/* One check at a time measures on a machine. */
static enum error_code take_lock(struct check *check, struct error *error)
{
    const char *path = arena_print(check->arena, "%s/lock", check->request->cache);
    const char *what = arena_print(check->arena, "checking %s", check->request->folder);
    if (path == NULL || what == NULL)
        return out_of_memory(error);
    for (bool said = false;;) {
        const char *holder = NULL;
        enum error_code code = lock_wait(&check->lock, path, what, said ? LOCK_SAY_MS : 0,
                                         check->request->stop, check->arena, &holder, error);
        if (code != ERROR_NONE || holder == NULL)
            return code;
        if (check->request->stop != NULL && *check->request->stop)
            return error_set(error, ERROR_READ, NULL, 0, 0, "interrupted");
        if (!said)
            say(check,
                arena_print(check->arena,
                            "another check measures on this machine (%s): waiting for it", holder));
        said = true;
    }
}

/* That old things are still there keeps nobody from measuring. */
static void prune(const struct check *check)
{
    struct error error = {.code = ERROR_NONE};
    char text[ERROR_SOURCE_BYTES + ERROR_TEXT_BYTES];
    if (cache_prune(check->request->cache, &error) != ERROR_NONE)
        say(check, arena_print(check->arena, "the cache is not cleared of what is old: %s",
                               error_format(&error, text, sizeof text)));
}

static enum error_code make_tree(struct check *check, enum side side, struct error *error)
{
    const struct revision *revision = &check->provenance.sides[side];
    struct path_list lfs = {0};
    if (revision->worktree) {
        check->roots[side] = repository_worktree(check->repository);
        return ERROR_NONE;
    }
    enum error_code code = checkout_tree(check->repository, revision, check->request->cache,
                                         check->arena, &check->roots[side], &lfs, error);
    if (code == ERROR_NONE && lfs.count > 0)
        say(check,
            arena_print(check->arena, "%s: %zu files are Git LFS pointers, not their content: %s%s",
                        side_name(side), lfs.count, lfs.paths[0], lfs.count > 1 ? ", ..." : ""));
    return code;
}

static enum error_code prepare(struct check *check, struct error *error)
{
    const struct check_request *request = check->request;
    const char *relative = repository_relative(check->repository, request->folder);
    struct path_list changed = {0};
    if (request->resume == NULL) {
        check->provenance.relative = relative != NULL ? relative : "";
        check->provenance.options = request->options;
    }
    enum error_code code = ERROR_NONE;
    for (int side = BASE; side < SIDES && code == ERROR_NONE; side++)
        code = make_tree(check, (enum side)side, error);
    if (code == ERROR_NONE)
        code = checkout_changed(check->repository, &check->provenance.sides[BASE],
                                &check->provenance.sides[HEAD], check->arena, &changed, error);
    if (code == ERROR_NONE)
        code = golang_find(&check->go, check->roots[HEAD], check->arena, error);
    if (code != ERROR_NONE)
        return code;
    say(check, arena_print(check->arena, "building with %s", check->go.version));
    struct binaries_request binaries = {
        .go = &check->go,
        .options = &check->provenance.options,
        .roots = {check->roots[BASE], check->roots[HEAD]},
        .relative = check->provenance.relative,
        .cache = request->cache,
        .changed = &changed,
    };
    check->suite.arena = check->arena;
    code = binaries_build(&binaries, &check->suite, error);
    if (code == ERROR_NONE && check->suite.package_count == 0)
        code = error_set(error, ERROR_INPUT, NULL, 0, 0,
                         "no package here has a benchmark (func BenchmarkX(b *testing.B))");
    return code;
}

/* Journals what is known before anything ran: identical packages, and those that do not build. */
static enum error_code journal_packages(struct check *check, struct error *error)
{
    enum error_code code = ERROR_NONE;
    for (size_t i = 0; i < check->suite.package_count && code == ERROR_NONE; i++) {
        const struct suite_package *package = &check->suite.packages[i];
        const char *text = NULL;
        if (package->identical) {
            text = arena_print(check->arena, "#identical %s\n", package->path);
            code = text == NULL ? out_of_memory(error)
                                : journal_append(&check->journal, slice_of(text), error);
        }
        for (int side = BASE; side < SIDES && code == ERROR_NONE; side++) {
            const char *message = package->sides[side].message;
            if (message == NULL)
                continue;
            say(check, arena_print(check->arena, "%s of %s does not build:\n%s", package->path,
                                   side_name((enum side)side), message));
            text = arena_print(check->arena, "pkg: %s\nside: %s\nFAIL\t%s [build failed]\n#built\n",
                               package->path, side_name((enum side)side), package->path);
            code = text == NULL ? out_of_memory(error)
                                : journal_append(&check->journal, slice_of(text), error);
        }
    }
    return code;
}

static enum error_code begin_journal(struct check *check, struct check_result *result,
                                     struct error *error)
{
    const char *path = check->request->journal;
    if (path == NULL) {
        char stamp[32];
        time_t now = time(NULL);
        struct tm parts;
        const char *folder = arena_print(check->arena, "%s/journals", check->request->cache);
        if (folder == NULL)
            return out_of_memory(error);
        enum error_code code = cache_make(folder, error);
        if (code != ERROR_NONE)
            return code;
        strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%S", gmtime_r(&now, &parts));
        path = arena_print(check->arena, "%s/%s-%ld.txt", folder, stamp, (long)getpid());
    }
    check->provenance.go_version = check->go.version;
    const char *header = provenance_header(&check->provenance, check->arena);
    if (path == NULL || header == NULL)
        return out_of_memory(error);
    enum error_code code = journal_create(&check->journal, path, error);
    if (code != ERROR_NONE)
        return code;
    result->journal = path;
    say(check, arena_print(check->arena, "journal: %s, seed %llu", path,
                           (unsigned long long)check->provenance.options.seed));
    code = journal_append(&check->journal, slice_of(header), error);
    return code == ERROR_NONE ? journal_packages(check, error) : code;
}

/* Names that exist, for a pattern that matched none. */
static enum error_code no_match(struct check *check, const struct session *session,
                                struct error *error)
{
    struct suite_options all = check->provenance.options;
    struct session every = *session;
    char names[300] = "";
    size_t used = 0;
    all.bench = ".";
    every.options = &all;
    if (session_discover(&every, error) != ERROR_NONE)
        return error->code;
    for (size_t i = 0; i < check->suite.count && used + 40 < sizeof names; i++)
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%.30s", i > 0 ? ", " : "",
                                 check->suite.benchmarks[i].name);
    return error_set(error, ERROR_INPUT, NULL, 0, 0,
                     "--bench %s matches no benchmark; there are: %s",
                     check->provenance.options.bench, used > 0 ? names : "none");
}

static bool all_identical_or_failed(const struct suite *suite)
{
    for (size_t i = 0; i < suite->package_count; i++) {
        const struct suite_package *package = &suite->packages[i];
        for (int side = BASE; side < SIDES; side++)
            if (!package->identical && package->sides[side].path != NULL &&
                package->sides[side].failure == NULL)
                return false;
    }
    return true;
}

/* What has to be found out before measuring: the benchmarks and their iterations. */
static enum error_code find_benchmarks(struct check *check, struct session *session,
                                       struct error *error)
{
    enum error_code code = session_discover(session, error);
    if (code == ERROR_NONE && check->suite.count == 0 && !all_identical_or_failed(&check->suite))
        return no_match(check, session, error);
    if (code == ERROR_NONE)
        code = session_calibrate(session, error);
    if (code != ERROR_NONE)
        return code;
    const char *plan = provenance_plan(&check->suite, check->arena);
    return plan == NULL ? out_of_memory(error)
                        : journal_append(&check->journal, slice_of(plan), error);
}

static enum error_code measure(struct check *check, struct check_result *result,
                               struct error *error)
{
    const struct check_request *request = check->request;
    struct session session = {
        .suite = &check->suite,
        .options = &check->provenance.options,
        .journal = &check->journal,
        .environment = (const char *const *)check->environment,
        .stop = request->stop,
        .show = request->show,
        .show_context = request->context,
        .arena = check->arena,
    };
    bool planned = request->resume != NULL && check->content.plan.length > 0;
    enum error_code code;
    if (request->resume != NULL) {
        /* Without a plan nothing was measured: all behind the first line is found out again. */
        code = journal_reopen(&check->journal, request->resume, check->content.whole, error);
        result->journal = request->resume;
        if (code == ERROR_NONE && planned)
            code = provenance_read_plan(request->resume, check->content.plan, &check->suite, error);
    } else {
        code = begin_journal(check, result, error);
    }
    if (code == ERROR_NONE && !planned)
        code = find_benchmarks(check, &session, error);
    if (code == ERROR_NONE)
        code = session_measure(&session, check->content.samples, check->content.sample_count,
                               &result->interrupted, error);
    if (code != ERROR_NONE && request->stop != NULL && *request->stop)
        result->interrupted = true;
    journal_close(&check->journal);
    return code;
}

static enum error_code run_check(struct check *check, struct check_result *result,
                                 struct error *error)
{
    const struct check_request *request = check->request;
    enum error_code code =
        repository_open(&check->repository, request->folder, check->arena, error);
    if (code == ERROR_NONE)
        code = request->resume != NULL ? resume_revisions(check, error)
                                       : choose_revisions(check, error);
    if (code != ERROR_NONE)
        return code;
    say_revision(check, BASE);
    say_revision(check, HEAD);
    code = cache_make(request->cache, error);
    if (code == ERROR_NONE)
        code = take_lock(check, error);
    if (code == ERROR_NONE)
        prune(check);
    if (code == ERROR_NONE)
        code = prepare(check, error);
    if (code != ERROR_NONE)
        return code;
    struct machine_notes notes = {0};
    if (machine_notes("", check->arena, &notes))
        for (size_t i = 0; i < notes.count; i++)
            say(check, notes.all[i]);
    return measure(check, result, error);
}

void check_run(const struct check_request *request, struct arena *arena,
               struct check_result *result, struct error *error)
{
    *result = (struct check_result){.gate = {.status = EXIT_BROKEN}};
    struct check check = {
        .request = request,
        .arena = arena,
        .journal = {.descriptor = -1},
        .environment = process_clean_environment(request->environment, NULL),
        .lock = LOCK_NONE,
    };
    if (check.environment == NULL) {
        (void)out_of_memory(error);
    } else {
        check.go = (struct golang){
            .program = request->go, .environment = check.environment, .stop = request->stop};
        (void)run_check(&check, result, error);
    }
    lock_release(&check.lock);
    repository_close(check.repository);
    free(check.environment);
    struct gate_request gate = request->gate;
    gate.paths[BASE] = result->journal;
    if (error->code != ERROR_NONE || result->interrupted)
        pipeline_report_error(&gate, NULL, error, &result->gate.report);
    else
        pipeline_gate_files(&gate, arena, &result->gate, error);
}
