// SPDX-License-Identifier: BSD-2-Clause
//
// systemc_wrapper MODE SCENARIO MEGACYCLES [LOOKAHEAD]: a scenario with a clock of 10 ns, in one of these modes:
//   native    dmasim_run() alone
//   inside    dmasim::system, all of it in the module, with a lookahead of so many microseconds, else of one
//   timed     its memories outside, approximately timed (at_memory, the response ahead), with their latencies
//   loose     the same by b_transport, with a quantum of 1 us
// Prints "cycles cpu_seconds transactions", transactions of the memories outside.
#include "moved.h"

#include "at_memory.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <memory>

static void said(double cycles, std::clock_t begun, unsigned long long transactions)
{
    std::printf("%.0f %.6f %llu\n", cycles,
                static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC, transactions);
}

static int run(const std::string &mode, const std::string &scenario, double megacycles,
               double window)
{
    const double cycles = megacycles * 1e6;
    const sc_core::sc_time length(cycles * 10, sc_core::SC_NS);
    unsigned long long transactions = 0;
    std::clock_t begun;
    if (mode == "native") {
        dmasim_error error;
        dmasim_options options{};
        options.stop_ps = DMASIM_NEVER;
        dmasim_simulation *sim = dmasim_create(scenario.c_str(), &options, &error);
        if (!sim)
            throw dmasim::error(error.code, error.text);
        begun = std::clock();
        dmasim_run(sim, length.value(), nullptr);
    } else {
        dmasim::options how;
        how.loosely_timed = mode == "loose";
        tlm::tlm_global_quantum::instance().set(sc_core::sc_time(1, sc_core::SC_US));
        std::unique_ptr<dmasim::system> system;
        std::vector<std::unique_ptr<at_memory>> memories;
        moved_scenario moved;
        if (mode == "inside") {
            how.lookahead = std::min(length, sc_core::sc_time(window, sc_core::SC_US));
            system = std::make_unique<dmasim::system>("system", scenario, how);
        } else {
            moved = move_out(scenario, {});
            system = std::make_unique<dmasim::system>("system", moved.text, how);
            for (moved_memory &each : moved.memories) {
                memories.push_back(std::make_unique<at_memory>(
                    each.name.c_str(), each.base, each.bytes.size(), at_memory::early));
                memories.back()->bytes = each.bytes;
                memories.back()->latency = [&each](tlm::tlm_generic_payload &payload) {
                    return wait_of(each, payload);
                };
                system->slave(each.name).bind(memories.back()->socket);
            }
        }
        begun = std::clock();
        sc_core::sc_start(length);
        for (const auto &each : memories)
            transactions += each->transactions;
        said(cycles, begun, transactions);
        return 0;
    }
    said(cycles, begun, transactions);
    return 0;
}

int sc_main(int count, char **arguments)
{
    if (count < 4)
        return 2;
    try {
        return run(arguments[1], arguments[2], std::stod(arguments[3]),
                   count > 4 ? std::stod(arguments[4]) : 1);
    } catch (const std::exception &error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
}
