/* SPDX-License-Identifier: BSD-2-Clause */
/* progress: windows that take half a second or so, a line on the terminal, a guess of the traces' size. */
#include "cli/progress.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "cli/options.h"

#define WINDOW_CYCLES 500000          /* of the fastest clock, at first, */
#define WINDOW_CYCLES_MOST (1u << 26) /* at most, where many pass at once, */
#define WINDOW_CYCLES_LEAST 1000      /* and at least */
#define WINDOW_LONG 0.8               /* seconds of the processor, */
#define WINDOW_LONGEST 3.0            /* or seconds: the next one is half as long; */
#define WINDOW_SHORT                                                                               \
    0.2 /* of the processor: twice as long; rounds are sought in each window again */
#define TRACES_LARGE 1000000000ull
#define TRACES_SAMPLE 1000000ull /* written at least, that more may be foretold from it */
#define TRACES_MANY 250000000ull /* written, while nobody knows how much is to come */

static double wall_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Others may use the processor too, and files may have to wait for a disk. */
static double own_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* ---- signals --------------------------------------------------------------------------------- */

static void ending_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
}

void progress_signals_wait(void)
{
    sigset_t set;
    ending_signals(&set);
    sigprocmask(SIG_BLOCK, &set, NULL);
}

int progress_interrupted(void)
{
    sigset_t set;
    const struct timespec at_once = {0};
    ending_signals(&set);
    const int number = sigtimedwait(&set, NULL, &at_once);
    if (number <= 0)
        return 0;
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    return number;
}

/* ---- windows --------------------------------------------------------------------------------- */

void progress_start(struct progress *self, struct dmasim *sim, bool terminal)
{
    struct dmasim_component component;
    *self = (struct progress){.sim = sim, .shown_at_all = terminal, .cycle_ps = UINT64_MAX};
    for (size_t i = 0; dmasim_component(sim, i, &component) == DMASIM_OK; i++)
        if (component.period_ps && component.period_ps < self->cycle_ps)
            self->cycle_ps = component.period_ps;
    if (self->cycle_ps == UINT64_MAX)
        self->cycle_ps = 1;
    self->window_ps = WINDOW_CYCLES * self->cycle_ps;
    self->started = self->looked = wall_seconds();
    self->used = own_seconds();
    progress_signals_wait();
}

uint64_t progress_window(const struct progress *self, uint64_t until)
{
    const uint64_t now = dmasim_now(self->sim), next = dmasim_next(self->sim);
    const uint64_t from = next > now && next != DMASIM_NEVER ? next : now;
    return until > from && until - from > self->window_ps ? from + self->window_ps : until;
}

/* What share of the run is over, as far as can be told: of its entries of work, or of its time up to `stop`. */
static double share(const struct progress *self, bool *known)
{
    struct dmasim_result result;
    *known = false;
    if (dmasim_outcome(self->sim, &result) != DMASIM_OK)
        return 0;
    const double time =
        result.stop_ps == DMASIM_NEVER ? 0 : (double)dmasim_now(self->sim) / (double)result.stop_ps;
    const double work =
        result.work_entries ? (double)result.work_ended / (double)result.work_entries : 0;
    *known = result.work_entries ? result.work_ended > 0 : time > 0;
    return work > time ? work : time;
}

/* ---- telling --------------------------------------------------------------------------------- */

static void show(struct progress *self, double now)
{
    bool known;
    const double done = share(self, &known), passed = now - self->started;
    const uint64_t time = dmasim_now(self->sim);
    const uint64_t cycles = time / self->cycle_ps;
    const double mega = (double)cycles * 1e-6;
    self->shown = now;
    fputs("\r", stderr);
    cli_put(stderr, dmasim_name(self->sim));
    fprintf(stderr, ": %.0f %%, %.3f ms, %.1f million cycles, %.1f million a second", 100 * done,
            (double)time * 1e-9, mega, mega / passed);
    if (known && done > 0.005 && done < 1) {
        const double left = passed * (1 - done) / done;
        if (left < 360000)
            fprintf(stderr, ", about %u:%02u left", (unsigned)left / 60, (unsigned)left % 60);
    }
    fputs("\033[K", stderr);
}

static void wipe(struct progress *self)
{
    if (self->shown > 0)
        fputs("\r\033[K", stderr);
    self->shown = 0;
}

/* Says so if the traces get large: by what they are now, and the share of the run that is over. */
static void watch_size(struct progress *self, const struct dmasim_trace *trace)
{
    bool known;
    const double bytes = (double)dmasim_trace_bytes(trace), done = share(self, &known);
    const double all = known && done > 0 && bytes >= (double)TRACES_SAMPLE ? bytes / done : 0;
    if (all < (double)TRACES_LARGE && bytes < (double)TRACES_MANY)
        return;
    self->warned = true;
    wipe(self);
    cli_put(stderr, dmasim_name(self->sim));
    fprintf(stderr, ": warning: the traces have %.0f MB after %.3f ms", bytes * 1e-6,
            (double)dmasim_now(self->sim) * 1e-9);
    if (all >= (double)TRACES_LARGE)
        fprintf(stderr, " and may get about %.1f GB", all * 1e-9);
    fputs("; --trace summary writes the figures alone\n", stderr);
}

void progress_step(struct progress *self, const struct dmasim_trace *trace)
{
    const double now = wall_seconds(), waited = now - self->looked;
    const double used = own_seconds(), took = used - self->used;
    self->looked = now;
    self->used = used;
    if ((took > WINDOW_LONG || waited > WINDOW_LONGEST) &&
        self->window_ps / 2 >= WINDOW_CYCLES_LEAST * self->cycle_ps)
        self->window_ps /= 2;
    else if (took < WINDOW_SHORT && waited < WINDOW_LONGEST / 2 &&
             self->window_ps / self->cycle_ps <= WINDOW_CYCLES_MOST / 2)
        self->window_ps *= 2;
    if (!self->warned)
        watch_size(self, trace);
    if (self->shown_at_all && now - self->shown >= 0.25 && now - self->started >= 0.5)
        show(self, now);
}

void progress_end(struct progress *self)
{
    if (self->shown_at_all)
        wipe(self);
}
