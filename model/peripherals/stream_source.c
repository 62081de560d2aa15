/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stream_source: what sends into a controller: an AXI4-Stream master, or the write side of a FIFO
 * interface (a converter that cannot wait).
 *
 *   cycle      c        c+1      c+2      c+3        period 3
 *   TVALID  ___/-----------------\_________/---      held until TREADY; the next beat shows in c+3
 *   EN      ___/--------\________________ /---       one cycle, whether the word is taken or not
 *
 * Timing
 *   AXI4-Stream: beat i shows in the first cycle that is not before `from`, not before `period` cycles
 *   after beat i-1 showed, and after the handshake of beat i-1. FIFO: EN in the cycles from + j * period;
 *   with `raster` only where j is a slot of the raster that has an item (raster.h), and the next beat of a stream waits so
 *   many periods more; with `gated` only if XFER_REQ was 1 in the cycle before. A stall is drawn (xorshift32, generator 8 of
 *   the seed) once for each cycle in which all else allows it, and takes that cycle away. TLAST on the last
 *   beat of each of `packets`, used in rotation; TUSER on the beats i with i mod user_period = user_phase.
 *
 *   A FIFO's source that has ended and has lost words tells the transfers that wait for them, four periods after the
 *   last; their drivers end them.
 *
 * Inaccuracies
 *   No TID, TDEST, TSTRB. OVERFLOW of a word is counted one cycle after it, as the interface shows it.
 */
#include <string.h>

#include "bus/records.h"
#include "kernel/random.h"
#include "kernel/round.h"
#include "peripherals/device_log.h"
#include "peripherals/fifo_feed.h"
#include "peripherals/stream_device.h"

#define OVER_PERIODS 4    /* as the time-out of a receiver */
#define STALL_GENERATOR 8 /* k of its seed, traces/golden/adi_axi_dmac_ports/README.md */

struct stream_source {
    struct stream_end end; /* first */
    const struct stream_source_config *config;
    bool shown;
    uint32_t content; /* generator state */
    uint64_t sent;    /* beats shown, from the first one */
    uint64_t total;   /* UINT64_MAX: endless */
    sim_cycle due;    /* earliest cycle of the next beat; FIFO: of the next EN */
    uint64_t slot;    /* of the beat shown last, in the raster (raster.h); stream */
    uint32_t packet, packet_beat;
    struct fifo_feeds feeds; /* FIFO */
    sim_cycle over;          /* transfers are told that no more comes; SIM_NEVER if not */
};

static void fill_data(struct stream_source *self, struct axi_stream_beat *beat)
{
    const struct stream_source_config *config = self->config;
    const uint32_t bytes = self->end.link->bytes;
    beat->keep = bytes < 64 ? (UINT64_C(1) << bytes) - 1 : UINT64_MAX;
    if (config->file.path) {
        size_t at = (size_t)(self->sent * bytes % config->file.length);
        size_t rest = config->file.length - at;
        memset(beat->data, 0, bytes);
        memcpy(beat->data, config->file.bytes + at, rest < bytes ? rest : bytes);
        if (rest < bytes && rest < 64)
            beat->keep = (UINT64_C(1) << rest) - 1;
        return;
    }
    for (uint32_t i = 0; i < bytes; i++) {
        self->content =
            config->pattern == STREAM_COUNT ? self->content + 1 : xorshift32(self->content);
        beat->data[i] = (uint8_t)self->content;
    }
}

static void next_beat(struct stream_source *self, sim_cycle shows)
{
    const struct stream_source_config *config = self->config;
    const uint64_t *packets = config->packets.items;
    struct axi_stream_beat *beat = axi_stream_place(self->end.link);
    fill_data(self, beat);
    beat->since = shows;
    beat->user = config->user_period && self->sent % config->user_period == config->user_phase;
    beat->last = 0;
    if (config->packets.count && ++self->packet_beat == packets[self->packet]) {
        beat->last = 1;
        self->packet_beat = 0;
        self->packet = self->packet + 1 < config->packets.count ? self->packet + 1 : 0;
    }
    self->sent++;
}

