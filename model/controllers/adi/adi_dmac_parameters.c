/* SPDX-License-Identifier: BSD-2-Clause */
/* adi_dmac_parameters: what a scenario may set of an ADI AXI DMAC, and what of it fits together. */
#include "controllers/adi/adi_dmac_state.h"

static const char *const errata_names[] = {
    [ADI_SILICON] = "silicon",
    [ADI_NONE] = "none",
    NULL,
};

static const char *const side_names[] = {
    [ADI_MEMORY] = "memory",
    [ADI_STREAM] = "stream",
    [ADI_FIFO] = "fifo",
    NULL,
};

const struct parameter adi_dmac_parameters[] = {
    {.name = "bus",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_BUS,
     PARAMETER_AT(adi_dmac_config, bus),
     .of = "axi",
     .doc = "Bus of the registers: AXI4-Lite, or AXI4, where bursts get SLVERR."},
    {.name = "base",
     .kind = PARAMETER_ADDRESS,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(adi_dmac_config, base),
     .doc = "Address of the registers, which take 4 KiB."},
    {.name = "source",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(adi_dmac_config, source_type),
     .names = side_names,
     .doc = "DMA_TYPE_SRC: memory, stream (AXI4-Stream slave) or fifo (FIFO write interface)."},
    {.name = "destination",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(adi_dmac_config, destination_type),
     .names = side_names,
     .doc = "DMA_TYPE_DEST: memory, stream (AXI4-Stream master) or fifo (FIFO read interface)."},
    {.name = "source_width",
     .kind = PARAMETER_UINT,
     .flags = PARAMETER_POWER_OF_TWO,
     PARAMETER_AT(adi_dmac_config, source_width_bits),
     .initial = 64,
     .min = 16,
     .max = 8 * AXI_STREAM_BYTES_MAX,
     .doc = "DMA_DATA_WIDTH_SRC of a stream or FIFO."},
    {.name = "destination_width",
     .kind = PARAMETER_UINT,
     .flags = PARAMETER_POWER_OF_TWO,
     PARAMETER_AT(adi_dmac_config, destination_width_bits),
     .initial = 64,
     .min = 16,
     .max = 8 * AXI_STREAM_BYTES_MAX,
     .doc = "DMA_DATA_WIDTH_DEST of a stream or FIFO."},
    {.name = "source_bus",
     .kind = PARAMETER_REFERENCE,
     .refers = REFERS_BUS,
     PARAMETER_AT(adi_dmac_config, source_bus),
     .of = "axi",
     .doc = "Bus of the port that reads, master NAME.src; its width is DMA_DATA_WIDTH_SRC."},
    {.name = "destination_bus",
     .kind = PARAMETER_REFERENCE,
     .refers = REFERS_BUS,
     PARAMETER_AT(adi_dmac_config, destination_bus),
     .of = "axi",
     .doc = "Bus of the port that writes, master NAME.dest; its width is DMA_DATA_WIDTH_DEST."},
    {.name = "descriptor_bus",
     .kind = PARAMETER_REFERENCE,
     .refers = REFERS_BUS,
     PARAMETER_AT(adi_dmac_config, descriptor_bus),
     .of = "axi",
     .doc = "Bus of the scatter-gather unit (DMA_SG_TRANSFER), master NAME.sg, 64 bits; without "
            "it there is none."},
    {.name = "interrupt",
     .kind = PARAMETER_REFERENCE,
     .refers = REFERS_CPU,
     PARAMETER_AT(adi_dmac_config, interrupt),
     .doc = "CPU that takes the interrupt."},
    {.name = "fifo_size",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(adi_dmac_config, fifo_size),
     .initial = 8,
     .min = 1,
     .max = 128,
     .doc = "FIFO_SIZE: bursts the burst memory holds; a power of two from 2 to 64."},
    {.name = "max_bytes_per_burst",
     .kind = PARAMETER_BYTES,
     PARAMETER_AT(adi_dmac_config, max_bytes_per_burst),
     .initial = 128,
     .min = 4,
     .max = ADI_BURST_BYTES_MAX,
     .doc = "MAX_BYTES_PER_BURST: a power of two, two beats of the wider side at least, 256 of the "
            "narrower at most."},
    {.name = "length_width",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(adi_dmac_config, length_width_bits),
     .initial = 24,
     .min = 8,
     .max = 32,
     .doc = "DMA_LENGTH_WIDTH: bits of a length."},
    {.name = "address_width",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(adi_dmac_config, address_width_bits),
     .initial = 64,
     .min = 16,
     .max = 64,
     .doc =
         "DMA_AXI_ADDR_WIDTH: bits of an address; further ones are dropped, and addresses wrap."},
    {.name = "source_slice",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(adi_dmac_config, source_slice),
     .doc = "AXI_SLICE_SRC: a register slice on the source port."},
    {.name = "destination_slice",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(adi_dmac_config, destination_slice),
     .doc = "AXI_SLICE_DEST: a register slice on the destination port."},
    {.name = "two_d",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(adi_dmac_config, two_d),
     .doc = "DMA_2D_TRANSFER: rows and strides are built in."},
    {.name = "tlast_every_row",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(adi_dmac_config, tlast_every_row),
     .doc = "DMA_2D_TLAST_MODE: TLAST with every row, not only the last."},
    {.name = "sync_start",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(adi_dmac_config, sync_start),
     .doc = "SYNC_TRANSFER_START: a transfer of a stream or FIFO waits for the sync pin or TUSER."},
    {.name = "tuser_sync",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(adi_dmac_config, tuser_sync),
     .initial = 1,
     .doc = "AXIS_TUSER_SYNC: at a stream source TUSER starts a transfer, not the pin."},
    {.name = "cyclic",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(adi_dmac_config, cyclic),
     .initial = 1,
     .doc = "CYCLIC: FLAGS.CYCLIC is built in."},
    {.name = "cache_coherent",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(adi_dmac_config, cache_coherent),
     .doc = "CACHE_COHERENT: INTERFACE_DESCRIPTION_2 says so, nothing else."},
    {.name = "debug_registers",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(adi_dmac_config, debug_registers),
     .initial = 1,
     .doc = "false: DISABLE_DEBUG_REGISTERS, CURRENT_x_ADDRESS and DEBUG_x read 0."},
    {.name = "id",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(adi_dmac_config, id),
     .max = UINT32_MAX,
     .doc = "ID: what PERIPHERAL_ID reads."},
    {.name = "errata",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(adi_dmac_config, errata),
     .names = errata_names,
     .doc = "silicon: with the faults of the RTL; none: mended."},
    {.name = "reset_cycles",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(adi_dmac_config, reset_cycles),
     .max = 1000000,
     .doc = "Cycles from the start in which the external reset is on."},
    {.name = NULL},
};

