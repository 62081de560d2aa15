/* SPDX-License-Identifier: BSD-2-Clause */
/* device_log: what devices say in the log. */
#ifndef DMASIM_DEVICE_LOG_H
#define DMASIM_DEVICE_LOG_H

#include "plan/log.h"

/* Data are lost now. level, depth: of its FIFO; depth 0: it has none. requests: it asks for service already. owner: who has
 * the bus; null: nobody, or there is none. */
void device_lost(const struct unit *unit, const char *what, uint32_t level, uint32_t depth,
                 bool requests, const char *owner);

#endif
