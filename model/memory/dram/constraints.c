/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which command keeps which other away for how long: one function a standard, one line a constraint.
 *
 * HBM2: ACT takes two cycles on the row bus and is counted from its first: what follows it is one later, what
 * precedes it one sooner. LPDDR5: ACT is ACT1 followed by ACT2; all constraints are those of ACT1.
 */
#include "memory/dram/dram.h"

#define BIT(command) (1u << (command))
#define READS (BIT(DRAM_RD) | BIT(DRAM_RDA))
#define WRITES (BIT(DRAM_WR) | BIT(DRAM_WRA))
#define PRES (BIT(DRAM_PREPB) | BIT(DRAM_PREAB))
#define TO_READ BIT(DRAM_RD)
#define TO_WRITE BIT(DRAM_WR)
#define TO_COLUMN (TO_READ | TO_WRITE)

struct list {
    struct dram_constraint *rows;
    unsigned count;
};

/* A list of commands to a list of commands. */
static void put(struct list *self, enum dram_level level, unsigned from, unsigned to,
                int64_t cycles)
{
    for (unsigned f = 0; f < DRAM_SOURCES; f++)
        for (unsigned t = 0; t < DRAM_TARGETS; t++)
            if (from & BIT(f) && to & BIT(t))
                self->rows[self->count++] = (struct dram_constraint){.level = (uint8_t)level,
                                                                     .from = (uint8_t)f,
                                                                     .to = (uint8_t)t,
                                                                     .window = 1,
                                                                     .cycles = (int32_t)cycles};
}

/* Column commands of all standards. */
static void put_columns(struct list *self, const struct dram_config *config)
{
#define N(name) ((int64_t)config->timing[DRAM_T_##name])
    const bool hbm = config->standard == DRAM_HBM2;
    const bool groups = config->standard != DRAM_DDR3;
    const bool mended = config->mended & DRAM_MEND_RANK_TURNAROUND;
    if (!hbm) {
        put(self, DRAM_AT_CHANNEL, READS, TO_READ, N(BL));
        put(self, DRAM_AT_CHANNEL, WRITES, TO_WRITE, N(BL));
    }
    const int64_t apart = hbm && N(BL) > N(CCDS) ? N(BL) : N(CCDS);
    put(self, DRAM_AT_RANK, READS, TO_READ, apart);
    put(self, DRAM_AT_RANK, WRITES, TO_WRITE, apart);
    put(self, DRAM_AT_RANK, READS, TO_WRITE, N(CL) + N(BL) + 2 - N(CWL));
    put(self, DRAM_AT_RANK, WRITES, TO_READ, N(CWL) + N(BL) + N(WTRS));
    if (!hbm) {
        const bool swapped = config->standard == DRAM_LPDDR5 && !mended;
        const int64_t sooner =
            N(CWL) - N(CL); /* data of a write is, by so much later than a read's */
        put(self, DRAM_AT_OTHER_RANKS, READS, TO_READ, N(BL) + N(CS));
        put(self, DRAM_AT_OTHER_RANKS, READS, TO_WRITE, N(BL) + N(CS) - (mended ? sooner : 0));
        put(self, DRAM_AT_OTHER_RANKS, WRITES, TO_READ,
            N(BL) + N(CS) + (swapped ? -sooner : sooner));
    }
    if (groups) {
        put(self, DRAM_AT_GROUP, READS, TO_READ, N(CCDL));
        put(self, DRAM_AT_GROUP, WRITES, TO_WRITE, N(CCDL));
        put(self, DRAM_AT_GROUP, WRITES, TO_READ, N(CWL) + N(BLMAX) + N(WTRL));
    }
    put(self, DRAM_AT_BANK, BIT(DRAM_ACT), TO_READ, N(RCDR));
    put(self, DRAM_AT_BANK, BIT(DRAM_ACT), TO_WRITE, N(RCDW));
}

