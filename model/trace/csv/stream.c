/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_stream: bytes to a file. */
#include "trace/csv/stream.h"

#include "bus/records.h"

static void notify(struct probe_observer *observer, const struct probe *probe, sim_cycle now,
                   const void *record)
{
    (void)probe;
    (void)now;
    struct trace_stream *self = (struct trace_stream *)observer;
    const struct stream_record *bytes = record;
    char *at = trace_file_room(self->file, 8);
    for (unsigned i = 0; i < bytes->bytes && i < 8; i++)
        *at++ = (char)(bytes->value >> 8 * i);
    trace_file_to(self->file, at);
}

void trace_stream_open(struct trace_stream *self, struct probe *probe, struct trace_file *file)
{
    self->observer.notify = notify;
    self->file = file;
    probe_observe(probe, &self->observer);
}
