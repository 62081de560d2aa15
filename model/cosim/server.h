/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * server: a board's devices and its time, on two Unix sockets that a guest connects to: `time` for um_timetravel, and
 * `devices`, once for each PCI function, in their order, for vhost-user.
 *
 * One thread. The guest runs or it waits; while it runs the server answers its messages, one at a time and in the order
 * in which the guest sends them, so that what comes of a run depends on nothing else.
 *
 * What the guest sends is checked, message by message; whatever is wrong ends the run with a message that tells what.
 * Nothing that the guest leaves out keeps the server waiting for longer than the timeouts.
 */
#ifndef DMASIM_COSIM_SERVER_H
#define DMASIM_COSIM_SERVER_H

#include "cosim/board.h"
#include "cosim/calendar.h"
#include "cosim/device.h"

struct server_options {
    struct board *board;
    const char *folder; /* of the sockets */
    int console;        /* what the guest prints, nonblocking; -1: nothing */
    bool paced;         /* time is no faster than the clock on the wall: for people */
    int stall_ms;       /* in the middle of a message, or of an answer */
    int silence_ms;     /* without any message, from the start on; 0: as long as it takes */
    void *context;
    void (*print)(void *context, uint64_t time_ns, const char *text, size_t length);
    bool (*interrupted)(void *context); /* somebody wants it to end; may be null */
};

struct server_link {
    int fd, call_fd; /* -1: not there */
    struct device device;
};

struct server {
    struct server_options options;
    struct calendar calendar;
    int time_listener, device_listener, time_fd;
    struct server_link *links; /* of the board's functions */
    uint32_t linked;
    uint64_t began_ns;        /* on the wall */
    uint64_t messages, calls; /* from the guest; interrupts and the like to it */
    struct dmasim_error *error;
};

enum server_end {
    SERVER_GONE,        /* the guest has closed its connections */
    SERVER_INTERRUPTED, /* `interrupted` said so */
    SERVER_BAD,         /* *error */
};

/* Listens. False with *error filled, which later calls fill too. The folder must be one where nobody else may write. */
bool server_init(struct server *self, const struct server_options *options,
                 struct dmasim_error *error);

/* Serves a guest until it is gone. */
enum server_end server_run(struct server *self);

void server_free(struct server *self);

#endif
