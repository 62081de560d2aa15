/* SPDX-License-Identifier: BSD-2-Clause */
#include "referee/adi_ports_case.h"

#include <stdlib.h>
#include <string.h>

#include "kernel/random.h"
#include "plan/clock.h"

enum { LITE, SOURCE_BUS, DESTINATION_BUS, DESCRIPTOR_BUS };
enum { STORE, DESCRIPTOR_STORE };

#define DESCRIPTOR_GENERATORS 5 /* the descriptor port draws with generators 6 and 7 */
#define DESCRIPTOR_FIELDS 10

void adi_ports_case_init(struct adi_ports_case *self)
{
    *self = (struct adi_ports_case){.clock_config = {.period_ps = ADI_PORTS_PERIOD_PS}};
    self->lite = (struct axi_bus_config){.width_bits = 32, .lite = true};
    self->source_bus = self->destination_bus = self->descriptor_bus =
        (struct axi_bus_config){.width_bits = 64};
    self->dmac = (struct adi_dmac_config){
        .bus = LITE,
        .source_bus = SOURCE_BUS,
        .destination_bus = DESTINATION_BUS,
        .source_width_bits = 64,
        .destination_width_bits = 64,
        .descriptor_bus = UINT16_MAX,
        .interrupt = UINT16_MAX,
        .fifo_size = 8,
        .max_bytes_per_burst = 128,
        .length_width_bits = 24,
        .address_width_bits = 32,
        .debug_registers = true,
        .tuser_sync = true,
        .cyclic = true,
        .reset_cycles = 20,
    };
    self->script = (struct adi_script_config){
        .bus = LITE, .script = "", .start_cycle = 60, .limit_cycle = 1u << 20};
    self->memory = (struct axi_memory_config){
        .bus = SOURCE_BUS,
        .write_bus = DESTINATION_BUS,
        .shares = UINT16_MAX,
        .size_bytes = ADI_PORTS_MEMORY_BYTES,
        .read_latency_cycles = 1,
        .write_latency_cycles = 1,
        .read_max = 64,
        .write_max = 64,
        .stalls = {.seed = 1},
        .pattern = AXI_PATTERN_ZERO,
    };
    self->descriptors = self->memory;
    self->descriptors.bus = DESCRIPTOR_BUS;
    self->descriptors.write_bus = UINT16_MAX;
    self->descriptors.shares = STORE;
    self->descriptors.stalls.generator = DESCRIPTOR_GENERATORS;
    self->source = (struct stream_source_config){.period_cycles = 1,
                                                 .packets = {.items = self->packets},
                                                 .stalls = {.seed = 1},
                                                 .pattern_seed = 18};
    self->sink = (struct stream_sink_config){.period_cycles = 1, .stalls = {.seed = 1}};
}

static void add_device(struct adi_ports_case *self, const char *name,
                       const struct component_type *type, void *config)
{
    self->devices[self->plan.counts[SECTION_PERIPHERALS]++] =
        (struct component){.name = name, .type = type, .config = config};
}

