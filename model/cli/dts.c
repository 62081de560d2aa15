/* SPDX-License-Identifier: BSD-2-Clause */
/* dts: prints the device tree of a scenario's board. */
#include "dts/dts.h"

#include <stdio.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "scenario/scenario.h"

struct dts_arguments {
    const char *scenario;
    struct override_list overrides;
};

static error_t dts_option(int key, char *value, struct argp_state *state)
{
    struct dts_arguments *self = state->input;
    switch (key) {
    case 's':
        if (!override_add(&self->overrides, value))
            argp_error(state, "too many --set");
        return 0;
    case ARGP_KEY_ARG:
        if (self->scenario)
            argp_error(state, "one scenario at a time");
        self->scenario = value;
        return 0;
    case ARGP_KEY_END:
        if (!self->scenario)
            argp_error(state, "name a scenario file");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int cli_dts(int argc, char **argv)
{
    static const struct argp_option options[] = {
        {"set", 's', "PATH=VALUE", 0, "Override a value of the scenario; may be repeated", 0},
        {NULL, 0, NULL, 0, NULL, 0},
    };
    static const struct argp argp = {options,
                                     dts_option,
                                     "SCENARIO",
                                     "Print the device tree of a board with the scenario's "
                                     "controllers and peripherals, as Linux "
                                     "has it.\v"
                                     "Examples:\n"
                                     "  dmasim dts configs/modes.yaml\n"
                                     "  dmasim dts configs/linux-axi.yaml | dtc -o board.dtb\n"
                                     "\nThe nodes below `soc` are for a board's own tree. "
                                     "docs/linux.md says what a kernel makes of "
                                     "them.",
                                     NULL,
                                     NULL,
                                     NULL};
    struct dts_arguments self = {.scenario = NULL};
    struct scenario *scenario;
    if (cli_parse(&argp, argc, argv, "dmasim dts", &self) != 0)
        return CLI_USAGE;
    const struct scenario_options how = {.overrides = self.overrides.texts,
                                         .override_count = self.overrides.count,
                                         .report = cli_print_error};
    if (scenario_load(self.scenario, &how, &scenario) != DMASIM_OK)
        return CLI_USAGE;
    dts_write(scenario_plan(scenario), stdout);
    scenario_free(scenario);
    return cli_flush(CLI_GOOD);
}
