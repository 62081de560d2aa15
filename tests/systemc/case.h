// SPDX-License-Identifier: BSD-2-Clause
// case: a program of cases, each of which needs a process of its own, as SystemC elaborates once.
#ifndef DMASIM_TESTS_SYSTEMC_CASE_H
#define DMASIM_TESTS_SYSTEMC_CASE_H

#include <cstdio>
#include <exception>
#include <string>

// Without an argument the names of all; else the case of that name: 0, or 1 if it threw; 2: there is none.
template <class Cases> int run_case(const Cases &cases, int count, char **arguments)
{
    for (const auto &each : cases) {
        if (count < 2) {
            std::printf("%s\n", each.name);
        } else if (std::string(arguments[1]) == each.name) {
            try {
                each.run();
                return 0;
            } catch (const std::exception &error) {
                std::printf("%s: %s\n", each.name, error.what());
                return 1;
            }
        }
    }
    return count < 2 ? 0 : 2;
}

#endif
