/* SPDX-License-Identifier: BSD-2-Clause */
/* A processor emulator in miniature: it owns time, starts a DMA transfer by register writes, and sleeps until its
 * interrupt. */
#include <dmasim/dmasim.h>
#include <stdio.h>
#include <string.h>

static const char scenario[] =
    "name: example\n"
    "clocks: { hclk: { frequency: 100 MHz } }\n"
    "buses: { ahb: { clock: hclk } }\n"
    "controllers: { dma: { bus: ahb, base: 0x4000_0000 } }\n"
    "memories: { ram: { bus: ahb, base: 0x2000_0000, size: 8 KiB, fill: { pattern: count } } }\n";

static int put(struct dmasim *sim, const char *name, uint64_t value)
{
    struct dmasim_register found;
    int code = dmasim_register_find(sim, "dma", name, &found);
    struct dmasim_access access = {
        .address = found.address, .size_bytes = 4, .write = true, .value = value};
    return code == DMASIM_OK ? dmasim_access(sim, dmasim_now(sim), &access) : code;
}

static void on_interrupt(void *context, const char *component, const char *output, bool level,
                         uint64_t at_ps)
{
    (void)context;
    printf("%8.2f us: %s.%s is %d\n", (double)at_ps * 1e-6, component, output, level);
}

int main(void)
{
    struct dmasim_error error;
    struct dmasim *sim =
        dmasim_create_text(scenario, strlen(scenario), "example.yaml", NULL, NULL, &error);
    if (!sim) {
        fprintf(stderr, "%s:%d:%d: %s\n", error.file, error.line, error.column, error.text);
        return 1;
    }
    const struct dmasim_watch watch = {.stop = true, .callback = on_interrupt};
    dmasim_watch_interrupt(sim, &watch);

    /* 1 KiB, words, bursts of 8, on channel 0; its end interrupts. */
    static const struct {
        const char *name;
        uint64_t value;
    } writes[] = {{"DMA_CFG", 1},         {"CH0_SAR", 0x20000000}, {"CH0_DAR", 0x20001000},
                  {"CH0_CTL_LO", 0x9025}, {"CH0_CTL_HI", 256},     {"MASK_TFR", 0x101},
                  {"CH_EN", 0x101}};
    dmasim_advance(sim, 1000000);
    for (size_t i = 0; i < sizeof writes / sizeof writes[0]; i++)
        if (put(sim, writes[i].name, writes[i].value) != DMASIM_OK)
            return 1;

    enum dmasim_why why;
    dmasim_run(sim, 1000000000, &why); /* a millisecond at most */
    if (why != DMASIM_WHY_OUTPUT)
        return 1;
    put(sim, "CLEAR_TFR", 1);
    dmasim_run(sim, 1000000000, &why);

    struct dmasim_access last = {.address = 0x200013fc, .size_bytes = 4};
    dmasim_access(sim, dmasim_now(sim), &last);
    printf("the last word is 0x%08llx\n", (unsigned long long)last.value);
    dmasim_destroy(sim);
    return last.value == 0xfffefdfc ? 0 : 1;
}
