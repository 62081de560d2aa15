/* SPDX-License-Identifier: BSD-2-Clause */
#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/explain.h"
#include "scenario/json.h"
#include "trace/format.h"

void *explain_grown(void *items, size_t count, size_t *room, size_t bytes)
{
    if (count < *room)
        return items;
    *room = *room ? 2 * *room : 16;
    return realloc(items, *room * bytes);
}

/* Of a bus, or of a direction of one; null: it has none. */
static const char *share_of(const struct explain *self, const struct thing *thing)
{
    for (size_t i = 0; i < self->share_count; i++) {
        const size_t length = strlen(self->shares[i].name) - strlen(SHARE_OF_PEAK);
        if (length <= thing->length && strncmp(self->shares[i].name, thing->name, length) == 0 &&
            (length == thing->length || thing->name[length] == '.'))
            return self->shares[i].percent;
    }
    return NULL;
}

/* ---- what costs most ------------------------------------------------------------------------- */

static bool wanted(const struct explain *self, const struct thing *thing)
{
    char name[512];
    snprintf(name, sizeof name, "%.*s", (int)thing->length, thing->name);
    for (size_t i = 0; i < self->only_count; i++)
        if (fnmatch(self->only[i], name, 0) == 0)
            return true;
    return self->only_count == 0;
}

/* The entry that a thing is a round of, if that is wanted too; null: it stands for itself. */
static const struct thing *entry_of(const struct explain *self, const struct thing *thing)
{
    if (!thing->base)
        return NULL;
    const struct thing *entry = thing;
    while (entry->base)
        entry--;
    return wanted(self, entry) ? entry : NULL;
}

static bool shown(const struct explain *self, const struct thing *thing)
{
    return wanted(self, thing) || entry_of(self, thing);
}

static bool costs(const struct part *part)
{
    return part->cause != &cause_table[CAUSE_DATA] && part->cause != &cause_table[CAUSE_NOTHING];
}

static bool is_of(const struct thing *thing, const char *kind)
{
    return strncmp(thing->name, kind, strlen(kind)) == 0;
}

struct cost {
    const struct part *part;
    uint64_t tenths, all; /* of these things together */
    const char *of;
};

/* Adds a part to the sums by name; false if there is no memory. */
static bool add_up(struct explain *self, const struct part *part)
{
    for (size_t i = 0; i < self->sum_count; i++)
        if (strcmp(self->sums[i].name, part->name) == 0) {
            self->sums[i].tenths += part->tenths;
            return true;
        }
    struct part *sums = explain_grown(self->sums, self->sum_count, &self->sum_room, sizeof *sums);
    if (!sums)
        return false;
    self->sums = sums;
    sums[self->sum_count++] = *part;
    return true;
}

/* The cause that takes most of all things of a kind together; without a part if none does. */
static struct cost most_of(struct explain *self, const char *kind, const char *of)
{
    struct cost most = {.part = NULL, .of = of};
    self->sum_count = 0;
    for (size_t i = 0; i < self->count; i++) {
        const struct thing *thing = &self->things[i];
        if (!is_of(thing, kind) || !wanted(self, thing) || entry_of(self, thing))
            continue;
        most.all += thing->tenths;
        for (size_t k = 0; k < thing->count; k++)
            self->failed |= !add_up(self, &thing->parts[k]);
    }
    for (size_t i = 0; i < self->sum_count; i++)
        if (costs(&self->sums[i]) && self->sums[i].tenths > most.tenths) {
            most.part = &self->sums[i];
            most.tenths = self->sums[i].tenths;
        }
    return most;
}

/* Of transfers, where there are any; else of controllers; else of buses; a program costs only who asks for it alone. */
static struct cost find_most(struct explain *self)
{
    static const char *const kinds[][2] = {{"transfer.", "all transfers"},
                                           {"controller.", "all controllers"},
                                           {"bus.", "all buses"},
                                           {"program.", "all programs"}};
    struct cost most = {.part = NULL};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && !most.part; i++)
        most = most_of(self, kinds[i][0], kinds[i][1]);
    return most;
}

/* ---- telling --------------------------------------------------------------------------------- */

static const char *cycles_text(char text[32], uint64_t tenths)
{
    put_ratio(text, tenths, 1, TENTHS, tenths % TENTHS ? 1 : 0)[0] = '\0';
    return text;
}

static const char *percent_text(char text[64], uint64_t tenths, uint64_t all)
{
    put_ratio(text, tenths, 100, all, 2)[0] = '\0';
    return text;
}

