/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory while simulating is bounded: what passes through a channel leaves nothing behind. Each run
 * is a process of its own, whose largest resident size counts. The bytes come from 256 KiB of one
 * memory, again and again, so that the simulated memory is the same in both runs.
 */
#include "dmasim/dmasim.h"
#include "suite.h"

#include <check.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define MIB (UINT64_C(1) << 20)
#define ROUND_BYTES (MIB / 4)
#define BOUND_KIB 1024

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

static const char scenario[] =
    "name: memory-bound\n"
    "stop: 10 s\n"
    "clocks: { hclk: { frequency: 100 MHz } }\n"
    "buses: { ahb: { clock: hclk, width: 32 } }\n"
    "cpus: { cpu: { bus: ahb, descriptors: { base: sram + 1 MiB, bytes: 64 KiB } } }\n"
    "controllers:\n"
    "  dma: { bus: ahb, base: 0x4000_0000, channels: 1, switch_cycles: 0, interrupt: cpu }\n"
    "memories:\n"
    "  sram: { bus: ahb, base: 0x2000_0000, size: 2 MiB, fill: { pattern: random } }\n"
    "work:\n"
    "  - memcpy: { name: copy, channel: 0, from: sram, to: sram + 512 KiB, bytes: 256 KiB,\n"
    "              burst: 16, repeat: 4 }\n";

/* Simulates the scenario to its end; in a child process. Its exit status. */
static int simulate(const char *path, uint64_t bytes)
{
    char repeat[64];
    snprintf(repeat, sizeof repeat, "work.copy.repeat=%llu",
             (unsigned long long)(bytes / ROUND_BYTES));
    const char *const overrides[] = {repeat};
    struct dmasim_options options = {.overrides = overrides, .override_count = 1};
    struct dmasim_error error = {.code = DMASIM_OK};
    struct dmasim *sim = dmasim_create(path, &options, &error);
    if (!sim) {
        fprintf(stderr, "%d:%d: %s\n", error.line, error.column, error.text);
        return 2;
    }
    while (!dmasim_finished(sim) && dmasim_next(sim) != DMASIM_NEVER)
        dmasim_advance(sim, dmasim_now(sim) + UINT64_C(10000000000)); /* a million cycles */
    /* Every word was read and written: two cycles at least. */
    bool long_enough = dmasim_now(sim) / 10000 >= bytes / 4 * 2;
    int status = dmasim_finished(sim) && long_enough ? 0 : 3;
    dmasim_destroy(sim);
    return status;
}

/* Largest resident size of a process that moves so many bytes, in KiB. */
static long resident_kib(const char *path, uint64_t bytes)
{
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0)
        _exit(simulate(path, bytes));
    int status = -1;
    struct rusage usage;
    ck_assert_int_eq(wait4(child, &status, 0, &usage), child);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%llu MiB: status %d",
                  (unsigned long long)(bytes / MIB), status);
    return usage.ru_maxrss;
}

START_TEST(sixty_four_mebibytes_need_no_more_memory_than_one)
{
    char path[] = "/tmp/dmasim-memory-XXXXXX";
    int file = mkstemp(path);
    ck_assert_int_ge(file, 0);
    ck_assert_int_eq(write(file, scenario, sizeof scenario - 1), sizeof scenario - 1);
    close(file);
    long one = resident_kib(path, MIB);
    long many = resident_kib(path, 64 * MIB);
    unlink(path);
    ck_assert_int_gt(one, 0);
    ck_assert_int_gt(many, 0);
    ck_assert_msg(SANITIZED || many - one < BOUND_KIB, "1 MiB: %ld KiB, 64 MiB: %ld KiB", one,
                  many);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("memory bound");
    TCase *tests = tcase_create("memory bound");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, sixty_four_mebibytes_need_no_more_memory_than_one);
    suite_add_tcase(suite, tests);
    return suite_run(suite);
}
