/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_dmac_state: the registers of the ADI AXI DMAC, shared by the files that make it up.
 *
 *   adi_dmac.c        the step, building, parameters    adi_dmac_registers.c  register table
 *   adi_dmac_general.c    requests, bursts, data            adi_dmac_access.c     register port, effects
 *   adi_dmac_core.c       the same, lean: two memories
 *   adi_dmac_reset.c      reset manager                     adi_dmac_events.c     probes
 *   adi_dmac_sg.c         scatter-gather unit               adi_dmac_stream.c     stream and FIFO sides
 *   adi_dmac_memory.c     burst memory, unequal widths      adi_dmac_errata.c     errata that strike
 *   adi_dmac_repeat.c     lean: many bursts at once         adi_dmac_respond.c    responses, skipped requests
 *   adi_dmac_reports.c    progress, length reports          adi_dmac_generate.c   request generator
 *   adi_dmac_causes.c     what it waits for
 *   adi_dmac_beats.c      beats, for observers              adi_dmac_transfers.c  transfers, likewise
 *   adi_dmac_round.c      many transfers at once
 *
 * Ids are counters of bursts since the last internal reset (the RTL counts them modulo 2 * FIFO_SIZE in
 * Gray code). At any time, in bursts:
 *
 *    resp    dn      dm <= dn       wm          source.id        throttled     generated
 *   ---|------|--------|------------|---------------|---------------|--------------|--->
 *      | B    | being  | in the     | being read    | granted by    | split off    |
 *      | out- | sent   | memory     |               | the throttle  | the request  |
 *      | standing      |<-------- at most FIFO_SIZE ---------------->|
 */
#ifndef DMASIM_ADI_DMAC_STATE_H
#define DMASIM_ADI_DMAC_STATE_H

#include "bus/records.h"
#include "bus/stream/stream.h"
#include "controllers/adi/adi_dmac.h"
#include "controllers/adi/adi_dmac_watch.h"
#include "kernel/wire.h"
#include "plan/log.h"

#define ADI_IDS (2 * ADI_FIFO_MAX)

/* In the order of the table. */
enum adi_register {
    ADI_VERSION,
    ADI_PERIPHERAL_ID,
    ADI_SCRATCH,
    ADI_IDENTIFICATION,
    ADI_INTERFACE_DESCRIPTION_1,
    ADI_INTERFACE_DESCRIPTION_2,
    ADI_IRQ_MASK,
    ADI_IRQ_PENDING,
    ADI_IRQ_SOURCE,
    ADI_CONTROL,
    ADI_TRANSFER_ID,
    ADI_TRANSFER_SUBMIT,
    ADI_FLAGS,
    ADI_DEST_ADDRESS,
    ADI_SRC_ADDRESS,
    ADI_X_LENGTH,
    ADI_Y_LENGTH,
    ADI_DEST_STRIDE,
    ADI_SRC_STRIDE,
    ADI_TRANSFER_DONE,
    ADI_ACTIVE_TRANSFER_ID,
    ADI_CURRENT_DEST_ADDRESS,
    ADI_CURRENT_SRC_ADDRESS,
    ADI_DEBUG_STATUS,
    ADI_DEBUG_IDS_0,
    ADI_DEBUG_IDS_1,
    ADI_TRANSFER_PROGRESS,
    ADI_PARTIAL_TRANSFER_LEN,
    ADI_PARTIAL_TRANSFER_ID,
    ADI_DESCRIPTOR_ID,
    ADI_SG_ADDRESS_REGISTER,
    ADI_DEST_ADDRESS_HIGH,
    ADI_SRC_ADDRESS_HIGH,
    ADI_CURRENT_DEST_ADDRESS_HIGH,
    ADI_CURRENT_SRC_ADDRESS_HIGH,
    ADI_SG_ADDRESS_HIGH,
    ADI_REGISTER_COUNT
};

enum adi_reset_state {
    ADI_RM_DO_RESET,
    ADI_RM_RESET,
    ADI_RM_DISABLED,
    ADI_RM_STARTUP,
    ADI_RM_ENABLED,
    ADI_RM_SHUTDOWN,
    ADI_RM_STATES
};

