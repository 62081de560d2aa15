/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi_master and axi_slave on one pair of ports, with trains in both directions (struct axi_train): random commands
 * end in the cycles, and leave at any moment the bytes, that they have with every beat on its own.
 */
#include "axi_keeper.h"
#include "axi_owner.h"
#include "suite.h"

#include <stdlib.h>

#define PERIOD 1000
#define BASE UINT64_C(0x10000000)
#define SIZE 0x8000u
#define CYCLES_MAX 100000

struct pair {
    struct arena arena;
    struct kernel kernel;
    struct axi_bus *bus;
    struct owner *m;
    struct keeper *s;
};

static void ignore(struct probe_observer *self, const struct probe *probe, sim_cycle now,
                   const void *record)
{
    (void)self;
    (void)probe;
    (void)now;
    (void)record;
}

static struct probe_observer observer = {.notify = ignore};

static struct pair *create(uint64_t seed, unsigned flags, bool observed)
{
    struct pair *self = calloc(1, sizeof *self);
    struct random random = random_seeded(seed);
    const struct axi_bus_config config = {.width_bits = 32u << random_below(&random, 4)};
    const unsigned width = config.width_bits / 8;
    self->m = calloc(1, sizeof *self->m);
    self->s = calloc(1, sizeof *self->s);
    self->m->runs = true;
    self->m->config.r_trains = true;
    self->m->config.parked = AXI_TO_MASTER;
    self->m->config.outstanding[0] = (uint16_t)(1 + random_below(&random, 4));
    self->m->config.outstanding[1] = (uint16_t)(1 + random_below(&random, 4));
    const unsigned count = 1 + random_below(&random, OWNER_COMMANDS);
    sim_cycle from = 0;
    for (unsigned i = 0; i < count; i++) {
        const bool whole = random_below(&random, 4) > 0;
        uint64_t bytes = 1 + random_below(&random, 0x600),
                 addr = random_below(&random, random_below(&random, 2) ? 0x6000 : 0x200);
        if (whole) {
            bytes = (bytes + width - 1) / width * width;
            addr = addr / width * width;
        }
        struct owner_command *c =
            owner_add(self->m, random_below(&random, 2), BASE + addr, bytes,
                      (unsigned)__builtin_ctz(width), random_below(&random, 2));
        if (random_below(&random, 3) == 0)
            c->command.burst_beats = (uint16_t)(1 + random_below(&random, 40));
        c->command.fence = random_below(&random, 4) == 0;
        c->from = from += random_below(&random, 120);
    }
    self->s->trains = true;
    self->s->config = (struct axi_slave_config){.reads = 1 + random_below(&random, 4),
                                                .writes = 1 + random_below(&random, 4),
                                                .beats = 512,
                                                .answers = 1};
    self->s->read_latency = 1 + random_below(&random, 9);
    self->s->write_latency = 1 + random_below(&random, 9);
    self->s->fault_first = UINT64_MAX;

    kernel_init(&self->kernel, &self->arena);
    self->bus = axi_bus_create(&self->kernel, "axi", kernel_clock(&self->kernel, "clk", PERIOD, 0),
                               &config);
    owner_join(self->m, &self->kernel, self->bus, "m");
    keeper_join(self->s, &self->kernel, self->bus, "s", BASE, SIZE);
    for (uint32_t i = 0; i < SIZE; i++)
        self->s->bytes[i] = (uint8_t)(i * UINT32_C(2654435761) >> 11);
    ck_assert_int_eq(axi_bus_complete(self->bus), DMASIM_OK);
    ck_assert_int_eq(kernel_seal(&self->kernel, flags, NULL), DMASIM_OK);
    if (observed)
        probe_observe(&self->m->master.port->event_probe, &observer);
    return self;
}

static void destroy(struct pair *self)
{
    arena_free(&self->arena);
    free(self->m);
    free(self->s);
    free(self);
}

/* Both have done the same, and hold the same bytes, after the edge of `cycle`. */
static void compare(struct pair *one, struct pair *other, sim_cycle cycle, uint64_t seed)
{
    struct pair *const pairs[] = {one, other};
    for (unsigned i = 0; i < 2; i++) {
        kernel_advance(&pairs[i]->kernel, cycle * PERIOD, 0);
        keeper_catch_up(pairs[i]->s, cycle);
    }
    ck_assert_msg(one->m->done == other->m->done, "seed %ju, cycle %ju: %u %u", (uintmax_t)seed,
                  (uintmax_t)cycle, one->m->done, other->m->done);
    ck_assert_msg(memcmp(one->s->bytes, other->s->bytes, SIZE) == 0, "seed %ju, cycle %ju: bytes",
                  (uintmax_t)seed, (uintmax_t)cycle);
}

static void compare_ends(const struct pair *one, const struct pair *other, uint64_t seed)
{
    ck_assert_uint_eq(one->m->done, one->m->count);
    for (uint32_t i = 0; i < one->m->count; i++) {
        const struct owner_command *a = &one->m->commands[i], *b = &other->m->commands[i];
        ck_assert_msg(a->done == b->done, "seed %ju: command %u ends in %ju, %ju", (uintmax_t)seed,
                      i, (uintmax_t)a->done, (uintmax_t)b->done);
        ck_assert_mem_eq(a->bytes, b->bytes, a->command.bytes);
    }
}

static void play(uint64_t seed, unsigned flags, bool observed, uint32_t *steps, uint32_t *beats)
{
    struct random random = random_seeded(seed * 77);
    struct pair *plain = create(seed, 0, false), *other = create(seed, flags, observed);
    sim_cycle cycle = 0;
    while (plain->m->done < plain->m->count && cycle < CYCLES_MAX)
        compare(plain, other, cycle += 1 + random_below(&random, 60), seed);
    compare_ends(plain, other, seed);
    *steps += plain->s->steps;
    *beats += other->s->steps;
    destroy(plain);
    destroy(other);
}

START_TEST(trains_cannot_be_told_from_beats)
{
    uint32_t steps = 0, beats = 0;
    for (uint64_t seed = 1; seed <= 150; seed++)
        play(seed, 0, true, &steps, &beats);
    ck_assert_uint_lt(steps * 2, beats); /* there were trains */
}
END_TEST

START_TEST(nor_from_every_cycle_in_any_order)
{
    uint32_t steps = 0, beats = 0;
    for (uint64_t seed = 1; seed <= 50; seed++) {
        play(seed, KERNEL_EVERY_CYCLE, false, &steps, &beats);
        play(seed, KERNEL_REVERSED, false, &steps, &beats);
        play(seed, KERNEL_EVERY_CYCLE | KERNEL_REVERSED, true, &steps, &beats);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("axi engines");
    TCase *tests = tcase_create("trains");
    tcase_add_test(tests, trains_cannot_be_told_from_beats);
    tcase_add_test(tests, nor_from_every_cycle_in_any_order);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
