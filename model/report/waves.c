/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * waves: the levels of FIFOs and the waveforms around the first error, the first loss of data and the longest stall, of
 * which the VCD is read a second time.
 *
 * A window begins BEFORE cycles before its moment and ends AFTER cycles behind it; of a moment longer than LONGEST
 * cycles the end is shown. It has the signals of the moment's scope, then those that change in it, of the scopes
 * around it first, up to SIGNALS_MAX.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "compare/texts.h"
#include "compare/value.h"
#include "report/moments.h"
#include "report/names.h"

#define BEFORE 16u
#define AFTER 16u
#define LONGEST 64u
#define SIGNALS_MAX 28u
#define CHANGES_MAX 256u /* of a signal in a window */
#define WINDOWS 3

struct change {
    uint64_t time_ps;
    char *value;
};

struct wave {
    struct change *changes;
    size_t count, room;
    bool differs; /* it changes inside the window */
};

struct window {
    const char *title;
    const struct report_moment *moment;
    uint64_t from_ps, to_ps;
    bool begun;
    struct wave *waves; /* of each slot */
};

struct waves {
    struct window windows[WINDOWS];
    size_t count;
    struct vcd *vcd;
    uint64_t period_ps;
    struct report_names names;
};

static bool fail(struct dmasim_error *error, const struct vcd *vcd)
{
    *error = (struct dmasim_error){
        .code = DMASIM_INVALID, .line = (int)vcd->fault.line, .column = (int)vcd->fault.column};
    snprintf(error->file, sizeof error->file, "trace.vcd");
    snprintf(error->text, sizeof error->text, "%s",
             vcd->fault.text[0] ? vcd->fault.text : "out of memory");
    return false;
}

/* ---- windows --------------------------------------------------------------------------------- */

static void add_window(struct waves *self, const char *title, const struct report_moment *moment)
{
    if (!moment->there || self->period_ps == 0)
        return;
    const uint64_t period = self->period_ps, longest = LONGEST * period;
    const uint64_t length = moment->to_ps - moment->from_ps;
    const uint64_t from = length > longest ? moment->to_ps - longest : moment->from_ps;
    self->windows[self->count++] =
        (struct window){.title = title,
                        .moment = moment,
                        .from_ps = from > BEFORE * period ? from - BEFORE * period : 0,
                        .to_ps = moment->to_ps + AFTER * period};
}

static bool add_change(const struct waves *self, struct wave *wave, uint32_t slot, uint64_t time_ps)
{
    if (wave->count == CHANGES_MAX)
        return true;
    if (wave->count == wave->room) {
        const size_t room = wave->room ? 2 * wave->room : 4;
        struct change *changes = realloc(wave->changes, room * sizeof *changes);
        if (!changes)
            return false;
        wave->changes = changes;
        wave->room = room;
    }
    char *value = value_text(self->vcd, slot, false);
    if (!value)
        return false;
    if (value[0] == 'b') /* a short vector, as a VCD writes it */
        memmove(value, value + 1, strlen(value));
    wave->changes[wave->count++] = (struct change){time_ps, value};
    return true;
}

static bool begin(struct waves *self, struct window *window)
{
    const uint32_t slots = self->vcd->slot_count;
    window->begun = true;
    window->waves = calloc(slots + 1, sizeof *window->waves);
    for (uint32_t slot = 0; window->waves && slot < slots; slot++)
        if (self->vcd->kinds[slot] != VCD_EVENT &&
            !add_change(self, &window->waves[slot], slot, window->from_ps))
            return false;
    return window->waves != NULL;
}

static bool take(struct waves *self)
{
    struct vcd *vcd = self->vcd;
    uint64_t last = 0;
    for (size_t i = 0; i < self->count; i++)
        last = self->windows[i].to_ps > last ? self->windows[i].to_ps : last;
    while (!vcd->ended && report_ps(vcd, vcd->next) <= last) {
        for (size_t i = 0; i < self->count; i++)
            if (!self->windows[i].begun && report_ps(vcd, vcd->next) > self->windows[i].from_ps &&
                !begin(self, &self->windows[i]))
                return false;
        if (!vcd_step(vcd))
            return false;
        const uint64_t now = report_ps(vcd, vcd->time);
        for (size_t i = 0; i < self->count; i++) {
            struct window *window = &self->windows[i];
            if (!window->begun || now > window->to_ps)
                continue;
            for (uint32_t k = 0; k < vcd->touched_count; k++) {
                const uint32_t slot = vcd->touched[k];
                if (vcd->kinds[slot] == VCD_EVENT || !vcd_changed(vcd, slot))
                    continue;
                window->waves[slot].differs = true;
                if (!add_change(self, &window->waves[slot], slot, now))
                    return false;
            }
        }
    }
    return true;
}

/* ---- printing -------------------------------------------------------------------------------- */

/* How near a signal is to the moment: 0 in its scope; of those that change, 1 in one around it and 2 elsewhere; 3: it
 * does not change. */
static int distance(const struct window *window, const char *name, bool differs)
{
    const char *scope = window->moment->scope, *dot = strrchr(name, '.');
    const size_t length = dot ? (size_t)(dot - name) : 0;
    if (length == strlen(scope) && strncmp(name, scope, length) == 0)
        return 0;
    if (length < strlen(scope) && strncmp(name, scope, length) == 0 && scope[length] == '.')
        return differs ? 1 : 3;
    return differs ? 2 : 3;
}

