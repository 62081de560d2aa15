/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dmasim: a cycle-accurate simulator of DMA controllers. The one public header.
 *
 * The core is passive: no main loop, no threads, no wall clock, no output, no exit. Whoever drives
 * the clock (the dmasim program, SystemC, a Linux co-simulation) calls
 *
 *     dmasim_create -> { dmasim_next, dmasim_advance, dmasim_access }* -> dmasim_destroy
 *
 * Times are picoseconds since the start. Errors are values: an int code, and a struct dmasim_error
 * with the text and, for scenarios, file:line:column. Nothing here is thread safe; two simulations
 * in two threads are.
 */
#ifndef DMASIM_DMASIM_H
#define DMASIM_DMASIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define DMASIM_API __attribute__((visibility("default")))
#else
#define DMASIM_API
#endif

#define DMASIM_NEVER UINT64_MAX

/* code, text */
#define DMASIM_ERROR_MAP(X)                                                                        \
    X(OK, "no error")                                                                              \
    X(INVALID, "invalid scenario or argument")                                                     \
    X(MEMORY, "out of memory")                                                                     \
    X(IO, "file error")                                                                            \
    X(PAST, "time already passed")                                                                 \
    X(UNMAPPED, "no such register or address")                                                     \
    X(LIMIT, "limit reached")                                                                      \
    X(BUSY, "not from inside a callback")

enum dmasim_code {
#define DMASIM_CODE(code, text) DMASIM_##code,
    DMASIM_ERROR_MAP(DMASIM_CODE)
#undef DMASIM_CODE
};

struct dmasim_error {
    int code;
    int line, column; /* from 1; 0 if the error has no place in a file */
    char file[256];
    char text[512]; /* one line, without file:line:column */
};

/* The code's text. Never null. */
DMASIM_API const char *dmasim_code_text(int code);

/* Version of the library, "MAJOR.MINOR.PATCH". */
DMASIM_API const char *dmasim_version(void);

struct dmasim;

struct dmasim_options {
    /* "path.to.key=value", applied over the scenario file, in order. */
    const char *const *overrides;
    size_t override_count;
    bool every_cycle;   /* step every unit at every edge: the oracle, same trace, slow */
    bool reverse_order; /* step units of equal rank in the opposite order: same trace */
    /* Called for every error found (the first is also returned); may be null. */
    void (*report)(void *context, const struct dmasim_error *error);
    void *context;
};

/* Reads and builds a scenario. options may be null. Null on error, with *error filled (may be null).
 * The caller owns the result. */
DMASIM_API struct dmasim *dmasim_create(const char *scenario_path,
                                        const struct dmasim_options *options,
                                        struct dmasim_error *error);

DMASIM_API void dmasim_destroy(struct dmasim *self);

/* Time of the last step taken. */
DMASIM_API uint64_t dmasim_now(const struct dmasim *self);

/* Earliest time at which anything can happen, DMASIM_NEVER if nothing ever will. */
DMASIM_API uint64_t dmasim_next(const struct dmasim *self);

/* Simulates all edges up to and including `until_ps`. DMASIM_PAST if that is earlier than now. */
DMASIM_API int dmasim_advance(struct dmasim *self, uint64_t until_ps);

/* True once all work of the scenario is done; never if it has none. */
DMASIM_API bool dmasim_finished(const struct dmasim *self);

struct dmasim_access {
    uint64_t address;    /* bus address, naturally aligned */
    uint32_t size_bytes; /* 1, 2 or 4 */
    bool write;
    uint64_t value; /* written, or read back */
};

/* A register or memory access from outside, in zero time, after all edges up to and including
 * `at_ps` have been simulated. `at_ps` before now is DMASIM_PAST; an address nobody answers is
 * DMASIM_UNMAPPED. */
DMASIM_API int dmasim_access(struct dmasim *self, uint64_t at_ps, struct dmasim_access *access);

/* Called at the exact time an interrupt output changes. Set it before the first dmasim_save(). */
typedef void dmasim_interrupt(void *context, const char *controller, bool level, uint64_t at_ps);
DMASIM_API void dmasim_on_interrupt(struct dmasim *self, dmasim_interrupt *callback, void *context);

