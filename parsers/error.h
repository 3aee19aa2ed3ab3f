/*
 * error: what went wrong, and where in which input.
 *
 * The caller passes the struct in; the first error wins, later ones are dropped, and functions
 * leave their outputs untouched when they fail. Functions that can fail return the code.
 */
#ifndef PARSERS_ERROR_H
#define PARSERS_ERROR_H

#include <stddef.h>
#include <stdint.h>

enum error_code {
    ERROR_NONE = 0,
    ERROR_USAGE,  /* the command line does not make sense */
    ERROR_INPUT,  /* an input is no good */
    ERROR_READ,   /* an input could not be opened or read */
    ERROR_WRITE,  /* an output could not be written */
    ERROR_MEMORY, /* out of memory */
};

enum { ERROR_TEXT_BYTES = 400, ERROR_SOURCE_BYTES = 400 };

struct error {
    enum error_code code;
    char source[ERROR_SOURCE_BYTES]; /* file name as the user wrote it; empty: no file involved */
    uint64_t line;                   /* from 1; 0: the whole file */
    uint64_t column;                 /* in bytes, from 1; 0: the whole line */
    char text[ERROR_TEXT_BYTES];     /* one line, no full stop; cut where it is too long */
};

/*
 * Sets *error unless it holds an error already, and returns the code that it now holds. `source`
 * may be NULL. Bytes of the message that are control characters are written as \xNN, because
 * messages quote hostile input.
 */
enum error_code error_set(struct error *error, enum error_code code, const char *source,
                          uint64_t line, uint64_t column, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/*
 * Writes "source:line:column: text" (the parts that are known) into `buffer`, terminated, cut at
 * `size`. Returns buffer.
 */
char *error_format(const struct error *error, char *buffer, size_t size);

#endif
