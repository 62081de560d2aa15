/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ahb_master: requests, addresses and recovery of one AHB master; see ahb_master.h.
 *
 * The queue, oldest first; the data phase is always one of the head command:
 *
 *     head          head + cursor        head + count
 *      |  addresses accepted  |  to send      |
 *      [ A: data phase running ][ B: beat 3 shown ][ C ]
 *
 * Sources: IHI 0011A 3.5 (bursts, 1 KiB), 3.9 (responses), 3.11 (arbitration, 3.11.6 early burst
 * termination); numbers in [] are rules of traces/golden/ahb/README.md, "Exact rules for a replay".
 *
 * Inaccuracies: no SPLIT (treated as RETRY). A master of ours never withdraws a request it has made
 * other than as `drop` says.
 */
#include "bus/ahb/ahb_master.h"

#include "bus/snoop.h"

#include <string.h>

static struct ahb_command *command_at(struct ahb_master *self, unsigned offset)
{
    return &self->queue[(self->head + offset) % AHB_QUEUE];
}

static bool unsent(const struct ahb_master *self)
{
    return self->cursor < self->count;
}

int ahb_master_join(struct ahb_master *self, struct ahb_bus *bus, struct unit *unit,
                    const char *name)
{
    int index = ahb_bus_add_master(bus, unit, name);
    *self = (struct ahb_master){.bus = bus, .unit = unit, .index = (uint8_t)index};
    return index;
}

/* Where `beat` of the command at the cursor goes. */
static void aim(struct ahb_master *self)
{
    const struct ahb_command *command = command_at(self, self->cursor);
    uint32_t first = command->haddr;
    uint32_t offset = (uint32_t)self->beat << command->hsize;
    self->wrap = 0;
    self->crosses_kib = false;
    if (command->fixed_address) {
        offset = 0;
    } else if (ahb_burst_wraps(command->hburst)) {
        self->wrap = ahb_burst_beats(command->hburst) << command->hsize;
    } else {
        uint32_t last = first + ((uint32_t)(command->beats - 1u) << command->hsize);
        self->crosses_kib = (first ^ last) / AHB_KIB != 0;
    }
    self->promises = command->run && !command->busy && !command->fixed_address && !self->wrap &&
                     !self->crosses_kib && command->drop == AHB_DROP_LAST_SHOWN;
    self->address = first + offset;
    if (self->wrap)
        self->address = (first & ~(self->wrap - 1)) | (self->address & (self->wrap - 1));
}

bool ahb_master_queue(struct ahb_master *self, sim_cycle now, const struct ahb_command *command)
{
    if (ahb_master_full(self))
        return false;
    *command_at(self, self->count) = *command;
    command_at(self, self->count)->busy &= 0xfffe; /* a burst can't start with BUSY (3.5) */
    if (self->cursor == self->count) {
        sim_cycle earliest = self->free_at + command->delay;
        self->opens = earliest > now ? earliest : now + 1;
        aim(self);
    }
    self->count++;
    self->bus->links.attentive |= UINT32_C(1) << self->index;
    return true;
}

/* ---- coherent masters ------------------------------------------------------------------------ */

static struct snoop_gate *gate_of(const struct ahb_master *self)
{
    return self->bus->gates[self->index];
}

/* May the command at the cursor have the bus for its first beat? */
static bool snooped(struct ahb_master *self)
{
    struct snoop_gate *gate = gate_of(self);
    if (!gate || self->beat > 0)
        return true;
    const struct ahb_command *command = command_at(self, self->cursor);
    const uint64_t beats = command->fixed_address ? 1 : command->beats;
    struct snoop_range range = {.first = command->haddr, .write = command->hwrite};
    if (self->wrap)
        range.first &= ~(uint64_t)(self->wrap - 1);
    range.last = range.first + (beats << command->hsize) - 1;
    return snoop_passes(gate, &range);
}

/* The command of the data phase is over. */
static void gate_over(const struct ahb_master *self)
{
    if (gate_of(self))
        snoop_over(gate_of(self), 0);
}

/* ---- the edge -------------------------------------------------------------------------------- */

/* The command at the cursor, if any, begins with its first beat. */
static void begin_command(struct ahb_master *self)
{
    self->beat = 0;
    self->shown = self->busy_shown = self->broken = self->resume = false;
    if (unsent(self))
        aim(self);
}

