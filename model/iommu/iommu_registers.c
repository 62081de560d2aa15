/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * iommu_registers: the register file, its port, the debug registers, the interrupt wires.
 *
 *   access of 4 bytes   taken x   strobe x+1                   answer x+3
 *   access of 8 bytes   taken x   low half x+1, high half x+2  answer x+4
 * A read is the register before the edge of its strobe, a write is seen in the cycle after it.
 *
 * Sources: RISC-V IOMMU specification 1.0, section 6; values at reset, cycles and departures (!) from the traces in
 * traces/golden/riscv_iommu.
 *
 * Inaccuracies: one access at a time. No trace has one of 1 or 2 bytes, nor one of 8 bytes that is not aligned.
 */
#include "iommu/iommu_state.h"

enum {
    CAPABILITIES = 0x00,
    FCTL = 0x08,
    DDTP = 0x10,
    CQB = 0x18,
    CQH = 0x20,
    CQT = 0x24,
    FQB = 0x28,
    FQH = 0x30,
    FQT = 0x34,
    CQCSR = 0x48,
    FQCSR = 0x4c,
    IPSR = 0x54,
    IOCOUNTOVF = 0x58,
    IOCOUNTINH = 0x5c,
    IOHPMCYCLES = 0x60,
    IOHPMCTR = 0x68,
    IOHPMEVT = 0x160,
    TR_REQ_IOVA = 0x258,
    TR_REQ_CTL = 0x260,
    TR_RESPONSE = 0x268,
    ICVEC = 0x2f8,
};

/* Version 1.0, Sv39, Sv39x4, HPM, wires, DBG. (!) PD8, PD17 and PD20 are told though there are none. */
#define CAPABILITIES_LOW UINT64_C(0x90020210)
#define CAPABILITIES_HPM UINT64_C(0x40000000)
#define CAPABILITIES_HIGH UINT64_C(0x1f8)

#define PPN_MASK UINT64_C(0x003ffffffffffc00)
#define QUEUE_BASE_MASK (PPN_MASK | 0x1f)
#define DDTP_MASK (PPN_MASK | 0xf)
#define DDTP_BUSY UINT64_C(0x10)
#define MODES 5

enum { GO = 0 };

static uint32_t status(uint32_t csr, bool on, bool busy)
{
    return csr | (uint32_t)on << 16 | (uint32_t)busy << 17;
}

static uint32_t overflows(const struct iommu *self)
{
    const struct iommu_registers *registers = &self->registers;
    uint32_t word = (uint32_t)(registers->cycles >> 63);
    for (uint32_t i = 0; i < self->config.counters; i++)
        word |= (uint32_t)(registers->counters[i].event >> 63) << (i + 1);
    return word;
}

/* The counter that an offset from `first` on names; null if there is none. */
static uint64_t *counter_at(struct iommu *self, uint32_t offset)
{
    struct iommu_registers *registers = &self->registers;
    if (offset == IOHPMCYCLES)
        return self->config.counters ? &registers->cycles : NULL;
    if (offset >= IOHPMCTR && offset < IOHPMCTR + 8 * self->config.counters)
        return &registers->counters[(offset - IOHPMCTR) / 8].value;
    if (offset >= IOHPMEVT && offset < IOHPMEVT + 8 * self->config.counters)
        return &registers->counters[(offset - IOHPMEVT) / 8].event;
    return NULL;
}

