/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * round: finds rounds and passes them.
 *
 * The search is that of repeat.c: the state of one mark is kept and compared with that of each mark after it. Most
 * marks differ in the first thing that is looked at, which is what differed last.
 */
#include "kernel/base.h"
#include "kernel/round_state.h"

/* ---- telling --------------------------------------------------------------------------------- */

static uint64_t load(const uint8_t *at, size_t bytes)
{
    uint64_t value = 0;
    memcpy(&value, at, bytes);
    return value;
}

static bool is_old(sim_cycle cycle, sim_cycle now, uint32_t old)
{
    return old && cycle != SIM_NEVER && cycle <= now && now - cycle >= old;
}

static uint64_t from_now(sim_cycle cycle, sim_cycle now, uint32_t old)
{
    if (is_old(cycle, now, old))
        return SIM_NEVER - 1;
    return cycle == SIM_NEVER ? SIM_NEVER : cycle - now;
}

/* Told words go to `words`; without them the stamps among what is told move on by `cycles`. */
struct teller {
    struct repeat *words;
    sim_cycle now, cycles;
};

static void tell_bytes(struct teller *teller, const uint8_t *at, uint32_t bytes)
{
    for (; teller->words && bytes; at += least(bytes, 8), bytes -= least(bytes, 8))
        repeat_same(teller->words, load(at, least(bytes, 8)));
}

static void tell_stamp(struct teller *teller, uint8_t *at, uint32_t old)
{
    const sim_cycle cycle = load(at, sizeof cycle);
    if (teller->words) {
        repeat_same(teller->words, from_now(cycle, teller->now, old));
    } else if (cycle != SIM_NEVER && !is_old(cycle, teller->now, old)) {
        const sim_cycle later = cycle + teller->cycles;
        memcpy(at, &later, sizeof later);
    }
}

static void tell_part(struct teller *teller, const struct state_field *field, uint8_t *base);

/* An element that is told, of a row. */
static void tell_element(struct teller *teller, const struct state_field *field, uint8_t *at)
{
    if (field->kind != STATE_KIND_PART) {
        if (field->kind == STATE_KIND_STAMP)
            tell_stamp(teller, at, field->old);
        else
            tell_bytes(teller, at, field->each);
        return;
    }
    for (const struct state_field *row = field->part->fields; row->name; row++) {
        if (row->dead)
            continue;
        if (row->live || row->valid_at) {
            tell_part(teller, row, at);
            continue;
        }
        for (uint32_t i = 0; i < row->bytes; i += row->each) {
            if (row->pointer)
                tell_bytes(teller, at + row->offset + i, row->each);
            else
                tell_element(teller, row, at + row->offset + i);
        }
    }
}

static void tell_part(struct teller *teller, const struct state_field *field, uint8_t *base)
{
    uint8_t *at = base + field->offset;
    const uint32_t each = field->behind ? field->part->bytes : field->each;
    const uint32_t elements = field->behind ? field->behind : field->bytes / field->each;
    struct state_live live = {0, 0};
    if (field->behind)
        at = pointer_at(at);
    if (field->valid_at) {
        live.count = base[field->valid_at - 1] >> field->bit & 1;
        live.first = base[field->place_at] >> field->bit & 1;
    } else {
        live = field->live(base);
    }
    if (teller->words)
        repeat_same(teller->words, live.count);
    for (uint32_t i = 0, index = live.first; at && i < live.count; i++) {
        tell_element(teller, field, at + (size_t)index * each);
        index = index + 1 < elements ? index + 1 : 0;
    }
}

static void tell_clock(const struct clock *clock, struct repeat *words)
{
    const sim_cycle now = clock->cycle;
    repeat_same(words, clock->time == SIM_NEVER ? SIM_NEVER : clock->kernel->now - clock->time);
    repeat_same(words, from_now(clock->next_cycle, now, 0));
    repeat_same(words, from_now(clock->mask_cycle, now, 0));
    for (uint32_t i = 0; i < clock->words; i++)
        repeat_same(words, clock->next[i]);
}

/* False if somebody cannot take part, or there is too much. */
static bool tell(struct rounds *self, const struct kernel *kernel)
{
    struct repeat words = {.same = self->fresh_words, .same_room = WORDS_MAX};
    for (const struct clock *c = kernel->clocks; c; c = c->link)
        tell_clock(c, &words);
    repeat_same(&words, kernel->holds);
    for (uint32_t i = 0; i < self->members.count; i++) {
        const struct round_member *member = &self->member[i];
        if (member->hooks->tell && !member->hooks->tell(member->self, &words))
            return false;
    }
    for (uint32_t i = 0; i < self->parts.count; i++) {
        const struct part *part = &self->part[i];
        struct teller teller = {.words = &words, .now = part->clock->cycle};
        tell_part(&teller, part->field, part->base);
    }
    for (uint32_t i = 0; i < self->stamps.count; i++) {
        const struct word *stamp = &self->stamp[i];
        self->fresh_stamps[i] = from_now(load(stamp->at, 8), stamp->clock->cycle, stamp->old);
    }
    self->fresh_count = words.same_count;
    return words.same_count < WORDS_MAX;
}

