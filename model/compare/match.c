/* SPDX-License-Identifier: BSD-2-Clause */
/* match: which variables of two files are the same, by name, kind and size (rules D1 to D3, O2, O5). */
#include <stdlib.h>
#include <string.h>

#include "compare/engine.h"

#define NO_SLOT UINT32_MAX

char *engine_name(const struct engine *self, uint32_t name)
{
    char *text = malloc(paths_length(self->table, name) + 1);
    if (text)
        paths_print(self->table, name, text);
    return text;
}

static bool no_memory(struct engine *self)
{
    comparison_fail(self->result, 0, "no memory");
    return false;
}

/* With mappings: the name as the other side knows it. PATH_ROOT if there is no room. */
static uint32_t mapped(struct engine *self, int side, uint32_t name)
{
    char *text = malloc(paths_length(&self->names, name) + 1);
    if (!text)
        return PATH_ROOT;
    paths_print(&self->names, name, text);
    char *now = side ? mappings_apply(&self->options->maps, text) : text;
    const uint32_t made = now ? paths_add(&self->printed, PATH_ROOT, now, strlen(now)) : PATH_ROOT;
    if (now != text)
        free(now);
    free(text);
    return made;
}

static bool map_names(struct engine *self)
{
    if (!paths_init(&self->printed))
        return no_memory(self);
    self->table = &self->printed;
    for (int side = 0; side < 2; side++) {
        struct vcd *file = &self->file[side];
        for (size_t i = 0; i < file->variable_count; i++) {
            file->variables[i].name = mapped(self, side, file->variables[i].name);
            if (file->variables[i].name == PATH_ROOT)
                return no_memory(self);
        }
    }
    return true;
}

static struct link *link_of(struct engine *self, uint32_t a, uint32_t b)
{
    for (uint32_t i = self->first_link[0][a]; i != NO_LINK; i = self->links[i].next[0])
        if (self->links[i].slot[1] == b)
            return &self->links[i];
    if (self->link_count == self->link_room) {
        const uint32_t room = self->link_room ? 2 * self->link_room : 64;
        struct link *more = realloc(self->links, room * sizeof *more);
        if (!more)
            return NULL;
        self->links = more;
        self->link_room = room;
    }
    const uint32_t made = self->link_count++;
    self->links[made] = (struct link){.slot = {a, b},
                                      .next = {self->first_link[0][a], self->first_link[1][b]},
                                      .name = PATH_ROOT,
                                      .differing = NO_LINK,
                                      .waiting = NO_LINK};
    self->first_link[0][a] = self->first_link[1][b] = made;
    return &self->links[made];
}

/* One name: joins it, or notes on which side it is alone. */
static bool match_name(struct engine *self, uint32_t name)
{
    const uint32_t a = self->slot_of[0][name], b = self->slot_of[1][name];
    if (a == NO_SLOT && b == NO_SLOT)
        return true;
    struct comparison *result = self->result;
    char *text = NULL;
    const struct selection *selection = &self->options->selection;
    const bool same = a != NO_SLOT && b != NO_SLOT &&
                      self->file[0].kinds[a] == self->file[1].kinds[b] &&
                      self->file[0].sizes[a] == self->file[1].sizes[b];
    if (!same || selection->ignore_count || selection->only_count) {
        text = engine_name(self, name);
        if (!text)
            return no_memory(self);
        if (!selection_has(selection, text)) {
            free(text);
            return true;
        }
    }
    bool good = true;
    if (same) {
        struct link *link = link_of(self, a, b);
        good = link != NULL;
        if (good) {
            self->next_name[name] = link->name;
            link->name = name;
            result->compared++;
        }
    } else {
        good = texts_add(a == NO_SLOT   ? &result->only_b
                         : b == NO_SLOT ? &result->only_a
                                        : &result->kind,
                         text);
    }
    free(text);
    return good || no_memory(self);
}

