/* SPDX-License-Identifier: BSD-2-Clause */
/* cpu: when accesses happen, what stalls them, how soon interrupts are served. */
#include "bus/ahb/ahb.h"
#include "figure.h"
#include "host_plan.h"

#include "controllers/dw_ahb/dw_ahb.h"
#include "host/cpu/cpu.h"
#include "host/dw_ahb/dw_ahb_work.h"
#include "host/play/scripted.h"
#include "memory/ahb_sram.h"

#define RAM 0x20000000u

static struct test_plan t;
static struct cpu_config *cpu;
static struct sram_config *ram;
static struct test_log accesses;
static struct wire line;
static struct wire more_lines[CPU_INTERRUPTS];
static uint32_t more; /* interrupt outputs of the source, of those */
static bool with_source;

static int source_create(struct build *build, struct component *self)
{
    memset(&line, 0, sizeof line);
    memset(more_lines, 0, sizeof more_lines);
    int code = build_interrupt(build, self, "irq", &line, 0);
    for (uint32_t i = 0; i < more && code == DMASIM_OK; i++)
        code = build_interrupt(build, self, "more", &more_lines[i], i == 1 ? UINT16_MAX : 0);
    return code;
}

static bool source_region(const struct component *self, uint32_t index,
                          struct component_region *region)
{
    (void)self;
    *region = (struct component_region){.base = 0x50000000, .bytes = 1024};
    return index == 0;
}

/* A device with an interrupt line that the test moves. */
static const struct parameter source_parameters[] = {{.name = NULL}};
static const struct component_type source_type = {.name = "source",
                                                  .section = SECTION_CONTROLLERS,
                                                  .config_bytes = 1,
                                                  .parameters = source_parameters,
                                                  .create = source_create,
                                                  .region = source_region};

static void start(void)
{
    test_plan_start(&t);
    cpu = test_add(&t, SECTION_CPUS, "cpu", "cpu0");
    ram = test_add(&t, SECTION_MEMORIES, "sram", "ram");
    ram->base = RAM;
    ram->size_bytes = 4096;
    if (!with_source)
        return;
    uint32_t index = t.plan.counts[SECTION_CONTROLLERS]++;
    t.plan.components[SECTION_CONTROLLERS][index] =
        (struct component){.name = "irq", .type = &source_type, .config = calloc(1, 1)};
}

static struct program_config *program(const char *name, const struct work_step *steps,
                                      uint32_t count)
{
    struct program_config *config = test_add(&t, SECTION_WORK, "program", name);
    config->steps = (struct parameter_list){(void *)(uintptr_t)steps, count};
    return config;
}

static void build(unsigned flags)
{
    test_build(&t, flags);
    test_observe(&t, &accesses, "cpu_access", NULL);
}

static const struct cpu_access_record *access_at(size_t i)
{
    ck_assert_uint_gt(accesses.count, i);
    return TEST_RECORD(&accesses, struct cpu_access_record, i);
}

static void end(void)
{
    test_log_end(&accesses);
    test_plan_end(&t);
}

static const struct work_step two_writes[] = {
    {.op = WORK_WRITE, .to = "ram + 4", .value = "0x11223344", .width_bits = 32},
    {.op = WORK_WRITE, .to = "ram + 9", .value = "0x55", .width_bits = 8},
};

START_TEST(an_access_opens_the_row_after_and_ends_with_its_data_phase)
{
    start();
    program("p", two_writes, 2);
    build(0);
    ck_assert(test_run(&t, 10000000));
    ck_assert_uint_eq(access_at(0)->start_cycle, 1);
    ck_assert_uint_eq(access_at(0)->end_cycle, 2);
    ck_assert_uint_eq(access_at(0)->stall_cycles, 0);
    ck_assert_uint_eq(access_at(1)->start_cycle, 2 + 1 + 2); /* access_gap */
    const uint8_t *bytes = store_bytes(test_find(&t, SECTION_MEMORIES, "ram"), NULL);
    static const uint8_t expected[] = {0, 0, 0, 0, 0x44, 0x33, 0x22, 0x11, 0, 0x55, 0};
    ck_assert_mem_eq(bytes, expected, sizeof expected);
    end();
}
END_TEST

