/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_lite: 32-bit accesses of a master on AXI4-Lite, one at a time; who raises them owns the timing. */
#ifndef DMASIM_AXI_LITE_H
#define DMASIM_AXI_LITE_H

#include "bus/axi.h"

struct axi_lite {
    struct axi_port *port;
    uint8_t data[2][AXI_BYTES_MAX]; /* of the two places of W */
};

/* Shows AR, or AW and W together, from the next cycle on; the caller calls axi_touch(). */
void axi_lite_read(struct axi_lite *self, uint64_t addr);
void axi_lite_write(struct axi_lite *self, uint64_t addr, uint32_t value);

/* What the R that is handed over at this edge brings for the last axi_lite_read(). */
uint32_t axi_lite_value(const struct axi_lite *self);

#endif
