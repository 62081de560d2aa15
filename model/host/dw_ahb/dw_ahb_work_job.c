/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dw_ahb_work_job: an entry of `work` as a job of the controller's driver, and what can be wrong with it.
 *
 * What `mode` programs on a DesignWare AHB DMAC:
 *
 *   mode            MSIZE                        CFG                      descriptors
 *   burst           `burst`, else 16 (memory)    LOCK_* as `lock`         one a block
 *                   or the device's threshold
 *   cycle_stealing  1                            MAX_ABRST 1, LOCK_*      one a block
 *   demand          `burst`, else the device's   hardware handshake       one a block
 *                   threshold; memory side too
 *   linked_list     as burst                     LOCK_* as `lock`         one each segment_bytes
 *
 *   MSIZE is cut to a power of two that the FIFO and the controller can do. `lock` sets LOCK_CH and
 *   LOCK_B at its level. FIFO_MODE, by which a burst waits for its data or its room, is 1 for
 *   memory to memory, and with burst and linked_list. Cyclic transfers are rings of descriptors.
 *
 * Inaccuracies: Linux has FIFO_MODE 0 for every transfer with a device.
 */
#include "bus/ahb/ahb_component.h"
#include "host/dw_ahb/dw_ahb_work.h"
#include "kernel/base.h"

#include "peripherals/fifo_device.h"
#include "plan/route.h"

#define LONGEST_BURST 16

static uint16_t port_bus(const struct dw_ahb_config *dma, uint32_t port)
{
    const uint16_t *buses = dma->masters.items;
    return port < dma->masters.count ? buses[port] : dma->bus;
}

/* Bytes of a word on the bus of a master port. */
static uint32_t port_bytes(const struct plan *plan, const struct dw_ahb_config *dma, uint32_t port)
{
    const uint16_t bus = port_bus(dma, port);
    if (bus >= plan->counts[SECTION_BUSES])
        return 4; /* a name that was not found, and is reported as such */
    const struct ahb_bus_config *config = plan->components[SECTION_BUSES][bus].config;
    return config->width_bits / 8;
}

static uint32_t lock_bits(uint8_t lock)
{
    static const uint8_t levels[] = {
        [DW_LOCK_TRANSFER] = 0, [DW_LOCK_BLOCK] = 1, [DW_LOCK_TRANSACTION] = 2};
    if (lock == DW_LOCK_NONE)
        return 0;
    return DW_PUT(levels[lock], CFG_LO, LOCK_CH_L) | DW_PUT(levels[lock], CFG_LO, LOCK_B_L) |
           DW_MASK(CFG_LO, LOCK_CH) | DW_MASK(CFG_LO, LOCK_B);
}

/* Largest MSIZE that is no more than `wish` items and `most` bytes. */
static uint32_t burst_items(uint32_t wish, uint32_t item_bytes, uint32_t most_bytes,
                            uint32_t most_items)
{
    uint32_t fits = least(least(wish, most_bytes / item_bytes), most_items);
    if (fits < 4)
        return 1;
    return UINT32_C(1) << (31 - __builtin_clz(fits));
}

static void job_bursts(const struct plan *plan, const struct component *self,
                       struct dw_ahb_job *job)
{
    const struct dw_ahb_call *call = driver_group(plan, self, &dw_ahb_work_driver);
    const struct work_common *common = self->config;
    const struct component *controller = work_controller(plan, common);
    const struct dw_ahb_config *dma = controller->config;
    const struct component *peripheral = work_peripheral(plan, self);
    uint32_t memory_bytes =
        common->width_bits ? common->width_bits / 8 : port_bytes(plan, dma, call->memory_master);
    uint32_t wish = common->burst ? common->burst : LONGEST_BURST;
    if (common->mode == WORK_CYCLE_STEALING)
        wish = 1;
    uint32_t memory = burst_items(wish, memory_bytes, dma->fifo_bytes, dma->max_burst_items);
    job->source_burst = job->destination_burst = memory;
    if (!peripheral)
        return;
    const struct fifo_config *device = peripheral->config;
    uint32_t item_bytes = device->width_bits / 8;
    if (!common->burst && common->mode != WORK_CYCLE_STEALING)
        wish = device->threshold;
    uint32_t items = burst_items(wish, item_bytes, dma->fifo_bytes, dma->max_burst_items);
    memory = burst_items(least(wish * item_bytes / memory_bytes, LONGEST_BURST), memory_bytes,
                         dma->fifo_bytes, dma->max_burst_items);
    /* Linux rounds what its client asks for down to a power of two, which MSIZE may not have. */
    job->device_burst = UINT32_C(1)
                        << (31 - __builtin_clz(least(wish ? wish : 1, dma->max_burst_items)));
    bool out = device->direction == FIFO_MEM_TO_DEV;
    job->source_burst = out ? memory : items;
    job->destination_burst = out ? items : memory;
}

