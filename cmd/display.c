#include "cmd/display.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ci/report/buffer.h"
#include "ci/report/escape.h"

enum { SHOW_EVERY_MS = 5000, WIDTH = 80, NAME_BYTES = 40 };

static const char clear_line[] = "\r\033[K";

static double seconds_since(const struct timespec *from)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - from->tv_sec) + (double)(now.tv_nsec - from->tv_nsec) / 1e9;
}

void display_begin(struct display *display, bool quiet)
{
    struct winsize size;
    *display =
        (struct display){.quiet = quiet, .terminal = isatty(STDERR_FILENO) != 0, .width = WIDTH};
    if (display->terminal && ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        display->width = size.ws_col;
    clock_gettime(CLOCK_MONOTONIC, &display->begun);
    display->last = display->begun;
}

void display_end(struct display *display)
{
    if (display->terminal && !display->quiet)
        (void)fputs(clear_line, stderr);
}

void display_say(void *context, const char *line)
{
    const struct display *display = context;
    struct buffer out = {0};
    if (display->quiet)
        return;
    if (display->terminal)
        buffer_string(&out, clear_line);
    for (const char *at = line; *at != '\0';) {
        size_t length = strcspn(at, "\n");
        escape_terminal(&out, (struct slice){at, length});
        buffer_string(&out, "\n");
        at += length + (at[length] == '\n');
    }
    if (!out.failed)
        (void)fwrite(out.text, 1, out.length, stderr);
    buffer_release(&out);
}

/* "about 40 s left", from what this run took for what it did. */
static void add_remaining(const struct display *display, const struct session_progress *progress,
                          struct buffer *out)
{
    if (progress->done > progress->before && progress->total >= progress->done)
        buffer_print(out, ", about %.0f s left",
                     seconds_since(&display->measuring) *
                         (double)(progress->total - progress->done) /
                         (double)(progress->done - progress->before));
}

static void compose(const struct display *display, const struct session_progress *progress,
                    struct buffer *out)
{
    double elapsed = seconds_since(&display->begun);
    if (progress->rounds > 0)
        buffer_print(out, "round %zu of %zu, %.0f s", progress->round, progress->rounds, elapsed);
    else
        buffer_print(out, "%s, %zu of %zu, %.0f s", progress->phase, progress->done,
                     progress->total, elapsed);
    if (progress->rounds > 0)
        add_remaining(display, progress, out);
    buffer_string(out, ": ");
    struct slice name = slice_of(progress->benchmark);
    if (display->terminal && name.length > NAME_BYTES)
        name.length = NAME_BYTES;
    escape_terminal(out, name);
    if (progress->verdict != NULL) {
        buffer_string(out, "; so far ");
        escape_terminal(out, slice_of(progress->verdict));
    }
}

/* At most so many bytes of the text, in whole characters. */
static size_t cut(const struct buffer *text, size_t most)
{
    size_t length = text->length;
    if (length <= most)
        return length;
    length = most;
    while (length > 0 && ((unsigned char)text->text[length] & 0xc0) == 0x80)
        length--;
    return length;
}

void display_show(void *context, const struct session_progress *progress)
{
    struct display *display = context;
    struct buffer out = {0};
    if (progress->rounds > 0 && !display->measures) {
        display->measures = true;
        clock_gettime(CLOCK_MONOTONIC, &display->measuring);
    }
    if (display->quiet ||
        (!display->terminal && seconds_since(&display->last) * 1000 < SHOW_EVERY_MS))
        return;
    clock_gettime(CLOCK_MONOTONIC, &display->last);
    compose(display, progress, &out);
    if (!out.failed && display->terminal)
        fprintf(stderr, "%s%.*s", clear_line, (int)cut(&out, display->width - 1), out.text);
    else if (!out.failed)
        fprintf(stderr, "%.*s\n", (int)out.length, out.text);
    buffer_release(&out);
}
