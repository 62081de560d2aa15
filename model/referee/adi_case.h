/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_case: an ADI AXI DMAC with its memory and a fixed driver as a plan: the form of the recorded cases,
 * and of tests.
 */
#ifndef DMASIM_ADI_CASE_H
#define DMASIM_ADI_CASE_H

#include "bus/ahb/ahb_component.h"
#include "controllers/adi/adi_dmac.h"
#include "host/play/adi_sequence.h"
#include "memory/axi_memory.h"
#include "plan/clock.h"

#define ADI_CASE_PERIOD_PS 10000
#define ADI_CASE_LENGTHS 64

struct adi_case {
    struct plan plan;
    struct clock_config clock_config;
    struct axi_bus_config lite, data;
    struct adi_dmac_config dmac;
    struct adi_sequence_config sequence;
    uint64_t lengths[ADI_CASE_LENGTHS];
    struct axi_memory_config memory;
    struct component clock, buses[2], controller, host, store;
};

/* 64-bit ports, 128-byte bursts, FIFO_SIZE 8, one transfer of 64 bytes, latencies of 8, a memory of 1 MiB
 * from address 0 on. Points into *self. The caller sets what differs. */
void adi_case_init(struct adi_case *self);

/* For struct check: prints to stderr. */
void adi_case_fail(struct check *check, const struct component *component, const char *parameter,
                   const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
