/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fake_guest: talks to a server as User-Mode Linux does, from a process of its own: the server runs in a child, which
 * writes what it has to say into a pipe. So protocol and timing are tested without a kernel.
 */
#ifndef DMASIM_TESTS_FAKE_GUEST_H
#define DMASIM_TESTS_FAKE_GUEST_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cosim/server.h"
#include "suite.h"

#define GUEST_BASE UINT64_C(0x600000)
#define GUEST_BYTES (UINT64_C(1) << 20)
#define GUEST_PLACES 256u

static const char fake_scenario[] =
    "name: guest\n"
    "clocks: { hclk: { frequency: 100 MHz } }\n"
    "buses: { ahb: { clock: hclk } }\n"
    "memories: { ram: { bus: ahb, base: 0, size: 1 MiB } }\n"
    "controllers: { dma: { bus: ahb, base: 0xF000_0000, channels: 4 } }\n";

/* Offsets of queues in guest memory; of the interrupt queue 64 KiB later. */
enum {
    AT_DESC = 0,
    AT_AVAIL = 0x2000,
    AT_USED = 0x4000,
    AT_BUFFERS = 0x8000,
    AT_QUEUE_1 = 0x10000
};
enum { AT_COMMANDS = 0x20000, COMMAND_STRIDE = 64 };

struct fake_guest {
    pid_t server;
    int report, memory_fd;
    char folder[64];
    int time_fd, device_fd, call_fd, call_far;
    uint8_t *ram;
    uint64_t now;
    uint32_t sequence;
    uint16_t available;
    unsigned interrupts;       /* VRING_CALLs of queue 1 */
    uint64_t interrupt_ns[64]; /* when */
};

/* ---- the server's process -------------------------------------------------------------------- */

static inline void fake_note(void *context, const struct board_note *note)
{
    static const char *const kinds[] = {"R", "W", "I", "lost", "text", "kernel", "unmapped"};
    dprintf(*(int *)context, "%llu %s %llx %llx %s\n", (unsigned long long)note->time_ps,
            kinds[note->kind], (unsigned long long)note->address, (unsigned long long)note->value,
            note->text ? note->text : "");
}

static inline void fake_mark(void *context, bool open)
{
    dprintf(*(int *)context, "trace %d\n", open);
}

static inline void fake_serve(const struct fake_guest *self, int out,
                              const struct board_options *wanted)
{
    struct board board;
    struct server server;
    struct dmasim_error error;
    static const char *const memories[] = {"ram"};
    struct dmasim_plan *plan =
        dmasim_plan_text(fake_scenario, strlen(fake_scenario), "fake", NULL, NULL, &error);
    struct board_options options = *wanted;
    options.plan = plan;
    options.memories = memories;
    options.memory_count = 1;
    options.note = fake_note;
    options.trace = fake_mark;
    options.context = &out;
    const struct server_options how = {.board = &board,
                                       .folder = self->folder,
                                       .console = -1,
                                       .stall_ms = 300,
                                       .silence_ms = 1000};
    if (!plan || !board_init(&board, &options, &error) || !server_init(&server, &how, &error)) {
        dprintf(out, "error %s\n", error.text);
        _exit(3);
    }
    dprintf(out, "ready\n");
    const enum server_end end = server_run(&server);
    if (end == SERVER_BAD)
        dprintf(out, "error %s\n", error.text);
    dprintf(out, "end %d at %llu\n", end, (unsigned long long)server.calendar.now_ns);
    server_free(&server);
    board_free(&board);
    dmasim_plan_free(plan);
    _exit((int)end);
}

/* Starts a server and waits until it listens. options may be null: no cycles of accesses, no faults. */
static inline void fake_start(struct fake_guest *self, const struct board_options *options)
{
    static const struct board_options none;
    int ends[2];
    *self = (struct fake_guest){.time_fd = -1, .device_fd = -1, .call_fd = -1, .call_far = -1};
    snprintf(self->folder, sizeof self->folder, "/tmp/dmasim-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(self->folder));
    ck_assert_int_eq(pipe(ends), 0);
    self->server = fork();
    ck_assert_int_ge(self->server, 0);
    if (self->server == 0) {
        close(ends[0]);
        fake_serve(self, ends[1], options ? options : &none);
    }
    close(ends[1]);
    self->report = ends[0];
    char word[6];
    ck_assert_int_eq(read(self->report, word, 6), 6);
    ck_assert_int_eq(memcmp(word, "ready\n", 6), 0);
}

/* Everything goes; what the server has told, which the caller frees, and its exit code (enum server_end). */
static inline char *fake_end(struct fake_guest *self, int *code)
{
    char *text = malloc(1 << 20);
    size_t length = 0;
    ssize_t got;
    int status,
        fds[] = {self->time_fd, self->device_fd, self->call_fd, self->call_far, self->memory_fd};
    for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++)
        if (fds[i] > 0)
            close(fds[i]);
    while ((got = read(self->report, text + length, (1 << 20) - 1 - length)) > 0)
        length += (size_t)got;
    text[length] = '\0';
    close(self->report);
    ck_assert_int_eq(waitpid(self->server, &status, 0), self->server);
    ck_assert_msg(WIFEXITED(status), "the server ended by signal %d: %s", WTERMSIG(status), text);
    *code = WEXITSTATUS(status);
    if (self->ram)
        munmap(self->ram, GUEST_BYTES);
    char path[96];
    snprintf(path, sizeof path, "%s/time", self->folder);
    unlink(path);
    snprintf(path, sizeof path, "%s/devices", self->folder);
    unlink(path);
    rmdir(self->folder);
    return text;
}

