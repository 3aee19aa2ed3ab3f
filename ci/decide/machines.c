#include "ci/decide/gate.h"

enum error_code gate_check_machines(const struct dataset *dataset, struct error *error)
{
    static const struct slice keys[] = {{"goos", 4}, {"goarch", 6}, {"cpu", 3}, {"go", 2}};
    for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
        const struct machine_fact *first = NULL;
        const char *first_source = NULL;
        for (enum side side = BASE; side < SIDES; side++) {
            const struct side_data *data = &dataset->sides[side];
            for (size_t i = 0; i < data->fact_count; i++) {
                const struct machine_fact *fact = &data->facts[i];
                if (!slice_equal(fact->key, keys[k]))
                    continue;
                if (first == NULL) {
                    first = fact;
                    first_source = data->source;
                } else if (!slice_equal(fact->value, first->value)) {
                    return error_set(
                        error, ERROR_INPUT, data->source, fact->line, 1,
                        "%.*s is \"%.*s\" here and \"%.*s\" in %s:%llu; measurements of different "
                        "%s do not compare (--allow-mixed compares them all the same)",
                        (int)keys[k].length, keys[k].text, (int)fact->value.length,
                        fact->value.text, (int)first->value.length, first->value.text, first_source,
                        (unsigned long long)first->line,
                        slice_equal(keys[k], SLICE("go")) ? "toolchains" : "machines");
                }
            }
        }
    }
    return ERROR_NONE;
}
