#include "cmd/options.h"

#include <stdbool.h>
#include <string.h>

#include "parsers/editdistance.h"

enum { NAME_BYTES = 64 };

size_t options_nearest(const char *name, size_t count, const char *(*name_at)(const void *, size_t),
                       const void *names)
{
    size_t best = count, least = strlen(name) / 3 + 1;
    for (size_t i = 0; i < count; i++) {
        size_t away = editdistance(slice_of(name), slice_of(name_at(names, i)), false);
        if (away > least || (best < count && away == least))
            continue;
        least = away;
        best = i;
    }
    return best;
}

static const char *option_name(const void *options, size_t index)
{
    return ((const struct option *)options)[index].name;
}

/* Whether `argument` (its dashes taken off) is this option: its name, and "=" or the end. */
static bool is_option(const struct option *option, const char *argument)
{
    size_t length = strlen(option->name);
    return strncmp(argument, option->name, length) == 0 &&
           (argument[length] == '\0' || argument[length] == '=');
}

static enum error_code unknown(const struct option *options, size_t option_count,
                               const char *argument, struct error *error)
{
    char name[NAME_BYTES];
    size_t length = strcspn(argument, "=");
    snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1),
             argument);
    size_t nearest = options_nearest(name, option_count, option_name, options);
    if (nearest < option_count)
        return error_set(error, ERROR_USAGE, NULL, 0, 0, "no option --%s (is --%s meant?)", name,
                         options[nearest].name);
    return error_set(error, ERROR_USAGE, NULL, 0, 0, "no option --%s", name);
}

/* Applies one option; *at moves on when its value is the next argument. */
static enum error_code apply(const struct option *options, size_t option_count, void *context,
                             int count, char **arguments, int *at, struct error *error)
{
    const char *argument = arguments[*at];
    argument += strspn(argument, "-") > 1 ? 2 : 1;
    if (strcmp(argument, "h") == 0)
        argument = "help";
    for (size_t i = 0; i < option_count; i++) {
        const struct option *option = &options[i];
        if (!is_option(option, argument))
            continue;
        const char *value = strchr(argument, '=');
        if (option->argument == NULL)
            return value != NULL ? error_set(error, ERROR_USAGE, NULL, 0, 0, "--%s takes no value",
                                             option->name)
                                 : option->apply(context, NULL, error);
        if (value != NULL)
            return option->apply(context, value + 1, error);
        if (*at + 1 == count)
            return error_set(error, ERROR_USAGE, NULL, 0, 0, "--%s needs a value: %s", option->name,
                             option->argument);
        return option->apply(context, arguments[++*at], error);
    }
    return unknown(options, option_count, argument, error);
}

enum error_code options_parse(const struct option *options, size_t option_count, void *context,
                              int count, char **arguments, struct operands *operands,
                              struct error *error)
{
    bool ended = false;
    operands->count = 0;
    for (int i = 0; i < count; i++) {
        if (ended || arguments[i][0] != '-' || arguments[i][1] == '\0') {
            operands->all[operands->count++] = arguments[i];
        } else if (strcmp(arguments[i], "--") == 0) {
            ended = true;
        } else if (apply(options, option_count, context, count, arguments, &i, error) !=
                   ERROR_NONE) {
            continue; /* the first fault is kept */
        }
    }
    return error->code;
}

/* A name of one letter is written with one dash; either is read. */
static const char *dashes(const char *name)
{
    return name[1] == '\0' ? "-" : "--";
}

void options_help(const struct option *options, size_t option_count, FILE *stream)
{
    for (size_t i = 0; i < option_count; i++) {
        int used = fprintf(stream, "  %s%s%s%s", dashes(options[i].name), options[i].name,
                           options[i].argument != NULL ? " " : "",
                           options[i].argument != NULL ? options[i].argument : "");
        const char *line = options[i].help;
        while (*line != '\0') {
            size_t length = strcspn(line, "\n");
            if (used > 32)
                used = fprintf(stream, "\n") - 1;
            fprintf(stream, "%*s%.*s\n", 34 - used, "", (int)length, line);
            used = 0;
            line += length + (line[length] == '\n');
        }
    }
}
