/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi_checker: the rules of AXI4 and AXI4-Lite, checked on the trace of one port, cycle by cycle.
 *
 * Source: AMBA AXI and ACE Protocol Specification (Arm IHI 0022, issue E). Written from the
 * specification alone and independent of the simulator: it shares no code and no header with model/, and
 * reads what any AXI trace has, the wires of a port as a flip-flop samples them at the end of each cycle.
 *
 *     row n-1                     row n
 *     VALID 1, READY 0   ------>  VALID 1, the same payload
 *     VALID 1, READY 1   ------>  VALID 0, or a new payload: "shown" in row n
 *
 *     AR shown --> AR handed over --> R of its id, a later row
 *     AW shown --> AW handed over --+
 *     W shown ---> last W handed ---+--> B of its id, a later row
 *
 * A payload is judged in the row in which it is first shown. W bursts belong to AW in order; those ahead
 * of their AW are judged when it is shown. After a wrong WLAST or RLAST the burst counts as ended at its
 * last beat by AxLEN or at xLAST, whichever comes first.
 *
 * Inaccuracies: the section numbers are from memory of issue E and are to be checked against your copy;
 * other issues count differently. Read data itself is not checked, so the order inside one id shows only
 * in the lengths of its bursts, and that of write responses of one id not at all. Of exclusive accesses
 * only EXOKAY is checked. AxCACHE, AxPROT, AxQOS, AxREGION and xUSER have to hold and nothing else. That
 * VALID does not wait for READY cannot be seen in a trace.
 */
#ifndef TESTS_AXI_CHECKER_H
#define TESTS_AXI_CHECKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "check_csv.h"
#include "check_rules.h"

/* name, section of IHI 0022E (see Inaccuracies), what it demands */
#define AXI_CHECK_RULE_MAP(X)                                                                      \
    X(ENCODING, "encoding", "A2", "every signal has a legal value, cycles follow each other")      \
    X(RESET, "reset", "A3.1.2", "no VALID in reset and in the first cycle after it")               \
    X(VALID_HELD, "valid-held", "A3.2.1", "VALID stays until READY")                               \
    X(STABLE, "stable", "A3.2.1", "the payload holds until READY")                                 \
    X(FIXED_LENGTH, "fixed-length", "A3.4.1", "FIXED has at most 16 beats")                        \
    X(WRAP_LENGTH, "wrap-length", "A3.4.1", "WRAP has 2, 4, 8 or 16 beats")                        \
    X(WRAP_ALIGNMENT, "wrap-alignment", "A3.4.1", "WRAP starts aligned to AxSIZE")                 \
    X(SIZE, "size", "A3.4.1", "AxSIZE is not wider than the bus")                                  \
    X(KIB4, "4kib", "A3.4.1", "a burst does not cross 4 KiB")                                      \
    X(STROBE, "strobe", "A3.4.3", "WSTRB only in the lanes of the beat")                           \
    X(WLAST, "wlast", "A3.4.1", "WLAST on the last beat and on no other")                          \
    X(WRITE_BEATS, "write-beats", "A3.4.1", "a W burst ahead of its AW has AWLEN + 1 beats")       \
    X(W_AHEAD, "w-ahead", "A5.3", "no more W bursts ahead of AW than allowed")                     \
    X(B_ADDRESS, "b-address", "A3.3.1", "B answers a write of its id whose AW was handed over")    \
    X(B_LAST, "b-last", "A3.3.1", "B comes after the last W of the oldest write of its id")        \
    X(R_ADDRESS, "r-address", "A3.3.1", "R answers a read of its id whose AR was handed over")     \
    X(RLAST, "rlast", "A3.4.1", "RLAST on the last beat and on no other")                          \
    X(R_ORDER, "r-order", "A5.3.1", "reads of one id are answered in order")                       \
    X(R_INTERLEAVE, "r-interleave", "A5.3.1", "read bursts do not interleave, if asked for")       \
    X(EXOKAY, "exokay", "A7.2.3", "EXOKAY answers exclusive accesses only")                        \
    X(LITE_BURST, "lite-burst", "B1.1.1", "AXI4-Lite: one beat as wide as the bus")                \
    X(LITE_ID, "lite-id", "B1.1.1", "AXI4-Lite: no id")                                            \
    X(LITE_WIDTH, "lite-width", "B1.1.1", "AXI4-Lite: 32 or 64 bit")                               \
    X(COMPLETE, "complete", "A3.4.4", "all is answered when the trace ends, if asked for")

