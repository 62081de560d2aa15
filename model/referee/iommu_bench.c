/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/base.h"
#include "referee/iommu_bench.h"

enum { RESET_CYCLES = 10, SCRIPT_AFTER = 19, DEFAULT_TAIL = 60, DEFAULT_OUTSTANDING = 4 };

#define COMMAND_QUEUE UINT64_C(0x80001000)
#define QUEUES_PPN_CQ UINT64_C(0x20000400)
#define QUEUES_PPN_FQ UINT64_C(0x20000800)

/* ---- memories ---------------------------------------------------------------------------------- */

static bool memory_is_wrong(const struct bench_memory *self, uint64_t address)
{
    return address >= self->error_low && address < self->error_high;
}

static void memory_take_read(struct bench_memory *self, const struct iommu_address *ar,
                             uint64_t now)
{
    struct bench_read *read = &self->reads[(self->read_first + self->read_count++) % BENCH_BURSTS];
    *read = (struct bench_read){.id = ar->id, .left = ar->length, .due = now + self->read_latency};
    if (!self->words)
        return;
    for (uint32_t i = 0; i <= ar->length && i < BENCH_RECORD_WORDS; i++) {
        uint64_t address = (ar->address & ~UINT64_C(7)) + 8 * i;
        read->data[i] = iommu_words_get(self->words, address);
        read->response[i] = memory_is_wrong(self, address) ? 2 : 0;
    }
}

static bool memory_take_w(struct bench_memory *self, const struct iommu_write *w, uint64_t now)
{
    uint32_t i = 0;
    while (i < self->write_count && self->writes[(self->write_first + i) % BENCH_BURSTS].complete)
        i++;
    if (i == self->write_count)
        return true; /* W without its AW: none of the recordings has it */
    struct bench_write *write = &self->writes[(self->write_first + i) % BENCH_BURSTS];
    bool good = !self->words || iommu_words_put(self->words, write->address, w->data, false);
    write->address += 8;
    write->complete = w->last;
    write->due = now + self->write_latency;
    return good;
}

/* After cycle `now`: what the memory shows in the next. */
static bool memory_edge(struct bench_memory *self, struct iommu_memory *shown,
                        const struct iommu_requests *asked, uint64_t now)
{
    bool good = true;
    if (asked->ar.valid && shown->ar_ready && self->read_count < BENCH_BURSTS)
        memory_take_read(self, &asked->ar, now);
    if (asked->aw.valid && shown->aw_ready && self->write_count < BENCH_BURSTS)
        self->writes[(self->write_first + self->write_count++) % BENCH_BURSTS] =
            (struct bench_write){.id = asked->aw.id,
                                 .address = asked->aw.address & ~UINT64_C(7),
                                 .response = memory_is_wrong(self, asked->aw.address) ? 2 : 0};
    if (asked->w.valid && shown->w_ready)
        good = memory_take_w(self, &asked->w, now);

    struct bench_read *read = &self->reads[self->read_first];
    if (shown->r.valid && asked->r_ready) {
        read->beat++;
        if (shown->r.last) {
            self->read_first = (self->read_first + 1) % BENCH_BURSTS;
            self->read_count--;
            read = &self->reads[self->read_first];
        }
    }
    shown->r = (struct iommu_read){.valid = self->read_count && now + 1 >= read->due};
    if (shown->r.valid) {
        uint32_t word = read->beat % BENCH_RECORD_WORDS;
        shown->r.id = read->id;
        shown->r.last = read->beat == read->left;
        shown->r.data = read->data[word];
        shown->r.response = read->response[word];
    }
    if (shown->b.valid && asked->b_ready) {
        self->write_first = (self->write_first + 1) % BENCH_BURSTS;
        self->write_count--;
    }
    const struct bench_write *write = &self->writes[self->write_first];
    shown->b = (struct iommu_answer){.valid = self->write_count && write->complete &&
                                              now + 1 >= write->due};
    if (shown->b.valid) {
        shown->b.id = write->id;
        shown->b.response = write->response;
    }
    shown->ar_ready = shown->aw_ready = (now + 1) % self->ready_each == 0;
    shown->w_ready = true;
    return good;
}

