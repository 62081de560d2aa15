/* SPDX-License-Identifier: BSD-2-Clause */
/* vcd: the buffer, faults and steps; words of the header are in vcd_header.c, of the body in vcd_body.c. */
#include "reading/vcd.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reading/vcd_internal.h"

#define BUFFER_FIRST ((size_t)256 << 10)
#define WORD_MAX ((size_t)16 << 20)
#define NANOSECOND_FS 1000000u

/* ---- faults ---------------------------------------------------------------------------------- */

/* Where a place of the buffer is in the file; null: the last line. */
static void locate(const struct vcd *self, const char *at, struct vcd_fault *fault)
{
    const char *to = at ? at : self->end;
    fault->line = self->line_base + 1;
    fault->column = self->column_base + 1;
    const char *line = self->buffer;
    for (const char *lf; (lf = memchr(line, '\n', (size_t)(to - line))); line = lf + 1) {
        if (!at && lf + 1 == to)
            break; /* it belongs to the last line */
        fault->line++;
        fault->column = 1;
    }
    fault->column += (uint64_t)(to - line);
    if (!at && to == self->buffer && self->column_base == 0 && fault->line > 1)
        fault->line--;
}

static void tell(struct vcd *self, const char *at, struct vcd_fault *fault, const char *format,
                 va_list list)
{
    locate(self, at, fault);
    vsnprintf(fault->text, sizeof fault->text, format, list);
    if (!fault->warning) {
        if (self->fault_count++ == 0)
            self->fault = *fault;
    }
    if (self->report)
        self->report(self->report_context, fault);
}

bool vcd_fault(struct vcd *self, const char *at, bool fatal, const char *format, ...)
{
    struct vcd_fault fault = {.warning = false};
    va_list list;
    va_start(list, format);
    tell(self, at, &fault, format, list);
    va_end(list);
    return self->report && !fatal;
}

void vcd_warn(struct vcd *self, const char *at, const char *format, ...)
{
    if (!self->report)
        return;
    struct vcd_fault fault = {.warning = true};
    va_list list;
    va_start(list, format);
    tell(self, at, &fault, format, list);
    va_end(list);
}

struct vcd_lead vcd_lead(const char *at)
{
    struct vcd_lead lead;
    char *to = lead.text;
    for (int i = 0; !vcd_is_space((unsigned char)*at); i++, at++) {
        if (i == VCD_LEAD_MAX) {
            to += sprintf(to, "...");
            break;
        }
        const unsigned char c = (unsigned char)*at;
        to += c > ' ' && c < 127 ? sprintf(to, "%c", c) : sprintf(to, "\\x%02x", c);
    }
    *to = '\0';
    return lead;
}

/* ---- the buffer ------------------------------------------------------------------------------ */

static void count_lines(struct vcd *self)
{
    const char *from = self->buffer, *to = self->at;
    uint64_t lines = 0;
    for (const char *c = from; c < to; c++)
        lines += *c == '\n';
    self->line_base += lines;
    const char *line = to;
    while (lines && line[-1] != '\n')
        line--;
    self->column_base = lines ? (uint64_t)(to - line) : self->column_base + (uint64_t)(to - from);
}

static bool make_room(struct vcd *self)
{
    const size_t kept = (size_t)(self->end - self->at);
    count_lines(self);
    if (kept && self->at > self->buffer)
        memmove(self->buffer, self->at, kept);
    if (kept == self->buffer_room) {
        if (kept >= WORD_MAX) {
            self->at = self->buffer;
            return vcd_fault(self, self->at, true, "a word of more than %zu characters", WORD_MAX);
        }
        char *more = realloc(self->buffer, 2 * kept + VCD_PADDING);
        if (!more)
            return vcd_fault(self, self->buffer, true, "no memory");
        self->buffer = more;
        self->buffer_room = 2 * kept;
    }
    self->at = self->buffer;
    self->end = self->buffer + kept;
    self->unequal = NULL;
    return true;
}

int vcd_refill(struct vcd *self)
{
    if (self->state == VCD_TEXT)
        self->at = vcd_pass_text(self, self->at, self->end);
    for (;;) {
        if (self->source_ended) {
            self->at = self->safe = self->end;
            return 0;
        }
        if (!make_room(self))
            return -1;
        size_t got;
        if (!source_read(self->source, self->end,
                         self->buffer_room - (size_t)(self->end - self->buffer), &got)) {
            vcd_fault(self, NULL, true, "%s", source_error(self->source));
            self->fault.unreadable = true;
            return -1;
        }
        self->end += got;
        self->source_ended = got == 0;
        if (got == 0) {
            *self->end = '\n'; /* ends the last word; not counted as a byte of the file */
            self->safe = self->end + 1;
            return 1;
        }
        char *safe = self->end;
        while (safe > self->at && !vcd_is_space((unsigned char)safe[-1]))
            safe--;
        self->safe = safe;
        if (safe > self->at)
            return 1;
        if (self->state == VCD_TEXT)
            self->at = vcd_pass_text(self, self->at, self->end);
    }
}

