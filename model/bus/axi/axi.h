/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi: the signals of an AXI4 or AXI4-Lite interconnect and who writes them.
 *
 * Source: AMBA AXI and ACE Protocol Specification (Arm IHI 0022, issue E: "A3.2" below is its
 * section), parts A and B.
 *
 *      masters (rank 1)               axi_bus (rank 0)               slaves (rank 1)
 *      valid AR AW W   --registered-->   routes, joins   <--registered--   valid R B
 *      ready R B                        VALID and READY                    ready AR AW W
 *           ^                               |  |                             ^
 *           +------- view, zero latency ----+  +---- view, zero latency -----+
 *
 * In step(n) the interconnect settles every wire of cycle n: which channel of which port meets which
 * other, hence VALID and READY as each end sees them, hence the handshakes of the edge that ends the
 * cycle. Masters and slaves then take that edge: they read their view and drive what holds in n+1.
 *
 * What a port drives, READY included, is a function of its state alone (Moore): nothing it drives in
 * cycle n depends on what it sees in cycle n. A core whose READY is a gate of its own registers is of
 * that kind; one whose READY depends on an incoming VALID is not (A3.2.1 advises against it) and has
 * to be written as the register that shows the same handshakes. Only the interconnect is combinational:
 * a slave's READY and the arbitration reach the master in the same cycle, a master's VALID the slave.
 *
 * A bridge is a unit that is a slave here and a master there, so every path through it is cut by its
 * registers, in both directions: at least one cycle each way. A register slice (A3.2, "any channel")
 * is such a cut too: the interconnect's own state behind a port, or a bridge of its own.
 *
 * AXI-Lite is this link with len 0, id 0, whole words (part B). Point to point is an interconnect with
 * one master and one slave.
 *
 * Waking: a port that changed what it drives calls axi_touch() in the same step; the interconnect then
 * settles the next cycle. It steps the ports (unit_wake_now) that have a handshake, or a VALID they
 * watch for before they answer it. In a cycle in which the interconnect did not step nothing changed
 * and nothing is handed over.
 *
 * Payloads are not copied: each channel has two places, the sender fills the one that is not shown and
 * shows it. What lies in the shown place, data bytes included, stays until the handshake and through
 * the step of every unit at its edge (data is read there by the other end, in any order of stepping).
 */
#ifndef DMASIM_AXI_H
#define DMASIM_AXI_H

#include "kernel/kernel.h"
#include "kernel/probe.h"
#include "kernel/repeat.h"
#include "kernel/round.h"
#include "plan/parameter.h"

#define AXI_MASTERS_MAX 16
#define AXI_SLAVES_MAX 16
#define AXI_REGIONS_MAX 32
#define AXI_BYTES_MAX 128 /* a beat: 1024 bits */
#define AXI_BEATS_MAX 256 /* INCR: A3.4.1 */
#define AXI_KIB4 4096u    /* a burst must not cross it: A3.4.1 */

enum axi_channel { AXI_AR, AXI_R, AXI_AW, AXI_W, AXI_B, AXI_CHANNELS };

/* Masks of channels. */
enum {
    AXI_BIT_AR = 1 << AXI_AR,
    AXI_BIT_R = 1 << AXI_R,
    AXI_BIT_AW = 1 << AXI_AW,
    AXI_BIT_W = 1 << AXI_W,
    AXI_BIT_B = 1 << AXI_B,
    AXI_READS = AXI_BIT_AR | AXI_BIT_R,
    AXI_WRITES = AXI_BIT_AW | AXI_BIT_W | AXI_BIT_B,
    AXI_TO_SLAVE = AXI_BIT_AR | AXI_BIT_AW | AXI_BIT_W, /* channels whose VALID a master drives */
    AXI_TO_MASTER = AXI_BIT_R | AXI_BIT_B,
};

enum axi_burst { AXI_FIXED, AXI_INCR, AXI_WRAP };
enum axi_resp { AXI_OKAY, AXI_EXOKAY, AXI_SLVERR, AXI_DECERR };

/* ---- payloads -------------------------------------------------------------------------------- */

