/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tracker of DMA mappings: each wrong use is told once, with its class, and the right one beside it is not; sets of
 * bytes and indices are those of a plain array; whatever a random program does rightly is silent.
 */
#include "host/mappings/bounce.h"
#include "host/mappings/mappings.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/arena.h"
#include "kernel/random.h"
#include "suite.h"

enum { DEVICES = 3, LINE = 64 };

struct bench {
    struct mappings tracker;
    struct arena arena;
    uint32_t told, last;
    struct mapping_fault fault; /* the last; what it points to may be gone */
    sim_time now;
};

static void tell(void *context, const struct mapping_fault *fault)
{
    struct bench *self = context;
    self->told++;
    self->last = fault->class;
    self->fault = *fault;
}

static void start(struct bench *self, uint32_t entries)
{
    memset(self, 0, sizeof *self);
    ck_assert(mappings_create(&self->tracker, &self->arena, DEVICES, entries, tell, self));
}

static void stop(struct bench *self)
{
    arena_free(&self->arena);
}

static struct mapping_call call(const struct bench *self, uint8_t kind, uint8_t direction,
                                uint64_t address, uint64_t bytes)
{
    return (struct mapping_call){.now = self->now,
                                 .kind = kind,
                                 .direction = direction,
                                 .memory = address,
                                 .handle = address,
                                 .bytes = bytes};
}

static void map(struct bench *self, uint8_t kind, uint8_t direction, uint64_t address,
                uint64_t bytes)
{
    const struct mapping_call made = call(self, kind, direction, address, bytes);
    self->now++;
    mappings_map(&self->tracker, &made);
    mappings_checked(&self->tracker, &made);
}

static void unmap(struct bench *self, uint8_t kind, uint8_t direction, uint64_t address,
                  uint64_t bytes)
{
    const struct mapping_call made = call(self, kind, direction, address, bytes);
    self->now++;
    mappings_unmap(&self->tracker, &made);
}

static void sync_to(struct bench *self, bool cpu, uint8_t direction, uint64_t address,
                    uint64_t bytes)
{
    const struct mapping_call made = call(self, MAPPING_SINGLE, direction, address, bytes);
    mappings_sync(&self->tracker, &made, cpu);
}

static void device(struct bench *self, bool write, uint64_t address, uint64_t bytes)
{
    mappings_device_access(&self->tracker, 0, address, bytes, write);
}

static void cpu(struct bench *self, bool write, uint64_t address, uint64_t bytes)
{
    mappings_cpu_access(&self->tracker, address, bytes, write);
}

/* So many faults since the last time it was asked, the last of them of a class. */
static void told(struct bench *self, uint32_t count, uint32_t class)
{
    ck_assert_msg(self->told == count, "%u told, the last is %s, wanted %u", self->told,
                  self->told ? mapping_rules[self->last].name : "none", count);
    if (count)
        ck_assert_str_eq(mapping_rules[self->last].name, mapping_rules[class].name);
    self->told = 0;
}

static void silent(struct bench *self)
{
    told(self, 0, 0);
}

/* ---- classes ---------------------------------------------------------------------------------- */

START_TEST(what_is_mapped_used_and_unmapped_rightly_is_silent)
{
    struct bench bench, *self = &bench;
    start(self, 8);
    for (uint8_t kind = MAPPING_SINGLE; kind <= MAPPING_SG; kind++)
        for (uint8_t direction = 0; direction < MAPPING_DIRECTIONS; direction++) {
            map(self, kind, direction, 0x1000, 128);
            if (direction != MAPPING_FROM_DEVICE)
                device(self, false, 0x1000, 128);
            if (direction != MAPPING_TO_DEVICE)
                device(self, true, 0x1040, 64);
            unmap(self, kind == MAPPING_PAGE ? MAPPING_SINGLE : kind, direction, 0x1000, 128);
            cpu(self, false, 0x1000, 128);
            cpu(self, true, 0x1000, 128);
        }
    map(self, MAPPING_COHERENT, MAPPING_BIDIRECTIONAL, 0x2010, 100);
    cpu(self, true, 0x2010, 100);
    device(self, false, 0x2010, 100);
    device(self, true, 0x2010, 100);
    cpu(self, false, 0x2010, 100);
    unmap(self, MAPPING_COHERENT, MAPPING_BIDIRECTIONAL, 0x2010, 100);
    silent(self);
    ck_assert_uint_eq(self->tracker.count, 0);
    stop(self);
}
END_TEST

