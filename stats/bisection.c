#include "stats/bisection.h"

#include <stdint.h>
#include <string.h>

/* Doubles as integers in the same order, so that bisection ends on the very value. */
static int64_t to_order(double value)
{
    int64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits < 0 ? INT64_MIN - bits : bits;
}

static double from_order(int64_t order)
{
    int64_t bits = order < 0 ? INT64_MIN - order : order;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

double bisection_kth(bisection_count *count, const void *values, size_t k, double low, double high)
{
    int64_t first = to_order(low), last = to_order(high);
    while (first < last) {
        /* The distance may exceed the type: halve unsigned. */
        int64_t middle = (int64_t)((uint64_t)first + ((uint64_t)last - (uint64_t)first) / 2);
        if (count(values, from_order(middle)) >= k)
            last = middle;
        else
            first = middle + 1;
    }
    return from_order(first);
}
