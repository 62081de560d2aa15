/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page: one HTML file that needs nothing else: data, script and style stand in it, and its
 * Content-Security-Policy lets nothing else in.
 *
 * The data are JSON, as a zlib stream (RFC 1950) in base64; what is in them is up to the script.
 */
#ifndef DMASIM_REPORT_PAGE_H
#define DMASIM_REPORT_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "trace/file.h"

#define REPORT_PAGE_MOST 1900000u /* bytes that a page should not exceed */

/* The data of a page, packed; `bytes` is the caller's to free. */
struct report_packed {
    unsigned char *bytes;
    size_t length;
};

/* False if memory is short. */
bool report_page_pack(const char *json, size_t length, struct report_packed *packed);

/* Bytes of the page with these data, but for its title. */
size_t report_page_size(const struct report_packed *packed);

void report_page_write(struct trace_file *to, const char *title,
                       const struct report_packed *packed);

#endif
