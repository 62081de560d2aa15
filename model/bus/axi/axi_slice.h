/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi_slice: a register slice of one channel: two entries, first in, first out.
 *
 *   sender --VALID--> [ 1 ][ 0 ] --VALID--> receiver       VALID out: an entry is there
 *          <-READY---            <-READY---                READY out: an entry is free
 *
 * Both outputs are registers (Arm IHI 0022, A3.2: any channel may have one), so it cuts VALID and
 * READY, costs one cycle and, with two entries, keeps one beat per cycle.
 *
 * What was taken out stays in its place until the next edge but one, as axi.h asks for.
 */
#ifndef DMASIM_AXI_SLICE_H
#define DMASIM_AXI_SLICE_H

#include <string.h>

#include "bus/axi/axi.h"

struct axi_slice {
    uint8_t first, count;
    struct axi_address address[2];
    struct axi_write write[2];
    struct axi_read read[2];
    struct axi_response response[2];
    uint8_t data[2][AXI_BYTES_MAX];
};

static inline bool axi_slice_valid(const struct axi_slice *self)
{
    return self->count > 0;
}

static inline bool axi_slice_ready(const struct axi_slice *self)
{
    return self->count < 2;
}

static inline void axi_slice_pop(struct axi_slice *self)
{
    self->first ^= 1;
    self->count--;
}

/* Takes a copy of what is shown on its channel. At an edge with both, pop comes first. */
static inline void axi_slice_push(struct axi_slice *self, enum axi_channel channel,
                                  const void *payload, uint32_t width_bytes)
{
    unsigned place = (self->first + self->count++) & 1;
    switch (channel) {
    case AXI_R:
        self->read[place] = *(const struct axi_read *)payload;
        memcpy(self->data[place], self->read[place].data, width_bytes);
        self->read[place].data = self->data[place];
        break;
    case AXI_W:
        self->write[place] = *(const struct axi_write *)payload;
        memcpy(self->data[place], self->write[place].data, width_bytes);
        self->write[place].data = self->data[place];
        break;
    case AXI_B:
        self->response[place] = *(const struct axi_response *)payload;
        break;
    default:
        self->address[place] = *(const struct axi_address *)payload;
        break;
    }
}

/* The oldest entry. */
static inline const void *axi_slice_payload(const struct axi_slice *self, enum axi_channel channel)
{
    switch (channel) {
    case AXI_R:
        return &self->read[self->first];
    case AXI_W:
        return &self->write[self->first];
    case AXI_B:
        return &self->response[self->first];
    default:
        return &self->address[self->first];
    }
}

#endif
