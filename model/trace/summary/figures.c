/* SPDX-License-Identifier: BSD-2-Clause */
/* figures: see figures.h. */
#include "trace/summary/figures.h"

const struct summary_figure summary_figures[SUMMARY_FIGURES] = {
    [FIGURE_TIME] = {"run.time", "ns", "simulated", 3},
    [FIGURE_NOTES] =
        {"run.notes", "notes",
         "settings of the scenario that are allowed and cannot have their effect; each "
         "is told on stderr, with its place",
         0},
    [FIGURE_TRANSFERS] = {"transfers.count", "transfers", "that ended", 0},
    [FIGURE_COMPLETE] = {"transfers.complete", "transfers",
                         "of them, those with the status complete", 0},
    [FIGURE_FAILED] = {"transfers.failed", "transfers",
                       "of them, those with another status than complete and stopped", 0},
    [FIGURE_BYTES] = {"transfers.bytes", "bytes", "of complete transfers", 0},
    [FIGURE_PERIODS] = {"period.count", "periods", "that ended", 0},
    [FIGURE_MISSED] =
        {"period.missed", "periods",
         "of them, those that software heard of only when the one behind had ended too", 0},
};

const struct summary_rank summary_ranks[SUMMARY_RANKS] = {
    {"min", "the least", 0},
    {"mean", "the sum over their number", 0},
    {"median", "the value of rank ceil(n / 2)", 50},
    {"p99", "the value of rank ceil(0.99 n)", 99},
    {"max", "the greatest", 100},
};

const struct summary_distribution summary_distributions[SUMMARY_DISTRIBUTIONS] = {
    [DISTRIBUTION_LATENCY] = {"transfers", "latency",
                              "of complete transfers: callback_ps - submit_ps", 0},
    [DISTRIBUTION_CONTROLLER] = {"controller.<controller>", "latency",
                                 "of its complete transfers: callback_ps - submit_ps", 0},
    [DISTRIBUTION_STALL] = {"cpu.<cpu>", "stall",
                            "of its accesses: what one took longer, as stall_cycles; those without "
                            "a stall are values too",
                            1},
    [DISTRIBUTION_REQUEST] = {"fifo.<fifo>", "request_latency",
                              "of its requests: what one waited, as request_cycles", 0},
    [DISTRIBUTION_PERIOD] = {"transfer.<entry>", "period",
                             "of a cyclic entry of `work`: from the callback of a period to that "
                             "of the next, of the first from the issue; periods that one callback "
                             "ends together take 0 but for the first",
                             0},
};
