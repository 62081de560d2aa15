/* SPDX-License-Identifier: BSD-2-Clause */
/* vcd_header: the declarations, word by word, so that a word may lie on either side of a read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reading/vcd_internal.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define DEPTH_MAX 4096 /* of scopes */
#define NAME_MAX_BYTES 65536
#define SIZE_MAX_BITS 0x7fffffffu

/* A word of the file. */
struct word {
    const char *at;
    size_t length;
};

static bool is(struct word word, const char *text)
{
    return strlen(text) == word.length && memcmp(word.at, text, word.length) == 0;
}

/* Commands that may not stand where the $end of another one is missing (rule F3). */
static const struct {
    const char *name;
    enum vcd_state state;
} commands[] = {
    {"$comment", VCD_TEXT},     {"$date", VCD_TEXT},
    {"$version", VCD_TEXT},     {"$timescale", VCD_SCALE},
    {"$scope", VCD_SCOPE_TYPE}, {"$upscope", VCD_UPSCOPE_END},
    {"$var", VCD_VAR_TYPE},     {"$enddefinitions", VCD_DEFINITIONS_END},
    {"$dumpvars", VCD_COMMAND}, {"$dumpall", VCD_COMMAND},
    {"$dumpon", VCD_COMMAND},   {"$dumpoff", VCD_COMMAND},
};

static bool is_command(struct word word)
{
    for (size_t i = 0; i < COUNT(commands); i++)
        if (is(word, commands[i].name))
            return true;
    return false;
}

/* IEEE Std 1364-2005, 18.2.3.8; SystemVerilog's; what GTKWave's fst2vcd writes of VHDL and Verilog. */
static const struct {
    const char *name;
    enum vcd_kind kind;
} types[] = {
    {"event", VCD_EVENT},    {"integer", VCD_BITS},
    {"parameter", VCD_BITS}, {"real", VCD_REAL},
    {"realtime", VCD_REAL},  {"reg", VCD_BITS},
    {"supply0", VCD_BITS},   {"supply1", VCD_BITS},
    {"time", VCD_BITS},      {"tri", VCD_BITS},
    {"triand", VCD_BITS},    {"trior", VCD_BITS},
    {"trireg", VCD_BITS},    {"tri0", VCD_BITS},
    {"tri1", VCD_BITS},      {"wand", VCD_BITS},
    {"wire", VCD_BITS},      {"wor", VCD_BITS},
    {"logic", VCD_BITS},     {"bit", VCD_BITS},
    {"int", VCD_BITS},       {"shortint", VCD_BITS},
    {"longint", VCD_BITS},   {"byte", VCD_BITS},
    {"enum", VCD_BITS},      {"shortreal", VCD_REAL},
    {"string", VCD_STRING},  {"real_parameter", VCD_REAL},
};

static const char *const scope_types[] = {
    "module", "task",  "function",  "begin",   "fork",    "struct",
    "union",  "class", "interface", "package", "program", "generate",
};

/* ---- words of each command --------------------------------------------------------------------- */

static bool open_scope(struct vcd *self, struct word word)
{
    const uint32_t depth = self->names->all[self->scope].depth;
    if (is_command(word))
        return vcd_fault(self, word.at, true, "$scope has no name, or no $end");
    if (depth >= DEPTH_MAX || word.length > NAME_MAX_BYTES)
        return vcd_fault(self, word.at, true, "scopes deeper than %d, or a name of more than %d",
                         DEPTH_MAX, NAME_MAX_BYTES);
    const size_t slash = word.at[0] == '\\';
    self->scope = paths_add(self->names, self->scope, word.at + slash, word.length - slash);
    if (self->scope == PATH_ROOT)
        return vcd_fault(self, word.at, true, "no room for more names");
    self->state = VCD_SCOPE_END;
    return true;
}

static bool scope_type(struct vcd *self, struct word word)
{
    bool known = word.length > 5 && memcmp(word.at, "vhdl_", 5) == 0;
    for (size_t i = 0; i < COUNT(scope_types) && !known; i++)
        known = is(word, scope_types[i]);
    if (!known)
        return vcd_fault(self, word.at, true, "\"%s\" is no type of scope", vcd_lead(word.at).text);
    self->state = VCD_SCOPE_NAME;
    return true;
}

