/* SPDX-License-Identifier: BSD-2-Clause */
/* work_program_dma: what the steps of a program say of the DMA API; see work_mappings.h. */
#include <stdio.h>

#include "host/work/expression.h"
#include "host/work/work_mappings.h"
#include "plan/route.h"

static const struct {
    uint8_t call, kind;
} steps[] = {
    [WORK_ALLOC_COHERENT] = {DMA_CALL_MAP, MAPPING_COHERENT},
    [WORK_ALLOC_NONCOHERENT] = {DMA_CALL_MAP, MAPPING_NONCOHERENT},
    [WORK_MAP_SINGLE] = {DMA_CALL_MAP, MAPPING_SINGLE},
    [WORK_MAP_PAGE] = {DMA_CALL_MAP, MAPPING_PAGE},
    [WORK_MAP_SG] = {DMA_CALL_MAP, MAPPING_SG},
    [WORK_MAPPING_ERROR] = {DMA_CALL_CHECK, MAPPING_SINGLE},
    [WORK_SYNC_FOR_CPU] = {DMA_CALL_SYNC_FOR_CPU, MAPPING_SINGLE},
    [WORK_SYNC_FOR_DEVICE] = {DMA_CALL_SYNC_FOR_DEVICE, MAPPING_SINGLE},
    [WORK_UNMAP_SINGLE] = {DMA_CALL_UNMAP, MAPPING_SINGLE},
    [WORK_UNMAP_PAGE] = {DMA_CALL_UNMAP, MAPPING_PAGE},
    [WORK_UNMAP_SG] = {DMA_CALL_UNMAP, MAPPING_SG},
    [WORK_FREE_COHERENT] = {DMA_CALL_UNMAP, MAPPING_COHERENT},
    [WORK_FREE_NONCOHERENT] = {DMA_CALL_UNMAP, MAPPING_NONCOHERENT},
    [WORK_POOL_CREATE] = {DMA_CALL_POOL_CREATE, MAPPING_COHERENT},
    [WORK_POOL_ALLOC] = {DMA_CALL_POOL_ALLOC, MAPPING_COHERENT},
    [WORK_POOL_FREE] = {DMA_CALL_POOL_FREE, MAPPING_COHERENT},
    [WORK_POOL_DESTROY] = {DMA_CALL_POOL_DESTROY, MAPPING_COHERENT},
};

struct compiling {
    const struct plan *plan;
    const struct component *cpu;
    const struct work_step *step;
    const char **key;
    char *error;
};

static bool fail(const struct compiling *self, const char *key, const char *text)
{
    *self->key = key;
    snprintf(self->error, 200, "%s", text);
    return false;
}

static bool find_device(const struct compiling *self, uint16_t *device)
{
    const struct plan *plan = self->plan;
    *device = self->step->device;
    if (*device == UINT16_MAX && plan->counts[SECTION_CONTROLLERS] == 1)
        *device = 0;
    if (*device >= plan->counts[SECTION_CONTROLLERS])
        return fail(self, "device",
                    plan->counts[SECTION_CONTROLLERS] ? "which of the controllers is the `device`?"
                                                      : "there is no controller");
    const uint16_t of = cpu_mappings_of(plan, &plan->components[SECTION_CONTROLLERS][*device]);
    if (of == UINT16_MAX || &plan->components[SECTION_CPUS][of] == self->cpu)
        return true;
    *self->key = "device";
    snprintf(self->error, 200, "the driver of %s runs on %s, and the program on %s",
             plan->components[SECTION_CONTROLLERS][*device].name,
             plan->components[SECTION_CPUS][of].name, self->cpu->name);
    return false;
}

/* A buffer lies in one memory that the CPU reaches. */
static bool in_memory(const struct compiling *self, const char *key,
                      const struct work_segment *segment)
{
    const uint16_t bus = ((const struct cpu_config *)self->cpu->config)->bus;
    struct plan_route route;
    if (plan_route(self->plan, bus, segment->address, REGION_ANY, &route) &&
        route.component->type->section == SECTION_MEMORIES && segment->bytes <= route.bytes)
        return true;
    *self->key = key;
    snprintf(self->error, 200, "0x%jx .. 0x%jx is not in a memory that %s reaches",
             (uintmax_t)segment->address, (uintmax_t)(segment->address + segment->bytes - 1),
             self->cpu->name);
    return false;
}

