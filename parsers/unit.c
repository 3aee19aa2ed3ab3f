#include "parsers/unit.h"

enum { FIRST_SLOTS = 64 };

void unit_table_init(struct unit_table *table, struct arena *arena)
{
    *table = (struct unit_table){.arena = arena, .seed = (uint64_t)(uintptr_t)table};
}

/* ---- tokens and tidying, as golang.org/x/perf/benchunit does it ---- */

static bool is_separator(char byte)
{
    return byte == '-' || byte == '*' || byte == '/' || byte == ' ' || byte == '\t';
}

/*
 * Takes separators and one token off *rest, and follows on which side of the fraction it stands.
 * Returns false where no token is left.
 */
static bool next_token(struct slice *rest, bool *denominator, struct slice *token)
{
    size_t start = 0, end;
    for (; start < rest->length && is_separator(rest->text[start]); start++) {
        if (rest->text[start] == '*' || rest->text[start] == '/')
            *denominator = rest->text[start] == '/';
    }
    for (end = start; end < rest->length && !is_separator(rest->text[end]);)
        end++;
    *token = (struct slice){rest->text + start, end - start};
    *rest = slice_skip(*rest, end);
    return end > start;
}

/* What the tokens of a numerator become. */
static const struct tidying {
    struct slice token, tidy;
    double factor, divisor; /* the reference divides by 1e9, which is not a product with 1e-9 */
} tidyings[] = {
    {{"ns", 2}, {"sec", 3}, 1, 1e9},
    {{"MB", 2}, {"B", 1}, 1e6, 1},
};

static const struct tidying *find_tidying(struct slice token)
{
    for (size_t t = 0; t < sizeof(tidyings) / sizeof(tidyings[0]); t++) {
        if (slice_equal(token, tidyings[t].token))
            return &tidyings[t];
    }
    return NULL;
}

/*
 * Writes the tidy unit to `tidy`, which has room for twice the written length ("ns" grows by one
 * byte), and returns the factor of its values.
 */
static double tidy_unit(struct slice written, char *tidy, size_t *length)
{
    struct slice rest = written, token;
    bool denominator = false;
    double factor = 1;
    const char *copied = written.text;
    size_t used = 0;
    while (next_token(&rest, &denominator, &token)) {
        const struct tidying *row = denominator ? NULL : find_tidying(token);
        if (row == NULL)
            continue;
        factor = factor * row->factor / row->divisor;
        size_t before = (size_t)(token.text - copied);
        memcpy(tidy + used, copied, before);
        memcpy(tidy + used + before, row->tidy.text, row->tidy.length);
        used += before + row->tidy.length;
        copied = token.text + token.length;
    }
    size_t behind = (size_t)(written.text + written.length - copied);
    if (behind != 0)
        memcpy(tidy + used, copied, behind);
    *length = used + behind;
    return factor;
}

bool unit_is_cost(struct slice written)
{
    static const struct slice costs[] = {{"ns", 2}, {"sec", 3}, {"MB", 2}, {"B", 1}, {"allocs", 6}};
    if (!slice_ends(written, SLICE("/op")))
        return false;
    struct slice rest = {written.text, written.length - strlen("/op")}, token, last = {NULL, 0};
    bool denominator = false;
    while (!denominator && next_token(&rest, &denominator, &token))
        last = token;
    for (size_t c = 0; !denominator && c < sizeof(costs) / sizeof(costs[0]); c++) {
        if (slice_equal(last, costs[c]))
            return true;
    }
    return false;
}

/* ---- the table ---- */

static size_t find_slot(const struct unit_table *table, struct slice written)
{
    size_t slot = slice_hash(written, table->seed) & (table->slot_count - 1);
    while (table->slots[slot] != NULL && !slice_equal(table->slots[slot]->written, written))
        slot = (slot + 1) & (table->slot_count - 1);
    return slot;
}

static size_t find_tidy_slot(const struct unit_table *table, struct slice name)
{
    size_t slot = slice_hash(name, table->seed) & (table->slot_count - 1);
    while (table->tidy_slots[slot] != NULL && !slice_equal(table->tidy_slots[slot]->name, name))
        slot = (slot + 1) & (table->slot_count - 1);
    return slot;
}

/* Keeps at least half of the slots empty. */
static bool grow_slots(struct unit_table *table)
{
    if (2 * (table->used + 1) <= table->slot_count)
        return true;
    struct unit_table grown = *table;
    grown.slot_count = table->slot_count == 0 ? (size_t)FIRST_SLOTS : 2 * table->slot_count;
    grown.slots = arena_zero(table->arena, grown.slot_count, sizeof(struct written_unit *));
    grown.tidy_slots = arena_zero(table->arena, grown.slot_count, sizeof(struct unit *));
    if (grown.slots == NULL || grown.tidy_slots == NULL)
        return false;
    struct written_unit **old = table->slots;
    size_t old_count = table->slot_count;
    *table = grown;
    for (size_t s = 0; s < old_count; s++) {
        if (old[s] != NULL)
            table->slots[find_slot(table, old[s]->written)] = old[s];
    }
    for (size_t u = 0; u < table->unit_count; u++)
        table->tidy_slots[find_tidy_slot(table, table->units[u]->name)] = table->units[u];
    return true;
}

