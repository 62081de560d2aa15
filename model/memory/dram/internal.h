/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The state of one channel's controller, and what its parts offer each other.
 *
 *   banks.c     bank states, ready times, what a command does to both
 *   queue.c     entries, lists of a bank, who is forwarded or merged
 *   choose.c    which request's command goes first
 *   cycle.c     the order of one cycle of each standard
 *   refresh.c   refresh timer, forced precharges, the maintenance queue
 *   figures.c   where the data bus' cycles went
 *
 * A *lane* is what one queue holds for one bank, oldest first. Of a lane only the oldest request of each kind can be
 * chosen: the oldest hit and the oldest conflict while a row is open, the oldest of all while the bank is closed. So
 * three masks of banks per queue say what there is to choose from.
 */
#ifndef DMASIM_DRAM_INTERNAL_H
#define DMASIM_DRAM_INTERNAL_H

#include "memory/dram/dram.h"

#define NONE UINT16_MAX
#define CYCLE_NEVER INT64_MAX

struct entry {
    uint64_t address, tag, order; /* of acceptance */
    int64_t accepted;
    uint32_t row;
    uint16_t column;
    uint16_t next, previous; /* in its lane; next: in the list of free ones, too */
    uint8_t bank, rank;      /* bank: flat, of the channel */
    bool write;
    bool activated, precharged; /* on its behalf, so far */
};

struct lane {
    uint16_t first, last, hit, conflict; /* entries, or NONE */
};

struct queue {
    struct lane lanes[DRAM_BANKS_MAX];
    uint64_t any, hits, conflicts; /* banks */
    uint16_t count, size;
};

enum source { FROM_ACTIVE, FROM_MAINTENANCE, FROM_QUEUE };

/* What is chosen: by the cycle in which it is allowed, then by age. */
struct choice {
    int64_t at; /* CYCLE_NEVER: nothing to choose from */
    uint64_t order;
    uint16_t index; /* active: place in the list; queue: entry */
    uint8_t source, command;
};

enum duty_kind { DUTY_REFRESH_RANK, DUTY_REFRESH_BANK, DUTY_PRECHARGE };
struct duty {
    uint8_t kind, where; /* rank or bank */
};
#define DUTIES_MAX 256 /* a power of two */

struct due {
    int64_t cycle, accepted;
    uint64_t tag;
};

/* What figures.c knows of a data bus: HBM2 has one for each pseudo channel. */
struct data_bus {
    int64_t free;                         /* first cycle without data */
    int64_t busy_since;                   /* of a request that waits, while one does */
    int64_t refresh_since, refresh_until; /* of the latest refresh, from when it was due */
    uint32_t waiting;
    int last_rank; /* of the last access; -1: none */
    bool last_write;
};

/* What a command does to the ready times of a node. */
struct delays {
    uint32_t count;
    struct {
        uint32_t to, cycles;
    } list[DRAM_TARGETS];
};

struct dram_channel {
    const struct dram_config *config;
    const struct dram_owner *owner;
    int64_t next; /* cycle in which something may happen */
    uint8_t number, banks_of_rank;

    /* ready[command] of each node; a bank is ready when it, its group and its rank are. */
    int64_t bank_ready[DRAM_BANKS_MAX][DRAM_TARGETS];
    int64_t group_ready[DRAM_BANKS_MAX][DRAM_TARGETS];
    int64_t rank_ready[DRAM_RANKS_MAX][DRAM_TARGETS];
    struct delays delays[DRAM_LEVELS][DRAM_SOURCES]; /* DRAM_AT_CHANNEL is in those of the ranks */
    int64_t faw;
    int64_t acts[DRAM_RANKS_MAX][4]; /* cycles of the last four ACT, a ring */
    uint8_t act_count[DRAM_RANKS_MAX], act_at[DRAM_RANKS_MAX];
    uint8_t group_of[DRAM_BANKS_MAX], rank_of[DRAM_BANKS_MAX];
    uint64_t rank_banks[DRAM_RANKS_MAX];

    uint64_t open; /* banks */
    uint32_t row[DRAM_BANKS_MAX];

    struct queue queues[2]; /* reads, writes */
    bool write_mode;
    struct entry *entries;
    uint16_t free, free_count;
    uint64_t orders;
    uint16_t write_hashes[256]; /* writes in the queue by a hash of their address */

    /* Requests whose ACT is out, in order of the ACTs. */
    uint16_t *active;
    uint16_t active_count;
    uint16_t
        holds[DRAM_BANKS_MAX]; /* protection: ACTs for a bank less accesses from the active set */
    uint64_t held;             /* banks with holds */

    struct duty duties[DUTIES_MAX];
    uint32_t duty_first, duty_count;
    int64_t refresh_at[DRAM_RANKS_MAX]; /* when a rank's refresh joins; [0]: of the next bank */
    uint8_t refresh_bank;
    uint32_t accesses[DRAM_BANKS_MAX]; /* closed cap: of the open row */
    uint64_t over, flagged;            /* banks with accesses >= cap; with a precharge under way */

