/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cpu_mappings: a CPU's part in the DMA API: what its drivers map (host/mappings), and what accesses make of that.
 *
 *   device --beat--> queue ...next edge of the CPU... tracker <-- calls, accesses of software
 *
 * A beat is judged at the first edge of the CPU later than its own, before what the CPU does there: so the order in which
 * units are stepped is no matter. Accesses of software count with the edge that ends them.
 *
 * Inaccuracies: beats are not told with their bus: an address that two buses have for different things is that of the
 * CPU's bus. Background traffic counts as software.
 */
#ifndef DMASIM_CPU_MAPPINGS_H
#define DMASIM_CPU_MAPPINGS_H

#include "bus/records.h"
#include "host/mappings/bounce.h"
#include "host/mappings/mappings_log.h"

struct cpu;

/* Where no driver's buffer may be. */
enum cpu_area_kind { CPU_AREA_STACK, CPU_AREA_TEXT, CPU_AREA_RODATA, CPU_AREA_VMALLOC };

struct cpu_area_config {
    uint8_t kind; /* enum cpu_area_kind */
    uint64_t base, bytes;
};

struct cpu_device_config {
    uint16_t controller;
    uint32_t mask_bits;
    uint64_t max_segment, boundary;
    bool coherent;
};

struct cpu_bounce_config {
    bool given;
    uint64_t base, bytes;
    bool force;
};

struct cpu_mappings_config {
    bool given;
    bool calls, watch, merge;
    uint32_t line_bytes, entries;
    uint32_t map_cycles, unmap_cycles, sync_cycles, line_cycles;
    struct cpu_bounce_config bounce;
    struct parameter_list areas;   /* struct cpu_area_config */
    struct parameter_list devices; /* struct cpu_device_config */
};

struct cpu_heard {
    sim_time at;
    uint16_t device;
    uint8_t write;
    uint64_t address, bytes;
};

struct cpu_mappings {
    struct mappings tracker;
    struct bounce bounce; /* no slots: there is none */
    const struct cpu_mappings_config *config;
    const struct plan *plan;
    uint16_t bus; /* of the CPU */
    struct mapping_area *areas;
    struct cpu_heard *heard; /* since the last edge */
    uint32_t heard_count, heard_room;
    const char *software; /* whose access is judged */
    struct cpu_mapping_figures {
        uint64_t maps, unmaps, syncs, bytes, most;
        uint64_t bounced;
        uint64_t lines;  /* maintained */
        uint64_t cycles; /* of the CPU, in cycles of its bus */
    } figures;
    struct {
        uint64_t first, end, shift;
        bool memory;
    } window; /* of the plan, in which the last beat was */
};

extern const struct parameter cpu_mappings_parameters[];

/* Builds it, if the configuration asks for it: self->mappings. DMASIM_OK or DMASIM_MEMORY. */
int cpu_mappings_create(struct build *build, struct cpu *self, uint16_t bus);

/* Once everything but work is built. */
int cpu_mappings_complete(struct build *build, struct cpu *self);
void cpu_mappings_check(const struct plan *plan, const struct component *component,
                        struct check *check);

/* A beat of a controller whose driver runs here. */
void cpu_mappings_hear(struct cpu *self, uint16_t device, const struct dma_beat_record *record);

/* What was heard before a time is judged. */
void cpu_mappings_judge(struct cpu *self, sim_time before);

/* An access has ended; software: whose. */
void cpu_mappings_access(struct cpu *self, const char *software, uint64_t address, uint64_t bytes,
                         bool write);

/* Some of the bytes were allocated coherent, for a device that does not snoop: the cache has none of them. */
bool cpu_mappings_uncached(const struct cpu *self, uint64_t address, uint64_t bytes);

/* Somebody has read stale bytes, of which the cache of this CPU is the cause: tells which call would have prevented it. */
void cpu_mappings_advise(struct cpu *self, const struct stale_record *record);

/* component_type.leaves of a CPU: what is still mapped. */
bool cpu_mappings_left(const struct component *component, uint32_t index, struct log_line *line,
                       struct log_text *text);

/* The index-th part of its figures, from 0 on; false: there are no more. */
bool cpu_mappings_counters(const struct cpu *self, uint32_t index, struct counter_part *part);

/* The CPU of whose drivers a controller is; UINT16_MAX: there is none. */
uint16_t cpu_mappings_of(const struct plan *plan, const struct component *controller);

#endif