/* A copy of the whole simulated state; null if memory is short. Good for this dmasim only. */
struct dmasim_snapshot;
DMASIM_API struct dmasim_snapshot *dmasim_save(const struct dmasim *self);
DMASIM_API void dmasim_restore(struct dmasim *self, const struct dmasim_snapshot *snapshot);
DMASIM_API void dmasim_snapshot_free(struct dmasim_snapshot *snapshot);

/* ---- Things outside ---------------------------------------------------------------------------
 *
 * A scenario may declare what stands outside: masters, slaves, request lines, streams and interrupt inputs of
 * the types `outside` and `outside-...`. Each is a port, found by its name, through which the caller takes part
 * in the simulation:
 *
 *     port = dmasim_port_find(sim, "noc");
 *     for (;;) {
 *         advance until a time, or an event if that comes first;
 *         while (dmasim_event_take(sim, &event))
 *             ... start, answer, set, send, accept, now or later ...
 *     }
 *
 * Time. A call takes effect at dmasim_now(), after all edges up to and including it: the first edge later than
 * that of the port's clock is the first to sample it, in every mode and however the caller cuts its windows.
 * An event has the time of the edge at which the port saw it. Every event stops a run (but see `tell` of
 * streams), so a caller that takes events and answers before it goes on is as exact as a register on the bus.
 * Called before time first goes on, they step the edges of time 0. From inside a callback they are DMASIM_BUSY.
 *
 * All of it is part of a snapshot: a request that is open when one is taken is open again when it is restored.
 * docs/outside.md has the timing on each bus.
 */

/* A port; lives as long as its simulation. */
struct dmasim_port;

/* Null if there is no such port. */
DMASIM_API struct dmasim_port *dmasim_port_find(struct dmasim *self, const char *name);

/* The next port in the order of the scenario's sections, the first for null; null after the last. */
DMASIM_API struct dmasim_port *dmasim_port_next(struct dmasim *self,
                                                const struct dmasim_port *after);

DMASIM_API const char *dmasim_port_name(const struct dmasim_port *port);

/* "master", "slave", "request line", "interrupt input", "stream source" or "stream sink". */
DMASIM_API const char *dmasim_port_kind(const struct dmasim_port *port);

enum dmasim_response {
    DMASIM_RESPONSE_OKAY,
    DMASIM_RESPONSE_ERROR,  /* AHB ERROR, AXI SLVERR */
    DMASIM_RESPONSE_DECODE, /* AXI DECERR */
    DMASIM_RESPONSE_RETRY,  /* AHB: the master will ask again, as a request of its own */
};

enum dmasim_burst { DMASIM_BURST_INCR, DMASIM_BURST_FIXED, DMASIM_BURST_WRAP };

enum dmasim_event_kind {
    DMASIM_EVENT_TRANSFER, /* a master's transfer is over: id, tag, response, moved, data of a read */
    DMASIM_EVENT_REQUEST,  /* a slave is asked: id, address, beats, write, data of a write, ... */
    DMASIM_EVENT_LEVEL,    /* what a request line gets back has changed: level */
    DMASIM_EVENT_SENT,     /* a source's beats were taken: beats, left */
    DMASIM_EVENT_RECEIVED, /* a sink got a beat: data, strobes, last, user, left */
};

/* What pointers point to stays until the next call with this simulation. Fields that the kind does not
 * name are 0. */
struct dmasim_event {
    struct dmasim_port *port;
    enum dmasim_event_kind kind;
    uint64_t time_ps;
    uint64_t id;      /* from 1, counted by port */
    uint64_t tag;     /* TRANSFER: the caller's */
    uint64_t address; /* of the first byte */
    uint32_t bytes;   /* of data, all beats */
    uint32_t beats, beat_bytes;
    uint32_t
        moved; /* TRANSFER: bytes from the first that are known to have moved without an error */
    enum dmasim_burst burst; /* REQUEST: how addresses go on from beat to beat */
    enum dmasim_response response;
    bool write, privileged;
    bool dma;           /* REQUEST on ISA: by a DMA controller */
    bool last, user;    /* RECEIVED: TLAST, TUSER */
    const char *master; /* REQUEST: who asks; null if the bus does not tell */
    const uint8_t *data;
    const uint8_t *strobes; /* bit i % 8 of byte i / 8: byte i of data is there; null: all are */
    uint32_t level;         /* LEVEL: enum dmasim_level */
    uint32_t missed; /* LEVEL: changes right before that found no room, if nobody took events */
    uint32_t left;   /* SENT: beats that wait; RECEIVED: beats that are still allowed */
};

