/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * i8237_work: the calls of `work` on an 8237A, as Linux's arch/x86/include/asm/dma.h programs it.
 *
 *   slave_sg, for each piece of a segment
 *     MASK = 4 | channel          disable_dma
 *     CLEAR_POINTER = 0           clear_dma_ff
 *     MODE = mode | channel       set_dma_mode: to memory 0x04, from memory 0x08
 *     page, ADDRESS low, high     set_dma_addr
 *     COUNT low, high             set_dma_count: bytes - 1
 *     MASK = channel              enable_dma
 *     CONTROL = 1                 the device begins; then its interrupt is waited for
 *     STATUS of the device        takes the interrupt back
 *     CLEAR_POINTER, COUNT low, high   get_dma_residue: 0 if all was moved
 *
 *   cyclic: the same once, with autoinitialisation; CONTROL and STATUS for each period; in the end
 *     CLEAR_POINTER, MASK = 4 | channel    sound/core/isadma.c, snd_dma_disable
 *
 *   Of a channel that moves words: address and count are halved, bit 0 of the page is 0, the residue is doubled.
 *
 *   memcpy: channels 0 (from) and 1 (to) as above, both masked, in block mode, then
 *     COMMAND = 1 | REQUEST = 4 | STATUS polled for TC of channel 1 | COMMAND = 0
 *
 * A piece ends at a multiple of 64 KiB (of words: 128 KiB), which no count or address goes beyond.
 *
 * Compared with Linux 6.12: the order is that of asm/dma.h under claim_dma_lock(); request_dma() of kernel/dma.c
 * touches no hardware. On purpose otherwise: memcpy, which Linux has none of; a channel is masked once before it is
 * programmed, where some drivers call disable_dma() twice; the residue is read once, when the device has told that it
 * is done, not polled as snd_dma_pointer() does.
 *
 * Timing: each access is a bus cycle of the CPU. While the controller has the bus the CPU waits, so
 * the polls of a memcpy are few.
 *
 * Inaccuracies
 *   Interrupt controllers and the service routine are not there: the interrupt wakes the thread. A
 *   residue that is not 0, or a byte the device lost, makes the transfer an error.
 */
#include "host/i8237/i8237_work.h"
#include "host/work/work_buffers.h"
#include "kernel/base.h"
#include "kernel/round.h"

#include "bus/isa/isa_pages.h"
#include "controllers/i8237/i8237.h"
#include "peripherals/isa_device.h"

#define PIECE_BYTES UINT64_C(0x10000)

struct transfer {
    struct work work; /* first */
    const struct component *controller;
    const struct cpu_line *line; /* of the device; null: memory to memory */
    const struct work_segment *segments;
    uint32_t segment_count;
    uint32_t port, port_step;    /* bus addresses: of the controller, */
    uint32_t page[ISA_CHANNELS]; /* of the page registers, 0: there are none, */
    uint32_t device;             /* and of the device */
    uint64_t from, to, bytes;    /* memory to memory */
    uint32_t channel;
    uint8_t mode;  /* without the channel */
    uint8_t shift; /* 1: the channel moves words */
    bool starts_device, cyclic;
    uint32_t periods, periods_done;

    /* Where it is. */
    uint32_t segment;
    uint64_t offset, piece;
    uint64_t done; /* bytes */
    uint32_t count_low;
    bool failed;
};

enum transfer_state {
    TRANSFER_BEGIN = WORK_STATE_TURN,
    TRANSFER_PROGRAM,
    TRANSFER_DEVICE,
    TRANSFER_WAIT,
    TRANSFER_INTERRUPT,
    TRANSFER_STATUS,
    TRANSFER_COUNT_LOW,
    TRANSFER_COUNT_HIGH,
    TRANSFER_RESIDUE,
    TRANSFER_COPIED,
    TRANSFER_OFF,
    TRANSFER_CALLBACK,
    TRANSFER_FINISH,
    TRANSFER_UNMAP,
    TRANSFER_OVER,
};

static void out8(struct cpu_task *task, uint32_t address, unsigned value)
{
    cpu_push(task, &(struct cpu_op){.kind = CPU_WRITE, .address = address, .value = value & 0xff});
}

static void in8(struct cpu_task *task, uint32_t address)
{
    cpu_push(task, &(struct cpu_op){.kind = CPU_READ, .address = address});
}

