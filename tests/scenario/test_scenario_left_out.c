/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the RTL of a controller can be built with and the model has not: it is refused, and the message says which of the
 * two it is that cannot. What the RTL elaborates with was tried on the ADI AXI DMAC of e57851ffcea3, parameter by parameter.
 */
#include <string.h>

#include "scenario/scenario.h"
#include "suite.h"

#include <check.h> /* last: it takes the word `fail` */

static char errors[4096];

static void note(void *context, const struct dmasim_error *error)
{
    size_t *used = context;
    *used += (size_t)snprintf(errors + *used, sizeof errors - *used, "%d:%d: %s\n", error->line,
                              error->column, error->text);
}

static bool load(const char *text)
{
    size_t used = 0;
    const struct scenario_options options = {.report = note, .context = &used};
    struct scenario *scenario = NULL;
    errors[0] = '\0';
    scenario_load_text(text, strlen(text), "a.yaml", NULL, &options, &scenario);
    scenario_free(scenario);
    return scenario != NULL;
}

#define MODEL "the RTL can be built with it, this model leaves it out"
#define WIDTHS                                                                                     \
    "AXI has buses of 8 and 16 bits, and the RTL of adi,axi-dmac memories of 16 and 2048: this "   \
    "model leaves them out"
#define FIFOS MODEL ": a power of two from 2 to 64\n"
#define SLICES                                                                                     \
    "is for a memory side: the RTL has slices at streams and FIFOs, this model leaves them out\n"
#define DESCRIPTORS                                                                                \
    "must be 64 bits wide: the RTL has other DMA_DATA_WIDTH_SG, this model leaves them out\n"
#define MEMORY "source_bus: a, destination_bus: a"
#define STREAM "source: stream, destination_bus: a"

/* widths of the buses of memories and of descriptors, the controller's parameters, what is said (null: accepted) */
static const struct {
    unsigned width, descriptors;
    const char *parameters, *error;
} cases[] = {
    {64, 64, MEMORY, NULL},
    {64, 64, MEMORY ", fifo_size: 1", "1: " FIFOS},
    {64, 64, MEMORY ", fifo_size: 2", NULL},
    {64, 64, MEMORY ", fifo_size: 3", "3: " FIFOS},
    {64, 64, MEMORY ", fifo_size: 6", "6: " FIFOS},
    {64, 64, MEMORY ", fifo_size: 64", NULL},
    {64, 64, MEMORY ", fifo_size: 128", "128: " FIFOS},
    {16, 64, MEMORY, "\"width\": 16 is out of range, allowed: 32 to 1024; " WIDTHS "\n"},
    {32, 64, MEMORY, NULL},
    {1024, 64, MEMORY ", max_bytes_per_burst: 256", NULL},
    {2048, 64, MEMORY, "\"width\": 2048 is out of range, allowed: 32 to 1024; " WIDTHS "\n"},
    {64, 32, MEMORY ", descriptor_bus: sg", "" DESCRIPTORS},
    {64, 64, MEMORY ", descriptor_bus: sg", NULL},
    {64, 128, MEMORY ", descriptor_bus: sg", "" DESCRIPTORS},
    {32, 64, MEMORY ", max_bytes_per_burst: 1 KiB", NULL},
    {32, 64, MEMORY ", max_bytes_per_burst: 2 KiB",
     "makes more than 256 beats, to which the RTL cuts it; this model "
     "leaves that out: 1024 at most\n"},
    {64, 64, MEMORY ", max_bytes_per_burst: 96", "96: " MODEL ": a power of two\n"},
    {64, 64, MEMORY ", max_bytes_per_burst: 8",
     "must be two beats of 8 bytes at least: the RTL cannot be built with "
     "less\n"},
    {64, 64, MEMORY ", max_bytes_per_burst: 16", NULL},
    {64, 64, STREAM ", source_slice: true", "" SLICES},
    {64, 64, STREAM ", destination_slice: true", NULL},
    {64, 64, "source_bus: a, destination: fifo, destination_slice: true", "" SLICES},
};

START_TEST(what_the_model_leaves_out_is_refused_in_these_words)
{
    char text[2048];
    snprintf(text, sizeof text,
             "clocks: { clk: { frequency: 100 MHz } }\n"
             "buses:\n"
             "  lite: { type: axi, clock: clk, width: 32, lite: true }\n"
             "  a: { type: axi, clock: clk, width: %u }\n"
             "  sg: { type: axi, clock: clk, width: %u }\n"
             "controllers:\n"
             "  dma: { type: 'adi,axi-dmac', bus: lite, base: 0, %s }\n",
             cases[_i].width, cases[_i].descriptors, cases[_i].parameters);
    const bool loaded = load(text);
    if (!cases[_i].error) {
        ck_assert_msg(loaded, "%s: %s", cases[_i].parameters, errors);
        return;
    }
    ck_assert_msg(!loaded, "%s is accepted", cases[_i].parameters);
    ck_assert_msg(strstr(errors, cases[_i].error), "%s: %s", cases[_i].parameters, errors);
    ck_assert_ptr_eq(strchr(errors, '\n') + 1, errors + strlen(errors)); /* and nothing else */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scenario left out");
    TCase *tests = tcase_create("left out");
    tcase_add_loop_test(tests, what_the_model_leaves_out_is_refused_in_these_words, 0,
                        (int)(sizeof cases / sizeof cases[0]));
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
