/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/moments.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare/texts.h"

#define TIME_MOST ((uint64_t)1 << 61) /* ps; nothing that is added to it overflows */
#define LEVEL_BITS 64u                /* of a level; what is wider is none */

enum role { LEVEL, COUNTER, OVERFLOW, AHB_ERROR, AXI_ERROR, GRANT, WAIT, HANDSHAKE };

/* One or two signals of a scope, and since when what they mean holds. */
struct watch {
    enum role role;
    uint32_t slots[2]; /* the second may be the first again */
    uint32_t scope;    /* in the table of names */
    const char *name;  /* of the first signal, of the table below */
    size_t series;     /* of a level */
    bool on;
    uint64_t since_ps;
    double value; /* of a level or counter */
};

/* What is looked for: a signal, and another in the same scope that belongs to it. */
static const struct {
    const char *name, *other;
    enum role role;
} wanted[] = {
    {"level", NULL, LEVEL},
    {"fifo", NULL, LEVEL},
    {"overruns", NULL, COUNTER},
    {"underruns", NULL, COUNTER},
    {"fifo_wr_overflow", NULL, OVERFLOW},
    {"HRESP", "HREADY", AHB_ERROR},
    {"RRESP", "RVALID", AXI_ERROR},
    {"BRESP", "BVALID", AXI_ERROR},
    {"HBUSREQ", "HGRANT", GRANT},
    {"HREADY", NULL, WAIT},
    {"ready", NULL, WAIT},
    {"ARVALID", "ARREADY", HANDSHAKE},
    {"AWVALID", "AWREADY", HANDSHAKE},
    {"WVALID", "WREADY", HANDSHAKE},
    {"RVALID", "RREADY", HANDSHAKE},
    {"BVALID", "BREADY", HANDSHAKE},
};

#define WANTED (sizeof wanted / sizeof wanted[0])

struct reader {
    struct report_moments *found;
    const struct vcd *vcd;
    struct watch *watches;
    uint32_t count;
    uint32_t *first, *next; /* of a slot; of a watch and side: index + 1, 0 ends */
    uint64_t now_ps;
};

char *report_path(const struct paths *paths, uint32_t name)
{
    char *text = malloc(paths_length(paths, name) + 1);
    if (text)
        paths_print(paths, name, text);
    return text;
}

uint64_t report_ps(const struct vcd *vcd, uint64_t time)
{
    const trace_time ps = (trace_time)time * (trace_time)vcd->unit_fs / 1000;
    return ps < TIME_MOST ? (uint64_t)ps : TIME_MOST;
}

void report_moments_free(struct report_moments *self)
{
    for (size_t i = 0; i < self->levels.count; i++)
        free(self->level_names[i]);
    report_bins_free(&self->levels);
}

/* ---- values ---------------------------------------------------------------------------------- */

static bool high(const struct vcd *vcd, uint32_t slot)
{
    return vcd->bit[slot] == '1';
}

/* The number that a vector shows; -1 if there are digits other than 0 and 1. */
static double number(const struct vcd *vcd, uint32_t slot)
{
    double value = 0;
    if (vcd->sizes[slot] == 1)
        return vcd->bit[slot] == '1' ? 1 : vcd->bit[slot] == '0' ? 0 : -1;
    for (uint32_t i = 0; i < vcd->text[slot].length; i++) {
        const char digit = vcd->text[slot].text[i];
        if (digit != '0' && digit != '1')
            return -1;
        value = 2 * value + (digit == '1');
    }
    return value;
}

/* ---- what holds ------------------------------------------------------------------------------ */

static void note(const struct reader *self, const struct watch *watch, struct report_moment *moment,
                 uint64_t from_ps, uint64_t to_ps, const char *what)
{
    char *scope = report_path(self->vcd->names, watch->scope);
    *moment = (struct report_moment){.there = true, .from_ps = from_ps, .to_ps = to_ps};
    snprintf(moment->scope, sizeof moment->scope, "%s", scope ? scope : "");
    snprintf(moment->text, sizeof moment->text, "%s: %s", moment->scope, what);
    free(scope);
}

