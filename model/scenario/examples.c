/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * examples: one of each type of component and of each call of `work`, for the reference. All of them, with what they name
 * beside, are one scenario that runs (tests/scenario/test_scenario_examples.c).
 */
#include "scenario/internal.h"

#include <string.h>

const struct scenario_example scenario_examples[] = {
    {SECTION_CLOCKS, "clock", "hclk: { frequency: 100 MHz }"},
    {SECTION_BUSES, "ahb",
     "ahb: { clock: hclk, width: 32, arbiter: { policy: round_robin, default_master: cpu } }"},
    {SECTION_BUSES, "axi", "axi: { type: axi, clock: hclk, width: 64 }"},
    {SECTION_BUSES, "isa", "isa: { type: isa, clock: clk }"},
    {SECTION_CPUS, "cpu",
     "cpu: { bus: ahb, descriptors: { base: sram + 0xf000 }, interrupt_latency: 30 }"},
    {SECTION_CONTROLLERS, "snps,dw-dmac",
     "dma: { type: \"snps,dw-dmac\", bus: ahb, base: 0x4000_0000, channels: 4, interrupt: cpu }"},
    {SECTION_CONTROLLERS, "intel,8237a",
     "isa-dma: { type: \"intel,8237a\", bus: isa, pages: pages }"},
    {SECTION_CONTROLLERS, "adi,axi-dmac",
     "copier: { type: \"adi,axi-dmac\", bus: registers, base: 0x6000_0000, source_bus: axi, "
     "destination_bus: axi, two_d: true, interrupt: cpu }"},
    {SECTION_MASTERS, "scripted",
     "player: { type: scripted, bus: ahb, commands: [{ write: true, burst: incr4, address: sram }, "
     "{ delay: 20, address: sram }] }"},
    {SECTION_MASTERS, "adi-sequence",
     "host: { type: adi-sequence, bus: registers, controller: sequenced, length: 4 KiB, "
     "destination: 0x8000_8000, source: 0x8000_0000 }"},
    {SECTION_MASTERS, "adi-script",
     "script: { type: adi-script, bus: registers, controller: scripted-dma, script: \"W 80 0; W "
     "400 1; W 410 80004000; W 414 80000000; W 418 ff; W 408 1; T 1\" }"},
    {SECTION_MASTERS, "outside", "core: { type: outside, bus: axi }"},
    {SECTION_MEMORIES, "sram",
     "sram: { bus: ahb, base: 0x2000_0000, size: 64 KiB, read_first: 1, fill: { pattern: address } "
     "}"},
    {SECTION_MEMORIES, "axi-memory",
     "ram: { type: axi-memory, bus: stream-bus, base: 0, size: 1 MiB }"},
    {SECTION_MEMORIES, "axi-sram",
     "shared: { type: axi-sram, bus: axi, base: 0x8000_0000, size: 64 KiB, ports: single }"},
    {SECTION_MEMORIES, "dram",
     "dram: { type: dram, bus: axi, base: 0x9000_0000, size: 16 MiB, preset: ddr4-2400 }"},
    {SECTION_MEMORIES, "pattern",
     "far: { type: pattern, bus: ahb, base: 0x1000_0000, size: 1 MiB }"},
    {SECTION_MEMORIES, "isa-memory", "low: { type: isa-memory, bus: isa, base: 0, size: 128 KiB }"},
    {SECTION_MEMORIES, "outside",
     "other-memory: { type: outside, bus: ahb, base: 0x3000_0000, size: 64 KiB }"},
    {SECTION_PERIPHERALS, "fifo",
     "uart: { bus: ahb, base: 0x5000_0000, direction: dev_to_mem, width_bits: 8, depth: 16, "
     "threshold: 8, controller: dma, line: 1, source: { bytes: 256 B } }"},
    {SECTION_PERIPHERALS, "isa-pages", "pages: { type: isa-pages, bus: isa }"},
    {SECTION_PERIPHERALS, "isa-device",
     "disk: { type: isa-device, bus: isa, port: 0x300, controller: isa-dma, channel: 2, direction: "
     "to_memory, bytes: 512 B, rate: 500 kB/s, interrupt: isa-cpu }"},
    {SECTION_PERIPHERALS, "axi-stream-source",
     "converter: { type: axi-stream-source, controller: streamed, period: 4, pattern: count }"},
    {SECTION_PERIPHERALS, "axi-stream-sink",
     "panel: { type: axi-stream-sink, controller: shown, period: 2 }"},
    {SECTION_PERIPHERALS, "fifo-writer",
     "radio: { type: fifo-writer, controller: received, period: 8, gated: true }"},
    {SECTION_PERIPHERALS, "fifo-reader",
     "speaker: { type: fifo-reader, controller: played, period: 8, gated: true }"},
    {SECTION_PERIPHERALS, "sync-pulse",
     "frame: { type: sync-pulse, controller: synced, period: 1000 }"},
    {SECTION_PERIPHERALS, "outside",
     "block: { type: outside, bus: ahb, base: 0x3001_0000, size: 4 KiB }"},
    {SECTION_PERIPHERALS, "outside-line",
     "button: { type: outside-line, controller: dma, line: 5 }"},
    {SECTION_PERIPHERALS, "outside-source", "camera: { type: outside-source, controller: synced }"},
    {SECTION_PERIPHERALS, "outside-sink", "screen: { type: outside-sink, controller: taken }"},
    {SECTION_PERIPHERALS, "outside-interrupt",
     "timer: { type: outside-interrupt, interrupt: cpu }"},
    {SECTION_PERIPHERALS, "ahb-to-axi",
     "window: { type: ahb-to-axi, bus: ahb, base: 0x6000_0000, size: 64 KiB, target: registers }"},
    {SECTION_PERIPHERALS, "axi-to-ahb",
     "back: { type: axi-to-ahb, bus: axi, base: 0x2000_0000, size: 64 KiB, target: ahb }"},
    {SECTION_WORK, "memcpy",
     "- memcpy: { name: first, controller: dma, from: sram, to: sram + 0x1000, bytes: 1 KiB, "
     "burst: 16 }"},
    {SECTION_WORK, "slave_sg",
     "- slave_sg: { name: receive, controller: dma, peripheral: uart, after: first, segments: [{ "
     "address: sram + 0x2000, bytes: 64 B }, { address: sram + 0x3000, bytes: 64 B }] }"},
    {SECTION_WORK, "cyclic",
     "- cyclic: { name: listen, controller: dma, peripheral: uart, after: receive, buffer: sram + "
     "0x4000, bytes: 64 B, period_bytes: 32 B, periods: 2 }"},
    {SECTION_WORK, "interleaved",
     "- interleaved: { name: tile, controller: copier, from: shared, to: shared + 0x4000, "
     "chunk_bytes: 64 B, frames: 4, source_gap: 64 B }"},
    {SECTION_WORK, "program",
     "- program: { name: by-hand, after: listen, steps: [{ op: read, to: dma.COMP_VERSION }, { op: "
     "write, to: sram + 0x5000, value: 0x1234 }, { op: expect, to: sram + 0x5000, value: 0x1234 }] "
     "}"},
    {.text = NULL},
};

const char *scenario_example(enum component_section section, const char *type)
{
    for (const struct scenario_example *one = scenario_examples; one->text; one++)
        if (one->section == section && strcmp(one->type, type) == 0)
            return one->text;
    return NULL;
}
