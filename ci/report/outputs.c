#include "ci/report/outputs.h"

#include <assert.h>
#include <string.h>

#include "ci/report/file.h"

static enum error_code out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

static enum error_code put(struct report_outputs *outputs, struct report_output output,
                           struct arena *arena, struct error *error)
{
    for (size_t i = 0; i < outputs->count; i++)
        if (strcmp(outputs->all[i].path, output.path) == 0) {
            outputs->all[i] = output;
            return ERROR_NONE;
        }
    struct report_output *more =
        arena_grow(arena, outputs->all, outputs->count, outputs->count + 1, sizeof *outputs->all);
    if (more == NULL)
        return out_of_memory(error);
    outputs->all = more;
    outputs->all[outputs->count++] = output;
    return ERROR_NONE;
}

enum error_code outputs_add(struct report_outputs *outputs, const char *value, struct arena *arena,
                            struct error *error)
{
    const char *equals = strchr(value, '=');
    if (strcmp(value, "none") == 0) {
        outputs->no_defaults = true;
        return ERROR_NONE;
    }
    if (equals == NULL || equals[1] == '\0')
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "--report %s: is FORMAT=PATH, as markdown=report.md, or none", value);
    const char *name = arena_copy(arena, (struct slice){value, (size_t)(equals - value)}).text;
    const char *path = arena_copy(arena, slice_of(equals + 1)).text;
    if (name == NULL || path == NULL)
        return out_of_memory(error);
    const struct report_format *format = report_format_find(name);
    if (format == NULL)
        return error_set(error, ERROR_USAGE, NULL, 0, 0, "--report: \"%s\" is none of: %s", name,
                         report_format_names);
    struct error failed = {.code = ERROR_NONE}; /* *error may hold a fault that has no part in it */
    if (strcmp(path, "-") != 0 && file_check(path, &failed) != ERROR_NONE) {
        if (error->code == ERROR_NONE)
            *error = failed;
        return failed.code;
    }
    for (size_t i = 0; i < outputs->count; i++)
        if (strcmp(path, "-") != 0 && outputs->all[i].format != format &&
            file_is_same(outputs->all[i].path, path))
            return error_set(error, ERROR_USAGE, NULL, 0, 0,
                             "--report %s: the %s report goes there already", value,
                             outputs->all[i].format->name);
    return put(outputs, (struct report_output){.format = format, .path = path}, arena, error);
}

enum error_code outputs_spare(struct report_outputs *outputs, const char *path, struct error *error)
{
    size_t kept = 0;
    enum error_code code = ERROR_NONE;
    for (size_t i = 0; i < outputs->count; i++) {
        const struct report_output *output = &outputs->all[i];
        if (strcmp(output->path, "-") != 0 && file_is_same(output->path, path))
            code = error_set(error, ERROR_USAGE, output->path, 0, 0,
                             "is a file of this run: a report (--report %s) would overwrite it",
                             output->format->name);
        else
            outputs->all[kept++] = *output;
    }
    outputs->count = kept;
    return code;
}

enum error_code outputs_standard(struct report_outputs *outputs, const struct report_format *format,
                                 struct arena *arena, struct error *error)
{
    return put(outputs, (struct report_output){.format = format, .path = "-"}, arena, error);
}

/* ---- what CI systems want ---- */

const char outputs_diagnostics[] = "standard error";

static const struct wanted {
    const char *system; /* a variable that is "true" there */
    const char *format;
    const char *variable; /* holds the path; NULL: it is … */
    const char *path;
    bool append;
} wanted[] = {
    {"GITHUB_ACTIONS", "markdown", "GITHUB_STEP_SUMMARY", NULL, true},
    {"GITHUB_ACTIONS", "annotations", NULL, outputs_diagnostics, false},
    {"GITLAB_CI", "junit", NULL, "benchgate-reports/junit.xml", false},
    {"GITLAB_CI", "openmetrics", NULL, "benchgate-reports/metrics.txt", false},
};

static bool has_format(const struct report_outputs *outputs, const struct report_format *format)
{
    for (size_t i = 0; i < outputs->count; i++)
        if (outputs->all[i].format == format)
            return true;
    return false;
}