/* AR and AW. */
struct axi_address {
    uint64_t addr;
    uint32_t id;  /* a master's: 24 bits at most; see axi_id_master() */
    uint8_t len;  /* beats - 1 */
    uint8_t size; /* log2 of the bytes of a beat */
    uint8_t burst;
    uint8_t prot, cache, qos, lock;
};

/* W. Data: width_bits / 8 bytes, each in the lane its address selects, lane 0 first. */
struct axi_write {
    const uint8_t *data;
    uint64_t strb[2]; /* bit i for lane i, low lanes first */
    uint8_t last;
    uint8_t train;       /* beats of the same burst that went by before this one, see axi_train */
    const uint8_t *from; /* while observed: the plain memory `data` is a copy of; null: not known */
};

/* R. */
struct axi_read {
    const uint8_t *data;
    uint32_t id;
    uint8_t resp, last;
    uint8_t train;       /* as in struct axi_write */
    const uint8_t *from; /* the same; of the beat that is shown */
};

/* B. */
struct axi_response {
    uint32_t id;
    uint8_t resp;
};

/* On its way to a slave that several masters share an id gets its master's index in the top byte; the
 * interconnect takes it off on the way back. */
#define AXI_ID_BITS 24

static inline uint32_t axi_id_master(uint32_t id)
{
    return id >> AXI_ID_BITS;
}

/* ---- ports ----------------------------------------------------------------------------------- */

/* What a port sees in cycle `cycle`, written by the interconnect. VALID and READY are levels, which
 * also hold in later cycles in which the interconnect did not step; `fire` holds in `cycle` only, see
 * axi_fires(). A payload is there while its VALID is 1. A port's own channels are in it too: READY as
 * the other end, or the arbiter, gives it. */
struct axi_view {
    sim_cycle cycle;
    union {
        struct {
            uint8_t valid, ready; /* masks of channels */
            uint8_t fire;         /* valid & ready: handed over at the edge that ends the cycle */
        };
        uint32_t levels; /* the same as one word (little endian) */
    };
    const struct axi_address *ar, *aw;
    const struct axi_write *w;
    const struct axi_read *r;
    const struct axi_response *b;
};

/*
 * A burst in closed form. When nobody observes, and the other end's READY is sure to stay 1 (`steady`),
 * the sender may keep quiet about all beats but the last: beat i is handed over in cycle first + i, but
 * only the last one is shown, with `train` = its number. Its data pointer is that of the last beat; those
 * of the beats before lie in front of it, beat after beat, whole beats with all strobes.
 *
 *   cycle   first  +1  +2  +3          as it is     as it is shown
 *   WVALID  --------------------       4 beats      _______________-----   train = 3
 *
 * The sender also says so in its port from the beginning, for whoever looks in between (the receiver of W,
 * axi_counts.h); one train of W stays there until the one after the next begins, one of R until the next.
 */
struct axi_train {
    sim_cycle first;
    uint32_t beats;      /* 0: none */
    const uint8_t *data; /* W */
    uint32_t id;         /* R */
};

#define AXI_TRAIN_BEATS_MIN 4

/* What lies behind a slave port whose every access is plain memory, for bytes that are moved in closed
 * form (kernel/repeat.h). */
struct axi_direct {
    uint8_t *const *bytes; /* where the memory keeps them: they may become the caller's */
    uint64_t base, size_bytes;
    uint8_t *next;     /* where the next beat of W goes, as far as beats are stored */
    const void *mover; /* who moves bytes; the slave's visit() that tells sets it back to null */
};

struct axi_bus;

struct axi_port {
    /* Driven by the port's unit, in its step only: holds from the next cycle on. */
    union {
        struct {
            uint8_t valid, ready; /* of the channels this end drives */
            uint8_t shown;        /* bit of a channel: which of the two places */
            uint8_t watch;        /* channels whose incoming VALID steps the unit without READY */
        };
        uint32_t drive; /* the same as one word (little endian) */
    };
    struct axi_address ar[2], aw[2];
    struct axi_write w[2];
    struct axi_read r[2];
    struct axi_response b[2];
    struct axi_train w_train[2]; /* the latest two, in turn */

    /* Written by the interconnect. */
    struct axi_view view;