static void job_device(const struct component *peripheral, uint8_t mode, struct dw_ahb_job *job)
{
    const struct fifo_config *device = peripheral->config;
    job->device_address = fifo_register_address(device, FIFO_DATA);
    job->device_width = (uint8_t)__builtin_ctz(device->width_bits / 8);
    if (device->direction == FIFO_MEM_TO_DEV) {
        job->flow = device->last ? DW_FC_PERIPHERAL_M2P : DW_FC_M2P;
        job->cfg_hi = DW_PUT(device->line, CFG_HI, DEST_PER);
    } else {
        job->flow = device->last ? DW_FC_PERIPHERAL_P2M : DW_FC_P2M;
        job->cfg_hi = DW_PUT(device->line, CFG_HI, SRC_PER);
    }
    if (mode == WORK_BURST || mode == WORK_LINKED_LIST)
        job->cfg_hi |= DW_MASK(CFG_HI, FIFO_MODE);
}

static void job_memcpy(const struct memcpy_config *config, struct dw_ahb_job *job)
{
    job->source = (uint32_t)config->from;
    job->destination = (uint32_t)config->to;
    job->bytes = config->bytes;
    job->extent_bytes = config->bytes;
    if (config->common.mode == WORK_LINKED_LIST && config->segment_bytes < config->bytes)
        job->extent_bytes = config->segment_bytes;
    job->source_step = job->destination_step = (uint32_t)job->extent_bytes;
}

static void job_slave_sg(const struct slave_sg_config *config, struct dw_ahb_job *job,
                         struct dw_ahb_extent *list)
{
    const struct work_segment *segments = config->segments.items;
    for (uint32_t i = 0; i < config->segments.count; i++) {
        job->bytes += segments[i].bytes;
        if (list)
            list[i] = (struct dw_ahb_extent){(uint32_t)segments[i].address, segments[i].bytes};
    }
    job->list = list;
    job->extents = config->segments.count;
}

static void job_cyclic(const struct cyclic_config *config, struct dw_ahb_job *job)
{
    job->cyclic = true;
    job->source = job->destination = (uint32_t)config->buffer;
    job->bytes = config->bytes;
    job->extent_bytes = config->period_bytes;
    job->source_step = job->destination_step = (uint32_t)config->period_bytes;
}

static void job_interleaved(const struct dw_ahb_config *dma, const struct dw_ahb_call *call,
                            const struct interleaved_config *config, struct dw_ahb_job *job)
{
    uint64_t chunk = config->chunk_bytes;
    job->source = (uint32_t)config->from;
    job->destination = (uint32_t)config->to;
    job->bytes = chunk * config->frames;
    uint64_t chunks = 1; /* in an extent */
    unsigned aligned = (unsigned)(4 | chunk | config->source_gap | config->destination_gap |
                                  config->from | config->to);
    unsigned width = config->common.width_bits
                         ? (unsigned)__builtin_ctz(config->common.width_bits / 8)
                         : (unsigned)__builtin_ctz(aligned);
    if (call->gaps == DW_GAPS_REGISTERS) {
        uint32_t items = (uint32_t)(chunk >> width);
        job->width = (uint8_t)width;
        chunks = items && items < dma->max_block_items ? dma->max_block_items / items : 1;
        if (chunks > config->frames)
            chunks = config->frames;
        if (config->source_gap)
            job->sgr = DW_PUT(items, SGR, SGC) | DW_PUT(config->source_gap >> width, SGR, SGI);
        if (config->destination_gap)
            job->dsr = DW_PUT(items, DSR, DSC) | DW_PUT(config->destination_gap >> width, DSR, DSI);
    }
    job->extent_bytes = chunk * chunks;
    job->source_step = (uint32_t)((chunk + config->source_gap) * chunks);
    job->destination_step = (uint32_t)((chunk + config->destination_gap) * chunks);
}

