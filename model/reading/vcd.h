/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vcd: reads a VCD (IEEE Std 1364-2005, 18.2) as a stream, one time step at a time, and refuses what no
 * VCD may have. What Icarus, Verilator, GHDL, GTKWave and SystemC write beyond the standard is read: types
 * and scopes of SystemVerilog and VHDL, strings, VHDL's nine values. docs/diff.md has the rules.
 *
 * An identifier code is a *slot*: a value with the variables that share it. Between steps a slot's value
 * is the last one given at or before `time`, before the first one x, or unset (reals, strings). In a step
 *
 *     vcd_header()  ->  [ vcd_step() ... ]  until `ended`
 *
 * `touched` lists the slots that were given a value other than the one before, or, of events, occurred.
 * Values are kept as short as may be: what the rules of extension (table 18-1) put back is left out, and
 * letters are small. So two vectors of one size are equal if their texts are.
 *
 * Memory: slots, their longest values and a buffer of a quarter of a megabyte; not the length of the file.
 */
#ifndef DMASIM_READING_VCD_H
#define DMASIM_READING_VCD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reading/paths.h"
#include "reading/source.h"

#define VCD_LEAD_MAX 24 /* of a word, in messages */

enum vcd_kind { VCD_BITS, VCD_EVENT, VCD_REAL, VCD_STRING };

struct vcd_variable {
    uint32_t name; /* in the table of names */
    uint32_t slot;
    const char *type; /* of $var, static */
};

/* A value of more than one character: [text, text + length). A real's and a string's start with r and s. */
struct vcd_text {
    char *text;
    uint32_t length; /* 0: unset */
    uint32_t room;
};

struct vcd_fault {
    uint64_t line, column; /* from 1 */
    bool warning;          /* legal, but unusual */
    bool unreadable;       /* the bytes cannot be had; else they are no VCD */
    char text[200];
};

struct vcd_hash_entry {
    uint64_t code;  /* up to 8 characters, else their hash */
    uint32_t entry; /* slot << 3 | form; 0: free */
    uint32_t text;  /* 1 + offset in long_codes, if it has more than 8 */
};

struct vcd {
    /* Who owns what: names is the caller's, all else the reader's. */
    struct paths *names;
    struct source *source;

    /* Told of every fault and warning, if set; else reading ends at the first fault. */
    void (*report)(void *context, const struct vcd_fault *fault);
    void *report_context;
    struct vcd_fault fault; /* the first; line 0 if there is none */
    uint64_t fault_count;

    /* Header. */
    uint64_t unit_fs;
    bool timescale_given;
    struct vcd_variable *variables;
    size_t variable_count, variable_room;

    /* Slots. */
    uint32_t slot_count, slot_room;
    uint64_t *sizes;                 /* bits; 1 for all but bits */
    unsigned char *kinds;            /* enum vcd_kind */
    unsigned char *bit, *bit_before; /* kind bits, size 1: the digit now, and before this step */
    struct vcd_text *text, *text_before; /* the other bits, reals, strings */
    uint32_t *occurrences;               /* of events, in this step */
    uint32_t *stamps;                    /* the step in which a slot was touched last */
    uint32_t *touched;
    uint32_t touched_count;
    uint32_t step;

    /* Time, in the file's unit. */
    uint64_t time; /* of the step that was read last */
    uint64_t next; /* of the one that comes, unless ended */
    bool ended;
    uint64_t change_count; /* of touched slots, over all steps that were finished */

    /* A slot of one bit whose edges are counted; UINT32_MAX: none. */
    uint32_t watched;
    bool watch_rising, watch_falling;
    uint64_t watched_edges;
    bool watched_edge; /* in the step that was read last */

    /* Codes: those of one and two characters, by their bytes; longer ones by hash. */
    uint32_t *short_codes;
    struct vcd_hash_entry *hash;
    size_t hash_count, hash_room;
    char *long_codes;
    size_t long_codes_length, long_codes_room;

    /* Grammar. */
    unsigned char state;      /* enum vcd_state */
    unsigned char text_after; /* the state after the $end of a text */
    bool in_dump, dumpvars_seen, odd_real_seen, string_seen;
    int text_match; /* characters of "$end" matched in this word of a text; -1: it is another word */
    uint32_t scope;
    uint32_t *scope_lines;
    const char *var_type;
    enum vcd_kind var_kind;
    uint64_t var_size;
    char *var_words; /* code, zero, name, zero */
    size_t var_words_length, var_words_room;
    unsigned scale;
    struct vcd_text pending; /* a value whose code is not read yet */
    char pending_form;       /* b, r or s */
    uint64_t pending_digits; /* as written */

    /* The buffer: words in [at, safe) are whole. */
    char *buffer, *at, *safe, *end;
    size_t buffer_room;
    bool source_ended;
    uint64_t line_base, column_base; /* of buffer[0], from 0 */
    const char *unequal; /* in the buffer, where the other file's bytes part from these */
    uint64_t skip_debt;
    size_t value_bytes; /* in text and text_before */
};

/*
 * Opens a file (source_open). False if it cannot be had: `fault` tells. `names` outlives the reader. In
 * either case vcd_close() must follow.
 */
bool vcd_open(struct vcd *self, const char *path, struct paths *names);
bool vcd_open_descriptor(struct vcd *self, int descriptor,
                         struct paths *names); /* becomes its own */
bool vcd_open_bytes(struct vcd *self, const void *bytes, size_t length, struct paths *names);
void vcd_close(struct vcd *self);

/* Another size of the buffer, before anything is read: tests have words lie across its ends. */
bool vcd_set_buffer(struct vcd *self, size_t bytes);

/* Reads the declarations. False after a fault. */
bool vcd_header(struct vcd *self);

/* Reads the step at `next`. False after a fault, which may lie behind the step. */
bool vcd_step(struct vcd *self);

/* Reads to the end, for the faults. False after one. */
bool vcd_drain(struct vcd *self);

/* Whether a touched slot has another value than before its step. Reals are compared as numbers. */
bool vcd_changed(const struct vcd *self, uint32_t slot);

/* Whether two slots of one kind and size have the same value. `before`: that of before the last step. */
bool vcd_same(const struct vcd *a, uint32_t a_slot, const struct vcd *b, uint32_t b_slot);
bool vcd_same_text(enum vcd_kind kind, const struct vcd_text *a, const struct vcd_text *b);

/* The value as a VCD writes it, without the code; cut to `room` - 1 characters. */
void vcd_print_value(const struct vcd *self, uint32_t slot, bool before, char *to, size_t room);

/* The same of a text: of bits of more than one, reals and strings. */
void vcd_print_text(enum vcd_kind kind, const struct vcd_text *text, char *to, size_t room);

/* Copies a text; `self` counts the bytes. False if they are too many, or there is no memory. */
bool vcd_text_set(struct vcd *self, struct vcd_text *text, const char *from, size_t length);

/* ---- skipping what is equal in two files ------------------------------------------------------- */

/*
 * For two readers whose headers gave the same slots in the same order (vcd_alike), between steps and with
 * the same `next` and the same values: if the bytes ahead are equal, begins the step at `next` in both and
 * reads the equal ones once. Both then have the same state, in mid-step or at the end; vcd_finish() must
 * follow on both. False, and nothing is done, if too little is equal to be worth it. A fault found is a's.
 */
bool vcd_skip_equal(struct vcd *a, struct vcd *b);
bool vcd_finish(struct vcd *self);
bool vcd_alike(const struct vcd *a, const struct vcd *b);

#endif
