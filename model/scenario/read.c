/* SPDX-License-Identifier: BSD-2-Clause */
/* read: nodes to components, by walking the parameter tables. Everything that can be judged without
 * the other components' values is judged here; see link.c for the rest. */
#include "scenario/internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct reader {
    struct scenario *scenario;
    struct detail *detail; /* of the component; null at the top */
    enum component_section section;
    uint32_t index;
    char path[SCENARIO_PATH_MAX]; /* of the parameter being read */
    size_t path_length;
};

static void read_table(struct reader *self, const struct parameter *table, void *base,
                       const struct node *map, const char *const *reserved);

/* Counts a node visited; false once there were too many. */
static bool visit(struct reader *self, struct place place)
{
    struct scenario *scenario = self->scenario;
    if (scenario->exhausted)
        return false;
    if (++scenario->visits <= TREE_VISITS_MAX)
        return true;
    scenario->exhausted = true;
    scenario_error(
        scenario, place,
        "too many values once aliases are expanded, a scenario has at most " TREE_NODES_TEXT);
    return false;
}

static size_t path_push(struct reader *self, const char *word)
{
    size_t before = self->path_length;
    int written =
        snprintf(self->path + before, sizeof self->path - before, before ? ".%s" : "%s", word);
    if (written > 0 && (size_t)written < sizeof self->path - before)
        self->path_length += (size_t)written;
    else
        self->path[before] = '\0';
    return before;
}

static void path_pop(struct reader *self, size_t before)
{
    self->path_length = before;
    self->path[before] = '\0';
}

static void remember_place(struct reader *self, struct place place)
{
    if (!self->detail || self->path_length == 0)
        return;
    struct place_entry *entry =
        scenario_alloc(self->scenario, sizeof *entry + self->path_length + 1);
    if (!entry)
        return;
    memcpy(entry->path, self->path, self->path_length + 1);
    entry->place = place;
    entry->next = self->detail->places;
    self->detail->places = entry;
}

/* ---- defaults -------------------------------------------------------------------------------- */

void read_defaults(const struct parameter *table, void *base)
{
    for (const struct parameter *p = table; p && p->name; p++) {
        void *member = member_of(base, p);
        switch (p->kind) {
        case PARAMETER_BOOL:
            *(bool *)member = p->initial != 0;
            break;
        case PARAMETER_UINT:
        case PARAMETER_ADDRESS:
        case PARAMETER_BYTES:
        case PARAMETER_TIME:
        case PARAMETER_FREQUENCY:
        case PARAMETER_RATE:
        case PARAMETER_ENUM:
            value_store(member, p->size_bytes, p->initial);
            break;
        case PARAMETER_REFERENCE:
            memset(member, 0xff, p->size_bytes);
            break;
        case PARAMETER_GROUP:
            read_defaults(p->sub, member);
            break;
        default:
            memset(member, 0, p->size_bytes);
            break;
        }
    }
}

/* ---- values ---------------------------------------------------------------------------------- */

static bool is_none(const struct node *node)
{
    return node->kind == NODE_SCALAR && node->plain && !strcmp(node->text, "none");
}

/* The scalar's text; null after an error if the node is none. */
static const char *scalar(struct reader *self, const struct parameter *p, const struct node *node)
{
    if (node->kind != NODE_SCALAR)
        scenario_error(self->scenario, node->place, "\"%s\" takes one value, not a %s", p->name,
                       node->kind == NODE_MAP ? "map" : "list");
    else if (node_null(node))
        scenario_error(self->scenario, node->place, "\"%s\" has no value", p->name);
    else
        return node->text;
    return NULL;
}

