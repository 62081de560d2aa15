/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_faults_shown: faults of what a channel shows and holds, see axi_faults.h. */
#include "axi_faults.h"

long seed_cycle_is_missing(struct axi_seeding *self)
{
    size_t row = 1 + site_below(self, self->trace.row_count - 1);
    for (size_t n = row; n < self->trace.row_count; n++)
        self->trace.rows[n].cycle++;
    return (long)row;
}

long seed_impossible_value(struct axi_seeding *self)
{
    bool write = site_below(self, 2);
    struct axi_random_burst *burst =
        write ? site_pick_write(self, site_any) : site_pick_read(self, site_any);
    if (!burst)
        return NO_SITE;
    switch (site_below(self, 4)) {
    case 0:
        burst->ax.burst = 3;
        break;
    case 1:
        burst->ax.len = 256;
        break;
    case 2:
        burst->ax.size = 8;
        break;
    default:
        if (write)
            self->trace.rows[burst->answer_shown].b.resp = 4;
        else
            self->trace.rows[burst->answer_shown].r.resp = 4;
        return (long)burst->answer_shown;
    }
    site_put_address(self, burst, write);
    return (long)burst->shown;
}

long seed_strobe_that_the_bus_does_not_have(struct axi_seeding *self)
{
    unsigned lanes = self->options.width_bits / 8;
    struct axi_random_burst *write = site_pick_write(self, site_any);
    if (!write || lanes == 128)
        return NO_SITE;
    self->trace.rows[write->beat_shown[0]].w.strb[lanes / 64] |= UINT64_C(1) << lanes % 64;
    return (long)write->beat_shown[0];
}

static size_t rows_in_reset(struct axi_seeding *self)
{
    size_t n = 0;
    while (!self->trace.rows[n].aresetn)
        n++;
    return n;
}

long seed_valid_in_reset(struct axi_seeding *self)
{
    const struct axi_random_burst *read = site_pick_read(self, site_any);
    size_t rows = rows_in_reset(self);
    if (rows == 0 || !read)
        return NO_SITE;
    size_t n = site_below(self, rows);
    self->trace.rows[n].ar = read->ax;
    self->trace.rows[n].r.last = self->trace.rows[n].r.resp = self->trace.rows[n].b.resp = 0;
    *site_valid_of(self, n, site_below(self, 2) ? AR : site_below(self, 2) ? R : B) = 1;
    return (long)n;
}

long seed_valid_right_after_reset(struct axi_seeding *self)
{
    const struct axi_random_burst *read = site_pick_read(self, site_any);
    size_t n = rows_in_reset(self);
    if (n == 0 || !read)
        return NO_SITE;
    self->trace.rows[n].ar = read->ax;
    self->trace.rows[n].ar.valid = self->trace.rows[n].ar.ready = 1;
    return (long)n;
}

static long withdrawn(struct axi_seeding *self, int channel)
{
    long n = site_pick_row(self, site_is_waiting, channel, 1, self->trace.row_count - 1);
    if (n == NO_SITE)
        return NO_SITE;
    *site_valid_of(self, (size_t)n + 1, channel) = 0;
    return n + 1;
}

long seed_valid_is_withdrawn(struct axi_seeding *self)
{
    return withdrawn(self, (int)site_below(self, CHANNELS));
}

static void change_address(struct axi_seeding *self, struct axi_check_address *ax)
{
    switch (site_below(self, 11)) {
    case 0:
        ax->addr ^= UINT64_C(1) << site_below(self, 64);
        break;
    case 1:
        ax->id ^= 1u << site_below(self, 8);
        break;
    case 2:
        ax->len ^= 1u << site_below(self, 8);
        break;
    case 3:
        ax->size = (ax->size + 1) % 8;
        break;
    case 4:
        ax->burst = (ax->burst + 1) % 3;
        break;
    case 5:
        ax->lock ^= 1;
        break;
    case 6:
        ax->prot ^= 1u << site_below(self, 3);
        break;
    case 7:
        ax->cache ^= 1u << site_below(self, 4);
        break;
    case 8:
        ax->qos ^= 1u << site_below(self, 4);
        break;
    case 9:
        ax->region ^= 1u << site_below(self, 4);
        break;
    default:
        ax->user ^= UINT64_C(1) << site_below(self, 64);
    }
}

long seed_address_changes(struct axi_seeding *self)
{
    int channel = site_below(self, 2) ? AR : AW;
    long n = site_pick_row(self, site_is_waiting, channel, 1, self->trace.row_count - 1);
    if (n == NO_SITE)
        return NO_SITE;
    change_address(self, channel == AR ? &self->trace.rows[n + 1].ar : &self->trace.rows[n + 1].aw);
    return n + 1;
}

/* The W beat of row n has its AW already, so it has been judged. */
static bool is_judged(struct axi_seeding *self, size_t n)
{
    for (size_t i = 0; i < self->trace.write_count; i++) {
        const struct axi_random_burst *write = &self->trace.writes[i];
        for (unsigned beat = 0; beat <= write->ax.len; beat++)
            if (write->beat_shown[beat] <= n && n <= write->beat_taken[beat])
                return write->shown <= n;
    }
    return false;
}

