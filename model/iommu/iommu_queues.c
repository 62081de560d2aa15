/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * iommu_queues: the command queue, the fault queue, and who gets port `tables`.
 *
 *   cqt written w (strobe)   AR w+2   last R r   decode r+1   idle r+2   next AR r+3
 *   fault n   AW n+1   4 W   B b   fqt b+1
 *
 * Sources: RISC-V IOMMU specification 1.0, sections 4.1 and 4.2 (commands, records, queues); cycles and departures
 * (!) from the traces in traces/golden/riscv_iommu.
 *
 * Inaccuracies: whether cqh is masked when it is kept, no trace tells; it is not.
 */
#include "iommu/iommu_state.h"

/* cqcsr and fqcsr. */
enum { Q_ENABLE = 0, Q_INTERRUPT = 1, Q_MEMORY_FAULT = 8, FQ_OVERFLOW = 9 };
enum { CQ_TIMEOUT = 9, CQ_ILLEGAL = 10, CQ_FENCE = 11 };
enum { IPSR_COMMAND = 0, IPSR_FAULT = 1 };

#define CQ_STOPPED (1u << Q_MEMORY_FAULT | 1u << CQ_TIMEOUT | 1u << CQ_ILLEGAL)
#define CQ_CAUSES (CQ_STOPPED | 1u << CQ_FENCE)
#define FQ_CAUSES (1u << Q_MEMORY_FAULT | 1u << FQ_OVERFLOW)

static uint32_t queue_mask(uint64_t base)
{
    return (uint32_t)((UINT64_C(2) << bits(base, 4, 0)) - 1);
}

static uint64_t slot_address(uint64_t base, uint32_t index, uint32_t bytes)
{
    return bits(base, 53, 10) << 12 | (uint64_t)(index & queue_mask(base)) * bytes;
}

static void set_bit(uint32_t *word, unsigned number, bool value)
{
    *word = (*word & ~(1u << number)) | (uint32_t)value << number;
}

/* ---- port `tables` ------------------------------------------------------------------------------ */

/* Of the inputs that ask, those that count: after a cycle in which nobody took the address, who asked then. */
static uint8_t considered(const struct iommu_arbiter *arbiter, uint8_t asking)
{
    return arbiter->held ? arbiter->held : asking;
}

/* (!) The pointer decides between neighbours by its lowest bit only, and between the upper and the lower half. */
static uint8_t choose(const struct iommu_arbiter *arbiter, uint8_t asking)
{
    uint8_t from = considered(arbiter, asking);
    if (bit(from, 4) && (!(from & 0xc) || arbiter->next >= 4))
        return 4;
    return bit(from, 3) && (!bit(from, 2) || arbiter->next & 1) ? 3 : 2;
}

/* (!) The pointer moves to the next input that was considered, not to the one after that which was served. */
static void arbiter_edge(struct iommu_arbiter *arbiter, uint8_t asking, bool ready)
{
    uint8_t from = considered(arbiter, asking);
    if (!from)
        return;
    arbiter->held = ready ? 0 : from;
    if (!ready)
        return;
    uint8_t above = from & (uint8_t)(0xfe << arbiter->next);
    arbiter->next = (uint8_t)__builtin_ctz(above ? above : from);
}

static uint8_t reads_asking(const struct iommu *self)
{
    return (uint8_t)((self->walker.state == PAGE_ASK) << SOURCE_PAGES |
                     (self->directory.state == DIRECTORY_ASK) << SOURCE_DIRECTORY |
                     (self->commands.state == COMMAND_FETCH) << SOURCE_COMMAND_READS);
}

static uint8_t writes_asking(const struct iommu *self)
{
    return (uint8_t)((self->commands.state == COMMAND_ADDRESS) << SOURCE_COMMANDS |
                     (self->faults.state == RECORD_ADDRESS) << SOURCE_FAULTS);
}

