/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * causes: at every edge asks units, before it, what their channels do, and buses, after it, what they were used for.
 *
 *   before    each channel: at work? which masters work for it? why not?      (struct cause_wait)
 *   after     each bus: its cause; if nobody asked for it, the first reason of those that have a master there
 *             each transfer under way: the cause of its channel's masters; if none asks, the channel's reason;
 *             of a channel that is not at work, CAUSE_CPU: its driver has the transfer
 *
 *             each program under way: that of its CPU's access, if there is one and it is the program's; else CAUSE_CPU
 *
 * Which transfers are under way is looked up only when a CPU's thread has begun or ended one.
 */
#include "trace/causes/causes_state.h"

#include <stdlib.h>
#include <string.h>

#include "bus/records.h"
#include "kernel/base.h"

#define CHANNELS_MAX 64

/* ---- accounts -------------------------------------------------------------------------------- */

static struct named *named_of(struct trace_causes *all, struct account *self,
                              const struct cause *cause)
{
    for (uint32_t i = 0; i < self->named_count; i++) {
        struct named *one = &self->named[i];
        if (one->kind == cause->kind &&
            (one->who == cause->who || strcmp(one->who, cause->who) == 0))
            return one;
    }
    if (self->named_count == self->named_room) {
        const uint32_t room = self->named_room ? 2 * self->named_room : 8;
        struct named *named = realloc(self->named, room * sizeof *named);
        if (!named) {
            all->failed = true;
            return NULL;
        }
        self->named = named;
        self->named_room = room;
    }
    self->named[self->named_count] = (struct named){cause->kind, cause->who, 0};
    return &self->named[self->named_count++];
}

static void count(struct trace_causes *all, struct account *self, const struct cause *cause)
{
    if (!cause->who) {
        self->kinds[cause->kind]++;
        return;
    }
    struct named *named = named_of(all, self, cause);
    if (named)
        named->cycles++;
}

/* ---- one edge -------------------------------------------------------------------------------- */

static bool any_edge(const struct trace_causes *self, const struct clock *clock)
{
    return clock->time == self->system->kernel.now;
}

static const struct waiter *waiter_of(const struct trace_causes *self,
                                      const struct transfer_record *record)
{
    for (uint32_t i = 0; record->controller && i < self->waiter_count; i++) {
        const struct waiter *one = &self->waiters[i];
        if (one->channel == record->channel &&
            strcmp(one->component->name, record->controller) == 0)
            return one;
    }
    return NULL;
}

static void find_live(struct trace_causes *self)
{
    self->live_count = 0;
    for (uint32_t i = 0; i < self->entry_count; i++) {
        struct entry *entry = &self->entries[i];
        struct transfer_record record;
        if (!entry->component->type->unended(entry->component, 0, &record))
            continue;
        entry->waiter = waiter_of(self, &record);
        entry->clock = entry->waiter ? entry->waiter->component->clock : entry->component->clock;
        self->failed |= !entry_round(entry, record.submit_ps);
        self->live[self->live_count++] = entry;
    }
}

static uint64_t rounds(const struct system *system)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < system->plan->counts[SECTION_CPUS]; i++)
        sum += cpu_of(&system->plan->components[SECTION_CPUS][i])->rounds;
    return sum;
}

/* What a program's access does in this cycle. */
static void program_does(struct entry *self)
{
    const struct cpu_task *task = &self->program->task;
    const struct cpu *cpu = task->cpu;
    self->own = (struct cause_wait){.active = true, .reason = CAUSE_CPU};
    if (self->bus && cpu->owner == task && cpu->port->busy) {
        const bool second = cpu->access.write && self->bus->path_count > 1;
        cause_uses(&self->own, self->bus->component->instance, second, self->master, false);
    }
}

