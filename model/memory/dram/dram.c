/* SPDX-License-Identifier: BSD-2-Clause */
#include "memory/dram/internal.h"

static bool power_of_two(uint32_t number)
{
    return number && !(number & (number - 1));
}

/* ---- what there is not ----------------------------------------------------------------------- */

/* Timings that a standard has no use for may be 0. */
static const uint32_t needed_always =
    1u << DRAM_T_BL | 1u << DRAM_T_CL | 1u << DRAM_T_CWL | 1u << DRAM_T_RCDR | 1u << DRAM_T_RCDW |
    1u << DRAM_T_RP | 1u << DRAM_T_RAS | 1u << DRAM_T_RC | 1u << DRAM_T_CCDS | 1u << DRAM_T_RRDS;

static const char *timing_refused(const struct dram_config *config, int *timing)
{
    uint32_t needed = needed_always;
    if (config->refresh == DRAM_REFRESH_ALL_BANK)
        needed |= 1u << DRAM_T_RFC | 1u << DRAM_T_REFI;
    if (config->refresh == DRAM_REFRESH_PER_BANK)
        needed |= 1u << DRAM_T_RFCPB | 1u << DRAM_T_REFIPB;
    if (config->standard == DRAM_LPDDR5)
        needed |= 1u << DRAM_T_AAD | 1u << DRAM_T_RPAB | 1u << DRAM_T_BLMAX;
    for (int i = 0; i < DRAM_TIMING_COUNT; i++) {
        *timing = i;
        if (config->timing[i] > DRAM_TIMING_MAX)
            return "is more than 65535 cycles";
        if (needed >> i & 1 && config->timing[i] == 0)
            return "must be at least 1 cycle";
    }
    *timing = DRAM_T_CL;
    if (config->timing[DRAM_T_CL] + config->timing[DRAM_T_BL] > 4096)
        return "is more than 4096 cycles with BL";
    return NULL;
}

/*
 * What keeps a refresh waiting at the longest: accesses whose ACT is out, banks that may not be closed yet, the
 * precharge, and the refreshes that were due in the same cycle.
 */
static const char *refresh_refused(const struct dram_config *config, int *timing)
{
    const uint32_t *t = config->timing;
    const uint64_t column = (uint64_t)t[DRAM_T_CL] + t[DRAM_T_CWL] + t[DRAM_T_BLMAX] +
                            t[DRAM_T_BL] + t[DRAM_T_WTRL] + t[DRAM_T_WTRS] + t[DRAM_T_CS] + 2;
    const uint64_t drain = (uint64_t)t[DRAM_T_RCDR] + t[DRAM_T_RCDW] + column;
    const uint64_t closing = (uint64_t)t[DRAM_T_CWL] + t[DRAM_T_BL] + t[DRAM_T_WR];
    const uint64_t close = closing > t[DRAM_T_RAS] ? closing : t[DRAM_T_RAS];
    const uint64_t pre = (uint64_t)t[DRAM_T_RP] + t[DRAM_T_RPAB] + t[DRAM_T_PPD];
    if (config->refresh == DRAM_REFRESH_ALL_BANK) {
        *timing = DRAM_T_REFI;
        const uint64_t rank = pre + t[DRAM_T_RC] + 2;
        if (t[DRAM_T_REFI] <= drain + close + config->ranks * rank + t[DRAM_T_RFC])
            return "leaves no time for anything but refreshes";
    }
    if (config->refresh == DRAM_REFRESH_PER_BANK) {
        const uint64_t banks = (uint64_t)config->ranks * config->groups * config->banks;
        *timing = DRAM_T_REFIPB;
        const uint64_t between =
            t[DRAM_T_PBR2PBR] > t[DRAM_T_RP] + close ? t[DRAM_T_PBR2PBR] : t[DRAM_T_RP] + close;
        if (t[DRAM_T_REFIPB] <= between || t[DRAM_T_REFIPB] * banks <= t[DRAM_T_RFCPB] + between)
            return "leaves no time for anything but refreshes";
    }
    return NULL;
}

static const char *queues_refused(const struct dram_config *config)
{
    if (config->read_queue < 1 || config->read_queue > DRAM_QUEUE_MAX || config->write_queue < 1 ||
        config->write_queue > DRAM_QUEUE_MAX)
        return "a queue has 1 to 256 entries";
    if (config->write_high > config->write_queue)
        return "as many writes as write_high never wait in the write queue";
    if (config->write_low >= config->write_high)
        return "write_low must be less than write_high, or writes end as soon as they begin";
    return NULL;
}

