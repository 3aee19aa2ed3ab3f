/*
 * goquote: strings between double quotes as Go writes and reads them (strconv.Quote, Unquote).
 */
#ifndef PARSERS_GOQUOTE_H
#define PARSERS_GOQUOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "parsers/arena.h"
#include "parsers/slice.h"

/*
 * The text as a Go string literal, terminated, in the arena; NULL where memory is short. Control
 * characters and what is no UTF-8 are escaped.
 */
const char *goquote(struct arena *arena, struct slice text);

/*
 * What stands in a literal (its quotes included) into *text, in the arena. False where an escape
 * sequence is none of Go's, or memory is short (arena->failed).
 */
bool goquote_read(struct arena *arena, struct slice literal, struct slice *text);

/*
 * Whether a rune shows: no control character, none that reorders or hides text, none for private
 * use. A close stand-in for Go's unicode.IsGraphic.
 */
bool goquote_is_graphic(uint32_t rune);

#endif
