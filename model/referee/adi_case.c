/* SPDX-License-Identifier: BSD-2-Clause */
#include "referee/adi_case.h"
#include "plan/clock.h"

#include <stdarg.h>
#include <stdio.h>

void adi_case_init(struct adi_case *self)
{
    *self = (struct adi_case){.clock_config = {.period_ps = ADI_CASE_PERIOD_PS}};
    self->lite = (struct axi_bus_config){.width_bits = 32, .lite = true};
    self->data = (struct axi_bus_config){.width_bits = 64};
    self->dmac = (struct adi_dmac_config){
        .bus = 0,
        .source_bus = 1,
        .destination_bus = 1,
        .descriptor_bus = UINT16_MAX,
        .tuser_sync = true,
        .interrupt = UINT16_MAX,
        .fifo_size = 8,
        .max_bytes_per_burst = 128,
        .length_width_bits = 24,
        .address_width_bits = 32,
        .debug_registers = true,
        .cyclic = true,
        .reset_cycles = 20,
    };
    self->sequence = (struct adi_sequence_config){
        .lengths = {.items = self->lengths},
        .transfers = 1,
        .length_bytes = 64,
        .step_bytes = UINT64_MAX,
        .source = 0x10000,
        .destination = 0x80000,
        .irq_mask = 1,
        .start_cycle = 60,
        .pause_at = UINT32_MAX,
        .abort_at = UINT32_MAX,
    };
    self->memory = (struct axi_memory_config){
        .bus = 1,
        .write_bus = UINT16_MAX,
        .shares = UINT16_MAX,
        .size_bytes = 1u << 20,
        .read_latency_cycles = 8,
        .write_latency_cycles = 8,
        .read_max = 64,
        .write_max = 64,
        .pattern = AXI_PATTERN_XORSHIFT32,
        .fill_seed = 18,
    };
    self->clock =
        (struct component){.name = "aclk", .type = &clock_type, .config = &self->clock_config};
    self->buses[0] = (struct component){.name = "lite", .type = &axi_type, .config = &self->lite};
    self->buses[1] = (struct component){.name = "axi", .type = &axi_type, .config = &self->data};
    self->controller =
        (struct component){.name = "dma", .type = &adi_dmac_type, .config = &self->dmac};
    self->host =
        (struct component){.name = "host", .type = &adi_sequence_type, .config = &self->sequence};
    self->store =
        (struct component){.name = "memory", .type = &axi_memory_type, .config = &self->memory};
    struct plan *plan = &self->plan;
    plan->name = "adi_case";
    plan->components[SECTION_CLOCKS] = &self->clock;
    plan->components[SECTION_BUSES] = self->buses;
    plan->components[SECTION_CONTROLLERS] = &self->controller;
    plan->components[SECTION_MASTERS] = &self->host;
    plan->components[SECTION_MEMORIES] = &self->store;
    plan->counts[SECTION_CLOCKS] = plan->counts[SECTION_CONTROLLERS] = 1;
    plan->counts[SECTION_BUSES] = 2;
    plan->counts[SECTION_MASTERS] = plan->counts[SECTION_MEMORIES] = 1;
}

void adi_case_fail(struct check *check, const struct component *component, const char *parameter,
                   const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "%s%s%s: ", component ? component->name : "system", parameter ? "." : "",
            parameter ? parameter : "");
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    check->failures++;
}
