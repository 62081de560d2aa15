/* SPDX-License-Identifier: BSD-2-Clause */
#include "study/command.h"

#include <string.h>

/* A word, or the rest of one, as a shell reads it back. `path`: what comes before it and needs no quotes, or null. */
static void put_word(const char *path, const char *text, FILE *out)
{
    static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                               "_-+=:,./%@";
    const bool plain = (path || *text) && text[strspn(text, safe)] == '\0' &&
                       (!path || path[strspn(path, safe)] == '\0');
    const char *const parts[] = {path ? path : "", path ? "=" : "", text};
    if (!plain)
        fputc('\'', out);
    for (int i = 0; i < 3; i++)
        for (const char *at = parts[i]; *at; at++)
            if (*at == '\'')
                fputs("'\\''", out);
            else
                fputc(*at, out);
    if (!plain)
        fputc('\'', out);
}

void study_command_start(const struct study *study, const char *scenario, FILE *out)
{
    fputs("dmasim run ", out);
    put_word(NULL, scenario, out);
    for (uint32_t i = 0; i < study->override_count; i++) {
        fputs(" -s ", out);
        put_word(NULL, study->overrides[i], out);
    }
}

void study_command_value(const struct study_axis *axis, uint32_t value, FILE *out)
{
    for (uint32_t i = 0; i < axis->path_count; i++) {
        fputs(" -s ", out);
        put_word(axis->paths[i], axis->values[value].override, out);
    }
}