static void print_thing(const struct explain *self, const struct thing *thing)
{
    const char *share = share_of(self, thing);
    char cycles[32], percent[64];
    const char *dot = memchr(thing->name, '.', thing->length);
    const int kind = dot ? (int)(dot - thing->name) : (int)thing->length;
    const char *name = dot ? dot + 1 : "";
    printf("%.*s %.*s: %s cycles%s%s%s\n", kind, thing->name,
           (int)(thing->length - (size_t)(name - thing->name)), name,
           cycles_text(cycles, thing->tenths), share ? ", " : "", share ? share : "",
           share ? " % of peak" : "");
    for (size_t i = 0; i < thing->count && thing->parts[i].tenths; i++)
        printf("  %-24s %12s %7s %%  %s\n", thing->parts[i].name,
               cycles_text(cycles, thing->parts[i].tenths),
               percent_text(percent, thing->parts[i].tenths, thing->tenths),
               thing->parts[i].cause->what);
}

/* In a line. */
static void print_round(const struct thing *thing)
{
    const char *round = thing->name + thing->base + strlen(".round.");
    char cycles[32], percent[64];
    printf("  round %.*s: %s cycles:", (int)(thing->length - (size_t)(round - thing->name)), round,
           cycles_text(cycles, thing->tenths));
    for (size_t i = 0; i < thing->count && thing->parts[i].tenths; i++)
        printf("%s %s %s (%s %%)", i ? "," : "", thing->parts[i].name,
               cycles_text(cycles, thing->parts[i].tenths),
               percent_text(percent, thing->parts[i].tenths, thing->tenths));
    putchar('\n');
}

void explain_put_parameters(FILE *to, const struct cause_info *cause, const char *who)
{
    static const char place[] = "<who>";
    const char *at = cause->parameters;
    for (const char *found; (found = strstr(at, place)); at = found + strlen(place))
        fprintf(to, "%.*s%s", (int)(found - at), at, who);
    fputs(at, to);
}

/* Of a part: whose it is. */
static const char *who_of(const struct part *part)
{
    return part->cause->named ? part->name + strlen(part->cause->name) + 1 : "";
}

void explain_print_text(struct explain *self)
{
    char cycles[32], percent[64];
    for (size_t i = 0; i < self->count; i++) {
        const struct thing *thing = &self->things[i];
        if (entry_of(self, thing))
            print_round(thing);
        else if (wanted(self, thing))
            print_thing(self, thing);
    }
    const struct cost most = find_most(self);
    if (!most.part) {
        puts("costs most: nothing but useful data");
        return;
    }
    printf("costs most: %s, %s %% of %s (%s cycles): %s\n", most.part->name,
           percent_text(percent, most.tenths, most.all), most.of, cycles_text(cycles, most.tenths),
           most.part->cause->what);
    if (most.part->cause->parameters) {
        fputs("touched by: ", stdout);
        explain_put_parameters(stdout, most.part->cause, who_of(most.part));
        putchar('\n');
    }
}

static void json_amount(struct json *json, const char *key, const char *text)
{
    json_next(json, key);
    fputs(text, json->out);
}

static void json_parameters(struct json *json, const struct part *part)
{
    char *text = NULL;
    size_t length;
    FILE *memory = open_memstream(&text, &length);
    if (memory && part->cause->parameters)
        explain_put_parameters(memory, part->cause, who_of(part));
    json_text(json, "parameters", memory && fclose(memory) == 0 ? text : "");
    free(text);
}

void explain_print_json(struct explain *self)
{
    struct json json = {.out = stdout, .first = true};
    char text[64];
    json_open(&json, NULL, '{');
    json_open(&json, "things", '[');
    for (size_t i = 0; i < self->count; i++) {
        const struct thing *thing = &self->things[i];
        char name[512];
        if (!shown(self, thing))
            continue;
        snprintf(name, sizeof name, "%.*s", (int)thing->length, thing->name);
        json_open(&json, NULL, '{');
        json_text(&json, "name", name);
        json_amount(&json, "cycles", cycles_text(text, thing->tenths));
        if (share_of(self, thing))
            json_amount(&json, "share_of_peak", share_of(self, thing));
        json_open(&json, "causes", '[');
        for (size_t k = 0; k < thing->count; k++) {
            json_open(&json, NULL, '{');
            json_text(&json, "cause", thing->parts[k].name);
            json_amount(&json, "cycles", cycles_text(text, thing->parts[k].tenths));
            json_amount(&json, "percent",
                        percent_text(text, thing->parts[k].tenths, thing->tenths));
            json_close(&json, '}');
        }
        json_close(&json, ']');
        json_close(&json, '}');
    }
    json_close(&json, ']');
    const struct cost most = find_most(self);
    if (most.part) {
        json_open(&json, "costs_most", '{');
        json_text(&json, "cause", most.part->name);
        json_text(&json, "of", most.of);
        json_amount(&json, "cycles", cycles_text(text, most.tenths));
        json_amount(&json, "percent", percent_text(text, most.tenths, most.all));
        json_text(&json, "what", most.part->cause->what);
        json_parameters(&json, most.part);
        json_close(&json, '}');
    }
    json_close(&json, '}');
    putchar('\n');
}
