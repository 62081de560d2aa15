/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dram: requests a CPU second of the DRAM controller alone (memory/dram), against Ramulator 2.1.
 *
 *     dram [ROUNDS]
 *
 * DDR4-2400, one rank, open rows, row_bank_column; one request of each kind is offered in every cycle in which it could be
 * accepted, until all are complete. The best of the rounds. Ramulator's figures
 * are constants: measured in the same way with its own driver on a machine like that of docs/benchmarks.md.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "memory/dram/dram.h"

#define TX 64

struct load {
    const char *name;
    uint64_t reads, writes;
    uint64_t span; /* random over so many transactions; 0: one after the other */
    double reference;
};

static const struct load loads[] = {
    {"sequential reads, 64 MiB", 1 << 20, 0, 0, 0.346e6},
    {"copy, 16 MiB", 1 << 18, 1 << 18, 0, 0.324e6},
    {"random reads over 8 GiB", 1 << 18, 0, UINT64_C(1) << 27, 0.180e6},
};

struct stream {
    struct dram dram;
    uint64_t complete, merged;
};

static void completed(void *instance, sim_cycle now, uint64_t tag, bool write)
{
    struct stream *self = instance;
    (void)now;
    (void)tag;
    (void)write;
    self->complete++;
}

static uint64_t mix(uint64_t x)
{
    x += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
    return x ^ x >> 31;
}

static uint64_t address(const struct load *load, uint64_t index)
{
    return (load->span ? mix(index) % load->span : index) * TX;
}

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Requests a second; *cycles is how long it took in CK. Exits if memory is short. */
static double run(const struct load *load, sim_cycle *cycles)
{
    struct stream *self = calloc(1, sizeof *self);
    struct arena arena = {.blocks = NULL};
    struct dram_config config;
    dram_configure(&config, &dram_presets[1]);
    const struct dram_owner owner = {.self = self, .completed = completed};
    if (!self || !dram_init(&self->dram, &config, &owner, &arena)) {
        fputs("dram: out of memory\n", stderr);
        exit(1);
    }
    const uint64_t all = load->reads + load->writes;
    uint64_t read = 0, written = 0, merged = 0, next_read = address(load, 0),
             next_write = next_read;
    sim_cycle now = 1;
    const double start = cpu_seconds();
    while (self->complete + merged < all) {
        bool offered = false;
        if (read < load->reads &&
            dram_offer(&self->dram, now, next_read, false, read) != DRAM_REFUSED) {
            next_read = address(load, ++read);
            offered = true;
        }
        if (written < load->writes) {
            const enum dram_answer answer =
                dram_offer(&self->dram, now, (UINT64_C(1) << 30) + next_write, true, written);
            merged += answer == DRAM_MERGED;
            if (answer != DRAM_REFUSED) {
                next_write = address(load, ++written);
                offered = true;
            }
        }
        sim_cycle next = self->dram.next;
        if (next <= now) {
            next = dram_tick(&self->dram, now);
            offered |= self->dram.freed;
        }
        now = offered ? now + 1
                      : next; /* a refused one could be accepted only if something was freed */
    }
    const double seconds = cpu_seconds() - start;
    *cycles = now;
    arena_free(&arena);
    free(self);
    return (double)all / seconds;
}

int main(int argc, char **argv)
{
    const int rounds = argc > 1 ? atoi(argv[1]) : 5;
    printf("| DRAM, million requests per second | dmasim | Ramulator 2.1 (constant) | ratio | "
           "cycles |\n"
           "| --- | ---: | ---: | ---: | ---: |\n");
    for (size_t i = 0; i < sizeof loads / sizeof loads[0]; i++) {
        double best = 0;
        sim_cycle cycles = 0;
        for (int round = 0; round < rounds; round++) {
            const double rate = run(&loads[i], &cycles);
            best = rate > best ? rate : best;
        }
        printf("| %s | %.2f | %.3f | %.1fx | %llu |\n", loads[i].name, best / 1e6,
               loads[i].reference / 1e6, best / loads[i].reference, (unsigned long long)cycles);
    }
    return 0;
}
