/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sram: a synchronous memory behind an AHB slave port.
 *
 *   row      n         n+1 ...   n+1+w
 *   HADDR    A
 *   HREADY   1         0 ...     1
 *   HRDATA             D(A) ---- D(A)
 *   HWDATA             D(A) ---- D(A)     stored at the edge that ends row n+1+w
 *
 * Timing
 *   w is read_first or write_first for NONSEQ, read_next or write_next for SEQ. A read shows what
 *   the memory holds when its address is accepted, after a write whose data phase ends at that edge.
 *   HRDATA is the whole word of the bus's width; a write changes the HSIZE bytes at its address only.
 *   ERROR and RETRY come after the same wait states and take their two cycles.
 *
 *   A run (bus/ahb/ahb.h) is one step at its start and one at its end; its writes are stored when they are
 *   due, or when somebody looks.
 *
 * Inaccuracies
 *   No refresh, no banks, no power states. A write buffer that hides write wait states is not
 *   modelled: set write_first and write_next to 0 for one. Hosts are little endian, as the bus is.
 */
#include "memory/ahb_sram.h"

#include <string.h>

#include "bus/ahb/ahb_component.h"
#include "kernel/random.h"
#include "memory/ideal_bus.h"

struct sram_fault {
    uint32_t offset;
    uint32_t last; /* inclusive */
    uint32_t left; /* accesses still to spoil */
    bool forever;
    uint8_t hresp;
};

struct sram {
    struct unit unit;
    struct ahb_bus *bus;
    int slave;
    uint32_t base;
    uint32_t word_mask;   /* bytes of a bus word - 1 */
    uint32_t waits[2][2]; /* [write][sequential] */
    uint32_t fault_count;
    struct sram_fault *faults;
    struct store store;
    struct kernel_lazy lazy;
    uint16_t run_next, run_left; /* beats of a run of writes not yet stored: the next, how many */
    bool shows;                  /* the word at `shown` is in the link */
    uint32_t shown;
    struct ahb_direct direct;
};

static enum ahb_resp sram_response(struct sram *self, uint32_t offset)
{
    for (uint32_t i = 0; i < self->fault_count; i++) {
        struct sram_fault *fault = &self->faults[i];
        if (offset < fault->offset || offset > fault->last)
            continue;
        if (fault->forever)
            return fault->hresp;
        if (fault->left > 0) {
            fault->left--;
            return fault->hresp;
        }
    }
    return AHB_OKAY;
}

static inline struct kernel *kernel_of(const struct sram *self)
{
    return self->unit.clock->kernel;
}

static void sram_store(struct sram *self, const struct ahb_access *access,
                       const struct ahb_data *hwdata)
{
    const uint32_t haddr = access->haddr, offset = haddr - self->base;
    const unsigned hsize = access->hsize;
    const uint8_t *lanes = (const uint8_t *)hwdata + (haddr & self->word_mask);
    ideal_ahb_takes(&self->store, self->bus, access, offset, lanes);
    round_writes(kernel_of(self), self->store.bytes + offset, lanes, (size_t)1 << hsize);
    switch (hsize) {
    case 0:
        self->store.bytes[offset] = lanes[0];
        break;
    case 1:
        memcpy(self->store.bytes + offset, lanes, 2);
        break;
    case 2:
        memcpy(self->store.bytes + offset, lanes, 4);
        break;
    case 3:
        memcpy(self->store.bytes + offset, lanes, 8);
        break;
    default:
        memcpy(self->store.bytes + offset, lanes, 16);
        break;
    }
}

static struct ahb_data sram_word(const struct sram *self, uint32_t offset)
{
    struct ahb_data data = {{0, 0}};
    const uint8_t *word = self->store.bytes + (offset & ~self->word_mask);
    round_read(kernel_of(self));
    switch (self->word_mask) {
    case 3:
        memcpy(&data, word, 4);
        break;
    case 7:
        memcpy(&data, word, 8);
        break;
    case 15:
        memcpy(&data, word, 16);
        break;
    default: /* 8 and 16 bits */
        memcpy(&data, word, self->word_mask + 1);
        break;
    }
    return data;
}

