/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ahb_repeat: the state of an AHB and of its masters' engines, for what repeats (kernel/repeat.h).
 *
 * Data on their way are nobody's here: who put them into a link (HWDATA and the bytes of a run that writes: the
 * master; HRDATA and those of a run that reads: the slave) puts those of later there in pass().
 */
#include "bus/ahb/ahb_counts.h"
#include "bus/ahb/ahb_master.h"

/* ---- links ----------------------------------------------------------------------------------- */

#define ADDRESS_PHASE(type)                                                                        \
    {STATE_COUNT(type, haddr)}, {STATE_SAME(type, htrans)}, {STATE_SAME(type, hburst)},            \
        {STATE_SAME(type, hwrite)},                                                                \
    {                                                                                              \
        STATE_SAME(type, hsize)                                                                    \
    }

static const struct state_field master_out_rows[] = {
    ADDRESS_PHASE(struct ahb_master_out),
    {STATE_SAME(struct ahb_master_out, hprot)},
    {STATE_SAME(struct ahb_master_out, promise)},
    {STATE_FREE(struct ahb_master_out, hwdata), .why = "the master puts those of later there"},
    {.name = NULL},
};
static const struct state_table master_out_state = {STATE_TABLE(ahb_master_out, master_out_rows)};

static const struct state_field slave_out_rows[] = {
    {STATE_STAMP(struct ahb_slave_out, ready_at), .old = 1},
    {STATE_SAME(struct ahb_slave_out, hresp)},
    {STATE_FREE(struct ahb_slave_out, hrdata), .why = "the slave puts those of later there"},
    {.name = NULL},
};
static const struct state_table slave_out_state = {STATE_TABLE(ahb_slave_out, slave_out_rows)};

static const struct state_field access_rows[] = {
    ADDRESS_PHASE(struct ahb_access),
    {STATE_SAME(struct ahb_access, hmaster)},
    {STATE_SAME(struct ahb_access, hprot)},
    {STATE_SAME(struct ahb_access, hmastlock)},
    {.name = NULL},
};
static const struct state_table access_state = {STATE_TABLE(ahb_access, access_rows)};

static const struct state_field row_rows[] = {
    {STATE_SAME(struct ahb_row, hbusreq)},
    {STATE_SAME(struct ahb_row, hlock)},
    {STATE_SAME(struct ahb_row, hgrant)},
    {STATE_SAME(struct ahb_row, hsplit)},
    ADDRESS_PHASE(struct ahb_row),
    {STATE_SAME(struct ahb_row, hmaster)},
    {STATE_SAME(struct ahb_row, hmastlock)},
    {STATE_SAME(struct ahb_row, hready)},
    {STATE_SAME(struct ahb_row, hresp)},
    {STATE_FREE(struct ahb_row, hwdata), .why = "settled before it is read"},
    {STATE_FREE(struct ahb_row, hrdata), .why = "settled before it is read"},
    {.name = NULL},
};
static const struct state_table row_state = {STATE_TABLE(ahb_row, row_rows)};

static struct state_live while_it_runs(const void *run)
{
    const struct ahb_run *self = run;
    return (struct state_live){0, self->start != SIM_NEVER};
}

static const struct state_field run_rows[] = {
    {STATE_STAMP(struct ahb_run, start)},
    {STATE_STAMP(struct ahb_run, first_done), .live = while_it_runs,
     .why = "of a run that is over"},
    {STATE_STAMP(struct ahb_run, end), .live = while_it_runs, .why = "of a run that is over"},
    {STATE_SAME(struct ahb_run, period)},
    {STATE_SAME(struct ahb_run, beats)},
    {STATE_COUNT(struct ahb_run, haddr)},
    {STATE_SAME(struct ahb_run, hsize)},
    {STATE_SAME(struct ahb_run, hwrite)},
    {STATE_SAME(struct ahb_run, master)},
    {STATE_SAME(struct ahb_run, htrans)},
    {STATE_SAME(struct ahb_run, slave)},
    {STATE_FREE(struct ahb_run, bytes), .why = "master or slave put those of later there"},
    {.name = NULL},
};
static const struct state_table run_state = {STATE_TABLE(ahb_run, run_rows)};

/* ---- the bus --------------------------------------------------------------------------------- */

