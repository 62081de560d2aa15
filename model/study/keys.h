/* SPDX-License-Identifier: BSD-2-Clause */
/* keys: the keys of a study as tables; checks, JSON Schema and the reference walk them. */
#ifndef DMASIM_STUDY_KEYS_H
#define DMASIM_STUDY_KEYS_H

#include <stdbool.h>

#include "scenario/report.h"
#include "scenario/tree.h"

enum study_shape {
    STUDY_SHAPE_TEXT,
    STUDY_SHAPE_UINT,        /* a number */
    STUDY_SHAPE_CHOICE,      /* one of `choices` */
    STUDY_SHAPE_TEXTS,       /* a text, or a list of them */
    STUDY_SHAPE_VALUE,       /* a number with or without a unit */
    STUDY_SHAPE_VALUES,      /* a list of anything */
    STUDY_SHAPE_SETTINGS,    /* a map of paths and values, or a list of "path=value" */
    STUDY_SHAPE_NAMED,       /* a map of names to maps with the keys of `sub` */
    STUDY_SHAPE_NAMED_TEXTS, /* a list of names, or a map of names to expressions */
    STUDY_SHAPE_KEYS,        /* a map with the keys of `sub` */
};

/* A table ends with an entry without a name. */
struct study_key {
    const char *name;
    enum study_shape shape;
    bool required;
    const struct study_key *sub;
    const char *const *choices; /* null-terminated */
    const char *doc;
};

extern const struct study_key study_keys[];      /* of the file */
extern const struct study_key study_axis_keys[]; /* of an axis or a group */

/* Reports every key that a table does not have, every one that is missing, every value of another shape.
 * *visits counts the nodes seen, since aliases may repeat them: TREE_VISITS_MAX is too many. False if there was
 * an error. */
bool study_check_keys(struct report *report, const struct study_key *table, const struct node *map,
                      uint32_t *visits);

/* The value of a key; null if the map has none. */
const struct node *study_find(const struct node *map, const char *key);

#endif
