/* SPDX-License-Identifier: BSD-2-Clause */
/* instance: what a struct dmasim is made of, for those inside: the program and the traces. */
#ifndef DMASIM_INSTANCE_H
#define DMASIM_INSTANCE_H

#include "scenario/scenario.h"
#include "system.h"

struct dmasim_line; /* an interrupt output being watched */

struct dmasim {
    struct scenario *scenario;
    struct system system;
    dmasim_interrupt *interrupt;
    void *interrupt_context;
    struct dmasim_line *lines;
};

#endif
