/* SPDX-License-Identifier: BSD-2-Clause */
/* Order, refusal, building and records of a crossbar, as model/bus/axi/axi_crossbar.c "Rules" states them. */
#include "crossbar_fixture.h"

/* ---- order ----------------------------------------------------------------------------------- */

START_TEST(an_id_open_at_one_slave_waits_for_its_last_answer_before_it_goes_to_another)
{
    struct traffic_burst *a = read(0, at(0), 8, 3), *b = read(0, at(1), 1, 3);
    run(1, 2);
    ck_assert_uint_eq(a->end_cycle, 9);
    ck_assert_uint_eq(b->address_cycle, 10); /* VALID since 2 */
}
END_TEST

START_TEST(an_id_waits_for_every_burst_of_it_at_the_other_slave)
{
    read(0, at(0), 8, 3);
    struct traffic_burst *b = read(0, at(0) + 512, 8, 3), *c = read(0, at(1), 1, 3);
    run(1, 2);
    ck_assert_uint_eq(b->end_cycle, 17);
    ck_assert_uint_eq(c->address_cycle, 18); /* VALID since 3 */
}
END_TEST

START_TEST(an_id_that_nobody_answers_waits_for_its_last_answer_too)
{
    struct traffic_burst *a = read(0, NOWHERE, 8, 3), *b = read(0, at(0), 1, 3);
    a->resp = AXI_DECERR;
    run(1, 1);
    ck_assert_uint_eq(a->end_cycle, 9);
    ck_assert_uint_eq(b->address_cycle, 10);
}
END_TEST

START_TEST(the_same_id_to_the_same_slave_does_not_wait)
{
    struct traffic_burst *a = read(0, at(0), 8, 3), *b = read(0, at(0) + 512, 1, 3);
    run(1, 2);
    ck_assert_uint_eq(b->address_cycle, 2);
    ck_assert_uint_eq(b->end_cycle, a->end_cycle + 1);
}
END_TEST

START_TEST(aw_to_another_slave_waits_for_the_last_w)
{
    struct traffic_burst *a = write(0, at(0), 8, 0), *b = write(0, at(1), 1, 1);
    struct traffic_burst *c = write(0, at(0), 1, 2), *d = write(0, at(0), 1, 3);
    run(1, 2);
    ck_assert_uint_eq(handshake(m[0].port, AXI_W, 7), 8);
    ck_assert_uint_eq(b->address_cycle, 9);
    ck_assert_uint_eq(a->end_cycle, 9);
    ck_assert_uint_eq(handshake(m[0].port, AXI_W, 8), 9);
    ck_assert_uint_eq(c->address_cycle, 10);
    ck_assert_uint_eq(d->address_cycle, 11);
}
END_TEST

START_TEST(aw_to_the_first_slave_waits_for_the_last_w_to_the_second)
{
    write(0, at(1), 8, 0);
    struct traffic_burst *b = write(0, at(1) + 512, 8, 1), *c = write(0, at(0), 1, 2);
    run(1, 2);
    ck_assert_uint_eq(b->address_cycle, 2); /* the same slave */
    ck_assert_uint_eq(handshake(m[0].port, AXI_W, 15), 16);
    ck_assert_uint_eq(c->address_cycle, 17);
}
END_TEST

START_TEST(w_waits_for_the_grant_of_its_aw)
{
    m[0].at[AXI_AW] = 6;
    struct traffic_burst *w = write(0, at(0), 1, 0);
    run(1, 1);
    ck_assert_uint_eq(w->first_cycle, 6); /* VALID since 1 */
}
END_TEST

START_TEST(a_slave_may_see_w_before_it_takes_aw)
{
    s[0].order = TARGET_W_FIRST;
    struct traffic_burst *w = write(0, at(0), 2, 0);
    run(1, 1);
    ck_assert_uint_eq(w->first_cycle, 1);
    ck_assert_uint_eq(handshake(s[0].port, AXI_W, 1), 2);
    ck_assert_uint_eq(w->address_cycle, 3);
}
END_TEST

