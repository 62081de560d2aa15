/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ahb: the signals of an AMBA 2 AHB and who writes them.
 *
 * Source: AMBA Specification rev 2.0 (Arm IHI 0011A), chapter 3; where it leaves a choice, the
 * arbiter's parameters (struct ahb_arbiter_config) name it.
 *
 *      masters (rank 1)                bus (rank 0)                 slaves (rank 1)
 *      ahb_master_out  --registered-->  settles the row  <--registered--  ahb_slave_out
 *           ^                               |  row, accepted                  ^
 *           +---------- zero latency -------+---------- zero latency ---------+
 *
 * In step(n) the bus settles every wire of cycle n (struct ahb_row: what a flip-flop samples at the
 * edge that ends the cycle). Masters and slaves then take that edge: they read the row and write
 * their own registers for cycle n+1.
 */
#ifndef DMASIM_AHB_H
#define DMASIM_AHB_H

#include "kernel/kernel.h"
#include "kernel/probe.h"
#include "kernel/repeat.h"
#include "kernel/round.h"
#include "plan/parameter.h"

#define AHB_MASTERS_MAX 16 /* IHI 0011A 3.11 */
#define AHB_SLAVES_MAX 16
#define AHB_KIB 1024u /* a burst must not cross it: IHI 0011A 3.5 */

enum ahb_trans { AHB_IDLE, AHB_BUSY, AHB_NONSEQ, AHB_SEQ };

enum ahb_burst {
    AHB_SINGLE,
    AHB_INCR,
    AHB_WRAP4,
    AHB_INCR4,
    AHB_WRAP8,
    AHB_INCR8,
    AHB_WRAP16,
    AHB_INCR16,
};

enum ahb_resp { AHB_OKAY, AHB_ERROR, AHB_RETRY, AHB_SPLIT };

/* Beats of a fixed-length burst, 1 for SINGLE, 0 for INCR. */
static inline unsigned ahb_burst_beats(enum ahb_burst burst)
{
    static const uint8_t beats[] = {1, 0, 4, 4, 8, 8, 16, 16};
    return beats[burst];
}

/* The incrementing burst of so many beats: of fixed length where there is one, else INCR. */
static inline enum ahb_burst ahb_burst_of(uint32_t beats)
{
    switch (beats) {
    case 1:
        return AHB_SINGLE;
    case 4:
        return AHB_INCR4;
    case 8:
        return AHB_INCR8;
    case 16:
        return AHB_INCR16;
    default:
        return AHB_INCR;
    }
}

static inline bool ahb_burst_wraps(enum ahb_burst burst)
{
    return burst >= AHB_WRAP4 && burst % 2 == 0;
}

/* Data of one beat, each byte in the lane its address selects (little endian), low lanes first. */
struct ahb_data {
    uint64_t lane[2];
};

/* What an address phase says, also as one word to copy and compare. HPROT is apart: nothing acts on
 * it. */
#define AHB_ADDRESS_PHASE                                                                          \
    union {                                                                                        \
        struct {                                                                                   \
            uint32_t haddr;                                                                        \
            uint8_t htrans, hburst, hwrite, hsize;                                                 \
        };                                                                                         \
        uint64_t address_phase;                                                                    \
    }

/* Registers of one master, valid in cycle n+1 once written in step(n). HBUSREQ and HLOCK are bits of
 * struct ahb_bus.links, beside these. */
struct ahb_master_out {
    AHB_ADDRESS_PHASE;
    uint8_t hprot;
    uint16_t promise; /* SEQ beats sure to follow this one; HBUSREQ can fall with the last */
    struct ahb_data hwdata;
};

/* Registers of one slave: the answer to the address phase it accepted last. HREADY is low before
 * cycle ready_at; a response other than OKAY shows from ready_at - 1 on (two cycles). */
struct ahb_slave_out {
    sim_cycle ready_at; /* SIM_NEVER, with OKAY: not known yet */
    enum ahb_resp hresp;
    struct ahb_data hrdata;
};

