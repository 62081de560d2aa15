/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dmasim: a cycle-accurate simulator of DMA controllers. The one public header.
 *
 * The core is passive: no main loop, no threads, no wall clock, no output, no exit. Whoever drives
 * the clock (the dmasim program, SystemC, a Linux co-simulation) calls
 *
 *     dmasim_create -> { dmasim_run | dmasim_advance | dmasim_access ... }* -> dmasim_destroy
 *
 * Times are picoseconds since the start. Errors are values: an int code of enum dmasim_code, and a
 * struct dmasim_error with the text and, for scenarios, file:line:column. No call blocks, waits or
 * prints; what a call returns is the caller's only where it says so. Structs that the caller fills are
 * zeroed first: 0 is the default of every member.
 *
 * Threads: a struct dmasim, with all that is open on it, belongs to one thread at a time; any number of
 * them may be used by as many threads, also of one plan.
 *
 * Callbacks: while dmasim_run() or dmasim_advance() calls one, the simulation is inside a time step.
 * What reads or changes its state is then refused: DMASIM_BUSY, and nothing happens. Allowed are
 * dmasim_now(), dmasim_next() and dmasim_finished(), as said there, dmasim_interrupt_level(), and the
 * calls that take neither a struct dmasim nor a port.
 */
#ifndef DMASIM_DMASIM_H
#define DMASIM_DMASIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define DMASIM_API __attribute__((visibility("default")))
#else
#define DMASIM_API
#endif

#define DMASIM_NEVER UINT64_MAX

/* code, text */
#define DMASIM_ERROR_MAP(X)                                                                        \
    X(OK, "no error")                                                                              \
    X(INVALID, "invalid scenario or argument")                                                     \
    X(MEMORY, "out of memory")                                                                     \
    X(IO, "file error")                                                                            \
    X(PAST, "time already passed")                                                                 \
    X(UNMAPPED, "no such register or address")                                                     \
    X(LIMIT, "limit reached")                                                                      \
    X(BUSY, "not from inside a callback")

enum dmasim_code {
#define DMASIM_CODE(code, text) DMASIM_##code,
    DMASIM_ERROR_MAP(DMASIM_CODE)
#undef DMASIM_CODE
};

struct dmasim_error {
    int code;
    int line, column; /* from 1; 0 if the error has no place in a file */
    char file[4096];
    char text
        [1536]; /* one line, without file:line:column; control characters are written as escapes */
};

/* The code's text. Never null. */
DMASIM_API const char *dmasim_code_text(int code);

/* Version of the library, "MAJOR.MINOR.PATCH". */
DMASIM_API const char *dmasim_version(void);

/* ---- creating -------------------------------------------------------------------------------- */

struct dmasim;

struct dmasim_options {
    /* "path.to.key=value", applied over the scenario, in order. */
    const char *const *overrides;
    size_t override_count;
    bool every_cycle;   /* step every unit at every edge: the oracle, same trace, slow */
    bool reverse_order; /* step units of equal rank in the opposite order: same trace */
    /* Called for every error found (the first is also returned); may be null. */
    void (*report)(void *context, const struct dmasim_error *error);
    void *context;
    bool confine;     /* files that the scenario reads must lie in its folder, links followed */
    uint64_t stop_ps; /* instead of the scenario's `stop`; 0: that. DMASIM_NEVER: none */
    uint64_t memory_bytes; /* most that the simulation's state and memories may take; 0: 4 GiB */
    bool
        check_only; /* to learn whether a scenario is good, not to run it: memories are not filled */
    /* Called for each setting that is allowed and cannot have its effect, with its place; may be null. */
    void (*note)(void *context, const struct dmasim_error *note);
    /* Names of what the caller will tell lines of, dmasim_tell(): letters, digits and '_', with dots between
     * scopes, of which the first is no component's. */
    const char *const *tracks;
    size_t track_count;
};

/* Reads and builds a scenario. options may be null. Null on error, with *error filled (may be null).
 * The caller owns the result. */
DMASIM_API struct dmasim *dmasim_create(const char *scenario_path,
                                        const struct dmasim_options *options,
                                        struct dmasim_error *error);

/* The same of a text of `length` bytes, which is not needed any more afterwards. `name` stands for the
 * file in messages; relative file names start in `directory`, null refuses files. */
DMASIM_API struct dmasim *dmasim_create_text(const char *text, size_t length, const char *name,
                                             const char *directory,
                                             const struct dmasim_options *options,
                                             struct dmasim_error *error);

/*
 * A plan: a scenario that was read and checked, to be built any number of times. It does not change, so
 * several threads may build from one at once. A simulation keeps what it needs of its plan: the plan may be
 * freed first.
 */
struct dmasim_plan;

/* As dmasim_create() and dmasim_create_text(), without building; of the options those for building are
 * not used. The caller owns the result. */
DMASIM_API struct dmasim_plan *dmasim_plan_read(const char *scenario_path,
                                                const struct dmasim_options *options,
                                                struct dmasim_error *error);
DMASIM_API struct dmasim_plan *dmasim_plan_text(const char *text, size_t length, const char *name,
                                                const char *directory,
                                                const struct dmasim_options *options,
                                                struct dmasim_error *error);

