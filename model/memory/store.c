/* SPDX-License-Identifier: BSD-2-Clause */
#include "memory/store.h"

#include <string.h>

int store_create(struct store *self, struct component *component, uint64_t size_bytes,
                 const struct build *build)
{
    *self = (struct store){.bytes = arena_alloc(build->kernel->arena, size_bytes),
                           .size_bytes = size_bytes,
                           .owner = STORE_ARENA};
    component->store = self;
    return self->bytes ? DMASIM_OK : DMASIM_MEMORY;
}

static void fill_memory(const struct store_content *content, struct random random, uint8_t *memory)
{
    switch ((enum store_pattern)content->fill.pattern) {
    case STORE_ZERO: /* as the arena gives it: pages nobody touches cost nothing */
        break;
    case STORE_BYTE:
        memset(memory, content->fill.value, content->size_bytes);
        break;
    case STORE_ADDRESS:
        for (uint64_t i = 0; i < content->size_bytes; i += 4) {
            uint32_t word = (uint32_t)(content->base + i);
            memcpy(memory + i, &word, sizeof word);
        }
        break;
    case STORE_RANDOM:
        for (uint64_t i = 0; i < content->size_bytes; i += 4) {
            uint32_t word = random_next(&random);
            memcpy(memory + i, &word, sizeof word);
        }
        break;
    case STORE_COUNT:
        for (uint64_t i = 0; i < content->size_bytes; i++)
            memory[i] = (uint8_t)(content->fill.value + i);
        break;
    }
}

void store_lay(struct store *self, const struct store_content *content, const struct build *build)
{
    if (build->unfilled)
        return;
    fill_memory(content, build_random(build, content->fill.seed), self->bytes);
    const struct store_load *loads = content->loads.items;
    for (uint32_t i = 0; i < content->loads.count; i++)
        if (loads[i].file.length > 0)
            memcpy(self->bytes + loads[i].offset, loads[i].file.bytes, loads[i].file.length);
    const struct store_inline *lists = content->bytes.items;
    for (uint32_t i = 0; i < content->bytes.count; i++) {
        const uint64_t *values = lists[i].values.items;
        for (uint32_t j = 0; j < lists[i].values.count; j++)
            self->bytes[lists[i].offset + j] = (uint8_t)values[j];
    }
    self->laid |=
        content->fill.pattern != STORE_ZERO || content->loads.count || content->bytes.count;
}

int store_back(struct store *self, struct arena *arena, void *bytes, uint64_t length)
{
    if (!bytes || length != self->size_bytes || self->laid)
        return DMASIM_INVALID;
    if (self->owner == STORE_ARENA)
        arena_release(arena, self->bytes);
    self->bytes = bytes;
    self->owner = STORE_CALLER;
    return DMASIM_OK;
}

void store_check(const struct store_content *self, const struct component *component,
                 struct check *check)
{
    const struct store_inline *lists = self->bytes.items;
    for (uint32_t i = 0; i < self->bytes.count; i++) {
        const uint64_t *values = lists[i].values.items;
        if (!store_inside(self, lists[i].offset, lists[i].values.count))
            check->fail(check, component, "bytes", "item %u ends beyond the memory", i);
        for (uint32_t j = 0; j < lists[i].values.count; j++)
            if (values[j] > UINT8_MAX) {
                check->fail(check, component, "bytes", "item %u, value %u is not a byte (0 .. 255)",
                            i, j);
                break;
            }
    }
    const struct store_load *loads = self->loads.items;
    for (uint32_t i = 0; i < self->loads.count; i++)
        if (!store_inside(self, loads[i].offset, loads[i].file.length))
            check->fail(check, component, "load",
                        "item %u: the file's %zu bytes end beyond the memory", i,
                        loads[i].file.length);
    const struct store_dump *dumps = self->dumps.items;
    for (uint32_t i = 0; i < self->dumps.count; i++)
        if (!store_inside(self, dumps[i].offset, dumps[i].bytes))
            check->fail(check, component, "dump", "item %u ends beyond the memory", i);
}

int store_access(struct component *component, uint64_t offset, unsigned size_bytes, bool write,
                 uint64_t *value)
{
    const struct store *self = component->store;
    if (size_bytes > sizeof *value || offset > self->size_bytes ||
        size_bytes > self->size_bytes - offset)
        return DMASIM_UNMAPPED;
    if (write) {
        memcpy(self->bytes + offset, value, size_bytes);
    } else {
        *value = 0;
        memcpy(value, self->bytes + offset, size_bytes);
    }
    return DMASIM_OK;
}

bool store_output(const struct component *component, const struct parameter_list *dumps,
                  uint32_t index, struct component_output *output)
{
    const struct store *self = component->store;
    if (!self || index >= dumps->count)
        return false;
    const struct store_dump *dump = (const struct store_dump *)dumps->items + index;
    *output = (struct component_output){
        .file = dump->file,
        .bytes = self->bytes + dump->offset,
        .length = dump->bytes ? dump->bytes : self->size_bytes - dump->offset,
    };
    return true;
}

/* ---- parameters ---------------------------------------------------------------------------- */

static const char *const store_patterns[] = {
    [STORE_ZERO] = "zero",     [STORE_BYTE] = "byte",   [STORE_ADDRESS] = "address",
    [STORE_RANDOM] = "random", [STORE_COUNT] = "count", NULL,
};

const struct parameter store_fill_parameters[] = {
    {.name = "pattern",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(store_fill, pattern),
     .names = store_patterns,
     .doc =
         "What the memory holds at the start: zero, byte (every byte is `value`), address (every "
         "32-bit word is its own address), random, count (byte i is `value` + i)."},
    {.name = "value",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(store_fill, value),
     .max = UINT8_MAX,
     .doc = "The byte of the patterns byte and count."},
    {.name = "seed",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(store_fill, seed),
     .initial = 1,
     .max = UINT64_MAX,
     .doc = "Seed of the pattern random."},
    {.name = NULL},
};

const struct parameter store_inline_parameters[] = {
    {.name = "offset",
     .kind = PARAMETER_BYTES,
     PARAMETER_AT(store_inline, offset),
     .max = STORE_BYTES_MAX,
     .doc = "Where the bytes go, from the memory's base."},
    {.name = "values",
     .kind = PARAMETER_UINTS,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(store_inline, values),
     .max = UINT8_MAX,
     .doc = "The bytes, one number each."},
    {.name = NULL},
};

const struct parameter store_load_parameters[] = {
    {.name = "file",
     .kind = PARAMETER_FILE,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(store_load, file),
     .doc = "File whose bytes are in the memory at the start."},
    {.name = "offset",
     .kind = PARAMETER_BYTES,
     PARAMETER_AT(store_load, offset),
     .max = STORE_BYTES_MAX,
     .doc = "Where its first byte goes, from the memory's base."},
    {.name = NULL},
};

const struct parameter store_dump_parameters[] = {
    {.name = "file",
     .kind = PARAMETER_OUTPUT,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(store_dump, file),
     .doc = "File in the output directory, written when the run is over."},
    {.name = "offset",
     .kind = PARAMETER_BYTES,
     PARAMETER_AT(store_dump, offset),
     .max = STORE_BYTES_MAX,
     .doc = "First byte to write, from the memory's base."},
    {.name = "bytes",
     .kind = PARAMETER_BYTES,
     PARAMETER_AT(store_dump, bytes),
     .max = STORE_BYTES_MAX,
     .doc = "How many; 0 means up to the end of the memory."},
    {.name = NULL},
};
