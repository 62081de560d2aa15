/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random plays with everything that stands outside, on each bus. The same play gives the same events, at the same
 * times, with the same data: stepped at every cycle or not, in either order, with windows cut anywhere, and
 * with excursions between a snapshot and its restoring, and with every wire traced. A player acts on what it was
 * told, or at times that it chose long before; never on where a window ends.
 *   OUTSIDE_PLAYS is how many plays; OUTSIDE_TRACES a folder that keeps the traces, for tests/checker/outside.
 */
#include <stdarg.h>
#include <sys/stat.h>

#include "kernel/random.h"
#include "outside_fixture.h"
#include "trace/trace.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PORTS_MAX 16
#define ACTIONS_MAX 256
#define BACKING 4096

/* ---- what is played -------------------------------------------------------------------------- */

enum { NOT_PROGRAMMED, SNPS, ADI, INTEL };

struct stage {
    const char *name, *scenario;
    uint64_t period_ps, end_ps;
    uint64_t ram, late; /* 4 KiB of each */
    uint32_t longest;   /* transfer */
    uint8_t programs;   /* which controller the first master programs, */
    uint64_t registers; /* here */
};

static const struct stage stages[] = {
    {
        .name = "ahb",
        .scenario =
            "clocks: { hclk: { frequency: 100 MHz } }\n"
            "buses: { ahb: { clock: hclk, arbiter: { policy: round_robin } } }\n"
            "cpus: { host: { bus: ahb, interrupt_latency: 3 } }\n"
            "controllers: { dma: { bus: ahb, base: 0x4000_0000, channels: 2 } }\n"
            "masters: { driver: { type: outside, bus: ahb }, cpu: { type: outside, bus: ahb } }\n"
            "memories:\n"
            "  ram: { bus: ahb, base: 0x2000_0000, size: 16 KiB, fill: { pattern: random } }\n"
            "  late: { type: outside, bus: ahb, base: 0x3000_0000, size: 16 KiB }\n"
            "peripherals:\n"
            "  line: { type: outside-line, controller: dma, line: 3 }\n"
            "  irq: { type: outside-interrupt, interrupt: host }\n"
            "work:\n"
            "  - program: { cpu: host, steps: [ { op: wait_interrupt, to: irq },\n"
            "      { op: write, to: late + 0x10, value: 0x55 }, { op: wait_interrupt, to: irq },\n"
            "      { op: read, to: late + 0x20 }, { op: wait_interrupt, to: irq },\n"
            "      { op: write, to: ram + 0x30, value: 0x77 }, { op: wait_interrupt, to: irq },\n"
            "      { op: read, to: late + 0x40 } ] }\n",
        .period_ps = 10000,
        .end_ps = 60000000,
        .ram = 0x20000000,
        .late = 0x30000000,
        .longest = 200,
        .programs = SNPS,
        .registers = 0x40000000,
    },
    {
        .name = "axi",
        .scenario =
            "clocks: { aclk: { frequency: 100 MHz } }\n"
            "buses:\n"
            "  lite: { type: axi, clock: aclk, width: 32, lite: true }\n"
            "  axi: { type: axi, clock: aclk, width: 64 }\n"
            "controllers:\n"
            "  dma: { type: \"adi,axi-dmac\", bus: lite, base: 0x4000_0000, source_bus: axi,\n"
            "         destination_bus: axi }\n"
            "  rx: { type: \"adi,axi-dmac\", bus: lite, base: 0x4001_0000, source: stream,\n"
            "        destination_bus: axi }\n"
            "  tx: { type: \"adi,axi-dmac\", bus: lite, base: 0x4002_0000, source_bus: axi,\n"
            "        destination: stream }\n"
            "masters: { driver: { type: outside, bus: lite }, cpu: { type: outside, bus: axi } }\n"
            "memories:\n"
            "  ram: { type: axi-sram, bus: axi, base: 0x2000_0000, size: 16 KiB,\n"
            "         fill: { pattern: random } }\n"
            "  late: { type: outside, bus: axi, base: 0x3000_0000, size: 16 KiB,\n"
            "          outstanding_reads: 3, outstanding_writes: 2 }\n"
            "peripherals:\n"
            "  source: { type: outside-source, controller: rx, buffer: 8 }\n"
            "  sink: { type: outside-sink, controller: tx, buffer: 8 }\n",
        .period_ps = 10000,
        .end_ps = 60000000,
        .ram = 0x20000000,
        .late = 0x30000000,
        .longest = 400,
        .programs = ADI,
        .registers = 0x40000000,
    },
    {
        .name = "isa",
        .scenario = "clocks: { clk: { frequency: 5 MHz } }\n"
                    "buses: { isa: { type: isa, clock: clk, width: 16 } }\n"
                    "controllers: { dma: { type: \"intel,8237a\", bus: isa, port: 0 } }\n"
                    "masters: { driver: { type: outside, bus: isa } }\n"
                    "memories:\n"
                    "  ram: { type: isa-memory, bus: isa, base: 0, size: 16 KiB, wait_states: 1,\n"
                    "         fill: { pattern: random } }\n"
                    "  late: { type: outside, bus: isa, base: 0x4000, size: 4 KiB }\n"
                    "peripherals:\n"
                    "  disk: { type: outside-line, controller: dma, line: 2 }\n",
        .period_ps = 100000,
        .end_ps = 1000000000,
        .ram = 0,
        .late = 0x4000,
        .longest = 20,
        .programs = INTEL,
        .registers = 0x80000000,
    },
};

