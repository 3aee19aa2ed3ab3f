/*
 * htmlpage: what the parts of the HTML report share. For ci/report/html*.c alone.
 *
 * Text of the input goes through html_text or html_name alone; all other markup is written here.
 */
#ifndef CI_REPORT_HTMLPAGE_H
#define CI_REPORT_HTMLPAGE_H

#include "ci/report/report.h"

/* Points that one page draws, and those of one side of one picture: most, and at least. */
enum { HTML_POINTS = 400000, HTML_SIDE_POINTS = 200, HTML_LEAST_POINTS = 20 };

struct html_page {
    const struct report *report;
    struct buffer *out;
    struct arena *arena; /* for words that are made for the page */
    size_t side_points;  /* that one side of a picture may have in this page */
};

/* How something is to be taken, for its colour: "bad", "warn", "good", "calm". */
const char *html_tone(const struct outline_item *item);

/* As text or an attribute's value; and apart from the direction of what is around it. */
void html_text(struct buffer *out, struct slice text);
void html_string(struct buffer *out, const char *text);
void html_name(struct buffer *out, struct slice text);
/* Words in an arena: NULL says that memory was short, and is noted. */
void html_words(struct buffer *out, const char *words);

/* A sign and a word: not only a colour. */
void html_badge(struct buffer *out, const char *tone, enum outcome outcome, const char *words);

/* <section> with its heading, which has a number unless `count` is SIZE_MAX; and its end. */
void html_open(struct html_page *page, const char *id, const char *title, size_t count);
void html_close(struct html_page *page);

/* The picture of both samples, of a verdict that is measured. */
void html_picture(struct html_page *page, const struct verdict *verdict);

/* Lists of what needs a word, breaches first; a table of the geometric means; all comparisons. */
void html_items(struct html_page *page);
void html_geomeans(struct html_page *page);
void html_comparisons(struct html_page *page);

/* What was measured, where and by what it was judged. */
void html_budgets(struct html_page *page);
void html_waivers(struct html_page *page);
void html_policy(struct html_page *page);
void html_head_policy(struct html_page *page);
void html_sides(struct html_page *page);
void html_notes(struct html_page *page);
void html_damage(struct html_page *page);
void html_notifications(struct html_page *page);

#endif