static void read_number(struct reader *self, const struct parameter *p, enum parameter_kind kind,
                        void *member, size_t bytes, const struct node *node)
{
    const char *text = scalar(self, p, node);
    struct line error = {0};
    uint64_t value;
    if (!text)
        return;
    if (value_unset(p, p->initial) && !(p->flags & PARAMETER_REQUIRED) && is_none(node))
        return;
    if (kind == PARAMETER_ADDRESS && !(text[0] >= '0' && text[0] <= '9') && text[0] != '-' &&
        self->detail) {
        struct fixup *fixup = scenario_alloc(self->scenario, sizeof *fixup);
        if (!fixup)
            return;
        *fixup = (struct fixup){.section = self->section,
                                .index = self->index,
                                .parameter = p,
                                .member = member,
                                .member_bytes = bytes,
                                .text = text,
                                .place = node->place};
        *self->scenario->fixup_tail = fixup;
        self->scenario->fixup_tail = &fixup->next;
        self->detail->pending++;
        return;
    }
    bool good;
    if (kind == PARAMETER_BYTES && strncmp(text, VALUE_SIZE_OF, strlen(VALUE_SIZE_OF)) == 0) {
        struct parameter_blob blob;
        if (!file_load(self->scenario, node->place, text + strlen(VALUE_SIZE_OF), &blob))
            return;
        value = blob.length;
        good = value_allowed(p, value, &error);
    } else {
        good = value_parse(kind, text, &value, &error) && value_allowed(p, value, &error);
    }
    if (good)
        value_store(member, bytes, value);
    else
        scenario_error(self->scenario, node->place, "\"%s\": %s", p->name, error.text);
}

static void read_bool(struct reader *self, const struct parameter *p, void *member,
                      const struct node *node)
{
    const char *text = scalar(self, p, node);
    if (!text)
        return;
    struct line line = {0};
    bool yes = !strcmp(text, "true");
    if (yes || !strcmp(text, "false")) {
        *(bool *)member = yes;
        return;
    }
    line_quote(&line, text);
    if (!strcmp(text, "yes") || !strcmp(text, "on") || !strcmp(text, "1") || !strcmp(text, "True"))
        line_add(&line, " is neither true nor false, did you mean \"true\"?");
    else if (!strcmp(text, "no") || !strcmp(text, "off") || !strcmp(text, "0") ||
             !strcmp(text, "False"))
        line_add(&line, " is neither true nor false, did you mean \"false\"?");
    else
        line_add(&line, " is neither true nor false");
    scenario_error(self->scenario, node->place, "\"%s\": %s", p->name, line.text);
}

static void read_enum(struct reader *self, const struct parameter *p, void *member,
                      const struct node *node)
{
    const char *text = scalar(self, p, node);
    if (!text)
        return;
    for (unsigned i = 0; p->names[i]; i++)
        if (!strcmp(p->names[i], text)) {
            value_store(member, p->size_bytes, i);
            return;
        }
    struct line line = {0};
    line_add(&line, "unknown value ");
    line_quote(&line, text);
    struct suggestion suggestion;
    suggestion_start(&suggestion, text);
    for (unsigned i = 0; p->names[i]; i++)
        suggestion_offer(&suggestion, p->names[i]);
    suggestion_end(&suggestion, &line);
    scenario_error(self->scenario, node->place, "\"%s\": %s", p->name, line.text);
}

/* Ends a message about an unknown name, with a suggestion from one section. */
static void unknown_name(struct reader *self, const struct parameter *p, const struct node *node,
                         enum component_section section)
{
    const struct scenario *scenario = self->scenario;
    struct line line = {0};
    if (section != SECTION_WORK && scenario_listed(scenario, section, node->text)) {
        if (self->detail)
            self->detail->broken = true; /* it is there, but wrong, which was reported */
        return;
    }
    line_add(&line, "no %s ", section_noun(section));
    line_quote(&line, node->text);
    if (report_open(&scenario->report)) {
        struct suggestion suggestion;
        suggestion_start(&suggestion, node->text);
        for (uint32_t i = 0; i < scenario->plan.counts[section]; i++)
            suggestion_offer(&suggestion, scenario->plan.components[section][i].name);
        suggestion_end(&suggestion, &line);
    }
    scenario_error(self->scenario, node->place, "\"%s\": %s", p->name, line.text);
}

/* A named object of the type that is asked for; null if there is none. */
static const char *name_of_type(const struct scenario *scenario, enum component_section section,
                                const char *type)
{
    const struct plan *plan = &scenario->plan;
    for (uint32_t i = 0; i < plan->counts[section]; i++)
        if (strcmp(plan->components[section][i].type->name, type) == 0)
            return plan->components[section][i].name;
    return NULL;
}