START_TEST(one_more_burst_than_may_be_open_waits_for_an_answer)
{
    config.crossbar.outstanding = 2;
    struct traffic_burst *a = read(0, at(0), 8, 0);
    struct traffic_burst *b = read(0, at(0), 8, 1), *c = read(0, at(0), 8, 2);
    s[0].random = random_seeded(1);
    run(1, 1);
    ck_assert_uint_eq(b->address_cycle, 2);
    sim_cycle first = a->end_cycle < b->end_cycle ? a->end_cycle : b->end_cycle;
    ck_assert_uint_eq(c->address_cycle, first + 1);
}
END_TEST

/* ---- the default slave ----------------------------------------------------------------------- */

START_TEST(nobody_there_is_decerr_on_every_beat)
{
    struct traffic_burst *r = read(0, NOWHERE, 4, 7);
    struct traffic_burst *w = write(0, NOWHERE, 4, 7);
    r->resp = w->resp = AXI_DECERR;
    run(1, 1);
    ck_assert_uint_eq(r->address_cycle, 1);
    ck_assert_uint_eq(r->first_cycle, 2);
    ck_assert_uint_eq(r->end_cycle, 5);
    ck_assert_uint_eq(w->address_cycle, 1);
    ck_assert_uint_eq(w->first_cycle, 2); /* it takes W from the cycle after AW on */
    ck_assert_uint_eq(handshake(m[0].port, AXI_W, 3), 5);
    ck_assert_uint_eq(w->end_cycle, 6);
    ck_assert_uint_eq(axi_crossbar_faults(bus), 0);
}
END_TEST

START_TEST(the_default_slave_takes_a_write_when_the_one_before_is_answered)
{
    struct traffic_burst *a = write(0, NOWHERE, 1, 7), *b = write(0, NOWHERE, 1, 8);
    a->resp = b->resp = AXI_DECERR;
    m[0].at[AXI_B] = 10;
    run(1, 1);
    ck_assert_uint_eq(a->end_cycle, 10);
    ck_assert_uint_eq(b->address_cycle, 11);
}
END_TEST

START_TEST(a_burst_over_4_kib_is_refused_whole_and_one_up_to_it_is_not)
{
    read(0, at(0) + 0x1000 - 32, 4, 0);
    read(0, at(0) + 0x1000 - 24, 4, 1)->resp = AXI_DECERR;
    write(0, at(0) + 0x1000 - 32, 4, 0);
    write(0, at(0) + 0x2000 - 8, 2, 1)->resp = AXI_DECERR;
    run(1, 1);
    ck_assert_uint_eq(axi_crossbar_faults(bus), 2);
    for (unsigned i = 0; i < 8; i++)
        ck_assert_uint_eq(s[0].bytes[0x2000 - 8 + i], 0);
}
END_TEST

START_TEST(what_a_burst_must_not_be_is_refused_and_counted)
{
    static const struct {
        uint64_t offset;
        uint8_t beats, size, burst;
        bool good;
    } cases[] = {
        {0, 1, 3, AXI_INCR, true},
        {0, 1, 4, AXI_INCR, false}, /* wider than the bus */
        {0, 16, 3, AXI_FIXED, true},
        {0, 17, 3, AXI_FIXED, false},
        {8, 4, 3, AXI_WRAP, true},
        {12, 4, 3, AXI_WRAP, false}, /* not aligned */
        {0, 3, 3, AXI_WRAP, false},
        {SIZE - 8, 16, 3, AXI_WRAP, true}, /* to the region's end */
        {SIZE - 8, 1, 3, AXI_INCR, true},
    };
    unsigned faults = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct traffic_burst *burst =
            traffic_add(&m[0].reads, at(0) + cases[i].offset, cases[i].beats, cases[i].size, 0);
        burst->ax.burst = cases[i].burst;
        burst->resp = cases[i].good ? AXI_OKAY : AXI_DECERR;
        faults += !cases[i].good;
    }
    run(1, 1);
    ck_assert_uint_eq(axi_crossbar_faults(bus), faults);
}
END_TEST

