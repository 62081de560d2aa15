// SPDX-License-Identifier: BSD-2-Clause
//
// pins: the memory of a platform at the signals of its AHB: a slave in plain SystemC, or the same in Verilog.
//
//   processor ---> |             dmasim::system |             signals
//                  | AHB: dw-dmac, two masters  | ahb_pins ============ ahb_slave, or ahb_memory.v
//       ^          |                            |
//       '----- irq |                            |
//
// Compiled with VERILATED it takes the memory that verilator --sc has made of ahb_memory.v. The processor writes 256 bytes,
// has them copied, reads the copy, and a word that the memory answers with ERROR. All times are the same with both.
#include <dmasim/ahb_pins.h>

#include "ahb_pair.h"
#include "processor.h"

#ifdef VERILATED
#include <Vahb_memory.h>
#endif

#include <cstdio>
#include <cstring>

namespace
{

const char scenario[] = R"(
clocks: { hclk: { frequency: 100 MHz } }
buses: { ahb: { clock: hclk } }
controllers: { dma: { type: "snps,dw-dmac", bus: ahb, base: 0x4000_0000, channels: 2 } }
memories: { ram: { type: outside, bus: ahb, base: 0x2000_0000, size: 64 KiB, early_writes: true } }
masters: { host: { type: outside, bus: ahb } }
)";

constexpr uint32_t ram = 0x20000000, dma_base = 0x40000000, bytes = 256, broken = 0xf000;

SC_MODULE(platform)
{
    SC_HAS_PROCESS(platform);

    dmasim::system model;
    dmasim::ahb_pins<> pins;
    processor cpu;
    sc_core::sc_signal<bool> irq;
    ahb_wires<uint32_t> wires;
#ifdef VERILATED
    Vahb_memory memory;
#else
    ahb_slave<> memory;
#endif
    bool good = false;

    platform(sc_core::sc_module_name)
        : model("model", dmasim::text{scenario, "pins.yaml", ""}), pins("pins"), cpu("cpu"),
#ifdef VERILATED
          memory("memory")
#else
          memory("memory", ram, 64 * 1024)
#endif
    {
#ifndef VERILATED
        memory.waits = {1, 1, 1, 1};
        memory.error_from = broken;
        memory.error_to = broken + 3;
#endif
        cpu.socket.bind(model.master("host"));
        model.slave("ram").bind(pins.socket);
        model.interrupt("dma").bind(irq);
        wires.join(pins, memory);
        SC_THREAD(program);
    }

    void said(const char *what) const
    {
        std::printf("%-8s %s\n", sc_core::sc_time_stamp().to_string().c_str(), what);
    }

    void program()
    {
        uint8_t data[bytes], copy[bytes] = {0};
        for (uint32_t i = 0; i < bytes; i++)
            data[i] = static_cast<uint8_t>(7 * i + 1);
        cpu.transport(true, ram + 1, data + 1, bytes - 1); // bytes, halfwords, words
        cpu.transport(true, ram, data, 1);
        said("written");
        cpu.store(dma_base + 0x398, 1);
        cpu.store(dma_base + 0x00, ram);
        cpu.store(dma_base + 0x08, ram + 0x1000);
        cpu.store(dma_base + 0x18, 1 | 2 << 1 | 2 << 4 | 2 << 11 | 2 << 14);
        cpu.store(dma_base + 0x1c, bytes / 4);
        cpu.store(dma_base + 0x40, 0xc00);
        cpu.store(dma_base + 0x310, 0x101);
        cpu.store(dma_base + 0x3a0, 0x101);
        while (!irq.read())
            wait(irq.posedge_event());
        said("copied");
        const bool read = cpu.transport(false, ram + 0x1000, copy, bytes) == tlm::TLM_OK_RESPONSE;
        said("read");
        const bool failed =
            cpu.transport(false, ram + broken, data, 4) == tlm::TLM_GENERIC_ERROR_RESPONSE;
        said(failed ? "an error where one is" : "no error where one is");
        good = read && failed && std::memcmp(data + 4, copy + 4, bytes - 4) == 0;
        said(good ? "equal" : "not equal");
        sc_core::sc_stop();
    }
};

} // namespace

int sc_main(int, char **)
{
    platform all("platform");
    sc_core::sc_start(1, sc_core::SC_MS);
    return all.good ? 0 : 1;
}
