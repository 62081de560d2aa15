/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * iommu: a cycle of the whole, and the control of the request port.
 *
 *   IDLE --ARVALID--> READ ---translated or refused, taken downstream--> IDLE
 *        --AWVALID--> WRITE --"                                      --> IDLE
 *
 * Inaccuracies: see iommu.h.
 */
#include "iommu/iommu_state.h"

const unsigned long iommu_bytes = sizeof(struct iommu);

void iommu_init(struct iommu *self, const struct iommu_config *config)
{
    *self = (struct iommu){.config = *config};
    self->registers.fctl = 2;    /* interrupts by wire */
    self->registers.inhibit = 1; /* (!) of the cycle counter only: events are counted from reset */
}

void iommu_settle(struct iommu *self, const struct iommu_inputs *in, struct iommu_outputs *out)
{
    *out = (struct iommu_outputs){.wires = iommu_interrupt_wires(self)};
    iommu_translate(self, in);
    self->now.inflight = self->now.translation.request || self->registers.debug_go;
    iommu_queues_settle(self, out);
    iommu_router_settle(self, in, out);
    iommu_registers_settle(self, in, out);
}

static void request_edge(struct iommu *self, const struct iommu_inputs *in,
                         const struct iommu_outputs *out)
{
    const struct iommu_translation *t = &self->now.translation;
    bool refused = (t->error && self->faults.count < IOMMU_RECORDS) || t->bound;
    bool read = self->request == REQUEST_READ;
    switch ((enum iommu_request_state)self->request) {
    case REQUEST_IDLE:
        if (self->registers.debug_on)
            break;
        if (in->device.ar.valid)
            self->request = REQUEST_READ;
        else if (in->device.aw.valid)
            self->request = REQUEST_WRITE;
        break;
    case REQUEST_READ:
    case REQUEST_WRITE:
        if (t->valid || refused) {
            *(read ? &self->go_ar : &self->go_aw) = true;
            *(read ? &self->right_ar : &self->right_aw) = t->valid;
        }
        if (read ? out->device.ar_ready : out->device.aw_ready) {
            *(read ? &self->go_ar : &self->go_aw) = false;
            self->request = REQUEST_IDLE;
        }
        break;
    }
}

/* Each part after those that read its registers; the CPU last, as what it writes wins. */
void iommu_edge(struct iommu *self, const struct iommu_inputs *in, const struct iommu_outputs *out)
{
    iommu_counters_edge(self);
    iommu_router_edge(self, in, out);
    request_edge(self, in, out);
    iommu_debug_edge(self, in);
    iommu_cache_edge(self, in);
    iommu_walkers_edge(self, in, out);
    iommu_queues_edge(self, in, out);
    iommu_registers_edge(self, in);
}