static bool holds(const struct vcd *vcd, const struct watch *watch)
{
    const uint32_t a = watch->slots[0], b = watch->slots[1];
    switch (watch->role) {
    case OVERFLOW:
        return high(vcd, a);
    case AHB_ERROR:
        return number(vcd, a) == 1;
    case AXI_ERROR:
        return number(vcd, a) >= 2 && high(vcd, b);
    case WAIT:
        return vcd->bit[a] == '0';
    case GRANT:
    case HANDSHAKE:
        return high(vcd, a) && vcd->bit[b] == '0';
    default:
        return false;
    }
}

/* A stall ended, or the file did. */
static void end_stall(const struct reader *self, const struct watch *watch)
{
    struct report_moment *stall = &self->found->stall;
    if (stall->there && self->now_ps - watch->since_ps <= stall->to_ps - stall->from_ps)
        return;
    char text[100];
    if (watch->role == GRANT)
        snprintf(text, sizeof text, "waits for its grant");
    else if (watch->role == WAIT)
        snprintf(text, sizeof text, "%s is low", watch->name);
    else
        snprintf(text, sizeof text, "%s waits to be taken", watch->name);
    note(self, watch, stall, watch->since_ps, self->now_ps, text);
}

static void look_at_stretch(const struct reader *self, struct watch *watch)
{
    const bool on = holds(self->vcd, watch), was = watch->on;
    struct report_moments *found = self->found;
    watch->on = on;
    if (on == was)
        return;
    const bool stalls = watch->role == WAIT || watch->role == GRANT || watch->role == HANDSHAKE;
    if (!on && stalls)
        end_stall(self, watch);
    watch->since_ps = self->now_ps;
    if (!on || stalls)
        return;
    struct report_moment *moment = watch->role == OVERFLOW ? &found->loss : &found->error;
    if (!moment->there)
        note(self, watch, moment, self->now_ps, self->now_ps,
             watch->role == OVERFLOW ? "data are lost" : "an error is answered");
}

static void look_at_number(const struct reader *self, struct watch *watch)
{
    const double value = number(self->vcd, watch->slots[0]);
    if (value == watch->value)
        return;
    if (watch->role == LEVEL && watch->value >= 0)
        report_bins_add(&self->found->levels, watch->series, watch->since_ps, self->now_ps,
                        watch->value);
    if (watch->role == COUNTER && watch->value >= 0 && value > watch->value &&
        !self->found->loss.there) {
        char text[60];
        snprintf(text, sizeof text, "the first of its %s", watch->name);
        note(self, watch, &self->found->loss, self->now_ps, self->now_ps, text);
    }
    watch->value = value;
    watch->since_ps = self->now_ps;
}

static void look(const struct reader *self, struct watch *watch)
{
    if (watch->role == LEVEL || watch->role == COUNTER)
        look_at_number(self, watch);
    else
        look_at_stretch(self, watch);
}

/* ---- which signals --------------------------------------------------------------------------- */

/* The slot of a name; UINT32_MAX if the file has none. */
static uint32_t slot_of(const struct vcd *vcd, uint32_t name)
{
    for (size_t i = 0; name != PATH_ROOT && i < vcd->variable_count; i++)
        if (vcd->variables[i].name == name)
            return vcd->variables[i].slot;
    return UINT32_MAX;
}

static void hang(struct reader *self, uint32_t watch, uint32_t side)
{
    const uint32_t slot = self->watches[watch].slots[side], at = 2 * watch + side;
    self->next[at] = self->first[slot];
    self->first[slot] = at + 1;
}

static bool watch_levels(struct reader *self, struct watch *watch, const char *name)
{
    struct report_moments *found = self->found;
    if (found->levels.count == REPORT_LEVELS_MAX)
        return false;
    char *scope = report_path(self->vcd->names, watch->scope);
    if (!scope || (watch->series = report_bins_new(&found->levels)) == SIZE_MAX) {
        free(scope);
        return false;
    }
    char *full = malloc(strlen(scope) + strlen(name) + 2);
    if (full)
        sprintf(full, "%s%s%s", scope, strcmp(name, "level") ? "." : "",
                strcmp(name, "level") ? name : "");
    free(scope);
    found->level_names[watch->series] = full;
    return full != NULL;
}

