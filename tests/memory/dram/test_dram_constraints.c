/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every timing constraint of the presets is that of the reference, no more and no less; and random traffic keeps them, as a check
 * says that shares nothing with how the model holds them.
 */
#include "dram_bench.h"

#include <stdio.h>

/* ---- the tables ------------------------------------------------------------------------------ */

struct row {
    char preset[24], level[16], from[8], to[8];
    int cycles, window, others;
    bool seen;
};

static struct row rows[1024];
static unsigned row_count;

static void read_rows(void)
{
    FILE *file = fopen(SOURCE_DIR "/traces/golden/dram/constraints.csv", "r");
    char line[256];
    ck_assert_ptr_nonnull(file);
    ck_assert_ptr_nonnull(fgets(line, sizeof line, file));
    for (row_count = 0; fgets(line, sizeof line, file);) {
        struct row *row = &rows[row_count];
        ck_assert_int_eq(sscanf(line, "%23[^,],%15[^,],%7[^,],%7[^,],%d,%d,%d", row->preset,
                                row->level, row->from, row->to, &row->cycles, &row->window,
                                &row->others),
                         7);
        row->seen = strncmp(row->from, "CAS_", 4) == 0; /* 0 cycles: none */
        row_count++;
    }
    fclose(file);
}

static struct row *find(const char *preset, const struct dram_constraint *constraint,
                        const char *from, const char *to)
{
    static const char *const levels[DRAM_LEVELS] = {"Channel", "Rank", "Rank", "BankGroup", "Bank"};
    for (unsigned i = 0; i < row_count; i++) {
        struct row *row = &rows[i];
        const char *level = levels[constraint->level];
        if (strcmp(row->level, "PseudoChannel") == 0)
            level = constraint->level == DRAM_AT_RANK ? "PseudoChannel" : level;
        if (strcmp(row->preset, preset) == 0 && strcmp(row->level, level) == 0 &&
            strcmp(row->from, from) == 0 && strcmp(row->to, to) == 0 &&
            row->window == constraint->window &&
            row->others == (constraint->level == DRAM_AT_OTHER_RANKS) && !row->seen)
            return row;
    }
    return NULL;
}

static void compare(const char *recorded, const char *name)
{
    struct dram_config config;
    struct dram_constraint list[DRAM_CONSTRAINTS_MAX];
    dram_configure(&config, bench_preset(name));
    const unsigned count = dram_constraints(&config, list);
    const enum dram_standard standard = config.standard;
    for (unsigned i = 0; i < count; i++) {
        const unsigned targets[2] = {list[i].to, list[i].to == DRAM_RD   ? DRAM_RDA
                                                 : list[i].to == DRAM_WR ? DRAM_WRA
                                                                         : DRAM_COMMANDS};
        for (unsigned t = 0; t < 2 && targets[t] < DRAM_COMMANDS; t++) {
            const char *from = dram_command_name(standard, list[i].from);
            const char *to = dram_command_name(standard, targets[t]);
            struct row *row = find(recorded, &list[i], from, to);
            ck_assert_msg(row, "%s: %s -> %s at level %d: not recorded", recorded, from, to,
                          list[i].level);
            ck_assert_msg(row->cycles == list[i].cycles, "%s: %s -> %s: %d, recorded %d", recorded,
                          from, to, list[i].cycles, row->cycles);
            row->seen = true;
        }
    }
    for (unsigned i = 0; i < row_count; i++)
        ck_assert_msg(strcmp(rows[i].preset, recorded) != 0 || rows[i].seen,
                      "%s: %s -> %s: recorded, not in the model", recorded, rows[i].from,
                      rows[i].to);
}

START_TEST(constraints_are_those_of_the_reference)
{
    read_rows();
    ck_assert_uint_gt(row_count, 500);
    compare("ddr3_1600", "ddr3-1600");
    compare("ddr4_2400", "ddr4-2400");
    compare("ddr4_3200", "ddr4-3200");
    compare("ddr4_3200_2r", "ddr4-3200-16gb");
    compare("lpddr5_6400", "lpddr5-6400");
    compare("hbm2_2000", "hbm2-2000");
    for (unsigned i = 0; i < row_count; i++)
        ck_assert_msg(rows[i].seen || strstr(rows[i].preset, "_2r") ||
                          strstr(rows[i].preset, "_2ch"),
                      "%s is nobody's", rows[i].preset);
}
END_TEST

/* ---- commands that were sent ----------------------------------------------------------------- */

