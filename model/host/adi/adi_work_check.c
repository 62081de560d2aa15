/* SPDX-License-Identifier: BSD-2-Clause */
/* adi_work_check: what calls on an ADI AXI DMAC the loader refuses; see adi_work.c. */
#include "host/adi/adi_work.h"
#include "kernel/base.h"
#include "peripherals/stream_device.h"
#include "plan/route.h"

struct checking {
    const struct plan *plan;
    const struct component *work, *controller;
    const struct adi_dmac_config *dma;
    struct check *check;
};

#define FAIL(self, parameter, ...)                                                                 \
    (self)->check->fail((self)->check, (self)->work, (parameter), __VA_ARGS__)

static bool is_memory_side(const struct checking *self, bool source)
{
    return (source ? self->dma->source_type : self->dma->destination_type) == ADI_MEMORY;
}

/* Bytes of a beat of a side; 0 if its bus is missing, which the controller reports. */
static uint32_t beat_bytes(const struct checking *self, bool source)
{
    const uint16_t bus = source ? self->dma->source_bus : self->dma->destination_bus;
    if (!is_memory_side(self, source))
        return (source ? self->dma->source_width_bits : self->dma->destination_width_bits) / 8;
    if (bus >= self->plan->counts[SECTION_BUSES])
        return 0;
    return ((const struct axi_bus_config *)self->plan->components[SECTION_BUSES][bus].config)
               ->width_bits /
           8;
}

/* Of what the driver can address. */
static uint64_t last_address(const struct checking *self)
{
    const uint32_t bits = self->dma->address_width_bits;
    return UINT64_MAX >> (64 - (bits < ADI_DRIVER_ADDRESS_BITS ? bits : ADI_DRIVER_ADDRESS_BITS));
}

static bool beyond(const struct checking *self, uint64_t address, uint64_t bytes)
{
    const uint64_t last = last_address(self);
    return address > last || bytes - 1 > last - address;
}

/* Somebody on the side's bus has to answer all of it. */
static void check_region(const struct checking *self, const char *parameter, bool source,
                         uint64_t address, uint64_t bytes)
{
    const uint16_t bus = source ? self->dma->source_bus : self->dma->destination_bus;
    struct plan_route route;
    if (!plan_route(self->plan, bus, address, source ? REGION_READS : REGION_WRITES, &route))
        FAIL(self, parameter, "nobody answers 0x%jx on '%s', the %s of %s", (uintmax_t)address,
             self->plan->components[SECTION_BUSES][bus].name,
             source ? "source_bus" : "destination_bus", self->controller->name);
    else if (beyond(self, address, bytes))
        FAIL(self, parameter,
             "0x%jx .. 0x%jx ends beyond 0x%jx, the last address that the driver of %s writes; a "
             "program can write its high registers",
             (uintmax_t)address, (uintmax_t)(address + bytes - 1), (uintmax_t)last_address(self),
             self->controller->name);
    else if (bytes > route.bytes)
        FAIL(self, parameter, "0x%jx .. 0x%jx ends outside %s, which ends at 0x%jx",
             (uintmax_t)address, (uintmax_t)(address + bytes - 1), route.component->name,
             (uintmax_t)(address + route.bytes - 1));
    else
        work_check_descriptors(self->plan, self->work, parameter, bus, address, bytes, self->check);
}

/* A start and a stride are whole beats; bursts that start off a burst run over 4 KiB. */
static bool check_starts(const struct checking *self, const char *parameter, bool source,
                         const struct adi_extent *extent)
{
    const uint64_t start = source ? extent->source : extent->destination;
    const uint64_t stride = source ? extent->source_stride : extent->destination_stride;
    const uint32_t beat = beat_bytes(self, source), burst = self->dma->max_bytes_per_burst;
    if (beat == 0)
        return false; /* no bus, which is told elsewhere */
    if (start % beat) {
        FAIL(self, parameter, "0x%jx is not a multiple of %u bytes, a beat of the %s",
             (uintmax_t)start, beat, source ? "source" : "destination");
        return false;
    }
    if (stride % beat) {
        FAIL(self, source ? "source_gap" : "destination_gap",
             "chunk and gap, %ju bytes, are not a multiple of %u, a beat of the %s",
             (uintmax_t)stride, beat, source ? "source" : "destination");
        return false;
    }
    for (uint64_t row = 0; row < extent->rows; row++) {
        const uint64_t at = start + row * stride;
        if (at % burst == 0 || at / AXI_KIB4 == (at + extent->bytes - 1) / AXI_KIB4)
            continue;
        FAIL(self, parameter,
             "bursts from 0x%jx on would cross 4 KiB: the controller starts one every %u bytes "
             "(max_bytes_per_burst), take a multiple of that",
             (uintmax_t)at, burst);
        return false;
    }
    return true;
}

