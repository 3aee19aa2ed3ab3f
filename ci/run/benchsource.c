#include "ci/run/benchsource.h"

#include <stdlib.h>
#include <string.h>

#include "ci/run/testfile.h"
#include "parsers/gosource.h"

/* Larger test files are compared as a whole: names are looked up one by one. */
enum { MAX_SOURCE_BYTES = 4 << 20 };

/* The test files of one side. */
struct texts {
    struct slice *all;
    char **owned;
    size_t count;
    bool whole; /* all were read, and are small enough */
};

static void release(struct texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        free(texts->owned[i]);
}

static bool read_texts(const struct suite_binary *binary, struct arena *arena, struct texts *texts)
{
    size_t count = 0, bytes = 0;
    while (binary->test_files != NULL && binary->test_files[count] != NULL)
        count++;
    *texts = (struct texts){
        .all = arena_zero(arena, count + 1, sizeof *texts->all),
        .owned = arena_zero(arena, count + 1, sizeof(char *)),
        .whole = true,
    };
    if (texts->all == NULL || texts->owned == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *path = arena_print(arena, "%s/%s", binary->folder, binary->test_files[i]);
        if (path == NULL)
            return false;
        size_t length = 0;
        texts->owned[i] = testfile_read(path, &length);
        texts->count = i + 1;
        texts->whole = texts->whole && texts->owned[i] != NULL;
        texts->all[i] = (struct slice){texts->owned[i], length};
        bytes += length;
    }
    texts->whole = texts->whole && bytes <= MAX_SOURCE_BYTES;
    return true;
}

static bool equal_texts(const struct texts *base, const struct texts *head)
{
    bool equal = base->count == head->count;
    for (size_t i = 0; i < base->count && equal; i++)
        equal = base->owned[i] != NULL && head->owned[i] != NULL &&
                slice_equal(base->all[i], head->all[i]);
    return equal;
}

static bool parse(const struct texts *texts, struct arena *arena, struct gosource *source)
{
    gosource_init(source, arena);
    for (size_t i = 0; i < texts->count; i++)
        if (texts->owned[i] != NULL && !gosource_add(source, texts->all[i]))
            return false;
    return true;
}

/* Benchmarks being compared. */
struct comparison {
    const struct gosource *sides[SIDES];
    struct arena *arena;
    bool all; /* of those that both have */
    const char **names;
    size_t count;
    bool failed;
};

static void compare_one(void *context, struct slice name)
{
    struct comparison *comparison = context;
    if (comparison->failed || !gosource_has(comparison->sides[HEAD], name))
        return;
    if (!comparison->all) {
        const char *base = gosource_reach(comparison->sides[BASE], name);
        const char *head = gosource_reach(comparison->sides[HEAD], name);
        comparison->failed = base == NULL || head == NULL;
        if (comparison->failed || strcmp(base, head) == 0)
            return;
    }
    const char **more = arena_grow(comparison->arena, (void *)comparison->names, comparison->count,
                                   comparison->count + 1, sizeof(const char *));
    const char *copy = arena_copy(comparison->arena, name).text;
    comparison->failed = more == NULL || copy == NULL;
    if (comparison->failed)
        return;
    more[comparison->count++] = copy;
    comparison->names = more;
}

static bool compare(const struct texts sides[SIDES], struct arena *scratch,
                    struct comparison *comparison)
{
    struct gosource base, head;
    if (!parse(&sides[BASE], scratch, &base) || !parse(&sides[HEAD], scratch, &head))
        return false;
    comparison->sides[BASE] = &base;
    comparison->sides[HEAD] = &head;
    comparison->all = !sides[BASE].whole || !sides[HEAD].whole;
    gosource_benchmarks(&base, compare_one, comparison);
    return !comparison->failed;
}

bool benchsource_changed(const struct suite_package *package, struct arena *arena,
                         const char ***names, size_t *count)
{
    struct arena scratch;
    struct texts sides[SIDES] = {{0}};
    struct comparison comparison = {.arena = arena};
    arena_init(&scratch);
    bool good = true;
    for (int side = BASE; side < SIDES && good; side++)
        good = read_texts(&package->sides[side], &scratch, &sides[side]);
    if (good && !equal_texts(&sides[BASE], &sides[HEAD]))
        good = compare(sides, &scratch, &comparison);
    for (int side = BASE; side < SIDES; side++)
        release(&sides[side]);
    arena_release(&scratch);
    *names = comparison.names;
    *count = comparison.count;
    return good;
}
