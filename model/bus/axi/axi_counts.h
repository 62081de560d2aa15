/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi_counts: what an AXI interconnect counts at the ports of its masters.
 *
 * A beat of R is counted when it is handed over; a beat of W too, or with its AW if that comes later; B if it tells
 * of an error. A beat has the bytes from its address to the end of its size (Arm IHI 0022 A3.4.1), so the
 * bursts that are open are kept, a word each. Beats of W are put to their burst with its last one, and a
 * train is counted with its last beat: whoever looks before that adds what is missing (axi_counts_at).
 *
 * Time is counted where it changes hands: at its begin that cycle is taken off a sum, at its end it is put to it. So a
 * sum needs no stamp, and one that goes on is as far below its value as it began late.
 *
 *   ARVALID ___/-------------\____      arbiter    grant_wait, while the crossbar shows another's or none
 *   ARREADY _____________/---\____      slave      back_pressure, while it is shown and not taken
 *   RVALID  ___________________________/---------  wait, from AR on: a read is open and nothing is shown
 *   RREADY  ________________________________/----  back_pressure
 *   W                                              grant_wait with its AW; back_pressure, shown and not taken; one
 *                                                  cycle is one, also where AW, W and B wait at a time
 *   B                                              wait, from the last W of all open bursts on
 *
 * Inaccuracies: with slices an address that waits behind one counts as grant_wait and as wait. While R waits for RREADY
 * or B for BREADY, a wait of the other direction goes on: the two directions are summed. A VALID that falls
 * without its handshake, which A3.2.1 forbids, counts up to where the interconnect looks next. Of a master with more than 256 open bursts in one direction some are not counted.
 */
#ifndef DMASIM_AXI_COUNTS_H
#define DMASIM_AXI_COUNTS_H

#include "bus/axi/axi.h"
#include "bus/figures.h"
#include "plan/component.h"

#define AXI_OPEN_BURSTS 256

struct axi_open_bursts {
    uint8_t first; /* oldest */
    uint16_t count;
    uint64_t ring[AXI_OPEN_BURSTS]; /* see pack() */
};

struct axi_counts {
    uint32_t waiting; /* beats of W that are not among `writes` yet */
    /* Beats of R, all of the burst that is oldest with this id, that are not among `reads` yet. */
    uint32_t kept_reads, kept_id;
    uint32_t beat; /* of the oldest of open_writes: its next */
    uint64_t reads, writes, bytes, read_errors, write_errors;
    sim_cycle first; /* of the first AR or AW; SIM_NEVER: none */
    uint8_t held;    /* channels whose VALID is up and READY is not */
    uint8_t asking;  /* AXI_BIT_AR, AXI_BIT_AW: waits for a grant */
    uint16_t owed;   /* writes that have no B yet */
    bool responding; /* all of them have their last W */
    uint64_t grant_cycles, held_cycles, held_read_cycles; /* the last: of R alone */
    uint64_t open_cycles;                                 /* in which a read is open */
    uint64_t response_cycles;
    struct axi_open_bursts open_reads, open_writes;
};

/* Readies the counts of a master's port; false if memory is short. */
bool axi_counts_create(struct axi_port *port);

/* The seldom part of axi_count(): AR, AW and B; the first of kept beats of R, or one that is not like them; the last
 * of them; the last beat of W. */
void axi_count_addresses(const struct axi_port *port, unsigned fire, sim_cycle now);
void axi_count_read(struct axi_counts *self, const struct axi_read *r, sim_cycle now);
void axi_count_kept(struct axi_counts *self, sim_cycle now);
void axi_count_writes(struct axi_counts *self, sim_cycle now);

/* VALID without READY, of a mask of channels; writing waits once, however many of its channels do. */
static inline unsigned axi_waiting(unsigned valid, unsigned ready)
{
    unsigned held = valid & ~ready;
    if (held & AXI_BIT_AW)
        held &= ~(unsigned)(AXI_BIT_W | AXI_BIT_B);
    else if (held & AXI_BIT_W)
        held &= ~(unsigned)AXI_BIT_B;
    return held;
}

/* From cycle `now` on these of `channels` have VALID up and READY low. */
void axi_count_held(struct axi_counts *self, unsigned held, unsigned channels, sim_cycle now);

/* From cycle `now` on these addresses, AXI_BIT_AR and AXI_BIT_AW, wait for a grant. */
void axi_count_asking(struct axi_counts *self, unsigned asking, sim_cycle now);

/* Counts the handshakes `fire`, a mask of channels, of a master's port in cycle `now`, once its view is settled. */
static inline void axi_count(const struct axi_port *port, unsigned fire, sim_cycle now)
{
    struct axi_counts *self = port->counts;
    if (fire & AXI_BIT_R) {
        const struct axi_read *r = port->view.r;
        if (self->kept_reads && r->id == self->kept_id && r->resp < AXI_SLVERR) {
            self->kept_reads += r->train + 1u;
            if (r->last)
                axi_count_kept(self, now);
        } else {
            axi_count_read(self, r, now);
        }
    }
    if (fire & (AXI_BIT_AR | AXI_BIT_AW | AXI_BIT_B))
        axi_count_addresses(port, fire, now);
    if (fire & AXI_BIT_W) {
        const struct axi_write *w = &port->w[port->shown >> AXI_W & 1];
        self->waiting += w->train + 1u;
        if (w->last)
            axi_count_writes(self, now);
    }
}

/* What a master has moved up to and including cycle `upto`, and when it began. */
struct axi_moved {
    uint64_t reads, writes, bytes, read_errors, write_errors;
    sim_cycle first;
    uint64_t grant_waits, waits, held;
};
struct axi_moved axi_counts_at(const struct axi_port *master, sim_cycle upto);

/* Hook of the type. */
bool axi_counters(const struct component *component, uint32_t index, sim_time now,
                  struct counter_part *part);

#endif
