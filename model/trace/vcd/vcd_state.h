/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_vcd_state: the tables of a VCD writer, made by vcd_open.c and walked by vcd.c. */
#ifndef DMASIM_TRACE_VCD_STATE_H
#define DMASIM_TRACE_VCD_STATE_H

#include "kernel/repeat.h"
#include "kernel/round.h"
#include "trace/format.h"
#include "trace/vcd/scopes.h"
#include "trace/vcd/vcd.h"

#define TIME_BYTES (FORMAT_DIGITS_MAX + 8) /* of a line with a time, and spoiled behind it */
#define DIGITS_SPOILED 64

enum { VCD_FIELDS_MAX = 64 }; /* of an observer */

/* Of a change: one digit, a vector within one word, a vector of several words. */
enum vcd_form { VCD_SCALAR, VCD_VECTOR, VCD_WIDE };

struct vcd_field {
    struct vcd_word *word; /* of its lowest bit */
    uint64_t mask;         /* its bits in that word */
    uint64_t shown;        /* its value in the file, good once `fresh` is false */
    uint64_t *wide;        /* VCD_WIDE: the same, low word first */
    char tail[8];          /* what follows the digits: " ID\n"; VCD_SCALAR: digit, "ID\n" */
    uint16_t width_bits;
    uint8_t tail_length;
    uint8_t shift; /* of the lowest bit */
    uint8_t form;  /* enum vcd_form */
    bool named;    /* its values have names */
    bool counts;   /* these three as in struct probe_field: */
    uint16_t origin_offset;
    const uint8_t *origin; /* as last published */
};

/* Of a bit of a word: its fields, and the bits of the word that are not of just the same fields. */
struct vcd_bits {
    uint64_t fields;
    uint64_t others;
};

struct vcd_word {
    uint64_t latest;       /* as last published */
    struct vcd_bits *bits; /* by bit */
    size_t offset;         /* in the record */
};

struct vcd_clock {
    const struct clock *clock;
    uint64_t *mask; /* probes with a record due at `due` */
    sim_time due;   /* SIM_NEVER if there are none */
    sim_time edge;  /* next change of the clock's own signal */
    bool level;
    char id[TRACE_ID_MAX];
};

/* The accesses of registers of one step, as a text; or the lines of one time. */
#define VCD_ACCESS_MAX 400
struct vcd_access {
    sim_time step;   /* to which they belong */
    uint32_t length; /* 0: there was none yet */
    char text[VCD_ACCESS_MAX];
};

struct vcd_probe {
    struct probe_observer observer;
    struct trace_vcd *vcd;
    struct probe *source;
    struct vcd_word *words, *words_end; /* of whole words */
    uint64_t changed;                   /* fields that may differ from what the file shows */
    uint64_t first;                     /* all fields until a record is taken, then 0 */
    uint64_t *waiting, bit;             /* where and which to set when a record waits */
    struct vcd_clock *clock;            /* null if its records are settled */
    struct vcd_field *fields;
    uint64_t data;         /* fields that have an origin */
    struct vcd_bits *bits; /* of all words */
    size_t text_bytes;     /* of all fields' changes, at most */
    uint32_t field_count;
    uint32_t rest_bytes;       /* of a shorter word behind words_end, at the end of the record */
    bool fresh;                /* nothing was written yet */
    struct vcd_access *access; /* of accesses of registers; null: of fields */
    bool moved;                /* something was written since */
    uint64_t
        telling; /* of a controller: fields whose change says that it works: names and single bits */
};

struct trace_vcd {
    struct trace_file *file;
    sim_time scale_ps;
    sim_time now;     /* latest step that published */
    sim_time stamped; /* time last written */
    sim_time started; /* when a controller began to work; SIM_NEVER: it did not yet */
    uint64_t front;   /* its decimal digits but the last four, as a number and as text */
    uint32_t front_length;
    char front_text[FORMAT_DIGITS_MAX];
    const char *late; /* a probe that published out of order */
    struct vcd_probe *probes;
    uint32_t probe_count, words;
    struct vcd_clock *clocks;
    uint32_t clock_count;
    bool show_clocks, any_settled;
    const struct plan *plan; /* null: none */
    const struct plan_trace *view;
    bool *chosen;      /* by number of a net: it is in the file; null: all are */
    bool access_told;  /* since a period began to be heard */
    bool windowed;     /* the view has ends, */
    bool silent;       /* and this is outside of them: what is written is dropped */
    bool over;         /* behind the later one */
    sim_time due;      /* of the registered records due first, SIM_NEVER if there are none */
    uint64_t *settled; /* probes with a record that holds since `now` */
    struct repeat_witness witness;
    struct vcd_repeat *repeat; /* vcd_repeat.c */
    struct round_witness round_witness;
    struct vcd_round *round; /* vcd_round.c */
    struct vcd_heard *heard; /* where the next thing that is written is noted too; null: nowhere */
    char byte_bits[256][8];  /* the binary digits of every byte */
    char pairs[100][2];      /* the decimal digits of 0 .. 99 */
};

/* vcd.c: takes a record. The observer is that of a struct vcd_probe. */
void trace_vcd_notify(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                      const void *record);

/* vcd_window.c: a probe that was written before may be written again, for the first time inside of the view. */
void trace_vcd_moved(struct trace_vcd *self, struct vcd_probe *probe, sim_time time);

/* vcd_window.c: what is written next is of `time`: opens or closes the view. Only of one that is windowed. */
void trace_vcd_window(struct trace_vcd *self, sim_time time);

/* The rest of a view that the end of the run cuts: the values at its begin, if they are not written yet. Returns the
 * time at which the file ends. */
sim_time trace_vcd_window_close(struct trace_vcd *self, sim_time final_time);

/* vcd.c: a step at `step` begins: what is due before it is written. */
void trace_vcd_advance(struct trace_vcd *self, sim_time step);

/* vcd_access.c: takes an access of a register. */
void trace_vcd_notify_access(struct probe_observer *observer, const struct probe *probe,
                             sim_cycle now, const void *record);

/* vcd_access.c: takes a line. */
void trace_vcd_notify_text(struct probe_observer *observer, const struct probe *probe,
                           sim_cycle now, const void *record);

/* The line of the text that holds; nothing if there is none. Room for VCD_ACCESS_BYTES. */
#define VCD_ACCESS_BYTES (VCD_ACCESS_MAX + 16)
char *trace_vcd_put_access(const struct vcd_probe *probe, char *at);

/* Whether one is not written yet. */
bool trace_vcd_access_waits(const struct trace_vcd *self);

/* vcd_repeat.c: periods that are passed at once (kernel/repeat.h). False if memory is short. */
bool trace_vcd_repeat_open(struct trace_vcd *self);
void trace_vcd_repeat_free(struct trace_vcd *self);

/* No period or round that begins at `now` may lie across this time: the next end of the view. */
sim_time trace_vcd_until(const struct trace_vcd *self, sim_time now);

/* vcd_round.c: rounds that are passed at once (kernel/round.h). False if memory is short. */
bool trace_vcd_round_open(struct trace_vcd *self);
void trace_vcd_round_free(struct trace_vcd *self);

/* What is about to be written at `time`; only while `heard` is not null. */
void trace_vcd_hear_probe(struct trace_vcd *self, const struct vcd_probe *probe, sim_time time);
void trace_vcd_hear_clocks(struct trace_vcd *self, sim_time time);

#endif
