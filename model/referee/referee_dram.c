/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * referee_dram: replays FOLDER/cases.csv of a DRAM controller on memory/dram.
 *
 * A row has everything that is needed to make its requests again. Every line of both recorded files is compared, CASE.csv (a
 * line a command) and CASE.req.csv (a line a request), and the row's counts.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/base.h"
#include "referee/dram_case.h"

#define IDLE_MAX 2000000 /* cycles after the last request was accepted or complete: it hangs */

/* A recorded file that is compared line by line with lines that are made. */
struct lines {
    char *text, *at;
    const char *name;
    unsigned number;
};

struct replay {
    struct dram_case row;
    struct dram dram;
    struct arena arena;
    struct lines commands, requests;
    uint64_t command_count, left;
    sim_cycle last_completed, last_accepted;
    char difference[320];
};

static void differ(struct replay *self, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void differ(struct replay *self, const char *format, ...)
{
    if (self->difference[0])
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(self->difference, sizeof self->difference, format, args);
    va_end(args);
}

/* ---- recorded lines -------------------------------------------------------------------------- */

static bool lines_open(struct lines *self, const char *name, const char *path)
{
    *self = (struct lines){.name = name, .text = table_text(path)};
    self->at = self->text;
    return self->text != NULL;
}

static void compare_line(struct replay *self, struct lines *lines, const char *made)
{
    const size_t length = strlen(made);
    lines->number++;
    if (strncmp(lines->at, made, length) == 0 && lines->at[length] == '\n') {
        lines->at += length + 1;
        return;
    }
    const size_t recorded = strcspn(lines->at, "\n");
    differ(self, "%s line %u: %s, recorded %.*s", lines->name, lines->number, made,
           (int)least((uint32_t)recorded, 100), recorded ? lines->at : "nothing");
}

static void compare_end(struct replay *self, const struct lines *lines)
{
    if (*lines->at)
        differ(self, "%s line %u: nothing more, recorded %.*s", lines->name, lines->number + 1,
               (int)least((uint32_t)strcspn(lines->at, "\n"), 100), lines->at);
}

/* ---- the controller's owner ------------------------------------------------------------------ */

static struct dram_request *request_of(struct replay *self, uint64_t tag)
{
    return &self->row.masters[tag >> 32].requests[tag & UINT32_MAX];
}

static void take_completion(void *instance, sim_cycle now, uint64_t tag, bool write)
{
    struct replay *self = instance;
    (void)write;
    request_of(self, tag)->completed = now;
    self->row.masters[tag >> 32].open--;
    self->last_completed = now;
    self->left--;
}

static void take_command(void *instance, sim_cycle now, const struct dram_event *event)
{
    struct replay *self = instance;
    char line[160];
    const bool tagged = event->tag != DRAM_NO_TAG;
    snprintf(line, sizeof line, "%" PRIu64 ",%d,%s,%d,%d,%d,%d,%d,%" PRId64 ",%" PRId64, now,
             event->channel, dram_command_name(self->row.config.standard, event->command),
             event->rank, event->group, event->bank, event->row, event->column,
             tagged ? (int64_t)(event->tag >> 32) : -1,
             tagged ? (int64_t)(event->tag & UINT32_MAX) : -1);
    self->command_count++;
    if (!self->difference[0])
        compare_line(self, &self->commands, line);
}

/* ---- the masters ----------------------------------------------------------------------------- */

/* Offers the master's next request if it may be; returns whether the controller's state may have changed. */
static bool offer(struct replay *self, unsigned index, sim_cycle now)
{
    struct dram_master *master = &self->row.masters[index];
    if (master->next == master->count || (master->out && master->open >= master->out))
        return false;
    struct dram_request *request = &master->requests[master->next];
    if (request->arrival > now)
        return false;
    if (master->depends >= 0) {
        const sim_cycle done = self->row.masters[master->depends].requests[master->next].completed;
        if (done == SIM_NEVER || done + master->lag > now)
            return false;
    }
    if (request->offered == SIM_NEVER)
        request->offered = now;
    const enum dram_answer answer = dram_offer(&self->dram, now, request->address, request->write,
                                               (uint64_t)index << 32 | master->next);
    if (answer == DRAM_REFUSED)
        return false;
    request->accepted = self->last_accepted = now;
    master->next++;
    if (answer == DRAM_MERGED) {
        request->completed = self->last_completed = now;
        self->left--;
    } else {
        master->open++;
    }
    return true;
}

static void offer_all(struct replay *self, sim_cycle now)
{
    const unsigned count = self->row.count;
    const unsigned first = self->row.rotates ? (unsigned)(now % count) : 0;
    for (unsigned i = 0; i < count; i++)
        offer(self, (first + i) % count, now);
}

/*
 * When offers may go otherwise than in this cycle. After anything was sent or completed that is the next cycle; else arrivals
 * and the lags of what others wait for.
 */
static sim_cycle next_offer(const struct replay *self, sim_cycle now)
{
    sim_cycle next = SIM_NEVER;
    for (unsigned i = 0; i < self->row.count; i++) {
        const struct dram_master *master = &self->row.masters[i];
        if (master->next == master->count)
            continue;
        sim_cycle at = master->requests[master->next].arrival;
        if (master->depends >= 0) {
            const sim_cycle done =
                self->row.masters[master->depends].requests[master->next].completed;
            if (done == SIM_NEVER)
                continue;
            if (done + master->lag > at)
                at = done + master->lag;
        }
        if (at <= now && master->requests[master->next].offered == SIM_NEVER &&
            !(master->out && master->open >= master->out))
            at = now + 1; /* of one cycle only one */
        if (at > now && at < next)
            next = at;
    }
    return next;
}

/* Cycles until everything is complete. `every`: all of them; else those in which anything may happen. */
static void run(struct replay *self, bool every)
{
    struct dram *dram = &self->dram;
    sim_cycle now = 1;
    dram->every_cycle = every;
    self->last_completed = 0;
    while (self->left > 0 && !self->difference[0]) {
        offer_all(self, now);
        const uint64_t commands = self->command_count, left = self->left;
        sim_cycle next = dram_tick(dram, now);
        if (now > self->last_completed + IDLE_MAX && now > self->last_accepted + IDLE_MAX &&
            next_offer(self, now) == SIM_NEVER) {
            differ(self, "nothing completes any more after cycle %" PRIu64, self->last_completed);
            return;
        }
        const sim_cycle offers = next_offer(self, now);
        if (offers < next)
            next = offers;
        if (every || commands != self->command_count || left != self->left)
            next = now + 1;
        now = next;
    }
    if (self->difference[0])
        return;
    for (; now <= self->last_completed + self->row.tail; now++)
        dram_tick(dram, now);
}

/* ---- a case ---------------------------------------------------------------------------------- */

static void compare_requests(struct replay *self)
{
    char line[160];
    compare_line(self, &self->requests,
                 "master,index,write,address,arrival,offered,accepted,completed");
    for (unsigned m = 0; m < self->row.count; m++)
        for (uint64_t i = 0; i < self->row.masters[m].count && !self->difference[0]; i++) {
            const struct dram_request *request = &self->row.masters[m].requests[i];
            snprintf(line, sizeof line,
                     "%u,%" PRIu64 ",%d,%" PRIx64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64,
                     m, i, request->write, request->address, request->arrival, request->offered,
                     request->accepted, request->completed);
            compare_line(self, &self->requests, line);
        }
    compare_end(self, &self->requests);
}

static void compare_count(struct replay *self, const struct table *cases, size_t row,
                          const char *column, uint64_t made)
{
    const size_t at = table_column(cases, column);
    if (at != SIZE_MAX && strtoull(table_cell(cases, row, at), NULL, 10) != made)
        differ(self, "%s: %" PRIu64 ", recorded %s", column, made, table_cell(cases, row, at));
}

static void replay_case(struct replay *self, const struct table *cases, size_t row, bool every)
{
    const struct dram_owner owner = {
        .self = self, .completed = take_completion, .command = take_command};
    int timing;
    uint64_t requests = 0;
    const char *wrong = dram_refused(&self->row.config, &timing);
    if (wrong) {
        differ(self, "%s%s%s", timing < 0 ? "" : dram_timing_names[timing], timing < 0 ? "" : " ",
               wrong);
        return;
    }
    if (!dram_init(&self->dram, &self->row.config, &owner, &self->arena)) {
        differ(self, "there is no memory for the model");
        return;
    }
    for (unsigned m = 0; m < self->row.count; m++)
        requests += self->row.masters[m].count;
    self->left = requests;
    compare_line(self, &self->commands,
                 "cycle,channel,command,rank,bankgroup,bank,row,column,master,index");
    run(self, every);
    if (self->difference[0])
        return;
    compare_end(self, &self->commands);
    compare_requests(self);
    compare_count(self, cases, row, "requests", requests);
    compare_count(self, cases, row, "commands", self->command_count);
    compare_count(self, cases, row, "last_cycle", self->last_completed + self->row.tail);
}

static bool referee_case(struct referee *referee, const struct table *cases, size_t row)
{
    const char *folder = table_cell(cases, row, table_column(cases, "folder"));
    const char *name = table_cell(cases, row, table_column(cases, "case"));
    struct replay *self = calloc(1, sizeof *self);
    char path[4096];
    if (!self)
        return false;
    const char *wrong = dram_case_read(&self->row, cases, row);
    if (wrong)
        differ(self, "the row's %s is not understood", wrong);
    snprintf(path, sizeof path, "%s/%s/%s.csv", referee->folder, folder, name);
    if (!lines_open(&self->commands, "commands", path))
        differ(self, "%s: %s", path, strerror(errno));
    snprintf(path, sizeof path, "%s/%s/%s.req.csv", referee->folder, folder, name);
    if (!lines_open(&self->requests, "requests", path))
        differ(self, "%s: %s", path, strerror(errno));
    if (!self->difference[0])
        replay_case(self, cases, row, referee->flags & KERNEL_EVERY_CYCLE);
    const bool passed = !self->difference[0];
    if (!passed)
        printf("%s/%s: %s\n", folder, name, self->difference);
    dram_case_free(&self->row);
    arena_free(&self->arena);
    free(self->commands.text);
    free(self->requests.text);
    free(self);
    return passed;
}

bool referee_dram(struct referee *self)
{
    struct table cases;
    if (!table_read(&cases, self->folder, "cases.csv"))
        return false;
    static const char *const needed[] = {"folder", "case", "preset", "masters"};
    for (size_t i = 0; i < COUNT(needed); i++) {
        if (table_column(&cases, needed[i]) == SIZE_MAX) {
            fprintf(stderr, "%s/cases.csv:1: error: no column '%s'\n", self->folder, needed[i]);
            table_free(&cases);
            return false;
        }
    }
    for (size_t row = 1; row < cases.rows; row++) {
        if (referee_case(self, &cases, row))
            self->passed++;
        else
            self->failed++;
    }
    table_free(&cases);
    return true;
}