enum error_code outputs_defaults(struct report_outputs *outputs,
                                 const char *(*variable)(const char *name), struct arena *arena,
                                 struct error *error)
{
    enum error_code code = ERROR_NONE;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0] && !outputs->no_defaults; i++) {
        const char *on = variable(wanted[i].system);
        const char *path =
            wanted[i].variable != NULL ? variable(wanted[i].variable) : wanted[i].path;
        const struct report_format *format = report_format_find(wanted[i].format);
        if (on == NULL || strcmp(on, "true") != 0 || path == NULL || path[0] == '\0' ||
            format == NULL || has_format(outputs, format))
            continue;
        code = put(outputs,
                   (struct report_output){.format = format,
                                          .path = path,
                                          .why = wanted[i].system,
                                          .named = wanted[i].variable,
                                          .append = wanted[i].append,
                                          .makes_folder = wanted[i].path != NULL &&
                                                          wanted[i].path != outputs_diagnostics},
                   arena, error);
        if (code != ERROR_NONE)
            break;
    }
    return code;
}

/* ---- writing ---- */

static void write_one(struct report_output *output, const struct report *report,
                      struct buffer *stream)
{
    struct buffer made = {0};
    struct buffer *out = stream != NULL ? stream : &made;
    output->error = (struct error){.code = ERROR_NONE};
    if (report->decision == NULL && stream != NULL && !output->format->takes_errors)
        return;
    if (output->append) /* behind a line that may have no end */
        buffer_string(out, "\n");
    enum error_code code =
        output->format->encode(report, out) ? ERROR_NONE : out_of_memory(&output->error);
    if (code == ERROR_NONE && output->makes_folder)
        code = file_make_folder(output->path, &output->error);
    if (code == ERROR_NONE && stream == NULL)
        code = file_write(output->path, (struct slice){made.text, made.length}, output->append,
                          &output->error);
    if (code != ERROR_NONE && stream == NULL && !output->append)
        file_discard(output->path);
    assert(code == output->error.code);
    buffer_release(&made);
}

static bool is_stream(const struct report_output *output)
{
    return strcmp(output->path, "-") == 0 || output->path == outputs_diagnostics;
}

/* The files that the user asked for, or the others. False: one failed. */
static bool write_files(struct report_outputs *outputs, bool chosen, const struct report *report)
{
    bool written = true;
    for (size_t i = 0; i < outputs->count; i++) {
        struct report_output *output = &outputs->all[i];
        if (is_stream(output) || (output->why == NULL) != chosen)
            continue;
        write_one(output, report, NULL);
        written = written && output->error.code == ERROR_NONE;
    }
    return written;
}

void outputs_try(struct report_outputs *outputs, struct report *report)
{
    struct report plain = *report;
    plain.style = NULL;
    for (size_t i = 0; i < outputs->count; i++) {
        struct report_output *output = &outputs->all[i];
        if (is_stream(output) || output->why != NULL || file_is_special(output->path))
            continue;
        write_one(output, &plain, NULL);
        if (output->error.code != ERROR_NONE)
            report->status = EXIT_BROKEN;
    }
}

void outputs_correct(struct report_outputs *outputs, const struct report *report)
{
    struct report plain = *report;
    plain.style = NULL;
    for (size_t i = 0; i < outputs->count; i++) {
        struct report_output *output = &outputs->all[i];
        if (!is_stream(output) && !output->append && output->error.code == ERROR_NONE &&
            file_is_regular(output->path))
            write_one(output, &plain, NULL);
    }
}

bool outputs_write(struct report_outputs *outputs, struct report *report, struct buffer *standard,
                   struct buffer *diagnostics)
{
    struct report plain = *report;
    plain.style = NULL;
    bool written = write_files(outputs, true, &plain);
    if (!written) {
        plain.status = report->status = EXIT_BROKEN;
        outputs_correct(outputs, &plain);
    }
    (void)write_files(outputs, false, &plain);
    for (size_t i = 0; i < outputs->count; i++) {
        struct report_output *output = &outputs->all[i];
        if (!is_stream(output))
            continue;
        bool is_standard = output->path != outputs_diagnostics;
        write_one(output, is_standard ? report : &plain, is_standard ? standard : diagnostics);
        written = written && output->error.code == ERROR_NONE;
    }
    return written;
}
