/* SPDX-License-Identifier: BSD-2-Clause */
/* server: sockets, and whose turn it is. See server.h. */
#define _GNU_SOURCE
#include "cosim/server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "cosim/sockets.h"

/* While the guest waits: how far the model goes before somebody looks at the sockets again. */
#define CHUNK_NS UINT64_C(10000000)
#define LOOK_MESSAGES 256u /* between looks at whether it shall end */
#define PACE_MS 10         /* how often somebody looks at the clock on the wall */

static bool bad(struct server *self, const char *format, const char *who, const char *what)
{
    if (self->error->code == DMASIM_OK) {
        self->error->code = DMASIM_INVALID;
        snprintf(self->error->text, sizeof self->error->text, format, who, what);
    }
    return false;
}

static bool result_good(struct server *self, enum socket_result result, const char *who)
{
    if (result == SOCKET_GOOD)
        return true;
    return bad(self, "the guest %s in the middle of a message of %s",
               result == SOCKET_CLOSED ? "vanished" : "stopped", who);
}

/* ---- console --------------------------------------------------------------------------------- */

/* Everything that the guest has printed, before anything that it did afterwards. */
static void print_console(struct server *self)
{
    char text[4096];
    ssize_t got;
    while (self->options.console >= 0 &&
           (got = read(self->options.console, text, sizeof text)) != 0) {
        if (got > 0)
            self->options.print(self->options.context, self->calendar.now_ns, text, (size_t)got);
        else if (errno != EINTR)
            return;
    }
    self->options.console = -1;
}

/* ---- time ------------------------------------------------------------------------------------ */

static bool send_time(struct server *self, const struct calendar_message *message)
{
    return result_good(
        self, socket_send(self->time_fd, message, sizeof *message, self->options.stall_ms), "time");
}

/* The answer to START carries a page of zeros (shared memory of version 0, which is none) and a log that is thrown
 * away: the guest takes whatever stands there for the numbers of files if they are missing. */
static bool send_files(struct server *self, const struct calendar_message *message)
{
    const int files[2] = {memfd_create("none", MFD_CLOEXEC),
                          open("/dev/null", O_WRONLY | O_CLOEXEC)};
    const bool good = files[0] >= 0 && files[1] >= 0 && ftruncate(files[0], 4096) == 0 &&
                      result_good(self,
                                  socket_send_files(self->time_fd, message, sizeof *message, files,
                                                    self->options.stall_ms),
                                  "time");
    for (int i = 0; i < 2; i++)
        if (files[i] >= 0)
            close(files[i]);
    return good || bad(self, "%s%s", "no files for the guest's start", "");
}

/* A message about time. False if the run is over: an error, or the guest is gone (time_fd is -1). */
static bool take_time(struct server *self)
{
    struct calendar_message message, reply;
    const char *why = NULL;
    const enum socket_result result =
        socket_receive(self->time_fd, &message, sizeof message, self->options.stall_ms);
    if (result == SOCKET_CLOSED) {
        close(self->time_fd);
        self->time_fd = -1;
        return false;
    }
    if (!result_good(self, result, "time"))
        return false;
    self->messages++;
    switch (calendar_take(&self->calendar, &message, &reply, &why)) {
    case CALENDAR_REPLY:
        return send_time(self, &reply);
    case CALENDAR_REPLY_FILES:
        return send_files(self, &reply);
    case CALENDAR_NOTHING:
        return true;
    default:
        return bad(self, "the guest's messages about time make no sense: %s%s", why, "");
    }
}

/* Serves time, and nothing else, until `fd` has something to read; -1: until the guest has acknowledged all. */
static bool serve_time(struct server *self, int fd)
{
    while (fd >= 0 || self->calendar.unanswered > 0) {
        struct pollfd entries[2] = {{.fd = self->time_fd, .events = POLLIN},
                                    {.fd = fd, .events = POLLIN}};
        const int count = poll(entries, 2, self->options.stall_ms);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return bad(self, "the guest does not answer%s%s", "", "");
        if (entries[0].revents) {
            if (!take_time(self))
                return false;
        } else if (entries[1].revents) {
            return true;
        }
    }
    return true;
}

/* ---- calls ----------------------------------------------------------------------------------- */

