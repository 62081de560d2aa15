/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables of state (kernel/state.h): what a walk tells and passes, and whether a table is whole. */
#include "kernel/state.h"

#include <check.h>
#include <string.h>

#include "kernel/repeat.h"
#include "state_check.h"
#include "suite.h"

#define RING 4

struct item {
    uint64_t address;
    uint16_t length;
    uint8_t kind;
};

struct whole {
    uint8_t a;
    uint32_t b, c; /* padding before b */
    bool d, e;
    uint8_t small;
    uint16_t half;
    uint32_t word;
    uint64_t wide;
    const uint8_t *next;
    sim_cycle due, asked;
    void *built;
    uint32_t first, count;
    struct item ring[RING];
    struct item *behind, *apart[2];
    struct item pair[2];
    uint32_t numbers[3];
};

static struct state_live ring_live(const void *whole)
{
    const struct whole *self = whole;
    return (struct state_live){self->first, self->count};
}

static const struct state_field item_rows[] = {
    {STATE_COUNT(struct item, address)},
    {STATE_SAME(struct item, length)},
    {STATE_SAME(struct item, kind)},
    {.name = NULL},
};
static const struct state_table item_table = {STATE_TABLE(item, item_rows)};

static const struct state_field whole_rows[] = {
    {STATE_SAME(struct whole, a)},
    {STATE_SAME(struct whole, b)},
    {STATE_SAME(struct whole, c)},
    {STATE_SAME(struct whole, d)},
    {STATE_SAME(struct whole, e)},
    {STATE_COUNT(struct whole, small)},
    {STATE_COUNT(struct whole, half)},
    {STATE_COUNT(struct whole, word)},
    {STATE_COUNT(struct whole, wide)},
    {STATE_COUNT(struct whole, next)},
    {STATE_STAMP(struct whole, due)},
    {STATE_STAMP(struct whole, asked), .old = 10},
    {STATE_FREE(struct whole, built), .why = STATE_BUILT},
    {STATE_FREE(struct whole, first), .why = "where a ring begins does not matter"},
    {STATE_SAME(struct whole, count)},
    {STATE_PARTS(struct whole, ring, item_table), .live = ring_live, .why = "the others are old"},
    {STATE_BEHIND(struct whole, behind, item_table, 2)},
    {STATE_POINTERS(struct whole, apart, item_table)},
    {STATE_PARTS(struct whole, pair, item_table)},
    {STATE_COUNTS(struct whole, numbers)},
    {.name = NULL},
};
static const struct state_table whole_table = {STATE_TABLE(whole, whole_rows)};

#define ROOM 100

static struct arena arena;
static uint64_t same[2][ROOM], counts[2][ROOM], growth[ROOM];

static void teardown(void)
{
    arena_free(&arena);
    memset(&arena, 0, sizeof arena);
}

static struct repeat tell(const struct state_code *code, struct whole *self, unsigned which,
                          sim_cycle now)
{
    struct repeat repeat = {.now = now,
                            .same = same[which],
                            .counts = counts[which],
                            .same_room = ROOM,
                            .count_room = ROOM};
    state_walk(code, self, &repeat);
    return repeat;
}

static bool alike(const struct repeat *a, const struct repeat *b)
{
    return a->same_count == b->same_count && a->count_count == b->count_count &&
           memcmp(a->same, b->same, a->same_count * sizeof *a->same) == 0;
}

static struct whole example(void)
{
    static const uint8_t bytes[64];
    static struct item items[3];
    struct whole whole;
    memset(&whole, 0xa5, sizeof whole); /* padding too */
    memset(items, 0, sizeof items);
    whole.b = 7;
    whole.d = whole.e = true;
    whole.next = bytes;
    whole.due = 105;
    whole.asked = 95;
    whole.first = 3;
    whole.count = 2;
    whole.behind = items;
    whole.apart[0] = NULL;
    whole.apart[1] = &items[2];
    return whole;
}

START_TEST(what_is_told_distinguishes_every_member_that_must_be_the_same)
{
    const struct state_code *code = state_compile(&arena, &whole_table);
    struct whole whole = example();
    struct repeat a = tell(code, &whole, 0, 100);
    const struct repeat before = a;
    for (const struct state_field *row = whole_rows; row->name; row++) {
        uint8_t *at = (uint8_t *)&whole + row->offset;
        if (row->kind == STATE_KIND_PART)
            continue;
        at[0] ^= 1;
        struct repeat b = tell(code, &whole, 1, 100);
        ck_assert_msg(alike(&before, &b) ==
                              (row->kind == STATE_KIND_COUNT || row->kind == STATE_KIND_FREE) ||
                          strcmp(row->name, "first") == 0,
                      "%s", row->name);
        at[0] ^= 1;
    }
    struct repeat b = tell(code, &whole, 1, 100);
    ck_assert(alike(&before, &b));
    uint32_t most[2];
    state_words(code, &most[0], &most[1]);
    ck_assert_uint_le(b.same_count, most[0]);
    ck_assert_uint_le(b.count_count, most[1]);
    teardown();
}
END_TEST