/* ---- keeping and comparing ------------------------------------------------------------------- */

/* Time that has passed as periods (kernel/repeat.h), in all clocks. */
static sim_time repeated(const struct kernel *kernel)
{
    sim_time time = 0;
    for (const struct clock *c = kernel->clocks; c; c = c->link)
        time += c->repeated * c->period_ps;
    return time;
}

/* Nearly all of what has gone by since it was kept has passed as periods: whoever hears is better off with those. */
static bool mostly_repeated(const struct rounds *self, const struct kernel *kernel)
{
    const sim_time since = kernel->now - self->kept_at;
    return repeated(kernel) - self->kept_repeated >= since - since / PERIODS_SHARE;
}

/* What was told last, and all bytes, are kept. */
static void keep(struct rounds *self, const struct kernel *kernel)
{
    uint64_t *swap = self->kept_words;
    self->kept_words = self->fresh_words;
    self->fresh_words = swap;
    swap = self->kept_stamps;
    self->kept_stamps = self->fresh_stamps;
    self->fresh_stamps = swap;
    self->kept_count = self->fresh_count;
    uint8_t *to = self->kept;
    for (uint32_t i = 0; i < self->same.count; to += self->piece[i++].bytes)
        memcpy(to, self->piece[i].at, self->piece[i].bytes);
    for (uint32_t i = 0; i < self->data.count; to += self->datum[i++].bytes)
        memcpy(to, self->datum[i].at, self->datum[i].bytes);
    for (uint32_t i = 0; i < self->figures.count; i++)
        self->kept_figures[i] = load(self->figure[i].at, self->figure[i].bytes);
    for (uint32_t i = 0; i < self->past.count; i++)
        self->kept_past[i] = load(self->been[i].at, 8);
    self->kept_at = kernel->now;
    self->kept_repeated = repeated(kernel);
}

/* How much a time that has been has gone on since it was kept, if that was so long ago: not at all, or as long. */
static bool goes_on(const struct word *word, uint64_t kept, sim_time since, uint64_t *growth)
{
    const uint64_t now = load(word->at, 8);
    *growth = now - kept;
    return *growth == 0 || (now != SIM_NEVER && kept != SIM_NEVER &&
                            *growth == (word->clock ? since / word->clock->period_ps : since));
}

static bool piece_differs(const struct rounds *self, uint32_t i)
{
    const struct piece *piece = &self->piece[i];
    return memcmp(self->kept + piece->kept, piece->at, piece->bytes) != 0;
}

/* What was told, and all bytes, are as they were kept. */
static bool alike(struct rounds *self, const struct kernel *kernel)
{
    const uint8_t *kept = self->kept;
    for (uint32_t i = 0; i < self->same.count; kept += self->piece[i++].bytes) {
        if (piece_differs(self, i)) {
            self->differed = i;
            return false;
        }
    }
    if (self->fresh_count != self->kept_count ||
        memcmp(self->fresh_words, self->kept_words, self->kept_count * sizeof(uint64_t)) != 0 ||
        memcmp(self->fresh_stamps, self->kept_stamps, self->stamps.count * sizeof(uint64_t)) != 0)
        return false;
    for (uint32_t i = 0; i < self->past.count; i++) {
        uint64_t growth;
        if (!goes_on(&self->been[i], self->kept_past[i], kernel->now - self->kept_at, &growth))
            return false;
    }
    self->data_differ = false;
    for (uint32_t i = 0; i < self->data.count; kept += self->datum[i++].bytes)
        self->data_differ |= memcmp(kept, self->datum[i].at, self->datum[i].bytes) != 0;
    return true;
}

/* Do bytes that were changed in the watched round differ at its end? All are taken back for a moment, to see what was
 * there in the beginning. */
static bool memories_differ(struct rounds *self, const struct kernel *kernel)
{
    bool differ = kernel->watch.changed;
    for (uint32_t i = 0; i < self->changes; i++)
        memcpy(self->after + self->log[i].offset, self->log[i].at, self->log[i].bytes);
    for (uint32_t i = self->changes; i > 0; i--)
        memcpy(self->log[i - 1].at, self->before + self->log[i - 1].offset, self->log[i - 1].bytes);
    for (uint32_t i = 0; i < self->changes; i++)
        differ |=
            memcmp(self->log[i].at, self->after + self->log[i].offset, self->log[i].bytes) != 0;
    for (uint32_t i = 0; i < self->changes; i++)
        memcpy(self->log[i].at, self->after + self->log[i].offset, self->log[i].bytes);
    return differ;
}