/* ---- a player -------------------------------------------------------------------------------- */

struct action {
    uint64_t time_ps, order;
    uint8_t port, kind;
    uint64_t id;
    uint32_t value;
};

enum { START, ANSWER, SET, SEND, ACCEPT };

/* One write or read of a register by the first master. */
struct step {
    bool read;
    uint64_t address;
    uint32_t value;
};

struct player {
    struct random random;
    uint64_t orders;
    struct action actions[ACTIONS_MAX];
    uint32_t action_count;
    struct dmasim_event requests[PORTS_MAX]; /* taken last, by port */
    struct step steps[32];
    uint32_t step_count, step_next;
    uint32_t level[PORTS_MAX];
    size_t log_length;
};

static struct player player;
static const struct stage *stage;
static struct dmasim_port *ports[PORTS_MAX];
static uint32_t port_count;
static char *log_text;
static size_t log_room;
static bool excursion; /* nothing is logged */

static void note(const char *format, ...)
{
    va_list list;
    if (excursion)
        return;
    if (log_room - player.log_length < 512)
        log_text = realloc(log_text, log_room = 2 * log_room + 65536);
    va_start(list, format);
    player.log_length += (size_t)vsnprintf(log_text + player.log_length, 512, format, list);
    va_end(list);
}

static uint32_t below(uint32_t bound)
{
    return (uint32_t)random_below(&player.random, bound);
}

/* Mostly soon, often at once, seldom at an edge, now and then much later. */
static uint64_t delay(void)
{
    const uint64_t period = stage->period_ps;
    switch (below(6)) {
    case 0:
    case 1:
        return 0;
    case 2:
        return period * below(8);
    case 3:
        return 1 + below((uint32_t)(4 * period));
    case 4:
        return period * below(4) + (below(2) ? 1 : period - 1);
    default:
        return below((uint32_t)(60 * period));
    }
}

static void plan_at(uint64_t time_ps, uint32_t at, uint8_t kind, uint64_t id, uint32_t value)
{
    ck_assert_uint_lt(player.action_count, ACTIONS_MAX);
    player.actions[player.action_count++] = (struct action){.time_ps = time_ps,
                                                            .order = player.orders++,
                                                            .port = (uint8_t)at,
                                                            .kind = kind,
                                                            .id = id,
                                                            .value = value};
}

static bool is(uint32_t at, const char *name)
{
    return strcmp(dmasim_port_name(ports[at]), name) == 0;
}

static void fill(uint8_t *data, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++)
        data[i] = (uint8_t)random_next(&player.random);
}

