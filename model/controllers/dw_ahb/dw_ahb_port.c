/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dw_ahb_port: a master port of the DMAC: which channel's burst comes next, and what its beats do.
 *
 * A port takes up the next burst in the step in which the last address of the one before was
 * accepted, so that bursts of one side can follow each other without an idle cycle:
 *
 *   address   | A.2 | A.3 | B.0 | B.1 |        A.3 accepted in cycle n, B chosen in step(n)
 *   data            | A.2 | A.3 | B.0 |
 *
 * Choice: channels by CH_PRIOR, 7 first, the lower number first among equals; of one channel the
 * destination before the source, so that its FIFO drains. A channel lock leaves the port to one
 * channel. HLOCK: every command of a bus lock is a locked one; between them the port holds HLOCK
 * and HBUSREQ up itself until the lock's last command was queued, and so HLOCK falls with its last
 * address.
 */
#include "controllers/dw_ahb/dw_ahb_state.h"

enum kind { KIND_SOURCE, KIND_DESTINATION, KIND_CONTROL, KINDS };

/* ---- beats ----------------------------------------------------------------------------------- */

static void publish_beat(const struct dw_ahb *dma, const struct dw_ahb_flight *flight,
                         const struct ahb_events *events, sim_cycle now)
{
    struct dma_beat_record record = {
        .controller = dma->name,
        .address = events->done_haddr,
        .channel = flight->channel,
        .purpose = flight->purpose,
        .bytes = (uint8_t)(1u << flight->hsize),
        .error = events->failed,
    };
    probe_publish(&dma->beat_probe, now, &record);
}

/* SAR or DAR after a beat. */
static void beat_moved(struct dw_ahb_side *side, const struct dw_ahb_flight *flight,
                       const struct ahb_events *events)
{
    side->flying--;
    if (events->last)
        side->current = flight->after;
    else if (flight->direction)
        side->current = events->done_haddr + (UINT32_C(1) << flight->hsize);
}

static void beat_done(struct dw_ahb *dma, struct dw_ahb_port *port, const struct ahb_events *events)
{
    const struct dw_ahb_flight *flight = &port->flights[events->done_tag];
    struct dw_ahb_channel *ch = &dma->channels[flight->channel];
    const struct ahb_bus *bus = port->master.bus;
    dma->moved |= (uint8_t)(1u << flight->channel);
    switch (flight->purpose) {
    case DMA_SOURCE: {
        const uint8_t *lanes = (const uint8_t *)events->hrdata->lane;
        dw_ahb_fifo_push(dma, ch, lanes + (events->done_haddr & bus->lane_mask),
                         1u << flight->hsize);
        beat_moved(&ch->side[DW_SOURCE], flight, events);
        break;
    }
    case DMA_DESTINATION:
        ch->popped += UINT32_C(1) << flight->hsize;
        beat_moved(&ch->side[DW_DESTINATION], flight, events);
        break;
    case DMA_DESCRIPTOR:
        ch->words[flight->first + events->done_beat] =
            (uint32_t)ahb_lanes_get(bus, events->done_haddr, 2, events->hrdata);
        break;
    default:
        break;
    }
    if (events->last)
        ch->commands--;
}

/* HWDATA of the beat whose address was just accepted; it stays in the FIFO until it is done. */
static void beat_accepted(struct dw_ahb *dma, struct dw_ahb_port *port,
                          const struct ahb_events *events)
{
    const struct dw_ahb_flight *flight = &port->flights[events->accepted_tag];
    const struct dw_ahb_channel *ch = &dma->channels[flight->channel];
    const struct ahb_bus *bus = port->master.bus;
    uint32_t offset = (uint32_t)events->accepted_beat << flight->hsize;
    struct ahb_data data = {{0, 0}};
    struct dw_ahb_place place = {.channel = -1};
    if (flight->purpose == DMA_DESTINATION) {
        place =
            (struct dw_ahb_place){flight->first + offset, (int8_t)flight->channel, flight->hsize};
        uint32_t address = flight->address + (flight->direction ? offset : 0);
        uint8_t *lanes = (uint8_t *)data.lane;
        /* A misaligned address, which the bus refuses, must not leave the lanes. */
        uint32_t lane = address & bus->lane_mask & ~((UINT32_C(1) << flight->hsize) - 1);
        dw_ahb_fifo_peek(dma, ch, flight->first + offset, lanes + lane, 1u << flight->hsize);
    } else if (flight->purpose == DMA_WRITEBACK) {
        data = ahb_lanes_put(bus, flight->address + offset, 2,
                             ch->words[flight->first + events->accepted_beat]);
    } else {
        return;
    }
    ahb_master_hwdata(&port->master, &data);
    port->shown = place;
}