START_TEST(a_buffer_is_mapped_twice_or_shares_a_line)
{
    struct bench bench, *self = &bench;
    start(self, 8);
    map(self, MAPPING_SINGLE, MAPPING_FROM_DEVICE, 0x1000, 128);
    map(self, MAPPING_SINGLE, MAPPING_FROM_DEVICE, 0x1080, 64); /* the next line */
    silent(self);
    map(self, MAPPING_SINGLE, MAPPING_FROM_DEVICE, 0x1000, 128);
    told(self, 1, MAPPING_FAULT_DOUBLE_MAP);
    unmap(self, MAPPING_SINGLE, MAPPING_FROM_DEVICE, 0x1000, 128);
    map(self, MAPPING_SINGLE, MAPPING_BIDIRECTIONAL, 0x1040, 64);
    told(self, 1, MAPPING_FAULT_OVERLAP);
    unmap(self, MAPPING_SINGLE, MAPPING_BIDIRECTIONAL, 0x1040, 64);
    map(self, MAPPING_SINGLE, MAPPING_TO_DEVICE, 0x1040, 64); /* it is only read */
    map(self, MAPPING_SINGLE, MAPPING_TO_DEVICE, 0x1040, 64);
    silent(self);
    self->tracker.devices[0].coherent = true;
    map(self, MAPPING_SINGLE, MAPPING_FROM_DEVICE, 0x10c0, 3);
    map(self, MAPPING_SINGLE, MAPPING_FROM_DEVICE, 0x10c3, 3); /* lines are no matter */
    silent(self);
    map(self, MAPPING_SINGLE, MAPPING_FROM_DEVICE, 0x10c5, 3);
    told(self, 1, MAPPING_FAULT_OVERLAP);
    stop(self);
}
END_TEST

START_TEST(buffers_end_with_lines_and_lie_in_no_stack)
{
    static const struct mapping_area areas[] = {
        {.what = "stack", .base = 0x4000, .bytes = 0x1000, .stack = true},
        {.what = "text", .base = 0x6000, .bytes = 0x1000}};
    struct bench bench, *self = &bench;
    start(self, 16);
    self->tracker.areas = areas;
    self->tracker.area_count = 2;
    map(self, MAPPING_SINGLE, MAPPING_FROM_DEVICE, 0x1004, 60);
    told(self, 1, MAPPING_FAULT_UNALIGNED);
    map(self, MAPPING_SINGLE, MAPPING_BIDIRECTIONAL, 0x1040, 63);
    told(self, 1, MAPPING_FAULT_UNALIGNED);
    map(self, MAPPING_SINGLE, MAPPING_TO_DEVICE, 0x1084, 3);
    map(self, MAPPING_COHERENT, MAPPING_BIDIRECTIONAL, 0x1104, 3);
    map(self, MAPPING_SINGLE, MAPPING_TO_DEVICE, 0x3fc0, 64);
    map(self, MAPPING_SINGLE, MAPPING_TO_DEVICE, 0x5000, 64);
    silent(self);
    map(self, MAPPING_SINGLE, MAPPING_TO_DEVICE, 0x3fc0, 65);
    told(self, 1, MAPPING_FAULT_STACK);
    map(self, MAPPING_SINGLE, MAPPING_TO_DEVICE, 0x4fff, 1);
    told(self, 1, MAPPING_FAULT_STACK);
    map(self, MAPPING_PAGE, MAPPING_TO_DEVICE, 0x6ff0, 64);
    told(self, 1, MAPPING_FAULT_AREA);
    stop(self);
}
END_TEST

