/*
 * ownjson: JSON of benchgate's own, given where results are wanted.
 */
#ifndef CI_INPUT_OWNJSON_H
#define CI_INPUT_OWNJSON_H

#include "parsers/slice.h"

/*
 * What a file is that begins with `head`, and what to do with it: a report (--format json) or the
 * tables of compare. NULL where it is neither.
 */
const char *ownjson_hint(struct slice head);

#endif
