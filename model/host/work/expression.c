/* SPDX-License-Identifier: BSD-2-Clause */
/* expression: see expression.h. A recursive descent without recursion worth the name. */
#include "host/work/expression.h"
#include "kernel/base.h"
#include "kernel/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct parser {
    const struct plan *plan;
    const struct register_entry *fields;
    const char *at;
    struct expression *result;
};

__attribute__((format(printf, 2, 3))) static bool fail(struct parser *self, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(self->result->error, sizeof self->result->error, format, arguments);
    va_end(arguments);
    return false;
}

static void skip_space(struct parser *self)
{
    while (*self->at == ' ' || *self->at == '\t')
        self->at++;
}

static bool is_name(char c)
{
    return ascii_alnum(c) || c == '_' || c == '-';
}

/* Length of a name: letters, digits, _ and, inside, -. */
static size_t name_length(const char *text)
{
    size_t length = 0;
    while (is_name(text[length]))
        length++;
    while (length > 0 && text[length - 1] == '-')
        length--;
    return length;
}

/* ---- suggestions --------------------------------------------------------------------------- */

/* Characters in which two short names differ, roughly: longest common subsequence would be finer.
 */
static unsigned difference(const char *a, size_t length, const char *b)
{
    size_t other = strlen(b), front = 0, back = 0;
    while (front < length && front < other && ascii_upper(a[front]) == ascii_upper(b[front]))
        front++;
    while (back < length - front && back < other - front &&
           ascii_upper(a[length - 1 - back]) == ascii_upper(b[other - 1 - back]))
        back++;
    size_t longer = length > other ? length : other;
    return (unsigned)(longer - front - back);
}

static void consider(const char *name, size_t length, const char *candidate, unsigned *best,
                     char *nearest, size_t size)
{
    unsigned now = difference(name, length, candidate);
    if (now < *best) {
        *best = now;
        snprintf(nearest, size, "%s", candidate);
    }
}

#define NAME_BYTES 48

static bool fail_register(struct parser *self, const struct component *component, const char *name,
                          size_t length)
{
    char nearest[NAME_BYTES] = "", candidate[NAME_BYTES];
    unsigned best = 3;
    for (const struct register_entry *e = component->type->registers->entries; e->name; e++) {
        const char *mark = strstr(e->name, "%u");
        for (unsigned i = 0; i < (e->count ? e->count : 1u); i++) {
            if (mark)
                snprintf(candidate, sizeof candidate, "%.*s%u%s", (int)(mark - e->name), e->name, i,
                         mark + 2);
            else
                snprintf(candidate, sizeof candidate, "%s", e->name);
            consider(name, length, candidate, &best, nearest, sizeof nearest);
        }
    }
    if (*nearest)
        return fail(self, "%s has no register \"%.*s\", did you mean \"%s\"?", component->name,
                    (int)length, name, nearest);
    return fail(self, "%s has no register \"%.*s\"", component->name, (int)length, name);
}

static bool fail_name(struct parser *self, const char *name, size_t length)
{
    char nearest[NAME_BYTES] = "";
    unsigned best = 3;
    for (const struct register_field *f = self->fields ? self->fields->fields : NULL; f && f->name;
         f++)
        consider(name, length, f->name, &best, nearest, sizeof nearest);
    for (unsigned section = 0; section < SECTION_COUNT; section++)
        for (uint32_t i = 0; i < self->plan->counts[section]; i++)
            if (self->plan->components[section][i].type->region)
                consider(name, length, self->plan->components[section][i].name, &best, nearest,
                         sizeof nearest);
    if (*nearest)
        return fail(self, "unknown name \"%.*s\", did you mean \"%s\"?", (int)length, name,
                    nearest);
    return fail(self, "unknown name \"%.*s\"", (int)length, name);
}

/* ---- terms --------------------------------------------------------------------------------- */

const struct component *expression_component(const struct plan *plan, const char *name,
                                             size_t length)
{
    for (unsigned section = 0; section < SECTION_WORK; section++) {
        for (uint32_t i = 0; i < plan->counts[section]; i++) {
            const struct component *component = &plan->components[section][i];
            if (component->type->region && component->name && strlen(component->name) == length &&
                memcmp(component->name, name, length) == 0)
                return component;
        }
    }
    return NULL;
}

