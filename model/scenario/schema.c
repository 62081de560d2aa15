/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * schema: the form of a scenario as JSON Schema (Draft-07), for editors.
 *
 * A number may stand as a YAML integer or as text with "_" or a unit, so each is an integer with
 * its range or a string with a pattern. What a schema cannot say (references that exist, addresses
 * inside a memory, checks across keys) is left to the scenario's own checks.
 */
#include "kernel/text.h"
#include "scenario/internal.h"
#include "scenario/json.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- values ---------------------------------------------------------------------------------- */

#define PLAIN_NUMBER "(0x[0-9A-Fa-f](_?[0-9A-Fa-f])*|0b[01](_?[01])*|0|[1-9](_?[0-9])*)"
#define DECIMAL "(0x[0-9A-Fa-f](_?[0-9A-Fa-f])*|(0|[1-9](_?[0-9])*)(\\.[0-9](_?[0-9])*)?)"
#define NAME_PATTERN "[A-Za-z_][A-Za-z0-9_-]{0,62}"

/* A unit in any letter case; but a time's "m" is no "M". */
static void unit_pattern(struct line *line, enum parameter_kind kind, const char *unit)
{
    for (const char *at = unit; *at; at++) {
        bool fixed = !ascii_letter(*at) || (kind == PARAMETER_TIME && at == unit && *at == 'm');
        if (fixed)
            line_add(line, "%c", *at);
        else
            line_add(line, "[%c%c]", ascii_lower(*at), ascii_upper(*at));
    }
}

static void value_pattern(struct line *line, enum parameter_kind kind)
{
    if (kind == PARAMETER_ADDRESS || kind == PARAMETER_ADDRESSES) {
        line_add(line, "^ *(" PLAIN_NUMBER "|" NAME_PATTERN "(\\.[A-Za-z0-9_]+)?( *\\+ *" DECIMAL
                       " *([kKmMgG]?[iI]?[bB]|[kKmMgG])?)?) *$");
        return;
    }
    if (!value_units(kind)) {
        line_add(line, "^ *" PLAIN_NUMBER " *$");
        return;
    }
    line_add(line, "^ *" DECIMAL " *(");
    for (const struct value_unit *unit = value_units(kind); unit->name; unit++) {
        unit_pattern(line, kind, unit->name);
        if (unit->also) {
            line_add(line, "|");
            unit_pattern(line, kind, unit->also);
        }
        line_add(line, unit[1].name ? "|" : kind == PARAMETER_TIME ? "|\xc2\xb5s|\xce\xbcs)" : ")");
    }
    line_add(line, value_needs_unit(kind) ? " *$" : "? *$");
}

static bool is_number(enum parameter_kind kind)
{
    switch (kind) {
    case PARAMETER_UINT:
    case PARAMETER_ADDRESS:
    case PARAMETER_BYTES:
    case PARAMETER_TIME:
    case PARAMETER_FREQUENCY:
    case PARAMETER_RATE:
        return true;
    default:
        return false;
    }
}

