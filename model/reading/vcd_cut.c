/* SPDX-License-Identifier: BSD-2-Clause */
#include "reading/vcd_cut.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define CODE_ROOM 8

static const char *code(uint32_t slot, char to[CODE_ROOM])
{
    size_t at = 0;
    for (;; slot = slot / 94 - 1) {
        to[at++] = (char)('!' + slot % 94);
        if (slot < 94)
            break;
    }
    to[at] = '\0';
    return to;
}

/* ---- declarations ---------------------------------------------------------------------------- */

static bool above(const struct paths *names, uint32_t scope, uint32_t name)
{
    while (names->all[name].depth > names->all[scope].depth)
        name = names->all[name].parent;
    return name == scope;
}

/* From one scope to another: $upscope to what is above both, then $scope for each one down. */
static void enter(const struct paths *names, FILE *out, uint32_t from, uint32_t to)
{
    for (; !above(names, from, to); from = names->all[from].parent)
        fputs("$upscope $end\n", out);
    for (uint32_t depth = names->all[from].depth + 1; depth <= names->all[to].depth; depth++) {
        uint32_t name = to;
        while (names->all[name].depth > depth)
            name = names->all[name].parent;
        fprintf(out, "$scope module %.*s $end\n", (int)names->all[name].length,
                names->texts + names->all[name].text);
    }
}

/* Where the range of a name begins, its length if it has none. */
static int before_range(const char *text, int length)
{
    int at = length - 1;
    if (length < 3 || text[at] != ']')
        return length;
    while (at > 0 && text[at - 1] != '[' && strchr("0123456789:-", text[at - 1]))
        at--;
    return at > 1 && at < length - 1 && text[at - 1] == '[' ? at - 1 : length;
}

static void declare(const struct vcd *self, const struct vcd_cut *cut)
{
    const struct paths *names = self->names;
    uint64_t unit = self->unit_fs;
    static const char *const units[] = {"fs", "ps", "ns", "us", "ms", "s"};
    size_t u = 0;
    for (; unit >= 1000; unit /= 1000)
        u++;
    fprintf(cut->out, "$timescale %" PRIu64 " %s $end\n", unit, units[u]);
    uint32_t scope = PATH_ROOT;
    for (size_t i = 0; i < self->variable_count; i++) {
        const struct vcd_variable *variable = &self->variables[i];
        if (!cut->keep[i])
            continue;
        const struct path_element *name = &names->all[variable->name];
        const char *text = names->texts + name->text;
        const int length = (int)name->length, bare = before_range(text, length);
        char letters[CODE_ROOM];
        enter(names, cut->out, scope, name->parent);
        scope = name->parent;
        fprintf(cut->out, "$var %s %" PRIu64 " %s %.*s%s%.*s $end\n", variable->type,
                self->kinds[variable->slot] == VCD_REAL ? 64 : self->sizes[variable->slot],
                code(variable->slot, letters), bare, text, bare < length ? " " : "", length - bare,
                text + bare);
    }
    enter(names, cut->out, scope, PATH_ROOT);
    fputs("$enddefinitions $end\n", cut->out);
}

/* ---- values ---------------------------------------------------------------------------------- */

static void put(const struct vcd *self, FILE *out, uint32_t slot)
{
    char letters[CODE_ROOM];
    const char *name = code(slot, letters);
    const struct vcd_text *text = &self->text[slot];
    switch ((enum vcd_kind)self->kinds[slot]) {
    case VCD_EVENT:
        for (uint32_t i = 0; i < self->occurrences[slot]; i++)
            fprintf(out, "1%s\n", name);
        return;
    case VCD_BITS:
        if (self->sizes[slot] == 1) {
            fprintf(out, "%c%s\n", self->bit[slot], name);
            return;
        }
        fputc('b', out);
        if (text->length == 0)
            fputc('x', out);
        break;
    default:
        if (text->length == 0)
            return; /* unset */
        break;
    }
    fwrite(text->text, 1, text->length, out);
    fprintf(out, " %s\n", name);
}

/* Where to begin: the values that hold, and the events of that very time. */
static void put_all(const struct vcd *self, const struct vcd_cut *cut, const bool *kept, bool step)
{
    fprintf(cut->out, "#%" PRIu64 "\n$dumpvars\n", cut->from);
    for (uint32_t slot = 0; slot < self->slot_count; slot++)
        if (kept[slot] && self->kinds[slot] != VCD_EVENT)
            put(self, cut->out, slot);
    fputs("$end\n", cut->out);
    for (uint32_t i = 0; i < self->touched_count && step; i++)
        if (kept[self->touched[i]] && self->kinds[self->touched[i]] == VCD_EVENT)
            put(self, cut->out, self->touched[i]);
}

bool vcd_cut(struct vcd *self, const struct vcd_cut *cut)
{
    bool *kept = calloc((size_t)self->slot_count + 1, sizeof *kept);
    if (!kept)
        return false;
    for (size_t i = 0; i < self->variable_count; i++)
        kept[self->variables[i].slot] |= cut->keep[i];
    declare(self, cut);
    bool begun = false, good = true;
    uint64_t written = cut->from;
    while (!self->ended && good) {
        if (!begun && self->next > cut->from) {
            put_all(self, cut, kept, false);
            begun = true;
        }
        if (self->next > cut->to)
            break;
        good = vcd_step(self);
        if (!begun && self->time == cut->from) {
            put_all(self, cut, kept, true);
            begun = true;
            continue;
        }
        for (uint32_t i = 0; i < self->touched_count && begun; i++) {
            const uint32_t slot = self->touched[i];
            if (!kept[slot] || !vcd_changed(self, slot))
                continue;
            if (written != self->time)
                fprintf(cut->out, "#%" PRIu64 "\n", written = self->time);
            put(self, cut->out, slot);
        }
    }
    if (!begun)
        put_all(self, cut, kept, false);
    good = good && vcd_drain(self);
    const uint64_t end = self->time < cut->to ? self->time : cut->to;
    if (end > written)
        fprintf(cut->out, "#%" PRIu64 "\n", end);
    free(kept);
    return good;
}
