/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cache: a CPU's data cache, between what the CPU does and its port on a bus.
 *
 *   CPU --> lookup --hit--> line
 *             |  miss                 victim, dirty
 *             +-----> fill <----- bus -----> write buffer ... drained while the bus is free
 *             +-----> past the cache, once the write buffer is empty
 *
 *   step       n         n+1             n+h                 n+m       n+m+1          e
 *   hit        start     (lookup)        data, end
 *   miss       start     (lookup) ...                        asks      address shows  last data, end
 *
 * Timing (h: hit_latency, m: miss_latency; in cycles of the CPU's bus)
 *   - An access that hits ends h steps after its start, each further beat of it in the same line a step later. One that
 *     goes over several lines takes them one after the other.
 *   - A miss asks for the bus m steps after its start; the line comes as one burst, the access ends with its last beat.
 *   - A dirty victim goes to the write buffer if that has room; without a buffer it is written before the line is
 *     read; if the buffer is full, its oldest entry is.
 *   - A store that is to be written through, or misses without write_allocate, is in the write buffer after h steps; if
 *     that is full it waits, and without a buffer it ends with its access of the bus, m steps after its start at
 *     the earliest.
 *   - The buffer drains in order, one access of the bus an entry, while nothing else wants the bus. A fill of a line
 *     that has an entry waits until it is drained, whatever is past the cache until all are.
 *   - What is past the cache takes what it takes without one.
 *   - Maintenance of a line takes maintenance_latency steps, and then its write-back, if there is one.
 *   - A burst of a coherent master is let through when each of its lines has been looked up, snoop_latency steps each, and
 *     written back, if it is dirty; what is to be written is dropped. From the time at which it asks to its end the CPU
 *     does not write its lines, nor read what the burst writes.
 * What an access waits for others on the bus is its stall (cpu.c), and so is what it waits for the buffer.
 *
 * Its accesses are cacheable and bufferable by HPROT and AxCACHE. Stores to a line that is there, or comes, change it at
 * their end; `ideal` is told then (memory/ideal.h).
 *
 * Inaccuracies: figures and policies are defined here, they are those of no product, and no RTL is their referee. Data
 * only, no instructions; physical addresses, no TLB; a line is filled as a whole before it is used (no critical word
 * first), one miss at a time, no prefetch; a whole line is written back, dirty or not in each part. A failed write-back
 * is counted and its data are gone, as no exception tells the CPU. Memory behind a bridge is not cached. Caches of several
 * CPUs know nothing of each other; tags have a port of their own for coherent masters.
 */
#include "host/cache/cache_internal.h"

#include <string.h>

/* ---- addresses ------------------------------------------------------------------------------- */

/* The memory in which a line lies; null: it is not cached. */
static const struct cache_window *window_of(const struct cache *self, uint64_t address)
{
    const uint64_t line = line_address(self, address), last = line + self->lines.bytes - 1;
    for (uint32_t i = 0; i < self->uncached_count; i++)
        if (last >= self->uncached[i].base &&
            line <= self->uncached[i].base + (self->uncached[i].bytes - 1))
            return NULL;
    for (uint32_t i = 0; i < self->window_count; i++)
        if (line >= self->windows[i].base && last <= self->windows[i].last)
            return &self->windows[i];
    return NULL;
}

static uint64_t offset_in(const struct cache_window *window, uint64_t address)
{
    return window->offset + (address - window->base);
}

/* Of the chunk under way. */
static uint64_t chunk_address(const struct cache *self)
{
    return self->access.address + (uint64_t)self->beat * self->access.bytes;
}

static uint32_t chunk_bytes(const struct cache *self)
{
    return (uint32_t)self->chunk * self->access.bytes;
}

static bool past(const struct cache *self)
{
    return self->access.uncached || !window_of(self, chunk_address(self));
}

/* Is a line kept from the CPU by a coherent master? */
static bool locked(const struct cache *self, uint64_t address, bool write)
{
    const uint64_t line = line_address(self, address);
    for (const struct snoop_gate *gate = self->gates; gate; gate = gate->next)
        if (snoop_locks(gate, line, line + self->lines.bytes - 1, write))
            return true;
    return false;
}

/* ---- the write buffer ------------------------------------------------------------------------ */

static bool buffered(const struct cache *self, uint64_t line)
{
    for (uint32_t i = 0; i < self->count; i++)
        if (line_address(self, entry_at((struct cache *)self, i)->address) == line)
            return true;
    return false;
}

static struct kernel *kernel_of(const struct cache *self)
{
    return self->unit->clock->kernel;
}

static bool has_room(const struct cache *self)
{
    return self->count < self->config->buffer_entries;
}

/* A place for an entry; the run goes on until it is drained. */
static struct cache_entry *new_entry(struct cache *self)
{
    if (self->count++ == 0)
        kernel_hold(kernel_of(self));
    return entry_at(self, self->count - 1);
}

/* ---- data of an access ----------------------------------------------------------------------- */

static void written_bytes(const struct cache *self, unsigned beat, uint8_t *to)
{
    const struct host_access *access = &self->access;
    const uint64_t data[2] = {host_access_data(access, beat)};
    if (access->data)
        memcpy(to, access->data + (size_t)beat * access->bytes, access->bytes);
    else
        memcpy(to, data, access->bytes);
}

static void put_chunk(const struct cache *self, struct cache_entry *entry)
{
    entry->address = chunk_address(self);
    entry->beat_bytes = self->access.bytes;
    entry->beats = self->chunk;
    for (unsigned i = 0; i < self->chunk; i++)
        written_bytes(self, self->beat + i, entry->data + (size_t)i * self->access.bytes);
}

static void stored(const struct cache *self, uint64_t address, const uint8_t *data, uint32_t bytes)
{
    const struct cache_window *window = window_of(self, address);
    if (window)
        ideal_stored(window->ideal, self->name, offset_in(window, address), data, bytes);
}

/* Moves the chunk between the access and a line, which is used. */
static void move_chunk(struct cache *self, struct cache_line *line)
{
    const struct host_access *access = &self->access;
    const uint64_t address = chunk_address(self);
    uint8_t *data = cache_line_data(&self->lines, line) + (address - line->address);
    const uint32_t bytes = chunk_bytes(self);
    cache_lines_touch(&self->lines, line);
    if (access->write) {
        for (unsigned i = 0; i < self->chunk; i++)
            written_bytes(self, self->beat + i, data + (size_t)i * access->bytes);
        line->dirty |= self->config->policy == CACHE_WRITE_BACK;
        stored(self, address, data, bytes);
        return;
    }
    const struct cache_window *window = window_of(self, address);
    ideal_check(window->ideal, self->name, true, offset_in(window, address), data, bytes);
    if (access->data)
        memcpy(access->data + (size_t)self->beat * access->bytes, data, bytes);
    uint64_t value = 0;
    memcpy(&value, data + bytes - access->bytes, access->bytes < 8 ? access->bytes : 8);
    self->result.value = value;
}

/* ---- the course of an access ----------------------------------------------------------------- */

/* Beats from an address to the end of its line; one at least. */
static uint64_t beats_in_line(const struct cache *self, uint64_t address)
{
    const uint64_t inside = line_address(self, address) + self->lines.bytes - address;
    return inside / self->access.bytes ? inside / self->access.bytes : 1;
}

/* Readies the chunk that begins with `beat`: the beats that lie in one line, or all that are past the cache. */
static void begin_chunk(struct cache *self, sim_cycle now)
{
    const struct host_access *access = &self->access;
    const struct cache_config *config = self->config;
    const uint64_t address = chunk_address(self);
    const uint64_t left = access->beats - self->beat;
    uint64_t beats = beats_in_line(self, address);
    if (past(self))
        while (beats < left &&
               (access->uncached || !window_of(self, address + beats * access->bytes)))
            beats += beats_in_line(self, address + beats * access->bytes);
    self->chunk = (uint16_t)(beats < left ? beats : left);
    self->counted = false;
    self->phase = CACHE_LOOKUP;
    if (access->maintain) {
        self->due = now + config->maintenance_cycles;
        return;
    }
    if (past(self)) {
        self->phase = CACHE_WANTS;
        self->want = CACHE_DIRECT;
        self->figures.uncached++;
        return;
    }
    const bool hit = cache_lines_find(&self->lines, address) != NULL;
    const bool buffers = access->write && config->buffer_entries > 0 && !config->write_allocate;
    self->due = now + (hit || buffers ? config->hit_cycles + self->chunk - 1 : config->miss_cycles);
    self->result.at_least += self->due - now;
}

/* The chunk is done: the next, or the end. */
static bool end_chunk(struct cache *self, sim_cycle now)
{
    self->beat = (uint16_t)(self->beat + self->chunk);
    if (self->beat < self->access.beats && !self->result.failed) {
        begin_chunk(self, now);
        return false;
    }
    self->phase = CACHE_IDLE;
    self->result.moved = (uint32_t)self->beat * self->access.bytes;
    if (self->result.failed)
        self->result.value = 0;
    return true;
}

static void count(struct cache *self, bool hit)
{
    struct cache_figures *figures = &self->figures;
    if (self->counted)
        return;
    self->counted = true;
    figures->accesses++;
    figures->hits += hit;
    if (self->access.write)
        *(hit ? &figures->write_hits : &figures->write_misses) += 1;
    else
        *(hit ? &figures->read_hits : &figures->read_misses) += 1;
}

static void want(struct cache *self, enum cache_inner what)
{
    self->phase = CACHE_WANTS;
    self->want = (uint8_t)what;
}

/* A store that has to be written whatever is cached: true if it is in the buffer. */
static bool write_through(struct cache *self)
{
    self->figures.through++;
    if (self->config->buffer_entries == 0) {
        put_chunk(self, &self->through);
        want(self, CACHE_DIRECT);
        return false;
    }
    if (!has_room(self)) {
        self->figures.through--;
        self->figures.buffer_full += !(self->phase == CACHE_WANTS && self->want == CACHE_DRAIN);
        want(self, CACHE_DRAIN);
        return false;
    }
    struct cache_entry *entry = new_entry(self);
    put_chunk(self, entry);
    stored(self, entry->address, entry->data, entry_bytes(entry));
    return true;
}

/* What maintenance does to a line, if it is there; true: it is done. */
static bool maintain(struct cache *self)
{
    const uint8_t what = self->access.maintain;
    const uint64_t address = self->access.address;
    struct cache_line *line = cache_lines_find(&self->lines, address);
    if (what != HOST_INVALIDATE && buffered(self, line_address(self, address))) {
        want(self, CACHE_DRAIN);
        return false;
    }
    if (line && line->dirty && what != HOST_INVALIDATE) {
        cache_put_line(self, line, &self->through);
        self->line = line;
        want(self, CACHE_CLEAN);
        return false;
    }
    if (line && what != HOST_CLEAN) {
        self->figures.dropped += line->dirty;
        self->figures.invalidated++;
        line->valid = line->dirty = false;
    }
    return true;
}

/* Makes room for the line of the chunk; true: it may be read. */
static bool make_room(struct cache *self)
{
    const uint64_t address = chunk_address(self);
    if (buffered(self, line_address(self, address))) {
        want(self, CACHE_DRAIN);
        return false;
    }
    struct cache_line *victim = self->line;
    if (!victim || self->filling != line_address(self, address))
        victim = cache_lines_victim(&self->lines, address);
    self->line = victim;
    self->filling = line_address(self, address);
    if (self->snoop_writes && victim->valid && victim->address == self->snooped) {
        want(self, CACHE_LOCK); /* it is being written for a coherent master: once is enough */
        return false;
    }
    if (victim->valid && victim->dirty) {
        if (self->config->buffer_entries == 0) {
            cache_put_line(self, victim, &self->through);
            want(self, CACHE_VICTIM);
            return false;
        }
        if (!has_room(self)) {
            self->figures.buffer_full += !(self->phase == CACHE_WANTS && self->want == CACHE_DRAIN);
            want(self, CACHE_DRAIN);
            return false;
        }
        cache_put_line(self, victim, new_entry(self));
        self->figures.evictions++;
    }
    victim->valid = victim->dirty = false;
    return true;
}

/* What the chunk comes to, once its lookup is over or what it waited for is there; true: the access ends. */
static bool resolve(struct cache *self, sim_cycle now)
{
    const struct cache_config *config = self->config;
    if (self->access.maintain) {
        if (!maintain(self))
            return false;
        self->phase = CACHE_IDLE;
        return true;
    }
    const bool write = self->access.write;
    if (self->gates && locked(self, chunk_address(self), write)) {
        want(self, CACHE_LOCK);
        return false;
    }
    struct cache_line *line = cache_lines_find(&self->lines, chunk_address(self));
    count(self, line != NULL);
    if (!line && (!write || config->write_allocate)) {
        if (make_room(self))
            want(self, CACHE_FILL);
        return false;
    }
    if (write && (!line || config->policy == CACHE_WRITE_THROUGH) && !write_through(self))
        return false;
    if (line)
        move_chunk(self, line);
    return end_chunk(self, now);
}

/* ---- the bus --------------------------------------------------------------------------------- */

static void start_write(struct cache *self, sim_cycle now, struct cache_entry *entry,
                        enum cache_inner inner)
{
    const struct host_access access = {.address = entry->address,
                                       .beats = entry->beats,
                                       .bytes = entry->beat_bytes,
                                       .write = true,
                                       .privileged = true,
                                       .cacheable = true,
                                       .data = entry->data};
    self->inner = (uint8_t)inner;
    self->bus->type->start(self->bus, now, &access);
}

static void start_fill(struct cache *self, sim_cycle now)
{
    const uint32_t bytes = self->lines.bytes;
    const uint32_t beat = self->bus->beat_bytes < bytes ? self->bus->beat_bytes : bytes;
    const struct host_access access = {.address = self->filling,
                                       .beats = (uint16_t)(bytes / beat),
                                       .bytes = (uint8_t)beat,
                                       .privileged = true,
                                       .cacheable = true,
                                       .data = cache_line_data(&self->lines, self->line)};
    self->inner = CACHE_FILL;
    self->bus->type->start(self->bus, now, &access);
}

/* A store without a buffer counts as soon as it is on its way; it is not in `self->line`. */
static void start_direct(struct cache *self, sim_cycle now)
{
    if (!past(self)) {
        start_write(self, now, &self->through, CACHE_DIRECT);
        stored(self, self->through.address, self->through.data, entry_bytes(&self->through));
        return;
    }
    struct host_access access = self->access;
    access.address = chunk_address(self);
    access.beats = self->chunk;
    if (access.data)
        access.data += (size_t)self->beat * access.bytes;
    else if (access.scrambled)
        access.value += self->beat;
    self->inner = CACHE_DIRECT;
    self->bus->type->start(self->bus, now, &access);
}

static void start_drain(struct cache *self, sim_cycle now)
{
    start_write(self, now, entry_at(self, 0), CACHE_DRAIN);
}

/* What is wanted of the bus has to wait for a coherent master: its lines came to be locked since. */
static bool kept(const struct cache *self)
{
    if (!self->gates || self->access.maintain)
        return false;
    if (self->want == CACHE_FILL)
        return locked(self, self->filling, self->access.write);
    return self->want == CACHE_DIRECT && !past(self) && locked(self, chunk_address(self), true);
}

/* The line that is to be written back is: a coherent master may have had it written since, and dropped. */
static bool still_dirty(const struct cache *self)
{
    return self->line->valid && self->line->dirty && self->line->address == self->through.address;
}

/* Begins what is wanted most, if the bus is free. */
static void use_bus(struct cache *self, sim_cycle now)
{
    if (self->bus->busy)
        return;
    if (self->snoop_writes) {
        start_write(self, now, &self->snoop, CACHE_SNOOP);
        return;
    }
    if (self->phase == CACHE_WANTS && self->want != CACHE_DRAIN && self->want != CACHE_LOCK &&
        !kept(self)) {
        const bool empty = self->count == 0 || !past(self);
        if (self->want == CACHE_DIRECT && !empty) {
            start_drain(self, now);
            return;
        }
        if ((self->want == CACHE_VICTIM || self->want == CACHE_CLEAN) && !still_dirty(self)) {
            self->want = CACHE_LOCK; /* it is looked at again in the next step */
            return;
        }
        self->phase = CACHE_WAITS;
        switch ((enum cache_inner)self->want) {
        case CACHE_FILL:
            start_fill(self, now);
            break;
        case CACHE_DIRECT:
            start_direct(self, now);
            break;
        default:
            start_write(self, now, &self->through, (enum cache_inner)self->want);
            break;
        }
        return;
    }
    if (self->count > 0)
        start_drain(self, now);
}

static void add_up(struct cache *self, const struct host_result *inner)
{
    struct host_result *result = &self->result;
    result->at_least += inner->at_least;
    result->grant += inner->grant;
    result->waits += inner->waits;
    result->pressure += inner->pressure;
    result->rest_waits = inner->rest_waits;
}

/* An access of the CPU's own, on the bus, is over; true: so is what the CPU asked for. */
static bool take_inner(struct cache *self, sim_cycle now, const struct host_result *inner)
{
    struct cache_figures *figures = &self->figures;
    add_up(self, inner);
    switch ((enum cache_inner)self->inner) {
    case CACHE_FILL:
        figures->fills++;
        if (inner->failed)
            break;
        cache_lines_fill(&self->lines, self->line, self->filling);
        self->line = NULL;
        return resolve(self, now);
    case CACHE_VICTIM:
        figures->evictions++;
        figures->write_backs++;
        self->line->valid = self->line->dirty = false;
        return resolve(self, now);
    case CACHE_CLEAN:
        figures->cleaned++;
        figures->write_backs++;
        self->line->dirty = false;
        self->line = NULL;
        return resolve(self, now);
    default:
        if (!inner->failed) {
            self->result.value = inner->value;
            struct cache_line *line = cache_lines_find(&self->lines, chunk_address(self));
            if (!past(self) && line) {
                memcpy(cache_line_data(&self->lines, line) + (chunk_address(self) - line->address),
                       self->through.data, chunk_bytes(self));
                cache_lines_touch(&self->lines, line);
            }
            return end_chunk(self, now);
        }
        break;
    }
    self->line = NULL;
    self->result.failed = true;
    self->result.nobody = inner->nobody;
    self->phase = CACHE_IDLE;
    self->result.moved = (uint32_t)self->beat * self->access.bytes + inner->moved;
    self->result.value = 0;
    return true;
}

/* An entry is written. */
static void take_drained(struct cache *self, const struct host_result *inner)
{
    (void)inner;
    self->figures.write_backs++;
    self->first = (self->first + 1) % self->config->buffer_entries;
    if (--self->count == 0)
        kernel_release(kernel_of(self));
}

/* ---- coherent masters ------------------------------------------------------------------------ */

bool cache_under_way(const struct cache *self, uint64_t line)
{
    if (buffered(self, line))
        return true;
    switch ((enum cache_inner)self->inner) {
    case CACHE_FILL:
        return self->filling == line;
    case CACHE_VICTIM:
    case CACHE_CLEAN:
        return line_address(self, self->through.address) == line;
    case CACHE_DIRECT:
        return !past(self) && line_address(self, self->through.address) == line;
    default:
        return false;
    }
}

/* ---- the port -------------------------------------------------------------------------------- */

static bool cache_edge(struct host_port *port, sim_cycle now, struct host_result *result)
{
    struct cache *self = (struct cache *)port;
    struct host_result inner;
    bool ends = false;
    if (self->bus->type->edge(self->bus, now, &inner)) {
        const enum cache_inner what = (enum cache_inner)self->inner;
        self->figures.errors += inner.failed && what != CACHE_DIRECT && what != CACHE_FILL;
        if (what == CACHE_SNOOP)
            cache_take_snooped(self, now);
        else if (what == CACHE_DRAIN)
            take_drained(self, &inner);
        else
            ends = take_inner(self, now, &inner);
        self->inner = CACHE_NOTHING;
    }
    if (self->gates)
        cache_snoop(self, now);
    if (!ends && self->phase == CACHE_WANTS &&
        (self->want == CACHE_DRAIN || self->want == CACHE_LOCK))
        ends = resolve(self, now);
    if (!ends && self->phase == CACHE_LOOKUP && self->due <= now)
        ends = resolve(self, now);
    if (!ends)
        return false;
    port->busy = false;
    *result = self->result;
    return true;
}

static void cache_start(struct host_port *port, sim_cycle now, const struct host_access *access)
{
    struct cache *self = (struct cache *)port;
    port->busy = true;
    self->access = *access;
    self->beat = 0;
    self->result = (struct host_result){.failed = false};
    self->line = NULL;
    begin_chunk(self, now);
}

static sim_cycle cache_drive(struct host_port *port, sim_cycle now)
{
    struct cache *self = (struct cache *)port;
    use_bus(self, now);
    const sim_cycle next = self->bus->type->drive(self->bus, now);
    const sim_cycle due = self->phase == CACHE_LOOKUP ? self->due : SIM_NEVER;
    const sim_cycle snoops = self->snooping && self->snoop_due > now ? self->snoop_due : SIM_NEVER;
    const sim_cycle again =
        self->phase == CACHE_WANTS && self->want == CACHE_LOCK ? now + 1 : SIM_NEVER;
    sim_cycle own = due < snoops ? due : snoops;
    own = again < own ? again : own;
    return own < next ? own : next;
}

/* ---- building -------------------------------------------------------------------------------- */

const struct host_port_type cache_port_type = {
    .edge = cache_edge, .start = cache_start, .drive = cache_drive};

bool cache_holds(const void *cache, uint64_t address)
{
    const struct cache *self = cache;
    const struct cache_line *line = cache_lines_find(&self->lines, address);
    return (line && line->dirty) || buffered(self, line_address(self, address)) ||
           (self->inner != CACHE_NOTHING && self->inner != CACHE_FILL &&
            line_address(self, self->through.address) == line_address(self, address));
}
