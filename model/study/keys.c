/* SPDX-License-Identifier: BSD-2-Clause */
/* keys: the tables, and the check of a map by one. */
#include "study/keys.h"

#include <string.h>

static const char *const combinations[] = {"product", "zip", "sample", NULL};
static const char *const methods[] = {"random", "latin_hypercube", NULL};
static const char *const scales[] = {"linear", "log", NULL};

#define COMBINE_KEYS                                                                               \
    {                                                                                              \
        .name = "combine",                                                                         \
        .shape = STUDY_SHAPE_CHOICE,                                                               \
        .choices = combinations,                                                                   \
        .doc = "How the axes of `axes` vary together: `product`, every value of one with every "   \
               "value of the others (the default); `zip`, side by side, so all have as many "      \
               "values; `sample`, `count` points of the product, drawn by `method`.",              \
    },                                                                                             \
        {                                                                                          \
            .name = "seed",                                                                        \
            .shape = STUDY_SHAPE_UINT,                                                             \
            .doc = "Seed of a sample; 1 if it is not given.",                                      \
        },                                                                                         \
    {                                                                                              \
        .name = "method", .shape = STUDY_SHAPE_CHOICE, .choices = methods,                         \
        .doc = "Of a sample: `random` (the default), each point by itself; "                       \
               "`latin_hypercube`, so that the values of each axis come equally often.",           \
    }

const struct study_key study_axis_keys[] = {
    {
        .name = "path",
        .shape = STUDY_SHAPE_TEXTS,
        .doc = "What takes the value, as for --set: `memories.ram.latency`; a list, if several "
               "take it.",
    },
    {
        .name = "values",
        .shape = STUDY_SHAPE_VALUES,
        .doc = "The values: numbers with their units, words, or whole components as maps.",
    },
    {
        .name = "from",
        .shape = STUDY_SHAPE_VALUE,
        .doc = "Instead of `values`: the first of a range.",
    },
    {
        .name = "to",
        .shape = STUDY_SHAPE_VALUE,
        .doc = "The last of the range; with `step`, none is above it.",
    },
    {
        .name = "step",
        .shape = STUDY_SHAPE_VALUE,
        .doc = "From one value to the next.",
    },
    {
        .name = "count",
        .shape = STUDY_SHAPE_UINT,
        .doc = "Instead of `step`, how many values, both ends counted; of a sample, how many "
               "points.",
    },
    {
        .name = "scale",
        .shape = STUDY_SHAPE_CHOICE,
        .choices = scales,
        .doc = "With `count`: `linear` (the default), equal differences, or `log`, equal ratios; "
               "both rounded to whole numbers of the unit (bytes, ps, Hz, B/s), and what comes "
               "twice is there once.",
    },
    {
        .name = "axes",
        .shape = STUDY_SHAPE_NAMED,
        .sub = study_axis_keys,
        .doc = "Instead of a path and values: a group of axes, which varies as a whole.",
    },
    COMBINE_KEYS,
    {0},
};

static const struct study_key repeat_keys[] = {
    {
        .name = "seeds",
        .shape = STUDY_SHAPE_UINT,
        .required = true,
        .doc = "Every point runs so many times, with the scenario's `seed` and those after it.",
    },
    {0},
};

static const struct study_key goal_keys[] = {
    {
        .name = "minimise",
        .shape = STUDY_SHAPE_TEXTS,
        .doc = "Metrics that are better when they are lower.",
    },
    {
        .name = "maximise",
        .shape = STUDY_SHAPE_TEXTS,
        .doc = "Metrics that are better when they are higher.",
    },
    {0},
};

const struct study_key study_keys[] = {
    {
        .name = "name",
        .shape = STUDY_SHAPE_TEXT,
        .doc = "Name of the study and of its output directory; by default that of the file.",
    },
    {
        .name = "scenario",
        .shape = STUDY_SHAPE_TEXT,
        .required = true,
        .doc = "The scenario that is varied; its name starts beside the study.",
    },
    {
        .name = "set",
        .shape = STUDY_SHAPE_SETTINGS,
        .doc = "Changes of the scenario that hold at every point: a map of paths and values, or "
               "a list of `path=value`.",
    },
    {
        .name = "axes",
        .shape = STUDY_SHAPE_NAMED,
        .required = true,
        .sub = study_axis_keys,
        .doc = "What varies.",
    },
    COMBINE_KEYS,
    {
        .name = "count",
        .shape = STUDY_SHAPE_UINT,
        .doc = "How many points a sample has.",
    },
    {
        .name = "where",
        .shape = STUDY_SHAPE_TEXTS,
        .doc = "Expressions over the axes: a point where one is false is left out.",
    },
    {
        .name = "repeat",
        .shape = STUDY_SHAPE_KEYS,
        .sub = repeat_keys,
        .doc = "Runs of each point with other seeds.",
    },
    {
        .name = "metrics",
        .shape = STUDY_SHAPE_NAMED_TEXTS,
        .required = true,
        .doc = "What is wanted of each run: a list of names as in summary.csv, or a map of names "
               "to expressions over those, the axes and the metrics above it.",
    },
    {
        .name = "assert",
        .shape = STUDY_SHAPE_TEXTS,
        .doc = "Expressions over metrics, figures of summary.csv and axes that hold at every "
               "point; one where they do not is `failed`.",
    },
    {
        .name = "goals",
        .shape = STUDY_SHAPE_KEYS,
        .sub = goal_keys,
        .doc = "Which metrics decide what is best: for the Pareto front.",
    },
    {0},
};

