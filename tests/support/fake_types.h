/* SPDX-License-Identifier: BSD-2-Clause */
/* A small list of component types for the tests of scenario/, which must work with any list, and
 * helpers to load a text against it and to look at the errors. */
#ifndef DMASIM_FAKE_TYPES_H
#define DMASIM_FAKE_TYPES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenario/internal.h"

struct fake_clock {
    uint64_t frequency_hz, phase_ps;
};

static const struct parameter fake_clock_parameters[] = {
    {.name = "frequency",
     .kind = PARAMETER_FREQUENCY,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(fake_clock, frequency_hz),
     .min = 1,
     .max = UINT64_C(10000000000),
     .doc = "Frequency."},
    {.name = "phase", .kind = PARAMETER_TIME, PARAMETER_AT(fake_clock, phase_ps), .doc = "Phase."},
    {0},
};

static const struct component_type fake_clock_type = {
    .name = "clock",
    .section = SECTION_CLOCKS,
    .doc = "A clock.",
    .config_bytes = sizeof(struct fake_clock),
    .parameters = fake_clock_parameters,
};

struct fake_bus {
    uint16_t clock;
    uint32_t width_bits;
    struct {
        uint8_t policy;
        uint32_t limit;
    } arbiter;
};

static const char *const fake_policies[] = {"round_robin", "fixed", "weighted", NULL};

struct fake_arbiter {
    uint8_t policy;
    uint32_t limit;
};

static const struct parameter fake_arbiter_parameters[] = {
    {.name = "policy",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(fake_arbiter, policy),
     .names = fake_policies,
     .doc = "Who wins."},
    {.name = "limit", .kind = PARAMETER_UINT, PARAMETER_AT(fake_arbiter, limit), .doc = "Limit."},
    {0},
};

static const struct parameter fake_bus_parameters[] = {
    {.name = "clock",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_CLOCK,
     PARAMETER_AT(fake_bus, clock),
     .doc = "Clock."},
    {.name = "width",
     .kind = PARAMETER_UINT,
     .flags = PARAMETER_POWER_OF_TWO,
     PARAMETER_AT(fake_bus, width_bits),
     .initial = 32,
     .min = 8,
     .max = 128,
     .doc = "Bits."},
    {.name = "arbiter",
     .kind = PARAMETER_GROUP,
     PARAMETER_AT(fake_bus, arbiter),
     .sub = fake_arbiter_parameters,
     .doc = "Arbiter."},
    {0},
};

static const struct bus_space fake_space = {
    .unit_bytes = 1024, .unit = "1 KiB", .last = UINT32_MAX, .width = "32 bits"};

static const struct component_type fake_bus_type = {
    .name = "ahb",
    .section = SECTION_BUSES,
    .doc = "A bus.",
    .config_bytes = sizeof(struct fake_bus),
    .parameters = fake_bus_parameters,
    .space = &fake_space,
};

static const struct component_type fake_other_bus_type = {
    .name = "wires",
    .section = SECTION_BUSES,
    .doc = "Another bus, with room everywhere.",
    .config_bytes = sizeof(struct fake_bus),
    .parameters = fake_bus_parameters,
};

struct fake_memory {
    uint16_t bus;
    uint64_t base, size_bytes;
    struct parameter_blob file;
    const char *dump;
};

static const struct parameter fake_memory_parameters[] = {
    {.name = "bus",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_BUS,
     PARAMETER_AT(fake_memory, bus),
     .doc = "Bus."},
    {.name = "base",
     .kind = PARAMETER_ADDRESS,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(fake_memory, base),
     .doc = "First address."},
    {.name = "size",
     .kind = PARAMETER_BYTES,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(fake_memory, size_bytes),
     .min = 1,
     .max = UINT64_C(1) << 30,
     .doc = "Size."},
    {.name = "file", .kind = PARAMETER_FILE, PARAMETER_AT(fake_memory, file), .doc = "Content."},
    {.name = "dump", .kind = PARAMETER_OUTPUT, PARAMETER_AT(fake_memory, dump), .doc = "Dump."},
    {0},
};

static bool fake_memory_region(const struct component *self, uint32_t index,
                               struct component_region *region)
{
    const struct fake_memory *config = self->config;
    *region = (struct component_region){
        .bus = config->bus, .base = config->base, .bytes = config->size_bytes};
    return index == 0;
}

static const struct component_type fake_memory_type = {
    .name = "sram",
    .section = SECTION_MEMORIES,
    .doc = "A memory.",
    .config_bytes = sizeof(struct fake_memory),
    .parameters = fake_memory_parameters,
    .region = fake_memory_region,
};

struct fake_dma {
    uint16_t bus;
    uint64_t base;
    uint32_t channels, fifo_bytes, burst_bytes;
    struct parameter_list masters;
};

