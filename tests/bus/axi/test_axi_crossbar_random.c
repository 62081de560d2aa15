/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random masters on random crossbars: every byte as a plain copy has it, order of each id, responses,
 * VALID and payload stable until READY, no deadlock, and one trace whatever is stepped.
 */
#include "axi_target.h"
#include "axi_traffic.h"
#include "axi_watch.h"
#include "bus/axi/axi_crossbar.h"
#include "suite.h"

#include <stdlib.h>

#define MASTERS 5
#define SLAVES 4
#define PERIOD 1000
#define SLAVE_SIZE 0xa0000u
#define WRITES_AT 0x20000u /* below: what reads find */
#define SLOT 0x800u
#define BURSTS 48 /* of a master, each direction */
#define FAULTS_AT 0x1f000u
#define CYCLES_MAX 400000

struct watcher {
    struct probe_observer observer;
    struct axi_row row[MASTERS + SLAVES];
    uint64_t hash, events;
    const char *fault;
};

struct world {
    struct arena arena;
    struct kernel kernel;
    struct axi_bus *bus;
    struct traffic *masters[MASTERS];
    struct target *slaves[SLAVES];
    uint32_t master_count, slave_count;
    uint64_t faults; /* bursts that break a rule */
    sim_cycle end;
    struct watcher rows, events;
    struct axi_watch watches[MASTERS + SLAVES];
};

static const char *const master_names[] = {"m0", "m1", "m2", "m3", "m4"};
static const char *const slave_names[] = {"s0", "s1", "s2", "s3"};

static uint64_t slave_base(unsigned index)
{
    return UINT64_C(0x100000000) * (index + 1);
}

/* What reads find. */
static uint8_t content(uint64_t address)
{
    return (uint8_t)((address + (address >> 32) * 7) * 2654435761u >> 13);
}

/* ---- observers ------------------------------------------------------------------------------- */

#define SAME(field) (was->field == is->field)

static const char *unstable(const struct axi_row *was, const struct axi_row *is, size_t width)
{
    if (was->arvalid && !was->arready &&
        !(is->arvalid && SAME(araddr) && SAME(arid) && SAME(arlen) && SAME(arsize) &&
          SAME(arburst)))
        return "AR";
    if (was->awvalid && !was->awready &&
        !(is->awvalid && SAME(awaddr) && SAME(awid) && SAME(awlen) && SAME(awsize) &&
          SAME(awburst)))
        return "AW";
    if (was->wvalid && !was->wready &&
        !(is->wvalid && SAME(wlast) && SAME(wstrb[0]) && SAME(wstrb[1]) &&
          memcmp(was->data + width, is->data + width, width) == 0))
        return "W";
    if (was->rvalid && !was->rready &&
        !(is->rvalid && SAME(rid) && SAME(rresp) && SAME(rlast) &&
          memcmp(was->data, is->data, width) == 0))
        return "R";
    if (was->bvalid && !was->bready && !(is->bvalid && SAME(bid) && SAME(bresp)))
        return "B";
    return NULL;
}

static void watch_row(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                      const void *record)
{
    struct watcher *self = (struct watcher *)observer;
    const struct axi_port *port = probe->owner;
    struct axi_row *was = &self->row[port->index + (port->master ? 0 : MASTERS)];
    struct axi_row is = {0};
    memcpy(&is, record, probe->type->record_bytes);
    const char *fault = unstable(was, &is, port->bus->width_bytes);
    if (fault && !self->fault)
        self->fault = fault;
    *was = is;
    (void)now;
}

static void mix(struct watcher *self, uint64_t value)
{
    self->hash = (self->hash ^ value) * UINT64_C(0x100000001b3);
    self->hash ^= self->hash >> 29;
}

