/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dw_ahb_state: the state of a DesignWare AHB DMAC, shared by the files that make it up.
 *
 *   dw_ahb.c            building, the step, probes          dw_ahb_registers.c  register table
 *   dw_ahb_access.c     register reads and writes           dw_ahb_fields.h     their fields
 *   dw_ahb_channel.c         a channel's life, block by block
 *   dw_ahb_transfer.c        transactions, AHB bursts, the FIFO
 *   dw_ahb_port.c            arbitration and beats of a master port
 *   dw_ahb_records.c         transfers, for whoever listens
 *   dw_ahb_rules.c           mistakes of software, for the log
 *   dw_ahb_repeat.c          many bursts at once           dw_ahb_causes.c      what a channel waits for
 *
 * Data of a channel, as byte counts since the start of the block:
 *
 *        popped    claimed              pushed      commanded         block_bytes
 *   -------|----------|-------------------|-------------|------------------|
 *          | written by bursts | free for | being read  | still to read    |
 *          | under way         | a burst  |             |                  |
 *          |<----------- in the FIFO or on its way ---->|
 */
#ifndef DMASIM_DW_AHB_STATE_H
#define DMASIM_DW_AHB_STATE_H

#include "bus/ahb/ahb_master.h"
#include "bus/records.h"
#include "controllers/dw_ahb/dw_ahb.h"
#include "controllers/dw_ahb/dw_ahb_fields.h"
#include "plan/log.h"

#define DW_CHANNEL_BYTES 0x58 /* of registers */
#define DW_REGISTER_BYTES 0x400
#define DW_LINES_MAX 16
#define DW_ITEM_WORDS 7 /* of a list item */

/* In the order of the table: registers of a channel, then common ones. */
enum dw_ahb_register {
    DW_SAR,
    DW_DAR,
    DW_LLP,
    DW_CTL_LO,
    DW_CTL_HI,
    DW_SSTAT,
    DW_DSTAT,
    DW_SSTATAR,
    DW_DSTATAR,
    DW_CFG_LO,
    DW_CFG_HI,
    DW_SGR,
    DW_DSR,
    DW_RAW_TFR,
    DW_RAW_BLOCK,
    DW_RAW_SRC_TRAN,
    DW_RAW_DST_TRAN,
    DW_RAW_ERR,
    DW_STATUS_TFR,
    DW_STATUS_BLOCK,
    DW_STATUS_SRC_TRAN,
    DW_STATUS_DST_TRAN,
    DW_STATUS_ERR,
    DW_MASK_TFR,
    DW_MASK_BLOCK,
    DW_MASK_SRC_TRAN,
    DW_MASK_DST_TRAN,
    DW_MASK_ERR,
    DW_CLEAR_TFR,
    DW_CLEAR_BLOCK,
    DW_CLEAR_SRC_TRAN,
    DW_CLEAR_DST_TRAN,
    DW_CLEAR_ERR,
    DW_STATUS_INT,
    DW_REQ_SRC,
    DW_REQ_DST,
    DW_SGL_REQ_SRC,
    DW_SGL_REQ_DST,
    DW_LST_SRC,
    DW_LST_DST,
    DW_DMA_CFG,
    DW_CH_EN,
    DW_DMA_ID,
    DW_DMA_TEST,
    DW_DWC_PARAMS,
    DW_MULTI_BLK_TYPE,
    DW_MAX_BLK_SIZE,
    DW_DW_PARAMS,
    DW_COMP_TYPE,
    DW_COMP_VERSION,
    DW_REGISTER_COUNT
};

/* Kinds of interrupt, in the order of each register group and of the bits of STATUS_INT. */
enum dw_ahb_event { DW_TFR, DW_BLOCK, DW_SRC_TRAN, DW_DST_TRAN, DW_ERR, DW_EVENTS };

enum dw_ahb_state {
    DW_DISABLED,
    DW_ENABLE,    /* enable_cycles run */
    DW_FETCH,     /* a list item is being read */
    DW_TRANSFER,  /* a block is being moved */
    DW_SSTATUS,   /* SSTAT is being fetched */
    DW_DSTATUS,   /* DSTAT is being fetched */
    DW_WRITEBACK, /* CTL_HI, SSTAT, DSTAT are being written to the list item */
    DW_STALL,     /* before a reloaded block: software has to clear the block interrupt */
    DW_DRAIN,     /* switched off or failed; bursts under way come to their end */
    DW_STATES
};

enum dw_ahb_flow { DW_BY_CONTROLLER, DW_BY_SOURCE, DW_BY_DESTINATION };
enum dw_ahb_lock_level { DW_LOCK_TRANSFER, DW_LOCK_BLOCK, DW_LOCK_TRANSACTION };
enum dw_ahb_end { DW_SOURCE, DW_DESTINATION, DW_ENDS };

