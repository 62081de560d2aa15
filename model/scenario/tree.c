/* SPDX-License-Identifier: BSD-2-Clause */
/* tree: a YAML text as nodes that keep their places. See tree.h. */
#include "scenario/tree.h"

#include "kernel/text.h"
#include "scenario/names.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* Children of an open map or list are chained until it closes, then laid out in an array. */
struct child {
    struct child *next;
    struct node_entry entry;
};

struct level {
    struct node *node;
    struct child *first, *last;
    const char *key; /* read, waiting for its value */
    struct place key_place;
};

struct builder {
    struct arena *arena;
    struct report *report;
    uint32_t source, shift;
    size_t length; /* of the text */
    struct level levels[TREE_DEPTH_MAX];
    uint32_t depth;
    uint32_t nodes;
    struct names anchors; /* indices of anchored */
    struct node **anchored;
    uint32_t anchored_count, anchored_room;
    struct node *root;
    bool stopped; /* an error after which nothing more can be read */
};

static const char too_many[] = "too many values, a scenario has at most " TREE_NODES_TEXT;
static const char byte_order_mark[] = "\xef\xbb\xbf";
static const char second_document[] = "a second document: a scenario is one";

static struct place place_of(const struct builder *self, yaml_mark_t mark)
{
    /* An override is one line; libyaml sees its end as the start of the next. */
    size_t column = self->source && mark.line > 0 ? self->length : mark.column;
    if (self->source)
        return (struct place){self->source, (uint32_t)column + 1 + self->shift, self->source};
    return (struct place){(uint32_t)mark.line + 1, (uint32_t)mark.column + 1, 0};
}

static void stop(struct builder *self, int code, struct place place, const char *text)
{
    if (!self->stopped)
        report_add(self->report, code, place, "%s", text);
    self->stopped = true;
}

static void no_memory(struct builder *self)
{
    stop(self, DMASIM_MEMORY, (struct place){0}, "out of memory");
}

/* ---- the text before libyaml sees it --------------------------------------------------------- */

/* Refuses what libyaml would accept, or would refuse with a text that helps nobody. */
static void check_text(struct builder *self, const char *text, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;
    yaml_mark_t mark = {0};
    bool indent = true;
    size_t at = 0;
    while (at < length && !self->stopped) {
        size_t step = utf8_length(bytes + at, length - at);
        if (step == 0)
            stop(self, DMASIM_INVALID, place_of(self, mark), "not UTF-8 text");
        else if (bytes[at] == 0)
            stop(self, DMASIM_INVALID, place_of(self, mark), "NUL byte: this is no text file");
        else if (bytes[at] == '\t' && indent)
            stop(self, DMASIM_INVALID, place_of(self, mark),
                 "tab used to indent, YAML takes spaces only");
        if (bytes[at] != ' ')
            indent = false;
        mark.column++;
        if (bytes[at] == '\n' ||
            (bytes[at] == '\r' && (at + 1 == length || bytes[at + 1] != '\n'))) {
            mark.line++;
            mark.column = 0;
            indent = true;
        }
        at += step;
    }
}

/* ---- nodes ----------------------------------------------------------------------------------- */

static struct node *new_node(struct builder *self, enum node_kind kind, struct place place)
{
    if (++self->nodes > TREE_NODES_MAX) {
        stop(self, DMASIM_LIMIT, place, too_many);
        return NULL;
    }
    struct node *node = arena_alloc(self->arena, sizeof *node);
    if (!node) {
        no_memory(self);
        return NULL;
    }
    node->kind = kind;
    node->place = place;
    return node;
}

static char *copy_text(struct builder *self, const char *text, size_t length)
{
    char *copy = arena_alloc(self->arena, length + 1);
    if (copy)
        memcpy(copy, text, length);
    else
        no_memory(self);
    return copy;
}

static void add_anchor(struct builder *self, const yaml_char_t *name, struct node *node)
{
    if (!name)
        return;
    if (self->anchored_count == self->anchored_room) {
        const uint32_t room = self->anchored_room ? 2 * self->anchored_room : 64;
        struct node **more = realloc(self->anchored, room * sizeof(*more));
        if (!more) {
            no_memory(self);
            return;
        }
        self->anchored = more;
        self->anchored_room = room;
    }
    const char *copy = copy_text(self, (const char *)name, strlen((const char *)name));
    if (!copy || !names_put(&self->anchors, self->arena, copy, self->anchored_count)) {
        no_memory(self);
        return;
    }
    self->anchored[self->anchored_count++] = node;
}

