/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ahb_checker: the rules of AMBA 2 AHB, checked on a trace, cycle by cycle.
 *
 * Source: AMBA Specification rev 2.0 (Arm IHI 0011A), chapter 3. Written from the specification
 * alone and independent of the simulator: it shares no code and no header with model/, and reads
 * what any AHB trace has, the wires of the bus as a flip-flop samples them at the end of each
 * cycle.
 *
 *     row n-1 (before)          row n (now)
 *     HREADY high      ------>  a new address phase; the phase before is in its data phase
 *     HREADY low       ------>  everything of the address phase holds
 *
 * What the clauses of chapter 3 demand of wires that a trace has, and which rule holds it:
 *
 *     3.4   what is held in wait states: stable, write-data
 *     3.5   transfer types: first, control, busy, idle-okay; SEQ behind the beat before: sequence
 *     3.6   bursts: sequence, length, 1kib, alignment
 *     3.7   control signals: control, size
 *     3.9   responses: two-cycle, retry-idle, retry-again, waits
 *     3.10  data: write-data
 *     3.11  arbitration: grant-one-hot, owner-ready, owner-grant, owner-none, handover, request; locks: mastlock,
 *           lock-burst, lock-held
 *     3.12  SPLIT: split-mask
 *
 * Inaccuracies: a single data bus width, little-endian lanes. Of 3.12 only the mask of the master that was
 * split is checked, not the dummy master. Not in the trace are HPROT (3.7.3) and the slave selects (3.8); of 3.13,
 * reset, the trace begins behind it. That a broken burst is taken up again where it broke is not required (a
 * master may give it up), only that a retried transfer is repeated.
 */
#ifndef TESTS_AHB_CHECKER_H
#define TESTS_AHB_CHECKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "check_rules.h"

/* name, clause of IHI 0011A, what it demands */
#define AHB_CHECK_RULE_MAP(X)                                                                      \
    X(ENCODING, "encoding", "3.5-3.9", "every signal has a legal value, cycles follow each other") \
    X(GRANT_ONE_HOT, "grant-one-hot", "3.11.1", "exactly one master is granted")                   \
    X(OWNER_READY, "owner-ready", "3.11.3", "ownership moves only at HREADY high")                 \
    X(OWNER_GRANT, "owner-grant", "3.11.3", "the new owner is the master that was granted")        \
    X(OWNER_NONE, "owner-none", "3.11.3", "a bus that nobody owns is IDLE")                        \
    X(HANDOVER, "handover", "3.5", "a new owner starts with NONSEQ or IDLE")                       \
    X(MASTLOCK, "mastlock", "3.11.1", "HMASTLOCK is the owner's HLOCK of one cycle ahead")         \
    X(LOCK_BURST, "lock-burst", "3.11.5", "HMASTLOCK holds through a burst")                       \
    X(LOCK_HELD, "lock-held", "3.11.5", "a locked sequence keeps the grant")                       \
    X(REQUEST, "request", "3.11.2", "an INCR keeps HBUSREQ until its last beat is shown")          \
    X(STABLE, "stable", "3.4", "address and control hold while HREADY is low")                     \
    X(FIRST, "first", "3.5", "SEQ and BUSY only inside a burst")                                   \
    X(SEQUENCE, "sequence", "3.6", "SEQ has the next address of the burst")                        \
    X(CONTROL, "control", "3.5", "HBURST, HSIZE and HWRITE hold through a burst")                  \
    X(LENGTH, "length", "3.6", "a fixed-length burst is neither shorter nor longer")               \
    X(BUSY, "busy", "3.5", "BUSY has the address of the burst's next beat")                        \
    X(KIB, "1kib", "3.6", "a burst does not cross 1 KiB")                                          \
    X(ALIGNMENT, "alignment", "3.6", "addresses are aligned to HSIZE")                             \
    X(SIZE, "size", "3.7.2", "HSIZE is not wider than the bus")                                    \
    X(IDLE_OKAY, "idle-okay", "3.5", "IDLE and BUSY get a zero-wait OKAY")                         \
    X(TWO_CYCLE, "two-cycle", "3.9.3", "ERROR, RETRY and SPLIT take two cycles")                   \
    X(RETRY_IDLE, "retry-idle", "3.9.3", "the retried master is IDLE in the second cycle")         \
    X(RETRY_AGAIN, "retry-again", "3.9.5", "a retried transfer is repeated before any other")      \
    X(SPLIT_MASK, "split-mask", "3.12", "a split master is not granted before its HSPLIT")         \
    X(WRITE_DATA, "write-data", "3.10.1", "HWDATA holds while HREADY is low")                      \
    X(WAITS, "waits", "3.9.1", "a transfer takes no more wait states than allowed")

enum ahb_check_rule {
#define AHB_CHECK_RULE(id, name, clause, text) CHECK_##id,
    AHB_CHECK_RULE_MAP(AHB_CHECK_RULE)
#undef AHB_CHECK_RULE
        CHECK_RULE_COUNT
};

/* One row of cycles.csv. */
struct ahb_check_row {
    uint64_t cycle;
    uint32_t hbusreq, hlock, hgrant, hmaster, hmastlock, htrans, hburst, haddr, hwrite, hsize,
        hready, hresp, hsplit;
    uint64_t hwdata[2], hrdata[2]; /* low lanes first */
};

struct ahb_check_options {
    uint32_t width_bits;         /* of the data bus; 0: taken from the first row's digits */
    uint32_t max_waits;          /* of a transfer; 0: no limit */
    bool ignore_lock;            /* the arbiter does not look at HLOCK */
    bool grant_nobody;           /* the arbiter may grant nobody; HMASTER is 0 then */
    bool skip[CHECK_RULE_COUNT]; /* rules that are not checked */
};

struct ahb_checker {
    struct ahb_check_options options;
    /* Called for each violation. `text` is valid during the call only. */
    void (*report)(void *context, uint64_t cycle, enum ahb_check_rule rule, const char *text);
    void *context;
    uint64_t violations, rows;

    struct ahb_check_row before; /* valid if rows > 0 */
    bool owned;                  /* somebody owns the address bus */

    struct { /* of the owner of the address bus */
        bool open;
        bool excused; /* an answer other than OKAY lets the master give it up */
        uint32_t hburst, hsize, hwrite, hmastlock, start, next, beats;
    } burst;

    struct {           /* the data phase under way */
        bool transfer; /* false: IDLE, BUSY or nothing */
        uint32_t master, haddr, hsize, hwrite, hmastlock, waits;
    } data;

    struct {
        bool pending;
        uint32_t haddr, hsize, hwrite, hmastlock;
    } retry[16];
    uint32_t split; /* masters that wait for HSPLIT */
};

void ahb_checker_init(struct ahb_checker *self, const struct ahb_check_options *options,
                      void (*report)(void *context, uint64_t cycle, enum ahb_check_rule rule,
                                     const char *text),
                      void *context);

/* Checks one row against what came before. */
void ahb_checker_row(struct ahb_checker *self, const struct ahb_check_row *row);

extern const struct check_rule ahb_check_rules[];

/* Reads rows of a cycles.csv. */
struct ahb_check_reader {
    FILE *file;
    unsigned long line;
    uint32_t width_bits; /* of HWDATA by its digits; known after the first row */
    char error[160];     /* empty if there was none */
};

/* Takes over `file` for reading only (the caller closes it) and checks the header line. */
bool ahb_check_reader_init(struct ahb_check_reader *self, FILE *file);

/* False at the end of the file, or at a malformed row (then `error` says what is wrong). */
bool ahb_check_reader_next(struct ahb_check_reader *self, struct ahb_check_row *row);

#endif
