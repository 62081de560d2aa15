/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_dmac_access: the register port of the ADI AXI DMAC and what software sees; see adi_dmac.c.
 *
 *   cycle       t    t+1   t+2   t+3   t+4
 *   AW, W       -----------------*           VALID from t on, handshake in t+3
 *   strobe           *                       the register changes at its edge
 *   B                                  *
 *   AR          -----------------*
 *   strobe           *                       the value is taken before its edge
 *   R                                  *
 *
 * (traces/golden/adi_axi_dmac/README.md, "Register port".) A new access is looked at in the cycle after
 * the answer's handshake.
 *
 * The port is AXI4-Lite. On an AXI4 bus it answers what such a port can be asked, one beat of up to 32
 * bits, with the master's id; anything else gets SLVERR on each beat and does nothing, so that a burst
 * that is not for registers is told (hdl has no such port: there a converter of the interconnect decides).
 */
#include <string.h>

#include "controllers/adi/adi_dmac_state.h"

#define REPORT_POP 0x450u  /* PARTIAL_TRANSFER_ID: a read takes the report out of the queue */
#define WINDOW_MASK 0x7fcu /* the core decodes 2 KiB of words */

static uint8_t pending(const struct adi_control *control)
{
    return control->irq_source & (uint8_t)~control->registers[ADI_IRQ_MASK] & 3;
}

/* INTERFACE_DESCRIPTION_1 of this configuration. */
static uint32_t description(const struct adi_dmac *dma)
{
    const struct register_entry *entry = &adi_dmac_registers.entries[ADI_INTERFACE_DESCRIPTION_1];
    const uint32_t beat = dma->destination_log2 | (uint32_t)dma->config.destination_type << 4 |
                          dma->source_log2 << 8 | (uint32_t)dma->config.source_type << 12;
    return (uint32_t)(entry->reset & 0xff000000) | (uint32_t)dma->config.tlast_every_row << 26 |
           dma->burst_log2 << 16 | beat;
}

/* An id as the RTL counts it. */
static uint32_t gray(const struct adi_dmac *dma, uint32_t id)
{
    id &= dma->id_mask;
    return id ^ id >> 1;
}

static uint32_t ids(uint32_t request, uint32_t address, uint32_t data, uint32_t response)
{
    return request | address << 8 | data << 16 | response << 24;
}

static uint32_t debug_status(const struct adi_dmac *dma)
{
    const struct adi_control *control = &dma->control;
    const bool resetn = adi_reset_released(dma), sg = dma->descriptors;
    const bool sg_on = sg && (control->running || dma->core.sg.state != ADI_SG_IDLE);
    return (uint32_t)control->state | (uint32_t)sg_on << 3 |
           (uint32_t)adi_destination_on(dma) << 4 | (uint32_t)adi_source_on(dma) << 5 |
           (uint32_t)control->running << 6 | (uint32_t)(resetn && sg) << 7 |
           (resetn ? UINT32_C(0x700) : 0) | (uint32_t)control->dirty << 11;
}

/* What only debugging needs; 0 without its registers. */
static uint32_t debug_read(const struct adi_dmac *dma, enum adi_register index)
{
    const struct adi_core *core = &dma->core;
    const bool source = dma->source, destination = dma->destination;
    switch (index) {
    case ADI_CURRENT_DEST_ADDRESS:
        return destination ? (uint32_t)core->destination.address : 0;
    case ADI_CURRENT_SRC_ADDRESS:
        return source ? (uint32_t)core->source.address : 0;
    case ADI_CURRENT_DEST_ADDRESS_HIGH:
        return destination ? (uint32_t)(core->destination.address >> 32) : 0;
    case ADI_CURRENT_SRC_ADDRESS_HIGH:
        return source ? (uint32_t)(core->source.address >> 32) : 0;
    case ADI_DEBUG_IDS_0:
        return ids(gray(dma, core->wm), destination ? gray(dma, core->destination.id) : 0,
                   gray(dma, destination ? core->dm : core->sink_mover.id), gray(dma, core->resp));
    case ADI_DEBUG_IDS_1:
        return ids(gray(dma, core->generated), source ? gray(dma, core->source.id) : 0,
                   source ? gray(dma, core->port_wm) : 0,
                   gray(dma, source ? core->port_wm : core->source_mover.id));
    default:
        return debug_status(dma);
    }
}

