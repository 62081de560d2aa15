/* SPDX-License-Identifier: BSD-2-Clause */
#include "export/html.h"

#include <stdlib.h>
#include <string.h>

#include "compare/value.h"
#include "reading/vcd.h"

#define SIGNALS_MAX 24
#define DIFFERING_MAX 12
#define CHANGES_BEFORE 48 /* of each signal, up to the difference */
#define CHANGES_AFTER 24
#define CHANGES_MAX (CHANGES_BEFORE + CHANGES_AFTER)
#define VALUE_ROOM 48

#define LEFT 260 /* pixels */
#define WIDTH 1000
#define LANE 20
#define ROW (2 * LANE + 14)

struct change {
    trace_time time;
    char value[VALUE_ROOM];
};

/* One side of a signal: its last changes up to the difference, and the next ones. */
struct wave {
    struct change changes[CHANGES_MAX];
    int count;
    bool whole; /* none was left out at the front */
    int after;
};

struct signal {
    const char *name;
    uint32_t slot[2];
    bool bit;
    struct wave wave[2];
};

struct page {
    const struct compare_options *options;
    const struct comparison *result;
    FILE *out;
    struct signal signals[SIGNALS_MAX];
    int count;
    trace_time from, to;
};

/* ---- reading --------------------------------------------------------------------------------- */

static void add_signal(struct page *self, const char *name)
{
    for (int i = 0; i < self->count; i++)
        if (strcmp(self->signals[i].name, name) == 0)
            return;
    if (self->count < SIGNALS_MAX)
        self->signals[self->count++] =
            (struct signal){.name = name, .slot = {UINT32_MAX, UINT32_MAX}};
}

static void choose(struct page *self)
{
    const struct comparison *result = self->result;
    if (self->options->clock)
        add_signal(self, self->options->clock);
    for (size_t i = 0; i < result->first_names.count && i < DIFFERING_MAX; i++)
        if (strcmp(result->first_names.all[i], "(end)") != 0)
            add_signal(self, result->first_names.all[i]);
    for (size_t i = 0; i < result->around_count; i++)
        add_signal(self, result->around[i].name);
}

static bool find_slots(struct page *self, const struct vcd *vcd, int side)
{
    for (size_t i = 0; i < vcd->variable_count; i++) {
        char *text = malloc(paths_length(vcd->names, vcd->variables[i].name) + 1);
        if (!text)
            return false;
        paths_print(vcd->names, vcd->variables[i].name, text);
        char *name = side ? mappings_apply(&self->options->maps, text) : strdup(text);
        free(text);
        if (!name)
            return false;
        for (int k = 0; k < self->count; k++)
            if (strcmp(self->signals[k].name, name) == 0) {
                self->signals[k].slot[side] = vcd->variables[i].slot;
                self->signals[k].bit = vcd->kinds[vcd->variables[i].slot] == VCD_BITS &&
                                       vcd->sizes[vcd->variables[i].slot] == 1;
            }
        free(name);
    }
    return true;
}

static bool add_change(struct wave *self, const struct vcd *vcd, uint32_t slot, trace_time time,
                       bool after)
{
    char *value = value_text(vcd, slot, false);
    if (!value)
        return false;
    if (!after && self->count == CHANGES_BEFORE) {
        memmove(self->changes, self->changes + 1, sizeof self->changes[0] * (CHANGES_BEFORE - 1));
        self->count--;
        self->whole = false;
    }
    if (self->count < CHANGES_MAX) {
        struct change *change = &self->changes[self->count++];
        change->time = time;
        snprintf(change->value, sizeof change->value, "%s", value);
        self->after += after;
    }
    free(value);
    return true;
}

/* Takes what the chosen signals do around the difference. */
static bool take(struct page *self, struct vcd *vcd, int side, trace_time offset)
{
    for (int i = 0; i < self->count; i++)
        self->signals[i].wave[side].whole = true;
    for (int enough = 0; !vcd->ended && !enough;) {
        if (!vcd_step(vcd))
            return false;
        trace_time time = (trace_time)vcd->time * vcd->unit_fs + (side ? offset : 0);
        time = time < 0 ? 0 : time;
        const bool after = time > self->result->first;
        for (int i = 0; i < self->count; i++) {
            const uint32_t slot = self->signals[i].slot[side];
            struct wave *wave = &self->signals[i].wave[side];
            if (slot == UINT32_MAX || vcd->stamps[slot] != vcd->step || !vcd_changed(vcd, slot))
                continue;
            if (!add_change(wave, vcd, slot, time, after))
                return false;
            enough |= wave->after == CHANGES_AFTER;
        }
        if (after && enough)
            self->to = time < self->to ? time : self->to;
    }
    return true;
}

