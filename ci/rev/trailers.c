#include "ci/rev/trailers.h"

#include <string.h>
#include <strings.h>

#include "ci/rev/commit.h"
#include "ci/rev/git.h"
#include "ci/rev/walk.h"

static const char blanks[] = " \t\r\n\v\f";

struct collector {
    struct arena *arena;
    const char *key;
    struct trailer_list list;
    size_t room;
    git_commit *commit;   /* at hand */
    struct trailer facts; /* of the commit, filled where it has a trailer */
};

static enum error_code no_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

/* Copies the line to `to`, for libgit2's parser; see message_for_parser. Returns its end. */
static char *copy_line(char *to, const char *line, size_t length, bool plain)
{
    size_t end = length;
    memcpy(to, line, length);
    if (plain && *line == '\t')
        *to = ' ';
    if (plain && length >= 3 && memcmp(line, "---", 3) == 0)
        *to = '*';
    while (end > 0 && strchr(blanks, line[end - 1]) != NULL)
        end--;
    if (plain && end > 0 && line[end - 1] == ':')
        to[length++] = '\r';
    to[length++] = '\n';
    return to + length;
}

/*
 * The message as git_message_trailers of libgit2 1.5 reads it the way Git reads a commit's: a tab
 * does not go on with a value, so it is a blank; a line of "---" is no end of the message; an empty
 * value takes the next line with it, so it is a carriage return. Lines of an old "Conflicts:" block
 * stay, because it is skipped by its looks. NULL: out of memory.
 */
static const char *message_for_parser(const char *message, struct arena *arena)
{
    char *made = arena_allocate(arena, 2 * strlen(message) + 3, 1), *end = made;
    bool conflicts = false;
    if (made == NULL)
        return NULL;
    for (const char *line = message; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        conflicts = slice_equal((struct slice){line, length}, SLICE("Conflicts:")) ||
                    (conflicts && *line == '\t');
        end = copy_line(end, line, length, !conflicts);
        line += length + (line[length] == '\n');
    }
    *end = '\0';
    return made;
}

/* The value on one line: what stands around a line's end is one blank. NULL: out of memory. */
static const char *unfold(const char *value, struct arena *arena)
{
    char *made = arena_allocate(arena, strlen(value) + 1, 1), *end = made;
    if (made == NULL)
        return NULL;
    for (value += strspn(value, blanks); *value != '\0';) {
        size_t length = strcspn(value, "\n"), used = length;
        while (used > 0 && strchr(blanks, value[used - 1]) != NULL)
            used--;
        memcpy(end, value, used);
        end += used;
        value += length;
        value += strspn(value, blanks);
        if (*value != '\0')
            *end++ = ' ';
    }
    *end = '\0';
    return made;
}

/* What all trailers of the commit at hand share. */
static bool describe(struct collector *collector)
{
    struct trailer facts = {.value = NULL};
    const git_signature *author = git_commit_author(collector->commit);
    const char *subject = git_commit_summary(collector->commit);
    git_oid_tostr(facts.commit, sizeof(facts.commit), git_commit_id(collector->commit));
    facts.author_name = arena_copy(collector->arena, slice_of(author->name)).text;
    facts.author_email = arena_copy(collector->arena, slice_of(author->email)).text;
    facts.subject = arena_copy(collector->arena, slice_of(subject == NULL ? "" : subject)).text;
    if (facts.author_name == NULL || facts.author_email == NULL || facts.subject == NULL)
        return false;
    collector->facts = facts;
    return true;
}

static bool make_room(struct collector *collector)
{
    if (collector->list.count < collector->room)
        return true;
    size_t wanted = collector->room == 0 ? 4 : 2 * collector->room;
    struct trailer *grown = arena_grow(collector->arena, collector->list.trailers,
                                       collector->list.count, wanted, sizeof(*grown));
    if (grown == NULL)
        return false;
    collector->list.trailers = grown;
    collector->room = wanted;
    return true;
}

