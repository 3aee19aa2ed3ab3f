/*
 * gobench_corpus: real benchmark files, record by record against what the reference reader
 * (golang.org/x/perf/benchfmt) made of them.
 *
 * Where the two are meant to differ, the difference is worked out here from the bytes of the line
 * and the reference's own record, never from a list of files.
 */
#include "tests/support.h"

#include <ctype.h>
#include <dirent.h>
#include <math.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "parsers/gobench.h"

enum { PATH_BYTES = 1000 };

/* A file's bytes, cut into lines without the code under test. */
struct raw {
    char *bytes;
    size_t length;
    struct slice *lines; /* lines[0] is unused: they count from 1 */
    size_t count;
};

static void raw_load(struct raw *raw, const char *path)
{
    *raw = (struct raw){.bytes = NULL};
    raw->bytes = support_read_file(path, &raw->length);
    if (raw->bytes == NULL)
        fail_msg("cannot read %s", path);
    size_t ends = 2;
    for (size_t i = 0; i < raw->length; i++)
        ends += raw->bytes[i] == '\n';
    raw->lines = calloc(ends, sizeof(*raw->lines));
    for (size_t at = 0; at < raw->length;) {
        const char *lf = memchr(raw->bytes + at, '\n', raw->length - at);
        size_t end = lf == NULL ? raw->length : (size_t)(lf - raw->bytes);
        raw->lines[++raw->count] = (struct slice){raw->bytes + at, end - at};
        at = end + 1;
    }
}

static void raw_free(struct raw *raw)
{
    free(raw->lines);
    free(raw->bytes);
}

static bool raw_last_is_cut(const struct raw *raw, uint64_t line)
{
    return line == raw->count && raw->bytes[raw->length - 1] != '\n';
}

/* ---- the announced differences ---- */

