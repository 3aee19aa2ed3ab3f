#include "ci/policy/faults.h"

#include <stdbool.h>

static bool is_behind(const struct fault *fault, uint64_t line, uint64_t column)
{
    return fault->line > line || (fault->line == line && fault->column > column);
}

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
    size_t at = faults->count++;
    for (; at > 0 && is_behind(&more[at - 1], line, column); at--)
        more[at] = more[at - 1];
    more[at] = (struct fault){line, column, text};
    faults->all = more;
}

void faults_take(const struct faults *faults, size_t n, struct error *error)
{
    const struct fault *fault = &faults->all[n];
    bool placed = fault->line > 0 && fault->line != UINT64_MAX;
    *error = (struct error){.code = ERROR_NONE};
    error_set(error, ERROR_INPUT, faults->source, placed ? fault->line : 0,
              placed ? fault->column : 0, "%s", fault->text);
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
