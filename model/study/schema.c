/* SPDX-License-Identifier: BSD-2-Clause */
/* schema: the form of a study as JSON Schema (Draft-07), and its keys in Markdown, from the tables of keys.c. */
#include "scenario/json.h"
#include "study/keys.h"
#include "study/study.h"

#define NAME_PATTERN "^[A-Za-z_][A-Za-z0-9_]{0,62}$"

static void write_keys(struct json *json, const struct study_key *table);

/* A member `type`, or several as alternatives. */
static void one_of(struct json *json, const char *const *types)
{
    json_words(json, "type", types);
}

static void list_of_texts(struct json *json)
{
    json_text(json, "type", "array");
    json_open(json, "items", '{');
    one_of(json, (const char *const[]){"string", "number", "boolean", NULL});
    json_close(json, '}');
}

static void alternatives(struct json *json, const char *const *types)
{
    json_open(json, "anyOf", '[');
    json_open(json, NULL, '{');
    one_of(json, types);
    json_close(json, '}');
    json_open(json, NULL, '{');
    list_of_texts(json);
    json_close(json, '}');
    json_close(json, ']');
}

static void write_value(struct json *json, const struct study_key *key)
{
    static const char *const scalars[] = {"string", "number", "boolean", NULL};
    static const char *const numbers[] = {"string", "integer", NULL};
    json_open(json, key->name, '{');
    json_text(json, "description", key->doc);
    switch (key->shape) {
    case STUDY_SHAPE_TEXT:
        json_text(json, "type", "string");
        break;
    case STUDY_SHAPE_CHOICE:
        json_words(json, "enum", key->choices);
        break;
    case STUDY_SHAPE_UINT:
    case STUDY_SHAPE_VALUE:
        one_of(json, numbers);
        break;
    case STUDY_SHAPE_TEXTS:
        alternatives(json, scalars);
        break;
    case STUDY_SHAPE_VALUES:
        json_text(json, "type", "array");
        break;
    case STUDY_SHAPE_SETTINGS:
    case STUDY_SHAPE_NAMED_TEXTS:
        alternatives(json, (const char *const[]){"object", NULL});
        break;
    case STUDY_SHAPE_NAMED:
        json_text(json, "type", "object");
        json_open(json, "patternProperties", '{');
        json_open(json, NAME_PATTERN, '{');
        json_text(json, "$ref", "#/definitions/axis");
        json_close(json, '}');
        json_close(json, '}');
        json_false(json, "additionalProperties");
        break;
    case STUDY_SHAPE_KEYS:
        write_keys(json, key->sub);
        break;
    }
    json_close(json, '}');
}

/* The members of a schema for a map with the keys of a table. */
static void write_keys(struct json *json, const struct study_key *table)
{
    const char *required[8] = {NULL};
    unsigned count = 0;
    json_text(json, "type", "object");
    json_open(json, "properties", '{');
    for (const struct study_key *key = table; key->name; key++) {
        write_value(json, key);
        if (key->required && count + 1 < sizeof required / sizeof required[0])
            required[count++] = key->name;
    }
    json_close(json, '}');
    if (count)
        json_words(json, "required", required);
    json_false(json, "additionalProperties");
}

void study_write_schema(FILE *out)
{
    struct json json = {.out = out};
    json_open(&json, NULL, '{');
    json_text(&json, "$schema", "http://json-schema.org/draft-07/schema#");
    json_text(&json, "title", "dmasim study");
    write_keys(&json, study_keys);
    json_open(&json, "definitions", '{');
    json_open(&json, "axis", '{');
    write_keys(&json, study_axis_keys);
    json_close(&json, '}');
    json_close(&json, '}');
    json_close(&json, '}');
    fputs("\n", out);
}

/* ---- reference ------------------------------------------------------------------------------- */

static const char *shape_text(const struct study_key *key)
{
    static const char *const texts[] = {
        [STUDY_SHAPE_TEXT] = "text",
        [STUDY_SHAPE_UINT] = "number",
        [STUDY_SHAPE_CHOICE] = "",
        [STUDY_SHAPE_TEXTS] = "text or list",
        [STUDY_SHAPE_VALUE] = "number, with a unit or without",
        [STUDY_SHAPE_VALUES] = "list",
        [STUDY_SHAPE_SETTINGS] = "map or list",
        [STUDY_SHAPE_NAMED] = "map of names",
        [STUDY_SHAPE_NAMED_TEXTS] = "list or map",
        [STUDY_SHAPE_KEYS] = "map",
    };
    return texts[key->shape];
}

static void write_rows(FILE *out, const struct study_key *table, const char *front)
{
    for (const struct study_key *key = table; key->name; key++) {
        fprintf(out, "| `%s%s`%s | %s", front, key->name, key->required ? " (required)" : "",
                shape_text(key));
        for (const char *const *choice = key->choices; choice && *choice; choice++)
            fprintf(out, "%s`%s`", choice == key->choices ? "" : ", ", *choice);
        fprintf(out, " | %s |\n", key->doc);
        if (key->shape == STUDY_SHAPE_KEYS) {
            char inner[80];
            snprintf(inner, sizeof inner, "%s%s.", front, key->name);
            write_rows(out, key->sub, inner);
        }
    }
}

void study_write_reference(FILE *out)
{
    fputs("# Study reference\n\nPrinted by `dmasim sweep --reference`; "
          "[studies.md](studies.md) tells how they go together.\n\n"
          "## At the top\n\n| key | value | meaning |\n| --- | --- | --- |\n",
          out);
    write_rows(out, study_keys, "");
    fputs("\n## An axis, or a group of axes\n\n| key | value | meaning |\n| --- | --- | --- |\n",
          out);
    write_rows(out, study_axis_keys, "");
}
