/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_axi_dmac: the ADI AXI DMA controller 4.5.e, "adi,axi-dmac".
 *
 * Source: the cycles are those measured on the RTL (analogdevicesinc/hdl, commit e57851ffc) in
 * traces/golden/adi_axi_dmac and adi_axi_dmac_ports; the READMEs there say which register produces which of
 * them. Registers: adi_dmac_registers.c.
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
 *     room. RLAST to AWVALID 2, AWVALID to WVALID 3; bursts on W without a gap.
 *   - B to the response 3, to the interrupt 5; one response every 3 cycles. End of a transfer:
 * t + 13 + Lr + Lb + Bt + T (latencies of read and write response, beats of the first burst, beats).
 *   - The AR of burst k + FIFO_SIZE comes 2 cycles after the last W of burst k at the earliest.
 *   - Pause: bursts whose address is out are finished. Disable: the same, then a reset of all ids.
 *   - Register port: strobe 1 cycle after the request, answer after 4 (adi_dmac_access.c).
 *
 *   - Descriptors, streams, FIFOs, rows, unequal widths: adi_dmac_sg.c, adi_dmac_stream.c,
 *     adi_dmac_general.c, adi_dmac_memory.c; traces/golden/adi_axi_dmac_ports.
 *
 * Errata. `errata: silicon` has the faults of the RTL, numbered in docs/controllers/axi-dmac.md; one that
 * strikes is published. `none` is the mended circuit.
 *
 * Inaccuracies
 *   - One clock for everything.
 *   - Not confirmed by a recording: what `none` does instead; slices with unequal widths, or at a stream or
 *     FIFO (refused); set and clear of an interrupt bit in one cycle; accesses to the register port that do not
 *     wait for the answer of the one before; what traces/golden/adi_axi_dmac_ports/README.md lists as not
 *     covered.
 *   - BRESP and RRESP are ignored (as the RTL does); data of a failed read are what the bus showed.
 *   - A start that is not a multiple of MAX_BYTES_PER_BURST makes bursts that cross 4 KiB (as the RTL).
 */
#include <stdio.h>
#include <string.h>

#include "bus/stream/stream.h"
#include "bus/stream/stream_trace.h"
#include "controllers/adi/adi_dmac_state.h"
#include "kernel/base.h"

/* ---- the step -------------------------------------------------------------------------------- */

/* Counts what has happened; true if a stream or FIFO moves. */
static bool count_streams(struct adi_dmac *dma, const struct adi_wires *wires)
{
    const bool writes = dma->config.source_type == ADI_FIFO && wires->in.forward & FIFO_WRITE_EN;
    const bool gives = dma->config.destination_type == ADI_FIFO && wires->out.forward & FIFO_VALID;
    const bool reads = dma->config.destination_type == ADI_FIFO && wires->out.back & FIFO_READ_EN;
    const bool in = dma->config.source_type == ADI_STREAM && wires->in.valid && wires->in.ready;
    const bool out = dma->config.destination_type == ADI_STREAM && wires->out_beat;
    dma->counts.received += writes | in;
    dma->counts.sent += out;
    dma->counts.read += gives;
    if ((writes | in) && !wires->in_beat)
        dma->figures.refused++;
    return writes | gives | reads | in | out;
}

static inline void data_edge(struct adi_dmac *dma, struct adi_wires *wires, sim_cycle now)
{
    if (dma->lean)
        adi_core_edge(dma, wires, now);
    else
        adi_general_edge(dma, wires, now);
}

/* The reset manager, the register port and what software sees. */
static void control_edge(struct adi_dmac *dma, struct adi_wires *wires, sim_cycle now)
{
    const struct adi_control before = dma->control;
    if (wires->read_strobe) { /* what holds in this cycle */
        adi_register_read(dma, dma->control.read_offset, &dma->control.read_value);
        register_publish(&dma->register_probe, now, &adi_dmac_registers,
                         dma->control.read_offset & (ADI_WINDOW_BYTES - 1), dma->control.read_value,
                         false);
    }
    adi_reset_edge(dma, wires, now);
    data_edge(dma, wires, now);
    adi_registers_edge(dma, wires, now);
    dma->figures.interrupts += dma->control.irq && !before.irq;
    dma->calm = !wires->sides_changed && dma->control.state != ADI_RM_DO_RESET &&
                memcmp(&before, &dma->control, sizeof before) == 0;
}

