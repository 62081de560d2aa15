/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_transfers_repeat: transfers and beats of periods, and of rounds, that are passed at once. */
#include "kernel/base.h"
#include "system.h"
#include "trace/transfers/transfers_state.h"

/* ---- what repeats ---------------------------------------------------------------------------- */

static struct trace_transfers *transfers_of(struct repeat_witness *witness)
{
    return CONTAINER_OF(witness, struct trace_transfers, witness);
}

/* Beats go on; transfers and accesses of a CPU do not. */
static bool hear(struct repeat_witness *witness, unsigned part, sim_time time)
{
    struct trace_transfers *self = transfers_of(witness);
    if (part == 1) {
        self->heard_ps = time;
        self->heard_transfers = self->transfers;
        self->heard_accesses = self->accesses.count;
        for (struct channel *c = self->channels; c; c = c->next) {
            c->heard = c->count;
            c->heard_sums = sums_of(c);
        }
    } else if (part == 2) {
        self->heard_ps = time - self->heard_ps;
        return self->heard_transfers == self->transfers &&
               self->heard_accesses == self->accesses.count;
    }
    return true;
}

/* The beats of a period again, `times` times: those that are not forgotten by the end. */
static void pass_beats(struct channel *self, struct beat *period, sim_time length, uint64_t times)
{
    const uint64_t beats = self->count - self->heard, end = self->count + times * beats;
    const uint64_t known = beats < RING ? beats : RING;
    const struct beat last = sums_of(self), *before = &self->heard_sums;
    if (beats == 0)
        return;
    for (uint64_t i = 0; i < known; i++)
        period[i] = self->ring[(self->count - known + i) % RING];
    const uint64_t oldest = end - self->count > RING ? end - RING : self->count;
    for (uint64_t i = oldest; i < end; i++) {
        const uint64_t passed = (i - self->count) / beats + 1;
        const uint64_t at = (i - self->count) % beats + known - beats;
        struct beat beat = period[at];
        beat.time += passed * length;
        beat.bytes += passed * (last.bytes - before->bytes);
        beat.data += passed * (last.data - before->data);
        beat.descriptor += passed * (last.descriptor - before->descriptor);
        beat.accesses += passed * (last.accesses - before->accesses);
        beat.stalls += passed * (last.stalls - before->stalls);
        self->ring[i % RING] = beat;
    }
    self->count = end;
}

static void pass(struct repeat_witness *witness, uint64_t times)
{
    struct trace_transfers *self = transfers_of(witness);
    for (struct channel *c = self->channels; c; c = c->next)
        pass_beats(c, self->period, self->heard_ps, times);
}

/* ---- from round to round ------------------------------------------------------------------- */

static void begin_round(struct round_witness *witness)
{
    struct trace_transfers *self = CONTAINER_OF(witness, struct trace_transfers, rounds);
    self->begun = self->transfers;
}

/* More than are shown, so that none is. */
static bool counts_only(const struct round_witness *witness)
{
    const struct trace_transfers *self =
        CONTAINER_OF(witness, const struct trace_transfers, rounds);
    return self->begun == self->transfers || self->transfers > TRACE_TRANSFERS_SHOWN;
}

static void pass_rounds(struct round_witness *witness, uint64_t times)
{
    struct trace_transfers *self = CONTAINER_OF(witness, struct trace_transfers, rounds);
    self->transfers += times * (self->transfers - self->begun);
}

/* Rounds that are heard: beats, transfers and accesses go on, and the rows are those of the round before, but for times. */

static struct trace_transfers *of_rounds(struct round_witness *witness)
{
    return CONTAINER_OF(witness, struct trace_transfers, rounds);
}

static void keep(struct trace_transfers *self, unsigned which)
{
    self->mark[which] = (struct transfers_mark){.accesses = self->accesses,
                                                .before = self->before,
                                                .access_ps = self->access_ps,
                                                .transfers = self->transfers,
                                                .channels = self->channels};
    for (struct channel *c = self->channels; c; c = c->next)
        c->mark[which] = (struct channel_mark){.count = c->count,
                                               .done = c->done,
                                               .sums = sums_of(c),
                                               .base = c->base,
                                               .first = c->first,
                                               .has_first = c->has_first};
}

/* A time goes on with the rounds, or stays where it is. */
static bool goes_on(sim_time before, sim_time after, sim_time length)
{
    return after == before || after - before == length;
}