    /* Set while building. */
    struct axi_bus *bus;
    struct unit *unit;
    const char *name;
    uint8_t index;    /* among the masters, or the slaves, of the bus */
    uint8_t channels; /* AXI_READS, AXI_WRITES or both */
    uint8_t steady; /* by the unit: channels whose READY, once 1 at a burst's first beat, stays 1 */
    uint8_t trains; /* by the interconnect: channels that the port may send as trains */
    const struct axi_port *writer; /* in a pair: who sends W, */
    const struct axi_port *reader; /* and of a master's port, who sends R */
    struct axi_counts *counts;     /* of a master's */
    /* By a slave's unit; in a pair the master has it too. Null: not plain memory. */
    struct axi_direct *direct;
    bool master;
    struct axi_train r_train; /* driven too: the latest */

    struct probe row_probe;        /* PROBE_SETTLED "axi_row" */
    struct probe event_probe;      /* PROBE_EVENT "axi_event" */
    uint8_t was_valid;             /* these two only while a probe is observed */
    sim_cycle since[AXI_CHANNELS]; /* first cycle of VALID of what is shown */
};

/* Handshakes of this port at this edge, a mask of channels. */
static inline uint8_t axi_fires(const struct axi_port *port, sim_cycle now)
{
    return port->view.cycle == now ? port->view.fire : 0;
}

/* What a port drives is kept and changed as one word: the interconnect reads it as one. */
enum { AXI_VALID = 0, AXI_READY = 8, AXI_SHOWN = 16 }; /* where the masks lie in it */

static inline void axi_raise_ready(struct axi_port *port, uint32_t channels)
{
    port->drive |= channels << AXI_READY;
}

static inline void axi_lower_ready(struct axi_port *port, uint32_t channels)
{
    port->drive &= ~(channels << AXI_READY);
}

/* READY of these channels and of no others of the mask. */
static inline void axi_set_ready(struct axi_port *port, uint32_t channels, uint32_t mask)
{
    port->drive = (port->drive & ~(mask << AXI_READY)) | (channels & mask) << AXI_READY;
}

static inline void axi_lower_valid(struct axi_port *port, uint32_t channels)
{
    port->drive &= ~channels;
}

/* Raises VALID over the place that was hidden; that place. */
static inline unsigned axi_show(struct axi_port *port, enum axi_channel channel)
{
    const uint32_t bit = UINT32_C(1) << channel;
    const uint32_t drive = (port->drive ^ bit << AXI_SHOWN) | bit;
    port->drive = drive;
    return drive >> (AXI_SHOWN + (unsigned)channel) & 1;
}

/* Show a new payload: the caller fills what is returned and calls axi_touch(). */
static inline struct axi_address *axi_show_ar(struct axi_port *port)
{
    return &port->ar[axi_show(port, AXI_AR)];
}

static inline struct axi_address *axi_show_aw(struct axi_port *port)
{
    return &port->aw[axi_show(port, AXI_AW)];
}

static inline struct axi_write *axi_show_w(struct axi_port *port)
{
    return &port->w[axi_show(port, AXI_W)];
}

static inline struct axi_read *axi_show_r(struct axi_port *port)
{
    return &port->r[axi_show(port, AXI_R)];
}

static inline struct axi_response *axi_show_b(struct axi_port *port)
{
    return &port->b[axi_show(port, AXI_B)];
}

/* May the port send trains on this channel? */
static inline bool axi_may_train(const struct axi_port *port, uint8_t channel)
{
    const struct kernel *kernel = port->unit->clock->kernel;
    return port->trains & channel && !kernel->observed && !(kernel->flags & KERNEL_NO_CLOSED);
}

/* ---- the interconnect ------------------------------------------------------------------------ */

struct axi_region {
    uint64_t base;
    uint64_t last; /* inclusive */
    struct axi_port *slave;
};

enum axi_policy { AXI_ROUND_ROBIN, AXI_PRIORITY, AXI_WEIGHTED };
enum axi_grant { AXI_COMBINATIONAL, AXI_REGISTERED };

struct axi_weight {
    const char *master;
    uint32_t grants; /* in a row */
};