static void before(struct kernel_sampler *sampler)
{
    struct trace_causes *self = (struct trace_causes *)sampler;
    if (self->system->kernel.muted)
        return;
    const uint64_t now_rounds = rounds(self->system);
    if (now_rounds != self->rounds) {
        self->rounds = now_rounds;
        find_live(self);
    }
    for (uint32_t i = 0; i < self->live_count; i++)
        if (self->live[i]->program)
            program_does(self->live[i]);
    for (uint32_t i = 0; i < self->bus_count; i++) {
        memset(self->buses[i].cycle.fetching, 0, sizeof self->buses[i].cycle.fetching);
        self->buses[i].cycle.limited = 0;
    }
    for (uint32_t i = 0; i < self->waiter_count; i++) {
        struct waiter *waiter = &self->waiters[i];
        waiter->component->type->does(waiter->component, waiter->channel, &waiter->wait);
        for (uint32_t k = 0; k < waiter->wait.use_count; k++) {
            const struct cause_use *use = &waiter->wait.uses[k];
            struct bus *bus = self->buses;
            while (bus->component->instance != use->bus)
                bus++;
            const uint32_t bit = UINT32_C(1) << use->master;
            bus->cycle.fetching[use->path] |= use->fetches ? bit : 0;
            bus->cycle.limited |= use->limited ? bit : 0;
        }
    }
    for (uint32_t i = 0; i < self->bus_count; i++)
        if (self->buses[i].hooks->before)
            self->buses[i].hooks->before(self->buses[i].component, &self->buses[i].cycle);
}

/* Why nobody asks for a path of a bus: the first of what those wait for that could. */
static struct cause reason(const struct trace_causes *self, const struct bus *bus, uint32_t path)
{
    uint8_t kind = self->served ? CAUSE_CPU : CAUSE_NOTHING;
    for (uint32_t i = 0; i < self->waiter_count; i++) {
        const struct waiter *waiter = &self->waiters[i];
        if (!waiter->wait.active || !(waiter->buses >> (bus - self->buses) & 1))
            continue;
        uint8_t own = waiter->wait.elsewhere;
        for (uint32_t k = 0; k < waiter->wait.use_count; k++) {
            const struct cause_use *use = &waiter->wait.uses[k];
            if (use->bus == bus->component->instance && use->path == path)
                own = use->idle;
        }
        kind = own < kind ? own : kind;
    }
    return (struct cause){.kind = kind};
}

static void count_bus(struct trace_causes *self, struct bus *bus)
{
    const sim_cycle now = bus->component->clock->cycle;
    if (bus->hooks->settle)
        bus->hooks->settle(bus->component, &bus->cycle, now);
    for (uint32_t path = 0; path < bus->path_count; path++) {
        struct cause cause = bus->hooks->cause(bus->component, &bus->cycle, now, path, CAUSE_WHOLE);
        if (cause.kind == CAUSE_UNASKED)
            cause = reason(self, bus, path);
        count(self, &bus->accounts[path], &cause);
    }
}

/* Of a channel at work: a beat of any of its masters; else what the first of them waits for; a FIFO that holds one up
 * only if that is all. */
static struct cause cause_of(const struct trace_causes *self, const struct cause_wait *wait)
{
    struct cause found = {.kind = CAUSE_UNASKED}, fifo = found;
    for (uint32_t k = 0; k < wait->use_count; k++) {
        const struct cause_use *use = &wait->uses[k];
        const struct bus *bus = self->buses;
        while (bus->component->instance != use->bus)
            bus++;
        const struct cause one = bus->hooks->cause(
            bus->component, &bus->cycle, bus->component->clock->cycle, use->path, use->master);
        if (one.kind < CAUSE_ADDRESS && (found.kind >= CAUSE_ADDRESS || one.kind < found.kind))
            found = one;
        if (one.kind == CAUSE_FIFO)
            fifo = one;
        else if (found.kind == CAUSE_UNASKED)
            found = one;
    }
    if (wait->moves && found.kind >= CAUSE_ADDRESS)
        found = (struct cause){.kind = CAUSE_DATA};
    if (found.kind == CAUSE_UNASKED)
        found = fifo;
    return found.kind == CAUSE_UNASKED ? (struct cause){.kind = wait->reason} : found;
}

