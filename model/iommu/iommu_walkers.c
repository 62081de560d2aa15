/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * iommu_walkers: the directory walker and the page-table walker, on port `tables`.
 *
 *   cycle      c        c+1     a       r          r+1
 *   miss     begins
 *   AR                  ^ ...   taken
 *   R                                  beat
 *                                      fill (page)  hit
 *                                                   update (directory), hit in r+2
 *                                                   fault
 *
 * A walker starts when a miss begins, not while it lasts: the condition of the cycle before is kept, also while
 * the walker is busy. What is latched at the start is in the structs; stages, roots and type are those of the
 * translation in each cycle (!).
 *
 * Inaccuracies: none known against the traces in traces/golden/riscv_iommu.
 */
#include "iommu/iommu_state.h"

enum { MODE_BARE, MODE_39 = 8, MODE_48 = 9, MODE_57 = 10 };

enum { FCTL_GXL = 2 };

/* Table and offset are put together as the RTL does it. */
static uint64_t entry_address(uint64_t ppn, uint64_t index, uint32_t bytes)
{
    return (ppn << 12) + index * bytes;
}

/* ---- directory --------------------------------------------------------------------------------- */

static uint64_t directory_index(uint32_t device, uint32_t level)
{
    static const struct {
        uint8_t high, low;
    } fields[] = {{6, 0}, {15, 7}, {23, 16}};
    return bits(device, fields[level].high, fields[level].low);
}

static uint64_t directory_address(const struct iommu_directory_walker *walker, uint64_t ppn)
{
    return entry_address(ppn, directory_index(walker->device, walker->level),
                         walker->level ? 8 : DC_WORDS * 8);
}

static bool second_mode_fits(uint64_t mode, bool gxl)
{
    return mode == MODE_BARE || (gxl ? mode == MODE_48 || mode == MODE_57 : mode == MODE_39);
}

static uint16_t check_tc(uint64_t tc, bool gxl)
{
    if (!bit(tc, TC_V))
        return IOMMU_DIRECTORY_INVALID;
    if (bit(tc, TC_PDTV))
        return IOMMU_TYPE_DISALLOWED;
    /* EN_ATS, EN_PRI, T2GPA; PRPR, GADE, SADE, DPE, SBE; reserved; 31:24 are custom. */
    if (bits(tc, 3, 1) || bits(tc, 10, 6) || bits(tc, 23, 12) || bits(tc, 63, 32) ||
        bit(tc, TC_SXL) != gxl)
        return IOMMU_DIRECTORY_MISCONFIGURED;
    return 0;
}

/* Cause of what is wrong with word `number` of a context, 0 if nothing is. */
static uint16_t check_context(uint32_t number, uint64_t word, bool gxl)
{
    uint64_t mode = bits(word, 63, 60);
    bool good = true;
    switch (number) {
    case DC_TC:
        return check_tc(word, gxl);
    case DC_IOHGATP:
        good = second_mode_fits(mode, gxl) && (mode == MODE_BARE || !bits(word, 1, 0));
        break;
    case DC_TA:
        good = !bits(word, 11, 0) && !bits(word, 63, 32);
        break;
    default: /* tc.SXL is GXL: that was checked */
        good = second_mode_fits(mode, gxl) && !bits(word, 59, 44);
        break;
    }
    return good ? 0 : IOMMU_DIRECTORY_MISCONFIGURED;
}

static const struct iommu_read *beat_of(const struct iommu_inputs *in, uint8_t id)
{
    const struct iommu_read *r = &in->tables.r;
    return r->valid && r->id == id ? r : NULL;
}

bool iommu_directory_faults(const struct iommu *self, const struct iommu_inputs *in)
{
    const struct iommu_read *r = beat_of(in, ID_DIRECTORY);
    return self->directory.state == DIRECTORY_FAULT ||
           (self->directory.state == DIRECTORY_SWALLOW && r && r->last);
}

