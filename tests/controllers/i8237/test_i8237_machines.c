/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machines around the chip: words and page registers of a PC/AT, wait states, refresh and page registers of a
 * PC/XT, devices that pull EOP.
 */
#include "controllers/i8237/i8237_state.h"
#include "isa_fixture.h"

static struct test_log cycles, chips;

static void build(void)
{
    test_build(&t, 0);
    test_observe(&t, &cycles, "isa_cycle", NULL);
    test_observe(&t, &chips, "i8237", NULL);
}

static void finish(void)
{
    test_log_end(&cycles);
    test_log_end(&chips);
    end();
}

static void out8(const char *name, unsigned port, uint64_t value)
{
    const enum component_section section =
        strcmp(name, "dma") ? SECTION_PERIPHERALS : SECTION_CONTROLLERS;
    struct component *component = test_find(&t, section, name);
    ck_assert_int_eq(component->type->access(component, port, 1, true, &value), DMASIM_OK);
}

static unsigned in8(const char *name, unsigned port)
{
    const enum component_section section =
        strcmp(name, "dma") ? SECTION_PERIPHERALS : SECTION_CONTROLLERS;
    struct component *component = test_find(&t, section, name);
    uint64_t value = 0;
    ck_assert_int_eq(component->type->access(component, port, 1, false, &value), DMASIM_OK);
    return (unsigned)value;
}

/* Programs a channel; `step` apart are the ports. */
static void program(unsigned channel, uint8_t mode, unsigned address, unsigned count, unsigned step)
{
    out8("dma", I8237_CLEAR_POINTER * step, 0);
    out8("dma", I8237_MODE * step, mode | channel);
    out8("dma", 2 * channel * step, address & 0xff);
    out8("dma", 2 * channel * step, address >> 8);
    out8("dma", (2 * channel + 1) * step, count & 0xff);
    out8("dma", (2 * channel + 1) * step, count >> 8);
    out8("dma", I8237_MASK * step, channel);
}

static void to(sim_time time)
{
    kernel_advance(&t.system.kernel, time, 0);
}

static const struct isa_cycle_record *cycle(size_t index)
{
    ck_assert_uint_lt(index, cycles.count);
    return TEST_RECORD(&cycles, struct isa_cycle_record, index);
}

/* Clocks from the first S1 of a service to its S4. */
static unsigned service_clocks(size_t from, size_t *next)
{
    sim_cycle begins = 0;
    for (size_t i = from; i < chips.count; i++) {
        const struct i8237_record *record = TEST_RECORD(&chips, struct i8237_record, i);
        if (record->state == I8237_S1 && !begins)
            begins = chips.cycles[i];
        if (begins && record->state == I8237_SI) {
            *next = i;
            return (unsigned)(chips.cycles[i] - begins) / 2;
        }
    }
    ck_abort_msg("no service");
    return 0;
}

/* ---- words --------------------------------------------------------------------------------------- */

static struct i8237_config *words(void)
{
    start();
    isa->width_bits = 16;
    struct i8237_config *dma = test_config(&t, SECTION_CONTROLLERS, 0);
    dma->moves = I8237_WORDS;
    dma->port = 0xc0;
    return dma;
}

START_TEST(words_lie_at_twice_the_address_and_bit_0_of_the_page_is_not_used)
{
    static const struct {
        unsigned page, address, mode, at[3];
    } cases[] = {{0x02, 0x0100, 0, {0x20200, 0x20202, 0x20204}},
                 {0x03, 0x0100, 0, {0x20200, 0x20202, 0x20204}},
                 {0x01, 0x7fff, 0, {0x0fffe, 0x10000, 0x10002}},
                 {0x02, 0xffff, 0, {0x3fffe, 0x20000, 0x20002}},
                 {0x02, 0x0001, I8237_DECREMENT, {0x20002, 0x20000, 0x3fffe}}};
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        words();
        struct isa_device_config *device = add_device("dev", 1, ISA_DEVICE_TO_MEMORY);
        device->request = ISA_DEVICE_DEMAND;
        build();
        to(1000000);
        out8("pages", 11, cases[i].page);
        program(1, (uint8_t)(I8237_BLOCK | I8237_WRITE | cases[i].mode), cases[i].address, 2, 1);
        out8("dev", ISA_DEVICE_CONTROL, ISA_DEVICE_RUN);
        to(100000000);
        ck_assert_uint_eq(cycles.count, 3);
        for (unsigned n = 0; n < 3; n++) {
            ck_assert_uint_eq(cycle(n)->address, cases[i].at[n]);
            ck_assert_uint_eq(cycle(n)->bytes, 2);
            ck_assert_uint_eq(cycle(n)->data, (2 * n + 1) << 8 | 2 * n);
            ck_assert_uint_eq(memory()[cases[i].at[n] + 1], 2 * n + 1);
        }
        ck_assert_uint_eq(in8("dma", I8237_STATUS) & 0xf, 2);
        finish();
    }
}
END_TEST

