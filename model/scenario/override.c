/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * override: "path.to.key=value" over the tree, before it is read.
 *
 *     memories.sram.size=128 KiB      a parameter; a group on the way is made if it is not there
 *     work.0.bytes=4096               an entry of work by its number,
 *     work.first.bytes=4096           or by its name; the call's own key may stand or be left out
 *     memories.extra={bus: ahb0, base: 0x3000_0000, size: 4 KiB}      a whole component
 *
 * The value is YAML. Nodes on the way are copied, since an alias may share them.
 */
#include "scenario/internal.h"

#include <stdlib.h>
#include <string.h>

struct override {
    struct scenario *scenario;
    const char *text;
    uint32_t index;
    const char *at; /* the word being looked up */
    size_t length;
    unsigned depth;
};

static struct place place_at(const struct override *self, const char *at)
{
    return (struct place){self->index, (uint32_t)(at - self->text) + 1, self->index};
}

static struct node *copy_node(struct scenario *scenario, const struct node *node)
{
    struct node *copy = scenario_alloc(scenario, sizeof *copy);
    if (!copy)
        return NULL;
    *copy = *node;
    copy->entries = scenario_alloc(scenario, (node->count + 1) * sizeof *copy->entries);
    if (!copy->entries)
        return NULL;
    if (node->count > 0)
        memcpy(copy->entries, node->entries, node->count * sizeof *copy->entries);
    return copy; /* with room for one more entry */
}

static struct node *new_map(struct override *self, struct place place)
{
    struct node *map = scenario_alloc(self->scenario, sizeof *map);
    if (map)
        *map = (struct node){.kind = NODE_MAP, .place = place};
    return map;
}

static bool word_is(const struct override *self, const char *word)
{
    return strlen(word) == self->length && !memcmp(word, self->at, self->length);
}

/* The name of a work entry: its `name` key; null if it has none. */
static const char *entry_name(const struct node *item)
{
    if (item->kind != NODE_MAP || item->count != 1 || item->entries[0].value->kind != NODE_MAP)
        return NULL;
    const struct node *map = item->entries[0].value;
    int at = node_find(map, "name");
    return at >= 0 && map->entries[at].value->kind == NODE_SCALAR ? map->entries[at].value->text
                                                                  : NULL;
}

static int find_item(const struct override *self, const struct node *list)
{
    char *end;
    char word[SCENARIO_NAME_MAX + 1] = "";
    if (self->length > 0 && self->length <= SCENARIO_NAME_MAX)
        memcpy(word, self->at, self->length);
    if (word[0] >= '0' && word[0] <= '9') {
        unsigned long number = strtoul(word, &end, 10);
        return *end == '\0' && number < list->count ? (int)number : -1;
    }
    for (uint32_t i = 0; i < list->count; i++) {
        const char *name = entry_name(list->entries[i].value);
        if (name && word_is(self, name))
            return (int)i;
    }
    return -1;
}

static void unknown_word(struct override *self, const struct node *node)
{
    char word[SCENARIO_NAME_MAX + 1] = "";
    size_t length = self->length < SCENARIO_NAME_MAX ? self->length : SCENARIO_NAME_MAX;
    memcpy(word, self->at, length);
    struct line line = {0};
    line_add(&line, "nothing in the scenario is called ");
    line_quote(&line, word);
    if (node->kind == NODE_LIST && node->count > 0)
        line_add(&line, ", entries are 0 to %u", node->count - 1);
    if (node->kind == NODE_MAP) {
        struct suggestion suggestion;
        suggestion_start(&suggestion, word);
        for (uint32_t i = 0; i < node->count; i++)
            suggestion_offer(&suggestion, node->entries[i].key);
        suggestion_end(&suggestion, &line);
    }
    scenario_error(self->scenario, place_at(self, self->at), "%s", line.text);
}

/* The path starts with a key of a scenario. */
static bool starts_with_key(const struct override *self)
{
    for (const struct parameter *p = scenario_top_parameters; p->name; p++)
        if (word_is(self, p->name))
            return true;
    for (int s = 0; s < SECTION_COUNT; s++)
        if (word_is(self, section_keys[s]))
            return true;
    return false;
}

