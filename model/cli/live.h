/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * live: the VCD of a run that is held against a file while it is written.
 *
 *   the run --> VCD --pipe--> a thread of its own, which compares --> `over` at the first difference
 *
 * The thread closes its end of the pipe when it has seen enough, so the run is never held up by it then. The run goes on
 * in windows that are short against the time so far, and waits after each until it has been read; so it ends two windows
 * behind the first difference at the latest.
 */
#ifndef DMASIM_CLI_LIVE_H
#define DMASIM_CLI_LIVE_H

#include "compare/compare.h"
#include "dmasim/dmasim.h"

struct live;

/* Begins to compare; `file` is A, the run, with its clocks or without, is B. Options are the caller's and outlive it. Null after an error, which is
 * printed. */
struct live *live_begin(struct dmasim *sim, bool clocks, const char *file,
                        const struct compare_options *options);

/* The end of the next window: no later than `until`. `cycle_ps` is that of the fastest clock. */
uint64_t live_window(uint64_t now, uint64_t cycle_ps, uint64_t until);

/* Hands on what was simulated up to now. True once the run may end: they differ, or the file is none. */
bool live_step(struct live *self);

/* The run is over. The comparison is good until live_free(). */
const struct comparison *live_end(struct live *self);

/* While the simulation is still there; null does nothing. */
void live_free(struct live *self);

#endif
