/* The JSON Schema and the program's tables of keys say the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "ci/policy/reader.h"
#include "ci/policy/rulekeys.h"
#include "ci/policy/schema.h"
#include "tests/support.h"

static json_t *schema;

static int set_up(void **state)
{
    (void)state;
    schema = json_loadb(policy_schema, policy_schema_bytes, JSON_REJECT_DUPLICATES, NULL);
    return schema == NULL;
}

static int tear_down(void **state)
{
    (void)state;
    json_decref(schema);
    return 0;
}

/* What a way of keys leads to, as "definitions/rule"; fails where there is no such way. */
static json_t *at(const char *way)
{
    json_t *value = schema;
    const char *from = way;
    while (*from != '\0') {
        size_t length = strcspn(from, "/");
        char key[64];
        assert_true(length < sizeof key);
        memcpy(key, from, length);
        key[length] = '\0';
        value = json_is_array(value) ? json_array_get(value, (size_t)(key[0] - '0'))
                                     : json_object_get(value, key);
        if (value == NULL)
            fail_msg("the schema has no %s", way);
        from += length + (from[length] == '/');
    }
    return value;
}

/* The object of the schema for each of policy_key_lists. */
static json_t *object_of(size_t list)
{
    static const char *const ways[POLICY_KEY_LISTS] = {"", "definitions/rule", "definitions/budget",
                                                       "definitions/waiver"};
    return at(ways[list]);
}

static unsigned type_bit(const json_t *name)
{
    static const struct {
        const char *name;
        unsigned bit;
    } rows[] = {{"string", VALUE_STRING},
                {"number", VALUE_NUMBER},
                {"boolean", VALUE_BOOLEAN},
                {"array", VALUE_ARRAY},
                {"object", VALUE_OBJECT}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].name, json_string_value(name)) == 0)
            return rows[i].bit;
    fail_msg("the type %s", json_string_value(name));
    return 0;
}

static unsigned types_of(const json_t *property)
{
    const json_t *type = json_object_get(property, "type");
    unsigned types = 0;
    size_t i;
    const json_t *one;
    assert_non_null(type);
    if (json_is_string(type))
        return type_bit(type);
    json_array_foreach(type, i, one) types |= type_bit(one);
    return types;
}

static bool holds(const json_t *array, const char *text)
{
    size_t i;
    const json_t *one;
    json_array_foreach(array, i, one) if (strcmp(json_string_value(one), text) == 0) return true;
    return false;
}

static void test_keys(void **state)
{
    (void)state;
    for (size_t list = 0; list < POLICY_KEY_LISTS; list++) {
        const struct policy_keys *keys = &policy_key_lists[list];
        const json_t *object = object_of(list), *properties = json_object_get(object, "properties");
        for (size_t i = 0; i < keys->count; i++) {
            const struct policy_key *key = &keys->all[i];
            const json_t *property = json_object_get(properties, key->name);
            if (property == NULL)
                fail_msg("the schema of %s has no \"%s\"", keys->what, key->name);
            if (types_of(property) != key->types)
                fail_msg("%s: the types of \"%s\" differ", keys->what, key->name);
            if (holds(json_object_get(object, "required"), key->name) != key->required)
                fail_msg("%s: \"%s\" is required in one of them", keys->what, key->name);
            assert_true(strlen(key->help) > 0);
        }
        /* As many, so none that the program does not know. */
        assert_int_equal(json_object_size(properties), keys->count);
        assert_true(json_is_false(json_object_get(object, "additionalProperties")));
    }
    assert_int_equal(policy_key_lists[1].count, rule_key_count);
    assert_int_equal(policy_key_lists[2].count, budget_key_count);
    assert_int_equal(policy_key_lists[3].count, waiver_key_count);
}

/* Editors show them. */
static void test_descriptions(void **state)
{
    (void)state;
    for (size_t list = 0; list <= POLICY_KEY_LISTS; list++) {
        json_t *object =
            list < POLICY_KEY_LISTS ? object_of(list) : at("definitions/consequencesByOutcome");
        const char *name;
        json_t *property;
        json_object_foreach(json_object_get(object, "properties"), name, property)
        {
            const char *text = json_string_value(json_object_get(property, "description"));
            if (text == NULL || strlen(text) < 10)
                fail_msg("\"%s\" has no description", name);
        }
    }
}

