/* SPDX-License-Identifier: BSD-2-Clause */
/* A controller alone, its commands and completions written down. */
#ifndef DMASIM_TESTS_DRAM_BENCH_H
#define DMASIM_TESTS_DRAM_BENCH_H

#include "memory/dram/dram.h"
#include "suite.h"

#include <stdlib.h>
#include <string.h>

#include "kernel/random.h"

enum { BENCH_LOG = 1 << 16 };

struct bench_command {
    sim_cycle cycle;
    struct dram_event event;
};

struct bench {
    struct dram dram;
    struct arena arena;
    struct bench_command commands[BENCH_LOG];
    uint32_t command_count;
    sim_cycle completed[BENCH_LOG]; /* by tag; 0: not yet */
    uint32_t complete_count;
    sim_cycle now;
};

static inline void bench_completed(void *instance, sim_cycle now, uint64_t tag, bool write)
{
    struct bench *self = instance;
    (void)write;
    if (tag >= BENCH_LOG || self->completed[tag])
        ck_abort_msg("request %d is complete twice", (int)tag);
    self->completed[tag] = now;
    self->complete_count++;
}

static inline void bench_command(void *instance, sim_cycle now, const struct dram_event *event)
{
    struct bench *self = instance;
    if (self->command_count == BENCH_LOG)
        ck_abort_msg("too many commands");
    self->commands[self->command_count++] = (struct bench_command){now, *event};
}

static inline const struct dram_preset *bench_preset(const char *name)
{
    const struct dram_preset *preset = dram_presets;
    while (preset->name && strcmp(preset->name, name) != 0)
        preset++;
    ck_assert_ptr_nonnull(preset->name);
    return preset;
}

static inline struct bench *bench_new(const struct dram_config *config)
{
    int timing;
    struct bench *self = calloc(1, sizeof *self);
    ck_assert_ptr_null(dram_refused(config, &timing));
    const struct dram_owner owner = {
        .self = self, .completed = bench_completed, .command = bench_command};
    ck_assert(dram_init(&self->dram, config, &owner, &self->arena));
    return self;
}

static inline void bench_free(struct bench *self)
{
    arena_free(&self->arena);
    free(self);
}

/* Every cycle up to and including `until`. */
static inline void bench_run(struct bench *self, sim_cycle until)
{
    while (self->now < until)
        dram_tick(&self->dram, ++self->now);
}

/* Offers in the next cycle and ends it. */
static inline enum dram_answer bench_offer(struct bench *self, uint64_t address, bool write,
                                           uint64_t tag)
{
    const enum dram_answer answer = dram_offer(&self->dram, ++self->now, address, write, tag);
    dram_tick(&self->dram, self->now);
    return answer;
}

/* Cycle of the index-th command of a kind; 0 if there is none. */
static inline sim_cycle bench_when(const struct bench *self, unsigned command, unsigned index)
{
    for (uint32_t i = 0; i < self->command_count; i++)
        if (self->commands[i].event.command == command && index-- == 0)
            return self->commands[i].cycle;
    return 0;
}

#endif
