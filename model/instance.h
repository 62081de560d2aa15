/* SPDX-License-Identifier: BSD-2-Clause */
/* instance: what a struct dmasim is made of, for the files that make up the public header's calls. */
#ifndef DMASIM_INSTANCE_H
#define DMASIM_INSTANCE_H

#include "run.h"
#include "scenario/scenario.h"
#include "system.h"

/* An interrupt output, of a system in which any is or was watched. */
struct interrupt_line {
    struct probe_observer observer;
    struct dmasim *owner;
    struct probe *probe;
    struct component *component;
    const struct wire *wire;
    const char *output;
    bool level;                /* told last */
    struct dmasim_watch watch; /* its names are not used */
    struct wire shown;         /* while rounds pass: what a callback may ask for */
};

/* Changes of a watched round (kernel/round.h): those of each round that passes are told again, one by one. */
struct interrupt_rounds {
    struct round_witness witness;
    struct interrupt_change {
        struct interrupt_line *line;
        sim_time after; /* the begin of the round */
        bool level;
    } * change;
    uint32_t count;
    bool full;
    sim_time begun;
    bool passing;
};

struct dmasim_trace {
    struct dmasim *owner;
    struct trace *trace;
    struct dmasim_trace *next;
    struct verdict *verdict; /* verdict.h; null: nobody has asked */
    bool expect, closed;
};

/* Of lines that the caller tells. */
struct track {
    struct probe probe;
    char *name;
};

struct probe_watch; /* probes.c */

struct dmasim_plan {
    struct scenario *scenario; /* held */
};

struct dmasim {
    struct scenario *scenario; /* held */
    struct system system;
    struct run run;
    bool busy;                    /* an access is under way */
    struct interrupt_line *lines; /* all of the system; null until somebody watches one */
    size_t line_count;
    bool watching; /* any of them */
    struct interrupt_rounds rounds;
    struct dmasim_trace *traces;       /* all that are not freed */
    struct results *results;           /* folders that are claimed */
    sim_time muted_ps;                 /* when dmasim_mute() was called last */
    const struct interrupt_line *told; /* whose callback is being called; null: none */
    struct track *tracks;
    size_t track_count;
    struct probe_watch *watches; /* of probes */
};

/* True if a trace that is not closed hears what happens. */
bool traces_open(const struct dmasim *self);

/* results.c: no folder is claimed; false if memory is short. With the simulation all claims end. */
bool results_init(struct dmasim *self);
void results_free(struct dmasim *self);

/* Observers of dmasim_watch_probe(), with the simulation. */
void probes_free(struct dmasim *self);

/* Those that are not freed, with the simulation. */
void traces_free(struct dmasim *self);

/* tracks.c: behind the system's probes. DMASIM_OK, DMASIM_INVALID with *error, DMASIM_MEMORY. */
int tracks_init(struct dmasim *self, const struct dmasim_options *options,
                struct dmasim_error *error);
void tracks_free(struct dmasim *self);

/* True inside a callback. */
static inline bool instance_busy(const struct dmasim *self)
{
    return self->system.kernel.stepping || self->busy;
}

/* interrupts.c: what each line told last is the level of now, or that of a snapshot. */
void interrupts_look(struct dmasim *self);
void interrupts_free(struct dmasim *self);

/* interrupt_rounds.c: once all lines are known; false if memory is short. */
bool interrupt_rounds_join(struct dmasim *self);

/* A line has changed in a watched round. */
void interrupt_rounds_note(struct interrupt_line *line);

/* interrupts.c: calls whoever watches it. */
void interrupt_tell(struct interrupt_line *line, bool level, sim_time at);

#endif