/* Another plan: `plan` with the options' overrides on top. The text is not read again, nor are files that
 * `plan` has loaded. The line of an error in an override is its number, counted on from those of `plan`. */
DMASIM_API struct dmasim_plan *dmasim_plan_override(const struct dmasim_plan *plan,
                                                    const struct dmasim_options *options,
                                                    struct dmasim_error *error);

/* Null does nothing. */
DMASIM_API void dmasim_plan_free(struct dmasim_plan *plan);

/* The scenario's `seed`. */
DMASIM_API uint64_t dmasim_plan_seed(const struct dmasim_plan *plan);

/* Builds a plan; with overrides in the options, that of dmasim_plan_override(). */
DMASIM_API struct dmasim *dmasim_create_from(const struct dmasim_plan *plan,
                                             const struct dmasim_options *options,
                                             struct dmasim_error *error);

/* Frees it and all that is open on it; null does nothing. DMASIM_OK or DMASIM_BUSY. */
DMASIM_API int dmasim_destroy(struct dmasim *self);

/* ---- time ------------------------------------------------------------------------------------ */

/* Time of the last step taken, or the time reached. In a callback: that of the step under way. */
DMASIM_API uint64_t dmasim_now(const struct dmasim *self);

/* Earliest time at which anything can happen, DMASIM_NEVER if nothing ever will by itself. In a
 * callback: now. */
DMASIM_API uint64_t dmasim_next(const struct dmasim *self);

/* No output changes earlier than this, if nobody outside does anything until then: the window in which a
 * co-simulation need not look. An output is an interrupt, watched or not, and an event of a thing outside. It may be
 * too early: with a CPU or master that is at work it is dmasim_next(). Of an idle controller it is DMASIM_NEVER; of
 * one that copies between memories, an `adi,axi-dmac` or the channels of a `snps,dw-dmac`, the time that what is left of
 * the transfer, or of the block, needs at the least. In a callback: now. */
DMASIM_API uint64_t dmasim_next_output(const struct dmasim *self);

/* Simulates all edges up to and including `until_ps`, whatever happens before. DMASIM_PAST if that is
 * earlier than now, DMASIM_BUSY. */
DMASIM_API int dmasim_advance(struct dmasim *self, uint64_t until_ps);

/* Why dmasim_run() returned. */
enum dmasim_why {
    DMASIM_WHY_TIME,     /* `until` is reached, or the scenario's stop time: see dmasim_outcome() */
    DMASIM_WHY_OUTPUT,   /* somebody outside has something to see */
    DMASIM_WHY_FINISHED, /* all work is done, and what it left in flight has arrived */
    DMASIM_WHY_DEADLOCK, /* work is left, and nothing will ever happen by itself */
};

/*
 * Simulates up to and including `until_ps`, or to the first of these that comes before:
 *
 *   - an output, that is what somebody outside asked to see: a watched interrupt with `stop`, and what
 *     the things that stand outside have to tell. All edges of that time have been simulated;
 *   - the end of the run: the work is done or dead, and 8 cycles of the slowest clock have passed since,
 *     so that what was in flight has arrived;
 *   - the scenario's stop time.
 *
 * A scenario without work has no end but the stop time. Called again after the end, it goes on to
 * `until_ps` or an output. DMASIM_NEVER runs to the end. *why may be null. DMASIM_OK with *why;
 * DMASIM_PAST, DMASIM_BUSY.
 */
DMASIM_API int dmasim_run(struct dmasim *self, uint64_t until_ps, enum dmasim_why *why);

/* True once all work of the scenario is done; never if it has none. In a callback: false if it is done
 * in the step under way. */
DMASIM_API bool dmasim_finished(const struct dmasim *self);

/* ---- outcome --------------------------------------------------------------------------------- */

/* What came of the run, the worst first. It is the same however the run was cut into pieces. */
enum dmasim_outcome {
    DMASIM_RUNNING,    /* its end is not reached */
    DMASIM_DEADLOCKED, /* work is left that nothing can bring forward */
    DMASIM_TIME_OVER,  /* the stop time came before the end of the work */
    DMASIM_FAILED,     /* all work has ended, some of it with an error */
    DMASIM_LOST_DATA,  /* all is done, but a device had no room for data, or none to give */
    DMASIM_DONE,       /* all is done; or there was no work, and the stop time came */
};

struct dmasim_result {
    enum dmasim_outcome outcome;
    uint64_t end_ps;          /* of the run; DMASIM_NEVER while it is running */
    uint64_t failed;          /* transfers and programs of `work` that ended with an error */
    uint64_t failed_programs; /* of these: an `expect` or an access of a program failed */
    uint64_t lost_items;      /* overruns and underruns of all devices */
    uint64_t work_entries, work_ended; /* entries of `work`; those that have ended, at least once */
    uint64_t stop_ps;                  /* the stop time; DMASIM_NEVER: none */
};

/* DMASIM_OK with *result, or DMASIM_BUSY. The counts are as of now. */
DMASIM_API int dmasim_outcome(const struct dmasim *self, struct dmasim_result *result);

/* An erratum of a controller that struck. */
struct dmasim_erratum {
    const char *component; /* the simulation's */
    unsigned number;       /* of the list on the controller's page */
    const char *text;
    uint64_t strikes, first_cycle; /* of the component's clock */
};

