/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_memory_repeat: how a memory without stalls takes part in what repeats (kernel/repeat.h). */
#include <string.h>

#include "memory/axi_memory_state.h"

static const struct state_field burst_rows[] = {
    {STATE_PART(struct axi_memory_burst, ax, axi_address_state)},
    {STATE_STAMP(struct axi_memory_burst, due)},
    {STATE_SAME(struct axi_memory_burst, resp)},
    {.name = NULL},
};
static const struct state_table burst_state = {STATE_TABLE(axi_memory_burst, burst_rows)};

static struct state_live queued_bursts(const void *queue)
{
    const struct axi_memory_queue *self = queue;
    return (struct state_live){self->first & AXI_MEMORY_RING, self->count};
}

static const struct state_field queue_rows[] = {
    {STATE_BEHIND(struct axi_memory_queue, bursts, burst_state, AXI_MEMORY_BURSTS_MAX),
     .live = queued_bursts, .why = "bursts that are done"},
    {STATE_FREE(struct axi_memory_queue, first), .dead = true,
     .why = "where a ring begins does not matter"},
    {STATE_SAME(struct axi_memory_queue, count)},
    {.name = NULL},
};
static const struct state_table queue_state = {STATE_TABLE(axi_memory_queue, queue_rows)};

static const struct state_field walk_rows[] = {
    {STATE_PART(struct axi_memory_walk, ax, axi_address_state)},
    {STATE_SAME(struct axi_memory_walk, all)},
    {STATE_COUNT(struct axi_memory_walk, next)}, /* not null: visit() refuses what is not plain */
    {STATE_SAME(struct axi_memory_walk, beat)},
    {STATE_SAME(struct axi_memory_walk, plain)},
    {.name = NULL},
};
static const struct state_table walk_state = {STATE_TABLE(axi_memory_walk, walk_rows)};

static bool reads(const struct axi_memory *self)
{
    return self->reads.count > 0;
}

static bool writes(const struct axi_memory *self)
{
    return self->complete < self->writes.count;
}

static struct state_live while_it_reads(const void *memory)
{
    return (struct state_live){0, reads(memory)};
}

static struct state_live while_it_writes(const void *memory)
{
    return (struct state_live){0, writes(memory)};
}

static struct state_live while_a_train_goes(const void *memory)
{
    const struct axi_memory *self = memory;
    return (struct state_live){0, self->train};
}

static const struct state_field memory_rows[] = {
    {STATE_FREE(struct axi_memory, unit), .why = STATE_KERNEL},
    {STATE_FREE(struct axi_memory, read), .why = STATE_BUILT},
    {STATE_FREE(struct axi_memory, write), .why = STATE_BUILT},
    {STATE_FREE(struct axi_memory, config), .why = STATE_BUILT},
    {STATE_FREE(struct axi_memory, offset_mask), .why = STATE_BUILT},
    {STATE_FREE(struct axi_memory, store), .why = STATE_BUILT},
    {STATE_FREE(struct axi_memory, own),
     .why = "pass() of the master whose transfer it is moves its bytes"},
    {STATE_SAME(struct axi_memory, stall)},
    {STATE_FREE(struct axi_memory, stalls), .why = STATE_BUILT},
    {STATE_FREE(struct axi_memory, read_width), .why = STATE_BUILT},
    {STATE_FREE(struct axi_memory, write_width), .why = STATE_BUILT},
    {STATE_PART(struct axi_memory, reads, queue_state)},
    {STATE_PART(struct axi_memory, reading, walk_state), .live = while_it_reads,
     .why = "of a burst that is over"},
    {STATE_FREE(struct axi_memory, r_data), .why = "limit() and pass() see to the bytes"},
    {STATE_FREE(struct axi_memory, shared), .why = STATE_BUILT},
    {STATE_SAME(struct axi_memory, train)},
    {STATE_STAMP(struct axi_memory, train_from), .live = while_a_train_goes,
     .why = "of a train that is over"},
    {STATE_PART(struct axi_memory, writes, queue_state)},
    {STATE_PART(struct axi_memory, writing, walk_state), .live = while_it_writes,
     .why = "of a burst that is over"},
    {STATE_SAME(struct axi_memory, complete)},
    {STATE_STAMP(struct axi_memory, train_done)},
    {STATE_FREE(struct axi_memory, early), .why = "visit() refuses while there are any"},
    {STATE_FREE(struct axi_memory, early_first), .dead = true,
     .why = "where a ring begins does not matter"},
    {STATE_SAME(struct axi_memory, early_count)},
    {STATE_SAME(struct axi_memory, wrong_last)},
    {STATE_FREE(struct axi_memory, direct), .why = "visit() tells `next`; `mover` is of one visit"},
    {STATE_FREE(struct axi_memory, lazy), .why = STATE_BUILT},
    {.name = NULL},
};
const struct state_table axi_memory_state = {STATE_TABLE(axi_memory, memory_rows)};