START_TEST(padding_does_not_matter)
{
    const struct state_code *code = state_compile(&arena, &whole_table);
    struct whole whole = example();
    struct repeat a = tell(code, &whole, 0, 100);
    for (unsigned i = offsetof(struct whole, a) + 1; i < offsetof(struct whole, b); i++)
        ((uint8_t *)&whole)[i] ^= 0xff;
    struct repeat b = tell(code, &whole, 1, 100);
    ck_assert(alike(&a, &b));
    teardown();
}
END_TEST

START_TEST(a_ring_is_told_from_its_first_element_and_the_rest_not)
{
    const struct state_code *code = state_compile(&arena, &whole_table);
    struct whole whole = example(), turned;
    whole.ring[3] = (struct item){.length = 1};
    whole.ring[0] = (struct item){.length = 2};
    struct repeat a = tell(code, &whole, 0, 100);
    turned = whole;
    turned.first = 1;
    turned.ring[1] = whole.ring[3];
    turned.ring[2] = whole.ring[0];
    turned.ring[3].length = turned.ring[0].length = 99;
    struct repeat b = tell(code, &turned, 1, 100);
    ck_assert(alike(&a, &b));
    turned.ring[2].length = 3;
    b = tell(code, &turned, 1, 100);
    ck_assert(!alike(&a, &b));
    teardown();
}
END_TEST

/* Three periods of seven cycles after the one that was told. */
START_TEST(what_counts_grows_and_stamps_move_along)
{
    const struct state_code *code = state_compile(&arena, &whole_table);
    struct whole whole = example();
    struct repeat a = tell(code, &whole, 0, 93);
    whole.small = (uint8_t)(whole.small + 1);
    whole.half = (uint16_t)(whole.half + 300);
    whole.word += 0x80000001u;
    whole.wide -= 1;
    whole.next += 8;
    whole.due += 7;
    whole.asked += 7;
    whole.ring[0].address += 16;
    whole.behind[1].address += 32;
    whole.apart[1]->address += 64;
    whole.numbers[2] += 5;
    struct repeat b = tell(code, &whole, 1, 100);
    ck_assert(alike(&a, &b));
    for (unsigned i = 0; i < b.count_count; i++)
        growth[i] = counts[1][i] - counts[0][i];
    const struct whole was = whole;
    const uint64_t behind = whole.behind[1].address, apart = whole.apart[1]->address;
    struct repeat pass = {
        .now = 100, .times = 3, .cycles = 21, .growth = growth, .count_room = ROOM};
    state_walk(code, &whole, &pass);
    ck_assert_uint_eq(whole.small, (uint8_t)(was.small + 3));
    ck_assert_uint_eq(whole.half, (uint16_t)(was.half + 900));
    ck_assert_uint_eq(whole.word, was.word + 3 * 0x80000001u);
    ck_assert_uint_eq(whole.wide, was.wide - 3);
    ck_assert_ptr_eq(whole.next, was.next + 24);
    ck_assert_uint_eq(whole.due, was.due + 21);
    ck_assert_uint_eq(whole.asked, was.asked + 21);
    ck_assert_uint_eq(whole.ring[0].address, was.ring[0].address + 48);
    ck_assert_uint_eq(whole.ring[1].address, was.ring[1].address);
    ck_assert_uint_eq(whole.behind[1].address, behind + 96);
    ck_assert_uint_eq(whole.apart[1]->address, apart + 192);
    ck_assert_uint_eq(whole.numbers[0], was.numbers[0]);
    ck_assert_uint_eq(whole.numbers[2], was.numbers[2] + 15);
    ck_assert_ptr_eq(whole.built, was.built);
    teardown();
}
END_TEST

/* asked: 10 cycles back it is old, 9 it is not. */
START_TEST(how_long_ago_matters_until_a_stamp_is_old)
{
    const struct state_code *code = state_compile(&arena, &whole_table);
    struct whole whole = example();
    whole.due = SIM_NEVER;
    for (sim_cycle now = 95; now < 120; now++) {
        struct repeat a = tell(code, &whole, 0, now);
        struct repeat b = tell(code, &whole, 1, now + 1);
        ck_assert_int_eq(alike(&a, &b), now >= 105);
    }
    struct repeat pass = {.now = 105,
                          .times = 1,
                          .cycles = 100,
                          .growth = memset(growth, 0, sizeof growth),
                          .count_room = ROOM};
    state_walk(code, &whole, &pass);
    ck_assert_uint_eq(whole.asked, 95); /* nobody set it */
    ck_assert_uint_eq(whole.due, SIM_NEVER);
    pass = (struct repeat){
        .now = 104, .times = 1, .cycles = 100, .growth = growth, .count_room = ROOM};
    state_walk(code, &whole, &pass);
    ck_assert_uint_eq(whole.asked, 195);
    teardown();
}
END_TEST