void dw_ahb_port_catch_up(struct dw_ahb *dma, struct dw_ahb_port *port, sim_cycle upto)
{
    const struct ahb_run *run = &port->master.bus->run;
    const struct ahb_run_part part = ahb_master_catch_up(&port->master, upto);
    if (part.beats == 0)
        return;
    struct dw_ahb_channel *ch = &dma->channels[port->flights[part.tag].channel];
    struct dw_ahb_side *side = &ch->side[run->hwrite ? DW_DESTINATION : DW_SOURCE];
    const uint32_t bytes = (uint32_t)part.beats << run->hsize;
    dma->beats[run->hwrite ? DMA_DESTINATION : DMA_SOURCE] += part.beats;
    if (run->hwrite)
        ch->popped += bytes;
    else
        dw_ahb_fifo_push(dma, ch, run->bytes + ((size_t)part.first << run->hsize), bytes);
    side->flying -= part.beats;
    side->current = ahb_run_address(run, (unsigned)part.first + part.beats); /* runs go upwards */
}

/* The data of a run that writes: all in the FIFO since its burst was commanded. */
static void fill_run(const struct dw_ahb *dma, struct dw_ahb_port *port, struct ahb_run *run,
                     const struct ahb_events *events)
{
    const struct dw_ahb_flight *flight = &port->flights[events->accepted_tag];
    const struct dw_ahb_channel *ch = &dma->channels[flight->channel];
    uint32_t at = flight->first + ((uint32_t)events->accepted_beat << flight->hsize);
    dw_ahb_fifo_peek(dma, ch, at, run->bytes, (uint32_t)run->beats << run->hsize);
    port->filled = (struct dw_ahb_place){at, (int8_t)ch->index, run->hsize};
    port->shown = port->filled; /* of its last beat */
    port->shown.first += (run->beats - 1u) << run->hsize;
}

static unsigned data_done(struct dw_ahb *dma, struct dw_ahb_port *port,
                          const struct ahb_events *events, sim_cycle now)
{
    const struct dw_ahb_flight *flight = &port->flights[events->done_tag];
    dma->beats[flight->purpose]++;
    if (probe_observed(&dma->beat_probe))
        publish_beat(dma, flight, events, now);
    beat_done(dma, port, events);
    if (events->last && flight->purpose == DMA_DESTINATION)
        dw_ahb_mark(dma, flight);
    return events->last ? 1u << flight->channel : 0;
}

static unsigned data_failed(struct dw_ahb *dma, struct dw_ahb_port *port,
                            const struct ahb_events *events, sim_cycle now)
{
    const struct dw_ahb_flight *flight = &port->flights[events->done_tag];
    struct dw_ahb_channel *ch = &dma->channels[flight->channel];
    dma->beats[flight->purpose]++;
    dma->error_beats++;
    if (probe_observed(&dma->beat_probe))
        publish_beat(dma, flight, events, now);
    ch->commands--;
    if (!ch->failed)
        dw_ahb_log_failure(dma, ch, (enum dma_purpose)flight->purpose, events->done_haddr);
    dw_ahb_channel_fail(ch);
    return 1u << flight->channel;
}

unsigned dw_ahb_port_edge(struct dw_ahb *dma, struct dw_ahb_port *port, sim_cycle now)
{
    unsigned ended = 0;
    dw_ahb_port_catch_up(dma, port, now);
    struct ahb_events events = ahb_master_edge(&port->master, now);
    if (events.done)
        ended = data_done(dma, port, &events, now);
    else if (events.failed)
        ended = data_failed(dma, port, &events, now);
    if (events.accepted) {
        beat_accepted(dma, port, &events);
        struct ahb_run *run = ahb_master_run(&port->master, now);
        if (run && run->hwrite)
            fill_run(dma, port, run, &events);
    }
    return ended;
}

/* ---- locks ----------------------------------------------------------------------------------- */