static void open_next(struct ahb_master *self, sim_cycle free_at)
{
    self->free_at = free_at;
    if (unsent(self))
        self->opens = free_at + command_at(self, self->cursor)->delay;
    begin_command(self);
}

static void pop(struct ahb_master *self)
{
    self->head = (uint8_t)((self->head + 1u) % AHB_QUEUE);
    self->count--;
    if (self->count == 0)
        self->bus->links.attentive &= ~(UINT32_C(1) << self->index);
}

/* First cycle of an ERROR: the rest of the command is dropped, also a beat of it or of the next
 * command that is on the address bus already [17]. Nothing is left to drop of a command whose last
 * address was accepted: the next one opens when it would have without the ERROR, or has opened. */
static void abandon(struct ahb_master *self, sim_cycle now)
{
    const bool sent = self->cursor > 0;
    self->data = false;
    gate_over(self);
    pop(self);
    self->cursor = 0;
    if (sent)
        begin_command(self);
    else
        open_next(self, now + 1);
}

/* First cycle of a RETRY: back to the failed beat; what was on the address bus is taken back [16]. */
static void rewind_to_data(struct ahb_master *self, sim_cycle now)
{
    self->data = false;
    if (self->data_beat == 0)
        gate_over(self); /* it asks again */
    self->cursor = 0;
    self->beat = self->data_beat;
    self->shown = self->busy_shown = false;
    self->broken = self->resume = self->beat > 0;
    self->opens = now;
    aim(self);
}

static void take_data(struct ahb_master *self, sim_cycle now, struct ahb_events *events)
{
    const struct ahb_row *row = &self->bus->row;
    const struct ahb_command *command = command_at(self, 0);
    events->done_tag = command->tag;
    events->done_beat = self->data_beat;
    events->done_haddr = self->bus->data.haddr;
    if (row->hready) {
        events->done = true;
        events->hrdata = &row->hrdata;
        self->data = false;
        if (self->data_beat + 1u == command->beats) {
            events->last = true;
            gate_over(self);
            pop(self);
            self->cursor--;
        }
    } else if (row->hresp == AHB_ERROR) {
        events->failed = true;
        abandon(self, now);
    } else if (row->hresp != AHB_OKAY) {
        rewind_to_data(self, now);
    }
}

static void take_address(struct ahb_master *self, sim_cycle now, struct ahb_events *events)
{
    const struct ahb_command *command = command_at(self, self->cursor);
    events->accepted = true;
    events->accepted_tag = command->tag;
    events->accepted_beat = self->beat;
    self->data = true;
    self->data_beat = self->beat;
    self->shown = self->resume = false;
    if (self->beat == 0 && gate_of(self))
        snoop_taken(gate_of(self));
    if (++self->beat == command->beats) {
        self->cursor++;
        open_next(self, now + 1);
    } else if (!command->fixed_address) {
        self->address += UINT32_C(1) << command->hsize;
        if (self->wrap && (self->address & (self->wrap - 1)) == 0)
            self->address -= self->wrap;
    }
}

struct ahb_events ahb_master_edge(struct ahb_master *self, sim_cycle now)
{
    struct ahb_events events = {.accepted = false};
    const struct ahb_bus *bus = self->bus;
    if (self->count == 0 || bus->view != now)
        return events;
    if (self->data && bus->data_slave >= 0 && (unsigned)bus->data_master == self->index)
        take_data(self, now, &events);
    if (bus->row.hready && bus->row.hmaster == self->index) {
        if (self->shown)
            take_address(self, now, &events);
        self->busy_shown = false;
    }
    return events;
}

/* ---- the registers for the next cycle -------------------------------------------------------- */

/* Is `beat` a NONSEQ: the first of a burst, of what is left of it, or of its next 1 KiB? */
static bool starts_burst(const struct ahb_master *self, const struct ahb_command *command)
{
    if (self->beat == 0 || self->resume || command->fixed_address)
        return true;
    if (self->wrap)
        return self->broken && (self->address & (self->wrap - 1)) == 0;
    return self->address % AHB_KIB == 0;
}