START_TEST(a_device_reaches_what_its_mask_says)
{
    struct bench bench, *self = &bench;
    start(self, 8);
    self->tracker.devices[0].mask = 0xffff;
    self->tracker.devices[0].max_segment = 4096;
    self->tracker.devices[0].boundary = 8192;
    map(self, MAPPING_SINGLE, MAPPING_TO_DEVICE, 0xffc0, 64);
    silent(self);
    map(self, MAPPING_SINGLE, MAPPING_TO_DEVICE, 0xffc0, 65);
    told(self, 1, MAPPING_FAULT_MASK);
    ck_assert_uint_eq(self->tracker.count, 1);
    map(self, MAPPING_SG, MAPPING_TO_DEVICE, 0x1000, 4096);
    silent(self);
    map(self, MAPPING_SG, MAPPING_TO_DEVICE, 0x2000, 4097);
    told(self, 1, MAPPING_FAULT_SEGMENT);
    map(self, MAPPING_SG, MAPPING_TO_DEVICE, 0x5fff, 2);
    told(self, 1, MAPPING_FAULT_SEGMENT);
    stop(self);
}
END_TEST

START_TEST(what_is_unmapped_is_as_it_was_mapped)
{
    struct bench bench, *self = &bench;
    start(self, 8);
    struct mapping_call list = call(self, MAPPING_SG, MAPPING_TO_DEVICE, 0x3000, 64);
    unmap(self, MAPPING_SINGLE, MAPPING_TO_DEVICE, 0x1000, 64);
    told(self, 1, MAPPING_FAULT_UNMAP_UNKNOWN);
    ck_assert_ptr_null(self->fault.mapping);
    map(self, MAPPING_SINGLE, MAPPING_TO_DEVICE, 0x1000, 64);
    unmap(self, MAPPING_SINGLE, MAPPING_TO_DEVICE, 0x1000, 32);
    told(self, 1, MAPPING_FAULT_UNMAP_SIZE);
    unmap(self, MAPPING_SINGLE, MAPPING_TO_DEVICE, 0x1000, 64); /* a second time */
    told(self, 1, MAPPING_FAULT_UNMAP_UNKNOWN);
    ck_assert_ptr_nonnull(self->fault.mapping);
    map(self, MAPPING_SINGLE, MAPPING_TO_DEVICE, 0x1000, 64);
    unmap(self, MAPPING_SINGLE, MAPPING_FROM_DEVICE, 0x1000, 64);
    told(self, 1, MAPPING_FAULT_UNMAP_DIRECTION);
    map(self, MAPPING_SINGLE, MAPPING_BIDIRECTIONAL, 0x1000, 64);
    unmap(self, MAPPING_COHERENT, MAPPING_BIDIRECTIONAL, 0x1000, 64);
    told(self, 1, MAPPING_FAULT_UNMAP_KIND);
    list.listed = 3;
    mappings_map(&self->tracker, &list);
    list.listed = 2;
    mappings_unmap(&self->tracker, &list);
    told(self, 1, MAPPING_FAULT_COUNT);
    list.kind = MAPPING_SINGLE;
    list.listed = 0;
    mappings_map(&self->tracker, &list);
    mappings_unmap(&self->tracker, &list);
    told(self, 1, MAPPING_FAULT_UNCHECKED);
    ck_assert_uint_eq(self->tracker.count, 0);
    stop(self);
}
END_TEST

START_TEST(of_mappings_at_one_address_the_one_that_fits_is_unmapped)
{
    struct bench bench, *self = &bench;
    start(self, 8);
    map(self, MAPPING_SINGLE, MAPPING_TO_DEVICE, 0x1000, 64);
    map(self, MAPPING_SINGLE, MAPPING_TO_DEVICE, 0x1000, 128);
    map(self, MAPPING_SG, MAPPING_TO_DEVICE, 0x1000, 256);
    unmap(self, MAPPING_SINGLE, MAPPING_TO_DEVICE, 0x1000, 128);
    unmap(self, MAPPING_SG, MAPPING_TO_DEVICE, 0x1000, 256);
    unmap(self, MAPPING_PAGE, MAPPING_TO_DEVICE, 0x1000, 64);
    silent(self);
    stop(self);
}
END_TEST

