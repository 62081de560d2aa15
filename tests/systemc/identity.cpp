// SPDX-License-Identifier: BSD-2-Clause
//
// identity MODE SCENARIO FOLDER [PATH=VALUE...]: runs a scenario in SystemC, with results of every kind in FOLDER.
//   inside      all of it in one module
//   outside     its memories are at_memory: on AXI with all four phases, so that they overlap; elsewhere with the
//               response ahead, so that HRDATA shows it while HREADY is low
//   pins        the same, but memories on AHB are ahb_slave, at the signals of the bus
//   loose       as outside, by b_transport and with a quantum
#include "moved.h"

#include <dmasim/ahb_pins.h>

#include "ahb_pair.h"
#include "at_memory.h"

#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>

// Has the scenario a controller that tells events?
static bool has_events(const std::string &path)
{
    std::ifstream file(path);
    const std::string text((std::istreambuf_iterator<char>(file)),
                           std::istreambuf_iterator<char>());
    return text.find("adi,axi-dmac") != std::string::npos;
}

// A memory of an AHB at its signals.
template <typename Data, unsigned Bits = 8 * sizeof(Data)>
static std::shared_ptr<void> at_pins(dmasim::system &system, const moved_memory &memory)
{
    dmasim::ahb_timing timing;
    timing.period = sc_core::sc_time::from_value(memory.period_ps);
    timing.phase = sc_core::sc_time::from_value(memory.phase_ps);
    auto pair = std::make_shared<ahb_pair<Data, Bits>>(memory.name, memory.base,
                                                       memory.bytes.size(), timing);
    const auto waits = [&memory](const char *key) {
        return static_cast<unsigned>(memory.number(key));
    };
    pair->slave.bytes = memory.bytes;
    pair->slave.waits = {waits("read_first"), waits("read_next"), waits("write_first"),
                         waits("write_next")};
    system.slave(memory.name).bind(pair->pins.socket);
    return pair;
}

static std::shared_ptr<void> at_pins_of_width(dmasim::system &system, const moved_memory &memory)
{
    switch (memory.width_bits) {
    case 8:
        return at_pins<uint8_t>(system, memory);
    case 16:
        return at_pins<uint16_t>(system, memory);
    case 32:
        return at_pins<uint32_t>(system, memory);
    case 64:
        return at_pins<uint64_t>(system, memory);
    default:
        return at_pins<sc_dt::sc_biguint<128>, 128>(system, memory);
    }
}

static int run(const std::string &mode, const std::string &path, const std::string &folder,
               const std::vector<std::string> &overrides)
{
    dmasim::options how;
    how.stop_at_end = true;
    how.results = folder;
    how.trace.vcd = how.trace.cycles = how.trace.bus = true;
    how.trace.events = has_events(path);
    how.trace.transfers = how.trace.summary = true;
    if (mode == "inside") {
        how.overrides = overrides;
        dmasim::system all("system", path, how);
        sc_core::sc_start();
        return 0;
    }
    how.loosely_timed = mode == "loose";
    tlm::tlm_global_quantum::instance().set(sc_core::sc_time(1, sc_core::SC_US));
    moved_scenario moved = move_out(path, overrides);
    dmasim::system system("system", moved.text, how);
    std::vector<std::unique_ptr<at_memory>> memories;
    std::vector<std::shared_ptr<void>> pins;
    for (moved_memory &each : moved.memories) {
        if (mode == "pins" && each.of("type") == "sram") {
            pins.push_back(at_pins_of_width(system, each));
            continue;
        }
        memories.push_back(std::make_unique<at_memory>(
            each.name.c_str(), each.base, each.bytes.size(),
            each.of("type").rfind("axi", 0) == 0 ? at_memory::phases : at_memory::early));
        at_memory &memory = *memories.back();
        memory.bytes = each.bytes;
        memory.latency = [&each](tlm::tlm_generic_payload &payload) {
            return wait_of(each, payload);
        };
        system.slave(each.name).bind(memory.socket);
    }
    sc_core::sc_start();
    unsigned long long transactions = 0;
    for (const auto &each : memories)
        transactions += each->transactions;
    std::printf("%zu memories outside, %llu transactions, %zu at pins\n", memories.size(),
                transactions, pins.size());
    return transactions > 0 || memories.empty() ? 0 : 1;
}

int sc_main(int count, char **arguments)
{
    if (count < 4)
        return 2;
    try {
        return run(arguments[1], arguments[2], arguments[3], {arguments + 4, arguments + count});
    } catch (const std::exception &error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
}
