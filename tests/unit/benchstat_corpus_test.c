/*
 * Every number that benchstat printed for the real files of the shared corpus: centers, intervals,
 * deltas, p-values, geometric means and, in text, scaled values, from the samples that are read
 * here. The layout is not this test's: it reads benchstat's CSV row by row, and looks up the
 * samples of a row by name, unit and file where they are unambiguous.
 */
#include "tests/support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ci/table/benchunit.h"
#include "parsers/gobench.h"
#include "stats/benchmath.h"
#include "stats/summary.h"

enum { FILES = 2, FIELDS = 8, PATH_BYTES = 1000, TEXT_BYTES = 400 };

/* The values of one benchmark and unit in one file. */
struct sample {
    char *name, *unit;
    double *values;
    size_t count, capacity;
};

struct file {
    const char *path; /* as benchstat was given it */
    struct sample *samples;
    size_t count;
};

struct corpus {
    struct file files[FILES];
    size_t file_count;
    struct arena arena;
    struct unit_table units;
    struct mwu_cache cache;
    size_t cells, comparisons, geomeans, texts; /* compared so far */
};

/* ---- samples ---- */

static struct sample *find_sample(struct file *file, const char *name, const char *unit)
{
    for (size_t i = 0; i < file->count; i++) {
        struct sample *sample = &file->samples[i];
        if (strcmp(sample->name, name) == 0 && strcmp(sample->unit, unit) == 0)
            return sample;
    }
    return NULL;
}

static void add_value(struct file *file, const char *name, const char *unit, double value)
{
    struct sample *sample = find_sample(file, name, unit);
    if (sample == NULL) {
        file->samples = realloc(file->samples, (file->count + 1) * sizeof *file->samples);
        assert_non_null(file->samples);
        sample = &file->samples[file->count++];
        *sample = (struct sample){.name = strdup(name), .unit = strdup(unit)};
    }
    if (sample->count == sample->capacity) {
        sample->capacity = 2 * sample->capacity + 8;
        sample->values = realloc(sample->values, sample->capacity * sizeof *sample->values);
        assert_non_null(sample->values);
    }
    sample->values[sample->count++] = value;
}

/* A value that scaling does not change keeps the unit as it is written: 0 ns/op. */
static void add_record(struct file *file, const struct record *record)
{
    char *name = strndup(record->name.text, record->name.length);
    for (size_t i = 0; i < record->measurement_count; i++) {
        const struct measurement *measured = &record->measurements[i];
        bool tidy = measured->value != measured->written;
        add_value(file, name, tidy ? measured->unit->unit->name.text : measured->unit->written.text,
                  measured->value);
    }
    free(name);
}

/* False where the file has lines that the two readers may take differently. */
static bool read_file(struct corpus *self, struct file *file, const char *folder)
{
    char path[PATH_BYTES];
    size_t length;
    snprintf(path, sizeof path, "../shared/corpus/%s/%s", folder, file->path);
    char *bytes = support_read_file(path, &length);
    if (bytes == NULL)
        return false;
    struct support_memory memory = {.bytes = bytes, .length = length};
    struct gobench reader;
    struct gobench_event event;
    struct error error = {0};
    assert_int_equal(
        gobench_open(&reader, support_read_memory, &memory, path, &self->units, &error),
        ERROR_NONE);
    enum gobench_event_kind kind;
    while ((kind = gobench_next(&reader, &event, &error)) != GOBENCH_END && kind != GOBENCH_ERROR) {
        if (kind == GOBENCH_RECORD)
            add_record(file, &event.record);
    }
    bool plain = kind == GOBENCH_END && reader.damaged == 0 &&
                 memcmp(bytes, "\357\273\277", length < 3 ? length : 3) != 0;
    gobench_close(&reader);
    free(bytes);
    for (size_t i = 0; i < file->count; i++)
        summary_sort(file->samples[i].values, file->samples[i].count);
    return plain;
}

static void forget_files(struct corpus *self)
{
    for (size_t f = 0; f < self->file_count; f++) {
        for (size_t i = 0; i < self->files[f].count; i++) {
            free(self->files[f].samples[i].name);
            free(self->files[f].samples[i].unit);
            free(self->files[f].samples[i].values);
        }
        free(self->files[f].samples);
        self->files[f] = (struct file){.path = NULL};
    }
    self->file_count = 0;
}

/* ---- benchstat's CSV ---- */

struct row {
    char *fields[FIELDS];
    size_t count;
};