/* The index-th erratum that struck, in the order of the controllers. DMASIM_UNMAPPED if there are no
 * more; DMASIM_BUSY. */
DMASIM_API int dmasim_erratum(const struct dmasim *self, size_t index,
                              struct dmasim_erratum *erratum);

/* ---- access ---------------------------------------------------------------------------------- */

struct dmasim_access {
    uint64_t address;    /* bus address, naturally aligned */
    uint32_t size_bytes; /* 1, 2 or 4 */
    bool write;
    uint64_t value;  /* written, or read back */
    const char *bus; /* null: any, if the address leads to one place on all that have it */
};

/* A register or memory access from outside, in zero time, after all edges up to and including
 * `at_ps` have been simulated. `at_ps` before now is DMASIM_PAST; an address nobody answers, or a bus
 * that is not there, is DMASIM_UNMAPPED; an odd size or address, or one that is different things on
 * different buses, DMASIM_INVALID; DMASIM_BUSY. */
DMASIM_API int dmasim_access(struct dmasim *self, uint64_t at_ps, struct dmasim_access *access);

/* A line about what goes on outside, beside what is traced: in the VCD a `string` variable TRACK.text, which has it from
 * this time on, and in log.txt a note. It is told after all edges up to and including `at_ps` have been simulated and
 * changes nothing. Of lines of one time the VCD has as many as fit into 400 characters. DMASIM_OK; DMASIM_UNMAPPED if
 * the options named no such track; DMASIM_PAST, DMASIM_BUSY. */
DMASIM_API int dmasim_tell(struct dmasim *self, uint64_t at_ps, const char *track,
                           const char *text);

/* ---- memory ---------------------------------------------------------------------------------- */

/*
 * Bytes of memories may be read and stored to from outside between two calls, by the functions below or by
 * plain loads and stores, at no cost. When a beat samples them is exact, however the simulation passes what
 * is between the calls:
 *
 *   - bytes that are stored between two calls at time t are seen by every beat that samples after t;
 *   - bytes that beats up to and including t have written are in their place when the call returns.
 *
 * A read beat samples where its memory's page says so, as a rule in the cycle before it shows; what a device,
 * a bridge or a controller has read ahead is in its buffers, as it would be in hardware. During a call, and
 * so in a callback, bytes may be late or early: they must be left alone.
 */

/* The bytes of a memory, for plain loads and stores between calls; null if there is none of this name, or
 * in a callback. *length (may be null) gets how many. They stay in this place as long as the simulation is
 * there, unless dmasim_memory_back() gives it others. */
DMASIM_API void *dmasim_memory(const struct dmasim *self, const char *name, uint64_t *length);

/*
 * Gives a memory the caller's bytes instead of its own, say a guest's that are mapped into several
 * processes. Nothing is copied: it holds what they hold. The caller keeps them until dmasim_destroy().
 * It must come before anything is simulated: DMASIM_PAST afterwards. `length` must be the memory's, and
 * the scenario must not say what it holds (`fill`, `load`, `bytes`), nor may two memories have a byte in
 * common, also if it is mapped at two places: DMASIM_INVALID (of the last as far as it can be seen), and
 * nothing is changed.
 * DMASIM_UNMAPPED if there is no memory of this name; DMASIM_BUSY. Its ports (`shares`) share them, and
 * `dump` writes them.
 *
 * They are no part of snapshots: dmasim_restore() leaves them as they are, and the simulation goes on as if
 * what they hold then had been stored at the time of the snapshot. A snapshot from before a memory was
 * given bytes is void.
 */
DMASIM_API int dmasim_memory_back(struct dmasim *self, const char *name, void *bytes,
                                  uint64_t length);

/*
 * Copies `length` bytes from, or to, an address of a bus at the time now, in zero time: across memories that
 * lie side by side, and through bridges. Registers only one by one: all of it is one register access of
 * 1, 2, 4 or 8 bytes, as the register has it, aligned to its length. `bus` may be null as in struct
 * dmasim_access. Nothing is copied unless all is there: DMASIM_UNMAPPED if there is no such bus, or if nobody
 * answers somewhere; DMASIM_INVALID if the address is different things on different buses, or registers are
 * only a part of it; DMASIM_BUSY.
 */
DMASIM_API int dmasim_bus_read(struct dmasim *self, const char *bus, uint64_t address, void *bytes,
                               uint64_t length);
DMASIM_API int dmasim_bus_write(struct dmasim *self, const char *bus, uint64_t address,
                                const void *bytes, uint64_t length);

/* ---- interrupts ------------------------------------------------------------------------------ */

/* Called when an interrupt output changes; at_ps is the edge from which on its wire has the level.
 * `component` and `output` are the simulation's. */
typedef void dmasim_interrupt(void *context, const char *component, const char *output, bool level,
                              uint64_t at_ps);

struct dmasim_watch {
    const char *component; /* null: all */
    const char *output;    /* null: all of the component; the one of a DMA controller is "irq" */
    bool stop;             /* dmasim_run() returns at each change: it is an output */
    dmasim_interrupt *callback; /* null: nobody is called */
    void *context;
};

