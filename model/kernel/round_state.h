/* SPDX-License-Identifier: BSD-2-Clause */
/* round_state: what is compared from round to round, shared by round_build.c, which finds it, and round.c. */
#ifndef DMASIM_ROUND_STATE_H
#define DMASIM_ROUND_STATE_H

#include "kernel/round.h"

enum {
    FIRST_MARK = 12, /* marks before the first look: runs that are short are left alone */
    LOOKED_FOR =
        10, /* of them, those that are looked at all the same if every step has to be shown */
    MARKS_MAX = 4096, /* rounds are not sought beyond */
    KEPT_OBSERVED =
        4, /* marks that the first kept one is compared with, where steps cost more than comparing */
    RESTS_MAX = 12,    /* log2 of the marks not looked at after failures in a row */
    PIECES_MAX = 8192, /* of each kind */
    WORDS_MAX = 8192,  /* bytes of what is told of live members, of clocks and by hooks */
    PERIODS_SHARE =
        8, /* what is left of a round that is heard, if its periods have passed, is more than one in so many */
    CLOCKS_MAX = 64,
    BLOCKS_MAX = 1024, /* of the arena */
    LOG_MAX = 4096,    /* writes that change bytes in a watched round */
    LOG_BYTES = 1 << 17,
    STATE_BYTES_MAX = 1 << 22, /* larger systems without memories have no rounds */
};

struct round_hole {
    const uint8_t *at;
    size_t bytes;
    bool data;
    struct round_hole *next;
};

/* A unit with hooks, or what round_join() has added. */
struct round_member {
    const struct round_hooks *hooks;
    void *self;
    const struct clock *clock;
    struct round_member *next;
};

/* Bytes in a row; where they are kept. */
struct piece {
    uint8_t *at;
    size_t bytes, kept;
};

/* A figure or stamp. */
struct word {
    uint8_t *at;
    uint8_t bytes;
    uint32_t old;
    const struct clock *clock;
};

/* A member of which some elements are told. */
struct part {
    const struct state_field *field;
    uint8_t *base;
    const struct clock *clock;
};

/* What bytes of a memory were before a write, in the order of the writes. */
struct change {
    uint8_t *at;
    uint32_t bytes, offset; /* among those of the log */
};

struct list {
    uint32_t count;
    bool full;
};

struct rounds {
    bool ready, able;
    uint64_t marks, upto, rest;
    unsigned failures;
    uint64_t told;
    sim_time kept_at; /* SIM_NEVER: nothing is kept */
    sim_time kept_repeated;
    sim_time due; /* end of the watched round; SIM_NEVER: none is watched */
    sim_time period;
    bool data_differ;
    bool hears;        /* a witness hears */
    unsigned heard;    /* parts that those were told of */
    uint32_t differed; /* the piece that did last */

    /* The arena as the units have filled it: what the kernel adds it tells by itself. */
    struct piece *block;
    uint32_t blocks;
    size_t sealed; /* bytes of the arena when all was built */

    /* Of pieces: those that may differ, while they are collected; then those that must not. */
    struct list holes, same, data, figures, stamps, past, parts, members;
    struct piece *hole, *piece, *datum;
    struct word *figure, *stamp, *been;
    struct part *part;
    struct round_member *member; /* those that have more than a table */
    struct change *log;
    uint32_t changes, logged;
    uint8_t *before, *after; /* bytes of the log */
    size_t room;             /* of kept bytes */
    uint8_t *kept;           /* bytes of the pieces, then those of data */
    uint64_t *kept_figures, *growth;
    uint64_t *kept_stamps, *fresh_stamps, *kept_past;
    uint64_t *kept_words, *fresh_words;
    uint32_t kept_count, fresh_count;
};

static inline void *pointer_at(const uint8_t *at)
{
    void *pointer;
    memcpy(&pointer, at, sizeof pointer);
    return pointer;
}

/* round_build.c: when it is first needed, what there is to compare. */
void rounds_make_ready(struct rounds *self, const struct kernel *kernel);

#endif
