/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * claims: what one component at a time can have (struct component_claim) is claimed once. The claim that comes
 * later in the file is refused, and the message has the place of the other.
 */
#include "scenario/internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct claimed {
    const struct component *component;
    struct component_claim claim;
    struct place place;
};

static int compare_places(const struct place *a, const struct place *b)
{
    if (a->source != b->source)
        return a->source < b->source ? -1 : 1;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return a->column < b->column ? -1 : a->column > b->column;
}

static int compare_things(const struct component_claim *a, const struct component_claim *b)
{
    if (a->of != b->of)
        return a->of < b->of ? -1 : 1;
    const int names = strcmp(a->what, b->what);
    return names ? names : a->number < b->number ? -1 : a->number > b->number;
}

static int compare_claimed(const void *left, const void *right)
{
    const struct claimed *a = left, *b = right;
    const int things = compare_things(&a->claim, &b->claim);
    return things ? things : compare_places(&a->place, &b->place);
}

/* All claims, or their number only (all is null). */
static uint32_t gather(const struct scenario *self, struct claimed *all)
{
    uint32_t count = 0;
    for (int s = 0; s < SECTION_WORK; s++)
        for (uint32_t i = 0; i < self->plan.counts[s]; i++) {
            const struct component *component = &self->plan.components[s][i];
            struct component_claim claim = {.number = CLAIM_ALONE};
            if (!component->type->claims || self->details[s][i].broken)
                continue;
            for (uint32_t n = 0; component->type->claims(&self->plan, component, n, &claim); n++) {
                if (all)
                    all[count] =
                        (struct claimed){.component = component,
                                         .claim = claim,
                                         .place = scenario_place(self, component, claim.parameter)};
                count++;
                claim = (struct component_claim){.number = CLAIM_ALONE};
            }
        }
    return count;
}

static void refuse(struct scenario *self, const struct claimed *later, const struct claimed *first)
{
    const struct component_claim *claim = &later->claim;
    struct line line = {0};
    line_add(&line, "%s", claim->what);
    if (claim->number != CLAIM_ALONE)
        line_add(&line, " %" PRIu64, claim->number);
    line_add(&line, " of %s is that of %s", claim->of->name, first->component->name);
    line_place(&line, &self->report, first->place);
    if (claim->hint)
        line_add(&line, "; %s", claim->hint);
    scenario_error(self, later->place, "%s", line.text);
}

void check_claims(struct scenario *self)
{
    const uint32_t count = gather(self, NULL);
    struct claimed *all = malloc((count + 1) * sizeof *all);
    if (!all) {
        report_add(&self->report, DMASIM_MEMORY, (struct place){0}, "out of memory");
        return;
    }
    gather(self, all);
    qsort(all, count, sizeof *all, compare_claimed);
    const struct claimed *first = all;
    for (uint32_t i = 1; i < count; i++) {
        if (compare_things(&first->claim, &all[i].claim) == 0)
            refuse(self, &all[i], first);
        else
            first = &all[i];
    }
    free(all);
}