void dw_ahb_work_job(const struct plan *plan, const struct component *self, struct dw_ahb_job *job,
                     struct dw_ahb_extent *list)
{
    const struct dw_ahb_call *call = driver_group(plan, self, &dw_ahb_work_driver);
    const struct work_common *common = self->config;
    const struct component *controller = work_controller(plan, common);
    const struct component *peripheral = work_peripheral(plan, self);
    *job = (struct dw_ahb_job){
        .channel = (uint8_t)common->channel,
        .flow = DW_FC_M2M,
        .width =
            common->width_bits ? (uint8_t)__builtin_ctz(common->width_bits / 8) : DW_WIDTH_AUTO,
        .memory_master = (uint8_t)call->memory_master,
        .device_master = (uint8_t)call->peripheral_master,
        .cfg_lo = lock_bits(call->lock),
        .cfg_hi = DW_MASK(CFG_HI, FIFO_MODE),
        .priority = call->priority < 8 ? (int8_t)call->priority : -1,
    };
    if (common->mode == WORK_CYCLE_STEALING)
        job->cfg_lo |= DW_PUT(1, CFG_LO, MAX_ABRST);
    if (peripheral)
        job_device(peripheral, common->mode, job);
    if (self->type == &memcpy_type)
        job_memcpy(self->config, job);
    else if (self->type == &slave_sg_type)
        job_slave_sg(self->config, job, list);
    else if (self->type == &cyclic_type)
        job_cyclic(self->config, job);
    else
        job_interleaved(controller->config, call, self->config, job);
    if (!job->list && job->extent_bytes > 0 && self->type != &slave_sg_type)
        job->extents = (uint32_t)((job->bytes + job->extent_bytes - 1) / job->extent_bytes);
    job_bursts(plan, self, job);
}

/* ---- checks -------------------------------------------------------------------------------- */

struct checking {
    const struct plan *plan;
    const struct component *work;
    const struct dw_ahb_config *dma;
    const struct dw_ahb_call *call;
    struct check *check;
};

#define FAIL(self, parameter, ...)                                                                 \
    (self)->check->fail((self)->check, (self)->work, (parameter), __VA_ARGS__)

static void check_memory(const struct checking *self, const char *parameter, uint64_t address,
                         uint64_t bytes)
{
    const uint16_t bus = port_bus(self->dma, self->call->memory_master);
    struct plan_route route;
    if (!plan_route(self->plan, bus, address, REGION_ANY, &route) ||
        route.component->type->section != SECTION_MEMORIES)
        FAIL(self, parameter, "0x%jx is in no memory", (uintmax_t)address);
    else if (bytes > route.bytes)
        FAIL(self, parameter, "0x%jx .. 0x%jx ends outside %s, which ends at 0x%jx",
             (uintmax_t)address, (uintmax_t)(address + bytes - 1), route.component->name,
             (uintmax_t)(address + route.bytes - 1));
    else
        work_check_descriptors(self->plan, self->work, parameter, bus, address, bytes, self->check);
}

static void check_aligned(const struct checking *self, const char *parameter, uint64_t value)
{
    const struct work_common *common = self->work->config;
    uint32_t bytes = common->width_bits / 8;
    if (bytes > 1 && value % bytes != 0)
        FAIL(self, parameter, "0x%jx is not a multiple of the width, %u bytes", (uintmax_t)value,
             bytes);
}

