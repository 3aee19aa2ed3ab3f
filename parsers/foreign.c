#include "parsers/foreign.h"

#include "parsers/field.h"
#include "parsers/jsonevent.h"

enum gobench_foreign foreign_magic(const unsigned char *bytes, size_t count)
{
    static const struct {
        struct slice magic;
        enum gobench_foreign foreign;
    } rows[] = {
        {{"\x1f\x8b", 2}, GOBENCH_GZIP},         /* RFC 1952, 2.3.1 */
        {{"\x28\xb5\x2f\xfd", 4}, GOBENCH_ZSTD}, /* RFC 8878, 3.1.1 */
        {{"\x7f"
          "ELF",
          4},
         GOBENCH_BINARY},
        {{"\x89PNG", 4}, GOBENCH_BINARY},
        {{"PK\x03\x04", 4}, GOBENCH_BINARY},
        {{"BZh9", 4}, GOBENCH_BINARY}, /* bzip2 at its usual level */
        {{"\xfd"
          "7zXZ",
          5},
         GOBENCH_BINARY},
    };
    struct slice head = {(const char *)bytes, count};
    /* A frame to be skipped, which parallel compressors begin with (RFC 8878, 3.1.2). */
    if (count >= 4 && (bytes[0] & 0xf0) == 0x50 && memcmp(bytes + 1, "\x2a\x4d\x18", 3) == 0)
        return GOBENCH_ZSTD;
    for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
        if (slice_starts(head, rows[r].magic))
            return rows[r].foreign;
    }
    return GOBENCH_NOT_FOREIGN;
}

/* The line starts with `start` and has `part` somewhere behind it. */
struct pattern {
    struct slice start, part;
    enum gobench_foreign foreign;
};

static bool matches(const struct pattern *pattern, struct slice line)
{
    return slice_starts(line, pattern->start) &&
           (pattern->part.length == 0 ||
            slice_find(line, pattern->part, pattern->start.length) < line.length);
}

/* Headers whose words stand in columns: a first word, blanks, and a word that starts the rest. */
static enum gobench_foreign columns(struct slice line)
{
    static const struct pattern rows[] = {
        {{"name", 4}, {"old ", 4}, GOBENCH_BENCHSTAT_TEXT},
        {{"name", 4}, {"time/op", 7}, GOBENCH_BENCHSTAT_TEXT},
        {{"name", 4}, {"alloc/op", 8}, GOBENCH_BENCHSTAT_TEXT},
        {{"name", 4}, {"speed", 5}, GOBENCH_BENCHSTAT_TEXT},
        {{"name", 4}, {"\\ ", 2}, GOBENCH_BENCHSTAT_TEXT},
        {{"benchmark", 9}, {"old ", 4}, GOBENCH_BENCHCMP},
    };
    struct slice word = field_take(&line);
    for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
        if (slice_equal(word, rows[r].start) && slice_starts(line, rows[r].part))
            return rows[r].foreign;
    }
    return GOBENCH_NOT_FOREIGN;
}

/* A header line of today's benchstat: columns between bars. */
static bool is_new_table(struct slice line)
{
    return slice_find(line, SLICE("│"), 0) < line.length &&
           (slice_find(line, SLICE("vs base"), 0) < line.length ||
            slice_find(line, SLICE("sec/op"), 0) < line.length);
}

/* The header of the old version's CSV as a Markdown table, or of what benchgate compare makes. */
static bool is_markdown_table(struct slice line)
{
    if (slice_starts(line, SLICE("| |")))
        return slice_find(line, SLICE("| vs base |"), 0) < line.length;
    return slice_starts(line, SLICE("|")) && slice_find(line, SLICE(" name "), 0) < line.length &&
           slice_find(line, SLICE("| old "), 0) < line.length;
}

/* JSON opens a value, which prose in braces or brackets does not. */
static bool opens_json(struct slice line)
{
    if (line.length == 0 || (line.text[0] != '{' && line.text[0] != '['))
        return false;
    const char *follows = line.text[0] == '{' ? "\"}" : "\"{[]-0123456789";
    struct slice rest = slice_skip(line, 1);
    while (rest.length > 0 && (rest.text[0] == ' ' || rest.text[0] == '\t'))
        rest = slice_skip(rest, 1);
    return rest.length == 0 || memchr(follows, rest.text[0], strlen(follows)) != NULL;
}

/* Tables are pasted into commit messages and documents, indented. */
static struct slice unindent(struct slice line)
{
    while (line.length > 0 && (line.text[0] == ' ' || line.text[0] == '\t'))
        line = slice_skip(line, 1);
    return line;
}

enum gobench_foreign foreign_line(struct slice line, bool first)
{
    static const struct pattern rows[] = {
        {{",", 1}, {",CI", 3}, GOBENCH_BENCHSTAT_CSV},
        {{"name,", 5}, {"/op (", 5}, GOBENCH_BENCHSTAT_CSV},
        {{"name,old ", 9}, {NULL, 0}, GOBENCH_BENCHSTAT_CSV},
        {{"<!DOCTYPE", 9}, {NULL, 0}, GOBENCH_HTML},
        {{"<!doctype", 9}, {NULL, 0}, GOBENCH_HTML},
        {{"<html", 5}, {NULL, 0}, GOBENCH_HTML},
        {{"<table class='benchstat", 23}, {NULL, 0}, GOBENCH_BENCHSTAT_TEXT},
    };
    line = unindent(line);
    for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++) {
        if (matches(&rows[r], line))
            return rows[r].foreign;
    }
    if (jsonevent_is(line))
        return GOBENCH_TEST_JSON;
    if (is_new_table(line) || is_markdown_table(line))
        return GOBENCH_BENCHSTAT_TEXT;
    if (first && opens_json(line))
        return GOBENCH_JSON;
    return columns(line);
}

bool foreign_is_results(enum gobench_foreign foreign)
{
    return foreign == GOBENCH_TEST_JSON || foreign == GOBENCH_BENCHSTAT_TEXT ||
           foreign == GOBENCH_BENCHSTAT_CSV || foreign == GOBENCH_BENCHCMP;
}

const char *gobench_foreign_name(enum gobench_foreign foreign)
{
    static const char *const names[] = {
        [GOBENCH_NOT_FOREIGN] = NULL,
        [GOBENCH_TEST_JSON] = "go test -json output",
        [GOBENCH_BENCHSTAT_TEXT] = "a benchstat table",
        [GOBENCH_BENCHSTAT_CSV] = "benchstat CSV",
        [GOBENCH_BENCHCMP] = "a benchcmp table",
        [GOBENCH_JSON] = "JSON",
        [GOBENCH_HTML] = "HTML",
        [GOBENCH_GZIP] = "gzip-compressed data",
        [GOBENCH_ZSTD] = "zstd-compressed data",
        [GOBENCH_BINARY] = "a binary file",
    };
    return names[foreign];
}
