/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_faults_order: faults between channels: beats, answers, order, see axi_faults.h. */
#include "axi_faults.h"

long seed_strobe_outside_the_beat(struct axi_seeding *self)
{
    struct axi_random_burst *write = site_pick_write(self, site_any);
    if (!write)
        return NO_SITE;
    unsigned beat = site_below(self, write->ax.len + 1);
    uint64_t lanes[2], outside[2] = {0, 0};
    axi_check_lanes(&write->ax, beat, self->options.width_bits / 8, lanes);
    for (unsigned lane = 0; lane < self->options.width_bits / 8; lane++)
        outside[lane / 64] |= ~lanes[lane / 64] & UINT64_C(1) << lane % 64;
    unsigned lane = site_pick_lane(self, outside);
    if (lane == CHECK_CSV_WIDE_BYTES)
        return NO_SITE;
    size_t from = write->beat_shown[beat];
    for (size_t n = from; n <= write->beat_taken[beat]; n++) {
        struct axi_check_data *w = &self->trace.rows[n].w;
        w->strb[lane / 64] |= UINT64_C(1) << lane % 64;
        w->data[lane] = self->trace.rows[from].w.data[lane]; /* it means something now */
    }
    return (long)(from > write->shown ? from : write->shown);
}

long seed_wlast_early_or_missing(struct axi_seeding *self)
{
    struct axi_random_burst *write = site_pick_write(self, site_any);
    if (!write)
        return NO_SITE;
    unsigned beat = site_below(self, 2) ? write->ax.len : site_below(self, write->ax.len + 1);
    if (write->beat_shown[beat] < write->shown)
        return NO_SITE;
    site_put_last(self, write->beat_shown[beat], write->beat_taken[beat], true,
                  beat < write->ax.len);
    return (long)write->beat_shown[beat];
}

static bool is_ahead(const struct axi_random_burst *write)
{
    return write->beat_shown[write->ax.len] < write->shown;
}

long seed_burst_ahead_of_its_aw_is_too_short_or_too_long(struct axi_seeding *self)
{
    struct axi_random_burst *write = site_pick_write(self, is_ahead);
    unsigned kind = site_below(self, 3);
    if (!write || (kind > 0 && (write->ax.len == 0 || write->ax.burst == WRAP)))
        return NO_SITE;
    self->options.limit_ahead = false; /* other ends of bursts, another count of them */
    unsigned last = write->ax.len, beat = kind > 0 ? site_below(self, last) : last;
    switch (kind) {
    case 0:
        site_put_last(self, write->beat_shown[last], write->beat_taken[last], true, 0);
        break;
    case 1:
        write->ax.len--;
        site_put_address(self, write, true);
        break;
    default:
        site_put_last(self, write->beat_shown[beat], write->beat_taken[beat], true, 1);
    }
    return (long)write->shown;
}

/* W bursts without an AW, this one included, when the burst's first beat is shown; 0 if it has one. */
static size_t bursts_ahead(struct axi_seeding *self, size_t burst)
{
    size_t n = self->trace.writes[burst].beat_shown[0], shown = 0;
    while (shown < self->trace.write_count && self->trace.writes[shown].shown <= n)
        shown++;
    return shown > burst ? 0 : burst + 1 - shown;
}

long seed_more_w_bursts_ahead_than_allowed(struct axi_seeding *self)
{
    size_t most = 0;
    for (size_t i = 0; i < self->trace.write_count; i++)
        if (bursts_ahead(self, i) > most)
            most = bursts_ahead(self, i);
    if (most == 0)
        return NO_SITE;
    self->options.ahead = site_below(self, most);
    size_t i = 0;
    while (bursts_ahead(self, i) <= self->options.ahead)
        i++;
    return (long)self->trace.writes[i].beat_shown[0];
}

long seed_response_of_an_unknown_id(struct axi_seeding *self)
{
    struct axi_random_burst *write = site_pick_write(self, site_any);
    if (!write)
        return NO_SITE;
    for (size_t n = write->answer_shown; n <= write->answered; n++)
        self->trace.rows[n].b.id = 0xabc;
    return (long)write->answer_shown;
}

/* Another burst of the id is handed over and not answered when row n begins. */
static bool has_rival(const struct axi_random_burst *bursts, size_t count,
                      const struct axi_random_burst *burst, size_t n)
{
    for (size_t i = 0; i < count; i++)
        if (&bursts[i] != burst && bursts[i].ax.id == burst->ax.id && bursts[i].accepted < n &&
            bursts[i].answered >= n)
            return true;
    return false;
}

/* An answer in a row in which nothing is shown on its channel. */
static bool insert_answer(struct axi_seeding *self, size_t n, int channel, uint32_t id)
{
    struct axi_check_row *row = &self->trace.rows[n];
    if (*site_valid_of(self, n, channel))
        return false;
    if (channel == B) {
        row->b.valid = row->b.ready = 1;
        row->b.id = id;
        row->b.resp = 0;
    } else {
        row->r.valid = row->r.ready = 1;
        row->r.id = id;
        row->r.resp = row->r.last = 0;
    }
    return true;
}

/* In the very cycle of the handshake, or before. */
long seed_response_before_its_address(struct axi_seeding *self)
{
    struct axi_random_burst *write = site_pick_write(self, site_any);
    if (!write)
        return NO_SITE;
    size_t n = site_below(self, 2) ? write->accepted : write->shown;
    if (has_rival(self->trace.writes, self->trace.write_count, write, n) ||
        !insert_answer(self, n, B, write->ax.id))
        return NO_SITE;
    return (long)n;
}

