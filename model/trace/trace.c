/* SPDX-License-Identifier: BSD-2-Clause */
/* trace: opens, closes and puts in place the result files of one run. */
#include "trace/trace.h"

#include <stdlib.h>
#include <string.h>

#include "kernel/repeat.h"
#include "kernel/round.h"
#include "trace/causes/causes.h"
#include "trace/csv/csv.h"
#include "trace/csv/events.h"
#include "trace/csv/stream.h"
#include "trace/file.h"
#include "trace/folder/folder.h"
#include "trace/summary/statistics.h"
#include "trace/transfers/transfers.h"
#include "trace/vcd/vcd.h"

struct trace {
    const struct system *system;
    const char *dir;                    /* the caller's, while it is being opened */
    struct folder *folder, *own_folder; /* where its files go; the same if it was claimed here */
    struct trace_file *files;
    struct trace_vcd *vcd;
    struct plan_trace view;    /* what it shows */
    bool saved;                /* in a file, beside which there is a view for GTKWave */
    struct trace_csv **tables; /* rows of each bus, beats */
    size_t table_count;
    struct trace_events *events; /* of each controller that tells any */
    size_t event_count;
    struct trace_transfers *transfers; /* those of the table */
    struct trace_transfers *kept;      /* those of `rows`, in this file */
    struct trace_file *rows;
    struct trace_statistics *statistics;
    struct trace_log *log;
    struct trace_causes *causes;
    struct trace_stream *streams;
    struct trace_file *summary, *causes_file;
    bool cause_rounds;
    bool failed;
};

/* Opens a file in the directory, which is claimed for the first one. */
static struct trace_file *open_file(struct trace *self, const char *name,
                                    struct dmasim_error *error)
{
    static const struct folder_options options = {.links = true};
    if (!self->folder)
        self->folder = self->own_folder = folder_open(self->dir, &options, error);
    if (!self->folder)
        return NULL;
    struct trace_file *file = trace_file_open(&self->files, self->folder, name, error);
    if (file)
        file->failed = &self->failed;
    return file;
}

/* The rows of a bus: "ahb_row" and its like. */
static bool is_row(const struct probe *probe)
{
    size_t length = strlen(probe->type->name);
    return probe->type->kind == PROBE_SETTLED && length > 4 &&
           strcmp(probe->type->name + length - 4, "_row") == 0;
}

static size_t count_rows(const struct system *system)
{
    size_t count = 0;
    for (const struct probe *p = system->probes; p; p = p->link)
        count += is_row(p);
    return count;
}

static size_t count_type(const struct system *system, const char *type)
{
    size_t count = 0;
    for (const struct probe *p = system->probes; p; p = p->link)
        count += strcmp(p->type->name, type) == 0;
    return count;
}

static bool open_cycles(struct trace *self, struct dmasim_error *error)
{
    bool several = count_rows(self->system) > 1;
    for (struct probe *p = self->system->probes; p; p = p->link) {
        if (!is_row(p))
            continue;
        char name[256] = "cycles.csv";
        if (several)
            snprintf(name, sizeof name, "cycles.%s.csv", p->name);
        struct trace_file *file = open_file(self, name, error);
        struct trace_csv *table = file ? trace_csv_open_rows(p, file, error) : NULL;
        if (!table)
            return false;
        self->tables[self->table_count++] = table;
    }
    return true;
}

static bool open_events_of(struct trace *self, const char *type, const char *label,
                           const char *name, struct dmasim_error *error)
{
    /* The table has the cycle and time of every event in front. */
    static const char *const skip[] = {"data_cycle", "end_cycle", "time_ps", NULL};
    struct trace_file *file = open_file(self, name, error);
    if (!file)
        return false;
    self->tables[self->table_count] =
        trace_csv_open_events(self->system, type, label, skip, file, error);
    return self->tables[self->table_count++] != NULL;
}

