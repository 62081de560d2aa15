/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_dmac_transfers: transfers of the ADI AXI DMAC as requests in its registers and descriptors make them, for
 * whoever listens ("transfer"). Who only listens is told of a transfer as a whole: `beats` is good if the
 * probe is followed.
 *
 *   submit        accept        first beat ...          last beat     answer with its end
 *   ---|-------------|--------------|------------------------|--------------|---
 *    strobe       issue_ps      first_ps                 last_ps       callback_ps: it reaches the registers
 *
 * interrupt_ps is when whoever reads the output (nobody: this clock) sees it up: the answer is in IRQ_SOURCE
 * a cycle after callback_ps and at the output in the next. It is empty if END is masked, and of cyclic
 * transfers, which have none.
 * A request that the core accepts is an entry of a queue; the ids that the generator issues for it name it,
 * so that beats of several transfers under way are told apart. Answers come in order. A descriptor without
 * the completion flag is part of the transfer of the next that has it. What an internal reset finds in the
 * queue is "stopped". Nothing here acts on the model.
 *
 * Inaccuracies
 *   Behind errata 3 and 5, whose answers the core itself counts wrongly, records do too. The interrupt is that
 *   of the transfer's end also where the output was up from the one before.
 */
#include <string.h>

#include "bus/axi/axi_counts.h"
#include "controllers/adi/adi_dmac_state.h"
#include "kernel/base.h"

static const char *const modes[2][2] = {{"mem_to_mem", "mem_to_dev"}, {"dev_to_mem", "dev_to_dev"}};

static struct adi_transfer *entry(struct adi_follow *self, uint32_t number)
{
    return &self->queue[number % ADI_TRANSFERS];
}

/* ---- beats ----------------------------------------------------------------------------------- */

static void beat(struct adi_dmac *dma, uint32_t number, uint32_t destination_bytes)
{
    struct adi_transfer *transfer = entry(&dma->follow, number);
    if (transfer->beats.data++ == 0)
        transfer->beats.first_ps = dma->unit.clock->time;
    transfer->beats.last_ps = dma->unit.clock->time;
    transfer->bytes += destination_bytes;
}

static uint32_t owner(const struct adi_dmac *dma, uint32_t id)
{
    return dma->follow.owners[id & dma->id_mask];
}

static const struct axi_write *shown_w(const struct adi_dmac *dma)
{
    KNOWN(dma->destination); /* who asks writes to memory */
    return &dma->destination->w[dma->destination->shown >> AXI_W & 1];
}

static uint32_t strobed(const struct axi_write *w)
{
    return (uint32_t)(__builtin_popcountll(w->strb[0]) + __builtin_popcountll(w->strb[1]));
}

/* Beats of W that were handed over, this one among them. */
static uint64_t beats_written(const struct adi_dmac *dma)
{
    const struct axi_counts *counts = dma->destination->counts;
    return counts->writes + counts->waiting;
}

/* The last beat of W of a burst: those before it have all strobes. */
static void follow_burst(struct adi_dmac *dma)
{
    struct adi_follow *self = &dma->follow;
    const struct axi_write *w = shown_w(dma);
    const uint64_t written = beats_written(dma);
    entry(self, owner(dma, self->sent))->bytes +=
        (written - self->written - 1) * dma->destination_bytes + strobed(w);
    self->written = written;
    self->sent++;
}

static void follow_beats(struct adi_dmac *dma, const struct adi_wires *wires)
{
    struct adi_follow *self = &dma->follow;
    const struct adi_core *core = &dma->core;
    if (dma->source && wires->r)
        beat(dma, owner(dma, core->port_wm), 0);
    if (dma->input && wires->in_beat)
        beat(dma, owner(dma, core->source_mover.id), 0);
    if (dma->destination && wires->w) {
        const struct axi_write *w = shown_w(dma);
        beat(dma, owner(dma, self->sent), strobed(w));
        self->sent += w->last;
        self->written = beats_written(dma);
    }
    if (!dma->output)
        return;
    if (dma->config.destination_type == ADI_FIFO) { /* a word shows one cycle after its EN */
        if (wires->out.forward & FIFO_VALID)
            beat(dma, self->word_entry, dma->destination_bytes);
        self->word_entry = owner(dma, core->sink_mover.id);
    } else if (wires->out_beat) {
        beat(dma, owner(dma, core->sink_mover.id), dma->destination_bytes);
    }
}

