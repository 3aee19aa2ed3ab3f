#include "ci/table/inputs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "ci/input/input.h"
#include "ci/report/escape.h"
#include "ci/table/mishaps.h"
#include "parsers/benchfmt.h"

/* Damaged lines that are said of one input. */
enum { MAX_WARNINGS = 100 };

struct reading {
    struct inputs *inputs;
    struct named_input *input;
    struct cells *samples;
    struct intern *states; /* label and configuration as one text */
    struct buffer state_text;
    struct result result;
    bool begun;
    uint32_t version;
    uint32_t processes, earlier; /* of this input so far, and of those before it */
    uint64_t warned;
    struct mishaps mishaps;
};

bool inputs_init(struct inputs *inputs, const char *const *operands, size_t count,
                 struct arena *arena, struct unit_table *units, bool compat)
{
    struct intern paths;
    *inputs = (struct inputs){.arena = arena, .units = units, .compat = compat, .count = count};
    intern_init(&paths, arena);
    inputs->all = arena_zero(arena, count, sizeof(*inputs->all));
    uint32_t *times = arena_zero(arena, count, sizeof(*times));
    uint32_t *used = arena_zero(arena, count, sizeof(*used));
    if (inputs->all == NULL || times == NULL || used == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        struct named_input *input = &inputs->all[i];
        const char *equals = strchr(operands[i], '=');
        input->labelled = equals != NULL;
        input->path = equals != NULL ? equals + 1 : operands[i];
        input->label = equals != NULL ? (struct slice){operands[i], (size_t)(equals - operands[i])}
                                      : slice_of(operands[i]);
        input->is_stdin = strcmp(input->path, "-") == 0;
        uint32_t path = input->labelled ? 0 : intern_add(&paths, input->label);
        if (path == INTERN_NONE)
            return false;
        times[path] += !input->labelled;
    }
    for (size_t i = 0; i < count; i++) {
        struct named_input *input = &inputs->all[i];
        uint32_t path = input->labelled ? 0 : intern_find(&paths, input->label);
        if (input->labelled || times[path] == 1)
            continue;
        const char *label = arena_print(arena, "%s#%u", input->path, used[path]++);
        if (label == NULL)
            return false;
        input->label = slice_of(label);
    }
    return true;
}

static ssize_t read_descriptor(void *context, char *buffer, size_t capacity)
{
    const int *descriptor = context;
    ssize_t count;
    do
        count = read(*descriptor, buffer, capacity);
    while (count < 0 && errno == EINTR);
    return count;
}

static enum error_code out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

/* ---- results ---- */

/* Takes over a configuration that may have changed. */
static bool enter_state(struct reading *reading, const struct gobench_key *keys, size_t count)
{
    struct buffer *text = &reading->state_text;
    text->length = 0;
    buffer_add(text, reading->input->label);
    for (size_t i = 0; i < count; i++) {
        buffer_repeat(text, '\n', 1); /* in no key and no value; not in a label but by ill will */
        buffer_add(text, keys[i].key);
        buffer_repeat(text, ':', 1);
        buffer_add(text, keys[i].value);
    }
    reading->result.state = intern_add(reading->states, (struct slice){text->text, text->length});
    reading->result.file = reading->input->label;
    reading->result.keys = keys;
    reading->result.key_count = count;
    return !text->failed && reading->result.state != INTERN_NONE;
}

/* The processes of one input stand behind those of the inputs before it. */
static void note_process(struct reading *reading, const struct record *record)
{
    if (record->process >= reading->processes)
        reading->processes = record->process + 1;
    reading->result.process = reading->earlier + record->process;
}

static bool take_record(struct reading *reading, const struct record *record)
{
    reading->input->results++;
    reading->result.name = record->name;
    reading->result.same_name = record->same_name;
    return cells_add(reading->samples, &reading->result, record->measurements,
                     record->measurement_count);
}

static void warn_compat(struct reading *reading, uint64_t line, const char *text)
{
    buffer_print(&reading->inputs->warnings, "%s:%llu: %s\n", reading->input->path,
                 (unsigned long long)line, text);
}

