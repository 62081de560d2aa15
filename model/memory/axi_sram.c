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

#include "bus/axi/axi_slave.h"
#include "memory/ideal_bus.h"
#include "plan/log.h"

#include <string.h>

struct fault {
    uint64_t offset, last; /* inclusive */
    uint32_t left;
    bool forever;
};

struct axi_sram {
    struct unit unit;
    struct axi_slave slave;
    const struct axi_sram_config *config;
    uint64_t base;
    struct store store;
    uint32_t width;

    sim_cycle free_at[2]; /* of the array's ports: reads or shared, writes */
    bool write_was_last;
    uint32_t fault_count;
    struct fault *faults;
};

/* ---- the array ------------------------------------------------------------------------------- */

static uint8_t fault_at(struct axi_sram *self, uint64_t offset)
{
    if (offset >= self->store.size_bytes)
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

static uint8_t response(struct axi_sram *self, uint64_t offset, bool write)
{
    const uint8_t resp = fault_at(self, offset);
    const unsigned long long address = self->base + offset;
    const struct axi_port *port = write ? self->slave.write : self->slave.read;
    if (resp != AXI_OKAY && log_wanted(&self->unit))
        log_say(&self->unit,
                &(struct log_line){.level = LOG_ERROR, .kind = LOG_BUS, .of = port->bus->name},
                "%s answers a beat of a %s at 0x%08llx of %s",
                resp == AXI_DECERR ? "DECERR" : "SLVERR", write ? "write" : "read", address,
                self->unit.name);
    return resp;
}

static void read_beat(struct axi_sram *self, sim_cycle now)
{
    struct axi_slave *slave = &self->slave;
    const struct axi_slave_burst *burst = axi_slave_read(slave, 0);
    const uint64_t offset = axi_beat_address(&burst->ax, burst->beat) - self->base;
    const uint8_t resp = response(self, offset, false);
    uint8_t *data = axi_slave_r_data(slave);
    if (resp == AXI_OKAY) {
        ideal_axi_gives(&self->store, slave->read, &burst->ax, burst->beat, offset);
        memcpy(data, self->store.bytes + (offset & ~(uint64_t)(self->width - 1)), self->width);
    } else
        memset(data, 0, self->width);
    axi_slave_put_r(slave, 0, now + self->config->read_latency_cycles, resp, NULL);
}

static void store(struct axi_sram *self, uint64_t offset, const struct axi_slave_w *w)
{
    uint8_t *word = self->store.bytes + (offset & ~(uint64_t)(self->width - 1));
    const uint64_t all = self->width >= 64 ? UINT64_MAX : (UINT64_C(1) << self->width) - 1;
    ideal_axi_takes(&self->store, self->slave.write, &w->burst->ax,
                    offset & ~(uint64_t)(self->width - 1), w->data, w->strb);
    if (w->strb[0] == all && (self->width <= 64 || w->strb[1] == UINT64_MAX)) {
        memcpy(word, w->data, self->width);
        return;
    }
    for (uint32_t lane = 0; lane < self->width; lane++)
        if (w->strb[lane / 64] >> (lane % 64) & 1)
            word[lane] = w->data[lane];
}

static void write_beat(struct axi_sram *self, const struct axi_slave_w *w, sim_cycle now)
{
    const struct axi_address *ax = &w->burst->ax;
    const uint64_t offset = axi_beat_address(ax, w->burst->beat) - self->base;
    const uint8_t resp = response(self, offset, true);
    const bool ends = w->burst->beat == ax->len;
    if (resp == AXI_OKAY)
        store(self, offset, w);
    axi_slave_took(&self->slave, w, resp, ends);
    if (ends)
        axi_slave_put_b(&self->slave, 0, now + self->config->write_latency_cycles);
}

static bool can_read(const struct axi_sram *self)
{
    return self->slave.reads.count > 0 && axi_slave_r_room(&self->slave);
}

static bool can_write(const struct axi_sram *self)
{
    return self->slave.writes.count > 0 && self->slave.w_ring.count > 0;
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
        struct axi_slave_w w;
        axi_slave_next_w(&self->slave, now, &w);
        write_beat(self, &w, now);
    }
}

