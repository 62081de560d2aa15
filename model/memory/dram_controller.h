/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dram_controller: the controller of memory/dram as a unit on the DRAM's own clock, and the queues that join it to the port
 * in front of it, which runs on its bus' clock.
 *
 *   port (bus clock) --- lanes: a queue for each channel and direction ---> controller (CK)
 *                    <-- replies -------------------------------------------
 *
 * Timing
 *   What is put at time t is seen at the first edge of the other clock that is later than t. In a cycle of CK each
 *   channel is offered the oldest read and the oldest write of its lanes, the read first; what is refused is
 *   offered again and keeps those behind it waiting. The lanes and replies have room for all that the port may have
 *   under way, so nothing is ever lost in them.
 *
 * The controller sleeps between commands. Refreshes go on for ever: while nothing else is under way nobody waits for its
 * clock (struct clock, `background`).
 */
#ifndef DMASIM_DRAM_CONTROLLER_H
#define DMASIM_DRAM_CONTROLLER_H

#include "memory/dram/dram.h"
#include "plan/component.h"

struct dram_request {
    uint64_t address; /* from the memory's base, a multiple of a transaction */
    sim_time put;
    uint32_t slot; /* the port's */
};

/* Written by the port: put; by the controller: taken. */
struct dram_lane {
    struct dram_request *ring;
    uint64_t put, taken;
};

struct dram_reply {
    sim_time put;
    uint32_t slot;
    bool write;
};

#define DRAM_LATENCIES 8 /* up to 32, 64 ... 2048 cycles, and more */

struct dram_latencies {
    uint64_t reads, sum, most, up_to[DRAM_LATENCIES];
};

struct dram_bank_row {
    uint8_t command; /* enum dram_command + 1; 0: none in this cycle */
    uint8_t open;
    uint32_t row;
};

struct dram_command_record {
    uint8_t channel, command; /* enum dram_command */
    int8_t rank, group, bank; /* -1: all */
    uint8_t write, tagged;
    uint32_t row, column;
    uint64_t address; /* of the request */
};

struct dram_queue_row {
    uint16_t reads, writes, active, refreshes;
    uint8_t write_mode;
};

struct dram_bank_probe {
    struct probe probe;
    struct dram_bank_row row;
};

struct dram_controller {
    struct unit unit;
    struct dram dram;
    struct unit *port;
    uint64_t base;        /* of the memory, for those who watch */
    bool reply_when_sent; /* to writes; else when they are accepted */

    uint32_t places[2];      /* of each lane, by direction */
    struct dram_lane *lanes; /* [channel][write] */
    uint32_t under_way;      /* requests taken, without a reply */
    struct dram_reply *replies;
    uint32_t reply_places;
    uint64_t reply_put, reply_taken; /* taken: the port's */
    sim_cycle *since;                /* of each read slot: the edge that saw it */
    uint64_t *addresses[2];          /* of each slot */
    struct dram_latencies latencies;

    struct probe commands; /* "dram_command" */
    struct probe *queues;  /* "dram_queue" of each channel */
    struct dram_bank_probe *banks;
    uint64_t *shown; /* of each channel: banks that show a command */
};

/* `slots`: of reads and of writes: what the port may have under way. Null if memory is short. */
struct dram_controller *dram_controller_create(struct build *build, struct component *component,
                                               const struct dram_config *config, sim_time period_ps,
                                               struct unit *port, const uint32_t slots[2],
                                               bool reply_when_sent);

/* ---- for ports ------------------------------------------------------------------------------- */

void dram_put(struct dram_controller *self, sim_time now, uint64_t address, bool write,
              uint32_t slot);

/* The next reply that is seen at time `now`; false if there is none. */
bool dram_take_reply(struct dram_controller *self, sim_time now, struct dram_reply *reply);

/* ---- figures --------------------------------------------------------------------------------- */

/* component_type.counters: index 0 to 2. */
bool dram_controller_counters(const struct dram_controller *self, uint32_t index, sim_time now,
                              struct counter_part *part);

/* dram_trace.c */
bool dram_trace_create(struct dram_controller *self, struct build *build, const char *name);
void dram_trace_begin(struct dram_controller *self, sim_cycle now);
void dram_trace_command(struct dram_controller *self, sim_cycle now,
                        const struct dram_event *event);
/* True if a bank shows a command, which is over with this cycle. */
bool dram_trace_end(struct dram_controller *self, sim_cycle now);
bool dram_traced(const struct dram_controller *self);

#endif
