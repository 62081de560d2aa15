/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cosimulation: what a virtual machine, a TLM or an RTL model around dmasim does, with the public header alone.
 *
 *   guest (here)                                         dmasim
 *   RAM, mmap()ed: plain loads and stores  <---------->  memories `ram` and `dram`
 *   vCPUs: register and memory accesses    ----------->  masters `cpu`, `pci`, `gpu`
 *   a device that answers late             <---------->  slaves `mmio` and `noc`
 *   interrupt controller                   <-----------  interrupts of `dw` and `adi`
 *
 * cosimulation [PLAYS]: so many random plays. In each a guest programs both controllers over and over, serves their
 * interrupts, stores to its RAM while they copy, and runs the simulation in random windows. Each play is played three
 * times: so; stepped at every cycle; with other windows. All events, with times and data, and all bytes of RAM
 * must be the same.
 */
#define _GNU_SOURCE
#include <dmasim/dmasim.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define RAM_BYTES 16384u
#define PERIOD UINT64_C(10000)
#define END (UINT64_C(1200) * PERIOD)
#define RAM UINT64_C(0x20000000)
#define LATE UINT64_C(0x30000000)
#define REGISTERS UINT64_C(0x40000000)

static const char scenario[] =
    "clocks: { clk: { frequency: 100 MHz } }\n"
    "buses:\n"
    "  ahb: { clock: clk }\n"
    "  lite: { type: axi, clock: clk, width: 32, lite: true }\n"
    "  axi: { type: axi, clock: clk, width: 64 }\n"
    "controllers:\n"
    "  dw: { bus: ahb, base: 0x4000_0000, channels: 1 }\n"
    "  adi: { type: \"adi,axi-dmac\", bus: lite, base: 0x4000_0000, source_bus: axi,\n"
    "         destination_bus: axi }\n"
    "masters:\n"
    "  cpu: { type: outside, bus: ahb }\n"
    "  pci: { type: outside, bus: lite }\n"
    "  gpu: { type: outside, bus: axi }\n"
    "memories:\n"
    "  ram: { bus: ahb, base: 0x2000_0000, size: 16 KiB }\n"
    "  mmio: { type: outside, bus: ahb, base: 0x3000_0000, size: 16 KiB }\n"
    "  dram: { type: axi-sram, bus: axi, base: 0x2000_0000, size: 16 KiB }\n"
    "  noc: { type: outside, bus: axi, base: 0x3000_0000, size: 16 KiB, outstanding_reads: 2 }\n";

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                        \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

/* ---- chance and notes ------------------------------------------------------------------------ */

static uint64_t draw(uint64_t *state) /* splitmix64 */
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint64_t chance;

static uint32_t below(uint32_t bound)
{
    return (uint32_t)(draw(&chance) % bound);
}

/* From at once to a hundred cycles later, at edges and between them. */
static uint64_t later(void)
{
    switch (below(4)) {
    case 0:
        return 0;
    case 1:
        return PERIOD * below(6);
    case 2:
        return 1 + below(5 * PERIOD);
    default:
        return below(100 * PERIOD);
    }
}

struct notes {
    char *text;
    size_t length, room;
};

static struct notes *notes;

__attribute__((format(printf, 1, 2))) static void note(const char *format, ...)
{
    if (notes->room - notes->length < 256) {
        notes->room = 2 * notes->room + 65536;
        notes->text = realloc(notes->text, notes->room);
        CHECK(notes->text);
    }
    va_list list;
    va_start(list, format);
    notes->length += (size_t)vsnprintf(notes->text + notes->length, 256, format, list);
    va_end(list);
}

static uint64_t hash(const uint8_t *data, size_t length)
{
    uint64_t value = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < length; i++)
        value = (value ^ data[i]) * UINT64_C(1099511628211);
    return value;
}

/* ---- the guest ------------------------------------------------------------------------------- */

enum { CPU, PCI, GPU, MMIO, NOC, PORTS };
enum action_kind { STEP, ANSWER, STORE, LOAD, SERVE };

