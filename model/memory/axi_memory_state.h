/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_memory_state: a memory of given latencies on AXI, shared by the files that make it up. */
#ifndef DMASIM_AXI_MEMORY_STATE_H
#define DMASIM_AXI_MEMORY_STATE_H

#include "kernel/repeat.h"
#include "kernel/round.h"
#include "memory/axi_memory.h"

#define EARLY_BEATS 1024 /* of W ahead of their AW */
#define EARLY_BYTES (AXI_BYTES_MAX + 24)

struct axi_memory_burst {
    struct axi_address ax;
    sim_cycle due; /* of the first beat of R; of B once all beats are there, SIM_NEVER before */
    uint8_t resp;
};

/* Bursts in the order of their handshakes. */
struct axi_memory_queue {
    struct axi_memory_burst *bursts; /* ring of AXI_MEMORY_BURSTS_MAX */
    uint32_t first, count;
};

/* Beat by beat through a burst. */
struct axi_memory_walk {
    struct axi_address ax;
    uint64_t all;  /* strobes of a whole beat */
    uint8_t *next; /* plain: of the next beat */
    uint16_t beat;
    bool plain; /* rising addresses, whole beats, all inside the memory */
};

struct axi_memory {
    struct unit unit;
    struct axi_port *read, *write; /* the same port if one bus */
    const struct axi_memory_config *config;
    uint64_t offset_mask; /* of offsets from the base */
    struct store *store;  /* of the memory whose bytes it shares, else its own */
    struct store own;
    uint32_t stall[AXI_CHANNELS]; /* generator states */
    bool stalls;                  /* some READY is drawn at every edge */

    uint32_t read_width, write_width; /* bytes of a beat */

    /* Reads: `reading` walks the first of the queue. */
    struct axi_memory_queue reads;
    struct axi_memory_walk reading;
    uint8_t *r_data[2];   /* a whole burst each */
    bool shared;          /* with another unit: no trains */
    bool train;           /* the burst that `reading` walks is sent as one */
    sim_cycle train_from; /* edge at which its first beat would show */

    /* Writes, from AW to B; those before `complete` have got all their beats, `writing` walks that one. */
    struct axi_memory_queue writes;
    struct axi_memory_walk writing;
    uint32_t complete;
    sim_cycle train_done; /* `first` of the last train of W that is through; SIM_NEVER: none */
    uint8_t *early;       /* beats ahead of their AW: data, strobes, last */
    uint32_t early_first, early_count;
    sim_cycle wrong_last;
    struct axi_direct direct;
    struct kernel_lazy lazy;
};

#define AXI_MEMORY_RING (AXI_MEMORY_BURSTS_MAX - 1)

static inline struct axi_memory_burst *queued(struct axi_memory_queue *queue, uint32_t index)
{
    return &queue->bursts[(queue->first + index) & AXI_MEMORY_RING];
}

/* axi_memory.c: the step, and both trains brought to the state after edge `upto`. */
sim_cycle axi_memory_step(void *memory, sim_cycle now);
void axi_memory_catch_up(struct axi_memory *self, sim_cycle upto);

/* axi_memory_repeat.c */
extern const struct repeat_hooks axi_memory_repeat;
extern const struct round_hooks axi_memory_round;
extern const struct state_table axi_memory_state;

#endif
