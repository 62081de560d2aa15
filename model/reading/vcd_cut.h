/* SPDX-License-Identifier: BSD-2-Clause */
/* vcd_cut: a part of a VCD as a new one: some of its signals, a span of its time. */
#ifndef DMASIM_READING_VCD_CUT_H
#define DMASIM_READING_VCD_CUT_H

#include <stdio.h>

#include "reading/vcd.h"

struct vcd_cut {
    uint64_t from, to; /* in the file's unit, both inclusive */
    bool *keep;        /* by variable */
    FILE *out;
};

/* Reads what follows the header and writes. Times stay as they are. False after a fault. */
bool vcd_cut(struct vcd *self, const struct vcd_cut *cut);

#endif
