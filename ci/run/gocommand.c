#include "ci/run/gocommand.h"

#include <string.h>

#include "ci/run/process.h"

enum { OUTPUT_BYTES = 64 << 20, ERRORS_BYTES = 64 << 10 };

const char *gocommand_one_line(struct slice message, struct arena *arena)
{
    /* Each newline may become two characters. */
    char *line = arena_allocate(arena, message.length * 2 + 1, 1);
    if (line == NULL)
        return NULL;
    size_t length = 0;
    struct slice part;
    while (gocommand_cut(&message, '\n', &part)) {
        while (part.length > 0 && strchr(" \t\r", part.text[0]) != NULL)
            part = slice_skip(part, 1);
        while (part.length > 0 && strchr(" \t\r", part.text[part.length - 1]) != NULL)
            part.length--;
        if (part.length == 0)
            continue;
        if (length > 0 && line[length - 1] != ':')
            line[length++] = ';';
        if (length > 0)
            line[length++] = ' ';
        memcpy(line + length, part.text, part.length);
        length += part.length;
    }
    line[length] = '\0';
    return line;
}

static int hexadecimal(char digit)
{
    static const char digits[] = "0123456789ABCDEF";
    const char *found = digit == '\0' ? NULL : strchr(digits, digit);
    return found == NULL ? -1 : (int)(found - digits);
}

const char *gocommand_unquote(struct slice quoted, struct arena *arena)
{
    char *text = arena_allocate(arena, quoted.length + 1, 1);
    if (text == NULL)
        return NULL;
    size_t length = 0;
    for (size_t i = 0; i < quoted.length; i++) {
        char c = quoted.text[i];
        if (c == '%' && quoted.length - i > 2) {
            int high = hexadecimal(quoted.text[i + 1]), low = hexadecimal(quoted.text[i + 2]);
            if (high >= 0 && low >= 0) {
                c = (char)(high << 4 | low);
                i += 2;
            }
        } else if (c == '+') {
            c = ' ';
        }
        text[length++] = c;
    }
    text[length] = '\0';
    return text;
}

bool gocommand_cut(struct slice *rest, char separator, struct slice *part)
{
    if (rest->length == 0)
        return false;
    const char *end = memchr(rest->text, separator, rest->length);
    *part = (struct slice){rest->text, end == NULL ? rest->length : (size_t)(end - rest->text)};
    *rest = slice_skip(*rest, part->length + 1);
    return true;
}

/* What go said when it refused. */
static enum error_code refusal(const struct process_result *result, const char **arguments,
                               struct arena *arena, struct error *error)
{
    struct slice errors = {result->errors, result->errors_length};
    const char *line = gocommand_one_line(errors, arena);
    if (line == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    if (*line == '\0')
        return error_set(error, ERROR_INPUT, NULL, 0, 0, "%s %s ended with status %d", arguments[0],
                         arguments[1], result->status);
    return error_set(error, ERROR_INPUT, NULL, 0, 0, "%s", line);
}

static enum error_code take_answer(const struct process_result *result, const char **arguments,
                                   struct arena *arena, struct go_answer *answer,
                                   struct error *error)
{
    if (result->interrupted)
        return error_set(error, ERROR_READ, NULL, 0, 0, "interrupted");
    if (result->status != 0)
        return refusal(result, arguments, arena, error);
    if (result->cut)
        return error_set(error, ERROR_INPUT, NULL, 0, 0, "%s %s printed more than %d MB",
                         arguments[0], arguments[1], OUTPUT_BYTES >> 20);
    struct go_answer copy = {
        arena_copy(arena, (struct slice){result->output, result->output_length}),
        arena_copy(arena, (struct slice){result->errors, result->errors_length})};
    if (copy.output.text == NULL || copy.errors.text == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    *answer = copy;
    return ERROR_NONE;
}

enum error_code gocommand_ask(const struct golang *go, const char *folder, const char **arguments,
                              struct arena *arena, struct go_answer *answer, struct error *error)
{
    arguments[0] = go->program;
    struct process_request request = {
        .arguments = arguments,
        .environment = (const char *const *)go->environment,
        .folder = folder,
        .output_bytes = OUTPUT_BYTES,
        .errors_bytes = ERRORS_BYTES,
    };
    struct process_result result;
    struct error refused = {.code = ERROR_NONE};
    if (process_run(&request, go->stop, &result, &refused) != ERROR_NONE) {
        if (refused.code != ERROR_READ || strcmp(refused.source, folder) == 0)
            return error_set(error, refused.code, refused.source, 0, 0, "%s", refused.text);
        return error_set(error, ERROR_INPUT, NULL, 0, 0,
                         "no Go toolchain (%s: %s): install Go, or put it on PATH", refused.source,
                         refused.text);
    }
    enum error_code code = take_answer(&result, arguments, arena, answer, error);
    process_release(&result);
    return code;
}
