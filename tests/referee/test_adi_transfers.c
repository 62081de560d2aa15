/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_adi_transfers: what transfers.csv and summary.csv tell of an ADI AXI DMAC, against figures worked out by
 * hand from docs/controllers/axi-dmac.md, and against the events of the same run.
 */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "referee/referee.h"
#include "suite.h"

#define CONTROLLER                                                                                 \
    "  dma: { type: 'adi,axi-dmac', bus: lite, base: 0, source_bus: in, destination_bus: out,\n"   \
    "    errata: none }\n"
#define BUSES                                                                                      \
    "clocks: { aclk: { frequency: 100 MHz } }\n"                                                   \
    "stop: 1 ms\n"                                                                                 \
    "buses:\n"                                                                                     \
    "  lite: { type: axi, clock: aclk, width: 32, lite: true }\n"                                  \
    "  in: { type: axi, clock: aclk, width: 64 }\n"                                                \
    "  out: { type: axi, clock: aclk, width: 64 }\n"
#define MEMORIES                                                                                   \
    "memories:\n"                                                                                  \
    "  from: { type: axi-memory, bus: in, size: 64 KiB, fill: count }\n"                           \
    "  to: { type: axi-memory, bus: out, size: 64 KiB }\n"

static void run_scenario(char dir[64], const char *text)
{
    char path[128];
    strcpy(dir, "/tmp/dmasim-transfers-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/case.yaml", dir);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
    char *argv[] = {(char[]){"run"},
                    path,
                    (char[]){"-q"},
                    (char[]){"--force"},
                    (char[]){"-o"},
                    dir,
                    (char[]){"--trace"},
                    (char[]){"transfers,summary,events"},
                    NULL};
    ck_assert_int_eq(cli_run(8, argv), CLI_GOOD);
}

static void run(char dir[64], const char *head, const char *script, const char *tail)
{
    char text[8192];
    int length = snprintf(text, sizeof text,
                          "name: transfers\n%smasters:\n  driver: { type: adi-script, bus: lite, "
                          "controller: dma, script: '%s' }\n%s",
                          head, script, tail);
    ck_assert_int_lt(length, (int)sizeof text);
    run_scenario(dir, text);
}

static void done(const char *dir)
{
    static const char *const files[] = {"case.yaml",  "transfers.csv",          "summary.csv",
                                        "events.csv", "scenario.resolved.yaml", ".dmasim-results"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[128];
        snprintf(path, sizeof path, "%s/%s", dir, files[i]);
        ck_assert_int_eq(unlink(path), 0);
    }
    ck_assert_int_eq(rmdir(dir), 0);
}

static const char *cell(const struct table *table, size_t row, const char *column)
{
    size_t index = table_column(table, column);
    ck_assert_uint_ne(index, SIZE_MAX);
    ck_assert_uint_lt(row, table->rows);
    return table_cell(table, row, index);
}

static uint64_t number(const struct table *table, size_t row, const char *column)
{
    return strtoull(cell(table, row, column), NULL, 10);
}

static const char *metric(const struct table *summary, const char *name)
{
    for (size_t row = 1; row < summary->rows; row++)
        if (strcmp(table_cell(summary, row, 0), name) == 0)
            return table_cell(summary, row, 1);
    return "";
}

/* Cycle of the index-th event of a name; with `last` only those that have it. */
static uint64_t event(const struct table *events, const char *name, size_t index, bool last)
{
    for (size_t row = 1; row < events->rows; row++)
        if (strcmp(table_cell(events, row, 1), name) == 0 &&
            (!last || strcmp(table_cell(events, row, 4), "1") == 0) && index-- == 0)
            return strtoull(table_cell(events, row, 0), NULL, 10);
    ck_abort_msg("no such %s", name);
    return 0;
}

/*
 * Latencies Lr = Lb = 8, Bt = 16 beats of a burst, T = 32 of all. The script's fifth write is raised in
 * cycle 60 + 4 * 5, so its strobe is in t = 81. The request is taken in t + 1; ARVALID t + 5, the first beat
 * Lr later; the interrupt t + 13 + Lr + Lb + Bt + T = 158; the answer reaches the registers 2 before, and B
 * comes 3 before that, Lb after the last beat.
 */
