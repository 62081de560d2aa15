/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * board_access: what a guest reads and writes in BAR 0 of a function. See board.h.
 *
 * The control function has
 *
 *     00  w  1: traces are opened, 0: they are closed
 *     04  w  the next characters of a line for the log; 0 or a line feed ends it
 *    100  w  a line of the kernel's, all at once: its number from 0 on, 32 bits, and its characters
 *
 * The model is as far as the guest then, so that a line stands where it belongs in what is traced; whether anything is
 * traced makes no difference.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cosim/board_internal.h"

#define POSTS_MAX 65536u

enum { CONTROL_TRACE = 0, CONTROL_TEXT = 4, CONTROL_END = 16, CONTROL_LINE = 0x100 };

#define KERNEL_LINE 1024u /* characters */

/* The largest piece of an access at an offset that is aligned to its size. */
static uint32_t piece(uint64_t offset, uint32_t length)
{
    uint32_t bytes = 4;
    while (bytes > length || offset % bytes)
        bytes /= 2;
    return bytes;
}

/* One access, now. */
static uint32_t do_access(struct board *self, struct board_function *function, uint64_t offset,
                          uint32_t bytes, bool write, uint32_t value)
{
    struct dmasim_access access = {.address = function->base + offset,
                                   .size_bytes = bytes,
                                   .write = write,
                                   .value = value,
                                   .bus = function->bus};
    const uint64_t at = dmasim_now(self->sim);
    const bool good = offset < function->bytes && function->bytes - offset >= bytes &&
                      dmasim_access(self->sim, at, &access) == DMASIM_OK;
    function->accesses++;
    self->unmapped += !good;
    if (!good)
        access.value = write ? value : UINT32_MAX;
    else if (write)
        board_look(self, function, at);
    board_note(self, &(struct board_note){.kind = !good   ? BOARD_UNMAPPED
                                                  : write ? BOARD_WRITE
                                                          : BOARD_READ,
                                          .time_ps = at,
                                          .component = function->name,
                                          .bus = function->bus,
                                          .address = function->base + offset,
                                          .value = access.value,
                                          .bytes = bytes});
    return (uint32_t)access.value;
}

/* When an access that begins now is over. */
static uint64_t on_path(struct board *self, const struct board_function *function, uint64_t now_ns,
                        uint32_t cycles)
{
    uint64_t at = now_ns * 1000 > self->path_ps ? now_ns * 1000 : self->path_ps;
    if (self->sim && dmasim_now(self->sim) > at)
        at = dmasim_now(self->sim);
    return self->path_ps = at + cycles * function->period_ps;
}

void board_post_done(struct board *self)
{
    const struct board_post post = self->posts[self->post_first];
    self->post_first = (self->post_first + 1) % self->post_room;
    self->post_count--;
    do_access(self, post.function, post.offset, post.bytes, true, post.value);
}

static bool post(struct board *self, const struct board_post *what)
{
    if (self->post_count == self->post_room) {
        const uint32_t room = self->post_room ? 2 * self->post_room : 256;
        struct board_post *posts = room <= POSTS_MAX ? malloc(room * sizeof *posts) : NULL;
        if (!posts)
            return false;
        for (uint32_t i = 0; i < self->post_count; i++)
            posts[i] = self->posts[(self->post_first + i) % self->post_room];
        free(self->posts);
        self->posts = posts;
        self->post_first = 0;
        self->post_room = room;
    }
    self->posts[(self->post_first + self->post_count++) % self->post_room] = *what;
    return true;
}

/* ---- the control function -------------------------------------------------------------------- */

static void end_line(struct board *self, struct board_function *function, uint64_t now_ns)
{
    function->text[function->text_length] = '\0';
    if (function->text_length > 0)
        board_note(self, &(struct board_note){.kind = BOARD_TEXT,
                                              .time_ps = now_ns * 1000,
                                              .component = function->name,
                                              .text = function->text});
    function->text_length = 0;
}

