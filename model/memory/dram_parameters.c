/* SPDX-License-Identifier: BSD-2-Clause */
/* dram_parameters: what a scenario may say of a DRAM, and what it comes to. */
#include "memory/dram_memory.h"

#include "kernel/base.h"
#include "kernel/text.h"

#include <string.h>

#define PRESET UINT32_MAX /* not said */

/* In the order of dram_presets. */
static const char *const preset_names[] = {
    "ddr3-1600", "ddr4-2400", "ddr4-3200", "ddr4-3200-16gb", "lpddr5-6400", "hbm2-2000", NULL};
static const char *const mapping_names[] = {"row_bank_column", "bank_row_column", "mop4", "bits",
                                            NULL};
static const char *const scheduler_names[] = {"frfcfs", "frfcfs_row_hit", NULL};
static const char *const policy_names[] = {"open", "closed_cap", NULL};
static const char *const refresh_names[] = {"all_bank", "per_bank", "none", NULL};
static const char *const response_names[] = {"accepted", "sent", NULL};
static const char *const oddity_names[] = {"reference", "mended", NULL};

#define NUMBER(type, label, member, first, least, most, text)                                      \
    {                                                                                              \
        .name = (label), .kind = PARAMETER_UINT, PARAMETER_AT(type, member), .initial = (first),   \
        .min = (least), .max = (most), .doc = (text)                                               \
    }
#define CHOICE(type, label, member, first, list, text)                                             \
    {                                                                                              \
        .name = (label), .kind = PARAMETER_ENUM, PARAMETER_AT(type, member), .initial = (first),   \
        .names = (list), .doc = (text)                                                             \
    }

static const struct parameter organisation_parameters[] = {
    NUMBER(dram_organisation, "groups", groups, 0, 0, 16,
           "Bank groups of a rank; 0: the preset's."),
    NUMBER(dram_organisation, "banks", banks, 0, 0, 64, "Banks of a group; 0: the preset's."),
    NUMBER(dram_organisation, "row_bits", row_bits, 0, 0, 24,
           "Address bits of a row number; 0: the preset's."),
    NUMBER(dram_organisation, "column_bits", column_bits, 0, 0, 12,
           "Address bits of a column, counted in transactions; 0: the preset's."),
    {.name = "transaction",
     .kind = PARAMETER_BYTES,
     PARAMETER_AT(dram_organisation, tx_bytes),
     .max = 256,
     .doc = "Bytes of one RD or WR, 16 to 256; 0: the preset's."},
    {.name = NULL},
};

static const struct parameter oddity_parameters[] = {
    CHOICE(dram_oddities, "rank_turnaround", rank_turnaround, 0, oddity_names,
           "reference: RD to WR of another rank waits BL + CS, so that data overlap; mended: they "
           "do not."),
    CHOICE(dram_oddities, "same_address", same_address, 0, oddity_names,
           "reference: accesses of one address may pass each other once the older has its ACT; "
           "mended: "
           "they are forwarded, merged or wait."),
    CHOICE(dram_oddities, "forwarded", forwarded, 0, oddity_names,
           "reference: a forwarded read waits for those before it; mended: it does not."),
    CHOICE(dram_oddities, "orphans", orphans, 0, oddity_names,
           "HBM2 with closed_cap. reference: a row may be closed under a request for ever, and is "
           "refused; "
           "mended: it is opened again."),
    {.name = NULL},
};

static const struct parameter timing_parameters[] = {
#define X(label, text)                                                                             \
    {.name = #label,                                                                               \
     .kind = PARAMETER_UINT,                                                                       \
     .offset = DRAM_T_##label * sizeof(uint32_t),                                                  \
     .size_bytes = sizeof(uint32_t),                                                               \
     .initial = PRESET,                                                                            \
     .max = DRAM_TIMING_MAX,                                                                       \
     .doc = text},
    DRAM_TIMINGS(X)
#undef X
        {.name = NULL},
};

#define MEMORY(label, member, first, least, most, text)                                            \
    NUMBER(dram_memory_config, label, member, first, least, most, text)

