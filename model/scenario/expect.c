/* SPDX-License-Identifier: BSD-2-Clause */
/* expect: the conditions that a scenario sets on its run. Their names are checked once there is a system. */
#include "scenario/internal.h"

#include <string.h>

static void read_one(struct scenario *self, const struct node *node)
{
    struct formula_error error;
    struct place place = node->place;
    if (node->kind != NODE_SCALAR || node_null(node))
        return;                   /* it was refused as a text */
    place.column += !node->plain; /* the quote */
    const struct formula *formula = formula_parse(&self->arena, node->text, &error);
    if (!formula) {
        place.column += (uint32_t)error.offset;
        scenario_error(self, place, "\"expect\": %s", error.text);
        return;
    }
    self->expectations[self->expectation_count++] =
        (struct scenario_expectation){.text = node->text, .formula = formula, .place = place};
}

void read_expectations(struct scenario *self, const struct node *root)
{
    const int at = node_find(root, "expect");
    const struct node *node = at < 0 ? NULL : root->entries[at].value;
    if (!node || node->kind == NODE_MAP)
        return;
    const uint32_t count = node->kind == NODE_LIST ? node->count : 1;
    self->expectations = scenario_alloc(self, count * sizeof *self->expectations);
    if (!self->expectations)
        return;
    if (node->kind == NODE_SCALAR)
        read_one(self, node);
    else
        for (uint32_t i = 0; i < count; i++)
            read_one(self, node->entries[i].value);
}

const struct scenario_expectation *scenario_expectation(const struct scenario *self, uint32_t index)
{
    return index < self->expectation_count ? &self->expectations[index] : NULL;
}
