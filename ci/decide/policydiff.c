#include "ci/decide/policydiff.h"

#include <string.h>

#include "ci/decide/ruletext.h"

/* Texts of one kind of entry, each under a name by which it meets the other policy's. */
struct entry {
    const char *name, *text;
};

struct entries {
    struct entry *all;
    size_t count;
};

static bool add(struct policydiff *diff, struct arena *arena, const char *line)
{
    const char **more =
        arena_grow(arena, (void *)diff->lines, diff->count, diff->count + 1, sizeof(const char *));
    if (line == NULL || more == NULL)
        return false;
    more[diff->count++] = line;
    diff->lines = more;
    return true;
}

static const char *find(const struct entries *entries, const char *name)
{
    for (size_t i = 0; i < entries->count; i++)
        if (strcmp(entries->all[i].name, name) == 0)
            return entries->all[i].text;
    return NULL;
}

static bool compare(struct policydiff *diff, struct arena *arena, const char *what,
                    const struct entries *from, const struct entries *to)
{
    for (size_t i = 0; i < from->count; i++) {
        const char *before = from->all[i].text, *name = from->all[i].name;
        const char *after = find(to, name);
        if (after != NULL && strcmp(before, after) == 0)
            continue;
        if (!add(diff, arena,
                 after == NULL ? arena_print(arena, "%s%s is gone (%s)", what, name, before)
                               : arena_print(arena, "%s%s: %s -> %s", what, name, before, after)))
            return false;
    }
    for (size_t i = 0; i < to->count; i++)
        if (find(from, to->all[i].name) == NULL &&
            !add(diff, arena,
                 arena_print(arena, "%s%s is new (%s)", what, to->all[i].name, to->all[i].text)))
            return false;
    return true;
}

static bool list_settings(const struct policy *policy, struct arena *arena, struct entries *entries)
{
    *entries = (struct entries){arena_allocate(arena, SETTINGS, sizeof(struct entry)), SETTINGS};
    for (int i = 0; entries->all != NULL && i < SETTINGS; i++) {
        entries->all[i] = (struct entry){setting_name((enum setting)i),
                                         policy_setting(policy, (enum setting)i, arena)};
        if (entries->all[i].text == NULL)
            return false;
    }
    return entries->all != NULL;
}

/* The place among the rules is part of what a rule is: the first that matches decides. */
static bool list_rules(const struct policy *policy, struct arena *arena, struct entries *entries)
{
    size_t count = policy->rule_count;
    *entries = (struct entries){arena_allocate(arena, count + 1, sizeof(struct entry)), count};
    for (size_t i = 0; entries->all != NULL && i < count; i++) {
        const struct rule *rule = &policy->rules[i];
        const char *scope = ruletext_scope(rule, arena), *terms = ruletext_terms(rule, arena);
        entries->all[i] =
            (struct entry){rule->name, arena_print(arena, "%s, %s", scope != NULL ? scope : "",
                                                   terms != NULL ? terms : "")};
        if (entries->all[i].text == NULL)
            return false;
    }
    return entries->all != NULL;
}

static bool list_budgets(const struct policy *policy, struct arena *arena, struct entries *entries)
{
    size_t count = policy->budget_count;
    *entries = (struct entries){arena_allocate(arena, count + 1, sizeof(struct entry)), count};
    for (size_t i = 0; entries->all != NULL && i < count; i++) {
        const struct budget *budget = &policy->budgets[i];
        entries->all[i] = (struct entry){budget->name, ruletext_budget(budget, arena)};
        if (entries->all[i].text == NULL)
            return false;
    }
    return entries->all != NULL;
}

/* Those of the file; trailers are the change's own, and listed by themselves. */
static bool list_waivers(const struct policy *policy, struct arena *arena, struct entries *entries)
{
    *entries =
        (struct entries){arena_allocate(arena, policy->waiver_count + 1, sizeof(struct entry)), 0};
    for (size_t i = 0; entries->all != NULL && i < policy->waiver_count; i++) {
        const struct waiver *waiver = &policy->waivers[i];
        if (waiver->expires == NULL)
            continue;
        entries->all[entries->count] = (struct entry){waiver->what, ruletext_waiver(waiver, arena)};
        if (entries->all[entries->count++].text == NULL)
            return false;
    }
    return entries->all != NULL;
}

/* Whether the rules that both have stand in the same order. */
static bool same_order(const struct entries *from, const struct entries *to)
{
    size_t next = 0;
    for (size_t i = 0; i < from->count; i++) {
        if (find(to, from->all[i].name) == NULL)
            continue;
        while (next < to->count && find(from, to->all[next].name) == NULL)
            next++;
        if (next == to->count || strcmp(to->all[next++].name, from->all[i].name) != 0)
            return false;
    }
    return true;
}

bool policydiff_make(const struct policy *from, const struct policy *to, struct arena *arena,
                     struct policydiff *diff)
{
    static const struct {
        const char *what;
        bool (*list)(const struct policy *policy, struct arena *arena, struct entries *entries);
    } kinds[] = {
        {"", list_settings},
        {"rule ", list_rules},
        {"budget ", list_budgets},
        {"waiver ", list_waivers},
    };
    *diff = (struct policydiff){0};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct entries before, after;
        if (!kinds[i].list(from, arena, &before) || !kinds[i].list(to, arena, &after) ||
            !compare(diff, arena, kinds[i].what, &before, &after))
            return false;
        if (kinds[i].list == list_rules && !same_order(&before, &after) &&
            !add(diff, arena, "the rules stand in another order"))
            return false;
    }
    return true;
}
