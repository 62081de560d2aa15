/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * axi_repeat: the state of an interconnect of pairs and of its ports, for what repeats (kernel/repeat.h).
 *
 * Everything a port drives; what lies in a place that is not shown does not matter, nor which of the two it is.
 * Data are bytes of the units, and the pointers to them theirs to move on: in pass().
 */
#include "bus/axi/axi_beats.h"
#include "bus/axi/axi_counts.h"

/* ---- payloads -------------------------------------------------------------------------------- */

static const struct state_field address_rows[] = {
    {STATE_COUNT(struct axi_address, addr)}, {STATE_SAME(struct axi_address, id)},
    {STATE_SAME(struct axi_address, len)},   {STATE_SAME(struct axi_address, size)},
    {STATE_SAME(struct axi_address, burst)}, {STATE_SAME(struct axi_address, prot)},
    {STATE_SAME(struct axi_address, cache)}, {STATE_SAME(struct axi_address, qos)},
    {STATE_SAME(struct axi_address, lock)},  {.name = NULL},
};
const struct state_table axi_address_state = {STATE_TABLE(axi_address, address_rows)};

#define MOVED_ON "the unit moves it on"

static const struct state_field write_rows[] = {
    {STATE_FREE(struct axi_write, data), .why = MOVED_ON},
    {STATE_SAME(struct axi_write, strb)},
    {STATE_SAME(struct axi_write, last)},
    {STATE_SAME(struct axi_write, train)},
    {STATE_FREE(struct axi_write, from), .why = MOVED_ON},
    {.name = NULL},
};
const struct state_table axi_write_state = {STATE_TABLE(axi_write, write_rows)};

static const struct state_field read_rows[] = {
    {STATE_FREE(struct axi_read, data), .why = "a buffer of the slave's, one for each place"},
    {STATE_SAME(struct axi_read, id)},
    {STATE_SAME(struct axi_read, resp)},
    {STATE_SAME(struct axi_read, last)},
    {STATE_SAME(struct axi_read, train)},
    {STATE_FREE(struct axi_read, from), .why = MOVED_ON},
    {.name = NULL},
};
static const struct state_table read_state = {STATE_TABLE(axi_read, read_rows)};

static const struct state_field response_rows[] = {
    {STATE_SAME(struct axi_response, id)},
    {STATE_SAME(struct axi_response, resp)},
    {.name = NULL},
};
static const struct state_table response_state = {STATE_TABLE(axi_response, response_rows)};

static struct state_live any_train(const void *train)
{
    const struct axi_train *self = train;
    return (struct state_live){0, self->beats > 0};
}

static const struct state_field train_rows[] = {
    {STATE_STAMP(struct axi_train, first), .live = any_train, .why = "there is none"},
    {STATE_SAME(struct axi_train, beats)},
    {STATE_FREE(struct axi_train, data), .why = MOVED_ON},
    {STATE_FREE(struct axi_train, id), .why = "of R only"},
    {.name = NULL},
};
static const struct state_table train_state = {STATE_TABLE(axi_train, train_rows)};

/* Nobody asks about one of R that is over. */
static const struct state_field read_train_rows[] = {
    {STATE_STAMP(struct axi_train, first), .old = AXI_BEATS_MAX + 1},
    {STATE_SAME(struct axi_train, beats)},
    {STATE_FREE(struct axi_train, data), .why = "of W only"},
    {STATE_SAME(struct axi_train, id)},
    {.name = NULL},
};
static const struct state_table read_train_state = {STATE_TABLE(axi_train, read_train_rows)};

/* ---- counts ---------------------------------------------------------------------------------- */

static struct state_live open_bursts(const void *bursts)
{
    const struct axi_open_bursts *self = bursts;
    return (struct state_live){self->first, self->count};
}

static const struct state_field open_rows[] = {
    {STATE_FREE(struct axi_open_bursts, first), .dead = true,
     .why = "where a ring begins does not matter"},
    {STATE_SAME(struct axi_open_bursts, count)},
    {STATE_SAMES(struct axi_open_bursts, ring), .live = open_bursts, .why = "bursts that are over"},
    {.name = NULL},
};
static const struct state_table open_state = {STATE_TABLE(axi_open_bursts, open_rows)};