/* A number 1, 10 or 100, with or without the unit. Recovers behind its $end. */
static bool timescale(struct vcd *self, struct word word)
{
    static const struct {
        const char *name;
        uint64_t fs;
    } units[] = {{"s", 1000000000000000}, {"ms", 1000000000000}, {"us", 1000000000},
                 {"ns", 1000000},         {"ps", 1000},          {"fs", 1}};
    struct word unit = word;
    if (self->state == VCD_SCALE) {
        size_t digits = 0;
        self->scale = 1;
        while (digits < word.length && word.at[digits] == (digits ? '0' : '1') && digits < 3)
            self->scale *= digits++ ? 10 : 1;
        if (digits == 0 ||
            (digits < word.length && word.at[digits] >= '0' && word.at[digits] <= '9'))
            goto bad;
        unit = (struct word){word.at + digits, word.length - digits};
        if (unit.length == 0) {
            self->state = VCD_SCALE_UNIT;
            return true;
        }
    }
    for (size_t i = 0; i < COUNT(units); i++) {
        if (!is(unit, units[i].name))
            continue;
        if (self->timescale_given && self->unit_fs != self->scale * units[i].fs)
            vcd_warn(self, word.at, "another $timescale: this one counts");
        self->unit_fs = self->scale * units[i].fs;
        self->timescale_given = true;
        self->state = VCD_SCALE_END;
        return true;
    }
bad:
    self->state = VCD_TEXT;
    self->text_after = VCD_COMMAND;
    return vcd_fault(self, word.at, is_command(word) || is(word, "$end"),
                     "\"%s\": a time unit is 1, 10 or 100 of s, ms, us, ns, ps or fs",
                     vcd_lead(word.at).text);
}

/* Keeps a word of $var, behind those that are kept. */
static bool keep(struct vcd *self, struct word word, bool glue)
{
    const size_t need = self->var_words_length + word.length + 1;
    if (need > self->var_words_room) {
        char *more = realloc(self->var_words, 2 * need);
        if (!more)
            return vcd_fault(self, word.at, true, "no memory");
        self->var_words = more;
        self->var_words_room = 2 * need;
    }
    size_t at = self->var_words_length - (glue ? 1 : 0);
    memcpy(self->var_words + at, word.at, word.length);
    self->var_words[at + word.length] = '\0';
    self->var_words_length = at + word.length + 1;
    return true;
}

static bool var_type(struct vcd *self, struct word word)
{
    for (size_t i = 0; i < COUNT(types); i++) {
        if (!is(word, types[i].name))
            continue;
        self->var_type = types[i].name;
        self->var_kind = types[i].kind;
        self->state = VCD_VAR_SIZE;
        self->var_words_length = 0;
        if (types[i].kind == VCD_STRING && !self->string_seen) {
            self->string_seen = true;
            vcd_warn(self, word.at, "string variables are no part of the standard");
        }
        return true;
    }
    return vcd_fault(self, word.at, true, "\"%s\" is no type of variable", vcd_lead(word.at).text);
}

static bool var_size(struct vcd *self, struct word word)
{
    uint64_t size = 0;
    for (size_t i = 0; i < word.length; i++) {
        const unsigned digit = (unsigned char)word.at[i] - (unsigned)'0';
        if (digit > 9)
            return vcd_fault(self, word.at, true, "\"%s\" is no size: a decimal number of bits",
                             vcd_lead(word.at).text);
        size = size * 10 + digit;
        if (size > SIZE_MAX_BITS && self->var_kind == VCD_BITS)
            return vcd_fault(self, word.at, true, "a variable of more than %u bits", SIZE_MAX_BITS);
        if (size > SIZE_MAX_BITS)
            size = SIZE_MAX_BITS;
    }
    if (self->var_kind == VCD_BITS && size == 0) {
        size = 1;
        if (!vcd_fault(self, word.at, false, "a variable of no bits"))
            return false;
    }
    if (self->var_kind == VCD_REAL && size != 64 && !self->odd_real_seen) {
        self->odd_real_seen = true;
        vcd_warn(self, word.at, "a real has 64 bits");
    }
    self->var_size = size;
    self->state = VCD_VAR_CODE;
    return true;
}