START_TEST(syncs_are_of_what_is_mapped_and_of_its_direction)
{
    struct bench bench, *self = &bench;
    start(self, 8);
    sync_to(self, true, MAPPING_FROM_DEVICE, 0x1000, 64);
    told(self, 1, MAPPING_FAULT_SYNC_UNKNOWN);
    map(self, MAPPING_SINGLE, MAPPING_FROM_DEVICE, 0x1000, 128);
    sync_to(self, true, MAPPING_FROM_DEVICE, 0x1040, 64);
    sync_to(self, false, MAPPING_FROM_DEVICE, 0x1040, 64);
    silent(self);
    sync_to(self, true, MAPPING_FROM_DEVICE, 0x1040, 65);
    told(self, 1, MAPPING_FAULT_SYNC_RANGE);
    sync_to(self, true, MAPPING_TO_DEVICE, 0x1040, 64);
    told(self, 1, MAPPING_FAULT_SYNC_DIRECTION);
    sync_to(self, false, MAPPING_BIDIRECTIONAL, 0x1040, 64);
    told(self, 1, MAPPING_FAULT_SYNC_DIRECTION);
    map(self, MAPPING_SINGLE, MAPPING_BIDIRECTIONAL, 0x2000, 64);
    sync_to(self, true, MAPPING_FROM_DEVICE, 0x2000, 64); /* either way */
    sync_to(self, false, MAPPING_TO_DEVICE, 0x2000, 64);
    silent(self);
    stop(self);
}
END_TEST

START_TEST(a_device_keeps_to_its_mappings)
{
    struct bench bench, *self = &bench;
    start(self, 8);
    device(self, false, 0x1000, 4);
    told(self, 1, MAPPING_FAULT_NOT_MAPPED);
    device(self, false, 0x1004, 4); /* goes on: the same fault */
    silent(self);
    device(self, false, 0x1010, 4);
    told(self, 1, MAPPING_FAULT_NOT_MAPPED);
    map(self, MAPPING_SINGLE, MAPPING_TO_DEVICE, 0x1000, 64);
    device(self, false, 0x103c, 4);
    silent(self);
    device(self, false, 0x103d, 4);
    told(self, 1, MAPPING_FAULT_BEYOND);
    device(self, false, 0x1040, 4);
    told(self, 1, MAPPING_FAULT_BEYOND);
    for (unsigned i = 1; i < 100; i++)
        device(self, false, 0x1040 + 4 * i, 4); /* it goes on */
    silent(self);
    device(self, false, 0x1080, 4);
    told(self, 1, MAPPING_FAULT_NOT_MAPPED);
    device(self, true, 0x1000, 4);
    told(self, 1, MAPPING_FAULT_WRONG_WAY);
    mappings_device_access(&self->tracker, 1, 0x1000, 4, false); /* another device */
    told(self, 1, MAPPING_FAULT_NOT_MAPPED);
    unmap(self, MAPPING_SINGLE, MAPPING_TO_DEVICE, 0x1000, 64);
    silent(self);
    device(self, false, 0x1020, 4);
    told(self, 1, MAPPING_FAULT_AFTER_UNMAP);
    map(self, MAPPING_SINGLE, MAPPING_TO_DEVICE, 0x1000, 64);
    device(self, false, 0x1020, 4);
    silent(self);
    stop(self);
}
END_TEST

