/* SPDX-License-Identifier: BSD-2-Clause */
/* vcd_slots: values, and the codes that name them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reading/vcd_internal.h"

#define SHORT_CODES 65536
#define VALUE_BYTES_MAX ((size_t)512 << 20)
#define SLOTS_MAX ((uint32_t)1 << 28)

bool vcd_slots_init(struct vcd *self)
{
    self->short_codes = calloc(SHORT_CODES, sizeof *self->short_codes);
    self->hash_room = 256;
    self->hash = calloc(self->hash_room, sizeof *self->hash);
    return self->short_codes && self->hash;
}

void vcd_slots_free(struct vcd *self)
{
    for (uint32_t i = 0; i < self->slot_count; i++) {
        free(self->text[i].text);
        free(self->text_before[i].text);
    }
    free(self->sizes);
    free(self->kinds);
    free(self->bit);
    free(self->bit_before);
    free(self->text);
    free(self->text_before);
    free(self->occurrences);
    free(self->stamps);
    free(self->touched);
    free(self->short_codes);
    free(self->hash);
    free(self->long_codes);
}

/* ---- codes ----------------------------------------------------------------------------------- */

static size_t spread(uint64_t code, size_t room)
{
    code ^= code >> 29;
    code *= 0x9e3779b97f4a7c15u;
    return (size_t)(code >> 32) & (room - 1);
}

uint64_t vcd_hash_text(const char *text, size_t length)
{
    uint64_t hash = 0x51ed270b35a1f3c7u ^ length;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3u;
    return hash | 1ull << 63; /* no code of up to 7 characters has this bit */
}

uint32_t vcd_hash_find(const struct vcd *self, uint64_t code)
{
    for (size_t i = spread(code, self->hash_room);; i = (i + 1) & (self->hash_room - 1)) {
        if (self->hash[i].code == code)
            return self->hash[i].entry;
        if (!self->hash[i].entry)
            return 0;
    }
}

static bool hash_grow(struct vcd *self)
{
    const size_t room = 2 * self->hash_room;
    struct vcd_hash_entry *more = calloc(room, sizeof *more);
    if (!more)
        return false;
    for (size_t i = 0; i < self->hash_room; i++) {
        if (!self->hash[i].entry)
            continue;
        size_t at = spread(self->hash[i].code, room);
        while (more[at].entry)
            at = (at + 1) & (room - 1);
        more[at] = self->hash[i];
    }
    free(self->hash);
    self->hash = more;
    self->hash_room = room;
    return true;
}

static bool same_code(const struct vcd *self, const struct vcd_hash_entry *entry, uint64_t code,
                      const char *text, size_t length)
{
    if (entry->code != code)
        return false;
    if (!entry->text)
        return true;
    const char *known = self->long_codes + entry->text - 1;
    return strlen(known) == length && memcmp(known, text, length) == 0;
}

/* Keeps a code of 8 characters or more. 1 + its place, or 0. */
static uint32_t keep_code(struct vcd *self, const char *code, size_t length)
{
    const size_t need = self->long_codes_length + length + 1;
    if (need >= UINT32_MAX)
        return 0;
    if (need > self->long_codes_room) {
        char *more = realloc(self->long_codes, 2 * need);
        if (!more)
            return 0;
        self->long_codes = more;
        self->long_codes_room = 2 * need;
    }
    const size_t at = self->long_codes_length;
    memcpy(self->long_codes + at, code, length);
    self->long_codes[at + length] = '\0';
    self->long_codes_length = need;
    return (uint32_t)at + 1;
}

/* Where a code's entry stands: null if it has none, or there is no memory for it. */
uint32_t *vcd_code_entry(struct vcd *self, const char *code, size_t length, bool add)
{
    uint64_t packed = 0;
    for (size_t i = 0; i < length && i < 7; i++)
        packed |= (uint64_t)(unsigned char)code[i] << 8 * i;
    if (packed < SHORT_CODES)
        return &self->short_codes[packed];
    if (length > 7)
        packed = vcd_hash_text(code, length);
    size_t at = spread(packed, self->hash_room);
    for (; self->hash[at].entry; at = (at + 1) & (self->hash_room - 1))
        if (same_code(self, &self->hash[at], packed, code, length))
            return &self->hash[at].entry;
    if (!add)
        return NULL;
    if (2 * self->hash_count >= self->hash_room) {
        if (!hash_grow(self))
            return NULL;
        for (at = spread(packed, self->hash_room); self->hash[at].entry;)
            at = (at + 1) & (self->hash_room - 1);
    }
    const uint32_t text = length > 7 ? keep_code(self, code, length) : 0;
    if (length > 7 && !text)
        return NULL;
    self->hash[at] = (struct vcd_hash_entry){.code = packed, .text = text};
    self->hash_count++;
    return &self->hash[at].entry;
}

/* ---- values ---------------------------------------------------------------------------------- */

static bool widen(void *array, size_t room, size_t size)
{
    void *more = realloc(*(void **)array, room * size);
    if (more)
        memcpy(array, &more, sizeof more);
    return more != NULL;
}