/* One end of a channel. */
struct dw_ahb_side {
    /* Decoded when a block starts. */
    uint8_t port;
    uint8_t hsize;    /* an item has 1 << hsize bytes */
    int8_t direction; /* of the address: 1, -1, 0 */
    uint8_t line;     /* request line, if hardware handshake */
    bool peripheral;  /* has a handshake */
    bool software;
    uint16_t burst_items; /* MSIZE */
    uint32_t jump_every;  /* gather or scatter: items between jumps, 0 none */
    uint32_t jump_bytes;

    uint32_t start;    /* where a reloaded block starts */
    uint32_t next;     /* of the next item without a command */
    uint32_t current;  /* SAR or DAR: of the next item not yet moved */
    uint32_t run_left; /* items to the next jump */

    bool open;            /* a transaction is */
    uint8_t request;      /* enum handshake_request bits it answers */
    uint32_t transaction; /* items of it without a command */
    uint32_t flying;      /* beats with a command, not yet done */
    sim_cycle ready_at;   /* step from which its bursts may be queued */
};

struct dw_ahb_channel {
    struct dw_ahb_side side[DW_ENDS];
    sim_cycle ready_at; /* step that ends DW_ENABLE, or a block without items */
    uint8_t index;
    uint8_t state;     /* enum dw_ahb_state */
    uint8_t flow;      /* enum dw_ahb_flow */
    bool from_list;    /* the block was described by a list item */
    bool length_known; /* block_bytes is good */
    bool failed;
    bool asked;           /* the command of a fetch was queued */
    bool reload[DW_ENDS]; /* decided when a block ended, for the next one */
    uint8_t commands;     /* queued and not finished */
    uint8_t todo;     /* DW_WRITEBACK: words still to command, bits 0 CTL_HI, 1 SSTAT, 2 DSTAT */
    bool fifo_half;   /* FIFO_MODE */
    bool on_demand;   /* FCMODE, and the destination controls the flow */
    bool ran;         /* CTL_HI reads the items taken */
    uint16_t longest; /* MAX_ABRST, UINT16_MAX if no limit */
    uint8_t hprot;

    uint32_t block_bytes, commanded, pushed, claimed, popped;
    uint32_t item;     /* address of the list item of this block */
    uint8_t item_port; /* and the port that reads and writes it */
    uint32_t words[DW_ITEM_WORDS];
    uint8_t *fifo;

    sim_time enabled_ps;   /* when CH_EN was written */
    uint64_t moved;        /* bytes at the destination, of blocks that are done */
    uint64_t items;        /* of its list, read since then */
    uint32_t item_kept;    /* address of one of them */
    bool loops, loop_told; /* it came again; the log was told */
    uint32_t
        noted; /* notes that the log has had of this channel, bits of dw_ahb_rules and of the side */

    struct probe probe; /* struct dw_ahb_channel_record */
};

/* What a queued command is for; its tag is its index. */
struct dw_ahb_flight {
    uint8_t channel, purpose; /* enum dma_purpose */
    uint8_t hsize;
    int8_t direction;
    uint16_t beats;
    uint32_t address; /* of beat 0 */
    uint32_t after;   /* SAR or DAR once its last beat is done */
    uint32_t first;   /* DESTINATION: FIFO byte of beat 0; else: word of beat 0 */
};

/* Where bytes in a link come from. */
struct dw_ahb_place {
    uint32_t first; /* FIFO byte, as those of a burst */
    int8_t channel; /* -1: none's */
    uint8_t hsize;
};

struct dw_ahb_port {
    struct ahb_master master;
    struct dw_ahb_flight flights[AHB_QUEUE];
    uint8_t flight;             /* next to use */
    int8_t locked_by;           /* channel lock: only this channel is served; -1 nobody */
    bool hold;                  /* HLOCK and HBUSREQ stay up between commands */
    bool held_bus, held_lock;   /* HBUSREQ, HLOCK: by `hold` alone */
    int8_t last;                /* who was served: channel * 3 + kind of side, -1 at first */
    struct dw_ahb_place shown;  /* what HWDATA is */
    struct dw_ahb_place filled; /* what the latest run that writes is */
};

/* The last write that left a channel off, kept while the log is listened to. */
enum dw_ahb_left {
    DW_LEFT_NONE,
    DW_LEFT_DEAF,       /* CH_EN without write enables */
    DW_LEFT_NOTHING,    /* CH_EN without bits and write enables */
    DW_LEFT_ABSENT,     /* CH_EN of a channel that is not there */
    DW_LEFT_CONTROLLER, /* CH_EN with DMA_EN 0 */
    DW_LEFT_STOPPED,    /* CH_EN, in a transfer */
    DW_LEFT_ALL,        /* DMA_CFG, in transfers */
};
struct dw_ahb_left_off {
    sim_time ps;
    uint32_t value;
    uint8_t why; /* enum dw_ahb_left */
};

