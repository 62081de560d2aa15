/* SPDX-License-Identifier: BSD-2-Clause */
#include "compare/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS_SHOWN 40

char *value_text(const struct vcd *vcd, uint32_t slot, bool before)
{
    const enum vcd_kind kind = (enum vcd_kind)vcd->kinds[slot];
    char shown[16];
    if (kind != VCD_EVENT && (kind != VCD_BITS || vcd->sizes[slot] > 1))
        return value_text_of(vcd, slot, before ? &vcd->text_before[slot] : &vcd->text[slot]);
    vcd_print_value(vcd, slot, before, shown, sizeof shown);
    return strdup(shown);
}

char *value_text_of(const struct vcd *vcd, uint32_t slot, const struct vcd_text *text)
{
    const enum vcd_kind kind = (enum vcd_kind)vcd->kinds[slot];
    char shown[2 * DIGITS_SHOWN];
    if (kind == VCD_BITS && vcd->sizes[slot] == 1) {
        const char digit[] = {text->text[0], '\0'}; /* no end stands behind it there */
        return strdup(digit);
    }
    bool binary = kind == VCD_BITS && text->length > 0;
    for (uint32_t i = 0; i < text->length && binary; i++)
        binary = text->text[i] == '0' || text->text[i] == '1';
    if (!binary || vcd->sizes[slot] <= 4) {
        vcd_print_text(kind, text, shown, sizeof shown);
        return strdup(shown + (kind == VCD_REAL && shown[0] == 'r') +
                      (kind == VCD_STRING && shown[0] == 's'));
    }
    size_t at = (size_t)sprintf(shown, "0x"), digits = 0;
    for (uint32_t i = 0; i < text->length; digits++) {
        unsigned nibble = 0;
        const uint32_t until = text->length - ((text->length - i - 1) & ~3u);
        for (; i < until; i++)
            nibble = nibble << 1 | (text->text[i] == '1');
        if (digits == DIGITS_SHOWN) {
            at += (size_t)sprintf(shown + at, "...");
            break;
        }
        shown[at++] = "0123456789abcdef"[nibble];
    }
    shown[at] = '\0';
    return strdup(shown);
}
