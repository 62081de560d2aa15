/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * iommu_walk: what the RISC-V IOMMU specification 1.0 says of one request: its address or its fault, and the accesses
 * to memory on the way, in order. No caches and no time.
 *
 * Sources: RISC-V IOMMU Architecture Specification 1.0, sections 2 and 3; where it leaves a choice, the official
 * reference model (riscv-non-isa/riscv-iommu, commit 14fd391), by traces/golden/riscv_iommu_functional.
 *
 *   device directory -> device context -> [process directory -> process context]
 *        -> first stage, each of its entries through the second stage -> [MSI page table] | second stage
 *
 * Inaccuracies: no MRIF, no Sv32, little endian only.
 */
#ifndef DMASIM_IOMMU_WALK_H
#define DMASIM_IOMMU_WALK_H

#include <stdbool.h>
#include <stdint.h>

enum iommu_walk_status { WALK_GOOD, WALK_ACCESS_FAULT, WALK_CORRUPT };

/* Memory, as the walk reaches it. */
struct iommu_walk_memory {
    enum iommu_walk_status (*read)(void *self, uint64_t address, uint32_t bytes, uint64_t *words);
    void (*write)(void *self, uint64_t address, uint64_t value);
    void *self;
};

/* What the capabilities register announces. */
struct iommu_walk_features {
    bool sv48, sv57;  /* and their x4; Sv39 and Sv39x4 are always there */
    bool hardware_ad; /* AMO_HWAD */
    bool msi_flat;    /* and so contexts of 64 bytes */
    bool ats, t2gpa;
};

enum iommu_walk_type { WALK_EXECUTE = 1, WALK_READ = 2, WALK_WRITE = 3 };

struct iommu_walk_request {
    uint8_t type; /* enum iommu_walk_type */
    bool translated;
    uint32_t device;
    uint64_t iova;
    bool has_pid;
    uint32_t pid;
    bool privileged; /* only with a process id */
};

struct iommu_walk_answer {
    uint16_t cause; /* 0: there is a translation */
    bool report;    /* the fault is recorded: DTF does not forbid it */
    uint64_t iotval2;
    uint64_t address;
    uint64_t size; /* of the page, in bytes */
    bool msi;
};

struct iommu_walk_answer iommu_walk(const struct iommu_walk_features *features,
                                    const struct iommu_walk_memory *memory, uint64_t ddtp,
                                    const struct iommu_walk_request *request);

/* The 32 bytes that are put into the fault queue. */
void iommu_walk_record(const struct iommu_walk_request *request,
                       const struct iommu_walk_answer *answer, uint64_t words[4]);

#endif