static const struct state_field counts_rows[] = {
    {STATE_SAME(struct axi_counts, waiting)},
    {STATE_SAME(struct axi_counts, kept_reads)},
    {STATE_SAME(struct axi_counts, kept_id)},
    {STATE_SAME(struct axi_counts, beat)},
    {STATE_COUNT(struct axi_counts, reads), .figure = true},
    {STATE_COUNT(struct axi_counts, writes), .figure = true},
    {STATE_COUNT(struct axi_counts, bytes), .figure = true},
    {STATE_COUNT(struct axi_counts, read_errors), .figure = true},
    {STATE_COUNT(struct axi_counts, write_errors), .figure = true},
    {STATE_SAME(struct axi_counts, first)},
    {STATE_SAME(struct axi_counts, held)},
    {STATE_SAME(struct axi_counts, asking)},
    {STATE_SAME(struct axi_counts, owed)},
    {STATE_SAME(struct axi_counts, responding)},
    {STATE_COUNT(struct axi_counts, grant_cycles), .figure = true},
    {STATE_COUNT(struct axi_counts, held_cycles), .figure = true},
    {STATE_COUNT(struct axi_counts, held_read_cycles), .figure = true},
    {STATE_COUNT(struct axi_counts, open_cycles), .figure = true},
    {STATE_COUNT(struct axi_counts, response_cycles), .figure = true},
    {STATE_PART(struct axi_counts, open_reads, open_state)},
    {STATE_PART(struct axi_counts, open_writes, open_state)},
    {.name = NULL},
};
static const struct state_table counts_state = {STATE_TABLE(axi_counts, counts_rows)};

/* ---- ports ----------------------------------------------------------------------------------- */

static struct state_live later_train(const void *port)
{
    const struct axi_port *self = port;
    if (!(self->trains & AXI_BIT_W))
        return (struct state_live){0, 0};
    return (struct state_live){self->w_train[0].first > self->w_train[1].first ? 0 : 1, 2};
}

static const struct state_field view_rows[] = {
    {STATE_STAMP(struct axi_view, cycle), .old = 1},
    {STATE_SAME(struct axi_view, levels)},
    {STATE_FREE(struct axi_view, ar), .why = "the place that the other end shows"},
    {STATE_FREE(struct axi_view, aw), .why = "the place that the other end shows"},
    {STATE_FREE(struct axi_view, w), .why = "the place that the other end shows"},
    {STATE_FREE(struct axi_view, r), .why = "the place that the other end shows"},
    {STATE_FREE(struct axi_view, b), .why = "the place that the other end shows"},
    {.name = NULL},
};
static const struct state_table view_state = {STATE_TABLE(axi_view, view_rows)};

#define HIDDEN "a place that is not shown"
#define EVENTS "of events, whose observers hear of every cycle"

static const struct state_field port_rows[] = {
    {STATE_FREE(struct axi_port, drive),
     .why = "visit() tells it, but for the place that is shown"},
    {STATE_PLACES(struct axi_port, ar, axi_address_state, valid, shown, AXI_AR), .why = HIDDEN},
    {STATE_PLACES(struct axi_port, aw, axi_address_state, valid, shown, AXI_AW), .why = HIDDEN},
    {STATE_PLACES(struct axi_port, w, axi_write_state, valid, shown, AXI_W), .why = HIDDEN},
    {STATE_PLACES(struct axi_port, r, read_state, valid, shown, AXI_R), .why = HIDDEN},
    {STATE_PLACES(struct axi_port, b, response_state, valid, shown, AXI_B), .why = HIDDEN},
    {STATE_PARTS(struct axi_port, w_train, train_state), .live = later_train,
     .why = "of a port that sends none; the later is told first"},
    {STATE_PART(struct axi_port, view, view_state)},
    {STATE_FREE(struct axi_port, bus), .why = STATE_BUILT},
    {STATE_FREE(struct axi_port, unit), .why = STATE_BUILT},
    {STATE_FREE(struct axi_port, name), .why = STATE_BUILT},
    {STATE_FREE(struct axi_port, index), .why = STATE_BUILT},
    {STATE_FREE(struct axi_port, channels), .why = STATE_BUILT},
    {STATE_FREE(struct axi_port, steady), .why = STATE_BUILT},
    {STATE_FREE(struct axi_port, trains), .why = STATE_BUILT},
    {STATE_FREE(struct axi_port, writer), .why = STATE_BUILT},
    {STATE_FREE(struct axi_port, reader), .why = STATE_BUILT},
    {STATE_POINTERS(struct axi_port, counts, counts_state)},
    {STATE_PART(struct axi_port, r_train, read_train_state)},
    {STATE_FREE(struct axi_port, direct), .why = STATE_BUILT},
    {STATE_FREE(struct axi_port, master), .why = STATE_BUILT},
    {STATE_FREE(struct axi_port, row_probe), .why = STATE_PROBE},
    {STATE_FREE(struct axi_port, event_probe), .why = STATE_PROBE},
    {STATE_FREE(struct axi_port, was_valid), .why = EVENTS},
    {STATE_FREE(struct axi_port, since), .why = EVENTS},
    {.name = NULL},
};
static const struct state_table port_state = {STATE_TABLE(axi_port, port_rows)};

