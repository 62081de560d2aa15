/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * adi_dmac_beats: the beats of data of the ADI AXI DMAC, for observers only ("dma_beat").
 *
 * Beats of R and W with the address of their burst, which is kept from AR and AW on; beats of a stream and
 * words of a FIFO have none (0). A descriptor is beats of R, at the descriptor port. Beats of W that were handed
 * over before their AW, which are of one burst, are told with it.
 *
 * Inaccuracies: an observer that joins while bursts are under way misses their beats.
 */
#include "controllers/adi/adi_dmac_state.h"
#include "kernel/round.h"

static void publish(const struct adi_dmac *dma, sim_cycle now, enum dma_purpose purpose,
                    uint64_t address, unsigned bytes, bool error)
{
    const struct dma_beat_record record = {
        .controller = dma->unit.name,
        .address = address,
        .purpose = (uint8_t)purpose,
        .bytes = (uint8_t)bytes,
        .error = error,
    };
    probe_publish(&dma->beat_probe, now, &record);
}

/* A beat of the oldest burst; false if that is not known. */
static bool beat(struct adi_open_bursts *self, bool last, uint64_t *address)
{
    if (self->count == 0)
        return false;
    *address = axi_beat_address(&self->open[self->first], self->beat++);
    if (last) {
        self->first = (self->first + 1) % ADI_OPEN_BURSTS;
        self->count--;
        self->beat = 0;
    }
    return true;
}

static void opened(struct adi_open_bursts *self, const struct axi_address *ax)
{
    if (self->count < ADI_OPEN_BURSTS)
        self->open[(self->first + self->count++) % ADI_OPEN_BURSTS] = *ax;
}

static void reads(const struct adi_dmac *dma, const struct axi_port *port,
                  struct adi_open_bursts *bursts, enum dma_purpose purpose, sim_cycle now)
{
    const uint8_t fires = axi_fires(port, now);
    uint64_t address;
    if (fires & AXI_BIT_R && beat(bursts, port->view.r->last, &address))
        publish(dma, now, purpose, address, port->bus->width_bytes,
                port->view.r->resp >= AXI_SLVERR);
    if (fires & AXI_BIT_AR)
        opened(bursts, &port->ar[port->shown >> AXI_AR & 1]);
}

static void write(struct adi_dmac *dma, bool last, unsigned bytes, sim_cycle now)
{
    uint64_t address;
    if (beat(&dma->open_writes, last, &address))
        publish(dma, now, DMA_DESTINATION, address, bytes, false);
}

/* All beats before the last have all bytes. */
static void early_writes(struct adi_dmac *dma, sim_cycle now)
{
    struct adi_early_beats *early = &dma->early_writes;
    for (; early->beats; early->beats--)
        write(dma, early->beats == 1 && early->last,
              early->beats == 1 && early->last ? early->last_bytes : dma->destination_bytes, now);
}

static void writes(struct adi_dmac *dma, sim_cycle now)
{
    const struct axi_port *port = dma->destination;
    const uint8_t fires = axi_fires(port, now);
    if (fires & AXI_BIT_AW) {
        opened(&dma->open_writes, &port->aw[port->shown >> AXI_AW & 1]);
        early_writes(dma, now);
    }
    if (!(fires & AXI_BIT_W))
        return;
    const struct axi_write *w = &port->w[port->shown >> AXI_W & 1];
    const int bytes = __builtin_popcountll(w->strb[0]) + __builtin_popcountll(w->strb[1]);
    if (dma->open_writes.count > 0) {
        write(dma, w->last, (unsigned)bytes, now);
    } else {
        dma->early_writes.beats++;
        dma->early_writes.last = w->last;
        dma->early_writes.last_bytes = (uint8_t)bytes;
    }
}

void adi_beats(struct adi_dmac *dma, const struct adi_wires *wires, sim_cycle now)
{
    if (dma->source)
        reads(dma, dma->source, &dma->open_reads, DMA_SOURCE, now);
    if (dma->descriptors)
        reads(dma, dma->descriptors, &dma->open_descriptors, DMA_DESCRIPTOR, now);
    if (dma->destination)
        writes(dma, now);
    if (dma->lean)
        return;
    const bool fifo_out = dma->config.destination_type == ADI_FIFO;
    if (dma->input && wires->in_beat)
        publish(dma, now, DMA_SOURCE, 0, dma->source_bytes, false);
    if (dma->output && (fifo_out ? wires->out.forward & FIFO_VALID : wires->out_beat))
        publish(dma, now, DMA_DESTINATION, 0, dma->destination_bytes, false);
}

/* ---- what repeats ---------------------------------------------------------------------------- */

static void visit_bursts(struct adi_open_bursts *self, struct repeat *repeat)
{
    repeat_same(repeat, (uint64_t)self->beat << 32 | self->count);
    for (uint32_t i = 0; i < self->count; i++) {
        struct axi_address *ax = &self->open[(self->first + i) % ADI_OPEN_BURSTS];
        repeat_count(repeat, &ax->addr);
        repeat_same(repeat, (uint64_t)ax->len << 16 | (uint64_t)ax->size << 8 | ax->burst);
    }
}

void adi_beats_visit(struct adi_dmac *dma, struct repeat *repeat)
{
    visit_bursts(&dma->open_reads, repeat);
    visit_bursts(&dma->open_writes, repeat);
    const struct adi_early_beats *early = &dma->early_writes;
    repeat_same(repeat, (uint64_t)early->beats << 16 |
                            (uint64_t)(early->beats && early->last) << 8 |
                            (early->beats ? early->last_bytes : 0));
}

/* ---- from round to round --------------------------------------------------------------------- */

static struct state_live open_bursts(const void *bursts)
{
    const struct adi_open_bursts *self = bursts;
    return (struct state_live){.first = self->first, .count = self->count};
}

/* Where in the ring the oldest is decides nothing. */
static const struct state_field bursts_rows[] = {
    {STATE_SAMES(struct adi_open_bursts, open), .live = open_bursts},
    {STATE_SAME(struct adi_open_bursts, first), .dead = true},
    {STATE_SAME(struct adi_open_bursts, count)},
    {STATE_SAME(struct adi_open_bursts, beat)},
    {.name = NULL},
};
static const struct state_table bursts_round = {STATE_TABLE(adi_open_bursts, bursts_rows)};
const struct round_hooks adi_open_bursts_round = {.state = &bursts_round};
