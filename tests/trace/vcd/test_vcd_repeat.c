/* SPDX-License-Identifier: BSD-2-Clause */
/* A VCD of periods that passed at once against the same cycles stepped one by one: byte for byte. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/random.h"
#include "memory/axi_memory.h"
#include "referee/adi_case.h"
#include "suite.h"
#include "system.h"
#include "trace/trace.h"

#ifdef NDEBUG
enum { CASES = 40 };
#else
enum { CASES = 8 };
#endif
enum { PIECES = 3 };

struct drawn {
    struct adi_case wiring;
    unsigned fill; /* 0: bytes are all the same, 1: few differ, 2: all do */
    bool clocks;
    sim_cycle ends[PIECES]; /* of what is advanced at once */
    uint32_t behind;        /* bytes behind the source's address that are changed between two */
};

struct ran {
    char *text;
    size_t bytes;
    sim_cycle repeated;
};

static char folder[64];

static void make_folder(void)
{
    snprintf(folder, sizeof folder, "/tmp/vcd-repeat-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void remove_folder(void)
{
    rmdir(folder);
}

static uint32_t pick(struct random *random, uint32_t low, uint32_t high)
{
    return low + random_below(random, high - low + 1);
}

static void draw(struct drawn *self, struct random *random)
{
    struct adi_case *wiring = &self->wiring;
    adi_case_init(wiring);
    const uint32_t width = 4u << random_below(random, 6);
    const uint32_t burst = width << random_below(random, 6);
    wiring->data.width_bits = 8 * width;
    wiring->dmac.max_bytes_per_burst = burst;
    wiring->dmac.fifo_size = 2u << random_below(random, 5);
    wiring->dmac.source_slice = random_below(random, 2);
    wiring->dmac.destination_slice = random_below(random, 2);
    wiring->dmac.errata = ADI_NONE;
    struct adi_sequence_config *sequence = &wiring->sequence;
    sequence->kind = random_below(random, 2) ? ADI_SEQUENCE_DRIVER : ADI_SEQUENCE_FAST;
    sequence->length_bytes = width * pick(random, 1000, 3000);
    sequence->transfers = pick(random, 1, 3);
    sequence->step_bytes = random_below(random, 2) ? 0 : burst;
    sequence->source = burst * pick(random, 0, 5);
    sequence->destination = 0x80000 + burst * pick(random, 0, 5);
    struct axi_memory_config *memory = &wiring->memory;
    memory->read_latency_cycles = pick(random, 1, random_below(random, 2) ? 4 : 90);
    memory->write_latency_cycles = pick(random, 1, random_below(random, 2) ? 4 : 90);
    memory->read_max = pick(random, 1, 10);
    memory->write_max = pick(random, 1, 10);
    wiring->clock_config.period_ps = random_below(random, 2) ? 10000 : 2 * pick(random, 1, 5000);
    self->fill = random_below(random, 3);
    self->clocks = random_below(random, 2);
    self->behind = pick(random, 0, 3000);
    for (unsigned i = 0; i < PIECES; i++)
        self->ends[i] = (i ? self->ends[i - 1] : 0) + pick(random, 1, 6000);
}

static void fill(struct drawn *self, uint8_t *bytes, uint64_t size)
{
    struct random random = random_seeded(size + self->behind);
    if (self->fill == 0)
        memset(bytes, (int)(self->behind & 1), size);
    for (uint64_t i = 0; self->fill && i < size; i++)
        if (self->fill == 2 || i % 512 == 0)
            bytes[i] = (uint8_t)random_next(&random);
}

static void read_vcd(struct ran *ran)
{
    char path[128];
    snprintf(path, sizeof path, "%s/trace.vcd", folder);
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    fseek(file, 0, SEEK_END);
    ran->bytes = (size_t)ftell(file);
    rewind(file);
    ran->text = malloc(ran->bytes + 1);
    ck_assert_ptr_nonnull(ran->text);
    ck_assert_uint_eq(fread(ran->text, 1, ran->bytes, file), ran->bytes);
    ran->text[ran->bytes] = '\0';
    fclose(file);
}

static struct ran run(struct drawn *self, unsigned flags)
{
    const struct trace_options writing = {.vcd = true, .vcd_clocks = self->clocks};
    struct check check = {.fail = adi_case_fail};
    struct dmasim_error error = {.code = DMASIM_OK};
    struct system system;
    struct trace *trace;
    uint64_t size;
    const sim_time period = self->wiring.clock_config.period_ps;
    ck_assert_int_eq(system_create(&system, &self->wiring.plan, flags, &check), DMASIM_OK);
    uint8_t *bytes = store_bytes(system_built(&system, &self->wiring.store), &size);
    fill(self, bytes, size);
    int code = trace_open(&trace, &system, &writing, folder, &error);
    ck_assert_msg(code == DMASIM_OK, "%s", error.text);
    for (unsigned i = 0; i < PIECES; i++) {
        kernel_advance(&system.kernel, self->ends[i] * period, 0);
        struct component *dma = system_built(&system, &self->wiring.controller);
        uint64_t address; /* CURRENT_SRC_ADDRESS */
        dma->type->access(dma, 0x434, 4, false, &address);
        if (self->behind % 2 && address >= self->behind)
            memset(bytes + address - self->behind, 0x5a, 8);
    }
    struct ran ran = {.repeated = system.kernel.clocks->repeated};
    code = trace_close(trace, self->ends[PIECES - 1] * period, &error);
    ck_assert_msg(code == DMASIM_OK, "%s", error.text);
    trace_free(trace);
    system_free(&system);

    read_vcd(&ran);
    return ran;
}

static void remove_files(void)
{
    static const char *const names[] = {
        "vcd",         "gtkw",      "RRESP.txt",       "ARBURST.txt",
        "AWBURST.txt", "BRESP.txt", "reset_state.txt", "response_manager.txt"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/trace.%s", folder, names[i]);
        unlink(path);
    }
}

static void check_same(const struct ran *a, const struct ran *b, unsigned seed)
{
    size_t at = 0, line = 0;
    while (at < a->bytes && at < b->bytes && a->text[at] == b->text[at])
        if (a->text[at++] == '\n')
            line = at;
    ck_assert_msg(at == a->bytes && at == b->bytes,
                  "seed %u: at byte %zu\n%.120s\nis, passed at once,\n%.120s", seed, at,
                  b->text + line, a->text + line);
}

START_TEST(a_vcd_does_not_tell_that_periods_passed_at_once)
{
    struct drawn *drawn = calloc(1, sizeof *drawn);
    unsigned repeated = 0;
    ck_assert_ptr_nonnull(drawn);
    for (unsigned i = 0; i < CASES; i++) {
        const unsigned seed = (unsigned)_i * CASES + i;
        struct random random = random_seeded(seed + 1);
        draw(drawn, &random);
        struct ran passed = run(drawn, 0), stepped = run(drawn, KERNEL_EVERY_CYCLE);
        struct ran reversed = run(drawn, KERNEL_REVERSED);
        check_same(&passed, &stepped, seed);
        check_same(&reversed, &stepped, seed);
        ck_assert_uint_eq(stepped.repeated, 0);
        repeated += passed.repeated > 0;
        free(passed.text);
        free(stepped.text);
        free(reversed.text);
    }
    ck_assert_uint_gt(repeated, CASES / 2);
    remove_files();
    free(drawn);
}
END_TEST

/* ---- several clocks, by hand ----------------------------------------------------------------- */

enum { TURN = 7 };

struct turn_record {
    uint8_t phase, other;
    uint32_t items;
};

/* Goes round, and counts its turns in two probes: one for what holds at once, one for registers. */
struct turner {
    struct unit unit;
    struct probe probes[2];
    unsigned phase;
    uint32_t items, left;
};

/* Of another clock, wakes now and then. */
struct bystander {
    struct unit unit;
    struct probe probe;
    sim_cycle every, next;
    uint8_t value;
};

struct hand {
    struct system system;
    struct arena arena;
    struct turner turner;
    struct bystander bystander;
};

#define FIELD(member, width, count)                                                                \
    {                                                                                              \
        .name = #member, .offset = offsetof(struct turn_record, member),                           \
        .size_bytes = sizeof(((struct turn_record *)0)->member), .width_bits = (width),            \
        .radix = PROBE_DECIMAL, .counts = (count)                                                  \
    }

static const struct probe_field honest[] = {FIELD(phase, 3, false), FIELD(items, 9, true),
                                            FIELD(other, 1, false)};
static const struct probe_field silent[] = {FIELD(phase, 3, false), FIELD(items, 9, false),
                                            FIELD(other, 1, false)};

static struct probe_type type_of(const struct probe_field *fields, enum probe_kind kind)
{
    return (struct probe_type){"turn", kind, fields, 3, sizeof(struct turn_record)};
}

static sim_cycle turner_step(void *turner, sim_cycle now)
{
    struct turner *self = turner;
    if (self->left == 0)
        return SIM_NEVER;
    self->items += self->phase == 3;
    self->left -= self->phase == 3;
    self->phase = (self->phase + 1) % TURN;
    struct turn_record record;
    memset(&record, 0, sizeof record);
    record.phase = (uint8_t)self->phase;
    record.other = self->phase < 2;
    record.items = self->items;
    for (unsigned i = 0; i < 2; i++)
        probe_publish(&self->probes[i], now, &record);
    if (self->phase == 4) /* what counts has just changed, and waits */
        repeat_mark(&self->unit);
    return now + 1;
}

static bool turner_visit(void *turner, struct repeat *repeat)
{
    struct turner *self = turner;
    repeat_count_32(repeat, &self->items);
    repeat_count_32(repeat, &self->left);
    repeat_same(repeat, self->phase);
    return true;
}

static uint64_t turner_limit(void *turner, const struct repeat *repeat, uint64_t times)
{
    const struct turner *self = turner;
    (void)repeat;
    return self->left - 1 < times ? self->left - 1 : times;
}

static sim_cycle bystander_step(void *bystander, sim_cycle now)
{
    struct bystander *self = bystander;
    struct turn_record record;
    if (now != self->next)
        return self->next;
    memset(&record, 0, sizeof record);
    record.phase = ++self->value & 7;
    probe_publish(&self->probe, now, &record);
    return self->next += self->every;
}

static struct ran run_by_hand(struct hand *self, const struct probe_field *fields, bool clocks,
                              sim_time other_ps, unsigned flags)
{
    static const struct repeat_hooks hooks = {.visit = turner_visit, .limit = turner_limit};
    const struct trace_options writing = {.vcd = true, .vcd_clocks = clocks};
    const struct probe_type at_once = type_of(fields, PROBE_SETTLED),
                            registered = type_of(fields, PROBE_REGISTERED);
    struct dmasim_error error = {.code = DMASIM_OK};
    struct trace *trace;
    struct ran ran;
    *self = (struct hand){.turner.left = 900, .bystander.every = 90};
    struct kernel *kernel = &self->system.kernel;
    kernel_init(kernel, &self->arena);
    struct clock *clock = kernel_clock(kernel, "clk", 1000, 0);
    struct clock *other = other_ps ? kernel_clock(kernel, "other", other_ps, 3000) : NULL;
    struct turner *turner = &self->turner;
    kernel_add(kernel, &turner->unit, "turner", clock, turner_step, turner);
    turner->unit.repeat = &hooks;
    turner->probes[0] =
        (struct probe){.name = "now", .type = &at_once, .clock = clock, .link = &turner->probes[1]};
    turner->probes[1] = (struct probe){.name = "next", .type = &registered, .clock = clock};
    self->system.probes = &turner->probes[0];
    if (other) {
        struct bystander *bystander = &self->bystander;
        kernel_add(kernel, &bystander->unit, "bystander", other, bystander_step, bystander);
        bystander->probe = (struct probe){.name = "by", .type = &registered, .clock = other};
        turner->probes[1].link = &bystander->probe;
    }
    ck_assert_int_eq(kernel_seal(kernel, flags, NULL), DMASIM_OK);
    int code = trace_open(&trace, &self->system, &writing, folder, &error);
    ck_assert_msg(code == DMASIM_OK, "%s", error.text);
    kernel_advance(kernel, 7000 * 1000, 0);
    ran.repeated = clock->repeated;
    code = trace_close(trace, 7000 * 1000, &error);
    ck_assert_msg(code == DMASIM_OK, "%s", error.text);
    trace_free(trace);
    arena_free(&self->arena);
    read_vcd(&ran);
    return ran;
}

static sim_cycle compare_by_hand(const struct probe_field *fields, bool clocks, sim_time other_ps)
{
    struct hand hand;
    struct ran passed = run_by_hand(&hand, fields, clocks, other_ps, 0);
    struct ran stepped = run_by_hand(&hand, fields, clocks, other_ps, KERNEL_EVERY_CYCLE);
    check_same(&passed, &stepped, (unsigned)other_ps);
    free(passed.text);
    free(stepped.text);
    return passed.repeated;
}

START_TEST(a_count_that_waits_for_its_edge_is_that_of_the_last_period)
{
    ck_assert_uint_gt(compare_by_hand(honest, false, 0), 800 * TURN);
    ck_assert_uint_gt(compare_by_hand(honest, true, 0), 800 * TURN);
    remove_files();
}
END_TEST

START_TEST(a_field_that_counts_and_does_not_say_so_lets_nothing_pass)
{
    ck_assert_uint_eq(compare_by_hand(silent, false, 0), 0);
    remove_files();
}
END_TEST

/* The other's record may wait for an edge that lies in what passes. */
START_TEST(clocks_beside_it_keep_their_times)
{
    unsigned repeated = 0;
    for (sim_time other_ps = 200; other_ps < 40000; other_ps += 2 * 317)
        repeated += compare_by_hand(honest, false, other_ps) > 0;
    ck_assert_uint_gt(repeated, 10);
    ck_assert_uint_eq(compare_by_hand(honest, true, 20000), 0);
    remove_files();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("vcd_repeat");
    TCase *tcase = tcase_create("periods");
    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, make_folder, remove_folder);
    tcase_add_loop_test(tcase, a_vcd_does_not_tell_that_periods_passed_at_once, 0, 4);
    tcase_add_test(tcase, a_count_that_waits_for_its_edge_is_that_of_the_last_period);
    tcase_add_test(tcase, a_field_that_counts_and_does_not_say_so_lets_nothing_pass);
    tcase_add_test(tcase, clocks_beside_it_keep_their_times);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
