// SPDX-License-Identifier: BSD-2-Clause
//
// platform: a processor, a DesignWare AHB DMA controller, and a memory of somebody else's.
//
//   processor ---> registers |            |
//       ^                    | controller | m0 ---> at_memory
//       '------------- irq   |            |
//
// platform [loose]: approximately timed, or loosely. The processor copies 1 KiB by channel 0, sleeps until the interrupt,
// and compares.
#include <dmasim/systemc.h>

#include "at_memory.h"
#include "processor.h"

#include <cstdio>
#include <cstring>
#include <string>

namespace
{

enum : uint64_t {
    SAR = 0x00,
    DAR = 0x08,
    CTL_LO = 0x18,
    CTL_HI = 0x1c,
    CFG_LO = 0x40,
    MASK_TFR = 0x310,
    CLEAR_TFR = 0x338,
    DMA_CFG = 0x398,
    CH_EN = 0x3a0
};

constexpr uint32_t ram = 0x20000000, bytes = 1024;

dmasim::controller_options chip()
{
    dmasim::controller_options what;
    what.type = "snps,dw-dmac";
    what.parameters = "channels: 2\nmax_block: 1023";
    return what;
}

dmasim::options timing(bool loose)
{
    dmasim::options how;
    how.loosely_timed = loose;
    return how;
}

SC_MODULE(platform)
{
    SC_HAS_PROCESS(platform);

    processor cpu;
    dmasim::controller dma;
    at_memory memory;
    sc_core::sc_signal<bool> irq;
    bool good = false;

    platform(sc_core::sc_module_name, bool loose)
        : cpu("cpu", loose), dma("dma", chip(), timing(loose)),
          memory("memory", ram, 64 * 1024, at_memory::phases), irq("irq")
    {
        cpu.socket.bind(dma.registers());
        dma.memory("m0").bind(memory.socket);
        dma.irq().bind(irq);
        memory.latency = [](tlm::tlm_generic_payload &) {
            return sc_core::sc_time(20, sc_core::SC_NS);
        };
        for (uint32_t i = 0; i < bytes; i++)
            memory.bytes[i] = static_cast<uint8_t>(7 * i + i / 256);
        SC_THREAD(program);
    }

    void program()
    {
        cpu.store(DMA_CFG, 1);
        cpu.store(SAR, ram);
        cpu.store(DAR, ram + 4096);
        cpu.store(CTL_LO, 1 | 2 << 1 | 2 << 4 | 2 << 11 | 2 << 14); // words, bursts of 8, interrupt
        cpu.store(CTL_HI, bytes / 4);
        cpu.store(CFG_LO, 0xc00); // no handshakes
        cpu.store(MASK_TFR, 0x101);
        cpu.store(CH_EN, 0x101);
        while (!irq.read())
            wait(irq.posedge_event());
        const sc_core::sc_time done = sc_core::sc_time_stamp();
        cpu.store(CLEAR_TFR, 1);
        while (irq.read())
            wait(irq.negedge_event());
        good = std::memcmp(&memory.bytes[0], &memory.bytes[4096], bytes) == 0;
        std::printf("%u bytes copied at %s, %s, %llu transactions\n", bytes,
                    done.to_string().c_str(), good ? "equal" : "not equal",
                    static_cast<unsigned long long>(memory.transactions));
        sc_core::sc_stop();
    }
};

} // namespace

int sc_main(int count, char **arguments)
{
    const bool loose = count > 1 && std::string(arguments[1]) == "loose";
    tlm::tlm_global_quantum::instance().set(sc_core::sc_time(1, sc_core::SC_US));
    platform all("platform", loose);
    sc_core::sc_start();
    return all.good ? 0 : 1;
}
