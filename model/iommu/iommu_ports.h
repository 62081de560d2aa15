/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * iommu_ports: the wires around a RISC-V IOMMU, as they are in one cycle.
 *
 *   CPU ---- port ----> +-------+ ---- completion ----> memory, what a device meant to reach
 *   device - device --> | IOMMU | ---- tables --------> memory, directory, page tables and queues
 *                       +-------+ ---- wires ---------> interrupt controller
 *
 * struct iommu_inputs is what others drive, struct iommu_outputs what the IOMMU drives. Its own outputs follow
 * in the same cycle from its registers and from what the device and the READYs say: who stands around it is
 * made of registers, so there is no loop.
 */
#ifndef DMASIM_IOMMU_PORTS_H
#define DMASIM_IOMMU_PORTS_H

#include <stdbool.h>
#include <stdint.h>

enum { IOMMU_IDS = 16, IOMMU_WIRES = 4 };

enum iommu_burst { IOMMU_FIXED, IOMMU_INCR, IOMMU_WRAP };

/* AR or AW. */
struct iommu_address {
    bool valid;
    uint8_t id;
    uint8_t length; /* AxLEN: beats - 1 */
    uint8_t burst;  /* enum iommu_burst */
    uint8_t prot;
    uint32_t device; /* 24 bits; only from a device */
    uint64_t address;
};

struct iommu_write {
    bool valid, last;
    uint64_t data;
};

struct iommu_read {
    bool valid, last;
    uint8_t id, response;
    uint64_t data;
};

struct iommu_answer {
    bool valid;
    uint8_t id, response;
};

/* What a memory drives. */
struct iommu_memory {
    bool ar_ready, aw_ready, w_ready;
    struct iommu_read r;
    struct iommu_answer b;
};

/* What the IOMMU drives to one. It takes every R and B of the tables at once. */
struct iommu_requests {
    struct iommu_address ar, aw;
    struct iommu_write w;
    bool r_ready, b_ready;
};

/* An access of the CPU: one at a time, address and data together; the answer is taken at once. */
struct iommu_access {
    bool read, write; /* VALID */
    uint16_t offset;  /* within 4 KiB */
    uint8_t bytes;    /* 4 or 8 */
    uint64_t data;    /* WDATA: 4 bytes lie in the half that the offset says */
};

struct iommu_inputs {
    struct {
        struct iommu_address ar, aw;
        struct iommu_write w;
        bool r_ready, b_ready;
    } device;
    struct iommu_memory completion, tables;
    struct iommu_access port;
};

struct iommu_outputs {
    struct iommu_memory device; /* READYs, R and B */
    struct iommu_requests completion, tables;
    struct {
        bool taken;    /* the access is */
        bool answered; /* R or B */
        uint64_t data; /* R: RDATA, 4 bytes in both halves */
    } port;
    uint8_t wires; /* one bit each */
};

#endif