static void after(struct kernel_sampler *sampler)
{
    struct trace_causes *self = (struct trace_causes *)sampler;
    if (self->system->kernel.muted)
        return;
    self->served = false;
    for (uint32_t i = 0; i < self->live_count; i++)
        self->served |= self->live[i]->waiter && !self->live[i]->waiter->wait.active;
    for (uint32_t i = 0; i < self->bus_count; i++)
        if (any_edge(self, self->buses[i].component->clock))
            count_bus(self, &self->buses[i]);
    for (uint32_t i = 0; i < self->live_count; i++) {
        struct entry *entry = self->live[i];
        struct cause cause = {.kind = CAUSE_CPU};
        if (!any_edge(self, entry->clock))
            continue;
        if (entry->program)
            cause = cause_of(self, &entry->own);
        else if (entry->waiter && entry->waiter->wait.active)
            cause = cause_of(self, &entry->waiter->wait);
        count(self, &entry->account, &cause);
        if (entry_now(entry))
            count(self, &entry_now(entry)->account, &cause);
    }
    for (uint32_t i = 0; self->free_count && i < self->waiter_count; i++) {
        struct waiter *waiter = &self->waiters[i];
        if (!waiter->free || !waiter->wait.active || !any_edge(self, waiter->component->clock))
            continue;
        const struct cause cause = cause_of(self, &waiter->wait);
        count(self, &waiter->free->account, &cause);
    }
}

/* ---- opening and closing --------------------------------------------------------------------- */

/* Of the masters of a bus, one is called as the component, or so and ".m1". */
static bool has_master(const struct bus *bus, const struct component *component)
{
    const size_t length = strlen(component->name);
    const char *name;
    for (uint32_t i = 0; (name = bus->hooks->master(bus->component, i)); i++)
        if (strncmp(name, component->name, length) == 0 && (name[length] == '.' || !name[length]))
            return true;
    return false;
}

static bool open_bus(struct trace_causes *self, const struct component *component)
{
    struct bus *bus = &self->buses[self->bus_count++];
    const struct plan *plan = self->system->plan;
    const char *name;
    *bus = (struct bus){.component = component, .hooks = component->type->causes};
    while (bus->path_count < CAUSE_PATHS && bus->hooks->paths[bus->path_count])
        bus->path_count++;
    for (uint32_t i = 0; (name = bus->hooks->slave(component, i)); i++) {
        const struct cause wait = {CAUSE_WAIT, name};
        for (uint32_t path = 0; path < bus->path_count; path++)
            named_of(self, &bus->accounts[path], &wait);
        for (uint32_t k = 0; k < plan->counts[SECTION_CONTROLLERS]; k++)
            if (strcmp(plan->components[SECTION_CONTROLLERS][k].name, name) == 0)
                bus->cycle.registers |= UINT32_C(1) << i;
    }
    return !self->failed;
}

static void open_waiters(struct trace_causes *self, const struct component *component)
{
    struct cause_wait wait;
    uint64_t buses = 0;
    for (uint32_t i = 0; i < self->bus_count; i++)
        buses |= (uint64_t)has_master(&self->buses[i], component) << i;
    struct free_controller *own = NULL;
    if (component->type->section == SECTION_CONTROLLERS && !component->driven) {
        own = &self->free[self->free_count++];
        own->component = component;
    }
    for (uint32_t channel = 0;
         channel < CHANNELS_MAX && component->type->does(component, channel, &wait); channel++)
        self->waiters[self->waiter_count++] = (struct waiter){
            .component = component, .channel = channel, .buses = buses, .free = own};
}

static bool watched_bus(const struct component *component)
{
    return component->type->causes != NULL;
}

static bool told(const struct component *component)
{
    return component->type->does != NULL;
}

static bool is_entry(const struct component *component)
{
    return component->type->unended && component->type->section == SECTION_WORK;
}