START_TEST(figures_of_one_transfer_are_those_worked_out_by_hand)
{
    char dir[64];
    struct table transfers, summary;
    run(dir, BUSES "controllers:\n" CONTROLLER, "W 80 1; W 400 1; W 418 ff; W 40c 2; W 408 1; T 1",
        MEMORIES);
    ck_assert(table_read(&transfers, dir, "transfers.csv"));
    ck_assert(table_read(&summary, dir, "summary.csv"));
    ck_assert_uint_eq(transfers.rows, 2);
    ck_assert_str_eq(cell(&transfers, 1, "controller"), "dma");
    ck_assert_str_eq(cell(&transfers, 1, "channel"), "0");
    ck_assert_str_eq(cell(&transfers, 1, "call"), "registers");
    ck_assert_str_eq(cell(&transfers, 1, "mode"), "mem_to_mem");
    ck_assert_str_eq(cell(&transfers, 1, "bytes"), "256");
    ck_assert_str_eq(cell(&transfers, 1, "status"), "complete");
    ck_assert_str_eq(cell(&transfers, 1, "submit_cycle"), "81");
    ck_assert_str_eq(cell(&transfers, 1, "issue_cycle"), "82");
    ck_assert_str_eq(cell(&transfers, 1, "first_beat_cycle"), "94");
    ck_assert_str_eq(cell(&transfers, 1, "last_beat_cycle"), "145");
    ck_assert_str_eq(cell(&transfers, 1, "interrupt_cycle"), "158");
    ck_assert_str_eq(cell(&transfers, 1, "callback_cycle"), "156");
    ck_assert_str_eq(cell(&transfers, 1, "data_beats"), "64");
    ck_assert_str_eq(cell(&transfers, 1, "descriptor_beats"), "0");
    ck_assert_str_eq(metric(&summary, "transfers.count"), "1");
    ck_assert_str_eq(metric(&summary, "transfers.bytes"), "256");
    ck_assert_str_eq(metric(&summary, "controller.dma.latency.max"), "750.000");
    ck_assert_str_eq(metric(&summary, "controller.dma.beats"), "64");
    table_free(&transfers);
    table_free(&summary);
    done(dir);
}
END_TEST

/* Queued: the next one reads while the one before writes; lengths that end inside a beat. */
START_TEST(beats_of_transfers_under_way_together_are_told_apart)
{
    static const unsigned lengths[] = {256, 20, 8, 300, 128, 1000, 3};
    enum { COUNT = sizeof lengths / sizeof lengths[0] };
    char dir[64], script[2048] = "W 80 1; W 400 1; W 40c 2";
    struct table transfers, events;
    for (unsigned i = 0; i < COUNT; i++)
        sprintf(script + strlen(script), "; P 408; W 418 %x; W 414 %x; W 410 %x; W 408 1",
                lengths[i] - 1, i << 12, i << 12);
    strcat(script, "; T 7");
    run(dir, BUSES "controllers:\n" CONTROLLER, script, MEMORIES);
    ck_assert(table_read(&transfers, dir, "transfers.csv"));
    ck_assert(table_read(&events, dir, "events.csv"));
    ck_assert_uint_eq(transfers.rows, 1 + COUNT);
    size_t before = 0;
    bool overlapped = false;
    for (unsigned i = 0; i < COUNT; i++) {
        const size_t beats = (lengths[i] + 7) / 8;
        ck_assert_uint_eq(number(&transfers, i + 1, "channel"), i % 4);
        ck_assert_uint_eq(number(&transfers, i + 1, "bytes"), lengths[i]);
        ck_assert_uint_eq(number(&transfers, i + 1, "data_beats"), 2 * beats);
        ck_assert_uint_eq(number(&transfers, i + 1, "issue_cycle"),
                          event(&events, "req_accept", i, false));
        ck_assert_uint_eq(number(&transfers, i + 1, "submit_cycle") + 1,
                          event(&events, "req_valid", i, false));
        ck_assert_uint_eq(number(&transfers, i + 1, "first_beat_cycle"),
                          event(&events, "R", before, false));
        before += beats;
        ck_assert_uint_eq(number(&transfers, i + 1, "last_beat_cycle"),
                          event(&events, "W", before - 1, false));
        ck_assert_uint_eq(number(&transfers, i + 1, "callback_cycle"),
                          event(&events, "resp", i, true));
        overlapped |= i > 0 && number(&transfers, i + 1, "first_beat_cycle") <
                                   number(&transfers, i, "last_beat_cycle");
    }
    ck_assert(overlapped);
    table_free(&transfers);
    table_free(&events);
    done(dir);
}
END_TEST