/* Watches interrupt outputs from now on, instead of what was asked for them before; with neither callback
 * nor stop no more. Watching does not slow down what is between the changes. DMASIM_OK;
 * DMASIM_UNMAPPED if there is no such output, DMASIM_MEMORY, DMASIM_BUSY. */
DMASIM_API int dmasim_watch_interrupt(struct dmasim *self, const struct dmasim_watch *watch);

/* The same for all outputs, without stop. */
DMASIM_API int dmasim_on_interrupt(struct dmasim *self, dmasim_interrupt *callback, void *context);

/* Level of an interrupt output from now on (output null: "irq"). In a callback: the level that is told,
 * of other outputs the one before this time. DMASIM_OK with *level; DMASIM_UNMAPPED, DMASIM_MEMORY. */
DMASIM_API int dmasim_interrupt_level(struct dmasim *self, const char *component,
                                      const char *output, bool *level);

/* ---- what there is --------------------------------------------------------------------------- */

/* All of it is the simulation's and lives as long. These calls end with DMASIM_OK, or DMASIM_UNMAPPED if
 * there is no such thing, or no more of them; they may be called in a callback. */

struct dmasim_component {
    const char *section; /* "controllers": the key of the scenario */
    const char *name;
    const char *type;             /* "snps,dw-dmac"; of `work` the call */
    const char *doc;              /* of the type, a sentence */
    const char *clock;            /* null: none */
    uint64_t period_ps, phase_ps; /* of that clock; 0: none */
    const char *bus;              /* on which it answers first, null: on none; from `base` on */
    uint64_t base, size_bytes;
    size_t register_count; /* elements of arrays each by themselves */
};

/* The index-th component, in the order of the sections and of the scenario. */
DMASIM_API int dmasim_component(const struct dmasim *self, size_t index,
                                struct dmasim_component *component);

/* The component of a name. */
DMASIM_API int dmasim_component_find(const struct dmasim *self, const char *name,
                                     struct dmasim_component *component);

struct dmasim_register {
    char name[32];    /* "CH2_SAR" */
    const char *doc;  /* a sentence, may be empty */
    uint64_t address; /* on the component's bus */
    uint32_t offset, width_bits;
    uint64_t reset;
    const char
        *access; /* "RW", "RO", "WO", "W1C"; "WE8": bit n is taken if bit n + 8 is 1; "mixed" */
};

/* The index-th register of a component, by rising offset. */
DMASIM_API int dmasim_register(const struct dmasim *self, const char *component, size_t index,
                               struct dmasim_register *found);

/* The register of a name. */
DMASIM_API int dmasim_register_find(const struct dmasim *self, const char *component,
                                    const char *name, struct dmasim_register *found);

/* What traces can follow. */
struct dmasim_probe {
    const char *name; /* dotted: "dma.ch0" */
    const char *type; /* "channel" ... */
    const char *kind; /* "settled": holds in its cycle; "registered": from the next on; "event" */
    const char *clock;
    size_t field_count;
};
DMASIM_API int dmasim_probe(const struct dmasim *self, size_t index, struct dmasim_probe *probe);

struct dmasim_field {
    const char *name;
    unsigned width_bits;            /* of the signal in a VCD; 0: it is not there */
    const char *const *value_names; /* of value_count values; null: numbers */
    size_t value_count;
};
DMASIM_API int dmasim_probe_field(const struct dmasim *self, size_t probe, size_t index,
                                  struct dmasim_field *field);

/* What a probe has published at an edge of its clock. */
struct dmasim_record {
    size_t probe; /* its index */
    uint64_t
        cycle; /* "settled": it holds in this cycle, "registered": from the next one on, "event": it was in this */
    uint64_t time_ps; /* of the edge that ends the cycle */
};

/* Called in the time step in which it is published. A record may be the same as the one before. */
typedef void dmasim_publish(void *context, const struct dmasim_record *record);

/* Observes a probe (its index) from the start to the end of the simulation, for whoever writes a trace of his own. What is
 * observed is stepped and not passed at once, unlike a watched interrupt: it is slow, and the same. DMASIM_OK;
 * DMASIM_UNMAPPED: there is no such probe; DMASIM_PAST: it must come before anything is simulated; DMASIM_INVALID: no
 * callback; DMASIM_MEMORY, DMASIM_BUSY. */
DMASIM_API int dmasim_watch_probe(struct dmasim *self, size_t probe, dmasim_publish *callback,
                                  void *context);

/* In the callback: a field of the record, low byte first, into `length` bytes; those beyond its width are 0. DMASIM_OK;
 * DMASIM_UNMAPPED: there is no such field, or it is no signal (width 0); DMASIM_LIMIT: it has more bytes. */
DMASIM_API int dmasim_record_field(const struct dmasim_record *record, size_t field, void *bytes,
                                   size_t length);

/* ---- metrics --------------------------------------------------------------------------------- */

/* A figure that units count, whether anybody reads it or not (docs/metrics.md). Its value is
 * value * scale / over, to be printed with `decimals` decimals; 0 if `over` is 0. */
struct dmasim_metric {
    char name[160];   /* dotted, as in summary.csv: "bus.ahb.master.cpu.wait_cycles" */
    const char *unit; /* "cycles", "bytes" ... */
    const char *doc;  /* its definition */
    uint64_t value, scale, over;
    unsigned decimals;
};

