/* SPDX-License-Identifier: BSD-2-Clause */
/* results: the public header's traces, files of components and texts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instance.h"
#include "trace/file.h"
#include "trace/folder/folder.h"
#include "trace/trace.h"
#include "verdict.h"

/* ---- files of components --------------------------------------------------------------------- */

/* The index-th of all outputs; false if there are no more. */
static bool output_at(const struct system *system, size_t index, const struct component **of,
                      struct component_output *output)
{
    for (int section = 0; section < SECTION_COUNT; section++)
        for (uint32_t i = 0; i < system->plan->counts[section]; i++) {
            *of = &system->plan->components[section][i];
            for (uint32_t k = 0; (*of)->type->output && (*of)->type->output(*of, k, output); k++)
                if (index-- == 0)
                    return true;
        }
    return false;
}

int dmasim_output(const struct dmasim *self, size_t index, struct dmasim_output *output)
{
    const struct component *of;
    struct component_output found;
    if (instance_busy(self))
        return DMASIM_BUSY;
    if (!output_at(&self->system, index, &of, &found))
        return DMASIM_UNMAPPED;
    *output = (struct dmasim_output){.component = of->name, .file = found.file};
    output->stream = found.stream != NULL;
    if (output->stream)
        return DMASIM_OK;
    output->bytes = found.bytes;
    output->length = found.length;
    return DMASIM_OK;
}

/* ---- folders --------------------------------------------------------------------------------- */

/* Folders that this simulation has claimed, until it is destroyed. */
struct results {
    struct folder_claim {
        struct folder_claim *next;
        struct folder *folder;
    } * first;
};

bool results_init(struct dmasim *self)
{
    self->results = calloc(1, sizeof *self->results);
    return self->results != NULL;
}

void results_free(struct dmasim *self)
{
    while (self->results && self->results->first) {
        struct folder_claim *claim = self->results->first;
        self->results->first = claim->next;
        folder_free(claim->folder);
        free(claim);
    }
    free(self->results);
}

/* The claimed folder; null if it is not. */
static struct folder *find_claim(const struct dmasim *self, const char *directory)
{
    struct folder_claim *claim = self->results->first;
    while (claim && !folder_is(claim->folder, directory))
        claim = claim->next;
    return claim ? claim->folder : NULL;
}

/* Claims a folder that is not claimed. Null after an error. */
static struct folder *add_claim(const struct dmasim *self, const char *directory,
                                const struct folder_options *options, struct dmasim_error *error)
{
    struct folder_claim *claim = calloc(1, sizeof *claim);
    if (!claim) {
        trace_error(error, DMASIM_MEMORY, NULL, "out of memory");
        return NULL;
    }
    claim->folder = folder_open(directory, options, error);
    if (!claim->folder) {
        free(claim);
        return NULL;
    }
    claim->next = self->results->first;
    self->results->first = claim;
    return claim->folder;
}

static struct folder *claim(const struct dmasim *self, const char *directory, bool make,
                            struct dmasim_error *error)
{
    const struct folder_options options = {.make = make, .links = true};
    struct folder *folder = find_claim(self, directory);
    return folder ? folder : add_claim(self, directory, &options, error);
}

int dmasim_results_begin(struct dmasim *self, const char *directory,
                         const struct dmasim_results_options *options, struct dmasim_error *error)
{
    const struct folder_options all = {
        .make = true, .links = !options || !options->no_links, .force = options && options->force};
    struct dmasim_error local;
    error = error ? error : &local;
    if (instance_busy(self))
        return trace_error(error, DMASIM_BUSY, NULL, "%s", dmasim_code_text(DMASIM_BUSY));
    if (find_claim(self, directory))
        return trace_error(error, DMASIM_INVALID, directory, "results were begun here before");
    struct folder *folder = add_claim(self, directory, &all, error);
    if (!folder)
        return error->code;
    folder_hold(folder, true);
    return DMASIM_OK;
}

int dmasim_results_end(struct dmasim *self, struct dmasim_error *error)
{
    int code = DMASIM_OK;
    if (instance_busy(self))
        return trace_error(error, DMASIM_BUSY, NULL, "%s", dmasim_code_text(DMASIM_BUSY));
    for (struct folder_claim *one = self->results->first; one; one = one->next) {
        folder_hold(one->folder, false);
        const int published = folder_publish(one->folder, code == DMASIM_OK ? error : NULL);
        if (code == DMASIM_OK)
            code = published;
    }
    return code;
}

static int write_file(struct folder *folder, const char *file, const void *bytes, size_t length,
                      struct dmasim_error *error)
{
    struct trace_file *files = NULL;
    struct trace_file *one = trace_file_open(&files, folder, file, error);
    if (!one)
        return error->code;
    trace_file_write(one, bytes, length);
    return trace_file_publish_all(&files, error);
}