/* Stores the beats of a run whose data phases ended in row `upto` or before. */
static void sram_catch_up(struct sram *self, sim_cycle upto)
{
    const struct ahb_run *run = &self->bus->run;
    if (self->run_left == 0)
        return;
    unsigned beats = ahb_run_progress(run, upto) - self->run_next;
    if (beats > self->run_left)
        beats = self->run_left;
    round_put(kernel_of(self),
              self->store.bytes + (ahb_run_address(run, self->run_next) - self->base),
              run->bytes + ((size_t)self->run_next << run->hsize), (size_t)beats << run->hsize);
    self->run_next = (uint16_t)(self->run_next + beats);
    self->run_left = (uint16_t)(self->run_left - beats);
}

/* Puts what a run reads, from beat `first` on, into the link. */
static void sram_read_run(struct sram *self, struct ahb_run *run, unsigned first)
{
    if (first >= run->beats)
        return;
    memcpy(run->bytes + ((size_t)first << run->hsize),
           self->store.bytes + (ahb_run_address(run, first) - self->base),
           (size_t)(run->beats - first) << run->hsize);
    struct ahb_data last = sram_word(self, ahb_run_address(run, run->beats - 1u) - self->base);
    ahb_slave_respond_run(self->bus, self->slave, &last);
    self->shows = true;
    self->shown = ahb_run_address(run, run->beats - 1u);
}

static void sram_start_run(struct sram *self, struct ahb_run *run)
{
    if (!run->hwrite) {
        sram_read_run(self, run, 0);
        return;
    }
    self->run_next = 0;
    self->run_left = (uint16_t)(run->beats - 1u); /* the last is stored in its own step */
    ahb_slave_respond_run(self->bus, self->slave, NULL);
    self->shows = false;
}

static sim_cycle sram_step(void *instance, sim_cycle now)
{
    struct sram *self = instance;
    const struct ahb_access *access;
    const struct ahb_data *hwdata;

    if (self->run_left)
        sram_catch_up(self, now);
    if (ahb_slave_data(self->bus, self->slave, now, &access, &hwdata) && access->hwrite)
        sram_store(self, access, hwdata);
    if (!ahb_slave_address(self->bus, self->slave, now, &access))
        return SIM_NEVER;
    struct ahb_run *run = ahb_slave_run(self->bus, self->slave, now);
    if (run) {
        sram_start_run(self, run);
        return SIM_NEVER;
    }

    uint32_t offset = access->haddr - self->base;
    enum ahb_resp hresp = self->fault_count > 0 ? sram_response(self, offset) : AHB_OKAY;
    uint32_t waits = self->waits[access->hwrite][access->htrans == AHB_SEQ];
    self->shows = !access->hwrite;
    self->shown = access->haddr;
    if (access->hwrite) {
        ahb_slave_respond(self->bus, self->slave, now, waits, hresp, NULL);
    } else {
        struct ahb_data data = sram_word(self, offset);
        if (hresp == AHB_OKAY)
            ideal_ahb_gives(&self->store, self->bus, access, offset);
        ahb_slave_respond(self->bus, self->slave, now, waits, hresp, &data);
    }
    return SIM_NEVER;
}

/* ---- seen from outside ---------------------------------------------------------------------- */

/* The last edge that was taken. */
static sim_cycle last_edge(const struct sram *self)
{
    const struct clock *clock = self->unit.clock;
    const sim_cycle next = clock_edge_after(clock, clock->kernel->now);
    return next > 0 ? next - 1 : 0;
}

static void sram_settle(void *instance)
{
    struct sram *self = instance;
    if (self->run_left)
        sram_catch_up(self, last_edge(self));
}