static void read_reference(struct reader *self, const struct parameter *p, void *member,
                           size_t member_bytes, const struct node *node)
{
    const char *text = scalar(self, p, node);
    enum component_section section = refers_section(p->refers);
    if (!text || section == SECTION_COUNT)
        return;
    if (!(p->flags & PARAMETER_REQUIRED) && p->kind == PARAMETER_REFERENCE && is_none(node))
        return;
    int index = scenario_find(self->scenario, section, text);
    if (index < 0) {
        unknown_name(self, p, node, section);
        return;
    }
    const char *type = self->scenario->plan.components[section][index].type->name;
    if (p->of && strcmp(p->of, type) != 0) {
        const char *other = name_of_type(self->scenario, section, p->of);
        scenario_error(self->scenario, node->place,
                       "\"%s\": %s is of type %s; it must be of type %s%s%s%s", p->name, text, type,
                       p->of, other ? ", did you mean \"" : "", other ? other : "",
                       other ? "\"?" : "");
        return;
    }
    value_store(member, member_bytes, (uint64_t)index);
    struct edge *edge = self->detail ? scenario_alloc(self->scenario, sizeof *edge) : NULL;
    if (!edge)
        return;
    *edge = (struct edge){.next = self->detail->edges,
                          .section = section,
                          .index = (uint32_t)index,
                          .work = section == SECTION_WORK,
                          .place = node->place};
    self->detail->edges = edge;
}

/* A file below the output directory, which nobody hides: .git/config, .profile. */
static bool output_name_valid(const char *text)
{
    if (text[0] == '/' || text[strlen(text) - 1] == '/')
        return false;
    for (const char *part = text; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL) {
        size_t length = strcspn(part, "/");
        if (length == 0 || part[0] == '.')
            return false;
    }
    return strpbrk(text, "\\\n\r") == NULL;
}

static void read_text(struct reader *self, const struct parameter *p, void *member,
                      const struct node *node)
{
    if (!(p->flags & PARAMETER_REQUIRED) && p->kind != PARAMETER_TEXTS &&
        (is_none(node) || node_null(node)))
        return;
    if (node->kind == NODE_SCALAR && !node->plain && p->kind != PARAMETER_FILE &&
        p->kind != PARAMETER_OUTPUT) {
        *(const char **)member = node->text; /* quoted: may be empty, or "null" */
        return;
    }
    const char *text = scalar(self, p, node);
    if (!text)
        return;
    if (p->kind == PARAMETER_FILE) {
        file_load(self->scenario, node->place, text, member);
        return;
    }
    if (p->kind == PARAMETER_OUTPUT && (!text[0] || !output_name_valid(text))) {
        struct line line = {0};
        line_quote(&line, text);
        scenario_error(self->scenario, node->place,
                       "\"%s\": %s must be a file name below the output directory, no part of it "
                       "with a dot in front",
                       p->name, line.text);
        return;
    }
    if (p->kind == PARAMETER_OUTPUT)
        outputs_add(self->scenario, text, node->place);
    *(const char **)member = text;
}

/* ---- lists and groups ------------------------------------------------------------------------ */

static size_t item_bytes(const struct parameter *p)
{
    switch (p->kind) {
    case PARAMETER_REFERENCES:
        return sizeof(uint16_t);
    case PARAMETER_TEXTS:
        return sizeof(const char *);
    case PARAMETER_UINTS:
    case PARAMETER_ADDRESSES:
        return sizeof(uint64_t);
    default:
        return p->item_bytes;
    }
}

static void read_item(struct reader *self, const struct parameter *p, void *item,
                      const struct node *node, uint32_t index)
{
    if (!visit(self, node->place))
        return;
    switch (p->kind) {
    case PARAMETER_REFERENCES:
        *(uint16_t *)item = UINT16_MAX;
        read_reference(self, p, item, sizeof(uint16_t), node);
        break;
    case PARAMETER_TEXTS:
        read_text(self, p, item, node);
        if (!*(const char **)item)
            *(const char **)item = "";
        break;
    case PARAMETER_UINTS:
        read_number(self, p, PARAMETER_UINT, item, sizeof(uint64_t), node);
        break;
    case PARAMETER_ADDRESSES:
        read_number(self, p, PARAMETER_ADDRESS, item, sizeof(uint64_t), node);
        break;
    default: {
        char word[16];
        snprintf(word, sizeof word, "%u", index);
        size_t before = path_push(self, word);
        remember_place(self, node->place);
        read_defaults(p->sub, item);
        if (node->kind == NODE_MAP)
            read_table(self, p->sub, item, node, NULL);
        else
            scenario_error(self->scenario, node->place, "an item of \"%s\" is a map of keys",
                           p->name);
        path_pop(self, before);
        break;
    }
    }
}

