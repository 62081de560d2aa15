/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi_slave: the bus side of a slave on AXI4 or AXI4-Lite, embedded in the unit that owns it.
 *
 * Source: AMBA AXI and ACE Protocol Specification (Arm IHI 0022, issue E).
 *
 *   AR -----> reads: bursts with beats to answer --- put_r() --> R answers, each due in a cycle --> R
 *   AW -----> writes: bursts without a B ----------- put_b() --> B answers, each due in a cycle --> B
 *   W ------> beats, before their AW too --- next_w(), took() --> the owner
 *
 * The engine takes what is handed over and keeps it, as many bursts and beats as the owner has room for; it
 * shows answers in the order in which the owner put them, none before it is due. When the owner puts an answer
 * is its own affair: in the step of AR, latencies later, or once somebody outside has said so. Until then
 * nothing is due and the unit sleeps.
 *
 * A step of the owner calls axi_slave_edge(), then whatever it likes, then axi_slave_drive(). An array that is
 * used in the cycle itself takes its beats before axi_slave_edge(): then it has what was taken until the edge
 * before.
 *
 *   cycle    n       n+1     n+2     n+3     put_r() for due n+2 and n+3 in step n
 *   AR       ^
 *   R                        0 ^     1 ^     due n+1 at the earliest
 *
 * Timing
 *   Every output is a register. An answer that is due in cycle c shows in c, or in the cycle after the one
 * before it was handed over. READY of AR (AW) is 1 in n+1 if fewer than `reads` (`writes`) bursts wait for
 * their last R (their B) after edge n, that of W if fewer than `beats` wait. The owner holds any of the five
 * with `held`: then READY is 0, or nothing new is shown; a VALID that is up stays (A3.2.1).
 *
 * Rules
 *   - R and B come after their addresses and data: who is not in `reads` cannot be answered, nor a write whose
 *     last W the owner has not taken (A3.3.1).
 *   - W belongs to AW in order (A5.3): the owner gets the beats of the oldest burst that lacks some.
 *   - Answers of one id keep the order of their addresses (A5.3.1): axi_slave_ordered() tells the owner
 *     that picks. Who always answers burst 0 need not ask; R of several bursts may be put in any mixture.
 *
 * Trains (struct axi_train): W comes as trains if the owner's W is never held (`steady`): then next_w() also
 * tells the beats of a train that is under way. R goes as a train from axi_slave_begin_train() on. Both are in
 * closed form: whoever looks first brings them up to an edge, axi_slave_next_w() and _next_r() until false.
 *
 * Inaccuracies: no AxREGION, no USER. A burst is the owner's to refuse: the engine answers nothing by itself.
 */
#ifndef DMASIM_AXI_SLAVE_H
#define DMASIM_AXI_SLAVE_H

#include "bus/axi/axi.h"

struct axi_slave_config {
    uint32_t reads, writes; /* bursts without their last R, their B */
    uint32_t beats;         /* of W that wait */
    uint32_t answers;       /* R that are put and not handed over */
    uint32_t answer_bytes;  /* of each: a word of the bus; 256 of them for trains */
};

struct axi_slave_burst {
    struct axi_address ax;
    sim_cycle taken; /* edge of AR, AW */
    uint16_t beat;   /* R: next to be put; W: next to be taken */
    uint8_t resp;    /* W: the worst that took() was told */
    uint8_t note;    /* the owner's; 0 at first */
    bool whole;      /* W: all taken */
};

/* Beats of W, of one burst, one after the other. */
struct axi_slave_w {
    struct axi_slave_burst *burst;
    const uint8_t *data;  /* words of the bus */
    const uint64_t *strb; /* of the one beat; null: all are whole */
    uint32_t beats;
    bool last; /* WLAST, of the last of them */
};

/* Beats of R for a train. */
struct axi_slave_r {
    struct axi_slave_burst *burst;
    uint32_t first, beats;
    uint8_t *data; /* where the owner puts them */
};

/* ---- state, the engine's --------------------------------------------------------------------- */

struct axi_slave_queue {
    struct axi_slave_burst *bursts; /* a ring, oldest first */
    uint32_t first, count, places;
};

struct axi_slave_answer {
    sim_cycle due;
    const uint8_t *from; /* as in struct axi_read */
    uint32_t id;
    uint8_t resp, last, train;
};

struct axi_slave_ring {
    uint32_t first, count, places;
};

struct axi_slave_kept {
    uint64_t strb[2];
    uint8_t last;
};

struct axi_slave {
    struct axi_port *read, *write; /* the same if it has all channels; null: not that direction */
    struct axi_slave_config config;
    uint8_t held;
    uint32_t before[2]; /* what the ports drove when the interconnect was told */
    uint32_t read_width, write_width;

    struct axi_slave_queue reads, writes;
    uint32_t reads_open, writes_open; /* bursts without their last R, their B */
    uint32_t filling;                 /* of `writes`: the first that lacks W */

