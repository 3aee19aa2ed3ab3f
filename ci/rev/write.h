/*
 * write: bytes to a descriptor, all of them.
 */
#ifndef CI_REV_WRITE_H
#define CI_REV_WRITE_H

#include <stdbool.h>
#include <stddef.h>

/* Goes on after an interruption and a short write; false, with errno, where it cannot. */
bool write_all(int descriptor, const char *bytes, size_t length);

#endif