/* Beats of a run whose address is accepted at a later edge show what is in memory by then. */
static void sram_refresh(void *instance)
{
    struct sram *self = instance;
    struct ahb_run *run = &self->bus->run;
    if (run->start != SIM_NEVER && run->slave == self->slave && !run->hwrite)
        sram_read_run(self, run, ahb_run_progress(run, last_edge(self)) + 1);
}

/* ---- what repeats -------------------------------------------------------------------------- */

static const struct state_field sram_rows[] = {
    {STATE_FREE(struct sram, unit), .why = STATE_KERNEL},
    {STATE_FREE(struct sram, bus), .why = STATE_BUILT},
    {STATE_FREE(struct sram, slave), .why = STATE_BUILT},
    {STATE_FREE(struct sram, base), .why = STATE_BUILT},
    {STATE_FREE(struct sram, word_mask), .why = STATE_BUILT},
    {STATE_FREE(struct sram, waits), .why = STATE_BUILT},
    {STATE_FREE(struct sram, fault_count), .why = STATE_BUILT},
    {STATE_FREE(struct sram, faults), .why = "visit() refuses with faults"},
    {STATE_FREE(struct sram, store),
     .why = "pass() of the master whose transfer it is moves bytes"},
    {STATE_FREE(struct sram, lazy), .why = STATE_BUILT},
    {STATE_SAME(struct sram, run_next)},
    {STATE_SAME(struct sram, run_left)},
    {STATE_SAME(struct sram, shows)},
    {STATE_COUNT(struct sram, shown)},
    {STATE_FREE(struct sram, direct), .why = "set while building; `mover` is of one visit"},
    {.name = NULL},
};
static const struct state_table sram_state = {STATE_TABLE(sram, sram_rows)};

/* The first count is `shown`. */
static bool sram_visit(void *instance, struct repeat *repeat)
{
    struct sram *self = instance;
    if (!repeat->times) {
        if (self->fault_count)
            return false;
        self->direct.mover = NULL;
        sram_catch_up(self, repeat->now);
    }
    repeat_grown(repeat, self->shown);
    return true;
}

/* The run that reads here; null if there is none. */
static struct ahb_run *sram_reads(const struct sram *self)
{
    struct ahb_run *run = &self->bus->run;
    return run->start != SIM_NEVER && run->slave == self->slave && !run->hwrite ? run : NULL;
}

static size_t run_bytes(const struct ahb_run *run)
{
    return (size_t)run->beats << run->hsize;
}

/* What is read can be read again later only if nobody has written over it. The master keeps to the addresses
 * of the memory, and writes nowhere near. */
static uint64_t sram_limit(void *instance, const struct repeat *repeat, uint64_t times)
{
    const struct sram *self = instance;
    const struct ahb_run *run = sram_reads(self);
    if (run &&
        memcmp(run->bytes, self->store.bytes + (run->haddr - self->base), run_bytes(run)) != 0)
        return 0;
    if (!self->shows || repeat->growth[repeat->own] == 0)
        return times;
    const struct ahb_data word = sram_word(self, self->shown - self->base);
    return memcmp(&word, &self->bus->links.slave[self->slave].hrdata, sizeof word) == 0 ? times : 0;
}

static void sram_pass(void *instance, const struct repeat *repeat)
{
    struct sram *self = instance;
    struct ahb_run *run = sram_reads(self);
    if (run)
        memcpy(run->bytes, self->store.bytes + (run->haddr - self->base), run_bytes(run));
    if (self->shows && repeat->growth[repeat->own] != 0)
        self->bus->links.slave[self->slave].hrdata = sram_word(self, self->shown - self->base);
}

static const struct repeat_hooks sram_repeat = {
    .state = &sram_state, .visit = sram_visit, .words = 1, .limit = sram_limit, .pass = sram_pass};

static const struct round_hooks sram_round = {.state = &sram_state};

/* ---- building ------------------------------------------------------------------------------ */