static const struct state_field published_rows[] = {
    {STATE_SAME(struct ahb_published, hbusreq)},
    {STATE_SAME(struct ahb_published, hlock)},
    {STATE_SAME(struct ahb_published, hgrant)},
    {STATE_SAME(struct ahb_published, attentive)},
    {.name = NULL},
};
static const struct state_table published_state = {STATE_TABLE(ahb_published, published_rows)};

static const struct state_field arbiter_rows[] = {
    {STATE_SAME(struct ahb_arbiter, candidate)},
    {STATE_SAME(struct ahb_arbiter, chosen)},
    {STATE_SAME(struct ahb_arbiter, grant)},
    {STATE_SAME(struct ahb_arbiter, mask)},
    {STATE_SAME(struct ahb_arbiter, counter)},
    {STATE_SAME(struct ahb_arbiter, holder)},
    {STATE_SAME(struct ahb_arbiter, used)},
    {STATE_FREE(struct ahb_arbiter, default_master), .why = STATE_BUILT},
    {STATE_FREE(struct ahb_arbiter, ahead), .why = STATE_BUILT},
    {STATE_FREE(struct ahb_arbiter, weight), .why = STATE_BUILT},
    {STATE_FREE(struct ahb_arbiter, since), .dead = true,
     .why = "visit() tells it, with max_hold_cycles"},
    {.name = NULL},
};
static const struct state_table arbiter_state = {STATE_TABLE(ahb_arbiter, arbiter_rows)};

static const struct state_field master_counts_rows[] = {
    {STATE_COUNT(struct ahb_master_counts, data_cycles), .figure = true},
    {STATE_COUNT(struct ahb_master_counts, wait_cycles), .figure = true},
    {STATE_COUNT(struct ahb_master_counts, grant_wait_cycles), .figure = true},
    {STATE_COUNT(struct ahb_master_counts, back_pressure_cycles), .figure = true},
    {STATE_COUNT(struct ahb_master_counts, arbitration_losses), .figure = true},
    {STATE_COUNT(struct ahb_master_counts, bytes), .figure = true},
    {STATE_COUNT(struct ahb_master_counts, errors), .figure = true},
    {STATE_COUNT(struct ahb_master_counts, retries), .figure = true},
    {STATE_COUNT(struct ahb_master_counts, bursts), .figure = true},
    {STATE_COUNT(struct ahb_master_counts, bursts_broken), .figure = true},
    {STATE_SAME(struct ahb_master_counts, burst_left)},
    {STATE_STAMP(struct ahb_master_counts, asked)},
    {STATE_SAME(struct ahb_master_counts, longest_wait)},
    {STATE_SAME(struct ahb_master_counts, longest_from)},
    {.name = NULL},
};
static const struct state_table master_counts_state = {
    STATE_TABLE(ahb_master_counts, master_counts_rows)};

static struct state_live counted_masters(const void *counts)
{
    const struct ahb_counts *self = counts;
    return (struct state_live){0, self->master_count};
}

/* visit() catches up: both stamps are the next row. */
static const struct state_field counts_rows[] = {
    {STATE_SAME(struct ahb_counts, ask)},
    {STATE_SAME(struct ahb_counts, lose)},
    {STATE_STAMP(struct ahb_counts, since)},
    {STATE_COUNT(struct ahb_counts, accepted), .figure = true},
    {STATE_COUNT(struct ahb_counts, accepted_then), .figure = true},
    {STATE_STAMP(struct ahb_counts, waited)},
    {STATE_FREE(struct ahb_counts, master_count), .why = STATE_BUILT},
    {STATE_PARTS(struct ahb_counts, masters, master_counts_state), .live = counted_masters,
     .built = true, .why = "nobody else is there"},
    {.name = NULL},
};
static const struct state_table counts_state = {STATE_TABLE(ahb_counts, counts_rows)};

static struct state_live joined_masters(const void *bus)
{
    const struct ahb_bus *self = bus;
    return (struct state_live){0, self->master_count};
}

static struct state_live joined_slaves(const void *bus)
{
    const struct ahb_bus *self = bus;
    return (struct state_live){0, self->slave_count};
}

static struct state_live in_data_phase(const void *bus)
{
    const struct ahb_bus *self = bus;
    return (struct state_live){0, self->next_data_slave >= 0 && !self->data_fresh};
}

