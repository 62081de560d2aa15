/* SPDX-License-Identifier: BSD-2-Clause */
/* A converter that has an end and has lost words before an ADI AXI DMAC: who waits for them ends, and nobody else. */
#include <string.h>

#include "bus/records.h"
#include "scenario/scenario.h"
#include "suite.h"
#include "system.h"

#include <check.h> /* last: it takes the word `fail` */

static const char text[] =
    "stop: 1 ms\n"
    "clocks: { aclk: { frequency: 100 MHz } }\n"
    "buses:\n"
    "  lite: { type: axi, clock: aclk, width: 32, lite: true }\n"
    "  axi: { type: axi, clock: aclk, width: 64 }\n"
    "cpus: { cpu: { bus: lite } }\n"
    "controllers: { dma: { type: 'adi,axi-dmac', bus: lite, base: 0x4000_0000, source: fifo,\n"
    "  source_width: 64, destination_bus: axi, errata: none, interrupt: cpu } }\n"
    "memories: { memory: { type: axi-memory, bus: axi, size: 64 KiB } }\n"
    "peripherals: { adc: { type: fifo-writer, controller: dma, period: 10, from: 300, beats: 64,\n"
    "  pattern: count } }\n"
    "work:\n"
    "  - slave_sg: { name: a, peripheral: adc, segments: [{ address: memory, bytes: 128 }] }\n"
    "  - slave_sg: { name: b, peripheral: adc, at: 6 us, repeat: 2,\n"
    "                segments: [{ address: memory + 4 KiB, bytes: 128 }] }\n"
    "  - slave_sg: { name: c, peripheral: adc, at: 6 us, segments: [{ address: memory, bytes: 64 "
    "}] }\n";

struct heard {
    struct probe_observer observer;
    unsigned complete, failed;
};

static void hear(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                 const void *record)
{
    struct heard *self = (struct heard *)observer;
    (void)probe;
    (void)now;
    if (strcmp(((const struct transfer_record *)record)->status, "complete") == 0)
        self->complete++;
    else
        self->failed++;
}

START_TEST(who_waits_for_lost_words_ends_and_nobody_else)
{
    static const struct {
        const char *name;
        unsigned complete, failed;
    } expected[] = {{"a", 1, 0}, {"b", 1, 1}, {"c", 1, 0}};
    struct scenario *scenario;
    struct scenario_check check;
    struct system system;
    struct heard heard[3] = {{.complete = 0}};
    ck_assert_int_eq(scenario_load_text(text, sizeof text - 1, "a.yaml", NULL, NULL, &scenario),
                     DMASIM_OK);
    scenario_check_start(&check, scenario);
    ck_assert_int_eq(
        system_create(&system, scenario_plan(scenario), _i ? KERNEL_EVERY_CYCLE : 0, &check.check),
        DMASIM_OK);
    scenario_check_end(&check, NULL, NULL);
    for (struct probe *p = system.probes; p; p = p->link)
        for (unsigned i = 0; i < 3 && p->type == &transfer_probe_type; i++)
            if (strcmp(p->name, expected[i].name) == 0) {
                heard[i].observer.notify = hear;
                probe_observe(p, &heard[i].observer);
            }
    kernel_advance(&system.kernel, UINT64_C(200000000), 0);
    ck_assert_uint_eq(system.kernel.holds, 0);
    for (unsigned i = 0; i < 3; i++) {
        ck_assert_uint_eq(heard[i].complete, expected[i].complete);
        ck_assert_uint_eq(heard[i].failed, expected[i].failed);
    }
    system_free(&system);
    scenario_free(scenario);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lost words");
    TCase *tests = tcase_create("all");
    tcase_add_loop_test(tests, who_waits_for_lost_words_ends_and_nobody_else, 0, 2);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