/* Every wire of the bus in one cycle; vectors have bit i for master i. */
struct ahb_row {
    uint32_t hbusreq, hlock, hgrant;
    uint32_t hsplit; /* always 0: no SPLIT */
    AHB_ADDRESS_PHASE;
    uint8_t hmaster, hmastlock, hready, hresp;
    struct ahb_data hwdata, hrdata;
};

/* What one master drives and gets, for the per-master scopes of a trace. */
struct ahb_master_row {
    AHB_ADDRESS_PHASE;
    uint8_t hbusreq, hlock, hgrant, hprot;
    struct ahb_data hwdata;
};

/* A completed data phase (PROBE_EVENT "ahb_beat"): OKAY, or the second cycle of another response. */
struct ahb_beat {
    sim_cycle address_cycle; /* in which the address was accepted */
    sim_cycle data_cycle;    /* in which the data phase ended */
    sim_time time_ps;        /* of data_cycle */
    const char *master, *slave;
    uint32_t haddr;
    uint8_t master_index, htrans, hburst, hwrite, hsize, hprot, hmastlock, hresp;
    struct ahb_data data;
};

enum ahb_policy { AHB_FIXED, AHB_ROUND_ROBIN, AHB_WEIGHTED, AHB_FAIR_MASK };
enum ahb_order { AHB_HIGHEST_FIRST, AHB_LOWEST_FIRST };
enum ahb_grant { AHB_COMBINATIONAL, AHB_REGISTERED };
enum ahb_rearbitrate {
    AHB_AT_BURST_END, /* at IDLE, SINGLE, INCR with HBUSREQ low, and see count_beats */
    AHB_AT_RELEASE,   /* when the granted master's HBUSREQ is low */
    AHB_AT_ANY_BEAT,  /* at every beat outside a fixed-length burst, and at its end */
};
enum ahb_park { AHB_PARK_DEFAULT, AHB_PARK_LAST, AHB_PARK_NOBODY };

struct ahb_weight {
    const char *master;
    uint32_t grants; /* in a row */
};

/* Masters are named as they join; a name null or unknown means what the comment says. */
struct ahb_arbiter_config {
    uint8_t policy, order, grant, rearbitrate, park;
    bool count_beats;              /* also rearbitrate on the last beat of a fixed-length burst */
    bool ignore_lock;              /* HLOCK does not hold the grant */
    const char *default_master;    /* null: master 0 */
    const char *ahead;             /* master with priority over the ring; null: none */
    uint32_t max_hold_cycles;      /* others waiting: ownership ends after so many; 0 = no limit */
    uint32_t starved_after;        /* the log has waits that are longer; 0: none */
    struct parameter_list weights; /* AHB_WEIGHTED: struct ahb_weight; a master not listed has 1 */
};

extern const struct parameter ahb_arbiter_parameters[];

struct ahb_bus_config {
    uint16_t clock;                     /* index; used through the component table only */
    uint32_t width_bits;                /* 8 .. 128 */
    struct parameter_list master_order; /* const char * names: their indices; others follow */
    struct ahb_arbiter_config arbiter;
    bool coherent; /* with the cache of a CPU on it: all its masters are, */
    struct parameter_list coherent_masters; /* or these; const char * */
};

struct ahb_arbiter {
    uint32_t candidate; /* this cycle: who is to have the bus next */
    bool chosen;        /* this cycle: a request was chosen, not a parking place or the holder */
    uint32_t grant;     /* the register, if registered */
    uint32_t mask;      /* AHB_FAIR_MASK: served masters */
    uint8_t counter;    /* beats of the running fixed burst */
    uint8_t holder;     /* AHB_WEIGHTED: whose slots run, and how many are used */
    uint32_t used;
    uint8_t default_master;
    uint8_t ahead; /* AHB_MASTERS_MAX if none */
    uint32_t weight[AHB_MASTERS_MAX];
    sim_cycle since; /* first cycle of this ownership */
};