/* Two chains, one queued behind the other: three descriptors with one completion, one with its own. */
START_TEST(descriptors_without_completion_are_part_of_the_transfer)
{
    static const uint32_t chain[][4] = {/* flags, id, next, length */
                                        {0, 7, 0x40, 64},
                                        {0, 8, 0x80, 200},
                                        {3, 9, 0, 16},
                                        {3, 5, 0, 512}};
    char dir[64], name[64] = "/tmp/dmasim-chain-XXXXXX", tail[1024];
    struct table transfers, summary, events;
    int file = mkstemp(name);
    ck_assert_int_ge(file, 0);
    for (uint32_t i = 0; i < 4; i++) {
        /* flags, id; dest, src, next of 64 bits; y, x, strides; up to the next one */
        const uint32_t words[16] = {chain[i][0], chain[i][1], 0x1000 * i, 0, 0x1000 * i,
                                    0,           chain[i][2], 0,          0, chain[i][3] - 1};
        ck_assert_int_eq(write(file, words, sizeof words), (ssize_t)sizeof words);
    }
    close(file);
    snprintf(tail, sizeof tail,
             MEMORIES
             "  list: { type: axi-memory, bus: sg, size: 4 KiB, load: [ { file: '%s' } ] }\n",
             name);
    run(dir,
        BUSES "  sg: { type: axi, clock: aclk, width: 64 }\n"
              "controllers:\n"
              "  dma: { type: 'adi,axi-dmac', bus: lite, base: 0, source_bus: in,\n"
              "    destination_bus: out, descriptor_bus: sg, errata: none }\n",
        "W 80 1; W 400 5; W 47c 0; W 408 1; P 408; W 47c c0; W 408 1; T 2", tail);
    unlink(name);
    ck_assert(table_read(&transfers, dir, "transfers.csv"));
    ck_assert(table_read(&summary, dir, "summary.csv"));
    ck_assert(table_read(&events, dir, "events.csv"));
    ck_assert_uint_eq(transfers.rows, 3);
    for (unsigned i = 0; i < 2; i++) {
        ck_assert_str_eq(cell(&transfers, i + 1, "call"), "chain");
        ck_assert_uint_eq(number(&transfers, i + 1, "channel"), i);
        ck_assert_uint_eq(number(&transfers, i + 1, "submit_cycle") + 1,
                          event(&events, "req_valid", i, false));
        ck_assert_uint_eq(number(&transfers, i + 1, "callback_cycle"),
                          event(&events, "resp", i, true));
    }
    ck_assert_uint_eq(number(&transfers, 1, "bytes"), 64 + 200 + 16);
    ck_assert_uint_eq(number(&transfers, 1, "descriptor_beats"), 3 * 6);
    ck_assert_uint_eq(number(&transfers, 1, "data_beats"), 2 * (8 + 25 + 2));
    ck_assert_uint_eq(number(&transfers, 1, "first_beat_cycle"), event(&events, "R", 0, false));
    ck_assert_uint_eq(number(&transfers, 1, "last_beat_cycle"), event(&events, "W", 34, false));
    ck_assert_uint_eq(number(&transfers, 2, "bytes"), 512);
    ck_assert_uint_eq(number(&transfers, 2, "descriptor_beats"), 6);
    ck_assert_uint_eq(number(&transfers, 2, "data_beats"), 128);
    ck_assert_uint_eq(number(&transfers, 2, "first_beat_cycle"), event(&events, "R", 35, false));
    ck_assert_str_eq(metric(&summary, "controller.dma.descriptor_beats"), "24");
    table_free(&transfers);
    table_free(&summary);
    table_free(&events);
    done(dir);
}
END_TEST