static void print_wave(const struct waves *self, const char *name, uint32_t slot,
                       const struct wave *wave, FILE *out)
{
    const bool bit = self->vcd->kinds[slot] == VCD_BITS && self->vcd->sizes[slot] == 1;
    fputs("{\"name\":", out);
    json_print(name, out);
    fprintf(out, ",\"bit\":%s,\"times\":[", bit ? "true" : "false");
    for (size_t i = 0; i < wave->count; i++)
        fprintf(out, "%s%" PRIu64, i ? "," : "", wave->changes[i].time_ps);
    fputs("],\"values\":[", out);
    const struct report_named *names = report_names_of(&self->names, name);
    for (size_t i = 0; i < wave->count; i++) {
        const char *value = wave->changes[i].value, *called = report_named_value(names, value);
        if (i)
            fputc(',', out);
        json_print(called ? called : value, out);
    }
    fputs("]}", out);
}

static void print_window(const struct waves *self, const struct window *window, FILE *out)
{
    const struct vcd *vcd = self->vcd;
    const struct report_moment *moment = window->moment;
    const char *comma = "\n";
    unsigned left = SIGNALS_MAX;
    fputs("{\"title\":", out);
    json_print(window->title, out);
    fputs(",\"text\":", out);
    json_print(moment->text, out);
    fprintf(out,
            ",\"from\":%" PRIu64 ",\"to\":%" PRIu64 ",\"mark\":[%" PRIu64 ",%" PRIu64
            "],\"period\":%" PRIu64 ",\"signals\":[",
            window->from_ps, window->to_ps, moment->from_ps, moment->to_ps, self->period_ps);
    for (int near = 0; near < 3; near++)
        for (size_t i = 0; i < vcd->variable_count && left; i++) {
            const uint32_t slot = vcd->variables[i].slot;
            const struct wave *wave = &window->waves[slot];
            char *name = report_path(vcd->names, vcd->variables[i].name);
            if (name && wave->count && distance(window, name, wave->differs) == near) {
                fputs(comma, out);
                comma = ",\n";
                print_wave(self, name, slot, wave, out);
                left--;
            }
            free(name);
        }
    fputs("]}", out);
}

static void print_levels(const struct report_moments *found, FILE *out)
{
    fprintf(out, ",\n\"levels\":{\"width\":%" PRIu64 ",\"end\":%" PRIu64 ",\"series\":[",
            found->levels.width_ps, found->levels.end_ps);
    for (size_t i = 0; i < found->levels.count; i++) {
        fputs(i ? ",\n{\"name\":" : "\n{\"name\":", out);
        json_print(found->level_names[i], out);
        fputs(",\"low\":", out);
        report_bins_print(&found->levels, i, REPORT_BIN_LOW, out);
        fputs(",\"high\":", out);
        report_bins_print(&found->levels, i, REPORT_BIN_HIGH, out);
        fputs("}", out);
    }
    fputs("]}", out);
}

static void free_windows(struct waves *self, uint32_t slots)
{
    for (size_t i = 0; i < self->count; i++) {
        struct wave *waves = self->windows[i].waves;
        for (uint32_t slot = 0; waves && slot < slots; slot++) {
            for (size_t k = 0; k < waves[slot].count; k++)
                free(waves[slot].changes[k].value);
            free(waves[slot].changes);
        }
        free(waves);
    }
}

/* Reads the file again for the windows. */
static bool print_windows(struct waves *self, const char *path, FILE *out,
                          struct dmasim_error *error)
{
    struct paths names;
    struct vcd vcd;
    if (!paths_init(&names))
        return false;
    self->vcd = &vcd;
    bool good = vcd_open(&vcd, path, &names) && vcd_header(&vcd) && take(self);
    fputs(",\n\"waves\":[", out);
    for (size_t i = 0; good && i < self->count; i++) {
        fputs(i ? ",\n" : "", out);
        if (!self->windows[i].begun)
            good = begin(self, &self->windows[i]);
        if (good)
            print_window(self, &self->windows[i], out);
    }
    fputs("]", out);
    if (!good)
        fail(error, &vcd);
    free_windows(self, vcd.slot_count);
    vcd_close(&vcd);
    paths_free(&names);
    return good;
}

bool report_waves(const char *folder, FILE *out, const struct report_moment *stall,
                  uint64_t period_ps, struct dmasim_error *error)
{
    char path[4096];
    struct stat status;
    struct paths names;
    struct vcd vcd;
    struct report_moments found = {.step_ps = 0};
    static const char *const packed[] = {"", ".gz", ".zst"}; /* as --compress leaves it */
    bool there = false;
    for (size_t i = 0; !there && i < sizeof packed / sizeof packed[0]; i++) {
        snprintf(path, sizeof path, "%.3900s/trace.vcd%s", folder, packed[i]);
        there = stat(path, &status) == 0;
    }
    if (!there)
        return true;
    *error = (struct dmasim_error){.code = DMASIM_MEMORY, .text = "out of memory"};
    if (!paths_init(&names))
        return false;
    bool good = vcd_open(&vcd, path, &names) && report_moments_read(&found, &vcd);
    if (!good)
        fail(error, &vcd);
    vcd_close(&vcd);
    paths_free(&names);
    if (good) {
        struct waves self = {.period_ps = period_ps ? period_ps : found.step_ps};
        const bool tables =
            stall->there && (!found.stall.there || stall->to_ps - stall->from_ps >
                                                       found.stall.to_ps - found.stall.from_ps);
        print_levels(&found, out);
        add_window(&self, "First error", &found.error);
        add_window(&self, "First loss of data", &found.loss);
        add_window(&self, "Longest stall", tables ? stall : &found.stall);
        report_names_read(&self.names, folder);
        if (self.count)
            good = print_windows(&self, path, out, error);
        else
            fputs(",\n\"waves\":[]", out);
        report_names_free(&self.names);
    }
    report_moments_free(&found);
    return good;
}