/* Takes a field off the line, without its quotes; what is behind it, or NULL at the end. */
static char *take_field(char *at, char **field)
{
    char *out = *field = at;
    bool quoted = *at == '"';
    for (at += quoted; *at != '\0' && (quoted || *at != ','); at++) {
        if (quoted && *at == '"' && *++at != '"')
            break;
        *out++ = *at;
    }
    char *rest = *at == ',' ? at + 1 : NULL;
    *out = '\0';
    return rest;
}

static void split_row(char *line, struct row *row)
{
    *row = (struct row){.count = 0};
    for (char *at = *line == '\0' ? NULL : line; at != NULL && row->count < FIELDS;)
        at = take_field(at, &row->fields[row->count++]);
}

static size_t column_of(size_t index)
{
    return index == 0 ? 1 : 3;
}

static const char *field(const struct row *row, size_t index)
{
    return index < row->count ? row->fields[index] : "";
}

struct cell {
    const struct sample *sample; /* NULL: none, or not known */
    double center;
    bool present;
};

/* One table: the file of each column, and what its rows have shown so far. */
struct shown {
    struct file *files[FILES];
    size_t columns;
    char unit[TEXT_BYTES];
    double *centers[FILES], *ratios;
    size_t center_count[FILES], ratio_count, base_rows;
    bool bad_ratio;
};

static void range_text(const struct benchmath_summary *summary, char *text)
{
    double center = summary->center, low = summary->low, high = summary->high;
    bool one_sign = (center > 0) == (low > 0) && (center > 0) == (high > 0) &&
                    (center < 0) == (low < 0) && (center < 0) == (high < 0);
    if (isinf(low) || isinf(high))
        strcpy(text, "∞");
    else if (!one_sign)
        strcpy(text, "?");
    else if (center == 0)
        strcpy(text, "0%");
    else
        snprintf(text, TEXT_BYTES, "%.0f%%", 100 * fmax(high / center - 1, 1 - low / center));
}

static void delta_text(double p, double base, double head, char *text)
{
    if (p > 0.05)
        strcpy(text, "~");
    else if (base == head)
        strcpy(text, "0.00%");
    else if (base == 0)
        strcpy(text, "?");
    else
        snprintf(text, TEXT_BYTES, "%+.2f%%", (head / base - 1) * 100);
}

static void test_text(const struct benchmath_comparison *found, char *text)
{
    int used = found->p == 0 ? 0 : snprintf(text, TEXT_BYTES, "p=%.3f ", found->p);
    used += snprintf(text + used, 40, "n=%zu", found->n);
    if (found->n != found->m)
        snprintf(text + used, 40, "+%zu", found->m);
}

static enum benchmath_assumption assumption_of(const struct corpus *self, const char *unit)
{
    const struct written_unit *found = unit_find(&self->units, slice_of(unit));
    for (size_t i = 0; found == NULL && i < self->units.unit_count; i++) {
        if (slice_equal(self->units.units[i]->name, slice_of(unit)))
            return self->units.units[i]->exact ? BENCHMATH_EXACT : BENCHMATH_NOTHING;
    }
    return found != NULL && found->unit->exact ? BENCHMATH_EXACT : BENCHMATH_NOTHING;
}

static void check_summary(struct corpus *self, const struct shown *shown, const struct row *row,
                          size_t column, const struct sample *sample)
{
    struct benchmath_summary summary;
    char text[TEXT_BYTES];
    assert_int_equal(benchmath_summarize(sample->values, sample->count,
                                         assumption_of(self, shown->unit), 0.95, true, &summary),
                     STATS_OK);
    benchunit_go_float(summary.center, text, sizeof text);
    assert_string_equal(text, field(row, column_of(column)));
    range_text(&summary, text);
    assert_string_equal(text, field(row, column_of(column) + 1));
    self->cells++;
}

static void check_comparison(struct corpus *self, const struct shown *shown, const struct row *row,
                             const struct cell *cells)
{
    struct benchmath_comparison found;
    const struct sample *base = cells[0].sample, *head = cells[1].sample;
    char text[TEXT_BYTES];
    assert_int_equal(benchmath_compare(base->values, base->count, head->values, head->count,
                                       assumption_of(self, shown->unit), 0.05, true, &self->cache,
                                       &found),
                     STATS_OK);
    delta_text(found.p, cells[0].center, cells[1].center, text);
    assert_string_equal(text, field(row, 5));
    test_text(&found, text);
    assert_string_equal(text, field(row, 6));
    self->comparisons++;
}