static void kernel_says(struct board *self, const struct board_function *function, uint64_t now_ns,
                        const char *text)
{
    board_note(self, &(struct board_note){.kind = BOARD_KERNEL,
                                          .time_ps = now_ns * 1000,
                                          .component = function->name,
                                          .text = text});
}

static void kernel_line(struct board *self, struct board_function *function, uint64_t now_ns,
                        const uint8_t *bytes, uint32_t length)
{
    char text[KERNEL_LINE + 1];
    uint32_t number, used = 0;
    memcpy(&number, bytes, sizeof number);
    if (number > function->lines) { /* less: the driver was loaded again */
        snprintf(text, sizeof text, "(%u lines were lost)", (unsigned)(number - function->lines));
        kernel_says(self, function, now_ns, text);
    }
    function->lines = number + 1;
    for (uint32_t i = sizeof number; i < length && used < KERNEL_LINE; i++)
        if (bytes[i] != 0)
            text[used++] = (char)bytes[i];
    text[used] = '\0';
    kernel_says(self, function, now_ns, text);
}

static void control_write(struct board *self, struct board_function *function, uint64_t now_ns,
                          uint64_t offset, const uint8_t *bytes, uint32_t length)
{
    if (self->sim && now_ns * 1000 > dmasim_now(self->sim))
        board_model_to(self, now_ns * 1000);
    if (offset == CONTROL_TRACE && length > 0 && self->options.trace)
        self->options.trace(self->options.context, bytes[0] & 1);
    if (offset == CONTROL_LINE && length >= sizeof(uint32_t))
        kernel_line(self, function, now_ns, bytes, length);
    if (offset < CONTROL_TEXT || offset >= CONTROL_END)
        return;
    for (uint32_t i = 0; i < length; i++) {
        if (bytes[i] == 0 || bytes[i] == '\n' || function->text_length == sizeof function->text - 1)
            end_line(self, function, now_ns);
        if (bytes[i] != 0 && bytes[i] != '\n')
            function->text[function->text_length++] = (char)bytes[i];
    }
}

/* ---- reads and writes ------------------------------------------------------------------------ */

uint64_t board_read(struct board *self, struct board_function *function, uint64_t now_ns,
                    uint64_t offset, uint8_t *bytes, uint32_t length)
{
    memset(bytes, function->kind == BOARD_CONTROL ? 0 : 0xff, length);
    if (!self->sim || function->kind == BOARD_CONTROL)
        return now_ns;
    uint64_t end = now_ns * 1000;
    for (uint32_t done = 0; done < length;) {
        const uint32_t size = piece(offset + done, length - done);
        end = on_path(self, function, now_ns, self->options.read_cycles);
        board_model_to(self, end);
        const uint32_t value = do_access(self, function, offset + done, size, false, 0);
        memcpy(bytes + done, &value, size);
        done += size;
    }
    const uint64_t ahead = end - now_ns * 1000;
    return ahead < BOARD_READ_AHEAD_PS ? now_ns : now_ns + ahead / 1000 - 999;
}

bool board_write(struct board *self, struct board_function *function, uint64_t now_ns,
                 uint64_t offset, const uint8_t *bytes, uint32_t length)
{
    if (function->kind == BOARD_CONTROL) {
        control_write(self, function, now_ns, offset, bytes, length);
        return true;
    }
    for (uint32_t done = 0; self->sim && done < length;) {
        struct board_post next = {.function = function,
                                  .offset = offset + done,
                                  .bytes = piece(offset + done, length - done)};
        memcpy(&next.value, bytes + done, next.bytes);
        done += next.bytes;
        next.due_ps = on_path(self, function, now_ns, self->options.write_cycles);
        if (self->options.write_cycles == 0) {
            board_model_to(self, next.due_ps);
            do_access(self, function, next.offset, next.bytes, true, next.value);
        } else if (!post(self, &next)) {
            return false;
        }
    }
    return true;
}