/* An address phase accepted in cycle `view`, as the selected slave sees it. */
struct ahb_access {
    AHB_ADDRESS_PHASE;
    uint8_t hmaster, hprot, hmastlock;
};

/*
 * The middle of a burst in closed form. Nobody watches the wires, the owner keeps the grant, and
 * the slave's wait states are constant: so bus, master and slave sleep through it.
 *
 *   row          start        first_done   +period ...            end
 *   accepted     A[0]         A[1]         A[2]                   A[beats]
 *   data done                 D[0]         D[1]                   D[beats - 1]
 *
 * In row `end` all is as if every row had been stepped. Data of beats 0 .. beats - 1 lie in the
 * link, byte after byte: those of a read put there by the slave in step(start), of a write by the
 * master. Whoever looks at the master or the slave in between first brings it up to date, beat by
 * beat.
 */
#define AHB_RUN_BEATS 16
#define AHB_RUN_BEATS_MIN 3 /* fewer are not worth it */

struct ahb_run {
    sim_cycle start, first_done, end; /* start is SIM_NEVER if there is none */
    uint32_t period;
    uint16_t beats;
    uint32_t haddr; /* of beat 0 */
    uint8_t hsize, hwrite, master;
    uint8_t htrans; /* of beat 0 */
    int8_t slave;
    uint8_t bytes[AHB_RUN_BEATS * sizeof(struct ahb_data)];
};

/* Address of a beat of a run. */
static inline uint32_t ahb_run_address(const struct ahb_run *self, unsigned beat)
{
    return self->haddr + ((uint32_t)beat << self->hsize);
}

/* The row in which a beat's data phase ends. */
static inline sim_cycle ahb_run_done(const struct ahb_run *self, unsigned beat)
{
    return self->first_done + (sim_cycle)beat * self->period;
}

/* Beats whose data phases ended in row `upto` or before. */
static inline unsigned ahb_run_progress(const struct ahb_run *self, sim_cycle upto)
{
    if (upto >= self->end)
        return self->beats;
    return upto < self->first_done ? 0 : 1 + (unsigned)((upto - self->first_done) / self->period);
}

struct ahb_region {
    uint32_t base;
    uint32_t last; /* inclusive */
    uint8_t slave;
};

/* What lies behind a slave that is plain memory, for bytes that are moved in closed form (kernel/repeat.h):
 * by one master, which has put itself down before it does. */
struct ahb_direct {
    uint8_t *const *bytes; /* where the memory keeps them: they may become the caller's */
    uint64_t base, size_bytes;
    const void *mover; /* the slave's visit() that tells sets it back to null */
};

struct ahb_port {
    const char *name;
    struct unit *unit;
    bool runs;                 /* slaves: every access gets OKAY after these wait states */
    uint32_t wait[2][2];       /* [write][SEQ] */
    struct ahb_direct *direct; /* slaves: null if it is no plain memory */
    struct probe probe;        /* masters: struct ahb_master_row */
};

/* See ahb_counts.h. */
struct ahb_master_counts {
    uint64_t data_cycles, wait_cycles, grant_wait_cycles, back_pressure_cycles, arbitration_losses;
    uint64_t bytes, errors, retries, bursts, bursts_broken;
    uint32_t burst_left; /* beats that a burst of fixed length still owes */
    sim_cycle asked; /* row since which it asks while another has the bus; SIM_NEVER: it does not */
    uint64_t longest_wait;  /* of such rows in a row, */
    sim_cycle longest_from; /* and their first */
};

struct ahb_counts {
    uint32_t ask, lose;     /* bit i: master i asks while another has the bus; and has no HGRANT */
    sim_cycle since;        /* row from which that holds */
    uint64_t accepted;      /* addresses, in rows that were stepped */
    uint64_t accepted_then; /* before row `since` */
    sim_cycle waited;       /* wait states of rows before are counted */
    uint32_t master_count;  /* of the bus */
    struct ahb_master_counts masters[AHB_MASTERS_MAX];
};

