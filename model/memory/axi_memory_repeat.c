/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_memory_repeat: how a memory without stalls takes part in what repeats (kernel/repeat.h). */
#include <string.h>

#include "memory/axi_memory_state.h"

/* `due` is set in the first `timed` of them. */
static void visit_queue(struct axi_memory_queue *queue, uint32_t timed, struct repeat *repeat)
{
    repeat_same(repeat, queue->count);
    for (uint32_t i = 0; i < queue->count; i++) {
        struct axi_memory_burst *burst = queued(queue, i);
        const struct axi_address *ax = &burst->ax;
        repeat_count(repeat, &burst->ax.addr);
        repeat_same(repeat, (uint64_t)ax->id << 32 | (uint64_t)ax->len << 24 |
                                (uint64_t)ax->size << 16 | (uint64_t)ax->burst << 8 | burst->resp);
        if (i < timed)
            repeat_stamp(repeat, &burst->due);
    }
}

/* Null, before a first burst or behind one that is not plain, stays null. */
static void visit_pointer(uint8_t **pointer, struct repeat *repeat)
{
    const uint64_t was = (uintptr_t)*pointer;
    const uint64_t grown = repeat_grown(repeat, was);
    repeat_same(repeat, was != 0);
    if (grown != was)
        *pointer += grown - was;
}

static void visit_walk(struct axi_memory_walk *walk, struct repeat *repeat)
{
    visit_pointer(&walk->next, repeat);
    repeat_count(repeat, &walk->ax.addr);
    repeat_same(repeat, walk->beat);
}

/* The first count is the next byte to be read, if a read is under way. */
static bool axi_memory_visit(void *memory, struct repeat *repeat)
{
    struct axi_memory *self = memory;
    const uint32_t *percent = self->config->stalls.percent;
    const bool reads = self->reads.count > 0, writes = self->complete < self->writes.count;
    if (self->shared || self->early_count || self->wrong_last != SIM_NEVER ||
        (percent[AXI_AR] | percent[AXI_R] | percent[AXI_AW] | percent[AXI_W] | percent[AXI_B]) ||
        repeat->now + 1 < self->config->write_from_cycle || (reads && !self->reading.plain) ||
        (writes && !self->writing.plain))
        return false;
    if (reads)
        visit_walk(&self->reading, repeat);
    if (writes) {
        visit_walk(&self->writing, repeat);
        self->direct.next = self->writing.next;
    } else {
        visit_pointer(&self->direct.next, repeat);
    }
    visit_queue(&self->reads, self->reads.count, repeat);
    visit_queue(&self->writes, self->complete, repeat);
    repeat_same(repeat, self->complete);
    repeat_same(repeat, self->train);
    if (self->train)
        repeat_stamp(repeat, &self->train_from);
    repeat_stamp(repeat, &self->train_done);
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

const struct repeat_hooks axi_memory_repeat = {
    .visit = axi_memory_visit, .limit = axi_memory_limit, .pass = axi_memory_pass};
