/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dw_ahb: the DesignWare AHB DMA controller, "snps,dw-dmac".
 *
 * Sources: Linux 6.12 drivers/dma/dw/{regs.h,core.c,dw.c} (registers, list items, what a driver
 * relies on), Infineon XMC4500.svd (resets, write enables, FIFO_MODE, FCMODE, locks), Zephyr
 * drivers/dma/dma_dw_common.c (multi-block uses). They say what happens; in which cycle is our
 * design.
 *
 *                 +------------------------------------------------+
 *   AHB slave --> | registers   channel 0 [source|FIFO|destination] |--> master port 0 .. 3 (SMS,
 *                 |             channel 1 ...               arbiters |    DMS, LMS select one)
 *   request lines | interrupt   ... up to 8                          |
 *   <-----------> +-----+------------------------------------------+
 *                       +--> combined interrupt
 *
 * Timing (E, S, H, W: enable_cycles, switch_cycles, handshake_cycles, register_wait_cycles)
 *
 *   A write takes effect at the edge that ends its data phase; a read shows the register as it is
 *   after the edge that accepts the read's address, W wait states either way.
 *
 *   memory to memory, CH_EN written in cycle n, E = 2, bus granted at once, no wait states:
 *
 *     cycle      n     n+1   n+2   n+3   n+4   ...
 *     HWDATA     CH_EN
 *     HBUSREQ                ----------...          rises in n + E
 *     HADDR                        S0    S1         first source beat (or list item)
 *
 *   - Source data of a data phase that ends in cycle n are in the FIFO for decisions of step(n):
 * the destination's burst may open in n+1.
 *   - A port chooses its next burst in the step in which the last address of the one before was
 *     accepted (cycle n): it opens in n+1, or S cycles later if channel or side (source,
 *     destination, list) change. With MAX_ABRST = 1 a burst never opens before n+2, and HBUSREQ is low
 *     in n, so that another master gets the bus between any two beats (cycle stealing).
 *   - A destination burst opens only when all its data are in the FIFO; no BUSY.
 *   - A request seen in cycle n opens HBUSREQ in n + H at the earliest. The acknowledge rises in
 *     the cycle after the transaction's last data phase, and falls in the cycle after the request is
 *     seen low. Where sides share a line, one request opens a transaction of each that is ready; an
 *     acknowledge that rises after the request has fallen is up for one cycle.
 *   - A block is done at the edge that ends its last data phase (with list: the one of its
 *     write-back). RAW.BLOCK, RAW.TFR, CH_EN = 0 and the interrupt output show in the cycle after.
 *   - CH_EN or DMA_EN written 0: bursts that a port has taken up are finished, then CH_EN reads 0.
 *
 * AHB bursts: min(rest of the transaction, MAX_ABRST, FIFO space or data, distance to a gather
 * jump) beats; SINGLE, INCR4, INCR8, INCR16 if the count is exactly that, else INCR. Falling and
 * fixed addresses go as SINGLE beats.
 *
 * Inaccuracies
 *   - Every cycle count above is our design; the sources give none.
 *   - TR_WIDTH beyond the port's bus counts as the bus's width; MSIZE beyond max_burst_items as
 *     that; a port number beyond the last as port 0; LOCK level 3 as 2.
 *   - A block whose end does not fill a destination item is finished with narrower writes.
 *   - Peripheral bursts: outside the last MSIZE items of a block only BURST requests are served;
 *     inside, SINGLE too, and BURST is cut at the end of the block.
 *   - Handshake polarity (x_HS_POL) and DMA_TEST are kept without effect; DMA_ID is a constant.
 *   - Registers of a working channel cannot be written, but for CH_SUSP and the RELOAD bits.
 *   - Accesses to holes of the register window read 0 and are ignored, with OKAY.
 *   - MULTI_BLK_TYPE reads 0 (no type is hard-wired); DWC_PARAMS shows the three fields that
 *     drivers read.
 */
#include "bus/ahb/ahb_component.h"
#include "bus/figures.h"
#include "bus/handshake.h"
#include "controllers/dw_ahb/dw_ahb_state.h"
#include "kernel/base.h"

#include <stdio.h>
#include <string.h>

