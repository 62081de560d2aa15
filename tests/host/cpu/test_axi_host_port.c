/* SPDX-License-Identifier: BSD-2-Clause */
/* What a CPU's port on AXI makes of any access, a CPU's own or not: values, lanes, failures
 * (model/bus/axi/axi_host.c, model/bus/host_port.h). */
#include "axi_fixture.h"

#include "axi_rows.h"

#include "memory/axi_sram.h"

#define ACCESSES 8
#define NOBODY 0x90000000u

/* A master that makes accesses one after the other. */
struct user {
    struct unit unit;
    struct host_port *port;
    struct host_access accesses[ACCESSES];
    struct host_result results[ACCESSES];
    sim_cycle started, cycles[ACCESSES]; /* each took */
    unsigned count, begun, ended;
};

static struct user *user; /* before it is built; then the built one */
static struct test_log rows;

static sim_cycle user_step(void *instance, sim_cycle now)
{
    struct user *self = instance;
    if (self->port->type->edge(self->port, now, &self->results[self->ended])) {
        self->cycles[self->ended++] = now - self->started;
        if (self->ended == self->count)
            kernel_release(self->unit.clock->kernel);
    }
    if (!self->port->busy && self->begun < self->count) {
        self->port->type->start(self->port, now, &self->accesses[self->begun++]);
        self->started = now;
    }
    return self->port->type->drive(self->port, now);
}

static int user_create(struct build *build, struct component *component)
{
    const struct component *bus = &build->plan->components[SECTION_BUSES][0];
    struct user *self = arena_alloc(build->kernel->arena, sizeof *self);
    ck_assert_ptr_nonnull(self);
    *self = *(const struct user *)component->config;
    component->clock = bus->clock;
    component->instance = self;
    kernel_add(build->kernel, &self->unit, component->name, bus->clock, user_step, self);
    self->port = bus->type->host_port(build, bus, component, &self->unit);
    ck_assert_ptr_nonnull(self->port);
    kernel_hold(build->kernel);
    return DMASIM_OK;
}

static const struct parameter user_parameters[] = {{.name = NULL}};

static const struct component_type user_type = {
    .name = "user",
    .section = SECTION_MASTERS,
    .config_bytes = sizeof(struct user),
    .parameters = user_parameters,
    .create = user_create,
};

static void begin(uint32_t width_bits, bool lite)
{
    start();
    axi->width_bits = width_bits;
    axi->lite = lite;
    axi->crossbar.always = true;
    user = test_add_type(&t, &user_type, "user");
}

static struct host_access *add(bool write, uint32_t address, uint8_t bytes)
{
    ck_assert_uint_lt(user->count, ACCESSES);
    struct host_access *access = &user->accesses[user->count++];
    *access = (struct host_access){.address = address, .beats = 1, .bytes = bytes, .write = write};
    return access;
}

static struct host_access *read(uint32_t offset, uint8_t bytes)
{
    return add(false, RAM + offset, bytes);
}

static struct host_access *write(uint32_t offset, uint8_t bytes, uint64_t value)
{
    struct host_access *access = add(true, RAM + offset, bytes);
    access->value = value;
    return access;
}

static void build(void)
{
    test_build(&t, 0);
    user = test_find(&t, SECTION_MASTERS, "user")->instance;
}

static void run(void)
{
    build();
    ck_assert(test_run(&t, LONG));
}

/* The bytes at an offset of the memory, the first one lowest. */
static uint64_t stored(uint32_t offset, unsigned bytes)
{
    uint64_t value = 0;
    memcpy(&value, memory() + offset, bytes);
    return value;
}

START_TEST(a_read_brings_its_bytes_and_no_others_on_every_width)
{
    for (uint32_t width = 32; width <= 1024; width *= 2)
        for (unsigned lite = 0; lite <= (width <= 64); lite++) {
            begin(width, lite);
            read(0x38, 8); /* two beats on a bus of 32 bits */
            read(0x4c, 4);
            read(0x72, 2);
            read(0x7f, 1);
            run();
            ck_assert_uint_eq(user->results[0].value, stored(0x38, 8));
            ck_assert_uint_eq(user->results[1].value, stored(0x4c, 4));
            ck_assert_uint_eq(user->results[2].value, stored(0x72, 2));
            ck_assert_uint_eq(user->results[3].value, stored(0x7f, 1));
            end();
        }
}
END_TEST

START_TEST(of_a_read_of_more_than_64_bits_the_low_ones_are_told)
{
    for (uint32_t width = 32; width <= 256; width *= 2) {
        begin(width, false);
        read(0x40, 16);
        run();
        ck_assert_uint_eq(user->results[0].value, stored(0x40, 8));
        end();
    }
}
END_TEST

START_TEST(of_a_burst_the_last_beat_is_told)
{
    for (uint32_t width = 32; width <= 128; width *= 2) {
        begin(width, false);
        read(0x100, 8)->beats = 5;
        read(0xff0, 8)->beats = 4; /* two bursts */
        run();
        ck_assert_uint_eq(user->results[0].value, stored(0x120, 8));
        ck_assert_uint_eq(user->results[1].value, stored(0x1008, 8));
        end();
    }
}
END_TEST

START_TEST(a_write_wider_than_the_bus_is_stored_whole)
{
    for (unsigned lite = 0; lite < 2; lite++) {
        begin(32, lite);
        write(0x40, 8, UINT64_C(0x0123456789abcdef));
        struct host_access *burst = write(0xff8, 8, 5);
        burst->beats = 2;
        burst->scrambled = true;
        run();
        ck_assert_uint_eq(stored(0x40, 8), UINT64_C(0x0123456789abcdef));
        ck_assert_uint_eq(stored(0xff8, 8), host_access_data(burst, 0));
        ck_assert_uint_eq(stored(0x1000, 8), host_access_data(burst, 1));
        end();
    }
}
END_TEST

