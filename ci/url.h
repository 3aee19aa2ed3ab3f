/*
 * url: web addresses, of the strict form that no two programs read differently.
 *
 * http or https, a host (name, IPv4, or IPv6 in brackets), maybe a port, then printable ASCII
 * without quotes, brackets or back-slashes. No user name or password.
 */
#ifndef CI_URL_H
#define CI_URL_H

#include <stdbool.h>

#include "parsers/slice.h"

/* Slices of the address; nothing is decoded. */
struct url {
    bool tls;
    struct slice host; /* with brackets where it is IPv6 */
    unsigned port;     /* 443 or 80 where it names none */
    struct slice rest; /* path, query and fragment, beginning with one of /?#; may be empty */
};

/* False: not of that form. */
bool url_parse(struct slice text, struct url *url);

/* The same scheme, host and port. */
bool url_same_origin(const struct url *a, const struct url *b);

/* localhost, 127.0.0.0/8 or [::1]. */
bool url_is_loopback(const struct url *url);

#endif
