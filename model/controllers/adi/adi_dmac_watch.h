/* SPDX-License-Identifier: BSD-2-Clause */
/* adi_dmac_watch: what a test bench's unit sees of an ADI AXI DMAC beyond its registers, for plays that go on at a
 * given response or word (host/play/). */
#ifndef DMASIM_ADI_DMAC_WATCH_H
#define DMASIM_ADI_DMAC_WATCH_H

#include "plan/component.h"

/* IRQ_SOURCE & ~IRQ_MASK as a level one cycle ahead of the interrupt output; `reader` is woken by its
 * changes (one reader). */
struct wire *adi_dmac_pending(const struct component *component, struct unit *reader);

/* The number of transfers that ended, as a level for `reader`; null as above. */
struct wire *adi_dmac_completed(const struct component *component, struct unit *reader);

/* What has happened since the start. */
struct adi_counts {
    uint64_t completions; /* responses that ended a transfer */
    uint64_t responses;   /* B handshakes of a memory destination */
    uint64_t sent;        /* beats of a stream destination */
    uint64_t read;        /* words that a FIFO destination gave */
    uint64_t received;    /* beats of a stream source, words written at a FIFO source */
};
const struct adi_counts *adi_dmac_counts(const struct component *component);

/* What a unit waits for: a count of struct adi_counts, or the interrupt output of the next cycle. */
enum adi_wish_kind {
    ADI_WISH_NOTHING,
    ADI_WISH_COMPLETIONS,
    ADI_WISH_RESPONSES,
    ADI_WISH_SENT,
    ADI_WISH_READ,
    ADI_WISH_RECEIVED,
    ADI_WISH_INTERRUPT,
};

struct adi_wish {
    enum adi_wish_kind kind;
    uint64_t count;
};

/* Is it so, once the controller has stepped in this cycle? */
bool adi_dmac_reached(const struct component *component, const struct adi_wish *wish);

/* Orders a unit behind the controller's in every cycle, so that it may ask that, and has it stepped in the
 * cycle in which its wish, which it changes in its own steps, comes true (one unit). */
int adi_dmac_follow(const struct component *component, struct unit *unit,
                    const struct adi_wish *wish);

#endif