void adi_ports_case_wire(struct adi_ports_case *self)
{
    struct plan *plan = &self->plan;
    const bool chains = self->dmac.descriptor_bus != UINT16_MAX;
    self->clock =
        (struct component){.name = "aclk", .type = &clock_type, .config = &self->clock_config};
    struct axi_bus_config *buses[] = {&self->lite, &self->source_bus, &self->destination_bus,
                                      &self->descriptor_bus};
    static const char *const names[] = {"lite", "src", "dest", "sg"};
    for (unsigned i = 0; i < 4; i++)
        self->buses[i] =
            (struct component){.name = names[i], .type = &axi_type, .config = buses[i]};
    if (self->dmac.source_type != ADI_MEMORY)
        self->dmac.source_bus = UINT16_MAX;
    if (self->dmac.destination_type != ADI_MEMORY)
        self->dmac.destination_bus = UINT16_MAX;
    self->controller =
        (struct component){.name = "dma", .type = &adi_dmac_type, .config = &self->dmac};
    self->host =
        (struct component){.name = "host", .type = &adi_script_type, .config = &self->script};
    self->stores[STORE] =
        (struct component){.name = "memory", .type = &axi_memory_type, .config = &self->memory};
    self->stores[DESCRIPTOR_STORE] = (struct component){
        .name = "descriptors", .type = &axi_memory_type, .config = &self->descriptors};
    plan->name = "adi_ports_case";
    plan->components[SECTION_CLOCKS] = &self->clock;
    plan->components[SECTION_BUSES] = self->buses;
    plan->components[SECTION_CONTROLLERS] = &self->controller;
    plan->components[SECTION_MASTERS] = &self->host;
    plan->components[SECTION_MEMORIES] = self->stores;
    plan->components[SECTION_PERIPHERALS] = self->devices;
    plan->counts[SECTION_CLOCKS] = plan->counts[SECTION_CONTROLLERS] =
        plan->counts[SECTION_MASTERS] = 1;
    plan->counts[SECTION_BUSES] = 4;
    plan->counts[SECTION_MEMORIES] = chains ? 2 : 1;
    plan->counts[SECTION_PERIPHERALS] = 0;
    if (self->dmac.source_type != ADI_MEMORY)
        add_device(self, "source",
                   self->dmac.source_type == ADI_FIFO ? &fifo_writer_type : &axi_stream_source_type,
                   &self->source);
    if (self->dmac.destination_type != ADI_MEMORY)
        add_device(self, "sink",
                   self->dmac.destination_type == ADI_FIFO ? &fifo_reader_type
                                                           : &axi_stream_sink_type,
                   &self->sink);
    if (self->sync.width_cycles)
        add_device(self, "sync", &sync_pulse_type, &self->sync);
}

/* ---- rows of cases.csv ----------------------------------------------------------------------- */

const char *adi_ports_cell(const struct table *cases, size_t row, const char *column)
{
    size_t index = table_column(cases, column);
    return index == SIZE_MAX ? "" : table_cell(cases, row, index);
}

uint64_t adi_ports_number(const struct table *cases, size_t row, const char *column)
{
    return strtoull(adi_ports_cell(cases, row, column), NULL, 10);
}

static bool plan_packets(struct adi_ports_case *self, const char *text)
{
    struct parameter_list *list = &self->source.packets;
    while (*text) {
        char *end;
        self->packets[list->count] = strtoull(text, &end, 10);
        if (end == text || self->packets[list->count] == 0 || ++list->count == ADI_PORTS_PACKETS)
            return false;
        text = end + (*end == ':');
    }
    return true;
}

