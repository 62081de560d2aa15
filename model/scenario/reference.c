/* SPDX-License-Identifier: BSD-2-Clause */
/* reference: the form of a scenario in Markdown, from the same tables that read it. */
#include "kernel/base.h"
#include "scenario/internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char introduction[] =
    "# Scenario reference\n"
    "\n"
    "Printed from the tables that read scenarios; do not edit.\n"
    "\n"
    "A scenario is one YAML file. Each section maps names to components; `work` is a list of "
    "calls.\n"
    "\n"
    "```yaml\n"
    "# yaml-language-server: $schema=scenario.schema.json\n"
    "clocks:      { hclk: { frequency: 100 MHz } }\n"
    "buses:       { ahb0: { clock: hclk, width: 32 } }\n"
    "memories:    { sram: { bus: ahb0, base: 0x2000_0000, size: 64 KiB } }\n"
    "controllers: { dma: { bus: ahb0, base: 0x4000_0000 } }\n"
    "work:\n"
    "  - memcpy: { name: first, controller: dma, from: sram, to: sram + 0x1000, bytes: 4 KiB }\n"
    "```\n"
    "\n"
    "- **Names** have letters, digits, `_` and `-`, a letter first, at most 63. A name stands for "
    "one\n"
    "  component in the whole file; entries of `work` have names of their own, by default the "
    "call\n"
    "  with the number of the entry (`memcpy0`).\n"
    "- **Types**: `type` picks the type of a component; without it, it is the first listed below.\n"
    "  Each has an example; all of them, with what they name beside, are one scenario that the "
    "tests "
    "run.\n"
    "- **Groups of drivers** in `work` (`dw: { lock: block }`) hold what one type of controller "
    "alone\n"
    "  understands; such a key may stand without its group (`lock: block`) if only one has it.\n"
    "- **Numbers** are decimal, or hexadecimal with `0x`, or binary with `0b`; `_` may stand "
    "between\n"
    "  digits.\n"
    "- **Units** stand after the number, with or without a space, in any letter case. Decimals "
    "are\n"
    "  exact (`2.5 MHz`); a value must be a whole number of bytes, picoseconds, hertz or bytes a\n"
    "  second. Bytes may go without a unit; times, frequencies and rates may not. `4K` is 4 KiB.\n"
    "\n"
    "  | value | units |\n"
    "  | --- | --- |\n";

static const char introduction_end[] =
    "\n"
    "  Ten baud carry one byte (start bit, 8 data bits, stop bit). Where bytes are wanted,\n"
    "  `size of FILE` is the length of a file.\n"
    "- **Addresses** are numbers, or `NAME` (where that component starts), `NAME + 0x40`,\n"
    "  `NAME.REGISTER` or `NAME.REGISTER + 4`; the offset may have a unit of bytes.\n"
    "- **Lists** of numbers, texts, addresses or references with one item may go without "
    "brackets.\n"
    "- `none` stands for a value that is not set, where the default says so.\n"
    "- **Files**: relative names start beside the scenario file, or in `directory`; a file is "
    "read\n"
    "  when the scenario is, up to 64 MiB. **Output files** are written below the output "
    "directory\n"
    "  ([results.md](results.md), which also says what a scenario of a stranger's can do).\n"
    "- **Names of output files** are their own, letter case apart: not that of another, of a "
    "folder\n"
    "  of another, or of a file that a run writes itself.\n"
    "- **Memory**: what is simulated takes at most 4 GiB; `--memory-limit` says otherwise.\n"
    "- Anchors and aliases work; merge keys (`<<`), tags, tabs as indentation and several "
    "documents\n"
    "  do not. A file has at most " TREE_TEXT_TEXT ", " TREE_NODES_TEXT " values and 32 levels.\n"
    "- **Overrides** `--set path.to.key=value` are laid over the file, in order:\n"
    "  `memories.sram.size=128 KiB`, `buses.ahb0.arbiter.policy=fixed`, `work.0.bytes=4096` by "
    "the\n"
    "  number of the entry or `work.first.bytes=4096` by its name. The value is YAML; it may be a\n"
    "  whole component. Errors in the n-th override are reported as `--set:n:column`.\n";

