#include "ci/run/process.h"

#include <stdlib.h>

#include "ci/run/child.h"

enum error_code process_run(const struct process_request *request, const volatile int *stop,
                            struct process_result *result, struct error *error)
{
    struct child child;
    enum error_code code = child_start(&child, request, error);
    if (code != ERROR_NONE)
        return code;
    do
        child_wait(&child, 1);
    while (!child_step(&child, stop != NULL && *stop != 0));
    return child_finish(&child, result, error);
}

void process_release(struct process_result *result)
{
    free(result->output);
    free(result->errors);
    result->output = result->errors = NULL;
    result->output_length = result->errors_length = 0;
}