/* The text output has the same rows in the same order: the next line of this name has these cells.
 */
static void check_text(struct corpus *self, const struct shown *shown, const struct row *row,
                       const struct cell *cells, const char **text)
{
    double centers[FILES];
    size_t count = 0, name = strlen(row->fields[0]);
    for (size_t c = 0; c < shown->columns; c++) {
        if (cells[c].present)
            centers[count++] = cells[c].center;
    }
    struct benchunit_scale scale =
        benchunit_scale_for(centers, count, benchunit_class_of(slice_of(shown->unit)));
    const char *line = *text;
    while (*line != '\0' && (strncmp(line, row->fields[0], name) != 0 || line[name] != ' '))
        line += strcspn(line, "\n") + (line[strcspn(line, "\n")] == '\n');
    size_t length = strcspn(line, "\n");
    char copy[4000], value[BENCHUNIT_FORMAT_BYTES + 2] = " ";
    if (name == 0 || length == 0 || length >= sizeof copy)
        return;
    memcpy(copy, line, length);
    copy[length] = '\0';
    const char *at = copy + name;
    for (size_t i = 0; i < count; i++) {
        benchunit_format(centers[i], scale, value + 1, sizeof value - 1);
        strcat(value, " ±");
        const char *found = strstr(at, value);
        if (found == NULL)
            fail_msg("no%s in: %s", value, copy);
        at = found + 1;
        self->texts++;
    }
    *text = line + length;
}

static void check_row(struct corpus *self, struct shown *shown, const struct row *row,
                      const char **text)
{
    struct cell cells[FILES] = {{0}};
    for (size_t c = 0; c < shown->columns; c++) {
        const char *center = field(row, column_of(c));
        if (*center == '\0')
            continue;
        cells[c].present = true;
        cells[c].center = strtod(center, NULL);
        shown->centers[c] =
            realloc(shown->centers[c], (shown->center_count[c] + 1) * sizeof(double));
        shown->centers[c][shown->center_count[c]++] = cells[c].center;
        if (shown->files[c] == NULL)
            continue;
        cells[c].sample = find_sample(shown->files[c], row->fields[0], shown->unit);
        if (cells[c].sample == NULL)
            fail_msg("no sample of %s, %s", row->fields[0], shown->unit);
        check_summary(self, shown, row, c, cells[c].sample);
    }
    shown->base_rows += cells[0].present;
    if (cells[0].present && cells[1].present) {
        double ratio = cells[0].center == cells[1].center ? 1 : cells[1].center / cells[0].center;
        shown->bad_ratio = shown->bad_ratio || (cells[0].center == 0 && ratio != 1);
        shown->ratios = realloc(shown->ratios, (shown->ratio_count + 1) * sizeof(double));
        shown->ratios[shown->ratio_count++] = ratio;
        if (cells[0].sample != NULL && cells[1].sample != NULL)
            check_comparison(self, shown, row, cells);
    }
    check_text(self, shown, row, cells, text);
}

static void check_geomean(struct corpus *self, struct shown *shown, const struct row *row)
{
    char text[TEXT_BYTES] = "";
    for (size_t c = 0; c < shown->columns; c++) {
        double mean = benchmath_geomean(shown->centers[c], shown->center_count[c]);
        if (isnan(mean))
            strcpy(text, "");
        else
            benchunit_go_float(mean, text, sizeof text);
        assert_string_equal(text, field(row, column_of(c)));
        self->geomeans++;
        free(shown->centers[c]);
    }
    if (shown->columns == 2) {
        double mean = benchmath_geomean(shown->ratios, shown->ratio_count);
        if (shown->bad_ratio || isnan(mean))
            strcpy(text, "?");
        else
            snprintf(text, sizeof text, "%+.2f%%", (mean - 1) * 100);
        assert_string_equal(text, field(row, 5));
    }
    free(shown->ratios);
}

static struct file *file_named(struct corpus *self, const char *name)
{
    for (size_t f = 0; f < self->file_count; f++) {
        if (strcmp(self->files[f].path, name) == 0)
            return &self->files[f];
    }
    return NULL;
}

/*
 * Whether no unit has two tables: else a benchmark's samples are split by configuration, and which
 * are whose is not known here.
 */
