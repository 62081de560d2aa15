/* SPDX-License-Identifier: BSD-2-Clause */
#include "bus/axi/axi_counts.h"

#include "bus/axi/axi.h"

/* ---- open bursts ----------------------------------------------------------------------------- */

/* A burst as one word: its id, AxLEN, AxSIZE, bytes in front of its first address in a beat, FIXED. */
static uint64_t pack(const struct axi_address *ax)
{
    const uint64_t skip = ax->addr & ((UINT64_C(1) << ax->size) - 1);
    return (uint64_t)ax->id << 32 | (uint64_t)ax->len << 16 | (uint64_t)ax->size << 12 |
           (uint64_t)(ax->burst == AXI_FIXED) << 8 | skip;
}

enum { SKIP = 0xff };

static uint32_t id_of(uint64_t burst)
{
    return (uint32_t)(burst >> 32);
}

static unsigned length_of(uint64_t burst)
{
    return (burst >> 16 & 0xff) + 1u;
}

static bool is_fixed(uint64_t burst)
{
    return burst >> 8 & 1;
}

/* Bytes of `beats` beats of it, from its first one on if `begins`. */
static uint64_t bytes_of(uint64_t burst, uint64_t beats, bool begins)
{
    return (beats << (burst >> 12 & 0xf)) - (burst & SKIP) * (is_fixed(burst) ? beats : begins);
}

static void open_burst(struct axi_open_bursts *self, const struct axi_address *ax)
{
    if (self->count < AXI_OPEN_BURSTS)
        self->ring[(uint8_t)(self->first + self->count++)] = pack(ax);
}

static uint64_t *nth(struct axi_open_bursts *self, unsigned index)
{
    return &self->ring[(uint8_t)(self->first + index)];
}

static void close_burst(struct axi_open_bursts *self, unsigned index)
{
    for (; index > 0; index--)
        *nth(self, index) = *nth(self, index - 1);
    self->first++;
    self->count--;
}

/* ---- beats ----------------------------------------------------------------------------------- */

/* `beats` of the oldest burst with this id. */
static void read_beats(struct axi_counts *self, uint32_t id, unsigned beats, bool error, bool last,
                       sim_cycle now)
{
    struct axi_open_bursts *open = &self->open_reads;
    unsigned index = 0;
    while (index < open->count && id_of(*nth(open, index)) != id)
        index++;
    if (index == open->count)
        return;
    uint64_t *burst = nth(open, index);
    self->reads += beats;
    if (error)
        self->read_errors += beats;
    else
        self->bytes += bytes_of(*burst, beats, true);
    if (last) {
        close_burst(open, index);
        if (open->count == 0)
            self->open_cycles += now + 1;
    } else if (!is_fixed(*burst)) {
        *burst &= ~(uint64_t)SKIP; /* of its first beat only */
    }
}

/* Puts beats of W to bursts that have their AW. */
static void write_beats(struct axi_counts *self)
{
    struct axi_open_bursts *open = &self->open_writes;
    while (self->waiting > 0 && open->count > 0) {
        const uint64_t burst = *nth(open, 0);
        const unsigned left = length_of(burst) - self->beat;
        const unsigned beats = self->waiting < left ? self->waiting : left;
        self->writes += beats;
        self->bytes += bytes_of(burst, beats, self->beat == 0);
        self->waiting -= beats;
        self->beat += beats;
        if (beats == left) {
            close_burst(open, 0);
            self->beat = 0;
        }
    }
}

/* After the handshakes of cycle `now`. */
static void count_response(struct axi_counts *self, sim_cycle now)
{
    const bool responding = self->owed > 0 && self->open_writes.count == 0;
    if (responding == self->responding)
        return;
    self->responding = responding;
    if (responding)
        self->response_cycles -= now + 1;
    else
        self->response_cycles += now + 1;
}

void axi_count_addresses(const struct axi_port *port, unsigned fire, sim_cycle now)
{
    struct axi_counts *self = port->counts;
    if (self->first == SIM_NEVER)
        self->first = now;
    if (fire & AXI_BIT_AR) {
        if (self->open_reads.count == 0)
            self->open_cycles -= now + 1;
        open_burst(&self->open_reads, &port->ar[port->shown >> AXI_AR & 1]);
    }
    if (fire & AXI_BIT_AW) {
        open_burst(&self->open_writes, &port->aw[port->shown >> AXI_AW & 1]);
        self->owed++;
        if (self->waiting > 0 && self->open_writes.count == 1)
            write_beats(self); /* W came first: all of it may be there */
    }
    if (fire & AXI_BIT_B) {
        self->write_errors += port->view.b->resp >= AXI_SLVERR;
        self->response_cycles -= self->responding; /* the cycle of B itself */
        if (self->owed > 0)
            self->owed--;
    }
    count_response(self, now);
}

static void read_kept(struct axi_counts *self, bool last, sim_cycle now)
{
    if (self->kept_reads)
        read_beats(self, self->kept_id, self->kept_reads, false, last, now);
    self->kept_reads = 0;
}

void axi_count_kept(struct axi_counts *self, sim_cycle now)
{
    read_kept(self, true, now);
}

void axi_count_read(struct axi_counts *self, const struct axi_read *r, sim_cycle now)
{
    const bool error = r->resp >= AXI_SLVERR;
    if (self->kept_reads && (error || r->id != self->kept_id))
        read_kept(self, false, now);
    if (error || r->last) {
        read_beats(self, r->id, r->train + 1u, error, r->last, now);
        return;
    }
    self->kept_id = r->id;
    self->kept_reads = r->train + 1u;
}

