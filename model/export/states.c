/* SPDX-License-Identifier: BSD-2-Clause */
#include "export/states.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reading/vcd.h"

#define SIGNALS_MAX 512
#define VALUES_MAX 64
#define LINE_BYTES 512

struct watched {
    char scope[TABLE_NAME_ROOM], signal[TABLE_NAME_ROOM];
    char *values[VALUES_MAX]; /* names, by value; of a single bit none */
    bool named;
    uint32_t slot; /* UINT32_MAX: the VCD does not have it */
    uint64_t value, since_ps;
};

struct states {
    struct tables *tables;
    struct watched *all;
    size_t count;
    void (*each)(void *context, const struct table_state *state);
    void *context;
};

/* ---- trace.gtkw ------------------------------------------------------------------------------ */

static FILE *open_beside(const struct states *self, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%.3500s/%.500s", self->tables->folder, name);
    return fopen(path, "rb");
}

static bool next_line(FILE *from, char line[LINE_BYTES])
{
    if (!fgets(line, LINE_BYTES, from))
        return false;
    line[strcspn(line, "\r\n")] = '\0';
    return true;
}

/* Lines "VALUE NAME", the value in hexadecimal. */
static void read_values(const struct states *self, struct watched *to, const char *table)
{
    char line[LINE_BYTES];
    FILE *from = strchr(table, '/') ? NULL : open_beside(self, table);
    while (from && next_line(from, line)) {
        char *end;
        const unsigned long value = strtoul(line, &end, 16);
        if (end > line && *end == ' ' && value < VALUES_MAX && !to->values[value])
            to->values[value] = strdup(end + 1);
    }
    if (from)
        fclose(from);
}

static bool known(const struct states *self, const char *scope, const char *signal)
{
    for (size_t i = 0; i < self->count; i++)
        if (strcmp(self->all[i].scope, scope) == 0 && strcmp(self->all[i].signal, signal) == 0)
            return true;
    return false;
}

/* A signal of the save file: SCOPE.NAME or SCOPE.NAME[RANGE]; `table` is that of its values, or empty. */
static void add_signal(struct states *self, char *text, const char *table)
{
    text[strcspn(text, "[")] = '\0';
    char *dot = strrchr(text, '.');
    if (!dot || self->count == SIGNALS_MAX || strlen(text) >= TABLE_NAME_ROOM)
        return;
    *dot = '\0';
    const char *signal = dot + 1;
    const bool bit = strcmp(signal, "interrupt") == 0 || strcmp(signal, "access") == 0;
    if ((!*table && !bit) || (*signal >= 'A' && *signal <= 'Z') || known(self, text, signal))
        return;
    struct watched *made = &self->all[self->count++];
    *made = (struct watched){.named = *table != '\0', .slot = UINT32_MAX};
    snprintf(made->scope, sizeof made->scope, "%s", text);
    snprintf(made->signal, sizeof made->signal, "%s", signal);
    if (made->named)
        read_values(self, made, table);
}

static void read_save_file(struct states *self, FILE *from)
{
    char line[LINE_BYTES], table[LINE_BYTES] = "";
    while (next_line(from, line)) {
        if (strncmp(line, "^1 ", 3) == 0) {
            snprintf(table, sizeof table, "%s", line + 3);
            continue;
        }
        if (!strchr("@-[*+", *line))
            add_signal(self, line, table);
        table[0] = '\0';
    }
}

/* ---- the VCD --------------------------------------------------------------------------------- */

static void find_slots(struct states *self, const struct vcd *vcd)
{
    char name[2 * TABLE_NAME_ROOM + 32], wanted[2 * TABLE_NAME_ROOM];
    for (size_t v = 0; v < vcd->variable_count; v++) {
        if (paths_length(vcd->names, vcd->variables[v].name) >= sizeof name)
            continue;
        paths_print(vcd->names, vcd->variables[v].name, name);
        name[strcspn(name, "[")] = '\0';
        for (size_t i = 0; i < self->count; i++) {
            snprintf(wanted, sizeof wanted, "%s.%s", self->all[i].scope, self->all[i].signal);
            if (strcmp(name, wanted) == 0)
                self->all[i].slot = vcd->variables[v].slot;
        }
    }
}