char *vcd_pass_text(struct vcd *self, char *at, const char *end)
{
    static const char word[] = "$end";
    for (; at < end; at++) {
        if (vcd_is_space((unsigned char)*at)) {
            if (self->text_match == 4) {
                self->state = self->text_after;
                self->text_match = 0;
                return at;
            }
            self->text_match = 0;
        } else if (self->text_match >= 0) {
            self->text_match =
                self->text_match < 4 && *at == word[self->text_match] ? self->text_match + 1 : -1;
        }
    }
    return at;
}

/* ---- opening --------------------------------------------------------------------------------- */

static bool start(struct vcd *self)
{
    self->buffer_room = BUFFER_FIRST;
    self->buffer = calloc(1, self->buffer_room + VCD_PADDING);
    self->at = self->safe = self->end = self->buffer;
    self->unit_fs = NANOSECOND_FS;
    self->watched = VCD_NO_SLOT;
    self->scope = PATH_ROOT;
    if (self->buffer && vcd_slots_init(self))
        return true;
    snprintf(self->fault.text, sizeof self->fault.text, "no memory");
    self->fault.unreadable = true;
    return false;
}

bool vcd_open(struct vcd *self, const char *path, struct paths *names)
{
    *self = (struct vcd){.names = names};
    self->source = source_open(path, self->fault.text, sizeof self->fault.text);
    self->fault.unreadable = !self->source;
    return self->source && start(self);
}

bool vcd_open_descriptor(struct vcd *self, int descriptor, struct paths *names)
{
    *self = (struct vcd){.names = names};
    self->source = source_open_descriptor(descriptor);
    self->fault.unreadable = !self->source;
    return self->source && start(self);
}

bool vcd_open_bytes(struct vcd *self, const void *bytes, size_t length, struct paths *names)
{
    *self = (struct vcd){.names = names};
    self->source = source_open_bytes(bytes, length);
    self->fault.unreadable = !self->source;
    return self->source && start(self);
}

bool vcd_set_buffer(struct vcd *self, size_t bytes)
{
    char *other = realloc(self->buffer, bytes + VCD_PADDING);
    if (!other)
        return false;
    self->buffer = self->at = self->safe = self->end = other;
    self->buffer_room = bytes;
    return true;
}

void vcd_close(struct vcd *self)
{
    source_close(self->source);
    vcd_slots_free(self);
    free(self->variables);
    free(self->scope_lines);
    free(self->var_words);
    free(self->pending.text);
    free(self->buffer);
    *self = (struct vcd){.names = NULL};
}

/* ---- steps ----------------------------------------------------------------------------------- */

void vcd_begin(struct vcd *self)
{
    self->time = self->next;
    self->touched_count = 0;
    if (++self->step == 0) {
        memset(self->stamps, 0, self->slot_count * sizeof *self->stamps);
        self->step = 1;
    }
}

void vcd_step_done(struct vcd *self)
{
    self->change_count += self->touched_count;
    self->watched_edge = false;
    const uint32_t slot = self->watched;
    if (slot == VCD_NO_SLOT || self->stamps[slot] != self->step)
        return;
    const unsigned char from = self->bit_before[slot], to = self->bit[slot];
    self->watched_edge = (self->watch_rising && from == '0' && to == '1') ||
                         (self->watch_falling && from == '1' && to == '0');
    self->watched_edges += self->watched_edge;
}

/* What the end of the file leaves open. */
static bool check_end(struct vcd *self)
{
    if (self->state == VCD_TEXT)
        return vcd_fault(self, NULL, true, "the file ends inside a text: no $end");
    if (self->state == VCD_VALUE_CODE)
        return vcd_fault(self, NULL, true, "the file ends before the identifier code of a value");
    if (self->in_dump)
        return vcd_fault(self, NULL, true, "the file ends inside a dump section: no $end");
    return true;
}

bool vcd_finish(struct vcd *self)
{
    for (;;) {
        switch (vcd_scan(self, self->safe)) {
        case VCD_SCAN_STEP:
            vcd_step_done(self);
            return true;
        case VCD_SCAN_FAULT:
            return false;
        case VCD_SCAN_MORE:
            break;
        }
        const int more = vcd_refill(self);
        if (more < 0)
            return false;
        if (more == 0) {
            self->ended = true;
            vcd_step_done(self);
            return check_end(self);
        }
    }
}

bool vcd_step(struct vcd *self)
{
    vcd_begin(self);
    return vcd_finish(self);
}

bool vcd_drain(struct vcd *self)
{
    while (!self->ended)
        if (!vcd_step(self))
            return false;
    return self->fault_count == 0;
}
