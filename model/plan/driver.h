/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * driver: who runs calls of `work` on one type of controller, and what a call may say to it alone.
 *
 * What any controller understands is in the parameters of a call's type (host/work/work.h). What is
 * special to one is a group of the driver's name in the same entry of `work`:
 *
 *   - memcpy: { from: ram, to: ram + 4 KiB, bytes: 4 KiB, dw: { lock: block, priority: 7 } }
 *
 *   config   [ of the type, config_bytes | of the first driver's group | of the second's ... ]
 */
#ifndef DMASIM_DRIVER_H
#define DMASIM_DRIVER_H

#include "plan/component.h"

struct work_driver {
    const char *name; /* key of its group */
    const char *doc;  /* of the group, one sentence */
    const struct component_type *controller;
    /* The group; null if it has none. */
    const struct parameter *parameters;
    size_t config_bytes;

    int (*create)(struct build *build, struct component *work, const struct component *controller);
    /* Comes only when the controller is clear. */
    void (*check)(const struct plan *plan, const struct component *work,
                  const struct component *controller, struct check *check);
    bool ends; /* a call before its time: its `timeout`, the step `terminate` of programs */
    /* The CPU in whose memory the call builds descriptors; null if it builds none. May be null. */
    const struct component *(*descriptors)(const struct plan *plan, const struct component *work,
                                           const struct component *controller);
};

/* Bytes of a config of this type, with those of the drivers' groups if it is a call. The list of drivers
 * ends with null, and may be null. */
size_t driver_config_bytes(const struct component_type *type,
                           const struct work_driver *const *drivers);

/* Rows of the table of such a config, with the one that ends it. */
size_t driver_table_rows(const struct component_type *type,
                         const struct work_driver *const *drivers);

/* Fills that table: the type's rows, then a group for each driver that has one. */
void driver_table(const struct component_type *type, const struct work_driver *const *drivers,
                  struct parameter *rows);

/* The group of a driver in the config of a call. */
const void *driver_group(const struct plan *plan, const struct component *call,
                         const struct work_driver *driver);

#endif