/* Published for each channel (REGISTERED). */
struct dw_ahb_channel_record {
    _Alignas(8) uint8_t state; /* the whole in words: observers compare it at every beat */
    uint32_t sar, dar, llp;
    uint32_t left_items; /* still to be taken from the source, 0 if not known */
    uint32_t fifo_bytes;
    uint8_t source_request, source_acknowledge; /* being served; enums of bus/handshake.h */
    uint8_t destination_request, destination_acknowledge;
};

struct dw_ahb {
    struct unit unit;
    struct kernel *kernel;
    const char *name;
    struct dw_ahb_config config;
    struct ahb_bus *bus; /* of the register interface */
    int slave;
    uint32_t port_count;
    struct dw_ahb_port ports[DW_MASTERS_MAX];
    struct dw_ahb_channel channels[DW_CHANNELS_MAX];
    uint32_t registers[DW_REGISTER_COUNT][DW_CHANNELS_MAX];
    uint8_t order[DW_CHANNELS_MAX]; /* channels by falling priority */
    uint8_t active;                 /* channels not DW_DISABLED */
    uint8_t moved;                  /* channels of which a beat was done at this edge */
    bool calm;                      /* no channel waits for time or a wire: beats need no more */
    bool switching_off;             /* DMA_EN was cleared, channels still work */
    uint16_t acknowledged;          /* lines whose acknowledge is up */
    uint8_t visible[DW_EVENTS];     /* raised with INT_EN: may reach STATUS */
    struct dw_ahb_left_off left;
    uint8_t block_heard; /* channels whose MASK_BLOCK was 1 since they were enabled */
    struct dma_handshake lines[DW_LINES_MAX];
    struct wire interrupt;
    uint64_t interrupts;
    uint64_t beats[DMA_PURPOSES], error_beats; /* data phases that were told; `beats` has all */
    struct probe interrupt_probe, beat_probe, transfer_probe, register_probe;
};

static inline uint32_t dw_ahb_channel_register(const struct dw_ahb *dma,
                                               const struct dw_ahb_channel *ch,
                                               enum dw_ahb_register which)
{
    return dma->registers[which][ch->index];
}

static inline bool dw_ahb_suspended(const struct dw_ahb *dma, const struct dw_ahb_channel *ch)
{
    return (dw_ahb_channel_register(dma, ch, DW_CFG_LO) & DW_MASK(CFG_LO, CH_SUSP)) != 0;
}

/* ---- dw_ahb_channel.c --------------------------------------------------------------------------- */

/* Takes the edge at which CH_EN of a disabled channel was written 1. */
void dw_ahb_channel_enable(struct dw_ahb *dma, struct dw_ahb_channel *ch, sim_cycle now);

/* CH_EN was written 0, or DMA_EN. */
void dw_ahb_channel_stop(struct dw_ahb *dma, struct dw_ahb_channel *ch);

/* The bus answered ERROR to a command of the channel. */
void dw_ahb_channel_fail(struct dw_ahb_channel *ch);

/* Everything of an active channel that is due at this edge, other than beats. */
void dw_ahb_channel_advance(struct dw_ahb *dma, struct dw_ahb_channel *ch, sim_cycle now);

/* Sets RAW of an event. */
void dw_ahb_raise(struct dw_ahb *dma, struct dw_ahb_channel *ch, enum dw_ahb_event event);

/* ---- dw_ahb_transfer.c --------------------------------------------------------------------------- */

/* Decodes CTL and CFG and readies a block that starts at the sides' next addresses. */
void dw_ahb_block_start(struct dw_ahb *dma, struct dw_ahb_channel *ch);

/* Closes and opens transactions. True if the block is complete. */
bool dw_ahb_block_advance(struct dw_ahb *dma, struct dw_ahb_channel *ch, sim_cycle now);

/* Items of a side without a command, UINT32_MAX if the length is not known yet. */
uint32_t dw_ahb_items_left(const struct dw_ahb_channel *ch, enum dw_ahb_end end);

/* The next AHB burst of a side for a port, if there is any now. */
bool dw_ahb_burst(struct dw_ahb *dma, struct dw_ahb_channel *ch, enum dw_ahb_end end, unsigned port,
                  sim_cycle now, struct ahb_command *command, struct dw_ahb_flight *flight);

/* Bytes from finished beats into the FIFO; bytes out of it, from a place like those counted by
 * `claimed`, without taking them away. */
void dw_ahb_fifo_push(struct dw_ahb *dma, struct dw_ahb_channel *ch, const uint8_t *bytes,
                      uint32_t count);
