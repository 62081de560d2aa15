/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Caches against a second model, which shares nothing with them: plain memory, and for each CPU a list of lines that it
 * has, oldest use first. CPUs with caches and one without, a device, do one thing at a time; each byte that anybody reads
 * is the one that the model has, and those that are not what was written last are exactly the ones called stale.
 */
#include "cache_fixture.h"

#define LINES_MAX 64
#define BYTES 1024u /* that they work on */

struct line {
    uint32_t address;
    bool dirty;
    uint8_t data[CACHE_LINE_MAX];
};

struct model {
    const struct cache_config *config;
    struct line lines[LINES_MAX]; /* in the order of use, or of the fill */
    uint32_t count;
};

static uint8_t memory[BYTES], newest[BYTES];
static struct model models[CPUS_MAX];
static bool coherent;    /* the device is */
static bool told[BYTES]; /* stale bytes of the operation under way */
static uint8_t told_got[BYTES], told_should[BYTES];

static struct line *has(struct model *self, uint32_t address)
{
    const uint32_t bytes = self->config->line_bytes;
    for (uint32_t i = 0; i < self->count; i++)
        if (self->lines[i].address == address / bytes * bytes)
            return &self->lines[i];
    return NULL;
}

static void drop(struct model *self, struct line *line, bool write_back)
{
    if (line->dirty && write_back)
        memcpy(memory + line->address, line->data, self->config->line_bytes);
    memmove(line, line + 1, (size_t)(self->lines + self->count - line - 1) * sizeof *line);
    self->count--;
}

static struct line *used(struct model *self, struct line *line)
{
    if (self->config->replacement == CACHE_FIFO)
        return line;
    const struct line copy = *line;
    drop(self, line, false);
    self->lines[self->count++] = copy;
    return &self->lines[self->count - 1];
}

static struct line *fetch(struct model *self, uint32_t address)
{
    const uint32_t bytes = self->config->line_bytes;
    const uint32_t sets = (uint32_t)self->config->size_bytes / bytes / self->config->ways;
    struct line *oldest = NULL;
    uint32_t there = 0;
    for (uint32_t i = 0; i < self->count; i++)
        if (self->lines[i].address / bytes % sets == address / bytes % sets) {
            oldest = oldest ? oldest : &self->lines[i];
            there++;
        }
    struct line line = {.address = address / bytes * bytes};
    memcpy(line.data, memory + line.address, bytes); /* a victim is of another line */
    if (there == self->config->ways)
        drop(self, oldest, true);
    self->lines[self->count++] = line;
    return &self->lines[self->count - 1];
}

static void model_write(struct model *self, uint32_t address, const uint8_t *data, uint32_t bytes)
{
    const struct cache_config *config = self->config;
    memcpy(newest + address, data, bytes);
    struct line *line = config->given ? has(self, address) : NULL;
    const bool reads = config->given && config->write_allocate && !line;
    if (reads)
        line = fetch(self, address);
    if (line) {
        line = used(self, line);
        memcpy(line->data + (address - line->address), data, bytes);
        line->dirty |= config->policy == CACHE_WRITE_BACK;
    }
    if (!line || config->policy == CACHE_WRITE_THROUGH)
        memcpy(memory + address, data, bytes);
}

static void model_read(struct model *self, uint32_t address, uint8_t *data, uint32_t bytes)
{
    memcpy(data, memory + address, bytes);
    if (!self->config->given)
        return;
    struct line *line = has(self, address);
    line = used(self, line ? line : fetch(self, address));
    memcpy(data, line->data + (address - line->address), bytes);
}

static void model_maintain(struct model *self, uint32_t what, uint32_t address)
{
    struct line *line = self->config->given ? has(self, address) : NULL;
    if (!line)
        return;
    if (what != HOST_INVALIDATE && line->dirty) {
        memcpy(memory + line->address, line->data, self->config->line_bytes);
        line->dirty = false;
    }
    if (what != HOST_CLEAN)
        drop(self, line, false);
}

static void hear(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                 const void *record)
{
    const struct stale_record *stale = record;
    (void)observer;
    (void)probe;
    (void)now;
    for (uint32_t i = 0; i < stale->bytes; i++) {
        const uint32_t at = (uint32_t)(stale->address - RAM) + i;
        told[at] = true;
        told_got[at] = stale->got[i];
        told_should[at] = stale->should[i];
    }
}

