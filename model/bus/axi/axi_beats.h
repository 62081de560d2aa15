/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_beats: beats of R and W as struct bus_beat_record; see axi_beats.c. */
#ifndef DMASIM_AXI_BEATS_H
#define DMASIM_AXI_BEATS_H

#include "bus/axi/axi.h"

/* Readies bus->monitors once every port has joined. False if memory is short. */
bool axi_beats_create(struct axi_bus *bus);

/* Publishes the beats handed over in cycle `now`, once every view is settled. */
void axi_beats(struct axi_bus *bus, sim_cycle now);

/* What is kept for that, while it is (kernel/repeat.h). */
void axi_beats_visit(struct axi_bus *bus, struct repeat *repeat);

#endif
