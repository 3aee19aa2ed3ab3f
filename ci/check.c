#include "ci/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ci/binaries.h"
#include "ci/cache.h"
#include "ci/sampling.h"
#include "ci/provenance.h"
#include "ci/rev/checkout.h"
#include "ci/rev/repository.h"
#include "ci/run/journal.h"
#include "ci/run/machine.h"
#include "ci/run/process.h"
#include "ci/running.h"
#include "ci/toolchains.h"
#include "ci/turn.h"

/* One check on its way. */
struct check {
    const struct check_request *request;
    struct arena *arena;
    struct repository *repository;
    struct provenance provenance;
    struct journal_content content; /* of the journal that is resumed */
    struct toolchains toolchains;
    char **environment; /* cleaned */
    const char *roots[SIDES];
    struct path_list changed;
    struct turn turn;
    struct suite suite;
    struct running running;
    struct gate_request gate;   /* by the policy that was found */
    struct policy_found *found; /* in the arena: its faults are told when the check is over */
};

static enum error_code out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

static void say(const struct check *check, const char *line)
{
    talk_say(&check->request->talk, line);
}

/* What is measured, from what the user asked for. */
static enum error_code choose(struct check *check, struct error *error)
{
    const struct check_request *request = check->request;
    const char *relative = repository_relative(check->repository, request->folder);
    check->provenance = (struct provenance){
        .side_count = request->alone ? 1 : SIDES,
        .options = request->options,
        .toolchain_each = request->toolchain_each,
        .relative = relative != NULL ? relative : "",
    };
    return revisions_choose(check->repository, &request->revisions, check->arena,
                            &check->provenance, error);
}

/* What is measured, from the journal that is gone on with. */
static enum error_code choose_again(struct check *check, struct error *error)
{
    const char *path = check->request->resume;
    enum error_code code = journal_read(path, check->arena, &check->content, error);
    if (code == ERROR_NONE && check->content.packed)
        code = error_set(error, ERROR_INPUT, path, 0, 0,
                         "a compressed journal can be judged (benchgate gate), and not be gone on "
                         "with: unpack it first");
    if (code == ERROR_NONE)
        code = provenance_read_header(path, check->content.header, check->arena, &check->provenance,
                                      error);
    if (code == ERROR_NONE && check->request->decide && check->provenance.side_count == 1)
        code = error_set(error, ERROR_USAGE, path, 0, 0,
                         "it holds one revision: go on with it by benchgate run --resume");
    return code == ERROR_NONE
               ? revisions_find_again(check->repository, &check->provenance, check->arena, error)
               : code;
}

static enum error_code take_turn(struct check *check, struct error *error)
{
    const struct check_request *request = check->request;
    const struct turn_request turn = {
        .cache = request->cache,
        .temporary = request->revisions.variable("TMPDIR"),
        .what = arena_print(check->arena, "checking %s", request->folder),
        .stop = request->stop,
        .talk = request->talk,
    };
    return turn.what == NULL ? out_of_memory(error)
                             : turn_take(&check->turn, &turn, check->arena, error);
}

/*
 * That old things are still there keeps nobody from measuring. A check that is resumed may be what
 * an old journal waited for.
 */
static void prune(const struct check *check)
{
    struct error error = {.code = ERROR_NONE};
    char text[ERROR_SOURCE_BYTES + ERROR_TEXT_BYTES];
    if (cache_prune(check->request->cache, check->request->resume == NULL, &error) != ERROR_NONE)
        say(check, arena_print(check->arena, "the cache is not cleared of what is old: %s",
                               error_format(&error, text, sizeof text)));
}

