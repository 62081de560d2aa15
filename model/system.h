/* SPDX-License-Identifier: BSD-2-Clause */
/* system: owns everything that is simulated; builds a plan and drives its kernel. */
#ifndef DMASIM_SYSTEM_H
#define DMASIM_SYSTEM_H

#include "kernel/kernel.h"
#include "plan/component.h"

struct system {
    struct arena arena;
    struct kernel kernel;
    const struct plan *from;      /* the caller's; its configs must outlive the system */
    struct plan *plan;            /* a copy, whose components know what was built of them */
    struct probe *probes;         /* all of them, in the order of building */
    struct outside_list *outside; /* ports for whoever stands outside, in the arena */
};

/* All types a scenario may name; ends with null. */
extern const struct component_type *const component_types[];

/* Who runs calls of `work`, for struct plan; ends with null. */
extern const struct work_driver *const work_drivers[];

/* The type with this name in a section, null if there is none. */
const struct component_type *component_type_find(enum component_section section, const char *name);

/* Builds a plan. flags: enum kernel_flags. DMASIM_OK, or an error after check->fail. *self must be freed
 * with system_free() in either case. */
int system_create(struct system *self, const struct plan *plan, unsigned flags,
                  struct check *check);
void system_free(struct system *self);

/* What was built of a component of the plan; null if it is not of this plan. */
struct component *system_built(const struct system *self, const struct component *component);

/* A copy of everything that simulating changes; null if memory is short. Who observes is no part of it and stays:
 * restoring is DMASIM_MEMORY, with nothing changed, if there is no memory to keep that in. */
struct system_snapshot;
struct system_snapshot *system_save(const struct system *self);
int system_restore(struct system *self, const struct system_snapshot *snapshot);
void system_snapshot_free(struct system_snapshot *snapshot);

/* Time at which it was made. */
sim_time system_saved_at(const struct system_snapshot *snapshot);

/* Zero-time access at a bus address, see dmasim_access(). */
int system_access(struct system *self, uint64_t address, unsigned size_bytes, bool write,
                  uint64_t *value);

/* Next probe of a type after `from` (null: the first), null if none is left. */
struct probe *system_probe(const struct system *self, const char *type, const struct probe *from);

#endif