static bool line_matches(struct slice line, const char *pattern)
{
    regex_t regex;
    char *copy = calloc(1, line.length + 1);
    memcpy(copy, line.text, line.length);
    assert_int_equal(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
    bool found = regexec(&regex, copy, 0, NULL, 0) == 0;
    regfree(&regex);
    free(copy);
    return found;
}

/* A whole result that other text stands before. */
static bool is_hidden_result(struct slice line)
{
    return slice_find(line, SLICE("Benchmark"), 1) < line.length && line.text[0] != '{' &&
           line_matches(line, "[^\n]Benchmark[^a-z[:space:]][^[:space:]]*[[:space:]]+[-+]?[0-9]+"
                              "[[:space:]]+[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)"
                              "[[:space:]]+([^[:space:]]*/op|[^[:space:]]+[[:space:]]+[0-9])");
}

static bool is_marked(struct slice line)
{
    return slice_find(line, SLICE("--- FAIL: Benchmark"), 0) < line.length ||
           slice_find(line, SLICE("--- SKIP: Benchmark"), 0) < line.length;
}

static bool is_failed_package(struct slice line)
{
    return line_matches(line, "^FAIL[ \t]+[^ \t]+[ \t]+([[]|[0-9.]+s\r?$)");
}

static const char *text_of(json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static const char *written_text(json_t *value, const char *original, const char *tidy)
{
    const char *text = text_of(value, original);
    return text != NULL && *text != '\0' ? text : text_of(value, tidy);
}

static bool is_cost(const char *unit)
{
    return strcmp(unit, "ns/op") == 0 || strcmp(unit, "B/op") == 0 ||
           strcmp(unit, "allocs/op") == 0 || strstr(unit, "-ns/op") != NULL;
}

/* A record of the reference that is damage here. */
static bool is_refused(json_t *reference, bool cut)
{
    size_t index;
    json_t *value;
    if (cut || json_integer_value(json_object_get(reference, "Iters")) < 1)
        return true;
    json_array_foreach(json_object_get(reference, "Values"), index, value)
    {
        const char *unit = written_text(value, "OrigUnit", "Unit");
        const char *glued = strstr(unit, "Benchmark");
        double number = strtod(written_text(value, "OrigValue", "Value"), NULL);
        if (!isfinite(number) || (number < 0 && is_cost(unit)) ||
            (glued != NULL && !islower((unsigned char)glued[9])))
            return true;
    }
    return false;
}

/* ---- comparison ---- */

/* One file being compared. */
struct comparison {
    const char *name;
    struct raw raw;
    json_t *references; /* an array, in the order of the file */
    size_t next;        /* the first that no event has met yet */
    struct arena arena;
    struct unit_table units;
    struct gobench reader;
    uint32_t version; /* of the configuration at the last record */
    size_t records;
};

static json_t *reference_at(struct comparison *self, uint64_t line)
{
    json_t *reference = json_array_get(self->references, self->next);
    if (reference == NULL ||
        json_integer_value(json_object_get(reference, "Line")) != (json_int_t)line)
        return NULL;
    self->next++;
    return reference;
}

static bool is_type(json_t *reference, const char *type)
{
    return reference != NULL && strcmp(text_of(reference, "Type"), type) == 0;
}

static void expect(const struct comparison *self, uint64_t line, bool condition, const char *what)
{
    if (!condition)
        fail_msg("%s:%llu: %s", self->name, (unsigned long long)line, what);
}

static void compare_value(const struct comparison *self, uint64_t line,
                          const struct measurement *got, json_t *want)
{
    const char *original = text_of(want, "OrigUnit");
    double tidy = strtod(text_of(want, "Value"), NULL);
    expect(self, line, strcmp(got->unit->written.text, written_text(want, "OrigUnit", "Unit")) == 0,
           "unit as written");
    expect(self, line, got->written == strtod(written_text(want, "OrigValue", "Value"), NULL),
           "value as written");
    expect(self, line, got->value == tidy, "tidy value");
    /* The reference leaves the unit of a zero as it is. */
    if (original != NULL && *original != '\0')
        expect(self, line, strcmp(got->unit->unit->name.text, text_of(want, "Unit")) == 0,
               "tidy unit");
    else
        expect(self, line, tidy == 0 || got->unit->factor == 1, "unit should be tidy");
}

/* A byte order mark hides the first line from the reference. */
static size_t keys_seen_only_here(const struct comparison *self)
{
    struct slice first = self->raw.lines[1];
    bool marked = slice_starts(first, SLICE("\xef\xbb\xbf"));
    return marked && line_matches(slice_skip(first, 3), "^[a-z][a-z0-9_-]*:[ \t]+[^ \t\r]");
}

static void compare_config(struct comparison *self, uint64_t line, json_t *want)
{
    size_t count, index;
    json_t *key;
    const struct gobench_key *keys = gobench_keys(&self->reader, &count);
    json_array_foreach(want, index, key)
    {
        struct slice value =
            gobench_value(&self->reader, slice_of(json_string_value(json_array_get(key, 0))));
        expect(self, line, slice_equal(value, slice_of(json_string_value(json_array_get(key, 1)))),
               json_string_value(json_array_get(key, 0)));
    }
    expect(self, line, keys != NULL || count == 0, "keys");
    expect(self, line, count == json_array_size(want) + keys_seen_only_here(self),
           "number of configuration keys");
}

static void compare_record(struct comparison *self, const struct record *got, json_t *want)
{
    json_t *values = json_object_get(want, "Values"), *config = json_object_get(want, "Config");
    expect(self, got->line, is_type(want, "result"), "the reference has no record here");
    expect(self, got->line, slice_equal(got->name, slice_of(text_of(want, "Name"))), "name");
    expect(self, got->line, got->iterations == json_integer_value(json_object_get(want, "Iters")),
           "iterations");
    expect(self, got->line, got->measurement_count == json_array_size(values),
           "number of measurements");
    for (size_t m = 0; m < got->measurement_count; m++)
        compare_value(self, got->line, &got->measurements[m], json_array_get(values, m));
    if (config != NULL) {
        compare_config(self, got->line, config);
        expect(self, got->line, self->records == 0 || self->version != self->reader.config_version,
               "config_version stayed although the configuration changed");
    }
    self->version = self->reader.config_version;
    self->records++;
}

static void compare_damage(struct comparison *self, const struct gobench_event *event, json_t *want)
{
    struct slice line = self->raw.lines[event->line];
    bool cut = raw_last_is_cut(&self->raw, event->line);
    expect(self, event->line, event->truncated == cut, "truncated");
    expect(self, event->line, event->column >= 1 && event->column <= line.length + 1, "column");
    if (is_type(want, "syntaxerror"))
        expect(self, event->line, slice_equal(event->text, slice_of(text_of(want, "Msg"))),
               text_of(want, "Msg"));
    else if (is_type(want, "result"))
        expect(self, event->line, is_refused(want, cut), "the reference has a good record here");
    else
        expect(self, event->line,
               is_hidden_result(line) || (cut && slice_starts(line, SLICE("Benchmark"))),
               "the reference has nothing here, and nothing is hidden in the line");
}

static void compare_event(struct comparison *self, const struct gobench_event *event)
{
    while (is_type(json_array_get(self->references, self->next), "unit"))
        self->next++; /* compare_units looks at them */
    json_t *want = reference_at(self, event->line);
    struct slice line = self->raw.lines[event->line];
    if (event->kind == GOBENCH_RECORD)
        compare_record(self, &event->record, want);
    else if (event->kind == GOBENCH_DAMAGE)
        compare_damage(self, event, want);
    else
        expect(self, event->line,
               event->kind != GOBENCH_ERROR && !is_type(want, "result") &&
                   (event->broken ||
                    (event->name.length != 0 ? is_marked(line) : is_failed_package(line))),
               "failed, skipped or error");
}

/* What every hidden result of the file must have come to. */
static void expect_hidden(struct comparison *self, const bool *damaged)
{
    for (uint64_t line = 1; line <= self->raw.count; line++) {
        struct slice text = self->raw.lines[line];
        if (!slice_starts(text, SLICE("Benchmark")) && is_hidden_result(text))
            expect(self, line, damaged[line], "a hidden result was passed over");
    }
}

static void compare_units(struct comparison *self)
{
    size_t index;
    json_t *reference;
    json_array_foreach(self->references, index, reference)
    {
        if (!is_type(reference, "unit"))
            continue;
        json_t *want = json_object_get(reference, "Unit");
        const struct written_unit *got = unit_intern(&self->units, slice_of(text_of(want, "orig")));
        bool exact = strcmp(text_of(want, "value"), "exact") == 0;
        assert_non_null(got);
        assert_string_equal(got->unit->name.text, text_of(want, "unit"));
        assert_string_equal(text_of(want, "key"), "assume");
        assert_true(got->unit->assume_declared);
        assert_int_equal(got->unit->exact, exact);
    }
}

static json_t *load_references(const char *path)
{
    size_t length;
    json_error_t error;
    char *text = support_read_file(path, &length);
    json_t *array = json_array();
    assert_non_null(text);
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        json_t *object = json_loads(line, 0, &error);
        if (object == NULL)
            fail_msg("%s: %s", path, error.text);
        json_array_append_new(array, object);
    }
    free(text);
    return array;
}

static void read_all(struct comparison *self)
{
    struct support_memory memory = {self->raw.bytes, self->raw.length, 0, 0};
    struct gobench_event event;
    struct error error = {.code = ERROR_NONE};
    bool *damaged = calloc(self->raw.count + 2, sizeof(*damaged));
    assert_int_equal(
        gobench_open(&self->reader, support_read_memory, &memory, self->name, &self->units, &error),
        ERROR_NONE);
    while (gobench_next(&self->reader, &event, &error) != GOBENCH_END) {
        if (event.kind == GOBENCH_ERROR)
            fail_msg("%s: %s", self->name, error.text);
        compare_event(self, &event);
        damaged[event.line] = event.kind != GOBENCH_RECORD;
    }
    while (is_type(json_array_get(self->references, self->next), "unit"))
        self->next++;
    if (self->next != json_array_size(self->references))
        fail_msg("%s: the reference has %zu entries more", self->name,
                 json_array_size(self->references) - self->next);
    expect_hidden(self, damaged);
    compare_units(self);
    free(damaged);
    gobench_close(&self->reader);
}

/* Compares the file that records/`entry` is about; returns its number of records. */
static size_t compare_file(const char *shared, const char *entry)
{
    char path[PATH_BYTES], name[PATH_BYTES / 2];
    struct comparison self = {.name = name};
    snprintf(name, sizeof(name), "%.*s", (int)(strlen(entry) - strlen(".jsonl")), entry);
    snprintf(path, sizeof(path), "%s/corpus/records/%s", shared, entry);
    self.references = load_references(path);
    snprintf(path, sizeof(path), "%s/corpus/files/%s", shared, name);
    raw_load(&self.raw, path);
    arena_init(&self.arena);
    unit_table_init(&self.units, &self.arena);
    read_all(&self);
    arena_release(&self.arena);
    raw_free(&self.raw);
    json_decref(self.references);
    return self.records;
}

static void test_records(void **state)
{
    (void)state;
    const char *shared = support_shared();
    char folder[PATH_BYTES];
    size_t files = 0, records = 0;
    SUPPORT_NEED(shared != NULL, "no shared reference data beside the project");
    snprintf(folder, sizeof(folder), "%s/corpus/records", shared);
    DIR *entries = opendir(folder);
    SUPPORT_NEED(entries != NULL, "no corpus in the shared reference data");
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        if (!slice_ends(slice_of(entry->d_name), SLICE(".jsonl")))
            continue;
        records += compare_file(shared, entry->d_name);
        files++;
    }
    closedir(entries);
    assert_true(files >= 100 && records >= 30000);
}

