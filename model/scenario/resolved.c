/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * resolved: a plan written back as a scenario in which every value stands.
 *
 * Values take the largest unit that fits exactly, references their names, addresses hexadecimal
 * numbers. A group that was not given and cannot be written whole (it has required keys, or
 * remembers whether it was given) is left out.
 */
#include "kernel/text.h"
#include "scenario/internal.h"

#include <stdlib.h>
#include <string.h>

struct writer {
    const struct scenario *scenario;
    const struct detail *detail;
    FILE *out;
    char path[SCENARIO_PATH_MAX];
};

static void write_table(struct writer *self, const struct parameter *table, const void *base,
                        unsigned indent, bool in_list, const char *skip);

/* True if the text can stand without quotes and is read back as the same text. */
static bool plain(const char *text)
{
    static const char *const words[] = {"true", "false", "null", "none", "yes", "no",
                                        "on",   "off",   "y",    "n",    NULL};
    if (!ascii_letter(text[0]) && text[0] != '_')
        return false;
    for (const char *const *word = words; *word; word++)
        if (word_distance(text, *word) == 0)
            return false;
    for (const char *at = text; *at; at++)
        if (!ascii_alnum(*at) && !strchr("_-./", *at))
            return false;
    return true;
}

static void write_text(FILE *out, const char *text)
{
    if (plain(text)) {
        fputs(text, out);
        return;
    }
    putc('"', out);
    for (size_t left = strlen(text); left > 0;) {
        char form[TEXT_ESCAPE]; /* as YAML has it in double quotes */
        size_t length;
        const size_t escaped = text_escape(text, left, form, &length);
        if (*text == '"' || *text == '\\')
            putc('\\', out);
        fwrite(escaped ? form : text, 1, length, out);
        text += escaped ? escaped : length;
        left -= escaped ? escaped : length;
    }
    putc('"', out);
}

static void write_optional(FILE *out, const char *text)
{
    if (text)
        write_text(out, text);
    else
        fputs("none", out);
}

static void write_name(struct writer *self, const struct parameter *p, uint64_t index)
{
    enum component_section section = refers_section(p->refers);
    const struct plan *plan = &self->scenario->plan;
    if (section != SECTION_COUNT && index < plan->counts[section])
        write_text(self->out, plan->components[section][index].name);
    else
        fputs("none", self->out);
}

static void write_number(FILE *out, const struct parameter *p, enum parameter_kind kind,
                         uint64_t value)
{
    char text[VALUE_TEXT];
    value_format(kind, value, text, sizeof text);
    fputs(value_unset(p, value) ? "none" : text, out);
}

static void write_indent(FILE *out, unsigned indent)
{
    fprintf(out, "%*s", (int)indent, "");
}

/* True if the dotted path was in the file. */
static bool was_given(const struct writer *self)
{
    const struct place_entry *entry = self->detail->places;
    while (entry && strcmp(entry->path, self->path) != 0)
        entry = entry->next;
    return entry != NULL;
}

static bool writable_whole(const struct parameter *table)
{
    for (const struct parameter *p = table; p && p->name; p++)
        if (p->kind == PARAMETER_GIVEN || p->flags & PARAMETER_REQUIRED)
            return false;
    return true;
}