static const char *kind_text(const struct parameter *p)
{
    switch (p->kind) {
    case PARAMETER_BOOL:
        return "true or false";
    case PARAMETER_UINT:
        return p->flags & PARAMETER_POWER_OF_TWO ? "power of two" : "number";
    case PARAMETER_ADDRESS:
        return "address";
    case PARAMETER_BYTES:
        return p->flags & PARAMETER_POWER_OF_TWO ? "bytes, power of two" : "bytes";
    case PARAMETER_TIME:
        return "time";
    case PARAMETER_FREQUENCY:
        return "frequency";
    case PARAMETER_RATE:
        return "rate";
    case PARAMETER_TEXT:
        return "text";
    case PARAMETER_UINTS:
        return "list of numbers";
    case PARAMETER_TEXTS:
        return "list of texts";
    case PARAMETER_ADDRESSES:
        return "list of addresses";
    case PARAMETER_FILE:
        return "file";
    case PARAMETER_OUTPUT:
        return "output file";
    case PARAMETER_GROUP:
        return "group";
    case PARAMETER_LIST:
        return "list of groups";
    default:
        return "";
    }
}

static void write_kind(FILE *out, const struct parameter *p)
{
    enum component_section section = refers_section(p->refers);
    if (p->kind == PARAMETER_ENUM) {
        for (unsigned i = 0; p->names[i]; i++)
            fprintf(out, "%s`%s`", i ? ", " : "", p->names[i]);
    } else if (p->kind == PARAMETER_REFERENCE && section != SECTION_COUNT) {
        fprintf(out, "name of a %s", section_noun(section));
        if (p->of)
            fprintf(out, " of type `%s`", p->of);
    } else if (p->kind == PARAMETER_REFERENCES && section != SECTION_COUNT) {
        fprintf(out, "list of names (%s", section_keys[section]);
        if (p->of)
            fprintf(out, " of type `%s`", p->of);
        fputs(")", out);
    } else {
        fputs(kind_text(p), out);
    }
}

static bool is_number(const struct parameter *p)
{
    return p->kind <= PARAMETER_RATE && p->kind != PARAMETER_BOOL;
}

static void write_default(FILE *out, const struct parameter *p)
{
    char text[VALUE_TEXT];
    if (p->flags & PARAMETER_REQUIRED) {
        fputs("**required**", out);
    } else if (p->kind == PARAMETER_BOOL) {
        fputs(p->initial ? "true" : "false", out);
    } else if (p->kind == PARAMETER_ENUM) {
        fprintf(out, "`%s`", p->names[p->initial]);
    } else if (is_number(p)) {
        value_format(p->kind, p->initial, text, sizeof text);
        fputs(value_unset(p, p->initial) ? "none" : text, out);
    } else if (p->kind == PARAMETER_REFERENCE || p->kind == PARAMETER_TEXT ||
               p->kind == PARAMETER_FILE || p->kind == PARAMETER_OUTPUT) {
        fputs("none", out);
    }
}

static void write_range(FILE *out, const struct parameter *p)
{
    char least[VALUE_TEXT], most[VALUE_TEXT];
    enum parameter_kind kind = p->kind == PARAMETER_UINTS       ? PARAMETER_UINT
                               : p->kind == PARAMETER_ADDRESSES ? PARAMETER_ADDRESS
                                                                : p->kind;
    bool items = p->kind == PARAMETER_UINTS || p->kind == PARAMETER_ADDRESSES;
    bool counted =
        p->kind == PARAMETER_LIST || p->kind == PARAMETER_TEXTS || p->kind == PARAMETER_REFERENCES;
    if (counted && p->max) {
        fprintf(out, "%" PRIu64 " to %" PRIu64 " items", p->min, p->max);
    } else if ((is_number(p) || items) && (p->min > 0 || p->max > 0)) {
        value_format(kind, p->min, least, sizeof least);
        value_format(kind, value_max(p), most, sizeof most);
        if (value_max(p) >= UINT64_MAX - 1)
            fprintf(out, "%s or more", least);
        else
            fprintf(out, "%s to %s", least, most);
    }
}

