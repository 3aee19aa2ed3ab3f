/*
 * lines: bytes from anywhere, as lines of text.
 *
 * A stream is pulled through a read function (a file, memory, later a decompressor) into one
 * buffer that grows only as far as the longest line needs. Lines end at LF; one CR before it is
 * dropped, and the last line may lack its LF. A UTF-8 byte order mark is skipped; UTF-16 with a
 * byte order mark is converted to UTF-8 (an unpaired surrogate becomes U+FFFD).
 *
 * Refused with line and column: a NUL byte, and a line longer than LINES_MAX_BYTES. Nothing else
 * is judged here.
 */
#ifndef PARSERS_LINES_H
#define PARSERS_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "parsers/error.h"
#include "parsers/slice.h"

enum { LINES_MAX_BYTES = 8 << 20 };

/* Reads up to `capacity` bytes. Returns how many, 0 at the end, -1 with errno set. */
typedef ssize_t lines_read(void *context, char *buffer, size_t capacity);

/*
 * Makes the next line of what is no plain text: sets *line, valid until the next call, *number, the
 * line of the input on which it begins, and *unterminated. Returns as lines_next does.
 */
typedef int lines_make(void *context, struct slice *line, uint64_t *number, bool *unterminated,
                       struct error *error);

struct lines {
    lines_read *read;
    lines_make *make; /* instead of read, where it is set */
    void *context;
    const char *source;     /* for errors: the name as the user wrote it */
    uint64_t line;          /* number of the line that lines_next returned last, from 1 */
    uint64_t bytes;         /* bytes read so far, as they came */
    bool unterminated;      /* the line returned last was the last one and had no LF */
    unsigned char magic[8]; /* the first bytes of the input, as they came */
    size_t magic_count;
    /* The rest is private. */
    char *buffer;
    size_t start, end, capacity; /* text not yet returned is buffer[start, end) */
    size_t scanned;              /* no LF in buffer[start, scanned) */
    size_t nul;                  /* offset of the first NUL in [start, end), or SIZE_MAX */
    bool at_end, begun;
    int utf16;            /* 0 no, 1 little endian, 2 big endian */
    unsigned char odd[4]; /* UTF-16 bytes kept until their character is whole */
    size_t odd_count;
};

void lines_init(struct lines *lines, lines_read *read, void *context, const char *source);
/* Lines that somebody else takes out of another format; their text is not judged here. */
void lines_init_made(struct lines *lines, lines_make *make, void *context, const char *source);

void lines_release(struct lines *lines);

/* What lines_next returns, beside 1: a line, 0: the end, and -1: *error is set. */
enum {
    LINES_DAMAGED = 2, /* of lines that are made: a line was no good, and *line says why */
};

/*
 * The next line, without its ending, into *line, valid until the next call. Returns 1, or 0 at the
 * end, or -1 with *error set, or LINES_DAMAGED. An empty input has no line.
 */
__attribute__((warn_unused_result)) int lines_next(struct lines *lines, struct slice *line,
                                                   struct error *error);

#endif
