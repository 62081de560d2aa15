/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fifo_device: a peripheral with a FIFO, a data rate and DMA request lines (a UART, an ADC, an
 * I2S).
 *
 *   dev_to_mem   source --item--> [ FIFO ] --DATA read-->  AHB      request: items wait
 *   mem_to_dev   AHB --DATA write--> [ FIFO ] --item--> sink        request: there is room
 *
 *   row          n          n+1      n+2
 *   item due     x
 *   level        k          k+1
 *   request      -          BURST            if k+1 reaches the threshold
 *
 * One access to DATA, of any size, moves one item: one of 64 bits has its upper half in accesses of 64 bits only. Request lines follow bus/handshake.h.
 *
 * Timing
 *   Item i of a run is due at start + i * period, exact in picoseconds on average (the remainder is
 *   carried), moved at the first edge at or after that; with `raster`, i counts the slots of the raster (raster.h). With jitter an item comes later than that
 *   by a seeded uniform part of `jitter` percent of the period. dev_to_mem: the clock starts when the
 *   device is enabled. An item leaves the FIFO at the edge that accepts the address of a read of
 *   DATA, in front of an item that arrives at that edge. mem_to_dev: the clock starts when the first
 *   item is in the FIFO. An item comes in at the edge that ends its data phase, behind one that
 *   leaves at that edge. Enabled: at the edge that ends the data phase of a write of CTRL.ENABLE, or
 *   at start_at. BURST rises when `threshold` items (places) are there, SINGLE, if allowed, when one
 *   is. Both fall at the edge that sees ACK, and rise again no earlier than at the edge that sees ACK
 *   low. As flow controller (`last`) the device asks with one of both: BURST while a whole burst
 *   remains, else SINGLE; LAST with the request that takes the end.
 *   An item that is due when the FIFO is empty is missing (`when_empty: miss`): it is an underrun, and the clock goes
 *   on; or the clock stands until an item comes (`wait`). auto: miss while an item is owed to the device, of its
 *   total or by a transfer that is under way (fifo_feed.h), else wait.
 *   A source that has ended and has lost items tells the transfers that wait for them, once nobody has read DATA for
 *   the time of four items; their drivers end them.
 *   The device keeps the run open while it is on, or will be by itself, and items of its total are to go, or without
 *   a total wait in the FIFO. One that is off has nothing left to do.
 *
 * Inaccuracies
 *   No serial frames or parity. Request lines depend on level and enable only; there is no
 *   separate DMA enable bit. How much a transfer brings is told to the device in no bus time (fifo_feed.h).
 */
#include "peripherals/device_log.h"
#include "peripherals/fifo_device_state.h"

#include <string.h>

#include "bus/ahb/ahb_master.h"
#include "bus/records.h"

#define FIFO_TIMEOUT 4 /* items */

/* ---- the item clock ------------------------------------------------------------------------ */

static sim_cycle fifo_edge(struct fifo *self)
{
    uint64_t late = 0;
    if (self->config->jitter_percent > 0) {
        uint64_t span = self->period_ps * self->config->jitter_percent / 100;
        late = span * (random_next(&self->jitter) >> 12) >> 20; /* span below 2^42 */
    }
    return clock_edge_at(self->unit.clock, self->due_ps + late);
}

/* The next item is due so many periods later. */
static void fifo_clock_go(struct fifo *self, sim_cycle now, uint64_t periods)
{
    if (self->config->rate == 0) {
        self->due_cycle = now + periods;
        return;
    }
    self->due_rest += periods * self->period_rest;
    self->due_ps += periods * self->period_ps + self->due_rest / self->config->rate;
    self->due_rest %= self->config->rate;
    self->due_cycle = fifo_edge(self);
}

static void fifo_clock_next(struct fifo *self, sim_cycle now)
{
    fifo_clock_go(self, now, raster_next(&self->config->raster, &self->slot));
}

static void fifo_clock_start(struct fifo *self, sim_cycle now)
{
    self->running = true;
    self->due_ps = clock_time(self->unit.clock, now);
    self->due_rest = self->slot = 0;
    fifo_clock_go(self, now, 1);
}

static void fifo_clock_stop(struct fifo *self)
{
    self->running = false;
    self->due_cycle = SIM_NEVER;
}

static bool fifo_ended(const struct fifo *self)
{
    return self->total > 0 && self->moved == self->total;
}

/* ---- the ring ------------------------------------------------------------------------------ */