/* ---- is a table whole? ----------------------------------------------------------------------- */

static bool whole_with(const struct state_field *rows, struct state_fault *fault)
{
    const struct state_table table = {STATE_TABLE(item, rows)};
    return state_covered(&table, fault);
}

START_TEST(every_byte_must_be_in_one_row)
{
    struct state_fault fault;
    ck_assert_msg(state_covered(&whole_table, &fault), "%s", fault.text);
    const struct state_field forgotten[] = {
        {STATE_SAME(struct item, length)}, {STATE_SAME(struct item, kind)}, {.name = NULL}};
    ck_assert(!whole_with(forgotten, &fault));
    ck_assert_str_eq(fault.text, "item.[byte 0] is in no row");
    const struct state_field twice[] = {{STATE_COUNT(struct item, address)},
                                        {STATE_SAME(struct item, length)},
                                        {STATE_SAME(struct item, kind)},
                                        {STATE_SAME(struct item, length)},
                                        {.name = NULL}};
    ck_assert(!whole_with(twice, &fault));
    ck_assert_str_eq(fault.text, "item.length is in two rows");
}
END_TEST

/* Small members hide where padding was. */
START_TEST(every_name_in_the_source_must_have_a_row)
{
    static const struct {
        const char *text, *fault;
    } sources[] = {
        {"\nstruct item {\n    uint64_t address; /* a; b */\n    uint16_t length;\n"
         "    uint8_t kind;\n};\nstruct other {\n    int more;\n};\n",
         ""},
        {"\nstruct item {\n    uint64_t address;\n    uint16_t length;\n    bool new;\n"
         "    uint8_t kind;\n};\n",
         "item.new has no row"},
        {"\nstruct item {\n    uint64_t address;\n    uint8_t kind, *more[2][F(3)];\n};\n",
         "item.more has no row"},
        {"\nstruct item {\n    union {\n        struct {\n            int a, b;\n        };\n"
         "        uint64_t address;\n    };\n    ALL_THE_REST;\n};\n",
         ""},
        {"\nstruct item {\n    uint64_t address;\n    struct {\n        int a;\n    } in[2];\n};\n",
         "item.in.a has no row"},
        {"\nstruct item {\n    uint64_t address;\n    _Alignas(8) bool (*call)(void *, int);\n};\n",
         "item.call has no row"},
        {"\nstruct item {\n    union {\n        int a;\n        int b;\n    };\n};\n",
         "item.b has no row"},
    };
    for (unsigned i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        struct state_fault fault;
        bool found;
        const bool good = state_named(&item_table, sources[i].text, &found, &fault);
        ck_assert(found);
        ck_assert_int_eq(good, sources[i].fault[0] == '\0');
        if (!good)
            ck_assert_str_eq(fault.text, sources[i].fault);
    }
}
END_TEST

START_TEST(rows_must_be_sound)
{
    struct state_fault fault;
    const struct state_field silent[] = {{STATE_FREE(struct item, address)}, {.name = NULL}};
    ck_assert(!whole_with(silent, &fault));
    ck_assert_str_eq(fault.text, "item.address does not say why it is not told");
    const struct state_field short_stamp[] = {{STATE_STAMP(struct item, length)}, {.name = NULL}};
    ck_assert(!whole_with(short_stamp, &fault));
    ck_assert_str_eq(fault.text, "item.length is no cycle");
    const struct state_field beyond[] = {{STATE_SAME(struct whole, numbers)}, {.name = NULL}};
    ck_assert(!whole_with(beyond, &fault));
    ck_assert_str_eq(fault.text, "item.numbers is no member");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("state");
    TCase *tcase = tcase_create("state");
    tcase_add_test(tcase, what_is_told_distinguishes_every_member_that_must_be_the_same);
    tcase_add_test(tcase, padding_does_not_matter);
    tcase_add_test(tcase, a_ring_is_told_from_its_first_element_and_the_rest_not);
    tcase_add_test(tcase, what_counts_grows_and_stamps_move_along);
    tcase_add_test(tcase, how_long_ago_matters_until_a_stamp_is_old);
    tcase_add_test(tcase, every_byte_must_be_in_one_row);
    tcase_add_test(tcase, every_name_in_the_source_must_have_a_row);
    tcase_add_test(tcase, rows_must_be_sound);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
