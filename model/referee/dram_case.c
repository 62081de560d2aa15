/* SPDX-License-Identifier: BSD-2-Clause */
#include "referee/dram_case.h"

#include <stdlib.h>
#include <string.h>

#include "kernel/base.h"

#define REQUESTS_MAX (1u << 24)

static const char *cell(const struct table *cases, size_t row, const char *column)
{
    const size_t at = table_column(cases, column);
    return at == SIZE_MAX ? "" : table_cell(cases, row, at);
}

/* ---- configuration --------------------------------------------------------------------------- */

struct word {
    const char *name;
    uint8_t value;
};

static bool take_word(const struct word *words, const char *name, uint8_t *value)
{
    for (; words->name; words++) {
        if (strcmp(words->name, name) != 0)
            continue;
        *value = words->value;
        return true;
    }
    return false;
}

static bool take_number(const char *text, uint64_t most, uint64_t *number)
{
    char *end;
    *number = strtoull(text, &end, 10);
    return end != text && *end == '\0' && *text >= '0' && *text <= '9' && *number <= most;
}

/* The recordings' names: ddr4_3200_2r is of larger devices. */
static const struct dram_preset *preset_of(const char *name)
{
    static const struct {
        const char *starts, *preset;
    } names[] = {
        {"ddr4_3200_2r", "ddr4-3200-16gb"}, {"ddr4_3200", "ddr4-3200"},
        {"ddr4_2400", "ddr4-2400"},         {"ddr3_1600", "ddr3-1600"},
        {"lpddr5_6400", "lpddr5-6400"},     {"hbm2_2000", "hbm2-2000"},
    };
    for (size_t i = 0; i < COUNT(names); i++) {
        if (strncmp(name, names[i].starts, strlen(names[i].starts)) != 0)
            continue;
        for (const struct dram_preset *preset = dram_presets; preset->name; preset++)
            if (strcmp(preset->name, names[i].preset) == 0)
                return preset;
    }
    return NULL;
}

static const char *read_config(struct dram_case *self, const struct table *cases, size_t row)
{
    static const struct word mappings[] = {{"rbrc", DRAM_ROW_BANK_RANK_COLUMN},
                                           {"crbr", DRAM_RANK_BANK_ROW_COLUMN},
                                           {"mop4", DRAM_MOP4},
                                           {NULL, 0}};
    static const struct word schedulers[] = {
        {"FRFCFS", DRAM_FRFCFS}, {"FRFCFS-RowHit", DRAM_FRFCFS_ROW_HIT}, {NULL, 0}};
    static const struct word policies[] = {
        {"Open", DRAM_OPEN}, {"ClosedCAP", DRAM_CLOSED_CAP}, {NULL, 0}};
    static const struct word refreshes[] = {{"AllBank", DRAM_REFRESH_ALL_BANK},
                                            {"PerBank", DRAM_REFRESH_PER_BANK},
                                            {"None", DRAM_REFRESH_NONE},
                                            {NULL, 0}};
    struct dram_config *config = &self->config;
    const struct dram_preset *preset = preset_of(cell(cases, row, "preset"));
    if (!preset)
        return "preset";
    dram_configure(config, preset);
    if (!take_word(mappings, cell(cases, row, "mapping"), &config->mapping))
        return "mapping";
    if (!take_word(schedulers, cell(cases, row, "scheduler"), &config->scheduler))
        return "scheduler";
    if (!take_word(policies, cell(cases, row, "row_policy"), &config->row_policy))
        return "row_policy";
    if (!take_word(refreshes, cell(cases, row, "refresh"), &config->refresh))
        return "refresh";
    uint64_t number;
#define NUMBER(column, member, most)                                                               \
    if (!take_number(cell(cases, row, column), most, &number))                                     \
        return column;                                                                             \
    config->member = (__typeof__(config->member))number
    NUMBER("channels", channels, UINT8_MAX);
    NUMBER("ranks", ranks, UINT8_MAX);
    NUMBER("tx_bytes", tx_bytes, UINT16_MAX);
    NUMBER("read_queue", read_queue, UINT16_MAX);
    NUMBER("write_queue", write_queue, UINT16_MAX);
    NUMBER("write_high", write_high, UINT16_MAX);
    NUMBER("write_low", write_low, UINT16_MAX);
    NUMBER("cap", cap, UINT32_MAX);
    NUMBER("scatter", scatter_cycles, UINT32_MAX);
#undef NUMBER
    if (!take_number(cell(cases, row, "arbitration"), 1, &number))
        return "arbitration";
    self->rotates = number;
    return take_number(cell(cases, row, "tail"), 1000000, &self->tail) ? NULL : "tail";
}

/* ---- masters --------------------------------------------------------------------------------- */

static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

