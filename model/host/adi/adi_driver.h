/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_driver: the driver of an ADI AXI DMAC, run by a CPU; the program is in adi_driver.c.
 *
 *   adi_work.c: a client's thread       adi_driver_submit -> adi_driver_start -> sleep ... callback
 *   adi_driver.c: probe thread, interrupt service, tasklet; one queue of jobs, each a list of transfers
 */
#ifndef DMASIM_ADI_DRIVER_H
#define DMASIM_ADI_DRIVER_H

#include "controllers/adi/adi_dmac.h"
#include "host/cpu/cpu.h"

#define ADI_NO_ID UINT8_MAX
#define ADI_DESCRIPTOR_BYTES 64    /* 48 are used */
#define ADI_DRIVER_ADDRESS_BITS 32 /* Linux 6.12 writes no register of a high half */

/* One transfer of the controller. */
struct adi_segment {
    uint32_t source, destination; /* ADI_DRIVER_ADDRESS_BITS */
    uint32_t bytes, rows;         /* of a row */
    uint32_t source_stride, destination_stride;

    /* The driver's. */
    uint32_t partial; /* bytes moved of one that a stream ended early; 0: it did not */
    uint8_t id;       /* ADI_NO_ID: not in the controller */
    bool wanted;      /* to be submitted as soon as it is free */
};

/* What a client submits. It fills the first part, once, while building. */
struct adi_job {
    struct adi_segment *segments;
    uint32_t count;
    bool cyclic;  /* from the first segment again after the last one, with a callback for each */
    bool chained; /* the controller fetches the segments, as descriptors in memory: */
    uint64_t descriptors; /* address of the first, a multiple of ADI_DESCRIPTOR_BYTES */
    void (*callback)(struct adi_job *self, sim_cycle now);
    void *owner;

    /* The driver's. */
    struct adi_job *next;
    uint32_t written;              /* descriptors */
    uint32_t submitted, completed; /* segments */
    uint32_t ended;                /* cyclic: segments since the last callback */
    uint64_t bytes;                /* moved */
    bool partial;                  /* a segment of it ended early; */
    bool closing; /* the one with TLAST, at which the controller goes on, is to come */
    bool failed;  /* an access of the driver did */
    sim_time interrupt_ps;
};

/* A queue. */
struct adi_jobs {
    struct adi_job *first, **end;
};

struct adi_driver {
    struct cpu *cpu;
    const struct component *controller;
    struct cpu_line *line;
    uint64_t base; /* of the registers, as the CPU sees it */
    bool writes_source, writes_destination;
    bool chains; /* all its jobs are, or none */
    struct wire probed;
    struct cpu_task probe, isr, tasklet;

    struct adi_jobs issued; /* nothing of it is in the controller */
    struct adi_jobs active; /* in the order of their ends */
    struct adi_jobs ended;  /* their callbacks are to come */
    struct adi_job *next;   /* active, with segments to submit */
    struct adi_job *period; /* cyclic, with a callback to come */

    uint8_t start_state, isr_state, tasklet_state;
    bool start_again; /* the interrupt service goes on with a start */
    bool probing;
    struct adi_segment *starting;
    const struct adi_job *starting_job;
    uint32_t flags, done, partial_length;
    struct adi_job *calling;
    sim_time interrupt_ps;
};

/* Makes the driver of a built controller; null after check->fail or if memory is short. */
struct adi_driver *adi_driver_create(struct build *build, const struct component *controller,
                                     const struct component *work);

/* Operations that write the descriptors of a chained job; true when all are written, else call again. */
bool adi_driver_prep(struct adi_driver *self, struct cpu_task *task, struct adi_job *job);

/* Queues a job and enables the controller, then adi_driver_start() until it is false: operations of
 * a client's task, which end with the lock free. */
void adi_driver_submit(struct adi_driver *self, struct cpu_task *task, struct adi_job *job);
bool adi_driver_start(struct adi_driver *self, struct cpu_task *task);

/* Disables the controller and forgets the job; its callback does not come any more. Jobs of others are
 * queued again; if it is true there are some, and adi_driver_start() follows as above. */
bool adi_driver_terminate(struct adi_driver *self, struct cpu_task *task, struct adi_job *job);

#endif
