/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * progress: cuts a run into windows, between which it looks at the wall clock and at signals. What comes of the run
 * does not depend on where it is cut.
 */
#ifndef DMASIM_CLI_PROGRESS_H
#define DMASIM_CLI_PROGRESS_H

#include <stdbool.h>

#include "dmasim/dmasim.h"

struct progress {
    struct dmasim *sim;
    bool shown_at_all; /* on a terminal */
    uint64_t cycle_ps; /* of the fastest clock */
    uint64_t window_ps;
    double started, shown, looked; /* seconds */
    double used;                   /* of the processor, when it was looked */
    bool warned;
};

/* `terminal`: progress is shown on stderr. Signals wait from here on. */
void progress_start(struct progress *self, struct dmasim *sim, bool terminal);

/* The end of the next window, `until` at the latest. */
uint64_t progress_window(const struct progress *self, uint64_t until);

/* A window has passed: shows progress, and tells once, before it is too late, that the traces get large. */
void progress_step(struct progress *self, const struct dmasim_trace *trace);

/* The run is over: the line is wiped. */
void progress_end(struct progress *self);

/* From here on SIGINT and SIGTERM wait until somebody asks for them. */
void progress_signals_wait(void);

/* A signal that asked to end, 0: none. After the first one the next ends the process at once. */
int progress_interrupted(void);

#endif
