/* SPDX-License-Identifier: BSD-2-Clause */
/* A CPU's cache: cycles of hits, misses, write buffer and maintenance; stale reads (model/host/cache/cache.c). */
#include "cache_fixture.h"

static const char *const kinds[][2] = {
    {"ahb", "sram"}, {"axi", "axi-memory"}, {"axi", "axi-sram"}, {"ahb", "dram"}};

/* Cycles of a burst of so many beats on the bare bus: IHI 0011A 3.4; axi_host.c. axi-sram answers one later. */
static sim_cycle burst(unsigned kind, unsigned beats)
{
    return beats + 1 + (kind == 2);
}

START_TEST(a_hit_takes_its_latency_and_a_miss_the_line)
{
    for (unsigned kind = 0; kind < 3; kind++)
        for (uint32_t hit = 1; hit < 4; hit++)
            for (uint32_t miss = 1; miss < 4; miss++) {
                cache_start(kinds[kind][0], kinds[kind][1], 1);
                cpus[0]->cache.hit_cycles = hit;
                cpus[0]->cache.miss_cycles = miss;
                cpus[0]->cache.line_bytes = 32;
                cache_build(0);
                memset(ram_bytes() + 64, 0x5a, 32);
                const unsigned beats = kind == 0 ? 8 : 4; /* 32 or 64 bits */
                ck_assert_uint_eq(do_read(0, 64), 0x5a5a5a5a);
                ck_assert_uint_eq(took(0), miss + burst(kind, beats));
                do_read(0, 64 + 28);
                ck_assert_uint_eq(took(0), hit);
                do_write(0, 64 + 4, 7);
                ck_assert_uint_eq(took(0), hit);
                ck_assert_uint_eq(ram_bytes()[68], 0x5a);
                do_read(0, 64 + 32);
                ck_assert_uint_eq(took(0), miss + burst(kind, beats));
                ck_assert_uint_eq(cache_at(0)->figures.hits, 2);
                ck_assert_uint_eq(cache_at(0)->figures.read_misses, 2);
                cache_end();
            }
}
END_TEST

START_TEST(what_is_past_the_cache_takes_what_it_takes_without_one)
{
    for (unsigned kind = 0; kind < 3; kind++) {
        sim_cycle with[2];
        for (unsigned cached = 0; cached < 2; cached++) {
            cache_start(kinds[kind][0], kinds[kind][1], 1);
            cpus[0]->cache.given = cached;
            cache_build(0);
            do_op(0,
                  &(struct cpu_op){.kind = CPU_READ, .hsize = 2, .address = RAM, .uncached = true});
            with[cached] = took(0);
            cache_end();
        }
        ck_assert_uint_eq(with[0], with[1]);
        ck_assert_uint_eq(with[0], burst(kind, 1));
    }
}
END_TEST

START_TEST(a_dirty_victim_goes_through_the_write_buffer_or_before_the_fill)
{
    for (uint32_t entries = 0; entries < 2; entries++) {
        cache_start("ahb", "sram", 1);
        struct cache_config *cache = &cpus[0]->cache;
        cache->size_bytes = 32;
        cache->line_bytes = 32;
        cache->ways = 1;
        cache->buffer_entries = entries;
        cache_build(0);
        do_write(0, 0, 0x12345678);
        ck_assert_uint_eq(took(0), 1 + burst(0, 8));
        do_read(0, 32);
        ck_assert_uint_eq(took(0), 1 + burst(0, 8) + (entries ? 0 : burst(0, 8)));
        ck_assert_mem_eq(ram_bytes(), ((const uint8_t[]){0x78, 0x56, 0x34, 0x12}), 4);
        ck_assert_uint_eq(cache_at(0)->figures.evictions, 1);
        ck_assert_uint_eq(cache_at(0)->figures.write_backs, 1);
        cache_end();
    }
}
END_TEST