enum adi_response_state {
    ADI_MGR_IDLE,
    ADI_MGR_ACC,
    ADI_MGR_WRITE,
    ADI_MGR_SKIP,       /* answers for requests that an early TLAST skipped */
    ADI_MGR_WRITE_SKIP, /* such an answer */
};

enum adi_generator_state {
    ADI_GEN_IDLE,
    ADI_GEN_IDS,
    ADI_GEN_REWIND,
    ADI_GEN_CONSUME,
    ADI_GEN_SKIP
};
enum adi_sg_state { ADI_SG_IDLE, ADI_SG_ADDRESS, ADI_SG_DESCRIPTOR, ADI_SG_READY };

#define ADI_DESCRIPTOR_BEATS 6 /* of 64 bits */
/* Some of its words. */
enum {
    ADI_WORD_DESTINATION = 2,
    ADI_WORD_SOURCE = 4,
    ADI_WORD_NEXT = 6,
    ADI_WORD_X_LENGTH = 9,
};
#define ADI_FLAG_LAST 1 /* of its word 0 */
#define ADI_SG_IDS 3    /* and one that is shown */
#define ADI_REPORTS 3   /* and one that is shown */
#define ADI_TRANSFER_IDS 4
#define ADI_ROWS 256 /* in flight at most: each has an id, see ADI_IDS */
#define ADI_SILICON_ROWS 4

/* One transfer, or row, on its way. x is X_LENGTH: bytes - 1. */
struct adi_request {
    uint64_t source, destination;
    uint32_t x;
    uint32_t number; /* of the request since the reset */
    uint32_t y;      /* rows - 1 */
    uint32_t source_stride, destination_stride;
    bool valid, tlast, last_row;
};

struct adi_sg_id {
    uint32_t id;
    bool end; /* the response of the descriptor is a completion */
};

/* Scatter-gather unit. */
struct adi_sg {
    enum adi_sg_state state;
    uint64_t head, next; /* of a chain; where the next descriptor is */
    bool head_valid;
    bool fields_taken, id_taken; /* READY: acknowledges of its two outputs */
    uint8_t beat;                /* counts cycles of RVALID, whatever the state */
    uint8_t id_first, id_count;
    bool shown_valid;
    uint32_t words[2 * ADI_DESCRIPTOR_BEATS];
    struct adi_request fields;
    struct adi_sg_id ids[ADI_SG_IDS];
};

/* Stream or FIFO source. */
struct adi_source_mover {
    uint32_t id, beat;
    uint32_t last_beat; /* of the last burst of the request, beats - 1 */
    uint32_t number;    /* of the request */
    bool active, granted;
    bool aborted;      /* by an early TLAST, until the next request */
    bool segment_last; /* the request may end with TLAST */
    bool needs_sync, sync_told;
    bool length_valid; /* a length is on its way to the burst-length pipe */
    uint8_t length;
};

/* Stream or FIFO destination. */
struct adi_sink_mover {
    uint32_t id;
    bool active, tlast, last_row, needs_sync;
    bool user;    /* TUSER of the next beat */
    bool running; /* stream: en, once nothing is offered any more */
    bool held;    /* TVALID was up without TREADY, by the pin */
};

/* An early TLAST on its way to the request generator. */
struct adi_rewind {
    bool valid, skip;
    uint32_t id, number;
};

/* Requests that are skipped, on their way to the answers for them. */
struct adi_skipping {
    bool valid;    /* one is; mended: those to come are */
    bool ready;    /* the last one of those before was answered */
    bool last;     /* the last one of an early TLAST was among them */
    uint8_t count; /* not answered, modulo 4 */
    uint8_t ended; /* requests that were answered, modulo 4 */
};

/* Mended: the skipped requests of each early TLAST, apart and in order. The RTL has one counter. */
struct adi_skips {
    uint32_t first, count;
    struct {
        uint32_t requests; /* that wait for an answer */
        bool closed;       /* no more will come */
    } groups[ADI_IDS];
};

/* Between output register and port of a destination that is narrower than the memory. */
struct adi_unpack {
    bool valid;
    uint8_t part, parts;
    struct axi_write word;
};

/* An address generator, of AR or AW. */
struct adi_address_generator {
    uint64_t address;
    uint32_t id;
    bool req_ready, bl_ready; /* takes the next request, the next burst length */
    bool valid, seen;         /* AxVALID, and in the cycle before */
    bool last;
    uint8_t length;      /* AxLEN */
    uint8_t last_length; /* of the request's last burst */
};

