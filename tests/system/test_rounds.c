/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rounds (kernel/round.h): systems that go the same way again and again, beside a twin that is stepped at every
 * cycle. At random times bytes, figures and registers are the same, and what is heard afterwards is too.
 *
 *   RANDOM_SEED=N    first seed, instead of 0
 *   RANDOM_CASES=N   how many
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bus/axi/axi.h"
#include "instance.h"
#include "kernel/base.h"
#include "kernel/random.h"
#include "suite.h"

enum { TEXT = 4096, NS = 1000, CYCLE = 10 * NS };
#ifdef NDEBUG
enum { CASES = 120, LOGS = 24 };
#else
enum { CASES = 16, LOGS = 12 };
#endif

/* Who hears of interrupts. */
struct listener {
    struct dmasim *sim;
    uint64_t edges, hash; /* of what was told, and could be asked for */
};

struct twin {
    struct dmasim *sim[2];          /* skipping, stepped at every cycle */
    struct dmasim_trace *traces[2]; /* of the figures of transfers; null: nobody asks for them */
    struct listener listeners[2];
    bool stops;
};

static uint32_t pick(struct random *random, uint32_t from, uint32_t to)
{
    return from + random_below(random, to - from + 1);
}

static const char *either(struct random *random, const char *one, const char *other)
{
    return random_below(random, 2) ? one : other;
}

/* ---- systems --------------------------------------------------------------------------------- */

static int write_memory(char *text, size_t room, struct random *random, const char *name,
                        const char *rest)
{
    return snprintf(text, room,
                    "  %s: {type: axi-memory, size: 256 KiB, read_latency: %u, write_latency: %u, "
                    "read_max: %u, fill: xorshift32, fill_seed: %u, %s}\n",
                    name, pick(random, 1, 40), pick(random, 1, 40), pick(random, 1, 16),
                    pick(random, 1, 99), rest);
}

static int write_buses(char *text, size_t room, unsigned width)
{
    return snprintf(text, room,
                    "clocks: {aclk: {frequency: 100 MHz}}\n"
                    "buses:\n"
                    "  lite: {type: axi, clock: aclk, width: 32, lite: true}\n"
                    "  axi: {type: axi, clock: aclk, width: %u}\n"
                    "  sg: {type: axi, clock: aclk, width: 64}\n",
                    width);
}

static const char common[] = "type: 'adi,axi-dmac', bus: lite, base: 0x40000000";

/* Transfers by a driver, one after the other. */
static void write_copies(char *text, struct random *random)
{
    static const unsigned lengths[] = {128, 1024, 4096, 777, 3000, 16384};
    int at = write_buses(text, TEXT, 32u << random_below(random, 3));
    const unsigned length = lengths[random_below(random, 6)] & ~7u;
    const bool rows = random_below(random, 4) == 0;
    at += snprintf(text + at, TEXT - (size_t)at,
                   "controllers:\n"
                   "  dma: {%s, source_bus: axi, destination_bus: axi, fifo_size: %u, two_d: %s,\n"
                   "        max_bytes_per_burst: %u, errata: %s}\n"
                   "masters:\n"
                   "  host: {type: adi-sequence, bus: lite, controller: dma, transfers: %u, "
                   "sequence: %s,\n"
                   "         length: %u, step: %u, irq_mask: %u, source: 0x1000, "
                   "destination: %u}\n"
                   "memories:\n",
                   common, 2u << random_below(random, 4), rows ? "true" : "false",
                   64u << random_below(random, 3), either(random, "none", "silicon"),
                   random_below(random, 3) ? 4000000000u : pick(random, 10, 300),
                   either(random, "driver", either(random, "fast", "driver64")), length,
                   random_below(random, 6) ? 0 : 64, random_below(random, 2),
                   random_below(random, 8) ? 0x20000 : 0x1000 + length / 2 / 128 * 128);
    write_memory(text + at, TEXT - (size_t)at, random, "memory", "bus: axi");
}

/* A cyclic buffer that a stream fills, or transfers from a stream. */
static void write_stream(char *text, struct random *random)
{
    int at = write_buses(text, TEXT, 64);
    at += snprintf(
        text + at, TEXT - (size_t)at,
        "controllers:\n"
        "  dma: {%s, source: stream, destination_bus: axi, fifo_size: %u}\n"
        "masters:\n"
        "  host: {type: adi-script, bus: lite, controller: dma,\n"
        "    script: 'W 80 3;W 400 1;W 410 0;W 418 %x;W 40c 1;W 408 1;S %u;W 400 0'}\n"
        "peripherals:\n"
        "  source: {type: axi-stream-source, controller: dma, pattern: %s, period: %u}\n"
        "memories:\n",
        common, 4u << random_below(random, 2),
        128 * (random_below(random, 2) ? 4u << random_below(random, 4) : pick(random, 1, 60)) - 1,
        random_below(random, 2) ? 4000000 : pick(random, 10000, 60000),
        either(random, "count", "xorshift32"), pick(random, 1, 3));
    write_memory(text + at, TEXT - (size_t)at, random, "memory", "bus: axi");
}

