/* SPDX-License-Identifier: BSD-2-Clause */
/* dram_trace: what observers see of a DRAM: each command, each bank, the queues of each channel. */
#include "kernel/base.h"
#include "memory/dram/internal.h"
#include "memory/dram_controller.h"

#include <stdio.h>
#include <string.h>

#define NAMES(act)                                                                                 \
    {                                                                                              \
        "-", [1 + DRAM_RD] = "RD", [1 + DRAM_WR] = "WR", [1 + DRAM_ACT] = (act),                   \
                  [1 + DRAM_PREPB] = "PREpb", [1 + DRAM_PREAB] = "PREab",                          \
                  [1 + DRAM_REFAB] = "REFab", [1 + DRAM_REFPB] = "REFpb",                          \
                  [1 + DRAM_TARGETS - 1] = "-", [1 + DRAM_RDA] = "RDA", [1 + DRAM_WRA] = "WRA",    \
                  [1 + DRAM_ACT2] = "ACT2", [1 + DRAM_CAS_RD] = "CAS_RD",                          \
                  [1 + DRAM_CAS_WR] = "CAS_WR"                                                     \
    }
static const char *const names[] = NAMES("ACT");
static const char *const lpddr5_names[] = NAMES("ACT1");

#define BANK(member, width, how) PROBE_FIELD(dram_bank_row, member, #member, width, how)
#define BANK_FIELDS(list)                                                                          \
    {                                                                                              \
        {.name = "command",                                                                        \
         .offset = offsetof(struct dram_bank_row, command),                                        \
         .size_bytes = 1,                                                                          \
         .width_bits = 4,                                                                          \
         .radix = PROBE_NAME,                                                                      \
         .names = (list),                                                                          \
         .name_count = COUNT(list)},                                                               \
            BANK(open, 1, PROBE_DECIMAL), BANK(row, 24, PROBE_HEX),                                \
    }
static const struct probe_field bank_fields[2][3] = {BANK_FIELDS(names), BANK_FIELDS(lpddr5_names)};

#define QUEUE(member, width) PROBE_FIELD(dram_queue_row, member, #member, width, PROBE_DECIMAL)
static const struct probe_field queue_fields[] = {
    QUEUE(reads, 9), QUEUE(writes, 9), QUEUE(active, 9), QUEUE(refreshes, 9), QUEUE(write_mode, 1),
};

static const char *const place_names[] = {"0", "1",  "2",  "3",  "4",  "5",  "6",  "7",  "8",
                                          "9", "10", "11", "12", "13", "14", "15", "all"};
enum { ALL = COUNT(place_names) - 1 };

#define COMMAND(member, how) PROBE_FIELD(dram_command_record, member, #member, 0, how)
#define NAMED(member, list)                                                                        \
    {                                                                                              \
        .name = #member, .offset = offsetof(struct dram_command_record, member), .size_bytes = 1,  \
        .radix = PROBE_NAME, .names = (list), .name_count = COUNT(list)                            \
    }
#define COMMAND_FIELDS(list)                                                                       \
    {                                                                                              \
        COMMAND(channel, PROBE_DECIMAL), NAMED(command, list), COMMAND(rank, PROBE_DECIMAL),       \
            NAMED(group, place_names), NAMED(bank, place_names), COMMAND(row, PROBE_HEX),          \
            COMMAND(column, PROBE_HEX), COMMAND(address, PROBE_ADDRESS),                           \
    }
static const struct probe_field command_fields[2][8] = {COMMAND_FIELDS(names),
                                                        COMMAND_FIELDS(lpddr5_names)};

#define TYPE(label, sort, list, record)                                                            \
    {                                                                                              \
        .name = (label), .kind = (sort), .fields = (list), .field_count = COUNT(list),             \
        .record_bytes = sizeof(struct record)                                                      \
    }
static const struct probe_type bank_types[2] = {
    TYPE("dram_bank", PROBE_SETTLED, bank_fields[0], dram_bank_row),
    TYPE("dram_bank", PROBE_SETTLED, bank_fields[1], dram_bank_row)};
static const struct probe_type command_types[2] = {
    TYPE("dram_command", PROBE_EVENT, command_fields[0], dram_command_record),
    TYPE("dram_command", PROBE_EVENT, command_fields[1], dram_command_record)};
static const struct probe_type queue_type =
    TYPE("dram_queue", PROBE_REGISTERED, queue_fields, dram_queue_row);

static unsigned banks_of(const struct dram_controller *self)
{
    const struct dram_config *config = &self->dram.config;
    return (unsigned)config->ranks * config->groups * config->banks;
}

/* ---- while it runs --------------------------------------------------------------------------- */

bool dram_traced(const struct dram_controller *self)
{
    return probe_observed(&self->commands) || probe_observed(&self->queues[0]) ||
           probe_observed(&self->banks[0].probe);
}