static void put_rows(struct list *self, const struct dram_config *config)
{
    const bool lpddr = config->standard == DRAM_LPDDR5;
    const int64_t written = N(CWL) + N(BL) + N(WR);
    const unsigned act = BIT(DRAM_ACT), prepb = BIT(DRAM_PREPB), preab = BIT(DRAM_PREAB),
                   refab = BIT(DRAM_REFAB);
    put(self, DRAM_AT_RANK, BIT(DRAM_RD), preab, N(RTP));
    put(self, DRAM_AT_RANK, BIT(DRAM_WR), preab, written);
    put(self, DRAM_AT_RANK, act, act, N(RRDS));
    put(self, DRAM_AT_RANK, act, act, N(FAW));
    self->rows[self->count - 1].window = 4;
    put(self, DRAM_AT_RANK, act, preab, N(RAS));
    put(self, DRAM_AT_RANK, preab, act, lpddr ? N(RPAB) : N(RP));
    if (lpddr)
        put(self, DRAM_AT_RANK, PRES, PRES, N(PPD));
    put(self, DRAM_AT_RANK, act, refab, N(RC));
    put(self, DRAM_AT_RANK, PRES, refab, N(RP));
    put(self, DRAM_AT_RANK, BIT(DRAM_RDA), refab, N(RTP) + N(RP));
    put(self, DRAM_AT_RANK, BIT(DRAM_WRA), refab, written + N(RP));
    put(self, DRAM_AT_RANK, refab, act, N(RFC));
    if (config->standard != DRAM_DDR3)
        put(self, DRAM_AT_RANK, refab, preab, N(RFC));
    if (config->standard != DRAM_DDR3)
        put(self, DRAM_AT_GROUP, act, act, N(RRDL));
    put(self, DRAM_AT_BANK, act, act, N(RC));
    put(self, DRAM_AT_BANK, act, prepb, N(RAS));
    put(self, DRAM_AT_BANK, prepb, act, N(RP));
    put(self, DRAM_AT_BANK, BIT(DRAM_RD), prepb, N(RTP));
    put(self, DRAM_AT_BANK, BIT(DRAM_WR), prepb, written);
    put(self, DRAM_AT_BANK, BIT(DRAM_RDA), act, N(RTP) + N(RP));
    put(self, DRAM_AT_BANK, BIT(DRAM_WRA), act, written + N(RP));
}

/* Refresh of single banks. */
static void put_bank_refresh(struct list *self, const struct dram_config *config)
{
    const unsigned act = BIT(DRAM_ACT), refab = BIT(DRAM_REFAB), refpb = BIT(DRAM_REFPB);
    if (config->standard == DRAM_LPDDR5) {
        put(self, DRAM_AT_RANK, refab, refab | refpb, N(RFC));
        put(self, DRAM_AT_RANK, refpb, refpb, N(PBR2PBR));
        put(self, DRAM_AT_RANK, refpb, refab, N(RFCPB));
        put(self, DRAM_AT_RANK, refpb, act, N(PBR2ACT));
    } else if (config->standard == DRAM_HBM2) {
        put(self, DRAM_AT_RANK, refpb, act, N(RREFD));
        put(self, DRAM_AT_RANK, act, refpb, N(RRDS));
    } else {
        return;
    }
    put(self, DRAM_AT_BANK, refpb, act, N(RFCPB));
    put(self, DRAM_AT_BANK, act, refpb, N(RC));
    put(self, DRAM_AT_BANK, BIT(DRAM_PREPB), refpb, N(RP));
}

/* HBM2: see above. */
static void widen_act(struct list *self)
{
    for (unsigned i = 0; i < self->count; i++) {
        struct dram_constraint *row = &self->rows[i];
        if (row->from == DRAM_ACT && row->to != DRAM_ACT)
            row->cycles++;
        if (row->from != DRAM_ACT && row->to == DRAM_ACT)
            row->cycles--;
    }
    put(self, DRAM_AT_CHANNEL, BIT(DRAM_ACT),
        BIT(DRAM_ACT) | PRES | BIT(DRAM_REFAB) | BIT(DRAM_REFPB), 2);
}

unsigned dram_constraints(const struct dram_config *config,
                          struct dram_constraint list[DRAM_CONSTRAINTS_MAX])
{
    struct list self = {.rows = list};
    put_columns(&self, config);
    put_rows(&self, config);
    put_bank_refresh(&self, config);
    if (config->standard == DRAM_HBM2)
        widen_act(&self);
    return self.count;
}

const char *dram_command_name(enum dram_standard standard, enum dram_command command)
{
    static const char *const names[DRAM_COMMANDS] = {
        [DRAM_RD] = "RD",       [DRAM_WR] = "WR",         [DRAM_RDA] = "RDA",
        [DRAM_WRA] = "WRA",     [DRAM_ACT] = "ACT",       [DRAM_ACT2] = "ACT2",
        [DRAM_PREPB] = "PREpb", [DRAM_PREAB] = "PREab",   [DRAM_REFAB] = "REFab",
        [DRAM_REFPB] = "REFpb", [DRAM_CAS_RD] = "CAS_RD", [DRAM_CAS_WR] = "CAS_WR",
    };
    return command == DRAM_ACT && standard == DRAM_LPDDR5 ? "ACT1" : names[command];
}