static void table_beat(struct iommu_directory_walker *walker, const struct iommu_read *r)
{
    uint64_t entry = r->data;
    walker->cause = r->response                                ? IOMMU_DIRECTORY_CORRUPT
                    : !bit(entry, 0)                           ? IOMMU_DIRECTORY_INVALID
                    : bits(entry, 9, 1) || bits(entry, 63, 54) ? IOMMU_DIRECTORY_MISCONFIGURED
                                                               : 0;
    if (walker->cause) {
        walker->state = DIRECTORY_FAULT;
        return;
    }
    walker->level--;
    walker->address = directory_address(walker, bits(entry, 53, 10));
    walker->state = DIRECTORY_ASK;
}

static void context_beat(struct iommu_directory_walker *walker, const struct iommu_read *r,
                         bool gxl)
{
    walker->words[walker->beat & (DC_WORDS - 1)] = r->data;
    walker->cause =
        r->response ? IOMMU_DIRECTORY_CORRUPT : check_context(walker->beat, r->data, gxl);
    walker->beat++;
    if (walker->cause)
        walker->state = r->last ? DIRECTORY_FAULT : DIRECTORY_SWALLOW;
    else if (r->last)
        walker->state = DIRECTORY_UPDATE;
}

static void directory_edge(struct iommu *self, const struct iommu_inputs *in,
                           const struct iommu_outputs *out)
{
    struct iommu_directory_walker *walker = &self->directory;
    const struct iommu_translation *t = &self->now.translation;
    const struct iommu_read *r = beat_of(in, ID_DIRECTORY);
    bool gxl = bit(self->registers.fctl, FCTL_GXL), start = t->directory_missed;
    switch ((enum iommu_directory_state)walker->state) {
    case DIRECTORY_IDLE:
        if (!start || walker->edge)
            break;
        walker->device = t->of.device;
        walker->level = (uint8_t)((self->registers.ddtp & 0xf) - 2);
        walker->beat = 0;
        walker->address = directory_address(walker, bits(self->registers.ddtp, 53, 10));
        walker->state = DIRECTORY_ASK;
        break;
    case DIRECTORY_ASK:
        if (self->now.ar_source == SOURCE_DIRECTORY && out->tables.ar.valid && in->tables.ar_ready)
            walker->state = DIRECTORY_WAIT;
        break;
    case DIRECTORY_WAIT:
        if (r && walker->level)
            table_beat(walker, r);
        else if (r)
            context_beat(walker, r, gxl);
        break;
    case DIRECTORY_SWALLOW:
        if (!r)
            break;
        if (r->response)
            walker->cause = IOMMU_DIRECTORY_CORRUPT;
        if (r->last)
            walker->state = r->response ? DIRECTORY_FAULT : DIRECTORY_IDLE;
        break;
    case DIRECTORY_FAULT:
    case DIRECTORY_UPDATE:
        walker->state = DIRECTORY_IDLE;
        break;
    }
    walker->edge = start;
}

/* ---- page tables ------------------------------------------------------------------------------- */

/* What the beat of this cycle makes of the walk. */
struct step {
    struct iommu_page_walker next;
    bool fill;
};

static uint64_t index_of(uint64_t address, uint32_t level)
{
    return level == 2 ? bits(address, 29, 21) : bits(address, 20, 12);
}

/* A root of Sv39x4 is four pages long. */
static uint64_t second_root(const struct iommu_translation *t, uint64_t guest)
{
    return entry_address(t->root2 & ~UINT64_C(3), bits(guest, 40, 30), 8);
}

/* Address in a page of the size that a leaf at `level` has. */
static uint64_t in_page(uint64_t ppn, uint32_t level, uint64_t offset)
{
    unsigned size = level == 1 ? 30 : level == 2 ? 21 : 12;
    return with_bits(ppn << 12, size - 1, 0, offset);
}

static bool leaf_is_wrong(const struct iommu_page_walker *walker, uint64_t pte, uint8_t type)
{
    uint64_t ppn = pte_ppn(pte);
    return (walker->level == 1 && bits(ppn, 17, 0)) || (walker->level == 2 && bits(ppn, 8, 0)) ||
           !bit(pte, PTE_A) || !bit(pte, PTE_R) || (type == IOMMU_WRITE && !bit(pte, PTE_D)) ||
           (walker->stage != STAGE_A && !bit(pte, PTE_U));
}

