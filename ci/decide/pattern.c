#include "ci/decide/pattern.h"

#include <stdint.h>

#include "ci/decide/tidy.h"
#include "parsers/benchname.h"
#include "parsers/utf8.h"

/* Where a match may end but at the end of the text. */
struct ends {
    size_t bare;  /* the name without its number of CPUs; SIZE_MAX: only at the end */
    bool slashes; /* before any slash */
};

static bool may_end(struct slice text, size_t at, const struct ends *ends)
{
    return at == text.length || at == ends->bare || (ends->slashes && text.text[at] == '/');
}

/* Takes one character of both where they agree. */
static bool take_one(struct slice pattern, size_t *p, struct slice text, size_t *t)
{
    uint32_t rune;
    if (*p == pattern.length || *t == text.length)
        return false;
    if (pattern.text[*p] == '?') {
        *t += utf8_decode(slice_skip(text, *t), &rune);
        ++*p;
        return true;
    }
    size_t escaped = pattern.text[*p] == '\\' && *p + 1 < pattern.length;
    if (pattern.text[*p + escaped] != text.text[*t])
        return false;
    *p += 1 + escaped;
    ++*t;
    return true;
}

/* One place to go back to, the last star: never more than pattern times text. */
static bool glob(struct slice pattern, struct slice text, const struct ends *ends)
{
    size_t p = 0, t = 0, star = SIZE_MAX, resume = 0;
    uint32_t rune;
    for (;;) {
        if (p == pattern.length && may_end(text, t, ends))
            return true;
        if (p < pattern.length && pattern.text[p] == '*') {
            star = ++p;
            resume = t;
        } else if (!take_one(pattern, &p, text, &t)) {
            if (star == SIZE_MAX || resume == text.length)
                return false;
            /* By whole characters: a '?' must not find half of one. */
            resume += utf8_decode(slice_skip(text, resume), &rune);
            p = star;
            t = resume;
        }
    }
}

/* What the go command takes for a folder. */
static bool is_folder(struct slice path)
{
    return slice_equal(path, SLICE(".")) || slice_equal(path, SLICE("..")) ||
           slice_starts(path, SLICE("./")) || slice_starts(path, SLICE("../")) ||
           slice_starts(path, SLICE("/"));
}

const char *pattern_fault(enum pattern_kind kind, struct slice written)
{
    struct slice rest = written;
    if (rest.length > 0 && rest.text[0] == '!')
        rest = slice_skip(rest, 1);
    if (rest.length == 0)
        return "is empty";
    if (utf8_length(written) > PATTERN_CHARACTERS)
        return "has more than 1000 characters";
    for (size_t i = 0; i < rest.length; i++) {
        unsigned char c = (unsigned char)rest.text[i];
        if (c < ' ' || c == 0x7f)
            return "holds a control character, which no name has";
        if (c == ' ')
            return kind == PATTERN_UNIT
                       ? "holds a blank, which no unit has"
                       : "holds a blank, which no name has (Go prints them as '_')";
        if (c != '\\')
            continue;
        if (++i == rest.length)
            return "ends with a lone '\\'";
        if (memchr("*?\\!", rest.text[i], 4) == NULL)
            return "has a '\\' before none of: * ? \\ !";
    }
    if (kind == PATTERN_PACKAGE && is_folder(rest))
        return "is a folder; packages are import paths, as example.com/x/... or */x";
    if (kind == PATTERN_BENCHMARK && slice_equal(rest, SLICE("Benchmark")))
        return "names no benchmark (Benchmark* is all of them)";
    return NULL;
}

/* "..." of go is '*'; at the end behind a slash it is the package itself too. */
static bool take_package(struct pattern *pattern, struct slice glob, struct arena *arena)
{
    char *made = arena_allocate(arena, glob.length + 1, 1);
    size_t used = 0;
    if (made == NULL)
        return false;
    if (slice_ends(glob, SLICE("/..."))) {
        pattern->below = true;
        glob.length -= 4;
    }
    for (size_t i = 0; i < glob.length; i++) {
        bool dots = slice_starts(slice_skip(glob, i), SLICE("..."));
        made[used++] = dots ? '*' : glob.text[i];
        i += dots ? 2 : 0;
    }
    pattern->glob = (struct slice){made, used};
    return true;
}

bool patterns_add(struct patterns *patterns, enum pattern_kind kind, struct slice written,
                  struct arena *arena)
{
    struct pattern *more =
        arena_grow(arena, patterns->all, patterns->count, patterns->count + 1, sizeof *more);
    struct pattern pattern = {.written = arena_copy(arena, written)};
    if (more == NULL || pattern.written.text == NULL)
        return false;
    pattern.excludes = written.length > 0 && written.text[0] == '!';
    pattern.glob = slice_skip(pattern.written, pattern.excludes ? 1 : 0);
    if (kind == PATTERN_UNIT)
        pattern.glob = tidy_unit(arena, pattern.glob);
    if (kind == PATTERN_BENCHMARK)
        pattern.glob = benchname_strip(pattern.glob);
    if (kind == PATTERN_PACKAGE && !take_package(&pattern, pattern.glob, arena))
        return false;
    if (pattern.glob.text == NULL)
        return false;
    more[patterns->count] = pattern;
    patterns->all = more;
    patterns->count++;
    return true;
}

static struct ends ends_of(enum pattern_kind kind, struct slice name)
{
    struct ends ends = {.bare = SIZE_MAX};
    if (kind != PATTERN_BENCHMARK)
        return ends;
    struct slice cpus = benchname_split(name).gomaxprocs;
    ends.slashes = true;
    if (cpus.length > 0)
        ends.bare = name.length - cpus.length - 1;
    return ends;
}

bool patterns_match(const struct patterns *patterns, enum pattern_kind kind, struct slice name)
{
    struct ends ends = ends_of(kind, name);
    bool some = false, any = false;
    for (size_t i = 0; i < patterns->count; i++) {
        const struct pattern *pattern = &patterns->all[i];
        struct ends here = ends;
        here.slashes = here.slashes || pattern->below;
        some = some || !pattern->excludes;
        if ((any && !pattern->excludes) || !glob(pattern->glob, name, &here))
            continue;
        if (pattern->excludes)
            return false;
        any = true;
    }
    return any || !some;
}

const char *patterns_text(const struct patterns *patterns, struct arena *arena)
{
    const char *text = "";
    for (size_t i = 0; i < patterns->count && text != NULL; i++)
        text = arena_print(arena, "%s%s%s", text, i > 0 ? ", " : "", patterns->all[i].written.text);
    return text;
}

bool pattern_is_wild(struct slice written)
{
    for (size_t i = 0; i < written.length; i++) {
        if (written.text[i] == '\\')
            i++;
        else if (written.text[i] == '*' || written.text[i] == '?')
            return true;
    }
    return false;
}
