/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_master: bursts of commands on the five channels; rules and timing in axi_master.h. */
#include "bus/axi/axi_master.h"

#include <string.h>

#define FIXED_BEATS_MAX 16 /* A3.4.1 */

enum { READS, WRITES };

/* Not in every step: kept out of those that are. */
#define SLOW __attribute__((noinline))

static inline struct axi_master_burst *burst_at(const struct axi_master_side *side, uint32_t index)
{
    const uint32_t at = side->first + index;
    return &side->bursts[at < side->places ? at : at - side->places];
}

/* Takes a burst out; those behind it stay in their order. */
static void drop_burst(struct axi_master_side *side, uint32_t index)
{
    for (; index > 0; index--)
        *burst_at(side, index) = *burst_at(side, index - 1);
    side->first = side->first + 1 < side->places ? side->first + 1 : 0;
    side->count--;
}

/* ---- from round to round --------------------------------------------------------------------- */

static struct state_live waiting_commands(const void *side)
{
    const struct axi_master_side *self = side;
    return (struct state_live){self->waiting_first, self->waiting_count};
}

static const struct state_field side_rows[] = {
    {STATE_SAMES(struct axi_master_side, waiting), .live = waiting_commands},
    {STATE_SAME(struct axi_master_side, waiting_first), .dead = true},
    {.name = NULL},
};
static const struct state_table side_round = {STATE_TABLE(axi_master_side, side_rows)};

/* `order` is looked at as a distance, and that of a command that is done is not. */
static const struct state_field command_rows[] = {
    {STATE_COUNT(struct axi_master_command, order), .figure = true},
    {.name = NULL},
};
static const struct state_table command_round = {STATE_TABLE(axi_master_command, command_rows)};

static const struct state_field round_rows[] = {
    {STATE_COUNT(struct axi_master, queued), .figure = true},
    {STATE_PARTS(struct axi_master, sides, side_round)},
    {STATE_PARTS(struct axi_master, commands, command_round)},
    {STATE_STAMP(struct axi_master, train_end)},
    {.name = NULL},
};
const struct state_table axi_master_round = {STATE_TABLE(axi_master, round_rows)};

/* ---- beats ----------------------------------------------------------------------------------- */

/* The next beat of a burst, and `more` of the same burst after it. */
static inline void next_beat(const struct axi_master *self, const struct axi_master_burst *burst,
                             uint32_t more, struct axi_beat *beat)
{
    const uint32_t size = UINT32_C(1) << burst->ax.size;
    const uint64_t left = burst->end - burst->offset;
    const uint64_t addr = burst->addr;
    const uint32_t bytes = size * (1 + more) - ((uint32_t)addr & (size - 1));
    *beat = (struct axi_beat){
        .addr = addr,
        .offset = burst->offset,
        .tag = burst->tag,
        .bytes = bytes < left ? bytes : (uint32_t)left,
        .lane = (uint16_t)axi_lane(self->port->bus, addr),
        .burst_left = (uint16_t)(burst->ax.len + 1u - burst->beat),
    };
}

/* It is shown, or handed over. */
static inline void beat_done(struct axi_master_burst *burst, const struct axi_beat *beat,
                             uint32_t beats)
{
    burst->offset += beat->bytes;
    burst->beat = (uint16_t)(burst->beat + beats);
    if (burst->ax.burst == AXI_INCR)
        burst->addr += beat->bytes; /* but for the last, which may be short, to the next beat's */
    else
        burst->addr = axi_beat_address(&burst->ax, burst->beat);
}

/* ---- the end of bursts and commands ---------------------------------------------------------- */

static void pop_waiting(struct axi_master_side *side)
{
    side->waiting_first = (uint8_t)((side->waiting_first + 1) % AXI_MASTER_COMMANDS);
    side->waiting_count--;
}

/* Keeps a response of a burst. */
static inline void respond(struct axi_master_command *command, const struct axi_master_burst *burst,
                           uint8_t resp)
{
    if (resp == AXI_OKAY)
        return;
    if (resp > command->resp)
        command->resp = resp;
    if (resp >= AXI_SLVERR && burst->begin < command->good)
        command->good = burst->begin;
}

/* The last R or the B of a burst: true if its command ended with it. */
SLOW static bool answered(struct axi_master *self, unsigned write, uint32_t index)
{
    struct axi_master_side *side = &self->sides[write];
    struct axi_master_command *command = &self->commands[burst_at(side, index)->command];
    drop_burst(side, index);
    command->open--;
    const bool waits = command->begun < command->command.bytes;
    if (waits && command->command.stops && command->resp >= AXI_SLVERR) {
        command->begun = command->command.bytes;
        pop_waiting(side);
    } else if (waits) {
        return false;
    }
    if (command->open > 0)
        return false;
    command->used = false;
    self->unfinished--;
    return true;
}

