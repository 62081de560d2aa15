/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_dmac_events: what observers see of the ADI AXI DMAC: its state as a record, and the events of the
 * recorded traces (traces/golden/adi_axi_dmac/README.md, "Events"), in their order within a cycle.
 */
#include <string.h>

#include "controllers/adi_dmac_state.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const state_names[ADI_RM_STATES] = {
    [ADI_RM_DO_RESET] = "DO_RESET", [ADI_RM_RESET] = "RESET",     [ADI_RM_DISABLED] = "DISABLED",
    [ADI_RM_STARTUP] = "STARTUP",   [ADI_RM_ENABLED] = "ENABLED", [ADI_RM_SHUTDOWN] = "SHUTDOWN",
};
static const char *const state_events[ADI_RM_STATES] = {
    [ADI_RM_DO_RESET] = "RM_DO_RESET", [ADI_RM_RESET] = "RM_RESET",
    [ADI_RM_DISABLED] = "RM_DISABLED", [ADI_RM_STARTUP] = "RM_STARTUP",
    [ADI_RM_ENABLED] = "RM_ENABLED",   [ADI_RM_SHUTDOWN] = "RM_SHUTDOWN",
};
static const char *const manager_names[] = {"IDLE", "ACC", "WRITE"};

#define NAMED(member, label, width, list)                                                          \
    {                                                                                              \
        .name = (label), .offset = offsetof(struct adi_dmac_record, member), .size_bytes = 1,      \
        .width_bits = (width), .radix = PROBE_NAME, .names = (list), .name_count = COUNT(list)     \
    }
#define FIELD(member, label, width)                                                                \
    PROBE_FIELD(adi_dmac_record, member, label, width, PROBE_DECIMAL)

static const struct probe_field fields[] = {
    NAMED(state, "reset_state", 3, state_names),
    FIELD(running, "enabled", 1),
    FIELD(waiting, "req_valid", 1),
    FIELD(generating, "generating", 1),
    FIELD(source_on, "src_enabled", 1),
    FIELD(destination_on, "dest_enabled", 1),
    FIELD(sending, "sending", 1),
    NAMED(manager, "response_manager", 2, manager_names),
    FIELD(generated, "request_id", 16),
    FIELD(throttled, "throttled_id", 16),
    FIELD(source_id, "src_address_id", 16),
    FIELD(wm, "stored_id", 16),
    FIELD(destination_id, "dest_address_id", 16),
    FIELD(dn, "sending_id", 16),
    FIELD(dm, "sent_id", 16),
    FIELD(resp, "response_id", 16),
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

static const struct probe_field event_fields[] = {
    PROBE_FIELD(rtl_event_record, event, "event", 0, PROBE_TEXT),
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
        record.generating = core->generating;
        record.manager = (uint8_t)core->manager;
        record.source_on = core->sides.source_on;
        record.destination_on = core->sides.destination_on;
        record.sending = core->sending;
        record.irq_source = control->irq_source;
        record.transfer_id = control->transfer_id;
        record.active_id = control->active_id;
        record.done = control->done;
        record.generated = core->generated;
        record.throttled = core->throttled;
        record.source_id = core->source.id;
        record.wm = core->wm;
        record.dn = core->dn;
        record.dm = core->dm;
        record.destination_id = core->destination.id;
        record.resp = core->resp;
        probe_publish(&dma->probe, now, &record);
    }
    if (probe_observed(&dma->interrupt_probe)) {
        struct interrupt_record record = {.level = control->irq};
        probe_publish(&dma->interrupt_probe, now, &record);
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

static void tell_data(struct adi_dmac *dma, const struct adi_wires *wires, sim_cycle now)
{
    const struct axi_port *source = dma->source, *destination = dma->destination;
    struct adi_before *before = &dma->before;
    const sim_cycle none = SIM_NEVER;
    if (source->valid & AXI_BIT_AR && before->ar_since == none)
        before->ar_since = now;
    if (destination->valid & AXI_BIT_AW && before->aw_since == none)
        before->aw_since = now;
    if (destination->valid & AXI_BIT_W && before->w_since == none)
        before->w_since = now;
    if (wires->ar) {
        const struct axi_address *ar = &source->ar[source->shown >> AXI_AR & 1];
        tell(dma, now, "AR", ar->addr, ar->len, false, before->ar_since);
        before->ar_since = none;
    }
    if (wires->r)
        tell(dma, now, "R", 0, 0, source->view.r->last, none);
    if (wires->aw) {
        const struct axi_address *aw = &destination->aw[destination->shown >> AXI_AW & 1];
        tell(dma, now, "AW", aw->addr, aw->len, false, before->aw_since);
        before->aw_since = none;
    }
    if (wires->w) {
        const struct axi_write *w = &destination->w[destination->shown >> AXI_W & 1];
        tell(dma, now, "W", w->strb[0], 0, w->last, before->w_since);
        before->w_since = none;
    }
    if (wires->b)
        plain(dma, now, "B", 0);
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

void adi_events(struct adi_dmac *dma, const struct adi_wires *wires, sim_cycle now)
{
    struct adi_before *before = &dma->before;
    const struct adi_control *control = &dma->control;
    const struct adi_core *core = &dma->core;
    if (!before->any)
        *before = (struct adi_before){.state = ADI_RM_STATES,
                                      .ar_since = SIM_NEVER,
                                      .aw_since = SIM_NEVER,
                                      .w_since = SIM_NEVER};
    if (before->any && wires->resetn != before->resetn)
        plain(dma, now, wires->resetn ? "RESETN_HI" : "RESETN_LO", 0);
    tell_requests(dma, now);
    tell_data(dma, wires, now);
    tell_registers(dma, wires, now);
    if (control->waiting && !before->waiting)
        plain(dma, now, "req_valid", 0);
    if (wires->take)
        plain(dma, now, "req_accept", 0);
    if (wires->resp)
        tell(dma, now, "resp", 0, 0, wires->resp_end, SIM_NEVER);
    if (control->irq != before->irq)
        plain(dma, now, control->irq ? "IRQ_RISE" : "IRQ_FALL", 0);
    if (core->sides.source_on != before->source_on)
        plain(dma, now, core->sides.source_on ? "SRC_EN" : "SRC_DIS", 0);
    if (core->sides.destination_on != before->destination_on)
        plain(dma, now, core->sides.destination_on ? "DEST_EN" : "DEST_DIS", 0);
    if (control->state != before->state)
        plain(dma, now, state_events[control->state], 0);
    before->any = true;
    before->resetn = wires->resetn;
    before->waiting = control->waiting;
    before->irq = control->irq;
    before->source_on = core->sides.source_on;
    before->destination_on = core->sides.destination_on;
    before->state = control->state;
}
