/*
 * remove: folders and all that is in them.
 */
#ifndef CI_REV_REMOVE_H
#define CI_REV_REMOVE_H

#include <stdbool.h>

/*
 * Removes what stands under `name` in the folder `parent` (a descriptor), a file or a whole folder.
 * No symbolic link is followed. False, with errno, where something is left; it being gone already
 * is a success.
 */
bool remove_entry(int parent, const char *name);

#endif
