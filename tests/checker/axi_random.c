/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_random: see the header. */
#include "axi_random.h"

#include <string.h>

enum { FIXED, INCR, WRAP, OUTSTANDING_MAX = 6 };

uint64_t axi_random_draw(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

unsigned axi_random_below(uint64_t *state, unsigned bound)
{
    return (unsigned)(axi_random_draw(state) % bound);
}

static bool chance(uint64_t *state, unsigned percent)
{
    return axi_random_below(state, 100) < percent;
}

static void fill(uint64_t *state, void *bytes, size_t count)
{
    for (size_t i = 0; i < count; i += 8) {
        uint64_t word = axi_random_draw(state);
        memcpy((char *)bytes + i, &word, count - i < 8 ? count - i : 8);
    }
}

/* ---- bursts ---------------------------------------------------------------------------------- */

static uint32_t log2_of(uint32_t bytes)
{
    return (uint32_t)__builtin_ctz(bytes);
}

static void make_address(struct axi_check_address *ax, uint64_t *random,
                         const struct axi_random_options *options)
{
    uint32_t bus = options->width_bits / 8;
    memset(ax, 0, sizeof(*ax));
    ax->prot = axi_random_below(random, 8);
    ax->cache = axi_random_below(random, 16);
    ax->burst = INCR;
    ax->size = log2_of(bus);
    ax->addr = axi_random_draw(random) >> axi_random_below(random, 40);
    if (options->lite)
        return;
    ax->id = axi_random_below(random, options->ids) * 0x11;
    ax->lock = chance(random, 10);
    ax->qos = axi_random_below(random, 16);
    ax->region = axi_random_below(random, 16);
    ax->user = axi_random_draw(random);
    if (chance(random, 50))
        ax->size = axi_random_below(random, ax->size + 1);
    if (chance(random, 30))
        ax->burst = chance(random, 50) ? FIXED : WRAP;
    ax->len = axi_random_below(random, 16);
    if (ax->burst == WRAP)
        ax->len = (2u << axi_random_below(random, 4)) - 1;
    if (ax->burst == INCR && chance(random, 10))
        ax->len = axi_random_below(random, 256);
    uint64_t bytes = UINT64_C(1) << ax->size;
    if (ax->burst == WRAP || chance(random, 50))
        ax->addr -= ax->addr % bytes;
    if (ax->burst != INCR)
        return;
    while (bytes * (ax->len + 1) > 4096)
        ax->len /= 2;
    uint64_t room = 4096 - bytes * (ax->len + 1), offset = ax->addr % bytes;
    uint64_t start = chance(random, 25) ? room : axi_random_below(random, (unsigned)room + 1);
    ax->addr = ax->addr / 4096 * 4096 + start / bytes * bytes + offset;
}

/* ---- one row after another --------------------------------------------------------------------- */

struct state {
    struct axi_random_trace *trace;
    uint64_t random;
    unsigned shows[5], readies[5]; /* percent: AR AW W R B */
    size_t ars, aws;               /* shown so far */
    size_t w_burst;                /* of writes: whose beats are next */
    struct axi_random_burst *r;    /* whose beat is shown, or in whose burst it is */
    struct axi_random_burst *b;    /* shown */
    bool r_waits, b_waits;
    struct axi_check_row held; /* payloads that wait for READY */
};

enum { AR, AW, W, R, B };

static bool shows(struct state *self, int channel)
{
    return chance(&self->random, self->shows[channel]);
}

static bool is_done(const struct axi_random_burst *burst)
{
    return burst->done > burst->ax.len;
}

static size_t unanswered(const struct axi_random_burst *bursts, size_t count)
{
    size_t open = 0;
    for (size_t i = 0; i < count; i++)
        open += bursts[i].answered == 0;
    return open;
}

/* The address channels: the next burst, if not too many are under way. */
static void drive_address(struct state *self, int channel, size_t n, struct axi_check_address *ax,
                          const struct axi_check_address *held, struct axi_random_burst *bursts,
                          size_t count, size_t *next)
{
    fill(&self->random, ax, sizeof(*ax));
    ax->valid = 0;
    if (held->valid) {
        *ax = *held;
    } else if (*next < count && unanswered(bursts, *next) < OUTSTANDING_MAX &&
               shows(self, channel)) {
        *ax = bursts[*next].ax;
        ax->valid = 1;
        bursts[*next].shown = n;
        ++*next;
    }
    ax->ready = chance(&self->random, self->readies[channel]);
}

/* Other bytes wherever they mean nothing. */
static void disturb(struct state *self, uint8_t *data, const uint64_t lanes[2])
{
    uint8_t noise[CHECK_CSV_WIDE_BYTES];
    fill(&self->random, noise, sizeof(noise));
    for (unsigned lane = 0; lane < sizeof(noise); lane++)
        if (!(lanes[lane / 64] >> lane % 64 & 1))
            data[lane] = noise[lane];
}

static void drive_w(struct state *self, size_t n, struct axi_check_data *w)
{
    struct axi_random_trace *trace = self->trace;
    fill(&self->random, w, sizeof(*w));
    w->valid = 0;
    struct axi_random_burst *write = &trace->writes[self->w_burst];
    if (self->held.w.valid) {
        *w = self->held.w;
        disturb(self, w->data, w->strb);
    } else if (self->w_burst < trace->write_count &&
               self->w_burst < self->aws + trace->options.ahead && shows(self, W)) {
        struct axi_check_address ax = write->ax;
        uint32_t bus = trace->options.width_bits / 8;
        if (trace->options.lite)
            ax.addr -= ax.addr % bus;
        uint64_t lanes[2];
        axi_check_lanes(&ax, write->done, bus, lanes);
        w->valid = 1;
        w->id = w->resp = 0;
        w->last = write->done == ax.len;
        for (int half = 0; half < 2; half++)
            w->strb[half] =
                lanes[half] &
                (chance(&self->random, 70) ? UINT64_MAX : axi_random_draw(&self->random));
        write->beat_shown[write->done] = n;
    }
    w->ready = chance(&self->random, self->readies[W]);
}

/* A burst that can be answered in row n, among the oldest of each id. Null if there is none. */
static struct axi_random_burst *choose(struct state *self, struct axi_random_burst *bursts,
                                       size_t count, size_t n, bool whole)
{
    struct axi_random_burst *found = NULL;
    unsigned candidates = 0;
    for (size_t i = 0; i < count; i++) {
        struct axi_random_burst *burst = &bursts[i];
        bool first = true;
        for (size_t j = 0; j < i; j++)
            first &= bursts[j].ax.id != burst->ax.id || bursts[j].answered > 0;
        bool ready = burst->accepted > 0 && burst->accepted < n && burst->answered == 0;
        if (whole)
            ready &= is_done(burst) && burst->beat_taken[burst->ax.len] < n;
        if (first && ready && axi_random_below(&self->random, ++candidates) == 0)
            found = burst;
    }
    return found;
}

static uint32_t random_response(struct state *self, bool exclusive)
{
    static const uint32_t responses[] = {0, 2, 3, 1};
    if (chance(&self->random, 70))
        return exclusive;
    return responses[axi_random_below(&self->random, exclusive ? 4 : 3)];
}

static void drive_r(struct state *self, size_t n, struct axi_check_data *r)
{
    struct axi_random_trace *trace = self->trace;
    fill(&self->random, r, sizeof(*r));
    r->valid = 0;
    uint64_t lanes[2] = {UINT64_MAX, UINT64_MAX};
    if (self->held.r.valid) {
        *r = self->held.r;
        if (!trace->options.lite)
            axi_check_lanes(&self->r->ax, self->r->done, trace->options.width_bits / 8, lanes);
        disturb(self, r->data, lanes);
    } else if (shows(self, R)) {
        if (!self->r || self->r->done == 0 || is_done(self->r) || trace->options.interleave)
            self->r = choose(self, trace->reads, self->ars, n, false);
        if (self->r) {
            r->valid = 1;
            r->id = self->r->ax.id;
            r->last = self->r->done == self->r->ax.len;
            r->resp = random_response(self, self->r->ax.lock);
            r->strb[0] = r->strb[1] = 0;
            self->r->beat_shown[self->r->done] = n;
            if (r->last)
                self->r->answer_shown = n;
        }
    }
    r->ready = chance(&self->random, self->readies[R]);
}

static void drive_b(struct state *self, size_t n, struct axi_check_response *b)
{
    fill(&self->random, b, sizeof(*b));
    b->valid = 0;
    if (self->held.b.valid) {
        *b = self->held.b;
    } else if (shows(self, B)) {
        self->b = choose(self, self->trace->writes, self->aws, n, true);
        if (self->b) {
            b->valid = 1;
            b->id = self->b->ax.id;
            b->resp = random_response(self, self->b->ax.lock);
            self->b->answer_shown = n;
        }
    }
    b->ready = chance(&self->random, self->readies[B]);
}

static void take_edge(struct state *self, size_t n, const struct axi_check_row *row)
{
    struct axi_random_trace *trace = self->trace;
    self->held = *row;
    if (row->ar.ready && row->ar.valid)
        trace->reads[self->ars - 1].accepted = n;
    if (row->aw.ready && row->aw.valid)
        trace->writes[self->aws - 1].accepted = n;
    if (row->w.ready && row->w.valid) {
        struct axi_random_burst *write = &trace->writes[self->w_burst];
        write->beat_taken[write->done++] = n;
        self->w_burst += is_done(write);
    }
    if (row->r.ready && row->r.valid) {
        self->r->beat_taken[self->r->done++] = n;
        if (is_done(self->r))
            self->r->answered = n;
    }
    if (row->b.ready && row->b.valid)
        self->b->answered = n;
    self->held.ar.valid &= !row->ar.ready;
    self->held.aw.valid &= !row->aw.ready;
    self->held.w.valid &= !row->w.ready;
    self->held.r.valid &= !row->r.ready;
    self->held.b.valid &= !row->b.ready;
}

static void make_idle(struct state *self, size_t n, uint32_t aresetn)
{
    struct axi_check_row *row = &self->trace->rows[n];
    fill(&self->random, row, sizeof(*row));
    row->cycle = n;
    row->aresetn = aresetn;
    row->ar.valid = row->aw.valid = row->w.valid = row->r.valid = row->b.valid = 0;
    row->ar.ready = row->aw.ready = row->w.ready = row->r.ready = row->b.ready = 0;
}

static void make_options(struct axi_random_options *options, uint64_t *random, bool lite)
{
    *options = (struct axi_random_options){
        .width_bits = 32u << axi_random_below(random, lite ? 2 : 6),
        .ids = lite ? 1 : 1 + axi_random_below(random, 6),
        .ahead = axi_random_below(random, 5),
        .lite = lite,
        .interleave = chance(random, 50),
        .reset = chance(random, 50),
    };
}

void axi_random_make(struct axi_random_trace *trace, uint64_t seed, bool lite)
{
    struct state state = {.trace = trace, .random = seed};
    make_options(&trace->options, &state.random, lite);
    trace->read_count = axi_random_below(&state.random, AXI_RANDOM_BURSTS_MAX + 1);
    trace->write_count = axi_random_below(&state.random, AXI_RANDOM_BURSTS_MAX + 1);
    memset(trace->reads, 0, sizeof(trace->reads));
    memset(trace->writes, 0, sizeof(trace->writes));
    for (size_t i = 0; i < trace->read_count; i++)
        make_address(&trace->reads[i].ax, &state.random, &trace->options);
    for (size_t i = 0; i < trace->write_count; i++)
        make_address(&trace->writes[i].ax, &state.random, &trace->options);
    for (int channel = 0; channel < 5; channel++) {
        state.shows[channel] = 25 + axi_random_below(&state.random, 76);
        state.readies[channel] = 25 + axi_random_below(&state.random, 76);
    }
    if (chance(&state.random, 25))
        state.shows[AW] = 3; /* W runs ahead */

    size_t n = 0;
    size_t idle = trace->options.reset ? 2 + axi_random_below(&state.random, 5) : 1;
    for (; n < idle; n++)
        make_idle(&state, n, !trace->options.reset || n + 1 == idle);
    do {
        struct axi_check_row *row = &trace->rows[n];
        row->cycle = n;
        row->aresetn = 1;
        drive_address(&state, AR, n, &row->ar, &state.held.ar, trace->reads, trace->read_count,
                      &state.ars);
        drive_address(&state, AW, n, &row->aw, &state.held.aw, trace->writes, trace->write_count,
                      &state.aws);
        drive_w(&state, n, &row->w);
        drive_r(&state, n, &row->r);
        drive_b(&state, n, &row->b);
        take_edge(&state, n, row);
        n++;
    } while (unanswered(trace->reads, trace->read_count) +
                     unanswered(trace->writes, trace->write_count) >
                 0 &&
             n + 1 < AXI_RANDOM_ROWS_MAX);
    make_idle(&state, n++, 1);
    trace->row_count = n;
}