bool adi_ports_case_row(struct adi_ports_case *self, const struct table *cases, size_t row)
{
#define NUMBER(column) adi_ports_number(cases, row, column)
#define SMALL(column) ((uint32_t)adi_ports_number(cases, row, column))
    adi_ports_case_init(self);
    struct adi_dmac_config *dmac = &self->dmac;
    const uint32_t seed = SMALL("seed");
    if (SMALL("type_src") > ADI_FIFO || SMALL("type_dst") > ADI_FIFO)
        return false;
    dmac->source_type = (uint8_t)SMALL("type_src");
    dmac->destination_type = (uint8_t)SMALL("type_dst");
    dmac->source_width_bits = self->source_bus.width_bits = SMALL("dw_src");
    dmac->destination_width_bits = self->destination_bus.width_bits = SMALL("dw_dst");
    dmac->two_d = NUMBER("twod") != 0;
    dmac->descriptor_bus = NUMBER("sg") ? DESCRIPTOR_BUS : UINT16_MAX;
    dmac->sync_start = NUMBER("sync_start") != 0;
    dmac->tuser_sync = NUMBER("tuser_sync") != 0;
    dmac->max_bytes_per_burst = SMALL("max_burst");
    dmac->fifo_size = SMALL("fifo_size");
    if (*adi_ports_cell(cases, row, "addr_width"))
        dmac->address_width_bits = SMALL("addr_width");
    dmac->tlast_every_row = NUMBER("tlast_mode") != 0;
    self->source_bus.width_bits = dmac->source_type ? 64 : dmac->source_width_bits;
    self->destination_bus.width_bits = dmac->destination_type ? 64 : dmac->destination_width_bits;

    struct axi_memory_config *memory = &self->memory, *descriptors = &self->descriptors;
    memory->wraps = descriptors->wraps = true;
    memory->read_latency_cycles = SMALL("rlat");
    memory->write_latency_cycles = SMALL("blat");
    memory->read_max = SMALL("rdmax");
    memory->write_max = SMALL("wrmax");
    memory->write_from_cycle = NUMBER("awfrom");
    static const char *const stalls[] = {"st_ar", "st_r", "st_aw", "st_w", "st_b"};
    for (unsigned i = 0; i < AXI_CHANNELS; i++)
        memory->stalls.percent[i] = SMALL(stalls[i]);
    descriptors->read_latency_cycles = SMALL("sglat");
    descriptors->read_max = SMALL("sgmax");
    descriptors->stalls.percent[AXI_AR] = SMALL("st_sgar");
    descriptors->stalls.percent[AXI_R] = SMALL("st_sgr");
    memory->stalls.seed = descriptors->stalls.seed = seed;

    struct stream_source_config *source = &self->source;
    source->period_cycles = NUMBER("p_k");
    source->gated = NUMBER("p_gate") != 0;
    source->from_cycle = NUMBER("p_from");
    source->beats = NUMBER("p_total");
    source->user_period = NUMBER("p_uper");
    source->user_phase = NUMBER("p_uph");
    source->stalls.percent = SMALL("st_p");
    source->stalls.seed = seed;
    source->pattern_seed = seed + 17;
    struct stream_sink_config *sink = &self->sink;
    sink->period_cycles = NUMBER("c_k");
    sink->gated = NUMBER("c_gate") != 0;
    sink->from_cycle = NUMBER("c_from");
    sink->stalls.percent = SMALL("st_c");
    sink->stalls.seed = seed;
    if (NUMBER("sync_per"))
        self->sync = (struct sync_pulse_config){.from_cycle = NUMBER("sync_from"),
                                                .period_cycles = NUMBER("sync_per"),
                                                .width_cycles = NUMBER("sync_wid")};
    self->script.script = adi_ports_cell(cases, row, "script");
    self->script.limit_cycle = NUMBER("limit");
    bool good = plan_packets(self, adi_ports_cell(cases, row, "p_pkt")) && source->period_cycles &&
                sink->period_cycles && memory->read_latency_cycles && memory->write_latency_cycles;
    adi_ports_case_wire(self);
    return good;
#undef NUMBER
#undef SMALL
}

static uint64_t pair(uint64_t low, uint64_t high)
{
    return (low & UINT32_MAX) | high << 32;
}

static bool lay_descriptors(uint8_t *bytes, const char *text)
{
    while (*text) {
        uint64_t fields[DESCRIPTOR_FIELDS];
        for (unsigned i = 0; i < DESCRIPTOR_FIELDS; i++) {
            char *end;
            fields[i] = strtoull(text, &end, 16);
            if (end == text)
                return false;
            text = end + (*end == ':');
        }
        text += *text == '|';
        /* flags, id, destination, source, next (64 bits each), y, x, source and destination stride */
        const uint64_t words[] = {
            pair(fields[1], fields[2]), fields[3], fields[4], fields[5], pair(fields[6], fields[7]),
            pair(fields[8], fields[9])};
        for (uint64_t i = 0; i < sizeof words; i++)
            bytes[(fields[0] + i) % ADI_PORTS_MEMORY_BYTES] = (uint8_t)(words[i / 8] >> i % 8 * 8);
    }
    return true;
}

bool adi_ports_case_fill(const struct adi_ports_case *self, const struct system *system,
                         const struct table *cases, size_t row)
{
    uint8_t *bytes = store_bytes(system_built(system, &self->stores[STORE]), NULL);
    uint64_t base = adi_ports_number(cases, row, "fill_base");
    uint64_t length = adi_ports_number(cases, row, "fill_len");
    uint32_t state = (uint32_t)adi_ports_number(cases, row, "seed") + 17;
    for (uint64_t i = 0; i < length; i++) {
        state = xorshift32(state);
        bytes[(base + i) % ADI_PORTS_MEMORY_BYTES] = (uint8_t)state;
    }
    return lay_descriptors(bytes, adi_ports_cell(cases, row, "desc"));
}
