/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dts: the device tree of a board with a scenario's controllers and peripherals, as Linux's bindings have them
 * (Documentation/devicetree/bindings/dma of 6.12: snps,dma-spear1340.yaml, adi,axi-dmac.txt).
 *
 * Clocks are fixed-clock nodes, components are nodes of one bus. Interrupts are numbered in the scenario's order, and
 * belong to a controller that has no binding: `dmasim linux` is it; a board puts its own in its place. Whatever Linux has
 * no binding for is named in a comment.
 */
#ifndef DMASIM_DTS_H
#define DMASIM_DTS_H

#include <stdio.h>

#include "plan/component.h"

void dts_write(const struct plan *plan, FILE *out);

#endif