void axi_count_writes(struct axi_counts *self, sim_cycle now)
{
    write_beats(self);
    count_response(self, now);
}

/* Puts time that begins or ends with cycle `now` to a sum. */
static void turn(uint64_t *sum, unsigned began, unsigned ended, sim_cycle now)
{
    *sum -= (uint64_t)__builtin_popcount(began) * now;
    *sum += (uint64_t)__builtin_popcount(ended) * now;
}

void axi_count_held(struct axi_counts *self, unsigned held, unsigned channels, sim_cycle now)
{
    const unsigned began = held & ~self->held & channels, ended = ~held & self->held & channels;
    turn(&self->held_cycles, began, ended, now);
    turn(&self->held_read_cycles, began & AXI_BIT_R, ended & AXI_BIT_R, now);
    self->held = (uint8_t)((self->held & ~channels) | (held & channels));
}

void axi_count_asking(struct axi_counts *self, unsigned asking, sim_cycle now)
{
    turn(&self->grant_cycles, asking & (unsigned)~self->asking, (unsigned)~asking & self->asking,
         now);
    self->asking = (uint8_t)asking;
}

/* ---- looking --------------------------------------------------------------------------------- */

/* Beats of a train, whose last one is still to come, that were handed over in cycle `upto` or before. */
static unsigned gone_by(const struct axi_train *train, sim_cycle upto)
{
    if (train->beats == 0 || train->first > upto || upto - train->first + 1 >= train->beats)
        return 0;
    return (unsigned)(upto - train->first + 1);
}

struct axi_moved axi_counts_at(const struct axi_port *master, sim_cycle upto)
{
    struct axi_counts counts = *master->counts;
    read_kept(&counts, false, upto);
    if (master->reader) {
        const struct axi_train *train = &master->reader->r_train;
        const unsigned beats = gone_by(train, upto);
        if (beats)
            read_beats(&counts, train->id, beats, false, false, upto);
    }
    for (unsigned i = 0; i < 2; i++) {
        const struct axi_train *train = &master->w_train[i];
        counts.waiting += gone_by(train, upto);
    }
    write_beats(&counts);
    const sim_cycle end = upto + 1;
    const uint64_t held_reads = counts.held_read_cycles + (counts.held & AXI_BIT_R ? end : 0);
    const uint64_t open = counts.open_cycles + (counts.open_reads.count ? end : 0);
    return (struct axi_moved){
        .reads = counts.reads,
        .writes = counts.writes,
        .bytes = counts.bytes,
        .read_errors = counts.read_errors,
        .write_errors = counts.write_errors,
        .first = counts.first,
        .grant_waits = counts.grant_cycles + (uint64_t)__builtin_popcount(counts.asking) * end,
        .waits = open - counts.reads - held_reads + counts.response_cycles +
                 (counts.responding ? end : 0),
        .held = counts.held_cycles + (uint64_t)__builtin_popcount(counts.held) * end,
    };
}

/* ---- figures --------------------------------------------------------------------------------- */

static struct beat_figures figures_of(const struct axi_moved *moved)
{
    return (struct beat_figures){
        .reads = moved->reads,
        .writes = moved->writes + moved->write_errors,
        .bytes = moved->bytes,
        .errors = moved->read_errors + moved->write_errors,
        .grant_waits = moved->grant_waits,
        .waits = moved->waits,
        .back_pressure = moved->held,
    };
}

bool axi_counters(const struct component *component, uint32_t index, sim_time now,
                  struct counter_part *part)
{
    const struct axi_bus *bus = component->instance;
    const sim_cycle cycles = clock_edge_after(bus->unit.clock, now);
    struct axi_moved moved[AXI_MASTERS_MAX];
    sim_cycle firsts[AXI_MASTERS_MAX];
    struct beat_figures all = {.reads = 0};
    for (uint32_t i = 0; i < bus->master_count; i++) {
        moved[i] = axi_counts_at(bus->masters[i], cycles - 1);
        firsts[i] = moved[i].first;
        const struct beat_figures figures = figures_of(&moved[i]);
        all.reads += figures.reads;
        all.writes += figures.writes;
        all.bytes += figures.bytes;
        all.errors += figures.errors;
        all.grant_waits += figures.grant_waits;
        all.waits += figures.waits;
        all.back_pressure += figures.back_pressure;
    }
    if (index == 0) {
        uint8_t channels = 0;
        for (uint32_t i = 0; i < bus->master_count; i++)
            channels |= bus->masters[i]->channels;
        const uint32_t directions =
            (channels & AXI_READS ? 1u : 0u) + (channels & AXI_WRITES ? 1u : 0u);
        tell_bus_beats(part, &all, directions * bus->width_bytes, bus->unit.clock, now);
        return true;
    }
    const uint32_t i = figures_by_first(firsts, bus->master_count, index - 1);
    if (i == bus->master_count)
        return false;
    const struct beat_figures figures = figures_of(&moved[i]);
    tell_master_beats(part, 1 + i, bus->masters[i]->name, false, &figures);
    return true;
}

/* ---- building -------------------------------------------------------------------------------- */

bool axi_counts_create(struct axi_port *port)
{
    port->counts = arena_alloc(port->bus->unit.clock->kernel->arena, sizeof *port->counts);
    if (!port->counts)
        return false;
    port->counts->first = SIM_NEVER;
    return true;
}
