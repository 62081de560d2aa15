/* SPDX-License-Identifier: BSD-2-Clause */
/* system: owns everything that is simulated; builds a plan and drives its kernel. */
#ifndef DMASIM_SYSTEM_H
#define DMASIM_SYSTEM_H

#include "kernel/kernel.h"
#include "plan/component.h"
#include "plan/route.h"

struct system {
    struct arena arena;
    struct kernel kernel;
    const struct plan *from;       /* the caller's; its configs must outlive the system */
    struct plan *plan;             /* a copy, whose components know what was built of them */
    struct probe *probes;          /* all of them, in the order of building */
    struct outside_list *outside;  /* ports for whoever stands outside, in the arena */
    uint64_t backings;             /* memories that were given the caller's bytes */
    struct mapping_watch *watches; /* system_mappings.h */
};

/* All types a scenario may name; ends with null. */
extern const struct component_type *const component_types[];

/* Who runs calls of `work`, for struct plan; ends with null. */
extern const struct work_driver *const work_drivers[];

/* The type with this name in a section, null if there is none. */
const struct component_type *component_type_find(enum component_section section, const char *name);

/* What is asked of system_create() besides enum kernel_flags. */
enum system_flags {
    SYSTEM_UNFILLED =
        256, /* to see whether it can be built, not to run it: memories are not filled */
};

#define SYSTEM_BYTES_MAX (UINT64_C(4) << 30) /* of state and memories, if nobody says otherwise */

/* Builds a plan. flags: enum kernel_flags and system_flags. DMASIM_OK, or an error after check->fail. *self must be
 * freed with system_free() in either case. */
int system_create(struct system *self, const struct plan *plan, unsigned flags,
                  struct check *check);

/* The same with another limit of memory than SYSTEM_BYTES_MAX, beyond which it is DMASIM_LIMIT. */
int system_create_within(struct system *self, const struct plan *plan, unsigned flags,
                         uint64_t limit_bytes, struct check *check);
void system_free(struct system *self);

/* What was built of a component of the plan; null if it is not of this plan. */
struct component *system_built(const struct system *self, const struct component *component);

/* A copy of everything that simulating changes; null if memory is short. Two things are no part of it and stay:
 * who observes, and bytes of memories that are the caller's; the simulation goes on with what they hold.
 * Restoring is DMASIM_INVALID, with nothing changed, if a memory was given the caller's bytes since;
 * DMASIM_MEMORY if there is no memory to keep observers in. */
struct system_snapshot;
struct system_snapshot *system_save(const struct system *self);
int system_restore(struct system *self, const struct system_snapshot *snapshot);
void system_snapshot_free(struct system_snapshot *snapshot);

/* Time at which it was made. */
sim_time system_saved_at(const struct system_snapshot *snapshot);

/* The memory of this name; null if there is none. */
struct component *system_memory(const struct system *self, const char *name);

/* The memory of this name has the caller's bytes from now on: see store_back(). DMASIM_UNMAPPED if there is
 * none; DMASIM_PAST if an edge has been simulated; DMASIM_INVALID if another memory has some of the bytes. */
int system_back(struct system *self, const char *name, void *bytes, uint64_t length);

/* Index of the bus of this name; UINT16_MAX if there is none. */
uint16_t system_bus(const struct system *self, const char *name);

/* Zero-time access at an address of a bus; with ROUTE_ANY_BUS the address must be clear, that is lead to one
 * place on whatever bus it is tried. DMASIM_UNMAPPED if nobody answers, DMASIM_INVALID if it is not clear. */
int system_access(struct system *self, uint16_t bus, uint64_t address, unsigned size_bytes,
                  bool write, uint64_t *value);

/* Copies `length` bytes from, or to, an address of a bus, in zero time: through memories that lie side by side
 * and through bridges; or all of it is one access to a register, of 1, 2, 4 or 8 bytes and aligned to them.
 * DMASIM_UNMAPPED, DMASIM_INVALID as above, or if registers are only a part of it; then nothing is copied. */
int system_read(struct system *self, uint16_t bus, uint64_t address, void *bytes, uint64_t length);
int system_write(struct system *self, uint16_t bus, uint64_t address, const void *bytes,
                 uint64_t length);

/* Next probe of a type after `from` (null: the first), null if none is left. */
struct probe *system_probe(const struct system *self, const char *type, const struct probe *from);

#endif
