/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cache: between a CPU and its port on a bus, as a port of its own; the model is in cache.c.
 */
#ifndef DMASIM_CACHE_H
#define DMASIM_CACHE_H

#include "bus/host_port.h"
#include "bus/snoop.h"
#include "kernel/random.h"
#include "memory/ideal.h"

#define CACHE_LINE_MAX 256
#define CACHE_WAYS_MAX 32
#define CACHE_BUFFER_MAX 64

enum cache_policy { CACHE_WRITE_BACK, CACHE_WRITE_THROUGH };
enum cache_replacement { CACHE_LRU, CACHE_PLRU, CACHE_FIFO, CACHE_RANDOM };
enum cache_descriptors { CACHE_DESCRIPTORS_UNCACHED, CACHE_DESCRIPTORS_CACHED };

struct cache_range {
    uint64_t base, bytes;
};

struct cache_config {
    bool given;
    uint64_t size_bytes;
    uint32_t line_bytes, ways;
    uint8_t policy, replacement, descriptors;
    bool write_allocate;
    uint64_t seed;
    uint32_t hit_cycles, miss_cycles, maintenance_cycles, snoop_cycles, buffer_entries;
    struct parameter_list uncached; /* struct cache_range */
};

extern const struct parameter cache_parameters[];

/* ---- lines (cache_lines.c) ------------------------------------------------------------------- */

struct cache_line {
    uint64_t address; /* of its first byte */
    uint64_t stamp;   /* LRU: of its latest use; FIFO: of its fill */
    bool valid, dirty;
};

struct cache_lines {
    uint32_t sets, ways, bytes;
    uint8_t replacement;
    uint64_t stamps;
    struct cache_line *lines; /* set by set */
    uint8_t *data;            /* `bytes` of each */
    uint32_t *tree;           /* PLRU: bits of each set */
    struct random random;
};

bool cache_lines_create(struct cache_lines *self, struct arena *arena,
                        const struct cache_config *config, struct random random);

/* The valid line of an address; null: a miss. Changes nothing. */
struct cache_line *cache_lines_find(const struct cache_lines *self, uint64_t address);

/* It is used. */
void cache_lines_touch(struct cache_lines *self, struct cache_line *line);

/* Where the line of an address is to go: an invalid one if there is any. Draws, if it has to. */
struct cache_line *cache_lines_victim(struct cache_lines *self, uint64_t address);

/* An invalid line becomes that of an address. */
void cache_lines_fill(struct cache_lines *self, struct cache_line *line, uint64_t address);

static inline uint8_t *cache_line_data(const struct cache_lines *self,
                                       const struct cache_line *line)
{
    return self->data + (size_t)(line - self->lines) * self->bytes;
}

/* ---- the cache ------------------------------------------------------------------------------- */

/* What waits to be written: a line, or a store that has none. */
struct cache_entry {
    uint64_t address;
    uint16_t beats;
    uint8_t beat_bytes;
    uint8_t data[CACHE_LINE_MAX];
};

/* Memory that is cached. */
struct cache_window {
    uint64_t base, last;
    struct ideal *ideal;
    uint64_t offset; /* of `base` in the memory */
};

enum cache_phase {
    CACHE_IDLE,
    CACHE_LOOKUP, /* until `due` */
    CACHE_WANTS,  /* a bus, or room in the write buffer */
    CACHE_WAITS,  /* for its access on the bus */
};

/* What the access on the bus is for. */
enum cache_inner {
    CACHE_NOTHING,
    CACHE_FILL,
    CACHE_VICTIM,
    CACHE_CLEAN,
    CACHE_DIRECT,
    CACHE_DRAIN,
    CACHE_SNOOP,
    CACHE_LOCK, /* none: the lines are another master's until its burst is over */
};

struct cache {
    struct host_port port; /* first: what the CPU sees */
    struct host_port *bus; /* what there is behind */
    struct unit *unit;
    const char *name;
    const struct cache_config *config;
    struct cache_lines lines;
    struct cache_window *windows;
    uint32_t window_count;
    struct cache_range *uncached;
    uint32_t uncached_count;

    struct host_access access; /* the CPU's */
    uint16_t beat, chunk;      /* done; those of the line under way */
    uint8_t phase;             /* enum cache_phase */
    uint8_t want;              /* enum cache_inner: with CACHE_WANTS */
    uint8_t inner;             /* enum cache_inner: what is on the bus */
    bool counted;              /* the chunk is a hit or a miss already */
    sim_cycle due;
    struct host_result result;  /* so far */
    struct cache_line *line;    /* to be filled, or written */
    uint64_t filling;           /* its address to be */
    struct cache_entry through; /* a store on its way past the buffer */

    /* Coherent masters: the one that is answered, the line that is looked up, and when. */
    struct snoop_gate *gates, *snooping;
    uint64_t snooped;
    sim_cycle snoop_due;
    bool snoop_writes; /* the line has to be written back first */
    struct cache_entry snoop;

    struct cache_entry *buffer; /* a ring */
    uint32_t first, count;

    struct cache_figures {
        uint64_t accesses, hits; /* of lines */
        uint64_t read_hits, read_misses, write_hits, write_misses, uncached;
        uint64_t fills, evictions, write_backs, through;
        uint64_t cleaned, invalidated, dropped;
        uint64_t buffer_full, errors;
        uint64_t snoops, snoop_hits, snoop_write_backs;
    } figures;
};

extern const struct host_port_type cache_port_type;

/* Has it the byte of an address to write? */
bool cache_holds(const void *cache, uint64_t address);

/* cache_build.c: puts a cache in front of a port; the CPU's unit is in the kernel. Null: memory is short. */
struct cache *cache_create(struct build *build, const struct cache_config *config, const char *name,
                           struct host_port *bus, struct unit *unit);

/* Once all memories are built: caches those on the CPU's bus. */
int cache_complete(struct build *build, struct cache *self, const struct component *cpu,
                   uint16_t bus, const struct cache_range *descriptors);

void cache_check(const struct plan *plan, const struct component *cpu, uint16_t bus,
                 const struct cache_config *config, struct check *check);

/* The index-th part of its figures. */
bool cache_counters(const struct cache *self, uint32_t index, struct counter_part *part);

#endif