static void open_entry(struct trace_causes *self, const struct component *component)
{
    struct entry *entry = &self->entries[self->entry_count++];
    entry->component = component;
    if (component->type->call)
        return;
    entry->program = component->instance;
    for (uint32_t i = 0; i < self->bus_count && !entry->bus; i++) {
        const struct bus *bus = &self->buses[i];
        const char *name;
        for (uint32_t k = 0; (name = bus->hooks->master(bus->component, k)); k++)
            if (strcmp(name, entry->program->task.cpu->name) == 0) {
                entry->bus = bus;
                entry->master = k;
            }
    }
}

static uint32_t count_if(const struct system *system, bool (*holds)(const struct component *))
{
    uint32_t found = 0;
    for (int section = 0; section < SECTION_COUNT; section++)
        for (uint32_t i = 0; i < system->plan->counts[section]; i++)
            found += holds(&system->plan->components[section][i]);
    return found;
}

static bool open_all(struct trace_causes *self)
{
    const struct plan *plan = self->system->plan;
    const uint32_t tellers = count_if(self->system, told);
    const uint32_t entries = count_if(self->system, is_entry);
    /* One more, so that none is empty. */
    self->buses = calloc(count_if(self->system, watched_bus) + 1, sizeof *self->buses);
    self->waiters = calloc((size_t)tellers * CHANNELS_MAX + 1, sizeof *self->waiters);
    self->free = calloc(tellers + 1, sizeof *self->free);
    self->entries = calloc(entries + 1, sizeof *self->entries);
    self->live = calloc(entries + 1, sizeof(*self->live));
    if (!self->buses || !self->waiters || !self->free || !self->entries || !self->live)
        return false;
    for (int section = 0; section < SECTION_COUNT; section++)
        for (uint32_t i = 0; i < plan->counts[section]; i++) {
            const struct component *component = &plan->components[section][i];
            if (watched_bus(component) && !open_bus(self, component))
                return false;
            if (told(component))
                open_waiters(self, component);
            if (is_entry(component)) /* behind all buses, as sections are in order */
                open_entry(self, component);
        }
    return true;
}

struct trace_causes *trace_causes_open(const struct system *system, struct dmasim_error *error)
{
    for (const struct clock *c = system->kernel.clocks; c; c = c->link)
        if (c->time != SIM_NEVER) {
            trace_error(error, DMASIM_PAST, NULL, "causes are counted from the first edge on");
            return NULL;
        }
    if (system->kernel.sampler) {
        trace_error(error, DMASIM_INVALID, NULL, "causes are counted by another trace");
        return NULL;
    }
    struct trace_causes *self = calloc(1, sizeof *self);
    if (self)
        *self = (struct trace_causes){.sampler = {before, after}, .system = system};
    if (!self || !open_all(self)) {
        trace_causes_free(self);
        trace_error(error, DMASIM_MEMORY, NULL, "out of memory");
        return NULL;
    }
    if (system->kernel.clocks)
        kernel_sample(system->kernel.clocks->kernel, &self->sampler);
    return self;
}

static void leave(struct trace_causes *self)
{
    if (self->system && self->system->kernel.sampler == &self->sampler)
        kernel_sample(self->system->kernel.clocks->kernel, NULL);
    self->system = NULL;
}

int trace_causes_close(struct trace_causes *self, struct dmasim_error *error)
{
    leave(self);
    return self->failed ? trace_error(error, DMASIM_MEMORY, NULL, "out of memory") : DMASIM_OK;
}

void trace_causes_free(struct trace_causes *self)
{
    if (!self)
        return;
    leave(self);
    for (uint32_t i = 0; i < self->bus_count; i++)
        for (uint32_t path = 0; path < CAUSE_PATHS; path++)
            account_free(&self->buses[i].accounts[path]);
    for (uint32_t i = 0; i < self->entry_count; i++) {
        for (uint32_t r = 0; r < self->entries[i].round_count; r++)
            account_free(&self->entries[i].rounds[r].account);
        free(self->entries[i].rounds);
        account_free(&self->entries[i].account);
    }
    for (uint32_t i = 0; i < self->free_count; i++)
        account_free(&self->free[i].account);
    free(self->free);
    free(self->buses);
    free(self->waiters);
    free(self->entries);
    free(self->live);
    free(self);
}