START_TEST(the_cpu_waits_for_its_sync)
{
    struct bench bench, *self = &bench;
    start(self, 8);
    map(self, MAPPING_SINGLE, MAPPING_FROM_DEVICE, 0x1000, 128);
    cpu(self, false, 0x1000, 4);
    told(self, 1, MAPPING_FAULT_NO_SYNC_FOR_CPU);
    device(self, true, 0x1000, 128);
    sync_to(self, true, MAPPING_FROM_DEVICE, 0x1000, 64);
    cpu(self, false, 0x1000, 64);
    silent(self);
    cpu(self, false, 0x103e, 4); /* two bytes beyond a partial sync */
    told(self, 1, MAPPING_FAULT_NO_SYNC_FOR_CPU);
    ck_assert_uint_eq(self->fault.limit, 0x1040);
    device(self, true, 0x1010, 4); /* once more: the sync is old */
    cpu(self, false, 0x100c, 4);
    silent(self);
    cpu(self, false, 0x1010, 4);
    told(self, 1, MAPPING_FAULT_NO_SYNC_FOR_CPU);
    sync_to(self, true, MAPPING_FROM_DEVICE, 0x1010, 4);
    cpu(self, false, 0x1000, 64);
    silent(self);
    sync_to(self, false, MAPPING_FROM_DEVICE, 0x1000, 128);
    cpu(self, true, 0x1000, 4);
    told(self, 1, MAPPING_FAULT_NO_SYNC_FOR_CPU);
    stop(self);
}
END_TEST

START_TEST(the_device_waits_for_its_sync)
{
    struct bench bench, *self = &bench;
    start(self, 8);
    map(self, MAPPING_SINGLE, MAPPING_TO_DEVICE, 0x1000, 128);
    cpu(self, false, 0x1000, 4); /* reading is no matter */
    cpu(self, true, 0x1010, 4);
    device(self, false, 0x1000, 16);
    device(self, false, 0x1014, 16);
    silent(self);
    device(self, false, 0x1012, 4);
    told(self, 1, MAPPING_FAULT_NO_SYNC_FOR_DEVICE);
    sync_to(self, false, MAPPING_TO_DEVICE, 0x1010, 2);
    device(self, false, 0x1010, 2);
    silent(self);
    device(self, false, 0x1010, 4);
    told(self, 1, MAPPING_FAULT_NO_SYNC_FOR_DEVICE);
    sync_to(self, false, MAPPING_TO_DEVICE, 0x1000, 128);
    device(self, false, 0x1000, 128);
    silent(self);
    map(self, MAPPING_NONCOHERENT, MAPPING_BIDIRECTIONAL, 0x2000, 64);
    cpu(self, true, 0x2000, 64);
    silent(self);
    device(self, false, 0x2000, 4);
    told(self, 1, MAPPING_FAULT_NO_SYNC_FOR_DEVICE);
    stop(self);
}
END_TEST

START_TEST(a_bounce_buffer_stands_for_its_buffer)
{
    struct bench bench, *self = &bench;
    start(self, 8);
    struct mapping_call far = call(self, MAPPING_SG, MAPPING_FROM_DEVICE, 0x100000, 64);
    far.handle = 0x800;
    mappings_map(&self->tracker, &far);
    ck_assert_uint_eq(mappings_handle(&self->tracker, 0, 0x100010), 0x810);
    ck_assert_uint_eq(mappings_handle(&self->tracker, 1, 0x100010), 0x100010);
    device(self, true, 0x800, 64);
    silent(self);
    cpu(self, false, 0x100000, 4);
    told(self, 1, MAPPING_FAULT_NO_SYNC_FOR_CPU);
    mappings_sync(&self->tracker, &far, true);
    cpu(self, false, 0x100000, 64);
    silent(self);
    device(self, true, 0x100000, 4);
    told(self, 1, MAPPING_FAULT_NOT_MAPPED);
    mappings_unmap(&self->tracker, &far);
    silent(self);
    stop(self);
}
END_TEST