    struct axi_slave_ring r_ring, b_ring, w_ring;
    struct axi_slave_answer *r, *b;
    struct axi_slave_kept *w;
    uint8_t *r_data, *w_data;

    const struct axi_write *hand; /* W of this edge, not taken yet; null between steps */
    uint32_t hand_train;          /* beats of its train before it that are to be taken */
    sim_cycle train_done;   /* `first` of the last train of W that is through; SIM_NEVER: none */
    bool r_train;           /* burst 0 of `reads` goes as a train, */
    sim_cycle r_train_from; /* its first beat would show after this edge */
};

/* ---- the engine ------------------------------------------------------------------------------ */

/* Readies *self (all 0) for ports that have joined, with their `steady`: both the same, or one for each
 * direction. False if memory is short. */
bool axi_slave_init(struct axi_slave *self, struct axi_port *read, struct axi_port *write,
                    const struct axi_slave_config *config);

/* Takes the handshakes of an edge that has some; called by axi_slave_edge(). */
void axi_slave_take(struct axi_slave *self, uint8_t fires, sim_cycle now);

/* Takes the edge that ends cycle `now`; its handshakes, a mask of channels. */
static inline uint8_t axi_slave_edge(struct axi_slave *self, sim_cycle now)
{
    uint8_t fires = self->read ? axi_fires(self->read, now) & AXI_READS : 0;
    fires |= self->write ? axi_fires(self->write, now) & AXI_WRITES : 0;
    if (fires)
        axi_slave_take(self, fires, now);
    return fires;
}

/* Channels of AR, AW, W whose limits leave room, for READY in now + 1; the rest is up to `held`. */
uint8_t axi_slave_room(const struct axi_slave *self);

/* Drives the registers for cycle now + 1. Returns the next cycle at which the owner must step for the
 * engine's sake. What is held does not count: whoever holds it knows until when. */
sim_cycle axi_slave_drive(struct axi_slave *self, sim_cycle now);

/* Burst `index` of those with beats to answer (reads), without put_b() (writes), oldest first; null if there
 * are not so many. Good until the next call that takes one out. */
struct axi_slave_burst *axi_slave_read(const struct axi_slave *self, uint32_t index);
struct axi_slave_burst *axi_slave_write(const struct axi_slave *self, uint32_t index);

/* No older burst of its id waits: may be answered now (A5.3.1). */
bool axi_slave_ordered(const struct axi_slave_queue *queue, uint32_t index);

/* May put_r() be called? */
static inline bool axi_slave_r_room(const struct axi_slave *self)
{
    return self->r_ring.count < self->config.answers;
}

/* Is nothing of R put that is not handed over? */
static inline bool axi_slave_r_idle(const struct axi_slave *self)
{
    return self->r_ring.count == 0;
}

/* Where the word of the next put_r() lies: the owner fills it. It stays until it is handed over. */
uint8_t *axi_slave_r_data(const struct axi_slave *self);

/* Puts the next beat of burst `index` of the reads, due in cycle `due` or once it is its turn. After the
 * last beat the burst is out of the list. `from`: see struct axi_read; may be null. */
void axi_slave_put_r(struct axi_slave *self, uint32_t index, sim_cycle due, uint8_t resp,
                     const uint8_t *from);

/* The next beats of W that the owner can take, of those handed over up to edge `upto`; false if there are
 * none. They must be taken before the next call. */
bool axi_slave_next_w(struct axi_slave *self, sim_cycle upto, struct axi_slave_w *w);

/* They are taken, with this response. `ends`: the burst is whole, whatever AWLEN said. */
void axi_slave_took(struct axi_slave *self, const struct axi_slave_w *w, uint8_t resp, bool ends);

/* Puts B of burst `index` of the writes, which is whole, with its worst response. */
void axi_slave_put_b(struct axi_slave *self, uint32_t index, sim_cycle due);

/* Could a B that was put show in now + 1? */
bool axi_slave_b_due(const struct axi_slave *self, sim_cycle now);

/* ---- trains of R ----------------------------------------------------------------------------- */

/* Burst 0 of the reads, of which no beat is put, goes as a train whose first beat would show in now + 1. Only
 * for bursts of rising whole words that all are OKAY. False if that may not be. */
bool axi_slave_begin_train(struct axi_slave *self, sim_cycle now);

/* Beats of it, without the last, that would show by upto + 1 and are not fetched: the owner fills them in.
 * False if there are none. */
bool axi_slave_next_r(struct axi_slave *self, sim_cycle upto, struct axi_slave_r *r);

/* Edge after which its last beat shows: put_r() is called then. */
static inline sim_cycle axi_slave_train_end(const struct axi_slave *self)
{
    return self->r_train_from + self->reads.bursts[self->reads.first].ax.len;
}

#endif
