/* SPDX-License-Identifier: BSD-2-Clause */
/* value: numbers with units, to and from text, in integers only. See value.h. */
#include "scenario/value.h"

#include "kernel/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

__extension__ typedef unsigned __int128 uint128;

#define KILO UINT64_C(1000)
#define KIBI UINT64_C(1024)
#define DECIMALS_MAX 18

static const struct value_unit byte_units[] = {
    {"B", 1, 1, NULL},
    {"kB", KILO, 1, NULL},
    {"KiB", KIBI, 1, "K"},
    {"MB", KILO *KILO, 1, NULL},
    {"MiB", KIBI *KIBI, 1, "M"},
    {"GiB", KIBI *KIBI *KIBI, 1, "G"},
    {0},
};

static const struct value_unit time_units[] = {
    {"ps", 1, 1, NULL},
    {"ns", KILO, 1, NULL},
    {"us", KILO *KILO, 1, NULL},
    {"ms", KILO *KILO *KILO, 1, NULL},
    {"s", KILO *KILO *KILO *KILO, 1, NULL},
    {0},
};

static const struct value_unit frequency_units[] = {
    {"Hz", 1, 1, NULL},
    {"kHz", KILO, 1, NULL},
    {"MHz", KILO *KILO, 1, NULL},
    {"GHz", KILO *KILO *KILO, 1, NULL},
    {0},
};

/* A baud is a bit a second; ten of them carry one byte. */
static const struct value_unit rate_units[] = {
    {"baud", 1, 10, NULL},
    {"B/s", 1, 1, NULL},
    {"kbaud", KILO, 10, NULL},
    {"kB/s", KILO, 1, NULL},
    {"KiB/s", KIBI, 1, NULL},
    {"Mbaud", KILO *KILO, 10, NULL},
    {"MB/s", KILO *KILO, 1, NULL},
    {"MiB/s", KIBI *KIBI, 1, NULL},
    {"GB/s", KILO *KILO *KILO, 1, NULL},
    {0},
};

const struct value_unit *value_units(enum parameter_kind kind)
{
    switch (kind) {
    case PARAMETER_BYTES:
        return byte_units;
    case PARAMETER_TIME:
        return time_units;
    case PARAMETER_FREQUENCY:
        return frequency_units;
    case PARAMETER_RATE:
        return rate_units;
    default:
        return NULL;
    }
}

bool value_needs_unit(enum parameter_kind kind)
{
    return kind == PARAMETER_TIME || kind == PARAMETER_FREQUENCY || kind == PARAMETER_RATE;
}

static const struct value_unit *find_unit(enum parameter_kind kind, const char *word)
{
    const struct value_unit *units = value_units(kind);
    if (!units)
        return NULL;
    if (kind == PARAMETER_TIME && (!strcmp(word, "\xc2\xb5s") || !strcmp(word, "\xce\xbcs")))
        word = "us"; /* micro sign, or the Greek letter */
    for (const struct value_unit *unit = units; unit->name; unit++)
        if (!strcmp(word, unit->name))
            return unit;
    if (kind == PARAMETER_TIME && word[0] == 'M')
        return NULL; /* mega or milli? */
    for (const struct value_unit *unit = units; unit->name; unit++)
        if (ascii_same(word, unit->name) || (unit->also && ascii_same(word, unit->also)))
            return unit;
    return NULL;
}

/* Reads digits of a base, with single "_" between them. Returns how many, or -1 if there are more
 * than `value` can take; *text ends after them. */
static int read_digits(const char **text, int base, uint128 *value)
{
    const uint128 most = (uint128)UINT64_MAX * 1000;
    int count = 0;
    for (;;) {
        const char *at = *text;
        if (count > 0 && *at == '_')
            at++;
        if (ascii_hex(*at) >= (unsigned)base)
            return count;
        *value = *value * (unsigned)base + ascii_hex(*at);
        if (*value > most)
            return -1;
        *text = at + 1;
        count++;
    }
}