/* ---- passing --------------------------------------------------------------------------------- */

uint64_t round_growth(const struct round *self, const void *figure)
{
    const struct rounds *rounds = self->of;
    uint32_t first = 0, end = rounds->figures.count;
    while (first < end) {
        const uint32_t middle = (first + end) / 2;
        if ((const void *)rounds->figure[middle].at < figure)
            first = middle + 1;
        else
            end = middle;
    }
    return first < rounds->figures.count && rounds->figure[first].at == figure
               ? rounds->growth[first]
               : 0;
}

static bool whole_cycles(const struct kernel *kernel, sim_time period)
{
    for (const struct clock *c = kernel->clocks; c; c = c->link)
        if (period % c->period_ps)
            return false;
    return true;
}

static struct round round_of(const struct rounds *self, const struct clock *clock, uint64_t times)
{
    return (struct round){.of = self, .times = times, .cycles = self->period / clock->period_ps};
}

/* No further than witnesses allow. */
static sim_time rounds_until(const struct rounds *self, const struct kernel *kernel, sim_time until)
{
    for (const struct round_witness *w = self->hears ? kernel->round_witnesses : NULL; w;
         w = w->next)
        if (w->until && w->until(w, kernel->now) < until)
            until = w->until(w, kernel->now);
    return until;
}

/* Rounds that are free from now on, after a watched one. */
static uint64_t rounds_free(struct rounds *self, const struct kernel *kernel, sim_time until)
{
    const bool same = !memories_differ(self, kernel) && !self->data_differ;
    uint64_t times = (rounds_until(self, kernel, until) - kernel->now) / self->period;
    const uint64_t left = same ? 0 : 2;
    if (self->hears && !same)
        return 0;
    for (const struct round_witness *w = kernel->round_witnesses; w; w = w->next)
        if (w->counts && !w->counts(w))
            return 0;
    if (until == SIM_NEVER || !whole_cycles(kernel, self->period) ||
        (!same && kernel->watch.read) || times <= left)
        return 0;
    times -= left;
    for (uint32_t i = 0; i < self->figures.count; i++) {
        const uint8_t bytes = self->figure[i].bytes;
        const uint64_t growth = load(self->figure[i].at, bytes) - self->kept_figures[i];
        self->growth[i] = bytes < 8 ? growth & ((UINT64_C(1) << 8 * bytes) - 1) : growth;
    }
    for (uint32_t i = 0; i < self->members.count && times; i++) {
        const struct round_member *member = &self->member[i];
        const struct round round = round_of(self, member->clock, times);
        if (member->hooks->limit) {
            const uint64_t most = member->hooks->limit(member->self, &round, times + left);
            times = most <= left ? 0 : most - left < times ? most - left : times;
        }
    }
    return times;
}

/* The alarms have all moved on alike: their heap stays one. */
static void pass_clock(struct clock *clock, sim_cycle cycles)
{
    const sim_time time = cycles * clock->period_ps;
    clock->cycle += cycles;
    clock->repeated += cycles;
    if (clock->time != SIM_NEVER)
        clock->time += time;
    if (clock->mask_cycle != SIM_NEVER)
        clock->mask_cycle += cycles;
    if (clock->next_cycle != SIM_NEVER) {
        clock->next_cycle += cycles;
        clock->next_time += time;
    }
}

static void pass(struct rounds *self, struct kernel *kernel, uint64_t times)
{
    for (uint32_t i = 0; i < self->figures.count; i++) {
        const uint64_t value =
            load(self->figure[i].at, self->figure[i].bytes) + times * self->growth[i];
        memcpy(self->figure[i].at, &value, self->figure[i].bytes);
    }
    for (uint32_t i = 0; i < self->stamps.count; i++) {
        const struct word *stamp = &self->stamp[i];
        struct teller teller = {.now = stamp->clock->cycle,
                                .cycles = times * (self->period / stamp->clock->period_ps)};
        tell_stamp(&teller, stamp->at, stamp->old);
    }
    for (uint32_t i = 0; i < self->past.count; i++) {
        uint64_t growth;
        goes_on(&self->been[i], self->kept_past[i], self->period, &growth);
        const uint64_t value = load(self->been[i].at, 8) + times * growth;
        memcpy(self->been[i].at, &value, 8);
    }
    for (uint32_t i = 0; i < self->parts.count; i++) {
        const struct part *part = &self->part[i];
        struct teller teller = {.now = part->clock->cycle,
                                .cycles = times * (self->period / part->clock->period_ps)};
        tell_part(&teller, part->field, part->base);
    }
    for (uint32_t i = 0; i < self->members.count; i++) {
        const struct round_member *member = &self->member[i];
        const struct round round = round_of(self, member->clock, times);
        if (member->hooks->pass)
            member->hooks->pass(member->self, &round);
    }
    for (struct round_witness *w = kernel->round_witnesses; w; w = w->next)
        w->pass(w, times);
    kernel->now += times * self->period;
    for (struct clock *c = kernel->clocks; c; c = c->link)
        pass_clock(c, times * (self->period / c->period_ps));
}

