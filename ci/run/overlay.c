#include "ci/run/overlay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

/* Go source paths are bytes; JSON takes only UTF-8, so others cannot be replaced: NULL. */
static bool replace(json_t *map, struct arena *arena, const char *folder, const char *name,
                    const char *by_folder)
{
    const char *path = arena_print(arena, "%s/%s", folder, name);
    const char *by = by_folder == NULL ? "" : arena_print(arena, "%s/%s", by_folder, name);
    return path != NULL && by != NULL && json_object_set_new(map, path, json_string(by)) == 0;
}

static bool has(const struct suite_binary *binary, const char *name)
{
    for (size_t i = 0; binary->test_files != NULL && binary->test_files[i] != NULL; i++)
        if (strcmp(binary->test_files[i], name) == 0)
            return true;
    return false;
}

static bool add_package(json_t *map, struct arena *arena, const struct suite_binary *from,
                        const struct suite_binary *to)
{
    for (size_t i = 0; to->test_files != NULL && to->test_files[i] != NULL; i++)
        if (!has(from, to->test_files[i]) &&
            !replace(map, arena, to->folder, to->test_files[i], NULL))
            return false;
    for (size_t i = 0; from->test_files != NULL && from->test_files[i] != NULL; i++)
        if (!replace(map, arena, to->folder, from->test_files[i], from->folder))
            return false;
    return true;
}

enum error_code overlay_write(const struct suite *suite, enum side from, const char *path,
                              struct error *error)
{
    json_t *map = json_object(), *root = NULL;
    bool good = map != NULL;
    for (size_t i = 0; i < suite->package_count && good; i++) {
        const struct suite_package *package = &suite->packages[i];
        if (package->sides[BASE].there && package->sides[HEAD].there)
            good = add_package(map, suite->arena, &package->sides[from],
                               &package->sides[side_other(from)]);
    }
    if (good)
        root = json_pack("{s:O}", "Replace", map);
    json_decref(map);
    if (root == NULL)
        return error_set(error, ERROR_INPUT, NULL, 0, 0,
                         "a path of a test file is no UTF-8: --bench-from cannot replace it");
    enum error_code code = ERROR_NONE;
    if (json_dump_file(root, path, JSON_COMPACT) != 0)
        code = error_set(error, ERROR_WRITE, path, 0, 0, "%s", strerror(errno));
    json_decref(root);
    return code;
}
