// SPDX-License-Identifier: BSD-2-Clause
#include "moved.h"

#include <algorithm>
#include <filesystem>
#include <sstream>

const std::string &moved_memory::of(const char *key) const
{
    static const std::string none;
    const auto found = was.find(key);
    return found == was.end() ? none : found->second;
}

uint64_t moved_memory::number(const char *key) const
{
    return std::stoull(of(key), nullptr, 0);
}

static bool keep(void *context, const char *text, size_t length)
{
    static_cast<std::string *>(context)->append(text, length);
    return true;
}

static size_t indent_of(const std::string &line)
{
    const size_t at = line.find_first_not_of(' ');
    return at == std::string::npos ? line.size() : at;
}

// The parameters of a component at `at`, which is left after it.
static moved_memory take(const std::vector<std::string> &lines, size_t &at)
{
    moved_memory memory;
    memory.name = lines[at].substr(2, lines[at].find(':') - 2);
    for (at++; at < lines.size() && indent_of(lines[at]) > 2 && !lines[at].empty(); at++) {
        const size_t colon = lines[at].find(": ");
        if (indent_of(lines[at]) != 4)
            continue;
        if (colon == std::string::npos)
            memory.was[lines[at].substr(4, lines[at].size() - 5)] = "(more)";
        else
            memory.was[lines[at].substr(4, colon - 4)] = lines[at].substr(colon + 2);
    }
    return memory;
}

static std::string outside(const moved_memory &memory)
{
    std::string text = "  " + memory.name + ": { type: outside, bus: " + memory.of("bus") +
                       ", base: " + memory.of("base") + ", size: " + memory.of("size");
    const std::string type = memory.of("type");
    if (type == "sram")
        text += ", early_writes: true";
    if (type == "isa-memory")
        text += ", ready_first: true, wait_states: " + memory.of("wait_states");
    if (type == "axi-memory")
        text += ", outstanding_reads: " + memory.of("read_max") +
                ", outstanding_writes: " + memory.of("write_max");
    if (type == "axi-sram")
        text += ", outstanding_reads: " + memory.of("outstanding_reads") +
                ", outstanding_writes: " + memory.of("outstanding_writes");
    return text + " }\n";
}

// The timing of the others is no constant.
static bool can_move(const moved_memory &memory)
{
    const std::string &type = memory.of("type");
    const bool known =
        type == "sram" || type == "axi-sram" || type == "axi-memory" || type == "isa-memory";
    const std::string &errors = memory.of("errors"), &shares = memory.of("shares");
    return known && (errors.empty() || errors == "[]") && (shares.empty() || shares == "none");
}

moved_scenario move_out(const std::string &path, const std::vector<std::string> &overrides)
{
    dmasim_error error;
    std::vector<const char *> texts;
    for (const std::string &each : overrides)
        texts.push_back(each.c_str());
    dmasim_options options{};
    options.overrides = texts.data();
    options.override_count = texts.size();
    dmasim_simulation *sim = dmasim_create(path.c_str(), &options, &error);
    if (!sim)
        throw dmasim::error(error.code, error.text);
    std::string resolved, line;
    dmasim_write_resolved(sim, nullptr, keep, &resolved);
    std::istringstream stream(resolved);
    std::vector<std::string> lines;
    while (std::getline(stream, line))
        lines.push_back(line);
    moved_scenario moved;
    moved.text.name = path;
    moved.text.directory = std::filesystem::path(path).parent_path();
    bool memories = false, buses = false;
    std::string bus;
    std::map<std::string, unsigned> widths;
    for (size_t at = 0; at < lines.size();) {
        if (!lines[at].empty() && indent_of(lines[at]) == 0) {
            memories = lines[at] == "memories:";
            buses = lines[at] == "buses:";
        }
        if (buses && indent_of(lines[at]) == 2)
            bus = lines[at].substr(2, lines[at].find(':') - 2);
        if (buses && lines[at].rfind("    width: ", 0) == 0)
            widths[bus] = static_cast<unsigned>(std::stoul(lines[at].substr(11)));
        if (lines[at].rfind("directory:", 0) == 0) {
            at++;
            continue;
        }
        const size_t from = at;
        if (memories && indent_of(lines[at]) == 2 && !lines[at].empty()) {
            moved_memory memory = take(lines, at);
            if (can_move(memory)) {
                uint64_t length = 0;
                const void *bytes = dmasim_memory(sim, memory.name.c_str(), &length);
                memory.bytes.assign(static_cast<const uint8_t *>(bytes),
                                    static_cast<const uint8_t *>(bytes) + length);
                struct dmasim_component component;
                dmasim_component_find(sim, memory.name.c_str(), &component);
                memory.base = component.base;
                memory.period_ps = component.period_ps;
                memory.phase_ps = component.phase_ps;
                memory.width_bits = widths[memory.of("bus")];
                moved.text.yaml += outside(memory);
                moved.memories.push_back(memory);
                continue;
            }
            for (size_t i = from; i < at; i++)
                moved.text.yaml += lines[i] + "\n";
            continue;
        }
        moved.text.yaml += lines[at++] + "\n";
    }
    dmasim_destroy(sim);
    return moved;
}

sc_core::sc_time wait_of(moved_memory &memory, const tlm::tlm_generic_payload &payload)
{
    const std::string &type = memory.of("type");
    const bool write = payload.is_write();
    const auto &bus = *payload.get_extension<dmasim::bus_extension>();
    uint64_t cycles;
    if (type == "sram") {
        cycles = memory.number(write ? (bus.sequential ? "write_next" : "write_first")
                                     : (bus.sequential ? "read_next" : "read_first"));
    } else if (type == "isa-memory") {
        cycles = 0; // the bus has them
    } else {
        // Asked at the edge that ends cycle n, the first R or B shows in n + latency; a synchronous array takes one cycle
        // more. Reads wait for the bursts before them.
        cycles = memory.number(write ? "write_latency" : "read_latency") + (type == "axi-sram") - 1;
        if (!write) {
            const uint64_t now = sc_core::sc_time_stamp().value() / memory.period_ps;
            const uint64_t shows = std::max(now + cycles, memory.free_at);
            memory.free_at = shows + bus.beats;
            cycles = shows - now;
        }
    }
    return sc_core::sc_time::from_value(cycles * memory.period_ps);
}
