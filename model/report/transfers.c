/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * transfers: the rows of transfers.csv as a timeline, and how long those of each entry of `work` took.
 *
 * A timeline has at most TIMELINE_MAX of them: those that failed or did not end, the shortest and the longest of each
 * entry, the first and the last, and of the others every n-th. A distribution is of all.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "compare/texts.h"
#include "report/run.h"

#define TIMELINE_MAX 2000u
#define ODD_MAX 500u /* of these, such as did not complete */
#define GROUPS_MAX 200u
#define HISTOGRAM 40u  /* bins of equal width */
#define CURVE_MAX 200u /* points of a cumulative distribution */
#define NO_TIME UINT64_MAX
#define ALL UINT32_MAX /* the name of all transfers together */

enum { SUBMIT, ISSUE, FIRST, LAST, INTERRUPT, CALLBACK, TIMES };

enum {
    CONTROLLER = TIMES,
    CHANNEL,
    NAME,
    CALL,
    MODE,
    BYTES,
    STATUS,
    DATA,
    DESCRIPTORS,
    ACCESSES,
    STALLS,
    COLUMNS
};

static const char *const column_names[COLUMNS] = {
    [SUBMIT] = "submit_ps",
    [ISSUE] = "issue_ps",
    [FIRST] = "first_beat_ps",
    [LAST] = "last_beat_ps",
    [INTERRUPT] = "interrupt_ps",
    [CALLBACK] = "callback_ps",
    [CONTROLLER] = "controller",
    [CHANNEL] = "channel",
    [NAME] = "name",
    [CALL] = "call",
    [MODE] = "mode",
    [BYTES] = "bytes",
    [STATUS] = "status",
    [DATA] = "data_beats",
    [DESCRIPTORS] = "descriptor_beats",
    [ACCESSES] = "cpu_accesses",
    [STALLS] = "cpu_stall_cycles",
};

struct transfer {
    uint64_t times[TIMES];
    uint64_t bytes, channel, data, descriptors, accesses, stalls;
    uint32_t controller, name, call, mode, status; /* in the texts */
    bool complete, kept;
};

struct transfers {
    struct texts texts;
    struct transfer *all;
    size_t count, room;
};

static uint32_t text_index(struct texts *texts, const char *text)
{
    for (size_t i = texts->count; i > 0; i--)
        if (strcmp(texts->all[i - 1], text) == 0)
            return (uint32_t)i - 1;
    return texts_add(texts, text) ? (uint32_t)texts->count - 1 : UINT32_MAX;
}

static uint64_t latency(const struct transfer *self)
{
    return self->times[CALLBACK] - self->times[SUBMIT];
}

static bool add(struct transfers *self, const struct csv *csv, const size_t *columns)
{
    if (self->count == self->room) {
        const size_t room = self->room ? 2 * self->room : 1024;
        struct transfer *all = realloc(self->all, room * sizeof *all);
        if (!all)
            return false;
        self->all = all;
        self->room = room;
    }
    struct transfer *one = &self->all[self->count];
    *one = (struct transfer){.kept = false};
    for (int i = 0; i < TIMES; i++) {
        const char *text = csv_text(csv, columns[i]);
        one->times[i] = *text ? strtoull(text, NULL, 10) : NO_TIME;
    }
    uint64_t *const numbers[] = {&one->bytes,       &one->channel,  &one->data,
                                 &one->descriptors, &one->accesses, &one->stalls};
    static const int number_columns[] = {BYTES, CHANNEL, DATA, DESCRIPTORS, ACCESSES, STALLS};
    for (int i = 0; i < 6; i++)
        *numbers[i] = strtoull(csv_text(csv, columns[number_columns[i]]), NULL, 10);
    uint32_t *const words[] = {&one->controller, &one->name, &one->call, &one->mode, &one->status};
    static const int word_columns[] = {CONTROLLER, NAME, CALL, MODE, STATUS};
    for (int i = 0; i < 5; i++)
        if ((*words[i] = text_index(&self->texts, csv_text(csv, columns[word_columns[i]]))) ==
            UINT32_MAX)
            return false;
    one->complete = strcmp(csv_text(csv, columns[STATUS]), "complete") == 0 &&
                    one->times[SUBMIT] != NO_TIME && one->times[CALLBACK] != NO_TIME &&
                    one->times[CALLBACK] >= one->times[SUBMIT];
    self->count += one->times[SUBMIT] != NO_TIME;
    return true;
}