static void watch_event(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                        const void *record)
{
    struct watcher *self = (struct watcher *)observer;
    const struct axi_port *port = probe->owner;
    const struct axi_event *event = record;
    mix(self, now);
    mix(self, event->valid_since);
    mix(self, port->index + (port->master ? 0u : 16u));
    mix(self, event->channel);
    mix(self, event->addr);
    mix(self, event->id);
    mix(self, event->resp + 16u * event->last);
    for (uint32_t i = 0; event->data && i < port->bus->width_bytes; i++)
        mix(self, event->data[i]);
    self->events++;
}

/* ---- random systems -------------------------------------------------------------------------- */

static unsigned log2_of(uint32_t value)
{
    return 31u - (unsigned)__builtin_clz(value);
}

/* Shape of a burst that keeps the rules, within SLOT bytes of `base`. */
static void shape(struct random *random, struct axi_address *ax, uint64_t base, uint32_t width)
{
    ax->size = (uint8_t)random_below(random, log2_of(width) + 1);
    const uint32_t bytes = 1u << ax->size;
    ax->burst = (uint8_t)(random_below(random, 6) ? AXI_INCR : random_below(random, 2));
    if (ax->burst == AXI_FIXED && random_below(random, 2))
        ax->burst = AXI_WRAP;
    uint32_t beats = 1 + random_below(random, random_below(random, 4) ? 8 : 256);
    if (ax->burst == AXI_WRAP)
        beats = 2u << random_below(random, 4);
    if (ax->burst == AXI_FIXED && beats > 16)
        beats = 16;
    if (beats * bytes > SLOT)
        beats = SLOT / bytes;
    if (ax->burst == AXI_WRAP)
        ax->addr = base + random_below(random, beats) * bytes;
    else
        ax->addr = base + random_below(random, SLOT - beats * bytes + 1) / bytes * bytes;
    if (ax->burst == AXI_INCR && random_below(random, 3) == 0)
        ax->addr += random_below(random, bytes);
    ax->len = (uint8_t)(beats - 1);
    ax->id = random_below(random, 4);
}

static void plan_bursts(struct world *world, struct random *random, unsigned master)
{
    struct traffic *self = world->masters[master];
    const uint32_t width = world->bus->width_bytes;
    for (unsigned write = 0; write < 2; write++) {
        struct traffic_list *list = write ? &self->writes : &self->reads;
        list->count = random_below(random, BURSTS);
        for (uint32_t i = 0; i < list->count; i++) {
            struct traffic_burst *burst = &list->bursts[i];
            uint64_t base = slave_base(random_below(random, world->slave_count));
            uint32_t slot = write ? WRITES_AT + (master * BURSTS + i) * SLOT
                                  : random_below(random, FAULTS_AT / SLOT) * SLOT;
            burst->seed = random_next(random);
            burst->full = random_below(random, 2);
            burst->ax.qos = 0;
            shape(random, &burst->ax, base + slot, width);
            switch (random_below(random, 16)) {
            case 0: /* nobody there */
                burst->ax.addr += SLAVE_SIZE;
                burst->resp = AXI_DECERR;
                break;
            case 1: /* a slave's fault */
                burst->ax.addr = (burst->ax.addr - slot) + FAULTS_AT;
                burst->resp = AXI_SLVERR;
                break;
            case 2: /* crosses 4 KiB */
                if (burst->ax.burst != AXI_INCR || burst->ax.len == 0)
                    break;
                burst->ax.addr |= 0xfff & ~((UINT64_C(1) << burst->ax.size) - 1);
                burst->resp = AXI_DECERR;
                world->faults++;
                break;
            default:
                break;
            }
        }
    }
}

static const struct axi_weight weights[] = {{"m0", 3}, {"m1", 2}};
static struct axi_slice_config slices[3];

/* Builds the system of a seed. */
static struct world *world_create(uint64_t seed, unsigned flags)
{
    struct world *self = calloc(1, sizeof *self);
    struct random random = random_seeded(seed);
    kernel_init(&self->kernel, &self->arena);
    struct clock *clock = kernel_clock(&self->kernel, "clk", PERIOD, 0);
    self->master_count = 1 + random_below(&random, MASTERS);
    self->slave_count = 1 + random_below(&random, SLAVES);