/* The values of now, from which a later walk may count. Null if memory is short, or in a callback. The
 * caller frees it, before the simulation. */
struct dmasim_mark;
DMASIM_API struct dmasim_mark *dmasim_mark_set(const struct dmasim *self);
DMASIM_API void dmasim_mark_free(struct dmasim_mark *mark);

/* A walk over all metrics as they are now; from: what they have grown since, null: since the start, good as long
 * as the walk. Null if memory is short, or in a callback. The caller ends it, before the simulation. */
struct dmasim_metrics;
DMASIM_API struct dmasim_metrics *dmasim_metrics_start(const struct dmasim *self,
                                                       const struct dmasim_mark *from);

/* The next one. DMASIM_OK; DMASIM_UNMAPPED: there are no more; DMASIM_PAST: time has gone on since the
 * start; DMASIM_BUSY. */
DMASIM_API int dmasim_metric_next(struct dmasim_metrics *walk, struct dmasim_metric *metric);

DMASIM_API void dmasim_metrics_end(struct dmasim_metrics *walk);

/* The metric of this name as a walk without `from` would tell it, without the others. DMASIM_OK; DMASIM_UNMAPPED: there is
 * none; DMASIM_BUSY. */
DMASIM_API int dmasim_metric_find(const struct dmasim *self, const char *name,
                                  struct dmasim_metric *metric);

/* ---- traces ---------------------------------------------------------------------------------- */

/* A set of result files. Several may be open at once, and one after another; each file appears under its name
 * when its trace is closed, whole or not at all, but see `results`. */
struct dmasim_trace;

/* Gets text in pieces; false ends the writing. */
typedef bool dmasim_write(void *context, const char *text, size_t length);

/* Packs what a file is made of while it is written. The library itself knows no way to. */
struct dmasim_packer {
    const char *suffix; /* of the file's name, such as ".zst" */
    /* Packs bytes, and with `last` what is left; hands what comes of it to `write`, with `to`. False: it failed. */
    bool (*pack)(void *context, const char *bytes, size_t length, bool last, dmasim_write *write,
                 void *to);
    void *context;
};

struct dmasim_trace_options {
    bool vcd, cycles, bus, events, transfers, summary; /* files, see docs/scenario.md */
    bool vcd_clocks; /* the clocks as signals of the VCD too, as the scenario's `trace.clocks` */
    bool table;      /* count for dmasim_trace_table() although there is no summary */
    bool causes;     /* with these: also what each cycle went by with, docs/explain.md; slower */
    bool streams;    /* also what components stream into files of the scenario's */
    bool expect;     /* count for dmasim_trace_check(), whatever else is asked for */
    const struct dmasim_packer *vcd_packer; /* of the VCD; null: it is written as it is */
    /* Gets the VCD instead of a file, which there is none of then, nor a trace.gtkw; null: a file. What is written
     * when it says false is lost, and the trace fails. */
    dmasim_write *vcd_write;
    void *vcd_context;
    bool log;   /* log.txt: what went wrong, in words (docs/log.md) */
    bool lines; /* the same for dmasim_trace_log() although there is no file */
    bool
        cause_rounds; /* with `causes`: dmasim_trace_figures() tells those of each transfer and program too */
};

/*
 * Opens files in `directory`, which must exist; folders of streams below it are made. What happens from now
 * on is in them: at the start, everything. In mid-run a signal is x up to its component's next cycle or the one
 * after; and if nothing was traced so far, bursts under way pass unseen. Null on error, with *error
 * filled (may be null). The trace ends with dmasim_trace_free(), or with the simulation.
 */
DMASIM_API struct dmasim_trace *dmasim_trace_open(struct dmasim *self,
                                                  const struct dmasim_trace_options *options,
                                                  const char *directory,
                                                  struct dmasim_error *error);

/* The suffix of the packer that the scenario wants for its VCD (`trace.compress`), ".zst"; null: none. Whoever gives none
 * gets the VCD as it is. */
DMASIM_API const char *dmasim_trace_packed(const struct dmasim *self);

/* True once a write has failed (a full disk): there will be no files. */
DMASIM_API bool dmasim_trace_failed(const struct dmasim_trace *trace);

/* Hands on what was written so far and waits in buffers. */
DMASIM_API void dmasim_trace_flush(struct dmasim_trace *trace);

/* Bytes that its files have so far. */
DMASIM_API uint64_t dmasim_trace_bytes(const struct dmasim_trace *trace);

/* What happened up to now is written, and the files appear. DMASIM_OK; DMASIM_IO and others with *error
 * filled (may be null), and no file; DMASIM_BUSY. Only once: DMASIM_INVALID. */
DMASIM_API int dmasim_trace_close(struct dmasim_trace *trace, struct dmasim_error *error);

/* Of a closed trace with `summary` or `table`: the figures and transfers as a table for people.
 * DMASIM_OK; DMASIM_INVALID; DMASIM_IO if `write` said false; DMASIM_MEMORY. */
DMASIM_API int dmasim_trace_table(struct dmasim_trace *trace, dmasim_write *write, void *context);