static bool open_beats(struct trace *self, const char *type, const char *name,
                       struct dmasim_error *error)
{
    return open_events_of(self, type, "bus", name, error);
}

static bool open_bus(struct trace *self, struct dmasim_error *error)
{
    if (count_type(self->system, "dram_command") > 0 &&
        !open_events_of(self, "dram_command", "memory", "dram.csv", error))
        return false;
    if (count_type(self->system, "cpu_access") > 0 &&
        !open_events_of(self, "cpu_access", "cpu", "accesses.csv", error))
        return false;
    bool others = count_type(self->system, "bus_beat") > 0;
    if (others && !open_beats(self, "bus_beat", "beats.csv", error))
        return false;
    if (count_type(self->system, "ahb_beat") == 0 && count_type(self->system, "isa_cycle") > 0)
        return open_beats(self, "isa_cycle", "bus.csv", error);
    return (others && count_type(self->system, "ahb_beat") == 0) ||
           open_beats(self, "ahb_beat", "bus.csv", error);
}

static bool open_events(struct trace *self, struct dmasim_error *error)
{
    size_t count = count_type(self->system, "rtl_event");
    if (count == 0) {
        trace_error(error, DMASIM_INVALID, NULL,
                    "no events: the scenario has no controller that tells them (adi,axi-dmac)");
        return false;
    }
    self->events = calloc(count, sizeof *self->events);
    if (!self->events) {
        trace_error(error, DMASIM_MEMORY, NULL, "out of memory");
        return false;
    }
    for (struct probe *p = NULL; (p = system_probe(self->system, "rtl_event", p));) {
        char name[256] = "events.csv";
        if (count > 1)
            snprintf(name, sizeof name, "events.%s.csv", p->name);
        struct trace_file *file = open_file(self, name, error);
        if (!file)
            return false;
        trace_events_open(&self->events[self->event_count++], p, file);
    }
    return true;
}

static bool open_streams(struct trace *self, const struct trace_options *options,
                         struct dmasim_error *error)
{
    self->streams = calloc(options->stream_count + 1, sizeof *self->streams);
    if (!self->streams) {
        trace_error(error, DMASIM_MEMORY, NULL, "out of memory");
        return false;
    }
    for (size_t i = 0; i < options->stream_count; i++) {
        const struct trace_stream_option *option = &options->streams[i];
        struct probe *p = self->system->probes;
        while (p && (strcmp(p->type->name, "stream") != 0 || strcmp(p->name, option->probe) != 0))
            p = p->link;
        if (!p) {
            trace_error(error, DMASIM_INVALID, option->file, "nothing named %s writes a file",
                        option->probe);
            return false;
        }
        struct trace_file *file = open_file(self, option->file, error);
        if (!file)
            return false;
        trace_stream_open(&self->streams[i], p, file);
    }
    return true;
}

static struct trace_file *open_vcd(struct trace *self, const struct trace_options *options,
                                   struct dmasim_error *error)
{
    char name[64];
    snprintf(name, sizeof name, "trace.vcd%s",
             options->vcd_packer ? options->vcd_packer->suffix : "");
    struct trace_file *file;
    self->saved = !options->vcd_write;
    if (self->saved)
        file = open_file(self, name, error);
    else
        file = trace_file_sink(&self->files, name, options->vcd_write, options->vcd_context, error);
    if (!file)
        return NULL;
    file->failed = &self->failed;
    file->packer = options->vcd_packer;
    return file;
}

