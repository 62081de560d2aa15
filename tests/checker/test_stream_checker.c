/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The AXI-Stream checker finds nothing in correct random streams, and finds faults seeded into them: what
 * is found first must be the rule that was broken, in its row, and no other; with the rule left out,
 * nothing is found up to there.
 */
#include <check.h>
#include <string.h>

#include "stream_checker.h"
#include "suite.h"

enum { ROWS_MAX = 2000, STREAMS_MAX = 3, NO_SITE = -1, TRIES = 400, HITS = 40 };

static struct stream_check_row rows[ROWS_MAX];
static size_t row_count;
static struct stream_check_options options; /* everything that the rows hold */
static uint64_t draws;

/* splitmix64 */
static uint64_t draw(void)
{
    uint64_t z = draws += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static unsigned below(size_t bound)
{
    return (unsigned)(draw() % bound);
}

static void fill(void *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        ((uint8_t *)bytes)[i] = (uint8_t)draw();
}

/* Bits of the lowest lanes. */
static void low_lanes(uint64_t mask[2], unsigned lanes)
{
    mask[0] = lanes < 64 ? (UINT64_C(1) << lanes) - 1 : UINT64_MAX;
    mask[1] = lanes <= 64 ? 0 : UINT64_MAX >> (128 - lanes);
}

static void make_transfer(struct stream_check_row *row, uint32_t stream, bool last)
{
    unsigned lanes = options.width_bits / 8;
    row->valid = 1;
    row->id = stream;
    row->dest = stream * 3;
    row->last = last;
    row->user = draw();
    low_lanes(row->keep, options.packed && !(last && below(2)) ? lanes : 1 + below(lanes));
    if (!options.packed)
        row->keep[0] &= draw();
    row->strb[0] = row->keep[0] & (below(2) ? UINT64_MAX : draw());
    row->strb[1] = row->keep[1];
}

static void make_rows(uint64_t seed)
{
    struct stream_check_row held = {.valid = 0};
    uint32_t beats[STREAMS_MAX] = {0}, stream = 0, streams;
    draws = seed;
    options = (struct stream_check_options){
        .width_bits = 8u << below(8),
        .packed = below(2),
        .no_interleave = below(2),
        .packet_beats = below(2) ? 1 + below(8) : 0,
        .complete = true,
    };
    streams = 1 + below(STREAMS_MAX);
    unsigned shows = 20 + below(81), readies = 20 + below(81), reset = below(2) ? 1 + below(4) : 0;
    size_t end = 100 + below(400);
    for (row_count = 0;; row_count++) {
        struct stream_check_row *row = &rows[row_count];
        fill(row, sizeof(*row));
        row->cycle = row_count;
        row->aresetn = row_count >= reset;
        row->valid = 0;
        row->ready = below(100) < readies;
        if (held.valid) {
            uint32_t ready = row->ready;
            uint8_t noise[CHECK_CSV_WIDE_BYTES];
            memcpy(noise, row->data, sizeof(noise));
            *row = held;
            row->cycle = row_count;
            row->ready = ready;
            for (unsigned lane = 0; lane < CHECK_CSV_WIDE_BYTES; lane++)
                if (!(row->strb[lane / 64] >> lane % 64 & 1))
                    row->data[lane] = noise[lane];
        } else if (row_count > reset && below(100) < shows) {
            bool inside = false;
            for (uint32_t i = 0; i < streams; i++)
                inside |= beats[i] > 0;
            if (!options.no_interleave || !inside)
                stream = below(streams);
            if (row_count >= end) /* finish what is open */
                for (stream = 0; stream + 1 < streams && beats[stream] == 0;)
                    stream++;
            if (row_count >= end && beats[stream] == 0)
                break;
            beats[stream]++;
            bool last =
                options.packet_beats ? beats[stream] == options.packet_beats : below(5) == 0;
            make_transfer(row, stream, last);
            if (last)
                beats[stream] = 0;
        }
        held = *row;
        held.valid &= !row->ready;
    }
}

/* ---- faults ---------------------------------------------------------------------------------- */

enum what { SHOWN, WAITING, SHOWN_LAST, SHOWN_NOT_LAST, IN_RESET, AFTER_RESET };

static bool is_shown(size_t n)
{
    return rows[n].valid && (n == 0 || !rows[n - 1].valid || rows[n - 1].ready);
}

static bool is_site(size_t n, enum what what)
{
    switch (what) {
    case SHOWN:
        return is_shown(n);
    case WAITING:
        return rows[n].valid && !rows[n].ready;
    case SHOWN_LAST:
        return is_shown(n) && rows[n].last;
    case SHOWN_NOT_LAST:
        return is_shown(n) && !rows[n].last;
    case IN_RESET:
        return !rows[n].aresetn;
    default:
        return n > 0 && rows[n].aresetn && !rows[n - 1].aresetn;
    }
}

static long pick(enum what what)
{
    long found = NO_SITE;
    unsigned candidates = 0;
    for (size_t n = 0; n + 1 < row_count; n++)
        if (is_site(n, what) && below(++candidates) == 0)
            found = (long)n;
    return found;
}

/* Row in which the transfer shown in row n is handed over. */
static size_t taken(size_t n)
{
    while (!rows[n].ready)
        n++;
    return n;
}

static long cycle_is_missing(void)
{
    size_t row = 1 + below(row_count - 1);
    for (size_t n = row; n < row_count; n++)
        rows[n].cycle++;
    return (long)row;
}

static long impossible_value(void)
{
    long n = pick(SHOWN);
    if (n == NO_SITE)
        return NO_SITE;
    if (below(2))
        rows[n].last = 2;
    else if (options.width_bits < 512)
        rows[n].keep[0] |= UINT64_C(1) << options.width_bits / 8;
    else
        rows[n].valid = 2;
    return n;
}

static long valid_in_reset(void)
{
    long n = pick(below(2) ? IN_RESET : AFTER_RESET);
    if (n == NO_SITE)
        return NO_SITE;
    make_transfer(&rows[n], 0, true);
    rows[n].ready = 1;
    options.packet_beats = 0;
    return n;
}

static long valid_is_withdrawn(void)
{
    long n = pick(WAITING);
    if (n == NO_SITE)
        return NO_SITE;
    rows[n + 1].valid = 0;
    return n + 1;
}

static long payload_changes(void)
{
    long n = pick(WAITING);
    if (n == NO_SITE)
        return NO_SITE;
    struct stream_check_row *row = &rows[n + 1];
    unsigned lane = below(options.width_bits / 8);
    uint64_t bit = UINT64_C(1) << lane % 64;
    switch (below(7)) {
    case 0:
        row->last ^= 1;
        break;
    case 1:
        row->id ^= 1u << below(32);
        break;
    case 2:
        row->dest ^= 1u << below(32);
        break;
    case 3:
        row->user ^= UINT64_C(1) << below(64);
        break;
    case 4:
        row->keep[lane / 64] ^= bit;
        break;
    case 5:
        row->strb[lane / 64] ^= bit;
        break;
    default:
        if (!(row->strb[lane / 64] & bit))
            return NO_SITE;
        row->data[lane] ^= (uint8_t)(1u << below(8));
    }
    return n + 1;
}

static long strobe_of_a_null_byte(void)
{
    long n = pick(SHOWN);
    unsigned lane = below(options.width_bits / 8);
    if (n == NO_SITE || rows[n].keep[lane / 64] >> lane % 64 & 1)
        return NO_SITE;
    for (size_t i = (size_t)n; i <= taken((size_t)n); i++)
        rows[i].strb[lane / 64] |= UINT64_C(1) << lane % 64;
    return n;
}

static long null_byte_inside_a_packet(void)
{
    bool middle = below(2); /* a hole, or a last byte that is not the packet's */
    long n = pick(middle ? SHOWN : SHOWN_NOT_LAST);
    unsigned lanes = options.width_bits / 8;
    if (n == NO_SITE || !options.packed || lanes < 3)
        return NO_SITE;
    uint64_t keep[2];
    low_lanes(keep, lanes);
    unsigned lane = middle ? below(lanes - 1) : lanes - 1;
    keep[lane / 64] &= ~(UINT64_C(1) << lane % 64);
    for (size_t i = (size_t)n; i <= taken((size_t)n); i++) {
        memcpy(rows[i].keep, keep, sizeof(keep));
        rows[i].strb[0] &= keep[0];
        rows[i].strb[1] &= keep[1];
    }
    return n;
}

static long packets_that_interleave(void)
{
    options.no_interleave = true;
    uint32_t id = 0;
    bool inside = false;
    for (size_t n = 0; n < row_count; n++) {
        if (rows[n].valid && inside && rows[n].id != id)
            return (long)n;
        if (rows[n].valid && rows[n].ready) {
            inside = !rows[n].last;
            id = rows[n].id;
        }
    }
    return NO_SITE;
}

static long packet_of_another_length(void)
{
    long n = pick(below(2) ? SHOWN_LAST : SHOWN_NOT_LAST);
    if (n == NO_SITE || options.packet_beats == 0)
        return NO_SITE;
    options.packed = false; /* the last transfer may have null bytes */
    for (size_t i = (size_t)n, end = taken(i); i <= end; i++)
        rows[i].last ^= 1;
    return n;
}

static long stream_that_ends_inside_a_packet(void)
{
    long n = pick(below(2) ? SHOWN_NOT_LAST : WAITING);
    if (n == NO_SITE)
        return NO_SITE;
    row_count = (size_t)n + 1;
    return n;
}

static const struct fault {
    enum stream_check_rule rule;
    long (*seed)(void);
} faults[] = {
    {STREAM_CHECK_ENCODING, cycle_is_missing},
    {STREAM_CHECK_ENCODING, impossible_value},
    {STREAM_CHECK_RESET, valid_in_reset},
    {STREAM_CHECK_VALID_HELD, valid_is_withdrawn},
    {STREAM_CHECK_STABLE, payload_changes},
    {STREAM_CHECK_KEEP_STROBE, strobe_of_a_null_byte},
    {STREAM_CHECK_PACKED, null_byte_inside_a_packet},
    {STREAM_CHECK_INTERLEAVE, packets_that_interleave},
    {STREAM_CHECK_PACKET_BEATS, packet_of_another_length},
    {STREAM_CHECK_COMPLETE, stream_that_ends_inside_a_packet},
};

enum { FAULTS = sizeof(faults) / sizeof(faults[0]) };

/* ---- tests ----------------------------------------------------------------------------------- */

struct first {
    uint64_t cycle;
    enum stream_check_rule rules[8]; /* found in that cycle */
    size_t count;
    char text[250];
};

static void note(void *context, uint64_t cycle, enum stream_check_rule rule, const char *text)
{
    struct first *first = context;
    if (first->count == 0) {
        first->cycle = cycle;
        snprintf(first->text, sizeof(first->text), "%s: %s", stream_check_rules[rule].name, text);
    }
    if (cycle == first->cycle && first->count < 8)
        first->rules[first->count++] = rule;
}

static struct first check_rows(struct stream_checker *checker)
{
    struct first first = {.count = 0};
    stream_checker_init(checker, &options, note, &first);
    for (size_t n = 0; n < row_count; n++)
        stream_checker_row(checker, &rows[n]);
    stream_checker_end(checker);
    return first;
}

START_TEST(correct_random_streams_hold_every_rule)
{
    uint64_t beats = 0, packets = 0;
    for (uint64_t seed = 0; seed < 2000; seed++) {
        struct stream_checker checker;
        make_rows(seed);
        struct first first = check_rows(&checker);
        ck_assert_msg(first.count == 0, "seed %llu, cycle %llu: %s", (unsigned long long)seed,
                      (unsigned long long)first.cycle, first.text);
        beats += checker.beats;
        packets += checker.packets;
    }
    ck_assert_uint_gt(beats, 2000 * 40);
    ck_assert_uint_gt(packets, 2000 * 8);
}
END_TEST

START_TEST(seeded_fault_is_found_as_its_rule_alone)
{
    const struct fault *fault = &faults[_i];
    const char *name = stream_check_rules[fault->rule].name;
    unsigned hits = 0;
    for (uint64_t seed = 0; seed < TRIES && hits < HITS; seed++) {
        struct stream_checker checker;
        make_rows(seed);
        long row = fault->seed();
        if (row == NO_SITE)
            continue;
        hits++;
        uint64_t cycle = rows[row].cycle;
        struct first first = check_rows(&checker);
        ck_assert_msg(first.count > 0, "%s, seed %llu: found nothing, expected cycle %llu", name,
                      (unsigned long long)seed, (unsigned long long)cycle);
        for (size_t i = 0; i < first.count; i++)
            ck_assert_msg(
                first.cycle == cycle && first.rules[i] == fault->rule,
                "%s, seed %llu: expected it alone in cycle %llu, cycle %llu has %s and %s", name,
                (unsigned long long)seed, (unsigned long long)cycle,
                (unsigned long long)first.cycle, first.text,
                stream_check_rules[first.rules[i]].name);
        options.skip[fault->rule] = true;
        first = check_rows(&checker);
        ck_assert_msg(first.count == 0 || first.cycle > cycle,
                      "%s left out, seed %llu: cycle %llu has %s", name, (unsigned long long)seed,
                      (unsigned long long)first.cycle, first.text);
    }
    ck_assert_msg(hits == HITS, "%s: a place in %u streams only", name, hits);
}
END_TEST

START_TEST(every_rule_has_a_seeded_fault)
{
    for (int rule = 0; rule < STREAM_CHECK_RULE_COUNT; rule++) {
        bool has = false;
        for (unsigned i = 0; i < FAULTS; i++)
            has |= faults[i].rule == (enum stream_check_rule)rule;
        ck_assert_msg(has, "no fault for %s", stream_check_rules[rule].name);
    }
}
END_TEST

START_TEST(absent_columns_have_their_default_values)
{
    FILE *file = tmpfile();
    ck_assert(file != NULL);
    fputs("cycle,tvalid,tkeep,tdata\n3,1,5,00112233\n4,1,f,00112233\n", file);
    rewind(file);
    struct stream_check_reader reader;
    struct stream_check_row row;
    ck_assert_msg(stream_check_reader_init(&reader, file), "%s", reader.csv.error);
    ck_assert(stream_check_reader_next(&reader, &row));
    ck_assert_uint_eq(row.cycle, 3);
    ck_assert_uint_eq(row.ready, 1);
    ck_assert_uint_eq(row.keep[0], 5);
    ck_assert_uint_eq(row.strb[0], 5);
    ck_assert_uint_eq(row.last, STREAM_CHECK_UNKNOWN);
    ck_assert_uint_eq(reader.width_bits, 32);
    ck_assert(stream_check_reader_next(&reader, &row));
    ck_assert_uint_eq(row.strb[0], 15);
    ck_assert(!stream_check_reader_next(&reader, &row));
    ck_assert_str_eq(reader.csv.error, "");
    fclose(file);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stream_checker");
    TCase *tests = tcase_create("faults");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, correct_random_streams_hold_every_rule);
    tcase_add_loop_test(tests, seeded_fault_is_found_as_its_rule_alone, 0, FAULTS);
    tcase_add_test(tests, every_rule_has_a_seeded_fault);
    tcase_add_test(tests, absent_columns_have_their_default_values);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
