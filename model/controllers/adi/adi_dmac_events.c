/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_dmac_events: what observers see of the ADI AXI DMAC: its state as a record, and the events of the
 * recorded traces (traces/golden/adi_axi_dmac/README.md, "Events"), in their order within a cycle.
 */
#include <string.h>

#include "controllers/adi/adi_dmac_state.h"
#include "kernel/base.h"

static const char *const state_names[ADI_RM_STATES] = {
    [ADI_RM_DO_RESET] = "DO_RESET", [ADI_RM_RESET] = "RESET",     [ADI_RM_DISABLED] = "DISABLED",
    [ADI_RM_STARTUP] = "STARTUP",   [ADI_RM_ENABLED] = "ENABLED", [ADI_RM_SHUTDOWN] = "SHUTDOWN",
};
static const char *const state_events[ADI_RM_STATES] = {
    [ADI_RM_DO_RESET] = "RM_DO_RESET", [ADI_RM_RESET] = "RM_RESET",
    [ADI_RM_DISABLED] = "RM_DISABLED", [ADI_RM_STARTUP] = "RM_STARTUP",
    [ADI_RM_ENABLED] = "RM_ENABLED",   [ADI_RM_SHUTDOWN] = "RM_SHUTDOWN",
};
static const char *const manager_names[] = {"IDLE", "ACC", "WRITE", "SKIP", "WRITE_SKIP"};

#define NAMED(member, label, width, list)                                                          \
    {                                                                                              \
        .name = (label), .offset = offsetof(struct adi_dmac_record, member), .size_bytes = 1,      \
        .width_bits = (width), .radix = PROBE_NAME, .names = (list), .name_count = COUNT(list)     \
    }
#define FIELD(member, label, width)                                                                \
    PROBE_FIELD(adi_dmac_record, member, label, width, PROBE_DECIMAL)

#define ID(member, label) PROBE_COUNTER(adi_dmac_record, member, label, 16, PROBE_DECIMAL)

static const struct probe_field fields[] = {
    NAMED(state, "reset_state", 3, state_names),
    FIELD(running, "enabled", 1),
    FIELD(waiting, "req_valid", 1),
    FIELD(generating, "generating", 1),
    FIELD(source_on, "src_enabled", 1),
    FIELD(destination_on, "dest_enabled", 1),
    FIELD(sending, "sending", 1),
    NAMED(manager, "response_manager", 3, manager_names),
    ID(generated, "request_id"),
    ID(throttled, "throttled_id"),
    ID(source_id, "src_address_id"),
    ID(wm, "stored_id"),
    ID(destination_id, "dest_address_id"),
    ID(dn, "sending_id"),
    ID(dm, "sent_id"),
    ID(resp, "response_id"),
    FIELD(irq_source, "irq_source", 2),
    FIELD(transfer_id, "transfer_id", 2),
    FIELD(active_id, "active_transfer_id", 2),
    PROBE_FIELD(adi_dmac_record, done, "transfer_done", 4, PROBE_HEX),
    FIELD(irq, "irq", 1),
};

const struct probe_type adi_dmac_probe_type = {
    .name = "adi_dmac",
    .kind = PROBE_REGISTERED,
    .fields = fields,
    .field_count = COUNT(fields),
    .record_bytes = sizeof(struct adi_dmac_record),
};

const char *const adi_memory_event_order[] = {
    "RESETN_HI", "RESETN_LO", "SREG_W_REQ", "SREG_R_REQ", "AR",       "R",
    "AW",        "W",         "B",          "SREG_W",     "SREG_B",   "SREG_R",
    "up_wreq",   "req_valid", "req_accept", "resp",       "IRQ_RISE", "IRQ_FALL",
    "SRC_EN",    "SRC_DIS",   "DEST_EN",    "DEST_DIS",   "RM_",      NULL,
};

const char *const adi_event_order[] = {
    "SREG_W_REQ",  "SREG_R_REQ",  "AR",        "R",           "AW",          "W",
    "B",           "SG_AR",       "SG_R",      "S_XFER_RISE", "S_XFER_FALL", "S",
    "M_XFER_RISE", "M_XFER_FALL", "M",         "FIFO_RD",     "FIFO_UNF",    "FIFO_RD_EN",
    "FIFO_OVF",    "FIFO_WR",     "SREG_W",    "SREG_B",      "SREG_R",      "up_wreq",
    "req_valid",   "req_accept",  "sg_req",    "sg_out",      "dreq",        "src_req",
    "dst_req",     "gen_id",      "thr_id",    "dresp",       "resp",        "sg_id",
    "POKE",        "IRQ_RISE",    "IRQ_FALL",  "SRC_EN",      "SRC_DIS",     "DEST_EN",
    "DEST_DIS",    "RM_",         "RESETN_HI", "RESETN_LO",   NULL,
};

