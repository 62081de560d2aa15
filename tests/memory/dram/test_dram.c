/* SPDX-License-Identifier: BSD-2-Clause */
/* What a controller does in which cycle, one rule a test; figures are those of DDR4-2400 where nothing else is said. */
#include "dram_bench.h"

static struct dram_config plain(const char *preset)
{
    struct dram_config config;
    dram_configure(&config, bench_preset(preset));
    return config;
}

START_TEST(a_request_is_served_in_the_cycle_of_its_acceptance)
{
    const struct dram_config config = plain("ddr4-2400");
    struct bench *bench = bench_new(&config);
    bench_run(bench, 9);
    ck_assert_int_eq(bench_offer(bench, 0, false, 0), DRAM_ACCEPTED);
    bench_run(bench, 10 + 16 + 16 + 4 - 1);
    ck_assert_uint_eq(bench_when(bench, DRAM_ACT, 0), 10);
    ck_assert_uint_eq(bench_when(bench, DRAM_RD, 0), 10 + 16);
    ck_assert_uint_eq(bench->completed[0], 0);
    bench_run(bench, 10 + 16 + 16 + 4);
    ck_assert_uint_eq(bench->completed[0], 10 + 16 + 16 + 4);
    bench_free(bench);
}
END_TEST

START_TEST(a_row_that_is_open_is_hit_and_another_is_closed_first)
{
    const struct dram_config config = plain("ddr4-2400");
    struct bench *bench = bench_new(&config);
    bench_offer(bench, 0, false, 0);
    bench_offer(bench, 64, false, 1);
    bench_offer(bench, UINT64_C(1) << 18, false, 2); /* the next row of the bank */
    bench_run(bench, 200);
    ck_assert_uint_eq(bench_when(bench, DRAM_RD, 1), 17 + 6);    /* CCDL */
    ck_assert_uint_eq(bench_when(bench, DRAM_PREPB, 0), 1 + 39); /* RAS is longer than RTP */
    ck_assert_uint_eq(bench_when(bench, DRAM_ACT, 1), 40 + 16);
    const struct dram_counts counts = dram_count(&bench->dram, 0, bench->now);
    ck_assert_uint_eq(counts.misses, 1);
    ck_assert_uint_eq(counts.hits, 1);
    ck_assert_uint_eq(counts.conflicts, 1);
    ck_assert_uint_eq(counts.data, 12);
    /* Seen from RD: 17 to 20, 23 to 26 and 72 to 75; the first cycle of data is 17 + CL. */
    ck_assert_uint_eq(counts.row, 16 + (72 - 27));
    ck_assert_uint_eq(counts.spacing, 2);
    ck_assert_uint_eq(counts.idle, 16 + 200 - 76 - 16 + 1);
    ck_assert_uint_eq(counts.cycles, 200);
    bench_free(bench);
}
END_TEST

START_TEST(a_rank_is_refreshed_in_its_cycle_and_not_before)
{
    struct dram_config config = plain("ddr4-2400");
    config.ranks = 2;
    for (unsigned scatter = 0; scatter < 500; scatter += 400) {
        config.scatter_cycles = scatter;
        struct bench *bench = bench_new(&config);
        const sim_cycle first = scatter ? 400 : 9364, second = scatter ? 800 : 9365;
        bench_run(bench, first - 1);
        ck_assert_uint_eq(bench->command_count, 0);
        bench_run(bench, 9364 + 900);
        ck_assert_uint_eq(bench_when(bench, DRAM_REFAB, 0), first);
        ck_assert_uint_eq(bench_when(bench, DRAM_REFAB, 1), second);
        bench_free(bench);
    }
}
END_TEST

START_TEST(a_read_of_a_waiting_write_is_forwarded_and_a_write_merged)
{
    struct dram_config config = plain("ddr4-2400");
    config.read_queue = 1;
    config.write_queue = config.write_high = 2;
    config.write_low = 0;
    struct bench *bench = bench_new(&config);
    ck_assert_int_eq(dram_offer(&bench->dram, 1, 0, false, 0), DRAM_ACCEPTED);
    ck_assert_int_eq(dram_offer(&bench->dram, 1, UINT64_C(1) << 18, true, 1), DRAM_ACCEPTED);
    ck_assert_int_eq(dram_offer(&bench->dram, 1, UINT64_C(1) << 18, true, 2), DRAM_MERGED);
    ck_assert_int_eq(dram_offer(&bench->dram, 1, UINT64_C(1) << 18, false, 3), DRAM_FORWARDED);
    ck_assert_int_eq(dram_offer(&bench->dram, 1, 64, false, 4), DRAM_REFUSED);
    ck_assert_int_eq(dram_offer(&bench->dram, 1, 128, true, 5), DRAM_ACCEPTED);
    ck_assert_int_eq(dram_offer(&bench->dram, 1, 64, true, 6), DRAM_REFUSED);
    bench_run(bench, 400);
    ck_assert_uint_eq(bench->completed[3], 1);
    ck_assert_uint_eq(bench->completed[2], 0);
    bench_free(bench);
}
END_TEST

