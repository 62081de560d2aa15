/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dw_ahb_bench: a DMAC, two memories and scripted request lines, driven from C.
 *
 *   bus 0: registers at 0x40000000, memory 0 at 0x20000000, master port 0
 *   bus 1 (if .buses is 2): memory 1 at 0x30000000, master port 1; else memory 1 is on bus 0
 *
 * The bench records every change of the bus rows and of the channel states, and counts beats.
 */
#ifndef DMASIM_TESTS_DW_BENCH_H
#define DMASIM_TESTS_DW_BENCH_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/ahb/ahb_component.h"
#include "controllers/dw_ahb/dw_ahb_state.h"
#include "memory/ahb_sram.h"
#include "plan/clock.h"
#include "plan/log.h"

#define BENCH_PERIOD_PS 10000
#define BENCH_REGISTERS 0x40000000u
#define BENCH_MEMORY0 0x20000000u
#define BENCH_MEMORY1 0x30000000u
#ifndef BENCH_MEMORY_BYTES
#define BENCH_MEMORY_BYTES 0x10000u
#endif
#define BENCH_LINES 8
#define BENCH_REQUESTS_MAX 64

/* A request line: raises each request once the acknowledge before is down and `gap` cycles went by.
 */
struct bench_line {
    struct unit unit;
    struct dma_handshake *line;
    uint8_t requests[BENCH_REQUESTS_MAX]; /* enum handshake_request bits; repeats from `loop` */
    uint32_t count;
    bool repeat;       /* the last request for ever */
    uint32_t gap;      /* cycles from the fall of the acknowledge to the next request */
    sim_cycle first;   /* cycle in which the first request shows */
    uint32_t served;   /* acknowledged */
    uint32_t finished; /* with FINISH */
    bool up;
    sim_cycle not_before;
    sim_cycle acknowledged_at; /* cycle of the last rise seen */
};

struct bench_change {
    sim_cycle cycle;
    uint32_t source; /* row: bus index; 16 + n: channel n; 32: interrupt */
    _Alignas(8) uint8_t bytes[sizeof(struct ahb_row)];
};

struct bench_log {
    struct bench_change *items;
    size_t count, capacity;
};

struct bench_observer {
    struct probe_observer observer;
    struct bench *bench;
    uint32_t source;
    size_t bytes;
    uint8_t last[sizeof(struct ahb_row)];
    bool any;
};

struct bench;

struct bench_options {
    struct dw_ahb_config dma;
    uint32_t width_bits[2];
    uint32_t buses;
    uint32_t waits; /* of both memories, first and next, read and write */
    unsigned flags;
    struct sram_error errors[4];
    uint32_t error_count;
    struct ahb_arbiter_config arbiter;
    bool quiet; /* do not record */
    /* Adds what else is to be there, before the kernel is sealed; null: nothing. */
    void (*join)(struct bench *bench);
    void *joins; /* whatever it needs */
};

struct bench {
    struct probe_observer log_observer; /* first: bench_note_log() */
    struct probe log_probe;
    unsigned lines_told, warnings;
    uint64_t rules_told; /* bits of dw_ahb_rules */
    char warned[LOG_TEXT_BYTES];
    struct arena arena;
    struct kernel kernel;
    struct plan plan;
    struct probe *probes;
    struct component clocks[1], buses[2], controllers[1], memories[2];
    struct ahb_bus_config bus_config[2];
    struct sram_config sram_config[2];
    struct bench_options options;
    uint16_t masters[2];
    struct bench_line lines[BENCH_LINES];
    struct bench_observer observers[16];
    uint32_t observer_count;
    struct bench_log log;
    struct clock *clock;
    struct dw_ahb *dma;
    bool failed;
};

static inline void bench_fail(struct check *check, const struct component *component,
                              const char *parameter, const char *format, ...)
{
    (void)format;
    fprintf(stderr, "%s: %s\n", component ? component->name : "-", parameter ? parameter : "-");
    check->failures++;
}

/* Lays the defaults of a parameter table in a config struct. */
static inline void bench_defaults(void *config, const struct parameter *parameters)
{
    for (const struct parameter *p = parameters; p->name; p++) {
        uint8_t *at = (uint8_t *)config + p->offset;
        uint64_t value = p->kind == PARAMETER_REFERENCE ? UINT16_MAX : p->initial;
        if (p->size_bytes <= 8)
            memcpy(at, &value, p->size_bytes);
    }
}

static inline struct bench_options bench_options(void)
{
    struct bench_options options = {.width_bits = {32, 32}, .buses = 1};
    bench_defaults(&options.dma, dw_ahb_type.parameters);
    bench_defaults(&options.arbiter, ahb_arbiter_parameters);
    options.dma.bus = 0;
    options.dma.base = BENCH_REGISTERS;
    return options;
}