/* ---- building, records ----------------------------------------------------------------------- */

START_TEST(a_name_that_no_port_has_is_refused)
{
    struct axi_slice_config slices[] = {slice("m9", AXI_READS)};
    config.crossbar.slices = (struct parameter_list){slices, 1};
    kernel_init(&kernel, &arena);
    bus = axi_bus_create(&kernel, "axi", kernel_clock(&kernel, "clk", PERIOD, 0), &config);
    traffic_join(&m[0], &kernel, bus, "m0");
    target_join(&s[0], &kernel, bus, "s0", at(0), SIZE);
    ck_assert_int_eq(axi_bus_complete(bus), DMASIM_INVALID);
}
END_TEST

static void check_beats(void)
{
    struct traffic_burst *r = read(0, at(0) + 4, 3, 0), *w = write(0, at(0) + 0x100, 2, 0);
    m[0].at[AXI_W] = 9;
    run(1, 1);
    ck_assert_uint_eq(beat_count, 5);
    for (unsigned i = 0; i < 3; i++) {
        ck_assert_str_eq(beats[i].kind, "read");
        ck_assert_str_eq(beats[i].master, "m0");
        ck_assert_str_eq(beats[i].slave, "s0");
        ck_assert_uint_eq(beats[i].address, i ? at(0) + 8 * i : at(0) + 4);
        ck_assert_uint_eq(beats[i].bytes, i ? 8 : 4);
        ck_assert_uint_eq(beats[i].start_cycle, 1);
        ck_assert_uint_eq(beat_cycles[i], r->first_cycle + i);
    }
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_str_eq(beats[3 + i].kind, "write");
        ck_assert_uint_eq(beats[3 + i].address, at(0) + 0x100 + 8 * i);
        ck_assert_uint_eq(beats[3 + i].start_cycle, 1);
        ck_assert_uint_eq(beat_cycles[3 + i], w->first_cycle + i);
    }
}

START_TEST(beats_are_published_through_a_crossbar)
{
    check_beats();
}
END_TEST

START_TEST(beats_are_published_of_a_pair)
{
    config.crossbar.always = false;
    check_beats();
    ck_assert_ptr_null(bus->crossbar);
}
END_TEST

START_TEST(a_failed_write_is_one_record_more)
{
    write(0, NOWHERE, 2, 0)->resp = AXI_DECERR;
    run(1, 1);
    ck_assert_uint_eq(beat_count, 3);
    ck_assert_uint_eq(beats[1].error, 0);
    ck_assert_uint_eq(beats[2].error, 1);
    ck_assert_uint_eq(beats[2].bytes, 0);
    ck_assert_ptr_null(beats[2].slave);
}
END_TEST

CROSSBAR_MAIN("axi crossbar, rules",
              an_id_open_at_one_slave_waits_for_its_last_answer_before_it_goes_to_another,
              an_id_waits_for_every_burst_of_it_at_the_other_slave,
              an_id_that_nobody_answers_waits_for_its_last_answer_too,
              the_same_id_to_the_same_slave_does_not_wait, aw_to_another_slave_waits_for_the_last_w,
              aw_to_the_first_slave_waits_for_the_last_w_to_the_second,
              w_waits_for_the_grant_of_its_aw, a_slave_may_see_w_before_it_takes_aw,
              one_more_burst_than_may_be_open_waits_for_an_answer,
              nobody_there_is_decerr_on_every_beat,
              the_default_slave_takes_a_write_when_the_one_before_is_answered,
              a_burst_over_4_kib_is_refused_whole_and_one_up_to_it_is_not,
              what_a_burst_must_not_be_is_refused_and_counted, a_name_that_no_port_has_is_refused,
              beats_are_published_through_a_crossbar, beats_are_published_of_a_pair,
              a_failed_write_is_one_record_more)
