/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * random_isa: the text of a random machine with 8237As that must end.
 *
 *   0x00_0000  traffic of the CPU        0x02_0000 .. 0x05_ffff  buffers of work, 0x800 apart from each other
 *
 * One chip; or two as in a PC/AT, the second (dma2) with HRQ and, on a bus of 16 bits, channels that move words.
 * Left out, because the hardware would not end either: a memcpy on a chip whose channels 0 and 1 have devices, or
 * whose DREQ is active low while the driver writes the command.
 */
#ifndef DMASIM_TESTS_RANDOM_ISA_H
#define DMASIM_TESTS_RANDOM_ISA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { RI_DEVICES = 6, RI_BUFFER = 0x20000, RI_ROOM = 0x800 };

struct ri_device {
    unsigned chip, channel;
    bool to_memory, words, used;
    bool plain;                    /* it has one transfer of one segment, whose */
    uint32_t address, first_bytes; /* first piece gets bytes 0, 1, 2 ... */
    char work[8];
};

struct ri_system {
    char text[24576];
    size_t length;
    uint64_t random;
    bool two, wide, low, crossed;
    struct ri_device devices[RI_DEVICES];
    unsigned device_count, work_count, buffer;
    bool taken[2][4];
};

static inline void ri_put(struct ri_system *s, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static inline void ri_put(struct ri_system *s, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(s->text + s->length, sizeof s->text - s->length, format, arguments);
    va_end(arguments);
    s->length += (size_t)length;
    if (length < 0 || s->length >= sizeof s->text)
        abort();
}

/* splitmix64 */
static inline unsigned ri_below(struct ri_system *s, unsigned bound)
{
    uint64_t z = s->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (unsigned)((z ^ z >> 31) % bound);
}

static inline bool ri_chance(struct ri_system *s, unsigned odds)
{
    return ri_below(s, odds) == 0;
}

static inline const char *ri_chip(const struct ri_system *s, unsigned chip)
{
    return s->two && chip == 0 ? "dma2" : "dma1";
}

static inline void ri_platform(struct ri_system *s)
{
    ri_put(s, "clocks: {clk: {frequency: %u kHz}}\n", 1000 + ri_below(s, 9000));
    ri_put(s, "buses: {isa: {type: isa, clock: clk, width: %u, hlda_clocks: %u, cpu_io_waits: %u, ",
           s->wide ? 16 : 8, 1 + ri_below(s, 4), ri_below(s, 3));
    ri_put(s, "cpu_memory_waits: %u, dma_waits: %u}}\n", ri_below(s, 2), ri_below(s, 3));
    ri_put(s, "cpus:\n  cpu:\n    bus: isa\n    interrupt_latency: %u\n", ri_below(s, 40));
    if (ri_chance(s, 2))
        ri_put(s,
               "    traffic: {base: ram, bytes: 4 KiB, pattern: random, width_bits: %u, "
               "think_cycles: %u, read_percent: %u, count: %u}\n",
               s->wide && ri_chance(s, 2) ? 16 : 8, ri_below(s, 60), ri_below(s, 101),
               1 + ri_below(s, 400));
    ri_put(s, "controllers:\n");
    if (s->two)
        ri_put(
            s,
            "  dma2: {type: \"intel,8237a\", bus: isa, port: 0xc0, port_step: %u, pages: pages}\n",
            1 + ri_below(s, 2));
    ri_put(s, "  dma1: {type: \"intel,8237a\", bus: isa, port: 0, pages: pages%s}\n",
           s->two ? ", cascade: dma2, cascade_channel: 0" : "");
    ri_put(
        s,
        "memories:\n  ram: {type: isa-memory, bus: isa, base: 0, size: 384 KiB, wait_states: %u, "
        "fill: {pattern: random, seed: %u}}\n",
        ri_chance(s, 2) ? 0 : ri_below(s, 4), ri_below(s, 1000));
    ri_put(s, "peripherals:\n  pages: {type: isa-pages, bus: isa, machine: %s}\n",
           !s->two && ri_chance(s, 2) ? "xt" : "at");
}

static inline void ri_device(struct ri_system *s)
{
    struct ri_device *device = &s->devices[s->device_count];
    *device = (struct ri_device){.chip = s->two ? ri_below(s, 2) : 0, .channel = ri_below(s, 4)};
    if (s->taken[device->chip][device->channel])
        return;
    s->taken[device->chip][device->channel] = true;
    device->to_memory = ri_chance(s, 2);
    device->words = s->two && s->wide && device->chip == 0;
    ri_put(s, "  dev%u: {type: isa-device, bus: isa, port: 0x%x, controller: %s, channel: %u, ",
           s->device_count, 0x300 + 16 * s->device_count, ri_chip(s, device->chip),
           device->channel);
    ri_put(s, "direction: %s, request: %s, depth: %u, interrupt: cpu, wait_states: %u",
           device->to_memory ? "to_memory" : "from_memory", ri_chance(s, 2) ? "single" : "demand",
           1 + ri_below(s, 20), ri_chance(s, 2) ? 0 : ri_below(s, 3));
    if (!ri_chance(s, 3))
        ri_put(s, ", rate: %u B/s", 20000 + ri_below(s, ri_chance(s, 3) ? 900000 : 80000));
    if (ri_chance(s, 3))
        ri_put(s, ", latency: %u us", ri_below(s, 50));
    if (ri_chance(s, 3))
        ri_put(s, ", bytes: %u", 2 * (1 + ri_below(s, 60)));
    if (ri_chance(s, 3))
        ri_put(s, ", eop_after: %u", 2 * (1 + ri_below(s, 30)));
    if (s->low)
        ri_put(s, ", dreq_active_low: true, dack_active_high: true");
    ri_put(s, "}\n");
    s->device_count++;
}

static inline uint32_t ri_room(struct ri_system *s)
{
    return RI_BUFFER + RI_ROOM * (s->buffer++ % 60); /* ends below 0x40000 - RI_ROOM */
}

static inline void ri_common(struct ri_system *s, const struct ri_device *device, unsigned repeat,
                             unsigned mode)
{
    static const char *const modes[] = {"burst", "cycle_stealing", "demand"};
    ri_put(s,
           "name: w%u, after: setup, controller: %s, peripheral: dev%u, channel: %u, mode: %s, "
           "repeat: %u, ",
           s->work_count++, ri_chip(s, device->chip), (unsigned)(device - s->devices),
           device->channel, modes[mode], repeat);
    if (ri_chance(s, 2))
        ri_put(s, "at: %u us, ", ri_below(s, 300));
}

static inline void ri_work(struct ri_system *s)
{
    if (s->device_count == 0)
        return;
    struct ri_device *device = &s->devices[ri_below(s, s->device_count)];
    const uint32_t unit = device->words ? 2 : 1;
    uint32_t bytes = unit * (1 + ri_below(s, 100)), address = ri_room(s);
    if (device->used)
        return; /* one entry a device: they would take each other's interrupts */
    device->used = true;
    const unsigned repeat = ri_chance(s, 4) ? 2 : 1, mode = ri_below(s, 3);
    if (ri_chance(s, 4)) {
        ri_put(s, "  - cyclic: {");
        ri_common(s, device, repeat, mode);
        ri_put(s, "buffer: ram + 0x%x, bytes: %u, period_bytes: %u, periods: %u}\n", address, bytes,
               bytes, 1 + ri_below(s, 3));
        return;
    }
    const unsigned segments = 1 + ri_below(s, 3);
    ri_put(s, "  - slave_sg: {");
    ri_common(s, device, repeat, mode);
    ri_put(s, "segments: [");
    for (unsigned i = 0; i < segments; i++) {
        if (!s->crossed && ri_chance(s, 4)) { /* over a multiple of 64 KiB and of 128 KiB, once */
            s->crossed = true;
            address = 0x40000 - unit * ri_below(s, 8);
        }
        ri_put(s, "%s{address: ram + 0x%x, bytes: %u}", i ? ", " : "", address, bytes);
        device->address = address;
        address = ri_room(s);
    }
    const uint32_t piece = device->words ? 0x20000 : 0x10000;
    device->first_bytes = piece - device->address % piece;
    if (device->first_bytes > bytes)
        device->first_bytes = bytes;
    snprintf(device->work, sizeof device->work, "w%u", s->work_count - 1);
    /* Block mode takes what is not there yet too. */
    device->plain = segments == 1 && repeat == 1 && device->to_memory && mode > 0;
    ri_put(s, "]}\n");
}

static inline void ri_make(struct ri_system *s, uint64_t seed)
{
    *s = (struct ri_system){.random = seed * UINT64_C(0x2545f4914f6cdd1d) + 3};
    s->two = ri_chance(s, 2);
    s->wide = ri_chance(s, 2);
    s->low = !s->two && ri_chance(s, 5);
    s->taken[0][0] = s->two;                             /* the cascade */
    const unsigned copies = s->low ? 0 : ri_below(s, 2); /* 1 - low chip: channels 0 and 1 */
    if (copies)
        s->taken[s->two][0] = s->taken[s->two][1] = true;
    ri_platform(s);
    const bool refresh = !s->taken[s->two][0] && ri_chance(s, 2);
    if (refresh) {
        s->taken[s->two][0] = true;
        ri_put(s,
               "  refresh: {type: isa-device, bus: isa, controller: dma1, channel: 0, direction: "
               "refresh, start: time, period: %u ns%s}\n",
               20000 + ri_below(s, 30000),
               s->low ? ", dreq_active_low: true, dack_active_high: true" : "");
    }
    for (unsigned i = 1 + ri_below(s, RI_DEVICES); i > 0; i--)
        ri_device(s);
    ri_put(s, "work:\n  - program:\n      name: setup\n      steps:\n");
    if (s->two)
        ri_put(s, "        - {op: write, to: dma2.MODE, value: \"MODE=3\", width_bits: 8}\n"
                  "        - {op: write, to: dma2.MASK, value: 0, width_bits: 8}\n");
    for (unsigned chip = 0; chip < 1u + s->two; chip++)
        ri_put(s, "        - {op: write, to: %s.COMMAND, value: 0x%x, width_bits: 8}\n",
               ri_chip(s, chip),
               (ri_chance(s, 3) ? 0x08 : 0) | (ri_chance(s, 3) ? 0x10 : 0) |
                   (ri_chance(s, 3) ? 0x20 : 0) | (s->low ? 0xc0 : 0));
    if (refresh)
        ri_put(s,
               "        - {op: write, to: dma1.CH0_COUNT, value: 0xff, width_bits: 8}\n"
               "        - {op: write, to: dma1.CH0_COUNT, value: 0xff, width_bits: 8}\n"
               "        - {op: write, to: dma1.MODE, value: \"MODE=1 | AUTOINIT | TRANSFER=%u\", "
               "width_bits: 8}\n"
               "        - {op: write, to: dma1.MASK, value: 0, width_bits: 8}\n",
               ri_chance(s, 3) ? 0 : 2);
    if (copies)
        ri_put(s,
               "  - memcpy: {name: copy, after: setup, controller: dma1, channel: 0, from: ram + "
               "0x%x, "
               "to: ram + 0x%x, bytes: %u}\n",
               ri_room(s) - ri_below(s, 20), ri_room(s), 1 + ri_below(s, 200));
    for (unsigned i = 0; i < 2 * s->device_count; i++)
        ri_work(s);
}

#endif
