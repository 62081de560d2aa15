/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * create: CPU time to build and to free a system of a small scenario, beside that of its run.
 *
 *     create [ROUNDS]
 *
 * A copy of 1 KiB on AHB (DesignWare) and on AXI (ADI), from one plan each; the median of 9 passes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dmasim/dmasim.h"

static const struct {
    const char *name, *text;
} scenarios[] = {
    {"ahb", "clocks: { hclk: { frequency: 100 MHz } }\n"
            "buses: { ahb: { clock: hclk } }\n"
            "cpus: { cpu: { bus: ahb } }\n"
            "controllers: { dma: { bus: ahb, base: 0x4000_0000, interrupt: cpu } }\n"
            "memories: { sram: { bus: ahb, base: 0x2000_0000, size: 4 KiB } }\n"
            "work: [{ memcpy: { from: sram, to: sram + 0x800, bytes: 1 KiB } }]\n"},
    {"axi", "clocks: { aclk: { frequency: 100 MHz } }\n"
            "buses:\n"
            "  lite: { type: axi, clock: aclk, width: 32, lite: true }\n"
            "  axi: { type: axi, clock: aclk, width: 64 }\n"
            "cpus: { cpu: { bus: lite } }\n"
            "controllers:\n"
            "  dma: { type: 'adi,axi-dmac', bus: lite, base: 0x4000_0000, source_bus: axi,\n"
            "    destination_bus: axi, interrupt: cpu }\n"
            "memories: { ram: { type: axi-memory, bus: axi, size: 4 KiB } }\n"
            "work: [{ memcpy: { from: ram, to: ram + 0x800, bytes: 1 KiB } }]\n"},
};

enum { PASSES = 9 };

static double cpu_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec * 1e-3;
}

static int compare(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

/* Microseconds of a round; run: with its run. */
static double measure(const struct dmasim_plan *plan, unsigned rounds, int run)
{
    double passes[PASSES];
    for (int pass = 0; pass < PASSES; pass++) {
        const double start = cpu_us();
        for (unsigned i = 0; i < rounds; i++) {
            struct dmasim *sim = dmasim_create_from(plan, NULL, NULL);
            if (!sim || (run && dmasim_run(sim, DMASIM_NEVER, NULL) != DMASIM_OK))
                exit(1);
            dmasim_destroy(sim);
        }
        passes[pass] = (cpu_us() - start) / rounds;
    }
    qsort(passes, PASSES, sizeof passes[0], compare);
    return passes[PASSES / 2];
}

int main(int argc, char **argv)
{
    const unsigned rounds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 1000;
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++) {
        struct dmasim_error error;
        const char *text = scenarios[i].text;
        struct dmasim_plan *plan =
            dmasim_plan_text(text, strlen(text), scenarios[i].name, NULL, NULL, &error);
        if (!plan) {
            fprintf(stderr, "%s:%d:%d: %s\n", error.file, error.line, error.column, error.text);
            return 1;
        }
        const double built = measure(plan, rounds, 0), ran = measure(plan, rounds, 1);
        printf("%s: %.1f us to build and free, %.1f us with its run\n", scenarios[i].name, built,
               ran);
        dmasim_plan_free(plan);
    }
    return 0;
}
