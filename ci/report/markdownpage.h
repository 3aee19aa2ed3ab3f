/*
 * markdownpage: what the parts of the Markdown report share. For ci/report/markdown*.c alone.
 */
#ifndef CI_REPORT_MARKDOWNPAGE_H
#define CI_REPORT_MARKDOWNPAGE_H

#include "ci/report/report.h"

/* Bytes of one name, and of one sentence; longer ones are cut. */
enum { MARKDOWN_NAME = 160, MARKDOWN_SHORT_NAME = 80, MARKDOWN_SENTENCE = 800 };

struct markdown_page {
    const struct report *report;
    struct buffer *out;
    size_t limit; /* of the text as it is so far: what would go beyond is left out, and counted */
};

/* As a code span, cut; the same in a cell of a table. */
void markdown_code(struct buffer *out, struct slice text, size_t bytes);
void markdown_code_cell(struct buffer *out, struct slice text, size_t bytes);

/* One of our sentences, which may quote the input. */
void markdown_sentence(struct buffer *out, const char *text);

/* Lists of what needs a word, breaches first. */
void markdown_items(struct markdown_page *page);

/* A table of the geometric means; all comparisons, folded. */
void markdown_geomeans(struct markdown_page *page);
void markdown_tables(struct markdown_page *page);

#endif