static uint64_t chance(const struct dram_master *self, uint64_t what, uint64_t index)
{
    return mix(self->seed << 40 | what << 32 | index);
}

static bool writes(const struct dram_master *self, uint64_t i)
{
    switch (self->op) {
    case 'R':
        return false;
    case 'W':
        return true;
    case 'X':
        return chance(self, 3, i) % 100 < self->op_argument;
    default:
        return i / self->op_argument % 2;
    }
}

static uint64_t address_of(const struct dram_master *self, uint64_t i, uint64_t tx)
{
    if (self->pattern == 'a')
        return self->base + i % self->p1 * self->p2 + i / self->p1 * self->p3;
    return self->base + chance(self, 1, i / self->p1) % self->p3 * self->p2 + i % self->p1 * tx;
}

static bool make_requests(struct dram_master *self, uint64_t tx)
{
    self->requests = calloc(self->count, sizeof *self->requests);
    if (!self->requests)
        return false;
    uint64_t arrival = self->start;
    for (uint64_t i = 0; i < self->count; i++) {
        if (i > 0) {
            arrival += self->gap;
            arrival += self->jitter ? chance(self, 2, i) % (self->jitter + 1) : 0;
            arrival += self->burst && i % self->burst == 0 ? self->burst_gap : 0;
        }
        self->requests[i] = (struct dram_request){.address = address_of(self, i, tx),
                                                  .arrival = arrival,
                                                  .offered = SIM_NEVER,
                                                  .accepted = SIM_NEVER,
                                                  .completed = SIM_NEVER,
                                                  .write = writes(self, i)};
    }
    return true;
}

/* 16 fields of one master; ends at ';' or at the end. */
static const char *read_master(struct dram_master *self, const char *text)
{
    uint64_t *const numbers[] = {NULL,       NULL,         &self->count,     NULL,
                                 &self->p1,  &self->p2,    &self->p3,        &self->start,
                                 &self->gap, &self->burst, &self->burst_gap, &self->jitter,
                                 &self->out, NULL,         &self->lag,       &self->seed};
    for (unsigned field = 0; field < COUNT(numbers); field++) {
        char *end = (char *)(uintptr_t)text;
        switch (field) {
        case 0:
            self->op = *text++;
            self->op_argument = strtoull(text, &end, 10);
            break;
        case 1:
            self->base = strtoull(text, &end, 16);
            break;
        case 3:
            self->pattern = *text;
            end = (char *)(uintptr_t)text + (*text != '\0');
            break;
        case 13:
            self->depends = *text == '-' ? -1 : (int64_t)strtoull(text, &end, 10);
            if (*text == '-')
                end = (char *)(uintptr_t)text + 1;
            break;
        default:
            *numbers[field] = strtoull(text, &end, 10);
            break;
        }
        if (*end != (field == 15 ? ';' : ':') && !(field == 15 && *end == '\0'))
            return NULL;
        text = field == 15 ? end : end + 1;
    }
    return text;
}

static bool sound(const struct dram_master *self, unsigned masters, uint64_t tx)
{
    return strchr("RWXK", self->op) && strchr("ar", self->pattern) && self->op && self->pattern &&
           (self->op != 'K' || self->op_argument) && self->count > 0 &&
           self->count <= REQUESTS_MAX && self->p1 > 0 && (self->pattern == 'a' || self->p3 > 0) &&
           self->depends < (int64_t)masters && self->seed < 1u << 24 && self->base % tx == 0 &&
           self->p2 % tx == 0 && (self->pattern == 'r' || self->p3 % tx == 0);
}

static const char *read_masters(struct dram_case *self, const char *text)
{
    while (*text) {
        struct dram_master *master = &self->masters[self->count];
        if (self->count == DRAM_CASE_MASTERS)
            return "masters";
        text = read_master(master, text);
        if (!text)
            return "masters";
        self->count++;
        text += *text == ';';
    }
    for (unsigned i = 0; i < self->count; i++) {
        struct dram_master *master = &self->masters[i];
        if (!sound(master, self->count, self->config.tx_bytes))
            return "masters";
        /* Requests that wait for one that does not exist would wait for ever. */
        if (master->depends >= 0 && self->masters[master->depends].count < master->count)
            return "masters";
        if (!make_requests(master, self->config.tx_bytes))
            return "masters";
    }
    self->config.offers_max = self->count;
    return self->count ? NULL : "masters";
}

const char *dram_case_read(struct dram_case *self, const struct table *cases, size_t row)
{
    *self = (struct dram_case){.count = 0};
    const char *wrong = read_config(self, cases, row);
    return wrong ? wrong : read_masters(self, cell(cases, row, "masters"));
}

void dram_case_free(struct dram_case *self)
{
    for (unsigned i = 0; i < self->count; i++)
        free(self->masters[i].requests);
}
