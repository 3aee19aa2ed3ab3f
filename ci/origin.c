#include "ci/origin.h"

#include <string.h>

#include "ci/run/suite.h"
#include "parsers/benchname.h"

enum { SHORT_ID = 12 };

bool origin_revisions(const struct provenance *provenance, struct arena *arena,
                      struct report_revision revisions[SIDES])
{
    for (int side = BASE; side < SIDES; side++) {
        const struct revision *from = &provenance->sides[side];
        revisions[side] = (struct report_revision){
            .label = from->label,
            .commit = arena_copy(arena, slice_of(from->commit)).text,
            .why = from->why,
            .go = provenance->go_versions[side],
            .worktree = from->worktree,
            .dirty = from->dirty,
        };
    }
    return !arena->failed;
}

const char *origin_quote(const char *word, struct arena *arena)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+./:,@%=";
    size_t length = strlen(word), used = 0;
    if (length > 0 && strspn(word, plain) == length)
        return word;
    char *quoted = arena_allocate(arena, 4 * length + 3, 1);
    if (quoted == NULL)
        return NULL;
    quoted[used++] = '\'';
    for (const char *at = word; *at != '\0'; at++) {
        if (*at == '\'') {
            memcpy(quoted + used, "'\\'", 3);
            used += 3;
        }
        quoted[used++] = *at;
    }
    quoted[used++] = '\'';
    quoted[used] = '\0';
    return quoted;
}

/* The first benchmark that blocks or failed, or NULL. */
static const struct benchmark *first_broken(const struct decision *decision)
{
    for (size_t i = 0; i < decision->count; i++) {
        const struct verdict *verdict = &decision->verdicts[i];
        if (verdict->benchmark != NULL && (verdict->outcome == OUTCOME_FAILED ||
                                           (verdict->consequences & CONSEQUENCE_BLOCK) != 0))
            return verdict->benchmark;
    }
    return NULL;
}

/* "--NAME VALUE " where the value is not the default. */
static const char *option(const char *name, const char *value, const char *usual,
                          struct arena *arena)
{
    if (value == NULL || (usual != NULL && strcmp(value, usual) == 0))
        return "";
    const char *quoted = origin_quote(value, arena);
    return quoted == NULL ? "" : arena_print(arena, "--%s %s ", name, quoted);
}

static const char *pattern_of(const struct benchmark *benchmark, struct arena *arena)
{
    struct benchname parts = benchname_split(benchmark->name);
    struct slice name = benchmark->name;
    if (parts.gomaxprocs.length > 0)
        name.length -= parts.gomaxprocs.length + 1;
    const char *pattern = suite_pattern(name, arena);
    return pattern == NULL ? NULL : origin_quote(pattern, arena);
}

bool origin_reproduce(const struct provenance *provenance, const struct decision *decision,
                      struct arena *arena, const char **command)
{
    const struct benchmark *benchmark = first_broken(decision);
    const struct suite_options *options = &provenance->options;
    const struct revision *base = &provenance->sides[BASE], *head = &provenance->sides[HEAD];
    *command = NULL;
    if (benchmark == NULL || provenance->side_count < SIDES)
        return true;
    const char *pattern = pattern_of(benchmark, arena);
    const char *package = origin_quote(benchmark->package.text, arena);
    const char *count = arena_print(arena, "%u", options->count);
    const char *each = provenance->toolchain_each ? "--toolchain each " : "";
    if (pattern == NULL || package == NULL || count == NULL)
        return false;
    *command = arena_print(
        arena, "benchgate check %s%s%s%s%s%s--seed %llu --bench %s --packages %s %.*s%s%.*s",
        option("count", count, "10", arena),
        option("benchtime", options->benchtime, "100ms", arena),
        option("tags", options->tags, NULL, arena), option("cpus", options->pin, NULL, arena),
        option("bench-from", options->bench_from, NULL, arena), each,
        (unsigned long long)options->seed, pattern, package, SHORT_ID, base->commit,
        head->worktree ? "" : " ", head->worktree ? 0 : SHORT_ID, head->commit);
    return *command != NULL && !arena->failed;
}