/* Beats that were taken off are as far behind as they were: where none are, none were in either round. */
static bool channel_goes_on(const struct channel *self, sim_time length)
{
    const struct channel_mark *a = &self->mark[0], *b = &self->mark[1];
    return a->has_first == b->has_first &&
           (b->done == a->done || b->done - a->done == b->count - a->count) &&
           goes_on(a->base.time, b->base.time, length) &&
           goes_on(a->first.time, b->first.time, length);
}

static bool state_goes_on(const struct trace_transfers *self)
{
    const struct transfers_mark *a = &self->mark[0], *b = &self->mark[1];
    bool same = a->channels == b->channels && goes_on(a->access_ps, b->access_ps, self->round_ps) &&
                (a->transfers == b->transfers || a->transfers > TRACE_TRANSFERS_SHOWN) &&
                !self->failed;
    for (const struct channel *c = self->channels; c && same; c = c->next)
        same = channel_goes_on(c, self->round_ps);
    return same;
}

/* Times and cycles of transfers, and nothing else, are other numbers in each round. */
static bool text_goes_on(struct trace_transfers *self)
{
    enum { FIRST = 7, END = 19 };
    bool linear[END] = {false};
    for (unsigned i = FIRST; i < END; i++)
        linear[i] = true;
    return round_text_table(&self->text, linear, END);
}

static bool hear_round(struct round_witness *witness, unsigned part, sim_time time)
{
    struct trace_transfers *self = of_rounds(witness);
    if (!self->file)
        return false;
    trace_rows_flush(&self->rows); /* all of this time have come */
    self->round_ps = time - (part > 0 ? self->begun : 0);
    self->begun = time;
    if (!round_text_hear(&self->text, part))
        return false;
    if (part > 0)
        keep(self, part - 1);
    return part < 2 || (state_goes_on(self) && text_goes_on(self));
}

static struct beat passed_beat(const struct beat *now, const struct beat *a, const struct beat *b,
                               uint64_t times)
{
    return (struct beat){.time = now->time + times * (b->time - a->time),
                         .bytes = now->bytes + times * (b->bytes - a->bytes),
                         .data = now->data + times * (b->data - a->data),
                         .descriptor = now->descriptor + times * (b->descriptor - a->descriptor),
                         .accesses = now->accesses + times * (b->accesses - a->accesses),
                         .stalls = now->stalls + times * (b->stalls - a->stalls),
                         .purpose = now->purpose};
}

static void pass_accesses(struct accesses *now, const struct accesses *a, const struct accesses *b,
                          uint64_t times)
{
    now->count += times * (b->count - a->count);
    now->stalls += times * (b->stalls - a->stalls);
}

static void pass_heard_rounds(struct round_witness *witness, uint64_t times)
{
    struct trace_transfers *self = of_rounds(witness);
    const struct transfers_mark *a = &self->mark[0], *b = &self->mark[1];
    round_text_leave(&self->text);
    round_text_put(&self->text, times);
    pass_accesses(&self->accesses, &a->accesses, &b->accesses, times);
    pass_accesses(&self->before, &a->before, &b->before, times);
    self->access_ps += times * (b->access_ps - a->access_ps);
    self->transfers += times * (b->transfers - a->transfers);
    for (struct channel *c = self->channels; c; c = c->next) {
        const struct channel_mark *x = &c->mark[0], *y = &c->mark[1];
        c->heard = x->count;
        c->heard_sums = x->sums;
        pass_beats(c, self->period, self->round_ps, times);
        c->done += times * (y->done - x->done);
        c->base = passed_beat(&c->base, &x->base, &y->base, times);
        c->first = passed_beat(&c->first, &x->first, &y->first, times);
    }
}

static void leave_round(struct round_witness *witness)
{
    if (of_rounds(witness)->file)
        round_text_leave(&of_rounds(witness)->text);
}

/* ---- joining --------------------------------------------------------------------------------- */

void trace_transfers_join(struct trace_transfers *self)
{
    struct kernel *kernel = self->system->probes ? self->system->probes->clock->kernel : NULL;
    self->text.file = self->file;
    if (!kernel || (!self->beats && self->file))
        return;
    if (self->beats) {
        self->witness = (struct repeat_witness){.hear = hear, .pass = pass};
        self->rounds = (struct round_witness){
            .hear = hear_round, .pass = pass_heard_rounds, .leave = leave_round};
        repeat_join(kernel, &self->witness);
    } else {
        self->rounds = (struct round_witness){
            .begin = begin_round, .counts = counts_only, .pass = pass_rounds};
    }
    round_join_witness(kernel, &self->rounds);
}
