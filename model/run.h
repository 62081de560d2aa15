/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * run: a simulation from its start to its end, in as many pieces as the caller likes.
 *
 *     0 ------------------ done ........ end
 *        work holds it open     settles      outcome
 *
 * The run ends when the scenario's work is done, or when work is left and nobody asks to be stepped any more (a
 * deadlock), each time after RUN_SETTLE_CYCLES of the slowest clock, so that what is in flight arrives; or at the
 * stop time if neither has happened by then. A scenario without work is never done and never dead: it ends
 * at the stop time, and in between it is for whoever stands outside to say what happens.
 *
 * Where the end is, and what it is, follow from the simulated system alone: not from how the run is cut, nor from
 * whether it goes through run_to() or run_advance(), nor from every_cycle.
 */
#ifndef DMASIM_RUN_H
#define DMASIM_RUN_H

#include "bus/records.h"
#include "kernel/round.h"
#include "system.h"

#define RUN_SETTLE_CYCLES 8 /* of the slowest clock, after the end of the work */

/* What a transfer of `work` says about the outcome, at no cost for the run. */
struct run_listener {
    struct probe_observer observer;
    const char *name;         /* of the entry */
    const char *controller;   /* of its last transfer that failed; null: none */
    uint64_t ended;           /* transfers that were told */
    uint64_t failed;          /* transfers that ended with an error, programs among them */
    uint64_t failed_programs; /* an `expect` or an access failed */
    struct {
        uint64_t ended, failed, failed_programs;
    } begun; /* when a round began that may come again */
};

enum run_why { RUN_TIME, RUN_OUTPUT, RUN_FINISHED, RUN_DEADLOCK };

struct run {
    struct system *system;
    sim_time stop_ps; /* SIM_NEVER: none */
    sim_time settle_ps;
    bool has_work; /* something held the run open when it was built */
    bool outside;  /* things in it stand outside and may make anything happen: it is never dead */
    bool dead;     /* work is left, and nothing was asked for when it was looked at last */
    bool over;     /* the end was reached */
    sim_time dead_since;
    sim_time end_ps;  /* of the run, once it is over, */
    enum run_why why; /* and what it was; RUN_TIME: the stop time */
    struct round_witness witness;
    struct run_listener *listeners;
    size_t listener_count;
};

/* The system has been built and not stepped. stop_ps: SIM_NEVER for none. DMASIM_OK or DMASIM_MEMORY;
 * run_free() in either case. The system's memory must live as long. */
int run_init(struct run *self, struct system *system, sim_time stop_ps);
void run_free(struct run *self);

/* Steps to `until` at the latest, or to an output (kernel_output), or to the end of the run if that comes
 * before; RUN_TIME at the stop time too. Called again after the end it goes on. */
enum run_why run_to(struct run *self, sim_time until);

/* Steps to `until`, whatever comes before. */
void run_advance(struct run *self, sim_time until);

/* Work is there and done; it may not have settled yet. */
bool run_done(const struct run *self);

/* Listeners that have heard of a transfer. */
uint64_t run_ended(const struct run *self);

/* Of all listeners. */
uint64_t run_failed(const struct run *self);
uint64_t run_failed_programs(const struct run *self);

/* Everything above that simulating changes, for a snapshot; null if memory is short. */
struct run_snapshot;
struct run_snapshot *run_save(const struct run *self);
void run_restore(struct run *self, const struct run_snapshot *snapshot);
void run_snapshot_free(struct run_snapshot *snapshot);

#endif