/* Tells the guest to look at a queue, and waits until it has heard. */
static bool call(struct server *self, struct server_link *link, uint32_t queue)
{
    struct vhost_message message = vhost_call(queue);
    if (link->call_fd < 0)
        return true;
    self->calls++;
    if (!result_good(self,
                     socket_send(link->call_fd, &message, VHOST_HEADER_BYTES + message.size,
                                 self->options.stall_ms),
                     link->device.function->name) ||
        !serve_time(self, link->call_fd) ||
        !result_good(
            self,
            socket_receive(link->call_fd, &message, VHOST_HEADER_BYTES, self->options.stall_ms),
            link->device.function->name))
        return false;
    if (message.request != VHOST_BACKEND_VRING_CALL || message.size != 8)
        return bad(self, "the guest's answer to %s makes no sense%s", link->device.function->name,
                   "");
    return result_good(self,
                       socket_receive(link->call_fd, message.payload, 8, self->options.stall_ms),
                       link->device.function->name);
}

static bool tell_interrupt(struct server *self, struct board_function *function)
{
    struct server_link *link = &self->links[function - self->options.board->functions];
    const uint64_t now = self->calendar.now_ns;
    const char *why = NULL;
    if (!link->device.vhost.rings[VHOST_INTERRUPTS].enabled || link->call_fd < 0) {
        board_retry(function, now);
        return true;
    }
    if (!board_tell(self->options.board, function, now))
        return true;
    switch (device_interrupt(&link->device, &why)) {
    case DEVICE_CALL:
        return call(self, link, VHOST_INTERRUPTS);
    case DEVICE_LATER:
        board_retry(function, now);
        return true;
    default:
        return bad(self, "the queue for interrupts of %s is unusable: %s", function->name, why);
    }
}

/* ---- pace ------------------------------------------------------------------------------------ */

static uint64_t wall_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* How far time may be; CALENDAR_NEVER: as far as it likes. */
static uint64_t pace(const struct server *self)
{
    return self->options.paced ? wall_ns() - self->began_ns : CALENDAR_NEVER;
}

/* The guest may go on by itself to any time before this. */
static uint64_t horizon(const struct server *self)
{
    const uint64_t until = board_horizon(self->options.board, self->calendar.now_ns);
    const uint64_t most = pace(self);
    return until < most ? until : most;
}

/* ---- the guest waits ------------------------------------------------------------------------- */

static bool give_answers(struct server *self)
{
    for (uint32_t i = 0; i < self->linked; i++) {
        struct device *device = &self->links[i].device;
        const char *why = device_answer(device, self->calendar.now_ns);
        if (why)
            return bad(self, "%s cannot be served: %s", device->function->name, why);
    }
    return true;
}

static bool run_guest(struct server *self)
{
    struct calendar *calendar = &self->calendar;
    for (uint32_t i = 0; i < self->linked; i++) {
        struct server_link *link = &self->links[i];
        if (link->device.answer_ns == BOARD_NEVER && device_release(&link->device) &&
            !call(self, link, VHOST_COMMANDS))
            return false;
    }
    struct calendar_message both[2];
    both[0] = calendar_free_until(calendar, horizon(self));
    both[1] = calendar_run(calendar);
    return result_good(self, socket_send(self->time_fd, both, sizeof both, self->options.stall_ms),
                       "time");
}

/* Time goes on to what the guest has asked for, or what happens to it before. */
static bool pass_time(struct server *self)
{
    struct calendar *calendar = &self->calendar;
    struct board *board = self->options.board;
    const uint64_t most = pace(self), next = calendar->now_ns + CHUNK_NS;
    const uint64_t chunk = most < next ? most : next;
    while (calendar->now_ns < chunk) {
        if (!give_answers(self))
            return false;
        struct board_function *function = board_interrupt(board, calendar->now_ns);
        if (function) {
            if (!tell_interrupt(self, function))
                return false;
            continue;
        }
        if (calendar->now_ns >= calendar->requested_ns)
            return run_guest(self);
        uint64_t limit = calendar->requested_ns;
        for (uint32_t i = 0; i < self->linked; i++)
            if (self->links[i].device.answer_ns < limit)
                limit = self->links[i].device.answer_ns;
        if (limit >= CALENDAR_NEVER && board_quiet(board))
            return true;
        /* With nothing to step, time needs no chunks. */
        if (limit > chunk && (self->options.paced || !board_quiet(board)))
            limit = chunk;
        const uint64_t at = board_run(board, calendar->now_ns, limit);
        if (at > calendar->now_ns)
            calendar->now_ns = at;
        if (guest_memory_lost())
            return bad(self, "%s%s", "the guest has taken its memory away", "");
    }
    return true;
}

