/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bus rules as exact cycles. Clauses are those of IHI 0011A; "rule n" is
 * traces/golden/ahb/README.md, "Exact rules for a replay".
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/ahb/ahb_master.h"
#include "recorder.h"
#include "suite.h"

static struct ahb_case wiring;
static struct recorder recorder;
static const struct ahb_row *row; /* by cycle */

static void setup(void)
{
    ahb_case_init(&wiring);
    ck_assert(ahb_case_arbiter(&wiring.bus.arbiter, "grlib_fp_fb"));
    row = recorder.rows;
}

static void run(const char *script)
{
    ck_assert(ahb_case_script(&wiring, script));
    ck_assert(recorder_run(&recorder, &wiring, 0));
}

/* Owners of the accepted NONSEQ addresses, in order, as digits. */
static const char *starts(void)
{
    static char text[512];
    size_t length = 0;
    for (unsigned i = 0; i < recorder.count && length + 1 < sizeof text; i++)
        if (row[i].htrans == AHB_NONSEQ && row[i].hready)
            text[length++] = (char)('0' + row[i].hmaster);
    text[length] = '\0';
    return text;
}

START_TEST(a_combinational_grant_comes_in_the_cycle_of_the_request)
{
    run("1:5:0:0:2:0:1:00000100:0:0");
    ck_assert_uint_eq(row[4].hbusreq, 0);
    ck_assert_uint_eq(row[4].hgrant, 1); /* parked on the default master, 3.11.1 */
    ck_assert_uint_eq(row[5].hbusreq, 2);
    ck_assert_uint_eq(row[5].hgrant, 2);
    ck_assert_uint_eq(row[5].htrans, AHB_IDLE);
    ck_assert_uint_eq(row[6].htrans, AHB_NONSEQ);
    ck_assert_uint_eq(row[6].hmaster, 1);
}
END_TEST

START_TEST(a_registered_grant_comes_one_cycle_later_and_the_address_two)
{
    wiring.bus.arbiter.grant = AHB_REGISTERED;
    run("1:5:0:0:2:0:1:00000100:0:0");
    ck_assert_uint_eq(row[5].hbusreq, 2);
    ck_assert_uint_eq(row[5].hgrant, 1);
    ck_assert_uint_eq(row[6].hgrant, 2);
    ck_assert_uint_eq(row[6].htrans, AHB_IDLE);
    ck_assert_uint_eq(row[7].htrans, AHB_NONSEQ);
}
END_TEST

START_TEST(a_registered_grant_on_its_way_is_not_withdrawn)
{
    /* Master 3 asks in the cycle in which HGRANT of master 1 rises, and is of higher priority. */
    wiring.bus.arbiter.grant = AHB_REGISTERED;
    run("1:5:0:0:2:5:8:00001000:0:0;3:6:0:0:2:0:1:00003000:0:0");
    ck_assert_uint_eq(row[6].hgrant, 2);
    ck_assert_uint_eq(row[7].htrans, AHB_NONSEQ);
    ck_assert_uint_eq(row[7].hmaster, 1);
    ck_assert_uint_eq(row[8].hmaster, 1);
    ck_assert_uint_eq(row[14].htrans, AHB_SEQ); /* the whole INCR8 */
    ck_assert_str_eq(starts(), "13");
}
END_TEST

START_TEST(hready_is_low_for_exactly_the_wait_states)
{
    /* 3.6: the data phase of the address accepted in cycle 3 begins in 4. */
    wiring.slaves[0].first_wait_cycles = 3;
    run("1:2:0:0:2:0:1:00000100:0:0");
    ck_assert_uint_eq(row[3].htrans, AHB_NONSEQ);
    ck_assert_uint_eq(row[3].hready, 1);
    for (unsigned cycle = 4; cycle < 7; cycle++)
        ck_assert_uint_eq(row[cycle].hready, 0);
    ck_assert_uint_eq(row[7].hready, 1);
    ck_assert_uint_eq(row[7].hrdata.lane[0], 0xa0000100);
}
END_TEST

