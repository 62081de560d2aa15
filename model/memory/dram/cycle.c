/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One cycle of a channel: what is chosen, in the order of each standard, and what a command changes.
 *
 * DDR3, DDR4: a request whose ACT is out, else the head of the maintenance queue, else, if that queue is empty, a request of
 * the read or of the write queue. HBM2: so for column commands, then for row commands without the first. LPDDR5:
 * so, but the access after a CAS and an ACT2 that must not wait go first.
 */
#include <string.h>

#include "memory/dram/internal.h"

static const struct choice nothing = {.at = CYCLE_NEVER, .order = UINT64_MAX};

static int64_t cycles_of(const struct dram_channel *self, enum dram_timing timing)
{
    return self->config->timing[timing];
}

/* ---- commands -------------------------------------------------------------------------------- */

/* `entry`: the request it is for, null if none. `bank` is flat, and any of the rank if the command is for all. */
static void send(struct dram_channel *self, int64_t now, unsigned command, unsigned bank,
                 const struct entry *entry)
{
    const struct dram_config *config = self->config;
    const unsigned rank = self->rank_of[bank];
    if (command < DRAM_SOURCES)
        dram_constrain(self, now, command, rank, bank);
    if (!self->owner->command)
        return;
    const bool all = command == DRAM_PREAB || command == DRAM_REFAB;
    const struct dram_event event = {
        .channel = self->number,
        .command = (uint8_t)command,
        .rank = (int8_t)rank,
        .group = all ? -1 : (int8_t)(self->group_of[bank] % config->groups),
        .bank = all ? -1 : (int8_t)(bank % config->banks),
        .row = entry ? (int32_t)entry->row : -1,
        .column = entry ? entry->column : -1,
        .tag = entry ? entry->tag : DRAM_NO_TAG,
    };
    self->owner->command(self->owner->self, (sim_cycle)now, &event);
}

static void leave_active(struct dram_channel *self, unsigned at)
{
    self->active_count--;
    memmove(&self->active[at], &self->active[at + 1],
            (self->active_count - at) * sizeof *self->active);
}

static uint16_t entry_of(const struct dram_channel *self, const struct choice *choice)
{
    return choice->source == FROM_ACTIVE ? self->active[choice->index] : choice->index;
}

/* Takes the request out of where it was chosen from. */
static void leave(struct dram_channel *self, const struct choice *choice, struct entry *entry)
{
    if (choice->source == FROM_ACTIVE) {
        leave_active(self, choice->index);
        self->freed |= (self->config->mended & DRAM_MEND_SAME_ADDRESS) != 0;
    } else {
        dram_queue_remove(self, entry);
        self->freed = true;
    }
}

static void opened(struct dram_channel *self, uint16_t index)
{
    const struct entry *entry = &self->entries[index];
    self->active[self->active_count++] = index;
    self->holds[entry->bank]++;
    self->held |= UINT64_C(1) << entry->bank;
    dram_open(self, entry->bank, entry->row);
}

static void activate(struct dram_channel *self, int64_t now, const struct choice *choice)
{
    const uint16_t index = entry_of(self, choice);
    struct entry *entry = &self->entries[index];
    leave(self, choice, entry);
    entry->activated = true;
    self->counts.acts++;
    send(self, now, DRAM_ACT, entry->bank, entry);
    if (self->config->standard != DRAM_LPDDR5) {
        opened(self, index);
        return;
    }
    self->half_open = index;
    self->half_bank = UINT64_C(1) << entry->bank;
    self->half_deadline = now + cycles_of(self, DRAM_T_AAD);
}

/* LPDDR5: the second half of an ACT. */
static void activate_second(struct dram_channel *self, int64_t now)
{
    const uint16_t index = self->half_open;
    const struct entry *entry = &self->entries[index];
    self->half_open = NONE;
    self->half_bank = 0;
    send(self, now, DRAM_ACT2, entry->bank, entry);
    opened(self, index);
}

static void count_access(struct dram_channel *self, unsigned bank, bool closes)
{
    const uint64_t bit = UINT64_C(1) << bank;
    if (closes) {
        self->counts.autos++;
        dram_close(self, bit);
    } else if (self->config->row_policy == DRAM_CLOSED_CAP &&
               ++self->accesses[bank] >= self->config->cap) {
        self->over |= bit;
    }
}

/* `may_close`: a cap may make it RDA or WRA. */
static void access(struct dram_channel *self, int64_t now, const struct choice *choice,
                   bool may_close)
{
    struct entry *entry = &self->entries[entry_of(self, choice)];
    const unsigned bank = entry->bank;
    const bool write = entry->write;
    const bool closes = may_close && self->over >> bank & 1;
    const int64_t data =
        cycles_of(self, write ? DRAM_T_CWL : DRAM_T_CL) + cycles_of(self, DRAM_T_BL);
    dram_account(self, now, entry);
    send(self, now, write ? (closes ? DRAM_WRA : DRAM_WR) : (closes ? DRAM_RDA : DRAM_RD), bank,
         entry);
    leave(self, choice, entry);
    if (choice->source == FROM_ACTIVE && --self->holds[bank] == 0)
        self->held &= ~(UINT64_C(1) << bank);
    count_access(self, bank, closes);
    self->wck_off = later_of(self->wck_off, now + data + cycles_of(self, DRAM_T_WCKPST));
    if (write)
        self->owner->completed(self->owner->self, (sim_cycle)now, entry->tag, true);
    else
        dram_return(self, now + data, entry);
    dram_entry_free(self, entry);
}