/* Null, before a first burst or after one that is not plain, stays null. */
static void visit_pointer(uint8_t **pointer, struct repeat *repeat)
{
    const uint64_t was = (uintptr_t)*pointer;
    const uint64_t grown = repeat_grown(repeat, was);
    repeat_same(repeat, was != 0);
    if (grown != was)
        *pointer += grown - was;
}

/* The first count is the next byte to be read, if a read is under way. */
static bool axi_memory_visit(void *memory, struct repeat *repeat)
{
    struct axi_memory *self = memory;
    const uint32_t *percent = self->config->stalls.percent;
    if (!repeat->times)
        self->direct.mover = NULL;
    if (self->shared || self->early_count || self->wrong_last != SIM_NEVER ||
        (percent[AXI_AR] | percent[AXI_R] | percent[AXI_AW] | percent[AXI_W] | percent[AXI_B]) ||
        repeat->now + 1 < self->config->write_from_cycle || (reads(self) && !self->reading.plain) ||
        (writes(self) && !self->writing.plain))
        return false;
    if (!repeat->times)
        axi_memory_catch_up(self, repeat->now);
    if (reads(self))
        repeat_grown(repeat, (uintptr_t)self->reading.next);
    if (writes(self))
        self->direct.next = self->writing.next;
    visit_pointer(&self->direct.next, repeat);
    return true;
}

/* What has left the memory and is not handed over: a beat or train that is shown, beats of a train that is
 * not; from where, to where. How many bytes. */
static size_t shown_bytes(const struct axi_memory *self, const uint8_t **from, uint8_t **to)
{
    const struct axi_port *port = self->read;
    const unsigned shown = port->drive >> (AXI_SHOWN + AXI_R) & 1;
    if (!(port->drive & AXI_BIT_R))
        return 0;
    const struct axi_read *r = &port->r[shown];
    const size_t before = r->train * (size_t)self->read_width;
    *from = r->from ? r->from - before : NULL;
    *to = self->r_data[shown];
    return before + self->read_width;
}

static size_t fetched_bytes(const struct axi_memory *self, const uint8_t **from, uint8_t **to)
{
    if (!self->train)
        return 0;
    const size_t bytes = (size_t)self->reading.beat * self->read_width;
    *from = self->reading.next - bytes;
    *to = self->r_data[~self->read->drive >> (AXI_SHOWN + AXI_R) & 1];
    return bytes;
}

/* Copies can be made again later only if nobody has written over what they are copies of. The master
 * keeps to the addresses of the memory (struct axi_direct). */
static uint64_t axi_memory_limit(void *memory, const struct repeat *repeat, uint64_t times)
{
    const struct axi_memory *self = memory;
    const uint8_t *from = NULL;
    uint8_t *to = NULL;
    (void)repeat;
    size_t bytes = shown_bytes(self, &from, &to);
    if (bytes && (!from || memcmp(from, to, bytes) != 0))
        return 0;
    bytes = fetched_bytes(self, &from, &to);
    return bytes && memcmp(from, to, bytes) != 0 ? 0 : times;
}

static void axi_memory_pass(void *memory, const struct repeat *repeat)
{
    struct axi_memory *self = memory;
    const uint8_t *from;
    uint8_t *to;
    size_t bytes = shown_bytes(self, &from, &to);
    if (bytes && from) { /* as limit() asks */
        const uint64_t passed = repeat->times * repeat->growth[repeat->own];
        self->read->r[self->read->drive >> (AXI_SHOWN + AXI_R) & 1].from += passed;
        memcpy(to, from + passed, bytes);
    }
    bytes = fetched_bytes(self, &from, &to);
    if (bytes)
        memcpy(to, from, bytes);
}

const struct repeat_hooks axi_memory_repeat = {.state = &axi_memory_state,
                                               .visit = axi_memory_visit,
                                               .words = 3,
                                               .limit = axi_memory_limit,
                                               .pass = axi_memory_pass};

static bool tell(void *memory, struct repeat *words)
{
    const struct axi_memory *self = memory;
    (void)words;
    return self->early_count == 0 && self->wrong_last == SIM_NEVER;
}

const struct round_hooks axi_memory_round = {.state = &axi_memory_state, .tell = tell};