static inline sim_cycle bench_line_step(void *instance, sim_cycle now)
{
    struct bench_line *self = instance;
    sim_time time = self->unit.clock->kernel->now;
    unsigned acknowledge = (unsigned)wire_get(&self->line->acknowledge, time);
    if (self->up) {
        if (!(acknowledge & HANDSHAKE_ACK))
            return SIM_NEVER;
        self->up = false;
        self->served++;
        self->finished += (acknowledge & HANDSHAKE_FINISH) != 0;
        self->acknowledged_at = now;
        self->not_before = SIM_NEVER;
        wire_put(&self->line->request, time, 0);
        return SIM_NEVER;
    }
    if (acknowledge & HANDSHAKE_ACK)
        return SIM_NEVER;
    if (self->not_before == SIM_NEVER)
        self->not_before = now + self->gap;
    if (self->count == 0 || (self->served >= self->count && !self->repeat))
        return SIM_NEVER;
    sim_cycle raise_at = self->not_before;
    if (self->served == 0 && self->first > 0 && raise_at < self->first - 1)
        raise_at = self->first - 1;
    if (now < raise_at)
        return raise_at;
    uint32_t index = self->served < self->count ? self->served : self->count - 1;
    self->up = true;
    wire_put(&self->line->request, time, self->requests[index]);
    return SIM_NEVER;
}

static inline void bench_notify(struct probe_observer *observer, const struct probe *probe,
                                sim_cycle now, const void *record)
{
    struct bench_observer *self = (struct bench_observer *)observer;
    struct bench_log *log = &self->bench->log;
    (void)probe;
    if (self->any && memcmp(self->last, record, self->bytes) == 0)
        return;
    self->any = true;
    memcpy(self->last, record, self->bytes);
    if (log->count == log->capacity) {
        log->capacity = log->capacity ? 2 * log->capacity : 256;
        log->items = realloc(log->items, log->capacity * sizeof *log->items);
        if (!log->items)
            abort();
    }
    struct bench_change *change = &log->items[log->count++];
    memset(change, 0, sizeof *change);
    change->cycle = now;
    change->source = self->source;
    memcpy(change->bytes, record, self->bytes);
}

static inline void bench_watch(struct bench *self, struct probe *probe, uint32_t source)
{
    struct bench_observer *observer = &self->observers[self->observer_count++];
    *observer = (struct bench_observer){.observer = {.notify = bench_notify},
                                        .bench = self,
                                        .source = source,
                                        .bytes = probe->type->record_bytes};
    probe_observe(probe, &observer->observer);
}

/* Records rows, channels and the interrupt from now on. */
static inline void bench_record(struct bench *self)
{
    const struct bench_options *options = &self->options;
    for (uint32_t i = 0; i < options->buses; i++)
        bench_watch(self, &((struct ahb_bus *)self->buses[i].instance)->row_probe, i);
    for (uint32_t i = 0; i < options->dma.channels; i++)
        bench_watch(self, &self->dma->channels[i].probe, 16 + i);
    bench_watch(self, &self->dma->interrupt_probe, 32);
}

static inline int bench_create_section(struct build *build, struct component *components,
                                       uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        int code = components[i].type->create(build, &components[i]);
        if (code != DMASIM_OK)
            return code;
    }
    return DMASIM_OK;
}

/* What the controller says in the log: warnings are counted, the last line of any rule is kept. */
static inline void bench_note_log(struct probe_observer *observer, const struct probe *probe,
                                  sim_cycle now, const void *record)
{
    struct bench *self = (struct bench *)observer;
    const struct log_line *line = record;
    (void)probe;
    (void)now;
    self->lines_told++;
    if (line->level <= LOG_WARNING && self->warnings++ == 0)
        snprintf(self->warned, sizeof self->warned, "%s", line->text);
    for (unsigned i = 0; line->rule && dw_ahb_rules[i].name; i++)
        if (strcmp(dw_ahb_rules[i].name, line->rule) == 0)
            self->rules_told |= UINT64_C(1) << i;
}

static inline void bench_hear_log(struct bench *self)
{
    self->log_probe = (struct probe){
        .name = "dma", .type = &log_probe_type, .clock = self->clock, .owner = self->dma};
    self->dma->unit.log = &self->log_probe;
    self->log_observer.notify = bench_note_log;
    probe_listen(&self->log_probe, &self->log_observer);
}