/* Of the same: each row of summary.csv as it is there, a plain number and its unit. They are good until the
 * function returns. DMASIM_OK or DMASIM_INVALID. */
typedef void dmasim_figure(void *context, const char *name, const char *value, const char *unit);
DMASIM_API int dmasim_trace_figures(const struct dmasim_trace *trace, dmasim_figure *each,
                                    void *context);

enum dmasim_log_level { DMASIM_LOG_ERROR, DMASIM_LOG_WARNING, DMASIM_LOG_NOTE, DMASIM_LOG_DEBUG };

/* Of a closed trace with `log` or `lines`: the index-th line of log.txt, without its line end, and its level. The text is
 * the trace's. DMASIM_OK; DMASIM_UNMAPPED: there are no more; DMASIM_INVALID: it is not closed. */
DMASIM_API int dmasim_trace_log(const struct dmasim_trace *trace, size_t index,
                                enum dmasim_log_level *level, const char **text);

/* What is asked of a run. */
struct dmasim_check {
    const char *text;  /* the condition, or what is asked of every run: "no transfer fails" */
    const char *found; /* what there is if it does not hold, else "" */
    bool holds;
    const char *
        file; /* where the condition stands, "--set" in an override; null: it is not the scenario's */
    int line, column;
};

/* Of a closed trace with `expect` that was open from the start to the end of the run: the index-th of what is asked of
 * it. First of every run: that it finishes, that no transfer fails, that no data are lost, that no bus answers with
 * an error; then the conditions of the scenario's `expect`. A figure that a condition names is judged by that alone
 * (docs/results.md). Texts are the trace's. DMASIM_OK; DMASIM_UNMAPPED: there are no more; DMASIM_INVALID: it is no such
 * trace; DMASIM_MEMORY, DMASIM_BUSY. */
DMASIM_API int dmasim_trace_check(struct dmasim_trace *trace, size_t index,
                                  struct dmasim_check *check);

/* Frees it; if it was not closed, its files are gone. Null does nothing. DMASIM_OK or DMASIM_BUSY. */
DMASIM_API int dmasim_trace_free(struct dmasim_trace *trace);

/* ---- results --------------------------------------------------------------------------------- */

/*
 * Whoever writes first into a folder, by one of the calls above or below, claims it for its simulation, until that is
 * destroyed. It must be new, empty or marked: a marker (.dmasim-results) lists the files that a run has made.
 * Another claim, by whatever process, is refused (DMASIM_IO).
 *
 * The first files that appear take the place of all files of the run before; what no run has made stays as it is. A
 * file whose name is taken by such a thing is refused, and so is a folder in which a result of the run before was changed
 * since. Names come from scenarios: none has a part with a dot in front, and no link is followed below the folder. A process
 * that is killed leaves what it was writing in `unfinished-run`, which the next claim removes. A process with a limit on
 * the size of files (RLIMIT_FSIZE) ignores SIGXFSZ to be told.
 */
struct dmasim_results_options {
    bool
        force; /* also into a folder with other things in it, and over results that were changed since */
    bool no_links; /* the path to the folder has no links either */
};

/* Claims a folder, which is made if it is not there, before anything else is written there. From now on what is
 * written into it appears all at once, in dmasim_results_end(); if that is not called, not at all. options may be null.
 * DMASIM_OK, or an error with *error filled (may be null); DMASIM_INVALID: it is claimed already; DMASIM_BUSY. */
DMASIM_API int dmasim_results_begin(struct dmasim *self, const char *directory,
                                    const struct dmasim_results_options *options,
                                    struct dmasim_error *error);

/* All that was written since the begin appears; traces that are open write on, and appear when they are closed.
 * DMASIM_OK, or an error with *error filled (may be null). */
DMASIM_API int dmasim_results_end(struct dmasim *self, struct dmasim_error *error);

/* Adds a file of the caller's to the results. DMASIM_OK, or an error with *error filled (may be null). */
DMASIM_API int dmasim_write_file(const struct dmasim *self, const char *directory, const char *file,
                                 const void *bytes, size_t length, struct dmasim_error *error);

/* A file that a component leaves behind, as the scenario asks for. */
struct dmasim_output {
    const char *component, *file; /* below the output directory */
    bool stream;                  /* a trace with `streams` writes it; there are no bytes here */
    const uint8_t *bytes; /* of the simulated memory, as they are now; valid until time goes on */
    size_t length;
};

/* The index-th. DMASIM_OK, DMASIM_UNMAPPED if there are no more, DMASIM_BUSY. */
DMASIM_API int dmasim_output(const struct dmasim *self, size_t index, struct dmasim_output *output);

/* Writes those that are no streams into files below `directory`, each whole or not at all; folders are made.
 * DMASIM_OK, or an error with *error filled (may be null). */
DMASIM_API int dmasim_write_outputs(const struct dmasim *self, const char *directory,
                                    struct dmasim_error *error);

/* The scenario with every value in it, as YAML. `directory` is where the text will lie, so that it finds
 * the files the scenario reads; null: where the scenario lies. DMASIM_OK; DMASIM_IO if `write` said false;
 * DMASIM_MEMORY. */