static void publish_bank(struct dram_controller *self, unsigned channel, unsigned bank,
                         unsigned command, sim_cycle now)
{
    const struct dram_channel *from = &self->dram.channels[channel];
    struct dram_bank_probe *to = &self->banks[channel * banks_of(self) + bank];
    const bool open = from->open >> bank & 1;
    struct dram_bank_row row;
    memset(&row, 0, sizeof row);
    row.command = (uint8_t)command;
    row.open = open;
    row.row = open ? from->row[bank] : 0;
    to->row = row;
    probe_publish(&to->probe, now, &to->row);
}

void dram_trace_begin(struct dram_controller *self, sim_cycle now)
{
    const unsigned banks = banks_of(self);
    for (unsigned channel = 0; channel < self->dram.config.channels; channel++) {
        for (unsigned bank = 0; bank < banks; bank++) {
            struct probe *probe = &self->banks[channel * banks + bank].probe;
            if (!probe->late && now > 0 && !(self->shown[channel] >> bank & 1))
                continue;
            probe->late = false;
            publish_bank(self, channel, bank, 0, now);
        }
        self->shown[channel] = 0;
    }
}

void dram_trace_command(struct dram_controller *self, sim_cycle now, const struct dram_event *event)
{
    const struct dram_config *config = &self->dram.config;
    const bool all = event->bank < 0;
    const bool write = event->tag >> 32;
    const unsigned of_rank = (unsigned)config->groups * config->banks;
    const unsigned first =
        (unsigned)event->rank * of_rank +
        (all ? 0 : (unsigned)event->group * config->banks + (unsigned)event->bank);
    for (unsigned bank = first; bank < first + (all ? of_rank : 1); bank++) {
        self->shown[event->channel] |= UINT64_C(1) << bank;
        publish_bank(self, event->channel, bank, 1u + event->command, now);
    }
    if (!probe_observed(&self->commands))
        return;
    struct dram_command_record record;
    memset(&record, 0, sizeof record);
    record.channel = event->channel;
    record.command = 1 + event->command;
    record.rank = event->rank;
    record.group = all ? ALL : event->group;
    record.bank = all ? ALL : event->bank;
    if (event->tag != DRAM_NO_TAG) {
        record.row = (uint32_t)event->row;
        record.column = (uint32_t)event->column;
        record.address = self->base + self->addresses[write][(uint32_t)event->tag];
    }
    probe_publish(&self->commands, now, &record);
}

bool dram_trace_end(struct dram_controller *self, sim_cycle now)
{
    bool shows = false;
    for (unsigned i = 0; i < self->dram.config.channels; i++) {
        const struct dram_channel *channel = &self->dram.channels[i];
        struct dram_queue_row row;
        memset(&row, 0, sizeof row);
        row.reads = channel->queues[0].count;
        row.writes = channel->queues[1].count;
        row.active = channel->active_count;
        row.refreshes = (uint16_t)channel->duty_count;
        row.write_mode = channel->write_mode;
        probe_publish(&self->queues[i], now, &row);
        shows |= self->shown[i] != 0;
    }
    return shows;
}

/* ---- building -------------------------------------------------------------------------------- */

/* "name.ch0", "name.ch0.bank3". Null if memory is short. */
static const char *name_of(struct arena *arena, const char *name, unsigned channel, int bank)
{
    const size_t bytes = strlen(name) + 32;
    char *text = arena_room(arena, bytes);
    if (text && bank < 0)
        snprintf(text, bytes, "%s.ch%u", name, channel);
    else if (text)
        snprintf(text, bytes, "%s.ch%u.bank%d", name, channel, bank);
    return text;
}

bool dram_trace_create(struct dram_controller *self, struct build *build, const char *name)
{
    const struct dram_config *config = &self->dram.config;
    const bool lpddr5 = config->standard == DRAM_LPDDR5;
    struct arena *arena = build->kernel->arena;
    struct clock *clock = self->unit.clock;
    const unsigned banks = banks_of(self);
    self->queues = arena_alloc(arena, config->channels * sizeof *self->queues);
    self->banks = arena_alloc(arena, config->channels * banks * sizeof *self->banks);
    self->shown = arena_alloc(arena, config->channels * sizeof *self->shown);
    if (!self->queues || !self->banks || !self->shown)
        return false;
    build_probe(build, &self->commands, name, &command_types[lpddr5], clock, self);
    for (unsigned i = 0; i < config->channels; i++) {
        const char *channel = name_of(arena, name, i, -1);
        if (!channel)
            return false;
        build_probe(build, &self->queues[i], channel, &queue_type, clock, self);
        for (unsigned bank = 0; bank < banks; bank++) {
            const char *label = name_of(arena, name, i, (int)bank);
            if (!label)
                return false;
            build_probe(build, &self->banks[i * banks + bank].probe, label, &bank_types[lpddr5],
                        clock, self);
        }
    }
    return true;
}
