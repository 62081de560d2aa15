/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * probes: the public header's observers of probes, for whoever writes a trace of his own.
 *
 * Each is an observer as the writers of traces are: what it hears is stepped. Records are handed on as they are; a field is
 * taken out of one by the table of its probe.
 */
#include <stdlib.h>
#include <string.h>

#include "instance.h"

struct probe_watch {
    struct probe_observer observer; /* first */
    struct probe *probe;
    size_t index;
    dmasim_publish *callback;
    void *context;
    struct probe_watch *next;
};

/* What a struct dmasim_record stands in. */
struct published {
    struct dmasim_record record; /* first */
    const struct probe *probe;
    const void *bytes;
};

static void on_record(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                      const void *bytes)
{
    const struct probe_watch *watch = (const struct probe_watch *)observer;
    const struct published published = {
        .record = {.probe = watch->index, .cycle = now, .time_ps = clock_time(probe->clock, now)},
        .probe = probe,
        .bytes = bytes,
    };
    watch->callback(watch->context, &published.record);
}

int dmasim_watch_probe(struct dmasim *self, size_t index, dmasim_publish *callback, void *context)
{
    if (instance_busy(self))
        return DMASIM_BUSY;
    struct probe *probe = self->system.probes;
    for (size_t i = 0; probe && i < index; i++)
        probe = probe->link;
    if (!probe)
        return DMASIM_UNMAPPED;
    if (!callback)
        return DMASIM_INVALID;
    if (self->system.kernel.now > 0)
        return DMASIM_PAST;
    struct probe_watch *watch = calloc(1, sizeof *watch);
    if (!watch)
        return DMASIM_MEMORY;
    *watch = (struct probe_watch){.observer.notify = on_record,
                                  .probe = probe,
                                  .index = index,
                                  .callback = callback,
                                  .context = context,
                                  .next = self->watches};
    self->watches = watch;
    probe_observe(probe, &watch->observer);
    return DMASIM_OK;
}

void probes_free(struct dmasim *self)
{
    for (struct probe_watch *watch = self->watches, *next; watch; watch = next) {
        next = watch->next;
        free(watch);
    }
}

int dmasim_record_field(const struct dmasim_record *record, size_t index, void *to, size_t length)
{
    const struct published *published = (const struct published *)record;
    const struct probe_type *type = published->probe->type;
    if (index >= type->field_count)
        return DMASIM_UNMAPPED;
    const struct probe_field *field = &type->fields[index];
    const size_t bytes = (field->width_bits + 7u) / 8;
    uint8_t *out = to;
    if (bytes == 0)
        return DMASIM_UNMAPPED;
    if (length < bytes)
        return DMASIM_LIMIT;
    memset(out, 0, length);
    if (field->size_bytes > 8) {
        memcpy(out, (const uint8_t *)published->bytes + field->offset, bytes);
        if (field->width_bits % 8)
            out[bytes - 1] &= (uint8_t)((1u << field->width_bits % 8) - 1);
        return DMASIM_OK;
    }
    const uint64_t value = probe_value(field, published->bytes);
    for (size_t i = 0; i < bytes && i < sizeof value; i++)
        out[i] = (uint8_t)(value >> 8 * i);
    return DMASIM_OK;
}
