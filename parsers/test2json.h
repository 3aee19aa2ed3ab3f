/*
 * test2json: the text that a `go test -json` stream is made of, line by line.
 *
 * A line of text may come in several events (they end wherever the test binary's writes ended), and
 * the events of packages may be interleaved, as when several go commands write to one file. Here
 * the output of each package is put together again, and one package follows the other, in the order
 * in which they began, as `go test` without -json prints them: whatever reads that text reads this.
 *
 * Lines that are no JSON (go ≤ 1.23 prints build errors so) stand between the packages. The output
 * of builds is left out, as it is on standard error without -json; that a package failed is in its
 * own output, and where it is not, a "FAIL" line says so. Where a package's output does not say
 * "pkg:" before its first result, that line is put in. Events of unknown actions do not count.
 *
 * Packages that have to wait for one that has not ended are kept in memory, up to
 * TEST2JSON_MAX_WAITING bytes.
 */
#ifndef PARSERS_TEST2JSON_H
#define PARSERS_TEST2JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/error.h"
#include "parsers/lines.h"
#include "parsers/slice.h"

enum {
    TEST2JSON_MAX_PACKAGES = 10000,
    TEST2JSON_MAX_WAITING = 256 << 20,
};

struct test2json {
    struct lines lines; /* of the stream */
    uint64_t events;    /* read so far */
    uint64_t damaged;   /* lines that began as an event does, and were no good */
    /* Known at the end of the stream: */
    uint64_t open; /* packages that have neither an event nor a line (PASS, ok, …) that ends them */
    bool bounded; /* it has events that start or end packages: who filtered it left these in */
    bool torn;    /* its last line is part of an event */
    /* The rest is private; see test2json.c. */
    struct test2json_private *private;
};

/* Starts reading; as gobench_open. ERROR_MEMORY is all that can go wrong. */
__attribute__((warn_unused_result)) enum error_code test2json_open(struct test2json *stream,
                                                                   lines_read *read, void *context,
                                                                   const char *source,
                                                                   struct error *error);
void test2json_close(struct test2json *stream);

/*
 * A lines_make over a struct test2json: the next line of text, and on which line of the stream it
 * began. LINES_DAMAGED where a line is no whole event. ERROR_INPUT where lines break a bound, and
 * where results that are no events stand among events: two kinds of input in one.
 */
int test2json_make(void *stream, struct slice *line, uint64_t *number, bool *unterminated,
                   struct error *error);

#endif
