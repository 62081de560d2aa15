/* SPDX-License-Identifier: BSD-2-Clause */
/* probe: joining of observers, notification, and field access. */
#include "kernel/probe.h"

#include <string.h>

const uint8_t probe_nowhere[1];

void probe_listen(struct probe *self, struct probe_observer *observer)
{
    struct probe_observer **tail = &self->first;
    while (*tail)
        tail = &(*tail)->next;
    observer->next = NULL;
    *tail = observer;
}

void probe_witness(struct probe *self, struct probe_observer *observer)
{
    probe_listen(self, observer);
    self->followed = self->clock->kernel->observed = true;
}

void probe_observe(struct probe *self, struct probe_observer *observer)
{
    probe_witness(self, observer);
    self->clock->kernel->literally = true;
}

void probe_notify(const struct probe *self, sim_cycle now, const void *record)
{
    if (self->clock->kernel->muted)
        return;
    for (struct probe_observer *o = self->first; o; o = o->next)
        o->notify(o, self, now, record);
}

uint64_t probe_value(const struct probe_field *field, const void *record)
{
    const unsigned char *at = (const unsigned char *)record + field->offset;
    uint64_t value = 0;
    switch (field->size_bytes) {
    case 1:
        value = *at;
        break;
    case 2: {
        uint16_t half;
        memcpy(&half, at, sizeof half);
        value = half;
        break;
    }
    case 4: {
        uint32_t word;
        memcpy(&word, at, sizeof word);
        value = word;
        break;
    }
    default: /* 8, or the low half of 16 */
        memcpy(&value, at, sizeof value);
        break;
    }
    value >>= field->lsb;
    if (field->width_bits && field->width_bits < 64)
        value &= (UINT64_C(1) << field->width_bits) - 1;
    return value;
}
