/* SPDX-License-Identifier: BSD-2-Clause */
/* records: the field tables of what units other than the bus publish. */
#include "bus/records.h"
#include "kernel/base.h"

#include "bus/handshake.h"

#define NAMED(type, member, label, width, list)                                                    \
    {                                                                                              \
        .name = (label), .offset = offsetof(struct type, member),                                  \
        .size_bytes = sizeof(((struct type *)0)->member), .width_bits = (width),                   \
        .radix = PROBE_NAME, .names = (list), .name_count = COUNT(list)                            \
    }
/* One pin of several in a member. */
#define PIN(type, member, label, bit)                                                              \
    {                                                                                              \
        .name = (label), .offset = offsetof(struct type, member),                                  \
        .size_bytes = sizeof(((struct type *)0)->member), .width_bits = 1, .lsb = (bit)            \
    }
#define TYPE(label, how, record)                                                                   \
    {                                                                                              \
        .name = (label), .kind = (how), .fields = record##_fields,                                 \
        .field_count = COUNT(record##_fields), .record_bytes = sizeof(struct record)               \
    }

static const char *const purpose_names[] = {"source", "destination", "descriptor", "writeback"};
static const char *const context_names[] = {"idle", "traffic", "program", "interrupt"};

static const struct probe_field bus_beat_record_fields[] = {
    PROBE_COUNTER(bus_beat_record, start_cycle, "start_cycle", 0, PROBE_DECIMAL),
    PROBE_FIELD(bus_beat_record, master, "master", 0, PROBE_TEXT),
    PROBE_FIELD(bus_beat_record, slave, "slave", 0, PROBE_TEXT),
    PROBE_FIELD(bus_beat_record, kind, "kind", 0, PROBE_TEXT),
    PROBE_FIELD(bus_beat_record, address, "address", 0, PROBE_HEX),
    PROBE_FIELD(bus_beat_record, write, "write", 0, PROBE_DECIMAL),
    PROBE_FIELD(bus_beat_record, bytes, "bytes", 0, PROBE_DECIMAL),
    PROBE_FIELD(bus_beat_record, error, "error", 0, PROBE_DECIMAL),
};
const struct probe_type bus_beat_probe_type = TYPE("bus_beat", PROBE_EVENT, bus_beat_record);

static const struct probe_field dma_beat_record_fields[] = {
    PROBE_FIELD(dma_beat_record, controller, "controller", 0, PROBE_TEXT),
    PROBE_FIELD(dma_beat_record, channel, "channel", 0, PROBE_DECIMAL),
    NAMED(dma_beat_record, purpose, "purpose", 0, purpose_names),
    PROBE_FIELD(dma_beat_record, address, "address", 0, PROBE_ADDRESS),
    PROBE_FIELD(dma_beat_record, bytes, "bytes", 0, PROBE_DECIMAL),
    PROBE_FIELD(dma_beat_record, error, "error", 0, PROBE_DECIMAL),
};
const struct probe_type dma_beat_probe_type = TYPE("dma_beat", PROBE_EVENT, dma_beat_record);

static const struct probe_field transfer_record_fields[] = {
    PROBE_FIELD(transfer_record, name, "name", 0, PROBE_TEXT),
    PROBE_FIELD(transfer_record, controller, "controller", 0, PROBE_TEXT),
    PROBE_FIELD(transfer_record, channel, "channel", 0, PROBE_DECIMAL),
    PROBE_FIELD(transfer_record, call, "call", 0, PROBE_TEXT),
    PROBE_FIELD(transfer_record, mode, "mode", 0, PROBE_TEXT),
    PROBE_FIELD(transfer_record, bytes, "bytes", 0, PROBE_DECIMAL),
    PROBE_FIELD(transfer_record, submit_ps, "submit_ps", 0, PROBE_TIME),
    PROBE_FIELD(transfer_record, issue_ps, "issue_ps", 0, PROBE_TIME),
    PROBE_FIELD(transfer_record, interrupt_ps, "interrupt_ps", 0, PROBE_TIME),
    PROBE_FIELD(transfer_record, callback_ps, "callback_ps", 0, PROBE_TIME),
    PROBE_FIELD(transfer_record, status, "status", 0, PROBE_TEXT),
};
const struct probe_type transfer_probe_type = TYPE("transfer", PROBE_EVENT, transfer_record);

static const struct probe_field interrupt_record_fields[] = {
    PROBE_FIELD(interrupt_record, level, "interrupt", 1, PROBE_DECIMAL),
};
const struct probe_type interrupt_probe_type =
    TYPE("interrupt", PROBE_REGISTERED, interrupt_record);

static const struct probe_field stream_record_fields[] = {
    PROBE_FIELD(stream_record, value, "value", 0, PROBE_HEX),
    PROBE_FIELD(stream_record, bytes, "bytes", 0, PROBE_DECIMAL),
};
const struct probe_type stream_probe_type = TYPE("stream", PROBE_EVENT, stream_record);

_Static_assert(HANDSHAKE_BURST == 1 << 0 && HANDSHAKE_SINGLE == 1 << 1 && HANDSHAKE_LAST == 1 << 2,
               "pins below");
_Static_assert(HANDSHAKE_ACK == 1 << 0 && HANDSHAKE_FINISH == 1 << 1, "pins below");

static const struct probe_field fifo_record_fields[] = {
    PROBE_FIELD(fifo_record, level, "level", 32, PROBE_DECIMAL),
    PIN(fifo_record, request, "dma_req", 0),
    PIN(fifo_record, request, "dma_single", 1),
    PIN(fifo_record, request, "dma_last", 2),
    PIN(fifo_record, acknowledge, "dma_ack", 0),
    PIN(fifo_record, acknowledge, "dma_finish", 1),
    PROBE_FIELD(fifo_record, overruns, "overruns", 32, PROBE_DECIMAL),
    PROBE_FIELD(fifo_record, underruns, "underruns", 32, PROBE_DECIMAL),
};
const struct probe_type fifo_probe_type = TYPE("fifo", PROBE_REGISTERED, fifo_record);

static const struct probe_field cpu_record_fields[] = {
    NAMED(cpu_record, context, "context", 2, context_names),
    PROBE_FIELD(cpu_record, access, "access", 1, PROBE_DECIMAL),
};
const struct probe_type cpu_probe_type = TYPE("cpu", PROBE_REGISTERED, cpu_record);

static const struct probe_field cpu_access_record_fields[] = {
    PROBE_FIELD(cpu_access_record, address, "address", 0, PROBE_ADDRESS),
    NAMED(cpu_access_record, context, "context", 0, context_names),
    PROBE_FIELD(cpu_access_record, write, "write", 0, PROBE_DECIMAL),
    PROBE_FIELD(cpu_access_record, bytes, "bytes", 0, PROBE_DECIMAL),
    PROBE_FIELD(cpu_access_record, error, "error", 0, PROBE_DECIMAL),
    PROBE_FIELD(cpu_access_record, start_cycle, "start_cycle", 0, PROBE_DECIMAL),
    PROBE_FIELD(cpu_access_record, end_cycle, "end_cycle", 0, PROBE_DECIMAL),
    PROBE_FIELD(cpu_access_record, stall_cycles, "stall_cycles", 0, PROBE_DECIMAL),
    PROBE_FIELD(cpu_access_record, stall_ps, "stall_ps", 0, PROBE_TIME),
};
const struct probe_type cpu_access_probe_type = TYPE("cpu_access", PROBE_EVENT, cpu_access_record);

static const char *const stale_names[] = {"dirty", "cached", "lost"};
static const struct probe_field stale_record_fields[] = {
    PROBE_FIELD(stale_record, address, "address", 0, PROBE_ADDRESS),
    PROBE_FIELD(stale_record, bytes, "bytes", 0, PROBE_DECIMAL),
    NAMED(stale_record, cause, "cause", 0, stale_names),
    PROBE_FIELD(stale_record, reader, "reader", 0, PROBE_TEXT),
    PROBE_FIELD(stale_record, writer, "writer", 0, PROBE_TEXT),
    PROBE_FIELD(stale_record, cache, "cache", 0, PROBE_TEXT),
    PROBE_FIELD(stale_record, written_ps, "written_ps", 0, PROBE_TIME),
    PROBE_FIELD(stale_record, got, "got", 0, PROBE_HEX),
    PROBE_FIELD(stale_record, should, "should", 0, PROBE_HEX),
};
const struct probe_type stale_probe_type = TYPE("stale", PROBE_EVENT, stale_record);

static const char *const interval_names[] = {"request", "period"};
static const struct probe_field interval_record_fields[] = {
    NAMED(interval_record, kind, "kind", 0, interval_names),
    PROBE_FIELD(interval_record, ps, "ps", 0, PROBE_TIME),
};
const struct probe_type interval_probe_type = TYPE("interval", PROBE_EVENT, interval_record);

static const struct probe_field erratum_record_fields[] = {
    PROBE_FIELD(erratum_record, number, "erratum", 0, PROBE_DECIMAL),
    PROBE_FIELD(erratum_record, text, "text", 0, PROBE_TEXT),
    PROBE_FIELD(erratum_record, controller, "controller", 0, PROBE_TEXT),
};
const struct probe_type erratum_probe_type = TYPE("erratum", PROBE_EVENT, erratum_record);

/* A VCD has it as a text, CH0_CTL_LO=0x1 (trace/vcd/vcd_access.c). */
static const struct probe_field register_record_fields[] = {
    PROBE_FIELD(register_record, value, "registers", 1, PROBE_HEX),
};
const struct probe_type register_probe_type = TYPE("register", PROBE_EVENT, register_record);

/* A VCD has it as a text too. */
static const struct probe_field text_record_fields[] = {
    PROBE_FIELD(text_record, length, "text", 1, PROBE_HEX),
};
const struct probe_type text_probe_type = TYPE("text", PROBE_EVENT, text_record);
