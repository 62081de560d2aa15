/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver of the ADI AXI DMAC (adi_driver.c) where it is interrupted: what nothing may come between, what
 * a job that ended early leaves behind, which times are told. */
#include "axi_fixture.h"

#include "peripherals/stream_device.h"

#define ACCESSES 4096

/* The CPU's accesses, in order. */
struct access_log {
    struct probe_observer observer; /* first */
    struct {
        sim_cycle end;
        uint64_t address;
        bool write;
    } list[ACCESSES];
    unsigned count;
};

static struct access_log accesses;
static struct test_log transfers, interrupts;
static struct adi_dmac_config *dma;

static void notify_access(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                          const void *record)
{
    struct access_log *self = (struct access_log *)observer;
    const struct cpu_access_record *access = record;
    (void)probe;
    (void)now;
    ck_assert_uint_lt(self->count, ACCESSES);
    self->list[self->count].end = access->end_cycle;
    self->list[self->count].address = access->address;
    self->list[self->count++].write = access->write;
}

/* A register is written (read) by the access with this index. */
static bool writes(unsigned index, uint32_t offset)
{
    return index < accesses.count && accesses.list[index].write &&
           accesses.list[index].address == DMA + offset;
}

static bool reads(unsigned index, uint32_t offset)
{
    return index < accesses.count && !accesses.list[index].write &&
           accesses.list[index].address == DMA + offset;
}

static void begin(void)
{
    start();
    dma = add_dma();
    dma->errata = ADI_NONE;
}

/* Builds and collects the records of the first entry of work. */
static void build(void)
{
    test_build(&t, 0);
    test_observe(&t, &transfers, "transfer", NULL);
    test_observe(&t, &interrupts, "interrupt", "dma");
    accesses.observer = (struct probe_observer){.notify = notify_access};
    accesses.count = 0;
    probe_observe(system_probe(&t.system, "cpu_access", NULL), &accesses.observer);
}

static void run(void)
{
    build();
    ck_assert(test_run(&t, LONG));
}

static void finish(void)
{
    test_log_end(&transfers);
    test_log_end(&interrupts);
    end();
}

static const struct transfer_record *transfer(size_t index)
{
    ck_assert_uint_lt(index, transfers.count);
    return TEST_RECORD(&transfers, struct transfer_record, index);
}

/* When the CPU sees the last rise of the interrupt that is not later than `time`. */
static sim_time seen(sim_time time)
{
    sim_time last = 0;
    bool before = false;
    for (size_t i = 0; i < interrupts.count; i++) {
        const bool level = TEST_RECORD(&interrupts, struct interrupt_record, i)->level;
        const sim_time at = (interrupts.cycles[i] + 1) * TEST_PERIOD_PS;
        if (level && !before && at <= time)
            last = at;
        before = level;
    }
    return last;
}

/* The interrupt that a transfer tells is the one whose service read TRANSFER_DONE last before the callback:
 * it was seen behind the service before that and before this one began. */
static void expect_interrupt(const struct transfer_record *record)
{
    sim_time begun = 0, before = 0, last = 0; /* services: the one looked at, those before */
    for (unsigned i = 0; i < accesses.count; i++) {
        const sim_time end = accesses.list[i].end * TEST_PERIOD_PS;
        if (end >= record->callback_ps)
            break;
        if (reads(i, ADI_AT_IRQ_PENDING)) {
            before = begun;
            begun = end;
        } else if (reads(i, ADI_AT_TRANSFER_DONE)) {
            last = begun;
            ck_assert_uint_lt(before, begun);
        }
    }
    ck_assert_uint_eq(last, begun);
    ck_assert_uint_gt(record->interrupt_ps, before);
    ck_assert_uint_lt(record->interrupt_ps, begun);
}

/* A source of packets of so many beats of 8 bytes. */
static void add_source(uint64_t period_cycles, uint64_t *packets, uint32_t count)
{
    struct stream_source_config *device =
        test_add(&t, SECTION_PERIPHERALS, "axi-stream-source", "dev");
    device->period_cycles = period_cycles;
    device->packets = (struct parameter_list){packets, count};
    dma->source_type = ADI_STREAM;
    dma->source_bus = UINT16_MAX;
}

