#include "cmd/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Narrower than that no table is readable; beyond it no terminal is. */
enum { NARROWEST = 40, WIDEST = 10000 };

static bool is_set(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0';
}

static bool is_dumb(void)
{
    const char *kind = getenv("TERM");
    return kind != NULL && strcmp(kind, "dumb") == 0;
}

static size_t columns_of_terminal(void)
{
    struct winsize size;
    const char *given = getenv("COLUMNS");
    long columns = given != NULL ? strtol(given, NULL, 10) : 0;
    if (columns <= 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        columns = size.ws_col;
    if (columns <= 0 || columns > WIDEST)
        return 0;
    return columns < NARROWEST ? NARROWEST : (size_t)columns;
}

struct text_style terminal_style(enum colour_choice choice)
{
    bool terminal = isatty(STDOUT_FILENO) != 0;
    bool wanted = terminal && !is_set("NO_COLOR") && !is_dumb();
    return (struct text_style){.colour = choice == COLOUR_AUTO ? wanted : choice == COLOUR_ALWAYS,
                               .width = terminal ? columns_of_terminal() : 0};
}