START_TEST(the_gap_between_accesses_is_a_parameter)
{
    for (uint32_t gap = 0; gap <= 7; gap += 7) {
        start();
        cpu->access_gap = gap;
        program("p", two_writes, 2);
        build(0);
        ck_assert(test_run(&t, 10000000));
        ck_assert_uint_eq(access_at(1)->start_cycle, access_at(0)->end_cycle + 1 + gap);
        end();
    }
}
END_TEST

static void check_stalls(uint64_t grant, uint64_t waits, uint64_t longest)
{
    ck_assert_uint_eq(test_figure(&t.system, "cpu.cpu0.grant_wait_cycles"), grant);
    ck_assert_uint_eq(test_figure(&t.system, "cpu.cpu0.wait_cycles"), waits);
    ck_assert_uint_eq(test_figure(&t.system, "cpu.cpu0.back_pressure_cycles"), 0);
    ck_assert_uint_eq(test_figure(&t.system, "cpu.cpu0.stall_cycles"), grant + waits);
    ck_assert_uint_eq(test_figure(&t.system, "cpu.cpu0.longest_stall"), longest);
}

START_TEST(wait_states_are_stall_cycles)
{
    start();
    ram->write_first = 5;
    program("p", two_writes, 2);
    build(0);
    ck_assert(test_run(&t, 10000000));
    ck_assert_uint_eq(access_at(0)->end_cycle, 2 + 5);
    ck_assert_uint_eq(access_at(0)->stall_cycles, 5);
    check_stalls(0, 2 * 5, 5);
    ck_assert_uint_eq(test_figure(&t.system, "cpu.cpu0.accesses"), 2);
    ck_assert_uint_eq(test_figure(&t.system, "cpu.cpu0.reads"), 0);
    ck_assert_uint_eq(test_figure(&t.system, "cpu.cpu0.writes"), 2);
    ck_assert_uint_eq(test_figure(&t.system, "bus.ahb0.master.cpu0.wait_cycles"), 10);
    end();
}
END_TEST

START_TEST(waiting_for_the_grant_is_stall)
{
    static struct scripted_command burst = {
        .delay = 1, .size = 2, .beats = 16, .burst = AHB_INCR16, .address = RAM + 0x100};
    start();
    struct scripted_config *other = test_add(&t, SECTION_MASTERS, "scripted", "other");
    other->commands = (struct parameter_list){&burst, 1};
    struct program_config *p = program("p", two_writes, 2);
    p->at_ps = 4 * TEST_PERIOD_PS;
    build(0);
    ck_assert(test_run(&t, 10000000));
    /* The other's addresses fill rows 2 .. 17, its last data phase is row 18. */
    ck_assert_uint_eq(access_at(0)->start_cycle, 5);
    ck_assert_uint_eq(access_at(0)->end_cycle, 19);
    ck_assert_uint_eq(access_at(0)->stall_cycles, 19 - 5 - 1);
    check_stalls(13, 0, 13);
    /* It asks from row 5 on and has the bus in 18. */
    ck_assert_uint_eq(test_figure(&t.system, "bus.ahb0.master.cpu0.grant_wait_cycles"), 18 - 5);
    end();
}
END_TEST

/* The other's burst, which has a wait state in its first beat, is over in row 19; the CPU's own has one too. */
START_TEST(a_stall_is_split_into_the_grant_and_wait_states_of_its_own_beats)
{
    static struct scripted_command burst = {.delay = 1,
                                            .size = 2,
                                            .beats = 16,
                                            .burst = AHB_INCR16,
                                            .write = true,
                                            .address = RAM + 0x100};
    start();
    ram->write_first = 1;
    struct scripted_config *other = test_add(&t, SECTION_MASTERS, "scripted", "other");
    other->commands = (struct parameter_list){&burst, 1};
    struct program_config *p = program("p", two_writes, 2);
    p->at_ps = 4 * TEST_PERIOD_PS;
    build(0);
    ck_assert(test_run(&t, 10000000));
    ck_assert_uint_eq(access_at(0)->start_cycle, 5);
    ck_assert_uint_eq(access_at(0)->end_cycle, 19 + 1 + 1);
    ck_assert_uint_eq(access_at(0)->stall_cycles, 15);
    ck_assert_uint_eq(access_at(1)->stall_cycles, 1);
    check_stalls(14, 2, 15);
    end();
}
END_TEST

