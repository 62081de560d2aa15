/* SPDX-License-Identifier: BSD-2-Clause */
/* read: a text becomes a study. The tables of keys.c have judged every key and shape before. */
#include "study/study.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/base.h"
#include "scenario/text_file.h"
#include "scenario/tree.h"
#include "scenario/value.h"
#include "study/flow.h"
#include "study/keys.h"
#include "study/points.h"
#include "study/range.h"

struct reader {
    struct study *study;
    struct report report;
    struct study_axis axes[STUDY_AXES_MAX];
    bool failed; /* memory is short */
};

__attribute__((format(printf, 3, 4))) static void refuse(struct reader *self, struct place place,
                                                         const char *format, ...)
{
    va_list list;
    va_start(list, format);
    report_addv(&self->report, DMASIM_INVALID, place, format, list);
    va_end(list);
}

static void *room(struct reader *self, size_t count, size_t bytes)
{
    void *memory = arena_alloc(&self->study->arena, (count ? count : 1) * bytes);
    if (!memory && !self->failed)
        report_add(&self->report, DMASIM_MEMORY, (struct place){0}, "out of memory");
    self->failed |= !memory;
    return memory;
}

static const char *text_of(const struct node *map, const char *key)
{
    const struct node *node = study_find(map, key);
    return node ? node->text : NULL;
}

/* The number of a key, `otherwise` if it is not there; 0 after an error. */
static uint64_t number_of(struct reader *self, const struct node *map, const char *key,
                          uint64_t otherwise, uint64_t least, uint64_t most)
{
    const struct node *node = study_find(map, key);
    struct line line = {0};
    uint64_t value = otherwise;
    if (!node)
        return value;
    if (!value_parse(PARAMETER_UINT, node->text, &value, &line))
        refuse(self, node->place, "\"%s\": %s", key, line.text);
    else if (value < least || value > most)
        refuse(self, node->place, "\"%s\" must be %llu to %llu", key, (unsigned long long)least,
               (unsigned long long)most);
    else
        return value;
    return 0;
}

static bool choice_is(const struct node *map, const char *key, const char *word)
{
    const char *text = text_of(map, key);
    return text && strcmp(text, word) == 0;
}

/* Where each of those stands that texts_of() tells. */
static const struct place *places_of(struct reader *self, const struct node *node)
{
    const uint32_t wanted = !node ? 0 : node->kind == NODE_LIST ? node->count : 1;
    struct place *places = room(self, wanted, sizeof *places);
    for (uint32_t i = 0; places && i < wanted; i++)
        places[i] = node->kind == NODE_LIST ? node->entries[i].value->place : node->place;
    return places;
}

/* The texts of a node that is one or a list of them. */
static const char **texts_of(struct reader *self, const struct node *node, uint32_t *count)
{
    *count = 0;
    if (!node)
        return NULL;
    const uint32_t wanted = node->kind == NODE_LIST ? node->count : 1;
    const char **texts = room(self, wanted, sizeof *texts);
    if (!texts)
        return NULL;
    for (uint32_t i = 0; i < wanted; i++)
        texts[i] = node->kind == NODE_LIST ? node->entries[i].value->text : node->text;
    *count = wanted;
    return texts;
}

/* ---- axes ------------------------------------------------------------------------------------ */

