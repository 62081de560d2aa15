/* SPDX-License-Identifier: BSD-2-Clause */
#include "scenario/json.h"

#include <inttypes.h>

void json_string(struct json *self, const char *text)
{
    putc('"', self->out);
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        if (*at == '"' || *at == '\\')
            fprintf(self->out, "\\%c", *at);
        else if (*at < 0x20)
            fprintf(self->out, "\\u%04x", *at);
        else
            putc(*at, self->out);
    }
    putc('"', self->out);
}

void json_next(struct json *self, const char *key)
{
    fprintf(self->out, "%s%*s", self->first ? "\n" : ",\n", (int)(2 * self->depth), "");
    self->first = false;
    if (key) {
        json_string(self, key);
        fputs(": ", self->out);
    }
}

void json_open(struct json *self, const char *key, char bracket)
{
    if (self->depth > 0)
        json_next(self, key);
    putc(bracket, self->out);
    self->depth++;
    self->first = true;
}

void json_close(struct json *self, char bracket)
{
    self->depth--;
    if (!self->first)
        fprintf(self->out, "\n%*s", (int)(2 * self->depth), "");
    putc(bracket, self->out);
    self->first = false;
}

void json_text(struct json *self, const char *key, const char *text)
{
    json_next(self, key);
    json_string(self, text);
}

void json_number(struct json *self, const char *key, uint64_t number)
{
    json_next(self, key);
    fprintf(self->out, "%" PRIu64, number);
}

void json_false(struct json *self, const char *key)
{
    json_next(self, key);
    fputs("false", self->out);
}

void json_words(struct json *self, const char *key, const char *const *words)
{
    json_next(self, key);
    putc('[', self->out);
    for (const char *const *word = words; *word; word++) {
        if (word != words)
            fputs(", ", self->out);
        json_string(self, *word);
    }
    putc(']', self->out);
}
