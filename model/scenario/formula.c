/* SPDX-License-Identifier: BSD-2-Clause */
/* formula: a text becomes a short program for a stack of values. See formula.h. */
#include "scenario/formula.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/base.h"
#include "scenario/formula_code.h"
#include "scenario/value.h"

#define CODE_MAX 1024u

struct parser {
    struct arena *arena;
    const char *text, *at;
    struct formula_error *error;
    bool failed;
    unsigned depth; /* of nesting */
    unsigned stack; /* values on it after the steps so far */
    struct step steps[CODE_MAX];
    uint32_t step_count;
    struct name names[FORMULA_NAMES_MAX];
    uint32_t name_count;
};

/* ---- errors and steps ------------------------------------------------------------------------ */

__attribute__((format(printf, 3, 4))) static void fail(struct parser *self, const char *at,
                                                       const char *format, ...)
{
    if (self->failed)
        return;
    self->failed = true;
    self->error->offset = (size_t)(at - self->text);
    va_list list;
    va_start(list, format);
    vsnprintf(self->error->text, sizeof self->error->text, format, list);
    va_end(list);
}

/* Adds a step that takes `taken` values from the stack and puts one there. */
static struct step *add_step(struct parser *self, enum operation operation, unsigned taken)
{
    if (self->step_count == CODE_MAX || self->stack - taken + 1 > FORMULA_DEPTH_MAX) {
        fail(self, self->at, "the expression is too long");
        return &self->steps[0];
    }
    self->stack = self->stack - taken + 1;
    struct step *step = &self->steps[self->step_count++];
    *step = (struct step){.operation = operation};
    return step;
}

/* ---- words ----------------------------------------------------------------------------------- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void skip_blanks(struct parser *self)
{
    self->at += strspn(self->at, " \t\r\n");
}

/* Characters of the word that starts here: letters, digits, "_", and "-" and "." between them. */
static size_t word_length(const char *at)
{
    size_t length = 0;
    if (!is_letter(*at))
        return 0;
    while (is_letter(at[length]) || is_digit(at[length]) ||
           ((at[length] == '-' || at[length] == '.') &&
            (is_letter(at[length + 1]) || is_digit(at[length + 1]))))
        length++;
    return length;
}

/* Takes the mark if it stands next. */
static bool take(struct parser *self, const char *mark)
{
    const size_t length = strlen(mark);
    skip_blanks(self);
    if (strncmp(self->at, mark, length) != 0 ||
        (is_letter(*mark) && word_length(self->at) != length))
        return false;
    self->at += length;
    return true;
}

static char *copy(struct parser *self, const char *from, size_t length)
{
    char *text = arena_alloc(self->arena, length + 1);
    if (!text)
        fail(self, from, "out of memory");
    else
        memcpy(text, from, length);
    return text;
}

/* ---- values ---------------------------------------------------------------------------------- */

/* The unit that a number of this kind becomes. */
static const struct {
    enum parameter_kind kind;
    double of; /* of the kind's own unit in it */
} units[] = {
    {PARAMETER_UINT, 1},      {PARAMETER_BYTES, 1}, {PARAMETER_TIME, 1e3},
    {PARAMETER_FREQUENCY, 1}, {PARAMETER_RATE, 1},
};

/* A number without a unit, as C has it, whatever the locale: digits, a point, an exponent. */
static double plain_number(const char **at)
{
    double value = 0, place = 1;
    int exponent = 0;
    const char *text = *at;
    for (; is_digit(*text) || (*text == '_' && is_digit(text[1])); text++)
        if (*text != '_')
            value = value * 10 + (*text - '0');
    if (*text == '.' && is_digit(text[1]))
        for (text++; is_digit(*text); text++) {
            value = value * 10 + (*text - '0');
            place *= 10;
        }
    if ((*text == 'e' || *text == 'E') &&
        (is_digit(text[1]) || ((text[1] == '-' || text[1] == '+') && is_digit(text[2])))) {
        const bool negative = text[1] == '-';
        for (text += is_digit(text[1]) ? 1 : 2; is_digit(*text); text++)
            exponent = exponent < 1000 ? exponent * 10 + (*text - '0') : exponent;
        exponent = negative ? -exponent : exponent;
    }
    *at = text;
    value /= place;
    return exponent ? value * pow(10, exponent) : value;
}

