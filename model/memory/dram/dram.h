/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dram: a memory controller with its DRAM, command by command, without a bus.
 *
 *   whoever has requests --dram_offer()--> read queue, write queue --> active set --> RD, WR
 *                        <-- completed --- return queue <-----------------------------'
 *
 * In cycle n (of the command clock CK, the first is 1): first the offers, then dram_tick(), which does what
 * follows in this order: reads whose data is due complete; refreshes that are due, then forced precharges,
 * join the maintenance queue; one command is chosen and sent (HBM2: one column and one row command). A
 * request may be accepted and get its first command in one cycle.
 *
 * One request is one transaction: one RD or WR of tx_bytes. No data is kept here.
 *
 * Source: Ramulator 2.1 (CMU-SAFARI/ramulator2, commit c5b1c3a478b6): every command and every request of
 * the recordings in traces/golden/dram is met in its cycle. What is odd there is done so too; `mended`
 * has what else can be done (enum dram_mended).
 *
 * Inaccuracies: no PHY, no latency of the controller's registers; no power-down, self refresh, ZQ calibration
 * or ECC; refreshes are never postponed or pulled in; a write is complete when WR is sent. What is odd, and
 * has a mended form: writes to one rank may overlap the data of a read of another, LPDDR5 waits longer than it has to from
 * a write to a read of another rank; accesses to one address may pass each other once the older has its ACT; a
 * forwarded read waits for earlier reads.
 */
#ifndef DMASIM_DRAM_H
#define DMASIM_DRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/arena.h"
#include "kernel/kernel.h"

#define DRAM_BANKS_MAX 64    /* of a channel */
#define DRAM_RANKS_MAX 4     /* HBM2: pseudo channels */
#define DRAM_CHANNELS_MAX 16 /* with one controller each */
#define DRAM_QUEUE_MAX 256   /* requests */
#define DRAM_TIMING_MAX 65535
#define DRAM_ADDRESS_BITS 48 /* that a mapping looks at, above those of a transaction */

enum dram_standard { DRAM_DDR3, DRAM_DDR4, DRAM_LPDDR5, DRAM_HBM2 };

/* Cycles of CK, by the names of the JEDEC standards without their t or n. */
#define DRAM_TIMINGS(X)                                                                            \
    X(BL, "Cycles in which a transaction's data is on the data bus.")                              \
    X(BLMAX, "LPDDR5: the longest such time, which WR to RD inside a bank group counts.")          \
    X(CL, "RD to its first data.")                                                                 \
    X(CWL, "WR to its first data.")                                                                \
    X(RCDR, "ACT to RD.")                                                                          \
    X(RCDW, "ACT to WR.")                                                                          \
    X(RP, "PRE to ACT.")                                                                           \
    X(RPAB, "LPDDR5: PRE of all banks to ACT.")                                                    \
    X(RAS, "ACT to PRE.")                                                                          \
    X(RC, "ACT to ACT of one bank.")                                                               \
    X(WR, "End of written data to PRE.")                                                           \
    X(RTP, "RD to PRE.")                                                                           \
    X(CCDS, "RD to RD, WR to WR, of different bank groups.")                                       \
    X(CCDL, "RD to RD, WR to WR, inside a bank group.")                                            \
    X(RRDS, "ACT to ACT of different bank groups.")                                                \
    X(RRDL, "ACT to ACT inside a bank group.")                                                     \
    X(WTRS, "End of written data to RD, different bank groups.")                                   \
    X(WTRL, "End of written data to RD inside a bank group.")                                      \
    X(FAW, "Window in which a rank may have four ACT.")                                            \
    X(RFC, "Refresh of all banks to the next command.")                                            \
    X(REFI, "From one refresh of all banks to the next.")                                          \
    X(CS, "Gap on the data bus when the rank changes.")                                            \
    X(RFCPB, "Refresh of a bank to its ACT.")                                                      \
    X(REFIPB, "From one refresh of a bank to that of the next bank.")                              \
    X(PPD, "LPDDR5: PRE to PRE.")                                                                  \
    X(PBR2PBR, "LPDDR5: refresh of a bank to that of another.")                                    \
    X(PBR2ACT, "LPDDR5: refresh of a bank to ACT of another.")                                     \
    X(RREFD, "HBM2: refresh of a bank to ACT of another.")                                         \
    X(AAD, "LPDDR5: the longest time from ACT1 to ACT2.")                                          \
    X(WCKPST, "LPDDR5: how long the data clock goes on after the data.")

