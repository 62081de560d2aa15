// SPDX-License-Identifier: BSD-2-Clause
//
// transfers NAME: controllers by themselves, with what is around them in SystemC: streams of an ADI AXI DMAC, a device at DREQ
// and DACK of an 8237A, attributes of AXI both ways. Without a name it lists them. Monitors watch every socket.
#include <dmasim/systemc.h>

#include "at_memory.h"
#include "case.h"
#include "monitor.h"
#include "processor.h"

#include <cstdio>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>

namespace
{

struct wrong : std::runtime_error {
    using std::runtime_error::runtime_error;
};

void must(bool holds, const std::string &what)
{
    if (!holds)
        throw wrong(what);
}

void must_keep(const monitor &watched)
{
    must(watched.broken.empty() && watched.open() == 0,
         std::string(watched.name()) + ": " + watched.first + ", " +
             std::to_string(watched.open()) + " open");
}

void spawn(const std::function<void()> &what)
{
    sc_core::sc_spawn(what, sc_core::sc_gen_unique_name("spawned"));
}

void run(const bool &done, const char *what)
{
    sc_core::sc_start(10, sc_core::SC_MS);
    must(done, what);
}

// ---- an ADI AXI DMAC -----------------------------------------------------------------------------------

// By offset.
enum : uint64_t {
    IRQ_MASK = 0x80,
    IRQ_PENDING = 0x84,
    CONTROL = 0x400,
    SUBMIT = 0x408,
    FLAGS = 0x40c,
    DEST_ADDRESS = 0x410,
    SRC_ADDRESS = 0x414,
    X_LENGTH = 0x418
};

constexpr uint32_t bytes = 1000 * 8;

uint8_t pattern(unsigned i)
{
    return static_cast<uint8_t>(5 * i + i / 256);
}

void start(processor &cpu, uint32_t flags)
{
    cpu.store(IRQ_MASK, 1);
    cpu.store(CONTROL, 1);
    cpu.store(DEST_ADDRESS, 0x1000);
    cpu.store(SRC_ADDRESS, 0x1000);
    cpu.store(X_LENGTH, bytes - 1);
    cpu.store(FLAGS, flags);
    cpu.store(SUBMIT, 1);
}

void until_done(processor &cpu, sc_core::sc_signal<bool> &irq)
{
    while (!irq.read())
        sc_core::wait(irq.posedge_event());
    cpu.store(IRQ_PENDING, 3);
    while (irq.read())
        sc_core::wait(irq.negedge_event());
}

// A peripheral sends packets, now by the four phases and now blocking, with pauses; all of them arrive in memory.
void stream(bool blocking)
{
    dmasim::controller_options what;
    what.type = "adi,axi-dmac";
    what.parameters = "source: stream\nsource_width: 64";
    what.width = 64;
    dmasim::controller dma("dma", what);
    at_memory memory("memory", 0, 0x10000, at_memory::phases);
    processor cpu("cpu"), radio("radio", blocking);
    monitor written("written"), sent("sent"), set("set");
    sc_core::sc_signal<bool> irq("irq");
    cpu.socket.bind(set.in);
    set.out.bind(dma.registers());
    dma.memory("destination").bind(written.in);
    written.out.bind(memory.socket);
    radio.socket.bind(sent.in);
    sent.out.bind(dma.source());
    dma.irq().bind(irq);
    bool done = false;
    spawn([&] {
        start(cpu, 0);
        until_done(cpu, irq);
        done = true;
        sc_core::sc_stop();
    });
    spawn([&] {
        uint8_t packet[104];
        for (unsigned at = 0, length = 8; at < bytes;
             at += length, length = 8 + (length + 16) % 96) {
            length = std::min(length, bytes - at);
            for (unsigned i = 0; i < length; i++)
                packet[i] = pattern(at + i);
            must(radio.transport(true, 0, packet, length) == tlm::TLM_OK_RESPONSE, "a packet");
            if (at % 5 == 0)
                sc_core::wait(1300, sc_core::SC_NS);
        }
    });
    run(done, "no interrupt");
    for (unsigned i = 0; i < bytes; i++)
        must(memory.bytes[0x1000 + i] == pattern(i), "byte " + std::to_string(i));
    must_keep(written);
    must_keep(sent);
    must_keep(set);
}

void stream_timed()
{
    stream(false);
}
void stream_blocking()
{
    stream(true);
}

// A peripheral that is slow now and then takes a stream, whole and in order, with one TLAST at its end.
void sink()
{
    dmasim::controller_options what;
    what.type = "adi,axi-dmac";
    what.parameters = "destination: stream\ndestination_width: 32";
    what.width = 64;
    dmasim::controller dma("dma", what);
    at_memory memory("memory", 0, 0x10000, at_memory::phases),
        display("display", 0, 4, at_memory::completed);
    processor cpu("cpu");
    monitor read("read"), shown("shown");
    sc_core::sc_signal<bool> irq("irq");
    cpu.socket.bind(dma.registers());
    dma.memory("source").bind(read.in);
    read.out.bind(memory.socket);
    dma.destination().bind(shown.in);
    shown.out.bind(display.socket);
    dma.irq().bind(irq);
    std::vector<uint8_t> taken;
    unsigned lasts = 0;
    bool last = false, done = false;
    display.other = [&](tlm::tlm_generic_payload &payload) {
        const auto *beat = payload.get_extension<dmasim::stream_extension>();
        taken.insert(taken.end(), payload.get_data_ptr(),
                     payload.get_data_ptr() + payload.get_data_length());
        last = beat && beat->last;
        lasts += last;
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
        return true;
    };
    display.latency = [&](tlm::tlm_generic_payload &) {
        return sc_core::sc_time(taken.size() % 100 == 0 ? 900 : 10, sc_core::SC_NS);
    };
    for (unsigned i = 0; i < bytes; i++)
        memory.bytes[0x1000 + i] = pattern(i);
    spawn([&] {
        start(cpu, 2); // TLAST
        until_done(cpu, irq);
        sc_core::wait(2, sc_core::SC_US);
        done = true;
        sc_core::sc_stop();
    });
    run(done, "no interrupt");
    must(taken.size() == bytes && last && lasts == 1,
         std::to_string(taken.size()) + " bytes, " + std::to_string(lasts) + " ends");
    for (unsigned i = 0; i < bytes; i++)
        must(taken[i] == pattern(i), "byte " + std::to_string(i));
    must_keep(read);
    must_keep(shown);
}

// ---- an 8237A ------------------------------------------------------------------------------------------

// A device with bytes now and then: it asks while it has two, so that demand mode stops and goes on; EOP ends it.
void demand_8237()
{
    constexpr unsigned total = 200, channel = 2;
    dmasim::controller_options what;
    what.type = "intel,8237a";
    what.period = sc_core::sc_time(210, sc_core::SC_NS);
    what.width = 8;
    what.lines = {channel};
    dmasim::controller dma("dma", what);
    at_memory memory("memory", 0, 0x20000, at_memory::early),
        floppy("floppy", 0, 1, at_memory::early);
    processor cpu("cpu");
    monitor stored("stored"), read("read"), set("set");
    sc_core::sc_signal<bool> dreq("dreq"), dack("dack"), eop("eop");
    cpu.socket.bind(set.in);
    set.out.bind(dma.registers());
    dma.memory("memory").bind(stored.in);
    stored.out.bind(memory.socket);
    dma.request(channel).burst.bind(dreq);
    dma.request(channel).ack.bind(dack);
    dma.request(channel).finish.bind(eop);
    dma.request(channel).data.bind(read.in);
    read.out.bind(floppy.socket);
    std::deque<uint8_t> fifo;
    sc_core::sc_event changed;
    unsigned given = 0, taken = 0, underruns = 0, rises = 0, ends = 0;
    bool done = false;
    floppy.other = [&](tlm::tlm_generic_payload &payload) {
        underruns += fifo.empty();
        if (!fifo.empty()) {
            *payload.get_data_ptr() = fifo.front();
            fifo.pop_front();
        }
        taken++;
        changed.notify(sc_core::SC_ZERO_TIME);
        payload.set_response_status(tlm::TLM_OK_RESPONSE);
        return true;
    };
    spawn([&] {
        for (; given < total; given++) {
            if (given % 32 == 20)
                sc_core::wait(40, sc_core::SC_US);
            sc_core::wait(400, sc_core::SC_NS);
            fifo.push_back(pattern(given));
            changed.notify(sc_core::SC_ZERO_TIME);
        }
    });
    spawn([&] {
        for (;;) {
            sc_core::wait(changed);
            const bool asks = fifo.size() >= 2 || (given == total && !fifo.empty());
            rises += asks && !dreq.read();
            dreq.write(asks);
        }
    });
    spawn([&] {
        for (;;) {
            sc_core::wait(eop.posedge_event());
            ends++;
        }
    });
    spawn([&] {
        const auto out = [&](uint64_t port, unsigned value) {
            uint8_t byte = static_cast<uint8_t>(value);
            must(cpu.transport(true, port, &byte, 1) == tlm::TLM_OK_RESPONSE, "a port");
        };
        out(0x0c, 0);
        out(0x0b, channel | 1 << 2); // demand, from the device to memory
        out(0x04, 0x00);
        out(0x04, 0x12);
        out(0x81, 0x01); // page
        out(0x05, total - 1);
        out(0x05, 0);
        out(0x0a, channel);
        uint8_t status = 0;
        do {
            sc_core::wait(1, sc_core::SC_US);
            cpu.transport(false, 0x08, &status, 1);
        } while (!(status >> channel & 1));
        done = true;
        sc_core::sc_stop();
    });
    run(done, "no terminal count");
    must(taken == total && underruns == 0,
         std::to_string(taken) + " bytes, " + std::to_string(underruns) + " underruns");
    must(rises > 4 && ends == 1, "it has not stopped in between, or not ended once");
    for (unsigned i = 0; i < total; i++)
        must(memory.bytes[0x11200 + i] == pattern(i), "byte " + std::to_string(i));
    must_keep(stored);
    must_keep(read);
    must_keep(set);
}

// ---- attributes ----------------------------------------------------------------------------------------

// What an initiator asks for at a master socket is what a target is told at a slave socket; AXI4-Lite and AHB leave out what they
// have no wires for, and the access is made.
void attributes()
{
    dmasim::text three;
    three.yaml = "clocks: { clk: { frequency: 100 MHz } }\n"
                 "buses: { axi: { type: axi, clock: clk }, lite: { type: axi, clock: clk, lite: "
                 "true }, ahb: { clock: clk } }\n"
                 "masters: { m_axi: { type: outside, bus: axi }, m_lite: { type: outside, bus: "
                 "lite }, m_ahb: { type: outside, bus: ahb } }\n"
                 "memories:\n"
                 "  s_axi: { type: outside, bus: axi, base: 0, size: 4 KiB }\n"
                 "  s_lite: { type: outside, bus: lite, base: 0, size: 4 KiB }\n"
                 "  s_ahb: { type: outside, bus: ahb, base: 0, size: 4 KiB }\n";
    dmasim::system model("model", three);
    std::vector<std::unique_ptr<processor>> cpus;
    std::vector<std::unique_ptr<at_memory>> memories;
    std::map<std::string, dmasim::bus_extension> told;
    dmasim::bus_extension asked;
    asked.privileged = true;
    asked.id = 0x1234;
    asked.prot = 2;
    asked.cache = 11;
    asked.qos = 7;
    for (const std::string name : {"axi", "lite", "ahb"}) {
        cpus.push_back(std::make_unique<processor>(("cpu_" + name).c_str()));
        memories.push_back(
            std::make_unique<at_memory>(("memory_" + name).c_str(), 0, 4096, at_memory::early));
        cpus.back()->prepare = [&asked](tlm::tlm_generic_payload &payload) {
            payload.set_auto_extension(new dmasim::bus_extension(asked));
        };
        cpus.back()->socket.bind(model.master("m_" + name));
        model.slave("s_" + name).bind(memories.back()->socket);
        memories.back()->latency = [&told, name](tlm::tlm_generic_payload &payload) {
            told[name] = *payload.get_extension<dmasim::bus_extension>();
            return sc_core::SC_ZERO_TIME;
        };
    }
    unsigned done = 0;
    for (const auto &each : cpus) {
        processor *cpu = each.get();
        spawn([cpu, &done] {
            cpu->store(0x10, 0x12345678);
            done += cpu->load(0x10) == 0x12345678;
        });
    }
    sc_core::sc_start(1, sc_core::SC_US);
    must(done == 3, std::to_string(done) + " of 3 accesses");
    const dmasim::bus_extension &axi = told["axi"], &lite = told["lite"], &ahb = told["ahb"];
    must(axi.id == 0x1234 && axi.prot == 3 && axi.cache == 11 && axi.qos == 7 && axi.privileged &&
             axi.kind == dmasim::bus_extension::axi && axi.address == 0x10,
         "AXI");
    must(lite.id == 0 && lite.prot == 3 && lite.cache == 0 && lite.qos == 0, "AXI4-Lite");
    must(ahb.prot == 2 && ahb.privileged && ahb.kind == dmasim::bus_extension::ahb, "AHB");
}

const struct {
    const char *name;
    void (*run)();
} cases[] = {{"stream", stream_timed},
             {"stream-blocking", stream_blocking},
             {"sink", sink},
             {"8237a", demand_8237},
             {"attributes", attributes}};

} // namespace

int sc_main(int count, char **arguments)
{
    return run_case(cases, count, arguments);
}