/* ---- transfers ------------------------------------------------------------------------------- */

/* When the end that reaches the registers now is seen as an interrupt. */
static sim_time interrupt_time(const struct adi_dmac *dma, const struct adi_wires *wires,
                               sim_cycle now)
{
    const struct adi_control *control = &dma->control;
    const bool masks = wires->write_strobe && control->write_offset == ADI_AT_IRQ_MASK;
    const uint32_t mask = masks ? control->write_value : control->registers[ADI_IRQ_MASK];
    const struct clock *own = dma->unit.clock;
    const struct clock *reader = dma->interrupt.reader ? dma->interrupt.reader->clock : own;
    if (!wires->resp_completes || mask & ADI_IRQ_END ||
        (control->registers[ADI_FLAGS] & ADI_CYCLIC && !wires->hardware))
        return SIM_NEVER;
    return clock_time(reader, clock_edge_after(reader, clock_time(own, now + 1)));
}

static struct transfer_record record_of(const struct adi_dmac *dma,
                                        const struct adi_transfer *transfer, const char *status)
{
    const struct adi_dmac_config *config = &dma->config;
    return (struct transfer_record){
        .name = dma->unit.name,
        .call = transfer->beats.descriptor ? "chain" : "registers",
        .mode = modes[config->source_type != ADI_MEMORY][config->destination_type != ADI_MEMORY],
        .controller = dma->unit.name,
        .channel = transfer->id,
        .bytes = transfer->bytes,
        .submit_ps = transfer->submit_ps,
        .issue_ps = transfer->issue_ps,
        .interrupt_ps = SIM_NEVER,
        .callback_ps = SIM_NEVER,
        .status = status,
        .beats = &transfer->beats,
    };
}

bool adi_follow_unended(const struct component *component, uint32_t index,
                        struct transfer_record *record)
{
    struct adi_dmac *dma = component->instance;
    const struct adi_follow *self = &dma->follow;
    if (component->driven || !self->any || index >= self->accepted - self->ended)
        return false;
    *record = record_of(dma, entry(&dma->follow, self->ended + index), "unfinished");
    return true;
}

static void publish(struct adi_dmac *dma, struct adi_transfer *transfer, const char *status,
                    const struct adi_wires *wires, sim_cycle now)
{
    const struct adi_follow *follow = &dma->follow;
    transfer->beats.next_ps = follow->ended == follow->accepted
                                  ? SIM_NEVER
                                  : entry(&dma->follow, follow->ended)->beats.first_ps;
    struct transfer_record record = record_of(dma, transfer, status);
    record.interrupt_ps = interrupt_time(dma, wires, now);
    record.callback_ps = dma->unit.clock->time;
    probe_publish(&dma->transfer_probe, now, &record);
}

static void accept(struct adi_dmac *dma, const struct adi_wires *wires)
{
    struct adi_follow *self = &dma->follow;
    const sim_time time = dma->unit.clock->time;
    struct adi_transfer *new = entry(self, self->accepted++);
    *new = (struct adi_transfer){
        .issue_ps = time,
        .submit_ps = self->submit_ps,
        .id = dma->control.transfer_id,
        .beats = {.first_ps = SIM_NEVER, .last_ps = SIM_NEVER},
    };
    if (!wires->hardware) {
        if (new->submit_ps == SIM_NEVER)
            new->submit_ps = time; /* cyclic: again by itself */
        self->submit_ps = SIM_NEVER;
        return;
    }
    new->beats.descriptor = ADI_DESCRIPTOR_BEATS;
    new->submit_ps = self->chain_ps;
    new->id = self->chain_id;
    if (self->chain_waits) {
        self->chain_ps = self->head_ps;
        self->chain_id = self->head_id;
        self->chain_waits = false;
    }
}

