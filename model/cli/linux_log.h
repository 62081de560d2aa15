/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * linux_log: guest.csv, what a guest did and what it printed, beside the traces of the bus:
 *
 *     time_ps,kind,component,what,value,text
 *     81234000,write,dma,CH0_SAR,0x5c0000,
 *     81500000,interrupt,dma,,,
 *     81500000,kernel,dmasim,,,"dmatest: dma0chan0-copy: summary 5 tests ..."
 *     81500000,console,,,,"RESULT ..."
 */
#ifndef DMASIM_CLI_LINUX_LOG_H
#define DMASIM_CLI_LINUX_LOG_H

#include <stdio.h>

#include "cosim/board.h"

#define LINUX_LOG_LINE 1024u

struct linux_log {
    FILE *file; /* in memory; null: nothing is kept */
    char *text;
    size_t length;
    char line[LINUX_LOG_LINE + 1]; /* of the console, so far */
    size_t line_length;
    uint64_t line_ps;
    /* A line of the console is whole; called whether anything is kept or not. May be null. */
    void (*line_told)(void *context, const char *text);
    void *context;
};

/* False if memory is short. */
bool linux_log_start(struct linux_log *self);

void linux_log_note(struct linux_log *self, struct dmasim *sim, const struct board_note *note);
void linux_log_print(struct linux_log *self, uint64_t time_ps, const char *text, size_t length);

/* Writes guest.csv into the folder, if anything was kept. */
bool linux_log_write(struct linux_log *self, struct dmasim *sim, const char *directory,
                     struct dmasim_error *error);

void linux_log_free(struct linux_log *self);

#endif
