/* SPDX-License-Identifier: BSD-2-Clause */
/* fifo_device: configuration of a FIFO peripheral with DMA request lines; the model is in
 * fifo_device.c. */
#ifndef DMASIM_FIFO_DEVICE_H
#define DMASIM_FIFO_DEVICE_H

#include "peripherals/raster.h"

#define FIFO_WINDOW_BYTES 0x400u

enum fifo_register { FIFO_DATA, FIFO_STATUS, FIFO_CTRL, FIFO_OVERRUNS, FIFO_UNDERRUNS };
enum fifo_direction { FIFO_DEV_TO_MEM, FIFO_MEM_TO_DEV };
enum fifo_start { FIFO_START_DRIVER, FIFO_START_TIME };
enum fifo_empty { FIFO_AUTO, FIFO_MISSES, FIFO_WAITS };
enum fifo_pattern { FIFO_PATTERN_COUNT, FIFO_PATTERN_RANDOM };

struct fifo_source {
    struct parameter_blob file; /* null path: the pattern */
    uint8_t pattern;            /* enum fifo_pattern */
    uint64_t bytes;             /* 0: the file's length, endless for a pattern */
};

struct fifo_config {
    uint16_t bus;
    uint64_t base;
    uint8_t direction; /* enum fifo_direction */
    uint8_t width_bits;
    uint32_t depth;          /* items */
    uint64_t rate;           /* bytes per second; 0: one item per clock, never too fast */
    uint32_t jitter_percent; /* of an item's period */
    struct raster_config raster;
    uint64_t seed;
    uint16_t controller; /* UINT16_MAX: no request lines */
    uint32_t line;
    uint32_t threshold; /* items */
    bool single;        /* single requests too */
    bool last;          /* the device controls the flow */
    uint8_t start;      /* enum fifo_start */
    uint64_t start_ps;
    struct fifo_source source; /* dev_to_mem */
    uint64_t bytes;            /* mem_to_dev: total, 0: unknown */
    uint8_t when_empty;        /* mem_to_dev: enum fifo_empty */
    const char *sink;          /* mem_to_dev: output file */
    uint32_t wait_cycles;      /* wait states of every access */
};

extern const struct component_type fifo_device_type;
extern const struct register_map fifo_registers;
extern const struct parameter fifo_parameters[];

/* Bytes that arrive, or that it takes, in all; 0: without end, or unknown. */
uint64_t fifo_total_bytes(const struct fifo_config *config);

/* Bus address of a register. */
uint32_t fifo_register_address(const struct fifo_config *config, enum fifo_register index);

#endif
