/* benchfmt: configuration lines. */
#include "parsers/benchfmt_private.h"
#include "parsers/benchkeys.h"

static struct benchfmt_config *config_for(struct benchfmt_private *private, struct slice key)
{
    size_t known = private->keys.count;
    uint32_t number = intern_add(&private->keys, key);
    if (number == INTERN_NONE)
        return NULL;
    if (private->keys.count > private->config_capacity) {
        size_t wanted = 2 * known + 16;
        struct benchfmt_config *configs =
            arena_grow(&private->arena, private->configs, known, wanted, sizeof(*configs));
        uint32_t *order =
            arena_grow(&private->arena, private->order, known, wanted, sizeof(*order));
        struct gobench_key *list = arena_allocate(&private->arena, wanted, sizeof(*list));
        if (configs == NULL || order == NULL || list == NULL)
            return NULL;
        private->configs = configs;
        private->order = order;
        private->list = list;
        private->config_capacity = wanted;
    }
    if (number == known)
    private->configs[number] = (struct benchfmt_config){.place = BENCHFMT_ABSENT};
    return &private->configs[number];
}

static bool set_value(struct benchfmt_private *private, struct benchfmt_config *config,
                      struct slice value)
{
    if (value.length > config->capacity) {
        char *room = arena_allocate(&private->arena, value.length, 2);
        if (room == NULL)
            return false;
        config->value = room;
        config->capacity = 2 * value.length;
    }
    memcpy(config->value, value.text, value.length);
    config->length = value.length;
    if (config->place == BENCHFMT_ABSENT) {
        config->place = (uint32_t) private->order_count;
        private->order[private->order_count++] = (uint32_t)(config - private->configs);
    }
    return true;
}

/* The last key takes the place of the one that goes. */
static void take_away(struct benchfmt_private *private, struct benchfmt_config *config)
{
    if (config->place == BENCHFMT_ABSENT)
        return;
    uint32_t last = private->order[--private->order_count];
    private->order[config->place] = last;
    private->configs[last].place = config->place;
    config->place = BENCHFMT_ABSENT;
}

bool benchfmt_key(struct benchfmt *reader, struct slice line, struct benchfmt_event *event)
{
    struct slice key, value;
    if (!benchkeys_split(line, &key, &value))
        return false;
    struct benchfmt_config *config = config_for(reader->private, key);
    reader->config_version++;
    if (config == NULL)
        return benchfmt_memory(reader, event);
    if (value.length == 0)
        take_away(reader->private, config);
    else if (!set_value(reader->private, config, value))
        return benchfmt_memory(reader, event);
    return false;
}

const struct gobench_key *benchfmt_keys(struct benchfmt *reader, size_t *count)
{
    struct benchfmt_private *private = reader->private;
    for (size_t i = 0; i < private->order_count; i++) {
        const struct benchfmt_config *config = &private->configs[private->order[i]];
        private->list[i] = (struct gobench_key){private->keys.texts[private->order[i]],
                                                {config->value, config->length}};
    }
    *count = private->order_count;
    return private->list;
}