START_TEST(stores_are_written_through_behind_the_buffer_or_in_their_time)
{
    for (uint32_t entries = 0; entries < 2; entries++) {
        cache_start("ahb", "sram", 1);
        struct cache_config *cache = &cpus[0]->cache;
        cache->policy = CACHE_WRITE_THROUGH;
        cache->write_allocate = false;
        cache->buffer_entries = entries;
        cache_build(0);
        do_write(0, 8, 0x11111111); /* misses */
        ck_assert_uint_eq(took(0), entries ? 1 : 1 + burst(0, 1));
        ck_assert_uint_eq(ram_bytes()[8], 0x11);
        ck_assert_uint_eq(cache_at(0)->figures.fills, 0);
        ck_assert_uint_eq(do_read(0, 8), 0x11111111);
        do_write(0, 8, 0x22222222); /* hits */
        ck_assert_uint_eq(took(0), entries ? 1 : 1 + burst(0, 1));
        ck_assert_uint_eq(ram_bytes()[8], 0x22);
        ck_assert_uint_eq(do_read(0, 8), 0x22222222);
        ck_assert_uint_eq(took(0), 1);
        cache_end();
    }
}
END_TEST

START_TEST(maintenance_goes_line_by_line_and_writes_back_what_is_dirty)
{
    cache_start("ahb", "sram", 1);
    struct cache_config *cache = &cpus[0]->cache;
    cache->line_bytes = 32;
    cache->maintenance_cycles = 3;
    cache_build(0);
    do_write(0, 32, 1);
    do_write(0, 96, 2);
    do_maintain(0, HOST_CLEAN, 40, 60); /* three lines, two dirty */
    ck_assert_uint_eq(took(0), 3 * 3 + 2 * burst(0, 8));
    ck_assert_uint_eq(ram_bytes()[32], 1);
    ck_assert_uint_eq(ram_bytes()[96], 2);
    do_maintain(0, HOST_CLEAN, 32, 32);
    ck_assert_uint_eq(took(0), 3);
    do_read(0, 32);
    ck_assert_uint_eq(took(0), 1);
    do_write(0, 32, 5);
    do_maintain(0, HOST_FLUSH, 32, 1);
    ck_assert_uint_eq(took(0), 3 + burst(0, 8));
    ck_assert_uint_eq(ram_bytes()[32], 5);
    do_read(0, 32);
    ck_assert_uint_eq(took(0), 1 + burst(0, 8));
    do_write(0, 32, 9);
    do_maintain(0, HOST_INVALIDATE, 32, 32);
    ck_assert_uint_eq(took(0), 3);
    ck_assert_uint_eq(do_read(0, 32), 5);
    ck_assert_uint_eq(cache_at(0)->figures.dropped, 1);
    cache_end();
}
END_TEST

/* ---- stale data ------------------------------------------------------------------------------ */

static struct test_log stale;

static const struct stale_record *stale_at(size_t index)
{
    ck_assert_uint_lt(index, stale.count);
    return TEST_RECORD(&stale, struct stale_record, index);
}

