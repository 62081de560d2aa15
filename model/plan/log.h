/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log: what a unit has to say in words, as a kernel has in dmesg: mistakes of software in the registers of a
 * controller, errors of buses, failures, what is lost, what never comes.
 *
 * Each unit has a probe of the type "log" (EVENT), which the system makes; with nobody listening a line costs a branch,
 * and it is asked for only where something goes wrong: nothing of it is on a path of beats.
 *
 *     if (log_wanted(&self->unit))
 *         log_say(&self->unit, &(struct log_line){.level = LOG_WARNING, .of = self->name}, "FIFO of %u full", depth);
 *
 * A mistake that the hardware survives is a rule: a row of the table of its controller, beside the register map, that
 * says what the hardware does with it and where that is from. docs/log.md has them all.
 */
#ifndef DMASIM_LOG_H
#define DMASIM_LOG_H

#include "kernel/probe.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_NOTE, LOG_DEBUG, LOG_LEVELS };
extern const char *const log_level_names[LOG_LEVELS + 1]; /* null at the end */

/* What a line is about: conditions of a scenario's `expect` that name it make it a note. */
enum log_kind {
    LOG_RULE,     /* of the controller `of` */
    LOG_BUS,      /* an error on the bus `of` */
    LOG_TRANSFER, /* a transfer or program `of` failed */
    LOG_LOSS,     /* the device `of` lost data */
    LOG_STALE,    /* bytes that `of` read are not those written last */
    LOG_MAPPING,  /* a DMA mapping that is used wrongly: `rule` */
    LOG_HANG,     /* what waits when the run is over */
    LOG_STATE,    /* an event that explains others */
};

struct log_line {
    uint8_t level;    /* enum log_level */
    uint8_t kind;     /* enum log_kind */
    bool unmapped;    /* `address` of the bus `bus` is one at which nobody answers */
    const char *of;   /* component, or entry of work; null: the unit's name */
    const char *bus;  /* where `address` is; null: there is none */
    const char *rule; /* name of the rule; null: none */
    const char *text; /* good while it is told */
    uint64_t address;
};
extern const struct probe_type log_probe_type;

struct log_rule {
    const char *name; /* null ends a table */
    uint8_t level;    /* enum log_level */
    const char *when; /* what software did */
    const char *does; /* what the hardware does with it */
    const char *source;
};

#define LOG_TEXT_BYTES 512

static inline bool log_wanted(const struct unit *unit)
{
    return unit->log && probe_observed(unit->log);
}

/* Tells a line; its text is made here, printf-like. */
void log_say(const struct unit *unit, const struct log_line *line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Software did what a rule is about: "TEXT: what the hardware does [rule]". */
void log_rule(const struct unit *unit, const char *of, const struct log_rule *rule,
              const char *format, ...) __attribute__((format(printf, 4, 5)));

/* A text made piece by piece, cut where it is full. */
struct log_text {
    char text[LOG_TEXT_BYTES];
    size_t used;
};
void log_add(struct log_text *self, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