static void settle_ar(struct iommu *self, struct iommu_address *ar)
{
    uint8_t asking = self->now.reads_asking = reads_asking(self);
    *ar = (struct iommu_address){.valid = asking != 0, .burst = IOMMU_INCR};
    self->now.ar_source = choose(&self->reads, asking);
    switch (self->now.ar_source) {
    case SOURCE_PAGES:
        ar->id = ID_PAGES;
        ar->burst = IOMMU_FIXED;
        ar->address = self->walker.address;
        break;
    case SOURCE_DIRECTORY:
        ar->id = ID_DIRECTORY;
        ar->length = self->directory.level ? 0 : DC_WORDS - 1;
        ar->address = self->directory.address;
        break;
    default:
        ar->id = ID_COMMAND_READS;
        ar->length = 1;
        ar->address = self->commands.address;
        break;
    }
}

static void settle_aw(struct iommu *self, struct iommu_address *aw)
{
    uint8_t asking = self->now.writes_asking = writes_asking(self);
    bool commands = (self->now.aw_source = choose(&self->writes, asking)) == SOURCE_COMMANDS;
    *aw = (struct iommu_address){
        .valid = asking != 0,
        .burst = IOMMU_INCR,
        .id = commands ? ID_COMMANDS : ID_FAULTS,
        .length = commands ? 0 : IOMMU_RECORD_WORDS - 1,
        .address = commands ? self->commands.words[1] << 2 : self->faults.address,
    };
}

static void settle_w(const struct iommu *self, struct iommu_write *w)
{
    const struct iommu_fault_queue *faults = &self->faults;
    *w = (struct iommu_write){.valid = false};
    if (!self->w_orders)
        return;
    if (self->w_order[0] == SOURCE_COMMANDS) {
        *w = (struct iommu_write){.valid = self->commands.state == COMMAND_DATA,
                                  .last = true,
                                  .data = bits(self->commands.words[0], 63, 32)};
    } else {
        *w = (struct iommu_write){.valid = faults->state == RECORD_DATA,
                                  .last = faults->beat == IOMMU_RECORD_WORDS - 1,
                                  .data = faults->head.words[faults->beat % IOMMU_RECORD_WORDS]};
    }
}

static void tables_edge(struct iommu *self, const struct iommu_inputs *in,
                        const struct iommu_outputs *out)
{
    arbiter_edge(&self->reads, self->now.reads_asking, in->tables.ar_ready);
    arbiter_edge(&self->writes, self->now.writes_asking, in->tables.aw_ready);
    if (out->tables.w.valid && in->tables.w_ready && out->tables.w.last) {
        self->w_order[0] = self->w_order[1];
        self->w_orders--;
    }
    if (out->tables.aw.valid && in->tables.aw_ready)
        self->w_order[self->w_orders++ & 1] = self->now.aw_source;
}

/* ---- commands ---------------------------------------------------------------------------------- */

enum { OP_IOTINVAL = 1, OP_IOFENCE = 2, OP_IODIR = 3 };

static bool command_is_illegal(const uint64_t *words)
{
    uint64_t word = words[0];
    uint32_t function = (uint32_t)bits(word, 9, 7);
    switch (bits(word, 6, 0)) {
    case OP_IOTINVAL:
        return bit(word, 11) || bits(word, 43, 34) || bits(word, 63, 60) || bits(words[1], 9, 0) ||
               bits(words[1], 63, 62) || (function == 1 && bit(word, 32));
    case OP_IOFENCE:
        return bits(word, 31, 14) || bit(words[1], 63);
    case OP_IODIR:
        return bits(word, 11, 10) || bit(word, 32) || bits(word, 39, 34) || words[1] ||
               (function == 0 && bits(word, 31, 12)) || (function == 1 && !bit(word, 33));
    default:
        return true;
    }
}

/* (!) Functions that the specification does not have are passed over, not refused. */
static void settle_decode(struct iommu *self)
{
    const uint64_t *words = self->commands.words;
    uint64_t operation = bits(words[0], 6, 0), function = bits(words[0], 9, 7);
    bool good = self->commands.state == COMMAND_DECODE && !command_is_illegal(words);
    self->now.invalidate_pages = good && operation == OP_IOTINVAL && function <= 1;
    self->now.invalidate_directory = good && operation == OP_IODIR && function == 0;
}

static void raise_command(struct iommu_registers *registers, unsigned cause)
{
    registers->cqcsr |= 1u << cause;
    set_bit(&registers->ipsr, IPSR_COMMAND, bit(registers->cqcsr, Q_INTERRUPT));
}