struct action {
    uint64_t time_ps, order;
    enum action_kind kind;
    int port;
    struct dmasim_answer answer;
};

/* A register write; 0 is the number of steps after the last. */
struct step {
    uint32_t offset, value;
};

struct vcpu {
    struct step steps[16];
    unsigned count, next;
};

static struct guest {
    struct dmasim *sim;
    struct dmasim_port *ports[PORTS];
    uint8_t *ram[2]; /* of AHB and AXI */
    uint8_t device[2][RAM_BYTES];
    struct vcpu vcpus[2];
    struct action actions[64];
    unsigned action_count;
    uint64_t orders;
    unsigned interrupts;
} guest;

static struct action *plan_at(uint64_t time_ps, enum action_kind kind, int port)
{
    CHECK(guest.action_count < 64);
    struct action *action = &guest.actions[guest.action_count++];
    *action =
        (struct action){.time_ps = time_ps, .order = guest.orders++, .kind = kind, .port = port};
    return action;
}

static void put(struct vcpu *self, uint32_t offset, uint32_t value)
{
    self->steps[self->count++] = (struct step){offset, value};
}

static uint32_t place(void)
{
    return (uint32_t)(below(3) ? RAM : LATE) + 8 * below(1000);
}

/* Clears the interrupt and starts the next copy. */
static void program(int port)
{
    struct vcpu *self = &guest.vcpus[port];
    self->count = self->next = 0;
    if (port == CPU) {
        put(self, 0x338, 1); /* CLEAR_TFR */
        put(self, 0x398, 1);
        put(self, 0x310, 0x101); /* MASK_TFR */
        put(self, 0x00, place());
        put(self, 0x08, place());
        put(self, 0x18, 2u << 1 | 2u << 4 | 1u << 11 | 1u << 14 | 1u);
        put(self, 0x1c, 1 + below(60));
        put(self, 0x40, 0xc00);
        put(self, 0x3a0, 0x101);
    } else {
        put(self, 0x84, 3); /* IRQ_PENDING */
        put(self, 0x80, 1); /* IRQ_MASK: the end of transfers */
        put(self, 0x400, 1);
        put(self, 0x410, place());
        put(self, 0x414, place());
        put(self, 0x418, 8 * (1 + below(80)) - 1);
        put(self, 0x408, 1);
    }
}

static void start(int port)
{
    uint8_t data[256];
    struct dmasim_transfer transfer = {.data = data, .tag = (uint64_t)port};
    struct vcpu *self = port == GPU ? NULL : &guest.vcpus[port];
    if (self && self->next < self->count) {
        const struct step *step = &self->steps[self->next++];
        memcpy(data, &step->value, 4);
        transfer.address = REGISTERS + step->offset;
        transfer.bytes = 4;
        transfer.write = true;
    } else {
        transfer.bytes = 1 + below(256);
        transfer.address = place() + below(8);
        transfer.write = below(2);
        for (uint32_t i = 0; i < transfer.bytes; i++)
            data[i] = (uint8_t)draw(&chance);
    }
    const int code = dmasim_transfer_start(guest.ports[port], &transfer, NULL);
    CHECK(code == DMASIM_OK || code == DMASIM_LIMIT);
    if (code == DMASIM_LIMIT && transfer.address >= REGISTERS)
        self->next--; /* the end of one that is queued comes back here */
}

/* The device's bytes; the answer to a read is made when it is asked, to be given later. */
static void ask(const struct dmasim_event *event, int port)
{
    uint8_t *bytes = guest.device[port - MMIO] + event->address % RAM_BYTES;
    for (uint32_t i = 0; event->write && i < event->bytes; i++)
        if (!event->strobes || event->strobes[i / 8] >> i % 8 & 1)
            bytes[i] = event->data[i];
    struct action *action = plan_at(event->time_ps + later(), ANSWER, port);
    action->answer = (struct dmasim_answer){.id = event->id};
    if (!event->write) {
        action->answer.data = bytes;
        action->answer.bytes = event->bytes;
    }
    if (port == MMIO && below(16) == 0)
        action->answer.response = DMASIM_RESPONSE_RETRY;
}