/* Of the reset manager: agen_on, and src_on and dst_on. */
struct adi_sides {
    bool source_addressing, destination_addressing;
    bool source_on, destination_on;
};

/* Registers of the data path, cleared by the internal reset. */
struct adi_core {
    uint32_t generated, throttled; /* ids, see above */
    uint32_t wm, dn, dm, resp;
    struct adi_address_generator source, destination;

    /* 2D unit: rows of the request it holds. */
    struct adi_request rows;
    uint32_t row_in, row_out;
    uint64_t row_last[ADI_ROWS / 64]; /* bit of a row: it is the last */
    uint8_t row_table;                /* of the RTL: four rows */
    bool row_response, row_response_end, row_response_partial;
    bool row_held; /* takes no response */
    uint32_t row_response_bytes;

    /* Request generator, source-request pipe, the destination's two stages, burst-length pipe. */
    enum adi_generator_state generator;
    bool generating;            /* lean: the same */
    uint32_t last_bytes;        /* lean: of the last burst - 1 */
    uint32_t bursts_left;       /* after the one to be issued */
    uint32_t first;             /* lean: id of the first burst of the request that is generated */
    struct adi_request request; /* that was loaded last */
    struct adi_rewind rewind, rewound; /* on its way to the generator; the last it took */
    struct adi_skipping skipping;
    struct adi_request split;
    struct adi_request to_destination, at_destination;
    bool length_valid;
    uint8_t length;

    /* Burst memory: write side. */
    uint32_t port_wm, port_beat; /* as the beats come in at the port */
    bool slice_last;             /* source slice: a last beat is in it */
    bool packed_last;            /* register in front of a wider memory: likewise */
    /* Read side: the burst that is being sent, its beats - 1, and bytes - 1 of the last beat. */
    bool sending;
    const uint8_t *from; /* the burst that is sent as it lies in the source; null: not known */
    bool train;          /* the burst is sent as one (bus/axi/axi.h) */
    uint8_t train_slot;  /* of the port's w_train */
    sim_cycle train_end; /* edge at which its last beat enters the output register */
    uint16_t beat, beats;
    uint8_t tail;
    /* Output register; with a slice, what lies between it and the port. */
    bool out_valid, forward_valid, skid_ready;
    struct axi_write out, skid;
    struct adi_unpack unpack;

    /* Responses. */
    bool response_valid, response_end;
    uint32_t response_bytes;
    enum adi_response_state manager;
    bool manager_end, manager_partial;
    bool response_partial;
    bool response_skips, manager_skips;
    uint32_t manager_bytes;

    struct adi_sides sides;

    struct adi_sg sg;
    struct adi_source_mover source_mover;
    struct adi_sink_mover sink_mover;
    /* Of a FIFO, as they hold from the next cycle on. */
    bool overflow_next, underflow_next, word_next;
};

/* Other registers: the reset manager, the register port, what software sees. */
struct adi_control {
    enum adi_reset_state state;
    uint16_t was_resetting; /* bit k: the state k + 1 cycles ago was DO_RESET */
    bool dirty;
    bool running; /* "en": STARTUP or ENABLED in the cycle before */

    /* Register port: cycles since the request, 0 idle. */
    uint8_t write_step, read_step;
    uint32_t write_offset, write_value;
    uint32_t read_offset, read_value;
    bool write_refused;  /* no single beat of 32 bits: */
    uint32_t refused_id; /* of its B */
    uint16_t read_left;  /* beats of R; 0: not refused */

    bool waiting; /* TRANSFER_SUBMIT */
    uint8_t irq_source;
    bool irq;
    uint8_t transfer_id, active_id, done;
    uint32_t open; /* accepted, and not ended: transfers with an id */
    uint32_t progress;
    bool progress_ended; /* it counted the last response in the cycle before */
    struct adi_report {
        uint32_t bytes;
        uint8_t id;
    } reports[ADI_REPORTS], report_shown;
    uint8_t report_first, report_count;
    bool report_valid; /* report_shown is to be read */
    bool report_told;  /* TRANSFER_DONE, bit 31 */
    bool report_held;  /* no response is taken */
    bool report_waits; /* in front of the queue */
    bool report_pop;   /* by a read */
    uint8_t report_id;
    uint32_t registers[ADI_REGISTER_COUNT]; /* as written */
};