    struct due *due; /* return queue, a ring */
    uint32_t due_first, due_count, due_mask;

    /* LPDDR5. */
    uint16_t half_open; /* entry between ACT1 and ACT2, or NONE */
    int64_t half_deadline;
    uint64_t half_bank; /* its bank, as a mask */
    int64_t wck_off;
    struct choice pending; /* after a CAS */

    struct choice
        plan; /* found in an earlier cycle, good until something joins, or is accepted (dram_choose_more) */
    bool planned, mode_before;
    int64_t planned_for; /* the cycle it was found for, and the write mode before that */
    bool freed;          /* in this cycle: a place in a queue, or what a write waited for */

    struct dram_counts counts;
    struct data_bus buses[DRAM_RANKS_MAX];
};

/* ---- banks.c --------------------------------------------------------------------------------- */

void dram_banks_init(struct dram_channel *self);

static inline int64_t later_of(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static inline int64_t bank_ready_at(const struct dram_channel *self, unsigned bank,
                                    unsigned command)
{
    return later_of(
        later_of(self->bank_ready[bank][command], self->group_ready[self->group_of[bank]][command]),
        self->rank_ready[self->rank_of[bank]][command]);
}

/* A command that is sent: its constraints run from now on. `bank` counts for those of one bank. */
void dram_constrain(struct dram_channel *self, int64_t now, unsigned command, unsigned rank,
                    unsigned bank);
void dram_open(struct dram_channel *self, unsigned bank, uint32_t row);
void dram_close(struct dram_channel *self, uint64_t banks);

/* Banks that the active set keeps open. */
static inline uint64_t dram_protected(const struct dram_channel *self)
{
    return self->active_count ? self->held : 0;
}

/* ---- queue.c --------------------------------------------------------------------------------- */

bool dram_queue_init(struct dram_channel *self, struct arena *arena);
void dram_queue_remove(struct dram_channel *self, struct entry *entry);
void dram_entry_free(struct dram_channel *self, struct entry *entry);
/* A row was opened (hits and conflicts are told apart), or banks closed. */
void dram_queue_opened(struct dram_channel *self, unsigned bank, uint32_t row);
void dram_queue_closed(struct dram_channel *self, uint64_t banks);
/* Full, and surely neither forwarded nor merged. */
bool dram_full(const struct dram_channel *self, uint64_t address, bool write);
enum dram_answer dram_accept(struct dram_channel *self, int64_t now, uint64_t address,
                             const struct dram_place *place, bool write, uint64_t tag);
void dram_return(struct dram_channel *self, int64_t due, const struct entry *entry);
void dram_complete(struct dram_channel *self, int64_t now);

/* ---- choose.c -------------------------------------------------------------------------------- */

/* Kinds of commands that may be chosen. */
enum { CHOOSE_COLUMN = 1, CHOOSE_ROW = 2, CHOOSE_ANY = 3 };

void dram_choose_active(const struct dram_channel *self, int64_t now, unsigned kinds,
                        struct choice *best);
void dram_choose_queued(const struct dram_channel *self, int64_t now, unsigned kinds,
                        struct choice *best);
/*
 * A request that was just accepted, the youngest of all: into the plan if it goes first, which it only does if it is
 * allowed sooner. False if that is not all that it changes: then there has to be a new plan.
 */
bool dram_choose_more(struct dram_channel *self, int64_t now, const struct entry *entry,
                      uint16_t index);
void dram_choose_duty(const struct dram_channel *self, int64_t now, struct choice *best);
void dram_update_mode(struct dram_channel *self);

/* ---- refresh.c ------------------------------------------------------------------------------- */

void dram_refresh_init(struct dram_channel *self);
/* What joins the maintenance queue in this cycle; true if anything did. */
bool dram_join(struct dram_channel *self, int64_t now);
/* When something will join next if nothing else happens. */
int64_t dram_join_next(const struct dram_channel *self);

static inline const struct duty *dram_duty(const struct dram_channel *self)
{
    return &self->duties[self->duty_first];
}

void dram_duty_done(struct dram_channel *self);

/* ---- cycle.c --------------------------------------------------------------------------------- */

int64_t dram_cycle(struct dram_channel *self, int64_t now);

/* ---- figures.c ------------------------------------------------------------------------------- */

void dram_figures_init(struct dram_channel *self);
void dram_account(struct dram_channel *self, int64_t now, const struct entry *entry);
void dram_wait_begins(struct dram_channel *self, int64_t now, unsigned rank);
void dram_refresh_waits(struct dram_channel *self, int64_t now, unsigned rank);
/* Sent: it keeps the rank busy until `until`. */
void dram_refresh_runs(struct dram_channel *self, int64_t until, unsigned rank);

#endif