START_TEST(blocks_of_a_pool_are_given_out_and_back)
{
    struct bench bench, *self = &bench;
    start(self, 8);
    struct mapping_call pool = call(self, MAPPING_COHERENT, MAPPING_BIDIRECTIONAL, 0x1000, 256);
    struct mapping_call block = pool;
    mappings_pool_create(&self->tracker, &pool, 96); /* two blocks, and a rest */
    mappings_pool_alloc(&self->tracker, &pool);
    block.memory = 0x1060;
    mappings_pool_alloc(&self->tracker, &block);
    cpu(self, true, 0x1000, 192);
    device(self, false, 0x1060, 96);
    silent(self);
    mappings_pool_alloc(&self->tracker, &block); /* in use */
    told(self, 1, MAPPING_FAULT_POOL);
    device(self, false, 0x10c0, 4); /* behind the last */
    told(self, 1, MAPPING_FAULT_POOL);
    mappings_pool_free(&self->tracker, &block);
    silent(self);
    mappings_pool_free(&self->tracker, &block); /* twice */
    told(self, 1, MAPPING_FAULT_POOL);
    cpu(self, true, 0x105c, 8); /* the half of it is free */
    told(self, 1, MAPPING_FAULT_POOL);
    device(self, true, 0x1060, 8);
    told(self, 1, MAPPING_FAULT_POOL);
    block.memory = 0x1061;
    mappings_pool_alloc(&self->tracker, &block); /* not where a block begins */
    told(self, 1, MAPPING_FAULT_POOL);
    block.memory = 0x10c0;
    mappings_pool_alloc(&self->tracker, &block); /* no room for a block */
    told(self, 1, MAPPING_FAULT_POOL);
    mappings_pool_destroy(&self->tracker, &pool);
    told(self, 1, MAPPING_FAULT_POOL); /* 0x1000 is in use */
    ck_assert_uint_eq(self->tracker.count, 0);
    mappings_pool_create(&self->tracker, &pool, 64);
    mappings_pool_alloc(&self->tracker, &pool);
    mappings_pool_free(&self->tracker, &pool);
    mappings_pool_destroy(&self->tracker, &pool);
    silent(self);
    mappings_pool_destroy(&self->tracker, &pool);
    told(self, 1, MAPPING_FAULT_POOL);
    stop(self);
}
END_TEST

START_TEST(without_room_it_says_so_and_judges_no_more)
{
    struct bench bench, *self = &bench;
    start(self, 2);
    map(self, MAPPING_SG, MAPPING_TO_DEVICE, 0x1000, 64);
    map(self, MAPPING_SG, MAPPING_TO_DEVICE, 0x2000, 64);
    silent(self);
    map(self, MAPPING_SG, MAPPING_TO_DEVICE, 0x3000, 64);
    told(self, 1, MAPPING_FAULT_ENTRIES);
    map(self, MAPPING_SG, MAPPING_TO_DEVICE, 0x4000, 64);
    device(self, true, 0x1000, 4);
    unmap(self, MAPPING_SG, MAPPING_TO_DEVICE, 0x9000, 4);
    silent(self);
    stop(self);
    start(self, 1); /* four parts of mappings */
    map(self, MAPPING_SG, MAPPING_TO_DEVICE, 0x1000, 64);
    for (unsigned i = 0; i < 4; i++)
        cpu(self, true, 0x1000 + 8 * i, 4);
    silent(self);
    cpu(self, true, 0x1030, 4);
    told(self, 1, MAPPING_FAULT_ENTRIES);
    stop(self);
}
END_TEST

/* ---- against plain arrays --------------------------------------------------------------------- */

START_TEST(sets_are_those_of_an_array)
{
    enum { BYTES = 200 };
    struct bench bench, *self = &bench;
    struct random random = random_seeded(7);
    bool has[BYTES + 1] = {false};
    uint32_t set = MAPPING_NONE;
    start(self, 64);
    for (unsigned i = 0; i < 20000; i++) {
        const uint64_t first = random_below(&random, BYTES);
        const uint64_t end = first + 1 + random_below(&random, (uint32_t)(BYTES - first));
        const bool add = random_below(&random, 2);
        ck_assert(add ? mapping_ranges_add(&self->tracker, &set, first, end)
                      : mapping_ranges_remove(&self->tracker, &set, first, end));
        for (uint64_t k = first; k < end; k++)
            has[k] = add;
        const uint64_t from = random_below(&random, BYTES);
        const uint64_t to = from + 1 + random_below(&random, (uint32_t)(BYTES - from));
        uint64_t met = from, missed = from, at = 0;
        while (met < to && !has[met])
            met++;
        while (missed < to && has[missed])
            missed++;
        ck_assert_int_eq(mapping_ranges_meet(&self->tracker, set, from, to, &at), met < to);
        ck_assert(met == to || at == met);
        ck_assert_int_eq(mapping_ranges_miss(&self->tracker, set, from, to, &at), missed < to);
        ck_assert(missed == to || at == missed);
    }
    mapping_ranges_clear(&self->tracker, &set);
    uint32_t free = 0;
    for (uint32_t at = self->tracker.free_range; at != MAPPING_NONE;
         at = self->tracker.ranges[at].next)
        free++;
    ck_assert_uint_eq(free, 4 * 64);
    stop(self);
}
END_TEST

