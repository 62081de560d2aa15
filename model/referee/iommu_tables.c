/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/base.h"
#include "referee/iommu_tables.h"

#define PAGE 4096
#define FIRST_PAGE UINT64_C(0x80100000)
#define VALID 1
#define WORDS_MAX ((size_t)1 << 24)
#define IDENTITY_FLAGS 0xdf /* V R W X U A D: a table page in the second stage */

/* ---- words ------------------------------------------------------------------------------------- */

static struct iommu_word *find(const struct iommu_words *self, uint64_t address)
{
    if (!self->room)
        return NULL;
    uint64_t hash = (address >> 3) * UINT64_C(0x9e3779b97f4a7c15);
    for (size_t i = hash >> 20 & (self->room - 1);; i = (i + 1) & (self->room - 1))
        if (!self->words[i].used || self->words[i].address == address)
            return &self->words[i];
}

static bool grow(struct iommu_words *self)
{
    if (self->room >= WORDS_MAX)
        return false;
    struct iommu_words more = {.room = self->room ? self->room * 2 : 1024};
    more.words = calloc(more.room, sizeof *more.words);
    if (!more.words)
        return false;
    for (size_t i = 0; i < self->room; i++)
        if (self->words[i].used)
            *find(&more, self->words[i].address) = self->words[i];
    more.count = self->count;
    free(self->words);
    *self = more;
    return true;
}

uint64_t iommu_words_get(const struct iommu_words *self, uint64_t address)
{
    const struct iommu_word *word = find(self, address & ~UINT64_C(7));
    return word && word->used ? word->value : 0;
}

uint64_t iommu_words_scripted(const struct iommu_words *self, uint64_t address)
{
    const struct iommu_word *word = find(self, address & ~UINT64_C(7));
    return word && word->used ? word->scripted : 0;
}

bool iommu_words_put(struct iommu_words *self, uint64_t address, uint64_t value, bool scripted)
{
    if (2 * self->count >= self->room && !grow(self))
        return false;
    address &= ~UINT64_C(7);
    struct iommu_word *word = find(self, address);
    self->count += !word->used;
    word->used = true;
    word->address = address;
    word->value = value;
    if (scripted)
        word->scripted = value;
    return true;
}

/* ---- page tables ------------------------------------------------------------------------------- */

static uint32_t levels_of(const struct iommu_space *space)
{
    return strchr("SG", space->kind) ? 3 : strchr("TH", space->kind) ? 4 : 5;
}

static bool is_second(const struct iommu_space *space)
{
    return space->kind >= 'G' && space->kind <= 'I';
}

/* Index of the table at `level`, 0 the last. */
static uint64_t index_at(const struct iommu_space *space, uint64_t address, uint32_t level)
{
    uint32_t width = is_second(space) && level == levels_of(space) - 1 ? 11 : 9;
    return address >> (12 + 9 * level) & ((1u << width) - 1);
}

static bool map(struct iommu_tables *self, struct iommu_space *space, uint64_t va, uint64_t pa,
                uint32_t leaf, uint64_t flags);

/* Takes pages; `second` maps them to themselves at once. */
static bool take(struct iommu_tables *self, struct iommu_space *second, uint32_t pages,
                 uint64_t *page)
{
    uint64_t bytes = (uint64_t)pages * PAGE;
    *page = (self->next + bytes - 1) / bytes * bytes;
    self->next = *page + bytes;
    return !second || map(self, second, *page, *page, 0, IDENTITY_FLAGS);
}

/* The table that an entry points to, made if there is none. */
static bool follow(struct iommu_tables *self, struct iommu_space *second, uint64_t entry,
                   uint64_t *table)
{
    uint64_t word = iommu_words_get(&self->memory, entry);
    if (word) {
        *table = (word >> 10 & UINT64_C(0xfffffffffff)) << 12;
        return true;
    }
    if (!take(self, second, 1, table))
        return false;
    return iommu_words_put(&self->memory, entry, *table >> 12 << 10 | VALID, true);
}

static bool map(struct iommu_tables *self, struct iommu_space *space, uint64_t va, uint64_t pa,
                uint32_t leaf, uint64_t flags)
{
    uint64_t table = space->root;
    uint32_t level = levels_of(space) - 1;
    for (; level > leaf; level--)
        if (!follow(self, space->second, table + 8 * index_at(space, va, level), &table))
            return false;
    return iommu_words_put(&self->memory, table + 8 * index_at(space, va, level),
                           pa >> 12 << 10 | flags, true);
}