const struct parameter dram_parameters[] = {
    {.name = "bus",
     .kind = PARAMETER_REFERENCE,
     .flags = PARAMETER_REQUIRED,
     .refers = REFERS_BUS,
     PARAMETER_AT(dram_memory_config, bus),
     .doc = "Bus it is a slave of: AXI or AHB."},
    {.name = "base",
     .kind = PARAMETER_ADDRESS,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(dram_memory_config, base),
     .max = UINT64_MAX,
     .doc = "First address, a multiple of 0x1000; it is address 0 of the DRAM."},
    {.name = "size",
     .kind = PARAMETER_BYTES,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(dram_memory_config, size_bytes),
     .min = 4096,
     .max = STORE_BYTES_MAX,
     .doc = "Size of what is kept and answered, a multiple of 4 KiB; the DRAM may be larger."},
    CHOICE(dram_memory_config, "preset", preset, 1, preset_names,
           "Organisation and timing, all of which can be changed below."),
    {.name = "period",
     .kind = PARAMETER_TIME,
     PARAMETER_AT(dram_memory_config, period_ps),
     .max = UINT64_C(1000000000),
     .doc = "Period of CK, the command clock; 0: the preset's."},
    {.name = "channels",
     .kind = PARAMETER_UINT,
     .flags = PARAMETER_POWER_OF_TWO,
     PARAMETER_AT(dram_memory_config, channels),
     .initial = 1,
     .min = 1,
     .max = DRAM_CHANNELS_MAX,
     .doc = "Channels, each with a controller of its own; consecutive transactions go to different "
            "ones."},
    MEMORY("ranks", ranks, 0, 0, DRAM_RANKS_MAX,
           "Ranks of a channel (HBM2: pseudo channels), a power of two; 0: the preset's."),
    {.name = "organisation",
     .kind = PARAMETER_GROUP,
     PARAMETER_AT(dram_memory_config, organisation),
     .sub = organisation_parameters,
     .doc = "What is different from the preset's organisation."},
    {.name = "timing",
     .kind = PARAMETER_GROUP,
     PARAMETER_AT(dram_memory_config, timing),
     .sub = timing_parameters,
     .doc = "What is different from the preset's timing, in cycles of CK."},
    CHOICE(dram_memory_config, "mapping", mapping, DRAM_ROW_BANK_RANK_COLUMN, mapping_names,
           "From the top bit of an address: row, bank, group, rank, column; rank, group, bank, "
           "row, column; "
           "four transactions of a row and then the next bank, hashed; or `mapping_bits`."),
    {.name = "mapping_bits",
     .kind = PARAMETER_TEXTS,
     PARAMETER_AT(dram_memory_config, mapping_bits),
     .max = DRAM_ADDRESS_BITS,
     .doc = "With mapping bits: what each address bit is, from the lowest above a transaction: "
            "channel.0, rank.0, "
            "group.1, bank.1, row.15, column.3."},
    CHOICE(dram_memory_config, "scheduler", scheduler, DRAM_FRFCFS, scheduler_names,
           "frfcfs: the oldest whose command is allowed; frfcfs_row_hit: a precharge waits for "
           "older hits of its row."),
    CHOICE(dram_memory_config, "row_policy", row_policy, DRAM_OPEN, policy_names,
           "open: rows stay open; closed_cap: a row is closed after `cap` accesses."),
    MEMORY("cap", cap, 4, 1, UINT32_MAX, "With closed_cap: accesses of an open row."),
    CHOICE(dram_memory_config, "refresh", refresh, DRAM_REFRESH_ALL_BANK, refresh_names,
           "all_bank: a rank every REFI; per_bank: a bank every REFIPB (LPDDR5, HBM2); none."),
    MEMORY("refresh_scatter", scatter_cycles, 0, 0, DRAM_TIMING_MAX,
           "Cycles from the refresh of one rank to that of the next; 0: all together."),
    MEMORY("read_queue", read_queue, 32, 1, DRAM_QUEUE_MAX, "Reads that wait for their ACT."),
    MEMORY("write_queue", write_queue, 32, 1, DRAM_QUEUE_MAX, "Writes that wait for their ACT."),
    MEMORY("write_high", write_high, PRESET, 1, DRAM_QUEUE_MAX,
           "So many waiting writes are written before reads; not said: 0.8 of the queue and one "
           "more."),
    MEMORY("write_low", write_low, PRESET, 0, DRAM_QUEUE_MAX,
           "Until so many are left while reads wait; not said: 0.2 of the queue, rounded up, less "
           "one."),
    {.name = "oddities",
     .kind = PARAMETER_GROUP,
     PARAMETER_AT(dram_memory_config, oddities),
     .sub = oddity_parameters,
     .doc = "What the reference does oddly: done so too, or mended."},
    CHOICE(dram_memory_config, "write_response", write_response, DRAM_RESPOND_ACCEPTED,
           response_names,
           "B once all of a burst is accepted by the controller, or once its last WR is sent."),
    MEMORY("outstanding_reads", reads_max, 16, 1, 256,
           "On AXI: bursts that may wait for their last R."),
    MEMORY("outstanding_writes", writes_max, 16, 1, 256,
           "On AXI: bursts that may wait for their B."),
    MEMORY("write_buffer", buffer_beats, 16, 1, 256,
           "On AXI: beats of W taken before they are stored."),
    MEMORY("read_slots", read_slots, 64, 8, DRAM_SLOTS_MAX,
           "On AXI: transactions that are read ahead of R: what the reorder buffer holds."),
    MEMORY("write_slots", write_slots, 32, 8, DRAM_SLOTS_MAX,
           "Transactions written that are not answered by the controller."),
    {.name = "fill",
     .kind = PARAMETER_GROUP,
     PARAMETER_AT(dram_memory_config, fill),
     .sub = store_fill_parameters,
     .doc = "What the memory holds at the start, before `load` and `bytes`."},
    {.name = "load",
     .kind = PARAMETER_LIST,
     PARAMETER_AT(dram_memory_config, loads),
     .sub = store_load_parameters,
     .item_bytes = sizeof(struct store_load),
     .doc = "Files put into the memory at the start."},
    {.name = "bytes",
     .kind = PARAMETER_LIST,
     PARAMETER_AT(dram_memory_config, bytes),
     .sub = store_inline_parameters,
     .item_bytes = sizeof(struct store_inline),
     .doc = "Bytes put into the memory at the start, after `load`."},
    {.name = "dump",
     .kind = PARAMETER_LIST,
     PARAMETER_AT(dram_memory_config, dumps),
     .sub = store_dump_parameters,
     .item_bytes = sizeof(struct store_dump),
     .doc = "Parts of the memory written to files when the run is over."},
    {.name = NULL},
};

