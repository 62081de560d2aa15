/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * round_text: the text of a file that comes again with every round (kernel/round.h).
 *
 *   a round that is heard    #1000 1! b110 "      #1010 0!
 *   the next one             #1500 1! b111 "      #1510 0!
 *   what differs             CELL     CELL        CELL           each grows by what it grew here
 *
 * Of two rounds in a row all that goes to the file is kept too. Whoever writes the file knows which numbers may differ
 * and finds them (round_text_cell()); all the rest must be the same. Then rounds are put one after the other, the second
 * one's text with its cells grown on.
 */
#ifndef DMASIM_TRACE_ROUND_TEXT_H
#define DMASIM_TRACE_ROUND_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/file.h"

enum round_form { ROUND_DECIMAL, ROUND_BINARY };

/* A number in the second round. */
struct round_cell {
    uint64_t value, growth; /* modulo 2^bits */
    uint32_t at;            /* of its first digit in the text */
    uint8_t length;         /* digits */
    uint8_t form;           /* enum round_form */
    uint8_t bits;
};

struct round_text {
    struct trace_file *file;
    struct trace_copy heard[2];
    struct round_cell *cells;
    size_t cell_count, cell_room;
};

static inline const char *round_text_of(const struct round_text *self, unsigned round)
{
    return self->heard[round].text;
}

static inline size_t round_text_bytes(const struct round_text *self, unsigned round)
{
    return self->heard[round].used;
}

/* Part 0: the first round begins; 1: the second; 2: it has ended. False: a round was too long, or memory is short. */
bool round_text_hear(struct round_text *self, unsigned part);

/* A number that may differ, in the order of their places. False if memory is short. */
bool round_text_cell(struct round_text *self, const struct round_cell *cell);

/* Lines of cells with commas between: decimal numbers of the columns that are `linear`, by number, may differ, nothing
 * else. False if anything does; or memory is short. */
bool round_text_table(struct round_text *self, const bool *linear, size_t columns);

/* The line's end, behind its line feed. */
const char *round_text_line(const char *line, const char *end);

/* So many rounds behind the second one. */
void round_text_put(struct round_text *self, uint64_t times);

/* Nothing is kept any more. */
void round_text_leave(struct round_text *self);

void round_text_free(struct round_text *self);

#endif
