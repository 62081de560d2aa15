/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random systems of a CPU, memories and an ADI AXI DMAC's registers on AXI4 and AXI4-Lite: every port against
 * the checker, the CPU's writes against a plain copy, the same cycles however units are stepped.
 */
#include "host_plan.h"

#include "axi_watch.h"
#include "bus/axi/axi_component.h"
#include "controllers/adi/adi_dmac.h"
#include "host/cpu/cpu.h"
#include "host/work/work.h"
#include "memory/axi_memory.h"
#include "memory/axi_sram.h"

#define RAM 0x80000000u
#define SRAM 0x10000000u
#define DMA 0x40000000u
#define LONG UINT64_C(100000000000) /* 100 ms */
#define PORTS 8

static struct test_plan t;
static struct axi_watch watches[PORTS];
static uint32_t watch_count;
static struct axi_slice_config slices[2];

struct log {
    struct probe_observer observer; /* first */
    uint64_t hash, count, errors;
};

static void notify_access(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                          const void *record)
{
    struct log *self = (struct log *)observer;
    const struct cpu_access_record *access = record;
    (void)probe;
    const uint64_t words[] = {now, access->address, access->start_cycle, access->stall_cycles,
                              access->error};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        self->hash = (self->hash ^ words[i]) * UINT64_C(0x100000001b3);
    self->count++;
    self->errors += access->error;
}

static uint32_t pick(struct random *random, uint32_t first, uint32_t last)
{
    return first + random_below(random, last - first + 1);
}

static void plan(uint64_t seed)
{
    struct random random = random_seeded(seed);
    struct axi_bus_config *axi = test_plan_start_on(&t, "axi", "axi");
    axi->lite = pick(&random, 0, 3) == 0;
    axi->width_bits = 32u << pick(&random, 0, axi->lite ? 1 : 5);
    axi->crossbar.always = true;
    axi->crossbar.grant = (uint8_t)pick(&random, 0, 1);
    axi->crossbar.outstanding = pick(&random, 1, 4);
    static const char *const names[] = {"cpu", "ram", "sram", "cpu2"};
    for (unsigned i = 0; i < 2; i++) {
        slices[i].port = names[pick(&random, 0, 3)];
        for (unsigned channel = 0; channel < AXI_CHANNELS; channel++)
            slices[i].channels[channel] = pick(&random, 0, 1);
    }
    axi->crossbar.slices = (struct parameter_list){slices, pick(&random, 0, 2)};

    for (unsigned i = 0; i < 2; i++) {
        struct cpu_config *cpu = test_add(&t, SECTION_CPUS, "cpu", i ? "cpu2" : "cpu");
        struct cpu_traffic_config *traffic = &cpu->traffic;
        cpu->access_gap = pick(&random, 0, 3);
        traffic->given = true;
        traffic->pattern = (uint8_t)pick(&random, 0, 1);
        traffic->width_bits = 8u << pick(&random, 0, 4);
        traffic->beats = pick(&random, 0, 1) ? pick(&random, 1, 256) : pick(&random, 1, 16);
        const uint32_t start = pick(&random, 0, 400) * 16;
        static const uint32_t bases[] = {RAM, SRAM, DMA, RAM + 0xf000};
        traffic->base = bases[pick(&random, 0, 3)] + start;
        traffic->bytes = 0x2000;
        traffic->read_percent = pick(&random, 0, 100);
        traffic->think_cycles = pick(&random, 0, 5);
        traffic->count = 60;
        traffic->seed = seed + i;
    }
    struct adi_dmac_config *dma = test_add(&t, SECTION_CONTROLLERS, "adi,axi-dmac", "dma");
    dma->base = DMA;
    dma->source_type = ADI_STREAM;
    dma->source_bus = UINT16_MAX;
    dma->destination_type = ADI_FIFO;
    dma->destination_bus = UINT16_MAX;
    struct axi_memory_config *ram = test_add(&t, SECTION_MEMORIES, "axi-memory", "ram");
    ram->base = RAM;
    ram->size_bytes = 0x10000;
    ram->read_latency_cycles = pick(&random, 1, 12);
    ram->write_latency_cycles = pick(&random, 1, 12);
    ram->stalls.seed = seed;
    for (unsigned i = 0; i < AXI_CHANNELS; i++)
        ram->stalls.percent[i] = pick(&random, 0, 1) * pick(&random, 0, 60);
    struct axi_sram_config *sram = test_add(&t, SECTION_MEMORIES, "axi-sram", "sram");
    sram->base = SRAM;
    sram->size_bytes = 0x10000;
    sram->ports = (uint8_t)pick(&random, 0, 1);
}

static void watch_ports(void)
{
    struct axi_bus *bus = t.system.plan->components[SECTION_BUSES][0].instance;
    watch_count = 0;
    memset(watches, 0, sizeof watches);
    for (uint32_t i = 0; i < bus->master_count; i++)
        axi_watch_port(&watches[watch_count++], bus->masters[i],
                       &(struct axi_check_options){.complete = true});
    for (uint32_t i = 0; i < bus->slave_count; i++) {
        struct axi_check_options options = {.complete = true};
        options.skip[AXI_CHECK_LITE_ID] = true; /* which master it is, see axi_id_master() */
        axi_watch_port(&watches[watch_count++], bus->slaves[i], &options);
    }
}

static void run(unsigned flags, struct log *log, struct log *other, bool watched)
{
    test_build(&t, flags);
    struct probe *probe = NULL;
    *log = (struct log){.observer.notify = notify_access};
    *other = *log;
    while ((probe = system_probe(&t.system, "cpu_access", probe)))
        probe_observe(probe, strcmp(probe->name, "cpu") == 0 ? &log->observer : &other->observer);
    if (watched)
        watch_ports();
    ck_assert(test_run(&t, LONG));
    /* What the last access left under way comes to its end. */
    kernel_advance(&t.system.kernel, t.system.kernel.now + 100 * TEST_PERIOD_PS, 0);
}

START_TEST(every_port_keeps_the_rules_and_order_of_stepping_does_not_matter)
{
    uint64_t errors = 0, accesses = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct log first[2], again[2];
        plan(seed);
        run(0, &first[0], &first[1], true);
        for (uint32_t i = 0; i < watch_count; i++) {
            const char *fault =
                axi_watch_end(&watches[i], t.system.kernel.now / TEST_PERIOD_PS + 1);
            ck_assert_msg(!fault, "seed %ju, port %u: %s", (uintmax_t)seed, i, fault);
            axi_watch_free(&watches[i]);
        }
        accesses += first[0].count + first[1].count;
        errors += first[0].errors + first[1].errors;
        test_plan_end(&t);
        static const unsigned modes[] = {KERNEL_EVERY_CYCLE, KERNEL_REVERSED,
                                         KERNEL_EVERY_CYCLE | KERNEL_REVERSED};
        for (unsigned i = 0; i < 3; i++) {
            plan(seed);
            run(modes[i], &again[0], &again[1], false);
            for (unsigned k = 0; k < 2; k++) {
                ck_assert_uint_eq(again[k].count, first[k].count);
                ck_assert_msg(again[k].hash == first[k].hash, "seed %ju, flags %u, cpu %u",
                              (uintmax_t)seed, modes[i], k);
            }
            test_plan_end(&t);
        }
    }
    ck_assert_uint_ge(accesses, 60 * 120);
    ck_assert_uint_gt(errors, 100); /* bursts to registers, and beyond the memory */
    ck_assert_uint_lt(errors, accesses / 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("axi host, random");
    TCase *tests = tcase_create("all");
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, every_port_keeps_the_rules_and_order_of_stepping_does_not_matter);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
