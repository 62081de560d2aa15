/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi_master: the bus side of a master on AXI4 or AXI4-Lite, embedded in the unit that owns it.
 *
 * Source: AMBA AXI and ACE Protocol Specification (Arm IHI 0022, issue E).
 *
 * The owner queues commands of any length; the engine makes bursts of them, with as many under way as it may
 * have, matches R and B to them by their ids, and tells the owner about each beat and about the end of each
 * command. The owner keeps the data: it is asked for those of a beat of W when the beat can be shown, and
 * takes those of a beat of R when it is handed over.
 *
 * A step of the owner calls, in this order: axi_master_edge(); reactions to what it tells, among them
 * axi_master_queue(); axi_master_drive().
 *
 *   cycle      n      n+1    n+2    n+3             queued in step n, a slave that answers in the next cycle
 *   AR                A ^                            or
 *   R                        0 ^    1 ^              told in step n+2, n+3 (done)
 *
 *   AW                A ^
 *   W                 0 ^    1 ^                     give() in steps n, n+1
 *   B                               ^                done in step n+3
 *
 * Timing
 *   Every output is a register: what drive() decides in step n holds from n+1 on. A burst's AR or AW shows in
 * the cycle after the engine has room for it and the AR or AW before was handed over, so one a cycle; its
 * first W with its AW, if all W before have been handed over and give() has the data. READY of R and B is
 * 1 in the cycles of `parked`, else from the cycle on in which a burst of its direction shows until the last
 * R or the B of all of them.
 *
 * Rules
 *   - A burst ends at 4 KiB, after burst_beats, after 256 beats of INCR, 16 of FIXED (A3.4.1), and on AXI4-Lite
 *     after each beat (B1.1.1). WRAP is one burst, never split.
 *   - Bursts of one direction begin in the order of the commands; W in the order of AW (A5.3).
 *   - VALID never waits for READY (A3.2.1), and W waits for nothing but its own AW being shown.
 *   - Answers of one id come in order, of several in any, R of several interleaved (A5.3.1): what the engine
 *     tells is in the order of the answers.
 *   - AXI has no order between a read and a write, nor between ids (A5.3): a command with `fence` begins when all
 *     queued before it, of both directions, are done.
 *   - Responses are kept per command: the worst. A command with `stops` begins no burst after an error;
 *     those that have begun are carried through, as they must be.
 *
 * Trains (struct axi_train): while nobody observes, the rest of a burst of W is sent as one if give() has all of
 * it. R comes as trains if the owner says `r_trains`: it never holds R, and nobody looks at what it does with
 * the data between two beats of one burst.
 *
 * Inaccuracies: R or B of no burst is counted (`strays`) and passed over. Beats of FIXED and WRAP are aligned
 * to their size. No AxREGION, no USER. A burst of INCR is not aligned to anything but its first address.
 */
#ifndef DMASIM_AXI_MASTER_H
#define DMASIM_AXI_MASTER_H

#include "bus/axi/axi.h"

#define AXI_MASTER_COMMANDS 32 /* waiting or unfinished, both directions together */

struct axi_command {
    uint64_t addr;        /* of the first byte; FIXED, WRAP: aligned to the size of a beat */
    uint64_t bytes;       /* 1 or more; FIXED, WRAP: whole beats */
    uint32_t id, tag;     /* tag: the owner's */
    uint16_t burst_beats; /* most in a burst of it; 0: what A3.4.1 allows */
    uint8_t size;         /* log2 of the bytes of a beat */
    uint8_t burst;        /* enum axi_burst */
    uint8_t prot, cache, qos, lock;
    bool write, fence, stops;
};

/* Bytes that a beat moves, or several beats of one burst that follow each other. */
struct axi_beat {
    uint64_t addr;   /* of the first */
    uint64_t offset; /* its number in the command, in the order of transfer */
    uint32_t tag;
    uint32_t bytes;
    uint16_t lane;       /* of the first */
    uint16_t burst_left; /* W: beats of its burst that are to be given, this one among them */
};

/* Data of W. `lanes` is a word of the bus, all 0, and the strobes are those of the beat's bytes. */
struct axi_give {
    uint8_t *lanes;
    const uint8_t *data; /* as struct axi_write has it; at first `lanes` */
    const uint8_t *from; /* the same; null */
    uint64_t strb[2];
};

/* Asked in axi_master_drive() for a beat that can be shown in now + 1. How many beats there are: 0 if the data
 * are not there yet, and then it is asked again whenever the owner steps; 1; or beat->burst_left, if these
 * all lie at give->data, beat behind beat, whole words with all strobes, and stay there until the last is
 * handed over. */
typedef uint32_t axi_master_give(void *owner, const struct axi_beat *beat, struct axi_give *give);