bool adi_register_read(const struct adi_dmac *dma, uint32_t offset, uint32_t *value)
{
    const struct adi_control *control = &dma->control;
    struct register_hit hit;
    *value = 0;
    if (!register_find(&adi_dmac_registers, offset & WINDOW_MASK, &hit))
        return false;
    switch ((enum adi_register)hit.index) {
    case ADI_INTERFACE_DESCRIPTION_1:
        *value = description(dma);
        break;
    case ADI_IRQ_PENDING:
        *value = pending(control);
        break;
    case ADI_IRQ_SOURCE:
        *value = control->irq_source;
        break;
    case ADI_TRANSFER_ID:
        *value = control->transfer_id;
        break;
    case ADI_TRANSFER_SUBMIT:
        *value = control->waiting;
        break;
    case ADI_TRANSFER_DONE:
        *value = control->done | (uint32_t)control->report_told << 31;
        break;
    case ADI_ACTIVE_TRANSFER_ID:
        *value = control->active_id;
        break;
    case ADI_CURRENT_DEST_ADDRESS:
    case ADI_CURRENT_SRC_ADDRESS:
    case ADI_CURRENT_DEST_ADDRESS_HIGH:
    case ADI_CURRENT_SRC_ADDRESS_HIGH:
    case ADI_DEBUG_STATUS:
    case ADI_DEBUG_IDS_0:
    case ADI_DEBUG_IDS_1:
        *value = dma->config.debug_registers ? debug_read(dma, (enum adi_register)hit.index) : 0;
        break;
    case ADI_PERIPHERAL_ID:
        *value = dma->config.id;
        break;
    case ADI_INTERFACE_DESCRIPTION_2:
        *value = dma->config.cache_coherent;
        break;
    case ADI_DEST_ADDRESS:
    case ADI_DEST_ADDRESS_HIGH:
        *value = dma->destination ? control->registers[hit.index] : 0;
        break;
    case ADI_SRC_ADDRESS:
    case ADI_SRC_ADDRESS_HIGH:
        *value = dma->source ? control->registers[hit.index] : 0;
        break;
    case ADI_TRANSFER_PROGRESS:
        *value = control->progress;
        break;
    case ADI_PARTIAL_TRANSFER_LEN:
        *value = control->report_shown.bytes;
        break;
    case ADI_PARTIAL_TRANSFER_ID:
        *value = control->report_shown.id;
        break;
    case ADI_DESCRIPTOR_ID:
        *value = control->registers[ADI_CONTROL] & ADI_HARDWARE ? dma->shown.id : 0;
        break;
    default:
        *value = (uint32_t)register_read(hit.entry, control->registers[hit.index]);
        break;
    }
    return true;
}

/* Bits of a register that this configuration has. */
static uint32_t implemented(const struct adi_dmac *dma, enum adi_register index)
{
    const uint32_t low = (uint32_t)dma->address_mask, high = (uint32_t)(dma->address_mask >> 32);
    switch (index) {
    case ADI_DEST_ADDRESS:
        return low & ~(dma->destination_bytes - 1);
    case ADI_SRC_ADDRESS:
        return low & ~(dma->source_bytes - 1);
    case ADI_DEST_ADDRESS_HIGH:
    case ADI_SRC_ADDRESS_HIGH:
        return high;
    case ADI_SG_ADDRESS_HIGH:
        return dma->descriptors ? high : 0;
    case ADI_DEST_STRIDE:
        return dma->config.two_d ? dma->length_mask & ~(dma->destination_bytes - 1) : 0;
    case ADI_SRC_STRIDE:
        return dma->config.two_d ? dma->length_mask & ~(dma->source_bytes - 1) : 0;
    case ADI_CONTROL:
        return dma->descriptors ? UINT32_MAX : ~(uint32_t)ADI_HARDWARE;
    case ADI_SG_ADDRESS_REGISTER:
        return dma->descriptors ? low & ~UINT32_C(7) : 0;
    case ADI_Y_LENGTH:
        return dma->config.two_d ? dma->length_mask : 0;
    case ADI_X_LENGTH:
        return dma->length_mask;
    case ADI_FLAGS:
        return dma->config.cyclic ? UINT32_MAX : ~(uint32_t)ADI_CYCLIC;
    default:
        return UINT32_MAX;
    }
}

