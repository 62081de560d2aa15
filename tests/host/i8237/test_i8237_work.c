/* SPDX-License-Identifier: BSD-2-Clause */
/* The driver of the 8237A (i8237_work.c): what it does to the ports, in the order of asm/dma.h. */
#include "isa_fixture.h"

static struct test_log cycles, transfers;

static void build(void)
{
    test_build(&t, 0);
    test_observe(&t, &cycles, "isa_cycle", NULL);
    test_observe(&t, &transfers, "transfer", NULL);
}

static void finish(void)
{
    test_log_end(&cycles);
    test_log_end(&transfers);
    end();
}

static const struct transfer_record *transfer(size_t index)
{
    ck_assert_uint_lt(index, transfers.count);
    return TEST_RECORD(&transfers, struct transfer_record, index);
}

/* The CPU's I/O cycles as text: "0a=06" is a write, "03?" a read. */
static const char *ports(void)
{
    static char text[4096];
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < cycles.count && used + 16 < sizeof text; i++) {
        const struct isa_cycle_record *cycle = TEST_RECORD(&cycles, struct isa_cycle_record, i);
        if (cycle->dma || !(cycle->commands & ISA_IO_LINES))
            continue;
        used += (size_t)(cycle->commands & 1 << ISA_IOW
                             ? snprintf(text + used, sizeof text - used, "%s%02x=%02x",
                                        used ? " " : "", cycle->address, cycle->data)
                             : snprintf(text + used, sizeof text - used, "%s%02x?", used ? " " : "",
                                        cycle->address));
    }
    return text;
}

START_TEST(a_transfer_is_programmed_as_linux_does)
{
    start();
    struct isa_device_config *device = add_device("dev", 2, ISA_DEVICE_TO_MEMORY);
    device->rate = 100000;
    device->bytes = 16;
    add_slave("s", 2, 0x12345, 16);
    build();
    ck_assert(test_run(&t, LONG));
    ck_assert_str_eq(ports(), "0a=06 0c=00 0b=46 81=01 04=45 04=23 05=0f 05=00 0a=02 302=01 "
                              "301? 0c=00 05? 05?");
    ck_assert_str_eq(transfer(0)->status, "complete");
    ck_assert_uint_eq(transfer(0)->bytes, 16);
    for (unsigned i = 0; i < 16; i++)
        ck_assert_uint_eq(memory()[0x12345 + i], i);
    finish();
}
END_TEST

