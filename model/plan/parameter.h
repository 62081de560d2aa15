/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * parameter: what a user may set of a unit, as a table beside the unit's config struct.
 *
 * Scenario parsing, range checks, "did you mean", defaults, scenario.resolved.yaml, the JSON Schema
 * and docs/scenario.md all walk these tables. A table ends with an entry whose name is null.
 *
 * A config struct is plain data apart from the unit's state, zeroed before the table's defaults are
 * laid in it. Values are stored in the unit that the kind names: bytes, picoseconds, hertz.
 */
#ifndef DMASIM_PARAMETER_H
#define DMASIM_PARAMETER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum parameter_kind {
    PARAMETER_BOOL,      /* bool */
    PARAMETER_UINT,      /* uint8_t .. uint64_t by size: plain number, decimal or 0x */
    PARAMETER_ADDRESS,   /* as UINT, written back in hex; also "REGION" or "REGION + 0x40" */
    PARAMETER_BYTES,     /* as UINT; takes B, KiB, MiB, GiB, kB, MB */
    PARAMETER_TIME,      /* uint64_t picoseconds; takes ps, ns, us, ms, s */
    PARAMETER_FREQUENCY, /* uint64_t hertz; takes Hz, kHz, MHz, GHz */
    PARAMETER_RATE, /* uint64_t bytes per second; takes B/s, kB/s, MB/s, GB/s, KiB/s, MiB/s, and
                             baud, kbaud, Mbaud (10 bits a byte: start, 8 data, stop) */
    PARAMETER_ENUM, /* uint8_t index into names */
    PARAMETER_TEXT, /* const char * */
    PARAMETER_REFERENCE, /* index of a named object of the kind `refers`, uint16_t or (of `work`) uint32_t; all ones if
                             none */
    PARAMETER_REFERENCES, /* struct parameter_list of uint16_t */
    PARAMETER_UINTS,      /* struct parameter_list of uint64_t */
    PARAMETER_TEXTS,      /* struct parameter_list of const char * */
    PARAMETER_GROUP,      /* nested struct at offset, described by `sub` */
    PARAMETER_LIST,       /* struct parameter_list of nested structs of item_bytes */
    PARAMETER_ADDRESSES,  /* struct parameter_list of uint64_t, each written as an ADDRESS */
    PARAMETER_FILE,   /* struct parameter_blob: a file's name, its bytes loaded with the scenario */
    PARAMETER_OUTPUT, /* const char *: name of a file to write below the output directory */
    /* No keys of the file; the name only labels the entry. */
    PARAMETER_GIVEN, /* bool: true if the group, item or component it lies in is in the file */
    PARAMETER_PLACE, /* struct parameter_place of the mapping it lies in */
};

/* The named objects of a scenario. */
enum parameter_refers {
    REFERS_NOTHING,
    REFERS_CLOCK,
    REFERS_BUS,
    REFERS_MEMORY,
    REFERS_PERIPHERAL,
    REFERS_CONTROLLER,
    REFERS_CPU,
    REFERS_WORK, /* an entry of `work` by its name */
};

struct parameter_list {
    void *items;
    uint32_t count;
};

/* PARAMETER_FILE. The name is as the scenario has it; null, with no bytes, if none was given. The
 * bytes live as long as the plan. */
struct parameter_blob {
    const char *path;
    const uint8_t *bytes;
    size_t length;
};

/* Where in its file a config struct was read from; for checks that come later. Optional: a config
 * struct that wants it has a member `struct parameter_place place` and a PARAMETER_PLACE entry. */
struct parameter_place {
    uint32_t line;   /* from 1 */
    uint32_t column; /* from 1, in characters */
};

enum parameter_flags {
    PARAMETER_REQUIRED = 1,
    PARAMETER_POWER_OF_TWO = 2,
};

struct parameter {
    const char *name;
    enum parameter_kind kind;
    uint8_t flags;
    uint8_t refers;
    uint16_t size_bytes; /* of the member */
    size_t offset;
    /* Default; TEXT, FILE and OUTPUT default to null, REFERENCE to none, lists to empty. A default
     * outside min .. max means "not set" and is written `none`. */
    uint64_t initial;
    uint64_t min, max; /* of the value, or of each item of UINTS and ADDRESSES; of the number of
                          items of the other lists. max 0: as much as the member holds */
    const char *const *names; /* ENUM: null-terminated */
    const struct parameter *sub;
    const char *of; /* references: the type the named object must have; null: any */
    size_t item_bytes;
    const char *beyond; /* why there is nothing beyond min and max; may be null */
    const char *doc;    /* one sentence, with the unit and the meaning of special values */
};

#define PARAMETER_TIME_MAX UINT64_C(1000000000000000000) /* a million seconds */

#define PARAMETER_AT(type, member)                                                                 \
    .offset = offsetof(struct type, member),                                                       \
    .size_bytes = (uint16_t)sizeof(((struct type *)0)->member)

#endif
