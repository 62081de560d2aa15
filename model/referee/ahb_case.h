/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ahb_case: four scripted masters, two pattern slaves and an arbiter as a plan: the form of the
 * recorded AHB cases, and of tests.
 */
#ifndef DMASIM_AHB_CASE_H
#define DMASIM_AHB_CASE_H

#include "bus/ahb/ahb_component.h"
#include "host/play/scripted.h"
#include "memory/ahb_pattern.h"
#include "plan/clock.h"

#define AHB_CASE_MASTERS 4
#define AHB_CASE_COMMANDS 256 /* of each master */
#define AHB_CASE_PERIOD_PS 10000

struct ahb_case {
    struct plan plan;
    struct clock_config clock_config;
    struct ahb_bus_config bus;
    struct scripted_config scripts[AHB_CASE_MASTERS];
    struct scripted_command commands[AHB_CASE_MASTERS][AHB_CASE_COMMANDS];
    struct pattern_config slaves[2]; /* 0 .. 7fffffff, 80000000 .. ffffffff */
    struct component clock, ahb, masters[AHB_CASE_MASTERS], memories[2];
};

/* A 32-bit bus without commands or wait states; points into *self. The caller sets what differs. */
void ahb_case_init(struct ahb_case *self);

/* Settings from a recording's folder: gen_amba, or grlib_{fp,rr}[_fb][_defN][_mprio[N]]. False if it
 * is none of these. */
bool ahb_case_arbiter(struct ahb_arbiter_config *arbiter, const char *folder);

/* Adds "master:delay:write:lock:size:burst:beats:addr:drop:busy", joined by ';' (addr and busy
 * hexadecimal). False if it is not understood. */
bool ahb_case_script(struct ahb_case *self, const char *script);

/* For struct check: prints to stderr. */
void ahb_case_fail(struct check *check, const struct component *component, const char *parameter,
                   const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