    struct axi_bus_config config = {.width_bits = 32u << random_below(&random, 4)};
    struct axi_crossbar_config *crossbar = &config.crossbar;
    crossbar->always = true;
    crossbar->policy = (uint8_t)random_below(&random, 3);
    crossbar->grant = (uint8_t)random_below(&random, 2);
    crossbar->outstanding = 1 + random_below(&random, 8);
    if (self->master_count > 1)
        crossbar->weights = (struct parameter_list){(void *)(uintptr_t)weights, 2};
    crossbar->slices = (struct parameter_list){slices, random_below(&random, 3)};
    for (unsigned i = 0; i < 2; i++) {
        slices[i].port = i ? slave_names[random_below(&random, self->slave_count)]
                           : master_names[random_below(&random, self->master_count)];
        for (unsigned channel = 0; channel < AXI_CHANNELS; channel++)
            slices[i].channels[channel] = random_below(&random, 2);
    }
    self->bus = axi_bus_create(&self->kernel, "axi", clock, &config);
    ck_assert_ptr_nonnull(self->bus);

    for (unsigned i = 0; i < self->master_count; i++) {
        self->masters[i] = arena_alloc(&self->arena, sizeof *self->masters[i]);
        traffic_join(self->masters[i], &self->kernel, self->bus, master_names[i]);
        self->masters[i]->content = content;
        self->masters[i]->random = random_seeded(random_next(&random));
        self->masters[i]->stall = random_below(&random, 3) * random_below(&random, 8);
        plan_bursts(self, &random, i);
    }
    for (unsigned i = 0; i < self->slave_count; i++) {
        struct target *slave = self->slaves[i] = arena_alloc(&self->arena, sizeof *slave);
        slave->order = (uint8_t)random_below(&random, 3);
        target_join(slave, &self->kernel, self->bus, slave_names[i], slave_base(i), SLAVE_SIZE);
        slave->random = random_seeded(random_next(&random));
        slave->stall = random_below(&random, 3) * random_below(&random, 8);
        slave->fault_first = slave->base + FAULTS_AT;
        slave->fault_last = slave->base + WRITES_AT - 1;
        for (uint32_t j = 0; j < WRITES_AT; j++)
            slave->bytes[j] = content(slave->base + j);
    }
    ck_assert_int_eq(axi_bus_complete(self->bus), DMASIM_OK);
    ck_assert_int_eq(kernel_seal(&self->kernel, flags, NULL), DMASIM_OK);
    return self;
}

static void world_observe(struct world *self)
{
    self->rows.observer.notify = watch_row;
    self->events.observer.notify = watch_event;
    for (unsigned i = 0; i < self->master_count + self->slave_count; i++) {
        bool master = i < self->master_count;
        struct axi_port *port =
            master ? self->masters[i]->port : self->slaves[i - self->master_count]->port;
        /* Masters cross 4 KiB on purpose, slaves never see it. */
        const struct axi_check_options options = {.cross_4kib = master, .complete = true};
        axi_watch_port(&self->watches[i], port, &options);
        probe_observe(&port->row_probe, &self->rows.observer);
        probe_observe(&port->event_probe, &self->events.observer);
    }
}

static void world_free(struct world *self)
{
    for (unsigned i = 0; i < MASTERS + SLAVES; i++)
        axi_watch_free(&self->watches[i]);
    arena_free(&self->arena);
    free(self);
}

static bool world_done(const struct world *self)
{
    for (unsigned i = 0; i < self->master_count; i++)
        if (!traffic_done(self->masters[i]))
            return false;
    return true;
}

static void world_run(struct world *self)
{
    while (!world_done(self)) {
        sim_time next = kernel_next(&self->kernel);
        ck_assert_msg(next != SIM_NEVER, "deadlock");
        ck_assert_msg(next < (sim_time)CYCLES_MAX * PERIOD, "no end");
        kernel_advance(&self->kernel, next, 0);
    }
    self->end = self->kernel.now / PERIOD;
    kernel_advance(&self->kernel, self->kernel.now + 20 * PERIOD, 0);
}

