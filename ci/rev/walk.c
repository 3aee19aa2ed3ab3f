#include "ci/rev/walk.h"

#include <stdint.h>

#include "ci/rev/git.h"
#include "ci/rev/missing.h"

/* Commits of base alone, older than all that are head's, after which the rest is taken to be so:
 * as many as Git takes (SLOP in revision.c). */
enum { SLOP = 5 };

struct node {
    git_oid id;
    int64_t time; /* Unix time of the commit */
    bool queued;
    bool hidden; /* base has it */
};

/*
 * Both histories are walked at once, newest first. A commit is queued when it is first seen, and
 * once more where it turns out to be base's after it went for head's, to say so to its parents.
 */
struct walker {
    struct repository *repository;
    struct arena scratch;
    struct error *error;
    struct node *nodes; /* in the order in which they were seen */
    size_t node_count, node_room;
    size_t *table; /* numbers of nodes + 1, by their ids; 0: free */
    size_t table_size;
    size_t *queue; /* numbers of nodes, a heap with the newest first */
    size_t queue_count, queue_room;
    size_t shown;  /* in the queue and not hidden */
    size_t *order; /* numbers of nodes as they left the queue, not hidden then */
    size_t order_count, order_room;
};

static enum error_code no_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

/* Room for one more number. False: out of memory. */
static bool make_room(struct arena *arena, size_t **numbers, size_t count, size_t *room)
{
    if (count < *room)
        return true;
    size_t wanted = *room == 0 ? 64 : 2 * *room;
    size_t *grown = arena_grow(arena, *numbers, count, wanted, sizeof(*grown));
    if (grown == NULL)
        return false;
    *numbers = grown;
    *room = wanted;
    return true;
}

/* The newer first; of the same second, the one seen first. */
static bool is_before(const struct walker *walker, size_t a, size_t b)
{
    int64_t at = walker->nodes[a].time, other = walker->nodes[b].time;
    return at != other ? at > other : a < b;
}

static void swap(size_t *a, size_t *b)
{
    size_t kept = *a;
    *a = *b;
    *b = kept;
}

static bool push(struct walker *walker, size_t number)
{
    if (!make_room(&walker->scratch, &walker->queue, walker->queue_count, &walker->queue_room))
        return false;
    size_t at = walker->queue_count++;
    walker->queue[at] = number;
    walker->nodes[number].queued = true;
    walker->shown += !walker->nodes[number].hidden;
    for (; at > 0 && is_before(walker, walker->queue[at], walker->queue[(at - 1) / 2]);
         at = (at - 1) / 2)
        swap(&walker->queue[at], &walker->queue[(at - 1) / 2]);
    return true;
}

static size_t pop(struct walker *walker)
{
    size_t *queue = walker->queue, first = queue[0], at = 0;
    queue[0] = queue[--walker->queue_count];
    for (size_t next; (next = 2 * at + 1) < walker->queue_count; at = next) {
        if (next + 1 < walker->queue_count && is_before(walker, queue[next + 1], queue[next]))
            next++;
        if (!is_before(walker, queue[next], queue[at]))
            break;
        swap(&queue[next], &queue[at]);
    }
    walker->nodes[first].queued = false;
    walker->shown -= !walker->nodes[first].hidden;
    return first;
}

/* The place of the id in the table: its number is there, or the place is free. */
static size_t *place_of(const struct walker *walker, const git_oid *id)
{
    struct slice bytes = {(const char *)id->id, GIT_OID_RAWSZ};
    size_t at = (size_t)slice_hash(bytes, 0) & (walker->table_size - 1);
    while (walker->table[at] != 0 && !git_oid_equal(&walker->nodes[walker->table[at] - 1].id, id))
        at = (at + 1) & (walker->table_size - 1);
    return &walker->table[at];
}

/* Doubles the room for nodes; the table has twice as much. */
static bool grow(struct walker *walker)
{
    size_t wanted = walker->node_room == 0 ? 64 : 2 * walker->node_room;
    struct node *nodes =
        arena_grow(&walker->scratch, walker->nodes, walker->node_count, wanted, sizeof(*nodes));
    size_t *table = arena_zero(&walker->scratch, 2 * wanted, sizeof(*table));
    if (nodes == NULL || table == NULL)
        return false;
    walker->nodes = nodes;
    walker->node_room = wanted;
    walker->table = table;
    walker->table_size = 2 * wanted;
    for (size_t i = 0; i < walker->node_count; i++)
        *place_of(walker, &nodes[i].id) = i + 1;
    return true;
}

