/*
 * unpack: gzip (RFC 1952) and zstd (RFC 8878) undone, whatever a file is called.
 *
 * What is compressed is recognised by its first bytes; anything else passes through untouched.
 * Members and frames that stand one behind another are read on, as `cat a.gz b.gz` leaves them;
 * bytes of zero behind the last gzip member (padding of tapes) do not count.
 *
 * A small file may hold gigabytes: nothing is read beyond UNPACK_MAX_BYTES, nor beyond
 * UNPACK_MAX_RATIO times what the compressed data took, from UNPACK_FREE_BYTES on. The memory
 * needed does not depend on the content (zstd: a window of 128 MiB at most; more is refused).
 */
#ifndef CI_INPUT_UNPACK_H
#define CI_INPUT_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/error.h"
#include "parsers/lines.h"

#define UNPACK_MAX_BYTES ((uint64_t)16 << 30)
#define UNPACK_FREE_BYTES ((uint64_t)64 << 20)
enum { UNPACK_MAX_RATIO = 200 };

struct unpack;

/*
 * A reader of what `read` gives. `source` names it in errors and must outlive the reader. NULL
 * where memory is short.
 */
struct unpack *unpack_open(lines_read *read, void *context, const char *source);
void unpack_close(struct unpack *unpack); /* NULL is fine */

/*
 * A lines_read over a struct unpack. Where it returns -1, unpack_error says why: ERROR_INPUT where
 * the data is cut short, corrupt or beyond a bound, with the offset in the file as it is;
 * ERROR_READ where it could not be read.
 */
ssize_t unpack_read(void *unpack, char *buffer, size_t capacity);
const struct error *unpack_error(const struct unpack *unpack);

/* Whether what was read so far is compressed. */
bool unpack_is_packed(const struct unpack *unpack);

/* How: "gzip" or "zstd"; NULL where it is not. */
const char *unpack_name(const struct unpack *unpack);

#endif
