/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * text: letters as ASCII has them, whatever the locale of the process, and text from outside made fit to be shown.
 *
 * <ctype.h> and <strings.h> ask the locale: under a Turkish one `i` is no `I`, under ISO 8859-1 a byte of a UTF-8
 * character is a letter. Nothing in the library uses them.
 */
#ifndef DMASIM_TEXT_H
#define DMASIM_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- ASCII ----------------------------------------------------------------------------------- */

static inline bool ascii_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static inline char ascii_upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static inline bool ascii_letter(char c)
{
    return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z';
}

static inline bool ascii_alnum(char c)
{
    return ascii_letter(c) || ascii_digit(c);
}

/* The digit's value, 99 if it is none of any base up to 16. */
static inline unsigned ascii_hex(char c)
{
    const char low = ascii_lower(c);
    return ascii_digit(c)             ? (unsigned)(c - '0')
           : low >= 'a' && low <= 'f' ? (unsigned)(low - 'a' + 10)
                                      : 99;
}

/* The same but for letter case. */
bool ascii_same(const char *a, const char *b);

/* ---- UTF-8 ----------------------------------------------------------------------------------- */

/* Bytes of the UTF-8 character at `at` (RFC 3629), 0 if it is none. `left` is at least 1. */
size_t utf8_length(const unsigned char *at, size_t left);

/* ---- globs ----------------------------------------------------------------------------------- */

/* `*` any characters, `?` one, all else itself; the whole name. */
bool text_glob(const char *glob, const char *name);

/* ---- text from outside ----------------------------------------------------------------------- */

#define TEXT_ESCAPE 12 /* bytes enough for text_escape() */

/*
 * What a terminal, a log or a reader of lines might take for more than a character, written so that it is seen:
 *
 *   \n \r \t                       and \xNN for any other control character (C0, DEL)
 *   \xNN                           a byte that is no UTF-8
 *   \uNNNN                         C1 controls, ends of lines and paragraphs, marks that reorder text, byte order
 *                                  marks, what is no character
 *
 * Writes the form of the character at `at` (which is not the end) and its terminating null; returns the bytes of
 * `at` it stands for, or 0 with nothing written if the character may be shown as it is, *length bytes of it.
 */
size_t text_escape(const char *at, size_t left, char form[TEXT_ESCAPE], size_t *length);

/* All of a text in that way. What does not fit in `size` is cut, not inside a character or a form. Returns the
 * length written. */
size_t text_visible(char *out, size_t size, const char *text);

#endif