/* A ring of descriptors, which are put into the memory later. */
static void write_chain(char *text, struct random *random)
{
    int at = write_buses(text, TEXT, 64);
    at += snprintf(text + at, TEXT - (size_t)at,
                   "controllers:\n"
                   "  dma: {%s, source_bus: axi, destination_bus: axi, descriptor_bus: sg}\n"
                   "masters:\n"
                   "  host: {type: adi-script, bus: lite, controller: dma,\n"
                   "    script: 'W 80 3;W 400 5;W 40c 0;W 47c 8000;W 408 1;T %u;W 400 0'}\n"
                   "memories:\n",
                   common, random_below(random, 2) ? 4000000 : pick(random, 20, 300));
    at += write_memory(text + at, TEXT - (size_t)at, random, "memory", "bus: axi");
    write_memory(text + at, TEXT - (size_t)at, random, "descriptors", "bus: sg, shares: memory");
}

static void write_descriptors(struct dmasim *sim, struct random random)
{
    uint8_t *bytes = dmasim_memory(sim, "memory", NULL);
    const uint32_t count = pick(&random, 1, 5);
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t next = i + 1 < count ? i + 1 : 0;
        const uint32_t words[16] = {next ? 0 : 2,
                                    i,
                                    0x20000 + 0x1000 * i,
                                    0,
                                    0x10000 + 0x1000 * i,
                                    0,
                                    0x8000 + 64 * next,
                                    0,
                                    0,
                                    128 * (1u << random_below(&random, 4)) - 1};
        memcpy(bytes + 0x8000 + sizeof words * i, words, sizeof words);
    }
}

/* Entries of work on AHB, by the driver: lists of descriptors, interrupts, a tasklet. */
static void write_work(char *text, struct random *random)
{
    static const char *const policies[] = {"fixed", "round_robin", "weighted"};
    const unsigned channels = pick(random, 1, 3);
    int at =
        snprintf(text, TEXT,
                 "clocks: {hclk: {frequency: 100 MHz}}\n"
                 "buses: {ahb: {clock: hclk, width: %u, arbiter: {policy: %s, park: last_owner}}}\n"
                 "cpus: {cpu: {bus: ahb, interrupt_latency: %u, access_gap: %u}}\n"
                 "controllers: {dma: {bus: ahb, base: 0x4000_0000, channels: %u, fifo: %u B,\n"
                 "    switch_cycles: %u, interrupt: cpu}}\n"
                 "memories: {memory: {bus: ahb, base: 0x2000_0000, size: 128 KiB, read_first: %u,\n"
                 "    write_first: %u, read_next: %u, fill: {pattern: random}}}\n"
                 "work:\n",
                 32u << random_below(random, 2), policies[random_below(random, 2)],
                 random_below(random, 2) ? 20 : pick(random, 1000, 9000), pick(random, 0, 5),
                 channels, 64u << random_below(random, 2), pick(random, 0, 2), pick(random, 0, 2),
                 pick(random, 0, 2), pick(random, 0, 1));
    for (unsigned i = 0; i < channels; i++) {
        const unsigned bytes =
            random_below(random, 2) ? 256u << random_below(random, 6) : 4 * pick(random, 1, 2000);
        at += snprintf(text + at, TEXT - (size_t)at,
                       "  - memcpy: {channel: %u, from: memory + %u KiB, to: memory + %u KiB, "
                       "bytes: %u, burst: %u, repeat: %u}\n",
                       i, 20 * i, 20 * i + 10, bytes,
                       random_below(random, 4) ? 4u << random_below(random, 2) : 1,
                       random_below(random, 3) ? 1000000 : pick(random, 20, 400));
    }
}

static int write_memory_calls(char *text, size_t room, struct random *random)
{
    const unsigned calls = pick(random, 1, 2);
    int at = 0;
    for (unsigned i = 0; i < calls; i++) {
        const unsigned bytes =
            8 * (random_below(random, 2) ? 16u << random_below(random, 7) : pick(random, 1, 3000));
        at += snprintf(
            text + at, room - (size_t)at,
            "  - memcpy: {from: memory + %u KiB, to: memory + %u KiB, bytes: %u, repeat: "
            "%u}\n",
            60 * i, 60 * i + 30, bytes, random_below(random, 3) ? 1000000 : pick(random, 10, 200));
    }
    return at;
}