/* A chain begins with the fetch of its head; a descriptor of the one before may wait for the core. */
static void follow_chain(struct adi_dmac *dma, const struct adi_wires *wires)
{
    struct adi_follow *self = &dma->follow;
    const struct adi_sg *sg = &dma->core.sg;
    if (sg->state == ADI_SG_IDLE && sg->head_valid) {
        self->chain_waits = sg->fields.valid && !wires->accept;
        if (!self->chain_waits) {
            self->chain_ps = self->head_ps;
            self->chain_id = self->head_id;
        }
    }
    if (wires->sg_take) {
        self->head_ps = self->submit_ps == SIM_NEVER ? dma->unit.clock->time : self->submit_ps;
        self->head_id = dma->control.transfer_id;
        self->submit_ps = SIM_NEVER;
    }
}

/* `from` comes in front of `to`. */
static void join(struct adi_transfer *to, const struct adi_transfer *from)
{
    const struct transfer_beats *beats = &from->beats;
    to->bytes += from->bytes;
    to->submit_ps = from->submit_ps;
    to->issue_ps = from->issue_ps;
    to->id = from->id;
    to->beats.data += beats->data;
    to->beats.descriptor += beats->descriptor;
    if (beats->first_ps != SIM_NEVER)
        to->beats.first_ps = beats->first_ps;
    if (to->beats.last_ps == SIM_NEVER)
        to->beats.last_ps = beats->last_ps;
}

static void ended(struct adi_dmac *dma, const struct adi_wires *wires, const char *status,
                  bool completes, sim_cycle now)
{
    struct adi_follow *self = &dma->follow;
    if (self->ended == self->accepted)
        return;
    struct adi_transfer *old = entry(self, self->ended++);
    if (self->has_part)
        join(old, &self->part);
    self->has_part = !completes; /* the next one takes it up */
    if (completes)
        publish(dma, old, status, wires, now);
    else
        self->part = *old;
}

bool adi_follow_concerns(const struct adi_dmac *dma, const struct adi_wires *wires)
{
    const struct adi_sg *sg = &dma->core.sg;
    return (wires->w && shown_w(dma)->last) || !wires->resetn || wires->load || wires->take ||
           wires->accept || (wires->resp && wires->resp_end) || wires->write_strobe ||
           dma->output || !dma->follow.any ||
           (dma->descriptors && (wires->sg_take || (sg->state == ADI_SG_IDLE && sg->head_valid)));
}

void adi_follow(struct adi_dmac *dma, const struct adi_wires *wires, sim_cycle now)
{
    struct adi_follow *self = &dma->follow;
    const struct adi_control *control = &dma->control;
    const uint32_t generated = dma->core.generated;
    if (!self->any) {
        *self = (struct adi_follow){.submit_ps = SIM_NEVER, .any = true};
        self->head_ps = self->chain_ps = SIM_NEVER;
        self->written = dma->destination ? beats_written(dma) - wires->w : 0;
    }
    if (!wires->resetn) {
        while (self->ended != self->accepted)
            ended(dma, wires, "stopped", true, now);
        self->has_part = false;
        self->generated = self->sent = 0;
        self->written = dma->destination ? beats_written(dma) : 0;
    } else {
        /* A rewind takes ids back. */
        for (; (int32_t)(generated - self->generated) > 0; self->generated++)
            self->owners[self->generated & dma->id_mask] = self->loaded;
        self->generated = generated;
        if (dma->transfer_probe.followed || dma->output)
            follow_beats(dma, wires);
        else if (wires->w && shown_w(dma)->last)
            follow_burst(dma);
        if (dma->descriptors)
            follow_chain(dma, wires);
        if (wires->load) /* of 2D a row of the request that was accepted last */
            self->loaded = dma->config.two_d ? self->accepted - 1 : self->accepted;
        if (wires->accept || (wires->take && !wires->hardware))
            accept(dma, wires);
        if (wires->resp && wires->resp_end)
            ended(dma, wires, "complete", wires->resp_completes, now);
    }
    if (wires->write_strobe && !control->waiting &&
        control->write_offset == ADI_AT_TRANSFER_SUBMIT && control->write_value & 1)
        self->submit_ps = dma->unit.clock->time;
}

