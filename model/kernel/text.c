/* SPDX-License-Identifier: BSD-2-Clause */
#include "kernel/text.h"

#include <string.h>

bool ascii_same(const char *a, const char *b)
{
    while (*a && ascii_lower(*a) == ascii_lower(*b)) {
        a++;
        b++;
    }
    return ascii_lower(*a) == ascii_lower(*b);
}

size_t utf8_length(const unsigned char *at, size_t left)
{
    if (at[0] < 0x80)
        return 1;
    size_t length = at[0] >= 0xf0 && at[0] <= 0xf4 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    if (at[0] < 0xc2 || at[0] > 0xf4 || length > left)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] > 0x9f) ||
        (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] > 0x8f))
        return 0;
    return length;
}

/* The code point of a valid character. */
static uint32_t code_of(const unsigned char *at, size_t length)
{
    uint32_t code = length == 1 ? at[0] : at[0] & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++)
        code = code << 6 | (at[i] & 0x3f);
    return code;
}

/* Of those below U+10000; all above may be shown, but for the last two of each plane and tags. */
static bool hidden(uint32_t code)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x0000, 0x001f}, {0x007f, 0x009f}, {0x00ad, 0x00ad}, {0x061c, 0x061c},
        {0x180e, 0x180e}, {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},
        {0xfdd0, 0xfdef}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    return (code & 0xfffe) == 0xfffe;
}

static size_t put_hex(char *out, char kind, uint32_t value, unsigned digits)
{
    size_t at = 0;
    out[at++] = '\\';
    out[at++] = kind;
    while (digits-- > 0)
        out[at++] = "0123456789abcdef"[value >> (4 * digits) & 15];
    out[at] = '\0';
    return at;
}

size_t text_escape(const char *text, size_t left, char form[TEXT_ESCAPE], size_t *length)
{
    static const char simple[] = {['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'};
    const unsigned char *at = (const unsigned char *)text;
    *length = utf8_length(at, left);
    if (*length == 0) {
        *length = put_hex(form, 'x', at[0], 2);
        return 1;
    }
    const uint32_t code = code_of(at, *length);
    const size_t bytes = *length;
    if (!hidden(code))
        return 0;
    if (code < sizeof simple && simple[code]) {
        form[0] = '\\';
        form[1] = simple[code];
        form[2] = '\0';
        *length = 2;
    } else {
        *length = code < 0x80      ? put_hex(form, 'x', code, 2)
                  : code < 0x10000 ? put_hex(form, 'u', code, 4)
                                   : put_hex(form, 'U', code, 8);
    }
    return bytes;
}

size_t text_visible(char *out, size_t size, const char *text)
{
    size_t used = 0, left = strlen(text);
    while (left > 0) {
        char form[TEXT_ESCAPE];
        size_t length;
        const size_t escaped = text_escape(text, left, form, &length);
        const size_t taken = escaped ? escaped : length;
        if (used + length >= size)
            break;
        memcpy(out + used, escaped ? form : text, length);
        used += length;
        text += taken;
        left -= taken;
    }
    if (size)
        out[used] = '\0';
    return used;
}

bool text_glob(const char *glob, const char *name)
{
    const char *star = NULL, *again = NULL;
    while (*name) {
        if (*glob == '*') {
            star = glob++;
            again = name;
        } else if (*glob && (*glob == '?' || *glob == *name)) {
            glob++;
            name++;
        } else if (star) {
            glob = star + 1;
            name = ++again;
        } else {
            return false;
        }
    }
    while (*glob == '*')
        glob++;
    return *glob == '\0';
}