/* Once the command just made is sent: does a lock of this level go on? */
static bool lock_goes_on(const struct dw_ahb_channel *ch, unsigned index, unsigned level)
{
    if (level == DW_LOCK_TRANSFER)
        return true;
    if (ch->state != DW_TRANSFER)
        return false;
    for (unsigned end = 0; end < DW_ENDS; end++) {
        const struct dw_ahb_side *side = &ch->side[end];
        if (side->port != index)
            continue;
        if (level == DW_LOCK_BLOCK ? dw_ahb_items_left(ch, (enum dw_ahb_end)end) > 0
                                   : side->open && side->transaction > 0)
            return true;
    }
    return false;
}

/* The locks of a channel whose command was just made. */
static void lock_port(const struct dw_ahb *dma, const struct dw_ahb_channel *ch, unsigned index,
                      struct dw_ahb_port *port, struct ahb_command *command)
{
    const uint32_t cfg = dw_ahb_channel_register(dma, ch, DW_CFG_LO);
    if (!(cfg & (DW_MASK(CFG_LO, LOCK_CH) | DW_MASK(CFG_LO, LOCK_B))))
        return;
    const bool moves_data = ch->state == DW_TRANSFER;
    /* A lock that outlives its bursts would keep software from resuming a suspended channel. */
    const bool goes_on = !dw_ahb_suspended(dma, ch);
    bool channel = false, bus = false;
    if (cfg & DW_MASK(CFG_LO, LOCK_CH))
        channel = goes_on && lock_goes_on(ch, index, DW_GET(cfg, CFG_LO, LOCK_CH_L));
    if (cfg & DW_MASK(CFG_LO, LOCK_B)) {
        unsigned level = DW_GET(cfg, CFG_LO, LOCK_B_L);
        bus = goes_on && lock_goes_on(ch, index, level);
        command->lock = moves_data || level == DW_LOCK_TRANSFER;
    }
    port->hold = bus;
    port->locked_by = channel || bus ? (int8_t)ch->index : -1;
}

void dw_ahb_unlock(struct dw_ahb *dma, const struct dw_ahb_channel *ch,
                   enum dw_ahb_lock_level level)
{
    const uint32_t cfg = dw_ahb_channel_register(dma, ch, DW_CFG_LO);
    for (uint32_t i = 0; i < dma->port_count; i++) {
        struct dw_ahb_port *port = &dma->ports[i];
        if (port->locked_by != (int8_t)ch->index)
            continue;
        bool ends = level == DW_LOCK_TRANSFER;
        bool bus = (cfg & DW_MASK(CFG_LO, LOCK_B)) && port->hold && !ends &&
                   DW_GET(cfg, CFG_LO, LOCK_B_L) == DW_LOCK_TRANSFER;
        bool channel = (cfg & DW_MASK(CFG_LO, LOCK_CH)) && !ends &&
                       DW_GET(cfg, CFG_LO, LOCK_CH_L) == DW_LOCK_TRANSFER;
        port->hold = bus;
        if (!bus && !channel)
            port->locked_by = -1;
    }
}

/* ---- arbitration ----------------------------------------------------------------------------- */

static bool control_burst(struct dw_ahb *dma, struct dw_ahb_channel *ch, unsigned index,
                          struct ahb_command *command, struct dw_ahb_flight *flight)
{
    uint32_t cfg = dw_ahb_channel_register(dma, ch, DW_CFG_HI);
    uint32_t beats = 1, first = 0, address;
    unsigned port;
    bool write = false;
    switch (ch->state) {
    case DW_FETCH:
        port = ch->item_port;
        address = ch->item;
        beats = cfg & (DW_MASK(CFG_HI, SS_UPD_EN) | DW_MASK(CFG_HI, DS_UPD_EN)) ? 7 : 5;
        break;
    case DW_SSTATUS:
        port = ch->side[DW_SOURCE].port;
        address = dw_ahb_channel_register(dma, ch, DW_SSTATAR);
        break;
    case DW_DSTATUS:
        port = ch->side[DW_DESTINATION].port;
        address = dw_ahb_channel_register(dma, ch, DW_DSTATAR);
        break;
    case DW_WRITEBACK:
        if (!ch->todo)
            return false;
        port = ch->item_port;
        first = 4u + (unsigned)__builtin_ctz(ch->todo);
        beats = (unsigned)__builtin_ctz(~((unsigned)ch->todo >> (first - 4u)));
        address = ch->item + 4 * first;
        write = true;
        break;
    default:
        return false;
    }
    if (port != index || (!write && ch->asked))
        return false;
    ch->asked = true;
    if (write)
        ch->todo &= (uint8_t) ~(((1u << beats) - 1u) << (first - 4u));
    *flight = (struct dw_ahb_flight){
        .channel = ch->index,
        .purpose = write ? DMA_WRITEBACK : DMA_DESCRIPTOR,
        .hsize = 2,
        .direction = 1,
        .beats = (uint16_t)beats,
        .address = address,
        .first = first,
    };
    *command = (struct ahb_command){
        .haddr = address,
        .beats = (uint16_t)beats,
        .hwrite = write,
        .hsize = 2,
        .hburst = beats == 1 ? AHB_SINGLE : AHB_INCR,
        .hprot = (uint8_t)(1 | DW_GET(cfg, CFG_HI, PROTCTL) << 1),
        .drop = AHB_DROP_LAST_SHOWN,
    };
    return true;
}

