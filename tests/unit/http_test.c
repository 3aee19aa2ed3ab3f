/*
 * http: what is sent again, what is followed, and what never leaves, against a child process that
 * answers on loopback. tests/notify holds the rest, by the program.
 */
#include "tests/support.h"

#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ci/notify/http.h"

/* Answers connections by one text each, in turn; "" closes without one. What it was asked goes to a
 * pipe. */
struct server {
    pid_t child;
    int asked; /* read end */
    unsigned port;
};

static void serve(int listening, int asked, const char *const *answers)
{
    for (; *answers != NULL; answers++) {
        char request[4096];
        int connection = accept(listening, NULL, NULL);
        ssize_t length = connection >= 0 ? read(connection, request, sizeof request) : -1;
        if (length > 0 && write(asked, request, (size_t)length) < 0)
            _exit(1);
        if (length > 0 && write(connection, *answers, strlen(*answers)) < 0)
            _exit(1);
        close(connection);
    }
    _exit(0);
}

static struct server begin(const char *const *answers)
{
    int ends[2], listening = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(bind(listening, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listening, 4), 0);
    assert_int_equal(getsockname(listening, (struct sockaddr *)&address, &size), 0);
    struct server server = {fork(), ends[0], ntohs(address.sin_port)};
    assert_true(server.child >= 0);
    if (server.child == 0)
        serve(listening, ends[1], answers);
    close(listening);
    close(ends[1]);
    return server;
}

/* How many requests there were; *all is what they said. */
static size_t end(struct server *server, char all[static 8192])
{
    size_t used = 0, count = 0;
    ssize_t length;
    kill(server->child, SIGTERM);
    waitpid(server->child, NULL, 0);
    while (used < 8191 && (length = read(server->asked, all + used, 8191 - used)) > 0)
        used += (size_t)length;
    all[used] = '\0';
    close(server->asked);
    for (const char *at = all; (at = strstr(at, " HTTP/1.1\r\n")) != NULL; at++)
        count++;
    return count;
}

static const char *no_variable(const char *name)
{
    (void)name;
    return NULL;
}

#define OK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Next-Page:  7 \r\nConnection: close\r\n\r\nok"
#define REDIRECT(to)                                                                               \
    "HTTP/1.1 302 Found\r\nLocation: " to "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
#define FAILS "HTTP/1.1 503 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
#define FAILS_FOR(seconds)                                                                         \
    "HTTP/1.1 503 No\r\nRetry-After: " seconds "\r\nContent-Length: 0\r\nConnection: "             \
    "close\r\n\r\n"
#define LIMITED "HTTP/1.1 429 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

static const struct row {
    const char *method;
    enum http_repeat repeat;
    const char *answers[6];
    size_t asked;
    long status;
    const char *message; /* NULL: it went well */
} rows[] = {
    {"GET", HTTP_REPEAT_ANY, {OK}, 1, 200, NULL},
    {"GET", HTTP_REPEAT_ANY, {REDIRECT("/elsewhere"), OK}, 2, 200, NULL},
    {"GET",
     HTTP_REPEAT_ANY,
     {REDIRECT("http://127.0.0.2/x"), OK},
     1,
     302,
     "Test: HTTP 302: a redirect to another host is not followed"},
    {"GET",
     HTTP_REPEAT_ANY,
     {REDIRECT("https:/x"), OK},
     1,
     302,
     "Test: HTTP 302: a redirect to another host is not followed"},
    {"GET",
     HTTP_REPEAT_ANY,
     {REDIRECT("/a"), REDIRECT("/b"), REDIRECT("/c"), REDIRECT("/d"), OK},
     4,
     302,
     "Test: redirects without an end"},
    {"PATCH",
     HTTP_REPEAT_ANY,
     {REDIRECT("/elsewhere"), OK},
     1,
     302,
     "Test: HTTP 302: a redirect of PATCH is not followed"},
    {"POST", HTTP_REPEAT_ANY, {FAILS, "", OK}, 3, 200, NULL},
    {"POST", HTTP_REPEAT_REFUSED, {FAILS, OK}, 1, 503, "Test: HTTP 503"},
    {"POST",
     HTTP_REPEAT_REFUSED,
     {"", OK},
     1,
     0,
     "Test: 127.0.0.1: the connection ended without an answer, it may have arrived"},
    {"POST", HTTP_REPEAT_REFUSED, {LIMITED, OK}, 2, 200, NULL},
    {"POST", HTTP_REPEAT_REFUSED, {FAILS_FOR("1"), OK}, 2, 200, NULL},
    {"GET",
     HTTP_REPEAT_ANY,
     {FAILS_FOR("3600"), OK},
     1,
     503,
     "Test: HTTP 503: the service asks to wait 3600 s, longer than the time left"},
    {"POST", HTTP_REPEAT_ANSWERED, {FAILS, LIMITED, OK}, 3, 200, NULL},
    {"POST",
     HTTP_REPEAT_ANSWERED,
     {"", OK},
     1,
     0,
     "Test: 127.0.0.1: the connection ended without an answer, it may have arrived"},
};