/* The array has these words and no other, in this order. */
static void check_words(const char *way, const char *const *words, size_t count)
{
    const json_t *array = at(way);
    if (json_array_size(array) != count)
        fail_msg("%s has %zu words, and the program %zu", way, json_array_size(array), count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(json_string_value(json_array_get(array, i)), words[i]);
}

static void test_words(void **state)
{
    (void)state;
    const char *words[8];
    for (size_t i = 0; i < CONSEQUENCE_KINDS; i++)
        words[i] = consequence_name(i);
    check_words("definitions/consequence/enum", words, CONSEQUENCE_KINDS);
    assert_string_equal(words[0], "block"); /* what improvements do not */
    check_words("definitions/harmless/enum", words + 1, CONSEQUENCE_KINDS - 1);
    for (size_t i = 0; i < STATISTICS; i++)
        words[i] = statistic_name((enum statistic)i);
    check_words("definitions/statistic/enum", words, STATISTICS);
    for (size_t i = 0; i < 3; i++)
        words[i] = process_variance_name((enum process_variance)i);
    check_words("properties/process_variance/enum", words, 3);
}

static void test_settings(void **state)
{
    (void)state;
    static const char *const others[] = {"$schema", "description", "rules", "budgets", "waivers"};
    const json_t *properties = at("properties");
    for (size_t i = 0; i < SETTINGS; i++)
        if (json_object_get(properties, setting_name((enum setting)i)) == NULL)
            fail_msg("the schema has no setting \"%s\"", setting_name((enum setting)i));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_non_null(json_object_get(properties, others[i]));
    assert_int_equal(json_object_size(properties), SETTINGS + sizeof others / sizeof others[0]);
}

/* What the schema says is there when nothing is said. */
static void test_defaults(void **state)
{
    (void)state;
    struct arena arena;
    struct policy policy;
    struct error error = {0};
    arena_init(&arena);
    assert_int_equal(policy_built_in(&policy, &arena, &error), ERROR_NONE);
    for (size_t i = 0; i < SETTINGS; i++) {
        enum setting setting = (enum setting)i;
        char way[100];
        snprintf(way, sizeof way, "properties/%s/default", setting_name(setting));
        const json_t *value = at(way);
        const char *text = json_is_string(value) ? json_string_value(value)
                           : json_is_real(value) ? arena_print(&arena, "%g", json_real_value(value))
                                                 : (json_is_true(value) ? "true" : "false");
        assert_string_equal(text, policy_setting(&policy, setting, &arena));
    }
    const char *names[16];
    for (size_t i = 0; i < policy.rule_count; i++)
        names[i] = policy.rules[i].name;
    check_words("definitions/rule/if/properties/name/enum", names, policy.rule_count);
    check_words("definitions/rule/properties/name/examples", names, policy.rule_count);
    support_close(json_real_value(at("definitions/rule/properties/alpha/default")),
                  policy.rules[0].alpha, 0, "alpha");
    arena_release(&arena);
}

static void test_outcomes(void **state)
{
    (void)state;
    static const enum outcome outcomes[] = {OUTCOME_REGRESSED, OUTCOME_UNDECIDED, OUTCOME_IMPROVED,
                                            OUTCOME_MISSING, OUTCOME_NEW};
    const json_t *properties = at("definitions/consequencesByOutcome/properties");
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++)
        assert_non_null(json_object_get(properties, outcome_name(outcomes[i])));
    assert_int_equal(json_object_size(properties), sizeof outcomes / sizeof outcomes[0]);
}

static void test_limits(void **state)
{
    (void)state;
    static const struct {
        const char *way;
        int limit;
    } rows[] = {
        {"properties/rules/maxItems", POLICY_ENTRIES},
        {"properties/budgets/maxItems", POLICY_ENTRIES},
        {"properties/waivers/maxItems", POLICY_ENTRIES},
        {"definitions/name/maxLength", NAME_CHARACTERS},
        {"definitions/waiver/properties/reason/maxLength", TEXT_CHARACTERS},
        {"definitions/unitPattern/maxLength", PATTERN_CHARACTERS},
        {"definitions/packagePattern/maxLength", PATTERN_CHARACTERS},
        {"definitions/benchmarkPattern/maxLength", PATTERN_CHARACTERS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(json_integer_value(at(rows[i].way)), rows[i].limit);
}

/* The bytes of the file, which are ASCII and end as a string does. */
static void test_bytes(void **state)
{
    (void)state;
    size_t length;
    char *file = support_read_file("ci/policy/benchgate.schema.json", &length);
    assert_non_null(file);
    assert_int_equal(length, policy_schema_bytes);
    assert_memory_equal(file, policy_schema, length);
    assert_int_equal(strlen(policy_schema), policy_schema_bytes);
    for (size_t i = 0; i < length; i++)
        assert_true((unsigned char)file[i] < 0x7f);
    free(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys),     cmocka_unit_test(test_descriptions),
        cmocka_unit_test(test_words),    cmocka_unit_test(test_settings),
        cmocka_unit_test(test_defaults), cmocka_unit_test(test_outcomes),
        cmocka_unit_test(test_limits),   cmocka_unit_test(test_bytes),
    };
    return cmocka_run_group_tests_name("policy schema", tests, set_up, tear_down);
}
