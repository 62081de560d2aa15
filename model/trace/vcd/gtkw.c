/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_gtkw: a GTKWave save file and the tables that turn numbers into names.
 *
 * A save file is lines: "@flags" holds for the signals after it, "^1 file" attaches a translation
 * file to the next signal, "-text" with a group flag opens or closes a group.
 *
 * Paths in it are relative to the save file; GTKWave 3.3.118 finds them from any folder.
 */
#include <stdlib.h>
#include <string.h>

#include "bus/records.h"
#include "kernel/base.h"
#include "trace/format.h"
#include "trace/vcd/scopes.h"
#include "trace/vcd/vcd.h"

/* Trace flags of GTKWave (its analyzer.h), as the save file writes them in hex. */
enum {
    GTKW_HEX = 0x2,
    GTKW_DECIMAL = 0x4,
    GTKW_BINARY = 0x8,
    GTKW_RIGHT = 0x20,
    GTKW_ASCII = 0x800,
    GTKW_BLANK = 0x200,
    GTKW_TRANSLATED = 0x2000,
    GTKW_GROUP_BEGIN = 0x800000,
    GTKW_GROUP_END = 0x1000000,
    GTKW_CLOSED = 0x400000,
    GTKW_COLLAPSED = 0x1000,
};

/* One table of names and the file that holds it. */
struct translation {
    const char *const *names;
    uint32_t count;
    unsigned width_bits;
    char *file; /* "<stem>.<signal>.txt" */
    struct translation *next;
};

struct gtkw {
    struct trace_file **files;
    struct trace_file *file;
    struct folder *folder;
    const char *stem;
    const struct trace_vcd *vcd;
    const struct plan *plan; /* null: none */
    struct translation *translations;
    unsigned flags; /* written last */
    struct dmasim_error *error;
};

static bool name_taken(const struct gtkw *self, const char *file)
{
    for (const struct translation *t = self->translations; t; t = t->next)
        if (strcmp(t->file, file) == 0)
            return true;
    return false;
}

static bool write_translation(struct gtkw *self, const struct translation *t)
{
    struct trace_file *file = trace_file_open(self->files, self->folder, t->file, self->error);
    if (!file)
        return false;
    unsigned digits = (t->width_bits + 3) / 4;
    for (uint32_t value = 0; value < t->count; value++) {
        char text[24], *at = put_hex_padded(text, value, digits);
        *at++ = ' ';
        trace_file_write(file, text, (size_t)(at - text));
        trace_file_text(file, t->names[value]);
        trace_file_text(file, "\n");
    }
    return true;
}

/* The translation of a field's names, made at first need. Null on error. */
static const struct translation *translation_of(struct gtkw *self, const struct trace_signal *s)
{
    const struct probe_field *field = s->field;
    for (const struct translation *t = self->translations; t; t = t->next)
        if (t->names == field->names && t->width_bits == field->width_bits)
            return t;
    struct translation *t = calloc(1, sizeof *t);
    size_t size = strlen(self->stem) + strlen(field->name) + 32;
    if (t)
        t->file = malloc(size);
    if (!t || !t->file) {
        free(t);
        trace_error(self->error, DMASIM_MEMORY, self->file->path, "out of memory");
        return NULL;
    }
    snprintf(t->file, size, "%s.%s.txt", self->stem, field->name);
    for (unsigned n = 2; name_taken(self, t->file); n++)
        snprintf(t->file, size, "%s.%s%u.txt", self->stem, field->name, n);
    for (char *c = t->file + strlen(self->stem); *c; c++)
        if (*c == '/' || *c == ' ')
            *c = '_';
    t->names = field->names;
    t->count = field->name_count;
    t->width_bits = field->width_bits;
    t->next = self->translations;
    self->translations = t;
    return write_translation(self, t) ? t : NULL;
}

static void write_flags(struct gtkw *self, unsigned flags)
{
    if (flags == self->flags)
        return;
    self->flags = flags;
    char text[16], *at = text;
    *at++ = '@';
    at = put_hex(at, flags);
    *at++ = '\n';
    trace_file_write(self->file, text, (size_t)(at - text));
}

static bool write_signal(struct gtkw *self, const struct trace_scope *scope,
                         const struct trace_signal *signal)
{
    const struct probe_field *field = signal->field;
    unsigned flags = GTKW_RIGHT;
    if (trace_is_text(signal->probe))
        flags |= GTKW_ASCII;
    else if (field->names)
        flags |= GTKW_HEX | GTKW_TRANSLATED;
    else if (field->width_bits == 1)
        flags |= GTKW_BINARY;
    else if (field->radix == PROBE_DECIMAL)
        flags |= GTKW_DECIMAL;
    else
        flags |= GTKW_HEX;
    write_flags(self, flags);
    if (field->names) {
        const struct translation *t = translation_of(self, signal);
        if (!t)
            return false;
        trace_file_text(self->file, "^1 ");
        trace_file_text(self->file, t->file);
        trace_file_text(self->file, "\n");
    }
    trace_file_text(self->file, scope->path);
    trace_file_text(self->file, ".");
    trace_file_text(self->file, signal->name);
    if (field->width_bits > 1) {
        char text[16], *at = put_text(text, "[");
        at = put_decimal(at, field->width_bits - 1u);
        at = put_text(at, ":0]");
        trace_file_write(self->file, text, (size_t)(at - text));
    }
    trace_file_text(self->file, "\n");
    return true;
}