static void read_list(struct reader *self, const struct parameter *p, struct parameter_list *list,
                      const struct node *node)
{
    struct node_entry single = {.value = (struct node *)(uintptr_t)node, .place = node->place};
    const struct node_entry *entries = node->entries;
    uint32_t count = node->count;
    if (node->kind == NODE_SCALAR && !node_null(node) && p->kind != PARAMETER_LIST) {
        entries = &single; /* one item, without brackets */
        count = 1;
    } else if (node->kind != NODE_LIST) {
        scenario_error(self->scenario, node->place, "\"%s\" is a list", p->name);
        return;
    }
    bool counted = p->kind != PARAMETER_UINTS && p->kind != PARAMETER_ADDRESSES;
    uint64_t least = counted ? p->min : 0, most = counted && p->max ? p->max : UINT32_MAX;
    if (least == 0 && p->flags & PARAMETER_REQUIRED)
        least = 1;
    if (count < least || count > most) {
        if (most == UINT32_MAX)
            scenario_error(self->scenario, node->place,
                           "\"%s\" has %u items, at least %" PRIu64 " are needed", p->name, count,
                           least);
        else
            scenario_error(self->scenario, node->place,
                           "\"%s\" has %u items, allowed: %" PRIu64 " to %" PRIu64, p->name, count,
                           least, most);
        return;
    }
    if (count == 0)
        return;
    size_t bytes = item_bytes(p);
    char *items = scenario_alloc(self->scenario, count * bytes);
    if (!items)
        return;
    for (uint32_t i = 0; i < count && !self->scenario->exhausted; i++)
        read_item(self, p, items + i * bytes, entries[i].value, i);
    list->items = items;
    list->count = count;
}

static void read_value(struct reader *self, const struct parameter *p, void *base,
                       const struct node *node)
{
    void *member = member_of(base, p);
    if (!visit(self, node->place))
        return;
    switch (p->kind) {
    case PARAMETER_BOOL:
        read_bool(self, p, member, node);
        break;
    case PARAMETER_UINT:
    case PARAMETER_ADDRESS:
    case PARAMETER_BYTES:
    case PARAMETER_TIME:
    case PARAMETER_FREQUENCY:
    case PARAMETER_RATE:
        read_number(self, p, p->kind, member, p->size_bytes, node);
        break;
    case PARAMETER_ENUM:
        read_enum(self, p, member, node);
        break;
    case PARAMETER_REFERENCE:
        read_reference(self, p, member, p->size_bytes, node);
        break;
    case PARAMETER_TEXT:
    case PARAMETER_FILE:
    case PARAMETER_OUTPUT:
        read_text(self, p, member, node);
        break;
    case PARAMETER_GROUP:
        if (node->kind == NODE_MAP)
            read_table(self, p->sub, member, node, NULL);
        else if (node_null(node))
            read_table(self, p->sub, member, &(struct node){NODE_MAP, .place = node->place}, NULL);
        else
            scenario_error(self->scenario, node->place, "\"%s\" is a map of keys", p->name);
        break;
    case PARAMETER_REFERENCES:
    case PARAMETER_UINTS:
    case PARAMETER_TEXTS:
    case PARAMETER_LIST:
    case PARAMETER_ADDRESSES:
        read_list(self, p, member, node);
        break;
    case PARAMETER_GIVEN:
    case PARAMETER_PLACE:
        break;
    }
}

/* In an entry of `work` a key that only one driver's group has may stand without the group: `lock: block` for
 * `dw: {lock: block}`. Reads it; false if it is no such key. */
