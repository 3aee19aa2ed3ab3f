/*
 * tracks: random lines in and out of order get the track of their name and state, whatever stood
 * before them; and memory that runs out is said.
 */
#include "tests/support.h"

#include <stdio.h>

#include "ci/table/tracks.h"

enum { NAMES = 300, STATES = 5, LINES = 20000 };

static struct result line_of(uint64_t name, uint64_t state, char text[32])
{
    int length = snprintf(text, 32, "Line%d/size=%d", (int)name, (int)name % 7);
    return (struct result){.name = {text, (size_t)length}, .state = (uint32_t)state};
}

/* Where the next line is: mostly that of the line before, or one that follows it. */
static void move(uint64_t *name, uint64_t *state, uint64_t *seed)
{
    uint64_t dice = support_random(seed) % 16;
    if (dice < 4)
        return;
    if (dice < 12)
        *name = (*name + 1) % NAMES;
    else
        *name = support_random(seed) % NAMES;
    if (dice > 13)
        *state = support_random(seed) % STATES;
}

static void test_random_lines(void **unused)
{
    (void)unused;
    struct arena arena;
    struct intern texts;
    struct tracks tracks;
    const struct track *known[NAMES][STATES] = {{NULL}};
    uint64_t seed = support_seed(20260106), name = 0, state = 0;
    uint32_t count = 0;
    arena_init(&arena);
    intern_init(&texts, &arena);
    tracks_init(&tracks, &texts);
    for (int i = 0; i < LINES; i++) {
        char text[32];
        move(&name, &state, &seed);
        struct result result = line_of(name, state, text);
        if (support_random(&seed) % 64 == 0) /* projections put texts there too */
            assert_true(intern_add(&texts, (struct slice){text, 3 + name % 8}) != INTERN_NONE);
        struct track *track = tracks_find(&tracks, &result);
        assert_non_null(track);
        count += known[name][state] == NULL;
        if (known[name][state] != NULL)
            assert_ptr_equal(track, known[name][state]);
        known[name][state] = track;
        assert_int_equal(track->state, state);
        assert_true(slice_equal(texts.texts[track->name], result.name));
        assert_int_equal(tracks.all.count, count);
    }
    tracks_clear(&tracks);
    assert_int_equal(tracks.all.count, 0);
    arena_release(&arena);
}

static void test_memory(void **unused)
{
    (void)unused;
    size_t allowed = 0, found = 0;
    while (found < NAMES) {
        struct arena arena;
        struct intern texts;
        struct tracks tracks;
        arena_init(&arena);
        arena.remaining = allowed++;
        intern_init(&texts, &arena);
        tracks_init(&tracks, &texts);
        tracks.arena.remaining = allowed / 2;
        for (found = 0; found < NAMES; found++) {
            char text[32];
            struct result result = line_of(found, 0, text);
            if (tracks_find(&tracks, &result) == NULL)
                break;
        }
        assert_true(found == NAMES || arena.failed || tracks.arena.failed);
        tracks_clear(&tracks);
        arena_release(&arena);
    }
    assert_true(allowed > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_lines),
        cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