/* Text in a table's cell. */
static void write_cell(FILE *out, const char *text)
{
    for (; text && *text; text++) {
        if (*text == '|')
            putc('\\', out);
        putc(*text == '\n' ? ' ' : *text, out);
    }
}

/* Rows of a table; keys inside groups and lists with their path. */
static void write_rows(FILE *out, const struct parameter *table, const char *prefix)
{
    for (const struct parameter *p = table; p && p->name; p++) {
        char path[SCENARIO_PATH_MAX];
        if (!parameter_is_key(p))
            continue;
        snprintf(path, sizeof path, "%s%s%s", prefix, p->name,
                 p->kind == PARAMETER_LIST ? "[]" : "");
        fprintf(out, "| `%s` | ", path);
        write_kind(out, p);
        fputs(" | ", out);
        write_default(out, p);
        fputs(" | ", out);
        write_range(out, p);
        fputs(" | ", out);
        write_cell(out, p->doc);
        fputs(" |\n", out);
        if (p->kind == PARAMETER_GROUP || p->kind == PARAMETER_LIST) {
            char inner[SCENARIO_PATH_MAX + 2];
            snprintf(inner, sizeof inner, "%s.", path);
            write_rows(out, p->sub, inner);
        }
    }
}

static void write_table(FILE *out, const struct parameter *table)
{
    if (!table || !table->name)
        return;
    fputs("\n| key | value | default | range | meaning |\n| --- | --- | --- | --- | --- |\n", out);
    write_rows(out, table, "");
}

static void write_units(FILE *out)
{
    static const struct {
        enum parameter_kind kind;
        const char *label;
    } kinds[] = {{PARAMETER_BYTES, "bytes"},
                 {PARAMETER_TIME, "time"},
                 {PARAMETER_FREQUENCY, "frequency"},
                 {PARAMETER_RATE, "rate"}};
    for (size_t i = 0; i < COUNT(kinds); i++) {
        fprintf(out, "  | %s | ", kinds[i].label);
        for (const struct value_unit *unit = value_units(kinds[i].kind); unit->name; unit++)
            fprintf(out, unit->also ? "%s or %s%s" : "%s%s%s", unit->name,
                    unit->also ? unit->also : "", unit[1].name ? ", " : " |\n");
    }
}

/* The table of a type, with the groups of drivers if it is a call. */
static void write_type(FILE *out, const struct component_type *type,
                       const struct work_driver *const *drivers)
{
    struct parameter *table = calloc(driver_table_rows(type, drivers), sizeof *table);
    if (!table)
        return;
    driver_table(type, drivers, table);
    write_table(out, table);
    free(table);
}

/* An entry of the type, behind its section. */
static void write_example(FILE *out, const struct component_type *type)
{
    const char *text = scenario_example(type->section, type->name);
    if (text)
        fprintf(out, "\n```yaml\n%s:\n  %s\n```\n", section_keys[type->section], text);
}

void reference_write(const struct component_type *const *types,
                     const struct work_driver *const *drivers, FILE *out)
{
    fputs(introduction, out);
    write_units(out);
    fputs(introduction_end, out);
    fputs("\n## At the top\n", out);
    write_table(out, scenario_top_parameters);
    for (int s = 0; s < SECTION_COUNT; s++) {
        if (!scenario_default_type(types, (enum component_section)s))
            continue;
        fprintf(out, "\n## %s\n", section_keys[s]);
        for (const struct component_type *const *type = types; *type; type++) {
            if ((*type)->section != (enum component_section)s)
                continue;
            if (s == SECTION_WORK)
                fprintf(out, "\n### %s\n\n", (*type)->name);
            else
                fprintf(out, "\n### type: %s\n\n", (*type)->name);
            fprintf(out, "%s\n", (*type)->doc ? (*type)->doc : "");
            write_type(out, *type, drivers);
            write_example(out, *type);
        }
    }
}
