/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * assets: the script and the style of the page, which the build makes of web/ (web/build.mjs), each with what the
 * page's Content-Security-Policy says of it.
 */
#ifndef DMASIM_REPORT_ASSETS_H
#define DMASIM_REPORT_ASSETS_H

#include <stddef.h>

extern const unsigned char report_script[], report_style[];
extern const size_t report_script_length, report_style_length;
extern const char report_script_hash[], report_style_hash[]; /* "sha256-..." */

#endif
