/* SPDX-License-Identifier: BSD-2-Clause */
/* trace_scopes: dotted names to a tree. */
#include "trace/vcd/scopes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bus/records.h"
#include "kernel/text.h"
#include "trace/file.h"

enum component_section trace_section_of(const struct plan *plan, const char *name)
{
    const size_t length = strcspn(name, ".");
    for (int s = 0; plan && s < SECTION_COUNT; s++)
        for (uint32_t i = 0; i < plan->counts[s]; i++)
            if (strncmp(plan->components[s][i].name, name, length) == 0 &&
                plan->components[s][i].name[length] == '\0')
                return (enum component_section)s;
    return SECTION_COUNT;
}

bool trace_is_text(const struct probe *probe)
{
    return probe->type == &register_probe_type || probe->type == &text_probe_type;
}

bool trace_has_signals(const struct probe *probe)
{
    if (trace_is_text(probe))
        return true;
    if (probe->type->kind == PROBE_EVENT)
        return false;
    for (size_t i = 0; i < probe->type->field_count; i++)
        if (probe->type->fields[i].width_bits)
            return true;
    return false;
}

/* The number of the signal `name` among those of a probe; SIZE_MAX if it has none of that width. */
static size_t find_signal(const struct probe *probe, const char *name, unsigned width_bits)
{
    size_t number = 0;
    for (size_t i = 0; probe && i < probe->type->field_count; i++) {
        const struct probe_field *field = &probe->type->fields[i];
        if (field->width_bits == width_bits && strcmp(field->name, name) == 0)
            return number;
        number += field->width_bits != 0;
    }
    return SIZE_MAX;
}

/* The part that has the signal; null if there is none. */
static const struct probe *part_with(const struct probe *probe, const struct probe_field *field)
{
    for (unsigned i = 0; i < 2; i++)
        if (find_signal(probe->parts[i], field->name, field->width_bits) != SIZE_MAX)
            return probe->parts[i];
    return NULL;
}

bool trace_is_repeated(const struct probe *probe)
{
    for (size_t i = 0; i < probe->type->field_count; i++)
        if (probe->type->fields[i].width_bits && !part_with(probe, &probe->type->fields[i]))
            return false;
    return probe->parts[0] != NULL;
}

/* The number of a probe's first signal. */
static size_t first_number(const struct probe *probes, const struct probe *probe)
{
    size_t number = 0;
    for (const struct probe *p = probes; p && p != probe; p = p->link)
        for (size_t i = 0;
             trace_has_signals(p) && !trace_is_repeated(p) && i < p->type->field_count; i++)
            number += p->type->fields[i].width_bits != 0;
    return number;
}

void trace_id(size_t n, char id[TRACE_ID_MAX])
{
    const size_t first = '!', count = '~' - '!' + 1;
    size_t length = 0;
    do {
        id[length++] = (char)(first + n % count);
        n /= count;
    } while (n-- > 0 && length < TRACE_ID_MAX - 1);
    id[length] = '\0';
}

/* A copy of `length` characters; those that would end a VCD token become '_'. */
static char *token(const char *text, size_t length)
{
    char *copy = malloc(length + 1);
    if (!copy)
        return NULL;
    for (size_t i = 0; i < length; i++)
        copy[i] = (unsigned char)text[i] <= ' ' || text[i] == 0x7f ? '_' : text[i];
    copy[length] = '\0';
    return copy;
}

static char *joined(const char *front, char between, const char *back)
{
    size_t front_length = strlen(front), back_length = strlen(back);
    char *text = malloc(front_length + back_length + 2);
    if (!text)
        return NULL;
    memcpy(text, front, front_length);
    text[front_length] = between;
    memcpy(text + front_length + 1, back, back_length + 1);
    return text;
}

static struct trace_scope *find_or_add(struct trace_scope *parent, const char *text, size_t length)
{
    char *name = token(text, length);
    if (!name)
        return NULL;
    struct trace_scope **tail = &parent->child;
    for (; *tail; tail = &(*tail)->next) {
        if (strcmp((*tail)->name, name) == 0) {
            free(name);
            return *tail;
        }
    }
    struct trace_scope *scope = calloc(1, sizeof *scope);
    if (!scope) {
        free(name);
        return NULL;
    }
    scope->name = name;
    scope->parent = parent;
    *tail = scope;
    scope->path = parent->path ? joined(parent->path, '.', name) : token(text, length);
    return scope->path ? scope : NULL;
}

static bool taken(const struct trace_scope *scope, const char *name)
{
    for (const struct trace_signal *s = scope->signals; s; s = s->next)
        if (strcmp(s->name, name) == 0)
            return true;
    return false;
}

static bool add_signal(struct trace_scope *scope, const struct probe *probe,
                       const struct probe_field *field, size_t number)
{
    struct trace_signal *signal = calloc(1, sizeof *signal);
    if (!signal)
        return false;
    signal->name = token(field->name, strlen(field->name));
    if (signal->name && taken(scope, signal->name)) {
        char *longer = joined(signal->name, '_', probe->type->name);
        free(signal->name);
        signal->name = longer;
    }
    if (!signal->name) {
        free(signal);
        return false;
    }
    signal->probe = probe;
    signal->field = field;
    signal->number = number;
    trace_id(number, signal->id);
    struct trace_signal **tail = &scope->signals;
    while (*tail)
        tail = &(*tail)->next;
    *tail = signal;
    return true;
}

