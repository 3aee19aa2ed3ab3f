#include "parsers/damage.h"

#include "parsers/field.h"
#include "parsers/number.h"

static const struct slice prefix = {"Benchmark", 9};

/*
 * A name that `go test` takes for a benchmark: what follows "Benchmark" is no lower-case letter.
 * Prose ("Benchmarks of …", "Benchmarking") is not one.
 */
static bool starts_name(struct slice line, size_t at)
{
    size_t next = at + prefix.length;
    return next < line.length && !(line.text[next] >= 'a' && line.text[next] <= 'z') &&
           field_blank(line.text + next, line.text + line.length) == 0;
}

/* Takes blanks off the front, then a field. */
static struct slice next_field(struct slice *rest)
{
    struct slice field = field_take(rest);
    return field.length == 0 && rest->length != 0 ? field_take(rest) : field;
}

static bool take_measurement(struct slice *rest, struct slice *unit)
{
    double value;
    struct slice number = next_field(rest);
    *unit = next_field(rest);
    return number.length != 0 && unit->length != 0 &&
           number_double(number, &value) != NUMBER_SYNTAX;
}

/* An iteration count, a measurement in …/op, or two measurements: prose has none of these. */
static bool is_result(struct slice behind_name)
{
    int64_t iterations;
    struct slice unit, other;
    struct slice count = next_field(&behind_name);
    if (count.length == 0 || number_int64(count, &iterations) == NUMBER_SYNTAX ||
        !take_measurement(&behind_name, &unit))
        return false;
    return slice_find(unit, SLICE("/op"), 0) < unit.length ||
           take_measurement(&behind_name, &other);
}

/* Up to white space or a control character, such as the ESC that ends a colour. */
static struct slice name_at(struct slice line, size_t at)
{
    struct slice rest = slice_skip(line, at);
    struct slice name = field_take(&rest);
    for (size_t i = 0; i < name.length; i++) {
        if ((unsigned char)name.text[i] < 0x20)
            name.length = i;
    }
    return name;
}

/* What stands right before a name and says what became of the benchmark (testing.go). */
static enum damage_kind marked(struct slice line, size_t at, size_t *start)
{
    static const struct {
        struct slice mark;
        enum damage_kind kind;
    } marks[] = {{{"--- FAIL: ", 10}, DAMAGE_FAILED}, {{"--- SKIP: ", 10}, DAMAGE_SKIPPED}};
    struct slice before = {line.text, at};
    for (size_t m = 0; m < sizeof(marks) / sizeof(marks[0]); m++) {
        if (!slice_ends(before, marks[m].mark))
            continue;
        *start = at - marks[m].mark.length;
        return marks[m].kind;
    }
    return DAMAGE_NONE;
}

struct damage damage_find(struct slice line, size_t from)
{
    size_t judged = 0; /* names that start before it are in a field that no result follows */
    for (size_t at = from; (at = slice_find(line, prefix, at)) < line.length; at++) {
        size_t start = at;
        enum damage_kind kind = marked(line, at, &start);
        if (kind == DAMAGE_NONE && at >= judged && starts_name(line, at)) {
            struct slice rest = slice_skip(line, at);
            judged = at + field_take(&rest).length;
            if (is_result(rest))
                kind = DAMAGE_HIDDEN;
        }
        if (kind != DAMAGE_NONE)
            return (struct damage){kind, start, name_at(line, at + prefix.length)};
    }
    return (struct damage){.kind = DAMAGE_NONE};
}

bool damage_is_glued(struct slice unit)
{
    for (size_t at = 0; (at = slice_find(unit, prefix, at)) < unit.length; at++) {
        if (starts_name(unit, at))
            return true;
    }
    return false;
}

static bool is_seconds(struct slice field)
{
    double seconds;
    return slice_ends(field, SLICE("s")) &&
           number_double((struct slice){field.text, field.length - 1}, &seconds) == NUMBER_OK;
}

struct slice damage_failed_package(struct slice line)
{
    struct slice none = {NULL, 0};
    bool tab = slice_starts(line, SLICE("FAIL\t"));
    if (!tab && !slice_starts(line, SLICE("FAIL ")))
        return none;
    struct slice rest = slice_skip(line, strlen("FAIL"));
    struct slice package = next_field(&rest);
    struct slice how = next_field(&rest);
    bool said = how.length != 0 && (how.text[0] == '[' || (rest.length == 0 && is_seconds(how)));
    return said || (tab && how.length == 0) ? package : none;
}

bool damage_is_broken_end(struct slice line, bool panicked)
{
    static const struct slice starts[] = {
        {"exit status ", 12}, {"signal: ", 8}, {"*** Test killed", 15}};
    if (slice_equal(line, SLICE("FAIL")))
        return true;
    for (size_t s = 0; s < sizeof(starts) / sizeof(starts[0]); s++) {
        if (slice_starts(line, starts[s]))
            return !slice_equal(line, SLICE("exit status 0"));
    }
    return panicked && slice_starts(line, SLICE("goroutine ")) && slice_ends(line, SLICE("]:"));
}

bool damage_is_panic(struct slice line)
{
    static const struct slice starts[] = {
        {"panic: ", 7}, {"fatal error: ", 13}, {"SIGQUIT: quit", 13}};
    size_t tab = slice_starts(line, prefix) ? slice_find(line, SLICE("\t"), 0) : line.length;
    struct slice behind = slice_skip(line, tab + 1);
    for (size_t s = 0; s < sizeof(starts) / sizeof(starts[0]); s++) {
        if (slice_starts(line, starts[s]) || slice_starts(behind, starts[s]))
            return true;
    }
    return false;
}

bool damage_ends_process(struct slice line)
{
    static const struct slice whole[] = {{"PASS", 4}, {"FAIL", 4}};
    static const struct slice starts[] = {{"ok  ", 4}, {"ok\t", 3}, {"exit status ", 12}};
    for (size_t w = 0; w < sizeof(whole) / sizeof(whole[0]); w++) {
        if (slice_equal(line, whole[w]))
            return true;
    }
    for (size_t s = 0; s < sizeof(starts) / sizeof(starts[0]); s++) {
        if (slice_starts(line, starts[s]))
            return true;
    }
    return damage_failed_package(line).length != 0;
}
