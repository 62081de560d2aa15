/* SPDX-License-Identifier: BSD-2-Clause */
/* ahb_counts: counting of an AHB's rows, and the figures made of it. */
#include "bus/ahb/ahb_counts.h"

#include "plan/log.h"

/* ---- counting -------------------------------------------------------------------------------- */

void ahb_count_change(struct ahb_counts *self, uint32_t ask, uint32_t lose, sim_cycle now,
                      uint64_t accepted)
{
    const uint64_t cycles = now - self->since, lost = accepted - self->accepted_then;
    for (uint32_t left = self->ask & UINT32_MAX >> (32 - AHB_MASTERS_MAX); left; left &= left - 1) {
        const unsigned i = (unsigned)__builtin_ctz(left);
        self->masters[i].grant_wait_cycles += cycles;
        if (self->lose >> i & 1)
            self->masters[i].arbitration_losses += lost;
        if (ask >> i & 1)
            continue;
        if (now - self->masters[i].asked > self->masters[i].longest_wait) {
            self->masters[i].longest_wait = now - self->masters[i].asked;
            self->masters[i].longest_from = self->masters[i].asked;
        }
        self->masters[i].asked = SIM_NEVER;
    }
    for (uint32_t begun = ask & ~self->ask & UINT32_MAX >> (32 - AHB_MASTERS_MAX); begun;
         begun &= begun - 1)
        self->masters[__builtin_ctz(begun)].asked = now;
    self->ask = ask;
    self->lose = lose;
    self->since = now;
    self->accepted_then = accepted;
}

/* The first address of a burst got its data phase. */
static void begin_burst(struct ahb_master_counts *self, uint8_t hburst)
{
    const unsigned beats = ahb_burst_beats(hburst & 7);
    self->bursts++;
    if (self->burst_left)
        self->bursts_broken++;
    self->burst_left = beats > 1 ? beats : 0;
}

/* The beat in its data phase ended with ERROR. */
static void tell_error(const struct ahb_bus *bus)
{
    const struct ahb_access *data = &bus->data;
    const bool nobody = bus->data_slave == AHB_DEFAULT_SLAVE;
    const bool aligned = (data->haddr & ((UINT32_C(1) << data->hsize) - 1)) == 0;
    const struct log_line line = {
        .level = LOG_ERROR,
        .kind = LOG_BUS,
        .unmapped = nobody && aligned && 8u << data->hsize <= bus->width_bits,
        .of = bus->name,
        .bus = bus->name,
        .address = data->haddr,
    };
    if (log_wanted(&bus->unit))
        log_say(&bus->unit, &line, "ERROR answers %s of 0x%08x (%u bytes) by %s%s%s%s",
                data->hwrite ? "a write" : "a read", data->haddr, 1u << data->hsize,
                bus->masters[bus->data_master].name, nobody ? "" : ", from ",
                nobody ? "" : bus->slaves[bus->data_slave].name,
                aligned ? "" : ": the address is not aligned to the beat");
}

/* RETRY so often that it may never end is told when the count of a master has doubled. */
static void tell_retry(const struct ahb_bus *bus, uint64_t retries)
{
    if (retries < 64 || (retries & (retries - 1)) || !log_wanted(&bus->unit))
        return;
    log_say(&bus->unit, &(struct log_line){.level = LOG_NOTE, .kind = LOG_BUS, .of = bus->name},
            "%s got RETRY %llu times, now at 0x%08x from %s", bus->masters[bus->data_master].name,
            (unsigned long long)retries, bus->data.haddr,
            bus->data_slave == AHB_DEFAULT_SLAVE ? "nobody" : bus->slaves[bus->data_slave].name);
}