int dmasim_write_file(const struct dmasim *self, const char *directory, const char *file,
                      const void *bytes, size_t length, struct dmasim_error *error)
{
    struct dmasim_error local;
    error = error ? error : &local;
    if (instance_busy(self))
        return trace_error(error, DMASIM_BUSY, NULL, "%s", dmasim_code_text(DMASIM_BUSY));
    struct folder *folder = claim(self, directory, true, error);
    return folder ? write_file(folder, file, bytes, length, error) : error->code;
}

int dmasim_write_outputs(const struct dmasim *self, const char *directory,
                         struct dmasim_error *error)
{
    const struct component *of;
    struct component_output output;
    struct dmasim_error local;
    error = error ? error : &local;
    if (instance_busy(self))
        return trace_error(error, DMASIM_BUSY, NULL, "%s", dmasim_code_text(DMASIM_BUSY));
    for (size_t i = 0; output_at(&self->system, i, &of, &output); i++) {
        if (output.stream)
            continue;
        struct folder *folder = claim(self, directory, true, error);
        const int code = folder
                             ? write_file(folder, output.file, output.bytes, output.length, error)
                             : error->code;
        if (code != DMASIM_OK)
            return code;
    }
    return DMASIM_OK;
}

/* ---- traces ---------------------------------------------------------------------------------- */

static size_t count_streams(const struct system *system)
{
    const struct component *of;
    struct component_output output;
    size_t count = 0;
    for (size_t i = 0; output_at(system, i, &of, &output); i++)
        count += output.stream != NULL;
    return count;
}

/* Fills `streams`, which has room. */
static size_t find_streams(const struct system *system, struct trace_stream_option *streams)
{
    const struct component *of;
    struct component_output output;
    size_t count = 0;
    for (size_t i = 0; output_at(system, i, &of, &output); i++)
        if (output.stream)
            streams[count++] = (struct trace_stream_option){output.stream, output.file};
    return count;
}

static struct trace *open_trace(const struct dmasim *self,
                                const struct dmasim_trace_options *options, const char *directory,
                                struct dmasim_error *error)
{
    const struct system *system = &self->system;
    const size_t room = options->streams ? count_streams(system) : 0;
    struct trace_stream_option *streams = calloc(room + 1, sizeof *streams);
    struct trace_options all = {
        .vcd = options->vcd,
        .cycles = options->cycles,
        .bus = options->bus,
        .events = options->events,
        .transfers = options->transfers,
        .summary = options->summary,
        .vcd_clocks = options->vcd_clocks,
        .log = options->log,
        .lines = options->lines,
        .expected = verdict_expects,
        .context = (void *)(uintptr_t)self,
        .view = &system->plan->trace,
        .vcd_packer = options->vcd_packer,
        .vcd_write = options->vcd_write,
        .vcd_context = options->vcd_context,
        .statistics = options->table,
        .cause_rounds = options->cause_rounds,
        .causes = options->causes || (options->expect && verdict_wants_causes(self->scenario)),
        .figures = options->expect && scenario_expectation(self->scenario, 0),
        .rows = options->expect && verdict_wants_rows(self->scenario, false),
        .rows_beats = verdict_wants_rows(self->scenario, true),
        .streams = streams,
    };
    const bool files = (all.vcd && !all.vcd_write) || all.cycles || all.bus || all.events ||
                       all.transfers || all.summary || all.log || room > 0;
    struct trace *trace = NULL;
    if (!streams) {
        trace_error(error, DMASIM_MEMORY, NULL, "out of memory");
        return NULL;
    }
    all.stream_count = room ? find_streams(system, streams) : 0;
    if ((!files || (all.folder = claim(self, directory, false, error))) &&
        trace_open(&trace, system, &all, NULL, error) != DMASIM_OK)
        trace = NULL;
    free(streams);
    return trace;
}

const char *dmasim_trace_packed(const struct dmasim *self)
{
    return self->system.plan->trace.compress == COMPRESS_ZST ? ".zst" : NULL;
}

struct dmasim_trace *dmasim_trace_open(struct dmasim *self,
                                       const struct dmasim_trace_options *options,
                                       const char *directory, struct dmasim_error *error)
{
    if (instance_busy(self)) {
        trace_error(error, DMASIM_BUSY, NULL, "%s", dmasim_code_text(DMASIM_BUSY));
        return NULL;
    }
    struct dmasim_trace *trace = calloc(1, sizeof *trace);
    struct dmasim_error local;
    error = error ? error : &local;
    if (!trace) {
        trace_error(error, DMASIM_MEMORY, NULL, "out of memory");
        return NULL;
    }
    trace->trace = open_trace(self, options, directory, error);
    if (!trace->trace) {
        free(trace);
        return NULL;
    }
    trace->owner = self;
    trace->expect = options->expect;
    trace->next = self->traces;
    self->traces = trace;
    return trace;
}

