/*
 * curl: libcurl, loaded when it is needed. For ci/notify alone.
 *
 * It brings some twenty libraries with it. Linked to the program they would be loaded and bound at
 * every start, whatever the command: some 4 ms, as much again as the whole program takes.
 */
#ifndef CI_NOTIFY_CURL_H
#define CI_NOTIFY_CURL_H

#include <curl/curl.h>

#include "parsers/error.h"

/* As in <curl/curl.h>. */
struct curl_functions {
    CURLcode (*global_init)(long flags);
    void (*global_cleanup)(void);
    CURL *(*init)(void);
    CURLcode (*setopt)(CURL *easy, CURLoption option, ...);
    CURLcode (*perform)(CURL *easy);
    CURLcode (*getinfo)(CURL *easy, CURLINFO info, ...);
    const char *(*strerror)(CURLcode code);
    void (*reset)(CURL *easy);
    void (*cleanup)(CURL *easy);
    struct curl_slist *(*slist_append)(struct curl_slist *list, const char *text);
    void (*slist_free_all)(struct curl_slist *list);
};

/* The library stays loaded. ERROR_READ: there is none, or one that lacks a function. */
__attribute__((warn_unused_result)) enum error_code curl_load(struct curl_functions *functions,
                                                              struct error *error);

#endif
