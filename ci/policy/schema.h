/*
 * schema: the JSON Schema (draft-07) of a policy file, benchgate.schema.json beside this header,
 * within the program. The build makes the bytes of the one into the other.
 *
 * It takes and refuses what policy_read does, as far as a schema can say it.
 */
#ifndef CI_POLICY_SCHEMA_H
#define CI_POLICY_SCHEMA_H

#include <stddef.h>

extern const char policy_schema[]; /* terminated by a NUL that does not count; ASCII */
extern const size_t policy_schema_bytes;

#endif