static void check_extent(const struct checking *self, const struct adi_extent *extent,
                         const char *from, const char *to, const char *length)
{
    static const bool sides[] = {true, false};
    for (unsigned i = 0; i < 2; i++) {
        const bool source = sides[i];
        const char *parameter = source ? from : to;
        const uint32_t beat = beat_bytes(self, source);
        if (!is_memory_side(self, source)) {
            if (extent->bytes % beat)
                FAIL(self, length, "%ju bytes are not whole beats of the %s, %u bytes",
                     (uintmax_t)extent->bytes,
                     (source ? self->dma->source_type : self->dma->destination_type) == ADI_FIFO
                         ? "FIFO"
                         : "stream",
                     beat);
            continue;
        }
        if (!check_starts(self, parameter, source, extent))
            continue;
        check_region(self, parameter, source, source ? extent->source : extent->destination,
                     (extent->rows - 1) *
                             (source ? extent->source_stride : extent->destination_stride) +
                         extent->bytes);
    }
}

static void check_cpu(const struct checking *self)
{
    const struct work_common *common = self->work->config;
    const struct plan *plan = self->plan;
    uint64_t seen;
    if (self->dma->interrupt >= plan->counts[SECTION_CPUS]) {
        FAIL(self, "controller", "%s has no interrupt to a CPU, and its driver needs one",
             self->controller->name);
        return;
    }
    const struct component *host = &plan->components[SECTION_CPUS][self->dma->interrupt];
    const uint16_t bus = ((const struct cpu_config *)host->config)->bus;
    if (common->cpu != UINT16_MAX && common->cpu != self->dma->interrupt)
        FAIL(self, "cpu", "the interrupt of %s goes to %s; its driver runs there",
             self->controller->name, host->name);
    if (!plan_reach(plan, bus, self->dma->bus, self->dma->base, &seen))
        FAIL(self, "controller",
             "%s, on bus '%s', does not reach the registers of %s on '%s': put them on one bus (an "
             "AXI4 bus will do), or a bridge between",
             host->name, plan->components[SECTION_BUSES][bus].name, self->controller->name,
             plan->components[SECTION_BUSES][self->dma->bus].name);
}

/* All calls of a controller are chains, or none. It is enough that each is what the next ones on both sides are. */
static void check_neighbour(const struct checking *self, int step)
{
    const struct plan *plan = self->plan;
    const int64_t count = plan->counts[SECTION_WORK];
    for (int64_t i = self->work - plan->components[SECTION_WORK] + step; i >= 0 && i < count;
         i += step) {
        const struct component *other = &plan->components[SECTION_WORK][i];
        if (other->type == &program_type ||
            work_controller(plan, other->config) != self->controller)
            continue;
        if (((const struct work_common *)other->config)->mode != WORK_LINKED_LIST)
            FAIL(self, "mode", "all calls of %s have to be linked_list, or none: %s is not",
                 self->controller->name, other->name);
        return;
    }
}