enum dram_timing {
#define X(name, doc) DRAM_T_##name,
    DRAM_TIMINGS(X)
#undef X
        DRAM_TIMING_COUNT
};

enum dram_mapping {
    DRAM_ROW_BANK_RANK_COLUMN, /* from the top: row, bank, bank group, rank, column */
    DRAM_RANK_BANK_ROW_COLUMN, /* rank, bank group, bank, row, column */
    DRAM_MOP4, /* four transactions a page, hashed over ranks, groups, banks and rows */
    DRAM_BITS, /* bit by bit */
};
enum dram_field { DRAM_CHANNEL, DRAM_RANK, DRAM_GROUP, DRAM_BANK, DRAM_ROW, DRAM_COLUMN };
#define DRAM_FIELDS 6

enum dram_scheduler { DRAM_FRFCFS, DRAM_FRFCFS_ROW_HIT };
enum dram_row_policy { DRAM_OPEN, DRAM_CLOSED_CAP };
enum dram_refresh { DRAM_REFRESH_ALL_BANK, DRAM_REFRESH_PER_BANK, DRAM_REFRESH_NONE };

/* What the reference does oddly and shall be done as follows instead. */
enum dram_mended {
    DRAM_MEND_RANK_TURNAROUND =
        1, /* data of two ranks never overlap, and LPDDR5 does not wait longer */
    DRAM_MEND_SAME_ADDRESS = 2, /* active writes are forwarded from and merged into; a write waits
                                      while a read of its address waits */
    DRAM_MEND_FORWARDED = 4,    /* a forwarded read does not wait for other reads */
    DRAM_MEND_ORPHANS =
        8, /* HBM2: the row slot reopens rows that RDA, WRA closed under a request */
};

struct dram_config {
    uint8_t standard, mapping, scheduler, row_policy, refresh;
    uint8_t mended;                         /* enum dram_mended */
    uint8_t channels, ranks, groups, banks; /* powers of two; HBM2: ranks are pseudo channels */
    uint8_t row_bits, column_bits;          /* a column is a transaction */
    uint16_t tx_bytes;
    uint16_t read_queue, write_queue, write_high, write_low;
    uint32_t cap;            /* accesses of an open row, with DRAM_CLOSED_CAP */
    uint32_t scatter_cycles; /* from the refresh of one rank to that of the next; 0: together */
    uint32_t offers_max;     /* offers of one cycle to one channel, at most */
    uint32_t timing[DRAM_TIMING_COUNT];
    uint8_t bits
        [DRAM_ADDRESS_BITS]; /* DRAM_BITS: field << 5 | bit, from the lowest bit above a transaction */
    uint8_t bit_count;
};

struct dram_preset {
    const char *name;
    uint32_t period_ps; /* of CK */
    uint8_t standard, ranks, groups, banks, row_bits, column_bits;
    uint16_t tx_bytes;
    uint16_t timing[DRAM_TIMING_COUNT];
};

extern const struct dram_preset dram_presets[]; /* ends with a null name */
extern const char *const dram_timing_names[DRAM_TIMING_COUNT + 1];

/* Organisation and timing of a preset; everything else as the reference's plain case has it. */
void dram_configure(struct dram_config *self, const struct dram_preset *preset);

/*
 * Why there is no such memory, or null. `timing` (or -1) is the timing that is at fault, if it is one. Refused is what never
 * ends: more refreshes than there is time for, a write mode that is left as soon as it is entered.
 */
const char *dram_refused(const struct dram_config *config, int *timing);

/* ---- addresses ------------------------------------------------------------------------------- */

struct dram_place {
    uint32_t row;
    uint16_t column;
    uint8_t channel, rank, group, bank; /* each inside the one before */
};

/* Address bits above the topmost field are not looked at. */
void dram_locate(const struct dram_config *config, uint64_t address, struct dram_place *place);

/* Bytes of all channels. */
uint64_t dram_bytes(const struct dram_config *config);

/* ---- constraints ----------------------------------------------------------------------------- */

