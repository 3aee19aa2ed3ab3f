#include "parsers/field.h"

#include "parsers/utf8.h"

/* The wide ones start with C2 (U+0085, U+00A0), E1 (U+1680), E2 (U+2000 …) and E3 (U+3000). */
const unsigned char field_classes[256] = {
    ['\t'] = FIELD_BLANK, ['\n'] = FIELD_BLANK, ['\v'] = FIELD_BLANK, ['\f'] = FIELD_BLANK,
    ['\r'] = FIELD_BLANK, [' '] = FIELD_BLANK,  [0xc2] = FIELD_WIDE,  [0xe1] = FIELD_WIDE,
    [0xe2] = FIELD_WIDE,  [0xe3] = FIELD_WIDE,
};

size_t field_wide_blank(const char *at, const char *end)
{
    return utf8_space((struct slice){at, (size_t)(end - at)});
}