/* ---- time ------------------------------------------------------------------------------------ */

static inline int fake_connect(const struct fake_guest *self, const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s/%s", self->folder, name);
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static inline struct calendar_message fake_hear(struct fake_guest *self)
{
    struct calendar_message message;
    char control[64];
    struct iovec part = {&message, sizeof message};
    struct msghdr header = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = 64};
    ck_assert_int_eq(recvmsg(self->time_fd, &header, MSG_WAITALL), sizeof message);
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&header); c; c = CMSG_NXTHDR(&header, c)) {
        int fds[2];
        ck_assert_uint_eq(c->cmsg_len, CMSG_LEN(sizeof fds));
        memcpy(fds, CMSG_DATA(c), sizeof fds);
        close(fds[0]);
        close(fds[1]);
    }
    if (message.operation == CALENDAR_RUN)
        self->now = message.time_ns;
    if (message.operation == CALENDAR_RUN || message.operation == CALENDAR_FREE_UNTIL) {
        const struct calendar_message ack = {CALENDAR_ACK, message.sequence, 0};
        ck_assert_int_eq(send(self->time_fd, &ack, sizeof ack, MSG_NOSIGNAL), sizeof ack);
    }
    return message;
}

/* A message about time; what the answer says. */
static inline uint64_t fake_time(struct fake_guest *self, uint32_t operation, uint64_t time_ns)
{
    const struct calendar_message message = {operation, ++self->sequence, time_ns};
    struct calendar_message answer;
    ck_assert_int_eq(send(self->time_fd, &message, sizeof message, MSG_NOSIGNAL), sizeof message);
    do
        answer = fake_hear(self);
    while (answer.operation != CALENDAR_ACK);
    ck_assert_uint_eq(answer.sequence, self->sequence);
    return answer.time_ns;
}

/* ---- a device -------------------------------------------------------------------------------- */

/* Sends a message for a device, with a file if it is not -1. */
static inline void fake_send(struct fake_guest *self, uint32_t request, const void *payload,
                             uint32_t size, int file)
{
    struct vhost_message message = {.request = request, .flags = 1 | 8, .size = size};
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control;
    if (size)
        memcpy(message.payload, payload, size);
    struct iovec part = {&message, 12 + size};
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
    memset(&control, 0, sizeof control);
    if (file >= 0) {
        header.msg_control = control.bytes;
        header.msg_controllen = sizeof control.bytes;
        struct cmsghdr *c = CMSG_FIRSTHDR(&header);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(c), &file, sizeof file);
    }
    ck_assert_int_eq(sendmsg(self->device_fd, &header, MSG_NOSIGNAL), 12 + (ssize_t)size);
}

/* The answer, while time is served; UINT64_MAX: the server is gone. */
static inline uint64_t fake_answer(struct fake_guest *self)
{
    for (;;) {
        struct pollfd entries[2] = {{.fd = self->device_fd, .events = POLLIN},
                                    {.fd = self->time_fd, .events = POLLIN}};
        ck_assert_int_gt(poll(entries, 2, 20000), 0);
        uint8_t bytes[20];
        if (entries[0].revents) {
            if (recv(self->device_fd, bytes, sizeof bytes, MSG_WAITALL) != sizeof bytes)
                return UINT64_MAX;
            uint64_t value;
            memcpy(&value, bytes + 12, sizeof value);
            return value;
        }
        uint8_t byte; /* a server that is gone has closed both, in some order */
        if (recv(self->time_fd, &byte, 1, MSG_PEEK) <= 0)
            return UINT64_MAX;
        fake_hear(self);
    }
}

static inline uint64_t fake_request(struct fake_guest *self, uint32_t request, const void *payload,
                                    uint32_t size, int file)
{
    fake_send(self, request, payload, size, file);
    return fake_answer(self);
}

