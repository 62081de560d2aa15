/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * probe: a named record that observers (VCD, CSV, transfers, a debugger) can follow.
 *
 * A unit publishes a plain struct; a table of fields says what is in it. Writers walk that table, so
 * a new probe shows up in every trace without a line of writer code. With no observer a probe costs
 * one predictable branch.
 *
 * Three kinds, by when the record holds, for a record published in step(n):
 *   PROBE_SETTLED     in cycle n, until the next record (wires of a bus)
 *   PROBE_REGISTERED  from cycle n+1 on, until the next record (state in flip-flops)
 *   PROBE_EVENT       something that happened in cycle n (a beat, an interrupt, a transfer's end)
 * A publisher may repeat an unchanged SETTLED or REGISTERED record at will; observers compare.
 */
#ifndef DMASIM_PROBE_H
#define DMASIM_PROBE_H

#include "kernel/kernel.h"

enum probe_kind { PROBE_SETTLED, PROBE_REGISTERED, PROBE_EVENT };

enum probe_radix {
    PROBE_DECIMAL,
    PROBE_HEX,        /* plain digits */
    PROBE_HEX_PADDED, /* as many digits as the width needs */
    PROBE_ADDRESS,    /* hex, 8 digits, or 16 if it needs more */
    PROBE_NAME,       /* names[value]; VCD shows the number, and gtkw/CSV the name */
    PROBE_TIME,       /* picoseconds; SIM_NEVER shows as empty */
    PROBE_TEXT,       /* const char *, kept by the publisher */
};

#define PROBE_BYTES_MAX 128 /* of a field */

struct probe_field {
    const char *name;
    /* PROBE_NAME, and GTKWave with any radix: one for each value. PROBE_TEXT: null, or the texts in the order in
     * which those of one cycle are written, null at the end (trace/csv/events.h). */
    const char *const *names;
    enum probe_radix radix;
    uint16_t offset;     /* in the record */
    uint16_t width_bits; /* of the wires; 0 keeps the field out of the VCD */
    uint16_t name_count;
    uint8_t size_bytes; /* 1, 2, 4, or whole uint64_t, low first (8 .. 128), host order */
    uint8_t lsb; /* the field is width_bits bits from here up, for pins packed in one member */
    /* In periods that repeat (kernel/repeat.h) a field is what it was a period before, but: */
    bool counts; /* it grows by the same amount in each period, modulo 2^width_bits */
    uint16_t
        origin; /* if not 0: where a `const uint8_t *` is in the struct that is published, behind
                        record_bytes: the bytes there are the field. Null: the field is 0 */
};

/* An origin that says: not known. */
extern const uint8_t probe_nowhere[];

#define PROBE_FIELD(type, member, label, width, how)                                               \
    {                                                                                              \
        .name = (label), .offset = offsetof(struct type, member),                                  \
        .size_bytes = sizeof(((struct type *)0)->member), .width_bits = (width), .radix = (how)    \
    }

/* One that counts. */
#define PROBE_COUNTER(type, member, label, width, how)                                             \
    {                                                                                              \
        .name = (label), .offset = offsetof(struct type, member),                                  \
        .size_bytes = sizeof(((struct type *)0)->member), .width_bits = (width), .radix = (how),   \
        .counts = true                                                                             \
    }

struct probe_type {
    const char *name; /* "ahb_row", "channel", "transfer" ... observers pick by it */
    enum probe_kind kind;
    const struct probe_field *fields;
    size_t field_count;
    size_t record_bytes;
};

struct probe;

enum probe_joined { PROBE_COUNTER, PROBE_LISTENER, PROBE_WITNESS, PROBE_HEARER, PROBE_OBSERVER };

struct probe_observer {
    void (*notify)(struct probe_observer *self, const struct probe *probe, sim_cycle now,
                   const void *record);
    struct probe_observer *next;
    enum probe_joined joined;
    const void *group; /* kernel->joining when it joined */
};

struct probe {
    const char *name; /* dotted scope: "ahb0", "ahb0.cpu", "dma.ch0" */
    const struct probe_type *type;
    struct clock *clock;
    const void *owner; /* the struct that publishes, for typed observers */
    /* Probes whose fields of the same names are always the same wires; null: none. */
    const struct probe *parts[2];
    bool followed; /* by an observer, not only by listeners */
    bool listened; /* by a listener */
    bool answered; /* by one that does not only count */
    bool late; /* an observer joined in mid-run: whoever publishes changes only does so once more */
    uint8_t told; /* of a level: what was published last, UINT8_MAX: nothing that counts */
    struct probe_observer *first;
    struct probe *link; /* list of all probes of a system */
};

/* Appends an observer; observers are called in the order of joining. The observer outlives the run. */
void probe_observe(struct probe *self, struct probe_observer *observer);

/* The same for what is published whether anything is observed or not, when it happens: events (a transfer, an
 * erratum), levels when they change (an interrupt). The model goes on as if nobody observed, in closed form where
 * it can; only periods in which a listener was told something are not passed at once. */
void probe_listen(struct probe *self, struct probe_observer *observer);

/* The same for a listener that only counts what it hears, and is told of rounds that pass (kernel/round.h). */
void probe_count(struct probe *self, struct probe_observer *observer);

/* As probe_observe(), for an observer that belongs to a witness of rounds (kernel/round.h). */
void probe_hear(struct probe *self, struct probe_observer *observer);

/* The same of one that belongs to a witness of periods too (kernel/repeat.h). */
void probe_witness(struct probe *self, struct probe_observer *observer);

/* Takes an observer that joined in any way off the list; it may be gone then. */
void probe_leave(struct probe *self, struct probe_observer *observer);

/* All observers of the probes of a list that joined while kernel->joining was `group`, which is not null. */
void probe_leave_all(struct probe *list, const void *group);

void probe_notify(const struct probe *self, sim_cycle now, const void *record);

static inline void probe_publish(const struct probe *self, sim_cycle now, const void *record)
{
    if (__builtin_expect(self->first != NULL, 0))
        probe_notify(self, now, record);
}

static inline bool probe_observed(const struct probe *self)
{
    return __builtin_expect(self->first != NULL, 0);
}

/* Publishes a level of one byte, when it is another than was published last or somebody has joined since. */
static inline void probe_publish_level(struct probe *self, sim_cycle now, uint8_t level)
{
    if (__builtin_expect(self->first != NULL, 0) && self->told != level) {
        self->told = level;
        probe_notify(self, now, &level);
    }
}

/* Low 64 bits of a field of a record, cut to its width if that is not 0. */
uint64_t probe_value(const struct probe_field *field, const void *record);

#endif