/* The space of a name, made if it is new; null if it cannot be. */
static struct iommu_space *space_of(struct iommu_tables *self, const char *name)
{
    for (size_t i = 0; i < self->space_count; i++)
        if (strcmp(self->spaces[i].name, name) == 0)
            return &self->spaces[i];
    if (self->space_count == COUNT(self->spaces) || strlen(name) >= sizeof self->spaces->name ||
        !strchr("STUGHI", name[0]))
        return NULL;
    const char *at = strchr(name, '@');
    struct iommu_space *second = at ? space_of(self, at + 1) : NULL;
    if (at && !second)
        return NULL;
    struct iommu_space *space = &self->spaces[self->space_count++];
    *space = (struct iommu_space){.kind = name[0], .second = second};
    strcpy(space->name, name);
    return take(self, second, is_second(space) ? 4 : 1, &space->root) ? space : NULL;
}

/* ---- directories -------------------------------------------------------------------------------- */

/* Bits of a number that index the table at `level`, 0 the contexts. `starts`: where each begins. */
static uint64_t index_of(const uint8_t *starts, uint32_t number, uint32_t level)
{
    return number >> starts[level] & ((1u << (starts[level + 1] - starts[level])) - 1);
}

static const uint8_t *device_starts(const struct iommu_tables *self)
{
    static const uint8_t starts[2][4] = {{0, 7, 16, 24}, {0, 6, 15, 24}};
    return starts[self->context_bytes == 64];
}

static const uint8_t process_starts[] = {0, 8, 17, 20};

/* A directory of either kind. */
struct directory {
    const uint8_t *starts;
    uint64_t root;
    uint32_t levels, bytes; /* of a context */
    struct iommu_space *second;
};

static struct directory device_directory(const struct iommu_tables *self)
{
    return (struct directory){.starts = device_starts(self),
                              .root = self->directory,
                              .levels = self->mode - 1,
                              .bytes = self->context_bytes};
}

static struct directory process_directory(const struct iommu_tables_device *device)
{
    return (struct directory){.starts = process_starts,
                              .root = device->processes,
                              .levels = device->process_levels,
                              .bytes = 16,
                              .second = device->second};
}

/* Address of the entry of a number at `level`; missing tables above it are made. */
static bool make_entry(struct iommu_tables *self, const struct directory *directory,
                       uint32_t number, uint32_t level, uint64_t *entry)
{
    uint64_t table = directory->root;
    for (uint32_t at = directory->levels - 1;; at--) {
        *entry = table + index_of(directory->starts, number, at) * (at ? 8 : directory->bytes);
        if (at <= level)
            return true;
        if (!follow(self, directory->second, *entry, &table))
            return false;
    }
}

/* The same of tables that are there. */
static uint64_t built_entry(const struct iommu_tables *self, const struct directory *directory,
                            uint32_t number, uint32_t level)
{
    uint64_t table = directory->root;
    for (uint32_t at = directory->levels - 1;; at--) {
        uint64_t entry =
            table + index_of(directory->starts, number, at) * (at ? 8 : directory->bytes);
        if (at <= level)
            return entry;
        table = (iommu_words_get(&self->memory, entry) >> 10 & UINT64_C(0xfffffffffff)) << 12;
    }
}

static const struct iommu_tables_device *device_of(const struct iommu_tables *self, uint32_t id)
{
    for (size_t i = 0; i < self->device_count; i++)
        if (self->devices[i].id == id)
            return &self->devices[i];
    return NULL;
}

/* Mode field of fsc and iohgatp. */
static uint64_t mode_of(const struct iommu_space *space)
{
    return (uint64_t)(levels_of(space) + 5) << 60;
}

/* The first stage of a device or process; null: "-". */
static bool first_stage(struct iommu_tables *self, const struct iommu_space *second,
                        const char *text, struct iommu_space **space)
{
    char name[48];
    *space = NULL;
    if (text[0] == '-')
        return true;
    snprintf(name, sizeof name, "%s%s%s", text, second ? "@" : "", second ? second->name : "");
    *space = space_of(self, name);
    return *space != NULL;
}

static uint64_t first_word(const struct iommu_space *space)
{
    return space ? mode_of(space) | space->root >> 12 : 0;
}