/* What was, for events. */
struct adi_before {
    bool resetn, waiting, irq, source_on, destination_on, lite_write, lite_read, any;
    bool source_active, destination_active;
    bool out_shown; /* TVALID without TREADY */
    enum adi_reset_state state;
    uint32_t generated, throttled;
    sim_cycle ar_since, aw_since, w_since, sg_since, out_since;
};

/* Transfers as observers see them (adi_dmac_transfers.c); kept while somebody listens. */
#define ADI_TRANSFERS                                                                              \
    256 /* accepted and not ended: each has an id, or is in one of a few registers */

struct adi_transfer {
    sim_time submit_ps, issue_ps;
    uint64_t bytes; /* at the destination */
    uint32_t id;    /* TRANSFER_ID */
    struct transfer_beats beats;
};

struct adi_follow {
    bool any, has_part;
    uint32_t accepted, ended; /* entries of the queue: those in between are under way */
    uint32_t loaded;          /* whose ids the generator issues */
    uint32_t generated, sent; /* ids: issued, and of the burst on W */
    uint32_t owners[ADI_IDS]; /* entry of an id */
    uint64_t written;         /* beats of W up to the last one that ended a burst */
    sim_time submit_ps;       /* strobe of the submit that waits, SIM_NEVER if none */
    /* Of the head that waits, and of the chain whose descriptors are accepted. */
    sim_time head_ps, chain_ps;
    uint32_t head_id, chain_id;
    bool chain_waits;         /* for the last descriptor of the chain before */
    uint32_t word_entry;      /* of a FIFO destination: of the word that shows next */
    struct adi_transfer part; /* descriptors that ended without completion */
    struct adi_transfer queue[ADI_TRANSFERS];
};

struct adi_dmac_record {
    uint8_t state, running, waiting, irq, generating, manager, source_on, destination_on, sending;
    uint8_t irq_source, transfer_id, active_id, done;
    uint32_t generated, throttled, source_id, wm, dn, dm, destination_id, resp;
};

/* Bursts between AR and their last R, or AW and their last W; kept while somebody observes the beats. */
#define ADI_OPEN_BURSTS (2 * ADI_FIFO_MAX)
struct adi_open_bursts {
    struct axi_address open[ADI_OPEN_BURSTS]; /* a ring */
    uint32_t first, count, beat;
};

/* What is counted here; beats at AXI masters are counted at their ports. */
struct adi_figures {
    uint64_t refused; /* of counts.received, what was no beat: dropped, or not taken */
    uint64_t interrupts, strikes;
    struct {
        uint64_t strikes, first; /* first: its cycle */
    } errata[ADI_ERRATA_COUNT];
};

/* Beats of W without an AW. */
struct adi_early_beats {
    uint32_t beats;
    bool last; /* of the latest of them */
    uint8_t last_bytes;
};

/* A transfer that came to nothing, kept while the log is listened to. */
enum adi_left { ADI_LEFT_NONE, ADI_LEFT_DISABLED, ADI_LEFT_STOPPED };
struct adi_left_off {
    sim_time ps;
    uint8_t why; /* enum adi_left */
};

/* Descriptors of the chain that were fetched, for the log; once it is known to loop nothing is counted any more. */
struct adi_chain {
    uint64_t items, kept; /* kept: address of one of them */
    uint64_t at,
        before;      /* addresses of the one that is read, and of the one that links it; 0: none */
    bool interrupts; /* one of them asks for an interrupt */
    bool loops;
};

/* Registers of a transfer that may take another value than is written. */
#define ADI_DROPPING 11

struct adi_dmac {
    struct unit unit;
    struct kernel *kernel;
    struct axi_port *registers, *source, *destination, *descriptors; /* null: not there */
    struct axi_stream *input, *output;
    struct stream_ports streams;
    struct wire sync; /* pin */
    struct adi_dmac_config config;
    uint32_t width_bytes, width_log2; /* of the memory: of the wider side */
    uint32_t source_bytes, source_log2, destination_bytes, destination_log2;
    bool packs, unpacks; /* the source, the destination is narrower than the memory */
    uint32_t source_burst_beats, destination_burst_beats; /* of a full burst */
    uint32_t burst_beats;                                 /* lean: of both */
    uint32_t burst_log2;                                  /* of its bytes */
    uint32_t burst_mask;
    uint32_t length_ones; /* low bits of X_LENGTH that are always 1 */
    uint32_t id_mask;     /* 2 * FIFO_SIZE - 1 */
    uint32_t place_mask;  /* of the burst memory */
    uint32_t length_mask;
    uint64_t address_mask;