/* S1 comes where A15-A8 of the chip change: every 512 bytes. */
START_TEST(an_s1_comes_where_the_chips_own_high_address_changes)
{
    static const unsigned addresses[] = {0x007f, 0x00fe, 0x00ff};
    for (unsigned i = 0; i < 3; i++) {
        const unsigned address = addresses[i];
        words();
        struct isa_device_config *device = add_device("dev", 1, ISA_DEVICE_TO_MEMORY);
        device->request = ISA_DEVICE_DEMAND;
        build();
        to(1000000);
        program(1, I8237_BLOCK | I8237_WRITE, address, 1, 1);
        out8("dev", ISA_DEVICE_CONTROL, ISA_DEVICE_RUN);
        to(100000000);
        size_t next;
        ck_assert_uint_eq(service_clocks(0, &next), address == 0x00ff ? 8 : 7);
        finish();
    }
}
END_TEST

START_TEST(two_bytes_make_a_request_and_one_makes_none)
{
    words();
    struct isa_device_config *device = add_device("dev", 1, ISA_DEVICE_TO_MEMORY);
    device->period_ps = 10000000;
    build();
    to(1000000);
    program(1, I8237_SINGLE | I8237_WRITE, 0x100, 7, 1);
    out8("dev", ISA_DEVICE_CONTROL, ISA_DEVICE_RUN);
    to(20000000);
    ck_assert_uint_eq(cycles.count, 0);
    to(30000000);
    ck_assert_uint_eq(cycles.count, 1);
    to(40000000);
    ck_assert_uint_eq(cycles.count, 1);
    to(50000000);
    ck_assert_uint_eq(cycles.count, 2);
    finish();
}
END_TEST

START_TEST(the_second_controller_is_programmed_as_linux_does)
{
    static const char expected[] =
        "d4=05 d8=00 d6=45 8b=02 c4=f8 c4=ff c6=07 c6=00 d4=01 302=01 301? "
        "d8=00 c6? c6? d4=05 d8=00 d6=45 8b=04 c4=00 c4=00 c6=01 c6=00 "
        "d4=01 302=01 301? d8=00 c6? c6?";
    char seen[1024] = "";
    size_t used = 0;
    words()->port_step = 2;
    struct isa_device_config *device = add_device("dev", 1, ISA_DEVICE_TO_MEMORY);
    device->rate = 200000;
    ram->size_bytes = 0x80000;
    add_slave("s", 1, 0x3fff0, 20);
    build();
    ck_assert(test_run(&t, LONG));
    for (size_t i = 0; i < cycles.count; i++) {
        const struct isa_cycle_record *at = cycle(i);
        if (at->dma || !(at->commands & ISA_IO_LINES))
            continue;
        used += (size_t)snprintf(seen + used, sizeof seen - used,
                                 at->commands & 1 << ISA_IOW ? "%s%02x=%02x" : "%s%02x?",
                                 used ? " " : "", at->address, at->data);
    }
    ck_assert_str_eq(seen, expected);
    finish();
}
END_TEST

START_TEST(words_need_their_bus_and_whole_words)
{
    words();
    isa->width_bits = 8;
    test_check(&t);
    ck_assert_ptr_nonnull(strstr(t.errors, "dma.moves: words need a bus of 16 bits"));
    end();

    words();
    add_device("dev", 1, ISA_DEVICE_TO_MEMORY);
    add_slave("s", 1, 0x101, 20);
    test_check(&t);
    ck_assert_ptr_nonnull(strstr(t.errors, "s.segments: the channel moves words"));
    end();

    words();
    add_device("dev", 1, ISA_DEVICE_TO_MEMORY)->bytes = 3;
    t.built = true;
    ck_assert_int_eq(system_create(&t.system, &t.plan, 0, &t.check), DMASIM_INVALID);
    ck_assert_ptr_nonnull(strstr(t.errors, "dev.bytes: 3 bytes are not whole words"));
    end();
}
END_TEST

/* ---- a PC/XT -------------------------------------------------------------------------------------- */