/* The oldest burst of an id among the first `count`; -1 if there is none. */
SLOW static int32_t oldest(const struct axi_master_side *side, uint32_t count, uint32_t id)
{
    for (uint32_t i = 0; i < count; i++)
        if (burst_at(side, i)->ax.id == id)
            return (int32_t)i;
    return -1;
}

static inline void take_r(struct axi_master *self, struct axi_events *events)
{
    struct axi_master_side *side = &self->sides[READS];
    const struct axi_read *r = self->port->view.r;
    const bool first = side->count && side->bursts[side->first].ax.id == r->id;
    const int32_t index = first ? 0 : oldest(side, side->count, r->id);
    if (index < 0) {
        self->strays++;
        events->fires &= (uint8_t)~AXI_BIT_R;
        return;
    }
    struct axi_master_burst *burst = burst_at(side, (uint32_t)index);
    struct axi_master_command *command = &self->commands[burst->command];
    next_beat(self, burst, r->train, &events->r);
    events->r_resp = r->resp;
    events->r_data = r->data - (size_t)r->train * self->port->bus->width_bytes + events->r.lane;
    beat_done(burst, &events->r, 1u + r->train);
    respond(command, burst, r->resp);
    if (burst->beat <= burst->ax.len)
        return;
    self->settled = false;
    if (!answered(self, READS, (uint32_t)index))
        return;
    events->done |= AXI_BIT_R;
    events->read.tag = command->command.tag;
    events->read.resp = command->resp;
    events->read.good = command->good;
}

SLOW static void take_b(struct axi_master *self, struct axi_events *events)
{
    struct axi_master_side *side = &self->sides[WRITES];
    const struct axi_response *b = self->port->view.b;
    const int32_t index = oldest(side, side->sending, b->id);
    if (index < 0) {
        self->strays++;
        events->fires &= (uint8_t)~AXI_BIT_B;
        return;
    }
    const struct axi_master_burst *burst = burst_at(side, (uint32_t)index);
    struct axi_master_command *command = &self->commands[burst->command];
    respond(command, burst, b->resp);
    side->sending--;
    if (!answered(self, WRITES, (uint32_t)index))
        return;
    events->done |= AXI_BIT_B;
    events->write.tag = command->command.tag;
    events->write.resp = command->resp;
    events->write.good = command->good;
}

void axi_master_take(struct axi_master *self, struct axi_events *events)
{
    struct axi_port *port = self->port;
    const uint8_t fires = events->fires;
    if (fires & ~AXI_BIT_R)
        self->settled = false;
    axi_lower_valid(port, fires & AXI_TO_SLAVE);
    if (fires & (AXI_BIT_AR | AXI_BIT_AW)) {
        events->ar = &port->ar[port->drive >> (AXI_SHOWN + AXI_AR) & 1];
        events->aw = &port->aw[port->drive >> (AXI_SHOWN + AXI_AW) & 1];
    }
    if (fires & AXI_BIT_R)
        take_r(self, events);
    if (fires & AXI_BIT_B)
        take_b(self, events);
}

/* ---- commands -------------------------------------------------------------------------------- */

bool axi_command_legal(const struct axi_bus *bus, const struct axi_command *command)
{
    const uint64_t size = UINT64_C(1) << command->size, beats = command->bytes >> command->size;
    if (command->bytes == 0 || command->addr + (command->bytes - 1) < command->addr ||
        command->burst > AXI_WRAP || command->size > 7 || size > bus->width_bytes ||
        command->id >> AXI_ID_BITS)
        return false;
    if (bus->config.lite)
        return command->burst == AXI_INCR && command->id == 0 && !command->lock;
    if (command->burst != AXI_INCR && (command->addr | command->bytes) & (size - 1))
        return false;
    if (command->burst == AXI_WRAP && (beats < 2 || beats > 16 || beats & (beats - 1)))
        return false;
    /* A7.2.4: an exclusive access is one aligned burst of a power of two bytes, up to 128. */
    return !command->lock ||
           ((command->bytes & (command->bytes - 1)) == 0 && command->bytes <= 128 && beats > 0 &&
            beats <= 16 && (command->addr & (command->bytes - 1)) == 0);
}

