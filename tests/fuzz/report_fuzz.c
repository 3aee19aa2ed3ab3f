/*
 * report_fuzz: any bytes as a report. Either an error whose place lies in the text, or a report
 * that every format can tell, and that, written as JSON and read back, is the same again.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ci/replay/replay.h"
#include "ci/report/json_tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LONGEST = 1 << 16 };

static void require(int condition, const char *what)
{
    if (!condition) {
        fprintf(stderr, "report_fuzz: %s\n", what);
        abort();
    }
}

static void check_place(struct slice text, const struct error *error)
{
    uint64_t lines = 1;
    for (size_t i = 0; i < text.length; i++)
        lines += text.text[i] == '\n';
    require(error->code == ERROR_INPUT, "a bad report that is no input error");
    require(error->text[0] != '\0', "a mute error");
    require(error->line <= lines, "an error outside of the text");
}

static void encode(const struct report *report)
{
    for (size_t i = 0; i < report_format_count; i++) {
        struct buffer out = {0};
        require(report_formats[i].encode(report, &out), "no report");
        buffer_release(&out);
    }
}

/* What was written once more must be what was read. */
static void read_again(const struct replayed *replayed)
{
    struct arena arena;
    struct replayed again;
    struct error error = {0};
    struct buffer json = {0};
    require(report_json(&replayed->report, &json), "no JSON");
    arena_init(&arena);
    require(replay_read_text("again", (struct slice){json.text, json.length}, "1", &arena, &again,
                             &error) == ERROR_NONE,
            error.text);
    if (again.difference != REPLAY_SAME)
        require(0, again.where);
    require(again.report.status == replayed->report.status, "another exit status");
    arena_release(&arena);
    buffer_release(&json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = {(const char *)data, size};
    struct arena arena;
    struct replayed replayed;
    struct error error = {0};
    if (size > LONGEST)
        return 0;
    arena_init(&arena);
    if (replay_read_text("fuzz", text, "1", &arena, &replayed, &error) != ERROR_NONE) {
        require(!arena.failed, "out of memory");
        check_place(text, &error);
    } else {
        require((replayed.where != NULL) == (replayed.difference != REPLAY_SAME), "no difference");
        encode(&replayed.report);
        read_again(&replayed);
    }
    arena_release(&arena);
    return 0;
}
