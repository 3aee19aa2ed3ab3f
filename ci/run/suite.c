#include "ci/run/suite.h"

#include <stdio.h>
#include <string.h>

/* The name without the "-N" that GOMAXPROCS = N puts at its end; N = 1 puts none. */
static struct slice strip_cpu(struct slice printed, unsigned cpu)
{
    char suffix[16];
    int length = snprintf(suffix, sizeof suffix, "-%u", cpu);
    if (cpu != 1 && slice_ends(printed, (struct slice){suffix, (size_t)length}))
        printed.length -= (size_t)length;
    return printed;
}

struct slice suite_bare_name(const struct suite_benchmark *benchmark)
{
    return strip_cpu(slice_of(benchmark->name), benchmark->cpu);
}

bool suite_is_everywhere(const struct suite *suite, const struct suite_benchmark *benchmark)
{
    for (int side = BASE; side < suite->sides; side++)
        if (!benchmark->there[side])
            return false;
    return true;
}

bool suite_is_measured(const struct suite *suite, const struct suite_benchmark *benchmark)
{
    return suite_is_everywhere(suite, benchmark) && !benchmark->failed[BASE] &&
           !benchmark->failed[HEAD];
}

const char *suite_pattern(struct slice name, struct arena *arena)
{
    /* At worst every byte is quoted, and each part gets two anchors and a slash. */
    static const char start[] = "^Benchmark";
    char *pattern = arena_allocate(arena, 4 * name.length + sizeof start + 1, 1);
    size_t used = sizeof start - 1;
    if (pattern == NULL)
        return NULL;
    memcpy(pattern, start, used);
    for (size_t i = 0; i < name.length; i++) {
        char byte = name.text[i];
        if (byte == '/') {
            pattern[used++] = '$';
            pattern[used++] = '/';
            pattern[used++] = '^';
            continue;
        }
        if (strchr("\\.+*?()|[]{}^$", byte) != NULL)
            pattern[used++] = '\\';
        pattern[used++] = byte;
    }
    pattern[used++] = '$';
    pattern[used] = '\0';
    return pattern;
}

struct suite_benchmark *suite_add(struct suite *suite, const struct suite_package *package,
                                  struct slice printed, unsigned cpu)
{
    for (size_t i = suite->count; i-- > 0;) {
        struct suite_benchmark *there = &suite->benchmarks[i];
        if (there->package == package && there->cpu == cpu &&
            slice_equal(slice_of(there->name), printed))
            return there;
    }
    if (suite->count == suite->capacity) {
        size_t capacity = suite->capacity == 0 ? 32 : 2 * suite->capacity;
        struct suite_benchmark *more =
            arena_grow(suite->arena, suite->benchmarks, suite->count, capacity, sizeof *more);
        if (more == NULL)
            return NULL;
        suite->benchmarks = more;
        suite->capacity = capacity;
    }
    struct suite_benchmark *made = &suite->benchmarks[suite->count];
    *made = (struct suite_benchmark){
        .package = package,
        .name = arena_copy(suite->arena, printed).text,
        .pattern = suite_pattern(strip_cpu(printed, cpu), suite->arena),
        .cpu = cpu,
    };
    if (made->name == NULL || made->pattern == NULL)
        return NULL;
    suite->count++;
    return made;
}
