/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi_stream: AXI4-Stream and plain FIFO interfaces, point to point between two units.
 *
 * Source: AMBA 4 AXI4-Stream Protocol (Arm IHI 0051A), 2.2: a beat moves at the edge that ends a cycle
 * in which TVALID and TREADY are both 1.
 *
 *      sender                                receiver
 *      forward: gate of TVALID, place  ---->
 *                                      <----  back: gate of TREADY
 *      places[2]: TDATA TKEEP TLAST TUSER
 *
 * There is no unit of its own in between: both ends work out VALID and READY of cycle n from registers
 * alone, each in its step(n), in any order. What an end drives is therefore not the level of a pin but
 * the gate it is made with: never, always, or together with the TUSER of the beat or with a pin that
 * both ends can see. (A receiver that waits for a start of frame has such a combinational path.)
 *
 * A payload that is shown stays until the handshake; the sender fills the other place, so the receiver
 * can still read a beat that was taken at this very edge.
 *
 * A FIFO interface is the same link with other names: writes push EN and data forward, and get
 * XFER_REQ and OVERFLOW back; of reads the EN goes back, and VALID, UNDERFLOW, XFER_REQ and data come
 * forward.
 */
#ifndef DMASIM_AXI_STREAM_H
#define DMASIM_AXI_STREAM_H

#include "kernel/probe.h"
#include "kernel/round.h"
#include "kernel/wire.h"

#define AXI_STREAM_BYTES_MAX 128 /* a beat: 1024 bits */

enum axi_stream_gate {
    AXI_STREAM_NEVER,
    AXI_STREAM_ALWAYS,
    AXI_STREAM_IF_USER, /* TREADY: while the beat has TUSER */
    AXI_STREAM_IF_PIN,
};

/* Bits of a FIFO interface. */
enum {
    FIFO_WRITE_EN = 1,   /* forward */
    FIFO_XFER_REQ = 1,   /* back */
    FIFO_OVERFLOW = 2,   /* back: of the word one cycle before */
    FIFO_READ_EN = 1,    /* back */
    FIFO_VALID = 1,      /* forward: data of the EN one cycle before */
    FIFO_UNDERFLOW = 2,  /* forward */
    FIFO_READ_XFER = 4,  /* forward */
    AXI_STREAM_PLACE = 8 /* forward: which place is shown */
};

struct axi_stream_beat {
    sim_cycle since; /* first cycle in which it shows */
    uint64_t keep;   /* bit i for byte i; bytes from 64 on are all there */
    uint8_t last, user;
    uint8_t data[AXI_STREAM_BYTES_MAX];
};

/* Every wire of a link in one cycle, for observers: PROBE_SETTLED "axi_stream_row". Payload is 0 while
 * TVALID is 0. */
struct axi_stream_row {
    uint8_t tvalid, tready, tlast, tuser;
    uint64_t tkeep[2];
    uint8_t tdata[AXI_STREAM_BYTES_MAX];
};

/* Likewise of a FIFO interface, "fifo_write_row" and "fifo_read_row", in the names of the core's pins. Data
 * are 0 without `en`, or `valid`. */
struct fifo_row {
    uint8_t en, valid, lost, xfer_req; /* lost: OVERFLOW, UNDERFLOW */
    uint64_t data[AXI_STREAM_BYTES_MAX / 8];
};

enum axi_stream_kind { AXI_STREAM_LINK, AXI_STREAM_FIFO_WRITE, AXI_STREAM_FIFO_READ };

/* Publishes the rows of a link, and does nothing if nobody observes them (stream_trace.c). */
struct axi_stream_monitor {
    struct unit unit;
    struct probe row_probe;
    enum axi_stream_kind kind;
};

struct axi_stream {
    struct wire forward;    /* reader: the receiver */
    struct wire back;       /* reader: the sender */
    const struct wire *pin; /* of AXI_STREAM_IF_PIN */
    struct axi_stream_beat places[2];
    uint32_t bytes; /* of a beat */
    struct axi_stream_monitor monitor;
};

extern const struct state_table axi_stream_state;

/* Wakes the monitor at the next edge, where what was just put holds. */
static inline void axi_stream_changed(struct axi_stream *self)
{
    if (probe_observed(&self->monitor.row_probe))
        unit_wake(&self->monitor.unit);
}

/* What both ends see in cycle n. The beat is there while `forward` is not 0. */
struct axi_stream_view {
    unsigned forward, back; /* gates, or the bits of a FIFO interface */
    bool valid, ready;
    const struct axi_stream_beat *beat;
};

static inline bool axi_stream_open(unsigned gate, bool user, bool pin)
{
    return gate == AXI_STREAM_ALWAYS || (gate == AXI_STREAM_IF_USER && user) ||
           (gate == AXI_STREAM_IF_PIN && pin);
}

static inline struct axi_stream_view axi_stream_look(const struct axi_stream *self, sim_time now)
{
    uint64_t forward = wire_get(&self->forward, now), back = wire_get(&self->back, now);
    const struct axi_stream_beat *beat = &self->places[(forward & AXI_STREAM_PLACE) != 0];
    unsigned sent = (unsigned)forward & (AXI_STREAM_PLACE - 1u);
    bool pin = (sent == AXI_STREAM_IF_PIN || back == AXI_STREAM_IF_PIN) && wire_get(self->pin, now);
    return (struct axi_stream_view){
        .forward = sent,
        .back = (unsigned)back,
        .valid = axi_stream_open(sent, false, pin),
        .ready = axi_stream_open((unsigned)back, sent && beat->user, pin),
        .beat = beat,
    };
}

/* The sender's end: the place to fill, then shown with axi_stream_drive(self, now, gate, true). */
static inline struct axi_stream_beat *axi_stream_place(struct axi_stream *self)
{
    return &self->places[(self->forward.value & AXI_STREAM_PLACE) == 0];
}

/* Drives the forward wires for cycle n+1; `fresh` shows the place that was filled. */
static inline void axi_stream_drive(struct axi_stream *self, sim_time now, unsigned forward,
                                    bool fresh)
{
    uint64_t place = (self->forward.value ^ (fresh ? AXI_STREAM_PLACE : 0)) & AXI_STREAM_PLACE;
    wire_put(&self->forward, now, forward | place);
    axi_stream_changed(self);
}

/* Drives the back wires for cycle n+1: the receiver's end. */
static inline void axi_stream_answer(struct axi_stream *self, sim_time now, unsigned back)
{
    wire_put(&self->back, now, back);
    axi_stream_changed(self);
}

/* What a controller offers to peripherals; null where it has none. A peripheral that shares a link with
 * the sync pin names its unit in `watchers`, and so do the monitors: whoever drives the pin wakes them too. */
#define STREAM_WATCHERS 4

struct stream_ports {
    struct axi_stream *stream_in, *stream_out;
    struct axi_stream *fifo_in, *fifo_out;
    struct wire *sync; /* the pin that starts a transfer, 1 while nobody drives it */
    struct unit *watchers[STREAM_WATCHERS]; /* source, sink, monitors of in and out */
};

#endif