/* ---- what it comes to ------------------------------------------------------------------------ */

/* "row.15" */
static bool read_bit(const char *text, uint8_t *bit)
{
    static const char *const fields[DRAM_FIELDS] = {"channel", "rank", "group",
                                                    "bank",    "row",  "column"};
    for (unsigned field = 0; field < DRAM_FIELDS; field++) {
        const size_t length = strlen(fields[field]);
        if (strncmp(text, fields[field], length) != 0 || text[length] != '.')
            continue;
        unsigned number = 0;
        const char *at = text + length + 1;
        if (!ascii_digit(*at))
            return false;
        for (; ascii_digit(*at) && number < 32; at++)
            number = 10 * number + (unsigned)(*at - '0');
        *bit = (uint8_t)(field << 5 | number);
        return *at == '\0' && number < 32;
    }
    return false;
}

static const char *read_bits(const struct parameter_list *list, struct dram_config *config)
{
    const char *const *texts = list->items;
    if (config->mapping != DRAM_BITS)
        return list->count ? "only mapping bits has a list of bits" : NULL;
    if (list->count == 0 || list->count > DRAM_ADDRESS_BITS)
        return "mapping bits needs a list of 1 to 48 bits";
    for (uint32_t i = 0; i < list->count; i++)
        if (!read_bit(texts[i], &config->bits[i]))
            return "a bit is channel, rank, group, bank, row or column, a dot and its number, as "
                   "in row.3";
    config->bit_count = (uint8_t)list->count;
    return NULL;
}

static void set(uint8_t *to, uint32_t value)
{
    if (value)
        *to = (uint8_t)value;
}

static uint8_t mended(const struct dram_oddities *self)
{
    return (uint8_t)((self->rank_turnaround ? DRAM_MEND_RANK_TURNAROUND : 0) |
                     (self->same_address ? DRAM_MEND_SAME_ADDRESS : 0) |
                     (self->forwarded ? DRAM_MEND_FORWARDED : 0) |
                     (self->orphans ? DRAM_MEND_ORPHANS : 0));
}

/* Which parameter a refusal that names no timing speaks of. */
static const char *at_fault(const struct dram_config *config)
{
    if (config->write_high > config->write_queue)
        return "write_high";
    if (config->write_low >= config->write_high)
        return "write_low";
    return config->mapping == DRAM_BITS ? "mapping_bits" : NULL;
}

const char *dram_memory_configure(const struct dram_memory_config *self, struct dram_config *config,
                                  const char **parameter)
{
    int timing;
    dram_configure(config, &dram_presets[self->preset]);
    set(&config->ranks, self->ranks);
    set(&config->groups, self->organisation.groups);
    set(&config->banks, self->organisation.banks);
    set(&config->row_bits, self->organisation.row_bits);
    set(&config->column_bits, self->organisation.column_bits);
    if (self->organisation.tx_bytes)
        config->tx_bytes = (uint16_t)self->organisation.tx_bytes;
    config->channels = (uint8_t)self->channels;
    config->mapping = self->mapping;
    config->scheduler = self->scheduler;
    config->row_policy = self->row_policy;
    config->refresh = self->refresh;
    config->mended = mended(&self->oddities);
    config->cap = self->cap;
    config->scatter_cycles = self->scatter_cycles;
    config->read_queue = (uint16_t)self->read_queue;
    config->write_queue = (uint16_t)self->write_queue;
    config->write_high =
        (uint16_t)(self->write_high == PRESET ? self->write_queue * 4 / 5 + 1 : self->write_high);
    config->write_low =
        (uint16_t)(self->write_low == PRESET ? (self->write_queue + 4) / 5 - 1 : self->write_low);
    config->offers_max = 2;
    for (unsigned i = 0; i < DRAM_TIMING_COUNT; i++)
        if (self->timing[i] != PRESET)
            config->timing[i] = self->timing[i];
    *parameter = "mapping_bits";
    const char *wrong = read_bits(&self->mapping_bits, config);
    if (wrong)
        return wrong;
    *parameter = "organisation.transaction";
    if (config->tx_bytes < 16)
        return "a transaction has at least 16 bytes";
    *parameter = "oddities.orphans";
    if (config->standard == DRAM_HBM2 && config->row_policy == DRAM_CLOSED_CAP &&
        !self->oddities.orphans)
        return "HBM2 with closed_cap can hang in the reference: it needs `mended`";
    wrong = dram_refused(config, &timing);
    *parameter = wrong && timing >= 0 ? dram_timing_names[timing] : at_fault(config);
    return wrong;
}