static int sram_create_faults(struct build *build, struct sram *self,
                              const struct sram_config *config)
{
    const struct sram_error *errors = config->errors.items;
    self->fault_count = config->errors.count;
    if (self->fault_count == 0)
        return DMASIM_OK;
    self->faults = arena_alloc(build->kernel->arena, self->fault_count * sizeof *self->faults);
    if (!self->faults)
        return DMASIM_MEMORY;
    for (uint32_t i = 0; i < self->fault_count; i++)
        self->faults[i] = (struct sram_fault){
            .offset = (uint32_t)errors[i].offset,
            .last = (uint32_t)(errors[i].offset + errors[i].bytes - 1),
            .left = errors[i].count,
            .forever = errors[i].count == 0,
            .hresp = errors[i].response == SRAM_RESPONSE_RETRY ? AHB_RETRY : AHB_ERROR,
        };
    return DMASIM_OK;
}

static int sram_create(struct build *build, struct component *component)
{
    const struct sram_config *config = component->config;
    struct sram *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    if (store_create(&self->store, component, config->size_bytes, build) != DMASIM_OK)
        return DMASIM_MEMORY;

    self->bus = build_ahb(build, config->bus);
    self->base = (uint32_t)config->base;
    self->word_mask = self->bus->lane_mask;
    self->waits[0][0] = config->read_first;
    self->waits[0][1] = config->read_next;
    self->waits[1][0] = config->write_first;
    self->waits[1][1] = config->write_next;
    component->clock = self->bus->unit.clock;
    component->instance = self;

    kernel_add(build->kernel, &self->unit, component->name, component->clock, sram_step, self);
    self->unit.repeat = &sram_repeat;
    self->unit.round = &sram_round;
    if (!round_leave_out(build->kernel, self->store.bytes, self->store.size_bytes))
        return DMASIM_MEMORY;
    int code = build_ahb_slave(build, component, self->bus, &self->unit, config->base,
                               config->size_bytes, &self->slave);
    if (code != DMASIM_OK)
        return code;
    if (config->errors.count == 0) {
        ahb_bus_slave_runs(self->bus, self->slave, self->waits);
        self->direct = (struct ahb_direct){
            .bytes = &self->store.bytes, .base = config->base, .size_bytes = config->size_bytes};
        ahb_bus_slave_direct(self->bus, self->slave, &self->direct);
        self->lazy = (struct kernel_lazy){sram_settle, sram_refresh, self, NULL};
        kernel_add_lazy(build->kernel, &self->lazy);
    }
    store_lay(&self->store, STORE_CONTENT(config), build);
    return sram_create_faults(build, self, config);
}

static void sram_check(const struct plan *plan, const struct component *self, struct check *check)
{
    const struct sram_config *config = self->config;
    (void)plan;
    if (config->size_bytes % SRAM_BYTES_MIN != 0)
        check->fail(check, self, "size", "must be a multiple of 1 KiB");
    if (config->base % SRAM_BYTES_MIN != 0)
        check->fail(check, self, "base", "must be a multiple of 0x400: slaves start at 1 KiB");
    if (config->base + config->size_bytes > UINT64_C(1) << 32)
        check->fail(check, self, "size", "reaches beyond the 4 GiB of 32-bit addresses");

    store_check(STORE_CONTENT(config), self, check);
    const struct sram_error *errors = config->errors.items;
    for (uint32_t i = 0; i < config->errors.count; i++)
        if (!store_inside(STORE_CONTENT(config), errors[i].offset, errors[i].bytes))
            check->fail(check, self, "errors", "item %u ends beyond the memory", i);
}

static bool sram_region(const struct component *self, uint32_t index,
                        struct component_region *region)
{
    const struct sram_config *config = self->config;
    *region = (struct component_region){
        .bus = config->bus, .base = config->base, .bytes = config->size_bytes};
    return index == 0;
}

/* ---- parameters ---------------------------------------------------------------------------- */

static const char *const sram_responses[] = {
    [SRAM_RESPONSE_ERROR] = "error",
    [SRAM_RESPONSE_RETRY] = "retry",
    NULL,
};