START_TEST(first_and_next_wait_states_differ)
{
    wiring.slaves[0].first_wait_cycles = 2;
    wiring.slaves[0].next_wait_cycles = 1;
    run("1:2:0:0:2:3:4:00000100:0:0");
    /* NONSEQ in 3; beats end in 4+2, then every 2 cycles */
    static const uint8_t ready[] = {1, 0, 0, 1, 0, 1, 0, 1, 0, 1};
    for (unsigned i = 0; i < sizeof ready; i++)
        ck_assert_uint_eq(row[3 + i].hready, ready[i]);
}
END_TEST

START_TEST(address_and_control_hold_while_hready_is_low)
{
    wiring.slaves[0].first_wait_cycles = wiring.slaves[0].next_wait_cycles = 2;
    run("1:2:1:0:2:3:4:00000100:0:0");
    for (unsigned i = 4; i < recorder.count; i++) {
        if (row[i - 1].hready)
            continue;
        ck_assert_uint_eq(row[i].haddr, row[i - 1].haddr);
        ck_assert_uint_eq(row[i].htrans, row[i - 1].htrans);
        ck_assert_uint_eq(row[i].hwdata.lane[0], row[i - 1].hwdata.lane[0]);
    }
}
END_TEST

START_TEST(an_error_takes_two_cycles_and_the_command_is_abandoned)
{
    wiring.slaves[0].inject_at = 1;
    wiring.slaves[0].inject_response = AHB_ERROR;
    run("1:2:0:0:2:3:4:00000100:0:0");
    /* beat 1 is accepted in 4; 3.9.4: ERROR in 5 with HREADY low, in 6 with HREADY high */
    ck_assert_uint_eq(row[4].hresp, AHB_OKAY);
    ck_assert_uint_eq(row[5].hresp, AHB_ERROR);
    ck_assert_uint_eq(row[5].hready, 0);
    ck_assert_uint_eq(row[5].htrans, AHB_SEQ);
    ck_assert_uint_eq(row[6].hresp, AHB_ERROR);
    ck_assert_uint_eq(row[6].hready, 1);
    ck_assert_uint_eq(row[6].htrans, AHB_IDLE);
    ck_assert_uint_eq(row[7].hresp, AHB_OKAY);
    ck_assert_uint_eq(row[7].htrans, AHB_IDLE);
}
END_TEST

/* Of master 1, from a cycle on: the row in which an address is accepted, or a beat begins. */
static sim_cycle accepted(uint32_t address, sim_cycle from)
{
    while (row[from].hmaster != 1 || row[from].haddr != address || !row[from].hready ||
           row[from].htrans < AHB_NONSEQ)
        from++;
    return from;
}

/* Rule 17 where nothing is left to drop: the last address of the first command was accepted, so that the second
 * opens `delay` cycles later, ERROR or not, and shows its address once it has the bus. */
START_TEST(an_error_on_the_last_beat_leaves_the_next_command_its_time)
{
    static const struct {
        const char *name;
        unsigned beats;
        uint32_t last; /* address */
    } bursts[] = {{"0:1", 1, 0x108}, {"1:1", 1, 0x108},   {"1:3", 3, 0x110},
                  {"2:4", 4, 0x104}, {"3:4", 4, 0x114},   {"4:8", 8, 0x104},
                  {"5:8", 8, 0x124}, {"6:16", 16, 0x104}, {"7:16", 16, 0x144}};
    for (unsigned i = 0; i < sizeof bursts / sizeof bursts[0]; i++) {
        for (unsigned delay = 0; delay <= 5; delay++) {
            for (unsigned last = 0; last < 2; last++) {
                setup();
                char script[128];
                snprintf(script, sizeof script,
                         "1:2:0:0:2:%s:00000108:0:0;1:%u:0:0:2:0:1:00002000:2:0", bursts[i].name,
                         delay);
                wiring.slaves[0].first_wait_cycles = wiring.slaves[0].next_wait_cycles =
                    (uint32_t)_i;
                if (!last && bursts[i].beats < 2)
                    continue;
                wiring.slaves[0].inject_at = bursts[i].beats - (last ? 1 : 2);
                wiring.slaves[0].inject_response = AHB_ERROR;
                run(script);
                sim_cycle error = 0;
                while (row[error].hresp != AHB_ERROR)
                    error++;
                ck_assert_uint_eq(row[error + 1].htrans, AHB_IDLE);
                /* L: the last address if it was accepted, else the first cycle of the ERROR */
                const sim_cycle l = last ? accepted(bursts[i].last, 3) : error;
                const sim_cycle opens = l + 1 + delay;
                if (delay > 0)
                    ck_assert_uint_eq(row[opens - 1].hbusreq, 0);
                ck_assert_uint_eq(row[opens].hbusreq, 2);
                sim_cycle shown = opens < error + 2 ? error + 2 : opens;
                while (!(row[shown - 1].hready && row[shown - 1].hgrant == 2))
                    shown++;
                ck_assert_uint_eq(row[shown].htrans, AHB_NONSEQ);
                ck_assert_uint_eq(row[shown].haddr, 0x2000);
                ck_assert_uint_eq(accepted(0x2000, error + 1), shown);
            }
        }
    }
}
END_TEST

