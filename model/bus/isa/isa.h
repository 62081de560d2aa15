/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * isa: the bus of a PC, XT or AT with its DMA controllers; the model is in isa_bus.c.
 *
 * One cycle of the bus's own clock is half a clock of the scenario: even cycles are the first half
 * of a state (CLK low, L), odd ones the second (H). All outputs of masters and slaves are registers;
 * the bus (rank 0) settles the wires of each half, and everybody on it (rank 1) sees them in that
 * same half.
 *
 *   host (CPU) ---+
 *   controller 0 -+- address, data, commands, AEN, EOP -- memories: by address
 *   controller 1 -+                                    -- devices: by port, or by DACK while AEN
 *
 * Controller 0 is the one that asks the CPU (HRQ, HLDA); others are cascaded behind its channels.
 */
#ifndef DMASIM_ISA_H
#define DMASIM_ISA_H

#include "bus/figures.h"
#include "bus/handshake.h"
#include "bus/records.h"
#include "kernel/probe.h"

#define ISA_CONTROLLERS_MAX 2
#define ISA_CHANNELS 4 /* of a controller */
#define ISA_SLAVES_MAX 32
#define ISA_WINDOWS_MAX 64
#define ISA_MEMORY_LAST 0xffffffu /* A23-A0 */
#define ISA_PORT_BASE 0x80000000u /* where port 0 is for a CPU, for regions and for work */
#define ISA_PORT_LAST 0xffffu
#define ISA_NOBODY (-1)
#define ISA_HALVES FIGURE_HALVES /* of a clock, each an edge of the bus's own */

static inline bool isa_second_half(sim_cycle half)
{
    return half & 1;
}

/* MEMR, MEMW, IOR, IOW; as bits of one byte, 1 is active. */
enum isa_line { ISA_MEMR, ISA_MEMW, ISA_IOR, ISA_IOW, ISA_LINES };
enum {
    ISA_MEMORY_LINES = 1 << ISA_MEMR | 1 << ISA_MEMW,
    ISA_IO_LINES = 1 << ISA_IOR | 1 << ISA_IOW
};

/* Registers of the host or of a controller. */
struct isa_master_out {
    uint32_t address; /* A23-A0, a port in A15-A0 */
    uint16_t data;
    uint8_t commands; /* bits of enum isa_line */
    uint8_t bytes;    /* 1, or 2 for a word */
    uint8_t dack;     /* controllers: levels of the pins */
    uint8_t state;    /* controllers: for the trace */
    uint8_t channel;  /* controllers: for the trace */
    bool drives;      /* address and commands */
    bool drives_data;
    bool aen, adstb, hrq;
    bool eop;         /* pulls EOP low */
    bool busy;        /* host: a bus cycle is under way, the bus can't be given up */
    sim_cycle sample; /* half at whose end READY is first looked at, SIM_NEVER: not at all */
};

/* Registers of a slave. */
struct isa_slave_out {
    uint16_t data;
    bool drives_data;
    bool not_ready; /* pulls READY low */
    bool released;  /* a slave that holds (isa_bus_holds) is ready for the command that is on */
    bool eop;       /* pulls EOP low */
};

/* The wires of a half. */
struct isa_row {
    uint32_t address;
    uint16_t data;
    uint8_t commands;  /* bits of enum isa_line */
    uint8_t dreq;      /* levels, four for each controller */
    uint8_t dack;      /* levels, four for each controller */
    uint8_t hrq, hlda; /* of controller 0 */
    uint8_t aen, adstb, ready;
    uint8_t eop_n;
    uint8_t memr_n, memw_n, ior_n, iow_n; /* `commands` once more, as the pins have them */
    uint8_t state;                        /* of the controller that is at work */
};

/* One bus cycle, whoever made it. EVENT, in the first half in which all commands are off again. */
struct isa_cycle_record {
    sim_cycle start_cycle;                /* half in which the first command went on */
    const char *master, *memory, *device; /* "-": none */
    uint32_t address;
    uint16_t data;
    uint8_t commands; /* all it had */
    uint8_t channel;  /* DMA: 0 .. 7 */
    uint8_t dma, bytes, eop;
};

/* A command from the half it goes on in to the one it is off in. */
struct isa_command {
    sim_cycle begun, ended; /* halves; SIM_NEVER before the first */
    uint32_t address;
    uint16_t data; /* what the bus carried in the last half */
    uint8_t bytes;
    int16_t slave;
    bool dma; /* by DACK, or a memory command with AEN */
    bool eop; /* EOP was low in the last half */
};

struct isa_port {
    const char *name;
    struct unit *unit;
    struct isa_slave_out out;
    uint32_t wait_states;
    bool holds;         /* READY is low from a command on until out.released */
    bool holds_late;    /* not from the command on, but where READY is looked at */
    int16_t controller; /* whose DACK selects it; ISA_NOBODY: no DMA */
    uint8_t channel;
    bool dack_high; /* level of an active DACK as the device understands it */
    bool dreq_low;  /* and of its DREQ */
    bool refreshes; /* its DACK is that of a refresh: no dma_waits */
};

struct isa_window {
    uint32_t base, last;
    uint8_t slave;
    bool port; /* I/O space */
};

struct isa_controller {
    const char *name;
    struct unit *unit;
    struct isa_master_out out;
    struct dma_handshake *lines; /* request: the level of DREQ */
    uint8_t dack_bits;           /* four of row.dack */
    bool words;                  /* its channels move words */
};

struct isa_bus_config {
    uint16_t clock;
    uint32_t hlda_clocks;
    uint32_t width_bits;
    uint32_t cpu_memory_waits, cpu_io_waits, dma_waits;
};

