/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * iommu_walk_stages: page tables of both stages (RISC-V privileged architecture, Sv39 to Sv57 and their x4; IOMMU
 * specification 1.0, section 3.3).
 *
 * Inaccuracies: see iommu_walk.h.
 */
#include "iommu/iommu_walk_state.h"

enum { GUEST_IMPLICIT = 1, GUEST_WRITE = 2 }; /* iotval2 bits 0 and 1 */
enum { PTE_N = 63 };
enum { TC_GADE = 7, TC_SADE = 8 };

#define NAPOT_BITS 16

/* What an access of a stage is. */
struct access {
    uint8_t type;
    bool second, implicit;
    bool entry; /* of an entry of a first-stage table; else of a process directory's */
};

static uint32_t levels_of(uint64_t mode)
{
    return (uint32_t)mode - SV39 + 3;
}

static uint64_t table_index(const struct access *access, uint64_t address, uint32_t level,
                            uint32_t levels)
{
    uint32_t low = BASE_PAGE_BITS + 9 * level;
    return bits(address, low + (access->second && level == levels - 1 ? 10 : 8), low);
}

/* Canonical, or within the two more bits of a second stage. */
static bool width_fits(const struct access *access, uint64_t address, uint32_t levels)
{
    uint32_t width = BASE_PAGE_BITS + 9 * levels;
    if (access->second)
        return width + 2 >= 64 || !(address >> (width + 2));
    int64_t shifted = (int64_t)(address << (64 - width));
    return (uint64_t)(shifted >> (64 - width)) == address;
}

static bool reserved_bits(uint64_t pte)
{
    return !bit(pte, PTE_V) || (!bit(pte, PTE_R) && bit(pte, PTE_W)) || bits(pte, 62, 54);
}

static bool is_leaf(uint64_t pte)
{
    return bit(pte, PTE_R) || bit(pte, PTE_X);
}

static bool user_may(const struct walk *walk, uint64_t pte, uint8_t type)
{
    bool privileged = walk->request->has_pid && walk->request->privileged;
    if (!privileged)
        return bit(pte, PTE_U);
    return !bit(pte, PTE_U) || (walk->sum && type != WALK_EXECUTE);
}

static bool allows(const struct walk *walk, const struct access *access, uint64_t pte)
{
    static const uint8_t needed[] = {
        [WALK_EXECUTE] = PTE_X, [WALK_READ] = PTE_R, [WALK_WRITE] = PTE_W};
    return bit(pte, needed[access->type]) &&
           (access->second ? bit(pte, PTE_U) : user_may(walk, pte, access->type));
}

/* A leaf whose address is not that of a page of its size. Sets the size. */
static bool misplaced(uint64_t pte, uint32_t level, uint32_t *size)
{
    *size = BASE_PAGE_BITS + 9 * level;
    if (bit(pte, PTE_N)) {
        *size = NAPOT_BITS;
        return level != 0 || bits(pte, 13, 10) != 8;
    }
    return level && bits(pte_ppn(pte), 9 * level - 1, 0);
}

/* Bits of A and D that are to be set first; `fault` if nobody does. */
static uint64_t missing_ad(const struct walk *walk, const struct access *access, uint64_t pte,
                           bool *fault)
{
    bool updates = bit(walk->context[DC_TC], access->second ? TC_GADE : TC_SADE);
    bool dirty = access->type == WALK_WRITE;
    /* An implicit access may become a write: of A and D in the entry that is read. */
    if (access->entry && bit(walk->context[DC_TC], TC_SADE) && bit(pte, PTE_W))
        dirty = true;
    uint64_t wanted = UINT64_C(1) << PTE_A | (uint64_t)dirty << PTE_D, missing = wanted & ~pte;
    if (access->entry && updates && missing && bit(pte, PTE_W))
        missing |= (UINT64_C(1) << PTE_D) & ~pte;
    *fault = missing && !updates;
    return missing;
}

/* Where a stage's root is and how it faults. */
struct stage {
    struct access access;
    uint64_t root;
    uint32_t levels;
};

static bool page_fault(struct walk *walk, const struct access *access, uint64_t guest)
{
    if (!access->second)
        return fail(walk, of_access(walk, IOMMU_LOAD_PAGE_FAULT), 0);
    /* Of an entry of a page table the reference names the table's page, of a process directory's the entry. */
    uint64_t within = access->entry ? 0xfff : 3;
    uint64_t iotval2 = (guest & ~within) | (access->implicit ? GUEST_IMPLICIT : 0);
    return fail(walk, of_access(walk, IOMMU_LOAD_GUEST_FAULT), iotval2);
}