/* What fills memory from a stream: lists of segments, or a ring. */
static int write_stream_calls(char *text, size_t room, struct random *random)
{
    const unsigned bytes = 128 * pick(random, 1, 60);
    if (random_below(random, 2))
        return snprintf(text, room,
                        "  - cyclic: {peripheral: source, buffer: memory + 4 KiB, bytes: %u, "
                        "period_bytes: %u, periods: %u}\n",
                        4 * bytes, bytes, random_below(random, 3) ? 1000000 : pick(random, 9, 300));
    return snprintf(text, room,
                    "  - slave_sg: {peripheral: source, repeat: %u,\n      segments: [{address: "
                    "memory + 4 KiB, bytes: %u}, {address: memory + 64 KiB, bytes: 1 KiB}]}\n",
                    random_below(random, 3) ? 1000000 : pick(random, 10, 200), bytes);
}

/* Entries of work on AXI, by the driver. */
static void write_calls(char *text, struct random *random)
{
    const bool stream = random_below(random, 2);
    int at = write_buses(text, TEXT, 64);
    at +=
        snprintf(text + at, TEXT - (size_t)at,
                 "cpus: {cpu: {bus: axi, interrupt_latency: %u, access_gap: %u}}\n"
                 "controllers:\n"
                 "  dma: {type: 'adi,axi-dmac', bus: axi, base: 0x40000000, %s, "
                 "destination_bus: axi, interrupt: cpu, length_width: %u}\n"
                 "memories:\n",
                 random_below(random, 2) ? 20 : pick(random, 1000, 9000), pick(random, 0, 5),
                 stream ? "source: stream" : "source_bus: axi", stream ? 24 : pick(random, 12, 24));
    at += write_memory(text + at, TEXT - (size_t)at, random, "memory", "bus: axi");
    if (stream)
        at += snprintf(text + at, TEXT - (size_t)at,
                       "peripherals:\n"
                       "  source: {type: axi-stream-source, controller: dma, pattern: %s, "
                       "period: %u}\n",
                       either(random, "count", "xorshift32"), pick(random, 1, 3));
    at += snprintf(text + at, TEXT - (size_t)at, "work:\n");
    if (stream)
        write_stream_calls(text + at, TEXT - (size_t)at, random);
    else
        write_memory_calls(text + at, TEXT - (size_t)at, random);
}

static int write_device(char *text, size_t room, struct random *random)
{
    return snprintf(
        text, room,
        "  device: {type: isa-device, bus: isa, port: 0x3f0, controller: dma, channel: %u, "
        "direction: %s,\n"
        "    request: %s, depth: %u, period: %u ns, latency: %u ns, bytes: %u, pattern: %s, "
        "interrupt: cpu}\n",
        2, either(random, "to_memory", "from_memory"), either(random, "single", "demand"),
        pick(random, 1, 4), 25 * pick(random, 40, 60), random_below(random, 1000),
        random_below(random, 4) ? 2u << random_below(random, 4) : pick(random, 2, 60),
        random_below(random, 8) ? "count" : "random");
}

/* An 8237A and a device, or a copy within memory; perhaps refreshes in between. */
static void write_isa(char *text, struct random *random)
{
    const unsigned kind = random_below(random, 3);
    const unsigned repeat = random_below(random, 3) ? 1000000 : pick(random, 10, 200);
    char device[512];
    write_device(device, sizeof device, random);
    const unsigned bytes = (unsigned)strtoul(strstr(device, "bytes: ") + 7, NULL, 10);
    int at = snprintf(
        text, TEXT,
        "clocks: {clk: {frequency: 20 MHz}}\n"
        "buses: {isa: {type: isa, clock: clk, hlda_clocks: %u, cpu_io_waits: %u, dma_waits: %u}}\n"
        "cpus: {cpu: {bus: isa}}\n"
        "controllers: {dma: {type: 'intel,8237a', bus: isa, port: 0, pages: pages}}\n"
        "memories: {memory: {type: isa-memory, bus: isa, size: 64 KiB, wait_states: %u}}\n"
        "peripherals:\n"
        "  pages: {type: isa-pages, bus: isa, port: 0x80}\n"
        "%s",
        pick(random, 1, 3), pick(random, 0, 1), pick(random, 0, 1), pick(random, 0, 1), device);
    if (random_below(random, 4) == 0)
        at += snprintf(text + at, TEXT - (size_t)at,
                       "  refresh: {type: isa-device, bus: isa, controller: dma, channel: 1, "
                       "direction: refresh, period: 5 us, start: time}\n");
    static const char *const modes[] = {"cycle_stealing", "demand"};
    const char *mode = modes[random_below(random, 2)];
    at += snprintf(text + at, TEXT - (size_t)at, "work:\n");
    if (kind == 0)
        snprintf(text + at, TEXT - (size_t)at,
                 "  - memcpy: {channel: 0, from: memory, to: memory + 4 KiB, bytes: %u, repeat: "
                 "%u}\n",
                 pick(random, 1, 300), repeat);
    else if (kind == 1)
        snprintf(text + at, TEXT - (size_t)at,
                 "  - slave_sg: {peripheral: device, channel: 2, mode: %s, repeat: %u, segments: "
                 "[{address: memory + 8 KiB, bytes: %u}]}\n",
                 mode, repeat, bytes);
    else
        snprintf(text + at, TEXT - (size_t)at,
                 "  - cyclic: {peripheral: device, channel: 2, mode: %s, buffer: memory + 8 KiB, "
                 "bytes: %u, period_bytes: %u, periods: %u}\n",
                 mode, bytes, bytes, repeat);
}

