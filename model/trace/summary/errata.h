/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_errata: how often each erratum of a controller struck, by its "erratum" probe. */
#ifndef DMASIM_TRACE_ERRATA_H
#define DMASIM_TRACE_ERRATA_H

#include <stdio.h>

#include "bus/records.h"

#define ERRATA_MAX 16

struct errata {
    struct {
        const char *text; /* the publisher's */
        sim_cycle first;
        uint64_t strikes;
    } numbers[ERRATA_MAX];
};

void errata_add(struct errata *self, sim_cycle now, const struct erratum_record *record);

/* A line for each erratum that struck: `front`, then "erratum N of CONTROLLER: what, at cycle C". */
void errata_print(const struct errata *self, const char *front, const char *controller, FILE *to);

#endif
