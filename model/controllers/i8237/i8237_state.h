/* SPDX-License-Identifier: BSD-2-Clause */
/* i8237_state: the state of the 8237A, between its files and its tests. */
#ifndef DMASIM_I8237_STATE_H
#define DMASIM_I8237_STATE_H

#include "bus/records.h"
#include "controllers/i8237/i8237.h"
#include "plan/log.h"

enum i8237_state {
    I8237_SI,
    I8237_S0,
    I8237_S1,
    I8237_S2,
    I8237_S3,
    I8237_SW,
    I8237_S4,
    /* memory to memory: read, then write */
    I8237_S11,
    I8237_S12,
    I8237_S13,
    I8237_S14,
    I8237_S21,
    I8237_S22,
    I8237_S23,
    I8237_S24,
    I8237_STATES
};

enum { I8237_WRITTEN_ADDRESS = 1, I8237_WRITTEN_COUNT = 2, I8237_WRITTEN_MODE = 4 };

struct i8237_channel {
    uint16_t base_address, base_count;
    uint16_t address, count; /* current */
    uint8_t mode;            /* enum i8237_mode */
    const struct wire *page; /* A23-A16; null: 0 */
    uint8_t written;         /* since a master clear, for the log: bit 0 address, 1 count, 2 mode */

    /* The transfer that is under way, for observers: i8237_records.c. */
    bool begun;
    uint8_t kind;   /* of its bytes: struct i8237_byte_record */
    uint64_t bytes; /* moved */
    sim_time programmed_ps, submit_ps,
        issue_ps; /* programmed: SIM_NEVER, not since the one before */
};

/* What a service keeps from its first clock on, whatever is written to the registers. */
struct i8237_service {
    uint8_t channel;
    uint8_t read, write; /* commands, bits of enum isa_line */
    bool cascade, memory_to_memory, compressed, extended;
    bool writing; /* memory to memory: S21 to S24 */
    bool last;    /* this transfer reaches terminal count */
    bool more;    /* another transfer follows */
    uint8_t eop;  /* channels in whose bus cycles EOP was pulled from outside */
};

/* What is in the chip in a half. SETTLED. */
struct i8237_record {
    uint8_t state;
    uint8_t channel; /* of the service under way, or the last */
    uint8_t command, mask, request, status, temporary;
    uint8_t tc; /* this is the S4 of the transfer that reached terminal count */
    uint16_t address[ISA_CHANNELS], count[ISA_CHANNELS];
};

/* A byte moved or verified. EVENT, in the first half of S4. */
struct i8237_byte_record {
    uint32_t address; /* A23-A0 */
    uint8_t channel;
    uint8_t tc;   /* terminal count */
    uint8_t kind; /* 0 verify, 1 write, 2 read, 3 memory to memory: read, 4: write */
};

struct i8237 {
    struct unit unit;
    struct isa_bus *bus;
    struct kernel *kernel;
    const char *name;
    int index; /* among the bus's controllers */
    int slave;
    int parent; /* index of the controller in front, ISA_NOBODY: it asks the CPU */
    uint8_t parent_channel;
    uint8_t
        shift; /* 1: A15-A0 of the chip are A16-A1 of the bus, whose A0 is low; it moves words */
    uint8_t port_step; /* ports from one register to the next */

    struct i8237_channel channels[ISA_CHANNELS];
    uint8_t command, status, request, mask, temporary;
    bool high_byte;    /* byte pointer flip-flop */
    uint8_t last_port; /* of an address or a count that was written last, for the log */
    uint8_t told_end,
        told_page; /* channels of which the log has had that a TC was not read, that there is no page */
    uint8_t lowest; /* channel of lowest priority while it rotates */

    uint8_t state; /* enum i8237_state */
    uint8_t seen;  /* levels of DREQ at the end of the clock before */
    struct i8237_service service;
    struct isa_master_out out;   /* the pins, from the next half on */
    struct isa_slave_out answer; /* to a read of a register */
    struct dma_handshake lines[ISA_CHANNELS];

    uint64_t beats; /* bytes or words that were moved, not verified */
    struct probe probe, byte_probe, beat_probe, transfer_probe, register_probe;
};

/* Channels whose software request is served: those in block mode, and the one that begins memory to memory. */
static inline unsigned i8237_software_requests(const struct i8237 *self)
{
    unsigned served = self->request;
    for (unsigned left = self->request; left; left &= left - 1) {
        const unsigned channel = (unsigned)__builtin_ctz(left);
        const unsigned service = self->channels[channel].mode & I8237_SERVICE;
        const bool begins = channel == 0 && self->command & I8237_MEMORY_TO_MEMORY;
        if (service != I8237_BLOCK && !(begins && service != I8237_CASCADE))
            served &= ~(1u << channel);
    }
    return served;
}

/* Channels that ask for service, as of the end of the clock before. */
static inline unsigned i8237_requests(const struct i8237 *self)
{
    if (self->command & I8237_DISABLE)
        return 0;
    unsigned dreq = self->seen ^ (self->command & I8237_DREQ_LOW ? 0xfu : 0);
    return (dreq & ~(unsigned)self->mask) | i8237_software_requests(self);
}

/* Levels of the DREQ pins in half `now`. */
unsigned i8237_pins(const struct i8237 *self);

/* HLDA, or for a cascaded controller DACK of the one in front. */
bool i8237_hlda(const struct i8237 *self);

/* Puts `out` on the bus. */
void i8237_drive(struct i8237 *self);

/* Levels of the DACK pins with this channel's active, or with none (ISA_NOBODY). */
uint8_t i8237_dack_pins(const struct i8237 *self, int channel);

/* i8237_round.c */
extern const struct round_hooks i8237_round;

/* i8237.c: half a clock. */
sim_cycle i8237_step(void *instance, sim_cycle now);

/* i8237_access.c: a register is read or written, with all effects. */
uint8_t i8237_read(struct i8237 *self, unsigned port);
void i8237_write(struct i8237 *self, unsigned port, uint8_t value);
void i8237_master_clear(struct i8237 *self);

/* ---- i8237_records.c: transfers, for whoever listens --------------------------------------------- */

/* A channel is served: its transfer begins, if none is under way. */
void i8237_transfer_served(struct i8237 *self, unsigned channel);

/* A byte or word of a kind (struct i8237_byte_record) was moved in the service of a channel. */
void i8237_transfer_byte(struct i8237 *self, unsigned channel, uint8_t kind);

/* The transfer of a channel is over, if one is under way; `status` as in struct transfer_record. */
void i8237_transfer_ended(struct i8237 *self, unsigned channel, const char *status);

/* The address or count of a channel was written. */
void i8237_transfer_programmed(struct i8237 *self, unsigned channel);

/* i8237_rules.c: what the log is told ahead of a write, and when a transfer begins. */
extern const struct log_rule i8237_rules[];
void i8237_check_write(const struct i8237 *self, unsigned port, uint8_t value);
void i8237_check_begin(struct i8237 *self, unsigned channel);
void i8237_check_cascade(const struct i8237 *self, unsigned channel);

/* Channels reach the end of a process; STATUS is that from before. */
void i8237_check_end(struct i8237 *self, unsigned ended);

/* The hooks of the component's type. */
bool i8237_waits(const struct component *component, uint32_t index, struct log_text *text);
bool i8237_unended(const struct component *component, uint32_t index,
                   struct transfer_record *record);
/* i8237_causes.c: hook of the type. */
bool i8237_does(const struct component *self, uint32_t channel, struct cause_wait *wait);

#endif