/* fsc: of a first stage, or of a process directory, whose root is taken. */
static bool make_fsc(struct iommu_tables *self, struct iommu_tables_device *device,
                     const char *text, uint64_t *fsc)
{
    static const char *const modes[] = {NULL, "P8", "P17", "P20"};
    for (uint32_t i = 1; i < COUNT(modes); i++) {
        if (strcmp(text, modes[i]) != 0)
            continue;
        device->process_levels = i;
        *fsc = (uint64_t)i << 60;
        if (!take(self, device->second, 1, &device->processes))
            return false;
        *fsc |= device->processes >> 12;
        return true;
    }
    struct iommu_space *space;
    if (!first_stage(self, device->second, text, &space))
        return false;
    *fsc = first_word(space);
    return true;
}

static bool add_device(struct iommu_tables *self, const char *text)
{
    char first[16], second[16];
    uint64_t pscid, gscid, tc = 1, entry, fsc, mask, pattern;
    if (self->device_count == COUNT(self->devices))
        return false;
    struct iommu_tables_device *device = &self->devices[self->device_count++];
    *device = (struct iommu_tables_device){.id = 0};
    int fields = sscanf(text,
                        "%" SCNx32 ",%15[^,],%15[^,],%" SCNx64 ",%" SCNx64 ",%" SCNx64 ",%" SCNx64
                        ":%" SCNx64,
                        &device->id, first, second, &pscid, &gscid, &tc, &mask, &pattern);
    struct directory directory = device_directory(self);
    if (fields < 5 || !make_entry(self, &directory, device->id, 0, &entry))
        return false;
    if (second[0] != '-' && !(device->second = space_of(self, second)))
        return false;
    if (!make_fsc(self, device, first, &fsc))
        return false;
    if (fields >= 8 && !take(self, NULL, 1, &device->msi))
        return false;
    const struct iommu_space *stage2 = device->second;
    const uint64_t words[] = {
        tc | (device->processes ? 0x20 : 0),
        stage2 ? mode_of(stage2) | gscid << 44 | stage2->root >> 12 : 0,
        pscid << 12,
        fsc,
        device->msi ? UINT64_C(1) << 60 | device->msi >> 12 : 0,
        device->msi ? mask : 0,
        device->msi ? pattern : 0,
    };
    for (size_t i = 0; i < (self->context_bytes == 64 ? COUNT(words) : 4); i++)
        if (!iommu_words_put(&self->memory, entry + 8 * i, words[i], true))
            return false;
    return true;
}

static bool add_process(struct iommu_tables *self, const char *text)
{
    char name[16];
    uint32_t id, pid;
    uint64_t pscid, ta, entry;
    struct iommu_space *space;
    if (sscanf(text, "%" SCNx32 ",%" SCNx32 ",%15[^,],%" SCNx64 ",%" SCNx64, &id, &pid, name,
               &pscid, &ta) != 5)
        return false;
    const struct iommu_tables_device *device = device_of(self, id);
    if (!device || !device->processes)
        return false;
    struct directory directory = process_directory(device);
    return make_entry(self, &directory, pid, 0, &entry) &&
           first_stage(self, device->second, name, &space) &&
           iommu_words_put(&self->memory, entry, ta | pscid << 12, true) &&
           iommu_words_put(&self->memory, entry + 8, first_word(space), true);
}

static bool add_msi(struct iommu_tables *self, const char *text)
{
    uint32_t id;
    uint64_t index, word0, word1;
    if (sscanf(text, "%" SCNx32 ",%" SCNx64 ",%" SCNx64 ",%" SCNx64, &id, &index, &word0, &word1) !=
        4)
        return false;
    const struct iommu_tables_device *device = device_of(self, id);
    return device && device->msi &&
           iommu_words_put(&self->memory, device->msi + 16 * index, word0, true) &&
           iommu_words_put(&self->memory, device->msi + 16 * index + 8, word1, true);
}

static bool add_map(struct iommu_tables *self, const char *text)
{
    static const char *const sizes[] = {"4K", "2M", "1G", "512G", "256T"};
    char name[24], size[8];
    uint64_t va, pa, flags, step = 0;
    uint32_t count = 1, leaf = 0;
    int fields =
        sscanf(text, "%23[^,],%" SCNx64 ",%" SCNx64 ",%7[^,],%" SCNx64 ",%" SCNu32 ",%" SCNx64,
               name, &va, &pa, size, &flags, &count, &step);
    struct iommu_space *space = fields >= 5 ? space_of(self, name) : NULL;
    while (leaf < 5 && strcmp(size, sizes[leaf]) != 0)
        leaf++;
    if (!space || leaf >= levels_of(space))
        return false;
    uint64_t bytes = UINT64_C(1) << (12 + 9 * leaf);
    for (uint32_t i = 0; i < count; i++, va += bytes, pa += fields >= 7 ? step : bytes)
        if (!map(self, space, va, pa, leaf, flags))
            return false;
    return true;
}

