#include "parsers/editdistance.h"

#include <stdint.h>

static char folded(char c, bool fold)
{
    return (char)(fold && c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

size_t editdistance(struct slice a, struct slice b, bool fold)
{
    size_t row[EDITDISTANCE_BYTES + 1];
    if (a.length > EDITDISTANCE_BYTES || b.length > EDITDISTANCE_BYTES)
        return SIZE_MAX;
    for (size_t j = 0; j <= b.length; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.length; j++) {
            bool same = folded(a.text[i - 1], fold) == folded(b.text[j - 1], fold);
            size_t replaced = diagonal + !same;
            size_t moved = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = replaced < moved ? replaced : moved;
        }
    }
    return row[b.length];
}
