/* SPDX-License-Identifier: BSD-2-Clause */
/* board_internal: what the files of the board share. */
#ifndef DMASIM_COSIM_BOARD_INTERNAL_H
#define DMASIM_COSIM_BOARD_INTERNAL_H

#include "cosim/board.h"

/* A write on its way. */
struct board_post {
    uint64_t due_ps;
    struct board_function *function;
    uint64_t offset;
    uint32_t value, bytes;
};

static inline void board_note(const struct board *self, const struct board_note *note)
{
    if (self->options.note)
        self->options.note(self->options.context, note);
}

/* The model goes on to a time, with the writes that are due until then. */
void board_model_to(struct board *self, uint64_t until_ps);

/* The first write on its way arrives, now. */
void board_post_done(struct board *self);

/* Something was written: a level that is high is looked at again later. */
void board_look(struct board *self, struct board_function *function, uint64_t at_ps);

#endif
