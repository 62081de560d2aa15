/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi_sram: a synchronous memory behind an AXI slave port, with the limits that bound a bandwidth.
 *
 *   AR --[reads_max]---.                       .--[read_latency_cycles]-- R
 *                      +-- arbiter -- array ---+
 *   AW, W --[buffer]---'   (single port)       '--[write_latency_cycles]- B
 *
 *   cycle    n        n+1           n+1+L            read, L = read_latency_cycles
 *   AR       taken
 *   array             beat 0        ...              beats every read_beat_cycles
 *   R                               RVALID
 *   last W   taken
 *   array             stored
 *   B                               BVALID           write, L = write_latency_cycles
 *
 * Timing
 *   A beat is one access of the array and keeps it busy for read_beat_cycles or write_beat_cycles. A dual
 *   port has an array port for each direction; a single port is shared: where both want it, arbitration
 *   says who gets it. An access starts the cycle after its AR or W was taken at the earliest, so that
 *   L = 1 is a synchronous array whose output is R.
 *   Reads run ahead of R by L + 2 beats, then wait for RREADY. W is taken into a buffer while it has
 *   room, before its AW too. ARREADY (AWREADY) is 1 while fewer than reads_max (writes_max) bursts wait for
 *   their last R (their B). What a beat reads or stores is settled in the cycle of its access.
 *   Bursts of one direction are served in the order of their addresses, whatever their ids.
 *
 * Responses: SLVERR for a beat in a range of `errors`, DECERR for one beyond the memory; B has the worst
 * of its beats; such a beat stores nothing. LOCK is ignored: the answer to an exclusive access is OKAY,
 * which says that it is not supported (Arm IHI 0022 A7.2).
 *
 * Inaccuracies: no banks, no refresh, no turnaround, no reordering. The timing is defined here; it is
 * that of no product.
 */
#include "memory/axi_sram.h"

#include <string.h>

struct read_burst {
    struct axi_address ax;
    uint16_t beat;
};

struct write_burst {
    struct axi_address ax;
    uint16_t beat;
    uint8_t resp;
    sim_cycle due; /* first cycle of BVALID, once all is stored */
};

struct result {
    sim_cycle due; /* first cycle of RVALID */
    uint32_t id;
    uint8_t resp, last;
};

struct buffered {
    uint64_t strb[2];
};

struct fault {
    uint64_t offset, last; /* inclusive */
    uint32_t left;
    bool forever;
};

/* A ring: count entries from first on. */
struct ring {
    uint32_t first, count, places;
};

struct axi_sram {
    struct unit unit;
    struct axi_port *port;
    const struct axi_sram_config *config;
    uint64_t base, size_bytes;
    uint8_t *bytes;
    uint32_t width;

    struct ring reads; /* bursts with beats to read */
    struct read_burst *read_bursts;
    uint32_t reads_open;
    struct ring results; /* beats read, the one that is shown first */
    struct result *result_beats;
    uint8_t *result_data;

    struct ring buffer; /* beats of W */
    struct buffered *buffer_beats;
    uint8_t *buffer_data;
    struct ring writes; /* bursts without a B */
    struct write_burst *write_bursts;
    uint32_t stored; /* of them: all beats are in the array */

    sim_cycle free_at[2]; /* of the array's ports: reads or shared, writes */
    bool write_was_last;
    uint32_t fault_count;
    struct fault *faults;
};

static uint32_t ring_at(const struct ring *ring, uint32_t index)
{
    uint32_t at = ring->first + index;
    return at < ring->places ? at : at - ring->places;
}

static uint32_t ring_push(struct ring *ring)
{
    return ring_at(ring, ring->count++);
}

static void ring_pop(struct ring *ring)
{
    ring->first = ring_at(ring, 1);
    ring->count--;
}

/* ---- the array ------------------------------------------------------------------------------- */

static uint8_t response(struct axi_sram *self, uint64_t offset)
{
    if (offset >= self->size_bytes)
        return AXI_DECERR;
    for (uint32_t i = 0; i < self->fault_count; i++) {
        struct fault *fault = &self->faults[i];
        if (offset < fault->offset || offset > fault->last)
            continue;
        if (fault->forever)
            return AXI_SLVERR;
        if (fault->left > 0) {
            fault->left--;
            return AXI_SLVERR;
        }
    }
    return AXI_OKAY;
}

