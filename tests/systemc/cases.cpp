// SPDX-License-Identifier: BSD-2-Clause
//
// cases NAME: one statement of docs/systemc.md each, in a simulation of its own; without a name it lists them.
#include <dmasim/systemc.h>

#include "at_memory.h"
#include "case.h"
#include "monitor.h"
#include "processor.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <unistd.h>

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

bool has(const std::string &text, const char *part)
{
    return text.find(part) != std::string::npos;
}

// What it throws.
std::string thrown(const std::function<void()> &what)
{
    try {
        what();
    } catch (const std::exception &error) {
        return error.what();
    }
    throw wrong("nothing was thrown");
}

dmasim::text plain(const char *more = "")
{
    dmasim::text made;
    made.name = "plain.yaml";
    made.yaml =
        "clocks: { clk: { frequency: 100 MHz } }\nbuses: { ahb: { clock: clk, arbiter: { "
        "default_master: host } } }\n"
        "controllers: { dma: { bus: ahb, base: 0x4000_0000 } }\n"
        "memories:\n  ram: { bus: ahb, base: 0x2000_0000, size: 4 KiB, fill: { pattern: count } }\n"
        "  far: { type: outside, bus: ahb, base: 0x3000_0000, size: 4 KiB, early_writes: true }\n"
        "masters: { host: { type: outside, bus: ahb } }\n";
    made.yaml += more;
    return made;
}

void spawn(const std::function<void()> &what)
{
    sc_core::sc_spawn(what, sc_core::sc_gen_unique_name("spawned"));
}

// ---- a peripheral in SystemC ---------------------------------------------------------------------------

// A device that gets a byte now and then, and asks for a burst of four when it has that many. Its data register is at
// 0x1000_0000; everything else is memory.
SC_MODULE(device)
{
    SC_HAS_PROCESS(device);

    static constexpr uint64_t data_register = 0x10000000;
    static constexpr unsigned total = 64;

    at_memory memory;
    sc_core::sc_signal<bool> request, acknowledge;
    std::deque<uint8_t> fifo;
    unsigned given = 0, taken = 0, underruns = 0, requests = 0, pauses = 0;

    device(const sc_core::sc_module_name &)
        : memory("memory", 0x20000000, 4096, at_memory::completed)
    {
        memory.other = [this](tlm::tlm_generic_payload &payload) {
            if (payload.get_address() != data_register || !payload.is_read())
                return false;
            for (unsigned i = 0; i < payload.get_data_length(); i++) {
                underruns += fifo.empty();
                if (fifo.empty())
                    continue;
                payload.get_data_ptr()[i] = fifo.front();
                fifo.pop_front();
                taken++;
            }
            payload.set_response_status(tlm::TLM_OK_RESPONSE);
            return true;
        };
        SC_THREAD(gives);
        SC_THREAD(asks);
    }

    void gives()
    {
        for (; given < total; given++) {
            if (given % 16 == 10) { // in the middle of what a burst needs
                pauses++;
                wait(3, sc_core::SC_US);
            }
            wait(35, sc_core::SC_NS);
            fifo.push_back(static_cast<uint8_t>(3 * given + 1));
            arrived.notify(sc_core::SC_ZERO_TIME);
        }
    }

    // Request, data, acknowledge, request falls, acknowledge falls.
    void asks()
    {
        for (;;) {
            while (fifo.size() < 4)
                wait(arrived);
            request.write(true);
            requests++;
            wait(acknowledge.posedge_event());
            request.write(false);
            wait(acknowledge.negedge_event());
        }
    }

    sc_core::sc_event arrived;
};

void demand()
{
    dmasim::controller_options what;
    what.lines = {3};
    dmasim::controller dma("dma", what);
    device all("device");
    processor cpu("cpu");
    monitor watched("watched");
    sc_core::sc_signal<bool> irq("irq");
    cpu.socket.bind(dma.registers());
    dma.memory("m0").bind(watched.in);
    watched.out.bind(all.memory.socket);
    dma.request(3).burst.bind(all.request);
    dma.request(3).ack.bind(all.acknowledge);
    dma.irq().bind(irq);
    bool ended = false;
    spawn([&] {
        cpu.store(0x398, 1);
        cpu.store(0x00, device::data_register);
        cpu.store(0x08, 0x20000100);
        cpu.store(0x18,
                  1 | 2 << 9 | 1 << 11 | 1 << 14 | 2 << 20); // bytes, bursts of 4, device to memory
        cpu.store(0x1c, device::total);
        cpu.store(0x40, 0x400); // source by hardware
        cpu.store(0x44, 3 << 7);
        cpu.store(0x310, 0x101);
        cpu.store(0x3a0, 0x101);
        while (!irq.read())
            sc_core::wait(irq.posedge_event());
        ended = true;
        sc_core::sc_stop();
    });
    sc_core::sc_start(1, sc_core::SC_MS);
    must(ended, "no interrupt: " + std::to_string(all.taken) + " bytes were taken, " +
                    std::to_string(all.requests) + " requests");
    must(all.underruns == 0 && all.taken == device::total, "bytes were lost");
    must(all.requests == device::total / 4 && all.pauses >= 3, "it has not stopped in between");
    for (unsigned i = 0; i < device::total; i++)
        must(all.memory.bytes[0x100 + i] == static_cast<uint8_t>(3 * i + 1),
             "byte " + std::to_string(i));
    must(watched.broken.empty() && watched.open() == 0, watched.first);
}