/* Whether a component has registers on a bus. */
static bool is_on(const struct plan *plan, const char *component, const char *bus)
{
    for (int section = 0; plan && section < SECTION_COUNT; section++) {
        for (uint32_t i = 0; i < plan->counts[section]; i++) {
            const struct component *at = &plan->components[section][i];
            struct component_region region;
            if (strcmp(at->name, component) == 0 && at->type->registers &&
                component_region(at, 0, &region) &&
                strcmp(plan->components[SECTION_BUSES][region.bus].name, bus) == 0)
                return true;
        }
    }
    return false;
}

/* Whether anything in a scope, or below it, moved. */
static bool moved(const struct gtkw *self, const struct trace_scope *scope)
{
    for (const struct trace_signal *s = scope->signals; s; s = s->next) {
        const struct probe *probe = s->probe;
        if (trace_vcd_has_moved(self->vcd, probe))
            return true;
        for (int i = 0; i < 2; i++) /* the same nets under another name */
            if (probe->parts[i] && trace_vcd_has_moved(self->vcd, probe->parts[i]))
                return true;
    }
    for (const struct trace_scope *child = scope->child; child; child = child->next)
        if (moved(self, child))
            return true;
    return false;
}

/* What nothing moved in is closed at first; so are the pins of single masters, which repeat much of the bus. */
static bool closed(const struct gtkw *self, const struct trace_scope *scope)
{
    return !moved(self, scope) ||
           (scope->signals && strcmp(scope->signals->probe->type->name, "ahb_master") == 0);
}

static void write_group(struct gtkw *self, const char *noun, const struct trace_scope *scope,
                        unsigned flags)
{
    write_flags(self, flags);
    trace_file_text(self->file, "-");
    trace_file_text(self->file, noun);
    trace_file_text(self->file, scope->path);
    trace_file_text(self->file, "\n");
}

/* A signal under its whole name. */
static bool write_alias(struct gtkw *self, const struct trace_scope *scope,
                        const struct trace_signal *signal)
{
    write_flags(self, GTKW_ASCII | GTKW_RIGHT);
    trace_file_text(self->file, "+{");
    trace_file_text(self->file, scope->path);
    trace_file_text(self->file, ".");
    trace_file_text(self->file, signal->name);
    trace_file_text(self->file, "} ");
    return write_signal(self, scope, signal);
}

/* Of a bus: the accesses of registers on it, above its wires. */
static bool write_accesses(struct gtkw *self, const struct trace_scope *bus)
{
    for (const struct trace_scope *s = bus->parent->child; s; s = s->next)
        for (const struct trace_signal *t = s->signals; t; t = t->next)
            if (trace_is_text(t->probe) && is_on(self->plan, s->name, bus->name) &&
                !write_alias(self, s, t))
                return false;
    return true;
}

/* A group for a scope, in which those below it are groups. */
static bool write_scope(struct gtkw *self, const struct trace_scope *scope, const char *noun)
{
    const unsigned hide = closed(self, scope) ? GTKW_CLOSED : 0;
    write_group(self, noun, scope, GTKW_BLANK | GTKW_GROUP_BEGIN | hide);
    if (*noun && !write_accesses(self, scope))
        return false;
    for (const struct trace_signal *s = scope->signals; s; s = s->next)
        if (!write_signal(self, scope, s))
            return false;
    for (const struct trace_scope *s = scope->child; s; s = s->next)
        if (!write_scope(self, s, ""))
            return false;
    write_group(self, noun, scope,
                GTKW_BLANK | GTKW_GROUP_END | (hide ? GTKW_CLOSED | GTKW_COLLAPSED : 0));
    return true;
}

/* Whether somebody outside tells lines in a scope, or below it. */
static bool tells_lines(const struct trace_scope *scope)
{
    for (const struct trace_signal *s = scope->signals; s; s = s->next)
        if (s->probe->type == &text_probe_type)
            return true;
    for (const struct trace_scope *child = scope->child; child; child = child->next)
        if (tells_lines(child))
            return true;
    return false;
}