/* ---- devices --------------------------------------------------------------------------------- */

static bool take_memory(struct server *self, const struct vhost_region *region, int fd)
{
    struct board *board = self->options.board;
    struct guest_memory memory;
    if (board->sim) { /* another function of the same guest */
        if (region->guest != board->memory.base || region->size != board->memory.size)
            return bad(self, "%s%s", "the guest's memory is not the same for all functions", "");
        return true;
    }
    const char *why = guest_memory_map(&memory, fd, region->offset, region->guest, region->size);
    if (why)
        return bad(self, "%s%s", why, "");
    struct dmasim_error error = {.code = DMASIM_OK};
    if (board_build(board, &memory, &error))
        return true;
    if (self->error->code == DMASIM_OK)
        *self->error = error;
    return false;
}

static bool kicked(struct server *self, struct server_link *link, uint32_t queue)
{
    struct calendar *calendar = &self->calendar;
    if (queue != VHOST_COMMANDS || !link->device.vhost.rings[queue].enabled)
        return true;
    const char *why = device_commands(&link->device, calendar->now_ns);
    if (why)
        return bad(self, "%s cannot be served: %s", link->device.function->name, why);
    const uint64_t until = horizon(self);
    if (until >= calendar->granted_ns)
        return true;
    const struct calendar_message message = calendar_free_until(calendar, until);
    return send_time(self, &message) && serve_time(self, -1);
}

/* A message for a device whose files, if any, are this function's to close. */
static bool take_message(struct server *self, struct server_link *link,
                         const struct vhost_message *message, int *files, uint32_t count)
{
    struct vhost_message reply;
    struct vhost_region region;
    uint32_t queue = 0;
    const char *why = NULL;
    bool good = true;
    switch (vhost_take(&link->device.vhost, message, count, &reply, &region, &queue, &why)) {
    case VHOST_DONE:
        break;
    case VHOST_MEMORY:
        good = take_memory(self, &region, files[0]);
        break;
    case VHOST_CALLS:
        if (link->call_fd >= 0)
            close(link->call_fd);
        link->call_fd = files[0];
        files[0] = -1;
        break;
    case VHOST_KICKED:
        good = kicked(self, link, queue);
        break;
    default:
        good = bad(self, "%s cannot be served: %s", link->device.function->name, why);
    }
    for (uint32_t i = 0; i < count; i++)
        if (files[i] >= 0)
            close(files[i]);
    return good && (reply.request == 0 ||
                    result_good(self,
                                socket_send(link->fd, &reply, VHOST_HEADER_BYTES + reply.size,
                                            self->options.stall_ms),
                                link->device.function->name));
}

static bool take_request(struct server *self, struct server_link *link)
{
    struct vhost_message message;
    int files[VHOST_FILES_MAX];
    uint32_t count;
    const char *who = link->device.function->name;
    enum socket_result result =
        socket_receive_files(link->fd, &message, VHOST_HEADER_BYTES, self->options.stall_ms, files,
                             VHOST_FILES_MAX, &count);
    bool good = result == SOCKET_GOOD;
    if (good && message.size > VHOST_PAYLOAD_MAX)
        good = bad(self, "%s cannot be served: a message that is too long%s", who, "");
    else if (good)
        good = result_good(
            self, socket_receive(link->fd, message.payload, message.size, self->options.stall_ms),
            who);
    if (good) {
        self->messages++;
        return take_message(self, link, &message, files, count);
    }
    for (uint32_t i = 0; i < count; i++)
        close(files[i]);
    if (result != SOCKET_CLOSED)
        return result == SOCKET_GOOD ? false : result_good(self, result, who);
    close(link->fd); /* the guest ends: its connection for time tells when it has */
    link->fd = -1;
    return true;
}

/* ---- the loop -------------------------------------------------------------------------------- */

