/* SPDX-License-Identifier: BSD-2-Clause */
/* iommu_bench_rows: what happens in a cycle, as lines of a trace. */
#include "referee/iommu_bench.h"

struct told {
    iommu_bench_tell *tell;
    void *to;
    uint64_t cycle;
};

static void tell(const struct told *told, struct iommu_bench_row row)
{
    told->tell(told->to, told->cycle, &row);
}

static void tell_address(const struct told *told, const char *event, const struct iommu_address *ax,
                         const uint64_t *since, bool device)
{
    struct iommu_bench_row row =
        (struct iommu_bench_row){.event = event,
                                 .cells = CELL_ID | CELL_ADDRESS | CELL_LENGTH,
                                 .id = ax->id,
                                 .length = ax->length,
                                 .address = ax->address};
    if (since) {
        row.cells |= CELL_SINCE;
        row.since = *since;
    }
    if (device) {
        row.cells |= CELL_VALUE;
        row.value = ax->device;
    }
    tell(told, row);
}

static void tell_port(struct iommu_bench *self, const struct told *told, bool write)
{
    const struct iommu_access *access = &self->in.port;
    if (self->out.port.taken && access->write == write)
        tell(told, (struct iommu_bench_row){.event = write ? "PAW" : "PAR",
                                            .cells = CELL_ADDRESS | CELL_LENGTH | CELL_SINCE,
                                            .length = access->bytes,
                                            .address = access->offset,
                                            .since = self->port_since});
    if (self->out.port.taken && access->write && write)
        tell(told,
             (struct iommu_bench_row){.event = "PW", .cells = CELL_VALUE, .value = access->data});
    if (!self->out.port.answered || self->script.reading == write)
        return;
    if (write)
        tell(told, (struct iommu_bench_row){.event = "PB", .cells = CELL_RESPONSE, .response = 0});
    else
        tell(told, (struct iommu_bench_row){.event = "PR",
                                            .cells = CELL_RESPONSE | CELL_VALUE,
                                            .response = 0,
                                            .value = self->out.port.data});
}

static void tell_device(struct iommu_bench *self, const struct told *told)
{
    const struct iommu_inputs *in = &self->in;
    const struct iommu_memory *out = &self->out.device;
    struct bench_device *device = &self->device;
    if (in->device.ar.valid && out->ar_ready)
        tell_address(told, "DAR", &in->device.ar, &device->reads.since, true);
    if (in->device.aw.valid && out->aw_ready)
        tell_address(told, "DAW", &in->device.aw, &device->writes.since, true);
    if (in->device.w.valid && out->w_ready && in->device.w.last)
        tell(told, (struct iommu_bench_row){.event = "DW", .cells = CELL_LENGTH, .length = 1});
    if (out->r.valid) {
        bool *begun = &device->r_begun[out->r.id % IOMMU_IDS];
        if (!*begun || out->r.last)
            tell(told, (struct iommu_bench_row){.event = "DR",
                                                .cells = CELL_ID | CELL_LENGTH | CELL_RESPONSE,
                                                .id = out->r.id,
                                                .length = out->r.last,
                                                .response = out->r.response});
        *begun = !out->r.last;
    }
    if (out->b.valid)
        tell(told, (struct iommu_bench_row){.event = "DB",
                                            .cells = CELL_ID | CELL_RESPONSE,
                                            .id = out->b.id,
                                            .response = out->b.response});
}

/* `was` is what was offered in the cycle before and not taken. */
static void tell_completion(const struct told *told, const char *offered, const char *taken,
                            const struct iommu_address *ax, bool ready, struct iommu_address *was,
                            uint64_t *since)
{
    if (ax->valid && !was->valid)
        *since = told->cycle;
    if (ax->valid && (!was->valid || was->address != ax->address))
        tell_address(told, offered, ax, NULL, false);
    if (ax->valid && ready)
        tell_address(told, taken, ax, since, false);
    *was = *ax;
    was->valid = ax->valid && !ready;
}

static void tell_table_address(const struct told *told, const char *event,
                               const struct iommu_address *ax, bool ready, bool *held,
                               uint64_t *since)
{
    if (ax->valid && !*held)
        *since = told->cycle;
    if (ax->valid && ready)
        tell_address(told, event, ax, since, false);
    *held = ax->valid && !ready;
}

static void tell_tables(struct iommu_bench *self, const struct told *told)
{
    const struct iommu_memory *in = &self->in.tables;
    const struct iommu_requests *out = &self->out.tables;
    tell_table_address(told, "SAR", &out->ar, in->ar_ready, &self->sar, &self->since_sar);
    if (in->r.valid)
        tell(told,
             (struct iommu_bench_row){.event = "SR",
                                      .cells = CELL_ID | CELL_LENGTH | CELL_RESPONSE | CELL_VALUE,
                                      .id = in->r.id,
                                      .length = in->r.last,
                                      .response = in->r.response,
                                      .value = in->r.data});
    tell_table_address(told, "SAW", &out->aw, in->aw_ready, &self->saw, &self->since_saw);
    if (out->w.valid && in->w_ready)
        tell(told, (struct iommu_bench_row){.event = "SW",
                                            .cells = CELL_LENGTH | CELL_VALUE,
                                            .length = out->w.last,
                                            .value = out->w.data});
    if (in->b.valid)
        tell(told, (struct iommu_bench_row){.event = "SB",
                                            .cells = CELL_ID | CELL_RESPONSE,
                                            .id = in->b.id,
                                            .response = in->b.response});
}

void iommu_bench_rows(struct iommu_bench *self, iommu_bench_tell *to, void *to_self)
{
    struct told at = {to, to_self, self->now}, *told = &at;
    tell_port(self, told, true);
    tell_port(self, told, false);
    tell_device(self, told);
    tell_completion(told, "CARV", "CAR", &self->out.completion.ar, self->in.completion.ar_ready,
                    &self->car, &self->since_car);
    tell_completion(told, "CAWV", "CAW", &self->out.completion.aw, self->in.completion.aw_ready,
                    &self->caw, &self->since_caw);
    tell_tables(self, told);
    if (self->out.wires != self->wires)
        tell(told, (struct iommu_bench_row){
                       .event = "IRQ", .cells = CELL_VALUE, .value = self->out.wires});
    self->wires = self->out.wires;
}
