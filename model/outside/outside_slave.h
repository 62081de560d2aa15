/* SPDX-License-Identifier: BSD-2-Clause */
/* outside_slave: what slaves outside have in common; outside_ahb.c, outside_axi.c and outside_isa.c are their
 * ends at the buses. */
#ifndef DMASIM_OUTSIDE_SLAVE_H
#define DMASIM_OUTSIDE_SLAVE_H

#include "outside/outside.h"

struct outside_slave_config {
    uint16_t bus;
    uint64_t base, size_bytes;
    uint32_t reads_max, writes_max;
    uint32_t wait_states;
    bool early_writes, ready_first;
};

enum outside_state {
    OUTSIDE_FREE,
    OUTSIDE_TAKING,   /* its data are still to come */
    OUTSIDE_ASKED,    /* an event that nobody has taken yet */
    OUTSIDE_OPEN,     /* its caller knows it */
    OUTSIDE_ANSWERED, /* the bus does not, yet */
};

/* One access of the bus: a burst on AXI, a beat on AHB, a bus cycle on ISA. */
struct outside_request {
    uint64_t id, address;
    sim_time asked_ps;
    const char *master;
    struct dmasim_attributes attributes;
    uint8_t *data;    /* beat after beat, beat_bytes each */
    uint8_t *strobes; /* of a write, bit i % 8 of byte i / 8 for byte i of data; null: all */
    uint32_t beats, beat_bytes;
    uint8_t state;    /* enum outside_state */
    uint8_t burst;    /* enum dmasim_burst */
    uint8_t response; /* enum dmasim_response, once answered */
    bool write, privileged, dma, sequential;
    bool words; /* data are whole words of the bus, beat after beat */
    bool early; /* its data are in the bus's registers, not here */
};

struct outside_slave {
    struct dmasim_port port; /* first */
    struct unit unit;
    const struct outside_slave_config *config;
    struct outside_request *requests;
    uint32_t places;
    uint32_t responses;  /* bits of enum dmasim_response that the bus has */
    uint32_t word_bytes; /* of the bus */
    uint64_t last_id;
    /* Drives an answer, from the cycle that ends with the first edge later than now. */
    void (*answered)(struct outside_slave *self, struct outside_request *request);
    /* Shows the data of a read that is not answered yet, from that cycle on; null: the bus has no lines for that. */
    void (*shows)(struct outside_slave *self, const struct outside_request *request);
    /* Where the data of an early write are, outside of a step. */
    const uint8_t *(*early)(const struct outside_slave *self,
                            const struct outside_request *request);
};

/* Allocates `places` requests of up to data_bytes each, with strobes if wanted. False: no memory. */
bool outside_requests_create(struct build *build, struct outside_slave *self, uint32_t places,
                             size_t data_bytes, bool strobes);

/* In a step: all of the request is known but the time; its caller is told. */
void outside_ask(struct outside_slave *self, struct outside_request *request);

/* Takes back a request that the bus gave up, whether its caller knows it or not. */
void outside_withdraw(struct outside_slave *self, struct outside_request *request);

/* For struct outside_type. */
int outside_slave_answer(struct dmasim_port *port, const struct dmasim_answer *answer);
bool outside_slave_open(const struct dmasim_port *port, uint32_t index, struct dmasim_event *event);
sim_time outside_slave_next(const struct dmasim_port *port);
void outside_slave_take(struct dmasim_port *port, struct dmasim_event *event);

/* Each builds the slave of its bus: as component_type.create. */
int outside_ahb_create(struct build *build, struct component *component);
int outside_axi_create(struct build *build, struct component *component);
int outside_isa_create(struct build *build, struct component *component);

#endif
