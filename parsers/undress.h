/*
 * undress: a line of text without what it was dressed in where it was shown.
 *
 * Tables are copied from terminals (colours) and web pages (entities, no-break spaces, a
 * typographic minus), and logs put the time before each line. Without these a line is what the
 * program printed.
 */
#ifndef PARSERS_UNDRESS_H
#define PARSERS_UNDRESS_H

#include <stddef.h>

#include "parsers/slice.h"

/*
 * Writes the line without the time of a log ("2026-01-02T03:04:05.1234567Z ", as GitHub Actions
 * writes it), without ANSI control sequences (ECMA-48, CSI and OSC), with HTML's entities
 * replaced by their characters, U+00A0 by a blank and U+2212 by '-', and without trailing blanks.
 * `to` has room for line.length bytes; the result lies in it.
 */
struct slice undress(struct slice line, char *to);

/* Without what quotes it ("> " of mail and Markdown), and without blanks and tabs around it. */
struct slice unquote(struct slice line);

#endif