static bool fifo_push(struct fifo *self, uint64_t item)
{
    if (self->level == self->config->depth) {
        self->overruns++;
        device_lost(&self->unit, "overrun: an item is lost", self->level, self->config->depth,
                    self->request & (HANDSHAKE_BURST | HANDSHAKE_SINGLE), ahb_bus_owner(self->bus));
        return false;
    }
    uint32_t tail = self->head + self->level;
    self->items[tail < self->config->depth ? tail : tail - self->config->depth] = item;
    self->level++;
    return true;
}

static uint64_t fifo_pop(struct fifo *self)
{
    uint64_t item = self->items[self->head];
    self->head = self->head + 1 < self->config->depth ? self->head + 1 : 0;
    self->level--;
    return item;
}

/* Its lowest bits are an item. */
static uint64_t fifo_mask(const struct fifo *self)
{
    return UINT64_MAX >> (64 - 8 * self->item_bytes);
}

static uint64_t fifo_source_item(struct fifo *self)
{
    const struct fifo_source *source = &self->config->source;
    uint64_t at = self->moved * self->item_bytes;
    uint64_t item = 0;
    if (source->file.path) {
        memcpy(&item, source->file.bytes + at, self->item_bytes);
    } else if (source->pattern == FIFO_PATTERN_RANDOM) {
        item = random_next(&self->content);
        if (self->item_bytes > 4)
            item |= (uint64_t)random_next(&self->content) << 32;
        item &= fifo_mask(self);
    } else {
        for (uint32_t i = 0; i < self->item_bytes; i++)
            item |= ((at + i) & UINT8_MAX) << (8 * i);
    }
    return item;
}

void fifo_hold(struct fifo *self)
{
    const bool on = self->enabled || self->start_cycle != SIM_NEVER;
    const bool left = self->total > 0 ? !fifo_ended(self) : self->level > 0;
    const bool hold = self->config->direction == FIFO_MEM_TO_DEV && on && left;
    if (hold == self->held)
        return;
    self->held = hold;
    if (hold)
        kernel_hold(self->kernel);
    else
        kernel_release(self->kernel);
}

/* Whether an item that is due now and not there is missing. */
static bool fifo_misses(const struct fifo *self)
{
    if (self->config->rate == 0 || self->config->when_empty == FIFO_WAITS)
        return false;
    return self->config->when_empty == FIFO_MISSES || self->total > 0 ||
           fifo_feeds_owe(&self->feeds, self->lines != NULL);
}

/* Items from the source that are due at this edge. */
static void fifo_arrivals(struct fifo *self, sim_cycle now)
{
    while (self->due_cycle <= now) {
        if (self->config->rate == 0 && self->level == self->config->depth) {
            self->due_cycle = now + 1; /* ready as soon as there is room */
            return;
        }
        fifo_push(self, fifo_source_item(self)); /* or lose it */
        self->moved++;
        if (fifo_ended(self)) {
            fifo_clock_stop(self);
            return;
        }
        fifo_clock_next(self, now);
    }
}

/* Items for the sink that are due at this edge. */
static void fifo_departures(struct fifo *self, sim_cycle now)
{
    while (self->due_cycle <= now) {
        if (self->level == 0) {
            if (!fifo_misses(self)) {
                fifo_clock_stop(self);
                return;
            }
            self->underruns++;
            device_lost(&self->unit, "underrun: an item is missing", 0, self->config->depth,
                        self->request & (HANDSHAKE_BURST | HANDSHAKE_SINGLE),
                        ahb_bus_owner(self->bus));
            fifo_clock_next(self, now);
            continue;
        }
        struct stream_record record = {.value = fifo_pop(self), .bytes = (uint8_t)self->item_bytes};
        probe_publish(&self->stream, now, &record);
        self->moved++;
        fifo_hold(self);
        if (fifo_ended(self)) {
            fifo_clock_stop(self);
            return;
        }
        fifo_clock_next(self, now);
    }
}

static void fifo_enable(struct fifo *self, sim_cycle now, bool enable)
{
    if (enable == self->enabled)
        return;
    self->enabled = enable;
    if (!enable)
        fifo_clock_stop(self);
    else if (!fifo_ended(self) && (self->config->direction == FIFO_DEV_TO_MEM || self->level > 0))
        fifo_clock_start(self, now);
    fifo_hold(self);
}

/* ---- the bus port -------------------------------------------------------------------------- */