static void check_burst(const struct checking *self, uint32_t item_bytes)
{
    const struct work_common *common = self->work->config;
    uint32_t burst = common->burst;
    if (burst == 0)
        return;
    if (dw_ahb_driver_msize(burst) < 0)
        FAIL(self, "burst", "must be 1, 4, 8, 16, 32, 64, 128 or 256 items, not %u", burst);
    else if (burst > self->dma->max_burst_items && burst > 1)
        FAIL(self, "burst", "%u items; the controller's longest burst is %u (max_burst_items)",
             burst, self->dma->max_burst_items);
    else if (burst * item_bytes > self->dma->fifo_bytes)
        FAIL(self, "burst", "%u items of %u bytes are wider than the channel's FIFO of %u bytes",
             burst, item_bytes, self->dma->fifo_bytes);
}

/* The driver's accesses are of 32 bits, and its hardware has no register that tells of a narrower port. */
static void check_wide(const struct checking *self, uint16_t index)
{
    const struct component *bus = &self->plan->components[SECTION_BUSES][index];
    if (index >= self->plan->counts[SECTION_BUSES] || bus->type != &ahb_type)
        return;
    const struct ahb_bus_config *config = bus->config;
    if (config->width_bits < 32)
        FAIL(self, "controller", "the driver needs 32 bits, '%s' has %u", bus->name,
             config->width_bits);
}

/* A copy reads while it writes: a FIFO that holds less than two bursts cuts them. */
static void note_fifo(const struct checking *self, const struct component *controller)
{
    const struct work_common *common = self->work->config;
    const struct dw_ahb_config *dma = self->dma;
    struct dw_ahb_job job = {.source_burst = 1};
    job_bursts(self->plan, self->work, &job);
    const uint32_t item_bytes = common->width_bits
                                    ? common->width_bits / 8
                                    : port_bytes(self->plan, dma, self->call->memory_master);
    const uint32_t wish = least(LONGEST_BURST, dma->max_burst_items);
    if (common->mode == WORK_CYCLE_STEALING)
        return;
    if (!common->burst && job.source_burst < wish)
        CHECK_NOTE(self->check, controller, "fifo",
                   "%u bytes make bursts of copies %u items of %u bytes, not %u; %u bytes hold two "
                   "of those",
                   dma->fifo_bytes, job.source_burst, item_bytes, wish, 2 * wish * item_bytes);
    else if (job.source_burst > 1 && 2 * job.source_burst * item_bytes > dma->fifo_bytes)
        CHECK_NOTE(
            self->check, controller, "fifo",
            "%u bytes hold one burst of %u items of %u bytes, not two: reads and writes of a copy "
            "cut each other's; %u bytes hold two",
            dma->fifo_bytes, job.source_burst, item_bytes, 2 * job.source_burst * item_bytes);
}

/* The CPU reaches the registers, and has its descriptors where the controller has them. */
static void check_reach(const struct checking *self, const struct component *controller)
{
    const struct component *host = &self->plan->components[SECTION_CPUS][self->dma->interrupt];
    const uint16_t bus = ((const struct cpu_config *)host->config)->bus;
    const uint16_t port = port_bus(self->dma, self->call->memory_master);
    uint64_t base, bytes, seen;
    check_wide(self, bus);
    if (self->dma->bus != bus)
        check_wide(self, self->dma->bus);
    if (port != bus && port != self->dma->bus)
        check_wide(self, port);
    if (!plan_reach(self->plan, bus, self->dma->bus, self->dma->base, &seen))
        FAIL(self, "controller", "%s, on bus '%s', does not reach the registers of %s on '%s'",
             host->name, self->plan->components[SECTION_BUSES][bus].name, controller->name,
             self->plan->components[SECTION_BUSES][self->dma->bus].name);
    cpu_heap_place(self->plan, host, &base, &bytes);
    if (self->dma->multi_block && bytes > 0 &&
        (base + (bytes - 1) > UINT32_MAX || !plan_reach(self->plan, bus, port, base, &seen) ||
         seen != base))
        FAIL(self, "controller",
             "the `descriptors` of %s, at 0x%jx, are not on '%s', a bus of %s with 32 bits",
             host->name, (uintmax_t)base, self->plan->components[SECTION_BUSES][port].name,
             controller->name);
}

