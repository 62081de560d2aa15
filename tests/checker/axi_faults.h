/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi_faults: faults seeded into correct random traces, for the tests of the AXI checker.
 *
 * Each breaks one thing of the trace, or asks for more than the trace holds, and returns the row in which
 * that shows; NO_SITE if this trace has no place for it.
 */
#ifndef TESTS_AXI_FAULTS_H
#define TESTS_AXI_FAULTS_H

#include "axi_random.h"

enum { FIXED, INCR, WRAP, NO_SITE = -1 };

/* The channels, as the rows have them. */
enum { AR, AW, W, R, B, CHANNELS };

struct axi_seeding {
    struct axi_random_trace trace;
    struct axi_check_options options; /* at first, everything that the trace holds is asked for */
    uint64_t draws;
};

/* ---- sites ----------------------------------------------------------------------------------- */

unsigned site_below(struct axi_seeding *self, size_t bound);
/* A random row in [from, end) for which `good` holds; NO_SITE if there is none. */
long site_pick_row(struct axi_seeding *self,
                   bool (*good)(struct axi_seeding *self, size_t n, int channel), int channel,
                   size_t from, size_t end);
struct axi_random_burst *site_pick_read(struct axi_seeding *self,
                                        bool (*good)(const struct axi_random_burst *burst));
struct axi_random_burst *site_pick_write(struct axi_seeding *self,
                                         bool (*good)(const struct axi_random_burst *burst));
bool site_any(const struct axi_random_burst *burst);
uint32_t *site_valid_of(struct axi_seeding *self, size_t n, int channel);
bool site_is_waiting(struct axi_seeding *self, size_t n, int channel);
/* Gives the address of a burst to all rows in which it is shown. */
void site_put_address(struct axi_seeding *self, const struct axi_random_burst *burst, bool write);
void site_put_last(struct axi_seeding *self, size_t from, size_t to, bool write, uint32_t last);
/* One address channel with a burst that is `good`: half of the time AR. */
struct axi_random_burst *site_pick_address(struct axi_seeding *self,
                                           bool (*good)(const struct axi_random_burst *burst),
                                           bool *write);
/* A lane with a byte, CHECK_CSV_WIDE_BYTES if there is none. */
unsigned site_pick_lane(struct axi_seeding *self, const uint64_t lanes[2]);
bool site_has_steps(const struct axi_random_burst *burst);

/* ---- faults ---------------------------------------------------------------------------------- */

long seed_cycle_is_missing(struct axi_seeding *self);
long seed_impossible_value(struct axi_seeding *self);
long seed_strobe_that_the_bus_does_not_have(struct axi_seeding *self);
long seed_valid_in_reset(struct axi_seeding *self);
long seed_valid_right_after_reset(struct axi_seeding *self);
long seed_valid_is_withdrawn(struct axi_seeding *self);
long seed_address_changes(struct axi_seeding *self);
long seed_write_data_changes(struct axi_seeding *self);
long seed_read_data_changes(struct axi_seeding *self);
long seed_response_changes(struct axi_seeding *self);
long seed_fixed_burst_of_more_than_16_beats(struct axi_seeding *self);
long seed_wrapping_burst_of_another_length(struct axi_seeding *self);
long seed_wrapping_burst_that_is_not_aligned(struct axi_seeding *self);
long seed_beat_wider_than_the_bus(struct axi_seeding *self);
long seed_burst_over_4_kib(struct axi_seeding *self);
long seed_strobe_outside_the_beat(struct axi_seeding *self);
long seed_wlast_early_or_missing(struct axi_seeding *self);
long seed_burst_ahead_of_its_aw_is_too_short_or_too_long(struct axi_seeding *self);
long seed_more_w_bursts_ahead_than_allowed(struct axi_seeding *self);
long seed_response_of_an_unknown_id(struct axi_seeding *self);
long seed_response_before_its_address(struct axi_seeding *self);
long seed_response_before_the_last_beat(struct axi_seeding *self);
long seed_read_data_of_an_unknown_id(struct axi_seeding *self);
long seed_read_data_before_its_address(struct axi_seeding *self);
long seed_rlast_early_or_missing(struct axi_seeding *self);
long seed_reads_of_one_id_out_of_order(struct axi_seeding *self);
long seed_read_bursts_that_interleave(struct axi_seeding *self);
long seed_exokay_of_a_normal_access(struct axi_seeding *self);
long seed_lite_burst_or_narrow_beat(struct axi_seeding *self);
long seed_lite_access_with_an_id(struct axi_seeding *self);
long seed_lite_bus_of_128_bit(struct axi_seeding *self);
long seed_trace_that_ends_under_way(struct axi_seeding *self);

#endif
