/*
 * orphans: what a benchmark left running outside its process group.
 */
#ifndef CI_RUN_ORPHANS_H
#define CI_RUN_ORPHANS_H

/*
 * Kills and reaps every child of this process, with what becomes its child by that. To be called
 * when no child of its own is to live. Linux only, where the launcher made this process adopt what
 * its children leave behind; elsewhere it does nothing.
 */
void orphans_end(void);

#endif
