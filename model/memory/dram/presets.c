/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Timings of memories that are sold. Source: JEDEC JESD79-3F (DDR3), JESD79-4 (DDR4), JESD209-5 (LPDDR5) and
 * JESD235 (HBM2) speed bins as the presets of Ramulator 2.1 have them, in cycles of CK.
 */
#include <stddef.h>

#include "memory/dram/dram.h"

const char *const dram_timing_names[DRAM_TIMING_COUNT + 1] = {
#define X(name, doc) #name,
    DRAM_TIMINGS(X)
#undef X
        NULL,
};

#define T(name, cycles) [DRAM_T_##name] = (cycles)

/* Figures that are the same for all DDR4. */
#define DDR4(rfc) T(BL, 4), T(BLMAX, 4), T(CCDS, 4), T(RRDS, 4), T(CS, 2), T(RFC, (rfc))
#define DDR4_3200(rfc)                                                                             \
    DDR4(rfc), T(CL, 22), T(CWL, 16), T(RCDR, 22), T(RCDW, 22), T(RP, 22), T(RPAB, 22),            \
        T(RAS, 52), T(RC, 74), T(WR, 24), T(RTP, 12), T(CCDL, 8), T(RRDL, 8), T(WTRS, 4),          \
        T(WTRL, 12), T(FAW, 34), T(REFI, 12480)

const struct dram_preset dram_presets[] = {
    {
        .name = "ddr3-1600", /* 4 Gb x8, 1600K */
        .period_ps = 1250,
        .standard = DRAM_DDR3,
        .ranks = 1,
        .groups = 1,
        .banks = 8,
        .row_bits = 16,
        .column_bits = 7,
        .tx_bytes = 64,
        .timing = {T(BL, 4),   T(BLMAX, 4), T(CL, 11),     T(CWL, 8),  T(RCDR, 11), T(RCDW, 11),
                   T(RP, 11),  T(RPAB, 11), T(RAS, 28),    T(RC, 39),  T(WR, 12),   T(RTP, 6),
                   T(CCDS, 4), T(CCDL, 4),  T(RRDS, 5),    T(RRDL, 5), T(WTRS, 6),  T(WTRL, 6),
                   T(FAW, 24), T(RFC, 208), T(REFI, 6240), T(CS, 2)},
    },
    {
        .name = "ddr4-2400", /* 8 Gb x8, 2400R */
        .period_ps = 833,
        .standard = DRAM_DDR4,
        .ranks = 1,
        .groups = 4,
        .banks = 4,
        .row_bits = 16,
        .column_bits = 7,
        .tx_bytes = 64,
        .timing = {DDR4(433), T(CL, 16), T(CWL, 12), T(RCDR, 16), T(RCDW, 16), T(RP, 16),
                   T(RPAB, 16), T(RAS, 39), T(RC, 55), T(WR, 18), T(RTP, 9), T(CCDL, 6), T(RRDL, 6),
                   T(WTRS, 3), T(WTRL, 9), T(FAW, 26), T(REFI, 9364)},
    },
    {
        .name = "ddr4-3200", /* 8 Gb x8, 3200AA */
        .period_ps = 625,
        .standard = DRAM_DDR4,
        .ranks = 1,
        .groups = 4,
        .banks = 4,
        .row_bits = 16,
        .column_bits = 7,
        .tx_bytes = 64,
        .timing = {DDR4_3200(576)},
    },
    {
        .name = "ddr4-3200-16gb", /* 16 Gb x8, 3200AA */
        .period_ps = 625,
        .standard = DRAM_DDR4,
        .ranks = 1,
        .groups = 4,
        .banks = 4,
        .row_bits = 17,
        .column_bits = 7,
        .tx_bytes = 64,
        .timing = {DDR4_3200(880)},
    },
    {
        .name = "lpddr5-6400", /* 8 Gb x16, one channel of 16 bits, CK 800 MHz */
        .period_ps = 1250,
        .standard = DRAM_LPDDR5,
        .ranks = 1,
        .groups = 4,
        .banks = 4,
        .row_bits = 15,
        .column_bits = 6,
        .tx_bytes = 32,
        .timing = {T(BL, 2),       T(BLMAX, 4),   T(CL, 17),    T(CWL, 9),      T(RCDR, 15),
                   T(RCDW, 15),    T(RP, 15),     T(RPAB, 17),  T(RAS, 34),     T(RC, 49),
                   T(WR, 28),      T(RTP, 8),     T(CCDS, 2),   T(CCDL, 4),     T(RRDS, 4),
                   T(RRDL, 4),     T(WTRS, 5),    T(WTRL, 10),  T(FAW, 16),     T(RFC, 168),
                   T(REFI, 3125),  T(CS, 2),      T(RFCPB, 96), T(REFIPB, 391), T(PPD, 2),
                   T(PBR2PBR, 72), T(PBR2ACT, 6), T(AAD, 8),    T(WCKPST, 1)},
    },
    {
        .name = "hbm2-2000", /* 8 Gb, 2 Gb/s, a channel of 2 pseudo channels */
        .period_ps = 1000,
        .standard = DRAM_HBM2,
        .ranks = 2,
        .groups = 4,
        .banks = 4,
        .row_bits = 16,
        .column_bits = 5,
        .tx_bytes = 32,
        .timing = {T(BL, 2),      T(BLMAX, 2),   T(CL, 14),      T(CWL, 5),  T(RCDR, 14),
                   T(RCDW, 12),   T(RP, 14),     T(RPAB, 14),    T(RAS, 34), T(RC, 48),
                   T(WR, 16),     T(RTP, 5),     T(CCDS, 2),     T(CCDL, 4), T(RRDS, 4),
                   T(RRDL, 4),    T(WTRS, 6),    T(WTRL, 8),     T(FAW, 15), T(RFC, 350),
                   T(REFI, 3900), T(RFCPB, 160), T(REFIPB, 122), T(RREFD, 8)},
    },
    {.name = NULL},
};

void dram_configure(struct dram_config *self, const struct dram_preset *preset)
{
    *self = (struct dram_config){
        .standard = preset->standard,
        .channels = 1,
        .ranks = preset->ranks,
        .groups = preset->groups,
        .banks = preset->banks,
        .row_bits = preset->row_bits,
        .column_bits = preset->column_bits,
        .tx_bytes = preset->tx_bytes,
        .read_queue = 32,
        .write_queue = 32,
        .write_high = 26,
        .write_low = 6,
        .offers_max = 1,
    };
    for (unsigned i = 0; i < DRAM_TIMING_COUNT; i++)
        self->timing[i] = preset->timing[i];
}
