/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * i8237_bench: an i8237_case that remembers what happened: the row of every half, the state of every
 * clock, every byte.
 */
#ifndef DMASIM_TESTS_I8237_BENCH_H
#define DMASIM_TESTS_I8237_BENCH_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "referee/i8237_case.h"

struct bench_row {
    sim_cycle half; /* from this one on */
    struct isa_row row;
};

struct bench_chip {
    sim_cycle half;
    struct i8237_record record;
};

struct bench_byte {
    sim_cycle half;
    struct i8237_byte_record byte;
};

#define BENCH_LOG(type, name)                                                                      \
    struct name {                                                                                  \
        struct probe_observer observer;                                                            \
        struct type *items;                                                                        \
        size_t count, room;                                                                        \
    }

struct bench {
    struct i8237_case wiring;
    BENCH_LOG(bench_row, bench_rows) rows;
    BENCH_LOG(bench_chip, bench_chips) chips;
    BENCH_LOG(bench_byte, bench_bytes) bytes;
};

#define BENCH_APPEND(log)                                                                          \
    do {                                                                                           \
        if ((log)->count == (log)->room) {                                                         \
            (log)->room = (log)->room ? 2 * (log)->room : 256;                                     \
            (log)->items = realloc((log)->items, (log)->room * sizeof *(log)->items);              \
            if (!(log)->items)                                                                     \
                abort();                                                                           \
        }                                                                                          \
        (log)->count++;                                                                            \
    } while (0)

static inline void bench_take_row(struct probe_observer *observer, const struct probe *probe,
                                  sim_cycle now, const void *record)
{
    (void)probe;
    struct bench_rows *log = (struct bench_rows *)observer;
    if (log->count && memcmp(&log->items[log->count - 1].row, record, sizeof(struct isa_row)) == 0)
        return;
    BENCH_APPEND(log);
    log->items[log->count - 1].half = now;
    memcpy(&log->items[log->count - 1].row, record, sizeof(struct isa_row));
}

static inline void bench_take_chip(struct probe_observer *observer, const struct probe *probe,
                                   sim_cycle now, const void *record)
{
    (void)probe;
    struct bench_chips *log = (struct bench_chips *)observer;
    if (log->count &&
        memcmp(&log->items[log->count - 1].record, record, sizeof(struct i8237_record)) == 0)
        return;
    BENCH_APPEND(log);
    log->items[log->count - 1].half = now;
    memcpy(&log->items[log->count - 1].record, record, sizeof(struct i8237_record));
}

static inline void bench_take_byte(struct probe_observer *observer, const struct probe *probe,
                                   sim_cycle now, const void *record)
{
    (void)probe;
    struct bench_bytes *log = (struct bench_bytes *)observer;
    BENCH_APPEND(log);
    memset(&log->items[log->count - 1], 0, sizeof *log->items);
    log->items[log->count - 1].half = now;
    memcpy(&log->items[log->count - 1].byte, record, sizeof(struct i8237_byte_record));
}

static inline void bench_need(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "i8237_bench: %s\n", what);
    abort();
}

/* A case with defaults, to be changed and then built. */
static inline struct bench *bench_new(void)
{
    struct bench *self = calloc(1, sizeof *self);
    if (!self)
        abort();
    i8237_case_init(&self->wiring);
    return self;
}

static inline void bench_build(struct bench *self)
{
    if (i8237_case_build(&self->wiring) != DMASIM_OK)
        abort();
    self->rows.observer.notify = bench_take_row;
    self->chips.observer.notify = bench_take_chip;
    self->bytes.observer.notify = bench_take_byte;
    probe_observe(&self->wiring.bus->row_probe, &self->rows.observer);
    probe_observe(&self->wiring.chip->probe, &self->chips.observer);
    probe_observe(&self->wiring.chip->byte_probe, &self->bytes.observer);
}

static inline void bench_free(struct bench *self)
{
    if (!self)
        return;
    i8237_case_free(&self->wiring);
    free(self->rows.items);
    free(self->chips.items);
    free(self->bytes.items);
    free(self);
}

static inline void bench_out(struct bench *self, unsigned port, uint8_t value)
{
    i8237_case_out(&self->wiring, 0, port, value);
}

static inline uint8_t bench_in(struct bench *self, unsigned port)
{
    return i8237_case_in(&self->wiring, 0, port);
}

/* Current address (register 0) or count (1) of a channel, read as a CPU does. */
static inline unsigned bench_word(struct bench *self, unsigned channel, unsigned which)
{
    bench_out(self, I8237_CLEAR_POINTER, 0);
    unsigned low = bench_in(self, 2 * channel + which);
    return low | (unsigned)bench_in(self, 2 * channel + which) << 8;
}