static struct slave_sg_config *add_slave(const char *name, struct work_segment *segment)
{
    struct slave_sg_config *slave = test_add(&t, SECTION_WORK, "slave_sg", name);
    slave->segments = (struct parameter_list){segment, 1};
    return slave;
}

static struct cyclic_config *add_ring(uint32_t period_bytes, uint32_t periods)
{
    struct cyclic_config *ring = test_add(&t, SECTION_WORK, "cyclic", "ring");
    ring->buffer = RAM;
    ring->bytes = 4 * period_bytes;
    ring->period_bytes = period_bytes;
    ring->periods = periods;
    return ring;
}

/* ---- what nothing comes between -------------------------------------------------------------- */

/* From the query of TRANSFER_SUBMIT to its write no service of the interrupt comes in. */
static unsigned starts_in_one_piece(void)
{
    unsigned starts = 0;
    for (unsigned i = 0; i < accesses.count; i++) {
        if (!reads(i, ADI_AT_TRANSFER_ID))
            continue;
        ck_assert(reads(i - 1, ADI_AT_TRANSFER_SUBMIT));
        for (unsigned k = i + 1; !writes(k, ADI_AT_TRANSFER_SUBMIT); k++) {
            ck_assert_uint_lt(k, i + 9);
            ck_assert_msg(!reads(k, ADI_AT_IRQ_PENDING), "a service in the middle of a start");
        }
        starts++;
    }
    return starts;
}

START_TEST(a_service_does_not_come_into_the_middle_of_a_start)
{
    unsigned services_close = 0;
    for (unsigned at = 0; at < 480; at++) {
        begin();
        dma->length_width_bits = 8;
        cpu->interrupt_latency = 1;
        add_memcpy("a", 0, 0x8000, 1280);
        add_memcpy("b", 0x4000, 0xa000, 512)->common.at_ps = (150 + at) * TEST_PERIOD_PS;
        run();
        ck_assert_uint_eq(starts_in_one_piece(), 7);
        ck_assert_mem_eq(memory() + 0x8000, memory(), 1280);
        ck_assert_mem_eq(memory() + 0xa000, memory() + 0x4000, 512);
        for (unsigned i = 0; i < accesses.count; i++)
            services_close += writes(i, ADI_AT_TRANSFER_SUBMIT) && reads(i + 1, ADI_AT_IRQ_PENDING);
        finish();
    }
    ck_assert_uint_gt(services_close, 0); /* some had to wait */
}
END_TEST

/* Disabled and enabled again, for the jobs of others. */
START_TEST(a_service_does_not_see_the_controller_disabled)
{
    for (unsigned latency = 0; latency < 80; latency++) {
        begin();
        cpu->callback_latency = latency;
        add_source(9, NULL, 0); /* a period takes 72 cycles */
        add_ring(64, 6);
        struct work_segment segment = {RAM + 0x8000, 256};
        add_slave("s", &segment);
        build();
        test_run(&t, 3000 * TEST_PERIOD_PS);
        unsigned stops = 0;
        for (unsigned i = 0; i + 1 < accesses.count; i++)
            stops += writes(i, ADI_AT_CONTROL) && writes(i + 1, ADI_AT_CONTROL);
        ck_assert_msg(stops == 1, "latency %u: %u stops", latency, stops);
        finish();
    }
}
END_TEST

START_TEST(descriptors_are_written_in_the_order_of_their_addresses)
{
    begin();
    dma->descriptor_bus = 0;
    struct memcpy_config *copy = add_memcpy("copy", 0x100, 0x8000, 4096);
    copy->common.mode = WORK_LINKED_LIST;
    copy->segment_bytes = 512;
    run();
    unsigned first = 0;
    while (accesses.list[first].address != RAM + 0xc000)
        first++;
    for (unsigned i = 0; i < 8 * 12; i++) {
        ck_assert(accesses.list[first + i].write);
        ck_assert_uint_eq(accesses.list[first + i].address,
                          RAM + 0xc000 + 64 * (i / 12) + 4 * (i % 12));
    }
    ck_assert(writes(first + 8 * 12, ADI_AT_CONTROL)); /* only then */
    finish();
}
END_TEST

/* ---- early ends ------------------------------------------------------------------------------ */