// ---- ends in mid-transfer ------------------------------------------------------------------------------

// A memory that does something in its tenth transaction.
struct interrupted {
    dmasim::system model;
    at_memory memory{"memory", 0x30000000, 4096, at_memory::early};
    processor cpu{"cpu"};

    explicit interrupted(const std::function<void()> &what, const dmasim::options &how = {})
        : model("model", plain(), how)
    {
        model.slave("far").bind(memory.socket);
        cpu.socket.bind(model.master("host"));
        memory.latency = [this, what](tlm::tlm_generic_payload &) {
            if (memory.transactions == 10)
                what();
            return sc_core::sc_time(25, sc_core::SC_NS);
        };
        spawn([this] {
            uint8_t bytes[256] = {0};
            cpu.transport(true, 0x30000000, bytes, sizeof bytes);
        });
    }
};

void exception()
{
    interrupted all([] { throw std::runtime_error("thrown by a target"); });
    const std::string text = thrown([] { sc_core::sc_start(); });
    must(has(text, "thrown by a target"), text);
    must(all.memory.transactions == 10, "it was not in mid-transfer");
    must(dmasim_now(all.model.simulation()) > 0, "the model is not there any more");
}

void stop()
{
    const std::string folder =
        std::filesystem::temp_directory_path() / ("dmasim-systemc-" + std::to_string(::getpid()));
    dmasim::options how;
    how.results = folder;
    how.trace.bus = how.trace.vcd = true;
    {
        interrupted all([] { sc_core::sc_stop(); }, how);
        sc_core::sc_start();
        must(all.memory.transactions >= 10 && all.memory.transactions < 64,
             "it was not in mid-transfer");
    }
    const bool there = std::filesystem::file_size(folder + "/trace.vcd") > 1000 &&
                       std::filesystem::exists(folder + "/bus.csv");
    std::filesystem::remove_all(folder);
    must(there, "no results after sc_stop()");
}

void elaboration()
{
    dmasim::text idle;
    idle.yaml =
        "clocks: { clk: { frequency: 1 MHz } }\nbuses: { ahb: { clock: clk } }\nstop: 1 us\n";
    dmasim::system model("model", idle);
    sc_core::sc_start();
    const std::string text = thrown([] { dmasim::system late("late", plain()); });
    must(has(text, "E533") || has(text, "elaboration") || has(text, "running"), text);
}

// ---- what is refused -----------------------------------------------------------------------------------

void messages()
{
    dmasim::text bad =
        plain("peripherals: { x: { type: outside-line, controler: dma, line: 1 } }\n");
    std::string text = thrown([&] { dmasim::system model("a", bad); });
    must(has(text, "plain.yaml:8:") && has(text, "did you mean \"controller\""), text);
    dmasim::controller_options what;
    what.parameters = "chanels: 2";
    text = thrown([&] { dmasim::controller dma("b", what); });
    must(has(text, "did you mean \"channels\""), text);
    what.parameters = "channels: 9";
    text = thrown([&] { dmasim::controller dma("c", what); });
    must(has(text, "1 to 8"), text);
    what.type = "dw";
    must(has(thrown([&] { dmasim::controller dma("d", what); }), "there are: snps,dw-dmac"),
         "type");
    dmasim::system model("e", plain());
    text = thrown([&] { model.slave("ram"); });
    must(has(text, "no slave \"ram\"") && has(text, "far (slave)") && has(text, "host (master)"),
         text);
    text = thrown([&] { model.interrupt("dmac"); });
    must(has(text, "dma.irq"), text);
    must(has(thrown([] { dmasim::system missing("f", "/nowhere.yaml"); }), "/nowhere.yaml"),
         "file");
}

void resolution()
{
    sc_core::sc_set_time_resolution(1, sc_core::SC_NS);
    dmasim::system good("good", plain());
    dmasim::text odd = plain();
    odd.yaml.replace(odd.yaml.find("100 MHz"), 7, "4.77 MHz");
    const std::string text = thrown([&] { dmasim::system model("odd", odd); });
    must(has(text, "1 ns") && has(text, "209644 ps"), text);
}