static sim_cycle axi_sram_step(void *instance, sim_cycle now)
{
    struct axi_sram *self = instance;
    use_array(self, now);
    axi_slave_edge(&self->slave, now);
    sim_cycle next = axi_slave_drive(&self->slave, now);
    const sim_cycle write_free = self->free_at[self->config->ports == AXI_SRAM_DUAL];
    if (can_read(self) && self->free_at[0] < next)
        next = self->free_at[0];
    if (can_write(self) && write_free < next)
        next = write_free;
    return next > now ? next : now + 1;
}

/* ---- building -------------------------------------------------------------------------------- */

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
    self->width = bus->width_bytes;
    if (store_create(&self->store, component, config->size_bytes, build) != DMASIM_OK ||
        !make_faults(self, arena))
        return DMASIM_MEMORY;
    component->clock = bus->unit.clock;
    component->instance = self;
    kernel_add(build->kernel, &self->unit, component->name, component->clock, axi_sram_step, self);
    struct axi_port *port =
        build_axi_slave(build, component, bus, &self->unit, AXI_READS | AXI_WRITES, config->base,
                        config->size_bytes);
    if (!port)
        return DMASIM_INVALID;
    const struct axi_slave_config slave = {.reads = config->reads_max,
                                           .writes = config->writes_max,
                                           .beats = config->buffer_beats,
                                           .answers = config->read_latency_cycles + 2,
                                           .answer_bytes = self->width};
    if (!axi_slave_init(&self->slave, port, port, &slave))
        return DMASIM_MEMORY;
    store_lay(&self->store, STORE_CONTENT(config), build);
    return DMASIM_OK;
}

static void axi_sram_check(const struct plan *plan, const struct component *self,
                           struct check *check)
{
    const struct axi_sram_config *config = self->config;
    (void)plan;
    store_check(STORE_CONTENT(config), self, check);
    const struct axi_sram_error *errors = config->errors.items;
    for (uint32_t i = 0; i < config->errors.count; i++)
        if (!store_inside(STORE_CONTENT(config), errors[i].offset, errors[i].bytes))
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

/* ---- parameters ------------------------------------------------------------------------------ */

static const char *const port_names[] = {"single", "dual", NULL};
static const char *const arbitration_names[] = {"read_first", "write_first", "alternate", NULL};

static const struct parameter error_parameters[] = {
    {.name = "offset",
     .kind = PARAMETER_BYTES,
     PARAMETER_AT(axi_sram_error, offset),
     .max = STORE_BYTES_MAX,
     .doc = "First byte that answers so, from the memory's base."},
    {.name = "bytes",
     .kind = PARAMETER_BYTES,
     PARAMETER_AT(axi_sram_error, bytes),
     .initial = 4,
     .min = 1,
     .max = STORE_BYTES_MAX,
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
     .max = STORE_BYTES_MAX,
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
     .sub = store_fill_parameters,
     .doc = "What the memory holds at the start, before `load` and `bytes`."},
    {.name = "load",
     .kind = PARAMETER_LIST,
     PARAMETER_AT(axi_sram_config, loads),
     .sub = store_load_parameters,
     .item_bytes = sizeof(struct store_load),
     .doc = "Files put into the memory at the start."},
    {.name = "bytes",
     .kind = PARAMETER_LIST,
     PARAMETER_AT(axi_sram_config, bytes),
     .sub = store_inline_parameters,
     .item_bytes = sizeof(struct store_inline),
     .doc = "Bytes put into the memory at the start, after `load`."},
    {.name = "dump",
     .kind = PARAMETER_LIST,
     PARAMETER_AT(axi_sram_config, dumps),
     .sub = store_dump_parameters,
     .item_bytes = sizeof(struct store_dump),
     .doc = "Parts of the memory written to files when the run is over."},
    {.name = "errors",
     .kind = PARAMETER_LIST,
     PARAMETER_AT(axi_sram_config, errors),
     .sub = error_parameters,
     .item_bytes = sizeof(struct axi_sram_error),
     .doc = "Ranges whose beats answer SLVERR."},
    {.name = NULL},
};

static bool axi_sram_output(const struct component *self, uint32_t index,
                            struct component_output *output)
{
    const struct axi_sram_config *config = self->config;
    return store_output(self, &config->dumps, index, output);
}

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
    .access = store_access,
    .output = axi_sram_output,
};