/* A commit that was seen before and is now seen to be base's, too. */
static enum error_code hide(struct walker *walker, size_t number)
{
    struct node *node = &walker->nodes[number];
    if (node->hidden)
        return ERROR_NONE;
    node->hidden = true;
    if (node->queued)
        walker->shown--;
    else if (!push(walker, number))
        return no_memory(walker->error);
    return ERROR_NONE;
}

static enum error_code see(struct walker *walker, const git_oid *id, bool hidden)
{
    if (walker->node_count == walker->node_room && !grow(walker))
        return no_memory(walker->error);
    size_t *place = place_of(walker, id);
    if (*place != 0)
        return hidden ? hide(walker, *place - 1) : ERROR_NONE;
    git_commit *commit = NULL;
    int status = git_commit_lookup(&commit, walker->repository->git, id);
    if (status == GIT_ENOTFOUND && missing_is_shallow(walker->repository))
        return ERROR_NONE;
    if (status != 0)
        return git_failed(walker->error, ERROR_INPUT, "a commit of the history cannot be read");
    size_t number = walker->node_count++;
    walker->nodes[number] =
        (struct node){.id = *id, .time = git_commit_time(commit), .hidden = hidden};
    *place = number + 1;
    git_commit_free(commit);
    return push(walker, number) ? ERROR_NONE : no_memory(walker->error);
}

static enum error_code see_parents(struct walker *walker, size_t number)
{
    git_commit *commit = NULL;
    bool hidden = walker->nodes[number].hidden;
    enum error_code code = ERROR_NONE;
    if (git_commit_lookup(&commit, walker->repository->git, &walker->nodes[number].id) != 0)
        return git_failed(walker->error, ERROR_INPUT, "a commit of the history cannot be read");
    unsigned count = git_commit_parentcount(commit);
    for (unsigned i = 0; code == ERROR_NONE && i < count; i++)
        code = see(walker, git_commit_parent_id(commit, i), hidden);
    git_commit_free(commit);
    return code;
}

/* Whether all that is left is base's, and older than what was found by `slop` commits or more. */
static bool is_done(const struct walker *walker, int64_t oldest, unsigned *slop)
{
    if (walker->queue_count == 0)
        return true;
    if (walker->shown > 0 || walker->nodes[walker->queue[0]].time >= oldest)
        *slop = SLOP;
    else
        --*slop;
    return *slop == 0;
}

static enum error_code run(struct walker *walker, size_t most, bool *cut)
{
    int64_t oldest = INT64_MAX;
    enum error_code code = ERROR_NONE;
    for (unsigned slop = SLOP; code == ERROR_NONE && !is_done(walker, oldest, &slop);) {
        size_t number = pop(walker);
        const struct node *node = &walker->nodes[number];
        if (!node->hidden) {
            *cut = walker->order_count == most;
            if (*cut)
                break;
            if (!make_room(&walker->scratch, &walker->order, walker->order_count,
                           &walker->order_room))
                return no_memory(walker->error);
            walker->order[walker->order_count++] = number;
            oldest = node->time < oldest ? node->time : oldest;
        }
        code = see_parents(walker, number);
    }
    return code;
}

/* What is head's alone, after all. */
static enum error_code finish(const struct walker *walker, bool cut, struct arena *arena,
                              struct walk *walk)
{
    struct walk made = {.cut = cut};
    made.ids = arena_allocate(arena, walker->order_count, sizeof(*made.ids));
    if (made.ids == NULL)
        return no_memory(walker->error);
    for (size_t i = 0; i < walker->order_count; i++) {
        const struct node *node = &walker->nodes[walker->order[i]];
        if (!node->hidden)
            made.ids[made.count++] = node->id;
    }
    *walk = made;
    return ERROR_NONE;
}

enum error_code walk_between(struct repository *repository, const git_oid *base,
                             const git_oid *head, size_t most, struct arena *arena,
                             struct walk *walk, struct error *error)
{
    struct walker walker = {.repository = repository, .error = error};
    bool cut = false;
    arena_init(&walker.scratch);
    enum error_code code = see(&walker, head, false);
    if (code == ERROR_NONE)
        code = see(&walker, base, true);
    if (code == ERROR_NONE)
        code = run(&walker, most, &cut);
    if (code == ERROR_NONE)
        code = finish(&walker, cut, arena, walk);
    arena_release(&walker.scratch);
    return code;
}