static inline void fake_put(struct fake_guest *self, uint64_t at, const void *bytes, size_t length)
{
    memcpy(self->ram + at, bytes, length);
}

static inline void fake_descriptor(struct fake_guest *self, uint64_t queue, unsigned index,
                                   uint64_t address, uint32_t length, uint16_t flags, uint16_t next)
{
    const struct {
        uint64_t address;
        uint32_t length;
        uint16_t flags, next;
    } piece = {address, length, flags, next};
    fake_put(self, queue + AT_DESC + 16 * index, &piece, sizeof piece);
}

/* Connects, and does all that virtio_uml does up to the first command. */
static inline void fake_boot(struct fake_guest *self)
{
    const uint64_t features = UINT64_C(1) << 32 | UINT64_C(1) << 30;
    int calls[2];
    self->time_fd = fake_connect(self, "time");
    fake_time(self, CALENDAR_START, UINT64_MAX);
    ck_assert_uint_gt(fake_time(self, CALENDAR_GET_TOD, 0), 0);
    self->memory_fd = memfd_create("ram", 0);
    ck_assert_int_eq(ftruncate(self->memory_fd, (off_t)GUEST_BYTES), 0);
    self->ram = mmap(NULL, GUEST_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, self->memory_fd, 0);
    ck_assert_ptr_ne(self->ram, MAP_FAILED);
    self->device_fd = fake_connect(self, "devices");
    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, calls), 0);
    self->call_fd = calls[0];
    self->call_far = calls[1];
    fake_request(self, VHOST_SET_OWNER, NULL, 0, -1);
    ck_assert_uint_eq(fake_request(self, VHOST_GET_FEATURES, NULL, 0, -1), features);
    const uint64_t protocol = fake_request(self, VHOST_GET_PROTOCOL_FEATURES, NULL, 0, -1);
    ck_assert_uint_eq(protocol, 0x4028);
    fake_request(self, VHOST_SET_PROTOCOL_FEATURES, &protocol, 8, -1);
    fake_request(self, VHOST_SET_BACKEND_REQ_FD, NULL, 0, self->call_far);
    fake_request(self, VHOST_SET_FEATURES, &features, 8, -1);
    const uint64_t table[] = {1, GUEST_BASE, GUEST_BYTES, GUEST_BASE, 0};
    ck_assert_uint_eq(fake_request(self, VHOST_SET_MEM_TABLE, table, sizeof table, self->memory_fd),
                      0);
    for (uint32_t i = 0; i < 2; i++) {
        const uint64_t at = GUEST_BASE + i * AT_QUEUE_1;
        const uint32_t places[] = {i, GUEST_PLACES}, first[] = {i, 0}, on[] = {i, 1};
        const uint64_t address[] = {i, at + AT_DESC, at + AT_USED, at + AT_AVAIL, 0};
        fake_request(self, VHOST_SET_VRING_NUM, places, 8, -1);
        fake_request(self, VHOST_SET_VRING_BASE, first, 8, -1);
        fake_request(self, VHOST_SET_VRING_ADDR, address, sizeof address, -1);
        fake_request(self, VHOST_SET_VRING_ENABLE, on, 8, -1);
    }
    for (uint16_t i = 0; i < 10; i++) {
        fake_descriptor(self, AT_QUEUE_1, i, GUEST_BASE + AT_QUEUE_1 + AT_BUFFERS + 32u * i, 20, 2,
                        0);
        fake_put(self, AT_QUEUE_1 + AT_AVAIL + 4 + 2u * i, &i, 2);
    }
    fake_put(self, AT_QUEUE_1 + AT_AVAIL + 2, &(uint16_t){10}, 2);
}

static inline void fake_kick(struct fake_guest *self)
{
    const uint32_t kick[] = {VHOST_COMMANDS, 0};
    fake_request(self, VHOST_VRING_KICK, kick, sizeof kick, -1);
}

/* How many commands were given back. */
static inline uint16_t fake_used(const struct fake_guest *self)
{
    uint16_t used;
    memcpy(&used, self->ram + AT_USED + 2, 2);
    return used;
}

