/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * iommu_walk_directory: from the device and process id to the contexts (specification 1.0, sections 2.1 to 2.3, 3.3).
 *
 * Inaccuracies: see iommu_walk.h.
 */
#include "iommu/iommu_walk_state.h"

enum {
    TC_ATS = 1,
    TC_PRI = 2,
    TC_T2GPA = 3,
    TC_PRPR = 6,
    TC_GADE = 7,
    TC_SADE = 8,
    TC_DPE = 9,
    TC_SBE = 10
};
enum { PDTP_BARE, PDTP_PD8, PDTP_PD17, PDTP_PD20 };
enum { PC_V = 0, PC_ENS = 1, PC_SUM = 2 };
enum { DC_MSIPTP = 4, DC_MSI_MASK, DC_MSI_PATTERN, DC_RESERVED };

bool iommu_walk_mode_fits(const struct iommu_walk_features *features, uint64_t mode)
{
    return mode == SV_BARE || mode == SV39 || (mode == SV48 && features->sv48) ||
           (mode == SV57 && features->sv57);
}

/* An entry that leads to the next table: 0, or which of the two things is wrong. */
static uint16_t table_fault(uint64_t entry, uint16_t invalid, uint16_t misconfigured)
{
    if (!bit(entry, 0))
        return invalid;
    return bits(entry, 9, 1) || bits(entry, 63, 54) ? misconfigured : 0;
}

/* ---- device ------------------------------------------------------------------------------------ */

static bool tc_is_legal(const struct walk *walk, uint64_t tc)
{
    const struct iommu_walk_features *features = walk->features;
    bool ats = bit(tc, TC_ATS);
    if (bits(tc, 23, 12) || bits(tc, 63, 32) || bit(tc, TC_SBE) || bit(tc, TC_SXL))
        return false;
    if (!features->ats && (ats || bit(tc, TC_PRI) || bit(tc, TC_PRPR)))
        return false;
    if (!ats && (bit(tc, TC_T2GPA) || bit(tc, TC_PRI) || bit(tc, TC_PRPR)))
        return false;
    if (!bit(tc, TC_PRI) && bit(tc, TC_PRPR))
        return false;
    if (bit(tc, TC_T2GPA) && (!features->t2gpa || !bits(walk->context[DC_IOHGATP], 63, 60)))
        return false;
    if (!features->hardware_ad && (bit(tc, TC_GADE) || bit(tc, TC_SADE)))
        return false;
    return bit(tc, TC_PDTV) || !bit(tc, TC_DPE);
}

static bool context_is_legal(const struct walk *walk)
{
    const uint64_t *words = walk->context;
    uint64_t second = bits(words[DC_IOHGATP], 63, 60), first = bits(words[DC_FSC], 63, 60);
    if (!tc_is_legal(walk, words[DC_TC]))
        return false;
    if (bits(words[DC_TA], 11, 0) || bits(words[DC_TA], 63, 32) || bits(words[DC_FSC], 59, 44))
        return false;
    if (bit(words[DC_TC], TC_PDTV) ? first > PDTP_PD20
                                   : !iommu_walk_mode_fits(walk->features, first))
        return false;
    if (!iommu_walk_mode_fits(walk->features, second) ||
        (second != SV_BARE && bits(words[DC_IOHGATP], 1, 0)))
        return false;
    if (!walk->features->msi_flat)
        return true;
    return bits(words[DC_MSIPTP], 63, 60) <= 1 && !bits(words[DC_MSIPTP], 59, 44) &&
           !bits(words[DC_MSI_MASK], 63, 52) && !bits(words[DC_MSI_PATTERN], 63, 52) &&
           !words[DC_RESERVED];
}