static void add_watch(struct reader *self, const struct vcd_variable *variable, size_t kind)
{
    const struct vcd *vcd = self->vcd;
    const struct path_element *element = &vcd->names->all[variable->name];
    struct watch watch = {.role = wanted[kind].role,
                          .name = wanted[kind].name,
                          .scope = element->parent,
                          .slots = {variable->slot, variable->slot},
                          .value = -1};
    const char *other = wanted[kind].other;
    const bool bit = vcd->sizes[variable->slot] == 1;
    if (other) {
        const uint32_t name = paths_find(vcd->names, watch.scope, other, strlen(other));
        watch.slots[1] = slot_of(vcd, name);
        if (watch.slots[1] == UINT32_MAX || vcd->sizes[watch.slots[1]] != 1 ||
            vcd->kinds[watch.slots[1]] != VCD_BITS)
            return;
    }
    if (vcd->kinds[variable->slot] != VCD_BITS ||
        ((watch.role >= GRANT || watch.role == OVERFLOW) && !bit) ||
        (watch.role == LEVEL && (bit || vcd->sizes[variable->slot] > LEVEL_BITS ||
                                 !watch_levels(self, &watch, watch.name))))
        return;
    self->watches[self->count] = watch;
    hang(self, self->count, 0);
    if (watch.slots[1] != watch.slots[0])
        hang(self, self->count, 1);
    self->count++;
}

/* Whether a name, but for its range ("level[31:0]"), is this one. */
static bool is_named(const struct paths *paths, uint32_t name, const char *text)
{
    const struct path_element *element = &paths->all[name];
    const char *at = paths->texts + element->text;
    const size_t length = strlen(text);
    return element->length >= length && memcmp(at, text, length) == 0 &&
           (element->length == length || at[length] == '[');
}

static bool choose(struct reader *self)
{
    const struct vcd *vcd = self->vcd;
    self->watches = calloc(vcd->variable_count + 1, sizeof *self->watches);
    self->first = calloc(vcd->slot_count + 1, sizeof *self->first);
    self->next = calloc(2 * vcd->variable_count + 2, sizeof *self->next);
    if (!self->watches || !self->first || !self->next)
        return false;
    for (size_t i = 0; i < vcd->variable_count; i++)
        for (size_t k = 0; k < WANTED; k++)
            if (is_named(vcd->names, vcd->variables[i].name, wanted[k].name))
                add_watch(self, &vcd->variables[i], k);
    return true;
}

/* ---- reading --------------------------------------------------------------------------------- */

static void end(const struct reader *self)
{
    for (uint32_t i = 0; i < self->count; i++) {
        const struct watch *watch = &self->watches[i];
        if (watch->role == LEVEL && watch->value >= 0)
            report_bins_add(&self->found->levels, watch->series, watch->since_ps, self->now_ps,
                            watch->value);
        if (watch->on && watch->role >= GRANT)
            end_stall(self, watch);
    }
}

bool report_moments_read(struct report_moments *self, struct vcd *vcd)
{
    struct reader reader = {.found = self, .vcd = vcd};
    *self = (struct report_moments){.step_ps = 0};
    report_bins_start(&self->levels);
    bool good = vcd_header(vcd) && choose(&reader), any = false;
    while (good && !vcd->ended) {
        if (!(good = vcd_step(vcd)))
            break;
        const uint64_t now = report_ps(vcd, vcd->time);
        const uint64_t passed = now - reader.now_ps;
        if (any && passed && (!self->step_ps || passed < self->step_ps))
            self->step_ps = passed;
        any = true;
        reader.now_ps = now;
        for (uint32_t i = 0; i < vcd->touched_count; i++)
            for (uint32_t at = reader.first[vcd->touched[i]]; at; at = reader.next[at - 1])
                look(&reader, &reader.watches[(at - 1) / 2]);
    }
    end(&reader);
    free(reader.watches);
    free(reader.first);
    free(reader.next);
    return good;
}