/* ---- device ------------------------------------------------------------------------------------ */

static void queue_taken(struct bench_queue *self, uint64_t now)
{
    self->first = (self->first + 1) % BENCH_REQUESTS;
    self->count--;
    self->unfinished++;
    self->offered = false;
    self->earliest = now + 1 + (self->count ? self->requests[self->first].gap : 0);
}

static void queue_offer(struct bench_queue *self, struct iommu_address *ax, uint32_t outstanding,
                        uint64_t now)
{
    if (!self->offered && self->count && now + 1 >= self->earliest &&
        self->unfinished < outstanding) {
        self->offered = true;
        self->since = now + 1;
    }
    const struct bench_request *request = &self->requests[self->first];
    *ax = (struct iommu_address){.valid = self->offered};
    if (!self->offered)
        return;
    ax->id = request->id;
    ax->length = (uint8_t)(request->beats - 1);
    ax->burst = request->burst;
    ax->prot = request->prot;
    ax->device = request->device;
    ax->address = request->address;
}

/* What was taken and what came, before the script. */
static void device_hear(struct iommu_bench *self)
{
    struct bench_device *device = &self->device;
    const struct iommu_memory *from = &self->out.device;
    if (from->r.valid && from->r.last)
        device->reads.unfinished--;
    if (from->b.valid)
        device->writes.unfinished--;
    if (device->burst_count && self->in.device.w.valid && from->w_ready) {
        uint8_t *left = &device->bursts[device->burst_first];
        if (--*left == 0) {
            device->burst_first = (device->burst_first + 1) % BENCH_BURSTS;
            device->burst_count--;
        }
    }
    if (self->in.device.ar.valid && from->ar_ready)
        queue_taken(&device->reads, self->now);
    if (self->in.device.aw.valid && from->aw_ready) {
        device->bursts[(device->burst_first + device->burst_count++) % BENCH_BURSTS] =
            device->writes.requests[device->writes.first].beats;
        queue_taken(&device->writes, self->now);
    }
}

static void device_offer(struct iommu_bench *self)
{
    struct bench_device *device = &self->device;
    queue_offer(&device->reads, &self->in.device.ar, device->outstanding, self->now);
    queue_offer(&device->writes, &self->in.device.aw, device->outstanding, self->now);
    self->in.device.w = (struct iommu_write){.valid = device->burst_count != 0};
    if (device->burst_count)
        self->in.device.w.last = device->bursts[device->burst_first] == 1;
    self->in.device.r_ready = self->in.device.b_ready = true;
}

static bool device_idle(const struct bench_device *self)
{
    return !self->reads.count && !self->writes.count && !self->reads.unfinished &&
           !self->writes.unfinished;
}

/* ---- script ------------------------------------------------------------------------------------ */

static void begin_access(struct iommu_bench *self, bool write, uint8_t bytes, uint32_t offset,
                         uint64_t value)
{
    struct iommu_access *access = &self->in.port;
    *access = (struct iommu_access){
        .read = !write, .write = write, .offset = (uint16_t)offset, .bytes = bytes};
    access->data = bytes == 4 && offset & 4 ? value << 32 : bytes == 4 ? value & 0xffffffff : value;
    self->port_since = self->now + 1;
    self->script.waiting = true;
}

static bool script_device(struct iommu_bench *self, const char *text)
{
    char way;
    uint32_t device, beats, id, prot, count = 1, gap = 0, burst = IOMMU_INCR;
    uint64_t address, stride = 0;
    if (sscanf(text,
               "d%c,%" SCNx32 ",%" SCNx64 ",%" SCNu32 ",%" SCNu32 ",%" SCNu32 ",%" SCNu32
               ",%" SCNx64 ",%" SCNu32 ",%" SCNu32,
               &way, &device, &address, &beats, &id, &prot, &count, &stride, &gap, &burst) < 6)
        return false;
    struct bench_queue *queue = way == 'R' ? &self->device.reads : &self->device.writes;
    for (uint32_t i = 0; i < count; i++, address += stride) {
        if (queue->count == BENCH_REQUESTS || beats - 1 > 255 || id >= IOMMU_IDS)
            return false;
        queue->requests[(queue->first + queue->count++) % BENCH_REQUESTS] =
            (struct bench_request){.device = device,
                                   .address = address,
                                   .beats = (uint8_t)beats,
                                   .id = (uint8_t)id,
                                   .prot = (uint8_t)prot,
                                   .burst = (uint8_t)burst,
                                   .gap = gap};
    }
    return true;
}