static const struct state_field bus_rows[] = {
    {STATE_FREE(struct ahb_bus, unit), .why = STATE_KERNEL},
    {STATE_FREE(struct ahb_bus, name), .why = STATE_BUILT},
    {STATE_FREE(struct ahb_bus, width_bits), .why = STATE_BUILT},
    {STATE_FREE(struct ahb_bus, lane_mask), .why = STATE_BUILT},
    {STATE_SAME(struct ahb_bus, links.hbusreq)},
    {STATE_SAME(struct ahb_bus, links.hlock)},
    {STATE_SAME(struct ahb_bus, links.attentive)},
    {STATE_PARTS(struct ahb_bus, links.master, master_out_state), .live = joined_masters,
     .built = true, .why = "nobody else drives one"},
    {STATE_PARTS(struct ahb_bus, links.slave, slave_out_state), .live = joined_slaves,
     .built = true, .why = "nobody else drives one"},
    {STATE_STAMP(struct ahb_bus, view), .old = 1},
    {STATE_PART(struct ahb_bus, row, row_state)},
    {STATE_PART(struct ahb_bus, accepted, access_state)},
    {STATE_SAME(struct ahb_bus, data_master)},
    {STATE_SAME(struct ahb_bus, data_slave)},
    {STATE_SAME(struct ahb_bus, accepted_slave)},
    {STATE_PART(struct ahb_bus, data, access_state)},
    {STATE_PART(struct ahb_bus, run, run_state)},
    {STATE_SAME(struct ahb_bus, hmaster)},
    {STATE_SAME(struct ahb_bus, hmastlock)},
    {STATE_SAME(struct ahb_bus, hwdata_master)},
    {STATE_SAME(struct ahb_bus, next_data_slave)},
    {STATE_SAME(struct ahb_bus, next_data_master)},
    {STATE_SAME(struct ahb_bus, data_fresh)},
    {STATE_STAMP(struct ahb_bus, data_since), .live = in_data_phase,
     .why = "of no data phase, or one that begins"},
    {STATE_STAMP(struct ahb_bus, error_ready), .old = 1},
    {STATE_PART(struct ahb_bus, arbiter, arbiter_state)},
    {STATE_FREE(struct ahb_bus, config), .why = STATE_BUILT},
    {STATE_FREE(struct ahb_bus, gates),
     .why = "only where a CPU has a cache, and then every beat is stepped"},
    {STATE_FREE(struct ahb_bus, masters), .why = STATE_BUILT},
    {STATE_FREE(struct ahb_bus, slaves), .why = STATE_BUILT},
    {STATE_FREE(struct ahb_bus, regions), .why = STATE_BUILT},
    {STATE_FREE(struct ahb_bus, master_count), .why = STATE_BUILT},
    {STATE_FREE(struct ahb_bus, slave_count), .why = STATE_BUILT},
    {STATE_FREE(struct ahb_bus, region_count), .why = STATE_BUILT},
    {STATE_SAME(struct ahb_bus, last_region)},
    {STATE_PART(struct ahb_bus, published, published_state)},
    {STATE_FREE(struct ahb_bus, row_fields), .why = STATE_BUILT},
    {STATE_FREE(struct ahb_bus, master_type), .why = STATE_BUILT},
    {STATE_FREE(struct ahb_bus, row_probe), .why = STATE_PROBE},
    {STATE_FREE(struct ahb_bus, beat_probe), .why = STATE_PROBE},
    {STATE_PART(struct ahb_bus, counts, counts_state)},
    {.name = NULL},
};
const struct state_table ahb_bus_state = {STATE_TABLE(ahb_bus, bus_rows)};

/* The first cycle of an ownership matters until it has lasted max_hold_cycles. */
static void visit_since(struct ahb_bus *self, uint32_t most, struct repeat *repeat)
{
    sim_cycle *since = &self->arbiter.since;
    const bool over = *since <= repeat->now && repeat->now - *since >= most;
    repeat_same(repeat, over);
    if (over)
        repeat_count(repeat, since);
    else
        repeat_stamp(repeat, since);
}

