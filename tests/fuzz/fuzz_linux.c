/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_linux: a hostile guest of `dmasim linux`, without sockets: messages about time, messages of vhost-user, rings and
 * commands, and registers of a real model, in any order and with any content. Whatever comes, nothing but guest memory
 * is touched, time does not go back, and the guest is never ahead of what it was allowed.
 *
 * An input is a list of steps: a byte says what, the bytes behind it are its content. At the end of the process it is told how many
 * messages (about time, of vhost-user, commands in a ring) that were in all inputs, and how many were refused.
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cosim/calendar.h"
#include "cosim/device.h"

#define BASE UINT64_C(0x600000)
#define BYTES (UINT64_C(256) << 10)
#define AVAILABLE 0x2000u
#define USED 0x4000u
#define COMMANDS 0x8000u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char scenario[] =
    "clocks: { hclk: { frequency: 100 MHz } }\n"
    "buses: { ahb: { clock: hclk } }\n"
    "memories: { ram: { bus: ahb, base: 0, size: 64 KiB } }\n"
    "controllers: { dma: { bus: ahb, base: 0xF000_0000, channels: 2 } }\n";

struct input {
    const uint8_t *at;
    size_t left;
};

/* The next `bytes` bytes; zeros behind the end. */
static uint64_t take(struct input *self, unsigned bytes)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < bytes && self->left > 0; i++, self->left--)
        value |= (uint64_t)*self->at++ << 8 * i;
    return value;
}

/* A number that is often a sensible one, sometimes one at the edge of what there is. */
static uint64_t number(struct input *self)
{
    const uint64_t kind = take(self, 1);
    switch (kind & 7) {
    case 0:
        return BASE + take(self, 3);
    case 1:
        return BASE + BYTES - (kind >> 3);
    case 2:
        return UINT64_MAX - (kind >> 3);
    case 3:
        return take(self, 8);
    default:
        return take(self, 2);
    }
}

static struct {
    uint64_t time, requests, commands, refused;
} sent;

static void tell_counts(void)
{
    fprintf(stderr,
            "%" PRIu64 " messages: %" PRIu64 " about time, %" PRIu64 " of vhost-user, %" PRIu64
            " commands; %" PRIu64 " refused\n",
            sent.time + sent.requests + sent.commands, sent.time, sent.requests, sent.commands,
            sent.refused);
}

struct guest {
    struct board board;
    struct device *device;
    struct calendar calendar;
    uint32_t function; /* of the board's, that is talked to */
    uint64_t stamp;    /* time never is less */
    uint16_t available;
};

/* Mostly one that a guest may send now, so that what comes after it is reached. */
static struct calendar_message time_message(const struct guest *self, struct input *input)
{
    static const uint8_t likely[] = {CALENDAR_REQUEST, CALENDAR_WAIT,    CALENDAR_GET,
                                     CALENDAR_UPDATE,  CALENDAR_GET_TOD, CALENDAR_ACK,
                                     CALENDAR_REQUEST, CALENDAR_UPDATE};
    const struct calendar *calendar = &self->calendar;
    const uint32_t kind = (uint32_t)take(input, 1);
    uint32_t operation = likely[kind % sizeof likely];
    if (kind >= 0xe0)
        return (struct calendar_message){kind % 12, 7, number(input)};
    if ((operation == CALENDAR_WAIT && calendar->waiting) ||
        (operation == CALENDAR_ACK && !calendar->unanswered))
        operation = CALENDAR_GET;
    uint64_t time = calendar->now_ns + take(input, 2);
    if (operation == CALENDAR_UPDATE && calendar->granted_ns > calendar->now_ns &&
        !calendar->waiting)
        time = calendar->now_ns + take(input, 2) % (calendar->granted_ns - calendar->now_ns);
    else if (operation == CALENDAR_UPDATE)
        time = calendar->now_ns;
    return (struct calendar_message){operation, 7, time};
}