/* ---- the register interface ------------------------------------------------------------------ */

static void take_write(struct dw_ahb *dma, sim_cycle now)
{
    const struct ahb_access *access;
    const struct ahb_data *hwdata;
    if (!ahb_slave_data(dma->bus, dma->slave, now, &access, &hwdata) || !access->hwrite)
        return;
    uint32_t offset = access->haddr - (uint32_t)dma->config.base;
    unsigned bytes = 1u << access->hsize;
    for (unsigned word = 0; word < bytes; word += 4) {
        uint32_t at = access->haddr + word;
        uint32_t value = (uint32_t)ahb_lanes_get(dma->bus, at & ~3u, 2, hwdata);
        uint8_t lanes = (uint8_t)(bytes >= 4 ? 0xf : ((1u << bytes) - 1) << (at & 3));
        if (dma->bus->lane_mask < 3) { /* a narrow bus: the lanes are those of its own width */
            value = (uint32_t)ahb_lanes_get(dma->bus, at, access->hsize, hwdata) << (8 * (at & 3));
        }
        dw_ahb_register_write(dma, (offset + word) & ~3u, value, lanes, now);
        register_publish(&dma->register_probe, now, &dw_ahb_registers, (offset + word) & ~3u, value,
                         true);
    }
}

static void answer(struct dw_ahb *dma, sim_cycle now)
{
    const struct ahb_access *access;
    if (!ahb_slave_address(dma->bus, dma->slave, now, &access))
        return;
    struct ahb_data hrdata = {{0, 0}};
    if (!access->hwrite) {
        uint32_t offset = access->haddr - (uint32_t)dma->config.base;
        unsigned bytes = 1u << access->hsize;
        for (unsigned word = 0; word < bytes; word += 4) {
            uint32_t value = 0;
            dw_ahb_register_read(dma, (offset + word) & ~3u, &value);
            register_publish(&dma->register_probe, now, &dw_ahb_registers, (offset + word) & ~3u,
                             value, false);
            uint32_t at = access->haddr + word;
            struct ahb_data part =
                dma->bus->lane_mask < 3
                    ? ahb_lanes_put(dma->bus, at, access->hsize, value >> (8 * (at & 3)))
                    : ahb_lanes_put(dma->bus, at & ~3u, 2, value);
            hrdata.lane[0] |= part.lane[0];
            hrdata.lane[1] |= part.lane[1];
        }
    }
    ahb_slave_respond(dma->bus, dma->slave, now, dma->config.register_wait_cycles, AHB_OKAY,
                      &hrdata);
}

/* ---- the step -------------------------------------------------------------------------------- */

static bool requested(const struct dw_ahb *dma, unsigned line)
{
    return wire_get(&dma->lines[line].request, dma->kernel->now) &
           (HANDSHAKE_BURST | HANDSHAKE_SINGLE);
}

/* Acknowledges fall once their request has. */
static void lower_acknowledges(struct dw_ahb *dma)
{
    for (unsigned up = dma->acknowledged; up; up &= up - 1) {
        unsigned line = (unsigned)__builtin_ctz(up);
        if (requested(dma, line))
            continue;
        wire_put(&dma->lines[line].acknowledge, dma->kernel->now, 0);
        dma->acknowledged &= (uint16_t) ~(1u << line);
    }
}

/* Next step the acknowledges ask for: the fall of a request tells by itself, but where two sides
 * were served on one line, the second acknowledge rises after it. */
static sim_cycle acknowledge_alarm(const struct dw_ahb *dma, sim_cycle now)
{
    for (unsigned up = dma->acknowledged; up; up &= up - 1)
        if (!requested(dma, (unsigned)__builtin_ctz(up)))
            return now + 1;
    return SIM_NEVER;
}

static sim_cycle earliest(sim_cycle a, sim_cycle b)
{
    return a < b ? a : b;
}