/* The width of a side; 0 after check->fail. */
static uint32_t side_width(const struct plan *plan, const struct component *self,
                           struct check *check, bool source)
{
    const struct adi_dmac_config *config = self->config;
    const struct component *buses = plan->components[SECTION_BUSES];
    const char *bus_name = source ? "source_bus" : "destination_bus";
    const uint8_t type = source ? config->source_type : config->destination_type;
    const uint16_t index = source ? config->source_bus : config->destination_bus;
    if (type != ADI_MEMORY) {
        if (index != UINT16_MAX)
            check->fail(check, self, bus_name, "only a memory side has a bus");
        return source ? config->source_width_bits : config->destination_width_bits;
    }
    if (index == UINT16_MAX) {
        check->fail(check, self, bus_name, "a memory side needs a bus");
        return 0;
    }
    const struct axi_bus_config *bus = buses[index].config;
    const struct axi_bus_config *registers = buses[config->bus].config;
    if (bus->clock != registers->clock)
        check->fail(check, self, bus_name, "must have the clock of `bus`");
    return bus->width_bits;
}

static bool power_of_two(uint32_t value)
{
    return value && !(value & (value - 1));
}

/* What the RTL can be built with and this model has not. */
static void check_sizes(const struct adi_dmac_config *config, const struct component *self,
                        struct check *check)
{
    const uint32_t fifo = config->fifo_size, burst = config->max_bytes_per_burst;
    if (fifo < 2 || fifo > ADI_FIFO_MAX || !power_of_two(fifo))
        check->fail(
            check, self, "fifo_size",
            "%u: the RTL can be built with it, this model leaves it out: a power of two from "
            "2 to %d",
            fifo, ADI_FIFO_MAX);
    if (!power_of_two(burst))
        check->fail(check, self, "max_bytes_per_burst",
                    "%u: the RTL can be built with it, this model leaves it out: a power of two",
                    burst);
}

void adi_dmac_check(const struct plan *plan, const struct component *self, struct check *check)
{
    const struct adi_dmac_config *config = self->config;
    const struct component *buses = plan->components[SECTION_BUSES];
    const struct axi_bus_config *registers = buses[config->bus].config;
    const uint32_t source = side_width(plan, self, check, true);
    const uint32_t destination = side_width(plan, self, check, false);
    if (config->base % ADI_WINDOW_BYTES)
        check->fail(check, self, "base", "must be a multiple of 4 KiB");
    if (config->descriptor_bus != UINT16_MAX) {
        const struct axi_bus_config *bus = buses[config->descriptor_bus].config;
        if (bus->clock != registers->clock)
            check->fail(check, self, "descriptor_bus", "must have the clock of `bus`");
        if (bus->width_bits != 64)
            check->fail(
                check, self, "descriptor_bus",
                "must be 64 bits wide: the RTL has other DMA_DATA_WIDTH_SG, this model leaves "
                "them out");
    }
    if (source == 0 || destination == 0)
        return;
    static const char *const no_slice =
        "is for a memory side: the RTL has slices at streams and FIFOs, this model leaves them out";
    if (config->source_slice && config->source_type != ADI_MEMORY)
        check->fail(check, self, "source_slice", "%s", no_slice);
    if (config->destination_slice && config->destination_type != ADI_MEMORY)
        check->fail(check, self, "destination_slice", "%s", no_slice);
    check_sizes(config, self, check);
    const uint32_t wide = (source > destination ? source : destination) / 8;
    const uint32_t narrow = (source < destination ? source : destination) / 8;
    if (wide / narrow > 1 && (config->source_slice || config->destination_slice))
        check->fail(check, self, config->source_slice ? "source_slice" : "destination_slice",
                    "no recording tells the cycles of slices with unequal widths");
    if (config->max_bytes_per_burst < 2 * wide)
        check->fail(check, self, "max_bytes_per_burst",
                    "must be two beats of %u bytes at least: the RTL cannot be built with less",
                    wide);
    else if (config->max_bytes_per_burst / narrow > AXI_BEATS_MAX)
        check->fail(
            check, self, "max_bytes_per_burst",
            "makes more than %d beats, to which the RTL cuts it; this model leaves that out: "
            "%u at most",
            AXI_BEATS_MAX, AXI_BEATS_MAX * narrow);
}
