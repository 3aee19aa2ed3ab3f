#include "stats/tiecounts.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    HALF = TIECOUNTS_MOST / 2,
    KEPT = 10, /* values in a half, up to which it is kept */
    KEPT_BEHIND = KEPT + 1,
    PATTERNS = 1 << KEPT, /* which values equal the one before, with a marker for the size */
    /* Sums of doubled ranks: those of HALF values, of which none is above TIECOUNTS_MOST + 1. */
    SUMS = HALF * (TIECOUNTS_MOST + 1) + 1,
};

/* Draws of k of a half's values, by the sum of their doubled mid-ranks: from `least` to `most`. */
struct row {
    int least, most;
    const uint32_t *exactly; /* [sum - least] */
    const uint32_t *from;    /* the draws with at least this sum */
};

struct half {
    struct row rows[HALF + 1];
    uint32_t counts[];
};

struct tiecounts {
    /* By pattern, and by how many values behind the half are tied with its last one. */
    struct half *halves[PATTERNS][KEPT_BEHIND + 1];
    uint32_t counts[HALF + 1][SUMS];
};

void tiecounts_release(struct tiecounts *cache)
{
    for (size_t i = 0; cache != NULL && i < PATTERNS; i++) {
        for (size_t j = 0; j <= KEPT_BEHIND; j++)
            free(cache->halves[i][j]);
    }
    free(cache);
}

uint64_t tiecounts_all(unsigned n, unsigned k)
{
    if (k > n)
        return 0;
    if (k > n - k)
        k = n - k;
    uint64_t ways = 1;
    for (unsigned i = 1; i <= k; i++)
        ways = ways * (n - k + i) / i;
    return ways;
}

/* ---- one half ---- */

/* Twice the mid-rank of each value. */
static void score(unsigned size, uint64_t same, unsigned behind, int scores[HALF])
{
    for (unsigned first = 0; first < size;) {
        unsigned end = first + 1;
        while (end < size && (same >> end & 1))
            end++;
        int doubled = (int)(first + 1 + end + (end == size ? behind : 0));
        for (; first < end; first++)
            scores[first] = doubled;
    }
}

/* least[k], most[k]: the sums of the k lowest and highest scores. */
static void count_draws(const int scores[HALF], unsigned size, const int least[HALF + 1],
                        const int most[HALF + 1], uint32_t counts[HALF + 1][SUMS])
{
    int top[HALF + 1] = {0}; /* the largest sum of k of the values so far: of the last k */
    for (unsigned k = 0; k <= size; k++)
        memset(counts[k], 0, ((size_t)most[k] + 1) * sizeof counts[k][0]);
    counts[0][0] = 1;
    for (unsigned i = 0; i < size; i++) {
        for (unsigned k = i + 1; k > 0; k--) {
            const uint32_t *from = counts[k - 1];
            uint32_t *to = counts[k] + scores[i];
            for (int sum = least[k - 1]; sum <= top[k - 1]; sum++)
                to[sum] += from[sum];
            top[k] = top[k - 1] + scores[i];
        }
    }
}

static struct half *make_half(struct tiecounts *cache, unsigned size, uint64_t same,
                              unsigned behind)
{
    int scores[HALF], least[HALF + 1] = {0}, most[HALF + 1] = {0};
    score(size, same, behind, scores);
    size_t total = 1;
    for (unsigned k = 1; k <= size; k++) {
        least[k] = least[k - 1] + scores[k - 1];
        most[k] = most[k - 1] + scores[size - k];
        total += (size_t)(most[k] - least[k]) + 1;
    }
    struct half *half = malloc(sizeof *half + 2 * total * sizeof *half->counts);
    if (half == NULL)
        return NULL;
    count_draws(scores, size, least, most, cache->counts);
    uint32_t *next = half->counts;
    for (unsigned k = 0; k <= size; k++) {
        size_t width = (size_t)(most[k] - least[k]) + 1;
        memcpy(next, cache->counts[k] + least[k], width * sizeof *next);
        uint32_t *from = next + width, above = 0;
        for (size_t s = width; s-- > 0;)
            from[s] = above += next[s];
        half->rows[k] = (struct row){least[k], most[k], next, from};
        next = from + width;
    }
    return half;
}