/* Next step the channel asks for by itself. */
static sim_cycle channel_alarm(const struct dw_ahb_channel *ch, sim_cycle now)
{
    sim_cycle next = SIM_NEVER;
    bool counts = ch->state == DW_ENABLE ||
                  (ch->state == DW_TRANSFER && ch->length_known && ch->block_bytes == 0);
    if (counts && ch->ready_at > now)
        next = ch->ready_at;
    if (ch->state != DW_TRANSFER)
        return next;
    for (unsigned end = 0; end < DW_ENDS; end++) {
        const struct dw_ahb_side *side = &ch->side[end];
        if (side->peripheral && side->open && side->ready_at > now)
            next = earliest(next, side->ready_at);
    }
    return next;
}

static unsigned acknowledge_of(const struct dw_ahb *dma, const struct dw_ahb_side *side)
{
    if (!side->peripheral || side->software || !(dma->acknowledged >> side->line & 1))
        return 0;
    return (unsigned)dma->lines[side->line].acknowledge.value;
}

static void publish_channel(const struct dw_ahb *dma, const struct dw_ahb_channel *ch,
                            sim_cycle now)
{
    const struct dw_ahb_side *source = &ch->side[DW_SOURCE];
    const struct dw_ahb_side *destination = &ch->side[DW_DESTINATION];
    bool on = ch->state != DW_DISABLED;
    uint32_t moved = ch->block_bytes > ch->pushed ? ch->block_bytes - ch->pushed : 0;
    struct dw_ahb_channel_record record;
    memset(&record, 0, sizeof record); /* observers may compare bytes */
    record.state = ch->state;
    record.sar = on ? source->current : dw_ahb_channel_register(dma, ch, DW_SAR);
    record.dar = on ? destination->current : dw_ahb_channel_register(dma, ch, DW_DAR);
    record.llp = dw_ahb_channel_register(dma, ch, DW_LLP);
    record.left_items = on && ch->length_known ? moved >> source->hsize : 0;
    record.fifo_bytes = ch->pushed - ch->popped;
    record.source_request = source->open && source->peripheral ? source->request : 0;
    record.source_acknowledge = (uint8_t)acknowledge_of(dma, source);
    record.destination_request =
        destination->open && destination->peripheral ? destination->request : 0;
    record.destination_acknowledge = (uint8_t)acknowledge_of(dma, destination);
    probe_publish(&ch->probe, now, &record);
}

static void publish_channels(const struct dw_ahb *dma, unsigned channels, sim_cycle now)
{
    for (; channels; channels &= channels - 1) {
        const struct dw_ahb_channel *ch = &dma->channels[__builtin_ctz(channels)];
        if (probe_observed(&ch->probe))
            publish_channel(dma, ch, now);
    }
}

/* Channels, at the edges that may change more than the bytes of a burst under way: all of them, or
 * while all are calm those of which a command ended. */
static sim_cycle attend(struct dw_ahb *dma, unsigned channels, sim_cycle now)
{
    if (dma->acknowledged)
        lower_acknowledges(dma);
    for (unsigned on = dma->active & channels; on; on &= on - 1)
        dw_ahb_channel_advance(dma, &dma->channels[__builtin_ctz(on)], now);
    const bool level = dw_ahb_interrupt_level(dma);
    dma->interrupts += level && !dma->interrupt.value;
    wire_put(&dma->interrupt, dma->kernel->now, level);
    probe_publish_level(&dma->interrupt_probe, now, level);
    dma->calm = dma->acknowledged == 0;
    sim_cycle next = acknowledge_alarm(dma, now);
    for (unsigned on = dma->active & channels; on; on &= on - 1) {
        const struct dw_ahb_channel *ch = &dma->channels[__builtin_ctz(on)];
        next = earliest(next, channel_alarm(ch, now));
        if (ch->state == DW_TRANSFER &&
            (ch->side[DW_SOURCE].peripheral || ch->side[DW_DESTINATION].peripheral))
            dma->calm = false;
    }
    dma->calm &= next == SIM_NEVER;
    return next;
}

