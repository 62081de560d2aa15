/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_sites: where in a trace a fault can be, see axi_faults.h. */
#include "axi_faults.h"

unsigned site_below(struct axi_seeding *self, size_t bound)
{
    return axi_random_below(&self->draws, (unsigned)bound);
}

long site_pick_row(struct axi_seeding *self,
                   bool (*good)(struct axi_seeding *self, size_t n, int channel), int channel,
                   size_t from, size_t end)
{
    long found = NO_SITE;
    unsigned candidates = 0;
    for (size_t n = from; n < end; n++)
        if (good(self, n, channel) && site_below(self, ++candidates) == 0)
            found = (long)n;
    return found;
}

/* A random burst for which `good` holds, null if there is none. */
static struct axi_random_burst *pick(struct axi_seeding *self, struct axi_random_burst *bursts,
                                     size_t count,
                                     bool (*good)(const struct axi_random_burst *burst))
{
    struct axi_random_burst *found = NULL;
    unsigned candidates = 0;
    for (size_t i = 0; i < count; i++)
        if (good(&bursts[i]) && site_below(self, ++candidates) == 0)
            found = &bursts[i];
    return found;
}

struct axi_random_burst *site_pick_read(struct axi_seeding *self,
                                        bool (*good)(const struct axi_random_burst *burst))
{
    return pick(self, self->trace.reads, self->trace.read_count, good);
}

struct axi_random_burst *site_pick_write(struct axi_seeding *self,
                                         bool (*good)(const struct axi_random_burst *burst))
{
    return pick(self, self->trace.writes, self->trace.write_count, good);
}

bool site_any(const struct axi_random_burst *burst)
{
    (void)burst;
    return true;
}

uint32_t *site_valid_of(struct axi_seeding *self, size_t n, int channel)
{
    struct axi_check_row *row = &self->trace.rows[n];
    uint32_t *valid[] = {&row->ar.valid, &row->aw.valid, &row->w.valid, &row->r.valid,
                         &row->b.valid};
    return valid[channel];
}

bool site_is_waiting(struct axi_seeding *self, size_t n, int channel)
{
    const struct axi_check_row *row = &self->trace.rows[n];
    const uint32_t ready[] = {row->ar.ready, row->aw.ready, row->w.ready, row->r.ready,
                              row->b.ready};
    return *site_valid_of(self, n, channel) && !ready[channel];
}

void site_put_address(struct axi_seeding *self, const struct axi_random_burst *burst, bool write)
{
    for (size_t n = burst->shown; n <= burst->accepted; n++) {
        struct axi_check_address *ax = write ? &self->trace.rows[n].aw : &self->trace.rows[n].ar;
        uint32_t ready = ax->ready;
        *ax = burst->ax;
        ax->valid = 1;
        ax->ready = ready;
    }
}

void site_put_last(struct axi_seeding *self, size_t from, size_t to, bool write, uint32_t last)
{
    for (size_t n = from; n <= to; n++)
        *(write ? &self->trace.rows[n].w.last : &self->trace.rows[n].r.last) = last;
}

struct axi_random_burst *site_pick_address(struct axi_seeding *self,
                                           bool (*good)(const struct axi_random_burst *burst),
                                           bool *write)
{
    *write = site_below(self, 2);
    struct axi_random_burst *burst =
        *write ? site_pick_write(self, good) : site_pick_read(self, good);
    /* Strobes that the new address does not allow are a fault of their own. */
    return *write && burst && burst->beat_shown[0] <= burst->shown ? NULL : burst;
}

unsigned site_pick_lane(struct axi_seeding *self, const uint64_t lanes[2])
{
    unsigned found = CHECK_CSV_WIDE_BYTES, candidates = 0;
    for (unsigned lane = 0; lane < CHECK_CSV_WIDE_BYTES; lane++)
        if (lanes[lane / 64] >> lane % 64 & 1 && site_below(self, ++candidates) == 0)
            found = lane;
    return found;
}

bool site_has_steps(const struct axi_random_burst *burst)
{
    return burst->ax.burst == INCR && burst->ax.len > 0;
}
