#include "ci/report/report.h"

#include <string.h>

const struct report_format report_formats[] = {
    {"text", "a table for people, the verdict first and last", report_text, false},
    {"markdown", "for pull requests and job summaries, under 65,536 bytes", report_markdown, true},
    {"json", "everything that was decided and why, for programs", report_json, true},
    {"junit", "for CI systems: a case a benchmark and unit", report_junit, true},
    {"csv", "for spreadsheets: a row a comparison", report_csv, true},
    {"html", "for release managers: one page, with pictures of the samples", report_html, true},
    {"openmetrics", "for GitLab's metrics report and Prometheus", report_openmetrics, true},
    {"annotations", "GitHub's workflow commands: each breach at the benchmark's own line",
     report_annotations, true},
};
const char report_format_names[] =
    "text, markdown, json, junit, csv, html, openmetrics, annotations";
const char report_unwritten[] = "an output could not be written";
const size_t report_format_count = sizeof report_formats / sizeof report_formats[0];

const struct report_format *report_format_find(const char *name)
{
    for (size_t i = 0; i < report_format_count; i++)
        if (strcmp(report_formats[i].name, name) == 0)
            return &report_formats[i];
    return NULL;
}