/* "FILE:LINE: warning: what"; strictly, where the column is known too, "FILE:LINE:COLUMN: what". */
static void warn(struct reading *reading, const struct gobench_event *event)
{
    struct inputs *inputs = reading->inputs;
    struct buffer *warnings = &inputs->warnings;
    inputs->damaged++;
    if (reading->warned++ >= MAX_WARNINGS)
        return;
    escape_terminal(warnings, slice_of(input_source(reading->input->path)));
    buffer_print(warnings, ":%llu:", (unsigned long long)event->line);
    if (inputs->strict && event->column > 0)
        buffer_print(warnings, "%llu:", (unsigned long long)event->column);
    buffer_string(warnings, inputs->strict ? " " : " warning: ");
    escape_terminal(warnings, event->text);
    buffer_string(warnings, "\n");
}

static void warn_of_the_rest(struct reading *reading)
{
    struct buffer *warnings = &reading->inputs->warnings;
    if (reading->warned <= MAX_WARNINGS)
        return;
    escape_terminal(warnings, slice_of(input_source(reading->input->path)));
    buffer_print(warnings, "%s %llu more damaged line%s\n",
                 reading->inputs->strict ? ":" : ": warning:",
                 (unsigned long long)(reading->warned - MAX_WARNINGS),
                 reading->warned == MAX_WARNINGS + 1 ? "" : "s");
}

/* Says what is wrong with an input, and reads on in the others. */
static void tell(struct reading *reading, const struct error *error)
{
    char text[ERROR_SOURCE_BYTES + ERROR_TEXT_BYTES + 64];
    escape_terminal(&reading->inputs->warnings, slice_of(error_format(error, text, sizeof(text))));
    buffer_string(&reading->inputs->warnings, "\n");
}

/* ---- as benchstat reads ---- */

static enum error_code read_compat(struct reading *reading, int *descriptor,
                                   struct benchfmt_metadata *metadata, struct error *error)
{
    struct benchfmt reader;
    struct benchfmt_event event;
    struct inputs *inputs = reading->inputs;
    enum error_code code = ERROR_NONE;
    enum benchfmt_event_kind kind;
    const char *path = reading->input->path;
    if (!benchfmt_open(&reader, read_descriptor, descriptor,
                       reading->input->is_stdin ? "/dev/stdin" : path, inputs->units, metadata))
        return out_of_memory(error);
    while (code == ERROR_NONE && (kind = benchfmt_next(&reader, &event)) != BENCHFMT_END) {
        bool memory = true;
        if (kind == BENCHFMT_WARNING) {
            warn_compat(reading, event.line, event.text);
        } else if (kind == BENCHFMT_FAILED) {
            inputs->failure = arena_print(inputs->arena, "%s:%llu: %s", path,
                                          (unsigned long long)event.line, event.text);
            code = error_set(error, ERROR_READ, path, event.line, 0, "%s", event.text);
        } else {
            if (!reading->begun || reading->version != reader.config_version) {
                size_t count;
                const struct gobench_key *keys = benchfmt_keys(&reader, &count);
                memory = enter_state(reading, keys, count);
                reading->begun = true;
                reading->version = reader.config_version;
            }
            memory = memory && take_record(reading, &event.record);
        }
        if (!memory)
            code = out_of_memory(error);
    }
    benchfmt_close(&reader);
    return code;
}

/* Opens a file as benchstat does, and says in its words why not. */
static enum error_code read_as_benchstat(struct reading *reading,
                                         struct benchfmt_metadata *metadata, struct error *error)
{
    const struct named_input *input = reading->input;
    int descriptor = input->is_stdin ? STDIN_FILENO : open(input->path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        const char *why = strerror(errno);
        char first = (char)(why[0] >= 'A' && why[0] <= 'Z' ? why[0] + 'a' - 'A' : why[0]);
        reading->inputs->failure = arena_print(reading->inputs->arena, "open %s: %c%s", input->path,
                                               first, why + (why[0] != '\0'));
        return error_set(error, ERROR_READ, input->path, 0, 0, "%s", why);
    }
    enum error_code code = read_compat(reading, &descriptor, metadata, error);
    if (!input->is_stdin)
        close(descriptor);
    return code;
}

/* ---- as the gate reads ---- */

