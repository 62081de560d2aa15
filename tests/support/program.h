/* SPDX-License-Identifier: BSD-2-Clause */
/* program: programs of a CPU as components of a plan (host_plan.h). */
#ifndef DMASIM_TESTS_PROGRAM_H
#define DMASIM_TESTS_PROGRAM_H

#include "host_plan.h"

#include "host/work/work.h"

/* A program; ends with a step whose `to` is null. */
static inline struct program_config *test_add_program(struct test_plan *t, const char *name,
                                                      const struct work_step *steps)
{
    struct program_config *config = test_add(t, SECTION_WORK, "program", name);
    uint32_t count = 0;
    while (steps[count].to)
        count++;
    config->steps = (struct parameter_list){(void *)(uintptr_t)steps, count};
    return config;
}

#endif