bool adi_register_write(struct adi_dmac *dma, uint32_t offset, uint32_t value)
{
    struct adi_control *control = &dma->control;
    struct register_hit hit;
    if (log_wanted(&dma->unit))
        adi_check_write(dma, offset, value);
    if (!register_find(&adi_dmac_registers, offset & WINDOW_MASK, &hit))
        return false;
    const enum adi_register index = (enum adi_register)hit.index;
    adi_note_write(dma, index, value);
    switch (index) {
    case ADI_IRQ_PENDING:
        control->irq_source &= (uint8_t)~value;
        break;
    case ADI_TRANSFER_SUBMIT:
        control->waiting |= value & 1;
        break;
    default:
        control->registers[index] =
            (uint32_t)register_write(hit.entry, control->registers[index], value, 0xf) &
            implemented(dma, index);
        if (index == ADI_X_LENGTH)
            control->registers[index] |= dma->length_ones;
        break;
    }
    return true;
}

/* ---- the port -------------------------------------------------------------------------------- */

/* More than an AXI4-Lite port takes. */
static bool refused(const struct axi_port *port, const struct axi_address *ax)
{
    return ax->len > 0 || (ax->size > 2 && !port->bus->config.lite);
}

static void show_b(struct adi_control *control, struct axi_port *port, uint32_t id)
{
    port->ready &= (uint8_t) ~(AXI_BIT_AW | AXI_BIT_W);
    *axi_show_b(port) =
        (struct axi_response){.id = id, .resp = control->write_refused ? AXI_SLVERR : AXI_OKAY};
    control->write_step = 4;
}

static void write_port(struct adi_dmac *dma, sim_cycle now)
{
    struct adi_control *control = &dma->control;
    struct axi_port *port = dma->registers;
    const unsigned both = AXI_BIT_AW | AXI_BIT_W;
    switch (control->write_step) {
    case 0:
        if ((port->view.valid & both) != both)
            return;
        const uint32_t lane = (uint32_t)port->view.aw->addr & (port->bus->width_bytes - 4);
        control->write_offset = (uint32_t)(port->view.aw->addr - dma->config.base);
        memcpy(&control->write_value, port->view.w->data + lane, 4);
        control->write_refused = refused(port, port->view.aw);
        if (!control->write_refused)
            adi_check_strobes(dma, control->write_offset,
                              (unsigned)(port->view.w->strb[lane / 64] >> lane % 64));
        control->write_step = 1;
        return;
    case 1:
        control->write_step = 2;
        return;
    case 2:
        port->ready |= both;
        control->write_step = 3;
        break;
    case 3:
        if (port->view.w->last) {
            show_b(control, port, port->view.aw->id);
            break;
        }
        port->ready &= (uint8_t)~AXI_BIT_AW;
        control->refused_id = port->view.aw->id;
        control->write_step = 5;
        break;
    case 5: /* the rest of a burst */
        if (!(axi_fires(port, now) & AXI_BIT_W) || !port->view.w->last)
            return;
        show_b(control, port, control->refused_id);
        break;
    default:
        if (!(axi_fires(port, now) & AXI_BIT_B))
            return;
        port->valid &= (uint8_t)~AXI_BIT_B;
        control->write_step = 0;
        break;
    }
    axi_touch(port, now);
}

static void show_r(struct adi_dmac *dma, uint32_t id)
{
    const struct adi_control *control = &dma->control;
    struct axi_port *port = dma->registers;
    struct axi_read *r = axi_show_r(port);
    uint8_t *data = dma->read_data[port->shown >> AXI_R & 1];
    for (uint32_t lane = 0; lane < port->bus->width_bytes; lane += 4)
        memcpy(data + lane, &control->read_value, 4);
    *r = (struct axi_read){.data = data,
                           .id = id,
                           .resp = control->read_left ? AXI_SLVERR : AXI_OKAY,
                           .last = control->read_left <= 1};
}