static bool find_buffer(const struct compiling *self, struct dma_step *out)
{
    const struct work_step *step = self->step;
    struct expression to;
    out->request.segments = step->segments.items;
    out->request.count = step->segments.count;
    if (out->request.count) {
        if (step->to || step->bytes)
            return fail(self, "segments", "`segments` stand in the place of `to` and `bytes`");
        for (uint32_t i = 0; i < out->request.count; i++)
            if (!in_memory(self, "segments", &out->request.segments[i]))
                return false;
        return true;
    }
    if (!step->to)
        return fail(self, NULL, "needs `to`, the buffer");
    if (!expression_resolve(self->plan, step->to, NULL, &to))
        return fail(self, "to", to.error);
    const bool place = step->op == WORK_MAPPING_ERROR || step->op == WORK_POOL_ALLOC ||
                       step->op == WORK_POOL_FREE || step->op == WORK_POOL_DESTROY;
    if (!step->bytes && !place)
        return fail(self, NULL, "needs `bytes`, the length of the buffer");
    if (step->bytes && place)
        return fail(self, "bytes", "is of other steps: this one knows the length");
    out->one = (struct work_segment){.address = to.value, .bytes = step->bytes ? step->bytes : 1};
    out->request.segments = &out->one;
    out->request.count = 1;
    return in_memory(self, "to", &out->one);
}

static bool compile_pool(const struct compiling *self, struct dma_step *out)
{
    struct expression value;
    if (self->step->op != WORK_POOL_CREATE)
        return true;
    if (!self->step->value)
        return fail(self, NULL, "needs a value, the length of a block");
    if (!expression_resolve(self->plan, self->step->value, NULL, &value))
        return fail(self, "value", value.error);
    if (value.value == 0 || value.value > self->step->bytes)
        return fail(self, "value",
                    "a block is 1 byte or more, and no more than the pool's `bytes`");
    out->request.block_bytes = value.value;
    return true;
}

static bool compile_mask(const struct compiling *self, struct dma_step *out)
{
    struct expression value;
    if (!self->step->value)
        return fail(self, NULL, "needs a value, the last address that the device reaches");
    if (!expression_resolve(self->plan, self->step->value, NULL, &value))
        return fail(self, "value", value.error);
    out->mask = value.value;
    return true;
}

bool dma_step_compile(const struct plan *plan, const struct component *cpu,
                      const struct work_step *step, struct dma_step *out, const char **key,
                      char error[200])
{
    const struct compiling compiling = {plan, cpu, step, key, error};
    const struct compiling *self = &compiling;
    *out = (struct dma_step){.mask = 0};
    if (!((const struct cpu_config *)cpu->config)->mappings.given)
        return fail(self, "op", "is of the DMA API: write `mappings: {}` into its CPU");
    if (!find_device(self, &out->request.device))
        return false;
    if (!dma_is_step(step))
        return true;
    if (step->op == WORK_DMA_MASK)
        return compile_mask(self, out);
    out->request.call = steps[step->op].call;
    out->request.kind = steps[step->op].kind;
    const bool sync = step->op == WORK_SYNC_FOR_CPU || step->op == WORK_SYNC_FOR_DEVICE;
    if (sync && step->segments.count)
        out->request.kind = MAPPING_SG;
    if (step->segments.count && out->request.kind != MAPPING_SG)
        return fail(self, "segments", "are of map_sg, unmap_sg and syncs");
    if (!step->segments.count && out->request.kind == MAPPING_SG)
        return fail(self, NULL, "needs `segments`");
    const bool directed = out->request.kind != MAPPING_COHERENT && step->op != WORK_MAPPING_ERROR;
    if (directed && step->direction == WORK_NO_DIRECTION)
        return fail(self, NULL, "needs a `direction`: to_device, from_device or bidirectional");
    if (!directed && step->direction != WORK_NO_DIRECTION)
        return fail(self, "direction", "a coherent allocation, and mapping_error, have none");
    out->request.direction =
        directed ? (uint8_t)(step->direction - WORK_TO_DEVICE) : MAPPING_BIDIRECTIONAL;
    return find_buffer(self, out) && compile_pool(self, out);
}