static void queue(struct dw_ahb *dma, unsigned index, struct dw_ahb_channel *ch, enum kind kind,
                  sim_cycle now, struct ahb_command *command, const struct dw_ahb_flight *flight)
{
    struct dw_ahb_port *port = &dma->ports[index];
    int8_t who = (int8_t)(ch->index * KINDS + kind);
    if (port->last >= 0 && port->last != who)
        command->delay = dma->config.switch_cycles;
    if (kind != KIND_CONTROL && ch->longest == 1 && command->delay == 0)
        command->delay = 1; /* others get the bus between two beats */
    lock_port(dma, ch, index, port, command);
    /* Beats of one side let the other act only if it has a port of its own. */
    command->run = kind != KIND_CONTROL && !probe_observed(&ch->probe) &&
                   !probe_observed(&dma->beat_probe) &&
                   ch->side[DW_SOURCE].port == ch->side[DW_DESTINATION].port;
    port->last = who;
    port->flights[port->flight] = *flight;
    command->tag = port->flight;
    port->flight = (uint8_t)((port->flight + 1u) % AHB_QUEUE);
    ch->commands++;
    ahb_master_queue(&port->master, now, command);
}

void dw_ahb_port_arbitrate(struct dw_ahb *dma, unsigned index, sim_cycle now)
{
    struct dw_ahb_port *port = &dma->ports[index];
    struct ahb_command command;
    struct dw_ahb_flight flight;
    for (unsigned i = 0; i < dma->config.channels; i++) {
        struct dw_ahb_channel *ch = &dma->channels[dma->order[i]];
        if (!(dma->active >> ch->index & 1) ||
            (port->locked_by >= 0 && port->locked_by != (int8_t)ch->index))
            continue;
        if (ch->state == DW_TRANSFER) {
            for (unsigned end = DW_ENDS; end-- > 0;) {
                if (dw_ahb_burst(dma, ch, (enum dw_ahb_end)end, index, now, &command, &flight)) {
                    queue(dma, index, ch, end == DW_SOURCE ? KIND_SOURCE : KIND_DESTINATION, now,
                          &command, &flight);
                    return;
                }
            }
        } else if (control_burst(dma, ch, index, &command, &flight)) {
            queue(dma, index, ch, KIND_CONTROL, now, &command, &flight);
            return;
        }
    }
}

sim_cycle dw_ahb_port_drive(struct dw_ahb_port *port, sim_cycle now)
{
    struct ahb_bus *bus = port->master.bus;
    const uint32_t me = UINT32_C(1) << port->master.index;
    const bool locked = bus->links.hlock & me;
    /* In the middle of a run the links have what is driven at its end. */
    const bool runs = now < port->master.run_end;
    /* The engine knows of the hold, so that what stays as it is wakes nobody. */
    port->master.hold = port->hold && locked;
    port->master.kept_bus = port->master.kept_lock = false;
    sim_cycle next = ahb_master_drive(&port->master, now);
    if (!runs)
        port->held_bus = port->held_lock = false;
    port->held_bus |= port->master.kept_bus;
    port->held_lock |= port->master.kept_lock;
    if (port->hold && locked) {
        port->held_bus |= !(bus->links.hbusreq & me);
        port->held_lock |= !(bus->links.hlock & me);
        bus->links.hbusreq |= me;
        bus->links.hlock |= me;
        port->master.driving = true; /* to let them fall when the hold is gone */
    } else {
        if (port->held_bus)
            bus->links.hbusreq &= ~me;
        if (port->held_lock)
            bus->links.hlock &= ~me;
        port->held_bus = port->held_lock = false;
    }
    return next;
}
