/* SPDX-License-Identifier: BSD-2-Clause */
/* transfers_state: what transfers.c keeps; transfers_repeat.c passes it on. */
#ifndef DMASIM_TRACE_TRANSFERS_STATE_H
#define DMASIM_TRACE_TRANSFERS_STATE_H

#include "kernel/repeat.h"
#include "kernel/round.h"
#include "trace/csv/rows.h"
#include "trace/round_text.h"
#include "trace/transfers/transfers.h"

#define RING 4096u /* power of two */

struct beat {
    sim_time time;
    uint64_t bytes;            /* written at the destination so far */
    uint64_t data, descriptor; /* beats so far */
    uint64_t accesses, stalls; /* of all CPUs so far */
    uint8_t purpose;           /* enum dma_purpose */
};

struct channel {
    const char *controller;
    uint32_t number;
    const struct clock *clock;
    struct beat *ring;
    uint64_t count;    /* beats so far; beat i, from 0, is ring[i % RING] */
    uint64_t done;     /* beats that belong to transfers published before */
    struct beat base;  /* sums at `done` */
    struct beat first; /* first data beat from `done` on, if there is one */
    bool has_first;
    uint64_t heard;         /* beats when the second period began that is heard, */
    struct beat heard_sums; /* and the sums then */
    struct channel_mark {
        uint64_t count, done;
        struct beat sums, base, first;
        bool has_first;
    } mark[2]; /* at the ends of two rounds that are heard */
    struct channel *next;
};

struct source {
    struct probe_observer observer;
    struct trace_transfers *transfers;
    uint32_t order;
    const char *controller; /* the cache's */
    struct channel *cache[256];
};

/* What the table on the terminal shows of a transfer. */
struct headline {
    const char *name, *mode, *status;
    uint64_t bytes, accesses, stalls;
    sim_time took_ps; /* from issue to end; 0: not known */
    sim_time
        beats_ps; /* from the begin of the first to the end of the last beat; 0: there is none */
    sim_time period_ps;
    bool complete;
};

/* Accesses of all CPUs. */
struct accesses {
    uint64_t count, stalls;
};

struct trace_transfers {
    struct trace_file *file; /* null: the table alone */
    bool beats;              /* of transfers whose publisher does not tell them are followed */
    const struct system *system;
    struct trace_rows rows;
    struct channel *channels;
    struct source *sources;
    struct accesses accesses,
        before;         /* of all CPUs so far; before the last time at which one ended, */
    sim_time access_ps; /* which is this: who steps first then must not matter */
    struct headline headlines[TRACE_TRANSFERS_SHOWN];
    uint64_t transfers;
    bool failed;
    struct repeat_witness witness;
    struct beat *period; /* RING beats, while periods pass */
    sim_time heard_ps;   /* begin of the second period that is heard; behind it: its length */
    uint64_t heard_transfers, heard_accesses;
    struct round_witness
        rounds; /* without beats or file transfers are counted, with beats rounds are heard */
    uint64_t begun;
    struct round_text text;
    sim_time round_ps; /* when the latest part began; then the length of a round */
    struct transfers_mark {
        struct accesses accesses, before;
        sim_time access_ps;
        uint64_t transfers;
        const struct channel *channels; /* the latest: none is ever taken off */
    } mark[2];
};

/* The sums up to the latest beat. */
static inline struct beat sums_of(const struct channel *self)
{
    return self->count ? self->ring[(self->count - 1) % RING] : self->base;
}

/* transfers_repeat.c: joins as a witness of what repeats, and of rounds. */
void trace_transfers_join(struct trace_transfers *self);

#endif
