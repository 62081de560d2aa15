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
static void read_beats(struct axi_counts *self, uint32_t id, unsigned beats, bool error, bool last)
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
    if (last)
        close_burst(open, index);
    else if (!is_fixed(*burst))
        *burst &= ~(uint64_t)SKIP; /* of its first beat only */
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

void axi_count_addresses(const struct axi_port *port, unsigned fire, sim_cycle now)
{
    struct axi_counts *self = port->counts;
    if (self->first == SIM_NEVER)
        self->first = now;
    if (fire & AXI_BIT_AR)
        open_burst(&self->open_reads, &port->ar[port->shown >> AXI_AR & 1]);
    if (fire & AXI_BIT_AW)
        open_burst(&self->open_writes, &port->aw[port->shown >> AXI_AW & 1]);
    if (fire & AXI_BIT_B)
        self->write_errors += port->view.b->resp >= AXI_SLVERR;
}

static void read_kept(struct axi_counts *self, bool last)
{
    if (self->kept_reads)
        read_beats(self, self->kept_id, self->kept_reads, false, last);
    self->kept_reads = 0;
}

void axi_count_kept(struct axi_counts *self)
{
    read_kept(self, true);
}

void axi_count_read(struct axi_counts *self, const struct axi_read *r)
{
    const bool error = r->resp >= AXI_SLVERR;
    if (self->kept_reads && (error || r->id != self->kept_id))
        read_kept(self, false);
    if (error || r->last) {
        read_beats(self, r->id, r->train + 1u, error, r->last);
        return;
    }
    self->kept_id = r->id;
    self->kept_reads = r->train + 1u;
}

void axi_count_writes(struct axi_counts *self)
{
    write_beats(self);
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
    read_kept(&counts, false);
    if (master->reader) {
        const struct axi_train *train = &master->reader->r_train;
        const unsigned beats = gone_by(train, upto);
        if (beats)
            read_beats(&counts, train->id, beats, false, false);
    }
    for (unsigned i = 0; i < 2; i++) {
        const struct axi_train *train = &master->w_train[i];
        counts.waiting += gone_by(train, upto);
    }
    write_beats(&counts);
    return (struct axi_moved){counts.reads,       counts.writes,       counts.bytes,
                              counts.read_errors, counts.write_errors, counts.first};
}

/* ---- figures --------------------------------------------------------------------------------- */

static struct beat_figures figures_of(const struct axi_moved *moved)
{
    return (struct beat_figures){
        .reads = moved->reads,
        .writes = moved->writes + moved->write_errors,
        .bytes = moved->bytes,
        .errors = moved->read_errors + moved->write_errors,
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
    }
    if (index == 0) {
        tell_bus_beats(part, &all, bus->unit.clock, now);
        return true;
    }
    const uint32_t i = figures_by_first(firsts, bus->master_count, index - 1);
    if (i == bus->master_count)
        return false;
    const struct beat_figures figures = figures_of(&moved[i]);
    tell_master_beats(part, 1 + i, bus->masters[i]->name, &figures);
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
