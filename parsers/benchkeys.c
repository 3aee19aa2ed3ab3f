#include "parsers/benchkeys.h"

#include "parsers/utf8.h"

enum { FIRST_ENTRIES = 32 };

struct benchkeys_entry {
    struct slice key;
    char *value; /* room for `capacity` bytes, used again by the next value */
    size_t length, capacity;
    uint64_t line; /* that gave it the value */
};

void benchkeys_init(struct benchkeys *keys, struct arena *arena)
{
    *keys = (struct benchkeys){.arena = arena, .seed = (uint64_t)(uintptr_t)keys};
}

/*
 * As the reference: the key starts with a lower-case letter and has neither white space nor
 * upper case before the first colon that is not its first character.
 */
static size_t key_length(struct slice line)
{
    size_t at = 0;
    while (at < line.length) {
        uint32_t rune;
        struct slice rest = slice_skip(line, at);
        size_t width = utf8_decode(rest, &rune);
        if (at > 0 && rune == ':')
            return at;
        if ((at == 0 && !utf8_is_lower(rune)) || utf8_is_upper(rune) || utf8_space(rest) != 0)
            return 0;
        at += width;
    }
    return 0;
}

bool benchkeys_split(struct slice line, struct slice *key, struct slice *value)
{
    size_t length = key_length(line);
    if (length == 0)
        return false;
    struct slice rest = slice_skip(line, length + 1);
    size_t blanks = 0;
    while (blanks < rest.length && (rest.text[blanks] == ' ' || rest.text[blanks] == '\t'))
        blanks++;
    if (blanks == 0 && rest.length != 0)
        return false;
    *key = (struct slice){line.text, length};
    *value = slice_skip(rest, blanks);
    return true;
}

static size_t find_slot(const struct benchkeys *keys, struct slice key)
{
    size_t slot = slice_hash(key, keys->seed) & (keys->slot_count - 1);
    while (keys->slots[slot] != 0 && !slice_equal(keys->entries[keys->slots[slot] - 1].key, key))
        slot = (slot + 1) & (keys->slot_count - 1);
    return slot;
}

static struct benchkeys_entry *find(const struct benchkeys *keys, struct slice key)
{
    if (keys->slot_count == 0)
        return NULL;
    uint32_t found = keys->slots[find_slot(keys, key)];
    return found == 0 ? NULL : &keys->entries[found - 1];
}

static bool grow(struct benchkeys *keys)
{
    if (keys->entries != NULL && keys->count < keys->capacity)
        return true;
    size_t wanted = keys->capacity == 0 ? (size_t)FIRST_ENTRIES : 2 * keys->capacity;
    struct benchkeys_entry *entries =
        arena_grow(keys->arena, keys->entries, keys->count, wanted, sizeof(*entries));
    uint32_t *slots = arena_zero(keys->arena, 2 * wanted, sizeof(*slots));
    if (entries == NULL || slots == NULL)
        return false;
    keys->entries = entries;
    keys->capacity = wanted;
    keys->slots = slots;
    keys->slot_count = 2 * wanted;
    for (size_t e = 0; e < keys->count; e++)
        slots[find_slot(keys, entries[e].key)] = (uint32_t)(e + 1);
    return true;
}

static enum benchkeys_status add(struct benchkeys *keys, struct slice key,
                                 struct benchkeys_entry **entry)
{
    if (keys->count >= GOBENCH_MAX_KEYS)
        return BENCHKEYS_FULL;
    struct slice copy = arena_copy(keys->arena, key);
    if (copy.text == NULL || !grow(keys))
        return BENCHKEYS_MEMORY;
    keys->slots[find_slot(keys, copy)] = (uint32_t)(keys->count + 1);
    struct benchkeys_entry *added = keys->entries + keys->count++;
    *added = (struct benchkeys_entry){.key = copy};
    *entry = added;
    return BENCHKEYS_OK;
}

enum benchkeys_status benchkeys_set(struct benchkeys *keys, struct slice key, struct slice value,
                                    uint64_t line)
{
    struct benchkeys_entry *entry = find(keys, key);
    if (entry == NULL) {
        if (value.length == 0)
            return BENCHKEYS_OK;
        enum benchkeys_status status = add(keys, key, &entry);
        if (status != BENCHKEYS_OK)
            return status;
    }
    if (slice_equal((struct slice){entry->value, entry->length}, value))
        return BENCHKEYS_OK;
    if (value.length > entry->capacity) {
        char *room = arena_allocate(keys->arena, value.length, 2);
        if (room == NULL)
            return BENCHKEYS_MEMORY;
        entry->value = room;
        entry->capacity = 2 * value.length;
    }
    if (value.length != 0)
        memcpy(entry->value, value.text, value.length);
    entry->length = value.length;
    entry->line = line;
    keys->version++;
    return BENCHKEYS_OK;
}

struct slice benchkeys_value(const struct benchkeys *keys, struct slice key)
{
    const struct benchkeys_entry *entry = find(keys, key);
    return entry == NULL ? (struct slice){NULL, 0} : (struct slice){entry->value, entry->length};
}

uint64_t benchkeys_line(const struct benchkeys *keys, struct slice key)
{
    const struct benchkeys_entry *entry = find(keys, key);
    return entry == NULL || entry->length == 0 ? 0 : entry->line;
}

/* A value may be set again after this: the list is made anew then, in the same place. */
static bool make_list(struct benchkeys *keys)
{
    if (keys->list_capacity < keys->count) {
        struct gobench_key *list = arena_allocate(keys->arena, keys->capacity, sizeof(*list));
        if (list == NULL)
            return false;
        keys->list = list;
        keys->list_capacity = keys->capacity;
    }
    keys->list_count = 0;
    for (size_t e = 0; e < keys->count; e++) {
        const struct benchkeys_entry *entry = &keys->entries[e];
        if (entry->length != 0)
            keys->list[keys->list_count++] =
                (struct gobench_key){entry->key, {entry->value, entry->length}};
    }
    keys->list_version = keys->version;
    return true;
}

const struct gobench_key *benchkeys_list(struct benchkeys *keys, size_t *count)
{
    bool made = keys->list_version == keys->version || make_list(keys);
    *count = made ? keys->list_count : 0;
    return made ? keys->list : NULL;
}
