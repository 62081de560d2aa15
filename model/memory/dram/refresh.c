/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The maintenance queue: refreshes, each in its cycle, and precharges that a cap forces; first in, first out.
 *
 * All banks of a rank, every REFI cycles, all ranks in one cycle or `scatter` cycles after each other; or one bank after the
 * other, every REFIPB. None is postponed, pulled in or skipped.
 */
#include "memory/dram/internal.h"

void dram_refresh_init(struct dram_channel *self)
{
    const struct dram_config *config = self->config;
    for (unsigned rank = 0; rank < DRAM_RANKS_MAX; rank++)
        self->refresh_at[rank] = CYCLE_NEVER;
    if (config->refresh == DRAM_REFRESH_PER_BANK)
        self->refresh_at[0] = config->timing[DRAM_T_REFIPB];
    for (unsigned rank = 0; rank < config->ranks && config->refresh == DRAM_REFRESH_ALL_BANK;
         rank++)
        self->refresh_at[rank] = config->scatter_cycles
                                     ? (int64_t)(rank + 1) * config->scatter_cycles
                                     : config->timing[DRAM_T_REFI];
}

static void join(struct dram_channel *self, enum duty_kind kind, unsigned where)
{
    self->duties[(self->duty_first + self->duty_count) % DUTIES_MAX] =
        (struct duty){(uint8_t)kind, (uint8_t)where};
    self->duty_count++;
}

void dram_duty_done(struct dram_channel *self)
{
    self->duty_first = (self->duty_first + 1) % DUTIES_MAX;
    self->duty_count--;
}

bool dram_join(struct dram_channel *self, int64_t now)
{
    const struct dram_config *config = self->config;
    const uint32_t before = self->duty_count;
    const bool one_by_one = config->refresh == DRAM_REFRESH_PER_BANK;
    for (unsigned rank = 0; rank < config->ranks; rank++) {
        if (self->refresh_at[rank] > now)
            continue;
        dram_refresh_waits(self, now, one_by_one ? self->rank_of[self->refresh_bank] : rank);
        if (one_by_one) {
            join(self, DUTY_REFRESH_BANK, self->refresh_bank);
            self->refresh_bank = (uint8_t)((self->refresh_bank + 1u) %
                                           ((unsigned)config->ranks * self->banks_of_rank));
        } else {
            join(self, DUTY_REFRESH_RANK, rank);
        }
        self->refresh_at[rank] += config->timing[one_by_one ? DRAM_T_REFIPB : DRAM_T_REFI];
    }
    for (uint64_t rest = self->over & ~self->flagged; rest; rest &= rest - 1) {
        const unsigned bank = (unsigned)__builtin_ctzll(rest);
        if (bank_ready_at(self, bank, DRAM_PREPB) > now ||
            self->duty_count >= DUTIES_MAX - 2 * DRAM_RANKS_MAX)
            continue;
        join(self, DUTY_PRECHARGE, bank);
        self->flagged |= UINT64_C(1) << bank;
    }
    return self->duty_count != before;
}

int64_t dram_join_next(const struct dram_channel *self)
{
    int64_t next = CYCLE_NEVER;
    for (unsigned rank = 0; rank < self->config->ranks; rank++)
        if (self->refresh_at[rank] < next)
            next = self->refresh_at[rank];
    for (uint64_t rest = self->over & ~self->flagged; rest; rest &= rest - 1) {
        const int64_t ready = bank_ready_at(self, (unsigned)__builtin_ctzll(rest), DRAM_PREPB);
        if (ready < next)
            next = ready;
    }
    return next;
}
