/*
 * packed: a report that was kept compressed.
 */
#ifndef CI_REPLAY_PACKED_H
#define CI_REPLAY_PACKED_H

#include "parsers/arena.h"
#include "parsers/error.h"
#include "parsers/slice.h"

/*
 * Unpacks *text by gzip or zstd, known by its first bytes, into the arena; other text stays as it
 * is. ERROR_INPUT: the data is damaged, or holds more than `most` bytes; ERROR_MEMORY.
 */
__attribute__((warn_unused_result)) enum error_code packed_undo(const char *source,
                                                                struct slice *text, size_t most,
                                                                struct arena *arena,
                                                                struct error *error);

#endif
