/*
 * number_fuzz: any bytes as numbers. What is accepted is what the C library makes of the same text
 * without its underscores, to the last bit.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/number.h"
#include "tests/fuzz/support.h"

enum { LONGEST = 4096 };

static void check_double(struct slice text, const char *plain)
{
    double got = 0;
    enum number_status status = number_double(text, &got);
    if (status == NUMBER_SYNTAX)
        return;
    char *end;
    double want = strtod(plain, &end);
    require(*end == '\0', "accepted what the C library does not");
    require(isnan(got) ? isnan(want) : memcmp(&got, &want, sizeof(got)) == 0, "another value");
    require(status != NUMBER_RANGE || isinf(got), "out of range, and yet finite");
}

static void check_integer(struct slice text)
{
    int64_t got = 0;
    char again[32];
    enum number_status status = number_int64(text, &got);
    require(status != NUMBER_RANGE || got == INT64_MAX || got == INT64_MIN, "no bound");
    if (status != NUMBER_OK)
        return;
    snprintf(again, sizeof(again), "%lld", (long long)got);
    int64_t second;
    require(number_int64(slice_of(again), &second) == NUMBER_OK && second == got, "no round trip");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char plain[LONGEST + 1];
    size_t used = 0;
    if (size > LONGEST)
        return 0;
    for (size_t i = 0; i < size; i++) {
        if (data[i] != '_')
            plain[used++] = (char)data[i];
    }
    plain[used] = '\0';
    struct slice text = {(const char *)data, size};
    check_double(text, plain);
    check_integer(text);
    return 0;
}
