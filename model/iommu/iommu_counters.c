/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * iommu_counters: the performance counters.
 *
 * An event is the rise of a level in cycle n; its counter moves with the edge of n+1, if its filter agrees with the
 * device, GSCID and PSCID that were there in n.
 *
 * Sources: RISC-V IOMMU specification 1.0, section 6.24 (filters); which levels there are, and departures (!), from
 * the traces in traces/golden/riscv_iommu.
 *
 * Inaccuracies: filters for process ids never count, as there are none.
 */
#include "iommu/iommu_state.h"

enum { LEVEL_REQUEST, LEVEL_MISS, LEVEL_DIRECTORY, LEVEL_FIRST, LEVEL_SECOND };

static const uint16_t event_ids[COUNTED] = {
    [LEVEL_REQUEST] = 1, [LEVEL_MISS] = 4,   [LEVEL_DIRECTORY] = 5,
    [LEVEL_FIRST] = 7,   [LEVEL_SECOND] = 8,
};

enum { IPSR_COUNTERS = 2 };
enum { EVT_DMASK = 15, EVT_OVERFLOW = 63 };

#define OVERFLOW_BIT (UINT64_C(1) << EVT_OVERFLOW)

/* With DMASK the lowest 0 and what is below it count as equal; without a 0 nothing is. */
static bool masked_equal(uint64_t event, uint32_t value, uint32_t width)
{
    uint32_t wanted = (uint32_t)bits(event, 36 + width - 1, 36);
    uint32_t all = (uint32_t)((UINT64_C(1) << width) - 1), compare = all;
    if (bit(event, EVT_DMASK)) {
        if (wanted == all)
            return false;
        compare = all & (uint32_t)(~UINT64_C(1) << __builtin_ctz(~wanted));
    }
    return !((wanted ^ value) & compare);
}

static bool filter_agrees(const struct iommu_registers *r, uint64_t event)
{
    bool pscid = bits(event, 35, 16) == r->counted_pscid;
    bool walked = r->counted[LEVEL_MISS] || r->counted[LEVEL_FIRST] || r->counted[LEVEL_SECOND];
    switch (bits(event, 62, 60)) { /* IDT, DV_GSCV, PV_PSCV */
    case 1:
    case 3:
        return false;
    case 2:
        return masked_equal(event, r->counted_device, 24);
    case 5:
        return !walked || pscid;
    case 6:
        return !walked || masked_equal(event, r->counted_gscid, 16);
    case 7:
        return !walked || (pscid && masked_equal(event, r->counted_gscid, 16));
    default:
        return true;
    }
}

static bool happened(const struct iommu_registers *r, uint64_t event)
{
    for (uint32_t i = 0; i < COUNTED; i++)
        if (r->counted[i] && bits(event, 14, 0) == event_ids[i])
            return true;
    return false;
}

static void overflow(struct iommu_registers *r, uint64_t *word)
{
    if (!(*word & OVERFLOW_BIT))
        r->ipsr |= 1u << IPSR_COUNTERS;
    *word |= OVERFLOW_BIT;
}

static void count_events(struct iommu *self)
{
    struct iommu_registers *r = &self->registers;
    for (uint32_t i = 0; i < self->config.counters; i++) {
        struct iommu_counter *counter = &r->counters[i];
        if (bit(r->inhibit, i + 1) || !happened(r, counter->event) ||
            !filter_agrees(r, counter->event))
            continue;
        if (++counter->value == 0)
            overflow(r, &counter->event);
    }
}

static void count_cycle(struct iommu_registers *r)
{
    uint64_t next = (r->cycles & ~OVERFLOW_BIT) + 1;
    bool wraps = next == OVERFLOW_BIT;
    r->cycles = (r->cycles & OVERFLOW_BIT) | (wraps ? 0 : next);
    if (wraps)
        overflow(r, &r->cycles);
}

void iommu_counters_edge(struct iommu *self)
{
    struct iommu_registers *r = &self->registers;
    const struct iommu_translation *t = &self->now.translation;
    if (!self->config.counters)
        return;
    bool counted = false;
    for (uint32_t i = 0; i < COUNTED; i++)
        counted = counted || r->counted[i];
    if (counted)
        count_events(self);
    if (!bit(r->inhibit, 0))
        count_cycle(r);

    bool walks = self->walker.state != PAGE_IDLE;
    const bool level[COUNTED] = {
        [LEVEL_REQUEST] = self->request != REQUEST_IDLE || r->debug_on,
        [LEVEL_MISS] = t->page_missed,
        [LEVEL_DIRECTORY] = self->directory.state != DIRECTORY_IDLE,
        [LEVEL_FIRST] = walks && t->s1,
        [LEVEL_SECOND] = walks && t->s2,
    };
    for (uint32_t i = 0; i < COUNTED; i++) {
        r->counted[i] = level[i] && !r->level[i];
        r->level[i] = level[i];
        if (!r->counted[i])
            continue;
        r->counted_device = t->of.device;
        r->counted_gscid = t->gscid;
        r->counted_pscid = t->pscid;
    }
}
