/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * board: a scenario as the hardware of a guest: its controllers and peripherals are PCI functions, one of its memories
 * is the guest's, and its time is the guest's. It uses the public header alone.
 *
 *     guest's time   |----------------|--- may go on by itself to the horizon ---|
 *     model's time   |----------------|==|
 *                                      an access that takes its cycles on the bus
 *
 * Accesses. Each takes its cycles of the component's clock, one after the other: reads are answered then, writes are
 * posted and take effect then. An access does not stop the guest's time; the model goes ahead, and when it is a
 * microsecond ahead the answer of a read waits until the guest is there. (That is how long a guest waits before it looks
 * again.) With no cycles an access is at the guest's time, exactly.
 *
 * Interrupts are levels. The guest is told when a level rises, and again if it is still high some cycles after the guest has
 * written to the component's registers.
 */
#ifndef DMASIM_COSIM_BOARD_H
#define DMASIM_COSIM_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cosim/guest_memory.h"
#include "cosim/pci.h"
#include "dmasim/dmasim.h"

#define BOARD_FUNCTIONS_MAX 8u /* as many as the guest's bus has places */
#define BOARD_NAME 64u
#define BOARD_NEVER UINT64_MAX
#define BOARD_READ_AHEAD_PS UINT64_C(1000000)

/* What happens between guest and model, for a log. Texts are good until the callback returns. */
enum board_note_kind {
    BOARD_READ,
    BOARD_WRITE,
    BOARD_INTERRUPT, /* the guest is told */
    BOARD_LOST,      /* it should be, and a fault prevents it */
    BOARD_TEXT,      /* a program of the guest's has written a line */
    BOARD_KERNEL,    /* the guest's kernel has: what dmesg shows, and trace events */
    BOARD_UNMAPPED,  /* an access that nobody answers: all ones */
};
struct board_note {
    enum board_note_kind kind;
    uint64_t time_ps;
    const char *component; /* null: none */
    const char *bus;
    uint64_t address, value;
    uint32_t bytes;
    const char *text;
};

struct board_options {
    const struct dmasim_plan *plan; /* not owned */
    struct dmasim_options options;  /* to build it; overrides come before those of the memory */
    const char *const *memories;    /* get the guest's base and size; the first one its bytes */
    size_t memory_count;
    uint32_t read_cycles, write_cycles; /* of an access, in cycles of the component's clock */
    bool
        strict; /* the guest never runs beyond the next step of the model, instead of the next output */
    bool platform;           /* no component shows as the PCI device that Linux has a driver for */
    uint64_t lose_interrupt; /* a fault: the n-th interrupt is not told; 0: none */
    const char *
        flip_register; /* a fault: at each interrupt bit 0 of the byte before the address that this register
                                * holds is flipped; null: none */
    void *context;
    void (*note)(void *context, const struct board_note *note); /* may be null */
    /* The simulation is there, at time 0. False: it is not wanted. May be null. */
    bool (*built)(void *context, struct dmasim *sim);
    /* The guest asks for traces to be opened or closed. May be null. */
    void (*trace)(void *context, bool open);
    uint64_t stops_ps[2]; /* times at which `stopped` is called, rising; 0: none */
    void (*stopped)(void *context, unsigned index);
};

enum board_function_kind { BOARD_COMPONENT, BOARD_CONTROL };

struct board_function {
    enum board_function_kind kind;
    char name[BOARD_NAME], bus[BOARD_NAME];
    uint64_t base, bytes, period_ps;
    struct pci pci;
    bool level;       /* of its interrupts, as the model has it */
    uint32_t high;    /* outputs that are */
    uint64_t due_ns;  /* the guest is to be told; BOARD_NEVER: it need not be */
    uint64_t look_ns; /* then, if the level is still high */
    uint64_t accesses, interrupts, repeated;
    char text[256]; /* of the control function: the line so far */
    uint32_t text_length;
    uint32_t lines; /* of the kernel's that have come, or were lost */
};

struct board {
    struct board_options options;
    struct dmasim *sim; /* null until the guest has memory */
    struct guest_memory memory;
    struct board_function functions[BOARD_FUNCTIONS_MAX];
    uint32_t function_count;
    uint64_t path_ps;         /* when the way to the registers is free */
    struct board_post *posts; /* writes on their way, a ring */
    uint32_t post_first, post_count, post_room;
    unsigned stop; /* next of stops_ps */
    uint64_t interrupts, unmapped;
};

/* Finds what the plan has. False with *error filled. */
bool board_init(struct board *self, const struct board_options *options,
                struct dmasim_error *error);

void board_free(struct board *self);

/* The guest's memory is there: builds the simulation on it. The mapping is the board's from now on. */
bool board_build(struct board *self, const struct guest_memory *memory, struct dmasim_error *error);

/* The guest is at this time. False if writes in between could not be done (memory is short). */
void board_advance(struct board *self, uint64_t now_ns);

/* Goes on to limit_ns, or to the time at which the guest is to be interrupted, or to a stop, which is earlier. Returns
 * that time; not before now_ns. */
uint64_t board_run(struct board *self, uint64_t now_ns, uint64_t limit_ns);

/* The guest may go on by itself to any time before this. */
uint64_t board_horizon(const struct board *self, uint64_t now_ns);

/* True if nothing will ever happen by itself. */
bool board_quiet(const struct board *self);

/* The next function whose interrupt the guest is to be told at now_ns; null: none. The caller tells it, then board_told(). */
struct board_function *board_interrupt(struct board *self, uint64_t now_ns);

/* It was told, or could not be and is to be told again in a microsecond. False: by a fault it is not to be told. */
bool board_tell(struct board *self, struct board_function *function, uint64_t now_ns);
void board_retry(struct board_function *function, uint64_t now_ns);

/* Accesses to BAR 0, at the guest's time now_ns. A read returns when the guest may have its answer, in ns: later than now
 * if the model is a microsecond ahead. False: there is no memory for a write that is posted. */
uint64_t board_read(struct board *self, struct board_function *function, uint64_t now_ns,
                    uint64_t offset, uint8_t *bytes, uint32_t length);
bool board_write(struct board *self, struct board_function *function, uint64_t now_ns,
                 uint64_t offset, const uint8_t *bytes, uint32_t length);

#endif