START_TEST(an_unmapped_address_gets_error_from_the_default_slave)
{
    wiring.slaves[1].size_bytes = 0x1000;
    run("1:2:0:0:2:0:1:80001000:0:0");
    ck_assert_uint_eq(row[4].hresp, AHB_ERROR);
    ck_assert_uint_eq(row[4].hready, 0);
    ck_assert_uint_eq(row[5].hresp, AHB_ERROR);
    ck_assert_uint_eq(row[5].hready, 1);
    ck_assert_uint_eq(row[6].hresp, AHB_OKAY);
}
END_TEST

START_TEST(the_last_mapped_address_does_not)
{
    wiring.slaves[1].size_bytes = 0x1000;
    run("1:2:0:0:2:0:1:80000ffc:0:0");
    ck_assert_uint_eq(row[4].hresp, AHB_OKAY);
    ck_assert_uint_eq(row[4].hready, 1);
}
END_TEST

START_TEST(a_misaligned_address_gets_error)
{
    run("1:2:0:0:2:0:1:00000102:0:0"); /* 3.4: 32 bits at ..2 */
    ck_assert_uint_eq(row[4].hresp, AHB_ERROR);
    setup();
    run("1:2:0:0:1:0:1:00000102:0:0"); /* 16 bits are aligned */
    ck_assert_uint_eq(row[4].hresp, AHB_OKAY);
}
END_TEST

START_TEST(a_transfer_wider_than_the_bus_gets_error)
{
    run("1:2:0:0:3:0:1:00000100:0:0");
    ck_assert_uint_eq(row[4].hresp, AHB_ERROR);
    setup();
    wiring.bus.width_bits = 64;
    run("1:2:0:0:3:0:1:00000100:0:0");
    ck_assert_uint_eq(row[4].hresp, AHB_OKAY);
}
END_TEST

START_TEST(a_retried_beat_comes_again_and_the_rest_is_rebuilt_as_incr)
{
    wiring.slaves[0].inject_at = 1;
    wiring.slaves[0].inject_response = AHB_RETRY;
    run("1:2:0:0:2:3:4:00000100:0:0");
    ck_assert_uint_eq(row[5].hresp, AHB_RETRY);
    ck_assert_uint_eq(row[5].hready, 0);
    ck_assert_uint_eq(row[6].hresp, AHB_RETRY);
    ck_assert_uint_eq(row[6].hready, 1);
    ck_assert_uint_eq(row[6].htrans, AHB_IDLE); /* 3.9.4 */
    ck_assert_uint_eq(row[7].htrans, AHB_NONSEQ);
    ck_assert_uint_eq(row[7].haddr, 0x104);
    ck_assert_uint_eq(row[7].hburst, AHB_INCR);
    ck_assert_uint_eq(row[9].haddr, 0x10c);
    ck_assert_uint_eq(row[10].htrans, AHB_IDLE);
}
END_TEST

START_TEST(an_incr8_over_1_kib_is_two_incr_bursts)
{
    run("1:2:0:0:2:5:8:000003f0:0:0"); /* 3.5 */
    ck_assert_uint_eq(row[3].hburst, AHB_INCR);
    ck_assert_uint_eq(row[6].haddr, 0x3fc);
    ck_assert_uint_eq(row[6].htrans, AHB_SEQ);
    ck_assert_uint_eq(row[7].haddr, 0x400);
    ck_assert_uint_eq(row[7].htrans, AHB_NONSEQ);
    ck_assert_uint_eq(row[7].hburst, AHB_INCR);
}
END_TEST

