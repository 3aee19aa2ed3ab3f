#include "stats/tiecounts.h"

#include <stdlib.h>
#include <string.h>

enum {
    HALF = TIECOUNTS_MOST / 2,
    /* Sums of HALF doubled ranks among TIECOUNTS_MOST: the top ranks' tie reaches 21 each. */
    SUMS = HALF * (TIECOUNTS_MOST + 1) + 1,
    PATTERNS = 1 << HALF, /* which values equal the one before, with a marker for the size */
};

/* Draws of k of a half's values, by the sum of their doubled mid-ranks: from `least` to `most`. */
struct row {
    int least, most;
    const uint16_t *exactly; /* [sum - least] */
    const uint16_t *from;    /* the draws with at least this sum */
};

struct half {
    struct row rows[HALF + 1];
    uint16_t counts[];
};

/* By pattern, and by how many values behind the half are tied with its last one. */
struct tiecounts {
    struct half *halves[PATTERNS][HALF + 1];
};

void tiecounts_release(struct tiecounts *cache)
{
    for (size_t i = 0; cache != NULL && i < PATTERNS; i++) {
        for (size_t j = 0; j <= HALF; j++)
            free(cache->halves[i][j]);
    }
    free(cache);
}

uint32_t tiecounts_all(unsigned n, unsigned k)
{
    uint32_t ways = k <= n;
    for (unsigned i = 1; i <= k && k <= n; i++)
        ways = (uint32_t)((uint64_t)ways * (n - k + i) / i);
    return ways;
}

/* ---- one half ---- */

/* Twice the mid-rank of each value. */
static void score(unsigned size, unsigned pattern, unsigned behind, int scores[HALF])
{
    for (unsigned first = 0; first < size;) {
        unsigned end = first + 1;
        while (end < size && (pattern >> end & 1))
            end++;
        int doubled = (int)(first + 1 + end + (end == size ? behind : 0));
        for (; first < end; first++)
            scores[first] = doubled;
    }
}

static void count_draws(const int scores[HALF], unsigned size, uint16_t counts[HALF + 1][SUMS])
{
    memset(counts, 0, (HALF + 1) * sizeof *counts);
    counts[0][0] = 1;
    int most[HALF + 1] = {0}; /* largest sum of k values so far: the last k */
    for (unsigned i = 0; i < size; i++) {
        for (unsigned k = i + 1; k > 0; k--) {
            for (int sum = 0; sum <= most[k - 1]; sum++)
                counts[k][sum + scores[i]] =
                    (uint16_t)(counts[k][sum + scores[i]] + counts[k - 1][sum]);
            most[k] = most[k - 1] + scores[i];
        }
    }
}

static struct half *make_half(unsigned size, unsigned pattern, unsigned behind)
{
    int scores[HALF];
    uint16_t counts[HALF + 1][SUMS];
    score(size, pattern, behind, scores);
    count_draws(scores, size, counts);
    int least[HALF + 1] = {0}, most[HALF + 1] = {0};
    size_t total = 1;
    for (unsigned k = 1; k <= size; k++) {
        least[k] = least[k - 1] + scores[k - 1];
        most[k] = most[k - 1] + scores[size - k];
        total += (size_t)(most[k] - least[k]) + 1;
    }
    struct half *half = malloc(sizeof *half + 2 * total * sizeof *half->counts);
    if (half == NULL)
        return NULL;
    uint16_t *next = half->counts;
    for (unsigned k = 0; k <= size; k++) {
        size_t width = (size_t)(most[k] - least[k]) + 1;
        memcpy(next, counts[k] + least[k], width * sizeof *next);
        uint16_t *from = next + width, above = 0;
        for (size_t s = width; s-- > 0;)
            from[s] = above = (uint16_t)(above + next[s]);
        half->rows[k] = (struct row){least[k], most[k], next, from};
        next = from + width;
    }
    return half;
}

/*
 * The half at the start of `count` values; bit i of `same` says that value i equals the one before.
 */
static const struct half *half_of(struct tiecounts *cache, unsigned size, unsigned count,
                                  uint32_t same)
{
    uint32_t pattern = (same & ((1u << size) - 1) & ~1u);
    unsigned behind = 0;
    while (size + behind < count && (same >> (size + behind) & 1))
        behind++;
    /* Bit 0 is free, and the sizes are told apart by a marker: shifted down by one. */
    struct half **slot = &cache->halves[(pattern | 1u << size) >> 1][behind];
    if (*slot == NULL)
        *slot = make_half(size, pattern, behind);
    return *slot;
}

/* ---- both ---- */

/*
 * The upper half is counted from the top, where a doubled rank r is 2(N + 1) − r. A lower sum s and
 * an upper one t, of j values, are within `limit` where t >= s + 2 j (N + 1) − limit.
 */
static uint32_t combine(const struct row *low, const struct row *high, int shift)
{
    uint32_t ways = 0;
    int first = high->least - shift; /* the last sum for which every upper draw counts */
    int last = high->most - shift;   /* the last one for which any does */
    if (last > low->most)
        last = low->most;
    if (first >= low->least) {
        int full = first < low->most ? first : low->most;
        uint32_t behind = full < low->most ? low->from[full + 1 - low->least] : 0;
        ways = (low->from[0] - behind) * (uint32_t)high->from[0];
    }
    int start = first < low->least ? low->least : first + 1;
    const uint16_t *exactly = low->exactly + (start <= last ? start - low->least : 0);
    const uint16_t *from = high->from + (start <= last ? start + shift - high->least : 0);
    for (int s = 0; s <= last - start; s++)
        ways += (uint32_t)exactly[s] * from[s];
    return ways;
}

enum stats_status tiecounts_at_most(struct tiecounts **cache, const struct pooled *pooled,
                                    int twice_u, uint32_t *ways)
{
    unsigned count = (unsigned)(pooled->n + pooled->m), drawn = (unsigned)pooled->n;
    if (count < 2 || count > TIECOUNTS_MOST)
        return STATS_DOMAIN;
    if (*cache == NULL)
        *cache = calloc(1, sizeof **cache);
    if (*cache == NULL)
        return STATS_MEMORY;
    uint32_t same = 0, mirrored = 0;
    for (unsigned group = 0, at = 0; group < pooled->groups; at += pooled->sizes[group++]) {
        uint32_t tied = ((1u << (pooled->sizes[group] - 1)) - 1) << (at + 1);
        same |= tied;
        mirrored |= ((1u << (pooled->sizes[group] - 1)) - 1)
                    << (count - at - pooled->sizes[group] + 1);
    }
    unsigned lower = count / 2, upper = count - lower;
    const struct half *low = half_of(*cache, lower, count, same);
    const struct half *high = half_of(*cache, upper, count, mirrored);
    if (low == NULL || high == NULL)
        return STATS_MEMORY;
    int limit = twice_u + (int)(drawn * (drawn + 1)); /* of twice the rank sum */
    uint32_t sum = 0;
    for (unsigned k = drawn > upper ? drawn - upper : 0; k <= drawn && k <= lower; k++) {
        unsigned rest = drawn - k;
        sum += combine(&low->rows[k], &high->rows[rest], (int)(2 * rest * (count + 1)) - limit);
    }
    *ways = sum;
    return STATS_OK;
}