static bool is_unambiguous(const char *csv)
{
    for (const char *at = csv; (at = strstr(at, "\n,")) != NULL; at++) {
        char header[TEXT_BYTES]; /* "\n,sec/op,CI" */
        size_t unit = 2 + strcspn(at + 2, ",\n");
        if (strncmp(at + unit, ",CI", 3) != 0 || unit + 4 > sizeof header)
            continue;
        memcpy(header, at, unit + 3);
        header[unit + 3] = '\0';
        if (strstr(at + 1, header) != NULL)
            return false;
    }
    return true;
}

static void check_csv(struct corpus *self, char *csv, const char *text)
{
    struct shown shown = {.columns = 0};
    char *names[FILES] = {NULL};
    bool in_table = false;
    for (char *line = csv, *next; line != NULL; line = next) {
        next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        struct row row;
        split_row(line, &row);
        if (row.count < 2) { /* "key: value", or a blank line */
            in_table = false;
        } else if (!in_table && strcmp(field(&row, 2), "CI") != 0) {
            names[0] = row.fields[1];
            names[1] = row.count > 3 ? row.fields[3] : NULL;
        } else if (!in_table) {
            in_table = true;
            shown = (struct shown){.columns = row.count > 3 ? 2 : 1};
            snprintf(shown.unit, sizeof shown.unit, "%s", row.fields[1]);
            for (size_t c = 0; c < shown.columns; c++)
                shown.files[c] = file_named(self, names[c]);
        } else if (strcmp(row.fields[0], "geomean") == 0) {
            check_geomean(self, &shown, &row);
        } else {
            check_row(self, &shown, &row, &text);
        }
    }
}

/* ---- the cases ---- */

static char *output_of(const char *name, const char *format)
{
    char path[PATH_BYTES];
    size_t length;
    snprintf(path, sizeof path, "../shared/corpus/benchstat/%.*s%s.out",
             (int)(strlen(name) - strlen("csv")), name, format);
    return support_read_file(path, &length);
}

/* "benchstat -format csv A [B]" alone: flags are another test's. */
static bool take_command(struct corpus *self, char *command)
{
    static const char plain[] = "benchstat -format csv ";
    if (strncmp(command, plain, strlen(plain)) != 0)
        return false;
    for (char *word = strtok(command + strlen(plain), " "); word != NULL;
         word = strtok(NULL, " ")) {
        if (self->file_count == FILES || *word == '-' || strpbrk(word, "='\"") != NULL)
            return false;
        self->files[self->file_count++] = (struct file){.path = word};
    }
    return self->file_count == 1 || strcmp(self->files[0].path, self->files[1].path) != 0;
}

static void check_case(struct corpus *self, const char *name, const char *folder, char *command)
{
    arena_init(&self->arena);
    unit_table_init(&self->units, &self->arena);
    bool plain = take_command(self, command);
    for (size_t f = 0; plain && f < self->file_count; f++)
        plain = read_file(self, &self->files[f], folder);
    char *csv = plain ? output_of(name, "csv") : NULL,
         *text = plain ? output_of(name, "text") : NULL;
    if (csv != NULL && is_unambiguous(csv))
        check_csv(self, csv, text != NULL ? text : "");
    free(csv);
    free(text);
    forget_files(self);
    arena_release(&self->arena);
}

static void prints_what_benchstat_printed(void **state)
{
    (void)state;
    SUPPORT_NEED(support_shared() != NULL, "../shared/corpus is not there");
    size_t length;
    char *cases = support_read_file("../shared/corpus/benchstat/CASES.tsv", &length);
    assert_non_null(cases);
    struct corpus corpus = {.file_count = 0};
    for (char *line = cases, *next; line != NULL && *line != '\0'; line = next) {
        next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        char *folder = strchr(line, '\t'), *command = folder ? strchr(folder + 1, '\t') : NULL;
        if (command == NULL)
            continue;
        *folder++ = *command++ = '\0';
        command[strcspn(command, "\t")] = '\0';
        if (strlen(line) > 4 && strcmp(line + strlen(line) - 4, ".csv") == 0)
            check_case(&corpus, line, folder, command);
    }
    print_message("%zu cells, %zu comparisons, %zu geometric means, %zu scaled values\n",
                  corpus.cells, corpus.comparisons, corpus.geomeans, corpus.texts);
    assert_true(corpus.cells > 5000 && corpus.comparisons > 500 && corpus.geomeans > 300);
    assert_true(corpus.texts > 5000);
    mwu_cache_release(&corpus.cache);
    free(cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(prints_what_benchstat_printed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