static void take_leaf(struct step *step, const struct iommu_translation *t, uint64_t pte)
{
    struct iommu_page_walker *next = &step->next;
    uint64_t ppn = pte_ppn(pte);
    switch ((enum iommu_stage)next->stage) {
    case STAGE_A:
        if (!t->s2) {
            step->fill = true;
            break;
        }
        next->leaf1 = pte;
        next->level1 = next->level;
        next->gpa = in_page(bits(ppn, 28, 0), next->level, next->iova);
        next->stage = STAGE_F;
        next->level = 1;
        next->address = second_root(t, next->gpa);
        break;
    case STAGE_I:
        next->address = in_page(ppn, next->level, next->x);
        next->stage = STAGE_A;
        next->level = next->level1;
        break;
    case STAGE_F:
        step->fill = true;
        break;
    }
}

static void take_table(struct step *step, const struct iommu_translation *t, uint64_t pte)
{
    struct iommu_page_walker *next = &step->next;
    uint64_t ppn = pte_ppn(pte);
    if (next->level >= 3)
        return; /* a fault: the caller's */
    next->level++;
    switch ((enum iommu_stage)next->stage) {
    case STAGE_A:
        if (!t->s2) {
            next->address = entry_address(ppn, index_of(next->iova, next->level), 8);
            break;
        }
        next->x = entry_address(bits(ppn, 28, 0), index_of(next->iova, next->level), 8);
        next->level1 = next->level;
        next->stage = STAGE_I;
        next->level = 1;
        next->address = second_root(t, next->x);
        break;
    case STAGE_I:
        next->address = entry_address(ppn, index_of(next->x, next->level), 8);
        break;
    case STAGE_F:
        next->address = entry_address(ppn, index_of(next->gpa, next->level), 8);
        break;
    }
}

static struct step take_beat(const struct iommu *self, const struct iommu_read *r)
{
    const struct iommu_page_walker *walker = &self->walker;
    const struct iommu_translation *t = &self->now.translation;
    uint64_t pte = r->data;
    struct step step = {.next = *walker};
    bool invalid = !bit(pte, PTE_V) || (!bit(pte, PTE_R) && bit(pte, PTE_W));
    bool leaf = bit(pte, PTE_R) || bit(pte, PTE_X), wrong = invalid;
    if (!invalid && leaf) {
        wrong = leaf_is_wrong(walker, pte, t->of.type);
        take_leaf(&step, t, pte);
    } else if (!invalid) {
        wrong = bit(pte, PTE_A) || bit(pte, PTE_D) || bit(pte, PTE_U) || walker->level >= 3;
        take_table(&step, t, pte);
    }
    wrong = wrong || bits(pte, 63, 54);
    /* (!) A first-stage address of more than 41 bits is a fault of the second stage, even if that is off. */
    bool beyond = walker->stage == STAGE_A && bits(pte_ppn(pte), 43, 29);
    step.next.state = PAGE_ASK;
    if (wrong || beyond || r->response) {
        uint8_t stage = beyond ? STAGE_I : walker->stage;
        step.next = *walker;
        if (walker->stage == STAGE_A && t->s2 && !invalid && !leaf && walker->level < 3) {
            struct step table = {.next = *walker}; /* x is the next entry's already */
            take_table(&table, t, pte);
            step.next.x = table.next.x;
        }
        step.next.state = PAGE_FAULT;
        step.next.implicit = stage == STAGE_I;
        step.next.fault = r->response ? FAULT_CORRUPT : stage == STAGE_A ? FAULT_PAGE : FAULT_GUEST;
        step.fill = false;
    }
    if (walker->stage == STAGE_A && bit(pte, PTE_G))
        step.next.global = true;
    return step;
}

static const struct iommu_read *page_beat(const struct iommu *self, const struct iommu_inputs *in)
{
    return self->walker.state == PAGE_WAIT ? beat_of(in, ID_PAGES) : NULL;
}

