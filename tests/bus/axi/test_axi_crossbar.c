/* SPDX-License-Identifier: BSD-2-Clause */
/* Cycles of the ways through a crossbar and of its arbiters, as model/bus/axi/axi_crossbar.c "Timing" states them. */
#include "crossbar_fixture.h"

/* ---- ways through ---------------------------------------------------------------------------- */

START_TEST(every_channel_crosses_in_the_cycle_of_its_valid)
{
    struct traffic_burst *r = read(0, at(0), 4, 5);
    struct traffic_burst *w = write(0, at(1), 4, 6);
    run(1, 2);
    ck_assert_uint_eq(r->address_cycle, 1);
    ck_assert_uint_eq(handshake(s[0].port, AXI_AR, 0), 1);
    ck_assert_uint_eq(r->first_cycle, 2);
    ck_assert_uint_eq(r->end_cycle, 2 + 3);
    ck_assert_uint_eq(w->address_cycle, 1);
    ck_assert_uint_eq(w->first_cycle, 1); /* W is shown with its AW */
    ck_assert_uint_eq(handshake(s[1].port, AXI_W, 3), 4);
    ck_assert_uint_eq(w->end_cycle, 5);
}
END_TEST

START_TEST(a_registered_grant_costs_one_cycle)
{
    config.crossbar.grant = AXI_REGISTERED;
    struct traffic_burst *r = read(0, at(0), 4, 0);
    struct traffic_burst *w = write(0, at(0), 4, 0);
    run(1, 1);
    ck_assert_uint_eq(r->address_cycle, 2); /* VALID since 1 */
    ck_assert_uint_eq(r->end_cycle, 6);
    ck_assert_uint_eq(w->address_cycle, 2);
    ck_assert_uint_eq(w->first_cycle, 2);
    ck_assert_uint_eq(w->end_cycle, 6);
}
END_TEST

START_TEST(a_slice_costs_one_cycle_and_keeps_a_beat_a_cycle)
{
    struct axi_slice_config slices[] = {slice("m0", AXI_BIT_AR | AXI_BIT_W),
                                        slice("s0", AXI_BIT_R)};
    config.crossbar.slices = (struct parameter_list){slices, 2};
    struct traffic_burst *r = read(0, at(0), 16, 0);
    struct traffic_burst *w = write(0, at(0), 16, 0);
    run(1, 1);
    ck_assert_uint_eq(r->address_cycle, 1);
    ck_assert_uint_eq(handshake(s[0].port, AXI_AR, 0), 2);
    ck_assert_uint_eq(handshake(s[0].port, AXI_R, 0), 3);
    ck_assert_uint_eq(r->first_cycle, 4);
    ck_assert_uint_eq(r->end_cycle, 4 + 15);
    ck_assert_uint_eq(w->first_cycle, 1);
    ck_assert_uint_eq(handshake(s[0].port, AXI_W, 0), 2);
    ck_assert_uint_eq(handshake(s[0].port, AXI_W, 15), 17);
    ck_assert_uint_eq(w->end_cycle, 18);
}
END_TEST

START_TEST(ids_have_the_master_in_the_top_byte_at_the_slave_only)
{
    read(1, at(0), 1, 0xabcdef);
    run(2, 1);
    for (size_t i = 0; i < event_count; i++)
        if (events[i].channel == AXI_AR || events[i].channel == AXI_R)
            ck_assert_uint_eq(events[i].id, events[i].port == s[0].port ? 0x1abcdef : 0xabcdef);
}
END_TEST

/* ---- arbiters -------------------------------------------------------------------------------- */

static void contend(unsigned reads)
{
    for (unsigned i = 0; i < MASTERS; i++)
        for (unsigned j = 0; j < reads; j++)
            read(i, at(0) + 64 * j, 1, j % 4);
    config.crossbar.outstanding = 64;
}

START_TEST(the_loser_of_a_cycle_is_taken_in_the_next)
{
    contend(1);
    run(MASTERS, 1);
    for (unsigned i = 0; i < MASTERS; i++)
        ck_assert_uint_eq(m[i].reads.bursts[0].address_cycle, 1 + i);
}
END_TEST

START_TEST(registered_grants_to_several_masters_follow_each_other)
{
    config.crossbar.grant = AXI_REGISTERED;
    contend(1);
    run(MASTERS, 1);
    for (unsigned i = 0; i < MASTERS; i++)
        ck_assert_uint_eq(m[i].reads.bursts[0].address_cycle, 2 + i);
}
END_TEST

START_TEST(round_robin_gives_each_its_turn)
{
    contend(3);
    run(MASTERS, 1);
    ck_assert_str_eq(order(0, AXI_AR), "012012012");
}
END_TEST

START_TEST(fixed_priority_serves_the_first_master_first)
{
    config.crossbar.policy = AXI_PRIORITY;
    contend(3);
    run(MASTERS, 1);
    ck_assert_str_eq(order(0, AXI_AR), "000111222");
}
END_TEST

START_TEST(weights_are_bursts_in_a_row)
{
    static const struct axi_weight weights[] = {{"m1", 3}, {"m2", 2}};
    config.crossbar.policy = AXI_WEIGHTED;
    config.crossbar.weights = (struct parameter_list){(void *)(uintptr_t)weights, 2};
    contend(4);
    run(MASTERS, 1);
    ck_assert_str_eq(order(0, AXI_AR), "011122012200");
}
END_TEST