static void take(const struct dmasim_event *event)
{
    int port = 0;
    while (guest.ports[port] != event->port)
        port++;
    note("%ju port %d kind %d id %ju at %jx: %u bytes of %s, %u moved, response %d, data %jx\n",
         (uintmax_t)event->time_ps, port, (int)event->kind, (uintmax_t)event->id,
         (uintmax_t)event->address, event->bytes, event->master ? event->master : "-", event->moved,
         (int)event->response, (uintmax_t)(event->data ? hash(event->data, event->bytes) : 0));
    if (event->kind == DMASIM_EVENT_REQUEST)
        ask(event, port);
    else if (port == GPU || guest.vcpus[port].next < guest.vcpus[port].count || below(2))
        plan_at(event->time_ps + later(), STEP, port);
}

static void on_interrupt(void *context, const char *component, const char *output, bool level,
                         uint64_t at_ps)
{
    (void)context;
    const struct dmasim_transfer transfer = {.address = RAM, .bytes = 4};
    struct dmasim_event event;
    note("%ju interrupt %s.%s %d\n", (uintmax_t)at_ps, component, output, level);
    guest.interrupts += level;
    if (level)
        plan_at(at_ps + later(), SERVE, strcmp(component, "dw") == 0 ? CPU : PCI);
    /* Nothing may be done from here. */
    CHECK(dmasim_transfer_start(guest.ports[CPU], &transfer, NULL) == DMASIM_BUSY);
    CHECK(!dmasim_event_take(guest.sim, &event));
    CHECK(dmasim_run(guest.sim, at_ps + 1, NULL) == DMASIM_BUSY);
}

static void act(const struct action *action)
{
    uint8_t *ram = guest.ram[below(2)] + below(RAM_BYTES - 64);
    switch (action->kind) {
    case STEP:
        start(action->port);
        break;
    case ANSWER:
        CHECK(dmasim_request_answer(guest.ports[action->port], &action->answer) == DMASIM_OK);
        break;
    case STORE:
        for (unsigned i = 0; i < 64; i++)
            ram[i] = (uint8_t)draw(&chance);
        plan_at(action->time_ps + later(), LOAD, 0);
        break;
    case LOAD:
        note("%ju load %jx\n", (uintmax_t)action->time_ps, (uintmax_t)hash(ram, 64));
        plan_at(action->time_ps + later() + PERIOD, STORE, 0);
        break;
    case SERVE:
        program(action->port);
        start(action->port);
    }
}

static struct action *earliest(void)
{
    struct action *first = NULL;
    for (unsigned i = 0; i < guest.action_count; i++) {
        struct action *one = &guest.actions[i];
        if (!first || one->time_ps < first->time_ps ||
            (one->time_ps == first->time_ps && one->order < first->order))
            first = one;
    }
    return first;
}

/* ---- a play ---------------------------------------------------------------------------------- */

static void begin(const struct dmasim_plan *plan, uint64_t seed, bool every_cycle)
{
    static const char *const names[] = {"cpu", "pci", "gpu", "mmio", "noc"};
    const struct dmasim_options options = {.every_cycle = every_cycle};
    const struct dmasim_watch watch = {.stop = true, .callback = on_interrupt};
    guest.sim = dmasim_create_from(plan, &options, NULL);
    CHECK(guest.sim);
    chance = seed;
    guest.action_count = 0;
    guest.orders = 0;
    for (unsigned i = 0; i < 2; i++)
        for (unsigned k = 0; k < RAM_BYTES; k++)
            guest.ram[i][k] = guest.device[i][k] = (uint8_t)(k * 7 + k / 256 * 3 + seed);
    CHECK(dmasim_memory_back(guest.sim, "ram", guest.ram[0], RAM_BYTES) == DMASIM_OK);
    CHECK(dmasim_memory_back(guest.sim, "dram", guest.ram[1], RAM_BYTES) == DMASIM_OK);
    CHECK(dmasim_watch_interrupt(guest.sim, &watch) == DMASIM_OK);
    for (int i = 0; i < PORTS; i++) {
        guest.ports[i] = dmasim_port_find(guest.sim, names[i]);
        CHECK(guest.ports[i]);
    }
    for (int i = CPU; i <= PCI; i++) {
        program(i);
        plan_at(later(), STEP, i);
    }
    plan_at(later(), STEP, GPU);
    plan_at(later(), STORE, 0);
}

