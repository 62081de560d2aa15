/* SPDX-License-Identifier: BSD-2-Clause */
/* dram_controller: lanes, replies, latencies; timing in dram_controller.h. */
#include "memory/dram_controller.h"

#include "kernel/base.h"

#include <stdio.h>
#include <string.h>

#define WRITE_TAG (UINT64_C(1) << 32)

/* ---- lanes and replies ----------------------------------------------------------------------- */

static struct dram_lane *lane_of(const struct dram_controller *self, unsigned channel, bool write)
{
    return &self->lanes[2 * channel + write];
}

void dram_put(struct dram_controller *self, sim_time now, uint64_t address, bool write,
              uint32_t slot)
{
    struct dram_place place;
    dram_locate(&self->dram.config, address, &place);
    struct dram_lane *lane = lane_of(self, place.channel, write);
    lane->ring[lane->put++ % self->places[write]] =
        (struct dram_request){.address = address, .put = now, .slot = slot};
    self->unit.clock->background = false;
    unit_wake(&self->unit);
}

bool dram_take_reply(struct dram_controller *self, sim_time now, struct dram_reply *reply)
{
    if (self->reply_taken == self->reply_put)
        return false;
    *reply = self->replies[self->reply_taken % self->reply_places];
    if (reply->put >= now)
        return false;
    self->reply_taken++;
    return true;
}

static void reply(struct dram_controller *self, sim_cycle edge, uint32_t slot, bool write)
{
    self->replies[self->reply_put++ % self->reply_places] =
        (struct dram_reply){clock_time(self->unit.clock, edge), slot, write};
    unit_wake(self->port);
}

static void count_latency(struct dram_latencies *self, uint64_t cycles)
{
    unsigned bin = 0;
    while (bin < DRAM_LATENCIES - 1 && cycles > UINT64_C(32) << bin)
        bin++;
    self->up_to[bin]++;
    self->reads++;
    self->sum += cycles;
    if (cycles > self->most)
        self->most = cycles;
}

/* ---- the unit -------------------------------------------------------------------------------- */

/* Cycle n of the controller is the edge n - 1 of CK: its first is 1. */
static void completed(void *instance, sim_cycle now, uint64_t tag, bool write)
{
    struct dram_controller *self = instance;
    const uint32_t slot = (uint32_t)tag;
    self->under_way--;
    if (!write) {
        count_latency(&self->latencies, now - 1 - self->since[slot]);
        self->since[slot] = SIM_NEVER;
    }
    if (!write || self->reply_when_sent)
        reply(self, now - 1, slot, write);
}

static void commanded(void *instance, sim_cycle now, const struct dram_event *event)
{
    dram_trace_command(instance, now - 1, event);
}

enum offered { OFFERED_ALL, OFFERED_ONE, OFFERED_REFUSED };

/* Offers the oldest request of a lane: none is left, others wait, it was refused. */
static enum offered offer(struct dram_controller *self, unsigned channel, bool write, sim_cycle now,
                          sim_time time)
{
    struct dram_lane *lane = lane_of(self, channel, write);
    const struct dram_request *request = &lane->ring[lane->taken % self->places[write]];
    if (lane->taken == lane->put || request->put >= time)
        return OFFERED_ALL;
    const uint32_t slot = request->slot;
    if (!write && self->since[slot] == SIM_NEVER)
        self->since[slot] = now;
    if (self->addresses[write])
        self->addresses[write][slot] = request->address;
    switch (
        dram_offer(&self->dram, now + 1, request->address, write, slot | (write ? WRITE_TAG : 0))) {
    case DRAM_REFUSED:
        return OFFERED_REFUSED;
    case DRAM_MERGED:
        reply(self, now, slot, true);
        break;
    default:
        self->under_way++;
        if (write && !self->reply_when_sent)
            reply(self, now, slot, true);
        break;
    }
    lane->taken++;
    return lane->taken == lane->put ? OFFERED_ALL : OFFERED_ONE;
}

static bool waits(const struct dram_controller *self)
{
    bool any = self->under_way > 0;
    for (unsigned i = 0; i < 2u * self->dram.config.channels; i++)
        any |= self->lanes[i].put != self->lanes[i].taken;
    return any;
}