static enum error_code find_toolchains(struct check *check, struct error *error)
{
    struct provenance *provenance = &check->provenance;
    struct toolchains_request request = {
        .program = check->request->go,
        .roots = {check->roots[BASE], check->roots[HEAD]},
        .sides = provenance->side_count,
        .each = provenance->toolchain_each,
        .environment = check->environment,
        .stop = check->request->stop,
    };
    enum error_code code = toolchains_find(&check->toolchains, &request, check->arena, error);
    if (code != ERROR_NONE)
        return code;
    for (int side = BASE; side < SIDES; side++)
        provenance->go_versions[side] = check->toolchains.sides[side]->version;
    const char *base = provenance->go_versions[BASE], *head = provenance->go_versions[HEAD];
    if (strcmp(base, head) == 0)
        say(check, arena_print(check->arena, "building with %s", base));
    else
        say(check, arena_print(check->arena, "building base with %s, head with %s", base, head));
    return ERROR_NONE;
}

/* The policy of base, before anything is measured: a bad one would leave nothing to decide. */
static enum error_code find_policy(struct check *check, struct error *error)
{
    const struct check_request *request = check->request;
    if (!request->decide)
        return ERROR_NONE;
    check->found = arena_zero(check->arena, 1, sizeof *check->found);
    if (check->found == NULL)
        return out_of_memory(error);
    enum error_code code = policysource_revisions(
        request->policy, check->repository, &check->provenance, check->arena, check->found, error);
    check->gate.faults = policysource_faults(check->found);
    if (code != ERROR_NONE)
        return code;
    check->gate.policy = &check->found->policy;
    check->gate.head_policy = check->found->head;
    say(check, arena_print(check->arena, "policy: %s", check->found->policy.origin));
    return ERROR_NONE;
}

static enum error_code prepare(struct check *check, struct error *error)
{
    const struct check_request *request = check->request;
    const struct provenance *provenance = &check->provenance;
    enum error_code code = revisions_trees(check->repository, provenance, request->cache,
                                           &request->talk, check->arena, check->roots, error);
    if (code == ERROR_NONE && provenance->side_count > 1)
        code = checkout_changed(check->repository, &provenance->sides[BASE],
                                &provenance->sides[HEAD], check->arena, &check->changed, error);
    return code == ERROR_NONE ? find_toolchains(check, error) : code;
}

static void say_machine(const struct check *check)
{
    struct machine_notes notes = {0};
    if (!machine_notes("", check->arena, &notes))
        return;
    for (size_t i = 0; i < notes.count; i++)
        say(check, notes.all[i]);
}

/* A journal of its own in the cache, where the user named none. */
static const char *journal_path(const struct check *check, struct error *error)
{
    const struct check_request *request = check->request;
    char stamp[32];
    time_t now = time(NULL);
    struct tm parts;
    if (request->resume != NULL)
        return request->resume;
    if (request->journal != NULL)
        return request->journal;
    const char *folder = arena_print(check->arena, "%s/journals", request->cache);
    strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%S", gmtime_r(&now, &parts));
    const char *path = arena_print(check->arena, "%s/%s-%ld.txt", folder, stamp, (long)getpid());
    if (path == NULL)
        (void)out_of_memory(error);
    return path != NULL && cache_folder(folder, error) == ERROR_NONE ? path : NULL;
}

/* Adds the verdict so far to what is shown. */
static void show(void *context, const struct session_progress *progress)
{
    struct check *check = context;
    const struct talk *talk = &check->request->talk;
    struct session_progress shown = *progress;
    if (talk->show == NULL)
        return;
    if (check->request->decide && progress->rounds > 0)
        shown.verdict = running_verdict(&check->running, progress->round);
    talk->show(talk->context, &shown);
}

static void say_through(void *context, const char *line)
{
    say(context, line);
}

