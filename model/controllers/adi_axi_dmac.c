/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_axi_dmac: the ADI AXI DMA controller 4.5.e, "adi,axi-dmac", memory to memory.
 *
 * Source: the cycles are those measured on the RTL (analogdevicesinc/hdl, commit e57851ffc) in
 * traces/golden/adi_axi_dmac; the README there says which register produces which of them. Registers:
 * adi_dmac_registers.c.
 *
 *                   +-------------------------------------------------------+
 *   AXI-Lite  <---> | registers, reset manager                              |
 *   interrupt <---- | request -> ids -> address generators ------> AR    AW | ---> source and destination
 *                   |                   R -> burst memory (FIFO_SIZE) -> W  |      bus
 *                   |                                    responses <----- B |
 *                   +-------------------------------------------------------+
 *
 * Timing (t: strobe of the write of TRANSFER_SUBMIT; one clock, nothing stalls)
 *   - Request valid and taken in t+1, ARVALID t+5, further AR every 2 cycles while the burst memory has
 * room. RLAST to AWVALID 2, AWVALID to WVALID 3; bursts on W without a gap.
 *   - B to the response 3, to the interrupt 5; one response every 3 cycles. End of a transfer:
 * t + 13 + Lr + Lb + Bt + T (latencies of read and write response, beats of the first burst, beats).
 *   - The AR of burst k + FIFO_SIZE comes 2 cycles after the last W of burst k at the earliest.
 *   - Pause: bursts whose address is out are finished. Disable: the same, then a reset of all ids.
 *   - Register port: strobe 1 cycle after the request, answer after 4 (adi_dmac_access.c).
 *
 * Errata. `errata: silicon` has the RTL's own fault: if the AW handshake of a transfer's last burst comes
 * when the next, a single burst, has its data already, the address generator takes the burst length once
 * too often; then a wrong AWLEN or a hang follows. `none` is the mended circuit.
 *
 * Inaccuracies
 *   - One clock for everything; no stream and FIFO ports, no scatter-gather, equal widths.
 *   - Not confirmed by a recording: 2D with more than one row, cyclic, set and clear of an interrupt bit
 * in one cycle, accesses to the register port that do not wait for the answer of the one before.
 *   - BRESP and RRESP are ignored (as the RTL does); data of a failed read are what the bus showed.
 *   - CURRENT_x_ADDRESS show the address generators, DEBUG_STATUS a constant.
 *   - A start that is not a multiple of MAX_BYTES_PER_BURST makes bursts that cross 4 KiB (as the RTL).
 */
#include <stdio.h>
#include <string.h>

#include "controllers/adi_dmac_state.h"

/* ---- the step -------------------------------------------------------------------------------- */

/* The reset manager, the register port and what software sees. */
static void control_edge(struct adi_dmac *dma, struct adi_wires *wires, sim_cycle now)
{
    const struct adi_control before = dma->control;
    adi_reset_edge(dma, wires, now);
    adi_core_edge(dma, wires, now);
    adi_registers_edge(dma, wires, now);
    dma->calm = !wires->sides_changed && dma->control.state != ADI_RM_DO_RESET &&
                memcmp(&before, &dma->control, sizeof before) == 0;
}

static sim_cycle adi_dmac_step(void *instance, sim_cycle now)
{
    struct adi_dmac *dma = instance;
    struct adi_wires wires;
    wires.changed = wires.sides_changed = false;
    wires.write_strobe = dma->control.write_step == 1;
    wires.read_strobe = dma->control.read_step == 1;
    adi_core_wires(dma, &wires, now);
    const bool observed = dma->kernel->observed;
    if (observed && probe_observed(&dma->event_probe))
        adi_events(dma, &wires, now);

    if (dma->calm && !wires.take && !(wires.resp && wires.resp_end) &&
        !dma->registers->view.valid) {
        if (wires.resp)
            dma->control.progress += wires.resp_bytes;
        adi_core_edge(dma, &wires, now);
        dma->calm = !wires.sides_changed;
    } else {
        control_edge(dma, &wires, now);
    }
    if (observed)
        adi_publish(dma, now);
    if (wires.changed || !dma->calm)
        return now + 1;
    return dma->core.train ? dma->core.train_end : SIM_NEVER;
}

/* ---- building -------------------------------------------------------------------------------- */

static uint32_t log2_of(uint32_t power)
{
    return (uint32_t)__builtin_ctz(power);
}

static char *suffixed(struct build *build, const char *name, const char *suffix)
{
    size_t bytes = strlen(name) + strlen(suffix) + 1;
    char *text = arena_alloc(build->kernel->arena, bytes);
    if (text)
        snprintf(text, bytes, "%s%s", name, suffix);
    return text;
}

