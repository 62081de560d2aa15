/* SPDX-License-Identifier: BSD-2-Clause */
/* iommu_walk_state: a walk under way. For its own files only. */
#ifndef DMASIM_IOMMU_WALK_STATE_H
#define DMASIM_IOMMU_WALK_STATE_H

#include "iommu/iommu_state.h"
#include "iommu/iommu_walk.h"

/* CAUSE, beside those of iommu_state.h. For pages: that of a load; execute is one less, a store two more. */
enum {
    CAUSE_LOAD_ACCESS = 5, /* execute 1, store 7 */
    CAUSE_DDT_ACCESS = 257,
    CAUSE_MSI_ACCESS = 261,
    CAUSE_MSI_INVALID = 262,
    CAUSE_MSI_MISCONFIGURED = 263,
    CAUSE_PDT_ACCESS = 265,
    CAUSE_PDT_INVALID = 266,
    CAUSE_PDT_MISCONFIGURED = 267,
    CAUSE_PDT_CORRUPT = 269,
    CAUSE_MSI_CORRUPT = 270,
};

enum { EXTENDED_WORDS = 8, BARE_PAGE_BITS = 30, BASE_PAGE_BITS = 12 };

/* Modes of iosatp and iohgatp. */
enum { SV_BARE, SV39 = 8, SV48 = 9, SV57 = 10 };

struct walk {
    const struct iommu_walk_features *features;
    const struct iommu_walk_memory *memory;
    const struct iommu_walk_request *request;
    uint64_t context[EXTENDED_WORDS];
    bool has_context;
    uint64_t iosatp;   /* of the first stage, mode and ppn */
    bool sum, process; /* of the process context */
    uint16_t cause;    /* not 0: the walk is over */
    uint64_t iotval2;
};

/* Ends the walk; returns false. */
static inline bool fail(struct walk *walk, uint16_t cause, uint64_t iotval2)
{
    walk->cause = cause;
    walk->iotval2 = iotval2;
    return false;
}

/* A fault of the kind of access that the request is: `cause` is that of a load. */
static inline uint16_t of_access(const struct walk *walk, uint16_t cause)
{
    static const int8_t offset[] = {[WALK_EXECUTE] = -1, [WALK_READ] = 0, [WALK_WRITE] = 2};
    if (cause == CAUSE_LOAD_ACCESS && walk->request->type == WALK_EXECUTE)
        return 1;
    return (uint16_t)(cause + offset[walk->request->type]);
}

/* Reads and tells what went wrong by the two causes. */
static inline bool load(struct walk *walk, uint64_t address, uint32_t bytes, uint64_t *words,
                        uint16_t access, uint16_t corrupt)
{
    enum iommu_walk_status status = walk->memory->read(walk->memory->self, address, bytes, words);
    return status == WALK_GOOD || fail(walk, status == WALK_CORRUPT ? corrupt : access, 0);
}

bool iommu_walk_mode_fits(const struct iommu_walk_features *features, uint64_t mode);

/* Directories: sets context, iosatp, sum. False if that faults. */
bool iommu_walk_contexts(struct walk *walk, uint64_t ddtp);

/* Second stage of an address that is used on the way: that of an entry of a first-stage table, in which A and D may
 * have to be set (`writable`: they can be), or of a process directory, which is only read. */
bool iommu_walk_table(struct walk *walk, uint64_t *address, bool *writable);
bool iommu_walk_process(struct walk *walk, uint64_t *address);

/* First stage: iova to guest address; second: guest address to address. bits: of the page. */
bool iommu_walk_first(struct walk *walk, uint64_t *address, uint32_t *bits);
bool iommu_walk_second(struct walk *walk, uint64_t *address, uint32_t *bits);

#endif
