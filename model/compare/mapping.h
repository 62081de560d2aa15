/* SPDX-License-Identifier: BSD-2-Clause */
/* mapping: which signals are compared, and s/REGEX/REPLACEMENT/ on the names of B. */
#ifndef DMASIM_COMPARE_MAPPING_H
#define DMASIM_COMPARE_MAPPING_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

struct mapping {
    regex_t regex;
    char *replacement;
    bool all; /* flag g: every match of a name, not the first alone */
};

struct mappings {
    struct mapping *all;
    size_t count;
};

/*
 * Adds s/REGEX/REPLACEMENT/FLAGS: any delimiter, extended regular expressions of POSIX with \d \w \s \b,
 * \1 to \9 and & in the replacement, flags g and i. False with a text in `error`.
 */
bool mappings_add(struct mappings *self, const char *text, char *error, size_t room);

/* One a line; empty lines and those that begin with # are passed. */
bool mappings_add_file(struct mappings *self, const char *path, char *error, size_t room);

/* The name after all of them, one after the other; to be freed. Null if there is no memory. */
char *mappings_apply(const struct mappings *self, const char *name);

void mappings_free(struct mappings *self);

/* Whether a name is compared: none of `ignore` matches, and one of `only`, if there is any. */
struct selection {
    const char **ignore, **only;
    size_t ignore_count, only_count;
};

bool selection_has(const struct selection *self, const char *name);

#endif