static void play(const struct dmasim_plan *plan, uint64_t seed, bool every_cycle, uint64_t windows,
                 struct notes *into)
{
    notes = into;
    notes->length = 0;
    begin(plan, seed, every_cycle);
    while (dmasim_now(guest.sim) < END) {
        struct action *next = earliest();
        uint64_t until = dmasim_now(guest.sim) + 1 + draw(&windows) % (40 * PERIOD);
        if (until > END)
            until = END;
        if (until > next->time_ps)
            until = next->time_ps;
        CHECK(dmasim_run(guest.sim, until, NULL) == DMASIM_OK);
        struct dmasim_event event;
        while (dmasim_event_take(guest.sim, &event))
            take(&event);
        while ((next = earliest()) != NULL && next->time_ps <= dmasim_now(guest.sim)) {
            const struct action action = *next;
            CHECK(action.time_ps == dmasim_now(guest.sim));
            *next = guest.actions[--guest.action_count];
            act(&action);
        }
    }
    for (unsigned i = 0; i < 2; i++)
        note("ram %jx device %jx\n", (uintmax_t)hash(guest.ram[i], RAM_BYTES),
             (uintmax_t)hash(guest.device[i], RAM_BYTES));
    dmasim_destroy(guest.sim);
}

static bool same(const struct notes *a, const struct notes *b, uint64_t seed, const char *how)
{
    if (a->length == b->length && memcmp(a->text, b->text, a->length) == 0)
        return true;
    size_t line = 0;
    for (size_t i = 0; a->text[i] == b->text[i]; i++)
        if (a->text[i] == '\n')
            line = i + 1;
    fprintf(stderr, "play %ju, %s:\n%.200s\nbut\n%.200s\n", (uintmax_t)seed, how, a->text + line,
            b->text + line);
    return false;
}

int main(int argc, char **argv)
{
    const uint64_t plays = argc > 1 ? strtoull(argv[1], NULL, 0) : 10000;
    struct dmasim_error error;
    struct dmasim_plan *plan =
        dmasim_plan_text(scenario, sizeof scenario - 1, "cosimulation", NULL, NULL, &error);
    if (!plan) {
        fprintf(stderr, "%s:%d:%d: %s\n", error.file, error.line, error.column, error.text);
        return 1;
    }
    for (unsigned i = 0; i < 2; i++) {
        guest.ram[i] =
            mmap(NULL, RAM_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        CHECK(guest.ram[i] != MAP_FAILED);
    }
    struct notes expected = {0}, found = {0};
    uint64_t events = 0;
    bool good = true;
    for (uint64_t seed = 1; seed <= plays && good; seed++) {
        play(plan, seed, false, seed, &expected);
        for (size_t i = 0; i < expected.length; i++)
            events += expected.text[i] == '\n';
        play(plan, seed, true, seed, &found);
        good = same(&expected, &found, seed, "every cycle");
        play(plan, seed, false, seed + 1000000007, &found);
        good = good && same(&expected, &found, seed, "other windows");
    }
    printf("%ju plays, %ju events, %u interrupts: %s\n", (uintmax_t)plays, (uintmax_t)events,
           guest.interrupts / 3, good ? "the same in every way" : "different");
    free(expected.text);
    free(found.text);
    dmasim_plan_free(plan);
    return !good || events < 100 * plays;
}