uint64_t dmasim_trace_bytes(const struct dmasim_trace *trace)
{
    return trace_bytes(trace->trace);
}

void dmasim_trace_flush(struct dmasim_trace *trace)
{
    trace_flush(trace->trace);
}

bool dmasim_trace_failed(const struct dmasim_trace *trace)
{
    return trace_failed(trace->trace);
}

/* A run that is over with work left is explained; one whose work is done may have left something. */
static void tell_end(struct dmasim_trace *trace)
{
    struct dmasim_result result;
    if (dmasim_outcome(trace->owner, &result) != DMASIM_OK)
        return;
    if (result.outcome == DMASIM_DEADLOCKED)
        trace_hung(trace->trace, "deadlock: nothing can happen any more, but work is left");
    else if (result.outcome == DMASIM_TIME_OVER)
        trace_hung(trace->trace, "the time given by `stop` is over, but work is left");
    else if (result.outcome != DMASIM_RUNNING)
        trace_left(trace->trace);
}

int dmasim_trace_log(const struct dmasim_trace *trace, size_t index, enum dmasim_log_level *level,
                     const char **text)
{
    enum log_level of = LOG_ERROR;
    if (!trace->closed)
        return DMASIM_INVALID;
    *text = trace_log_text(trace->trace, index, &of);
    *level = (enum dmasim_log_level)of;
    return *text ? DMASIM_OK : DMASIM_UNMAPPED;
}

int dmasim_trace_close(struct dmasim_trace *trace, struct dmasim_error *error)
{
    const int refused = instance_busy(trace->owner) ? DMASIM_BUSY : DMASIM_INVALID;
    if (refused == DMASIM_BUSY || trace->closed)
        return trace_error(error, refused, NULL, "%s", dmasim_code_text(refused));
    trace->closed = true;
    tell_end(trace);
    return trace_close(trace->trace, trace->owner->system.kernel.now, error);
}

int dmasim_trace_figures(const struct dmasim_trace *trace, dmasim_figure *each, void *context)
{
    return trace->closed && trace_figures(trace->trace, each, context) ? DMASIM_OK : DMASIM_INVALID;
}

/* Takes the trace out of its owner's list, at `place`, and frees it. */
static void free_at(struct dmasim_trace **place)
{
    struct dmasim_trace *trace = *place;
    *place = trace->next;
    verdict_free(trace->verdict);
    trace_free(trace->trace);
    free(trace);
}

int dmasim_trace_free(struct dmasim_trace *trace)
{
    if (!trace)
        return DMASIM_OK;
    if (instance_busy(trace->owner))
        return DMASIM_BUSY;
    struct dmasim_trace **place = &trace->owner->traces;
    while (*place != trace)
        place = &(*place)->next;
    free_at(place);
    return DMASIM_OK;
}

bool traces_open(const struct dmasim *self)
{
    bool open = false;
    for (const struct dmasim_trace *trace = self->traces; trace; trace = trace->next)
        open |= !trace->closed;
    return open;
}

void traces_free(struct dmasim *self)
{
    while (self->traces)
        free_at(&self->traces);
}

/* ---- texts ----------------------------------------------------------------------------------- */

/* A text that is gathered as a stream and handed on in one piece. */
struct text {
    FILE *stream;
    char *bytes;
    size_t length;
};

static bool text_start(struct text *self)
{
    *self = (struct text){.stream = NULL};
    self->stream = open_memstream(&self->bytes, &self->length);
    return self->stream != NULL;
}

static int text_end(struct text *self, dmasim_write *write, void *context)
{
    const bool good = !ferror(self->stream);
    int code = fclose(self->stream) == 0 && good ? DMASIM_OK : DMASIM_MEMORY;
    if (code == DMASIM_OK && self->length && !write(context, self->bytes, self->length))
        code = DMASIM_IO;
    free(self->bytes);
    return code;
}

int dmasim_trace_table(struct dmasim_trace *trace, dmasim_write *write, void *context)
{
    struct text text;
    if (!trace->closed)
        return DMASIM_INVALID;
    if (!text_start(&text))
        return DMASIM_MEMORY;
    trace_print(trace->trace, text.stream);
    return text_end(&text, write, context);
}

int dmasim_write_resolved(const struct dmasim *self, const char *directory, dmasim_write *write,
                          void *context)
{
    struct text text;
    if (!text_start(&text))
        return DMASIM_MEMORY;
    scenario_write_resolved(self->scenario, directory, text.stream);
    return text_end(&text, write, context);
}