/* Copies of which the controller drops bits of an address, each time anew. */
static void write_mistakes(char *text, struct random *random)
{
    int at = write_buses(text, TEXT, 64);
    at += snprintf(text + at, TEXT - (size_t)at,
                   "controllers:\n"
                   "  dma: {%s, source_bus: axi, destination_bus: axi}\n"
                   "masters:\n"
                   "  host: {type: adi-sequence, bus: lite, controller: dma, transfers: %u, "
                   "sequence: driver,\n"
                   "         length: %u, step: 0, irq_mask: 0, source: 0x1004, "
                   "destination: 0x20000}\n"
                   "memories:\n",
                   common, random_below(random, 2) ? 4000000000u : pick(random, 10, 300),
                   128 * pick(random, 1, 20));
    write_memory(text + at, TEXT - (size_t)at, random, "memory", "bus: axi");
}

/* The last has a test of its own. */
enum { KINDS = 6, MISTAKES = KINDS };
static void (*const writers[])(char *, struct random *) = {
    write_copies, write_stream, write_chain, write_work, write_calls, write_isa, write_mistakes};

static uint64_t mix(uint64_t hash, uint64_t value)
{
    return (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15) + (hash >> 29);
}

static void on_edge(void *context, const char *component, const char *output, bool level,
                    uint64_t at_ps)
{
    struct listener *self = context;
    bool now;
    ck_assert_uint_eq(at_ps, dmasim_now(self->sim));
    ck_assert_uint_eq(at_ps, dmasim_next(self->sim));
    ck_assert_int_eq(dmasim_interrupt_level(self->sim, component, output, &now), DMASIM_OK);
    ck_assert_int_eq(now, level);
    self->edges++;
    self->hash = mix(mix(self->hash, at_ps), level);
    for (; *component; component++)
        self->hash = mix(self->hash, (uint8_t)*component);
    if (dmasim_interrupt_level(self->sim, "dma2", NULL, &now) == DMASIM_OK)
        self->hash = mix(self->hash, now);
    if (dmasim_interrupt_level(self->sim, "dma", NULL, &now) == DMASIM_OK)
        self->hash = mix(self->hash, now);
}

/* Nobody, or somebody, hears of interrupts, whom they stop or not. */
static void twin_watch(struct twin *self, struct random *random)
{
    const unsigned kind = random_below(random, 3);
    self->stops = kind == 2 && random_below(random, 2);
    for (unsigned i = 0; i < 2 && kind > 0; i++) {
        const struct dmasim_watch watch = {
            .stop = kind == 2, .callback = on_edge, .context = &self->listeners[i]};
        self->listeners[i] = (struct listener){.sim = self->sim[i]};
        ck_assert_int_eq(dmasim_watch_interrupt(self->sim[i], &watch), DMASIM_OK);
    }
}

/* To a time, for those that stop by way of each edge. */
static void twin_advance(struct twin *self, uint64_t until, unsigned number)
{
    for (unsigned i = 0; i < 2; i++) {
        enum dmasim_why why = DMASIM_WHY_OUTPUT;
        struct listener *listener = &self->listeners[i];
        while (self->stops && why == DMASIM_WHY_OUTPUT) {
            ck_assert_int_eq(dmasim_run(self->sim[i], until, &why), DMASIM_OK);
            listener->hash = mix(mix(listener->hash, dmasim_now(self->sim[i])), why);
        }
        ck_assert_int_eq(dmasim_advance(self->sim[i], until), DMASIM_OK);
    }
    ck_assert_msg(self->listeners[0].edges == self->listeners[1].edges &&
                      self->listeners[0].hash == self->listeners[1].hash,
                  "case %u: other interrupts before %ju: %ju, stepped %ju", number,
                  (uintmax_t)until, (uintmax_t)self->listeners[0].edges,
                  (uintmax_t)self->listeners[1].edges);
}