    struct adi_core core;
    struct adi_control control;
    bool end_source[ADI_IDS], end_destination[ADI_IDS]; /* eot memories */
    bool partial[ADI_IDS],
        skips[ADI_IDS];          /* ended by an early TLAST; requests behind are skipped */
    struct adi_skips skip_queue; /* mended */
    struct adi_sg_id shown;      /* head of the unit's ids, or the last one: no reset clears it */
    uint16_t bytes[ADI_IDS];     /* of a burst, - 1 */
    uint8_t
        *memory; /* place_mask + 1 bursts: FIFO_SIZE, and those whose last beats are on their way */
    uint8_t read_data[2][AXI_BYTES_MAX];

    bool lean; /* adi_dmac_core.c rather than adi_dmac_general.c */
    /* Nothing of `control` changed at the last edge, nor will it until it gets new inputs. */
    bool calm;
    struct wire interrupt, pending, completed;
    struct adi_before before;
    struct probe probe, interrupt_probe, event_probe, erratum_probe, beat_probe, transfer_probe;
    struct probe register_probe;
    struct adi_open_bursts open_reads, open_writes, open_descriptors; /* for beat_probe */
    struct adi_early_beats early_writes;                              /* likewise */
    struct adi_follow follow;                                         /* for transfer_probe */
    struct adi_counts counts;
    struct adi_figures figures;
    struct unit *follower; /* null: nobody waits for a count */
    const struct adi_wish *wish;
    struct adi_chain chain;
    uint8_t noted; /* notes that the log has had since IRQ_MASK was written */
    struct adi_left_off left;
    uint32_t
        asked[ADI_DROPPING]; /* what software wrote to registers that may drop bits, for the log */
};

/* Combinational wires of one cycle that several files need, and notes of its edge. */
struct adi_wires {
    bool ar, r, aw, w, b;           /* handshakes */
    bool moves;                     /* not lean: any of them, or of a stream or FIFO */
    bool write_strobe, read_strobe; /* up_wreq, up_rreq */
    bool resetn;                    /* internal reset is off */
    bool running;                   /* en */
    bool sync;                      /* pin */
    bool hardware;                  /* CONTROL.HWDESC */
    bool accepts, accept;           /* the core, or its 2D unit, would take a request; takes one */
    bool request_out;               /* dst_req */
    bool split;                     /* the request goes to both sides */
    bool out_ready;                 /* the output register takes the next beat */
    bool take;                      /* req_accept */
    bool rewinds;                   /* an early TLAST reaches the generator */
    bool load;                      /* the generator takes a request (a row with 2D) */
    bool resp, resp_end;            /* a response reaches the registers */
    bool resp_partial, resp_completes;
    uint32_t resp_bytes;
    struct adi_request request; /* that is loaded */

    bool changed;       /* some register of the core differs in the next cycle */
    bool sides_changed; /* likewise of struct adi_sides */
    bool respond;       /* dresp: the manager's answer is taken */

    bool sg_take, sg_ar, sg_r; /* scatter-gather unit */
    bool sg_shows, sg_pop;     /* RVALID, taken or not; an id is answered */

    struct axi_stream_view in, out;       /* stream or FIFO sides */
    bool in_beat, in_last, in_end, early; /* a beat; it closes a burst, the request; early TLAST */
    bool port_open;                       /* a beat would be taken */
    bool out_beat, out_last, out_end;
};

/* Of a register of 32 bits and the one with the high half. */
static inline uint64_t adi_address(const struct adi_control *control, enum adi_register low,
                                   enum adi_register high)
{
    return (uint64_t)control->registers[high] << 32 | control->registers[low];
}

