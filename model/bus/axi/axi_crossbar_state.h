/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_crossbar_state: registers and wires of a crossbar, for axi_crossbar.c, its ports and its building. */
#ifndef DMASIM_AXI_CROSSBAR_STATE_H
#define DMASIM_AXI_CROSSBAR_STATE_H

#include "bus/axi/axi_crossbar.h"
#include "bus/axi/axi_slice.h"
#include "bus/snoop.h"

#define AXI_NOBODY UINT8_MAX
#define AXI_NOWHERE AXI_SLAVES_MAX /* index of the built-in default slave */
#define AXI_OUTSTANDING 16
#define AXI_OUTSTANDING_MAX 256

enum axi_direction { AXI_READ, AXI_WRITE, AXI_DIRECTIONS };

/* A port, and its wires of this cycle on the crossbar's side of its slices. */
struct axi_end {
    struct axi_port *port;
    struct axi_slice *slices[AXI_CHANNELS];
    uint8_t sliced; /* mask of channels */
    uint8_t valid, ready;
    const void *payload[AXI_CHANNELS];
    /* Where payload[] points to when the crossbar changes the id. */
    struct axi_address address[AXI_DIRECTIONS];
    struct axi_read read;
    struct axi_response response;
};

/* Bursts of one id that are not answered yet, all of one slave. */
struct axi_thread {
    uint32_t id;
    uint8_t slave;
    uint16_t count;
};

struct axi_threads {
    struct axi_thread *entries;
    uint16_t used;
    uint16_t total; /* bursts */
};

/* Who is shown; once shown it stays until the handshake (A3.2.1). */
struct axi_arbiter {
    uint8_t granted; /* AXI_NOBODY if nobody is */
    uint8_t last;    /* granted last, and how often in a row */
    uint32_t used;
};

/* The default slave, as one master sees it. */
struct axi_refuser {
    bool reading, writing, responding;
    uint32_t read_id, write_id;
    uint16_t beats; /* of R still to send */
    struct axi_read read;
    struct axi_response response;
};

struct axi_side_master {
    struct axi_end end;
    struct axi_threads threads[AXI_DIRECTIONS];
    struct axi_arbiter r, b; /* among the slaves that answer */
    struct axi_refuser refuser;
    uint32_t weight;
    uint16_t w_open; /* bursts granted whose last W has not been handed over, all for w_slave */
    uint8_t w_slave;
    uint8_t refuser_valid, refuser_ready;     /* of this cycle */
    uint8_t target[AXI_DIRECTIONS];           /* of the address that is shown */
    struct snoop_gate *gates[AXI_DIRECTIONS]; /* null: it is not coherent with any cache */
};

struct axi_side_slave {
    struct axi_end end;
    struct axi_arbiter addresses[AXI_DIRECTIONS];
    uint8_t *w_order; /* masters in the order of their grants on AW: a ring */
    uint32_t w_first, w_count;
};

struct axi_crossbar {
    struct axi_bus *bus;
    uint8_t channels;
    bool registered, changed;
    uint8_t policy;
    uint32_t outstanding;
    uint32_t w_places; /* of w_order: no more can be open */
    uint32_t last_region;
    uint64_t faults;
    uint32_t master_count, slave_count;
    struct axi_side_master *masters;
    struct axi_side_slave *slaves;
    /* Of this cycle, vectors of masters by slave. */
    uint32_t requests[AXI_DIRECTIONS][AXI_SLAVES_MAX];
    /* Masters whose address is there and not shown to a slave; is shown and not taken. */
    uint32_t ungranted[AXI_DIRECTIONS], untaken[AXI_DIRECTIONS];
};

static inline uint32_t bit(unsigned index)
{
    return UINT32_C(1) << index;
}

/* axi_crossbar_ports.c */

/* What an end drives: its port or, where there are slices, those. */
void axi_crossbar_gather(struct axi_end *end, uint8_t drives);

/* What the default slave drives. */
void axi_crossbar_gather_refuser(struct axi_side_master *master);

/* Writes the view of a port and takes the edge of its slices; true if anything is handed over. */
bool axi_crossbar_show(struct axi_end *end, uint8_t channels, uint8_t drives, sim_cycle now);

#endif
