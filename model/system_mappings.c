/* SPDX-License-Identifier: BSD-2-Clause */
#include "system_mappings.h"

#include <stdlib.h>
#include <string.h>

#include "bus/records.h"
#include "host/cpu/cpu.h"

struct mapping_watch {
    struct probe_observer observer;
    struct cpu *cpu;
    uint16_t device;
};

static void hear(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                 const void *record)
{
    const struct mapping_watch *self = (const struct mapping_watch *)observer;
    (void)probe;
    (void)now;
    cpu_mappings_hear(self->cpu, self->device, record);
}

/* The CPU whose drivers run a controller and whose mappings are watched; null: there is none. */
static struct cpu *watching(const struct plan *plan, const struct component *controller)
{
    const uint16_t index = cpu_mappings_of(plan, controller);
    if (index == UINT16_MAX)
        return NULL;
    struct cpu *cpu = cpu_of(&plan->components[SECTION_CPUS][index]);
    return cpu->mappings && cpu->mappings->config->watch ? cpu : NULL;
}

/* The controller that publishes a probe of beats; null: it is another probe. */
static const struct component *publisher(const struct plan *plan, const struct probe *probe)
{
    for (uint32_t i = 0;
         probe->type == &dma_beat_probe_type && i < plan->counts[SECTION_CONTROLLERS]; i++)
        if (strcmp(plan->components[SECTION_CONTROLLERS][i].name, probe->name) == 0)
            return &plan->components[SECTION_CONTROLLERS][i];
    return NULL;
}

static void advise(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                   const void *published)
{
    const struct mapping_watch *self = (const struct mapping_watch *)observer;
    const struct stale_record *record = published;
    (void)probe;
    (void)now;
    if (strcmp(record->cache, self->cpu->name) == 0)
        cpu_mappings_advise(self->cpu, record);
}

/* Each memory's stale reads, for each CPU that follows mappings. */
static size_t watch_stale(const struct system *self, struct mapping_watch *watches)
{
    const struct plan *plan = self->plan;
    size_t count = 0;
    for (struct probe *p = self->probes; p; p = p->link)
        for (uint32_t i = 0; p->type == &stale_probe_type && i < plan->counts[SECTION_CPUS]; i++) {
            struct cpu *cpu = cpu_of(&plan->components[SECTION_CPUS][i]);
            if (!cpu->mappings)
                continue;
            if (watches) {
                watches[count] = (struct mapping_watch){.observer.notify = advise, .cpu = cpu};
                probe_observe(p, &watches[count].observer);
            }
            count++;
        }
    return count;
}

int system_watch_mappings(struct system *self)
{
    const struct plan *plan = self->plan;
    const struct component *one;
    size_t count = watch_stale(self, NULL);
    for (const struct probe *p = self->probes; p; p = p->link)
        count += (one = publisher(plan, p)) && watching(plan, one);
    if (!count)
        return DMASIM_OK;
    self->watches = calloc(count, sizeof *self->watches);
    if (!self->watches)
        return DMASIM_MEMORY;
    count = watch_stale(self, self->watches);
    for (struct probe *p = self->probes; p; p = p->link) {
        one = publisher(plan, p);
        if (!one || !watching(plan, one))
            continue;
        struct mapping_watch *watch = &self->watches[count++];
        watch->observer.notify = hear;
        watch->cpu = watching(plan, one);
        watch->device = (uint16_t)(one - plan->components[SECTION_CONTROLLERS]);
        probe_observe(p, &watch->observer);
    }
    return DMASIM_OK;
}
