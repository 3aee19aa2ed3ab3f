#include "cmd/goflags.h"

#include <stdio.h>
#include <string.h>

#include "parsers/goquote.h"
#include "parsers/number.h"

/* A flag of benchstat, as its usage lists it: in order of the names. */
struct flag {
    const char *name, *argument, *usage;
    size_t offset; /* of what it sets in struct comparing */
    bool is_number;
};

#define TEXT(member) offsetof(struct comparing, member), false
#define NUMBER(member) offsetof(struct comparing, member), true

static const struct flag flags[] = {
    {"alpha", "α", "consider change significant if p < α (default 0.05)", NUMBER(alpha)},
    {"col", "projection",
     "split results into columns by distinct values of projection (default \".file\")",
     TEXT(projections[BY_COLUMN])},
    {"confidence", "level", "confidence level for ranges (default 0.95)", NUMBER(confidence)},
    {"filter", "query", "use only benchmarks matching benchfilter query (default \"*\")",
     TEXT(filter)},
    {"format", "format",
     "print results in format:\n"
     "    \t  text - plain text\n"
     "    \t  csv  - comma-separated values (warnings will be written to stderr)\n"
     "    \t (default \"text\")",
     TEXT(format)},
    {"ignore", "keys", "ignore variations in keys", TEXT(projections[IGNORED])},
    {"row", "projection",
     "split results into rows by distinct values of projection (default \".fullname\")",
     TEXT(projections[BY_ROW])},
    {"table", "projection",
     "split results into tables by distinct values of projection (default \".config\")",
     TEXT(projections[BY_TABLE])},
};
enum { FLAG_COUNT = sizeof(flags) / sizeof(flags[0]) };

/* What compare has beyond them. */
static const char *const own[] = {"strict", "effect-interval", "sensitivity", "verdict"};
enum { OWN_COUNT = sizeof(own) / sizeof(own[0]) };

static void print_usage(void)
{
    fputs("Usage: benchstat [flags] inputs...\n"
          "\n"
          "This is `benchgate compare --compat`, in benchstat's place: a table of the benchmark\n"
          "results in the inputs, with medians in a row for each benchmark and a column for each\n"
          "input, and changes against the first one; \"~\" is a change that chance can explain.\n"
          "\n"
          "`benchgate compare --help` says more.\n",
          stderr);
    for (size_t i = 0; i < FLAG_COUNT; i++)
        fprintf(stderr, "  -%s %s\n    \t%s\n", flags[i].name, flags[i].argument, flags[i].usage);
}

/* "WHAT: TEXT", of which `length` bytes count; then the usage. */
static enum goflags_end refuse(const char *what, const char *text, size_t length)
{
    fprintf(stderr, "%s: %.*s\n", what, (int)length, text);
    print_usage();
    return GOFLAGS_REFUSED;
}

static bool is_name(struct slice text, const char *name)
{
    return slice_equal(text, slice_of(name));
}

static const struct flag *find_flag(struct slice name)
{
    for (size_t i = 0; i < FLAG_COUNT; i++)
        if (is_name(name, flags[i].name))
            return &flags[i];
    return NULL;
}

/* No flag of benchstat has this name, which stands behind a dash. */
static enum goflags_end refuse_name(struct slice name)
{
    if (is_name(name, "help") || is_name(name, "h")) {
        print_usage();
        return GOFLAGS_ASKED;
    }
    for (size_t i = 0; i < OWN_COUNT; i++)
        if (is_name(name, own[i])) {
            fprintf(stderr,
                    "benchgate compare: --%s: not with --compat, benchstat has no such flag\n",
                    own[i]);
            return GOFLAGS_REFUSED;
        }
    return refuse("flag provided but not defined", name.text - 1, name.length + 1);
}

static enum goflags_end set(struct comparing *comparing, const struct flag *flag, const char *value)
{
    static const char *const faults[] = {
        [NUMBER_SYNTAX] = "parse error",
        [NUMBER_RANGE] = "value out of range",
    };
    void *place = (char *)comparing + flag->offset;
    if (!flag->is_number) {
        *(const char **)place = value;
        return GOFLAGS_READ;
    }
    enum number_status status = number_double(slice_of(value), place);
    if (status == NUMBER_OK)
        return GOFLAGS_READ;
    const char *quoted = goquote(comparing->arena, slice_of(value));
    fprintf(stderr, "invalid value %s for flag -%s: %s\n", quoted != NULL ? quoted : value,
            flag->name, faults[status]);
    print_usage();
    return GOFLAGS_REFUSED;
}

/* Reads the flag at arguments[*at], and moves on to the last argument that it takes. */
static enum goflags_end read_flag(struct comparing *comparing, int count, char **arguments, int *at)
{
    const char *text = arguments[*at] + (arguments[*at][1] == '-' ? 2 : 1);
    if (*text == '\0' || *text == '-' || *text == '=')
        return refuse("bad flag syntax", arguments[*at], strlen(arguments[*at]));
    const struct slice name = {text, strcspn(text, "=")};
    const struct flag *flag = find_flag(name);
    if (flag == NULL)
        return refuse_name(name);
    if (text[name.length] == '=')
        return set(comparing, flag, text + name.length + 1);
    if (*at + 1 == count)
        return refuse("flag needs an argument", name.text - 1, name.length + 1);
    return set(comparing, flag, arguments[++*at]);
}

bool goflags_bool(struct slice text, bool *value)
{
    static const char *const words[][2] = {{"0", "1"},        {"f", "t"},        {"F", "T"},
                                           {"false", "true"}, {"FALSE", "TRUE"}, {"False", "True"}};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        for (size_t truth = 0; truth < 2; truth++)
            if (is_name(text, words[i][truth])) {
                *value = truth == 1;
                return true;
            }
    return false;
}

enum goflags_end goflags_read(struct comparing *comparing, int count, char **arguments,
                              struct operands *operands)
{
    int at = 0;
    operands->count = 0;
    for (; at < count && arguments[at][0] == '-' && arguments[at][1] != '\0'; at++) {
        if (strcmp(arguments[at], "--") == 0) {
            at++;
            break;
        }
        enum goflags_end end = read_flag(comparing, count, arguments, &at);
        if (end != GOFLAGS_READ)
            return end;
    }
    for (; at < count; at++)
        operands->all[operands->count++] = arguments[at];
    if (operands->count > 0)
        return GOFLAGS_READ;
    print_usage();
    return GOFLAGS_REFUSED;
}