/* Bytes of every slave against a plain copy. */
static void check_bytes(const struct world *self)
{
    uint8_t *expected = malloc(SLAVE_SIZE);
    for (unsigned i = 0; i < self->slave_count; i++) {
        const struct target *slave = self->slaves[i];
        memset(expected, 0, SLAVE_SIZE);
        for (uint32_t j = 0; j < WRITES_AT; j++)
            expected[j] = content(slave->base + j);
        for (unsigned m = 0; m < self->master_count; m++) {
            const struct traffic_list *list = &self->masters[m]->writes;
            for (uint32_t j = 0; j < list->count; j++) {
                uint64_t offset = list->bursts[j].ax.addr - slave->base;
                if (list->bursts[j].resp == AXI_OKAY && offset < SLAVE_SIZE)
                    traffic_apply(&list->bursts[j], self->bus->width_bytes, expected, slave->base);
            }
        }
        ck_assert_mem_eq(slave->bytes, expected, SLAVE_SIZE);
    }
    free(expected);
}

static void check_world(struct world *self, uint64_t seed)
{
    for (unsigned i = 0; i < self->master_count + self->slave_count; i++) {
        const char *fault = axi_watch_end(&self->watches[i], self->kernel.now / PERIOD + 1);
        ck_assert_msg(!fault, "seed %ju: port %u: %s", (uintmax_t)seed, i, fault);
    }
    for (unsigned i = 0; i < self->master_count; i++)
        ck_assert_msg(!self->masters[i]->fault, "seed %ju: m%u: %s", (uintmax_t)seed, i,
                      self->masters[i]->fault);
    ck_assert_msg(!self->rows.fault, "seed %ju: %s not stable", (uintmax_t)seed, self->rows.fault);
    check_bytes(self);
}

static struct world *run(uint64_t seed, unsigned flags, bool observed)
{
    struct world *world = world_create(seed, flags);
    if (observed)
        world_observe(world);
    world_run(world);
    return world;
}

START_TEST(bytes_responses_and_order_are_right_and_nothing_hangs)
{
    for (uint64_t seed = 1; seed <= 150; seed++) {
        struct world *world = run(seed, 0, true);
        check_world(world, seed);
        ck_assert_uint_eq(axi_crossbar_faults(world->bus), world->faults);
        world_free(world);
    }
}
END_TEST

START_TEST(stepping_every_cycle_or_in_the_opposite_order_gives_the_same_events)
{
    static const unsigned flags[] = {KERNEL_EVERY_CYCLE, KERNEL_REVERSED,
                                     KERNEL_EVERY_CYCLE | KERNEL_REVERSED};
    for (uint64_t seed = 1; seed <= 50; seed++) {
        struct world *plain = run(seed, 0, true);
        for (unsigned i = 0; i < 3; i++) {
            struct world *other = run(seed, flags[i], true);
            ck_assert_uint_eq(other->end, plain->end);
            ck_assert_uint_eq(other->events.events, plain->events.events);
            ck_assert_msg(other->events.hash == plain->events.hash, "seed %ju, flags %u",
                          (uintmax_t)seed, flags[i]);
            check_world(other, seed);
            world_free(other);
        }
        struct world *unseen = run(seed, 0, false);
        ck_assert_uint_eq(unseen->end, plain->end);
        world_free(unseen);
        world_free(plain);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("axi crossbar, random");
    TCase *tc = tcase_create("random");
    tcase_set_timeout(tc, 300);
    tcase_add_test(tc, bytes_responses_and_order_are_right_and_nothing_hangs);
    tcase_add_test(tc, stepping_every_cycle_or_in_the_opposite_order_gives_the_same_events);
    suite_add_tcase(suite, tc);
    return suite_run(suite);
}