/* Builds everything; the caller frees with bench_free(). */
static inline struct bench *bench_create(const struct bench_options *options)
{
    struct bench *self = calloc(1, sizeof *self);
    if (!self)
        abort();
    self->options = *options;
    self->masters[0] = 0;
    self->masters[1] = 1;
    if (options->buses == 2)
        self->options.dma.masters = (struct parameter_list){self->masters, 2};
    struct check check = {.fail = bench_fail};
    kernel_init(&self->kernel, &self->arena);
    struct build build = {
        .kernel = &self->kernel, .plan = &self->plan, .check = &check, .probes = &self->probes};
    self->clock = kernel_clock(&self->kernel, "clk", BENCH_PERIOD_PS, 0);
    self->clocks[0] = (struct component){
        .name = "clk", .type = &clock_type, .instance = self->clock, .clock = self->clock};
    for (unsigned i = 0; i < 2; i++) {
        self->bus_config[i].width_bits = options->width_bits[i];
        self->bus_config[i].arbiter = options->arbiter;
        self->buses[i] = (struct component){
            .name = i ? "bus1" : "bus0", .type = &ahb_type, .config = &self->bus_config[i]};
        self->sram_config[i] = (struct sram_config){
            .bus = (uint16_t)(options->buses == 2 ? i : 0),
            .base = i ? BENCH_MEMORY1 : BENCH_MEMORY0,
            .size_bytes = BENCH_MEMORY_BYTES,
            .read_first = options->waits,
            .read_next = options->waits,
            .write_first = options->waits,
            .write_next = options->waits,
            .fill = {.pattern = STORE_RANDOM, .seed = i + 1},
        };
        if (i == 0)
            self->sram_config[i].errors =
                (struct parameter_list){self->options.errors, options->error_count};
        self->memories[i] = (struct component){
            .name = i ? "mem1" : "mem0", .type = &sram_type, .config = &self->sram_config[i]};
    }
    self->controllers[0] =
        (struct component){.name = "dma", .type = &dw_ahb_type, .config = &self->options.dma};
    self->plan.components[SECTION_CLOCKS] = self->clocks;
    self->plan.counts[SECTION_CLOCKS] = 1;
    self->plan.components[SECTION_BUSES] = self->buses;
    self->plan.counts[SECTION_BUSES] = options->buses;
    self->plan.components[SECTION_CONTROLLERS] = self->controllers;
    self->plan.counts[SECTION_CONTROLLERS] = 1;
    self->plan.components[SECTION_MEMORIES] = self->memories;
    self->plan.counts[SECTION_MEMORIES] = 2;

    int code = bench_create_section(&build, self->buses, options->buses);
    if (code == DMASIM_OK)
        code = bench_create_section(&build, self->controllers, 1);
    if (code == DMASIM_OK)
        code = bench_create_section(&build, self->memories, 2);
    if (code == DMASIM_OK) {
        self->dma = self->controllers[0].instance;
        for (uint32_t i = 0; i < BENCH_LINES && i < options->dma.request_lines; i++) {
            struct bench_line *line = &self->lines[i];
            line->line = component_link(&self->controllers[0], PORT_REQUEST, i);
            line->line->acknowledge.reader = &line->unit;
            kernel_add(&self->kernel, &line->unit, "line", self->clock, bench_line_step, line);
        }
        if (options->join)
            options->join(self);
        struct dmasim_error error;
        code = kernel_seal(&self->kernel, options->flags, &error);
    }
    self->failed = code != DMASIM_OK;
    if (!self->failed)
        bench_hear_log(self);
    if (!self->failed && !options->quiet)
        bench_record(self);
    return self;
}

static inline void bench_free(struct bench *self)
{
    arena_free(&self->arena);
    free(self->log.items);
    free(self);
}

/* Simulates up to and including a cycle. */
static inline void bench_to(struct bench *self, sim_cycle cycle)
{
    kernel_advance(&self->kernel, cycle * BENCH_PERIOD_PS, 0);
    if (self->kernel.now < cycle * BENCH_PERIOD_PS)
        self->kernel.now = cycle * BENCH_PERIOD_PS;
}

static inline sim_cycle bench_cycle(const struct bench *self)
{
    return self->kernel.now / BENCH_PERIOD_PS;
}

/* Simulates until no channel holds the run open, at most so many cycles; false if that was it. */
static inline bool bench_run(struct bench *self, sim_cycle at_most)
{
    sim_cycle end = bench_cycle(self) + at_most;
    while (self->kernel.holds && bench_cycle(self) < end)
        bench_to(self, bench_cycle(self) + 1);
    return self->kernel.holds == 0;
}

static inline uint32_t bench_offset(enum dw_ahb_register which, unsigned array)
{
    const struct register_entry *entry = &dw_ahb_registers.entries[which];
    return entry->offset + array * entry->stride_bytes;
}

static inline void bench_put(struct bench *self, enum dw_ahb_register which, unsigned array,
                             uint32_t value)
{
    uint64_t data = value;
    dw_ahb_type.access(&self->controllers[0], bench_offset(which, array), 4, true, &data);
}

static inline uint32_t bench_get(struct bench *self, enum dw_ahb_register which, unsigned array)
{
    uint64_t data = 0;
    dw_ahb_type.access(&self->controllers[0], bench_offset(which, array), 4, false, &data);
    return (uint32_t)data;
}

