/* SPDX-License-Identifier: BSD-2-Clause */
/* isa_device: configuration of a device on an ISA bus with DREQ and DACK; the model is in
 * isa_device.c. */
#ifndef DMASIM_ISA_DEVICE_H
#define DMASIM_ISA_DEVICE_H

#include "bus/isa/isa.h"
#include "peripherals/raster.h"

#define ISA_DEVICE_PORTS 4

enum isa_device_register { ISA_DEVICE_DATA, ISA_DEVICE_STATUS, ISA_DEVICE_CONTROL };
enum isa_device_direction { ISA_DEVICE_TO_MEMORY, ISA_DEVICE_FROM_MEMORY, ISA_DEVICE_REFRESH };
enum isa_device_request { ISA_DEVICE_SINGLE, ISA_DEVICE_DEMAND };
enum isa_device_start { ISA_DEVICE_BY_DRIVER, ISA_DEVICE_BY_TIME };
enum isa_device_pattern { ISA_DEVICE_COUNT, ISA_DEVICE_RANDOM };

/* Bits of STATUS and CONTROL. */
enum { ISA_DEVICE_INTERRUPT = 1, ISA_DEVICE_RUNNING = 2, ISA_DEVICE_LOST = 4 };
enum { ISA_DEVICE_RUN = 1 };

struct isa_device_config {
    uint16_t bus;
    uint32_t port; /* beyond 0xffff: it has none */
    uint16_t controller;
    uint32_t channel;
    uint8_t direction;  /* enum isa_device_direction */
    uint8_t request;    /* enum isa_device_request */
    uint64_t rate;      /* bytes per second; 0: by period_ps */
    uint64_t period_ps; /* 0 with a rate of 0: it never waits */
    uint64_t latency_ps;
    struct raster_config raster;
    uint32_t depth;
    uint64_t bytes;     /* of each run, 0: endless */
    uint64_t eop_bytes; /* EOP is pulled with the last of so many of a run; 0: never */
    uint8_t start;      /* enum isa_device_start */
    uint64_t start_ps;
    uint8_t pattern; /* enum isa_device_pattern */
    uint64_t seed;
    struct parameter_blob file;
    const char *sink;
    uint32_t wait_states;
    bool dreq_low, dack_high;
    uint16_t interrupt; /* CPU index */
};

extern const struct component_type isa_device_type;
extern const struct register_map isa_device_registers;
extern const struct parameter isa_device_parameters[];

#endif