enum axi_check_rule {
#define AXI_CHECK_RULE(id, name, clause, text) AXI_CHECK_##id,
    AXI_CHECK_RULE_MAP(AXI_CHECK_RULE)
#undef AXI_CHECK_RULE
        AXI_CHECK_RULE_COUNT
};

#define AXI_CHECK_UNKNOWN UINT32_MAX /* WLAST or RLAST that the trace does not have */

struct axi_check_address {
    uint32_t valid, ready, id, len, size, burst, lock, prot, cache, qos, region;
    uint64_t addr, user;
};

struct axi_check_data {
    uint32_t valid, ready, last;
    uint32_t id, resp; /* R */
    uint64_t strb[2];  /* W; low lanes first */
    uint64_t user;
    uint8_t data[CHECK_CSV_WIDE_BYTES];
};

struct axi_check_response {
    uint32_t valid, ready, id, resp;
    uint64_t user;
};

/* One row of cycles.csv. */
struct axi_check_row {
    uint64_t cycle;
    uint32_t aresetn;
    struct axi_check_address ar, aw;
    struct axi_check_data r, w;
    struct axi_check_response b;
};

struct axi_check_options {
    uint32_t width_bits; /* of the data; 0: 32 */
    bool lite;
    bool cross_4kib;    /* nobody promises not to */
    bool no_interleave; /* of read bursts */
    bool limit_ahead;   /* of W bursts before AW: */
    uint32_t ahead;
    bool complete; /* nothing is under way in the end */
    bool skip[AXI_CHECK_RULE_COUNT];
};

struct axi_check_burst {
    struct axi_check_address ax;
    uint32_t done;         /* beats handed over */
    bool accepted;         /* AR, AW handed over */
    bool closed, answered; /* of a write: last W handed over; B handed over before that */
};

struct axi_check_list {
    struct axi_check_burst *bursts; /* oldest first */
    size_t count, room;
};

/* A W beat handed over before its AW was shown. */
struct axi_check_beat {
    uint64_t strb[2];
    uint32_t last;
};

struct axi_checker {
    struct axi_check_options options;
    /* Called for each violation. `text` is valid during the call only. */
    void (*report)(void *context, uint64_t cycle, enum axi_check_rule rule, const char *text);
    void *context;
    uint64_t violations, rows;
    uint64_t beats[2];   /* handed over: R, W */
    uint64_t answers[2]; /* last R, B */
    bool out_of_memory;  /* then nothing more is checked */

    struct axi_check_row before; /* valid if rows > 0 */
    struct axi_check_list reads; /* not yet answered in full */
    struct axi_check_list writes;
    size_t filling; /* of writes: the first whose last W is still to come */
    struct {
        struct axi_check_beat *beats; /* of no write in the list yet */
        size_t count, room;
        uint32_t bursts; /* that are whole */
    } ahead;
    bool w_judged;       /* the W beat that is shown has been compared with its AW */
    uint64_t r_lanes[2]; /* of the R beat that is shown */
    bool in_burst;       /* a read burst of this id is not at its end */
    uint32_t in_burst_id;
};

void axi_checker_init(struct axi_checker *self, const struct axi_check_options *options,
                      void (*report)(void *context, uint64_t cycle, enum axi_check_rule rule,
                                     const char *text),
                      void *context);

/* Checks one row against what came before. */
void axi_checker_row(struct axi_checker *self, const struct axi_check_row *row);

/* Ends the trace. */
void axi_checker_end(struct axi_checker *self);

void axi_checker_free(struct axi_checker *self);

extern const struct check_rule axi_check_rules[];

/* Lanes that a beat uses on a bus of so many bytes: A3.4.1 (addresses), A3.4.3 (lanes). */
void axi_check_lanes(const struct axi_check_address *ax, uint32_t beat, uint32_t bus_bytes,
                     uint64_t lanes[2]);

/* Reads rows of a cycles.csv. Columns have the names of the signals, in any case. VALID and READY of a
 * channel are needed, AR with R, AW with W and B; the other payload signals have their default values
 * (A9.3) if they are not there. AxLEN, AxSIZE, AxBURST, AxLOCK, xRESP and xLAST are decimal, all else is
 * hexadecimal. */
struct axi_check_reader {
    struct check_csv csv;
    uint32_t
        width_bits; /* of the data by its digits; known after the first row, 0 if there is none */
};

/* Takes over `file` for reading only (the caller closes it). csv.error says what is wrong. */
bool axi_check_reader_init(struct axi_check_reader *self, FILE *file);
bool axi_check_reader_next(struct axi_check_reader *self, struct axi_check_row *row);

#endif