/* Takes the earliest event, of ports with events of one time that of the first port. False: there is
 * none, or the call comes from inside a callback. */
DMASIM_API bool dmasim_event_take(struct dmasim *self, struct dmasim_event *event);

/* What a master is to do: any address and length. It is split into what the bus can carry. */
struct dmasim_transfer {
    uint64_t address;
    uint32_t bytes;
    uint32_t beat_bytes; /* widest beat, a power of two; 0: the bus's width */
    bool write;
    bool privileged;
    uint64_t tag;     /* comes back with the event */
    const void *data; /* of a write; copied */
};

/* Starts a transfer, or queues it after those of this master that are not over. id may be null.
 * DMASIM_LIMIT: longer than the port's buffer, or its queue is full (a transfer is in it until its event is
 * taken). DMASIM_UNMAPPED: beyond the addresses of the bus. DMASIM_INVALID: no bytes, an odd beat, a port
 * that is no master. */
DMASIM_API int dmasim_transfer_start(struct dmasim_port *port,
                                     const struct dmasim_transfer *transfer, uint64_t *id);

struct dmasim_answer {
    uint64_t id; /* of the request */
    enum dmasim_response response;
    const void
        *data;      /* of a read; copied. Without OKAY it may be left out: then the bus carries 0 */
    uint32_t bytes; /* as the request's */
};

/* Answers a request whose event was taken. DMASIM_INVALID: no such request is open, a response that the bus does
 * not have, not as many bytes as were asked for, or a port that gets no requests. */
DMASIM_API int dmasim_request_answer(struct dmasim_port *port, const struct dmasim_answer *answer);

/* The index-th of a port's open requests, the oldest first, as its event was. False if there are not so many. */
DMASIM_API bool dmasim_request_open(const struct dmasim_port *port, uint32_t index,
                                    struct dmasim_event *event);

/* Levels: bits. */
enum dmasim_level {
    DMASIM_LEVEL_INTERRUPT = 1, /* set, of an interrupt input */
    DMASIM_LEVEL_BURST = 1,     /* set, of a request line: dma_req */
    DMASIM_LEVEL_SINGLE = 2,    /* dma_single */
    DMASIM_LEVEL_LAST = 4,      /* dma_last */
    DMASIM_LEVEL_ACK = 1,       /* got back: dma_ack */
    DMASIM_LEVEL_FINISH = 2,    /* dma_finish */
    DMASIM_LEVEL_DREQ = 1,      /* set, of a line of an 8237A */
    DMASIM_LEVEL_DACK = 1,      /* got back */
    DMASIM_LEVEL_EOP = 2,       /* set, or got back with DACK; active */
};

/* Sets all levels of a request line or of an interrupt input. DMASIM_INVALID: a level that it does not have. */
DMASIM_API int dmasim_level_set(struct dmasim_port *port, uint32_t level);

struct dmasim_beat {
    const void *data;
    uint32_t bytes; /* from the first; of a beat of more than 64 bytes all, or 63 at most */
    bool last, user;
};

/* Queues a beat of a stream source. DMASIM_LIMIT: the queue is full. */
DMASIM_API int dmasim_stream_send(struct dmasim_port *port, const struct dmasim_beat *beat);

/* Allows so many beats more to come to a stream sink. DMASIM_LIMIT: more than its buffer has room for. */
DMASIM_API int dmasim_stream_accept(struct dmasim_port *port, uint32_t beats);

#ifdef __cplusplus
}
#endif

#endif