/* "[i]" or "[m:l]" */
static bool is_range(struct word word)
{
    size_t at = 1;
    for (int part = 0; part < 2; part++) {
        at += at < word.length && word.at[at] == '-';
        const size_t digits = at;
        while (at < word.length && word.at[at] >= '0' && word.at[at] <= '9')
            at++;
        if (at == digits || at >= word.length)
            return false;
        if (word.at[at] == ']')
            return at + 1 == word.length;
        if (word.at[at++] != ':')
            return false;
    }
    return false;
}

/* The form that a code's entry has for values of a kind and size. */
static enum vcd_form form_of(enum vcd_kind kind, uint64_t size)
{
    switch (kind) {
    case VCD_EVENT:
        return VCD_FORM_EVENT;
    case VCD_REAL:
        return VCD_FORM_REAL;
    case VCD_STRING:
        return VCD_FORM_STRING;
    default:
        return size == 1 ? VCD_FORM_BIT : VCD_FORM_VECTOR;
    }
}

/* The code of the variable being declared: a slot of its kind and size. */
static bool var_code(struct vcd *self, struct word word)
{
    if (word.length > NAME_MAX_BYTES)
        return vcd_fault(self, word.at, true, "an identifier code of more than %d characters",
                         NAME_MAX_BYTES);
    uint32_t *entry = vcd_code_entry(self, word.at, word.length, true);
    if (!entry)
        return vcd_fault(self, word.at, true, "no room for more identifier codes");
    if (!*entry) {
        const uint32_t slot = vcd_slot_add(self, self->var_kind, self->var_size);
        if (slot == VCD_NO_SLOT)
            return vcd_fault(self, word.at, true, "no room for more variables");
        *entry = slot << VCD_FORM_BITS | form_of(self->var_kind, self->var_size);
    }
    const uint32_t slot = *entry >> VCD_FORM_BITS;
    if (self->kinds[slot] != self->var_kind ||
        (self->var_kind == VCD_BITS && self->sizes[slot] != self->var_size)) {
        if (!vcd_fault(self, word.at, false,
                       "the code \"%s\" names a variable of another kind or size as well",
                       vcd_lead(word.at).text))
            return false;
    }
    if (self->variable_count == self->variable_room) {
        const size_t room = self->variable_room ? 2 * self->variable_room : 64;
        struct vcd_variable *more = realloc(self->variables, room * sizeof *more);
        if (!more)
            return vcd_fault(self, word.at, true, "no memory");
        self->variables = more;
        self->variable_room = room;
    }
    self->variables[self->variable_count] =
        (struct vcd_variable){.slot = slot, .type = self->var_type};
    self->state = VCD_VAR_NAME;
    return true;
}

static bool var_done(struct vcd *self, struct word word)
{
    const char *name = self->var_words;
    const size_t slash = name[0] == '\\', length = self->var_words_length - 1;
    const uint32_t made = paths_add(self->names, self->scope, name + slash, length - slash);
    if (made == PATH_ROOT)
        return vcd_fault(self, word.at, true, "no room for more names");
    self->variables[self->variable_count++].name = made;
    self->state = VCD_COMMAND;
    return true;
}

static bool close_scope(struct vcd *self, struct word word)
{
    if (self->scope != PATH_ROOT)
        self->scope = self->names->all[self->scope].parent;
    else if (!vcd_fault(self, word.at, false, "$upscope without a $scope that is open"))
        return false;
    self->state = VCD_UPSCOPE_END;
    return true;
}

static bool command(struct vcd *self, struct word word)
{
    for (size_t i = 0; i < COUNT(commands); i++) {
        if (!is(word, commands[i].name))
            continue;
        self->state = (unsigned char)commands[i].state;
        self->text_after = VCD_COMMAND;
        self->text_match = 0;
        switch (commands[i].state) {
        case VCD_COMMAND:
            return vcd_fault(self, word.at, true, "%s before $enddefinitions", commands[i].name);
        case VCD_UPSCOPE_END:
            return close_scope(self, word);
        case VCD_DEFINITIONS_END:
            if (self->scope == PATH_ROOT)
                return true;
            self->scope = PATH_ROOT;
            return vcd_fault(self, word.at, false, "a scope is not closed: $upscope is missing");
        default:
            return true;
        }
    }
    return vcd_fault(self, word.at, true,
                     word.at[0] == '#' ? "a time before $enddefinitions: \"%s\""
                                       : "\"%s\": a declaration such as $scope was expected",
                     vcd_lead(word.at).text);
}

