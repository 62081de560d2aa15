/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_systems: texts of systems with an adi,axi-dmac, and random overrides for them. */
#ifndef DMASIM_TESTS_AXI_SYSTEMS_H
#define DMASIM_TESTS_AXI_SYSTEMS_H

#include <stddef.h>
#include <stdio.h>

#include "kernel/random.h"

enum { AXI_OVERRIDES = 16, AXI_OVERRIDE = 64 };

#define AXI_CLOCKS "clocks:\n  aclk: {frequency: 100 MHz}\n"

/* What passes as trains and repeats: one memory; two memories and a CPU; a stream; a chain and a crossbar. */
static const char axi_sequence[] =
    "name: one\nstop: 1 ms\n" AXI_CLOCKS "buses:\n"
    "  lite: {type: axi, clock: aclk, width: 32, lite: true}\n"
    "  axi: {type: axi, clock: aclk, width: 64}\n"
    "controllers:\n"
    "  dma: {type: 'adi,axi-dmac', bus: lite, base: 0x40000000, source_bus: axi,"
    " destination_bus: axi}\n"
    "masters:\n"
    "  host: {type: adi-sequence, bus: lite, controller: dma, irq_mask: 0, transfers: 3,"
    " length: 24 KiB, step: 0, source: 0x10000, destination: 0x80000}\n"
    "memories:\n"
    "  from: {type: axi-memory, bus: axi, size: 1 MiB, fill: xorshift32}\n";

static const char axi_work[] =
    "name: two\nstop: 2 ms\n" AXI_CLOCKS "buses:\n"
    "  registers: {type: axi, clock: aclk, width: 32}\n"
    "  in: {type: axi, clock: aclk, width: 64}\n"
    "  out: {type: axi, clock: aclk, width: 64}\n"
    "cpus:\n  cpu: {bus: registers}\n"
    "controllers:\n"
    "  dma: {type: 'adi,axi-dmac', bus: registers, base: 0x40000000, source_bus: in,"
    " destination_bus: out, interrupt: cpu}\n"
    "memories:\n"
    "  from: {type: axi-memory, bus: in, size: 256 KiB, fill: xorshift32}\n"
    "  to: {type: axi-memory, bus: out, size: 256 KiB}\n"
    "work:\n"
    "  - memcpy: {name: a, from: from, to: to, bytes: 24 KiB}\n"
    "  - memcpy: {name: b, from: from + 0x100, to: to + 0x10000, bytes: 30_000, after: a}\n"
    "  - memcpy: {name: c, from: from, to: to + 0x8000, bytes: 9_000, after: b}\n";

static const char axi_stream_in[] =
    "name: stream\nstop: 1 ms\n" AXI_CLOCKS "buses:\n"
    "  lite: {type: axi, clock: aclk, width: 32, lite: true}\n"
    "  axi: {type: axi, clock: aclk, width: 64}\n"
    "controllers:\n"
    "  dma: {type: 'adi,axi-dmac', bus: lite, base: 0x40000000, source: stream,"
    " destination_bus: axi}\n"
    "masters:\n"
    "  host: {type: adi-script, bus: lite, controller: dma,"
    " script: 'W 80 0;W 400 1;W 410 0;W 418 ffff;W 40c 1;W 408 1;S 9000;W 400 3;S 2000'}\n"
    "memories:\n  from: {type: axi-memory, bus: axi, size: 1 MiB}\n"
    "peripherals:\n  source: {type: axi-stream-source, controller: dma, pattern: count,"
    " packets: [13, 700, 64]}\n";

static const char axi_crossed[] =
    "name: crossbar\nstop: 2 ms\n" AXI_CLOCKS "buses:\n"
    "  axi: {type: axi, clock: aclk, width: 64}\n"
    "cpus:\n  cpu: {bus: axi, traffic: {base: 0x20000000, bytes: 64 KiB, think_cycles: 20}}\n"
    "controllers:\n"
    "  dma: {type: 'adi,axi-dmac', bus: axi, base: 0x40000000, source_bus: axi,"
    " destination_bus: axi, interrupt: cpu}\n"
    "memories:\n"
    "  sram: {type: axi-sram, bus: axi, base: 0x10000000, size: 128 KiB}\n"
    "  from: {type: axi-memory, bus: axi, base: 0x20000000, size: 256 KiB}\n"
    "work:\n"
    "  - memcpy: {name: a, from: sram, to: from, bytes: 24 KiB}\n"
    "  - memcpy: {name: b, from: from + 0x100, to: sram + 0x10000, bytes: 9_000, after: a}\n";

static const char *const axi_texts[] = {axi_sequence, axi_work, axi_stream_in, axi_crossed};
enum { AXI_TEXTS = sizeof axi_texts / sizeof *axi_texts };

/* Random ones for a text; how many. */
static inline size_t axi_overrides(char (*texts)[AXI_OVERRIDE], unsigned which,
                                   struct random *random)
{
    const char *to = which == 1 ? "to" : "from";
    size_t n = 0;
    snprintf(texts[n++], AXI_OVERRIDE, "memories.from.read_latency=%u",
             (unsigned)(1 + random_below(random, 60)));
    snprintf(texts[n++], AXI_OVERRIDE, "memories.%s.write_latency=%u", to,
             (unsigned)(1 + random_below(random, 60)));
    snprintf(texts[n++], AXI_OVERRIDE, "memories.from.read_max=%u",
             (unsigned)(1 + random_below(random, 9)));
    snprintf(texts[n++], AXI_OVERRIDE, "memories.%s.write_max=%u", to,
             (unsigned)(1 + random_below(random, 9)));
    snprintf(texts[n++], AXI_OVERRIDE, "controllers.dma.fifo_size=%u",
             2u << random_below(random, 5));
    snprintf(texts[n++], AXI_OVERRIDE, "controllers.dma.max_bytes_per_burst=%u",
             64u << random_below(random, 3));
    if (random_below(random, 3) == 0)
        snprintf(texts[n++], AXI_OVERRIDE, "memories.%s.stalls.%s=%u", to,
                 random_below(random, 2) ? "aw" : "w", (unsigned)(1 + random_below(random, 60)));
    if (which == 2)
        return n;
    snprintf(texts[n++], AXI_OVERRIDE, "controllers.dma.destination_slice=%s",
             random_below(random, 2) ? "true" : "false");
    if (which == 0 && random_below(random, 3) == 0)
        snprintf(texts[n++], AXI_OVERRIDE, "masters.host.%s_at=%u",
                 random_below(random, 2) ? "pause" : "abort",
                 (unsigned)(100 + random_below(random, 4000)));
    return n;
}

#endif
