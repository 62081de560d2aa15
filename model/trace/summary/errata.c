/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/summary/errata.h"

#include <inttypes.h>
#include <stdlib.h>

unsigned errata_number(const struct metric_walk *walk)
{
    return (unsigned)strtoul(walk->part.sub[0] + strlen("erratum_"), NULL, 10);
}

void errata_print_part(const struct metric_walk *walk, const char *front, FILE *to)
{
    const struct counter_part *part = &walk->part;
    const uint64_t strikes = metric_value(walk, "strikes");
    if (part->group != COUNTERS_ERRATUM || strikes == 0)
        return;
    fprintf(to, "%serratum %u of %s: %s, at cycle %" PRIu64, front, errata_number(walk),
            walk->of->name, part->about, metric_value(walk, "first"));
    if (strikes > 1)
        fprintf(to, " and %" PRIu64 " times more", strikes - 1);
    fprintf(to, "\n");
}
