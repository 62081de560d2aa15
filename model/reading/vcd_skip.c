/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vcd_skip: reading bytes that are the same in two files once.
 *
 * What a reader does with bytes follows from its state and the bytes alone. So if two readers have equal
 * states and equal bytes ahead, up to white space, then one of them may read those, faults and all, and the
 * other takes over its state. Only where they are in their files (lines, columns) is each one's own.
 */
#include <string.h>

#include "reading/vcd_internal.h"

#define WORTH 1024 /* bytes that must be equal */

static size_t common(const char *a, const char *b, size_t most)
{
    size_t at = 0;
    while (most - at >= 4096 && memcmp(a + at, b + at, 4096) == 0)
        at += 4096;
    for (; most - at >= 8; at += 8) {
        uint64_t x, y;
        memcpy(&x, a + at, 8);
        memcpy(&y, b + at, 8);
        if (x != y)
            return at + ((size_t)__builtin_ctzll(x ^ y) >> 3);
    }
    while (at < most && a[at] == b[at])
        at++;
    return at;
}

/* The equal bytes ahead that end with white space. */
static size_t equal_words(struct vcd *a, struct vcd *b, bool *parted)
{
    const size_t left_a = (size_t)(a->safe - a->at), left_b = (size_t)(b->safe - b->at);
    const size_t most = left_a < left_b ? left_a : left_b;
    size_t length = common(a->at, b->at, most);
    *parted = length < most;
    if (*parted)
        a->unequal = a->at + length;
    while (length > 0 && !vcd_is_space((unsigned char)a->at[length - 1]))
        length--;
    return length;
}

static bool run(struct vcd *self, char *limit)
{
    for (;;) {
        switch (vcd_scan(self, limit)) {
        case VCD_SCAN_STEP:
            vcd_step_done(self);
            vcd_begin(self);
            break;
        case VCD_SCAN_MORE:
            return true;
        case VCD_SCAN_FAULT:
            return false;
        }
    }
}

static bool copy_text(struct vcd *self, struct vcd_text *to, const struct vcd_text *from)
{
    if (to->length == from->length &&
        (from->length == 0 || memcmp(to->text, from->text, from->length) == 0))
        return true;
    return vcd_text_set(self, to, from->text, from->length);
}

/* Gives `self` the state that `other` has; both are in a step. */
static bool follow(struct vcd *self, const struct vcd *other)
{
    const uint32_t slots = self->slot_count;
    self->time = other->time;
    self->state = other->state;
    self->text_after = other->text_after;
    self->text_match = other->text_match;
    self->in_dump = other->in_dump;
    self->dumpvars_seen = other->dumpvars_seen;
    self->pending_form = other->pending_form;
    self->pending_digits = other->pending_digits;
    self->watched_edges = other->watched_edges;
    self->change_count = other->change_count;
    if (slots == 0)
        return true;
    memcpy(self->bit, other->bit, slots);
    memcpy(self->bit_before, other->bit_before, slots);
    memcpy(self->occurrences, other->occurrences, slots * sizeof *self->occurrences);
    memset(self->stamps, 0, slots * sizeof *self->stamps);
    self->touched_count = other->touched_count;
    for (uint32_t i = 0; i < other->touched_count; i++) {
        self->touched[i] = other->touched[i];
        self->stamps[other->touched[i]] = self->step;
    }
    bool good = copy_text(self, &self->pending, &other->pending);
    for (uint32_t i = 0; i < slots && good; i++)
        good = copy_text(self, &self->text[i], &other->text[i]) &&
               copy_text(self, &self->text_before[i], &other->text_before[i]);
    return good || vcd_fault(self, self->at, true, "no memory");
}

bool vcd_skip_equal(struct vcd *a, struct vcd *b)
{
    if (a->unequal && a->at + WORTH > a->unequal)
        return false;
    if (a->skip_debt > 0) {
        a->skip_debt -= a->skip_debt < 64 ? a->skip_debt : 64;
        return false;
    }
    bool parted;
    size_t length = equal_words(a, b, &parted);
    if (length < WORTH)
        return false;
    uint64_t skipped = 0;
    vcd_begin(a);
    vcd_begin(b);
    while (length) {
        skipped += length;
        b->at += length;
        if (!run(a, a->at + length))
            return true;
        if (parted || a->state == VCD_TEXT)
            break;
        if ((a->at == a->safe && vcd_refill(a) < 0) || (b->at == b->safe && vcd_refill(b) < 0))
            return true;
        length = equal_words(a, b, &parted);
    }
    /* Taking over the state costs as much as reading so many bytes. */
    const uint64_t cost = 8 * (uint64_t)a->slot_count;
    a->skip_debt = cost > skipped ? cost - skipped : 0;
    follow(b, a);
    return true;
}

static bool same_hash(const struct vcd *a, const struct vcd *b)
{
    if (a->hash_count != b->hash_count || a->long_codes_length != b->long_codes_length ||
        (a->long_codes_length && memcmp(a->long_codes, b->long_codes, a->long_codes_length) != 0))
        return false;
    for (size_t i = 0; i < a->hash_room; i++)
        if (a->hash[i].entry && vcd_hash_find(b, a->hash[i].code) != a->hash[i].entry)
            return false;
    return true;
}

bool vcd_alike(const struct vcd *a, const struct vcd *b)
{
    const uint32_t slots = a->slot_count;
    return slots == b->slot_count && a->unit_fs == b->unit_fs && !a->report && !b->report &&
           memcmp(a->short_codes, b->short_codes, 65536 * sizeof *a->short_codes) == 0 &&
           same_hash(a, b) &&
           (slots == 0 || (memcmp(a->kinds, b->kinds, slots) == 0 &&
                           memcmp(a->sizes, b->sizes, slots * sizeof *a->sizes) == 0));
}
