/* SPDX-License-Identifier: BSD-2-Clause */
/* board: what a scenario is to a guest, and time. Accesses are in board_access.c. See board.h. */
#include "cosim/board.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cosim/board_internal.h"

/* Cycles after a write at the least, before a level that is still high is told again: the write has reached the output
 * of the interrupt by then. */
#define LOOK_CYCLES 4u

static uint64_t ns_of(uint64_t ps)
{
    return ps == DMASIM_NEVER ? BOARD_NEVER : ps / 1000 + (ps % 1000 != 0);
}

static uint64_t ps_of(uint64_t ns)
{
    return ns > UINT64_MAX / 1000 ? DMASIM_NEVER : ns * 1000;
}

/* ---- what there is --------------------------------------------------------------------------- */

static bool fail(struct dmasim_error *error, const char *format, const char *what)
{
    *error = (struct dmasim_error){.code = DMASIM_INVALID};
    snprintf(error->text, sizeof error->text, format, what);
    return false;
}

/* Components that a guest can see: with registers, but no memory. */
static bool visible(const struct dmasim_component *component)
{
    return component->bus && component->register_count > 0 && component->size_bytes > 0 &&
           (strcmp(component->section, "controllers") == 0 ||
            strcmp(component->section, "peripherals") == 0);
}

static bool add_function(struct board *self, const struct dmasim_component *component)
{
    /* dw_dmac_pci knows the DMA controller of a Medfield by this number, asks the registers for all else, and has INTA. */
    const bool native = !self->options.platform && strcmp(component->type, "snps,dw-dmac") == 0;
    if (self->function_count == BOARD_FUNCTIONS_MAX - 1)
        return false;
    struct board_function *function = &self->functions[self->function_count++];
    *function = (struct board_function){.kind = BOARD_COMPONENT,
                                        .base = component->base,
                                        .bytes = component->size_bytes,
                                        .period_ps = component->period_ps,
                                        .due_ns = BOARD_NEVER,
                                        .look_ns = BOARD_NEVER};
    snprintf(function->name, sizeof function->name, "%s", component->name);
    snprintf(function->bus, sizeof function->bus, "%s", component->bus);
    const uint64_t bytes = component->size_bytes;
    const struct pci_identity identity = {
        .vendor = native ? 0x8086 : PCI_VENDOR_DMASIM,
        .device = native ? 0x0827 : PCI_DEVICE_REGISTERS,
        .class_code = strcmp(component->section, "controllers") == 0 ? 0x080100 : 0x088000,
        .bytes = bytes < (1u << 24) ? (uint32_t)bytes : 1u << 24,
        .msix = !native,
        .base = component->base,
        .name = function->name};
    pci_init(&function->pci, &identity);
    return true;
}

static void add_control(struct board *self)
{
    const struct pci_identity identity = {.vendor = PCI_VENDOR_DMASIM,
                                          .device = PCI_DEVICE_CONTROL,
                                          .class_code = 0x088000,
                                          .bytes = 4096,
                                          .name = "dmasim"};
    struct board_function *function = &self->functions[self->function_count++];
    *function = (struct board_function){
        .kind = BOARD_CONTROL, .due_ns = BOARD_NEVER, .look_ns = BOARD_NEVER};
    snprintf(function->name, sizeof function->name, "dmasim");
    pci_init(&function->pci, &identity);
}

bool board_init(struct board *self, const struct board_options *options, struct dmasim_error *error)
{
    *self = (struct board){.options = *options};
    struct dmasim_options look = options->options;
    look.check_only = true;
    look.note = NULL;
    struct dmasim *sim = dmasim_create_from(options->plan, &look, error);
    if (!sim)
        return false;
    struct dmasim_component component;
    bool good = true;
    for (size_t i = 0; good && i < options->memory_count; i++) {
        const int code = dmasim_component_find(sim, options->memories[i], &component);
        if (code != DMASIM_OK || strcmp(component.section, "memories") != 0)
            good = fail(error, "no memory '%s' for the guest: --memory names one",
                        options->memories[i]);
    }
    for (size_t i = 0; good && dmasim_component(sim, i, &component) == DMASIM_OK; i++)
        if (visible(&component) && !add_function(self, &component))
            good =
                fail(error,
                     "more components with registers than the guest's bus has places, from '%s' on",
                     component.name);
    struct dmasim_register found;
    if (good && options->flip_register) {
        bool there = false;
        for (uint32_t i = 0; i < self->function_count; i++)
            there |= dmasim_register_find(sim, self->functions[i].name, options->flip_register,
                                          &found) == DMASIM_OK;
        if (!there)
            good = fail(error, "no register '%s' to flip a bit by", options->flip_register);
    }
    dmasim_destroy(sim);
    if (good && self->function_count == 0)
        good = fail(error, "no %s with registers is on a bus", "controller or peripheral");
    if (good)
        add_control(self);
    return good;
}

