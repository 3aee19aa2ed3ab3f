/*
 * jsontext: any bytes as text that JSON can hold, and back. Bytes that are no UTF-8 become %XX, and
 * '%' itself %25; all else stays as it is.
 */
#ifndef CI_JSONTEXT_H
#define CI_JSONTEXT_H

#include "parsers/arena.h"

/* In the arena; NULL for NULL, and where memory is short. */
const char *jsontext_encode(struct arena *arena, const char *bytes);
const char *jsontext_decode(struct arena *arena, const char *text);

#endif
