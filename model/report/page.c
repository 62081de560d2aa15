/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/page.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "report/assets.h"

#define BASE64_LINE 57 /* bytes of a line of 76 characters */

static void put_escaped(struct trace_file *to, const char *text)
{
    for (; *text; text++)
        switch (*text) {
        case '<':
            trace_file_text(to, "&lt;");
            break;
        case '>':
            trace_file_text(to, "&gt;");
            break;
        case '&':
            trace_file_text(to, "&amp;");
            break;
        default:
            trace_file_write(to, text, 1);
        }
}

/* RFC 4648, 4, in lines. */
static void put_base64(struct trace_file *to, const unsigned char *bytes, size_t length)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t at = 0; at < length;) {
        char line[BASE64_LINE / 3 * 4 + 1];
        size_t used = 0;
        for (int i = 0; i < BASE64_LINE / 3 && at < length; i++, at += 3) {
            const size_t left = length - at;
            const unsigned word = (unsigned)bytes[at] << 16 |
                                  (left > 1 ? (unsigned)bytes[at + 1] << 8 : 0) |
                                  (left > 2 ? bytes[at + 2] : 0);
            line[used++] = digits[word >> 18];
            line[used++] = digits[word >> 12 & 63];
            line[used++] = left > 1 ? digits[word >> 6 & 63] : '=';
            line[used++] = left > 2 ? digits[word & 63] : '=';
        }
        line[used++] = '\n';
        trace_file_write(to, line, used);
    }
}

static void put_bytes(struct trace_file *to, const unsigned char *bytes, size_t length)
{
    trace_file_write(to, (const char *)bytes, length);
}

bool report_page_pack(const char *json, size_t length, struct report_packed *packed)
{
    uLongf room = compressBound((uLong)length);
    packed->bytes = malloc(room);
    packed->length = 0;
    if (!packed->bytes ||
        compress2(packed->bytes, &room, (const unsigned char *)json, (uLong)length, 9) != Z_OK)
        return false;
    packed->length = room;
    return true;
}

size_t report_page_size(const struct report_packed *packed)
{
    const size_t lines = packed->length / BASE64_LINE + 1;
    return report_script_length + report_style_length + lines * (BASE64_LINE / 3 * 4 + 1) + 1500;
}

void report_page_write(struct trace_file *to, const char *title, const struct report_packed *packed)
{
    trace_file_text(to,
                    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                    "script-src '");
    trace_file_text(to, report_script_hash);
    trace_file_text(to, "'; style-src '");
    trace_file_text(to, report_style_hash);
    trace_file_text(to, "'; base-uri 'none'; form-action 'none'\">\n"
                        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                        "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    put_escaped(to, title);
    trace_file_text(to, "</title>\n<style>");
    put_bytes(to, report_style, report_style_length);
    trace_file_text(to,
                    "</style>\n</head>\n<body>\n<main id=\"page\"><noscript>This report is drawn "
                    "by a script that stands in this file; scripts are turned off.</noscript>"
                    "</main>\n<script type=\"application/octet-stream\" id=\"data\">\n");
    put_base64(to, packed->bytes, packed->length);
    trace_file_text(to, "</script>\n<script>");
    put_bytes(to, report_script, report_script_length);
    trace_file_text(to, "</script>\n</body>\n</html>\n");
}
