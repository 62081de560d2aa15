/* SPDX-License-Identifier: BSD-2-Clause */
/* explain: what `dmasim explain` has gathered (explain.c), and how it says it (explain_print.c). */
#ifndef DMASIM_CLI_EXPLAIN_H
#define DMASIM_CLI_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "cli/options.h"
#include "plan/cause.h"

#define SHARE_OF_PEAK ".share_of_peak"

#define TENTHS 10u

struct part {
    const char *name; /* "wait.sram" */
    const struct cause_info *cause;
    uint64_t tenths;
};

/* A bus, a direction of one, a transfer, a controller. */
struct thing {
    const char *name; /* "bus.ahb", up to ".cause." */
    size_t length;
    struct part *parts;
    size_t count, room;
    uint64_t tenths; /* of all its parts */
    size_t base;     /* of one time that an entry ran: the length of the entry's own name; else 0 */
    size_t rounds;   /* of an entry: how often it ran, as far as they are told one by one */
};

struct explain {
    const char *source;
    struct loading loading;
    const char *only[64];
    size_t only_count;
    bool json, causes, every_cycle;
    struct thing *things;
    size_t count, room;
    struct share {
        const char *name, *percent; /* "bus.ahb.share_of_peak" */
    } * shares;
    size_t share_count, share_room;
    char **names; /* copies */
    size_t name_count, name_room;
    struct part *sums; /* of things of a kind */
    size_t sum_count, sum_room;
    bool failed;
};

/* Room for one more item; null if memory is short. */
void *explain_grown(void *items, size_t count, size_t *room, size_t bytes);

/* The parameters that touch a cause, with `who` for the name. */
void explain_put_parameters(FILE *to, const struct cause_info *cause, const char *who);

/* Things stand in their order, each with its rounds behind it. */
void explain_print_text(struct explain *self);
void explain_print_json(struct explain *self);

#endif
