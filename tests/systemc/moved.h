// SPDX-License-Identifier: BSD-2-Clause
// moved: a scenario whose memories stand outside: its text, and what each memory was.
#ifndef MOVED_H
#define MOVED_H

#include <dmasim/systemc.h>

#include <map>
#include <string>
#include <vector>

struct moved_memory {
    std::string name;
    std::map<std::string, std::string> was; // its parameters
    uint64_t base = 0;
    std::vector<uint8_t> bytes; // what it holds at the start
    uint64_t period_ps = 0, phase_ps = 0;
    unsigned width_bits = 0; // of its bus
    uint64_t free_at = 0;    // cycle from which on it can show R

    const std::string &of(const char *key) const;
    uint64_t number(const char *key) const;
};

struct moved_scenario {
    dmasim::text text;
    std::vector<moved_memory> memories;
};

// Moves each memory that a slave outside can be: not one with errors, nor one that shares another's bytes.
moved_scenario move_out(const std::string &path, const std::vector<std::string> &overrides);

// From a request to its response, so that the slave outside is what the memory was.
sc_core::sc_time wait_of(moved_memory &memory, const tlm::tlm_generic_payload &payload);

#endif
