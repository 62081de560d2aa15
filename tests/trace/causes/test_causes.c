/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What cycles go by with (trace/causes): the parts add up, whatever the system, and are the same however it is stepped;
 * what the units count in closed form says the same; and what one setting changes, counted by hand, is found in its
 * cause and in no other.
 *
 *   RANDOM_SEED=N    first seed, instead of 0
 *   RANDOM_CASES=N   how many
 */
#include <stdlib.h>
#include <string.h>

#include "axi_systems.h"
#include "dmasim/dmasim.h"
#include "plan/cause.h"
#include "random_isa.h"
#include "random_system.h"
#include "suite.h"

enum { FIGURES_MAX = 1024, NAME = 128, OVERRIDES = 8 };
#ifdef NDEBUG
enum { CASES = 60 };
#else
enum { CASES = 12 };
#endif

/* Values in tenths. */
struct figures {
    struct {
        char name[NAME];
        uint64_t value;
    } all[FIGURES_MAX];
    unsigned count;
};

static void keep(void *context, const char *name, const char *value, const char *unit)
{
    struct figures *self = context;
    (void)unit;
    ck_assert_uint_lt(self->count, FIGURES_MAX);
    ck_assert_uint_lt(strlen(name), NAME);
    strcpy(self->all[self->count].name, name);
    self->all[self->count++].value = (uint64_t)(strtod(value, NULL) * 10 + 0.5);
}

static void ignored(void *context, const struct dmasim_error *error)
{
    (void)context;
    (void)error;
}

/* Runs a scenario to its end, at most 6 ms; false if it is refused. */
static bool run(struct figures *self, const char *text, const char *const *overrides, size_t count,
                bool causes, const struct dmasim_options *how)
{
    struct dmasim_options options = *how;
    options.overrides = overrides;
    options.override_count = count;
    options.report = ignored;
    self->count = 0;
    struct dmasim *sim =
        dmasim_create_text(text, strlen(text), "causes.yaml", NULL, &options, NULL);
    if (!sim)
        return false;
    const struct dmasim_trace_options wanted = {.table = true, .causes = causes};
    struct dmasim_trace *trace = dmasim_trace_open(sim, &wanted, ".", NULL);
    ck_assert_ptr_nonnull(trace);
    ck_assert_int_eq(dmasim_run(sim, UINT64_C(6000000000), NULL), DMASIM_OK);
    ck_assert_int_eq(dmasim_trace_close(trace, NULL), DMASIM_OK);
    ck_assert_int_eq(dmasim_trace_figures(trace, keep, self), DMASIM_OK);
    dmasim_destroy(sim);
    return true;
}

static uint64_t value(const struct figures *self, const char *name)
{
    for (unsigned i = 0; i < self->count; i++)
        if (strcmp(self->all[i].name, name) == 0)
            return self->all[i].value;
    return 0;
}

/* The causes of a thing that begin so. */
static uint64_t sum(const struct figures *self, const char *thing, const char *cause)
{
    char front[2 * NAME];
    uint64_t all = 0;
    const int length = snprintf(front, sizeof front, "%s.cause.%s", thing, cause);
    for (unsigned i = 0; i < self->count; i++)
        if (strncmp(self->all[i].name, front, (size_t)length) == 0)
            all += self->all[i].value;
    return all;
}

static void same(const struct figures *a, const struct figures *b, const char *what,
                 const char *text)
{
    for (unsigned i = 0; i < a->count && i < b->count; i++)
        ck_assert_msg(strcmp(a->all[i].name, b->all[i].name) == 0 &&
                          a->all[i].value == b->all[i].value,
                      "%s: %s is %ju, then %ju\n%s", what, a->all[i].name,
                      (uintmax_t)a->all[i].value, (uintmax_t)b->all[i].value, text);
    ck_assert_uint_eq(a->count, b->count);
}

/* All figures but causes are those of a run that skips. */
static void same_otherwise(const struct figures *causes, const struct figures *skips,
                           const char *text)
{
    for (unsigned i = 0; i < skips->count; i++)
        ck_assert_msg(strcmp(skips->all[i].name, causes->all[i].name) == 0 &&
                          skips->all[i].value == causes->all[i].value,
                      "%s is %ju with causes\n%s", skips->all[i].name,
                      (uintmax_t)causes->all[i].value, text);
    for (unsigned i = skips->count; i < causes->count; i++)
        ck_assert_ptr_nonnull(strstr(causes->all[i].name, ".cause."));
    ck_assert_uint_gt(causes->count, skips->count);
}

