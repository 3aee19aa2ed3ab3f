#include "ci/policy/faults.h"

void faults_add(struct faults *faults, struct arena *arena, uint64_t line, uint64_t column,
                const char *text)
{
    struct fault *more = NULL;
    if (faults->count < FAULTS_MAX && text != NULL)
        more = arena_grow(arena, faults->all, faults->count, faults->count + 1, sizeof *more);
    if (more == NULL) {
        faults->dropped++;
        return;
    }
    more[faults->count++] = (struct fault){line, column, text};
    faults->all = more;
}

enum error_code faults_error(const struct faults *faults, struct error *error)
{
    if (faults->count > 0)
        return error_set(error, ERROR_INPUT, faults->source, faults->all[0].line,
                         faults->all[0].column, "%s", faults->all[0].text);
    if (faults->dropped > 0)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    return ERROR_NONE;
}