/* What a file comes to: its counts, which no chunk size may change. */
struct outcome {
    uint64_t records, damaged, ignored, last_line;
    enum gobench_event_kind end;
    enum gobench_foreign foreign;
};

static struct outcome read_file(const struct raw *raw, size_t step)
{
    struct support_memory memory = {raw->bytes, raw->length, 0, step};
    struct arena arena;
    struct unit_table units;
    struct gobench reader;
    struct gobench_event event;
    struct error error = {.code = ERROR_NONE};
    struct outcome outcome = {.last_line = 0};
    arena_init(&arena);
    unit_table_init(&units, &arena);
    assert_int_equal(gobench_open(&reader, support_read_memory, &memory, "file", &units, &error),
                     ERROR_NONE);
    while (gobench_next(&reader, &event, &error) != GOBENCH_END && event.kind != GOBENCH_ERROR) {
        assert_true(event.line >= outcome.last_line);
        outcome.last_line = event.line;
    }
    outcome = (struct outcome){reader.records,    reader.damaged, reader.ignored,
                               outcome.last_line, event.kind,     reader.foreign};
    gobench_close(&reader);
    arena_release(&arena);
    return outcome;
}

static void read_folder(const char *folder, size_t *files, size_t *bytes)
{
    DIR *entries = opendir(folder);
    if (entries == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        char path[PATH_BYTES + 300];
        struct raw raw;
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        raw_load(&raw, path);
        struct outcome whole = read_file(&raw, 0), pieces = read_file(&raw, 7);
        assert_int_equal(whole.records, pieces.records);
        assert_int_equal(whole.damaged, pieces.damaged);
        assert_int_equal(whole.ignored, pieces.ignored);
        assert_int_equal(whole.last_line, pieces.last_line);
        assert_int_equal(whole.foreign, pieces.foreign);
        assert_int_equal(whole.end, pieces.end);
        *bytes += raw.length;
        raw_free(&raw);
        ++*files;
    }
    closedir(entries);
}

static void test_every_file(void **state)
{
    (void)state;
    static const char *const folders[] = {"files", "go/go1.19", "go/go1.27"};
    const char *shared = support_shared();
    size_t files = 0, bytes = 0;
    SUPPORT_NEED(shared != NULL, "no shared reference data beside the project");
    for (size_t f = 0; f < sizeof(folders) / sizeof(folders[0]); f++) {
        char folder[PATH_BYTES];
        snprintf(folder, sizeof(folder), "%s/corpus/%s", shared, folders[f]);
        read_folder(folder, &files, &bytes);
    }
    assert_true(files > 300 && bytes > 5000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_records),
        cmocka_unit_test(test_every_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
