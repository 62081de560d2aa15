// SPDX-License-Identifier: BSD-2-Clause
//
// controller: a scenario that is written here, of one controller and ports around it.
//
//   snps,dw-dmac     registers on an AHB of their own; each master port on one, whose only slave is all addresses
//   adi,axi-dmac     registers on an AXI4-Lite; each port on an AXI of its own
//   intel,8237a      all of it on one ISA bus; whoever accesses the registers is its CPU
#include "model.h"

#include <map>
#include <sstream>

namespace dmasim
{

namespace
{

std::map<std::string, std::string> keys_of(const std::string &parameters)
{
    std::map<std::string, std::string> keys;
    std::istringstream lines(parameters);
    for (std::string line; std::getline(lines, line);) {
        const size_t from = line.find_first_not_of(' '), colon = line.find(": ");
        if (from == std::string::npos || colon == std::string::npos)
            continue;
        std::string value = line.substr(colon + 2);
        value.erase(value.find_last_not_of(" \t\r") + 1);
        keys[line.substr(from, colon - from)] = value;
    }
    return keys;
}

std::string indented(const std::string &parameters)
{
    std::string text;
    std::istringstream lines(parameters);
    for (std::string line; std::getline(lines, line);)
        text += "    " + line + "\n";
    return text;
}

// What is written so far.
struct sections {
    std::string buses, controller, memories, masters, peripherals;

    void bus(const std::string &name, const std::string &rest)
    {
        buses += "  " + name + "_bus: { clock: clock, " + rest + " }\n";
    }
    void memory(const std::string &name, const std::string &bus, const std::string &rest)
    {
        memories +=
            "  " + name + ": { type: outside, bus: " + bus + "_bus, base: 0, " + rest + " }\n";
    }
};

void ahb(sections &made, const controller_options &what)
{
    made.bus("registers", "type: ahb");
    made.controller += "    bus: registers_bus\n    base: 0\n    masters: [";
    for (unsigned i = 0; i < what.masters; i++) {
        const std::string name = "m" + std::to_string(i);
        made.bus(name, "type: ahb, width: " + std::to_string(what.width));
        made.memory(name, name, "size: 4 GiB, early_writes: true");
        made.controller += (i ? ", " : "") + name + "_bus";
    }
    made.controller += "]\n";
}

void axi(sections &made, const controller_options &what)
{
    std::map<std::string, std::string> keys = keys_of(what.parameters);
    made.bus("registers", "type: axi, width: 32, lite: true");
    made.controller += "    bus: registers_bus\n    base: 0\n";
    const std::string all = "size: 1024 GiB, outstanding_reads: 64, outstanding_writes: 64";
    for (const std::string side : {"source", "destination"}) {
        if (keys[side] == "fifo")
            throw error(DMASIM_INVALID, "a FIFO interface has no socket: " + side + ": fifo");
        if (keys[side] == "stream") {
            made.peripherals += "  " + side + ": { type: outside-" +
                                (side == "source" ? "source" : "sink") + ", controller: dma }\n";
            continue;
        }
        made.bus(side, "type: axi, width: " + std::to_string(what.width));
        made.memory(side, side, all);
        made.controller += "    " + side + "_bus: " + side + "_bus\n";
    }
    if (keys.count("descriptor_bus")) {
        made.bus("descriptors", "type: axi, width: 64");
        made.memory("descriptors", "descriptors", all);
    }
}

void isa(sections &made, const controller_options &what)
{
    made.bus("isa", "type: isa, width: " + std::to_string(what.width > 8 ? 16 : 8));
    made.controller += "    bus: isa_bus\n    pages: pages\n";
    made.memory("memory", "isa", "size: 16 MiB, ready_first: true");
    made.peripherals += "  pages: { type: isa-pages, bus: isa_bus, port: 0x80, machine: xt }\n";
}

// Devices may be behind its masters.
options bytes_of(options how)
{
    how.words = false;
    return how;
}

text scenario_of(const std::string &name, const controller_options &what)
{
    sections made;
    const bool is_isa = what.type == "intel,8237a";
    if (what.type == "snps,dw-dmac")
        ahb(made, what);
    else if (what.type == "adi,axi-dmac")
        axi(made, what);
    else if (is_isa)
        isa(made, what);
    else
        throw error(DMASIM_INVALID, "no controller type \"" + what.type +
                                        "\"; there are: snps,dw-dmac, adi,axi-dmac, intel,8237a");
    for (unsigned each : what.lines)
        made.peripherals +=
            "  line" + std::to_string(each) +
            ": { type: outside-line, controller: dma, line: " + std::to_string(each) + " }\n";
    const auto period_ps =
        static_cast<unsigned long long>(what.period / sc_core::sc_time(1, sc_core::SC_PS) + 0.5);
    text scenario;
    scenario.name = name;
    scenario.yaml =
        "clocks:\n  clock: { period: " + std::to_string(period_ps) + " ps }\nbuses:\n" +
        made.buses + "controllers:\n  dma:\n    type: \"" + what.type + "\"\n" + made.controller +
        indented(what.parameters) +
        "masters:\n  host: { type: outside, bus: " + (is_isa ? "isa_bus" : "registers_bus") +
        ", queue: 16 }\nmemories:\n" + (made.memories.empty() ? "" : made.memories);
    if (made.memories.empty())
        scenario.yaml.erase(scenario.yaml.size() - std::string("memories:\n").size());
    if (!made.peripherals.empty())
        scenario.yaml += "peripherals:\n" + made.peripherals;
    return scenario;
}

} // namespace

controller::controller(const sc_core::sc_module_name &name, const controller_options &what,
                       const options &how)
    : system(name, scenario_of(std::string(static_cast<const char *>(name)), what), bytes_of(how))
{
    if (what.type == "intel,8237a")
        offset_addresses(0x80000000);
}

master_socket &controller::registers()
{
    return master("host");
}

slave_socket &controller::memory(const std::string &master)
{
    return slave(master);
}

line &controller::request(unsigned number)
{
    return request_line("line" + std::to_string(number));
}

} // namespace dmasim