static sim_cycle controller_step(void *instance, sim_cycle now)
{
    struct dram_controller *self = instance;
    struct clock *clock = self->unit.clock;
    const sim_time time = clock_time(clock, now);
    const bool traced = dram_traced(self);
    bool more = false, refused = false;
    self->dram.every_cycle = clock->kernel->flags & KERNEL_EVERY_CYCLE;
    self->dram.owner.command = traced ? commanded : NULL;
    if (traced)
        dram_trace_begin(self, now);
    for (unsigned channel = 0; channel < self->dram.config.channels; channel++) {
        for (unsigned write = 0; write < 2; write++) {
            const enum offered offered = offer(self, channel, write, now, time);
            more |= offered == OFFERED_ONE;
            refused |= offered == OFFERED_REFUSED;
        }
    }
    const bool due = self->dram.next <= now + 1 || self->dram.every_cycle;
    const sim_cycle next = due ? dram_tick(&self->dram, now + 1) : self->dram.next;
    if (traced)
        more |= dram_trace_end(self, now);
    more |= refused && due && self->dram.freed;
    clock->background = !waits(self);
    return more ? now + 1 : next == SIM_NEVER ? SIM_NEVER : next - 1;
}

/* ---- figures --------------------------------------------------------------------------------- */

struct request_figures {
    uint64_t reads, writes, accesses, forwarded, merged, hits, misses, conflicts, acts, precharges,
        autos, refreshes, turnarounds;
};

static const struct counter request_table[] = {
#define ROW(member, text) COUNTER(request_figures, member, #member, "requests", text)
#define SENT(member, text) COUNTER(request_figures, member, #member, "commands", text)
    ROW(reads, "reads that went to the memory"),
    ROW(writes, "writes that went to the memory"),
    ROW(forwarded, "reads that got their data from the write queue"),
    ROW(merged, "writes to an address whose write was still in the write queue"),
    ROW(hits, "reads and writes that found their row open"),
    ROW(misses, "reads and writes that found their bank closed"),
    ROW(conflicts, "reads and writes that found another row open"),
    COUNTER_RATIO(request_figures, hits, 100, accesses, 1, "row_hit_rate", "%",
                  "hits of all reads and writes"),
    SENT(acts, "ACT"),
    SENT(precharges, "PREpb and PREab"),
    SENT(autos, "RDA and WRA"),
    SENT(refreshes, "REFab and REFpb"),
    COUNTER(request_figures, turnarounds, "turnarounds", "changes",
            "changes between reads and writes on the data bus"),
#undef ROW
#undef SENT
    {.name = NULL},
};

struct bus_figures {
    uint64_t data, idle, refresh, row, turnaround, spacing, cycles, bytes, scaled;
};