static void command_beat(struct iommu *self, const struct iommu_read *r)
{
    struct iommu_command_queue *queue = &self->commands;
    struct iommu_registers *registers = &self->registers;
    queue->words[queue->beat & 1] = r->data;
    if (r->last) {
        registers->cqh = (registers->cqh + 1) & queue_mask(registers->cqb);
        queue->state = COMMAND_DECODE;
    }
    queue->beat++;
    if (r->response) {
        raise_command(registers, Q_MEMORY_FAULT);
        queue->state = COMMAND_ERROR;
    }
}

static void command_decode(struct iommu *self)
{
    struct iommu_command_queue *queue = &self->commands;
    uint64_t word = queue->words[0];
    queue->state = COMMAND_IDLE;
    if (command_is_illegal(queue->words)) {
        raise_command(&self->registers, CQ_ILLEGAL);
        queue->state = COMMAND_ERROR;
    } else if (bits(word, 6, 0) == OP_IOFENCE) {
        if (bit(word, 11)) /* WSI. (!) Before the write. */
            raise_command(&self->registers, CQ_FENCE);
        if (bit(word, 10))
            queue->state = COMMAND_ADDRESS;
    }
}

static void command_idle(struct iommu *self)
{
    struct iommu_command_queue *queue = &self->commands;
    struct iommu_registers *registers = &self->registers;
    if (!bit(registers->cqcsr, Q_ENABLE)) {
        queue->enabled = false;
    } else if (!queue->enabled) {
        queue->enabled = true;
        registers->cqh = 0;
        registers->cqcsr &= ~CQ_CAUSES;
        set_bit(&registers->ipsr, IPSR_COMMAND, false);
    } else if (registers->cqt != (registers->cqh & queue_mask(registers->cqb))) {
        queue->address = slot_address(registers->cqb, registers->cqh, 16);
        queue->beat = 0;
        queue->state = COMMAND_FETCH;
    }
}

static void commands_edge(struct iommu *self, const struct iommu_inputs *in,
                          const struct iommu_outputs *out)
{
    struct iommu_command_queue *queue = &self->commands;
    const struct iommu_read *r = &in->tables.r;
    const struct iommu_answer *b = &in->tables.b;
    switch ((enum iommu_command_state)queue->state) {
    case COMMAND_IDLE:
        command_idle(self);
        break;
    case COMMAND_FETCH:
        if (in->tables.ar_ready && self->now.ar_source == SOURCE_COMMAND_READS)
            queue->state = COMMAND_BEATS;
        break;
    case COMMAND_BEATS:
        if (r->valid && r->id == ID_COMMAND_READS)
            command_beat(self, r);
        break;
    case COMMAND_DECODE:
        command_decode(self);
        break;
    case COMMAND_ADDRESS:
        if (in->tables.aw_ready && self->now.aw_source == SOURCE_COMMANDS)
            queue->state = COMMAND_DATA;
        break;
    case COMMAND_DATA:
        if (out->tables.w.valid && in->tables.w_ready && self->w_order[0] == SOURCE_COMMANDS)
            queue->state = COMMAND_ANSWER;
        break;
    case COMMAND_ANSWER:
        if (!b->valid || b->id != ID_COMMANDS)
            break;
        queue->state = COMMAND_IDLE;
        if (b->response) {
            raise_command(&self->registers, Q_MEMORY_FAULT);
            queue->state = COMMAND_ERROR;
        }
        break;
    case COMMAND_ERROR:
        if (!(self->registers.cqcsr & CQ_STOPPED))
            queue->state = COMMAND_IDLE;
        break;
    }
}

/* ---- faults ------------------------------------------------------------------------------------ */

static struct iommu_record record_of(const struct iommu_translation *t)
{
    return (struct iommu_record){{
        t->cause | (uint64_t)t->of.type << 34 | (uint64_t)t->of.device << 40,
        0,
        t->of.iova,
        t->guest,
    }};
}

static void raise_fault(struct iommu_registers *registers, uint32_t causes)
{
    registers->fqcsr |= causes;
    set_bit(&registers->ipsr, IPSR_FAULT, bit(registers->fqcsr, Q_INTERRUPT));
}