START_TEST(a_dma_cycle_takes_five_clocks_and_a_refresh_four)
{
    for (unsigned waits = 0; waits < 3; waits++) {
        start();
        isa->dma_waits = waits;
        struct isa_device_config *refresh = add_device("refresh", 0, ISA_DEVICE_REFRESH);
        refresh->port = ISA_PORT_LAST + 1;
        refresh->start = ISA_DEVICE_BY_TIME;
        refresh->period_ps = 15000000;
        struct isa_device_config *device = add_device("dev", 2, ISA_DEVICE_FROM_MEMORY);
        device->start = ISA_DEVICE_BY_TIME;
        device->start_ps = 20000000;
        device->bytes = 1;
        build();
        to(1000000);
        program(0, I8237_SINGLE | I8237_READ | I8237_AUTOINIT, 0, 0xffff, 1);
        program(2, I8237_SINGLE | I8237_READ, 0x100, 0, 1);
        to(34000000);
        size_t next = 0;
        ck_assert_uint_eq(service_clocks(next, &next), 4);
        ck_assert_uint_eq(service_clocks(next, &next), 4 + waits);
        ck_assert_uint_eq(service_clocks(next, &next), 4);
        ck_assert_str_eq(cycle(0)->device, "refresh");
        ck_assert_str_eq(cycle(1)->device, "dev");
        finish();
    }
}
END_TEST

START_TEST(page_registers_of_an_xt_are_four_of_four_bits_and_channels_0_and_1_share_one)
{
    for (unsigned channel = 0; channel < ISA_CHANNELS; channel++) {
        static const uint8_t ports[] = {3, 3, 1, 2};
        start();
        ((struct isa_pages_config *)test_config(&t, SECTION_PERIPHERALS, 0))->machine =
            ISA_PAGES_OF_XT;
        struct isa_device_config *device = add_device("dev", channel, ISA_DEVICE_TO_MEMORY);
        device->bytes = 1;
        build();
        to(1000000);
        for (unsigned port = 0; port < ISA_PAGES; port++)
            out8("pages", port, 0xf0);
        out8("pages", 12 + ports[channel], 0xf2);
        ck_assert_uint_eq(in8("pages", ports[channel]), 0xff);
        program(channel, I8237_SINGLE | I8237_WRITE, 0x1234, 0, 1);
        out8("dev", ISA_DEVICE_CONTROL, ISA_DEVICE_RUN);
        to(100000000);
        ck_assert_uint_eq(cycle(0)->address, 0x21234);
        finish();
    }
}
END_TEST

/* ---- devices that pull EOP ------------------------------------------------------------------------ */

START_TEST(a_device_ends_a_transfer_with_eop)
{
    static const uint8_t commands[] = {0, I8237_COMPRESSED, I8237_EXTENDED_WRITE};
    for (unsigned i = 0; i < 72; i++) {
        const uint8_t mode = (const uint8_t[]){I8237_DEMAND, I8237_SINGLE, I8237_BLOCK}[i % 3];
        const bool to_memory = i / 3 % 2;
        const uint8_t command = commands[i / 6 % 3];
        const unsigned waits = i / 18 % 2, last = i / 36 % 2 ? 3 : 1;
        start();
        isa->dma_waits = waits;
        struct isa_device_config *device =
            add_device("dev", 1, to_memory ? ISA_DEVICE_TO_MEMORY : ISA_DEVICE_FROM_MEMORY);
        device->request = ISA_DEVICE_DEMAND;
        device->depth = 16;
        device->eop_bytes = last;
        build();
        to(1000000);
        out8("dma", I8237_COMMAND, command);
        program(1, (uint8_t)(mode | (to_memory ? I8237_WRITE : I8237_READ)), 0x1000, 9, 1);
        out8("dev", ISA_DEVICE_CONTROL, ISA_DEVICE_RUN);
        to(100000000);
        ck_assert_uint_eq(cycles.count, last);
        for (unsigned n = 0; n < last; n++)
            ck_assert_uint_eq(cycle(n)->eop, n + 1 == last);
        ck_assert_uint_eq(in8("dma", I8237_STATUS) & 0xf, 2);
        ck_assert_uint_eq(in8("dev", ISA_DEVICE_STATUS), ISA_DEVICE_INTERRUPT);
        ck_assert_uint_eq(in8("dma", 3), 9 - last);
        finish();
    }
}
END_TEST

TEST_MAIN("i8237 machines", words_lie_at_twice_the_address_and_bit_0_of_the_page_is_not_used,
          an_s1_comes_where_the_chips_own_high_address_changes,
          two_bytes_make_a_request_and_one_makes_none,
          the_second_controller_is_programmed_as_linux_does, words_need_their_bus_and_whole_words,
          a_dma_cycle_takes_five_clocks_and_a_refresh_four,
          page_registers_of_an_xt_are_four_of_four_bits_and_channels_0_and_1_share_one,
          a_device_ends_a_transfer_with_eop)
