/*
 * jsonwriter: what the parts of the JSON report build it from. For ci/report/json*.c alone.
 *
 * Text of a report is UTF-8; what is none stands as U+FFFD. Where a replay needs the very bytes,
 * a second member KEY_bytes beside KEY has them in hexadecimal, and only where KEY is not exact.
 */
#ifndef CI_REPORT_JSONWRITER_H
#define CI_REPORT_JSONWRITER_H

#include <jansson.h>

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "ci/decide/policy.h"
#include "parsers/slice.h"

/* NULL from jansson means that memory was short; json_object_set_new then fails, and is noted. */
struct writer {
    bool failed;
    bool sources_known; /* of the benchmarks themselves */
};

static inline void put(struct writer *writer, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0)
        writer->failed = true;
}

static inline void append(struct writer *writer, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0)
        writer->failed = true;
}

static inline json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static inline json_t *count(uint64_t value)
{
    return json_integer((json_int_t)value);
}

/* Text that may be no UTF-8. */
json_t *text(struct slice slice);

/* null for NULL. */
json_t *string(const char *text_or_null);

/* A text that reads back as it is. */
void put_text(struct writer *writer, json_t *object, const char *key, struct slice slice);
void put_string(struct writer *writer, json_t *object, const char *key, const char *text_or_null);

/* The same of an array; KEY_bytes then has null where the text is exact. */
void put_texts(struct writer *writer, json_t *object, const char *key, const struct slice *all,
               size_t count);
void put_strings(struct writer *writer, json_t *object, const char *key, const char *const *all,
                 size_t count);

static inline json_t *consequences(struct writer *writer, unsigned set)
{
    json_t *array = json_array();
    for (size_t i = 0; i < CONSEQUENCE_KINDS; i++)
        if (set & 1u << i)
            append(writer, array, json_string(consequence_name(i)));
    return array;
}

#endif
