#include "tests/fuzz/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

ssize_t read_memory(void *context, char *buffer, size_t capacity)
{
    struct memory *memory = context;
    size_t count = (size_t)(memory->end - memory->at);
    if (count > capacity)
        count = capacity;
    if (memory->step != 0 && count > memory->step)
        count = memory->step;
    if (count != 0)
        memcpy(buffer, memory->at, count);
    memory->at += count;
    return (ssize_t)count;
}

void require(int condition, const char *what)
{
    if (!condition) {
        fprintf(stderr, "required, and not so: %s\n", what);
        abort();
    }
}