static bool name_valid(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    static const char more[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    return *name && strchr(letters, *name) && name[strspn(name, more)] == '\0' && strlen(name) < 64;
}

/* Columns that every table of points has. */
static bool name_reserved(const char *name)
{
    static const char *const reserved[] = {"point", "seed", "status", "error", "asserted", NULL};
    for (const char *const *word = reserved; *word; word++)
        if (strcmp(*word, name) == 0)
            return true;
    return false;
}

static const struct study_axis *find_axis(const struct study *study, const char *name)
{
    for (uint32_t i = 0; i < study->axis_count; i++)
        if (strcmp(study->axes[i].name, name) == 0)
            return &study->axes[i];
    return NULL;
}

static struct study_value make_value(struct reader *self, const struct node *node)
{
    struct study_value value = {.text = flow_text(&self->study->arena, node)};
    value.override = value.text;
    if (!value.text) {
        refuse(self, node->place, "the value is longer than %u bytes", FLOW_TEXT_MAX);
        value.text = value.override = "";
    }
    if (node->kind == NODE_SCALAR)
        value.text = node->text;
    value.number = node->kind == NODE_SCALAR ? formula_number(node->text) : formula_number("");
    return value;
}

static void read_values(struct reader *self, struct study_axis *axis, const struct node *list)
{
    if (list->count == 0)
        refuse(self, list->place, "\"values\" is empty");
    if (list->count > STUDY_VALUES_MAX) {
        refuse(self, list->place, "too many values, an axis has at most %u", STUDY_VALUES_MAX);
        return;
    }
    struct study_value *values = room(self, list->count, sizeof *values);
    for (uint32_t i = 0; values && i < list->count; i++)
        values[i] = make_value(self, list->entries[i].value);
    axis->values = values;
    axis->value_count = values ? list->count : 0;
}

static void read_range(struct reader *self, struct study_axis *axis, const struct node *map)
{
    const struct node *from = study_find(map, "from"), *to = study_find(map, "to"),
                      *step = study_find(map, "step"), *count = study_find(map, "count");
    struct line line = {0};
    if (!from || !to || !step == !count) {
        refuse(self, map->place,
               "an axis has \"values\", or \"from\", \"to\" and either \"step\" or \"count\"");
        return;
    }
    struct study_range range = {
        .from = from->text,
        .to = to->text,
        .step = step ? step->text : NULL,
        .count = number_of(self, map, "count", 1, 1, STUDY_VALUES_MAX),
        .log = choice_is(map, "scale", "log"),
    };
    if (range.count && !study_range(&self->study->arena, &range, axis, &line))
        refuse(self, from->place, "%s", line.text);
}

static void read_axis(struct reader *self, const struct node_entry *entry, struct study_axis *axis)
{
    static const char *const of_groups[] = {"combine", "seed", "method", NULL};
    static const char *const of_ranges[] = {"from", "to", "step", "count", "scale", NULL};
    const struct node *map = entry->value, *values = study_find(map, "values");
    *axis = (struct study_axis){.name = entry->key};
    axis->paths = texts_of(self, study_find(map, "path"), &axis->path_count);
    axis->places = places_of(self, study_find(map, "path"));
    if (axis->path_count == 0)
        refuse(self, map->place, "missing key \"path\"");
    for (const char *const *key = of_groups; *key; key++)
        if (study_find(map, *key))
            refuse(self, study_find(map, *key)->place, "\"%s\" is for a group, one with \"axes\"",
                   *key);
    for (const char *const *key = of_ranges; *key; key++)
        if (values && study_find(map, *key))
            refuse(self, study_find(map, *key)->place, "\"%s\" has no meaning beside \"values\"",
                   *key);
    if (values)
        read_values(self, axis, values);
    else
        read_range(self, axis, map);
}

static void read_group(struct reader *self, struct study_group *group, const struct node *map);

static void read_member(struct reader *self, struct study_member *member,
                        const struct node_entry *entry)
{
    static const char *const of_axes[] = {"path", "values", "from", "to", "step", "scale", NULL};
    struct study *study = self->study;
    if (study_find(entry->value, "axes")) {
        struct study_group *group = room(self, 1, sizeof *group);
        for (const char *const *key = of_axes; *key; key++)
            if (study_find(entry->value, *key))
                refuse(self, study_find(entry->value, *key)->place,
                       "\"%s\" has no meaning beside \"axes\"", *key);
        if (group)
            read_group(self, group, entry->value);
        member->group = group;
        return;
    }
    if (!name_valid(entry->key) || name_reserved(entry->key)) {
        refuse(self, entry->place,
               "the name of an axis is a word of letters, digits and \"_\", and not point, seed, "
               "status, error or asserted");
        return;
    }
    if (find_axis(study, entry->key)) {
        refuse(self, entry->place, "there are two axes \"%s\"", entry->key);
        return;
    }
    if (study->axis_count == STUDY_AXES_MAX) {
        refuse(self, entry->place, "too many axes, a study has at most %u", STUDY_AXES_MAX);
        return;
    }
    member->axis = study->axis_count++;
    read_axis(self, entry, &self->axes[member->axis]);
}

/* A group of the axes in `map`, or the whole file. */
static void read_group(struct reader *self, struct study_group *group, const struct node *map)
{
    const struct node *axes = study_find(map, "axes"), *count = study_find(map, "count");
    *group = (struct study_group){
        .combine = choice_is(map, "combine", "zip")      ? STUDY_ZIP
                   : choice_is(map, "combine", "sample") ? STUDY_SAMPLE
                                                         : STUDY_PRODUCT,
        .method =
            choice_is(map, "method", "latin_hypercube") ? STUDY_LATIN_HYPERCUBE : STUDY_RANDOM,
        .seed = number_of(self, map, "seed", 1, 0, UINT64_MAX),
        .count = number_of(self, map, "count", 1, 1, STUDY_POINTS_MAX),
    };
    if (group->combine == STUDY_SAMPLE && !count)
        refuse(self, map->place, "a sample needs \"count\", the number of its points");
    if (group->combine != STUDY_SAMPLE && count)
        refuse(self, count->place, "\"count\" is for a sample; did you mean \"combine: sample\"?");
    if (axes->count == 0)
        refuse(self, axes->place, "\"axes\" is empty");
    group->members = room(self, axes->count, sizeof *group->members);
    for (uint32_t i = 0; group->members && i < axes->count; i++)
        read_member(self, &group->members[group->member_count++], &axes->entries[i]);
}

/* Counts points; false after an error. */
static void count_points(struct reader *self, const struct study_group *group,
                         const struct node *map)
{
    const struct node *axes = study_find(map, "axes");
    for (uint32_t i = 0; i < group->member_count; i++)
        if (group->members[i].group)
            count_points(self, group->members[i].group, axes->entries[i].value);
    for (uint32_t i = 1; group->combine == STUDY_ZIP && i < group->member_count; i++) {
        const uint64_t first = study_member_points(self->study, &group->members[0]),
                       this = study_member_points(self->study, &group->members[i]);
        if (first != this)
            refuse(self, axes->entries[i].place,
                   "zip takes axes of one length: \"%s\" has %llu values, \"%s\" %llu",
                   axes->entries[0].key, (unsigned long long)first, axes->entries[i].key,
                   (unsigned long long)this);
    }
}

/* ---- settings and expressions ---------------------------------------------------------------- */

static void read_settings(struct reader *self, const struct node *node)
{
    struct study *study = self->study;
    if (!node)
        return;
    if (node->kind == NODE_LIST) {
        study->overrides = texts_of(self, node, &study->override_count);
        study->places = places_of(self, node);
        return;
    }
    struct place *places = room(self, node->count, sizeof *places);
    study->places = places;
    study->overrides = room(self, node->count, sizeof *study->overrides);
    for (uint32_t i = 0; study->overrides && places && i < node->count; i++) {
        const char *value = flow_text(&study->arena, node->entries[i].value);
        char *text = room(self, strlen(node->entries[i].key) + strlen(value ? value : "") + 2, 1);
        if (!value)
            refuse(self, node->entries[i].place, "the value is longer than %u bytes",
                   FLOW_TEXT_MAX);
        if (!text)
            return;
        sprintf(text, "%s=%s", node->entries[i].key, value ? value : "");
        places[i] = node->entries[i].place;
        study->overrides[study->override_count++] = text;
    }
}

static struct formula *read_formula(struct reader *self, const struct node *node)
{
    struct formula_error error;
    struct formula *formula = formula_parse(&self->study->arena, node->text, &error);
    struct place place = node->place;
    if (formula)
        return formula;
    place.column += (uint32_t)error.offset + !node->plain;
    refuse(self, place, "%s", error.text);
    return NULL;
}

/* Where a name of a formula stands. */
static struct place name_place(const struct node *node, size_t offset)
{
    struct place place = node->place;
    place.column += (uint32_t)offset + !node->plain;
    return place;
}

/* Every name of a formula over axes is an axis. */
static void check_axes(struct reader *self, const struct formula *formula, const struct node *node)
{
    const char *name;
    size_t offset;
    for (uint32_t i = 0; (name = formula_name(formula, i, &offset)); i++) {
        struct line line = {0};
        struct suggestion suggestion;
        if (find_axis(self->study, name))
            continue;
        line_add(&line, "no axis ");
        line_quote(&line, name);
        suggestion_start(&suggestion, name);
        for (uint32_t k = 0; k < self->study->axis_count; k++)
            suggestion_offer(&suggestion, self->study->axes[k].name);
        suggestion_end(&suggestion, &line);
        refuse(self, name_place(node, offset), "%s", line.text);
    }
}

static void read_conditions(struct reader *self, struct study_expressions *all,
                            const struct node *node, bool over_axes)
{
    if (!node)
        return;
    const bool list = node->kind == NODE_LIST;
    const uint32_t count = list ? node->count : 1;
    if (count > STUDY_CONDITIONS_MAX) {
        refuse(self, node->place, "too many expressions, at most %u", STUDY_CONDITIONS_MAX);
        return;
    }
    all->items = room(self, count, sizeof *all->items);
    for (uint32_t i = 0; all->items && i < count; i++) {
        const struct node *one = list ? node->entries[i].value : node;
        struct study_expression *item = &all->items[all->count++];
        *item = (struct study_expression){.text = one->text, .place = one->place};
        item->formula = read_formula(self, one);
        if (item->formula && over_axes)
            check_axes(self, item->formula, one);
    }
}

static bool metric_known(const struct study *study, const char *name)
{
    for (uint32_t i = 0; i < study->metrics.count; i++)
        if (strcmp(study->metrics.items[i].name, name) == 0)
            return true;
    return false;
}

/* A name alone, which is neither an axis nor a metric further up. */
static bool is_figure(const struct study *study, const struct formula *formula, const char *text)
{
    const char *name = formula_name(formula, 0, NULL);
    return name && strcmp(name, text) == 0 && !find_axis(study, name) && !metric_known(study, name);
}

static void read_metrics(struct reader *self, const struct node *node)
{
    struct study *study = self->study;
    const bool map = node->kind == NODE_MAP;
    if (node->count == 0)
        refuse(self, node->place, "\"metrics\" is empty");
    if (node->count > STUDY_METRICS_MAX) {
        refuse(self, node->place, "too many metrics, a study has at most %u", STUDY_METRICS_MAX);
        return;
    }
    study->metrics.items = room(self, node->count, sizeof *study->metrics.items);
    for (uint32_t i = 0; study->metrics.items && i < node->count; i++) {
        const struct node_entry *entry = &node->entries[i];
        struct study_expression item = {.name = map ? entry->key : entry->value->text,
                                        .text = entry->value->text,
                                        .place = map ? entry->place : entry->value->place};
        if (name_reserved(item.name) || find_axis(study, item.name) ||
            metric_known(study, item.name))
            refuse(self, item.place, "there is a column \"%s\" already", item.name);
        struct formula *formula = map ? read_formula(self, entry->value) : NULL;
        if (formula && !is_figure(study, formula, item.text))
            item.formula = formula;
        else
            item.figure = item.text;
        study->metrics.items[study->metrics.count++] = item;
    }
}

static void check_goals(struct reader *self, const struct node *goals, const char *key)
{
    const struct node *node = goals ? study_find(goals, key) : NULL;
    uint32_t count;
    const char **names = texts_of(self, node, &count);
    for (uint32_t i = 0; i < count; i++) {
        struct line line = {0};
        struct suggestion suggestion;
        if (metric_known(self->study, names[i]))
            continue;
        line_add(&line, "no metric ");
        line_quote(&line, names[i]);
        suggestion_start(&suggestion, names[i]);
        for (uint32_t k = 0; k < self->study->metrics.count; k++)
            suggestion_offer(&suggestion, self->study->metrics.items[k].name);
        suggestion_end(&suggestion, &line);
        refuse(self, node->kind == NODE_LIST ? node->entries[i].value->place : node->place, "%s",
               line.text);
    }
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* A name beside the study. */
static const char *beside(struct reader *self, const char *path, const char *name)
{
    const char *slash = strrchr(path, '/');
    const size_t folder = slash && name[0] != '/' ? (size_t)(slash - path) + 1 : 0;
    char *joined = room(self, folder + strlen(name) + 1, 1);
    if (joined)
        sprintf(joined, "%.*s%s", (int)folder, path, name);
    return joined;
}

/* The file's name without folder and ending. */
static const char *default_name(struct reader *self, const char *path)
{
    const char *slash = strrchr(path, '/');
    char *name = arena_text(&self->study->arena, slash ? slash + 1 : path);
    char *dot = name ? strrchr(name, '.') : NULL;
    if (dot && dot != name)
        *dot = '\0';
    return name;
}

static void read_study(struct reader *self, const struct node *root)
{
    struct study *study = self->study;
    const struct node *repeat = study_find(root, "repeat"), *goals = study_find(root, "goals");
    study->scenario = beside(self, study->file, text_of(root, "scenario"));
    if (text_of(root, "name"))
        study->name = text_of(root, "name");
    if (!name_valid(study->name) && study_find(root, "name"))
        refuse(self, study_find(root, "name")->place,
               "\"name\" is a word of letters, digits and \"_\"");
    read_settings(self, study_find(root, "set"));
    study->axes = self->axes;
    read_group(self, &study->root, root);
    read_metrics(self, study_find(root, "metrics"));
    read_conditions(self, &study->where, study_find(root, "where"), true);
    read_conditions(self, &study->asserts, study_find(root, "assert"), false);
    if (repeat)
        study->seeds = (uint32_t)number_of(self, repeat, "seeds", 1, 1, 1000000);
    check_goals(self, goals, "minimise");
    check_goals(self, goals, "maximise");
    study->minimise =
        texts_of(self, goals ? study_find(goals, "minimise") : NULL, &study->minimise_count);
    study->maximise =
        texts_of(self, goals ? study_find(goals, "maximise") : NULL, &study->maximise_count);
    if (study->minimise_count + study->maximise_count > STUDY_GOALS_MAX)
        refuse(self, study_find(root, "goals")->place, "too many goals, a study has at most %u",
               STUDY_GOALS_MAX);
    if (self->report.total)
        return;
    count_points(self, &study->root, root);
    if (study_points(study) > STUDY_POINTS_MAX / (study->seeds ? study->seeds : 1))
        refuse(self, root->place, "too many points, a study has at most %u with its seeds",
               STUDY_POINTS_MAX);
}

static void read_text(struct reader *self, const char *text, size_t length)
{
    uint32_t visits = 0;
    struct study *study = self->study;
    const struct node *root = tree_parse(&study->arena, &self->report, text, length, 0, 0);
    if (!root)
        return;
    if (root->kind != NODE_MAP)
        refuse(self, root->place, "a study is a map of keys");
    else if (study_check_keys(&self->report, study_keys, root, &visits))
        read_study(self, root);
    struct study_axis *axes = room(self, study->axis_count, sizeof *axes);
    if (axes)
        memcpy(axes, self->axes, study->axis_count * sizeof *axes);
    study->axes = axes;
}

struct study *study_read_text(const char *text, size_t length, const char *path, report_sink *sink,
                              void *context)
{
    struct reader *self = calloc(1, sizeof *self);
    struct study *study = calloc(1, sizeof *study);
    if (!self || !study) {
        free(self);
        free(study);
        return NULL;
    }
    self->study = study;
    snprintf(self->report.file, sizeof self->report.file, "%s", path);
    char *copy = room(self, length + 1, 1);
    study->file = arena_text(&study->arena, path);
    study->name = default_name(self, path);
    if (copy && study->file && study->name) {
        memcpy(copy, text, length);
        study->text = copy;
        study->length = length;
        read_text(self, text, length);
    }
    if (report_give(&self->report, sink, context) != DMASIM_OK || self->failed) {
        study_free(study);
        study = NULL;
    }
    free(self);
    return study;
}

struct study *study_read(const char *path, report_sink *sink, void *context)
{
    struct study *study = NULL;
    struct dmasim_error error = {.code = DMASIM_IO};
    size_t length;
    char *text = text_file_load(path, STUDY_TEXT_MAX, &length, &error);
    if (text)
        study = study_read_text(text, length, path, sink, context);
    else if (sink)
        sink(context, &error);
    free(text);
    return study;
}

void study_free(struct study *self)
{
    if (!self)
        return;
    arena_free(&self->arena);
    free(self);
}
