/* SPDX-License-Identifier: BSD-2-Clause */
/* vcd_internal: what the files of the VCD reader share. */
#ifndef DMASIM_READING_VCD_INTERNAL_H
#define DMASIM_READING_VCD_INTERNAL_H

#include "reading/vcd.h"

#define VCD_PADDING 16 /* bytes behind the buffer that may be read */
#define VCD_NO_SLOT UINT32_MAX

enum vcd_state {
    VCD_COMMAND, /* a declaration */
    VCD_TEXT,    /* up to the word $end */
    VCD_SCOPE_TYPE,
    VCD_SCOPE_NAME,
    VCD_SCOPE_END,
    VCD_VAR_TYPE,
    VCD_VAR_SIZE,
    VCD_VAR_CODE,
    VCD_VAR_NAME,
    VCD_VAR_RANGE, /* or its $end */
    VCD_VAR_END,
    VCD_SCALE,
    VCD_SCALE_UNIT,
    VCD_SCALE_END,
    VCD_UPSCOPE_END,
    VCD_DEFINITIONS_END,
    VCD_BODY,
    VCD_VALUE_CODE, /* `pending` waits for it */
};

/* What a slot takes, in the low bits of a code's entry. */
enum vcd_form {
    VCD_FORM_NONE,
    VCD_FORM_BIT,
    VCD_FORM_VECTOR,
    VCD_FORM_REAL,
    VCD_FORM_STRING,
    VCD_FORM_EVENT
};
#define VCD_FORM_BITS 3
#define VCD_FORM_MASK 7u

enum vcd_scan { VCD_SCAN_STEP, VCD_SCAN_MORE, VCD_SCAN_FAULT };

/* Characters that end a word, and all that may stand between words, are these; others are faults. */
static inline bool vcd_is_space(unsigned char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* A fault at a place of the buffer, null: at the end of the file. Whether to go on. */
__attribute__((format(printf, 4, 5))) bool vcd_fault(struct vcd *self, const char *at, bool fatal,
                                                     const char *format, ...);
__attribute__((format(printf, 3, 4))) void vcd_warn(struct vcd *self, const char *at,
                                                    const char *format, ...);

/* The word at `at` for a message: at most VCD_LEAD_MAX characters, what is not printable as \xNN. */
struct vcd_lead {
    char text[4 * VCD_LEAD_MAX + 4];
};
struct vcd_lead vcd_lead(const char *at);

/* More bytes behind those not used. 1: there are more; 0: the file has ended; -1: a fault. */
int vcd_refill(struct vcd *self);

/* Leaves a text: the place behind its $end, or `end`. */
char *vcd_pass_text(struct vcd *self, char *at, const char *end);

/* Reads words of the body up to `limit`, behind white space, or to the next time. */
enum vcd_scan vcd_scan(struct vcd *self, char *limit);
void vcd_begin(struct vcd *self);
void vcd_step_done(struct vcd *self);

/* Slots and codes. */
bool vcd_slots_init(struct vcd *self);
void vcd_slots_free(struct vcd *self);
uint32_t *vcd_code_entry(struct vcd *self, const char *code, size_t length, bool add);
uint32_t vcd_slot_add(struct vcd *self, enum vcd_kind kind, uint64_t size);
bool vcd_put_text(struct vcd *self, uint32_t slot, const char *text, size_t length);
uint64_t vcd_hash_text(const char *text, size_t length);
uint32_t vcd_hash_find(const struct vcd *self, uint64_t code);

/* Marks a slot as touched; `before` is set. */
static inline bool vcd_touch(struct vcd *self, uint32_t slot)
{
    if (self->stamps[slot] == self->step)
        return false;
    self->stamps[slot] = self->step;
    self->touched[self->touched_count++] = slot;
    return true;
}

#endif