static const char *kind_example(enum parameter_kind kind)
{
    switch (kind) {
    case PARAMETER_BYTES:
        return "a number of bytes such as 64, 0x40 or 4 KiB";
    case PARAMETER_TIME:
        return "a time such as 250 ns";
    case PARAMETER_FREQUENCY:
        return "a frequency such as 100 MHz";
    case PARAMETER_RATE:
        return "a data rate such as 3 Mbaud or 10 MB/s";
    case PARAMETER_ADDRESS:
    case PARAMETER_ADDRESSES:
        return "an address such as 0x4000_0000 or NAME + 0x40";
    default:
        return "a whole number such as 16 or 0x10";
    }
}

static bool bad_number(enum parameter_kind kind, const char *text, struct line *error)
{
    line_quote(error, text);
    line_add(error, " is not %s", kind_example(kind));
    return false;
}

static bool bad_unit(enum parameter_kind kind, const char *word, struct line *error)
{
    line_add(error, "unknown unit ");
    line_quote(error, word);
    struct suggestion suggestion;
    suggestion_start(&suggestion, word);
    for (const struct value_unit *unit = value_units(kind); unit && unit->name; unit++)
        suggestion_offer(&suggestion, unit->name);
    suggestion_end(&suggestion, error);
    return false;
}

bool value_parse(enum parameter_kind kind, const char *text, uint64_t *value, struct line *error)
{
    const char *at = text + strspn(text, " ");
    if (*at == '-' && ascii_digit(at[1])) {
        line_quote(error, text);
        line_add(error, " is negative, least is 0");
        return false;
    }
    if (!ascii_digit(*at))
        return bad_number(kind, text, error);

    int base = 10;
    if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X'))
        base = 16;
    else if (at[0] == '0' && at[1] == 'b' && ascii_hex(at[2]) < 2)
        base = 2;
    else if (at[0] == '0' && ascii_digit(at[1])) {
        line_quote(error, text);
        line_add(error, " starts with 0: write it without, or in hexadecimal with 0x");
        return false;
    }
    if (base != 10)
        at += 2;

    uint128 number = 0;
    int count = read_digits(&at, base, &number);
    uint128 scale = 1;
    if (count > 0 && base == 10 && *at == '.') {
        const char *point = at++;
        int decimals = read_digits(&at, 10, &number);
        if (decimals == 0)
            at = point;
        if (decimals < 0 || decimals > DECIMALS_MAX)
            count = -1;
        for (int i = 0; i < decimals && i < DECIMALS_MAX; i++)
            scale *= 10;
    }
    if (count < 0) {
        line_quote(error, text);
        line_add(error, " has too many digits");
        return false;
    }
    if (count == 0)
        return bad_number(kind, text, error);

    at += strspn(at, " ");
    char word[16];
    size_t length = strcspn(at, " ");
    if (at[length + strspn(at + length, " ")] || length >= sizeof word)
        return bad_number(kind, text, error);
    memcpy(word, at, length);
    word[length] = '\0';

    uint128 multiply = 1, divide = scale;
    if (length > 0) {
        if (!value_units(kind)) {
            if (!ascii_letter(word[0]))
                return bad_number(kind, text, error);
            line_quote(error, text);
            line_add(error, " has a unit where a plain number is due");
            return false;
        }
        const struct value_unit *unit = find_unit(kind, word);
        if (!unit)
            return ascii_letter(word[0]) || (word[0] & 0x80) ? bad_unit(kind, word, error)
                                                             : bad_number(kind, text, error);
        multiply = unit->multiply;
        divide *= unit->divide;
    } else if (value_needs_unit(kind) && number != 0) {
        line_quote(error, text);
        line_add(error, " has no unit, write %s", kind_example(kind));
        return false;
    }
    uint128 product = number * multiply; /* < 2^74 * 2^40 */
    if (product % divide) {
        line_quote(error, text);
        line_add(error, " is no whole number of %s",
                 kind == PARAMETER_TIME        ? "picoseconds"
                 : kind == PARAMETER_FREQUENCY ? "hertz"
                 : kind == PARAMETER_RATE      ? "bytes per second"
                 : kind == PARAMETER_BYTES     ? "bytes"
                                               : "1");
        return false;
    }
    product /= divide;
    if (product > UINT64_MAX) {
        line_quote(error, text);
        line_add(error, " is too large");
        return false;
    }
    *value = (uint64_t)product;
    return true;
}