/* All groups: lines from outside, buses, then who works on them. */
static bool write_groups(struct gtkw *self, const struct plan *plan, const struct trace_scope *root)
{
    static const struct {
        enum component_section section;
        const char *noun;
    } order[] = {{SECTION_BUSES, "bus "},
                 {SECTION_CONTROLLERS, "controller "},
                 {SECTION_CPUS, "CPU "},
                 {SECTION_MASTERS, "master "},
                 {SECTION_MEMORIES, "memory "},
                 {SECTION_PERIPHERALS, "device "},
                 {SECTION_COUNT, ""}};
    for (const struct trace_scope *s = root->child; s; s = s->next)
        if (tells_lines(s) && !write_scope(self, s, ""))
            return false;
    for (size_t i = 0; i < COUNT(order); i++)
        for (const struct trace_scope *s = root->child; s; s = s->next)
            if (trace_section_of(plan, s->name) == order[i].section && !tells_lines(s) &&
                !write_scope(self, s, order[i].noun))
                return false;
    return true;
}

/* ---- what is seen of the time ------------------------------------------------------------------ */

#define SHOWN_CYCLES 48u  /* of the slowest clock that has them in the run */
#define BEFORE_CYCLES 4u  /* of them, before a controller begins to work */
#define SHOWN_PIXELS 1000 /* of a window of 1600, beside the names and values */

/* The longest period of a clock with which some dozens of cycles are a part of the run; 0: there is none. */
static sim_time shown_period(const struct system *system, sim_time length)
{
    sim_time period = 0;
    for (const struct clock *c = system->kernel.clocks; c; c = c->link)
        if (c->period_ps > period && c->period_ps * SHOWN_CYCLES < length)
            period = c->period_ps;
    return period;
}

/*
 * "*zoom marker": at zoom z GTKWave shows a unit as 200 * 2^z pixels; so at 0 five of them fit. Its unit is the ps,
 * ns, us or ms that divides the timescale. If no controller works in the view, all of it is seen.
 */
static void write_view(struct gtkw *self, const struct system *system,
                       const struct plan_trace *view, sim_time final_time)
{
    const struct trace_vcd_facts facts = trace_vcd_facts(self->vcd);
    sim_time unit = 1, first = view->from_ps, last = final_time;
    while (unit * 1000 <= facts.scale_ps)
        unit *= 1000;
    if (view->to_ps < last)
        last = view->to_ps;
    if (first > last)
        first = last;
    const sim_time period = shown_period(system, last - first);
    const bool started = facts.started_ps != SIM_NEVER && period;
    if (started && facts.started_ps > first + BEFORE_CYCLES * period)
        first = facts.started_ps - BEFORE_CYCLES * period;
    const sim_time shown = started ? SHOWN_CYCLES * period : last - first;
    unsigned zoom = 0;
    while (zoom < 60 && (uint64_t)SHOWN_PIXELS / 200 << zoom < shown / unit)
        zoom++;
    char text[96], *at = put_text(text, "[timestart] ");
    at = put_decimal(at, first / unit);
    at = put_text(at, "\n[size] 1600 900\n[pos] -1 -1\n");
    at = put_text(at, zoom ? "*-" : "*");
    at = put_decimal(at, zoom);
    at = put_text(at, ".000000 ");
    at = started ? put_decimal(at, facts.started_ps / unit) : put_text(at, "-1");
    *at++ = '\n';
    trace_file_write(self->file, text, (size_t)(at - text));
    trace_file_text(self->file, "[sst_width] 220\n[signals_width] 260\n[sst_expanded] 1\n");
}

int trace_gtkw_write(const struct system *system, struct trace_file **files, struct folder *folder,
                     const char *stem, const struct trace_vcd *vcd, const struct plan_trace *view,
                     sim_time final_time, struct dmasim_error *error)
{
    struct gtkw self = {.files = files, .folder = folder, .stem = stem, .vcd = vcd, .error = error};
    struct trace_scope *root = trace_scopes_build(system->probes);
    if (!root)
        return trace_error(error, DMASIM_MEMORY, stem, "out of memory");
    if (!trace_scopes_select(root, &view->signals, error)) {
        trace_scopes_free(root);
        return DMASIM_INVALID;
    }
    char name[64];
    snprintf(name, sizeof name, "%s.gtkw", stem);
    self.file = trace_file_open(files, folder, name, error);
    bool good = self.file != NULL;
    if (good) {
        trace_file_text(self.file, "[dumpfile] \"");
        trace_file_text(self.file, stem);
        trace_file_text(self.file, ".vcd\"\n[savefile] \"");
        trace_file_text(self.file, name);
        trace_file_text(self.file, "\"\n");
        write_view(&self, system, view, final_time);
        self.plan = system->plan;
        good = write_groups(&self, system->plan, root);
    }
    while (self.translations) {
        struct translation *t = self.translations;
        self.translations = t->next;
        free(t->file);
        free(t);
    }
    trace_scopes_free(root);
    return good ? DMASIM_OK : error && error->code ? error->code : DMASIM_IO;
}