START_TEST(modes_and_directions_reach_the_mode_register)
{
    static const struct {
        enum work_mode mode;
        enum isa_device_direction direction;
        const char *written;
    } cases[] = {
        {WORK_BURST, ISA_DEVICE_TO_MEMORY, "0b=85"},
        {WORK_CYCLE_STEALING, ISA_DEVICE_TO_MEMORY, "0b=45"},
        {WORK_DEMAND, ISA_DEVICE_TO_MEMORY, "0b=05"},
        {WORK_BURST, ISA_DEVICE_FROM_MEMORY, "0b=89"},
        {WORK_CYCLE_STEALING, ISA_DEVICE_FROM_MEMORY, "0b=49"},
        {WORK_DEMAND, ISA_DEVICE_FROM_MEMORY, "0b=09"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        start();
        struct isa_device_config *device = add_device("dev", 1, cases[i].direction);
        device->bytes = 40;
        device->depth = 64;
        device->request = ISA_DEVICE_DEMAND;
        add_slave("s", 1, 0x100, 40)->common.mode = (uint8_t)cases[i].mode;
        build();
        ck_assert(test_run(&t, LONG));
        ck_assert_ptr_nonnull(strstr(ports(), cases[i].written));
        ck_assert_str_eq(transfer(0)->status, "complete");
        finish();
    }
}
END_TEST

START_TEST(a_segment_is_cut_where_64_ki_end)
{
    start();
    struct isa_device_config *device = add_device("dev", 1, ISA_DEVICE_TO_MEMORY);
    device->request = ISA_DEVICE_DEMAND;
    add_slave("s", 1, 0x1fff8, 20)->common.mode = WORK_BURST;
    build();
    ck_assert(test_run(&t, LONG));
    ck_assert_str_eq(ports(),
                     "0a=05 0c=00 0b=85 83=01 02=f8 02=ff 03=07 03=00 0a=01 302=01 301? 0c=00 03? "
                     "03? 0a=05 0c=00 0b=85 83=02 02=00 02=00 03=0b 03=00 0a=01 302=01 301? 0c=00 "
                     "03? 03?");
    ck_assert_uint_eq(transfer(0)->bytes, 20);
    finish();
}
END_TEST

START_TEST(a_device_that_ends_early_leaves_a_residue_and_an_error)
{
    start();
    struct isa_device_config *device = add_device("dev", 1, ISA_DEVICE_TO_MEMORY);
    device->rate = 200000;
    device->bytes = 10;
    add_slave("s", 1, 0x100, 16);
    build();
    ck_assert(test_run(&t, LONG));
    ck_assert_str_eq(transfer(0)->status, "error");
    ck_assert_uint_eq(transfer(0)->bytes, 0);
    finish();
}
END_TEST

START_TEST(a_ring_is_programmed_once_and_masked_in_the_end)
{
    start();
    struct isa_device_config *device = add_device("dev", 3, ISA_DEVICE_TO_MEMORY);
    device->rate = 200000;
    device->bytes = 8;
    struct cyclic_config *ring = test_add(&t, SECTION_WORK, "cyclic", "ring");
    ring->common.channel = 3;
    ring->common.mode = WORK_CYCLE_STEALING;
    ring->peripheral = 1;
    ring->buffer = 0x200;
    ring->bytes = ring->period_bytes = 8;
    ring->periods = 3;
    build();
    ck_assert(test_run(&t, LONG));
    ck_assert_str_eq(ports(), "0a=07 0c=00 0b=57 82=00 06=00 06=02 07=07 07=00 0a=03 302=01 301? "
                              "302=01 301? 302=01 301? 0c=00 0a=07");
    ck_assert_uint_eq(transfer(0)->bytes, 24);
    for (unsigned i = 0; i < 8; i++)
        ck_assert_uint_eq(memory()[0x200 + i], 16 + i);
    finish();
}
END_TEST

START_TEST(a_copy_uses_channels_0_and_1_and_polls)
{
    start();
    struct memcpy_config *copy = test_add(&t, SECTION_WORK, "memcpy", "copy");
    copy->from = 0x10100;
    copy->to = 0x20200;
    copy->bytes = 50;
    build();
    ck_assert(test_run(&t, LONG));
    const char *expected = "0a=04 0c=00 0b=88 87=01 00=00 00=01 01=31 01=00 "
                           "0a=05 0c=00 0b=85 83=02 02=00 02=02 03=31 03=00 08=01 09=04 08?";
    ck_assert_int_eq(strncmp(ports(), expected, strlen(expected)), 0);
    ck_assert_str_eq(ports() + strlen(ports()) - 5, "08=00");
    ck_assert_mem_eq(memory() + 0x20200, memory() + 0x10100, 50);
    ck_assert_str_eq(transfer(0)->status, "complete");
    finish();
}
END_TEST

START_TEST(calls_it_has_not_are_refused)
{
    start();
    struct isa_device_config *device = add_device("dev", 1, ISA_DEVICE_TO_MEMORY);
    device->interrupt = UINT16_MAX;
    struct slave_sg_config *slave = add_slave("s", 2, 0xffff00, 0x200);
    slave->common.mode = WORK_LINKED_LIST;
    slave->common.burst = 4;
    struct interleaved_config *rows = test_add(&t, SECTION_WORK, "interleaved", "rows");
    rows->common.channel = 9;
    test_check(&t);
    ck_assert_ptr_nonnull(strstr(t.errors, "s.mode: an 8237A has no linked lists"));
    ck_assert_ptr_nonnull(strstr(t.errors, "s.burst: is not for an 8237A"));
    ck_assert_ptr_nonnull(strstr(t.errors, "s.segments: 0xffff00 with 512 bytes is beyond"));
    ck_assert_ptr_nonnull(strstr(t.errors, "s.channel: 'dev' has another controller or channel"));
    ck_assert_ptr_nonnull(strstr(t.errors, "s.peripheral: 'dev' has no interrupt to a CPU"));
    ck_assert_ptr_nonnull(strstr(t.errors, "rows.controller: an 8237A has no interleaved"));
    ck_assert_ptr_nonnull(strstr(t.errors, "rows.channel: an 8237A has channels 0 to 3"));
    end();
}
END_TEST

TEST_MAIN("i8237 work", a_transfer_is_programmed_as_linux_does,
          modes_and_directions_reach_the_mode_register, a_segment_is_cut_where_64_ki_end,
          a_device_that_ends_early_leaves_a_residue_and_an_error,
          a_ring_is_programmed_once_and_masked_in_the_end, a_copy_uses_channels_0_and_1_and_polls,
          calls_it_has_not_are_refused)
