/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * iommu: a RISC-V IOMMU, cycle by cycle as the open RTL of Zero-Day Labs is.
 *
 * Sources: RISC-V IOMMU Architecture Specification, version 1.0 (registers, tables, commands, records);
 * traces of zero-day-labs/riscv-iommu, commit 18ad30a (traces/golden/riscv_iommu), from which the cycles and all
 * departures from the specification are. Those are marked (!) where they stand.
 *
 *   device AR, AW --> request ---> translation ---> router --> completion port
 *                        |          |       |          \-----> error responder
 *                        |        DDTC    IOTLB
 *                     fault       directory  page
 *                     queue       walker     walker    command queue
 *                        \___________\________/___________/
 *                                     tables
 *
 * Timing, from a trace each (L: read latency of the memory of the tables)
 *   device AxVALID to translated AxVALID, found in the IOTLB      2 cycles
 *   one accepted request to the next                              3
 *   AxVALID to the first read of the directory                    2
 *   each level of the directory, each level of a page table       L + 1
 *   device context's AR to the first page table's AR              L + 6
 *   last page table's AR to translated AxVALID                    L + 2
 *   fault to its record's AW                                      1
 *   write of cqt to the command's AR                              2
 * One translation at a time: whatever misses holds up all devices. Reads go before writes.
 *
 * Inaccuracies: no process contexts, no MSI translation, no Sv48 and Sv57: this build of the RTL has none. One
 * access of a CPU at a time, of 4 or 8 bytes at its own alignment. No byte strobes, no atomic operations. 64 bits of
 * data, ids of 4 bits.
 */
#ifndef DMASIM_IOMMU_H
#define DMASIM_IOMMU_H

#include "iommu/iommu_ports.h"

enum { IOMMU_IOTLB_MAX = 32, IOMMU_DDTC_MAX = 32, IOMMU_COUNTERS_MAX = 31 };

struct iommu_config {
    uint32_t iotlb, ddtc; /* entries, powers of two from 2 on */
    uint32_t counters;    /* of events, 0 to 31 */
    bool boundary;        /* bursts are checked not to cross a page */
};

struct iommu;

/* Bytes of one, for whoever places it. */
extern const unsigned long iommu_bytes;

/* As reset leaves it. */
void iommu_init(struct iommu *self, const struct iommu_config *config);

/* The wires of this cycle; changes nothing. */
void iommu_settle(struct iommu *self, const struct iommu_inputs *in, struct iommu_outputs *out);

/* The edge that ends the cycle, after iommu_settle() with the same wires. */
void iommu_edge(struct iommu *self, const struct iommu_inputs *in, const struct iommu_outputs *out);

#endif
