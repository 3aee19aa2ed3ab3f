#include "ci/table/tracks.h"

enum { FIRST_SLOTS = 1024 };

void tracks_init(struct tracks *tracks, struct intern *texts)
{
    *tracks = (struct tracks){.texts = texts};
    arena_init(&tracks->arena);
}

void tracks_clear(struct tracks *tracks)
{
    arena_release(&tracks->arena);
    tracks_init(tracks, tracks->texts);
}

static struct track *track_at(const struct tracks *tracks, uint32_t number)
{
    return store_at(&tracks->all, number, sizeof(struct track));
}

/* Sixteen names that turned up one after the other stand side by side, in a line of the cache. */
static size_t find_slot(const struct tracks *tracks, uint32_t name, uint32_t state)
{
    uint64_t hash = ((uint64_t)state << 32 | name >> 4) * 0xff51afd7ed558ccdu;
    hash = (hash ^ hash >> 32) * 0xc4ceb9fe1a85ec53u;
    size_t slot = ((hash >> 32 << 4) + (name & 15)) & (tracks->slot_count - 1);
    for (uint32_t held; (held = tracks->slots[slot]) != 0;) {
        const struct track *track = track_at(tracks, held - 1);
        if (track->name == name && track->state == state)
            break;
        slot = (slot + 1) & (tracks->slot_count - 1);
    }
    return slot;
}

static bool grow_slots(struct tracks *tracks)
{
    if (2 * (size_t)tracks->all.count < tracks->slot_count)
        return true;
    size_t wanted = tracks->slot_count == 0 ? (size_t)FIRST_SLOTS : 2 * tracks->slot_count;
    uint32_t *slots = arena_zero(&tracks->arena, wanted, sizeof(*slots));
    if (slots == NULL)
        return false;
    arena_drop(&tracks->arena, tracks->slots);
    tracks->slots = slots;
    tracks->slot_count = wanted;
    for (uint32_t i = 0; i < tracks->all.count; i++) {
        const struct track *track = track_at(tracks, i);
        slots[find_slot(tracks, track->name, track->state)] = i + 1;
    }
    return true;
}

/* The number + 1 of the track, made where there is none yet; 0 where memory is short. */
static uint32_t look_up(struct tracks *tracks, uint32_t name, uint32_t state)
{
    if (!grow_slots(tracks))
        return 0;
    size_t slot = find_slot(tracks, name, state);
    if (tracks->slots[slot] == 0) {
        struct track *track = store_add(&tracks->all, &tracks->arena, sizeof(*track));
        if (track == NULL)
            return 0;
        *track = (struct track){.name = name, .state = state, .row = INTERN_NONE};
        tracks->slots[slot] = tracks->all.count;
    }
    return tracks->slots[slot];
}

static bool has_name(const struct tracks *tracks, uint32_t name, const struct result *result)
{
    return name < tracks->texts->count && slice_equal(tracks->texts->texts[name], result->name);
}

/* The track of that number + 1, where there is one and it is that of the result. */
static struct track *guess(const struct tracks *tracks, uint32_t number,
                           const struct result *result)
{
    if (number == 0 || number > tracks->all.count)
        return NULL;
    struct track *track = track_at(tracks, number - 1);
    return track->state == result->state && has_name(tracks, track->name, result) ? track : NULL;
}

/* The number of the result's name; INTERN_NONE where memory is short. */
static uint32_t name_of(const struct tracks *tracks, const struct result *result)
{
    if (tracks->last != 0) {
        uint32_t next = track_at(tracks, tracks->last - 1)->name + 1;
        if (has_name(tracks, next, result))
            return next;
    }
    return intern_add(tracks->texts, result->name);
}

static struct track *same_as_last(const struct tracks *tracks, const struct result *result)
{
    if (!result->same_name || tracks->last == 0)
        return NULL;
    struct track *track = track_at(tracks, tracks->last - 1);
    return track->state == result->state ? track : NULL;
}

struct track *tracks_find(struct tracks *tracks, const struct result *result)
{
    struct track *track = same_as_last(tracks, result);
    if (track == NULL)
        track = guess(tracks, tracks->last, result);
    if (track != NULL)
        return track;
    uint32_t found = 0, name;
    if (tracks->last != 0 && guess(tracks, tracks->last + 1, result) != NULL)
        found = tracks->last + 1;
    else if ((name = name_of(tracks, result)) != INTERN_NONE)
        found = look_up(tracks, name, result->state);
    if (found == 0)
        return NULL;
    tracks->last = found;
    return track_at(tracks, found - 1);
}
