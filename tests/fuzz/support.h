/* support: what the fuzz targets share: the entry that libFuzzer calls, input in pieces, and
 * checks. */
#ifndef TESTS_FUZZ_SUPPORT_H
#define TESTS_FUZZ_SUPPORT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Bytes to be read, `step` at once at the most; 0: as many as there is room for. */
struct memory {
    const uint8_t *at, *end;
    size_t step;
};

/* A lines_read over a struct memory. */
ssize_t read_memory(void *context, char *buffer, size_t capacity);

/* Aborts, saying what, where the condition does not hold; with NDEBUG defined too. */
void require(int condition, const char *what);

#endif
