/* SPDX-License-Identifier: BSD-2-Clause */
/* json: writes JSON, indented by two blanks a level. */
#ifndef DMASIM_JSON_H
#define DMASIM_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json {
    FILE *out;
    unsigned depth;
    bool first; /* no comma before the next member */
};

/* A text in quotes, by itself. */
void json_string(struct json *self, const char *text);

/* Starts a member of an object (key) or an item of an array (null); the caller writes its value. */
void json_next(struct json *self, const char *key);

/* Opens and closes an object or an array, by its bracket. */
void json_open(struct json *self, const char *key, char bracket);
void json_close(struct json *self, char bracket);

/* Members whole; `words` ends with null. */
void json_text(struct json *self, const char *key, const char *text);
void json_number(struct json *self, const char *key, uint64_t number);
void json_false(struct json *self, const char *key);
void json_words(struct json *self, const char *key, const char *const *words);

#endif
