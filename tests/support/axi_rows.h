/* SPDX-License-Identifier: BSD-2-Clause */
/* axi_rows: the wires of an AXI port out of a log of a plan (../host/plan.h). */
#ifndef TESTS_AXI_ROWS_H
#define TESTS_AXI_ROWS_H

#include "bus/axi/axi.h"
#include "host_plan.h"

/* A record of a log as a row: it is only as long as the width of the bus makes it. */
static inline struct axi_row test_axi_row(const struct test_log *log, const void *record)
{
    struct axi_row row = {0};
    memcpy(&row, record, log->record_bytes);
    return row;
}

static inline struct axi_row test_axi_row_of(const struct test_log *log, size_t index)
{
    ck_assert_uint_lt(index, log->count);
    return test_axi_row(log, log->records + index * log->record_bytes);
}

#endif