/* Mended, a transfer waits until its bit of TRANSFER_DONE is free; chains do not, as one may have no end. */
static inline bool adi_id_busy(const struct adi_dmac *dma)
{
    return dma->config.errata == ADI_NONE && dma->control.open >= ADI_TRANSFER_IDS &&
           !(dma->control.registers[ADI_FLAGS] & ADI_CYCLIC);
}

static inline bool adi_source_on(const struct adi_dmac *dma)
{
    return dma->config.source_type == ADI_MEMORY ? dma->core.sides.source_on : dma->control.running;
}

static inline bool adi_destination_on(const struct adi_dmac *dma)
{
    return dma->config.destination_type == ADI_FIFO ? dma->control.running
                                                    : dma->core.sides.destination_on;
}

/* adi_dmac_core.c: the lean form of the data path */
void adi_core_reset(struct adi_dmac *dma, const struct adi_wires *wires);
void adi_core_wires(const struct adi_dmac *dma, struct adi_wires *wires, sim_cycle now);
void adi_core_edge(struct adi_dmac *dma, struct adi_wires *wires, sim_cycle now);

/* adi_dmac_general.c: the whole of it */
void adi_general_wires(const struct adi_dmac *dma, struct adi_wires *wires, sim_cycle now);
void adi_general_edge(struct adi_dmac *dma, struct adi_wires *wires, sim_cycle now);

/* adi_dmac_respond.c */
bool adi_response_end(const struct adi_dmac *dma);
uint32_t adi_response_bytes(const struct adi_dmac *dma);
void adi_skips_open(struct adi_dmac *dma);
void adi_skips_add(struct adi_dmac *dma, bool last);
void adi_respond_edge(struct adi_dmac *dma, const struct adi_wires *wires,
                      const struct adi_skipping *before);

/* adi_dmac_generate.c. Does the end of a request end what software calls a transfer? */
bool adi_segment_last(const struct adi_dmac *dma, const struct adi_request *request);
bool adi_rows_abort(const struct adi_dmac *dma);
void adi_generate_edge(struct adi_dmac *dma, const struct adi_wires *wires,
                       const struct adi_request *request, uint32_t resp);

/* adi_dmac_memory.c */
uint8_t *adi_place(const struct adi_dmac *dma, uint32_t id);
void adi_memory_wires(const struct adi_dmac *dma, struct adi_wires *wires);
bool adi_receive_edge(struct adi_dmac *dma, const struct adi_wires *wires);
bool adi_close_edge(struct adi_dmac *dma, bool closes);
bool adi_output_edge(struct adi_dmac *dma, const struct adi_wires *wires, uint32_t addressed,
                     bool *fresh);
bool adi_unpack_last(const struct adi_core *core);
const uint8_t *adi_unpack_data(const struct adi_dmac *dma);

/* adi_dmac_sg.c */
void adi_sg_wires(const struct adi_dmac *dma, struct adi_wires *wires, sim_cycle now);
void adi_sg_edge(struct adi_dmac *dma, const struct adi_wires *wires, sim_cycle now);
void adi_sg_drive(struct adi_dmac *dma, sim_cycle now);

/* adi_dmac_stream.c */
void adi_source_wires(const struct adi_dmac *dma, struct adi_wires *wires, sim_time time);
bool adi_source_takes(const struct adi_dmac *dma, const struct adi_wires *wires);
bool adi_source_edge(struct adi_dmac *dma, const struct adi_wires *wires, uint32_t throttled,
                     uint32_t *closed);
void adi_source_drive(struct adi_dmac *dma, sim_time time);
void adi_sink_wires(const struct adi_dmac *dma, struct adi_wires *wires, sim_time time);
bool adi_sink_takes(const struct adi_dmac *dma, const struct adi_wires *wires);
void adi_sink_edge(struct adi_dmac *dma, const struct adi_wires *wires,
                   const struct adi_request *from);
void adi_sink_drive(struct adi_dmac *dma, const uint8_t *word, bool fresh, sim_cycle now);

/* adi_dmac_errata.c; the text of each by its number, from 1 on */
extern const char *const adi_errata[ADI_ERRATA_COUNT];
void adi_erratum(struct adi_dmac *dma, enum adi_erratum number);

/* adi_dmac_figures.c: hook of the type. */
bool adi_dmac_counters(const struct component *component, uint32_t index, sim_time now,
                       struct counter_part *part);