static void check_common(const struct checking *self, const struct component *controller)
{
    const struct work_common *common = self->work->config;
    uint32_t masters = self->dma->masters.count ? self->dma->masters.count : 1;
    if (common->channel >= self->dma->channels)
        FAIL(self, "channel", "%s has channels 0 .. %u", controller->name, self->dma->channels - 1);
    if (self->call->memory_master >= masters)
        FAIL(self, "dw.memory_master", "%s has master ports 0 .. %u", controller->name,
             masters - 1);
    if (self->call->peripheral_master >= masters)
        FAIL(self, "dw.peripheral_master", "%s has master ports 0 .. %u", controller->name,
             masters - 1);
    if (self->dma->interrupt >= self->plan->counts[SECTION_CPUS])
        FAIL(self, "controller", "%s has no interrupt to a CPU, and its driver needs one",
             controller->name);
    else if (common->cpu != UINT16_MAX && common->cpu != self->dma->interrupt)
        FAIL(self, "cpu", "the interrupt of %s goes to %s; its driver runs there", controller->name,
             self->plan->components[SECTION_CPUS][self->dma->interrupt].name);
    else
        check_reach(self, controller);
    uint32_t width = common->width_bits;
    if (width != 0 && (width < 8 || (width & (width - 1)) != 0))
        FAIL(self, "width_bits", "must be 0, 8, 16, 32, 64 or 128, not %u", width);
    else if (self->call->memory_master < masters &&
             width / 8 > port_bytes(self->plan, self->dma, self->call->memory_master))
        FAIL(self, "width_bits", "%u bits are wider than the bus", width);
    if (common->mode == WORK_DEMAND && !work_peripheral(self->plan, self->work))
        FAIL(self, "mode", "demand needs a peripheral that asks: slave_sg or cyclic");
}

/* Items of one job after the other that no other work takes from the device; 0 if that cannot be told. */
static uint64_t items_taken(const struct checking *self, const struct component *peripheral,
                            uint32_t item_bytes, uint64_t *last_block)
{
    const struct slave_sg_config *config = self->work->config;
    const struct work_segment *segments = config->segments.items;
    uint64_t bytes = 0;
    if (self->work->type != &slave_sg_type)
        return 0;
    for (uint32_t i = 0; i < self->plan->counts[SECTION_WORK]; i++) {
        const struct component *other = &self->plan->components[SECTION_WORK][i];
        if (other != self->work && work_peripheral(self->plan, other) == peripheral)
            return 0;
    }
    for (uint32_t i = 0; i < config->segments.count; i++) {
        bytes += segments[i].bytes;
        *last_block = segments[i].bytes / item_bytes;
    }
    return *last_block > self->dma->max_block_items ? 0
                                                    : bytes / item_bytes * config->common.repeat;
}

/* Near the end of what arrives at a device there may be too little for a burst request, and too much
 * left of the block for single ones to count (dw_ahb.c). `burst`: items. */
static void check_rest(const struct checking *self, const struct component *peripheral,
                       uint32_t burst)
{
    const struct fifo_config *device = peripheral->config;
    const uint32_t item_bytes = device->width_bits / 8;
    const uint64_t total = fifo_total_bytes(device) / item_bytes;
    uint64_t block = 0;
    if (device->direction != FIFO_DEV_TO_MEM || device->last || total == 0)
        return;
    const uint64_t taken = items_taken(self, peripheral, item_bytes, &block);
    if (taken == 0 || taken > total || (device->single && (burst == 1 || block < burst)))
        return;
    /* The least that is left of a block when it still takes a burst request. */
    const uint64_t over = block % burst;
    const uint64_t left = device->single ? burst + over : over ? over : burst;
    const uint64_t waiting = total - taken + left;
    if (waiting < device->threshold)
        FAIL(self, "peripheral",
             "the last %ju items stay in %s, which asks for bursts of %u (threshold) while the "
             "controller takes %u at once; a threshold of %ju or less would let them leave",
             (uintmax_t)waiting, peripheral->name, device->threshold, burst, (uintmax_t)waiting);
}