/* ---- checks ---------------------------------------------------------------------------------- */

const struct node *study_find(const struct node *map, const char *key)
{
    const int at = node_find(map, key);
    return at < 0 ? NULL : map->entries[at].value;
}

static void unknown_key(struct report *report, const struct study_key *table,
                        const struct node_entry *entry)
{
    struct line line = {0};
    struct suggestion suggestion;
    line_add(&line, "unknown key ");
    line_quote(&line, entry->key);
    suggestion_start(&suggestion, entry->key);
    for (const struct study_key *key = table; key->name; key++)
        suggestion_offer(&suggestion, key->name);
    suggestion_end(&suggestion, &line);
    report_add(report, DMASIM_INVALID, entry->place, "%s", line.text);
}

static bool is_text(const struct node *node)
{
    return node->kind == NODE_SCALAR && !node_null(node);
}

static bool all_texts(const struct node *node)
{
    for (uint32_t i = 0; i < node->count; i++)
        if (!is_text(node->entries[i].value))
            return false;
    return true;
}

static bool check_choice(struct report *report, const struct study_key *key,
                         const struct node *node)
{
    struct suggestion suggestion;
    struct line line = {0};
    suggestion_start(&suggestion, node->text);
    for (const char *const *choice = key->choices; *choice; choice++) {
        if (strcmp(*choice, node->text) == 0)
            return true;
        suggestion_offer(&suggestion, *choice);
    }
    line_add(&line, "\"%s\": unknown value ", key->name);
    line_quote(&line, node->text);
    suggestion_end(&suggestion, &line);
    report_add(report, DMASIM_INVALID, node->place, "%s", line.text);
    return false;
}

static bool check_named(struct report *report, const struct study_key *key, const struct node *map,
                        uint32_t *visits)
{
    bool good = true;
    for (uint32_t i = 0; i < map->count; i++) {
        const struct node *value = map->entries[i].value;
        if (value->kind == NODE_MAP) {
            good &= study_check_keys(report, key->sub, value, visits);
            continue;
        }
        report_add(report, DMASIM_INVALID, value->place, "\"%s\" is a map of keys",
                   map->entries[i].key);
        good = false;
    }
    return good;
}

static bool check_value(struct report *report, const struct study_key *key, const struct node *node,
                        uint32_t *visits)
{
    static const char *const wanted[] = {
        [STUDY_SHAPE_TEXT] = "takes one value",
        [STUDY_SHAPE_UINT] = "takes one number",
        [STUDY_SHAPE_CHOICE] = "takes one word",
        [STUDY_SHAPE_TEXTS] = "takes a text or a list of texts",
        [STUDY_SHAPE_VALUE] = "takes one number",
        [STUDY_SHAPE_VALUES] = "is a list of values",
        [STUDY_SHAPE_SETTINGS] = "is a map of paths and values, or a list of path=value",
        [STUDY_SHAPE_NAMED] = "is a map of names",
        [STUDY_SHAPE_NAMED_TEXTS] = "is a list of names, or a map of names to expressions",
        [STUDY_SHAPE_KEYS] = "is a map of keys",
    };
    bool good = false;
    switch (key->shape) {
    case STUDY_SHAPE_CHOICE:
        if (is_text(node))
            return check_choice(report, key, node);
        break;
    case STUDY_SHAPE_TEXT:
    case STUDY_SHAPE_UINT:
    case STUDY_SHAPE_VALUE:
        good = is_text(node);
        break;
    case STUDY_SHAPE_TEXTS:
        good = is_text(node) || (node->kind == NODE_LIST && all_texts(node));
        break;
    case STUDY_SHAPE_VALUES:
        good = node->kind == NODE_LIST;
        break;
    case STUDY_SHAPE_SETTINGS:
        good = node->kind == NODE_MAP || (node->kind == NODE_LIST && all_texts(node));
        break;
    case STUDY_SHAPE_NAMED_TEXTS:
        good = (node->kind == NODE_LIST || node->kind == NODE_MAP) && all_texts(node);
        break;
    case STUDY_SHAPE_NAMED:
        if (node->kind == NODE_MAP)
            return check_named(report, key, node, visits);
        break;
    case STUDY_SHAPE_KEYS:
        if (node->kind == NODE_MAP)
            return study_check_keys(report, key->sub, node, visits);
        break;
    }
    if (!good)
        report_add(report, DMASIM_INVALID, node->place, "\"%s\" %s", key->name, wanted[key->shape]);
    return good;
}

bool study_check_keys(struct report *report, const struct study_key *table, const struct node *map,
                      uint32_t *visits)
{
    bool good = true;
    for (uint32_t i = 0; i < map->count; i++) {
        if (++*visits > TREE_VISITS_MAX) {
            if (*visits == TREE_VISITS_MAX + 1)
                report_add(report, DMASIM_LIMIT, map->place,
                           "too many values once aliases are expanded");
            return false;
        }
        const struct node_entry *entry = &map->entries[i];
        const struct study_key *key = table;
        while (key->name && strcmp(key->name, entry->key) != 0)
            key++;
        if (key->name) {
            good &= check_value(report, key, entry->value, visits);
        } else {
            unknown_key(report, table, entry);
            good = false;
        }
    }
    for (const struct study_key *key = table; key->name; key++) {
        if (!key->required || node_find(map, key->name) >= 0)
            continue;
        report_add(report, DMASIM_INVALID, map->place, "missing key \"%s\"", key->name);
        good = false;
    }
    return good;
}
