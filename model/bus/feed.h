/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * feed: what a call of `work` tells the device at the other end of its transfer, as drivers start and stop a stream
 * beside the DMA channel, and what a receiving device tells it as a UART does by its time-out. It takes no bus time.
 */
#ifndef DMASIM_FEED_H
#define DMASIM_FEED_H

#include "kernel/wire.h"

#define FEED_ENDLESS UINT64_MAX

/* One for each call. */
struct feed {
    struct wire
        wire; /* bytes that the transfer under way brings, FEED_ENDLESS: until it is stopped; 0: none */
    uint64_t seen; /* by the device */
    struct wire
        over; /* 1: nothing more comes from the device, which lost what it owes to the transfer */
    struct feed *next; /* of the device */
};

#endif