START_TEST(a_forwarded_read_waits_for_those_before_it_unless_mended)
{
    for (unsigned mended = 0; mended < 2; mended++) {
        struct dram_config config = plain("ddr4-2400");
        config.mended = mended ? DRAM_MEND_FORWARDED : 0;
        config.write_high = 32;
        struct bench *bench = bench_new(&config);
        bench_offer(bench, 0, false, 0);
        bench_run(bench, 16);
        /* In the cycle of its RD; a read that waits for RAS keeps the writes waiting. */
        dram_offer(&bench->dram, 17, UINT64_C(1) << 18, false, 1);
        dram_offer(&bench->dram, 17, 64, true, 2);
        bench_run(bench, 17);
        dram_offer(&bench->dram, 18, 64, false, 3);
        bench_run(bench, 400);
        ck_assert_uint_eq(bench->completed[0], 37);
        ck_assert_uint_eq(bench->completed[3], mended ? 18 : 37);
        bench_free(bench);
    }
}
END_TEST

/* A write whose ACT is out may be overtaken by a read of its address: in the reference, not if mended. */
START_TEST(accesses_to_one_address_keep_their_order_if_mended)
{
    for (unsigned mended = 0; mended < 2; mended++) {
        struct dram_config config = plain("ddr4-2400");
        config.mended = mended ? DRAM_MEND_SAME_ADDRESS : 0;
        struct bench *bench = bench_new(&config);
        bench_offer(bench, 0, true, 0);
        ck_assert_int_eq(bench_offer(bench, 0, false, 1), mended ? DRAM_FORWARDED : DRAM_ACCEPTED);
        bench_run(bench, 100);
        ck_assert_int_eq(dram_offer(&bench->dram, 101, 4096 * 64, false, 2), DRAM_ACCEPTED);
        ck_assert_int_eq(dram_offer(&bench->dram, 101, 4096 * 64, true, 3),
                         mended ? DRAM_REFUSED : DRAM_ACCEPTED);
        bench_run(bench, 300);
        bench_free(bench);
    }
}
END_TEST

START_TEST(a_cap_closes_a_row)
{
    struct dram_config config = plain("ddr4-2400");
    config.row_policy = DRAM_CLOSED_CAP;
    config.cap = 2;
    struct bench *bench = bench_new(&config);
    for (unsigned i = 0; i < 3; i++)
        bench_offer(bench, i * 64, false, i);
    bench_run(bench, 200);
    ck_assert_uint_eq(bench_when(bench, DRAM_RD, 1), 23);
    ck_assert_uint_eq(bench_when(bench, DRAM_RDA, 0), 29);
    ck_assert_uint_eq(bench_when(bench, DRAM_PREPB, 0), 0);
    /* Two are under the cap's limit only until a precharge is allowed. */
    bench_offer(bench, 0, false, 3);
    bench_offer(bench, 64, false, 4);
    bench_run(bench, 400);
    ck_assert_uint_eq(bench_when(bench, DRAM_PREPB, 0), 201 + 39);
    bench_free(bench);
}
END_TEST

/* Writes wait until there are write_high of them, and then go on until write_low are left. */
START_TEST(writes_wait_for_the_high_watermark_and_go_on_to_the_low_one)
{
    for (unsigned high = 4; high < 6; high++) {
        struct dram_config config = plain("ddr4-2400");
        config.write_high = (uint16_t)high;
        config.write_low = 1;
        struct bench *bench = bench_new(&config);
        uint64_t tag = 0;
        /* Reads that never end, of one row, and four writes of another bank. */
        for (unsigned i = 0; i < 32; i++)
            dram_offer(&bench->dram, 1, i * 64, false, tag++);
        const uint64_t write = tag;
        for (unsigned i = 0; i < 4; i++)
            dram_offer(&bench->dram, 1, (1u << 13) + i * 64, true, tag++);
        bench_run(bench, 120);
        ck_assert_uint_eq(bench->completed[write] > 0, high == 4);
        ck_assert_uint_eq(bench->completed[write + 3], 0);
        bench_free(bench);
    }
}
END_TEST

