/*
 * leaks: what libgit2 1.5 itself loses, kept out of LeakSanitizer's reports, so that those show
 * ours: a few bytes where the search for a merge base fails (between leaks_ignore and leaks_watch),
 * and a match that failed wherever a regular expression is tried (by the name of the library).
 * Without AddressSanitizer there is nothing here.
 */
#ifndef CI_REV_LEAKS_H
#define CI_REV_LEAKS_H

#if defined(__SANITIZE_ADDRESS__)
#define LEAKS_ARE_REPORTED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LEAKS_ARE_REPORTED 1
#endif
#endif

#ifdef LEAKS_ARE_REPORTED
#include <sanitizer/lsan_interface.h>
#define leaks_ignore() __lsan_disable()
#define leaks_watch() __lsan_enable()
#else
#define leaks_ignore() ((void)0)
#define leaks_watch() ((void)0)
#endif

#endif