void ahb_count_ready(struct ahb_bus *bus)
{
    const struct ahb_row *row = &bus->row;
    bus->counts.accepted += row->htrans >= AHB_NONSEQ;
    if (bus->data_master < 0)
        return;
    struct ahb_master_counts *self = &bus->counts.masters[bus->data_master];
    const struct ahb_access *data = &bus->data;
    if (data->htrans == AHB_NONSEQ)
        begin_burst(self, data->hburst);
    if (row->hresp == AHB_OKAY) {
        self->data_cycles++;
        self->bytes += UINT64_C(1) << data->hsize;
        self->burst_left -= self->burst_left > 0;
    } else if (row->hresp == AHB_ERROR) {
        self->errors++;
        self->burst_left = 0;
        tell_error(bus);
    } else {
        self->retries++;
        tell_retry(bus, self->retries);
        if (self->burst_left ==
            ahb_burst_beats(data->hburst & 7)) /* the first beat: the whole burst comes again */
            self->burst_left = 0;
    }
}

void ahb_count_requests(struct ahb_bus *bus, sim_cycle now)
{
    const struct ahb_run *run = &bus->run;
    const uint32_t ask = bus->links.hbusreq & ~(UINT32_C(1) << run->master);
    ahb_count_asking(&bus->counts, ask, ask, now,
                     bus->counts.accepted + ahb_run_progress(run, now - 1));
}

/* Rows after the run's first, up to `upto`, which is before its last. */
static void add_run(struct ahb_counts *self, const struct ahb_bus *bus, sim_cycle upto)
{
    const struct ahb_run *run = &bus->run;
    const unsigned done = ahb_run_progress(run, upto);
    struct ahb_master_counts *master = &self->masters[run->master];
    master->wait_cycles += upto - run->start - done;
    if (done == 0)
        return;
    if (run->htrans == AHB_NONSEQ)
        begin_burst(master, bus->accepted.hburst);
    master->data_cycles += done;
    master->bytes += (uint64_t)done << run->hsize;
    master->burst_left -= done < master->burst_left ? done : master->burst_left;
    self->accepted += done;
}

void ahb_count_run(struct ahb_bus *bus)
{
    add_run(&bus->counts, bus, bus->run.end - 1);
}

void ahb_counts_catch_up(struct ahb_bus *bus, sim_cycle upto)
{
    struct ahb_counts *self = &bus->counts;
    const bool runs = bus->run.start != SIM_NEVER;
    ahb_count_waits(bus, upto + 1);
    ahb_count_change(self, self->ask, self->lose, upto + 1,
                     self->accepted + (runs ? ahb_run_progress(&bus->run, upto) : 0));
}

/* All that is counted up to and including row `upto`, which nothing was stepped after. */
static struct ahb_counts counts_at(const struct ahb_bus *bus, sim_cycle upto)
{
    struct ahb_counts counts = bus->counts;
    if (bus->view == SIM_NEVER)
        return counts;
    if (bus->run.start != SIM_NEVER)
        add_run(&counts, bus, upto < bus->run.end ? upto : bus->run.end - 1);
    else if (!bus->row.hready && bus->data_master >= 0)
        counts.masters[bus->data_master].wait_cycles += upto + 1 - counts.waited;
    if (bus->row.htrans == AHB_BUSY)
        counts.masters[bus->row.hmaster].back_pressure_cycles += upto + 1 - counts.waited;
    ahb_count_change(&counts, 0, 0, upto + 1, counts.accepted);
    return counts;
}

/* ---- figures --------------------------------------------------------------------------------- */

struct ahb_figures {
    uint64_t cycles, busy_cycles, data_cycles, wait_cycles, grant_wait_cycles, back_pressure_cycles;
    uint64_t bytes, errors, retries, bursts, bursts_broken;
    uint64_t elapsed_ps, capacity_bytes; /* of `cycles` */
    uint64_t once, period_ps, width_bytes;
};