/* Queues a command and kicks; where the answer of a read will be. */
static inline uint8_t *fake_command(struct fake_guest *self, uint8_t operation, uint8_t bar,
                                    uint64_t offset, const void *data, uint32_t size, bool reads)
{
    const unsigned slot = 2 * (self->available % 100u);
    const uint64_t at = AT_COMMANDS + COMMAND_STRIDE * slot;
    const struct {
        uint8_t operation, bar;
        uint16_t reserved;
        uint32_t size;
        uint64_t address;
    } command = {operation, bar, 0, size, offset};
    fake_put(self, at, &command, 16);
    if (!reads)
        fake_put(self, at + 16, data, size);
    fake_descriptor(self, 0, slot, GUEST_BASE + at, reads ? 16 : 16 + size, reads ? 1 : 0,
                    (uint16_t)(slot + 1));
    if (reads)
        fake_descriptor(self, 0, slot + 1, GUEST_BASE + at + 32, 8, 2, 0);
    fake_put(self, AT_AVAIL + 4 + 2u * (self->available % GUEST_PLACES),
             &(uint16_t){(uint16_t)slot}, 2);
    self->available++;
    fake_put(self, AT_AVAIL + 2, &self->available, 2);
    fake_kick(self);
    return self->ram + at + 32;
}

static inline uint32_t fake_read(struct fake_guest *self, uint32_t offset)
{
    uint32_t value;
    memcpy(&value, fake_command(self, 3, 0, offset, NULL, 4, true), 4);
    return value;
}

static inline void fake_write(struct fake_guest *self, uint32_t offset, uint32_t value)
{
    fake_command(self, 4, 0, offset, &value, 4, false);
}

static inline uint32_t fake_config(struct fake_guest *self, uint32_t offset)
{
    uint32_t value;
    memcpy(&value, fake_command(self, 1, 0, offset, NULL, 4, true), 4);
    return value;
}

/* Waits until a time, and answers calls on the way; returns early, at the time of the interrupt, if one came. */
static inline bool fake_wait(struct fake_guest *self, uint64_t until_ns)
{
    bool interrupted = false;
    fake_time(self, CALENDAR_REQUEST, until_ns);
    fake_time(self, CALENDAR_WAIT, UINT64_MAX);
    for (;;) {
        struct pollfd entries[2] = {{.fd = self->time_fd, .events = POLLIN},
                                    {.fd = self->call_fd, .events = POLLIN}};
        ck_assert_int_gt(poll(entries, 2, 20000), 0);
        if (entries[1].revents) {
            uint32_t call[5], answer[5] = {4, 5, 8, 0, 0};
            ck_assert_int_eq(recv(self->call_fd, call, sizeof call, MSG_WAITALL), sizeof call);
            self->now = fake_time(self, CALENDAR_GET, UINT64_MAX);
            fake_time(self, CALENDAR_REQUEST, self->now);
            if (call[3] == 1) {
                interrupted = true;
                if (self->interrupts < 64)
                    self->interrupt_ns[self->interrupts] = self->now;
                self->interrupts++;
            }
            ck_assert_int_eq(send(self->call_fd, answer, sizeof answer, MSG_NOSIGNAL),
                             sizeof answer);
        } else if (fake_hear(self).operation == CALENDAR_RUN) {
            return interrupted;
        }
    }
}

/* What dw_dmac_pci writes for a memcpy on channel 0 of `words` words, by one descriptor. */
enum { FAKE_SOURCE = 0x40000, FAKE_TARGET = 0x50000, FAKE_ITEM = 0x60000 };
static inline void fake_copy(struct fake_guest *self, uint32_t words)
{
    const uint32_t base = (uint32_t)GUEST_BASE;
    const uint32_t item[] = {base + FAKE_SOURCE, base + FAKE_TARGET, 0, 0x21, words};
    for (uint32_t i = 0; i < 4 * words; i++)
        self->ram[FAKE_SOURCE + i] = (uint8_t)(7 * i + (i >> 8));
    memset(self->ram + FAKE_TARGET, 0xcc, 4 * words + 4);
    fake_put(self, FAKE_ITEM, item, sizeof item);
    const uint32_t writes[][2] = {{0x398, 1},         {0x40, 0x60},   {0x44, 2},
                                  {0x310, 0x101},     {0x330, 0x101}, {0x10, base + FAKE_ITEM},
                                  {0x18, 0x18000000}, {0x1c, 0},      {0x3a0, 0x101}};
    for (size_t i = 0; i < sizeof writes / sizeof writes[0]; i++)
        fake_write(self, writes[i][0], writes[i][1]);
}

static inline bool fake_copied(const struct fake_guest *self, uint32_t words)
{
    return memcmp(self->ram + FAKE_SOURCE, self->ram + FAKE_TARGET, 4 * words) == 0 &&
           self->ram[FAKE_TARGET + 4 * words] == 0xcc;
}

/* What its interrupt handler and tasklet write. */
static inline void fake_serve_interrupt(struct fake_guest *self)
{
    ck_assert_uint_ne(fake_read(self, 0x360), 0);
    fake_write(self, 0x310, 0xf00);
    fake_write(self, 0x330, 0xf00);
    fake_write(self, 0x338, 1);
}

#endif