static sim_cycle stream_step(void *instance, sim_cycle now)
{
    struct stream_source *self = instance;
    const sim_time time = self->end.unit.clock->time;
    struct axi_stream_view view = axi_stream_look(self->end.link, time);
    if (view.valid && view.ready) {
        self->shown = false;
        self->end.counts.beats++;
    }
    if (self->shown)
        return SIM_NEVER;
    bool left = self->sent < self->total;
    bool show = left && now + 1 >= self->due &&
                !xorshift32_stalls(&self->end.stall, self->config->stalls.percent);
    if (show) {
        next_beat(self, now + 1);
        self->due =
            now + 1 + raster_next(&self->config->raster, &self->slot) * self->config->period_cycles;
        self->shown = true;
    }
    axi_stream_drive(self->end.link, time, show ? AXI_STREAM_ALWAYS : AXI_STREAM_NEVER, show);
    if (!show && !left)
        return SIM_NEVER;
    return show || now + 1 >= self->due ? now + 1 : self->due - 1;
}

static void publish_counts(struct stream_source *self, sim_cycle now)
{
    struct fifo_record record = {.overruns = self->end.counts.lost};
    probe_publish(&self->end.probe, now, &record);
}

/* Tells the transfers under way that wait for words that were lost. Returns when to look again. */
static sim_cycle give_up(struct stream_source *self, sim_cycle now)
{
    const bool fails = self->end.counts.lost > 0 && self->sent == self->total &&
                       fifo_feeds_owe(&self->feeds, false);
    if (!fails)
        self->over = SIM_NEVER;
    else if (self->over == SIM_NEVER)
        self->over = now + OVER_PERIODS * self->config->period_cycles;
    fifo_feeds_tell(&self->feeds, self->end.unit.clock->time, self->over <= now);
    return self->over > now ? self->over : SIM_NEVER;
}

static sim_cycle fifo_step(void *instance, sim_cycle now)
{
    struct stream_source *self = instance;
    const struct stream_source_config *config = self->config;
    const sim_time time = self->end.unit.clock->time;
    struct axi_stream_view view = axi_stream_look(self->end.link, time);
    fifo_feeds_look(&self->feeds, time);
    if (view.back & FIFO_OVERFLOW) { /* of the EN in now - 1 */
        self->end.counts.lost++;
        device_lost(&self->end.unit, "overrun: a word is lost (OVERFLOW)", 0, 0, false, NULL);
        self->feeds.owed += self->feeds.open > 0;
        publish_counts(self, now);
    }
    if (view.forward & FIFO_WRITE_EN) {
        self->end.counts.beats++;
        fifo_feeds_item(&self->feeds);
    }
    if (self->due <= now)
        self->due = stream_due(&config->raster, config->from_cycle, config->period_cycles, now);
    bool left = self->sent < self->total;
    bool open = !config->gated || (view.back & FIFO_XFER_REQ);
    bool show = left && now + 1 == self->due && open &&
                !xorshift32_stalls(&self->end.stall, config->stalls.percent);
    if (show)
        next_beat(self, now + 1);
    axi_stream_drive(self->end.link, time, show ? FIFO_WRITE_EN : 0, show);
    /* Two more steps after an EN: to end it, and to see OVERFLOW. */
    if (show || (view.forward & FIFO_WRITE_EN))
        return now + 1;
    if (!left)
        return give_up(self, now);
    if (!open)
        return SIM_NEVER; /* XFER_REQ wakes it */
    return now + 1 >= self->due ? now + 1 : self->due - 1;
}

/* ---- from round to round --------------------------------------------------------------------- */

static const struct state_field counts_rows[] = {
    {STATE_COUNT(struct stream_counts, beats), .figure = true},
    {STATE_COUNT(struct stream_counts, lost), .figure = true},
    {.name = NULL},
};
static const struct state_table counts_round = {STATE_TABLE(stream_counts, counts_rows)};

static const struct state_field end_rows[] = {
    {STATE_PART(struct stream_end, counts, counts_round)},
    {.name = NULL},
};
static const struct state_table end_round = {STATE_TABLE(stream_end, end_rows)};

static const struct state_field round_rows[] = {
    {STATE_PART(struct stream_source, end, end_round)},
    {STATE_COUNT(struct stream_source, content), .figure = true},
    {STATE_COUNT(struct stream_source, sent), .figure = true},
    {STATE_STAMP(struct stream_source, due), .old = 1},
    {STATE_COUNT(struct stream_source, slot), .figure = true},
    {STATE_STAMP(struct stream_source, over)},
    {.name = NULL},
};
static const struct state_table round_state = {STATE_TABLE(stream_source, round_rows)};

/* Where it is in all that has a period of its own: those are part of the round. */
static bool round_tell(void *instance, struct repeat *words)
{
    const struct stream_source *self = instance;
    const struct stream_source_config *config = self->config;
    const sim_cycle now = self->end.unit.clock->cycle;
    if (config->raster.active)
        return false;
    if (config->user_period)
        repeat_same(words, self->sent % config->user_period);
    if (config->file.path)
        repeat_same(words, self->sent * self->end.link->bytes % config->file.length);
    if (now >= config->from_cycle)
        repeat_same(words, (now - config->from_cycle) % config->period_cycles);
    return now >= config->from_cycle;
}