START_TEST(a_stale_read_is_told_with_what_was_missed_and_why)
{
    cache_start("ahb", "sram", 2);
    cpus[1]->cache.given = false; /* as a device is */
    cache_build(0);
    test_observe(&t, &stale, "stale", NULL);
    do_write(0, 64, 0xaabbccdd);
    const sim_time written = t.system.kernel.now;
    do_read(1, 64); /* not cleaned */
    ck_assert_uint_eq(stale.count, 1);
    ck_assert_str_eq(stale_at(0)->reader, "cpu1");
    ck_assert_str_eq(stale_at(0)->writer, "cpu0");
    ck_assert_str_eq(stale_at(0)->cache, "cpu0");
    ck_assert_uint_eq(stale_at(0)->cause, STALE_DIRTY);
    ck_assert_uint_eq(stale_at(0)->address, RAM + 64);
    ck_assert_uint_eq(stale_at(0)->bytes, 4);
    ck_assert_uint_lt(stale_at(0)->written_ps, written);
    ck_assert_mem_eq(stale_at(0)->should, ((const uint8_t[]){0xdd, 0xcc, 0xbb, 0xaa}), 4);
    ck_assert_mem_eq(stale_at(0)->got, ((const uint8_t[]){0, 0, 0, 0}), 4);
    do_maintain(0, HOST_CLEAN, 64, 4);
    ck_assert_uint_eq(do_read(1, 64), 0xaabbccdd);
    ck_assert_uint_eq(stale.count, 1);

    do_write(1, 64, 0xaabbcc00); /* one byte is another */
    do_read(0, 64);              /* not invalidated */
    ck_assert_uint_eq(stale.count, 2);
    ck_assert_uint_eq(stale_at(1)->cause, STALE_CACHED);
    ck_assert_uint_eq(stale_at(1)->bytes, 1);
    ck_assert_str_eq(stale_at(1)->writer, "cpu1");
    do_maintain(0, HOST_INVALIDATE, 64, 4);
    ck_assert_uint_eq(do_read(0, 64), 0xaabbcc00);
    ck_assert_uint_eq(stale.count, 2);

    do_write(0, 64, 0x11111111);
    do_maintain(0, HOST_INVALIDATE, 64, 4); /* what was written is lost */
    do_read(0, 64);
    do_read(1, 64);
    ck_assert_uint_eq(stale.count, 4);
    ck_assert_uint_eq(stale_at(2)->cause, STALE_LOST);
    ck_assert_uint_eq(stale_at(3)->cause, STALE_LOST);
    test_log_end(&stale);
    cache_end();
}
END_TEST

START_TEST(a_line_written_back_takes_what_a_device_wrote_beside_it)
{
    cache_start("axi", "axi-memory", 2);
    cpus[1]->cache.given = false;
    cache_build(0);
    test_observe(&t, &stale, "stale", NULL);
    do_write(0, 0, 1);
    do_write(1, 4, 0x77777777); /* another word of the line */
    do_maintain(0, HOST_FLUSH, 0, 4);
    ck_assert_uint_eq(do_read(1, 4), 0);
    ck_assert_uint_eq(stale.count, 1);
    ck_assert_uint_eq(stale_at(0)->cause, STALE_LOST);
    ck_assert_str_eq(stale_at(0)->writer, "cpu1");
    ck_assert_uint_eq(do_read(1, 0), 1);
    do_write(1, 4, 5);
    ck_assert_uint_eq(do_read(0, 4), 5);
    ck_assert_uint_eq(stale.count, 1);
    test_log_end(&stale);
    cache_end();
}
END_TEST

/* ---- refused, and never endless -------------------------------------------------------------- */

START_TEST(any_parameters_are_refused_or_right)
{
    struct random random = random_seeded(7);
    unsigned built = 0;
    for (int i = 0; i < 300; i++) {
        const unsigned kind = random_below(&random, 3);
        cache_start(kinds[kind][0], kinds[kind][1], 1);
        struct cache_config *cache = &cpus[0]->cache;
        cache->line_bytes = 16u << random_below(&random, 5);
        cache->ways = 1u << random_below(&random, 6);
        cache->size_bytes = random_below(&random, 4) ? (uint64_t)cache->line_bytes * cache->ways
                                                           << random_below(&random, 4)
                                                     : 16 + random_below(&random, 100000);
        cache->policy = (uint8_t)random_below(&random, 2);
        cache->write_allocate = random_below(&random, 2);
        cache->replacement = (uint8_t)random_below(&random, 4);
        cache->hit_cycles = 1 + random_below(&random, 20);
        cache->miss_cycles = 1 + random_below(&random, 20);
        cache->maintenance_cycles = 1 + random_below(&random, 20);
        cache->buffer_entries = random_below(&random, 5);
        test_check(&t);
        if (t.check.failures) {
            test_plan_end(&t);
            continue;
        }
        built++;
        cache_build(0);
        uint32_t words[64] = {0};
        for (int k = 0; k < 60; k++) {
            const uint32_t word = random_below(&random, 64), at = word * 512;
            if (random_below(&random, 2))
                do_write(0, at, words[word] = random_next(&random));
            else
                ck_assert_uint_eq(do_read(0, at), words[word]);
            if (random_below(&random, 8) == 0)
                do_maintain(0, HOST_FLUSH, at, 1 + random_below(&random, 2000));
        }
        do_maintain(0, HOST_CLEAN, 0, RAM_BYTES);
        for (int k = 0; k < 64; k++)
            ck_assert_mem_eq(ram_bytes() + (size_t)k * 512, &words[k], 4);
        ck_assert_uint_eq(cache_at(0)->windows[0].ideal->figures.stale_bytes, 0);
        cache_end();
    }
    ck_assert_uint_gt(built, 150);
    ck_assert_uint_lt(built, 300);
}
END_TEST

