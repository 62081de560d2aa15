/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_vcd_access: accesses of registers as a text beside the signals.
 *
 *     sCH0_CTL_LO=0x304925 !         written
 *     sSTATUS_INT:0x1 !              read
 *     sCH0_SAR=0x0,CH0_DAR=0x0 !     one step with several
 *
 * Lines of who drives the clock (dmasim_tell()) are another such variable, from the time on at which they are told:
 *
 *     sirq_handler_entry:\x20irq=5 #    what is no printing character, and each space and backslash, by its code
 *
 * A `string` variable, which GTKWave, Icarus, Surfer and others know beside IEEE 1364-2005. It is unset before the
 * first access and keeps its text until the next one. An access holds from the cycle on in which the register takes
 * the value, or gives it.
 */
#include <stdio.h>
#include <string.h>

#include "bus/records.h"
#include "registers/register.h"
#include "trace/vcd/vcd_text.h"

#define NAME_BYTES 64

void trace_vcd_notify_access(struct probe_observer *observer, const struct probe *probe,
                             sim_cycle now, const void *record)
{
    struct vcd_probe *self = (struct vcd_probe *)observer;
    struct trace_vcd *vcd = self->vcd;
    struct vcd_access *access = self->access;
    const struct register_record *told = record;
    const sim_time step = clock_time(probe->clock, now);
    trace_vcd_advance(vcd, step);
    if (step < vcd->now)
        vcd->late = probe->name;
    if (access->step != step)
        access->length = 0;
    access->step = step;
    char name[NAME_BYTES];
    register_name_at(told->map, told->offset, told->write, name, sizeof name);
    const uint32_t room = VCD_ACCESS_MAX - access->length;
    const int length =
        snprintf(access->text + access->length, room, "%s%s%s0x%llx", access->length ? "," : "",
                 name, told->write ? "=" : ":", (unsigned long long)told->value);
    if (length > 0 && (uint32_t)length < room)
        access->length += (uint32_t)length;
    *self->waiting |= self->bit;
    vcd->any_settled = true;
    vcd->access_told = true;
}

/* Adds a character as it stands in a string's change; false if there is no room. */
static bool add_character(struct vcd_access *access, unsigned char c)
{
    static const char digits[] = "0123456789abcdef";
    const bool plain = c > ' ' && c < 0x7f && c != '\\';
    const uint32_t length = plain ? 1 : 4;
    if (length >= VCD_ACCESS_MAX - access->length)
        return false;
    char *at = access->text + access->length;
    access->length += length;
    if (plain) {
        *at = (char)c;
        return true;
    }
    *at++ = '\\';
    *at++ = 'x';
    *at++ = digits[c >> 4];
    *at = digits[c & 15];
    return true;
}

void trace_vcd_notify_text(struct probe_observer *observer, const struct probe *probe,
                           sim_cycle now, const void *record)
{
    struct vcd_probe *self = (struct vcd_probe *)observer;
    struct trace_vcd *vcd = self->vcd;
    struct vcd_access *access = self->access;
    const struct text_record *told = record;
    const sim_time time = probe->clock->kernel->now;
    (void)now;
    /* All edges are whole units, so this is not before one that was written. */
    trace_vcd_advance(vcd, time - time % vcd->scale_ps);
    if (access->step != vcd->now)
        access->length = 0;
    access->step = vcd->now;
    bool room = access->length == 0 || add_character(access, ';');
    for (size_t i = 0; room && i < told->length; i++)
        room = add_character(access, (unsigned char)told->text[i]);
    *self->waiting |= self->bit;
    self->moved = true;
    vcd->any_settled = true;
    vcd->access_told = true;
}

char *trace_vcd_put_access(const struct vcd_probe *probe, char *at)
{
    const struct vcd_access *access = probe->access;
    if (access->length == 0)
        return at;
    *at++ = 's';
    memcpy(at, access->text, access->length);
    return put_tail(at + access->length, &probe->fields[0]);
}

bool trace_vcd_access_waits(const struct trace_vcd *self)
{
    for (uint32_t i = 0; i < self->probe_count; i++)
        if (self->probes[i].access && (*self->probes[i].waiting & self->probes[i].bit))
            return true;
    return false;
}