static void check_device(const struct checking *self, const struct component *controller)
{
    const struct component *peripheral = work_peripheral(self->plan, self->work);
    if (!peripheral)
        return;
    if (peripheral->type != &fifo_device_type) {
        FAIL(self, "peripheral", "%s is not a FIFO device", peripheral->name);
        return;
    }
    const struct fifo_config *device = peripheral->config;
    if (device->controller >= self->plan->counts[SECTION_CONTROLLERS] ||
        &self->plan->components[SECTION_CONTROLLERS][device->controller] != controller)
        FAIL(self, "peripheral", "%s has no request line to %s (its `controller`)",
             peripheral->name, controller->name);
    else if (device->line >= self->dma->request_lines)
        FAIL(self, "peripheral", "%s uses line %u; %s has %u (request_lines)", peripheral->name,
             device->line, controller->name, self->dma->request_lines);
    else if (device->direction == FIFO_MEM_TO_DEV &&
             device->width_bits / 8 > port_bytes(self->plan, self->dma, self->call->memory_master))
        FAIL(self, "peripheral",
             "the driver refuses %s, whose items have %u bits: memory has a bus of %u only",
             peripheral->name, device->width_bits,
             8 * port_bytes(self->plan, self->dma, self->call->memory_master));
    check_burst(self, device->width_bits / 8);
    struct dw_ahb_job job;
    dw_ahb_work_job(self->plan, self->work, &job, NULL);
    uint32_t items =
        device->direction == FIFO_MEM_TO_DEV ? job.destination_burst : job.source_burst;
    if (items > device->threshold)
        FAIL(self, "burst", "%u items; %s asks for bursts of %u (threshold)", items,
             peripheral->name, device->threshold);
    else if (device->last && items != device->threshold)
        FAIL(self, "burst",
             "%u items; %s controls the flow and counts on bursts of exactly %u (threshold)", items,
             peripheral->name, device->threshold);
    else
        check_rest(self, peripheral, items);
}

static void check_memcpy(const struct checking *self)
{
    const struct memcpy_config *config = self->work->config;
    check_memory(self, "from", config->from, config->bytes);
    check_memory(self, "to", config->to, config->bytes);
    check_aligned(self, "from", config->from);
    check_aligned(self, "to", config->to);
    check_aligned(self, "bytes", config->bytes);
    if (config->common.mode == WORK_LINKED_LIST)
        check_aligned(self, "segment_bytes", config->segment_bytes);
    if (config->from < config->to + config->bytes && config->to < config->from + config->bytes)
        FAIL(self, "to", "source and destination overlap");
}

static void check_slave_sg(const struct checking *self, uint32_t item_bytes)
{
    const struct slave_sg_config *config = self->work->config;
    const struct work_segment *segments = config->segments.items;
    if (config->segments.count == 0)
        FAIL(self, "segments", "needs at least one");
    for (uint32_t i = 0; i < config->segments.count; i++) {
        check_memory(self, "segments", segments[i].address, segments[i].bytes);
        check_aligned(self, "segments", segments[i].address);
        check_aligned(self, "segments", segments[i].bytes);
        if (segments[i].bytes % item_bytes != 0)
            FAIL(self, "segments", "%ju bytes are not whole items of the device, %u bytes",
                 (uintmax_t)segments[i].bytes, item_bytes);
    }
}