static bool find_device(struct walk *walk, uint64_t ddtp)
{
    /* Where the parts of a device id begin: contexts of 32 bytes, of 64. */
    static const uint8_t starts[2][4] = {{0, 7, 16, 24}, {0, 6, 15, 24}};
    const uint8_t *start = starts[walk->features->msi_flat];
    uint32_t level = (uint32_t)(ddtp & 0xf) - 2, device = walk->request->device;
    uint32_t bytes = walk->features->msi_flat ? 64 : 32;
    uint64_t table = bits(ddtp, 53, 10) << 12, entry;
    if (level < 2 && device >> start[level + 1])
        return fail(walk, IOMMU_TYPE_DISALLOWED, 0);
    for (; level; level--) {
        uint64_t index = bits(device, start[level + 1] - 1u, start[level]);
        if (!load(walk, table + 8 * index, 8, &entry, CAUSE_DDT_ACCESS, IOMMU_DIRECTORY_CORRUPT))
            return false;
        uint16_t fault = table_fault(entry, IOMMU_DIRECTORY_INVALID, IOMMU_DIRECTORY_MISCONFIGURED);
        if (fault)
            return fail(walk, fault, 0);
        table = bits(entry, 53, 10) << 12;
    }
    if (!load(walk, table + bytes * bits(device, start[1] - 1u, 0), bytes, walk->context,
              CAUSE_DDT_ACCESS, IOMMU_DIRECTORY_CORRUPT))
        return false;
    if (!bit(walk->context[DC_TC], TC_V))
        return fail(walk, IOMMU_DIRECTORY_INVALID, 0);
    if (!context_is_legal(walk))
        return fail(walk, IOMMU_DIRECTORY_MISCONFIGURED, 0);
    walk->has_context = true;
    return true;
}

/* ---- process ----------------------------------------------------------------------------------- */

static bool read_process(struct walk *walk, uint64_t address, uint32_t bytes, uint64_t *words)
{
    return iommu_walk_process(walk, &address) &&
           load(walk, address, bytes, words, CAUSE_PDT_ACCESS, CAUSE_PDT_CORRUPT);
}

static bool find_process(struct walk *walk, uint32_t pid, bool privileged)
{
    static const uint8_t start[] = {0, 8, 17, 20};
    uint64_t pdtp = walk->context[DC_FSC], table = bits(pdtp, 43, 0) << 12, words[2];
    uint32_t level = (uint32_t)bits(pdtp, 63, 60) - 1;
    for (; level; level--) {
        uint64_t index = bits(pid, start[level + 1] - 1u, start[level]);
        if (!read_process(walk, table + 8 * index, 8, words))
            return false;
        uint16_t fault = table_fault(words[0], CAUSE_PDT_INVALID, CAUSE_PDT_MISCONFIGURED);
        if (fault)
            return fail(walk, fault, 0);
        table = bits(words[0], 53, 10) << 12;
    }
    if (!read_process(walk, table + 16 * bits(pid, 7, 0), 16, words))
        return false;
    if (!bit(words[0], PC_V))
        return fail(walk, CAUSE_PDT_INVALID, 0);
    if (bits(words[0], 11, 3) || bits(words[0], 63, 32) || bits(words[1], 59, 44) ||
        !iommu_walk_mode_fits(walk->features, bits(words[1], 63, 60)))
        return fail(walk, CAUSE_PDT_MISCONFIGURED, 0);
    if (privileged && !bit(words[0], PC_ENS))
        return fail(walk, IOMMU_TYPE_DISALLOWED, 0);
    walk->sum = bit(words[0], PC_SUM);
    walk->iosatp = words[1];
    walk->process = true;
    return true;
}

bool iommu_walk_contexts(struct walk *walk, uint64_t ddtp)
{
    const struct iommu_walk_request *request = walk->request;
    if (!find_device(walk, ddtp))
        return false;
    uint64_t tc = walk->context[DC_TC], fsc = walk->context[DC_FSC];
    bool tables = bit(tc, TC_PDTV);
    if (request->translated && !bit(tc, TC_ATS))
        return fail(walk, IOMMU_TYPE_DISALLOWED, 0);
    if (request->has_pid) {
        static const uint8_t widths[] = {[PDTP_PD8] = 8, [PDTP_PD17] = 17, [PDTP_PD20] = 20};
        uint64_t mode = bits(fsc, 63, 60);
        if (!tables || (mode != PDTP_BARE && request->pid >> widths[mode]))
            return fail(walk, IOMMU_TYPE_DISALLOWED, 0);
    }
    if (request->translated)
        return true; /* a guest address, if it is translated at all */
    if (!tables) {
        walk->iosatp = fsc;
        return true;
    }
    if (bits(fsc, 63, 60) == PDTP_BARE || (!request->has_pid && !bit(tc, TC_DPE)))
        return true; /* the first stage is bare */
    return find_process(walk, request->has_pid ? request->pid : 0,
                        request->has_pid && request->privileged);
}
