/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_i8237: random I/O port writes, request lines, READY and EOP on two cascaded 8237As. No crash, no
 * endless step, and the same rows and states when every edge is stepped or the order is reversed.
 */
#include "i8237_hostile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size <= 512 && !hostile_agrees(data, size))
        abort();
    return 0;
}