/* The 64 bits of which `offset`, a multiple of 8, is the low half. Words of 32 bits lie side by side. */
static uint64_t read_pair(struct iommu *self, uint32_t offset)
{
    const struct iommu_registers *r = &self->registers;
    const uint64_t *counter = counter_at(self, offset);
    if (counter)
        return *counter;
    switch (offset) {
    case CAPABILITIES:
        return CAPABILITIES_HIGH << 32 | CAPABILITIES_LOW |
               (self->config.counters ? CAPABILITIES_HPM : 0);
    case FCTL:
        return r->fctl;
    case DDTP:
        return r->ddtp | (r->ddtp_busy ? DDTP_BUSY : 0);
    case CQB:
        return r->cqb;
    case CQH:
        return r->cqh | (uint64_t)r->cqt << 32;
    case FQB:
        return r->fqb;
    case FQH:
        return r->fqh | (uint64_t)r->fqt << 32;
    case CQCSR:
        return status(r->cqcsr, r->cqon, r->cqbusy) | (uint64_t)status(r->fqcsr, r->fqon, r->fqbusy)
                                                          << 32;
    case IPSR - 4:
        return (uint64_t)r->ipsr << 32;
    case IOCOUNTOVF:
        return self->config.counters ? overflows(self) | (uint64_t)r->inhibit << 32 : 0;
    case TR_REQ_IOVA:
        return r->debug_iova;
    case TR_REQ_CTL:
        return r->debug_control | (uint64_t)r->debug_go << GO;
    case TR_RESPONSE:
        return r->debug_response;
    case ICVEC:
        return r->icvec;
    default:
        return 0;
    }
}

static uint32_t read_word(struct iommu *self, uint32_t offset)
{
    return (uint32_t)(read_pair(self, offset & ~7u) >> 8 * (offset & 4));
}

/* ---- writes ------------------------------------------------------------------------------------ */

static uint32_t queue_mask(uint64_t base)
{
    return (uint32_t)((UINT64_C(2) << bits(base, 4, 0)) - 1);
}

/* Enable bits are set, causes cleared by writing 1. */
static uint32_t write_status(uint32_t csr, uint32_t value, uint32_t causes)
{
    return (csr & causes & ~value) | (value & 3);
}

/* Both halves are taken together, and not under a request. */
static void write_ddtp(struct iommu_registers *r, bool high, uint32_t value)
{
    if (!high && (value & 0xf) >= MODES)
        return;
    if (high) {
        r->ddtp_high = value;
        r->has_high = true;
    } else {
        r->ddtp_low = value;
        r->has_low = true;
    }
}

static void settle_ddtp(struct iommu_registers *r, bool inflight)
{
    if (!r->has_low || !r->has_high)
        return;
    r->ddtp_busy = inflight;
    if (inflight)
        return;
    r->has_low = r->has_high = false;
    r->ddtp = ((uint64_t)r->ddtp_high << 32 | r->ddtp_low) & DDTP_MASK;
}

static void write_half(uint64_t *word, bool high, uint32_t value, uint64_t mask)
{
    unsigned shift = high ? 32 : 0;
    *word = ((*word & ~(UINT64_C(0xffffffff) << shift)) | (uint64_t)value << shift) & mask;
}

static void write_word(struct iommu *self, uint32_t offset, uint32_t value)
{
    struct iommu_registers *r = &self->registers;
    bool high = offset & 4;
    uint64_t *counter = counter_at(self, offset & ~7u);
    if (counter) {
        write_half(counter, high, value, ~UINT64_C(0));
        return;
    }
    switch (offset) {
    case FCTL:
        r->fctl = 2 | (value & 4);
        break;
    case DDTP:
    case DDTP + 4:
        write_ddtp(r, high, value);
        break;
    case CQB:
    case CQB + 4:
        write_half(&r->cqb, high, value, QUEUE_BASE_MASK);
        break;
    case CQT:
        r->cqt = value & queue_mask(r->cqb);
        break;
    case FQB:
    case FQB + 4:
        write_half(&r->fqb, high, value, QUEUE_BASE_MASK);
        break;
    case FQH:
        r->fqh = value & queue_mask(r->fqb);
        break;
    case CQCSR:
        r->cqcsr = write_status(r->cqcsr, value, 0xf00);
        break;
    case FQCSR:
        r->fqcsr = write_status(r->fqcsr, value, 0x300);
        break;
    case IPSR:
        r->ipsr &= ~value;
        break;
    case IOCOUNTINH:
        if (self->config.counters)
            r->inhibit = value & (uint32_t)((UINT64_C(2) << self->config.counters) - 1);
        break;
    case TR_REQ_IOVA:
    case TR_REQ_IOVA + 4:
        write_half(&r->debug_iova, high, value, ~UINT64_C(0xfff));
        break;
    case TR_REQ_CTL:
        r->debug_go = r->debug_go || bit(value, GO);
        write_half(&r->debug_control, false, value, UINT64_C(0xffffff000000000e));
        break;
    case TR_REQ_CTL + 4:
        write_half(&r->debug_control, true, value, UINT64_C(0xffffff000000000e));
        break;
    case ICVEC:
        r->icvec = value & (self->config.counters ? 0x333 : 0x033);
        break;
    default: /* read only, or nothing there: no error */
        break;
    }
}

