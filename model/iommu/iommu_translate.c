/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * iommu_translate: what becomes of an address in one cycle, from registers and caches alone.
 *
 * Sources: RISC-V IOMMU specification 1.0, section 3; cycles and departures (!) from the traces in
 * traces/golden/riscv_iommu.
 *
 * Inaccuracies: none known against those traces.
 */
#include "iommu/iommu_state.h"

enum { DDTP_OFF, DDTP_BARE, DDTP_ONE_LEVEL, DDTP_TWO_LEVELS, DDTP_THREE_LEVELS };

#define ADDRESS_BITS 56 /* PAS */

static struct iommu_question of_device(const struct iommu_address *ax, uint8_t type)
{
    return (struct iommu_question){
        .type = type == IOMMU_READ && bit(ax->prot, 2) ? IOMMU_EXECUTE : type,
        .privileged = bit(ax->prot, 0),
        .device = ax->device,
        .iova = ax->address,
    };
}

static struct iommu_question of_debug(const struct iommu_registers *registers)
{
    uint64_t control = registers->debug_control;
    return (struct iommu_question){
        .type = bit(control, 2)   ? IOMMU_EXECUTE
                : bit(control, 3) ? IOMMU_READ
                                  : IOMMU_WRITE,
        .privileged = bit(control, 1),
        .device = (uint32_t)bits(control, 63, 40),
        .iova = registers->debug_iova,
    };
}

/* (!) A burst that ends at the end of a page is refused as one that goes on behind it. */
static bool within_page(const struct iommu_address *ax)
{
    uint32_t offset = ax->address & 0xfff, bytes = (ax->length + 1u) * 8;
    switch (ax->burst) {
    case IOMMU_FIXED:
        return offset + 8 < 4096;
    case IOMMU_WRAP:
        if (ax->length != 1 && ax->length != 3 && ax->length != 7 && ax->length != 15)
            return false;
        return (offset & ~(bytes - 1)) + bytes < 4096;
    default:
        return offset + bytes < 4096;
    }
}

/* (!) One bit of the device id less than the specification has for contexts of 32 bytes. */
static bool too_wide(uint32_t mode, uint32_t device)
{
    return (mode == DDTP_ONE_LEVEL && device >> 6) || (mode == DDTP_TWO_LEVELS && device >> 15);
}

/* Cause of a fault that the entry found has, 0 if it allows the access. (!) Execute faults are told as loads. */
static uint16_t permission_fault(const struct iommu_page *page, const struct iommu_translation *t)
{
    bool store = t->of.type == IOMMU_WRITE, execute = t->of.type == IOMMU_EXECUTE;
    if (t->s1 && ((store && !bit(page->pte1, PTE_W)) || (execute && !bit(page->pte1, PTE_X)) ||
                  (!t->of.privileged && !bit(page->pte1, PTE_U))))
        return store ? IOMMU_STORE_PAGE_FAULT : IOMMU_LOAD_PAGE_FAULT;
    if (t->s2 && ((store && !bit(page->pte2, PTE_W)) || (execute && !bit(page->pte2, PTE_X))))
        return store ? IOMMU_STORE_GUEST_FAULT : IOMMU_LOAD_GUEST_FAULT;
    return 0;
}

/* (!) Where a first-stage page is smaller than the second-stage one, bits of the ppn are taken from the place
 * in the ppn that they have in the address. */
static uint64_t page_address(const struct iommu_page *page, const struct iommu_translation *t)
{
    uint64_t iova = t->of.iova, ppn1 = pte_ppn(page->pte1);
    uint64_t address = (t->s2 ? pte_ppn(page->pte2) : ppn1) << 12 | (iova & 0xfff);
    bool s1_large = page->s1_2m || page->s1_1g;
    if (!t->s2) {
        if (page->s1_1g)
            address = with_bits(address, 29, 12, iova);
        else if (page->s1_2m)
            address = with_bits(address, 20, 12, iova);
    } else if (page->s2_1g) {
        if (!t->s1 || page->s1_1g)
            address = with_bits(address, 29, 12, iova);
        else if (page->s1_2m)
            address = with_bits(with_bits(address, 29, 21, ppn1), 20, 12, iova);
        else
            address = with_bits(address, 29, 12, ppn1);
    } else if (page->s2_2m) {
        address = with_bits(address, 20, 12, !t->s1 || s1_large ? iova : ppn1);
    }
    if (!t->request && t->debug) { /* a mark of the size, as tr_response has it */
        if (page->s1_2m || page->s2_2m)
            address = with_bits(address, 20, 12, UINT64_C(0x0ff) << 12);
        else if (page->s1_1g || page->s2_1g)
            address = with_bits(address, 29, 12, UINT64_C(0x1ffff) << 12);
    }
    return address;
}