static void try_row(const struct row *row)
{
    struct arena arena;
    struct http_client *client;
    struct http_response response;
    struct error error = {0};
    char url[64], all[8192];
    static const struct http_header headers[] = {{"Private-Token", "tOkEn"}};
    const struct http_settings settings = {.seconds = 6, .variable = no_variable};
    struct server server = begin(row->answers);
    snprintf(url, sizeof url, "http://127.0.0.1:%u/begin", server.port);
    struct http_request request = {.service = "Test",
                                   .method = row->method,
                                   .url = url,
                                   .headers = headers,
                                   .header_count = 1,
                                   .repeat = row->repeat};
    arena_init(&arena);
    assert_int_equal(http_open(&client, &settings, &error), ERROR_NONE);
    enum error_code code = http_send(client, &request, &arena, &response, &error);
    http_close(client);
    size_t asked = end(&server, all);
    if (asked != row->asked || response.status != row->status ||
        strcmp(error.text, row->message != NULL ? row->message : "") != 0)
        fail_msg("row %d: asked %zu times, status %ld, \"%s\"", (int)(row - rows), asked,
                 response.status, error.text);
    assert_int_equal(code != ERROR_NONE, row->message != NULL);
    assert_non_null(strstr(all, "Private-Token: tOkEn\r\n"));
    assert_int_equal(strncmp(all, row->method, strlen(row->method)), 0);
    if (row->message == NULL) {
        assert_string_equal(response.body.text, "ok");
        assert_true(slice_equal(http_field(&response, "x-next-page"), SLICE("7")));
        assert_int_equal(http_field(&response, "next-page").length, 0);
    }
    arena_release(&arena);
}

static void test_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        try_row(&rows[i]);
}

/* What is refused before anything is sent. */
static void test_refused(void **state)
{
    (void)state;
    static const struct http_header breaks[] = {{"Private-Token", "tOkEn\r\nX: y"}};
    static const struct {
        const char *url;
        size_t headers;
        const char *message;
    } refused[] = {
        {"http://a.invalid/tOkEn", 0,
         "Test: its URL is http, which would send a secret in plain text"},
        {"file:///tOkEn", 0, "Test: its URL is not of the form https://host/path"},
        {"https://u:tOkEn@a.invalid/", 0, "Test: its URL is not of the form https://host/path"},
        {"http://127.0.0.1:1/", 1,
         "Test: the value for Private-Token has a control character in it"},
    };
    const struct http_settings settings = {.seconds = 6, .variable = no_variable};
    struct arena arena;
    struct http_client *client;
    struct error none = {0};
    arena_init(&arena);
    assert_int_equal(http_open(&client, &settings, &none), ERROR_NONE);
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct error error = {0};
        struct http_response response;
        struct http_request request = {.service = "Test",
                                       .method = "GET",
                                       .url = refused[i].url,
                                       .headers = breaks,
                                       .header_count = refused[i].headers};
        assert_int_equal(http_send(client, &request, &arena, &response, &error), ERROR_USAGE);
        assert_string_equal(error.text, refused[i].message);
        assert_int_equal(response.status, 0);
    }
    http_close(client);
    arena_release(&arena);
}

/* A flag that is up ends it before its time. */
static void test_stop(void **state)
{
    (void)state;
    static const volatile int stop = 1;
    static const char *const answers[] = {OK, NULL};
    char url[64], all[8192];
    struct arena arena;
    struct http_client *client;
    struct http_response response;
    struct error error = {0};
    const struct http_settings settings = {.seconds = 6, .variable = no_variable, .stop = &stop};
    struct server server = begin(answers);
    snprintf(url, sizeof url, "http://127.0.0.1:%u/", server.port);
    struct http_request request = {.service = "Test", .method = "GET", .url = url};
    arena_init(&arena);
    assert_int_equal(http_open(&client, &settings, &error), ERROR_NONE);
    assert_int_equal(http_send(client, &request, &arena, &response, &error), ERROR_WRITE);
    assert_string_equal(error.text, "Test: 127.0.0.1: interrupted");
    http_close(client);
    (void)end(&server, all);
    arena_release(&arena);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