static const struct probe_field event_fields[] = {
    {.name = "event",
     .names = adi_event_order,
     .radix = PROBE_TEXT,
     .offset = offsetof(struct rtl_event_record, event),
     .size_bytes = sizeof(const char *)},
    PROBE_FIELD(rtl_event_record, value, "addr_or_value", 0, PROBE_HEX),
    PROBE_FIELD(rtl_event_record, len, "len", 0, PROBE_DECIMAL),
    PROBE_FIELD(rtl_event_record, last, "last", 0, PROBE_DECIMAL),
    PROBE_FIELD(rtl_event_record, valid_since, "valid_since", 0, PROBE_DECIMAL),
};

const struct probe_type rtl_event_probe_type = {
    .name = "rtl_event",
    .kind = PROBE_EVENT,
    .fields = event_fields,
    .field_count = COUNT(event_fields),
    .record_bytes = sizeof(struct rtl_event_record),
};

void adi_publish(const struct adi_dmac *dma, sim_cycle now)
{
    const struct adi_control *control = &dma->control;
    const struct adi_core *core = &dma->core;
    if (probe_observed(&dma->probe)) {
        struct adi_dmac_record record;
        memset(&record, 0, sizeof record); /* observers may compare bytes */
        record.state = (uint8_t)control->state;
        record.running = control->running;
        record.waiting = control->waiting;
        record.irq = control->irq;
        record.generating = core->generating || core->generator != ADI_GEN_IDLE;
        record.manager = (uint8_t)core->manager;
        record.source_on = adi_source_on(dma);
        record.destination_on = adi_destination_on(dma);
        record.sending = core->sending;
        record.irq_source = control->irq_source;
        record.transfer_id = control->transfer_id;
        record.active_id = control->active_id;
        record.done = control->done;
        record.generated = core->generated;
        record.throttled = core->throttled;
        record.source_id = dma->input ? core->source_mover.id : core->source.id;
        record.wm = core->wm;
        record.dn = core->dn;
        record.dm = core->dm;
        record.destination_id = dma->output ? core->sink_mover.id : core->destination.id;
        record.resp = core->resp;
        probe_publish(&dma->probe, now, &record);
    }
}

/* ---- events ---------------------------------------------------------------------------------- */

static void tell(const struct adi_dmac *dma, sim_cycle now, const char *event, uint64_t value,
                 uint32_t len, bool last, sim_cycle since)
{
    struct rtl_event_record record = {event, value, len, last, since};
    probe_publish(&dma->event_probe, now, &record);
}

static void plain(const struct adi_dmac *dma, sim_cycle now, const char *event, uint64_t value)
{
    tell(dma, now, event, value, 0, false, SIM_NEVER);
}

static uint64_t register_offset(const struct adi_dmac *dma, const struct axi_address *ax)
{
    return ax->addr - dma->config.base;
}

static void tell_requests(struct adi_dmac *dma, sim_cycle now)
{
    const struct axi_view *view = &dma->registers->view;
    struct adi_before *before = &dma->before;
    const bool write = (view->valid & (AXI_BIT_AW | AXI_BIT_W)) == (AXI_BIT_AW | AXI_BIT_W);
    const bool read = view->valid & AXI_BIT_AR;
    const unsigned fire = axi_fires(dma->registers, now);
    if (write && !before->lite_write)
        plain(dma, now, "SREG_W_REQ", register_offset(dma, view->aw));
    if (read && !before->lite_read)
        plain(dma, now, "SREG_R_REQ", register_offset(dma, view->ar));
    before->lite_write = write && !(fire & AXI_BIT_AW);
    before->lite_read = read && !(fire & AXI_BIT_AR);
}

static void tell_reads(struct adi_dmac *dma, const struct adi_wires *wires, sim_cycle now)
{
    const struct axi_port *source = dma->source;
    struct adi_before *before = &dma->before;
    if (source->valid & AXI_BIT_AR && before->ar_since == SIM_NEVER)
        before->ar_since = now;
    if (wires->ar) {
        const struct axi_address *ar = &source->ar[source->shown >> AXI_AR & 1];
        tell(dma, now, "AR", ar->addr, ar->len, false, before->ar_since);
        before->ar_since = SIM_NEVER;
    }
    if (wires->r)
        tell(dma, now, "R", 0, 0, source->view.r->last, SIM_NEVER);
}