/* ---- what repeats ---------------------------------------------------------------------------- */

static void visit_time(const struct adi_dmac *dma, sim_time *time, struct repeat *repeat)
{
    const struct clock *clock = dma->unit.clock;
    sim_cycle cycle = *time == SIM_NEVER ? SIM_NEVER : (*time - clock->phase_ps) / clock->period_ps;
    repeat_stamp(repeat, &cycle);
    if (cycle != SIM_NEVER)
        *time = clock_time(clock, cycle);
}

static void visit_entry(const struct adi_dmac *dma, struct adi_transfer *transfer,
                        struct repeat *repeat)
{
    struct transfer_beats *beats = &transfer->beats;
    repeat_same(repeat, transfer->submit_ps);
    repeat_same(repeat, transfer->issue_ps);
    repeat_same(repeat, transfer->id);
    repeat_same(repeat, beats->first_ps);
    repeat_same(repeat, beats->descriptor);
    repeat_count(repeat, &transfer->bytes);
    repeat_count(repeat, &beats->data);
    visit_time(dma, &beats->last_ps, repeat);
}

void adi_follow_visit(struct adi_dmac *dma, struct repeat *repeat)
{
    struct adi_follow *self = &dma->follow;
    repeat_same(repeat, self->generated - dma->core.generated);
    repeat_same(repeat, self->sent - dma->core.resp);
    repeat_count_32(repeat, &self->generated);
    repeat_count_32(repeat, &self->sent);
    repeat_same(repeat, beats_written(dma) - self->written);
    repeat_count(repeat, &self->written);
    repeat_same(repeat, (uint64_t)self->any << 1 | self->has_part);
    repeat_same(repeat, (uint64_t)self->accepted << 32 | self->ended);
    repeat_same(repeat, self->loaded);
    repeat_same(repeat, self->submit_ps);
    for (uint32_t number = self->ended; number != self->accepted; number++)
        visit_entry(dma, entry(self, number), repeat);
}

/* What is in flight is of one transfer when periods pass, as none of it is an end: that of `loaded`. */
void adi_follow_pass(struct adi_dmac *dma)
{
    struct adi_follow *self = &dma->follow;
    for (uint32_t id = dma->core.resp; id != self->generated; id++)
        self->owners[id & dma->id_mask] = self->loaded;
}

/* ---- from round to round --------------------------------------------------------------------- */

/* What is under way is told by hand, entry by entry: its place in the queue is another in each round. */
static const struct state_field round_rows[] = {
    {STATE_COUNT(struct adi_follow, accepted), .figure = true},
    {STATE_COUNT(struct adi_follow, ended), .figure = true},
    {STATE_COUNT(struct adi_follow, loaded), .figure = true},
    {STATE_COUNT(struct adi_follow, generated), .figure = true},
    {STATE_COUNT(struct adi_follow, sent), .figure = true},
    {STATE_COUNTS(struct adi_follow, owners), .figure = true},
    {STATE_COUNT(struct adi_follow, written), .figure = true},
    {STATE_COUNT(struct adi_follow, word_entry), .figure = true},
    {STATE_SAME(struct adi_follow, submit_ps), .dead = true},
    {STATE_SAME(struct adi_follow, head_ps), .dead = true},
    {STATE_SAME(struct adi_follow, chain_ps), .dead = true},
    {STATE_SAME(struct adi_follow, part), .dead = true},
    {STATE_SAME(struct adi_follow, queue), .dead = true},
    {.name = NULL},
};
static const struct state_table round_state = {STATE_TABLE(adi_follow, round_rows)};
const struct round_hooks adi_follow_round = {.state = &round_state};

