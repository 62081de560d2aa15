/* SPDX-License-Identifier: BSD-2-Clause */
/* ahb_checker: the rules, see the header. */
#include "ahb_checker.h"

#include <stdarg.h>
#include <string.h>

enum { IDLE, BUSY, NONSEQ, SEQ };
enum { OKAY, ERROR, RETRY, SPLIT };
enum { SINGLE, INCR, WRAP4, INCR4, WRAP8, INCR8, WRAP16, INCR16 };

#define KIB 1024u

const struct check_rule ahb_check_rules[] = {AHB_CHECK_RULE_MAP(CHECK_RULE) CHECK_RULES_END};

static const char *const trans_names[] = {"IDLE", "BUSY", "NONSEQ", "SEQ"};
static const char *const resp_names[] = {"OKAY", "ERROR", "RETRY", "SPLIT"};
static const char *const burst_names[] = {"SINGLE", "INCR",  "WRAP4",  "INCR4",
                                          "WRAP8",  "INCR8", "WRAP16", "INCR16"};

void ahb_checker_init(struct ahb_checker *self, const struct ahb_check_options *options,
                      void (*report)(void *context, uint64_t cycle, enum ahb_check_rule rule,
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

static void violated(struct ahb_checker *self, const struct ahb_check_row *row,
                     enum ahb_check_rule rule, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void violated(struct ahb_checker *self, const struct ahb_check_row *row,
                     enum ahb_check_rule rule, const char *format, ...)
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

/* Beats of a fixed-length burst (SINGLE is one of 1), 0 for INCR. */
static uint32_t length_beats(uint32_t hburst)
{
    if (hburst == INCR)
        return 0;
    return hburst == SINGLE ? 1 : 2u << hburst / 2;
}

static uint32_t address_after(uint32_t address, uint32_t hburst, uint32_t hsize)
{
    uint32_t step = 1u << hsize, next = address + step;
    if (hburst != WRAP4 && hburst != WRAP8 && hburst != WRAP16)
        return next;
    uint32_t block = length_beats(hburst) * step;
    return (address & ~(block - 1)) | (next & (block - 1));
}

static bool one_bit(uint32_t vector)
{
    return vector != 0 && (vector & (vector - 1)) == 0;
}

static uint32_t bit_index(uint32_t vector)
{
    uint32_t index = 0;
    while (vector > 1) {
        vector >>= 1;
        index++;
    }
    return index;
}

/* False if a value is wider than its wires: then nothing else of the row can be judged. */
static bool check_encoding(struct ahb_checker *self, const struct ahb_check_row *now)
{
    if (self->rows > 0 && now->cycle != self->before.cycle + 1)
        violated(self, now, CHECK_ENCODING, "follows cycle %llu",
                 (unsigned long long)self->before.cycle);
    if (now->hmaster <= 15 && (now->hbusreq | now->hlock | now->hgrant) <= 0xffff &&
        now->htrans <= SEQ && now->hburst <= INCR16 && now->hsize <= 7 && now->hresp <= SPLIT &&
        now->hready <= 1 && now->hwrite <= 1 && now->hmastlock <= 1)
        return true;
    violated(self, now, CHECK_ENCODING, "a signal has a value wider than its wires");
    return false;
}

/* Who is granted, who owns the address bus, and the lock. */
static void check_ownership(struct ahb_checker *self, const struct ahb_check_row *now)
{
    const struct ahb_check_row *before = &self->before;

    if (!one_bit(now->hgrant) && !(now->hgrant == 0 && self->options.grant_nobody))
        violated(self, now, CHECK_GRANT_ONE_HOT, "HGRANT is %x", now->hgrant);
    if (!self->options.ignore_lock && now->hmastlock && now->hgrant != 1u << now->hmaster)
        violated(self, now, CHECK_LOCK_HELD, "HGRANT is %x while master %u holds the lock",
                 now->hgrant, now->hmaster);
    if (self->rows == 0) {
        self->owned = !self->options.grant_nobody || now->hgrant != 0;
        return;
    }
    if (!before->hready) {
        if (now->hmaster != before->hmaster)
            violated(self, now, CHECK_OWNER_READY, "HMASTER goes from %u to %u, HREADY was low",
                     before->hmaster, now->hmaster);
        if (now->hmastlock != before->hmastlock)
            violated(self, now, CHECK_MASTLOCK, "HMASTLOCK changes, HREADY was low");
        return;
    }
    uint32_t granted = bit_index(before->hgrant);
    uint32_t locked = before->hgrant ? before->hlock >> granted & 1 : 0;
    if (now->hmaster != granted)
        violated(self, now, CHECK_OWNER_GRANT, "HMASTER is %u, HGRANT was %x", now->hmaster,
                 before->hgrant);
    if (now->hmastlock != locked)
        violated(self, now, CHECK_MASTLOCK, "HMASTLOCK is %u, HLOCK of the granted master was %u",
                 now->hmastlock, locked);
    self->owned = before->hgrant != 0;
}

/* The slave's answer to the transfer in its data phase. */
static void check_response(struct ahb_checker *self, const struct ahb_check_row *now)
{
    const struct ahb_check_row *before = &self->before;
    bool second = self->rows > 0 && !before->hready && before->hresp != OKAY;

    if (!self->data.transfer) {
        if (!now->hready || now->hresp != OKAY)
            violated(self, now, CHECK_IDLE_OKAY, "HREADY %u %s after IDLE or BUSY", now->hready,
                     resp_names[now->hresp]);
    } else if (second) {
        if (!now->hready || now->hresp != before->hresp)
            violated(self, now, CHECK_TWO_CYCLE, "HREADY %u %s after a first cycle of %s",
                     now->hready, resp_names[now->hresp], resp_names[before->hresp]);
    } else if (now->hready && now->hresp != OKAY) {
        violated(self, now, CHECK_TWO_CYCLE, "%s without a first cycle with HREADY low",
                 resp_names[now->hresp]);
    }
    if (self->data.transfer && !now->hready && now->hresp == OKAY &&
        ++self->data.waits > self->options.max_waits && self->options.max_waits > 0)
        violated(self, now, CHECK_WAITS, "%u wait states, %u are allowed", self->data.waits,
                 self->options.max_waits);
}

/* From the second cycle of SPLIT to its HSPLIT the arbiter passes a master over. */
static void check_split(struct ahb_checker *self, const struct ahb_check_row *now)
{
    const struct ahb_check_row *before = &self->before;
    if (self->rows > 0 && self->data.transfer && !before->hready && before->hresp == SPLIT)
        self->split |= 1u << self->data.master;
    self->split &= ~now->hsplit;
    if (now->hgrant & self->split)
        violated(self, now, CHECK_SPLIT_MASK, "HGRANT is %x, split are %x", now->hgrant,
                 self->split);
}

/* HWDATA of a write in the lanes that its address and size select. */
static void check_write_data(struct ahb_checker *self, const struct ahb_check_row *now)
{
    const struct ahb_check_row *before = &self->before;
    if (self->rows == 0 || before->hready || !self->data.transfer || !self->data.hwrite)
        return;
    uint32_t first = self->data.haddr % (self->options.width_bits / 8);
    for (uint32_t byte = first; byte < first + (1u << self->data.hsize) && byte < 16; byte++) {
        uint32_t shift = byte % 8 * 8;
        if ((now->hwdata[byte / 8] ^ before->hwdata[byte / 8]) >> shift & 0xff) {
            violated(self, now, CHECK_WRITE_DATA, "byte lane %u changes in a wait state", byte);
            return;
        }
    }
}

/* What the address phase may do in a cycle that is not its first. */
static void check_extended(struct ahb_checker *self, const struct ahb_check_row *now)
{
    const struct ahb_check_row *before = &self->before;
    bool answered = before->hresp != OKAY; /* now is the second cycle of that answer */
    bool own = self->owned && now->hmaster == self->data.master;

    if (answered && own) {
        if (self->burst.open)
            self->burst.excused = true;
        if (before->hresp != ERROR && now->htrans != IDLE)
            violated(self, now, CHECK_RETRY_IDLE, "%s in the second cycle of %s",
                     trans_names[now->htrans], resp_names[before->hresp]);
        if (now->htrans == IDLE) {
            self->burst.open = false;
            return;
        }
    }
    if (now->htrans != before->htrans)
        violated(self, now, CHECK_STABLE, "HTRANS goes from %s to %s, HREADY was low",
                 trans_names[before->htrans], trans_names[now->htrans]);
    else if (now->htrans != IDLE && (now->haddr != before->haddr || now->hburst != before->hburst ||
                                     now->hsize != before->hsize || now->hwrite != before->hwrite))
        violated(self, now, CHECK_STABLE, "address or control changes, HREADY was low");
}

static void check_alignment(struct ahb_checker *self, const struct ahb_check_row *now)
{
    if (8u << now->hsize > self->options.width_bits)
        violated(self, now, CHECK_SIZE, "HSIZE %u on a bus of %u bit", now->hsize,
                 self->options.width_bits);
    if (now->haddr & ((1u << now->hsize) - 1))
        violated(self, now, CHECK_ALIGNMENT, "HADDR %08x with HSIZE %u", now->haddr, now->hsize);
}

/* The burst under way ends here, without having been cut off by the arbiter. */
static void burst_ends(struct ahb_checker *self, const struct ahb_check_row *now)
{
    uint32_t length = length_beats(self->burst.hburst);
    if (self->burst.open && !self->burst.excused && self->burst.beats < length)
        violated(self, now, CHECK_LENGTH, "%s ends after %u beats", burst_names[self->burst.hburst],
                 self->burst.beats);
    self->burst.open = false;
}

static void check_nonseq(struct ahb_checker *self, const struct ahb_check_row *now)
{
    burst_ends(self, now);
    check_alignment(self, now);
    bool wraps = now->hburst == WRAP4 || now->hburst == WRAP8 || now->hburst == WRAP16;
    uint32_t bytes = (length_beats(now->hburst) ? length_beats(now->hburst) : 1) << now->hsize;
    if (!wraps && now->haddr % KIB + bytes > KIB)
        violated(self, now, CHECK_KIB, "%s of %u bytes at %08x crosses 1 KiB",
                 burst_names[now->hburst], bytes, now->haddr);

    uint32_t master = now->hmaster;
    if (self->retry[master].pending) {
        if (now->haddr != self->retry[master].haddr || now->hsize != self->retry[master].hsize ||
            now->hwrite != self->retry[master].hwrite)
            violated(self, now, CHECK_RETRY_AGAIN, "HADDR %08x, the retried transfer is at %08x",
                     now->haddr, self->retry[master].haddr);
        else if (now->hmastlock != self->retry[master].hmastlock)
            violated(self, now, CHECK_RETRY_AGAIN,
                     "HMASTLOCK %u, that of the retried transfer was %u", now->hmastlock,
                     self->retry[master].hmastlock);
        self->retry[master].pending = false;
    }
    self->burst.open = true;
    self->burst.excused = false;
    self->burst.hburst = now->hburst;
    self->burst.hsize = now->hsize;
    self->burst.hwrite = now->hwrite;
    self->burst.hmastlock = now->hmastlock;
    self->burst.start = now->haddr;
    self->burst.next = address_after(now->haddr, now->hburst, now->hsize);
    self->burst.beats = 1;
}

/* SEQ and BUSY: inside a burst. */
static void check_inside(struct ahb_checker *self, const struct ahb_check_row *now)
{
    bool seq = now->htrans == SEQ;
    if (!self->burst.open) {
        violated(self, now, CHECK_FIRST, "%s outside a burst", trans_names[now->htrans]);
        return;
    }
    check_alignment(self, now);
    uint32_t length = length_beats(self->burst.hburst);
    if (length && self->burst.beats >= length)
        violated(self, now, CHECK_LENGTH, "%s after %u beats of %s", trans_names[now->htrans],
                 self->burst.beats, burst_names[self->burst.hburst]);
    if (now->hburst != self->burst.hburst || now->hsize != self->burst.hsize ||
        now->hwrite != self->burst.hwrite)
        violated(self, now, CHECK_CONTROL, "HBURST, HSIZE or HWRITE changes inside a burst");
    if (now->hmastlock != self->burst.hmastlock)
        violated(self, now, CHECK_LOCK_BURST,
                 "HMASTLOCK is %u, at the burst's first beat it was %u", now->hmastlock,
                 self->burst.hmastlock);
    if (now->haddr != self->burst.next)
        violated(self, now, seq ? CHECK_SEQUENCE : CHECK_BUSY,
                 "HADDR is %08x, next in the burst is %08x", now->haddr, self->burst.next);
    if (!seq)
        return;
    if (now->haddr / KIB != self->burst.start / KIB)
        violated(self, now, CHECK_KIB, "SEQ at %08x, the burst began at %08x", now->haddr,
                 self->burst.start);
    if (self->burst.hburst == INCR && !(self->before.hbusreq >> now->hmaster & 1))
        violated(self, now, CHECK_REQUEST, "SEQ in an INCR, HBUSREQ of master %u was low",
                 now->hmaster);
    self->burst.beats++;
    self->burst.next = address_after(now->haddr, self->burst.hburst, self->burst.hsize);
}

/* The first cycle of an address phase. */
static void check_address(struct ahb_checker *self, const struct ahb_check_row *now,
                          bool owned_before)
{
    bool moved =
        self->rows > 0 && (now->hmaster != self->before.hmaster || self->owned != owned_before);
    if (moved) {
        self->burst.open = false; /* early burst termination by the arbiter: 3.11.4 */
        if (now->htrans == BUSY || now->htrans == SEQ) {
            violated(self, now, CHECK_HANDOVER, "%s is the first of master %u",
                     trans_names[now->htrans], now->hmaster);
            return;
        }
    }
    if (!self->owned && now->htrans != IDLE) {
        violated(self, now, CHECK_OWNER_NONE, "%s by master %u, nobody was granted",
                 trans_names[now->htrans], now->hmaster);
        return;
    }
    if (now->htrans == NONSEQ)
        check_nonseq(self, now);
    else if (now->htrans == IDLE)
        burst_ends(self, now);
    else
        check_inside(self, now);
}

/* Takes the edge that ends the cycle. */
static void take_edge(struct ahb_checker *self, const struct ahb_check_row *now)
{
    if (!now->hready)
        return;
    if (self->data.transfer && (now->hresp == RETRY || now->hresp == SPLIT)) {
        uint32_t master = self->data.master;
        self->retry[master].pending = true;
        self->retry[master].haddr = self->data.haddr;
        self->retry[master].hsize = self->data.hsize;
        self->retry[master].hwrite = self->data.hwrite;
        self->retry[master].hmastlock = self->data.hmastlock;
    }
    self->data.transfer = now->htrans == NONSEQ || now->htrans == SEQ;
    self->data.master = now->hmaster;
    self->data.haddr = now->haddr;
    self->data.hsize = now->hsize;
    self->data.hwrite = now->hwrite;
    self->data.hmastlock = now->hmastlock;
    self->data.waits = 0;
}

void ahb_checker_row(struct ahb_checker *self, const struct ahb_check_row *row)
{
    bool owned_before = self->owned;
    if (!check_encoding(self, row))
        return;
    check_ownership(self, row);
    check_response(self, row);
    check_split(self, row);
    check_write_data(self, row);
    if (self->rows > 0 && !self->before.hready)
        check_extended(self, row);
    else
        check_address(self, row, owned_before);
    take_edge(self, row);
    self->before = *row;
    self->rows++;
}
