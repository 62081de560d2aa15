/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * i8237_case: 8237As on a bus with memory, page registers and scripted DREQ, READY and EOP: the form
 * of the recorded cases, and of tests.
 *
 * Clock n is halves 2 n and 2 n + 1 of the bus.
 */
#ifndef DMASIM_I8237_CASE_H
#define DMASIM_I8237_CASE_H

#include "bus/ahb/ahb_component.h"
#include "bus/isa/isa_component.h"
#include "bus/isa/isa_pages.h"
#include "controllers/i8237/i8237_state.h"
#include "memory/isa_memory.h"
#include "plan/clock.h"

#define I8237_CASE_PERIOD_PS 200000 /* of CLK: 5 MHz */
#define I8237_CASE_HALF_PS (I8237_CASE_PERIOD_PS / 2)

#define I8237_CASE_MEMORY 0x80000 /* bytes, from address 0 */

/* How a channel's DREQ behaves. */
enum i8237_request {
    I8237_REQUEST_NONE,
    I8237_REQUEST_PULSE,     /* falls in its own first S2, rises `gap` clocks after the service */
    I8237_REQUEST_HOLD,      /* rises once */
    I8237_REQUEST_UNTIL_EOP, /* falls with EOP */
};

struct i8237_script {
    uint8_t request;        /* enum i8237_request */
    bool low;               /* DREQ is active low */
    uint32_t services, gap; /* PULSE */
    uint8_t drop_state;     /* enum i8237_state in whose H it falls, */
    uint32_t drop_transfer; /* in this transfer of the channel, from 1; 0: it does not */
    uint32_t drop_clocks;   /* and rises again so many clocks later */
};

struct i8237_case {
    /* What the caller sets between init and build. */
    struct i8237_script scripts[ISA_CHANNELS]; /* of controller 0 */
    uint32_t controllers;                      /* 1, or 2: the second behind channel 0 */
    uint32_t start_clock;                      /* DREQ first rises in H of this clock */
    uint32_t ready_low;                        /* samples of READY held low in each transfer */
    uint32_t eop_transfer; /* EOP is low from S2 to S4 of this transfer, from 1; 0: of none */
    struct isa_bus_config bus_config;
    struct isa_memory_config memory_config;
    unsigned flags; /* enum kernel_flags */

    struct arena arena;
    struct kernel kernel;
    struct plan plan;
    struct probe *probes;
    struct clock_config clock_config;
    struct i8237_config dma_config[2];
    struct isa_pages_config pages_config;
    struct component clock, isa, dma[2], memory, pages;
    struct isa_bus *bus;
    struct i8237 *chip; /* controller 0 */
    struct i8237_player *player;
};

/* One controller at port 0, pages at 0x80, memory with byte n at address n. */
void i8237_case_init(struct i8237_case *self);

/* DMASIM_OK, or an error. Points into *self, which must stay where it is; free it in either case. */
int i8237_case_build(struct i8237_case *self);
void i8237_case_free(struct i8237_case *self);

/* Zero-time accesses to a controller's ports. */
void i8237_case_out(struct i8237_case *self, unsigned controller, unsigned port, uint8_t value);
uint8_t i8237_case_in(struct i8237_case *self, unsigned controller, unsigned port);

/* Programs a channel of controller 0 as Linux's asm/dma.h does, and unmasks it. `mode` without the
 * channel's number; `count` in bytes. */
void i8237_case_channel(struct i8237_case *self, unsigned channel, uint8_t mode, uint32_t address,
                        uint32_t count);

/* Simulates halves up to and including `half`. */
void i8237_case_to(struct i8237_case *self, sim_cycle half);

/* Simulates until nothing changed for `quiet` clocks, `clocks` at most; false if that was it. */
bool i8237_case_run(struct i8237_case *self, sim_cycle clocks, sim_cycle quiet);

/* Levels of a bench slave's READY and EOP, and of a DREQ, from the next half on. */
void i8237_case_pull(struct i8237_case *self, bool not_ready, bool eop);
void i8237_case_dreq(struct i8237_case *self, unsigned channel, bool level);

#endif