/* ---- the search ------------------------------------------------------------------------------ */

void rounds_forget(struct kernel *kernel)
{
    struct rounds *self = kernel->rounds;
    kernel->round = kernel->watch.on = false;
    if (!self)
        return;
    if (self->heard)
        for (struct round_witness *w = kernel->round_witnesses; w; w = w->next)
            if (w->leave)
                w->leave(w);
    self->heard = 0;
    self->kept_at = self->due = SIM_NEVER;
    self->marks = 0;
    self->upto = kernel->observed ? KEPT_OBSERVED : 1;
    self->told = kernel->answered;
}

/* Looks again after a while, which grows from failure to failure. */
static void rest(struct rounds *self, struct kernel *kernel)
{
    rounds_forget(kernel);
    self->rest = UINT64_C(16) << self->failures;
    if (self->failures < RESTS_MAX)
        self->failures++;
}

/* A part begins for those who hear; false if one of them cannot go on without. */
static bool hear(struct rounds *self, const struct kernel *kernel)
{
    bool good = true;
    const unsigned part = self->heard++;
    self->hears = false;
    for (struct round_witness *w = kernel->round_witnesses; w; w = w->next) {
        self->hears |= w->hear != NULL;
        good = good && (!w->hear || w->hear(w, part, kernel->now));
    }
    return good;
}

/* A round that is like the one before begins: the bytes of memories are watched. */
static void watch(struct rounds *self, struct kernel *kernel)
{
    self->period = kernel->now - self->kept_at;
    self->due = kernel->now + self->period;
    keep(self, kernel);
    kernel->watch.on = true;
    kernel->watch.changed = kernel->watch.read = false;
    self->changes = self->logged = 0;
    for (struct round_witness *w = kernel->round_witnesses; w; w = w->next)
        if (w->begin)
            w->begin(w);
}

static void watched(struct rounds *self, struct kernel *kernel, sim_time until)
{
    kernel->watch.on = false;
    const bool again =
        kernel->now == self->due && tell(self, kernel) && alike(self, kernel) && hear(self, kernel);
    if (again && self->hears && self->heard == 2) {
        watch(self, kernel);
        return;
    }
    const uint64_t times = again ? rounds_free(self, kernel, until) : 0;
    if (times == 0) {
        rest(self, kernel);
        return;
    }
    pass(self, kernel, times);
    for (struct clock *c = kernel->clocks; c; c = c->link)
        repeat_forget(c);
    self->failures = 0;
    rounds_forget(kernel);
}

/* Does what is observed allow it? */
static bool allowed(const struct kernel *kernel)
{
    return !kernel->observed || (!kernel->unrounded && !kernel->muted);
}

void rounds_look(struct kernel *kernel, sim_time until)
{
    struct rounds *self = kernel->rounds;
    kernel->round = false;
    if (!self || !allowed(kernel) || kernel->flags & KERNEL_NO_CLOSED)
        return;
    if (self->rest && (self->ready || !kernel->observed || self->rest > LOOKED_FOR)) {
        self->rest--;
        return;
    }
    if (!self->ready) {
        self->rest = 0;
        rounds_make_ready(self, kernel);
        rounds_forget(kernel);
    }
    if (!self->able)
        return;
    if (self->told != kernel->answered) {
        rest(self, kernel);
        return;
    }
    if (self->due != SIM_NEVER) {
        if (kernel->now >= self->due)
            watched(self, kernel, until);
        return;
    }
    const bool keeps = self->kept_at == SIM_NEVER || ++self->marks == self->upto;
    if (!keeps && piece_differs(self, self->differed))
        return; /* as most do */
    if (!tell(self, kernel)) {
        rest(self, kernel);
        return;
    }
    if (self->kept_at != SIM_NEVER && alike(self, kernel)) {
        if (hear(self, kernel) && !(self->hears && mostly_repeated(self, kernel)))
            watch(self, kernel);
        else
            rest(self, kernel);
        return;
    }
    if (keeps) {
        keep(self, kernel);
        self->marks = 0;
        self->upto *= 2;
        if (self->upto > MARKS_MAX)
            rest(self, kernel);
    }
}
