#include "ci/notify/forgetext.h"

#include <inttypes.h>
#include <string.h>

#include "ci/origin.h"
#include "ci/report/escape.h"
#include "parsers/benchname.h"
#include "parsers/utf8.h"

/* Names and sentences of one line, and findings of one task. */
enum { NAME_BYTES = 160, SENTENCE_BYTES = 600, MOST_FINDINGS = 20, MARK_BYTES = 100 };

const char forgetext_task_mark[] = "<!-- benchgate flame graph -->";

static bool is_kept(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || byte == '.' || byte == '/';
}

/* FNV-1a, of 32 bits. */
static uint32_t checksum(const char *text)
{
    uint32_t sum = 2166136261;
    for (; *text != '\0'; text++)
        sum = (sum ^ (unsigned char)*text) * 16777619;
    return sum;
}

/* A comment of HTML ends with "--": never two dashes. */
static void add_kept(struct buffer *out, const char *name)
{
    size_t start = out->length;
    bool whole = true, dash = true;
    for (const char *at = name; at != NULL && *at != '\0'; at++) {
        bool kept = is_kept(*at) || (*at == '-' && !dash);
        whole = whole && kept && out->length - start < MARK_BYTES;
        if (out->length - start >= MARK_BYTES || (!kept && dash))
            continue;
        buffer_add(out, kept ? (struct slice){at, 1} : SLICE("-"));
        dash = !kept || *at == '-';
    }
    if (!whole)
        buffer_print(out, "%s%08" PRIx32, dash ? "" : "-", checksum(name));
}

const char *forgetext_mark(const char *workflow, const char *job, struct arena *arena)
{
    struct buffer made = {0};
    buffer_string(&made, "<!-- benchgate report: ");
    add_kept(&made, workflow);
    buffer_string(&made, "/");
    add_kept(&made, job);
    buffer_string(&made, " -->");
    const char *mark =
        made.failed ? NULL : arena_copy(arena, (struct slice){made.text, made.length}).text;
    buffer_release(&made);
    return mark;
}

const char *forgetext_name(const char *(*variable)(const char *name), const char *otherwise)
{
    const char *name = variable("BENCHGATE_NAME");
    return name != NULL && name[0] != '\0' ? name : otherwise;
}

const char *forgetext_context(const char *name, struct arena *arena)
{
    struct buffer made = {0};
    buffer_string(&made, "benchgate");
    if (name != NULL) {
        buffer_string(&made, "/");
        add_kept(&made, name);
    }
    const char *context =
        made.failed ? NULL : arena_copy(arena, (struct slice){made.text, made.length}).text;
    buffer_release(&made);
    return context;
}

bool forgetext_comment(const struct report *report, const char *mark, const char *remark,
                       struct buffer *out)
{
    buffer_print(out, "%s\n", mark);
    if (remark != NULL)
        buffer_print(out, "%s\n\n", remark);
    return report_markdown(report, out) && !out->failed;
}

enum forge_state forgetext_state(const struct report *report)
{
    switch (report->status) {
    case EXIT_PASS:
        return FORGE_PASSED;
    case EXIT_BREACH:
    case EXIT_OPEN:
        return FORGE_FAILED;
    default:
        return FORGE_BROKEN;
    }
}

/* Behind what is there, within so many bytes, the "…" of what is cut included. */
static void add_cut(struct buffer *out, struct slice text, size_t bytes)
{
    static const char more[] = "…";
    struct slice whole = utf8_cut(text, bytes);
    if (whole.length < text.length)
        whole = utf8_cut(text, bytes - (sizeof more - 1));
    buffer_add(out, whole);
    if (whole.length < text.length)
        buffer_string(out, more);
}

void forgetext_line(const struct report *report, size_t bytes, struct buffer *out)
{
    struct buffer line = {0};
    char text[ERROR_SOURCE_BYTES + ERROR_TEXT_BYTES + 64];
    const char *what = "interrupted";
    if (report->decision != NULL)
        what = report->decision->summary;
    else if (report->error != NULL && report->error->code != ERROR_NONE)
        what = error_format(report->error, text, sizeof text);
    if (report->decision != NULL && report->status == EXIT_BROKEN &&
        decision_status(report->decision) != EXIT_BROKEN)
        buffer_string(&line, "a report could not be written; ");
    escape_terminal(&line, slice_of(what));
    add_cut(out, (struct slice){line.text, line.length}, bytes);
    out->failed = out->failed || line.failed;
    buffer_release(&line);
}

bool forgetext_draws(const struct report *report, unsigned consequence)
{
    return report->decision != NULL && (report->decision->marks & consequence) != 0;
}

