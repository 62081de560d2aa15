/* SPDX-License-Identifier: BSD-2-Clause */
/* figures: those of a summary that no unit counts, as a table: summary.c writes them by it, docs/results.md has it. */
#ifndef DMASIM_TRACE_SUMMARY_FIGURES_H
#define DMASIM_TRACE_SUMMARY_FIGURES_H

enum summary_figure_index {
    FIGURE_TIME,
    FIGURE_NOTES,
    FIGURE_TRANSFERS,
    FIGURE_COMPLETE,
    FIGURE_FAILED,
    FIGURE_BYTES,
    FIGURE_PERIODS,
    FIGURE_MISSED,
    SUMMARY_FIGURES
};

struct summary_figure {
    const char *name, *unit, *doc;
    unsigned decimals;
};
extern const struct summary_figure summary_figures[SUMMARY_FIGURES];

/* What a distribution has; its mean is a ratio. */
struct summary_rank {
    const char *name, *doc;
    unsigned percent; /* ignored of the mean */
};
enum { SUMMARY_MEAN = 1, SUMMARY_RANKS = 5 };
extern const struct summary_rank summary_ranks[SUMMARY_RANKS];

/* The distributions: <front>.<name>.<rank>, in cycles or ns of three decimals. The mean has three always. */
struct summary_distribution {
    const char *front, *name, *doc;
    unsigned cycles; /* 1: not ns */
};
enum summary_distribution_index {
    DISTRIBUTION_LATENCY,    /* of all transfers */
    DISTRIBUTION_CONTROLLER, /* of those of a controller */
    DISTRIBUTION_STALL,
    DISTRIBUTION_REQUEST,
    DISTRIBUTION_PERIOD,
    SUMMARY_DISTRIBUTIONS
};
extern const struct summary_distribution summary_distributions[SUMMARY_DISTRIBUTIONS];

#endif