double formula_number(const char *text)
{
    for (size_t i = 0; i < COUNT(units); i++) {
        struct line line = {0};
        uint64_t value;
        if (value_parse(units[i].kind, text, &value, &line))
            return (double)value / units[i].of;
    }
    const char *end = text;
    const double plain = is_digit(*text) ? plain_number(&end) : NAN;
    return *end ? NAN : plain;
}

/* Bytes of the unit's word at `at`, 0 if there is none; of "MB/s" the whole. */
static size_t unit_length(const char *at)
{
    size_t length = 0;
    while (is_letter(at[length]))
        length++;
    if (length && at[length] == '/' && at[length + 1] == 's' && !is_letter(at[length + 2]) &&
        (at[length - 1] == 'B'))
        length += 2;
    return length;
}

static double unit_of(const char *word, size_t length)
{
    for (size_t i = 0; i < COUNT(units); i++)
        for (const struct value_unit *unit = value_units(units[i].kind); unit && unit->name; unit++)
            if (strlen(unit->name) == length && strncmp(unit->name, word, length) == 0)
                return (double)unit->multiply / (double)unit->divide / units[i].of;
    return NAN;
}

static void parse_number(struct parser *self)
{
    const char *start = self->at;
    double value = 0;
    if (self->at[0] == '0' && (self->at[1] == 'x' || self->at[1] == 'X')) {
        self->at += 2;
        const size_t digits = strspn(self->at, "0123456789abcdefABCDEF_");
        for (size_t i = 0; i < digits; i++) {
            const char c = self->at[i];
            if (c != '_')
                value = value * 16 + (is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
        }
        self->at += digits;
        if (digits == 0)
            fail(self, start, "0x needs digits");
    } else {
        value = plain_number(&self->at);
    }
    const char *word = self->at + strspn(self->at, " ");
    const size_t length = unit_length(word);
    const double unit = length ? unit_of(word, length) : NAN;
    if (!isnan(unit)) {
        value *= unit;
        self->at = word + length;
    } else if (length && word == self->at) {
        fail(self, word, "\"%.*s\" is no unit", length > 20 ? 20 : (int)length, word);
    }
    add_step(self, OP_NUMBER, 0)->number = value;
}

static void parse_text(struct parser *self)
{
    const char mark = *self->at++;
    const char *end = strchr(self->at, mark);
    if (!end) {
        fail(self, self->at - 1, "the text that starts here does not end");
        return;
    }
    const char *text = copy(self, self->at, (size_t)(end - self->at));
    add_step(self, OP_TEXT, 0)->text = text;
    self->at = end + 1;
}

static void add_name(struct parser *self, const char *at, size_t length)
{
    uint32_t i = 0;
    while (i < self->name_count &&
           !(strlen(self->names[i].text) == length && memcmp(self->names[i].text, at, length) == 0))
        i++;
    if (i == FORMULA_NAMES_MAX) {
        fail(self, at, "too many names, an expression has at most %u", FORMULA_NAMES_MAX);
        return;
    }
    if (i == self->name_count) {
        const char *text = copy(self, at, length);
        if (!text)
            return;
        self->names[self->name_count++] = (struct name){text, (size_t)(at - self->text)};
    }
    add_step(self, OP_NAME, 0)->index = i;
}

/* ---- the grammar ----------------------------------------------------------------------------- */

static void parse_or(struct parser *self);

static const struct function {
    const char *name;
    enum operation operation;
    unsigned least, most; /* values */
} functions[] = {
    {"abs", OP_ABS, 1, 1},   {"ceil", OP_CEIL, 1, 1},   {"floor", OP_FLOOR, 1, 1},
    {"log2", OP_LOG2, 1, 1}, {"round", OP_ROUND, 1, 1}, {"sqrt", OP_SQRT, 1, 1},
    {"min", OP_MIN, 1, 32},  {"max", OP_MAX, 1, 32},    {"if", OP_IF, 3, 3},
};

static void parse_call(struct parser *self, const struct function *function)
{
    const char *start = self->at;
    unsigned count = 0;
    do {
        parse_or(self);
        count++;
        /* min and max fold as they go, so that the stack stays low */
        if (count > 1 && function->operation != OP_IF && function->most > 1)
            add_step(self, function->operation, 2);
    } while (!self->failed && take(self, ","));
    if (!take(self, ")"))
        fail(self, self->at, "\")\" is missing");
    else if (count < function->least || count > function->most)
        fail(self, start, "%s takes %u value%s", function->name, function->least,
             function->least == 1 ? "" : "s");
    else if (function->operation == OP_IF)
        add_step(self, OP_IF, 3);
    else if (function->most == 1)
        add_step(self, function->operation, 1);
}

static void parse_word(struct parser *self)
{
    const size_t length = word_length(self->at);
    const char *start = self->at, *after = start + length;
    static const char *const keywords[] = {"and", "or", "not"};
    for (size_t i = 0; i < COUNT(keywords); i++)
        if (strlen(keywords[i]) == length && strncmp(keywords[i], start, length) == 0) {
            fail(self, start, "a value is missing before \"%s\"", keywords[i]);
            return;
        }
    self->at = after;
    if (strncmp(start, "true", length) == 0 && length == 4) {
        add_step(self, OP_NUMBER, 0)->number = 1;
        return;
    }
    if (strncmp(start, "false", length) == 0 && length == 5) {
        add_step(self, OP_NUMBER, 0)->number = 0;
        return;
    }
    if (!take(self, "(")) {
        self->at = after;
        add_name(self, start, length);
        return;
    }
    for (size_t i = 0; i < COUNT(functions); i++)
        if (strlen(functions[i].name) == length && strncmp(functions[i].name, start, length) == 0) {
            parse_call(self, &functions[i]);
            return;
        }
    fail(self, start, "no function \"%.*s\": abs, ceil, floor, if, log2, max, min, round, sqrt",
         length > 30 ? 30 : (int)length, start);
}

static void parse_value(struct parser *self)
{
    skip_blanks(self);
    const char c = *self->at;
    if (is_digit(c) || (c == '.' && is_digit(self->at[1]))) {
        parse_number(self);
    } else if (c == '"' || c == '\'') {
        parse_text(self);
    } else if (c == '`') {
        const char *end = strchr(self->at + 1, '`');
        if (!end || end == self->at + 1) {
            fail(self, self->at, "the name that starts here does not end");
            return;
        }
        add_name(self, self->at + 1, (size_t)(end - self->at - 1));
        self->at = end + 1;
    } else if (take(self, "(")) {
        const char *start = self->at - 1;
        parse_or(self);
        if (!take(self, ")"))
            fail(self, start, "\"(\" is not closed");
    } else if (is_letter(c)) {
        parse_word(self);
    } else if (c == '\0') {
        fail(self, self->at, "a value is missing at the end");
    } else {
        fail(self, self->at, "a value is missing");
    }
}

static void parse_unary(struct parser *self);

static void parse_power(struct parser *self)
{
    parse_value(self);
    if (!self->failed && take(self, "**")) {
        parse_unary(self);
        add_step(self, OP_POWER, 2);
    }
}

static void parse_unary(struct parser *self)
{
    if (++self->depth > FORMULA_DEPTH_MAX) {
        fail(self, self->at, "the expression is nested too deeply");
    } else if (take(self, "-")) {
        parse_unary(self);
        add_step(self, OP_NEGATE, 1);
    } else {
        parse_power(self);
    }
    self->depth--;
}

static void parse_product(struct parser *self)
{
    parse_unary(self);
    while (!self->failed) {
        skip_blanks(self);
        const char c = *self->at;
        if ((c != '*' && c != '/' && c != '%') || (c == '*' && self->at[1] == '*'))
            return;
        self->at++;
        parse_unary(self);
        add_step(self, c == '*' ? OP_MULTIPLY : c == '/' ? OP_DIVIDE : OP_REMAINDER, 2);
    }
}

static void parse_sum(struct parser *self)
{
    parse_product(self);
    while (!self->failed) {
        const bool plus = take(self, "+");
        if (!plus && !take(self, "-"))
            return;
        parse_product(self);
        add_step(self, plus ? OP_ADD : OP_SUBTRACT, 2);
    }
}

static bool take_comparison(struct parser *self, enum operation *operation)
{
    static const struct {
        const char *mark;
        enum operation operation;
    } comparisons[] = {
        {"==", OP_EQUAL},         {"!=", OP_UNEQUAL}, {"<=", OP_LESS_EQUAL},
        {">=", OP_GREATER_EQUAL}, {"<", OP_LESS},     {">", OP_GREATER},
    };
    for (size_t i = 0; i < COUNT(comparisons); i++)
        if (take(self, comparisons[i].mark)) {
            *operation = comparisons[i].operation;
            return true;
        }
    return false;
}

static void parse_comparison(struct parser *self)
{
    enum operation operation, second;
    parse_sum(self);
    if (self->failed || !take_comparison(self, &operation))
        return;
    parse_sum(self);
    add_step(self, operation, 2);
    const char *at = self->at;
    if (!self->failed && take_comparison(self, &second))
        fail(self, at, "compare two values at a time: a < b and b < c");
}

static void parse_not(struct parser *self)
{
    skip_blanks(self);
    const bool mark = self->at[0] == '!' && self->at[1] != '=';
    if (++self->depth > FORMULA_DEPTH_MAX) {
        fail(self, self->at, "the expression is nested too deeply");
    } else if ((mark && take(self, "!")) || take(self, "not")) {
        parse_not(self);
        add_step(self, OP_NOT, 1);
    } else {
        parse_comparison(self);
    }
    self->depth--;
}

static void parse_and(struct parser *self)
{
    parse_not(self);
    while (!self->failed && (take(self, "and") || take(self, "&&"))) {
        parse_not(self);
        add_step(self, OP_AND, 2);
    }
}

static void parse_or(struct parser *self)
{
    parse_and(self);
    while (!self->failed && (take(self, "or") || take(self, "||"))) {
        parse_and(self);
        add_step(self, OP_OR, 2);
    }
}

static void check_end(struct parser *self)
{
    skip_blanks(self);
    if (self->failed || !*self->at)
        return;
    if (*self->at == '=')
        fail(self, self->at, "\"=\" compares nothing, did you mean \"==\"?");
    else if (*self->at == ')')
        fail(self, self->at, "\")\" closes nothing");
    else
        fail(self, self->at, "an operator is missing");
}

static struct formula *keep(struct parser *self)
{
    struct formula *formula = arena_alloc(self->arena, sizeof *formula);
    struct step *steps = arena_alloc(self->arena, self->step_count * sizeof *steps);
    struct name *names = arena_alloc(self->arena, (self->name_count + 1) * sizeof *names);
    if (!formula || !steps || !names) {
        fail(self, self->text, "out of memory");
        return NULL;
    }
    memcpy(steps, self->steps, self->step_count * sizeof *steps);
    memcpy(names, self->names, self->name_count * sizeof *names);
    *formula = (struct formula){steps, self->step_count, names, self->name_count};
    return formula;
}

struct formula *formula_parse(struct arena *arena, const char *text, struct formula_error *error)
{
    struct parser *self = calloc(1, sizeof *self);
    *error = (struct formula_error){.offset = 0};
    if (!self) {
        snprintf(error->text, sizeof error->text, "out of memory");
        return NULL;
    }
    self->arena = arena;
    self->text = self->at = text;
    self->error = error;
    if (strnlen(text, FORMULA_TEXT_MAX + 1) > FORMULA_TEXT_MAX)
        fail(self, text, "the expression is longer than %u bytes", FORMULA_TEXT_MAX);
    else
        parse_or(self);
    check_end(self);
    struct formula *formula = self->failed ? NULL : keep(self);
    free(self);
    return formula;
}

const char *formula_name(const struct formula *self, uint32_t index, size_t *offset)
{
    if (index >= self->name_count)
        return NULL;
    if (offset)
        *offset = self->names[index].offset;
    return self->names[index].text;
}
