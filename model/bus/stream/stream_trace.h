/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_stream_trace: the wires of a stream or a FIFO interface as rows, see struct axi_stream_row. */
#ifndef DMASIM_AXI_STREAM_TRACE_H
#define DMASIM_AXI_STREAM_TRACE_H

#include "bus/stream/stream.h"
#include "plan/component.h"

/* Adds the monitor of a link, which has its width, and its probe. `name` is kept. DMASIM_OK or
 * DMASIM_MEMORY. */
int axi_stream_watch(struct build *build, struct axi_stream *link, const char *name,
                     struct clock *clock, enum axi_stream_kind kind);

#endif