/* adi_dmac_causes.c: likewise. */
bool adi_dmac_does(const struct component *self, uint32_t channel, struct cause_wait *wait);

/* adi_dmac_parameters.c */
extern const struct parameter adi_dmac_parameters[];
void adi_dmac_check(const struct plan *plan, const struct component *self, struct check *check);

/* adi_dmac_repeat.c: */
enum { ADI_BEHIND = 4 }; /* bursts behind dn that may still be on their way out, see place_mask */
extern const struct repeat_hooks adi_dmac_repeat;
/* adi_dmac_round.c */
extern const struct round_hooks adi_dmac_round, adi_follow_round, adi_open_bursts_round;
extern const struct state_table adi_dmac_state;

/* Where burst `id` of the running transfer lies in the memory at the source; null if that is not plain memory, or
 * not there. */
const uint8_t *adi_repeat_from(const struct adi_dmac *dma, uint32_t id);

/* adi_dmac_reset.c; the request generator is ready from the second cycle after an internal reset on. */
bool adi_reset_released(const struct adi_dmac *dma);
bool adi_generator_released(const struct adi_dmac *dma);
void adi_reset_edge(struct adi_dmac *dma, const struct adi_wires *wires, sim_cycle now);

/* adi_dmac_access.c: the edge of the register port and of what software sees. */
void adi_registers_edge(struct adi_dmac *dma, const struct adi_wires *wires, sim_cycle now);
bool adi_register_read(const struct adi_dmac *dma, uint32_t offset, uint32_t *value);
bool adi_register_write(struct adi_dmac *dma, uint32_t offset, uint32_t value);

/* adi_dmac_reports.c */
void adi_progress(struct adi_dmac *dma, uint32_t bytes);
void adi_reports_edge(struct adi_dmac *dma, const struct adi_wires *wires, bool enable);

/* adi_dmac_events.c */
extern const struct probe_type adi_dmac_probe_type, rtl_event_probe_type;
void adi_events(struct adi_dmac *dma, const struct adi_wires *wires, sim_cycle now);
void adi_publish(const struct adi_dmac *dma, sim_cycle now);

/* adi_dmac_beats.c, while beat_probe is observed: the beats of cycle `now`. */
void adi_beats(struct adi_dmac *dma, const struct adi_wires *wires, sim_cycle now);
void adi_beats_visit(struct adi_dmac *dma, struct repeat *repeat);
/* adi_dmac_transfers.c, while somebody listens to transfer_probe. Does the cycle matter to a transfer as a whole? If
 * nobody follows its beats adi_follow() may be left out in others. */
bool adi_follow_concerns(const struct adi_dmac *dma, const struct adi_wires *wires);
void adi_follow(struct adi_dmac *dma, const struct adi_wires *wires, sim_cycle now);
void adi_follow_tell(struct adi_dmac *dma, struct repeat *words);
void adi_follow_pass_rounds(struct adi_dmac *dma, const struct round *round);
void adi_follow_visit(struct adi_dmac *dma, struct repeat *repeat);
void adi_follow_pass(struct adi_dmac *dma);

/* adi_dmac_rules.c: what the log is told ahead of a write of a register, and of an end; what a write asked for is kept. */
extern const struct log_rule adi_dmac_rules[];
void adi_check_write(struct adi_dmac *dma, uint32_t offset, uint32_t value);

/* A write on the port of the registers, with the strobes of its four lanes. */
void adi_check_strobes(const struct adi_dmac *dma, uint32_t offset, unsigned lanes);
void adi_check_end(struct adi_dmac *dma);

/* A descriptor is about to be fetched, the first of a chain or a later one. */
void adi_check_descriptor(struct adi_dmac *dma, bool first);
void adi_check_descriptor_beat(const struct adi_dmac *dma, unsigned response);
void adi_check_fetched(struct adi_dmac *dma, const struct adi_request *taken);
void adi_note_write(struct adi_dmac *dma, enum adi_register index, uint32_t value);

/* adi_dmac_waits.c: hook of the component's type. */
bool adi_dmac_waits(const struct component *component, uint32_t index, struct log_text *text);

/* The hook of the component's type: transfers that were accepted and have not ended, if somebody listens. */
bool adi_follow_unended(const struct component *component, uint32_t index,
                        struct transfer_record *record);

#endif
