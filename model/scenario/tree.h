/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tree: a YAML text as nodes that keep their places.
 *
 * libyaml tells events; this builds the nodes and refuses what a scenario has no use for: tabs that
 * indent, anything but UTF-8, NUL, several documents, keys that are no words, duplicate keys.
 * Memory and time are bounded by the limits below. An alias shares the node of its anchor, so the
 * tree is a graph without loops; whoever walks it must count what it visits (TREE_VISITS_MAX).
 */
#ifndef DMASIM_TREE_H
#define DMASIM_TREE_H

#include "kernel/arena.h"
#include "scenario/report.h"

#define TREE_TEXT_MAX (64u * 1024u * 1024u) /* bytes of a scenario */
#define TREE_TEXT_TEXT "64 MiB"
#define TREE_NODES_MAX 4000000u
#define TREE_NODES_TEXT "4000000"
#define TREE_VISITS_MAX TREE_NODES_MAX
#define TREE_DEPTH_MAX 32u

enum node_kind { NODE_SCALAR, NODE_MAP, NODE_LIST };

struct node;

struct node_entry {
    const char *key;    /* of a map; null in a list */
    struct place place; /* of the key, or of the item */
    struct node *value;
};

struct node {
    enum node_kind kind;
    bool plain; /* a scalar without quotes */
    struct place place;
    const char *text; /* scalar */
    uint32_t count;   /* entries of a map or list */
    struct node_entry *entries;
};

/* Parses one document. Null on error or if it is empty, with the errors added to the report. Nodes
 * lie in the arena. Places are of `source`, columns shifted by `shift`; source 0 is a whole file,
 * others are values of overrides, which may be empty. */
struct node *tree_parse(struct arena *arena, struct report *report, const char *text, size_t length,
                        uint32_t source, uint32_t shift);

/* Index of a key in a map, -1 if it has none. */
int node_find(const struct node *map, const char *key);

/* True for a plain scalar that stands for nothing: empty, "~" or "null". */
bool node_null(const struct node *node);

#endif