/* Bus address of a register. */
static uint32_t at(const struct transfer *self, unsigned port)
{
    return self->port + self->port_step * port;
}

static void program_channel(struct transfer *self, unsigned channel, uint64_t address, bool enable)
{
    struct cpu_task *task = &self->work.task;
    const uint64_t count = (self->piece - 1) >> self->shift;
    const uint64_t word = address >> self->shift;
    const uint32_t to_address = at(self, 2 * channel), to_count = at(self, 2 * channel + 1);
    unsigned first = task->count;
    out8(task, at(self, I8237_MASK), 4 | channel);
    out8(task, at(self, I8237_CLEAR_POINTER), 0);
    out8(task, at(self, I8237_MODE), self->mode | channel);
    if (self->page[channel])
        out8(task, self->page[channel], (unsigned)(address >> 16) & ~(unsigned)self->shift);
    out8(task, to_address, (unsigned)word);
    out8(task, to_address, (unsigned)(word >> 8));
    out8(task, to_count, (unsigned)count);
    out8(task, to_count, (unsigned)(count >> 8));
    if (enable)
        out8(task, at(self, I8237_MASK), channel);
    cpu_lock_from(task, first); /* claim_dma_lock */
}

static uint64_t up_to_boundary(uint64_t address, uint64_t bytes, unsigned shift)
{
    const uint64_t piece = PIECE_BYTES << shift;
    uint64_t room = piece - address % piece;
    return bytes < room ? bytes : room;
}

/* Programs the next piece; false if there is none. */
static bool program_piece(struct transfer *self)
{
    struct cpu_task *task = &self->work.task;
    if (!self->line) {
        if (self->done == self->bytes)
            return false;
        uint64_t from = work_buffers_handle(&self->work, self->from + self->done);
        uint64_t to = work_buffers_handle(&self->work, self->to + self->done);
        self->piece = up_to_boundary(to, up_to_boundary(from, self->bytes - self->done, 0), 0);
        self->mode = I8237_BLOCK | I8237_READ;
        program_channel(self, 0, from, false);
        self->mode = I8237_BLOCK | I8237_WRITE;
        program_channel(self, 1, to, false);
        out8(task, at(self, I8237_COMMAND), I8237_MEMORY_TO_MEMORY);
        out8(task, at(self, I8237_REQUEST), 4);
        cpu_push(task,
                 &(struct cpu_op){
                     .kind = CPU_POLL, .address = at(self, I8237_STATUS), .value = 2, .mask = 2});
        out8(task, at(self, I8237_COMMAND), 0);
        return true;
    }
    if (self->segment == self->segment_count)
        return false;
    const struct work_segment *segment = &self->segments[self->segment];
    uint64_t address = work_buffers_handle(&self->work, segment->address + self->offset);
    self->piece = up_to_boundary(address, segment->bytes - self->offset, self->shift);
    program_channel(self, self->channel, address, true);
    return true;
}

static void piece_done(struct transfer *self)
{
    self->done += self->piece;
    self->offset += self->piece;
    if (self->line && self->offset == self->segments[self->segment].bytes) {
        self->segment++;
        self->offset = 0;
    }
}

/* The interrupt is taken back: on with the next period, or with the residue. */
static enum transfer_state after_status(struct transfer *self, sim_cycle now, uint32_t status)
{
    self->failed |= (status & ISA_DEVICE_LOST) != 0;
    if (!self->cyclic)
        return TRANSFER_COUNT_LOW;
    work_periods(&self->work, now, 1);
    self->done += self->piece;
    if (++self->periods_done < self->periods)
        return TRANSFER_DEVICE;
    return TRANSFER_OFF;
}

static void begin(struct transfer *self)
{
    struct work *work = &self->work;
    work_begin(work);
    work->record.issue_ps = work->record.submit_ps;
    self->segment = self->periods_done = 0;
    self->offset = self->done = 0;
    self->failed = false;
}

