/* SPDX-License-Identifier: BSD-2-Clause */
/* fifo_device_state: the state of a FIFO device, between its files. */
#ifndef DMASIM_FIFO_DEVICE_STATE_H
#define DMASIM_FIFO_DEVICE_STATE_H

#include "bus/ahb/ahb_component.h"
#include "bus/figures.h"
#include "bus/handshake.h"
#include "kernel/random.h"
#include "peripherals/fifo_device.h"
#include "peripherals/fifo_feed.h"

struct fifo {
    struct unit unit;
    struct ahb_bus *bus;
    const struct fifo_config *config;
    struct kernel *kernel;
    struct dma_handshake *lines; /* null if it has none */
    int slave;
    uint32_t item_bytes;

    uint64_t *items; /* ring of depth */
    uint32_t head, level;

    bool enabled;
    bool running;          /* the item clock runs */
    sim_cycle start_cycle; /* enables itself; SIM_NEVER if not, or done */
    sim_cycle due_cycle;   /* of the next item, SIM_NEVER if the item clock stands */
    sim_cycle over_cycle;  /* transfers are told that no more comes; SIM_NEVER if not */
    sim_time due_ps;       /* nominal */
    uint64_t due_rest;     /* below rate: parts of a picosecond */
    uint64_t slot;         /* of the item that is due, in the raster (raster.h) */
    uint64_t period_ps, period_rest;
    struct random jitter, content;

    uint64_t total; /* items of the source or for the sink, 0: endless */
    uint64_t moved; /* items that came from the source (lost ones too) or went to the sink */
    uint64_t taken; /* mem_to_dev: items that came in */
    uint64_t overruns, underruns;
    struct fifo_feeds feeds;
    struct fifo_levels levels;
    bool held;
    uint8_t request;     /* as driven */
    uint8_t acknowledge; /* as seen at the last edge */
    bool served;         /* items moved over the bus since the request rose */
    bool serves;         /* one does at this edge */

    struct probe probe, stream, intervals, register_probe;
};

/* fifo_device.c: an edge. */
sim_cycle fifo_step(void *instance, sim_cycle now);

/* Keeps the run open while a sending device has something to do. */
void fifo_hold(struct fifo *self);

/* A register at an offset is read or written, with all effects; false for a hole. */
bool fifo_read(struct fifo *self, uint32_t offset, uint64_t *value);
bool fifo_write(struct fifo *self, sim_cycle now, uint32_t offset, uint64_t value);

#endif
