/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dw_ahb_driver: the driver of a DesignWare AHB DMAC, run by a CPU; the program is in dw_ahb_driver.c.
 *
 *   work.c: a client's thread      dw_ahb_driver_prep -> dw_ahb_driver_issue -> sleep ... callback
 *   dw_ahb_driver.c: probe thread, interrupt service, tasklet; per channel one active job and a queue
 */
#ifndef DMASIM_DW_DRIVER_H
#define DMASIM_DW_DRIVER_H

#include "controllers/dw_ahb/dw_ahb.h"
#include "controllers/dw_ahb/dw_ahb_fields.h"
#include "host/cpu/cpu.h"

#define DW_DESCRIPTOR_BYTES 32 /* a list item is 28 bytes long */
#define DW_WIDTH_AUTO UINT8_MAX

enum dw_ahb_driver_register {
    DRIVER_SAR,
    DRIVER_DAR,
    DRIVER_LLP,
    DRIVER_CTL_LO,
    DRIVER_CTL_HI,
    DRIVER_CFG_LO,
    DRIVER_CFG_HI,
    DRIVER_SGR,
    DRIVER_DSR,
    DRIVER_RAW_TFR,
    DRIVER_RAW_BLOCK,
    DRIVER_RAW_ERR,
    DRIVER_MASK_TFR,
    DRIVER_MASK_BLOCK,
    DRIVER_MASK_SRC_TRAN,
    DRIVER_MASK_DST_TRAN,
    DRIVER_MASK_ERR,
    DRIVER_CLEAR_TFR,
    DRIVER_CLEAR_BLOCK,
    DRIVER_CLEAR_SRC_TRAN,
    DRIVER_CLEAR_DST_TRAN,
    DRIVER_CLEAR_ERR,
    DRIVER_STATUS_INT,
    DRIVER_DMA_CFG,
    DRIVER_CH_EN,
    DRIVER_DWC_PARAMS,
    DRIVER_MAX_BLK_SIZE,
    DRIVER_DW_PARAMS,
    DRIVER_REGISTERS
};

/* TT_FC */
enum dw_ahb_flow_control {
    DW_FC_M2M,
    DW_FC_M2P,
    DW_FC_P2M,
    DW_FC_P2P,
    DW_FC_PERIPHERAL_P2M,
    DW_FC_SOURCE_P2P,
    DW_FC_PERIPHERAL_M2P,
    DW_FC_DESTINATION_P2P,
};

enum dw_ahb_job_status { DW_JOB_COMPLETE, DW_JOB_ERROR, DW_JOB_PERIOD };

/* A stretch of memory (slave) or a pair of stretches, cut into blocks where it is too long. */
struct dw_ahb_extent {
    uint32_t address;
    uint64_t bytes;
};

struct dw_ahb_block {
    uint32_t sar, dar, ctl_lo, ctl_hi;
    uint64_t bytes;
    bool last;
};

struct dw_ahb_cursor {
    uint32_t extent;
    uint64_t offset; /* in the extent */
    uint32_t block;  /* so far */
};

/* A prepared transfer. The client fills the first part, once, while building. */
struct dw_ahb_job {
    uint8_t channel;
    uint8_t flow;  /* enum dw_ahb_flow_control */
    uint8_t width; /* log2 of the memory items' bytes, DW_WIDTH_AUTO: as the alignment allows */
    uint8_t device_width; /* log2, slave transfers */
    uint32_t
        device_burst; /* items, a power of two: what the channel is configured for, from a device */
    uint32_t source_burst; /* items, MSIZE */
    uint32_t destination_burst;
    uint8_t memory_master, device_master;
    uint32_t cfg_lo, cfg_hi; /* without CH_PRIOR */
    int8_t priority;         /* -1: by the channel's number */
    uint32_t sgr, dsr;       /* not 0: gather, scatter */
    uint32_t device_address;
    bool cyclic;
    /* Extents: listed, or equal ones at a distance, the last perhaps shorter. */
    const struct dw_ahb_extent *list; /* null: equal */
    uint32_t extents;
    uint32_t source, destination;
    uint64_t extent_bytes, bytes; /* of one, of all */
    uint32_t source_step, destination_step;
    uint32_t descriptors; /* address, as CPU and controller see it */
    void (*callback)(struct dw_ahb_job *self, sim_cycle now, enum dw_ahb_job_status status);
    void *owner;