static bool open_all(struct trace *self, const struct trace_options *options,
                     struct dmasim_error *error)
{
    struct trace_file *file;
    if (options->vcd) {
        file = open_vcd(self, options, error);
        if (file)
            self->vcd = trace_vcd_open(self->system, file, &self->view, error);
        if (!self->vcd)
            return false;
    }
    if (options->cycles && !open_cycles(self, error))
        return false;
    if (options->bus && !open_bus(self, error))
        return false;
    if (options->events && !open_events(self, error))
        return false;
    if (options->transfers) {
        file = open_file(self, "transfers.csv", error);
        if (file)
            self->transfers = trace_transfers_open(self->system, file, true, error);
        if (!self->transfers)
            return false;
    } else if (options->statistics) {
        self->transfers = trace_transfers_open(self->system, NULL, false, error);
        if (!self->transfers)
            return false;
    }
    if (options->log || options->lines) {
        file = options->log ? open_file(self, "log.txt", error) : NULL;
        if (file || !options->log)
            self->log =
                trace_log_open(self->system, file, options->expected, options->context, error);
        if (!self->log)
            return false;
    }
    if (options->rows) {
        self->rows = trace_file_memory("transfers.csv");
        if (!self->rows)
            trace_error(error, DMASIM_MEMORY, NULL, "out of memory");
        else
            self->kept = trace_transfers_open(self->system, self->rows, options->rows_beats, error);
        if (!self->kept)
            return false;
    }
    if (options->summary) {
        self->summary = open_file(self, "summary.csv", error);
        if (!self->summary)
            return false;
    }
    if (options->summary || options->statistics || options->figures) {
        self->statistics = trace_statistics_open(self->system, error);
        if (!self->statistics)
            return false;
    }
    if (options->causes && self->statistics) {
        self->causes = trace_causes_open(self->system, error);
        if (!self->causes)
            return false;
        trace_statistics_add(self->statistics, self->causes);
        self->cause_rounds = options->cause_rounds;
        self->causes_file = options->summary ? open_file(self, "causes.csv", error) : NULL;
        if (options->summary && !self->causes_file)
            return false;
    }
    return open_streams(self, options, error);
}

static struct kernel *kernel_of(const struct system *system)
{
    return system->probes ? system->probes->clock->kernel : NULL;
}

/* Opens everything as observers of one group. */
static bool join_all(struct trace *self, struct kernel *kernel, const struct trace_options *options,
                     struct dmasim_error *error)
{
    if (kernel)
        kernel->joining = self;
    const bool good = open_all(self, options, error);
    if (!kernel)
        return good;
    kernel->joining = NULL;
    if (good && kernel->observed && kernel->now > 0)
        kernel_wake_all(kernel);
    return good;
}

/* Nobody of the trace observes any more. */
static void leave_all(struct trace *self)
{
    if (self->system && self->system->probes) {
        repeat_leave_all(kernel_of(self->system), self);
        round_leave_all(kernel_of(self->system), self);
        probe_leave_all(self->system->probes, self);
    }
    self->system = NULL;
}

/* A view of the whole run. */
static const struct plan_trace whole = {.to_ps = SIM_NEVER};

int trace_open(struct trace **self, const struct system *system,
               const struct trace_options *options, const char *dir, struct dmasim_error *error)
{
    struct dmasim_error local;
    if (!error)
        error = &local;
    error->code = DMASIM_OK;
    *self = calloc(1, sizeof **self);
    struct trace *trace = *self;
    struct kernel *kernel = kernel_of(system);
    if (trace) {
        trace->system = system;
        trace->dir = dir;
        trace->folder = options->folder;
        trace->view = options->view ? *options->view : whole;
        trace->view.clocks |= options->vcd_clocks;
        trace->tables = calloc(count_rows(system) + 4, sizeof *trace->tables);
    }
    if (!trace || !trace->tables)
        trace_error(error, DMASIM_MEMORY, NULL, "out of memory");
    else if (join_all(trace, kernel, options, error)) {
        trace->dir = NULL;
        return DMASIM_OK;
    }
    trace_free(trace);
    *self = NULL;
    return error->code;
}

bool trace_failed(const struct trace *self)
{
    return self->failed;
}

void trace_flush(struct trace *self)
{
    for (struct trace_file *file = self->files; file; file = file->next)
        trace_file_flush(file);
}

