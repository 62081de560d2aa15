/* SPDX-License-Identifier: BSD-2-Clause */
/* adi_hostile_run: a hostile plan, simulated in one way, and what came of it. */
#ifndef DMASIM_TESTS_ADI_HOSTILE_RUN_H
#define DMASIM_TESTS_ADI_HOSTILE_RUN_H

#include "adi_hostile.h"
#include "axi_watch.h"
#include "controllers/adi/adi_dmac_watch.h"
#include "referee/adi_case.h"

#define HOSTILE_PORTS 4

struct hostile_way {
    unsigned flags;  /* enum kernel_flags */
    bool general;    /* no lean form of the data path */
    bool observed;   /* no trains; events are hashed, ports watched */
    bool excursions; /* look ahead after each action, then back */
};

struct hostile_outcome {
    uint64_t hash, events;
    const char *fault; /* null: none */
    char rule[250];
    uint8_t memory[HOSTILE_MEMORY];
};

struct hostile_run {
    struct probe_observer observer;
    struct hostile_plan *plan;
    struct system system;
    struct hostile_outcome *out;
    struct axi_watch watches[HOSTILE_PORTS];
};

static inline void hostile_event(struct probe_observer *observer, const struct probe *probe,
                                 sim_cycle now, const void *record)
{
    struct hostile_outcome *out = ((struct hostile_run *)observer)->out;
    const struct rtl_event_record *event = record;
    uint64_t hash = hostile_mix(out->events, now);
    (void)probe;
    for (const char *c = event->event; *c; c++)
        hash = hostile_mix(hash, (uint8_t)*c);
    hash = hostile_mix(hostile_mix(hash, event->value), event->len);
    out->events = hostile_mix(hostile_mix(hash, event->last), event->valid_since);
}

static inline void hostile_observe(struct hostile_run *run)
{
    const struct axi_check_options options = {.cross_4kib = true};
    run->observer.notify = hostile_event;
    probe_observe(system_probe(&run->system, "rtl_event", NULL), &run->observer);
    for (unsigned i = 0; i < HOSTILE_PORTS; i++) {
        const struct axi_bus *bus =
            system_built(&run->system, &run->plan->wiring.buses[i])->instance;
        if (bus->master_count)
            axi_watch_port(&run->watches[i], bus->masters[0], &options);
    }
}

/* What the ports broke, if anything; the RTL's faults may. */
static inline void hostile_judge(struct hostile_run *run)
{
    struct hostile_outcome *out = run->out;
    for (unsigned i = 0; i < HOSTILE_PORTS; i++) {
        if (!run->watches[i].observer.notify)
            continue;
        const char *rule = axi_watch_end(&run->watches[i], run->plan->end + 1);
        if (rule && (i == 0 || run->plan->wiring.dmac.errata == ADI_NONE)) {
            snprintf(out->rule, sizeof out->rule, "%s", rule);
            out->fault = out->rule;
        }
        axi_watch_free(&run->watches[i]);
    }
}

static inline void hostile_perform(struct hostile_run *run, const struct hostile_action *action)
{
    struct adi_ports_case *wiring = &run->plan->wiring;
    uint64_t value = action->value;
    int code;
    if (action->kind == HOSTILE_STORE)
        code = axi_memory_type.access(system_built(&run->system, &wiring->stores[0]),
                                      action->address, action->size_bytes, true, &value);
    else
        code =
            adi_dmac_type.access(system_built(&run->system, &wiring->controller), action->address,
                                 action->size_bytes, action->kind == HOSTILE_WRITE, &value);
    if (code != DMASIM_OK)
        value = (uint64_t)code;
    run->out->hash = hostile_mix(run->out->hash, value);
}

/* Looks ahead, at registers and memory too, and goes back. */
static inline void hostile_excursion(struct hostile_run *run, sim_cycle cycles)
{
    struct kernel *kernel = &run->system.kernel;
    struct system_snapshot *snapshot = system_save(&run->system);
    if (!snapshot)
        abort();
    kernel->muted = true;
    kernel_advance(kernel, kernel->now + cycles * ADI_PORTS_PERIOD_PS, 0);
    store_bytes(system_built(&run->system, &run->plan->wiring.stores[0]), NULL);
    system_restore(&run->system, snapshot);
    system_snapshot_free(snapshot);
}