static enum better builtin_better(struct slice name)
{
    static const struct {
        struct slice name;
        enum better better;
    } known[] = {
        {{"sec/op", 6}, BETTER_LOWER},
        {{"B/op", 4}, BETTER_LOWER},
        {{"allocs/op", 9}, BETTER_LOWER},
        {{"B/s", 3}, BETTER_HIGHER},
    };
    for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++) {
        if (slice_equal(name, known[k].name))
            return known[k].better;
    }
    return BETTER_UNKNOWN;
}

static bool grow_units(struct unit_table *table)
{
    if (table->unit_count < table->unit_capacity)
        return true;
    size_t wanted = table->unit_capacity == 0 ? (size_t)FIRST_SLOTS : 2 * table->unit_capacity;
    struct unit **units =
        arena_grow(table->arena, table->units, table->unit_count, wanted, sizeof(*units));
    if (units == NULL)
        return false;
    table->units = units;
    table->unit_capacity = wanted;
    return true;
}

/* The tidy unit of that name (terminated, and the table's to keep); made where it is new. */
static struct unit *intern_tidy(struct unit_table *table, struct slice name)
{
    size_t slot = find_tidy_slot(table, name);
    if (table->tidy_slots[slot] != NULL)
        return table->tidy_slots[slot];
    struct unit *unit = arena_zero(table->arena, 1, sizeof(*unit));
    if (unit == NULL || !grow_units(table))
        return NULL;
    unit->name = name;
    unit->better = builtin_better(name);
    unit->index = table->unit_count;
    table->units[table->unit_count++] = unit;
    table->tidy_slots[slot] = unit;
    return unit;
}

static struct written_unit *make_written(struct unit_table *table, struct slice written)
{
    struct written_unit *entry = arena_allocate(table->arena, 1, sizeof(*entry));
    struct slice copy = arena_copy(table->arena, written);
    char *tidy = arena_allocate(table->arena, 2 * written.length + 1, 1);
    if (entry == NULL || copy.text == NULL || tidy == NULL)
        return NULL;
    size_t length;
    double factor = tidy_unit(written, tidy, &length);
    tidy[length] = '\0';
    struct unit *unit = intern_tidy(table, (struct slice){tidy, length});
    if (unit == NULL)
        return NULL;
    *entry = (struct written_unit){
        .written = copy, .unit = unit, .factor = factor, .index = (uint32_t)table->used};
    return entry;
}

const struct written_unit *unit_find(const struct unit_table *table, struct slice written)
{
    return table->slot_count == 0 ? NULL : table->slots[find_slot(table, written)];
}

const struct written_unit *unit_intern(struct unit_table *table, struct slice written)
{
    const struct written_unit *known = unit_find(table, written);
    if (known != NULL)
        return known;
    if (table->used >= UNIT_TABLE_MAX || !grow_slots(table))
        return NULL;
    struct written_unit *entry = make_written(table, written);
    if (entry == NULL)
        return NULL;
    table->slots[find_slot(table, written)] = entry;
    table->used++;
    return entry;
}

bool unit_continues(const struct unit_table *table, struct slice text)
{
    for (size_t s = 0; s < table->slot_count; s++) {
        const struct written_unit *entry = table->slots[s];
        if (entry != NULL && entry->written.length > text.length &&
            slice_starts(entry->written, text))
            return true;
    }
    return false;
}

/* ---- Unit lines ---- */

enum unit_declared unit_declare(struct unit *unit, struct slice key, struct slice value)
{
    static const struct {
        struct slice key, value;
        bool is_better;
        enum better better;
        bool exact;
    } rows[] = {
        {{"better", 6}, {"lower", 5}, true, BETTER_LOWER, false},
        {{"better", 6}, {"higher", 6}, true, BETTER_HIGHER, false},
        {{"assume", 6}, {"nothing", 7}, false, BETTER_UNKNOWN, false},
        {{"assume", 6}, {"exact", 5}, false, BETTER_UNKNOWN, true},
    };
    size_t row = 0, count = sizeof(rows) / sizeof(rows[0]);
    while (row < count && !(slice_equal(key, rows[row].key) && slice_equal(value, rows[row].value)))
        row++;
    if (row == count)
        return UNIT_UNKNOWN_KEY;
    bool *declared = rows[row].is_better ? &unit->better_declared : &unit->assume_declared;
    bool same =
        rows[row].is_better ? unit->better == rows[row].better : unit->exact == rows[row].exact;
    if (*declared)
        return same ? UNIT_DECLARED : UNIT_CONFLICT;
    *declared = true;
    if (rows[row].is_better)
        unit->better = rows[row].better;
    else
        unit->exact = rows[row].exact;
    return UNIT_DECLARED;
}