static void read_port(struct adi_dmac *dma, sim_cycle now)
{
    struct adi_control *control = &dma->control;
    struct axi_port *port = dma->registers;
    switch (control->read_step) {
    case 0:
        if (!(port->view.valid & AXI_BIT_AR))
            return;
        control->read_offset = (uint32_t)(port->view.ar->addr - dma->config.base);
        control->read_left = refused(port, port->view.ar) ? (uint16_t)(port->view.ar->len + 1) : 0;
        control->read_value = 0;
        control->read_step = 1;
        return;
    case 1:
        control->read_step = 2;
        if (control->read_left)
            return;
        control->report_pop = (control->read_offset & WINDOW_MASK) == REPORT_POP;
        return;
    case 2:
        port->ready |= AXI_BIT_AR;
        control->read_step = 3;
        break;
    case 3:
        port->ready &= (uint8_t)~AXI_BIT_AR;
        show_r(dma, port->view.ar->id);
        control->read_step = 4;
        break;
    default:
        if (!(axi_fires(port, now) & AXI_BIT_R))
            return;
        if (control->read_left > 1) {
            control->read_left--;
            show_r(dma, port->r[port->shown >> AXI_R & 1].id);
            break;
        }
        port->valid &= (uint8_t)~AXI_BIT_R;
        control->read_step = 0;
        break;
    }
    axi_touch(port, now);
}

/* The end of a transfer sets the bit of its id. The core takes more than four transfers: with four or more behind
 * this one, the fourth has the same id, and what it cleared when it was accepted is set too early. */
static void end_transfer(struct adi_dmac *dma)
{
    struct adi_control *control = &dma->control;
    control->open -=
        control->open > 0; /* a chain may have several ends, a cyclic transfer no start */
    const bool shared = control->open >= ADI_TRANSFER_IDS;
    if (shared)
        adi_erratum(dma, ADI_ERRATUM_DONE_SHARED);
    if (!shared || dma->config.errata == ADI_SILICON)
        control->done |= (uint8_t)(1u << control->active_id);
    adi_check_end(dma);
    control->irq_source |= ADI_IRQ_END;
    control->active_id = (control->active_id + 1) & (ADI_TRANSFER_IDS - 1);
}

/* ---- the edge -------------------------------------------------------------------------------- */

void adi_registers_edge(struct adi_dmac *dma, const struct adi_wires *wires, sim_cycle now)
{
    struct adi_control *control = &dma->control;
    const bool enable = control->registers[ADI_CONTROL] & ADI_ENABLE;
    const bool cyclic = (control->registers[ADI_FLAGS] & ADI_CYCLIC) && !wires->hardware;
    const uint8_t irq = pending(control);

    if (control->read_step)
        read_port(dma, now);
    else if (dma->registers->view.valid & AXI_BIT_AR)
        read_port(dma, now);
    if (wires->take && !cyclic)
        control->waiting = false;
    if (wires->write_strobe) {
        adi_register_write(dma, control->write_offset, control->write_value);
        register_publish(&dma->register_probe, now, &adi_dmac_registers,
                         control->write_offset & WINDOW_MASK, control->write_value, true);
    }
    write_port(dma, now);

    if (wires->take && !cyclic) {
        control->irq_source |= ADI_IRQ_START;
        control->done &= (uint8_t) ~(1u << control->transfer_id);
        control->transfer_id = (control->transfer_id + 1) & 3;
        control->open++;
    }
    adi_reports_edge(dma, wires, enable);
    if (wires->resp_completes && !cyclic)
        end_transfer(dma);
    if (!enable) {
        control->waiting = false;
        control->transfer_id = control->active_id = control->done = 0;
        control->open = 0;
    }
    control->irq = irq != 0;
    wire_put(&dma->interrupt, dma->kernel->now, control->irq);
    wire_put(&dma->pending, dma->kernel->now, pending(control) != 0);
}