static void accept_link(struct server *self)
{
    const int fd = accept4(self->device_listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return;
    if (self->linked == self->options.board->function_count)
        close(fd);
    else
        self->links[self->linked++].fd = fd;
}

enum { ENTRY_TIME, ENTRY_DEVICES, ENTRY_LINKS };

/* Waits for something and does one thing. False if the run is over. */
static bool serve(struct server *self, int wait_ms)
{
    struct pollfd entries[ENTRY_LINKS + BOARD_FUNCTIONS_MAX + 1];
    const int time_fd = self->time_fd >= 0 ? self->time_fd : self->time_listener;
    entries[ENTRY_TIME] = (struct pollfd){.fd = time_fd, .events = POLLIN};
    entries[ENTRY_DEVICES] = (struct pollfd){.fd = self->device_listener, .events = POLLIN};
    for (uint32_t i = 0; i < self->linked; i++)
        entries[ENTRY_LINKS + i] = (struct pollfd){.fd = self->links[i].fd, .events = POLLIN};
    /* Looked at last: a message that is seen was sent after what was printed before it. */
    struct pollfd *console = &entries[ENTRY_LINKS + self->linked];
    *console = (struct pollfd){.fd = self->options.console, .events = POLLIN};
    const int count = poll(entries, ENTRY_LINKS + self->linked + 1, wait_ms);
    if (count == 0 && wait_ms > 0 && !self->options.paced)
        return bad(self, "%s%s", "the guest has not been heard of for too long", "");
    if (count <= 0)
        return true;
    if (console->revents)
        print_console(self);
    if (entries[ENTRY_TIME].revents) {
        if (self->time_fd >= 0)
            return take_time(self);
        self->time_fd = accept4(self->time_listener, NULL, NULL, SOCK_CLOEXEC);
        return true;
    }
    if (entries[ENTRY_DEVICES].revents) {
        accept_link(self);
        return true;
    }
    for (uint32_t i = 0; i < self->linked; i++)
        if (entries[ENTRY_LINKS + i].revents)
            return take_request(self, &self->links[i]);
    return true;
}

enum server_end server_run(struct server *self)
{
    const int silence = self->options.silence_ms ? self->options.silence_ms : -1;
    bool idle = true; /* time goes on without the guest */
    for (;;) {
        int wait = silence;
        if ((idle || self->messages % LOOK_MESSAGES == 0) && self->options.interrupted &&
            self->options.interrupted(self->options.context))
            return SERVER_INTERRUPTED;
        if (self->calendar.waiting) {
            const uint64_t before = self->calendar.now_ns;
            if (!pass_time(self))
                break;
            if (self->calendar.waiting && self->options.paced)
                wait = PACE_MS;
            else if (self->calendar.waiting && self->calendar.now_ns > before)
                wait = 0;
        }
        idle = self->calendar.waiting;
        if (!serve(self, wait))
            break;
    }
    print_console(self);
    return self->error->code == DMASIM_OK && self->time_fd < 0 ? SERVER_GONE : SERVER_BAD;
}

bool server_init(struct server *self, const struct server_options *options,
                 struct dmasim_error *error)
{
    *error = (struct dmasim_error){.code = DMASIM_OK};
    *self = (struct server){.options = *options,
                            .time_listener = socket_listen(options->folder, "time", 1),
                            .device_listener =
                                socket_listen(options->folder, "devices", BOARD_FUNCTIONS_MAX),
                            .time_fd = -1,
                            .links = calloc(BOARD_FUNCTIONS_MAX, sizeof *self->links),
                            .error = error};
    calendar_init(&self->calendar);
    self->began_ns = wall_ns();
    if (!self->links || self->time_listener < 0 || self->device_listener < 0)
        return bad(self, "no sockets in %s%s", options->folder, "");
    for (uint32_t i = 0; i < BOARD_FUNCTIONS_MAX; i++) {
        self->links[i].fd = self->links[i].call_fd = -1;
        device_init(&self->links[i].device, options->board, &options->board->functions[i]);
    }
    return true;
}

void server_free(struct server *self)
{
    const int fds[] = {self->time_listener, self->device_listener, self->time_fd};
    for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++)
        if (fds[i] >= 0)
            close(fds[i]);
    for (uint32_t i = 0; self->links && i < self->linked; i++) {
        if (self->links[i].fd >= 0)
            close(self->links[i].fd);
        if (self->links[i].call_fd >= 0)
            close(self->links[i].call_fd);
    }
    free(self->links);
}