static bool each(struct iommu_tables *self, const char *text,
                 bool (*add)(struct iommu_tables *, const char *))
{
    while (*text) {
        char item[256];
        size_t length = strcspn(text, "|");
        if (length >= sizeof item)
            return false;
        memcpy(item, text, length);
        item[length] = '\0';
        if (!add(self, item))
            return false;
        text += length + (text[length] == '|');
    }
    return true;
}

bool iommu_tables_build(struct iommu_tables *self, const struct iommu_tables_texts *texts)
{
    *self = (struct iommu_tables){
        .next = FIRST_PAGE, .mode = texts->mode, .context_bytes = texts->extended ? 64 : 32};
    if (self->mode > 4 || (self->mode >= 2 && !take(self, NULL, 1, &self->directory)))
        return false;
    if (self->mode >= 2 &&
        (!each(self, texts->devices, add_device) || !each(self, texts->processes, add_process) ||
         !each(self, texts->msis, add_msi)))
        return false;
    return each(self, texts->maps, add_map);
}

void iommu_tables_free(struct iommu_tables *self)
{
    free(self->memory.words);
}

/* ---- targets ----------------------------------------------------------------------------------- */

static bool page_entry(const struct iommu_tables *self, const char *name, uint64_t va,
                       uint32_t level, uint64_t *address)
{
    for (size_t i = 0; i < self->space_count; i++) {
        const struct iommu_space *space = &self->spaces[i];
        if (strcmp(space->name, name) != 0)
            continue;
        uint64_t table = space->root;
        for (uint32_t at = levels_of(space) - 1; at > level; at--)
            table = (iommu_words_get(&self->memory, table + 8 * index_at(space, va, at)) >> 10 &
                     UINT64_C(0xfffffffffff))
                    << 12;
        *address = table + 8 * index_at(space, va, level);
        return true;
    }
    return false;
}

/* Where a target is. */
static bool find_target(const struct iommu_tables *self, const char *text, uint64_t *address)
{
    char name[24];
    uint32_t id, pid, number;
    uint64_t va;
    struct directory devices = device_directory(self);
    if (sscanf(text, "DC%" SCNx32 ".%" SCNu32, &id, &number) == 2) {
        if (self->mode >= 2)
            *address = built_entry(self, &devices, id, 0) + UINT64_C(8) * number;
        return self->mode >= 2;
    }
    if (sscanf(text, "DD%" SCNu32 ".%" SCNx32, &number, &id) == 2) {
        if (self->mode >= 2)
            *address = built_entry(self, &devices, id, number);
        return self->mode >= 2;
    }
    bool context = sscanf(text, "PC%" SCNx32 ".%" SCNx32 ".%" SCNu32, &id, &pid, &number) == 3;
    if (context || sscanf(text, "PD%" SCNu32 ".%" SCNx32 ".%" SCNx32, &number, &id, &pid) == 3) {
        const struct iommu_tables_device *device = device_of(self, id);
        if (!device || !device->processes)
            return false;
        struct directory processes = process_directory(device);
        *address =
            built_entry(self, &processes, pid, context ? 0 : number) + (context ? 8 * number : 0);
        return true;
    }
    if (sscanf(text, "PT:%23[^:]:%" SCNx64 ":%" SCNu32, name, &va, &number) == 3)
        return page_entry(self, name, va, number, address);
    return sscanf(text, "A%" SCNx64, address) == 1;
}

bool iommu_tables_poke(struct iommu_tables *self, const char *text)
{
    const char *equals = strchr(text, '=');
    uint64_t address;
    if (!equals || !find_target(self, text, &address))
        return false;
    char operation = equals[1];
    bool has = operation && strchr("|&^", operation);
    uint64_t value = strtoull(equals + 1 + has, NULL, 16);
    uint64_t known = iommu_words_scripted(&self->memory, address);
    if (has)
        value = operation == '|' ? known | value : operation == '&' ? known & value : known ^ value;
    return iommu_words_put(&self->memory, address, value, true);
}
