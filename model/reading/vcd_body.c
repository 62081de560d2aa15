/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vcd_body: times and values. This is where the time goes, so a word is looked at once: eight bytes of
 * it at a time where it can be, and what is rare is left to functions that are not inlined.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reading/vcd_internal.h"

#define SPARE(x) ((uint64_t)0x0101010101010101u * (x))
#define RARE __attribute__((noinline, cold))

/* What a word may begin with. */
enum lead {
    LEAD_BAD,
    LEAD_SPACE,
    LEAD_BIT,
    LEAD_VECTOR,
    LEAD_TIME,
    LEAD_REAL,
    LEAD_STRING,
    LEAD_COMMAND
};

static const unsigned char leads[256] = {
    [' '] = LEAD_SPACE,  ['\n'] = LEAD_SPACE,  ['\t'] = LEAD_SPACE, ['\r'] = LEAD_SPACE,
    ['0'] = LEAD_BIT,    ['1'] = LEAD_BIT,     ['x'] = LEAD_BIT,    ['z'] = LEAD_BIT,
    ['X'] = LEAD_BIT,    ['Z'] = LEAD_BIT,     ['u'] = LEAD_BIT,    ['w'] = LEAD_BIT,
    ['l'] = LEAD_BIT,    ['h'] = LEAD_BIT,     ['U'] = LEAD_BIT,    ['W'] = LEAD_BIT,
    ['L'] = LEAD_BIT,    ['H'] = LEAD_BIT,     ['-'] = LEAD_BIT,    ['b'] = LEAD_VECTOR,
    ['B'] = LEAD_VECTOR, ['#'] = LEAD_TIME,    ['r'] = LEAD_REAL,   ['R'] = LEAD_REAL,
    ['s'] = LEAD_STRING, ['$'] = LEAD_COMMAND,
};

/* The small letter of a digit (V3, X2); 0: it is none. */
static const unsigned char digits[256] = {
    ['0'] = '0', ['1'] = '1', ['x'] = 'x', ['X'] = 'x', ['z'] = 'z',
    ['Z'] = 'z', ['u'] = 'u', ['U'] = 'u', ['w'] = 'w', ['W'] = 'w',
    ['l'] = 'l', ['L'] = 'l', ['h'] = 'h', ['H'] = 'h', ['-'] = '-',
};

