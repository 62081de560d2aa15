/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_stream: the bytes that leave the model through one "stream" probe, into a file. */
#ifndef DMASIM_TRACE_STREAM_H
#define DMASIM_TRACE_STREAM_H

#include "kernel/probe.h"
#include "trace/file.h"

struct trace_stream {
    struct probe_observer observer;
    struct trace_file *file;
};

/* Joins the probe, whose type must be stream_probe_type. `file` is the caller's. */
void trace_stream_open(struct trace_stream *self, struct probe *probe, struct trace_file *file);

#endif