START_TEST(a_delay_lets_the_thread_go_on_in_its_step_and_not_one_before)
{
    static const struct work_step steps[] = {
        {.op = WORK_WRITE, .to = "ram", .value = "1", .width_bits = 32},
        {.op = WORK_DELAY, .time_ps = 20 * TEST_PERIOD_PS},
        {.op = WORK_WRITE, .to = "ram", .value = "2", .width_bits = 32},
        {.op = WORK_AT, .time_ps = 60 * TEST_PERIOD_PS},
        {.op = WORK_WRITE, .to = "ram", .value = "3", .width_bits = 32},
    };
    start();
    program("p", steps, 5);
    build(0);
    ck_assert(test_run(&t, 10000000));
    /* The write ends in row 2; after the gap, in step 4, the delay starts. */
    ck_assert_uint_eq(access_at(1)->start_cycle, 4 + 20 + 1);
    ck_assert_uint_eq(access_at(2)->start_cycle, 60 + 1);
    end();
}
END_TEST

START_TEST(a_poll_reads_until_the_masked_value_is_there)
{
    static const struct work_step poll[] = {{.op = WORK_POLL,
                                             .to = "ram + 0x40",
                                             .value = "0x30",
                                             .mask = "0xf0",
                                             .time_ps = 10 * TEST_PERIOD_PS,
                                             .width_bits = 32}};
    static const struct work_step set[] = {
        {.op = WORK_WRITE, .to = "ram + 0x40", .value = "0x35", .width_bits = 32}};
    start();
    program("poll", poll, 1);
    program("set", set, 1)->at_ps = 35 * TEST_PERIOD_PS;
    build(0);
    ck_assert(test_run(&t, 10000000));
    /* A read opens in the step after 10 more: 2, 14, 26 are ends. The write opens in 36 and ends in
     * 37; after the gap, in step 39, comes the read that sees it. */
    ck_assert_uint_eq(access_at(0)->end_cycle, 2);
    ck_assert_uint_eq(access_at(1)->end_cycle, 14);
    ck_assert_uint_eq(access_at(2)->end_cycle, 26);
    ck_assert(access_at(3)->write);
    ck_assert(!access_at(4)->write);
    ck_assert_uint_eq(access_at(4)->start_cycle, 40);
    ck_assert_uint_eq(accesses.count, 5);
    end();
}
END_TEST

START_TEST(an_error_is_counted_and_fails_the_program)
{
    static const struct work_step steps[] = {{.op = WORK_READ, .to = "0x10", .width_bits = 32}};
    struct test_log done;
    start();
    program("p", steps, 1);
    build(0);
    test_observe(&t, &done, "transfer", NULL);
    ck_assert(test_run(&t, 10000000));
    ck_assert(access_at(0)->error);
    ck_assert_str_eq(TEST_RECORD(&done, struct transfer_record, 0)->status, "error");
    test_log_end(&done);
    end();
}
END_TEST

/* ---- interrupts ----------------------------------------------------------------------------- */

static struct cpu_task service;
static unsigned served;

static void service_run(struct cpu_task *task, sim_cycle now)
{
    (void)now;
    if (served++ % 2 == 0)
        cpu_write(task, RAM + 0x20, served);
}

static void attach_service(void)
{
    struct cpu *self = cpu_of(test_find(&t, SECTION_CPUS, "cpu0"));
    served = 0;
    cpu_add_task(self, &service, "service", CPU_ISR, service_run);
    cpu_line_of(self, &line)->handler = &service;
}

