/* libgit2, loaded at run time: all functions or none, and what is said where it cannot be. */
#include <string.h>

#include "ci/rev/libgit2.h"
#include "tests/support.h"

static void test_no_file(void **state)
{
    (void)state;
    static const char *const files[] = {"libgit2-of-nobody.so.0", "./libgit2-of-nobody.so.0", NULL};
    struct libgit2 functions = {.git_libgit2_init = NULL};
    struct error error = {.code = ERROR_NONE};
    assert_false(libgit2_bind(files, &functions, &error));
    assert_int_equal(error.code, ERROR_READ);
    assert_non_null(strstr(error.text, "libgit2 (libgit2-of-nobody.so.0)"));
    assert_non_null(strstr(error.text, "cannot be loaded: "));
    assert_null(strchr(error.text, '\n'));
    assert_true(functions.git_libgit2_init == NULL);
}

static void test_start(void **state)
{
    (void)state;
    struct error error = {.code = ERROR_NONE};
    assert_true(libgit2()->git_libgit2_init == NULL); /* nothing is loaded before */
    assert_int_equal(libgit2_start(&error), ERROR_NONE);
    struct libgit2 first = *libgit2();
#define EXPECT(name) assert_true(first.name != NULL);
    LIBGIT2_FUNCTIONS(EXPECT)
#undef EXPECT
    assert_int_equal(libgit2_start(&error), ERROR_NONE);
    assert_memory_equal(&first, libgit2(), sizeof first);
    assert_int_equal(git_libgit2_shutdown(), 1);
    assert_int_equal(git_libgit2_shutdown(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_file),
        cmocka_unit_test(test_start),
    };
    return cmocka_run_group_tests_name("libgit2", tests, NULL, NULL);
}