static void read_beat(struct axi_sram *self, sim_cycle now)
{
    struct read_burst *burst = &self->read_bursts[self->reads.first];
    uint64_t offset = axi_beat_address(&burst->ax, burst->beat) - self->base;
    uint32_t place = ring_push(&self->results);
    uint8_t *data = self->result_data + (size_t)place * self->width;
    struct result *result = &self->result_beats[place];
    *result = (struct result){.due = now + self->config->read_latency_cycles,
                              .id = burst->ax.id,
                              .resp = response(self, offset),
                              .last = burst->beat == burst->ax.len};
    if (result->resp == AXI_OKAY)
        memcpy(data, self->bytes + (offset & ~(uint64_t)(self->width - 1)), self->width);
    else
        memset(data, 0, self->width);
    burst->beat++;
    if (result->last)
        ring_pop(&self->reads);
}

static void store(struct axi_sram *self, uint64_t offset, uint32_t place)
{
    const uint8_t *data = self->buffer_data + (size_t)place * self->width;
    const uint64_t *strb = self->buffer_beats[place].strb;
    uint8_t *word = self->bytes + (offset & ~(uint64_t)(self->width - 1));
    const uint64_t all = self->width >= 64 ? UINT64_MAX : (UINT64_C(1) << self->width) - 1;
    if (strb[0] == all && (self->width <= 64 || strb[1] == UINT64_MAX)) {
        memcpy(word, data, self->width);
        return;
    }
    for (uint32_t lane = 0; lane < self->width; lane++)
        if (strb[lane / 64] >> (lane % 64) & 1)
            word[lane] = data[lane];
}

static void write_beat(struct axi_sram *self, sim_cycle now)
{
    struct write_burst *burst = &self->write_bursts[ring_at(&self->writes, self->stored)];
    uint64_t offset = axi_beat_address(&burst->ax, burst->beat) - self->base;
    uint8_t resp = response(self, offset);
    if (resp == AXI_OKAY)
        store(self, offset, self->buffer.first);
    if (resp > burst->resp)
        burst->resp = resp;
    ring_pop(&self->buffer);
    if (burst->beat++ == burst->ax.len) {
        burst->due = now + self->config->write_latency_cycles;
        self->stored++;
    }
}

static bool can_read(const struct axi_sram *self)
{
    return self->reads.count > 0 && self->results.count < self->results.places;
}

static bool can_write(const struct axi_sram *self)
{
    return self->buffer.count > 0 && self->stored < self->writes.count;
}

/* The accesses of cycle `now`. */
static void use_array(struct axi_sram *self, sim_cycle now)
{
    const struct axi_sram_config *config = self->config;
    const bool dual = config->ports == AXI_SRAM_DUAL;
    sim_cycle *write_free = &self->free_at[dual];
    bool read = can_read(self) && self->free_at[0] <= now;
    bool write = can_write(self) && *write_free <= now;
    if (read && write && !dual) {
        bool first = config->arbitration == AXI_SRAM_ALTERNATE
                         ? !self->write_was_last
                         : config->arbitration == AXI_SRAM_WRITE_FIRST;
        read = !first;
        write = first;
    }
    if (read) {
        self->free_at[0] = now + config->read_beat_cycles;
        self->write_was_last = false;
        read_beat(self, now);
    }
    if (write) {
        *write_free = now + config->write_beat_cycles;
        self->write_was_last = true;
        write_beat(self, now);
    }
}

/* ---- the port -------------------------------------------------------------------------------- */

