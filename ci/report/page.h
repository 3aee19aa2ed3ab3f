/*
 * page: the style sheet and the script of the HTML report, page.css and page.js beside this header,
 * within the program. The build makes the bytes of each into an array.
 *
 * Neither holds "</": each is embedded as it is.
 */
#ifndef CI_REPORT_PAGE_H
#define CI_REPORT_PAGE_H

#include <stddef.h>

/* Terminated by a NUL that does not count. */
extern const char page_css[], page_js[];
extern const size_t page_css_bytes, page_js_bytes;

#endif
