/* SPDX-License-Identifier: BSD-2-Clause */
#include "metrics.h"
#include "kernel/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const group_names[COUNTER_GROUPS] = {
    [COUNTERS_BUS] = "bus",
    [COUNTERS_BEATS] = "bus",
    [COUNTERS_CONTROLLER] = "controller",
    [COUNTERS_CPU] = "cpu",
    [COUNTERS_FIFO] = "fifo",
    [COUNTERS_MEMORY] = "memory",
    [COUNTERS_INTERRUPT] = "interrupt",
    [COUNTERS_ERRATUM] = "controller",
};

/* ---- marks ----------------------------------------------------------------------------------- */

struct metric_mark {
    size_t count;
    struct kept {
        const struct component *component;
        uint32_t index;
        uint64_t values[COUNTER_VALUES];
    } parts[];
};

/* Fills the first `room` parts; how many there are. */
static size_t keep(const struct system *system, sim_time now, struct kept *parts, size_t room)
{
    size_t count = 0;
    for (int section = 0; system->plan && section < SECTION_COUNT; section++)
        for (uint32_t i = 0; i < system->plan->counts[section]; i++) {
            const struct component *component = &system->plan->components[section][i];
            struct counter_part part;
            for (uint32_t index = 0; component->type->counters &&
                                     component->type->counters(component, index, now, &part);
                 index++, count++) {
                if (count >= room)
                    continue;
                parts[count] = (struct kept){.component = component, .index = part.id};
                memcpy(parts[count].values, part.values, sizeof part.values);
            }
        }
    return count;
}

struct metric_mark *metric_mark(const struct system *system, sim_time now)
{
    const size_t count = keep(system, now, NULL, 0);
    struct metric_mark *self = malloc(sizeof *self + count * sizeof *self->parts);
    if (!self)
        return NULL;
    self->count = keep(system, now, self->parts, count);
    return self;
}

void metric_mark_free(struct metric_mark *mark)
{
    free(mark);
}

static uint64_t kept_value(const struct metric_mark *mark, const struct metric_walk *walk,
                           size_t offset)
{
    for (size_t i = 0; mark && i < mark->count; i++)
        if (mark->parts[i].component == walk->of && mark->parts[i].index == walk->part.id)
            return mark->parts[i].values[offset / sizeof(uint64_t)];
    return 0;
}

/* ---- walking --------------------------------------------------------------------------------- */

_Static_assert(COUNTER_GROUPS <= 8, "a bit for each in `groups`");

static bool may_have(const struct metric_walk *walk)
{
    return walk->of->type->counters && (!walk->learnt || walk->seen >= METRIC_COMPONENTS ||
                                        walk->groups[walk->seen] >> walk->group & 1);
}

bool metric_part_next(const struct system *system, struct metric_walk *walk)
{
    const struct plan *plan = system->plan;
    if (!plan)
        return false;
    for (; walk->group < COUNTER_GROUPS;
         walk->group++, walk->section = walk->seen = 0, walk->learnt = true) {
        for (; walk->section < SECTION_COUNT; walk->section++, walk->component = 0) {
            for (; walk->component < plan->counts[walk->section];
                 walk->component++, walk->seen++, walk->index = 0) {
                walk->of = &plan->components[walk->section][walk->component];
                while (may_have(walk) &&
                       walk->of->type->counters(walk->of, walk->index, walk->now, &walk->part)) {
                    walk->index++;
                    if (walk->seen < METRIC_COMPONENTS)
                        walk->groups[walk->seen] |= (uint8_t)(1u << walk->part.group);
                    if (walk->part.group == walk->group && !walk->part.hidden)
                        return true;
                }
            }
        }
    }
    return false;
}

/* The rest of a name that begins with `word` and a full stop; null if it does not. */
static const char *behind(const char *name, const char *word)
{
    const size_t length = strlen(word);
    return strncmp(name, word, length) == 0 && name[length] == '.' ? name + length + 1 : NULL;
}

/* The row of the walk's part that `name` is; false if it is none of them. */
static bool find_in_part(const struct metric_walk *walk, const char *name, struct metric *metric)
{
    const struct counter_part *part = &walk->part;
    for (int i = 0; i < 2 && part->sub[i] && name; i++)
        name = behind(name, part->sub[i]);
    if (!name || part->hidden)
        return false;
    for (uint32_t row = 0; part->table[row].name; row++)
        if (strcmp(part->table[row].name, name) == 0)
            return metric_of_part(walk, row, metric);
    return false;
}