/* ---- distributions --------------------------------------------------------------------------- */

/* Complete transfers of one entry of one controller, sorted by their latency. */
struct entry {
    uint32_t controller, name;
    uint64_t *latencies;
    size_t count, room;
    size_t shortest, longest; /* transfers */
};

struct entries {
    struct entry *all;
    size_t count;
};

static void free_entries(struct entries *self)
{
    for (size_t i = 0; i < self->count; i++)
        free(self->all[i].latencies);
    free(self->all);
}

/* Adds a transfer to those of a name. */
static bool enter_as(struct entries *self, const struct transfers *transfers, size_t at,
                     uint32_t controller, uint32_t name)
{
    const struct transfer *one = &transfers->all[at];
    size_t i = 0;
    while (i < self->count && (self->all[i].name != name || self->all[i].controller != controller))
        i++;
    if (i == GROUPS_MAX)
        return true;
    struct entry *entry = &self->all[i];
    if (i == self->count) {
        *entry =
            (struct entry){.controller = controller, .name = name, .shortest = at, .longest = at};
        self->count++;
    }
    if (entry->count == entry->room) {
        const size_t room = entry->room ? 2 * entry->room : 64;
        uint64_t *latencies = realloc(entry->latencies, room * sizeof *latencies);
        if (!latencies)
            return false;
        entry->latencies = latencies;
        entry->room = room;
    }
    entry->latencies[entry->count++] = latency(one);
    if (latency(one) < latency(&transfers->all[entry->shortest]))
        entry->shortest = at;
    if (latency(one) > latency(&transfers->all[entry->longest]))
        entry->longest = at;
    return true;
}

static bool enter(struct entries *self, const struct transfers *transfers, size_t at)
{
    const struct transfer *one = &transfers->all[at];
    return enter_as(self, transfers, at, ALL, ALL) &&
           enter_as(self, transfers, at, one->controller, one->name);
}

