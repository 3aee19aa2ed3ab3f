/*
 * quote: what a service says of a request that it refuses, fit to be shown.
 */
#ifndef CI_NOTIFY_QUOTE_H
#define CI_NOTIFY_QUOTE_H

#include "ci/notify/http.h"

enum { QUOTE_BYTES = 120 };

/*
 * Writes the answer's short text ("invalid_token"; of JSON what `message` or `error` says),
 * terminated and cut, or nothing: a page of HTML says nothing, and what repeats a part of a secret
 * of the request is not shown.
 */
void quote_answer(const struct http_request *request, struct slice body, char quote[QUOTE_BYTES]);

#endif
