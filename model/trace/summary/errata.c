/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace/summary/errata.h"

#include <inttypes.h>

void errata_add(struct errata *self, sim_cycle now, const struct erratum_record *record)
{
    if (record->number >= ERRATA_MAX || self->numbers[record->number].strikes++)
        return;
    self->numbers[record->number].first = now;
    self->numbers[record->number].text = record->text;
}

void errata_print(const struct errata *self, const char *front, const char *controller, FILE *to)
{
    for (unsigned number = 0; number < ERRATA_MAX; number++) {
        const uint64_t strikes = self->numbers[number].strikes;
        if (!strikes)
            continue;
        fprintf(to, "%serratum %u of %s: %s, at cycle %" PRIu64, front, number, controller,
                self->numbers[number].text, self->numbers[number].first);
        if (strikes > 1)
            fprintf(to, " and %" PRIu64 " times more", strikes - 1);
        fprintf(to, "\n");
    }
}
