/* SPDX-License-Identifier: BSD-2-Clause */
/* adi_work_fixture: a controller between memories, calls of work on it, and what its registers and callbacks
 * tell. */
#ifndef DMASIM_TESTS_ADI_WORK_FIXTURE_H
#define DMASIM_TESTS_ADI_WORK_FIXTURE_H

#include "axi_fixture.h"

#include "peripherals/stream_device.h"

/* The CPU's accesses to the registers as text: "400=1" is a write, "408?" a read. */
struct text_observer {
    struct probe_observer observer; /* first */
    uint32_t address;
    size_t used;
    char text[32768];
};

static struct text_observer registers;
static struct test_log transfers, interrupts;
static struct adi_dmac_config *dma;

static inline void notify_text(struct probe_observer *observer, const struct probe *probe,
                               sim_cycle now, const void *record)
{
    struct text_observer *self = (struct text_observer *)observer;
    const struct axi_event *event = record;
    (void)probe;
    (void)now;
    if (event->channel == AXI_AR || event->channel == AXI_AW)
        self->address = (uint32_t)event->addr;
    if (self->address < DMA || self->address >= DMA + ADI_WINDOW_BYTES)
        return;
    size_t room = sizeof self->text - self->used;
    uint32_t value;
    if (event->channel == AXI_AR) {
        self->used += (size_t)snprintf(self->text + self->used, room, "%s%x?",
                                       self->used ? " " : "", self->address - DMA);
    } else if (event->channel == AXI_W) {
        memcpy(&value, event->data + self->address % (axi->width_bits / 8), sizeof value);
        self->used += (size_t)snprintf(self->text + self->used, room, "%s%x=%x",
                                       self->used ? " " : "", self->address - DMA, value);
    }
}

#define PROBE_TEXT_OF_DRIVER                                                                       \
    "0? 10? 40c=1 40c? 47c=ffffffff 47c? 41c=1 41c? 418=ffffffff 418? 410=ffffffff 410? "          \
    "414=ffffffff 414? 418=0 418? 80="

/* What follows the probe, which ends with this write of IRQ_MASK. */
static inline const char *accesses_after(const char *mask)
{
    const size_t probe = strlen(PROBE_TEXT_OF_DRIVER);
    ck_assert_int_eq(strncmp(registers.text, PROBE_TEXT_OF_DRIVER, probe), 0);
    ck_assert_int_eq(strncmp(registers.text + probe, mask, strlen(mask)), 0);
    return registers.text + probe + strlen(mask);
}

static inline const char *accesses(void)
{
    return accesses_after("0 ");
}

static inline unsigned times(const char *what)
{
    unsigned count = 0;
    char padded[32];
    snprintf(padded, sizeof padded, " %s ", what);
    static char all[sizeof registers.text + 2];
    snprintf(all, sizeof all, " %s ", registers.text);
    for (const char *at = all; (at = strstr(at, padded)); at++)
        count++;
    return count;
}

static inline unsigned rises(void)
{
    unsigned count = 0, before = 0;
    for (size_t i = 0; i < interrupts.count; i++) {
        const unsigned level = TEST_RECORD(&interrupts, struct interrupt_record, i)->level;
        count += level && !before;
        before = level;
    }
    return count;
}

static inline void build_with(unsigned flags)
{
    test_build(&t, flags);
    test_observe(&t, &interrupts, "interrupt", "dma");
    registers.observer = (struct probe_observer){.notify = notify_text};
    registers.used = 0;
    registers.text[0] = '\0';
    struct probe *probe = NULL;
    while ((probe = system_probe(&t.system, "axi_event", probe)))
        if (strcmp(probe->name, "axi.cpu") == 0)
            probe_observe(probe, &registers.observer);
    /* All entries of work. */
    memset(&transfers, 0, sizeof transfers);
    transfers.observer.notify = test_log_notify;
    transfers.record_bytes = sizeof(struct transfer_record);
    transfers.cycles = malloc(TEST_EVENTS * sizeof *transfers.cycles);
    transfers.records = malloc(TEST_EVENTS * transfers.record_bytes);
}

static struct probe_observer copies[TEST_COMPONENTS];

static inline void notify_transfer(struct probe_observer *observer, const struct probe *probe,
                                   sim_cycle now, const void *record)
{
    (void)observer;
    test_log_notify(&transfers.observer, probe, now, record);
}

static inline void build(void)
{
    build_with(0);
}

static inline void watch_transfers(void)
{
    struct probe *probe = NULL;
    for (unsigned i = 0; (probe = system_probe(&t.system, "transfer", probe)); i++) {
        copies[i] = (struct probe_observer){.notify = notify_transfer};
        probe_observe(probe, &copies[i]);
    }
}

static inline void run_with(unsigned flags)
{
    build_with(flags);
    watch_transfers();
    ck_assert(test_run(&t, LONG));
}

static inline void run(void)
{
    run_with(0);
}

static inline void finish(void)
{
    test_log_end(&transfers);
    test_log_end(&interrupts);
    end();
}

static inline const struct transfer_record *transfer(size_t index)
{
    ck_assert_uint_lt(index, transfers.count);
    return TEST_RECORD(&transfers, struct transfer_record, index);
}

static inline void begin(void)
{
    start();
    dma = add_dma();
}

static inline struct slave_sg_config *add_slave(const char *name, uint32_t at, uint32_t bytes)
{
    static struct work_segment segments[2];
    segments[0] = (struct work_segment){RAM + at, bytes};
    segments[1] = (struct work_segment){RAM + at + 0x4000, bytes};
    struct slave_sg_config *config = test_add(&t, SECTION_WORK, "slave_sg", name);
    config->segments = (struct parameter_list){segments, 2};
    return config;
}

static inline struct stream_source_config *add_source(const char *type)
{
    struct stream_source_config *device = test_add(&t, SECTION_PERIPHERALS, type, "dev");
    device->pattern = STREAM_COUNT;
    dma->source_type = strcmp(type, "fifo-writer") == 0 ? ADI_FIFO : ADI_STREAM;
    dma->source_bus = UINT16_MAX;
    return device;
}

static inline struct cyclic_config *add_ring(uint32_t periods)
{
    struct cyclic_config *ring = test_add(&t, SECTION_WORK, "cyclic", "ring");
    ring->buffer = RAM;
    ring->bytes = 2048;
    ring->period_bytes = 512;
    ring->periods = periods;
    return ring;
}

#endif