/* Steps it in three ways with causes, and once without. False if it is refused. */
static bool compare(struct figures ways[4], const char *text, const char *const *overrides,
                    size_t count)
{
    static const struct dmasim_options every_cycle = {.every_cycle = true},
                                       reversed = {.reverse_order = true},
                                       plain = {.every_cycle = false};
    if (!run(&ways[0], text, overrides, count, true, &plain))
        return false;
    ck_assert(run(&ways[1], text, overrides, count, true, &every_cycle));
    ck_assert(run(&ways[2], text, overrides, count, true, &reversed));
    ck_assert(run(&ways[3], text, overrides, count, false, &plain));
    same(&ways[0], &ways[1], "stepped at every cycle", text);
    same(&ways[0], &ways[2], "reversed", text);
    same_otherwise(&ways[0], &ways[3], text);
    return true;
}

static uint64_t number(const char *variable, uint64_t otherwise)
{
    const char *text = getenv(variable);
    return text ? strtoull(text, NULL, 0) : otherwise;
}

#define ADDS_UP(a, b, text)                                                                        \
    ck_assert_msg((a) == (b), #a " is %ju, not %ju\n%s", (uintmax_t)(a), (uintmax_t)(b), text)

/* ---- random systems -------------------------------------------------------------------------- */

static void check_ahb(const struct figures *f, const char *bus, const char *text)
{
    char name[NAME];
    const char *figures[] = {"cycles", "data_cycles", "wait_cycles", "errors", "retries"};
    uint64_t values[5];
    for (unsigned i = 0; i < 5; i++) {
        snprintf(name, sizeof name, "%s.%s", bus, figures[i]);
        values[i] = value(f, name);
    }
    ADDS_UP(sum(f, bus, ""), values[0], text);
    ADDS_UP(sum(f, bus, "data") + sum(f, bus, "descriptor") + sum(f, bus, "register"), values[1],
            text);
    /* A data phase that fails has a cycle with HREADY low and one with it high. */
    ADDS_UP(sum(f, bus, "wait.") + sum(f, bus, "failed"), values[2] + values[3] + values[4], text);
}

START_TEST(parts_of_random_ahb_systems_add_up)
{
    const uint64_t first = number("RANDOM_SEED", 0), cases = number("RANDOM_CASES", CASES);
    struct rs_system *s = malloc(sizeof *s);
    struct figures *ways = calloc(4, sizeof *ways);
    ck_assert(s && ways);
    unsigned built = 0;
    uint64_t transfers = 0;
    for (uint64_t seed = first; seed < first + cases; seed++) {
        rs_make(s, seed);
        if (!compare(ways, s->text, NULL, 0))
            continue;
        built++;
        check_ahb(ways, "bus.ahb", s->text);
        if (s->second_bus)
            check_ahb(ways, "bus.two", s->text);
        for (unsigned i = 0; i < s->work_count; i++) {
            char name[NAME];
            snprintf(name, sizeof name, "transfer.w%u", i);
            transfers += sum(ways, name, "") > 0;
        }
    }
    ck_assert_uint_gt(built, cases / 2);
    ck_assert_uint_gt(transfers, cases);
    free(ways);
    free(s);
}
END_TEST

START_TEST(parts_of_axi_systems_add_up)
{
    const uint64_t first = number("RANDOM_SEED", 0), cases = number("RANDOM_CASES", CASES);
    char(*texts)[AXI_OVERRIDE] = calloc(AXI_OVERRIDES, sizeof *texts);
    struct figures *ways = calloc(4, sizeof *ways);
    ck_assert(texts && ways);
    unsigned built = 0;
    for (uint64_t seed = first; seed < first + cases; seed++) {
        static const char *const buses[AXI_TEXTS][3] = {{"bus.lite", "bus.axi"},
                                                        {"bus.registers", "bus.in", "bus.out"},
                                                        {"bus.lite", "bus.axi"},
                                                        {"bus.axi"}};
        struct random random = random_seeded(seed);
        const char *overrides[AXI_OVERRIDES];
        const unsigned which = seed % AXI_TEXTS;
        const char *text = axi_texts[which];
        const size_t count = axi_overrides(texts, which, &random);
        for (size_t i = 0; i < count; i++)
            overrides[i] = texts[i];
        if (!compare(ways, text, overrides, count))
            continue;
        built++;
        for (unsigned i = 0; i < 3 && buses[which][i]; i++) {
            char read[NAME], write[NAME], name[NAME];
            snprintf(read, sizeof read, "%s.read", buses[which][i]);
            snprintf(write, sizeof write, "%s.write", buses[which][i]);
            snprintf(name, sizeof name, "%s.cycles", buses[which][i]);
            const uint64_t cycles = value(ways, name), reads = sum(ways, read, ""),
                           writes = sum(ways, write, "");
            ck_assert_uint_gt(reads + writes, 0);
            ck_assert_msg(reads == cycles || reads == 0, "%s", text);
            ck_assert_msg(writes == cycles || writes == 0, "%s", text);
            if (which == 3) /* several masters move at the same time */
                continue;
            snprintf(name, sizeof name, "%s.reads", buses[which][i]);
            ADDS_UP(sum(ways, read, "data") + sum(ways, read, "descriptor") +
                        sum(ways, read, "register") + sum(ways, read, "failed"),
                    value(ways, name) * (reads > 0), text);
            snprintf(name, sizeof name, "%s.writes", buses[which][i]);
            ADDS_UP(sum(ways, write, "data") + sum(ways, write, "register"), value(ways, name),
                    text);
        }
    }
    ck_assert_uint_gt(built, cases / 2);
    free(ways);
    free(texts);
}
END_TEST

START_TEST(parts_of_random_isa_systems_add_up)
{
    const uint64_t first = number("RANDOM_SEED", 0), cases = number("RANDOM_CASES", CASES) / 2 + 1;
    struct ri_system *s = malloc(sizeof *s);
    struct figures *ways = calloc(4, sizeof *ways);
    ck_assert(s && ways);
    unsigned built = 0;
    for (uint64_t seed = first; seed < first + cases; seed++) {
        ri_make(s, seed);
        if (!compare(ways, s->text, NULL, 0))
            continue;
        built++;
        ADDS_UP(sum(ways, "bus.isa", ""), value(ways, "bus.isa.cycles"), s->text);
        /* The wait states of a bus cycle that is under way at the end are not counted yet. */
        const uint64_t waits = value(ways, "bus.isa.wait_cycles"),
                       parts = sum(ways, "bus.isa", "wait.");
        ck_assert_msg(parts >= waits && parts <= waits + 100, "%ju, %ju\n%s", (uintmax_t)parts,
                      (uintmax_t)waits, s->text);
    }
    ck_assert_uint_gt(built, cases / 2);
    free(ways);
    free(s);
}
END_TEST

/* ---- one cause at a time --------------------------------------------------------------------- */

#define HCLK "stop: 1 ms\nclocks: {hclk: {frequency: 100 MHz}}\n"
#define SRAM "memories: {sram: {bus: ahb, base: 0x20000000, size: 64 KiB}}\n"
#define COPY                                                                                       \
    "  - memcpy: {name: a, channel: 0, mode: burst, from: sram, to: sram + 4 KiB, burst: 16, "

static const char script[] =
    "name: script\n" HCLK "buses: {ahb: {clock: hclk}}\n"
    "masters: {m: {bus: ahb, commands: [{burst: incr4, address: 0x20000000}]}}\n" SRAM;

static const char copy[] =
    "name: copy\n" HCLK "buses: {ahb: {clock: hclk}}\n"
    "cpus: {cpu: {bus: ahb, interrupt_latency: 10, tasklet_latency: 5, callback_latency: 5}}\n"
    "controllers: {dma: {bus: ahb, base: 0x40000000, interrupt: cpu}}\n" SRAM "work:\n" COPY
    "bytes: 64}\n";

static const char hog[] =
    "name: hog\n" HCLK "buses: {ahb: {clock: hclk}}\ncpus: {cpu: {bus: ahb}}\n"
    "controllers: {dma: {bus: ahb, base: 0x40000000, interrupt: cpu}}\n"
    "masters: {hog: {bus: ahb, commands: [{delay: 250, burst: incr, beats: 40, address: "
    "0x20001000}]}}\n" SRAM "work:\n" COPY "bytes: 256}\n";

static const char locks[] =
    "name: locks\n" HCLK "buses: {ahb: {clock: hclk}}\n"
    "cpus: {cpu: {bus: ahb, traffic: {base: sram + 16 KiB, bytes: 1 KiB, think_cycles: 0}}}\n"
    "controllers: {dma: {bus: ahb, base: 0x40000000, switch_cycles: 5, interrupt: cpu}}\n" SRAM
    "work:\n" COPY "bytes: 64, dw: {lock: transfer}}\n";

static const char keeps[] =
    "name: keeps\n" HCLK
    "buses: {ahb: {clock: hclk, arbiter: {ignore_lock: true, rearbitrate: release}}}\n"
    "cpus: {cpu: {bus: ahb, traffic: {base: sram + 16 KiB, bytes: 1 KiB, think_cycles: 0}}}\n"
    "controllers: {dma: {bus: ahb, base: 0x40000000, switch_cycles: 5, interrupt: cpu}}\n" SRAM
    "work:\n" COPY "bytes: 64, dw: {lock: transfer}}\n";

static const char two_channels[] =
    "name: two\n" HCLK "buses: {ahb: {clock: hclk}}\ncpus: {cpu: {bus: ahb}}\n"
    "controllers: {dma: {bus: ahb, base: 0x40000000, channels: 2, interrupt: cpu}}\n" SRAM
    "work:\n" COPY "bytes: 3072, dw: {priority: 7}}\n"
    "  - memcpy: {name: b, channel: 1, mode: burst, from: sram, to: sram + 8 KiB, bytes: 64, "
    "burst: 16,"
    " at: 3 us}\n";

static const char device[] =
    "name: device\n" HCLK "buses: {ahb: {clock: hclk}}\ncpus: {cpu: {bus: ahb}}\n"
    "controllers: {dma: {bus: ahb, base: 0x40000000, interrupt: cpu}}\n" SRAM "peripherals:\n"
    "  rx: {type: fifo, bus: ahb, base: 0x40001000, direction: dev_to_mem, controller: dma, line: "
    "0,"
    " start: time, start_at: 3 us}\n"
    "work:\n  - slave_sg: {name: a, peripheral: rx, channel: 0, segments: [{address: sram, bytes: "
    "64}]}\n";

static const char program[] =
    "name: program\n" HCLK "buses: {ahb: {clock: hclk}}\ncpus: {cpu: {bus: ahb}}\n"
    "controllers: {dma: {bus: ahb, base: 0x40000000}}\n" SRAM
    "work:\n  - program: {name: p, steps: [{op: read, to: dma.CH_EN}]}\n";

static const char burst_copy[] =
    "name: bursts\nstop: 1 ms\n" AXI_CLOCKS "buses:\n"
    "  lite: {type: axi, clock: aclk, width: 32, lite: true}\n"
    "  in: {type: axi, clock: aclk, width: 64}\n  out: {type: axi, clock: aclk, width: 64}\n"
    "controllers:\n"
    "  dma: {type: 'adi,axi-dmac', bus: lite, base: 0x40000000, source_bus: in, destination_bus: "
    "out,"
    " fifo_size: 2}\n"
    "masters:\n"
    "  host: {type: adi-sequence, bus: lite, controller: dma, irq_mask: 0, transfers: 1, length: "
    "512,"
    " step: 0, source: 0, destination: 0}\n"
    "memories:\n  from: {type: axi-memory, bus: in, size: 64 KiB, read_latency: 60}\n"
    "  to: {type: axi-memory, bus: out, size: 64 KiB}\n";

static const char isa[] =
    "name: isa\nstop: 10 ms\nclocks: {clk: {frequency: 4 MHz}}\nbuses: {isa: {type: isa, clock: "
    "clk}}\n"
    "cpus: {cpu: {bus: isa}}\ncontrollers: {dma: {type: 'intel,8237a', bus: isa, port: 0}}\n"
    "memories: {ram: {type: isa-memory, bus: isa, base: 0, size: 64 KiB}}\n"
    "peripherals: {dev: {type: isa-device, bus: isa, port: 0x300, controller: dma, channel: 1,"
    " direction: to_memory, interrupt: cpu}}\n"
    "work:\n  - slave_sg: {name: a, peripheral: dev, channel: 1, mode: burst,"
    " segments: [{address: ram, bytes: 16}]}\n";

/* `to` in the place of what the text says changes these causes of a thing by so many cycles, and no others. */
static const struct {
    const char *text, *with, *to, *thing;
    struct {
        const char *cause;
        int cycles;
    } deltas[4];
    const char *count; /* by hand */
} changes[] = {
    {script, NULL, "masters.m.commands.0.burst=incr8", "bus.ahb", {{"data", 4}}, "8 beats for 4"},
    {script,
     NULL,
     "memories.sram.read_first=3",
     "bus.ahb",
     {{"wait.sram", 3}},
     "of the first beat"},
    {script,
     NULL,
     "masters.m.commands.0.busy=2",
     "bus.ahb",
     {{"address", 1}},
     "BUSY stands beside the data of beat 0, the address of beat 1 beside nothing"},
    {script,
     NULL,
     "masters.m.commands.0.lock=true",
     "bus.ahb",
     {{"lock", 1}},
     "HLOCK has to be up for a cycle before the first address"},
    {script,
     NULL,
     "memories.sram.errors=[{offset: 4, response: retry}]",
     "bus.ahb",
     {{"failed", 2}, {"address", 1}},
     "both cycles of RETRY, and the address once more"},
    {script,
     NULL,
     "buses.ahb.arbiter.park=nobody",
     "bus.ahb",
     {{"handover", 1}},
     "HMASTER follows HGRANT"},
    {script,
     "buses.ahb.arbiter.park=nobody",
     "buses.ahb.arbiter.grant=registered",
     "bus.ahb",
     {{"handover", 1}},
     "HGRANT follows HBUSREQ"},
    {script, NULL, "masters.m.commands.0.delay=8", "bus.ahb", {{"nothing", 7}}, "from 1 on"},
    {program,
     NULL,
     "work.0.program.steps=[{op: read, to: dma.CH_EN}, {op: read, to: dma.CH_EN}]",
     "bus.ahb",
     {{"register", 1}, {"address", 1}, {"cpu", 2}},
     "an address and a beat, behind the gap between two accesses"},
    {copy,
     NULL,
     "controllers.dma.write_back=false",
     "transfer.a",
     {{"descriptor", -1}, {"address", -1}, {"handover", -1}},
     "HBUSREQ, the address and the beat of a write-back"},
    {copy, NULL, "controllers.dma.enable_cycles=9", "transfer.a", {{"latency", 7}}, "9 for 2"},
    {copy,
     NULL,
     "controllers.dma.switch_cycles=4",
     "bus.ahb",
     {{"latency", 9}},
     "list to source, source to destination, destination to list: 4 for 1"},
    {copy,
     NULL,
     "controllers.dma.register_wait_cycles=2",
     "bus.ahb",
     {{"wait.dma", 92}},
     "46 registers"},
    {copy, NULL, "cpus.cpu.interrupt_latency=40", "transfer.a", {{"cpu", 30}}, "40 for 10"},
    {copy, NULL, "cpus.cpu.interrupt_latency=40", "bus.ahb", {{"cpu", 30}}, "40 for 10"},
    {hog,
     NULL,
     "masters.hog.commands.0.beats=50",
     "transfer.a",
     {{"arbitration.hog", 10}},
     "50 for 40"},
    {hog, NULL, "masters.hog.commands.0.beats=50", "bus.ahb", {{"data", 10}}, "50 for 40"},
    {locks,
     NULL,
     "controllers.dma.switch_cycles=7",
     "bus.ahb",
     {{"lock", 6}},
     "three times 7 for 5"},
    {locks,
     NULL,
     "controllers.dma.switch_cycles=7",
     "transfer.a",
     {{"latency", 6}},
     "three times 7 for 5"},
    {keeps,
     NULL,
     "controllers.dma.switch_cycles=7",
     "bus.ahb",
     {{"owner_idle", 6}},
     "three times 7 for 5"},
    {two_channels,
     NULL,
     "work.0.memcpy.bytes=3200",
     "transfer.b",
     {{"turn", 70}},
     "four bursts of the other: 64 beats, 4 addresses, and HBUSREQ before the two that read"},
    {device, NULL, "peripherals.rx.start_at=4 us", "transfer.a", {{"peripheral", 100}}, "1 us"},
    {device, NULL, "peripherals.rx.start_at=4 us", "bus.ahb", {{"peripheral", 100}}, "1 us"},
    {burst_copy,
     NULL,
     "memories.from.read_latency=70",
     "bus.in.read",
     {{"outstanding", 10}, {"wait.from", 10}},
     "bursts 1 and 2 are open and 3 has no place; 3 and 4 are open and none is left"},
    {burst_copy,
     NULL,
     "memories.from.read_latency=70",
     "bus.out.write",
     {{"fifo", 20}},
     "nothing to write for 10 more, twice"},
    {burst_copy,
     "masters.host.length=128",
     "memories.to.write_latency=18",
     "bus.out.write",
     {{"wait.to", 10}},
     "of one burst: 18 for 8"},
    {isa, NULL, "memories.ram.wait_states=2", "transfer.a", {{"wait.ram", 32}}, "16 bytes"},
    {isa, NULL, "buses.isa.dma_waits=1", "bus.isa", {{"wait.ram", 16}}, "16 bytes"},
    {isa, NULL, "buses.isa.hlda_clocks=5", "bus.isa", {{"handover", 4}}, "5 for 1"},
};

static void check_change(unsigned index)
{
    static const struct dmasim_options plain = {.every_cycle = false};
    const char *const overrides[] = {changes[index].to, changes[index].with};
    const bool with = changes[index].with;
    struct figures *before = calloc(2, sizeof *before), *after = before + 1;
    ck_assert_ptr_nonnull(before);
    ck_assert(run(before, changes[index].text, overrides + 1, with, true, &plain));
    ck_assert_msg(run(after, changes[index].text, overrides, 1u + with, true, &plain), "%s",
                  changes[index].to);
    char front[NAME];
    const int length = snprintf(front, sizeof front, "%s.cause.", changes[index].thing);
    for (unsigned i = 0; i < before->count + after->count; i++) {
        const bool first = i < before->count;
        const char *name = first ? before->all[i].name : after->all[i - before->count].name;
        const char *cause = name + length;
        int64_t wanted = 0;
        if (strncmp(name, front, (size_t)length) != 0)
            continue;
        for (unsigned k = 0; k < 4 && changes[index].deltas[k].cause; k++)
            if (strcmp(changes[index].deltas[k].cause, cause) == 0)
                wanted = changes[index].deltas[k].cycles;
        const int64_t found = (int64_t)value(after, name) - (int64_t)value(before, name);
        ck_assert_msg(found == 10 * wanted,
                      "%s, %s: %s is %jd tenths more, by hand it is %jd cycles (%s)",
                      changes[index].text, changes[index].to, name, (intmax_t)found,
                      (intmax_t)wanted, changes[index].count);
    }
    for (unsigned k = 0; k < 4 && changes[index].deltas[k].cause; k++)
        ck_assert_msg(sum(after, changes[index].thing, changes[index].deltas[k].cause) +
                              sum(before, changes[index].thing, changes[index].deltas[k].cause) >
                          0,
                      "%s", changes[index].deltas[k].cause);
    free(before);
}

START_TEST(what_a_setting_changes_is_in_its_cause_and_in_no_other)
{
    bool struck[CAUSES] = {false};
    for (unsigned i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        check_change(i);
        for (unsigned k = 0; k < 4 && changes[i].deltas[k].cause; k++)
            for (unsigned kind = 0; kind < CAUSES; kind++)
                struck[kind] |= strncmp(changes[i].deltas[k].cause, cause_table[kind].name,
                                        strlen(cause_table[kind].name)) == 0;
    }
    for (unsigned kind = 0; kind < CAUSES; kind++)
        ck_assert_msg(struck[kind], "nothing strikes for %s", cause_table[kind].name);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("causes");
    TCase *tcase = tcase_create("causes");
    tcase_set_timeout(tcase, 300);
    tcase_add_test(tcase, what_a_setting_changes_is_in_its_cause_and_in_no_other);
    tcase_add_test(tcase, parts_of_random_ahb_systems_add_up);
    tcase_add_test(tcase, parts_of_axi_systems_add_up);
    tcase_add_test(tcase, parts_of_random_isa_systems_add_up);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