static uint8_t burst_of(const struct ahb_master *self, const struct ahb_command *command)
{
    if (command->fixed_address)
        return AHB_SINGLE;
    if (self->broken)
        return command->beats - self->beat == 1 ? AHB_SINGLE : AHB_INCR;
    return self->crosses_kib ? AHB_INCR : command->hburst;
}

/* Shows `beat`, or the BUSY in front of it. */
static void show_beat(struct ahb_master *self, struct ahb_command *command,
                      struct ahb_master_out *out)
{
    const bool start = starts_burst(self, command);
    out->haddr = self->address;
    if (command->busy && !self->resume && self->beat < 16 && (command->busy >> self->beat & 1)) {
        command->busy &= (uint16_t) ~(1u << self->beat);
        self->busy_shown = true;
        out->htrans = AHB_BUSY;
        /* It has the address at which the burst would go on (3.5), which in an INCR is not the one that a
         * new burst goes on at behind a wrap point. */
        if (start && self->wrap)
            out->haddr += self->wrap;
        return;
    }
    if (start) {
        if (self->beat == 0 || self->broken)
            out->hburst = burst_of(self, command);
        out->hwrite = command->hwrite;
        out->hsize = command->hsize;
        out->hprot = command->hprot;
    }
    self->shown = true;
    out->htrans = start ? AHB_NONSEQ : AHB_SEQ;
    out->promise = self->promises ? (uint16_t)(command->beats - 1u - self->beat) : 0;
}

/* Does the command behind this one open as soon as this one's last address is accepted? */
static const struct ahb_command *follower(struct ahb_master *self)
{
    if (self->cursor + 1u >= self->count || gate_of(self))
        return NULL;
    const struct ahb_command *next = command_at(self, self->cursor + 1u);
    return next->delay == 0 ? next : NULL;
}

static bool wants_bus(struct ahb_master *self, const struct ahb_command *command)
{
    bool last_shown = self->shown && self->beat + 1u == command->beats;
    bool keep = last_shown && follower(self);
    if (command->drop == AHB_DROP_LAST_ACCEPTED || keep)
        return true;
    if (command->drop == AHB_DROP_FIRST_SHOWN && !self->broken && !self->crosses_kib &&
        command->hburst != AHB_INCR)
        return self->beat == 0 && !self->shown;
    return !last_shown;
}

static bool wants_lock(struct ahb_master *self, const struct ahb_command *command)
{
    if (!command->lock)
        return false;
    if (!self->shown || self->beat + 1u < command->beats)
        return true;
    const struct ahb_command *next = follower(self);
    return next && next->lock;
}

/* Is the next beat one inside a burst, of which all but the address is as it was: SEQ, HBUSREQ and
 * HLOCK unchanged? Most cycles of a busy bus are such. */
static bool plain_beat(const struct ahb_master *self, const struct ahb_command *command)
{
    return self->beat > 0 && self->beat + 1u < command->beats && !self->resume && !command->busy &&
           !command->fixed_address && !self->wrap && self->address % AHB_KIB != 0;
}

unsigned ahb_master_behind(const struct ahb_master *self, sim_cycle upto)
{
    if (self->run_left == 0)
        return 0;
    const unsigned done = ahb_run_progress(&self->bus->run, upto) - self->run_next;
    return done < self->run_left ? done : self->run_left;
}

struct ahb_run_part ahb_master_catch_up(struct ahb_master *self, sim_cycle upto)
{
    struct ahb_run_part part = {.first = self->run_next};
    if (self->run_left == 0)
        return part;
    part.beats = (uint16_t)ahb_master_behind(self, upto);
    part.tag = command_at(self, 0)->tag;
    self->run_next = (uint16_t)(self->run_next + part.beats);
    self->run_left = (uint16_t)(self->run_left - part.beats);
    return part;
}

static struct ahb_data run_lanes(const struct ahb_bus *bus, const struct ahb_run *run,
                                 unsigned beat)
{
    struct ahb_data data = {{0, 0}};
    memcpy((uint8_t *)data.lane + (ahb_run_address(run, beat) & bus->lane_mask),
           run->bytes + (beat << run->hsize), (size_t)1 << run->hsize);
    return data;
}

