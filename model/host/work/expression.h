/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * expression: the small texts of register programs, resolved against a plan while a system is
 * built.
 *
 *   sum    := term { ("+" | "-") term }          value := sum { "|" sum }
 *   term   := number                              0x100, 64, 4 KiB
 *           | NAME                                base of a memory, peripheral or controller
 *           | NAME.REGISTER                       address of its register: dma.CH0_SAR, uart.CTRL
 *           | FIELD | FIELD=number                in a value for a register: INT_EN, SRC_TR_WIDTH=2
 */
#ifndef DMASIM_EXPRESSION_H
#define DMASIM_EXPRESSION_H

#include "plan/component.h"

struct expression {
    uint64_t value;
    uint64_t mask;                      /* of the fields named; 0 if none was */
    const struct register_entry *entry; /* the last register named, null if none */
    const struct component *component;  /* the last component named, null if none */
    char error[160];                    /* what is wrong, if it failed */
};

/* Resolves a text; fields are those of `fields` (may be null). False with result->error filled. */
bool expression_resolve(const struct plan *plan, const char *text,
                        const struct register_entry *fields, struct expression *result);

/* The named component of any section with a region; null if there is none. */
const struct component *expression_component(const struct plan *plan, const char *name,
                                             size_t length);

#endif