/* ---- stepping -------------------------------------------------------------------------------- */

static bool coherent; /* the masters are, and then one CPU has a cache */

/* Three CPUs with traffic at once, two with caches: all that they do and read stale, and what is in memory. */
static uint64_t random_traffic(uint64_t seed, unsigned flags)
{
    struct random random = random_seeded(seed);
    const unsigned kind = random_below(&random, 3);
    struct test_log accesses[3];
    cache_start(kinds[kind][0], kinds[kind][1], 3);
    for (uint32_t i = 0; i < 3; i++) {
        struct cache_config *cache = &cpus[i]->cache;
        struct cpu_traffic_config *traffic = &cpus[i]->traffic;
        cache->given = i < (coherent ? 1 : 2);
        cache->line_bytes = 16u << random_below(&random, 3);
        cache->ways = 1u << random_below(&random, 3);
        cache->size_bytes = (uint64_t)cache->line_bytes * cache->ways << random_below(&random, 3);
        cache->policy = (uint8_t)random_below(&random, 2);
        cache->write_allocate = random_below(&random, 2);
        cache->replacement = (uint8_t)random_below(&random, 4);
        cache->hit_cycles = 1 + random_below(&random, 3);
        cache->miss_cycles = 1 + random_below(&random, 3);
        cache->buffer_entries = random_below(&random, 3);
        traffic->given = true;
        traffic->pattern = CPU_RANDOM;
        traffic->base = RAM;
        traffic->bytes = 1024;
        traffic->beats = 1 + random_below(&random, 8);
        traffic->width_bits = 32;
        traffic->read_percent = 50;
        traffic->think_cycles = random_below(&random, 6);
        traffic->seed = seed + i;
        traffic->count = 60;
    }
    if (kind == 0)
        test_bus_config(&t)->coherent = coherent;
    else
        ((struct axi_bus_config *)test_config(&t, SECTION_BUSES, 0))->coherent = coherent;
    test_build(&t, flags);
    test_observe(&t, &stale, "stale", NULL);
    for (uint32_t i = 0; i < 3; i++)
        test_observe(&t, &accesses[i], "cpu_access",
                     cpus[i] == cpus[0]   ? "cpu0"
                     : cpus[i] == cpus[1] ? "cpu1"
                                          : "cpu2");
    /* A snapshot in mid-run, and back to it once. */
    kernel_advance(&t.system.kernel, 500 * TEST_PERIOD_PS, 0);
    struct system_snapshot *snapshot = system_save(&t.system);
    const size_t told = stale.count;
    size_t before[3];
    for (uint32_t i = 0; i < 3; i++)
        before[i] = accesses[i].count;
    kernel_advance(&t.system.kernel, 900 * TEST_PERIOD_PS, 0);
    ck_assert_int_eq(system_restore(&t.system, snapshot), DMASIM_OK);
    system_snapshot_free(snapshot);
    stale.count = told;
    for (uint32_t i = 0; i < 3; i++)
        accesses[i].count = before[i];
    ck_assert(test_run(&t, UINT64_C(100000000000)));
    ck_assert(!coherent || stale.count == 0);
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < stale.count; i++) {
        const struct stale_record *record = stale_at(i);
        hash = (hash ^ record->address ^ stale.cycles[i] ^ record->written_ps ^ record->bytes ^
                (uint64_t)record->got[0] << 40 ^ (uint64_t)record->cause << 50) *
               1099511628211u;
    }
    for (uint32_t i = 0; i < 3; i++)
        for (size_t k = 0; k < accesses[i].count; k++) {
            const struct cpu_access_record *record =
                TEST_RECORD(&accesses[i], struct cpu_access_record, k);
            hash = (hash ^ record->address ^ record->end_cycle ^ record->stall_cycles) *
                   1099511628211u;
        }
    for (uint32_t i = 0; i < 1024; i++)
        hash = (hash ^ ram_bytes()[i]) * 1099511628211u;
    test_log_end(&stale);
    for (uint32_t i = 0; i < 3; i++)
        test_log_end(&accesses[i]);
    test_plan_end(&t);
    return hash;
}