/* Times of it, and of each transfer under way: next_ps is filled in when that is published. */
enum { FOLLOW_TIMES = 3, TRANSFER_TIMES = 4 };

static void times_of(struct adi_follow *self, sim_time *times[FOLLOW_TIMES])
{
    times[0] = &self->submit_ps;
    times[1] = &self->head_ps;
    times[2] = &self->chain_ps;
}

static void times_of_transfer(struct adi_transfer *self, sim_time *times[TRANSFER_TIMES])
{
    times[0] = &self->submit_ps;
    times[1] = &self->issue_ps;
    times[2] = &self->beats.first_ps;
    times[3] = &self->beats.last_ps;
}

static uint64_t ago(const struct adi_dmac *dma, sim_time time)
{
    return time == SIM_NEVER ? SIM_NEVER : dma->kernel->now - time;
}

static void tell_transfer(const struct adi_dmac *dma, struct adi_transfer *transfer,
                          struct repeat *words)
{
    sim_time *times[TRANSFER_TIMES];
    times_of_transfer(transfer, times);
    for (unsigned i = 0; i < TRANSFER_TIMES; i++)
        repeat_same(words, ago(dma, *times[i]));
    repeat_same(words, transfer->bytes);
    repeat_same(words, transfer->id);
    repeat_same(words, transfer->beats.data);
    repeat_same(words, transfer->beats.descriptor);
}

void adi_follow_tell(struct adi_dmac *dma, struct repeat *words)
{
    struct adi_follow *self = &dma->follow;
    sim_time *times[FOLLOW_TIMES];
    times_of(self, times);
    for (unsigned i = 0; i < FOLLOW_TIMES; i++)
        repeat_same(words, ago(dma, *times[i]));
    repeat_same(words, self->accepted - self->ended);
    repeat_same(words, self->accepted - self->loaded);
    repeat_same(words, self->generated - dma->core.generated);
    repeat_same(words, self->sent - dma->core.resp);
    for (uint32_t id = 0; id <= dma->id_mask; id++)
        repeat_same(words, self->accepted - self->owners[id]);
    if (dma->destination)
        repeat_same(words, beats_written(dma) - self->written);
    if (dma->output)
        repeat_same(words, self->accepted - self->word_entry);
    if (self->has_part)
        tell_transfer(dma, &self->part, words);
    for (uint32_t number = self->ended; number != self->accepted; number++)
        tell_transfer(dma, entry(self, number), words);
}

static void pass_time(sim_time *time, sim_time passed)
{
    *time += *time == SIM_NEVER ? 0 : passed;
}

static void pass_transfer(struct adi_transfer *self, sim_time passed)
{
    sim_time *times[TRANSFER_TIMES];
    times_of_transfer(self, times);
    for (unsigned i = 0; i < TRANSFER_TIMES; i++)
        pass_time(times[i], passed);
}

void adi_follow_pass_rounds(struct adi_dmac *dma, const struct round *round)
{
    struct adi_follow *self = &dma->follow;
    struct adi_transfer moved[ADI_TRANSFERS];
    sim_time *times[FOLLOW_TIMES];
    const sim_time passed = round->times * round->cycles * dma->unit.clock->period_ps;
    const uint32_t by = (uint32_t)(round->times * round_growth(round, &self->ended));
    const uint32_t count = self->accepted - self->ended; /* which have moved on */
    times_of(self, times);
    for (unsigned i = 0; i < FOLLOW_TIMES; i++)
        pass_time(times[i], passed);
    pass_transfer(&self->part, passed);
    for (uint32_t i = 0; i < count; i++)
        moved[i] = *entry(self, self->ended - by + i);
    for (uint32_t i = 0; i < count; i++) {
        pass_transfer(&moved[i], passed);
        *entry(self, self->ended + i) = moved[i];
    }
}
