/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_adi_axi_dmac: an ADI AXI DMAC of any configuration under hostile software and descriptors
 * (adi_hostile.h). No crash, no endless step, every access of the register port is answered in time, nothing
 * is written that no transfer may reach, the mended circuit keeps the rules of AXI at its ports, and answers,
 * interrupts, memory and registers are the same when every edge is stepped. One input in four is also
 * simulated in reversed order, observed, in the general form of the data path, and with snapshots.
 */
#include "adi_hostile_run.h"

#define INPUT_MAX 1024

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > INPUT_MAX)
        return 0;
    const char *fault = hostile_fault(data, size, size % 4 == 0);
    if (!fault)
        return 0;
    fprintf(stderr, "%s\n", fault);
    for (size_t i = 0; i < size; i++)
        fprintf(stderr, "%s0x%02x,%s", i % 12 ? " " : "    ", data[i],
                i % 12 == 11 || i + 1 == size ? "\n" : "");
    abort();
}