/* Both in one cycle, the conflict first: a hit that is no younger keeps the row open only with the scheduler of row hits. */
START_TEST(a_hit_of_equal_age_holds_a_precharge_back)
{
    for (unsigned scheduler = DRAM_FRFCFS; scheduler <= DRAM_FRFCFS_ROW_HIT; scheduler++) {
        struct dram_config config = plain("ddr4-2400");
        config.scheduler = (uint8_t)scheduler;
        struct bench *bench = bench_new(&config);
        bench_offer(bench, 0, false, 0);
        bench_run(bench, 100);
        dram_offer(&bench->dram, 101, UINT64_C(1) << 18, false, 1);
        dram_offer(&bench->dram, 101, 64, false, 2);
        bench_run(bench, 300);
        ck_assert_uint_eq(bench_when(bench, DRAM_PREPB, 0),
                          scheduler == DRAM_FRFCFS ? 101 : 101 + 9);
        bench_free(bench);
    }
}
END_TEST

START_TEST(lpddr5_turns_its_data_clock_on)
{
    const struct dram_config config = plain("lpddr5-6400");
    struct bench *bench = bench_new(&config);
    bench_offer(bench, 0, false, 0);
    bench_run(bench, 16);
    ck_assert_uint_eq(bench_when(bench, DRAM_ACT, 0), 1);
    ck_assert_uint_eq(bench_when(bench, DRAM_ACT2, 0), 2);
    ck_assert_uint_eq(bench_when(bench, DRAM_CAS_RD, 0), 16);
    bench_run(bench, 17);
    ck_assert_uint_eq(bench_when(bench, DRAM_RD, 0), 17);
    /* On for CL + BL + WCKPST cycles after RD: at the last of them no CAS is needed, one later it is. */
    for (unsigned late = 0; late < 2; late++) {
        const sim_cycle now = late ? 60 : 17 + 17 + 2 + 1 - 1;
        bench_run(bench, now - 1);
        bench_offer(bench, 32, false, 1 + late);
        ck_assert_uint_eq(bench_when(bench, DRAM_CAS_RD, 1), late ? now : 0);
    }
    bench_run(bench, 100);
    ck_assert_uint_eq(bench_when(bench, DRAM_RD, 1), 36);
    ck_assert_uint_eq(bench_when(bench, DRAM_RD, 2), 61);
    bench_free(bench);
}
END_TEST

START_TEST(hbm2_sends_a_column_and_a_row_command_in_one_cycle)
{
    const struct dram_config config = plain("hbm2-2000");
    struct bench *bench = bench_new(&config);
    bench_offer(bench, 0, false, 0);
    bench_run(bench, 15);
    bench_offer(bench, UINT64_C(1) << 11, false, 1); /* another bank group */
    ck_assert_uint_eq(bench_when(bench, DRAM_RD, 0), 16);
    ck_assert_uint_eq(bench_when(bench, DRAM_ACT, 1), 16);
    bench_free(bench);
}
END_TEST

START_TEST(mappings_take_their_bits_in_order)
{
    struct dram_config config = plain("ddr4-2400");
    struct dram_place place;
    config.channels = 2;
    const uint64_t address = (UINT64_C(0x1234) << 11 | 3 << 9 | 2 << 7 | 0x55) << 7 | 1 << 6;
    dram_locate(&config, address, &place);
    ck_assert_uint_eq(place.channel, 1);
    ck_assert_uint_eq(place.column, 0x55);
    ck_assert_uint_eq(place.group, 2);
    ck_assert_uint_eq(place.bank, 3);
    ck_assert_uint_eq(place.row, 0x1234);
    config.mapping = DRAM_RANK_BANK_ROW_COLUMN;
    dram_locate(&config, (UINT64_C(2) << 25 | 1 << 23 | 0x1234 << 7 | 0x55) << 7, &place);
    ck_assert_uint_eq(place.channel, 0);
    ck_assert_uint_eq(place.group, 2);
    ck_assert_uint_eq(place.bank, 1);
    ck_assert_uint_eq(place.row, 0x1234);
    ck_assert_uint_eq(dram_bytes(&config), UINT64_C(2) << 33);
    /* Above the memory's end these two cut the address; mop4's row is all that is left. */
    static const uint8_t mappings[] = {DRAM_ROW_BANK_RANK_COLUMN, DRAM_RANK_BANK_ROW_COLUMN,
                                       DRAM_MOP4};
    for (unsigned i = 0; i < 3; i++) {
        struct dram_place low, high;
        config.mapping = mappings[i];
        dram_locate(&config, 0, &low);
        dram_locate(&config, dram_bytes(&config), &high);
        ck_assert_uint_eq(high.row, i == 2 ? UINT32_C(1) << 16 : low.row);
    }
}
END_TEST

