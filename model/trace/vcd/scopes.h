/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * trace_scopes: the tree of scopes and signals that the VCD and the GTKWave save file share.
 *
 * A probe's dotted name is a path of scopes; its fields with a width are the signals in the last.
 * Scopes stand in the order in which the system's probes first name them, signals in the order of
 * probes and fields. Two signals of one name in one scope: the later gets "_" and its probe type.
 */
#ifndef DMASIM_TRACE_SCOPES_H
#define DMASIM_TRACE_SCOPES_H

#include "dmasim/dmasim.h"
#include "kernel/probe.h"
#include "plan/component.h"

#define TRACE_ID_MAX 6 /* of a VCD identifier code, with the final zero */

struct trace_signal {
    char *name;
    const struct probe *probe;
    const struct probe_field *field;
    size_t number; /* of the net; signals of one number share an identifier code */
    char id[TRACE_ID_MAX];
    struct trace_signal *next;
};

struct trace_scope {
    char *name;
    char *path; /* dotted, of all scopes above and this */
    struct trace_scope *parent, *child, *next;
    struct trace_signal *signals;
};

/* The section of the plan (null: none) of which a dotted name's first word is a component; SECTION_COUNT if it is none. */
enum component_section trace_section_of(const struct plan *plan, const char *name);

/* True if what the probe tells is a text: accesses of registers, lines of who drives the clock. */
bool trace_is_text(const struct probe *probe);

/* True if any field of the probe is a signal. */
bool trace_has_signals(const struct probe *probe);

/* The n-th identifier code. */
void trace_id(size_t n, char id[TRACE_ID_MAX]);

/* True if every signal of the probe is one of its parts': the same net at the other end of a link, under
 * the same identifier code. */
bool trace_is_repeated(const struct probe *probe);

/* The tree of all probes of the list with signals, as a nameless root; signals have the identifier
 * codes 0, 1, ... in the order of probes and fields, those of repeated probes apart. Null if memory is
 * short. */
struct trace_scope *trace_scopes_build(const struct probe *probes);

/* Leaves what matches one of the globs by its printed name, SCOPES.NAME[RANGE], with the range or without; with no
 * globs all. False, with *error filled, if one matches nothing. */
bool trace_scopes_select(struct trace_scope *root, const struct parameter_list *globs,
                         struct dmasim_error *error);

void trace_scopes_free(struct trace_scope *root);

#endif