static enum error_code read_events(struct reading *reading, struct input *input,
                                   struct error *error)
{
    const struct gobench *reader = &input->reader;
    struct gobench_event event;
    enum gobench_event_kind kind;
    while ((kind = input_next(input, &event, error)) != GOBENCH_END) {
        if (kind == GOBENCH_ERROR)
            return error->code;
        if (kind == GOBENCH_DAMAGE)
            warn(reading, &event);
        if (kind == GOBENCH_FAILED &&
            !mishaps_note(&reading->mishaps, &event, reading->inputs->arena))
            return out_of_memory(error);
        if (kind != GOBENCH_RECORD)
            continue;
        if (!reading->begun || reading->version != reader->config_version) {
            size_t count;
            const struct gobench_key *keys = gobench_keys(reader, &count);
            if (!enter_state(reading, keys, count))
                return out_of_memory(error);
            reading->begun = true;
            reading->version = reader->config_version;
        }
        note_process(reading, &event.record);
        if (!take_record(reading, &event.record))
            return out_of_memory(error);
    }
    return ERROR_NONE;
}

/*
 * benchstat's output can be gated, and holds nothing that tables could be made of. It is read all
 * the same: there may be other results behind it.
 */
static enum error_code refuse_tables(struct reading *reading, struct input *input,
                                     struct error *error)
{
    struct benchstat_event event;
    enum benchstat_event_kind kind;
    struct error found = {.code = ERROR_NONE};
    do
        kind = input_next_row(input, &event, error);
    while (kind != BENCHSTAT_END && kind != BENCHSTAT_ERROR);
    if (kind == BENCHSTAT_ERROR)
        return error->code;
    (void)error_set(&found, ERROR_INPUT, input->source, input->kind_line, 1,
                    "this is benchstat's output, which holds no samples to compare; "
                    "benchgate gate %s judges the changes that it states",
                    reading->input->path);
    tell(reading, &found);
    return ERROR_NONE;
}

/* go test's output in any form. */
static enum error_code read_samples(struct reading *reading, struct input *input,
                                    struct error *error)
{
    struct error lack = {.code = ERROR_NONE};
    enum error_code code = read_events(reading, input, error);
    warn_of_the_rest(reading);
    if (code != ERROR_NONE)
        return code;
    mishaps_tell(&reading->mishaps, input, &reading->inputs->warnings);
    if (reading->input->results > 0)
        return input_check(input, true, error);
    if (input_check(input, false, &lack) != ERROR_NONE)
        tell(reading, &lack);
    return ERROR_NONE;
}

static enum error_code read_strictly(struct reading *reading, struct error *error)
{
    struct input input;
    const struct named_input *named = reading->input;
    if (named->labelled && named->path[0] == '\0')
        return error_set(error, ERROR_READ, named->label.text, 0, 0,
                         "no path behind the \"=\" of the label");
    enum error_code code = input_open(&input, named->path, reading->inputs->units, error);
    if (code != ERROR_NONE)
        return code;
    code = input.kind == KIND_BENCHSTAT ? refuse_tables(reading, &input, error)
                                        : read_samples(reading, &input, error);
    input_close(&input);
    return code;
}

/* ---- all ---- */

enum error_code inputs_read(struct inputs *inputs, struct cells *samples, struct error *error)
{
    struct benchfmt_metadata metadata;
    struct intern states;
    struct buffer state_text = {0};
    enum error_code code = ERROR_NONE;
    uint32_t processes = 0;
    benchfmt_metadata_init(&metadata, inputs->arena);
    intern_init(&states, inputs->arena);
    for (size_t i = 0; i < inputs->count && code == ERROR_NONE; i++) {
        struct reading reading = {.inputs = inputs,
                                  .input = &inputs->all[i],
                                  .samples = samples,
                                  .states = &states,
                                  .earlier = processes,
                                  .state_text = state_text};
        cells_next_input(samples);
        code = inputs->compat ? read_as_benchstat(&reading, &metadata, error)
                              : read_strictly(&reading, error);
        state_text = reading.state_text;
        processes += reading.processes;
        inputs->lacking = inputs->lacking || inputs->all[i].results == 0;
    }
    cells_next_input(samples); /* tracks are for reading alone */
    buffer_release(&state_text);
    return code;
}