/* Drives what the bus is to see at the end of the run. Until then it does not look. */
static void drive_run(struct ahb_master *self, struct ahb_master_out *out)
{
    struct ahb_bus *bus = self->bus;
    const struct ahb_run *run = &bus->run;
    const uint16_t skipped = (uint16_t)(run->beats - 1u);
    self->run_next = 0;
    self->run_left = skipped;
    self->run_end = run->end;
    self->data_beat = (uint16_t)(self->data_beat + skipped);
    self->beat = (uint16_t)(self->beat + skipped);
    self->address += (uint32_t)skipped << run->hsize;
    self->shown = true;
    out->haddr = self->address;
    out->htrans = AHB_SEQ;
    out->promise = (uint16_t)(out->promise - run->beats);
    if (run->hwrite)
        out->hwdata = run_lanes(bus, run, run->beats - 1u);

    const uint32_t me = UINT32_C(1) << self->index;
    struct ahb_command *command = command_at(self, self->cursor);
    if (!wants_bus(self, command))
        bus->links.hbusreq &= ~me;
    if (!wants_lock(self, command))
        bus->links.hlock &= ~me;
}

sim_cycle ahb_master_drive(struct ahb_master *self, sim_cycle now)
{
    if ((self->count == 0 && !self->driving) || now < self->run_end)
        return SIM_NEVER;
    struct ahb_bus *bus = self->bus;
    struct ahb_master_out *out = &bus->links.master[self->index];
    if (ahb_master_run(self, now)) {
        drive_run(self, out);
        return SIM_NEVER;
    }
    const uint32_t me = UINT32_C(1) << self->index;
    const bool granted = (bus->row.hgrant & me) != 0;
    const bool due = unsent(self) && self->opens <= now + 1;
    const bool open = due && snooped(self);
    struct ahb_command *command = open ? command_at(self, self->cursor) : NULL;

    if (open && granted && bus->row.hready && plain_beat(self, command)) {
        out->haddr = self->address;
        out->htrans = AHB_SEQ;
        out->promise -= self->promises;
        self->shown = true;
        unit_wake(&bus->unit);
        return SIM_NEVER;
    }

    const uint64_t before = out->address_phase;
    const uint32_t requested = bus->links.hbusreq & me, locked = bus->links.hlock & me;
    if (bus->row.hready) {
        /* HMASTLOCK of the next row is HLOCK of this one: a burst is locked as a whole, or not at all [19]. */
        if (open && granted && command->lock == (locked != 0)) {
            show_beat(self, command, out);
        } else if (open && !granted && self->beat > 0) {
            self->broken = self->resume = true; /* early termination */
        }
    }
    if (!self->shown && !self->busy_shown)
        out->htrans = AHB_IDLE;

    uint32_t request = open && wants_bus(self, command) ? me : 0;
    uint32_t lock = open && wants_lock(self, command) ? me : 0;
    self->kept_bus = self->hold && !request;
    self->kept_lock = self->hold && !lock;
    if (self->hold)
        request = lock = me;
    bus->links.hbusreq = (bus->links.hbusreq & ~me) | request;
    bus->links.hlock = (bus->links.hlock & ~me) | lock;
    self->driving = request || lock || out->htrans != AHB_IDLE;

    if (request != requested || lock != locked || out->address_phase != before)
        unit_wake(&bus->unit);
    return unsent(self) && !due ? self->opens - 1 : SIM_NEVER;
}

/* ---- lanes ----------------------------------------------------------------------------------- */

struct ahb_data ahb_lanes_put(const struct ahb_bus *bus, uint32_t haddr, unsigned hsize,
                              uint64_t value)
{
    struct ahb_data data = {{0, 0}};
    unsigned lane = haddr & bus->lane_mask;
    if (hsize < 3)
        value &= (UINT64_C(1) << (8u << hsize)) - 1;
    data.lane[lane / 8] = value << (lane % 8 * 8);
    return data;
}

uint64_t ahb_lanes_get(const struct ahb_bus *bus, uint32_t haddr, unsigned hsize,
                       const struct ahb_data *data)
{
    unsigned lane = haddr & bus->lane_mask;
    uint64_t value = data->lane[lane / 8] >> (lane % 8 * 8);
    return hsize < 3 ? value & ((UINT64_C(1) << (8u << hsize)) - 1) : value;
}