static int by_number(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* The value of rank ceil(n * percent / 100). */
static uint64_t rank(const struct entry *self, uint64_t percent)
{
    return self->latencies[(self->count * percent + 99) / 100 - 1];
}

/* Values that some share of all does not exceed: of many an even choice with both ends, of few all. */
static void print_curve(const struct entry *self, FILE *out)
{
    const size_t points = self->count < CURVE_MAX ? self->count : CURVE_MAX;
    fputs(",\"curve\":[", out);
    for (size_t i = 0; i < points; i++) {
        const size_t at = points > 1 ? i * (self->count - 1) / (points - 1) : 0;
        fprintf(out, "%s[%" PRIu64 ",%.6g]", i ? "," : "", self->latencies[at],
                (double)(at + 1) / (double)self->count);
    }
    fputc(']', out);
}

/* How many lie in each of some bins of equal width, the last one with its upper end. */
static void print_histogram(const struct entry *self, FILE *out)
{
    const uint64_t low = self->latencies[0], high = self->latencies[self->count - 1];
    const double width = high > low ? (double)(high - low) / HISTOGRAM : 1;
    size_t counts[HISTOGRAM] = {0};
    for (size_t i = 0; i < self->count; i++) {
        const size_t at = (size_t)((double)(self->latencies[i] - low) / width);
        counts[at < HISTOGRAM ? at : HISTOGRAM - 1]++;
    }
    fprintf(out, ",\"histogram\":{\"from\":%" PRIu64 ",\"width\":%.17g,\"counts\":[", low, width);
    for (size_t i = 0; i < HISTOGRAM; i++)
        fprintf(out, "%s%zu", i ? "," : "", counts[i]);
    fputs("]}", out);
}

static void print_entry(const struct transfers *transfers, struct entry *self, FILE *out)
{
    double sum = 0;
    qsort(self->latencies, self->count, sizeof *self->latencies, by_number);
    for (size_t i = 0; i < self->count; i++)
        sum += (double)self->latencies[i];
    fputs("{\"controller\":", out);
    json_print(self->name == ALL ? "" : transfers->texts.all[self->controller], out);
    fputs(",\"name\":", out);
    if (self->name == ALL)
        fputs("null", out);
    else
        json_print(transfers->texts.all[self->name], out);
    fprintf(out,
            ",\"count\":%zu,\"min\":%" PRIu64 ",\"mean\":%.17g,\"median\":%" PRIu64
            ",\"p99\":%" PRIu64 ",\"max\":%" PRIu64,
            self->count, self->latencies[0], sum / (double)self->count, rank(self, 50),
            rank(self, 99), self->latencies[self->count - 1]);
    print_curve(self, out);
    print_histogram(self, out);
    fputs("}", out);
}

/* ---- the timeline ---------------------------------------------------------------------------- */

static void choose(struct transfers *self, const struct entries *entries)
{
    if (self->count == 0)
        return;
    size_t odd = 0;
    self->all[0].kept = self->all[self->count - 1].kept = true;
    for (size_t i = 0; i < self->count && odd < ODD_MAX; i++)
        if (!self->all[i].complete)
            odd += self->all[i].kept = true;
    for (size_t i = 0; i < entries->count; i++)
        self->all[entries->all[i].shortest].kept = self->all[entries->all[i].longest].kept = true;
    const size_t left = TIMELINE_MAX - ODD_MAX - 2 * GROUPS_MAX - 2;
    const size_t every = self->count <= TIMELINE_MAX ? 1 : self->count / left + 1;
    for (size_t i = 0; i < self->count; i += every)
        self->all[i].kept = true;
}

static void print_timeline(const struct transfers *self, FILE *out)
{
    const char *comma = "";
    fputs(",\n\"texts\":[", out);
    for (size_t i = 0; i < self->texts.count; i++) {
        if (i)
            fputc(',', out);
        json_print(self->texts.all[i], out);
    }
    fprintf(out,
            "],\n\"transfers\":{\"count\":%zu,\"columns\":[\"submit\",\"issue\",\"first\",\"last\","
            "\"interrupt\",\"callback\",\"controller\",\"channel\",\"name\",\"call\",\"mode\","
            "\"bytes\",\"status\",\"data\",\"descriptors\",\"accesses\",\"stalls\"],\"rows\":[",
            self->count);
    for (size_t i = 0; i < self->count; i++) {
        const struct transfer *one = &self->all[i];
        if (!one->kept)
            continue;
        fputs(comma, out);
        comma = ",\n";
        for (int k = 0; k < TIMES; k++) {
            fputc(k ? ',' : '[', out);
            if (one->times[k] == NO_TIME)
                fputs("null", out);
            else
                fprintf(out, "%" PRIu64, one->times[k]);
        }
        fprintf(out,
                ",%u,%" PRIu64 ",%u,%u,%u,%" PRIu64 ",%u,%" PRIu64 ",%" PRIu64 ",%" PRIu64
                ",%" PRIu64 "]",
                one->controller, one->channel, one->name, one->call, one->mode, one->bytes,
                one->status, one->data, one->descriptors, one->accesses, one->stalls);
    }
    fputs("]}", out);
}

bool report_transfers(const char *folder, FILE *out, struct dmasim_error *error)
{
    static const char table[] = "transfers.csv";
    size_t columns[COLUMNS];
    struct csv *csv = report_open(folder, table, error);
    if (!csv)
        return error->code == DMASIM_OK;
    struct transfers self = {.count = 0};
    struct entries entries = {.all = calloc(GROUPS_MAX, sizeof *entries.all)};
    bool good = report_columns(csv, table, column_names, COLUMNS, columns, error);
    bool memory = entries.all != NULL;
    while (good && memory && csv_row(csv))
        memory = add(&self, csv, columns);
    good = report_close(csv, table, error) && good;
    for (size_t i = 0; good && memory && i < self.count; i++)
        if (self.all[i].complete)
            memory = enter(&entries, &self, i);
    if (good && memory) {
        choose(&self, &entries);
        print_timeline(&self, out);
        fputs(",\n\"latencies\":[", out);
        for (size_t i = 0; i < entries.count; i++) {
            fputs(i ? ",\n" : "", out);
            print_entry(&self, &entries.all[i], out);
        }
        fputs("]", out);
    }
    if (!memory)
        *error = (struct dmasim_error){.code = DMASIM_MEMORY, .text = "out of memory"};
    free_entries(&entries);
    free(self.all);
    texts_free(&self.texts);
    return good && memory;
}