static bool read_side(struct page *self, const char *path, int side, trace_time offset, char *error,
                      size_t room)
{
    struct paths names;
    struct vcd vcd;
    if (!paths_init(&names))
        return false;
    const bool good = vcd_open(&vcd, path, &names) && vcd_header(&vcd) &&
                      find_slots(self, &vcd, side) && take(self, &vcd, side, offset);
    if (!good)
        snprintf(error, room, "%.100s: %.100s", path,
                 vcd.fault.text[0] ? vcd.fault.text : "no memory");
    vcd_close(&vcd);
    paths_free(&names);
    return good;
}

/* The time that all waves cover. */
static void set_window(struct page *self)
{
    trace_time last = self->result->first + 1;
    for (int i = 0; i < self->count; i++)
        for (int side = 0; side < 2; side++) {
            const struct wave *wave = &self->signals[i].wave[side];
            if (!wave->whole && wave->changes[0].time > self->from)
                self->from = wave->changes[0].time;
            if (wave->count && wave->changes[wave->count - 1].time > last)
                last = wave->changes[wave->count - 1].time;
        }
    if (self->to > last)
        self->to = last;
    if (self->to <= self->result->first + 1) /* nothing comes behind */
        self->to = self->result->first + (self->result->first - self->from) / 4 + 1;
    if (self->from > self->result->first)
        self->from = self->result->first;
    /* As much behind the difference as there is, but not so much before it that it is lost. */
    const trace_time behind = self->to - self->result->first;
    if (self->result->first - self->from > 4 * behind)
        self->from = self->result->first - 4 * behind;
}

/* ---- drawing --------------------------------------------------------------------------------- */

static void escaped(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '<')
            fputs("&lt;", out);
        else if (*text == '>')
            fputs("&gt;", out);
        else if (*text == '&')
            fputs("&amp;", out);
        else if (*text == '"')
            fputs("&quot;", out);
        else
            fputc(*text, out);
    }
}

static double x_of(const struct page *self, trace_time time)
{
    return LEFT + (double)(time - self->from) * WIDTH / (double)(self->to - self->from);
}

static const char *value_at(const struct wave *wave, trace_time time)
{
    const char *value = "x";
    for (int i = 0; i < wave->count && wave->changes[i].time <= time; i++)
        value = wave->changes[i].value;
    return value;
}

/* A stretch of one value: a line of a bit, a box of all else. */
static void stretch(const struct page *self, const struct signal *signal, int side, int y,
                    trace_time from, trace_time to, const char *value)
{
    static const char *const names[] = {"a", "b"};
    const double x = x_of(self, from), width = x_of(self, to) - x;
    FILE *out = self->out;
    if (signal->bit && (strcmp(value, "0") == 0 || strcmp(value, "1") == 0)) {
        const int level = *value == '1' ? y + 3 : y + LANE - 3;
        fprintf(out, "<path class=\"%s\" d=\"M%.1f %d V%d H%.1f\"/>\n", names[side], x,
                y + LANE / 2, level, x + width);
        fprintf(out, "<path class=\"%s\" d=\"M%.1f %d V%d\"/>\n", names[side], x + width, level,
                y + LANE / 2);
        return;
    }
    fprintf(out, "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>\n",
            names[side], x, y + 3, width, LANE - 6);
    const size_t fits = (size_t)(width / 7);
    if (fits < 1)
        return;
    fprintf(out, "<text x=\"%.1f\" y=\"%d\">", x + 2, y + LANE - 6);
    char text[VALUE_ROOM];
    snprintf(text, sizeof text, "%.*s", (int)(fits < sizeof text - 1 ? fits : sizeof text - 1),
             value);
    escaped(out, text);
    fputs("</text>\n", out);
}

static void draw_side(const struct page *self, const struct signal *signal, int side, int y)
{
    const struct wave *wave = &signal->wave[side];
    trace_time from = self->from;
    for (int i = 0; i <= wave->count; i++) {
        const trace_time to = i < wave->count ? wave->changes[i].time : self->to;
        if (to <= from)
            continue;
        stretch(self, signal, side, y, from, to > self->to ? self->to : to, value_at(wave, from));
        from = to;
        if (from >= self->to)
            return;
    }
}