/* What is known of the rows that were published last; bit i for master i. */
struct ahb_published {
    uint32_t hbusreq, hlock, hgrant;
    uint32_t attentive; /* had a command open: its row may have changed since */
};

struct ahb_bus {
    struct unit unit;
    const char *name;
    uint32_t width_bits;
    uint32_t lane_mask; /* width_bits / 8 - 1 */

    /* Links from masters and slaves, each entry written by its owner only. */
    struct {
        uint32_t hbusreq, hlock;
        uint32_t attentive; /* masters to step when an edge concerns them: a command is open */
        struct ahb_master_out master[AHB_MASTERS_MAX];
        struct ahb_slave_out slave[AHB_SLAVES_MAX];
    } links;

    /* Links to masters and slaves, written by the bus in its step, valid in cycle `view`. */
    sim_cycle view;
    struct ahb_row row;
    struct ahb_access accepted;
    int8_t data_master;     /* whose data phase this cycle is, -1 if none */
    int8_t data_slave;      /* likewise; AHB_DEFAULT_SLAVE: the bus itself */
    int8_t accepted_slave;  /* who accepts an address phase at this edge, -1 if nobody */
    struct ahb_access data; /* the transfer in its data phase */
    struct ahb_run run;

    /* Registers. */
    uint8_t hmaster, hmastlock;
    uint8_t hwdata_master;  /* owner of HWDATA */
    int8_t next_data_slave; /* -1 none */
    int8_t next_data_master;
    bool data_fresh;       /* an address phase was accepted at the last edge */
    sim_cycle data_since;  /* cycle in which the address of the running data phase was accepted */
    sim_cycle error_ready; /* the built-in default slave's ready_at */
    struct ahb_arbiter arbiter;
    struct ahb_bus_config config;

    struct ahb_port masters[AHB_MASTERS_MAX];
    struct ahb_port slaves[AHB_SLAVES_MAX];
    struct ahb_region regions[AHB_SLAVES_MAX];
    uint32_t master_count, slave_count, region_count;
    uint32_t last_region; /* that answered last */

    struct ahb_published published;
    struct probe_field *row_fields; /* of row_probe's type */
    struct probe_type *master_type;
    struct probe row_probe;  /* struct ahb_row */
    struct probe beat_probe; /* struct ahb_beat */
    struct ahb_counts counts;
    struct snoop_gate *gates[AHB_MASTERS_MAX]; /* null: not coherent with any cache */
};

struct snoop_gate; /* bus/snoop.h */

#define AHB_DEFAULT_SLAVE INT8_MAX /* answers unmapped and misaligned addresses with ERROR */

/* Name of the master that has the bus in the row settled last; null: it is idle. */
const char *ahb_bus_owner(const struct ahb_bus *self);

/* Builds a bus in the kernel's arena; null if memory is short. name and config are kept. */
struct ahb_bus *ahb_bus_create(struct kernel *kernel, const char *name, struct clock *clock,
                               const struct ahb_bus_config *config);

/* Joins a master or slave; its unit must be in the kernel already. Returns the index on this bus, or
 * -1 if the bus is full. Masters get the index master_order gives them, else the next free one. */
int ahb_bus_add_master(struct ahb_bus *self, struct unit *unit, const char *name);
int ahb_bus_add_slave(struct ahb_bus *self, struct unit *unit, const char *name);

/* Sets the widths of HBUSREQ, HLOCK and HGRANT in traces once every master has joined. */
void ahb_bus_widths(struct ahb_bus *self);

/* Gives [base, base + bytes) to a slave (an index from above). DMASIM_INVALID if it overlaps. */
int ahb_bus_map(struct ahb_bus *self, int slave, uint32_t base, uint64_t bytes);

/* Says that the slave answers every access with OKAY after wait[write][SEQ] wait states, and knows how
 * to handle runs. */
