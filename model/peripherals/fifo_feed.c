/* SPDX-License-Identifier: BSD-2-Clause */
/* fifo_feed: what a sending device knows of the transfers to it; see fifo_feed.h. */
#include "peripherals/fifo_feed.h"

void fifo_feeds_look(struct fifo_feeds *self, sim_time now)
{
    for (struct feed *feed = self->first; feed; feed = feed->next) {
        const uint64_t value = wire_get(&feed->wire, now);
        if (value == feed->seen)
            continue;
        if (feed->seen) {
            self->open--;
            self->endless -= feed->seen == FEED_ENDLESS;
            self->streams = false;
        }
        if (value) {
            self->open++;
            self->endless += value == FEED_ENDLESS;
            self->owed += value == FEED_ENDLESS ? 0 : value / self->item_bytes;
        }
        feed->seen = value;
        if (self->open == 0)
            self->owed = 0;
    }
}

void fifo_feeds_tell(struct fifo_feeds *self, sim_time now, bool over)
{
    if (!over && !self->told)
        return;
    self->told = over;
    for (struct feed *feed = self->first; feed; feed = feed->next)
        wire_put(&feed->over, now, over && feed->seen);
}

void fifo_feeds_join(struct fifo_feeds *self, struct feed *feed, struct unit *device)
{
    feed->wire.reader = device;
    feed->next = self->first;
    self->first = feed;
}