static sim_cycle dw_ahb_step(void *instance, sim_cycle now)
{
    struct dw_ahb *dma = instance;
    sim_cycle next = SIM_NEVER;

    unsigned ended = 0;
    dma->moved = 0;
    take_write(dma, now);
    for (uint32_t i = 0; i < dma->port_count; i++)
        ended |= dw_ahb_port_edge(dma, &dma->ports[i], now);
    const unsigned all = (1u << dma->config.channels) - 1;
    const unsigned changed = dma->calm ? ended | dma->moved : all;
    if (ended || !dma->calm)
        next = attend(dma, dma->calm ? ended : dma->active, now);
    for (uint32_t i = 0; i < dma->port_count; i++) {
        struct dw_ahb_port *port = &dma->ports[i];
        if (dma->active && ahb_master_unsent(&port->master) == 0)
            dw_ahb_port_arbitrate(dma, i, now);
        next = earliest(next, dw_ahb_port_drive(port, now));
    }
    answer(dma, now);
    if (dma->kernel->observed)
        publish_channels(dma, changed, now);
    return next;
}

/* ---- probes ---------------------------------------------------------------------------------- */

static const char *const state_names[DW_STATES] = {
    [DW_DISABLED] = "DISABLED", [DW_ENABLE] = "ENABLE",       [DW_FETCH] = "FETCH",
    [DW_TRANSFER] = "TRANSFER", [DW_SSTATUS] = "SSTATUS",     [DW_DSTATUS] = "DSTATUS",
    [DW_STALL] = "STALL",       [DW_WRITEBACK] = "WRITEBACK", [DW_DRAIN] = "DRAIN",
};

#define CHANNEL_FIELD(member, label, width, how)                                                   \
    PROBE_FIELD(dw_ahb_channel_record, member, label, width, how)
#define CHANNEL_PIN(member, label, bit)                                                            \
    {                                                                                              \
        .name = (label), .offset = offsetof(struct dw_ahb_channel_record, member),                 \
        .size_bytes = 1, .width_bits = 1, .lsb = (bit)                                             \
    }

static const struct probe_field channel_fields[] = {
    {.name = "state",
     .offset = offsetof(struct dw_ahb_channel_record, state),
     .size_bytes = 1,
     .width_bits = 4,
     .radix = PROBE_NAME,
     .names = state_names,
     .name_count = COUNT(state_names)},
    CHANNEL_FIELD(sar, "SAR", 32, PROBE_HEX_PADDED),
    CHANNEL_FIELD(dar, "DAR", 32, PROBE_HEX_PADDED),
    CHANNEL_FIELD(llp, "LLP", 32, PROBE_HEX_PADDED),
    CHANNEL_FIELD(left_items, "left", 32, PROBE_DECIMAL),
    CHANNEL_FIELD(fifo_bytes, "fifo", 12, PROBE_DECIMAL),
    CHANNEL_PIN(source_request, "src_burst", 0),
    CHANNEL_PIN(source_request, "src_single", 1),
    CHANNEL_PIN(source_request, "src_last", 2),
    CHANNEL_PIN(source_acknowledge, "src_ack", 0),
    CHANNEL_PIN(source_acknowledge, "src_finish", 1),
    CHANNEL_PIN(destination_request, "dst_burst", 0),
    CHANNEL_PIN(destination_request, "dst_single", 1),
    CHANNEL_PIN(destination_request, "dst_last", 2),
    CHANNEL_PIN(destination_acknowledge, "dst_ack", 0),
    CHANNEL_PIN(destination_acknowledge, "dst_finish", 1),
};

static const struct probe_type channel_probe_type = {
    .name = "dw_channel",
    .kind = PROBE_REGISTERED,
    .fields = channel_fields,
    .field_count = COUNT(channel_fields),
    .record_bytes = sizeof(struct dw_ahb_channel_record),
};

/* ---- building -------------------------------------------------------------------------------- */

static char *suffixed(struct build *build, const char *name, const char *suffix, unsigned number)
{
    size_t bytes = strlen(name) + strlen(suffix) + 12;
    char *text = arena_alloc(build->kernel->arena, bytes);
    if (text)
        snprintf(text, bytes, "%s%s%u", name, suffix, number);
    return text;
}

static uint32_t port_count(const struct dw_ahb_config *config)
{
    return config->masters.count ? config->masters.count : 1;
}

static uint16_t port_bus(const struct dw_ahb_config *config, uint32_t port)
{
    return config->masters.count ? ((const uint16_t *)config->masters.items)[port] : config->bus;
}