static uint64_t hash(const uint8_t *data, uint32_t bytes)
{
    uint64_t value = 14695981039346656037u;
    for (uint32_t i = 0; data && i < bytes; i++)
        value = (value ^ data[i]) * 1099511628211u;
    return value;
}

/* ---- programming a controller ---------------------------------------------------------------- */

static void put(uint64_t offset, uint32_t value)
{
    player.steps[player.step_count++] =
        (struct step){.address = stage->registers + offset, .value = value};
}

static void poll(uint64_t offset)
{
    player.steps[player.step_count++] =
        (struct step){.read = true, .address = stage->registers + offset};
}

static uint32_t place(void)
{
    return (uint32_t)(below(2) ? stage->ram : stage->late) + 8 * below(200);
}

static void program_snps(unsigned channel)
{
    const uint64_t at = 0x58 * channel;
    put(0x398, 1);
    put(at + 0x00, place());
    put(at + 0x08, place());
    put(at + 0x10, 0);
    put(at + 0x18,
        2u << 1 | 2u << 4 | 1u << 11 | 1u << 14 | 1u | (channel ? 2u << 7 | 1u << 20 : 0));
    put(at + 0x1c, 1 + below(below(3) ? 40 : 600)); /* the long ones pass as repeats */
    put(at + 0x40, (channel ? 0x800 : 0xc00) | channel << 5);
    put(at + 0x44, channel ? 3u << 11 : 0);
    put(0x3a0, 0x101u << channel);
}

static void program_adi(unsigned which)
{
    const uint64_t at = 0x10000 * which;
    put(at + 0x80, 0);
    put(at + 0x400, 1);
    put(at + 0x40c, below(2) << 1);
    if (which != 2)
        put(at + 0x410, which == 1 ? (uint32_t)stage->ram + 0x1000 : place());
    if (which != 1)
        put(at + 0x414, place());
    put(at + 0x418, 8 * (1 + below(below(3) ? 60 : 600)) - 1);
    put(at + 0x408, 1);
}

static void program_intel(void)
{
    static const uint8_t commands[] = {0, 0x20, 0x08};
    const uint32_t address = place(), bytes = 1 + below(4);
    put(8, commands[below(3)]);
    put(12, 0);
    put(4, address & 0xff), put(4, address >> 8);
    put(5, bytes - 1), put(5, 0);
    put(11, 0x40u | (1 + below(2)) << 2 | 2);
    put(10, 2);
}

static void next_steps(uint64_t now)
{
    player.step_count = player.step_next = 0;
    switch (stage->programs) {
    case SNPS:
        poll(0x3a0);
        break;
    case ADI:
        program_adi(below(3));
        break;
    default:
        program_intel();
    }
    plan_at(now + delay() + (stage->programs == ADI ? 100 * stage->period_ps : 0), 0, START, 0, 0);
}

/* The first master went through a step. */
static void stepped(uint64_t now, const struct dmasim_event *seen)
{
    if (player.step_next && player.steps[player.step_next - 1].read && stage->programs == SNPS) {
        const uint32_t free_channels = ~(uint32_t)seen->data[0];
        player.step_count = player.step_next = 0;
        if (free_channels & 3)
            program_snps(free_channels & 1 ? 0 : 1);
    }
    if (player.step_next == player.step_count)
        next_steps(now);
    else
        plan_at(now + delay(), 0, START, 0, 0);
}

/* ---- acting ---------------------------------------------------------------------------------- */