struct axi_master_config {
    uint8_t channels; /* AXI_READS, AXI_WRITES or both */
    uint8_t parked;   /* R, B: READY is 1 though nothing is open */
    bool r_trains;    /* see Trains */
    uint16_t
        outstanding[2]; /* reads, writes: bursts that have begun and have no last R, no B; 0: 1 */
    axi_master_give *give; /* null if it never writes */
    void *owner;
};

/* What one edge told. */
struct axi_events {
    uint8_t fires;  /* handshakes, a mask of channels: what follows is good for those */
    uint8_t done;   /* AXI_BIT_R, AXI_BIT_B: a command ended with it */
    uint8_t r_resp; /* of the beat */
    const struct axi_address *ar, *aw;
    struct axi_beat r;     /* its bytes, at */
    const uint8_t *r_data; /* the lane of the first */
    struct {
        uint32_t tag;
        uint8_t resp;  /* the worst */
        uint64_t good; /* bytes ahead of the first burst that failed; all if none did */
    } read, write;     /* commands that ended */
};

/* ---- state, the engine's --------------------------------------------------------------------- */

struct axi_master_command {
    struct axi_command command;
    uint64_t begun; /* bytes in bursts that have begun */
    uint64_t good;  /* those ahead of the first that failed, as far as is known */
    uint32_t order; /* commands queued before it */
    uint16_t open;  /* bursts that have begun and are not answered */
    uint8_t resp;   /* the worst so far */
    bool used;
};

struct axi_master_burst {
    struct axi_address ax;  /* size: that of the command's beats, AxSIZE but on AXI4-Lite */
    uint64_t addr;          /* of the next beat */
    uint64_t begin, offset; /* in the command: of its first byte, of the next */
    uint64_t end;           /* bytes of the command */
    uint32_t tag;           /* the command's */
    uint16_t beat;          /* next to be handed over (R), shown (W) */
    uint8_t command;
};

/* One direction. */
struct axi_master_side {
    struct axi_master_burst *bursts; /* a ring, oldest first */
    uint32_t first, count, places;
    uint32_t sending;                     /* writes: bursts whose W have all been shown */
    uint8_t waiting[AXI_MASTER_COMMANDS]; /* a ring of commands that have bursts to begin */
    uint8_t waiting_first, waiting_count;
};

struct axi_master {
    struct axi_port *port;
    struct axi_master_config config;
    uint8_t held; /* R, B: the owner cannot take them: READY is 0 from the next cycle on */
    bool settled; /* nothing has happened since drive() that changes what the port drives */
    uint8_t held_before;
    uint32_t strays;
    uint32_t before; /* what the port drove when the interconnect was told */
    uint32_t queued; /* commands so far */
    uint32_t unfinished;
    struct axi_master_side sides[2]; /* reads, writes */
    struct axi_master_command commands[AXI_MASTER_COMMANDS];
    sim_cycle train_end; /* edge at which the last beat of a train of W is shown; SIM_NEVER: none */
    struct axi_write train;
    uint8_t train_slot;
    uint8_t lanes[2][AXI_BYTES_MAX]; /* of the two places of W */
};

/* For the owner's table of what may differ from round to round (kernel/round.h). */
extern const struct state_table axi_master_round;

/* ---- the engine ------------------------------------------------------------------------------ */

/* Readies *self (all 0) for a port that has joined a bus. The config is copied. False if memory is short. */
bool axi_master_init(struct axi_master *self, struct axi_port *port,
                     const struct axi_master_config *config);

/* Does a command keep the rules of A3.4.1, on this bus? Whoever takes commands from elsewhere asks. */
bool axi_command_legal(const struct axi_bus *bus, const struct axi_command *command);

/* Takes the handshakes of an edge that has some; called by axi_master_edge(). */
void axi_master_take(struct axi_master *self, struct axi_events *events);

/* Takes the edge that ends cycle `now`. */
static inline void axi_master_edge(struct axi_master *self, sim_cycle now,
                                   struct axi_events *events)
{
    events->fires = axi_fires(self->port, now);
    events->done = 0;
    if (events->fires)
        axi_master_take(self, events);
}

/* Queues a command that is legal. False if AXI_MASTER_COMMANDS are unfinished. */
bool axi_master_queue(struct axi_master *self, const struct axi_command *command);

/* Drives what has changed; called by axi_master_drive(). */
sim_cycle axi_master_show(struct axi_master *self, sim_cycle now);

/* Drives the registers for cycle now + 1. Returns the next cycle at which the owner must step for the
 * engine's sake; SIM_NEVER: the bus wakes it at the edges that matter. */
static inline sim_cycle axi_master_drive(struct axi_master *self, sim_cycle now)
{
    if (self->settled && self->held == self->held_before)
        return SIM_NEVER;
    return axi_master_show(self, now);
}

/* True if no command is waiting or unfinished. */
static inline bool axi_master_idle(const struct axi_master *self)
{
    return self->unfinished == 0;
}

#endif