static struct twin twin_open(struct random *random, unsigned kind)
{
    struct twin twin = {.stops = false};
    char text[TEXT];
    writers[kind](text, random);
    for (unsigned i = 0; i < 2; i++) {
        struct dmasim_error error;
        const struct dmasim_options options = {.every_cycle = i};
        twin.sim[i] = dmasim_create_text(text, strlen(text), "rounds.yaml", NULL, &options, &error);
        ck_assert_msg(twin.sim[i] != NULL, "%s\n%s", error.text, text);
        if (kind == 2)
            write_descriptors(twin.sim[i], *random);
    }
    return twin;
}

static void twin_trace(struct twin *self)
{
    const struct dmasim_trace_options options = {.table = true};
    for (unsigned i = 0; i < 2; i++) {
        struct dmasim_error error;
        self->traces[i] = dmasim_trace_open(self->sim[i], &options, NULL, &error);
        ck_assert_msg(self->traces[i] != NULL, "%s", error.text);
    }
}

struct figures {
    char text[1 << 16];
    size_t used;
};

static void add_figure(void *context, const char *name, const char *value, const char *unit)
{
    struct figures *self = context;
    self->used += (size_t)snprintf(self->text + self->used, sizeof self->text - self->used,
                                   "%s,%s,%s\n", name, value, unit);
    ck_assert_uint_lt(self->used, sizeof self->text);
}

static bool add_table(void *context, const char *text, size_t length)
{
    struct figures *self = context;
    ck_assert_uint_lt(self->used + length, sizeof self->text);
    memcpy(self->text + self->used, text, length);
    self->used += length;
    return true;
}

/* What summary.csv and the table on the terminal would be. */
static void compare_tables(struct twin *self, unsigned number)
{
    static struct figures figures[2];
    for (unsigned i = 0; i < 2 && self->traces[1]; i++) {
        struct dmasim_error error;
        figures[i].used = 0;
        ck_assert_int_eq(dmasim_trace_close(self->traces[i], &error), DMASIM_OK);
        ck_assert_int_eq(dmasim_trace_figures(self->traces[i], add_figure, &figures[i]), DMASIM_OK);
        ck_assert_int_eq(dmasim_trace_table(self->traces[i], add_table, &figures[i]), DMASIM_OK);
        figures[i].text[figures[i].used] = '\0';
        dmasim_trace_free(self->traces[i]);
        self->traces[i] = NULL;
    }
    ck_assert_msg(strcmp(figures[0].text, figures[1].text) == 0,
                  "case %u: other figures\n%s\nstepped\n%s", number, figures[0].text,
                  figures[1].text);
}

static void twin_close(struct twin *self)
{
    for (unsigned i = 0; i < 2; i++)
        dmasim_destroy(self->sim[i]);
}

/* ---- comparing ------------------------------------------------------------------------------- */

static void compare_figures(const struct twin *self, unsigned number)
{
    struct dmasim_metrics *walk[2] = {dmasim_metrics_start(self->sim[0], NULL),
                                      dmasim_metrics_start(self->sim[1], NULL)};
    struct dmasim_metric one, other;
    while (dmasim_metric_next(walk[0], &one) == DMASIM_OK) {
        ck_assert_int_eq(dmasim_metric_next(walk[1], &other), DMASIM_OK);
        ck_assert_str_eq(one.name, other.name);
        ck_assert_msg(one.value == other.value && one.over == other.over,
                      "case %u at %ju: %s is %ju / %ju, stepped %ju / %ju", number,
                      (uintmax_t)dmasim_now(self->sim[0]), one.name, (uintmax_t)one.value,
                      (uintmax_t)one.over, (uintmax_t)other.value, (uintmax_t)other.over);
    }
    for (unsigned i = 0; i < 2; i++)
        dmasim_metrics_end(walk[i]);
}

/* A register of the controller, by whichever bus that is on; one that is not there is 0. */
static uint32_t read_register(struct dmasim *sim, uint64_t offset)
{
    static const char *const buses[] = {"lite", "ahb", "axi"};
    uint32_t value = 0;
    for (unsigned i = 0; i < COUNT(buses); i++)
        if (dmasim_bus_read(sim, buses[i], 0x40000000 + offset, &value, 4) == DMASIM_OK)
            return value;
    return 0;
}