/* Register slices between a port and the crossbar. */
struct axi_slice_config {
    const char *port;
    bool channels[AXI_CHANNELS];
};

/* What stands between ports that are no pair: axi_crossbar.c. All 0 is good. */
struct axi_crossbar_config {
    uint8_t policy, grant;         /* of the arbiters of AR and AW at each slave */
    bool always;                   /* also between one master and one slave */
    uint32_t outstanding;          /* bursts of a master in each direction; 0: 16 */
    struct parameter_list weights; /* AXI_WEIGHTED: struct axi_weight; a master not listed has 1 */
    struct parameter_list slices;  /* struct axi_slice_config */
};

extern const struct parameter axi_crossbar_parameters[];

struct axi_bus_config {
    uint16_t clock;      /* index; used through the component table only */
    uint32_t width_bits; /* 32 .. 1024, of every port */
    bool lite;           /* AXI4-Lite: no bursts, no ids; for traces and checks */
    struct axi_crossbar_config crossbar;
    bool coherent; /* with the cache of a CPU on it: all its masters are, */
    struct parameter_list coherent_masters; /* or these; const char * */
};

/* Channels that only ever join one master and one slave, so that no decoder stands between them: every
 * address goes there, and the slave answers DECERR to what it does not have. */
struct axi_pair {
    struct axi_port *master, *slave;
    uint8_t channels;
};

struct axi_bus {
    struct unit unit;
    const char *name;
    uint32_t width_bits, width_bytes;
    struct axi_bus_config config;

    /* Link from the ports: the cycle the interconnect will settle next, as far as is known. */
    sim_cycle due;

    struct axi_pair pairs[2 * AXI_SLAVES_MAX];
    uint32_t pair_count;
    struct axi_port *masters[AXI_MASTERS_MAX];
    struct axi_port *slaves[AXI_SLAVES_MAX];
    struct axi_region regions[AXI_REGIONS_MAX];
    uint32_t master_count, slave_count, region_count;
    struct axi_crossbar *crossbar;         /* what is not in pairs; null if all is */
    uint8_t crossing;                      /* channels that go through it */
    struct axi_monitor *monitors;          /* of the masters, for beat_probe */
    struct probe beat_probe;               /* struct bus_beat_record (records.h), of every master */
    bool watched;                          /* some port watches: VALID is looked at as a level */
    const struct probe_type *row_types[4]; /* by channels: none, reads, writes, both */
    const struct probe_type *event_type;
};

/* Says, in step(now), that what this port drives differs in now+1. */
static inline void axi_touch(const struct axi_port *port, sim_cycle now)
{
    struct axi_bus *bus = port->bus;
    if (bus->due != now + 1) {
        bus->due = now + 1;
        unit_wake(&bus->unit);
    }
}

/* As axi_touch(), for a VALID or READY that only fell: nothing can be handed over because of it, so the
 * interconnect need not look unless somebody else does. */
static inline void axi_fell(const struct axi_port *port, sim_cycle now)
{
    const struct axi_bus *bus = port->bus;
    if (bus->watched || bus->unit.clock->kernel->observed)
        axi_touch(port, now);
}

/* The port drove `before` until now: tells the interconnect what it has to know. */
static inline void axi_drove(const struct axi_port *port, uint32_t before, sim_cycle now)
{
    if (port->drive == before)
        return;
    if (port->drive & ~before || (port->drive ^ before) >> AXI_SHOWN)
        axi_touch(port, now);
    else
        axi_fell(port, now);
}

/* Builds an interconnect in the kernel's arena; null if memory is short. name and config are kept. */
struct axi_bus *axi_bus_create(struct kernel *kernel, const char *name, struct clock *clock,
                               const struct axi_bus_config *config);

/* Joins a master or slave; its unit must be in the kernel already. A port has the channels of AXI_READS,
 * AXI_WRITES or both; what it drives at first is in valid and ready (0). Null if the bus is full or
 * memory is short. */
struct axi_port *axi_bus_add_master(struct axi_bus *self, struct unit *unit, const char *name,
                                    uint8_t channels);
