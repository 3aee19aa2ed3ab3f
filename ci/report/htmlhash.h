/*
 * htmlhash: SHA-256 (FIPS 180-4) in base64, by which a page names the style and the script that it
 * allows (Content Security Policy Level 3, hash-source).
 */
#ifndef CI_REPORT_HTMLHASH_H
#define CI_REPORT_HTMLHASH_H

#include "parsers/slice.h"

enum { HTML_HASH_BYTES = 45 };

/* 44 characters and a NUL. */
void html_hash(struct slice text, char hash[HTML_HASH_BYTES]);

#endif