struct isa_bus {
    struct unit unit;
    const char *name;
    struct isa_bus_config config;
    struct isa_row row; /* as settled in half `view`; holds until something changes */
    sim_cycle view;
    const char *owner; /* who drives in half `view`; null: nobody */
    struct isa_command command[ISA_LINES];
    bool eop_in;     /* a slave pulls EOP low in this half */
    bool refreshing; /* one of the slaves refreshes */
    uint32_t
        holding; /* slaves that keep READY low in this half because they hold; bit i for slave i */

    /* HOLD and HLDA. */
    bool hlda;           /* from the half after `view` on */
    sim_cycle hrq_since; /* half in which HRQ rose, SIM_NEVER while it is low */

    /* The bus cycle under way, and its master: 0 the CPU, 1 + i controller i. */
    struct isa_cycle_record cycle;
    uint8_t cycle_master;

    /* Cycles of each master, and the half in which its first one ended. */
    struct beat_figures figures[1 + ISA_CONTROLLERS_MAX];
    sim_cycle firsts[1 + ISA_CONTROLLERS_MAX];
    const uint64_t
        *host_held; /* the host's count of halves in which others kept it from a bus cycle */
    uint8_t asking; /* controllers that ask for the bus; bit i for controller i */
    sim_cycle cycle_sample; /* half in which READY is first looked at in the bus cycle under way */
    sim_cycle ready_rose;   /* half in which it last rose */

    const char *host_name;
    struct unit *host_unit;
    struct isa_master_out host;
    struct isa_controller controllers[ISA_CONTROLLERS_MAX];
    struct isa_port slaves[ISA_SLAVES_MAX];
    struct isa_window windows[ISA_WINDOWS_MAX];
    uint32_t controller_count, slave_count, window_count;

    struct probe row_probe, cycle_probe;
    struct probe beat_probe; /* struct bus_beat_record */
    struct probe_field *row_fields;
};

/* ---- building -------------------------------------------------------------------------------- */

/* `clock` has an edge for each half. Null if memory is short. */
struct isa_bus *isa_bus_create(struct kernel *kernel, const char *name, struct clock *clock,
                               const struct isa_bus_config *config);

/* The CPU, of which there is one: false if there is another. */
bool isa_bus_add_host(struct isa_bus *self, struct unit *unit, const char *name,
                      const uint64_t *held);

/* What master 0 (the CPU) or 1 + i (controller i) did up to `now`. */
struct beat_figures isa_bus_figures(const struct isa_bus *self, uint32_t master, sim_time now);

/* Each returns an index, or ISA_NOBODY if there is no room. */
int isa_bus_add_controller(struct isa_bus *self, struct unit *unit, const char *name,
                           struct dma_handshake *lines, const char *const *state_names,
                           uint16_t state_count);
int isa_bus_add_slave(struct isa_bus *self, struct unit *unit, const char *name,
                      uint32_t wait_states);

/* DMASIM_OK, or DMASIM_INVALID if it overlaps another or there is no room. */
int isa_bus_map(struct isa_bus *self, int slave, bool port, uint32_t base, uint32_t last);

/* The DACK that selects a slave for I/O while AEN is high. */
void isa_bus_dack(struct isa_bus *self, int slave, int controller, unsigned channel, bool high);

/* The DACK of this slave is that of a refresh, to which the bus adds no wait states. */
void isa_bus_refreshes(struct isa_bus *self, int slave);

/* The slave keeps READY low from each command to it until it drives `released`, for as long as it likes; it
 * is stepped where another that holds a command lets go. Late: READY is low only from where it is looked at. */
void isa_bus_holds(struct isa_bus *self, int slave, bool late);

/* isa_round.c */
extern const struct round_hooks isa_bus_round;
extern const struct state_table isa_out_round;

/* Who drives addresses and commands in this half; null: nobody. */
const char *isa_bus_owner(const struct isa_bus *self);

/* ---- for units on the bus -------------------------------------------------------------------- */

/* New registers, for the half after the step they are written in. */
void isa_controller_drive(struct isa_bus *self, int controller, const struct isa_master_out *out);
void isa_bus_drive_host(struct isa_bus *self, const struct isa_master_out *out);
void isa_slave_drive(struct isa_bus *self, int slave, const struct isa_slave_out *out);

/* Puts a level on a request line, and on the bus's row. */
void isa_request(struct isa_bus *self, int controller, unsigned channel, sim_time now, bool level);

/* True if a command to this slave went on in half `now`; then *command is it. */
static inline bool isa_begins(const struct isa_bus *self, int slave, enum isa_line line,
                              sim_cycle now, const struct isa_command **command)
{
    *command = &self->command[line];
    return (*command)->begun == now && (*command)->slave == slave;
}

/* True if a command to this slave is off since half `now`. */
static inline bool isa_ends(const struct isa_bus *self, int slave, enum isa_line line,
                            sim_cycle now, const struct isa_command **command)
{
    *command = &self->command[line];
    return (*command)->ended == now && (*command)->slave == slave;
}

/* Half at whose end a slave that holds can take the data of a write command that is on: `now` if they are
 * on the bus; else when to look again, SIM_NEVER: it will be stepped. */
sim_cycle isa_data_at(const struct isa_bus *self, int slave, sim_cycle now);

/* Level of a DACK pin in this half. */
static inline bool isa_dack(const struct isa_bus *self, int controller, unsigned channel)
{
    return self->row.dack >> (ISA_CHANNELS * (unsigned)controller + channel) & 1;
}

#endif
