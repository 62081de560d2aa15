/* SPDX-License-Identifier: BSD-2-Clause */
/* results: the public header's traces, files of components and texts. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "instance.h"
#include "trace/file.h"
#include "trace/trace.h"

struct dmasim_trace {
    struct dmasim *owner;
    struct trace *trace;
    struct dmasim_trace *next;
    bool closed;
};

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

/* Makes the folders above the file `path`. */
static bool make_folders(char *path)
{
    for (char *slash = path; (slash = strchr(slash + 1, '/'));) {
        *slash = '\0';
        const bool made = mkdir(path, 0777) == 0 || errno == EEXIST;
        *slash = '/';
        if (!made)
            return false;
    }
    return true;
}

/* DIRECTORY/FILE, its folders made. Null after an error; else the caller's. */
static char *output_path(const char *directory, const char *file, struct dmasim_error *error)
{
    const size_t bytes = strlen(directory) + strlen(file) + 2;
    char *path = malloc(bytes);
    if (!path) {
        trace_error(error, DMASIM_MEMORY, NULL, "out of memory");
        return NULL;
    }
    snprintf(path, bytes, "%s/%s", directory, file);
    if (make_folders(path))
        return path;
    trace_error(error, DMASIM_IO, path, "%s", strerror(errno));
    free(path);
    return NULL;
}

int dmasim_write_outputs(const struct dmasim *self, const char *directory,
                         struct dmasim_error *error)
{
    const struct component *of;
    struct component_output output;
    if (instance_busy(self))
        return trace_error(error, DMASIM_BUSY, NULL, "%s", dmasim_code_text(DMASIM_BUSY));
    for (size_t i = 0; output_at(&self->system, i, &of, &output); i++) {
        if (output.stream)
            continue;
        struct dmasim_error local = {.code = DMASIM_MEMORY};
        struct dmasim_error *first = error ? error : &local;
        char *path = output_path(directory, output.file, first);
        struct trace_file *files = NULL;
        struct trace_file *file = path ? trace_file_open(&files, NULL, path, first) : NULL;
        free(path);
        if (!file)
            return first->code;
        trace_file_write(file, output.bytes, output.length);
        const int code = trace_file_publish_all(&files, first);
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

/* Fills `streams`, which has room; the paths are the caller's. False after an error. */
static bool find_streams(const struct system *system, const char *directory,
                         struct trace_stream_option *streams, size_t *count,
                         struct dmasim_error *error)
{
    const struct component *of;
    struct component_output output;
    for (size_t i = 0; output_at(system, i, &of, &output); i++) {
        if (!output.stream)
            continue;
        char *path = output_path(directory, output.file, error);
        if (!path)
            return false;
        streams[(*count)++] = (struct trace_stream_option){output.stream, path};
    }
    return true;
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
        .statistics = options->table,
        .streams = streams,
    };
    struct trace *trace = NULL;
    if (!streams)
        trace_error(error, DMASIM_MEMORY, NULL, "out of memory");
    else if ((room == 0 || find_streams(system, directory, streams, &all.stream_count, error)) &&
             trace_open(&trace, system, &all, directory, error) != DMASIM_OK)
        trace = NULL;
    for (size_t i = 0; i < all.stream_count; i++)
        free((char *)(uintptr_t)streams[i].path);
    free(streams);
    return trace;
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
    trace->next = self->traces;
    self->traces = trace;
    return trace;
}

bool dmasim_trace_failed(const struct dmasim_trace *trace)
{
    return trace_failed(trace->trace);
}

int dmasim_trace_close(struct dmasim_trace *trace, struct dmasim_error *error)
{
    const int refused = instance_busy(trace->owner) ? DMASIM_BUSY : DMASIM_INVALID;
    if (refused == DMASIM_BUSY || trace->closed)
        return trace_error(error, refused, NULL, "%s", dmasim_code_text(refused));
    trace->closed = true;
    return trace_close(trace->trace, trace->owner->system.kernel.now, error);
}

int dmasim_trace_figures(const struct dmasim_trace *trace, dmasim_figure *each, void *context)
{
    return trace->closed && trace_figures(trace->trace, each, context) ? DMASIM_OK : DMASIM_INVALID;
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
    *place = trace->next;
    trace_free(trace->trace);
    free(trace);
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
        dmasim_trace_free(self->traces);
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
