/* SPDX-License-Identifier: BSD-2-Clause */
/* align: finds where a signal takes a value in both files, and moves B so that the times agree. */
#include <stdlib.h>
#include <string.h>

#include "compare/engine.h"

/* A value of the command line as a short text of digits, as the reader keeps them. */
static bool digits_of(const char *value, char *to, size_t room)
{
    size_t length = 0;
    if (value[0] == 'b' || value[0] == 'B') {
        for (value++; *value && length + 1 < room; value++)
            to[length++] = (char)(*value >= 'A' && *value <= 'Z' ? *value + 32 : *value);
    } else if (value[1] == '\0' && !(value[0] >= '2' && value[0] <= '9')) {
        to[length++] = (char)(*value >= 'A' && *value <= 'Z' ? *value + 32 : *value);
    } else {
        char *end;
        const unsigned long long number = strtoull(value, &end, 0);
        if (*end || end == value)
            return false;
        for (int bit = 63; bit >= 0; bit--)
            if (number >> bit & 1 || length || bit == 0)
                to[length++] = (char)('0' + (int)(number >> bit & 1));
    }
    to[length] = '\0';
    size_t lead = 0;
    while (to[lead] && to[lead + 1] && to[lead] != '1' &&
           (to[lead] == to[lead + 1] || (to[lead] == '0' && to[lead + 1] == '1')))
        lead++;
    memmove(to, to + lead, length - lead + 1);
    return length > 0;
}

/* The range of a printed name, "[7:0]", its end if it has none. */
static const char *range_of(const char *printed)
{
    const size_t length = strlen(printed);
    const char *bracket = length && printed[length - 1] == ']' ? strrchr(printed, '[') : NULL;
    return bracket ? bracket : printed + length;
}

/* The signal of that printed name; else the only one that has it but for the range. */
static uint32_t find(const struct engine *self, const struct vcd *file, int side, const char *name)
{
    uint32_t slot = UINT32_MAX, bare = UINT32_MAX;
    const size_t length = strlen(name);
    bool several = false;
    for (size_t i = 0; i < file->variable_count; i++) {
        char *text = malloc(paths_length(file->names, file->variables[i].name) + 1);
        if (!text)
            return UINT32_MAX;
        paths_print(file->names, file->variables[i].name, text);
        char *now = side ? mappings_apply(&self->options->maps, text) : strdup(text);
        if (now && strcmp(now, name) == 0) {
            slot = file->variables[i].slot;
        } else if (now && (size_t)(range_of(now) - now) == length &&
                   memcmp(now, name, length) == 0) {
            several |= bare != UINT32_MAX && bare != file->variables[i].slot;
            bare = file->variables[i].slot;
        }
        free(now);
        free(text);
    }
    return slot != UINT32_MAX || several ? slot : bare;
}

static bool has(const struct vcd *file, uint32_t slot, const char *digits)
{
    const struct vcd_text *text = &file->text[slot];
    if (file->kinds[slot] != VCD_BITS)
        return file->kinds[slot] == VCD_EVENT && file->occurrences[slot] > 0;
    if (file->sizes[slot] == 1)
        return digits[0] == (char)file->bit[slot] && !digits[1];
    if (text->length == 0)
        return strcmp(digits, "x") == 0;
    return strlen(digits) == text->length && memcmp(text->text, digits, text->length) == 0;
}

/* Whether it had a value before this step: the first one of a file is no change. */
static bool known_before(const struct vcd *file, uint32_t slot)
{
    if (file->kinds[slot] == VCD_EVENT)
        return true;
    if (file->kinds[slot] == VCD_BITS && file->sizes[slot] == 1)
        return file->bit_before[slot] != 'x';
    return file->text_before[slot].length > 0;
}

/* When the signal takes the value; without one, when it first changes. */
static bool moment(struct engine *self, struct vcd *file, int side, const char *name,
                   const char *digits, trace_time *time)
{
    if (!vcd_header(file))
        return false;
    const uint32_t slot = find(self, file, side, name);
    if (slot == UINT32_MAX) {
        comparison_fail(
            self->result, (char)('A' + side),
            "--align: no signal \"%.100s\" (dmasim trace info --signals has their names)", name);
        return true;
    }
    while (!file->ended) {
        if (!vcd_step(file))
            return false;
        if (file->stamps[slot] != file->step || !vcd_changed(file, slot))
            continue;
        if (digits ? has(file, slot, digits) : known_before(file, slot)) {
            *time = (trace_time)file->time * file->unit_fs;
            return true;
        }
    }
    comparison_fail(self->result, (char)('A' + side), "--align: \"%.100s\" never %s", name,
                    digits ? "takes the value" : "changes");
    return true;
}

bool engine_align(struct engine *self, const char *const path[2])
{
    char name[4096], digits[4096];
    const char *align = self->options->align, *equals = strrchr(align, '=');
    const size_t length = equals ? (size_t)(equals - align) : strlen(align);
    if (length >= sizeof name || (equals && !digits_of(equals + 1, digits, sizeof digits))) {
        comparison_fail(self->result, 0, "--align: '%.100s' is no SIGNAL or SIGNAL=VALUE", align);
        return false;
    }
    memcpy(name, align, length);
    name[length] = '\0';
    trace_time time[2] = {0, 0};
    for (int side = 0; side < 2; side++) {
        if (strcmp(path[side], "-") == 0) {
            comparison_fail(self->result, 0, "--align reads twice: standard input cannot be");
            return false;
        }
        struct paths names;
        struct vcd file;
        if (!paths_init(&names)) {
            comparison_fail(self->result, 0, "no memory");
            return false;
        }
        const bool good = vcd_open(&file, path[side], &names) &&
                          moment(self, &file, side, name, equals ? digits : NULL, &time[side]);
        if (!good) {
            comparison_fail(self->result, (char)('A' + side), "%s", file.fault.text);
            self->result->error_line = file.fault.line;
            self->result->error_column = file.fault.column;
        }
        vcd_close(&file);
        paths_free(&names);
        if (self->result->verdict == COMPARE_ERROR)
            return false;
    }
    self->offset = time[0] - time[1];
    if (!self->options->from.given)
        self->from = time[0];
    return true;
}