static const struct parameter fake_dma_parameters[] = {
    {.name = "bus",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_BUS,
     .of = "ahb",
     PARAMETER_AT(fake_dma, bus),
     .doc = "Bus."},
    {.name = "base",
     .kind = PARAMETER_ADDRESS,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(fake_dma, base),
     .doc = "Registers."},
    {.name = "channels",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(fake_dma, channels),
     .initial = 4,
     .min = 1,
     .max = 8,
     .doc = "Channels."},
    {.name = "fifo",
     .kind = PARAMETER_BYTES,
     PARAMETER_AT(fake_dma, fifo_bytes),
     .initial = 64,
     .doc = "FIFO."},
    {.name = "burst",
     .kind = PARAMETER_BYTES,
     PARAMETER_AT(fake_dma, burst_bytes),
     .initial = 16,
     .doc = "Burst."},
    {.name = "masters",
     .kind = PARAMETER_REFERENCES,
     .refers = REFERS_BUS,
     PARAMETER_AT(fake_dma, masters),
     .max = 4,
     .doc = "Ports."},
    {0},
};

static void fake_dma_check(const struct plan *plan, const struct component *self,
                           struct check *check)
{
    const struct fake_dma *config = self->config;
    (void)plan;
    if (config->burst_bytes > config->fifo_bytes)
        check->fail(check, self, "burst", "a burst of %u bytes is wider than the FIFO of %u",
                    config->burst_bytes, config->fifo_bytes);
}

static bool fake_dma_region(const struct component *self, uint32_t index,
                            struct component_region *region)
{
    const struct fake_dma *config = self->config;
    *region = (struct component_region){.bus = config->bus, .base = config->base, .bytes = 1024};
    return index == 0;
}

static const struct register_entry fake_dma_entries[] = {
    {.name = "CTL", .offset = 0},
    {.name = "CFG", .offset = 0x40},
    {0},
};
static const struct register_map fake_dma_registers = {
    .compatible = "fake", .entries = fake_dma_entries, .width_bits = 32, .size_bytes = 1024};

static const struct component_type fake_dma_type = {
    .name = "snps,dw-dmac",
    .section = SECTION_CONTROLLERS,
    .doc = "A controller.",
    .config_bytes = sizeof(struct fake_dma),
    .parameters = fake_dma_parameters,
    .registers = &fake_dma_registers,
    .check = fake_dma_check,
    .region = fake_dma_region,
};

static const struct parameter fake_empty_parameters[] = {{0}};
static const struct component_type fake_other_dma_type = {
    .name = "none,other-dma",
    .section = SECTION_CONTROLLERS,
    .doc = "Another controller.",
    .config_bytes = 1,
    .parameters = fake_empty_parameters,
};

/* One of everything. */
struct fake_step {
    uint64_t address;
    uint32_t value;
    struct parameter_place place;
};

static const struct parameter fake_step_parameters[] = {
    {.name = "address",
     .kind = PARAMETER_ADDRESS,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(fake_step, address),
     .doc = "Address."},
    {.name = "value", .kind = PARAMETER_UINT, PARAMETER_AT(fake_step, value), .doc = "Value."},
    {.name = "place", .kind = PARAMETER_PLACE, PARAMETER_AT(fake_step, place)},
    {0},
};

struct fake_option {
    uint8_t level;
    bool given;
};

static const struct parameter fake_option_parameters[] = {
    {.name = "level",
     .kind = PARAMETER_UINT,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(fake_option, level),
     .doc = "Level."},
    {.name = "given", .kind = PARAMETER_GIVEN, PARAMETER_AT(fake_option, given)},
    {0},
};

struct fake_device {
    bool enabled;
    uint8_t small;
    uint64_t rate, delay_ps, limit;
    const char *label;
    struct parameter_list numbers, words, addresses, steps;
    struct fake_option option;
    uint16_t controller;
};

static const struct parameter fake_device_parameters[] = {
    {.name = "enabled", .kind = PARAMETER_BOOL, PARAMETER_AT(fake_device, enabled), .doc = "On."},
    {.name = "small", .kind = PARAMETER_UINT, PARAMETER_AT(fake_device, small), .doc = "Small."},
    {.name = "rate", .kind = PARAMETER_RATE, PARAMETER_AT(fake_device, rate), .doc = "Rate."},
    {.name = "delay", .kind = PARAMETER_TIME, PARAMETER_AT(fake_device, delay_ps), .doc = "Delay."},
    {.name = "limit",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(fake_device, limit),
     .initial = UINT64_MAX,
     .max = 100,
     .doc = "Limit."},
    {.name = "label", .kind = PARAMETER_TEXT, PARAMETER_AT(fake_device, label), .doc = "Label."},
    {.name = "numbers",
     .kind = PARAMETER_UINTS,
     PARAMETER_AT(fake_device, numbers),
     .max = 255,
     .doc = "Numbers."},
    {.name = "words", .kind = PARAMETER_TEXTS, PARAMETER_AT(fake_device, words), .doc = "Words."},
    {.name = "addresses",
     .kind = PARAMETER_ADDRESSES,
     PARAMETER_AT(fake_device, addresses),
     .doc = "Addresses."},
    {.name = "steps",
     .kind = PARAMETER_LIST,
     PARAMETER_AT(fake_device, steps),
     .sub = fake_step_parameters,
     .item_bytes = sizeof(struct fake_step),
     .doc = "Steps."},
    {.name = "option",
     .kind = PARAMETER_GROUP,
     PARAMETER_AT(fake_device, option),
     .sub = fake_option_parameters,
     .doc = "Option."},
    {.name = "controller",
     .kind = PARAMETER_REFERENCE,
     .refers = REFERS_CONTROLLER,
     PARAMETER_AT(fake_device, controller),
     .doc = "Controller."},
    {0},
};