static uint32_t fifo_status(const struct fifo *self)
{
    return (self->level & 0xffffu) | (uint32_t)(self->level == 0) << 16 |
           (uint32_t)(self->level == self->config->depth) << 17 | (uint32_t)self->enabled << 18 |
           (uint32_t)(self->request & (HANDSHAKE_BURST | HANDSHAKE_SINGLE)) << 19;
}

bool fifo_read(struct fifo *self, uint32_t offset, uint64_t *value)
{
    struct register_hit hit;
    *value = 0;
    if (!register_find(&fifo_registers, offset & ~3u, &hit))
        return false;
    switch ((enum fifo_register)hit.index) {
    case FIFO_DATA:
        if (self->config->direction == FIFO_MEM_TO_DEV)
            break;
        if (self->level == 0) {
            self->underruns++;
            device_lost(&self->unit, "underrun: DATA is read while the FIFO is empty", 0,
                        self->config->depth, false, ahb_bus_owner(self->bus));
            break;
        }
        *value = fifo_pop(self);
        fifo_feeds_item(&self->feeds);
        self->over_cycle = SIM_NEVER;
        self->served = self->serves = self->request != 0;
        break;
    case FIFO_STATUS:
        *value = fifo_status(self);
        break;
    case FIFO_CTRL:
        *value = self->enabled;
        break;
    case FIFO_OVERRUNS:
        *value = (uint32_t)self->overruns;
        break;
    case FIFO_UNDERRUNS:
        *value = (uint32_t)self->underruns;
        break;
    }
    return true;
}

bool fifo_write(struct fifo *self, sim_cycle now, uint32_t offset, uint64_t value)
{
    struct register_hit hit;
    if (!register_find(&fifo_registers, offset & ~3u, &hit))
        return false;
    if (hit.index == FIFO_CTRL && (offset & 3u) == 0)
        fifo_enable(self, now, value & 1u);
    if (hit.index != FIFO_DATA || self->config->direction == FIFO_DEV_TO_MEM)
        return true;
    if (fifo_push(self, value & fifo_mask(self)))
        self->taken++;
    fifo_feeds_item(&self->feeds);
    self->served = self->serves = self->request != 0;
    fifo_hold(self);
    if (self->enabled && !self->running && !fifo_ended(self))
        fifo_clock_start(self, now);
    return true;
}

/* An access of a register, for observers; DATA is none. */
static void fifo_tell(const struct fifo *self, sim_cycle now, uint32_t offset, uint64_t value,
                      bool write)
{
    struct register_hit hit;
    if (register_find(&fifo_registers, offset & ~3u, &hit) && hit.index != FIFO_DATA)
        register_publish(&self->register_probe, now, &fifo_registers, offset & ~3u, value, write);
}

static void fifo_bus(struct fifo *self, sim_cycle now)
{
    const struct ahb_access *access;
    const struct ahb_data *hwdata;
    if (ahb_slave_data(self->bus, self->slave, now, &access, &hwdata) && access->hwrite) {
        const uint32_t at = access->haddr - (uint32_t)self->config->base;
        const uint64_t written = ahb_lanes_get(self->bus, access->haddr, access->hsize, hwdata);
        fifo_write(self, now, at, written);
        fifo_tell(self, now, at, written, true);
    }
    if (!ahb_slave_address(self->bus, self->slave, now, &access))
        return;
    uint32_t offset = access->haddr - (uint32_t)self->config->base;
    uint64_t value = 0;
    struct register_hit hit;
    bool known = access->hwrite ? register_find(&fifo_registers, offset & ~3u, &hit)
                                : fifo_read(self, offset, &value);
    if (known && !access->hwrite)
        fifo_tell(self, now, offset, value, false);
    /* Registers are words on their lanes, and so is DATA to whoever asks for no more. */
    const unsigned hsize = access->hsize > 2 ? 3 : 2;
    struct ahb_data hrdata =
        ahb_lanes_put(self->bus, access->haddr & ~((1u << hsize) - 1), hsize, value);
    ahb_slave_respond(self->bus, self->slave, now, self->config->wait_cycles,
                      known ? AHB_OKAY : AHB_ERROR, access->hwrite ? NULL : &hrdata);
}

/* ---- the request lines --------------------------------------------------------------------- */

