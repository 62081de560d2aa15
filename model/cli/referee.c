/* SPDX-License-Identifier: BSD-2-Clause */
/* referee: the subcommand; the replays are in referee/referee_<kind>.c. */
#include <string.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "kernel/base.h"
#include "kernel/kernel.h"
#include "referee/referee.h"

static const struct {
    const char *name;
    bool (*replay)(struct referee *self);
} kinds[] = {
    {"ahb", referee_ahb},
    {"i8237", referee_i8237},
    {"adi_axi_dmac", referee_adi_axi_dmac},
    {"adi_axi_dmac_ports", referee_adi_axi_dmac_ports},
    {"dram", referee_dram},
    {"riscv_iommu", referee_riscv_iommu},
    {"riscv_iommu_functional", referee_riscv_iommu_functional},
};

struct referee_arguments {
    struct referee referee;
    const char *kind;
};

static error_t referee_option(int key, char *value, struct argp_state *state)
{
    struct referee_arguments *self = state->input;
    switch (key) {
    case 'e':
        self->referee.flags |= KERNEL_EVERY_CYCLE;
        return 0;
    case 'r':
        self->referee.flags |= KERNEL_REVERSED;
        return 0;
    case ARGP_KEY_ARG:
        if (!self->kind)
            self->kind = value;
        else if (!self->referee.folder)
            self->referee.folder = value;
        else
            argp_error(state, "one folder at a time");
        return 0;
    case ARGP_KEY_END:
        if (!self->referee.folder)
            argp_error(state, "name the kind of case and the folder");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int cli_referee(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"every-cycle", 'e', NULL, 0, "Step every unit at every edge", 0},
        {"reverse-order", 'r', NULL, 0, "Step units of equal rank in the opposite order", 0},
        {NULL, 0, NULL, 0, NULL, 0},
    };
    static const struct argp argp = {
        options,
        referee_option,
        "KIND FOLDER",
        "Replay every case of FOLDER/cases.csv on the model and compare it cycle by cycle with "
        "what "
        "the folder says; print the first difference of each case that differs. KIND is ahb (wires "
        "of an AHB), i8237 (states and transfers of an 8237A), adi_axi_dmac (events of an ADI AXI "
        "DMAC between memories), adi_axi_dmac_ports (its other ports, modes and widths; the "
        "cases are in FOLDER/*/cases.csv), dram (commands and requests of a DRAM controller), "
        "riscv_iommu (all ports of a RISC-V IOMMU) or riscv_iommu_functional (what its "
        "specification says of requests).\vExamples:\n"
        "  dmasim referee ahb traces/golden/ahb\n"
        "  dmasim referee i8237 traces/golden/i8237\n"
        "Exit code 1 if any case differs.",
        NULL,
        NULL,
        NULL};
    struct referee_arguments self = {.kind = NULL};
    if (cli_parse(&argp, argc, argv, "dmasim referee", &self) != 0)
        return CLI_USAGE;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (strcmp(kinds[i].name, self.kind) != 0)
            continue;
        if (!kinds[i].replay(&self.referee))
            return CLI_USAGE;
        printf("%u passed, %u failed\n", self.referee.passed, self.referee.failed);
        return cli_flush(self.referee.failed ? CLI_FALSE : CLI_GOOD);
    }
    fprintf(stderr, "dmasim referee: error: no cases of the kind '%s'; there are:", self.kind);
    for (size_t i = 0; i < COUNT(kinds); i++)
        fprintf(stderr, "%s %s", i ? "," : "", kinds[i].name);
    fputs("\n", stderr);
    return CLI_USAGE;
}