bool axi_master_queue(struct axi_master *self, const struct axi_command *command)
{
    struct axi_master_side *side = &self->sides[command->write];
    if (self->unfinished == AXI_MASTER_COMMANDS)
        return false;
    unsigned slot = 0;
    while (self->commands[slot].used)
        slot++;
    self->commands[slot] = (struct axi_master_command){
        .command = *command, .good = command->bytes, .order = self->queued++, .used = true};
    side->waiting[(side->waiting_first + side->waiting_count++) % AXI_MASTER_COMMANDS] =
        (uint8_t)slot;
    self->unfinished++;
    self->settled = false;
    return true;
}

/* Is everything done that was queued before a command? */
static bool fence_open(const struct axi_master *self, const struct axi_master_command *command)
{
    for (unsigned i = 0; i < AXI_MASTER_COMMANDS; i++)
        if (self->commands[i].used && (int32_t)(self->commands[i].order - command->order) < 0)
            return false;
    return true;
}

/* Beats of the burst that begins at addr with `left` bytes to go. */
static uint32_t burst_beats(const struct axi_master *self, const struct axi_command *command,
                            uint64_t addr, uint64_t left)
{
    const uint64_t size = UINT64_C(1) << command->size;
    const uint64_t beats = ((addr & (size - 1)) + left + size - 1) >> command->size;
    if (command->burst == AXI_WRAP)
        return (uint32_t)beats;
    uint64_t most = AXI_BEATS_MAX;
    if (self->port->bus->config.lite)
        most = 1;
    else if (command->burst == AXI_FIXED)
        most = FIXED_BEATS_MAX;
    else if ((AXI_KIB4 - addr % AXI_KIB4 + size - 1) >> command->size < most)
        most = (AXI_KIB4 - addr % AXI_KIB4 + size - 1) >> command->size;
    if (command->burst_beats && command->burst_beats < most)
        most = command->burst_beats;
    return (uint32_t)(beats < most ? beats : most);
}

static inline bool wants_to_begin(const struct axi_master_side *side)
{
    return side->waiting_count > 0 && side->count < side->places;
}

/* Begins the next burst of a direction that wants to; null if a fence is in its way. */
SLOW static const struct axi_master_burst *begin(struct axi_master *self, unsigned write)
{
    struct axi_master_side *side = &self->sides[write];
    const uint8_t slot = side->waiting[side->waiting_first];
    struct axi_master_command *state = &self->commands[slot];
    const struct axi_command *command = &state->command;
    if (command->fence && state->begun == 0 && !fence_open(self, state))
        return NULL;
    const uint64_t addr = command->addr + (command->burst == AXI_INCR ? state->begun : 0);
    const uint64_t left = command->bytes - state->begun;
    const uint32_t beats = burst_beats(self, command, addr, left);
    struct axi_master_burst *burst = burst_at(side, side->count++);
    *burst = (struct axi_master_burst){
        .ax = {.addr = addr,
               .id = command->id,
               .len = (uint8_t)(beats - 1),
               .size = command->size,
               .burst = command->burst,
               .prot = command->prot,
               .cache = command->cache,
               .qos = command->qos,
               .lock = command->lock},
        .addr = addr,
        .begin = state->begun,
        .offset = state->begun,
        .end = command->bytes,
        .tag = command->tag,
        .command = slot,
    };
    const uint64_t size = UINT64_C(1) << command->size;
    const uint64_t bytes = beats * size - (addr & (size - 1));
    state->begun += bytes < left ? bytes : left;
    state->open++;
    if (state->begun == command->bytes)
        pop_waiting(side);
    return burst;
}

/* ---- what the port drives -------------------------------------------------------------------- */

static void show_address(const struct axi_master *self, struct axi_address *place,
                         const struct axi_master_burst *burst)
{
    const struct axi_bus *bus = self->port->bus;
    *place = burst->ax;
    if (bus->config.lite) /* B1.1.1: as wide as the bus */
        place->size = (uint8_t)__builtin_ctz(bus->width_bytes);
}

/* All words of a burst are whole, so that they may be a train. */
static bool whole(const struct axi_master *self, const struct axi_master_burst *burst,
                  const struct axi_beat *beat)
{
    const uint32_t width = self->port->bus->width_bytes;
    const uint64_t left = burst->end - beat->offset;
    return burst->beat == 0 && burst->ax.burst == AXI_INCR && beat->bytes == width &&
           left >= (uint64_t)beat->burst_left * width;
}

