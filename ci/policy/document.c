#include "ci/policy/document.h"

#include <string.h>

#include "ci/policy/syntax.h"
#include "parsers/utf8.h"

enum { QUOTED_BYTES = 60 };

static void fault_at(const struct document *document, size_t offset, const char *text)
{
    uint64_t line = 0, column = 0;
    if (document->faults->count < FAULTS_MAX)
        jsonplaces_locate(document->places.text, offset, &line, &column);
    faults_add(document->faults, document->arena, line, column, text);
}

bool document_open(struct document *document, struct slice text, struct arena *arena,
                   struct faults *faults)
{
    return document_open_as(document, text, "policy", DOCUMENT_BYTES, arena, faults);
}

bool document_open_as(struct document *document, struct slice text, const char *what, size_t most,
                      struct arena *arena, struct faults *faults)
{
    json_error_t error = {0};
    *document = (struct document){.arena = arena, .faults = faults};
    /* Columns count from behind the mark; nobody sees it. */
    struct slice rest = slice_skip(text, slice_starts(text, SLICE("\xef\xbb\xbf")) ? 3 : 0);
    size_t offset = 0;
    document->places.text = rest;
    const char *fault =
        rest.length > most
            ? arena_print(arena, "has %zu bytes; a %s has at most %zu", rest.length, what, most)
            : syntax_look(rest, what, arena, &offset);
    if (fault == NULL && !arena->failed) {
        document->root =
            json_loadb(rest.text, rest.length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
        if (document->root == NULL)
            fault = syntax_words(rest, what, &error, arena, &offset);
        else if (jsonplaces_scan(&document->places, rest, arena))
            return true;
        else
            fault = "nested too deeply"; /* or memory is short, which the arena says */
    }
    fault_at(document, offset, fault);
    document_close(document);
    return false;
}

void document_close(struct document *document)
{
    json_decref(document->root);
    document->root = NULL;
}

struct node document_root(const struct document *document)
{
    return (struct node){document->root, 0};
}

/* The tree keeps members in the order of the text, as the places do. */
bool document_next(const struct document *document, struct node container, struct walk *walk,
                   const char **key, struct node *child)
{
    const struct jsonplace *places = document->places.all;
    bool first = walk->place == 0;
    size_t place = first ? places[container.place].child : places[walk->place].next;
    if (place == 0)
        return false;
    walk->place = child->place = place;
    *key = NULL;
    if (json_is_array(container.value)) {
        child->value = json_array_get(container.value, walk->ordinal++);
        return true;
    }
    walk->member = first ? json_object_iter(container.value)
                         : json_object_iter_next(container.value, walk->member);
    *key = json_object_iter_key(walk->member);
    child->value = json_object_iter_value(walk->member);
    return true;
}

void document_fault(const struct document *document, struct node node, const char *text)
{
    fault_at(document, document->places.all[node.place].start, text);
}

void document_fault_key(const struct document *document, struct node node, const char *text)
{
    fault_at(document, document->places.all[node.place].key, text);
}

void document_fault_within(const struct document *document, struct node node, size_t offset,
                           const char *text)
{
    const struct jsonplace *place = &document->places.all[node.place];
    const char *written = document->places.text.text + place->start + 1;
    size_t length = place->end - place->start;
    /* An escape makes the text and what is written differ in length: then the value's beginning. */
    bool plain = length >= 2 && memchr(written, '\\', length - 2) == NULL && offset <= length - 2;
    fault_at(document, plain ? place->start + 1 + offset : place->start, text);
}

const char *document_where(const struct document *document, struct node node)
{
    uint64_t line, column;
    jsonplaces_locate(document->places.text, document->places.all[node.place].start, &line,
                      &column);
    return arena_print(document->arena, "%s:%llu:%llu", document->faults->source,
                       (unsigned long long)line, (unsigned long long)column);
}

const char *document_cut(const struct document *document, struct slice text)
{
    struct slice kept = utf8_cut(text, QUOTED_BYTES);
    const char *cut = arena_print(document->arena, "%.*s%s", (int)kept.length, kept.text,
                                  kept.length < text.length ? "..." : "");
    return cut == NULL ? "" : cut;
}

const char *document_quote(const struct document *document, struct node node)
{
    const struct jsonplace *place = &document->places.all[node.place];
    return document_cut(document, (struct slice){document->places.text.text + place->start,
                                                 place->end - place->start});
}