static void start_at(uint32_t at)
{
    uint8_t data[512];
    struct dmasim_transfer transfer = {.data = data};
    if (at == 0 && player.step_next < player.step_count && (stage->programs != INTEL || below(4))) {
        const struct step *step = &player.steps[player.step_next++];
        memcpy(data, &step->value, 4);
        transfer.address = step->address;
        transfer.bytes = stage->programs == INTEL ? 1 : 4;
        transfer.write = !step->read;
        transfer.tag = 1;
    } else {
        transfer.bytes = 1 + below(stage->longest);
        transfer.address = (below(3) ? stage->late : stage->ram) + below(BACKING - stage->longest);
        transfer.write = below(2);
        transfer.beat_bytes = below(3) ? 0 : 1u << below(3);
        transfer.privileged = below(2);
        fill(data, transfer.bytes);
    }
    const int code = dmasim_transfer_start(ports[at], &transfer, NULL);
    note("%ju start %s %jx %u %d: %d\n", (uintmax_t)dmasim_now(sim), dmasim_port_name(ports[at]),
         (uintmax_t)transfer.address, transfer.bytes, transfer.write, code);
}

static void answer_at(const struct action *action)
{
    uint8_t data[4096];
    struct dmasim_event open;
    const struct dmasim_answer reply = {.id = action->id,
                                        .response = (enum dmasim_response)(action->value >> 16),
                                        .data = data,
                                        .bytes = action->value & 0xffff};
    fill(data, reply.bytes);
    const bool there = dmasim_request_open(ports[action->port], 0, &open);
    const int code = dmasim_request_answer(ports[action->port], &reply);
    note("%ju answer %s %ju %d: %d %d\n", (uintmax_t)dmasim_now(sim),
         dmasim_port_name(ports[action->port]), (uintmax_t)action->id, reply.response, there, code);
}

static void act(const struct action *action)
{
    uint8_t data[64];
    struct dmasim_port *to_port = ports[action->port];
    int code = 0;
    switch (action->kind) {
    case START:
        start_at(action->port);
        return;
    case ANSWER:
        answer_at(action);
        return;
    case SET:
        code = dmasim_level_set(to_port, action->value);
        if (is(action->port, "irq"))
            plan_at(action->time_ps + 100 + delay() * 10, action->port, SET, 0, !action->value);
        break;
    case SEND:
        fill(data, 8);
        code = dmasim_stream_send(
            to_port, &(struct dmasim_beat){.data = data, .bytes = 8, .last = below(8) == 0});
        break;
    default:
        code = dmasim_stream_accept(to_port, action->value);
    }
    note("%ju set %s %u: %d\n", (uintmax_t)dmasim_now(sim), dmasim_port_name(to_port),
         action->value, code);
}

static uint32_t index_of(const struct dmasim_port *found)
{
    uint32_t at = 0;
    while (ports[at] != found)
        at++;
    return at;
}

static void asked(uint32_t at)
{
    enum dmasim_response response = DMASIM_RESPONSE_OKAY;
    if (stage->programs == SNPS && below(30) == 0)
        response = DMASIM_RESPONSE_RETRY;
    else if (stage->programs != INTEL && below(60) == 0 && strcmp(event.master, "cpu") == 0)
        response = DMASIM_RESPONSE_ERROR;
    plan_at(event.time_ps + delay(), at, ANSWER, event.id,
            (event.write ? 0 : event.bytes) | (uint32_t)response << 16);
}

static void react(void)
{
    const uint32_t at = index_of(event.port);
    note("%ju event %s kind %d id %ju at %jx bytes %u of %u moved %u resp %d write %d by %s data "
         "%jx "
         "strobes %jx level %u missed %u left %u last %d dma %d\n",
         (uintmax_t)event.time_ps, dmasim_port_name(event.port), event.kind, (uintmax_t)event.id,
         (uintmax_t)event.address, event.bytes, event.beat_bytes, event.moved, event.response,
         event.write, event.master ? event.master : "-", (uintmax_t)hash(event.data, event.bytes),
         (uintmax_t)hash(event.strobes, event.strobes ? (event.bytes + 7) / 8 : 0), event.level,
         event.missed, event.left, event.last, event.dma);
    switch (event.kind) {
    case DMASIM_EVENT_TRANSFER:
        if (at == 0)
            stepped(event.time_ps, &event);
        else
            plan_at(event.time_ps + delay(), at, START, 0, 0);
        break;
    case DMASIM_EVENT_REQUEST:
        asked(at);
        break;
    case DMASIM_EVENT_LEVEL: /* the request falls with the acknowledge, and rises again after it */
        plan_at(event.time_ps + delay() * (event.level ? 1 : 4), at, SET, 0,
                event.level                                  ? 0
                : stage->programs == INTEL && below(20) == 0 ? 3
                                                             : 1);
        break;
    case DMASIM_EVENT_SENT:
        if (event.left < 3)
            for (uint32_t i = below(5) + (event.left == 0); i-- > 0;)
                plan_at(event.time_ps + delay(), at, SEND, 0, 0);
        break;
    case DMASIM_EVENT_RECEIVED:
        if (event.left == 0)
            plan_at(event.time_ps + delay(), at, ACCEPT, 0, 1 + below(6));
        break;
    }
}