static void compare(const struct twin *self, unsigned number)
{
    uint64_t length;
    const uint8_t *bytes = dmasim_memory(self->sim[0], "memory", &length);
    ck_assert_msg(memcmp(bytes, dmasim_memory(self->sim[1], "memory", NULL), length) == 0,
                  "case %u: other bytes at %ju", number, (uintmax_t)dmasim_now(self->sim[0]));
    for (uint64_t at = 0; at < 0x480; at += 4) {
        uint32_t values[2] = {0, 0};
        for (unsigned i = 0; i < 2; i++)
            values[i] = read_register(self->sim[i], at);
        ck_assert_msg(values[0] == values[1], "case %u: register 0x%jx at %ju", number,
                      (uintmax_t)at, (uintmax_t)dmasim_now(self->sim[0]));
    }
    compare_figures(self, number);
}

struct ear {
    struct probe_observer observer;
    uint64_t hash, row; /* of all; of the wires as they are */
};

static void hear(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                 const void *record)
{
    struct ear *self = (struct ear *)observer;
    uint64_t row = 1;
    for (size_t i = 0; i < probe->type->field_count; i++)
        row = mix(row, probe_value(&probe->type->fields[i], record));
    if (row != self->row)
        self->hash = mix(mix(self->hash, now), row);
    self->row = row;
}

/* Every wire of every port from now on. */
static void listen(struct twin *self, uint64_t until, unsigned number)
{
    enum { EARS = 16 };
    static struct ear ears[2][EARS];
    unsigned count[2] = {0, 0};
    memset(ears, 0, sizeof ears);
    for (unsigned i = 0; i < 2; i++) {
        for (struct probe *p = self->sim[i]->system.probes; p; p = p->link) {
            const bool row = strcmp(p->type->name, "axi_row") == 0 ||
                             strcmp(p->type->name, "ahb_row") == 0 ||
                             strcmp(p->type->name, "isa_row") == 0;
            if (!row || count[i] == EARS)
                continue;
            struct ear *ear = &ears[i][count[i]++];
            ear->observer.notify = hear;
            probe_observe(p, &ear->observer);
        }
        kernel_wake_all(&self->sim[i]->system.kernel); /* each tells once what it shows */
        ck_assert_int_eq(dmasim_advance(self->sim[i], until), DMASIM_OK);
    }
    /* Trains that were under way are not heard as beats: compare what comes behind them. */
    for (unsigned i = 0; i < 2; i++)
        for (unsigned j = 0; j < count[i]; j++)
            ears[i][j].hash = 0;
    for (unsigned i = 0; i < 2; i++)
        ck_assert_int_eq(dmasim_advance(self->sim[i], until + 1500 * CYCLE), DMASIM_OK);
    ck_assert_uint_gt(count[0], 0);
    for (unsigned j = 0; j < count[0]; j++)
        ck_assert_msg(ears[0][j].hash == ears[1][j].hash, "case %u: other wires behind %ju", number,
                      (uintmax_t)until);
}

static unsigned number_from(const char *name, unsigned otherwise)
{
    const char *text = getenv(name);
    return text ? (unsigned)strtoul(text, NULL, 10) : otherwise;
}

static uint64_t passed(const struct dmasim *sim)
{
    uint64_t cycles = 0;
    for (const struct clock *c = sim->system.kernel.clocks; c; c = c->link)
        cycles += c->repeated;
    return cycles;
}

/* The one that skips goes astray from here, with nobody told, and is put back: that leaves no mark. */
static void twin_stray(struct twin *self, uint64_t time)
{
    struct dmasim *sim = self->sim[0];
    struct dmasim_snapshot *snapshot = dmasim_save(sim);
    ck_assert_ptr_nonnull(snapshot);
    ck_assert_int_eq(dmasim_mute(sim), DMASIM_OK);
    ck_assert_int_eq(dmasim_advance(sim, dmasim_now(sim) + time), DMASIM_OK);
    ck_assert_int_eq(dmasim_restore(sim, snapshot), DMASIM_OK);
    dmasim_snapshot_free(snapshot);
}

/* Two thirds of its time and more. */
static bool passes_most(const struct dmasim *sim)
{
    const struct kernel *kernel = &sim->system.kernel;
    for (const struct clock *c = kernel->clocks; c; c = c->link)
        if (c->repeated * c->period_ps / 2 > kernel->now / 3)
            return true;
    return false;
}

