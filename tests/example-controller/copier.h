/* SPDX-License-Identifier: BSD-2-Clause */
/* copier: configuration of the example of docs/adding-a-controller.md; the model is in copier.c. */
#ifndef EXAMPLE_COPIER_H
#define EXAMPLE_COPIER_H

#include "plan/driver.h"

#define COPIER_WINDOW_BYTES 1024

struct copier_config {
    uint16_t bus;
    uint64_t base;
    uint16_t interrupt; /* CPU index */
};

enum copier_offset {
    COPIER_AT_SOURCE = 0x0,
    COPIER_AT_DESTINATION = 0x4,
    COPIER_AT_LENGTH = 0x8,
    COPIER_AT_STATUS = 0xc
};
enum { COPIER_DONE = 1, COPIER_ERROR = 2 }; /* of STATUS */

extern const struct component_type copier_type;
extern const struct register_map copier_registers;

/* copier_driver.c: calls of `work`. */
extern const struct work_driver copier_driver;

#endif