static void write_items(struct writer *self, const struct parameter *p,
                        const struct parameter_list *list, unsigned indent)
{
    if (list->count == 0) {
        fputs(" []\n", self->out);
        return;
    }
    if (p->kind != PARAMETER_LIST) {
        fputs(" [", self->out);
        for (uint32_t i = 0; i < list->count; i++) {
            if (i > 0)
                fputs(", ", self->out);
            if (p->kind == PARAMETER_REFERENCES)
                write_name(self, p, ((const uint16_t *)list->items)[i]);
            else if (p->kind == PARAMETER_TEXTS)
                write_text(self->out, ((const char *const *)list->items)[i]);
            else
                write_number(self->out, p,
                             p->kind == PARAMETER_UINTS ? PARAMETER_UINT : PARAMETER_ADDRESS,
                             ((const uint64_t *)list->items)[i]);
        }
        fputs("]\n", self->out);
        return;
    }
    putc('\n', self->out);
    for (uint32_t i = 0; i < list->count; i++) {
        size_t before = strlen(self->path);
        snprintf(self->path + before, sizeof self->path - before, ".%u", i);
        write_indent(self->out, indent + 2);
        fputs("- ", self->out);
        write_table(self, p->sub, (const char *)list->items + i * p->item_bytes, indent + 4, true,
                    NULL);
        self->path[before] = '\0';
    }
}

static void write_value(struct writer *self, const struct parameter *p, const void *base,
                        unsigned indent)
{
    const void *member = const_member_of(base, p);
    FILE *out = self->out;
    switch (p->kind) {
    case PARAMETER_GROUP:
        putc('\n', out);
        write_table(self, p->sub, member, indent + 2, false, NULL);
        return;
    case PARAMETER_LIST:
    case PARAMETER_REFERENCES:
    case PARAMETER_TEXTS:
    case PARAMETER_UINTS:
    case PARAMETER_ADDRESSES:
        write_items(self, p, member, indent);
        return;
    default:
        break;
    }
    putc(' ', out);
    switch (p->kind) {
    case PARAMETER_BOOL:
        fputs(*(const bool *)member ? "true" : "false", out);
        break;
    case PARAMETER_ENUM:
        write_text(out, p->names[value_load(member, p->size_bytes)]);
        break;
    case PARAMETER_REFERENCE:
        write_name(self, p, value_load(member, p->size_bytes));
        break;
    case PARAMETER_TEXT:
    case PARAMETER_OUTPUT:
        write_optional(out, *(const char *const *)member);
        break;
    case PARAMETER_FILE:
        write_optional(out, ((const struct parameter_blob *)member)->path);
        break;
    default:
        write_number(out, p, p->kind, value_load(member, p->size_bytes));
        break;
    }
    putc('\n', out);
}

/* Writes the keys of a table, one per line; in a list the first continues the line of the dash. */
static void write_table(struct writer *self, const struct parameter *table, const void *base,
                        unsigned indent, bool in_list, const char *skip)
{
    bool first = in_list;
    for (const struct parameter *p = table; p && p->name; p++) {
        if (!parameter_is_key(p) || (skip && !strcmp(p->name, skip)))
            continue;
        size_t before = strlen(self->path);
        snprintf(self->path + before, sizeof self->path - before, before ? ".%s" : "%s", p->name);
        if (p->kind != PARAMETER_GROUP || writable_whole(p->sub) || was_given(self)) {
            if (!first)
                write_indent(self->out, indent);
            first = false;
            fprintf(self->out, "%s:", p->name);
            write_value(self, p, base, indent);
        }
        self->path[before] = '\0';
    }
    if (first)
        fputs("{}\n", self->out);
}

static void write_component(struct writer *self, enum component_section section,
                            const struct component *component)
{
    self->path[0] = '\0';
    if (section == SECTION_WORK) {
        fprintf(self->out, "  - %s:\n      name: ", component->type->name);
        write_text(self->out, component->name);
        putc('\n', self->out);
        write_table(self, scenario_table(self->scenario, component->type), component->config, 6,
                    false, "name");
        return;
    }
    fputs("  ", self->out);
    write_text(self->out, component->name);
    fputs(":\n    type: ", self->out);
    write_text(self->out, component->type->name);
    putc('\n', self->out);
    write_table(self, scenario_table(self->scenario, component->type), component->config, 4, false,
                "type");
}

/* ---- the way back to the files --------------------------------------------------------------- */

