/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * state_check: is every member of a struct in exactly one row of its table (kernel/state.h)?
 *
 * By bytes: no two rows overlap, and what is in none is less than a word. And by names, since a small member
 * may stand where padding was: each that the source declares has a row.
 */
#ifndef DMASIM_TESTS_STATE_CHECK_H
#define DMASIM_TESTS_STATE_CHECK_H

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/state.h"

struct state_fault {
    char text[200]; /* empty: none */
};

static inline bool state_wrong(struct state_fault *fault, const struct state_table *table,
                               const char *member, const char *what)
{
    snprintf(fault->text, sizeof fault->text, "%s.%s %s", table->name, member, what);
    return false;
}

static inline bool state_row_sound(const struct state_table *table, const struct state_field *row,
                                   struct state_fault *fault)
{
    if (row->bytes == 0 || row->each == 0 || row->bytes % row->each ||
        row->offset + row->bytes > table->bytes)
        return state_wrong(fault, table, row->name, "is no member");
    if ((row->kind == STATE_KIND_FREE || row->live || row->valid_at) && !row->why)
        return state_wrong(fault, table, row->name, "does not say why it is not told");
    if (row->kind == STATE_KIND_COUNT && (row->each > 8 || row->each & (row->each - 1)))
        return state_wrong(fault, table, row->name, "is no count of 1, 2, 4 or 8 bytes");
    if (row->kind == STATE_KIND_STAMP && row->each != 8)
        return state_wrong(fault, table, row->name, "is no cycle");
    if (row->kind != STATE_KIND_PART)
        return true;
    if (row->pointer)
        return row->each == sizeof(void *) && (!row->behind || row->bytes == sizeof(void *))
                   ? true
                   : state_wrong(fault, table, row->name, "is no pointer");
    return row->each == row->part->bytes
               ? true
               : state_wrong(fault, table, row->name, "is another struct");
}

/* A gap of less than a word may be padding: see state_named(). */
static inline bool state_gaps_are_padding(const struct state_table *table, const uint8_t *rows,
                                          struct state_fault *fault)
{
    for (uint32_t i = 0, gap = 0; i < table->bytes; i++) {
        gap = rows[i] ? 0 : gap + 1;
        if (gap == 8) {
            char place[32];
            snprintf(place, sizeof place, "[byte %u]", i - 7);
            return state_wrong(fault, table, place, "is in no row");
        }
    }
    return true;
}

/* Of the table and of those of its parts. The first fault is told. */
static inline bool state_covered(const struct state_table *table, struct state_fault *fault)
{
    uint8_t *rows = calloc(1, table->bytes);
    bool good = rows != NULL;
    fault->text[0] = '\0';
    for (const struct state_field *row = table->fields; good && row->name; row++) {
        good = state_row_sound(table, row, fault);
        for (uint32_t i = row->offset; good && i < row->offset + row->bytes; i++)
            good = rows[i]++ == 0 ? true : state_wrong(fault, table, row->name, "is in two rows");
        if (good && row->kind == STATE_KIND_PART && row->part != table)
            good = state_covered(row->part, fault);
    }
    good = good && state_gaps_are_padding(table, rows, fault);
    free(rows);
    return good;
}

/* ---- names in the source --------------------------------------------------------------------- */

/* The text with comments as blanks; the caller frees it. */
static inline char *state_without_comments(const char *text)
{
    char *copy = strdup(text);
    for (char *at = copy; at && (at = strstr(at, "/*"));) {
        const char *end = strstr(at + 2, "*/");
        for (end = end ? end + 2 : at + strlen(at); at < end; at++)
            *at = ' ';
    }
    return copy;
}

/* Past the bracket that closes the one at `at`. */
static inline const char *state_close(const char *at)
{
    for (unsigned depth = 0; *at; at++) {
        depth += *at == '{' || *at == '(' || *at == '[';
        if ((*at == '}' || *at == ')' || *at == ']') && --depth == 0)
            return at + 1;
    }
    return at;
}

static inline bool state_is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Has a row of this name, or one of a member in it? */
static inline bool state_has_row(const struct state_table *table, const char *prefix,
                                 const char *name, size_t length)
{
    char whole[120];
    snprintf(whole, sizeof whole, "%s%.*s", prefix, (int)length, name);
    for (const struct state_field *row = table->fields; row->name; row++)
        if (strcmp(row->name, whole) == 0)
            return true;
    return false;
}

/* The member that a declarator names: the last word before its brackets. */
static inline bool state_declarator(const struct state_table *table, const char *prefix,
                                    const char *from, const char *end, struct state_fault *fault)
{
    const char *stop = from;
    while (stop < end && *stop != '[' && *stop != ':')
        stop = *stop == '(' && stop[1] != '*' ? state_close(stop) : stop + 1;
    const char *pointer = strstr(from, "(*");
    if (pointer && pointer < end) {
        for (stop = pointer + 2; state_is_word(*stop);)
            stop++;
    }
    while (stop > from && !state_is_word(stop[-1]))
        stop--;
    const char *name = stop;
    while (name > from && state_is_word(name[-1]))
        name--;
    if (state_has_row(table, prefix, name, (size_t)(stop - name)))
        return true;
    char place[120];
    snprintf(place, sizeof place, "%s%.*s", prefix, (int)(stop - name), name);
    return state_wrong(fault, table, place, "has no row");
}

/* Members from `at` to `end`: those of a struct all, of a union at least one. */
static inline bool state_members(const struct state_table *table, const char *prefix,
                                 const char *at, const char *end, bool any,
                                 struct state_fault *fault)
{
    bool good = !any;
    while (at < end && (any ? !good : good)) {
        while (at < end && isspace((unsigned char)*at))
            at++;
        const char *from = at, *body = NULL;
        while (at < end && *at != ';') {
            if (*at == '{' && !body)
                body = at;
            at = *at == '{' || *at == '(' || *at == '[' ? state_close(at) : at + 1;
        }
        if (at >= end)
            break;
        if (body) {
            const char *after = state_close(body), *name = after;
            while (isspace((unsigned char)*name))
                name++;
            const size_t length = (size_t)(strcspn(name, "[; "));
            char inner[120];
            snprintf(inner, sizeof inner, "%s%.*s%s", prefix, (int)length, name, length ? "." : "");
            good = (length && state_has_row(table, prefix, name, length)) ||
                   state_members(table, inner, body + 1, after - 1, strncmp(from, "union", 5) == 0,
                                 fault);
        } else if (memchr(from, ' ', (size_t)(at - from))) { /* else a macro */
            bool all = true;
            for (const char *part = from; part < at && all;) {
                const char *comma = part;
                while (comma < at && *comma != ',')
                    comma = *comma == '(' || *comma == '[' ? state_close(comma) : comma + 1;
                all = state_declarator(table, prefix, part, comma, fault);
                part = comma + 1;
            }
            good = all;
        }
        at++;
    }
    return good;
}

/* Does each member that `text` declares of the table's struct have a row? *found: it declares the struct. */
static inline bool state_named(const struct state_table *table, const char *text, bool *found,
                               struct state_fault *fault)
{
    char head[100];
    char *clean = state_without_comments(text);
    snprintf(head, sizeof head, "\nstruct %s {", table->name);
    const char *at = clean ? strstr(clean, head) : NULL;
    *found = at != NULL;
    fault->text[0] = '\0';
    bool good = true;
    if (at) {
        at = strchr(at, '{');
        good = state_members(table, "", at + 1, state_close(at) - 1, false, fault);
    }
    free(clean);
    return good;
}

#endif