static void tell_writes(struct adi_dmac *dma, const struct adi_wires *wires, sim_cycle now)
{
    const struct axi_port *destination = dma->destination;
    struct adi_before *before = &dma->before;
    if (destination->valid & AXI_BIT_AW && before->aw_since == SIM_NEVER)
        before->aw_since = now;
    if (destination->valid & AXI_BIT_W && before->w_since == SIM_NEVER)
        before->w_since = now;
    if (wires->aw) {
        const struct axi_address *aw = &destination->aw[destination->shown >> AXI_AW & 1];
        tell(dma, now, "AW", aw->addr, aw->len, false, before->aw_since);
        before->aw_since = SIM_NEVER;
    }
    if (wires->w) {
        const struct axi_write *w = &destination->w[destination->shown >> AXI_W & 1];
        tell(dma, now, "W", (uint32_t)w->strb[0], 0, w->last, before->w_since);
        before->w_since = SIM_NEVER;
    }
    if (wires->b)
        plain(dma, now, "B", 0);
}

static void tell_descriptors(struct adi_dmac *dma, const struct adi_wires *wires, sim_cycle now)
{
    const struct axi_port *port = dma->descriptors;
    struct adi_before *before = &dma->before;
    if (port->valid & AXI_BIT_AR && before->sg_since == SIM_NEVER)
        before->sg_since = now;
    if (wires->sg_ar) {
        const struct axi_address *ar = &port->ar[port->shown >> AXI_AR & 1];
        tell(dma, now, "SG_AR", ar->addr, ar->len, false, before->sg_since);
        before->sg_since = SIM_NEVER;
    }
    if (wires->sg_r) {
        uint32_t word;
        memcpy(&word, port->view.r->data, sizeof word);
        tell(dma, now, "SG_R", word, 0, port->view.r->last, SIM_NEVER);
    }
}

static uint32_t low_word(const struct axi_stream_beat *beat, uint32_t bytes)
{
    uint32_t word = 0;
    memcpy(&word, beat->data, bytes < 4 ? bytes : 4);
    return word;
}

static void tell_streams(struct adi_dmac *dma, const struct adi_wires *wires, sim_cycle now)
{
    struct adi_before *before = &dma->before;
    const struct axi_stream_beat *in = wires->in.beat, *out = wires->out.beat;
    const bool source = dma->input && dma->core.source_mover.active;
    const bool destination = dma->output && dma->core.sink_mover.active;
    const unsigned write = dma->config.source_type == ADI_FIFO ? wires->in.forward : 0;
    const bool writes = dma->config.source_type == ADI_FIFO;
    const bool reads = dma->config.destination_type == ADI_FIFO;
    if (source != before->source_active)
        plain(dma, now, source ? "S_XFER_RISE" : "S_XFER_FALL", 0);
    if (dma->input && !writes && wires->in.valid && wires->in.ready)
        tell(dma, now, "S", low_word(in, dma->source_bytes), in->user, in->last, in->since);
    if (destination != before->destination_active)
        plain(dma, now, destination ? "M_XFER_RISE" : "M_XFER_FALL", 0);
    if (dma->output && !reads && wires->out.valid) {
        if (!before->out_shown)
            before->out_since = now;
        if (wires->out_beat)
            tell(dma, now, "M", low_word(out, dma->destination_bytes), out->user, out->last,
                 before->out_since);
    }
    if (reads && wires->out.forward & FIFO_VALID)
        plain(dma, now, "FIFO_RD", low_word(out, dma->destination_bytes));
    if (reads && wires->out.forward & FIFO_UNDERFLOW)
        plain(dma, now, "FIFO_UNF", 0);
    if (reads && wires->out.back & FIFO_READ_EN)
        tell(dma, now, "FIFO_RD_EN", 0, destination, false, SIM_NEVER);
    if (writes && wires->in.back & FIFO_OVERFLOW)
        plain(dma, now, "FIFO_OVF", 0);
    if (write & FIFO_WRITE_EN)
        tell(dma, now, "FIFO_WR", low_word(in, dma->source_bytes), source, false, SIM_NEVER);
    before->source_active = source;
    before->destination_active = destination;
    before->out_shown = dma->output && wires->out.valid && !wires->out_beat;
}

static void tell_registers(struct adi_dmac *dma, const struct adi_wires *wires, sim_cycle now)
{
    const unsigned fire = axi_fires(dma->registers, now);
    const struct adi_control *control = &dma->control;
    if (fire & AXI_BIT_AW)
        plain(dma, now, "SREG_W", register_offset(dma, dma->registers->view.aw));
    if (fire & AXI_BIT_B)
        plain(dma, now, "SREG_B", 0);
    if (fire & AXI_BIT_R)
        plain(dma, now, "SREG_R", control->read_value);
    if (wires->write_strobe)
        plain(dma, now, "up_wreq", control->write_offset);
}