/* A value is complete as far as its place in the tree goes: hang it in. */
static void attach(struct builder *self, struct node *node, struct place place)
{
    if (self->depth == 0) {
        self->root = node;
        return;
    }
    struct level *level = &self->levels[self->depth - 1];
    struct child *child = arena_alloc(self->arena, sizeof *child);
    if (!child) {
        no_memory(self);
        return;
    }
    child->entry.value = node;
    child->entry.place = place;
    if (level->node->kind == NODE_MAP) {
        child->entry.key = level->key;
        child->entry.place = level->key_place;
        level->key = NULL;
    }
    if (level->last)
        level->last->next = child;
    else
        level->first = child;
    level->last = child;
    level->node->count++;
}

static bool wants_key(const struct builder *self)
{
    return self->depth > 0 && self->levels[self->depth - 1].node->kind == NODE_MAP &&
           !self->levels[self->depth - 1].key;
}

/* A tag says of which kind a value is, which here the tables say. */
static bool refuse_tag(struct builder *self, const yaml_char_t *tag, struct place place)
{
    if (tag)
        stop(self, DMASIM_INVALID, place, "a tag (!) is of no use here");
    return tag != NULL;
}

static void on_scalar(struct builder *self, const yaml_event_t *event)
{
    struct place place = place_of(self, event->start_mark);
    if (refuse_tag(self, event->data.scalar.tag, place))
        return;
    const char *text = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    if (memchr(text, 0, length)) {
        stop(self, DMASIM_INVALID, place, "a value must not contain NUL");
        return;
    }
    char *copy = copy_text(self, text, length);
    if (!copy)
        return;
    if (wants_key(self)) {
        if (++self->nodes > TREE_NODES_MAX)
            stop(self, DMASIM_LIMIT, place, too_many);
        self->levels[self->depth - 1].key = copy;
        self->levels[self->depth - 1].key_place = place;
        if (event->data.scalar.anchor)
            stop(self, DMASIM_INVALID, place, "an anchor on a key is of no use here");
        return;
    }
    struct node *node = new_node(self, NODE_SCALAR, place);
    if (!node)
        return;
    node->text = copy;
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    add_anchor(self, event->data.scalar.anchor, node);
    attach(self, node, place);
}

static void on_start(struct builder *self, enum node_kind kind, const yaml_event_t *event,
                     const yaml_char_t *anchor, const yaml_char_t *tag)
{
    struct place place = place_of(self, event->start_mark);
    if (refuse_tag(self, tag, place))
        return;
    if (wants_key(self)) {
        stop(self, DMASIM_INVALID, place, "a key must be a word, not a map or list");
        return;
    }
    if (self->depth == TREE_DEPTH_MAX) {
        stop(self, DMASIM_LIMIT, place, "nested too deep, at most 32 levels");
        return;
    }
    struct node *node = new_node(self, kind, place);
    if (!node)
        return;
    add_anchor(self, anchor, node);
    attach(self, node, place);
    self->levels[self->depth++] = (struct level){.node = node};
}

static void on_alias(struct builder *self, const yaml_event_t *event)
{
    struct place place = place_of(self, event->start_mark);
    const char *name = (const char *)event->data.alias.anchor;
    struct line line = {0};
    if (wants_key(self)) {
        stop(self, DMASIM_INVALID, place, "an alias cannot be a key");
        return;
    }
    const uint32_t at = names_find(&self->anchors, name);
    if (at != NAMES_NONE) {
        struct node *node = self->anchored[at];
        for (uint32_t i = 0; i < self->depth; i++)
            if (self->levels[i].node == node) {
                line_add(&line, "alias *%.60s stands for something that contains it", name);
                stop(self, DMASIM_INVALID, place, line.text);
                return;
            }
        if (++self->nodes > TREE_NODES_MAX)
            stop(self, DMASIM_LIMIT, place, too_many);
        else
            attach(self, node, place);
        return;
    }
    line_add(&line, "alias *%.60s has no anchor &%.60s before it", name, name);
    stop(self, DMASIM_INVALID, place, line.text);
}

static int compare_keys(const void *left, const void *right)
{
    const struct node_entry *const *a = left, *const *b = right;
    int order = strcmp((*a)->key, (*b)->key);
    return order ? order : *a < *b ? -1 : *a > *b;
}

/* Reports keys that are there twice and leaves the first. */
static void drop_duplicates(struct builder *self, struct node *map)
{
    const struct node_entry **sorted = malloc(map->count * sizeof *sorted);
    if (!sorted) {
        no_memory(self);
        return;
    }
    for (uint32_t i = 0; i < map->count; i++)
        sorted[i] = &map->entries[i];
    qsort(sorted, map->count, sizeof *sorted, compare_keys);
    const struct node_entry *first = sorted[0];
    for (uint32_t i = 1; i < map->count; i++) {
        if (strcmp(sorted[i]->key, first->key) != 0) {
            first = sorted[i];
            continue;
        }
        struct line line = {0};
        line_add(&line, "duplicate key ");
        line_quote(&line, first->key);
        report_add(self->report, DMASIM_INVALID, sorted[i]->place,
                   "%s, first at line %u, column %u", line.text, first->place.line,
                   first->place.column);
        map->entries[sorted[i] - map->entries].value = NULL;
    }
    free(sorted);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < map->count; i++)
        if (map->entries[i].value)
            map->entries[kept++] = map->entries[i];
    map->count = kept;
}