START_TEST(an_incr4_up_to_1_kib_stays_whole)
{
    run("1:2:0:0:2:3:4:000003f0:0:0");
    ck_assert_uint_eq(row[3].hburst, AHB_INCR4);
    ck_assert_str_eq(starts(), "1");
}
END_TEST

START_TEST(a_wrap4_wraps_at_its_own_size)
{
    run("1:2:0:0:2:2:4:00000108:0:0"); /* 3.5.1 */
    static const uint32_t addresses[] = {0x108, 0x10c, 0x100, 0x104};
    for (unsigned i = 0; i < 4; i++)
        ck_assert_uint_eq(row[3 + i].haddr, addresses[i]);
    ck_assert_str_eq(starts(), "1");
}
END_TEST

#define FOUR_SINGLES                                                                               \
    "0:2:0:0:2:0:1:00000000:0:0;0:0:0:0:2:0:1:00000010:0:0;0:0:0:0:2:0:1:00000020:0:0;"            \
    "1:2:0:0:2:0:1:00001000:0:0;1:0:0:0:2:0:1:00001010:0:0;1:0:0:0:2:0:1:00001020:0:0;"            \
    "2:2:0:0:2:0:1:00002000:0:0;2:0:0:0:2:0:1:00002010:0:0;2:0:0:0:2:0:1:00002020:0:0;"            \
    "3:2:0:0:2:0:1:00003000:0:0;3:0:0:0:2:0:1:00003010:0:0;3:0:0:0:2:0:1:00003020:0:0"

START_TEST(fixed_priority_serves_the_highest_index_first)
{
    run(FOUR_SINGLES);
    /* master 0 is the parked default and drives as soon as it has a command */
    ck_assert_str_eq(starts(), "033322211100");
}
END_TEST

START_TEST(fixed_priority_can_serve_the_lowest_index_first)
{
    wiring.bus.arbiter.order = AHB_LOWEST_FIRST;
    run(FOUR_SINGLES);
    ck_assert_str_eq(starts(), "000111222333");
}
END_TEST

/* What a scenario gets that says `policy: fixed` and no more. */
START_TEST(fixed_priority_serves_who_is_declared_first_by_default)
{
    const struct parameter *order = ahb_arbiter_parameters;
    while (strcmp(order->name, "order") != 0)
        order++;
    wiring.bus.arbiter.order = (uint8_t)order->initial;
    run(FOUR_SINGLES);
    ck_assert_str_eq(starts(), "000111222333");
}
END_TEST

START_TEST(round_robin_serves_the_next_behind_the_owner)
{
    ahb_case_arbiter(&wiring.bus.arbiter, "grlib_rr_fb");
    run(FOUR_SINGLES);
    ck_assert_str_eq(starts(), "012301230123");
}
END_TEST

START_TEST(a_master_ahead_of_the_ring_wins_whenever_it_asks)
{
    ahb_case_arbiter(&wiring.bus.arbiter, "grlib_rr_fb_mprio");
    run(FOUR_SINGLES);
    ck_assert_str_eq(starts(), "022230130131");
}
END_TEST

START_TEST(weighted_slots_give_a_master_its_grants_in_a_row)
{
    ahb_case_arbiter(&wiring.bus.arbiter, "grlib_rr_fb");
    static struct ahb_weight weights[] = {{"m1", 2}, {"m3", 3}};
    wiring.bus.arbiter.policy = AHB_WEIGHTED;
    wiring.bus.arbiter.weights = (struct parameter_list){weights, 2};
    run(FOUR_SINGLES);
    ck_assert_str_eq(starts(), "011233301202");
}
END_TEST

START_TEST(a_fair_mask_lets_every_other_requester_have_a_turn)
{
    ahb_case_arbiter(&wiring.bus.arbiter, "gen_amba");
    run("1:2:0:0:2:0:1:00001000:0:0;1:2:0:0:2:0:1:00001010:0:0;"
        "2:2:0:0:2:0:1:00002000:0:0;2:2:0:0:2:0:1:00002010:0:0;"
        "3:2:0:0:2:0:1:00003000:0:0;3:2:0:0:2:0:1:00003010:0:0");
    ck_assert_str_eq(starts(), "123123");
}
END_TEST