static const struct parameter sram_error_parameters[] = {
    {.name = "offset",
     .kind = PARAMETER_BYTES,
     PARAMETER_AT(sram_error, offset),
     .max = SRAM_BYTES_MAX,
     .doc = "First byte that answers so, from the memory's base."},
    {.name = "bytes",
     .kind = PARAMETER_BYTES,
     PARAMETER_AT(sram_error, bytes),
     .initial = 4,
     .min = 1,
     .max = SRAM_BYTES_MAX,
     .doc = "Length of the range."},
    {.name = "response",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(sram_error, response),
     .names = sram_responses,
     .doc = "error (the transfer fails) or retry (the master must repeat it)."},
    {.name = "count",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(sram_error, count),
     .initial = 1,
     .max = UINT32_MAX,
     .doc = "How many accesses to the range answer so before it works; 0 means all."},
    {.name = NULL},
};

#define WAIT_STATES(member, text)                                                                  \
    {                                                                                              \
        .name = #member, .kind = PARAMETER_UINT, PARAMETER_AT(sram_config, member), .max = 1000,   \
        .doc = "Wait states of " text "."                                                          \
    }

static const struct parameter sram_parameters[] = {
    {.name = "bus",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_BUS,
     .of = "ahb",
     PARAMETER_AT(sram_config, bus),
     .doc = "Bus it is a slave of."},
    {.name = "base",
     .kind = PARAMETER_ADDRESS,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(sram_config, base),
     .max = UINT32_MAX,
     .doc = "First address, a multiple of 0x400."},
    {.name = "size",
     .kind = PARAMETER_BYTES,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(sram_config, size_bytes),
     .min = SRAM_BYTES_MIN,
     .max = SRAM_BYTES_MAX,
     .doc = "Size, a multiple of 1 KiB."},
    WAIT_STATES(read_first, "the first read of a burst (NONSEQ)"),
    WAIT_STATES(read_next, "the further reads of a burst (SEQ)"),
    WAIT_STATES(write_first, "the first write of a burst (NONSEQ)"),
    WAIT_STATES(write_next, "the further writes of a burst (SEQ)"),
    {.name = "fill",
     .kind = PARAMETER_GROUP,
     PARAMETER_AT(sram_config, fill),
     .sub = store_fill_parameters,
     .doc = "What the memory holds at the start, before `load` and `bytes`."},
    {.name = "load",
     .kind = PARAMETER_LIST,
     PARAMETER_AT(sram_config, loads),
     .sub = store_load_parameters,
     .item_bytes = sizeof(struct store_load),
     .doc = "Files put into the memory at the start."},
    {.name = "bytes",
     .kind = PARAMETER_LIST,
     PARAMETER_AT(sram_config, bytes),
     .sub = store_inline_parameters,
     .item_bytes = sizeof(struct store_inline),
     .doc = "Bytes put into the memory at the start, after `load`."},
    {.name = "dump",
     .kind = PARAMETER_LIST,
     PARAMETER_AT(sram_config, dumps),
     .sub = store_dump_parameters,
     .item_bytes = sizeof(struct store_dump),
     .doc = "Parts of the memory written to files when the run is over."},
    {.name = "errors",
     .kind = PARAMETER_LIST,
     PARAMETER_AT(sram_config, errors),
     .sub = sram_error_parameters,
     .item_bytes = sizeof(struct sram_error),
     .doc = "Ranges that answer ERROR or RETRY."},
    {.name = NULL},
};

static bool sram_output(const struct component *self, uint32_t index,
                        struct component_output *output)
{
    const struct sram_config *config = self->config;
    return store_output(self, &config->dumps, index, output);
}

const struct component_type sram_type = {
    .name = "sram",
    .section = SECTION_MEMORIES,
    .doc = "On-chip memory with wait states for first and sequential accesses.",
    .config_bytes = sizeof(struct sram_config),
    .parameters = sram_parameters,
    .state = &sram_state,
    .create = sram_create,
    .check = sram_check,
    .region = sram_region,
    .access = store_access,
    .output = sram_output,
};