/* ---- the task ---- */

static bool is_finding(const struct outline_item *item)
{
    unsigned consequences =
        item->verdict != NULL ? item->verdict->consequences : item->budget->consequences;
    return (consequences & CONSEQUENCE_FLAMEGRAPH) != 0;
}

/* The next finding from *index on; NULL: there is none. */
static const struct outline_item *next_finding(const struct outline *outline, size_t *index)
{
    while (*index < outline->item_count) {
        const struct outline_item *item = &outline->items[(*index)++];
        if (is_finding(item) && outline_benchmark(item) != NULL)
            return item;
    }
    return NULL;
}

/* A title has no escapes, and GitLab looks for @names, #123 and !123 in it: U+200B parts those. */
static void add_name(struct buffer *out, struct slice name)
{
    struct buffer shown = {0};
    escape_terminal(&shown, name);
    for (size_t i = 0; i < shown.length; i++) {
        buffer_add(out, (struct slice){shown.text + i, 1});
        if (strchr("@#!", shown.text[i]) != NULL)
            buffer_string(out, "\u200b");
    }
    out->failed = out->failed || shown.failed;
    buffer_release(&shown);
}

void forgetext_task_title(const struct report *report, size_t bytes, struct buffer *out)
{
    size_t index = 0;
    struct buffer line = {0};
    const struct outline_item *item = next_finding(report->outline, &index);
    const struct benchmark *benchmark = item != NULL ? outline_benchmark(item) : NULL;
    buffer_string(&line, "Flame-graph analysis");
    if (benchmark != NULL) {
        buffer_string(&line, ": ");
        add_name(&line, benchmark->name);
    }
    if (benchmark != NULL && next_finding(report->outline, &index) != NULL)
        buffer_string(&line, " and more");
    add_cut(out, (struct slice){line.text, line.length}, bytes);
    out->failed = out->failed || line.failed;
    buffer_release(&line);
}

/* "go test -run '^$' -bench '^BenchmarkSort$' -cpuprofile cpu.out example.com/x", for a shell. */
static void add_command(struct buffer *out, const struct benchmark *benchmark, struct arena *arena)
{
    struct slice base = utf8_cut(benchname_split(benchmark->name).base, NAME_BYTES);
    struct slice package = utf8_cut(benchmark->package, NAME_BYTES);
    const char *pattern = arena_print(arena, "^Benchmark%.*s$", (int)base.length, base.text);
    const char *where = arena_copy(arena, package.length > 0 ? package : SLICE(".")).text;
    pattern = pattern != NULL ? origin_quote(pattern, arena) : NULL;
    where = where != NULL ? origin_quote(where, arena) : NULL;
    const char *line =
        pattern != NULL && where != NULL
            ? arena_print(arena, "go test -run '^$' -bench %s -cpuprofile cpu.out %s", pattern,
                          where)
            : NULL;
    if (line != NULL)
        escape_markdown_code(out, slice_of(line));
    else
        out->failed = true;
}

static void add_finding(struct buffer *out, const struct outline_item *item,
                        const struct benchmark *benchmark, struct arena *arena)
{
    const char *why = item->verdict != NULL ? item->verdict->why : item->budget->why;
    buffer_string(out, "- [ ] ");
    escape_markdown_code(out, utf8_cut(benchmark->name, NAME_BYTES));
    buffer_string(out, ": ");
    escape_markdown(out, utf8_cut(slice_of(why), SENTENCE_BYTES));
    buffer_string(out, "\n  ");
    add_command(out, benchmark, arena);
    buffer_string(out, "\n");
}

bool forgetext_task(const struct report *report, struct arena *arena, struct buffer *out)
{
    size_t index = 0, count = 0;
    buffer_print(out,
                 "%s\n"
                 "A tail of these benchmarks grew beyond its limit. A median does not show why: "
                 "take a profile of base and of head, and compare their flame graphs\n"
                 "(`go tool pprof -http=: -diff_base base.out head.out`).\n\n",
                 forgetext_task_mark);
    for (const struct outline_item *item;
         count < MOST_FINDINGS && (item = next_finding(report->outline, &index)) != NULL; count++)
        add_finding(out, item, outline_benchmark(item), arena);
    if (next_finding(report->outline, &index) != NULL)
        buffer_string(out, "- and more; the report has all\n");
    if (report->job != NULL && report->job->url != NULL) {
        buffer_string(out, "\n[The job that found it](<");
        escape_url(out, slice_of(report->job->url));
        buffer_string(out, ">)\n");
    }
    buffer_string(out, "\nWhile this issue is open, no other is opened.\n");
    return !out->failed;
}
