/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * random_system: the text of a random scenario that must end, and what must be in memory then.
 *
 *   0x0000  sources, never written
 *   0x2000  destinations
 *   0x6000  scratch of CPU and scripted masters
 *   0x7000  descriptors (m0)
 *
 * m0 and m1 are on the bus of the CPU; `far` is on a second one that only the controller reaches,
 * which then has no lists.
 *
 * Left out, because the hardware would not end either:
 *   - a lock held while the channel waits for a device that the CPU has yet to enable
 *     over that bus;
 *   - locks of several channels with two ports; a bus that nobody gets (park: nobody);
 *   - traffic without end where the arbiter lets the CPU keep the bus;
 *   - periods of less than 6 us: their interrupts leave the CPU no time to stop the transfer;
 *   - a device with a total that is not what the transfers move, or that may lose items of it.
 */
#ifndef RANDOM_SYSTEM_H
#define RANDOM_SYSTEM_H

#include <check.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum {
    RS_MEMORIES = 3,
    RS_MEMORY_BYTES = 0x8000,
    RS_DESTINATION = 0x2000,
    RS_SCRATCH = 0x6000,
    RS_DESCRIPTORS = 0x7000,
    RS_WORK_MAX = 6,
    RS_PIECES_MAX = 8,
};

enum rs_call { RS_MEMCPY, RS_SLAVE_SG, RS_CYCLIC, RS_INTERLEAVED };

/* One stretch of memory that a piece of work reads or writes. */
struct rs_piece {
    unsigned from_memory, to_memory; /* of a device: only one of them */
    uint32_t from, to, bytes;        /* offsets */
};

struct rs_work {
    const char *gaps; /* of interleaved; null: another call */
    enum rs_call call;
    bool device, to_device;
    unsigned index; /* of the device: dev0, dev1 ... */
    unsigned repeat;
    uint32_t bytes;  /* of one round */
    uint32_t period; /* cyclic */
    struct rs_piece pieces[RS_PIECES_MAX];
    unsigned count;
};

struct rs_system {
    char text[32768];
    size_t length;
    uint64_t random;
    unsigned width_bits, far_width_bits, channels, fifo, max_block, max_burst, memories, ports;
    bool second_bus, far, multi_block, errors;
    uint32_t used[RS_MEMORIES]; /* of the destinations */
    unsigned devices;
    char device_text[8192];
    size_t device_length;
    struct rs_work work[RS_WORK_MAX];
    unsigned work_count;
};