static const char *bits_refused(const struct dram_config *config)
{
    const unsigned widths[DRAM_FIELDS] = {
        [DRAM_CHANNEL] = (unsigned)__builtin_ctz(config->channels),
        [DRAM_RANK] = (unsigned)__builtin_ctz(config->ranks),
        [DRAM_GROUP] = (unsigned)__builtin_ctz(config->groups),
        [DRAM_BANK] = (unsigned)__builtin_ctz(config->banks),
        [DRAM_ROW] = config->row_bits,
        [DRAM_COLUMN] = config->column_bits,
    };
    uint32_t seen[DRAM_FIELDS] = {0};
    for (unsigned i = 0; i < config->bit_count; i++) {
        const unsigned field = config->bits[i] >> 5, bit = config->bits[i] & 31;
        if (field >= DRAM_FIELDS || bit >= widths[field])
            return "a bit of the mapping is beyond its field";
        if (seen[field] >> bit & 1)
            return "a bit of the mapping is there twice";
        seen[field] |= 1u << bit;
    }
    for (unsigned field = 0; field < DRAM_FIELDS; field++)
        if (seen[field] != (uint32_t)((UINT64_C(1) << widths[field]) - 1))
            return "a bit of a field is not in the mapping";
    return NULL;
}

const char *dram_refused(const struct dram_config *config, int *timing)
{
    *timing = -1;
    const unsigned banks = (unsigned)config->ranks * config->groups * config->banks;
    if (!power_of_two(config->channels) || !power_of_two(config->ranks) ||
        !power_of_two(config->groups) || !power_of_two(config->banks) ||
        !power_of_two(config->tx_bytes))
        return "channels, ranks, groups, banks and bytes of a transaction are powers of two";
    if (config->channels > DRAM_CHANNELS_MAX)
        return "there are more than 16 channels";
    if (config->ranks > DRAM_RANKS_MAX)
        return "there are more than 4 ranks";
    if (banks > DRAM_BANKS_MAX)
        return "a channel has more than 64 banks";
    if (config->row_bits < 1 || config->row_bits > 24 || config->column_bits < 2 ||
        config->column_bits > 12 || config->column_bits > config->row_bits)
        return "a row is 1 to 24 bits of an address, a column 2 to 12, and not more than a row";
    if (config->mapping == DRAM_BITS) {
        const char *refused = bits_refused(config);
        if (refused)
            return refused;
    }
    if (config->standard == DRAM_DDR3 && config->groups > 1)
        return "DDR3 has no bank groups";
    if (config->refresh == DRAM_REFRESH_PER_BANK && config->standard != DRAM_LPDDR5 &&
        config->standard != DRAM_HBM2)
        return "only LPDDR5 and HBM2 refresh single banks";
    if (config->row_policy == DRAM_CLOSED_CAP && config->cap == 0)
        return "a cap is at least 1 access";
    if (config->scatter_cycles > DRAM_TIMING_MAX)
        return "ranks are refreshed at most 65535 cycles after each other";
    const char *refused = queues_refused(config);
    if (!refused)
        refused = timing_refused(config, timing);
    if (!refused)
        refused = refresh_refused(config, timing);
    if (!refused)
        *timing = -1;
    return refused;
}

/* ---- all channels ---------------------------------------------------------------------------- */

bool dram_init(struct dram *self, const struct dram_config *config, const struct dram_owner *owner,
               struct arena *arena)
{
    *self = (struct dram){.config = *config, .owner = *owner, .next = 1};
    self->channels = arena_alloc(arena, config->channels * sizeof *self->channels);
    if (!self->channels)
        return false;
    for (unsigned i = 0; i < config->channels; i++) {
        struct dram_channel *channel = &self->channels[i];
        channel->config = &self->config;
        channel->owner = &self->owner;
        channel->number = (uint8_t)i;
        channel->next = 1;
        channel->pending.at = CYCLE_NEVER;
        dram_banks_init(channel);
        dram_refresh_init(channel);
        dram_figures_init(channel);
        if (!dram_queue_init(channel, arena))
            return false;
    }
    return true;
}

enum dram_answer dram_offer(struct dram *self, sim_cycle now, uint64_t address, bool write,
                            uint64_t tag)
{
    struct dram_place place;
    if (self->config.channels == 1 && dram_full(&self->channels[0], address, write))
        return DRAM_REFUSED;
    dram_locate(&self->config, address, &place);
    const enum dram_answer answer =
        dram_accept(&self->channels[place.channel], (int64_t)now, address, &place, write, tag);
    const sim_cycle next = (sim_cycle)self->channels[place.channel].next;
    if (next < self->next)
        self->next = next;
    return answer;
}

sim_cycle dram_tick(struct dram *self, sim_cycle now)
{
    int64_t next = CYCLE_NEVER;
    self->freed = false;
    for (unsigned i = 0; i < self->config.channels; i++) {
        struct dram_channel *channel = &self->channels[i];
        if (self->every_cycle)
            channel->planned = false;
        channel->freed = false;
        if (channel->next <= (int64_t)now || self->every_cycle)
            channel->next = dram_cycle(channel, (int64_t)now);
        self->freed |= channel->freed;
        if (channel->next < next)
            next = channel->next;
    }
    self->next = next == CYCLE_NEVER ? SIM_NEVER : (sim_cycle)next;
    return self->next;
}
