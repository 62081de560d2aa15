/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_vcd_window: a VCD of a part of the run.
 *
 *      start          from                        to            end
 *   ---|--------------|---------------------------|-------------|--->
 *        silent       $dumpvars, then changes       silent
 *
 * Both ends are inclusive: $dumpvars has the values after all changes at `from`. Texts are written in the order
 * of time, so the first one behind `from` finds every field as the file would show it at `from`. No period that is
 * passed at once lies across an end (witness.until): inside of one nobody knows what single fields show.
 */
#include "trace/vcd/vcd_text.h"

static void put_field(struct trace_vcd *self, const struct vcd_probe *probe,
                      const struct vcd_field *field)
{
    struct trace_file *file = self->file;
    if (probe->access) {
        char *line = trace_file_room(file, VCD_ACCESS_BYTES);
        trace_file_to(file, trace_vcd_put_access(probe, line));
        return;
    }
    char *at = trace_file_room(file, field->width_bits + 1u + sizeof field->tail + DIGITS_SPOILED);
    if (probe->fresh) {
        at = put_text(at, field->form == VCD_SCALAR ? "x" : "bx ");
        memcpy(at, field->tail + 1, field->tail_length - 1u);
        at += field->tail_length - 1u;
    } else if (field->form == VCD_WIDE) {
        at = put_shown_wide(self, at, field);
    } else {
        at = put_shown(self, at, field);
    }
    trace_file_to(file, at);
}

static void begin(struct trace_vcd *self)
{
    struct trace_file *file = self->file;
    const sim_time from = self->view->from_ps;
    char start[64 + TIME_BYTES], *at = start;
    *at++ = '#';
    at = put_decimal(at, from / self->scale_ps);
    at = put_text(at, "\n$dumpvars\n");
    trace_file_write(file, start, (size_t)(at - start));
    self->silent = false;
    self->stamped = from;
    for (uint32_t p = 0; p < self->probe_count; p++)
        for (uint32_t i = 0; i < self->probes[p].field_count; i++)
            put_field(self, &self->probes[p], &self->probes[p].fields[i]);
    for (uint32_t i = 0; self->show_clocks && i < self->clock_count; i++) {
        trace_file_text(file, self->clocks[i].level ? "1" : "0");
        trace_file_text(file, self->clocks[i].id);
        trace_file_text(file, "\n");
    }
    trace_file_text(file, "$end\n");
}

void trace_vcd_moved(struct trace_vcd *self, struct vcd_probe *probe, sim_time time)
{
    uint64_t differ = 0;
    if (self->silent)
        return;
    for (uint64_t left = probe->changed; left; left &= left - 1) {
        const struct vcd_field *field = &probe->fields[__builtin_ctzll(left)];
        const bool same = field->form != VCD_WIDE &&
                          (field->word->latest & field->mask) >> field->shift == field->shown;
        differ |= same ? 0 : left & -left;
    }
    if (!differ)
        return;
    /* Of a controller something else may move first, such as a register that is written. */
    probe->moved = !probe->telling || (differ & probe->telling);
    if (probe->moved && probe->telling && time < self->started)
        self->started = time;
}

void trace_vcd_window(struct trace_vcd *self, sim_time time)
{
    if (self->over)
        return;
    if (self->silent && time > self->view->from_ps)
        begin(self);
    self->silent |= self->over = time > self->view->to_ps;
}

sim_time trace_vcd_until(const struct trace_vcd *self, sim_time now)
{
    if (!self->windowed || now > self->view->to_ps)
        return SIM_NEVER;
    return now > self->view->from_ps ? self->view->to_ps : self->view->from_ps;
}

sim_time trace_vcd_window_close(struct trace_vcd *self, sim_time final_time)
{
    const struct plan_trace *view = self->view;
    if (!self->over && self->silent && final_time >= view->from_ps)
        begin(self);
    else if (!self->over && self->silent)
        trace_file_text(self->file, "$comment the run ended before this file begins $end\n");
    if (self->over)
        self->silent = false; /* for the last time alone */
    return final_time < view->to_ps ? final_time : view->to_ps;
}
