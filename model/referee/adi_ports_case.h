/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_ports_case: an ADI AXI DMAC with what may stand at its ports (memories, streams, FIFOs, descriptors)
 * and a script as a plan: the form of the cases in traces/golden/adi_axi_dmac_ports, and of tests.
 */
#ifndef DMASIM_ADI_PORTS_CASE_H
#define DMASIM_ADI_PORTS_CASE_H

#include "bus/ahb/ahb_component.h"
#include "controllers/adi/adi_dmac.h"
#include "host/play/adi_script.h"
#include "memory/axi_memory.h"
#include "peripherals/stream_device.h"
#include "plan/clock.h"
#include "referee/referee.h"
#include "system.h"

#define ADI_PORTS_PERIOD_PS 10000
#define ADI_PORTS_MEMORY_BYTES (1u << 21)
#define ADI_PORTS_PACKETS 64

struct adi_ports_case {
    struct plan plan;
    struct clock_config clock_config;
    struct axi_bus_config lite, source_bus, destination_bus, descriptor_bus;
    struct adi_dmac_config dmac;
    struct adi_script_config script;
    struct axi_memory_config memory, descriptors;
    struct stream_source_config source;
    struct stream_sink_config sink;
    struct sync_pulse_config sync;
    uint64_t packets[ADI_PORTS_PACKETS];
    struct component clock, buses[4], controller, host, stores[2], devices[3];
};

/* Sides of 64 bits, memories with latencies of 1. Points into *self. The caller sets what differs, then
 * calls adi_ports_case_wire, which joins what the sides need. */
void adi_ports_case_init(struct adi_ports_case *self);
void adi_ports_case_wire(struct adi_ports_case *self);

/* Of a row of cases.csv; false if something in it is not understood. */
bool adi_ports_case_row(struct adi_ports_case *self, const struct table *cases, size_t row);

/* Lays a row's bytes and descriptors into the memory of the built system. */
bool adi_ports_case_fill(const struct adi_ports_case *self, const struct system *system,
                         const struct table *cases, size_t row);

/* A cell by its column's name, "" if there is no such column. */
const char *adi_ports_cell(const struct table *cases, size_t row, const char *column);
uint64_t adi_ports_number(const struct table *cases, size_t row, const char *column);

#endif