static const struct counter bus_table[] = {
#define SHARE(member, text)                                                                        \
    COUNTER(bus_figures, member, #member "_cycles", "cycles", text),                               \
        COUNTER_RATIO(bus_figures, member, 100, cycles, 1, #member "_share", "%",                  \
                      #member "_cycles of data_bus_cycles")
    COUNTER(bus_figures, cycles, "data_bus_cycles", "cycles",
            "cycles of CK of all data buses (a channel's; HBM2: a pseudo channel's) that are told "
            "below; "
            "not those of whoever waits now"),
    SHARE(data, "cycles with data"),
    SHARE(idle, "cycles in which no request waited"),
    SHARE(refresh, "cycles lost while a refresh waited or ran"),
    SHARE(row, "cycles lost until a row was open"),
    SHARE(turnaround, "cycles lost to a change of direction or rank"),
    SHARE(spacing, "cycles lost to the distance inside a bank group and to the order of requests"),
#undef SHARE
    COUNTER(bus_figures, bytes, "bytes", "bytes", "moved, in whole transactions"),
    {.name = NULL},
};

struct latency_figures {
    uint64_t reads, sum, most, up_to[DRAM_LATENCIES];
};

static const struct counter latency_table[] = {
#define UP_TO(index, cycles)                                                                       \
    COUNTER(latency_figures, up_to[index], "read_latency_up_to_" cycles, "reads",                  \
            "reads with a latency up to " cycles " cycles of CK and above the step before")
    COUNTER(latency_figures, sum, "read_latency_sum", "cycles",
            "cycles of CK from when a read is seen by the controller to its last data, summed"),
    COUNTER_RATIO(latency_figures, sum, 1, reads, 1, "read_latency_mean", "cycles",
                  "read_latency_sum of all reads, forwarded ones too"),
    COUNTER_STEADY(latency_figures, most, "read_latency_max", "cycles", "the longest of them"),
    UP_TO(0, "32"),
    UP_TO(1, "64"),
    UP_TO(2, "128"),
    UP_TO(3, "256"),
    UP_TO(4, "512"),
    UP_TO(5, "1024"),
    UP_TO(6, "2048"),
    COUNTER(latency_figures, up_to[7], "read_latency_above_2048", "reads",
            "reads with a latency of more cycles"),
#undef UP_TO
    {.name = NULL},
};

bool dram_controller_counters(const struct dram_controller *self, uint32_t index, sim_time now,
                              struct counter_part *part)
{
    const struct dram_counts counts =
        dram_count(&self->dram, UINT32_MAX, clock_edge_after(self->unit.clock, now));
    if (index == 0) {
        const struct request_figures figures = {.reads = counts.reads,
                                                .writes = counts.writes,
                                                .accesses = counts.reads + counts.writes,
                                                .forwarded = counts.forwarded,
                                                .merged = counts.merged,
                                                .hits = counts.hits,
                                                .misses = counts.misses,
                                                .conflicts = counts.conflicts,
                                                .acts = counts.acts,
                                                .precharges = counts.precharges,
                                                .autos = counts.autos,
                                                .refreshes = counts.refreshes,
                                                .turnarounds = counts.turnarounds};
        counter_tell(part, COUNTERS_MEMORY, 0, request_table, &figures, sizeof figures);
    } else if (index == 1) {
        const struct bus_figures figures = {.data = counts.data,
                                            .idle = counts.idle,
                                            .refresh = counts.refresh,
                                            .row = counts.row,
                                            .turnaround = counts.turnaround,
                                            .spacing = counts.spacing,
                                            .cycles = counts.cycles,
                                            .bytes = (counts.reads + counts.writes) *
                                                     self->dram.config.tx_bytes};
        counter_tell(part, COUNTERS_MEMORY, 1, bus_table, &figures, sizeof figures);
    } else if (index == 2) {
        counter_tell(part, COUNTERS_MEMORY, 2, latency_table, &self->latencies,
                     sizeof self->latencies);
    }
    return index < 3;
}

/* ---- building -------------------------------------------------------------------------------- */

struct dram_controller *dram_controller_create(struct build *build, struct component *component,
                                               const struct dram_config *config, sim_time period_ps,
                                               struct unit *port, const uint32_t slots[2],
                                               bool reply_when_sent)
{
    struct arena *arena = build->kernel->arena;
    struct dram_controller *self = arena_alloc(arena, sizeof *self);
    const size_t bytes = strlen(component->name) + sizeof ".ck";
    char *name = arena_room(arena, bytes);
    if (!self || !name)
        return NULL;
    snprintf(name, bytes, "%s.ck", component->name);
    struct clock *clock = kernel_clock(build->kernel, name, period_ps, 0);
    const struct dram_owner owner = {.self = self, .completed = completed};
    if (!clock || !dram_init(&self->dram, config, &owner, arena))
        return NULL;
    build->kernel->backgrounds++;
    self->port = port;
    self->reply_when_sent = reply_when_sent;
    self->reply_places = slots[0] + slots[1];
    self->replies = arena_alloc(arena, self->reply_places * sizeof *self->replies);
    self->lanes = arena_alloc(arena, 2u * config->channels * sizeof *self->lanes);
    self->since = arena_alloc(arena, slots[0] * sizeof *self->since);
    if (!self->replies || !self->lanes || !self->since)
        return NULL;
    for (unsigned write = 0; write < 2; write++) {
        self->places[write] = slots[write];
        self->addresses[write] = arena_alloc(arena, slots[write] * sizeof(uint64_t));
        if (!self->addresses[write])
            return NULL;
    }
    for (uint32_t i = 0; i < slots[0]; i++)
        self->since[i] = SIM_NEVER;
    for (unsigned i = 0; i < 2u * config->channels; i++) {
        self->lanes[i].ring = arena_alloc(arena, slots[i & 1] * sizeof *self->lanes[i].ring);
        if (!self->lanes[i].ring)
            return NULL;
    }
    kernel_add(build->kernel, &self->unit, name, clock, controller_step, self);
    return dram_trace_create(self, build, component->name) ? self : NULL;
}