void board_free(struct board *self)
{
    dmasim_destroy(self->sim);
    guest_memory_unmap(&self->memory);
    free(self->posts);
    *self = (struct board){.sim = NULL};
}

/* ---- building -------------------------------------------------------------------------------- */

static void on_interrupt(void *context, const char *component, const char *output, bool level,
                         uint64_t at_ps)
{
    struct board *self = context;
    (void)output;
    for (uint32_t i = 0; i < self->function_count; i++) {
        struct board_function *function = &self->functions[i];
        if (function->kind != BOARD_COMPONENT || strcmp(function->name, component) != 0)
            continue;
        function->high += level ? 1 : (uint32_t)-1;
        if (function->level == (function->high > 0))
            return;
        function->level = level;
        if (level) {
            function->due_ns = ns_of(at_ps);
        } else {
            function->look_ns = BOARD_NEVER;
            if (!function->pci.msix) /* a message that is due is sent */
                function->due_ns = BOARD_NEVER;
        }
    }
}

#define OVERRIDES_MAX 512

bool board_build(struct board *self, const struct guest_memory *memory, struct dmasim_error *error)
{
    const struct board_options *options = &self->options;
    const char *texts[OVERRIDES_MAX];
    char added[2 * BOARD_FUNCTIONS_MAX][2 * BOARD_NAME];
    size_t count = 0;
    self->memory = *memory;
    for (; count < options->options.override_count && count < OVERRIDES_MAX; count++)
        texts[count] = options->options.overrides[count];
    for (size_t i = 0; i < options->memory_count && i < BOARD_FUNCTIONS_MAX; i++) {
        if (count + 2 > OVERRIDES_MAX)
            return fail(error, "too many %s", "overrides");
        snprintf(added[2 * i], sizeof added[0], "memories.%s.base=0x%llx", options->memories[i],
                 (unsigned long long)memory->base);
        snprintf(added[2 * i + 1], sizeof added[0], "memories.%s.size=%llu", options->memories[i],
                 (unsigned long long)memory->size);
        texts[count++] = added[2 * i];
        texts[count++] = added[2 * i + 1];
    }
    struct dmasim_options how = options->options;
    how.overrides = texts;
    how.override_count = count;
    how.stop_ps = DMASIM_NEVER;
    self->sim = dmasim_create_from(options->plan, &how, error);
    if (!self->sim)
        return false;
    if (dmasim_memory_back(self->sim, options->memories[0], memory->bytes, memory->size) !=
        DMASIM_OK)
        return fail(error,
                    "memory '%s' cannot hold the guest's bytes: it must have its own, and nothing "
                    "that the scenario fills in",
                    options->memories[0]);
    if (options->built && !options->built(options->context, self->sim))
        return fail(error, "%s", "ended");
    for (uint32_t i = 0; i < self->function_count; i++) {
        const struct dmasim_watch watch = {.component = self->functions[i].name,
                                           .stop = true,
                                           .callback = on_interrupt,
                                           .context = self};
        if (self->functions[i].kind == BOARD_COMPONENT)
            dmasim_watch_interrupt(self->sim, &watch); /* UNMAPPED: it has no interrupt */
    }
    return true;
}

/* ---- time ------------------------------------------------------------------------------------ */

/* The next time at which somebody is to be called. */
static uint64_t next_stop(const struct board *self)
{
    return self->stop < 2 && self->options.stops_ps[self->stop] ? self->options.stops_ps[self->stop]
                                                                : DMASIM_NEVER;
}

static void stops_reached(struct board *self)
{
    while (self->stop < 2 && next_stop(self) <= dmasim_now(self->sim)) {
        const unsigned index = self->stop++;
        if (self->options.stopped)
            self->options.stopped(self->options.context, index);
    }
}

/* To a time that nothing lies before. */
static void straight_to(struct board *self, uint64_t until_ps)
{
    while (next_stop(self) < until_ps) {
        if (next_stop(self) > dmasim_now(self->sim))
            dmasim_advance(self->sim, next_stop(self));
        stops_reached(self);
    }
    if (until_ps > dmasim_now(self->sim))
        dmasim_advance(self->sim, until_ps);
    stops_reached(self);
}