DMASIM_API int dmasim_write_resolved(const struct dmasim *self, const char *directory,
                                     dmasim_write *write, void *context);

/* Name of the scenario. */
DMASIM_API const char *dmasim_name(const struct dmasim *self);

/* ---- snapshots ------------------------------------------------------------------------------- */

/* A copy of the whole simulated state; null if memory is short, or in a callback. Good for this dmasim
 * only; the caller frees it, before or after that. Who watches and what is traced is no part of it, nor are
 * bytes of memories that are the caller's: see dmasim_memory_back(). */
struct dmasim_snapshot;
DMASIM_API struct dmasim_snapshot *dmasim_save(const struct dmasim *self);

/* Goes back to it, any number of times. Interrupts are told again from there on. A trace cannot go back: while
 * one is open, only an excursion can be undone, that is what came after dmasim_mute() at the snapshot's
 * time. DMASIM_OK; DMASIM_INVALID if that is not so, or it is another simulation's, or from before a memory
 * was given the caller's bytes; DMASIM_MEMORY, DMASIM_BUSY. */
DMASIM_API int dmasim_restore(struct dmasim *self, const struct dmasim_snapshot *snapshot);

DMASIM_API void dmasim_snapshot_free(struct dmasim_snapshot *snapshot);

/* From here until a snapshot is restored nobody is told anything, neither callbacks nor traces; outputs do
 * not end dmasim_run(). So an excursion from a snapshot leaves no mark. DMASIM_OK or DMASIM_BUSY. */
DMASIM_API int dmasim_mute(struct dmasim *self);

/* ---- Things outside ---------------------------------------------------------------------------
 *
 * A scenario may declare what stands outside: masters, slaves, request lines, streams and interrupt inputs of
 * the types `outside` and `outside-...`. Each is a port, found by its name, through which the caller takes part
 * in the simulation:
 *
 *     port = dmasim_port_find(sim, "noc");
 *     for (;;) {
 *         dmasim_run(sim, until, &why); it returns at `until`, or at an event if that comes first
 *         while (dmasim_event_take(sim, &event))
 *             ... start, answer, set, send, accept, now or later ...
 *     }
 *
 * Time. A call takes effect at dmasim_now(), after all edges up to and including it: the first edge later than
 * that of the port's clock is the first to sample it, in every mode and however the caller cuts its windows.
 * An event has the time of the edge at which the port saw it. Every event stops a run (but see `tell` of
 * streams), so a caller that takes events and answers before it goes on is as exact as a register on the bus.
 * Called before time first goes on, they step the edges of time 0. From inside a callback they are DMASIM_BUSY.
 *
 * All of it is part of a snapshot: a request that is open when one is taken is open again when it is restored.
 * docs/outside.md has the timing on each bus.
 */

/* A port; lives as long as its simulation. */
struct dmasim_port;

/* Null if there is no such port. */
DMASIM_API struct dmasim_port *dmasim_port_find(struct dmasim *self, const char *name);

/* The next port in the order of the scenario's sections, the first for null; null after the last. */
DMASIM_API struct dmasim_port *dmasim_port_next(struct dmasim *self,
                                                const struct dmasim_port *after);

DMASIM_API const char *dmasim_port_name(const struct dmasim_port *port);

/* "master", "slave", "request line", "interrupt input", "stream source" or "stream sink". */
DMASIM_API const char *dmasim_port_kind(const struct dmasim_port *port);

enum dmasim_response {
    DMASIM_RESPONSE_OKAY,
    DMASIM_RESPONSE_ERROR,  /* AHB ERROR, AXI SLVERR */
    DMASIM_RESPONSE_DECODE, /* AXI DECERR */
    DMASIM_RESPONSE_RETRY,  /* AHB: the master will ask again, as a request of its own */
    DMASIM_RESPONSE_WAIT, /* AHB, ISA: no answer yet; the bus has these data of a read meanwhile */
};

enum dmasim_burst { DMASIM_BURST_INCR, DMASIM_BURST_FIXED, DMASIM_BURST_WRAP };

enum dmasim_event_kind {
    DMASIM_EVENT_TRANSFER, /* a master's transfer is over: id, tag, response, moved, data of a read */
    DMASIM_EVENT_REQUEST,  /* a slave is asked: id, address, beats, write, data of a write, ... */
    DMASIM_EVENT_LEVEL,    /* what a request line gets back has changed: level */
    DMASIM_EVENT_SENT,     /* a source's beats were taken: beats, left */
    DMASIM_EVENT_RECEIVED, /* a sink got a beat: data, strobes, last, user, left */
};

/* What a bus carries beside address and data, as it is on its wires; nothing in the model acts on it. */
struct dmasim_attributes {
    uint32_t id;        /* AXI: AxID, without what the interconnect puts in front; AHB: HMASTER */
    uint8_t prot;       /* AXI: AxPROT; AHB: HPROT */
    uint8_t cache, qos; /* AXI: AxCACHE, AxQOS */
    uint8_t burst;      /* AHB: HBURST */
    bool lock;          /* AXI: AxLOCK; AHB: HMASTLOCK */
};

/* What pointers point to stays until the next call with this simulation. Fields that the kind does not
 * name are 0. */