static enum error_code measure(struct check *check, struct check_result *result,
                               struct error *error)
{
    const struct check_request *request = check->request;
    const struct binaries_request binaries = {
        .go = {check->toolchains.sides[BASE], check->toolchains.sides[HEAD]},
        .options = &check->provenance.options,
        .roots = {check->roots[BASE], check->roots[HEAD]},
        .relative = check->provenance.relative,
        .cache = request->cache,
        .changed = &check->changed,
    };
    check->suite = (struct suite){.arena = check->arena, .sides = check->provenance.side_count};
    enum error_code code = binaries_build(&binaries, &check->suite, error);
    if (code == ERROR_NONE && check->suite.package_count == 0)
        code = error_set(error, ERROR_INPUT, NULL, 0, 0,
                         "no package here has a benchmark (func BenchmarkX(b *testing.B))");
    const char *journal = code == ERROR_NONE ? journal_path(check, error) : NULL;
    if (journal == NULL)
        return error->code;
    running_init(&check->running, &check->gate, journal);
    const struct sampling sampling = {
        .provenance = &check->provenance,
        .binaries = &binaries,
        .content = request->resume != NULL ? &check->content : NULL,
        .journal = journal,
        .environment = (const char *const *)check->environment,
        .stop = request->stop,
        .talk = {say_through, show, check},
        .suite = &check->suite,
        .arena = check->arena,
    };
    bool begun;
    code = sampling_run(&sampling, &begun, &result->interrupted, error);
    result->journal = begun ? journal : NULL;
    return code;
}

static enum error_code run_check(struct check *check, struct check_result *result,
                                 struct error *error)
{
    const struct check_request *request = check->request;
    enum error_code code =
        repository_open(&check->repository, request->folder, check->arena, error);
    if (code == ERROR_NONE)
        code = request->resume != NULL ? choose_again(check, error) : choose(check, error);
    if (code != ERROR_NONE)
        return code;
    revisions_say(&check->provenance, &request->talk, check->arena);
    code = find_policy(check, error);
    if (code == ERROR_NONE)
        code = cache_make(request->cache, error);
    if (code == ERROR_NONE)
        code = take_turn(check, error);
    /* Whoever held the turn may have gone on with the same journal. */
    if (code == ERROR_NONE && request->resume != NULL)
        code = journal_read(request->resume, check->arena, &check->content, error);
    if (code == ERROR_NONE)
        prune(check);
    if (code == ERROR_NONE)
        code = prepare(check, error);
    if (code != ERROR_NONE)
        return code;
    say_machine(check);
    return measure(check, result, error);
}

/* Where nothing is decided: whether all that was asked for could be measured. */
static enum exit_status measured_status(const char *journal, struct arena *arena,
                                        struct error *error)
{
    struct journal_content content;
    if (journal_read(journal, arena, &content, error) != ERROR_NONE)
        return EXIT_BROKEN;
    return content.failed ? EXIT_FAILED : EXIT_PASS;
}

static void finish(struct check *check, struct check_result *result, struct error *error)
{
    struct gate_request gate = check->gate;
    gate.paths[BASE] = result->journal;
    if (error->code != ERROR_NONE || result->interrupted)
        pipeline_report_error(&gate, error, check->arena, &result->gate);
    else if (check->request->decide)
        pipeline_gate_files(&gate, check->arena, &result->gate, error);
    else
        result->gate.status = measured_status(result->journal, check->arena, error);
    result->gate.faults = gate.faults;
}

void check_run(const struct check_request *request, struct arena *arena,
               struct check_result *result, struct error *error)
{
    *result = (struct check_result){.gate = {.status = EXIT_BROKEN}};
    struct check check = {
        .request = request,
        .arena = arena,
        .environment = process_clean_environment(request->environment, NULL),
        .turn = TURN_NONE,
        .gate = request->gate,
    };
    if (check.environment == NULL)
        (void)out_of_memory(error);
    else
        (void)run_check(&check, result, error);
    /* Also while it waited or built. */
    if (error->code != ERROR_NONE && request->stop != NULL && *request->stop)
        result->interrupted = true;
    turn_release(&check.turn);
    repository_close(check.repository);
    finish(&check, result, error);
    toolchains_release(&check.toolchains);
    free(check.environment);
}