/* The number, 0 if it is none (x, z). */
static uint64_t value_of(const struct vcd *vcd, uint32_t slot)
{
    if (vcd->kinds[slot] != VCD_BITS)
        return 0;
    if (vcd->sizes[slot] == 1)
        return vcd->bit[slot] == '1';
    const struct vcd_text *text = &vcd->text[slot];
    uint64_t value = 0;
    for (uint32_t i = 0; i < text->length; i++) {
        if (text->text[i] != '0' && text->text[i] != '1')
            return 0;
        value = value << 1 | (text->text[i] == '1');
    }
    return value;
}

/* It has the value from `time_ps` on. */
static void move(const struct states *self, struct watched *watched, uint64_t value,
                 uint64_t time_ps)
{
    const char *name = watched->signal;
    if (watched->named)
        name = watched->value < VALUES_MAX ? watched->values[watched->value] : NULL;
    if (watched->value && name && time_ps > watched->since_ps)
        self->each(self->context, &(struct table_state){.scope = watched->scope,
                                                        .signal = watched->signal,
                                                        .name = name,
                                                        .begin_ps = watched->since_ps,
                                                        .end_ps = time_ps});
    watched->value = value;
    watched->since_ps = time_ps;
}

static uint64_t now_ps(const struct vcd *vcd)
{
    return vcd->unit_fs >= 1000 ? vcd->time * (vcd->unit_fs / 1000)
                                : vcd->time / (1000 / vcd->unit_fs);
}

static bool read_vcd(struct states *self, struct vcd *vcd)
{
    if (!vcd_header(vcd))
        return false;
    find_slots(self, vcd);
    while (!vcd->ended && !self->tables->error[0]) {
        if (!vcd_step(vcd))
            return false;
        for (size_t i = 0; i < self->count; i++) {
            struct watched *watched = &self->all[i];
            if (watched->slot == UINT32_MAX || vcd->stamps[watched->slot] != vcd->step)
                continue;
            const uint64_t value = value_of(vcd, watched->slot);
            if (value != watched->value)
                move(self, watched, value, now_ps(vcd));
        }
    }
    for (size_t i = 0; i < self->count; i++)
        move(self, &self->all[i], 0, now_ps(vcd));
    return true;
}

static bool open_and_read(struct states *self)
{
    static const char *const names[] = {"trace.vcd", "trace.vcd.zst", "trace.vcd.gz"};
    char path[4096];
    bool good = true;
    for (int i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%.3500s/%s", self->tables->folder, names[i]);
        if (access(path, R_OK) != 0)
            continue;
        struct paths paths;
        struct vcd vcd;
        good = paths_init(&paths);
        if (!good)
            break;
        good = vcd_open(&vcd, path, &paths) && read_vcd(self, &vcd);
        if (!good)
            snprintf(self->tables->error, self->tables->error_room, "%s:%llu: %s", names[i],
                     (unsigned long long)vcd.fault.line, vcd.fault.text);
        vcd_close(&vcd);
        paths_free(&paths);
        break;
    }
    return good && !self->tables->error[0];
}

bool states_read(struct tables *tables,
                 void (*each)(void *context, const struct table_state *state), void *context)
{
    struct states self = {.tables = tables, .each = each, .context = context};
    FILE *save = open_beside(&self, "trace.gtkw");
    if (!save)
        return true;
    self.all = calloc(SIGNALS_MAX, sizeof *self.all);
    bool good = self.all != NULL;
    if (good)
        read_save_file(&self, save);
    fclose(save);
    good = good && (self.count == 0 || open_and_read(&self));
    if (!self.all)
        snprintf(tables->error, tables->error_room, "no memory");
    for (size_t i = 0; self.all && i < self.count; i++)
        for (int value = 0; value < VALUES_MAX; value++)
            free(self.all[i].values[value]);
    free(self.all);
    return good;
}