long seed_write_data_changes(struct axi_seeding *self)
{
    long n = site_pick_row(self, site_is_waiting, W, 1, self->trace.row_count - 1);
    if (n == NO_SITE || !is_judged(self, (size_t)n))
        return NO_SITE;
    struct axi_check_data *w = &self->trace.rows[n + 1].w;
    unsigned lane = site_pick_lane(self, w->strb);
    switch (site_below(self, 4)) {
    case 0:
        w->last ^= 1;
        break;
    case 1:
        lane = site_below(self, self->options.width_bits / 8);
        w->strb[lane / 64] ^= UINT64_C(1) << lane % 64;
        break;
    case 2:
        w->user ^= UINT64_C(1) << site_below(self, 64);
        break;
    default:
        if (lane == CHECK_CSV_WIDE_BYTES)
            return NO_SITE;
        w->data[lane] ^= (uint8_t)(1u << site_below(self, 8));
    }
    return n + 1;
}

/* The read whose beat is shown in row n, and which beat. */
static const struct axi_random_burst *read_at(struct axi_seeding *self, size_t n, unsigned *beat)
{
    for (size_t i = 0; i < self->trace.read_count; i++)
        for (*beat = 0; *beat <= self->trace.reads[i].ax.len; ++*beat)
            if (self->trace.reads[i].beat_shown[*beat] <= n &&
                n <= self->trace.reads[i].beat_taken[*beat])
                return &self->trace.reads[i];
    return NULL;
}

long seed_read_data_changes(struct axi_seeding *self)
{
    long n = site_pick_row(self, site_is_waiting, R, 1, self->trace.row_count - 1);
    if (n == NO_SITE)
        return NO_SITE;
    struct axi_check_data *r = &self->trace.rows[n + 1].r;
    unsigned beat = 0;
    uint64_t lanes[2];
    const struct axi_random_burst *read = read_at(self, (size_t)n, &beat);
    switch (site_below(self, 5)) {
    case 0:
        r->last ^= 1;
        break;
    case 1:
        r->id ^= 1u << site_below(self, 8);
        break;
    case 2:
        r->resp ^= 1u << site_below(self, 2);
        break;
    case 3:
        r->user ^= UINT64_C(1) << site_below(self, 64);
        break;
    default:
        axi_check_lanes(&read->ax, beat, self->options.width_bits / 8, lanes);
        r->data[site_pick_lane(self, lanes)] ^= (uint8_t)(1u << site_below(self, 8));
    }
    return n + 1;
}

long seed_response_changes(struct axi_seeding *self)
{
    long n = site_pick_row(self, site_is_waiting, B, 1, self->trace.row_count - 1);
    if (n == NO_SITE)
        return NO_SITE;
    struct axi_check_response *b = &self->trace.rows[n + 1].b;
    switch (site_below(self, 3)) {
    case 0:
        b->id ^= 1u << site_below(self, 8);
        break;
    case 1:
        b->resp ^= 1u << site_below(self, 2);
        break;
    default:
        b->user ^= UINT64_C(1) << site_below(self, 64);
    }
    return n + 1;
}

static bool is_long(const struct axi_random_burst *burst)
{
    return burst->ax.len > 15;
}

long seed_fixed_burst_of_more_than_16_beats(struct axi_seeding *self)
{
    bool write;
    struct axi_random_burst *burst = site_pick_address(self, is_long, &write);
    if (!burst)
        return NO_SITE;
    burst->ax.burst = FIXED;
    if (site_below(self, 2))
        burst->ax.len = 16; /* one too many */
    site_put_address(self, burst, write);
    return (long)burst->shown;
}

static bool is_unwrappable(const struct axi_random_burst *burst)
{
    uint32_t beats = burst->ax.len + 1;
    return beats != 2 && beats != 4 && beats != 8 && beats != 16 &&
           burst->ax.addr % (UINT64_C(1) << burst->ax.size) == 0;
}

long seed_wrapping_burst_of_another_length(struct axi_seeding *self)
{
    bool write;
    struct axi_random_burst *burst = site_pick_address(self, is_unwrappable, &write);
    if (!burst)
        return NO_SITE;
    burst->ax.burst = WRAP;
    site_put_address(self, burst, write);
    return (long)burst->shown;
}

static bool is_wide_wrap(const struct axi_random_burst *burst)
{
    return burst->ax.burst == WRAP && burst->ax.size > 0;
}

long seed_wrapping_burst_that_is_not_aligned(struct axi_seeding *self)
{
    bool write;
    struct axi_random_burst *burst = site_pick_address(self, is_wide_wrap, &write);
    if (!burst)
        return NO_SITE;
    burst->ax.addr += 1 + site_below(self, (1u << burst->ax.size) - 1);
    site_put_address(self, burst, write);
    return (long)burst->shown;
}

static bool stays_in_one_beat(const struct axi_random_burst *burst)
{
    return burst->ax.burst == FIXED || (burst->ax.burst == INCR && burst->ax.len == 0);
}

long seed_beat_wider_than_the_bus(struct axi_seeding *self)
{
    bool write;
    struct axi_random_burst *burst = site_pick_address(self, stays_in_one_beat, &write);
    if (!burst || self->options.width_bits == 1024)
        return NO_SITE;
    burst->ax.size = 1;
    while (8u << burst->ax.size <= self->options.width_bits)
        burst->ax.size++;
    site_put_address(self, burst, write);
    return (long)burst->shown;
}

long seed_burst_over_4_kib(struct axi_seeding *self)
{
    bool write;
    struct axi_random_burst *burst = site_pick_address(self, site_has_steps, &write);
    if (!burst)
        return NO_SITE;
    uint64_t bytes = UINT64_C(1) << burst->ax.size, within = burst->ax.addr % bytes;
    /* One beat too many to the end of the page. */
    burst->ax.addr = burst->ax.addr / 4096 * 4096 + 4096 - bytes * burst->ax.len + within;
    site_put_address(self, burst, write);
    return (long)burst->shown;
}
