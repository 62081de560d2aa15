/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fifo_feed: what a device knows of the transfers to and from it. To a sending one items are owed: an empty FIFO is an
 * underrun then, and the end of a message is none. A receiving one owes items to its transfers: if its source has
 * ended and it has lost some of them, they wait for what will never come, and are told so.
 *
 *   driver   ____/ 16 items \______________/ 4 items \__     a wire of each call of `work`
 *   items        ||||  ||||||||||||             ||||
 *   clock    _____-----------------_____________------__     stands while nothing is owed
 *
 * A call says how many items it brings, or that it goes on until it is stopped. Without one, as when a program
 * writes the controller's registers, items are owed from the first of them until the FINISH of a block.
 */
#ifndef DMASIM_FIFO_FEED_H
#define DMASIM_FIFO_FEED_H

#include "bus/feed.h"

struct fifo_feeds {
    struct feed *first;
    uint64_t owed; /* items that finite transfers under way have yet to bring */
    uint32_t open, endless;
    uint32_t item_bytes;
    bool told;    /* the wires `over` */
    bool streams; /* an item came by the request line since the last FINISH */
};

/* Looks at the wires; called in each step, before items are counted. */
void fifo_feeds_look(struct fifo_feeds *self, sim_time now);

static inline void fifo_feeds_item(struct fifo_feeds *self)
{
    self->owed -= self->owed > 0;
    self->streams = true;
}

/* Whether an item is owed to the device; `lines`: it has request lines. */
static inline bool fifo_feeds_owe(const struct fifo_feeds *self, bool lines)
{
    return self->open ? self->endless || self->owed > 0 : lines && self->streams;
}

/* Tells the transfers under way that nothing more comes (or, after that, that more does). */
void fifo_feeds_tell(struct fifo_feeds *self, sim_time now, bool over);

/* One more call; its wire wakes `device`. */
void fifo_feeds_join(struct fifo_feeds *self, struct feed *feed, struct unit *device);

#endif