static void number_schema(struct json *json, const struct parameter *p, enum parameter_kind kind)
{
    struct line pattern = {0};
    json_open(json, "anyOf", '[');
    json_open(json, NULL, '{');
    if (value_needs_unit(kind)) {
        json_number(json, "const", 0);
    } else {
        json_text(json, "type", "integer");
        json_number(json, "minimum", p->min);
        if (value_max(p) != UINT64_MAX)
            json_number(json, "maximum", value_max(p));
    }
    json_close(json, '}');
    json_open(json, NULL, '{');
    json_text(json, "type", "string");
    value_pattern(&pattern, kind);
    json_text(json, "pattern", pattern.text);
    json_close(json, '}');
    if (kind == PARAMETER_BYTES) {
        json_open(json, NULL, '{');
        json_text(json, "type", "string");
        json_text(json, "pattern", "^" VALUE_SIZE_OF ".");
        json_close(json, '}');
    }
    if (value_unset(p, p->initial) && !(p->flags & PARAMETER_REQUIRED) && is_number(p->kind)) {
        json_open(json, NULL, '{');
        json_text(json, "const", "none");
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void table_members(struct json *json, const struct parameter *table, const char *type_name,
                          bool work);

static void default_member(struct json *json, const struct parameter *p)
{
    char text[VALUE_TEXT];
    if (p->flags & PARAMETER_REQUIRED)
        return;
    if (p->kind == PARAMETER_BOOL) {
        json_next(json, "default");
        fputs(p->initial ? "true" : "false", json->out);
    } else if (p->kind == PARAMETER_ENUM) {
        json_text(json, "default", p->names[p->initial]);
    } else if (p->kind == PARAMETER_REFERENCE) {
        json_text(json, "default", "none");
    } else if (is_number(p->kind)) {
        value_format(p->kind, p->initial, text, sizeof text);
        if (value_unset(p, p->initial))
            json_text(json, "default", "none");
        else if (p->kind == PARAMETER_UINT)
            json_number(json, "default", p->initial);
        else
            json_text(json, "default", text);
    }
}

/* Members that say what one item of a list is. */
static void item_members(struct json *json, const struct parameter *p)
{
    static const char *const any_text[] = {"string", "number", "boolean", NULL};
    switch (p->kind) {
    case PARAMETER_UINTS:
        number_schema(json, p, PARAMETER_UINT);
        break;
    case PARAMETER_ADDRESSES:
        number_schema(json, p, PARAMETER_ADDRESS);
        break;
    case PARAMETER_TEXTS:
        json_words(json, "type", any_text);
        break;
    case PARAMETER_REFERENCES:
        json_text(json, "type", "string");
        break;
    default:
        json_text(json, "type", "object");
        table_members(json, p->sub, NULL, false);
        break;
    }
}

static void list_schema(struct json *json, const struct parameter *p)
{
    bool counted = p->kind != PARAMETER_UINTS && p->kind != PARAMETER_ADDRESSES;
    uint64_t least = counted && p->min ? p->min : p->flags & PARAMETER_REQUIRED ? 1 : 0;
    json_open(json, "anyOf", '[');
    json_open(json, NULL, '{');
    json_text(json, "type", "array");
    if (least > 0)
        json_number(json, "minItems", least);
    if (counted && p->max)
        json_number(json, "maxItems", p->max);
    json_open(json, "items", '{');
    item_members(json, p);
    json_close(json, '}');
    json_close(json, '}');
    if (p->kind != PARAMETER_LIST) {
        json_open(json, NULL, '{');
        item_members(json, p);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void parameter_schema(struct json *json, const struct parameter *p)
{
    static const char *const text_types[] = {"string", "number", "boolean", "null", NULL};
    static const char *const name_types[] = {"string", "null", NULL};
    static const char *const group_types[] = {"object", "null", NULL};
    json_open(json, p->name, '{');
    if (p->doc)
        json_text(json, "description", p->doc);
    default_member(json, p);
    switch (p->kind) {
    case PARAMETER_BOOL:
        json_text(json, "type", "boolean");
        break;
    case PARAMETER_ENUM:
        json_words(json, "enum", p->names);
        break;
    case PARAMETER_TEXT:
        json_words(json, "type", text_types);
        break;
    case PARAMETER_FILE:
    case PARAMETER_OUTPUT:
        json_words(json, "type", name_types);
        break;
    case PARAMETER_REFERENCE:
        json_text(json, "type", "string");
        break;
    case PARAMETER_GROUP:
        json_words(json, "type", group_types);
        table_members(json, p->sub, NULL, false);
        break;
    case PARAMETER_REFERENCES:
    case PARAMETER_UINTS:
    case PARAMETER_TEXTS:
    case PARAMETER_LIST:
    case PARAMETER_ADDRESSES:
        list_schema(json, p);
        break;
    default:
        number_schema(json, p, p->kind);
        break;
    }
    json_close(json, '}');
}

/* Members of an object described by a table; with the key `type` or, for work, `name` if type_name
 * is not null. */
static void table_members(struct json *json, const struct parameter *table, const char *type_name,
                          bool work)
{
    bool required = false;
    json_false(json, "additionalProperties");
    json_open(json, "properties", '{');
    if (type_name && work) {
        json_open(json, "name", '{');
        json_text(json, "description",
                  "Name of the entry; by default the call with the entry's number.");
        json_text(json, "type", "string");
        json_text(json, "pattern", "^" NAME_PATTERN "$");
        json_close(json, '}');
    } else if (type_name) {
        json_open(json, "type", '{');
        json_text(json, "const", type_name);
        json_close(json, '}');
    }
    for (const struct parameter *p = table; p && p->name; p++) {
        bool taken = type_name && !strcmp(p->name, work ? "name" : "type");
        if (parameter_is_key(p) && !taken)
            parameter_schema(json, p);
        required |= parameter_is_key(p) && p->flags & PARAMETER_REQUIRED;
    }
    for (const struct parameter *p = work ? table : NULL; p && p->name; p++)
        for (const struct parameter *q = p->kind == PARAMETER_GROUP ? p->sub : NULL; q && q->name;
             q++)
            if (parameter_is_key(q) && parameter_group_with(table, q->name) == p &&
                !parameter_group_with(p + 1, q->name))
                parameter_schema(json, q); /* without its group, see read_short() */
    json_close(json, '}');
    if (!required)
        return;
    json_open(json, "required", '[');
    for (const struct parameter *p = table; p && p->name; p++)
        if (parameter_is_key(p) && p->flags & PARAMETER_REQUIRED)
            json_text(json, NULL, p->name);
    json_close(json, ']');
}

/* ---- sections -------------------------------------------------------------------------------- */

static void reference(struct json *json, const struct component_type *type)
{
    char text[160];
    snprintf(text, sizeof text, "#/definitions/%s.%s", section_keys[type->section], type->name);
    json_text(json, "$ref", text);
}

/* A component: the first type unless `type` says another. */
static void choose_type(struct json *json, const struct component_type *const *types,
                        enum component_section section)
{
    const struct component_type *first = scenario_default_type(types, section);
    unsigned open = 0;
    for (const struct component_type *const *type = types; *type; type++) {
        if ((*type)->section != section || *type == first)
            continue;
        json_open(json, "if", '{');
        json_open(json, "required", '[');
        json_text(json, NULL, "type");
        json_close(json, ']');
        json_open(json, "properties", '{');
        json_open(json, "type", '{');
        json_text(json, "const", (*type)->name);
        json_close(json, '}');
        json_close(json, '}');
        json_close(json, '}');
        json_open(json, "then", '{');
        reference(json, *type);
        json_close(json, '}');
        json_open(json, "else", '{');
        open++;
    }
    if (first)
        reference(json, first);
    while (open-- > 0)
        json_close(json, '}');
}

static void named_section(struct json *json, const struct component_type *const *types,
                          enum component_section section)
{
    static const char *const object_types[] = {"object", "null", NULL};
    json_open(json, section_keys[section], '{');
    json_words(json, "type", object_types);
    json_open(json, "propertyNames", '{');
    json_text(json, "pattern", "^(?!none$)" NAME_PATTERN "$");
    json_close(json, '}');
    json_open(json, "additionalProperties", '{');
    choose_type(json, types, section);
    json_close(json, '}');
    json_close(json, '}');
}

static void work_section(struct json *json, const struct component_type *const *types)
{
    static const char *const list_types[] = {"array", "null", NULL};
    json_open(json, section_keys[SECTION_WORK], '{');
    json_words(json, "type", list_types);
    json_open(json, "items", '{');
    json_text(json, "type", "object");
    json_number(json, "minProperties", 1);
    json_number(json, "maxProperties", 1);
    json_false(json, "additionalProperties");
    json_open(json, "properties", '{');
    for (; *types; types++) {
        if ((*types)->section != SECTION_WORK)
            continue;
        json_open(json, (*types)->name, '{');
        reference(json, *types);
        json_close(json, '}');
    }
    json_close(json, '}');
    json_close(json, '}');
    json_close(json, '}');
}

static void definition(struct json *json, const struct component_type *type,
                       const struct work_driver *const *drivers)
{
    static const char *const object_types[] = {"object", "null", NULL};
    char key[128];
    bool required = false;
    struct parameter *table = calloc(driver_table_rows(type, drivers), sizeof *table);
    if (!table)
        return;
    driver_table(type, drivers, table);
    for (const struct parameter *p = table; p->name; p++)
        required |= (p->flags & PARAMETER_REQUIRED) != 0;
    snprintf(key, sizeof key, "%s.%s", section_keys[type->section], type->name);
    json_open(json, key, '{');
    if (type->doc)
        json_text(json, "description", type->doc);
    if (required)
        json_text(json, "type", "object");
    else
        json_words(json, "type", object_types);
    table_members(json, table, type->name, type->section == SECTION_WORK);
    json_close(json, '}');
    free(table);
}

void schema_write(const struct component_type *const *types,
                  const struct work_driver *const *drivers, FILE *out)
{
    struct json json = {.out = out};
    json_open(&json, NULL, '{');
    json_text(&json, "$schema", "http://json-schema.org/draft-07/schema#");
    json_text(&json, "title", "dmasim scenario");
    json_text(&json, "type", "object");
    json_false(&json, "additionalProperties");
    json_open(&json, "properties", '{');
    for (const struct parameter *p = scenario_top_parameters; p->name; p++)
        parameter_schema(&json, p);
    for (int s = 0; s < SECTION_COUNT; s++)
        if (s == SECTION_WORK)
            work_section(&json, types);
        else
            named_section(&json, types, (enum component_section)s);
    json_close(&json, '}');
    json_open(&json, "definitions", '{');
    for (; *types; types++)
        definition(&json, *types, drivers);
    json_close(&json, '}');
    json_close(&json, '}');
    putc('\n', out);
}