static bool update(struct walk *walk, uint64_t at, uint64_t missing)
{
    uint64_t pte;
    if (!load(walk, at, 8, &pte, of_access(walk, CAUSE_LOAD_ACCESS), IOMMU_PAGE_TABLE_CORRUPT))
        return false;
    walk->memory->write(walk->memory->self, at, pte | missing);
    return true;
}

/* Walks `stage` for *address and replaces it. size: bits of the page. leaf: the entry. */
static bool walk_stage(struct walk *walk, const struct stage *stage, uint64_t *address,
                       uint32_t *size, uint64_t *leaf)
{
    const struct access *access = &stage->access;
    uint64_t from = *address, table = stage->root, pte = 0, at = 0;
    bool writable = true;
    uint32_t level = stage->levels;
    if (!width_fits(access, from, stage->levels))
        return page_fault(walk, access, from);
    do {
        uint64_t guest = table + 8 * table_index(access, from, --level, stage->levels);
        at = guest;
        if (!access->second && !iommu_walk_table(walk, &at, &writable))
            return false;
        if (!load(walk, at, 8, &pte, of_access(walk, CAUSE_LOAD_ACCESS), IOMMU_PAGE_TABLE_CORRUPT))
            return false;
        if (reserved_bits(pte))
            return page_fault(walk, access, from);
        if (is_leaf(pte)) {
            bool fault, wrong = misplaced(pte, level, size) || !allows(walk, access, pte);
            uint64_t missing = missing_ad(walk, access, pte, &fault);
            if (wrong || fault)
                return page_fault(walk, access, from);
            if (missing && !writable) /* its own table may not be written */
                return fail(walk, of_access(walk, IOMMU_LOAD_GUEST_FAULT),
                            (guest & ~UINT64_C(0xfff)) | GUEST_IMPLICIT | GUEST_WRITE);
            if (missing && !update(walk, at, missing))
                return false;
            break;
        }
        if (bit(pte, PTE_A) || bit(pte, PTE_D) || bit(pte, PTE_U) || bit(pte, PTE_N) || level == 0)
            return page_fault(walk, access, from);
        table = pte_ppn(pte) << 12;
    } while (true);
    uint64_t base = pte_ppn(pte) << 12;
    if (bit(pte, PTE_N))
        base &= ~UINT64_C(0xffff);
    *address = with_bits(base, *size - 1, 0, from);
    *leaf = pte;
    return true;
}

static bool second_stage(struct walk *walk, uint64_t *address, uint32_t *size,
                         const struct access *access, uint64_t *leaf)
{
    uint64_t iohgatp = walk->context[DC_IOHGATP], mode = bits(iohgatp, 63, 60);
    *size = BARE_PAGE_BITS;
    *leaf = ~UINT64_C(0);
    if (mode == SV_BARE)
        return true;
    struct stage stage = {
        .access = *access, .root = bits(iohgatp, 43, 0) << 12, .levels = levels_of(mode)};
    return walk_stage(walk, &stage, address, size, leaf);
}

bool iommu_walk_table(struct walk *walk, uint64_t *address, bool *writable)
{
    static const struct access access = {
        .type = WALK_READ, .second = true, .implicit = true, .entry = true};
    uint32_t size;
    uint64_t leaf;
    bool good = second_stage(walk, address, &size, &access, &leaf);
    *writable = bit(leaf, PTE_W);
    return good;
}

bool iommu_walk_process(struct walk *walk, uint64_t *address)
{
    static const struct access access = {.type = WALK_READ, .second = true, .implicit = true};
    uint32_t size;
    uint64_t leaf;
    return second_stage(walk, address, &size, &access, &leaf);
}

bool iommu_walk_first(struct walk *walk, uint64_t *address, uint32_t *size)
{
    uint64_t mode = bits(walk->iosatp, 63, 60), leaf;
    *size = BARE_PAGE_BITS;
    if (mode == SV_BARE)
        return true;
    struct stage stage = {
        .access = {.type = walk->request->type},
        .root = bits(walk->iosatp, 43, 0) << 12,
        .levels = levels_of(mode),
    };
    return walk_stage(walk, &stage, address, size, &leaf);
}

bool iommu_walk_second(struct walk *walk, uint64_t *address, uint32_t *size)
{
    struct access access = {.type = walk->request->type, .second = true};
    uint64_t leaf;
    return second_stage(walk, address, size, &access, &leaf);
}