/* An observer of rows hears of every cycle. */
static bool ahb_bus_visit(void *bus, struct repeat *repeat)
{
    struct ahb_bus *self = bus;
    if (self->unit.clock->kernel->observed)
        return false;
    if (!repeat->times)
        ahb_counts_catch_up(self, repeat->now);
    if (self->config.arbiter.max_hold_cycles)
        visit_since(self, self->config.arbiter.max_hold_cycles, repeat);
    return true;
}

const struct repeat_hooks ahb_bus_repeat = {
    .state = &ahb_bus_state, .visit = ahb_bus_visit, .words = 2};

static bool ahb_bus_tell(void *bus, struct repeat *words)
{
    struct ahb_bus *self = bus;
    (void)words;
    ahb_counts_catch_up(self, self->unit.clock->cycle);
    return !self->config.arbiter.max_hold_cycles;
}

const struct round_hooks ahb_bus_round = {.state = &ahb_bus_state, .tell = ahb_bus_tell};

struct ahb_direct *ahb_bus_direct(const struct ahb_bus *self, uint32_t first, uint64_t bytes)
{
    for (uint32_t i = 0; i < self->region_count; i++) {
        const struct ahb_region *region = &self->regions[i];
        if (first >= region->base && first + bytes <= region->last + UINT64_C(1))
            return self->slaves[region->slave].direct;
    }
    return NULL;
}

/* ---- a master's engine ----------------------------------------------------------------------- */

static const struct state_field command_rows[] = {
    {STATE_COUNT(struct ahb_command, haddr)}, {STATE_SAME(struct ahb_command, beats)},
    {STATE_SAME(struct ahb_command, busy)},   {STATE_SAME(struct ahb_command, delay)},
    {STATE_SAME(struct ahb_command, tag)},    {STATE_SAME(struct ahb_command, hwrite)},
    {STATE_SAME(struct ahb_command, hsize)},  {STATE_SAME(struct ahb_command, hburst)},
    {STATE_SAME(struct ahb_command, hprot)},  {STATE_SAME(struct ahb_command, lock)},
    {STATE_SAME(struct ahb_command, run)},    {STATE_SAME(struct ahb_command, fixed_address)},
    {STATE_SAME(struct ahb_command, drop)},   {.name = NULL},
};
static const struct state_table command_state = {STATE_TABLE(ahb_command, command_rows)};

static struct state_live queued_commands(const void *master)
{
    const struct ahb_master *self = master;
    return (struct state_live){self->head, self->count};
}

static const struct state_field master_rows[] = {
    {STATE_FREE(struct ahb_master, bus), .why = STATE_BUILT},
    {STATE_FREE(struct ahb_master, unit), .why = STATE_BUILT},
    {STATE_FREE(struct ahb_master, index), .why = STATE_BUILT},
    {STATE_PARTS(struct ahb_master, queue, command_state), .live = queued_commands,
     .why = "commands that are done"},
    {STATE_SAME(struct ahb_master, head)},
    {STATE_SAME(struct ahb_master, count)},
    {STATE_SAME(struct ahb_master, cursor)},
    {STATE_COUNT(struct ahb_master, address)},
    {STATE_SAME(struct ahb_master, wrap)},
    {STATE_SAME(struct ahb_master, crosses_kib)},
    {STATE_SAME(struct ahb_master, beat)},
    {STATE_SAME(struct ahb_master, data_beat)},
    {STATE_SAME(struct ahb_master, data)},
    {STATE_SAME(struct ahb_master, shown)},
    {STATE_SAME(struct ahb_master, busy_shown)},
    {STATE_SAME(struct ahb_master, broken)},
    {STATE_SAME(struct ahb_master, resume)},
    {STATE_SAME(struct ahb_master, hold)},
    {STATE_SAME(struct ahb_master, kept_bus)},
    {STATE_SAME(struct ahb_master, kept_lock)},
    {STATE_SAME(struct ahb_master, driving)},
    {STATE_SAME(struct ahb_master, promises)},
    {STATE_SAME(struct ahb_master, run_next)},
    {STATE_SAME(struct ahb_master, run_left)},
    {STATE_STAMP(struct ahb_master, run_end), .old = 1},
    {STATE_STAMP(struct ahb_master, opens), .old = 1},
    {STATE_STAMP(struct ahb_master, free_at), .old = AHB_DELAY_MAX + 1},
    {.name = NULL},
};
const struct state_table ahb_master_state = {STATE_TABLE(ahb_master, master_rows)};
