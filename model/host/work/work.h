/* SPDX-License-Identifier: BSD-2-Clause */
/* work: configuration of the entries of `work`; the threads that run them are in work.c. */
#ifndef DMASIM_WORK_H
#define DMASIM_WORK_H

#include "bus/feed.h"
#include "host/cpu/cpu.h"
#include "plan/driver.h"
#include "plan/log.h"

enum work_mode { WORK_BURST, WORK_CYCLE_STEALING, WORK_DEMAND, WORK_LINKED_LIST };

/* How a call maps its buffers, on a CPU with `mappings`. */
enum work_mapping_kind { WORK_MAPPING_USUAL, WORK_MAPPING_STREAMING, WORK_MAPPING_COHERENT };

struct work_mapping_config {
    uint8_t kind;                                          /* enum work_mapping_kind */
    bool keep;                                             /* mapped once, for all rounds */
    bool map, unmap, check, sync_for_cpu, sync_for_device; /* false: left out */
};

/* First member of each config below: what a call says to any controller. Whether the controller can do
 * it is its driver's to check. */
struct work_common {
    uint16_t cpu;        /* UINT16_MAX: the one that takes the controller's interrupt */
    uint16_t controller; /* UINT16_MAX: the only one */
    uint32_t channel;
    uint8_t mode; /* enum work_mode */
    uint64_t at_ps;
    uint32_t after;      /* work, UINT32_MAX: none */
    uint32_t burst;      /* items; 0: by mode */
    uint32_t width_bits; /* of memory items; 0: by alignment */
    uint32_t repeat;
    uint64_t timeout_ps; /* 0: none */
    struct work_mapping_config mapping;
};

struct memcpy_config {
    struct work_common common;
    uint64_t from, to, bytes;
    uint64_t segment_bytes;
};

struct work_segment {
    uint64_t address, bytes;
};

struct slave_sg_config {
    struct work_common common;
    uint16_t peripheral;
    struct parameter_list segments; /* struct work_segment */
};

struct cyclic_config {
    struct work_common common;
    uint16_t peripheral;
    uint64_t buffer, bytes, period_bytes;
    uint32_t periods;
};

struct interleaved_config {
    struct work_common common;
    uint64_t from, to, chunk_bytes;
    uint32_t frames;
    uint64_t source_gap, destination_gap;
};

enum work_op {
    WORK_WRITE,
    WORK_READ,
    WORK_POLL,
    WORK_EXPECT,
    WORK_DELAY,
    WORK_AT,
    WORK_WAIT_INTERRUPT,
    WORK_TERMINATE,
    /* The DMA API, work_mappings.h. */
    WORK_ALLOC_COHERENT,
    WORK_ALLOC_NONCOHERENT,
    WORK_MAP_SINGLE,
    WORK_MAP_PAGE,
    WORK_MAP_SG,
    WORK_MAPPING_ERROR,
    WORK_SYNC_FOR_CPU,
    WORK_SYNC_FOR_DEVICE,
    WORK_UNMAP_SINGLE,
    WORK_UNMAP_PAGE,
    WORK_UNMAP_SG,
    WORK_FREE_COHERENT,
    WORK_FREE_NONCOHERENT,
    WORK_POOL_CREATE,
    WORK_POOL_ALLOC,
    WORK_POOL_FREE,
    WORK_POOL_DESTROY,
    WORK_DMA_MASK,
};

enum work_direction { WORK_NO_DIRECTION, WORK_TO_DEVICE, WORK_FROM_DEVICE, WORK_BIDIRECTIONAL };

struct work_step {
    const char *to, *value, *mask;
    uint64_t time_ps;
    uint32_t width_bits;
    uint8_t op; /* enum work_op */
    /* Of the DMA API. */
    uint64_t bytes;
    struct parameter_list segments; /* struct work_segment */
    uint16_t device;
    uint8_t direction; /* enum work_direction */
    bool handle;
};

struct program_config {
    uint16_t cpu;
    uint64_t at_ps;
    uint32_t after;
    uint32_t repeat;
    struct parameter_list steps; /* struct work_step */
};

extern const struct component_type memcpy_type, slave_sg_type, cyclic_type, interleaved_type,
    program_type;

/* ---- between the files of work ------------------------------------------------------------- */

/* What every kind of entry has. */
struct work {
    struct cpu_task task;
    const struct component *component;
    struct kernel *kernel;
    struct probe probe; /* struct transfer_record */
    struct transfer_record record;
    struct probe intervals; /* of a cyclic entry */
    sim_time period_from;   /* callback of the period before; SIM_NEVER: none yet */
    struct wire trigger;    /* put by the entry this one comes after */
    struct work *dependents, *last_dependent, *next_dependent;
    const struct work *before;    /* which it comes after; null: none */
    struct wire ask, ended;       /* of a call: a program asks it to end, and hears when it has */
    struct work_buffers *buffers; /* that it maps: work_buffers.h; null: none */
    void *driver;                 /* that the calls of a controller share; null: none */
    const struct wire *probed;    /* not null: to be waited for first */
    struct feed feed;             /* tells the device of */
    uint64_t brings;              /* bytes of a round, FEED_ENDLESS: until it is stopped */
    bool patient; /* the device has told; the call waits for its callback once more */
    uint64_t at_ps;
    uint32_t left; /* repeats to come */
    uint8_t state;
    bool triggered; /* comes after another entry */
};

