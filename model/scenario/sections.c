/* SPDX-License-Identifier: BSD-2-Clause */
/* sections: which components a scenario has, of which types and by which names; then each one's map
 * is read by its table (read.c). */
#include "scenario/internal.h"

#include <stdio.h>
#include <string.h>

static const char *const type_key[] = {"type", NULL};
static const char *const name_key[] = {"name", NULL};

static bool table_has(const struct parameter *table, const char *name)
{
    for (const struct parameter *p = table; p && p->name; p++)
        if (!strcmp(p->name, name))
            return true;
    return false;
}

/* What is one half of the name of a type, "snps,dw-dmac", is taken for it. */
static bool half_of_type(const struct scenario *self, enum component_section section,
                         const char *word, struct line *line)
{
    for (const struct component_type *const *type = self->types; *type; type++) {
        const char *comma = (*type)->section == section ? strchr((*type)->name, ',') : NULL;
        const size_t length = strlen(word);
        if (!comma)
            continue;
        const bool front =
            length == (size_t)(comma - (*type)->name) && strncmp((*type)->name, word, length) == 0;
        if (!front && strcmp(comma + 1, word) != 0)
            continue;
        line_add(line, ", did you mean \"%s\"?%s", (*type)->name,
                 front ? " A name with a comma needs quotes inside of { }" : "");
        return true;
    }
    return false;
}

static const struct component_type *unknown_type(struct scenario *self, struct place place,
                                                 enum component_section section, const char *label,
                                                 const char *word)
{
    struct line line = {0};
    line_add(&line, "%s", label);
    line_quote(&line, word);
    self->untyped = true;
    if (half_of_type(self, section, word, &line)) {
        scenario_error(self, place, "%s", line.text);
        return NULL;
    }
    struct suggestion suggestion;
    suggestion_start(&suggestion, word);
    for (const struct component_type *const *type = self->types; *type; type++)
        if ((*type)->section == section)
            suggestion_offer(&suggestion, (*type)->name);
    suggestion_end(&suggestion, &line);
    scenario_error(self, place, "%s", line.text);
    return NULL;
}

/* True if a map has all keys that the type needs, and no others, on a bus of its kind. `unknown`: a key that is none of the
 * type's; null: there is none. */
static bool fits(const struct scenario *self, const struct component_type *type,
                 const struct node *map, const char **unknown)
{
    const struct parameter *table = scenario_table(self, type);
    bool good = true;
    *unknown = NULL;
    for (uint32_t i = 0; i < map->count; i++) {
        const struct parameter *p = table;
        while (p && p->name && (!parameter_is_key(p) || strcmp(p->name, map->entries[i].key) != 0))
            p++;
        if (!p || !p->name) {
            *unknown = *unknown ? *unknown : map->entries[i].key;
            good = false;
            continue;
        }
        const struct node *value = map->entries[i].value;
        if (p->kind != PARAMETER_REFERENCE || !p->of || value->kind != NODE_SCALAR ||
            refers_section(p->refers) != SECTION_BUSES)
            continue;
        const int bus = scenario_find(self, SECTION_BUSES, value->text);
        good &= bus < 0 || strcmp(self->plan.components[SECTION_BUSES][bus].type->name, p->of) == 0;
    }
    for (const struct parameter *p = table; p && p->name; p++)
        good &= !parameter_is_key(p) || !(p->flags & PARAMETER_REQUIRED) ||
                node_find(map, p->name) >= 0;
    return good;
}

/* A component without `type` that is none of the first type, and all of others: names them. True if it did. */
static bool other_types_fit(struct scenario *self, enum component_section section,
                            const struct node *map, struct place place)
{
    const struct component_type *first = scenario_default_type(self->types, section);
    const char *unknown, *ignored;
    struct line line = {0};
    unsigned found = 0;
    if (!map || section == SECTION_CLOCKS || fits(self, first, map, &unknown))
        return false;
    line_add(&line, "missing key \"type\": without it this is \"%s\"", first->name);
    if (unknown) {
        line_add(&line, ", which has no key ");
        line_quote(&line, unknown);
    }
    /* Those that need nothing more; else, if a key is no good here, those that have all the keys. */
    for (int keys = 0; keys < (unknown ? 2 : 1) && !found; keys++)
        for (const struct component_type *const *type = self->types; *type; type++) {
            if ((*type)->section != section || *type == first)
                continue;
            const bool whole = fits(self, *type, map, &ignored);
            if (keys ? !ignored : whole)
                line_add(&line, "%s \"type: %s\"",
                         found++ ? " or"
                         : keys  ? "; all keys that stand here has"
                                 : "; what stands here fits",
                         (*type)->name);
        }
    if (!found)
        return false;
    self->untyped = true;
    scenario_error(self, place, "%s", line.text);
    return true;
}

