/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Corners of `work` that random systems found: what shares a channel, blocks that must end on whole
 * items of a device, locks and suspension, bursts that a device cannot serve.
 */
#include "bus/records.h"
#include "memory/ahb_sram.h"
#include "scenario/scenario.h"
#include "suite.h"
#include "system.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define US UINT64_C(1000000)

static const char platform[] =
    "clocks: {hclk: {frequency: 100 MHz}}\n"
    "buses: {ahb: {clock: hclk}}\n"
    "cpus: {cpu: {bus: ahb, descriptors: {base: ram + 0x3000, bytes: 4 KiB}}}\n"
    "memories: {ram: {bus: ahb, base: 0x20000000, size: 16 KiB, fill: {pattern: random}}}\n";

struct stage {
    struct probe_observer observer; /* of streams */
    struct scenario *scenario;
    struct system system;
    char refusal[1536];
    int line, column; /* of the refusal */
    uint8_t sent[512];
    size_t sent_count;
};

static void hear(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                 const void *record)
{
    struct stage *stage = (struct stage *)observer;
    const struct stream_record *stream = record;
    (void)probe;
    (void)now;
    for (unsigned i = 0; i < stream->bytes && stage->sent_count < sizeof stage->sent; i++)
        stage->sent[stage->sent_count++] = (uint8_t)(stream->value >> 8 * i);
}

static void refused(void *context, const struct dmasim_error *error)
{
    struct stage *stage = context;
    if (stage->refusal[0] != 0)
        return;
    snprintf(stage->refusal, sizeof stage->refusal, "%s", error->text);
    stage->line = error->line;
    stage->column = error->column;
}

static bool load(struct stage *stage, const char *controller, const char *rest)
{
    char text[4096];
    *stage = (struct stage){.observer = {.notify = hear}};
    snprintf(text, sizeof text,
             "%scontrollers: {dma: {bus: ahb, base: 0x40000000, interrupt: cpu, %s}}\n%s", platform,
             controller, rest);
    const struct scenario_options options = {.report = refused, .context = stage};
    return scenario_load_text(text, strlen(text), "corner.yaml", NULL, &options,
                              &stage->scenario) == DMASIM_OK;
}

/* Runs until all work is done, 1 ms at most. */
static void run(struct stage *stage, const char *controller, const char *rest)
{
    ck_assert_msg(load(stage, controller, rest), "%s", stage->refusal);
    struct scenario_check check;
    scenario_check_start(&check, stage->scenario);
    int code = system_create(&stage->system, scenario_plan(stage->scenario), 0, &check.check);
    scenario_check_end(&check, refused, stage);
    ck_assert_msg(code == DMASIM_OK, "%s", stage->refusal);
    struct probe *stream = system_probe(&stage->system, "stream", NULL);
    if (stream)
        probe_observe(stream, &stage->observer);
    kernel_advance(&stage->system.kernel, 1000 * US, KERNEL_STOP_QUIET);
}

static void leave(struct stage *stage)
{
    system_free(&stage->system);
    scenario_free(stage->scenario);
}

static const uint8_t *ram(const struct stage *stage)
{
    return store_bytes(&stage->system.plan->components[SECTION_MEMORIES][0], NULL);
}

/* The device `dev`, in the middle of the platform, and the work. */
#define SYSTEM(device, work)                                                                       \
    "peripherals: {dev: {type: fifo, bus: ahb, base: 0x50000000, controller: dma, " device "}}\n"  \
    "work:\n" work

START_TEST(a_job_behind_a_cyclic_one_starts_when_that_is_stopped)
{
    static const char rest[] =
        SYSTEM("direction: dev_to_mem, width_bits: 32",
               "  - cyclic: {peripheral: dev, buffer: ram, bytes: 128, period_bytes: 64, "
               "periods: 3}\n"
               "  - memcpy: {from: ram + 0x1000, to: ram + 0x800, bytes: 64, at: 1 us}\n");
    struct stage stage;
    run(&stage, _i ? "multi_block: true" : "multi_block: false", rest);
    ck_assert_uint_ne(stage.system.kernel.quiet_since, SIM_NEVER);
    ck_assert_int_eq(memcmp(ram(&stage) + 0x1000, ram(&stage) + 0x800, 64), 0);
    leave(&stage);
}
END_TEST

START_TEST(a_cyclic_job_does_not_count_the_blocks_of_jobs_before_it)
{
    static const char rest[] =
        SYSTEM("direction: mem_to_dev, width_bits: 8, rate: 10 MB/s",
               "  - memcpy: {name: copy, from: ram + 0x1000, to: ram + 0x800, bytes: 64}\n"
               "  - cyclic: {peripheral: dev, buffer: ram, bytes: 384, period_bytes: 384, "
               "periods: 1, after: copy}\n");
    struct stage stage;
    run(&stage, "channels: 1", rest);
    ck_assert_uint_ne(stage.system.kernel.quiet_since, SIM_NEVER);
    ck_assert_uint_ge(stage.sent_count, 384);
    leave(&stage);
}
END_TEST