bool iommu_walker_fills(const struct iommu *self, const struct iommu_inputs *in,
                        struct iommu_page *page)
{
    const struct iommu_page_walker *walker = &self->walker;
    const struct iommu_translation *t = &self->now.translation;
    const struct iommu_read *r = page_beat(self, in);
    if (!r || !take_beat(self, r).fill)
        return false;
    bool second = walker->stage == STAGE_F;
    uint8_t level1 = second ? walker->level1 : walker->level;
    *page = (struct iommu_page){
        .valid = true,
        .s1 = t->s1,
        .s2 = t->s2,
        .pscid = walker->pscid,
        .gscid = walker->gscid,
        .vpn = (uint32_t)bits(walker->iova, 40, 12),
        .pte1 = second ? walker->leaf1 : r->data,
        .pte2 = second ? r->data : 0,
    };
    if (!(t->s1 && bit(page->pte1, PTE_V)) && !(t->s2 && bit(page->pte2, PTE_V)))
        return false;
    page->pte1 |= (uint64_t)walker->global << PTE_G;
    bool has1 = bit(page->pte1, PTE_V);
    page->s1_1g = has1 && level1 == 1;
    page->s1_2m = has1 && level1 == 2;
    page->s2_1g = second && walker->level == 1;
    page->s2_2m = second && walker->level == 2;
    return true;
}

uint16_t iommu_walker_cause(const struct iommu *self, uint8_t type)
{
    bool store = type == IOMMU_WRITE;
    switch ((enum iommu_page_fault)self->walker.fault) {
    case FAULT_PAGE:
        return store ? IOMMU_STORE_PAGE_FAULT : IOMMU_LOAD_PAGE_FAULT;
    case FAULT_GUEST:
        return store ? IOMMU_STORE_GUEST_FAULT : IOMMU_LOAD_GUEST_FAULT;
    case FAULT_CORRUPT:
        break;
    }
    return IOMMU_PAGE_TABLE_CORRUPT;
}

static void page_start(struct iommu_page_walker *walker, const struct iommu_translation *t)
{
    uint64_t iova = t->of.iova, index = bits(iova, 38, 30);
    walker->iova = iova;
    walker->pscid = t->pscid;
    walker->gscid = t->gscid;
    walker->level = walker->level1 = 1;
    if (t->s1 && t->s2) {
        walker->stage = STAGE_I;
        walker->x = entry_address(bits(t->root1, 28, 0), index, 8);
        walker->address = second_root(t, walker->x);
    } else if (t->s1) {
        walker->stage = STAGE_A;
        walker->address = entry_address(t->root1, index, 8);
    } else {
        walker->stage = STAGE_F;
        walker->gpa = bits(iova, 40, 0);
        walker->address = second_root(t, walker->gpa);
    }
    walker->state = PAGE_ASK;
}

static void page_edge(struct iommu *self, const struct iommu_inputs *in,
                      const struct iommu_outputs *out)
{
    struct iommu_page_walker *walker = &self->walker;
    const struct iommu_translation *t = &self->now.translation;
    const struct iommu_read *r = page_beat(self, in);
    bool start = t->page_missed && (t->s1 || t->s2), edge = walker->edge;
    switch ((enum iommu_page_state)walker->state) {
    case PAGE_IDLE:
        walker->global = false;
        walker->gpa = 0;
        walker->leaf1 = 0;
        if (start && !edge)
            page_start(walker, t);
        break;
    case PAGE_ASK:
        if (self->now.ar_source == SOURCE_PAGES && out->tables.ar.valid && in->tables.ar_ready)
            walker->state = PAGE_WAIT;
        break;
    case PAGE_WAIT:
        if (r) {
            struct step step = take_beat(self, r);
            *walker = step.next;
            if (step.fill)
                walker->state = PAGE_IDLE;
        }
        break;
    case PAGE_FAULT:
        walker->state = PAGE_IDLE;
        break;
    }
    walker->edge = start;
}

void iommu_walkers_edge(struct iommu *self, const struct iommu_inputs *in,
                        const struct iommu_outputs *out)
{
    directory_edge(self, in, out);
    page_edge(self, in, out);
}
