#include "ci/run/listing.h"

#include <string.h>

enum { ENDING_BYTES = 2000 };

static bool next_line(struct slice *rest, struct slice *line)
{
    if (rest->length == 0)
        return false;
    size_t end = slice_find(*rest, SLICE("\n"), 0);
    *line = (struct slice){rest->text, end};
    *rest = slice_skip(*rest, end + 1);
    if (line->length > 0 && line->text[line->length - 1] == '\r')
        line->length--;
    return true;
}

/* "BenchmarkEncode/size=1k", alone on its line: it is about to run. */
static bool is_start(struct slice line)
{
    if (!slice_starts(line, SLICE("Benchmark")) || line.length == strlen("Benchmark"))
        return false;
    for (size_t i = 0; i < line.length; i++)
        if (line.text[i] == ' ' || line.text[i] == '\t')
            return false;
    return true;
}

/* The testing package's last line but for coverage; something may stand before it on the line. */
static bool is_end(struct slice line)
{
    return slice_ends(line, SLICE("PASS")) || slice_ends(line, SLICE("FAIL"));
}

static const char *reason_of(const struct process_result *result, struct arena *arena)
{
    if (result->timed_out)
        return "it hung past its timeout and was ended";
    if (result->status == 0)
        return "it ended its process (os.Exit?)";
    return arena_print(arena, "its process ended with status %d", result->status);
}

bool listing_read(const struct process_result *result, struct arena *arena, struct listing *listing)
{
    struct slice rest = {result->output, result->output_length}, line;
    bool ended = false;
    *listing = (struct listing){.end = LISTING_WHOLE};
    while (next_line(&rest, &line)) {
        if (is_start(line)) {
            listing->last = slice_skip(line, strlen("Benchmark"));
            ended = false;
        } else if (is_end(line)) {
            ended = true;
        }
    }
    /* Status 1 is that of failed benchmarks, after all of them ran. */
    bool well = !result->timed_out && result->status <= 1;
    if (well && ended)
        return true;
    if (well && result->status == 0 && listing->last.length == 0) {
        listing->end = LISTING_NOTHING;
        return true;
    }
    listing->end = !ended && listing->last.length > 0 ? LISTING_BROKE : LISTING_FAILED;
    listing->reason = reason_of(result, arena);
    return listing->reason != NULL;
}

/* Appends the end of a text, in whole bytes that mean nothing, without line breaks behind it. */
static size_t add_end(char *buffer, size_t used, struct slice text)
{
    while (text.length > 0 && strchr("\r\n", text.text[text.length - 1]) != NULL)
        text.length--;
    if (text.length > ENDING_BYTES)
        text = slice_skip(text, text.length - ENDING_BYTES);
    if (used > 0 && text.length > 0)
        buffer[used++] = '\n';
    for (size_t i = 0; i < text.length; i++)
        buffer[used++] = text.text[i] == '\0' ? ' ' : text.text[i];
    return used;
}

const char *listing_ending(const struct process_result *result, struct arena *arena)
{
    char *ending = arena_allocate(arena, 2 * ENDING_BYTES + 2, 1);
    if (ending == NULL)
        return NULL;
    size_t used = add_end(ending, 0, (struct slice){result->output, result->output_length});
    used = add_end(ending, used, (struct slice){result->errors, result->errors_length});
    ending[used] = '\0';
    return ending;
}

const char *listing_quote(const char *text, struct arena *arena)
{
    static const char mark[] = "#| ";
    size_t lines = 1, used = 0;
    for (const char *at = text; *at != '\0'; at++)
        lines += *at == '\n';
    char *quoted = arena_allocate(arena, strlen(text) + lines * strlen(mark) + 1, 1);
    if (quoted == NULL)
        return NULL;
    for (const char *at = text; lines > 0; lines--) {
        size_t length = strcspn(at, "\n");
        memcpy(quoted + used, mark, strlen(mark));
        used += strlen(mark);
        for (size_t i = 0; i < length; i++)
            quoted[used++] = at[i] == '\r' ? ' ' : at[i];
        at += length + (at[length] == '\n');
        if (lines > 1)
            quoted[used++] = '\n';
    }
    quoted[used] = '\0';
    return quoted;
}

bool listing_split(const char *pattern, struct slice *top, struct slice *below)
{
    size_t length = strlen(pattern), square = 0, round = 0, slash = length;
    bool alternatives = false;
    for (size_t i = 0; i < length; i++) {
        char byte = pattern[i];
        if (byte == '\\')
            i++;
        else if (byte == '[')
            square++;
        else if (byte == ']')
            square -= square > 0;
        else if (byte == '(')
            round += square == 0;
        else if (byte == ')')
            round -= square == 0 && round > 0;
        else if (square == 0 && round == 0 && byte == '|')
            alternatives = true;
        else if (square == 0 && round == 0 && byte == '/' && slash == length)
            slash = i;
    }
    *top = (struct slice){pattern, slash};
    *below = slash < length ? slice_of(pattern + slash + 1) : (struct slice){0};
    return !alternatives || slash == length;
}
