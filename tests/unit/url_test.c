/* url, job, secret, quote: addresses, and what the environment says of a job and keeps of secrets.
 */
#include "tests/support.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ci/job.h"
#include "ci/notify/quote.h"
#include "ci/notify/secret.h"
#include "ci/url.h"

static void test_parts(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool tls;
        const char *host;
        unsigned port;
        const char *rest;
        bool loopback;
    } rows[] = {
        {"https://a.example", true, "a.example", 443, "", false},
        {"HTTPS://A.example:8443/p?q#f", true, "A.example", 8443, "/p?q#f", false},
        {"http://127.0.0.1:80/", false, "127.0.0.1", 80, "/", true},
        {"http://127.255.3.10", false, "127.255.3.10", 80, "", true},
        {"http://[::1]:9?x=1&y=[2]", false, "[::1]", 9, "?x=1&y=[2]", true},
        {"http://LocalHost/", false, "LocalHost", 80, "/", true},
        {"http://127.0.0.1.example/", false, "127.0.0.1.example", 80, "/", false},
        {"http://127.0.0/", false, "127.0.0", 80, "/", false},
        {"http://127.0.0.1./", false, "127.0.0.1.", 80, "/", false},
        {"http://127.0.0.0001/", false, "127.0.0.0001", 80, "/", false},
        {"http://localhost.example/", false, "localhost.example", 80, "/", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct url url;
        assert_true(url_parse(slice_of(rows[i].text), &url));
        assert_int_equal(url.tls, rows[i].tls);
        assert_true(slice_equal(url.host, slice_of(rows[i].host)));
        assert_int_equal(url.port, rows[i].port);
        assert_true(slice_equal(url.rest, slice_of(rows[i].rest)));
        if (url_is_loopback(&url) != rows[i].loopback)
            fail_msg("loopback: %s", rows[i].text);
    }
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "https://",
        "https:///path",
        "a.example/path",
        "file:///etc/passwd",
        "ftp://a.example/",
        "https://user@a.example/",
        "https://user:word@a.example/",
        "https://a.example:0/",
        "https://a.example:65536/",
        "https://a.example:/",
        "https://a.example:8x/",
        "https://a.example\\@b.example/",
        "https://a.example/a b",
        "https://a.example/a\nb",
        "https://a.example/<x>",
        "https://a.example/a|b",
        "https://a.example/\"",
        "https://a.example/\303\251",
        "https://%61.example/",
        "https://[::1/",
        "https://[x]/",
        "https://.example/",
        "https://-a.example/",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct url url;
        if (url_parse(slice_of(rows[i]), &url))
            fail_msg("taken: %s", rows[i]);
    }
}

static void test_origins(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool same;
    } rows[] = {
        {"https://a.example/x", "HTTPS://A.EXAMPLE:443/y", true},
        {"https://a.example/", "http://a.example/", false},
        {"https://a.example/", "https://a.example:8443/", false},
        {"https://a.example/", "https://a.example.b.example/", false},
        {"https://a.example/", "https://b.example/", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct url a, b;
        assert_true(url_parse(slice_of(rows[i].a), &a) && url_parse(slice_of(rows[i].b), &b));
        assert_int_equal(url_same_origin(&a, &b), rows[i].same);
    }
}

/* An environment: the variables of the row that is tried. */
struct variable {
    const char *name, *value;
};
enum { VARIABLES = 6 };
static const struct variable *variables;

static const char *look_up(const char *name)
{
    for (size_t i = 0; i < VARIABLES && variables[i].name != NULL; i++)
        if (strcmp(variables[i].name, name) == 0)
            return variables[i].value;
    return NULL;
}

#define GITHUB(server, repository, run)                                                            \
    {"GITHUB_ACTIONS", "true"}, {"GITHUB_SERVER_URL", server}, {"GITHUB_REPOSITORY", repository},  \
    {                                                                                              \
        "GITHUB_RUN_ID", run                                                                       \
    }