/* Who is alone begins a new row when its own is used up. */
START_TEST(a_row_that_nobody_wants_to_end_begins_again)
{
    static const struct axi_weight weights[] = {{"m1", 3}};
    config.crossbar.policy = AXI_WEIGHTED;
    config.crossbar.weights = (struct parameter_list){(void *)(uintptr_t)weights, 1};
    config.crossbar.outstanding = 64;
    for (unsigned i = 0; i < 8; i++)
        read(1, at(0) + 64 * i, 1, i % 4); /* the fourth in cycle 4 */
    read(2, at(0), 1, 0);
    m[2].at[AXI_AR] = 5;
    run(MASTERS, 1);
    ck_assert_str_eq(order(0, AXI_AR), "111111211");
}
END_TEST

START_TEST(a_grant_once_shown_stays_until_it_is_taken)
{
    config.crossbar.policy = AXI_PRIORITY;
    s[0].at[AXI_AR] = 6; /* ARREADY from then on */
    m[0].at[AXI_AR] = 4;
    read(1, at(0), 1, 0); /* since cycle 1 */
    read(0, at(0), 1, 0);
    run(2, 1);
    ck_assert_str_eq(order(0, AXI_AR), "10");
    ck_assert_uint_eq(m[1].reads.bursts[0].address_cycle, 6);
    ck_assert_uint_eq(m[0].reads.bursts[0].address_cycle, 7);
}
END_TEST

START_TEST(weights_are_for_the_policy_weighted_only)
{
    static const struct axi_weight weights[] = {{"m1", 3}};
    config.crossbar.weights = (struct parameter_list){(void *)(uintptr_t)weights, 1};
    contend(3);
    run(MASTERS, 1);
    ck_assert_str_eq(order(0, AXI_AR), "012012012");
}
END_TEST

START_TEST(slaves_that_answer_take_turns_burst_by_burst)
{
    struct traffic_burst *a = read(0, at(0), 4, 0), *b = read(0, at(0) + 512, 4, 0);
    struct traffic_burst *c = read(0, at(1), 4, 1), *d = read(0, at(1) + 512, 4, 1);
    s[0].at[AXI_R] = s[1].at[AXI_R] = 6; /* all are asked for by then */
    run(1, 2);
    ck_assert_uint_eq(a->first_cycle, 6);
    ck_assert_uint_eq(c->first_cycle, 10);
    ck_assert_uint_eq(b->first_cycle, 14);
    ck_assert_uint_eq(d->first_cycle, 18);
}
END_TEST

START_TEST(an_answer_once_shown_stays_until_it_is_taken)
{
    struct traffic_burst *a = read(0, at(1), 1, 0), *b = read(0, at(0), 1, 1);
    m[0].at[AXI_R] = 6; /* RREADY; that of slave 1 shows in 2, of slave 0 in 3 */
    run(1, 2);
    ck_assert_uint_eq(a->first_cycle, 6);
    ck_assert_uint_eq(b->first_cycle, 7);
}
END_TEST

START_TEST(w_of_two_masters_comes_in_the_order_of_their_aw)
{
    write(0, at(0), 4, 0);
    write(1, at(0), 4, 0);
    run(2, 1);
    ck_assert_str_eq(order(0, AXI_AW), "01");
    ck_assert_uint_eq(m[1].writes.bursts[0].address_cycle, 2);
    ck_assert_uint_eq(m[0].writes.bursts[0].first_cycle, 1);
    ck_assert_uint_eq(m[1].writes.bursts[0].first_cycle, 1 + 4); /* VALID since 1 */
}
END_TEST

START_TEST(beats_of_a_burst_stay_together_on_the_way_back)
{
    struct traffic_burst *a = read(0, at(0), 8, 0), *b = read(0, at(1), 8, 1);
    run(1, 2);
    ck_assert_uint_eq(a->first_cycle, 2);
    ck_assert_uint_eq(a->end_cycle, 9);
    ck_assert_uint_eq(b->address_cycle, 2);
    ck_assert_uint_eq(b->first_cycle, 10);
    ck_assert_uint_eq(b->end_cycle, 17);
}
END_TEST

CROSSBAR_MAIN("axi crossbar", every_channel_crosses_in_the_cycle_of_its_valid,
              a_registered_grant_costs_one_cycle, a_slice_costs_one_cycle_and_keeps_a_beat_a_cycle,
              ids_have_the_master_in_the_top_byte_at_the_slave_only,
              the_loser_of_a_cycle_is_taken_in_the_next,
              registered_grants_to_several_masters_follow_each_other,
              round_robin_gives_each_its_turn, fixed_priority_serves_the_first_master_first,
              weights_are_bursts_in_a_row, a_row_that_nobody_wants_to_end_begins_again,
              a_grant_once_shown_stays_until_it_is_taken, weights_are_for_the_policy_weighted_only,
              slaves_that_answer_take_turns_burst_by_burst,
              an_answer_once_shown_stays_until_it_is_taken,
              w_of_two_masters_comes_in_the_order_of_their_aw,
              beats_of_a_burst_stay_together_on_the_way_back)