struct dmasim_event {
    struct dmasim_port *port;
    enum dmasim_event_kind kind;
    uint64_t time_ps;
    uint64_t id;      /* from 1, counted by port */
    uint64_t tag;     /* TRANSFER: the caller's */
    uint64_t address; /* of the first byte */
    uint32_t bytes;   /* of data, all beats */
    uint32_t beats, beat_bytes;
    uint32_t word_bytes; /* REQUEST: width of the bus; 0 on ISA */
    uint32_t
        moved; /* TRANSFER: bytes from the first that are known to have moved without an error */
    enum dmasim_burst burst; /* REQUEST: how addresses go on from beat to beat */
    enum dmasim_response response;
    bool write, privileged;
    bool dma;                            /* REQUEST on ISA: by a DMA controller */
    bool sequential;                     /* REQUEST on AHB: SEQ, the next beat of a burst */
    bool last, user;                     /* RECEIVED: TLAST, TUSER */
    const char *master;                  /* REQUEST: who asks; null if the bus does not tell */
    struct dmasim_attributes attributes; /* REQUEST on AHB and AXI */
    const uint8_t *data;
    const uint8_t *strobes; /* bit i % 8 of byte i / 8: byte i of data is there; null: all are */
    uint32_t level;         /* LEVEL: enum dmasim_level */
    uint32_t missed; /* LEVEL: changes right before that found no room, if nobody took events */
    uint32_t left;   /* SENT: beats that wait; RECEIVED: beats that are still allowed */
};

/* Takes the earliest event, of ports with events of one time that of the first port. False: there is
 * none, or the call comes from inside a callback. */
DMASIM_API bool dmasim_event_take(struct dmasim *self, struct dmasim_event *event);

/* What a master is to do: any address and length. It is split into what the bus can carry. */
struct dmasim_transfer {
    uint64_t address;
    uint32_t bytes;
    uint32_t beat_bytes; /* widest beat, a power of two; 0: the bus's width */
    bool write;
    bool privileged;
    uint64_t tag;     /* comes back with the event */
    const void *data; /* of a write; copied */
    /* AXI: id, prot (besides `privileged`), cache and qos, AXI4-Lite prot alone; AHB: prot, 0 for what `privileged`
     * makes of a data access. The bus makes the rest. */
    struct dmasim_attributes attributes;
};

/* Starts a transfer, or queues it after those of this master that are not over. id may be null.
 * DMASIM_LIMIT: longer than the port's buffer, or its queue is full (a transfer is in it until its event is
 * taken). DMASIM_UNMAPPED: beyond the addresses of the bus. DMASIM_INVALID: no bytes, an odd beat, an attribute
 * that the bus has no wires for, a port that is no master. */
DMASIM_API int dmasim_transfer_start(struct dmasim_port *port,
                                     const struct dmasim_transfer *transfer, uint64_t *id);

struct dmasim_answer {
    uint64_t id; /* of the request */
    enum dmasim_response response;
    const void
        *data; /* of a read; copied. Without OKAY it may be left out: then the bus carries 0 */
    uint32_t
        bytes; /* as the request's; or beats * word_bytes: a whole word of the bus for each beat */
};

/* Answers a request whose event was taken. DMASIM_INVALID: no such request is open, a response that the bus does
 * not have, not as many bytes as were asked for, or a port that gets no requests. */
DMASIM_API int dmasim_request_answer(struct dmasim_port *port, const struct dmasim_answer *answer);

/* The index-th of a port's open requests, the oldest first, as its event was. False if there are not so many. */
DMASIM_API bool dmasim_request_open(const struct dmasim_port *port, uint32_t index,
                                    struct dmasim_event *event);

/* Levels: bits. */
enum dmasim_level {
    DMASIM_LEVEL_INTERRUPT = 1, /* set, of an interrupt input */
    DMASIM_LEVEL_BURST = 1,     /* set, of a request line: dma_req */
    DMASIM_LEVEL_SINGLE = 2,    /* dma_single */
    DMASIM_LEVEL_LAST = 4,      /* dma_last */
    DMASIM_LEVEL_ACK = 1,       /* got back: dma_ack */
    DMASIM_LEVEL_FINISH = 2,    /* dma_finish */
    DMASIM_LEVEL_DREQ = 1,      /* set, of a line of an 8237A */
    DMASIM_LEVEL_DACK = 1,      /* got back */
    DMASIM_LEVEL_EOP = 2,       /* set, or got back with DACK; active */
};

/* Sets all levels of a request line or of an interrupt input. DMASIM_INVALID: a level that it does not have. */
DMASIM_API int dmasim_level_set(struct dmasim_port *port, uint32_t level);

struct dmasim_beat {
    const void *data;
    uint32_t bytes; /* from the first; of a beat of more than 64 bytes all, or 63 at most */
    bool last, user;
};

/* Queues a beat of a stream source. DMASIM_LIMIT: the queue is full. */
DMASIM_API int dmasim_stream_send(struct dmasim_port *port, const struct dmasim_beat *beat);

/* Allows so many beats more to come to a stream sink. DMASIM_LIMIT: more than its buffer has room for. */
DMASIM_API int dmasim_stream_accept(struct dmasim_port *port, uint32_t beats);

#ifdef __cplusplus
}
#endif

#endif