static void any_cache(struct random *random, struct cache_config *cache)
{
    cache->line_bytes = 16u << random_below(random, 3);
    cache->replacement = (uint8_t)random_below(random, 3);
    cache->ways = 1u << random_below(random, cache->replacement == CACHE_PLRU ? 2 : 4);
    cache->size_bytes = (uint64_t)cache->line_bytes * cache->ways << random_below(random, 3);
    cache->policy = (uint8_t)random_below(random, 2);
    cache->write_allocate = random_below(random, 2);
    cache->buffer_entries = random_below(random, 4);
}

/* A coherent device finds nothing dirty, and leaves nothing old. */
static void model_snoop(uint32_t address, bool write)
{
    for (uint32_t i = 0; i < CPUS_MAX; i++) {
        struct line *line =
            models[i].config && models[i].config->given ? has(&models[i], address) : NULL;
        if (!line)
            continue;
        if (line->dirty)
            memcpy(memory + line->address, line->data, models[i].config->line_bytes);
        line->dirty = false;
        if (write)
            drop(&models[i], line, false);
    }
}

static void one(struct random *random, uint32_t cpu)
{
    static const uint8_t sizes[] = {0, 1, 2, 2};
    struct model *model = &models[cpu];
    const uint8_t hsize = sizes[random_below(random, 4)];
    const uint32_t bytes = 1u << hsize, at = random_below(random, BYTES / bytes) * bytes;
    const uint32_t value = random_next(random), kind = random_below(random, 10);
    struct cpu_op op = {.hsize = hsize, .address = RAM + at};
    memset(told, 0, sizeof told);
    if (coherent && !model->config->given)
        model_snoop(at, kind < 4);
    if (kind < 4) {
        op.kind = CPU_WRITE;
        op.value = value;
        do_op(cpu, &op);
        model_write(model, at, (const uint8_t *)&value, bytes);
        ck_assert(!memchr(told, true, BYTES));
    } else if (kind < 9 || !model->config->given) {
        uint8_t wanted[4], got[4];
        op.kind = CPU_READ;
        const uint32_t read = do_op(cpu, &op);
        memcpy(got, &read, 4);
        model_read(model, at, wanted, bytes);
        ck_assert_mem_eq(got, wanted, bytes);
        bool right = true;
        for (uint32_t i = 0; i < BYTES; i++) {
            const bool stale = i >= at && i - at < bytes && got[i - at] != newest[i];
            right &= told[i] == stale;
            right &= !stale || (told_got[i] == got[i - at] && told_should[i] == newest[i]);
        }
        ck_assert(right);
    } else {
        op.kind = CPU_MAINTAIN;
        op.value = HOST_CLEAN + random_below(random, 3);
        op.cycles = 1;
        do_op(cpu, &op);
        model_maintain(model, op.value, at);
    }
}

/* DMASIM_OPERATIONS: how many, if the environment says. */
static uint64_t operations(void)
{
    const char *text = getenv("DMASIM_OPERATIONS");
    return text ? strtoull(text, NULL, 10) : 20000;
}

START_TEST(every_byte_that_anybody_reads_is_the_second_models)
{
    static const char *const kinds[][2] = {{"ahb", "sram"},
                                           {"axi", "axi-memory"},
                                           {"axi", "axi-sram"},
                                           {"ahb", "dram"},
                                           {"axi", "dram"}};
    static struct probe_observer ear = {.notify = hear};
    const uint64_t systems = 20, each = operations() / systems;
    struct random random = random_seeded(19);
    for (uint64_t i = 0; i < systems; i++) {
        const unsigned kind = (unsigned)i % 5;
        void *bus;
        coherent = i >= systems / 2; /* with one cache then, and two devices */
        cache_start(kinds[kind][0], kinds[kind][1], 3);
        bus = test_config(&t, SECTION_BUSES, 0);
        if (kind == 0 || kind == 3)
            ((struct ahb_bus_config *)bus)->coherent = coherent;
        else
            ((struct axi_bus_config *)bus)->coherent = coherent;
        for (uint32_t cpu = 0; cpu < 3; cpu++) {
            any_cache(&random, &cpus[cpu]->cache);
            cpus[cpu]->cache.given = cpu < (coherent ? 1 : 2);
            models[cpu] = (struct model){.config = &cpus[cpu]->cache};
        }
        cache_build(0);
        probe_observe(system_probe(&t.system, "stale", NULL), &ear);
        memcpy(memory, ram_bytes(), BYTES);
        memcpy(newest, memory, BYTES);
        for (uint64_t k = 0; k < each; k++)
            one(&random, random_below(&random, 3));
        ck_assert_mem_eq(ram_bytes(), memory, BYTES);
        cache_end();
    }
}
END_TEST

TEST_MAIN("cache against a second model", every_byte_that_anybody_reads_is_the_second_models)
