/*
 * benchgate clean: clears the cache.
 */
#include <inttypes.h>
#include <stdio.h>

#include "ci/cache.h"
#include "ci/decide/verdict.h"
#include "ci/report/escape.h"
#include "cmd/cachedir.h"
#include "cmd/command.h"
#include "cmd/options.h"
#include "cmd/output.h"
#include "parsers/number.h"

static const char command_name[] = "benchgate clean";

enum { MAX_DAYS = 36500 };

struct clean_options {
    struct cache_request request;
    bool help;
};

static enum error_code set_older_than(void *context, const char *value, struct error *error)
{
    int64_t days;
    if (number_int64(slice_of(value), &days) != NUMBER_OK || days < 0 || days > MAX_DAYS)
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "--older-than: \"%s\" is no number of days from 0 to %d", value, MAX_DAYS);
    ((struct clean_options *)context)->request.days = (unsigned)days;
    return ERROR_NONE;
}

static enum error_code set_journals(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct clean_options *)context)->request.journals = true;
    return ERROR_NONE;
}

static enum error_code set_dry_run(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct clean_options *)context)->request.pretend = true;
    return ERROR_NONE;
}

static enum error_code set_cache(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct clean_options *)context)->request.cache = value;
    return ERROR_NONE;
}

static enum error_code set_help(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct clean_options *)context)->help = true;
    return ERROR_NONE;
}

static const struct option options_table[] = {
    {"older-than", "DAYS", "only what was not used for so long", set_older_than},
    {"journals", NULL, "journals too: what was measured, and can be resumed", set_journals},
    {"dry-run", NULL, "remove nothing; say what would be", set_dry_run},
    {"cache-dir", "FOLDER", "the cache (default $XDG_CACHE_HOME/benchgate\nor ~/.cache/benchgate)",
     set_cache},
    {"help", NULL, "this text", set_help},
};
enum { OPTION_COUNT = sizeof options_table / sizeof options_table[0] };

static void print_help(void)
{
    printf("usage: benchgate clean [options]\n"
           "\n"
           "Removes the trees and test binaries that check keeps in its cache, and what killed\n"
           "checks left there; the next check makes anew what it needs. Journals stay unless\n"
           "asked for, and so does what others put there. Every check removes by itself trees\n"
           "and binaries that were not used for 30 days, and journals after 90 days.\n"
           "\n"
           "Options (one dash or two):\n");
    options_help(options_table, OPTION_COUNT, stdout);
    printf("\nExit status: 0 done, 2 a check is running (nothing is removed then), or something\n"
           "cannot be removed.\n");
}

/* Sizes as people read them, in steps of 1000. */
static void print_bytes(uint64_t bytes)
{
    static const char *const units[] = {"kB", "MB", "GB", "TB"};
    double value = (double)bytes / 1000;
    size_t unit = 0;
    if (bytes < 1000) {
        printf("%" PRIu64 " B", bytes);
        return;
    }
    while (value >= 999.95 && unit + 1 < sizeof units / sizeof units[0]) {
        value /= 1000;
        unit++;
    }
    printf("%.1f %s", value, units[unit]);
}

static const struct kind_name {
    const char *one, *many;
} kind_names[CACHE_KINDS] = {
    [CACHE_TREES] = {"tree", "trees"},
    [CACHE_BINARIES] = {"test binary", "test binaries"},
    [CACHE_JOURNALS] = {"journal", "journals"},
    [CACHE_LEFTOVERS] = {"leftover of a killed check", "leftovers of killed checks"},
};

/* One line a kind; `more` is said of journals. */
static bool print_tallies(const char *what, const struct prune_tally tallies[CACHE_KINDS],
                          const char *more)
{
    bool any = false;
    for (int kind = 0; kind < CACHE_KINDS; kind++) {
        const struct prune_tally *tally = &tallies[kind];
        if (tally->count == 0)
            continue;
        printf("%s %zu %s, ", what, tally->count,
               tally->count == 1 ? kind_names[kind].one : kind_names[kind].many);
        print_bytes(tally->bytes);
        printf("%s\n", kind == CACHE_JOURNALS ? more : "");
        any = true;
    }
    return any;
}

static void print_result(const struct cache_request *request, const struct cache_result *result)
{
    struct buffer folder = {0};
    escape_terminal(&folder, slice_of(request->cache));
    printf("cache: %.*s\n", (int)folder.length, folder.failed ? "" : folder.text);
    buffer_release(&folder);
    if (!print_tallies(request->pretend ? "would remove" : "removed", result->removed, ""))
        printf("nothing to remove\n");
    (void)print_tallies(request->pretend ? "would keep" : "kept", result->kept,
                        request->journals ? "" : " (--journals removes them)");
}

static enum error_code parse(int count, char **arguments, struct clean_options *options,
                             struct arena *arena, struct error *error)
{
    struct operands operands = {.all =
                                    arena_allocate(arena, (size_t)count + 1, sizeof(const char *))};
    if (operands.all == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    enum error_code code =
        options_parse(options_table, OPTION_COUNT, options, count, arguments, &operands, error);
    if (code == ERROR_NONE && !options->help && operands.count > 0)
        code = error_set(error, ERROR_USAGE, NULL, 0, 0, "takes no operand, and has %s",
                         operands.all[0]);
    return code;
}

static void run(int count, char **arguments, struct arena *arena, struct error *error)
{
    struct clean_options options = {.help = false};
    struct cache_request *request = &options.request;
    struct cache_result result;
    if (parse(count, arguments, &options, arena, error) != ERROR_NONE)
        return;
    if (options.help) {
        print_help();
        return;
    }
    request->cache = cachedir_settle(request->cache, arena, error);
    if (request->cache == NULL)
        return;
    if (cache_clean(request, arena, &result, error) == ERROR_NONE || cache_removed(&result))
        print_result(request, &result);
}

int command_clean(int count, char **arguments)
{
    struct arena arena;
    struct error error = {.code = ERROR_NONE};
    arena_init(&arena);
    run(count, arguments, &arena, &error);
    enum error_code printed = output_end(&error);
    if (printed != ERROR_NONE || error.code != ERROR_NONE)
        output_error(command_name, &error);
    arena_release(&arena);
    return error.code == ERROR_NONE ? EXIT_PASS : EXIT_BROKEN;
}