static void take_edge(struct axi_sram *self, sim_cycle now)
{
    struct axi_port *port = self->port;
    const uint8_t fires = axi_fires(port, now);
    if (fires & AXI_BIT_R) {
        self->reads_open -= self->result_beats[self->results.first].last;
        ring_pop(&self->results);
        port->valid &= (uint8_t)~AXI_BIT_R;
    }
    if (fires & AXI_BIT_B) {
        ring_pop(&self->writes);
        self->stored--;
        port->valid &= (uint8_t)~AXI_BIT_B;
    }
    if (fires & AXI_BIT_AR) {
        self->read_bursts[ring_push(&self->reads)] = (struct read_burst){.ax = *port->view.ar};
        self->reads_open++;
    }
    if (fires & AXI_BIT_AW)
        self->write_bursts[ring_push(&self->writes)] = (struct write_burst){.ax = *port->view.aw};
    if (fires & AXI_BIT_W) {
        const struct axi_write *w = port->view.w;
        uint32_t place = ring_push(&self->buffer);
        memcpy(self->buffer_data + (size_t)place * self->width, w->data, self->width);
        memcpy(self->buffer_beats[place].strb, w->strb, sizeof w->strb);
    }
}

/* Drives cycle now + 1; the cycle in which something more is to be shown. */
static sim_cycle drive(struct axi_sram *self, sim_cycle now)
{
    struct axi_port *port = self->port;
    const struct axi_sram_config *config = self->config;
    sim_cycle next = SIM_NEVER;
    if (self->results.count > 0 && !(port->valid & AXI_BIT_R)) {
        const struct result *result = &self->result_beats[self->results.first];
        if (result->due > now + 1)
            next = result->due - 1;
        else
            *axi_show_r(port) = (struct axi_read){.data = self->result_data +
                                                          (size_t)self->results.first * self->width,
                                                  .id = result->id,
                                                  .resp = result->resp,
                                                  .last = result->last};
    }
    if (self->stored > 0 && !(port->valid & AXI_BIT_B)) {
        const struct write_burst *burst = &self->write_bursts[self->writes.first];
        if (burst->due > now + 1)
            next = burst->due - 1 < next ? burst->due - 1 : next;
        else
            *axi_show_b(port) = (struct axi_response){.id = burst->ax.id, .resp = burst->resp};
    }
    port->ready = (uint8_t)((self->reads_open < config->reads_max ? AXI_BIT_AR : 0) |
                            (self->writes.count < config->writes_max ? AXI_BIT_AW : 0) |
                            (self->buffer.count < self->buffer.places ? AXI_BIT_W : 0));
    return next;
}

static sim_cycle axi_sram_step(void *instance, sim_cycle now)
{
    struct axi_sram *self = instance;
    struct axi_port *port = self->port;
    const uint8_t valid = port->valid, ready = port->ready, shown = port->shown;
    use_array(self, now);
    take_edge(self, now);
    sim_cycle next = drive(self, now);
    if (port->valid != valid || port->ready != ready || port->shown != shown)
        axi_touch(port, now);

    const sim_cycle write_free = self->free_at[self->config->ports == AXI_SRAM_DUAL];
    if (can_read(self) && self->free_at[0] < next)
        next = self->free_at[0];
    if (can_write(self) && write_free < next)
        next = write_free;
    return next > now ? next : now + 1;
}

/* ---- building -------------------------------------------------------------------------------- */

static bool make_ring(struct arena *arena, struct ring *ring, uint32_t places, size_t item_bytes,
                      void *items)
{
    void *memory = arena_alloc(arena, places * item_bytes);
    memcpy(items, &memory, sizeof memory);
    ring->places = places;
    return memory != NULL;
}

static bool make_rings(struct axi_sram *self, struct arena *arena)
{
    const struct axi_sram_config *config = self->config;
    const uint32_t ahead = config->read_latency_cycles + 2;
    self->result_data = arena_alloc(arena, (size_t)ahead * self->width);
    self->buffer_data = arena_alloc(arena, (size_t)config->buffer_beats * self->width);
    return self->result_data && self->buffer_data &&
           make_ring(arena, &self->reads, config->reads_max, sizeof *self->read_bursts,
                     &self->read_bursts) &&
           make_ring(arena, &self->results, ahead, sizeof *self->result_beats,
                     &self->result_beats) &&
           make_ring(arena, &self->buffer, config->buffer_beats, sizeof *self->buffer_beats,
                     &self->buffer_beats) &&
           make_ring(arena, &self->writes, config->writes_max, sizeof *self->write_bursts,
                     &self->write_bursts);
}

