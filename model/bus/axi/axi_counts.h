/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi_counts: what an AXI interconnect counts at the ports of its masters.
 *
 * A beat of R is counted when it is handed over; a beat of W too, or with its AW if that comes later; B if it tells
 * of an error. A beat has the bytes from its address to the end of its size (Arm IHI 0022 A3.4.1), so the
 * bursts that are open are kept, a word each. Beats of W are put to their burst with its last one, and a
 * train is counted with its last beat: whoever looks before that adds what is missing (axi_counts_at).
 *
 * Inaccuracies: of a master with more than 256 open bursts in one direction some are not counted.
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
    struct axi_open_bursts open_reads, open_writes;
};

/* Readies the counts of a master's port; false if memory is short. */
bool axi_counts_create(struct axi_port *port);

/* The seldom part of axi_count(): AR, AW and B; the first of kept beats of R, or one that is not like them; the last
 * of them; the last beat of W. */
void axi_count_addresses(const struct axi_port *port, unsigned fire, sim_cycle now);
void axi_count_read(struct axi_counts *self, const struct axi_read *r);
void axi_count_kept(struct axi_counts *self);
void axi_count_writes(struct axi_counts *self);

/* Counts the handshakes `fire`, a mask of channels, of a master's port in cycle `now`, once its view is settled. */
static inline void axi_count(const struct axi_port *port, unsigned fire, sim_cycle now)
{
    struct axi_counts *self = port->counts;
    if (fire & AXI_BIT_R) {
        const struct axi_read *r = port->view.r;
        if (self->kept_reads && r->id == self->kept_id && r->resp < AXI_SLVERR) {
            self->kept_reads += r->train + 1u;
            if (r->last)
                axi_count_kept(self);
        } else {
            axi_count_read(self, r);
        }
    }
    if (fire & (AXI_BIT_AR | AXI_BIT_AW | AXI_BIT_B))
        axi_count_addresses(port, fire, now);
    if (fire & AXI_BIT_W) {
        const struct axi_write *w = &port->w[port->shown >> AXI_W & 1];
        self->waiting += w->train + 1u;
        if (w->last)
            axi_count_writes(self);
    }
}

/* What a master has moved up to and including cycle `upto`, and when it began. */
struct axi_moved {
    uint64_t reads, writes, bytes, read_errors, write_errors;
    sim_cycle first;
};
struct axi_moved axi_counts_at(const struct axi_port *master, sim_cycle upto);

/* Hook of the type. */
bool axi_counters(const struct component *component, uint32_t index, sim_time now,
                  struct counter_part *part);

#endif