START_TEST(rounds_cannot_be_told_from_cycles)
{
    const unsigned first = number_from("RANDOM_SEED", 0),
                   cases = number_from("RANDOM_CASES", CASES);
    unsigned many = 0, heard = 0, summed = 0;
    for (unsigned i = first; i < first + cases; i++) {
        struct random random = random_seeded(i);
        struct twin twin = twin_open(&random, i % KINDS);
        uint64_t now = 0;
        twin_watch(&twin, &random);
        /* Of a ring without an end each transfer takes longer than the one before: none is like another. */
        const bool traced = random_below(&random, i % KINDS == 2 ? 10 : 2) == 0;
        if (traced)
            twin_trace(&twin);
        for (unsigned j = 0; j < 4; j++) {
            now += CYCLE * (uint64_t)pick(&random, 1, 200000);
            twin_advance(&twin, now, i);
            if (!traced && random_below(&random, 3) == 0)
                twin_stray(&twin, CYCLE * (uint64_t)pick(&random, 1, 100000));
            compare(&twin, i);
            if (random_below(&random, 2)) { /* somebody writes over what is copied */
                const uint32_t at = pick(&random, 0x1000, 0x3000), word = random_next(&random);
                for (unsigned k = 0; k < 2; k++)
                    memcpy((uint8_t *)dmasim_memory(twin.sim[k], "memory", NULL) + at, &word,
                           sizeof word);
            }
        }
        many += passes_most(twin.sim[0]);
        heard += passes_most(twin.sim[0]) && twin.listeners[0].edges > 100;
        summed += traced && passes_most(twin.sim[0]);
        ck_assert_uint_eq(passed(twin.sim[1]), 0);
        compare_tables(&twin, i);
        listen(&twin, now + 300 * CYCLE, i);
        compare(&twin, i);
        twin_close(&twin);
    }
    ck_assert_msg(many * 4 >= cases || cases < 10, "only %u of %u pass most of their time", many,
                  cases);
    ck_assert_msg(heard * 20 >= cases || cases < 40, "only %u of %u pass while somebody listens",
                  heard, cases);
    ck_assert_msg(summed * 12 >= cases || cases < 40,
                  "only %u of %u pass with figures of transfers", summed, cases);
}
END_TEST

/* ---- rounds that are observed ---------------------------------------------------------------- */

enum { FOLDER = 64, PATH = FOLDER + 300 };

static char *read_file(const char *folder, const char *name, size_t *bytes)
{
    char path[PATH];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "%s", path);
    fseek(file, 0, SEEK_END);
    *bytes = (size_t)ftell(file);
    rewind(file);
    char *text = malloc(*bytes + 1);
    ck_assert_ptr_nonnull(text);
    ck_assert_uint_eq(fread(text, 1, *bytes, file), *bytes);
    fclose(file);
    unlink(path);
    return text;
}

/* All files of both folders are the same; both are removed. */
static void compare_folders(char folders[2][FOLDER], unsigned number)
{
    DIR *files = opendir(folders[0]);
    ck_assert_ptr_nonnull(files);
    for (const struct dirent *file; (file = readdir(files));) {
        if (file->d_name[0] == '.')
            continue;
        size_t bytes[2], at = 0, line = 0;
        char *text[2] = {read_file(folders[0], file->d_name, &bytes[0]),
                         read_file(folders[1], file->d_name, &bytes[1])};
        for (; at < bytes[0] && at < bytes[1] && text[0][at] == text[1][at]; at++)
            if (text[0][at] == '\n')
                line = at + 1;
        ck_assert_msg(at == bytes[0] && at == bytes[1],
                      "case %u: %s differs at %zu:\n%.*s\nstepped:\n%.*s", number, file->d_name, at,
                      (int)(bytes[0] - line < 200 ? bytes[0] - line : 200), text[0] + line,
                      (int)(bytes[1] - line < 200 ? bytes[1] - line : 200), text[1] + line);
        free(text[0]);
        free(text[1]);
    }
    closedir(files);
    for (unsigned i = 0; i < 2; i++)
        rmdir(folders[i]);
}

/* The pieces of a run, between which somebody writes over what is copied, or reads a register. */
static void play(struct twin *twin, struct random *random, unsigned number)
{
    uint64_t now = 0;
    for (unsigned piece = pick(random, 1, 2); piece > 0; piece--) {
        now += CYCLE * (uint64_t)pick(random, 1, 50000);
        const uint32_t at = pick(random, 0x1000, 0x3000), word = random_next(random);
        const bool writes = random_below(random, 2);
        uint32_t value[2];
        for (unsigned i = 0; i < 2; i++) {
            ck_assert_int_eq(dmasim_advance(twin->sim[i], now), DMASIM_OK);
            if (writes)
                memcpy((uint8_t *)dmasim_memory(twin->sim[i], "memory", NULL) + at, &word,
                       sizeof word);
            value[i] = read_register(twin->sim[i], 0x428);
        }
        ck_assert_msg(value[0] == value[1], "case %u: a register at %ju", number, (uintmax_t)now);
    }
}