/* ---- playing --------------------------------------------------------------------------------- */

struct way {
    const char *name;
    bool every_cycle, reversed, snapshots, traced;
    uint32_t cuts; /* 0: none; else windows of up to so many periods */
};

static struct action *earliest(void)
{
    struct action *first = NULL;
    for (uint32_t i = 0; i < player.action_count; i++) {
        struct action *action = &player.actions[i];
        if (!first || action->time_ps < first->time_ps ||
            (action->time_ps == first->time_ps && action->order < first->order))
            first = action;
    }
    return first;
}

/* One window, then what it asks for. */
static void advance(const struct way *way, struct random *cuts)
{
    struct action *next = earliest();
    uint64_t until = next && next->time_ps < stage->end_ps ? next->time_ps : stage->end_ps;
    const uint64_t most =
        dmasim_now(sim) + 1 +
        (way->cuts ? random_below(cuts, way->cuts * (uint32_t)stage->period_ps) : UINT64_MAX / 2);
    go(sim, until < most ? until : most);
    while (dmasim_event_take(sim, &event))
        react();
    for (next = earliest(); next && next->time_ps <= dmasim_now(sim); next = earliest()) {
        ck_assert_uint_eq(next->time_ps, dmasim_now(sim));
        const struct action action = *next;
        *next = player.actions[--player.action_count];
        act(&action);
    }
}