/* The type a named component asks for; null after an error. */
static const struct component_type *pick_type(struct scenario *self, enum component_section section,
                                              const struct node *map, struct place place)
{
    const struct component_type *first = scenario_default_type(self->types, section);
    if (!first) {
        scenario_error(self, place, "nothing of this kind can be built yet");
        return NULL;
    }
    int at = map ? node_find(map, "type") : -1;
    if (at < 0)
        return other_types_fit(self, section, map, place) ? NULL : first;
    const struct node *node = map->entries[at].value;
    if (node->kind != NODE_SCALAR || node_null(node)) {
        scenario_error(self, node->place, "\"type\" takes one name");
        return NULL;
    }
    const struct component_type *type = scenario_type(self->types, section, node->text);
    return type ? type : unknown_type(self, node->place, section, "unknown type ", node->text);
}

static void check_name(struct scenario *self, struct place place, const char *name)
{
    struct line line = {0};
    if (scenario_name_valid(name))
        return;
    line_quote(&line, name);
    scenario_error(self, place,
                   "%s is no name: letters, digits, \"_\" and \"-\", at most %d, a letter first%s",
                   line.text, SCENARIO_NAME_MAX, !strcmp(name, "none") ? ", and not \"none\"" : "");
}

/* Makes room for the components of a section; false after an error. */
static bool make_section(struct scenario *self, enum component_section section, uint32_t count,
                         struct place place)
{
    uint32_t most = section == SECTION_WORK ? SCENARIO_WORK_MAX : SCENARIO_COMPONENTS_MAX;
    if (count > most) {
        scenario_error(self, place, "%u entries are too many, allowed: 0 to %u", count, most);
        return false;
    }
    self->plan.components[section] =
        scenario_alloc(self, (count + 1) * sizeof *self->plan.components[section]);
    self->details[section] = scenario_alloc(self, (count + 1) * sizeof *self->details[section]);
    return self->plan.components[section] && self->details[section];
}

static void put_name(struct scenario *self, struct names *names, const char *name, uint32_t value)
{
    if (!names_put(names, &self->arena, name, value))
        report_add(&self->report, DMASIM_MEMORY, (struct place){0}, "out of memory");
}

static void add_component(struct scenario *self, enum component_section section, const char *name,
                          const struct component_type *type, struct place place,
                          const struct node *map)
{
    void *config = scenario_alloc(self, driver_config_bytes(type, self->plan.drivers) + 1);
    if (!config)
        return;
    uint32_t index = self->plan.counts[section]++;
    if (scenario_find(self, section, name) < 0)
        put_name(self, &self->names[section], name, index);
    self->plan.components[section][index] = (struct component){
        .name = name, .type = type, .config = config, .place = {place.line, place.column}};
    self->details[section][index] = (struct detail){.place = place, .node = map, .config = config};
    read_defaults(scenario_table(self, type), config);
}

/* A component's value: a map, or nothing at all. False after an error. */
static bool component_map(struct scenario *self, const struct node *node, const struct node **map)
{
    *map = node->kind == NODE_MAP ? node : NULL;
    if (*map || node_null(node))
        return true;
    scenario_error(self, node->place, "a map of keys is due here");
    return false;
}

static void collect_named(struct scenario *self, enum component_section section,
                          const struct node *node)
{
    if (node->kind != NODE_MAP) {
        if (!node_null(node))
            scenario_error(self, node->place, "\"%s\" is a map of names", section_keys[section]);
        return;
    }
    if (!make_section(self, section, node->count, node->place))
        return;
    for (uint32_t i = 0; i < node->count; i++) {
        const struct node_entry *entry = &node->entries[i];
        const struct node *map;
        check_name(self, entry->place, entry->key);
        put_name(self, &self->listed[section], entry->key, i);
        for (int other = 0; other < SECTION_WORK; other++)
            if (other != (int)section &&
                scenario_find(self, (enum component_section)other, entry->key) >= 0)
                scenario_error(self, entry->place, "name \"%.63s\" is taken by a %s", entry->key,
                               section_noun((enum component_section)other));
        if (!component_map(self, entry->value, &map))
            continue;
        const struct component_type *type = pick_type(self, section, map, entry->place);
        if (type)
            add_component(self, section, entry->key, type, entry->place, map);
    }
}