START_TEST(a_fixed_burst_is_left_at_its_last_beat_only_if_beats_are_counted)
{
    /* The table of the recordings: 0 idle address cycles with the counter, 1 without. */
    const char *script = "1:2:0:0:2:3:4:00001000:0:0;3:4:0:0:2:0:1:00003000:0:0";
    wiring.bus.arbiter.count_beats = _i;
    run(script);
    ck_assert_uint_eq(row[6].haddr, 0x100c);
    ck_assert_uint_eq(row[7].htrans, _i ? AHB_NONSEQ : AHB_IDLE);
    ck_assert_uint_eq(row[8].htrans, _i ? AHB_IDLE : AHB_NONSEQ);
}
END_TEST

START_TEST(an_incr_is_left_when_the_owners_request_falls)
{
    run("1:2:0:0:2:1:5:00001000:0:0;3:3:0:0:2:0:1:00003000:0:0");
    ck_assert_uint_eq(row[6].hgrant, 2);
    ck_assert_uint_eq(row[7].haddr, 0x1010); /* last beat: HBUSREQ is low now */
    ck_assert_uint_eq(row[7].hgrant, 8);
    ck_assert_uint_eq(row[8].hmaster, 3);
}
END_TEST

START_TEST(rearbitration_at_any_beat_breaks_an_incr_but_no_fixed_burst)
{
    wiring.bus.arbiter.rearbitrate = AHB_AT_ANY_BEAT;
    run("1:2:0:0:2:1:5:00001000:0:0;3:5:0:0:2:0:1:00003000:0:0");
    ck_assert_uint_eq(row[4].hgrant, 2);
    ck_assert_uint_eq(row[5].hgrant, 8); /* asks in 5, owns from 6 */
    ck_assert_uint_eq(row[6].hmaster, 3);
    ck_assert_str_eq(starts(), "131");
    setup();
    wiring.bus.arbiter.rearbitrate = AHB_AT_ANY_BEAT;
    run("1:2:0:0:2:5:8:00001000:0:0;3:5:0:0:2:0:1:00003000:0:0");
    ck_assert_str_eq(starts(), "13");
}
END_TEST

START_TEST(a_broken_burst_is_rebuilt_as_incr_and_its_last_beat_as_single)
{
    /* 3.11.6; max_hold_cycles 3 breaks the INCR4 after three beats */
    wiring.bus.arbiter.max_hold_cycles = 3;
    run("1:2:0:0:2:3:4:00001000:0:0;3:3:0:0:2:0:1:00003000:0:0");
    ck_assert_uint_eq(row[5].haddr, 0x1008);
    ck_assert_uint_eq(row[6].hmaster, 3);
    ck_assert_uint_eq(row[7].hmaster, 1);
    ck_assert_uint_eq(row[7].htrans, AHB_NONSEQ);
    ck_assert_uint_eq(row[7].haddr, 0x100c);
    ck_assert_uint_eq(row[7].hburst, AHB_SINGLE);
}
END_TEST

START_TEST(busy_has_the_address_of_the_next_beat_of_its_burst)
{
    /* 3.5. A whole WRAP4 goes on at its lower end; what is rebuilt of it as INCR would go on behind its upper
     * end, were it not for the new burst that begins at the lower one. */
    run("1:2:0:0:2:2:4:00000108:0:4");
    ck_assert_uint_eq(row[5].htrans, AHB_BUSY);
    ck_assert_uint_eq(row[5].haddr, 0x100);
    ck_assert_uint_eq(row[6].htrans, AHB_SEQ);
    ck_assert_uint_eq(row[6].haddr, 0x100);
    setup();
    wiring.bus.arbiter.max_hold_cycles = 1;
    run("1:2:0:0:2:2:4:00000108:0:4;3:3:0:0:2:0:1:00003000:0:0");
    ck_assert_uint_eq(row[5].htrans, AHB_NONSEQ);
    ck_assert_uint_eq(row[5].hburst, AHB_INCR);
    ck_assert_uint_eq(row[5].haddr, 0x10c);
    ck_assert_uint_eq(row[6].htrans, AHB_BUSY);
    ck_assert_uint_eq(row[6].hburst, AHB_INCR);
    ck_assert_uint_eq(row[6].haddr, 0x110);
    ck_assert_uint_eq(row[7].htrans, AHB_NONSEQ);
    ck_assert_uint_eq(row[7].haddr, 0x100);
    ck_assert_uint_eq(row[8].haddr, 0x104);
}
END_TEST