/* At most `times` rounds, each of which does `done` of what is `left`: up to the last one but one. */
static inline uint64_t work_round_limit(uint64_t left, uint64_t done, uint64_t times)
{
    const uint64_t most = done == 0 ? times : left > 1 ? (left - 1) / done : 0;
    return most < times ? most : times;
}

/* Once all entries are built: each knows those that come after it, in order. */
void work_link(struct plan *plan);

/* Builds what all entries have: task, probe, hold, order. The work lies in the arena, zeroed. */
void work_create(struct build *build, struct component *component, struct work *self,
                 struct cpu *cpu, uint32_t after, uint64_t at_ps, uint32_t repeat,
                 void (*run)(struct cpu_task *, sim_cycle));

/* The same for a call; its record is filled as far as it stays the same. */
void work_create_call(struct build *build, struct component *component, struct work *self,
                      struct cpu *cpu, const struct component *controller,
                      void (*run)(struct cpu_task *, sim_cycle));

static inline sim_time work_time(const struct work *self)
{
    return self->task.cpu->unit.clock->time;
}

/* A round begins, with its prep. */
void work_begin(struct work *self);

/* The device is told that the transfer is over, before work_done() does. */
void work_stops(struct work *self);

/* `count` periods of a cyclic entry are over with this callback: publishes each; those behind the first took no time. */
void work_periods(struct work *self, sim_cycle now, uint32_t count);

/* A call sleeps until its callback comes, or until it has to give up: true then, if the device has told that it has lost
 * what this call waits for, and nothing has come of that for a while, in which the callback of one that is complete
 * would. False: run() returns. */
bool work_gives_up(struct work *self);

/* Whether an access of the round got ERROR; forgets it. */
bool work_failed(struct work *self);

/* Of a call that was built: its hook `waits`. What all entries that wait for their turn say; false: it has had it. */
bool work_waits(const struct component *self, uint32_t index, struct log_text *text);
bool work_waits_turn(const struct work *self, struct log_text *text);

/* Of a component of `work` that was built: its hook `unended`. */
bool work_unended(const struct component *self, uint32_t index, struct transfer_record *record);

/* One round is over: publishes the record. True if another round follows. */
bool work_done(struct work *self, sim_cycle now, uint64_t bytes, bool failed);

/* The same for a round that its client ended before its time. */
bool work_stopped(struct work *self, sim_cycle now, uint64_t bytes);

/* Whether a program has asked the call to end. */
bool work_asked(const struct work *self);

/* A round sleeps until it is waked, a program ends the call, or its timeout, counted from the edge `since`, is over;
 * true if one of the last two is so. For run(), as its last act if it is false, behind work_gives_up(). */
bool work_sleep(struct work *self, sim_cycle now, sim_cycle since);

/* Lets the run end and dependents start. */
void work_finish(struct work *self);

/* Sleeps until the driver is ready, then until it is its turn; true when that is now. Keeps its place
 * in self->state, from 0 up to WORK_STATE_TURN. */
enum { WORK_STATE_AFTER, WORK_STATE_AT, WORK_STATE_TURN };
bool work_turn(struct work *self, sim_cycle now);

/* Fails if `after` leads back to the entry. */
void work_check_order(const struct plan *plan, const struct component *self, uint32_t after,
                      struct check *check);
uint32_t work_after(const struct component *self);

/* The driver that runs the calls of a controller; null if there is none. */
const struct work_driver *work_driver_of(const struct plan *plan,
                                         const struct component *controller);

/* The CPU that runs a program; null if there is none. */
const struct component *work_program_cpu(const struct plan *plan, const struct component *program);

/* The call of this name; null if there is none. */
const struct component *work_call(const struct plan *plan, const char *name);

/* The controller an entry means; null if it is not clear. */
const struct component *work_controller(const struct plan *plan, const struct work_common *common);

/* Notes in a plan that is being built which controllers its calls run, and whose programs end which call. */
void work_drive(struct plan *plan);

/* The driver of a controller, which the first call that uses it made; null if there is none yet. */
void *work_driver_built(const struct plan *plan, const struct component *controller);

/* Fails if what an entry moves, as `bus` has it, meets memory where descriptors are built. */
void work_check_descriptors(const struct plan *plan, const struct component *self,
                            const char *parameter, uint16_t bus, uint64_t address, uint64_t bytes,
                            struct check *check);

/* The peripheral of an entry; null if its type has none. */
const struct component *work_peripheral(const struct plan *plan, const struct component *self);

extern const struct parameter memcpy_parameters[], slave_sg_parameters[], cyclic_parameters[],
    interleaved_parameters[], program_parameters[];
extern const char *const work_mode_names[], *const work_op_names[];

#endif