static bool make_faults(struct axi_sram *self, struct arena *arena)
{
    const struct axi_sram_error *errors = self->config->errors.items;
    self->fault_count = self->config->errors.count;
    if (self->fault_count == 0)
        return true;
    self->faults = arena_alloc(arena, self->fault_count * sizeof *self->faults);
    for (uint32_t i = 0; i < self->fault_count && self->faults; i++)
        self->faults[i] = (struct fault){.offset = errors[i].offset,
                                         .last = errors[i].offset + errors[i].bytes - 1,
                                         .left = errors[i].count,
                                         .forever = errors[i].count == 0};
    return self->faults != NULL;
}

static int axi_sram_create(struct build *build, struct component *component)
{
    const struct axi_sram_config *config = component->config;
    struct arena *arena = build->kernel->arena;
    struct axi_sram *self = arena_alloc(arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    struct axi_bus *bus = build_axi(build, config->bus);
    self->config = config;
    self->base = config->base;
    self->size_bytes = config->size_bytes;
    self->width = bus->width_bytes;
    self->bytes = arena_alloc(arena, config->size_bytes);
    if (!self->bytes || !make_rings(self, arena) || !make_faults(self, arena))
        return DMASIM_MEMORY;
    component->clock = bus->unit.clock;
    component->instance = self;
    kernel_add(build->kernel, &self->unit, component->name, component->clock, axi_sram_step, self);
    self->port = build_axi_slave(build, component, bus, &self->unit, AXI_READS | AXI_WRITES,
                                 config->base, config->size_bytes);
    if (!self->port)
        return DMASIM_INVALID;
    content_lay(CONTENT_OF(config), build, self->bytes);
    return DMASIM_OK;
}

static void axi_sram_check(const struct plan *plan, const struct component *self,
                           struct check *check)
{
    const struct axi_sram_config *config = self->config;
    (void)plan;
    content_check(CONTENT_OF(config), self, check);
    const struct axi_sram_error *errors = config->errors.items;
    for (uint32_t i = 0; i < config->errors.count; i++)
        if (!content_inside(CONTENT_OF(config), errors[i].offset, errors[i].bytes))
            check->fail(check, self, "errors", "item %u ends beyond the memory", i);
}

static bool axi_sram_region(const struct component *self, uint32_t index,
                            struct component_region *region)
{
    const struct axi_sram_config *config = self->config;
    *region = (struct component_region){
        .bus = config->bus, .base = config->base, .bytes = config->size_bytes};
    return index == 0;
}

static int axi_sram_access(struct component *component, uint64_t offset, unsigned size_bytes,
                           bool write, uint64_t *value)
{
    struct axi_sram *self = component->instance;
    return content_access(self->bytes, self->size_bytes, offset, size_bytes, write, value);
}

const uint8_t *axi_sram_bytes(const struct component *component)
{
    const struct axi_sram *self = component->instance;
    return component->type == &axi_sram_type && self ? self->bytes : NULL;
}

static bool axi_sram_output(const struct component *component, uint32_t index,
                            struct component_output *output)
{
    const struct axi_sram_config *config = component->config;
    return content_output(CONTENT_OF(config), axi_sram_bytes(component), index, output);
}

/* ---- parameters ------------------------------------------------------------------------------ */

static const char *const port_names[] = {"single", "dual", NULL};
static const char *const arbitration_names[] = {"read_first", "write_first", "alternate", NULL};

static const struct parameter error_parameters[] = {
    {.name = "offset",
     .kind = PARAMETER_BYTES,
     PARAMETER_AT(axi_sram_error, offset),
     .max = CONTENT_BYTES_MAX,
     .doc = "First byte that answers so, from the memory's base."},
    {.name = "bytes",
     .kind = PARAMETER_BYTES,
     PARAMETER_AT(axi_sram_error, bytes),
     .initial = 4,
     .min = 1,
     .max = CONTENT_BYTES_MAX,
     .doc = "Length of the range."},
    {.name = "count",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(axi_sram_error, count),
     .initial = 1,
     .max = UINT32_MAX,
     .doc = "How many beats that start in the range answer so before it works; 0 means all."},
    {.name = NULL},
};

#define CYCLES(label, member, first, most, text)                                                   \
    {                                                                                              \
        .name = (label), .kind = PARAMETER_UINT, PARAMETER_AT(axi_sram_config, member),            \
        .initial = (first), .min = 1, .max = (most), .doc = (text)                                 \
    }

static const struct parameter axi_sram_parameters[] = {
    {.name = "bus",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_BUS,
     .of = "axi",
     PARAMETER_AT(axi_sram_config, bus),
     .doc = "Bus it is a slave of."},
    {.name = "base",
     .kind = PARAMETER_ADDRESS,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(axi_sram_config, base),
     .max = UINT64_MAX,
     .doc = "First address, a multiple of 0x1000."},
    {.name = "size",
     .kind = PARAMETER_BYTES,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(axi_sram_config, size_bytes),
     .min = AXI_KIB4,
     .max = CONTENT_BYTES_MAX,
     .doc = "Size, a multiple of 4 KiB."},
    {.name = "ports",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(axi_sram_config, ports),
     .initial = AXI_SRAM_DUAL,
     .names = port_names,
     .doc = "single: reads and writes share the array; dual: each has a port of its own."},
    {.name = "arbitration",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(axi_sram_config, arbitration),
     .initial = AXI_SRAM_ALTERNATE,
     .names = arbitration_names,
     .doc = "Who gets a single port when both want it, beat by beat."},
    CYCLES("read_latency", read_latency_cycles, 1, AXI_SRAM_LATENCY_MAX,
           "Cycles from the access of the array, the one after AR at the earliest, to RVALID."),
    CYCLES("write_latency", write_latency_cycles, 1, AXI_SRAM_LATENCY_MAX,
           "Cycles from the access that stores the last beat to BVALID."),
    CYCLES("read_beat_cycles", read_beat_cycles, 1, 1000, "Cycles a read keeps the array busy."),
    CYCLES("write_beat_cycles", write_beat_cycles, 1, 1000, "Cycles a write keeps the array busy."),
    CYCLES("outstanding_reads", reads_max, 8, AXI_SRAM_OPEN_MAX,
           "Bursts that may wait for their last R."),
    CYCLES("outstanding_writes", writes_max, 8, AXI_SRAM_OPEN_MAX,
           "Bursts that may wait for their B."),
    CYCLES("write_buffer", buffer_beats, 4, 256,
           "Beats of W taken before the array stores them; less than 2 halves the rate."),
    {.name = "fill",
     .kind = PARAMETER_GROUP,
     PARAMETER_AT(axi_sram_config, fill),
     .sub = sram_fill_parameters,
     .doc = "What the memory holds at the start, before `load` and `bytes`."},
    {.name = "load",
     .kind = PARAMETER_LIST,
     PARAMETER_AT(axi_sram_config, loads),
     .sub = sram_load_parameters,
     .item_bytes = sizeof(struct sram_load),
     .doc = "Files put into the memory at the start."},
    {.name = "bytes",
     .kind = PARAMETER_LIST,
     PARAMETER_AT(axi_sram_config, bytes),
     .sub = sram_inline_parameters,
     .item_bytes = sizeof(struct sram_inline),
     .doc = "Bytes put into the memory at the start, after `load`."},
    {.name = "dump",
     .kind = PARAMETER_LIST,
     PARAMETER_AT(axi_sram_config, dumps),
     .sub = sram_dump_parameters,
     .item_bytes = sizeof(struct sram_dump),
     .doc = "Parts of the memory written to files when the run is over."},
    {.name = "errors",
     .kind = PARAMETER_LIST,
     PARAMETER_AT(axi_sram_config, errors),
     .sub = error_parameters,
     .item_bytes = sizeof(struct axi_sram_error),
     .doc = "Ranges whose beats answer SLVERR."},
    {.name = NULL},
};

const struct component_type axi_sram_type = {
    .name = "axi-sram",
    .section = SECTION_MEMORIES,
    .doc =
        "On-chip memory on AXI with ports, latencies, cycles per beat and limits of open bursts.",
    .config_bytes = sizeof(struct axi_sram_config),
    .parameters = axi_sram_parameters,
    .create = axi_sram_create,
    .check = axi_sram_check,
    .region = axi_sram_region,
    .access = axi_sram_access,
    .output = axi_sram_output,
};
