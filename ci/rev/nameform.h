/*
 * nameform: names that benchgate gives to what it puts into the cache, so that it removes nothing
 * else there.
 */
#ifndef CI_REV_NAMEFORM_H
#define CI_REV_NAMEFORM_H

#include <stdbool.h>

/*
 * Whether `name` has the form, all of it: "%d" in it is one decimal digit or more, "%i" an object's
 * id (40 or 64 hexadecimal digits, none of them a capital), "%s" one small letter, digit, dot or
 * dash or more; every other byte is itself.
 */
bool nameform_is(const char *name, const char *form);

#endif