static void on_end(struct builder *self)
{
    struct level *level = &self->levels[--self->depth];
    struct node *node = level->node;
    /* libyaml ends only what it began, and what began has a node. */
    if (node->count == 0) /* NOLINT(clang-analyzer-core.NullDereference) */
        return;
    node->entries = arena_alloc(self->arena, node->count * sizeof *node->entries);
    if (!node->entries) {
        no_memory(self);
        return;
    }
    uint32_t index = 0;
    for (const struct child *child = level->first; child; child = child->next)
        node->entries[index++] = child->entry;
    if (node->kind == NODE_MAP && node->count > 1)
        drop_duplicates(self, node);
}

static void on_syntax_error(struct builder *self, const yaml_parser_t *parser)
{
    struct line line = {0};
    if (parser->error == YAML_MEMORY_ERROR) {
        no_memory(self);
        return;
    }
    if (parser->problem && !strcmp(parser->problem, "did not find expected <document start>")) {
        stop(self, DMASIM_INVALID, place_of(self, parser->problem_mark), second_document);
        return;
    }
    line_add(&line, "%s", parser->problem ? parser->problem : "not YAML");
    if (parser->context && !self->source)
        line_add(&line, " (%s at line %zu)", parser->context, parser->context_mark.line + 1);
    stop(self, DMASIM_INVALID, place_of(self, parser->problem_mark), line.text);
}

struct node *tree_parse(struct arena *arena, struct report *report, const char *text, size_t length,
                        uint32_t source, uint32_t shift)
{
    struct builder *self = calloc(1, sizeof *self);
    yaml_parser_t parser;
    if (!self || !yaml_parser_initialize(&parser)) {
        free(self);
        report_add(report, DMASIM_MEMORY, (struct place){0}, "out of memory");
        return NULL;
    }
    *self = (struct builder){
        .arena = arena, .report = report, .source = source, .shift = shift, .length = length};
    /* libyaml looks for a byte order mark only where it is not told the encoding. */
    if (!source && length >= sizeof byte_order_mark - 1 &&
        !memcmp(text, byte_order_mark, sizeof byte_order_mark - 1)) {
        text += sizeof byte_order_mark - 1;
        length -= sizeof byte_order_mark - 1;
    }
    if (length > TREE_TEXT_MAX)
        stop(self, DMASIM_LIMIT, (struct place){1, 1, source},
             "too large, a scenario has at most " TREE_TEXT_TEXT);
    else
        check_text(self, text, length);

    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
    unsigned documents = 0;
    for (bool over = false; !over && !self->stopped;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            on_syntax_error(self, &parser);
            break;
        }
        switch (event.type) {
        case YAML_STREAM_END_EVENT:
            over = true;
            break;
        case YAML_DOCUMENT_START_EVENT:
            if (++documents > 1)
                stop(self, DMASIM_INVALID, place_of(self, event.start_mark), second_document);
            break;
        case YAML_SCALAR_EVENT:
            on_scalar(self, &event);
            break;
        case YAML_MAPPING_START_EVENT:
            on_start(self, NODE_MAP, &event, event.data.mapping_start.anchor,
                     event.data.mapping_start.tag);
            break;
        case YAML_SEQUENCE_START_EVENT:
            on_start(self, NODE_LIST, &event, event.data.sequence_start.anchor,
                     event.data.sequence_start.tag);
            break;
        case YAML_ALIAS_EVENT:
            on_alias(self, &event);
            break;
        case YAML_MAPPING_END_EVENT:
        case YAML_SEQUENCE_END_EVENT:
            on_end(self);
            break;
        default:
            break;
        }
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    if (!self->stopped && !source && (!self->root || node_null(self->root)))
        stop(self, DMASIM_INVALID, (struct place){1, 1, 0},
             "the file is empty, a scenario starts with a key such as clocks:");
    struct node *root = self->stopped ? NULL : self->root;
    free(self->anchored);
    free(self);
    return root;
}

int node_find(const struct node *map, const char *key)
{
    for (uint32_t i = 0; i < map->count; i++)
        if (!strcmp(map->entries[i].key, key))
            return (int)i;
    return -1;
}

bool node_null(const struct node *node)
{
    return node->kind == NODE_SCALAR && node->plain &&
           (!node->text[0] || !strcmp(node->text, "~") || !strcmp(node->text, "null"));
}