static bool script_command(struct iommu_bench *self, const char *text)
{
    uint64_t word0, word1;
    if (sscanf(text, "c%" SCNx64 ",%" SCNx64, &word0, &word1) != 2)
        return false;
    uint64_t slot = COMMAND_QUEUE + 16 * self->script.tail_commands;
    self->script.tail_commands = (self->script.tail_commands + 1) % (2u << self->cqn);
    return iommu_words_put(&self->tables.memory, slot, word0, true) &&
           iommu_words_put(&self->tables.memory, slot + 8, word1, true);
}

/* The next step of INIT or HPM. */
static void macro_step(struct iommu_bench *self, bool init, uint32_t number)
{
    uint64_t ddtp = self->tables.directory >> 12 << 10 | self->tables.mode;
    const struct {
        uint8_t bytes;
        uint16_t offset;
        uint64_t value;
    } writes[] = {
        {8, 0x18, QUEUES_PPN_CQ + self->cqn},
        {8, 0x28, QUEUES_PPN_FQ + self->fqn},
        {4, 0x2f8, 0x321},
        {4, 0x48, 3},
        {4, 0x4c, 3},
        {4, 0x160, 1},
        {4, 0x168, 4},
        {4, 0x170, 5},
        {4, 0x178, 7},
        {4, 0x5c, 0},
        {8, 0x10, ddtp},
    };
    if (init)
        begin_access(self, true, writes[number].bytes, writes[number].offset, writes[number].value);
    else
        begin_access(self, false, 8, 0x68 + 8 * number, 0);
    self->script.macro = number + 1 < (init ? COUNT(writes) : 4) ? number + 1 : 0;
}

static bool script_access(struct iommu_bench *self, const char *text)
{
    bool write = text[0] == 'w' || text[0] == 'W';
    char *end;
    uint32_t offset = (uint32_t)strtoul(text + 1, &end, 16);
    if (write != (*end == '='))
        return false;
    begin_access(self, write, text[0] == 'w' || text[0] == 'r' ? 4 : 8, offset,
                 write ? strtoull(end + 1, NULL, 16) : 0);
    return true;
}

/* Does a step; false if it has to be tried again in the next cycle. */
static bool script_step(struct iommu_bench *self, const char *text)
{
    struct bench_script *script = &self->script;
    bool good = true;
    switch (text[0]) {
    case 'w':
    case 'W':
    case 'r':
    case 'R':
        good = script_access(self, text);
        break;
    case 'd':
        good = script_device(self, text);
        break;
    case 's':
        return device_idle(&self->device);
    case 'n':
        script->resume = self->now + strtoul(text + 1, NULL, 10);
        break;
    case 'i':
        return (self->out.wires & strtoul(text + 1, NULL, 16)) != 0;
    case 'm':
        good = iommu_tables_poke(&self->tables, text + 1);
        break;
    case 'c':
        good = script_command(self, text);
        break;
    case 'k':
        begin_access(self, true, 4, 0x24, script->tail_commands);
        break;
    case 'I':
    case 'H':
        script->init_part = text[0] == 'I';
        macro_step(self, script->init_part, 0);
        break;
    default:
        good = false;
        break;
    }
    script->broken = script->broken || !good;
    return true;
}

static void script_run(struct iommu_bench *self)
{
    struct bench_script *script = &self->script;
    if (self->now < SCRIPT_AFTER || script->over)
        return;
    while (!script->waiting) {
        if (script->macro) {
            macro_step(self, script->init_part, script->macro);
            continue;
        }
        if (!*script->at) {
            script->over = true;
            script->end = self->now + self->tail;
        }
        if (script->over || script->broken || self->now < script->resume ||
            !script_step(self, script->at))
            return;
        script->at += strcspn(script->at, ";");
        script->at += *script->at == ';';
    }
}

