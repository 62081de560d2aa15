/* SPDX-License-Identifier: BSD-2-Clause */
/* sockets: whole messages over Unix sockets, with files, never waiting longer than asked to. */
#ifndef DMASIM_COSIM_SOCKETS_H
#define DMASIM_COSIM_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum socket_result { SOCKET_GOOD, SOCKET_CLOSED, SOCKET_STALLED };

/* A socket in `folder` on which somebody may connect; -1. */
int socket_listen(const char *folder, const char *name, int backlog);

/* All `length` bytes. Closed in the middle of them is SOCKET_CLOSED too. */
enum socket_result socket_receive(int fd, void *bytes, size_t length, int stall_ms);

/* The same, with up to `room` files, which are the caller's; *count says how many. */
enum socket_result socket_receive_files(int fd, void *bytes, size_t length, int stall_ms,
                                        int *files, uint32_t room, uint32_t *count);

enum socket_result socket_send(int fd, const void *bytes, size_t length, int stall_ms);

/* With two files, which stay the caller's. */
enum socket_result socket_send_files(int fd, const void *bytes, size_t length, const int files[2],
                                     int stall_ms);

#endif