static void rs_put(struct rs_system *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void rs_put(struct rs_system *s, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(s->text + s->length, sizeof s->text - s->length, format, arguments);
    va_end(arguments);
    ck_assert_int_ge(length, 0);
    s->length += (size_t)length;
    ck_assert_uint_lt(s->length, sizeof s->text);
}

static void rs_device(struct rs_system *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void rs_device(struct rs_system *s, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(s->device_text + s->device_length,
                           sizeof s->device_text - s->device_length, format, arguments);
    va_end(arguments);
    ck_assert_int_ge(length, 0);
    s->device_length += (size_t)length;
    ck_assert_uint_lt(s->device_length, sizeof s->device_text);
}

/* splitmix64 */
static uint64_t rs_draw(struct rs_system *s)
{
    uint64_t z = s->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static unsigned rs_below(struct rs_system *s, unsigned bound)
{
    return (unsigned)(rs_draw(s) % bound);
}

static bool rs_chance(struct rs_system *s, unsigned odds)
{
    return rs_below(s, odds) == 0;
}

#define RS_PICK(s, ...)                                                                            \
    ((const char *const[]){                                                                        \
        __VA_ARGS__}[rs_below(s, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))])

static const char *rs_memory_name(unsigned memory)
{
    return memory == 0 ? "m0" : memory == 1 ? "m1" : "far";
}

/* ---- the platform -------------------------------------------------------------------------- */

static void rs_arbiter(struct rs_system *s, const char *const *masters, unsigned count,
                       bool *cpu_may_keep)
{
    unsigned policy = rs_below(s, 4), rearbitrate = rs_below(s, 3);
    rs_put(s, "    arbiter:\n      policy: %s\n",
           (const char *const[]){"fixed", "round_robin", "weighted", "fair_mask"}[policy]);
    rs_put(s, "      order: %s\n", RS_PICK(s, "highest_first", "lowest_first"));
    rs_put(s, "      grant: %s\n", RS_PICK(s, "combinational", "registered"));
    rs_put(s, "      rearbitrate: %s\n",
           (const char *const[]){"burst_end", "release", "any_beat"}[rearbitrate]);
    rs_put(s, "      count_beats: %s\n", RS_PICK(s, "true", "false"));
    rs_put(s, "      ignore_lock: %s\n", rs_chance(s, 6) ? "true" : "false");
    rs_put(s, "      park: %s\n", RS_PICK(s, "default_master", "last_owner"));
    if (rs_chance(s, 2))
        rs_put(s, "      default_master: %s\n", masters[rs_below(s, count)]);
    bool ahead = rs_chance(s, 4);
    if (ahead)
        rs_put(s, "      ahead: %s\n", masters[rs_below(s, count)]);
    if (rs_chance(s, 3))
        rs_put(s, "      max_hold_cycles: %u\n", 1 + rs_below(s, 12));
    if (policy == 2 && rs_chance(s, 2))
        rs_put(s, "      weights: [{master: %s, grants: %u}]\n", masters[rs_below(s, count)],
               1 + rs_below(s, 5));
    *cpu_may_keep = policy == 0 || ahead || rearbitrate == 1;
}

static void rs_memory(struct rs_system *s, unsigned memory)
{
    unsigned most = rs_chance(s, 3) ? 6 : 2;
    rs_put(s, "  %s: {bus: %s, base: 0x%x, size: 32 KiB, fill: {pattern: random, seed: %u}, ",
           rs_memory_name(memory), memory == 2 ? "two" : "ahb", 0x20000000 + memory * 0x1000000,
           rs_below(s, 1000));
    rs_put(s, "read_first: %u, read_next: %u, write_first: %u, write_next: %u", rs_below(s, most),
           rs_below(s, most), rs_below(s, most), rs_below(s, most));
    if (rs_chance(s, 2)) {
        rs_put(s, ", errors: [");
        unsigned count = 1 + rs_below(s, 4);
        for (unsigned i = 0; i < count; i++) {
            bool error = s->errors && rs_chance(s, 2);
            rs_put(s, "%s{offset: 0x%x, bytes: %u, response: %s, count: %u}", i ? ", " : "",
                   rs_below(s, RS_SCRATCH / 4) * 4, 4 + 4 * rs_below(s, 64),
                   error ? "error" : "retry", 1 + rs_below(s, 12));
        }
        rs_put(s, "]");
    }
    rs_put(s, "}\n");
}

static void rs_master(struct rs_system *s, unsigned index)
{
    static const char *const bursts[] = {"single", "incr",  "wrap4",  "incr4",
                                         "wrap8",  "incr8", "wrap16", "incr16"};
    bool far = s->far && rs_chance(s, 3);
    rs_put(s, "  s%u:\n    bus: %s\n    repeat: %u\n    commands:\n", index, far ? "two" : "ahb",
           1 + rs_below(s, 20));
    for (unsigned count = 1 + rs_below(s, 8); count > 0; count--) {
        unsigned burst = rs_below(s, 8), size = rs_below(s, s->width_bits == 64 && !far ? 4 : 3);
        bool write = rs_chance(s, 2);
        uint32_t offset = write ? RS_SCRATCH + rs_below(s, 0x700) : rs_below(s, RS_SCRATCH);
        unsigned memory = far ? 2 : rs_below(s, s->memories);
        uint32_t base = 0x20000000 + memory * 0x1000000;
        if (rs_chance(s, 30))
            base = 0x60000000;
        rs_put(s, "      - {delay: %u, write: %s, lock: %s, width: \"%u\", burst: %s, ",
               rs_below(s, rs_chance(s, 4) ? 200 : 4), write ? "true" : "false",
               rs_chance(s, 8) ? "true" : "false", 8u << size, bursts[burst]);
        rs_put(s, "beats: %u, address: 0x%x, drop: %s, busy: 0x%x}\n", 1 + rs_below(s, 24),
               base + (offset & ~((1u << size) - 1)),
               RS_PICK(s, "last_shown", "first_shown", "last_accepted"),
               rs_chance(s, 5) ? rs_below(s, 0x10000) : 0);
    }
}

static void rs_cpu(struct rs_system *s, bool may_keep)
{
    rs_put(s, "cpus:\n  cpu:\n    bus: ahb\n    interrupt_latency: %u\n    tasklet_latency: %u\n",
           rs_below(s, 30), rs_below(s, 20));
    rs_put(s, "    callback_latency: %u\n    access_gap: %u\n", rs_below(s, 20), rs_below(s, 4));
    rs_put(s, "    descriptors: {base: m0 + 0x%x, bytes: 0x1000}\n", RS_DESCRIPTORS);
    if (rs_chance(s, 3))
        return;
    unsigned beats = rs_chance(s, 2) ? 1 : 1 + rs_below(s, 20);
    bool endless = !may_keep && rs_chance(s, 2);
    rs_put(s, "    traffic: {base: %s + 0x%x, bytes: 0xc00, pattern: %s, stride: %u, ",
           rs_memory_name(rs_below(s, s->memories)), RS_SCRATCH,
           RS_PICK(s, "sequential", "random", "stride"), 8 * (1 + rs_below(s, 20)));
    rs_put(s,
           "read_percent: %u, think_cycles: %u, beats: %u, width_bits: %u, seed: %u, count: %u}\n",
           rs_below(s, 101), rs_below(s, rs_chance(s, 3) ? 100 : 5), beats,
           8u << rs_below(s, s->width_bits == 64 ? 4 : 3), rs_below(s, 1000),
           endless ? 0 : 1 + rs_below(s, 300));
}

/* ---- the work ------------------------------------------------------------------------------ */

/* A free stretch of the destinations; false if there is none. */
static bool rs_room(struct rs_system *s, unsigned memory, uint32_t bytes, uint32_t align,
                    uint32_t *offset)
{
    uint32_t at = RS_DESTINATION + s->used[memory] + rs_below(s, 32);
    at = (at + align - 1) & ~(align - 1);
    if (at + bytes > RS_SCRATCH)
        return false;
    s->used[memory] = at + bytes - RS_DESTINATION;
    *offset = at;
    return true;
}

static unsigned rs_pick_memory(struct rs_system *s, bool far)
{
    return far ? 2 : rs_below(s, s->memories);
}

/* Fills the piece. A source lies below the destinations, which nobody writes. */
static bool rs_piece(struct rs_system *s, struct rs_work *w, bool far, bool out, uint32_t bytes,
                     uint32_t align)
{
    struct rs_piece *piece = &w->pieces[w->count];
    piece->bytes = bytes;
    piece->from_memory = rs_pick_memory(s, far);
    piece->to_memory = rs_pick_memory(s, far);
    piece->from = rs_below(s, (RS_DESTINATION - bytes) / align) * align;
    if (out && !rs_room(s, piece->to_memory, bytes, align, &piece->to))
        return false;
    w->count++;
    return true;
}

/* Bits of a memory item, 0 or at least 8, and at most the bus. */
static unsigned rs_width(struct rs_system *s, bool far)
{
    if (rs_chance(s, 2))
        return 0;
    return 8u << rs_below(s, (far ? s->far_width_bits : s->width_bits) == 64 ? 4 : 3);
}

static void rs_common(struct rs_system *s, const struct rs_work *w, unsigned width, bool far,
                      bool far_device, const char *lock, unsigned burst, const char *mode)
{
    char priority[32] = "";
    rs_put(s, "channel: %u, mode: %s, burst: %u, width_bits: %u, repeat: %u",
           rs_below(s, s->channels), mode, burst, width, w->repeat);
    if (rs_chance(s, 2))
        snprintf(priority, sizeof priority, ", priority: %u", rs_below(s, 8));
    if (rs_chance(s, 2))
        rs_put(s, ", at: %u ns", rs_below(s, rs_chance(s, 2) ? 30000 : 3000));
    if (s->work_count > 0 && rs_chance(s, 3))
        rs_put(s, ", after: w%u", rs_below(s, s->work_count));
    /* Ports 0 and 1 reach `ahb`, the last one `two` if there is one. */
    rs_put(s, ", dw: {lock: %s%s", lock, priority);
    if (w->gaps)
        rs_put(s, ", gaps: %s", w->gaps);
    if (far)
        rs_put(s, ", memory_master: %u", s->ports - 1);
    if (far_device)
        rs_put(s, ", peripheral_master: %u", s->ports - 1);
    if (!s->second_bus && s->ports == 2)
        rs_put(s, ", memory_master: %u, peripheral_master: %u", rs_below(s, 2), rs_below(s, 2));
    rs_put(s, "}}\n");
}

static unsigned rs_burst(struct rs_system *s, unsigned item_bytes, unsigned most)
{
    static const unsigned bursts[] = {0, 1, 4, 8, 16, 32, 64};
    unsigned burst = bursts[rs_below(s, 7)];
    if (burst * item_bytes > s->fifo || (burst > 1 && burst > s->max_burst) || burst > most)
        return 0;
    return burst;
}

static const char *rs_lock(struct rs_system *s)
{
    if (s->ports > 1 || !rs_chance(s, 3))
        return "none";
    return RS_PICK(s, "transaction", "block", "transfer");
}

static void rs_memory_work(struct rs_system *s, struct rs_work *w)
{
    bool far = s->far && rs_chance(s, 2);
    unsigned width = rs_width(s, far), item = width ? width / 8 : 1u << rs_below(s, 4);
    unsigned bus_bytes = (far ? s->far_width_bits : s->width_bits) / 8;
    unsigned burst = rs_burst(s, width ? width / 8 : bus_bytes, 256);
    w->repeat = 1 + (rs_chance(s, 4) ? rs_below(s, 3) : 0);
    if (rs_chance(s, 2)) {
        w->call = RS_MEMCPY;
        uint32_t bytes = (1 + rs_below(s, rs_chance(s, 3) ? 1200 / item : 160 / item)) * item;
        if (!rs_piece(s, w, far, true, bytes, item))
            return;
        rs_put(s, "  - memcpy: {name: w%u, from: %s + 0x%x, to: %s + 0x%x, bytes: %u, ",
               s->work_count, rs_memory_name(w->pieces[0].from_memory), w->pieces[0].from,
               rs_memory_name(w->pieces[0].to_memory), w->pieces[0].to, bytes);
        rs_put(s, "segment_bytes: %u, ", (1 + rs_below(s, 40)) * 8 * (1 + rs_below(s, 4)));
    } else {
        w->call = RS_INTERLEAVED;
        uint32_t chunk = (1 + rs_below(s, 120 / item)) * item, frames = 1 + rs_below(s, 7);
        uint32_t from_gap = rs_chance(s, 3) ? 0 : rs_below(s, 12) * item;
        uint32_t to_gap = rs_chance(s, 3) ? 0 : rs_below(s, 12) * item;
        struct rs_piece area;
        area.from_memory = rs_pick_memory(s, far);
        area.to_memory = rs_pick_memory(s, far);
        area.from = rs_below(s, (RS_DESTINATION - (chunk + from_gap) * frames) / item) * item;
        if (!rs_room(s, area.to_memory, (chunk + to_gap) * frames, item, &area.to))
            return;
        for (uint32_t i = 0; i < frames; i++) {
            w->pieces[i] = area;
            w->pieces[i].bytes = chunk;
            w->pieces[i].from += i * (chunk + from_gap);
            w->pieces[i].to += i * (chunk + to_gap);
        }
        w->count = frames;
        rs_put(s, "  - interleaved: {name: w%u, from: %s + 0x%x, to: %s + 0x%x, ", s->work_count,
               rs_memory_name(area.from_memory), area.from, rs_memory_name(area.to_memory),
               area.to);
        rs_put(s, "chunk_bytes: %u, frames: %u, source_gap: %u, destination_gap: %u, ", chunk,
               frames, from_gap, to_gap);
        w->gaps = RS_PICK(s, "registers", "descriptors");
    }
    rs_common(s, w, width, far, false, rs_lock(s), burst,
              RS_PICK(s, "burst", "cycle_stealing", "linked_list"));
    s->work_count++;
}

static void rs_device_work(struct rs_system *s, struct rs_work *w)
{
    bool far = s->far && rs_chance(s, 3), far_device = s->second_bus && rs_chance(s, 2);
    bool out = w->to_device = rs_chance(s, 2), cyclic = rs_chance(s, 4), last = false;
    bool by_time = far_device || rs_chance(s, 4), single = !rs_chance(s, 3);
    unsigned item = 1u << rs_below(s, 3), width = rs_width(s, far);
    unsigned memory_item = width ? width / 8 : 1u << rs_below(s, 4);
    unsigned unit = memory_item > item ? memory_item : item;
    unsigned depth = 1 + rs_below(s, rs_chance(s, 2) ? 8 : 64);
    unsigned threshold = 1 + rs_below(s, depth);
    unsigned rate = rs_chance(s, 2) ? 0 : 3 + rs_below(s, rs_chance(s, 2) ? 400 : 30);
    unsigned burst = rs_burst(s, item, threshold);
    w->device = true;
    w->index = s->devices;
    w->repeat = 1 + (rs_chance(s, 4) ? rs_below(s, 3) : 0);
    size_t length_before = s->length;
    if (cyclic) {
        w->call = RS_CYCLIC;
        uint32_t most = s->max_block * (out ? 1 : item) / unit * unit;
        w->period = (1 + rs_below(s, 128 / unit)) * unit;
        if (w->period > most)
            w->period = unit;
        while (w->period < 6 && w->period + unit <= most)
            w->period += unit;
        if (rate == 0 ? w->period / item < 48 : rate > w->period / 6)
            rate = w->period < 12 ? 1 : w->period / 6;
        w->bytes = w->period * (1 + rs_below(s, 4));
        if (!rs_piece(s, w, far, !out, w->bytes, unit))
            return;
        rs_put(s, "  - cyclic: {name: w%u, peripheral: dev%u, buffer: %s + 0x%x, bytes: %u, ",
               s->work_count, s->devices,
               rs_memory_name(out ? w->pieces[0].from_memory : w->pieces[0].to_memory),
               out ? w->pieces[0].from : w->pieces[0].to, w->bytes);
        rs_put(s, "period_bytes: %u, periods: %u, ", w->period, 1 + rs_below(s, 6));
    } else {
        w->call = RS_SLAVE_SG;
        rs_put(s, "  - slave_sg: {name: w%u, peripheral: dev%u, segments: [", s->work_count,
               s->devices);
        last = rs_chance(s, 6) && rate == 0 && !s->errors;
        unsigned pieces = last ? 1 : 1 + rs_below(s, 4);
        for (unsigned i = 0; i < pieces; i++) {
            uint32_t bytes = (1 + rs_below(s, 200 / unit)) * unit;
            if (!rs_piece(s, w, far, !out, bytes, unit)) {
                s->length = length_before;
                w->count = 0;
                return;
            }
            const struct rs_piece *piece = &w->pieces[i];
            rs_put(s, "%s{address: %s + 0x%x, bytes: %u}", i ? ", " : "",
                   rs_memory_name(out ? piece->from_memory : piece->to_memory),
                   out ? piece->from : piece->to, bytes);
            w->bytes += bytes;
        }
        rs_put(s, "], ");
    }
    const char *mode = RS_PICK(s, "burst", "cycle_stealing", "demand", "linked_list");
    if (last) { /* bursts of exactly the threshold */
        w->repeat = 1;
        single = true;
        mode = "demand";
        burst = threshold = depth >= 8 && item <= 2 && rs_chance(s, 2) ? 4 : 1;
    }
    const char *lock = "none";
    if (s->ports == 1 && rs_chance(s, 4) && (!out || by_time))
        lock = cyclic ? "transaction" : RS_PICK(s, "transaction", "block");
    rs_common(s, w, width, far, far_device, lock, burst, mode);

    rs_device(s, "  dev%u: {type: fifo, bus: %s, base: 0x%x, direction: %s, width_bits: %u, ",
              s->devices, far_device ? "two" : "ahb", 0x50000000 + s->devices * 0x400,
              out ? "mem_to_dev" : "dev_to_mem", item * 8);
    rs_device(s, "depth: %u, threshold: %u, single: %s, last: %s, wait_states: %u, ", depth,
              threshold, single ? "true" : "false", last ? "true" : "false", rs_below(s, 4));
    if (rate)
        rs_device(s, "rate: %u MB/s, jitter: %u, seed: %u, ", rate, rs_below(s, 101),
                  rs_below(s, 100));
    if (by_time)
        rs_device(s, "start: time, start_at: %u ns, ", rs_below(s, 5000));
    bool total = last || (rate == 0 && !cyclic && !s->errors && rs_chance(s, 3));
    if (total && !out && !last && (!single || threshold > 1))
        total = false; /* the rest may be less than a burst request and more than single ones do */
    if (total && out)
        rs_device(s, "bytes: %u, ", w->bytes * w->repeat);
    else if (total)
        rs_device(s, "source: {bytes: %u}, ", w->bytes * w->repeat);
    rs_device(s, "controller: dma, line: %u}\n", s->devices);
    s->devices++;
    s->work_count++;
}

/* ---- all of it ----------------------------------------------------------------------------- */

/* A program that enables a channel of its own, whose device never asks: what else there is to do ends, and it is left. */
static void rs_stranded(struct rs_system *s)
{
    const unsigned channel = s->channels;
    rs_put(s, "  - program:\n      name: stranded\n");
    if (rs_chance(s, 2))
        rs_put(s, "      after: w%u\n", rs_below(s, s->work_count));
    rs_put(s, "      steps:\n        - {op: write, to: dma.DMA_CFG, value: 1}\n");
    rs_put(s, "        - {op: write, to: dma.CH%u_CTL_LO, value: TT_FC=2}\n", channel);
    rs_put(s, "        - {op: write, to: dma.CH%u_CTL_HI, value: BLOCK_TS=4}\n", channel);
    rs_put(s, "        - {op: write, to: dma.CH%u_CFG_HI, value: SRC_PER=15}\n", channel);
    rs_put(s, "        - {op: write, to: dma.CH%u_CFG_LO, value: 0}\n", channel);
    rs_put(s, "        - {op: write, to: dma.CH_EN, value: 0x%x}\n", 0x101u << channel);
}

static void rs_make_kind(struct rs_system *s, uint64_t seed, bool stranded)
{
    *s = (struct rs_system){.random = seed * UINT64_C(0x2545f4914f6cdd1d) + 1};
    s->width_bits = rs_chance(s, 2) ? 32 : 64;
    s->far_width_bits = rs_chance(s, 2) ? 32 : 64;
    s->ports = 1 + rs_chance(s, 3);
    s->second_bus = s->ports == 2 && !rs_chance(s, 3);
    s->multi_block = !rs_chance(s, 6);
    s->far = s->second_bus && !s->multi_block;
    s->memories = 1 + rs_below(s, 2);
    s->errors = rs_chance(s, 8);
    s->channels = 1 + rs_below(s, 4);
    s->fifo = 16u << rs_below(s, 5);
    s->max_block = (16u << rs_below(s, 9)) - 1;
    s->max_burst = 4u << rs_below(s, 7);
    unsigned masters = rs_chance(s, 3) ? 1 + rs_below(s, 2) : 0;
    bool may_keep = false, ignored;

    rs_put(s, "clocks:\n  hclk: {frequency: 100 MHz}\nbuses:\n  ahb:\n    clock: hclk\n");
    rs_put(s, "    width: %u\n", s->width_bits);
    rs_arbiter(s, (const char *const[]){"cpu", "dma"}, 2, &may_keep);
    if (s->second_bus) {
        rs_put(s, "  two:\n    clock: hclk\n    width: %u\n", s->far_width_bits);
        rs_arbiter(s, (const char *const[]){"dma.m1"}, 1, &ignored);
    }
    rs_cpu(s, may_keep);
    rs_put(s, "controllers:\n  dma:\n    bus: ahb\n    base: 0x40000000\n    interrupt: cpu\n");
    rs_put(s, "    channels: %u\n    fifo: %u\n    max_block: %u\n    max_burst: %u\n",
           s->channels + stranded, s->fifo, s->max_block, s->max_burst);
    if (s->ports == 2)
        rs_put(s, "    masters: [ahb, %s]\n", s->second_bus ? "two" : "ahb");
    rs_put(s, "    multi_block: %s\n    encoded_parameters: %s\n    write_back: %s\n",
           s->multi_block ? "true" : "false", RS_PICK(s, "true", "false"),
           RS_PICK(s, "true", "false"));
    rs_put(s, "    enable_cycles: %u\n    switch_cycles: %u\n    handshake_cycles: %u\n",
           1 + rs_below(s, 4), rs_below(s, 4), 1 + rs_below(s, 4));
    rs_put(s, "    register_wait_cycles: %u\nmemories:\n", rs_below(s, 3));
    for (unsigned i = 0; i < s->memories; i++)
        rs_memory(s, i);
    if (s->far)
        rs_memory(s, 2);
    if (masters) {
        rs_put(s, "masters:\n");
        for (unsigned i = 0; i < masters; i++)
            rs_master(s, i);
    }
    rs_put(s, "work:\n");
    for (unsigned count = 1 + rs_below(s, RS_WORK_MAX); count > 0; count--) {
        struct rs_work *w = &s->work[s->work_count];
        *w = (struct rs_work){.repeat = 1};
        if (rs_chance(s, 2))
            rs_memory_work(s, w);
        else
            rs_device_work(s, w);
    }
    if (s->work_count == 0) {
        s->work[0] = (struct rs_work){.repeat = 1, .count = 1};
        s->work[0].pieces[0] = (struct rs_piece){.to = RS_DESTINATION, .bytes = 64};
        rs_put(s, "  - memcpy: {name: w0, from: m0, to: m0 + 0x%x, bytes: 64}\n", RS_DESTINATION);
        s->work_count = 1;
    }
    if (stranded)
        rs_stranded(s);
    if (s->devices)
        rs_put(s, "peripherals:\n%s", s->device_text);
}

static inline void rs_make(struct rs_system *s, uint64_t seed)
{
    rs_make_kind(s, seed, false);
}

#endif