static void collect_work(struct scenario *self, const struct node *node)
{
    if (node->kind != NODE_LIST) {
        if (!node_null(node))
            scenario_error(self, node->place, "\"work\" is a list of calls");
        return;
    }
    if (!make_section(self, SECTION_WORK, node->count, node->place))
        return;
    for (uint32_t i = 0; i < node->count; i++) {
        const struct node *item = node->entries[i].value;
        const struct node *map;
        if (item->kind != NODE_MAP || item->count != 1) {
            scenario_error(self, item->place, "an entry of \"work\" is one call with its keys%s",
                           item->kind == NODE_MAP && item->count > 1
                               ? ", indent the keys below the call"
                               : "");
            continue;
        }
        const struct node_entry *call = &item->entries[0];
        const struct component_type *type = scenario_type(self->types, SECTION_WORK, call->key);
        if (!type) {
            unknown_type(self, call->place, SECTION_WORK, "unknown call ", call->key);
            continue;
        }
        if (!component_map(self, call->value, &map))
            continue;
        char *name = scenario_alloc(self, SCENARIO_NAME_MAX + 1);
        if (!name)
            return;
        snprintf(name, SCENARIO_NAME_MAX + 1, "%.50s%u", type->name, i);
        const char *chosen = name;
        struct place place = call->place;
        int at = map ? node_find(map, "name") : -1;
        if (at >= 0) {
            const struct node *value = map->entries[at].value;
            place = value->place;
            if (value->kind != NODE_SCALAR || node_null(value)) {
                scenario_error(self, place, "\"name\" takes one name");
            } else {
                check_name(self, place, value->text);
                chosen = value->text;
            }
        }
        int taken = scenario_find(self, SECTION_WORK, chosen);
        if (taken >= 0)
            scenario_error(self, place, "name \"%.63s\" is taken by the entry at line %u", chosen,
                           self->details[SECTION_WORK][taken].place.line);
        add_component(self, SECTION_WORK, chosen, type, call->place, map);
    }
}

static void read_component(struct scenario *self, enum component_section section, uint32_t index)
{
    struct component *component = &self->plan.components[section][index];
    struct detail *detail = &self->details[section][index];
    const char *const *reserved = section == SECTION_WORK ? name_key : type_key;
    struct node empty = {.kind = NODE_MAP, .place = detail->place};
    struct node map = detail->node ? *detail->node : empty;
    uint32_t before = self->report.total;
    map.place = detail->place; /* what is missing is reported at the name */
    if (table_has(scenario_table(self, component->type), reserved[0]))
        reserved = NULL;
    read_map(self, section, index, scenario_table(self, component->type), detail->config, &map,
             reserved);
    detail->broken |= self->report.total != before;
}

static void check_trace(struct scenario *self, const struct node *root)
{
    const int at = node_find(root, "trace");
    if (at >= 0 && self->plan.trace.to_ps < self->plan.trace.from_ps)
        scenario_error(self, root->entries[at].place, "\"to\" of the trace is before \"from\"");
}

void read_scenario(struct scenario *self, const struct node *root, const char *default_name)
{
    static const char *const reserved[SECTION_COUNT + 1] = {
#define COMPONENT_SECTION(id, key, refers) key,
        COMPONENT_SECTION_MAP(COMPONENT_SECTION)
#undef COMPONENT_SECTION
    };
    struct scenario_top top = {0};
    read_defaults(scenario_top_parameters, &top);
    top.name = default_name;
    if (root->kind != NODE_MAP) {
        scenario_error(self, root->place, "a scenario is a map of keys such as clocks:");
        return;
    }
    struct node map = *root;
    map.place = (struct place){1, 1, 0};
    read_map(self, SECTION_COUNT, 0, scenario_top_parameters, &top, &map, reserved);
    int at = node_find(root, "name");
    if (at >= 0 && top.name)
        check_name(self, root->entries[at].value->place, top.name);
    self->plan.name = top.name;
    self->plan.seed = top.seed;
    self->plan.stop_ps = top.stop_ps;
    self->directory = top.directory;
    self->plan.trace = top.trace;
    check_trace(self, root);
    read_expectations(self, root);

    for (int s = 0; s < SECTION_COUNT; s++) {
        at = node_find(root, section_keys[s]);
        if (at >= 0 && s == SECTION_WORK)
            collect_work(self, root->entries[at].value);
        else if (at >= 0)
            collect_named(self, (enum component_section)s, root->entries[at].value);
    }
    for (int s = 0; s < SECTION_COUNT; s++)
        for (uint32_t i = 0; i < self->plan.counts[s] && !self->exhausted; i++)
            read_component(self, (enum component_section)s, i);
}