static bool read_short(struct reader *self, const struct parameter *table, void *base,
                       const struct node *map, const struct node_entry *entry)
{
    const struct parameter *group = self->section == SECTION_WORK && self->path_length == 0
                                        ? parameter_group_with(table, entry->key)
                                        : NULL;
    if (!group || parameter_group_with(group + 1, entry->key))
        return false;
    const int at = node_find(map, group->name);
    if (at >= 0 && map->entries[at].value->kind == NODE_MAP &&
        node_find(map->entries[at].value, entry->key) >= 0) {
        scenario_error(self->scenario, entry->place, "\"%s\" stands in \"%s\" as well", entry->key,
                       group->name);
        return true;
    }
    struct node_entry one = *entry;
    const struct node alone = {NODE_MAP, .place = entry->place, .count = 1, .entries = &one};
    const size_t before = path_push(self, group->name);
    remember_place(self, entry->place);
    read_table(self, group->sub, member_of(base, group), &alone, NULL);
    path_pop(self, before);
    return true;
}

static void unknown_key(struct reader *self, const struct parameter *table,
                        const char *const *reserved, const struct node_entry *entry)
{
    struct line line = {0};
    line_add(&line, "unknown key ");
    line_quote(&line, entry->key);
    if (!strcmp(entry->key, "<<")) {
        line_add(&line, ": merging maps is no part of a scenario");
    } else if (parameter_group_with(table, entry->key)) {
        line_add(&line, ", did you mean \"%s: {%s: ...}\"?",
                 parameter_group_with(table, entry->key)->name, entry->key);
    } else if (report_open(&self->scenario->report)) {
        struct suggestion suggestion;
        suggestion_start(&suggestion, entry->key);
        for (const char *const *word = reserved; word && *word; word++)
            suggestion_offer(&suggestion, *word);
        for (const struct parameter *p = table; p && p->name; p++)
            if (parameter_is_key(p))
                suggestion_offer(&suggestion, p->name);
        suggestion_end(&suggestion, &line);
    }
    scenario_error(self->scenario, entry->place, "%s", line.text);
}

static void missing_key(struct reader *self, const struct parameter *p, struct place place)
{
    struct line line = {0};
    line_add(&line, "missing key \"%s\"", p->name);
    for (unsigned i = 0; p->kind == PARAMETER_ENUM && p->names[i]; i++)
        line_add(&line, i ? ", %s" : ", one of %s", p->names[i]);
    scenario_error(self->scenario, place, "%s", line.text);
}

static bool contains(const char *const *words, const char *word)
{
    for (; words && *words; words++)
        if (!strcmp(*words, word))
            return true;
    return false;
}

/* Reads a map by a table, over the defaults already laid in base. `reserved` are keys somebody else
 * reads. */
static void read_table(struct reader *self, const struct parameter *table, void *base,
                       const struct node *map, const char *const *reserved)
{
    for (const struct parameter *p = table; p && p->name; p++) {
        if (p->kind == PARAMETER_GIVEN)
            *(bool *)member_of(base, p) = true;
        else if (p->kind == PARAMETER_PLACE)
            *(struct parameter_place *)member_of(base, p) =
                (struct parameter_place){map->place.line, map->place.column};
    }
    for (uint32_t i = 0; i < map->count && !self->scenario->exhausted; i++) {
        const struct node_entry *entry = &map->entries[i];
        if (contains(reserved, entry->key))
            continue;
        const struct parameter *p = table;
        while (p && p->name && !(parameter_is_key(p) && !strcmp(p->name, entry->key)))
            p++;
        if (!p || !p->name) {
            if (!read_short(self, table, base, map, entry))
                unknown_key(self, table, reserved, entry);
            continue;
        }
        size_t before = path_push(self, p->name);
        remember_place(self, entry->value->place);
        read_value(self, p, base, entry->value);
        path_pop(self, before);
    }
    for (const struct parameter *p = table; p && p->name; p++)
        if (parameter_is_key(p) && p->flags & PARAMETER_REQUIRED && node_find(map, p->name) < 0)
            missing_key(self, p, map->place);
}

void read_map(struct scenario *scenario, enum component_section section, uint32_t index,
              const struct parameter *table, void *base, const struct node *map,
              const char *const *reserved)
{
    struct reader self = {.scenario = scenario, .section = section, .index = index};
    if (section != SECTION_COUNT)
        self.detail = &scenario->details[section][index];
    read_table(&self, table, base, map, reserved);
}