uint64_t trace_bytes(const struct trace *self)
{
    uint64_t bytes = 0;
    for (const struct trace_file *file = self->files; file; file = file->next)
        bytes += file->bytes + file->used;
    return bytes;
}

/* Writes what is left into the files. */
static int finish(struct trace *self, sim_time final_time, struct dmasim_error *error)
{
    int code = DMASIM_OK;
    if (self->vcd) {
        code = trace_vcd_close(self->vcd, final_time, error);
        if (code == DMASIM_OK && self->saved)
            code = trace_gtkw_write(self->system, &self->files, self->folder, "trace", self->vcd,
                                    &self->view, final_time, error);
    }
    for (size_t i = 0; code == DMASIM_OK && i < self->table_count; i++)
        code = trace_csv_close(self->tables[i], final_time, error);
    for (size_t i = 0; i < self->event_count; i++)
        trace_events_close(&self->events[i]);
    if (code == DMASIM_OK && self->transfers)
        code = trace_transfers_close(self->transfers, error);
    if (code == DMASIM_OK && self->log)
        code = trace_log_close(self->log, error);
    if (code == DMASIM_OK && self->kept)
        code = trace_transfers_close(self->kept, error);
    if (code == DMASIM_OK && self->statistics)
        code = trace_statistics_close(self->statistics, final_time, error);
    if (code == DMASIM_OK && self->causes)
        code = trace_causes_close(self->causes, error);
    if (code == DMASIM_OK && self->summary)
        trace_statistics_write(self->statistics, self->summary);
    if (code == DMASIM_OK && self->causes_file)
        trace_causes_write(self->causes, self->causes_file);
    return code;
}

int trace_close(struct trace *self, sim_time final_time, struct dmasim_error *error)
{
    struct dmasim_error local;
    int code = finish(self, final_time, error ? error : &local);
    leave_all(self);
    if (code != DMASIM_OK) {
        trace_file_discard_all(&self->files);
        return code;
    }
    return trace_file_publish_all(&self->files, error);
}

void trace_hung(struct trace *self, const char *why)
{
    if (self->log)
        trace_log_hung(self->log, why);
}

void trace_left(struct trace *self)
{
    if (self->log)
        trace_log_left(self->log);
}

const char *trace_log_text(const struct trace *self, size_t index, enum log_level *level)
{
    return self->log ? trace_log_line(self->log, index, level) : NULL;
}

const char *trace_rows_text(const struct trace *self)
{
    return self->rows ? trace_file_memory_text(self->rows) : NULL;
}

bool trace_figure_names(struct trace *self,
                        void (*row)(void *context, const char *name, const char *value,
                                    const char *unit),
                        void *context)
{
    if (self->statistics)
        trace_statistics_names(self->statistics, row, context);
    return self->statistics != NULL;
}

bool trace_figures(const struct trace *self,
                   void (*row)(void *context, const char *name, const char *value,
                               const char *unit),
                   void *context)
{
    if (self->statistics)
        trace_statistics_rows(self->statistics, row, context);
    if (self->statistics && self->causes && self->cause_rounds)
        trace_causes_rounds(self->causes, row, context);
    return self->statistics != NULL;
}

void trace_print(struct trace *self, FILE *to)
{
    if (self->statistics)
        trace_statistics_print(self->statistics, to);
    if (self->transfers)
        trace_transfers_print(self->transfers, to);
}

void trace_free(struct trace *self)
{
    if (!self)
        return;
    leave_all(self);
    trace_file_discard_all(&self->files);
    trace_vcd_free(self->vcd);
    for (size_t i = 0; i < self->table_count; i++)
        trace_csv_free(self->tables[i]);
    trace_transfers_free(self->transfers);
    trace_transfers_free(self->kept);
    trace_file_memory_free(self->rows);
    trace_statistics_free(self->statistics);
    trace_log_free(self->log);
    trace_causes_free(self->causes);
    free(self->tables);
    free(self->events);
    free(self->streams);
    folder_free(self->own_folder);
    free(self);
}
