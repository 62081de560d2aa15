/* SPDX-License-Identifier: BSD-2-Clause */
#include "compare/mapping.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare/texts.h"
#include "kernel/text.h"

#define GROUPS 10
#define NAME_MAX_BYTES ((size_t)1 << 20)

/* A part of s/A/B/ up to its delimiter, which it may have behind a backslash. Null if none ends it. */
static char *part(const char **text, char delimiter)
{
    char *copy = malloc(strlen(*text) + 1), *to = copy;
    const char *at = *text;
    while (copy && *at && *at != delimiter) {
        if (*at == '\\' && at[1] == delimiter) {
            at++;
        } else if (*at == '\\' && at[1]) {
            *to++ = *at++;
        }
        *to++ = *at++;
    }
    if (!copy || !*at) {
        free(copy);
        return NULL;
    }
    *to = '\0';
    *text = at + 1;
    return copy;
}

/* \d and \D, which POSIX has not, as bracket expressions. */
static char *translated(const char *regex)
{
    char *copy = malloc(6 * strlen(regex) + 1), *to = copy;
    bool bracket = false;
    while (copy && *regex) {
        const bool digit = regex[0] == '\\' && (regex[1] == 'd' || regex[1] == 'D');
        if (digit) {
            to += sprintf(to, "%s%s",
                          bracket           ? ""
                          : regex[1] == 'd' ? "["
                                            : "[^",
                          bracket ? "0-9" : "0-9]");
            regex += 2;
            continue;
        }
        if (!bracket && regex[0] == '\\' && regex[1])
            *to++ = *regex++;
        else if (*regex == '[')
            bracket = true;
        else if (*regex == ']')
            bracket = false;
        *to++ = *regex++;
    }
    if (copy)
        *to = '\0';
    return copy;
}

bool mappings_add(struct mappings *self, const char *text, char *error, size_t room)
{
    const char *at = text;
    if (at[0] != 's' || !at[1] || at[1] == '\\') {
        snprintf(error, room, "'%s' is no s/REGEX/REPLACEMENT/", text);
        return false;
    }
    const char delimiter = at[1];
    at += 2;
    char *regex = part(&at, delimiter);
    char *replacement = regex ? part(&at, delimiter) : NULL;
    char *posix = regex ? translated(regex) : NULL;
    free(regex);
    struct mapping mapping = {.replacement = replacement};
    int flags = REG_EXTENDED;
    for (; *at == 'g' || *at == 'i'; at++) {
        mapping.all |= *at == 'g';
        flags |= *at == 'i' ? REG_ICASE : 0;
    }
    struct mapping *more = realloc(self->all, (self->count + 1) * sizeof *more);
    if (more)
        self->all = more;
    if (!more || !replacement || !posix || *at) {
        snprintf(error, room, "'%s' is no s/REGEX/REPLACEMENT/", text);
    } else {
        const int code = regcomp(&mapping.regex, posix, flags);
        if (code == 0) {
            free(posix);
            self->all[self->count++] = mapping;
            return true;
        }
        const int length = snprintf(error, room, "'%s': ", text);
        if (length > 0 && (size_t)length < room)
            regerror(code, &mapping.regex, error + length, room - (size_t)length);
    }
    free(posix);
    free(replacement);
    return false;
}

bool mappings_add_file(struct mappings *self, const char *path, char *error, size_t room)
{
    FILE *file = fopen(path, "r");
    if (!file) {
        snprintf(error, room, "%s: %s", path, strerror(errno));
        return false;
    }
    char line[4096], why[512];
    bool good = true;
    for (int number = 1; good && fgets(line, sizeof line, file); number++) {
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0] == '\0' || line[0] == '#')
            continue;
        good = mappings_add(self, line, why, sizeof why);
        if (!good)
            snprintf(error, room, "%s:%d: %s", path, number, why);
    }
    fclose(file);
    return good;
}

/* One mapping of a name: text and its length, in a buffer that grows. */
struct buffer {
    char *text;
    size_t length, room;
};

static bool put(struct buffer *self, const char *text, size_t length)
{
    if (self->length + length >= self->room) {
        const size_t room = 2 * (self->length + length) + 64;
        char *more = room > NAME_MAX_BYTES ? NULL : realloc(self->text, room);
        if (!more)
            return false;
        self->text = more;
        self->room = room;
    }
    memcpy(self->text + self->length, text, length);
    self->length += length;
    self->text[self->length] = '\0';
    return true;
}

static bool put_replacement(struct buffer *to, const char *replacement, const char *name,
                            const regmatch_t *groups)
{
    for (const char *at = replacement; *at; at++) {
        int group = -1;
        if (*at == '&')
            group = 0;
        else if (*at == '\\' && at[1] >= '0' && at[1] <= '9')
            group = *++at - '0';
        else if (*at == '\\' && at[1])
            at++;
        if (group < 0) {
            if (!put(to, at, 1))
                return false;
        } else if (groups[group].rm_so >= 0 &&
                   !put(to, name + groups[group].rm_so,
                        (size_t)(groups[group].rm_eo - groups[group].rm_so))) {
            return false;
        }
    }
    return true;
}

static char *apply(const struct mapping *self, const char *name)
{
    struct buffer to = {.text = NULL};
    regmatch_t groups[GROUPS];
    bool good = put(&to, "", 0);
    int flags = 0;
    while (good && regexec(&self->regex, name, GROUPS, groups, flags) == 0) {
        good = put(&to, name, (size_t)groups[0].rm_so) &&
               put_replacement(&to, self->replacement, name, groups);
        const bool empty = groups[0].rm_eo == groups[0].rm_so;
        name += groups[0].rm_eo;
        flags = REG_NOTBOL;
        if (!self->all || !*name)
            break;
        if (empty && good)
            good = put(&to, name++, 1);
    }
    if (good && put(&to, name, strlen(name)))
        return to.text;
    free(to.text);
    return NULL;
}

char *mappings_apply(const struct mappings *self, const char *name)
{
    char *now = strdup(name);
    for (size_t i = 0; i < self->count && now; i++) {
        char *next = apply(&self->all[i], now);
        free(now);
        now = next;
    }
    return now;
}

void mappings_free(struct mappings *self)
{
    for (size_t i = 0; i < self->count; i++) {
        regfree(&self->all[i].regex);
        free(self->all[i].replacement);
    }
    free(self->all);
    *self = (struct mappings){.count = 0};
}

bool selection_has(const struct selection *self, const char *name)
{
    bool has = self->only_count == 0;
    for (size_t i = 0; i < self->only_count && !has; i++)
        has = text_glob(self->only[i], name);
    for (size_t i = 0; i < self->ignore_count && has; i++)
        has = !text_glob(self->ignore[i], name);
    return has;
}
