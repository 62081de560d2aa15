/* SPDX-License-Identifier: BSD-2-Clause */
/* linux_log: see linux_log.h. */
#include "cli/linux_log.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

bool linux_log_start(struct linux_log *self)
{
    self->file = open_memstream(&self->text, &self->length);
    if (self->file)
        fputs("time_ps,kind,component,what,value,text\n", self->file);
    return self->file != NULL;
}

/* The register at an address, with what is left of the address behind it. */
static void put_register(FILE *file, struct dmasim *sim, const struct board_note *note)
{
    struct dmasim_register found;
    for (size_t i = 0; dmasim_register(sim, note->component, i, &found) == DMASIM_OK; i++) {
        const uint64_t bytes = (found.width_bits + 7) / 8;
        if (note->address < found.address || note->address - found.address >= bytes)
            continue;
        fputs(found.name, file);
        if (note->address != found.address)
            fprintf(file, "+%" PRIu64, note->address - found.address);
        return;
    }
    fprintf(file, "0x%" PRIx64, note->address);
}

static void put_text(FILE *file, const char *text, size_t length)
{
    putc('"', file);
    for (size_t i = 0; i < length; i++) {
        const unsigned char c = (unsigned char)text[i];
        if (c == '"')
            fputs("\"\"", file);
        else if (c < ' ' || c == 0x7f)
            fprintf(file, "\\x%02x", c);
        else
            putc(c, file);
    }
    fputs("\"\n", file);
}

void linux_log_note(struct linux_log *self, struct dmasim *sim, const struct board_note *note)
{
    static const char *const kinds[] = {
        [BOARD_READ] = "read",           [BOARD_WRITE] = "write", [BOARD_INTERRUPT] = "interrupt",
        [BOARD_LOST] = "lost interrupt", [BOARD_TEXT] = "text",   [BOARD_KERNEL] = "kernel",
        [BOARD_UNMAPPED] = "unmapped"};
    FILE *file = self->file;
    if (!file)
        return;
    fprintf(file, "%" PRIu64 ",%s,%s,", note->time_ps, kinds[note->kind],
            note->component ? note->component : "");
    if (note->bus) {
        put_register(file, sim, note);
        fprintf(file, ",0x%" PRIx64 ",\n", note->value);
    } else if (note->text) {
        fputs(",,", file);
        put_text(file, note->text, strlen(note->text));
    } else {
        fputs(",,\n", file);
    }
}

static void end_line(struct linux_log *self)
{
    if (self->file) {
        fprintf(self->file, "%" PRIu64 ",console,,,,", self->line_ps);
        put_text(self->file, self->line, self->line_length);
    }
    self->line[self->line_length] = '\0';
    if (self->line_told)
        self->line_told(self->context, self->line);
    self->line_length = 0;
}

void linux_log_print(struct linux_log *self, uint64_t time_ps, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (self->line_length == 0)
            self->line_ps = time_ps;
        if (text[i] == '\r' || text[i] == '\0')
            continue;
        if (text[i] != '\n')
            self->line[self->line_length++] = text[i];
        if (text[i] == '\n' || self->line_length == LINUX_LOG_LINE)
            end_line(self);
    }
}

bool linux_log_write(struct linux_log *self, struct dmasim *sim, const char *directory,
                     struct dmasim_error *error)
{
    if (!self->file)
        return true;
    if (self->line_length > 0)
        end_line(self);
    const bool good = fclose(self->file) == 0;
    self->file = NULL;
    *error = (struct dmasim_error){.code = DMASIM_MEMORY, .text = "out of memory"};
    return good && dmasim_write_file(sim, directory, "guest.csv", self->text, self->length,
                                     error) == DMASIM_OK;
}

void linux_log_free(struct linux_log *self)
{
    if (self->file)
        fclose(self->file);
    free(self->text);
    *self = (struct linux_log){.file = NULL};
}
