#include "ci/run/plan.h"

/* SplitMix64's finaliser over seed, round and place: the same on every machine and after a kill. */
static uint64_t mix(uint64_t seed, uint64_t round, uint64_t place)
{
    uint64_t z = seed + 0x9e3779b97f4a7c15u * (round + 1) + 0xd1b54a32d192ed03u * (place + 1);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

void plan_order(uint64_t seed, size_t round, size_t count, size_t *order)
{
    for (size_t i = 0; i < count; i++) {
        /* Fisher and Yates, from the front. */
        size_t j = (size_t)(mix(~seed, round, i) % (i + 1));
        order[i] = order[j];
        order[j] = i;
    }
}

bool plan_head_first(uint64_t seed, size_t round, size_t benchmark)
{
    return (mix(seed, round, benchmark) & 1) != 0;
}
