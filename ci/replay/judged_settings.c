/* The settings of a policy: one of some words, a truth or a rate each. */
#include <stddef.h>

#include "ci/replay/judged_parts.h"

static const char *const mode_words[] = {"enforce", "advisory"};
static const char *const block_words[] = {"note", "block"};
static const char *const variance_words[] = {"auto", "assume", "ignore"};

/* A setting that is one of some words, and where its index goes. */
struct kept_setting {
    const char *const *words;
    size_t count;
    size_t truth;    /* offset of a bool that index 1 sets; 0: none */
    size_t variance; /* whether it is the process variance */
};

static const struct kept_setting setting_kinds[SETTINGS] = {
    [SETTING_MODE] = {mode_words, 2, offsetof(struct policy, advisory), 0},
    [SETTING_MISSING] = {block_words, 2, offsetof(struct policy, missing_blocks), 0},
    [SETTING_UNDECIDED] = {block_words, 2, offsetof(struct policy, undecided_blocks), 0},
    [SETTING_BENCHMARK_CHANGED] = {block_words, 2, offsetof(struct policy, changed_blocks), 0},
    [SETTING_PROCESS_VARIANCE] = {variance_words, 3, 0, 1},
    [SETTING_STRICT] = {NULL, 0, offsetof(struct policy, strict), 0},
    [SETTING_BUILT_IN] = {NULL, 0, offsetof(struct policy, built_in), 0},
    [SETTING_WAIVERS_BY_TRAILER] = {NULL, 0, offsetof(struct policy, waivers_by_trailer), 0},
};

static bool read_rate(const struct kept *kept, struct node entry, double least, double most,
                      double *rate)
{
    const struct field field = {"value", FIELD_NUMBER, 0, 0, least, most, NULL, 0};
    return fields_read(kept, entry, "a setting", &field, 1, rate);
}

static bool read_setting_value(const struct kept *kept, struct node entry, enum setting setting,
                               struct policy *policy)
{
    const struct kept_setting *kind = &setting_kinds[setting];
    if (setting == SETTING_FAMILY_ERROR)
        return read_rate(kept, entry, 1e-12, 0.5, &policy->family_error);
    if (setting == SETTING_CONFIDENCE)
        return read_rate(kept, entry, 1e-12, 1 - 1e-12, &policy->confidence);
    bool *truth = (void *)((char *)policy + kind->truth);
    if (kind->words == NULL) {
        const struct field field = {"value", FIELD_BOOLEAN, 0, 0, 0, 0, NULL, 0};
        return fields_read(kept, entry, "a setting", &field, 1, truth);
    }
    unsigned index = 0;
    const struct field field = {"value", FIELD_WORD, 0, 0, 0, 0, kind->words, kind->count};
    if (!fields_read(kept, entry, "a setting", &field, 1, &index))
        return false;
    if (kind->variance)
        policy->process_variance = (enum process_variance)index;
    else
        *truth = index == 1;
    return true;
}

bool judged_settings(const struct kept *kept, struct node object, struct policy *policy)
{
    for (int i = 0; i < SETTINGS; i++) {
        struct node entry = {0};
        const char *source = NULL;
        const struct field member = {
            setting_name((enum setting)i), FIELD_OBJECT, 0, 0, 0, 0, NULL, 0};
        const struct field from = {"source", FIELD_TEXT, 0, 0, 0, 0, NULL, 0};
        if (!fields_read(kept, object, "\"settings\"", &member, 1, &entry) ||
            !fields_read(kept, entry, "a setting", &from, 1, &source) ||
            !read_setting_value(kept, entry, (enum setting)i, policy))
            return false;
        policy->sources[i] = judged_source(source);
    }
    return true;
}
