/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * engine: two VCDs side by side. A *link* is a slot of A with a slot of B that at least one name joins; all
 * names of a link differ at the same times.
 */
#ifndef DMASIM_COMPARE_ENGINE_H
#define DMASIM_COMPARE_ENGINE_H

#include "compare/compare.h"
#include "compare/value.h"
#include "reading/vcd.h"

#define NO_LINK UINT32_MAX
#define TRACE_NEVER ((trace_time)1 << 126)

/* A change of a variable that the other side has not made yet. */
struct pending {
    trace_time time;
    uint64_t edge; /* with a clock: which of its side's edges since the window began, from 1 */
    struct vcd_text value; /* of bits of size 1 the digit */
    uint64_t occurrences;  /* of events: how many are left */
};

struct pending_queue {
    struct pending *all; /* a ring */
    uint32_t first, count, room;
    bool of_b; /* whose changes wait */
};

struct link {
    uint32_t slot[2];
    uint32_t next[2];   /* the next link of the same slot */
    uint32_t name;      /* the first of its names, in matching.next_name */
    uint32_t differing; /* place in the list of those that differ; NO_LINK: it does not */
    uint64_t count;
    trace_time first;
    uint64_t last_edge;  /* at which it differed last */
    uint64_t first_edge; /* with a clock: of the first difference, in A's file, from 1 */
    char *a, *b;         /* values at its first difference */
    /* With tolerances. */
    trace_time tolerance; /* of `by_edges` a number of edges */
    bool by_edges;
    struct pending_queue queue;
    uint32_t waiting; /* place in the list of queues that are not empty */
    bool closed;      /* it has differed: what comes after cannot be matched */
};

/* What is looked at in every step, of a link: the values of one bit are compared right here. */
struct hot_link {
    uint32_t slot[2];
    uint32_t next[2];
    bool bit, differs;
};

/* Of a side, with a clock and tolerances: the values that were sampled last, and which may be others by now. */
struct sampled {
    struct vcd_text *values; /* by slot; of one bit its digit */
    bool *known;             /* by slot: was sampled */
    bool *listed;            /* by slot: is in `stale` */
    uint32_t *stale;
    uint32_t stale_count;
    uint64_t edges; /* since the window began */
};

struct engine {
    const struct compare_options *options;
    struct comparison *result;
    struct paths names;
    struct paths printed; /* with mappings: whole printed names, one element each */
    struct paths *table;  /* one of them */
    struct vcd file[2];
    uint64_t unit[2];
    trace_time offset, from, to;
    trace_time read_to; /* as far as differences up to `to` are told by what comes later */

    /* Matching. */
    uint32_t *slot_of[2]; /* by name */
    uint32_t *next_name;  /* by name: the next of its link */
    struct link *links;
    struct hot_link *hot; /* by link */
    uint32_t link_count, link_room;
    uint32_t *first_link[2]; /* by slot */
    bool skippable;          /* each link joins a slot with itself, in files that are alike */

    /* Comparing. */
    bool open, tolerant;
    bool stepped[2];
    uint32_t *differing;
    uint32_t differing_count;
    struct link **waiting; /* with queues that are not empty */
    uint32_t waiting_count;
    struct sampled sampled[2];
    uint64_t edges_before; /* of A's clock, before the window */
    bool any_by_edges;
    uint32_t clock_slot[2];
    uint32_t clock_name;
    bool clock_compared;    /* it is not ignored */
    struct link clock_link; /* edges of one side only: the clock alone, none of its other names */
    uint64_t moment;        /* counts steps */
    bool around_due;
    trace_time end_tolerance;
};

/* match.c: pairs the variables of both files. False after an error. */
bool engine_match(struct engine *self);
char *engine_name(const struct engine *self, uint32_t name); /* to be freed */
uint32_t engine_find(const struct engine *self, const char *printed);

/* tolerance.c */
bool tolerance_prepare(struct engine *self);
void tolerance_open(struct engine *self, trace_time time);
void tolerance_step(struct engine *self, trace_time time);
void tolerance_close(struct engine *self);
void tolerance_free(struct engine *self);

/* A change of the link's slot on a side to `value`, or `occurrences` of an event. False if memory is short. */
bool tolerance_push(struct engine *self, struct link *link, int side, struct pending change);
struct vcd_text tolerance_value(const struct vcd *file, uint32_t slot, bool before, char *digit);

/* sampled.c: tolerances of what a clock samples. */
bool sampled_prepare(struct engine *self);
void sampled_open(struct engine *self);
void sampled_step(struct engine *self, trace_time time);
void sampled_free(struct engine *self);

/* engine.c: link differs from `time` on; `before`: the values of before the step. */
void engine_differs(struct engine *self, struct link *link, trace_time time, bool before);

/* align.c: sets offset and from, so that a signal's change is at one time in both. */
bool engine_align(struct engine *self, const char *const path[2]);

trace_time engine_time(const struct engine *self, int side, uint64_t time);

#endif