static int join_ports(struct build *build, struct component *component, struct adi_dmac *dma)
{
    const struct adi_dmac_config *config = &dma->config;
    char *source = suffixed(build, component->name, ".src");
    char *destination = suffixed(build, component->name, ".dest");
    if (!source || !destination)
        return DMASIM_MEMORY;
    dma->registers = build_axi_slave(build, component, build_axi(build, config->bus), &dma->unit,
                                     AXI_READS | AXI_WRITES, config->base, ADI_WINDOW_BYTES);
    dma->source =
        build_axi_master(build, component, "source_bus", build_axi(build, config->source_bus),
                         &dma->unit, source, AXI_READS);
    dma->destination = build_axi_master(build, component, "destination_bus",
                                        build_axi(build, config->destination_bus), &dma->unit,
                                        destination, AXI_WRITES);
    if (!dma->registers || !dma->source || !dma->destination)
        return DMASIM_INVALID;
    dma->source->steady = AXI_BIT_R;
    dma->registers->watch = AXI_BIT_AR | AXI_BIT_AW | AXI_BIT_W;
    return DMASIM_OK;
}

static void size_core(struct adi_dmac *dma)
{
    const struct adi_dmac_config *config = &dma->config;
    dma->width_bytes = dma->source->bus->width_bytes;
    dma->width_log2 = log2_of(dma->width_bytes);
    dma->burst_beats = config->max_bytes_per_burst / dma->width_bytes;
    dma->burst_log2 = log2_of(config->max_bytes_per_burst);
    dma->id_mask = 2 * config->fifo_size - 1;
    /* Behind the memory a beat of each of up to three further bursts can wait: output register, skid and
     * forward register of the slice. */
    dma->place_mask = 1;
    while (dma->place_mask + 1 < config->fifo_size + 4)
        dma->place_mask = 2 * dma->place_mask + 1;
    dma->length_mask = config->length_width_bits < 32
                           ? (UINT32_C(1) << config->length_width_bits) - 1
                           : UINT32_MAX;
}

static int adi_dmac_create(struct build *build, struct component *component)
{
    const struct adi_dmac_config *config = component->config;
    struct adi_dmac *dma = arena_alloc(build->kernel->arena, sizeof *dma);
    if (!dma)
        return DMASIM_MEMORY;
    dma->kernel = build->kernel;
    dma->config = *config;
    component->instance = dma;
    component->clock = build_axi(build, config->bus)->unit.clock;
    kernel_add(build->kernel, &dma->unit, component->name, component->clock, adi_dmac_step, dma);
    int code = join_ports(build, component, dma);
    if (code != DMASIM_OK)
        return code;
    size_core(dma);
    dma->memory = arena_alloc(build->kernel->arena,
                              (size_t)(dma->place_mask + 1) * config->max_bytes_per_burst);
    if (!dma->memory)
        return DMASIM_MEMORY;

    for (unsigned i = 0; i < ADI_REGISTER_COUNT; i++)
        dma->control.registers[i] = (uint32_t)adi_axi_dmac_registers.entries[i].reset;
    if (!config->cyclic)
        dma->control.registers[ADI_FLAGS] &= ~(uint32_t)ADI_CYCLIC;
    dma->control.was_resetting = 0xff;
    adi_core_reset(dma);
    component->interrupt = &dma->interrupt;
    component->interrupt_to = config->interrupt;
    build_probe(build, &dma->probe, component->name, &adi_dmac_probe_type, component->clock, dma);
    build_probe(build, &dma->interrupt_probe, component->name, &interrupt_probe_type,
                component->clock, dma);
    build_probe(build, &dma->event_probe, component->name, &rtl_event_probe_type, component->clock,
                dma);
    return DMASIM_OK;
}

struct wire *adi_axi_dmac_pending(const struct component *component, struct unit *reader)
{
    if (component->type != &adi_axi_dmac_type || !component->instance)
        return NULL;
    struct adi_dmac *dma = component->instance;
    dma->pending.reader = reader;
    return &dma->pending;
}

static void adi_dmac_check(const struct plan *plan, const struct component *self,
                           struct check *check)
{
    const struct adi_dmac_config *config = self->config;
    const struct component *buses = plan->components[SECTION_BUSES];
    const struct axi_bus_config *bus = buses[config->bus].config;
    const struct axi_bus_config *source = buses[config->source_bus].config;
    const struct axi_bus_config *destination = buses[config->destination_bus].config;
    if (source->clock != bus->clock)
        check->fail(check, self, "source_bus", "must have the clock of `bus`");
    if (destination->clock != bus->clock)
        check->fail(check, self, "destination_bus", "must have the clock of `bus`");
    if (source->width_bits != destination->width_bits)
        check->fail(check, self, "destination_bus", "must have the width of `source_bus`");
    if (config->base % ADI_WINDOW_BYTES)
        check->fail(check, self, "base", "must be a multiple of 4 KiB");
    const uint32_t bytes = source->width_bits / 8;
    if (config->max_bytes_per_burst < bytes)
        check->fail(check, self, "max_bytes_per_burst", "must be a beat of %u bytes at least",
                    bytes);
    else if (config->max_bytes_per_burst / bytes > AXI_BEATS_MAX)
        check->fail(check, self, "max_bytes_per_burst", "makes more than %d beats", AXI_BEATS_MAX);
}