struct axi_port *axi_bus_add_slave(struct axi_bus *self, struct unit *unit, const char *name,
                                   uint8_t channels);

/* Gives [base, base + bytes) to a slave. DMASIM_INVALID if it overlaps. */
int axi_bus_map(struct axi_bus *self, struct axi_port *slave, uint64_t base, uint64_t bytes);

/* Ends the building of a bus once every port has joined. DMASIM_OK, DMASIM_MEMORY, or DMASIM_INVALID if
 * the configuration names a port that did not join. */
int axi_bus_complete(struct axi_bus *self);

/* ---- what repeats: axi_repeat.c -------------------------------------------------------------- */

extern const struct repeat_hooks axi_bus_repeat;
extern const struct round_hooks axi_bus_round;
extern const struct state_table axi_bus_state, axi_address_state, axi_write_state;

/* ---- addresses ------------------------------------------------------------------------------- */

/* Address of beat `beat` of a burst (A3.4.1); that of beat 0 may be unaligned. */
static inline uint64_t axi_beat_address(const struct axi_address *ax, unsigned beat)
{
    uint64_t bytes = UINT64_C(1) << ax->size;
    if (ax->burst == AXI_FIXED || beat == 0)
        return ax->addr;
    uint64_t aligned = ax->addr & ~(bytes - 1);
    if (ax->burst == AXI_INCR)
        return aligned + beat * bytes;
    uint64_t wrap = bytes * (ax->len + 1u);
    return (aligned & ~(wrap - 1)) | ((aligned + beat * bytes) & (wrap - 1));
}

/* Lane of the byte at an address (A3.4.3). */
static inline uint32_t axi_lane(const struct axi_bus *bus, uint64_t addr)
{
    return (uint32_t)addr & (bus->width_bytes - 1);
}

/* Strobes of `count` lanes, 1 or more, from `lane` on. */
static inline void axi_strobes(uint32_t lane, uint32_t count, uint64_t strb[2])
{
    if (lane + count <= 64) {
        strb[0] = UINT64_MAX >> (64 - count) << lane;
        strb[1] = 0;
        return;
    }
    for (unsigned i = 0; i < 2; i++) {
        const uint32_t base = 64 * i;
        const uint32_t first = lane > base ? lane - base : 0;
        const uint32_t end = lane + count > base ? lane + count - base : 0;
        strb[i] = first < 64 && end > first
                      ? UINT64_MAX << first & UINT64_MAX >> (end < 64 ? 64 - end : 0)
                      : 0;
    }
}

/* ---- records --------------------------------------------------------------------------------- */

/* Every wire of one port in one cycle (PROBE_SETTLED "axi_row"); the type of a port has the fields of
 * its channels only. Payload fields are 0 while VALID is 0: a trace should not depend on what lies in a
 * place that nobody shows. */
struct axi_row {
    uint8_t arvalid, arready, arlen, arsize, arburst, arprot, arcache, arqos;
    uint64_t araddr;
    uint32_t arid;
    uint8_t rvalid, rready, rresp, rlast;
    uint32_t rid;
    uint8_t awvalid, awready, awlen, awsize, awburst, awprot, awcache, awqos;
    uint32_t awid;
    uint64_t awaddr;
    uint64_t wstrb[2];
    uint8_t wvalid, wready, wlast, bvalid, bready, bresp;
    uint32_t bid;
    _Alignas(8) uint8_t data[2 * AXI_BYTES_MAX]; /* RDATA, then WDATA, each as wide as the bus */
    const uint8_t *r_from, *w_from; /* their origins (kernel/probe.h); not in record_bytes */
};

/* A handshake (PROBE_EVENT "axi_event"), published at both ends in the order of enum axi_channel. */
struct axi_event {
    sim_cycle cycle, valid_since; /* the edge; first cycle of VALID of this payload */
    const char *port;
    uint64_t addr;       /* AR AW */
    uint64_t strb[2];    /* W */
    const uint8_t *data; /* R W; null elsewhere */
    uint32_t id;
    uint8_t channel;          /* enum axi_channel */
    uint8_t len, size, burst; /* AR AW */
    uint8_t last;             /* R W */
    uint8_t resp;             /* R B */
};

#endif
