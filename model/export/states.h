/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * states: what the named states and the single bits of controllers and CPUs in a folder's VCD were, and when: a channel
 * that fetches a descriptor, a CPU in its interrupt service, an access that waits. Which signals have names, and which
 * names, is in trace.gtkw and the tables beside it. Signals in capitals are a bus's wires and left out.
 */
#ifndef DMASIM_EXPORT_STATES_H
#define DMASIM_EXPORT_STATES_H

#include "export/tables.h"

struct table_state {
    const char *scope, *signal; /* "dma.ch0", "state" */
    const char *name;           /* of the value: "FETCH"; of a single bit that of the signal */
    uint64_t begin_ps, end_ps;
};

/* Tells each time that a signal had another value than 0, when it ends. A folder without trace.vcd or trace.gtkw has none.
 * False after an error. */
bool states_read(struct tables *self, void (*each)(void *context, const struct table_state *state),
                 void *context);

#endif