static bool same_node(const struct dram_event *a, const struct dram_event *b, unsigned level)
{
    const bool rank = a->rank == b->rank;
    const bool group = rank && a->group == b->group && a->group >= 0;
    switch (level) {
    case DRAM_AT_CHANNEL:
        return true;
    case DRAM_AT_RANK:
        return rank;
    case DRAM_AT_OTHER_RANKS:
        return !rank;
    case DRAM_AT_GROUP:
        return group;
    default:
        return group && a->bank == b->bank;
    }
}

static unsigned plain(unsigned command)
{
    return command == DRAM_RDA ? DRAM_RD : command == DRAM_WRA ? DRAM_WR : command;
}

static void check_log(const struct bench *bench, const struct dram_config *config)
{
    struct dram_constraint list[DRAM_CONSTRAINTS_MAX];
    const unsigned count = dram_constraints(config, list);
    int64_t longest = 0;
    for (unsigned c = 0; c < count; c++)
        longest = list[c].cycles > longest ? list[c].cycles : longest;
    for (uint32_t j = 0; j < bench->command_count; j++) {
        const struct bench_command *to = &bench->commands[j];
        unsigned acts = 0;
        for (uint32_t i = j; i-- > 0;) {
            const struct bench_command *from = &bench->commands[i];
            const int64_t apart = (int64_t)(to->cycle - from->cycle);
            if (apart > longest)
                break;
            if (from->event.channel != to->event.channel)
                continue;
            acts += from->event.command == DRAM_ACT && from->event.rank == to->event.rank;
            for (unsigned c = 0; c < count; c++) {
                if (list[c].from != from->event.command || list[c].to != plain(to->event.command) ||
                    !same_node(&from->event, &to->event, list[c].level) ||
                    (list[c].window == 4 && acts != 4))
                    continue;
                if (apart < list[c].cycles)
                    ck_abort_msg("%s %d cycles before %s, not %d",
                                 dram_command_name(config->standard, from->event.command),
                                 (int)apart, dram_command_name(config->standard, to->event.command),
                                 list[c].cycles);
            }
        }
    }
}

static bool random_config(struct dram_config *config, struct random *random)
{
    unsigned presets = 0;
    int timing;
    while (dram_presets[presets].name)
        presets++;
    dram_configure(config, &dram_presets[random_below(random, presets)]);
    config->channels = (uint8_t)(1u << random_below(random, 2));
    if (config->standard != DRAM_HBM2)
        config->ranks = (uint8_t)(1u << random_below(random, 3));
    config->mapping = (uint8_t)random_below(random, 3);
    config->scheduler = (uint8_t)random_below(random, 2);
    config->row_policy = (uint8_t)random_below(random, 2);
    config->cap = 1 + random_below(random, 8);
    config->refresh = (uint8_t)random_below(random, 3);
    config->scatter_cycles = random_below(random, 2) ? random_below(random, 2000) : 0;
    config->mended = (uint8_t)random_below(random, 16);
    config->read_queue = (uint16_t)(1 + random_below(random, 40));
    config->write_queue = (uint16_t)(1 + random_below(random, 40));
    config->write_high = (uint16_t)(1 + random_below(random, config->write_queue));
    config->write_low = (uint16_t)random_below(random, config->write_high);
    for (unsigned i = 0; i < DRAM_TIMING_COUNT && random_below(random, 2); i++)
        config->timing[random_below(random, DRAM_TIMING_COUNT)] = random_below(random, 60);
    if (config->standard == DRAM_HBM2 && config->row_policy == DRAM_CLOSED_CAP)
        config->mended |= DRAM_MEND_ORPHANS;
    return !dram_refused(config, &timing);
}