void ahb_bus_slave_runs(struct ahb_bus *self, int slave, uint32_t (*wait)[2]);

/* Says that the slave is plain memory. */
void ahb_bus_slave_direct(struct ahb_bus *self, int slave, struct ahb_direct *direct);

/* ---- what repeats: ahb_repeat.c ------------------------------------------------------------- */

extern const struct repeat_hooks ahb_bus_repeat;
extern const struct round_hooks ahb_bus_round;
extern const struct state_table ahb_bus_state;

/* The plain memory in which all these addresses lie; null if there is none. */
struct ahb_direct *ahb_bus_direct(const struct ahb_bus *self, uint32_t first, uint64_t bytes);

/* ---- for slaves ---------------------------------------------------------------------------- */

/* True if an address phase for `slave` is accepted at this edge; *access is it. The slave must call
 * ahb_slave_respond in the same step. */
static inline bool ahb_slave_address(const struct ahb_bus *bus, int slave, sim_cycle now,
                                     const struct ahb_access **access)
{
    if (bus->view != now || bus->accepted_slave != slave)
        return false;
    *access = &bus->accepted;
    return true;
}

/* True if a data phase of `slave` ends at this edge with OKAY; *access is the transfer and, for a
 * write, *hwdata its data (bytes in their lanes). */
static inline bool ahb_slave_data(const struct ahb_bus *bus, int slave, sim_cycle now,
                                  const struct ahb_access **access, const struct ahb_data **hwdata)
{
    if (bus->view != now || bus->data_slave != slave || !bus->row.hready ||
        bus->row.hresp != AHB_OKAY)
        return false;
    *access = &bus->data;
    *hwdata = &bus->row.hwdata;
    return true;
}

/* Answers the address phase accepted at edge `now`: wait_cycles cycles of HREADY low, then the
 * response (one more low cycle before it if not OKAY). hrdata (may be null) shows from now+1 on. */
static inline void ahb_slave_respond(struct ahb_bus *bus, int slave, sim_cycle now,
                                     uint32_t wait_cycles, enum ahb_resp hresp,
                                     const struct ahb_data *hrdata)
{
    struct ahb_slave_out *out = &bus->links.slave[slave];
    out->ready_at = now + 1 + wait_cycles + (hresp != AHB_OKAY);
    out->hresp = hresp;
    out->hrdata = hrdata ? *hrdata : (struct ahb_data){{0, 0}};
}

/* Answers the address phase accepted at this edge with HREADY low until ahb_slave_end_wait(). */
static inline void ahb_slave_wait(struct ahb_bus *bus, int slave)
{
    bus->links.slave[slave] = (struct ahb_slave_out){.ready_at = SIM_NEVER};
}

/* Ends it as if in a step at edge `now`, at or after the one that accepted the address: the data phase ends
 * in cycle now + 1 with OKAY, in now + 2 with another response. */
static inline void ahb_slave_end_wait(struct ahb_bus *bus, int slave, sim_cycle now,
                                      enum ahb_resp hresp, const struct ahb_data *hrdata)
{
    ahb_slave_respond(bus, slave, now, 0, hresp, hrdata);
    unit_wake(&bus->unit);
}

/* The run whose first address phase `slave` accepts at this edge, null if it is no run. The slave
 * answers with ahb_slave_respond_run, for a read after filling run->bytes. */
static inline struct ahb_run *ahb_slave_run(struct ahb_bus *bus, int slave, sim_cycle now)
{
    return bus->run.start == now && bus->run.slave == slave ? &bus->run : NULL;
}

/* hrdata is that of the last beat; null for a write. */
static inline void ahb_slave_respond_run(struct ahb_bus *bus, int slave,
                                         const struct ahb_data *hrdata)
{
    struct ahb_slave_out *out = &bus->links.slave[slave];
    out->ready_at = bus->run.end;
    out->hresp = AHB_OKAY;
    out->hrdata = hrdata ? *hrdata : (struct ahb_data){{0, 0}};
}

#endif