START_TEST(what_failed_brings_nothing_and_is_forgotten)
{
    begin(32, false);
    add(false, NOBODY, 8);
    read(0x40, 4);
    add(true, NOBODY, 4);
    read(0x44, 4);
    run();
    static const bool failed[] = {true, false, true, false};
    for (unsigned i = 0; i < 4; i++)
        ck_assert_uint_eq(user->results[i].failed, failed[i]);
    ck_assert_uint_eq(user->results[0].value, 0);
    ck_assert_uint_eq(user->results[1].value, stored(0x40, 4));
    ck_assert_uint_eq(user->results[3].value, stored(0x44, 4));
    end();
}
END_TEST

START_TEST(a_burst_that_ends_in_good_data_fails_if_any_of_it_did)
{
    begin(32, false);
    struct axi_sram_config *sram = test_add(&t, SECTION_MEMORIES, "axi-sram", "sram");
    static struct axi_sram_error errors[] = {{0x48, 4, 0}};
    sram->base = 0x10000000;
    sram->size_bytes = 0x1000;
    sram->fill.pattern = STORE_RANDOM;
    sram->errors = (struct parameter_list){errors, 1};
    add(false, 0x10000040, 4)->beats = 4;
    add(false, 0x10000050, 4)->beats = 4;
    run();
    ck_assert(user->results[0].failed);
    ck_assert_uint_eq(user->results[0].value, 0);
    ck_assert(!user->results[1].failed);
    ck_assert_uint_ne(user->results[1].value, 0);
    end();
}
END_TEST

START_TEST(each_access_tells_the_least_that_it_takes_itself)
{
    begin(32, false);
    read(0, 8);
    read(0, 4)->beats = 300;
    write(0, 4, 0)->beats = 3;
    read(0, 1);
    run();
    static const unsigned least[] = {3, 302, 4, 2};
    for (unsigned i = 0; i < 4; i++) {
        ck_assert_uint_eq(user->results[i].at_least, least[i]);
        ck_assert_uint_eq(user->cycles[i], least[i]);
    }
    end();
}
END_TEST

/* Looks at each W for bytes in lanes without a strobe. */
struct lanes_observer {
    struct probe_observer observer; /* first */
    unsigned beats, dirty;
    uint32_t width_bytes;
};

static void notify_lanes(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                         const void *record)
{
    struct lanes_observer *self = (struct lanes_observer *)observer;
    const struct axi_event *event = record;
    (void)probe;
    (void)now;
    if (event->channel != AXI_W)
        return;
    self->beats++;
    for (uint32_t lane = 0; lane < self->width_bytes; lane++)
        if (!(event->strb[lane / 64] >> lane % 64 & 1) && event->data[lane])
            self->dirty++;
}

START_TEST(lanes_without_a_strobe_are_0_whatever_was_in_them)
{
    for (uint32_t width = 32; width <= 1024; width *= 2) {
        begin(width, false);
        for (unsigned i = 0; i < 2; i++) /* both places of W */
            write(8 * i, 8, UINT64_MAX);
        write(0x11, 1, 0xff);
        write(0x22, 2, 0xffff);
        write(0x31, 1, 0xff);
        build();
        struct lanes_observer lanes = {.observer.notify = notify_lanes, .width_bytes = width / 8};
        struct probe *probe = NULL;
        while ((probe = system_probe(&t.system, "axi_event", probe)))
            if (strcmp(probe->name, "axi.user") == 0)
                probe_observe(probe, &lanes.observer);
        ck_assert(test_run(&t, LONG));
        ck_assert_uint_eq(lanes.beats, width == 32 ? 7 : 5);
        ck_assert_uint_eq(lanes.dirty, 0);
        end();
    }
}
END_TEST

START_TEST(privileged_is_bit_0_of_axprot)
{
    begin(64, false);
    read(0, 4)->privileged = true;
    read(4, 4);
    write(8, 4, 1)->privileged = true;
    build();
    test_observe(&t, &rows, "axi_row", "axi.user");
    ck_assert(test_run(&t, LONG));
    unsigned reads = 0, writes = 0;
    for (size_t i = 0; i < rows.count; i++) {
        const struct axi_row row = test_axi_row_of(&rows, i);
        if (row.arvalid) {
            ck_assert_uint_eq(row.arprot, row.araddr == RAM);
            reads++;
        }
        if (row.awvalid) {
            ck_assert_uint_eq(row.awprot, 1);
            writes++;
        }
    }
    ck_assert_uint_eq(reads, 2);
    ck_assert_uint_eq(writes, 1);
    test_log_end(&rows);
    end();
}
END_TEST

TEST_MAIN("axi host, its port", a_read_brings_its_bytes_and_no_others_on_every_width,
          of_a_read_of_more_than_64_bits_the_low_ones_are_told, of_a_burst_the_last_beat_is_told,
          a_write_wider_than_the_bus_is_stored_whole, what_failed_brings_nothing_and_is_forgotten,
          a_burst_that_ends_in_good_data_fails_if_any_of_it_did,
          each_access_tells_the_least_that_it_takes_itself,
          lanes_without_a_strobe_are_0_whatever_was_in_them, privileged_is_bit_0_of_axprot)
