/* SPDX-License-Identifier: BSD-2-Clause */
#include "memory/store.h"

#include <string.h>

static void fill_memory(const struct content *self, struct random random, uint8_t *memory)
{
    switch ((enum sram_pattern)self->fill.pattern) {
    case SRAM_ZERO: /* as the arena gives it: pages nobody touches cost nothing */
        break;
    case SRAM_BYTE:
        memset(memory, self->fill.value, self->size_bytes);
        break;
    case SRAM_ADDRESS:
        for (uint64_t i = 0; i < self->size_bytes; i += 4) {
            uint32_t word = (uint32_t)(self->base + i);
            memcpy(memory + i, &word, sizeof word);
        }
        break;
    case SRAM_RANDOM:
        for (uint64_t i = 0; i < self->size_bytes; i += 4) {
            uint32_t word = random_next(&random);
            memcpy(memory + i, &word, sizeof word);
        }
        break;
    case SRAM_COUNT:
        for (uint64_t i = 0; i < self->size_bytes; i++)
            memory[i] = (uint8_t)(self->fill.value + i);
        break;
    }
}

void content_lay(const struct content *self, const struct build *build, uint8_t *memory)
{
    fill_memory(self, build_random(build, self->fill.seed), memory);
    const struct sram_load *loads = self->loads.items;
    for (uint32_t i = 0; i < self->loads.count; i++)
        if (loads[i].file.length > 0)
            memcpy(memory + loads[i].offset, loads[i].file.bytes, loads[i].file.length);
    const struct sram_inline *lists = self->bytes.items;
    for (uint32_t i = 0; i < self->bytes.count; i++) {
        const uint64_t *values = lists[i].values.items;
        for (uint32_t j = 0; j < lists[i].values.count; j++)
            memory[lists[i].offset + j] = (uint8_t)values[j];
    }
}

void content_check(const struct content *self, const struct component *component,
                   struct check *check)
{
    const struct sram_inline *lists = self->bytes.items;
    for (uint32_t i = 0; i < self->bytes.count; i++) {
        const uint64_t *values = lists[i].values.items;
        if (!content_inside(self, lists[i].offset, lists[i].values.count))
            check->fail(check, component, "bytes", "item %u ends beyond the memory", i);
        for (uint32_t j = 0; j < lists[i].values.count; j++)
            if (values[j] > UINT8_MAX) {
                check->fail(check, component, "bytes", "item %u, value %u is not a byte (0 .. 255)",
                            i, j);
                break;
            }
    }
    const struct sram_load *loads = self->loads.items;
    for (uint32_t i = 0; i < self->loads.count; i++)
        if (!content_inside(self, loads[i].offset, loads[i].file.length))
            check->fail(check, component, "load",
                        "item %u: the file's %zu bytes end beyond the memory", i,
                        loads[i].file.length);
    const struct sram_dump *dumps = self->dumps.items;
    for (uint32_t i = 0; i < self->dumps.count; i++)
        if (!content_inside(self, dumps[i].offset, dumps[i].bytes))
            check->fail(check, component, "dump", "item %u ends beyond the memory", i);
}

bool content_output(const struct content *self, const uint8_t *memory, uint32_t index,
                    struct component_output *output)
{
    const struct sram_dump *dumps = self->dumps.items;
    if (index >= self->dumps.count || !memory)
        return false;
    const struct sram_dump *dump = &dumps[index];
    *output = (struct component_output){
        .file = dump->file,
        .bytes = memory + dump->offset,
        .length = dump->bytes ? dump->bytes : self->size_bytes - dump->offset,
    };
    return true;
}

/* ---- parameters ---------------------------------------------------------------------------- */

static const char *const sram_patterns[] = {
    [SRAM_ZERO] = "zero",     [SRAM_BYTE] = "byte",   [SRAM_ADDRESS] = "address",
    [SRAM_RANDOM] = "random", [SRAM_COUNT] = "count", NULL,
};

const struct parameter sram_fill_parameters[] = {
    {.name = "pattern",
     .kind = PARAMETER_ENUM,
     PARAMETER_AT(sram_fill, pattern),
     .names = sram_patterns,
     .doc =
         "What the memory holds at the start: zero, byte (every byte is `value`), address (every "
         "32-bit word is its own address), random, count (byte i is `value` + i)."},
    {.name = "value",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(sram_fill, value),
     .max = UINT8_MAX,
     .doc = "The byte of the patterns byte and count."},
    {.name = "seed",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(sram_fill, seed),
     .initial = 1,
     .max = UINT64_MAX,
     .doc = "Seed of the pattern random."},
    {.name = NULL},
};

const struct parameter sram_inline_parameters[] = {
    {.name = "offset",
     .kind = PARAMETER_BYTES,
     PARAMETER_AT(sram_inline, offset),
     .max = CONTENT_BYTES_MAX,
     .doc = "Where the bytes go, from the memory's base."},
    {.name = "values",
     .kind = PARAMETER_UINTS,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(sram_inline, values),
     .max = UINT8_MAX,
     .doc = "The bytes, one number each."},
    {.name = NULL},
};

const struct parameter sram_load_parameters[] = {
    {.name = "file",
     .kind = PARAMETER_FILE,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(sram_load, file),
     .doc = "File whose bytes are in the memory at the start."},
    {.name = "offset",
     .kind = PARAMETER_BYTES,
     PARAMETER_AT(sram_load, offset),
     .max = CONTENT_BYTES_MAX,
     .doc = "Where its first byte goes, from the memory's base."},
    {.name = NULL},
};

const struct parameter sram_dump_parameters[] = {
    {.name = "file",
     .kind = PARAMETER_OUTPUT,
     .flags = PARAMETER_REQUIRED,
     PARAMETER_AT(sram_dump, file),
     .doc = "File in the output directory, written when the run is over."},
    {.name = "offset",
     .kind = PARAMETER_BYTES,
     PARAMETER_AT(sram_dump, offset),
     .max = CONTENT_BYTES_MAX,
     .doc = "First byte to write, from the memory's base."},
    {.name = "bytes",
     .kind = PARAMETER_BYTES,
     PARAMETER_AT(sram_dump, bytes),
     .max = CONTENT_BYTES_MAX,
     .doc = "How many; 0 means up to the end of the memory."},
    {.name = NULL},
};

int content_access(uint8_t *memory, uint64_t memory_bytes, uint64_t offset, unsigned size_bytes,
                   bool write, uint64_t *value)
{
    if (size_bytes > sizeof *value || offset > memory_bytes || size_bytes > memory_bytes - offset)
        return DMASIM_UNMAPPED;
    if (write) {
        memcpy(memory + offset, value, size_bytes);
    } else {
        *value = 0;
        memcpy(value, memory + offset, size_bytes);
    }
    return DMASIM_OK;
}
