/* SPDX-License-Identifier: BSD-2-Clause */
/* iommu_walk: the order of the whole (specification 1.0, section 3.3), MSI page tables, the record of a fault. */
#include "iommu/iommu_walk_state.h"

enum { DDTP_OFF, DDTP_BARE };
enum { DC_MSIPTP = 4, DC_MSI_MASK, DC_MSI_PATTERN };
enum { MSI_V = 0, MSI_C = 63, MSI_BASIC = 3 };
enum { TC_T2GPA = 3 };

#define ADDRESS_BITS 56

/* The bits of a page number that mask and pattern have: guest addresses are no wider (section 2.1.3.7, MGPAW). */
static uint64_t page_bits(const struct walk *walk)
{
    uint32_t width = walk->features->sv57 ? 59 : walk->features->sv48 ? 50 : 41;
    return (UINT64_C(1) << (width - 12)) - 1;
}

/* The page is one of those at which interrupts are written. */
static bool is_msi(const struct walk *walk, uint64_t page)
{
    return bits(walk->context[DC_MSIPTP], 63, 60) != 0 &&
           !((page ^ walk->context[DC_MSI_PATTERN]) & ~walk->context[DC_MSI_MASK] &
             page_bits(walk));
}

/* Any page of a range of `count` (a power of two) pages from `page` on is. */
static bool touches_msi(const struct walk *walk, uint64_t page, uint64_t count)
{
    uint64_t fixed = ~walk->context[DC_MSI_MASK] & ~(count - 1) & page_bits(walk);
    return bits(walk->context[DC_MSIPTP], 63, 60) != 0 &&
           !((page ^ walk->context[DC_MSI_PATTERN]) & fixed);
}

/* The bits of a page number that a mask picks, side by side. */
static uint64_t extract(uint64_t page, uint64_t mask)
{
    uint64_t index = 0;
    for (uint32_t at = 0; mask; mask &= mask - 1)
        index |= (page >> __builtin_ctzll(mask) & 1) << at++;
    return index;
}

static bool take_msi(struct walk *walk, uint64_t *address)
{
    uint64_t words[2],
        index = extract(*address >> 12, walk->context[DC_MSI_MASK] & page_bits(walk));
    uint64_t table = bits(walk->context[DC_MSIPTP], 43, 0) << 12;
    if (!load(walk, table | index * 16, 16, words, CAUSE_MSI_ACCESS, CAUSE_MSI_CORRUPT))
        return false;
    if (!bit(words[0], MSI_V))
        return fail(walk, CAUSE_MSI_INVALID, 0);
    if (bit(words[0], MSI_C) || bits(words[0], 2, 1) != MSI_BASIC || bits(words[0], 9, 3) ||
        bits(words[0], 62, 54))
        return fail(walk, CAUSE_MSI_MISCONFIGURED, 0);
    if (walk->request->type == WALK_EXECUTE)
        return fail(walk, of_access(walk, CAUSE_LOAD_ACCESS), 0);
    *address = bits(words[0], 53, 10) << 12 | (*address & 0xfff);
    return true;
}

static bool translate(struct walk *walk, uint64_t ddtp, struct iommu_walk_answer *answer)
{
    const struct iommu_walk_request *request = walk->request;
    uint32_t mode = ddtp & 0xf, first = BARE_PAGE_BITS, second = BARE_PAGE_BITS;
    answer->address = request->iova;
    answer->size = UINT64_C(1) << BASE_PAGE_BITS;
    if (mode == DDTP_OFF)
        return fail(walk, IOMMU_ALL_DISALLOWED, 0);
    if (mode == DDTP_BARE)
        return !request->translated || fail(walk, IOMMU_TYPE_DISALLOWED, 0);
    if (!iommu_walk_contexts(walk, ddtp))
        return false;
    if (request->translated && !bit(walk->context[DC_TC], TC_T2GPA))
        return true;
    if (!request->translated && !iommu_walk_first(walk, &answer->address, &first))
        return false;
    uint64_t guest = answer->address;
    answer->msi = walk->features->msi_flat && is_msi(walk, guest >> 12);
    if (answer->msi)
        return take_msi(walk, &answer->address);
    if (!iommu_walk_second(walk, &answer->address, &second))
        return false;
    uint32_t size = least(first, second);
    static const uint8_t smaller[] = {48, 39, 30, 21, 12};
    for (uint32_t i = 0; i < COUNT(smaller); i++)
        if (smaller[i] < size && walk->features->msi_flat &&
            touches_msi(walk, guest >> 12 & ~((UINT64_C(1) << (size - 12)) - 1),
                        UINT64_C(1) << (size - 12)))
            size = smaller[i];
    answer->size = UINT64_C(1) << size;
    if (bits(walk->iosatp, 63, 60) == SV_BARE && bits(walk->context[DC_IOHGATP], 63, 60) == SV_BARE)
        answer->address = bits(answer->address, ADDRESS_BITS - 1, 0);
    return true;
}

/* DTF keeps faults of what the device does from being recorded, not those of the directory. */
static bool recorded(const struct walk *walk)
{
    switch (walk->cause) {
    case IOMMU_ALL_DISALLOWED:
    case CAUSE_DDT_ACCESS:
    case IOMMU_DIRECTORY_INVALID:
    case IOMMU_DIRECTORY_MISCONFIGURED:
    case IOMMU_DIRECTORY_CORRUPT:
        return true;
    default:
        return !walk->has_context || !bit(walk->context[DC_TC], TC_DTF);
    }
}

struct iommu_walk_answer iommu_walk(const struct iommu_walk_features *features,
                                    const struct iommu_walk_memory *memory, uint64_t ddtp,
                                    const struct iommu_walk_request *request)
{
    struct walk walk = {.features = features, .memory = memory, .request = request};
    struct iommu_walk_answer answer = {.cause = 0};
    if (!translate(&walk, ddtp, &answer)) {
        answer = (struct iommu_walk_answer){.cause = walk.cause, .iotval2 = walk.iotval2};
        answer.report = recorded(&walk);
    }
    return answer;
}

void iommu_walk_record(const struct iommu_walk_request *request,
                       const struct iommu_walk_answer *answer, uint64_t words[4])
{
    uint64_t type = request->type + (request->translated ? 4u : 0);
    words[0] = answer->cause | type << 34 | (uint64_t)request->device << 40;
    if (request->has_pid)
        words[0] |= (uint64_t)(request->pid & 0xfffff) << 12 | UINT64_C(1) << 32 |
                    (uint64_t)request->privileged << 33;
    words[1] = 0;
    words[2] = request->iova;
    words[3] = answer->iotval2;
}