static bool adi_dmac_region(const struct component *self, struct component_region *region)
{
    const struct adi_dmac_config *config = self->config;
    *region = (struct component_region){config->bus, config->base, ADI_WINDOW_BYTES};
    return true;
}

static int adi_dmac_access(struct component *component, uint32_t offset, unsigned size_bytes,
                           bool write, uint64_t *value)
{
    struct adi_dmac *dma = component->instance;
    if (size_bytes > 4 || offset >= ADI_WINDOW_BYTES || (offset & (size_bytes - 1)))
        return DMASIM_UNMAPPED;
    const unsigned shift = 8 * (offset & 3);
    if (write) {
        if (!adi_register_write(dma, offset & ~3u, (uint32_t)(*value << shift)))
            return DMASIM_UNMAPPED;
        dma->calm = false;
        unit_wake(&dma->unit);
        return DMASIM_OK;
    }
    uint32_t whole;
    if (!adi_register_read(dma, offset & ~3u, &whole))
        return DMASIM_UNMAPPED;
    *value = (uint64_t)whole >> shift & ((UINT64_C(1) << (8 * size_bytes)) - 1);
    return DMASIM_OK;
}

/* ---- parameters ------------------------------------------------------------------------------ */

static const char *const errata_names[] = {
    [ADI_SILICON] = "silicon",
    [ADI_NONE] = "none",
    NULL,
};

static const struct parameter adi_dmac_parameters[] = {
    {.name = "bus",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_BUS,
     PARAMETER_AT(adi_dmac_config, bus),
     .of = "axi",
     .doc = "Bus of the registers, AXI4-Lite."},
    {.name = "base",
     .kind = PARAMETER_ADDRESS,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(adi_dmac_config, base),
     .max = UINT32_MAX,
     .doc = "Address of the registers, which take 4 KiB."},
    {.name = "source_bus",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_BUS,
     PARAMETER_AT(adi_dmac_config, source_bus),
     .of = "axi",
     .doc = "Bus of the port that reads, master NAME.src; its width is DMA_DATA_WIDTH_SRC."},
    {.name = "destination_bus",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_BUS,
     PARAMETER_AT(adi_dmac_config, destination_bus),
     .of = "axi",
     .doc = "Bus of the port that writes, master NAME.dest; its width is DMA_DATA_WIDTH_DEST."},
    {.name = "interrupt",
     .kind = PARAMETER_REFERENCE,
     .refers = REFERS_CPU,
     PARAMETER_AT(adi_dmac_config, interrupt),
     .doc = "CPU that takes the interrupt."},
    {.name = "fifo_size",
     .kind = PARAMETER_UINT,
     .flags = PARAMETER_POWER_OF_TWO,
     PARAMETER_AT(adi_dmac_config, fifo_size),
     .initial = 8,
     .min = 2,
     .max = ADI_FIFO_MAX,
     .doc = "FIFO_SIZE: bursts the burst memory holds."},
    {.name = "max_bytes_per_burst",
     .kind = PARAMETER_BYTES,
     .flags = PARAMETER_POWER_OF_TWO,
     PARAMETER_AT(adi_dmac_config, max_bytes_per_burst),
     .initial = 128,
     .min = 4,
     .max = ADI_BURST_BYTES_MAX,
     .doc = "MAX_BYTES_PER_BURST."},
    {.name = "length_width",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(adi_dmac_config, length_width_bits),
     .initial = 24,
     .min = 8,
     .max = 32,
     .doc = "DMA_LENGTH_WIDTH: bits of a length."},
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
    {.name = "cyclic",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(adi_dmac_config, cyclic),
     .initial = 1,
     .doc = "CYCLIC: FLAGS.CYCLIC is built in."},
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

const struct component_type adi_axi_dmac_type = {
    .name = "adi,axi-dmac",
    .section = SECTION_CONTROLLERS,
    .doc = "ADI AXI DMA controller, memory to memory.",
    .config_bytes = sizeof(struct adi_dmac_config),
    .parameters = adi_dmac_parameters,
    .registers = &adi_axi_dmac_registers,
    .create = adi_dmac_create,
    .check = adi_dmac_check,
    .region = adi_dmac_region,
    .access = adi_dmac_access,
};