/* Masked from the write that is in the cycle of the answer on, and not a cycle later; cyclic ones have none. */
START_TEST(an_end_that_is_masked_has_no_interrupt)
{
    static const struct {
        const char *script, *interrupt;
    } cases[] = {{"W 80 1; W 400 1; W 418 ff; W 40c 2; W 408 1; I 70; W 80 3; T 1", ""},
                 {"W 80 1; W 400 1; W 418 ff; W 40c 2; W 408 1; I 71; W 80 3; T 1", "158"},
                 {"W 80 3; W 400 1; W 418 ff; W 40c 2; W 408 1; I 70; W 80 1; T 1", "158"},
                 {"W 80 3; W 400 1; W 418 ff; W 40c 2; W 408 1; I 71; W 80 1; T 1", ""},
                 {"W 80 1; W 400 1; W 418 ff; W 40c 3; W 408 1; T 1; W 40c 2", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char dir[64];
        struct table transfers;
        run(dir, BUSES "controllers:\n" CONTROLLER, cases[i].script, MEMORIES);
        ck_assert(table_read(&transfers, dir, "transfers.csv"));
        ck_assert_str_eq(cell(&transfers, 1, "callback_cycle"), "156");
        ck_assert_str_eq(cell(&transfers, 1, "interrupt_cycle"), cases[i].interrupt);
        table_free(&transfers);
        done(dir);
    }
}
END_TEST

/* A program writes the registers, and reads a word while the data move: the reads that end between the
 * first and the last beat are counted, and the program goes on interrupt_latency after the interrupt. */
START_TEST(accesses_of_the_cpu_while_the_data_move_are_counted)
{
    char dir[64];
    struct table transfers;
    run_scenario(dir,
                 "name: transfers\n"
                 "clocks: { aclk: { frequency: 100 MHz } }\n"
                 "stop: 1 ms\n"
                 "buses: { axi: { type: axi, clock: aclk, width: 64 } }\n"
                 "cpus: { cpu: { bus: axi, interrupt_latency: 20 } }\n"
                 "controllers:\n"
                 "  dma: { type: 'adi,axi-dmac', bus: axi, base: 0x40000000, source_bus: axi,\n"
                 "    destination_bus: axi, interrupt: cpu, errata: none }\n"
                 "memories:\n"
                 "  ram: { type: axi-sram, bus: axi, base: 0, size: 64 KiB }\n"
                 "work:\n"
                 "  - program:\n"
                 "      name: p\n"
                 "      steps:\n"
                 "        - { op: write, to: dma.IRQ_MASK, value: 1 }\n"
                 "        - { op: write, to: dma.CONTROL, value: 1 }\n"
                 "        - { op: write, to: dma.FLAGS, value: 2 }\n"
                 "        - { op: write, to: dma.DEST_ADDRESS, value: 0x4000 }\n"
                 "        - { op: write, to: dma.X_LENGTH, value: 0x7ff }\n"
                 "        - { op: write, to: dma.TRANSFER_SUBMIT, value: 1 }\n"
                 "        - { op: delay, time: 1 us }\n"
                 "        - { op: read, to: ram + 0xf000 }\n"
                 "        - { op: read, to: ram + 0xf004 }\n"
                 "        - { op: read, to: ram + 0xf008 }\n"
                 "        - { op: wait_interrupt, to: dma }\n");
    ck_assert(table_read(&transfers, dir, "transfers.csv"));
    size_t row = strcmp(cell(&transfers, 1, "name"), "dma") == 0 ? 1 : 2, program = 3 - row;
    ck_assert_str_eq(cell(&transfers, row, "name"), "dma");
    ck_assert_uint_eq(number(&transfers, row, "cpu_accesses"), 3);
    ck_assert_uint_gt(number(&transfers, row, "interrupt_ps"),
                      number(&transfers, row, "callback_ps"));
    ck_assert_uint_eq(number(&transfers, row, "interrupt_cycle") + 20,
                      number(&transfers, program, "callback_cycle"));
    table_free(&transfers);
    done(dir);
}
END_TEST

START_TEST(a_disable_stops_what_is_under_way)
{
    char dir[64];
    struct table transfers, events;
    run(dir, BUSES "controllers:\n" CONTROLLER,
        "W 80 1; W 400 1; W 418 fff; W 40c 2; W 408 1; I 60; W 400 0; I 400", MEMORIES);
    ck_assert(table_read(&transfers, dir, "transfers.csv"));
    ck_assert(table_read(&events, dir, "events.csv"));
    ck_assert_uint_eq(transfers.rows, 2);
    ck_assert_str_eq(cell(&transfers, 1, "status"), "stopped");
    const uint64_t bytes = number(&transfers, 1, "bytes");
    ck_assert_uint_gt(bytes, 0);
    ck_assert_uint_lt(bytes, 4096);
    ck_assert_uint_eq(bytes % 128, 0); /* whole bursts */
    size_t beats = 0;
    for (size_t row = 1; row < events.rows; row++)
        beats += strcmp(table_cell(&events, row, 1), "R") == 0 ||
                 strcmp(table_cell(&events, row, 1), "W") == 0;
    ck_assert_uint_eq(number(&transfers, 1, "data_beats"), beats);
    ck_assert_uint_eq(number(&transfers, 1, "callback_cycle"),
                      event(&events, "RESETN_LO", 0, false));
    table_free(&transfers);
    table_free(&events);
    done(dir);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("adi_transfers");
    TCase *tcase = tcase_create("transfers");
    tcase_add_test(tcase, figures_of_one_transfer_are_those_worked_out_by_hand);
    tcase_add_test(tcase, beats_of_transfers_under_way_together_are_told_apart);
    tcase_add_test(tcase, descriptors_without_completion_are_part_of_the_transfer);
    tcase_add_test(tcase, an_end_that_is_masked_has_no_interrupt);
    tcase_add_test(tcase, accesses_of_the_cpu_while_the_data_move_are_counted);
    tcase_add_test(tcase, a_disable_stops_what_is_under_way);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