static uint64_t round_limit(const void *instance, const struct round *round, uint64_t times)
{
    const struct stream_source *self = instance;
    const uint64_t growth = round_growth(round, &self->sent);
    const uint64_t left = self->total - self->sent;
    if (growth == 0 || self->total == UINT64_MAX)
        return times;
    return left <= 1 ? 0 : (left - 1) / growth < times ? (left - 1) / growth : times;
}

/* Draws are no sum: they are made. */
static void round_pass(void *instance, const struct round *round)
{
    struct stream_source *self = instance;
    const struct stream_source_config *config = self->config;
    const uint64_t sent = round->times * round_growth(round, &self->sent);
    if (config->file.path || config->pattern == STREAM_COUNT)
        return;
    const uint32_t grown = (uint32_t)(round->times * round_growth(round, &self->content));
    self->content = xorshift32_after(self->content - grown, sent * self->end.link->bytes);
}

static const struct round_hooks source_round = {
    .state = &round_state, .tell = round_tell, .limit = round_limit, .pass = round_pass};

/* ---- building -------------------------------------------------------------------------------- */

static uint64_t total_beats(const struct stream_source_config *config, uint32_t bytes)
{
    if (config->beats)
        return config->beats;
    return config->file.path ? (config->file.length + bytes - 1) / bytes : UINT64_MAX;
}

static int create(struct build *build, struct component *component, bool fifo)
{
    const struct stream_source_config *config = component->config;
    struct stream_source *self = arena_alloc(build->kernel->arena, sizeof *self);
    if (!self)
        return DMASIM_MEMORY;
    self->end.stall = xorshift32_seeded((uint32_t)config->stalls.seed, STALL_GENERATOR);
    self->config = config;
    self->content = config->pattern == STREAM_COUNT ? UINT32_MAX : (uint32_t)config->pattern_seed;
    self->due = config->from_cycle;
    int code = build_stream_end(build, component, config->controller, STREAM_INPUT, fifo,
                                fifo ? fifo_step : stream_step, &self->end);
    if (code != DMASIM_OK)
        return code;
    self->end.unit.round = &source_round;
    self->over = SIM_NEVER;
    self->feeds.item_bytes = self->end.link->bytes;
    self->total = total_beats(config, self->end.link->bytes);
    return code;
}

static void fed(const struct component *component, struct feed *feed)
{
    struct stream_source *self = component->instance;
    fifo_feeds_join(&self->feeds, feed, &self->end.unit);
}

static int create_stream(struct build *build, struct component *component)
{
    return create(build, component, false);
}

static int create_fifo(struct build *build, struct component *component)
{
    return create(build, component, true);
}

static void source_check(const struct plan *plan, const struct component *self, struct check *check)
{
    (void)plan;
    const struct stream_source_config *config = self->config;
    raster_check(&config->raster, 0, self, check);
    if (config->file.path && config->file.length == 0)
        check->fail(check, self, "file", "the file %s is empty", config->file.path);
    if (config->user_period && config->user_phase >= config->user_period)
        check->fail(check, self, "user_phase", "must be below user_period, which is %ju",
                    (uintmax_t)config->user_period);
}

static bool counters(const struct component *component, uint32_t index, sim_time now,
                     struct counter_part *part)
{
    (void)now;
    return stream_counters(component, index, STREAM_INPUT, part);
}

static bool stream_claims(const struct plan *plan, const struct component *self, uint32_t index,
                          struct component_claim *claim)
{
    return stream_claim(plan, ((const struct stream_source_config *)self->config)->controller,
                        STREAM_INPUT, false, index, claim);
}

static bool fifo_claims(const struct plan *plan, const struct component *self, uint32_t index,
                        struct component_claim *claim)
{
    return stream_claim(plan, ((const struct stream_source_config *)self->config)->controller,
                        STREAM_INPUT, true, index, claim);
}

/* ---- parameters ------------------------------------------------------------------------------ */

static const char *const patterns[] = {
    [STREAM_XORSHIFT32] = "xorshift32", [STREAM_COUNT] = "count", NULL};