// ---- debug, time ---------------------------------------------------------------------------------------

void debug()
{
    dmasim::system model("model", plain());
    at_memory memory("memory", 0x30000000, 4096, at_memory::early);
    processor cpu("cpu");
    monitor watched("watched");
    cpu.socket.bind(watched.in);
    watched.out.bind(model.master("host"));
    model.slave("far").bind(memory.socket);
    memory.bytes[5] = 0x77;
    bool done = false;
    spawn([&] {
        tlm::tlm_generic_payload payload;
        unsigned char data[8] = {0};
        const auto ask = [&](bool write, uint64_t address, unsigned length) {
            payload.set_command(write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
            payload.set_address(address);
            payload.set_data_ptr(data);
            payload.set_data_length(length);
            payload.set_streaming_width(length);
            return cpu.socket->transport_dbg(payload);
        };
        sc_core::wait(100, sc_core::SC_NS);
        cpu.store(0x40000398, 1);
        must(ask(false, 0x20000010, 8) == 8 && data[0] == 0x10 && data[7] == 0x17, "memory inside");
        must(ask(false, 0x30000005, 1) == 1 && data[0] == 0x77, "memory outside");
        must(ask(false, 0x40000398, 4) == 4 && data[0] == 1, "a register");
        must(ask(true, 0x40000398, 4) == 0, "a register is not written");
        must(ask(false, 0x50000000, 4) == 0, "nobody");
        data[0] = 9;
        must(ask(true, 0x20000020, 1) == 1 && ask(true, 0x30000020, 1) == 1 &&
                 memory.bytes[0x20] == 9,
             "written");
        must((cpu.load(0x20000020) & 0xff) == 9, "seen by the bus");
        must(ask(false, 0x20000ffc, 8) == 4, "up to the end of what is there");
        tlm::tlm_dmi dmi;
        must(!cpu.socket->get_direct_mem_ptr(payload, dmi) && !dmi.is_read_allowed(), "DMI");
        done = true;
    });
    sc_core::sc_start();
    must(done && watched.broken.empty() && watched.debug > 5, watched.first);
}

// A read of `ram` takes two cycles from the edge that samples it, whatever delta cycle and order it comes in.
void exact()
{
    dmasim::system model("model", plain());
    at_memory memory("memory", 0x30000000, 4096, at_memory::early);
    processor cpu("cpu", true);
    cpu.socket.bind(model.master("host"));
    model.slave("far").bind(memory.socket);
    sc_core::sc_clock other("other", 3, sc_core::SC_NS); // wakes at other times
    bool done = false;
    spawn([&] {
        const struct {
            unsigned start_ps, end_ps;
        } cases[] = {
            {1000000, 1020000}, {1200001, 1220000}, {1409999, 1420000}, {1610000, 1630000}};
        for (const auto &each : cases) {
            sc_core::wait(sc_core::sc_time(each.start_ps, sc_core::SC_PS) -
                          sc_core::sc_time_stamp());
            for (unsigned delta = 0; delta < each.start_ps % 7; delta++)
                sc_core::wait(sc_core::SC_ZERO_TIME);
            cpu.load(0x20000000);
            must(sc_core::sc_time_stamp() == sc_core::sc_time(each.end_ps, sc_core::SC_PS),
                 "started at " + std::to_string(each.start_ps) + " ps, over at " +
                     sc_core::sc_time_stamp().to_string());
        }
        done = true;
        sc_core::sc_stop();
    });
    sc_core::sc_start();
    must(done, "not done");
}

// ---- traces --------------------------------------------------------------------------------------------

// Of each signal of a VCD its changes: times in picoseconds, values without zeros in front; what was never known is 0.
using changes = std::map<std::string, std::vector<std::pair<uint64_t, std::string>>>;

changes read_vcd(const std::string &path)
{
    std::ifstream file(path);
    std::map<std::string, std::vector<std::string>> names;
    std::vector<std::string> scopes;
    changes all;
    std::string word, scale;
    uint64_t time = 0, unit = 1;
    const auto change = [&](std::string value, const std::string &code) {
        value.erase(0, std::min(value.find_first_not_of('0'), value.size() - 1));
        if (value.find_first_of("xXzZ") != std::string::npos)
            value = "0";
        for (const std::string &name : names[code]) {
            auto &list = all[name];
            if (!list.empty() && list.back().first == time)
                list.back().second = value;
            else
                list.emplace_back(time, value);
        }
    };
    while (file >> word) {
        if (word == "$scope") {
            file >> word >> word;
            scopes.push_back(word);
        } else if (word == "$upscope") {
            scopes.pop_back();
        } else if (word == "$timescale") {
            while (file >> word && word != "$end")
                scale += word;
            unit = scale.find("ns") != std::string::npos ? 1000 : 1;
            unit *= static_cast<uint64_t>(std::stoul(scale));
        } else if (word == "$var") {
            std::string code, name;
            file >> word >> word >> code >> name;
            std::string full;
            for (const std::string &scope : scopes)
                full += scope + ".";
            names[code].push_back(full + name.substr(0, name.find('[')));
        } else if (word[0] == '#') {
            time = std::stoull(word.substr(1)) * unit;
        } else if (word[0] == 'b') {
            std::string code;
            file >> code;
            change(word.substr(1), code);
        } else if (std::strchr("01xz", word[0]) && word.size() > 1) {
            change(word.substr(0, 1), word.substr(1));
        }
    }
    for (auto &signal : all) { // only what is a change
        std::string last = "0";
        std::vector<std::pair<uint64_t, std::string>> kept;
        for (const auto &each : signal.second)
            if (each.second != last) {
                kept.push_back(each);
                last = each.second;
            }
        signal.second = kept;
    }
    return all;
}

// A copy on a bus of 128 bits: what sc_trace has of the model is what its own VCD has, at the same times.
void traced()
{
    const std::string folder =
        std::filesystem::temp_directory_path() / ("dmasim-systemc-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    dmasim::options how;
    how.results = folder + "/own";
    how.trace.vcd = true;
    how.stop_at_end = true;
    dmasim::text copy;
    copy.name = "copy.yaml";
    copy.yaml = "clocks: { clk: { period: 7 ns, phase: 3 ns } }\n"
                "buses: { ahb: { clock: clk, width: 128 } }\n"
                "cpus: { host: { bus: ahb } }\n"
                "controllers: { dma: { bus: ahb, base: 0x4000_0000, interrupt: host } }\n"
                "memories: { ram: { bus: ahb, base: 0x2000_0000, size: 64 KiB, fill: { pattern: "
                "random }, read_first: 2 } }\n"
                "work: [ { memcpy: { from: 0x2000_0000, to: 0x2000_2000, bytes: 300 } } ]\n";
    std::string nowhere;
    {
        dmasim::system model("model", copy, how);
        sc_core::sc_trace_file *file =
            sc_core::sc_create_vcd_trace_file((folder + "/platform").c_str());
        file->set_time_unit(1, sc_core::SC_PS);
        model.trace(file);
        nowhere = thrown([&] { model.trace(file, "ah"); });
        sc_core::sc_start();
        must(has(thrown([&] { model.trace(file); }), "from the start"), "in mid-run");
        sc_core::sc_close_vcd_trace_file(file);
    }
    const changes own = read_vcd(folder + "/own/trace.vcd"),
                  platform = read_vcd(folder + "/platform.vcd");
    std::filesystem::remove_all(folder);
    must(has(nowhere, "no probe \"ah\"") && has(nowhere, "ahb, "), nowhere);
    size_t compared = 0, moving = 0;
    for (const auto &signal : platform) {
        const size_t at = signal.first.find("model.");
        must(at != std::string::npos, signal.first);
        const std::string name = signal.first.substr(at + 6);
        const auto found = std::find_if(own.begin(), own.end(), [&](const auto &each) {
            return each.first == name || (each.first.size() > name.size() &&
                                          each.first.compare(each.first.size() - name.size() - 1,
                                                             std::string::npos, "." + name) == 0);
        });
        must(found != own.end(), name + " is not in dmasim's own VCD");
        for (size_t i = 0; i < std::max(found->second.size(), signal.second.size()); i++) {
            const bool both = i < found->second.size() && i < signal.second.size();
            must(both && found->second[i] == signal.second[i],
                 name + ": change " + std::to_string(i) +
                     (both ? " at " + std::to_string(found->second[i].first) + " ps, " +
                                 found->second[i].second + ", is at " +
                                 std::to_string(signal.second[i].first) + " ps, " +
                                 signal.second[i].second
                           : " is in one of them only"));
        }
        compared++;
        moving += !signal.second.empty();
    }
    must(compared > 40 && moving > 20,
         std::to_string(compared) + " signals, " + std::to_string(moving) + " of them change");
}

const struct {
    const char *name;
    void (*run)();
} cases[] = {{"demand", demand},     {"exception", exception},
             {"stop", stop},         {"elaboration", elaboration},
             {"messages", messages}, {"resolution", resolution},
             {"debug", debug},       {"traced", traced},
             {"exact", exact}};

} // namespace

int sc_main(int count, char **arguments)
{
    return run_case(cases, count, arguments);
}
