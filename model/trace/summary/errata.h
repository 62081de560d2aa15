/* SPDX-License-Identifier: BSD-2-Clause */
/* errata: how often each erratum of a system's controllers struck, in words. */
#ifndef DMASIM_TRACE_ERRATA_H
#define DMASIM_TRACE_ERRATA_H

#include <stdio.h>

#include "metrics.h"

/* Of the walk's part, which is an erratum. */
unsigned errata_number(const struct metric_walk *walk);

/* The line of the walk's part, if that is an erratum. */
void errata_print_part(const struct metric_walk *walk, const char *front, FILE *to);

#endif
