/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * handshake: the request line between a peripheral and a DMA controller, four-phase, registered.
 *
 *   request      ___/-----------------\______/---     peripheral: items wait (or room is there)
 *   acknowledge  ___________________/---\________     controller: this transaction is done
 *
 * BURST asks for a burst transaction of the programmed size, SINGLE for one item; LAST (with either,
 * used when the peripheral controls the flow) says that this transaction ends the block. ACK falls
 * after the request has fallen. FINISH rises with the ACK that ends a block.
 *
 * One peripheral drives a line, as one unit writes a wire and one is woken by it.
 *
 * The names dma_req, dma_single, dma_last, dma_ack, dma_finish are those of the controller's pins.
 */
#ifndef DMASIM_HANDSHAKE_H
#define DMASIM_HANDSHAKE_H

#include "kernel/round.h"
#include "kernel/wire.h"
#include "plan/component.h"

enum handshake_request { HANDSHAKE_BURST = 1, HANDSHAKE_SINGLE = 2, HANDSHAKE_LAST = 4 };
enum handshake_acknowledge { HANDSHAKE_ACK = 1, HANDSHAKE_FINISH = 2 };

struct dma_handshake {
    struct wire request;     /* peripheral to controller, enum handshake_request bits */
    struct wire acknowledge; /* controller to peripheral */
};

/* For each of a controller's lines (kernel/round.h). */
extern const struct round_hooks dma_handshake_round;
extern const struct state_table dma_handshake_state;

/* Line `index` of a controller, for a peripheral that is being built. Null, with an error said, if it
 * has none. */
struct dma_handshake *handshake_line(struct build *build, const struct component *peripheral,
                                     const struct component *controller, uint32_t index);

/* The same, taken: its acknowledge wakes `unit`. Null too if another peripheral has it. */
struct dma_handshake *handshake_join(struct build *build, const struct component *peripheral,
                                     const struct component *controller, uint32_t index,
                                     struct unit *unit);

/* The claim of line `index` of a controller; false if `controller` is none (UINT16_MAX). */
bool handshake_claim(const struct plan *plan, uint16_t controller, uint32_t index,
                     const char *parameter, struct component_claim *claim);

#endif