static bool take_time(struct guest *self, struct input *input)
{
    const struct calendar_message message = time_message(self, input);
    struct calendar_message reply;
    const char *why = NULL;
    const enum calendar_result result = calendar_take(&self->calendar, &message, &reply, &why);
    if (self->calendar.now_ns > self->stamp && self->calendar.now_ns >= self->calendar.granted_ns)
        abort();
    if ((result == CALENDAR_BAD) != (why != NULL))
        abort();
    return result != CALENDAR_BAD;
}

static bool take_request(struct guest *self, struct input *input)
{
    struct vhost_message message = {.request = (uint32_t)take(input, 1) % 40,
                                    .flags = VHOST_VERSION | (take(input, 1) & 8),
                                    .size = 40};
    struct vhost_message reply;
    struct vhost_region region;
    uint32_t queue = 0;
    const char *why = NULL;
    for (uint32_t at = 0; at < 40; at += 8) {
        const uint64_t value = number(input);
        memcpy(message.payload + at, &value, 8);
    }
    const enum vhost_result result = vhost_take(&self->device->vhost, &message, take(input, 1) & 1,
                                                &reply, &region, &queue, &why);
    if (result != VHOST_BAD && reply.request && reply.size != 8)
        abort();
    return result != VHOST_BAD;
}

static void put(struct guest *self, uint64_t at, const void *bytes, size_t length)
{
    uint8_t *to = guest_memory_at(&self->board.memory, at, length);
    if (to)
        memcpy(to, bytes, length);
}

/* A command that is well formed but for what the input makes of it. */
static bool command(struct guest *self, struct input *input)
{
    static const uint8_t operations[] = {1, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 5, 3,
                                         4, 4, 1, 2, 3, 4, 4, 3, 4, 5, 0, 6, 7, 8};
    const struct {
        uint8_t operation, bar;
        uint16_t reserved;
        uint32_t size;
        uint64_t address;
        uint64_t data;
    } body = {.operation = operations[take(input, 1) % sizeof operations],
              .bar = (uint8_t)(take(input, 1) % 3),
              .size = (uint32_t)(take(input, 1) & 7 ? UINT64_C(1) << (take(input, 1) & 3)
                                                    : number(input)),
              .address = take(input, 1) & 1 ? (take(input, 2) & 0x3fc) : number(input),
              .data = number(input)};
    const bool odd = (take(input, 1) & 7) == 0;
    const struct {
        uint64_t address;
        uint32_t length;
        uint16_t flags, next;
    } pieces[2] = {{odd ? number(input) : BASE + COMMANDS, odd ? (uint32_t)number(input) : 24, 1,
                    odd ? (uint16_t)take(input, 2) : 1},
                   {BASE + COMMANDS + 64, 8, (uint16_t)(odd ? take(input, 1) & 7 : 2), 0}};
    const bool reads = body.operation == 1 || body.operation == 3;
    const uint16_t head = 0;
    put(self, BASE + COMMANDS, &body, sizeof body);
    put(self, BASE, pieces, sizeof pieces);
    if (!reads && !odd) { /* one descriptor */
        const uint16_t flags = 0;
        put(self, BASE + 12, &flags, 2);
    }
    put(self, BASE + AVAILABLE + 4 + 2 * (self->available % 256u), &head, 2);
    self->available = (uint16_t)(self->available + (odd ? take(input, 1) : 1));
    put(self, BASE + AVAILABLE + 2, &self->available, 2);
    if (device_commands(self->device, self->calendar.now_ns))
        return false;
    const uint64_t until = board_horizon(&self->board, self->calendar.now_ns);
    if (until < self->calendar.granted_ns) /* as the server does */
        calendar_free_until(&self->calendar, until);
    return true;
}