static void serve_duty(struct dram_channel *self, int64_t now, unsigned command)
{
    const struct duty *duty = dram_duty(self);
    const bool whole = duty->kind == DUTY_REFRESH_RANK;
    const unsigned bank = whole ? (unsigned)duty->where * self->banks_of_rank : duty->where;
    const bool refreshes = command == DRAM_REFAB || command == DRAM_REFPB;
    send(self, now, command, bank, NULL);
    if (refreshes) {
        self->counts.refreshes++;
        dram_refresh_runs(self, now + (whole ? cycles_of(self, DRAM_T_RFC) : 1),
                          self->rank_of[bank]);
    } else {
        self->counts.precharges++;
        dram_close(self, whole ? self->rank_banks[duty->where] : UINT64_C(1) << bank);
    }
    if (refreshes || duty->kind == DUTY_PRECHARGE)
        dram_duty_done(self);
}

static void perform(struct dram_channel *self, int64_t now, const struct choice *choice)
{
    if (choice->source == FROM_MAINTENANCE) {
        serve_duty(self, now, choice->command);
    } else if (choice->command == DRAM_ACT) {
        activate(self, now, choice);
    } else if (choice->command == DRAM_PREPB) {
        struct entry *entry = &self->entries[entry_of(self, choice)];
        entry->precharged = true;
        self->counts.precharges++;
        send(self, now, DRAM_PREPB, entry->bank, entry);
        dram_close(self, UINT64_C(1) << entry->bank);
    } else {
        access(self, now, choice, true);
    }
}

/* ---- the order of a cycle -------------------------------------------------------------------- */

/* After the active set: a refresh or forced precharge, or if none waits, a request of a queue. */
static void choose_rest(struct dram_channel *self, int64_t now, unsigned kinds, struct choice *best)
{
    /* Only what is allowed sooner is taken. */
    struct choice other = {.at = best->at, .order = 0, .source = FROM_QUEUE};
    if (self->duty_count == 0) {
        dram_update_mode(self);
        dram_choose_queued(self, now, kinds, &other);
    } else if (kinds & CHOOSE_ROW) {
        dram_choose_duty(self, now, &other);
    }
    if (other.at < best->at)
        *best = other;
}

static void choose(struct dram_channel *self, int64_t now, unsigned kinds, struct choice *best)
{
    *best = nothing;
    dram_choose_active(self, now, kinds, best);
    if (best->at != now)
        choose_rest(self, now, kinds, best);
}

static void plan(struct dram_channel *self, int64_t at)
{
    self->mode_before = self->write_mode;
    self->planned_for = at;
    self->planned = true;
    choose(self, at, CHOOSE_ANY, &self->plan);
}

/* After a command the next one is looked for at once, as if nothing were accepted in the cycle after. */
static int64_t cycle_plain(struct dram_channel *self, int64_t now)
{
    if (!self->planned)
        plan(self, now);
    if (self->plan.at > now)
        return self->plan.at;
    self->planned = false;
    perform(self, now, &self->plan);
    if (dram_join_next(self) <= now + 1)
        return now + 1;
    plan(self, now + 1);
    return self->plan.at;
}

static int64_t cycle_hbm2(struct dram_channel *self, int64_t now)
{
    struct choice column, row = nothing;
    choose(self, now, CHOOSE_COLUMN, &column);
    if (column.at == now)
        perform(self, now, &column);
    if (self->config->mended & DRAM_MEND_ORPHANS)
        dram_choose_active(self, now, CHOOSE_ROW, &row);
    if (row.at != now)
        choose_rest(self, now, CHOOSE_ROW, &row);
    if (row.at == now)
        perform(self, now, &row);
    if (column.at == now || row.at == now)
        return now + 1;
    return column.at < row.at ? column.at : row.at;
}

static int64_t cycle_lpddr5(struct dram_channel *self, int64_t now)
{
    const bool half = self->half_open != NONE;
    struct choice best;
    if (self->pending.at == now) {
        const struct choice pending = self->pending;
        self->pending = nothing;
        access(self, now, &pending, false);
        return now + 1;
    }
    if (half && self->half_deadline <= now) {
        activate_second(self, now);
        return now + 1;
    }
    choose(self, now, CHOOSE_ANY, &best);
    if (best.at != now) {
        if (!half)
            return best.at;
        activate_second(self, now);
    } else if (best.source == FROM_MAINTENANCE || best.command > DRAM_WR || now < self->wck_off) {
        perform(self, now, &best);
    } else if (half && self->half_deadline <= now + 1) {
        activate_second(self, now);
    } else {
        const struct entry *entry = &self->entries[entry_of(self, &best)];
        send(self, now, entry->write ? DRAM_CAS_WR : DRAM_CAS_RD, entry->bank, entry);
        best.at = now + 1;
        self->pending = best;
    }
    return now + 1;
}

int64_t dram_cycle(struct dram_channel *self, int64_t now)
{
    dram_complete(self, now);
    if (dram_join(self, now))
        self->planned = false;
    int64_t next;
    switch (self->config->standard) {
    case DRAM_HBM2:
        next = cycle_hbm2(self, now);
        break;
    case DRAM_LPDDR5:
        next = cycle_lpddr5(self, now);
        break;
    default:
        next = cycle_plain(self, now);
        break;
    }
    const int64_t joins = dram_join_next(self);
    if (joins < next)
        next = joins;
    if (self->due_count) {
        const int64_t due = self->due[self->due_first & self->due_mask].cycle;
        if (due < next)
            next = due;
    }
    return next > now ? next : now + 1;
}