static const struct counter ahb_table[] = {
    COUNTER_STEADY_RATIO(ahb_figures, once, COUNTER_PS_PER_SECOND, period_ps, 0, "frequency", "Hz",
                         "of HCLK"),
    COUNTER(ahb_figures, cycles, "cycles", "cycles", "edges of HCLK"),
    COUNTER(ahb_figures, busy_cycles, "busy_cycles", "cycles", "cycles with a data phase"),
    COUNTER(ahb_figures, data_cycles, "data_cycles", "cycles",
            "cycles in which a data phase ended with OKAY"),
    COUNTER(ahb_figures, grant_wait_cycles, "grant_wait_cycles", "cycles", "sum of its masters'"),
    COUNTER(ahb_figures, wait_cycles, "wait_cycles", "cycles", "cycles with HREADY low"),
    COUNTER(ahb_figures, back_pressure_cycles, "back_pressure_cycles", "cycles",
            "cycles with HTRANS BUSY"),
    COUNTER_RATIO(ahb_figures, data_cycles, 100, cycles, 2, "utilisation", "%",
                  "data_cycles / cycles"),
    COUNTER(ahb_figures, bytes, "bytes", "bytes", "moved by data phases that ended with OKAY"),
    COUNTER_RATIO(ahb_figures, bytes, COUNTER_PS_PER_SECOND, elapsed_ps, 0, "throughput", "B/s",
                  "bytes / time of all cycles"),
    COUNTER_STEADY_RATIO(ahb_figures, width_bytes, COUNTER_PS_PER_SECOND, period_ps, 0, "peak",
                         "B/s", "width / 8 * frequency"),
    COUNTER_RATIO(ahb_figures, bytes, 100, capacity_bytes, 2, "share_of_peak", "%",
                  "throughput / peak"),
    COUNTER(ahb_figures, errors, "errors", "beats", "data phases that ended with ERROR"),
    COUNTER(ahb_figures, retries, "retries", "beats", "data phases that ended with RETRY or SPLIT"),
    COUNTER(ahb_figures, bursts, "bursts", "bursts", "data phases that were NONSEQ"),
    COUNTER(ahb_figures, bursts_broken, "bursts_broken", "bursts",
            "bursts of fixed length left before their last beat, but for those abandoned after "
            "ERROR"),
    {.name = NULL},
};

struct ahb_master_figures {
    uint64_t data_cycles, wait_cycles, cycles, bytes, errors, bursts_broken;
    uint64_t grant_wait_cycles, back_pressure_cycles, arbitration_losses, longest_wait;
};

static const struct counter ahb_master_table[] = {
    COUNTER(ahb_master_figures, data_cycles, "data_cycles", "cycles",
            "cycles in which a data phase of it ended with OKAY"),
    COUNTER(ahb_master_figures, grant_wait_cycles, "grant_wait_cycles", "cycles",
            "cycles with HBUSREQ high while HMASTER is another"),
    COUNTER_STEADY(ahb_master_figures, longest_wait, "longest_wait", "cycles",
                   "the most of them that follow one another"),
    COUNTER(ahb_master_figures, wait_cycles, "wait_cycles", "cycles",
            "cycles with HREADY low in a data phase of it"),
    COUNTER(ahb_master_figures, back_pressure_cycles, "back_pressure_cycles", "cycles",
            "cycles in which it shows BUSY: it cannot give or take the next beat of its burst"),
    COUNTER_RATIO(ahb_master_figures, data_cycles, 100, cycles, 2, "utilisation", "%",
                  "data_cycles / cycles of the bus"),
    COUNTER(ahb_master_figures, bytes, "bytes", "bytes",
            "moved by data phases of it that ended with OKAY"),
    COUNTER(ahb_master_figures, errors, "errors", "beats",
            "data phases of it that ended with ERROR"),
    COUNTER(ahb_master_figures, bursts_broken, "bursts_broken", "bursts",
            "its bursts of fixed length left before their last beat, but for those abandoned after "
            "ERROR"),
    COUNTER(ahb_master_figures, arbitration_losses, "arbitration_losses", "beats",
            "addresses of others accepted (HREADY high, HTRANS NONSEQ or SEQ, HMASTER another) "
            "while its HBUSREQ was high and its HGRANT low"),
    {.name = NULL},
};

