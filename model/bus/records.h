/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * records: what units other than the bus publish, as types shared by publishers and observers.
 *
 * Names of the probe types: "bus_beat", "dma_beat", "transfer", "interrupt", "stream", "fifo", "cpu",
 * "cpu_access", "stale", "interval", "erratum", "register", "text".
 * A controller's state record is its own (any PROBE_REGISTERED type).
 */
#ifndef DMASIM_RECORDS_H
#define DMASIM_RECORDS_H

#include "kernel/probe.h"

/* A beat of data that ended on a bus; an AHB has its own ahb_beat instead. The probe has the name of the
 * bus. EVENT. */
struct bus_beat_record {
    const char *master, *slave; /* null if unknown */
    const char *kind;           /* "read", "write" or what the bus calls it */
    uint64_t address;
    sim_cycle start_cycle; /* first one in which the beat, or its burst, was asked for */
    uint8_t write, bytes, error;
};
extern const struct probe_type bus_beat_probe_type;

/* One data phase a controller finished, and for which channel. EVENT. */
enum dma_purpose { DMA_SOURCE, DMA_DESTINATION, DMA_DESCRIPTOR, DMA_WRITEBACK, DMA_PURPOSES };

struct dma_beat_record {
    const char *controller;
    uint64_t address;
    uint8_t channel;
    uint8_t purpose; /* enum dma_purpose */
    uint8_t bytes;
    uint8_t error; /* the bus answered ERROR */
};
extern const struct probe_type dma_beat_probe_type;

/* A transfer of `work`, published when its callback returns, or when it failed or was stopped, or one that software
 * makes of the registers of a controller, when it ends there. EVENT.
 * Times are picoseconds, SIM_NEVER where it did not happen. First and last beat are for observers to
 * join from dma_beat, unless the publisher tells them; they are then of channel 0. */
struct transfer_beats {
    sim_time first_ps, last_ps; /* of the data */
    sim_time next_ps;           /* first one of the next transfer; SIM_NEVER: it is to come */
    uint64_t data, descriptor;
};

struct transfer_record {
    const char *name, *call, *mode;
    const char *controller; /* null if there is none */
    uint32_t channel;
    uint64_t bytes;
    sim_time submit_ps, issue_ps, interrupt_ps, callback_ps;
    const char *status;                 /* "complete", "error", "stopped" */
    const struct transfer_beats *beats; /* if the publisher knows; null: to be joined */
};
extern const struct probe_type transfer_probe_type;

/* Level of an interrupt output. REGISTERED, on change only: probe_publish_level(). */
struct interrupt_record {
    uint8_t level;
};
extern const struct probe_type interrupt_probe_type;

/* Bytes leaving the model for a file. EVENT. */
struct stream_record {
    uint64_t value; /* the bytes, first in bits 7:0 */
    uint8_t bytes;  /* 1 .. 8 */
};
extern const struct probe_type stream_probe_type;

/* A FIFO peripheral. REGISTERED. */
struct fifo_record {
    uint32_t level;  /* items */
    uint8_t request; /* enum handshake_request */
    uint8_t acknowledge;
    uint64_t overruns, underruns; /* items lost, items read when empty */
};
extern const struct probe_type fifo_probe_type;

/* What a CPU is doing. REGISTERED. */
struct cpu_record {
    uint8_t context; /* 0 idle, 1 traffic, 2 program, 3 interrupt service */
    uint8_t access;  /* 1 while a bus access of it is under way */
};
extern const struct probe_type cpu_probe_type;

/* A bus access the CPU finished. EVENT. Stall = end - start - what it takes on a free bus with
 * zero wait states. */
struct cpu_access_record {
    uint64_t address;
    uint8_t context, write, bytes, error;
    sim_cycle start_cycle, end_cycle;
    uint32_t stall_cycles;
    sim_time stall_ps; /* the same as a time */
};
extern const struct probe_type cpu_access_probe_type;

/* Somebody has read bytes that are not those which were written last: at most STALE_BYTES that lie side by side, missed
 * one write, and have one cause. The probe is that of the memory. EVENT of the cycle in which they were taken from the
 * cache, or from the memory. */
enum stale_cause {
    STALE_DIRTY, /* the last write is still in the cache `cache`, dirty or on its way: a clean was missed */
    STALE_CACHED, /* memory has it; the reader's own cache has older bytes: an invalidate was missed */
    STALE_LOST, /* no longer anywhere: invalidated while dirty, or an older line written over it */
};
#define STALE_BYTES 16

struct stale_record {
    const char *reader;  /* who was fooled: a CPU, or a master as its bus names it */
    const char *writer;  /* whose write was missed */
    const char *cache;   /* the CPU whose cache it is about */
    uint64_t address;    /* of the first, on the bus of that CPU */
    sim_time written_ps; /* when that write was made */
    uint8_t cause;       /* enum stale_cause */
    uint8_t bytes;
    uint8_t got[STALE_BYTES], should[STALE_BYTES];
};
extern const struct probe_type stale_probe_type;

/* Somebody's waiting is over; what waited is the owner of the probe. EVENT, for figures with a distribution. */
enum interval_kind {
    INTERVAL_REQUEST, /* a device: from its request to the first item that moves because of it */
    INTERVAL_PERIOD,  /* a cyclic entry: from one callback to the next, the first from its issue */
};

struct interval_record {
    uint8_t kind; /* enum interval_kind */
    sim_time ps;
};
extern const struct probe_type interval_probe_type;

/* An erratum of a controller strikes. EVENT. */
struct erratum_record {
    const char *controller, *text;
    uint32_t number; /* of the list on the controller's page */
};
extern const struct probe_type erratum_probe_type;

/* A register was written, or read, by whoever is on the bus; data ports of devices are none. EVENT of the cycle in which
 * it took the value, or gave it. */
struct register_map;
struct register_record {
    const struct register_map *map;
    uint32_t offset;
    uint64_t value;
    uint8_t write;
};
extern const struct probe_type register_probe_type;

static inline void register_publish(const struct probe *probe, sim_cycle now,
                                    const struct register_map *map, uint32_t offset, uint64_t value,
                                    bool write)
{
    if (probe_observed(probe))
        probe_notify(probe, now, &(struct register_record){map, offset, value, write});
}

/* Who drives the clock has something to say, in a line. EVENT of no cycle but of the time now; it is told between steps,
 * and of no unit. */
struct text_record {
    const char *text;
    size_t length;
};
extern const struct probe_type text_probe_type;

/* An event of a core as its RTL shows it (EVENT "rtl_event"). `names` of the first field are all events, in the
 * order in which recordings have those of one cycle. */
struct rtl_event_record {
    const char *event;
    uint64_t value; /* address, strobes, or data of a register */
    uint32_t len;
    uint8_t last;
    sim_cycle valid_since; /* SIM_NEVER: not told */
};

#endif