/* The directory's context of the device, from the DDTC. */
static void take_context(const struct iommu *self, struct iommu_translation *t)
{
    t->directory_hits = iommu_find_context(self, t->of.device);
    t->directory_missed = !t->directory_hits;
    if (t->directory_missed)
        return;
    const uint64_t *words = self->contexts[31 - __builtin_clz(t->directory_hits)].words;
    t->s1 = bits(words[DC_FSC], 63, 60) != 0;
    t->s2 = bits(words[DC_IOHGATP], 63, 60) != 0;
    t->gscid = (uint32_t)bits(words[DC_IOHGATP], 59, 44);
    t->pscid = (uint32_t)bits(words[DC_TA], 31, 12);
    t->root1 = bits(words[DC_FSC], 43, 0);
    t->root2 = bits(words[DC_IOHGATP], 43, 0);
    t->dtf = bit(words[DC_TC], TC_DTF);
}

/* Sets valid and address, or error and cause; neither if a walk has to tell. */
static void look_up(const struct iommu *self, struct iommu_translation *t)
{
    uint32_t mode = self->registers.ddtp & 0xf;
    uint64_t bare = bits(t->of.iova, ADDRESS_BITS - 1, 0);
    if (mode == DDTP_BARE) {
        t->valid = true;
        t->address = bare;
        return;
    }
    if (mode == DDTP_OFF || too_wide(mode, t->of.device)) {
        t->error = t->report = true; /* whatever DTF says */
        t->cause = mode == DDTP_OFF ? IOMMU_ALL_DISALLOWED : IOMMU_TYPE_DISALLOWED;
        return;
    }
    take_context(self, t);
    if (t->directory_missed)
        return;
    t->page_looked = true;
    t->page_hits = iommu_find_page(self, t);
    t->page_missed = !t->page_hits;
    if (!t->page_missed) {
        const struct iommu_page *page = &self->pages[31 - __builtin_clz(t->page_hits)];
        t->super = page->s1_2m || page->s1_1g || page->s2_2m || page->s2_1g;
        t->cause = permission_fault(page, t);
        t->error = t->cause != 0;
        t->valid = !t->error;
        if (t->valid)
            t->address = page_address(page, t);
    } else if (!t->s1 && !t->s2) {
        t->valid = true;
        t->address = bare;
    }
}

void iommu_translate(struct iommu *self, const struct iommu_inputs *in)
{
    struct iommu_translation *t = &self->now.translation;
    const struct iommu_registers *registers = &self->registers;
    *t = (struct iommu_translation){.of = {.type = IOMMU_NONE}};
    const struct iommu_address *ax =
        self->request == REQUEST_WRITE ? &in->device.aw : &in->device.ar;
    if (self->request != REQUEST_IDLE) {
        t->of = of_device(ax, self->request == REQUEST_WRITE ? IOMMU_WRITE : IOMMU_READ);
        t->bound = self->config.boundary && !within_page(ax);
    }
    t->request = self->request != REQUEST_IDLE && !t->bound;
    /* (!) The debug registers are heard while no device asks; `go` keeps asking all the same. */
    t->debug = registers->debug_go && !t->request;
    if (t->debug && !in->device.ar.valid && !in->device.aw.valid)
        t->of = of_debug(registers);
    if (t->request || t->debug)
        look_up(self, t);

    /* The walkers tell whether or not who asked is still there. */
    bool directory = iommu_directory_faults(self, in), page = self->walker.state == PAGE_FAULT;
    if (!t->error && directory)
        t->cause = self->directory.cause;
    else if (!t->error && page)
        t->cause = iommu_walker_cause(self, t->of.type);
    /* (!) A walk that ends with a guest fault leaves its address beside whatever is told in that cycle. */
    const struct iommu_page_walker *walker = &self->walker;
    if (page && walker->fault == FAULT_GUEST)
        t->guest =
            (bits(walker->implicit ? walker->x : walker->gpa, 40, 2) << 2) | walker->implicit;
    t->report = t->report || directory || ((t->error || page) && t->directory_hits && !t->dtf);
    t->error = t->error || directory || page;
}
