/*
 * date: days of the Gregorian calendar, "2026-12-31", as numbers that can be compared.
 */
#ifndef CI_DECIDE_DATE_H
#define CI_DECIDE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "parsers/slice.h"

/* Days since 1970-01-01 of "YYYY-MM-DD", years 1970 to 9999; false: there is no such day. */
bool date_read(struct slice text, int *day);

/* The day, in UTC, of a number of seconds since 1970. */
int date_of_seconds(int64_t seconds);

/* "YYYY-MM-DD" of a day number, terminated; the nearest day of the years 1970 to 9999. */
enum { DATE_BYTES = 11 };
void date_text(int day, char text[DATE_BYTES]);

#endif