/* One state; false if the thread sleeps now. */
static bool transfer_next(struct transfer *self, sim_cycle now)
{
    struct work *work = &self->work;
    struct cpu_task *task = &work->task;
    switch ((enum transfer_state)work->state) {
    case TRANSFER_BEGIN:
        if (!work_buffers_begin(work))
            return true;
        begin(self);
        work->state = TRANSFER_PROGRAM;
        if (work_buffers_failed(work))
            work->state = work_done(work, now, 0, true) ? TRANSFER_BEGIN : TRANSFER_UNMAP;
        return true;
    case TRANSFER_PROGRAM:
        if (self->failed || !program_piece(self))
            work->state = TRANSFER_CALLBACK;
        else
            work->state = self->line ? TRANSFER_DEVICE : TRANSFER_COPIED;
        return true;
    case TRANSFER_DEVICE:
        if (!work_buffers_periods(work))
            return true;
        if (self->starts_device)
            out8(task, self->device + ISA_DEVICE_CONTROL, ISA_DEVICE_RUN);
        work->state = TRANSFER_WAIT;
        return true;
    case TRANSFER_WAIT:
        work->state = TRANSFER_INTERRUPT;
        task->waits = self->line;
        return false;
    case TRANSFER_INTERRUPT:
        work->record.interrupt_ps = self->line->seen_ps;
        in8(task, self->device + ISA_DEVICE_STATUS);
        work->state = TRANSFER_STATUS;
        return true;
    case TRANSFER_STATUS:
        work->state = (uint8_t)after_status(self, now, task->value);
        return true;
    case TRANSFER_COUNT_LOW:
        out8(task, at(self, I8237_CLEAR_POINTER), 0);
        in8(task, at(self, 2 * self->channel + 1));
        cpu_lock_from(task, 0);
        work->state = TRANSFER_COUNT_HIGH;
        return true;
    case TRANSFER_COUNT_HIGH:
        self->count_low = task->value;
        in8(task, at(self, 2 * self->channel + 1));
        work->state = TRANSFER_RESIDUE;
        return true;
    case TRANSFER_RESIDUE:
        self->failed |= ((1 + self->count_low + (task->value << 8)) & 0xffff) != 0;
        piece_done(self);
        work->state = TRANSFER_PROGRAM;
        return true;
    case TRANSFER_COPIED:
        piece_done(self);
        work->state = TRANSFER_PROGRAM;
        return true;
    case TRANSFER_OFF:
        out8(task, at(self, I8237_CLEAR_POINTER), 0);
        out8(task, at(self, I8237_MASK), 4 | self->channel);
        cpu_lock_from(task, 0);
        work->state = TRANSFER_CALLBACK;
        return true;
    case TRANSFER_CALLBACK:
        cpu_delay(task, task->cpu->config->callback_latency);
        work->state = TRANSFER_FINISH;
        return true;
    case TRANSFER_FINISH: {
        const bool failed = work_failed(work) || self->failed;
        work->record.callback_ps = work_time(work);
        if (work_done(work, now, self->done, failed)) {
            work->state = TRANSFER_BEGIN;
            return true;
        }
        work->state = TRANSFER_UNMAP;
        return true;
    }
    case TRANSFER_UNMAP:
        if (!work_buffers_end(work))
            return true;
        work_finish(work);
        work->state = TRANSFER_OVER;
        return false;
    case TRANSFER_OVER:
        return false;
    }
    return false;
}

static void transfer_run(struct cpu_task *task, sim_cycle now)
{
    struct transfer *self = (struct transfer *)task; /* task, work and transfer start together */
    while (task->count == 0) {
        if (!work_turn(&self->work, now) || !transfer_next(self, now))
            return;
    }
}

/* ---- from round to round --------------------------------------------------------------------- */

static const struct state_field round_rows[] = {
    {STATE_COUNT(struct transfer, periods_done), .figure = true},
    {STATE_COUNT(struct transfer, done), .figure = true},
    {.name = NULL},
};
static const struct state_table round_state = {STATE_TABLE(transfer, round_rows)};

/* Where it is in a call that ends tells how far it is; of a cyclic one only the sum is made. */
static bool round_tell(void *transfer, struct repeat *words)
{
    const struct transfer *self = transfer;
    repeat_same(words, self->cyclic ? 0 : self->done);
    return true;
}

/* Up to the last period but one. */
static uint64_t round_limit(const void *transfer, const struct round *round, uint64_t times)
{
    const struct transfer *self = transfer;
    return work_round_limit(self->periods - self->periods_done,
                            round_growth(round, &self->periods_done), times);
}

static const struct round_hooks transfer_round = {
    .state = &round_state, .tell = round_tell, .limit = round_limit};

/* ---- building -------------------------------------------------------------------------------- */