/* ---- port -------------------------------------------------------------------------------------- */

enum { STROBE_LOW = 1, STROBE_HIGH = 2, ANSWER_AFTER = 3 };

static bool answers(const struct iommu_programming *access)
{
    return access->busy && access->age == ANSWER_AFTER + (access->bytes == 8);
}

/* Offset of the word that is accessed in this cycle, UINT32_MAX if none is. */
static uint32_t strobed(const struct iommu_programming *access)
{
    if (!access->busy)
        return UINT32_MAX;
    if (access->age == STROBE_LOW)
        return access->offset & ~3u;
    return access->age == STROBE_HIGH && access->bytes == 8 ? (access->offset & ~3u) + 4
                                                            : UINT32_MAX;
}

void iommu_registers_settle(struct iommu *self, const struct iommu_inputs *in,
                            struct iommu_outputs *out)
{
    const struct iommu_programming *access = &self->programming;
    uint32_t offset = strobed(access);
    if (offset != UINT32_MAX && !access->write)
        self->now.read = read_word(self, offset);
    out->port.taken = !access->busy && (in->port.read || in->port.write);
    out->port.answered = answers(access);
    out->port.data = access->data;
}

static void access_edge(struct iommu *self, const struct iommu_inputs *in)
{
    struct iommu_programming *access = &self->programming;
    uint32_t offset = strobed(access);
    bool high = access->age == STROBE_HIGH;
    if (offset != UINT32_MAX && access->write) {
        bool upper = high || (access->bytes == 4 && access->offset & 4);
        write_word(self, offset, (uint32_t)(access->data >> (upper ? 32 : 0)));
    } else if (offset != UINT32_MAX) {
        access->data = high ? access->data | (uint64_t)self->now.read << 32 : self->now.read;
    }
    if (answers(access)) {
        access->busy = false;
    } else if (access->busy) {
        access->age++;
    } else if (in->port.read || in->port.write) {
        *access = (struct iommu_programming){.busy = true,
                                             .write = in->port.write,
                                             .bytes = in->port.bytes,
                                             .age = STROBE_LOW,
                                             .offset = in->port.offset & 0xfff,
                                             .data = in->port.write ? in->port.data : 0};
    }
}

void iommu_registers_edge(struct iommu *self, const struct iommu_inputs *in)
{
    access_edge(self, in);
    settle_ddtp(&self->registers, self->now.inflight);
}

void iommu_debug_edge(struct iommu *self, const struct iommu_inputs *in)
{
    struct iommu_registers *r = &self->registers;
    const struct iommu_translation *t = &self->now.translation;
    if (!r->debug_go || t->request || in->device.ar.valid || in->device.aw.valid)
        return;
    r->debug_on = !t->valid && !t->error;
    if (r->debug_on)
        return;
    r->debug_go = false;
    /* Both can be: a fault of a walk whose request is gone, in the cycle of a hit. */
    r->debug_response = (uint64_t)t->error | (uint64_t)t->super << 9 | t->address >> 12 << 10;
}

/* (!) Sources of one vector overwrite each other, the last one stands. */
uint8_t iommu_interrupt_wires(const struct iommu *self)
{
    const struct iommu_registers *r = &self->registers;
    uint8_t wires = 0;
    for (unsigned source = 0; source < 3; source++) {
        unsigned vector = r->icvec >> 4 * source & 3;
        wires = (uint8_t)((wires & ~(1u << vector)) | (uint8_t)(bit(r->ipsr, source) << vector));
    }
    return wires;
}