/* ---- the interconnect ------------------------------------------------------------------------ */

static struct state_live joined_masters(const void *bus)
{
    const struct axi_bus *self = bus;
    return (struct state_live){0, self->master_count};
}

static struct state_live joined_slaves(const void *bus)
{
    const struct axi_bus *self = bus;
    return (struct state_live){0, self->slave_count};
}

static const struct state_field bus_rows[] = {
    {STATE_FREE(struct axi_bus, unit), .why = STATE_KERNEL},
    {STATE_FREE(struct axi_bus, name), .why = STATE_BUILT},
    {STATE_FREE(struct axi_bus, width_bits), .why = STATE_BUILT},
    {STATE_FREE(struct axi_bus, width_bytes), .why = STATE_BUILT},
    {STATE_FREE(struct axi_bus, config), .why = STATE_BUILT},
    {STATE_STAMP(struct axi_bus, due), .old = 1},
    {STATE_FREE(struct axi_bus, pairs), .why = STATE_BUILT},
    {STATE_FREE(struct axi_bus, pair_count), .why = STATE_BUILT},
    {STATE_POINTERS(struct axi_bus, masters, port_state), .live = joined_masters,
     .why = "there is none"},
    {STATE_POINTERS(struct axi_bus, slaves, port_state), .live = joined_slaves,
     .why = "there is none"},
    {STATE_FREE(struct axi_bus, regions), .why = STATE_BUILT},
    {STATE_FREE(struct axi_bus, master_count), .why = STATE_BUILT},
    {STATE_FREE(struct axi_bus, slave_count), .why = STATE_BUILT},
    {STATE_FREE(struct axi_bus, region_count), .why = STATE_BUILT},
    {STATE_FREE(struct axi_bus, crossbar), .why = "visit() refuses with one"},
    {STATE_FREE(struct axi_bus, crossing), .why = STATE_BUILT},
    {STATE_FREE(struct axi_bus, monitors), .why = "visit() tells them while beats are observed"},
    {STATE_FREE(struct axi_bus, beat_probe), .why = STATE_PROBE},
    {STATE_FREE(struct axi_bus, watched), .why = STATE_BUILT},
    {STATE_FREE(struct axi_bus, row_types), .why = STATE_BUILT},
    {STATE_FREE(struct axi_bus, event_type), .why = STATE_BUILT},
    {.name = NULL},
};
const struct state_table axi_bus_state = {STATE_TABLE(axi_bus, bus_rows)};

static void visit_drive(const struct axi_port *port, struct repeat *repeat)
{
    repeat_same(repeat, port->drive & ~(UINT32_C(0xff) << AXI_SHOWN));
}

static bool axi_bus_visit(void *bus, struct repeat *repeat)
{
    struct axi_bus *self = bus;
    if (self->crossbar)
        return false;
    for (uint32_t i = 0; i < self->master_count; i++)
        visit_drive(self->masters[i], repeat);
    for (uint32_t i = 0; i < self->slave_count; i++)
        visit_drive(self->slaves[i], repeat);
    axi_beats_visit(self, repeat);
    return true;
}

const struct repeat_hooks axi_bus_repeat = {.state = &axi_bus_state, .visit = axi_bus_visit};
const struct round_hooks axi_bus_round = {.state = &axi_bus_state};
