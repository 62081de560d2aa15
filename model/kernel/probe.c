/* SPDX-License-Identifier: BSD-2-Clause */
/* probe: joining of observers, notification, and field access. */
#include "kernel/probe.h"

#include <string.h>

const uint8_t probe_nowhere[1];

static void join(struct probe *self, struct probe_observer *observer, enum probe_joined joined)
{
    struct probe_observer **tail = &self->first;
    while (*tail)
        tail = &(*tail)->next;
    observer->next = NULL;
    observer->joined = joined;
    observer->group = self->clock->kernel->joining;
    *tail = observer;
    self->told = UINT8_MAX;
    self->late = self->clock->kernel->now > 0;
}

void probe_listen(struct probe *self, struct probe_observer *observer)
{
    join(self, observer, PROBE_LISTENER);
    self->listened = self->answered = true;
}

void probe_count(struct probe *self, struct probe_observer *observer)
{
    join(self, observer, PROBE_COUNTER);
    self->listened = true;
}

void probe_witness(struct probe *self, struct probe_observer *observer)
{
    join(self, observer, PROBE_WITNESS);
    self->followed = true;
    self->clock->kernel->observed++;
}

void probe_hear(struct probe *self, struct probe_observer *observer)
{
    join(self, observer, PROBE_HEARER);
    self->followed = true;
    self->clock->kernel->observed++;
    self->clock->kernel->literally++;
}

void probe_observe(struct probe *self, struct probe_observer *observer)
{
    probe_hear(self, observer);
    observer->joined = PROBE_OBSERVER;
    self->clock->kernel->unrounded++;
}

void probe_leave(struct probe *self, struct probe_observer *observer)
{
    struct kernel *kernel = self->clock->kernel;
    struct probe_observer **place = &self->first;
    while (*place && *place != observer)
        place = &(*place)->next;
    if (!*place)
        return;
    *place = observer->next;
    kernel->observed -= observer->joined > PROBE_LISTENER;
    kernel->literally -= observer->joined >= PROBE_HEARER;
    kernel->unrounded -= observer->joined == PROBE_OBSERVER;
    self->followed = self->listened = self->answered = false;
    for (const struct probe_observer *o = self->first; o; o = o->next) {
        self->followed |= o->joined > PROBE_LISTENER;
        self->listened |= o->joined <= PROBE_LISTENER;
        self->answered |= o->joined == PROBE_LISTENER;
    }
}

void probe_leave_all(struct probe *list, const void *group)
{
    for (struct probe *p = list; p; p = p->link)
        for (struct probe_observer *o = p->first, *next; o; o = next) {
            next = o->next;
            if (o->group == group)
                probe_leave(p, o);
        }
}

void probe_notify(const struct probe *self, sim_cycle now, const void *record)
{
    struct kernel *kernel = self->clock->kernel;
    kernel->told += self->listened;
    kernel->answered += self->answered;
    if (kernel->muted)
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
