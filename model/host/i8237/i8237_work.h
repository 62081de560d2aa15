/* SPDX-License-Identifier: BSD-2-Clause */
/* i8237_work: the calls of `work` on an 8237A. */
#ifndef DMASIM_I8237_WORK_H
#define DMASIM_I8237_WORK_H

#include "host/work/work.h"

extern const struct work_driver i8237_work_driver;

#endif
