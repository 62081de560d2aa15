/* SPDX-License-Identifier: BSD-2-Clause */
/* stream_checker: the rules and the reader, see the header. */
#include "stream_checker.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

const struct check_rule stream_check_rules[] = {STREAM_CHECK_RULE_MAP(CHECK_RULE) CHECK_RULES_END};

void stream_checker_init(struct stream_checker *self, const struct stream_check_options *options,
                         void (*report)(void *context, uint64_t cycle, enum stream_check_rule rule,
                                        const char *text),
                         void *context)
{
    memset(self, 0, sizeof(*self));
    if (options)
        self->options = *options;
    if (self->options.width_bits == 0)
        self->options.width_bits = 32;
    self->report = report;
    self->context = context;
}

static void violated(struct stream_checker *self, const struct stream_check_row *row,
                     enum stream_check_rule rule, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void violated(struct stream_checker *self, const struct stream_check_row *row,
                     enum stream_check_rule rule, const char *format, ...)
{
    if (self->options.skip[rule])
        return;
    self->violations++;
    if (!self->report)
        return;
    char text[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    self->report(self->context, row->cycle, rule, text);
}

/* All lanes of the bus. */
static void all_lanes(const struct stream_checker *self, uint64_t lanes[2])
{
    uint32_t bytes = self->options.width_bits / 8;
    lanes[0] = bytes < 64 ? (UINT64_C(1) << bytes) - 1 : UINT64_MAX;
    lanes[1] = bytes <= 64 ? 0 : UINT64_MAX >> (128 - bytes);
}

/* False if a value is none: then nothing else of the row can be judged. */
static bool check_encoding(struct stream_checker *self, const struct stream_check_row *now)
{
    if (self->rows > 0 && now->cycle != self->before.cycle + 1)
        violated(self, now, STREAM_CHECK_ENCODING, "follows cycle %" PRIu64, self->before.cycle);
    uint64_t lanes[2];
    all_lanes(self, lanes);
    bool wide =
        (now->keep[0] | now->strb[0]) & ~lanes[0] || (now->keep[1] | now->strb[1]) & ~lanes[1];
    if (now->aresetn <= 1 && now->valid <= 1 && now->ready <= 1 &&
        (!now->valid || ((now->last <= 1 || now->last == STREAM_CHECK_UNKNOWN) && !wide)))
        return true;
    violated(self, now, STREAM_CHECK_ENCODING, "a signal has no legal value");
    return false;
}

/* True in reset. */
static bool check_reset(struct stream_checker *self, const struct stream_check_row *now)
{
    bool out_of_it = self->rows > 0 && !self->before.aresetn;
    if (now->aresetn && !out_of_it)
        return false;
    if (now->valid)
        violated(self, now, STREAM_CHECK_RESET, "TVALID %s",
                 now->aresetn ? "in the first cycle after reset" : "in reset");
    if (now->aresetn)
        return false;
    self->open_count = 0;
    return true;
}

static void check_held(struct stream_checker *self, const struct stream_check_row *now)
{
    const struct stream_check_row *before = &self->before;
    if (!now->valid) {
        violated(self, now, STREAM_CHECK_VALID_HELD, "TVALID falls, TREADY was low");
        return;
    }
    bool same = now->last == before->last && now->id == before->id && now->dest == before->dest &&
                now->user == before->user && memcmp(now->keep, before->keep, 16) == 0 &&
                memcmp(now->strb, before->strb, 16) == 0;
    /* The data of position bytes and null bytes mean nothing: 2.4. */
    for (unsigned lane = 0; lane < CHECK_CSV_WIDE_BYTES; lane++)
        if (before->keep[lane / 64] & before->strb[lane / 64] & UINT64_C(1) << lane % 64)
            same &= now->data[lane] == before->data[lane];
    if (!same)
        violated(self, now, STREAM_CHECK_STABLE, "the payload changes, TREADY was low");
}

static void check_keep(struct stream_checker *self, const struct stream_check_row *now)
{
    if ((now->strb[0] & ~now->keep[0]) || (now->strb[1] & ~now->keep[1]))
        violated(self, now, STREAM_CHECK_KEEP_STROBE, "TSTRB %" PRIx64 " with TKEEP %" PRIx64,
                 now->strb[0], now->keep[0]);
    if (!self->options.packed)
        return;
    uint64_t lanes[2];
    all_lanes(self, lanes);
    bool full = now->keep[0] == lanes[0] && now->keep[1] == lanes[1];
    uint64_t low = now->keep[0], high = now->keep[1];
    bool from_lowest = (low & (low + 1)) == 0 && (high & (high + 1)) == 0 &&
                       (high == 0 || low == UINT64_MAX) && low > 0;
    bool ends = now->last != 0; /* a stream without TLAST may end anywhere */
    if (!full && (!ends || !from_lowest))
        violated(self, now, STREAM_CHECK_PACKED, "TKEEP is %" PRIx64 " %016" PRIx64 "%s", high, low,
                 ends ? "" : " without TLAST");
}

/* Index of the packet this transfer belongs to, open_count if it is its first. */
static size_t packet_of(const struct stream_checker *self, const struct stream_check_row *row)
{
    size_t i = 0;
    while (i < self->open_count && (self->open[i].id != row->id || self->open[i].dest != row->dest))
        i++;
    return i;
}

/* A payload as it is first shown. */
static void check_shown(struct stream_checker *self, const struct stream_check_row *now)
{
    check_keep(self, now);
    if (now->last == STREAM_CHECK_UNKNOWN)
        return;
    size_t packet = packet_of(self, now);
    if (self->options.no_interleave && self->open_count > 0 && packet == self->open_count)
        violated(self, now, STREAM_CHECK_INTERLEAVE, "TID %x TDEST %x inside a packet of %x %x",
                 now->id, now->dest, self->open[0].id, self->open[0].dest);
    uint32_t beat = 1 + (packet < self->open_count ? self->open[packet].beats : 0);
    uint32_t beats = self->options.packet_beats;
    if (beats > 0 && now->last != (beat >= beats))
        violated(self, now, STREAM_CHECK_PACKET_BEATS, "TLAST is %u on transfer %u of %u",
                 now->last, beat, beats);
}

static void take_edge(struct stream_checker *self, const struct stream_check_row *now)
{
    self->beats++;
    if (now->last == STREAM_CHECK_UNKNOWN)
        return;
    size_t packet = packet_of(self, now);
    if (now->last) {
        self->packets++;
        if (packet < self->open_count)
            self->open[packet] = self->open[--self->open_count];
        return;
    }
    if (packet == self->open_count) {
        if (packet == STREAM_CHECK_PACKETS_MAX)
            return;
        self->open[packet].id = now->id;
        self->open[packet].dest = now->dest;
        self->open[packet].beats = 0;
        self->open_count++;
    }
    self->open[packet].beats++;
}

void stream_checker_row(struct stream_checker *self, const struct stream_check_row *row)
{
    if (!check_encoding(self, row))
        return;
    bool reset = check_reset(self, row);
    bool waited = self->rows > 0 && self->before.valid && !self->before.ready;
    if (!reset) {
        if (waited)
            check_held(self, row);
        else if (row->valid)
            check_shown(self, row);
        if (row->valid && row->ready)
            take_edge(self, row);
    }
    self->before = *row;
    if (reset)
        self->before.valid = 0;
    self->rows++;
}

void stream_checker_end(struct stream_checker *self)
{
    if (!self->options.complete)
        return;
    bool waits = self->rows > 0 && self->before.valid && !self->before.ready;
    if (self->open_count > 0 || waits)
        violated(self, &self->before, STREAM_CHECK_COMPLETE, "ends with %zu packets under way%s",
                 self->open_count, waits ? " and TVALID waiting" : "");
}

/* ---- reader ---------------------------------------------------------------------------------- */

#define COLUMN(label, how, member)                                                                 \
    {                                                                                              \
        label, how, offsetof(struct stream_check_row, member)                                      \
    }

static const struct check_csv_column columns[] = {
    COLUMN("cycle", CHECK_CSV_CYCLE, cycle),    COLUMN("ARESETn", CHECK_CSV_DECIMAL, aresetn),
    COLUMN("TVALID", CHECK_CSV_DECIMAL, valid), COLUMN("TREADY", CHECK_CSV_DECIMAL, ready),
    COLUMN("TLAST", CHECK_CSV_DECIMAL, last),   COLUMN("TID", CHECK_CSV_HEX, id),
    COLUMN("TDEST", CHECK_CSV_HEX, dest),       COLUMN("TUSER", CHECK_CSV_HEX64, user),
    COLUMN("TKEEP", CHECK_CSV_MASK, keep),      COLUMN("TSTRB", CHECK_CSV_MASK, strb),
    COLUMN("TDATA", CHECK_CSV_WIDE, data),
};

static bool present(const struct stream_check_reader *self, const char *name)
{
    return self->csv.present[check_csv_find(&self->csv, name)];
}

bool stream_check_reader_init(struct stream_check_reader *self, FILE *file)
{
    self->width_bits = 0;
    if (!check_csv_init(&self->csv, file, columns, sizeof(columns) / sizeof(columns[0])))
        return false;
    if (present(self, "TVALID"))
        return true;
    snprintf(self->csv.error, sizeof(self->csv.error), "not the columns of an AXI-Stream");
    return false;
}

bool stream_check_reader_next(struct stream_check_reader *self, struct stream_check_row *row)
{
    memset(row, 0, sizeof(*row));
    row->cycle = self->csv.line - 1; /* where there is no such column */
    row->aresetn = 1;
    row->ready = !present(self, "TREADY");
    row->last = STREAM_CHECK_UNKNOWN;
    if (!check_csv_next(&self->csv, row))
        return false;
    self->width_bits = 4 * self->csv.digits[check_csv_find(&self->csv, "TDATA")];
    uint32_t bytes = self->width_bits ? self->width_bits / 8 : 4;
    const uint64_t all[2] = {bytes < 64 ? (UINT64_C(1) << bytes) - 1 : UINT64_MAX,
                             bytes <= 64 ? 0 : UINT64_MAX >> (128 - bytes)};
    if (!present(self, "TKEEP"))
        memcpy(row->keep, all, sizeof(all));
    if (!present(self, "TSTRB"))
        memcpy(row->strb, row->keep, sizeof(row->keep)); /* 3.1 */
    return true;
}
