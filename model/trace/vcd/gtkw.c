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

#include "trace/format.h"
#include "trace/vcd/scopes.h"
#include "trace/vcd/vcd.h"

/* Trace flags of GTKWave (its analyzer.h), as the save file writes them in hex. */
enum {
    GTKW_HEX = 0x2,
    GTKW_DECIMAL = 0x4,
    GTKW_BINARY = 0x8,
    GTKW_RIGHT = 0x20,
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
    if (field->names)
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

/* The pins of single masters repeat much of the bus: their groups are closed at first. */
static bool closed(const struct trace_scope *scope)
{
    return strcmp(scope->signals->probe->type->name, "ahb_master") == 0;
}

static void write_group(struct gtkw *self, const struct trace_scope *scope, unsigned flags)
{
    write_flags(self, flags);
    trace_file_text(self->file, "-");
    trace_file_text(self->file, scope->path);
    trace_file_text(self->file, "\n");
}

/* A group for each scope with signals, children after their parent. */
static bool write_scope(struct gtkw *self, const struct trace_scope *scope)
{
    if (scope->signals) {
        unsigned hide = closed(scope) ? GTKW_CLOSED : 0;
        write_group(self, scope, GTKW_BLANK | GTKW_GROUP_BEGIN | hide);
        for (const struct trace_signal *s = scope->signals; s; s = s->next)
            if (!write_signal(self, scope, s))
                return false;
        hide = hide ? GTKW_CLOSED | GTKW_COLLAPSED : 0;
        write_group(self, scope, GTKW_BLANK | GTKW_GROUP_END | hide);
    }
    for (const struct trace_scope *s = scope->child; s; s = s->next)
        if (!write_scope(self, s))
            return false;
    return true;
}

/* "*zoom marker": the whole run in at most a thousand pixels; at zoom z GTKWave shows a unit as 200
 * * 2^z pixels. Its unit is the ps, ns, us or ms that divides the timescale. */
static void write_view(struct gtkw *self, sim_time scale_ps, sim_time final_time)
{
    sim_time unit = 1;
    while (unit * 1000 <= scale_ps)
        unit *= 1000;
    sim_time final_units = final_time / unit;
    unsigned zoom = 0;
    while (zoom < 60 && UINT64_C(5) << zoom < final_units)
        zoom++;
    char text[32], *at = put_text(text, zoom ? "*-" : "*");
    at = put_decimal(at, zoom);
    at = put_text(at, ".000000 -1\n");
    trace_file_text(self->file, "[timestart] 0\n[size] 1600 900\n[pos] -1 -1\n");
    trace_file_write(self->file, text, (size_t)(at - text));
    trace_file_text(self->file, "[sst_width] 220\n[signals_width] 260\n[sst_expanded] 1\n");
}

int trace_gtkw_write(const struct system *system, struct trace_file **files, struct folder *folder,
                     const char *stem, const struct plan_trace *view, sim_time scale_ps,
                     sim_time final_time, struct dmasim_error *error)
{
    struct gtkw self = {.files = files, .folder = folder, .stem = stem, .error = error};
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
        write_view(&self, scale_ps, final_time);
        good = write_scope(&self, root);
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
