#include "tests/support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

char *support_read_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    size_t used = 0, capacity = 1 << 16;
    char *bytes = malloc(capacity);
    for (size_t got; bytes != NULL; used += got) {
        got = fread(bytes + used, 1, capacity - used - 1, file);
        if (got == 0)
            break;
        if (used + got + 1 == capacity)
            bytes = realloc(bytes, capacity *= 2);
    }
    fclose(file);
    if (bytes != NULL)
        bytes[used] = '\0';
    *length = used;
    return bytes;
}

const char *support_shared(void)
{
    struct stat status;
    return stat("../shared/oracle", &status) == 0 ? "../shared" : NULL;
}

ssize_t support_read_memory(void *context, char *buffer, size_t capacity)
{
    struct support_memory *memory = context;
    size_t count = memory->length - memory->offset;
    if (count > capacity)
        count = capacity;
    if (memory->step != 0 && count > memory->step)
        count = memory->step;
    if (count != 0)
        memcpy(buffer, memory->bytes + memory->offset, count);
    memory->offset += count;
    return (ssize_t)count;
}

void support_close(double got, double want, double relative_tolerance, const char *what)
{
    if (got == want || fabs(got - want) <= relative_tolerance * fabs(want))
        return;
    fail_msg("%s: got %.17g, want %.17g", what, got, want);
}

uint64_t support_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

double support_uniform(uint64_t *state)
{
    return ((double)(support_random(state) >> 11) + 0.5) / 9007199254740992.0;
}

double support_normal(uint64_t *state)
{
    double radius = sqrt(-2 * log(support_uniform(state)));
    return radius * cos(6.283185307179586 * support_uniform(state));
}

uint64_t support_seed(uint64_t fallback)
{
    const char *wanted = getenv("BENCHGATE_TEST_SEED");
    uint64_t seed = wanted != NULL ? strtoull(wanted, NULL, 0) : fallback;
    print_message("seed %llu (BENCHGATE_TEST_SEED sets it)\n", (unsigned long long)seed);
    return seed;
}