static void check_cyclic(const struct checking *self, const struct fifo_config *device)
{
    const struct cyclic_config *config = self->work->config;
    check_memory(self, "buffer", config->buffer, config->bytes);
    check_aligned(self, "buffer", config->buffer);
    check_aligned(self, "period_bytes", config->period_bytes);
    if (config->bytes % config->period_bytes != 0)
        FAIL(self, "period_bytes", "%ju does not divide bytes, %ju",
             (uintmax_t)config->period_bytes, (uintmax_t)config->bytes);
    if (!device)
        return;
    uint32_t item_bytes = device->width_bits / 8;
    if (config->period_bytes % item_bytes != 0)
        FAIL(self, "period_bytes", "must be whole items of the device, %u bytes", item_bytes);
    if (device->last)
        FAIL(self, "peripheral", "a device that controls the flow cannot be served for ever");
    bool out = device->direction == FIFO_MEM_TO_DEV;
    uint64_t aligned = 4 | config->buffer | config->period_bytes;
    uint32_t source_bytes = out ? UINT32_C(1) << __builtin_ctzll(aligned) : item_bytes;
    if (out && config->common.width_bits)
        source_bytes = config->common.width_bits / 8;
    if (config->period_bytes / source_bytes > self->dma->max_block_items)
        FAIL(self, "period_bytes", "a period is one block: %u items of %u bytes at most",
             self->dma->max_block_items, source_bytes);
}

static void check_interleaved(const struct checking *self)
{
    const struct interleaved_config *config = self->work->config;
    uint64_t chunk = config->chunk_bytes, frames = config->frames;
    check_memory(self, "from", config->from,
                 (chunk + config->source_gap) * frames - config->source_gap);
    check_memory(self, "to", config->to,
                 (chunk + config->destination_gap) * frames - config->destination_gap);
    check_aligned(self, "from", config->from);
    check_aligned(self, "to", config->to);
    check_aligned(self, "chunk_bytes", chunk);
    check_aligned(self, "source_gap", config->source_gap);
    check_aligned(self, "destination_gap", config->destination_gap);
    if (self->call->gaps != DW_GAPS_REGISTERS)
        return;
    unsigned aligned = (unsigned)(4 | chunk | config->source_gap | config->destination_gap |
                                  config->from | config->to);
    uint32_t item = config->common.width_bits ? config->common.width_bits / 8
                                              : UINT32_C(1) << __builtin_ctz(aligned);
    if (chunk / item > self->dma->max_block_items)
        FAIL(self, "chunk_bytes", "%ju items; a block holds %u: take `dw: {gaps: descriptors}`",
             (uintmax_t)(chunk / item), self->dma->max_block_items);
    if (config->source_gap / item >= UINT32_C(1) << DW_SGR_SGI_BITS)
        FAIL(self, "source_gap", "too long for the gather register");
    if (config->destination_gap / item >= UINT32_C(1) << DW_DSR_DSI_BITS)
        FAIL(self, "destination_gap", "too long for the scatter register");
}

void dw_ahb_work_check(const struct plan *plan, const struct component *work,
                       const struct component *controller, struct check *check)
{
    const struct work_common *common = work->config;
    struct checking checking = {.plan = plan, .work = work, .check = check};
    struct checking *self = &checking;
    self->dma = controller->config;
    self->call = driver_group(plan, work, &dw_ahb_work_driver);
    uint32_t before = check->failures;
    check_common(self, controller);
    check_device(self, controller);
    if (check->failures != before)
        return;
    const struct component *peripheral = work_peripheral(plan, work);
    const struct fifo_config *device = peripheral ? peripheral->config : NULL;
    if (!device)
        check_burst(self, common->width_bits
                              ? common->width_bits / 8
                              : port_bytes(plan, self->dma, self->call->memory_master));
    if (work->type == &memcpy_type)
        check_memcpy(self);
    else if (work->type == &slave_sg_type)
        check_slave_sg(self, device ? device->width_bits / 8 : 1);
    else if (work->type == &cyclic_type)
        check_cyclic(self, device);
    else
        check_interleaved(self);
    if (!device && check->failures == before)
        note_fifo(self, controller);
}