static bool add_probe(struct trace_scope *root, const struct probe *probes,
                      const struct probe *probe)
{
    const bool repeated = trace_is_repeated(probe);
    const size_t first = first_number(probes, repeated ? probe->parts[0] : probe);
    const size_t second = repeated ? first_number(probes, probe->parts[1]) : first;
    struct trace_scope *scope = root;
    for (const char *from = probe->name; scope;) {
        size_t length = strcspn(from, ".");
        scope = find_or_add(scope, length ? from : "_", length ? length : 1);
        if (from[length] == '\0')
            break;
        from += length + 1;
    }
    for (size_t i = 0; scope && i < probe->type->field_count; i++) {
        const struct probe_field *field = &probe->type->fields[i];
        if (!field->width_bits)
            continue;
        const struct probe *net = repeated ? part_with(probe, field) : probe;
        const size_t number = (net == probe->parts[1] ? second : first) +
                              find_signal(net, field->name, field->width_bits);
        if (!add_signal(scope, probe, field, number))
            return false;
    }
    return scope != NULL;
}

struct trace_scope *trace_scopes_build(const struct probe *probes)
{
    struct trace_scope *root = calloc(1, sizeof *root);
    for (const struct probe *p = probes; root && p; p = p->link) {
        if (trace_has_signals(p) && !add_probe(root, probes, p)) {
            trace_scopes_free(root);
            root = NULL;
        }
    }
    return root;
}

/* ---- selection ------------------------------------------------------------------------------- */

#define NAME_MAX_PRINTED 512 /* more of a name is not looked at */

static void print_name(const struct trace_scope *scope, const struct trace_signal *signal,
                       bool range, char name[NAME_MAX_PRINTED])
{
    const char *path = scope->path ? scope->path : "";
    const int length =
        snprintf(name, NAME_MAX_PRINTED, "%s%s%s", path, *path ? "." : "", signal->name);
    if (range && signal->field->width_bits > 1 && length < NAME_MAX_PRINTED)
        snprintf(name + length, NAME_MAX_PRINTED - (size_t)length, "[%u:0]",
                 signal->field->width_bits - 1u);
}

static bool matches(const struct trace_scope *scope, const struct trace_signal *signal,
                    const char *glob)
{
    char name[NAME_MAX_PRINTED];
    print_name(scope, signal, false, name);
    if (text_glob(glob, name))
        return true;
    print_name(scope, signal, true, name);
    return text_glob(glob, name);
}

/* The first signal of the tree that a glob matches; of the null glob any. */
static const struct trace_signal *find_match(const struct trace_scope *scope, const char *glob,
                                             const struct trace_scope **in)
{
    *in = scope;
    for (const struct trace_signal *s = scope->signals; s; s = s->next)
        if (!glob || matches(scope, s, glob))
            return s;
    for (const struct trace_scope *child = scope->child; child; child = child->next) {
        const struct trace_signal *found = find_match(child, glob, in);
        if (found)
            return found;
    }
    return NULL;
}

static void free_signal(struct trace_signal *self)
{
    free(self->name);
    free(self);
}

/* Takes out what no glob matches, and scopes that are empty then. */
static void prune(struct trace_scope *scope, const struct parameter_list *globs)
{
    const char *const *all = globs->items;
    for (struct trace_signal **place = &scope->signals; *place;) {
        struct trace_signal *signal = *place;
        bool wanted = false;
        for (uint32_t i = 0; i < globs->count && !wanted; i++)
            wanted = matches(scope, signal, all[i]);
        if (wanted) {
            place = &signal->next;
            continue;
        }
        *place = signal->next;
        free_signal(signal);
    }
    for (struct trace_scope **place = &scope->child; *place;) {
        struct trace_scope *child = *place;
        prune(child, globs);
        if (child->signals || child->child) {
            place = &child->next;
            continue;
        }
        *place = child->next;
        child->next = NULL;
        trace_scopes_free(child);
    }
}

bool trace_scopes_select(struct trace_scope *root, const struct parameter_list *globs,
                         struct dmasim_error *error)
{
    const char *const *all = globs->items;
    const struct trace_scope *in;
    for (uint32_t i = 0; i < globs->count; i++) {
        if (find_match(root, all[i], &in))
            continue;
        const struct trace_signal *any = find_match(root, NULL, &in);
        char name[NAME_MAX_PRINTED] = "";
        if (any)
            print_name(in, any, true, name);
        trace_error(error, DMASIM_INVALID, NULL,
                    "trace.signals: no signal's name matches \"%.60s\"%s%.120s", all[i],
                    any ? ", the first one is " : "", name);
        return false;
    }
    if (globs->count)
        prune(root, globs);
    return true;
}

void trace_scopes_free(struct trace_scope *root)
{
    if (!root)
        return;
    while (root->child) {
        struct trace_scope *child = root->child;
        root->child = child->next;
        trace_scopes_free(child);
    }
    while (root->signals) {
        struct trace_signal *signal = root->signals;
        root->signals = signal->next;
        free_signal(signal);
    }
    free(root->name);
    free(root->path);
    free(root);
}
