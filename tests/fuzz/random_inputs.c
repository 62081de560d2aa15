/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * random_inputs: runs a fuzz target on random inputs, without libFuzzer: no coverage to steer by, but
 * millions of inputs in minutes, and the same ones each time.
 *
 *   random_<what> [RUNS [SEED [BYTES]]]
 *
 * An input is rebuilt from its seed alone: a crash is repeated with RUNS = 1 and the seed printed.
 */
#include <inttypes.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kernel/random.h"

#define BYTES_MAX 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile uint64_t running;

static void tell(int signal_number)
{
    char text[32];
    size_t at = sizeof text;
    text[--at] = '\n';
    uint64_t seed = running;
    do {
        text[--at] = (char)('0' + seed % 10);
        seed /= 10;
    } while (seed);
    if (write(STDERR_FILENO, "failed with seed ", 17) < 0 ||
        write(STDERR_FILENO, text + at, sizeof text - at) < 0)
        _exit(3);
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

int main(int argc, char **argv)
{
    uint64_t runs = argc > 1 ? strtoull(argv[1], NULL, 0) : 1000;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
    uint32_t most = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 0) : 128;
    static uint8_t data[BYTES_MAX];
    if (most < 1 || most > BYTES_MAX) {
        fprintf(stderr, "1 .. %d bytes\n", BYTES_MAX);
        return 2;
    }
    /* Keep what was freed: a target builds a system for each input. */
    mallopt(M_MMAP_THRESHOLD, 1 << 28);
    mallopt(M_TRIM_THRESHOLD, 1 << 28);
    signal(SIGABRT, tell);
    signal(SIGSEGV, tell);
    signal(SIGFPE, tell);
    signal(SIGALRM, tell);
    for (uint64_t i = 0; i < runs; i++, seed++) {
        struct random random = random_seeded(seed);
        size_t size = 1 + random_below(&random, most);
        /* Small numbers and repeated bytes reach further than noise. */
        for (size_t k = 0; k < size; k++) {
            uint32_t draw = (uint32_t)random_next(&random);
            data[k] = (uint8_t)(draw >> 8);
            if (draw % 8 == 0)
                data[k] = 0;
            else if (draw % 8 == 1)
                data[k] &= 7;
        }
        running = seed;
        alarm(10);
        LLVMFuzzerTestOneInput(data, size);
    }
    printf("%" PRIu64 " inputs\n", runs);
    return 0;
}
