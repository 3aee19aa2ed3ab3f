/* golang: packages and test binaries of real modules, with a real toolchain. */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ci/run/golang.h"
#include "ci/run/testfile.h"
#include "tests/run_support.h"

#define BENCHMARK(name) "func Benchmark" name "(b *testing.B) { for i := 0; i < b.N; i++ { } }\n"
#define TEST_FILE(package, name) "package " package "\n\nimport \"testing\"\n\n" BENCHMARK(name)

static struct golang toolchain(struct run_fixture *fixture)
{
    return (struct golang){.program = "go", .environment = fixture->environment};
}

/* Finds the toolchain, or skips the test. */
#define NEED_GO(go, fixture)                                                                       \
    SUPPORT_NEED(golang_find(&(go), (fixture)->folder, &(fixture)->arena, &(fixture)->error) ==    \
                     ERROR_NONE,                                                                   \
                 "no Go toolchain")

/* What golang_packages gives in FOLDER/NAME, which has to succeed; patterns are split at blanks. */
static struct package_list list(struct run_fixture *fixture, const struct golang *go,
                                const char *name, const char *patterns, const char *tags)
{
    const char *split[10] = {NULL};
    char *text = arena_print(&fixture->arena, "%s", patterns), *rest;
    size_t count = 0;
    for (char *word = strtok_r(text, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
        split[count++] = word;
    struct package_list packages;
    if (golang_packages(go, run_path(fixture, name), split, tags, &fixture->arena, &packages,
                        &fixture->error) != ERROR_NONE)
        fail_msg("%s: %s", fixture->error.source, fixture->error.text);
    return packages;
}

/*
 * All packages, each as "path folder module files… [*] [!broken]" with folders relative to the
 * fixture's, a line each; a star stands for benchmarks.
 */
static const char *text_of(struct run_fixture *fixture, struct package_list packages)
{
    size_t skipped = strlen(fixture->folder);
    const char *text = "";
    for (size_t i = 0; i < packages.count; i++) {
        const struct package *package = &packages.all[i];
        text = arena_print(&fixture->arena, "%s%s", text, package->path);
        if (*package->folder != '\0')
            text = arena_print(&fixture->arena, "%s %s %s", text, package->folder + skipped,
                               package->module + skipped);
        for (const char **file = package->test_files; *file != NULL; file++)
            text = arena_print(&fixture->arena, "%s %s", text, *file);
        text = arena_print(&fixture->arena, "%s%s%s%s\n", text, package->has_benchmarks ? " *" : "",
                           package->broken != NULL ? " !" : "",
                           package->broken != NULL ? package->broken : "");
    }
    return text;
}

static const char *listed(struct run_fixture *fixture, const struct golang *go, const char *name,
                          const char *patterns)
{
    return text_of(fixture, list(fixture, go, name, patterns, NULL));
}

static void expect_refusal(struct run_fixture *fixture, const struct golang *go, const char *name,
                           const char *pattern, enum error_code code, const char *text)
{
    const char *patterns[] = {pattern, NULL};
    struct package_list packages = {NULL, 77};
    struct error error = {.code = ERROR_NONE};
    assert_int_equal(golang_packages(go, run_path(fixture, name), patterns, NULL, &fixture->arena,
                                     &packages, &error),
                     code);
    if (strstr(error.text, text) == NULL)
        fail_msg("'%s' is not in '%s'", text, error.text);
    assert_int_equal(packages.count, 77);
}

/* Builds one package, which golang_build has to survive. */
static struct build_request build(struct run_fixture *fixture, const struct golang *go,
                                  const struct package *package, const char *output,
                                  struct build_request options)
{
    options.package = package;
    options.output = run_path(fixture, output);
    if (golang_build(go, &options, 1, 0, &fixture->arena, &fixture->error) != ERROR_NONE)
        fail_msg("%s: %s", fixture->error.source, fixture->error.text);
    return options;
}

static void test_find(void **state)
{
    struct run_fixture *fixture = *state;
    struct golang go = toolchain(fixture);
    NEED_GO(go, fixture);
    assert_non_null(strstr(go.version, "go1."));
    assert_null(strchr(go.version, '\n'));
    assert_true(*go.goos != '\0' && *go.goarch != '\0');
    assert_true(golang_at_least(&go, 5));
}

static void test_versions(void **state)
{
    (void)state;
    static const struct {
        const char *version;
        bool at_least_18;
    } rows[] = {
        {"go1.18", true},           {"go1.17.13", false}, {"go1.22rc1", true},  {"go1.5.4", false},
        {"devel go1.19-abc", true}, {"devel +abc", true}, {"go1.18beta", true}, {"go1.9", false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct golang go = {.version = rows[i].version};
        assert_int_equal(golang_at_least(&go, 18), rows[i].at_least_18);
    }
}

static void test_no_toolchain(void **state)
{
    struct run_fixture *fixture = *state;
    static char path[] = "PATH=/nowhere";
    char *environment[] = {path, NULL};
    struct golang go = {.program = "go", .environment = environment};
    struct error error = {.code = ERROR_NONE};
    assert_int_equal(golang_find(&go, fixture->folder, &fixture->arena, &error), ERROR_INPUT);
    assert_non_null(strstr(error.text, "no Go toolchain"));
    assert_null(go.version);

    /* Something else of that name. */
    run_write(fixture, "bin/go", "#!/bin/sh\necho hello\n");
    run_shell(fixture, "chmod +x bin/go");
    go.environment = fixture->environment;
    go.program = run_path(fixture, "bin/go");
    error.code = ERROR_NONE;
    assert_int_equal(golang_find(&go, fixture->folder, &fixture->arena, &error), ERROR_INPUT);
    run_write(fixture, "bin/go", "#!/bin/sh\necho broken here >&2; exit 3\n");
    error.code = ERROR_NONE;
    assert_int_equal(golang_find(&go, fixture->folder, &fixture->arena, &error), ERROR_INPUT);
    assert_non_null(strstr(error.text, "broken here"));
}

/* Before Go 1.16, `go env GOVERSION` printed an empty line. */
static void test_old_toolchain(void **state)
{
    struct run_fixture *fixture = *state;
    run_write(fixture, "bin/go",
              "#!/bin/sh\n[ \"$1\" = env ] && printf '\\nlinux\\namd64\\n' || "
              "echo go version go1.15.2 linux/amd64\n");
    run_shell(fixture, "chmod +x bin/go");
    struct golang go = toolchain(fixture);
    go.program = run_path(fixture, "bin/go");
    assert_int_equal(golang_find(&go, fixture->folder, &fixture->arena, &fixture->error),
                     ERROR_NONE);
    assert_string_equal(go.version, "go1.15.2");
    assert_string_equal(go.goos, "linux");
}

static void test_fixture_module(void **state)
{
    struct run_fixture *fixture = *state;
    struct golang go = toolchain(fixture);
    NEED_GO(go, fixture);
    char here[1000];
    assert_non_null(getcwd(here, sizeof here));
    run_shell(fixture, arena_print(&fixture->arena, "cp -R '%s/fixtures/module' m", here));
    struct package_list packages = list(fixture, &go, "m", "./...", NULL);
    assert_string_equal(text_of(fixture, packages),
                        "example.com/fixture/cache /m/cache /m cache_test.go *\n"
                        "example.com/fixture/text /m/text /m heading_base_test.go text_test.go *\n"
                        "example.com/fixture/wire /m/wire /m wire_test.go *\n");
    struct build_request requests[3] = {0};
    for (size_t i = 0; i < 3; i++)
        requests[i] = (struct build_request){
            .package = &packages.all[i],
            .trimpath = true,
            .output = arena_print(&fixture->arena, "%s/test%zu", fixture->folder, i)};
    assert_int_equal(golang_build(&go, requests, 3, 2, &fixture->arena, &fixture->error),
                     ERROR_NONE);
    for (size_t i = 0; i < 3; i++)
        assert_true(requests[i].built && requests[i].message == NULL);
    assert_string_equal(
        run_shell(fixture,
                  "cd m/wire && ../../test2 -test.list '^Benchmark(Mask|Checksum)' | sort"),
        "BenchmarkChecksum\nBenchmarkMask\n");
    assert_string_equal(run_shell(fixture, "ls"), "m\ntest0\ntest1\ntest2\n");

    /* A variant that does not compile: the compiler says where. */
    packages = list(fixture, &go, "m", "./text", "nobuild");
    assert_int_equal(packages.count, 1);
    struct build_request request =
        build(fixture, &go, &packages.all[0], "test1", (struct build_request){.tags = "nobuild"});
    assert_false(request.built);
    assert_non_null(strstr(request.message, "nobuild_test.go:"));
    assert_null(strstr(request.message, "downloading"));
    assert_string_equal(run_shell(fixture, "ls"), "m\ntest0\ntest2\n");
}

/* Several modules side by side, one of which needs another by its place. */
static void write_modules(struct run_fixture *fixture, const char *root)
{
    static const struct {
        const char *file, *text;
    } files[] = {
        {"a/go.mod", "module example.com/a\n\ngo 1.16\n"},
        {"a/a.go", "package a\n\nfunc A() int { return 1 }\n"},
        {"libs/b/go.mod", "module example.com/b\n\ngo 1.16\n\nrequire example.com/a v0.0.0\n\n"
                          "replace example.com/a => ../../a\n"},
        {"libs/b/b.go", "package b\n\nimport \"example.com/a\"\n\nvar B = a.A()\n"},
        {"libs/b/b_test.go", TEST_FILE("b", "B")},
        {"libs/b/in/in.go", "package in\n"},
        {"libs/b/inner/go.mod", "module example.com/inner\n\ngo 1.16\n"},
        {"libs/b/inner/x.go", "package inner\n"},
        {"vendor/v/go.mod", "module example.com/v\n"},
        {"vendor/v/v.go", "package v\n"},
        {"a/testdata/t/go.mod", "module example.com/t\n"},
        {"a/testdata/t/t.go", "package t\n"},
        {".hidden/go.mod", "module example.com/h\n"},
        {".hidden/h.go", "package h\n"},
        {"docs/readme.txt", "nothing\n"},
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        run_write(fixture, arena_print(&fixture->arena, "%s/%s", root, files[i].file),
                  files[i].text);
}

static void test_several_modules(void **state)
{
    struct run_fixture *fixture = *state;
    struct golang go = toolchain(fixture);
    NEED_GO(go, fixture);
    write_modules(fixture, "r");
    static const char a[] = "example.com/a /r/a /r/a\n",
                      b[] = "example.com/b /r/libs/b /r/libs/b b_test.go *\n",
                      in[] = "example.com/b/in /r/libs/b/in /r/libs/b\n",
                      inner[] = "example.com/inner /r/libs/b/inner /r/libs/b/inner\n";
    struct {
        const char *patterns, *parts[5];
    } rows[] = {
        {"./...", {a, b, in, inner}},
        {"./libs/...", {b, in, inner}},
        {"./libs/b/...", {b, in, inner}},
        {"libs/...", {NULL}}, /* an import path */
        {"./libs/b", {b}},
        {"./libs/b/", {b}},
        {"./libs/b/in ./a/...", {a, in}},
        {"./libs/b/inner", {inner}},
        {"example.com/b", {b}},
        {"example.com/...", {a, b, in, inner}},
        {"./a ./docs", {a, "./docs !no Go module there\n"}},
        {"./a ../outside", {a, "../outside !no Go module there\n"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *wanted = "";
        for (const char **part = rows[i].parts; *part != NULL; part++)
            wanted = arena_print(&fixture->arena, "%s%s", wanted, *part);
        if (*wanted != '\0')
            assert_string_equal(listed(fixture, &go, "r", rows[i].patterns), wanted);
        else
            expect_refusal(fixture, &go, "r", rows[i].patterns, ERROR_INPUT, "libs");
    }
    assert_string_equal(
        listed(fixture, &go, "r", arena_print(&fixture->arena, "%s/r/a", fixture->folder)), a);
    assert_string_equal(listed(fixture, &go, "r/libs/b", "./..."),
                        arena_print(&fixture->arena, "%s%s", b, in));
    expect_refusal(fixture, &go, "r", "./docs", ERROR_INPUT, "no Go module there");
    expect_refusal(fixture, &go, "r/docs", "./...", ERROR_INPUT, "no Go module here or below");
    expect_refusal(fixture, &go, "nowhere", "./...", ERROR_READ, "No such file");

    struct package_list packages = list(fixture, &go, "r", "./libs/b", NULL);
    struct build_request request =
        build(fixture, &go, &packages.all[0], "b.test", (struct build_request){.trimpath = true});
    if (!request.built)
        fail_msg("%s", request.message);

    /* One module that go cannot read does not hide the others. */
    run_write(fixture, "r/bad/go.mod", "modul nonsense\n");
    const char *text = listed(fixture, &go, "r", "./...");
    assert_non_null(strstr(text, a));
    assert_non_null(strstr(text, inner));
    assert_non_null(strstr(text, "\nbad !"));
    expect_refusal(fixture, &go, "r/bad", "./...", ERROR_INPUT, "go.mod");
}

static void test_workspace(void **state)
{
    struct run_fixture *fixture = *state;
    struct golang go = toolchain(fixture);
    NEED_GO(go, fixture);
    SUPPORT_NEED(golang_at_least(&go, 18), "Go before 1.18 has no workspaces");
    write_modules(fixture, "w");
    run_write(fixture, "w/go.work", "go 1.18\n\nuse ./a\n\nuse ./libs/b\n");
    static const char all[] = "example.com/a /w/a /w/a\n"
                              "example.com/b /w/libs/b /w/libs/b b_test.go *\n"
                              "example.com/b/in /w/libs/b/in /w/libs/b\n";
    assert_string_equal(listed(fixture, &go, "w", "./..."), all);
    assert_string_equal(listed(fixture, &go, "w", "./libs/b/in"),
                        "example.com/b/in /w/libs/b/in /w/libs/b\n");
    assert_string_equal(listed(fixture, &go, "w/libs", "./..."), strchr(all, '\n') + 1);
    assert_string_equal(listed(fixture, &go, "w/a", "./..."), "example.com/a /w/a /w/a\n");

    /* The root is a module of the workspace too. */
    run_write(fixture, "w/go.mod", "module example.com/root\n\ngo 1.16\n");
    run_write(fixture, "w/root.go", "package root\n");
    run_write(fixture, "w/go.work", "go 1.18\n\nuse .\n\nuse ./a\n\nuse ./libs/b\n");
    assert_string_equal(listed(fixture, &go, "w", "./..."),
                        arena_print(&fixture->arena, "example.com/root /w /w\n%s", all));
    assert_string_equal(listed(fixture, &go, "w", "./a"), "example.com/a /w/a /w/a\n");
    struct package_list packages = list(fixture, &go, "w", "./libs/b", NULL);
    struct build_request request =
        build(fixture, &go, &packages.all[0], "b.test", (struct build_request){.trimpath = true});
    if (!request.built)
        fail_msg("%s", request.message);
}

static void test_packages_of_every_kind(void **state)
{
    struct run_fixture *fixture = *state;
    struct golang go = toolchain(fixture);
    NEED_GO(go, fixture);
    run_write(fixture, "a b/go.mod", "module example.com/m\n\ngo 1.16\n");
    run_write(fixture, "a b/m.go", "package m\n");
    run_write(fixture, "a b/m_test.go", TEST_FILE("m_test", "Outer"));
    run_write(fixture, "a b/empty/e.go", "package empty\n");
    run_write(fixture, "a b/only/only_test.go", TEST_FILE("only", "Only"));
    run_write(fixture, "a b/tests/t_test.go",
              "package tests\n\nimport \"testing\"\n\nfunc TestX(t *testing.T) {}\n");
    run_write(fixture, "a b/tagged/t.go", "package tagged\n");
    run_write(fixture, "a b/tagged/t_test.go",
              "//go:build special\n// +build special\n\n" TEST_FILE("tagged", "Tagged"));
    run_write(fixture, "a b/two/a.go", "package a\n");
    run_write(fixture, "a b/two/b.go", "package b\n");
    run_write(fixture, "a b/wrong/w.go", "package wrong\n\nvar x int = \"text\"\n");
    run_write(fixture, "a b/wrong/w_test.go", TEST_FILE("wrong", "Wrong"));
    static const char rest[] =
        "example.com/m/tests /a b/tests /a b t_test.go\n"
        "example.com/m/two /a b/two /a b !found packages a (a.go) and b (b.go) in ";
    struct package_list packages = list(fixture, &go, "a b", "./...", NULL);
    const char *text = text_of(fixture, packages);
    assert_true(strncmp(text,
                        "example.com/m /a b /a b m_test.go *\n"
                        "example.com/m/empty /a b/empty /a b\n"
                        "example.com/m/only /a b/only /a b only_test.go *\n"
                        "example.com/m/tagged /a b/tagged /a b\n",
                        130) == 0);
    assert_non_null(strstr(text, rest));
    assert_int_equal(packages.count, 7);

    struct build_request requests[7] = {0};
    for (size_t i = 0; i < packages.count; i++) {
        requests[i] = (struct build_request){
            .package = &packages.all[i],
            .trimpath = true,
            .output = arena_print(&fixture->arena, "%s/t%zu", fixture->folder, i)};
        run_write(fixture, requests[i].output + strlen(fixture->folder) + 1, "stale");
    }
    assert_int_equal(golang_build(&go, requests, 7, 3, &fixture->arena, &fixture->error),
                     ERROR_NONE);
    static const bool built[] = {true, false, true, false, true, false, false};
    static const char *const said[] = {NULL, NULL, NULL, NULL, NULL, "found packages", "w.go:3"};
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(requests[i].built, built[i]);
        assert_int_equal(access(requests[i].output, X_OK) == 0, built[i]);
        assert_int_equal(access(requests[i].output, F_OK) == 0, built[i]);
        if (said[i] == NULL)
            assert_null(requests[i].message);
        else
            assert_non_null(strstr(requests[i].message, said[i]));
    }
    assert_string_equal(run_shell(fixture, "ls | grep partial || true"), "");

    packages = list(fixture, &go, "a b", "./tagged", "other,special");
    assert_string_equal(text_of(fixture, packages),
                        "example.com/m/tagged /a b/tagged /a b t_test.go *\n");
    struct build_request request =
        build(fixture, &go, &packages.all[0], "tagged.test",
              (struct build_request){.tags = "other,special", .trimpath = true});
    assert_true(request.built);
    assert_string_equal(run_shell(fixture, "./tagged.test -test.list ."), "BenchmarkTagged\n");
    expect_refusal(fixture, &go, "a b", "./nowhere", ERROR_INPUT, "directory not found");
    expect_refusal(fixture, &go, "a b", "./no/...", ERROR_INPUT, "no");
}

static void test_reproducible(void **state)
{
    struct run_fixture *fixture = *state;
    struct golang go = toolchain(fixture);
    NEED_GO(go, fixture);
    static const char *const sides[] = {"one", "another place"};
    for (size_t i = 0; i < 2; i++) {
        const char *side = sides[i];
        run_write(fixture, arena_print(&fixture->arena, "%s/go.mod", side),
                  "module example.com/same\n\ngo 1.16\n");
        run_write(fixture, arena_print(&fixture->arena, "%s/x_test.go", side),
                  TEST_FILE("same", "Same"));
        struct package_list packages = list(fixture, &go, side, "./...", NULL);
        struct build_request trimmed =
            build(fixture, &go, &packages.all[0], arena_print(&fixture->arena, "trimmed%zu", i),
                  (struct build_request){.trimpath = true});
        struct build_request plain =
            build(fixture, &go, &packages.all[0], arena_print(&fixture->arena, "plain%zu", i),
                  (struct build_request){.trimpath = false});
        assert_true(trimmed.built && plain.built);
    }
    run_shell(fixture, "cmp trimmed0 trimmed1");
    run_shell(fixture, "! cmp -s plain0 plain1");
    run_shell(fixture, "grep -q \"$PWD/one\" plain0 && ! grep -q \"$PWD/one\" trimmed0");
}

/* Another revision's test file in place of this one's. */
static void test_overlay(void **state)
{
    struct run_fixture *fixture = *state;
    struct golang go = toolchain(fixture);
    NEED_GO(go, fixture);
    SUPPORT_NEED(golang_at_least(&go, 16), "Go before 1.16 has no overlays");
    run_write(fixture, "m/go.mod", "module example.com/m\n\ngo 1.16\n");
    run_write(fixture, "m/m.go", "package m\n");
    run_write(fixture, "m/x_test.go", TEST_FILE("m", "Head"));
    run_write(fixture, "base/x_test.go", TEST_FILE("m", "Base"));
    run_write(fixture, "m/bare/bare.go", "package bare\n");
    run_write(fixture, "base/bare_test.go", TEST_FILE("bare", "Added"));
    run_write(fixture, "overlay.json",
              arena_print(&fixture->arena,
                          "{\"Replace\": {\"%s/m/x_test.go\": \"%s/base/x_test.go\","
                          "\"%s/m/bare/bare_test.go\": \"%s/base/bare_test.go\"}}",
                          fixture->folder, fixture->folder, fixture->folder, fixture->folder));
    struct package_list packages = list(fixture, &go, "m", "./...", NULL);
    assert_int_equal(packages.count, 2);
    struct build_request options = {.overlay = run_path(fixture, "overlay.json"), .trimpath = true};
    assert_true(build(fixture, &go, &packages.all[0], "t0", options).built);
    assert_true(build(fixture, &go, &packages.all[1], "t1", options).built);
    assert_string_equal(run_shell(fixture, "./t0 -test.list . && ./t1 -test.list ."),
                        "BenchmarkBase\nBenchmarkAdded\n");
}

static void test_stop(void **state)
{
    struct run_fixture *fixture = *state;
    struct golang go = toolchain(fixture);
    NEED_GO(go, fixture);
    run_write(fixture, "m/go.mod", "module example.com/m\n\ngo 1.16\n");
    run_write(fixture, "m/x_test.go", TEST_FILE("m", "X"));
    struct package_list packages = list(fixture, &go, "m", "./...", NULL);
    volatile int stop = 1;
    go.stop = &stop;
    expect_refusal(fixture, &go, "m", "./...", ERROR_READ, "interrupted");
    struct build_request request = {.package = &packages.all[0],
                                    .output = run_path(fixture, "x.test")};
    assert_int_equal(golang_build(&go, &request, 1, 0, &fixture->arena, &fixture->error),
                     ERROR_READ);
    assert_false(request.built);
    assert_string_equal(run_shell(fixture, "ls"), "m\n");
}

/* Output without end from a build, a build that fails silently, a folder that is gone. */
static void test_odd_builds(void **state)
{
    struct run_fixture *fixture = *state;
    struct golang go = toolchain(fixture);
    const char *files[] = {"x_test.go", NULL};
    struct package package = {
        .path = "x", .folder = fixture->folder, .module = fixture->folder, .test_files = files};
    struct build_request none = {0};
    go.version = "go1.19";
    go.program = run_path(fixture, "go");
    run_write(fixture, "go", "#!/bin/sh\necho begin; yes | head -c 1000000; echo end; exit 2\n");
    run_shell(fixture, "chmod +x go");
    struct build_request request = build(fixture, &go, &package, "x.test", none);
    assert_false(request.built);
    assert_true(strlen(request.message) < 70000);
    assert_memory_equal(request.message, "begin\ny\n", 8);
    assert_string_equal(request.message + strlen(request.message) - 6, "\ny\nend");

    run_write(fixture, "go", "#!/bin/sh\nexit 2\n");
    request = build(fixture, &go, &package, "x.test", none);
    assert_string_equal(request.message, "go test -c ended with status 2");

    run_write(fixture, "go", "#!/bin/sh\necho \"$*\"; exit 1\n");
    request = build(fixture, &go, &package, "x.test",
                    (struct build_request){.tags = "a b", .overlay = "/o.json", .trimpath = true});
    assert_true(
        strncmp(request.message,
                "test -c -trimpath -vet=off -buildvcs=false -tags a b -overlay /o.json -o /",
                74) == 0);
    go.version = "go1.17";
    request = build(fixture, &go, &package, "x.test", none);
    assert_true(strncmp(request.message, "test -c -trimpath=false -vet=off -o /", 37) == 0);

    package.folder = run_path(fixture, "gone");
    struct error error = {.code = ERROR_NONE};
    request = (struct build_request){.package = &package, .output = run_path(fixture, "x.test")};
    assert_int_equal(golang_build(&go, &request, 1, 0, &fixture->arena, &error), ERROR_READ);
    assert_string_equal(error.source, package.folder);
    assert_int_equal(golang_build(&go, NULL, 0, 0, &fixture->arena, &fixture->error), ERROR_NONE);
}

static void test_scanner(void **state)
{
    (void)state;
    static const struct {
        const char *source;
        bool found;
    } rows[] = {
        {"func BenchmarkX(b *testing.B) {", true},
        {"package x\nfunc Benchmark(b *testing.B) {", true},
        {"func BenchmarkX(\n\tb *testing.B,\n) {\n", true},
        {"func BenchmarkX(_ *testing.B) {}", true},
        {"func BenchmarkX(*testing.B) {}", true},
        {"func BenchmarkX(b *t.B) {}", true},
        {"func BenchmarkX(b *B) {}", true},
        {"func Benchmark_x(b *testing . B) {}", true},
        {"func Benchmark\xc3\x84(b *testing.B) {}", true},
        {"func\tBenchmarkX (b *testing.B) {}", true},
        {"func /* a */ BenchmarkX(b *testing.B) {}", true},
        {"func // a\nBenchmarkX(b /* ( */ *testing.B) {}", true},
        {"}; func BenchmarkX(b *testing.B) {}", true},
        {"// func f()\r\nfunc BenchmarkX(b *testing.B) {}\r\n", true},
        {"/* x */func BenchmarkX(b*testing.B){}", true},
        {"func Benchmarking(b *testing.B) {}", false},
        {"func BenchmarkX(t *testing.T) {}", false},
        {"func BenchmarkX(n int) {}", false},
        {"func BenchmarkX() {}\nvar b *testing.B", false},
        {"func (s *suite) BenchmarkX(b *testing.B) {}", false},
        {"func helper(b *testing.B) {}", false},
        {"func TestX(t *testing.T) {}", false},
        {"myfunc BenchmarkX(b *testing.B)", false},
        {"func BenchmarkX(b *testing.BB) {}", false},
        {"func BenchmarkX(bB int) {}", false},
        {"func", false},
        {"func /*", false},
        {"func //", false},
        {"func Benchmark", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        /* A copy of the very size, so that a sanitizer sees what is read beyond it. */
        struct slice source = slice_of(rows[i].source);
        char *copy = malloc(source.length + 1);
        assert_non_null(copy);
        char *exact = realloc(copy, source.length > 0 ? source.length : 1);
        assert_non_null(exact);
        memcpy(exact, source.text, source.length);
        bool found = testfile_has_benchmarks((struct slice){exact, source.length});
        free(exact);
        if (found != rows[i].found)
            fail_msg("%s", rows[i].source);
    }
    assert_true(testfile_may_have_benchmarks("no/such/file"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, run_setup, run_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_find),
        TEST(test_no_toolchain),
        TEST(test_old_toolchain),
        TEST(test_fixture_module),
        TEST(test_several_modules),
        TEST(test_workspace),
        TEST(test_packages_of_every_kind),
        TEST(test_reproducible),
        TEST(test_overlay),
        TEST(test_stop),
        TEST(test_odd_builds),
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_scanner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