START_TEST(the_piece_that_ended_early_is_the_one_that_is_short)
{
    static uint64_t packets[] = {40};
    begin();
    add_source(4, packets, 1);
    dma->length_width_bits = 8;
    struct work_segment segment = {RAM, 1024};
    add_slave("s", &segment);
    run();
    ck_assert_uint_eq(transfer(0)->bytes, 256 + 64);
    finish();
}
END_TEST

START_TEST(a_call_that_ended_early_is_a_whole_one_when_it_is_repeated)
{
    static uint64_t packets[] = {20, 64, 64};
    begin();
    add_source(4, packets, 3);
    dma->length_width_bits = 8;
    struct work_segment segment = {RAM, 512};
    add_slave("s", &segment)->common.repeat = 3;
    run();
    static const unsigned bytes[] = {160, 512, 512};
    for (unsigned i = 0; i < 3; i++) {
        ck_assert_str_eq(transfer(i)->status, "complete");
        ck_assert_uint_eq(transfer(i)->bytes, bytes[i]);
    }
    finish();
}
END_TEST

START_TEST(a_ring_is_counted_again_from_its_start_when_it_is_repeated)
{
    begin();
    add_source(4, NULL, 0);
    add_ring(256, 6)->common.repeat = 3;
    run();
    for (unsigned i = 0; i < 3; i++)
        ck_assert_uint_eq(transfer(i)->bytes, 6 * 256);
    finish();
}
END_TEST

/* ---- times ----------------------------------------------------------------------------------- */

START_TEST(the_interrupt_of_a_call_is_the_one_that_ended_it)
{
    for (unsigned chained = 0; chained < 2; chained++) {
        begin();
        struct memcpy_config *copy = add_memcpy("copy", 0, 0x8000, 1024);
        copy->common.repeat = 2;
        if (chained) {
            dma->descriptor_bus = 0;
            copy->common.mode = WORK_LINKED_LIST;
            copy->segment_bytes = 512;
        } else {
            dma->length_width_bits = 9;
        }
        run();
        for (unsigned i = 0; i < 2; i++)
            expect_interrupt(transfer(i));
        ck_assert_uint_gt(transfer(1)->interrupt_ps, transfer(0)->callback_ps);
        finish();
    }
}
END_TEST

START_TEST(the_interrupt_of_a_ring_is_that_of_its_last_period)
{
    begin();
    add_source(8, NULL, 0);
    add_ring(512, 2);
    run();
    expect_interrupt(transfer(0));
    ck_assert_uint_ge(transfer(0)->interrupt_ps, 2 * 64 * 8 * (sim_time)TEST_PERIOD_PS);
    finish();
}
END_TEST

/* Its latency counts from the service that woke it. */
START_TEST(a_second_interrupt_does_not_put_the_tasklet_off)
{
    sim_time until_called[2];
    for (unsigned second = 0; second < 2; second++) {
        begin();
        cpu->tasklet_latency = 400;
        add_memcpy("a", 0, 0x8000, 640);
        if (second)
            add_memcpy("b", 0x4000, 0xa000, 640);
        run();
        until_called[second] = transfer(0)->callback_ps - transfer(0)->interrupt_ps;
        if (second)
            ck_assert_uint_gt(seen(transfer(0)->callback_ps), transfer(0)->interrupt_ps);
        finish();
    }
    ck_assert_uint_ge(until_called[0], 400 * (sim_time)TEST_PERIOD_PS);
    ck_assert_uint_le(until_called[1], until_called[0] + 20 * (sim_time)TEST_PERIOD_PS);
}
END_TEST

TEST_MAIN("adi driver", a_service_does_not_come_into_the_middle_of_a_start,
          a_service_does_not_see_the_controller_disabled,
          descriptors_are_written_in_the_order_of_their_addresses,
          the_piece_that_ended_early_is_the_one_that_is_short,
          a_call_that_ended_early_is_a_whole_one_when_it_is_repeated,
          a_ring_is_counted_again_from_its_start_when_it_is_repeated,
          the_interrupt_of_a_call_is_the_one_that_ended_it,
          the_interrupt_of_a_ring_is_that_of_its_last_period,
          a_second_interrupt_does_not_put_the_tasklet_off)