static void tell_bus(const struct ahb_bus *bus, const struct ahb_counts *counts, uint64_t cycles,
                     struct counter_part *part)
{
    const uint64_t period = bus->unit.clock->period_ps, width = bus->width_bits / 8;
    struct ahb_figures figures = {.cycles = cycles,
                                  .elapsed_ps = cycles * period,
                                  .capacity_bytes = cycles * width,
                                  .once = 1,
                                  .period_ps = period,
                                  .width_bytes = width};
    for (unsigned i = 0; i < AHB_MASTERS_MAX; i++) {
        const struct ahb_master_counts *master = &counts->masters[i];
        figures.data_cycles += master->data_cycles;
        figures.grant_wait_cycles += master->grant_wait_cycles;
        figures.wait_cycles += master->wait_cycles;
        figures.back_pressure_cycles += master->back_pressure_cycles;
        figures.bytes += master->bytes;
        figures.errors += master->errors;
        figures.retries += master->retries;
        figures.bursts += master->bursts;
        figures.bursts_broken += master->bursts_broken;
    }
    figures.busy_cycles =
        figures.data_cycles + figures.wait_cycles + figures.errors + figures.retries;
    counter_tell(part, COUNTERS_BUS, 0, ahb_table, &figures, sizeof figures);
}

bool ahb_counters(const struct component *component, uint32_t index, sim_time now,
                  struct counter_part *part)
{
    const struct ahb_bus *bus = component->instance;
    if (index > bus->master_count)
        return false;
    const sim_cycle cycles = bus->view == SIM_NEVER ? 0 : clock_edge_after(bus->unit.clock, now);
    const struct ahb_counts counts = counts_at(bus, cycles - 1);
    if (index == 0) {
        tell_bus(bus, &counts, cycles, part);
        return true;
    }
    const struct ahb_master_counts *master = &counts.masters[index - 1];
    const struct ahb_master_figures figures = {
        .data_cycles = master->data_cycles,
        .wait_cycles = master->wait_cycles,
        .cycles = cycles,
        .bytes = master->bytes,
        .errors = master->errors,
        .bursts_broken = master->bursts_broken,
        .grant_wait_cycles = master->grant_wait_cycles,
        .back_pressure_cycles = master->back_pressure_cycles,
        .arbitration_losses = master->arbitration_losses,
        .longest_wait = master->longest_wait,
    };
    counter_tell(part, COUNTERS_BUS, index, ahb_master_table, &figures, sizeof figures);
    part->sub[0] = "master";
    part->sub[1] = bus->masters[index - 1].name;
    part->hidden = !part->sub[1];
    return true;
}

bool ahb_leaves(const struct component *component, uint32_t index, struct log_line *line,
                struct log_text *text)
{
    const struct ahb_bus *bus = component->instance;
    const uint32_t limit = bus->config.arbiter.starved_after;
    if (!limit || bus->view == SIM_NEVER)
        return false;
    const struct clock *clock = bus->unit.clock;
    const struct ahb_counts counts =
        counts_at(bus, clock_edge_after(clock, clock->kernel->now) - 1);
    for (uint32_t i = 0; i < bus->master_count; i++) {
        const struct ahb_master_counts *one = &counts.masters[i];
        if (one->longest_wait <= limit || index-- > 0)
            continue;
        *line = (struct log_line){.level = LOG_WARNING, .kind = LOG_STATE, .of = bus->name};
        *text = (struct log_text){.used = 0};
        log_add(text,
                "%s waited %llu cycles for the bus, from cycle %llu on, which is more than "
                "starved_after = %u",
                bus->masters[i].name, (unsigned long long)one->longest_wait,
                (unsigned long long)one->longest_from, limit);
        return true;
    }
    return false;
}