/* The byte of either memory at a bus address. */
static inline uint8_t *bench_byte(struct bench *self, uint32_t address)
{
    unsigned which = address >= BENCH_MEMORY1;
    uint64_t bytes;
    const uint8_t *memory = store_bytes(&self->memories[which], &bytes);
    return (uint8_t *)(uintptr_t)memory + (address & (BENCH_MEMORY_BYTES - 1));
}

static inline uint32_t bench_word(struct bench *self, uint32_t address)
{
    uint32_t word;
    memcpy(&word, bench_byte(self, address), 4);
    return word;
}

static inline void bench_word_put(struct bench *self, uint32_t address, uint32_t word)
{
    memcpy(bench_byte(self, address), &word, 4);
}

/* True if two benches of one configuration read the same at every register and memory byte. */
static inline bool bench_same_state(struct bench *a, struct bench *b)
{
    for (uint32_t offset = 0; offset < DW_REGISTER_BYTES; offset += 4) {
        uint64_t x = 0, y = 0;
        dw_ahb_type.access(&a->controllers[0], offset, 4, false, &x);
        dw_ahb_type.access(&b->controllers[0], offset, 4, false, &y);
        if (x != y) {
            fprintf(stderr, "register %03x: %08x and %08x\n", (unsigned)offset, (unsigned)x,
                    (unsigned)y);
            return false;
        }
    }
    return memcmp(bench_byte(a, BENCH_MEMORY0), bench_byte(b, BENCH_MEMORY0), BENCH_MEMORY_BYTES) ==
               0 &&
           memcmp(bench_byte(a, BENCH_MEMORY1), bench_byte(b, BENCH_MEMORY1), BENCH_MEMORY_BYTES) ==
               0;
}

/* True if two benches recorded the same. */
static inline bool bench_same_log(const struct bench *a, const struct bench *b)
{
    const size_t count = b->log.count;
    for (size_t i = 0; i < a->log.count; i++) {
        const struct bench_change *x = &a->log.items[i];
        bool found = false;
        /* Changes of one cycle may come in another order. */
        for (size_t j = i < 40 ? 0 : i - 40; j < count && j < i + 40 && !found; j++)
            found = memcmp(x, &b->log.items[j], sizeof *x) == 0;
        if (!found) {
            fprintf(stderr, "cycle %llu of source %u differs\n", (unsigned long long)x->cycle,
                    (unsigned)x->source);
            return false;
        }
    }
    if (a->log.count != count)
        fprintf(stderr, "%zu and %zu changes\n", a->log.count, count);
    return a->log.count == count;
}

/* The row of a bus in a cycle: the last recorded at or before it. Null if there is none. */
static inline const struct ahb_row *bench_row(const struct bench *self, uint32_t bus,
                                              sim_cycle cycle)
{
    const struct ahb_row *row = NULL;
    for (size_t i = 0; i < self->log.count; i++) {
        const struct bench_change *change = &self->log.items[i];
        if (change->source == bus && change->cycle <= cycle)
            row = (const struct ahb_row *)(const void *)change->bytes;
    }
    return row;
}

/* True if a bus shows a new address (NONSEQ or SEQ) in a cycle. */
static inline bool bench_address_at(const struct bench *self, uint32_t bus, sim_cycle cycle,
                                    uint32_t address)
{
    const struct ahb_row *row = bench_row(self, bus, cycle);
    return row && row->htrans >= AHB_NONSEQ && row->haddr == address;
}

/* CTL_LO of a memory to memory block: widths as log2, MSIZE codes, both addresses rising. */
static inline uint32_t bench_ctl(unsigned source_width, unsigned destination_width,
                                 unsigned source_msize, unsigned destination_msize)
{
    return DW_PUT(1, CTL_LO, INT_EN) | DW_PUT(source_width, CTL_LO, SRC_TR_WIDTH) |
           DW_PUT(destination_width, CTL_LO, DST_TR_WIDTH) |
           DW_PUT(source_msize, CTL_LO, SRC_MSIZE) | DW_PUT(destination_msize, CTL_LO, DEST_MSIZE);
}

/* Programs a channel, but for CH_EN. CFG and the rest keep their values. */
static inline void bench_program(struct bench *self, unsigned channel, uint32_t sar, uint32_t dar,
                                 uint32_t ctl, uint32_t items)
{
    bench_put(self, DW_DMA_CFG, 0, 1);
    bench_put(self, DW_SAR, channel, sar);
    bench_put(self, DW_DAR, channel, dar);
    bench_put(self, DW_CTL_LO, channel, ctl);
    bench_put(self, DW_CTL_HI, channel, items);
}

static inline void bench_enable(struct bench *self, unsigned channel)
{
    bench_put(self, DW_CH_EN, 0, 0x101u << channel);
}

#endif
