/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_hostile: random guests at a real server, over its sockets: messages of any content and length, cut, glued together,
 * with files or without; memory that is scribbled on or taken away; answers that do not come; connections that end.
 * Whatever a guest does, the server ends by itself, tells an error if it was one, and is no victim of a signal.
 *
 *   test_hostile [MESSAGES [SEED]]     guests until so many messages were sent (default: 10000)
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <inttypes.h>

#include "fake_guest.h"
#include "kernel/random.h"

enum { SOCKETS = 6 };

struct hostile {
    struct fake_guest guest;
    struct random random;
    int fds[SOCKETS]; /* connections; -1: none. The first is that for time */
    int calls;        /* where the server calls; -1: nowhere */
    uint64_t messages;
    bool deaf;    /* does not answer any more */
    bool waiting; /* and has not been told to run */
    bool cut;     /* its memory is */
};

static uint32_t draw(struct hostile *self, uint32_t below)
{
    return random_below(&self->random, below);
}

/* A number that is sensible, at an edge, or anything. */
static uint64_t number(struct hostile *self)
{
    switch (draw(self, 6)) {
    case 0:
        return GUEST_BASE + draw(self, (uint32_t)GUEST_BYTES);
    case 1:
        return GUEST_BASE + GUEST_BYTES - draw(self, 40);
    case 2:
        return UINT64_MAX - draw(self, 40);
    case 3:
        return (uint64_t)random_next(&self->random) << 32 | random_next(&self->random);
    default:
        return draw(self, 300);
    }
}

