/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * register_print: a register map as Markdown, C header or CSV; see register.h.
 *
 *   Markdown  a table of registers, then a table of fields for each register that has some
 *   C header  <PREFIX>_<REGISTER> offsets and <PREFIX>_<REGISTER>_<FIELD>_{SHIFT,MASK}; an array's
 *             macro takes the element's number
 *   CSV       offset,count,stride,register,register_access,reset,field,msb,lsb,field_access,doc
 */
#include "registers/register.h"

#include <string.h>

struct printer {
    register_sink *sink;
    void *context;
};

static void put(const struct printer *out, const char *text)
{
    out->sink(out->context, text, strlen(text));
}

static void put_char(const struct printer *out, char c)
{
    out->sink(out->context, &c, 1);
}

static void put_decimal(const struct printer *out, uint64_t value)
{
    char digits[20];
    size_t at = sizeof(digits);
    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    out->sink(out->context, digits + at, sizeof(digits) - at);
}

static void put_hex(const struct printer *out, uint64_t value, unsigned digits)
{
    put(out, "0x");
    for (unsigned i = digits; i-- > 0;)
        put_char(out, "0123456789abcdef"[value >> (4 * i) & 15]);
}

static const char *access_name(enum register_access access)
{
    static const char *const names[] = {"RW", "RO", "WO", "W1C", "WE8"};
    return names[access];
}

/* The kind that stands for a whole register: its own, or that of its fields if they agree. */
const char *register_access_name(const struct register_entry *entry)
{
    if (!entry->fields)
        return access_name(entry->access);
    enum register_access first = entry->fields[0].access;
    for (const struct register_field *field = entry->fields; field->name; field++)
        if (field->access != first)
            return "mixed";
    return access_name(first);
}

static bool is_array(const struct register_entry *entry)
{
    return entry->count > 1;
}

/* The name with the array index as `index`. */
static void put_name(const struct printer *out, const struct register_entry *entry,
                     const char *index)
{
    const char *pattern = strstr(entry->name, "%u");
    if (!pattern) {
        put(out, entry->name);
        return;
    }
    out->sink(out->context, entry->name, (size_t)(pattern - entry->name));
    put(out, index);
    put(out, pattern + 2);
}

static void put_bits(const struct printer *out, const struct register_field *field)
{
    if (field->width > 1) {
        put_decimal(out, field->lsb + field->width - 1u);
        put_char(out, ':');
    }
    put_decimal(out, field->lsb);
}

static void print_markdown(const struct register_map *map, const struct printer *out)
{
    unsigned digits = map->width_bits / 4;
    put(out, "# ");
    put(out, map->title);
    put(out, " (`");
    put(out, map->compatible);
    put(out,
        "`)\n\nRW read and write, RO read only, WO write only, W1C write 1 to clear, WE8 bit n "
        "is taken only if bit n+8 is 1 in the same write. Bits without a name are reserved.\n\n"
        "| offset | register | access | reset | meaning |\n| --- | --- | --- | --- | --- |\n");
    for (const struct register_entry *entry = map->entries; entry->name; entry++) {
        put(out, "| ");
        put_hex(out, entry->offset, 3);
        if (is_array(entry)) {
            put(out, " + x * ");
            put_hex(out, entry->stride_bytes, 2);
            put(out, " (x < ");
            put_decimal(out, entry->count);
            put(out, ")");
        }
        put(out, " | ");
        put_name(out, entry, "x");
        put(out, " | ");
        put(out, register_access_name(entry));
        put(out, " | ");
        put_hex(out, entry->reset, digits);
        put(out, " | ");
        put(out, entry->doc ? entry->doc : "");
        put(out, " |\n");
    }
    for (const struct register_entry *entry = map->entries; entry->name; entry++) {
        if (!entry->fields)
            continue;
        put(out, "\n## ");
        put_name(out, entry, "x");
        put(out, "\n\n| bits | field | access | meaning |\n| --- | --- | --- | --- |\n");
        for (const struct register_field *field = entry->fields; field->name; field++) {
            put(out, "| ");
            put_bits(out, field);
            put(out, " | ");
            put(out, field->name);
            put(out, " | ");
            put(out, access_name(field->access));
            put(out, " | ");
            put(out, field->doc ? field->doc : "");
            put(out, " |\n");
        }
    }
}

