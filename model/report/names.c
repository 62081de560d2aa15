/* SPDX-License-Identifier: BSD-2-Clause */
#include "report/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES 4096
#define SIGNALS_MAX 4000u
#define NAMES_MAX 1000u

/* Lines "VALUE NAME", the value in hexadecimal. */
static void read_file(struct report_named *self, const char *folder)
{
    char path[LINE_MAX_BYTES + 300], line[LINE_MAX_BYTES];
    snprintf(path, sizeof path, "%.3900s/%.300s", folder, self->file);
    FILE *in = strchr(self->file, '/') ? NULL : fopen(path, "r");
    while (in && self->count < NAMES_MAX && fgets(line, sizeof line, in)) {
        struct report_name one = {.value = 0};
        if (sscanf(line, "%lx %31s", &one.value, one.text) != 2)
            continue;
        struct report_name *names = realloc(self->names, (self->count + 1) * sizeof *names);
        if (!names)
            break;
        self->names = names;
        self->names[self->count++] = one;
    }
    if (in)
        fclose(in);
}

static bool add(struct report_names *self, const char *signal, const char *file)
{
    struct report_named *all = realloc(self->all, (self->count + 1) * sizeof *all);
    if (!all)
        return false;
    self->all = all;
    all[self->count] = (struct report_named){.signal = strdup(signal), .file = strdup(file)};
    return all[self->count].signal && all[self->count++].file;
}

void report_names_read(struct report_names *self, const char *folder)
{
    char path[LINE_MAX_BYTES], line[LINE_MAX_BYTES], file[300] = "";
    *self = (struct report_names){.all = NULL};
    snprintf(path, sizeof path, "%.3900s/trace.gtkw", folder);
    FILE *in = fopen(path, "r");
    while (in && self->count < SIGNALS_MAX && fgets(line, sizeof line, in)) {
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0] == '^') { /* "^1 FILE": names for the signal that follows */
            file[0] = '\0';
            sscanf(line, "^%*d %299s", file);
        } else if (line[0] == '@' || line[0] == '-' || line[0] == '[' || line[0] == '*') {
            file[0] = '\0';
        } else if (file[0] && !add(self, line, file)) {
            break;
        }
    }
    if (in)
        fclose(in);
    for (size_t i = 0; i < self->count; i++)
        read_file(&self->all[i], folder);
}

void report_names_free(struct report_names *self)
{
    for (size_t i = 0; i < self->count; i++) {
        free(self->all[i].signal);
        free(self->all[i].file);
        free(self->all[i].names);
    }
    free(self->all);
}

const struct report_named *report_names_of(const struct report_names *self, const char *signal)
{
    for (size_t i = 0; i < self->count; i++)
        if (strcmp(self->all[i].signal, signal) == 0)
            return &self->all[i];
    return NULL;
}

const char *report_named_value(const struct report_named *self, const char *value)
{
    char *end;
    const bool hexadecimal = strncmp(value, "0x", 2) == 0;
    const unsigned long number = strtoul(value, &end, hexadecimal ? 16 : 2);
    for (size_t i = 0; self && *value && *end == '\0' && i < self->count; i++)
        if (self->names[i].value == number)
            return self->names[i].text;
    return NULL;
}