static bool parse_number(struct parser *self, uint64_t *value)
{
    static const struct {
        const char *name;
        uint64_t factor;
    } units[] = {
        {"B", 1},
        {"kB", 1000},
        {"KiB", 1024},
        {"K", 1024},
        {"MB", 1000 * 1000},
        {"MiB", 1024 * 1024},
        {"M", 1024 * 1024},
        {"G", 1024 * 1024 * 1024},
        {"GiB", 1024 * 1024 * 1024},
    };
    unsigned base = 10;
    const char *start = self->at;
    if (self->at[0] == '0' && (self->at[1] == 'x' || self->at[1] == 'X')) {
        base = 16;
        self->at += 2;
        start = self->at;
    }
    *value = 0;
    for (;; self->at++) {
        char c = *self->at;
        const unsigned digit = ascii_hex(c);
        if (c == '_' && self->at > start)
            continue;
        if (digit >= base)
            break;
        if (*value > (UINT64_MAX - digit) / base)
            return fail(self, "number too large");
        *value = *value * base + digit;
    }
    if (self->at == start)
        return fail(self, "number expected at \"%.20s\"", self->at);
    skip_space(self);
    for (size_t i = 0; base == 10 && i < COUNT(units); i++) {
        const size_t length = name_length(self->at);
        char word[4] = "";
        if (length >= sizeof word)
            break;
        memcpy(word, self->at, length);
        if (ascii_same(word, units[i].name)) {
            self->at += length;
            if (*value > UINT64_MAX / units[i].factor)
                return fail(self, "number too large");
            *value *= units[i].factor;
            break;
        }
    }
    if (is_name(*self->at) && *self->at != '-')
        return fail(self, "number followed by \"%.20s\"", self->at);
    return true;
}

static bool parse_field(struct parser *self, const struct register_field *field, uint64_t *value)
{
    uint64_t number = 1;
    skip_space(self);
    if (*self->at == '=') {
        self->at++;
        skip_space(self);
        if (!parse_number(self, &number))
            return false;
    }
    uint64_t most = (field->width < 64 ? UINT64_C(1) << field->width : 0) - 1;
    if (number > most)
        return fail(self, "%s has %u bits: 0 .. %ju", field->name, field->width, (uintmax_t)most);
    *value = number << field->lsb;
    self->result->mask |= most << field->lsb;
    return true;
}

static const struct register_field *find_field(const struct register_entry *entry, const char *name,
                                               size_t length)
{
    if (!entry || !entry->fields)
        return NULL;
    for (const struct register_field *f = entry->fields; f->name; f++)
        if (strlen(f->name) == length && memcmp(f->name, name, length) == 0)
            return f;
    return NULL;
}

static bool parse_register(struct parser *self, const struct component *component, uint64_t *value)
{
    size_t length = name_length(self->at);
    char name[NAME_BYTES];
    struct register_hit hit;
    uint32_t offset;
    if (!component->type->registers)
        return fail(self, "%s has no registers", component->name);
    snprintf(name, sizeof name, "%.*s", (int)length, self->at);
    if (length == 0 || length >= sizeof name || !component_register(component, name, &hit, &offset))
        return fail_register(self, component, self->at, length);
    self->at += length;
    self->result->entry = hit.entry;
    *value += offset;
    return true;
}

static bool parse_term(struct parser *self, uint64_t *value)
{
    skip_space(self);
    if (ascii_digit(*self->at))
        return parse_number(self, value);
    size_t length = name_length(self->at);
    const char *name = self->at;
    if (length == 0)
        return fail(self,
                    *name ? "name or number expected at \"%.20s\"" : "name or number missing%s",
                    name);
    const struct register_field *field = find_field(self->fields, name, length);
    if (field) {
        self->at += length;
        return parse_field(self, field, value);
    }
    const struct component *component = expression_component(self->plan, name, length);
    if (!component)
        return fail_name(self, name, length);
    struct component_region region;
    component_region(component, 0, &region);
    *value = region.base;
    self->result->component = component;
    self->at += length;
    if (*self->at != '.')
        return true;
    self->at++;
    return parse_register(self, component, value);
}

static bool parse_sum(struct parser *self, uint64_t *value)
{
    if (!parse_term(self, value))
        return false;
    for (;;) {
        uint64_t term = 0;
        skip_space(self);
        char sign = *self->at;
        if (sign != '+' && sign != '-')
            return true;
        self->at++;
        if (!parse_term(self, &term))
            return false;
        *value = sign == '+' ? *value + term : *value - term;
    }
}

bool expression_resolve(const struct plan *plan, const char *text,
                        const struct register_entry *fields, struct expression *result)
{
    *result = (struct expression){.value = 0};
    struct parser parser = {.plan = plan, .fields = fields, .at = text, .result = result};
    for (;;) {
        uint64_t value = 0;
        if (!parse_sum(&parser, &value))
            return false;
        result->value |= value;
        skip_space(&parser);
        if (*parser.at == '\0')
            return true;
        if (*parser.at != '|')
            return fail(&parser, "\"|\", \"+\" or \"-\" expected at \"%.20s\"", parser.at);
        parser.at++;
    }
}
