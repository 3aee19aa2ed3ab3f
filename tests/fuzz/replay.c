/* replay: a fuzz target over files, once each, for compilers without libFuzzer. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/fuzz/support.h"

/* Runs one file from a buffer of exactly its size, so that sanitizers see the end of it. */
static int replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        perror(path);
        return 1;
    }
    long size = ftell(file);
    uint8_t *data = malloc(size > 0 ? (size_t)size : 1);
    rewind(file);
    size_t got = data == NULL || size < 0 ? 0 : fread(data, 1, (size_t)size, file);
    fclose(file);
    if (data == NULL || size < 0 || got != (size_t)size) {
        fprintf(stderr, "%s: cannot read\n", path);
        free(data);
        return 1;
    }
    LLVMFuzzerTestOneInput(data, got);
    free(data);
    return 0;
}

int main(int count, char **paths)
{
    int failed = count < 2;
    for (int i = 1; i < count; i++)
        failed |= replay(paths[i]);
    return failed;
}
