#include "cmd/output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ci/report/escape.h"

static enum error_code write_failed(struct error *error)
{
    return error_set(error, ERROR_WRITE, "standard output", 0, 0, "%s", strerror(errno));
}

enum error_code output_write(const struct buffer *buffer, struct error *error)
{
    if (buffer->length > 0 && fwrite(buffer->text, 1, buffer->length, stdout) != buffer->length)
        return write_failed(error);
    return output_end(error);
}

bool output_sink(void *error, struct slice text)
{
    if (fwrite(text.text, 1, text.length, stdout) == text.length)
        return true;
    (void)write_failed(error);
    return false;
}

enum error_code output_end(struct error *error)
{
    if (fflush(stdout) != 0 || ferror(stdout))
        return write_failed(error);
    return ERROR_NONE;
}

/* One line to standard error. What cannot be said there cannot be said anywhere. */
static void say(struct buffer *line)
{
    buffer_string(line, "\n");
    if (!line->failed)
        (void)fwrite(line->text, 1, line->length, stderr);
    buffer_release(line);
}

void output_error(const char *command, const struct error *error)
{
    char text[ERROR_SOURCE_BYTES + ERROR_TEXT_BYTES + 64];
    struct buffer line = {0};
    if (error->source[0] == '\0')
        buffer_print(&line, "%s: ", command);
    escape_terminal(&line, slice_of(error_format(error, text, sizeof text)));
    say(&line);
}

void output_faults(const struct faults *faults)
{
    for (size_t i = 0; i < faults->count; i++) {
        const struct fault *fault = &faults->all[i];
        struct buffer line = {0};
        escape_terminal(&line, slice_of(faults->source));
        if (fault->line > 0 && fault->line != UINT64_MAX)
            buffer_print(&line, ":%llu:%llu", (unsigned long long)fault->line,
                         (unsigned long long)fault->column);
        buffer_string(&line, ": ");
        escape_terminal(&line, slice_of(fault->text));
        say(&line);
    }
    if (faults->dropped > 0) {
        struct buffer line = {0};
        escape_terminal(&line, slice_of(faults->source));
        buffer_print(&line, ": %zu more fault%s", faults->dropped, faults->dropped == 1 ? "" : "s");
        say(&line);
    }
}

void output_warnings(const struct warnings *warnings)
{
    for (size_t i = 0; i < warnings->count; i++) {
        const struct warning *warning = &warnings->all[i];
        struct buffer line = {0};
        escape_terminal(&line, slice_of(warning->source));
        buffer_print(&line, ":%llu:", (unsigned long long)warning->line);
        if (warnings->strict && warning->column > 0)
            buffer_print(&line, "%llu:", (unsigned long long)warning->column);
        buffer_string(&line, warnings->strict ? " " : " warning: ");
        escape_terminal(&line, slice_of(warning->text));
        say(&line);
    }
    if (warnings->dropped > 0) {
        struct buffer line = {0};
        buffer_print(&line, "%s%llu more damaged line%s",
                     warnings->strict ? "" : "warning: ", (unsigned long long)warnings->dropped,
                     warnings->dropped == 1 ? "" : "s");
        say(&line);
    }
}