long seed_response_before_the_last_beat(struct axi_seeding *self)
{
    struct axi_random_burst *write = site_pick_write(self, site_any);
    if (!write)
        return NO_SITE;
    size_t last = write->beat_taken[write->ax.len]; /* in its cycle is too early yet */
    if (last <= write->accepted)
        return NO_SITE;
    size_t n =
        site_below(self, 2) ? last : write->accepted + 1 + site_below(self, last - write->accepted);
    if (has_rival(self->trace.writes, self->trace.write_count, write, n) ||
        !insert_answer(self, n, B, write->ax.id))
        return NO_SITE;
    return (long)n;
}

long seed_read_data_of_an_unknown_id(struct axi_seeding *self)
{
    struct axi_random_burst *read = site_pick_read(self, site_any);
    if (!read)
        return NO_SITE;
    unsigned beat = site_below(self, read->ax.len + 1);
    for (size_t n = read->beat_shown[beat]; n <= read->beat_taken[beat]; n++)
        self->trace.rows[n].r.id = 0xabc;
    return (long)read->beat_shown[beat];
}

long seed_read_data_before_its_address(struct axi_seeding *self)
{
    struct axi_random_burst *read = site_pick_read(self, site_any);
    if (!read)
        return NO_SITE;
    size_t n = site_below(self, 2) ? read->accepted : read->shown;
    if (has_rival(self->trace.reads, self->trace.read_count, read, n) ||
        !insert_answer(self, n, R, read->ax.id))
        return NO_SITE;
    return (long)n;
}

long seed_rlast_early_or_missing(struct axi_seeding *self)
{
    struct axi_random_burst *read = site_pick_read(self, site_any);
    if (!read)
        return NO_SITE;
    unsigned beat = site_below(self, 2) ? read->ax.len : site_below(self, read->ax.len + 1);
    size_t n = read->beat_shown[beat];
    if (has_rival(self->trace.reads, self->trace.read_count, read, n))
        return NO_SITE;
    site_put_last(self, n, read->beat_taken[beat], false, beat < read->ax.len);
    return (long)n;
}

/* As if the second of two reads were answered first. */
long seed_reads_of_one_id_out_of_order(struct axi_seeding *self)
{
    struct axi_random_burst *first = site_pick_read(self, site_has_steps), *second = NULL;
    if (!first)
        return NO_SITE;
    for (size_t i = (size_t)(first - self->trace.reads) + 1; i < self->trace.read_count && !second;
         i++)
        if (self->trace.reads[i].ax.id == first->ax.id)
            second = &self->trace.reads[i];
    if (!second || !site_has_steps(second) || first->ax.len == second->ax.len)
        return NO_SITE;
    uint32_t shorter = first->ax.len < second->ax.len ? first->ax.len : second->ax.len;
    size_t n = first->beat_shown[shorter];
    if (second->accepted >= n)
        return NO_SITE;
    self->options.cross_4kib = true;
    uint32_t len = first->ax.len;
    first->ax.len = second->ax.len;
    second->ax.len = len;
    site_put_address(self, first, false);
    site_put_address(self, second, false);
    return (long)n;
}

long seed_read_bursts_that_interleave(struct axi_seeding *self)
{
    self->options.no_interleave = true;
    uint32_t id = 0;
    bool inside = false;
    for (size_t n = 1; n < self->trace.row_count; n++) {
        const struct axi_check_data *r = &self->trace.rows[n].r;
        if (r->valid && inside && r->id != id)
            return (long)n;
        if (!r->valid || !r->ready)
            continue;
        inside = !r->last;
        id = r->id;
    }
    return NO_SITE;
}

static bool is_normal(const struct axi_random_burst *burst)
{
    return !burst->ax.lock;
}

long seed_exokay_of_a_normal_access(struct axi_seeding *self)
{
    bool write = site_below(self, 2);
    struct axi_random_burst *burst =
        write ? site_pick_write(self, is_normal) : site_pick_read(self, is_normal);
    if (!burst)
        return NO_SITE;
    for (size_t n = burst->answer_shown; n <= burst->answered; n++)
        *(write ? &self->trace.rows[n].b.resp : &self->trace.rows[n].r.resp) = 1;
    return (long)burst->answer_shown;
}

long seed_lite_burst_or_narrow_beat(struct axi_seeding *self)
{
    bool write;
    struct axi_random_burst *burst = site_pick_address(self, site_any, &write);
    if (!burst)
        return NO_SITE;
    if (site_below(self, 2))
        burst->ax.len = 1;
    else
        burst->ax.size--;
    site_put_address(self, burst, write);
    return (long)burst->shown;
}

long seed_lite_access_with_an_id(struct axi_seeding *self)
{
    bool write;
    struct axi_random_burst *burst = site_pick_address(self, site_any, &write);
    if (!burst)
        return NO_SITE;
    burst->ax.id = 1;
    site_put_address(self, burst, write);
    return (long)burst->shown;
}

long seed_lite_bus_of_128_bit(struct axi_seeding *self)
{
    self->options.width_bits = 128;
    return 0;
}

long seed_trace_that_ends_under_way(struct axi_seeding *self)
{
    bool write = site_below(self, 2);
    struct axi_random_burst *burst =
        write ? site_pick_write(self, site_any) : site_pick_read(self, site_any);
    if (!burst)
        return NO_SITE;
    self->trace.row_count = burst->shown + 1 + site_below(self, burst->answered - burst->shown);
    return (long)self->trace.row_count - 1;
}