enum dram_command {
    DRAM_RD,
    DRAM_WR,
    DRAM_ACT, /* LPDDR5: ACT1 */
    DRAM_PREPB,
    DRAM_PREAB,
    DRAM_REFAB,
    DRAM_REFPB,
    DRAM_TARGETS = 8, /* those above have ready times; RDA and WRA have those of RD and WR */
    DRAM_RDA = DRAM_TARGETS,
    DRAM_WRA,
    DRAM_SOURCES, /* those above constrain */
    DRAM_ACT2 = DRAM_SOURCES,
    DRAM_CAS_RD,
    DRAM_CAS_WR,
    DRAM_COMMANDS
};

const char *dram_command_name(enum dram_standard standard, enum dram_command command);

enum dram_level { DRAM_AT_CHANNEL, DRAM_AT_RANK, DRAM_AT_OTHER_RANKS, DRAM_AT_GROUP, DRAM_AT_BANK };
#define DRAM_LEVELS 5

/* After `from` in cycle n no `to` of the same node before n + cycles; with a window of 4: after the fourth last. */
struct dram_constraint {
    uint8_t level, from, to, window;
    int32_t cycles;
};
#define DRAM_CONSTRAINTS_MAX 128

/* All constraints of a memory; returns how many. */
unsigned dram_constraints(const struct dram_config *config,
                          struct dram_constraint list[DRAM_CONSTRAINTS_MAX]);

/* ---- the controller -------------------------------------------------------------------------- */

#define DRAM_NO_TAG UINT64_MAX

struct dram_event {
    uint8_t channel, command; /* enum dram_command */
    int8_t rank, group, bank; /* -1: all */
    int32_t row, column;      /* of the request; -1: of none */
    uint64_t tag;             /* of the request, or DRAM_NO_TAG */
};

/* Called inside of dram_tick(); must not call it nor dram_offer(). */
struct dram_owner {
    void *self;
    void (*completed)(void *self, sim_cycle now, uint64_t tag, bool write);
    void (*command)(void *self, sim_cycle now, const struct dram_event *event); /* may be null */
};

enum dram_answer {
    DRAM_REFUSED,   /* offer it again */
    DRAM_ACCEPTED,  /* completed() will be called */
    DRAM_FORWARDED, /* so it will: a read whose data is in the write queue */
    DRAM_MERGED,    /* a write that is complete already */
};

/*
 * What a channel counts. `cycles` are those of its data buses, from the first to the last data, or to the cycle that is
 * asked for if that is later; data, idle, refresh, row, turnaround and spacing add up to them (figures.c).
 */
struct dram_counts {
    uint64_t reads, writes, forwarded,
        merged;                       /* requests; reads and writes: that went to the memory */
    uint64_t hits, misses, conflicts; /* of these: the row was open; none was; another was */
    uint64_t acts, precharges, refreshes, autos; /* commands; autos: RDA and WRA */
    uint64_t turnarounds;                        /* changes of direction between reads and writes */
    uint64_t data, idle, refresh, row, turnaround, spacing, cycles;
};

struct dram_channel;

struct dram {
    struct dram_config config;
    struct dram_owner owner;
    struct dram_channel *channels;
    bool
        every_cycle; /* dram_tick() looks at every channel, not only at those that have to do with anything */
    bool freed;     /* by the last dram_tick() */
    sim_cycle next; /* when dram_tick() has to be called next if nothing is accepted until then */
};

/* False if there is no memory. The configuration is one that is not refused. */
bool dram_init(struct dram *self, const struct dram_config *config, const struct dram_owner *owner,
               struct arena *arena);

/* Offers a request, whose address is a multiple of tx_bytes, in cycle `now`. `next` may be due then. */
enum dram_answer dram_offer(struct dram *self, sim_cycle now, uint64_t address, bool write,
                            uint64_t tag);

/*
 * The rest of cycle `now`, after its offers. What was refused may be accepted in the next cycle if `freed` is set then, not before
 * otherwise. Needed when `next`, which it returns, is due (an offer may make it sooner); in other cycles it changes nothing.
 */
sim_cycle dram_tick(struct dram *self, sim_cycle now);

/* Counts of a channel up to and including cycle `now`, or of all channels together. */
struct dram_counts dram_count(const struct dram *self, unsigned channel, sim_cycle now);

#endif