/* The way from one absolute directory to another. */
static const char *relative_way(struct arena *arena, const char *from, const char *to)
{
    size_t common = 0;
    for (size_t i = 0;; i++) {
        bool end_a = from[i] == '\0' || from[i] == '/', end_b = to[i] == '\0' || to[i] == '/';
        if (end_a && end_b)
            common = i;
        if (from[i] == '\0' || to[i] == '\0' || from[i] != to[i])
            break;
    }
    if (!strcmp(from, "/") || !strcmp(to, "/"))
        common = 0;
    unsigned ups = 0;
    for (const char *at = from + common; *at; at++)
        ups += *at == '/' && at[1] != '\0';
    const char *rest = to + common + strspn(to + common, "/");
    char *way = arena_alloc(arena, ups * 3 + strlen(rest) + 2);
    if (!way)
        return NULL;
    for (unsigned i = 0; i < ups; i++)
        strcat(way, i + 1 < ups || *rest ? "../" : "..");
    strcat(way, rest);
    if (!way[0])
        strcpy(way, ".");
    return way;
}

static void write_directory(const struct scenario *self, const char *directory, FILE *out)
{
    struct arena arena = {0};
    const char *value = self->directory;
    if (directory && self->files) {
        const char *base = scenario_path(self, &arena, ".");
        char *from = realpath(directory, NULL), *to = base ? realpath(base, NULL) : NULL;
        if (from && to)
            value = relative_way(&arena, from, to);
        free(from);
        free(to);
    }
    if (value && self->files) {
        fputs("directory: ", out);
        write_text(out, value);
        putc('\n', out);
    }
    arena_free(&arena);
}

/* Only what was asked for: most scenarios ask for nothing. */
static void write_trace(const struct plan_trace *trace, FILE *out)
{
    const struct plan_trace none = {.to_ps = UINT64_MAX};
    const char *const *signals = trace->signals.items;
    char text[VALUE_TEXT];
    if (trace->signals.count == 0 && trace->from_ps == none.from_ps && trace->to_ps == none.to_ps &&
        !trace->clocks && trace->compress == COMPRESS_NONE)
        return;
    fputs("trace:\n", out);
    for (uint32_t i = 0; i < trace->signals.count; i++) {
        fputs(i ? "    - " : "  signals:\n    - ", out);
        write_text(out, signals[i]);
        putc('\n', out);
    }
    value_format(PARAMETER_TIME, trace->from_ps, text, sizeof text);
    fprintf(out, "  from: %s\n", text);
    if (trace->to_ps != none.to_ps) {
        value_format(PARAMETER_TIME, trace->to_ps, text, sizeof text);
        fprintf(out, "  to: %s\n", text);
    }
    fprintf(out, "  clocks: %s\n", trace->clocks ? "true" : "false");
    if (trace->compress != COMPRESS_NONE)
        fputs("  compress: zst\n", out);
}

void scenario_write_resolved(const struct scenario *self, const char *directory, FILE *out)
{
    char text[VALUE_TEXT];
    struct writer writer = {.scenario = self, .out = out};
    fputs("name: ", out);
    write_text(out, self->plan.name);
    value_format(PARAMETER_TIME, self->plan.stop_ps, text, sizeof text);
    fprintf(out, "\nseed: %llu\nstop: %s\n", (unsigned long long)self->plan.seed, text);
    write_directory(self, directory, out);
    write_trace(&self->plan.trace, out);
    for (uint32_t i = 0; i < self->expectation_count; i++) {
        fputs(i ? "  - " : "expect:\n  - ", out);
        write_text(out, self->expectations[i].text);
        putc('\n', out);
    }
    for (int s = 0; s < SECTION_COUNT; s++) {
        if (self->plan.counts[s] == 0)
            continue;
        fprintf(out, "\n%s:\n", section_keys[s]);
        for (uint32_t i = 0; i < self->plan.counts[s]; i++) {
            writer.detail = &self->details[s][i];
            write_component(&writer, (enum component_section)s, &self->plan.components[s][i]);
        }
    }
}
