/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stream_checker: the rules of AXI4-Stream, checked on the trace of one stream, cycle by cycle.
 *
 * Source: AMBA 4 AXI4-Stream Protocol Specification (Arm IHI 0051, issue A). Written from the
 * specification alone and independent of the simulator, as axi_checker is.
 *
 *     row n-1                       row n
 *     TVALID 1, TREADY 0   ------>  TVALID 1, the same payload
 *     TVALID 1, TREADY 1   ------>  TVALID 0, or a new payload
 *
 * A packet is what ends with TLAST; one is under way for each pair of TID and TDEST, unless interleaving
 * is forbidden. A stream without TLAST has no packets and none of their rules.
 *
 * Inaccuracies: the section numbers are from memory of issue A and are to be checked against your copy.
 * TUSER has to hold and nothing else. What the bytes are is not checked.
 */
#ifndef TESTS_STREAM_CHECKER_H
#define TESTS_STREAM_CHECKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "check_csv.h"
#include "check_rules.h"

/* name, section of IHI 0051A (see Inaccuracies), what it demands */
#define STREAM_CHECK_RULE_MAP(X)                                                                   \
    X(ENCODING, "encoding", "2.1", "every signal has a legal value, cycles follow each other")     \
    X(RESET, "reset", "2.7.2", "no TVALID in reset and in the first cycle after it")               \
    X(VALID_HELD, "valid-held", "2.2.1", "TVALID stays until TREADY")                              \
    X(STABLE, "stable", "2.2.1", "the payload holds until TREADY")                                 \
    X(KEEP_STROBE, "keep-strobe", "2.4.3", "no TSTRB where TKEEP is low")                          \
    X(PACKED, "packed", "2.4", "no null byte but behind the last of a packet, if asked for")       \
    X(INTERLEAVE, "interleave", "2.6.1", "TID and TDEST hold through a packet, if asked for")      \
    X(PACKET_BEATS, "packet-beats", "2.5", "a packet has as many transfers as asked for")          \
    X(COMPLETE, "complete", "2.5", "nothing is under way when the trace ends, if asked for")

enum stream_check_rule {
#define STREAM_CHECK_RULE(id, name, clause, text) STREAM_CHECK_##id,
    STREAM_CHECK_RULE_MAP(STREAM_CHECK_RULE)
#undef STREAM_CHECK_RULE
        STREAM_CHECK_RULE_COUNT
};

#define STREAM_CHECK_UNKNOWN UINT32_MAX /* TLAST that the trace does not have */

enum { STREAM_CHECK_PACKETS_MAX = 64 };

/* One row of cycles.csv. */
struct stream_check_row {
    uint64_t cycle;
    uint32_t aresetn, valid, ready, last, id, dest;
    uint64_t user, keep[2], strb[2];
    uint8_t data[CHECK_CSV_WIDE_BYTES];
};

struct stream_check_options {
    uint32_t width_bits;   /* of TDATA; 0: 32 */
    bool packed;           /* TKEEP is high from the lowest lane on, all of it but with TLAST */
    bool no_interleave;    /* of packets */
    uint32_t packet_beats; /* of every packet; 0: any */
    bool complete;
    bool skip[STREAM_CHECK_RULE_COUNT];
};

struct stream_checker {
    struct stream_check_options options;
    /* Called for each violation. `text` is valid during the call only. */
    void (*report)(void *context, uint64_t cycle, enum stream_check_rule rule, const char *text);
    void *context;
    uint64_t violations, rows, beats, packets;

    struct stream_check_row before; /* valid if rows > 0 */
    struct {
        uint32_t id, dest, beats;
    } open[STREAM_CHECK_PACKETS_MAX]; /* packets under way; those that do not fit are not counted */
    size_t open_count;
};

void stream_checker_init(struct stream_checker *self, const struct stream_check_options *options,
                         void (*report)(void *context, uint64_t cycle, enum stream_check_rule rule,
                                        const char *text),
                         void *context);

/* Checks one row against what came before. */
void stream_checker_row(struct stream_checker *self, const struct stream_check_row *row);

/* Ends the trace. */
void stream_checker_end(struct stream_checker *self);

extern const struct check_rule stream_check_rules[];

/* Reads rows of a cycles.csv. Columns have the names of the signals, in any case. TVALID is needed; the
 * other signals have their default values (3.1: TREADY, TKEEP and TSTRB high) if they are not there.
 * TLAST is decimal, all other payload is hexadecimal. */
struct stream_check_reader {
    struct check_csv csv;
    uint32_t width_bits; /* of TDATA by its digits; known after the first row, 0 if there is none */
};

/* Takes over `file` for reading only (the caller closes it). csv.error says what is wrong. */
bool stream_check_reader_init(struct stream_check_reader *self, FILE *file);
bool stream_check_reader_next(struct stream_check_reader *self, struct stream_check_row *row);

#endif
