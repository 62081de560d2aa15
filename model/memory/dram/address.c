/* SPDX-License-Identifier: BSD-2-Clause */
/* Which channel, rank, bank group, bank, row and column an address is. */
#include "memory/dram/dram.h"

static unsigned log2_of(uint32_t power)
{
    return (unsigned)__builtin_ctz(power);
}

/* The lowest bits, which are taken off. */
static uint32_t take(uint64_t *bits, unsigned width)
{
    const uint32_t field = (uint32_t)(*bits & ((UINT64_C(1) << width) - 1));
    *bits >>= width;
    return field;
}

static void locate_bits(const struct dram_config *config, uint64_t at, struct dram_place *place)
{
    uint32_t fields[DRAM_FIELDS] = {0};
    for (unsigned i = 0; i < config->bit_count; i++)
        fields[config->bits[i] >> 5] |= (uint32_t)(at >> i & 1) << (config->bits[i] & 31);
    *place = (struct dram_place){.channel = (uint8_t)fields[DRAM_CHANNEL],
                                 .rank = (uint8_t)fields[DRAM_RANK],
                                 .group = (uint8_t)fields[DRAM_GROUP],
                                 .bank = (uint8_t)fields[DRAM_BANK],
                                 .row = fields[DRAM_ROW],
                                 .column = (uint16_t)fields[DRAM_COLUMN]};
}

void dram_locate(const struct dram_config *config, uint64_t address, struct dram_place *place)
{
    uint64_t at = address >> log2_of(config->tx_bytes);
    if (config->mapping == DRAM_BITS) {
        locate_bits(config, at, place);
        return;
    }
    const unsigned ranks = log2_of(config->ranks), groups = log2_of(config->groups),
                   banks = log2_of(config->banks);
    place->channel = (uint8_t)take(&at, log2_of(config->channels));
    switch (config->mapping) {
    case DRAM_ROW_BANK_RANK_COLUMN:
        place->column = (uint16_t)take(&at, config->column_bits);
        place->rank = (uint8_t)take(&at, ranks);
        place->group = (uint8_t)take(&at, groups);
        place->bank = (uint8_t)take(&at, banks);
        place->row = take(&at, config->row_bits);
        return;
    case DRAM_RANK_BANK_ROW_COLUMN:
        place->column = (uint16_t)take(&at, config->column_bits);
        place->row = take(&at, config->row_bits);
        place->bank = (uint8_t)take(&at, banks);
        place->group = (uint8_t)take(&at, groups);
        place->rank = (uint8_t)take(&at, ranks);
        return;
    default:
        break;
    }
    uint64_t column = take(&at, 2);
    place->rank = (uint8_t)take(&at, ranks);
    place->group = (uint8_t)take(&at, groups);
    place->bank = (uint8_t)take(&at, banks);
    column |= (uint64_t)take(&at, config->column_bits - 2u) << 2;
    place->row = (uint32_t)at; /* all that is left, as the reference has it */
    place->column = (uint16_t)column;
    place->rank = (uint8_t)(place->rank ^ take(&column, ranks));
    place->group = (uint8_t)(place->group ^ take(&column, groups));
    place->bank = (uint8_t)(place->bank ^ take(&column, banks));
    place->row ^= (uint32_t)column;
}

uint64_t dram_bytes(const struct dram_config *config)
{
    return (uint64_t)config->tx_bytes * config->channels * config->ranks * config->groups *
               config->banks
           << (config->row_bits + config->column_bits);
}
