/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * iommu_bench: what stands around a RISC-V IOMMU in the recordings: two memories, a device, a CPU that plays a
 * script. All their outputs are registers (traces/golden/riscv_iommu/README.md).
 */
#ifndef DMASIM_IOMMU_BENCH_H
#define DMASIM_IOMMU_BENCH_H

#include "iommu/iommu.h"
#include "referee/iommu_tables.h"

enum { BENCH_BURSTS = 256, BENCH_REQUESTS = 4096, BENCH_RECORD_WORDS = 4 };

/* Reads and writes that a memory has taken, oldest first. */
struct bench_memory {
    uint32_t read_latency, write_latency, ready_each; /* READY in cycles that it divides */
    struct iommu_words *words;                        /* null: contents do not matter */
    uint64_t error_low, error_high;
    struct bench_read {
        uint8_t id, left;
        uint64_t due;
        uint32_t beat;
        uint64_t data[BENCH_RECORD_WORDS];
        uint8_t response[BENCH_RECORD_WORDS];
    } reads[BENCH_BURSTS];
    struct bench_write {
        uint8_t id, response;
        uint64_t address, due; /* of its next beat; of B */
        bool complete;         /* the last W is there */
    } writes[BENCH_BURSTS];
    uint32_t read_first, read_count, write_first, write_count;
};

struct bench_request {
    uint32_t device;
    uint64_t address;
    uint8_t beats, id, prot, burst;
    uint32_t gap;
};

/* Requests of one direction. */
struct bench_queue {
    struct bench_request requests[BENCH_REQUESTS];
    uint32_t first, count;
    uint64_t earliest; /* cycle of the next offer */
    uint32_t unfinished;
    bool offered;
    uint64_t since;
};

struct bench_device {
    struct bench_queue reads, writes;
    uint32_t outstanding;
    uint8_t bursts[BENCH_BURSTS]; /* beats left of each write that was taken */
    uint32_t burst_first, burst_count;
    bool r_begun[IOMMU_IDS]; /* a burst of reads is under way */
};

struct bench_script {
    const char *at;
    bool init_part, reading, waiting; /* an access is under way */
    uint32_t macro;                   /* step within INIT or HPM, 0: none */
    uint64_t resume;                  /* n: cycle of the next step */
    uint32_t tail_commands;           /* t */
    bool over, broken;
    uint64_t end; /* cycle of END, once it is over */
};

struct iommu_bench {
    struct iommu *iommu;
    struct iommu_tables tables;
    struct bench_memory completion, table_memory;
    struct bench_device device;
    struct bench_script script;
    uint32_t cqn, fqn, tail;
    struct iommu_inputs in;
    struct iommu_outputs out;
    uint64_t port_since, since_car, since_caw, since_sar, since_saw;
    struct iommu_address car, caw; /* of the cycle before: offered and not taken */
    bool sar, saw;
    uint8_t wires;
    uint64_t now;
};

struct iommu_bench_case {
    struct iommu_config config;
    uint32_t read_latency, write_latency, completion_read_latency, completion_write_latency;
    uint32_t completion_ready, table_ready;
    uint32_t mode;
    const char *devices, *maps, *options, *script;
};

/* A line of the trace: columns cycle, ev, id, addr, len, resp, val, since, of which those of `cells` have a value. */
enum {
    CELL_ID = 1,
    CELL_ADDRESS = 2,
    CELL_LENGTH = 4,
    CELL_RESPONSE = 8,
    CELL_VALUE = 16,
    CELL_SINCE = 32
};

struct iommu_bench_row {
    const char *event;
    uint32_t cells;
    bool decimal; /* val */
    uint8_t id, length, response;
    uint64_t address, value, since;
};

typedef void iommu_bench_tell(void *self, uint64_t cycle, const struct iommu_bench_row *row);

/* Null if the case cannot be read or memory is short. */
struct iommu_bench *iommu_bench_new(const struct iommu_bench_case *from);
void iommu_bench_free(struct iommu_bench *self);

/* Tells the rows of a cycle, between iommu_settle() and the edge. */
void iommu_bench_rows(struct iommu_bench *self, iommu_bench_tell *tell, void *to);

/* Plays one cycle, telling its rows. False after the last. */
bool iommu_bench_cycle(struct iommu_bench *self, iommu_bench_tell *tell, void *to);

#endif