bool metric_find(const struct system *system, sim_time now, const char *name,
                 struct metric_walk *walk, struct metric *metric)
{
    const struct plan *plan = system->plan;
    const char *rest = strchr(name, '.');
    *walk = (struct metric_walk){.now = now};
    for (int section = 0; plan && rest && section < SECTION_COUNT; section++)
        for (uint32_t i = 0; i < plan->counts[section]; i++) {
            walk->of = &plan->components[section][i];
            const char *figure = behind(rest + 1, walk->of->name);
            for (uint32_t index = 0; figure && walk->of->type->counters &&
                                     walk->of->type->counters(walk->of, index, now, &walk->part);
                 index++)
                if (behind(name, group_names[walk->part.group]) == rest + 1 &&
                    find_in_part(walk, figure, metric))
                    return true;
        }
    return false;
}

static uint64_t grown(const struct metric_walk *walk, const struct counter *counter, size_t offset)
{
    const uint64_t value = walk->part.values[offset / sizeof(uint64_t)];
    return counter->steady ? value : value - kept_value(walk->from, walk, offset);
}

bool metric_of_part(const struct metric_walk *walk, uint32_t row, struct metric *metric)
{
    const struct counter *counter = &walk->part.table[row];
    if (!counter->name)
        return false;
    *metric = (struct metric){
        .component = walk->of,
        .part = &walk->part,
        .counter = counter,
        .unit = counter->unit,
        .doc = counter->doc,
        .value = grown(walk, counter, counter->value),
        .scale = counter->scale ? counter->scale : 1,
        .over = counter->parts   ? counter->parts
                : counter->scale ? grown(walk, counter, counter->over)
                                 : 1,
        .decimals = counter->decimals,
    };
    return true;
}

bool metric_next(const struct system *system, struct metric_walk *walk, struct metric *metric)
{
    while (!walk->inside || !metric_of_part(walk, walk->row, metric)) {
        walk->inside = metric_part_next(system, walk);
        walk->row = 0;
        if (!walk->inside)
            return false;
    }
    walk->row++;
    return true;
}

uint64_t metric_value(const struct metric_walk *walk, const char *name)
{
    struct metric metric;
    for (uint32_t row = 0; metric_of_part(walk, row, &metric); row++)
        if (strcmp(metric.counter->name, name) == 0)
            return metric.value;
    return 0;
}

size_t metric_name(const struct metric *metric, char *text, size_t size)
{
    const char *const parts[] = {group_names[metric->part->group], metric->component->name,
                                 metric->part->sub[0], metric->part->sub[1], metric->counter->name};
    size_t length = 0;
    for (size_t i = 0; i < COUNT(parts); i++) {
        for (const char *at = parts[i]; at && *at; at++, length++)
            if (length + 1 < size)
                text[length] = *at;
        const bool more = i + 1 < COUNT(parts);
        if (parts[i] && more) {
            if (length + 1 < size)
                text[length] = '.';
            length++;
        }
    }
    if (size)
        text[length < size ? length : size - 1] = '\0';
    return length;
}

void metric_pattern(const struct metric *metric, char *text, size_t size)
{
    const struct counter_part *part = metric->part;
    const char *group = group_names[part->group];
    const char *of = part->group == COUNTERS_INTERRUPT ? "component" : group;
    char own[64]; /* of a CPU: what it has, and of which memory or what kind */
    snprintf(own, sizeof own, ".%s%s", part->sub[0] ? part->sub[0] : "",
             !part->sub[1]                        ? ""
             : strcmp(part->sub[0], "cache") == 0 ? ".<memory>"
                                                  : ".faults");
    const char *sub = part->group == COUNTERS_CPU && part->sub[0] ? own
                      : part->sub[1]                              ? ".master.<master>"
                      : part->group == COUNTERS_ERRATUM           ? ".erratum_<n>"
                                                                  : "";
    snprintf(text, size, "%s.<%s>%s.%s", group, of, sub, metric->counter->name);
}
