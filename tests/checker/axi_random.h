/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi_random: correct random traces of one AXI port, for the tests of the AXI checker.
 *
 * A random master and a random slave: several ids, reads and writes outstanding, W ahead of AW, read
 * bursts interleaved between ids, stalls on every channel, exclusive accesses, a reset in front. Payload
 * that means nothing (VALID 0, lanes without a byte) is different in every row.
 */
#ifndef TESTS_AXI_RANDOM_H
#define TESTS_AXI_RANDOM_H

#include "axi_checker.h"

enum { AXI_RANDOM_ROWS_MAX = 16384, AXI_RANDOM_BURSTS_MAX = 24 };

struct axi_random_burst {
    struct axi_check_address ax;
    size_t shown, accepted;        /* rows of AR or AW */
    size_t beat_shown[256];        /* of R or W */
    size_t beat_taken[256];        /* handed over */
    size_t answer_shown, answered; /* B, or the last R */
    unsigned done;                 /* beats, while the trace is made */
};

struct axi_random_options {
    uint32_t width_bits, ids;
    uint32_t ahead; /* W bursts ahead of AW, at most */
    bool lite, interleave, reset;
};

struct axi_random_trace {
    struct axi_random_options options;
    struct axi_check_row rows[AXI_RANDOM_ROWS_MAX];
    size_t row_count;
    struct axi_random_burst reads[AXI_RANDOM_BURSTS_MAX], writes[AXI_RANDOM_BURSTS_MAX];
    size_t read_count, write_count;
};

/* splitmix64 */
uint64_t axi_random_draw(uint64_t *state);
unsigned axi_random_below(uint64_t *state, unsigned bound);

/* A whole trace of this seed: everything is answered in the end. Row 0 is idle. */
void axi_random_make(struct axi_random_trace *trace, uint64_t seed, bool lite);

#endif