/* Time goes on, as the server lets it. */
static bool pass(struct guest *self, struct input *input)
{
    const char *why = NULL;
    const uint64_t limit = self->calendar.now_ns + take(input, 2);
    while (self->calendar.now_ns < limit) {
        struct board_function *function = board_interrupt(&self->board, self->calendar.now_ns);
        if (function) {
            if (board_tell(&self->board, function, self->calendar.now_ns) &&
                function == self->device->function) {
                const enum device_interrupt result = device_interrupt(self->device, &why);
                if (result == DEVICE_BAD)
                    return false;
                if (result == DEVICE_LATER)
                    board_retry(function, self->calendar.now_ns);
            }
            continue;
        }
        const uint64_t at = board_run(&self->board, self->calendar.now_ns, limit);
        if (at < self->calendar.now_ns)
            abort();
        self->calendar.now_ns = at;
    }
    if (device_answer(self->device, self->calendar.now_ns))
        return false;
    device_release(self->device);
    calendar_free_until(&self->calendar, board_horizon(&self->board, self->calendar.now_ns));
    calendar_run(&self->calendar);
    return self->calendar.granted_ns >= self->calendar.now_ns || (abort(), false);
}

/* A guest that behaves so far. Of one that was refused nothing is left but time. */
static void begin(struct guest *self)
{
    const uint64_t now = self->calendar.now_ns;
    device_init(self->device, &self->board, &self->board.functions[self->function]);
    for (int i = 0; i < VHOST_QUEUES; i++)
        self->device->vhost.rings[i] = (struct ring){.size = 256,
                                                     .descriptors = BASE,
                                                     .available = BASE + AVAILABLE,
                                                     .used = BASE + USED,
                                                     .placed = true,
                                                     .enabled = true};
    calendar_init(&self->calendar);
    self->calendar.started = true;
    self->calendar.now_ns = now;
    self->available = 0;
    put(self, BASE + AVAILABLE + 2, &self->available, 2);
}

static void play(struct guest *self, struct input *input)
{
    bool good = true;
    begin(self);
    while (input->left > 0) {
        switch (take(input, 1) % 8) {
        case 0:
            good = take_time(self, input);
            sent.time++;
            break;
        case 1:
            good = take_request(self, input);
            sent.requests++;
            break;
        case 2: {
            const uint64_t at = number(input), value = number(input);
            put(self, at, &value, sizeof value);
            break;
        }
        case 3:
            good = pass(self, input);
            break;
        default:
            good = command(self, input);
            sent.commands++;
        }
        sent.refused += !good;
        if (self->calendar.now_ns < self->stamp)
            abort();
        self->stamp = self->calendar.now_ns;
        if (!good)
            begin(self);
    }
}

/* What is told is text with an end. */
static void take_note(void *context, const struct board_note *note)
{
    (void)context;
    if (note->text && strlen(note->text) > 2000)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct dmasim_plan *plan;
    static const char *const memories[] = {"ram"};
    struct dmasim_error error;
    struct input input = {data, size};
    struct guest guest = {.available = 0};
    struct guest_memory memory;
    if (!plan) {
        plan = dmasim_plan_text(scenario, strlen(scenario), "fuzz", NULL, NULL, &error);
        atexit(tell_counts);
    }
    const uint64_t how = take(&input, 1);
    const struct board_options options = {.plan = plan,
                                          .memories = memories,
                                          .memory_count = 1,
                                          .read_cycles = how & 1 ? 60 : 0,
                                          .write_cycles = how & 2 ? 3 : 0,
                                          .strict = (how & 4) != 0,
                                          .note = take_note,
                                          .platform = (how & 8) != 0};
    const int fd = memfd_create("guest", 0);
    if (!plan || fd < 0 || ftruncate(fd, (off_t)BYTES) != 0 ||
        !board_init(&guest.board, &options, &error) ||
        guest_memory_map(&memory, fd, 0, BASE, BYTES) ||
        !board_build(&guest.board, &memory, &error))
        abort();
    close(fd);
    guest.function = how & 16 ? guest.board.function_count - 1 : 0; /* the control function */
    guest.device = malloc(sizeof *guest.device);
    if (!guest.device)
        abort();
    play(&guest, &input);
    free(guest.device);
    board_free(&guest.board);
    return 0;
}