static bool end_of(struct vcd *self, struct word word, const char *name, enum vcd_state then)
{
    if (!is(word, "$end"))
        return vcd_fault(self, word.at, true, "\"%s\" instead of the $end of %s",
                         vcd_lead(word.at).text, name);
    self->state = (unsigned char)then;
    return true;
}

static bool header_word(struct vcd *self, struct word word)
{
    switch ((enum vcd_state)self->state) {
    case VCD_COMMAND:
        return command(self, word);
    case VCD_SCOPE_TYPE:
        return scope_type(self, word);
    case VCD_SCOPE_NAME:
        return is(word, "$end") ? vcd_fault(self, word.at, true, "$scope has no name")
                                : open_scope(self, word);
    case VCD_SCOPE_END:
        return end_of(self, word, "$scope", VCD_COMMAND);
    case VCD_UPSCOPE_END:
        return end_of(self, word, "$upscope", VCD_COMMAND);
    case VCD_DEFINITIONS_END:
        return end_of(self, word, "$enddefinitions", VCD_BODY);
    case VCD_SCALE:
    case VCD_SCALE_UNIT:
        return timescale(self, word);
    case VCD_SCALE_END:
        return end_of(self, word, "$timescale", VCD_COMMAND);
    case VCD_VAR_TYPE:
        return var_type(self, word);
    case VCD_VAR_SIZE:
        return var_size(self, word);
    case VCD_VAR_CODE:
        return var_code(self, word);
    case VCD_VAR_NAME:
        if (is(word, "$end") || is_command(word))
            return vcd_fault(self, word.at, true, "$var has no name, or no $end");
        if (word.length > NAME_MAX_BYTES)
            return vcd_fault(self, word.at, true, "a name of more than %d characters",
                             NAME_MAX_BYTES);
        self->state = VCD_VAR_RANGE;
        return keep(self, word, false);
    case VCD_VAR_RANGE:
        if (word.at[0] != '[')
            return is(word, "$end") ? var_done(self, word)
                                    : end_of(self, word, "$var", VCD_COMMAND);
        if (!is_range(word) || word.length > NAME_MAX_BYTES)
            return vcd_fault(self, word.at, true, "\"%s\" is no range such as [7:0]",
                             vcd_lead(word.at).text);
        self->state = VCD_VAR_END;
        return keep(self, word, true);
    case VCD_VAR_END:
        return is(word, "$end") ? var_done(self, word) : end_of(self, word, "$var", VCD_COMMAND);
    default:
        return false;
    }
}

/* A word of printable characters? (rule F2) */
static bool printable(struct vcd *self, struct word word)
{
    for (size_t i = 0; i < word.length; i++) {
        const unsigned char c = (unsigned char)word.at[i];
        if (c <= ' ' || c >= 127)
            return vcd_fault(self, word.at, true, "\"%s\": the character 0x%02x",
                             vcd_lead(word.at).text, c);
    }
    return true;
}

static void end_fault(struct vcd *self)
{
    if (self->state == VCD_TEXT)
        vcd_fault(self, NULL, true, "the file ends inside a text: no $end");
    else
        vcd_fault(self, NULL, true, "the file ends before $enddefinitions $end");
}

bool vcd_header(struct vcd *self)
{
    while (self->state != VCD_BODY) {
        if (self->state == VCD_TEXT)
            self->at = vcd_pass_text(self, self->at, self->safe);
        while (self->at < self->safe && vcd_is_space((unsigned char)*self->at))
            self->at++;
        if (self->at >= self->safe) {
            const int more = vcd_refill(self);
            if (more == 0)
                end_fault(self);
            if (more <= 0)
                return false;
            continue;
        }
        if (self->state == VCD_TEXT)
            continue;
        struct word word = {.at = self->at};
        while (!vcd_is_space((unsigned char)word.at[word.length]))
            word.length++;
        if (!printable(self, word) || !header_word(self, word))
            return false;
        self->at += word.length;
    }
    return true;
}