/* Shades where the two waves have other values. */
static void shade(const struct page *self, const struct signal *signal, int y)
{
    trace_time at = self->from;
    while (at < self->to) {
        trace_time next = self->to;
        for (int side = 0; side < 2; side++)
            for (int i = 0; i < signal->wave[side].count; i++)
                if (signal->wave[side].changes[i].time > at &&
                    signal->wave[side].changes[i].time < next)
                    next = signal->wave[side].changes[i].time;
        if (strcmp(value_at(&signal->wave[0], at), value_at(&signal->wave[1], at)) != 0)
            fprintf(self->out,
                    "<rect class=\"d\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>\n",
                    x_of(self, at), y, x_of(self, next) - x_of(self, at), 2 * LANE);
        at = next;
    }
}

static void head(const struct page *self, const char *const path[2])
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>dmasim "
          "diff</title>\n"
          "<style>body{font:14px sans-serif;margin:1em}text{font:11px monospace;fill:#222}"
          ".a{stroke:#1f5fbf;fill:none}.b{stroke:#c23b22;fill:none}.d{fill:#ffd54d;opacity:.5}"
          ".t{stroke:#888;stroke-dasharray:3 3}.n{font:12px monospace}</style></head><body>\n<p>A ",
          self->out);
    escaped(self->out, path[0]);
    fputs(" (blue)<br>B ", self->out);
    escaped(self->out, path[1]);
    fputs(" (red)</p>\n", self->out);
}

static void draw(const struct page *self)
{
    char number[TRACE_TIME_ROOM], unit[TRACE_TIME_ROOM];
    FILE *out = self->out;
    const int height = self->count * ROW + 30;
    trace_unit_print(self->result->unit_fs, unit);
    fprintf(out, "<p>First difference: %s x %s</p>\n",
            trace_time_print(self->result->first, self->result->unit_fs, number), unit);
    fprintf(out, "<svg width=\"%d\" height=\"%d\" xmlns=\"http://www.w3.org/2000/svg\">\n",
            LEFT + WIDTH + 20, height);
    for (int i = 0; i < self->count; i++) {
        const struct signal *signal = &self->signals[i];
        const int y = i * ROW + 24;
        shade(self, signal, y);
        fprintf(out, "<text class=\"n\" x=\"4\" y=\"%d\">", y + LANE + 4);
        escaped(out, signal->name);
        fputs("</text>\n", out);
        draw_side(self, signal, 0, y);
        draw_side(self, signal, 1, y + LANE);
    }
    const trace_time marks[] = {self->from, self->result->first, self->to};
    for (int i = 0; i < 3; i++) {
        const double x = x_of(self, marks[i]);
        fprintf(out,
                "<path class=\"t\" d=\"M%.1f 14 V%d\"/><text x=\"%.1f\" y=\"11\" "
                "text-anchor=\"%s\">%s</text>\n",
                x, height, x,
                i == 0   ? "start"
                : i == 2 ? "end"
                         : "middle",
                trace_time_print(marks[i], self->result->unit_fs, number));
    }
    fputs("</svg>\n", out);
}

bool export_html(const char *const path[2], const struct compare_options *options,
                 const struct comparison *result, FILE *out, char *error, size_t room)
{
    struct page *self = calloc(1, sizeof *self);
    if (!self) {
        snprintf(error, room, "no memory");
        return false;
    }
    *self =
        (struct page){.options = options, .result = result, .out = out, .to = (trace_time)1 << 120};
    choose(self);
    bool good = true;
    head(self, path);
    if (!result->first_given) {
        fputs("<p>No time at which they differ.</p>\n", out);
    } else {
        for (int side = 0; side < 2 && good; side++)
            good = read_side(self, path[side], side, result->offset, error, room);
        if (good) {
            set_window(self);
            draw(self);
        }
    }
    const struct texts *const lists[] = {&result->only_a, &result->only_b, &result->kind};
    static const char *const titles[] = {"Only in A", "Only in B", "Of another kind or size"};
    for (int k = 0; k < 3; k++) {
        if (lists[k]->count)
            fprintf(out, "<p>%s:</p><ul>\n", titles[k]);
        for (size_t i = 0; i < lists[k]->count; i++) {
            fputs("<li>", out);
            escaped(out, lists[k]->all[i]);
            fputs("</li>\n", out);
        }
        if (lists[k]->count)
            fputs("</ul>\n", out);
    }
    fputs("</body></html>\n", out);
    free(self);
    return good;
}
