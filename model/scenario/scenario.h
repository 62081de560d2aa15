/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scenario: a YAML file becomes a plan; from the same tables come its defaults, its checks, the
 * resolved scenario, the JSON Schema and the reference.
 *
 *     text --tree.c--> nodes with places --override.c--> nodes --read.c--> plan --link.c--> checked
 *                                             ^             |
 *                                             +-- kept -----+   scenario_derive()
 *
 * Nothing here knows a single component: everything follows from struct component_type and struct
 * parameter. A section's first type in the table is its default `type`.
 */
#ifndef DMASIM_SCENARIO_H
#define DMASIM_SCENARIO_H

#include <stdio.h>

#include "dmasim/dmasim.h"
#include "plan/component.h"
#include "scenario/formula.h"
#include "scenario/report.h"

struct scenario;

struct scenario_options {
    const struct component_type *const *types; /* ends with null; null: component_types */
    const struct work_driver *const *drivers;  /* the same; null: work_drivers */
    const char *const *overrides;              /* "path.to.key=value" */
    size_t override_count;
    bool confine; /* files must lie in the scenario's folder, or below it, links followed */
    /* Called for each error, in the order of the file; may be null. At most 50, then "... and N
     * more". An error in the n-th override has file "--set", line n, and its column there. */
    void (*report)(void *context, const struct dmasim_error *error);
    void *context;
    /* Called for each setting of a good scenario that cannot have its effect, in the same way; may be null. */
    void (*note)(void *context, const struct dmasim_error *note);
};

/* Reads and checks a scenario. DMASIM_OK with *out, which the caller frees; or the code of the
 * first error, with *out null and every error reported. options may be null. */
int scenario_load(const char *path, const struct scenario_options *options, struct scenario **out);

/* The same of a text. `name` is the file name in errors; `directory` is where relative file names
 * start, null to refuse files. */
int scenario_load_text(const char *text, size_t length, const char *name, const char *directory,
                       const struct scenario_options *options, struct scenario **out);

/* A scenario from the tree that `from` keeps, with more overrides laid over it: neither the text nor files
 * that `from` has loaded are read again. The n-th override is numbered on from those of `from` in errors.
 * `from` is held; it is only read, so several threads may do so at once. */
int scenario_derive(const struct scenario *from, const struct scenario_options *options,
                    struct scenario **out);

/* Once it is loaded a scenario does not change, and several threads may share it. Each holder frees it once. */
struct scenario *scenario_hold(const struct scenario *self);
void scenario_free(struct scenario *self);

/* The name of its file, as messages have it. */
const char *scenario_file(const struct scenario *self);

/* The plan, owned by the scenario. */
const struct plan *scenario_plan(const struct scenario *self);

/* A condition of `expect`. */
struct scenario_expectation {
    const char *text;
    const struct formula *formula;
    struct place place; /* of the first character of the text */
};

/* The index-th; null if there are no more. */
const struct scenario_expectation *scenario_expectation(const struct scenario *self,
                                                        uint32_t index);

/* For one system_create(): what it finds gets the place of the component or parameter. */
struct scenario_check {
    struct check check;
    const struct scenario *scenario;
    struct report *gathered; /* null: nothing */
};
void scenario_check_start(struct scenario_check *self, const struct scenario *scenario);

/* Something is wrong at a character of an expectation's text. */
void scenario_check_expectation(struct scenario_check *self, uint32_t index, size_t offset,
                                const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Reports what it gathered to `report` (may be null) and ends it. Returns the code of the first, or
 * DMASIM_OK. */
int scenario_check_end(struct scenario_check *self,
                       void (*report)(void *context, const struct dmasim_error *error),
                       void *context);

/* Writes the plan as a scenario with every value in it. Reading it gives the same plan; writing
 * that gives the same bytes. `directory` is where the text will lie: if the scenario reads files,
 * the key `directory` leads from there to where their names start; null keeps it as it was. */
void scenario_write_resolved(const struct scenario *self, const char *directory, FILE *out);

/* JSON Schema (Draft-07) of the scenario form. types may be null: component_types. */
void scenario_write_schema(const struct component_type *const *types, FILE *out);

/* The reference in Markdown. types may be null: component_types. */
void scenario_write_reference(const struct component_type *const *types, FILE *out);

#endif