/* The CPU that runs an entry: its own, or that of the device's interrupt, or the first. */
static const struct component *cpu_component(const struct plan *plan, const struct component *work)
{
    const struct work_common *common = work->config;
    const struct component *device = work_peripheral(plan, work);
    uint16_t index = common->cpu;
    if (index == UINT16_MAX && device && device->type == &isa_device_type)
        index = ((const struct isa_device_config *)device->config)->interrupt;
    if (index == UINT16_MAX)
        index = 0;
    return index < plan->counts[SECTION_CPUS] ? &plan->components[SECTION_CPUS][index] : NULL;
}

static bool create_line(struct build *build, const struct component *work, struct transfer *self,
                        struct cpu *cpu, const struct component *device)
{
    struct cpu_line *line = cpu_line_of(cpu, device->interrupt);
    if (!line || line->handler) {
        build->check->fail(build->check, work, "peripheral", "%s has no interrupt to %s",
                           device->name, cpu->name);
        return false;
    }
    line->waited = true;
    self->line = line;
    const struct isa_device_config *config = device->config;
    self->device = ISA_PORT_BASE + config->port;
    self->starts_device = config->start == ISA_DEVICE_BY_DRIVER;
    return true;
}

static void create_ports(const struct build *build, struct transfer *self)
{
    const struct i8237_config *config = self->controller->config;
    self->port = ISA_PORT_BASE + config->port;
    self->port_step = config->port_step;
    self->shift = i8237_words(build->plan, config);
    if (config->pages >= build->plan->counts[SECTION_PERIPHERALS])
        return;
    const struct isa_pages_config *pages =
        build->plan->components[SECTION_PERIPHERALS][config->pages].config;
    for (uint32_t i = 0; i < ISA_CHANNELS; i++)
        self->page[i] = ISA_PORT_BASE + pages->port + i8237_page(build->plan, config, i);
}

static uint8_t service_of(enum work_mode mode)
{
    return mode == WORK_BURST            ? I8237_BLOCK
           : mode == WORK_CYCLE_STEALING ? I8237_SINGLE
                                         : I8237_DEMAND;
}

static int transfer_create(struct build *build, struct component *component,
                           const struct component *controller)
{
    const struct work_common *common = component->config;
    struct cpu *cpu = cpu_of(cpu_component(build->plan, component));
    const struct component *device = work_peripheral(build->plan, component);
    struct transfer *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    if (!round_join(build->kernel, &transfer_round, self, cpu->unit.clock))
        return DMASIM_MEMORY;
    self->controller = controller;
    self->channel = common->channel;
    create_ports(build, self);
    if (device && !create_line(build, component, self, cpu, device))
        return DMASIM_INVALID;
    if (device) {
        const struct isa_device_config *config = device->config;
        self->mode = service_of((enum work_mode)common->mode);
        self->mode |= config->direction == ISA_DEVICE_TO_MEMORY ? I8237_WRITE : I8237_READ;
    }
    if (component->type == &slave_sg_type) {
        const struct slave_sg_config *config = component->config;
        self->segments = config->segments.items;
        self->segment_count = config->segments.count;
    } else if (component->type == &cyclic_type) {
        const struct cyclic_config *config = component->config;
        struct work_segment *ring = arena_alloc(build->kernel->arena, sizeof *ring);
        if (!ring)
            return DMASIM_MEMORY;
        *ring = (struct work_segment){config->buffer, config->bytes};
        self->segments = ring;
        self->segment_count = 1;
        self->mode |= I8237_AUTOINIT;
        self->cyclic = true;
        self->periods = config->periods;
    } else {
        const struct memcpy_config *config = component->config;
        self->from = config->from;
        self->to = config->to;
        self->bytes = config->bytes;
    }
    work_create_call(build, component, &self->work, cpu, controller, transfer_run);
    const bool from_device =
        device &&
        ((const struct isa_device_config *)device->config)->direction == ISA_DEVICE_TO_MEMORY;
    return work_buffers_create(build, component, &self->work, controller, from_device, NULL);
}

/* ---- checks ---------------------------------------------------------------------------------- */

static void check_range(const struct component *work, struct check *check, const char *parameter,
                        uint64_t address, uint64_t bytes, bool words)
{
    if (words && (address | bytes) & 1)
        check->fail(check, work, parameter,
                    "the channel moves words: address and bytes must be even");
    if (address > ISA_MEMORY_LAST || bytes > ISA_MEMORY_LAST + UINT64_C(1) - address)
        check->fail(check, work, parameter, "0x%llx with %llu bytes is beyond 24-bit addresses",
                    (unsigned long long)address, (unsigned long long)bytes);
}

