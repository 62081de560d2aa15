/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * crossbar_fixture: up to three scripted masters and two slaves on one interconnect with a crossbar. Masters show
 * their first VALID in cycle 1; slaves have no stalls and answer R and B in the cycle after.
 */
#ifndef TESTS_CROSSBAR_FIXTURE_H
#define TESTS_CROSSBAR_FIXTURE_H

#include "axi_target.h"
#include "axi_traffic.h"
#include "bus/axi/axi_crossbar.h"
#include "bus/records.h"
#include "suite.h"

#define MASTERS 3
#define SLAVES 2
#define PERIOD 1000
#define SIZE 0x10000u
#define NOWHERE 0x90000000u

struct event {
    sim_cycle cycle;
    const struct axi_port *port;
    uint64_t addr;
    uint32_t id;
    uint8_t channel;
};

static struct arena arena;
static struct kernel kernel;
static struct axi_bus *bus;
static struct axi_bus_config config;
static struct traffic m[MASTERS];
static struct target s[SLAVES];
static struct event events[4096];
static size_t event_count;
static struct bus_beat_record beats[64];
static sim_cycle beat_cycles[64];
static size_t beat_count;

static const char *const master_names[] = {"m0", "m1", "m2"};
static const char *const slave_names[] = {"s0", "s1"};

static inline uint64_t at(unsigned slave)
{
    return 0x10000000u + slave * (uint64_t)SIZE;
}

static inline void note_event(struct probe_observer *observer, const struct probe *probe,
                              sim_cycle now, const void *record)
{
    (void)observer;
    const struct axi_event *event = record;
    if (event_count < sizeof events / sizeof *events)
        events[event_count++] =
            (struct event){now, probe->owner, event->addr, event->id, event->channel};
}

static inline void note_beat(struct probe_observer *observer, const struct probe *probe,
                             sim_cycle now, const void *record)
{
    (void)observer;
    (void)probe;
    beat_cycles[beat_count] = now;
    beats[beat_count++] = *(const struct bus_beat_record *)record;
}

static struct probe_observer event_observer = {.notify = note_event};
static struct probe_observer beat_observer = {.notify = note_beat};

static inline void setup(void)
{
    memset(&arena, 0, sizeof arena);
    memset(m, 0, sizeof m);
    memset(s, 0, sizeof s);
    config = (struct axi_bus_config){.width_bits = 64};
    config.crossbar.always = true;
    event_count = beat_count = 0;
}

static inline void teardown(void)
{
    arena_free(&arena);
}

/* Builds with masters and slaves that tests have filled, and runs them to their end. */
static inline void run(unsigned masters, unsigned slaves)
{
    kernel_init(&kernel, &arena);
    struct clock *clock = kernel_clock(&kernel, "clk", PERIOD, 0);
    bus = axi_bus_create(&kernel, "axi", clock, &config);
    for (unsigned i = 0; i < masters; i++) {
        traffic_join(&m[i], &kernel, bus, master_names[i]);
        m[i].random = random_seeded(i);
    }
    for (unsigned i = 0; i < slaves; i++) {
        target_join(&s[i], &kernel, bus, slave_names[i], at(i), SIZE);
        s[i].random = random_seeded(i);
    }
    ck_assert_int_eq(axi_bus_complete(bus), DMASIM_OK);
    ck_assert_int_eq(kernel_seal(&kernel, 0, NULL), DMASIM_OK);
    for (unsigned i = 0; i < masters; i++)
        probe_observe(&m[i].port->event_probe, &event_observer);
    for (unsigned i = 0; i < slaves; i++)
        probe_observe(&s[i].port->event_probe, &event_observer);
    probe_observe(&bus->beat_probe, &beat_observer);
    kernel_advance(&kernel, 2000 * PERIOD, 0);
    for (unsigned i = 0; i < masters; i++) {
        ck_assert_ptr_null(m[i].fault);
        ck_assert(traffic_done(&m[i]));
    }
}

/* Cycle of the nth handshake of a channel at a port. */
static inline sim_cycle handshake(const struct axi_port *port, enum axi_channel channel,
                                  unsigned nth)
{
    for (size_t i = 0; i < event_count; i++)
        if (events[i].port == port && events[i].channel == channel && nth-- == 0)
            return events[i].cycle;
    ck_abort_msg("no such handshake");
    return 0;
}

/* Masters in the order in which a slave took their addresses, as digits. */
static inline const char *order(unsigned slave, enum axi_channel channel)
{
    static char text[256];
    size_t length = 0;
    for (size_t i = 0; i < event_count; i++)
        if (events[i].port == s[slave].port && events[i].channel == channel)
            text[length++] = (char)('0' + axi_id_master(events[i].id));
    text[length] = 0;
    return text;
}

static inline struct traffic_burst *read(unsigned master, uint64_t addr, unsigned beats_,
                                         uint32_t id)
{
    return traffic_add(&m[master].reads, addr, beats_, 3, id);
}

static inline struct traffic_burst *write(unsigned master, uint64_t addr, unsigned beats_,
                                          uint32_t id)
{
    return traffic_add(&m[master].writes, addr, beats_, 3, id);
}

static inline struct axi_slice_config slice(const char *port, unsigned channels)
{
    struct axi_slice_config one = {.port = port};
    for (unsigned i = 0; i < AXI_CHANNELS; i++)
        one.channels[i] = channels >> i & 1;
    return one;
}

#define CROSSBAR_MAIN(suite_name, ...)                                                             \
    int main(void)                                                                                 \
    {                                                                                              \
        Suite *suite = suite_create(suite_name);                                                   \
        TCase *tests = tcase_create("all");                                                        \
        const TTest *const list[] = {__VA_ARGS__};                                                 \
        tcase_add_checked_fixture(tests, setup, teardown);                                         \
        for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)                                  \
            tcase_add_test(tests, list[i]);                                                        \
        suite_add_tcase(suite, tests);                                                             \
        return suite_run(suite);                                                                   \
    }

#endif
