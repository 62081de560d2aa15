/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * host_port: how a CPU, or a master that stands outside, reaches its bus: one access at a time, whatever
 * the bus is.
 *
 * Each type of bus has its own engine behind this (component_type.host_port); it lies in the CPU's
 * unit, whose step calls, in this order: edge(), reactions among them start(), drive().
 */
#ifndef DMASIM_HOST_PORT_H
#define DMASIM_HOST_PORT_H

#include "kernel/kernel.h"

/* What software does to a line of a cache, by the names of the Linux kernel's arch_sync_dma_*() and of Arm's DC
 * instructions: CLEAN writes it back if it is dirty, INVALIDATE drops it as it is, dirty or not, FLUSH does both. */
enum host_maintenance { HOST_NO_MAINTENANCE, HOST_CLEAN, HOST_INVALIDATE, HOST_FLUSH };

struct host_access {
    uint64_t address; /* aligned to the size of a beat */
    uint16_t beats;   /* a burst of rising addresses if more than 1 */
    uint8_t bytes;    /* of a beat, a power of two; without `data` 16 at most */
    bool write;
    bool privileged;
    bool scrambled;   /* each beat writes other data, made from `value` */
    bool cacheable;   /* of a cache: AxCACHE and HPROT say so */
    bool uncached;    /* past the cache, if there is one, as through another mapping of the page */
    uint8_t maintain; /* enum host_maintenance: no access, but this to the line it lies in */
    uint64_t value;   /* written */
    /* As on the wires of a bus that has them: AxID, AxCACHE, AxQOS; AxPROT, privileged or not; HPROT, 0 for that of a
     * data access. */
    uint32_t id;
    uint8_t prot, cache, qos;
    /* Null, or where the bytes of all beats lie, in the arena, until the access ends: those of a write are
     * taken from there, those of a read put there, instead of `value`. */
    uint8_t *data;
};

/* Data of one beat of a write without `data`. */
static inline uint64_t host_access_data(const struct host_access *self, unsigned beat)
{
    return self->scrambled ? (self->value + beat) * UINT64_C(0x9e3779b97f4a7c15) : self->value;
}

/* How an access ended. */
struct host_result {
    bool failed;    /* the bus answered with an error */
    bool nobody;    /* it failed because no slave has the address, as far as the bus tells */
    uint32_t moved; /* bytes from the first that are known to have moved without an error */
    uint64_t value; /* of the last beat of a read that did not fail, in the low bits */
    /* Cycles it takes on a bus that is free, granted and never waits. What it took longer is its stall: of that so
     * many cycles it waited for the grant, for what the slave takes longer (wait states, latency), and for a slave
     * or an interconnect that is there and takes nothing. What is left of the stall belongs to the grant, or
     * to the slave with `rest_waits`. */
    sim_cycle at_least;
    sim_cycle grant, waits, pressure;
    bool rest_waits;
};

struct host_port;

struct host_port_type {
    /* Takes the edge that ends cycle `now`; true if the access ended with it. */
    bool (*edge)(struct host_port *self, sim_cycle now, struct host_result *result);
    /* Begins an access, from cycle now + 1 on. Only while none is under way. */
    void (*start)(struct host_port *self, sim_cycle now, const struct host_access *access);
    /* Drives the registers for cycle now + 1; the next cycle at which the port must step by itself. */
    sim_cycle (*drive)(struct host_port *self, sim_cycle now);
};

/* Addresses from first to last. */
struct host_space {
    uint64_t first, last;
};

struct host_port {
    const struct host_port_type *type;
    bool busy; /* an access is under way: from start() to the edge() that tells its end */

    /* What the bus can carry; set when the port is built. */
    uint32_t ids;                /* 0 .. ids - 1 */
    uint8_t prots;               /* the same of host_access.prot */
    uint8_t hints;               /* of .cache and .qos */
    uint32_t beat_bytes;         /* of the widest beat */
    uint32_t beats;              /* of the longest burst, */
    uint32_t boundary;           /* which must not cross a multiple of this */
    struct host_space spaces[2]; /* the second may be empty: last 0 */
    uint32_t line_bytes;         /* of the cache in front of it; 0: there is none */
};

#endif
