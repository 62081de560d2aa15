/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_checker: the rules, see the header. */
#include "axi_checker.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { FIXED, INCR, WRAP };
enum { OKAY, EXOKAY };

#define KIB4 4096u

const struct check_rule axi_check_rules[] = {AXI_CHECK_RULE_MAP(CHECK_RULE) CHECK_RULES_END};

static const char *const burst_names[] = {"FIXED", "INCR", "WRAP"};

void axi_checker_init(struct axi_checker *self, const struct axi_check_options *options,
                      void (*report)(void *context, uint64_t cycle, enum axi_check_rule rule,
                                     const char *text),
                      void *context)
{
    memset(self, 0, sizeof(*self));
    if (options)
        self->options = *options;
    if (self->options.width_bits == 0)
        self->options.width_bits = 32;
    self->report = report;
    self->context = context;
}

void axi_checker_free(struct axi_checker *self)
{
    free(self->reads.bursts);
    free(self->writes.bursts);
    free(self->ahead.beats);
}

static void violated(struct axi_checker *self, const struct axi_check_row *row,
                     enum axi_check_rule rule, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void violated(struct axi_checker *self, const struct axi_check_row *row,
                     enum axi_check_rule rule, const char *format, ...)
{
    if (self->options.skip[rule])
        return;
    self->violations++;
    if (!self->report)
        return;
    char text[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    self->report(self->context, row->cycle, rule, text);
}

/* ---- lists ----------------------------------------------------------------------------------- */

/* Room for one more of `bytes` each. Null if memory is short; then nothing is lost. */
static void *grown(struct axi_checker *self, void *items, size_t count, size_t *room, size_t bytes)
{
    if (count < *room)
        return items;
    size_t more = *room ? 2 * *room : 16;
    void *moved = realloc(items, more * bytes);
    if (!moved) {
        self->out_of_memory = true;
        return NULL;
    }
    *room = more;
    return moved;
}

static void add_burst(struct axi_checker *self, struct axi_check_list *list,
                      const struct axi_check_address *ax)
{
    void *bursts = grown(self, list->bursts, list->count, &list->room, sizeof(*list->bursts));
    if (!bursts)
        return;
    list->bursts = bursts;
    list->bursts[list->count] = (struct axi_check_burst){.ax = *ax};
    list->count++;
}

static void remove_burst(struct axi_check_list *list, size_t index)
{
    list->count--;
    memmove(&list->bursts[index], &list->bursts[index + 1],
            (list->count - index) * sizeof(*list->bursts));
}

/* The oldest burst of an id that is handed over and not answered, null if there is none. */
static struct axi_check_burst *oldest(const struct axi_check_list *list, uint32_t id)
{
    for (size_t i = 0; i < list->count; i++) {
        struct axi_check_burst *burst = &list->bursts[i];
        if (burst->ax.id == id && burst->accepted && !burst->answered)
            return burst;
    }
    return NULL;
}

/* ---- addresses ------------------------------------------------------------------------------- */

void axi_check_lanes(const struct axi_check_address *ax, uint32_t beat, uint32_t bus_bytes,
                     uint64_t lanes[2])
{
    uint64_t bytes = UINT64_C(1) << ax->size, address = ax->addr;
    uint64_t start = address / bytes * bytes;
    if (ax->burst == INCR && beat > 0)
        address = start + beat * bytes;
    if (ax->burst == WRAP && beat > 0) {
        uint64_t block = bytes * (ax->len + 1), bottom = start / block * block;
        address = bottom + (start - bottom + beat * bytes) % block;
    }
    uint64_t first = address % bus_bytes, end = address / bytes * bytes % bus_bytes + bytes;
    lanes[0] = lanes[1] = 0;
    for (uint64_t lane = bytes > bus_bytes ? 0 : first; lane < end && lane < bus_bytes; lane++)
        lanes[lane / 64] |= UINT64_C(1) << lane % 64;
}

static uint32_t bus_bytes(const struct axi_checker *self)
{
    return self->options.width_bits / 8;
}

static void check_lite_address(struct axi_checker *self, const struct axi_check_row *now,
                               const struct axi_check_address *ax, const char *channel)
{
    if (ax->len > 0 || 8u << ax->size != self->options.width_bits)
        violated(self, now, AXI_CHECK_LITE_BURST, "%sLEN %u, %sSIZE %u on a bus of %u bit", channel,
                 ax->len, channel, ax->size, self->options.width_bits);
    if (ax->id > 0)
        violated(self, now, AXI_CHECK_LITE_ID, "%sID is %x", channel, ax->id);
}

/* An address as it is first shown. */
static void check_address(struct axi_checker *self, const struct axi_check_row *now,
                          const struct axi_check_address *ax, const char *channel)
{
    if (self->options.lite) {
        check_lite_address(self, now, ax, channel);
        return;
    }
    uint32_t beats = ax->len + 1;
    uint64_t bytes = UINT64_C(1) << ax->size;
    if (bytes > bus_bytes(self))
        violated(self, now, AXI_CHECK_SIZE, "%sSIZE %u on a bus of %u bit", channel, ax->size,
                 self->options.width_bits);
    if (ax->burst == FIXED && beats > 16)
        violated(self, now, AXI_CHECK_FIXED_LENGTH, "%u beats of FIXED", beats);
    if (ax->burst == WRAP && beats != 2 && beats != 4 && beats != 8 && beats != 16)
        violated(self, now, AXI_CHECK_WRAP_LENGTH, "%u beats of WRAP", beats);
    if (ax->burst == WRAP && ax->addr % bytes)
        violated(self, now, AXI_CHECK_WRAP_ALIGNMENT, "WRAP at %sADDR %" PRIx64 ", %sSIZE %u",
                 channel, ax->addr, channel, ax->size);
    uint64_t length = ax->burst == INCR ? beats * bytes : bytes;
    if (!self->options.cross_4kib && ax->burst != WRAP &&
        ax->addr / bytes * bytes % KIB4 + length > KIB4)
        violated(self, now, AXI_CHECK_KIB4,
                 "%s of %u beats, %sSIZE %u, at %" PRIx64 " crosses 4 KiB", burst_names[ax->burst],
                 beats, channel, ax->size, ax->addr);
}

/* ---- handshakes ------------------------------------------------------------------------------ */

static bool waits(uint32_t valid, uint32_t ready)
{
    return valid && !ready;
}

static bool held_address(const struct axi_check_address *a, const struct axi_check_address *b)
{
    return a->addr == b->addr && a->id == b->id && a->len == b->len && a->size == b->size &&
           a->burst == b->burst && a->lock == b->lock && a->prot == b->prot &&
           a->cache == b->cache && a->qos == b->qos && a->region == b->region && a->user == b->user;
}

/* In the given lanes. */
static bool held_data(const struct axi_check_data *a, const struct axi_check_data *b,
                      const uint64_t lanes[2])
{
    bool all = memcmp(a->data, b->data, sizeof(a->data)) == 0;
    for (unsigned lane = 0; lane < CHECK_CSV_WIDE_BYTES && !all; lane++)
        if (a->data[lane] != b->data[lane] && lanes[lane / 64] >> lane % 64 & 1)
            return false;
    return a->last == b->last && a->id == b->id && a->resp == b->resp && a->user == b->user &&
           a->strb[0] == b->strb[0] && a->strb[1] == b->strb[1];
}

/* VALID and its payload, while the row before waited for READY. */
static void check_held(struct axi_checker *self, const struct axi_check_row *now)
{
    const struct axi_check_row *before = &self->before;
    const bool w_waited = waits(before->w.valid, before->w.ready);
    const bool r_waited = waits(before->r.valid, before->r.ready);
    const struct {
        const char *name;
        bool waited, valid, same;
    } channels[] = {
        {"AR", waits(before->ar.valid, before->ar.ready), now->ar.valid,
         held_address(&now->ar, &before->ar)},
        {"AW", waits(before->aw.valid, before->aw.ready), now->aw.valid,
         held_address(&now->aw, &before->aw)},
        {"W", w_waited, now->w.valid, w_waited && held_data(&now->w, &before->w, before->w.strb)},
        {"R", r_waited, now->r.valid, r_waited && held_data(&now->r, &before->r, self->r_lanes)},
        {"B", waits(before->b.valid, before->b.ready), now->b.valid,
         now->b.id == before->b.id && now->b.resp == before->b.resp &&
             now->b.user == before->b.user},
    };
    for (size_t i = 0; i < sizeof(channels) / sizeof(channels[0]); i++) {
        if (!channels[i].waited)
            continue;
        if (!channels[i].valid)
            violated(self, now, AXI_CHECK_VALID_HELD, "%sVALID falls, %sREADY was low",
                     channels[i].name, channels[i].name);
        else if (!channels[i].same)
            violated(self, now, AXI_CHECK_STABLE, "the payload of %s changes, %sREADY was low",
                     channels[i].name, channels[i].name);
    }
}

/* First row of a payload, given VALID and READY of the row before. */
static bool is_shown(uint32_t valid, uint32_t valid_before, uint32_t ready_before)
{
    return valid && !waits(valid_before, ready_before);
}

/* ---- writes ---------------------------------------------------------------------------------- */

/* One beat of a write whose AW is shown. `wlast` is the rule that a wrong WLAST breaks. */
static void check_beat(struct axi_checker *self, const struct axi_check_row *now,
                       const struct axi_check_burst *write, const uint64_t strb[2], uint32_t last,
                       enum axi_check_rule wlast)
{
    bool final = write->done == write->ax.len;
    if (last != AXI_CHECK_UNKNOWN && last != final)
        violated(self, now, wlast, "WLAST is %u on beat %u of %u", last, write->done + 1,
                 write->ax.len + 1);
    struct axi_check_address ax = write->ax;
    if (self->options.lite)
        ax.addr -= ax.addr % bus_bytes(self);
    uint64_t lanes[2];
    axi_check_lanes(&ax, write->done, bus_bytes(self), lanes);
    if (1u << ax.size <= bus_bytes(self) && ((strb[0] & ~lanes[0]) || (strb[1] & ~lanes[1])))
        violated(self, now, AXI_CHECK_STROBE,
                 "WSTRB %" PRIx64 "%016" PRIx64 " outside lanes %" PRIx64 "%016" PRIx64
                 " of beat %u",
                 strb[1], strb[0], lanes[1], lanes[0], write->done + 1);
}

/* Hands a beat to the write it belongs to. */
static void fill_write(struct axi_checker *self, uint32_t last)
{
    struct axi_check_burst *write = &self->writes.bursts[self->filling];
    bool by_wlast = last != AXI_CHECK_UNKNOWN && last;
    if (write->done++ != write->ax.len && !by_wlast)
        return;
    write->closed = true;
    if (write->answered) /* too early, and reported */
        remove_burst(&self->writes, self->filling);
    else
        self->filling++;
}

/* Gives the beats that were ahead to the writes that are shown now. */
static void drain_ahead(struct axi_checker *self, const struct axi_check_row *now)
{
    size_t taken = 0;
    for (; taken < self->ahead.count && self->filling < self->writes.count; taken++) {
        const struct axi_check_beat *beat = &self->ahead.beats[taken];
        check_beat(self, now, &self->writes.bursts[self->filling], beat->strb, beat->last,
                   AXI_CHECK_WRITE_BEATS);
        fill_write(self, beat->last);
        self->ahead.bursts -= beat->last == 1;
    }
    if (taken == 0)
        return;
    self->ahead.count -= taken;
    memmove(self->ahead.beats, self->ahead.beats + taken,
            self->ahead.count * sizeof(*self->ahead.beats));
}

/* A W beat that nobody has an AW for. */
static void check_ahead(struct axi_checker *self, const struct axi_check_row *now)
{
    bool first = self->ahead.count == 0 || self->ahead.beats[self->ahead.count - 1].last == 1;
    if (self->options.limit_ahead && first && self->ahead.bursts + 1 > self->options.ahead)
        violated(self, now, AXI_CHECK_W_AHEAD, "W burst %u ahead of AW, %u are allowed",
                 self->ahead.bursts + 1, self->options.ahead);
}

static void check_w(struct axi_checker *self, const struct axi_check_row *now)
{
    const struct axi_check_row *before = &self->before;
    bool shown = is_shown(now->w.valid, before->w.valid, before->w.ready);
    if (shown)
        self->w_judged = false;
    if (!now->w.valid)
        return;
    bool known = self->filling < self->writes.count;
    if (known && !self->w_judged) {
        self->w_judged = true;
        check_beat(self, now, &self->writes.bursts[self->filling], now->w.strb, now->w.last,
                   shown ? AXI_CHECK_WLAST : AXI_CHECK_WRITE_BEATS);
    } else if (!known && shown) {
        check_ahead(self, now);
    }
}

static void take_w(struct axi_checker *self, const struct axi_check_row *now)
{
    self->beats[1]++;
    if (self->filling < self->writes.count) {
        fill_write(self, now->w.last);
        return;
    }
    void *beats = grown(self, self->ahead.beats, self->ahead.count, &self->ahead.room,
                        sizeof(*self->ahead.beats));
    if (!beats)
        return;
    self->ahead.beats = beats;
    self->ahead.beats[self->ahead.count++] =
        (struct axi_check_beat){{now->w.strb[0], now->w.strb[1]}, now->w.last};
    self->ahead.bursts += now->w.last == 1;
}

static void check_exokay(struct axi_checker *self, const struct axi_check_row *now, uint32_t resp,
                         const struct axi_check_burst *burst, const char *channel)
{
    if (resp == EXOKAY && (self->options.lite || !burst->ax.lock))
        violated(self, now, AXI_CHECK_EXOKAY, "%sRESP is EXOKAY, the access was not exclusive",
                 channel);
}

static void check_b(struct axi_checker *self, const struct axi_check_row *now)
{
    const struct axi_check_burst *write = oldest(&self->writes, now->b.id);
    if (!write)
        violated(self, now, AXI_CHECK_B_ADDRESS, "BID %x has no write whose AW was handed over",
                 now->b.id);
    else if (!write->closed)
        violated(self, now, AXI_CHECK_B_LAST, "BID %x after %u of %u beats", now->b.id, write->done,
                 write->ax.len + 1);
    else
        check_exokay(self, now, now->b.resp, write, "B");
}

static void take_b(struct axi_checker *self, const struct axi_check_row *now)
{
    struct axi_check_burst *write = oldest(&self->writes, now->b.id);
    self->answers[1]++;
    if (!write)
        return;
    write->answered = true;
    if (!write->closed)
        return;
    remove_burst(&self->writes, (size_t)(write - self->writes.bursts));
    self->filling--;
}

/* ---- reads ----------------------------------------------------------------------------------- */

/* True if another read of the id that was handed over has this many beats. */
static bool other_has(const struct axi_check_list *reads, const struct axi_check_burst *read,
                      uint32_t beats, bool or_more)
{
    for (size_t i = 0; i < reads->count; i++) {
        const struct axi_check_burst *other = &reads->bursts[i];
        if (other != read && other->accepted && other->ax.id == read->ax.id &&
            (other->ax.len + 1 == beats || (or_more && other->ax.len + 1 > beats)))
            return true;
    }
    return false;
}

static void check_rlast(struct axi_checker *self, const struct axi_check_row *now,
                        const struct axi_check_burst *read)
{
    uint32_t beat = read->done + 1, beats = read->ax.len + 1;
    if (now->r.last == AXI_CHECK_UNKNOWN || now->r.last == (beat == beats))
        return;
    /* What fits a later read of the id is most likely that. */
    bool later = now->r.last ? other_has(&self->reads, read, beat, false)
                             : other_has(&self->reads, read, beat + 1, true);
    violated(self, now, later ? AXI_CHECK_R_ORDER : AXI_CHECK_RLAST,
             "RLAST is %u on beat %u of %u of RID %x%s", now->r.last, beat, beats, now->r.id,
             later ? ", as for a later read" : "");
}

static void check_r(struct axi_checker *self, const struct axi_check_row *now)
{
    const struct axi_check_burst *read = oldest(&self->reads, now->r.id);
    self->r_lanes[0] = self->r_lanes[1] = UINT64_MAX;
    if (!read) {
        violated(self, now, AXI_CHECK_R_ADDRESS, "RID %x has no read whose AR was handed over",
                 now->r.id);
        return;
    }
    if (self->options.no_interleave && self->in_burst && now->r.id != self->in_burst_id)
        violated(self, now, AXI_CHECK_R_INTERLEAVE, "RID %x inside a burst of RID %x", now->r.id,
                 self->in_burst_id);
    check_rlast(self, now, read);
    check_exokay(self, now, now->r.resp, read, "R");
    if (!self->options.lite)
        axi_check_lanes(&read->ax, read->done, bus_bytes(self), self->r_lanes);
}

static void take_r(struct axi_checker *self, const struct axi_check_row *now)
{
    struct axi_check_burst *read = oldest(&self->reads, now->r.id);
    self->beats[0]++;
    if (!read)
        return;
    bool by_rlast = now->r.last != AXI_CHECK_UNKNOWN && now->r.last;
    self->in_burst = read->done++ != read->ax.len && !by_rlast;
    self->in_burst_id = now->r.id;
    if (self->in_burst)
        return;
    self->answers[0]++;
    remove_burst(&self->reads, (size_t)(read - self->reads.bursts));
}

/* ---- rows ------------------------------------------------------------------------------------ */

static bool legal_address(const struct axi_check_address *ax)
{
    return ax->valid <= 1 && ax->ready <= 1 &&
           (!ax->valid || (ax->len <= 255 && ax->size <= 7 && ax->burst <= WRAP && ax->lock <= 1 &&
                           ax->prot <= 7 && ax->cache <= 15 && ax->qos <= 15 && ax->region <= 15));
}

static bool legal_data(const struct axi_check_data *data)
{
    return data->valid <= 1 && data->ready <= 1 &&
           (!data->valid ||
            (data->resp <= 3 && (data->last <= 1 || data->last == AXI_CHECK_UNKNOWN)));
}

static bool legal_strobes(const struct axi_checker *self, const struct axi_check_data *w)
{
    uint32_t lanes = bus_bytes(self);
    uint64_t high = lanes < 128 ? w->strb[1] >> (lanes > 64 ? lanes - 64 : 0) : 0;
    uint64_t low = lanes < 64 ? w->strb[0] >> lanes : 0;
    return !w->valid || (high | low) == 0;
}

/* False if a value is none: then nothing else of the row can be judged. */
static bool check_encoding(struct axi_checker *self, const struct axi_check_row *now)
{
    if (self->rows > 0 && now->cycle != self->before.cycle + 1)
        violated(self, now, AXI_CHECK_ENCODING, "follows cycle %" PRIu64, self->before.cycle);
    const struct {
        const char *name;
        bool good;
    } channels[] = {
        {"AR", legal_address(&now->ar)},
        {"AW", legal_address(&now->aw)},
        {"R", legal_data(&now->r)},
        {"W", legal_data(&now->w) && legal_strobes(self, &now->w)},
        {"B", now->b.valid <= 1 && now->b.ready <= 1 && (!now->b.valid || now->b.resp <= 3)},
    };
    bool good = now->aresetn <= 1;
    if (!good)
        violated(self, now, AXI_CHECK_ENCODING, "ARESETn is %u", now->aresetn);
    for (size_t i = 0; i < sizeof(channels) / sizeof(channels[0]); i++) {
        if (channels[i].good)
            continue;
        violated(self, now, AXI_CHECK_ENCODING, "a signal of %s has no legal value",
                 channels[i].name);
        good = false;
    }
    return good;
}

/* True in reset. */
static bool check_reset(struct axi_checker *self, const struct axi_check_row *now)
{
    bool out_of_it = self->rows > 0 && !self->before.aresetn;
    if (now->aresetn && !out_of_it)
        return false;
    if (now->ar.valid | now->aw.valid | now->w.valid | now->r.valid | now->b.valid)
        violated(self, now, AXI_CHECK_RESET, "VALID %s (AR %u AW %u W %u R %u B %u)",
                 now->aresetn ? "in the first cycle after reset" : "in reset", now->ar.valid,
                 now->aw.valid, now->w.valid, now->r.valid, now->b.valid);
    if (now->aresetn)
        return false;
    self->reads.count = self->writes.count = self->filling = 0;
    self->ahead.count = self->ahead.bursts = 0;
    self->in_burst = false;
    return true;
}

/* Whatever is shown for the first time. AR and AW before R, W and B, which may refer to them. */
static void check_shown(struct axi_checker *self, const struct axi_check_row *now)
{
    const struct axi_check_row *before = &self->before;
    if (is_shown(now->ar.valid, before->ar.valid, before->ar.ready)) {
        check_address(self, now, &now->ar, "AR");
        add_burst(self, &self->reads, &now->ar);
    }
    if (is_shown(now->aw.valid, before->aw.valid, before->aw.ready)) {
        check_address(self, now, &now->aw, "AW");
        add_burst(self, &self->writes, &now->aw);
        drain_ahead(self, now);
    }
    check_w(self, now);
    if (is_shown(now->r.valid, before->r.valid, before->r.ready))
        check_r(self, now);
    if (is_shown(now->b.valid, before->b.valid, before->b.ready))
        check_b(self, now);
}

/* Takes the edge that ends the cycle: B and R first, as they answer what was there before it. */
static void take_edge(struct axi_checker *self, const struct axi_check_row *now)
{
    if (now->b.valid && now->b.ready)
        take_b(self, now);
    if (now->r.valid && now->r.ready)
        take_r(self, now);
    if (now->w.valid && now->w.ready)
        take_w(self, now);
    if (now->aw.valid && now->aw.ready && self->writes.count > 0)
        self->writes.bursts[self->writes.count - 1].accepted = true;
    if (now->ar.valid && now->ar.ready && self->reads.count > 0)
        self->reads.bursts[self->reads.count - 1].accepted = true;
}

void axi_checker_row(struct axi_checker *self, const struct axi_check_row *row)
{
    if (self->out_of_memory)
        return;
    uint32_t width = self->options.width_bits;
    if (self->rows == 0 && self->options.lite && width != 32 && width != 64)
        violated(self, row, AXI_CHECK_LITE_WIDTH, "a bus of %u bit", width);
    if (!check_encoding(self, row))
        return;
    bool reset = check_reset(self, row);
    if (!reset) {
        if (self->rows > 0)
            check_held(self, row);
        check_shown(self, row);
        take_edge(self, row);
    }
    self->before = *row;
    if (reset)
        self->before.ar.valid = self->before.aw.valid = self->before.w.valid =
            self->before.r.valid = self->before.b.valid = 0;
    self->rows++;
}

void axi_checker_end(struct axi_checker *self)
{
    if (!self->options.complete || self->out_of_memory)
        return;
    if (self->reads.count + self->writes.count + self->ahead.count > 0)
        violated(self, &self->before, AXI_CHECK_COMPLETE,
                 "ends with %zu reads and %zu writes under way, %zu W beats without AW",
                 self->reads.count, self->writes.count, self->ahead.count);
}