static const struct component_type fake_device_type = {
    .name = "fifo",
    .section = SECTION_PERIPHERALS,
    .doc = "A device.",
    .config_bytes = sizeof(struct fake_device),
    .parameters = fake_device_parameters,
};

struct fake_copy {
    uint64_t from, to, bytes;
    uint16_t after;
};

static const struct parameter fake_copy_parameters[] = {
    {.name = "from",
     .kind = PARAMETER_ADDRESS,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(fake_copy, from),
     .max = UINT32_MAX,
     .doc = "Source."},
    {.name = "to",
     .kind = PARAMETER_ADDRESS,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(fake_copy, to),
     .max = UINT32_MAX,
     .doc = "Destination."},
    {.name = "bytes",
     .kind = PARAMETER_BYTES,
     PARAMETER_AT(fake_copy, bytes),
     .initial = 4096,
     .min = 1,
     .max = 1u << 20,
     .doc = "Length."},
    {.name = "after",
     .kind = PARAMETER_REFERENCE,
     .refers = REFERS_WORK,
     PARAMETER_AT(fake_copy, after),
     .doc = "Entry to wait for."},
    {0},
};

static const struct component_type fake_copy_type = {
    .name = "memcpy",
    .section = SECTION_WORK,
    .doc = "Copies memory.",
    .config_bytes = sizeof(struct fake_copy),
    .parameters = fake_copy_parameters,
};

static const struct component_type *const fake_types[] = {
    &fake_clock_type,  &fake_bus_type,       &fake_other_bus_type,
    &fake_dma_type,    &fake_other_dma_type, &fake_memory_type,
    &fake_device_type, &fake_copy_type,      NULL,
};

/* ---- loading and looking --------------------------------------------------------------------- */

/* All errors as "file:line:column: text\n". */
struct seen {
    char text[64 * 1024];
    size_t length;
    unsigned count;
};

static inline void see(void *context, const struct dmasim_error *error)
{
    struct seen *self = context;
    int written = snprintf(self->text + self->length, sizeof self->text - self->length,
                           "%s:%d:%d: %s\n", error->file, error->line, error->column, error->text);
    if (written > 0 && (size_t)written < sizeof self->text - self->length)
        self->length += (size_t)written;
    self->count++;
}

/* Loads a text of a given length; errors are in *seen. Null on error. */
static inline struct scenario *load_bytes(const char *text, size_t length,
                                          const char *const *overrides, size_t override_count,
                                          struct seen *seen)
{
    struct scenario *scenario;
    struct scenario_options options = {.types = fake_types,
                                       .overrides = overrides,
                                       .override_count = override_count,
                                       .report = see,
                                       .context = seen};
    *seen = (struct seen){.length = 0};
    scenario_build_text(text, length, "a.yaml", NULL, &options, &scenario);
    return scenario;
}

static inline struct scenario *load(const char *text, struct seen *seen)
{
    return load_bytes(text, strlen(text), NULL, 0, seen);
}

static inline struct scenario *load_with(const char *text, const char *override, struct seen *seen)
{
    return load_bytes(text, strlen(text), &override, 1, seen);
}

/* The config of a component by name. */
static inline void *config_of(const struct scenario *self, enum component_section section,
                              const char *name)
{
    int index = scenario_find(self, section, name);
    return index < 0 ? NULL : self->details[section][index].config;
}

/* The resolved text; the caller frees it. */
static inline char *resolved(const struct scenario *self)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    scenario_write_resolved(self, NULL, out);
    fclose(out);
    return text;
}

#define FAKE_BASE                                                                                  \
    "clocks: { hclk: { frequency: 100 MHz } }\n"                                                   \
    "buses: { ahb0: { clock: hclk } }\n"                                                           \
    "memories:\n"                                                                                  \
    "  sram: { bus: ahb0, base: 0x2000_0000, size: 64 KiB }\n"

#endif
