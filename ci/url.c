#include "ci/url.h"

#include <ctype.h>
#include <strings.h>

enum { MOST_PORT = 65535, HTTP_PORT = 80, HTTPS_PORT = 443, MOST_HOST = 255 };

static bool equal_in_any_case(struct slice a, struct slice b)
{
    return a.length == b.length && (a.length == 0 || strncasecmp(a.text, b.text, a.length) == 0);
}

static bool take_scheme(struct slice *text, struct url *url)
{
    static const struct {
        struct slice name;
        bool tls;
        unsigned port;
    } schemes[] = {{{"https://", 8}, true, HTTPS_PORT}, {{"http://", 7}, false, HTTP_PORT}};
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        struct slice name = schemes[i].name;
        if (text->length < name.length ||
            !equal_in_any_case((struct slice){text->text, name.length}, name))
            continue;
        *text = slice_skip(*text, name.length);
        url->tls = schemes[i].tls;
        url->port = schemes[i].port;
        return true;
    }
    return false;
}

static bool is_name_byte(char byte)
{
    return isalnum((unsigned char)byte) || byte == '.' || byte == '-' || byte == '_';
}

static bool is_ipv6_byte(char byte)
{
    return isxdigit((unsigned char)byte) || byte == ':' || byte == '.';
}

static bool take_host(struct slice *text, struct url *url)
{
    bool bracketed = text->length > 0 && text->text[0] == '[';
    size_t length = bracketed;
    while (length < text->length &&
           (bracketed ? is_ipv6_byte(text->text[length]) : is_name_byte(text->text[length])))
        length++;
    if (bracketed && (length == text->length || text->text[length] != ']'))
        return false;
    length += bracketed;
    if (length == 0 || length > MOST_HOST || text->text[0] == '.' || text->text[0] == '-')
        return false;
    url->host = (struct slice){text->text, length};
    *text = slice_skip(*text, length);
    return true;
}

static bool take_port(struct slice *text, struct url *url)
{
    if (text->length == 0 || text->text[0] != ':')
        return true;
    unsigned port = 0;
    size_t at = 1;
    for (; at < text->length && isdigit((unsigned char)text->text[at]); at++) {
        port = 10 * port + (unsigned)(text->text[at] - '0');
        if (port > MOST_PORT)
            return false;
    }
    url->port = port;
    *text = slice_skip(*text, at);
    return port > 0;
}

static bool is_rest(struct slice rest)
{
    static const char refused[] = "\"<>\\^`{|}";
    if (rest.length > 0 && memchr("/?#", rest.text[0], 3) == NULL)
        return false;
    for (size_t i = 0; i < rest.length; i++)
        if (rest.text[i] <= ' ' || rest.text[i] > '~' ||
            memchr(refused, rest.text[i], sizeof refused - 1) != NULL)
            return false;
    return true;
}

bool url_parse(struct slice text, struct url *url)
{
    struct url made = {0};
    if (!take_scheme(&text, &made) || !take_host(&text, &made) || !take_port(&text, &made) ||
        !is_rest(text))
        return false;
    made.rest = text;
    *url = made;
    return true;
}

bool url_same_origin(const struct url *a, const struct url *b)
{
    return a->tls == b->tls && a->port == b->port && equal_in_any_case(a->host, b->host);
}

/* 127 and three more numbers, in decimal: no shorter or other form of an address. */
static bool is_loopback_ipv4(struct slice host)
{
    size_t parts = 0, at = 0;
    if (!slice_starts(host, SLICE("127.")))
        return false;
    while (at < host.length) {
        size_t start = at;
        while (at < host.length && isdigit((unsigned char)host.text[at]))
            at++;
        size_t digits = at - start;
        if (digits == 0 || digits > 3 || (digits > 1 && host.text[start] == '0'))
            return false;
        parts++;
        if (at < host.length && (host.text[at] != '.' || ++at == host.length))
            return false;
    }
    return parts == 4;
}

bool url_is_loopback(const struct url *url)
{
    return equal_in_any_case(url->host, SLICE("localhost")) ||
           slice_equal(url->host, SLICE("[::1]")) || is_loopback_ipv4(url->host);
}
