/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cpu_traffic: background accesses of a CPU: one burst, a time to think, the next.
 *
 *   end of burst k in row e; step e + think_cycles chooses burst k+1, which opens in the next row: without
 *   a pause (0) in row e + 1, back to back; later if software has the bus then
 *
 * Addresses, directions and data come from one seeded generator, drawn when an access starts, so
 * the sequence does not depend on when that is.
 *
 * Inaccuracies: no locality model; a random address is uniform over the range.
 */
#include "host/cpu/cpu.h"

/* Bytes a burst covers. */
static uint32_t burst_bytes(const struct cpu_traffic_config *config)
{
    return config->beats * config->width_bits / 8;
}

static uint64_t next_offset(struct cpu_traffic *self)
{
    const struct cpu_traffic_config *config = self->config;
    uint32_t burst = burst_bytes(config);
    uint64_t at = self->position;
    uint64_t step = config->pattern == CPU_STRIDE ? config->stride_bytes : burst;
    if (config->pattern == CPU_RANDOM)
        return (uint64_t)random_below(&self->random, (uint32_t)(config->bytes / burst)) * burst;
    self->position = at + step + burst <= config->bytes ? at + step : 0;
    return at;
}

bool cpu_traffic_next(struct cpu *cpu, sim_cycle now, struct host_access *access)
{
    struct cpu_traffic *self = &cpu->traffic;
    const struct cpu_traffic_config *config = self->config;
    if (self->next_at > now)
        return false;
    self->reading = random_below(&self->random, 100) < config->read_percent;
    *access = (struct host_access){
        .address = config->base + next_offset(self),
        .beats = (uint16_t)config->beats,
        .bytes = (uint8_t)(config->width_bits / 8),
        .write = !self->reading,
        .scrambled = true,
    };
    access->value = (uint32_t)random_next(&self->random);
    self->next_at = SIM_NEVER;
    return true;
}

void cpu_traffic_done(struct cpu *cpu, sim_cycle now)
{
    struct cpu_traffic *self = &cpu->traffic;
    self->done++;
    if (self->config->count == 0 || self->done < self->config->count) {
        self->next_at = now + self->config->think_cycles;
        return;
    }
    if (self->holding) {
        self->holding = false;
        kernel_release(cpu->kernel);
    }
}

void cpu_traffic_create(struct build *build, struct cpu *cpu)
{
    struct cpu_traffic *self = &cpu->traffic;
    self->next_at = SIM_NEVER;
    if (!cpu->config->traffic.given)
        return;
    self->config = &cpu->config->traffic;
    self->random = build_random(build, self->config->seed);
    self->next_at = clock_edge_at(cpu->unit.clock, self->config->start_ps);
    if (self->config->count > 0) {
        self->holding = true;
        kernel_hold(build->kernel);
    }
}

void cpu_traffic_check(const struct plan *plan, const struct component *component,
                       struct check *check)
{
    const struct cpu_config *cpu = component->config;
    const struct cpu_traffic_config *config = &cpu->traffic;
    if (config->width_bits < 8 || config->width_bits > 128 ||
        (config->width_bits & (config->width_bits - 1)) != 0) {
        check->fail(check, component, "traffic.width_bits", "must be 8, 16, 32, 64 or 128, not %u",
                    config->width_bits);
        return;
    }
    uint32_t bytes = config->width_bits / 8;
    if (config->base % bytes != 0)
        check->fail(check, component, "traffic.base", "must be a multiple of %u (width_bits)",
                    bytes);
    if (config->bytes < burst_bytes(config))
        check->fail(check, component, "traffic.bytes", "a burst takes %u bytes",
                    burst_bytes(config));
    const struct bus_space *space = plan->components[SECTION_BUSES][cpu->bus].type->space;
    if (config->base > space->last || config->bytes - 1 > space->last - config->base)
        check->fail(check, component, "traffic.bytes", "reaches beyond %s", space->width);
    if (config->pattern == CPU_STRIDE &&
        (config->stride_bytes == 0 || config->stride_bytes % bytes != 0))
        check->fail(check, component, "traffic.stride", "must be a multiple of %u, not 0", bytes);
}

static const char *const pattern_names[] = {
    [CPU_SEQUENTIAL] = "sequential", [CPU_RANDOM] = "random", [CPU_STRIDE] = "stride", NULL};

const struct parameter cpu_traffic_parameters[] = {
    {.name = "given", .kind = PARAMETER_GIVEN, PARAMETER_AT(cpu_traffic_config, given)},
    {.name = "pattern",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(cpu_traffic_config, pattern),
     .names = pattern_names,
     .doc = "Addresses: sequential, random, or `stride` bytes apart."},
    {.name = "base",
     .kind = PARAMETER_ADDRESS,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(cpu_traffic_config, base),
     .doc = "First address of the range it works in; its writes change what is there."},
    {.name = "bytes",
     .kind = PARAMETER_BYTES,
     PARAMETER_AT(cpu_traffic_config, bytes),
     .initial = 4096,
     .min = 1,
     .max = UINT64_C(1) << 30,
     .doc = "Size of the range."},
    {.name = "stride",
     .kind = PARAMETER_BYTES,
     PARAMETER_AT(cpu_traffic_config, stride_bytes),
     .initial = 64,
     .max = UINT64_C(1) << 30,
     .doc = "Distance of the pattern stride."},
    {.name = "read_percent",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(cpu_traffic_config, read_percent),
     .initial = 70,
     .max = 100,
     .doc = "Share of reads, in percent; the rest are writes."},
    {.name = "think_cycles",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(cpu_traffic_config, think_cycles),
     .initial = 4,
     .max = 1000000,
     .doc = "Cycles between the end of a background access and the begin of the next: 0 is back to "
            "back, the "
            "next one's address in the cycle after the end. Where software has accesses it goes "
            "first."},
    {.name = "beats",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(cpu_traffic_config, beats),
     .initial = 1,
     .min = 1,
     .max = 256,
     .doc =
         "Beats of an access. On an AHB: 1 SINGLE, 4, 8, 16 fixed-length bursts, others INCR; on "
         "AXI4 one burst, cut at 4 KiB; on AXI4-Lite one by one."},
    {.name = "width_bits",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(cpu_traffic_config, width_bits),
     .initial = 32,
     .min = 8,
     .max = 128,
     .doc = "Bits of a beat."},
    {.name = "seed",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(cpu_traffic_config, seed),
     .initial = 1,
     .max = UINT64_MAX,
     .doc = "Seed of addresses, directions and data."},
    {.name = "count",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(cpu_traffic_config, count),
     .max = UINT64_MAX,
     .doc = "Accesses, which the run waits for; 0 means without end, and the run does not wait."},
    {.name = "start_at",
     .kind = PARAMETER_TIME,
     PARAMETER_AT(cpu_traffic_config, start_ps),
     .max = PARAMETER_TIME_MAX,
     .doc = "When it starts."},
    {.name = NULL},
};