void value_format(enum parameter_kind kind, uint64_t value, char *text, size_t size)
{
    if (kind == PARAMETER_ADDRESS || kind == PARAMETER_ADDRESSES) {
        snprintf(text, size, "0x%" PRIx64, value);
        return;
    }
    const struct value_unit *best = NULL;
    for (const struct value_unit *unit = value_units(kind); unit && unit->name; unit++) {
        bool decimal_bytes = kind == PARAMETER_BYTES && unit->multiply % KILO == 0;
        if (unit->divide == 1 && !decimal_bytes && value % unit->multiply == 0 &&
            (value > 0 || unit->multiply == 1))
            best = unit;
    }
    if (best)
        snprintf(text, size, "%" PRIu64 " %s", value / best->multiply, best->name);
    else
        snprintf(text, size, "%" PRIu64, value);
}

uint64_t value_max(const struct parameter *parameter)
{
    if (parameter->max)
        return parameter->max;
    if (parameter->kind == PARAMETER_TIME)
        return UINT64_MAX - 1; /* all ones is "never" */
    if (parameter->kind == PARAMETER_UINTS || parameter->kind == PARAMETER_ADDRESSES ||
        parameter->size_bytes >= 8)
        return UINT64_MAX;
    return (UINT64_C(1) << parameter->size_bytes * 8) - 1;
}

bool value_unset(const struct parameter *parameter, uint64_t value)
{
    return value == parameter->initial && (value < parameter->min || value > value_max(parameter));
}

/* The kind of one item of a list of numbers. */
static enum parameter_kind item_kind(const struct parameter *parameter)
{
    return parameter->kind == PARAMETER_UINTS       ? PARAMETER_UINT
           : parameter->kind == PARAMETER_ADDRESSES ? PARAMETER_ADDRESS
                                                    : parameter->kind;
}

bool value_allowed(const struct parameter *parameter, uint64_t value, struct line *error)
{
    char text[VALUE_TEXT], least[VALUE_TEXT], most[VALUE_TEXT];
    enum parameter_kind kind = item_kind(parameter);
    if (value < parameter->min || value > value_max(parameter)) {
        value_format(kind, value, text, sizeof text);
        value_format(kind, parameter->min, least, sizeof least);
        value_format(kind, value_max(parameter), most, sizeof most);
        line_add(error, "%s is out of range, allowed: %s to %s", text, least, most);
        if (parameter->beyond)
            line_add(error, "; %s", parameter->beyond);
        return false;
    }
    if (parameter->flags & PARAMETER_POWER_OF_TWO && (value & (value - 1)) != 0) {
        value_format(kind, value, text, sizeof text);
        line_add(error, "%s is not a power of two", text);
        return false;
    }
    return true;
}

void value_store(void *member, size_t size_bytes, uint64_t value)
{
    switch (size_bytes) {
    case 1:
        *(uint8_t *)member = (uint8_t)value;
        break;
    case 2:
        *(uint16_t *)member = (uint16_t)value;
        break;
    case 4:
        *(uint32_t *)member = (uint32_t)value;
        break;
    default:
        *(uint64_t *)member = value;
        break;
    }
}

uint64_t value_load(const void *member, size_t size_bytes)
{
    switch (size_bytes) {
    case 1:
        return *(const uint8_t *)member;
    case 2:
        return *(const uint16_t *)member;
    case 4:
        return *(const uint32_t *)member;
    default:
        return *(const uint64_t *)member;
    }
}