START_TEST(blocks_of_narrow_items_end_on_whole_items_of_a_wide_device)
{
    /* 7 bytes fit in a block; 4 are taken, as the device's items are words. */
    static const char rest[] = SYSTEM("direction: mem_to_dev, width_bits: 32, threshold: 4",
                                      "  - slave_sg: {peripheral: dev, width_bits: 8, "
                                      "segments: [{address: ram + 1, bytes: 40}]}\n");
    struct stage stage;
    run(&stage, "max_block: 7", rest);
    ck_assert_uint_ne(stage.system.kernel.quiet_since, SIM_NEVER);
    ck_assert_uint_eq(stage.sent_count, 40);
    ck_assert_int_eq(memcmp(stage.sent, ram(&stage) + 1, 40), 0);
    leave(&stage);
}
END_TEST

START_TEST(a_memory_item_is_no_wider_than_the_longest_block_of_a_device)
{
    /* Three bytes of a device do not fill a word. */
    static const char rest[] =
        SYSTEM("direction: dev_to_mem, width_bits: 8, threshold: 1",
               "  - slave_sg: {peripheral: dev, segments: [{address: ram, bytes: 40}]}\n");
    struct stage stage;
    run(&stage, "max_block: 3", rest);
    ck_assert_uint_ne(stage.system.kernel.quiet_since, SIM_NEVER);
    for (unsigned i = 0; i < 40; i++)
        ck_assert_uint_eq(ram(&stage)[i], i);
    leave(&stage);
}
END_TEST

START_TEST(a_locked_channel_can_be_suspended_and_stopped)
{
    /* CH_SUSP comes while a transaction with the device is open and holds the bus; the CPU could
     * not go on if it held it for ever. */
    static const char rest[] =
        SYSTEM("direction: dev_to_mem, width_bits: 16, threshold: 1, depth: 4",
               "  - cyclic: {peripheral: dev, buffer: ram, bytes: 512, period_bytes: 128, "
               "periods: 2, dw: {lock: transaction}, repeat: 20}\n");
    char controller[100];
    struct stage stage;
    snprintf(controller, sizeof controller, "handshake_cycles: %d", 2 + _i);
    run(&stage, controller, rest);
    ck_assert_uint_ne(stage.system.kernel.quiet_since, SIM_NEVER);
    leave(&stage);
}
END_TEST