START_TEST(random_traffic_is_the_same_however_units_are_stepped_and_from_snapshots)
{
    coherent = false;
    test_any_order(40, random_traffic);
}
END_TEST

START_TEST(coherent_masters_read_nothing_stale_whatever_is_under_way)
{
    coherent = true;
    test_any_order(120, random_traffic);
}
END_TEST

START_TEST(a_coherent_burst_waits_for_the_lookup_and_the_write_back)
{
    for (unsigned kind = 0; kind < 2; kind++) {
        sim_cycle alone = 0;
        for (uint32_t snoop = 0; snoop < 4; snoop++) {
            cache_start(kinds[kind][0], kinds[kind][1], 2);
            cpus[1]->cache.given = false;
            cpus[0]->cache.snoop_cycles = snoop;
            if (kind == 0)
                test_bus_config(&t)->coherent = snoop > 0;
            else
                ((struct axi_bus_config *)test_config(&t, SECTION_BUSES, 0))->coherent = snoop > 0;
            cache_build(0);
            do_read(1, 256);
            alone = snoop ? alone : took(1);
            ck_assert_uint_eq(took(1), alone + (snoop ? snoop + 1 : 0));
            const sim_cycle clean = took(1);
            do_write(0, 256, 0x12345678);
            ck_assert_uint_eq(do_read(1, 256), snoop ? 0x12345678 : 0);
            ck_assert_uint_eq(took(1), clean + (snoop ? burst(kind, kind == 0 ? 8 : 4) : 0));
            if (snoop) {
                do_read(0, 256); /* still there */
                ck_assert_uint_eq(took(0), 1);
                do_write(1, 260, 9);
                ck_assert_uint_eq(do_read(0, 260), 9);
                ck_assert_uint_eq(took(0), 1 + burst(kind, kind == 0 ? 8 : 4));
                ck_assert_uint_eq(cache_at(0)->figures.snoop_write_backs, 1);
            }
            cache_end();
        }
    }
}
END_TEST

TEST_MAIN("cache", a_hit_takes_its_latency_and_a_miss_the_line,
          what_is_past_the_cache_takes_what_it_takes_without_one,
          a_dirty_victim_goes_through_the_write_buffer_or_before_the_fill,
          stores_are_written_through_behind_the_buffer_or_in_their_time,
          maintenance_goes_line_by_line_and_writes_back_what_is_dirty,
          a_stale_read_is_told_with_what_was_missed_and_why,
          a_line_written_back_takes_what_a_device_wrote_beside_it,
          any_parameters_are_refused_or_right,
          random_traffic_is_the_same_however_units_are_stepped_and_from_snapshots,
          coherent_masters_read_nothing_stale_whatever_is_under_way,
          a_coherent_burst_waits_for_the_lookup_and_the_write_back)