/* ---- a case ------------------------------------------------------------------------------------ */

static bool read_options(struct iommu_bench *self, const char *text)
{
    uint64_t low, high;
    uint32_t number;
    for (; *text; text += strcspn(text, " "), text += strspn(text, " ")) {
        if (sscanf(text, "om=%" SCNu32, &number) == 1)
            self->device.outstanding = number;
        else if (sscanf(text, "cqn=%" SCNu32, &number) == 1)
            self->cqn = number;
        else if (sscanf(text, "fqn=%" SCNu32, &number) == 1)
            self->fqn = number;
        else if (sscanf(text, "tail=%" SCNu32, &number) == 1)
            self->tail = number;
        else if (sscanf(text, "err=%" SCNx64 "-%" SCNx64, &low, &high) == 2) {
            self->table_memory.error_low = low;
            self->table_memory.error_high = high;
        } else
            return false;
    }
    return self->cqn < 16 && self->fqn < 16 && self->device.outstanding <= BENCH_BURSTS / 2;
}

struct iommu_bench *iommu_bench_new(const struct iommu_bench_case *from)
{
    const struct iommu_tables_texts texts = {.mode = from->mode,
                                             .devices = from->devices,
                                             .processes = "",
                                             .msis = "",
                                             .maps = from->maps};
    struct iommu_bench *self = calloc(1, sizeof *self);
    if (!self)
        return NULL;
    self->iommu = malloc(iommu_bytes);
    self->cqn = self->fqn = 3;
    self->tail = DEFAULT_TAIL;
    self->device.outstanding = DEFAULT_OUTSTANDING;
    self->script.at = from->script;
    self->completion.read_latency = from->completion_read_latency;
    self->completion.write_latency = from->completion_write_latency;
    self->completion.ready_each = from->completion_ready;
    self->table_memory.read_latency = from->read_latency;
    self->table_memory.write_latency = from->write_latency;
    self->table_memory.ready_each = from->table_ready;
    self->table_memory.words = &self->tables.memory;
    if (!self->iommu || !from->completion_ready || !from->table_ready ||
        !read_options(self, from->options) || !iommu_tables_build(&self->tables, &texts)) {
        iommu_bench_free(self);
        return NULL;
    }
    iommu_init(self->iommu, &from->config);
    self->in.completion.w_ready = self->in.tables.w_ready = true;
    self->in.completion.ar_ready = self->in.completion.aw_ready = true;
    self->in.tables.ar_ready = self->in.tables.aw_ready = true;
    return self;
}

void iommu_bench_free(struct iommu_bench *self)
{
    if (!self)
        return;
    iommu_tables_free(&self->tables);
    free(self->iommu);
    free(self);
}

bool iommu_bench_cycle(struct iommu_bench *self, iommu_bench_tell *to, void *self_to)
{
    struct bench_script *script = &self->script;
    iommu_settle(self->iommu, &self->in, &self->out);
    if (self->now >= RESET_CYCLES)
        iommu_bench_rows(self, to, self_to);
    if (script->over && self->now == script->end) {
        to(self_to, self->now,
           &(struct iommu_bench_row){
               .event = "END", .cells = CELL_VALUE, .decimal = true, .value = 1});
        return false;
    }
    if (self->now >= RESET_CYCLES)
        iommu_edge(self->iommu, &self->in, &self->out);
    if (self->out.port.taken) {
        script->reading = self->in.port.read;
        self->in.port = (struct iommu_access){.read = false};
    }
    if (self->out.port.answered)
        script->waiting = false;
    bool good =
        memory_edge(&self->completion, &self->in.completion, &self->out.completion, self->now) &&
        memory_edge(&self->table_memory, &self->in.tables, &self->out.tables, self->now);
    device_hear(self);
    script_run(self);
    device_offer(self);
    self->now++;
    return good && !script->broken;
}
