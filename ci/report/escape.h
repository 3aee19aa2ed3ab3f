/*
 * escape: text from the change under test, made harmless for the place where it goes.
 *
 * Benchmark names, units, paths and log lines are written by whoever wrote the change. Each
 * function appends `text` so that it shows as plain text there, on one line.
 */
#ifndef CI_REPORT_ESCAPE_H
#define CI_REPORT_ESCAPE_H

#include <stddef.h>

#include "ci/report/buffer.h"
#include "parsers/slice.h"

/*
 * For a terminal: control characters (C0, DEL) and bytes that are no UTF-8 become \xNN; a tab is a
 * blank; C1 control characters, and those that reorder or hide text (bidirectional controls,
 * zero-width, line separators) become \uNNNN. The logs of CI systems are terminals too: what
 * GitHub would take for a command ("::" at the start, "##[" anywhere) becomes \x3a:, #\x23[. What
 * is "as for a terminal" below keeps a "::" at the start, where it cannot begin a line.
 */
void escape_terminal(struct buffer *buffer, struct slice text);

/* Whether nothing of it would be escaped; false says nothing. Without "#" and ":" it is ASCII. */
bool escape_is_plain(struct slice text);

/*
 * As a field of CSV: as for a terminal, in quotes where it holds a comma or a quote, or "::" at the
 * start, which then begins no line. What a spreadsheet would take for a formula (= + - @ at the
 * start) gets an apostrophe in front.
 */
void escape_csv(struct buffer *buffer, struct slice text);

/* As the value of an OpenMetrics label, without the quotes: as for a terminal; \ \" behind \. */
void escape_openmetrics(struct buffer *buffer, struct slice text);

/* As HTML text or an attribute's value in double quotes: as for a terminal, markup as entities. */
void escape_html(struct buffer *buffer, struct slice text);

/*
 * For a plain_text object of Slack: as for a terminal, and the three characters that Slack reads
 * everywhere (&, <, >: with them go mentions as <!channel> and links) are entities.
 */
void escape_slack(struct buffer *buffer, struct slice text);

/* As XML text or an attribute's value in double quotes: as for a terminal; no character that XML
 * 1.0 does not have. */
void escape_xml(struct buffer *buffer, struct slice text);

/*
 * As the message of a GitHub workflow command (::error::…), and as a property of one: as for a
 * terminal, with %, and in a property : and ',' too, as %NN.
 */
void escape_workflow(struct buffer *buffer, struct slice text);
void escape_workflow_property(struct buffer *buffer, struct slice text);

/*
 * For Markdown, a cell of a table included: as for a terminal, and every ASCII character that means
 * something where it stands is behind a backslash. GitHub and GitLab look for @names and #123 in
 * what has been rendered, where no backslash is left: an invisible U+200B parts those.
 */
void escape_markdown(struct buffer *buffer, struct slice text);

/*
 * The same as a code span, back-ticks included, in which nothing means anything and no name or
 * number is looked for. In a cell of a table (and only there) a '|' needs its backslash all the
 * same.
 */
void escape_markdown_code(struct buffer *buffer, struct slice text);
void escape_markdown_code_cell(struct buffer *buffer, struct slice text);

/*
 * As the target of a link (<…> in Markdown, a quoted attribute in HTML): what no URL may hold is
 * percent-encoded. Nothing is appended where it is neither http:// nor https://.
 */
void escape_url(struct buffer *buffer, struct slice text);

/* As valid UTF-8: what is none becomes U+FFFD. For encoders that escape all else themselves. */
void escape_utf8(struct buffer *buffer, struct slice text);

/* Columns that the text takes: its code points (the tables hold no wide or combining text). */
size_t escape_columns(struct slice text);

#endif
