/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * study: what a study file asks for: a scenario, what varies in it, what is wanted of each run.
 *
 *     text --scenario/tree.c--> nodes with places --keys.c--> known keys --read.c--> struct study
 *
 * Which keys there are, and what each means, is in keys.c; the JSON Schema and the reference walk the same
 * tables. Once read a study does not change, and several threads may share it.
 *
 * A *point* is one choice of a value for every axis. Points are numbered from 0 in the order of the file, the
 * last axis fastest, before any `where` leaves some out: so the number of a point does not depend on it.
 */
#ifndef DMASIM_STUDY_H
#define DMASIM_STUDY_H

#include <stdio.h>

#include "kernel/arena.h"
#include "scenario/formula.h"
#include "scenario/report.h"

#define STUDY_TEXT_MAX (1024u * 1024u)
#define STUDY_AXES_MAX 32u
#define STUDY_VALUES_MAX 100000u    /* of one axis */
#define STUDY_POINTS_MAX 100000000u /* of a study, seeds counted */
#define STUDY_METRICS_MAX 1000u
#define STUDY_CONDITIONS_MAX 100u
#define STUDY_GOALS_MAX 16u

/* A value of an axis. */
struct study_value {
    const char *text;     /* as the file has it, maps and lists on one line */
    const char *override; /* the same as YAML, for "path=..." */
    double number;        /* in the unit of expressions; NAN: it is no number */
};

struct study_axis {
    const char *name;
    const char *const *paths;
    const struct place *places; /* of each */
    uint32_t path_count;
    const struct study_value *values;
    uint32_t value_count;
};

enum study_combine { STUDY_PRODUCT, STUDY_ZIP, STUDY_SAMPLE };
enum study_method { STUDY_RANDOM, STUDY_LATIN_HYPERCUBE };

/* Axes and groups of them, which vary together as `combine` says. */
struct study_group {
    enum study_combine combine;
    enum study_method method; /* of a sample */
    uint64_t count;           /* of points */
    uint64_t seed;
    struct study_member {
        const struct study_group *group; /* null: an axis */
        uint32_t axis;
    } * members;
    uint32_t member_count;
};

/* An expression and where it stands. */
struct study_expression {
    const char *name; /* of a metric; else null */
    const char *text;
    struct place place;
    struct formula *formula; /* null: a metric that is a figure */
    const char *figure;      /* its name in summary.csv */
};

struct study_expressions {
    struct study_expression *items;
    uint32_t count;
};

struct study {
    struct arena arena;
    const char *name;
    const char *file;     /* the study's own, as it was named */
    const char *scenario; /* its file, as it can be opened */
    const char *text;     /* of the study */
    size_t length;
    const char **overrides;     /* of `set`: "path=value" */
    const struct place *places; /* of each */
    uint32_t override_count;
    struct study_axis *axes; /* of all groups, in the order of the file */
    uint32_t axis_count;
    struct study_group root;
    uint32_t seeds; /* of each point; 0: the scenario's own */
    struct study_expressions where, metrics, asserts;
    const char *const *minimise, *const *maximise; /* names of metrics */
    uint32_t minimise_count, maximise_count;
};

/* Reads and checks a study; every error goes to `sink`. Null after an error. */
struct study *study_read(const char *path, report_sink *sink, void *context);

/* The same of a text; `path` is its name in errors, and relative names start beside it. */
struct study *study_read_text(const char *text, size_t length, const char *path, report_sink *sink,
                              void *context);

void study_free(struct study *self);

/* The value that each axis has at a point: `choice` has an index for each of them. */
void study_point(const struct study *self, uint64_t point, uint32_t *choice);

/* JSON Schema (Draft-07), and the reference in Markdown. */
void study_write_schema(FILE *out);
void study_write_reference(FILE *out);

#endif