/* Port 0 carries the controller's name on its bus, port i its name and ".m<i>". */
static int join_ports(struct build *build, struct component *component, struct dw_ahb *dma)
{
    dma->port_count = port_count(&dma->config);
    for (uint32_t i = 0; i < dma->port_count; i++) {
        struct dw_ahb_port *port = &dma->ports[i];
        struct ahb_bus *bus = build_ahb(build, port_bus(&dma->config, i));
        const char *name = i ? suffixed(build, component->name, ".m", i) : component->name;
        if (!name)
            return DMASIM_MEMORY;
        if (ahb_master_join(&port->master, bus, &dma->unit, name) < 0) {
            build->check->fail(build->check, component, "masters",
                               "bus '%s' has no room: %d masters at most", bus->name,
                               AHB_MASTERS_MAX);
            return DMASIM_INVALID;
        }
        port->locked_by = port->last = port->shown.channel = port->filled.channel = -1;
    }
    return DMASIM_OK;
}

static int add_channels(struct build *build, struct component *component, struct dw_ahb *dma)
{
    for (uint32_t i = 0; i < dma->config.channels; i++) {
        struct dw_ahb_channel *ch = &dma->channels[i];
        ch->index = (uint8_t)i;
        ch->fifo = arena_alloc(build->kernel->arena, dma->config.fifo_bytes);
        char *name = suffixed(build, component->name, ".ch", i);
        if (!ch->fifo || !name)
            return DMASIM_MEMORY;
        build_probe(build, &ch->probe, name, &channel_probe_type, component->clock, dma);
    }
    build_probe(build, &dma->interrupt_probe, component->name, &interrupt_probe_type,
                component->clock, dma);
    build_probe(build, &dma->register_probe, component->name, &register_probe_type,
                component->clock, dma);
    build_probe(build, &dma->beat_probe, component->name, &dma_beat_probe_type, component->clock,
                dma);
    if (!component->driven)
        build_probe(build, &dma->transfer_probe, component->name, &transfer_probe_type,
                    component->clock, dma);
    return DMASIM_OK;
}

static int dw_ahb_create(struct build *build, struct component *component)
{
    struct dw_ahb *dma = arena_alloc(build->kernel->arena, sizeof *dma);
    if (!dma)
        return DMASIM_MEMORY;
    dma->config = *(const struct dw_ahb_config *)component->config;
    dma->kernel = build->kernel;
    dma->name = component->name;
    dma->bus = build_ahb(build, dma->config.bus);
    component->clock = dma->bus->unit.clock;
    component->instance = dma;
    kernel_add(build->kernel, &dma->unit, component->name, component->clock, dw_ahb_step, dma);
    dma->unit.repeat = &dw_ahb_repeat;
    dma->unit.round = &dw_ahb_round;
    for (unsigned i = 0; i < DW_LINES_MAX; i++)
        if (!round_join(build->kernel, &dma_handshake_round, &dma->lines[i], component->clock))
            return DMASIM_MEMORY;
    for (uint32_t i = 0; i < dma->config.request_lines; i++)
        dma->lines[i].request.reader = &dma->unit;

    int code = build_interrupt(build, component, "irq", &dma->interrupt, dma->config.interrupt);
    if (code == DMASIM_OK)
        code = build_requests(build, component, dma->lines, dma->config.request_lines,
                              sizeof dma->lines[0]);
    if (code == DMASIM_OK)
        code = build_ahb_slave(build, component, dma->bus, &dma->unit, dma->config.base,
                               DW_REGISTER_BYTES, &dma->slave);
    if (code == DMASIM_OK)
        code = join_ports(build, component, dma);
    if (code == DMASIM_OK)
        code = add_channels(build, component, dma);
    if (code == DMASIM_OK)
        dw_ahb_registers_reset(dma);
    return code;
}

static void check_port(const struct plan *plan, const struct component *self, struct check *check,
                       uint16_t index)
{
    const struct dw_ahb_config *config = self->config;
    const struct component *buses = plan->components[SECTION_BUSES];
    if (index >= plan->counts[SECTION_BUSES] || config->bus >= plan->counts[SECTION_BUSES])
        return; /* reported as an unknown name */
    const struct ahb_bus_config *bus = buses[index].config;
    const struct ahb_bus_config *own = buses[config->bus].config;
    if (bus->clock != own->clock)
        check->fail(check, self, "masters", "bus '%s' must have the clock of bus '%s'",
                    buses[index].name, buses[config->bus].name);
    if (config->fifo_bytes < bus->width_bits / 8)
        check->fail(check, self, "fifo", "must hold an item of bus '%s', %u bytes",
                    buses[index].name, bus->width_bits / 8);
}

