/* SPDX-License-Identifier: BSD-2-Clause */
#include "compare/value.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS_SHOWN 40

char *value_text(const struct vcd *vcd, uint32_t slot, bool before)
{
    const struct vcd_text *text = before ? &vcd->text_before[slot] : &vcd->text[slot];
    const bool vector = vcd->kinds[slot] == VCD_BITS && vcd->sizes[slot] > 1;
    char shown[2 * DIGITS_SHOWN];
    bool binary = vector && text->length > 0;
    for (uint32_t i = 0; i < text->length && binary; i++)
        binary = text->text[i] == '0' || text->text[i] == '1';
    if (!binary || vcd->sizes[slot] <= 4) {
        vcd_print_value(vcd, slot, before, shown, sizeof shown);
        return strdup(shown + (vcd->kinds[slot] == VCD_REAL && shown[0] == 'r') +
                      (vcd->kinds[slot] == VCD_STRING && shown[0] == 's'));
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
