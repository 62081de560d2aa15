/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fuzz_vcd: any bytes as a VCD, packed or not. Nothing may crash or need much memory; where the buffer ends must
 * not matter, nor going on behind a fault: the first one is the same.
 *
 * Random bytes hardly ever make a header: in front of those that do not begin as a file there is one, and
 * letters are few.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reading/vcd.h"

#define ROOM 8192

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a reading comes to. */
struct outcome {
    uint64_t hash, steps, line, column, faults;
};

static void look_at(void *context, const struct vcd_fault *fault)
{
    (void)context;
    if (!fault->text[0] || !fault->line || !fault->column)
        abort(); /* a fault says something, and where */
}

static void add(struct outcome *self, uint64_t word)
{
    self->hash = (self->hash ^ word) * 0x9e3779b97f4a7c15u;
}

static void add_values(struct outcome *self, const struct vcd *vcd)
{
    for (uint32_t i = 0; i < vcd->touched_count; i++) {
        const uint32_t slot = vcd->touched[i];
        char text[64];
        add(self, slot);
        add(self, vcd_changed(vcd, slot));
        vcd_print_value(vcd, slot, false, text, sizeof text);
        for (const char *c = text; *c; c++)
            add(self, (unsigned char)*c);
    }
}

static struct outcome read_all(const char *bytes, size_t length, size_t buffer, bool on)
{
    struct outcome outcome = {.hash = 1};
    struct paths names;
    struct vcd vcd;
    if (!paths_init(&names))
        abort();
    if (!vcd_open_bytes(&vcd, bytes, length, &names) || (buffer && !vcd_set_buffer(&vcd, buffer)))
        abort();
    if (on)
        vcd.report = look_at;
    bool good = vcd_header(&vcd);
    while (good && !vcd.ended) {
        good = vcd_step(&vcd);
        if (!on || good) {
            add(&outcome, vcd.time);
            add_values(&outcome, &vcd);
        }
        outcome.steps++;
    }
    if (!good && !vcd.fault_count)
        abort();
    outcome.line = vcd.fault.line;
    outcome.column = vcd.fault.column;
    outcome.faults = vcd.fault_count;
    vcd_close(&vcd);
    paths_free(&names);
    return outcome;
}

static void read_in_all_ways(const char *bytes, size_t length)
{
    const struct outcome whole = read_all(bytes, length, 0, false);
    const struct outcome parts = read_all(bytes, length, 16, false);
    const struct outcome on = read_all(bytes, length, 40, true);
    if (memcmp(&whole, &parts, sizeof whole) != 0)
        abort();
    if (on.line != whole.line || on.column != whole.column ||
        (on.faults == 0) != (whole.faults == 0) || (whole.faults == 0 && on.hash != whole.hash))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char header[] = "$timescale 1ns $end $var wire 1 ! a $end $var reg 4 \" b $end "
                                 "$var real 64 # r $end $var event 1 $ e $end $var string 0 & s "
                                 "$end $enddefinitions $end #0 $dumpvars 0! $end ";
    static const char letters[] = "#01bxrs!\"$& \n5z.-e9";
    if (size > 0 && data[0] != '$' && data[0] != 0x1f && data[0] != 0x28) {
        char *text = malloc(ROOM);
        size_t length = sizeof header - 1;
        if (!text)
            abort();
        memcpy(text, header, length);
        for (size_t i = 0; i < size && length < ROOM; i++)
            text[length++] =
                data[i] < 250 ? letters[data[i] % (sizeof letters - 1)] : (char)data[i];
        read_in_all_ways(text, length);
        free(text);
    }
    read_in_all_ways((const char *)data, size);
    return 0;
}