static uint32_t gray(const struct adi_dmac *dma, uint32_t id)
{
    id &= dma->id_mask;
    return id ^ id >> 1;
}

/* What the core does inside. */
static void tell_core(struct adi_dmac *dma, const struct adi_wires *wires, sim_cycle now)
{
    struct adi_before *before = &dma->before;
    const struct adi_core *core = &dma->core;
    if (wires->sg_take)
        plain(dma, now, "sg_req", 0);
    if (wires->hardware && wires->accept)
        plain(dma, now, "sg_out", 0);
    if (wires->load) {
        const uint32_t *registers = dma->control.registers;
        const bool chain = wires->hardware && !dma->config.two_d;
        const uint64_t source = dma->config.two_d ? core->rows.source
                                : chain           ? core->sg.fields.source
                                                  : registers[ADI_SRC_ADDRESS];
        const uint32_t x = dma->config.two_d ? core->rows.x
                           : chain           ? core->sg.fields.x
                                             : registers[ADI_X_LENGTH];
        tell(dma, now, "dreq", source, x, false, SIM_NEVER);
    }
    if (wires->split)
        plain(dma, now, "src_req", 0);
    if (wires->request_out)
        plain(dma, now, "dst_req", 0);
    const uint32_t generated = gray(dma, core->generated), throttled = gray(dma, core->throttled);
    if (generated != before->generated)
        plain(dma, now, "gen_id", generated);
    if (throttled != before->throttled)
        plain(dma, now, "thr_id", throttled);
    before->generated = generated;
    before->throttled = throttled;
}

static void tell_responses(struct adi_dmac *dma, const struct adi_wires *wires, sim_cycle now)
{
    const struct adi_core *core = &dma->core;
    if (wires->respond) {
        const bool skip = core->manager == ADI_MGR_WRITE_SKIP;
        tell(dma, now, "dresp", adi_response_bytes(dma) - 1u, !skip && core->manager_partial,
             adi_response_end(dma), SIM_NEVER);
    }
    if (!wires->resp)
        return;
    tell(dma, now, "resp", wires->resp_bytes - 1u, wires->resp_partial, wires->resp_completes,
         SIM_NEVER);
    if (wires->hardware)
        tell(dma, now, "sg_id", (uint32_t)dma->shown.id, 0, wires->resp_completes, SIM_NEVER);
}

void adi_events(struct adi_dmac *dma, const struct adi_wires *wires, sim_cycle now)
{
    struct adi_before *before = &dma->before;
    const struct adi_control *control = &dma->control;
    const bool source_on = adi_source_on(dma), destination_on = adi_destination_on(dma);
    if (!before->any)
        *before = (struct adi_before){.state = ADI_RM_STATES,
                                      .ar_since = SIM_NEVER,
                                      .aw_since = SIM_NEVER,
                                      .w_since = SIM_NEVER,
                                      .sg_since = SIM_NEVER};
    tell_requests(dma, now);
    if (dma->source)
        tell_reads(dma, wires, now);
    if (dma->destination)
        tell_writes(dma, wires, now);
    if (dma->descriptors)
        tell_descriptors(dma, wires, now);
    if (dma->input || dma->output)
        tell_streams(dma, wires, now);
    tell_registers(dma, wires, now);
    if (control->waiting && !before->waiting)
        plain(dma, now, "req_valid", 0);
    if (wires->take && control->state == ADI_RM_ENABLED)
        plain(dma, now, "req_accept", 0);
    tell_core(dma, wires, now);
    tell_responses(dma, wires, now);
    if (control->irq != before->irq)
        plain(dma, now, control->irq ? "IRQ_RISE" : "IRQ_FALL", 0);
    if (source_on != before->source_on)
        plain(dma, now, source_on ? "SRC_EN" : "SRC_DIS", 0);
    if (destination_on != before->destination_on)
        plain(dma, now, destination_on ? "DEST_EN" : "DEST_DIS", 0);
    if (control->state != before->state)
        plain(dma, now, state_events[control->state], 0);
    if (before->any && wires->resetn != before->resetn)
        plain(dma, now, wires->resetn ? "RESETN_HI" : "RESETN_LO", 0);
    before->any = true;
    before->resetn = wires->resetn;
    before->waiting = control->waiting;
    before->irq = control->irq;
    before->source_on = source_on;
    before->destination_on = destination_on;
    before->state = control->state;
}
