/* Where a run of a test binary begins, and how it ends. */
#include "parsers/damage.h"
#include "parsers/gobench_private.h"

/* The run ends here, if there is one. */
static void end_process(struct gobench *reader, bool properly)
{
    struct gobench_private *private = reader->private;
    if (private->process_has_lines && properly)
        reader->finished++;
    else if (private->process_has_lines && reader->unfinished++ == 0)
        reader->unfinished_line = reader->lines.line;
    private->process += private->process_has_results;
    private->process_has_results = private->process_has_lines = false;
    private->panicked = false;
}

void gobench_run_takes(struct gobench *reader, bool is_result)
{
    struct gobench_private *private = reader->private;
    private->process_has_lines = true;
    private->process_has_results = private->process_has_results || is_result;
}

/* The keys that a test binary prints before its results. */
static bool is_header(struct slice key)
{
    static const struct slice headers[] = {{"goos", 4}, {"goarch", 6}, {"pkg", 3}, {"cpu", 3}};
    for (size_t h = 0; h < sizeof(headers) / sizeof(headers[0]); h++) {
        if (slice_equal(key, headers[h]))
            return true;
    }
    return false;
}

void gobench_run_takes_key(struct gobench *reader, struct slice key)
{
    if (is_header(key))
        end_process(reader, false);
}

enum outcome gobench_read_closing(struct gobench *reader, struct slice line,
                                  struct gobench_event *event)
{
    struct gobench_private *private = reader->private;
    bool open = private->process_has_lines;
    bool broken = damage_is_broken_end(line, private->panicked);
    if (!broken && !damage_ends_process(line))
        return NOT_MINE;
    end_process(reader, true);
    if (broken) {
        event->text = line;
        event->broken = true;
        gobench_emit(reader, event, GOBENCH_FAILED);
        if (!open)
            event->package = (struct slice){NULL, 0};
        return EVENT;
    }
    struct slice package = damage_failed_package(line);
    if (package.length == 0)
        return CONSUMED;
    event->text = line;
    gobench_emit(reader, event, GOBENCH_FAILED);
    event->package = package;
    return EVENT;
}

void gobench_run_ends(struct gobench *reader)
{
    /* Where other runs have an end, or where a name has no result, this one broke off. */
    const struct gobench_private *private = reader->private;
    if (private->name_alone || (private->process_has_results && reader->finished > 0))
        end_process(reader, false);
}