static uint8_t fifo_wish(const struct fifo *self)
{
    const struct fifo_config *config = self->config;
    bool out = config->direction == FIFO_MEM_TO_DEV;
    uint32_t there = out ? config->depth - self->level : self->level;
    if (!self->enabled || there == 0)
        return 0;
    if (!config->last)
        return (uint8_t)((there >= config->threshold ? HANDSHAKE_BURST : 0) |
                         (config->single ? HANDSHAKE_SINGLE : 0));

    uint64_t rest = out ? self->total - self->taken : self->level + (self->total - self->moved);
    if (rest == 0)
        return 0;
    if (self->total > 0 && rest < config->threshold)
        return rest == 1 ? HANDSHAKE_SINGLE | HANDSHAKE_LAST : HANDSHAKE_SINGLE;
    if (there < config->threshold)
        return 0;
    return rest == config->threshold ? HANDSHAKE_BURST | HANDSHAKE_LAST : HANDSHAKE_BURST;
}

/* Tells the transfers under way that wait for items that were lost, once nobody has taken an item for the time of
 * four, as a UART's time-out does. */
static void fifo_give_up(struct fifo *self, sim_cycle now)
{
    const bool fails = self->overruns > 0 && fifo_ended(self) && !self->config->last &&
                       fifo_feeds_owe(&self->feeds, false);
    if (!fails)
        self->over_cycle = SIM_NEVER;
    else if (self->over_cycle == SIM_NEVER)
        self->over_cycle = clock_edge_at(self->unit.clock,
                                         self->unit.clock->time + FIFO_TIMEOUT * self->period_ps);
    fifo_feeds_tell(&self->feeds, self->unit.clock->time, self->over_cycle <= now);
}

static void fifo_drive(struct fifo *self, sim_cycle now)
{
    sim_time now_ps = self->unit.clock->time;
    const uint8_t before = self->request;
    if (self->serves)
        fifo_levels_served(&self->levels, &self->intervals, now + 1);
    self->serves = false;
    if (!self->lines)
        return;
    self->acknowledge = (uint8_t)wire_get(&self->lines->acknowledge, now_ps);
    uint8_t wish = fifo_wish(self);
    if (self->acknowledge & HANDSHAKE_FINISH)
        self->feeds.streams = false;
    if (self->acknowledge & HANDSHAKE_ACK) {
        self->request = 0;
        self->served = false;
    } else if (!self->config->last || self->request == 0) {
        self->request |= wish;
    } else if (!self->served && (self->request & wish & HANDSHAKE_BURST)) {
        self->request |= wish; /* an item was lost: this burst has become the last */
    }
    if (self->request & ~before & (HANDSHAKE_BURST | (before ? 0 : HANDSHAKE_SINGLE)))
        self->levels.asked = now + 1;
    wire_put(&self->lines->request, now_ps, self->request);
}

static void fifo_note(struct fifo *self)
{
    const struct fifo_config *config = self->config;
    const bool out = config->direction == FIFO_MEM_TO_DEV;
    const bool filled =
        out ? config->depth - self->level < config->threshold : self->level >= config->threshold;
    const uint64_t came = out ? self->taken : self->moved;
    bool fed = self->total == 0 || came < self->total;
    if (out && self->total == 0)
        fed = fifo_feeds_owe(&self->feeds, self->lines != NULL);
    fifo_levels_note(&self->levels, self->level, filled, fed);
}

sim_cycle fifo_step(void *instance, sim_cycle now)
{
    struct fifo *self = instance;

    fifo_feeds_look(&self->feeds, self->unit.clock->time);
    if (self->start_cycle <= now) {
        self->start_cycle = SIM_NEVER;
        fifo_enable(self, now, true);
    }
    if (self->config->direction == FIFO_MEM_TO_DEV)
        fifo_departures(self, now);
    fifo_bus(self, now);
    if (self->config->direction == FIFO_DEV_TO_MEM)
        fifo_arrivals(self, now);
    fifo_drive(self, now);
    if (self->config->direction == FIFO_DEV_TO_MEM)
        fifo_give_up(self, now);
    fifo_note(self);

    if (probe_observed(&self->probe)) {
        struct fifo_record record = {
            .level = self->level,
            .request = self->request,
            .acknowledge = self->acknowledge,
            .overruns = self->overruns,
            .underruns = self->underruns,
        };
        probe_publish(&self->probe, now, &record);
    }
    /* A device without a rate that is full waits for the read that makes room. */
    bool full = self->config->rate == 0 && self->config->direction == FIFO_DEV_TO_MEM &&
                self->level == self->config->depth;
    sim_cycle due = full ? SIM_NEVER : self->due_cycle;
    if (self->over_cycle > now && self->over_cycle < due)
        due = self->over_cycle;
    return self->start_cycle < due ? self->start_cycle : due;
}