START_TEST(a_burst_longer_than_what_the_device_asks_for_is_refused)
{
    struct stage stage;
    static const char form[] = SYSTEM(
        "direction: dev_to_mem, threshold: %s, single: %s, last: %s, source: {bytes: 64}",
        "  - slave_sg: {peripheral: dev, burst: %s, segments: [{address: ram, bytes: 64}]}\n");
    static const struct {
        const char *threshold, *single, *last, *burst, *refusal;
    } cases[] = {
        {"8", "true", "false", "8", ""},
        {"7", "true", "false", "8", "8 items; dev asks for bursts of 7 (threshold)"},
        {"7", "false", "false", "8", "8 items; dev asks for bursts of 7 (threshold)"},
        {"8", "true", "true", "8", ""},
        {"8", "true", "true", "4",
         "4 items; dev controls the flow and counts on bursts of exactly 8 (threshold)"},
        {"7", "true", "true", "0",
         "4 items; dev controls the flow and counts on bursts of exactly 7 (threshold)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[1024];
        snprintf(text, sizeof text, form, cases[i].threshold, cases[i].single, cases[i].last,
                 cases[i].burst);
        bool loads = load(&stage, "channels: 1", text);
        ck_assert_str_eq(stage.refusal, cases[i].refusal);
        ck_assert_int_eq(loads, cases[i].refusal[0] == 0);
        if (loads)
            scenario_free(stage.scenario);
    }
}
END_TEST

/* The descriptors of the platform are at ram + 0x3000 .. 0x3fff. */
START_TEST(data_and_descriptors_do_not_share_memory)
{
    static const struct {
        const char *controller, *work, *refusal;
        int column;
    } cases[] = {
        {"channels: 1", "memcpy: {from: ram, to: ram + 0x2ff0, bytes: 16}", "", 0},
        {"channels: 1", "memcpy: {from: ram, to: ram + 0x2ff0, bytes: 17}",
         "0x20002ff0 .. 0x20003000 meets the `descriptors` of cpu, 0x20003000 .. "
         "0x20003fff: its drivers write there",
         27},
        {"channels: 1", "memcpy: {from: ram + 0x3fff, to: ram, bytes: 1}",
         "0x20003fff .. 0x20003fff meets the `descriptors` of cpu, 0x20003000 .. "
         "0x20003fff: its drivers write there",
         18},
        {"multi_block: false", "memcpy: {from: ram, to: ram + 0x2ff0, bytes: 17}", "", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[256];
        struct stage stage;
        snprintf(text, sizeof text, "work:\n- %s\n", cases[i].work);
        const bool loads = load(&stage, cases[i].controller, text);
        ck_assert_str_eq(stage.refusal, cases[i].refusal);
        ck_assert_int_eq(loads, cases[i].refusal[0] == 0);
        ck_assert_int_eq(stage.line, loads ? 0 : 7);
        ck_assert_int_eq(stage.column, cases[i].column);
        if (loads)
            scenario_free(stage.scenario);
    }
}
END_TEST

#define STAY(waiting, threshold, burst)                                                            \
    "the last " waiting " items stay in dev, which asks for bursts of " threshold                  \
    " (threshold) while the controller takes " burst " at once; a threshold of " waiting           \
    " or less would let them leave"

/* The device's last items are too few for its burst request; single ones count in the last burst only. */
START_TEST(a_device_whose_last_items_would_stay_is_refused)
{
    struct stage stage;
    static const char form[] = SYSTEM(
        "direction: dev_to_mem, threshold: %s, single: %s, source: {bytes: %s}",
        "  - slave_sg: {peripheral: dev, burst: %s, segments: [{address: ram, bytes: 64}]}\n");
    static const struct {
        const char *threshold, *single, *total, *burst, *refusal;
    } cases[] = {
        {"4", "true", "64", "4", ""},  {"5", "true", "64", "4", STAY("4", "5", "4")},
        {"5", "true", "65", "4", ""},  {"7", "true", "66", "4", STAY("6", "7", "4")},
        {"7", "true", "67", "4", ""},  {"7", "true", "64", "0", STAY("4", "7", "4")},
        {"8", "true", "64", "1", ""},  {"2", "false", "64", "1", STAY("1", "2", "1")},
        {"2", "false", "65", "1", ""}, {"8", "true", "0", "4", ""}, /* without end */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[1024];
        snprintf(text, sizeof text, form, cases[i].threshold, cases[i].single, cases[i].total,
                 cases[i].burst);
        if (cases[i].refusal[0] == 0) { /* it ends */
            run(&stage, "channels: 1", text);
            ck_assert_uint_eq(stage.system.kernel.holds, 0);
            leave(&stage);
            continue;
        }
        ck_assert(!load(&stage, "channels: 1", text));
        ck_assert_str_eq(stage.refusal, cases[i].refusal);
    }
}
END_TEST

static void refused_at(void *context, const struct dmasim_error *error)
{
    struct stage *stage = context;
    size_t used = strlen(stage->refusal);
    snprintf(stage->refusal + used, sizeof stage->refusal - used, "%d:%d: %s\n", error->line,
             error->column, error->text);
}

START_TEST(a_fifo_device_names_a_controller_that_it_understands)
{
    static const char text[] =
        "clocks: {clk: {frequency: 8 MHz}}\n"
        "buses: {isa: {type: isa, clock: clk}, ahb: {clock: clk}}\n"
        "controllers:\n"
        "  old: {type: 'intel,8237a', bus: isa, port: 0}\n"
        "  new: {type: 'snps,dw-dmac', bus: ahb, base: 0x40000000}\n"
        "peripherals:\n"
        "  dev: {type: fifo, bus: ahb, base: 0x50000000, direction: dev_to_mem, controller: old}\n";
    struct stage stage = {.scenario = NULL};
    const struct scenario_options options = {.report = refused_at, .context = &stage};
    ck_assert_int_ne(
        scenario_load_text(text, strlen(text), "kind.yaml", NULL, &options, &stage.scenario),
        DMASIM_OK);
    ck_assert_str_eq(stage.refusal,
                     "7:84: \"controller\": old is of type intel,8237a; it must be of "
                     "type snps,dw-dmac, did you mean \"new\"?\n");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("work_corners");
    TCase *tests = tcase_create("corners");
    tcase_add_loop_test(tests, a_job_behind_a_cyclic_one_starts_when_that_is_stopped, 0, 2);
    tcase_add_test(tests, a_cyclic_job_does_not_count_the_blocks_of_jobs_before_it);
    tcase_add_test(tests, blocks_of_narrow_items_end_on_whole_items_of_a_wide_device);
    tcase_add_test(tests, a_memory_item_is_no_wider_than_the_longest_block_of_a_device);
    tcase_add_loop_test(tests, a_locked_channel_can_be_suspended_and_stopped, 0, 4);
    tcase_add_test(tests, a_burst_longer_than_what_the_device_asks_for_is_refused);
    tcase_add_test(tests, data_and_descriptors_do_not_share_memory);
    tcase_add_test(tests, a_device_whose_last_items_would_stay_is_refused);
    tcase_add_test(tests, a_fifo_device_names_a_controller_that_it_understands);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