static void test_jobs(void **state)
{
    (void)state;
    static const struct {
        struct variable variables[VARIABLES];
        const char *system, *url;
    } rows[] = {
        {{{NULL, NULL}}, NULL, NULL},
        {{{"CI_JOB_URL", "https://gl.example/1"}}, NULL, NULL},
        {{{"GITHUB_ACTIONS", "false"}}, NULL, NULL},
        {{GITHUB("https://gh.example/", "o/n.a-m_e", "12")},
         "github",
         "https://gh.example/o/n.a-m_e/actions/runs/12"},
        {{GITHUB("https://gh.example", "o/n", "12"), {"GITHUB_RUN_ATTEMPT", "3"}},
         "github",
         "https://gh.example/o/n/actions/runs/12/attempts/3"},
        {{GITHUB("https://gh.example", "o/n", "12"), {"GITHUB_RUN_ATTEMPT", "3/x"}},
         "github",
         "https://gh.example/o/n/actions/runs/12"},
        {{GITHUB("javascript:alert(1)", "o/n", "12")}, "github", NULL},
        {{GITHUB("https://gh.example", "o/n/m", "12")}, "github", NULL},
        {{GITHUB("https://gh.example", "o/n|x>", "12")}, "github", NULL},
        {{GITHUB("https://gh.example", "o/", "12")}, "github", NULL},
        {{GITHUB("https://gh.example", "o/n", "12?x")}, "github", NULL},
        {{GITHUB("https://gh.example", "o/n", NULL)}, "github", NULL},
        {{{"GITLAB_CI", "true"}, {"CI_JOB_URL", "https://gl.example/a/-/jobs/1"}},
         "gitlab",
         "https://gl.example/a/-/jobs/1"},
        {{{"GITLAB_CI", "true"}, {"CI_JOB_URL", "https://gl.example/>|x"}}, "gitlab", NULL},
        {{{"GITLAB_CI", "true"}}, "gitlab", NULL},
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct report_job *job;
        variables = rows[i].variables;
        assert_true(job_find(look_up, &arena, &job));
        assert_int_equal(job != NULL, rows[i].system != NULL);
        if (job == NULL)
            continue;
        assert_string_equal(job->system, rows[i].system);
        if ((job->url != NULL) != (rows[i].url != NULL))
            fail_msg("row %zu: %s", i, job->url != NULL ? job->url : "no address");
        if (job->url != NULL)
            assert_string_equal(job->url, rows[i].url);
    }
    arena_release(&arena);
}

static void test_secrets(void **state)
{
    (void)state;
    static const struct {
        struct variable variables[VARIABLES];
        bool set;
        const char *secret, *message; /* NULL, NULL: none */
    } rows[] = {
        {{{NULL, NULL}}, false, NULL, NULL},
        {{{"X", ""}, {"X_FILE", ""}}, false, NULL, NULL},
        {{{"X", " tOkEn\r\n"}}, true, "tOkEn", NULL},
        {{{"X", "tOkEn"}, {"X_FILE", "/nowhere"}}, true, "tOkEn", NULL},
        {{{"X", "tOk\nEn"}}, true, NULL, "X holds no single word of text"},
        {{{"X", "tOk En"}}, true, NULL, "X holds no single word of text"},
        {{{"X", " "}}, true, NULL, "X holds no single word of text"},
        {{{"X_FILE", "/dev/null"}}, true, NULL, "X_FILE holds no single word of text"},
        {{{"X_FILE", "/nowhere"}},
         true,
         NULL,
         "the file of X_FILE cannot be read: No such file or directory"},
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *secret;
        struct error error = {0};
        variables = rows[i].variables;
        assert_int_equal(secret_is_set("X", look_up), rows[i].set);
        enum error_code code = secret_read("X", look_up, &arena, &secret, &error);
        assert_int_equal(code != ERROR_NONE, rows[i].message != NULL);
        assert_int_equal(secret != NULL, rows[i].secret != NULL);
        if (secret != NULL)
            assert_string_equal(secret, rows[i].secret);
        if (rows[i].message != NULL)
            assert_string_equal(error.text, rows[i].message);
    }
    arena_release(&arena);
}

static void test_quotes(void **state)
{
    (void)state;
    static const struct http_header headers[] = {{"Authorization", "Bearer tOkEn123"}};
    static const struct http_request request = {.url =
                                                    "https://a.example/hooks/T1/sEcReT9?k=kEy007",
                                                .headers = headers,
                                                .header_count = 1,
                                                .secret_url = true};
    static const struct {
        const char *body, *quote;
    } rows[] = {
        {"", ""},
        {"invalid_token\r\n", "invalid_token"},
        {"{\"message\": \"Not Found\", \"error\": \"x\"}", "Not Found"},
        {"{\"error\": \"nope\"}", "nope"},
        {"{\"message\": {\"base\": [1]}}", ""},
        {"{\"message\": \"a\\nb\"}", ""},
        {"[1, 2]", "[1, 2]"},
        {"<html>no</html>", ""},
        {"two\nlines", ""},
        {"\033[2J", ""},
        {"no token tOkEn123 here", ""},
        {"no /hooks/T1/sEcReT9", ""},
        {"{\"message\": \"sEcReT9\"}", ""},
        {"{\"message\": \"\\u0073EcReT9\"}", ""},
        {"k is kEy007", ""},
        {"Bearer of bad news", ""},
    };
    char quote[QUOTE_BYTES], longer[400], want[QUOTE_BYTES];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        quote_answer(&request, slice_of(rows[i].body), quote);
        if (strcmp(quote, rows[i].quote) != 0)
            fail_msg("%s: \"%s\"", rows[i].body, quote);
    }
    memset(longer, 'x', sizeof longer);
    quote_answer(&request, (struct slice){longer, sizeof longer}, quote);
    snprintf(want, sizeof want, "%.*s...", QUOTE_BYTES - 4, longer);
    assert_string_equal(quote, want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts),   cmocka_unit_test(test_refused),
        cmocka_unit_test(test_origins), cmocka_unit_test(test_jobs),
        cmocka_unit_test(test_secrets), cmocka_unit_test(test_quotes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
