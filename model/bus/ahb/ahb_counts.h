/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ahb_counts: what an AHB counts of its cycles and masters.
 *
 * A data phase is counted in the row it ends in, wait states when the row after them is settled, a run in its
 * last row. Who asks for the bus is the same in many rows, so that is counted when it changes; `accepted`
 * says how many addresses of others went by meanwhile.
 */
#ifndef DMASIM_AHB_COUNTS_H
#define DMASIM_AHB_COUNTS_H

#include "bus/ahb/ahb.h"
#include "plan/component.h"

/* In the bus's step: rows that the one settled last held, in front of row `now`. */
static inline void ahb_count_waits(struct ahb_bus *bus, sim_cycle now)
{
    if (!bus->row.hready && bus->data_master >= 0)
        bus->counts.masters[bus->data_master].wait_cycles += now - bus->counts.waited;
    if (bus->row.htrans == AHB_BUSY)
        bus->counts.masters[bus->row.hmaster].back_pressure_cycles += now - bus->counts.waited;
    bus->counts.waited = now;
}

/* Row `now` is the first in which these masters ask, of which those in `lose` have no HGRANT. `accepted`:
 * addresses accepted in rows before. */
void ahb_count_change(struct ahb_counts *self, uint32_t ask, uint32_t lose, sim_cycle now,
                      uint64_t accepted);

static inline void ahb_count_asking(struct ahb_counts *self, uint32_t ask, uint32_t lose,
                                    sim_cycle now, uint64_t accepted)
{
    if (ask != self->ask || lose != self->lose)
        ahb_count_change(self, ask, lose, now, accepted);
}

/* Row `now` is settled. */
static inline void ahb_count_row(struct ahb_bus *bus, sim_cycle now)
{
    const struct ahb_row *row = &bus->row;
    const uint32_t ask = row->hbusreq & ~(UINT32_C(1) << row->hmaster);
    ahb_count_asking(&bus->counts, ask, ask & ~row->hgrant, now, bus->counts.accepted);
}

/* The settled row has HREADY high: the data phase that ends in it, and its address. */
void ahb_count_ready(struct ahb_bus *bus);

/* The bus is woken in row `now`, inside a run. */
void ahb_count_requests(struct ahb_bus *bus, sim_cycle now);

/* The last row of a run is about to be settled: those since its first. */
void ahb_count_run(struct ahb_bus *bus);

/* Nothing is left to be counted of rows up to and including `upto`, but those of a run that is under way. */
void ahb_counts_catch_up(struct ahb_bus *bus, sim_cycle upto);

/* Hook of the type. */
bool ahb_counters(const struct component *component, uint32_t index, sim_time now,
                  struct counter_part *part);

/* Hook of the type: masters that waited longer for the bus than `starved_after`. */
bool ahb_leaves(const struct component *component, uint32_t index, struct log_line *line,
                struct log_text *text);

#endif