/* A folder for the traces of a play. */
static void folder_of(uint64_t seed, char *folder, size_t room)
{
    const char *keep = getenv("OUTSIDE_TRACES");
    snprintf(folder, room, "%s/%s-%ju", keep ? keep : "/tmp", stage->name, (uintmax_t)seed);
    if (keep) {
        ck_assert_int_eq(mkdir(folder, 0777), 0);
        return;
    }
    snprintf(folder, room, "/tmp/dmasim-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void play(uint64_t seed, const struct way *way)
{
    struct random cuts = random_seeded(seed * 77 + way->cuts);
    sim = create(stage->scenario, way->every_cycle, way->reversed);
    struct dmasim_error error;
    char folder[256];
    struct trace *trace = NULL;
    if (way->traced) {
        folder_of(seed, folder, sizeof folder);
        const struct trace_options options = {.cycles = true};
        ck_assert_int_eq(trace_open(&trace, &sim->system, &options, folder, &error), DMASIM_OK);
    }
    memset(&player, 0, sizeof player);
    player.random = random_seeded(seed);
    port_count = 0;
    for (struct dmasim_port *p = NULL; (p = dmasim_port_next(sim, p)) != NULL;)
        ports[port_count++] = p;
    next_steps(0);
    for (uint32_t at = 1; at < port_count; at++) {
        const char *kind = dmasim_port_kind(ports[at]);
        if (strcmp(kind, "master") == 0)
            plan_at(delay(), at, START, 0, 0);
        else if (strcmp(kind, "request line") == 0 || strcmp(kind, "interrupt input") == 0)
            plan_at(200 * stage->period_ps + delay(), at, SET, 0, 1);
        else if (strcmp(kind, "stream source") == 0)
            plan_at(delay(), at, SEND, 0, 0);
        else if (strcmp(kind, "stream sink") == 0)
            plan_at(delay(), at, ACCEPT, 0, 3);
    }
    while (dmasim_now(sim) < stage->end_ps) {
        if (way->snapshots && random_below(&cuts, 40) == 0) {
            static struct player before;
            before = player;
            struct dmasim_snapshot *snapshot = dmasim_save(sim);
            excursion = true;
            player.random = random_seeded(seed + 1000);
            for (unsigned i = 0; i < 20 && dmasim_now(sim) < stage->end_ps; i++)
                advance(way, &cuts);
            excursion = false;
            player = before;
            dmasim_restore(sim, snapshot);
            dmasim_snapshot_free(snapshot);
        }
        advance(way, &cuts);
    }
    if (trace && getenv("OUTSIDE_TRACES"))
        ck_assert_int_eq(trace_close(trace, dmasim_now(sim), &error), DMASIM_OK);
    trace_free(trace);
    if (trace && !getenv("OUTSIDE_TRACES"))
        rmdir(folder);
    uint64_t memory = 0;
    for (uint32_t i = 0; i < 2 * BACKING; i += 4) {
        struct dmasim_access access = {.address = stage->ram + i, .size_bytes = 4};
        ck_assert_int_eq(dmasim_access(sim, dmasim_now(sim), &access), DMASIM_OK);
        memory = (memory ^ access.value) * 1099511628211u;
    }
    note("memory %jx\n", (uintmax_t)memory);
    done();
}

/* The first line in which two logs differ. */
static void compare(const char *expected, const char *found, uint64_t seed, const char *way)
{
    if (strcmp(expected, found) == 0)
        return;
    const char *line = expected;
    size_t i = 0;
    for (; expected[i] == found[i]; i++)
        if (expected[i] == '\n')
            line = expected + i + 1;
    ck_abort_msg("%s, seed %ju, %s:\n%.300s\nbut\n%.300s", stage->name, (uintmax_t)seed, way, line,
                 found + (line - expected));
}

static const struct way ways[] = {
    {.name = "straight"},
    {.name = "windows of 3 periods", .cuts = 3},
    {.name = "windows of 50 periods", .cuts = 50},
    {.name = "reversed", .reversed = true},
    {.name = "every cycle", .every_cycle = true},
    {.name = "every cycle, windows of 7 periods, reversed",
     .every_cycle = true,
     .reversed = true,
     .cuts = 7},
    {.name = "traced", .traced = true, .cuts = 20},
    {.name = "snapshots", .snapshots = true},
    {.name = "snapshots, windows of 5 periods", .snapshots = true, .cuts = 5},
};

static void play_all(const struct stage *on)
{
    const char *wish = getenv("OUTSIDE_PLAYS");
    const uint64_t plays = wish ? strtoull(wish, NULL, 0) : 40;
    stage = on;
    uint64_t events = 0;
    for (uint64_t seed = 1; seed <= plays; seed++) {
        char *expected = NULL;
        for (unsigned i = 0; i < COUNT(ways); i++) {
            play(seed, &ways[i]);
            if (i == 0) {
                expected = strdup(log_text);
                for (const char *p = expected; (p = strstr(p, " event ")) != NULL; p++)
                    events++;
            } else {
                compare(expected, log_text, seed, ways[i].name);
            }
        }
        free(expected);
    }
    free(log_text);
    log_text = NULL;
    log_room = 0;
    ck_assert_uint_gt(events, 200 * plays);
}

START_TEST(plays_on_an_ahb_are_the_same_in_every_way)
{
    play_all(&stages[0]);
}
END_TEST

START_TEST(plays_on_axi_are_the_same_in_every_way)
{
    play_all(&stages[1]);
}
END_TEST

START_TEST(plays_on_isa_are_the_same_in_every_way)
{
    play_all(&stages[2]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("outside-properties");
    TCase *properties = tcase_create("properties");
    tcase_add_test(properties, plays_on_an_ahb_are_the_same_in_every_way);
    tcase_add_test(properties, plays_on_axi_are_the_same_in_every_way);
    tcase_add_test(properties, plays_on_isa_are_the_same_in_every_way);
    suite_add_tcase(suite, properties);
    return suite_run(suite);
}