/* False: out of memory. */
static bool take(struct collector *collector, const char *value)
{
    if (collector->facts.subject == NULL && !describe(collector))
        return false;
    struct trailer made = collector->facts;
    made.value = unfold(value, collector->arena);
    if (made.value == NULL || !make_room(collector))
        return false;
    collector->list.trailers[collector->list.count++] = made;
    return true;
}

/* Those of the key among all trailers of the commit at hand. */
static enum error_code take_matching(struct collector *collector,
                                     const git_message_trailer_array *found, struct error *error)
{
    for (size_t i = 0; i < found->count; i++) {
        if (strcasecmp(found->trailers[i].key, collector->key) != 0)
            continue;
        if (collector->list.count == TRAILERS_MAX) {
            collector->list.cut = true;
            break;
        }
        if (!take(collector, found->trailers[i].value))
            return no_memory(error);
    }
    return ERROR_NONE;
}

/* The trailers of the commit at hand; its message is copied into `scratch`. */
static enum error_code take_commit(struct collector *collector, struct arena *scratch,
                                   struct error *error)
{
    git_message_trailer_array found = {.count = 0};
    const char *message = git_commit_message(collector->commit);
    enum error_code code;
    collector->facts = (struct trailer){.subject = NULL};
    if (strlen(message) > TRAILERS_MAX_MESSAGE_BYTES) {
        collector->list.cut = true;
        return ERROR_NONE;
    }
    message = message_for_parser(message, scratch);
    if (message == NULL || git_message_trailers(&found, message) != 0)
        code = no_memory(error);
    else
        code = take_matching(collector, &found, error);
    git_message_trailer_array_free(&found);
    return code;
}

static bool is_full(const struct collector *collector)
{
    return collector->list.cut && collector->list.count == TRAILERS_MAX;
}

static enum error_code take_all(struct repository *repository, const struct walk *walk,
                                struct collector *collector, struct error *error)
{
    enum error_code code = ERROR_NONE;
    collector->list.cut = walk->cut;
    for (size_t i = 0; code == ERROR_NONE && i < walk->count && !is_full(collector); i++) {
        struct arena scratch;
        if (git_commit_lookup(&collector->commit, repository->git, &walk->ids[i]) != 0)
            return git_failed(error, ERROR_INPUT, "a commit of the history cannot be read");
        arena_init(&scratch);
        code = take_commit(collector, &scratch, error);
        arena_release(&scratch);
        git_commit_free(collector->commit);
    }
    return code;
}

/* The id of a commit that is there, with the advice of commit_find where it is not. */
static enum error_code find_id(struct repository *repository, const char *hexadecimal,
                               struct arena *arena, git_oid *id, struct error *error)
{
    git_commit *commit = NULL;
    enum error_code code = commit_find(repository, hexadecimal, arena, &commit, error);
    if (code == ERROR_NONE)
        git_oid_cpy(id, git_commit_id(commit));
    git_commit_free(commit);
    return code;
}

enum error_code trailers_collect(struct repository *repository, const char *base_commit_hex,
                                 const char *head_commit_hex, const char *key, struct arena *arena,
                                 struct trailer_list *list, struct error *error)
{
    struct collector collector = {.arena = arena, .key = key};
    struct walk walk = {.ids = NULL};
    git_oid base, head;
    enum error_code code = ERROR_NONE;
    if (*head_commit_hex != '\0') {
        code = find_id(repository, base_commit_hex, arena, &base, error);
        if (code == ERROR_NONE)
            code = find_id(repository, head_commit_hex, arena, &head, error);
        if (code == ERROR_NONE)
            code =
                walk_between(repository, &base, &head, TRAILERS_MAX_COMMITS, arena, &walk, error);
        if (code == ERROR_NONE)
            code = take_all(repository, &walk, &collector, error);
    }
    if (code == ERROR_NONE)
        *list = collector.list;
    return code;
}