static void hang_up(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* Sends without waiting for a server that does not read. */
static void say(struct hostile *self, int *fd, const void *bytes, size_t length, const int *files,
                uint32_t count)
{
    union {
        char bytes[CMSG_SPACE(4 * sizeof(int))];
        struct cmsghdr align;
    } control;
    struct iovec part = {(void *)(uintptr_t)bytes, length};
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
    if (*fd < 0 || length == 0)
        return;
    memset(&control, 0, sizeof control);
    if (count > 0) {
        header.msg_control = control.bytes;
        header.msg_controllen = CMSG_SPACE(count * sizeof(int));
        struct cmsghdr *first = CMSG_FIRSTHDR(&header);
        first->cmsg_level = SOL_SOCKET;
        first->cmsg_type = SCM_RIGHTS;
        first->cmsg_len = CMSG_LEN(count * sizeof(int));
        memcpy(CMSG_DATA(first), files, count * sizeof(int));
    }
    if (sendmsg(*fd, &header, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)length)
        hang_up(fd);
    else
        self->messages++;
}

/* Everything that the server has said, answered as a guest would, or not. */
static void hear(struct hostile *self, int wait_ms)
{
    struct pollfd entries[SOCKETS + 1];
    uint8_t bytes[4096];
    for (int i = 0; i < SOCKETS; i++)
        entries[i] = (struct pollfd){.fd = self->fds[i], .events = POLLIN};
    entries[SOCKETS] = (struct pollfd){.fd = self->calls, .events = POLLIN};
    while (poll(entries, SOCKETS + 1, wait_ms) > 0) {
        wait_ms = 0;
        for (int i = 0; i <= SOCKETS; i++) {
            if (!entries[i].revents)
                continue;
            const ssize_t got =
                recv(entries[i].fd, bytes, i == 0 ? 16 : sizeof bytes, MSG_DONTWAIT);
            if (got <= 0)
                entries[i].fd = -1;
            struct calendar_message told;
            if (i == 0 && got == sizeof told && !self->deaf) {
                memcpy(&told, bytes, sizeof told);
                const struct calendar_message reply = {CALENDAR_ACK, told.sequence, number(self)};
                if (told.operation != CALENDAR_ACK)
                    say(self, &self->fds[0], &reply, sizeof reply, NULL, 0);
                if (told.operation == CALENDAR_RUN) {
                    self->guest.now = told.time_ns;
                    self->waiting = false;
                }
            } else if (i == SOCKETS && got > 0 && !self->deaf) {
                const uint32_t answer[5] = {4, 5, 8, draw(self, 50) == 0, 0};
                say(self, &self->calls, answer, sizeof answer, NULL, 0);
            }
        }
    }
}

static void time_message(struct hostile *self)
{
    static const uint32_t likely[] = {CALENDAR_REQUEST, CALENDAR_WAIT, CALENDAR_GET,
                                      CALENDAR_UPDATE, CALENDAR_GET_TOD};
    struct calendar_message message = {likely[draw(self, 5)], draw(self, 1000),
                                       self->guest.now + draw(self, 5000)};
    if (message.operation == CALENDAR_UPDATE)
        message.time_ns = self->guest.now;
    if (draw(self, 80) == 0)
        message = (struct calendar_message){draw(self, 12), draw(self, 1000), number(self)};
    if (message.operation == CALENDAR_WAIT && !self->waiting) { /* soon, as a guest does */
        const struct calendar_message soon = {CALENDAR_REQUEST, 0,
                                              self->guest.now + draw(self, 5000)};
        say(self, &self->fds[0], &soon, sizeof soon, NULL, 0);
        self->waiting = true;
    }
    say(self, &self->fds[0], &message, sizeof message, NULL, 0);
    for (int i = 0; i < 20 && self->waiting && !self->deaf && self->fds[0] >= 0; i++)
        hear(self, 5);
}

/* A message for a device, on one of the connections. */
static void request(struct hostile *self)
{
    static const uint32_t likely[] = {
        VHOST_GET_FEATURES,       VHOST_SET_OWNER,      VHOST_GET_QUEUE_NUM,
        VHOST_SET_VRING_ENABLE,   VHOST_SET_VRING_BASE, VHOST_GET_VRING_BASE,
        VHOST_SET_VRING_NUM,      VHOST_SET_VRING_ADDR, VHOST_SET_MEM_TABLE,
        VHOST_SET_BACKEND_REQ_FD, VHOST_SET_FEATURES,   VHOST_GET_PROTOCOL_FEATURES};
    struct vhost_message message = {
        .request = likely[draw(self, 12)], .flags = 1 | (draw(self, 2) ? 8 : 0), .size = 40};
    int files[4], count = 0;
    if (draw(self, 30) == 0) {
        message.request = draw(self, 50);
        message.flags = random_next(&self->random);
        message.size = (uint32_t)(draw(self, 2) ? number(self) : draw(self, VHOST_PAYLOAD_MAX));
    }
    const bool table = message.request == VHOST_SET_MEM_TABLE && draw(self, 8) != 0;
    uint64_t payload[VHOST_PAYLOAD_MAX / 8];
    for (size_t i = 0; i < sizeof payload / 8; i++)
        payload[i] = number(self);
    const uint64_t all[] = {1, GUEST_BASE, GUEST_BYTES, GUEST_BASE, 0};
    if (table)
        memcpy(payload, all, sizeof all);
    else if (draw(self, 8) != 0) /* a queue, and something for it */
        payload[0] = draw(self, 2) | (uint64_t)(draw(self, 2) ? 256 : draw(self, 300)) << 32;
    memcpy(message.payload, payload, sizeof message.payload);
    if (table || draw(self, 10) == 0)
        files[count++] = self->guest.memory_fd;
    int pair[2] = {-1, -1};
    if (message.request == VHOST_SET_BACKEND_REQ_FD && draw(self, 8) != 0 &&
        socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0) {
        count = 0;
        files[count++] = pair[1];
        hang_up(&self->calls);
        self->calls = pair[0];
    }
    while (count < 3 && draw(self, 30) == 0)
        files[count++] = self->guest.memory_fd;
    const uint32_t size =
        message.size < sizeof message.payload ? message.size : (uint32_t)sizeof message.payload;
    say(self, &self->fds[1 + draw(self, 3)], &message, VHOST_HEADER_BYTES + size, files,
        (uint32_t)count);
    hang_up(&pair[1]);
}

/* A command in the queue of the first function, and a kick. */
static void command(struct hostile *self)
{
    struct fake_guest *guest = &self->guest;
    const bool odd = draw(self, 60) == 0, reads = draw(self, 2) == 0;
    const struct {
        uint8_t operation, bar;
        uint16_t reserved;
        uint32_t size;
        uint64_t address, data;
    } body = {(uint8_t)(draw(self, 60) == 0  ? draw(self, 256)
                        : draw(self, 4) == 0 ? (reads ? 1 : 2)
                                             : (reads ? 3 : 4)),
              (uint8_t)(draw(self, 8) == 0 ? draw(self, 8) : 0),
              0,
              draw(self, 60) == 0 ? (uint32_t)number(self) : 1u << draw(self, 4),
              draw(self, 4) == 0 ? number(self) : draw(self, 0x100) * 4,
              number(self)};
    const unsigned slot = 2 * (guest->available % 100u);
    const uint64_t at = AT_COMMANDS + COMMAND_STRIDE * slot;
    fake_put(guest, at, &body, sizeof body);
    const bool strange = odd && draw(self, 2) == 0; /* or its place alone is */
    fake_descriptor(guest, 0, slot, odd ? number(self) : GUEST_BASE + at,
                    strange ? (uint32_t)number(self)
                    : reads ? 16
                            : 24,
                    (uint16_t)(strange ? draw(self, 8) : reads), (uint16_t)(slot + 1));
    fake_descriptor(guest, 0, slot + 1, GUEST_BASE + at + 32, 8, 2, 0);
    fake_put(guest, AT_AVAIL + 4 + 2u * (guest->available % GUEST_PLACES),
             &(uint16_t){(uint16_t)slot}, 2);
    guest->available = (uint16_t)(guest->available + (strange ? draw(self, 3) : 1));
    fake_put(guest, AT_AVAIL + 2, &guest->available, 2);
    struct vhost_message kick = {.request = VHOST_VRING_KICK, .flags = 1 | 8, .size = 8};
    memcpy(kick.payload, (const uint32_t[]){odd ? draw(self, 4) : VHOST_COMMANDS, 0}, 8);
    say(self, &self->fds[1], &kick, VHOST_HEADER_BYTES + 8, NULL, 0);
}

/* What no guest does that is well. */
static void misbehave(struct hostile *self)
{
    uint8_t bytes[64];
    switch (draw(self, 8)) {
    case 0: /* noise */
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (uint8_t)random_next(&self->random);
        say(self, &self->fds[draw(self, SOCKETS)], bytes, 1 + draw(self, sizeof bytes), NULL, 0);
        break;
    case 1:
        hang_up(&self->fds[1 + draw(self, SOCKETS - 1)]);
        break;
    case 2:
        hang_up(&self->calls);
        break;
    case 3:
        self->deaf = draw(self, 4) == 0;
        break;
    case 4:
        self->cut |= draw(self, 4) == 0 &&
                     ftruncate(self->guest.memory_fd, (off_t)draw(self, 256) * 4096) == 0;
        break;
    case 5: /* unasked answers */
        say(self, &self->calls, bytes, 1 + draw(self, 40), NULL, 0);
        break;
    case 6: {
        const struct calendar_message answer = {CALENDAR_ACK, draw(self, 9), number(self)};
        say(self, &self->fds[0], &answer, sizeof answer, NULL, 0);
        break;
    }
    default:
        for (int i = 0; i < 16 && !self->cut; i++) {
            const uint64_t value = number(self);
            fake_put(&self->guest, draw(self, 0x20000) & ~7u, &value, 8);
        }
    }
}

/* ---- guests ---------------------------------------------------------------------------------- */

/* One guest from its start to the end of its server. Its text is what the server told. */
static char *play(struct hostile *self, uint64_t seed, int *code)
{
    struct fake_guest *guest = &self->guest;
    *self =
        (struct hostile){.random = random_seeded(seed), .calls = -1, .messages = self->messages};
    const struct board_options options = {.read_cycles = draw(self, 2) * draw(self, 100),
                                          .write_cycles = draw(self, 2) * 2,
                                          .strict = draw(self, 4) == 0};
    fake_start(guest, &options);
    fake_boot(guest);
    self->fds[0] = guest->time_fd;
    self->fds[1] = guest->device_fd;
    for (int i = 2; i < SOCKETS; i++)
        self->fds[i] = i < 4 && draw(self, 4) == 0 ? fake_connect(guest, "devices") : -1;
    self->calls = guest->call_fd;
    guest->time_fd = guest->device_fd = guest->call_fd = -1;
    hang_up(&guest->call_far);
    const uint32_t steps = 1 + draw(self, 400);
    for (uint32_t i = 0; i < steps && self->fds[0] >= 0; i++) {
        const uint32_t what = draw(self, 100);
        if (what < 35)
            time_message(self);
        else if (what < 92 && !self->cut)
            command(self);
        else if (what < 99)
            request(self);
        else if (draw(self, 2) == 0)
            misbehave(self);
        hear(self, draw(self, 8) == 0);
    }
    for (int i = 0; i < SOCKETS; i++)
        hang_up(&self->fds[i]);
    hang_up(&self->calls);
    return fake_end(guest, code);
}

static uint64_t wanted = 10000, first = 1;

START_TEST(hostile_guests_are_harmless)
{
    struct hostile *hostile = calloc(1, sizeof *hostile);
    uint64_t guests = 0, errors = 0;
    for (uint64_t seed = first; hostile->messages < wanted; seed++, guests++) {
        int code;
        char *text = play(hostile, seed, &code);
        ck_assert_msg(code == SERVER_GONE || code == SERVER_BAD, "guest %" PRIu64 ": code %d: %s",
                      seed, code, text);
        ck_assert_msg(code == SERVER_GONE || strstr(text, "error "),
                      "guest %" PRIu64 " ended without an error that is told: %s", seed, text);
        errors += code == SERVER_BAD;
        free(text);
    }
    printf("%" PRIu64 " messages of %" PRIu64 " guests, %" PRIu64
           " of whom were refused some time\n",
           hostile->messages, guests, errors);
    free(hostile);
}
END_TEST

int main(int argc, char **argv)
{
    if (argc > 1)
        wanted = strtoull(argv[1], NULL, 0);
    if (argc > 2)
        first = strtoull(argv[2], NULL, 0);
    Suite *suite = suite_create("hostile");
    TCase *tests = tcase_create("all");
    tcase_set_timeout(tests, wanted > 100000 ? 7200 : 300);
    tcase_add_test(tests, hostile_guests_are_harmless);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