/* A chain lies in memory that both the CPU and the controller's descriptor port reach at one address. */
static void check_chain(const struct checking *self)
{
    const struct plan *plan = self->plan;
    if (self->dma->descriptor_bus >= plan->counts[SECTION_BUSES]) {
        FAIL(self, "mode",
             "%s has no scatter-gather: give it a `descriptor_bus`, or leave `mode` out",
             self->controller->name);
        return;
    }
    if (self->work->type == &cyclic_type)
        FAIL(self, "mode", "cyclic is not for a chain: leave `mode` out");
    if (self->dma->source_type == ADI_STREAM)
        FAIL(self, "mode",
             "a stream may end a transfer early, which a chain does not tell: leave "
             "`mode` out");
    check_neighbour(self, -1);
    check_neighbour(self, 1);
    if (self->dma->interrupt >= plan->counts[SECTION_CPUS])
        return; /* told already */
    const struct component *host = &plan->components[SECTION_CPUS][self->dma->interrupt];
    uint64_t base, bytes, seen;
    cpu_heap_place(plan, host, &base, &bytes);
    if (bytes == 0)
        FAIL(self, "mode", "%s has no memory for descriptors: see its `descriptors`", host->name);
    else if (beyond(self, base, bytes))
        FAIL(self, "mode",
             "the `descriptors` of %s, at 0x%jx, end beyond 0x%jx, the last address that the "
             "driver of %s writes",
             host->name, (uintmax_t)base, (uintmax_t)last_address(self), self->controller->name);
    else if (!plan_reach(plan, ((const struct cpu_config *)host->config)->bus,
                         self->dma->descriptor_bus, base, &seen) ||
             seen != base)
        FAIL(self, "mode",
             "the `descriptors` of %s, at 0x%jx, are not on '%s', the descriptor_bus of %s",
             host->name, (uintmax_t)base,
             plan->components[SECTION_BUSES][self->dma->descriptor_bus].name,
             self->controller->name);
}

static void check_common(const struct checking *self)
{
    const struct work_common *common = self->work->config;
    const struct {
        const char *name, *instead;
        bool given;
    } foreign[] = {
        {"burst", "bursts are max_bytes_per_burst of the controller", common->burst != 0},
        {"width_bits", "a beat is as wide as the controller's buses", common->width_bits != 0}};
    for (size_t i = 0; i < COUNT(foreign); i++)
        if (foreign[i].given)
            FAIL(self, foreign[i].name, "is not for an adi,axi-dmac: %s", foreign[i].instead);
    if (common->channel != 0)
        FAIL(self, "channel", "an adi,axi-dmac has channel 0 only");
    if (common->mode == WORK_LINKED_LIST)
        check_chain(self);
    else if (common->mode != WORK_BURST)
        FAIL(self, "mode", "an adi,axi-dmac has the modes burst and linked_list");
    for (uint32_t i = 0; i < self->plan->counts[SECTION_MASTERS]; i++) {
        const struct component *master = &self->plan->components[SECTION_MASTERS][i];
        const uint16_t driven = component_reference(master, REFERS_CONTROLLER);
        if (driven < self->plan->counts[SECTION_CONTROLLERS] &&
            &self->plan->components[SECTION_CONTROLLERS][driven] == self->controller)
            FAIL(self, "controller", "%s is driven by %s already", self->controller->name,
                 master->name);
    }
}

/* A call needs memories at both ends, or the controller's side that the peripheral is at. */
static bool check_sides(const struct checking *self)
{
    static const char *const names[] = {
        [ADI_MEMORY] = "memory", [ADI_STREAM] = "stream", [ADI_FIFO] = "fifo"};
    const bool source = is_memory_side(self, true), destination = is_memory_side(self, false);
    if (self->work->type == &memcpy_type || self->work->type == &interleaved_type) {
        if (source && destination)
            return true;
        FAIL(self, "controller",
             "%s goes from %s to %s: %s is for memories at both sides, take "
             "slave_sg or cyclic",
             self->controller->name, names[self->dma->source_type],
             names[self->dma->destination_type], self->work->type->name);
        return false;
    }
    if (source == destination) {
        FAIL(self, "controller", "%s goes from %s to %s: %s is for memory at one side%s",
             self->controller->name, names[self->dma->source_type],
             names[self->dma->destination_type], self->work->type->name,
             source ? ", take memcpy" : "");
        return false;
    }
    const struct component *device = work_peripheral(self->plan, self->work);
    if (!device)
        return false; /* reported as an unknown name */
    const uint8_t side = source ? self->dma->destination_type : self->dma->source_type;
    const struct component_type *wanted =
        source ? (side == ADI_FIFO ? &fifo_reader_type : &axi_stream_sink_type)
               : (side == ADI_FIFO ? &fifo_writer_type : &axi_stream_source_type);
    if (device->type != wanted) {
        FAIL(self, "peripheral", "%s is a %s; at the %s of %s is a %s", device->name,
             device->type->name, names[side], self->controller->name, wanted->name);
        return false;
    }
    /* Both kinds of config begin with it. */
    const uint16_t controller = *(const uint16_t *)device->config;
    if (controller >= self->plan->counts[SECTION_CONTROLLERS] ||
        &self->plan->components[SECTION_CONTROLLERS][controller] != self->controller) {
        FAIL(self, "peripheral", "%s is at another controller", device->name);
        return false;
    }
    return true;
}