/* What software and the devices see at the end. */
static inline void hostile_collect(struct hostile_run *run)
{
    struct hostile_plan *plan = run->plan;
    struct adi_ports_case *wiring = &plan->wiring;
    struct hostile_outcome *out = run->out;
    const struct hostile_host *host = system_built(&run->system, &wiring->host)->instance;
    for (uint32_t offset = 0; offset < ADI_WINDOW_BYTES; offset += 4) {
        uint64_t value = 0;
        if (adi_dmac_type.access(system_built(&run->system, &wiring->controller), offset, 4, false,
                                 &value) == DMASIM_OK)
            out->hash = hostile_mix(out->hash, value);
    }
    const struct adi_counts *counts =
        adi_dmac_counts(system_built(&run->system, &wiring->controller));
    const uint64_t moved[] = {counts->completions, counts->responses, counts->sent,
                              counts->read,        counts->received,  host->hash};
    for (unsigned i = 0; i < 6; i++)
        out->hash = hostile_mix(out->hash, moved[i]);
    for (uint32_t i = 0; i < wiring->plan.counts[SECTION_PERIPHERALS]; i++) {
        const struct component *device = system_built(&run->system, &wiring->devices[i]);
        if (device->config == &wiring->sync)
            continue;
        const struct stream_counts flow = stream_counts(device);
        out->hash = hostile_mix(hostile_mix(out->hash, flow.beats), flow.lost);
    }
    memcpy(out->memory, store_bytes(system_built(&run->system, &wiring->stores[0]), NULL),
           HOSTILE_MEMORY);
    if (host->fault && (wiring->dmac.errata == ADI_NONE || !host->output))
        out->fault = host->fault;
    if (host->read.next < plan->host.reads.count || host->write.next < plan->host.writes.count)
        out->fault = "an access has no answer";
}

static inline void hostile_run(struct hostile_plan *plan, const struct hostile_way *way,
                               struct hostile_outcome *out)
{
    struct hostile_run run = {.plan = plan, .out = out};
    struct check check = {.fail = adi_case_fail};
    struct kernel *kernel = &run.system.kernel;
    out->hash = out->events = 0;
    out->fault = NULL;
    plan->wiring.dmac.general = way->general;
    if (system_create(&run.system, &plan->wiring.plan, way->flags, &check) != DMASIM_OK)
        abort();
    memcpy(store_bytes(system_built(&run.system, &plan->wiring.stores[0]), NULL), plan->memory,
           HOSTILE_MEMORY);
    if (way->observed)
        hostile_observe(&run);
    for (uint32_t i = 0; i < plan->action_count; i++) {
        const struct hostile_action *action = &plan->actions[i];
        if (action->cycle * ADI_PORTS_PERIOD_PS > kernel->now) {
            kernel_advance(kernel, action->cycle * ADI_PORTS_PERIOD_PS, 0);
            if (way->excursions)
                hostile_excursion(&run, 1 + i * 7 % 50);
        }
        hostile_perform(&run, action);
    }
    kernel_advance(kernel, plan->end * ADI_PORTS_PERIOD_PS, 0);
    hostile_collect(&run);
    hostile_judge(&run);
    system_free(&run.system);
}

/* False if a transfer wrote where it may not: all but the stores from outside is as it was. */
static inline bool hostile_fence_holds(const struct hostile_plan *plan,
                                       const struct hostile_outcome *out)
{
    if (!plan->fenced)
        return true;
    uint8_t expected[HOSTILE_FENCE];
    memcpy(expected, plan->memory, sizeof expected);
    for (uint32_t i = 0; i < plan->action_count; i++) {
        const struct hostile_action *action = &plan->actions[i];
        if (action->kind == HOSTILE_STORE)
            for (uint32_t k = 0; k < 4 && action->address + k < sizeof expected; k++)
                expected[action->address + k] = (uint8_t)(action->value >> 8 * k);
    }
    return memcmp(expected, out->memory, sizeof expected) == 0;
}

/* Null, or what is wrong with the model under this input; `thorough` takes three times as long. */
static inline const char *hostile_fault(const uint8_t *data, size_t size, bool thorough)
{
    static const struct hostile_way plain = {0};
    static const struct hostile_way others[] = {
        {.flags = KERNEL_EVERY_CYCLE},
        {.observed = true, .flags = KERNEL_REVERSED},
        {.observed = true, .flags = KERNEL_EVERY_CYCLE, .general = true},
        {.excursions = true, .flags = KERNEL_REVERSED},
    };
    static const char *const texts[] = {"every cycle", "observed, reversed", "general",
                                        "excursions"};
    struct hostile_outcome *out = malloc(2 * sizeof *out);
    struct hostile_plan *plan = hostile_decode(data, size);
    if (!out)
        abort();
    hostile_run(plan, &plain, &out[0]);
    static char text[320];
    const char *fault = out[0].fault;
    if (!fault && !hostile_fence_holds(plan, &out[0]))
        fault = "a transfer wrote where it may not";
    uint64_t events = 0;
    for (unsigned i = 0; !fault && i < (thorough ? 4 : 1); i++) {
        hostile_run(plan, &others[i], &out[1]);
        fault = out[1].fault;
        if (!fault && (out[0].hash != out[1].hash ||
                       memcmp(out[0].memory, out[1].memory, HOSTILE_MEMORY) != 0))
            fault = "what came of it differs";
        if (!fault && i == 2 && events != out[1].events)
            fault = "events differ";
        events = out[1].events;
        if (fault) {
            snprintf(text, sizeof text, "%s: %s", texts[i], fault);
            fault = text;
        }
    }
    free(plan);
    free(out);
    return fault;
}

#endif