/* Beats first to last of a burst as a train from now + 1 on: nothing is shown before the last. */
static void begin_train(struct axi_master *self, struct axi_master_burst *burst,
                        const struct axi_give *give, uint32_t beats, sim_cycle now)
{
    struct axi_port *port = self->port;
    const uint8_t *last = give->data + (size_t)(beats - 1) * port->bus->width_bytes;
    self->train_slot ^= 1;
    port->w_train[self->train_slot] =
        (struct axi_train){.first = now + 1, .beats = beats, .data = give->data};
    self->train_end = now + beats - 1;
    self->train = (struct axi_write){.data = last, .last = true, .train = (uint8_t)(beats - 1)};
    memcpy(self->train.strb, give->strb, sizeof give->strb);
    burst->beat = (uint16_t)beats;
}

/* The next beat of W, if there is one and the owner has it. */
SLOW static void show_w(struct axi_master *self, sim_cycle now)
{
    struct axi_port *port = self->port;
    struct axi_master_side *side = &self->sides[WRITES];
    if (self->train_end != SIM_NEVER) {
        if (now < self->train_end)
            return;
        self->train_end = SIM_NEVER;
        side->sending++;
        *axi_show_w(port) = self->train;
        return;
    }
    struct axi_master_burst *burst = burst_at(side, side->sending);
    struct axi_beat beat;
    next_beat(self, burst, 0, &beat);
    struct axi_give give = {.lanes = self->lanes[~port->drive >> (AXI_SHOWN + AXI_W) & 1]};
    give.data = give.lanes;
    if (port->bus->width_bytes <= 8)
        memset(give.lanes, 0, 8);
    else
        memset(give.lanes, 0, port->bus->width_bytes);
    axi_strobes(beat.lane, beat.bytes, give.strb);
    const uint32_t beats = self->config.give(self->config.owner, &beat, &give);
    if (beats == 0)
        return;
    if (beats >= AXI_TRAIN_BEATS_MIN && axi_may_train(port, AXI_BIT_W) &&
        whole(self, burst, &beat)) {
        begin_train(self, burst, &give, beats, now);
        return;
    }
    struct axi_write *w = axi_show_w(port);
    *w = (struct axi_write){.data = give.data, .from = give.from};
    memcpy(w->strb, give.strb, sizeof give.strb);
    w->last = burst->beat == burst->ax.len;
    beat_done(burst, &beat, 1);
    side->sending += w->last;
}

sim_cycle axi_master_show(struct axi_master *self, sim_cycle now)
{
    struct axi_port *port = self->port;
    if (!(port->drive & AXI_BIT_AR) && wants_to_begin(&self->sides[READS])) {
        const struct axi_master_burst *burst = begin(self, READS);
        if (burst)
            show_address(self, axi_show_ar(port), burst);
    }
    if (!(port->drive & AXI_BIT_AW) && wants_to_begin(&self->sides[WRITES])) {
        const struct axi_master_burst *burst = begin(self, WRITES);
        if (burst)
            show_address(self, axi_show_aw(port), burst);
    }
    if (!(port->drive & AXI_BIT_W) && self->sides[WRITES].sending < self->sides[WRITES].count)
        show_w(self, now);
    uint32_t ready = self->config.parked;
    ready |= self->sides[READS].count ? AXI_BIT_R : 0;
    ready |= self->sides[WRITES].count ? AXI_BIT_B : 0;
    axi_set_ready(port, ready & ~(uint32_t)self->held, AXI_TO_MASTER);
    axi_drove(port, self->before, now);
    self->before = port->drive;
    self->held_before = self->held;
    /* Data of W that are not there, or a train, need no event to come. */
    self->settled =
        port->drive & AXI_BIT_W || self->sides[WRITES].sending == self->sides[WRITES].count;
    return self->train_end;
}

bool axi_master_init(struct axi_master *self, struct axi_port *port,
                     const struct axi_master_config *config)
{
    struct arena *arena = port->unit->clock->kernel->arena;
    self->port = port;
    self->config = *config;
    self->before = port->drive;
    self->train_end = SIM_NEVER;
    for (unsigned i = 0; i < 2; i++) {
        struct axi_master_side *side = &self->sides[i];
        if (!(config->channels & (i == WRITES ? AXI_WRITES : AXI_READS)))
            continue;
        side->places = config->outstanding[i] ? config->outstanding[i] : 1;
        side->bursts = arena_alloc(arena, side->places * sizeof *side->bursts);
        if (!side->bursts)
            return false;
    }
    if (config->r_trains)
        port->steady |= AXI_BIT_R;
    return true;
}