static void dw_ahb_check(const struct plan *plan, const struct component *self, struct check *check)
{
    const struct dw_ahb_config *config = self->config;
    if (config->masters.count > DW_MASTERS_MAX)
        check->fail(check, self, "masters", "%u ports, at most %d", config->masters.count,
                    DW_MASTERS_MAX);
    for (uint32_t i = 0; i < port_count(config) && i < DW_MASTERS_MAX; i++)
        check_port(plan, self, check, port_bus(config, i));
    uint32_t block = config->max_block_items;
    if (block & (block + 1))
        check->fail(check, self, "max_block", "must be 3, 7, 15, ... or 4095");
    if (config->base % DW_REGISTER_BYTES)
        check->fail(check, self, "base", "must be a multiple of 0x400: slaves start at 1 KiB");
}

static bool dw_ahb_region(const struct component *self, uint32_t index,
                          struct component_region *region)
{
    const struct dw_ahb_config *config = self->config;
    *region = (struct component_region){
        .bus = config->bus, .base = config->base, .bytes = DW_REGISTER_BYTES};
    return index == 0;
}

static int dw_ahb_access(struct component *component, uint64_t offset, unsigned size_bytes,
                         bool write, uint64_t *value)
{
    struct dw_ahb *dma = component->instance;
    if (size_bytes > 4 || offset >= DW_REGISTER_BYTES || (offset & (size_bytes - 1)))
        return DMASIM_UNMAPPED;
    const unsigned shift = 8 * (offset & 3);
    const uint32_t word = offset & ~3u;
    const sim_cycle after = clock_edge_after(dma->unit.clock, dma->kernel->now);
    for (uint32_t i = 0; after && i < dma->port_count; i++)
        dw_ahb_port_catch_up(dma, &dma->ports[i], after - 1);
    if (write) {
        uint8_t lanes = (uint8_t)(((1u << size_bytes) - 1) << (offset & 3));
        if (!dw_ahb_register_write(dma, word, (uint32_t)(*value << shift), lanes,
                                   after ? after - 1 : 0))
            return DMASIM_UNMAPPED;
        unit_wake(&dma->unit);
        return DMASIM_OK;
    }
    uint32_t whole;
    if (!dw_ahb_register_read(dma, word, &whole))
        return DMASIM_UNMAPPED;
    *value = (uint64_t)whole >> shift & ((UINT64_C(1) << (8 * size_bytes)) - 1);
    return DMASIM_OK;
}

/* ---- parameters ------------------------------------------------------------------------------ */