static bool reached(const struct adi_dmac *dma, const struct adi_wish *wish)
{
    const struct adi_counts *counts = &dma->counts;
    switch (wish->kind) {
    case ADI_WISH_COMPLETIONS:
        return counts->completions >= wish->count;
    case ADI_WISH_RESPONSES:
        return counts->responses >= wish->count;
    case ADI_WISH_SENT:
        return counts->sent >= wish->count;
    case ADI_WISH_READ:
        return counts->read >= wish->count;
    case ADI_WISH_RECEIVED:
        return counts->received >= wish->count;
    case ADI_WISH_INTERRUPT:
        return dma->control.irq;
    default:
        return false;
    }
}

/* May a period end here, or begin whose end may be looked at? Once everything that is on its way, or will be a burst
 * later, is of the transfer that is being generated: before, and without a burst left, limit() would refuse. */
static inline bool may_repeat(const struct adi_core *core)
{
    const uint32_t issued = core->generated - core->first + 1;
    return core->generating && core->bursts_left && core->generated - core->resp <= issued &&
           core->generated - core->dn + ADI_BEHIND <= issued;
}

static sim_cycle adi_dmac_step(void *instance, sim_cycle now)
{
    struct adi_dmac *dma = instance;
    struct adi_wires wires;
    if (dma->lean)
        adi_core_wires(dma, &wires, now);
    else
        adi_general_wires(dma, &wires, now);
    wires.changed = wires.sides_changed = false;
    wires.write_strobe = dma->control.write_step == 1 && !dma->control.write_refused;
    wires.read_strobe = dma->control.read_step == 1 && !dma->control.read_left;
    if (wires.resp_completes)
        wire_put(&dma->completed, dma->unit.clock->time, ++dma->counts.completions);
    dma->counts.responses += wires.b && dma->destination;
    if (!dma->lean)
        wires.moves |= count_streams(dma, &wires);
    const bool observed = dma->kernel->observed;
    if (observed && probe_observed(&dma->event_probe))
        adi_events(dma, &wires, now);
    if (observed && probe_observed(&dma->beat_probe))
        adi_beats(dma, &wires, now);
    if (probe_observed(&dma->transfer_probe) &&
        (dma->transfer_probe.followed || adi_follow_concerns(dma, &wires)))
        adi_follow(dma, &wires, now);

    if (dma->calm && !wires.take && !dma->control.report_count &&
        !(wires.resp && (wires.resp_end || wires.resp_partial)) && !dma->registers->view.valid) {
        if (wires.resp)
            adi_progress(dma, wires.resp_bytes);
        data_edge(dma, &wires, now);
        dma->calm = !wires.sides_changed;
    } else {
        control_edge(dma, &wires, now);
    }
    if (observed)
        adi_publish(dma, now);
    probe_publish_level(&dma->interrupt_probe, now, dma->control.irq);
    if (wires.aw && dma->lean && may_repeat(&dma->core))
        repeat_mark(&dma->unit);
    if (wires.load)
        round_mark(&dma->unit);
    if (dma->follower && reached(dma, dma->wish))
        unit_wake_now(dma->follower);
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

static int join_registers(struct build *build, struct component *component, struct adi_dmac *dma)
{
    const struct adi_dmac_config *config = &dma->config;
    dma->registers = build_axi_slave(build, component, build_axi(build, config->bus), &dma->unit,
                                     AXI_READS | AXI_WRITES, config->base, ADI_WINDOW_BYTES);
    if (!dma->registers)
        return DMASIM_INVALID;
    dma->registers->watch = AXI_BIT_AR | AXI_BIT_AW | AXI_BIT_W;
    return DMASIM_OK;
}

/* A master port NAME.suffix, on a bus that `parameter` names. */
static int join_master(struct build *build, struct component *component, struct adi_dmac *dma,
                       const char *parameter, uint16_t bus, const char *suffix, uint8_t channels,
                       struct axi_port **port)
{
    char *name = suffixed(build, component->name, suffix);
    if (!name)
        return DMASIM_MEMORY;
    *port = build_axi_master(build, component, parameter, build_axi(build, bus), &dma->unit, name,
                             channels);
    return *port ? DMASIM_OK : DMASIM_INVALID;
}

static struct axi_stream *make_stream(struct build *build, struct adi_dmac *dma,
                                      uint32_t width_bits)
{
    struct axi_stream *link = arena_alloc(build->kernel->arena, sizeof *link);
    if (link) {
        link->bytes = width_bits / 8;
        link->pin = &dma->sync;
    }
    return link;
}

static int join_ports(struct build *build, struct component *component, struct adi_dmac *dma)
{
    const struct adi_dmac_config *config = &dma->config;
    struct stream_ports *streams = &dma->streams;
    int code = join_registers(build, component, dma);
    if (code == DMASIM_OK && config->source_type == ADI_MEMORY)
        code = join_master(build, component, dma, "source_bus", config->source_bus, ".src",
                           AXI_READS, &dma->source);
    if (code == DMASIM_OK && config->destination_type == ADI_MEMORY)
        code = join_master(build, component, dma, "destination_bus", config->destination_bus,
                           ".dest", AXI_WRITES, &dma->destination);
    if (code == DMASIM_OK && config->descriptor_bus != UINT16_MAX)
        code = join_master(build, component, dma, "descriptor_bus", config->descriptor_bus, ".sg",
                           AXI_READS, &dma->descriptors);
    if (code != DMASIM_OK)
        return code;
    if (dma->descriptors)
        dma->descriptors->watch = AXI_BIT_R;
    if (dma->source)
        dma->source->steady = AXI_BIT_R;
    if (config->source_type != ADI_MEMORY) {
        dma->input = make_stream(build, dma, config->source_width_bits);
        if (!dma->input)
            return DMASIM_MEMORY;
        dma->input->forward.reader = &dma->unit;
        *(config->source_type == ADI_FIFO ? &streams->fifo_in : &streams->stream_in) = dma->input;
    }
    if (config->destination_type != ADI_MEMORY) {
        dma->output = make_stream(build, dma, config->destination_width_bits);
        if (!dma->output)
            return DMASIM_MEMORY;
        dma->output->back.reader = &dma->unit;
        *(config->destination_type == ADI_FIFO ? &streams->fifo_out : &streams->stream_out) =
            dma->output;
    }
    dma->sync = (struct wire){.value = 1, .before = 1, .reader = &dma->unit};
    streams->sync = &dma->sync;
    return build_port(build, component,
                      &(struct component_port){
                          .name = "streams", .kind = PORT_STREAMS, .link = streams, .count = 1});
}

/* The rows of the stream and FIFO sides, as NAME.pins. */
static int watch_stream(struct build *build, struct component *component, struct adi_dmac *dma,
                        struct axi_stream *link, bool input, bool fifo)
{
    if (!link)
        return DMASIM_OK;
    char *name =
        suffixed(build, component->name,
                 fifo ? (input ? ".fifo_wr" : ".fifo_rd") : (input ? ".s_axis" : ".m_axis"));
    const enum axi_stream_kind kind = !fifo   ? AXI_STREAM_LINK
                                      : input ? AXI_STREAM_FIFO_WRITE
                                              : AXI_STREAM_FIFO_READ;
    dma->streams.watchers[input ? 2 : 3] = &link->monitor.unit;
    return name ? axi_stream_watch(build, link, name, component->clock, kind) : DMASIM_MEMORY;
}

static void size_core(struct adi_dmac *dma)
{
    const struct adi_dmac_config *config = &dma->config;
    dma->source_bytes = dma->input ? dma->input->bytes : dma->source->bus->width_bytes;
    dma->destination_bytes = dma->output ? dma->output->bytes : dma->destination->bus->width_bytes;
    dma->packs = dma->source_bytes < dma->destination_bytes;
    dma->unpacks = dma->destination_bytes < dma->source_bytes;
    dma->width_bytes = dma->packs ? dma->destination_bytes : dma->source_bytes;
    dma->source_log2 = log2_of(dma->source_bytes);
    dma->destination_log2 = log2_of(dma->destination_bytes);
    dma->width_log2 = log2_of(dma->width_bytes);
    dma->source_burst_beats = config->max_bytes_per_burst / dma->source_bytes;
    dma->destination_burst_beats = config->max_bytes_per_burst / dma->destination_bytes;
    dma->burst_beats = dma->source_burst_beats;
    dma->burst_log2 = log2_of(config->max_bytes_per_burst);
    dma->burst_mask = config->max_bytes_per_burst - 1;
    if (dma->input)
        dma->length_ones |= dma->source_bytes - 1;
    if (dma->output)
        dma->length_ones |= dma->destination_bytes - 1;
    dma->id_mask = 2 * config->fifo_size - 1;
    /* Behind the memory a beat of each of up to three further bursts can wait: output register, and skid
     * and forward register of the slice or the unpacking register. */
    dma->place_mask = 1;
    while (dma->place_mask + 1 < config->fifo_size + 4)
        dma->place_mask = 2 * dma->place_mask + 1;
    dma->length_mask = config->length_width_bits < 32
                           ? (UINT32_C(1) << config->length_width_bits) - 1
                           : UINT32_MAX;
    dma->address_mask = UINT64_MAX >> (64 - config->address_width_bits);
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
    dma->lean = !dma->input && !dma->output && !dma->packs && !dma->unpacks && !dma->descriptors &&
                !config->two_d && !config->general;
    if (dma->lean)
        dma->unit.repeat = &adi_dmac_repeat;
    dma->unit.round = &adi_dmac_round;
    struct adi_open_bursts *const bursts[] = {&dma->open_reads, &dma->open_writes,
                                              &dma->open_descriptors};
    for (unsigned i = 0; i < COUNT(bursts); i++)
        if (!round_join(build->kernel, &adi_open_bursts_round, bursts[i], component->clock))
            return DMASIM_MEMORY;
    if (!round_join(build->kernel, &adi_follow_round, &dma->follow, component->clock))
        return DMASIM_MEMORY;
    const size_t places = (size_t)(dma->place_mask + 1) * config->max_bytes_per_burst;
    dma->memory = arena_alloc(build->kernel->arena, places);
    if (!dma->memory || !round_data(build->kernel, dma->memory, places))
        return DMASIM_MEMORY;

    for (unsigned i = 0; i < ADI_REGISTER_COUNT; i++)
        dma->control.registers[i] = (uint32_t)adi_dmac_registers.entries[i].reset;
    dma->control.registers[ADI_X_LENGTH] |= dma->length_ones;
    if (!config->cyclic)
        dma->control.registers[ADI_FLAGS] &= ~(uint32_t)ADI_CYCLIC;
    dma->control.was_resetting = 0x1ff;
    for (unsigned i = 0; i < ADI_REGISTER_COUNT; i++)
        adi_note_write(dma, (enum adi_register)i, dma->control.registers[i]);
    adi_core_reset(dma, NULL);
    code = build_interrupt(build, component, "irq", &dma->interrupt, config->interrupt);
    if (code != DMASIM_OK)
        return code;
    build_probe(build, &dma->probe, component->name, &adi_dmac_probe_type, component->clock, dma);
    build_probe(build, &dma->interrupt_probe, component->name, &interrupt_probe_type,
                component->clock, dma);
    build_probe(build, &dma->erratum_probe, component->name, &erratum_probe_type, component->clock,
                dma);
    build_probe(build, &dma->register_probe, component->name, &register_probe_type,
                component->clock, dma);
    build_probe(build, &dma->beat_probe, component->name, &dma_beat_probe_type, component->clock,
                dma);
    build_probe(build, &dma->event_probe, component->name, &rtl_event_probe_type, component->clock,
                dma);
    if (!component->driven)
        build_probe(build, &dma->transfer_probe, component->name, &transfer_probe_type,
                    component->clock, dma);
    code = watch_stream(build, component, dma, dma->input, true, config->source_type == ADI_FIFO);
    if (code != DMASIM_OK)
        return code;
    return watch_stream(build, component, dma, dma->output, false,
                        config->destination_type == ADI_FIFO);
}

struct wire *adi_dmac_pending(const struct component *component, struct unit *reader)
{
    if (component->type != &adi_dmac_type || !component->instance)
        return NULL;
    struct adi_dmac *dma = component->instance;
    dma->pending.reader = reader;
    return &dma->pending;
}

struct wire *adi_dmac_completed(const struct component *component, struct unit *reader)
{
    if (component->type != &adi_dmac_type || !component->instance)
        return NULL;
    struct adi_dmac *dma = component->instance;
    dma->completed.reader = reader;
    return &dma->completed;
}

const struct adi_counts *adi_dmac_counts(const struct component *component)
{
    const struct adi_dmac *dma = component->instance;
    return &dma->counts;
}

bool adi_dmac_reached(const struct component *component, const struct adi_wish *wish)
{
    return reached(component->instance, wish);
}

int adi_dmac_follow(const struct component *component, struct unit *unit,
                    const struct adi_wish *wish)
{
    struct adi_dmac *dma = component->instance;
    dma->follower = unit;
    dma->wish = wish;
    return kernel_order(dma->kernel, &dma->unit, unit);
}

static bool adi_dmac_region(const struct component *self, uint32_t index,
                            struct component_region *region)
{
    const struct adi_dmac_config *config = self->config;
    *region = (struct component_region){
        .bus = config->bus, .base = config->base, .bytes = ADI_WINDOW_BYTES};
    return index == 0;
}

static int adi_dmac_access(struct component *component, uint64_t offset, unsigned size_bytes,
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

/*
 * Whoever else is on its buses may be asked for something that shows outside. Where only memories are, the interrupt
 * follows IRQ_SOURCE by a cycle. Of the transfer that ends first, between memories, the bursts after the
 * one that is being sent have yet to be written, a beat in a cycle; the last may have one beat only.
 *
 *      now   | e1      | e2      ...   | e1 + K - 1 : at the earliest the last of K beats
 */
static bool only_memories(const struct axi_port *port)
{
    const struct axi_bus *bus = port->bus;
    bool only = true;
    for (uint32_t i = 0; i < bus->slave_count; i++)
        only &= bus->slaves[i]->direct != NULL;
    return only;
}

static sim_time adi_dmac_earliest(const struct component *component)
{
    const struct adi_dmac *dma = component->instance;
    const struct adi_control *control = &dma->control;
    const struct adi_core *core = &dma->core;
    const sim_time next = kernel_next(dma->kernel);
    if (!dma->lean || control->write_step || control->read_step || control->waiting ||
        core->response_valid || core->manager != ADI_MGR_IDLE ||
        ((control->irq_source & ~control->registers[ADI_IRQ_MASK] & 3) != 0) != control->irq)
        return next;
    if (control->open == 0 && core->resp == core->generated && !core->generating)
        return unit_asleep(&dma->unit) ? SIM_NEVER : next;
    if (!only_memories(dma->source) || !only_memories(dma->destination))
        return next;
    uint32_t last = core->resp; /* of the transfer that ends first: its last burst */
    while (last != core->generated && !dma->end_source[last & dma->id_mask])
        last++;
    const bool issued = last != core->generated;
    if (issued ? (int32_t)(last - core->dn) < 0 : !core->generating)
        return next; /* it is being sent, or answered */
    const uint64_t bursts = UINT64_C(1) + (last - core->dn) + (issued ? 0 : core->bursts_left);
    const uint64_t burst_beats = dma->config.max_bytes_per_burst / dma->width_bytes;
    const uint64_t beats = (bursts - 1) * burst_beats + 1;
    const struct clock *clock = dma->unit.clock;
    const sim_time ended = clock_time(clock, clock_edge_after(clock, dma->kernel->now) + beats - 1);
    return ended > next ? ended : next;
}

const struct component_type adi_dmac_type = {
    .name = "adi,axi-dmac",
    .section = SECTION_CONTROLLERS,
    .doc = "ADI AXI DMA controller: memories, streams, FIFOs, scatter-gather.",
    .config_bytes = sizeof(struct adi_dmac_config),
    .parameters = adi_dmac_parameters,
    .registers = &adi_dmac_registers,
    .state = &adi_dmac_state,
    .create = adi_dmac_create,
    .check = adi_dmac_check,
    .region = adi_dmac_region,
    .counters = adi_dmac_counters,
    .unended = adi_follow_unended,
    .waits = adi_dmac_waits,
    .does = adi_dmac_does,
    .access = adi_dmac_access,
    .earliest = adi_dmac_earliest,
};