    /* The driver's. */
    struct dw_ahb_job *next;
    struct dw_ahb_cursor cursor;
    struct dw_ahb_block block; /* last one prepared */
    uint8_t auto_width;
    uint64_t residue; /* block by block: bytes of this block and those to come */
    sim_time interrupt_ps;
};

/* A look at what a channel has done of its active job. */
struct dw_ahb_look {
    uint8_t step;
    bool sent; /* asked: also block by block, what the block under way has taken */
    bool
        complete; /* found: RAW_TFR is up, all its blocks, or block by block one of them, are done */
    uint32_t llp, items;
    struct dw_ahb_cursor at;
    uint64_t left; /* found: bytes that were not taken from the source */
};

struct dw_ahb_channel_queue {
    struct dw_ahb_job *active;
    struct dw_ahb_job *first, *last; /* waiting; last: if there is a first */
    uint32_t block_items;            /* longest block */
    uint8_t index;
    bool allocated;
    bool soft_list; /* no linked lists in hardware */
    uint8_t stop_step;
    struct dw_ahb_look look; /* of a client */
};

struct dw_ahb_driver {
    struct cpu *cpu;
    const struct component *controller;
    struct cpu_line *line;
    uint64_t at[DRIVER_REGISTERS]; /* addresses as the CPU sees them, of channel 0 */
    uint32_t channel_stride;
    uint32_t channels;
    uint32_t all_mask;
    uint32_t data_bytes[DW_MASTERS_MAX];
    struct dw_ahb_channel_queue queues[DW_CHANNELS_MAX];
    struct wire probed;
    bool in_use;

    struct cpu_task probe, isr, tasklet;
    uint8_t probe_state, isr_state, tasklet_state;
    uint32_t probe_channel;
    bool scheduled;
    uint32_t scan; /* channel the tasklet is at */
    struct dw_ahb_look look;
    uint32_t tfr, err, block;
    struct dw_ahb_job *finished;
    sim_time interrupt_ps;
};

/* Finds or makes the driver of a built controller; null after check->fail or if memory is short. */
struct dw_ahb_driver *dw_ahb_driver_create(struct build *build, const struct component *controller,
                                           const struct component *work);

/* Blocks the job takes, by the controller's configuration; counts to `most` + 1 at the most. */
uint32_t dw_ahb_driver_blocks(const struct dw_ahb_driver *self, const struct dw_ahb_job *job,
                              uint32_t most);

/* Operations for a client's task. alloc: once before the first job of a channel; true if it
 * appended any. prep: true when all descriptors are written, else call again. start: begins a prep. */
bool dw_ahb_driver_alloc(struct dw_ahb_driver *self, struct cpu_task *task, unsigned channel);
void dw_ahb_driver_start(struct dw_ahb_driver *self, struct dw_ahb_job *job);
bool dw_ahb_driver_prep(struct dw_ahb_driver *self, struct cpu_task *task, struct dw_ahb_job *job);
void dw_ahb_driver_issue(struct dw_ahb_driver *self, struct cpu_task *task, struct dw_ahb_job *job);

/* How a client ends its job (dw_ahb_stop.c); each is to be called again, once the operations it appends are
 * done, until it returns true. residue: bytes not taken from the source; *complete if the job had ended
 * and its interrupt was not served: the client has done that, the callback is not called. terminate: the
 * job's callback is not called, and the next job of the channel starts. Nothing is done to a job that has ended. */
bool dw_ahb_driver_pause(struct dw_ahb_driver *self, struct cpu_task *task, struct dw_ahb_job *job);
bool dw_ahb_driver_residue(struct dw_ahb_driver *self, struct cpu_task *task,
                           struct dw_ahb_job *job, uint64_t *bytes, bool *complete);
bool dw_ahb_driver_terminate(struct dw_ahb_driver *self, struct cpu_task *task,
                             struct dw_ahb_job *job);

/* MSIZE code of a number of items, as Linux encodes it; -1 if there is none. */
int dw_ahb_driver_msize(uint32_t items);

/* dw_ahb_job.c: the next block of a job; false at the end. */
void dw_ahb_job_start(const struct dw_ahb_driver *self, struct dw_ahb_job *job);
bool dw_ahb_job_next(const struct dw_ahb_driver *self, struct dw_ahb_job *job,
                     struct dw_ahb_block *block);

/* Whether the tasklet is about to call the job's callback; whether the job is the one its channel works on. */
bool dw_ahb_driver_ended(const struct dw_ahb_driver *self, const struct dw_ahb_job *job);
bool dw_ahb_driver_active(const struct dw_ahb_driver *self, const struct dw_ahb_job *job);

#endif
