/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random systems in which things are missing: buses without slaves or masters, bridges to nowhere, addresses
 * that nobody answers, address 0. Each is refused with a place, or runs, the same whether every unit is stepped at
 * every edge or in the opposite order, and answers whoever asks for an address from outside.
 *
 *   RANDOM_SEED=N   the only seed, with its scenario
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dmasim/dmasim.h"
#include "kernel/random.h"
#include "suite.h"

#include <check.h>

enum { CASES = 1000, BUSES = 4, FLAGS = 3 };

struct bare {
    struct random random;
    char text[16384];
    size_t length;
    unsigned buses, kinds[BUSES]; /* 0: ahb, 1: axi, 2: isa */
    unsigned cpus, controllers;
};

static unsigned below(struct bare *self, unsigned bound)
{
    return (unsigned)random_below(&self->random, bound);
}

static bool chance(struct bare *self, unsigned odds)
{
    return below(self, odds) == 0;
}

__attribute__((format(printf, 2, 3))) static void put(struct bare *self, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length =
        vsnprintf(self->text + self->length, sizeof self->text - self->length, format, arguments);
    va_end(arguments);
    self->length += (size_t)length;
    ck_assert_uint_lt(self->length, sizeof self->text);
}

/* Mostly where nobody is. */
static unsigned address(struct bare *self)
{
    static const unsigned places[] = {0,          4,          0xffc,      0x1000,     0x8000,
                                      0x20000000, 0x40000000, 0x7ffffffc, 0xfffffffc, 0x80000000};
    return places[below(self, sizeof places / sizeof places[0])];
}

/* A bus of this kind; false if there is none. */
static bool bus_of(struct bare *self, unsigned kind, unsigned *index)
{
    const unsigned first = below(self, BUSES);
    for (unsigned i = 0; i < self->buses; i++) {
        *index = (first + i) % self->buses;
        if (self->kinds[*index] == kind)
            return true;
    }
    return false;
}

static void buses(struct bare *self)
{
    static const char *const forms[] = {"", "type: axi, width: 64, ", "type: isa, "};
    self->buses = 1 + below(self, BUSES);
    put(self, "stop: 30 us\nclocks: { clk: { frequency: 100 MHz }, slow: { frequency: 8 MHz } }\n"
              "buses:\n");
    for (unsigned i = 0; i < self->buses; i++) {
        const unsigned kind = self->kinds[i] = below(self, 3);
        put(self, "  b%u: { %sclock: %s%s }\n", i, forms[kind], kind == 2 ? "slow" : "clk",
            kind == 1 && chance(self, 3) ? ", lite: true" : "");
    }
}

static void cpus(struct bare *self)
{
    self->cpus = below(self, 3);
    if (self->cpus == 0)
        return;
    put(self, "cpus:\n");
    for (unsigned i = 0; i < self->cpus; i++) {
        put(self, "  c%u: { bus: b%u", i, below(self, self->buses));
        if (chance(self, 2))
            put(self, ", traffic: { base: 0x%x, bytes: %u, pattern: random, beats: %u, count: %u }",
                address(self), 4 + below(self, 64), 1 + below(self, 16), below(self, 3) * 10);
        put(self, " }\n");
    }
}

static void controllers(struct bare *self)
{
    unsigned bus, other;
    const unsigned count = below(self, 3);
    if (count)
        put(self, "controllers:\n");
    for (unsigned i = 0; i < count; i++) {
        const char *interrupt = self->cpus && chance(self, 2) ? ", interrupt: c0" : "";
        const unsigned kind = below(self, 3);
        if (kind == 0 && bus_of(self, 0, &bus)) {
            bus_of(self, 0, &other);
            put(self,
                "  d%u: { type: \"snps,dw-dmac\", bus: b%u, base: 0x4%u00_0000, "
                "masters: [b%u]%s }\n",
                self->controllers++, bus, i, other, interrupt);
        } else if (kind == 1 && bus_of(self, 1, &bus)) {
            bus_of(self, 1, &other);
            put(self,
                "  d%u: { type: \"adi,axi-dmac\", bus: b%u, base: 0x4%u00_0000, "
                "source_bus: b%u, ",
                self->controllers++, bus, i, other);
            bus_of(self, 1, &other);
            put(self, "destination_bus: b%u%s }\n", other, interrupt);
        } else if (kind == 2 && bus_of(self, 2, &bus)) {
            put(self, "  d%u: { type: \"intel,8237a\", bus: b%u, port: 0x%x%s }\n",
                self->controllers++, bus, i * 16, interrupt);
        }
    }
    if (count && self->controllers == 0)
        put(self, "  {}\n");
}

static void masters(struct bare *self)
{
    unsigned bus;
    const unsigned count = below(self, 3);
    if (count == 0 || !bus_of(self, 0, &bus))
        return;
    put(self, "masters:\n");
    for (unsigned i = 0; i < count; i++) {
        bus_of(self, 0, &bus);
        put(self, "  s%u: { bus: b%u, commands: [", i, bus);
        for (unsigned n = 1 + below(self, 4); n > 0; n--)
            put(self, "{ address: 0x%x, write: %s, burst: %s, delay: %u }%s", address(self),
                chance(self, 2) ? "true" : "false", chance(self, 2) ? "incr4" : "single",
                below(self, 20), n > 1 ? ", " : "");
        put(self, "] }\n");
    }
}