/* Reads and writes of a few rows, so that they conflict, hit, are forwarded and merged; every cycle, or only those asked for. */
static void traffic(struct bench *bench, uint64_t seed, unsigned requests, bool every)
{
    struct random random = random_seeded(seed);
    const struct dram_config *config = &bench->dram.config;
    const unsigned pace = 1 + random_below(&random, 30);
    const uint64_t pages = 1 + random_below(&random, 64);
    sim_cycle next_offer = 1, next = 1;
    uint64_t tag = 0, merged = 0, address = 0;
    bool write = false, drawn = false;
    bench->dram.every_cycle = every;
    while (bench->complete_count + merged < requests) {
        bench->now = every ? bench->now + 1 : next < next_offer ? next : next_offer;
        if (bench->now >= 4000000)
            ck_abort_msg("it hangs");
        if (bench->now >= next_offer && tag < requests) {
            if (!drawn) {
                address = (random_below(&random, (uint32_t)pages) * UINT64_C(0x1234567) +
                           random_below(&random, 64)) *
                          config->tx_bytes;
                write = random_below(&random, 3) == 0;
                drawn = true;
            }
            const enum dram_answer answer =
                dram_offer(&bench->dram, bench->now, address, write, tag);
            next_offer = bench->now + 1;
            if (answer != DRAM_REFUSED) {
                merged += answer == DRAM_MERGED;
                tag++;
                drawn = false;
                next_offer = bench->now + 1 + random_below(&random, pace);
            }
        }
        next = dram_tick(&bench->dram, bench->now);
        if (tag == requests)
            next_offer = SIM_NEVER;
    }
    ck_assert_uint_eq(tag, requests);
}

static bool same_commands(const struct bench *a, const struct bench *b)
{
    bool same = a->command_count == b->command_count;
    for (uint32_t i = 0; same && i < a->command_count; i++) {
        const struct dram_event *x = &a->commands[i].event, *y = &b->commands[i].event;
        same = a->commands[i].cycle == b->commands[i].cycle && x->channel == y->channel &&
               x->command == y->command && x->rank == y->rank && x->group == y->group &&
               x->bank == y->bank && x->row == y->row && x->column == y->column && x->tag == y->tag;
    }
    return same;
}

START_TEST(random_traffic_keeps_every_constraint_and_ends_whatever_the_parameters)
{
    unsigned tried = 0;
    for (uint64_t seed = 1; tried < 300; seed++) {
        struct random random = random_seeded(seed);
        struct dram_config config;
        if (!random_config(&config, &random))
            continue;
        struct bench *bench = bench_new(&config);
        traffic(bench, seed, 150, false);
        check_log(bench, &config);
        struct bench *twin = bench_new(&config);
        traffic(twin, seed, 150, true);
        ck_assert_msg(same_commands(bench, twin), "seed %d: in every cycle it goes otherwise",
                      (int)seed);
        ck_assert_mem_eq(bench->completed, twin->completed, sizeof bench->completed);
        const struct dram_counts counts = dram_count(&bench->dram, UINT32_MAX, bench->now);
        ck_assert_uint_eq(counts.hits + counts.misses + counts.conflicts,
                          counts.reads + counts.writes);
        ck_assert_uint_eq(counts.reads + counts.writes + counts.forwarded + counts.merged, 150);
        ck_assert_uint_eq(counts.data + counts.idle + counts.refresh + counts.row +
                              counts.turnaround + counts.spacing,
                          counts.cycles);
        bench_free(twin);
        bench_free(bench);
        tried++;
    }
}
END_TEST

/* Data of different requests are never on the bus together if the gaps between ranks are as they must be. */
START_TEST(data_of_two_ranks_overlap_in_the_reference_only)
{
    for (unsigned mended = 0; mended < 2; mended++) {
        unsigned overlaps = 0;
        for (uint64_t seed = 1; seed < 20; seed++) {
            struct dram_config config;
            dram_configure(&config, bench_preset(seed & 1 ? "ddr4-2400" : "lpddr5-6400"));
            config.ranks = 2;
            config.mapping = DRAM_MOP4;
            config.write_high = 4;
            config.write_low = 2;
            config.mended = mended ? DRAM_MEND_RANK_TURNAROUND : 0;
            struct bench *bench = bench_new(&config);
            traffic(bench, seed, 400, false);
            int64_t ends = 0;
            for (uint32_t i = 0; i < bench->command_count; i++) {
                const unsigned command = bench->commands[i].event.command;
                if (command != DRAM_RD && command != DRAM_WR)
                    continue;
                const int64_t begins = (int64_t)bench->commands[i].cycle +
                                       config.timing[command == DRAM_RD ? DRAM_T_CL : DRAM_T_CWL];
                overlaps += begins < ends;
                ends = begins + config.timing[DRAM_T_BL];
            }
            bench_free(bench);
        }
        ck_assert_uint_eq(overlaps > 0, !mended);
    }
}
END_TEST

TEST_MAIN("memory/dram constraints", constraints_are_those_of_the_reference,
          random_traffic_keeps_every_constraint_and_ends_whatever_the_parameters,
          data_of_two_ranks_overlap_in_the_reference_only)