static const struct parameter dw_ahb_parameters[] = {
    {.name = "bus",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_BUS,
     .of = "ahb",
     PARAMETER_AT(dw_ahb_config, bus),
     .doc = "Bus of the register interface."},
    {.name = "base",
     .kind = PARAMETER_ADDRESS,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(dw_ahb_config, base),
     .max = UINT32_MAX,
     .doc = "Address of the registers, which take 1 KiB."},
    {.name = "masters",
     .kind = PARAMETER_REFERENCES,
     .refers = REFERS_BUS,
     .of = "ahb",
     PARAMETER_AT(dw_ahb_config, masters),
     .doc =
         "Bus of each master port, one to four; none: one port on `bus`. Their masters are named "
         "NAME, NAME.m1, NAME.m2, NAME.m3."},
    {.name = "channels",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(dw_ahb_config, channels),
     .initial = 4,
     .min = 1,
     .max = DW_CHANNELS_MAX,
     .doc = "Channels."},
    {.name = "fifo",
     .kind = PARAMETER_BYTES,
     .flags = PARAMETER_POWER_OF_TWO,
     PARAMETER_AT(dw_ahb_config, fifo_bytes),
     .initial = 256,
     .min = 8,
     .max = 1024,
     .doc = "FIFO of each channel. Copies read into it while they write out of it: to keep bursts "
            "whole it "
            "holds two of them, as 256 B do of 16 words of 64 bits."},
    {.name = "max_block",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(dw_ahb_config, max_block_items),
     .initial = 4095,
     .min = 3,
     .max = 4095,
     .doc = "Largest BLOCK_TS, in source items: 3, 7, 15, ... 4095."},
    {.name = "max_burst",
     .kind = PARAMETER_UINT,
     .flags = PARAMETER_POWER_OF_TWO,
     PARAMETER_AT(dw_ahb_config, max_burst_items),
     .initial = 256,
     .min = 4,
     .max = 256,
     .doc = "Largest MSIZE, in items."},
    {.name = "request_lines",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(dw_ahb_config, request_lines),
     .initial = DW_LINES_MAX,
     .max = DW_LINES_MAX,
     .doc = "Hardware handshake interfaces."},
    {.name = "multi_block",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(dw_ahb_config, multi_block),
     .initial = 1,
     .doc = "Linked lists and reload are built in; without, LLP and the RELOAD bits stay 0."},
    {.name = "encoded_parameters",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(dw_ahb_config, encoded_parameters),
     .initial = 1,
     .doc = "DW_PARAMS, DWC_PARAMS and MAX_BLK_SIZE say what is built in; without, they read 0."},
    {.name = "write_back",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(dw_ahb_config, write_back),
     .initial = 1,
     .doc = "CTL_HI, with DONE, is written back to the list item of each finished block."},
    {.name = "interrupt",
     .kind = PARAMETER_REFERENCE,
     .refers = REFERS_CPU,
     PARAMETER_AT(dw_ahb_config, interrupt),
     .doc = "CPU that takes the combined interrupt."},
    {.name = "enable_cycles",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(dw_ahb_config, enable_cycles),
     .initial = 2,
     .min = 1,
     .max = 1024,
     .doc = "Clocks from the end of the CH_EN write to the first HBUSREQ."},
    {.name = "switch_cycles",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(dw_ahb_config, switch_cycles),
     .initial = 1,
     .max = 1024,
     .doc = "Clocks without address between bursts of different channels or sides on a port."},
    {.name = "handshake_cycles",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(dw_ahb_config, handshake_cycles),
     .initial = 2,
     .min = 1,
     .max = 1024,
     .doc = "Clocks from a seen request to the first HBUSREQ for it."},
    {.name = "register_wait_cycles",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(dw_ahb_config, register_wait_cycles),
     .max = 1024,
     .doc = "Wait states of the register interface."},
    {.name = NULL},
};

static bool dw_ahb_counters(const struct component *component, uint32_t index, sim_time now,
                            struct counter_part *part)
{
    const struct dw_ahb *dma = component->instance;
    if (index == 1)
        tell_interrupts(part, index, dma->interrupts);
    if (index > 0)
        return index == 1;
    struct dma_figures figures = {
        .data = dma->beats[DMA_SOURCE] + dma->beats[DMA_DESTINATION],
        .descriptor = dma->beats[DMA_DESCRIPTOR],
        .writeback = dma->beats[DMA_WRITEBACK],
        .errors = dma->error_beats,
    };
    for (uint32_t i = 0; i < dma->port_count; i++) {
        const struct ahb_master *master = &dma->ports[i].master;
        figures.data +=
            ahb_master_behind(master, clock_edge_after(master->bus->unit.clock, now) - 1);
    }
    tell_dma(part, index, &figures);
    return true;
}

const struct component_type dw_ahb_type = {
    .name = "snps,dw-dmac",
    .section = SECTION_CONTROLLERS,
    .doc = "DesignWare AHB DMA controller, one to eight channels.",
    .config_bytes = sizeof(struct dw_ahb_config),
    .parameters = dw_ahb_parameters,
    .registers = &dw_ahb_registers,
    .state = &dw_ahb_state,
    .create = dw_ahb_create,
    .check = dw_ahb_check,
    .region = dw_ahb_region,
    .counters = dw_ahb_counters,
    .unended = dw_ahb_unended,
    .waits = dw_ahb_waits,
    .does = dw_ahb_does,
    .access = dw_ahb_access,
    .earliest = dw_ahb_earliest,
};
