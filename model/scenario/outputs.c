/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * outputs: the files that a scenario's components write have names of their own: none that another component writes, or
 * a run itself; none that is a folder of another. File systems that do not tell letter cases apart are asked for no
 * more than others, so `A` and `a` are one name.
 */
#include <stdlib.h>
#include <string.h>

#include "kernel/base.h"
#include "kernel/text.h"
#include "scenario/internal.h"

/* What a run writes. A "*" stands for a component's name. */
static const char *const results[] = {
    "trace.vcd",
    "trace.vcd.zst",
    "trace.*.txt",
    "trace.gtkw",
    "bus.csv",
    "beats.csv",
    "accesses.csv",
    "causes.csv",
    "dram.csv",
    "cycles.csv",
    "cycles.*.csv",
    "events.csv",
    "events.*.csv",
    "summary.csv",
    "transfers.csv",
    "junit.xml",
    "scenario.resolved.yaml",
    "log.txt",
    "interrupted.txt",
    "unfinished-run",
};

/* Letter case and what stands for "/" apart; the latter so that what is in a folder follows it when sorted. */
static unsigned char folded(char c)
{
    return c == '/' ? 1 : (unsigned char)ascii_lower(c);
}

static int compare_names(const char *a, const char *b)
{
    while (*a && folded(*a) == folded(*b)) {
        a++;
        b++;
    }
    return (int)folded(*a) - (int)folded(*b);
}

static int compare_outputs(const void *left, const void *right)
{
    const struct output_name *a = left, *b = right;
    const int names = compare_names(a->text, b->text);
    return names ? names : a->order < b->order ? -1 : 1;
}

/* `name` is `folder`, or lies in it. */
static bool within(const char *name, const char *folder)
{
    while (*folder && folded(*name) == folded(*folder)) {
        name++;
        folder++;
    }
    return *folder == '\0' && (*name == '\0' || *name == '/');
}

/* The result that a name's first part would be; null if it is none. */
static const char *result_of(const char *name)
{
    const size_t length = strcspn(name, "/");
    for (size_t i = 0; i < COUNT(results); i++) {
        const char *star = strchr(results[i], '*');
        const size_t front = star ? (size_t)(star - results[i]) : strlen(results[i]);
        const size_t back = star ? strlen(star + 1) : 0;
        if (star ? length <= front + back : length != front)
            continue;
        size_t same = 0;
        while (same < front && folded(name[same]) == folded(results[i][same]))
            same++;
        for (size_t j = 0; star && same == front + j && j < back; j++)
            same += folded(name[length - back + j]) == folded(star[1 + j]);
        if (same == front + back)
            return results[i];
    }
    return NULL;
}

/* Some part of it is what files are called while they are written. */
static bool unfinished(const char *name)
{
    for (const char *part = name; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL) {
        const size_t length = strcspn(part, "/");
        for (size_t at = 0; at + 4 <= length; at++)
            if (folded(part[at]) == '.' && folded(part[at + 1]) == 't' &&
                folded(part[at + 2]) == 'm' && folded(part[at + 3]) == 'p' &&
                (at + 4 == length || part[at + 4] == '-'))
                return true;
    }
    return false;
}

static bool shown(const char *name)
{
    for (size_t left = strlen(name), length; left > 0; name += length, left -= length) {
        char form[TEXT_ESCAPE];
        if (text_escape(name, left, form, &length))
            return false;
    }
    return true;
}

static void refuse(struct scenario *self, const struct output_name *output, const char *why,
                   const struct output_name *first)
{
    struct line line = {0};
    line_quote_all(&line, output->text);
    line_add(&line, " %s", why);
    if (first) {
        line_add(&line, " ");
        line_quote_all(&line, first->text);
        line_place(&line, &self->report, first->place);
    }
    scenario_error(self, output->place, "%s", line.text);
}

static void check_one(struct scenario *self, const struct output_name *output)
{
    const char *result = result_of(output->text);
    if (result)
        refuse(self, output, "is the name of a file that a run writes itself: give it another",
               NULL);
    else if (unfinished(output->text))
        refuse(self, output, "is called as files are while they are written: leave \".tmp\" out",
               NULL);
    else if (!shown(output->text))
        refuse(self, output, "has characters that cannot be shown", NULL);
}

void outputs_add(struct scenario *self, const char *text, struct place place)
{
    struct output_name *output = scenario_alloc(self, sizeof *output);
    if (!output)
        return;
    *output = (struct output_name){
        .next = self->outputs, .text = text, .place = place, .order = self->output_count++};
    self->outputs = output;
}

void outputs_check(struct scenario *self)
{
    struct output_name *all = malloc((self->output_count + 1) * sizeof *all);
    if (!all) {
        report_add(&self->report, DMASIM_MEMORY, (struct place){0}, "out of memory");
        return;
    }
    uint32_t count = 0;
    for (const struct output_name *output = self->outputs; output; output = output->next) {
        check_one(self, output);
        all[count++] = *output;
    }
    if (count)
        qsort(all, count, sizeof *all, compare_outputs);
    const struct output_name *outer = all; /* what may be the folder of those that follow */
    for (uint32_t i = 1; i < count; i++) {
        if (!within(all[i].text, outer->text)) {
            outer = &all[i];
            continue;
        }
        /* Blame the one that comes later in the file. */
        const bool later = all[i].order > outer->order;
        const struct output_name *blamed = later ? &all[i] : outer;
        refuse(self, blamed,
               compare_names(all[i].text, outer->text) == 0
                   ? "is written twice, first as"
                   : "cannot be both a file and a folder, as with",
               later ? outer : &all[i]);
    }
    free(all);
}
