/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * locale FOLDER: an application that takes its locale from the environment reads a scenario and writes results; both
 * are the same under any. Status 77 if there is no such locale.
 */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "dmasim/dmasim.h"

/* Units in capitals, with an i in them; names that ISO 8859-1 would read in another way. */
static const char scenario[] =
    "clocks: { CLKI: { frequency: 100 MHZ } }\n"
    "buses: { ahb_i: { clock: CLKI } }\n"
    "cpus: { cpu: { bus: ahb_i } }\n"
    "controllers: { dma: { bus: ahb_i, base: 0x4000_0000, interrupt: cpu } }\n"
    "memories:\n"
    "  sram: { bus: ahb_i, base: 0x2000_0000, size: 64 KIB, fill: { pattern: count },\n"
    "    dump: [{ file: \xc4\xb1\xc3\xbc\xc3\x9f.bin }] }\n"
    "peripherals: { dev: { type: fifo, bus: ahb_i, base: 0x5000_0000, direction: dev_to_mem,\n"
    "    rate: 3 MIB/S, controller: dma, line: 0 } }\n"
    "work:\n"
    "  - memcpy: { from: sram, to: sram + 4 KIB, bytes: 1.5 KIB, at: 2 US }\n"
    "  - program: { cpu: cpu, steps: [{ op: write, to: dma.CH1_SAR, value: sram + 1 kib }] }\n";

static int tell(const struct dmasim_error *error)
{
    fprintf(stderr, "%s:%d:%d: %s\n", error->file, error->line, error->column, error->text);
    return 1;
}

int main(int argc, char **argv)
{
    struct dmasim_error error;
    if (argc != 2)
        return 2;
    if (!setlocale(LC_ALL, "")) {
        fputs("no such locale\n", stderr);
        return 77;
    }
    struct dmasim *sim =
        dmasim_create_text(scenario, strlen(scenario), "scenario", NULL, NULL, &error);
    if (!sim)
        return tell(&error);
    const struct dmasim_trace_options options = {.vcd = true,
                                                 .bus = true,
                                                 .transfers = true,
                                                 .summary = true,
                                                 .cycles = true,
                                                 .streams = true};
    struct dmasim_trace *trace = dmasim_trace_open(sim, &options, argv[1], &error);
    enum dmasim_why why = DMASIM_WHY_OUTPUT;
    while (trace && why == DMASIM_WHY_OUTPUT)
        dmasim_run(sim, DMASIM_NEVER, &why);
    if (!trace || dmasim_trace_close(trace, &error) != DMASIM_OK ||
        dmasim_write_outputs(sim, argv[1], &error) != DMASIM_OK)
        return tell(&error);
    return dmasim_destroy(sim) != DMASIM_OK;
}