START_TEST(an_owner_keeps_the_bus_for_exactly_max_hold_cycles)
{
    wiring.bus.arbiter.max_hold_cycles = (uint32_t)_i;
    run("1:2:0:0:2:7:16:00001000:0:0;3:3:0:0:2:0:1:00003000:0:0");
    /* owner from 3 on */
    ck_assert_uint_eq(row[3 + (unsigned)_i - 1].hmaster, 1);
    ck_assert_uint_eq(row[3 + (unsigned)_i].hmaster, 3);
}
END_TEST

START_TEST(with_a_registered_grant_it_keeps_it_one_cycle_longer)
{
    wiring.bus.arbiter.grant = AHB_REGISTERED;
    wiring.bus.arbiter.max_hold_cycles = (uint32_t)_i;
    run("1:2:0:0:2:7:16:00001000:0:0;3:3:0:0:2:0:1:00003000:0:0");
    /* owner from 4 on */
    ck_assert_uint_eq(row[4 + (unsigned)_i].hmaster, 1);
    ck_assert_uint_eq(row[4 + (unsigned)_i + 1].hmaster, 3);
}
END_TEST

START_TEST(an_owner_nobody_else_waits_for_keeps_the_bus)
{
    wiring.bus.arbiter.max_hold_cycles = 3;
    run("1:2:0:0:2:7:16:00001000:0:0");
    ck_assert_str_eq(starts(), "1");
}
END_TEST

START_TEST(parking_says_who_is_granted_when_nobody_asks)
{
    static const uint32_t granted[] = {1, 4, 0};
    wiring.bus.arbiter.park = (uint8_t)_i;
    run("2:2:0:0:2:0:1:00001000:0:0");
    ck_assert_uint_eq(row[recorder.count - 1].hgrant, granted[_i]);
}
END_TEST

START_TEST(a_parked_master_drives_without_asking)
{
    run("0:5:0:0:2:0:1:00001000:0:0"); /* rule 13: NONSEQ in the cycle the command opens */
    ck_assert_uint_eq(row[4].htrans, AHB_IDLE);
    ck_assert_uint_eq(row[5].htrans, AHB_NONSEQ);
    ck_assert_uint_eq(row[5].hbusreq, 0);
}
END_TEST

START_TEST(a_locked_sequence_holds_the_bus_until_its_last_address)
{
    run("1:2:0:1:2:0:1:00001000:0:0;1:0:1:1:2:0:1:00001000:0:0;3:3:0:0:2:0:1:00003000:0:0");
    ck_assert_uint_eq(row[2].hlock, 2); /* 3.11.5: one cycle ahead of the address */
    ck_assert_uint_eq(row[3].htrans, AHB_NONSEQ);
    ck_assert_uint_eq(row[3].hmastlock, 1);
    ck_assert_uint_eq(row[3].hgrant, 2); /* master 3 asks, and waits */
    ck_assert_uint_eq(row[4].hmaster, 1);
    ck_assert_uint_eq(row[4].hmastlock, 1);
    ck_assert_uint_eq(row[4].hlock, 0);
    ck_assert_str_eq(starts(), "113");
}
END_TEST

START_TEST(an_arbiter_that_ignores_locks_does_not)
{
    wiring.bus.arbiter.ignore_lock = true;
    run("1:2:0:1:2:0:1:00001000:0:0;1:0:1:1:2:0:1:00001000:0:0;3:3:0:0:2:0:1:00003000:0:0");
    ck_assert_str_eq(starts(), "131");
}
END_TEST

START_TEST(write_data_follows_one_cycle_behind_the_address)
{
    run("1:2:1:0:2:0:1:00001000:0:0;1:0:0:0:2:0:1:00001000:0:0");
    ck_assert_uint_eq(row[3].haddr, 0x1000);
    ck_assert_uint_eq(row[3].hwdata.lane[0], 0);
    ck_assert_uint_eq(row[4].hwdata.lane[0], 0xd1000000);
    ck_assert_uint_eq(row[5].hrdata.lane[0], 0xd1000000); /* read back in the next beat */
}
END_TEST