START_TEST(who_has_a_byte_is_found)
{
    enum { ENTRIES = 200 };
    struct bench bench, *self = &bench;
    struct random random = random_seeded(11);
    start(self, ENTRIES);
    for (unsigned i = 0; i < 6000; i++) {
        const uint64_t address = random_below(&random, 4000);
        const uint64_t bytes = 1 + random_below(&random, random_below(&random, 8) ? 30 : 2000);
        if (random_below(&random, 2) && self->tracker.count < ENTRIES) {
            map(self, MAPPING_SG, MAPPING_TO_DEVICE, address, bytes);
        } else if (self->tracker.count) {
            const struct mapping one =
                *mappings_active(&self->tracker, random_below(&random, self->tracker.count));
            unmap(self, one.kind, one.direction, one.handle, one.bytes);
        }
        unsigned found = 0, there = 0;
        uint32_t at = MAPPING_NONE;
        uint64_t before = UINT64_MAX;
        const struct mapping *one;
        while ((one = mapping_index_meets(&self->tracker, &self->tracker.by_memory, address, bytes,
                                          &at))) {
            ck_assert_uint_le(one->memory, before);
            before = one->memory;
            found++;
        }
        for (uint32_t k = 0; (one = mappings_active(&self->tracker, k)); k++)
            there += one->memory < address + bytes && address < one->memory + one->bytes;
        ck_assert_uint_eq(found, there);
    }
    silent(self);
    stop(self);
}
END_TEST

START_TEST(bounce_buffers_never_meet)
{
    enum { SLOTS = 300, HELD = 64 };
    struct bench bench, *self = &bench;
    struct random random = random_seeded(3);
    struct bounce bounce;
    struct {
        uint64_t address, bytes;
    } held[HELD] = {{0, 0}};
    start(self, 1);
    ck_assert(bounce_create(&bounce, &self->arena, 0x10000, SLOTS * BOUNCE_SLOT_BYTES));
    for (unsigned i = 0; i < 5000; i++) {
        const unsigned k = random_below(&random, HELD);
        if (held[k].bytes) {
            bounce_drop(&bounce, held[k].address);
            held[k].bytes = 0;
            continue;
        }
        const uint64_t memory = random_next(&random), bytes = 1 + random_below(&random, 30000);
        uint64_t address;
        if (!bounce_take(&bounce, memory, bytes, &address))
            continue;
        ck_assert_uint_eq(address & 7, memory & 7);
        ck_assert_uint_ge(address, 0x10000);
        ck_assert_uint_le(address + bytes, 0x10000 + SLOTS * BOUNCE_SLOT_BYTES);
        for (unsigned other = 0; other < HELD; other++)
            ck_assert(!held[other].bytes || address + bytes <= held[other].address ||
                      held[other].address + held[other].bytes <= address);
        held[k].address = address;
        held[k].bytes = bytes;
    }
    uint64_t address;
    for (unsigned k = 0; k < HELD; k++)
        if (held[k].bytes)
            bounce_drop(&bounce, held[k].address);
    ck_assert(bounce_take(&bounce, 0, BOUNCE_SLOTS_MAX * BOUNCE_SLOT_BYTES, &address));
    ck_assert(!bounce_take(&bounce, 0, BOUNCE_SLOTS_MAX * BOUNCE_SLOT_BYTES + 1, &address));
    bounce_drop(&bounce, 0);
    stop(self);
}
END_TEST

