/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_dmac_state: the registers of the ADI AXI DMAC, shared by the files that make it up.
 *
 *   adi_axi_dmac.c        the step, building, parameters    adi_dmac_registers.c  register table
 *   adi_dmac_core.c       requests, bursts, data            adi_dmac_access.c     register port, effects
 *   adi_dmac_reset.c      reset manager                     adi_dmac_events.c     probes
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
#include "controllers/adi_axi_dmac.h"
#include "kernel/wire.h"

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
    ADI_TRANSFER_PROGRESS,
    ADI_PARTIAL_TRANSFER_LEN,
    ADI_PARTIAL_TRANSFER_ID,
    ADI_REGISTER_COUNT
};

enum { ADI_IRQ_START = 1, ADI_IRQ_END = 2 };             /* bits of the interrupt registers */
enum { ADI_ENABLE = 1, ADI_PAUSE = 2 };                  /* of CONTROL */
enum { ADI_CYCLIC = 1, ADI_TLAST = 2, ADI_PARTIAL = 4 }; /* of FLAGS */

enum adi_reset_state {
    ADI_RM_DO_RESET,
    ADI_RM_RESET,
    ADI_RM_DISABLED,
    ADI_RM_STARTUP,
    ADI_RM_ENABLED,
    ADI_RM_SHUTDOWN,
    ADI_RM_STATES
};

enum adi_response_state { ADI_MGR_IDLE, ADI_MGR_ACC, ADI_MGR_WRITE };

/* One transfer, or row, on its way. x is X_LENGTH: bytes - 1. */
struct adi_request {
    uint64_t source, destination;
    uint32_t x;
    bool valid;
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
    uint32_t rows_left;
    uint32_t source_stride, destination_stride;
    uint8_t row_last; /* table of four rows: bit i, is it the last */
    uint8_t row_in, row_out;
    bool row_response, row_response_end;
    uint32_t row_response_bytes;

    /* Request generator, source-request pipe, the destination's two stages, burst-length pipe. */
    bool generating;
    uint32_t bursts_left; /* after the one to be issued */
    uint32_t last_bytes;  /* of the last burst - 1 */
    struct adi_request split;
    struct adi_request to_destination, at_destination;
    bool length_valid;
    uint8_t length;

    /* Burst memory: write side. */
    uint32_t port_wm, port_beat; /* as the beats come in at the port */
    bool slice_last;             /* source slice: a last beat is in it */
    /* Read side: the burst that is being sent, its beats - 1, and bytes - 1 of the last beat. */
    bool sending;
    bool train;          /* the burst is sent as one (bus/axi.h) */
    sim_cycle train_end; /* edge at which its last beat enters the output register */
    uint16_t beat, beats;
    uint8_t tail;
    /* Output register; with a slice, what lies between it and the port. */
    bool out_valid, forward_valid, skid_ready;
    struct axi_write out, skid;

    /* Responses. */
    bool response_valid, response_end;
    uint32_t response_bytes;
    enum adi_response_state manager;
    bool manager_end;
    uint32_t manager_bytes;

    struct adi_sides sides;
};

/* Other registers: the reset manager, the register port, what software sees. */
struct adi_control {
    enum adi_reset_state state;
    uint16_t was_resetting; /* bit k: the state k + 1 cycles ago was DO_RESET */
    bool enable_before;     /* CONTROL.ENABLE in the cycle before */
    bool dirty;
    bool running; /* "en": STARTUP or ENABLED in the cycle before */

    /* Register port: cycles since the request, 0 idle. */
    uint8_t write_step, read_step;
    uint32_t write_offset, write_value;
    uint32_t read_offset, read_value;

    bool waiting; /* TRANSFER_SUBMIT */
    uint8_t irq_source;
    bool irq;
    uint8_t transfer_id, active_id, done;
    uint32_t progress;
    uint32_t registers[ADI_REGISTER_COUNT]; /* as written */
};

/* What was, for events. */
struct adi_before {
    bool resetn, waiting, irq, source_on, destination_on, lite_write, lite_read, any;
    enum adi_reset_state state;
    sim_cycle ar_since, aw_since, w_since;
};

struct adi_dmac_record {
    uint8_t state, running, waiting, irq, generating, manager, source_on, destination_on, sending;
    uint8_t irq_source, transfer_id, active_id, done;
    uint32_t generated, throttled, source_id, wm, dn, dm, destination_id, resp;
};

struct adi_dmac {
    struct unit unit;
    struct kernel *kernel;
    struct axi_port *registers, *source, *destination;
    struct adi_dmac_config config;
    uint32_t width_bytes, width_log2;
    uint32_t burst_beats; /* of a full burst */
    uint32_t burst_log2;  /* of its bytes */
    uint32_t id_mask;     /* 2 * FIFO_SIZE - 1 */
    uint32_t place_mask;  /* of the burst memory */
    uint32_t length_mask;

    struct adi_core core;
    struct adi_control control;
    bool end_source[ADI_IDS], end_destination[ADI_IDS]; /* eot memories */
    uint16_t bytes[ADI_IDS];                            /* of a burst, - 1 */
    uint8_t
        *memory; /* place_mask + 1 bursts: FIFO_SIZE, and those whose last beats are on their way */
    uint8_t read_data[2][AXI_BYTES_MAX];

    /* Nothing of `control` changed at the last edge, nor will it until it gets new inputs. */
    bool calm;
    struct wire interrupt, pending;
    struct adi_before before;
    struct probe probe, interrupt_probe, event_probe;
};

/* Combinational wires of one cycle that several files need, and notes of its edge. */
struct adi_wires {
    bool ar, r, aw, w, b;           /* handshakes */
    bool write_strobe, read_strobe; /* up_wreq, up_rreq */
    bool resetn;                    /* internal reset is off */
    bool running;                   /* en */
    bool split;                     /* the request goes to both sides */
    bool out_ready;                 /* the output register takes the next beat */
    bool take;                      /* req_accept */
    bool load;                      /* the generator takes a request (a row with 2D) */
    bool resp, resp_end;            /* a response reaches the registers */
    uint32_t resp_bytes;
    struct adi_request request; /* that is loaded */

    bool changed;       /* some register of the core differs in the next cycle */
    bool sides_changed; /* likewise of struct adi_sides */
};

/* adi_dmac_core.c */
void adi_core_reset(struct adi_dmac *dma);
void adi_core_wires(const struct adi_dmac *dma, struct adi_wires *wires, sim_cycle now);
void adi_core_edge(struct adi_dmac *dma, struct adi_wires *wires, sim_cycle now);

/* adi_dmac_reset.c */
bool adi_reset_released(const struct adi_dmac *dma);
void adi_reset_edge(struct adi_dmac *dma, const struct adi_wires *wires, sim_cycle now);

/* adi_dmac_access.c: the edge of the register port and of what software sees. */
void adi_registers_edge(struct adi_dmac *dma, const struct adi_wires *wires, sim_cycle now);
bool adi_register_read(const struct adi_dmac *dma, uint32_t offset, uint32_t *value);
bool adi_register_write(struct adi_dmac *dma, uint32_t offset, uint32_t value);

/* adi_dmac_events.c */
extern const struct probe_type adi_dmac_probe_type, rtl_event_probe_type;
void adi_events(struct adi_dmac *dma, const struct adi_wires *wires, sim_cycle now);
void adi_publish(const struct adi_dmac *dma, sim_cycle now);

#endif