static void check_rows(const struct checking *self, const struct interleaved_config *config)
{
    const uint64_t gap =
        config->source_gap > config->destination_gap ? config->source_gap : config->destination_gap;
    if (gap == 0)
        return;
    if (!self->dma->two_d)
        FAIL(self, config->source_gap ? "source_gap" : "destination_gap",
             "%s has no rows: give it `two_d: true` (DMA_2D_TRANSFER)", self->controller->name);
    if (config->chunk_bytes + gap > adi_work_longest(self->dma) - 1 ||
        config->frames > adi_work_longest(self->dma))
        FAIL(self, "chunk_bytes",
             "chunk and gap are %ju bytes in %u rows; %u bits hold less (length_width)",
             (uintmax_t)(config->chunk_bytes + gap), config->frames, self->dma->length_width_bits);
}

void adi_work_check(const struct plan *plan, const struct component *work,
                    const struct component *controller, struct check *check)
{
    const struct checking checking = {plan, work, controller, controller->config, check};
    const struct checking *self = &checking;
    const uint32_t before = check->failures;
    check_common(self);
    check_cpu(self);
    if (!check_sides(self) || !beat_bytes(self, true) || !beat_bytes(self, false))
        return;
    const char *from = "from", *to = "to", *length = "bytes";
    if (work->type == &slave_sg_type) {
        const struct slave_sg_config *config = work->config;
        from = to = length = "segments";
        if (config->segments.count == 0)
            FAIL(self, "segments", "needs at least one");
    } else if (work->type == &cyclic_type) {
        const struct cyclic_config *config = work->config;
        from = to = "buffer";
        length = "period_bytes";
        if (config->bytes % config->period_bytes != 0)
            FAIL(self, "period_bytes", "%ju does not divide bytes, %ju",
                 (uintmax_t)config->period_bytes, (uintmax_t)config->bytes);
        if (config->period_bytes > adi_work_longest(self->dma))
            FAIL(self, "period_bytes", "a period is one transfer: %ju bytes at most (length_width)",
                 (uintmax_t)adi_work_longest(self->dma));
    } else if (work->type == &interleaved_type) {
        length = "chunk_bytes";
        check_rows(self, work->config);
    } else {
        const struct memcpy_config *config = work->config;
        if (config->common.mode == WORK_LINKED_LIST &&
            (config->segment_bytes > adi_work_longest(self->dma) ||
             (config->segment_bytes < config->bytes &&
              config->segment_bytes % self->dma->max_bytes_per_burst)))
            FAIL(self, "segment_bytes",
                 "%ju: a descriptor moves %ju bytes at most, and whole bursts of %u unless it is "
                 "the "
                 "only one",
                 (uintmax_t)config->segment_bytes, (uintmax_t)adi_work_longest(self->dma),
                 self->dma->max_bytes_per_burst);
        if (config->from < config->to + config->bytes &&
            config->to < config->from + config->bytes &&
            self->dma->source_bus == self->dma->destination_bus)
            FAIL(self, "to", "source and destination overlap");
    }
    if (check->failures != before)
        return;
    if (adi_work_segments(work, self->dma) > ADI_SEGMENTS_MAX)
        FAIL(self, length, "is more than %u transfers of %ju bytes (length_width)",
             ADI_SEGMENTS_MAX, (uintmax_t)adi_work_longest(self->dma));
    struct adi_extent extent;
    for (uint32_t i = 0; check->failures == before && adi_work_extent(work, i, &extent); i++)
        check_extent(self, &extent, from, to, length);
}
