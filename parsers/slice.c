#include "parsers/slice.h"

/*
 * memchr for the first byte, then a comparison. Needles here are short constants, so the worst
 * case stays linear in the text.
 */
size_t slice_find(struct slice s, struct slice needle, size_t from)
{
    if (from > s.length)
        return s.length;
    if (needle.length == 0)
        return from;
    while (s.length - from >= needle.length) {
        const char *hit =
            memchr(s.text + from, needle.text[0], s.length - from - needle.length + 1);
        if (hit == NULL)
            break;
        if (memcmp(hit, needle.text, needle.length) == 0)
            return (size_t)(hit - s.text);
        from = (size_t)(hit - s.text) + 1;
    }
    return s.length;
}

/*
 * Eight bytes at a time, multiplied and folded, as in the finaliser of MurmurHash3 (Appleby, public
 * domain). The seed keeps a file from being made so that everything in it collides.
 */
uint64_t slice_hash(struct slice s, uint64_t seed)
{
    const uint64_t odd = 0xff51afd7ed558ccdu;
    uint64_t hash = seed ^ (s.length * odd);
    while (s.length > 0) {
        uint64_t word = 0;
        size_t count = s.length < sizeof(word) ? s.length : sizeof(word);
        memcpy(&word, s.text, count);
        hash = (hash ^ word) * odd;
        hash ^= hash >> 32;
        s = slice_skip(s, count);
    }
    hash *= 0xc4ceb9fe1a85ec53u;
    return hash ^ (hash >> 29);
}