#define COMMON                                                                                     \
    {.name = "controller",                                                                         \
     .kind = PARAMETER_REFERENCE,                                                                  \
     .flags = PARAMETER_REQUIRED,                                                                  \
     .refers = REFERS_CONTROLLER,                                                                  \
     PARAMETER_AT(stream_source_config, controller),                                               \
     .initial = UINT16_MAX,                                                                        \
     .doc = "Controller whose input it drives."},                                                  \
        {.name = "period",                                                                         \
         .kind = PARAMETER_UINT,                                                                   \
         PARAMETER_AT(stream_source_config, period_cycles),                                        \
         .initial = 1,                                                                             \
         .min = 1,                                                                                 \
         .max = UINT32_MAX,                                                                        \
         .doc = "Cycles from one beat to the next, at least."},                                    \
        {.name = "raster",                                                                         \
         .kind = PARAMETER_GROUP,                                                                  \
         PARAMETER_AT(stream_source_config, raster),                                               \
         .sub = raster_parameters,                                                                 \
         .doc = "Lines and frames with blanking, in beats."},                                      \
        {.name = "from",                                                                           \
         .kind = PARAMETER_UINT,                                                                   \
         PARAMETER_AT(stream_source_config, from_cycle),                                           \
         .max = UINT32_MAX,                                                                        \
         .doc = "First cycle in which a beat may show."},                                          \
        {.name = "beats",                                                                          \
         .kind = PARAMETER_UINT,                                                                   \
         PARAMETER_AT(stream_source_config, beats),                                                \
         .max = UINT64_MAX >> 1,                                                                   \
         .doc =                                                                                    \
             "Beats it has; 0 means those of the file, which is repeated if there are more, or "   \
             "endless."},                                                                          \
        {.name = "stalls",                                                                         \
         .kind = PARAMETER_GROUP,                                                                  \
         PARAMETER_AT(stream_source_config, stalls),                                               \
         .sub = stream_stall_parameters,                                                           \
         .doc = "Seeded stalls."},                                                                 \
        {.name = "file",                                                                           \
         .kind = PARAMETER_FILE,                                                                   \
         PARAMETER_AT(stream_source_config, file),                                                 \
         .doc = "File with the bytes to send."},                                                   \
        {.name = "pattern",                                                                        \
         .kind = PARAMETER_ENUM,                                                                   \
         PARAMETER_AT(stream_source_config, pattern),                                              \
         .names = patterns,                                                                        \
         .doc = "Bytes without a file: xorshift32 (the low byte of one step per byte, from "       \
                "`pattern_seed`) or count (byte i is i)."},                                        \
    {                                                                                              \
        .name = "pattern_seed", .kind = PARAMETER_UINT,                                            \
        PARAMETER_AT(stream_source_config, pattern_seed), .initial = 18, .min = 1,                 \
        .max = UINT32_MAX, .doc = "First state of the pattern xorshift32."                         \
    }

static const struct parameter stream_parameters[] = {
    COMMON,
    {.name = "packets",
     .kind = PARAMETER_UINTS,
     PARAMETER_AT(stream_source_config, packets),
     .min = 1,
     .max = UINT32_MAX,
     .doc = "Lengths of packets in beats, used in rotation; TLAST on the last beat of each."},
    {.name = "user_period",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(stream_source_config, user_period),
     .max = UINT32_MAX,
     .doc = "TUSER on every so many beats; 0 means never."},
    {.name = "user_phase",
     .kind = PARAMETER_UINT,
     PARAMETER_AT(stream_source_config, user_phase),
     .max = UINT32_MAX,
     .doc = "The first beat with TUSER."},
    {.name = NULL},
};

static const struct parameter writer_parameters[] = {
    COMMON,
    {.name = "gated",
     .kind = PARAMETER_BOOL,
     PARAMETER_AT(stream_source_config, gated),
     .doc = "Write only while the controller asks for data (xfer_req)."},
    {.name = NULL},
};

const struct component_type axi_stream_source_type = {
    .name = "axi-stream-source",
    .section = SECTION_PERIPHERALS,
    .doc = "An AXI4-Stream master that feeds a controller, from a pattern or a file.",
    .config_bytes = sizeof(struct stream_source_config),
    .parameters = stream_parameters,
    .create = create_stream,
    .claims = stream_claims,
    .lost = stream_lost,
    .check = source_check,
    .counters = counters,
};

const struct component_type fifo_writer_type = {
    .name = "fifo-writer",
    .section = SECTION_PERIPHERALS,
    .doc = "The write side of a FIFO interface, which cannot be held up; lost words are counted.",
    .config_bytes = sizeof(struct stream_source_config),
    .parameters = writer_parameters,
    .create = create_fifo,
    .fed = fed,
    .claims = fifo_claims,
    .lost = stream_lost,
    .check = source_check,
    .counters = counters,
};