/* ---- random programs that are right ----------------------------------------------------------- */

struct buffer {
    uint8_t kind, direction;
    bool mapped, cpus; /* it is the CPU's */
    uint64_t address, bytes;
    uint16_t device;
    uint32_t listed;
};

static void use(struct bench *self, struct random *random, struct buffer *one)
{
    const uint64_t first = random_below(random, (uint32_t)one->bytes);
    const uint64_t bytes = 1 + random_below(random, (uint32_t)(one->bytes - first));
    struct mapping_call made = call(self, one->kind, one->direction, one->address, one->bytes);
    made.device = one->device;
    made.listed = one->listed;
    if (one->kind == MAPPING_COHERENT || one->cpus)
        cpu(self, random_below(random, 2), one->address + first, bytes);
    if (one->kind == MAPPING_COHERENT || !one->cpus)
        mappings_device_access(&self->tracker, one->device, one->address + first, bytes,
                               one->direction == MAPPING_BIDIRECTIONAL
                                   ? random_below(random, 2)
                                   : one->direction == MAPPING_FROM_DEVICE);
    if (one->kind == MAPPING_COHERENT || !random_below(random, 2))
        return;
    one->cpus = !one->cpus;
    mappings_sync(&self->tracker, &made, one->cpus);
}

START_TEST(random_programs_that_are_right_are_silent)
{
    enum { BUFFERS = 128, PLACE = 1024, MAPPINGS = 10000 };
    struct bench bench, *self = &bench;
    struct random random = random_seeded(19);
    struct buffer buffers[BUFFERS] = {{0}};
    start(self, BUFFERS);
    for (unsigned mapped = 0; mapped < MAPPINGS;) {
        const unsigned k = random_below(&random, BUFFERS);
        struct buffer *one = &buffers[k];
        self->now++;
        if (one->mapped && random_below(&random, 4)) {
            use(self, &random, one);
            continue;
        }
        if (!one->mapped) {
            one->kind = (uint8_t)random_below(&random, MAPPING_KINDS);
            one->direction = (uint8_t)(one->kind == MAPPING_COHERENT
                                           ? MAPPING_BIDIRECTIONAL
                                           : random_below(&random, MAPPING_DIRECTIONS));
            one->device = (uint16_t)random_below(&random, DEVICES);
            one->address = 0x10000 + k * PLACE + LINE * random_below(&random, 4);
            one->bytes = LINE * (1 + random_below(&random, 12));
            one->cpus = one->kind == MAPPING_NONCOHERENT;
            mapped++;
        }
        struct mapping_call made = call(self, one->kind, one->direction, one->address, one->bytes);
        made.device = one->device;
        one->listed = made.listed = one->kind == MAPPING_SG ? 1 + k % 3 : 0;
        if (one->mapped) {
            mappings_unmap(&self->tracker, &made);
        } else {
            ck_assert(mappings_map(&self->tracker, &made));
            mappings_checked(&self->tracker, &made);
        }
        one->mapped = !one->mapped;
        silent(self);
    }
    stop(self);
}
END_TEST

TEST_MAIN("mappings", what_is_mapped_used_and_unmapped_rightly_is_silent,
          a_buffer_is_mapped_twice_or_shares_a_line, buffers_end_with_lines_and_lie_in_no_stack,
          a_device_reaches_what_its_mask_says, what_is_unmapped_is_as_it_was_mapped,
          of_mappings_at_one_address_the_one_that_fits_is_unmapped,
          syncs_are_of_what_is_mapped_and_of_its_direction, a_device_keeps_to_its_mappings,
          the_cpu_waits_for_its_sync, the_device_waits_for_its_sync,
          a_bounce_buffer_stands_for_its_buffer, blocks_of_a_pool_are_given_out_and_back,
          without_room_it_says_so_and_judges_no_more, sets_are_those_of_an_array,
          who_has_a_byte_is_found, bounce_buffers_never_meet,
          random_programs_that_are_right_are_silent)
