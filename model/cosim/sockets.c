/* SPDX-License-Identifier: BSD-2-Clause */
/* sockets: see sockets.h. */
#define _GNU_SOURCE
#include "cosim/sockets.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int socket_listen(const char *folder, const char *name, int backlog)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int length = snprintf(address.sun_path, sizeof address.sun_path, "%s/%s", folder, name);
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && length > 0 && length < (int)sizeof address.sun_path &&
        bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, backlog) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static bool ready(int fd, short events, int stall_ms)
{
    struct pollfd entry = {.fd = fd, .events = events};
    int count;
    do
        count = poll(&entry, 1, stall_ms);
    while (count < 0 && errno == EINTR);
    return count > 0;
}

enum socket_result socket_receive(int fd, void *bytes, size_t length, int stall_ms)
{
    for (char *at = bytes; length > 0;) {
        const ssize_t got = recv(fd, at, length, MSG_DONTWAIT);
        if (got > 0) {
            at += got;
            length -= (size_t)got;
        } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
            return SOCKET_CLOSED;
        } else if (!ready(fd, POLLIN, stall_ms)) {
            return SOCKET_STALLED;
        }
    }
    return SOCKET_GOOD;
}

/* Takes the files of a message; those that there is no room for are closed. */
static void take_files(struct msghdr *header, int *files, uint32_t room, uint32_t *count)
{
    for (struct cmsghdr *part = CMSG_FIRSTHDR(header); part; part = CMSG_NXTHDR(header, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
            continue;
        const size_t bytes = part->cmsg_len - CMSG_LEN(0);
        for (size_t at = 0; at + sizeof(int) <= bytes; at += sizeof(int)) {
            int fd;
            memcpy(&fd, CMSG_DATA(part) + at, sizeof fd);
            if (*count < room)
                files[(*count)++] = fd;
            else
                close(fd);
        }
    }
}

enum socket_result socket_receive_files(int fd, void *bytes, size_t length, int stall_ms,
                                        int *files, uint32_t room, uint32_t *count)
{
    union {
        char bytes[CMSG_SPACE(8 * sizeof(int))];
        struct cmsghdr align;
    } control;
    struct iovec part = {.iov_base = bytes, .iov_len = length};
    struct msghdr header = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = control.bytes,
                            .msg_controllen = sizeof control.bytes};
    *count = 0;
    ssize_t got;
    while ((got = recvmsg(fd, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC)) < 0) {
        if (errno != EAGAIN && errno != EINTR)
            return SOCKET_CLOSED;
        if (!ready(fd, POLLIN, stall_ms))
            return SOCKET_STALLED;
    }
    take_files(&header, files, room, count);
    if (got == 0)
        return SOCKET_CLOSED;
    return socket_receive(fd, (char *)bytes + got, length - (size_t)got, stall_ms);
}

enum socket_result socket_send(int fd, const void *bytes, size_t length, int stall_ms)
{
    for (const char *at = bytes; length > 0;) {
        const ssize_t put = send(fd, at, length, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (put >= 0) {
            at += put;
            length -= (size_t)put;
        } else if (errno != EAGAIN && errno != EINTR) {
            return SOCKET_CLOSED;
        } else if (!ready(fd, POLLOUT, stall_ms)) {
            return SOCKET_STALLED;
        }
    }
    return SOCKET_GOOD;
}

enum socket_result socket_send_files(int fd, const void *bytes, size_t length, const int files[2],
                                     int stall_ms)
{
    union {
        char bytes[CMSG_SPACE(2 * sizeof(int))];
        struct cmsghdr align;
    } control;
    struct iovec part = {.iov_base = (void *)(uintptr_t)bytes, .iov_len = length};
    struct msghdr header = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = control.bytes,
                            .msg_controllen = sizeof control.bytes};
    memset(&control, 0, sizeof control);
    struct cmsghdr *first = CMSG_FIRSTHDR(&header);
    first->cmsg_level = SOL_SOCKET;
    first->cmsg_type = SCM_RIGHTS;
    first->cmsg_len = CMSG_LEN(2 * sizeof(int));
    memcpy(CMSG_DATA(first), files, 2 * sizeof(int));
    ssize_t put;
    while ((put = sendmsg(fd, &header, MSG_DONTWAIT | MSG_NOSIGNAL)) < 0) {
        if (errno != EAGAIN && errno != EINTR)
            return SOCKET_CLOSED;
        if (!ready(fd, POLLOUT, stall_ms))
            return SOCKET_STALLED;
    }
    return socket_send(fd, (const char *)bytes + put, length - (size_t)put, stall_ms);
}