/* Simulates clocks 0 up to and including `clock`. */
static inline void bench_to(struct bench *self, sim_cycle clock)
{
    i8237_case_to(&self->wiring, 2 * clock + 1);
}

/* Simulates until all is quiet. */
static inline void bench_run(struct bench *self)
{
    bench_need(i8237_case_run(&self->wiring, 1000000, 64), "not over");
}

/* The wires of a half. */
static inline const struct isa_row *bench_row_at(const struct bench *self, sim_cycle half)
{
    size_t low = 0, high = self->rows.count;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (self->rows.items[middle].half <= half)
            low = middle;
        else
            high = middle;
    }
    return &self->rows.items[low].row;
}

/* The state of a clock. */
static inline unsigned bench_state_at(const struct bench *self, sim_cycle clock)
{
    size_t low = 0, high = self->chips.count;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (self->chips.items[middle].half <= 2 * clock)
            low = middle;
        else
            high = middle;
    }
    return self->chips.items[low].record.state;
}

static inline const char *bench_state_name(const struct bench *self, unsigned state)
{
    return self->wiring.chip->probe.type->fields[0].names[state];
}

/* First clock from `from` on with this state; fails if there is none. */
static inline sim_cycle bench_clock_of(const struct bench *self, unsigned state, sim_cycle from)
{
    sim_cycle end = self->wiring.isa.clock->cycle / 2;
    for (sim_cycle clock = from; clock <= end; clock++)
        if (bench_state_at(self, clock) == state)
            return clock;
    bench_need(false, bench_state_name(self, state));
    return 0;
}

/* States from the first S0 to the last S4 or S24, as expected.csv has them. */
static inline const char *bench_states(const struct bench *self)
{
    static _Thread_local char text[1 << 16];
    sim_cycle end = self->wiring.isa.clock->cycle / 2;
    size_t used = 0, kept = 0;
    bool started = false;
    text[0] = '\0';
    for (sim_cycle clock = 0; clock <= end && used + 16 < sizeof text;) {
        unsigned state = bench_state_at(self, clock);
        sim_cycle next = clock + 1;
        while (next <= end && bench_state_at(self, next) == state)
            next++;
        started |= state == I8237_S0;
        if (started) {
            const char *gap = used ? " " : "";
            const char *name = bench_state_name(self, state);
            used += (size_t)(next - clock > 1
                                 ? snprintf(text + used, sizeof text - used, "%s%s*%u", gap, name,
                                            (unsigned)(next - clock))
                                 : snprintf(text + used, sizeof text - used, "%s%s", gap, name));
            if (state == I8237_S4 || state == I8237_S24)
                kept = used;
        }
        clock = next;
    }
    text[kept] = '\0';
    return text;
}

/* Transfers, as expected.csv has them. */
static inline const char *bench_transfers(const struct bench *self)
{
    static _Thread_local char text[1 << 16];
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < self->bytes.count && used + 24 < sizeof text; i++) {
        const struct i8237_byte_record *byte = &self->bytes.items[i].byte;
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%u@%06X%s", i ? " " : "",
                                 byte->channel, byte->address, byte->tc ? ":TC" : "");
    }
    return text;
}

/* True if two benches saw the same; else says where they part. */
static inline bool bench_same(const struct bench *a, const struct bench *b)
{
    for (size_t i = 0; i < a->rows.count || i < b->rows.count; i++)
        if (i >= a->rows.count || i >= b->rows.count ||
            a->rows.items[i].half != b->rows.items[i].half ||
            memcmp(&a->rows.items[i].row, &b->rows.items[i].row, sizeof(struct isa_row)) != 0) {
            fprintf(stderr, "rows differ from number %zu on, half %llu\n", i,
                    i < a->rows.count ? (unsigned long long)a->rows.items[i].half : 0);
            return false;
        }
    for (size_t i = 0; i < a->chips.count || i < b->chips.count; i++)
        if (i >= a->chips.count || i >= b->chips.count ||
            a->chips.items[i].half != b->chips.items[i].half ||
            memcmp(&a->chips.items[i].record, &b->chips.items[i].record,
                   sizeof(struct i8237_record)) != 0) {
            fprintf(stderr, "states differ from number %zu on, half %llu\n", i,
                    i < a->chips.count ? (unsigned long long)a->chips.items[i].half : 0);
            return false;
        }
    return a->bytes.count == b->bytes.count &&
           (a->bytes.count == 0 ||
            memcmp(a->bytes.items, b->bytes.items, a->bytes.count * sizeof *a->bytes.items) == 0);
}

static inline uint8_t *bench_memory(struct bench *self)
{
    return store_bytes(&self->wiring.memory, NULL);
}

#endif
