/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * work_mappings: calls of the DMA API, as programs and the clients of calls make them, and what each of them costs a CPU.
 *
 *   map        [copy into a bounce buffer] - noted - map_cycles, and line_cycles for each cache line
 *   unmap      [copy out of it] - noted - unmap_cycles, and line_cycles for each line if the device may write
 *   sync       [copy] - noted - sync_cycles, and lines: for the CPU if the device may write
 *
 * A CPU with a cache maintains its lines, in their own cycles, instead of line_cycles; those of coherent memory are flushed
 * once, when it is allocated, and its accesses of it are uncached.
 * Copies are accesses of the CPU, a word each where addresses let. Lines of a device that is coherent, and of memory that
 * was allocated coherent, cost nothing.
 *
 * Sources: Linux kernel/dma/direct.c, swiotlb.c: what is copied and maintained when.
 */
#ifndef DMASIM_WORK_MAPPINGS_H
#define DMASIM_WORK_MAPPINGS_H

#include "host/work/work.h"

enum dma_call {
    DMA_CALL_MAP,
    DMA_CALL_UNMAP,
    DMA_CALL_SYNC_FOR_CPU,
    DMA_CALL_SYNC_FOR_DEVICE,
    DMA_CALL_CHECK,
    DMA_CALL_POOL_CREATE,
    DMA_CALL_POOL_ALLOC,
    DMA_CALL_POOL_FREE,
    DMA_CALL_POOL_DESTROY,
};

/* A call; what it points to stays there until it is done. */
struct dma_request {
    uint8_t call;            /* enum dma_call */
    uint8_t kind, direction; /* of host/mappings */
    uint16_t device;
    const struct work_segment *segments; /* MAPPING_SG: a list; else one. As the CPU's bus has it */
    uint32_t count;
    uint64_t block_bytes; /* of a pool that is created */
    struct mapping_owner by;
};

#define DMA_NOT_LENT UINT64_MAX

/* How far one is. */
struct dma_progress {
    bool failed;     /* it could not be mapped: nothing of it is */
    uint32_t next;   /* segment */
    uint64_t offset; /* copied of the entry under way */
    bool copying;    /* it is being copied */
    bool reading;    /* the last operation was a read for that */
    uint64_t lent;   /* bounce buffer of the entry, DMA_NOT_LENT: it has none */
};

/* Goes on with a call, and appends operations to the task: to be called again when they are done, until it is true. The
 * last operations are then in the list. At first *progress is zeroed. The CPU follows mappings. */
bool dma_go_on(const struct dma_request *request, struct dma_progress *progress,
               struct cpu_task *task);

/* ---- steps of programs (work_program_dma.c) -------------------------------------------------- */

/* What a step says, resolved. */
struct dma_step {
    struct dma_request request;
    struct work_segment one; /* its segments, if there is no list */
    uint64_t mask;           /* of dma_mask */
};

static inline bool dma_is_step(const struct work_step *step)
{
    return step->op >= WORK_ALLOC_COHERENT;
}

/* Fills a step of the DMA API, or the device of one whose value is a handle. False: what is wrong is in *error, and
 * with which of its keys in *key, null: all of it. */
bool dma_step_compile(const struct plan *plan, const struct component *cpu,
                      const struct work_step *step, struct dma_step *out, const char **key,
                      char error[200]);

#endif
