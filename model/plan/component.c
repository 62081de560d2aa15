/* SPDX-License-Identifier: BSD-2-Clause */
#include "plan/component.h"

#include <string.h>

uint16_t component_reference(const struct component *self, enum parameter_refers refers)
{
    for (const struct parameter *p = self->type->parameters; p && p->name; p++) {
        uint16_t index;
        if (p->kind != PARAMETER_REFERENCE || p->refers != refers)
            continue;
        memcpy(&index, (const char *)self->config + p->offset, sizeof index);
        return index;
    }
    return UINT16_MAX;
}