void board_model_to(struct board *self, uint64_t until_ps)
{
    if (!self->sim)
        return;
    while (self->post_count > 0 && self->posts[self->post_first].due_ps <= until_ps) {
        straight_to(self, self->posts[self->post_first].due_ps);
        board_post_done(self);
    }
    straight_to(self, until_ps);
}

void board_advance(struct board *self, uint64_t now_ns)
{
    board_model_to(self, ps_of(now_ns));
}

/* When the guest is to be told of an interrupt that it would take; BOARD_NEVER: nothing is due. */
static uint64_t due(const struct board *self)
{
    uint64_t first = BOARD_NEVER;
    for (uint32_t i = 0; i < self->function_count; i++) {
        const struct board_function *function = &self->functions[i];
        uint64_t at = function->due_ns < function->look_ns ? function->due_ns : function->look_ns;
        if (at < first && pci_interrupts(&function->pci))
            first = at;
    }
    return first;
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

uint64_t board_run(struct board *self, uint64_t now_ns, uint64_t limit_ns)
{
    enum dmasim_why why;
    while (self->sim) {
        const uint64_t now_ps = dmasim_now(self->sim);
        const uint64_t until_ns = smaller(limit_ns, due(self));
        uint64_t until_ps = ps_of(until_ns);
        if (until_ps <= now_ps) /* the model is ahead */
            return until_ns > now_ns ? until_ns : now_ns;
        if (self->post_count > 0)
            until_ps = smaller(until_ps, self->posts[self->post_first].due_ps);
        until_ps = smaller(until_ps, next_stop(self));
        if (until_ps > now_ps && dmasim_run(self->sim, until_ps, &why) != DMASIM_OK)
            return limit_ns;
        stops_reached(self);
        if (self->post_count > 0 && self->posts[self->post_first].due_ps <= dmasim_now(self->sim))
            board_post_done(self);
    }
    return limit_ns;
}

uint64_t board_horizon(const struct board *self, uint64_t now_ns)
{
    if (!self->sim)
        return BOARD_NEVER;
    uint64_t until = due(self);
    if (self->post_count > 0)
        until = smaller(until, ns_of(self->posts[self->post_first].due_ps));
    until = smaller(until, ns_of(self->options.strict ? dmasim_next(self->sim)
                                                      : dmasim_next_output(self->sim)));
    return until > now_ns ? until : now_ns;
}

bool board_quiet(const struct board *self)
{
    return !self->sim || (due(self) == BOARD_NEVER && self->post_count == 0 &&
                          dmasim_next(self->sim) == DMASIM_NEVER);
}

/* ---- interrupts ------------------------------------------------------------------------------ */

struct board_function *board_interrupt(struct board *self, uint64_t now_ns)
{
    for (uint32_t i = 0; i < self->function_count; i++) {
        struct board_function *function = &self->functions[i];
        if ((function->due_ns <= now_ns || function->look_ns <= now_ns) &&
            pci_interrupts(&function->pci))
            return function;
    }
    return NULL;
}

/* The fault: a bit of what was written last. */
static void flip(struct board *self, const struct board_function *function)
{
    struct dmasim_register found;
    uint32_t address = 0;
    if (dmasim_register_find(self->sim, function->name, self->options.flip_register, &found) !=
            DMASIM_OK ||
        dmasim_bus_read(self->sim, function->bus, found.address, &address, 4) != DMASIM_OK)
        return;
    uint8_t *byte = guest_memory_at(&self->memory, (uint64_t)address - 1, 1);
    if (byte)
        *byte ^= 1;
}

bool board_tell(struct board *self, struct board_function *function, uint64_t now_ns)
{
    function->repeated += function->due_ns > now_ns;
    function->due_ns = function->look_ns = BOARD_NEVER;
    const bool lost = ++self->interrupts == self->options.lose_interrupt;
    function->interrupts += !lost;
    if (!lost && self->options.flip_register)
        flip(self, function);
    board_note(self, &(struct board_note){.kind = lost ? BOARD_LOST : BOARD_INTERRUPT,
                                          .time_ps = ps_of(now_ns),
                                          .component = function->name});
    return !lost;
}

void board_retry(struct board_function *function, uint64_t now_ns)
{
    function->due_ns = now_ns + 1000;
}

void board_look(struct board *self, struct board_function *function, uint64_t at_ps)
{
    if (function->level && function->due_ns == BOARD_NEVER)
        function->look_ns = ns_of(at_ps + LOOK_CYCLES * function->period_ps);
    (void)self;
}