static bool alphanumeric(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* What follows the vendor's comma in `compatible`, in capitals: "snps,dw-dmac" gives DW_DMAC. */
static void put_prefix(const struct printer *out, const struct register_map *map)
{
    const char *comma = strchr(map->compatible, ',');
    for (const char *c = comma ? comma + 1 : map->compatible; *c; c++) {
        char upper = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
        put_char(out, alphanumeric(upper) ? upper : '_');
    }
}

static void put_macro(const struct printer *out, const struct register_map *map,
                      const struct register_entry *entry)
{
    put(out, "#define ");
    put_prefix(out, map);
    put_char(out, '_');
    put_name(out, entry, is_array(entry) ? "x" : "");
}

static void print_c_header(const struct register_map *map, const struct printer *out)
{
    put(out, "/* ");
    put(out, map->title);
    put(out, " (");
    put(out, map->compatible);
    put(out, ") */\n#ifndef ");
    put_prefix(out, map);
    put(out, "_REGISTERS_H\n#define ");
    put_prefix(out, map);
    put(out, "_REGISTERS_H\n");
    for (const struct register_entry *entry = map->entries; entry->name; entry++) {
        put(out, "\n");
        if (entry->doc) {
            put(out, "/* ");
            put(out, entry->doc);
            put(out, " */\n");
        }
        put_macro(out, map, entry);
        if (is_array(entry)) {
            put(out, "(x) (");
            put_hex(out, entry->offset, 3);
            put(out, " + (x) * ");
            put_hex(out, entry->stride_bytes, 2);
            put(out, ")\n");
        } else {
            put_char(out, ' ');
            put_hex(out, entry->offset, 3);
            put_char(out, '\n');
        }
        if (!entry->fields)
            continue;
        for (const struct register_field *field = entry->fields; field->name; field++) {
            put_macro(out, map, entry);
            put_char(out, '_');
            put(out, field->name);
            put(out, "_SHIFT ");
            put_decimal(out, field->lsb);
            put_char(out, '\n');
            put_macro(out, map, entry);
            put_char(out, '_');
            put(out, field->name);
            put(out, "_MASK ");
            uint64_t ones = field->width < 64 ? (UINT64_C(1) << field->width) - 1 : UINT64_MAX;
            put_hex(out, ones << field->lsb, map->width_bits / 4);
            put(out, map->width_bits > 32 ? "ULL\n" : "u\n");
        }
    }
    put(out, "\n#endif\n");
}

/* CSV text: quoted, quotes doubled. */
static void put_quoted(const struct printer *out, const char *text)
{
    put_char(out, '"');
    for (const char *c = text ? text : ""; *c; c++) {
        if (*c == '"')
            put_char(out, '"');
        put_char(out, *c);
    }
    put_char(out, '"');
}

static void csv_register(const struct register_map *map, const struct printer *out,
                         const struct register_entry *entry)
{
    put_hex(out, entry->offset, 3);
    put_char(out, ',');
    put_decimal(out, is_array(entry) ? entry->count : 1u);
    put_char(out, ',');
    put_hex(out, is_array(entry) ? entry->stride_bytes : 0u, 2);
    put_char(out, ',');
    put_name(out, entry, "x");
    put_char(out, ',');
    put(out, register_access_name(entry));
    put_char(out, ',');
    put_hex(out, entry->reset, map->width_bits / 4);
}

static void print_csv(const struct register_map *map, const struct printer *out)
{
    put(out, "offset,count,stride,register,register_access,reset,field,msb,lsb,field_access,doc\n");
    for (const struct register_entry *entry = map->entries; entry->name; entry++) {
        csv_register(map, out, entry);
        put(out, ",,,,,");
        put_quoted(out, entry->doc);
        put_char(out, '\n');
        if (!entry->fields)
            continue;
        for (const struct register_field *field = entry->fields; field->name; field++) {
            csv_register(map, out, entry);
            put_char(out, ',');
            put(out, field->name);
            put_char(out, ',');
            put_decimal(out, field->lsb + field->width - 1u);
            put_char(out, ',');
            put_decimal(out, field->lsb);
            put_char(out, ',');
            put(out, access_name(field->access));
            put_char(out, ',');
            put_quoted(out, field->doc);
            put_char(out, '\n');
        }
    }
}

void register_print(const struct register_map *map, enum register_format format,
                    register_sink *sink, void *context)
{
    const struct printer out = {.sink = sink, .context = context};
    switch (format) {
    case REGISTER_MARKDOWN:
        print_markdown(map, &out);
        break;
    case REGISTER_C_HEADER:
        print_c_header(map, &out);
        break;
    case REGISTER_CSV:
        print_csv(map, &out);
        break;
    }
}