static void check_common(const struct component *work, struct check *check, bool words)
{
    const struct work_common *common = work->config;
    const uint32_t width_bits = words ? 16 : 8;
    const struct {
        const char *name;
        bool given;
    } foreign[] = {{"burst", common->burst != 0},
                   {"width_bits", common->width_bits != 0 && common->width_bits != width_bits}};
    for (size_t i = 0; i < COUNT(foreign); i++)
        if (foreign[i].given)
            check->fail(check, work, foreign[i].name, "is not for an 8237A");
    if (common->mode == WORK_LINKED_LIST)
        check->fail(check, work, "mode", "an 8237A has no linked lists");
    if (common->channel >= ISA_CHANNELS)
        check->fail(check, work, "channel", "an 8237A has channels 0 to 3");
}

static void check_device(const struct plan *plan, const struct component *work,
                         const struct component *controller, struct check *check)
{
    const struct work_common *common = work->config;
    const struct component *device = work_peripheral(plan, work);
    if (!device)
        return; /* reported as an unknown name */
    if (device->type != &isa_device_type) {
        check->fail(check, work, "peripheral", "'%s' is not on an ISA bus", device->name);
        return;
    }
    const struct isa_device_config *config = device->config;
    if (&plan->components[SECTION_CONTROLLERS][config->controller] != controller ||
        config->channel != common->channel)
        check->fail(check, work, "channel", "'%s' has another controller or channel", device->name);
    if (config->direction == ISA_DEVICE_REFRESH)
        check->fail(check, work, "peripheral", "'%s' moves no data", device->name);
    if (config->port > ISA_PORT_LAST)
        check->fail(check, work, "peripheral", "'%s' has no ports", device->name);
    if (config->interrupt == UINT16_MAX)
        check->fail(check, work, "peripheral", "'%s' has no interrupt to a CPU", device->name);
}

static void check_cpu(const struct plan *plan, const struct component *work,
                      const struct component *controller, struct check *check)
{
    const struct component *cpu = cpu_component(plan, work);
    const struct i8237_config *config = controller->config;
    if (!cpu)
        check->fail(check, work, "cpu", "there is no CPU to run it");
    else if (((const struct cpu_config *)cpu->config)->bus != config->bus)
        check->fail(check, work, "cpu", "'%s' is not on the bus of '%s'", cpu->name,
                    controller->name);
}

static void transfer_check(const struct plan *plan, const struct component *work,
                           const struct component *controller, struct check *check)
{
    const bool words = i8237_words(plan, controller->config);
    check_common(work, check, words);
    check_cpu(plan, work, controller, check);
    if (work->type == &slave_sg_type) {
        const struct slave_sg_config *config = work->config;
        const struct work_segment *segments = config->segments.items;
        for (uint32_t i = 0; i < config->segments.count; i++)
            check_range(work, check, "segments", segments[i].address, segments[i].bytes, words);
        check_device(plan, work, controller, check);
    } else if (work->type == &cyclic_type) {
        const struct cyclic_config *config = work->config;
        check_range(work, check, "buffer", config->buffer, config->bytes, words);
        if (config->period_bytes != config->bytes)
            check->fail(check, work, "period_bytes",
                        "an 8237A ends a process with the whole buffer: give its %llu bytes",
                        (unsigned long long)config->bytes);
        if (up_to_boundary(config->buffer, config->bytes, words) != config->bytes)
            check->fail(check, work, "buffer", "must not cross a multiple of %u KiB",
                        words ? 128 : 64);
        check_device(plan, work, controller, check);
    } else if (work->type == &memcpy_type) {
        const struct memcpy_config *config = work->config;
        const struct work_common *common = work->config;
        check_range(work, check, "from", config->from, config->bytes, false);
        check_range(work, check, "to", config->to, config->bytes, false);
        if (common->channel != 0)
            check->fail(check, work, "channel", "memory to memory begins with channel 0");
        if (words)
            check->fail(check, work, "controller", "'%s' moves words: no memory to memory",
                        controller->name);
    } else {
        check->fail(check, work, "controller", "an 8237A has no %s", work->type->name);
    }
}

const struct work_driver i8237_work_driver = {
    .name = "i8237", .controller = &i8237_type, .create = transfer_create, .check = transfer_check};
