/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cache_snoop: coherent masters. Each of their bursts waits until its lines were looked up here, written back, or
 * dropped. Timing, and what is not modelled: cache.h.
 */
#include <string.h>

#include "host/cache/cache_internal.h"

/* A line as an entry, or on its way past the buffer. */
void cache_put_line(const struct cache *self, const struct cache_line *line,
                    struct cache_entry *entry)
{
    const uint32_t bytes = self->lines.bytes;
    const uint32_t beat = self->bus->beat_bytes < bytes ? self->bus->beat_bytes : bytes;
    entry->address = line->address;
    entry->beat_bytes = (uint8_t)beat;
    entry->beats = (uint16_t)(bytes / beat);
    memcpy(entry->data, cache_line_data(&self->lines, line), bytes);
}

/* Goes to the next line, or lets the burst through. */
static void snoop_on(struct cache *self, sim_cycle now)
{
    self->snooped += self->lines.bytes;
    if (self->snooped <= self->snooping->ask.last) {
        self->snoop_due = now + self->config->snoop_cycles;
        return;
    }
    self->snooping->opened = true;
    unit_wake(self->snooping->unit);
    self->snooping = NULL;
}

/* Begins with the next master that asks, if none is answered. */
static void snoop_next(struct cache *self, sim_cycle now)
{
    for (struct snoop_gate *gate = self->gates; gate && !self->snooping; gate = gate->next)
        if (gate->asked && !gate->opened) {
            self->snooping = gate;
            self->snooped = line_address(self, gate->ask.first);
            self->snoop_due = now + self->config->snoop_cycles;
        }
}

void cache_snoop(struct cache *self, sim_cycle now)
{
    snoop_next(self, now);
    if (!self->snooping || self->snoop_due > now || self->snoop_writes ||
        cache_under_way(self, self->snooped))
        return;
    struct cache_line *line = cache_lines_find(&self->lines, self->snooped);
    self->figures.snoops++;
    self->figures.snoop_hits += line != NULL;
    if (line && line->dirty) {
        cache_put_line(self, line, &self->snoop);
        self->snoop_writes = true;
        self->figures.snoop_write_backs++;
        return;
    }
    if (line && self->snooping->ask.write)
        line->valid = false;
    snoop_on(self, now);
    snoop_next(self, now);
}

void cache_take_snooped(struct cache *self, sim_cycle now)
{
    struct cache_line *line = cache_lines_find(&self->lines, self->snooped);
    self->figures.write_backs++;
    self->snoop_writes = false;
    if (line) {
        line->dirty = false;
        line->valid = !self->snooping->ask.write;
    }
    snoop_on(self, now);
}
