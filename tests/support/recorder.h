/* SPDX-License-Identifier: BSD-2-Clause */
/* recorder: runs an ahb_case and keeps every wire of every cycle. */
#ifndef TESTS_RECORDER_H
#define TESTS_RECORDER_H

#include "referee/ahb_case.h"
#include "system.h"

#define RECORDER_CYCLES 4096

struct recorder {
    struct probe_observer observer;
    struct system system;
    unsigned count; /* cycles, without gaps */
    struct ahb_row rows[RECORDER_CYCLES];
};

static inline void recorder_take(struct probe_observer *observer, const struct probe *probe,
                                 sim_cycle now, const void *record)
{
    (void)probe;
    struct recorder *self = (struct recorder *)observer; /* first member */
    while (self->count > 0 && self->count < now && self->count < RECORDER_CYCLES) {
        self->rows[self->count] = self->rows[self->count - 1];
        self->count++;
    }
    if (now < RECORDER_CYCLES) {
        self->rows[now] = *(const struct ahb_row *)record;
        self->count = (unsigned)now + 1;
    }
}

/* Runs to 4 cycles after the end of the work. False if it could not be built or does not end. */
static inline bool recorder_run(struct recorder *self, struct ahb_case *wiring, unsigned flags)
{
    struct check check = {.fail = ahb_case_fail};
    self->observer = (struct probe_observer){.notify = recorder_take};
    self->count = 0;
    bool good = system_create(&self->system, &wiring->plan, flags, &check) == DMASIM_OK;
    if (good) {
        struct kernel *kernel = &self->system.kernel;
        probe_observe(system_probe(&self->system, "ahb_row", NULL), &self->observer);
        kernel_advance(kernel, (RECORDER_CYCLES - 8) * (sim_time)AHB_CASE_PERIOD_PS,
                       KERNEL_STOP_QUIET);
        good = kernel->quiet_since != SIM_NEVER;
        sim_cycle last = kernel->now / AHB_CASE_PERIOD_PS + 4;
        kernel_advance(kernel, last * AHB_CASE_PERIOD_PS, 0);
        while (good && self->count <= last) {
            self->rows[self->count] = self->rows[self->count - 1];
            self->count++;
        }
    }
    system_free(&self->system);
    return good;
}

#endif