uint32_t engine_find(const struct engine *self, const char *printed)
{
    const size_t length = strlen(printed);
    for (uint32_t name = 1; name < self->table->count; name++) {
        if ((self->slot_of[0][name] == NO_SLOT && self->slot_of[1][name] == NO_SLOT) ||
            paths_length(self->table, name) != length)
            continue;
        char *text = engine_name(self, name);
        const bool same = text && strcmp(text, printed) == 0;
        free(text);
        if (same)
            return name;
    }
    return PATH_ROOT;
}

static bool find_clock(struct engine *self)
{
    self->clock_slot[0] = self->clock_slot[1] = NO_SLOT;
    const char *clock = self->options->clock;
    if (!clock)
        return true;
    const uint32_t name = engine_find(self, clock);
    for (int side = 0; side < 2; side++) {
        struct vcd *file = &self->file[side];
        const uint32_t slot = name == PATH_ROOT ? NO_SLOT : self->slot_of[side][name];
        if (slot == NO_SLOT || file->kinds[slot] != VCD_BITS || file->sizes[slot] != 1) {
            comparison_fail(self->result, (char)('A' + side), "the clock \"%.100s\" is no %s",
                            clock, slot == NO_SLOT ? "signal of this file" : "signal of one bit");
            return false;
        }
        self->clock_slot[side] = file->watched = slot;
        file->watch_rising = self->options->rising;
        file->watch_falling = self->options->falling;
    }
    self->clock_name = name;
    self->clock_compared = selection_has(&self->options->selection, clock);
    self->clock_link = (struct link){.slot = {self->clock_slot[0], self->clock_slot[1]},
                                     .next = {NO_LINK, NO_LINK},
                                     .name = PATH_ROOT,
                                     .differing = NO_LINK,
                                     .waiting = NO_LINK};
    return true;
}

bool engine_match(struct engine *self)
{
    self->table = &self->names;
    if (self->options->maps.count && !map_names(self))
        return false;
    const size_t count = self->table->count;
    self->next_name = calloc(count, sizeof *self->next_name);
    bool good = self->next_name != NULL;
    for (int side = 0; side < 2 && good; side++) {
        const struct vcd *file = &self->file[side];
        self->slot_of[side] = malloc(count * sizeof *self->slot_of[side]);
        self->first_link[side] =
            malloc(((size_t)file->slot_count + 1) * sizeof *self->first_link[side]);
        good = self->slot_of[side] && self->first_link[side];
        if (!good)
            break;
        memset(self->slot_of[side], 0xff, count * sizeof *self->slot_of[side]);
        memset(self->first_link[side], 0xff, file->slot_count * sizeof *self->first_link[side]);
        for (size_t i = 0; i < file->variable_count; i++)
            self->slot_of[side][file->variables[i].name] = file->variables[i].slot;
    }
    if (!good)
        return no_memory(self);
    for (uint32_t name = 1; name < count; name++)
        if (!match_name(self, name))
            return false;
    texts_sort(&self->result->only_a);
    texts_sort(&self->result->only_b);
    texts_sort(&self->result->kind);
    self->differing = malloc(((size_t)self->link_count + 1) * sizeof *self->differing);
    self->waiting =
        calloc((size_t)self->link_count + 1, sizeof *self->waiting); /* one: the clock */
    self->hot = malloc(((size_t)self->link_count + 1) * sizeof *self->hot);
    if (!self->differing || !self->waiting || !self->hot)
        return no_memory(self);
    for (uint32_t i = 0; i < self->link_count; i++) {
        const struct link *link = &self->links[i];
        const uint32_t slot = link->slot[0];
        self->hot[i] = (struct hot_link){.slot = {slot, link->slot[1]},
                                         .next = {link->next[0], link->next[1]},
                                         .bit = self->file[0].kinds[slot] == VCD_BITS &&
                                                self->file[0].sizes[slot] == 1};
    }
    self->skippable = self->offset == 0 && vcd_alike(&self->file[0], &self->file[1]);
    for (uint32_t i = 0; i < self->link_count && self->skippable; i++)
        self->skippable = self->links[i].slot[0] == self->links[i].slot[1];
    return find_clock(self);
}
