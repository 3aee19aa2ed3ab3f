#include "ci/decide/date.h"

static bool read_digits(struct slice text, size_t from, size_t count, int *value)
{
    *value = 0;
    for (size_t i = from; i < from + count; i++) {
        if (text.text[i] < '0' || text.text[i] > '9')
            return false;
        *value = 10 * *value + (text.text[i] - '0');
    }
    return true;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_before(int year)
{
    int past = year - 1;
    return 365 * past + past / 4 - past / 100 + past / 400;
}

static int days_of(int month, int year)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

bool date_read(struct slice text, int *day)
{
    int year, month, of_month;
    if (text.length != 10 || text.text[4] != '-' || text.text[7] != '-' ||
        !read_digits(text, 0, 4, &year) || !read_digits(text, 5, 2, &month) ||
        !read_digits(text, 8, 2, &of_month) || year < 1970 || month < 1 || month > 12)
        return false;
    if (of_month < 1 || of_month > days_of(month, year))
        return false;
    int number = days_before(year) - days_before(1970) + of_month - 1;
    for (int m = 1; m < month; m++)
        number += days_of(m, year);
    *day = number;
    return true;
}

int date_of_seconds(int64_t seconds)
{
    int64_t day = seconds / 86400;
    return (int)(seconds % 86400 < 0 ? day - 1 : day);
}

static void write_digits(char *text, int value, int digits)
{
    for (int i = digits - 1; i >= 0; i--, value /= 10)
        text[i] = (char)('0' + value % 10);
}

void date_text(int day, char text[DATE_BYTES])
{
    int last = days_before(10000) - days_before(1970) - 1;
    int left = (day < 0 ? 0 : day > last ? last : day) + days_before(1970);
    /* A year has 366 days at most: this is the year, or one before it. */
    int year = left / 366 + 1, month = 1;
    while (days_before(year + 1) <= left)
        year++;
    for (left -= days_before(year); left >= days_of(month, year); month++)
        left -= days_of(month, year);
    write_digits(text, year, 4);
    write_digits(text + 5, month, 2);
    write_digits(text + 8, left + 1, 2);
    text[4] = text[7] = '-';
    text[DATE_BYTES - 1] = '\0';
}
