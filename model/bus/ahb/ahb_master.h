/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ahb_master: the bus side of a master, embedded in the unit that owns it.
 *
 * The owner queues commands; the engine requests the bus, drives addresses, rebuilds bursts that were
 * broken, splits at 1 KiB, repeats after RETRY, and tells the owner about each beat. The owner keeps
 * the data: it sets HWDATA when told that a beat's address was accepted, and takes read data when told
 * that a beat's data phase is done.
 *
 * A step of the owner calls, in this order: ahb_master_edge(); reactions to what it tells, among
 * them ahb_master_queue(); ahb_master_drive().
 *
 * Timing and rules: traces/golden/ahb/README.md "Exact rules for a replay", 13 to 20; every one is
 * held by the 368 golden traces.
 *
 *   row        T0-1    T0      T0+1
 *   HBUSREQ    ____/-------------\__   rises in T0, the row in which the command opens
 *   HGRANT     ________/---------...   combinational arbiter, bus free
 *   address            .....<first beat>
 */
#ifndef DMASIM_AHB_MASTER_H
#define DMASIM_AHB_MASTER_H

#include "bus/ahb/ahb.h"

#define AHB_QUEUE 4 /* commands waiting or unfinished; power of two */

/* When HBUSREQ falls. */
enum ahb_drop {
    AHB_DROP_LAST_SHOWN,    /* in the cycle in which the last beat's address appears */
    AHB_DROP_FIRST_SHOWN,   /* with the first beat of a fixed-length burst */
    AHB_DROP_LAST_ACCEPTED, /* after the last beat's address was accepted */
};

struct ahb_command {
    uint32_t haddr; /* of beat 0; aligned to the size */
    uint16_t beats; /* 1 .. 65535; must be that of the burst if it is fixed */
    uint16_t busy;  /* bit n: one BUSY cycle before beat n */
    uint32_t delay; /* cycles between the end of the command before and the opening of this */
    uint32_t tag;   /* the owner's */
    uint8_t hwrite, hsize, hburst, hprot;
    bool lock;
    bool run;           /* nobody watches the owner: the burst may pass as a run */
    bool fixed_address; /* every beat at haddr: each is sent NONSEQ, HBURST SINGLE */
    uint8_t drop;       /* enum ahb_drop */
};

/* What one edge told. Beats count from 0; a beat may be accepted again after RETRY. */
struct ahb_events {
    bool accepted; /* an address was accepted: set HWDATA for it */
    bool done;     /* a data phase ended with OKAY: hrdata is good if it was a read */
    bool failed;   /* ERROR: the command is abandoned, beats from done_beat on did not happen */
    bool last;     /* with done: it was the last beat of its command */
    uint16_t accepted_beat, done_beat;
    uint32_t accepted_tag, done_tag;
    uint32_t done_haddr;
    const struct ahb_data *hrdata;
};

struct ahb_master {
    struct ahb_bus *bus;
    struct unit *unit;
    uint8_t index;

    struct ahb_command queue[AHB_QUEUE];
    uint8_t head;   /* oldest command with a data phase to come */
    uint8_t count;  /* commands in the queue */
    uint8_t cursor; /* commands, from head, all of whose addresses were accepted */

    /* The command at the cursor. */
    uint32_t address; /* of `beat` */
    uint32_t wrap;    /* bytes after which it wraps, 0 if it does not */
    bool crosses_kib; /* incrementing over 1 KiB: sent as INCR */
    uint16_t beat;    /* next beat to be accepted */

    uint16_t data_beat;
    bool data;       /* a data phase of ours is running */
    bool shown;      /* `beat` is on the address bus */
    bool busy_shown; /* a BUSY is, in front of `beat` */
    bool broken;     /* the burst was broken and is being rebuilt as INCR */
    bool resume;     /* the next beat must be NONSEQ, without BUSY */
    bool driving;    /* HBUSREQ, HLOCK or HTRANS is up */
    bool hold; /* set by the owner: HBUSREQ and HLOCK stay up, whatever the queue wants; then */
    bool kept_bus, kept_lock;    /* these are up by that alone */
    bool promises;               /* its beats may pass as a run */
    uint16_t run_next, run_left; /* beats of a run not yet told: the next, and how many */
    sim_cycle run_end;           /* nothing is driven before */
    sim_cycle opens;             /* row in which the command at the cursor opens */
    sim_cycle free_at;           /* row after the end of the command before: earliest opening */
};

/* For owners that repeat (kernel/repeat.h): HWDATA is theirs, `delay` of their commands AHB_DELAY_MAX at most. */
#define AHB_DELAY_MAX 1024
extern const struct state_table ahb_master_state;

/* Joins the bus as a master; unit is the owner's, already in the kernel. -1 if the bus is full. */
int ahb_master_join(struct ahb_master *self, struct ahb_bus *bus, struct unit *unit,
                    const char *name);

/* Takes the edge that ends cycle `now`. */
struct ahb_events ahb_master_edge(struct ahb_master *self, sim_cycle now);

/* A run of this master began at the edge ahb_master_edge() just took: the owner must put the data
 * of a write into run->bytes, first beat first. Null if there is none. */
static inline struct ahb_run *ahb_master_run(struct ahb_master *self, sim_cycle now)
{
    struct ahb_run *run = &self->bus->run;
    return run->start == now && run->master == self->index ? run : NULL;
}

/* Beats of bus->run that are done and were not told yet; none is the last of its command. */
struct ahb_run_part {
    uint16_t first, beats;
    uint32_t tag; /* good if there are any */
};

/* How many those are whose data phases ended in row `upto` or before. */
unsigned ahb_master_behind(const struct ahb_master *self, sim_cycle upto);

/* Those whose data phases ended in row `upto` or before. To be called before ahb_master_edge(), and
 * before anybody looks. */
struct ahb_run_part ahb_master_catch_up(struct ahb_master *self, sim_cycle upto);

/* Queues a command, which opens in row now + 1 or later. False if the queue is full. */
bool ahb_master_queue(struct ahb_master *self, sim_cycle now, const struct ahb_command *command);

static inline bool ahb_master_full(const struct ahb_master *self)
{
    return self->count == AHB_QUEUE;
}

/* True if no command is waiting or unfinished. */
static inline bool ahb_master_idle(const struct ahb_master *self)
{
    return self->count == 0;
}

/* Commands queued that have addresses still to send. */
static inline unsigned ahb_master_unsent(const struct ahb_master *self)
{
    return self->count - self->cursor;
}

/* Data of the beat just accepted, driven from cycle now + 1 on, bytes in their lanes. */
static inline void ahb_master_hwdata(struct ahb_master *self, const struct ahb_data *data)
{
    self->bus->links.master[self->index].hwdata = *data;
}

/* Drives the registers for cycle now + 1. Returns the next cycle at which the owner must step for the
 * engine's sake: a command opens; SIM_NEVER otherwise (the bus wakes it at the edges that matter). */
sim_cycle ahb_master_drive(struct ahb_master *self, sim_cycle now);

/* Puts `value` of 1 << hsize bytes into the lanes that haddr selects, and back. */
struct ahb_data ahb_lanes_put(const struct ahb_bus *bus, uint32_t haddr, unsigned hsize,
                              uint64_t value);
uint64_t ahb_lanes_get(const struct ahb_bus *bus, uint32_t haddr, unsigned hsize,
                       const struct ahb_data *data);

#endif