static void raise_at(sim_cycle cycle, uint64_t level)
{
    /* Put in step `cycle`, seen by the CPU at the next edge. */
    kernel_advance(&t.system.kernel, cycle * TEST_PERIOD_PS, 0);
    t.system.kernel.now = cycle * TEST_PERIOD_PS;
    wire_put(&line, cycle * TEST_PERIOD_PS, level);
}

START_TEST(the_service_starts_interrupt_latency_after_the_line_was_seen)
{
    for (uint32_t latency = 0; latency <= 12; latency += 6) {
        with_source = true;
        start();
        cpu->interrupt_latency = latency;
        build(0);
        attach_service();
        raise_at(100, 1);
        kernel_advance(&t.system.kernel, (101 + latency) * TEST_PERIOD_PS, 0);
        raise_at(101 + latency, 0); /* level: one service is enough */
        kernel_advance(&t.system.kernel, 300 * TEST_PERIOD_PS, 0);
        ck_assert_uint_eq(accesses.count, 1);
        ck_assert_uint_eq(access_at(0)->context, CPU_SERVICE);
        ck_assert_uint_eq(access_at(0)->start_cycle, 101 + latency + 1);
        end();
        with_source = false;
    }
}
END_TEST

START_TEST(a_line_that_falls_before_its_service_is_forgotten)
{
    with_source = true;
    start();
    cpu->interrupt_latency = 10;
    build(0);
    attach_service();
    raise_at(100, 1);
    raise_at(105, 0);
    kernel_advance(&t.system.kernel, 300 * TEST_PERIOD_PS, 0);
    ck_assert_uint_eq(accesses.count, 0);
    end();
    with_source = false;
}
END_TEST

START_TEST(a_line_that_stays_up_is_served_again)
{
    with_source = true;
    start();
    cpu->interrupt_latency = 10;
    build(0);
    attach_service();
    raise_at(100, 1);
    kernel_advance(&t.system.kernel, 135 * TEST_PERIOD_PS, 0);
    ck_assert_uint_eq(accesses.count, 2);
    /* First access 112, ends 113; the service is over in step 115, is seen again there. */
    ck_assert_uint_eq(access_at(0)->start_cycle, 112);
    ck_assert_uint_eq(access_at(1)->start_cycle, 115 + 10 + 1);
    end();
    with_source = false;
}
END_TEST

START_TEST(service_preempts_a_program_between_accesses_and_traffic_waits_for_both)
{
    static struct work_step steps[40];
    with_source = true;
    start();
    for (unsigned i = 0; i < 40; i++)
        steps[i] = two_writes[0];
    program("p", steps, 40);
    cpu->interrupt_latency = 0;
    cpu->traffic.given = true;
    cpu->traffic.base = RAM + 0x800;
    cpu->traffic.bytes = 256;
    build(0);
    attach_service();
    raise_at(50, 1);
    raise_at(58, 0);
    ck_assert(test_run(&t, 10000000));
    size_t at = 0;
    while (access_at(at)->context == CPU_PROGRAM)
        at++;
    ck_assert_uint_eq(access_at(at)->context, CPU_SERVICE);
    ck_assert_uint_le(access_at(at)->start_cycle, 51 + 1 + 4);
    ck_assert_uint_eq(access_at(at + 1)->context, CPU_PROGRAM);
    for (size_t i = 0; i < accesses.count; i++)
        ck_assert_uint_ne(access_at(i)->context, CPU_TRAFFIC);
    end();
    with_source = false;
}
END_TEST

START_TEST(a_program_waits_for_an_interrupt)
{
    static const struct work_step steps[] = {
        {.op = WORK_WAIT_INTERRUPT, .to = "irq"},
        {.op = WORK_WRITE, .to = "ram", .value = "1", .width_bits = 32},
    };
    with_source = true;
    start();
    program("p", steps, 2);
    cpu->interrupt_latency = 7;
    build(0);
    raise_at(100, 1);
    ck_assert(test_run(&t, 10000000));
    ck_assert_uint_eq(access_at(0)->start_cycle, 101 + 7 + 1);
    end();
    with_source = false;
}
END_TEST

