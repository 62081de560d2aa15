/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dram_case: a row of cases.csv of recorded DRAM commands, as a configuration and masters that offer requests.
 *
 * The masters are defined in traces/golden/dram/README.md, "Masters".
 */
#ifndef DMASIM_DRAM_CASE_H
#define DMASIM_DRAM_CASE_H

#include "memory/dram/dram.h"
#include "referee/referee.h"

#define DRAM_CASE_MASTERS 16

struct dram_request {
    uint64_t address;
    sim_cycle arrival, offered, accepted, completed; /* SIM_NEVER: not yet */
    bool write;
};

struct dram_master {
    char op; /* R, W, X: writes by chance, K: in turns of */
    char pattern;
    uint64_t op_argument, base, count, p1, p2, p3, start, gap, burst, burst_gap, jitter, out, lag,
        seed;
    int64_t depends; /* -1: on none */
    struct dram_request *requests;
    /* While it runs. */
    uint64_t next, open;
};

struct dram_case {
    struct dram_config config;
    struct dram_master masters[DRAM_CASE_MASTERS];
    unsigned count;
    bool rotates; /* who offers first, by cycle */
    uint64_t tail;
};

/* What is not understood, or null. Requests are the caller's to free, in any case. */
const char *dram_case_read(struct dram_case *self, const struct table *cases, size_t row);
void dram_case_free(struct dram_case *self);

#endif
