/* SPDX-License-Identifier: BSD-2-Clause */
#include "study/flow.h"

#include <stdio.h>
#include <string.h>

struct flow {
    char text[FLOW_TEXT_MAX + 1];
    size_t length;
    bool full;
};

static void put(struct flow *self, const char *text, size_t length)
{
    self->full |= length > FLOW_TEXT_MAX - self->length;
    if (self->full)
        return;
    memcpy(self->text + self->length, text, length);
    self->length += length;
}

static void put_quoted(struct flow *self, const char *text)
{
    put(self, "\"", 1);
    for (; *text; text++) {
        const unsigned char c = (unsigned char)*text;
        char escape[8];
        if (c == '"' || c == '\\')
            put(self, (const char[]){'\\', *text}, 2);
        else if (c < 0x20 || c == 0x7f)
            put(self, escape, (size_t)snprintf(escape, sizeof escape, "\\x%02x", c));
        else
            put(self, text, 1);
    }
    put(self, "\"", 1);
}

/* A plain scalar may hold what ends it inside a map or list. */
static void put_scalar(struct flow *self, const struct node *node, bool inside)
{
    if (node->plain && !(inside && strpbrk(node->text, ",[]{}\"'#&*!|>%@`")))
        put(self, node->text, strlen(node->text));
    else
        put_quoted(self, node->text);
}

static void put_key(struct flow *self, const char *key)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
    if (*key && *key != '-' && key[strspn(key, plain)] == '\0')
        put(self, key, strlen(key));
    else
        put_quoted(self, key);
}

static void put_node(struct flow *self, const struct node *node, bool inside)
{
    if (node->kind == NODE_SCALAR) {
        put_scalar(self, node, inside);
        return;
    }
    const bool map = node->kind == NODE_MAP;
    put(self, map ? "{" : "[", 1);
    for (uint32_t i = 0; i < node->count && !self->full; i++) {
        if (i)
            put(self, ", ", 2);
        if (map) {
            put_key(self, node->entries[i].key);
            put(self, ": ", 2);
        }
        put_node(self, node->entries[i].value, true);
    }
    put(self, map ? "}" : "]", 1);
}

const char *flow_text(struct arena *arena, const struct node *node)
{
    struct flow flow = {.length = 0};
    put_node(&flow, node, false);
    if (flow.full)
        return NULL;
    flow.text[flow.length] = '\0';
    return arena_text(arena, flow.text);
}