/* ---- traffic -------------------------------------------------------------------------------- */

START_TEST(traffic_thinks_between_bursts)
{
    start();
    cpu->access_gap = 0;
    cpu->traffic.given = true;
    cpu->traffic.base = RAM;
    cpu->traffic.bytes = 64;
    cpu->traffic.beats = 4;
    cpu->traffic.think_cycles = 9;
    cpu->traffic.count = 6;
    build(0);
    ck_assert(test_run(&t, 10000000));
    ck_assert_uint_eq(accesses.count, 6);
    for (size_t i = 0; i < 6; i++) {
        ck_assert_uint_eq(access_at(i)->context, CPU_TRAFFIC);
        ck_assert_uint_eq(access_at(i)->address, RAM + i % 4 * 16);
        ck_assert_uint_eq(access_at(i)->end_cycle, access_at(i)->start_cycle + 4);
        if (i > 0)
            ck_assert_uint_eq(access_at(i)->start_cycle, access_at(i - 1)->end_cycle + 9 + 1);
    }
    end();
}
END_TEST

START_TEST(traffic_without_a_pause_is_back_to_back_and_each_cycle_of_one_is_one)
{
    for (uint32_t think = 0; think <= 3; think++) {
        start();
        cpu->access_gap = 2;
        cpu->traffic.given = true;
        cpu->traffic.base = RAM;
        cpu->traffic.bytes = 64;
        cpu->traffic.think_cycles = think;
        cpu->traffic.count = 4;
        build(0);
        ck_assert(test_run(&t, 10000000));
        for (size_t i = 1; i < 4; i++)
            ck_assert_uint_eq(access_at(i)->start_cycle, access_at(i - 1)->end_cycle + 1 + think);
        end();
    }
}
END_TEST

/* Software that comes up while a background access is under way is next, and has its gap behind its own. */
START_TEST(software_goes_before_traffic_that_never_pauses)
{
    with_source = true;
    start();
    cpu->access_gap = 2;
    cpu->interrupt_latency = 0;
    cpu->traffic.given = true;
    cpu->traffic.base = RAM;
    cpu->traffic.bytes = 64;
    cpu->traffic.think_cycles = 0;
    cpu->traffic.count = 100;
    build(0);
    attach_service();
    raise_at(50, 1);
    raise_at(58, 0);
    ck_assert(test_run(&t, 10000000));
    size_t at = 0;
    while (access_at(at)->context == CPU_TRAFFIC)
        at++;
    ck_assert_uint_eq(access_at(at)->context, CPU_SERVICE);
    ck_assert_uint_le(access_at(at)->start_cycle, 51 + 1 + 2);
    ck_assert_uint_eq(access_at(at)->start_cycle, access_at(at - 1)->end_cycle + 1);
    ck_assert_uint_eq(access_at(at + 1)->start_cycle, access_at(at)->end_cycle + 1 + 2);
    end();
    with_source = false;
}
END_TEST

START_TEST(traffic_reads_as_often_as_told_and_stays_in_its_range)
{
    static const uint8_t patterns[] = {CPU_SEQUENTIAL, CPU_RANDOM, CPU_STRIDE};
    for (size_t p = 0; p < 3; p++) {
        unsigned reads = 0;
        start();
        cpu->traffic.given = true;
        cpu->traffic.pattern = patterns[p];
        cpu->traffic.base = RAM + 0x400;
        cpu->traffic.bytes = 1024;
        cpu->traffic.stride_bytes = 96;
        cpu->traffic.beats = 8;
        cpu->traffic.read_percent = 75;
        cpu->traffic.count = 4000;
        build(0);
        ck_assert(test_run(&t, UINT64_C(10000000000)));
        for (size_t i = 0; i < accesses.count; i++) {
            reads += !access_at(i)->write;
            ck_assert_uint_ge(access_at(i)->address, RAM + 0x400);
            ck_assert_uint_le(access_at(i)->address, RAM + 0x800 - 32);
            ck_assert(!access_at(i)->error);
        }
        ck_assert_uint_eq(accesses.count, 4000);
        ck_assert_uint_gt(reads, 2900);
        ck_assert_uint_lt(reads, 3100);
        end();
    }
}
END_TEST

