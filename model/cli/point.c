/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/point.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/options.h"
#include "study/row.h"

struct name {
    char path[4096];
    uint64_t point, seed;
    bool seeded;
};

static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* Takes ":NUMBER" from the end of a text; false if it does not end so. */
static bool take_number(char *text, uint64_t *value)
{
    char *colon = strrchr(text, ':'), *end;
    if (!colon || colon[1] < '0' || colon[1] > '9')
        return false;
    errno = 0;
    *value = strtoull(colon + 1, &end, 10);
    if (*end || errno)
        return false;
    *colon = '\0';
    return true;
}

static bool parse(const char *argument, struct name *name)
{
    struct stat status;
    *name = (struct name){.seeded = false};
    if (strlen(argument) >= sizeof name->path || stat(argument, &status) == 0)
        return false;
    snprintf(name->path, sizeof name->path, "%s", argument);
    if (!take_number(name->path, &name->point))
        return false;
    if (is_file(name->path))
        return true;
    name->seed = name->point;
    name->seeded = true;
    return take_number(name->path, &name->point) && is_file(name->path);
}

bool point_named(const char *argument)
{
    struct name name;
    return parse(argument, &name);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* "NAME\0VALUE\0", and where each begins. */
struct kept {
    FILE *out;
    size_t positions[STUDY_METRICS_MAX];
    size_t count;
};

static bool keep(void *context, const char *name, const char *value, size_t position)
{
    struct kept *self = context;
    if (self->count == STUDY_METRICS_MAX)
        return true;
    self->positions[self->count++] = position;
    /* Anything else might do something to a terminal. */
    for (const char *at = name; *at; at++)
        fputc(*at >= ' ' && *at <= '~' ? *at : '?', self->out);
    return fputc('\0', self->out) == '\0' && fwrite(value, 1, strlen(value) + 1, self->out);
}

static void refuse(const char *path, const char *format, uint64_t point)
{
    struct dmasim_error error = {.code = DMASIM_INVALID};
    snprintf(error.file, sizeof error.file, "%s", path);
    snprintf(error.text, sizeof error.text, format, point);
    cli_print_error(NULL, &error);
}

/* The texts of the point; null after an error, which is printed. */
static char *read_texts(const struct name *name, struct kept *kept)
{
    struct dmasim_error error = {.code = DMASIM_MEMORY, .text = "out of memory"};
    struct study_store *store = study_store_read(name->path, &error);
    char *texts = NULL;
    size_t length;
    enum study_found found = STUDY_ROW_ERROR;
    kept->out = store ? open_memstream(&texts, &length) : NULL;
    if (kept->out) {
        found = study_row_read(store, name->point, name->seeded ? &name->seed : NULL, keep, kept);
        if (found == STUDY_ROW_ERROR)
            study_store_error(store, &error);
        if (fclose(kept->out) != 0 && found == STUDY_FOUND)
            found = STUDY_ROW_ERROR;
    }
    study_store_close(store);
    if (found == STUDY_FOUND)
        return texts;
    free(texts);
    if (found == STUDY_NO_ROW)
        refuse(name->path,
               name->seeded ? "it has no point %" PRIu64 " of that seed"
                            : "it has no point %" PRIu64,
               name->point);
    else
        cli_print_error(NULL, &error);
    return NULL;
}

char *point_read(const char *argument, point_each *each, void *context)
{
    struct name name;
    struct kept kept = {.count = 0};
    char *texts = parse(argument, &name) ? read_texts(&name, &kept) : NULL;
    const char *at = texts;
    for (size_t i = 0; texts && i < kept.count; i++) {
        const char *value = at + strlen(at) + 1;
        if (!each(context, at, value, kept.positions[i])) {
            refuse(name.path, "out of memory", 0);
            free(texts);
            return NULL;
        }
        at = value + strlen(value) + 1;
    }
    return texts;
}
