#include "ci/trailerwaivers.h"

#include "ci/decide/percent.h"
#include "ci/rev/trailers.h"

enum { SHORT_ID = 12, WORDS_BYTES = 120 };

/* The next word, and what is behind it. */
static struct slice next_word(struct slice *rest)
{
    while (rest->length > 0 && rest->text[0] == ' ')
        *rest = slice_skip(*rest, 1);
    struct slice word = *rest;
    size_t length = 0;
    while (length < word.length && word.text[length] != ' ')
        length++;
    word.length = length;
    *rest = slice_skip(*rest, length);
    return word;
}

/* "+12%", "16B": one word. */
static const char *read_up_to(struct slice word, struct arena *arena, struct waiver *waiver)
{
    char words[WORDS_BYTES];
    if (word.length > 0 && word.text[word.length - 1] == '%') {
        const char *fault = percent_read(word, &waiver->ratio, words, sizeof words);
        return fault == NULL
                   ? NULL
                   : arena_print(arena, "\"%.*s\" %s", (int)word.length, word.text, fault);
    }
    if (word.length == 0 || amount_read(word, arena, &waiver->amount) != NULL ||
        waiver->amount.kind == AMOUNT_ANY)
        return "no percentage (+12%) or amount (16B) behind the unit";
    return waiver->amount.value > 0 ? NULL : "it waives nothing";
}

const char *trailerwaivers_read(struct slice text, struct arena *arena, struct waiver *waiver)
{
    struct slice rest = text, pattern = next_word(&rest), unit = next_word(&rest),
                 up_to = next_word(&rest);
    struct waiver made = {0};
    const char *fault = pattern_fault(PATTERN_BENCHMARK, pattern);
    if (fault != NULL)
        return arena_print(arena, "the pattern \"%.*s\" %s", (int)pattern.length, pattern.text,
                           fault);
    if ((fault = pattern_fault(PATTERN_UNIT, unit)) != NULL)
        return arena_print(arena, "the unit \"%.*s\" %s", (int)unit.length, unit.text, fault);
    if ((fault = read_up_to(up_to, arena, &made)) != NULL)
        return fault;
    while (rest.length > 0 && rest.text[0] == ' ')
        rest = slice_skip(rest, 1);
    if (rest.length == 0)
        return "it gives no reason";
    if (!patterns_add(&made.scope.benchmarks, PATTERN_BENCHMARK, pattern, arena) ||
        !patterns_add(&made.scope.units, PATTERN_UNIT, unit, arena))
        return "out of memory";
    if (made.ratio == 0 && !amount_may_fit(&made.amount, &made.scope.units))
        return arena_print(arena, "\"%.*s\" is no amount of %.*s", (int)up_to.length, up_to.text,
                           (int)unit.length, unit.text);
    made.reason = arena_copy(arena, rest).text;
    made.what = arena_print(arena, "%.*s %.*s %.*s", (int)pattern.length, pattern.text,
                            (int)unit.length, unit.text, (int)up_to.length, up_to.text);
    *waiver = made;
    return made.reason == NULL || made.what == NULL ? "out of memory" : NULL;
}

static bool take(struct policy *policy, const struct trailer *trailer, struct arena *arena)
{
    struct waiver waiver;
    const char *fault = trailerwaivers_read(slice_of(trailer->value), arena, &waiver);
    if (fault != NULL)
        return policy_note(policy, arena,
                           arena_print(arena,
                                       "commit %.*s: \"Benchgate-Waive: %s\" waives nothing: %s",
                                       SHORT_ID, trailer->commit, trailer->value, fault));
    waiver.by = trailer->author_name;
    waiver.source = arena_print(arena, "commit %.*s", SHORT_ID, trailer->commit);
    struct waiver *more = arena_grow(arena, policy->waivers, policy->waiver_count,
                                     policy->waiver_count + 1, sizeof *more);
    if (more == NULL || waiver.source == NULL)
        return false;
    more[policy->waiver_count++] = waiver;
    policy->waivers = more;
    return true;
}

static const char key[] = "Benchgate-Waive";

enum error_code trailerwaivers_pass_over(struct policy *policy, struct repository *repository,
                                         const char *base, const char *head, struct arena *arena,
                                         struct error *error)
{
    struct trailer_list list;
    struct error unreadable = {.code = ERROR_NONE};
    /* They count for nothing here; that they cannot be read does neither. */
    if (trailers_collect(repository, base, head, key, arena, &list, &unreadable) != ERROR_NONE ||
        list.count == 0)
        return ERROR_NONE;
    return policy_note(policy, arena,
                       arena_print(arena,
                                   "%zu Benchgate-Waive trailer%s of this change waive%s nothing "
                                   "(commit %.*s%s): the policy does not allow them "
                                   "(waivers_by_trailer)",
                                   list.count, list.count == 1 ? "" : "s",
                                   list.count == 1 ? "s" : "", SHORT_ID, list.trailers[0].commit,
                                   list.count > 1 ? ", ..." : ""))
               ? ERROR_NONE
               : error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

enum error_code trailerwaivers_add(struct policy *policy, struct repository *repository,
                                   const char *base, const char *head, struct arena *arena,
                                   struct error *error)
{
    struct trailer_list list;
    enum error_code code = trailers_collect(repository, base, head, key, arena, &list, error);
    if (code != ERROR_NONE)
        return code;
    bool good = true;
    for (size_t i = 0; i < list.count && good; i++)
        good = take(policy, &list.trailers[i], arena);
    if (good && list.cut)
        good = policy_note(policy, arena,
                           "not every commit between base and head could be searched for "
                           "Benchgate-Waive trailers: they are too many, or a message is too long");
    return good ? ERROR_NONE : error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}