/* Cycles that passed in rounds and periods are added up, so that it is known that some do. */
static void compare_traces(const struct dmasim_trace_options *options, unsigned seed,
                           uint64_t *cycles, uint64_t *all)
{
    struct random random = random_seeded(seed);
    struct twin twin = twin_open(&random, seed % COUNT(writers));
    struct dmasim_trace *traces[2];
    struct dmasim_error error;
    char folders[2][FOLDER];
    for (unsigned i = 0; i < 2; i++) {
        snprintf(folders[i], FOLDER, "/tmp/observed-rounds-XXXXXX");
        ck_assert_ptr_nonnull(mkdtemp(folders[i]));
        traces[i] = dmasim_trace_open(twin.sim[i], options, folders[i], &error);
        ck_assert_msg(traces[i] != NULL, "%s", error.text);
    }
    play(&twin, &random, seed);
    for (unsigned i = 0; i < 2; i++)
        ck_assert_msg(dmasim_trace_close(traces[i], &error) == DMASIM_OK, "%s", error.text);
    compare_folders(folders, seed);
    *cycles += passed(twin.sim[0]);
    *all += dmasim_now(twin.sim[0]) / CYCLE;
    compare_figures(&twin, seed);
    twin_close(&twin);
}

START_TEST(a_trace_does_not_tell_that_rounds_passed_at_once)
{
    const unsigned first = number_from("RANDOM_SEED", 0),
                   cases = number_from("RANDOM_CASES", CASES / 2);
    uint64_t cycles = 0, all = 0;
    for (unsigned i = first; i < first + cases; i++) {
        struct random random = random_seeded(~i);
        const struct dmasim_trace_options options = {.vcd = random_below(&random, 2),
                                                     .vcd_clocks = random_below(&random, 3) == 0,
                                                     .bus = random_below(&random, 2),
                                                     .cycles = random_below(&random, 2),
                                                     .transfers = random_below(&random, 2),
                                                     .summary = random_below(&random, 2),
                                                     .log = random_below(&random, 2)};
        compare_traces(&options, i, &cycles, &all);
    }
    ck_assert_msg(cycles * 8 >= all || cases < 10, "only %ju of %ju cycles passed",
                  (uintmax_t)cycles, (uintmax_t)all);
}
END_TEST

/* The log keeps its first lines of a kind and counts the others: in rounds too, up to the time of the last. */
START_TEST(lines_of_the_log_are_counted)
{
    unsigned counted = 0;
    for (unsigned seed = 0; seed < LOGS; seed++) {
        struct random random = random_seeded(seed);
        struct twin twin = twin_open(&random, MISTAKES);
        struct dmasim_trace *traces[2];
        const uint64_t until = CYCLE * (uint64_t)pick(&random, 150000, 300000);
        for (unsigned i = 0; i < 2; i++) {
            const struct dmasim_trace_options options = {.lines = true};
            struct dmasim_error error;
            traces[i] = dmasim_trace_open(twin.sim[i], &options, NULL, &error);
            ck_assert_msg(traces[i] != NULL, "%s", error.text);
            ck_assert_int_eq(dmasim_advance(twin.sim[i], until), DMASIM_OK);
            ck_assert_int_eq(dmasim_trace_close(traces[i], &error), DMASIM_OK);
        }
        enum dmasim_log_level level;
        const char *one, *other;
        size_t lines = 0;
        bool sums = false;
        for (; dmasim_trace_log(traces[0], lines, &level, &one) == DMASIM_OK; lines++) {
            ck_assert_int_eq(dmasim_trace_log(traces[1], lines, &level, &other), DMASIM_OK);
            ck_assert_str_eq(one, other);
            sums |= strstr(one, " more lines like these") != NULL;
        }
        ck_assert_int_ne(dmasim_trace_log(traces[1], lines, &level, &other), DMASIM_OK);
        ck_assert_uint_gt(lines, 0);
        counted += sums && passed(twin.sim[0]) > until / CYCLE / 2;
        for (unsigned i = 0; i < 2; i++)
            dmasim_trace_free(traces[i]);
        twin_close(&twin);
    }
    ck_assert_msg(counted * 4 >= LOGS, "only %u of %d count lines in rounds", counted, LOGS);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rounds");
    TCase *tcase = tcase_create("rounds");
    tcase_set_timeout(tcase, 600);
    tcase_add_test(tcase, rounds_cannot_be_told_from_cycles);
    tcase_add_test(tcase, a_trace_does_not_tell_that_rounds_passed_at_once);
    tcase_add_test(tcase, lines_of_the_log_are_counted);
    suite_add_tcase(suite, tcase);
    return suite_run(suite);
}
