/* SPDX-License-Identifier: BSD-2-Clause */
#include "referee/ahb_case.h"
#include "plan/clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const master_names[AHB_CASE_MASTERS] = {"m0", "m1", "m2", "m3"};

bool ahb_case_arbiter(struct ahb_arbiter_config *arbiter, const char *folder)
{
    *arbiter = (struct ahb_arbiter_config){.default_master = master_names[0]};
    if (strncmp(folder, "gen_amba", 8) == 0) {
        arbiter->policy = AHB_FAIR_MASK;
        arbiter->order = AHB_LOWEST_FIRST;
        arbiter->grant = AHB_REGISTERED;
        arbiter->rearbitrate = AHB_AT_RELEASE;
        arbiter->park = AHB_PARK_NOBODY;
        arbiter->ignore_lock = true;
        return true;
    }
    bool ring = strncmp(folder, "grlib_rr", 8) == 0;
    if (!ring && strncmp(folder, "grlib_fp", 8) != 0)
        return false;
    arbiter->policy = ring ? AHB_ROUND_ROBIN : AHB_FIXED;
    arbiter->park = ring ? AHB_PARK_LAST : AHB_PARK_DEFAULT;
    arbiter->count_beats = folder[8] == '_';
    const char *def = strstr(folder, "_def");
    if (def && def[4] >= '0' && def[4] < '0' + AHB_CASE_MASTERS)
        arbiter->default_master = master_names[def[4] - '0'];
    const char *prio = strstr(folder, "_mprio");
    if (prio) {
        int index = prio[6] >= '0' && prio[6] < '0' + AHB_CASE_MASTERS ? prio[6] - '0' : 2;
        arbiter->ahead = master_names[index];
    }
    return true;
}

bool ahb_case_script(struct ahb_case *self, const char *script)
{
    while (*script) {
        unsigned master, delay, write, lock, size, burst, beats, address, drop, busy;
        int used = 0;
        if (sscanf(script, "%u:%u:%u:%u:%u:%u:%u:%x:%u:%x%n", &master, &delay, &write, &lock, &size,
                   &burst, &beats, &address, &drop, &busy, &used) != 10 ||
            master >= AHB_CASE_MASTERS || size > 4 || burst > 7 || drop > 2 ||
            self->scripts[master].commands.count == AHB_CASE_COMMANDS)
            return false;
        struct parameter_list *list = &self->scripts[master].commands;
        self->commands[master][list->count++] = (struct scripted_command){
            .delay = delay,
            .address = address,
            .beats = beats,
            .busy = (uint16_t)busy,
            .size = (uint8_t)size,
            .burst = (uint8_t)burst,
            .drop = (uint8_t)drop,
            .write = write != 0,
            .lock = lock != 0,
        };
        script += used;
        if (*script == ';')
            script++;
        else if (*script)
            return false;
    }
    return true;
}

void ahb_case_init(struct ahb_case *self)
{
    *self = (struct ahb_case){.clock_config = {.period_ps = AHB_CASE_PERIOD_PS}};
    self->clock = (struct component){.name = "hclk", .type = &clock_type};
    self->clock.config = &self->clock_config;
    self->ahb = (struct component){.name = "ahb", .type = &ahb_type, .config = &self->bus};
    self->bus.width_bits = 32;
    for (unsigned i = 0; i < AHB_CASE_MASTERS; i++) {
        self->scripts[i] =
            (struct scripted_config){.repeat = 1, .commands = {.items = self->commands[i]}};
        self->masters[i] = (struct component){
            .name = master_names[i], .type = &scripted_type, .config = &self->scripts[i]};
    }
    for (uint8_t i = 0; i < 2; i++) {
        self->slaves[i] = (struct pattern_config){
            .base = i ? UINT64_C(0x80000000) : 0,
            .size_bytes = UINT64_C(0x80000000),
            .number = i,
            .inject_at = UINT32_MAX,
            .words = 1u << 14,
        };
        self->memories[i] = (struct component){
            .name = i ? "s1" : "s0", .type = &pattern_type, .config = &self->slaves[i]};
    }
    struct plan *plan = &self->plan;
    plan->name = "ahb_case";
    plan->components[SECTION_CLOCKS] = &self->clock;
    plan->components[SECTION_BUSES] = &self->ahb;
    plan->components[SECTION_MASTERS] = self->masters;
    plan->components[SECTION_MEMORIES] = self->memories;
    plan->counts[SECTION_CLOCKS] = plan->counts[SECTION_BUSES] = 1;
    plan->counts[SECTION_MASTERS] = AHB_CASE_MASTERS;
    plan->counts[SECTION_MEMORIES] = 2;
}

void ahb_case_fail(struct check *check, const struct component *component, const char *parameter,
                   const char *format, ...)
{
    (void)parameter;
    va_list args;
    va_start(args, format);
    fprintf(stderr, "%s: ", component ? component->name : "system");
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    check->failures++;
}