/* A new slot; VCD_NO_SLOT if there is no room. */
uint32_t vcd_slot_add(struct vcd *self, enum vcd_kind kind, uint64_t size)
{
    if (self->slot_count == self->slot_room) {
        const size_t room = self->slot_room ? 2 * (size_t)self->slot_room : 64;
        if (room > SLOTS_MAX || !widen(&self->sizes, room, sizeof *self->sizes) ||
            !widen(&self->kinds, room, 1) || !widen(&self->bit, room, 1) ||
            !widen(&self->bit_before, room, 1) || !widen(&self->text, room, sizeof *self->text) ||
            !widen(&self->text_before, room, sizeof *self->text_before) ||
            !widen(&self->occurrences, room, sizeof *self->occurrences) ||
            !widen(&self->stamps, room, sizeof *self->stamps) ||
            !widen(&self->touched, room, sizeof *self->touched))
            return VCD_NO_SLOT;
        self->slot_room = (uint32_t)room;
    }
    const uint32_t slot = self->slot_count++;
    self->sizes[slot] = kind == VCD_BITS ? size : 1;
    self->kinds[slot] = (unsigned char)kind;
    self->bit[slot] = self->bit_before[slot] = 'x';
    self->text[slot] = self->text_before[slot] = (struct vcd_text){.text = NULL};
    self->occurrences[slot] = 0;
    self->stamps[slot] = 0;
    return slot;
}

/* False if all values together get too long. */
bool vcd_text_set(struct vcd *self, struct vcd_text *text, const char *from, size_t length)
{
    if (length > text->room) {
        const size_t room = length + length / 2 + 14;
        if (self->value_bytes + room > VALUE_BYTES_MAX)
            return false;
        char *more = realloc(text->text, room);
        if (!more)
            return false;
        self->value_bytes += room - text->room;
        text->text = more;
        text->room = (uint32_t)room;
    }
    if (length)
        memcpy(text->text, from, length);
    text->length = (uint32_t)length;
    return true;
}

/* Gives a slot a value of more than one character. False as vcd_text_set(). */
bool vcd_put_text(struct vcd *self, uint32_t slot, const char *text, size_t length)
{
    struct vcd_text *now = &self->text[slot];
    if (now->length == length && (length == 0 || memcmp(now->text, text, length) == 0))
        return true;
    if (vcd_touch(self, slot)) {
        const struct vcd_text old = *now;
        *now = self->text_before[slot];
        self->text_before[slot] = old;
    }
    return vcd_text_set(self, now, text, length);
}

static double number(const struct vcd_text *text)
{
    char digits[64], *end;
    if (text->length <= sizeof digits) {
        memcpy(digits, text->text + 1, text->length - 1);
        digits[text->length - 1] = '\0';
        return strtod(digits, &end);
    }
    char *copy = malloc(text->length);
    if (!copy)
        return 0;
    memcpy(copy, text->text + 1, text->length - 1);
    copy[text->length - 1] = '\0';
    const double value = strtod(copy, &end);
    free(copy);
    return value;
}

bool vcd_same_text(enum vcd_kind kind, const struct vcd_text *a, const struct vcd_text *b)
{
    if (a->length == b->length && (a->length == 0 || memcmp(a->text, b->text, a->length) == 0))
        return true;
    if (kind != VCD_REAL || a->length == 0 || b->length == 0)
        return false;
    const double x = number(a), y = number(b);
    return !(x < y || x > y) && (x != x) == (y != y);
}

bool vcd_same(const struct vcd *a, uint32_t a_slot, const struct vcd *b, uint32_t b_slot)
{
    const enum vcd_kind kind = (enum vcd_kind)a->kinds[a_slot];
    if (kind == VCD_BITS && a->sizes[a_slot] == 1)
        return a->bit[a_slot] == b->bit[b_slot];
    return kind == VCD_EVENT || vcd_same_text(kind, &a->text[a_slot], &b->text[b_slot]);
}

bool vcd_changed(const struct vcd *self, uint32_t slot)
{
    const enum vcd_kind kind = (enum vcd_kind)self->kinds[slot];
    if (kind == VCD_EVENT)
        return self->occurrences[slot] > 0;
    if (kind == VCD_BITS && self->sizes[slot] == 1)
        return self->bit[slot] != self->bit_before[slot];
    return !vcd_same_text(kind, &self->text[slot], &self->text_before[slot]);
}

void vcd_print_text(enum vcd_kind kind, const struct vcd_text *text, char *to, size_t room)
{
    const int most = room > 4 ? (int)(room - 4) : 0;
    const int length = text->length < (uint32_t)most ? (int)text->length : most;
    const char *beyond = (int)text->length > length ? "..." : "";
    if (text->length == 0)
        snprintf(to, room, "%s", kind == VCD_BITS ? "bx" : "unset");
    else
        snprintf(to, room, "%s%.*s%s", kind == VCD_BITS ? "b" : "",
                 kind == VCD_BITS && most ? length - (length == most) : length, text->text, beyond);
}

void vcd_print_value(const struct vcd *self, uint32_t slot, bool before, char *to, size_t room)
{
    const enum vcd_kind kind = (enum vcd_kind)self->kinds[slot];
    if (kind == VCD_EVENT)
        snprintf(to, room, "%u", self->occurrences[slot]);
    else if (kind == VCD_BITS && self->sizes[slot] == 1)
        snprintf(to, room, "%c", before ? self->bit_before[slot] : self->bit[slot]);
    else
        vcd_print_text(kind, before ? &self->text_before[slot] : &self->text[slot], to, room);
}