/* False after an error: the path starts with no key of a scenario. */
static bool known_start(struct override *self)
{
    if (starts_with_key(self))
        return true;
    char word[SCENARIO_NAME_MAX + 1] = "";
    memcpy(word, self->at, self->length < SCENARIO_NAME_MAX ? self->length : SCENARIO_NAME_MAX);
    struct suggestion suggestion;
    suggestion_start(&suggestion, word);
    for (const struct parameter *p = scenario_top_parameters; p->name; p++)
        suggestion_offer(&suggestion, p->name);
    for (int s = 0; s < SECTION_COUNT; s++)
        suggestion_offer(&suggestion, section_keys[s]);
    struct line line = {0};
    line_add(&line, "unknown key ");
    line_quote(&line, word);
    suggestion_end(&suggestion, &line);
    scenario_error(self->scenario, place_at(self, self->at), "%s", line.text);
    return false;
}

/* Sets the node at the rest of the path to `value`; returns the node to hang in place of `node`. */
static struct node *set(struct override *self, const struct node *node, struct node *value,
                        const char *rest)
{
    self->at = rest;
    self->length = strcspn(rest, ".=");
    bool last = rest[self->length] == '=';
    unsigned depth = self->depth++;
    if (self->length == 0) {
        scenario_error(self->scenario, place_at(self, rest), "a word of the path is missing");
        return NULL;
    }
    if (depth == 0 && !known_start(self))
        return NULL;
    if (node->kind == NODE_SCALAR && node_null(node))
        node = new_map(self, node->place);
    if (!node)
        return NULL;
    if (node->kind == NODE_SCALAR) {
        scenario_error(self->scenario, place_at(self, rest), "the value here has no parts");
        return NULL;
    }
    struct node *copy = copy_node(self->scenario, node);
    if (!copy)
        return NULL;

    int index = -1;
    if (node->kind == NODE_LIST) {
        index = find_item(self, node);
    } else {
        for (uint32_t i = 0; i < node->count && index < 0; i++)
            if (word_is(self, node->entries[i].key))
                index = (int)i;
    }
    /* A component or an item must be there; a parameter or a group may be new. */
    if (index < 0 && (node->kind == NODE_LIST || (!last && depth == 1))) {
        unknown_word(self, node);
        return NULL;
    }
    if (index < 0) {
        char *key = scenario_alloc(self->scenario, self->length + 1);
        struct node *map = new_map(self, place_at(self, rest));
        if (!key || !map)
            return NULL;
        memcpy(key, rest, self->length);
        index = (int)copy->count++;
        copy->entries[index] =
            (struct node_entry){.key = key, .place = place_at(self, rest), .value = map};
    }
    struct node_entry *entry = &copy->entries[index];
    const char *next = rest + self->length + 1;
    if (last) {
        entry->value = value;
        entry->place = place_at(self, rest);
        return copy;
    }
    /* In work the call's key may be left out. */
    struct node *call = entry->value;
    if (node->kind == NODE_LIST && depth == 1 && call->kind == NODE_MAP && call->count == 1 &&
        !(strlen(call->entries[0].key) == strcspn(next, ".=") &&
          !strncmp(call->entries[0].key, next, strcspn(next, ".=")))) {
        call = copy_node(self->scenario, call);
        struct node *inner = call ? set(self, call->entries[0].value, value, next) : NULL;
        if (!inner)
            return NULL;
        call->entries[0].value = inner;
        entry->value = call;
        return copy;
    }
    struct node *inner = set(self, call, value, next);
    if (!inner)
        return NULL;
    entry->value = inner;
    return copy;
}

void override_apply(struct scenario *self, const struct node **root, const char *text,
                    uint32_t index)
{
    struct override override = {.scenario = self, .text = text, .index = index};
    const char *equals = strchr(text, '=');
    if (!equals || strlen(text) > 4096) {
        struct line line = {0};
        line_quote(&line, text);
        scenario_error(self, place_at(&override, text), "%s is not path.to.key=value", line.text);
        return;
    }
    unsigned words = 1;
    for (const char *at = text; at < equals; at++)
        words += *at == '.';
    if (words > TREE_DEPTH_MAX) {
        scenario_error(self, place_at(&override, text), "the path is too long, at most %u words",
                       TREE_DEPTH_MAX);
        return;
    }
    uint32_t before = self->report.total;
    const char *value_text = equals + 1;
    struct node *value = tree_parse(&self->arena, &self->report, value_text, strlen(value_text),
                                    index, (uint32_t)(value_text - text));
    if (self->report.total != before)
        return;
    if (!value) {
        value = scenario_alloc(self, sizeof *value);
        if (!value)
            return;
        *value = (struct node){.kind = NODE_SCALAR,
                               .plain = true,
                               .text = "",
                               .place = place_at(&override, value_text)};
    }
    struct node *changed = set(&override, *root, value, text);
    if (changed)
        *root = changed;
}