START_TEST(lanes_follow_the_address_on_every_width)
{
    struct ahb_bus bus = {.width_bits = 128, .lane_mask = 15};
    struct ahb_data data = ahb_lanes_put(&bus, 0x100b, 0, 0x1ab);
    ck_assert_uint_eq(data.lane[0], 0);
    ck_assert_uint_eq(data.lane[1], UINT64_C(0xab000000));
    ck_assert_uint_eq(ahb_lanes_get(&bus, 0x100b, 0, &data), 0xab);
    data = ahb_lanes_put(&bus, 0x1004, 2, UINT64_C(0x123456789a));
    ck_assert_uint_eq(data.lane[0], UINT64_C(0x3456789a00000000));
    bus.lane_mask = 3;
    data = ahb_lanes_put(&bus, 0x1006, 1, 0xbeef);
    ck_assert_uint_eq(data.lane[0], 0xbeef0000);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ahb");
    TCase *tcase = tcase_create("ahb");
    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_test(tcase, a_combinational_grant_comes_in_the_cycle_of_the_request);
    tcase_add_test(tcase, a_registered_grant_comes_one_cycle_later_and_the_address_two);
    tcase_add_test(tcase, a_registered_grant_on_its_way_is_not_withdrawn);
    tcase_add_test(tcase, hready_is_low_for_exactly_the_wait_states);
    tcase_add_test(tcase, first_and_next_wait_states_differ);
    tcase_add_test(tcase, address_and_control_hold_while_hready_is_low);
    tcase_add_test(tcase, an_error_takes_two_cycles_and_the_command_is_abandoned);
    tcase_add_loop_test(tcase, an_error_on_the_last_beat_leaves_the_next_command_its_time, 0, 4);
    tcase_add_test(tcase, an_unmapped_address_gets_error_from_the_default_slave);
    tcase_add_test(tcase, the_last_mapped_address_does_not);
    tcase_add_test(tcase, a_misaligned_address_gets_error);
    tcase_add_test(tcase, a_transfer_wider_than_the_bus_gets_error);
    tcase_add_test(tcase, a_retried_beat_comes_again_and_the_rest_is_rebuilt_as_incr);
    tcase_add_test(tcase, an_incr8_over_1_kib_is_two_incr_bursts);
    tcase_add_test(tcase, an_incr4_up_to_1_kib_stays_whole);
    tcase_add_test(tcase, a_wrap4_wraps_at_its_own_size);
    tcase_add_test(tcase, fixed_priority_serves_the_highest_index_first);
    tcase_add_test(tcase, fixed_priority_can_serve_the_lowest_index_first);
    tcase_add_test(tcase, fixed_priority_serves_who_is_declared_first_by_default);
    tcase_add_test(tcase, round_robin_serves_the_next_behind_the_owner);
    tcase_add_test(tcase, a_master_ahead_of_the_ring_wins_whenever_it_asks);
    tcase_add_test(tcase, weighted_slots_give_a_master_its_grants_in_a_row);
    tcase_add_test(tcase, a_fair_mask_lets_every_other_requester_have_a_turn);
    tcase_add_loop_test(tcase, a_fixed_burst_is_left_at_its_last_beat_only_if_beats_are_counted, 0,
                        2);
    tcase_add_test(tcase, an_incr_is_left_when_the_owners_request_falls);
    tcase_add_test(tcase, rearbitration_at_any_beat_breaks_an_incr_but_no_fixed_burst);
    tcase_add_test(tcase, a_broken_burst_is_rebuilt_as_incr_and_its_last_beat_as_single);
    tcase_add_test(tcase, busy_has_the_address_of_the_next_beat_of_its_burst);
    tcase_add_loop_test(tcase, an_owner_keeps_the_bus_for_exactly_max_hold_cycles, 1, 16);
    tcase_add_loop_test(tcase, with_a_registered_grant_it_keeps_it_one_cycle_longer, 1, 15);
    tcase_add_test(tcase, an_owner_nobody_else_waits_for_keeps_the_bus);
    tcase_add_loop_test(tcase, parking_says_who_is_granted_when_nobody_asks, 0, 3);
    tcase_add_test(tcase, a_parked_master_drives_without_asking);
    tcase_add_test(tcase, a_locked_sequence_holds_the_bus_until_its_last_address);
    tcase_add_test(tcase, an_arbiter_that_ignores_locks_does_not);
    tcase_add_test(tcase, write_data_follows_one_cycle_behind_the_address);
    tcase_add_test(tcase, lanes_follow_the_address_on_every_width);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
