/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/live.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/options.h"

#define LEAST_CYCLES UINT64_C(1000) /* of a window, */
#define SHARE 16                    /* or this part of the time so far */

struct live {
    const char *file;
    struct compare_options options;
    struct dmasim_trace *trace;
    struct comparison result; /* the thread's until it is joined */
    pthread_t thread;
    bool running;
    int pipe; /* where the run writes; -1: closed */
    atomic_bool over;
};

/* A dmasim_write. */
static bool send_text(void *context, const char *text, size_t length)
{
    const struct live *self = context;
    while (length > 0) {
        const ssize_t sent = write(self->pipe, text, length);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return false; /* the other end has seen enough */
        text += sent;
        length -= (size_t)sent;
    }
    return true;
}

static void *compare(void *context)
{
    struct live *self = context;
    compare_vcd(self->file, "the run", &self->options, &self->result);
    atomic_store(&self->over, self->result.verdict != COMPARE_SAME);
    return NULL;
}

static bool start(struct live *self, struct dmasim *sim, bool clocks)
{
    int ends[2];
    if (pipe(ends) != 0) {
        perror("dmasim: error: a pipe");
        return false;
    }
    self->pipe = ends[1];
    self->options.live = ends[0];
    self->options.first_only = true;
    signal(SIGPIPE, SIG_IGN);
    const int code = pthread_create(&self->thread, NULL, compare, self);
    if (code != 0) {
        close(ends[0]);
        fprintf(stderr, "dmasim: error: a thread: %s\n", strerror(code));
        return false;
    }
    self->running = true;
    const struct dmasim_trace_options options = {
        .vcd = true, .vcd_clocks = clocks, .vcd_write = send_text, .vcd_context = self};
    struct dmasim_error error;
    self->trace = dmasim_trace_open(sim, &options, NULL, &error);
    if (!self->trace)
        cli_print_error(NULL, &error);
    return self->trace != NULL;
}

struct live *live_begin(struct dmasim *sim, bool clocks, const char *file,
                        const struct compare_options *options)
{
    struct live *self = calloc(1, sizeof *self);
    if (!self) {
        fputs("dmasim: error: no memory\n", stderr);
        return NULL;
    }
    self->file = file;
    self->options = *options;
    self->pipe = -1;
    atomic_init(&self->over, false);
    if (start(self, sim, clocks))
        return self;
    live_free(self);
    return NULL;
}

uint64_t live_window(uint64_t now, uint64_t cycle_ps, uint64_t until)
{
    const uint64_t least = LEAST_CYCLES * cycle_ps;
    const uint64_t window = now / SHARE > least ? now / SHARE : least;
    return until > now && until - now > window ? now + window : until;
}

/* Waits until all that was written has been read; what was read before the last piece of it has been compared then. */
static void drain(const struct live *self)
{
    const struct timespec pause = {.tv_nsec = 20000};
    int waiting;
    while (!atomic_load(&self->over) && ioctl(self->pipe, FIONREAD, &waiting) == 0 && waiting > 0)
        nanosleep(&pause, NULL);
}

bool live_step(struct live *self)
{
    dmasim_trace_flush(self->trace);
    drain(self);
    return atomic_load(&self->over) || dmasim_trace_failed(self->trace);
}

static void hang_up(struct live *self)
{
    if (self->pipe >= 0)
        close(self->pipe);
    self->pipe = -1;
    if (self->running)
        pthread_join(self->thread, NULL);
    self->running = false;
}

const struct comparison *live_end(struct live *self)
{
    struct dmasim_error error; /* nobody listens any more: the comparison tells why */
    dmasim_trace_close(self->trace, &error);
    hang_up(self);
    return &self->result;
}

void live_free(struct live *self)
{
    if (!self)
        return;
    hang_up(self);
    dmasim_trace_free(self->trace);
    comparison_free(&self->result);
    free(self);
}