/*
 * The half of the first `size` of `count` values; bit i of `same` says that value i equals the one
 * before. *kept: the cache has it, it is not the caller's. NULL: no memory.
 */
static struct half *half_of(struct tiecounts *cache, unsigned size, unsigned count, uint64_t same,
                            bool *kept)
{
    unsigned behind = 0;
    while (size + behind < count && (same >> (size + behind) & 1))
        behind++;
    same &= ((uint64_t)1 << size) - 1;
    *kept = size <= KEPT && behind <= KEPT_BEHIND;
    if (!*kept)
        return make_half(cache, size, same, behind);
    /* Bit 0 is free, and the sizes are told apart by a marker above: all shifted down by one. */
    struct half **slot = &cache->halves[(same | (uint64_t)1 << size) >> 1][behind];
    if (*slot == NULL)
        *slot = make_half(cache, size, same, behind);
    return *slot;
}

/* ---- both ---- */

/*
 * The upper half is counted from the top, where a doubled rank r is 2(N + 1) − r. A lower sum s and
 * an upper one t, of j values, are within a limit where t >= s + shift, shift = 2 j (N + 1) −
 * limit.
 */
static uint64_t combine(const struct row *low, const struct row *high, int shift)
{
    uint64_t ways = 0;
    int first = high->least - shift; /* the last sum for which every upper draw counts */
    int last = high->most - shift;   /* the last one for which any does */
    if (last > low->most)
        last = low->most;
    if (first >= low->least) {
        uint32_t behind = first < low->most ? low->from[first + 1 - low->least] : 0;
        ways = (uint64_t)(low->from[0] - behind) * high->from[0];
    }
    int start = first < low->least ? low->least : first + 1;
    if (start > last)
        return ways;
    const uint32_t *exactly = low->exactly + (start - low->least);
    const uint32_t *from = high->from + (start + shift - high->least);
    for (int s = 0; s <= last - start; s++)
        ways += (uint64_t)exactly[s] * from[s];
    return ways;
}

/* The ways to draw `drawn` of `count` with a doubled rank sum of at most `limit`. */
static uint64_t ways_within(const struct half *low, const struct half *high, unsigned count,
                            unsigned drawn, int limit)
{
    unsigned lower = count / 2, upper = count - lower;
    uint64_t ways = 0;
    for (unsigned k = drawn > upper ? drawn - upper : 0; k <= drawn && k <= lower; k++) {
        unsigned rest = drawn - k;
        ways += combine(&low->rows[k], &high->rows[rest], (int)(2 * rest * (count + 1)) - limit);
    }
    return ways;
}

/* The same ties seen from the top: value i is value count − 1 − i. */
static uint64_t mirror(const struct pooled *pooled, size_t count)
{
    uint64_t mirrored = 0;
    for (uint64_t rest = pooled->same; rest != 0; rest &= rest - 1)
        mirrored |= (uint64_t)1 << (count - (size_t)__builtin_ctzll(rest));
    return mirrored;
}

enum stats_status tiecounts_tails(struct tiecounts **cache, const struct pooled *pooled,
                                  int twice_u, uint64_t *at_most, uint64_t *at_least)
{
    unsigned count = (unsigned)(pooled->n + pooled->m), drawn = (unsigned)pooled->n;
    if (count < 2 || count > TIECOUNTS_MOST)
        return STATS_DOMAIN;
    if (*cache == NULL)
        *cache = calloc(1, sizeof **cache);
    if (*cache == NULL)
        return STATS_MEMORY;
    unsigned lower = count / 2;
    bool low_kept, high_kept;
    struct half *low = half_of(*cache, lower, count, pooled->same, &low_kept);
    struct half *high = half_of(*cache, count - lower, count, mirror(pooled, count), &high_kept);
    enum stats_status status = low == NULL || high == NULL ? STATS_MEMORY : STATS_OK;
    int limit = twice_u + (int)(drawn * (drawn + 1)); /* of twice the rank sum */
    if (status == STATS_OK)
        *at_most = ways_within(low, high, count, drawn, limit);
    if (status == STATS_OK && at_least != NULL)
        *at_least = tiecounts_all(count, drawn) - ways_within(low, high, count, drawn, limit - 1);
    if (!low_kept)
        free(low);
    if (!high_kept)
        free(high);
    return status;
}
