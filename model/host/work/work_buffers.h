/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * work_buffers: how the client of a call maps its buffers, as Linux's drivers do, on a CPU that follows mappings.
 *
 *   streaming            map, mapping_error - prep ... callback - unmap                      each round
 *   streaming, keep      map - prep ... callback - sync_for_cpu, sync_for_device - prep ...  unmap behind the last
 *   coherent             alloc - prep ... callback - prep ... callback - free                nothing in between
 *   cyclic, streaming    map - prep ... each period: sync_for_cpu, sync_for_device ... unmap
 *
 * A copy maps its source to_device and its destination from_device; a scatter list is one map_sg. Any of these calls can be
 * left out by `mapping` of the entry.
 *
 * Sources: Linux drivers/dma/dmatest.c (copies), drivers/spi/spi.c: spi_map_buf() (scatter lists),
 * sound/core/pcm_dmaengine.c (cyclic buffers, allocated coherent).
 *
 * Inaccuracies: rows of an interleaved copy are mapped as one stretch, with the gaps.
 */
#ifndef DMASIM_WORK_BUFFERS_H
#define DMASIM_WORK_BUFFERS_H

#include "host/work/work_mappings.h"

/* The addresses of a job that lie in [from, from + bytes) become those from `to` on. Null: the driver asks
 * work_buffers_handle() instead. */
typedef void work_move(struct work *self, bool source, uint64_t from, uint64_t bytes, uint64_t to);

/* A call that was made by work_create_call() gets its buffers, if its CPU follows mappings. from_device: the device at
 * the other end of a list or a ring sends. DMASIM_OK or DMASIM_MEMORY. */
int work_buffers_create(struct build *build, const struct component *component, struct work *self,
                        const struct component *controller, bool from_device, work_move *move);

/* Before a round, and behind the last: appends operations, and is true once the client has done what it does then. For
 * run(): to be called again when they are done. */
bool work_buffers_begin(struct work *self);
bool work_buffers_end(struct work *self);

/* The client has found that a buffer could not be mapped: the round ends before it begins. */
bool work_buffers_failed(const struct work *self);

/* Where the device has a byte of a buffer. */
uint64_t work_buffers_handle(const struct work *self, uint64_t address);

/* So many periods of a ring are over: its client looks at them. */
void work_buffers_period(struct work *self, uint32_t count);

/* Goes on with that; true once all is done. */
bool work_buffers_periods(struct work *self);

#endif
