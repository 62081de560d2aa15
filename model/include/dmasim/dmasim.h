/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dmasim: a cycle-accurate simulator of DMA controllers. The one public header.
 *
 * The core is passive: no main loop, no threads, no wall clock, no output, no exit. Whoever drives
 * the clock (the dmasim program, SystemC, a Linux co-simulation) calls
 *
 *     dmasim_create -> { dmasim_next, dmasim_advance, dmasim_access }* -> dmasim_destroy
 *
 * Times are picoseconds since the start. Errors are values: an int code, and a struct dmasim_error
 * with the text and, for scenarios, file:line:column. Nothing here is thread safe; two simulations
 * in two threads are.
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
    X(LIMIT, "limit reached")

enum dmasim_code {
#define DMASIM_CODE(code, text) DMASIM_##code,
    DMASIM_ERROR_MAP(DMASIM_CODE)
#undef DMASIM_CODE
};

struct dmasim_error {
    int code;
    int line, column; /* from 1; 0 if the error has no place in a file */
    char file[256];
    char text[512]; /* one line, without file:line:column */
};

/* The code's text. Never null. */
DMASIM_API const char *dmasim_code_text(int code);

/* Version of the library, "MAJOR.MINOR.PATCH". */
DMASIM_API const char *dmasim_version(void);

struct dmasim;

struct dmasim_options {
    /* "path.to.key=value", applied over the scenario file, in order. */
    const char *const *overrides;
    size_t override_count;
    bool every_cycle;   /* step every unit at every edge: the oracle, same trace, slow */
    bool reverse_order; /* step units of equal rank in the opposite order: same trace */
    /* Called for every error found (the first is also returned); may be null. */
    void (*report)(void *context, const struct dmasim_error *error);
    void *context;
};

/* Reads and builds a scenario. options may be null. Null on error, with *error filled (may be null).
 * The caller owns the result. */
DMASIM_API struct dmasim *dmasim_create(const char *scenario_path,
                                        const struct dmasim_options *options,
                                        struct dmasim_error *error);

DMASIM_API void dmasim_destroy(struct dmasim *self);

/* Time of the last step taken. */
DMASIM_API uint64_t dmasim_now(const struct dmasim *self);

/* Earliest time at which anything can happen, DMASIM_NEVER if nothing ever will. */
DMASIM_API uint64_t dmasim_next(const struct dmasim *self);

/* Simulates all edges up to and including `until_ps`. DMASIM_PAST if that is earlier than now. */
DMASIM_API int dmasim_advance(struct dmasim *self, uint64_t until_ps);

/* True once all work of the scenario is done; never if it has none. */
DMASIM_API bool dmasim_finished(const struct dmasim *self);

struct dmasim_access {
    uint64_t address;    /* bus address, naturally aligned */
    uint32_t size_bytes; /* 1, 2 or 4 */
    bool write;
    uint64_t value; /* written, or read back */
};

/* A register or memory access from outside, in zero time, after all edges up to and including
 * `at_ps` have been simulated. `at_ps` before now is DMASIM_PAST; an address nobody answers is
 * DMASIM_UNMAPPED. */
DMASIM_API int dmasim_access(struct dmasim *self, uint64_t at_ps, struct dmasim_access *access);

/* Called at the exact time an interrupt output changes. Set it before the first dmasim_save(). */
typedef void dmasim_interrupt(void *context, const char *controller, bool level, uint64_t at_ps);
DMASIM_API void dmasim_on_interrupt(struct dmasim *self, dmasim_interrupt *callback, void *context);

/* A copy of the whole simulated state; null if memory is short. Good for this dmasim only. */
struct dmasim_snapshot;
DMASIM_API struct dmasim_snapshot *dmasim_save(const struct dmasim *self);
DMASIM_API void dmasim_restore(struct dmasim *self, const struct dmasim_snapshot *snapshot);
DMASIM_API void dmasim_snapshot_free(struct dmasim_snapshot *snapshot);

#ifdef __cplusplus
}
#endif

#endif