START_TEST(endless_traffic_does_not_hold_the_run_open)
{
    start();
    cpu->traffic.given = true;
    cpu->traffic.base = RAM;
    program("p", two_writes, 2);
    build(0);
    ck_assert(test_run(&t, 10000000));
    ck_assert_uint_lt(t.system.kernel.now, 20 * TEST_PERIOD_PS);
    end();
}
END_TEST

START_TEST(several_interrupt_outputs_of_one_component_are_inputs_of_their_own)
{
    with_source = true;
    more = 3;
    start();
    build(0);
    const struct component *source = test_find(&t, SECTION_CONTROLLERS, "irq");
    struct cpu *self = cpu_of(test_find(&t, SECTION_CPUS, "cpu0"));
    ck_assert_uint_eq(component_links(source, PORT_INTERRUPT), 4);
    ck_assert_ptr_eq(component_link(source, PORT_INTERRUPT, 3), &more_lines[2]);
    ck_assert_ptr_null(component_link(source, PORT_INTERRUPT, 4));
    ck_assert_ptr_null(component_port(source, PORT_REQUEST, NULL));
    ck_assert_uint_eq(self->line_count, 3); /* the second of `more` is for nobody */
    ck_assert_ptr_null(cpu_line_of(self, &more_lines[1]));
    ck_assert_ptr_nonnull(cpu_line_of(self, &more_lines[2]));
    ck_assert_ptr_eq(more_lines[2].reader, &self->unit);
    end();

    more = CPU_INTERRUPTS; /* one of them for nobody: all inputs are taken */
    start();
    build(0);
    end();
    with_source = false;
    more = 0;
}
END_TEST

START_TEST(a_cpu_has_inputs_for_16_interrupts_and_no_more)
{
    with_source = true;
    more = CPU_INTERRUPTS;
    start();
    struct dw_ahb_config *dma = test_add(&t, SECTION_CONTROLLERS, "snps,dw-dmac", "dma");
    dma->base = 0x40000000;
    dma->interrupt = 0;
    ck_assert_int_eq(system_create(&t.system, &t.plan, 0, &t.check), DMASIM_INVALID);
    t.built = true;
    ck_assert_str_eq(t.errors, "dma.interrupt: cpu0 has 16 interrupt inputs, all taken\n");
    test_plan_end(&t);
    with_source = false;
    more = 0;
}
END_TEST

TEST_MAIN("cpu", several_interrupt_outputs_of_one_component_are_inputs_of_their_own,
          a_cpu_has_inputs_for_16_interrupts_and_no_more,
          an_access_opens_the_row_after_and_ends_with_its_data_phase,
          the_gap_between_accesses_is_a_parameter, wait_states_are_stall_cycles,
          waiting_for_the_grant_is_stall,
          a_stall_is_split_into_the_grant_and_wait_states_of_its_own_beats,
          a_delay_lets_the_thread_go_on_in_its_step_and_not_one_before,
          a_poll_reads_until_the_masked_value_is_there, an_error_is_counted_and_fails_the_program,
          the_service_starts_interrupt_latency_after_the_line_was_seen,
          a_line_that_falls_before_its_service_is_forgotten, a_line_that_stays_up_is_served_again,
          service_preempts_a_program_between_accesses_and_traffic_waits_for_both,
          a_program_waits_for_an_interrupt, traffic_thinks_between_bursts,
          traffic_without_a_pause_is_back_to_back_and_each_cycle_of_one_is_one,
          software_goes_before_traffic_that_never_pauses,
          traffic_reads_as_often_as_told_and_stays_in_its_range,
          endless_traffic_does_not_hold_the_run_open)
