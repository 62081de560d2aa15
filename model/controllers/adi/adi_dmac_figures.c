/* SPDX-License-Identifier: BSD-2-Clause */
/* adi_dmac_figures: what the ADI AXI DMAC has counted (plan/counter.h). */
#include "bus/axi/axi_counts.h"
#include "controllers/adi/adi_dmac_state.h"

struct erratum_figures {
    uint64_t strikes, first;
};

static const struct counter erratum_table[] = {
    COUNTER(erratum_figures, strikes, "strikes", "times",
            "how often the erratum with this number, on the controller's page, struck"),
    COUNTER_STEADY(erratum_figures, first, "first", "cycle", "cycle of the first strike"),
    {.name = NULL},
};

#define ERRATUM(number) [number] = "erratum_" #number
static const char *const erratum_names[] = {
    ERRATUM(0), ERRATUM(1), ERRATUM(2), ERRATUM(3),  ERRATUM(4),  ERRATUM(5),  ERRATUM(6),
    ERRATUM(7), ERRATUM(8), ERRATUM(9), ERRATUM(10), ERRATUM(11), ERRATUM(12), ERRATUM(13)};
_Static_assert(ADI_ERRATA_COUNT <= sizeof erratum_names / sizeof *erratum_names, "a name for each");

enum { BEATS, INTERRUPTS, ERRATA }; /* parts */

static void add_port(struct dma_figures *figures, const struct axi_port *port, sim_time now)
{
    if (!port)
        return;
    const sim_cycle edges = clock_edge_after(port->bus->unit.clock, now);
    const struct axi_moved moved = axi_counts_at(port, edges - 1);
    figures->data += moved.reads + moved.writes;
    figures->errors += moved.read_errors;
}

static void tell_beats(const struct adi_dmac *dma, sim_time now, struct counter_part *part)
{
    const struct adi_counts *counts = &dma->counts;
    struct dma_figures figures = {.data = 0}, data = {.data = 0};
    data.data = counts->received - dma->figures.refused + counts->sent + counts->read;
    add_port(&figures, dma->descriptors, now);
    add_port(&data, dma->source, now);
    add_port(&data, dma->destination, now);
    figures.descriptor = figures.data;
    figures.data = data.data;
    figures.errors += data.errors;
    tell_dma(part, BEATS, &figures);
}

bool adi_dmac_counters(const struct component *component, uint32_t index, sim_time now,
                       struct counter_part *part)
{
    const struct adi_dmac *dma = component->instance;
    const uint32_t number = index - ERRATA;
    if (index == BEATS) {
        tell_beats(dma, now, part);
    } else if (index == INTERRUPTS) {
        tell_interrupts(part, index, dma->figures.interrupts);
    } else if (number < ADI_ERRATA_COUNT) {
        const struct erratum_figures figures = {dma->figures.errata[number].strikes,
                                                dma->figures.errata[number].first};
        counter_tell(part, COUNTERS_ERRATUM, index, erratum_table, &figures, sizeof figures);
        part->sub[0] = erratum_names[number];
        part->about = adi_errata[number];
        part->hidden = figures.strikes == 0;
    } else {
        return false;
    }
    return true;
}
