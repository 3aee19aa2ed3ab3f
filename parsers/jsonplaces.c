#include "parsers/jsonplaces.h"

#include <string.h>

struct scanner {
    struct jsonplaces *places;
    struct arena *arena;
    struct slice text;
    size_t at;
};

static void skip_blanks(struct scanner *scanner)
{
    while (scanner->at < scanner->text.length &&
           memchr(" \t\r\n", scanner->text.text[scanner->at], 4) != NULL)
        scanner->at++;
}

static char peek(const struct scanner *scanner)
{
    return scanner->at < scanner->text.length ? scanner->text.text[scanner->at] : '\0';
}

/* The index of a new place, or SIZE_MAX. */
static size_t add(struct scanner *scanner, size_t key)
{
    struct jsonplaces *places = scanner->places;
    if (places->count == places->capacity) {
        size_t capacity = places->capacity == 0 ? 64 : 2 * places->capacity;
        struct jsonplace *more =
            arena_grow(scanner->arena, places->all, places->count, capacity, sizeof *more);
        if (more == NULL)
            return SIZE_MAX;
        places->all = more;
        places->capacity = capacity;
    }
    places->all[places->count] = (struct jsonplace){.start = scanner->at, .key = key};
    return places->count++;
}

static bool skip_string(struct scanner *scanner)
{
    if (peek(scanner) != '"')
        return false;
    for (scanner->at++; scanner->at < scanner->text.length; scanner->at++) {
        char c = scanner->text.text[scanner->at];
        if (c == '\\')
            scanner->at++;
        else if (c == '"') {
            scanner->at++;
            return true;
        }
    }
    return false;
}

/* A number, true, false or null. */
static bool skip_word(struct scanner *scanner)
{
    size_t start = scanner->at;
    while (scanner->at < scanner->text.length &&
           memchr(" \t\r\n,:]}", scanner->text.text[scanner->at], 8) == NULL)
        scanner->at++;
    return scanner->at > start;
}

static bool scan_value(struct scanner *scanner, size_t key, size_t depth, size_t *index);

/* One member or element behind the one with index *last (0: the first) of `parent`. */
static bool scan_child(struct scanner *scanner, size_t parent, bool is_object, size_t depth,
                       size_t *last)
{
    skip_blanks(scanner);
    size_t key = scanner->at, index;
    if (is_object) {
        if (!skip_string(scanner))
            return false;
        skip_blanks(scanner);
        if (peek(scanner) != ':')
            return false;
        scanner->at++;
        skip_blanks(scanner);
    }
    if (!scan_value(scanner, key, depth, &index))
        return false;
    if (*last == 0)
        scanner->places->all[parent].child = index;
    else
        scanner->places->all[*last].next = index;
    *last = index;
    skip_blanks(scanner);
    return true;
}

static bool scan_container(struct scanner *scanner, size_t index, size_t depth)
{
    bool is_object = peek(scanner) == '{';
    char end = is_object ? '}' : ']';
    size_t last = 0;
    if (depth == JSONPLACES_DEPTH)
        return false;
    scanner->at++;
    skip_blanks(scanner);
    if (peek(scanner) == end) {
        scanner->at++;
        return true;
    }
    for (;;) {
        if (!scan_child(scanner, index, is_object, depth + 1, &last))
            return false;
        char c = peek(scanner);
        scanner->at++;
        if (c == end)
            return true;
        if (c != ',')
            return false;
    }
}

static bool scan_value(struct scanner *scanner, size_t key, size_t depth, size_t *index)
{
    char c = peek(scanner);
    *index = add(scanner, key);
    if (*index == SIZE_MAX)
        return false;
    bool good = c == '{' || c == '[' ? scan_container(scanner, *index, depth)
                : c == '"'           ? skip_string(scanner)
                                     : skip_word(scanner);
    scanner->places->all[*index].end = scanner->at;
    return good;
}

bool jsonplaces_scan(struct jsonplaces *places, struct slice text, struct arena *arena)
{
    struct jsonplaces made = {.text = text};
    struct scanner scanner = {.places = &made, .arena = arena, .text = text};
    size_t root;
    skip_blanks(&scanner);
    if (!scan_value(&scanner, scanner.at, 0, &root))
        return false;
    skip_blanks(&scanner);
    if (scanner.at != text.length)
        return false;
    *places = made;
    return true;
}

void jsonplaces_locate(struct slice text, size_t offset, uint64_t *line, uint64_t *column)
{
    uint64_t lines = 1;
    size_t start = 0;
    for (size_t i = 0; i < offset && i < text.length; i++)
        if (text.text[i] == '\n') {
            lines++;
            start = i + 1;
        }
    *line = lines;
    *column = offset - start + 1;
}