static inline uint64_t load(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* A code of up to 7 characters, packed, and its length; 0 if it is longer, or there is none. */
static inline size_t short_code(const char *at, uint64_t *code)
{
    const uint64_t word = load(at);
    /* The lowest bit that is left marks the first byte below 0x21 (they are told apart later). */
    const uint64_t low = (word - SPARE(0x21)) & ~word & SPARE(0x80);
    if (low == 0)
        return 0;
    const size_t length = (size_t)__builtin_ctzll(low) >> 3;
    *code = word & (((uint64_t)1 << 8 * length) - 1);
    return length;
}

static RARE uint32_t long_code(struct vcd *self, const char *at, size_t *length)
{
    while (!vcd_is_space((unsigned char)at[*length]))
        ++*length;
    const uint32_t *entry = vcd_code_entry(self, at, *length, false);
    return entry ? *entry : 0;
}

/* The entry of the code at `at`, 0 if it has none. */
static inline uint32_t entry_of(struct vcd *self, const char *at, size_t *length)
{
    uint64_t code;
    *length = short_code(at, &code);
    if (__builtin_expect(*length == 0, 0))
        return long_code(self, at, length);
    return code < 65536 ? self->short_codes[code] : vcd_hash_find(self, code);
}

/* ---- faults of words --------------------------------------------------------------------------- */

/* Passes a word that is at fault. False to stop. */
static RARE bool bad_word(struct vcd *self, char *at, const char *place, const char *why)
{
    bool strange = false;
    char *end = at;
    for (; !vcd_is_space((unsigned char)*end); end++)
        strange |= (unsigned char)*end <= ' ' || (unsigned char)*end >= 127;
    self->at = end;
    return vcd_fault(self, place, false, "\"%s\": %s", vcd_lead(at).text,
                     strange ? "characters that no VCD may have" : why);
}

static RARE bool bad_code(struct vcd *self, char *at, char *code, uint32_t entry, const char *why)
{
    return bad_word(self, at, code, entry ? why : "no variable has this identifier code");
}

/* ---- values ---------------------------------------------------------------------------------- */

static inline void put_bit(struct vcd *self, uint32_t slot, unsigned char digit)
{
    const unsigned char old = self->bit[slot];
    if (old == digit)
        return;
    if (vcd_touch(self, slot))
        self->bit_before[slot] = old;
    self->bit[slot] = digit;
}

static void put_event(struct vcd *self, uint32_t slot, unsigned char digit)
{
    if (digit != '1' || self->in_dump)
        return;
    if (vcd_touch(self, slot))
        self->occurrences[slot] = 0;
    self->occurrences[slot]++;
}

/* The digits from `at` on: small letters, in place. Their end; *good is false if it is no white space. */
static inline char *pass_digits(char *at, bool *good)
{
    for (uint64_t word; word = load(at), ((word ^ SPARE('0')) & SPARE(0xfe)) == 0;)
        at += 8;
    unsigned char digit;
    while ((digit = digits[(unsigned char)*at]) != 0)
        *at++ = (char)digit;
    *good = vcd_is_space((unsigned char)*at);
    return at;
}

/* Leaves out on the left what the rules of extension put back: 0 of 0 and 1, any other of itself. */
static inline char *shorten(char *at, const char *end)
{
    while (end - at > 1) {
        const char lead = at[0], next = at[1];
        if (lead != next && !(lead == '0' && next == '1'))
            break;
        if (lead == '1')
            break;
        at++;
    }
    return end - at == 1 && *at == 'x' ? at + 1 : at;
}

/* Whether printf's %g may have written it: a decimal number, nan or inf. */
static bool is_real(const char *at, size_t length)
{
    char copy[16];
    const char *end = at + length;
    at += at < end && (*at == '+' || *at == '-');
    if (end - at >= 3 && end - at <= 8 && ((unsigned char)*at | 0x20) >= 'a') {
        for (size_t i = 0; at + i < end; i++)
            copy[i] = (char)((unsigned char)at[i] | 0x20);
        const size_t n = (size_t)(end - at);
        return (n == 3 && (memcmp(copy, "nan", 3) == 0 || memcmp(copy, "inf", 3) == 0)) ||
               (n == 8 && memcmp(copy, "infinity", 8) == 0);
    }
    size_t count = 0;
    for (; at < end && *at >= '0' && *at <= '9'; at++)
        count++;
    if (at < end && *at == '.')
        for (at++; at < end && *at >= '0' && *at <= '9'; at++)
            count++;
    if (count == 0 || at == end)
        return count > 0;
    if (*at != 'e' && *at != 'E')
        return false;
    at++;
    at += at < end && (*at == '+' || *at == '-');
    const char *exponent = at;
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return at == end && at > exponent;
}

/*
 * Gives the value [text, text + length) of a form (the letter of its word, small) to the code at `code`.
 * `count` digits were written. False to stop; self->at is then set, else behind the code.
 */
static bool assign(struct vcd *self, char *code, char form, char *text, size_t length,
                   uint64_t count)
{
    size_t code_length;
    const uint32_t entry = entry_of(self, code, &code_length);
    const uint32_t slot = entry >> VCD_FORM_BITS;
    self->at = code + code_length;
    switch (entry & VCD_FORM_MASK) {
    case VCD_FORM_VECTOR:
        if (form != 'b')
            break;
        if (count > self->sizes[slot])
            return bad_word(self, code, code, "the value has more digits than the variable");
        return vcd_put_text(self, slot, text, length) ||
               vcd_fault(self, code, true, "the values are too long to keep");
    case VCD_FORM_BIT:
    case VCD_FORM_EVENT:
        if (form != 'b')
            break;
        if (count > 1)
            return bad_word(self, code, code, "the value has more digits than the variable");
        if ((entry & VCD_FORM_MASK) == VCD_FORM_BIT)
            put_bit(self, slot, length ? (unsigned char)*text : 'x');
        else
            put_event(self, slot, length ? (unsigned char)*text : 'x');
        return true;
    case VCD_FORM_REAL:
    case VCD_FORM_STRING:
        if (form != ((entry & VCD_FORM_MASK) == VCD_FORM_REAL ? 'r' : 's'))
            break;
        return vcd_put_text(self, slot, text, length) ||
               vcd_fault(self, code, true, "the values are too long to keep");
    default:
        break;
    }
    return bad_code(self, code, code, entry, "the variable is of another kind than the value");
}

/* The code of a value that was read is behind `limit`: keeps the value. */
static RARE bool keep_value(struct vcd *self, const char *place, char form, const char *text,
                            size_t length, uint64_t count)
{
    if (!vcd_text_set(self, &self->pending, text, length))
        return vcd_fault(self, place, true, "the values are too long to keep");
    self->pending_digits = count;
    self->pending_form = form;
    self->state = VCD_VALUE_CODE;
    return true;
}

/* Passes white space up to a word. `limit` if there is none. */
static inline char *pass_space(char *at, const char *limit)
{
    while (at < limit && vcd_is_space((unsigned char)*at))
        at++;
    return at;
}

/* A word b..., r... or s... and its code. False to stop. */
static inline bool value(struct vcd *self, char *word, char *limit, char form, char *text,
                         size_t length, uint64_t count)
{
    char *code = pass_space(text + length, limit);
    if (__builtin_expect(code >= limit, 0)) {
        self->at = limit;
        return keep_value(self, word, form, text, length, count);
    }
    return assign(self, code, form, text, length, count);
}

static bool vector(struct vcd *self, char *word, char *limit)
{
    bool good;
    char *end = pass_digits(word + 1, &good);
    if (!good || end == word + 1)
        return bad_word(self, word, word, "no value: digits are 0, 1, x, z, and VHDL's");
    char *text = shorten(word + 1, end);
    return value(self, word, limit, 'b', text, (size_t)(end - text), (uint64_t)(end - word - 1));
}

static RARE bool other(struct vcd *self, char *word, char *limit, bool real)
{
    size_t length = 0;
    for (; !vcd_is_space((unsigned char)word[length]); length++)
        if ((unsigned char)word[length] <= ' ' || (unsigned char)word[length] >= 127)
            return bad_word(self, word, word, "");
    if (real && !is_real(word + 1, length - 1))
        return bad_word(self, word, word, "no decimal number");
    *word = real ? 'r' : 's';
    return value(self, word, limit, *word, word, length, 0);
}

static RARE bool vcd_other_bit(struct vcd *self, char *at, uint32_t entry, size_t length)
{
    const uint32_t slot = entry >> VCD_FORM_BITS;
    if ((entry & VCD_FORM_MASK) == VCD_FORM_EVENT) {
        put_event(self, slot, digits[(unsigned char)*at]);
        self->at = at + 1 + length;
        return true;
    }
    if (length == 0 && vcd_is_space((unsigned char)at[1]))
        return bad_word(self, at, at, "a value without an identifier code");
    return bad_code(self, at, at, entry,
                    "a variable of more bits, or of another kind, has no such value");
}

/* ---- times and commands ------------------------------------------------------------------------ */

/* A time at `at`. 1: it is later, the step ends; 0: go on; -1: stop. */
static inline int time_word(struct vcd *self, char *at)
{
    char *digit = at + 1;
    uint64_t time = 0;
    unsigned one;
    while ((one = (unsigned char)*digit - (unsigned)'0') <= 9) {
        if (__builtin_expect(time > (INT64_MAX - 9) / 10, 0) &&
            (time > INT64_MAX / 10 || time * 10 + one > INT64_MAX))
            return bad_word(self, at, at, "a time of more than 63 bits") ? 0 : -1;
        time = time * 10 + one;
        digit++;
    }
    if (digit == at + 1 || !vcd_is_space((unsigned char)*digit))
        return bad_word(self, at, at, "no time: # and decimal digits") ? 0 : -1;
    if (__builtin_expect(self->in_dump, 0)) {
        self->in_dump = false;
        if (!vcd_fault(self, at, false, "a time inside a dump section: its $end is missing"))
            return -1;
    }
    self->at = digit;
    if (time > self->time) {
        self->next = time;
        return 1;
    }
    if (time < self->time)
        return bad_word(self, at, at, "time goes back") ? 0 : -1;
    return 0;
}

static bool word_is(const char *at, const char *text)
{
    const size_t length = strlen(text);
    for (size_t i = 0; i < length; i++)
        if (at[i] != text[i])
            return false;
    return vcd_is_space((unsigned char)at[length]);
}

static RARE bool command(struct vcd *self, char *at)
{
    static const char *const dumps[] = {"$dumpvars", "$dumpall", "$dumpon", "$dumpoff"};
    static const char *const declarations[] = {"$date",    "$version", "$timescale",     "$scope",
                                               "$upscope", "$var",     "$enddefinitions"};
    char *end = at;
    while (!vcd_is_space((unsigned char)*end))
        end++;
    self->at = end;
    if (word_is(at, "$end")) {
        if (!self->in_dump)
            return bad_word(self, at, at, "nothing is open that it could end");
        self->in_dump = false;
        return true;
    }
    for (int i = 0; i < 4; i++) {
        if (!word_is(at, dumps[i]))
            continue;
        if (self->in_dump)
            return bad_word(self, at, at, "inside another dump section");
        self->in_dump = true;
        if (i == 0 && self->dumpvars_seen)
            vcd_warn(self, at, "$dumpvars again");
        self->dumpvars_seen |= i == 0;
        return true;
    }
    const bool comment = word_is(at, "$comment");
    bool declaration = false;
    for (int i = 0; i < 7; i++)
        declaration |= word_is(at, declarations[i]);
    if (comment || declaration) {
        self->state = VCD_TEXT;
        self->text_after = VCD_BODY;
        self->text_match = 0;
        if (declaration || self->in_dump)
            return vcd_fault(self, at, false, "\"%s\" %s", vcd_lead(at).text,
                             declaration ? "after $enddefinitions" : "inside a dump section");
        return true;
    }
    return bad_word(self, at, at, "no such command");
}

/* ---- all words --------------------------------------------------------------------------------- */

/* What was left open where the bytes ended: a text, or a value without its code. False to stop. */
static RARE bool resume(struct vcd *self, char *limit)
{
    while (self->at < limit && self->state == VCD_TEXT)
        self->at = vcd_pass_text(self, self->at, limit);
    if (self->state != VCD_VALUE_CODE)
        return true;
    self->at = pass_space(self->at, limit);
    if (self->at >= limit)
        return true;
    self->state = VCD_BODY;
    return assign(self, self->at, self->pending_form, self->pending.text, self->pending.length,
                  self->pending_digits);
}

enum vcd_scan vcd_scan(struct vcd *self, char *limit)
{
    char *at = self->at;
    for (;;) {
        if (__builtin_expect(self->state != VCD_BODY, 0)) {
            if (!resume(self, limit))
                return VCD_SCAN_FAULT;
            at = self->at;
        }
        if (at >= limit) {
            self->at = at;
            return VCD_SCAN_MORE;
        }
        switch ((enum lead)leads[(unsigned char)*at]) {
        case LEAD_SPACE:
            at++;
            continue;
        case LEAD_BIT: {
            size_t length;
            const uint32_t entry = entry_of(self, at + 1, &length);
            if (__builtin_expect((entry & VCD_FORM_MASK) == VCD_FORM_BIT, 1)) {
                put_bit(self, entry >> VCD_FORM_BITS, digits[(unsigned char)*at]);
                at += 1 + length;
                at += *at == '\n';
                continue;
            }
            if (!vcd_other_bit(self, at, entry, length))
                return VCD_SCAN_FAULT;
            break;
        }
        case LEAD_TIME: {
            const int later = time_word(self, at);
            if (later)
                return later > 0 ? VCD_SCAN_STEP : VCD_SCAN_FAULT;
            break;
        }
        case LEAD_VECTOR:
            if (!vector(self, at, limit))
                return VCD_SCAN_FAULT;
            break;
        case LEAD_REAL:
        case LEAD_STRING:
            if (!other(self, at, limit, *at != 's'))
                return VCD_SCAN_FAULT;
            break;
        case LEAD_COMMAND:
            if (!command(self, at))
                return VCD_SCAN_FAULT;
            break;
        default:
            if (!bad_word(self, at, at, "no value, time or command"))
                return VCD_SCAN_FAULT;
            break;
        }
        at = self->at;
    }
}
