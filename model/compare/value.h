/* SPDX-License-Identifier: BSD-2-Clause */
/* value: values as people read them: vectors of 0 and 1 in hexadecimal, others as a VCD has them. */
#ifndef DMASIM_COMPARE_VALUE_H
#define DMASIM_COMPARE_VALUE_H

#include "reading/vcd.h"

/* A slot's value now, or before its last step; to be freed. Null if there is no memory. */
char *value_text(const struct vcd *vcd, uint32_t slot, bool before);

/* The same of a value that the slot had at some time; of one bit its digit is the text. */
char *value_text_of(const struct vcd *vcd, uint32_t slot, const struct vcd_text *value);

#endif