/* A list of bits that says what a mapping says locates as that does. */
START_TEST(a_list_of_bits_says_what_a_mapping_says)
{
    struct dram_config config = plain("ddr4-2400"), bits;
    config.ranks = 2;
    bits = config;
    bits.mapping = DRAM_BITS;
    static const uint8_t fields[] = {DRAM_COLUMN, DRAM_RANK, DRAM_GROUP, DRAM_BANK, DRAM_ROW};
    static const uint8_t widths[] = {7, 1, 2, 2, 16};
    int timing;
    for (unsigned f = 0; f < 5; f++)
        for (unsigned bit = 0; bit < widths[f]; bit++)
            bits.bits[bits.bit_count++] = (uint8_t)((unsigned)fields[f] << 5 | bit);
    ck_assert_ptr_null(dram_refused(&bits, &timing));
    struct random random = random_seeded(1);
    for (unsigned i = 0; i < 1000; i++) {
        const uint64_t address =
            ((uint64_t)random_next(&random) << 32 | random_next(&random)) & ~UINT64_C(63);
        struct dram_place a, b;
        memset(&a, 0, sizeof a);
        memset(&b, 0, sizeof b);
        dram_locate(&config, address, &a);
        dram_locate(&bits, address, &b);
        ck_assert_mem_eq(&a, &b, sizeof a);
    }
    bits.bits[3] = bits.bits[2];
    ck_assert_ptr_nonnull(dram_refused(&bits, &timing));
    bits.bits[3] = DRAM_COLUMN << 5 | 7;
    ck_assert_ptr_nonnull(dram_refused(&bits, &timing));
    bits.bits[3] = DRAM_COLUMN << 5 | 3;
    bits.bit_count--;
    ck_assert_ptr_nonnull(dram_refused(&bits, &timing));
}
END_TEST

START_TEST(what_never_ends_is_refused)
{
    static const struct {
        size_t offset;
        uint16_t value;
        bool taken;
    } wrong[] = {
        {offsetof(struct dram_config, read_queue), 0, false},
        {offsetof(struct dram_config, read_queue), 1, true},
        {offsetof(struct dram_config, read_queue), 256, true},
        {offsetof(struct dram_config, read_queue), 257, false},
        {offsetof(struct dram_config, write_queue), 25, false}, /* 26 never wait in it */
        {offsetof(struct dram_config, write_high), 6, false},
        {offsetof(struct dram_config, write_high), 7, true},
        {offsetof(struct dram_config, tx_bytes), 48, false},
    };
    int timing;
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct dram_config config = plain("ddr4-2400");
        memcpy((char *)&config + wrong[i].offset, &wrong[i].value, sizeof wrong[i].value);
        ck_assert_msg(!dram_refused(&config, &timing) == wrong[i].taken, "row %u", i);
    }
    for (unsigned name = 0; name < DRAM_TIMING_COUNT; name++) {
        struct dram_config config = plain("lpddr5-6400");
        config.timing[name] = (uint32_t)-22;
        ck_assert_ptr_nonnull(dram_refused(&config, &timing));
        ck_assert_int_eq(timing, (int)name);
    }
    struct dram_config config = plain("ddr4-2400");
    config.timing[DRAM_T_REFI] = 600;
    ck_assert_ptr_nonnull(dram_refused(&config, &timing));
    ck_assert_int_eq(timing, DRAM_T_REFI);
    config.refresh = DRAM_REFRESH_PER_BANK;
    ck_assert_ptr_nonnull(dram_refused(&config, &timing));
}
END_TEST

TEST_MAIN("memory/dram", a_request_is_served_in_the_cycle_of_its_acceptance,
          a_row_that_is_open_is_hit_and_another_is_closed_first,
          a_rank_is_refreshed_in_its_cycle_and_not_before,
          a_read_of_a_waiting_write_is_forwarded_and_a_write_merged,
          a_forwarded_read_waits_for_those_before_it_unless_mended,
          accesses_to_one_address_keep_their_order_if_mended, a_cap_closes_a_row,
          writes_wait_for_the_high_watermark_and_go_on_to_the_low_one,
          a_hit_of_equal_age_holds_a_precharge_back, lpddr5_turns_its_data_clock_on,
          hbm2_sends_a_column_and_a_row_command_in_one_cycle, mappings_take_their_bits_in_order,
          a_list_of_bits_says_what_a_mapping_says, what_never_ends_is_refused)