static void slaves(struct bare *self)
{
    static const char *const types[] = {"sram", "axi-sram", "isa-memory"};
    static const char *const others[] = {"sram", "axi-memory", "isa-memory"};
    if (chance(self, 2)) {
        const unsigned bus = below(self, self->buses), kind = self->kinds[bus];
        put(self, "memories:\n  m: { type: %s, bus: b%u, base: 0x%x, size: 4 KiB }\n",
            chance(self, 2) ? types[kind] : others[kind], bus,
            kind == 2         ? 0
            : chance(self, 2) ? 0
                              : 0x20000000);
    }
    unsigned from, to;
    const unsigned kind = below(self, 2);
    if (chance(self, 2) || !bus_of(self, kind, &from) || !bus_of(self, !kind, &to))
        return;
    put(self, "peripherals:\n  p: { type: %s, bus: b%u, base: 0x%x, size: 4 KiB, target: b%u",
        kind ? "axi-to-ahb" : "ahb-to-axi", from, chance(self, 2) ? 0x8000 : 0x80000000, to);
    if (chance(self, 2))
        put(self, ", to: 0x%x", address(self) & 0xfffff000);
    put(self, " }\n");
}

static void work(struct bare *self)
{
    const unsigned count = below(self, 4);
    if (count == 0 || self->cpus == 0)
        return;
    put(self, "work:\n");
    for (unsigned i = 0; i < count; i++) {
        if (self->controllers && chance(self, 3)) {
            put(self, "  - memcpy: { controller: d%u, from: 0x%x, to: 0x%x, bytes: 64 }\n",
                below(self, self->controllers), address(self), address(self));
            continue;
        }
        put(self, "  - program: { cpu: c%u, steps: [", below(self, self->cpus));
        for (unsigned n = 1 + below(self, 4); n > 0; n--)
            put(self, "{ op: %s, to: 0x%x, value: 1 }%s", chance(self, 2) ? "write" : "read",
                address(self), n > 1 ? ", " : "");
        put(self, "] }\n");
    }
}

static void make(struct bare *self, uint64_t seed)
{
    *self = (struct bare){.random = random_seeded(seed)};
    buses(self);
    cpus(self);
    controllers(self);
    masters(self);
    slaves(self);
    work(self);
}

static void must_tell(void *context, const struct dmasim_error *error)
{
    (void)context;
    ck_assert_msg(error->line > 0 && error->text[0], "an error without place or text: '%s'",
                  error->text);
}

/* How it ended and what was counted, in one number; 0 if it was refused. */
static uint64_t outcome_of(const struct bare *self, unsigned flags)
{
    const struct dmasim_options options = {
        .every_cycle = flags == 1, .reverse_order = flags == 2, .report = must_tell};
    struct dmasim *sim = dmasim_create_text(self->text, self->length, "bare", NULL, &options, NULL);
    if (!sim)
        return 0;
    for (enum dmasim_why why = DMASIM_WHY_OUTPUT; why == DMASIM_WHY_OUTPUT;)
        ck_assert_int_eq(dmasim_run(sim, UINT64_C(30000000), &why), DMASIM_OK);
    struct dmasim_result result;
    ck_assert_int_eq(dmasim_outcome(sim, &result), DMASIM_OK);
    uint64_t sum = 1 + result.outcome + 7 * result.end_ps + 31 * result.failed;
    /* Whoever asks for an address gets an answer, or is told that there is none. */
    struct bare asks = *self;
    for (unsigned i = 0; i < 20; i++) {
        char bus[16];
        uint32_t value = 0;
        snprintf(bus, sizeof bus, "b%u", below(&asks, asks.buses));
        const int read = dmasim_bus_read(sim, bus, address(&asks), &value, sizeof value);
        sum = sum * 31 + (uint64_t)read + value;
        const int written = dmasim_bus_write(sim, bus, address(&asks), &value, sizeof value);
        sum = sum * 31 + (uint64_t)written;
    }
    ck_assert_int_eq(dmasim_advance(sim, UINT64_C(31000000)), DMASIM_OK);
    dmasim_destroy(sim);
    return sum;
}

START_TEST(what_is_missing_is_an_answer)
{
    const char *only = getenv("RANDOM_SEED");
    unsigned accepted = 0;
    for (uint64_t seed = 0; seed < CASES; seed++) {
        struct bare self;
        make(&self, only ? strtoull(only, NULL, 0) : seed);
        if (only)
            fputs(self.text, stderr);
        const uint64_t first = outcome_of(&self, 0);
        accepted += first != 0;
        for (unsigned flags = 1; flags < FLAGS; flags++)
            ck_assert_msg(outcome_of(&self, flags) == first, "seed %llu differs with flags %u",
                          (unsigned long long)seed, flags);
        if (only)
            return;
    }
    ck_assert_uint_gt(accepted, CASES / 8);
}
END_TEST

/* The first unmapped address that nobody has ever answered is 0. */
START_TEST(a_bus_without_slaves_answers_with_errors)
{
    static const char text[] = "clocks: { clk: { frequency: 100 MHz } }\n"
                               "buses: { a: { clock: clk } }\n"
                               "masters: { m0: { bus: a, commands: [{ address: 0 }] } }\n";
    struct dmasim *sim = dmasim_create_text(text, sizeof text - 1, "bare", NULL, NULL, NULL);
    ck_assert_ptr_nonnull(sim);
    enum dmasim_why why;
    ck_assert_int_eq(dmasim_run(sim, UINT64_C(1000000), &why), DMASIM_OK);
    ck_assert_int_eq(why, DMASIM_WHY_FINISHED);
    dmasim_destroy(sim);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bare systems");
    TCase *tests = tcase_create("bare");
    tcase_set_timeout(tests, 120);
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, a_bus_without_slaves_answers_with_errors);
    tcase_add_test(tests, what_is_missing_is_an_answer);
    return suite_run(suite);
}