void dw_ahb_fifo_peek(const struct dw_ahb *dma, const struct dw_ahb_channel *ch, uint32_t from,
                      uint8_t *bytes, uint32_t count);

/* ---- dw_ahb_port.c ------------------------------------------------------------------------------- */

/* Takes an edge for a port. Returns the channels (bits) of which a command ended, well or not. */
unsigned dw_ahb_port_edge(struct dw_ahb *dma, struct dw_ahb_port *port, sim_cycle now);

/* Takes the beats of a run whose data phases ended in row `upto` or before. */
void dw_ahb_port_catch_up(struct dw_ahb *dma, struct dw_ahb_port *port, sim_cycle upto);

/* Queues the next burst of a port whose addresses were all sent, if there is one. */
void dw_ahb_port_arbitrate(struct dw_ahb *dma, unsigned index, sim_cycle now);

/* Drives the port's registers; returns the step it asks for. */
sim_cycle dw_ahb_port_drive(struct dw_ahb_port *port, sim_cycle now);

/* Ends the locks a channel has on any port, if they are at this level or a longer one. */
void dw_ahb_unlock(struct dw_ahb *dma, const struct dw_ahb_channel *ch,
                   enum dw_ahb_lock_level level);

/* ---- dw_ahb_records.c ------------------------------------------------------------------------ */

/* What a channel does between CH_EN and its end, for a controller that no call of `work` runs: published when the
 * channel is switched off, and what it has got of it so far. `status` as in struct transfer_record. */
void dw_ahb_publish_transfer(struct dw_ahb *dma, const struct dw_ahb_channel *ch,
                             const char *status);
bool dw_ahb_unended(const struct component *component, uint32_t index,
                    struct transfer_record *record);

/* ---- dw_ahb_rules.c, dw_ahb_block_rules.c -------------------------------------------------------------------------- */

extern const struct log_rule dw_ahb_rules[];
extern const char *const dw_ahb_event_names[DW_EVENTS];

/* Ahead of a write of a register; once a channel is enabled, a block readied, a list item chosen, and read; ahead of an
 * event. What a beat that met ERROR was for. */
void dw_ahb_check_write(struct dw_ahb *dma, uint32_t offset, uint32_t value, uint8_t lanes);
void dw_ahb_check_enable(const struct dw_ahb *dma, struct dw_ahb_channel *ch);
void dw_ahb_check_block(const struct dw_ahb *dma, struct dw_ahb_channel *ch);
void dw_ahb_check_item(const struct dw_ahb *dma, struct dw_ahb_channel *ch);
void dw_ahb_check_fetched(const struct dw_ahb *dma, struct dw_ahb_channel *ch);
void dw_ahb_check_event(const struct dw_ahb *dma, struct dw_ahb_channel *ch,
                        enum dw_ahb_event event);
void dw_ahb_log_failure(const struct dw_ahb *dma, const struct dw_ahb_channel *ch,
                        enum dma_purpose purpose, uint32_t address);

/* ---- dw_ahb_waits.c: the hook of the component's type ------------------------------------------- */

bool dw_ahb_waits(const struct component *component, uint32_t index, struct log_text *text);

/* ---- dw_ahb_repeat.c ------------------------------------------------------------------------- */

extern const struct repeat_hooks dw_ahb_repeat;
extern const struct round_hooks dw_ahb_round;
extern const struct state_table dw_ahb_state;

/* A burst to the destination has come to its end: a period may too. */
void dw_ahb_mark(const struct dw_ahb *dma, const struct dw_ahb_flight *flight);

/* Does the channel copy what is left of its block within memories, in which nothing fails? */
bool dw_ahb_copies(const struct dw_ahb *dma, const struct dw_ahb_channel *ch);

/* ---- dw_ahb_earliest.c: hook of the type ----------------------------------------------------- */

sim_time dw_ahb_earliest(const struct component *component);
/* ---- dw_ahb_causes.c: hook of the type -------------------------------------------------------- */
bool dw_ahb_does(const struct component *self, uint32_t channel, struct cause_wait *wait);

/* ---- dw_ahb_access.c ------------------------------------------------------------------------ */

/* Register values when the system starts. */
void dw_ahb_registers_reset(struct dw_ahb *dma);

/* A 32-bit register, by offset of its word. False for a hole: reads 0, writes nothing. */
bool dw_ahb_register_read(const struct dw_ahb *dma, uint32_t offset, uint32_t *value);
bool dw_ahb_register_write(struct dw_ahb *dma, uint32_t offset, uint32_t value, uint8_t lanes,
                           sim_cycle now);

/* Channels (bits) whose event interrupts. */
uint32_t dw_ahb_event_bits(const struct dw_ahb *dma, enum dw_ahb_event event);

/* Level of the combined interrupt. */
bool dw_ahb_interrupt_level(const struct dw_ahb *dma);

#endif