static void fault_idle(struct iommu *self, bool something, const struct iommu_record *head)
{
    struct iommu_fault_queue *queue = &self->faults;
    struct iommu_registers *registers = &self->registers;
    if (!bit(registers->fqcsr, Q_ENABLE)) {
        queue->enabled = false;
    } else if (!queue->enabled) {
        queue->enabled = true;
        registers->fqt = 0;
        registers->fqcsr &= ~FQ_CAUSES;
        set_bit(&registers->ipsr, IPSR_FAULT, false);
    } else if (something) {
        queue->head = *head;
        queue->beat = 0;
        queue->address = slot_address(registers->fqb, registers->fqt, 32);
        queue->state = RECORD_ADDRESS;
        if (registers->fqt == registers->fqh - 1) { /* (!) in 32 bits: never while fqh is 0 */
            raise_fault(registers, 1u << FQ_OVERFLOW);
            queue->state = RECORD_ERROR;
        }
    }
}

static void fault_answer(struct iommu *self, const struct iommu_answer *b)
{
    struct iommu_registers *registers = &self->registers;
    raise_fault(registers, b->response ? 1u << Q_MEMORY_FAULT : 0);
    self->faults.state = b->response ? RECORD_ERROR : RECORD_IDLE;
    if (!b->response)
        registers->fqt = (registers->fqt + 1) & queue_mask(registers->fqb);
}

static void faults_edge(struct iommu *self, const struct iommu_inputs *in,
                        const struct iommu_outputs *out)
{
    struct iommu_fault_queue *queue = &self->faults;
    const struct iommu_translation *t = &self->now.translation;
    bool push = t->report && !queue->edge, pop = queue->state == RECORD_ANSWER;
    struct iommu_record pushed = record_of(t);
    const struct iommu_record *head = queue->count ? &queue->records[queue->first] : &pushed;
    queue->edge = t->report;
    switch ((enum iommu_record_state)queue->state) {
    case RECORD_IDLE:
        fault_idle(self, push || queue->count, head);
        break;
    case RECORD_ADDRESS:
        if (in->tables.aw_ready && self->now.aw_source == SOURCE_FAULTS)
            queue->state = RECORD_DATA;
        break;
    case RECORD_DATA:
        if (!out->tables.w.valid || !in->tables.w_ready || self->w_order[0] != SOURCE_FAULTS)
            break;
        queue->beat++;
        if (out->tables.w.last)
            queue->state = RECORD_ANSWER;
        break;
    case RECORD_ANSWER:
        if (in->tables.b.valid && in->tables.b.id == ID_FAULTS)
            fault_answer(self, &in->tables.b);
        break;
    case RECORD_ERROR:
        if (!(self->registers.fqcsr & FQ_CAUSES))
            queue->state = RECORD_IDLE;
        break;
    }
    /* (!) While a record waits for its B one is dropped in every cycle, that of B included. */
    bool full = queue->count == IOMMU_RECORDS, through = pop && !queue->count;
    if (push && !full && !through)
        queue->records[(queue->first + queue->count) % IOMMU_RECORDS] = pushed;
    queue->count = (uint8_t)(queue->count + (push && !full && !through));
    if (pop && !through) {
        queue->first = (uint8_t)((queue->first + 1) % IOMMU_RECORDS);
        queue->count--;
    }
}

void iommu_queues_settle(struct iommu *self, struct iommu_outputs *out)
{
    settle_decode(self);
    settle_ar(self, &out->tables.ar);
    settle_aw(self, &out->tables.aw);
    settle_w(self, &out->tables.w);
    out->tables.r_ready = out->tables.b_ready = true;
}

void iommu_queues_edge(struct iommu *self, const struct iommu_inputs *in,
                       const struct iommu_outputs *out)
{
    bool commands = bit(self->registers.cqcsr, Q_ENABLE),
         faults = bit(self->registers.fqcsr, Q_ENABLE);
    struct iommu_registers *registers = &self->registers;
    registers->cqon = commands || self->commands.enabled;
    registers->cqbusy = commands != self->commands.enabled;
    registers->fqon = faults || self->faults.enabled;
    registers->fqbusy = faults != self->faults.enabled;
    commands_edge(self, in, out);
    faults_edge(self, in, out);
    tables_edge(self, in, out);
}
